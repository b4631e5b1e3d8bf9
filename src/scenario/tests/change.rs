//! Change from day to day: what is understood of it, and what is said of mistakes.

use jiff::civil::Weekday;

use super::*;
use crate::model::civil::Day;
use crate::model::{CalendarFactor, DailyChange, DayRule};

/// A fleet whose change has this calendar.
fn calendar(entries: &str) -> String {
    let change = format!("{{ median = \"8 %/day\", calendar = [{entries}] }}");
    fleet(&format!("change = {change}\ncopy = [{{ to = \"eu-west-1\" }}]"))
        + "[scenario]\nhorizon = \"360 days\"\n"
}

fn change_of(text: &str) -> DailyChange {
    let Change::Daily(change) = model(text).fleets.remove(0).change else { panic!() };
    change
}

#[test]
fn a_calendar_names_days_by_rule_or_date() {
    let change = change_of(&calendar(
        "{ on = \"month end\", factor = 3 }, { on = [\"Tue\", \"second Fri\"], factor = 1.5 }, \
         { on = [2027-12-24, \"2027-12-25\"], factor = 0.2 }",
    ));
    let date = |number| DayRule::On(Day::new(2027, 12, number).unwrap());
    let expected = [
        (vec![DayRule::MonthEnd], 3.0),
        (vec![DayRule::Each(Weekday::Tuesday), DayRule::Nth(2, Weekday::Friday)], 1.5),
        (vec![date(24), date(25)], 0.2),
    ];
    let expected = expected.map(|(on, factor)| CalendarFactor { on, factor });
    assert_eq!(change.calendar, expected);
    assert_eq!(change.rate, Distribution::Constant(0.08));
}

/// 31 August 2027 is a Tuesday and the end of a month: 3 × 1.5. An entry that names a day twice
/// over, as a Tuesday and by its date, counts once.
#[test]
fn factors_of_one_day_multiply_and_an_entry_counts_once() {
    let change = change_of(&calendar(
        "{ on = \"month end\", factor = 3 }, { on = [\"Tue\", \"2027-08-31\"], factor = 1.5 }",
    ));
    let factor = |month, number| change.calendar_factor(Day::new(2027, month, number).unwrap());
    let found = [factor(8, 31), factor(8, 24), factor(7, 31), factor(8, 25)];
    for (found, expected) in found.into_iter().zip([4.5, 1.5, 3.0, 1.0]) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
}

#[test]
fn calendars_that_are_wrong_are_refused() {
    insta::assert_snapshot!(
        said(&calendar("{ on = \"fifth Tue\", factor = 3 }, { on = \"Tue\" }")), @r#"
    error: fleet.a.change.calendar[0].on: `fifth Tue` is no day by rule (write `Tue`, `second Tue`, `last Fri`, `month start`, `month end`, `quarter end`, or a date such as `2027-12-24`)
     --> x.toml:6:51
      |
    6 | change = { median = "8 %/day", calendar = [{ on = "fifth Tue", factor = 3 }, { on = "Tue" }] }
      |                                                   ^^^^^^^^^^^

    error: fleet.a.change.calendar[1].factor: `factor` is missing
     --> x.toml:6:78
      |
    6 | change = { median = "8 %/day", calendar = [{ on = "fifth Tue", factor = 3 }, { on = "Tue" }] }
      |                                                                              ^^^^^^^^^^^^^^
      |
      = help: Times what changes on another day; 0 for nothing.
    "#);
    insta::assert_snapshot!(
        said(&calendar("{ on = \"Tue\", factor = -1 }, { on = [], factor = 1 }")), @r#"
    error: fleet.a.change.calendar[0].factor: must be at least 0, not -1
     --> x.toml:6:67
      |
    6 | change = { median = "8 %/day", calendar = [{ on = "Tue", factor = -1 }, { on = [], factor = 1 }] }
      |                                                                   ^^

    error: fleet.a.change.calendar[1].on: the list of days is empty
     --> x.toml:6:80
      |
    6 | change = { median = "8 %/day", calendar = [{ on = "Tue", factor = -1 }, { on = [], factor = 1 }] }
      |                                                                                ^^
    "#);
    insta::assert_snapshot!(said(&calendar("{ on = [\"Tue\", \"Tue\"], factor = 2 }")), @r#"
    error: fleet.a.change.calendar[0].on: this day stands twice
     --> x.toml:6:59
      |
    6 | change = { median = "8 %/day", calendar = [{ on = ["Tue", "Tue"], factor = 2 }] }
      |                                                           ^^^^^
    "#);
}

/// The run ends in the last days of 2027.
#[test]
fn a_date_that_no_copy_meets_is_a_warning() {
    insta::assert_snapshot!(
        warned(&calendar("{ on = [\"2027-12-24\", \"2028-12-24\"], factor = 3 }")), @r#"
    warning: fleet.a.change.calendar[0].on: this date is none of the run's, so it changes nothing
     --> x.toml:6:66
      |
    6 | change = { median = "8 %/day", calendar = [{ on = ["2027-12-24", "2028-12-24"], factor = 3 }] }
      |                                                                  ^^^^^^^^^^^^
    "#);
}
