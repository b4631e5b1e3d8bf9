//! Money in whole nano-dollars, so that bills add up exactly in any order.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use super::{ByteTime, Bytes, Span, thousands};

const NANOS_PER_USD: i128 = 1_000_000_000;
const GIB: i128 = 1 << 30;

/// An amount or a price in US dollars, held in whole nano-dollars; a difference may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(i128);

impl Usd {
    /// Nothing.
    pub const ZERO: Usd = Usd(0);

    /// A month of storage as bills count it: 730 hours.
    ///
    /// Assumed: the provider's price calculator divides a year of 8,760 hours by 12.
    pub const MONTH: Span = Span::from_hours(730);

    /// An amount of whole nano-dollars.
    pub const fn from_nanos(nanos: i128) -> Usd {
        Usd(nanos)
    }

    /// An amount of whole thousandths of a dollar.
    pub const fn thousandths(thousandths: i128) -> Usd {
        Usd(thousandths * 1_000_000)
    }

    /// The nearest whole nano-dollar to `usd`; NaN gives zero.
    pub fn from_f64(usd: f64) -> Usd {
        Usd((usd * 1e9).round() as i128)
    }

    /// Whole nano-dollars.
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// Dollars, rounded to the nearest `f64`.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 * 1e-9
    }

    /// What `amount` costs where `self` is the price of one GiB, rounded to the nearest nano-dollar.
    #[must_use]
    pub fn per_gib(self, amount: Bytes) -> Usd {
        Usd(nearest(self.0 * i128::from(amount.get()), GIB))
    }

    /// What keeping data for a time costs where `self` is the price of one GiB for a [`Usd::MONTH`],
    /// rounded to the nearest nano-dollar.
    #[must_use]
    pub fn per_gib_month(self, kept: ByteTime) -> Usd {
        let whole = GIB * i128::from(Usd::MONTH.nanos());
        // Split, so that the product of bytes and nanoseconds never meets the price in one number.
        let divisor = whole.unsigned_abs();
        let full = i128::try_from(kept.get() / divisor).expect("2^128 over 2^81 is below 2^127");
        let rest = i128::try_from(kept.get() % divisor).expect("less than the divisor");
        Usd(self.0 * full + nearest(self.0 * rest, whole))
    }

    /// Dollars with exactly nine decimals: the form of `_usd` columns.
    pub fn to_column(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.abs();
        format!("{sign}{}.{:09}", size / NANOS_PER_USD, size % NANOS_PER_USD)
    }
}

/// `above` / `below`, rounded to the nearest whole number, halves upwards.
fn nearest(above: i128, below: i128) -> i128 {
    (above + below / 2).div_euclid(below)
}

impl Add for Usd {
    type Output = Usd;
    fn add(self, other: Usd) -> Usd {
        Usd(self.0 + other.0)
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Usd) {
        self.0 += other.0;
    }
}

impl Sub for Usd {
    type Output = Usd;
    fn sub(self, other: Usd) -> Usd {
        Usd(self.0 - other.0)
    }
}

impl Neg for Usd {
    type Output = Usd;
    fn neg(self) -> Usd {
        Usd(-self.0)
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Usd>>(amounts: I) -> Usd {
        amounts.fold(Usd::ZERO, Add::add)
    }
}

impl fmt::Display for Usd {
    /// `5,487 USD`, `16.40 USD`; below a dollar up to four decimals: `0.014 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usd = self.as_f64();
        let size = usd.abs();
        let decimals = if 100.0 <= size { 0 } else { 2 + 2 * usize::from(size < 1.0) };
        let mut number = thousands(usd, decimals);
        if number.split_once('.').is_some_and(|(_, cents)| cents.len() == 1) {
            number.push('0');
        }
        f.pad(&format!("{number} USD"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3,000 GiB at 0.010 USD each are 30 USD; one byte at 0.02 USD/GiB is 0.02e9 / 2^30 = 0.0186
    /// nano-dollars, which is none; 2^29 bytes at 1 nano-dollar are half of one, rounded up.
    #[test]
    fn amounts_are_rounded_once_to_the_nearest_nano_dollar() {
        assert_eq!(Usd::thousandths(10).per_gib(Bytes::gib(3000)), Usd::thousandths(30_000));
        assert_eq!(Usd::thousandths(20).per_gib(Bytes::new(1)), Usd::ZERO);
        assert_eq!(Usd::from_nanos(1).per_gib(Bytes::new(1 << 29)), Usd::from_nanos(1));
        assert_eq!(Usd::from_f64(0.1105), Usd::from_nanos(110_500_000));
    }

    /// 100 GiB for half a month (365 h) at 0.05 USD: 100 × 0.5 × 0.05 = 2.5 USD. The largest amount
    /// for the longest time, 2^64 bytes and 2^64 ns = 18.4e9 s = 7,019 months of 2^34 GiB, still
    /// fits: 7,019.4 × 2^34 × 0.05 USD = 6.03e12 USD.
    #[test]
    fn storage_is_charged_by_amount_and_time() {
        let price = Usd::thousandths(50);
        let half = Span::from_hours(365);
        assert_eq!(
            price.per_gib_month(ByteTime::of(Bytes::gib(100), half)),
            Usd::thousandths(2500)
        );
        let most = price.per_gib_month(ByteTime::of(Bytes::new(u64::MAX), Span::MAX)).as_f64();
        assert!((most / 6.03e12 - 1.0).abs() < 1e-3, "{most}");
    }

    #[test]
    fn printed_amounts_read_as_people_say_them() {
        let shown = |usd: f64| Usd::from_f64(usd).to_string();
        assert_eq!(shown(5487.3), "5,487 USD");
        assert_eq!(shown(30.0), "30 USD");
        assert_eq!(shown(16.4), "16.40 USD");
        assert_eq!(shown(0.014), "0.014 USD");
        assert_eq!(shown(-2.5), "−2.50 USD");
        assert_eq!(Usd::from_f64(-0.5).to_column(), "-0.500000000");
    }
}
