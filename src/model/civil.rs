//! Civil time: what the calendar on the wall says at an instant, and when it will say something.
//!
//! The bundled time-zone data is used, never the machine's, so results are equal everywhere.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::{TimeOfDay, Weekdays};
use crate::units::{Instant, Span};

/// The timestamp of an instant.
pub fn timestamp(at: Instant) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(at.nanos())).expect("2554 is in range")
}

/// The instant of a timestamp; `None` before 1970 and after 2554.
pub fn instant(at: Timestamp) -> Option<Instant> {
    u64::try_from(at.as_nanosecond()).ok().map(Instant::from_nanos)
}

/// RFC 3339 in UTC with nine decimals: the form of `_utc` columns.
pub fn to_column(at: Instant) -> String {
    format!("{:.9}", timestamp(at))
}

/// A day on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// A day by year, month (1 to 12), and number; `None` where there is none.
    pub fn new(year: i16, month: i8, number: i8) -> Option<Day> {
        Date::new(year, month, number).ok().map(Day)
    }

    /// Its date.
    pub(super) fn date(self) -> Date {
        self.0
    }

    /// The day that it is at `at` in a zone.
    pub fn of(at: Instant, zone: &TimeZone) -> Day {
        Day(zone.to_datetime(timestamp(at)).date())
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Day {
        Day(self.0.saturating_add(1.day()))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Day {
        Day(self.0.saturating_sub(1.day()))
    }

    /// Whether it is one of these days of the week.
    pub fn is_in(self, days: Weekdays) -> bool {
        let monday_first = self.0.weekday().to_monday_zero_offset();
        days.0[usize::try_from(monday_first).expect("0 to 6")]
    }

    /// Days since 1970-01-01, which names the day in streams of draws; days before count as 0.
    pub fn number(self) -> u64 {
        let days = (self.0 - jiff::civil::date(1970, 1, 1)).get_days();
        u64::try_from(days).unwrap_or(0)
    }

    /// Days from this one to a later one; 0 to an earlier one.
    pub fn days_until(self, later: Day) -> u64 {
        u64::try_from((later.0 - self.0).get_days()).unwrap_or(0)
    }

    /// When this day reaches a time of day. A time that the day does not have moves forward by the
    /// gap; of one that it has twice, the first.
    pub fn at(self, time: TimeOfDay, zone: &TimeZone) -> Instant {
        let local = self.wall(time);
        let at = zone.to_ambiguous_timestamp(local).compatible().ok().and_then(instant);
        at.unwrap_or(Instant::FAR)
    }

    /// Each moment at which this day has a time of day: none where clocks go forward past it, two
    /// where they go back over it.
    pub fn each_at(self, time: TimeOfDay, zone: &TimeZone) -> [Option<Instant>; 2] {
        let local = self.wall(time);
        let offsets = match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => [Some(offset), None],
            AmbiguousOffset::Gap { .. } => [None, None],
            AmbiguousOffset::Fold { before, after } => [Some(before), Some(after)],
        };
        offsets.map(|offset| offset?.to_timestamp(local).ok().and_then(instant))
    }

    fn wall(self, time: TimeOfDay) -> DateTime {
        let nanos = i64::try_from(time.0.nanos()).expect("less than a day");
        DateTime::from_parts(self.0, Time::midnight().wrapping_add(nanos.nanoseconds()))
    }

    /// When this day begins.
    pub fn begins(self, zone: &TimeZone) -> Instant {
        self.at(TimeOfDay(Span::ZERO), zone)
    }
}

/// The time of day that it is at `at` in a zone.
pub fn time_of_day(at: Instant, zone: &TimeZone) -> TimeOfDay {
    let time = zone.to_datetime(timestamp(at)).time();
    let nanos =
        time.since(Time::midnight()).ok().and_then(|span| span.total(jiff::Unit::Nanosecond).ok());
    TimeOfDay(Span::from_secs_f64(nanos.unwrap_or(0.0) * 1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn utc(text: &str) -> Instant {
        instant(text.parse().unwrap()).unwrap()
    }

    fn hour(h: u64) -> TimeOfDay {
        TimeOfDay(Span::from_hours(h))
    }

    /// Dublin sets its clocks forward on 2027-03-28 at 01:00 UTC, from 01:00 to 02:00: 01:30 does
    /// not exist and moves to 02:30 summer time, 01:30 UTC. It sets them back on 2027-10-31 at
    /// 01:00 UTC, from 02:00 to 01:00: of the two 01:30, the first is 00:30 UTC.
    #[test]
    fn times_that_do_not_exist_or_exist_twice_follow_the_rule() {
        let dublin = zone("Europe/Dublin");
        let half_past_one = TimeOfDay(Span::from_mins(90));
        let spring = Day::of(utc("2027-03-28T12:00:00Z"), &dublin);
        assert_eq!(spring.at(half_past_one, &dublin), utc("2027-03-28T01:30:00Z"));
        let autumn = Day::of(utc("2027-10-31T12:00:00Z"), &dublin);
        assert_eq!(autumn.at(half_past_one, &dublin), utc("2027-10-31T00:30:00Z"));
        assert_eq!(
            autumn.next().begins(&dublin).since(autumn.begins(&dublin)),
            Span::from_hours(25)
        );
    }

    #[test]
    fn a_day_and_its_time_are_those_of_the_zone() {
        let new_york = zone("America/New_York");
        let late = utc("2027-01-05T03:00:00Z");
        let day = Day::of(late, &new_york);
        assert_eq!(day.at(hour(22), &new_york), late);
        assert_eq!(time_of_day(late, &new_york), hour(22));
        assert!(day.is_in(Weekdays([true, false, false, false, false, false, false])), "a Monday");
        assert_eq!(day.next().number(), day.number() + 1);
        assert_eq!(to_column(late), "2027-01-05T03:00:00.000000000Z");
    }
}
