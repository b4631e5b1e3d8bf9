//! Points, runs, and flips of small scenarios.

use std::path::PathBuf;

use super::*;
use crate::model::{SWITCHES, SwitchInfo};

const TEXT: &str = r#"
[scenario]
horizon = "1 day"
replications = 3
[[fleet]]
name = "a"
location = "us-east-1"
volumes = 2
snapshot = { every = "6 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min" }]
"#;

fn source(more: &str) -> Source {
    Source { name: "x.toml".to_owned(), text: format!("{TEXT}{more}"), base: PathBuf::new() }
}

fn no_files(_: &str) -> Result<Vec<u8>, String> {
    Err("no files here".to_owned())
}

fn plan(more: &str) -> Result<Plan, Problems> {
    Plan::of(&source(more), &no_files, &[])
}

const AXES: &str = r#"
[[axis]]
key = "limits.snapshot_copies"
values = [10, 20]
[[axis]]
key = "fleet.a.copy[0].completion_duration"
name = "duration"
values = ["15 min", "30 min", "45 min"]
"#;

/// Two axes of 2 and 3 values: six points, the second axis fastest; three replications each.
#[test]
fn points_are_the_product_with_the_last_axis_fastest() {
    let plan = plan(AXES).unwrap();
    let labels: Vec<(&str, &str)> = plan
        .points
        .iter()
        .map(|point| (point.labels[0].1.as_str(), point.labels[1].1.as_str()))
        .collect();
    assert_eq!(
        labels,
        [
            ("10", "15 min"),
            ("10", "30 min"),
            ("10", "45 min"),
            ("20", "15 min"),
            ("20", "30 min"),
            ("20", "45 min"),
        ]
    );
    assert_eq!(plan.points[0].labels[0].0, "snapshot_copies");
    assert_eq!(plan.points[1].labels[1].0, "duration");
    let model = &plan.points[4].model;
    assert_eq!(model.accounts[0].limits.snapshot_slots, 20);
    let duration = model.fleets[0].copies[0].completion_duration;
    assert_eq!(duration, Some(crate::units::Span::from_mins(30)));
    let runs = plan.runs();
    assert_eq!(runs.len(), 18);
    assert_eq!(runs[4], RunKey { point: 1, replication: 1 });
}

/// All points draw the same: only what the axes set differs.
#[test]
fn seeds_are_equal_at_all_points() {
    let plan = plan(AXES).unwrap();
    let seeds = |point: &Point| (point.model.seed, point.model.fleet_seed);
    assert!(plan.points.iter().all(|point| seeds(point) == seeds(&plan.points[0])));
}

#[test]
fn without_axes_there_is_one_point() {
    let plan = plan("").unwrap();
    assert_eq!((plan.points.len(), plan.runs().len()), (1, 3));
    assert!(plan.points[0].labels.is_empty());
}

/// A value that is wrong at some points is told once, with its line in the file.
#[test]
fn what_an_axis_makes_wrong_is_told_at_its_line() {
    let more = "[[axis]]\nkey = \"fleet.a.copy[0].completion_duration\"\nvalues = [\"15 min\", \"20 min\"]\n";
    let text = source(more);
    let problems = plan(more).unwrap_err();
    insta::assert_snapshot!(problems.render(&text.text, false), @r#"
    error: fleet.a.copy[0].completion_duration: `20 min` is no completion duration: they go from 15 min to 48 h in steps of 15 min (F1, F2)
      --> x.toml:13:21
       |
    13 | values = ["15 min", "20 min"]
       |                     ^^^^^^^^
    "#);
}

#[test]
fn too_many_runs_are_refused_with_their_number() {
    let axis = |key: &str| {
        format!("[[axis]]\nkey = \"{key}\"\nrange = {{ from = 1, to = 1000, step = 1 }}\n")
    };
    let more = axis("limits.snapshot_copies") + &axis("limits.image_copies");
    insta::assert_snapshot!(plan(&more).unwrap_err(), @"x.toml: axis: 1,000,000 points of 3 replications are 3,000,000 runs; a plan has at most 1,000,000 (fewer values, fewer replications, or a `[design]`; or raise it: `max_runs = 3000000` under `[scenario]`)");
}

/// P-TB-PACE is `exact` and has one flip; P-SAME-SOURCE has two.
#[test]
fn flips_are_those_of_touched_switches_that_change_the_model() {
    let source = source("");
    let ask = Ask { source: &source, inputs: &no_files, settings: &[] };
    let plan = plan("").unwrap();
    let touched = Switch::TbPace.bit() | Switch::SameSource.bit();
    let flipped = flips(&ask, &plan, 0, touched).unwrap();
    let said: Vec<(&str, &str)> = flipped.iter().map(|of| (of.key, of.text.as_str())).collect();
    assert_eq!(
        said,
        [
            ("P-TB-PACE", "early"),
            ("P-SAME-SOURCE", "any-destination"),
            ("P-SAME-SOURCE", "clock-only"),
        ]
    );
    let early = [("assume.P-TB-PACE".to_owned(), "early".to_owned())];
    let ask = Ask { settings: &early, ..ask };
    let assumed_early = Plan::of(&source, &no_files, &early).unwrap();
    assert!(flips(&ask, &assumed_early, 0, Switch::TbPace.bit()).unwrap().is_empty());
}

/// Every flip of the ledger can be read, and changes the model; what requests are judged by
/// changes none where there are none.
#[test]
fn every_switch_flips() {
    let source = source("");
    let ask = Ask { source: &source, inputs: &no_files, settings: &[] };
    let plan = plan("").unwrap();
    let judging = |info: &&SwitchInfo| Switch::JUDGING & info.switch.bit() != 0;
    let others = SWITCHES.iter().filter(|info| !judging(info));
    let n_flips: usize = others.map(|info| info.flips.len()).sum();
    assert_eq!(flips(&ask, &plan, 0, u64::MAX).unwrap().len(), n_flips);
}

/// Of a word, every other one; of a quantity, both ends of its range. The fleet names no jitter, and
/// its client no back-off, of which there are two others each.
#[test]
fn a_whole_range_has_every_word_and_both_ends() {
    let source = source("");
    let ask = Ask { source: &source, inputs: &no_files, settings: &[] };
    let plan = plan("").unwrap();
    let touched = Switch::SameSource.bit() | Switch::Overhead.bit();
    let told = |ask: &Ask<'_>, plan: &Plan| -> Vec<String> {
        let found = whole_range(ask, plan, 0, touched).unwrap();
        found.iter().map(|of| format!("{}: {} → {}", of.key, of.in_force, of.text)).collect()
    };
    insta::assert_snapshot!(told(&ask, &plan).join("\n"), @r#"
    P-SAME-SOURCE: same-destination → any-destination
    P-SAME-SOURCE: same-destination → clock-only
    P-OVERHEAD: { uniform = { high = "30 s", low = "2 s" } } → 1.6 s
    P-OVERHEAD: { uniform = { high = "30 s", low = "2 s" } } → 60 s
    snapshot.jitter: 60 s → 0 s
    snapshot.jitter: 60 s → 5 min
    client.backoff: { first = "30 s", max = "15 min" } → { first = "5 s", max = "60 s" }
    client.backoff: { first = "30 s", max = "15 min" } → { first = "5 min", max = "60 min" }
    "#);
    // from another value in force, the default is one of the others
    let settings = [
        ("assume.P-OVERHEAD".to_owned(), "60 s".to_owned()),
        ("assume.P-SAME-SOURCE".to_owned(), "clock-only".to_owned()),
        ("fleet.a.snapshot.jitter".to_owned(), "0 s".to_owned()),
    ];
    let ask = Ask { settings: &settings, ..ask };
    let plan = Plan::of(&source, &no_files, &settings).unwrap();
    insta::assert_snapshot!(told(&ask, &plan).join("\n"), @r#"
    P-SAME-SOURCE: clock-only → same-destination
    P-SAME-SOURCE: clock-only → any-destination
    P-OVERHEAD: 60 s → 1.6 s
    P-OVERHEAD: 60 s → { uniform = { low = "2 s", high = "30 s" } }
    client.backoff: { first = "30 s", max = "15 min" } → { first = "5 s", max = "60 s" }
    client.backoff: { first = "30 s", max = "15 min" } → { first = "5 min", max = "60 min" }
    "#);
}

/// Both ends of every range can be read.
#[test]
fn every_range_is_right() {
    let source = source("");
    let ask = Ask { source: &source, inputs: &no_files, settings: &[] };
    let found = whole_range(&ask, &plan("").unwrap(), 0, u64::MAX).unwrap();
    let n = |key: &str| found.iter().filter(|of| of.key == key).count();
    let quantities = SWITCHES.iter().filter(|info| info.switch.range().is_some());
    for info in quantities.filter(|info| Switch::JUDGING & info.switch.bit() == 0) {
        assert_eq!(n(info.key), 2, "{}", info.key);
    }
}

mod designs;
