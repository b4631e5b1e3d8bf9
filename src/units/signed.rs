//! A difference of two spans, which may be negative.

use std::ops::{Add, AddAssign};

use super::{Span, count_i128};

/// A difference of two lengths of time, in whole nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SignedSpan(i128);

impl SignedSpan {
    /// By how much `later` is longer than `earlier`; negative where it is shorter.
    pub fn between(earlier: Span, later: Span) -> SignedSpan {
        SignedSpan(i128::from(later.nanos()) - i128::from(earlier.nanos()))
    }

    /// Nanoseconds.
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// Seconds.
    pub fn secs(self) -> f64 {
        count_i128(self.0) * 1e-9
    }

    /// Seconds with nine decimals, exact: the form of `_s` columns.
    pub fn to_column(self) -> String {
        let size = Span::from_nanos(u64::try_from(self.0.unsigned_abs()).unwrap_or(u64::MAX));
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}", size.to_column())
    }
}

impl Add for SignedSpan {
    type Output = SignedSpan;
    fn add(self, other: SignedSpan) -> SignedSpan {
        SignedSpan(self.0 + other.0)
    }
}

impl AddAssign for SignedSpan {
    fn add_assign(&mut self, other: SignedSpan) {
        *self = *self + other;
    }
}

impl Span {
    /// This span and a difference; nothing where the difference takes more than there is.
    #[must_use]
    pub fn plus_signed(self, difference: SignedSpan) -> Span {
        let sum = i128::from(self.nanos()) + difference.0;
        Span::from_nanos(u64::try_from(sum.max(0)).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_sign_and_all_its_digits() {
        let (short, long) = (Span::from_nanos(1), Span::from_secs(2));
        let less = SignedSpan::between(long, short);
        assert_eq!(less.to_column(), "-1.999999999");
        assert_eq!(SignedSpan::between(short, long).to_column(), "1.999999999");
        assert_eq!(long.plus_signed(less), short);
        assert_eq!(short.plus_signed(less), Span::ZERO);
        assert_eq!(less + SignedSpan::between(short, long), SignedSpan::default());
    }
}
