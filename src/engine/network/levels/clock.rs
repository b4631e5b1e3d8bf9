//! Clocks that run at the level of a link, so that a change of level moves one key, not one a flow.
//!
//! A clock's reading is the bytes that a flow at the link's level has moved since the clock was
//! last at zero. Routes hang on the clock of the link that holds them; a route's progress is the
//! reading plus an offset, and a flow ends when the progress reaches its mark.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::FlowIdx;
use super::super::keys::Tournament;
use super::flow::Flows;
use crate::units::{Instant, Moved, Rate, Speed};

/// Bytes above which a clock is set back to zero, long before its reading would not fit.
pub(super) const READING_MAX: f64 = 72_057_594_037_927_936.0; // 2^56: four years at 500 MiB/s

/// One clock.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// At `since`.
    pub(super) reading: Moved,
    pub(super) since: Instant,
    pub(super) speed: Speed,
    /// The routes whose sharing flows go by it.
    pub(super) hanging: Vec<usize>,
    /// Of each of them, the reading at which its first flow ends.
    pub(super) firsts: Vec<Moved>,
    is_stale: bool,
}

impl Clock {
    pub(super) fn reading_at(&self, now: Instant) -> Moved {
        self.reading + self.speed.over(now.since(self.since))
    }

    pub(super) fn advance(&mut self, now: Instant) {
        self.reading = self.reading_at(now);
        self.since = now;
    }

    fn place_of(&self, route: usize) -> usize {
        self.hanging.iter().position(|other| *other == route).expect("it hangs there")
    }
}

/// All clocks of a tier with their keys: the instants at which the first flow of each ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Clocks {
    all: Vec<Clock>,
    keys: Tournament,
    stale: Vec<usize>,
}

impl Clocks {
    /// Adds a clock that stands at zero; returns its index.
    pub(super) fn add(&mut self) -> usize {
        self.all.push(Clock {
            reading: Moved::ZERO,
            since: Instant::ZERO,
            speed: Speed::ZERO,
            hanging: Vec::new(),
            firsts: Vec::new(),
            is_stale: false,
        });
        self.keys.add();
        self.all.len() - 1
    }

    pub(super) fn clock(&self, idx: usize) -> &Clock {
        &self.all[idx]
    }

    pub(super) fn clock_mut(&mut self, idx: usize) -> &mut Clock {
        &mut self.all[idx]
    }

    /// Changes the speed to a level from `now` on. A clock on which nothing hangs goes back to zero, and an
    /// infinite level, on which nothing can hang, stands still.
    pub(super) fn set_speed(&mut self, idx: usize, now: Instant, level: f64) {
        let clock = &mut self.all[idx];
        if clock.hanging.is_empty() {
            (clock.reading, clock.since) = (Moved::ZERO, now);
        } else {
            clock.advance(now);
            self.note_stale(idx);
        }
        self.all[idx].speed =
            if level < f64::INFINITY { Speed::of(Rate::new(level)) } else { Speed::ZERO };
    }

    /// Hangs a route on a clock; returns the reading at `now`. When its first flow ends is yet to be told.
    pub(super) fn hang(&mut self, idx: usize, now: Instant, route: usize) -> Moved {
        let clock = &mut self.all[idx];
        if clock.hanging.is_empty() {
            (clock.reading, clock.since) = (Moved::ZERO, now);
        }
        clock.hanging.push(route);
        clock.firsts.push(Moved::MAX);
        clock.reading_at(now)
    }

    /// The first flow of a route ends at this reading of the clock on which it hangs.
    pub(super) fn set_first(&mut self, idx: usize, route: usize, reading: Moved) {
        let place = self.all[idx].place_of(route);
        self.all[idx].firsts[place] = reading;
    }

    /// Takes a route from the clock on which it hangs.
    pub(super) fn unhang(&mut self, idx: usize, route: usize) {
        let clock = &mut self.all[idx];
        let place = clock.place_of(route);
        clock.hanging.swap_remove(place);
        clock.firsts.swap_remove(place);
        self.note_stale(idx);
    }

    /// Notes that a clock needs another key.
    pub(super) fn note_stale(&mut self, idx: usize) {
        if !std::mem::replace(&mut self.all[idx].is_stale, true) {
            self.stale.push(idx);
        }
    }

    pub(super) fn has_stale(&self) -> bool {
        !self.stale.is_empty()
    }

    pub(super) fn next_stale(&mut self) -> Option<usize> {
        let idx = self.stale.pop()?;
        self.all[idx].is_stale = false;
        Some(idx)
    }

    /// Sets the key of a clock; [`Instant::FAR`] for none.
    pub(super) fn set_key(&mut self, idx: usize, key: Instant) {
        self.keys.set(idx, key);
    }

    /// The first key.
    pub(super) fn first_key(&self) -> Option<Instant> {
        Some(self.keys.first()).filter(|&key| key < Instant::FAR)
    }

    /// A clock whose key is at or before `now`.
    pub(super) fn due(&self, now: Instant) -> Option<usize> {
        if now < self.keys.first() || self.keys.first() == Instant::FAR {
            return None;
        }
        Some(self.keys.winner())
    }
}

/// A flow's mark on its route's scale of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    at: Moved,
    idx: FlowIdx,
    stamp: u32,
}

/// The marks of a route's sharing flows, the least first; void ones are dropped when met.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    marks: BinaryHeap<Reverse<Mark>>,
}

impl Marks {
    pub(super) fn push(&mut self, at: Moved, idx: FlowIdx, stamp: u32) {
        self.marks.push(Reverse(Mark { at, idx, stamp }));
    }

    /// The least mark that holds.
    pub(super) fn first(&mut self, flows: &Flows) -> Option<(Moved, FlowIdx)> {
        while let Some(&Reverse(Mark { at, idx, stamp })) = self.marks.peek() {
            if flows.holds(idx, stamp) {
                return Some((at, idx));
            }
            self.marks.pop();
        }
        None
    }

    pub(super) fn pop(&mut self) {
        self.marks.pop();
    }

    pub(super) fn clear(&mut self) {
        self.marks.clear();
    }

    /// Drops void marks where they outnumber the `n_sharing` that hold.
    pub(super) fn sweep(&mut self, n_sharing: usize, flows: &Flows) {
        if 2 * n_sharing + 64 < self.marks.len() {
            self.marks.retain(|Reverse(mark)| flows.holds(mark.idx, mark.stamp));
        }
    }

    /// Moves all marks down by `by`.
    pub(super) fn lower(&mut self, by: Moved) {
        let lowered = std::mem::take(&mut self.marks).into_vec().into_iter();
        self.marks =
            lowered.map(|Reverse(mark)| Reverse(Mark { at: mark.at - by, ..mark })).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 B/s for 2 s, then 10 B/s for 5 s: 250 B.
    #[test]
    fn a_clock_reads_the_bytes_of_a_flow_at_its_speed() {
        let at = |secs: u64| Instant::from_nanos(secs * 1_000_000_000);
        let mut clocks = Clocks::default();
        let idx = clocks.add();
        clocks.set_speed(idx, at(0), 100.0);
        assert_eq!(clocks.hang(idx, at(1), 7), Moved::ZERO);
        clocks.set_speed(idx, at(3), 10.0);
        assert_eq!(clocks.clock(idx).reading_at(at(8)), Moved::of(250.0));
        clocks.unhang(idx, 7);
        assert_eq!(clocks.hang(idx, at(9), 8), Moved::ZERO); // idle clocks go back to zero
    }
}
