//! Full or incremental: what is there, what is kept, what was missed, what grew.

use snapferry::catalog::limit::BLOCK;
use snapferry::model::{
    Change, Client, ClientPolicy, DailyChange, Initial, Items, Recurrence, Retention, TimeOfDay,
    Weekdays,
};
use snapferry::record::Outcome;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Span};

use crate::support::{
    IRELAND, START, WEST, add_with, client, every, fleet, image, model, once, rule, run, schedule,
    volumes,
};

/// Daily copies of 100 GiB of which 10 % change from one to the next, five days long.
fn daily(retain: Retention, initial: Initial) -> Vec<u64> {
    let mut model = model();
    model.horizon = Span::from_days(5);
    let mut one = fleet("f", volumes(&[Bytes::gib(100)]), every(Span::from_days(1)));
    one.change = Change::PerSnapshot(0.1);
    one.copies.push(snapferry::model::CopyRule { retain, initial, ..rule(&model, WEST, None) });
    model.clients.push(client("f"));
    model.fleets.push(one);
    let (rows, _) = run(&model);
    rows.of("f").iter().map(|row| row.bytes.expect("accepted").get() >> 30).collect()
}

/// 100 GiB at 100 MiB/s take 17 min, 10 GiB less. A copy that is kept for a day and a half from its
/// completion is the base of the next one; one that is kept for half a day is gone by then.
#[test]
fn retention_decides_whether_there_is_a_base() {
    let hours = |hours| Retention::Age(Span::from_hours(hours));
    let (seeded, empty) = (Initial::Seeded, Initial::Empty);
    assert_eq!(daily(Retention::Forever, empty), [100, 10, 10, 10, 10]);
    assert_eq!(daily(Retention::Forever, seeded), [10, 10, 10, 10, 10]);
    assert_eq!(daily(hours(36), seeded), [10, 10, 10, 10, 10]);
    assert_eq!(daily(hours(12), seeded), [100, 100, 100, 100, 100]);
    assert_eq!(daily(Retention::Count(1), empty), [100, 10, 10, 10, 10]);
    // the seed, one day old at the start, is there for a day to the nanosecond
    assert_eq!(daily(hours(24), seeded), [10, 10, 10, 10, 10]);
}

/// 10 % a day; the copy of day 1 finds the one slot taken, and its client gives up. That of day 2
/// moves what changed in two days: 1 − 0.9^(2^0.7) = 1 − exp(−0.105361 × 1.624505) = 15.7312 %.
#[test]
fn a_copy_that_was_not_made_makes_the_next_one_larger() {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    model.horizon = Span::from_days(4);
    let give_up = |name| Client { policy: ClientPolicy::GiveUp, ..client(name) };
    let mut one = fleet("f", volumes(&[Bytes::gib(100)]), every(Span::from_days(1)));
    let rate = Distribution::Constant(0.1);
    one.change =
        Change::Daily(DailyChange { rate, day_to_day: 0.0, common: 0.0, calendar: Vec::new() });
    add_with(&mut model, one, (WEST, None), give_up("f"));
    model.fleets[0].copies[0].initial = Initial::Seeded;
    // from noon of day 0 to noon of day 1: 86,400 s at 100 MiB/s
    let blocker = fleet("b", volumes(&[Bytes::mib(8_640_000)]), once(43_200));
    add_with(&mut model, blocker, (WEST, None), give_up("b"));
    let (rows, _) = run(&model);
    let rows = rows.of("f");
    assert_eq!(rows[1].outcome, Outcome::GivenUp);
    let gib = |place: usize| rows[place].bytes.unwrap().as_gib();
    let block = BLOCK.as_gib();
    for (place, expected) in [(0, 10.0), (2, 15.731_2), (3, 10.0)] {
        assert!((gib(place) - expected).abs() < 2.0 * block, "{place}: {} GiB", gib(place));
    }
}

/// An image of 10 and 5 GiB is released on three Tuesdays to two Regions; a fifth changes from one
/// release to the next: 15 GiB first, then 2 + 1 = 3 GiB.
#[test]
fn weekly_releases_have_lineages_of_their_own_at_each_destination() {
    let mut model = model();
    model.horizon = Span::from_days(21);
    let on = Weekdays([false, true, false, false, false, false, false]);
    let weekly = Recurrence::Weekly { at: vec![TimeOfDay(Span::from_hours(10))], on };
    let items = Items::Images(vec![image("golden", &[10, 5].map(Bytes::gib))]);
    let mut images = fleet("images", items, schedule(weekly));
    images.change = Change::PerSnapshot(0.2);
    images.copies = [WEST, IRELAND].map(|to| rule(&model, to, None)).to_vec();
    model.clients.push(client("images"));
    model.fleets.push(images);
    let (rows, _) = run(&model);
    for to in ["us-west-2", "eu-west-1"] {
        let there = rows.images.iter().filter(|row| row.to == to);
        let gib: Vec<u64> = there.map(|row| row.bytes.unwrap().get() >> 30).collect();
        assert_eq!(gib, [15, 3, 3], "{to}");
    }
    let parts = rows.copies.iter().filter(|row| row.volume == "golden/s0" && row.to == "us-west-2");
    let full: Vec<bool> = parts.map(|row| !row.incremental.unwrap()).collect();
    assert_eq!(full, [true, false, false]);
}

/// 20 % a year: a full copy of 100 GiB is one of 120 GiB after 365 days; in steps of 73 days it
/// grows by 1.2^0.2 = 1.037137 each.
#[test]
fn volumes_grow_over_the_year() {
    let mut model = model();
    model.horizon = Span::from_days(366);
    let mut one = fleet("f", volumes(&[Bytes::gib(100)]), every(Span::from_days(73)));
    one.growth_per_year = 0.2;
    add_with(&mut model, one, (WEST, None), client("f"));
    let (rows, _) = run(&model);
    let gib: Vec<f64> = rows.of("f").iter().map(|row| row.bytes.unwrap().as_gib()).collect();
    assert_eq!((gib[0], gib[5], gib.len()), (100.0, 120.0, 6));
    assert!((gib[1] - 103.713_7).abs() < 0.001, "{gib:?}");
    assert_eq!(rows.of("f")[5].due.since(START), Span::from_days(365));
}
