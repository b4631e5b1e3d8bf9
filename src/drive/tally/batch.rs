//! Batches: all copies of one due instant of a fleet.

use std::collections::BTreeMap;

use super::{Ended, Shares};
use crate::model::civil::Day;
use crate::model::{Target, TargetKind};
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

/// Batches by fleet and due instant.
#[derive(Debug, Clone, Default)]
pub(super) struct Batches {
    batches: BTreeMap<(usize, Instant), Batch>,
}

impl Batches {
    /// One more copy belongs to a batch.
    pub(super) fn expect(&mut self, fleet: usize, due: Instant) {
        self.batches.entry((fleet, due)).or_default().expected += 1;
    }

    /// A copy of a batch ended.
    pub(super) fn end(&mut self, fleet: usize, due: Instant, ended: Ended) {
        let batch = self.batches.entry((fleet, due)).or_default();
        match ended {
            Ended::Completed(at) => {
                batch.completed += 1;
                batch.last = batch.last.max(Some(at));
            }
            Ended::Never => batch.never += 1,
            Ended::Open(at) => batch.open_until = batch.open_until.max(Some(at)),
        }
    }

    /// Holds every batch against a target.
    pub(super) fn judge(&self, target: &Target) -> Shares {
        let mut shares = Shares::default();
        for ((_, due), batch) in &self.batches {
            let Some(latest) = latest(target, *due) else { continue };
            let took = batch.last.map(|last| last.since(*due));
            if 0 < batch.never {
                shares.count(false, took);
            } else if !batch.is_open() {
                shares.count(batch.last.is_some_and(|last| last <= latest), took);
            } else if batch.open_until.is_some_and(|at| latest < at) {
                let so_far = batch.open_until.map(|at| at.since(*due));
                shares.count(false, so_far);
            } else {
                shares.n_open += 1;
            }
        }
        shares
    }

    /// Batches all of whose copies completed: number, sum of makespans, longest.
    pub(super) fn makespan(&self) -> (u64, Span, Option<Span>) {
        let whole = self.batches.iter().filter(|(_, b)| b.never == 0 && !b.is_open());
        let spans = whole.filter_map(|((_, due), batch)| batch.last.map(|last| last.since(*due)));
        spans.fold((0, Span::ZERO, None), |(n, sum, longest), span| {
            (n + 1, sum + span, longest.max(Some(span)))
        })
    }
}

/// The latest moment at which a batch has held.
fn latest(target: &Target, due: Instant) -> Option<Instant> {
    match &target.kind {
        TargetKind::Batch { limit } => Some(due + *limit),
        TargetKind::BatchBy { by, time_zone } => {
            let day = Day::of(due, time_zone);
            let today = day.at(*by, time_zone);
            Some(if due < today { today } else { day.next().at(*by, time_zone) })
        }
        TargetKind::Copy { .. } | TargetKind::Rpo { .. } | TargetKind::Link { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TimeOfDay;

    fn at(mins: u64) -> Instant {
        Instant::from_nanos(20_000 * 86_400 * 1_000_000_000) + Span::from_mins(mins)
    }

    fn target(kind: TargetKind) -> Target {
        Target { name: String::new(), kind, fleets: Vec::new(), to: None, share: 1.0 }
    }

    /// Due at 22:00, three copies by 23:00, 23:30, and 01:00: whole after 3 h, and by 05:00.
    #[test]
    fn a_batch_holds_when_its_last_copy_does() {
        let mut batches = Batches::default();
        for ends in [1380, 1410, 1500] {
            batches.expect(0, at(1320));
            batches.end(0, at(1320), Ended::Completed(at(ends)));
        }
        let within = |hours| {
            let kind = TargetKind::Batch { limit: Span::from_hours(hours) };
            batches.judge(&target(kind)).n_missed
        };
        assert_eq!((within(2), within(3)), (1, 0));
        let by = |hours| {
            let by = TimeOfDay(Span::from_hours(hours));
            let kind = TargetKind::BatchBy { by, time_zone: jiff::tz::TimeZone::UTC };
            batches.judge(&target(kind)).n_missed
        };
        assert_eq!((by(5), by(1), by(0)), (0, 0, 1), "05:00 and 01:00 of the next day hold");
        assert_eq!(batches.makespan(), (1, Span::from_hours(3), Some(Span::from_hours(3))));
    }

    /// One of two is open when the run ends at minute 50: late for 45 minutes, open for 60.
    #[test]
    fn an_open_batch_is_late_only_past_its_limit() {
        let mut batches = Batches::default();
        batches.expect(0, at(0));
        batches.expect(0, at(0));
        batches.end(0, at(0), Ended::Completed(at(10)));
        batches.end(0, at(0), Ended::Open(at(50)));
        let judge = |mins| {
            let kind = TargetKind::Batch { limit: Span::from_mins(mins) };
            let shares = batches.judge(&target(kind));
            (shares.n, shares.n_missed, shares.n_open)
        };
        assert_eq!(judge(45), (1, 1, 0));
        assert_eq!(judge(60), (0, 0, 1));
        assert_eq!(batches.makespan().0, 0);
    }
}
