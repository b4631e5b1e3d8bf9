//! Flow-level runs: flows enter the network alone, and leave when their bytes are through.

use std::collections::BTreeMap;

use crate::engine::network::{
    DefaultNetwork, Flow, FlowIdx, LinkIdx, Network, OneLink, RouteIdx, Tier,
};
use crate::units::{Bytes, Instant, Rate, Span, index_u32};

/// Flows and the links that they cross.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowCase {
    /// Capacity of each link.
    pub links: Vec<Rate>,
    /// The flows, in any order.
    pub flows: Vec<FlowArrival>,
}

/// One flow of a flow-level run.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowArrival {
    /// When it enters, counted from the start of the run.
    pub arrives: Span,
    /// What it moves.
    pub bytes: Bytes,
    /// Links that it crosses, as indices into [`FlowCase::links`], without repeats.
    pub path: Vec<usize>,
    /// Most that it may carry; infinite for none.
    pub cap: Rate,
}

/// What a flow-level run gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowOutcome {
    /// When each flow ended, counted from the start of the run, in the order of the case; `None`
    /// for one that stalls for ever on a link without capacity.
    pub finished: Vec<Option<Span>>,
    /// How many flows ended.
    pub n_ended: u64,
    /// How many events there were: arrivals and ends.
    pub n_events: u64,
}

/// Runs a case until no flow ends any more.
///
/// Flows enter in time order, those of one instant in the order of the case, and the network
/// knows of a flow only while it runs.
pub fn run<N: Network + Default>(case: &FlowCase) -> FlowOutcome {
    let mut network = N::default();
    for &capacity in &case.links {
        network.add_link(capacity);
    }
    let routes = add_routes(&mut network, &case.flows);
    let mut arrivals: Vec<usize> = (0..case.flows.len()).collect();
    arrivals.sort_by_key(|&flow| case.flows[flow].arrives); // stable: ties in the order of the case
    let mut arrivals = arrivals.into_iter().peekable();

    let mut slots = Slots::default();
    let mut outcome =
        FlowOutcome { finished: vec![None; case.flows.len()], ..FlowOutcome::default() };
    let (mut ended, mut changed) = (Vec::new(), Vec::new());
    loop {
        let arrives = arrivals.peek().map(|&flow| Instant::ZERO + case.flows[flow].arrives);
        let Some(now) = arrives.into_iter().chain(network.next_end()).min() else { break };
        network.take_ended(now, &mut ended);
        for idx in ended.drain(..) {
            outcome.finished[slots.give_back(idx)] = Some(now.since(Instant::ZERO));
            outcome.n_ended += 1;
            outcome.n_events += 1;
        }
        while let Some(flow) =
            arrivals.next_if(|&flow| Instant::ZERO + case.flows[flow].arrives == now)
        {
            let idx = slots.take(flow);
            network.start(now, idx, &entering(&case.flows[flow], routes[flow], flow));
            outcome.n_events += 1;
        }
        network.settle(now);
        network.drain_changed(&mut changed);
        changed.clear(); // nobody asks who was limited by what
    }
    outcome
}

/// Runs a case on the fastest network that bears it. All give the same.
pub fn run_fastest(case: &FlowCase) -> FlowOutcome {
    let flows = case.flows.iter().map(|flow| (flow.path.as_slice(), flow.cap));
    if OneLink::bears(case.links.len(), flows) {
        run::<OneLink>(case)
    } else {
        run::<DefaultNetwork>(case)
    }
}

/// One route for each path, whoever takes it.
fn add_routes(network: &mut impl Network, flows: &[FlowArrival]) -> Vec<RouteIdx> {
    let mut known: BTreeMap<&[usize], RouteIdx> = BTreeMap::new();
    let mut routes = Vec::with_capacity(flows.len());
    for flow in flows {
        routes.push(*known.entry(&flow.path).or_insert_with(|| {
            let path = flow.path.iter().map(|&link| LinkIdx(index_u32(link)));
            network.add_route(&path.collect::<Vec<_>>())
        }));
    }
    routes
}

fn entering(flow: &FlowArrival, route: RouteIdx, place: usize) -> Flow {
    Flow {
        route,
        bytes: flow.bytes.as_f64(),
        cap: flow.cap,
        ends_at: None,
        tier: Tier::First,
        tie: u64::from(index_u32(place)),
    }
}

/// Which flow of the case runs in which slot of the network; slots are used again.
#[derive(Debug, Default)]
struct Slots {
    flow: Vec<usize>,
    free: Vec<FlowIdx>,
}

impl Slots {
    fn take(&mut self, flow: usize) -> FlowIdx {
        if let Some(idx) = self.free.pop() {
            self.flow[idx.at()] = flow;
            return idx;
        }
        self.flow.push(flow);
        FlowIdx(index_u32(self.flow.len() - 1))
    }

    fn give_back(&mut self, idx: FlowIdx) -> usize {
        self.free.push(idx);
        self.flow[idx.at()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::network::Reference;

    fn flow(secs: u64, bytes: u64, path: &[usize], cap: Rate) -> FlowArrival {
        FlowArrival {
            arrives: Span::from_secs(secs),
            bytes: Bytes::new(bytes),
            path: path.to_vec(),
            cap,
        }
    }

    fn secs(outcome: &FlowOutcome) -> Vec<Option<f64>> {
        outcome.finished.iter().map(|span| span.map(Span::secs)).collect()
    }

    /// On 10 B/s: 80 B from 0 s alone until 2 s (20 B), then beside 30 B from 2 s, 5 B/s each: the
    /// later one ends at 8 s with 30 B of the first still to go, which take 3 s alone: 11 s.
    #[test]
    fn flows_enter_in_time_order_and_are_told_in_input_order() {
        let flows = vec![flow(2, 30, &[0], Rate::INFINITE), flow(0, 80, &[0], Rate::INFINITE)];
        let outcome = run::<Reference>(&FlowCase { links: vec![Rate::new(10.0)], flows });
        assert_eq!(secs(&outcome), [Some(8.0), Some(11.0)]);
        assert_eq!((outcome.n_ended, outcome.n_events), (2, 4));
    }

    #[test]
    fn no_bytes_end_at_arrival_and_no_capacity_never_ends() {
        let flows = vec![
            flow(3, 0, &[0], Rate::INFINITE),
            flow(1, 9, &[0], Rate::INFINITE),
            flow(1, 9, &[], Rate::new(3.0)),
        ];
        let outcome = run::<Reference>(&FlowCase { links: vec![Rate::ZERO], flows });
        assert_eq!(secs(&outcome), [Some(3.0), None, Some(4.0)]);
    }

    /// The first case above has one link and no caps; with a cap of 4 B/s for one of its flows, or with a
    /// route of two links, it is none for the network of one link.
    #[test]
    fn the_network_of_one_link_takes_what_it_bears_and_no_more() {
        let flows = [flow(2, 30, &[0], Rate::INFINITE), flow(0, 80, &[0], Rate::INFINITE)];
        let capped = [flows[0].clone(), FlowArrival { cap: Rate::new(4.0), ..flows[1].clone() }];
        let beside = [flows[0].clone(), flow(0, 80, &[1], Rate::new(4.0))];
        let over_two = [flows[0].clone(), flow(0, 80, &[0, 1], Rate::INFINITE)];
        let bears = |flows: &[FlowArrival]| {
            OneLink::bears(2, flows.iter().map(|flow| (flow.path.as_slice(), flow.cap)))
        };
        assert_eq!([bears(&flows), bears(&capped)], [true, false]);
        assert_eq!([bears(&beside), bears(&over_two)], [true, false]);
        for flows in [flows, capped, beside, over_two] {
            let case = FlowCase { links: vec![Rate::new(10.0); 2], flows: flows.to_vec() };
            assert_eq!(run_fastest(&case), run::<Reference>(&case));
        }
    }

    #[test]
    fn a_case_without_flows_is_over_at_once() {
        assert_eq!(run::<Reference>(&FlowCase::default()), FlowOutcome::default());
    }
}
