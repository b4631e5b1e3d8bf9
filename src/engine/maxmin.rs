//! Max-min fair shares by progressive filling.
//!
//! Raise the rates of all flows together. A flow stops at its cap, or when a link that it crosses
//! is full; the others go on. That finds which links are full, and what holds each flow; the rates
//! are then worked out from the definition, so that they do not depend on the order of the stops.
//!
//! Source: Bertsekas and Gallager, *Data Networks*, 2nd ed., 1992, section 6.5.2, with a cap of
//! its own for each flow, which acts as a link that no other flow crosses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::{Rate, count};

/// Relative margin within which a sum of caps counts as the capacity, and a cap as the share.
pub const TIE: f64 = 1e-12;

/// The greatest cap that counts as no higher than a level.
fn reach(level: f64) -> f64 {
    level * (1.0 + TIE)
}

/// One flow as the filling sees it.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// Indices of the links that it crosses, without repeats. Flows that stand side by side and have
    /// this list in common, not one that is equal, are a group: their rates are added up first.
    pub path: &'a [usize],
    /// Most that it may carry; infinite for none.
    pub cap: Rate,
    /// The tightest of its links that no flow of another group ever crosses, if there is one: the
    /// other links are not asked for more than that link carries.
    pub own: Option<usize>,
}

/// What one flow gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Its rate; infinite only where neither a cap nor a link limits.
    pub rate: Rate,
    /// The full link that holds it, or `None` at its cap. A cap that equals the share holds.
    pub held_by: Option<usize>,
}

/// Rate of each flow: `paths[f]` lists the links that flow `f` crosses, `caps[f]` is its cap.
///
/// No link carries more than its capacity, and every flow is at its cap or crosses a full link
/// on which no other flow is faster.
pub fn allocate(capacity: &[Rate], paths: &[Vec<usize>], caps: &[Rate]) -> Vec<Rate> {
    assert_eq!(paths.len(), caps.len(), "each flow has a path and a cap");
    let demands: Vec<Demand<'_>> =
        paths.iter().zip(caps).map(|(path, &cap)| Demand { path, cap, own: None }).collect();
    Filling::default().fill(capacity, &demands).iter().map(|share| share.rate).collect()
}

/// Progressive filling, with room for its working that is kept from one solve to the next.
#[derive(Debug, Clone, Default)]
pub struct Filling {
    links: Vec<FillingLink>,
    /// The hot links, in index order.
    hot: Vec<usize>,
    /// Flows of each hot link, one after the other: link `l` has `crossing[l.first..l.last]`.
    crossing: Vec<usize>,
    /// Flows on hot links that have a cap, by (cap, index); those before `n_capped` are done.
    by_cap: Vec<usize>,
    n_capped: usize,
    /// Hot links by a level that was theirs once. Levels only rise, so the head is the lowest as
    /// soon as its own level is up to date.
    lowest: BinaryHeap<Reverse<Level>>,
    shares: Vec<Option<Share>>,
    /// By link: the rate of the flows that it holds; infinite for one that holds none.
    levels: Vec<f64>,
    result: Vec<Share>,
}

/// A link during the filling.
#[derive(Debug, Clone, Copy, Default)]
struct FillingLink {
    /// What its flows ask for: the sum of their caps, in flow order.
    asked: f64,
    /// Capacity less the rates of the flows that have stopped.
    room: f64,
    /// Flows that still rise.
    n_rising: usize,
    /// Whether it could fill. The flows on a cold link cannot fill it even at their caps.
    hot: bool,
    first: usize,
    last: usize,
}

impl FillingLink {
    /// The rate at which it would be full if all its rising flows stopped together.
    fn level(&self) -> f64 {
        self.room / count(self.n_rising)
    }
}

/// A link and the level that it had when it was put down; ordered by level, then by link.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Level(f64, usize);

impl Eq for Level {}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Level) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Level) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

/// A link that is full, or as full as one that is.
#[derive(Debug, Clone, Copy)]
struct Full {
    link: usize,
    /// Its level but for rounding.
    level: f64,
    /// The greatest such level among those that are found before it, its own being one.
    after: f64,
    /// Whether it holds a flow.
    holds: bool,
}

/// Whether flows that stand side by side are of one group.
fn are_grouped(a: &Demand<'_>, b: &Demand<'_>) -> bool {
    std::ptr::eq(a.path, b.path)
}

impl Filling {
    /// The share of each of `flows` on links of the given capacities, in the order of `flows`.
    ///
    /// All sums on a link run over its own flows alone, in the order of `flows`, so a link that is left
    /// alone gives the same bits every time.
    pub fn fill(&mut self, capacity: &[Rate], flows: &[Demand<'_>]) -> &[Share] {
        self.find_hot_links(capacity, flows);
        self.list_flows(flows);
        // Each round brings a flow to its cap or fills a link.
        for _round in 0..=self.hot.len() + flows.len() {
            let Some((link, level)) = self.tightest() else { break };
            if !self.stop_at_caps(level, flows) {
                self.stop_on_link(link, level, flows);
            }
        }
        assert!(self.lowest.is_empty(), "progressive filling goes on after all have stopped");
        self.find_levels(capacity, flows);
        let mut result = std::mem::take(&mut self.result);
        result.clear();
        result.extend(flows.iter().map(|flow| self.share(flow)));
        self.result = result;
        &self.result
    }

    /// Works out the levels of the links that fill, the lowest first: those above do not bear on it.
    fn find_levels(&mut self, capacity: &[Rate], flows: &[Demand<'_>]) {
        self.levels.clear();
        self.levels.resize(capacity.len(), f64::INFINITY);
        let mut full: Vec<Full> = Vec::new();
        for &link in &self.hot {
            if let Some(about) = self.about(link) {
                self.levels[link] = about.level;
                full.push(about);
            }
        }
        for one in full.iter_mut().filter(|one| !one.holds) {
            // As full as one of those that hold its flows, and to be found after it.
            let holders = self.held_on(one.link).map(|(_, by)| self.levels[by]);
            one.after = holders.fold(one.level, f64::max);
        }
        // Whoever holds comes before those that may be as full; else in index order, as they are.
        full.sort_by(|a, b| a.after.total_cmp(&b.after).then(b.holds.cmp(&a.holds)));
        self.levels.fill(f64::INFINITY);
        for Full { link, level, .. } in full {
            self.levels[link] = self.level_of(link, level, capacity[link].get(), flows);
        }
    }

    /// A link on which a link holds flows, with the rate of the fastest of them. Where none is held by
    /// the link itself, it may be as full as the others, but for rounding.
    fn about(&self, link: usize) -> Option<Full> {
        let level = self.held_on(link).map(|(rate, _)| rate).max_by(f64::total_cmp)?;
        let holds = self.held_on(link).any(|(_, by)| by == link);
        Some(Full { link, level, after: level, holds })
    }

    /// The flows of a link that a link holds: the rate of each, and which link that is.
    fn held_on(&self, link: usize) -> impl Iterator<Item = (f64, usize)> {
        let crossing = &self.crossing[self.links[link].first..self.links[link].last];
        crossing.iter().filter_map(|&idx| {
            let Share { rate, held_by } = self.shares[idx]?;
            Some((rate.get(), held_by?))
        })
    }

    /// The rate w at which the flows of a link carry its capacity, if each moves the least of w, its
    /// cap, and the levels of its other links; infinite where none of them would move w.
    ///
    /// `about` is w but for rounding, or less. The flows that move less than w are told by it, and what
    /// they leave is shared by the others; where that puts another flow on the other side, once more.
    /// Flows that another link holds at an equal level count as held by both, whichever is rounded up.
    fn level_of(&self, link: usize, about: f64, capacity: f64, flows: &[Demand<'_>]) -> f64 {
        let crossing = &self.crossing[self.links[link].first..self.links[link].last];
        let mut level = about;
        let mut has_risen = false;
        for _round in 0..=2 * crossing.len() {
            let (mut base, mut n_sharing) = (0.0, 0);
            let (mut from, mut to) = (0.0f64, f64::INFINITY); // where these flows share, and no others
            let here = reach(level);
            for group in crossing.chunk_by(|&a, &b| are_grouped(&flows[a], &flows[b])) {
                let others = flows[group[0]].path.iter().filter(|&&other| other != link);
                let elsewhere = others.fold(f64::INFINITY, |least, &at| least.min(self.levels[at]));
                let beside = elsewhere * (1.0 + 3.0 * TIE);
                let is_free = here <= beside;
                let at = if is_free { here } else { beside };
                let (mut capped, mut n_above) = (0.0, 0);
                let (mut cap_below, mut cap_above) = (0.0f64, f64::INFINITY);
                for cap in group.iter().map(|&idx| flows[idx].cap.get()) {
                    if cap <= at {
                        capped += cap;
                        cap_below = cap_below.max(cap);
                    } else {
                        n_above += 1;
                        cap_above = cap_above.min(cap);
                    }
                }
                if is_free {
                    base += capped;
                    n_sharing += n_above;
                    (from, to) = (from.max(cap_below), to.min(beside).min(cap_above));
                } else {
                    base += capped + count(n_above) * elsewhere;
                    from = from.max(beside);
                }
            }
            if n_sharing == 0 {
                return f64::INFINITY;
            }
            let next = (capacity - base) / count(n_sharing);
            if (from <= reach(next) && reach(next) <= to) || (next < level && has_risen) {
                return next;
            }
            has_risen = level < next;
            level = next;
        }
        unreachable!("no level for {} flows, about {about}", crossing.len())
    }

    /// What a flow gets: its cap, or the lowest level on its path; of equal ones the first link holds.
    fn share(&self, flow: &Demand<'_>) -> Share {
        let levels = flow.path.iter().map(|&link| Level(self.levels[link], link));
        match levels.min() {
            Some(Level(level, link)) if reach(level) < flow.cap.get() => {
                Share { rate: Rate::new(level), held_by: Some(link) }
            }
            _ => Share { rate: flow.cap, held_by: None },
        }
    }

    /// Sums what is asked of each link, and marks those that may fill.
    fn find_hot_links(&mut self, capacity: &[Rate], flows: &[Demand<'_>]) {
        self.links.clear();
        self.links.resize(capacity.len(), FillingLink::default());
        for group in flows.chunk_by(are_grouped) {
            let asked: f64 = group.iter().map(|flow| flow.cap.get()).sum();
            let own = group[0].own;
            let most = own.map_or(asked, |own| asked.min(capacity[own].get()));
            for &link in group[0].path {
                self.links[link].asked += if own == Some(link) { asked } else { most };
                self.links[link].n_rising += group.len();
            }
        }
        self.hot.clear();
        self.lowest.clear();
        let mut first = 0;
        for (idx, (link, capacity)) in self.links.iter_mut().zip(capacity).enumerate() {
            link.hot = capacity.get() * (1.0 + TIE) < link.asked;
            if link.hot {
                link.room = capacity.get();
                (link.first, link.last) = (first, first);
                first += link.n_rising;
                self.hot.push(idx);
                self.lowest.push(Reverse(Level(link.level(), idx)));
            }
        }
        self.crossing.clear();
        self.crossing.resize(first, 0);
    }

    /// Lists the flows of each hot link, and the capped ones among them by cap.
    fn list_flows(&mut self, flows: &[Demand<'_>]) {
        self.shares.clear();
        self.shares.resize(flows.len(), None);
        self.by_cap.clear();
        self.n_capped = 0;
        for (idx, flow) in flows.iter().enumerate() {
            let mut on_hot = false;
            for &link in flow.path {
                let link = &mut self.links[link];
                if link.hot {
                    self.crossing[link.last] = idx;
                    link.last += 1;
                    on_hot = true;
                }
            }
            if on_hot && flow.cap < Rate::INFINITE {
                self.by_cap.push(idx);
            }
        }
        self.by_cap.sort_unstable_by(|&a, &b| {
            flows[a].cap.get().total_cmp(&flows[b].cap.get()).then(a.cmp(&b))
        });
    }

    /// The hot link that fills first, and its level; `None` when no flow rises any more.
    fn tightest(&mut self) -> Option<(usize, f64)> {
        while let Some(Reverse(Level(then, idx))) = self.lowest.pop() {
            let link = &self.links[idx];
            if link.n_rising == 0 {
                continue;
            }
            let now = Level(link.level(), idx);
            if now.0 <= then || self.lowest.peek().is_none_or(|next| now <= next.0) {
                self.lowest.push(Reverse(now));
                return Some((idx, now.0));
            }
            self.lowest.push(Reverse(now));
        }
        None
    }

    /// Stops the flows whose cap lies at or below `level`; says whether there were any.
    fn stop_at_caps(&mut self, level: f64, flows: &[Demand<'_>]) -> bool {
        let mut any = false;
        while let Some(&idx) = self.by_cap.get(self.n_capped) {
            let cap = flows[idx].cap;
            if reach(level) < cap.get() {
                break;
            }
            self.n_capped += 1;
            if self.shares[idx].is_none() {
                self.stop(idx, Share { rate: cap, held_by: None }, flows);
                any = true;
            }
        }
        any
    }

    /// Stops all rising flows of a link that is full at `level`.
    fn stop_on_link(&mut self, link: usize, level: f64, flows: &[Demand<'_>]) {
        let share = Share { rate: Rate::new(level), held_by: Some(link) };
        for place in self.links[link].first..self.links[link].last {
            let idx = self.crossing[place];
            if self.shares[idx].is_none() {
                self.stop(idx, share, flows);
            }
        }
    }

    /// Stops one flow: its rate is no longer there for the others.
    fn stop(&mut self, idx: usize, share: Share, flows: &[Demand<'_>]) {
        self.shares[idx] = Some(share);
        for &link in flows[idx].path {
            let link = &mut self.links[link];
            if link.hot {
                link.n_rising -= 1;
                let room = link.room - share.rate.get();
                link.room = if 0.0 < room { room } else { 0.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FREE: Rate = Rate::INFINITE;

    fn rates(capacity: &[f64], paths: &[&[usize]], caps: &[f64]) -> Vec<f64> {
        let capacity: Vec<Rate> = capacity.iter().copied().map(Rate::new).collect();
        let paths: Vec<Vec<usize>> = paths.iter().map(|path| path.to_vec()).collect();
        let caps: Vec<Rate> = caps.iter().copied().map(Rate::new).collect();
        allocate(&capacity, &paths, &caps).into_iter().map(Rate::get).collect()
    }

    /// x0 + x1 ≤ 10      link 0 fills first: x0 = x1 = 5
    /// x0 + x2 ≤ 30      what it leaves:     x2 = 25
    #[test]
    fn a_long_flow_leaves_its_slack_to_the_short_one() {
        let capacity = [Rate::new(10.0), Rate::new(30.0)];
        let shares = allocate(&capacity, &[vec![0, 1], vec![0], vec![1]], &[FREE; 3]);
        assert_eq!(shares, [5.0, 5.0, 25.0].map(Rate::new));
    }

    /// 1000 less the caps 100 and 200 leaves 700 for two: 350 each.
    #[test]
    fn what_capped_flows_leave_is_shared_by_the_others() {
        let inf = f64::INFINITY;
        let shares = rates(&[1000.0], &[&[0], &[0], &[0], &[0]], &[100.0, 200.0, inf, inf]);
        assert_eq!(shares, [100.0, 200.0, 350.0, 350.0]);
    }

    /// A = 10: r1 with caps 2 and 9, r2 over A and B with caps 1 and 8; B = 6: r3 with cap 4.
    /// B: 1 + 2 w = 6, so r2's second flow and r3 stop at 2.5. A: 2 + 1 + 2.5 + w = 10, w = 4.5.
    #[test]
    fn two_links_with_a_route_over_both() {
        let paths: [&[usize]; 5] = [&[0], &[0], &[0, 1], &[0, 1], &[1]];
        let shares = rates(&[10.0, 6.0], &paths, &[2.0, 9.0, 1.0, 8.0, 4.0]);
        assert_eq!(shares, [2.0, 4.5, 1.0, 2.5, 2.5]);
    }

    /// Caps of 3 + 4 on a link of 10 never fill it; without a link or a cap nothing limits.
    #[test]
    fn cold_links_and_no_links_leave_flows_at_their_caps() {
        assert_eq!(rates(&[10.0], &[&[0], &[0], &[]], &[3.0, 4.0, 7.0]), [3.0, 4.0, 7.0]);
        assert_eq!(rates(&[f64::INFINITY], &[&[0]], &[f64::INFINITY]), [f64::INFINITY]);
    }

    /// Three flows on link 0 and three on link 1, one on both: all get 10 / 3, and the two levels differ
    /// by rounding. Link 2 carries two of them, and 5 more, of 14: it is not full, whichever came first.
    #[test]
    fn a_link_is_not_full_because_others_are_equally_full_but_for_rounding() {
        let (inf, scale) = (f64::INFINITY, 2f64.powi(52));
        let paths: [&[usize]; 6] = [&[1, 2], &[0], &[1, 2], &[0, 1], &[0], &[2]];
        let capacity = [10.0, 10.0, 14.0].map(|capacity| capacity * scale);
        let shares = rates(&capacity, &paths, &[inf, inf, inf, inf, inf, 5.0 * scale]);
        assert_eq!(shares[5].to_bits(), (5.0 * scale).to_bits());
        assert!(shares[..5].iter().all(|share| (share / scale - 10.0 / 3.0).abs() < 1e-9));
    }

    #[test]
    fn a_link_without_capacity_stalls_its_flows_and_no_others() {
        let shares = rates(&[0.0, 8.0], &[&[0, 1], &[1]], &[5.0, f64::INFINITY]);
        assert_eq!(shares, [0.0, 8.0]);
    }

    /// The cap of 5 equals the fair share 10 / 2, so the first flow is at its cap, the other held.
    #[test]
    fn a_cap_that_equals_the_share_is_what_holds() {
        let flows = [
            Demand { path: &[0], cap: Rate::new(5.0), own: None },
            Demand { path: &[0], cap: FREE, own: None },
        ];
        let mut filling = Filling::default();
        let shares = filling.fill(&[Rate::new(10.0)], &flows);
        assert_eq!(shares[0], Share { rate: Rate::new(5.0), held_by: None });
        assert_eq!(shares[1], Share { rate: Rate::new(5.0), held_by: Some(0) });
    }

    fn any_flow() -> impl Strategy<Value = (Vec<usize>, f64)> {
        let path = proptest::sample::subsequence((0..6).collect::<Vec<usize>>(), 0..=5);
        (path, prop_oneof![1 => Just(f64::INFINITY), 4 => (0u32..40).prop_map(f64::from)])
    }

    proptest! {
        /// The definition itself: feasible, and each flow at its cap or on a full link on which
        /// nobody is faster. Whole numbers make ties; capacities may be zero.
        #[test]
        fn the_result_meets_the_definition(
            capacity in prop::collection::vec((0u32..30).prop_map(f64::from), 6),
            flows in prop::collection::vec(any_flow(), 0..20),
        ) {
            let links: Vec<Rate> = capacity.iter().copied().map(Rate::new).collect();
            let demands: Vec<Demand<'_>> =
                flows.iter().map(|(path, cap)| Demand { path, cap: Rate::new(*cap), own: None }).collect();
            let mut filling = Filling::default();
            let shares = filling.fill(&links, &demands);
            let carried = |link: usize| -> f64 {
                let on = |f: &usize| flows[*f].0.contains(&link);
                (0..flows.len()).filter(on).map(|f| shares[f].rate.get()).sum()
            };
            for (link, capacity) in capacity.iter().enumerate() {
                prop_assert!(carried(link) <= capacity * (1.0 + 1e-9));
            }
            for (share, (path, cap)) in shares.iter().zip(&flows) {
                match share.held_by {
                    None => prop_assert_eq!(share.rate, Rate::new(*cap)),
                    Some(link) => {
                        prop_assert!(path.contains(&link) && share.rate.get() < *cap);
                        prop_assert!(capacity[link] * (1.0 - 1e-9) <= carried(link));
                        let fastest = (0..flows.len()).filter(|f| flows[*f].0.contains(&link))
                            .map(|f| shares[f].rate.get()).fold(0.0, f64::max);
                        prop_assert!(fastest <= share.rate.get() * (1.0 + 1e-9));
                    }
                }
            }
        }
    }
}
