//! What a destination holds of one volume: whether the next copy is full or incremental, and how
//! many bytes are stored.
//!
//! A full copy shares no block with what was there; an incremental one shares blocks with its base,
//! and with all that this shares with: they are a family. A family stores the full size of its
//! oldest standing copy and what each later one moved (assumed; `docs/model.md`, Money). So what a deleted copy alone had goes, and
//! what later ones need stays.

use std::collections::VecDeque;

mod shelf;

pub use shelf::Shelves;

use super::soonest::Soonest;
use crate::model::change::{SourceSnapshot, delta};
use crate::model::{IncrementalBase, Rekey, Retention};
use crate::record::WhyFull;
use crate::units::{Bytes, Instant, index_u64, index_usize};

/// The copies of one volume at one destination, oldest source snapshot first.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    kept: VecDeque<Kept>,
    /// Copies that were ever accepted.
    n_accepted: u64,
    /// Of those that stand, how many are completed.
    n_completed: usize,
    /// Whether any was ever completed.
    has_completed: bool,
    /// When copies that are kept by age go, with their numbers, soonest first.
    leaving: Soonest<(Instant, u64)>,
    /// When the first of them goes: mostly that is all that is asked.
    first_leaves: Option<Instant>,
    /// The least count by which a copy was ever kept here, if any was.
    least_count: Option<usize>,
}

/// One copy of a volume at a destination.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Its number among all that were accepted.
    id: u64,
    /// When the source snapshot began.
    started: Instant,
    full: Bytes,
    change_clock: f64,
    stay: Stay,
    /// Bytes that it moved.
    moved: Bytes,
    /// What it stores where it shares no block with another copy.
    alone: Bytes,
    /// The number of the full copy that its family began with.
    family: u64,
    /// Whether it is completed; else it is under way.
    completed: bool,
    /// Bytes that it stores now.
    stored: Bytes,
    /// Since when.
    since: Instant,
}

/// Under which key a copy is made, and how long it is kept where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The key, by number; 0 is the one that the source is under.
    pub key: u32,
    /// How long it is kept.
    pub retain: Retention,
    /// The shelf that its bytes are on.
    pub shelf: usize,
}

/// What decides whether there is a base.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// P-INCR-BASE.
    pub base: IncrementalBase,
    /// P-REKEY.
    pub rekey: Rekey,
}

/// What a copy moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Bytes to move.
    pub bytes: Bytes,
    /// What it stores where it shares no block with another copy.
    pub alone: Bytes,
    /// Whether there is a base.
    pub incremental: bool,
    /// The base's number in the lineage.
    pub base: Option<u64>,
    /// Why there is none.
    pub why_full: Option<WhyFull>,
    /// Whether another rule for the base would have found another one.
    pub base_in_flight: bool,
}

impl Extent {
    /// The extent of a copy that has no base, and why.
    pub fn full(bytes: Bytes, why: WhyFull) -> Extent {
        let why_full = Some(why);
        let (incremental, base, base_in_flight) = (false, None, false);
        Extent { bytes, alone: bytes, incremental, base, why_full, base_in_flight }
    }

    /// The extent of a copy of which the destination has all blocks already.
    pub fn nothing() -> Extent {
        Extent { incremental: true, why_full: None, ..Extent::full(Bytes::ZERO, WhyFull::First) }
    }
}

impl Kept {
    /// Whether it is kept by count, and that is reached by so many newer ones.
    fn is_over(&self, newer: usize) -> bool {
        match self.stay.retain {
            Retention::Count(count) => self.completed && index_usize(count) <= newer,
            Retention::Forever | Retention::Age(_) => false,
        }
    }

    /// Whether it shares blocks with a family, and stands.
    fn stands_in(&self, family: u64) -> bool {
        self.family == family && self.completed
    }

    /// From `at` on it stores other bytes.
    fn store(&mut self, at: Instant, bytes: Bytes, shelves: &mut Shelves) {
        if bytes != self.stored {
            shelves.add(self.stay.shelf, self.stored, (self.since, at));
            (self.stored, self.since) = (bytes, at);
        }
    }
}

impl Lineage {
    /// What a copy of `source` under `key` moves if it is accepted now (F102–F105). What is past its
    /// retention by now must have gone ([`Lineage::expire`]).
    ///
    /// The base is the newest copy by snapshot start, older than the source, that is completed and
    /// under the same key; and nothing stands against it by P-REKEY.
    pub fn extent(&self, source: &SourceSnapshot, key: u32, rules: Rules) -> Extent {
        let newest = |in_flight: bool| {
            let older = self.kept.iter().rev().filter(|kept| kept.started < source.started);
            let mut same_key = older.filter(|kept| kept.stay.key == key);
            same_key.find(|kept| in_flight || kept.completed)
        };
        let barred = match rules.rekey {
            Rekey::First => false,
            Rekey::WhileMixed => self.has_another_key(key),
            Rekey::Always => key != 0,
        };
        let (completed, accepted) = (newest(false), newest(true));
        let base = match rules.base {
            IncrementalBase::Completed => completed,
            IncrementalBase::Accepted => accepted,
        };
        if barred {
            let other = if base.is_some() { None } else { self.why_full(source) };
            return Extent::full(source.full, other.unwrap_or(WhyFull::Key));
        }
        let base_in_flight = completed.map(|kept| kept.id) != accepted.map(|kept| kept.id);
        let Some(base) = base else {
            let why = self.why_full(source).unwrap_or(WhyFull::Key);
            return Extent { base_in_flight, ..Extent::full(source.full, why) };
        };
        let bytes = delta(base.full, base.change_clock, source);
        let alone = source.full;
        Extent { bytes, alone, base: Some(base.id), base_in_flight, ..Extent::nothing() }
    }

    /// Why there is no base for a copy of `source`, if keys are not the reason.
    fn why_full(&self, source: &SourceSnapshot) -> Option<WhyFull> {
        let mut standing = self.kept.iter().filter(|kept| kept.completed);
        if self.n_accepted == 0 {
            Some(WhyFull::First)
        } else if standing.clone().next().is_some() {
            let is_older = |kept: &Kept| kept.started < source.started;
            (!standing.any(is_older)).then_some(WhyFull::NotOlder)
        } else if !self.has_completed {
            Some(WhyFull::NotCompleted)
        } else {
            Some(WhyFull::Retention)
        }
    }

    /// Whether a completed copy under another key stands (the last condition of F103).
    fn has_another_key(&self, key: u32) -> bool {
        self.kept.iter().any(|kept| kept.completed && kept.stay.key != key)
    }

    /// A copy of `source` was accepted; returns its number.
    pub fn accept(&mut self, source: &SourceSnapshot, extent: Extent, stay: Stay) -> u64 {
        let id = self.n_accepted;
        self.n_accepted += 1;
        let base = self.kept.iter().rev().find(|kept| Some(kept.id) == extent.base);
        let copy = Kept {
            id,
            started: source.started,
            full: source.full,
            change_clock: source.change_clock,
            stay,
            moved: extent.bytes,
            alone: extent.alone,
            family: base.map_or(id, |base| base.family),
            completed: false,
            stored: Bytes::ZERO,
            since: Instant::ZERO,
        };
        let newer = self.kept.iter().rev().take_while(|kept| copy.started < kept.started).count();
        self.kept.insert(self.kept.len() - newer, copy);
        id
    }

    /// The copy of this number was completed. Those that its completion makes too many are deleted;
    /// returns how many.
    pub fn complete(&mut self, id: u64, now: Instant, shelves: &mut Shelves) -> u64 {
        self.expire(now, shelves);
        self.stand(id, (now, now), shelves);
        self.delete_too_many(now, shelves)
    }

    /// A copy is there from `since` on, as if it had been completed at `completed`.
    pub fn seed(
        &mut self,
        source: &SourceSnapshot,
        (extent, stay): (Extent, Stay),
        (completed, since): (Instant, Instant),
        shelves: &mut Shelves,
    ) {
        let id = self.accept(source, extent, stay);
        self.stand(id, (completed, since), shelves);
    }

    /// A copy stands, and stores, from `since` on; its age counts from `completed`.
    fn stand(&mut self, id: u64, (completed, since): (Instant, Instant), shelves: &mut Shelves) {
        let place = self.pending(id);
        let copy = &mut self.kept[place];
        copy.completed = true;
        self.n_completed += 1;
        self.has_completed = true;
        match copy.stay.retain {
            Retention::Age(age) => {
                self.leaving.push((completed + age, id));
                self.first_leaves = self.leaving.first().map(|(at, _)| *at);
            }
            Retention::Count(count) => {
                let count = index_usize(count);
                self.least_count = Some(self.least_count.map_or(count, |least| least.min(count)));
            }
            Retention::Forever => {}
        }
        let (family, moved) = (copy.family, copy.moved);
        if self.has_older(place, family) {
            self.kept[place].store(since, moved, shelves);
        } else {
            if let Some(next) = self.next_in(place + 1, family) {
                let moved = self.kept[next].moved;
                self.kept[next].store(since, moved, shelves);
            }
            let alone = self.kept[place].alone;
            self.kept[place].store(since, alone, shelves);
        }
    }

    /// The copy of this number ended without being completed.
    pub fn forget(&mut self, id: u64) {
        let place = self.pending(id);
        self.kept.remove(place);
    }

    /// The place of a copy under way; such copies are mostly new.
    fn pending(&self, id: u64) -> usize {
        let place = self.kept.iter().rposition(|kept| kept.id == id && !kept.completed);
        place.expect("an accepted copy is in its lineage")
    }

    /// Whether an older copy than that at a place stands in a family.
    fn has_older(&self, place: usize, family: u64) -> bool {
        self.kept.range(..place).rev().any(|kept| kept.stands_in(family))
    }

    /// The oldest copy from a place on that stands in a family.
    fn next_in(&self, place: usize, family: u64) -> Option<usize> {
        let next = self.kept.range(place..).position(|kept| kept.stands_in(family));
        next.map(|next| place + next)
    }

    /// Deletes the copies that are past their retention by age at `now`, each at its own instant.
    ///
    /// What reaches its age at this very instant still stands: requests are heard before expiry.
    pub fn expire(&mut self, now: Instant, shelves: &mut Shelves) {
        if self.first_leaves.is_none_or(|first| now <= first) {
            return;
        }
        while let Some((at, id)) = self.leaving.pop_if(|(at, _)| *at < now) {
            let place = self.kept.iter().position(|kept| kept.id == id);
            self.delete(place.expect("by age it goes only once"), at, shelves);
        }
        self.first_leaves = self.leaving.first().map(|(at, _)| *at);
    }

    /// Deletes those that are kept by count, where as many of newer snapshots are completed; returns
    /// how many. It looks at the oldest only, as far as somebody could be too many.
    fn delete_too_many(&mut self, now: Instant, shelves: &mut Shelves) -> u64 {
        let Some(least) = self.least_count else { return 0 };
        let mut too_many = Vec::new();
        let (mut place, mut newer) = (0, self.n_completed);
        while place < self.kept.len() {
            let started = self.kept[place].started;
            let same = self.kept.range(place..).take_while(|kept| kept.started == started);
            let end = place + same.clone().count();
            newer -= same.clone().filter(|kept| kept.completed).count();
            if newer < least {
                break;
            }
            too_many.extend(same.filter(|kept| kept.is_over(newer)).map(|kept| kept.id));
            place = end;
        }
        for id in &too_many {
            let place = self.kept.iter().position(|kept| kept.id == *id);
            self.delete(place.expect("seen above"), now, shelves);
        }
        index_u64(too_many.len())
    }

    fn delete(&mut self, place: usize, at: Instant, shelves: &mut Shelves) {
        self.kept[place].store(at, Bytes::ZERO, shelves);
        let family = self.kept[place].family;
        let heir =
            if self.has_older(place, family) { None } else { self.next_in(place + 1, family) };
        if let Some(heir) = heir {
            let alone = self.kept[heir].alone;
            self.kept[heir].store(at, alone, shelves);
        }
        self.kept.remove(place);
        self.n_completed -= 1;
    }

    /// The window is over: what still stands was stored until its end.
    pub fn close(&mut self, shelves: &mut Shelves) {
        let end = shelves.until();
        self.expire(end, shelves);
        for kept in &mut self.kept {
            kept.store(end.max(kept.since), Bytes::ZERO, shelves);
        }
    }

    /// Whether the completed copy of this number still stands at `now`.
    pub fn stands(&self, id: u64, now: Instant) -> bool {
        let gone = self.leaving.iter().any(|(at, gone)| *gone == id && *at < now);
        !gone && self.kept.iter().any(|kept| kept.id == id && kept.completed)
    }

    /// How many completed copies there are.
    pub fn n_completed(&self) -> usize {
        self.n_completed
    }
}

#[cfg(test)]
mod tests;
