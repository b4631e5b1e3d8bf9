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

use crate::model::change::{SourceSnapshot, delta};
use crate::model::{IncrementalBase, Rekey, Retention};
use crate::units::{Bytes, Instant};

/// The copies of one volume at one destination, oldest source snapshot first.
#[derive(Debug, Clone)]
pub struct Lineage {
    kept: VecDeque<Kept>,
    /// Copies that were ever accepted.
    n_accepted: u64,
    /// The earliest end of a retention by age.
    soonest: Instant,
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
    extent: Extent,
    /// The number of the full copy that its family began with.
    family: u64,
    /// When the copy was completed; none while it is under way.
    completed: Option<Instant>,
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
    /// Whether another rule for the base would have found another one.
    pub base_in_flight: bool,
}

impl Extent {
    /// The extent of a copy that has no base.
    pub fn full(bytes: Bytes) -> Extent {
        Extent { bytes, alone: bytes, incremental: false, base: None, base_in_flight: false }
    }

    /// The extent of a copy of which the destination has all blocks already.
    pub fn nothing() -> Extent {
        Extent { incremental: true, ..Extent::full(Bytes::ZERO) }
    }
}

impl Kept {
    /// When its retention ends, where that is by age.
    fn gone(&self) -> Option<Instant> {
        match self.stay.retain {
            Retention::Age(age) => self.completed.map(|at| at + age),
            Retention::Forever | Retention::Count(_) => None,
        }
    }

    /// From `at` on it stores other bytes.
    fn store(&mut self, at: Instant, bytes: Bytes, shelves: &mut Shelves) {
        if bytes != self.stored {
            shelves.add(self.stay.shelf, self.stored, (self.since, at));
            (self.stored, self.since) = (bytes, at);
        }
    }
}

impl Default for Lineage {
    fn default() -> Lineage {
        Lineage { kept: VecDeque::new(), n_accepted: 0, soonest: Instant::FAR }
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
            same_key.find(|kept| in_flight || kept.completed.is_some())
        };
        let barred = match rules.rekey {
            Rekey::First => false,
            Rekey::WhileMixed => self.has_another_key(key),
            Rekey::Always => key != 0,
        };
        if barred {
            return Extent::full(source.full);
        }
        let (completed, accepted) = (newest(false), newest(true));
        let base = match rules.base {
            IncrementalBase::Completed => completed,
            IncrementalBase::Accepted => accepted,
        };
        let full = Extent {
            base_in_flight: completed.map(|kept| kept.id) != accepted.map(|kept| kept.id),
            ..Extent::full(source.full)
        };
        let Some(base) = base else { return full };
        let bytes = delta(base.full, base.change_clock, source);
        Extent { bytes, incremental: true, base: Some(base.id), ..full }
    }

    /// Whether a completed copy under another key stands (the last condition of F103).
    fn has_another_key(&self, key: u32) -> bool {
        self.kept.iter().any(|kept| kept.completed.is_some() && kept.stay.key != key)
    }

    /// A copy of `source` was accepted; returns its number.
    pub fn accept(&mut self, source: &SourceSnapshot, extent: Extent, stay: Stay) -> u64 {
        let id = self.n_accepted;
        self.n_accepted += 1;
        let base = self.kept.iter().find(|kept| Some(kept.id) == extent.base);
        let copy = Kept {
            id,
            started: source.started,
            full: source.full,
            change_clock: source.change_clock,
            stay,
            extent,
            family: base.map_or(id, |base| base.family),
            completed: None,
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
        let family = self.mark_completed(id, now);
        self.restate(family, now, shelves);
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
        let family = self.mark_completed(id, completed);
        self.restate(family, since, shelves);
    }

    /// Writes down when a copy was completed; returns its family.
    fn mark_completed(&mut self, id: u64, at: Instant) -> u64 {
        let place = self.place_of(id);
        let copy = &mut self.kept[place];
        copy.completed = Some(at);
        let (gone, family) = (copy.gone(), copy.family);
        self.soonest = gone.map_or(self.soonest, |gone| gone.min(self.soonest));
        family
    }

    /// The copy of this number ended without being completed.
    pub fn forget(&mut self, id: u64) {
        let place = self.place_of(id);
        self.kept.remove(place);
    }

    fn place_of(&self, id: u64) -> usize {
        let place = self.kept.iter().position(|kept| kept.id == id && kept.completed.is_none());
        place.expect("an accepted copy is in its lineage")
    }

    /// Deletes the copies that are past their retention by age at `now`, each at its own instant.
    ///
    /// What reaches its age at this very instant still stands: requests are heard before expiry.
    pub fn expire(&mut self, now: Instant, shelves: &mut Shelves) {
        while self.soonest < now {
            let at = self.soonest;
            let place = self.kept.iter().position(|kept| kept.gone() == Some(at));
            self.delete(place.expect("somebody's retention ends then"), at, shelves);
            self.soonest = self.kept.iter().filter_map(Kept::gone).min().unwrap_or(Instant::FAR);
        }
    }

    /// Deletes those that are kept by count, where as many newer ones are completed.
    fn delete_too_many(&mut self, now: Instant, shelves: &mut Shelves) -> u64 {
        let starts: Vec<Instant> = self
            .kept
            .iter()
            .filter(|kept| kept.completed.is_some())
            .map(|kept| kept.started)
            .collect();
        let is_over = |kept: &Kept| match kept.stay.retain {
            Retention::Count(count) => {
                let newer = starts.len() - starts.partition_point(|start| *start <= kept.started);
                kept.completed.is_some() && usize::try_from(count).expect("u32 fits") <= newer
            }
            Retention::Forever | Retention::Age(_) => false,
        };
        let mut n_deleted = 0;
        while let Some(place) = self.kept.iter().position(is_over) {
            self.delete(place, now, shelves);
            n_deleted += 1;
        }
        n_deleted
    }

    fn delete(&mut self, place: usize, at: Instant, shelves: &mut Shelves) {
        self.kept[place].store(at, Bytes::ZERO, shelves);
        let family = self.kept[place].family;
        self.kept.remove(place);
        self.restate(family, at, shelves);
    }

    /// The oldest standing copy of a family stores all of itself, the others what they moved.
    fn restate(&mut self, family: u64, at: Instant, shelves: &mut Shelves) {
        let mut is_oldest = true;
        for kept in &mut self.kept {
            if kept.family == family && kept.completed.is_some() {
                let bytes = if is_oldest { kept.extent.alone } else { kept.extent.bytes };
                kept.store(at, bytes, shelves);
                is_oldest = false;
            }
        }
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
        let copy = self.kept.iter().find(|kept| kept.id == id && kept.completed.is_some());
        copy.is_some_and(|kept| kept.gone().is_none_or(|gone| now <= gone))
    }

    /// How many completed copies there are.
    pub fn n_completed(&self) -> usize {
        self.kept.iter().filter(|kept| kept.completed.is_some()).count()
    }
}

#[cfg(test)]
mod tests;
