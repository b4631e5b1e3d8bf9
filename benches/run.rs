//! One run of `scenarios/enterprise-dr.toml`: 600 volumes for a week.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use snapferry::drive::{self, Keep};
use snapferry::engine::network::{Levels, Reference};
use snapferry::plan::Plan;
use snapferry::record::NoRows;
use snapferry::scenario::Source;

fn plan() -> Plan {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let text = fs::read_to_string(base.join("enterprise-dr.toml")).expect("the scenario is there");
    let source = Source { name: "enterprise-dr.toml".to_owned(), text, base };
    let inputs = |file: &str| Err(format!("there is no {file}"));
    Plan::of(&source, &inputs, &[]).expect("the scenario is right")
}

fn one_run(criterion: &mut Criterion) {
    let plan = plan();
    let model = &plan.points[0].model;
    let keep = Keep { series: true };
    let mut group = criterion.benchmark_group("run");
    group.sample_size(10);
    group.bench_function("enterprise-dr/levels", |bencher| {
        bencher.iter(|| drive::run::<Levels>(black_box(model), 0, keep, &mut NoRows));
    });
    group.bench_function("enterprise-dr/reference", |bencher| {
        bencher.iter(|| drive::run::<Reference>(black_box(model), 0, keep, &mut NoRows));
    });
    group.finish();
}

criterion_group!(benches, one_run);
criterion_main!(benches);
