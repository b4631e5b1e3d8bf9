//! The fast network: what an event moves is found by the levels of links, not flow by flow.
//!
//! Where the caps on a link add up to no more than its capacity there is nothing to solve, and a
//! flow's end is final when it starts. Elsewhere the solver sees routes instead of flows, keeps
//! the levels of links between events, and an event moves only the flows whose cap lies between
//! the old and the new level of their route.
//!
//! - `roster`: the flows of a route by cap, and what they ask for at a level;
//! - `link`: what a link is asked for, and the level at which it is full;
//! - `solve`: the levels of the links, repaired where something changed;
//! - `clock`: virtual clocks that run at these levels;
//! - `flow`: the flows, and the ends of those at their caps;
//! - `tier`: one tier, put together from these.

mod roster;
mod link;
mod solve;
mod flow;
mod clock;
mod tier;

use flow::{Flows, Side};
use tier::TierNetwork;

use super::{Flow, FlowIdx, LEFT_OVER_MIN, Limit, LinkIdx, Network, RouteIdx, Tier};
use crate::units::{Instant, Moved, Rate, index_u32};

/// Fluid flows by levels of links, the first tier first.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    capacity: Vec<Rate>,
    n_routes: usize,
    tiers: [TierNetwork; 2],
    flows: Flows,
    /// Whether a flow of the second tier ever came. Before that nobody asks what is left for it.
    has_second: bool,
    /// Links of which the second tier may have more or less than at the latest settle.
    left_anew: Vec<usize>,
}

impl Levels {
    fn tier_of(&self, idx: FlowIdx) -> &TierNetwork {
        &self.tiers[self.flows.running(idx).flow.tier.at()]
    }

    /// Tells the second tier what the first leaves of each link that changed.
    fn hand_down(&mut self) {
        let [first, second] = &mut self.tiers;
        self.left_anew.extend(first.shifted_links());
        self.left_anew.sort_unstable();
        self.left_anew.dedup();
        for link in self.left_anew.drain(..) {
            let capacity = self.capacity[link].get();
            second.set_capacity(link, left_over(capacity, first.used_on(link)));
        }
    }

    /// Takes a flow out of its route and all lists; returns what it still had.
    fn drop_flow(&mut self, now: Instant, idx: FlowIdx) -> Moved {
        let tier = self.flows.running(idx).flow.tier.at();
        let left = self.tiers[tier].leave(now, idx, &self.flows);
        self.flows.leave(idx);
        left
    }
}

/// What is left of a capacity of which `used` is used.
fn left_over(capacity: f64, used: f64) -> f64 {
    if capacity == f64::INFINITY {
        return capacity;
    }
    let left = capacity - used;
    if left < LEFT_OVER_MIN * capacity { 0.0 } else { left }
}

impl Network for Levels {
    fn add_link(&mut self, capacity: Rate) -> LinkIdx {
        self.tiers.iter_mut().for_each(|tier| tier.add_link(capacity.get()));
        self.capacity.push(capacity);
        LinkIdx(index_u32(self.capacity.len() - 1))
    }

    fn add_route(&mut self, links: &[LinkIdx]) -> RouteIdx {
        let links: Vec<usize> = links.iter().map(|link| link.at()).collect();
        self.tiers.iter_mut().for_each(|tier| tier.add_route(&links));
        self.n_routes += 1;
        RouteIdx(index_u32(self.n_routes - 1))
    }

    fn set_capacity(&mut self, _now: Instant, link: LinkIdx, capacity: Rate) {
        self.capacity[link.at()] = capacity;
        self.tiers[Tier::First.at()].set_capacity(link.at(), capacity.get());
        self.left_anew.push(link.at());
    }

    fn start(&mut self, now: Instant, idx: FlowIdx, flow: &Flow) {
        self.flows.enter(now, idx, flow);
        if flow.bytes <= 0.0 {
            self.flows.put(now, idx, Side::Empty);
            return;
        }
        if flow.tier == Tier::Second && !self.has_second {
            self.has_second = true;
            self.left_anew.extend(0..self.capacity.len());
        }
        self.tiers[flow.tier.at()].enter(now, idx, Moved::of(flow.bytes), &mut self.flows);
    }

    fn set_cap(&mut self, now: Instant, idx: FlowIdx, cap: Rate, ends_at: Option<Instant>) {
        let Flow { tier, cap: old_cap, ends_at: old_end, .. } = self.flows.running(idx).flow;
        if cap == old_cap && ends_at == old_end {
            return;
        }
        let is_empty = self.flows.running(idx).side == Side::Empty;
        let left = self.tiers[tier.at()].leave(now, idx, &self.flows);
        let running = self.flows.running_mut(idx);
        (running.flow.cap, running.flow.ends_at, running.since) = (cap, ends_at, now);
        self.flows.list(idx);
        if !is_empty {
            self.tiers[tier.at()].enter(now, idx, left, &mut self.flows);
        }
    }

    fn remove(&mut self, now: Instant, idx: FlowIdx) -> f64 {
        self.drop_flow(now, idx).bytes()
    }

    fn settle(&mut self, now: Instant) {
        self.tiers[Tier::First.at()].settle(now, &mut self.flows);
        if self.has_second {
            self.hand_down();
            self.tiers[Tier::Second.at()].settle(now, &mut self.flows);
        } else {
            self.left_anew.clear();
        }
        self.flows.sweep();
    }

    fn next_end(&self) -> Option<Instant> {
        let sharing = self.tiers.iter().filter_map(TierNetwork::first_end);
        sharing.chain(self.flows.first_end()).min()
    }

    fn take_ended(&mut self, now: Instant, ended: &mut Vec<FlowIdx>) {
        let first = ended.len();
        self.flows.take_due(now, ended);
        for tier in &mut self.tiers {
            tier.take_due(now, &self.flows, ended);
        }
        ended[first..].sort_unstable_by_key(|&idx| (self.flows.running(idx).flow.tie, idx));
        for &idx in &ended[first..] {
            self.drop_flow(now, idx);
        }
    }

    fn left(&self, now: Instant, idx: FlowIdx) -> f64 {
        self.tier_of(idx).left(now, idx, &self.flows).bytes()
    }

    fn rate(&self, idx: FlowIdx) -> Rate {
        let running = self.flows.running(idx);
        match running.side {
            Side::Empty => Rate::ZERO,
            Side::Capped { .. } => running.flow.cap,
            Side::Sharing { .. } => Rate::new(self.tier_of(idx).sharing(running.flow.route.at()).0),
        }
    }

    fn limit(&self, idx: FlowIdx) -> Limit {
        let running = self.flows.running(idx);
        match running.side {
            Side::Empty | Side::Capped { .. } => Limit::Cap,
            Side::Sharing { .. } => {
                Limit::Link(self.tier_of(idx).sharing(running.flow.route.at()).1)
            }
        }
    }

    fn drain_changed(&mut self, changed: &mut Vec<FlowIdx>) {
        self.flows.drain_changed(changed);
    }

    fn link_use(&self, link: LinkIdx) -> Rate {
        Rate::new(self.tiers.iter().map(|tier| tier.used_on(link.at())).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::super::walks;
    use super::Levels;

    #[test]
    fn walks_by_hand() {
        walks::all::<Levels>();
    }
}
