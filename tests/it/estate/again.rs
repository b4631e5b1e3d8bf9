//! Copies that are made again, worked by hand.

use snapferry::catalog::Cause;
use snapferry::model::{AfterTimeout, CopyFailures, Model, Waiter};
use snapferry::record::Outcome;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Span};

use super::{HUNDRED_SECONDS, hourly};
use crate::support::{Row, WEST, measured, model, run};

/// One volume, one snapshot, a copy of 100 s; its client does not wait for longer than 60 s.
fn impatient() -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(1);
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    let waiter = Waiter { timeout: Span::from_secs(60), then: AfterTimeout::CopyAgain };
    model.clients[0].waiter = Some(waiter);
    model.clients[0].max_copies = Some(2);
    model
}

fn ends(rows: &[&Row]) -> Vec<(u32, Outcome, u64)> {
    let of = |row: &&Row| (row.again, row.outcome, row.end().whole(Span::from_secs(1)));
    let mut ends: Vec<_> = rows.iter().map(of).collect();
    ends.sort_by_key(|(again, _, _)| *again);
    ends
}

/// The first copy runs from 0 to 100 s, the second from 60 to 160 s: the snapshot is there at 100 s,
/// before the client would lose patience a second time; the bytes move twice, and transfer (0.02 USD/GB) is paid twice: 20,000 MiB × 0.02 / 1024.
#[test]
fn a_client_that_asks_twice_moves_and_pays_twice() {
    let (rows, result) = run(&impatient());
    let done = Outcome::Completed;
    assert_eq!(ends(&rows.of("f")), [(0, done, 100), (1, done, 160)]);
    let scope = "f → us-west-2";
    for (measure, expected) in [
        ("due", 1.0),
        ("completed", 1.0),
        ("again", 1.0),
        ("timed_out", 1.0),
        ("requests", 2.0),
        ("completion_mean", 100.0),
        ("moved", Bytes::mib(20_000).as_f64()),
        ("moved_again", HUNDRED_SECONDS.as_f64()),
        ("transfer", 20_000.0 * 0.02 / 1024.0),
    ] {
        let got = measured(&result, scope, measure);
        assert!((got - expected).abs() <= 1e-9 * expected, "{measure}: {got}, not {expected}");
    }
}

/// Where the client only reports a failure, the copy goes on and arrives all the same.
#[test]
fn a_client_that_gives_up_waiting_leaves_its_copy_alone() {
    let mut model = impatient();
    model.clients[0].waiter =
        Some(Waiter { timeout: Span::from_secs(60), then: AfterTimeout::GiveUp });
    let (rows, result) = run(&model);
    assert_eq!(ends(&rows.of("f")), [(0, Outcome::Completed, 100)]);
    assert_eq!(measured(&result, "f → us-west-2", "timed_out"), 1.0);
}

/// Half of all copies fail when they have moved 30 % of their bytes, after 30 s; the client rests
/// for 10 s and asks again. Whatever the draws: a row ends 30 s after acceptance if it failed and 100
/// s after it if not; the one that follows is accepted 10 s after a failure; the time of the failed
/// ones belongs to the wait for the snapshot, so that all causes add up to the whole.
#[test]
fn a_copy_that_fails_is_asked_for_again() {
    let mut model = model();
    model.horizon = Span::from_hours(40);
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    model.fleets[0].copies[0].failures =
        Some(CopyFailures { share: 0.5, moment: Distribution::Constant(0.3) });
    let (rows, result) = run(&model);
    let rows = rows.of("f");
    let mut failed = 0u32;
    for row in &rows {
        let took = row.ended.unwrap().since(row.accepted.unwrap());
        let (expected, moved) = match row.outcome {
            Outcome::Error => (30, Bytes::mib(3_000)),
            _ => (100, HUNDRED_SECONDS),
        };
        assert_eq!((took, row.moved), (Span::from_secs(expected), moved), "{row:?}");
        assert_eq!(row.wait(), Span::from_secs(40).times(row.again.into()), "{row:?}");
        assert_eq!(row.spent(Cause::BackOff), Span::from_secs(10).times(row.again.into()));
        failed += u32::from(row.outcome == Outcome::Error);
    }
    assert!((5..80).contains(&failed), "{failed} of {} failed", rows.len());
    assert_eq!(rows.len(), 40 + usize::try_from(failed).unwrap(), "each is made until it is there");
    let scope = "f → us-west-2";
    assert_eq!(measured(&result, scope, "completed"), 40.0);
    assert_eq!(measured(&result, scope, "again"), f64::from(failed));
    let moved = 40.0 * 10_000.0 + f64::from(failed) * 3_000.0;
    assert!((measured(&result, scope, "moved") - moved * 1_048_576.0).abs() < 1.0);
    // Transfer is paid for what a failed copy moved, too.
    let transfer = measured(&result, scope, "transfer");
    assert!((transfer - moved * 0.02 / 1024.0).abs() < 1e-6, "{transfer}");
}

/// A time-based copy that fails pays no surcharge (as for a service-side miss, F43), and runs at the
/// rate of one that does not fail: 9,000 MiB in 900 s are 10 MiB/s, half of them after 450 s.
#[test]
fn a_time_based_copy_that_fails_keeps_its_pace_and_pays_no_surcharge() {
    let mut model = model();
    model.horizon = Span::from_hours(1);
    hourly(&mut model, "f", &[Bytes::mib(9_000)], WEST);
    let rule = &mut model.fleets[0].copies[0];
    rule.completion_duration = Some(Span::from_mins(15));
    rule.failures = Some(CopyFailures { share: 1.0, moment: Distribution::Constant(0.5) });
    model.clients[0].max_copies = Some(1);
    let (rows, _) = run(&model);
    let [row] = rows.of("f")[..] else { panic!() };
    assert_eq!((row.outcome, row.end()), (Outcome::Error, Span::from_secs(450)));
    assert_eq!((row.moved, row.surcharge_nano_usd), (Bytes::mib(4_500), 0));
}
