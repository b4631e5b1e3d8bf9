//! Instructions of the small kernels, counted under valgrind: the one measure of speed that holds on a
//! shared machine.
//!
//! `bash .ci/instructions` runs it and compares with the counts of `benches/instructions.tsv`; it
//! needs valgrind and `gungraun-runner`, and installs what is missing.

#![expect(missing_docs, reason = "the macros make modules of their own")]

use std::hint::black_box;

use crowd::Running;
use gungraun::{library_benchmark, library_benchmark_group, main};
use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::calendar::{Calendar, Key, Rank};
use snapferry::engine::maxmin::{Demand, Filling};
use snapferry::engine::network::Levels;
use snapferry::experiment::PointSummary;
use snapferry::plan::Point;
use snapferry::record::NoRows;
use snapferry::rng::{Chance, Distribution, NameHash, Purpose};
use snapferry::stats::{Estimate, LEVEL, judge};
use snapferry::units::{Instant, Rate, Span, count};

#[path = "workloads/crowd.rs"]
mod crowd;
#[path = "workloads/twenty.rs"]
mod twenty;

/// Events of a calendar that pends so many, each popped and scheduled again.
const EVENTS: u64 = 1_000;

fn pending(n: u64) -> Calendar<u64> {
    let mut calendar = Calendar::default();
    for event in 0..n {
        let at = Instant::from_nanos(event.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 3_600_000_000_000);
        calendar.schedule(Key::new(at, Rank::Request, event), event);
    }
    calendar
}

#[library_benchmark]
#[bench::pending_10_000(pending(10_000))]
fn calendar(mut calendar: Calendar<u64>) -> Calendar<u64> {
    for _ in 0..EVENTS {
        let (key, event) = calendar.pop().expect("it pends");
        let again = key.at() + Span::from_nanos(1 + event.wrapping_mul(7919) % 3_600_000_000_000);
        calendar.schedule(Key::new(again, Rank::Request, event), event);
    }
    calendar
}

/// Links of six sites, and the paths and caps of `n` flows over them.
type Problem = (Vec<Rate>, Vec<Vec<usize>>, Vec<Rate>);

fn problem(n: usize) -> Problem {
    const SITES: usize = 6;
    let path = |f: usize| {
        let (from, other) = (f % SITES, f / SITES % (SITES - 1));
        let to = if from <= other { other + 1 } else { other };
        vec![from, 2 * SITES + from * SITES + to, SITES + to]
    };
    let site = count(n) / count(SITES) / 1.4;
    let mut capacity = vec![Rate::new(site); 2 * SITES];
    capacity.resize(2 * SITES + SITES * SITES, Rate::new(site / 4.0));
    let cap = |f: usize| Rate::new(0.7 + count(f * 37 % n) / count(n) * 0.6);
    (capacity, (0..n).map(path).collect(), (0..n).map(cap).collect())
}

#[library_benchmark]
#[bench::flows_100(problem(100))]
#[bench::flows_1_000(problem(1_000))]
fn maxmin((capacity, paths, caps): Problem) -> usize {
    let demands: Vec<Demand<'_>> =
        paths.iter().zip(&caps).map(|(path, &cap)| Demand { path, cap, own: None }).collect();
    Filling::default().fill(black_box(&capacity), black_box(&demands)).len()
}

#[library_benchmark]
#[bench::equal_caps_100(Running::new(100, true))]
#[bench::different_caps_100(Running::new(100, false))]
#[bench::different_caps_1_000(Running::new(1_000, false))]
fn network(mut running: Running<Levels>) -> Running<Levels> {
    for nth in 1..=100 {
        running.step(nth);
    }
    running
}

#[library_benchmark]
fn draws() -> f64 {
    let chance = Chance::new(7, 0);
    let name = NameHash::of("fleet").child("volume");
    let law = Distribution::LogNormal { median: 100.0, sigma: 0.8 };
    let draw =
        |number: u64| law.sample(&mut chance.stream(Purpose::StandardRate, name.number(number)));
    (0..1_000).map(draw).sum()
}

#[library_benchmark]
#[bench::two_nights(twenty::point("01:00", "2 days"))]
fn run(point: Point) -> RunResult {
    drive::run::<Levels>(black_box(&point.model), 0, Keep { series: false }, &mut NoRows)
}

fn results() -> (Point, Vec<RunResult>) {
    let point = twenty::point("01:00", "2 days");
    let runs = twenty::runs(&point, Keep { series: false });
    (point, runs)
}

#[library_benchmark]
#[bench::of_100_runs(results())]
fn statistics((point, runs): (Point, Vec<RunResult>)) -> PointSummary {
    PointSummary::of(&point, &runs)
}

fn shares() -> Vec<f64> {
    (0..100).map(|n| 1.0 - 0.01 * f64::from(n % 7)).collect()
}

#[library_benchmark]
#[bench::of_100_runs(shares())]
fn verdict(shares: Vec<f64>) -> (Option<Estimate>, bool) {
    (Estimate::of(&shares, LEVEL), judge(&shares, 0.95).mean.is_some())
}

library_benchmark_group!(
    name = kernels,
    benchmarks = [calendar, maxmin, network, draws, run, statistics, verdict]
);
main!(library_benchmark_groups = kernels);
