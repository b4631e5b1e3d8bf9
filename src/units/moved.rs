//! What flows move, exactly: amounts in parts of a byte so small that every speed makes a whole number
//! of them in a nanosecond.

use std::ops::{Add, AddAssign, Sub, SubAssign};

use super::time::NANOS_PER_SEC;
use super::{Instant, Rate, Span};

/// Parts of a byte per second in which speeds are counted.
const FINE: f64 = 1_073_741_824.0; // 2^30
/// The greatest amount of a flow, in bytes: what a `u64` can count.
const BYTES_MAX: f64 = 18_446_744_073_709_551_616.0; // 2^64
/// The greatest speed, 2^64 B/s: what moves so fast takes no time.
const SPEED_MAX: i128 = 1 << 94;
/// Ends that a whole nanosecond misses by less than so many of its parts come with it.
const PARTS_OF_A_NANOSECOND: u32 = 7; // 2^7
/// Below so many nanoseconds a quotient of `f64` is at most a few steps off.
const NEAR: f64 = 1_125_899_906_842_624.0; // 2^50: 13 days

/// An amount of data in whole parts of a byte, of which 2^30 · 10^9 are one byte.
///
/// A [`Speed`] times whole nanoseconds is a whole number of them, so what a flow has moved is the same
/// however its time is cut into pieces, and in whichever order they are added up. Differences may be
/// negative. 2^64 bytes take 124 of its 127 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moved(i128);

/// A rate in whole parts of 2^-30 B/s: rates from 4 MiB/s on as they are, lower ones rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Speed(i128);

/// Nanoseconds that a part takes at a speed, as `f64`: infinite at none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inverse(f64);

impl Moved {
    /// Nothing.
    pub const ZERO: Moved = Moved(0);
    /// More than any flow moves.
    pub const MAX: Moved = Moved(i128::MAX);

    /// So many bytes, 2^64 at most; what is less than 2^-30 of a byte is cut off.
    pub fn of(bytes: f64) -> Moved {
        let bytes = if bytes < BYTES_MAX { bytes } else { BYTES_MAX };
        let whole = bytes as u64;
        // Whole ones, as most are, need no conversion to 128 bits.
        let is_whole = (whole as f64).total_cmp(&bytes).is_eq();
        let parts = if is_whole { i128::from(whole) << 30 } else { (bytes * FINE) as i128 };
        Moved(parts * i128::from(NANOS_PER_SEC))
    }

    /// Bytes, rounded to the nearest `f64` below; whole ones below 2^53 are exact.
    pub fn bytes(self) -> f64 {
        (self.0 / i128::from(NANOS_PER_SEC)) as f64 / FINE
    }

    /// This amount, or nothing where it is negative.
    #[must_use]
    pub fn at_least_zero(self) -> Moved {
        if self.0 < 0 { Moved::ZERO } else { self }
    }
}

impl Speed {
    /// No movement.
    pub const ZERO: Speed = Speed(0);

    /// A rate in bytes per second, rounded up; from 2^64 B/s on as an infinite one.
    pub fn of(rate: Rate) -> Speed {
        let parts = rate.get() * FINE;
        if parts < 9e18 {
            let whole = parts as i64;
            return Speed(i128::from(whole) + i128::from((whole as f64) < parts));
        }
        Speed((parts as i128).min(SPEED_MAX)) // whole as it is
    }

    /// What is moved in `span`.
    pub fn over(self, span: Span) -> Moved {
        Moved(self.0 * i128::from(span.nanos()))
    }

    /// What is moved in a 128th of a nanosecond: an end that a whole nanosecond misses by no more
    /// comes with it. Rates are rounded, and without this an end that falls on a nanosecond would
    /// come one later wherever the rate was rounded down.
    pub fn slack(self) -> Moved {
        Moved(self.0 >> PARTS_OF_A_NANOSECOND)
    }

    /// Whether no more than the slack is left; at the greatest speed, which nothing limits, always.
    pub fn is_through(self, left: Moved) -> bool {
        left <= self.slack() || SPEED_MAX <= self.0
    }

    /// The instant at which `left` has passed at this speed, counted from `from`: rounded up to a whole
    /// nanosecond, but for [`Speed::slack`]. `None` where nothing moves, or the end lies past 2554.
    ///
    /// Exact: it comes to the same from any earlier instant at which as much more was left.
    pub fn end_of(self, from: Instant, left: Moved) -> Option<Instant> {
        self.end_near(from, left, |left| left / rough(self.0))
    }

    /// The same for who asks often: a product takes less time than a quotient.
    pub fn end_by(self, inverse: Inverse, from: Instant, left: Moved) -> Option<Instant> {
        self.end_near(from, left, |left| left * inverse.0)
    }

    /// What [`Speed::end_by`] takes.
    pub fn inverse(self) -> Inverse {
        Inverse(rough(self.0).recip())
    }

    /// The end, near which `about` says how many nanoseconds some parts take.
    fn end_near(
        self,
        from: Instant,
        left: Moved,
        about: impl FnOnce(f64) -> f64,
    ) -> Option<Instant> {
        if self.is_through(left) {
            return Some(from);
        }
        if self == Speed::ZERO {
            return None;
        }
        let (left, speed) = (left.0 - self.slack().0, self.0);
        let about = about(rough(left));
        let nanos = if about < NEAR {
            let mut nanos = i128::from(about as i64);
            while nanos * speed < left {
                nanos += 1;
            }
            while left <= (nanos - 1) * speed {
                nanos -= 1;
            }
            nanos
        } else {
            (left - 1) / speed + 1
        };
        let end = i128::from(from.0) + nanos;
        u64::try_from(end).ok().filter(|&end| end < Instant::FAR.0).map(Instant)
    }
}

/// A number that is not negative as `f64`, by its halves: one conversion of 128 bits takes longer than
/// all else about an end.
fn rough(number: i128) -> f64 {
    const HIGH: f64 = 18_446_744_073_709_551_616.0; // 2^64
    (number >> 64) as i64 as f64 * HIGH + number as u64 as f64
}

impl Add for Moved {
    type Output = Moved;
    fn add(self, other: Moved) -> Moved {
        Moved(self.0 + other.0)
    }
}

impl AddAssign for Moved {
    fn add_assign(&mut self, other: Moved) {
        self.0 += other.0;
    }
}

impl Sub for Moved {
    type Output = Moved;
    fn sub(self, other: Moved) -> Moved {
        Moved(self.0 - other.0)
    }
}

impl SubAssign for Moved {
    fn sub_assign(&mut self, other: Moved) {
        self.0 -= other.0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn speed(bytes_per_s: f64) -> Speed {
        Speed::of(Rate::new(bytes_per_s))
    }

    /// 100 GiB at 500 MiB/s take 204.8 s, which no `f64` is; 10 GB at a third of 1 GB/s 30 s, though a
    /// third is rounded down; a byte at 3 B/s a third of a second, rounded up.
    #[test]
    fn ends_are_rounded_up_but_for_the_rounding_of_rates() {
        const GIB: f64 = 1_073_741_824.0;
        let end = |bytes, rate| speed(rate).end_of(at(5), Moved::of(bytes)).map(Instant::nanos);
        assert_eq!(end(100.0 * GIB, 524_288_000.0), Some(204_800_000_005));
        assert_eq!(end(1e10, 1e9 / 3.0), Some(30_000_000_005));
        assert_eq!(end(1.0, 3.0), Some(333_333_339));
        assert_eq!(end(0.0, 0.0), Some(5));
        assert_eq!(end(1.0, 0.0), None);
        assert_eq!(end(1e18, f64::INFINITY), Some(5)); // nothing limits
        assert_eq!(end(1e19, 1.0), None); // 1e28 ns; 2554 comes after 1.8e19
    }

    /// 2^23 B/s are 2^53 parts, so rates of as many bits are kept; 1 / 3 B/s is rounded up.
    #[test]
    fn speeds_are_exact_or_rounded_up() {
        assert_eq!(speed(8_388_608.0 + 2f64.powi(-29)).0, (1 << 53) + 2);
        assert_eq!(speed(1.0 / 3.0).0, 357_913_942); // 2^30 / 3 = 357,913,941.33
        assert_eq!((speed(0.0), speed(1e30).0), (Speed::ZERO, SPEED_MAX));
    }

    #[test]
    fn whole_bytes_come_back() {
        for bytes in [0.0, 1.0, 2f64.powi(50) + 1.0, 1e15] {
            assert_eq!(Moved::of(bytes).bytes().to_bits(), bytes.to_bits());
        }
        assert_eq!(Moved::of(f64::INFINITY), Moved::of(BYTES_MAX));
    }

    proptest! {
        /// Whatever the cut, the pieces come to the whole, and the end stays where it was.
        #[test]
        fn time_can_be_cut_anywhere(
            bytes in 1.0..1e14f64, rate in 1.0..1e10f64, share in 0.0..1.0f64,
        ) {
            let (left, speed) = (Moved::of(bytes), speed(rate));
            let end = speed.end_of(at(7), left).expect("before 2554");
            let whole = end.since(at(7));
            prop_assert_eq!(speed.end_by(speed.inverse(), at(7), left), Some(end));
            let cut = at(7) + whole.scale(share);
            let (before, after) = (cut.since(at(7)), end.since(cut));
            prop_assert_eq!(speed.over(before) + speed.over(after), speed.over(whole));
            if before < whole {
                prop_assert_eq!(speed.end_of(cut, left - speed.over(before)), Some(end));
            }
            // The least whole nanosecond at which no more than the slack is left.
            prop_assert!(left - speed.over(whole) <= speed.slack());
            let sooner = Span::from_nanos(whole.nanos() - 1);
            prop_assert!(speed.slack() < left - speed.over(sooner));
        }
    }
}
