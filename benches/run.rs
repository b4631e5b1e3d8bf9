//! One run of `scenarios/enterprise-dr.toml`: 600 volumes for a week. And copies by the hour of 60
//! volumes, at most 20 at once, by standard copies, by time-based ones, over a link, and over one that
//! fails and comes back, so that copies are paced anew. And a sweep of four points with eight runs
//! each, from the plan to the folder, on one thread and on two.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use snapferry::drive::{self, Keep};
use snapferry::engine::network::{Levels, Reference};
use snapferry::experiment::{
    self, Disk, EngineChoice, NoObserver, Options, Origin, Rows, Staging, Study,
};
use snapferry::model::Model;
use snapferry::plan::Plan;
use snapferry::record::NoRows;
use snapferry::scenario::{NoInputs, Scenario, Source};
use tempfile::TempDir;

/// 60 volumes, copied every hour for a week: some 15 copies at once where they are time-based.
const HOURLY: &str = r#"
[scenario]
horizon = "7 days"
[[fleet]]
name = "v"
location = "eu-west-1"
volumes = 60
size = "200 GiB"
fill = 0.5
change = "CHANGE %/day"
snapshot = { every = "1 h", phase = "1 h" }
copy = [{ to = "eu-central-1", retain = "3 days" COPY }]
[[target]]
kind = "rpo"
limit = "3 h"
[[target]]
kind = "copy"
limit = "1 h"
share = "99 %"
"#;

const TIME_BASED: &str = ", completion_duration = \"15 min\"";
const LINK: &str = "[[link]]\nname = \"wan\"\nfrom = \"eu-west-1\"\ncapacity = \"400 MiB/s\"\n";
const FAILURES: &str = "failures = { up = { exponential = { mean = \"6 h\" } }, \
                        down = { exponential = { mean = \"10 min\" } } }\n";

/// The model of hourly copies.
fn hourly(change: &str, copy: &str, link: &str) -> Model {
    let text = [&HOURLY.replace("CHANGE", change).replace("COPY", copy), link].concat();
    let source = Source { name: "hourly.toml".to_owned(), text, base: PathBuf::new() };
    let no_inputs = |_: &str| Err("the scenario has no inputs".to_owned());
    Scenario::parse(&source, &no_inputs, &[]).expect("the scenario is right").model
}

fn hourly_copies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run/hourly");
    group.throughput(Throughput::Elements(60 * 24 * 7));
    let failing = [LINK, FAILURES].concat();
    for (name, model) in [
        ("standard", hourly("2", "", "")),
        ("time-based", hourly("2", TIME_BASED, "")),
        ("link", hourly("30", TIME_BASED, LINK)),
        ("failing-link", hourly("30", TIME_BASED, &failing)),
    ] {
        let keep = Keep { series: false };
        group.bench_function(name, |bencher| {
            bencher.iter(|| drive::run::<Levels>(black_box(&model), 0, keep, &mut NoRows));
        });
    }
    group.finish();
}

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

/// Slots from 5 to 40 for the hourly copies, four points of eight runs each.
fn sweep_plan() -> Plan {
    let axis = "[[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = [5, 10, 20, 40]\n";
    let text = HOURLY.replace("CHANGE", "2").replace("COPY", TIME_BASED);
    let text = [&text.replace("7 days\"", "7 days\"\nreplications = 8"), axis].concat();
    let source = Source { name: "sweep.toml".to_owned(), text, base: PathBuf::new() };
    let no_inputs = |_: &str| Err("the scenario has no inputs".to_owned());
    Plan::of(&source, &no_inputs, &[]).expect("the scenario is right")
}

fn sweep(criterion: &mut Criterion) {
    let plan = sweep_plan();
    assert_eq!(plan.points.len(), 4);
    let origin = Origin::default();
    let study = Study { plan: &plan, origin: &origin, inputs: &NoInputs, flipped: &|_| Vec::new() };
    let home = TempDir::new().expect("a folder");
    let mut group = criterion.benchmark_group("sweep");
    group.sample_size(10);
    group.throughput(Throughput::Elements(4 * 8 * 60 * 24 * 7));
    for threads in [1, 2] {
        let options = Options {
            threads: Some(threads),
            rows: Rows::None,
            engine: EngineChoice::Default,
            flips: false,
            sensitivity: false,
            confirm: false,
            parts: false,
        };
        group.bench_function(format!("threads/{threads}"), |bencher| {
            bencher.iter(|| {
                let place = home.path().join("out");
                let mut staging = Staging::open(&place, &Disk).expect("a place");
                staging.begin_anew().expect("finished runs go"); // of the go before
                experiment::run(&study, &staging, &options, &NoObserver).expect("a disk").n_events
            });
        });
    }
    group.finish();
}

criterion_group!(benches, one_run, hourly_copies, sweep);
criterion_main!(benches);
