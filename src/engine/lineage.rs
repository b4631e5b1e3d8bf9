//! What a destination holds of one volume, and so whether the next copy is full or incremental.

use std::collections::VecDeque;

use crate::model::change::{SourceSnapshot, delta};
use crate::model::{IncrementalBase, Retention};
use crate::units::{Bytes, Instant};

/// One copy of a volume at a destination.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Number of the source snapshot.
    number: u64,
    /// When the source snapshot began.
    started: Instant,
    full: Bytes,
    change_clock: f64,
    /// The key that it is under.
    key: u32,
    /// When the copy was completed; none while it is under way.
    completed: Option<Instant>,
}

impl Kept {
    /// Whether it is past its retention. What expires at this very instant still stands: requests
    /// are heard before expiry.
    fn has_expired(&self, now: Instant, retain: Retention) -> bool {
        match retain {
            Retention::Age(age) => self.completed.is_some_and(|at| at + age < now),
            Retention::Forever | Retention::Count(_) => false,
        }
    }
}

/// The copies of one volume at one destination, oldest source snapshot first.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    kept: VecDeque<Kept>,
}

/// What a copy is asked for: what a base is sought for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Its source.
    pub source: &'a SourceSnapshot,
    /// The key that it is made under.
    pub key: u32,
    /// When.
    pub now: Instant,
    /// How long copies are kept.
    pub retain: Retention,
}

/// What a copy moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Bytes to move.
    pub bytes: Bytes,
    /// Whether there is a base.
    pub incremental: bool,
    /// Whether another rule for the base would have found another one.
    pub base_in_flight: bool,
}

impl Lineage {
    /// What a copy of `source` moves if it is accepted now (F102–F105).
    ///
    /// The base is the newest copy by snapshot start, older than the source, that is completed, not
    /// past its retention, and under the same key.
    pub fn extent(&self, sought: &Sought<'_>, rule: IncrementalBase) -> Extent {
        let Sought { source, key, now, retain } = *sought;
        let newest = |in_flight: bool| {
            let older = self.kept.iter().rev().filter(|kept| kept.started < source.started);
            let same_key = older.filter(|kept| kept.key == key);
            let mut standing = same_key.filter(|kept| !kept.has_expired(now, retain));
            standing.find(|kept| in_flight || kept.completed.is_some())
        };
        let (completed, accepted) = (newest(false), newest(true));
        let base = match rule {
            IncrementalBase::Completed => completed,
            IncrementalBase::Accepted => accepted,
        };
        let base_in_flight = completed.map(|k| k.number) != accepted.map(|k| k.number);
        match base {
            Some(base) => Extent {
                bytes: delta(base.full, base.change_clock, source),
                incremental: true,
                base_in_flight,
            },
            None => Extent { bytes: source.full, incremental: false, base_in_flight },
        }
    }

    /// A copy of `source` under a key was accepted.
    pub fn accept(&mut self, source: &SourceSnapshot, key: u32) {
        let copy = Kept {
            number: source.number,
            started: source.started,
            full: source.full,
            change_clock: source.change_clock,
            key,
            completed: None,
        };
        let newer = self.kept.iter().rev().take_while(|kept| copy.started < kept.started).count();
        self.kept.insert(self.kept.len() - newer, copy);
    }

    /// The copy of snapshot `number` was completed; what its completion makes too many is deleted.
    pub fn complete(&mut self, number: u64, now: Instant, retain: Retention) {
        let mut newest_first = self.kept.iter_mut().rev();
        let copy = newest_first.find(|kept| kept.number == number && kept.completed.is_none());
        copy.expect("an accepted copy is in its lineage").completed = Some(now);
        if let Retention::Count(count) = retain {
            self.keep_newest(count);
        }
    }

    /// The copy of snapshot `number` ended without being completed.
    pub fn forget(&mut self, number: u64) {
        let place = self.kept.iter().position(|k| k.number == number && k.completed.is_none());
        self.kept.remove(place.expect("an accepted copy is in its lineage"));
    }

    /// Forgets the oldest copies as far as they are past their retention at `now`.
    ///
    /// Others that are past it are passed over by [`Lineage::extent`] until they are the oldest.
    pub fn expire(&mut self, now: Instant, retain: Retention) {
        while self.kept.front().is_some_and(|kept| kept.has_expired(now, retain)) {
            self.kept.pop_front();
        }
    }

    /// How many completed copies there are.
    pub fn n_completed(&self) -> usize {
        self.kept.iter().filter(|kept| kept.completed.is_some()).count()
    }

    fn keep_newest(&mut self, count: u32) {
        let mut starts: Vec<Instant> =
            self.kept.iter().filter(|k| k.completed.is_some()).map(|k| k.started).collect();
        let count = usize::try_from(count).expect("u32 fits");
        if starts.len() <= count {
            return;
        }
        starts.sort_unstable();
        let oldest_kept = starts[starts.len() - count];
        self.kept.retain(|kept| kept.completed.is_none() || oldest_kept <= kept.started);
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::model::change::change_rate;
    use crate::units::Span;

    fn day(n: u64) -> Instant {
        Instant::ZERO + Span::from_days(n)
    }

    /// A snapshot of a volume of 100 GiB that changes by 10 % a day, taken on day `n`.
    fn snapshot(n: u32) -> SourceSnapshot {
        SourceSnapshot {
            volume: 0,
            number: u64::from(n),
            started: day(u64::from(n)),
            full: Bytes::gib(100),
            change_clock: f64::from(n),
            change_rate: change_rate(0.1),
        }
    }

    const COMPLETED: IncrementalBase = IncrementalBase::Completed;
    const FOREVER: Retention = Retention::Forever;

    fn sought(source: &SourceSnapshot, now: Instant, retain: Retention) -> Sought<'_> {
        Sought { source, key: 0, now, retain }
    }

    /// Day 1 is full. Day 2 while day 1 is still under way: full by the default rule (F103: the
    /// most recent copy must *exist* there), incremental by one day by the other.
    #[test]
    fn a_base_has_to_be_completed_at_acceptance() {
        let mut lineage = Lineage::default();
        assert!(!lineage.extent(&sought(&snapshot(1), day(4), FOREVER), COMPLETED).incremental);
        lineage.accept(&snapshot(1), 0);
        let default = lineage.extent(&sought(&snapshot(2), day(4), FOREVER), COMPLETED);
        assert_eq!((default.bytes, default.incremental), (Bytes::gib(100), false));
        assert!(default.base_in_flight);
        let other =
            lineage.extent(&sought(&snapshot(2), day(4), FOREVER), IncrementalBase::Accepted);
        assert_eq!((other.bytes, other.incremental), (Bytes::gib(10), true));
        lineage.complete(1, day(2), Retention::Forever);
        assert_eq!(
            lineage.extent(&sought(&snapshot(2), day(4), FOREVER), COMPLETED).bytes,
            Bytes::gib(10)
        );
    }

    /// Days 1 and 3 are there; the copy of day 2 asked late has day 1 as its base, not day 3.
    #[test]
    fn a_base_is_older_than_its_source() {
        let mut lineage = Lineage::default();
        for n in [1, 3] {
            lineage.accept(&snapshot(n), 0);
            lineage.complete(u64::from(n), day(4), Retention::Forever);
        }
        assert_eq!(
            lineage.extent(&sought(&snapshot(2), day(4), FOREVER), COMPLETED).bytes,
            Bytes::gib(10)
        );
    }

    #[test]
    fn what_is_deleted_is_no_base() {
        let week = Retention::Age(Span::from_days(7));
        let mut lineage = Lineage::default();
        lineage.accept(&snapshot(1), 0);
        lineage.complete(1, day(1), week);
        let incremental = |lineage: &Lineage, now| {
            lineage.extent(&sought(&snapshot(8), now, week), COMPLETED).incremental
        };
        let after = day(8) + Span::from_nanos(1);
        assert!(incremental(&lineage, day(8)), "it goes after day 8 began");
        assert!(!incremental(&lineage, after), "and is no base from then on");
        lineage.expire(day(8), week);
        assert_eq!(lineage.n_completed(), 1);
        lineage.expire(after, week);
        assert_eq!(lineage.n_completed(), 0);
    }

    #[test]
    fn retention_by_count_keeps_the_newest() {
        let mut lineage = Lineage::default();
        for n in 1..=5 {
            lineage.accept(&snapshot(n), 0);
            lineage.complete(u64::from(n), day(u64::from(n)), Retention::Count(2));
        }
        assert_eq!(lineage.n_completed(), 2);
    }
}
