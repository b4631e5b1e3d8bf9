//! Pending events, soonest first; at one instant by rank, then by a keyed tie.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::units::Instant;

/// The order of events of one instant.
///
/// What frees comes before what takes; a flow that ends at its deadline has met it; clients are
/// heard after the provider has put its own house in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// The capacity of a link changes.
    CapacityChange,
    /// A flow ends: its slot and quota are free.
    FlowEnd,
    /// A deadline passes.
    Deadline,
    /// A copy's turn begins.
    TurnBegins,
    /// A copy's start-up ends.
    StartUpEnds,
    /// Freed quota is granted again.
    Regrant,
    /// A snapshot is completed.
    SnapshotCompleted,
    /// A client wakes up.
    WakeUp,
    /// A new request.
    Request,
    /// Something kept long enough is deleted.
    Expiry,
    /// The pacing tick.
    ControlTick,
    /// The run ends.
    Horizon,
}

/// A place in the calendar: (time, rank, tie) in one number, so that one comparison decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u128);

impl Key {
    /// The place of an event with the lowest 56 bits of `tie`.
    pub fn new(at: Instant, rank: Rank, tie: u64) -> Key {
        let low = (u64::from(rank as u8) << 56) | (tie & ((1 << 56) - 1));
        Key((u128::from(at.nanos()) << 64) | u128::from(low))
    }

    /// Before every event of this rank at this instant.
    pub fn start_of(at: Instant, rank: Rank) -> Key {
        Key::new(at, rank, 0)
    }

    /// When.
    pub fn at(self) -> Instant {
        Instant::from_nanos(u64::try_from(self.0 >> 64).expect("64 bits are left of 128"))
    }
}

/// Pending events, soonest first; at one instant by rank, then by the tie-breaking key.
///
/// Events are not taken out: who schedules one keeps a generation number and ignores stale ones.
#[derive(Debug, Clone)]
pub struct Calendar<E> {
    pending: BinaryHeap<Reverse<Entry<E>>>,
}

#[derive(Debug, Clone)]
struct Entry<E> {
    key: Key,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl<E> Default for Calendar<E> {
    fn default() -> Self {
        Calendar { pending: BinaryHeap::new() }
    }
}

impl<E> Calendar<E> {
    /// Puts an event in its place.
    pub fn schedule(&mut self, key: Key, event: E) {
        self.pending.push(Reverse(Entry { key, event }));
    }

    /// The place of the soonest event.
    pub fn next_key(&self) -> Option<Key> {
        self.pending.peek().map(|Reverse(entry)| entry.key)
    }

    /// Takes out the soonest event.
    pub fn pop(&mut self) -> Option<(Key, E)> {
        self.pending.pop().map(|Reverse(entry)| (entry.key, entry.event))
    }

    /// How many events are pending, stale ones among them.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_before_rank_and_rank_before_tie() {
        let at = Instant::from_nanos;
        let mut calendar = Calendar::default();
        calendar.schedule(Key::new(at(2), Rank::CapacityChange, 0), "later");
        calendar.schedule(Key::new(at(1), Rank::Request, 1), "request");
        calendar.schedule(Key::new(at(1), Rank::FlowEnd, 9), "flow 9");
        calendar.schedule(Key::new(at(1), Rank::FlowEnd, 3), "flow 3");
        let order: Vec<&str> = std::iter::from_fn(|| calendar.pop()).map(|(_, e)| e).collect();
        assert_eq!(order, ["flow 3", "flow 9", "request", "later"]);
    }

    #[test]
    fn a_key_gives_its_time_back() {
        let far = Instant::from_nanos(u64::MAX - 1);
        assert_eq!(Key::new(far, Rank::Horizon, u64::MAX).at(), far);
    }
}
