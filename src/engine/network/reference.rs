//! The network by the book: every settle fills all links anew, every flow keeps its own account.
//!
//! This is the second opinion on the fast network, so it is written to be believed by reading.

use super::{Flow, FlowIdx, LEFT_OVER_MIN, Limit, LinkIdx, Network, RouteIdx, Tier};
use crate::engine::maxmin::{Demand, Filling, Share};
use crate::units::{Instant, Rate, end_of, index_u32};

/// Fluid flows by progressive filling, the first tier first.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    capacity: Vec<Rate>,
    /// Links of each route.
    routes: Vec<Vec<usize>>,
    /// By flow: what is known of it while it runs.
    flows: Vec<Option<Running>>,
    /// The running flows of each tier by index. Sums over flows run in this order.
    order: [Vec<usize>; 2],
    /// Whether something changed since the latest settle.
    stale: bool,
    next_end: Option<Instant>,
    changed: Vec<FlowIdx>,
    filling: Filling,
}

/// A flow that runs.
#[derive(Debug, Clone)]
struct Running {
    flow: Flow,
    /// When `left` was so: at the latest change of the rate or the cap.
    since: Instant,
    /// Bytes left at `since`.
    left: f64,
    /// Rate from `since` on.
    rate: Rate,
    /// `None` before the first settle.
    limit: Option<Limit>,
    end: Option<Instant>,
    /// Whether `end` must be found anew though the rate may stay.
    is_new_end: bool,
    /// Whether it is listed in `changed`.
    is_listed: bool,
}

impl Running {
    fn enter(now: Instant, flow: &Flow) -> Running {
        Running {
            flow: *flow,
            since: now,
            left: flow.bytes,
            rate: Rate::ZERO,
            limit: None,
            end: None,
            is_new_end: true,
            is_listed: false,
        }
    }

    /// Bytes left at `now`: no product of zero time and an infinite rate, never below zero, and
    /// nothing once its end has come, however the product rounds.
    fn left(&self, now: Instant) -> f64 {
        if now == self.since {
            return self.left;
        }
        if self.end.is_some_and(|end| end <= now) {
            return 0.0;
        }
        let left = self.left - self.rate.get() * now.since(self.since).secs();
        if 0.0 < left { left } else { 0.0 }
    }

    /// Brings the account up to `now`.
    fn advance(&mut self, now: Instant) {
        if now == self.since {
            return;
        }
        if self.limit != Some(Limit::Cap) {
            self.flow.ends_at = None; // it is behind
        }
        self.left = self.left(now);
        self.since = now;
    }

    /// Takes the share that the flow has from `now` on; says whether its limit is another.
    ///
    /// A flow whose rate stays bit by bit keeps its account and its end: nothing is rounded anew.
    fn take(&mut self, now: Instant, rate: Rate, limit: Limit) -> bool {
        if rate != self.rate || self.is_new_end {
            self.advance(now);
            self.rate = rate;
            self.is_new_end = false;
            self.end = match self.flow.ends_at {
                Some(end) if limit == Limit::Cap => Some(end.max(now)),
                _ => end_of(now, self.left, rate.get()),
            };
        }
        self.limit.replace(limit) != Some(limit)
    }
}

impl Reference {
    fn running(&self, idx: FlowIdx) -> &Running {
        self.flows[idx.at()].as_ref().expect("the caller names running flows")
    }

    /// What each link has for a tier: all of it, or what the first tier leaves.
    fn room(&self, tier: Tier) -> Vec<Rate> {
        let mut used = vec![0.0; self.capacity.len()];
        if tier == Tier::Second {
            for running in self.order[Tier::First.at()].iter().map(|&at| self.at(at)) {
                for &link in &self.routes[running.flow.route.at()] {
                    used[link] += running.rate.get();
                }
            }
        }
        let left_over = |(capacity, used): (&Rate, f64)| match capacity.get() - used {
            _ if *capacity == Rate::INFINITE => Rate::INFINITE,
            left if left < LEFT_OVER_MIN * capacity.get() => Rate::ZERO,
            left => Rate::new(left),
        };
        self.capacity.iter().zip(used).map(left_over).collect()
    }

    fn at(&self, at: usize) -> &Running {
        self.flows[at].as_ref().expect("an ordered flow runs")
    }

    /// Shares out what a tier may use, and gives each of its flows its rate.
    fn settle_tier(&mut self, now: Instant, tier: Tier) {
        let order = std::mem::take(&mut self.order[tier.at()]);
        let room = self.room(tier);
        let demands: Vec<Demand<'_>> = order
            .iter()
            .map(|&at| &self.flows[at].as_ref().expect("an ordered flow runs").flow)
            .map(|flow| Demand { path: &self.routes[flow.route.at()], cap: flow.cap })
            .collect();
        let shares = self.filling.fill(&room, &demands);
        for (&at, share) in order.iter().zip(shares) {
            let Share { rate, held_by } = *share;
            let limit = held_by.map_or(Limit::Cap, |link| Limit::Link(LinkIdx(index_u32(link))));
            let running = self.flows[at].as_mut().expect("an ordered flow runs");
            if running.take(now, rate, limit) && !running.is_listed {
                running.is_listed = true;
                self.changed.push(FlowIdx(index_u32(at)));
            }
        }
        self.order[tier.at()] = order;
    }

    /// Takes a flow out of all lists.
    fn drop_flow(&mut self, idx: FlowIdx) -> Running {
        let running = self.flows[idx.at()].take().expect("the caller names running flows");
        let order = &mut self.order[running.flow.tier.at()];
        if let Ok(place) = order.binary_search(&idx.at()) {
            order.remove(place);
        }
        if running.is_listed {
            self.changed.retain(|listed| *listed != idx);
        }
        self.stale = true;
        running
    }
}

impl Network for Reference {
    fn add_link(&mut self, capacity: Rate) -> LinkIdx {
        self.capacity.push(capacity);
        LinkIdx(index_u32(self.capacity.len() - 1))
    }

    fn add_route(&mut self, links: &[LinkIdx]) -> RouteIdx {
        self.routes.push(links.iter().map(|link| link.at()).collect());
        RouteIdx(index_u32(self.routes.len() - 1))
    }

    fn set_capacity(&mut self, _now: Instant, link: LinkIdx, capacity: Rate) {
        self.capacity[link.at()] = capacity;
        self.stale = true;
    }

    fn start(&mut self, now: Instant, idx: FlowIdx, flow: &Flow) {
        if self.flows.len() <= idx.at() {
            self.flows.resize(idx.at() + 1, None);
        }
        assert!(self.flows[idx.at()].is_none(), "flow {} runs already", idx.0);
        let mut running = Running::enter(now, flow);
        if flow.bytes <= 0.0 {
            // It takes part in no sharing, so it is not in the order.
            (running.limit, running.end, running.is_listed) = (Some(Limit::Cap), Some(now), true);
            self.changed.push(idx);
        } else {
            let order = &mut self.order[flow.tier.at()];
            let place = order.partition_point(|&other| other < idx.at());
            order.insert(place, idx.at());
        }
        self.flows[idx.at()] = Some(running);
        self.stale = true;
    }

    fn set_cap(&mut self, now: Instant, idx: FlowIdx, cap: Rate, ends_at: Option<Instant>) {
        let running = self.flows[idx.at()].as_mut().expect("the caller names running flows");
        if running.flow.cap == cap && running.flow.ends_at == ends_at {
            return;
        }
        running.advance(now);
        running.flow.cap = cap;
        running.flow.ends_at = ends_at;
        running.is_new_end = true;
        self.stale = true;
    }

    fn remove(&mut self, now: Instant, idx: FlowIdx) -> f64 {
        self.drop_flow(idx).left(now)
    }

    fn settle(&mut self, now: Instant) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        for tier in Tier::ALL {
            if !self.order[tier.at()].is_empty() {
                self.settle_tier(now, tier);
            }
        }
        self.next_end = self.flows.iter().flatten().filter_map(|running| running.end).min();
    }

    fn next_end(&self) -> Option<Instant> {
        self.next_end
    }

    fn take_ended(&mut self, now: Instant, ended: &mut Vec<FlowIdx>) {
        if self.next_end.is_none_or(|end| now < end) {
            return;
        }
        let mut due: Vec<(u64, FlowIdx)> = Vec::new();
        for (at, running) in self.flows.iter().enumerate() {
            if let Some(Running { flow, end: Some(end), .. }) = running
                && *end <= now
            {
                due.push((flow.tie, FlowIdx(index_u32(at))));
            }
        }
        due.sort_unstable();
        for &(_, idx) in &due {
            self.drop_flow(idx);
            ended.push(idx);
        }
        self.next_end = self.flows.iter().flatten().filter_map(|running| running.end).min();
    }

    fn left(&self, now: Instant, idx: FlowIdx) -> f64 {
        self.running(idx).left(now)
    }

    fn rate(&self, idx: FlowIdx) -> Rate {
        self.running(idx).rate
    }

    fn limit(&self, idx: FlowIdx) -> Limit {
        self.running(idx).limit.expect("limits are defined once settled")
    }

    fn drain_changed(&mut self, changed: &mut Vec<FlowIdx>) {
        self.changed.sort_unstable();
        for idx in self.changed.drain(..) {
            self.flows[idx.at()].as_mut().expect("a listed flow runs").is_listed = false;
            changed.push(idx);
        }
    }

    fn link_use(&self, link: LinkIdx) -> Rate {
        let crosses =
            |running: &&Running| self.routes[running.flow.route.at()].contains(&link.at());
        let carried = |tier: Tier| -> f64 {
            let flows = self.order[tier.at()].iter().map(|&at| self.at(at));
            flows.filter(crosses).map(|running| running.rate.get()).sum()
        };
        Rate::new(carried(Tier::First) + carried(Tier::Second))
    }
}

#[cfg(test)]
mod tests {
    use super::super::walks;
    use super::Reference;

    #[test]
    fn walks_by_hand() {
        walks::all::<Reference>();
    }
}
