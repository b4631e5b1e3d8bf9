//! Days that a calendar names by a rule: each Tuesday, the second one, the end of a month.

use jiff::civil::{Date, Weekday};

use super::civil::Day;

/// A rule that holds on some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRule {
    /// Every day.
    Every,
    /// Each of this day of the week.
    Each(Weekday),
    /// The n-th of this day of the week in a month, 1 to 5; months without a fifth have none.
    Nth(i8, Weekday),
    /// The last of this day of the week in a month.
    Last(Weekday),
    /// This day of the month, 1 to 31; shorter months have none.
    OfMonth(i8),
    /// The day from Monday to Friday next to this day of the month, 1 to 31, within the month;
    /// shorter months have none.
    WorkdayNear(i8),
    /// The last day of the month.
    MonthEnd,
    /// The last day of the month from Monday to Friday.
    LastWorkday,
    /// The last day of March, June, September, and December.
    QuarterEnd,
    /// This day alone.
    On(Day),
}

impl DayRule {
    /// Whether it holds on a day.
    pub fn holds(self, day: Day) -> bool {
        let date = day.date();
        match self {
            DayRule::Every => true,
            DayRule::Each(weekday) => date.weekday() == weekday,
            DayRule::Nth(n, weekday) => date.weekday() == weekday && (date.day() + 6) / 7 == n,
            DayRule::Last(weekday) => date.weekday() == weekday && days_left(date) < 7,
            DayRule::OfMonth(number) => date.day() == number,
            DayRule::WorkdayNear(number) => workday_near(date, number) == Some(date.day()),
            DayRule::MonthEnd => days_left(date) == 0,
            DayRule::LastWorkday => workday_near(date, date.days_in_month()) == Some(date.day()),
            DayRule::QuarterEnd => days_left(date) == 0 && date.month() % 3 == 0,
            DayRule::On(only) => day == only,
        }
    }
}

/// Days of the month after this one.
fn days_left(date: Date) -> i8 {
    date.days_in_month() - date.day()
}

/// The day of the month of `date` from Monday to Friday that is next to day `number`: of a Saturday
/// the Friday before, of a Sunday the Monday after, and the other way where that is another month.
fn workday_near(date: Date, number: i8) -> Option<i8> {
    let last = date.days_in_month();
    let wanted = Date::new(date.year(), date.month(), number).ok()?;
    Some(match wanted.weekday() {
        Weekday::Saturday if number == 1 => 3,
        Weekday::Saturday => number - 1,
        Weekday::Sunday if number == last => number - 2,
        Weekday::Sunday => number + 1,
        _ => number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days of a month on which a rule holds.
    fn held(rule: DayRule, year: i16, month: i8) -> Vec<i8> {
        let n_days = Date::new(year, month, 1).unwrap().days_in_month();
        let day = |number: &i8| Day::new(year, month, *number).unwrap();
        (1..=n_days).filter(|number| rule.holds(day(number))).collect()
    }

    /// 1 March 2027 is a Monday (28 February, a Sunday, ends week 8 of the year that began on a
    /// Friday), so Tuesdays are 2, 9, 16, 23, 30.
    #[test]
    fn days_of_the_week_are_counted_within_the_month() {
        let tuesday = Weekday::Tuesday;
        assert_eq!(held(DayRule::Each(tuesday), 2027, 3), [2, 9, 16, 23, 30]);
        assert_eq!(held(DayRule::Nth(2, tuesday), 2027, 3), [9]);
        assert_eq!(held(DayRule::Nth(5, tuesday), 2027, 3), [30]);
        assert_eq!(held(DayRule::Last(tuesday), 2027, 3), [30]);
        assert_eq!(held(DayRule::Nth(5, Weekday::Thursday), 2027, 3), [0_i8; 0]);
        assert_eq!(held(DayRule::Last(Weekday::Thursday), 2027, 3), [25]);
        assert_eq!(held(DayRule::Every, 2027, 2).len(), 28);
    }

    #[test]
    fn months_and_quarters_end_on_their_last_day() {
        assert_eq!(held(DayRule::MonthEnd, 2027, 2), [28]);
        assert_eq!(held(DayRule::MonthEnd, 2028, 2), [29]);
        assert_eq!(held(DayRule::QuarterEnd, 2027, 3), [31]);
        assert_eq!(held(DayRule::QuarterEnd, 2027, 4), [0_i8; 0]);
        assert_eq!(held(DayRule::OfMonth(31), 2027, 4), [0_i8; 0]);
        assert_eq!(held(DayRule::On(Day::new(2027, 12, 24).unwrap()), 2027, 12), [24]);
        assert_eq!(held(DayRule::On(Day::new(2027, 12, 24).unwrap()), 2028, 12), [0_i8; 0]);
    }

    /// 1 May 2027 is a Saturday, so the first working day is Monday the 3rd; the 16th is a Sunday
    /// (Monday the 17th), the 15th a Saturday (Friday the 14th), the 31st a Monday. 31 October is a
    /// Sunday: Friday the 29th. February has no 30th.
    #[test]
    fn the_nearest_working_day_stays_within_the_month() {
        let may = [1, 14, 15, 16, 31].map(|n| held(DayRule::WorkdayNear(n), 2027, 5));
        assert_eq!(may.concat(), [3, 14, 14, 17, 31]);
        assert_eq!(held(DayRule::WorkdayNear(31), 2027, 10), [29]);
        assert_eq!(held(DayRule::LastWorkday, 2027, 10), [29]);
        assert_eq!(held(DayRule::LastWorkday, 2027, 5), [31]);
        assert_eq!(held(DayRule::WorkdayNear(30), 2027, 2), [0_i8; 0]);
    }
}
