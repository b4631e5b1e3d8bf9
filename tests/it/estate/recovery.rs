//! The least RPO that can be promised, and where it comes from.

use snapferry::model::{Per, Retention};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, SignedSpan, Span};

use super::{hourly, rpo};
use crate::support::{WEST, measured, model, run_on};

/// Hourly, a start window of 10 min, 3 min for the snapshot, copies in 15 min, no jitter and no
/// start-up: a point that began at once is replaced by one that began 10 min after it was due: its
/// age is then 60 + 10 + 3 + 15 = 88 min, and never more. Of 100 volumes over 42 days, 100,800
/// windows, some pair comes within 10 s of it: two draws that leave less than 10 s in all have a
/// chance of (10/600)²/2 = 1 in 7,200, so all pairs miss with a chance of e^-14.
#[test]
fn the_least_rpo_is_88_minutes_and_its_parts_say_why() {
    let mut model = model();
    model.horizon = Span::from_days(42);
    model.accounts[0].limits.snapshot_slots = 1_000;
    model.accounts[0].limits.snapshots = 1_000_000; // 100,800 are kept
    model.accounts[0].limits.copy_snapshot_bucket = (1_000, 1_000);
    model.assume.overhead = Distribution::Constant(0.0);
    model.assume.snapshot_fixed = Span::from_mins(3);
    model.assume.snapshot_rate = snapferry::units::Rate::INFINITE;
    hourly(&mut model, "f", &[Bytes::mib(1_000); 100], WEST);
    let fleet = &mut model.fleets[0];
    fleet.schedule.window = Span::from_mins(10);
    fleet.copies[0].completion_duration = Some(Span::from_mins(15));
    // Kept for ever they would be 100,800, more than the 100,000 of F100.
    fleet.copies[0].retain = Retention::Age(Span::from_days(1));
    model.targets.push(rpo(Span::from_mins(88), Per::Volume));
    let (rows, result) = run_on::<snapferry::engine::network::Levels>(&model, 0);
    let most = Span::from_mins(88);
    let worst = rows.rpo.iter().max_by_key(|row| row.worst).unwrap();
    let age = worst.worst.unwrap();
    assert!(age <= most && most - age < Span::from_secs(10), "{age}");
    let split = worst.split.unwrap();
    assert_eq!(split.age(), age);
    let minutes = Span::from_mins;
    assert_eq!((split.interval, split.snapshot), (minutes(60), minutes(3)));
    assert_eq!((split.waiting, split.transfer), (Span::ZERO, minutes(15)));
    assert!(split.window <= SignedSpan::between(Span::ZERO, minutes(10)));
    // On average the newer one begins as late as the older one: the window adds nothing.
    let scope = "f → us-west-2";
    assert!(measured(&result, scope, "rpo_window").abs() < 5.0);
    assert!((measured(&result, scope, "rpo_peak") - 78.0 * 60.0).abs() < 5.0);
    let share = result.targets[0].share.unwrap();
    // All is there but for the first point, from due to 18 to 28 min later.
    let without: Span = rows.rpo.iter().map(|row| row.without).sum();
    assert!((1.0 - share - without.secs() / (100.0 * 42.0 * 86_400.0)).abs() < 1e-12);
}
