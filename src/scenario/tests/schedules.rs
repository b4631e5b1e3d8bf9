//! Schedules: what is understood of them, and what is said of mistakes.

use jiff::civil::Weekday;

use super::*;
use crate::model::{Cron, DayRule};

/// A fleet with this schedule.
fn scheduled(table: &str) -> String {
    fleet("copy = [{ to = \"eu-west-1\" }]").replace("{ every = \"1 h\" }", table)
}

/// Mondays to Fridays at 01:00: the longest gap is the weekend, from Friday to Monday, 3 days. In
/// the 365 days from Monday 4 January 2027 on there are 52 weeks and a Monday: 261 times.
#[test]
fn cron_stands_for_its_days_and_times() {
    let text = scheduled("{ cron = \"cron(0 1 ? * MON-FRI *)\", time_zone = \"Europe/Dublin\" }");
    let model = model(&text);
    let schedule = &model.fleets[0].schedule;
    let days =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let cron = Cron {
        minutes: vec![0],
        hours: vec![1],
        days: days.map(DayRule::Each).to_vec(),
        months: (1..=12).collect(),
        years: Vec::new(),
    };
    let interval = Span::from_days(3);
    assert_eq!(schedule.recurrence, Recurrence::Cron { cron, interval, times_a_year: 261 });
    assert_eq!(schedule.time_zone.iana_name(), Some("Europe/Dublin"));
    assert!((schedule.times_an_hour() - 261.0 / 8760.0).abs() < 1e-12);
}

/// The same times as `at`, and the same interval, whatever the clocks of Dublin do in between.
#[test]
fn a_daily_cron_has_the_interval_of_a_daily_time() {
    let zone = "time_zone = \"Europe/Dublin\"";
    let by_cron = model(&scheduled(&format!("{{ cron = \"0 1,13 * * *\", {zone} }}")));
    let by_at = model(&scheduled(&format!("{{ at = [\"01:00\", \"13:00\"], {zone} }}")));
    let [by_cron, by_at] = [&by_cron, &by_at].map(|model| &model.fleets[0].schedule);
    assert_eq!(by_cron.interval(), by_at.interval());
    assert!((by_cron.times_an_hour() - by_at.times_an_hour()).abs() < 1e-12);
}

#[test]
fn images_are_released_by_cron_too() {
    let model = model(
        "[[image]]\nname = \"golden\"\nlocation = \"us-east-1\"\n\
         family = [{ name = \"linux\", snapshots = [{ size = \"8 GiB\" }] }]\n\
         release = { cron = \"cron(0 10 ? * 3#2 *)\" }\ncopy = [{ to = \"eu-west-1\" }]\n\
         [scenario]\nhorizon = \"30 days\"\n",
    );
    let Recurrence::Cron { cron, .. } = &model.fleets[0].schedule.recurrence else { panic!() };
    assert_eq!(cron.days, [DayRule::Nth(2, Weekday::Tuesday)]);
}

#[test]
fn cron_that_cannot_be_followed_is_refused() {
    insta::assert_snapshot!(said(&scheduled("{ cron = \"cron(0 25 * * MON *)\" }")), @r#"
    error: fleet.a.snapshot.cron: `cron(0 25 * * MON *)`: `25` in the field hours, which holds 0 to 23, joined by `,` `-` `/`, or `*`; one of day-of-month and day-of-week is `?`, the other not: write `cron(0 25 ? * MON *)`
     --> x.toml:5:21
      |
    5 | snapshot = { cron = "cron(0 25 * * MON *)" }
      |                     ^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(said(&scheduled("{ cron = \"cron(0 1 30 2 ? *)\" }")), @r#"
    error: fleet.a.snapshot.cron: comes on no day in the 50 years from the start of the run on
     --> x.toml:5:21
      |
    5 | snapshot = { cron = "cron(0 1 30 2 ? *)" }
      |                     ^^^^^^^^^^^^^^^^^^^^
      |
      = help: look at its days, months, and years: February has no 30th, 2026 may be over
    "#);
    insta::assert_snapshot!(said(&scheduled("{ cron = \"0 1 * * ? *\", every = \"1 h\" }")), @r#"
    error: fleet.a.snapshot: `cron` says days and times: no others go with it
     --> x.toml:5:12
      |
    5 | snapshot = { cron = "0 1 * * ? *", every = "1 h" }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `cron`, or `every`, or `at`, or `once`
    "#);
    insta::assert_snapshot!(
        said(&scheduled("{ cron = \"0 1 * * ? *\", window = \"25 h\" }")), @r#"
    error: fleet.a.snapshot.window: is longer than the 24 h between two due instants
     --> x.toml:5:45
      |
    5 | snapshot = { cron = "0 1 * * ? *", window = "25 h" }
      |                                             ^^^^^^
    "#);
}

/// The run ends on 11 January.
#[test]
fn cron_that_comes_after_the_horizon_is_a_warning() {
    insta::assert_snapshot!(warned(&scheduled("{ cron = \"cron(0 1 L * ? *)\" }")), @r#"
    warning: fleet.a.snapshot.cron: comes for the first time after the horizon
     --> x.toml:5:21
      |
    5 | snapshot = { cron = "cron(0 1 L * ? *)" }
      |                     ^^^^^^^^^^^^^^^^^^^
      |
      = help: copies count when they are due within the horizon

    warning: scenario.horizon: the 7 days that count hold no whole number of the cycles of `a`, whose times begin anew every month
    --> x.toml
     = help: begin on a first of the month, and count whole months from there
    "#);
}

/// Dublin has no 01:30 on 28 March 2027, and two on 31 October: a moment says which it is.
#[test]
fn a_moment_without_its_offset_is_refused() {
    insta::assert_snapshot!(said(&scheduled("{ once = 2027-03-28T01:30:00 }")), @r"
    error: fleet.a.snapshot.once: `2027-03-28T01:30:00` has no offset from UTC, and is no moment without (write `2027-03-28T01:30:00Z`, or an offset such as `+01:00` at its end)
     --> x.toml:5:21
      |
    5 | snapshot = { once = 2027-03-28T01:30:00 }
      |                     ^^^^^^^^^^^^^^^^^^^
    ");
    let text = scheduled("{ once = 2027-10-31T01:30:00+01:00 }")
        + "[scenario]\nstart = \"2027-10-30T00:00:00Z\"\n";
    let Recurrence::Once { at } = model(&text).fleets[0].schedule.recurrence else { panic!() };
    let half_past_midnight: jiff::Timestamp = "2027-10-31T00:30:00Z".parse().unwrap();
    assert_eq!(crate::model::civil::timestamp(at), half_past_midnight);
}
