//! Times by a cron expression: minutes of hours, on days by rule, in months and years.

use jiff::tz::TimeZone;

use super::civil::Day;
use super::days::DayRule;
use super::{Cycle, TimeOfDay};
use crate::units::{Instant, Span, index_u64};

/// Hours of the clock.
const HOURS: usize = 24;

/// Months of the year.
const MONTHS: usize = 12;

/// Days that are looked through for the next one: 50 years, since a 29 February that is a Monday
/// may take 40.
const SEARCH_DAYS: u32 = 50 * 366;

/// Days of the year in which times are counted and their longest gap is looked for.
const YEAR_DAYS: u64 = 365;

/// Minutes, hours, and days at which something is due, on the wall of a zone.
///
/// Each list is ascending, without repetition, and not empty, but for `years`.
///
/// A time that a day does not have (clocks go forward) moves forward by the gap; one that it has
/// twice is taken once, the first. A cron with all 24 hours comes in every real hour instead: in 25
/// of a day of 25 hours, in 23 of one of 23. Times that fall onto one instant are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    /// Minutes of the hour, 0 to 59.
    pub minutes: Vec<u8>,
    /// Hours of the day, 0 to 23.
    pub hours: Vec<u8>,
    /// Days on which one of these rules holds.
    pub days: Vec<DayRule>,
    /// Months, 1 to 12.
    pub months: Vec<i8>,
    /// Years, 1970 to 2199; empty for every year.
    pub years: Vec<i16>,
}

impl Cron {
    /// Whether it comes on a day.
    pub fn holds(&self, day: Day) -> bool {
        let date = day.date();
        self.months.contains(&date.month())
            && (self.years.is_empty() || self.years.contains(&date.year()))
            && self.days.iter().any(|rule| rule.holds(day))
    }

    /// After what it begins anew; nothing where it has years or days of its own.
    pub fn cycle(&self) -> Option<Cycle> {
        let is_of_month = |rule: &DayRule| match rule {
            DayRule::Every | DayRule::Each(_) | DayRule::QuarterEnd | DayRule::On(_) => false,
            DayRule::Nth(..)
            | DayRule::Last(_)
            | DayRule::OfMonth(_)
            | DayRule::WorkdayNear(_)
            | DayRule::MonthEnd
            | DayRule::LastWorkday => true,
        };
        let days = &self.days;
        if !self.years.is_empty() || days.iter().any(|rule| matches!(rule, DayRule::On(_))) {
            None
        } else if self.months.len() < MONTHS || days.contains(&DayRule::QuarterEnd) {
            Some(Cycle::Year)
        } else if days.iter().any(is_of_month) {
            Some(Cycle::Month)
        } else if !days.contains(&DayRule::Every) {
            Some(Cycle::WEEK)
        } else if self.hours.len() < HOURS {
            Some(Cycle::DAY)
        } else {
            Some(Cycle::HOUR)
        }
    }

    /// The first day from `from` on that it comes on; `None` where there is none in 50 years.
    pub fn next_day(&self, from: Day) -> Option<Day> {
        let mut day = from;
        for _ in 0..SEARCH_DAYS {
            if self.holds(day) {
                return Some(day);
            }
            day = day.next();
        }
        None
    }

    /// The first instant from `start` on; `None` where there is none in 50 years.
    pub fn first(&self, start: Instant, zone: &TimeZone) -> Option<Instant> {
        // of yesterday, a time may have moved over midnight
        let mut day = Day::of(start, zone).previous();
        loop {
            day = self.next_day(day)?;
            let found = self.on(day, zone).into_iter().find(|instant| start <= *instant);
            if found.is_some() {
                return found;
            }
            day = day.next();
        }
    }

    /// The instants of a day that it comes on, ascending.
    pub fn on(&self, day: Day, zone: &TimeZone) -> Vec<Instant> {
        let mut found: Vec<Instant> = if self.hours.len() == HOURS {
            self.times().flat_map(|time| day.each_at(time, zone)).flatten().collect()
        } else {
            self.times().map(|time| day.at(time, zone)).collect()
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Its times of day, ascending.
    fn times(&self) -> impl Iterator<Item = TimeOfDay> {
        self.hours.iter().flat_map(|hour| {
            let hour = Span::from_hours(u64::from(*hour));
            self.minutes
                .iter()
                .map(move |minute| TimeOfDay(hour + Span::from_mins(u64::from(*minute))))
        })
    }

    /// The longest time between two neighbours of which the first is in the 365 days from `from`
    /// on, and how many there are in these days; daylight saving left aside. Zero where no two
    /// follow on one another.
    pub fn year(&self, from: Day) -> (Span, u64) {
        let times: Vec<Span> = self.times().map(|time| time.0).collect();
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            unreachable!("minutes and hours are not empty")
        };
        let is_within = |day: Day| from.days_until(day) < YEAR_DAYS;
        let mut days: Vec<Day> = Vec::new();
        let mut next = self.next_day(from);
        while let Some(day) = next {
            days.push(day);
            let is_enough = !is_within(day) && 2 <= days.len();
            next = if is_enough { None } else { self.next_day(day.next()) };
        }
        let within_days = times.windows(2).map(|pair| pair[1] - pair[0]);
        let between_days = days
            .windows(2)
            .map(|pair| Span::from_days(pair[0].days_until(pair[1])) + *first - *last);
        let longest = within_days.chain(between_days).max().unwrap_or(Span::ZERO);
        let n_days = days.iter().filter(|day| is_within(**day)).count();
        (longest, index_u64(n_days * times.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::civil::{instant, to_column};

    fn cron(hours: &[u8], days: DayRule, months: &[i8]) -> Cron {
        Cron {
            minutes: vec![0],
            hours: hours.to_vec(),
            days: vec![days],
            months: months.to_vec(),
            years: Vec::new(),
        }
    }

    fn every_month() -> Vec<i8> {
        (1..=12).collect()
    }

    fn monday() -> Day {
        Day::new(2027, 1, 4).unwrap()
    }

    /// 06:00 and 20:00 each day: 10 h over night, 14 h over day. The first of the month: from 4
    /// January 2027 on, 12 of them, and no two are further apart than 31 days.
    #[test]
    fn the_interval_is_the_longest_gap_of_the_year() {
        let twice = cron(&[6, 20], DayRule::Every, &every_month());
        assert_eq!(twice.year(monday()), (Span::from_hours(14), 730));
        let monthly = cron(&[1], DayRule::OfMonth(1), &every_month());
        assert_eq!(monthly.year(monday()), (Span::from_days(31), 12));
        let hourly = cron(&(0..24).collect::<Vec<u8>>(), DayRule::Every, &every_month());
        assert_eq!(hourly.year(monday()), (Span::from_hours(1), 8760));
    }

    /// 29 February: none in the 365 days from 4 January 2027 on; then 2028 and 2032, 1,461 days
    /// apart. In 2028 alone: once, so there is no gap.
    #[test]
    fn what_is_rarer_than_a_year_still_has_an_interval() {
        let mut leap = cron(&[1], DayRule::OfMonth(29), &[2]);
        assert_eq!(leap.year(monday()), (Span::from_days(1461), 0));
        leap.years = vec![2028];
        assert_eq!(leap.year(monday()), (Span::ZERO, 0));
    }

    /// 30 February never comes, and a year that is over does not come again.
    #[test]
    fn what_never_comes_has_no_first_instant() {
        let start = instant("2027-01-04T00:00:00Z".parse().unwrap()).unwrap();
        let never = cron(&[1], DayRule::OfMonth(30), &[2]);
        assert_eq!(never.first(start, &TimeZone::UTC), None);
        let mut past = cron(&[1], DayRule::Every, &[1]);
        past.years = vec![2026];
        assert_eq!(past.first(start, &TimeZone::UTC), None);
        past.years = vec![2026, 2028];
        let first = past.first(start, &TimeZone::UTC).unwrap();
        assert_eq!(to_column(first), "2028-01-01T01:00:00.000000000Z");
    }
}
