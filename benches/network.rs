//! One event among 10 to 10,000 running flows: a flow leaves, another enters, all are settled.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use crowd::Running;
use snapferry::engine::network::{Levels, Network, Reference};

#[path = "workloads/crowd.rs"]
mod crowd;

fn bench_network<N: Network + Default>(bench: &mut Criterion, name: &str) {
    let mut group = bench.benchmark_group(format!("network {name}"));
    for n in [10, 100, 1_000, 10_000] {
        for equal in [true, false] {
            let caps = if equal { "equal caps" } else { "different caps" };
            let mut running = Running::<N>::new(n, equal);
            let mut nth = 0;
            group.bench_function(BenchmarkId::new(caps, n), |bencher| {
                bencher.iter(|| {
                    nth += 1;
                    running.step(nth);
                });
            });
        }
    }
    group.finish();
}

fn networks(bench: &mut Criterion) {
    bench_network::<Reference>(bench, "reference");
    bench_network::<Levels>(bench, "levels");
}

criterion_group!(benches, networks);
criterion_main!(benches);
