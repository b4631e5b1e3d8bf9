//! Queues whose answer is known in closed form, met within the replications' own interval.
//!
//! The link carries 1 unit of work a second, flows have a mean size of one unit, and arrivals are
//! Poisson at a rate equal to the load. Each figure is the mean over independent replications; its
//! 99.9 % Student interval must hold the exact value and be at most 5 % of it to either side, so
//! that neither a wrong network nor an idle test can pass.

use rand_pcg::Pcg64Mcg;
use snapferry::drive::flows::{FlowArrival, FlowCase, run};
use snapferry::engine::network::{Flow, FlowIdx, Levels, LinkIdx, Network, RouteIdx, Tier};
use snapferry::rng::{Chance, NameHash, Purpose, unit};
use snapferry::units::{Bytes, Instant, Rate, Span, count, floor_count, index_u32};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::workloads::generator::{DL110, w4};

/// Bytes of one unit of work: fine enough that whole bytes and nanoseconds do not show.
const UNIT: f64 = 1e9;
const SEED: u64 = 20_261_120;
const N_REPLICATIONS: u32 = 30;
/// Share of the flows at either end of a run that are not counted: the queue fills, and empties.
const EDGE: f64 = 0.05;
/// Two-sided confidence of all intervals.
const CONFIDENCE: f64 = 0.999;
const HALF_WIDTH_MAX: f64 = 0.05;

/// How sizes are distributed, with mean 1.
#[derive(Debug, Clone, Copy)]
enum Size {
    Fixed,
    Exponential,
    /// Sigma 1.2, and mu so that the mean is 1.
    Lognormal,
    /// Two exponentials of equal load; squared coefficient of variation 5.
    Hyperexponential,
    /// Exponent 1.5 on [0.3367, 3367].
    BoundedPareto,
}

impl Size {
    fn draw(self, rng: &mut Pcg64Mcg) -> f64 {
        match self {
            Size::Fixed => 1.0,
            Size::Exponential => exponential(rng),
            Size::Lognormal => {
                let radius = libm::sqrt(2.0 * exponential(rng));
                let normal = radius * libm::cos(std::f64::consts::TAU * unit(rng));
                libm::exp(1.2 * normal - 0.72)
            }
            Size::Hyperexponential => {
                // Balanced means: p = (1 + sqrt((cv² - 1) / (cv² + 1))) / 2.
                let p = f64::midpoint(1.0, libm::sqrt(4.0 / 6.0));
                let branch = if unit(rng) < p { p } else { 1.0 - p };
                exponential(rng) / (2.0 * branch)
            }
            Size::BoundedPareto => {
                let (least, most) = (0.3367, 3367.0);
                let tail = 1.0 - unit(rng) * (1.0 - libm::pow(least / most, 1.5));
                least * libm::pow(tail, -1.0 / 1.5)
            }
        }
    }
}

fn exponential(rng: &mut Pcg64Mcg) -> f64 {
    -libm::log(1.0 - unit(rng))
}

/// A queue: one link, Poisson arrivals.
#[derive(Debug, Clone, Copy)]
struct Queue {
    load: f64,
    size: Size,
    /// Most that a flow may carry, in units a second.
    cap: f64,
    /// Flows per replication.
    n_flows: usize,
}

/// What one replication showed of the flows between the edges, in units of work and seconds.
struct Seen {
    /// Size and time in system of each flow.
    flows: Vec<(f64, f64)>,
    /// Share of time with so many flows in the system; the last counts that many and more.
    share_of_n: Vec<f64>,
    /// Mean number of flows in the system.
    mean_n: f64,
}

impl Seen {
    fn mean(&self, value: impl Fn(f64, f64) -> f64) -> f64 {
        self.flows.iter().map(|&(size, time)| value(size, time)).sum::<f64>()
            / count(self.flows.len())
    }

    /// Mean of time over size of the flows whose size lies in a range.
    fn slowdown(&self, from: f64, to: f64) -> f64 {
        let within = || self.flows.iter().filter(|(size, _)| from <= *size && *size < to);
        within().map(|(size, time)| time / size).sum::<f64>() / count(within().count())
    }
}

impl Queue {
    fn case(&self, replication: u32) -> FlowCase {
        let chance = Chance::new(SEED, replication);
        let Queue { load, size, cap, .. } = self;
        let name = NameHash::of("theory").child(&format!("{load} {size:?} {cap}"));
        let mut gaps = chance.stream(Purpose::Arrival, name);
        let mut sizes = chance.stream(Purpose::CopyBytes, name);
        let mut at = 0.0;
        let flow = |_| {
            at += exponential(&mut gaps) / self.load;
            FlowArrival {
                arrives: Span::from_secs_f64(at),
                bytes: Bytes::from_f64(self.size.draw(&mut sizes) * UNIT),
                path: vec![0],
                cap: Rate::new(self.cap * UNIT),
            }
        };
        FlowCase { links: vec![Rate::new(UNIT)], flows: (0..self.n_flows).map(flow).collect() }
    }

    fn replicate(&self, replication: u32) -> Seen {
        let case = self.case(replication);
        let outcome = run::<Levels>(&case);
        let times: Vec<(Span, Span)> = case
            .flows
            .iter()
            .zip(&outcome.finished)
            .map(|(flow, finished)| (flow.arrives, finished.expect("every flow ends")))
            .collect();
        let edge = floor_count(EDGE * count(self.n_flows));
        let counted = edge..self.n_flows - edge;
        let flows = counted.clone().map(|idx| {
            let (arrives, finished) = times[idx];
            (case.flows[idx].bytes.as_f64() / UNIT, (finished - arrives).secs())
        });
        let window = (times[counted.start].0, times[counted.end].0);
        let (share_of_n, mean_n) = occupancy(&times, window);
        Seen { flows: flows.collect(), share_of_n, mean_n }
    }

    fn replications(&self) -> Vec<Seen> {
        (0..N_REPLICATIONS).map(|replication| self.replicate(replication)).collect()
    }
}

/// Share of the window with n flows in the system, n up to 60, and their mean number.
fn occupancy(times: &[(Span, Span)], window: (Span, Span)) -> (Vec<f64>, f64) {
    let mut changes: Vec<(Span, bool)> = Vec::with_capacity(2 * times.len());
    for &(arrives, finished) in times {
        changes.push((arrives, true));
        changes.push((finished, false));
    }
    changes.sort_unstable();
    let mut spans = vec![Span::ZERO; 61];
    let (mut n, mut weighted, mut since) = (0usize, 0.0, Span::ZERO);
    for (at, is_arrival) in changes {
        let from = since.clamp(window.0, window.1);
        let to = at.clamp(window.0, window.1);
        spans[n.min(60)] += to - from;
        weighted += count(n) * (to - from).secs();
        since = at;
        n = if is_arrival { n + 1 } else { n - 1 };
    }
    let whole = (window.1 - window.0).secs();
    (spans.iter().map(|span| span.secs() / whole).collect(), weighted / whole)
}

/// The 99.9 % interval of the mean over replications holds `expected`, and is narrow.
#[track_caller]
fn assert_mean(what: &str, expected: f64, replications: &[Seen], value: impl Fn(&Seen) -> f64) {
    let n = count(replications.len());
    let values: Vec<f64> = replications.iter().map(value).collect();
    let mean = values.iter().sum::<f64>() / n;
    let variance =
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let student = StudentsT::new(0.0, 1.0, n - 1.0).expect("a law with degrees of freedom");
    let quantile = student.inverse_cdf(f64::midpoint(1.0, CONFIDENCE));
    let half_width = quantile * libm::sqrt(variance / n);
    let text = format!("{what}: {mean:.5} ± {half_width:.5}, exactly {expected:.5}");
    assert!(half_width <= HALF_WIDTH_MAX * expected, "{text}: too wide");
    assert!((mean - expected).abs() <= half_width, "{text}");
}

/// M/M/1 processor sharing: P(N = n) = (1 - ρ) ρ^n, E[N] = ρ / (1 - ρ), E[T] = 1 / (1 - ρ),
/// E[T | size x] = x / (1 - ρ).
fn assert_exponential_sizes(load: f64, n_flows: usize) -> Vec<Seen> {
    let queue = Queue { load, size: Size::Exponential, cap: f64::INFINITY, n_flows };
    let seen = queue.replications();
    let mean_time = 1.0 / (1.0 - load);
    assert_mean("E[T]", mean_time, &seen, |seen| seen.mean(|_, time| time));
    assert_mean("E[N]", load * mean_time, &seen, |seen| seen.mean_n);
    assert_mean("utilisation", load, &seen, |seen| 1.0 - seen.share_of_n[0]);
    assert_mean("P(N = 1)", (1.0 - load) * load, &seen, |seen| seen.share_of_n[1]);
    assert_mean("P(N = 3)", (1.0 - load) * load * load * load, &seen, |seen| seen.share_of_n[3]);
    for (from, to) in [(0.0, 0.5), (0.5, 2.0), (2.0, f64::INFINITY)] {
        let what = format!("E[T / x] for x from {from} to {to}");
        assert_mean(&what, mean_time, &seen, |seen| seen.slowdown(from, to));
    }
    seen
}

/// SD[T] = sqrt((2 + ρ) / (2 - ρ)) / (1 - ρ) = 2.581989, so E[T²] = 2.581989² + 2² = 10.666667.
#[test]
fn exponential_sizes_at_load_one_half() {
    let seen = assert_exponential_sizes(0.5, 20_000);
    assert_mean("E[T²]", 10.666_667, &seen, |seen| seen.mean(|_, time| time * time));
}

#[test]
fn exponential_sizes_at_load_four_fifths() {
    assert_exponential_sizes(0.8, 45_000);
}

#[test]
fn exponential_sizes_at_load_nine_tenths() {
    assert_exponential_sizes(0.9, 120_000);
}

/// Processor sharing does not see the law of the sizes: E[T] = 1 / (1 - ρ), and so does the mean
/// slowdown.
fn assert_insensitive(load: f64, size: Size, n_flows: usize) {
    let seen = Queue { load, size, cap: f64::INFINITY, n_flows }.replications();
    let mean_time = 1.0 / (1.0 - load);
    let what = |what: &str| format!("{what} with sizes {size:?}");
    assert_mean(&what("E[T]"), mean_time, &seen, |seen| seen.mean(|_, time| time));
    assert_mean(&what("E[T / x]"), mean_time, &seen, |seen| seen.slowdown(0.0, f64::INFINITY));
    assert_mean(&what("E[N]"), load * mean_time, &seen, |seen| seen.mean_n);
    assert_mean(&what("utilisation"), load, &seen, |seen| 1.0 - seen.share_of_n[0]);
}

#[test]
fn fixed_sizes_wait_as_long_as_exponential_ones() {
    assert_insensitive(0.8, Size::Fixed, 20_000);
}

#[test]
fn lognormal_sizes_wait_as_long_as_exponential_ones() {
    assert_insensitive(0.8, Size::Lognormal, 50_000);
}

#[test]
fn hyperexponential_sizes_wait_as_long_as_exponential_ones() {
    assert_insensitive(0.8, Size::Hyperexponential, 75_000);
}

#[test]
fn bounded_pareto_sizes_wait_as_long_as_exponential_ones() {
    assert_insensitive(0.5, Size::BoundedPareto, 60_000);
}

/// What Cohen's generalised processor sharing says of a link with a cap per flow.
///
/// With n flows the link works at φ(n) = min(n cap, 1), so π(n) ∝ ρ^n / (φ(1) … φ(n)), whatever
/// the law of the sizes; E[T] = E[N] / ρ, and the link is full while 1 < n cap. Above 1 / cap the
/// terms fall by ρ each, so 2,000 of them leave nothing out.
struct Capped {
    mean_n: f64,
    share_full: f64,
}

fn generalised_sharing(load: f64, cap: f64) -> Capped {
    let (mut weight, mut total, mut weighted, mut full) = (1.0, 1.0, 0.0, 0.0);
    for n in 1..=2_000 {
        let work = (count(n) * cap).min(1.0);
        weight *= load / work;
        total += weight;
        weighted += count(n) * weight;
        if 1.0 < count(n) * cap {
            full += weight;
        }
    }
    Capped { mean_n: weighted / total, share_full: full / total }
}

/// Rows of the published table: cap, load, E[N], share of time with more flows than fit.
const TABLE: [(f64, f64, f64, f64); 5] = [
    (0.1, 0.8, 9.636_720_60, 0.327_344_12),
    (0.05, 0.9, 22.956_921_04, 0.495_692_10),
    (0.041_943_04, 0.9, 26.122_230_36, 0.509_334_56),
    (0.3, 0.7, 3.463_570_27, 0.376_745_65),
    (2.0, 0.8, 4.0, 0.8),
];

/// The formula above gives the table's figures: a check of the two against each other.
#[test]
fn generalised_sharing_gives_the_published_table() {
    for (cap, load, mean_n, share_full) in TABLE {
        let exact = generalised_sharing(load, cap);
        assert!((exact.mean_n - mean_n).abs() < 1e-8, "{}", exact.mean_n);
        assert!((exact.share_full - share_full).abs() < 1e-8, "{}", exact.share_full);
    }
}

fn assert_capped(cap: f64, load: f64, size: Size, n_flows: usize) {
    let exact = generalised_sharing(load, cap);
    let seen = Queue { load, size, cap, n_flows }.replications();
    let what = |what: &str| format!("{what} with cap {cap} and sizes {size:?}");
    let mean_time = exact.mean_n / load;
    let first_above = floor_count(1.0 / cap + 1e-9) + 1;
    assert_mean(&what("E[N]"), exact.mean_n, &seen, |seen| seen.mean_n);
    assert_mean(&what("E[T]"), mean_time, &seen, |seen| seen.mean(|_, time| time));
    assert_mean(&what("E[T / x]"), mean_time, &seen, |seen| seen.slowdown(0.0, f64::INFINITY));
    assert_mean(&what("P(full)"), exact.share_full, &seen, |seen| {
        seen.share_of_n[first_above..].iter().sum()
    });
}

/// The integer case C / cap = 10 and one that is not, 3.33; caps above the link change nothing.
#[test]
fn caps_that_hold_few_flows() {
    assert_capped(0.1, 0.8, Size::Exponential, 20_000);
    assert_capped(0.3, 0.7, Size::Lognormal, 20_000);
    assert_capped(2.0, 0.8, Size::Exponential, 30_000);
}

#[test]
fn caps_that_hold_many_flows() {
    assert_capped(0.05, 0.9, Size::Exponential, 40_000);
}

/// 500 MiB/s on a link of 100 Gbit/s.
#[test]
fn caps_of_copies_on_a_fast_link() {
    assert_capped(0.041_943_04, 0.9, Size::Hyperexponential, 130_000);
}

/// A link without caps works whenever there is work, so its busy periods are those of any order of
/// service: they follow from arrivals and sizes alone, one flow after the other.
#[test]
fn busy_periods_are_those_of_any_work_conserving_order() {
    for size in [Size::Exponential, Size::Fixed, Size::BoundedPareto] {
        let queue = Queue { load: 0.8, size, cap: f64::INFINITY, n_flows: 5_000 };
        let case = queue.case(0);
        let outcome = run::<Levels>(&case);
        let ends: Vec<f64> =
            outcome.finished.iter().map(|span| span.expect("ends").secs()).collect();
        let (mut done_at, mut first, mut n_periods) = (0.0, 0, 0);
        for (idx, flow) in case.flows.iter().enumerate() {
            let arrives = flow.arrives.secs();
            if done_at < arrives && 0 < idx {
                let last = ends[first..idx].iter().fold(0.0, |a: f64, b| a.max(*b));
                // Each of the period's events may round up by a nanosecond.
                let slack = 1e-9 * (2.0 * count(idx - first) + 1.0);
                assert!((last - done_at).abs() <= slack, "busy until {last}, not {done_at}");
                (first, n_periods) = (idx, n_periods + 1);
            }
            done_at = done_at.max(arrives) + flow.bytes.as_f64() / UNIT;
        }
        // At load 0.8 one arrival in five finds the link idle: about 1,000 of 5,000.
        assert!(500 < n_periods, "{n_periods} busy periods");
    }
}

/// Flows of a network of 30 sites under overload, started and ended by hand from empty to empty.
///
/// Each link carries the bytes of the flows that cross it, ∫ use dt, and never more than its
/// capacity; and Little's law holds as it is, ∫ N dt = Σ T.
#[test]
fn links_carry_the_bytes_of_their_flows_and_no_flow_is_lost() {
    let case = w4(1_000, &DL110);
    let mut network = Levels::default();
    let links: Vec<LinkIdx> = case.links.iter().map(|&rate| network.add_link(rate)).collect();
    let mut carried = vec![0.0; links.len()];
    let (mut next, mut n_running, mut now, mut n_dt, mut times) = (0, 0usize, Span::ZERO, 0.0, 0.0);
    let at = |span: Span| Instant::ZERO + span;
    loop {
        let arrives = case.flows.get(next).map(|flow| at(flow.arrives));
        let Some(then) = arrives.into_iter().chain(network.next_end()).min() else { break };
        let passed = then.since(at(now)).secs();
        n_dt += count(n_running) * passed;
        for (&link, carried) in links.iter().zip(&mut carried) {
            let used = network.link_use(link);
            assert!(used.get() <= case.links[link.at()].get() * (1.0 + 1e-9), "{link:?}: {used}");
            *carried += used.get() * passed;
        }
        now = then.since(Instant::ZERO);
        let mut ended = Vec::new();
        network.take_ended(then, &mut ended);
        for idx in ended {
            times += (now - case.flows[idx.at()].arrives).secs();
            n_running -= 1;
        }
        while let Some(flow) = case.flows.get(next).filter(|flow| flow.arrives == now) {
            let path: Vec<LinkIdx> = flow.path.iter().map(|&link| links[link]).collect();
            let route = network.add_route(&path);
            network.start(then, FlowIdx(index_u32(next)), &entering(flow, route));
            (next, n_running) = (next + 1, n_running + 1);
        }
        network.settle(then);
    }
    assert_eq!((next, n_running), (1_000, 0));
    assert!((n_dt - times).abs() <= 1e-9 * times, "{n_dt} flow-seconds, not {times}");
    for (idx, carried) in carried.iter().enumerate() {
        let flows = case.flows.iter().filter(|flow| flow.path.contains(&idx));
        let bytes: f64 = flows.map(|flow| flow.bytes.as_f64()).sum();
        assert!(
            (carried - bytes).abs() <= 1e-9 * bytes + 1e3,
            "link {idx}: {carried}, not {bytes}"
        );
    }
}

fn entering(flow: &FlowArrival, route: RouteIdx) -> Flow {
    let (bytes, cap) = (flow.bytes.as_f64(), flow.cap);
    Flow { route, bytes, cap, ends_at: None, tier: Tier::First, tie: 0 }
}
