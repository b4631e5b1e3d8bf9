//! Pending events, soonest first; at one instant by rank, then by a keyed tie.

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
///
/// A heap in which each entry has up to four below it: half as many levels as with two, and the four
/// stand side by side in memory. What is last goes down the gap that the soonest leaves, all the way,
/// and then up to its place: it comes from the bottom, and seldom belongs far above it.
///
/// Source: `LaMarca` and Ladner, "The influence of caches on the performance of heaps", ACM Journal of
/// Experimental Algorithmics 1, 1996; going down first: Wegener, "Bottom-up heapsort", Theoretical
/// Computer Science 118, 1993.
#[derive(Debug, Clone)]
pub struct Calendar<E> {
    /// Those below the entry at `n` stand at `4 n + 1` to `4 n + 4`, and none is sooner than it.
    pending: Vec<Entry<E>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry<E> {
    key: Key,
    event: E,
}

/// How many entries stand below one.
const BELOW: usize = 4;

impl<E> Default for Calendar<E> {
    fn default() -> Self {
        Calendar { pending: Vec::new() }
    }
}

impl<E: Copy> Calendar<E> {
    /// Puts an event in its place.
    pub fn schedule(&mut self, key: Key, event: E) {
        let entry = Entry { key, event };
        self.pending.push(entry);
        rise(&mut self.pending, entry);
    }

    /// The place of the soonest event.
    pub fn next_key(&self) -> Option<Key> {
        self.pending.first().map(|entry| entry.key)
    }

    /// Takes out the soonest event.
    pub fn pop(&mut self) -> Option<(Key, E)> {
        let last = self.pending.pop()?;
        let Some(Entry { key, event }) = self.pending.first().copied() else {
            return Some((last.key, last.event));
        };
        let mut gap = 0;
        while let Some(soonest) = soonest_below(&self.pending, gap) {
            self.pending[gap] = self.pending[soonest];
            gap = soonest;
        }
        rise(&mut self.pending[..=gap], last);
        Some((key, event))
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

/// The soonest of those that stand below a place, if any do.
fn soonest_below<E>(pending: &[Entry<E>], place: usize) -> Option<usize> {
    let first = BELOW * place + 1;
    let below = pending.get(first..(first + BELOW).min(pending.len()))?;
    let mut soonest = (0, below.first()?.key);
    for (nth, entry) in below.iter().enumerate().skip(1) {
        soonest = if entry.key < soonest.1 { (nth, entry.key) } else { soonest };
    }
    Some(first + soonest.0)
}

/// Moves the gap at the end of the entries up to where an entry belongs, and puts it there.
fn rise<E: Copy>(pending: &mut [Entry<E>], entry: Entry<E>) {
    let mut gap = pending.len() - 1;
    while 0 < gap {
        let above = (gap - 1) / BELOW;
        if pending[above].key <= entry.key {
            break;
        }
        pending[gap] = pending[above];
        gap = above;
    }
    pending[gap] = entry;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rng::{Chance, NameHash, Purpose};

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

    /// Events come out in the order of their keys, whatever the order in which they came: against a
    /// sorted list, with an event taken out for every two that are put in, then all the rest.
    #[test]
    fn the_soonest_leaves_first_however_many_there_are() {
        let chance = Chance::new(5, 0);
        let key = |n| {
            let at =
                Instant::from_nanos(chance.key(Purpose::Tie, NameHash::of("at").number(n)) % 300);
            Key::new(at, Rank::Request, n)
        };
        let (mut calendar, mut sorted) = (Calendar::default(), BTreeSet::new());
        for n in 0..1000 {
            calendar.schedule(key(n), n);
            sorted.insert((key(n), n));
            if n % 2 == 0 {
                assert_eq!(calendar.next_key(), sorted.first().map(|(key, _)| *key));
                assert_eq!(calendar.pop(), sorted.pop_first());
            }
        }
        assert_eq!(calendar.len(), 500);
        while let Some(next) = calendar.pop() {
            assert_eq!(Some(next), sorted.pop_first());
        }
        assert!(sorted.is_empty() && calendar.is_empty());
    }

    #[test]
    fn a_key_gives_its_time_back() {
        let far = Instant::from_nanos(u64::MAX - 1);
        assert_eq!(Key::new(far, Rank::Horizon, u64::MAX).at(), far);
    }
}
