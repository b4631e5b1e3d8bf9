//! Max-min fair shares by progressive filling.
//!
//! Raise the rates of all flows together. A flow stops at its cap, or when a link that it crosses
//! is full; the others go on.
//!
//! Source: Bertsekas and Gallager, *Data Networks*, 2nd ed., 1992, section 6.5.2, with a cap of
//! its own for each flow, which acts as a link that no other flow crosses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::{Rate, count};

/// Relative margin within which a sum of caps counts as the capacity, and a cap as the share.
pub const TIE: f64 = 1e-12;

/// One flow as the filling sees it.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// Indices of the links that it crosses, without repeats.
    pub path: &'a [usize],
    /// Most that it may carry; infinite for none.
    pub cap: Rate,
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
        paths.iter().zip(caps).map(|(path, &cap)| Demand { path, cap }).collect();
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

impl Filling {
    /// The share of each of `flows` on links of the given capacities, in the order of `flows`.
    ///
    /// All sums on a link run over its own flows alone and in an order that other links do not
    /// change, so a link that is left alone gives the same bits every time.
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
        self.result.clear();
        self.result.extend(self.shares.iter().zip(flows).map(|(share, flow)| {
            share.unwrap_or(Share { rate: flow.cap, held_by: None }) // crosses cold links only
        }));
        &self.result
    }

    /// Sums what is asked of each link, and marks those that may fill.
    fn find_hot_links(&mut self, capacity: &[Rate], flows: &[Demand<'_>]) {
        self.links.clear();
        self.links.resize(capacity.len(), FillingLink::default());
        for flow in flows {
            for &link in flow.path {
                self.links[link].asked += flow.cap.get();
                self.links[link].n_rising += 1;
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
            if level * (1.0 + TIE) < cap.get() {
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

    #[test]
    fn a_link_without_capacity_stalls_its_flows_and_no_others() {
        let shares = rates(&[0.0, 8.0], &[&[0, 1], &[1]], &[5.0, f64::INFINITY]);
        assert_eq!(shares, [0.0, 8.0]);
    }

    /// The cap of 5 equals the fair share 10 / 2, so the first flow is at its cap, the other held.
    #[test]
    fn a_cap_that_equals_the_share_is_what_holds() {
        let flows = [Demand { path: &[0], cap: Rate::new(5.0) }, Demand { path: &[0], cap: FREE }];
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
                flows.iter().map(|(path, cap)| Demand { path, cap: Rate::new(*cap) }).collect();
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
