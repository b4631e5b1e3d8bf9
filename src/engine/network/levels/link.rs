//! One link: what its routes ask of it, and the level at which it is full.

use super::roster::{Roster, Segment};
use crate::engine::maxmin::TIE;
use crate::units::count;

/// Relative change of a level that counts as none.
pub(super) const SAME: f64 = 1e-13;
/// Newton steps on one link. Each passes a corner of the demand or is the last, and corners that
/// were passed do not come back; real runs take one or two.
const STEPS_MAX: usize = 1_000;

/// A link with the routes that share it.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Bytes per second; infinite for a link that never limits.
    pub(super) capacity: f64,
    /// One for each of its routes where there are several. A link that only one route crosses has
    /// none: it is folded into the route's own limit.
    pub(super) entries: Vec<Entry>,
    /// Sum over its routes of the most that each can ask for.
    asked: f64,
    n_flows: usize,
}

/// A route as one of its links sees it. What a visit reads stands together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The piece of the route's demand that was needed last.
    piece: Segment,
    /// The lowest limit elsewhere: the route's own level and the levels of its other links.
    pub(super) elsewhere: f64,
    /// Most that the route can ask for: the sum of its caps, at most its own limit.
    most: f64,
    n_flows: usize,
    pub(super) route: usize,
}

impl Entry {
    /// A route without flows: it asks for nothing, and nothing holds it.
    pub(super) fn idle(route: usize) -> Entry {
        let piece = Segment { from: 0.0, to: f64::INFINITY, base: 0.0, slope: 0.0 };
        Entry { piece, elsewhere: f64::INFINITY, most: 0.0, n_flows: 0, route }
    }

    /// A route with the flows of `roster`, which ask for `most` at most.
    pub(super) fn new(route: usize, roster: &Roster, most: f64, elsewhere: f64) -> Entry {
        // A piece that holds nowhere: the first visit finds the one it needs.
        let piece = Segment { from: f64::INFINITY, to: 0.0, base: 0.0, slope: 0.0 };
        Entry { piece, elsewhere, most, n_flows: roster.len(), route }
    }
}

impl Link {
    pub(super) fn new(capacity: f64) -> Link {
        Link { capacity, entries: Vec::new(), asked: 0.0, n_flows: 0 }
    }

    /// Sums what is asked of the link, always in the order of its entries.
    pub(super) fn add_up(&mut self) {
        (self.asked, self.n_flows) = (0.0, 0);
        for entry in &self.entries {
            self.asked += entry.most;
            self.n_flows += entry.n_flows;
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
    /// overshoot, and end on the piece that crosses the capacity. `guess` is where they begin.
    pub(super) fn level(&mut self, guess: f64, rosters: &[Roster]) -> f64 {
        if self.is_cold() {
            return f64::INFINITY;
        }
        let fair = self.capacity / count(self.n_flows); // no level is lower
        let mut level = if guess < f64::INFINITY { guess } else { fair };
        for _step in 0..STEPS_MAX {
            let total = self.demand(level, rosters);
            if total.slope == 0.0 {
                if total.base <= self.capacity * (1.0 + TIE) || level <= fair {
                    return f64::INFINITY;
                }
                level = fair;
                continue;
            }
            let next = (self.capacity - total.base) / total.slope;
            if total.from <= next && next <= total.to {
                return next;
            }
            let next = if next < fair { fair } else { next };
            if (next - level).abs() <= SAME * level {
                return next; // a corner, but for rounding
            }
            level = next;
        }
        unreachable!("a level needs more than {STEPS_MAX} steps among {} flows", self.n_flows)
    }

    /// The piece of the demand of all routes that holds at a finite `level`.
    ///
    /// Which side a route is on is a coin toss, so the sums select instead of branching.
    fn demand(&mut self, level: f64, rosters: &[Roster]) -> Segment {
        let mut total = Segment { from: 0.0, to: f64::INFINITY, base: 0.0, slope: 0.0 };
        for entry in &mut self.entries {
            let elsewhere = entry.elsewhere;
            let is_free = level < elsewhere;
            let at = if is_free { level } else { elsewhere };
            if at < entry.piece.from || entry.piece.to <= at {
                entry.piece = rosters[entry.route].segment(at);
            }
            let Segment { from, to, base, slope } = entry.piece;
            let to = if to < elsewhere { to } else { elsewhere };
            let from = if is_free { from } else { elsewhere };
            let to = if is_free { to } else { f64::INFINITY };
            total.base += if is_free { base } else { base + slope * elsewhere };
            total.slope += if is_free { slope } else { 0.0 };
            total.from = if total.from < from { from } else { total.from };
            total.to = if to < total.to { to } else { total.to };
        }
        total
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the expected values are exact in binary")]
mod tests {
    use super::super::super::FlowIdx;
    use super::*;

    /// A link of `capacity` with a route of its own caps and limit elsewhere for each of `routes`.
    fn level(capacity: f64, routes: &[(&[f64], f64)], guess: f64) -> f64 {
        let mut link = Link::new(capacity);
        let mut rosters = Vec::new();
        for (place, (caps, elsewhere)) in routes.iter().enumerate() {
            let mut roster = Roster::default();
            for (idx, &cap) in (0..).zip(*caps) {
                roster.insert(cap, FlowIdx(idx));
            }
            link.entries.push(Entry::new(place, &roster, roster.asked(), *elsewhere));
            rosters.push(roster);
        }
        link.add_up();
        link.level(guess, &rosters)
    }

    const FREE: f64 = f64::INFINITY;

    /// Caps 2, 9 and 1, 8, the latter held at 2.5 elsewhere: 2 + w + 1 + 2.5 = 10, w = 4.5.
    /// From any guess: the demand there is left behind.
    #[test]
    fn a_level_fills_what_routes_held_elsewhere_leave() {
        for guess in [FREE, 0.0, 1.0, 2.5, 4.5, 6.0, 100.0] {
            assert_eq!(level(10.0, &[(&[2.0, 9.0], FREE), (&[1.0, 8.0], 2.5)], guess), 4.5);
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
