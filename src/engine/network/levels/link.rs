//! One link: what its routes ask of it, and the level at which it is full.

#![expect(clippy::float_cmp, reason = "what did not change keeps its bits, and they are compared")]

use super::roster::{Roster, Segment};
use crate::engine::maxmin::TIE;
use crate::units::count;

/// In place of the other link, for routes that share several others.
pub(super) const MANY: usize = usize::MAX;

/// The lesser of two numbers; a single instruction, since neither is NaN.
pub(super) fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greatest cap that counts as no higher than a level, and so as what holds its flow.
///
/// Equal numbers are seldom equal to the last bit. Were they told apart by that, levels would depend on
/// which was found first, and two links would chase each other's last digit round a cycle.
pub(super) fn reach(level: f64) -> f64 {
    level * (1.0 + TIE)
}

/// The greatest [`reach`] of levels that count as no higher than `elsewhere`, where a route is held
/// elsewhere: links with equal levels hold a route together, and neither level depends on the other.
fn reach_beside(elsewhere: f64) -> f64 {
    elsewhere * (1.0 + 3.0 * TIE)
}

/// Whether a link at `level` holds a route that is held `elsewhere` too.
pub(super) fn is_beside(level: f64, elsewhere: f64) -> bool {
    reach(level) <= reach_beside(elsewhere)
}

/// A link with the routes that share it.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Bytes per second; infinite for a link that never limits.
    pub(super) capacity: f64,
    /// One for each of its routes where there are several. A link that only one route crosses has
    /// none: it is folded into the route's own limit.
    pub(super) entries: Vec<Entry>,
    /// What the route of each entry asks for.
    pub(super) asks: Vec<Ask>,
    /// Sum of what is asked for.
    asked: f64,
    n_flows: usize,
}

/// What a route can ask for at most.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ask {
    /// The sum of its caps, at most its own limit.
    pub(super) most: f64,
    pub(super) n_flows: usize,
}

/// A route as one of its links sees it. What a visit reads stands together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The piece of the route's demand that was needed last.
    piece: Segment,
    /// The level at which the route fills a link of its own.
    pub(super) own_level: f64,
    /// The greatest cap on the route; zero without flows.
    pub(super) cap_max: f64,
    /// The one other link that the route shares; [`MANY`], or one behind all links for none.
    pub(super) other: usize,
    pub(super) route: usize,
}

/// What lies around a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Levels of all links, and behind them an infinite one.
    pub(super) levels: &'a [f64],
    pub(super) rosters: &'a [Roster],
    /// By route: its links that other routes cross too.
    pub(super) shared: &'a [Vec<usize>],
}

impl Entry {
    /// A route without flows, seen from the link at `place` of those that it shares.
    pub(super) fn idle(route: usize, shared: &[usize], place: usize, n_links: usize) -> Entry {
        let piece = Segment { from: 0.0, to: f64::INFINITY, base: 0.0, slope: 0.0 };
        let other = match shared.len() {
            1 => n_links,
            2 => shared[1 - place],
            _ => MANY,
        };
        Entry { piece, own_level: f64::INFINITY, cap_max: 0.0, other, route }
    }

    /// Takes up the flows of its route, which fill a link of their own at `own_level`.
    pub(super) fn renew(&mut self, roster: &Roster, own_level: f64) {
        (self.own_level, self.cap_max) = (own_level, roster.cap_max());
        self.piece = if roster.is_empty() {
            Segment { from: 0.0, to: f64::INFINITY, base: 0.0, slope: 0.0 }
        } else {
            // A piece that holds nowhere: the first visit finds the one it needs.
            Segment { from: f64::INFINITY, to: 0.0, base: 0.0, slope: 0.0 }
        };
    }

    /// The lowest limit of the route but for the link `but`, from which it is seen.
    pub(super) fn elsewhere(&self, but: usize, around: &Around<'_>) -> f64 {
        if self.other == MANY {
            return self.elsewhere_but(&[but], around);
        }
        lesser(around.levels[self.other], self.own_level)
    }

    /// The lowest limit of the route but for some of its links.
    pub(super) fn elsewhere_but(&self, but: &[usize], around: &Around<'_>) -> f64 {
        let mut lowest = self.own_level;
        for &link in around.shared[self.route].iter().filter(|link| !but.contains(link)) {
            lowest = lesser(around.levels[link], lowest);
        }
        lowest
    }
}

impl Link {
    pub(super) fn new(capacity: f64) -> Link {
        Link { capacity, entries: Vec::new(), asks: Vec::new(), asked: 0.0, n_flows: 0 }
    }

    /// Sums what is asked of the link, always in the order of its entries.
    pub(super) fn add_up(&mut self) {
        (self.asked, self.n_flows) = (0.0, 0);
        for ask in &self.asks {
            self.asked += ask.most;
            self.n_flows += ask.n_flows;
        }
    }

    /// Whether the link carries all that can be asked of it, whatever the other links do.
    pub(super) fn is_cold(&self) -> bool {
        self.asked <= self.capacity * (1.0 + TIE)
    }

    /// The level at which the link carries its capacity, given what holds its routes elsewhere;
    /// infinite where it carries less whatever the level.
    ///
    /// The demand is concave and made of straight pieces, so Newton's steps from below never
    /// overshoot, and end on the piece that crosses the capacity. They begin at the old level; from
    /// above it the first leads below. A step down after one up is rounding, at a corner.
    pub(super) fn level(&mut self, idx: usize, around: &Around<'_>) -> f64 {
        if self.is_cold() {
            return f64::INFINITY;
        }
        let fair = self.capacity / count(self.n_flows); // no level is lower
        let old = around.levels[idx];
        let mut level = if old < f64::INFINITY { old } else { fair };
        let mut is_from_below = level == fair;
        let mut has_risen = false;
        // Each step passes a corner: a cap, or a limit elsewhere. All may be passed down, then up.
        for _step in 0..2 * (self.n_flows + self.entries.len()) + 4 {
            let total = self.demand(idx, level, around);
            if total.slope == 0.0 {
                // Carried to the full, it may be as full as the links that hold its routes.
                if total.base < self.capacity * (1.0 - 8.0 * TIE) || is_from_below {
                    return f64::INFINITY;
                }
                (level, is_from_below) = (fair, true);
                continue;
            }
            let next = (self.capacity - total.base) / total.slope;
            if total.from <= reach(next) && reach(next) <= total.to {
                return next;
            }
            let next = if next < fair { fair } else { next };
            if next == level || (next < level && has_risen) {
                return next;
            }
            has_risen = level < next;
            level = next;
        }
        unreachable!("no level for {} flows on {} routes", self.n_flows, self.entries.len())
    }

    /// The piece of the demand of all routes that holds at a finite `level`, from one [`reach`] to another.
    ///
    /// Which side a route is on is a coin toss, so the sums select instead of branching.
    fn demand(&mut self, idx: usize, level: f64, around: &Around<'_>) -> Segment {
        let mut total = Segment { from: 0.0, to: f64::INFINITY, base: 0.0, slope: 0.0 };
        let here = reach(level);
        for entry in &mut self.entries {
            let elsewhere = entry.elsewhere(idx, around);
            let beside = reach_beside(elsewhere);
            let is_free = here <= beside;
            let at = lesser(here, beside);
            if at < entry.piece.from || entry.piece.to <= at {
                entry.piece = around.rosters[entry.route].segment(at);
            }
            let Segment { from, to, base, slope } = entry.piece;
            total.base += if is_free { base } else { base + slope * elsewhere };
            total.slope += if is_free { slope } else { 0.0 };
            let from = if is_free { from } else { beside };
            let to = if is_free { lesser(to, beside) } else { f64::INFINITY };
            total.from = if total.from < from { from } else { total.from };
            total.to = lesser(total.to, to);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::FlowIdx;
    use super::*;

    /// The level of a link whose routes have their own caps and own level, beginning at `old`.
    fn level(capacity: f64, routes: &[(&[f64], f64)], old: f64) -> f64 {
        let mut link = Link::new(capacity);
        let mut rosters = Vec::new();
        for (place, (caps, own_level)) in routes.iter().enumerate() {
            let mut roster = Roster::default();
            for (idx, &cap) in (0..).zip(*caps) {
                roster.insert(cap, FlowIdx(idx));
            }
            let mut entry = Entry::idle(place, &[0], 0, 1);
            entry.renew(&roster, *own_level);
            link.entries.push(entry);
            link.asks.push(Ask { most: roster.asked(), n_flows: roster.len() });
            rosters.push(roster);
        }
        link.add_up();
        let levels = [old, f64::INFINITY];
        link.level(0, &Around { levels: &levels, rosters: &rosters, shared: &[] })
    }

    const FREE: f64 = f64::INFINITY;

    /// Caps 2, 9 and 1, 8, the latter held at 2.5 elsewhere: 2 + w + 1 + 2.5 = 10, w = 4.5.
    /// From any old level.
    #[test]
    fn a_level_fills_what_routes_held_elsewhere_leave() {
        for old in [FREE, 0.0, 1.0, 2.5, 4.5, 6.0, 100.0] {
            assert_eq!(level(10.0, &[(&[2.0, 9.0], FREE), (&[1.0, 8.0], 2.5)], old), 4.5);
        }
    }

    /// 10 and 4 on 14 is cold; 10 and 5 is not; held at 8.5 elsewhere the first leaves enough.
    #[test]
    fn a_link_that_is_not_filled_has_no_level() {
        assert_eq!(level(14.0, &[(&[10.0], FREE), (&[4.0], FREE)], FREE), FREE);
        assert_eq!(level(14.0, &[(&[10.0], FREE), (&[5.0], FREE)], FREE), 9.0);
        assert_eq!(level(14.0, &[(&[10.0], 8.5), (&[5.0], FREE)], 1.0), FREE);
        assert_eq!(level(0.0, &[(&[10.0], FREE)], FREE), 0.0);
    }
}
