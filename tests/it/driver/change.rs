//! What changes from day to day, by the calendar, and what a copy that was not made leaves to the
//! next one.
//!
//! 100 GiB of which 10 % change on a median day: k = −ln 0.9 = 0.105361. On a day with factor m the
//! clock runs at m^(1/0.7), so that a day alone moves 1 − exp(−k m) = 1 − 0.9^m. Runs begin on
//! Monday, 2027-01-04, unless said.

use jiff::civil::Weekday;
use snapferry::catalog::limit::BLOCK;
use snapferry::model::change::ChangeRate;
use snapferry::model::civil::{Day, instant};
use snapferry::model::{
    CalendarFactor, Change, Client, ClientPolicy, DailyChange, DayRule, Initial, Items, Model,
    Recurrence, Schedule, TimeOfDay, Weekdays,
};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Span};

use crate::support::{WEST, add_with, client, every, fleet, model, once, run, schedule, volumes};

const TUESDAY: DayRule = DayRule::Each(Weekday::Tuesday);

/// A seeded fleet of one volume, of a client that gives up; one slot.
fn changing(schedule: Schedule, calendar: &[(DayRule, f64)]) -> Model {
    let mut model = model();
    model.horizon = Span::from_days(4);
    model.accounts[0].limits.snapshot_slots = 1;
    let mut one = fleet("f", volumes(&[Bytes::gib(100)]), schedule);
    let entry = |(on, factor): &(DayRule, f64)| CalendarFactor { on: vec![*on], factor: *factor };
    let calendar = calendar.iter().map(entry).collect();
    let rate = Distribution::Constant(0.1);
    one.change = Change::Daily(DailyChange { rate, day_to_day: 0.0, common: 0.0, calendar });
    add_with(&mut model, one, (WEST, None), give_up("f"));
    model.fleets[0].copies[0].initial = Initial::Seeded;
    model
}

fn give_up(name: &str) -> Client {
    Client { policy: ClientPolicy::GiveUp, ..client(name) }
}

fn daily() -> Schedule {
    every(Span::from_days(1))
}

/// The bytes of the fleet's copies are these GiB, rounded up to whole blocks; none: it was given up.
fn assert_copied(model: &Model, expected: &[Option<f64>]) {
    let (rows, _) = run(model);
    let copied: Vec<Option<Bytes>> = rows.of("f").iter().map(|row| row.bytes).collect();
    assert_eq!(copied.len(), expected.len());
    for (place, (copied, expected)) in copied.iter().zip(expected).enumerate() {
        let expected = expected.map(|gib| Bytes::gib(1).scale(gib).round_up_to(BLOCK));
        assert_eq!(*copied, expected, "copy {place}");
    }
}

/// Of Sunday, Monday, Tuesday, and Wednesday: 10, 10, 1 − 0.9^2 = 19, and 10 GiB.
#[test]
fn a_factor_holds_on_its_day() {
    let model = changing(daily(), &[(TUESDAY, 2.0)]);
    assert_copied(&model, &[10.0, 10.0, 19.0, 10.0].map(Some));
}

/// Tuesday is the 5th, too: 2 × 1.5 = 3, 1 − 0.9^3 = 27.1 GiB. On Wednesday nothing changes.
#[test]
fn factors_of_one_day_multiply_and_nought_is_nothing() {
    let fifth = DayRule::On(Day::new(2027, 1, 5).unwrap());
    let wednesday = DayRule::Each(Weekday::Wednesday);
    let model = changing(daily(), &[(TUESDAY, 2.0), (fifth, 1.5), (wednesday, 0.0)]);
    assert_copied(&model, &[10.0, 10.0, 27.1, 0.0].map(Some));
}

/// The copy of Wednesday, 00:00, finds the slot taken. The one after it moves what changed on
/// Tuesday and Wednesday: u = 2^(1/0.7) + 1 = 3.691800, u^0.7 = 2.494978, and
/// 1 − exp(−0.105361 × 2.494978) = 23.115984 %: more than either day, less than both.
#[test]
fn a_copy_that_was_not_made_leaves_its_days_to_the_next_one() {
    let mut model = changing(daily(), &[(TUESDAY, 2.0)]);
    // from noon of Tuesday to noon of Wednesday: 86,400 s at 100 MiB/s
    let blocker = fleet("b", volumes(&[Bytes::mib(8_640_000)]), once(36 * 3600));
    add_with(&mut model, blocker, (WEST, None), give_up("b"));
    assert_copied(&model, &[Some(10.0), Some(10.0), None, Some(23.115_984)]);
}

/// At noon, half of the time since the copy before is on the day before:
/// u = 0.5 + 0.5 × 2^(1/0.7) = 1.845900, u^0.7 = 1.535839, 14.940299 %; both on Tuesday and on Wednesday.
#[test]
fn days_begin_at_midnight_of_the_schedules_zone() {
    let noon = Recurrence::Weekly { at: vec![TimeOfDay(Span::from_hours(12))], on: Weekdays::ALL };
    let model = changing(schedule(noon.clone()), &[(TUESDAY, 2.0)]);
    assert_copied(&model, &[10.0, 14.940_299, 14.940_299, 10.0].map(Some));
    // midnight in Auckland, 13 hours ahead of UTC in January: whole days there
    let midnight = Recurrence::Weekly { at: vec![TimeOfDay(Span::ZERO)], on: Weekdays::ALL };
    let time_zone = jiff::tz::TimeZone::get("Pacific/Auckland").unwrap();
    let model = changing(Schedule { time_zone, ..schedule(midnight) }, &[(TUESDAY, 2.0)]);
    assert_copied(&model, &[10.0, 19.0, 10.0, 10.0].map(Some));
}

/// Dublin's 28 March 2027 has 23 hours, 25 hours has 31 October: with factor 2, u = 23/24 ×
/// 2^(1/0.7), so that k u^0.7 = 2 k (23/24)^0.7: 18.497450 and 19.493264 %.
#[test]
fn short_and_long_days_count_by_their_hours() {
    let time_zone = jiff::tz::TimeZone::get("Europe/Dublin").unwrap();
    let midnight = Recurrence::Weekly { at: vec![TimeOfDay(Span::ZERO)], on: Weekdays::ALL };
    let days = [
        ("2027-03-28T00:00:00Z", (2027, 3, 28), 18.497_450),
        ("2027-10-30T23:00:00Z", (2027, 10, 31), 19.493_264),
    ];
    for (start, (year, month, number), expected) in days {
        let schedule = Schedule { time_zone: time_zone.clone(), ..schedule(midnight.clone()) };
        let on = DayRule::On(Day::new(year, month, number).unwrap());
        let mut model = changing(schedule, &[(on, 2.0)]);
        model.start = instant(start.parse().unwrap()).unwrap();
        model.horizon = Span::from_hours(26);
        assert_copied(&model, &[10.0, expected].map(Some));
    }
}

/// 137 blocks were counted to change in a day: 137 × 512 KiB a day, whatever the fleet changes by,
/// and, on a day with factor 0, none.
#[test]
fn counted_blocks_are_copied_to_the_byte() {
    let mut model = changing(daily(), &[(TUESDAY, 0.0)]);
    let Items::Listed(volumes) = &mut model.fleets[0].items else { panic!("a list") };
    let counted = ChangeRate::counted(137, Bytes::gib(100), Span::from_days(1));
    volumes[0].daily_change = Some(counted);
    let gib = Bytes::new(137 * BLOCK.get()).as_gib();
    assert_copied(&model, &[gib, gib, 0.0, gib].map(Some));
}
