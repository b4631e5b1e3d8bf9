//! The flows of one route by cap, and what they ask for at a given level.

use std::ops::Range;

use super::super::FlowIdx;
use super::link::reach;
use crate::engine::maxmin::TIE;
use crate::units::count;

/// The flows of one route in order of (cap, index), with the running sums of their caps.
///
/// Under a level w each flow moves min(cap, w). What they move together, the demand, is a concave
/// line with a corner at every cap. The sums are always added up in order, never adjusted, so the
/// demand depends on who is there alone, and not on who has been.
#[derive(Debug, Clone)]
pub(super) struct Roster {
    order: Vec<(f64, FlowIdx)>,
    /// `sums[k]`: sum of the first k caps, as far as these are finite.
    sums: Vec<f64>,
}

/// A straight piece of the demand: from one cap to the next it is `base + slope · w`. Where a level w
/// stands between caps is told by its [`reach`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    /// The reach at which it begins, and
    pub(super) from: f64,
    /// the reach at which the next one begins.
    pub(super) to: f64,
    /// Sum of the caps at or below `from`.
    pub(super) base: f64,
    /// How many flows have a higher cap.
    pub(super) slope: f64,
}

impl Default for Roster {
    fn default() -> Roster {
        Roster { order: Vec::new(), sums: vec![0.0] }
    }
}

impl Roster {
    pub(super) fn insert(&mut self, cap: f64, idx: FlowIdx) {
        let place = self.place(cap, idx);
        self.order.insert(place, (cap, idx));
        self.add_up_from(place);
    }

    pub(super) fn remove(&mut self, cap: f64, idx: FlowIdx) {
        let place = self.place(cap, idx);
        assert!(self.order.get(place) == Some(&(cap, idx)), "flow {} is not on its route", idx.0);
        self.order.remove(place);
        self.add_up_from(place);
    }

    fn place(&self, cap: f64, idx: FlowIdx) -> usize {
        self.order.partition_point(|other| *other < (cap, idx))
    }

    fn add_up_from(&mut self, place: usize) {
        if self.sums.len() <= place {
            return; // uncapped flows stand behind all sums
        }
        self.sums.truncate(place + 1);
        let mut sum = self.sums[place];
        for &(cap, _) in &self.order[place..] {
            if cap == f64::INFINITY {
                break;
            }
            sum += cap;
            self.sums.push(sum);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The flows from place `first` up to, and without, place `end`.
    pub(super) fn flows(&self, first: usize, end: usize) -> impl Iterator<Item = FlowIdx> + '_ {
        self.order[first..end].iter().map(|&(_, idx)| idx)
    }

    /// How many flows have a cap at or below the [`reach`] of a level.
    pub(super) fn n_within(&self, reach: f64) -> usize {
        self.order.partition_point(|&(cap, _)| cap <= reach)
    }

    /// The reaches within which the first `n` flows, and no others, have their caps.
    pub(super) fn same_sides(&self, n: usize) -> Range<f64> {
        self.cap_before(n)..self.cap_at(n)
    }

    /// Sum of the first `n` caps; infinite with an uncapped flow among them.
    pub(super) fn sum(&self, n: usize) -> f64 {
        self.sums.get(n).copied().unwrap_or(f64::INFINITY)
    }

    /// Sum of all caps.
    pub(super) fn asked(&self) -> f64 {
        self.sum(self.order.len())
    }

    /// The greatest cap; zero without flows.
    pub(super) fn cap_max(&self) -> f64 {
        self.order.last().map_or(0.0, |&(cap, _)| cap)
    }

    /// The piece of the demand that holds at a level of finite `reach`.
    pub(super) fn segment(&self, reach: f64) -> Segment {
        let n = self.n_within(reach);
        Segment {
            from: self.cap_before(n),
            to: self.cap_at(n),
            base: self.sum(n),
            slope: count(self.order.len() - n),
        }
    }

    /// The level at which the flows move `limit` together, or infinite where they never do.
    pub(super) fn level_at(&self, limit: f64) -> f64 {
        if self.asked() <= limit * (1.0 + TIE) {
            return f64::INFINITY;
        }
        // The first flow that is above its share of what those before it leave. There is one: not even
        // the sum of all caps lies within the limit.
        let (mut first, mut end) = (0, self.order.len() - 1);
        while first < end {
            let middle = first.midpoint(end);
            if self.cap_at(middle) <= reach(self.share(middle, limit)) {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        self.share(first, limit)
    }

    /// What each flow from a place on gets of what those before it leave of a limit.
    fn share(&self, place: usize, limit: f64) -> f64 {
        (limit - self.sum(place)) / count(self.order.len() - place)
    }

    fn cap_before(&self, place: usize) -> f64 {
        if place == 0 { 0.0 } else { self.order[place - 1].0 }
    }

    fn cap_at(&self, place: usize) -> f64 {
        self.order.get(place).map_or(f64::INFINITY, |&(cap, _)| cap)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the expected values are exact in binary")]
mod tests {
    use super::*;

    fn roster(caps: &[f64]) -> Roster {
        let mut roster = Roster::default();
        for (idx, &cap) in (0..).zip(caps) {
            roster.insert(cap, FlowIdx(idx));
        }
        roster
    }

    /// Caps 2, 5, 9: up to 2 all three rise, 3 w; then 2 + 2 w; from 5 on 7 + w; from 9 on 16.
    #[test]
    fn demand_is_a_line_with_a_corner_at_each_cap() {
        let roster = roster(&[9.0, 2.0, 5.0]);
        let piece = |level| {
            let Segment { from, to, base, slope } = roster.segment(level);
            [from, to, base, slope]
        };
        assert_eq!(piece(1.0), [0.0, 2.0, 0.0, 3.0]);
        assert_eq!(piece(2.0), [2.0, 5.0, 2.0, 2.0]);
        assert_eq!(piece(8.0), [5.0, 9.0, 7.0, 1.0]);
        assert_eq!(piece(9.0), [9.0, f64::INFINITY, 16.0, 0.0]);
    }

    /// Caps 2, 5, 9: 3 w = 4.5 at 1.5; 2 + 2 w = 9 at 3.5; 7 + w = 15 at 8; 16 is all they ask.
    #[test]
    fn a_limit_has_a_level_below_the_sum_of_the_caps() {
        let roster = roster(&[9.0, 2.0, 5.0]);
        let levels = [0.0, 4.5, 6.0, 9.0, 15.0, 16.0, 17.0].map(|limit| roster.level_at(limit));
        assert_eq!(levels, [0.0, 1.5, 2.0, 3.5, 8.0, f64::INFINITY, f64::INFINITY]);
    }

    /// Caps 2 and none: 2 + w = 10 at 8; without the capped one it is 10.
    #[test]
    fn uncapped_flows_ask_for_everything() {
        let mut roster = roster(&[f64::INFINITY, 2.0]);
        assert_eq!((roster.asked(), roster.sum(1)), (f64::INFINITY, 2.0));
        assert_eq!(roster.level_at(10.0), 8.0);
        roster.remove(2.0, FlowIdx(1));
        assert_eq!((roster.level_at(10.0), roster.n_within(1e300)), (10.0, 0));
        assert_eq!(roster.level_at(f64::INFINITY), f64::INFINITY);
        roster.remove(f64::INFINITY, FlowIdx(0));
        assert_eq!(
            (roster.asked(), roster.cap_max(), roster.level_at(0.0)),
            (0.0, 0.0, f64::INFINITY)
        );
    }
}
