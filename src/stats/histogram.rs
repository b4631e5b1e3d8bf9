//! A fixed histogram of whole numbers with bins of equal relative width.
//!
//! A bin holds the values that agree in their leading bit and the ten bits below it: exact below
//! 2,048, and no wider than 1/1024 of its values above. The edges are the same for everybody, so
//! that histograms of runs add up without loss, in any order.
//!
//! Source: the log-linear bins of Gil Tene's `HdrHistogram`, in integer arithmetic alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sample::rank;
use crate::units::{count_u64, index_u64};

/// Bits below the leading one that tell bins apart.
const MANTISSA_BITS: u32 = 10;

/// Counts of whole numbers, such as nanoseconds, in fixed bins; cheap where few were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Histogram {
    /// Count of each bin that has any, by its lower edge.
    counts: BTreeMap<u64, u64>,
    n: u64,
    sum: u128,
    /// Least and greatest value, exactly; both 0 while there is none.
    ends: (u64, u64),
}

/// One bin of a [`Histogram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// Least value that falls into it.
    pub low: u64,
    /// Greatest value that falls into it.
    pub high: u64,
    /// How many did.
    pub count: u64,
}

/// How many low bits a bin around `value` leaves open.
fn open_bits(value: u64) -> u32 {
    value.checked_ilog2().unwrap_or(0).saturating_sub(MANTISSA_BITS)
}

/// The lower edge of the bin around `value`.
fn lower_edge(value: u64) -> u64 {
    let open = open_bits(value);
    (value >> open) << open
}

/// The greatest value of the bin around `value`.
fn upper_edge(value: u64) -> u64 {
    value | ((1 << open_bits(value)) - 1)
}

impl Histogram {
    /// Counts `value` once.
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Counts `value` `count` times.
    pub fn record_n(&mut self, value: u64, count: u64) {
        if count == 0 {
            return;
        }
        self.ends = match self.n {
            0 => (value, value),
            _ => (self.ends.0.min(value), self.ends.1.max(value)),
        };
        *self.counts.entry(lower_edge(value)).or_insert(0) += count;
        self.n += count;
        self.sum += u128::from(value) * u128::from(count);
    }

    /// Counts all of `values`, which are gone then: in order, so that no bin is searched for.
    pub fn record_all(&mut self, values: &mut Vec<u64>) {
        values.sort_unstable();
        let Some((least, greatest)) = values.first().copied().zip(values.last().copied()) else {
            return;
        };
        let bins = values.chunk_by(|one, next| lower_edge(*one) == lower_edge(*next));
        self.merge(&Histogram {
            counts: bins.map(|bin| (lower_edge(bin[0]), index_u64(bin.len()))).collect(),
            n: index_u64(values.len()),
            sum: values.iter().map(|value| u128::from(*value)).sum(),
            ends: (least, greatest),
        });
        values.clear();
    }

    /// Adds what `other` has counted, as if it had been recorded here.
    pub fn merge(&mut self, other: &Histogram) {
        if other.n == 0 {
            return;
        }
        self.ends = match self.n {
            0 => other.ends,
            _ => (self.ends.0.min(other.ends.0), self.ends.1.max(other.ends.1)),
        };
        self.add_bins(&other.counts);
        self.n += other.n;
        self.sum += other.sum;
    }

    /// Adds bins in: side by side where there are many, which spares the search for each.
    fn add_bins(&mut self, others: &BTreeMap<u64, u64>) {
        if others.len() < self.counts.len() / 3 {
            for (low, count) in others {
                *self.counts.entry(*low).or_insert(0) += count;
            }
            return;
        }
        let mut missing = Vec::new();
        let mut own = self.counts.iter_mut().peekable();
        for (low, count) in others {
            while own.next_if(|(known, _)| *known < low).is_some() {}
            match own.next_if(|(known, _)| *known == low) {
                Some((_, sum)) => *sum += count,
                None => missing.push((*low, *count)),
            }
        }
        self.counts.extend(missing);
    }

    /// A histogram put together again from what [`Histogram::bins`], [`Histogram::sum`],
    /// [`Histogram::min`], and [`Histogram::max`] gave: `bins` are (lower edge, count).
    ///
    /// `None` where these do not fit together.
    pub fn restore(
        bins: impl IntoIterator<Item = (u64, u64)>,
        sum: u128,
        ends: Option<(u64, u64)>,
    ) -> Option<Histogram> {
        let mut counts = BTreeMap::new();
        let mut n = 0u64;
        for (low, count) in bins {
            let fits = low == lower_edge(low) && 0 < count;
            if !fits || counts.insert(low, count).is_some() {
                return None;
            }
            n = n.checked_add(count)?;
        }
        let edges = counts.first_key_value().zip(counts.last_key_value());
        let fits = match (edges, ends) {
            (None, None) => sum == 0,
            (Some(((first, _), (last, _))), Some((min, max))) => {
                min <= max && *first == lower_edge(min) && *last == lower_edge(max)
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        fits.then(|| Histogram { counts, n, sum, ends: ends.unwrap_or((0, 0)) })
    }

    /// How many values were counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The exact sum of the values.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The exact least value.
    pub fn min(&self) -> Option<u64> {
        (0 < self.n).then_some(self.ends.0)
    }

    /// The exact greatest value.
    pub fn max(&self) -> Option<u64> {
        (0 < self.n).then_some(self.ends.1)
    }

    /// The mean, from the exact sum, rounded down to a whole number.
    pub fn mean(&self) -> Option<u64> {
        let mean = self.sum.checked_div(u128::from(self.n))?;
        Some(u64::try_from(mean).expect("a mean is no more than the greatest value"))
    }

    /// The p-quantile by nearest rank, `p` from 0 to 1: the upper edge of the bin in which the
    /// ranked value lies, or the greatest value where that is less.
    ///
    /// So it is never below the exact quantile, and above it by less than 1/1024.
    pub fn quantile(&self, p: f64) -> Option<u64> {
        let wanted = rank(p, self.n);
        let mut before = 0;
        self.bins().find_map(|bin| {
            before += bin.count;
            (wanted <= before).then(|| bin.high.min(self.ends.1))
        })
    }

    /// The share of values in bins up to and including the bin of `value`: those at or below it,
    /// and at most those that exceed it by less than 1/1024. `None` where nothing was counted.
    ///
    /// It is for curves; a promise is judged on the copies themselves.
    pub fn share_at_or_below(&self, value: u64) -> Option<f64> {
        let below: u64 = self.counts.range(..=lower_edge(value)).map(|(_, count)| count).sum();
        (0 < self.n).then(|| count_u64(below) / count_u64(self.n))
    }

    /// The bins that have counted anything, lowest first.
    pub fn bins(&self) -> impl Iterator<Item = Bin> {
        let counts = self.counts.iter();
        counts.map(|(low, count)| Bin { low: *low, high: upper_edge(*low), count: *count })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        for value in values {
            histogram.record(*value);
        }
        histogram
    }

    /// Below 2^11 a bin is one number. From 2^11 on it is 2 wide, from 2^20 on 2^10; the last ends
    /// with the last u64.
    #[test]
    fn edges_follow_the_leading_bits() {
        for value in [0, 1, 1023, 1024, 2047] {
            assert_eq!((lower_edge(value), upper_edge(value)), (value, value));
        }
        assert_eq!((lower_edge(2049), upper_edge(2049)), (2048, 2049));
        let mib = 1 << 20;
        assert_eq!((lower_edge(mib + 5), upper_edge(mib + 5)), (mib, mib + 1023));
        assert_eq!(lower_edge(mib - 1), mib - 512);
        assert_eq!(upper_edge(u64::MAX), u64::MAX);
        assert_eq!(lower_edge(u64::MAX), u64::MAX - ((1 << 53) - 1));
    }

    /// 10 values 100, 200, … 1,000, all exact: the median has rank 5, the 95 % quantile rank 10.
    #[test]
    fn small_values_are_exact() {
        let values: Vec<u64> = (1..=10).map(|i| i * 100).collect();
        let histogram = of(&values);
        let quantiles = [0.0, 0.1, 0.5, 0.51, 0.95, 1.0].map(|p| histogram.quantile(p).unwrap());
        assert_eq!(quantiles, [100, 100, 500, 600, 1000, 1000]);
        assert_eq!(
            (histogram.min(), histogram.max(), histogram.mean()),
            (Some(100), Some(1000), Some(550))
        );
        assert_eq!(histogram.share_at_or_below(300), Some(0.3));
        assert_eq!(histogram.share_at_or_below(299), Some(0.2));
    }

    /// 1 h = 3.6e12 ns lies in [2^41, 2^42): bins of 2^31 ns = 2.1 s. The bin of 1 h holds also 1 s
    /// less, whose quantile is the upper edge, though never more than the greatest value.
    #[test]
    fn a_quantile_is_the_upper_edge_of_its_bin() {
        let hour = 3_600_000_000_000;
        let histogram = of(&[hour - 1_000_000_000, hour, 2 * hour]);
        let edge = histogram.quantile(0.5).unwrap();
        assert_eq!(edge, hour | ((1 << 31) - 1));
        assert!(edge - hour < hour / 1024);
        assert_eq!(histogram.quantile(1.0), Some(2 * hour));
    }

    #[test]
    fn of_nothing_there_is_nothing_to_say() {
        let empty = Histogram::default();
        assert_eq!((empty.n(), empty.min(), empty.max(), empty.mean()), (0, None, None, None));
        assert_eq!((empty.quantile(0.5), empty.share_at_or_below(5)), (None, None));
        let mut merged = empty.clone();
        merged.merge(&empty);
        assert_eq!(merged, empty);
        merged.merge(&of(&[7]));
        assert_eq!(merged, of(&[7]));
    }

    #[test]
    fn what_does_not_fit_together_is_not_restored() {
        assert_eq!(Histogram::restore([], 0, None), Some(Histogram::default()));
        assert!(Histogram::restore([(5, 2)], 10, Some((5, 5))).is_some());
        assert_eq!(Histogram::restore([(5, 2)], 10, None), None);
        assert_eq!(Histogram::restore([(5, 2)], 10, Some((5, 6))), None);
        assert_eq!(Histogram::restore([(5, 0)], 0, Some((5, 5))), None);
        assert_eq!(Histogram::restore([(2049, 1)], 2049, Some((2049, 2049))), None);
    }

    /// Values of all sizes alike: as many below 2^10 as above 2^60.
    fn any_value() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0..64u32).prop_map(|(value, shift)| value >> shift)
    }

    proptest! {
        #[test]
        fn a_bin_is_narrower_than_a_thousandth(value in any_value()) {
            let (low, high) = (lower_edge(value), upper_edge(value));
            prop_assert!(low <= value && value <= high);
            prop_assert!(high - low <= low / 1024);
            prop_assert_eq!((lower_edge(high), upper_edge(low)), (low, high));
            prop_assert!(high == u64::MAX || lower_edge(high + 1) == high + 1);
        }

        /// Many at a time, of several sizes, come to what one at a time comes to.
        #[test]
        fn all_at_once_is_one_by_one(
            values in prop::collection::vec(any_value(), 0..200), size in 1..60usize,
        ) {
            let mut histogram = Histogram::default();
            for values in values.chunks(size) {
                let mut values = values.to_vec();
                histogram.record_all(&mut values);
                prop_assert!(values.is_empty());
            }
            prop_assert_eq!(histogram, of(&values));
        }

        #[test]
        fn merged_is_recorded_together(
            a in prop::collection::vec(any_value(), 0..50),
            b in prop::collection::vec(any_value(), 0..50),
        ) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            let together: Vec<u64> = b.iter().chain(&a).copied().collect();
            prop_assert_eq!(&merged, &of(&together));
            let bins: Vec<(u64, u64)> = merged.bins().map(|bin| (bin.low, bin.count)).collect();
            let ends = merged.min().zip(merged.max());
            prop_assert_eq!(Histogram::restore(bins, merged.sum(), ends), Some(merged));
        }

        #[test]
        fn quantiles_lie_at_or_just_above_the_exact_ones(
            mut values in prop::collection::vec(any_value(), 1..200),
            p in 0.0..=1.0,
        ) {
            let histogram = of(&values);
            let got = histogram.quantile(p).unwrap();
            values.sort_unstable();
            let idx = usize::try_from(rank(p, histogram.n()) - 1).unwrap();
            let exact = values[idx];
            prop_assert!(exact <= got && got - exact <= exact / 1024, "{} for {}", got, exact);
            let share = histogram.share_at_or_below(got).unwrap();
            let n_exact = values.iter().filter(|value| **value <= got).count();
            prop_assert!(crate::units::count(n_exact) / count_u64(histogram.n()) <= share);
            prop_assert!(p <= share + 1e-12);
        }
    }
}
