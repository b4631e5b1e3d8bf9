use super::*;
use crate::model::change::change_rate;
use crate::units::{ByteTime, Span};

fn day(n: u64) -> Instant {
    Instant::ZERO + Span::from_days(n)
}

/// 100 GiB of which a tenth changes in a day.
fn snapshot(n: u32) -> SourceSnapshot {
    SourceSnapshot {
        volume: 0,
        number: u64::from(n),
        started: day(u64::from(n)),
        full: Bytes::gib(100),
        change_clock: f64::from(n),
        change_rate: change_rate(0.1),
        since: None,
    }
}

const COMPLETED: Rules = Rules { base: IncrementalBase::Completed, rekey: Rekey::First };
const ACCEPTED: Rules = Rules { base: IncrementalBase::Accepted, rekey: Rekey::First };

/// A lineage with its shelves; days 0 to 10 count.
struct Vault {
    lineage: Lineage,
    shelves: Shelves,
    retain: Retention,
}

impl Vault {
    fn new(retain: Retention) -> Vault {
        let shelves = Shelves::new(day(0), day(10));
        Vault { lineage: Lineage::default(), shelves, retain }
    }

    fn extent(&mut self, n: u32, (now, key): (Instant, u32), rules: Rules) -> Extent {
        self.lineage.expire(now, &mut self.shelves);
        self.lineage.extent(&snapshot(n), key, rules)
    }

    /// The copy of day `n` is accepted at an instant, under a key.
    fn accept(&mut self, n: u32, (now, key): (Instant, u32)) -> u64 {
        let extent = self.extent(n, (now, key), COMPLETED);
        let stay = Stay { key, retain: self.retain, shelf: 0 };
        self.lineage.accept(&snapshot(n), extent, stay)
    }

    fn complete(&mut self, id: u64, now: Instant) -> u64 {
        self.lineage.complete(id, now, &mut self.shelves)
    }

    /// The copy of day `n` is there as soon as it is accepted, under a key.
    fn copy(&mut self, n: u32, now: Instant, key: u32) {
        let id = self.accept(n, (now, key));
        self.complete(id, now);
    }

    /// GiB × days on the shelf.
    fn gib_days(mut self) -> u128 {
        self.lineage.close(&mut self.shelves);
        let kept: ByteTime = self.shelves.into_kept().into_iter().sum();
        let unit = ByteTime::of(Bytes::gib(1), Span::from_days(1)).get();
        assert_eq!(kept.get() % unit, 0, "whole GiB and days");
        kept.get() / unit
    }
}

/// Day 1 is full. Day 2 while day 1 is still under way: full by the default rule (F103: the
/// most recent copy must *exist* there), incremental by one day by the other.
#[test]
fn a_base_has_to_be_completed_at_acceptance() {
    let mut vault = Vault::new(Retention::Forever);
    assert!(!vault.extent(1, (day(4), 0), COMPLETED).incremental);
    let first = vault.accept(1, (day(4), 0));
    let default = vault.extent(2, (day(4), 0), COMPLETED);
    assert_eq!((default.bytes, default.incremental), (Bytes::gib(100), false));
    assert!(default.base_in_flight);
    let other = vault.extent(2, (day(4), 0), ACCEPTED);
    assert_eq!((other.bytes, other.incremental), (Bytes::gib(10), true));
    vault.complete(first, day(4));
    assert_eq!(vault.extent(2, (day(4), 0), COMPLETED).bytes, Bytes::gib(10));
}

/// Days 1 and 3 are there; the copy of day 2 asked late has day 1 as its base, not day 3.
#[test]
fn a_base_is_older_than_its_source() {
    let mut vault = Vault::new(Retention::Forever);
    vault.copy(1, day(4), 0);
    vault.copy(3, day(4), 0);
    assert_eq!(vault.extent(2, (day(4), 0), COMPLETED).bytes, Bytes::gib(10));
}

#[test]
fn what_is_deleted_is_no_base() {
    let mut vault = Vault::new(Retention::Age(Span::from_days(7)));
    vault.copy(1, day(1), 0);
    let after = day(8) + Span::from_nanos(1);
    assert!(vault.extent(8, (day(8), 0), COMPLETED).incremental, "it goes after day 8 began");
    assert_eq!(vault.lineage.n_completed(), 1);
    assert!(!vault.extent(8, (after, 0), COMPLETED).incremental, "and is no base from then on");
    assert_eq!(vault.lineage.n_completed(), 0);
}

#[test]
fn retention_by_count_keeps_the_newest() {
    let mut vault = Vault::new(Retention::Count(2));
    for n in 1..=5 {
        let id = vault.accept(n, (day(u64::from(n)), 0));
        assert_eq!(vault.complete(id, day(u64::from(n))), u64::from(2 < n));
    }
    assert_eq!(vault.lineage.n_completed(), 2);
}

/// Copies of days 1 to 9, each kept for 3 days: 100 GiB on day 1, 110 on day 2, 120 on day 3. On day
/// 4 the first goes and the second stores all of itself: 100 + 10 + 10 on each of days 4 to 9.
#[test]
fn a_chain_stores_its_oldest_in_full_and_what_the_others_moved() {
    let mut vault = Vault::new(Retention::Age(Span::from_days(3)));
    for n in 1..=9 {
        vault.copy(n, day(u64::from(n)), 0);
    }
    assert_eq!(vault.gib_days(), 330 + 6 * 120);
}

/// By count 3 the same, since the fourth completion deletes the first at that instant.
#[test]
fn a_chain_by_count_stores_as_much() {
    let mut vault = Vault::new(Retention::Count(3));
    for n in 1..=9 {
        vault.copy(n, day(u64::from(n)), 0);
    }
    assert_eq!(vault.gib_days(), 330 + 6 * 120);
}

/// One copy a lineage never looked at again: 100 GiB from day 1, deleted at day 4 although nobody
/// asks: 300 GiB-days. Forever, it stands to the end of the window, day 10: 900.
#[test]
fn what_expires_unseen_is_stored_until_it_expired() {
    for (retain, expected) in [(Retention::Age(Span::from_days(3)), 300), (Retention::Forever, 900)]
    {
        let mut vault = Vault::new(retain);
        vault.copy(1, day(1), 0);
        assert_eq!(vault.gib_days(), expected);
    }
}

/// A volume that does not change, kept for 3 days; days 2 and 3 are based on day 1. Day 1 stores 100
/// from day 1 to day 4; day 3 lands at day 4 and is the oldest until day 2 lands at day 5, which then
/// stores all, and day 3 what it moved, nothing. Day 3 goes at day 7, day 2 at day 8: 100 GiB all
/// the time from day 1 to day 8.
#[test]
fn the_oldest_is_by_snapshot_whenever_it_comes() {
    let still = |n| SourceSnapshot { change_rate: 0.0, ..snapshot(n) };
    let mut vault = Vault::new(Retention::Age(Span::from_days(3)));
    let stay = Stay { key: 0, retain: vault.retain, shelf: 0 };
    vault.copy(1, day(1), 0);
    let ids = [2, 3].map(|n| {
        let extent = vault.lineage.extent(&still(n), 0, COMPLETED);
        assert_eq!(extent.bytes, Bytes::ZERO);
        vault.lineage.accept(&still(n), extent, stay)
    });
    vault.complete(ids[1], day(4));
    vault.complete(ids[0], day(5));
    assert_eq!(vault.gib_days(), 700);
}

/// Completed at day 0 and there from day 1 on, kept for 9 days; the window begins at day 2: seven
/// days of 100 GiB.
#[test]
fn a_seed_is_stored_from_the_start() {
    let shelves = Shelves::new(day(2), day(10));
    let mut vault = Vault { shelves, ..Vault::new(Retention::Age(Span::from_days(9))) };
    let stay = Stay { key: 0, retain: vault.retain, shelf: 0 };
    let extent = Extent::full(Bytes::gib(100), WhyFull::First);
    let times = (day(0), day(1));
    vault.lineage.seed(&snapshot(0), (extent, stay), times, &mut vault.shelves);
    assert!(vault.extent(1, (day(2), 0), COMPLETED).incremental);
    assert_eq!(vault.gib_days(), 700);
}

/// Days 1 and 2 under key 0, days 3 and 4 under key 1, all kept: day 3 is full and shares nothing.
/// 100 (day 1) + 110 + 210 + 220 from day 4 to day 10 = 420 + 6 × 220 GiB-days.
#[test]
fn under_another_key_a_family_begins_anew() {
    let mut vault = Vault::new(Retention::Forever);
    for (n, key) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        vault.copy(n, day(u64::from(n)), key);
    }
    assert_eq!(vault.gib_days(), 100 + 110 + 210 + 6 * 220);
}

/// Day 1 under key 0 is kept until day 5. Under key 1: day 3 is full by every reading, day 4
/// incremental by the default, full while day 1 stands, and full always by the third; after day 5
/// the second reading has one key alone.
#[test]
fn after_a_change_of_key_the_readings_differ() {
    let mut vault = Vault::new(Retention::Age(Span::from_days(4)));
    vault.copy(1, day(1), 0);
    let incremental = |vault: &mut Vault, n, now| {
        [Rekey::First, Rekey::WhileMixed, Rekey::Always]
            .map(|rekey| vault.extent(n, (now, 1), Rules { rekey, ..COMPLETED }).incremental)
    };
    assert_eq!(incremental(&mut vault, 3, day(3)), [false, false, false]);
    vault.copy(3, day(3), 1);
    assert_eq!(incremental(&mut vault, 4, day(4)), [true, false, false]);
    assert_eq!(incremental(&mut vault, 6, day(6)), [true, true, false]);
    // under the key of the source nothing is barred, but for a mixture
    let own = [Rekey::First, Rekey::WhileMixed, Rekey::Always];
    vault.copy(6, day(6), 0);
    let own = own.map(|rekey| vault.extent(7, (day(7), 0), Rules { rekey, ..COMPLETED }));
    assert_eq!(own.map(|extent| extent.incremental), [true, false, true]);
}

/// By the copies of days 1, 2, … of one volume, kept for 3 days, under key 0 unless it is said.
#[test]
fn a_full_copy_says_why() {
    let why = |vault: &mut Vault, n, when| vault.extent(n, when, COMPLETED).why_full;
    let mut vault = Vault::new(Retention::Age(Span::from_days(3)));
    assert_eq!(why(&mut vault, 1, (day(1), 0)), Some(WhyFull::First));
    let one = vault.accept(1, (day(1), 0));
    assert_eq!(why(&mut vault, 2, (day(2), 0)), Some(WhyFull::NotCompleted), "it is under way");
    vault.lineage.forget(one);
    assert_eq!(why(&mut vault, 2, (day(2), 0)), Some(WhyFull::NotCompleted), "it failed");
    vault.copy(3, day(3), 0);
    assert_eq!(why(&mut vault, 4, (day(4), 0)), None);
    assert_eq!(why(&mut vault, 2, (day(4), 0)), Some(WhyFull::NotOlder));
    assert_eq!(why(&mut vault, 3, (day(4), 0)), Some(WhyFull::NotOlder), "the same once more");
    assert_eq!(why(&mut vault, 4, (day(4), 1)), Some(WhyFull::Key));
    let always = Rules { rekey: Rekey::Always, ..COMPLETED };
    assert_eq!(vault.extent(4, (day(4), 1), always).why_full, Some(WhyFull::Key));
    assert_eq!(why(&mut vault, 7, (day(7), 0)), Some(WhyFull::Retention));
    vault.accept(7, (day(7), 0));
    assert_eq!(why(&mut vault, 8, (day(8), 0)), Some(WhyFull::Retention), "and one is under way");
    assert_eq!(Extent::nothing().why_full, None);
}
