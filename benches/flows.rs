//! Whole flow-level runs on the published workloads: flows per second, by either network.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use snapferry::drive::flows::{FlowCase, run};
use snapferry::engine::network::{Network, Reference};
use workloads::{C20, C200, DL70, DL110, w1, w2, w4};

#[path = "workloads/generator.rs"]
mod workloads;

fn bench_case<N: Network + Default>(bench: &mut Criterion, name: &str, case: &FlowCase) {
    let n_flows = case.flows.len();
    let mut group = bench.benchmark_group(name.split_once(' ').expect("network, case").1);
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

fn reference(bench: &mut Criterion) {
    bench_case::<Reference>(bench, "reference w1_1e4", &w1(10_000));
    bench_case::<Reference>(bench, "reference w2_c20_1e4", &w2(10_000, &C20));
    bench_case::<Reference>(bench, "reference w4_dl70_1e3", &w4(1_000, &DL70));
    bench_case::<Reference>(bench, "reference w4_dl110_1e3", &w4(1_000, &DL110));
    bench_case::<Reference>(bench, "reference w2_c200_1e3", &w2(1_000, &C200));
}

criterion_group!(benches, reference);
criterion_main!(benches);
