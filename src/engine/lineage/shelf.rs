//! How much is stored for how long, by what the caller calls a shelf.

use crate::units::{ByteTime, Bytes, Instant};

/// What stood on each shelf within a window. Stays may be told of in any order.
#[derive(Debug, Clone)]
pub struct Shelves {
    window: (Instant, Instant),
    kept: Vec<ByteTime>,
}

impl Shelves {
    /// Empty shelves; what stands on them counts in the window `[from, until)`.
    pub fn new(from: Instant, until: Instant) -> Shelves {
        Shelves { window: (from, until), kept: Vec::new() }
    }

    /// `amount` stood on a shelf from one instant to another.
    pub(super) fn add(&mut self, shelf: usize, amount: Bytes, (from, until): (Instant, Instant)) {
        if self.kept.len() <= shelf {
            self.kept.resize(shelf + 1, ByteTime::ZERO);
        }
        let stay = until.min(self.window.1).since_or_zero(from.max(self.window.0));
        self.kept[shelf] += ByteTime::of(amount, stay);
    }

    /// The end of the window.
    pub fn until(&self) -> Instant {
        self.window.1
    }

    /// What stood on each shelf, by its number; those past the last that was used are absent.
    pub fn into_kept(self) -> Vec<ByteTime> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    /// Window 10 s to 20 s: 3 bytes from 5 s to 12 s count for 2 s, 2 bytes from 19 s on for 1 s.
    #[test]
    fn only_the_window_counts() {
        let at = |secs| Instant::ZERO + Span::from_secs(secs);
        let mut shelves = Shelves::new(at(10), at(20));
        shelves.add(1, Bytes::new(2), (at(19), Instant::FAR));
        shelves.add(1, Bytes::new(3), (at(5), at(12)));
        shelves.add(1, Bytes::new(100), (at(2), at(9)));
        let second = ByteTime::of(Bytes::new(1), Span::from_secs(1));
        assert_eq!(shelves.into_kept(), [ByteTime::ZERO, (0..8).map(|_| second).sum()]);
    }
}
