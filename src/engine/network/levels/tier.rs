//! The flows of one tier: their routes hang on the clocks of the links that hold them.

use std::ops::Range;

use super::super::{FlowIdx, LinkIdx};
use super::clock::{Clocks, Marks, READING_MAX};
use super::flow::{Flows, Side};
use super::link::reach;
use super::solve::{Hold, Solver};
use crate::units::{Instant, Moved, count, index_u32};

/// The network as one tier sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct TierNetwork {
    solver: Solver,
    placed: Vec<Placed>,
    clocks: Clocks,
    /// The clock of each link.
    link_clock: Vec<usize>,
    /// Routes whose use of their links may have changed in the latest settle.
    shifted: Vec<usize>,
}

/// Where a route stands since the latest settle.
///
/// The first `n_capped` flows of its roster are those whose cap the level reaches, and they
/// are capped; the others share, and the route hangs on a clock if there are any.
#[derive(Debug, Clone)]
struct Placed {
    hold: Hold,
    n_capped: usize,
    /// From the greatest cap of the capped up to, and without, the least of the others: what levels may
    /// reach without a flow that changes sides. Nowhere after a flow came or went.
    same_sides: Range<f64>,
    /// The clock on which it hangs.
    clock: Option<usize>,
    /// Its progress less the reading of that clock.
    offset: Moved,
    marks: Marks,
    /// The clock for when a link of its own holds it.
    own_clock: usize,
}

const NOWHERE: Range<f64> = f64::INFINITY..0.0;

impl TierNetwork {
    pub(super) fn add_link(&mut self, capacity: f64) {
        self.solver.add_link(capacity);
        self.link_clock.push(self.clocks.add());
    }

    pub(super) fn add_route(&mut self, links: &[usize]) {
        self.solver.add_route(links);
        self.placed.push(Placed {
            hold: Hold::NOTHING,
            n_capped: 0,
            same_sides: NOWHERE,
            clock: None,
            offset: Moved::ZERO,
            marks: Marks::default(),
            own_clock: self.clocks.add(),
        });
    }

    pub(super) fn set_capacity(&mut self, link: usize, capacity: f64) {
        self.solver.set_capacity(link, capacity);
    }

    /// Lets a flow with so much `left` in. Its side is the one that the levels before the next
    /// settle give it; no time passes until then.
    pub(super) fn enter(&mut self, now: Instant, idx: FlowIdx, left: Moved, flows: &mut Flows) {
        let flow = &flows.running(idx).flow;
        let (route, cap) = (flow.route.at(), flow.cap.get());
        if self.is_free(route) {
            flows.put(now, idx, Side::Capped { left });
            return;
        }
        if self.solver.roster(route).is_empty() {
            self.placed[route].hold = self.solver.hold(route);
        }
        self.solver.insert(route, cap, idx);
        let progress = self.progress(now, route);
        let placed = &mut self.placed[route];
        placed.same_sides = NOWHERE;
        if cap <= reach(placed.hold.level) {
            placed.n_capped += 1;
            flows.put(now, idx, Side::Capped { left });
        } else {
            let mark = progress + left;
            let stamp = flows.put(now, idx, Side::Sharing { mark });
            placed.marks.push(mark, idx, stamp);
        }
    }

    /// Takes a flow off its route; returns what it still had.
    pub(super) fn leave(&mut self, now: Instant, idx: FlowIdx, flows: &Flows) -> Moved {
        let left = self.left(now, idx, flows);
        let running = flows.running(idx);
        let (route, cap) = (running.flow.route.at(), running.flow.cap.get());
        if self.is_free(route) {
            return left;
        }
        self.placed[route].same_sides = NOWHERE;
        match running.side {
            Side::Empty => {}
            Side::Capped { .. } => {
                self.solver.remove(route, cap, idx);
                self.placed[route].n_capped -= 1;
            }
            Side::Sharing { .. } => self.solver.remove(route, cap, idx),
        }
        left
    }

    /// Whether a route crosses no link: nothing but its cap ever holds a flow there, and nobody asks
    /// what the flows carry together, so that none is put on a roster.
    fn is_free(&self, route: usize) -> bool {
        self.solver.links_of(route).is_empty()
    }

    pub(super) fn left(&self, now: Instant, idx: FlowIdx, flows: &Flows) -> Moved {
        let running = flows.running(idx);
        match running.side {
            Side::Empty => Moved::ZERO,
            Side::Capped { left } => running.left_at_cap(now, left),
            Side::Sharing { mark } => {
                (mark - self.progress(now, running.flow.route.at())).at_least_zero()
            }
        }
    }

    /// The rate of the sharing flows of a route, and the link that sets it.
    pub(super) fn sharing(&self, route: usize) -> (f64, LinkIdx) {
        let hold = self.placed[route].hold;
        let link = hold.link.expect("a route with sharing flows is held by a link");
        (hold.level, LinkIdx(index_u32(link)))
    }

    /// What the flows of a route carry together.
    pub(super) fn used_by(&self, route: usize) -> f64 {
        let Placed { hold, n_capped, .. } = &self.placed[route];
        let roster = self.solver.roster(route);
        let capped = roster.sum(*n_capped);
        if *n_capped == roster.len() {
            return capped;
        }
        capped + count(roster.len() - n_capped) * hold.level
    }

    /// What a link carries.
    pub(super) fn used_on(&self, link: usize) -> f64 {
        self.solver.routes_over(link).iter().map(|&route| self.used_by(route)).sum()
    }

    /// The links of the routes whose use may have changed in the latest settle, with repeats.
    pub(super) fn shifted_links(&self) -> impl Iterator<Item = usize> + '_ {
        self.shifted.iter().flat_map(|&route| self.solver.links_of(route).iter().copied())
    }

    /// When the first sharing flow ends.
    pub(super) fn first_end(&self) -> Option<Instant> {
        self.clocks.first_key()
    }

    /// What a sharing flow of the route would have moved, on the route's own scale.
    fn progress(&self, now: Instant, route: usize) -> Moved {
        let placed = &self.placed[route];
        match placed.clock {
            Some(idx) => self.clocks.clock(idx).reading_at(now) + placed.offset,
            None => Moved::ZERO,
        }
    }

    /// Appends the sharing flows that end at `now`.
    pub(super) fn take_due(&mut self, now: Instant, flows: &Flows, due: &mut Vec<FlowIdx>) {
        while let Some(idx) = self.clocks.due(now) {
            self.clocks.set_key(idx, Instant::FAR);
            self.clocks.note_stale(idx);
            let clock = self.clocks.clock(idx);
            let (reading, speed) = (clock.reading_at(now), clock.speed);
            let hanging = clock.hanging.iter().zip(&clock.firsts);
            for (&route, _) in hanging.filter(|(_, first)| speed.is_through(**first - reading)) {
                let Placed { marks, offset, .. } = &mut self.placed[route];
                while let Some((mark, flow)) = marks.first(flows)
                    && speed.is_through(mark - *offset - reading)
                {
                    marks.pop();
                    due.push(flow);
                }
            }
        }
    }

    /// Tells the clock on which a route hangs when the first flow of the route ends.
    fn note_first(&mut self, route: usize, flows: &Flows) {
        let Placed { marks, offset, clock, .. } = &mut self.placed[route];
        if let Some(clock) = *clock {
            let (mark, _) = marks.first(flows).expect("a route with sharing flows has their marks");
            self.clocks.set_first(clock, route, mark - *offset);
        }
    }

    /// Solves for the levels, and moves what they move.
    pub(super) fn settle(&mut self, now: Instant, flows: &mut Flows) {
        self.shifted.clear();
        if self.solver.is_settled() && !self.clocks.has_stale() {
            return;
        }
        self.solver.solve();
        for &link in self.solver.moved() {
            self.clocks.set_speed(self.link_clock[link], now, self.solver.level(link));
        }
        for nth in 0..self.solver.touched().len() {
            self.place(now, self.solver.touched()[nth], flows);
        }
        self.solver.clear_marks();
        while let Some(idx) = self.clocks.next_stale() {
            self.set_key(now, idx, flows);
        }
    }

    /// Puts the flows of a route on their sides, and the route on the clock that it goes by.
    fn place(&mut self, now: Instant, route: usize, flows: &mut Flows) {
        let hold = self.solver.held(route);
        self.shifted.push(route);
        if hold.is_own {
            self.clocks.set_speed(self.placed[route].own_clock, now, hold.level);
        }
        let placed = &mut self.placed[route];
        let is_held_there = (placed.hold.link, placed.hold.is_own) == (hold.link, hold.is_own);
        if is_held_there && placed.same_sides.contains(&reach(hold.level)) {
            placed.hold = hold; // if it is on a clock, that has the new speed already
            return;
        }
        let progress = self.progress(now, route);
        let roster = self.solver.roster(route);
        let placed = &mut self.placed[route];
        let (before, after) = (placed.n_capped, roster.n_within(reach(hold.level)));
        for idx in roster.flows(before.min(after), before) {
            let running = flows.running(idx);
            let Side::Capped { left } = running.side else { unreachable!("capped by its place") };
            let mark = progress + running.left_at_cap(now, left);
            let stamp = flows.put(now, idx, Side::Sharing { mark });
            placed.marks.push(mark, idx, stamp);
            flows.list(idx);
        }
        for idx in roster.flows(before.min(after), after) {
            let running = flows.running(idx);
            let Side::Sharing { mark } = running.side else { unreachable!("sharing by its place") };
            let left = (mark - progress).at_least_zero();
            flows.put(now, idx, Side::Capped { left });
            flows.list(idx);
        }
        if placed.hold.link != hold.link {
            roster.flows(before.max(after), roster.len()).for_each(|idx| flows.list(idx));
        }
        (placed.n_capped, placed.hold) = (after, hold);
        placed.same_sides = roster.same_sides(after);
        self.hang(now, route, progress, flows);
        self.placed[route].marks.sweep(self.solver.roster(route).len() - after, flows);
        self.note_first(route, flows);
    }

    /// Hangs a route on the clock of what holds it, or on none if no flow shares.
    fn hang(&mut self, now: Instant, route: usize, progress: Moved, flows: &mut Flows) {
        let n_sharing = self.solver.roster(route).len() - self.placed[route].n_capped;
        let placed = &mut self.placed[route];
        let clock = match placed.hold {
            _ if n_sharing == 0 => None,
            Hold { is_own: true, .. } => Some(placed.own_clock),
            Hold { link, .. } => Some(self.link_clock[link.expect("sharing flows are held")]),
        };
        if clock != placed.clock {
            if let Some(old) = placed.clock {
                self.clocks.unhang(old, route);
            }
            placed.clock = clock;
            placed.offset = match clock {
                Some(idx) => progress - self.clocks.hang(idx, now, route),
                None => Moved::ZERO,
            };
            if Moved::of(READING_MAX) < progress {
                self.set_route_back(route, progress, flows);
            }
        }
        match clock {
            Some(idx) => self.clocks.note_stale(idx),
            None => self.placed[route].marks.clear(),
        }
    }

    /// Finds when the first flow on a clock ends.
    fn set_key(&mut self, now: Instant, idx: usize, flows: &mut Flows) {
        if Moved::of(READING_MAX) < self.clocks.clock(idx).reading_at(now) {
            self.set_back(now, idx, flows);
        }
        let clock = self.clocks.clock(idx);
        let first = clock.firsts.iter().min();
        let end = first.and_then(|first| clock.speed.end_of(clock.since, *first - clock.reading));
        self.clocks.set_key(idx, end.map_or(Instant::FAR, |end| end.max(now)));
    }

    /// Sets a clock, and the progress of all routes on it, back to zero: readings stay small.
    fn set_back(&mut self, now: Instant, idx: usize, flows: &mut Flows) {
        self.clocks.clock_mut(idx).advance(now);
        for place in 0..self.clocks.clock(idx).hanging.len() {
            let route = self.clocks.clock(idx).hanging[place];
            self.set_route_back(route, self.progress(now, route), flows);
            self.placed[route].offset = Moved::ZERO;
            self.note_first(route, flows);
        }
        self.clocks.clock_mut(idx).reading = Moved::ZERO;
    }

    /// Lowers the scale of a route by the progress that it has made.
    fn set_route_back(&mut self, route: usize, progress: Moved, flows: &mut Flows) {
        let placed = &mut self.placed[route];
        let roster = self.solver.roster(route);
        for flow in roster.flows(placed.n_capped, roster.len()) {
            if let Side::Sharing { mark } = &mut flows.running_mut(flow).side {
                *mark -= progress;
            }
        }
        placed.marks.lower(progress);
        placed.offset -= progress;
    }
}
