//! Progressive filling from scratch: 10, 100, 1,000, and 10,000 flows over the links of six sites.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use snapferry::engine::maxmin::{Demand, Filling};
use snapferry::units::{Rate, count};

const SITES: usize = 6;

/// Flow `f` goes from one site to another: egress, pair, ingress. All pairs are used in turn.
fn path(f: usize) -> Vec<usize> {
    let (from, other) = (f % SITES, f / SITES % (SITES - 1));
    let to = if from <= other { other + 1 } else { other };
    vec![from, 2 * SITES + from * SITES + to, SITES + to]
}

/// Caps are equal, or spread over a factor of two; their sum is 1.4 times what the sites carry.
fn caps(n: usize, equal: bool) -> Vec<Rate> {
    let cap = |f: usize| if equal { 1.0 } else { 0.7 + count(f * 37 % n) / count(n) * 0.6 };
    (0..n).map(|f| Rate::new(cap(f))).collect()
}

fn fill(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("maxmin");
    for n in [10, 100, 1_000, 10_000] {
        let paths: Vec<Vec<usize>> = (0..n).map(path).collect();
        let site = count(n) / count(SITES) / 1.4;
        let mut capacity = vec![Rate::new(site); 2 * SITES];
        capacity.resize(2 * SITES + SITES * SITES, Rate::new(site / 4.0));
        for equal in [true, false] {
            let caps = caps(n, equal);
            let demands: Vec<Demand<'_>> = paths
                .iter()
                .zip(&caps)
                .map(|(path, &cap)| Demand { path, cap, own: None })
                .collect();
            let name = if equal { "equal caps" } else { "different caps" };
            let mut filling = Filling::default();
            group.bench_function(BenchmarkId::new(name, n), |bencher| {
                bencher.iter(|| filling.fill(black_box(&capacity), black_box(&demands)).len());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, fill);
criterion_main!(benches);
