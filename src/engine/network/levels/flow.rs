//! The flows by slot: on which side each is, and when those at their caps end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::{Flow, FlowIdx};
use crate::units::{Instant, Moved, Speed};

/// Where a running flow's bytes are accounted for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// It has no bytes, and ends at once.
    Empty,
    /// At its cap, with so much left when it came there: its end is known.
    Capped { left: Moved },
    /// Below its cap: it ends when the progress of its route reaches the mark.
    Sharing {
        /// On the route's scale of progress.
        mark: Moved,
    },
}

/// A running flow.
#[derive(Debug, Clone)]
pub(super) struct Running {
    pub(super) flow: Flow,
    pub(super) side: Side,
    /// When it came to this side.
    pub(super) since: Instant,
    /// When it ends if it stays there, at its cap or without bytes.
    end: Option<Instant>,
}

impl Running {
    /// What is left of a flow at its cap: nothing once its end has come, by definition or not.
    pub(super) fn left_at_cap(&self, now: Instant, left: Moved) -> Moved {
        if now == self.since {
            return left;
        }
        if self.end.is_some_and(|end| end <= now) {
            return Moved::ZERO;
        }
        (left - Speed::of(self.flow.cap).over(now.since(self.since))).at_least_zero()
    }
}

#[derive(Debug, Clone, Default)]
struct Slot {
    /// Counts the changes of side: what was noted under an older stamp is void.
    stamp: u32,
    running: Option<Running>,
    is_listed: bool,
}

/// All flows, the ends of those at their caps, and the list of those whose limit changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Flows {
    slots: Vec<Slot>,
    ends: BinaryHeap<Reverse<(Instant, FlowIdx, u32)>>,
    changed: Vec<FlowIdx>,
}

impl Flows {
    /// Lets a flow in, as yet on the empty side.
    pub(super) fn enter(&mut self, now: Instant, idx: FlowIdx, flow: &Flow) {
        if self.slots.len() <= idx.at() {
            self.slots.resize(idx.at() + 1, Slot::default());
        }
        let slot = &mut self.slots[idx.at()];
        assert!(slot.running.is_none(), "flow {} runs already", idx.0);
        slot.running = Some(Running { flow: *flow, side: Side::Empty, since: now, end: None });
        self.list(idx);
    }

    /// Takes a flow out.
    pub(super) fn leave(&mut self, idx: FlowIdx) -> Running {
        let slot = &mut self.slots[idx.at()];
        slot.stamp = slot.stamp.wrapping_add(1);
        if std::mem::take(&mut slot.is_listed) {
            self.changed.retain(|listed| *listed != idx);
        }
        slot.running.take().expect("the caller names running flows")
    }

    pub(super) fn running(&self, idx: FlowIdx) -> &Running {
        self.slots[idx.at()].running.as_ref().expect("the caller names running flows")
    }

    pub(super) fn running_mut(&mut self, idx: FlowIdx) -> &mut Running {
        self.slots[idx.at()].running.as_mut().expect("the caller names running flows")
    }

    /// Whether a note under this stamp still holds.
    pub(super) fn holds(&self, idx: FlowIdx, stamp: u32) -> bool {
        self.slots[idx.at()].stamp == stamp
    }

    /// Puts a flow on a side from `now` on; returns the stamp of the change.
    pub(super) fn put(&mut self, now: Instant, idx: FlowIdx, side: Side) -> u32 {
        let slot = &mut self.slots[idx.at()];
        let running = slot.running.as_mut().expect("the caller names running flows");
        if matches!(running.side, Side::Sharing { .. }) && running.since < now {
            running.flow.ends_at = None; // it is behind
        }
        running.since = now;
        running.side = side;
        slot.stamp = slot.stamp.wrapping_add(1);
        let end = match side {
            Side::Empty => Some(now),
            Side::Sharing { .. } => None,
            Side::Capped { left } => match running.flow.ends_at {
                Some(end) => Some(end.max(now)),
                None => Speed::of(running.flow.cap).end_of(now, left),
            },
        };
        running.end = end;
        if let Some(end) = end {
            self.ends.push(Reverse((end, idx, slot.stamp)));
        }
        slot.stamp
    }

    /// When the first flow at its cap ends; exact once void notes are swept.
    pub(super) fn first_end(&self) -> Option<Instant> {
        self.ends.peek().map(|Reverse((end, ..))| *end)
    }

    /// Appends the flows at their caps that end at `now`.
    pub(super) fn take_due(&mut self, now: Instant, due: &mut Vec<FlowIdx>) {
        while let Some(&Reverse((end, idx, stamp))) = self.ends.peek()
            && end <= now
        {
            self.ends.pop();
            if self.holds(idx, stamp) {
                due.push(idx);
            }
        }
    }

    /// Drops void notes from the head of the ends, and all of them where they outnumber the flows.
    pub(super) fn sweep(&mut self) {
        let slots = &self.slots;
        let holds = |idx: FlowIdx, stamp: u32| slots[idx.at()].stamp == stamp;
        if 2 * slots.len() + 64 < self.ends.len() {
            self.ends.retain(|&Reverse((_, idx, stamp))| holds(idx, stamp));
        }
        while let Some(&Reverse((_, idx, stamp))) = self.ends.peek()
            && !holds(idx, stamp)
        {
            self.ends.pop();
        }
    }

    /// Notes that a flow's limit may have changed.
    pub(super) fn list(&mut self, idx: FlowIdx) {
        if !std::mem::replace(&mut self.slots[idx.at()].is_listed, true) {
            self.changed.push(idx);
        }
    }

    /// Hands over the listed flows by index.
    pub(super) fn drain_changed(&mut self, changed: &mut Vec<FlowIdx>) {
        self.changed.sort_unstable();
        for idx in self.changed.drain(..) {
            self.slots[idx.at()].is_listed = false;
            changed.push(idx);
        }
    }
}
