//! Batches: all copies of one due instant of a fleet, or those of them that go to one place.

use std::collections::BTreeMap;

use super::{Ended, Shares};
use crate::model::Target;
use crate::units::{Instant, Span};

#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    expected: u64,
    completed: u64,
    never: u64,
    last: Option<Instant>,
    open_until: Option<Instant>,
}

impl Batch {
    fn is_open(&self) -> bool {
        self.completed + self.never < self.expected || self.open_until.is_some()
    }
}

/// Batches of one kind, judged as they close, so that only open ones are kept.
#[derive(Debug, Clone)]
pub(super) struct Batches {
    /// Copies of a whole batch, by group: a fleet, or a scope.
    sizes: Vec<u64>,
    /// What they are held against; none where only makespans count.
    target: Option<Target>,
    open: BTreeMap<(usize, Instant), Batch>,
    /// By group.
    shares: Vec<Shares>,
    n_whole: u64,
    makespans: Span,
    longest: Option<Span>,
}

impl Batches {
    /// No batch yet; one of group `g` has `sizes[g]` copies.
    pub(super) fn new(sizes: Vec<u64>, target: Option<&Target>) -> Batches {
        Batches {
            shares: vec![Shares::default(); sizes.len()],
            sizes,
            target: target.cloned(),
            open: BTreeMap::new(),
            n_whole: 0,
            makespans: Span::ZERO,
            longest: None,
        }
    }

    /// One more copy belongs to a batch.
    pub(super) fn expect(&mut self, group: usize, due: Instant) {
        self.open.entry((group, due)).or_default().expected += 1;
    }

    /// A copy of a batch ended.
    pub(super) fn end(&mut self, group: usize, due: Instant, ended: Ended) {
        let batch = self.open.entry((group, due)).or_default();
        match ended {
            Ended::Completed(at) => {
                batch.completed += 1;
                batch.last = batch.last.max(Some(at));
            }
            Ended::Never => batch.never += 1,
            Ended::Open(at) => batch.open_until = batch.open_until.max(Some(at)),
        }
        if self.sizes[group] <= batch.completed + batch.never {
            let batch = *batch;
            self.open.remove(&(group, due));
            self.judge((group, due), &batch);
        }
    }

    /// Judges what is still open when the run ends, batches cut by the window's edges among it.
    pub(super) fn close(&mut self) {
        for (of, batch) in std::mem::take(&mut self.open) {
            self.judge(of, &batch);
        }
    }

    fn judge(&mut self, (group, due): (usize, Instant), batch: &Batch) {
        let took = batch.last.map(|last| last.since(due));
        if let (0, false, Some(took)) = (batch.never, batch.is_open(), took) {
            self.n_whole += 1;
            self.makespans += took;
            self.longest = self.longest.max(Some(took));
        }
        let Some(latest) = self.target.as_ref().and_then(|target| target.latest(due, due)) else {
            return;
        };
        let shares = &mut self.shares[group];
        if 0 < batch.never {
            shares.count(false, took);
        } else if !batch.is_open() {
            shares.count(batch.last.is_some_and(|last| last <= latest), took);
        } else if batch.open_until.is_some_and(|at| latest < at) {
            let so_far = batch.open_until.map(|at| at.since(due));
            shares.count(false, so_far);
        } else {
            shares.n_open += 1;
        }
    }

    /// How the batches that are closed fared, by group.
    pub(super) fn shares(&self) -> &[Shares] {
        &self.shares
    }

    /// Batches all of whose copies completed: number, sum of makespans, longest.
    pub(super) fn makespan(&self) -> (u64, Span, Option<Span>) {
        (self.n_whole, self.makespans, self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TargetKind, TimeOfDay};

    fn at(mins: u64) -> Instant {
        Instant::from_nanos(20_000 * 86_400 * 1_000_000_000) + Span::from_mins(mins)
    }

    fn target(kind: TargetKind) -> Target {
        Target { name: String::new(), kind, fleets: Vec::new(), to: None, share: 1.0 }
    }

    fn judged(ends: &[Ended], kind: TargetKind, due: Instant) -> Batches {
        let n = u64::try_from(ends.len()).unwrap();
        let target = target(kind);
        let mut batches = Batches::new(vec![n], Some(&target));
        for end in ends {
            batches.expect(0, due);
            batches.end(0, due, *end);
        }
        batches.close();
        batches
    }

    /// Due at 22:00, three copies by 23:00, 23:30, and 01:00: whole after 3 h, and by 05:00.
    #[test]
    fn a_batch_holds_when_its_last_copy_does() {
        let ends = [1380, 1410, 1500].map(|mins| Ended::Completed(at(mins)));
        let within = |hours| {
            let kind = TargetKind::Batch { limit: Span::from_hours(hours) };
            judged(&ends, kind, at(1320)).shares()[0].n_missed
        };
        assert_eq!((within(2), within(3)), (1, 0));
        let by = |hours| {
            let by = TimeOfDay(Span::from_hours(hours));
            let kind = TargetKind::BatchBy { by, time_zone: jiff::tz::TimeZone::UTC };
            judged(&ends, kind, at(1320))
        };
        let missed = |hours| by(hours).shares()[0].n_missed;
        assert_eq!((missed(5), missed(1), missed(0)), (0, 0, 1), "05:00 and 01:00 of the next day");
        let three = Span::from_hours(3);
        assert_eq!(by(5).makespan(), (1, three, Some(three)));
    }

    /// One of two is open when the run ends at minute 50: late for 45 minutes, open for 60.
    #[test]
    fn an_open_batch_is_late_only_past_its_limit() {
        let ends = [Ended::Completed(at(10)), Ended::Open(at(50))];
        let judge = |mins| {
            let kind = TargetKind::Batch { limit: Span::from_mins(mins) };
            let batches = judged(&ends, kind, at(0));
            assert_eq!(batches.makespan().0, 0);
            let shares = batches.shares()[0];
            (shares.n, shares.n_missed, shares.n_open)
        };
        assert_eq!(judge(45), (1, 1, 0));
        assert_eq!(judge(60), (0, 0, 1));
    }
}
