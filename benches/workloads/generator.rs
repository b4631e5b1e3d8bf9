//! Workloads of flows from fixed seeds, equal on every machine.
//!
//! W1: one link of 1 GiB/s, Poisson arrivals at load 0.9, exponential sizes of mean 1 GiB, no
//! caps. W2: 30 sites, each with an egress and an ingress link of 12.5 GB/s, and a link of 0.5,
//! 1.25, 2.5, or 5 GB/s per ordered pair of sites; a flow goes egress, pair, ingress with a cap of
//! 500 MiB/s; lognormal sizes of median 4 GiB. W4: the links of W2, sizes of median 256 GiB, and a
//! cap of its own for each flow, as a time-based copy has: bytes / (15 min × 1, 2, 4, or 8).

use std::f64::consts::PI;

use mersenne::Mersenne;
use snapferry::drive::flows::{FlowArrival, FlowCase};
use snapferry::units::{Bytes, Rate, Span, count, floor_count};

#[path = "mersenne.rs"]
mod mersenne;

const GIB: f64 = 1_073_741_824.0;
const MIB: f64 = 1_048_576.0;
const SITES: usize = 30;
/// Capacity of a site's egress and ingress, bytes per second.
const SITE_CAPACITY: f64 = 12.5e9;
const CAP: f64 = 500.0 * MIB;
/// Of the logarithm of the sizes of W2 and W4.
const SIGMA: f64 = 1.2;

/// How W2 is loaded: seed, flows at once per destination at the start, offered load after that.
pub(crate) struct Batch {
    seed: u32,
    per_site: usize,
    load: f64,
}

/// W2 with some 20 concurrent flows per destination.
pub(crate) const C20: Batch = Batch { seed: 2020, per_site: 20, load: 0.70 };
/// W2 with some 200 concurrent flows per destination.
pub(crate) const C200: Batch = Batch { seed: 2200, per_site: 200, load: 1.08 };
/// W2 at twice what the sites take in: flows pile up, to some 0.4 of their number at once.
pub(crate) const OVER: Batch = Batch { seed: 2999, per_site: 0, load: 2.0 };

/// How W4 is loaded: seed and offered load.
pub(crate) struct Paced {
    seed: u32,
    load: f64,
}

/// W4 below overload: most flows run at their caps.
pub(crate) const DL70: Paced = Paced { seed: 4070, load: 0.70 };
/// W4 under overload.
pub(crate) const DL110: Paced = Paced { seed: 4110, load: 1.10 };

/// The first `n` flows of W1.
pub(crate) fn w1(n: usize) -> FlowCase {
    let mut rng = Mersenne::new(1001);
    let mut at = 0.0;
    let mut flow = |_| {
        at += exponential(&mut rng, 1.0 / 0.9);
        let bytes = exponential(&mut rng, GIB).max(1.0);
        arrival(at, bytes, vec![0], Rate::INFINITE)
    };
    FlowCase { links: vec![Rate::new(GIB)], flows: (0..n).map(&mut flow).collect() }
}

/// The first `n` flows of W2.
pub(crate) fn w2(n: usize, batch: &Batch) -> FlowCase {
    let mut rng = Mersenne::new(batch.seed);
    let links = links(&mut rng);
    let gap = lognormal_mean(4.0 * GIB) / (batch.load * SITE_CAPACITY * count(SITES));
    let mut at = 0.0;
    let mut flow = |k| {
        at = if k < batch.per_site * SITES {
            count(k) * 1e-3
        } else {
            at + exponential(&mut rng, gap)
        };
        let path = path(&mut rng);
        let bytes = lognormal(&mut rng, 4.0 * GIB).clamp(MIB, MIB * MIB);
        arrival(at, bytes, path, Rate::new(CAP))
    };
    let flows = (0..n).map(&mut flow).collect();
    FlowCase { links, flows }
}

/// The first `n` flows of W4.
pub(crate) fn w4(n: usize, paced: &Paced) -> FlowCase {
    let links = links(&mut Mersenne::new(C20.seed));
    let mut rng = Mersenne::new(paced.seed);
    let gap = lognormal_mean(256.0 * GIB) / (paced.load * SITE_CAPACITY * count(SITES));
    let mut at = 0.0;
    let mut flow = |_| {
        at += exponential(&mut rng, gap);
        let path = path(&mut rng);
        let bytes = lognormal(&mut rng, 256.0 * GIB).clamp(GIB, 64.0 * 1024.0 * GIB).floor();
        let periods = [1.0, 2.0, 4.0, 8.0][floor_count(4.0 * rng.unit())];
        arrival(at, bytes, path, Rate::new(CAP.min(bytes / (900.0 * periods))))
    };
    let flows = (0..n).map(&mut flow).collect();
    FlowCase { links, flows }
}

fn arrival(secs: f64, bytes: f64, path: Vec<usize>, cap: Rate) -> FlowArrival {
    let bytes = Bytes::from_f64(bytes.floor());
    FlowArrival { arrives: Span::from_secs_f64(secs), bytes, path, cap }
}

/// Egress and ingress of each site, then a link per ordered pair.
fn links(rng: &mut Mersenne) -> Vec<Rate> {
    let mut links = vec![Rate::new(SITE_CAPACITY); 2 * SITES];
    for _pair in 0..SITES * (SITES - 1) {
        links.push(Rate::new(match rng.unit() {
            u if u < 0.1 => 0.5e9,
            u if u < 0.3 => 1.25e9,
            u if u < 0.65 => 2.5e9,
            _ => 5e9,
        }));
    }
    links
}

/// Egress, pair, and ingress of two different sites.
fn path(rng: &mut Mersenne) -> Vec<usize> {
    let from = floor_count(rng.unit() * count(SITES));
    let other = floor_count(rng.unit() * count(SITES - 1)); // among the others, in order
    let to = if from <= other { other + 1 } else { other };
    vec![from, 2 * SITES + from * (SITES - 1) + other, SITES + to]
}

fn exponential(rng: &mut Mersenne, mean: f64) -> f64 {
    -mean * libm::log(1.0 - rng.unit())
}

fn lognormal(rng: &mut Mersenne, median: f64) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - rng.unit()));
    median * libm::exp(SIGMA * (radius * libm::cos(2.0 * PI * rng.unit())))
}

fn lognormal_mean(median: f64) -> f64 {
    median * libm::exp(SIGMA * SIGMA / 2.0)
}
