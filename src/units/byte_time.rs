//! Bytes that are kept for a time: what storage is charged by.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use super::{Bytes, Span};

/// An amount of data times the time for which it is kept, in whole byte-nanoseconds: sums are exact
/// in any order. 2^128 of them are every byte that 64 bits can count, kept for 584 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteTime(u128);

impl ByteTime {
    /// Nothing.
    pub const ZERO: ByteTime = ByteTime(0);

    /// `amount`, kept for `kept`.
    pub fn of(amount: Bytes, kept: Span) -> ByteTime {
        ByteTime(u128::from(amount.get()) * u128::from(kept.nanos()))
    }

    /// Whole byte-nanoseconds.
    pub const fn get(self) -> u128 {
        self.0
    }
}

impl Add for ByteTime {
    type Output = ByteTime;
    fn add(self, other: ByteTime) -> ByteTime {
        ByteTime(self.0 + other.0)
    }
}

impl AddAssign for ByteTime {
    fn add_assign(&mut self, other: ByteTime) {
        self.0 += other.0;
    }
}

impl Sum for ByteTime {
    fn sum<I: Iterator<Item = ByteTime>>(amounts: I) -> ByteTime {
        amounts.fold(ByteTime::ZERO, Add::add)
    }
}
