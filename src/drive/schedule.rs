//! The instants of a schedule, one after the other.

use crate::model::civil::Day;
use crate::model::{Recurrence, Schedule};
use crate::units::{Instant, Span};

/// The instants of some days that were looked at: those of the day that was to be looked at next, with
/// the days after it as far as a clock that goes forward moved some over midnight.
#[derive(Debug, Clone)]
pub(super) struct Days {
    from: Day,
    /// The day to look at after them.
    next: Day,
    /// Latest first.
    instants: Vec<Instant>,
}

/// The recurrences of a schedule from the start of a run on, phases and delays left aside.
#[derive(Debug, Clone)]
pub(super) struct Instants {
    start: Instant,
    given: u64,
    /// The day to look at next, for what goes by days.
    day: Option<Day>,
    /// What is left of the days that were looked at, latest first.
    rest: Vec<Instant>,
}

impl Instants {
    /// Before the first one at or after `start`.
    pub(super) fn new(start: Instant) -> Instants {
        Instants { start, given: 0, day: None, rest: Vec::new() }
    }

    /// The next one, later than all before; `None` after the last. `latest` are the days of this
    /// schedule that somebody looked at last: the items of a fleet come to the same ones in turn.
    pub(super) fn next(
        &mut self,
        schedule: &Schedule,
        latest: &mut Option<Days>,
    ) -> Option<Instant> {
        match &schedule.recurrence {
            Recurrence::Every { period } => {
                let at = self.start + period.times(self.given);
                self.given += 1;
                Some(at)
            }
            Recurrence::Once { at } => {
                let first = self.given == 0;
                self.given += 1;
                first.then_some(*at)
            }
            Recurrence::Weekly { .. } | Recurrence::Cron { .. } => {
                self.next_by_day(schedule, latest)
            }
        }
    }

    fn next_by_day(&mut self, schedule: &Schedule, latest: &mut Option<Days>) -> Option<Instant> {
        loop {
            match self.rest.pop() {
                Some(instant) if self.start <= instant => return Some(instant),
                Some(_) => {}
                None => self.look_ahead(schedule, latest)?,
            }
        }
    }

    /// Takes up the instants of the next days.
    fn look_ahead(&mut self, schedule: &Schedule, latest: &mut Option<Days>) -> Option<()> {
        let zone = &schedule.time_zone;
        let from = self.day.unwrap_or_else(|| Day::of(self.start, zone).previous());
        if latest.as_ref().is_none_or(|known| known.from != from) {
            *latest = Some(Days::after(schedule, from)?);
        }
        let days = latest.as_ref()?;
        self.rest.extend_from_slice(&days.instants);
        self.day = Some(days.next);
        Some(())
    }
}

impl Days {
    /// The next day from `from` on that has some; with the days after it, where a clock that goes
    /// forward moved some over midnight.
    fn after(schedule: &Schedule, from: Day) -> Option<Days> {
        let zone = &schedule.time_zone;
        let mut next = next_day(&schedule.recurrence, from)?;
        let mut instants = Vec::new();
        loop {
            instants.extend(of_day(schedule, next));
            next = next.next();
            let tomorrow = next.begins(zone);
            if instants.iter().all(|instant| *instant < tomorrow) {
                break;
            }
        }
        instants.sort_unstable_by(|one: &Instant, other| other.cmp(one));
        instants.dedup();
        Some(Days { from, next, instants })
    }
}

/// The first day from `from` on that a recurrence by days may come on; `None` after the last.
fn next_day(recurrence: &Recurrence, from: Day) -> Option<Day> {
    match recurrence {
        Recurrence::Cron { cron, .. } => cron.next_day(from),
        Recurrence::Weekly { .. } | Recurrence::Every { .. } | Recurrence::Once { .. } => {
            Some(from)
        }
    }
}

/// The instants of a day, in any order.
fn of_day(schedule: &Schedule, day: Day) -> Vec<Instant> {
    let zone = &schedule.time_zone;
    match &schedule.recurrence {
        Recurrence::Cron { cron, .. } if cron.holds(day) => cron.on(day, zone),
        Recurrence::Weekly { at, on } if day.is_in(*on) => {
            at.iter().map(|time| day.at(*time, zone)).collect()
        }
        Recurrence::Cron { .. }
        | Recurrence::Weekly { .. }
        | Recurrence::Every { .. }
        | Recurrence::Once { .. } => Vec::new(),
    }
}

/// The time between two recurrences, as far as what stood before the run is concerned; a day for
/// what happens once.
pub(super) fn interval(schedule: &Schedule) -> Span {
    match schedule.interval() {
        Span::ZERO => Span::from_days(1),
        interval => interval,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::civil::{instant, to_column};
    use crate::model::{Cron, DayRule, TimeOfDay, Weekdays};

    fn instants(recurrence: Recurrence, zone: &str, start: &str, n: usize) -> Vec<String> {
        let schedule = Schedule::plain(recurrence, jiff::tz::TimeZone::get(zone).unwrap());
        let start = instant(start.parse().unwrap()).unwrap();
        // Two items of a fleet come to the same days in turn, and share what they found.
        let (mut first, mut second) = (Instants::new(start), Instants::new(start));
        let mut latest = None;
        let next = std::iter::from_fn(|| {
            let next = first.next(&schedule, &mut latest);
            assert_eq!(second.next(&schedule, &mut latest), next);
            next
        });
        next.take(n).map(|at| to_column(at)[..16].to_owned()).collect()
    }

    /// 01:00 in Dublin is 01:00 UTC in winter; on 28 March 2027 it does not exist and moves to
    /// 02:00 summer time, 01:00 UTC; from then on it is 00:00 UTC.
    #[test]
    fn a_daily_time_follows_the_clocks_of_its_zone() {
        let at_one = vec![TimeOfDay(Span::from_hours(1))];
        let recurrence = Recurrence::Weekly { at: at_one, on: Weekdays::ALL };
        assert_eq!(
            instants(recurrence, "Europe/Dublin", "2027-03-27T00:30:00Z", 3),
            ["2027-03-27T01:00", "2027-03-28T01:00", "2027-03-29T00:00"]
        );
    }

    /// From Monday 2027-01-04, 12:00: Tuesday and Thursday at 10:00, then the week after.
    #[test]
    fn days_of_the_week_come_in_turn() {
        let on = Weekdays([false, true, false, true, false, false, false]);
        let recurrence = Recurrence::Weekly { at: vec![TimeOfDay(Span::from_hours(10))], on };
        assert_eq!(
            instants(recurrence, "UTC", "2027-01-04T12:00:00Z", 3),
            ["2027-01-05T10:00", "2027-01-07T10:00", "2027-01-12T10:00"]
        );
    }

    #[test]
    fn once_is_once_and_a_period_starts_at_the_start() {
        let at = instant("2027-01-04T05:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(instants(Recurrence::Once { at }, "UTC", "2027-01-04T00:00:00Z", 9).len(), 1);
        let every = Recurrence::Every { period: Span::from_hours(6) };
        assert_eq!(
            instants(every, "UTC", "2027-01-04T00:00:00Z", 2),
            ["2027-01-04T00:00", "2027-01-04T06:00"]
        );
    }

    /// How many instants lie in `[from, until)`, with the first two.
    fn within(recurrence: Recurrence, zone: &str, (from, until): (&str, &str)) -> (usize, String) {
        let before: Vec<String> = instants(recurrence, zone, from, 40)
            .into_iter()
            .filter(|at| at.as_str() < &until[..16])
            .collect();
        (before.len(), before[..2].join(" "))
    }

    fn at(times: &[(u64, u64)]) -> Recurrence {
        let time = |(h, m): &(u64, u64)| TimeOfDay(Span::from_hours(*h) + Span::from_mins(*m));
        Recurrence::Weekly { at: times.iter().map(time).collect(), on: Weekdays::ALL }
    }

    fn cron(minutes: &[u8], hours: impl IntoIterator<Item = u8>) -> Recurrence {
        let cron = Cron {
            minutes: minutes.to_vec(),
            hours: hours.into_iter().collect(),
            days: vec![DayRule::Every],
            months: (1..=12).collect(),
            years: Vec::new(),
        };
        Recurrence::Cron { cron, interval: Span::ZERO, times_a_year: 0 }
    }

    /// Midnight to midnight, in UTC. Dublin is at UTC in winter and an hour ahead in summer, New
    /// York five hours behind in winter and four in summer.
    const DUBLIN_23: (&str, &str) = ("2027-03-28T00:00:00Z", "2027-03-28T23:00:00Z");
    const DUBLIN_25: (&str, &str) = ("2027-10-30T23:00:00Z", "2027-11-01T00:00:00Z");
    const NEW_YORK_23: (&str, &str) = ("2027-03-14T05:00:00Z", "2027-03-15T04:00:00Z");
    const NEW_YORK_25: (&str, &str) = ("2027-11-07T04:00:00Z", "2027-11-08T05:00:00Z");

    #[test]
    fn what_comes_hourly_comes_in_every_real_hour() {
        let days = [
            ("Europe/Dublin", DUBLIN_23, 23),
            ("Europe/Dublin", DUBLIN_25, 25),
            ("America/New_York", NEW_YORK_23, 23),
            ("America/New_York", NEW_YORK_25, 25),
        ];
        for (zone, day, hours) in days {
            let hourly = Recurrence::Every { period: Span::from_hours(1) };
            assert_eq!(within(hourly, zone, day).0, hours, "every, {zone}, {day:?}");
            assert_eq!(within(cron(&[0], 0..24), zone, day).0, hours, "cron, {zone}, {day:?}");
        }
    }

    /// In Dublin, 01:30 is 01:30 UTC (moved to 02:30 summer time) on the short day and 00:30 UTC on
    /// the long one; in New York 02:30 is moved to 03:30 summer time, 07:30 UTC, and of the two
    /// 01:30 the first is summer time, 05:30 UTC. Once each, on the day itself.
    #[test]
    fn a_time_that_a_day_has_not_or_twice_is_taken_once() {
        let days = [
            ("Europe/Dublin", DUBLIN_23, 1, "2027-03-28T01:30 2027-03-28T22:00"),
            ("Europe/Dublin", DUBLIN_25, 1, "2027-10-31T00:30 2027-10-31T23:00"),
            ("America/New_York", NEW_YORK_23, 2, "2027-03-14T07:30 2027-03-15T03:00"),
            ("America/New_York", NEW_YORK_25, 1, "2027-11-07T05:30 2027-11-08T04:00"),
        ];
        for (zone, day, hour, expected) in days {
            let by_at = within(at(&[(u64::from(hour), 30), (23, 0)]), zone, day);
            assert_eq!(by_at, (2, expected.to_owned()), "at, {zone}");
            // this cron ends the day at 23:30
            let (n, by_cron) = within(cron(&[30], [hour, 23]), zone, day);
            assert_eq!((n, &by_cron[..16]), (2, &expected[..16]), "cron, {zone}");
        }
    }

    /// In New York on 14 March, 02:00 moves to 03:00, where another one is: 07:00 UTC. In Dublin on
    /// 28 March, 01:30 moves to 02:30 (01:30 UTC), past 02:15 (01:15 UTC).
    #[test]
    fn times_that_fall_onto_one_instant_are_one_and_none_goes_back() {
        let new_york = within(cron(&[0], [2, 3, 4]), "America/New_York", NEW_YORK_23);
        assert_eq!(new_york, (2, "2027-03-14T07:00 2027-03-14T08:00".to_owned()));
        let dublin = within(at(&[(1, 30), (2, 15), (2, 30)]), "Europe/Dublin", DUBLIN_23);
        assert_eq!(dublin, (2, "2027-03-28T01:15 2027-03-28T01:30".to_owned()));
    }

    /// Nuuk, two hours behind UTC, sets its clocks forward from 23:00 to midnight, at 01:00 UTC:
    /// 23:30 of 27 March moves to 00:30 of the day after, 01:30 UTC, past 00:15 (01:15 UTC).
    #[test]
    fn a_time_that_moves_over_midnight_takes_its_turn_there() {
        assert_eq!(
            instants(at(&[(0, 15), (23, 30)]), "America/Nuuk", "2027-03-27T03:00:00Z", 3),
            ["2027-03-28T01:15", "2027-03-28T01:30", "2027-03-29T00:30"]
        );
    }

    /// The last working day of the month at 01:00, from January 2027 on: the 29th is a Friday, 26
    /// February too, 31 March is a Wednesday, after which clocks are an hour ahead of UTC.
    #[test]
    fn a_cron_comes_on_its_days_until_its_years_are_over() {
        let last = Cron {
            minutes: vec![0],
            hours: vec![1],
            days: vec![DayRule::LastWorkday],
            months: vec![1, 2, 3],
            years: vec![2027],
        };
        let recurrence = Recurrence::Cron { cron: last, interval: Span::ZERO, times_a_year: 3 };
        assert_eq!(
            instants(recurrence, "Europe/Dublin", "2027-01-04T00:00:00Z", 9),
            ["2027-01-29T01:00", "2027-02-26T01:00", "2027-03-31T00:00"]
        );
    }
}
