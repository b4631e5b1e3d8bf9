//! Applications: the newest set of which all volumes arrived.

use snapferry::model::{Applications, Per};
use snapferry::units::{Bytes, Span};

use super::{HUNDRED_SECONDS, hourly, rpo};
use crate::support::{WEST, measured, model, run};

/// Two volumes, copied every hour in 100 s and in 1,000 s. The set is there when the larger one is:
/// the age of the application runs from 1,000 s to 4,600 s, that of the small volume from 100 s to
/// 3,700 s. Under a limit of 4,000 s the application is past it for 600 s of an hour, and the small
/// volume never.
#[test]
fn an_application_is_as_old_as_its_last_volume_makes_it() {
    let mut model = model();
    model.horizon = Span::from_hours(10);
    hourly(&mut model, "f", &[HUNDRED_SECONDS, Bytes::mib(100_000)], WEST);
    model.fleets[0].applications = Applications::Named("shop".to_owned());
    model.targets.push(rpo(Span::from_secs(4_000), Per::Application));
    let (rows, result) = run(&model);
    let worst = |volume: &str| rows.rpo.iter().find(|row| row.volume == volume).unwrap().worst;
    assert_eq!(worst("v0"), Some(Span::from_secs(3_700)));
    assert_eq!(worst("v1"), Some(Span::from_secs(4_600)));
    let shop = rows.rpo.iter().find(|row| row.volume.is_empty()).unwrap();
    assert_eq!(shop.application.as_deref(), Some("shop"));
    assert_eq!(shop.worst, Some(Span::from_secs(4_600)));
    assert_eq!(shop.without, Span::from_secs(1_000));
    // 1,000 s without any, then from 4,000 to 4,600 s of age, nine times.
    assert_eq!(shop.past_limit, Some(Span::from_secs(1_000 + 9 * 600)));
    let split = shop.split.expect("the age ended nine times");
    assert_eq!(split.interval, Span::from_hours(1));
    assert_eq!(split.transfer, Span::from_secs(1_000));
    let held = 1.0 - f64::from(1_000 + 9 * 600) / 36_000.0;
    assert!((result.targets[0].share.unwrap() - held).abs() < 1e-12);
    assert_eq!(measured(&result, "f → us-west-2", "application_rpo_max"), 4_600.0);
}

/// Four volumes, two each: `f/1` has the small ones, `f/2` the large ones.
#[test]
fn volumes_form_applications_in_order_of_their_names() {
    let mut model = model();
    model.horizon = Span::from_hours(5);
    let sizes = [10_000, 10_000, 100_000, 100_000].map(Bytes::mib);
    hourly(&mut model, "f", &sizes, WEST);
    model.fleets[0].applications = Applications::Every(2);
    let (rows, _) = run(&model);
    let of = |name: &str| {
        let is_it = |row: &&crate::support::RpoRow| {
            row.volume.is_empty() && row.application.as_deref() == Some(name)
        };
        rows.rpo.iter().find(is_it).unwrap().worst
    };
    assert_eq!(
        (of("f/1"), of("f/2")),
        (Some(Span::from_secs(3_700)), Some(Span::from_secs(4_600)))
    );
}

/// Two fleets share an application: its snapshots begin together, whatever window they have, and it
/// is there when the last of both is.
#[test]
fn an_application_of_two_fleets_is_snapshot_together() {
    let mut model = model();
    model.horizon = Span::from_hours(20);
    for (name, mib) in [("data", 10_000), ("logs", 100_000)] {
        hourly(&mut model, name, &[Bytes::mib(mib)], WEST);
        let fleet = model.fleets.last_mut().unwrap();
        fleet.applications = Applications::Named("shop".to_owned());
        fleet.schedule.window = Span::from_mins(10);
    }
    let (rows, _) = run(&model);
    let starts =
        |fleet: &str| -> Vec<_> { rows.of(fleet).iter().map(|row| row.asked.unwrap()).collect() };
    assert_eq!(starts("data"), starts("logs"));
    let shop = rows.rpo.iter().find(|row| row.volume.is_empty()).unwrap();
    assert_eq!(shop.n_points, 20, "each set is whole before the run ends");
    let split = shop.split.unwrap();
    assert_eq!(split.transfer, Span::from_secs(1_000));
    assert_eq!(split.age(), Span::from_secs(4_600).plus_signed(split.window));
}
