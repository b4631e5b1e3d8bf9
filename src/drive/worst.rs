//! The worst copies of a run, by how late they were.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::rng::NameHash;
use crate::units::Span;

/// How many are kept of a run.
const KEPT: usize = 10;

/// How bad a copy was; the greater, the worse.
///
/// Who broke a promise is worse than who did not; among these who was never there; then whose end was
/// further past what was promised, and then who took longer from due to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Badness {
    /// Whether it broke a promise.
    pub broke: bool,
    /// Whether it was never there.
    pub never: bool,
    /// By how much its end was past what was promised.
    #[serde(with = "crate::units::stored")]
    pub late: Span,
    /// Time from due to its end.
    #[serde(with = "crate::units::stored")]
    pub took: Span,
}

/// One of the worst copies of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// What its wish is known by ([`crate::record::wish()`]).
    pub wish: NameHash,
    /// What its volume or image and its destination are known by: what the wish for the first snapshot
    /// would be.
    pub item: NameHash,
    /// How bad it was.
    pub badness: Badness,
}

/// Which copy it is, by index: names are told of few, and only in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Which {
    pub(super) fleet: usize,
    pub(super) item: usize,
    pub(super) rule: usize,
    /// Number of the snapshot or release.
    pub(super) number: u64,
}

impl Which {
    /// Whether another copy is of the same volume or image, to the same destination.
    fn has_item_of(self, other: Which) -> bool {
        (self.fleet, self.item, self.rule) == (other.fleet, other.item, other.rule)
    }
}

/// The worst copies so far, of each volume or image to each destination its worst, the worst first; of
/// equals, who ended first.
#[derive(Debug, Clone, Default)]
pub(super) struct WorstOf(Vec<(Badness, Which)>);

impl WorstOf {
    /// A copy ended.
    pub(super) fn count(&mut self, badness: Badness, which: Which) {
        if self.0.len() == KEPT && badness <= self.0[KEPT - 1].0 {
            return;
        }
        match self.0.iter().position(|(_, other)| other.has_item_of(which)) {
            Some(before) if badness <= self.0[before].0 => return,
            Some(before) => drop(self.0.remove(before)),
            None => self.0.truncate(KEPT - 1),
        }
        let place = self.0.partition_point(|(other, _)| badness <= *other);
        self.0.insert(place, (badness, which));
    }

    /// The worst copies, the worst first.
    pub(super) fn list(&self, wish: impl Fn(Which) -> NameHash) -> Vec<Worst> {
        let told = self.0.iter().map(|(badness, of)| Worst {
            wish: wish(*of),
            item: wish(Which { number: 0, ..*of }),
            badness: *badness,
        });
        told.collect()
    }
}

/// The worst copies of several runs, of each volume or image to each destination its worst, each with
/// its replication, the worst first; of equals, those of the earlier run, and in it who ended first.
pub fn worst_of_all(runs: impl Iterator<Item = (u32, Vec<Worst>)>) -> Vec<(u32, Worst)> {
    let mut all: Vec<(u32, Worst)> = Vec::new();
    for (replication, worst) in runs {
        all.extend(worst.into_iter().map(|one| (replication, one)));
    }
    all.sort_by_key(|(_, one)| Reverse(one.badness));
    let mut kept: Vec<(u32, Worst)> = Vec::new();
    for (replication, one) in all {
        if kept.len() < KEPT && kept.iter().all(|(_, other)| other.item != one.item) {
            kept.push((replication, one));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::index_u64;

    /// How bad a copy was; times in seconds.
    fn bad(broke: bool, never: bool, late: u64, took: u64) -> Badness {
        Badness { broke, never, late: Span::from_secs(late), took: Span::from_secs(took) }
    }

    /// A copy of a volume of its own.
    fn which(number: u64) -> Which {
        Which { fleet: 0, item: usize::try_from(number).expect("small"), rule: 0, number }
    }

    fn wish(which: Which) -> NameHash {
        NameHash::of("v").number(index_u64(which.item)).number(which.number)
    }

    fn numbers(list: &[Worst]) -> Vec<u64> {
        let number = |one: &Worst| (0..100).find(|n| wish(which(*n)) == one.wish);
        list.iter().map(|one| number(one).expect("a number below 100")).collect()
    }

    /// Never there though promised (6, then 5, which was given up sooner); late (3 by more than 4);
    /// never there without a promise (7); the slowest (1 before 2); of equals, 8 came before 9.
    #[test]
    fn broken_promises_come_first_then_those_never_there_then_the_latest_then_the_slowest() {
        let mut worst = WorstOf::default();
        let copies = [
            (1, bad(false, false, 0, 90)),
            (2, bad(false, false, 0, 80)),
            (4, bad(true, false, 10, 70)),
            (3, bad(true, false, 20, 60)),
            (5, bad(true, true, 0, 50)),
            (6, bad(true, true, 0, 55)),
            (7, bad(false, true, 0, 1)),
            (8, bad(false, false, 0, 5)),
            (9, bad(false, false, 0, 5)),
        ];
        for (number, badness) in copies {
            worst.count(badness, which(number));
        }
        assert_eq!(numbers(&worst.list(wish)), [6, 5, 3, 4, 7, 1, 2, 8, 9]);
        // two more that took 6 s each: 9, the last, goes for the second
        for number in [10, 11] {
            worst.count(bad(false, false, 0, 6), which(number));
        }
        assert_eq!(numbers(&worst.list(wish)), [6, 5, 3, 4, 7, 1, 2, 10, 11, 8]);
    }

    /// Of volume 2, 30 s, then 50 s, then 40 s: the second is kept, between 60 s of volume 1 and 45 s
    /// of volume 3; in another run it takes 70 s.
    #[test]
    fn of_each_volume_its_worst_copy_is_kept() {
        let list = |copies: &[(u64, u64, u64)]| {
            let mut worst = WorstOf::default();
            for (volume, number, took) in copies {
                let which = Which { number: *number, ..which(*volume) };
                worst.count(bad(false, false, 0, *took), which);
            }
            worst.list(wish)
        };
        let took =
            |list: &[Worst]| -> Vec<Span> { list.iter().map(|one| one.badness.took).collect() };
        let run = list(&[(2, 0, 30), (1, 0, 60), (3, 0, 45), (2, 1, 50), (2, 2, 40)]);
        assert_eq!(took(&run), [60, 50, 45].map(Span::from_secs));
        let all = worst_of_all([(0, run), (1, list(&[(2, 7, 70)]))].into_iter());
        let all: Vec<Worst> = all.into_iter().map(|(_, one)| one).collect();
        assert_eq!(took(&all), [70, 60, 45].map(Span::from_secs));
    }

    /// Two runs of ten, all alike but for one of the second: it leads, then come those of the first.
    #[test]
    fn of_several_runs_the_worst_are_kept_and_of_equals_the_first() {
        let run = |first: u64, most: u64| {
            let mut worst = WorstOf::default();
            for n in 0..10 {
                let took = if n == 3 { most } else { 7 };
                worst.count(bad(false, false, 0, took), which(first + n));
            }
            worst.list(wish)
        };
        let all = worst_of_all([(0, run(0, 7)), (1, run(10, 8))].into_iter());
        let told: Vec<u32> = all.iter().map(|(replication, _)| *replication).collect();
        assert_eq!(told, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let list: Vec<Worst> = all.into_iter().map(|(_, one)| one).collect();
        assert_eq!(numbers(&list), [13, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
