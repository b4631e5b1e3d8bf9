//! Copies that fell behind borrow what nobody reserved.

use super::*;

/// A copy of 180,000 in 30 min is paced at 100. The link is gone from 600 to 900 s: 60,000 are
/// there, and 120,000 have 900 s left. It borrows 33.3 above its 100 and ends at its deadline.
fn cut(model: &mut Model) {
    model.links[0].windows.push(window(600, 900, 0.0));
    one(model, "a", 180_000, 0, (WEST, Some(30)));
}

/// A fleet takes another way between the same two Regions, without a link.
fn past_the_link(model: &mut Model, fleet: usize) {
    if model.routes.len() == 3 {
        let mut other = model.routes[0].clone();
        other.links.clear();
        model.routes.push(other);
    }
    model.fleets[fleet].copies[0].route = 3;
}

#[test]
fn a_copy_that_was_held_up_borrows_and_meets_its_deadline() {
    let mut model = over_link(1000);
    cut(&mut model);
    let row = row(&rows(&model), "a");
    assert_eq!((secs(&row), row.met, row.blame), (1800.0, Some(true), None));
    assert_eq!(row.spent(Cause::Outage), Span::from_secs(300));
    assert_eq!(row.spent(Cause::Paced), Span::from_secs(1500));
    assert_eq!(row.moved, Bytes::mib(180_000));
}

/// Without: 120,000 at 100 from 900 s on take 1,200 s. The link is not the customer's.
#[test]
fn without_borrowing_it_misses() {
    let mut model = over_link(1000);
    model.assume.catch_up = CatchUp::None;
    cut(&mut model);
    let row = row(&rows(&model), "a");
    assert_eq!((secs(&row), row.met, row.blame), (2100.0, Some(false), Some(Blame::Service)));
    assert_eq!(row.spent(Cause::Quota), Span::from_secs(1200));
}

/// Quota 400. From 900 s on A runs at 133.3. At 1,200 s 40,000 are there since, and 80,000
/// left, when B comes and takes 300: A is back at its own 100 and ends at 1,200 + 80,000 / 100
/// = 2,000 s. B, on time, frees nothing before 2,100 s.
#[test]
fn what_is_borrowed_is_given_back_to_a_new_copy() {
    let mut model = over_link(1000);
    model.accounts[0].limits.quota = Rate::mib_per_s(400).ceil();
    cut(&mut model);
    one(&mut model, "b", 270_000, 1200, (WEST, Some(15)));
    let rows = rows(&model);
    let b = row(&rows, "b");
    assert_eq!((secs(&b), b.met), (2100.0, Some(true)));
    assert_eq!(b.granted, Some(Rate::mib_per_s(300).ceil()));
    let a = row(&rows, "a");
    assert_eq!((secs(&a), a.met, a.blame), (2000.0, Some(false), Some(Blame::Service)));
}

/// Quota 400, all of it reserved until 1,530 s: A 100, B 300 for 270,000 in 15 min from 630 s
/// on, over another route of the same pair that has no link. A runs at 100 from 900 s on; when
/// B ends, between two ticks of the minute, 120,000 − 63,000 = 57,000 are left for 270 s: it
/// borrows from that very moment and ends at its deadline, having moved every byte.
#[test]
fn quota_that_is_freed_between_two_ticks_is_borrowed_at_once() {
    let mut model = over_link(1000);
    model.accounts[0].limits.quota = Rate::mib_per_s(400).ceil();
    cut(&mut model);
    one(&mut model, "b", 270_000, 630, (WEST, Some(15)));
    past_the_link(&mut model, 1);
    let rows = rows(&model);
    let a = row(&rows, "a");
    assert_eq!(secs(&row(&rows, "b")), 1530.0);
    assert_eq!((secs(&a), a.met), (1800.0, Some(true)));
    assert_eq!(a.spent(Cause::Quota), Span::from_secs(630));
}

/// Quota 600, all of it reserved until 1,810 s, A again with 100 of it, from 20 to 1,820 s. Cut
/// off for 60 s, it has 180,000 − 172,000 = 8,000 left at the tick of 1,800 s, 400 for 20 s. At
/// 1,810 s, when 500 are free, 7,000 are left: 700 for 10 s would do, 500 take 14 s.
#[test]
fn a_copy_that_may_go_faster_again_has_not_moved_what_it_has_not() {
    let mut model = over_link(1000);
    model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
    model.links[0].windows.push(window(600, 660, 0.0));
    one(&mut model, "a", 180_000, 20, (WEST, Some(30)));
    for (place, (name, asked)) in [("b", 10), ("c", 910)].into_iter().enumerate() {
        one(&mut model, name, 450_000, asked, (WEST, Some(15)));
        past_the_link(&mut model, place + 1);
    }
    let row = row(&rows(&model), "a");
    assert_eq!((secs(&row), row.met), (1824.0, Some(false)));
}

/// As before, but B ends at 1,650 s: 120,000 − 75,000 = 45,000 are left for 150 s: 300. Up to
/// 1,740 s: 36,000 for 60 s would be 600, more than one copy may carry: 500 take 72 s: 1,812 s.
#[test]
fn nobody_catches_up_faster_than_one_copy_may_go() {
    let late = |freed: u64| {
        let mut model = over_link(1000);
        model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
        cut(&mut model);
        one(&mut model, "b", 450_000, freed - 900, (WEST, Some(15)));
        past_the_link(&mut model, 1);
        let row = row(&rows(&model), "a");
        (secs(&row), row.met)
    };
    assert_eq!(late(1650), (1800.0, Some(true)));
    assert_eq!(late(1740), (1812.0, Some(false)));
}

/// Late from 1,800 s on, A keeps its last target as long as nobody asks for the quota. It has
/// borrowed 400 since 1,740 s: at 1,806 s 36,000 − 66 × 500 = 3,000 are left. Then C takes 500,
/// all that A does not hold itself, and A is back at 100: 30 s more.
#[test]
fn a_late_borrower_still_gives_back() {
    let mut model = over_link(1000);
    model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
    cut(&mut model);
    one(&mut model, "b", 450_000, 840, (WEST, Some(15)));
    past_the_link(&mut model, 1);
    one(&mut model, "c", 450_000, 1806, (WEST, Some(15)));
    past_the_link(&mut model, 2);
    let rows = rows(&model);
    assert_eq!(row(&rows, "c").granted, Some(Rate::mib_per_s(500).ceil()));
    assert_eq!(secs(&row(&rows, "a")), 1836.0);
}
