//! Moments and lengths of time, in whole nanoseconds.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use super::number::{rounded, trim};
use super::{ParseError, parse};

pub(super) const NANOS_PER_SEC: u64 = 1_000_000_000;

/// A moment of simulated time: nanoseconds since 1970-01-01T00:00:00Z, up to the year 2554.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub(super) u64);

/// A length of time in whole nanoseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(pub(super) u64);

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

impl FromStr for Span {
    type Err = ParseError;
    /// Reads `"15 min"`, `"1 h 30 min"`, `"7 days"`; see the unit list of the module's parser.
    fn from_str(text: &str) -> Result<Span, ParseError> {
        parse::span(text).map(Span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
