//! Grids of small scenarios.

use std::path::PathBuf;

use super::*;
use crate::scenario::{Problems, Source};

const TEXT: &str = r#"
[scenario]
horizon = "2 days"
replications = 3
[[fleet]]
name = "nightly"
location = "us-east-1"
volumes = 2
snapshot = { at = ["22:30", "23:00"] }
copy = [{ to = "us-west-2", completion_duration = "45 min" }]
[[fleet]]
name = "hourly"
location = "us-east-1"
volumes = 2
snapshot = { every = "1 h" }
copy = [{ to = "eu-west-1" }]
[[target]]
name = "in time"
kind = "copy"
limit = "3 h"
[[target]]
name = "fresh"
kind = "rpo"
limit = "30 h"
"#;

fn plan(more: &str) -> Plan {
    let text = format!("{TEXT}{more}");
    let source = Source { name: "x.toml".to_owned(), text, base: PathBuf::new() };
    let no_files = |_: &str| Err("no files here".to_owned());
    let read: Result<Plan, Problems> = Plan::of(&source, &no_files, &[]);
    read.unwrap_or_else(|problems| panic!("{}", problems.render(&source.text, false)))
}

fn all(unknown: Unknown) -> Search<'static> {
    Search { unknown, grid: None, fleets: &[], targets: &[] }
}

fn labels(grid: &Grid) -> Vec<&str> {
    grid.plan.points.iter().map(|point| point.labels[0].1.as_str()).collect()
}

fn usage(found: Result<Grid, Unasked>) -> String {
    match found {
        Err(Unasked::Usage(message)) => message,
        other => panic!("{other:?}"),
    }
}

/// The default grid has 45 min already, and stands in order of length.
#[test]
fn durations_vary_where_copies_have_one() {
    let base = plan("");
    let grid = search(&base, &all(Unknown::Duration)).unwrap();
    assert_eq!(
        labels(&grid),
        [
            "15 min", "30 min", "45 min", "1 h", "90 min", "2 h", "3 h", "4 h", "6 h", "8 h",
            "12 h", "24 h", "36 h", "48 h"
        ]
    );
    assert_eq!(grid.written, Some(2));
    assert_eq!(grid.plan.points[2].model, base.points[0].model, "as written is as it was");
    let last = &grid.plan.points[13].model;
    assert_eq!(last.fleets[0].copies[0].completion_duration, Some(Span::from_hours(48)));
    assert_eq!(last.fleets[1].copies[0].completion_duration, None, "a standard copy stays one");
    assert!(grid.plan.prefer.by_cost);
    assert!(grid.plan.prefer.ranks.is_sorted_by(|one, next| next < one), "the longest first");
}

/// 2,000 MiB/s times 1, 1.25, … 8.
#[test]
fn quotas_go_from_the_present_one_to_eight_times_of_it() {
    let grid = search(&plan(""), &all(Unknown::Quota)).unwrap();
    let labels = labels(&grid);
    assert_eq!(
        (labels.len(), labels[0], labels[1], labels[10]),
        (11, "2000 MiB/s", "2500 MiB/s", "16000 MiB/s")
    );
    assert_eq!(grid.written, Some(0));
    assert_eq!(grid.plan.points[10].model.accounts[0].limits.quota, 16_000 << 20);
}

/// A destination with a limit of its own, and another: no one value is that of the scenario.
#[test]
fn slots_of_all_destinations_are_alike_on_the_grid() {
    let own = "[[limits.destination]]\nto = \"eu-west-1\"\nsnapshot_copies = 7\n";
    let base = plan(own);
    let named = Search { grid: Some("8, 4"), ..all(Unknown::Slots) };
    let grid = search(&base, &named).unwrap();
    assert_eq!((labels(&grid), grid.written), (vec!["4", "8"], None));
    let limits = &grid.plan.points[1].model.accounts[0].limits;
    assert!(base.points[0].model.sites.len() == 3 && limits.snapshot_slots_at.is_empty());
    assert_eq!(limits.snapshot_slots, 8);
}

/// 22:30 and 23:00 from 23:45 on: 23:45 and 00:15, half an hour apart as before. From 22:30 it is 75
/// minutes to 23:45, and 2 h 30 min to 01:00, past midnight.
#[test]
fn times_of_day_move_together_and_around_midnight() {
    let named = Search { grid: Some("01:00, 22:30, 23:45"), ..all(Unknown::Start) };
    let grid = search(&plan(""), &named).unwrap();
    let Recurrence::Weekly { at, .. } = &grid.plan.points[2].model.fleets[0].schedule.recurrence
    else {
        panic!()
    };
    assert_eq!(at, &[TimeOfDay(Span::from_mins(15)), TimeOfDay(Span::from_mins(23 * 60 + 45))]);
    assert_eq!(grid.written, Some(1));
    let minutes = |m| Span::from_mins(m).nanos();
    assert_eq!(grid.plan.prefer.ranks, [minutes(150), 0, minutes(75)]);
    let hourly = &grid.plan.points[2].model.fleets[1];
    assert_eq!(hourly, &plan("").points[0].model.fleets[1], "what has no time of day stays");
}

#[test]
fn targets_are_chosen_by_name() {
    let names = ["fresh".to_owned()];
    let named = Search { targets: &names, ..all(Unknown::Slots) };
    assert_eq!(search(&plan(""), &named).unwrap().plan.prefer.targets, [1]);
    let wrong = ["fresher".to_owned()];
    insta::assert_snapshot!(
        usage(search(&plan(""), &Search { targets: &wrong, ..all(Unknown::Slots) })),
        @"there is no target `fresher`; there are: in time, fresh"
    );
}

#[test]
fn mistakes_of_the_command_line_say_what_would_be_right() {
    let asked =
        |unknown, grid| usage(search(&plan(""), &Search { grid: Some(grid), ..all(unknown) }));
    let said = [
        asked(Unknown::Duration, "15 min, 20 min"),
        asked(Unknown::Duration, "15 min, 49 h"),
        asked(Unknown::Duration, "15"),
        asked(Unknown::Slots, "20, 0"),
        asked(Unknown::Slots, "20"),
        asked(Unknown::Slots, "20, 20"),
        asked(Unknown::Quota, "fast, slow"),
        asked(Unknown::Start, "24:00, 01:00"),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    --grid: `20 min`: durations go from 15 min to 48 h by 15 min
    --grid: `49 h`: durations go from 15 min to 48 h by 15 min
    --grid: `15`: no known unit in `15` (try `15 min`)
    --grid: `0`: write a whole number from 1 on, such as `40`
    --grid: write at least two values, such as `15 min, 30 min`
    --grid: `20` stands twice
    --grid: `fast`: `fast` is no rate (write a number and a unit, such as `500 MiB/s`)
    --grid: `24:00`: `24:00` is no time of day (write `08:00`, from `00:00` to `23:59`)
    ");
    let fleets = ["nightly".to_owned()];
    insta::assert_snapshot!(
        usage(search(&plan(""), &Search { fleets: &fleets, ..all(Unknown::Slots) })),
        @"--fleet says whose durations or starts vary, and slots are of all fleets: leave it out"
    );
}

/// The hourly fleet has neither durations nor times of day, and a sweep has axes already.
#[test]
fn what_is_not_in_the_scenario_cannot_be_asked_for() {
    let fleets = ["hourly".to_owned()];
    let refused = |found: Result<Grid, Unasked>| match found {
        Err(Unasked::Scenario(message)) => message,
        other => panic!("{other:?}"),
    };
    let axis = "[[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = [1, 2]\n";
    let said = [
        refused(search(&plan(""), &Search { fleets: &fleets, ..all(Unknown::Duration) })),
        refused(search(&plan(""), &Search { fleets: &fleets, ..all(Unknown::Start) })),
        refused(search(&plan(axis), &all(Unknown::Slots))),
    ];
    insta::assert_snapshot!(said.join("\n"), @r#"
    no copy has a duration: write `completion_duration = "15 min"`
    nothing is due at a time of day: write `at = "01:00"`
    the scenario is a sweep, and `solve` has an axis of its own: hold each `[[axis]]` at a value, such as with `--set limits.snapshot_copies=20`, or leave it out
    "#);
}
