//! What one more run costs besides its events: set-up and statistics of a scenario of 20 volumes,
//! without files. 50 µs is the aim.
//!
//! The set-up is a whole run in which nothing is due, from the model to the result. The statistics
//! are those of a point of a hundred runs, a hundredth of them.

#![expect(clippy::disallowed_methods, reason = "it measures real time")]

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use snapferry::drive::{self, Keep};
use snapferry::engine::network::Levels;
use snapferry::experiment::PointSummary;
use snapferry::record::NoRows;
use twenty::{RUNS, point, runs};

#[path = "workloads/twenty.rs"]
mod twenty;

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
