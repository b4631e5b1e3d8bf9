//! Measures of a run, counted as its copies end.

mod batch;
mod recovery;
pub(super) mod scope;
mod standing;

use batch::Batches;
pub(super) use recovery::{Peaks, Point, Recovery, deleted, share_held};
pub(super) use scope::Scope;
pub(super) use standing::Standing;

use super::job::Job;
use super::result::TargetShare;
use crate::billing::Bill;
use crate::model::{Fleet, Model, SiteIdx, Target, TargetKind};
use crate::units::{Instant, Span, Usd, count_u64, index_u32};

/// Copies that held, and that did not.
#[derive(Debug, Clone, Copy, Default)]
struct Shares {
    n: u64,
    n_missed: u64,
    n_open: u64,
    worst: Option<Span>,
}

impl Shares {
    fn count(&mut self, held: bool, took: Option<Span>) {
        self.n += 1;
        self.n_missed += u64::from(!held);
        self.worst = self.worst.max(took);
    }

    fn result(self) -> TargetShare {
        let share = (0 < self.n).then(|| 1.0 - count_u64(self.n_missed) / count_u64(self.n));
        TargetShare {
            share,
            n: self.n,
            n_missed: self.n_missed,
            worst: self.worst,
            n_open: self.n_open,
        }
    }
}

/// How one target fares.
#[derive(Debug, Clone)]
enum Score {
    Copies(Shares),
    Batches(Batches),
    /// Judged at the end, from recovery points or from a link's gauge.
    Later,
}

/// How a job ended, as far as measures need it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended {
    /// All bytes landed.
    Completed(Instant),
    /// It never will: refused, dropped, failed.
    Never,
    /// The run ended first.
    Open(Instant),
}

/// Measures of a run.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    /// By scope: fleets times their copy rules.
    pub(super) scopes: Vec<Scope>,
    /// What outputs call each scope.
    pub(super) names: Vec<String>,
    /// First scope of each fleet.
    pub(super) first_scope: Vec<usize>,
    scores: Vec<Score>,
    /// Makespan by fleet.
    makespans: Vec<Batches>,
    /// Targets on copies and batches that cover the copies of each scope.
    covering: Vec<Vec<Target>>,
    /// What each account pays.
    bills: Vec<Bill>,
}

impl Tally {
    pub(super) fn new(model: &Model) -> Tally {
        let mut first_scope = Vec::new();
        let mut scopes = Vec::new();
        let mut names = Vec::new();
        let mut covering = Vec::new();
        for (number, fleet) in model.fleets.iter().enumerate() {
            first_scope.push(scopes.len());
            for (place, rule) in fleet.copies.iter().enumerate() {
                scopes.push(Scope::default());
                names.push(model.scope_name(number, place));
                let covers = |target: &&Target| {
                    target.covers(number, rule.to)
                        && target.latest(model.start, model.start).is_some()
                };
                covering.push(model.targets.iter().filter(covers).cloned().collect());
            }
        }
        let scores = model.targets.iter().map(|target| match target.kind {
            TargetKind::Copy { .. } => Score::Copies(Shares::default()),
            TargetKind::Batch { .. } | TargetKind::BatchBy { .. } => {
                let sizes = batch_sizes(model, |fleet, to| target.covers(fleet, to));
                Score::Batches(Batches::new(sizes, Some(target)))
            }
            TargetKind::Rpo { .. } | TargetKind::Link { .. } => Score::Later,
        });
        let scores = scores.collect();
        let sizes = batch_sizes(model, |_, _| true);
        let makespans = vec![Batches::new(sizes, None); model.fleets.len()];
        let bills = vec![Bill::default(); model.accounts.len()];
        Tally { scopes, names, first_scope, scores, makespans, covering, bills }
    }

    /// Writes the bill of a copy to accounts: the owner of the source pays the transfer, who copies
    /// pays the rest (F48, published for images, assumed for snapshots).
    pub(super) fn pay(&mut self, model: &Model, job: &Job, bill: &Bill) {
        let rule = &model.fleets[job.fleet].copies[job.rule];
        let owner = rule.parent.map_or(model.fleets[job.fleet].account, |parent| {
            model.account_of(job.fleet, parent, job.item)
        });
        self.bills[owner] += Bill { transfer: bill.transfer, ..Bill::default() };
        self.bills[job.account] += Bill { transfer: Usd::ZERO, ..*bill };
    }

    /// Writes the bill of what an account stores for a scope.
    pub(super) fn keep(&mut self, scope: usize, account: usize, bill: &Bill) {
        self.scopes[scope].storage_nanos += bill.storage.nanos();
        self.bills[account] += *bill;
    }

    /// What each account pays.
    pub(super) fn bills(&self) -> &[Bill] {
        &self.bills
    }

    /// The scope of a copy rule of a fleet.
    pub(super) fn scope_of(&self, fleet: usize, rule: usize) -> usize {
        self.first_scope[fleet] + rule
    }

    /// The latest completion that is on time, by the tightest target on copies or batches that covers
    /// the copy.
    pub(super) fn latest(&self, job: &Job) -> Option<Instant> {
        let covering = self.covering[self.scope_of(job.fleet, job.rule)].iter();
        covering.filter_map(|target| target.latest(job.due, job.batch)).min()
    }

    /// A counted job is due: its batches wait for it.
    pub(super) fn due(&mut self, model: &Model, job: &Job) {
        let scope = self.scope_of(job.fleet, job.rule);
        self.scopes[scope].due += 1;
        self.makespans[job.fleet].expect(job.fleet, job.batch);
        for (target, score) in model.targets.iter().zip(&mut self.scores) {
            if let Score::Batches(batches) = score
                && target.covers(job.fleet, model.fleets[job.fleet].copies[job.rule].to)
            {
                batches.expect(job.fleet, job.batch);
            }
        }
    }

    /// A counted job ended; says whether it was on time, and until when it would have been, where a
    /// target says what that is.
    pub(super) fn ended(
        &mut self,
        model: &Model,
        job: &Job,
        ended: Ended,
    ) -> (Option<bool>, Option<Instant>) {
        let to = model.fleets[job.fleet].copies[job.rule].to;
        self.makespans[job.fleet].end(job.fleet, job.batch, ended);
        for (target, score) in model.targets.iter().zip(&mut self.scores) {
            if !target.covers(job.fleet, to) {
                continue;
            }
            match (score, &target.kind) {
                (Score::Copies(shares), TargetKind::Copy { limit }) => {
                    count_copy(shares, job.due, *limit, ended);
                }
                (Score::Batches(batches), _) => batches.end(job.fleet, job.batch, ended),
                (Score::Copies(_) | Score::Later, _) => {}
            }
        }
        let latest = self.latest(job);
        let on_time = latest.and_then(|latest| match ended {
            Ended::Completed(at) => Some(at <= latest),
            Ended::Never => Some(false),
            Ended::Open(at) => (latest < at).then_some(false),
        });
        (on_time, latest)
    }

    /// The run is over: batches that are still open are judged.
    pub(super) fn close(&mut self) {
        for score in &mut self.scores {
            if let Score::Batches(batches) = score {
                batches.close();
            }
        }
        for batches in &mut self.makespans {
            batches.close();
        }
    }

    /// The targets that copies and batches decide; none for the others.
    pub(super) fn targets(&self) -> Vec<Option<TargetShare>> {
        let results = self.scores.iter().map(|score| match score {
            Score::Copies(shares) => Some(shares.result()),
            Score::Batches(batches) => Some(batches.shares().result()),
            Score::Later => None,
        });
        results.collect()
    }

    /// Makespans of the batches of a fleet that completed: number, sum, longest.
    pub(super) fn makespan(&self, fleet: usize) -> (u64, Span, Option<Span>) {
        self.makespans[fleet].makespan()
    }
}

/// Copies of one due instant, by fleet: items times the rules that are covered.
fn batch_sizes(model: &Model, covers: impl Fn(usize, SiteIdx) -> bool) -> Vec<u64> {
    let size = |(number, fleet): (usize, &Fleet)| {
        let rules = fleet.copies.iter().filter(|rule| covers(number, rule.to)).count();
        u64::from(index_u32(rules * fleet.items.count()))
    };
    model.fleets.iter().enumerate().map(size).collect()
}

/// Past its limit is late; not yet due to have ended is outside the share.
fn count_copy(shares: &mut Shares, due: Instant, limit: Span, ended: Ended) {
    match ended {
        Ended::Completed(at) => shares.count(at <= due + limit, Some(at.since(due))),
        Ended::Never => shares.count(false, None),
        Ended::Open(at) if due + limit < at => shares.count(false, Some(at.since(due))),
        Ended::Open(_) => shares.n_open += 1,
    }
}
