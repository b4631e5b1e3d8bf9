//! The readings of a clock at which flows end, soonest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::engine::network::FlowIdx;
use crate::units::Moved;

/// So many marks stand in order at most: with more, moving them aside takes longer than a heap.
const NEAR_MAX: usize = 64;

/// Where a flow ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub(super) reading: Moved,
    pub(super) idx: FlowIdx,
    /// That of the flow when the mark was made; void when the flow has another.
    pub(super) stamp: u32,
}

/// Marks of one clock: the soonest in order, so that few are touched where a link has few flows, and
/// the others in a heap.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    /// The soonest comes last. Empty only where `far` is.
    near: Vec<Mark>,
    /// None of them is before one of those.
    far: BinaryHeap<Reverse<Mark>>,
}

impl Marks {
    pub(super) fn len(&self) -> usize {
        self.near.len() + self.far.len()
    }

    pub(super) fn first(&self) -> Option<&Mark> {
        self.near.last()
    }

    pub(super) fn add(&mut self, mark: Mark) {
        if !self.far.is_empty() && self.near.first().is_some_and(|last| *last < mark) {
            self.far.push(Reverse(mark));
            return;
        }
        let place = self.near.partition_point(|other| mark < *other);
        self.near.insert(place, mark);
        if NEAR_MAX < self.near.len() {
            self.far.extend(self.near.drain(..NEAR_MAX / 2).map(Reverse));
        }
    }

    pub(super) fn take_first(&mut self) {
        self.near.pop();
        if self.near.is_empty() && !self.far.is_empty() {
            let next = std::iter::from_fn(|| self.far.pop().map(|Reverse(mark)| mark));
            self.near.extend(next.take(NEAR_MAX / 2));
            self.near.reverse();
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Mark> {
        self.near.iter().chain(self.far.iter().map(|Reverse(mark)| mark))
    }

    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
    }

    /// Leaves those that hold.
    pub(super) fn retain(&mut self, holds: impl Fn(&Mark) -> bool) {
        let marks: Vec<Mark> = self.iter().filter(|mark| holds(mark)).copied().collect();
        self.renew(marks);
    }

    /// Lowers all by `by`.
    pub(super) fn lower(&mut self, by: Moved) {
        let lowered = |mark: &Mark| Mark { reading: mark.reading - by, ..*mark };
        let marks: Vec<Mark> = self.iter().map(lowered).collect();
        self.renew(marks);
    }

    fn renew(&mut self, mut marks: Vec<Mark>) {
        marks.sort_unstable_by_key(|&mark| Reverse(mark));
        let n_far = marks.len().saturating_sub(NEAR_MAX / 2);
        self.far = marks.drain(..n_far).map(Reverse).collect();
        self.near = marks;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(reading: u32, nth: usize) -> Mark {
        Mark {
            reading: Moved::of(reading.into()),
            idx: FlowIdx(0),
            stamp: u32::try_from(nth).unwrap(),
        }
    }

    proptest! {
        /// Marks that come and go, up to some 200 at once: what is taken is what a sorted list has first.
        #[test]
        fn the_soonest_comes_first(steps in prop::collection::vec((0..9u8, 0..1000u32), 1..500)) {
            let (mut marks, mut sorted) = (Marks::default(), Vec::new());
            for (nth, (step, reading)) in steps.into_iter().enumerate() {
                match step {
                    0..6 => {
                        marks.add(mark(reading, nth));
                        sorted.push(mark(reading, nth));
                        sorted.sort();
                    }
                    6 => {
                        let odd = |mark: &Mark| mark.stamp % 8 != reading % 8;
                        marks.retain(odd);
                        sorted.retain(odd);
                    }
                    _ if !sorted.is_empty() => {
                        marks.take_first();
                        sorted.remove(0);
                    }
                    _ => {}
                }
                prop_assert_eq!(marks.first(), sorted.first());
                prop_assert_eq!(marks.len(), sorted.len());
            }
            let mut left: Vec<Mark> = marks.iter().copied().collect();
            left.sort();
            prop_assert_eq!(left, sorted);
        }
    }

    /// 100 marks at 5, 6, … bytes, lowered by 5: 0, 1, …
    #[test]
    fn a_clock_can_be_set_back() {
        let mut marks = Marks::default();
        (5..105).rev().for_each(|reading| marks.add(mark(reading, 0)));
        marks.lower(Moved::of(5.0));
        for reading in 0..100 {
            assert_eq!(marks.first(), Some(&mark(reading, 0)));
            marks.take_first();
        }
        assert_eq!((marks.first(), marks.len()), (None, 0));
    }
}
