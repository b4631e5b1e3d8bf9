//! Throughput, in bytes per second.

use std::fmt;
use std::str::FromStr;

use super::number::{rounded, rounded_up};
use super::time::NANOS_PER_SEC;
use super::{Bytes, ParseError, Span, parse, thousands};

/// A throughput in bytes per second, finite and not negative, or infinite where nothing limits.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Rate(pub(super) f64);

impl Rate {
    /// Nothing moves.
    pub const ZERO: Rate = Rate(0.0);
    /// No limit.
    pub const INFINITE: Rate = Rate(f64::INFINITY);

    /// A rate in bytes per second.
    ///
    /// # Panics
    /// When it is negative or not a number.
    pub const fn new(bytes_per_s: f64) -> Rate {
        assert!(0.0 <= bytes_per_s, "a rate is never negative");
        Rate(bytes_per_s)
    }

    /// A rate of whole bytes per second.
    pub const fn from_bytes_per_s(bytes_per_s: u64) -> Rate {
        Rate(bytes_per_s as f64)
    }

    /// A rate of whole MiB per second.
    pub const fn mib_per_s(mib: u64) -> Rate {
        Rate((mib << 20) as f64)
    }

    /// Bytes per second.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// MiB per second.
    pub fn as_mib_per_s(self) -> f64 {
        self.0 / (1u64 << 20) as f64
    }

    /// Whole bytes per second, rounded up: what a ledger reserves so that the rate is held in full.
    pub fn ceil(self) -> u64 {
        rounded_up(self.0)
    }

    /// Whole bytes per second, to the nearest.
    pub fn round(self) -> u64 {
        rounded(self.0)
    }

    /// The rate that moves `amount` in `span`; infinite where `span` is zero and there are bytes.
    pub fn of(amount: Bytes, span: Span) -> Rate {
        match (amount.0, span.0) {
            (0, _) => Rate::ZERO,
            (_, 0) => Rate::INFINITE,
            (bytes, nanos) => Rate(bytes as f64 / nanos as f64 * 1e9),
        }
    }

    /// The whole bytes per second that move `amount` in `span`, rounded up, exactly: what a ledger
    /// reserves. At most [`u64::MAX`], as where `span` is zero and there are bytes.
    pub fn whole_of(amount: Bytes, span: Span) -> u64 {
        let nanos = u128::from(span.0);
        let product = u128::from(amount.0) * u128::from(NANOS_PER_SEC);
        match (amount.0, nanos) {
            (0, _) => 0,
            (_, 0) => u64::MAX,
            // A division of 64 bits takes a fraction of one of 128.
            _ => match u64::try_from(product) {
                Ok(product) => product.div_ceil(span.0),
                Err(_) => u64::try_from(product.div_ceil(nanos)).unwrap_or(u64::MAX),
            },
        }
    }

    /// The time that `amount` takes at this rate, rounded up to a whole nanosecond.
    ///
    /// Rounding up keeps the invariant that a flow never ends before its last byte. Returns `None`
    /// at rate zero.
    pub fn time_for(self, amount: Bytes) -> Option<Span> {
        if amount == Bytes::ZERO {
            return Some(Span::ZERO);
        }
        (0.0 < self.0).then(|| Span(rounded_up(amount.0 as f64 / self.0 * 1e9)))
    }

    /// The lesser of two rates.
    #[must_use]
    pub fn min(self, other: Rate) -> Rate {
        if other.0 < self.0 { other } else { self }
    }

    /// `self` times `factor`, which is not negative.
    #[must_use]
    pub fn scale(self, factor: f64) -> Rate {
        Rate::new(self.0 * factor)
    }
}

impl fmt::Display for Rate {
    /// In MiB/s; `no limit` where infinite.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_infinite() {
            return f.pad("no limit");
        }
        let mib = self.as_mib_per_s();
        let decimals = if 100.0 <= mib { 0 } else { 1 + usize::from(mib < 1.0) };
        f.pad(&format!("{} MiB/s", thousands(mib, decimals)))
    }
}

impl FromStr for Rate {
    type Err = ParseError;
    /// Reads `"500 MiB/s"`, `"10 Gbit/s"`.
    fn from_str(text: &str) -> Result<Rate, ParseError> {
        parse::rate(text).map(Rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 500 Mbit/s = 62,500,000 B/s = 59.6046 MiB/s; 100 GiB / 62.5e6 B/s = 1,717.99 s (TV23).
    #[test]
    fn tv23_a_service_link_in_mebibytes() {
        let link: Rate = "500 Mbit/s".parse().unwrap();
        assert!((link.as_mib_per_s() - 59.6046).abs() < 0.000_05);
        let took = link.time_for(Bytes::gib(100)).unwrap();
        assert!((took.secs() - 1718.0).abs() < 0.02, "{}", took.secs());
    }

    #[test]
    fn a_flow_never_ends_before_its_last_byte() {
        let third = Rate::new(3.0);
        assert_eq!(third.time_for(Bytes::new(1)), Some(Span::from_nanos(333_333_334)));
        assert_eq!(Rate::ZERO.time_for(Bytes::new(1)), None);
        assert_eq!(Rate::ZERO.time_for(Bytes::ZERO), Some(Span::ZERO));
    }
}
