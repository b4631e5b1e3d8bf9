//! The network for flows that cross one link at most, all those of a link with the same cap.
//!
//! Flows of a link are equally fast then: the rate is the cap or an equal share of the capacity,
//! whichever is less, and there is nothing to solve. A link has one clock, whose reading is what each
//! of its flows has moved, and the readings at which they end in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

mod marks;

use marks::{Mark, Marks};

use super::keys::Tournament;
use super::{Flow, FlowIdx, Limit, LinkIdx, Network, RouteIdx, Tier};
use crate::engine::maxmin::TIE;
use crate::units::{Instant, Inverse, Moved, Rate, Speed, count, index_u32};

/// Fluid flows of one tier on links that they do not cross together with others.
///
/// # Panics
/// Where a route has several links, or a flow on a link another cap than those that run there, an end
/// by definition, or the second tier. [`OneLink::bears`] tells of routes and caps beforehand.
#[derive(Debug, Clone, Default)]
pub struct OneLink {
    lines: Vec<Line>,
    /// The link of each route, and how many flows run on it.
    routes: Vec<(Option<usize>, usize)>,
    slots: Vec<Slot>,
    /// When the first flow of each link ends.
    keys: Tournament,
    /// Flows without a link or without bytes, by their ends.
    free: BinaryHeap<Reverse<(Instant, FlowIdx, u32)>>,
    /// Links with other flows or another capacity than at the latest settle.
    stale: Vec<usize>,
    changed: Vec<FlowIdx>,
}

/// A link, its clock, and its flows.
#[derive(Debug, Clone)]
struct Line {
    capacity: Rate,
    /// Of each of its flows.
    cap: Rate,
    n_flows: usize,
    /// Of each of its flows, since the latest settle.
    share: Share,
    /// Of so many flows, where that was asked for since capacity or cap are what they are.
    shares: Vec<Option<Share>>,
    /// At `since`.
    reading: Moved,
    since: Instant,
    /// Void ones are dropped when met.
    marks: Marks,
    is_stale: bool,
}

/// What each flow of a link gets.
#[derive(Debug, Clone, Copy)]
struct Share {
    rate: Rate,
    /// Whether that is less than the cap.
    is_full: bool,
    speed: Speed,
    inverse: Inverse,
}

#[derive(Debug, Clone, Default)]
struct Slot {
    /// Counts the flows that left: what was noted under an older stamp is void.
    stamp: u32,
    running: Option<Running>,
    is_listed: bool,
}

/// A running flow.
#[derive(Debug, Clone, Copy)]
struct Running {
    route: RouteIdx,
    cap: Rate,
    tie: u64,
    /// On a link, the reading at which it ends; else what was left at `since`.
    mark: Moved,
    since: Instant,
    /// Without a link.
    end: Option<Instant>,
    ends_at: Option<Instant>,
    is_empty: bool,
}

/// A reading above which a clock is set back to zero, long before it would not fit.
const READING_MAX: f64 = 72_057_594_037_927_936.0; // 2^56 bytes
/// Shares of fewer flows than that are worked out once: a link that has few has them again and again.
const N_SHARES: usize = 128;

impl Share {
    /// That of each of `n_flows`, at most `cap`, on a link of `capacity`.
    fn of(capacity: Rate, cap: Rate, n_flows: usize) -> Share {
        let share = Rate::new(capacity.get() / count(n_flows));
        let is_full = share.get() * (1.0 + TIE) < cap.get();
        let rate = if is_full { share } else { cap };
        let speed = Speed::of(rate);
        Share { rate, is_full, speed, inverse: speed.inverse() }
    }
}

impl Line {
    fn new(capacity: Rate) -> Line {
        Line {
            capacity,
            cap: Rate::INFINITE,
            n_flows: 0,
            share: Share::of(capacity, Rate::ZERO, 1),
            shares: Vec::new(),
            reading: Moved::ZERO,
            since: Instant::ZERO,
            marks: Marks::default(),
            is_stale: false,
        }
    }

    fn reading_at(&self, now: Instant) -> Moved {
        self.reading + self.share.speed.over(now.since(self.since))
    }

    fn advance(&mut self, now: Instant) {
        if self.n_flows == 0 {
            self.reading = Moved::ZERO;
            self.marks.clear();
        } else if self.since != now {
            self.reading = self.reading_at(now);
        }
        self.since = now;
    }

    /// Its capacity, or the cap of its flows, is another from now on.
    fn limit_by(&mut self, capacity: Rate, cap: Rate) {
        if (self.capacity, self.cap) != (capacity, cap) {
            (self.capacity, self.cap) = (capacity, cap);
            self.shares.clear();
        }
    }

    /// Gives its flows their rate from now on; says whether what holds them is another.
    fn share_out(&mut self) -> bool {
        if self.shares.len() <= self.n_flows && self.n_flows < N_SHARES {
            self.shares.resize(self.n_flows + 1, None);
        }
        let share = || Share::of(self.capacity, self.cap, self.n_flows);
        let share = match self.shares.get_mut(self.n_flows) {
            Some(known) => *known.get_or_insert_with(share),
            None => share(),
        };
        std::mem::replace(&mut self.share, share).is_full != share.is_full
    }

    /// Lowers all marks to a clock that begins anew.
    fn set_back(&mut self, slots: &mut [Slot]) {
        self.marks.retain(|mark| slots[mark.idx.at()].stamp == mark.stamp);
        self.marks.lower(self.reading);
        for mark in self.marks.iter() {
            slots[mark.idx.at()].running.as_mut().expect("the mark holds").mark = mark.reading;
        }
        self.reading = Moved::ZERO;
    }
}

impl OneLink {
    /// Whether flows of these paths and caps can run here together.
    pub fn bears<'a>(n_links: usize, flows: impl Iterator<Item = (&'a [usize], Rate)>) -> bool {
        let mut caps = vec![None; n_links];
        let mut bears = |(path, cap): (&[usize], Rate)| match *path {
            [] => true,
            [link] => *caps[link].get_or_insert(cap) == cap,
            _ => false,
        };
        flows.into_iter().all(&mut bears)
    }

    fn running(&self, idx: FlowIdx) -> &Running {
        self.slots[idx.at()].running.as_ref().expect("the caller names running flows")
    }

    fn line_of(&self, running: &Running) -> Option<usize> {
        self.routes[running.route.at()].0.filter(|_| !running.is_empty)
    }

    fn note_stale(&mut self, line: usize) {
        if !std::mem::replace(&mut self.lines[line].is_stale, true) {
            self.stale.push(line);
        }
    }

    fn list(&mut self, idx: FlowIdx) {
        if !std::mem::replace(&mut self.slots[idx.at()].is_listed, true) {
            self.changed.push(idx);
        }
    }

    fn left_of(&self, now: Instant, running: &Running) -> Moved {
        if running.is_empty {
            return Moved::ZERO;
        }
        match self.line_of(running) {
            Some(line) => (running.mark - self.lines[line].reading_at(now)).at_least_zero(),
            None if now == running.since => running.mark,
            None if running.end.is_some_and(|end| end <= now) => Moved::ZERO,
            None => {
                let moved = Speed::of(running.cap).over(now.since(running.since));
                (running.mark - moved).at_least_zero()
            }
        }
    }

    fn drop_flow(&mut self, now: Instant, idx: FlowIdx) {
        let slot = &mut self.slots[idx.at()];
        slot.stamp = slot.stamp.wrapping_add(1);
        let running = slot.running.take().expect("the caller names running flows");
        if std::mem::take(&mut slot.is_listed) {
            self.changed.retain(|listed| *listed != idx);
        }
        if let Some(line) = self.line_of(&running) {
            self.lines[line].advance(now);
            self.lines[line].n_flows -= 1;
            self.routes[running.route.at()].1 -= 1;
            self.note_stale(line);
        }
    }

    /// Lets a flow run without a link: its end is known.
    fn run_free(&mut self, now: Instant, idx: FlowIdx) {
        let slot = &mut self.slots[idx.at()];
        let running = slot.running.as_mut().expect("it runs");
        let end = Speed::of(running.cap).end_of(now, running.mark);
        running.end = if running.is_empty {
            Some(now)
        } else {
            running.ends_at.map(|end| end.max(now)).or(end)
        };
        if let Some(end) = running.end {
            self.free.push(Reverse((end, idx, slot.stamp)));
        }
    }

    /// Gives the flows of a link their rate, and finds the first end.
    fn settle_line(&mut self, now: Instant, at: usize) {
        let line = &mut self.lines[at];
        line.is_stale = false;
        line.advance(now);
        if line.n_flows == 0 {
            self.keys.set(at, Instant::FAR);
            return;
        }
        if Moved::of(READING_MAX) < line.reading {
            line.set_back(&mut self.slots);
        }
        let slots = &self.slots;
        let holds = |mark: &Mark| slots[mark.idx.at()].stamp == mark.stamp;
        if 2 * line.n_flows + 64 < line.marks.len() {
            line.marks.retain(holds);
        }
        while line.marks.first().is_some_and(|mark| !holds(mark)) {
            line.marks.take_first();
        }
        let is_held_otherwise = line.share_out();
        let Some(first) = line.marks.first() else {
            unreachable!("{} flows without a mark", line.n_flows)
        };
        let Share { speed, inverse, .. } = line.share;
        let end = speed.end_by(inverse, now, first.reading - line.reading);
        self.keys.set(at, end.unwrap_or(Instant::FAR));
        if is_held_otherwise {
            let held = line.marks.iter().filter(|mark| holds(mark)).map(|mark| mark.idx);
            let held: Vec<FlowIdx> = held.collect();
            for idx in held {
                self.list(idx);
            }
        }
    }
}

impl Network for OneLink {
    fn add_link(&mut self, capacity: Rate) -> LinkIdx {
        self.lines.push(Line::new(capacity));
        self.keys.add();
        LinkIdx(index_u32(self.lines.len() - 1))
    }

    fn add_route(&mut self, links: &[LinkIdx]) -> RouteIdx {
        assert!(links.len() <= 1, "a route over {} links", links.len());
        self.routes.push((links.first().map(|link| link.at()), 0));
        RouteIdx(index_u32(self.routes.len() - 1))
    }

    fn set_capacity(&mut self, _now: Instant, link: LinkIdx, capacity: Rate) {
        let line = &mut self.lines[link.at()];
        line.limit_by(capacity, line.cap);
        self.note_stale(link.at());
    }

    fn start(&mut self, now: Instant, idx: FlowIdx, flow: &Flow) {
        if self.slots.len() <= idx.at() {
            self.slots.resize(idx.at() + 1, Slot::default());
        }
        let slot = &mut self.slots[idx.at()];
        assert!(slot.running.is_none(), "flow {} runs already", idx.0);
        assert!(flow.tier == Tier::First, "flow {} is of the second tier", idx.0);
        let Flow { route, bytes, cap, ends_at, tie, .. } = *flow;
        let is_empty = bytes <= 0.0;
        let mut running = Running {
            route,
            cap,
            tie,
            mark: Moved::of(bytes),
            since: now,
            end: None,
            ends_at,
            is_empty,
        };
        let (link, n_flows) = &mut self.routes[route.at()];
        match *link {
            Some(at) if !is_empty => {
                let line = &mut self.lines[at];
                line.advance(now);
                assert!(ends_at.is_none(), "flow {} ends by definition", idx.0);
                assert!(
                    line.n_flows == 0 || line.cap == cap,
                    "flow {} has a cap of its own",
                    idx.0
                );
                line.limit_by(line.capacity, cap);
                line.n_flows += 1;
                *n_flows += 1;
                running.mark += line.reading;
                line.marks.add(Mark { reading: running.mark, idx, stamp: slot.stamp });
                slot.running = Some(running);
                self.note_stale(at);
            }
            _ => {
                slot.running = Some(running);
                self.run_free(now, idx);
            }
        }
        self.list(idx);
    }

    fn set_cap(&mut self, now: Instant, idx: FlowIdx, cap: Rate, ends_at: Option<Instant>) {
        let running = *self.running(idx);
        if (running.cap, running.ends_at) == (cap, ends_at) {
            return;
        }
        let left = self.left_of(now, &running);
        if let Some(line) = self.line_of(&running) {
            assert!(ends_at.is_none(), "flow {} ends by definition", idx.0);
            assert!(self.lines[line].n_flows == 1, "flow {} has a cap of its own", idx.0);
            let of_line = &mut self.lines[line];
            of_line.limit_by(of_line.capacity, cap);
            self.note_stale(line);
        }
        let slot = &mut self.slots[idx.at()];
        let is_free = self.routes[running.route.at()].0.is_none() || running.is_empty;
        let changed = Running { cap, ends_at, ..running };
        slot.running = Some(changed);
        if is_free {
            slot.stamp = slot.stamp.wrapping_add(1);
            slot.running = Some(Running { mark: left, since: now, ..changed });
            self.run_free(now, idx);
        }
        self.list(idx);
    }

    fn remove(&mut self, now: Instant, idx: FlowIdx) -> f64 {
        let left = self.left_of(now, self.running(idx));
        self.drop_flow(now, idx);
        left.bytes()
    }

    fn settle(&mut self, now: Instant) {
        while let Some(line) = self.stale.pop() {
            self.settle_line(now, line);
        }
        while let Some(Reverse((_, idx, stamp))) = self.free.peek()
            && self.slots[idx.at()].stamp != *stamp
        {
            self.free.pop();
        }
    }

    fn next_end(&self) -> Option<Instant> {
        let free = self.free.peek().map(|Reverse((end, ..))| *end);
        let shared = Some(self.keys.first()).filter(|&key| key < Instant::FAR);
        free.into_iter().chain(shared).min()
    }

    fn take_ended(&mut self, now: Instant, ended: &mut Vec<FlowIdx>) {
        let first = ended.len();
        while self.keys.first() <= now && self.keys.first() < Instant::FAR {
            let at = self.keys.winner();
            self.keys.set(at, Instant::FAR);
            self.note_stale(at);
            let line = &mut self.lines[at];
            line.advance(now);
            while let Some(&mark) = line.marks.first()
                && line.share.speed.is_through(mark.reading - line.reading)
            {
                line.marks.take_first();
                if self.slots[mark.idx.at()].stamp == mark.stamp {
                    ended.push(mark.idx);
                }
            }
        }
        while let Some(&Reverse((end, idx, stamp))) = self.free.peek()
            && end <= now
        {
            self.free.pop();
            if self.slots[idx.at()].stamp == stamp {
                ended.push(idx);
            }
        }
        ended[first..].sort_unstable_by_key(|&idx| (self.running(idx).tie, idx));
        for &idx in &ended[first..] {
            self.drop_flow(now, idx);
        }
    }

    fn left(&self, now: Instant, idx: FlowIdx) -> f64 {
        self.left_of(now, self.running(idx)).bytes()
    }

    fn rate(&self, idx: FlowIdx) -> Rate {
        let running = self.running(idx);
        match self.line_of(running) {
            Some(line) => self.lines[line].share.rate,
            None if running.is_empty => Rate::ZERO,
            None => running.cap,
        }
    }

    fn limit(&self, idx: FlowIdx) -> Limit {
        match self.line_of(self.running(idx)) {
            Some(line) if self.lines[line].share.is_full => Limit::Link(LinkIdx(index_u32(line))),
            _ => Limit::Cap,
        }
    }

    fn drain_changed(&mut self, changed: &mut Vec<FlowIdx>) {
        self.changed.sort_unstable();
        for idx in self.changed.drain(..) {
            self.slots[idx.at()].is_listed = false;
            changed.push(idx);
        }
    }

    fn link_use(&self, link: LinkIdx) -> Rate {
        let Share { rate, is_full, .. } = &self.lines[link.at()].share;
        let of_route = |&(_, n): &(Option<usize>, usize)| {
            if *is_full { count(n) * rate.get() } else { std::iter::repeat_n(rate.get(), n).sum() }
        };
        let routes = self.routes.iter().filter(|(at, n)| *at == Some(link.at()) && 0 < *n);
        Rate::new(routes.map(of_route).sum::<f64>() + 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::walks;
    use super::OneLink;

    #[test]
    fn walks_by_hand() {
        walks::of_one_link::<OneLink>();
    }
}
