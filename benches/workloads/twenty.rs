//! A scenario of twenty volumes, for what measures one more run.

use std::path::PathBuf;

use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::network::Levels;
use snapferry::plan::{Plan, Point};
use snapferry::record::NoRows;
use snapferry::scenario::Source;

/// Runs of the point.
pub(crate) const RUNS: u32 = 100;

/// Twenty volumes in two fleets, copied once a night at this time, over this horizon.
pub(crate) fn point(at: &str, horizon: &str) -> Point {
    let text = format!(
        r#"
        [scenario]
        start = "2027-01-04T00:00:00Z"
        horizon = "{horizon}"
        replications = {RUNS}

        [[fleet]]
        name = "databases"
        location = "us-east-1"
        volumes = 5
        size = {{ lognormal = {{ median = "1000 GiB", sigma = 0.8 }}, max = "16 TiB" }}
        snapshot = {{ at = "{at}", phase = "1 h" }}
        copy = [{{ to = "us-west-2", completion_duration = "1 h", retain = "3 days" }}]

        [[fleet]]
        name = "files"
        location = "us-east-1"
        volumes = 15
        size = {{ lognormal = {{ median = "100 GiB", sigma = 0.8 }}, max = "16 TiB" }}
        snapshot = {{ at = "{at}", phase = "1 h" }}
        copy = [{{ to = "us-west-2", retain = "35 days" }}]

        [[target]]
        kind = "copy"
        limit = "6 h"
        share = "99 %"

        [[target]]
        kind = "rpo"
        fleet = "databases"
        limit = "26 h"
        share = "99 %"
        "#
    );
    let source = Source { name: "twenty".to_owned(), text, base: PathBuf::new() };
    let inputs = |file: &str| Err(format!("there is no {file}"));
    let plan = Plan::of(&source, &inputs, &[]).expect("the scenario is right");
    plan.points.into_iter().next().expect("a point")
}

/// The runs of a point.
pub(crate) fn runs(point: &Point, keep: Keep) -> Vec<RunResult> {
    (0..RUNS).map(|idx| drive::run::<Levels>(&point.model, idx, keep, &mut NoRows)).collect()
}
