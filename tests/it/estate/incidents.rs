//! Incidents, and the way back inside the targets.

use snapferry::catalog::{Cause, ErrorCode};
use snapferry::model::change::change_rate;
use snapferry::model::{
    Change, DailyChange, Incident, IncidentKind, Initial, Model, Per, Recurrence,
};
use snapferry::record::Outcome;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Span};

use super::{HUNDRED_SECONDS, hourly, rpo};
use crate::support::{WEST, at, link, measured, model, route_to, run, window};

fn incident(kind: IncidentKind, from: Span, until: Span) -> Incident {
    let start = at(0);
    Incident { name: "trouble".to_owned(), kind, at: start + from, until: start + until }
}

/// Hourly copies of 100 s, seeded, under an RPO of 2 h. From 5 h to 8 h the destination is in
/// trouble; the link that stands for it lets nothing pass.
fn troubled() -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(20);
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    model.fleets[0].copies[0].initial = Initial::Seeded;
    model.clients[0].overlap = snapferry::model::Overlap::ReplaceQueued;
    model.targets.push(rpo(Span::from_hours(2), Per::Volume));
    let hours = Span::from_hours;
    model.incidents.push(incident(IncidentKind::Region(WEST), hours(5), hours(8)));
    let mut stop = link("west", snapferry::units::Rate::new(1e15));
    stop.origin = snapferry::model::LinkOrigin::Region;
    stop.windows = vec![window(5 * 3600, 8 * 3600, 0.0)];
    model.links.push(stop);
    model.routes[route_to(WEST)].links = vec![0];
    model
}

/// The snapshots of 5, 6, and 7 h are refused; each newer one takes the place of the one before. At
/// 8 h that of 7 h would be asked again within 10 s, but the one of 8 h is due at that instant and
/// takes its place, asked before or after: at most 10 s later it is accepted, and there 100 s later.
/// The newest point before was of 4 h: past 2 h from 6 h on. So the way back is 3 h and 100 to 110 s.
#[test]
fn after_three_hours_of_trouble_the_estate_comes_back() {
    let (rows, result) = run(&troubled());
    let back = measured(&result, "trouble", "back_inside");
    assert!((10_900.0..=10_910.0).contains(&back), "{back}");
    let of = |snapshot: u64| *rows.of("f").iter().find(|row| row.snapshot == snapshot).unwrap();
    assert_eq!(of(5).outcome, Outcome::Replaced);
    assert_eq!(of(5).refusal, Some(ErrorCode::ServiceUnavailable));
    assert_eq!(of(5).spent(Cause::Outage), Span::from_hours(1));
    assert_eq!(of(4).outcome, Outcome::Completed);
    let any = measured(&result, "rpo", "rpo_any_past");
    assert!((any - (back - 3_600.0) / 72_000.0).abs() < 1e-9, "{any}: past the limit from 6 h on");
}

/// Copies under way stand still: due at 4 h 59 min, 60 s of 100 before the trouble, 40 s after it.
#[test]
fn bytes_under_way_stand_still() {
    let mut model = troubled();
    let start = model.start + Span::from_mins(299);
    model.fleets[0].schedule.recurrence = Recurrence::Once { at: start };
    let (rows, _) = run(&model);
    let [row] = rows.of("f")[..] else { panic!() };
    assert_eq!(row.ended.unwrap(), at(8 * 3600 + 40));
    assert_eq!(row.spent(Cause::Outage), Span::from_hours(3));
}

/// Where the source is in trouble no snapshot is made: due, and never there.
#[test]
fn a_region_in_trouble_makes_no_snapshots() {
    let mut model = troubled();
    model.incidents[0].kind = IncidentKind::Region(crate::support::HOME);
    model.links.clear();
    model.routes[route_to(WEST)].links.clear();
    let (rows, result) = run(&model);
    let lost = rows.of("f").iter().filter(|row| row.outcome == Outcome::NoSource).count();
    assert_eq!(lost, 3);
    assert_eq!(measured(&result, "f → us-west-2", "not_copied"), 3.0);
    // The point of 8 h is there at 8 h + 100 s.
    assert_eq!(measured(&result, "trouble", "back_inside"), 3.0 * 3_600.0 + 100.0);
}

/// Daily snapshots of 100 GiB of which 8 % change a day. The third night is lost: the next copy
/// moves 1 − exp(−k 2^0.7) of 100 GiB, k = −ln 0.92 = 0.083382, 2^0.7 = 1.624505: 12.6681 GiB,
/// where the others move 8 GiB each; in whole blocks of 512 KiB.
#[test]
fn a_lost_night_makes_the_next_copy_larger_by_the_sublinear_law() {
    let mut model = model();
    model.horizon = Span::from_days(6);
    hourly(&mut model, "f", &[Bytes::gib(100)], WEST);
    let fleet = &mut model.fleets[0];
    fleet.schedule.recurrence = Recurrence::Every { period: Span::from_days(1) };
    let rate = Distribution::Constant(0.08);
    fleet.change =
        Change::Daily(DailyChange { rate, day_to_day: 0.0, common: 0.0, calendar: Vec::new() });
    fleet.copies[0].initial = Initial::Seeded;
    let (from, until) = (Span::from_hours(36), Span::from_hours(60));
    model.incidents.push(incident(IncidentKind::NoSnapshots(Vec::new()), from, until));
    let (rows, _) = run(&model);
    let bytes: Vec<Option<Bytes>> = rows.of("f").iter().map(|row| row.bytes).collect();
    let eight = Some(Bytes::gib(8));
    assert_eq!([bytes[0], bytes[1], bytes[4], bytes[5]], [eight; 4]);
    assert_eq!(bytes[2], None, "the night that was lost");
    let larger = bytes[3].unwrap();
    let share = 1.0 - (-change_rate(0.08) * 2f64.powf(0.7)).exp();
    assert!((larger.as_gib() - 100.0 * share).abs() < 0.001, "{larger}");
    assert!((larger.as_gib() - 12.6681).abs() < 0.001, "{larger}");
}

/// From 36 h on, copies are made under another key: that of 48 h is full, then incremental again.
#[test]
fn under_a_new_key_the_first_copy_is_full() {
    let mut model = model();
    model.horizon = Span::from_days(4);
    hourly(&mut model, "f", &[Bytes::gib(100)], WEST);
    let fleet = &mut model.fleets[0];
    fleet.schedule.recurrence = Recurrence::Every { period: Span::from_days(1) };
    fleet.change = Change::PerSnapshot(0.1);
    fleet.copies[0].initial = Initial::Seeded;
    let moment = Span::from_hours(36);
    model.incidents.push(incident(IncidentKind::NewKey(Vec::new()), moment, moment));
    let (rows, _) = run(&model);
    let full: Vec<bool> = rows.of("f").iter().map(|row| row.incremental == Some(false)).collect();
    assert_eq!(full, [false, false, true, false]);
}

/// Two volumes of 100 s and 1,000 s start empty: all targets hold from 1,000 s on.
#[test]
fn from_an_empty_start_the_targets_first_hold_when_the_last_volume_is_there() {
    let mut model = model();
    model.horizon = Span::from_hours(20);
    hourly(&mut model, "f", &[HUNDRED_SECONDS, Bytes::mib(100_000)], WEST);
    model.targets.push(rpo(Span::from_hours(2), Per::Volume));
    let (_, result) = run(&model);
    assert_eq!(measured(&result, "all", "first_inside"), 1_000.0);
}
