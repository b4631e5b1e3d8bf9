//! Amounts of data, in whole bytes.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

use super::number::{rounded, trim};
use super::{ParseError, parse};

/// An amount of data in whole bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub(super) u64);

impl Bytes {
    /// No data.
    pub const ZERO: Bytes = Bytes(0);

    /// An amount of whole bytes.
    pub const fn new(bytes: u64) -> Bytes {
        Bytes(bytes)
    }

    /// An amount of whole MiB.
    pub const fn mib(mib: u64) -> Bytes {
        Bytes(mib << 20)
    }

    /// An amount of whole GiB.
    pub const fn gib(gib: u64) -> Bytes {
        Bytes(gib << 30)
    }

    /// An amount of whole TiB.
    pub const fn tib(tib: u64) -> Bytes {
        Bytes(tib << 40)
    }

    /// The nearest whole byte to `bytes`; negative and NaN give zero.
    pub fn from_f64(bytes: f64) -> Bytes {
        Bytes(rounded(bytes))
    }

    /// Whole bytes.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The nearest `f64`; exact below 2^53 bytes (8 PiB).
    pub const fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// GiB, rounded to the nearest `f64`.
    pub fn as_gib(self) -> f64 {
        self.0 as f64 / (1u64 << 30) as f64
    }

    /// This amount rounded up to whole blocks of `block` bytes.
    ///
    /// # Panics
    /// When `block` is zero.
    #[must_use]
    pub fn round_up_to(self, block: Bytes) -> Bytes {
        assert!(0 < block.0, "a block of no bytes");
        Bytes(self.0.div_ceil(block.0).saturating_mul(block.0))
    }

    /// `self` times `share`, rounded to the nearest byte.
    #[must_use]
    pub fn scale(self, share: f64) -> Bytes {
        Bytes::from_f64(self.0 as f64 * share)
    }

    /// `self` less `other`, or zero where `other` is more.
    #[must_use]
    pub const fn minus_or_zero(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_sub(other.0))
    }
}

impl Add for Bytes {
    type Output = Bytes;
    /// Stops at the largest amount instead of overflowing.
    fn add(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Bytes {
    fn add_assign(&mut self, other: Bytes) {
        *self = *self + other;
    }
}

impl Sub for Bytes {
    type Output = Bytes;
    /// # Panics
    /// When `other` is more than `self`.
    fn sub(self, other: Bytes) -> Bytes {
        assert!(other.0 <= self.0, "{} bytes less {} bytes", self.0, other.0);
        Bytes(self.0 - other.0)
    }
}

impl SubAssign for Bytes {
    fn sub_assign(&mut self, other: Bytes) {
        *self = *self - other;
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Bytes>>(amounts: I) -> Bytes {
        amounts.fold(Bytes::ZERO, Add::add)
    }
}

impl fmt::Display for Bytes {
    /// In the largest binary unit of at least one: `129.4 GiB`, `512 KiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        let mut value = self.0 as f64;
        let mut unit = 0;
        while 1023.95 <= value && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        f.pad(&format!("{} {}", trim(value, 1), UNITS[unit]))
    }
}

impl FromStr for Bytes {
    type Err = ParseError;
    /// Reads `"512 KiB"`, `"2 TiB"`, `"1000 B"`, rounded to the nearest byte.
    fn from_str(text: &str) -> Result<Bytes, ParseError> {
        parse::bytes(text).map(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 225,000 MiB is 0.2146 TiB (TV9: 225,000 / 1,048,576 = 0.214577).
    #[test]
    fn tv9_mebibytes_in_tebibytes() {
        let tib = Bytes::mib(225_000).as_gib() / 1024.0;
        assert!((tib - 0.2146).abs() < 0.000_05, "{tib}");
        assert_eq!(Bytes::mib(225_000).to_string(), "219.7 GiB");
    }
}
