//! Recovery points: how old the newest one may get, by hand and by the envelope's formula.

use proptest::prelude::*;
use snapferry::model::{Change, Initial, Model, Per, Target, TargetKind};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Rate, Span};

use crate::support::{WEST, add, every, fleet, measured, model, run, volumes};

/// Hourly time-based copies in 15 min of volumes of 1,000 MiB, seeded; nobody waits.
fn hourly(n: usize, hours: u64) -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(hours);
    model.assume.snapshot_fixed = Span::from_secs(42);
    model.assume.overhead = Distribution::Constant(10.0);
    let mut some = fleet("f", volumes(&vec![Bytes::mib(1000); n]), every(Span::from_hours(1)));
    some.makes_snapshot = true;
    some.change = Change::PerSnapshot(0.1);
    add(&mut model, some, (WEST, Some(Span::from_mins(15))));
    model.fleets[0].copies[0].initial = Initial::Seeded;
    let kind = TargetKind::Rpo { limit: Span::from_mins(75), per: Per::Volume };
    let name = "rpo".to_owned();
    model.targets.push(Target { name, kind, fleets: Vec::new(), to: None, share: 1.0 });
    model
}

/// Each point is there 42 + 10 + 900 = 952 s after it was taken, an hour after the one before: the
/// age runs from 952 s to 4,552 s, on average (952 + 4,552) / 2 = 2,752 s. Past 75 min = 4,500 s it
/// is for 52 s of each hour: 1 − 52 / 3,600 of the time holds.
///
/// At the start the point of an hour before is 3,600 s old. Over 10 h: 952 s with ages from 3,600 to
/// 4,552, nine full hours, and 2,648 s from 952 to 3,600: a full hour in two pieces.
#[test]
fn the_age_of_recovery_points_adds_up() {
    let (rows, result) = run(&hourly(3, 10));
    for row in &rows.rpo {
        assert_eq!((row.n_points, row.worst), (10, Some(Span::from_secs(4552))));
        assert_eq!((row.without, row.past_limit), (Span::ZERO, Some(Span::from_secs(520))));
    }
    assert_eq!(rows.rpo.len(), 3);
    let scope = "f → us-west-2";
    assert!((measured(&result, scope, "rpo_mean") - 2752.0).abs() < 1e-6);
    assert_eq!(measured(&result, scope, "rpo_max"), 4552.0);
    let target = result.targets[0];
    assert!((target.share.unwrap() - (1.0 - 52.0 / 3600.0)).abs() < 1e-12);
    assert_eq!((target.n, target.n_missed), (3, 3));
}

/// Without a seed there is no recovery point until the first one arrives, at 952 s.
#[test]
fn before_the_first_copy_there_is_no_recovery_point() {
    let mut model = hourly(1, 10);
    model.fleets[0].copies[0].initial = Initial::Empty;
    let (rows, result) = run(&model);
    assert_eq!(rows.rpo[0].without, Span::from_secs(952));
    assert_eq!(measured(&result, "f → us-west-2", "rpo_none"), 952.0 / 36_000.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Where nobody waits, the age never passes interval + window + jitter + snapshot + start-up +
    /// duration, and comes within a twentieth of the random parts of it over many days.
    #[test]
    fn the_age_stays_within_the_envelope(
        interval in 1..8u64,
        window in 0..20u64,
        jitter in 0..60u64,
        fixed in 0..600u64,
        change in 0.0..0.5f64,
        seed in 0..1000u64,
    ) {
        let mut model = hourly(8, 48 * interval);
        model.seed = seed;
        model.assume.overhead = Distribution::Uniform { low: 2.0, high: 30.0 };
        model.assume.snapshot_fixed = Span::from_secs(fixed);
        model.assume.snapshot_rate = Rate::mib_per_s(50);
        model.fleets[0].change = Change::PerSnapshot(change);
        let schedule = &mut model.fleets[0].schedule;
        *schedule = every(Span::from_hours(interval));
        schedule.window = Span::from_mins(window);
        schedule.jitter = Span::from_secs(jitter);
        let (rows, _) = run(&model);
        // a delta is at most change × 1,000 MiB and a block, at 50 MiB/s
        let delta = Span::from_secs_f64((change * 1000.0 + 1.0) / 50.0);
        let random = Span::from_mins(window) + Span::from_secs(jitter + 30);
        let most = Span::from_hours(interval) + random + Span::from_secs(fixed + 900) + delta;
        let worst = rows.rpo.iter().filter_map(|row| row.worst).max().unwrap();
        prop_assert!(worst <= most, "{} of {}", worst, most);
        let surely = Span::from_hours(interval) + Span::from_secs(fixed + 900);
        prop_assert!(surely <= worst, "{} of {}", worst, surely);
    }
}
