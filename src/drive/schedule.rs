//! The instants of a schedule, one after the other.

use crate::model::civil::Day;
use crate::model::{Recurrence, Schedule};
use crate::units::{Instant, Span};

/// The recurrences of a schedule from the start of a run on, phases and delays left aside.
#[derive(Debug, Clone)]
pub(super) struct Instants {
    start: Instant,
    given: u64,
    /// Day and place within it of the next one, for weekly patterns.
    day: Option<(Day, usize)>,
}

impl Instants {
    /// Before the first one at or after `start`.
    pub(super) fn new(start: Instant) -> Instants {
        Instants { start, given: 0, day: None }
    }

    /// The next one; `None` after the last.
    pub(super) fn next(&mut self, schedule: &Schedule) -> Option<Instant> {
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
            Recurrence::Weekly { at, on } => {
                let zone = &schedule.time_zone;
                let (mut day, mut place) =
                    self.day.unwrap_or_else(|| (Day::of(self.start, zone), 0));
                loop {
                    if let (true, Some(time)) = (day.is_in(*on), at.get(place)) {
                        let instant = day.at(*time, zone);
                        place += 1;
                        if self.start <= instant {
                            self.day = Some((day, place));
                            return Some(instant);
                        }
                    } else {
                        (day, place) = (day.next(), 0);
                    }
                }
            }
        }
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
    use crate::model::{TimeOfDay, Weekdays};

    fn instants(recurrence: Recurrence, zone: &str, start: &str, n: usize) -> Vec<String> {
        let schedule = Schedule {
            recurrence,
            time_zone: jiff::tz::TimeZone::get(zone).unwrap(),
            phase_spread: Span::ZERO,
            window: Span::ZERO,
            jitter: Span::ZERO,
        };
        let mut instants = Instants::new(instant(start.parse().unwrap()).unwrap());
        let next = std::iter::from_fn(|| instants.next(&schedule));
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
}
