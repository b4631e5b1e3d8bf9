//! Slots and clients meet queueing theory within the runs' own intervals.
//!
//! A fleet of N volumes, N drawn from Poisson's law, each due once at a moment uniform over the
//! run, is a Poisson process. A volume of mean size takes 1,000 s at the constant standard rate.
//! Closed forms: Erlang's B and C; Cooper, *Introduction to Queueing Theory*, 2nd ed., 1981, ch. 3.

use rayon::prelude::*;
use snapferry::catalog::Cause;
use snapferry::drive::{self, BIN, Keep, SeriesKind};
use snapferry::engine::network::Levels;
use snapferry::model::{Client, ClientPolicy, Items, Model, QueueOrder};
use snapferry::record::{CopyRecord, ImageRecord, Outcome, RpoRecord, Sink};
use snapferry::rng::{Chance, Distribution, NameHash, Purpose};
use snapferry::stats::Estimate;
use snapferry::units::{Rate, Span, count_u64};

use crate::support::{WEST, add_with, client, fleet, model, once, queue, run};

/// Mean service time.
const SERVICE: f64 = 1000.0;

/// What a run of copies adds up to.
#[derive(Default)]
struct Sums {
    n: u64,
    waited: u64,
    lost: u64,
    wait: f64,
}

impl Sink for Sums {
    fn copy(&mut self, row: &CopyRecord<'_>) {
        let spent = |cause| row.causes[cause as usize];
        let wait = spent(Cause::Slot) + spent(Cause::ClientQueue);
        self.n += 1;
        self.waited += u64::from(wait != Span::ZERO);
        self.lost += u64::from(row.outcome == Outcome::GivenUp);
        self.wait += wait.secs();
    }

    fn image(&mut self, _row: &ImageRecord<'_>) {}
    fn rpo(&mut self, _row: &RpoRecord<'_>) {}
}

/// `n` arrivals on average over a time in which they offer `load` erlangs.
fn arrivals(replication: u32, n: f64, (load, size): (f64, &Distribution), client: Client) -> Model {
    let mut model = model();
    let length = Span::from_secs_f64(n * SERVICE / load);
    let gap = Distribution::Exponential { mean: length.secs() / n };
    let mut gaps = Chance::new(99, replication).stream(Purpose::Arrival, NameHash::of("count"));
    let mut count = 0;
    let mut at = gap.sample(&mut gaps);
    while at < length.secs() {
        count += 1;
        at += gap.sample(&mut gaps);
    }
    model.horizon = length;
    model.warm_up = Span::from_secs_f64(100.0 * SERVICE);
    model.resample_fleet = true;
    model.accounts[0].limits.copy_snapshot_bucket = (1_000_000, 1_000_000);
    let fill = Distribution::Constant(1.0);
    let mut schedule = once(0);
    schedule.phase_spread = length;
    let items = Items::Drawn { count, size: size.clone(), fill };
    add_with(&mut model, fleet("f", items, schedule), (WEST, None), client);
    model
}

/// Sums of each of many replications.
fn replicate(n_runs: u32, model: impl Fn(u32) -> Model + Sync) -> Vec<Sums> {
    let one = |replication| {
        let mut sums = Sums::default();
        drive::run::<Levels>(&model(replication), replication, Keep { series: false }, &mut sums);
        sums
    };
    (0..n_runs).into_par_iter().map(one).collect()
}

/// The closed form lies within the runs' own 99.9 % limits, which are no further away than `most`.
fn assert_within(name: &str, values: &[f64], expected: f64, most: f64) {
    let estimate = Estimate::of(values, 0.999).expect("runs");
    let interval = estimate.interval.expect("several runs");
    let width = interval.half_width() / expected;
    assert!(interval.contains(expected), "{name}: {estimate:?}, expected {expected}");
    assert!(width <= most, "{name}: limits of ± {:.1} %", 100.0 * width);
}

fn exponential() -> Distribution {
    Distribution::Exponential { mean: SERVICE * Rate::mib_per_s(100).get() }
}

/// Erlang's B by its recursion: the share of arrivals that find all servers busy and go away.
fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, i| load * b / (f64::from(i) + load * b))
}

/// Erlang's C: the share of arrivals that have to wait where nobody goes away.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let b = erlang_b(servers, load);
    b / (1.0 - load / f64::from(servers) * (1.0 - b))
}

/// M/M/c: P(W > 0) = C, E[W | W > 0] = 1 / (c − a) mean service times, E[W] the product.
fn waits_in_slots(servers: u32, load: f64, (n_runs, n): (u32, f64)) {
    let size = exponential();
    let sums = replicate(n_runs, |replication| {
        let client = Client { max_waiting: u32::MAX, ..queue("f", QueueOrder::Fifo) };
        let mut model = arrivals(replication, n, (load, &size), client);
        model.accounts[0].limits.snapshot_slots = servers;
        model
    });
    let means: Vec<f64> = sums.iter().map(|sums| sums.wait / count_u64(sums.n)).collect();
    let shares: Vec<f64> =
        sums.iter().map(|sums| count_u64(sums.waited) / count_u64(sums.n)).collect();
    let those: Vec<f64> = sums.iter().map(|sums| sums.wait / count_u64(sums.waited)).collect();
    let waiting = erlang_c(servers, load);
    let wait = SERVICE / (f64::from(servers) - load);
    assert_within("share that waits", &shares, waiting, 0.05);
    assert_within("mean wait of those", &those, wait, 0.05);
    assert_within("mean wait", &means, waiting * wait, 0.05);
}

/// Tabled values: c = 2, ρ = 0.8: C = 0.71111111; c = 20, ρ = 0.95: 0.75540123; B(10, 8) =
/// 0.12166106, B(20, 18) = 0.10921285.
#[test]
fn the_closed_forms_are_those_of_the_tables() {
    assert!((erlang_c(2, 1.6) - 0.711_111_11).abs() < 1e-8);
    assert!((erlang_c(20, 19.0) - 0.755_401_23).abs() < 1e-8);
    assert!((erlang_b(10, 8.0) - 0.121_661_06).abs() < 1e-8);
    assert!((erlang_b(20, 18.0) - 0.109_212_85).abs() < 1e-8);
}

#[test]
fn two_slots_at_seven_tenths() {
    waits_in_slots(2, 1.4, (170, 12_500.0));
}

#[test]
fn ten_slots_at_seven_tenths() {
    waits_in_slots(10, 7.0, (170, 20_000.0));
}

#[test]
fn twenty_slots_at_eight_tenths() {
    waits_in_slots(20, 16.0, (170, 42_000.0));
}

/// M/G/c/c: who gives up at the first refusal is lost by Erlang's B, whatever the law of the sizes.
#[test]
fn copies_given_up_follow_erlangs_b_for_every_law_of_sizes() {
    let constant = Distribution::Constant(SERVICE * Rate::mib_per_s(100).get());
    for size in [exponential(), constant] {
        let sums = replicate(30, |replication| {
            let client = Client { policy: ClientPolicy::GiveUp, ..client("f") };
            let mut model = arrivals(replication, 6000.0, (8.0, &size), client);
            model.accounts[0].limits.snapshot_slots = 10;
            model
        });
        let lost: Vec<f64> =
            sums.iter().map(|sums| count_u64(sums.lost) / count_u64(sums.n)).collect();
        assert_within("share given up", &lost, erlang_b(10, 8.0), 0.05);
    }
}

/// Little's law holds exactly from empty to empty: what waits and what runs, integrated over time,
/// is the sum of the waits and of the services.
#[test]
fn littles_law_is_exact_from_empty_to_empty() {
    let client = Client { max_waiting: u32::MAX, ..queue("f", QueueOrder::Fifo) };
    let mut model = arrivals(0, 500.0, (1.6, &exponential()), client);
    model.accounts[0].limits.snapshot_slots = 2;
    model.warm_up = Span::ZERO;
    model.horizon = Span::from_days(7);
    let (rows, _) = run(&model);
    assert!(rows.copies.iter().all(|row| row.ended.unwrap() < model.end()), "empty at the end");
    let sum = |span: fn(&crate::support::Row) -> Span| {
        rows.copies.iter().map(|row| span(row).secs()).sum::<f64>()
    };
    let waits = sum(|row| row.accepted.unwrap().since(row.asked.unwrap()));
    let services = sum(|row| row.ended.unwrap().since(row.accepted.unwrap()));
    let mut sink = Sums::default();
    let result = drive::run::<Levels>(&model, 0, Keep { series: true }, &mut sink);
    for (kind, expected) in [(SeriesKind::Waiting, waits), (SeriesKind::Slots, services)] {
        let is_it = |s: &&drive::Series| s.kind == kind && s.name == "us-west-2";
        let series = result.series.iter().find(is_it).expect("a series");
        let integral: f64 = series.means.iter().map(|mean| mean * BIN.secs()).sum();
        assert_eq!(series.means.len(), 7 * 288);
        assert!((integral - expected).abs() < 1e-9 * expected, "{kind:?} {integral} {expected}");
        assert!(0.0 < expected);
    }
}
