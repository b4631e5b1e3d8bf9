//! Quantities: moments, spans, sizes, rates, and their spelling.
//!
//! Time is whole nanoseconds, data whole bytes, rates bytes per second as `f64`. This is the one
//! module in which bare numbers meet; each function states its rounding.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "this module is where numeric casts live; each one states its range"
)]

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

mod byte_time;
mod money;
mod moved;
mod parse;
mod signed;
pub mod stored;

pub use byte_time::ByteTime;
pub use money::Usd;
pub use moved::{Inverse, Moved, Speed};
pub use parse::{
    ParseError, parse_decimal, parse_money_per_gb, parse_money_per_gb_month, parse_number,
    parse_share,
};
pub use signed::SignedSpan;

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// A moment of simulated time: nanoseconds since 1970-01-01T00:00:00Z, up to the year 2554.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

/// A length of time in whole nanoseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

/// An amount of data in whole bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(u64);

/// A throughput in bytes per second, finite and not negative, or infinite where nothing limits.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Rate(f64);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const ZERO: Instant = Instant(0);
    /// Later than every moment that a run can reach.
    pub const FAR: Instant = Instant(u64::MAX);

    /// The moment `nanos` nanoseconds after 1970-01-01T00:00:00Z.
    pub const fn from_nanos(nanos: u64) -> Instant {
        Instant(nanos)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to `self`.
    ///
    /// # Panics
    /// When `earlier` is later than `self`.
    pub fn since(self, earlier: Instant) -> Span {
        assert!(earlier <= self, "{} lies after {}", earlier.0, self.0);
        Span(self.0 - earlier.0)
    }

    /// The time from `earlier` to `self`, or zero where `earlier` is later.
    pub fn since_or_zero(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The moment `span` before this one, at the earliest 1970.
    #[must_use]
    pub fn back(self, span: Span) -> Instant {
        Instant(self.0.saturating_sub(span.0))
    }
}

impl Add<Span> for Instant {
    type Output = Instant;
    /// Stops at [`Instant::FAR`] instead of overflowing.
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl Span {
    /// No time.
    pub const ZERO: Span = Span(0);
    /// The longest span.
    pub const MAX: Span = Span(u64::MAX);

    /// A span of whole nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Span {
        Span(nanos)
    }

    /// A span of whole seconds.
    pub const fn from_secs(secs: u64) -> Span {
        Span(secs * NANOS_PER_SEC)
    }

    /// A span of whole minutes.
    pub const fn from_mins(mins: u64) -> Span {
        Span::from_secs(mins * 60)
    }

    /// A span of whole hours.
    pub const fn from_hours(hours: u64) -> Span {
        Span::from_secs(hours * 3600)
    }

    /// A span of whole days of 24 hours.
    pub const fn from_days(days: u64) -> Span {
        Span::from_secs(days * 86_400)
    }

    /// A span of `secs` seconds, rounded to the nearest nanosecond; negative and NaN give zero,
    /// too long gives [`Span::MAX`].
    pub fn from_secs_f64(secs: f64) -> Span {
        Span(rounded(secs * 1e9))
    }

    /// Whole nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Seconds, rounded to the nearest `f64`.
    pub fn secs(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Whole minutes, the rest cut off.
    pub const fn whole_mins(self) -> u64 {
        self.0 / (60 * NANOS_PER_SEC)
    }

    /// Days of 24 hours, rounded to the nearest `f64`.
    pub fn days(self) -> f64 {
        self.secs() / 86_400.0
    }

    /// `self` times `factor`, rounded to the nearest nanosecond.
    #[must_use]
    pub fn scale(self, factor: f64) -> Span {
        Span(rounded(self.0 as f64 * factor))
    }

    /// `self` times `n`, at most [`Span::MAX`].
    #[must_use]
    pub const fn times(self, n: u64) -> Span {
        Span(self.0.saturating_mul(n))
    }

    /// How many whole `step`s fit into this span.
    ///
    /// # Panics
    /// When `step` is zero.
    pub fn whole(self, step: Span) -> u64 {
        assert!(0 < step.0, "a step of no length");
        self.0 / step.0
    }

    /// This span rounded up to a multiple of `step`.
    ///
    /// # Panics
    /// When `step` is zero.
    #[must_use]
    pub fn round_up_to(self, step: Span) -> Span {
        assert!(0 < step.0, "a step of no length");
        Span(self.0.div_ceil(step.0).saturating_mul(step.0))
    }

    /// `self` less `other`, or zero where `other` is longer.
    #[must_use]
    pub const fn minus_or_zero(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }

    /// Seconds with exactly nine decimals: the form of `_s` columns.
    pub fn to_column(self) -> String {
        format!("{}.{:09}", self.0 / NANOS_PER_SEC, self.0 % NANOS_PER_SEC)
    }

    /// What [`Span::to_column`] wrote, exactly; `None` for anything else.
    pub fn from_column(text: &str) -> Option<Span> {
        let (secs, nanos) = text.split_once('.')?;
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if nanos.len() != 9 || !is_digits(nanos) || !is_digits(secs) {
            return None;
        }
        let secs: u64 = secs.parse().ok()?;
        secs.checked_mul(NANOS_PER_SEC)?.checked_add(nanos.parse().ok()?).map(Span)
    }
}

impl Add for Span {
    type Output = Span;
    /// Stops at [`Span::MAX`] instead of overflowing.
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    /// # Panics
    /// When `other` is longer than `self`.
    fn sub(self, other: Span) -> Span {
        assert!(other.0 <= self.0, "{} ns less {} ns", self.0, other.0);
        Span(self.0 - other.0)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}

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

/// The nearest whole number, halves upwards; negative and NaN give 0, too large the greatest.
///
/// Not by `f64::round`: where the processor has no instruction for it that is a call. What a cast
/// cuts off is exact.
fn rounded(value: f64) -> u64 {
    let whole = value as u64;
    whole.saturating_add(u64::from(0.5 <= value - whole as f64))
}

/// The least whole number that is not below a value; negative and NaN give 0, too large the greatest.
fn rounded_up(value: f64) -> u64 {
    let whole = value as u64;
    whole.saturating_add(u64::from((whole as f64) < value))
}

/// A count as `f64`; exact below 2^53.
pub fn count(n: usize) -> f64 {
    n as f64
}

/// A count as `f64`; exact below 2^53.
pub fn count_u64(n: u64) -> f64 {
    n as f64
}

/// A whole number as `f64`; exact within ±2^53.
pub fn signed(n: i64) -> f64 {
    n as f64
}

/// The nearest whole number at or below a share of a count, at least zero.
pub fn floor_count(value: f64) -> usize {
    value.floor() as usize
}

/// The nearest whole number to `value`, at least zero.
pub fn round_u64(value: f64) -> u64 {
    rounded(value)
}

/// The nearest whole number to `value`, of either sign; NaN gives zero.
pub fn round_i128(value: f64) -> i128 {
    value.round() as i128
}

/// The nearest `f64` to a whole number of either sign.
pub fn count_i128(n: i128) -> f64 {
    n as f64
}

/// An index as `u32`.
///
/// # Panics
/// When there are more than 2^32 things.
pub fn index_u32(n: usize) -> u32 {
    u32::try_from(n).expect("no more than 2^32 things of one kind")
}

/// An index or a count as `u64`, which holds every `usize`.
pub fn index_u64(n: usize) -> u64 {
    u64::try_from(n).expect("no machine has more than 64 bits")
}

impl fmt::Display for Span {
    /// `7 s`, `47.8 min`, from 120 min `3 h 05 min`, from 4 days `12.5 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secs = self.secs();
        let text = if self.0 == 0 {
            "0 s".to_owned()
        } else if secs < 0.9995 {
            format!("{} ms", trim(secs * 1e3, 1))
        } else if secs < 119.95 {
            format!("{} s", trim(secs, 1))
        } else if secs < 119.95 * 60.0 {
            format!("{} min", trim(secs / 60.0, 1))
        } else if secs < 4.0 * 86_400.0 - 30.0 {
            let mins = (secs / 60.0).round() as u64;
            match mins % 60 {
                0 => format!("{} h", mins / 60),
                rest => format!("{} h {rest:02} min", mins / 60),
            }
        } else {
            format!("{} days", trim(secs / 86_400.0, 1))
        };
        f.pad(&text)
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

/// `value` with at most `decimals` decimals, trailing zeros left off.
fn trim(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `value` with at most `decimals` decimals and a comma between thousands: `22,146`.
pub fn thousands(value: f64, decimals: usize) -> String {
    let text = trim(value.abs(), decimals);
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    if value < 0.0 && text != "0" {
        out.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if 0 < place && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

impl FromStr for Span {
    type Err = ParseError;
    /// Reads `"15 min"`, `"1 h 30 min"`, `"7 days"`; see the unit list of the module's parser.
    fn from_str(text: &str) -> Result<Span, ParseError> {
        parse::span(text).map(Span)
    }
}

impl FromStr for Bytes {
    type Err = ParseError;
    /// Reads `"512 KiB"`, `"2 TiB"`, `"1000 B"`, rounded to the nearest byte.
    fn from_str(text: &str) -> Result<Bytes, ParseError> {
        parse::bytes(text).map(Bytes)
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

    /// As std rounds, halves away from zero, and casts: 0.5 less its last bit, halves, the last
    /// fractions below 2^52, whole numbers above, and what is no count.
    #[test]
    fn numbers_are_rounded_as_std_rounds_them() {
        let half = 0.5f64;
        let below_half = f64::from_bits(half.to_bits() - 1);
        let edge = 4_503_599_627_370_496.0; // 2^52
        let values = [0.0, -0.0, below_half, half, 1.5, 2.5, 2.4, 1e-300, edge - 0.5, edge - 1.5];
        let whole = [edge + 1.0, 4.0 * edge + 4.0, 1.8e19, 1.9e19, 1e300, f64::INFINITY];
        for value in values.into_iter().chain(whole).chain([f64::NAN, -0.7, -3.0]) {
            assert_eq!(rounded(value), value.round() as u64, "{value}");
            assert_eq!(rounded_up(value), value.ceil() as u64, "{value}");
        }
    }

    #[test]
    fn printed_spans_read_as_people_say_them() {
        let shown = |secs: f64| Span::from_secs_f64(secs).to_string();
        assert_eq!(shown(7.0), "7 s");
        assert_eq!(shown(0.25), "250 ms");
        assert_eq!(shown(2868.0), "47.8 min");
        assert_eq!(shown(11_100.0), "3 h 05 min");
        assert_eq!(shown(7200.0), "2 h");
        assert_eq!(shown(1_080_000.0), "12.5 days");
    }

    /// 18,446,744,073.709551615 s are 2^64 − 1 ns, the longest span; a nanosecond more is none.
    #[test]
    fn columns_of_spans_are_read_back_exactly() {
        for nanos in [0, 1, 900_000_000_001, u64::MAX] {
            let span = Span::from_nanos(nanos);
            assert_eq!(Span::from_column(&span.to_column()), Some(span));
        }
        for broken in ["", "1", "1.5", "-1.000000000", "1.00000000x", "18446744073.709551616"] {
            assert_eq!(Span::from_column(broken), None, "{broken}");
        }
    }

    /// 225,000 MiB is 0.2146 TiB (TV9: 225,000 / 1,048,576 = 0.214577).
    #[test]
    fn tv9_mebibytes_in_tebibytes() {
        let tib = Bytes::mib(225_000).as_gib() / 1024.0;
        assert!((tib - 0.2146).abs() < 0.000_05, "{tib}");
        assert_eq!(Bytes::mib(225_000).to_string(), "219.7 GiB");
    }

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

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(22_146.0, 0), "22,146");
        assert_eq!(thousands(-1234.5, 1), "−1,234.5");
        assert_eq!(thousands(999.0, 2), "999");
    }
}
