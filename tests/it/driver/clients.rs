//! What clients do where the API refuses: give up, retry, queue, hold, ask for less.

use snapferry::catalog::Cause;
use snapferry::model::{
    Client, ClientPolicy, Items, Jitter, Model, OnQuotaShort, Overlap, QueueOrder, Target,
    TargetKind,
};
use snapferry::record::Outcome;
use snapferry::stats::Estimate;
use snapferry::units::{Bytes, Rate, Span};

use crate::support::{
    Row, START, WEST, add, add_with, client, every, fleet, image, measured, model, once, queue,
    rule, run, seconds, volumes,
};

/// Back-offs of 30, 60, 120, 240, 480, and 900 s (960 is cut) with full jitter.
///
/// No slot at all: after so many attempts each copy gives up, having slept the back-offs before. Of
/// the first alone the mean is 15 s; of all six it is (30 + 60 + 120 + 240 + 480 + 900) / 2 = 915 s.
#[test]
fn back_offs_have_the_mean_of_full_jitter() {
    for (attempts, mean) in [(2, 15.0), (7, 915.0)] {
        let mut model = model();
        model.accounts[0].limits.snapshot_slots = 0;
        model.accounts[0].limits.copy_snapshot_bucket = (1_000_000, 1_000_000);
        let retry = Client { max_attempts: Some(attempts), ..Client::default_of("f") };
        let many = fleet("f", volumes(&[Bytes::mib(1); 2000]), once(0));
        add_with(&mut model, many, (WEST, None), retry);
        let rows = run(&model).0.copies;
        let waits: Vec<f64> = rows.iter().map(|row| seconds(row.end())).collect();
        let estimate = Estimate::of(&waits, 0.999).unwrap();
        let interval = estimate.interval.unwrap();
        assert!(interval.contains(mean) && interval.half_width() < 0.05 * mean, "{estimate:?}");
        for row in &rows {
            assert_eq!((row.outcome, row.attempts), (Outcome::GivenUp, attempts));
            assert_eq!(row.spent_on(), [(Cause::Slot, row.end())], "slots were always full");
        }
    }
}

/// TV31: of 150 images at once 100 pass; of those that ask again each second, one a second does: the
/// last at 50 s. Refused were 50 at 0 s, 49 at 1 s, … 1 at 49 s: 1,275 in all.
#[test]
fn tv31_throttled_calls_come_back_one_a_second() {
    let mut model = model();
    let each_second = Client {
        backoff_first: Span::from_secs(1),
        backoff_max: Span::from_secs(1),
        ..client("images")
    };
    let images = (0..150).map(|n| image(&format!("i{n}"), &[Bytes::mib(100)]));
    let many = fleet("images", Items::Images(images.collect()), once(0));
    add_with(&mut model, many, (WEST, None), each_second);
    let (rows, result) = run(&model);
    let mut waits: Vec<f64> =
        rows.copies.iter().map(|row| seconds(row.accepted.unwrap().since(START))).collect();
    waits.sort_by(f64::total_cmp);
    assert!(waits[..100].iter().all(|wait| *wait == 0.0));
    let after: Vec<f64> = (1..=50u32).map(f64::from).collect();
    assert_eq!(waits[100..], after);
    for row in &rows.copies {
        let waited = row.accepted.unwrap().since(START);
        assert_eq!(row.spent(Cause::Throttled), waited);
    }
    assert_eq!(measured(&result, "all", "refused_throttled"), 1275.0);
    assert_eq!(measured(&result, "all", "requests"), 1425.0);
}

/// `d` is the name of a copy of 100 s that takes the one slot first; a, b, c, and d are asked 1, 2,
/// 3, 4 s later, of other sizes, priorities, and targets.
fn order_of(order: QueueOrder) -> String {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    let first = fleet("first", volumes(&[Bytes::mib(10_000)]), once(0));
    add_with(&mut model, first, (WEST, None), queue("all", order));
    let others = [("a", 3000, 5, 4), ("b", 1000, -1, 3), ("c", 4000, 5, 1), ("d", 2000, 0, 2)];
    for (asked, (name, mib, priority, hours)) in (1..).zip(others) {
        let mut one = fleet(name, volumes(&[Bytes::mib(mib)]), once(asked));
        let mut rule = rule(&model, WEST, None);
        (rule.client, rule.priority) = (0, priority);
        one.copies.push(rule);
        model.targets.push(Target {
            name: name.to_owned(),
            kind: TargetKind::Copy { limit: Span::from_hours(hours) },
            fleets: vec![model.fleets.len()],
            to: None,
            share: 1.0,
        });
        model.fleets.push(one);
    }
    let mut rows = run(&model).0.copies;
    rows.sort_by_key(|row| row.accepted);
    for row in &rows {
        assert_eq!(row.spent(Cause::Slot), row.wait(), "{row:?}");
    }
    rows[1..].iter().map(|row| row.fleet.as_str()).collect()
}

#[test]
fn a_queue_is_served_in_its_order() {
    assert_eq!(order_of(QueueOrder::Fifo), "abcd");
    assert_eq!(order_of(QueueOrder::Smallest), "bdac");
    assert_eq!(order_of(QueueOrder::Largest), "cadb");
    assert_eq!(order_of(QueueOrder::Priority), "acdb", "5 before 5 by time, then 0, then −1");
    assert_eq!(order_of(QueueOrder::Edf), "cdba", "1, 2, 3, 4 h after they were due");
}

/// 20 slots, but the client sends one at a time: the second waits 100 s for its own client.
#[test]
fn a_clients_own_limit_is_its_own_cause() {
    let mut model = model();
    let policy = ClientPolicy::Queue { order: QueueOrder::Fifo, limit: Some(1) };
    let two = fleet("f", volumes(&[Bytes::mib(10_000); 2]), once(0));
    add_with(&mut model, two, (WEST, None), Client { policy, ..client("f") });
    let mut rows = run(&model).0.copies;
    rows.sort_by_key(|row| row.accepted);
    assert_eq!(rows[0].spent(Cause::ClientQueue), Span::ZERO);
    assert_eq!(rows[1].spent(Cause::ClientQueue), Span::from_secs(100));
}

/// A client that queues knows 300 slots for images, not the 20 for snapshots.
#[test]
fn a_queue_of_images_goes_by_the_slots_of_images() {
    let mut model = model();
    let images = (0..30).map(|n| image(&format!("i{n}"), &[Bytes::mib(10_000)]));
    let many = fleet("images", Items::Images(images.collect()), once(0));
    add_with(&mut model, many, (WEST, None), queue("images", QueueOrder::Fifo));
    let rows = run(&model).0.copies;
    assert!(rows.iter().all(|row| seconds(row.end()) == 100.0));
}

/// A queue asks for its head at most so often, then for the next. Quota 100 of 500 is less than the
/// least grant of 200, until 900 s: the first is asked at 1, 11, and 21 s and given up; the second,
/// which has waited since 2 s, after its three attempts at 21, 31, 41 s.
#[test]
fn a_queue_gives_up_after_its_attempts_too() {
    let mut model = model();
    model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
    model.assume.min_grant = Rate::mib_per_s(200);
    let in_15 = Some(Span::from_mins(15));
    add(&mut model, fleet("first", volumes(&[Bytes::mib(360_000)]), once(0)), (WEST, in_15));
    let shared = model.clients.len();
    for (name, asked) in [("a", 1), ("b", 2)] {
        let mut one = fleet(name, volumes(&[Bytes::mib(450_000)]), once(asked));
        one.copies.push(snapferry::model::CopyRule { client: shared, ..rule(&model, WEST, in_15) });
        model.fleets.push(one);
    }
    model.clients.push(Client { max_attempts: Some(3), ..queue("q", QueueOrder::Fifo) });
    let (rows, _) = run(&model);
    let end = |name| {
        let row = rows.of(name)[0];
        (row.outcome, row.attempts, seconds(row.end()))
    };
    assert_eq!(end("a"), (Outcome::GivenUp, 3, 21.0));
    assert_eq!(end("b"), (Outcome::GivenUp, 3, 41.0));
}

/// One slot; a copy is due every 100 s and takes 250 s; five are due within 500 s.
fn overlapping(overlap: Overlap) -> Vec<Row> {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    model.horizon = Span::from_secs(500);
    let one = fleet("f", volumes(&[Bytes::mib(25_000)]), every(Span::from_secs(100)));
    let client = Client { overlap, ..queue("f", QueueOrder::Fifo) };
    add_with(&mut model, one, (WEST, None), client);
    run(&model).0.of("f").into_iter().cloned().collect()
}

/// #1 waits from 100 s and gives way to #2 at 200 s, which goes at 250 s; so with #3 and #4.
#[test]
fn a_newer_snapshot_takes_the_place_of_a_waiting_one() {
    let rows = overlapping(Overlap::ReplaceQueued);
    let ends: Vec<(Outcome, f64)> =
        rows.iter().map(|row| (row.outcome, seconds(row.end()))).collect();
    let (done, replaced) = (Outcome::Completed, Outcome::Replaced);
    let expected =
        [(done, 250.0), (replaced, 200.0), (done, 500.0), (replaced, 400.0), (done, 750.0)];
    assert_eq!(ends, expected);
}

/// All wait: 0, 150, 300, 450, 600 s.
#[test]
fn overlapping_copies_may_all_wait() {
    let rows = overlapping(Overlap::Queue);
    let waits: Vec<f64> = rows.iter().map(|row| seconds(row.spent(Cause::Slot))).collect();
    assert_eq!(waits, [0.0, 150.0, 300.0, 450.0, 600.0]);
}

/// #2, due at 200 s while #1 waits, and #4 while #3 waits, are skipped.
#[test]
fn a_snapshot_may_be_skipped_while_the_one_before_waits() {
    let outcomes: Vec<Outcome> = overlapping(Overlap::Skip).iter().map(|row| row.outcome).collect();
    let (done, skipped) = (Outcome::Completed, Outcome::Skipped);
    assert_eq!(outcomes, [done, done, skipped, done, skipped]);
}

/// One slot and room for two that wait: of five at once one runs, two wait, two are dropped.
#[test]
fn what_does_not_fit_into_a_queue_is_counted() {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    let five = fleet("f", volumes(&[Bytes::mib(10_000); 5]), once(0));
    let client = Client { max_waiting: 2, ..queue("f", QueueOrder::Fifo) };
    add_with(&mut model, five, (WEST, None), client);
    let (rows, result) = run(&model);
    let dropped = rows.copies.iter().filter(|row| row.outcome == Outcome::Overflow).count();
    assert_eq!(dropped, 2);
    assert_eq!(measured(&result, "all", "not_copied"), 2.0);
    assert_eq!(measured(&result, "all", "completed"), 3.0);
}

/// Quota 500, 400 of it taken until 900 s; a copy that needs 500 is asked at 1 s and every 10 s.
fn short_of_quota(on_quota_short: OnQuotaShort) -> Row {
    let mut model: Model = model();
    model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
    let in_15 = (WEST, Some(Span::from_mins(15)));
    add(&mut model, fleet("first", volumes(&[Bytes::mib(360_000)]), once(0)), in_15);
    let one = fleet("f", volumes(&[Bytes::mib(450_000)]), once(1));
    add_with(&mut model, one, in_15, Client { on_quota_short, ..client("f") });
    run(&model).0.of("f")[0].clone()
}

/// Taken: 450,000 at 100. Held: until 901 s, when 500 are there. Longer: at 100 it takes 4,500 s =
/// 75 min, a step of 15, and that is met. Standard: at 100 too, without any quota.
#[test]
fn a_client_may_take_hold_ask_for_longer_or_send_a_standard_copy() {
    let taken = short_of_quota(OnQuotaShort::Take);
    assert_eq!((seconds(taken.end()), taken.met), (4501.0, Some(false)));
    let held = short_of_quota(OnQuotaShort::Hold);
    assert_eq!((seconds(held.end()), held.met, held.attempts), (1801.0, Some(true), 1));
    assert_eq!(held.spent(Cause::Quota), Span::from_secs(900));
    let longer = short_of_quota(OnQuotaShort::Longer);
    assert_eq!((seconds(longer.end()), longer.met), (4501.0, Some(true)));
    assert_eq!(longer.granted, Some(Rate::mib_per_s(100).ceil()));
    let standard = short_of_quota(OnQuotaShort::Standard);
    assert_eq!((seconds(standard.end()), standard.time_based), (4501.0, false));
    assert_eq!((standard.granted, standard.met), (None, None));
}

/// A client that holds a copy back with full jitter still asks with ever longer back-offs: the mean
/// of its first is 5 s, and over 4,000 s it does not ask thousands of times.
#[test]
fn a_client_that_holds_back_sleeps_anew_each_time() {
    let mut model = model();
    model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
    let in_15 = Some(Span::from_mins(15));
    add(&mut model, fleet("first", volumes(&[Bytes::mib(360_000)]), once(0)), (WEST, in_15));
    let many = fleet("f", volumes(&[Bytes::mib(200_000); 200]), once(1));
    let patient =
        Client { on_quota_short: OnQuotaShort::Hold, jitter: Jitter::Full, ..client("f") };
    add_with(&mut model, many, (WEST, in_15), patient);
    model.horizon = Span::from_secs(10);
    model.drain = Span::from_secs(70);
    let (_, result) = run(&model);
    // 200 copies in 79 s, one look every 5 s on average: about 3,200; a copy that drew the same
    // back-off again and again would need one below 0.1 s to look more than 790 times
    assert!(result.n_events < 6000, "{} events", result.n_events);
}
