//! The network by the book: every settle fills all links anew, every flow keeps its own account.
//!
//! This is the second opinion on the fast network, so it is written to be believed by reading.

use super::{Flow, FlowIdx, LEFT_OVER_MIN, Limit, LinkIdx, Network, RouteIdx, Tier};
use crate::engine::maxmin::{Demand, Filling, Share};
use crate::units::{Instant, Moved, Rate, Speed, count, index_u32};

/// Fluid flows by progressive filling, the first tier first.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    capacity: Vec<Rate>,
    /// Links of each route.
    routes: Vec<Vec<usize>>,
    /// By link: how many routes cross it.
    n_routes: Vec<usize>,
    /// By flow: what is known of it while it runs.
    flows: Vec<Option<Running>>,
    /// The running flows of each tier by (route, cap, index). Sums over flows run in this order.
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
    /// What is left at `since`.
    left: Moved,
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
            left: Moved::of(flow.bytes),
            rate: Rate::ZERO,
            limit: None,
            end: None,
            is_new_end: true,
            is_listed: false,
        }
    }

    /// What is left at `now`. A flow at its cap has nothing left once its end has come, by definition
    /// or not.
    fn left(&self, now: Instant) -> Moved {
        if now == self.since {
            return self.left;
        }
        if self.limit == Some(Limit::Cap) && self.end.is_some_and(|end| end <= now) {
            return Moved::ZERO;
        }
        (self.left - Speed::of(self.rate).over(now.since(self.since))).at_least_zero()
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
                _ => Speed::of(rate).end_of(now, self.left),
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
        let used = match tier {
            Tier::First => vec![0.0; self.capacity.len()],
            Tier::Second => self.carried(Tier::First),
        };
        let left_over = |(capacity, used): (&Rate, f64)| match capacity.get() - used {
            _ if *capacity == Rate::INFINITE => Rate::INFINITE,
            left if left < LEFT_OVER_MIN * capacity.get() => Rate::ZERO,
            left => Rate::new(left),
        };
        self.capacity.iter().zip(used).map(left_over).collect()
    }

    /// The tightest of the links that only this route crosses.
    fn own_link(&self, route: usize) -> Option<usize> {
        let own = self.routes[route].iter().copied().filter(|&link| self.n_routes[link] == 1);
        own.min_by(|&a, &b| self.capacity[a].get().total_cmp(&self.capacity[b].get()))
    }

    /// What each link carries of a tier: route by route, first the flows at their caps, then the others,
    /// which are equally fast.
    fn carried(&self, tier: Tier) -> Vec<f64> {
        let mut carried = vec![0.0; self.capacity.len()];
        let route_of = |at: usize| self.at(at).flow.route;
        for flows in self.order[tier.at()].chunk_by(|&a, &b| route_of(a) == route_of(b)) {
            let is_capped = |at: &&usize| self.at(**at).limit == Some(Limit::Cap);
            let capped = flows.iter().filter(is_capped).map(|&at| self.at(at).rate.get());
            let mut of_route: f64 = capped.sum();
            let mut sharing = flows.iter().filter(|at| !is_capped(at)).peekable();
            if let Some(&&first) = sharing.peek() {
                of_route += count(sharing.count()) * self.at(first).rate.get();
            }
            for &link in &self.routes[route_of(flows[0]).at()] {
                carried[link] += of_route;
            }
        }
        carried
    }

    fn at(&self, at: usize) -> &Running {
        self.flows[at].as_ref().expect("an ordered flow runs")
    }

    /// Shares out what a tier may use, and gives each of its flows its rate.
    fn settle_tier(&mut self, now: Instant, tier: Tier) {
        let order = std::mem::take(&mut self.order[tier.at()]);
        let mut filling = std::mem::take(&mut self.filling);
        let room = self.room(tier);
        let demands: Vec<Demand<'_>> = order
            .iter()
            .map(|&at| &self.flows[at].as_ref().expect("an ordered flow runs").flow)
            .map(|&Flow { route, cap, .. }| Demand {
                path: &self.routes[route.at()],
                cap,
                own: self.own_link(route.at()),
            })
            .collect();
        let shares = filling.fill(&room, &demands);
        for (&at, share) in order.iter().zip(shares) {
            let Share { rate, held_by } = *share;
            let limit = held_by.map_or(Limit::Cap, |link| Limit::Link(LinkIdx(index_u32(link))));
            let running = self.flows[at].as_mut().expect("an ordered flow runs");
            if running.take(now, rate, limit) && !running.is_listed {
                running.is_listed = true;
                self.changed.push(FlowIdx(index_u32(at)));
            }
        }
        self.filling = filling;
        self.order[tier.at()] = order;
    }

    /// The place of a flow in the order of its tier, or where it belongs.
    fn place(&self, flow: &Flow, idx: FlowIdx) -> Result<usize, usize> {
        self.order[flow.tier.at()].binary_search_by(|&other| {
            let Flow { route, cap, .. } = &self.at(other).flow;
            let by_cap = || cap.get().total_cmp(&flow.cap.get());
            route.cmp(&flow.route).then_with(by_cap).then(other.cmp(&idx.at()))
        })
    }

    /// Takes a flow out of all lists.
    fn drop_flow(&mut self, idx: FlowIdx) -> Running {
        let flow = self.running(idx).flow;
        if let Ok(place) = self.place(&flow, idx) {
            self.order[flow.tier.at()].remove(place);
        }
        let running = self.flows[idx.at()].take().expect("the caller names running flows");
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
        self.n_routes.push(0);
        LinkIdx(index_u32(self.capacity.len() - 1))
    }

    fn add_route(&mut self, links: &[LinkIdx]) -> RouteIdx {
        for link in links {
            self.n_routes[link.at()] += 1;
        }
        self.stale = true; // a link that was one route's own may be no longer
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
            let place = self.place(flow, idx).expect_err("it does not run yet");
            self.order[flow.tier.at()].insert(place, idx.at());
        }
        self.flows[idx.at()] = Some(running);
        self.stale = true;
    }

    fn set_cap(&mut self, now: Instant, idx: FlowIdx, cap: Rate, ends_at: Option<Instant>) {
        let flow = self.running(idx).flow;
        if flow.cap == cap && flow.ends_at == ends_at {
            return;
        }
        let paced = Flow { cap, ends_at, ..flow };
        if let Ok(place) = self.place(&flow, idx) {
            self.order[flow.tier.at()].remove(place);
            let place = self.place(&paced, idx).expect_err("it was taken out");
            self.order[flow.tier.at()].insert(place, idx.at());
        }
        let running = self.flows[idx.at()].as_mut().expect("seen above");
        running.advance(now);
        running.flow = paced;
        running.is_new_end = true;
        self.stale = true;
    }

    fn remove(&mut self, now: Instant, idx: FlowIdx) -> f64 {
        self.drop_flow(idx).left(now).bytes()
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
        self.running(idx).left(now).bytes()
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
        Rate::new(Tier::ALL.iter().map(|&tier| self.carried(tier)[link.at()]).sum())
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
