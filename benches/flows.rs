//! Whole flow-level runs on the published workloads: flows per second, by either network.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use snapferry::drive::flows::{FlowCase, run};
use snapferry::engine::network::{Levels, Network, OneLink, Reference};
use workloads::{C20, C200, DL70, DL110, OVER, w1, w2, w4};

#[path = "workloads/generator.rs"]
mod workloads;

fn bench_case<N: Network + Default>(bench: &mut Criterion, name: &str, case: &FlowCase) {
    let n_flows = case.flows.len();
    let mut group = bench.benchmark_group("flows");
    group.sample_size(10);
    group.throughput(Throughput::Elements(n_flows.try_into().expect("fits")));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let outcome = run::<N>(case);
            assert_eq!(outcome.finished.iter().flatten().count(), n_flows);
            outcome.n_events
        });
    });
    group.finish();
}

/// The cases that the slow twin ends in a second or so.
fn both<N: Network + Default>(bench: &mut Criterion, name: &str) {
    bench_case::<N>(bench, &format!("{name} w1_1e4"), &w1(10_000));
    bench_case::<N>(bench, &format!("{name} w2_c20_1e4"), &w2(10_000, &C20));
    bench_case::<N>(bench, &format!("{name} w4_dl70_1e4"), &w4(10_000, &DL70));
    bench_case::<N>(bench, &format!("{name} w4_dl110_1e3"), &w4(1_000, &DL110));
}

fn reference(bench: &mut Criterion) {
    both::<Reference>(bench, "reference");
}

fn levels(bench: &mut Criterion) {
    both::<Levels>(bench, "levels");
    bench_case::<Levels>(bench, "levels w1_1e6", &w1(1_000_000));
    bench_case::<OneLink>(bench, "one link w1_1e6", &w1(1_000_000));
    bench_case::<Levels>(bench, "levels w2_c20_1e5", &w2(100_000, &C20));
    bench_case::<Levels>(bench, "levels w2_c200_1e5", &w2(100_000, &C200));
    bench_case::<Levels>(bench, "levels w2_over_1e5", &w2(100_000, &OVER));
    bench_case::<Levels>(bench, "levels w4_dl110_1e4", &w4(10_000, &DL110));
    bench_case::<Levels>(bench, "levels w4_dl70_1e5", &w4(100_000, &DL70));
    bench_case::<Levels>(bench, "levels w4_dl110_1e5", &w4(100_000, &DL110));
}

criterion_group!(benches, reference, levels);
criterion_main!(benches);
