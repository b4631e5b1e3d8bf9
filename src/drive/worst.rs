//! The worst copies of a run, by how late they were.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::record::Fate;
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
    /// What its volume or image and its destination are known by: of each the worst copy is kept.
    pub item: NameHash,
    /// How bad it was.
    pub badness: Badness,
}

/// The worst copies so far, of each volume or image to each destination its worst, the worst first; of
/// equals, who ended first.
#[derive(Debug, Clone, Default)]
pub(super) struct WorstOf(Vec<Worst>);

impl WorstOf {
    /// A copy ended, `took` after it was due.
    pub(super) fn count(&mut self, fate: &Fate<'_>, took: Span) {
        let Fate { broke, late, .. } = *fate;
        let badness = Badness { broke, never: fate.completed.is_none(), late, took };
        if self.0.len() == KEPT && badness <= self.0[KEPT - 1].badness {
            return;
        }
        let item = NameHash::of(fate.fleet).child(fate.item).child(fate.to);
        match self.0.iter().position(|other| other.item == item) {
            Some(before) if badness <= self.0[before].badness => return,
            Some(before) => drop(self.0.remove(before)),
            None => self.0.truncate(KEPT - 1),
        }
        let place = self.0.partition_point(|other| badness <= other.badness);
        self.0.insert(place, Worst { wish: fate.wish(), item, badness });
    }

    /// The worst copies, the worst first.
    pub(super) fn into_list(self) -> Vec<Worst> {
        self.0
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
    use crate::units::Instant;

    const NAMES: [&str; 20] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t",
    ];

    /// A copy due at 0, of a volume of its own, by its number; `completed` and `late` in seconds.
    fn fate(number: u64, completed: Option<u64>, broke: bool, late: u64) -> Fate<'static> {
        let at = |secs| Instant::ZERO + Span::from_secs(secs);
        Fate {
            fleet: "f",
            scope: "f → x",
            item: NAMES[usize::try_from(number).unwrap()],
            number,
            rule: 0,
            to: "x",
            due: at(0),
            completed: completed.map(at),
            latest: None,
            broke,
            late: Span::from_secs(late),
        }
    }

    fn numbers(list: &[Worst]) -> Vec<u64> {
        let number = |one: &Worst| (0..20).find(|n| fate(*n, None, false, 0).wish() == one.wish);
        list.iter().map(|one| number(one).unwrap()).collect()
    }

    /// Never there though promised (6, then 5, which was given up sooner); late (3 by more than 4);
    /// never there without a promise (7); the slowest (1 before 2); of equals, 8 came before 9.
    #[test]
    fn broken_promises_come_first_then_those_never_there_then_the_latest_then_the_slowest() {
        let mut worst = WorstOf::default();
        let copies = [
            (fate(1, Some(90), false, 0), 90),
            (fate(2, Some(80), false, 0), 80),
            (fate(4, Some(70), true, 10), 70),
            (fate(3, Some(60), true, 20), 60),
            (fate(5, None, true, 0), 50),
            (fate(6, None, true, 0), 55),
            (fate(7, None, false, 0), 1),
            (fate(8, Some(5), false, 0), 5),
            (fate(9, Some(5), false, 0), 5),
        ];
        for (fate, took) in &copies {
            worst.count(fate, Span::from_secs(*took));
        }
        assert_eq!(numbers(&worst.clone().into_list()), [6, 5, 3, 4, 7, 1, 2, 8, 9]);
        // two more that took 6 s each: 9, the last, goes for the second
        for number in [10, 11] {
            worst.count(&fate(number, Some(6), false, 0), Span::from_secs(6));
        }
        assert_eq!(numbers(&worst.into_list()), [6, 5, 3, 4, 7, 1, 2, 10, 11, 8]);
    }

    /// Of volume c, 30 s, then 50 s, then 40 s: the second is kept, before d with 45 s and after b with
    /// 60; of another run, c with 70 s is worse.
    #[test]
    fn of_each_volume_its_worst_copy_is_kept() {
        let copy = |number: u64, snapshot: u64, took: u64| {
            (Fate { number: snapshot, ..fate(number, Some(took), false, 0) }, took)
        };
        let list = |copies: &[(Fate<'_>, u64)]| {
            let mut worst = WorstOf::default();
            for (fate, took) in copies {
                worst.count(fate, Span::from_secs(*took));
            }
            worst.into_list()
        };
        let took =
            |list: &[Worst]| -> Vec<Span> { list.iter().map(|one| one.badness.took).collect() };
        let run =
            list(&[copy(2, 0, 30), copy(1, 0, 60), copy(3, 0, 45), copy(2, 1, 50), copy(2, 2, 40)]);
        assert_eq!(took(&run), [60, 50, 45].map(Span::from_secs));
        let other = list(&[copy(2, 7, 70)]);
        let all = worst_of_all([(0, run), (1, other)].into_iter());
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
                worst.count(&fate(first + n, Some(took), false, 0), Span::from_secs(took));
            }
            worst.into_list()
        };
        let all = worst_of_all([(0, run(0, 7)), (1, run(10, 8))].into_iter());
        let told: Vec<u32> = all.iter().map(|(replication, _)| *replication).collect();
        assert_eq!(told, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let list: Vec<Worst> = all.into_iter().map(|(_, one)| one).collect();
        assert_eq!(numbers(&list), [13, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
