//! When something is due.

use super::Cron;
use crate::units::{Instant, Span, count, count_u64};

/// A time of day as the span since midnight, less than 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub Span);

/// Days of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(pub [bool; 7]);

impl Weekdays {
    /// Every day.
    pub const ALL: Weekdays = Weekdays([true; 7]);
}

/// After what a pattern begins anew, the shortest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cycle {
    /// A fixed time; days and weeks by the clock, daylight saving left aside.
    Of(Span),
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Cycle {
    /// An hour.
    pub const HOUR: Cycle = Cycle::Of(Span::from_hours(1));
    /// A day.
    pub const DAY: Cycle = Cycle::Of(Span::from_days(1));
    /// A week.
    pub const WEEK: Cycle = Cycle::Of(Span::from_days(7));
}

impl std::fmt::Display for Cycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cycle::Of(span) => span.fmt(f),
            Cycle::Month => f.write_str("month"),
            Cycle::Year => f.write_str("year"),
        }
    }
}

/// What repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recurrence {
    /// Every `period` from the start of the run on, the first one at the start.
    Every {
        /// Time between two.
        period: Span,
    },
    /// On days of the week at times of day in the schedule's zone. A time that a day does not have
    /// (clocks go forward) moves forward by the gap; one that it has twice is taken once, the first;
    /// two that fall onto one instant are one.
    Weekly {
        /// Times of day, ascending.
        at: Vec<TimeOfDay>,
        /// Days.
        on: Weekdays,
    },
    /// By a cron expression in the schedule's zone.
    Cron {
        /// Minutes, hours, and days.
        cron: Cron,
        /// The longest time between two in the year from the start of the run on; zero where there
        /// is one alone.
        interval: Span,
        /// How many there are in the 365 days from the start of the run on.
        times_a_year: u64,
    },
    /// Once.
    Once {
        /// When.
        at: Instant,
    },
}

/// When something is due, and how late it really starts.
///
/// due = recurrence + the item's phase; start = due + uniform(0, window) + uniform(0, jitter).
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// What repeats.
    pub recurrence: Recurrence,
    /// Zone of times of day and days: an IANA name, bundled.
    pub time_zone: jiff::tz::TimeZone,
    /// Items are due at phases uniform in [0, spread), fixed for each item; zero: all together.
    pub phase_spread: Span,
    /// Start window, as DLM and AWS Backup have: drawn anew each time.
    pub window: Span,
    /// Jitter of the scheduler: drawn anew each time.
    pub jitter: Span,
}

impl Schedule {
    /// What is due at the very instants of `recurrence`.
    pub const fn plain(recurrence: Recurrence, time_zone: jiff::tz::TimeZone) -> Schedule {
        let none = Span::ZERO;
        Schedule { recurrence, time_zone, phase_spread: none, window: none, jitter: none }
    }

    /// The typical time between two instants: the period, or the longest gap within a week, or, of
    /// a cron expression, within the year from the start of the run on.
    ///
    /// Zero for what happens once.
    pub fn interval(&self) -> Span {
        match &self.recurrence {
            Recurrence::Every { period } => *period,
            Recurrence::Cron { interval, .. } => *interval,
            Recurrence::Once { .. } => Span::ZERO,
            Recurrence::Weekly { at, on } => longest_gap(at, *on),
        }
    }

    /// After what it begins anew; nothing for what happens once, or in some years alone.
    pub fn cycle(&self) -> Option<Cycle> {
        match &self.recurrence {
            Recurrence::Every { period } => Some(Cycle::Of(*period)),
            Recurrence::Weekly { on, .. } if *on == Weekdays::ALL => Some(Cycle::DAY),
            Recurrence::Weekly { .. } => Some(Cycle::WEEK),
            Recurrence::Cron { cron, .. } => cron.cycle(),
            Recurrence::Once { .. } => None,
        }
    }

    /// How often it comes, an hour, on average; 0 for what happens once.
    pub fn times_an_hour(&self) -> f64 {
        match &self.recurrence {
            Recurrence::Every { period } => 3600.0 / period.secs(),
            Recurrence::Weekly { at, on: Weekdays(days) } => {
                let n_days = days.iter().filter(|day| **day).count();
                count(at.len() * n_days) / (7.0 * 24.0)
            }
            Recurrence::Cron { times_a_year, .. } => count_u64(*times_a_year) / (365.0 * 24.0),
            Recurrence::Once { .. } => 0.0,
        }
    }
}

/// The longest time between two neighbours of a weekly pattern, daylight saving left aside.
fn longest_gap(at: &[TimeOfDay], on: Weekdays) -> Span {
    let mut marks = Vec::new();
    for (day, _) in (0u64..).zip(on.0).filter(|(_, on)| *on) {
        marks.extend(at.iter().map(|time| Span::from_days(day) + time.0));
    }
    let Some(first) = marks.first().copied() else { return Span::ZERO };
    marks.push(first + Span::from_days(7));
    marks.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(Span::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekly(hours: &[u64], days: [bool; 7]) -> Schedule {
        let at = hours.iter().map(|h| TimeOfDay(Span::from_hours(*h))).collect();
        let recurrence = Recurrence::Weekly { at, on: Weekdays(days) };
        Schedule::plain(recurrence, jiff::tz::TimeZone::UTC)
    }

    #[test]
    fn a_pattern_begins_anew_after_a_day_a_week_or_a_month() {
        assert_eq!(weekly(&[6, 18], [true; 7]).cycle(), Some(Cycle::DAY));
        let mut workdays = [true; 7];
        workdays[6] = false;
        assert_eq!(weekly(&[6], workdays).cycle(), Some(Cycle::WEEK));
        let recurrence = |recurrence| Schedule { recurrence, ..weekly(&[6], [true; 7]) };
        let period = Span::from_hours(5);
        assert_eq!(recurrence(Recurrence::Every { period }).cycle(), Some(Cycle::Of(period)));
        assert_eq!(recurrence(Recurrence::Once { at: Instant::from_nanos(0) }).cycle(), None);
        assert!(Cycle::WEEK < Cycle::Month && Cycle::DAY < Cycle::WEEK);
    }

    /// 06:00 and 18:00 every day: 12 h. Tuesday and Thursday at 10:00: Thursday to Tuesday, 5 days.
    #[test]
    fn the_interval_of_a_weekly_pattern_is_its_longest_gap() {
        assert_eq!(weekly(&[6, 18], [true; 7]).interval(), Span::from_hours(12));
        let two = [false, true, false, true, false, false, false];
        assert_eq!(weekly(&[10], two).interval(), Span::from_days(5));
    }
}
