//! The same copies on both sides: whose verdict turns, which move most, and by which cause.

use std::cmp::Reverse;

use super::Promise;
use super::rows::{Causes, Judge, Kept, Name};
use crate::catalog::Cause;
use crate::units::{Instant, SignedSpan, Span, count_u64};

/// So many of the copies that move most are told.
pub const MOVED_MOST: usize = 10;

/// One copy that is there on both sides, sooner or later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Replication that it belongs to.
    pub replication: u64,
    /// Fleet.
    pub fleet: String,
    /// Volume, or `image/snapshot`.
    pub volume: String,
    /// Destination.
    pub to: String,
    /// When it was due.
    pub due: Instant,
    /// Time from due to completed on the first side.
    pub took_a: Span,
    /// The same on the second.
    pub took_b: Span,
    /// Second − first.
    pub moved: SignedSpan,
    /// Second − first by cause, in the order of [`Cause::ALL`]: adds up to `moved`.
    pub causes: [SignedSpan; Cause::ALL.len()],
}

impl Moved {
    /// The cause that took most of the time that it is later by, or gave most of the time that it is
    /// sooner by; the earlier one in a copy's life where two are equal.
    pub fn cause(&self) -> Cause {
        let later = SignedSpan::default() <= self.moved;
        let pull =
            |idx: usize| if later { self.causes[idx].nanos() } else { -self.causes[idx].nanos() };
        let most = (0..Cause::ALL.len()).max_by_key(|idx| (pull(*idx), Reverse(*idx)));
        Cause::ALL[most.expect("there are causes")]
    }

    /// What it is sorted by: those that move most first, then by replication and name.
    fn order(&self) -> (Reverse<u128>, u64, Instant, &str, &str, &str) {
        let size = Reverse(self.moved.nanos().unsigned_abs());
        (size, self.replication, self.due, &self.fleet, &self.volume, &self.to)
    }
}

/// Copies that change their verdict on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// The target, by name.
    pub target: String,
    /// In time on the first side, late on the second; all runs together.
    pub n_late: u64,
    /// Late on the first, in time on the second.
    pub n_in_time: u64,
    /// Copies that have a verdict on both sides.
    pub n_judged: u64,
}

/// What became of the same copies on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyChanges {
    /// Runs whose copies were compared.
    pub n_runs: u64,
    /// Copies that are due on both sides, images as one; all runs together, as all that follow.
    pub n_both: u64,
    /// Copies that are due on the first side alone.
    pub n_only_a: u64,
    /// Copies that are due on the second side alone.
    pub n_only_b: u64,
    /// Of those on both sides, completed on the first alone.
    pub n_lost: u64,
    /// Of those on both sides, completed on the second alone.
    pub n_won: u64,
    /// Completed on both sides, later on the second.
    pub n_later: u64,
    /// Completed on both sides, sooner on the second.
    pub n_sooner: u64,
    /// Verdicts that turn, by target.
    pub turned: Vec<Turned>,
    /// Snapshot copies that move most, those first.
    pub moved: Vec<Moved>,
}

impl CopyChanges {
    /// The mean over the runs of a number of copies; zero of no runs.
    pub fn a_run(&self, n: u64) -> f64 {
        if self.n_runs == 0 { 0.0 } else { count_u64(n) / count_u64(self.n_runs) }
    }

    /// Whether all copies are on both sides, none moved, and no verdict turned.
    pub fn is_same(&self) -> bool {
        let [lone, gone, moved] =
            [self.n_only_a + self.n_only_b, self.n_lost + self.n_won, self.n_later + self.n_sooner];
        let turned: u64 = self.turned.iter().map(|turned| turned.n_late + turned.n_in_time).sum();
        lone + gone + moved + turned == 0 && self.moved.is_empty()
    }

    /// The copies of one replication of both sides, under the promises of each.
    pub(super) fn of_run(
        replication: u64,
        (a, b): (&Kept, &Kept),
        promises: (&[Promise], &[Promise]),
    ) -> CopyChanges {
        let mut changes = CopyChanges { n_runs: 1, ..CopyChanges::default() };
        changes.count_verdicts((a, b), promises);
        for (name, before) in &a.copies {
            let Some(after) = b.copies.get(name) else { continue };
            let times = before.completed.zip(after.completed);
            let Some(((ended_a, causes_a), (ended_b, causes_b))) = times else { continue };
            let Some((causes_a, causes_b)) = causes_a.zip(causes_b) else { continue };
            if ended_a == ended_b {
                continue;
            }
            let took = (ended_a.since(name.due), ended_b.since(name.due));
            changes.moved.push(moved(replication, name, took, (&causes_a, &causes_b)));
        }
        changes.keep_most();
        changes
    }

    fn count_verdicts(&mut self, (a, b): (&Kept, &Kept), promises: (&[Promise], &[Promise])) {
        let judges = (Judge::by(promises.0.iter()), Judge::by(promises.1.iter()));
        let both = |of: &&Promise| promises.1.iter().any(|other| other.name == of.name);
        let both = promises.0.iter().filter(|promise| promise.times_copies()).filter(both);
        self.turned = both
            .map(|of| Turned { target: of.name.clone(), n_late: 0, n_in_time: 0, n_judged: 0 })
            .collect();
        for (name, before) in a.promised() {
            let Some(after) = b.fate(name) else {
                self.n_only_a += 1;
                continue;
            };
            self.n_both += 1;
            match (before.completed, after.completed) {
                (Some(_), None) => self.n_lost += 1,
                (None, Some(_)) => self.n_won += 1,
                (Some((ended_a, _)), Some((ended_b, _))) => {
                    self.n_later += u64::from(ended_a < ended_b);
                    self.n_sooner += u64::from(ended_b < ended_a);
                }
                (None, None) => {}
            }
            for turned in &mut self.turned {
                let kept_a = judges.0.kept(&turned.target, name, before);
                let kept_b = judges.1.kept(&turned.target, name, after);
                turned.n_judged += u64::from(kept_a.is_some() && kept_b.is_some());
                turned.n_late += u64::from((kept_a, kept_b) == (Some(true), Some(false)));
                turned.n_in_time += u64::from((kept_a, kept_b) == (Some(false), Some(true)));
            }
        }
        self.n_only_b += count_of(b.promised().filter(|(name, _)| a.fate(name).is_none()));
    }

    /// Adds what became of the copies of other runs; runs are added in their order.
    pub(super) fn add(&mut self, other: CopyChanges) {
        if self.n_runs == 0 {
            *self = other;
            return;
        }
        self.n_runs += other.n_runs;
        self.n_both += other.n_both;
        self.n_only_a += other.n_only_a;
        self.n_only_b += other.n_only_b;
        self.n_lost += other.n_lost;
        self.n_won += other.n_won;
        self.n_later += other.n_later;
        self.n_sooner += other.n_sooner;
        for (turned, more) in self.turned.iter_mut().zip(&other.turned) {
            turned.n_late += more.n_late;
            turned.n_in_time += more.n_in_time;
            turned.n_judged += more.n_judged;
        }
        self.moved.extend(other.moved);
        self.keep_most();
    }

    fn keep_most(&mut self) {
        self.moved.sort_by(|one, other| one.order().cmp(&other.order()));
        self.moved.truncate(MOVED_MOST);
    }
}

fn count_of(things: impl Iterator) -> u64 {
    crate::units::index_u64(things.count())
}

fn moved(
    replication: u64,
    name: &Name,
    (took_a, took_b): (Span, Span),
    (before, after): (&Causes, &Causes),
) -> Moved {
    let mut causes = [SignedSpan::default(); Cause::ALL.len()];
    for (difference, (before, after)) in causes.iter_mut().zip(before.iter().zip(after)) {
        *difference = SignedSpan::between(*before, *after);
    }
    let moved = SignedSpan::between(took_a, took_b);
    let sum = causes.iter().fold(SignedSpan::default(), |sum, part| sum + *part);
    assert_eq!(sum, moved, "the causes of {name:?} add up to what it moved");
    Moved {
        replication,
        fleet: name.fleet.clone(),
        volume: name.item.clone(),
        to: name.to.clone(),
        due: name.due,
        took_a,
        took_b,
        moved,
        causes,
    }
}
