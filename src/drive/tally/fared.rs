//! How targets fare, scope by scope, as copies end; and what made late those that broke one.

use super::batch::Batches;
use super::{Broke, Ended};
use crate::drive::application::Applications;
use crate::drive::job::Job;
use crate::drive::promise::{Covered, covered};
use crate::drive::result::{ScopeShare, TargetShare};
use crate::engine::copy::Causes;
use crate::model::{Model, Per, Target, TargetKind};
use crate::units::{Instant, Span, count_u64, index_u32};

/// Copies or batches that held, and that did not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shares {
    pub(super) n: u64,
    pub(super) n_missed: u64,
    pub(super) n_open: u64,
    pub(super) worst: Option<Span>,
}

impl Shares {
    pub(super) fn count(&mut self, held: bool, took: Option<Span>) {
        self.n += 1;
        self.n_missed += u64::from(!held);
        self.worst = self.worst.max(took);
    }

    /// A copy that was due ended. Past its limit is late; not yet due to have ended is outside the
    /// share.
    fn count_copy(&mut self, due: Instant, latest: Instant, ended: Ended) {
        match ended {
            Ended::Completed(at) => self.count(at <= latest, Some(at.since(due))),
            Ended::Never => self.count(false, None),
            Ended::Open(at) if latest < at => self.count(false, Some(at.since(due))),
            Ended::Open(_) => self.n_open += 1,
        }
    }

    fn sum<'a>(all: impl IntoIterator<Item = &'a Shares>) -> Shares {
        all.into_iter().fold(Shares::default(), |sum, more| Shares {
            n: sum.n + more.n,
            n_missed: sum.n_missed + more.n_missed,
            n_open: sum.n_open + more.n_open,
            worst: sum.worst.max(more.worst),
        })
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
    /// By scope.
    Copies(Vec<Shares>),
    Batches(Box<ByFleet>),
    /// Judged at the end, from recovery points or from a link's gauge.
    Later,
}

/// Batches of a target: a batch is of a fleet, and its copies may go to several places.
#[derive(Debug, Clone)]
struct ByFleet {
    /// By fleet, over all the scopes that the target covers.
    whole: Batches,
    /// By scope, of fleets of which the target covers several.
    apart: Batches,
    /// Of each scope: its fleet, and whether the target covers no other of that.
    of: Vec<(usize, bool)>,
}

impl ByFleet {
    fn new(model: &Model, target: &Target, scopes: &[Covered]) -> ByFleet {
        let size = |of: &Covered| {
            u64::from(index_u32(of.scopes.len() * model.fleets[of.fleet].items.count()))
        };
        let mut whole = vec![0; model.fleets.len()];
        for of in scopes {
            whole[of.fleet] += size(of);
        }
        let alone =
            |of: &Covered| scopes.iter().filter(|other| other.fleet == of.fleet).count() < 2;
        ByFleet {
            whole: Batches::new(whole, Some(target)),
            apart: Batches::new(scopes.iter().map(size).collect(), Some(target)),
            of: scopes.iter().map(|of| (of.fleet, alone(of))).collect(),
        }
    }

    /// Does the same to a batch and to its part in a scope.
    fn each(&mut self, place: usize, does: impl Fn(&mut Batches, usize)) {
        let (fleet, alone) = self.of[place];
        does(&mut self.whole, fleet);
        if !alone {
            does(&mut self.apart, place);
        }
    }

    fn close(&mut self) {
        self.whole.close();
        self.apart.close();
    }

    fn by_scope(&self) -> impl Iterator<Item = Shares> {
        self.of.iter().enumerate().map(|(place, (fleet, alone))| {
            if *alone { self.whole.shares()[*fleet] } else { self.apart.shares()[place] }
        })
    }
}

/// A target on copies or batches that covers a scope.
#[derive(Debug, Clone)]
struct Cover {
    /// Its index.
    target: usize,
    /// The place of the scope among those of the target.
    place: usize,
    promise: Target,
}

/// How all targets fare.
#[derive(Debug, Clone)]
pub(in crate::drive) struct Fared {
    /// The scopes of each target; none of those on applications and links.
    scopes: Vec<Vec<Covered>>,
    scores: Vec<Score>,
    /// Targets on copies and batches that cover the copies of each scope of the tally.
    covering: Vec<Vec<Cover>>,
    /// Targets on the recovery points of the volumes of each scope, as (target, place, limit).
    ages: Vec<Vec<(usize, usize, Span)>>,
    /// Targets on applications, as (target, limit, the tracks that it covers).
    tracks: Vec<(usize, Span, Vec<usize>)>,
    /// Copies that broke each target, by its scopes or tracks.
    broke: Vec<Vec<Broke>>,
}

impl Fared {
    pub(super) fn new(model: &Model, n_scopes: usize) -> Fared {
        let scopes: Vec<Vec<Covered>> =
            model.targets.iter().map(|target| covered(model, target)).collect();
        let mut covering = vec![Vec::new(); n_scopes];
        let mut ages = vec![Vec::new(); n_scopes];
        let mut scores = Vec::new();
        for (number, (target, scopes)) in model.targets.iter().zip(&scopes).enumerate() {
            for (place, scope) in scopes
                .iter()
                .enumerate()
                .flat_map(|(place, of)| of.scopes.iter().map(move |scope| (place, *scope)))
            {
                match target.kind {
                    TargetKind::Rpo { limit, .. } => ages[scope].push((number, place, limit)),
                    _ => covering[scope].push(Cover {
                        target: number,
                        place,
                        promise: target.clone(),
                    }),
                }
            }
            scores.push(match target.kind {
                TargetKind::Copy { .. } => Score::Copies(vec![Shares::default(); scopes.len()]),
                TargetKind::Batch { .. } | TargetKind::BatchBy { .. } => {
                    Score::Batches(Box::new(ByFleet::new(model, target, scopes)))
                }
                TargetKind::Rpo { .. } | TargetKind::Link { .. } => Score::Later,
            });
        }
        let broke = scopes.iter().map(|of| vec![Broke::default(); of.len()]).collect();
        Fared { scopes, scores, covering, ages, tracks: Vec::new(), broke }
    }

    /// Targets on applications cover these.
    pub(in crate::drive) fn watch(&mut self, model: &Model, applications: &Applications) {
        for (number, target) in model.targets.iter().enumerate() {
            if let TargetKind::Rpo { limit, per: Per::Application } = target.kind {
                let tracks = applications.covered(target);
                self.broke[number] = vec![Broke::default(); tracks.len()];
                self.tracks.push((number, limit, tracks));
            }
        }
    }

    /// The scopes that a target on copies, batches, or recovery points of volumes covers.
    pub(in crate::drive) fn covered(&self, target: usize) -> &[Covered] {
        &self.scopes[target]
    }

    /// The latest completion of a copy that is on time, by the tightest target on copies or batches.
    pub(super) fn latest(&self, scope: usize, job: &Job) -> Option<Instant> {
        let covering = self.covering[scope].iter();
        covering.filter_map(|cover| cover.promise.latest(job.due, job.batch)).min()
    }

    /// A counted job is due: its batches wait for it.
    pub(super) fn due(&mut self, scope: usize, job: &Job) {
        for Cover { target, place, .. } in &self.covering[scope] {
            if let Score::Batches(batches) = &mut self.scores[*target] {
                batches.each(*place, |batches, group| batches.expect(group, job.batch));
            }
        }
    }

    /// A counted job ended; gives the latest completion that would have been on time.
    pub(super) fn ended(
        &mut self,
        scope: usize,
        job: &Job,
        (ended, causes): (Ended, &Causes),
    ) -> Option<Instant> {
        let mut tightest: Option<Instant> = None;
        for Cover { target, place, promise } in &self.covering[scope] {
            let latest = promise.latest(job.due, job.batch).expect("a target on copies or batches");
            tightest = Some(tightest.map_or(latest, |other| other.min(latest)));
            match &mut self.scores[*target] {
                Score::Copies(shares) => shares[*place].count_copy(job.due, latest, ended),
                Score::Batches(batches) => {
                    batches.each(*place, |batches, group| batches.end(group, job.batch, ended));
                }
                Score::Later => unreachable!("copies and batches are judged as they end"),
            }
            if let Some(over) = over(ended, latest) {
                self.broke[*target][*place].add(causes, over);
            }
        }
        tightest
    }

    /// A recovery point of a volume arrived when the one before was of this age.
    pub(in crate::drive) fn volume_late(&mut self, scope: usize, age: Span, causes: &Causes) {
        for (target, place, limit) in &self.ages[scope] {
            if *limit < age {
                self.broke[*target][*place].add(causes, age.minus_or_zero(*limit));
            }
        }
    }

    /// The last copy of a recovery point of an application arrived when the one before was of this
    /// age.
    pub(in crate::drive) fn application_late(&mut self, track: usize, age: Span, causes: &Causes) {
        for (target, limit, tracks) in &self.tracks {
            if let (Ok(place), true) = (tracks.binary_search(&track), *limit < age) {
                self.broke[*target][place].add(causes, age.minus_or_zero(*limit));
            }
        }
    }

    pub(super) fn close(&mut self) {
        for score in &mut self.scores {
            if let Score::Batches(batches) = score {
                batches.close();
            }
        }
    }

    /// The targets that copies and batches decide; nothing yet of the others.
    pub(in crate::drive) fn targets(&self) -> Vec<TargetShare> {
        let results = self.scores.iter().map(|score| match score {
            Score::Copies(shares) => Shares::sum(shares).result(),
            Score::Batches(batches) => Shares::sum(batches.whole.shares()).result(),
            Score::Later => TargetShare::default(),
        });
        results.collect()
    }

    /// A target in each of its scopes, or tracks: of those that copies and batches decide how it
    /// fared, of all what broke it.
    pub(in crate::drive) fn by_scope(&self, target: usize) -> Vec<ScopeShare> {
        let fared: Vec<Shares> = match &self.scores[target] {
            Score::Copies(shares) => shares.clone(),
            Score::Batches(batches) => batches.by_scope().collect(),
            Score::Later => vec![Shares::default(); self.broke[target].len()],
        };
        let each = fared.into_iter().zip(&self.broke[target]);
        each.map(|(fared, broke)| ScopeShare {
            fared: fared.result(),
            broke: broke.nanos().to_vec(),
            slowest: None,
        })
        .collect()
    }
}

/// By how much a promise is broken that held up to `latest`; zero where nobody knows. None where it
/// is not broken.
fn over(ended: Ended, latest: Instant) -> Option<Span> {
    match ended {
        Ended::Completed(at) | Ended::Open(at) => (latest < at).then(|| at.since(latest)),
        Ended::Never => Some(Span::ZERO),
    }
}
