//! Measures of a run, counted as its copies end.

mod batch;
mod broke;
mod fared;
mod recovery;
pub(super) mod scope;
mod standing;

use batch::Batches;
use broke::Broke;
pub(super) use fared::Fared;
use fared::Shares;
pub(super) use recovery::{Outgrown, Peaks, Point, Recovery, deleted, share_held};
pub(super) use scope::Scope;
pub(super) use standing::Standing;

use super::job::Job;
use crate::billing::Bill;
use crate::engine::copy::Causes;
use crate::model::{Fleet, Model};
use crate::units::{Instant, Span, Usd, index_u32};

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
    /// How the targets fare.
    pub(super) fared: Fared,
    /// Makespan by fleet.
    makespans: Vec<Batches>,
    /// What each account pays.
    bills: Vec<Bill>,
}

impl Tally {
    pub(super) fn new(model: &Model) -> Tally {
        let mut first_scope = Vec::new();
        let mut scopes = Vec::new();
        let mut names = Vec::new();
        for (number, fleet) in model.fleets.iter().enumerate() {
            first_scope.push(scopes.len());
            for place in 0..fleet.copies.len() {
                scopes.push(Scope::default());
                names.push(model.scope_name(number, place));
            }
        }
        let fared = Fared::new(model, scopes.len());
        let sizes = batch_sizes(model);
        let makespans = vec![Batches::new(sizes, None); model.fleets.len()];
        let bills = vec![Bill::default(); model.accounts.len()];
        Tally { scopes, names, first_scope, fared, makespans, bills }
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
        self.fared.latest(self.scope_of(job.fleet, job.rule), job)
    }

    /// A counted job is due: its batches wait for it.
    pub(super) fn due(&mut self, job: &Job) {
        let scope = self.scope_of(job.fleet, job.rule);
        self.scopes[scope].due += 1;
        self.makespans[job.fleet].expect(job.fleet, job.batch);
        self.fared.due(scope, job);
    }

    /// A counted job ended; says whether it was on time, and until when it would have been, where a
    /// target says what that is.
    pub(super) fn ended(
        &mut self,
        job: &Job,
        ended: Ended,
        causes: &Causes,
    ) -> (Option<bool>, Option<Instant>) {
        let scope = self.scope_of(job.fleet, job.rule);
        self.makespans[job.fleet].end(job.fleet, job.batch, ended);
        let latest = self.fared.ended(scope, job, (ended, causes));
        let on_time = latest.and_then(|latest| match ended {
            Ended::Completed(at) => Some(at <= latest),
            Ended::Never => Some(false),
            Ended::Open(at) => (latest < at).then_some(false),
        });
        (on_time, latest)
    }

    /// The run is over: batches that are still open are judged.
    pub(super) fn close(&mut self) {
        self.fared.close();
        for batches in &mut self.makespans {
            batches.close();
        }
        self.scopes.iter_mut().for_each(Scope::close);
    }

    /// Makespans of the batches of a fleet that completed: number, sum, longest.
    pub(super) fn makespan(&self, fleet: usize) -> (u64, Span, Option<Span>) {
        self.makespans[fleet].makespan()
    }
}

/// Copies of one due instant, by fleet: items times rules.
fn batch_sizes(model: &Model) -> Vec<u64> {
    let size = |fleet: &Fleet| u64::from(index_u32(fleet.copies.len() * fleet.items.count()));
    model.fleets.iter().map(size).collect()
}
