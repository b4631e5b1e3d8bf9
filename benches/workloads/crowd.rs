//! A network in which many flows run, for what measures one event.

use snapferry::engine::network::{Flow, FlowIdx, LinkIdx, Network, RouteIdx, Tier};
use snapferry::units::{Instant, Rate, Span, count, index_u32};

const SITES: usize = 6;
const MIB: f64 = 1_048_576.0;
/// Bytes of a flow: so many that none ends while the bench runs.
const PLENTY: f64 = 1e18;

/// A network of six sites in which `n` flows run; asked for 1.4 times what the sites carry.
pub(crate) struct Running<N> {
    network: N,
    routes: Vec<RouteIdx>,
    now: Instant,
    n: usize,
    equal: bool,
}

impl<N: Network + Default> Running<N> {
    /// `n` flows whose caps are equal, or spread over a factor of two.
    pub(crate) fn new(n: usize, equal: bool) -> Running<N> {
        let mut network = N::default();
        let site = Rate::new(500.0 * MIB * count(n) / count(SITES) / 1.4);
        let sites: Vec<LinkIdx> = (0..2 * SITES).map(|_| network.add_link(site)).collect();
        let mut routes = Vec::new();
        for from in 0..SITES {
            for to in (0..SITES).filter(|&to| to != from) {
                let pair = network.add_link(site.scale(0.25));
                routes.push(network.add_route(&[sites[from], pair, sites[SITES + to]]));
            }
        }
        let mut running = Running { network, routes, now: Instant::ZERO, n, equal };
        for idx in 0..n {
            running.start(idx, idx);
        }
        running.network.settle(running.now);
        running
    }

    /// Caps are equal, or spread over a factor of two.
    fn start(&mut self, idx: usize, nth: usize) {
        let share = if self.equal { 1.0 } else { 0.7 + 0.6 * count(nth * 37 % 101) / 101.0 };
        let flow = Flow {
            route: self.routes[nth * 7 % self.routes.len()],
            bytes: PLENTY,
            cap: Rate::new(500.0 * MIB * share),
            ends_at: None,
            tier: Tier::First,
            tie: 0,
        };
        self.network.start(self.now, FlowIdx(index_u32(idx)), &flow);
    }

    /// The flow in slot `nth` (in turn) leaves and another enters on another route.
    pub(crate) fn step(&mut self, nth: usize) {
        self.now = self.now + Span::from_nanos(1_000_003);
        let idx = nth % self.n;
        self.network.remove(self.now, FlowIdx(index_u32(idx)));
        self.start(idx, nth + 1);
        self.network.settle(self.now);
    }
}
