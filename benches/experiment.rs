//! What one more run costs besides its events: set-up and statistics of a scenario of 20 volumes,
//! without files. 50 µs is the aim.
//!
//! The set-up is a whole run in which nothing is due, from the model to the result. The statistics
//! are those of a point of a hundred runs, a hundredth of them.

#![expect(clippy::disallowed_methods, reason = "it measures real time")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::network::Levels;
use snapferry::experiment::PointSummary;
use snapferry::plan::{Plan, Point};
use snapferry::record::NoRows;
use snapferry::scenario::Source;

/// Runs of the point.
const RUNS: u32 = 100;

/// Twenty volumes in two fleets, copied once a night at this time, over this horizon.
fn point(at: &str, horizon: &str) -> Point {
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

fn runs(point: &Point, keep: Keep) -> Vec<RunResult> {
    (0..RUNS).map(|idx| drive::run::<Levels>(&point.model, idx, keep, &mut NoRows)).collect()
}

fn one_more_run(criterion: &mut Criterion) {
    let quiet = point("23:00", "22 h");
    let night = point("01:00", "2 days");
    let mut group = criterion.benchmark_group("experiment");
    for (name, series) in [("set-up", false), ("set-up with time series", true)] {
        let nothing = runs(&quiet, Keep { series });
        assert!(nothing.iter().all(|run| run.n_copies == 0), "nothing is due");
        let mut replication = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                replication += 1;
                let model = black_box(&quiet.model);
                drive::run::<Levels>(model, replication, Keep { series }, &mut NoRows)
            });
        });
    }
    let results = runs(&night, Keep { series: false });
    assert!(results.iter().all(|run| run.n_copies == 40), "two nights");
    group.bench_function("statistics", |bencher| {
        bencher.iter_custom(|n_runs| {
            let begun = Instant::now();
            for _ in 0..n_runs {
                black_box(PointSummary::of(&night, black_box(&results)));
            }
            begun.elapsed() / RUNS
        });
    });
    group.bench_function("whole run of two nights", |bencher| {
        let mut replication = 0;
        bencher.iter(|| {
            replication += 1;
            let model = black_box(&night.model);
            drive::run::<Levels>(model, replication, Keep { series: false }, &mut NoRows)
        });
    });
    group.finish();
}

criterion_group!(benches, one_more_run);
criterion_main!(benches);
