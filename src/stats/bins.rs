//! A step function over time, averaged in bins of equal width; long windows fold onto one week.

use crate::units::{Instant, Span, count_i128, count_u64, round_i128};

/// Windows longer than this are folded onto it.
const WEEK: Span = Span::from_days(7);

/// Values are held in steps of 2^-20, so that sums are exact in any order.
const STEPS_PER_ONE: f64 = 1_048_576.0;

/// The time integral of step functions over a window, per bin.
///
/// A window of more than 7 days is folded: bin k then holds all times that lie k widths after the
/// window's start, give or take whole weeks. Values are rounded to the nearest 2^-20 and may not
/// exceed 10^13; then all sums of a window of a year are exact whole numbers, and the order in which
/// steps are added changes nothing. Adding a step takes the same time however long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bins {
    from: Instant,
    to: Instant,
    width: Span,
    /// Value × nanoseconds of the bins that a step covers in part.
    partial: Vec<i128>,
    /// Values of whole bins, as differences: bin k has the sum of the first k + 1.
    change: Vec<i128>,
    /// Values of whole weeks, which every bin has.
    every: i128,
}

impl Bins {
    /// Bins of `width` over the window from `from` to `to`.
    ///
    /// # Panics
    /// When the window is empty, or when it is folded and `width` does not divide a week.
    pub fn new(from: Instant, to: Instant, width: Span) -> Bins {
        assert!(from < to, "a window from {} to {}", from.nanos(), to.nanos());
        let length = to.since(from);
        let folded = WEEK < length;
        if folded {
            assert_eq!(WEEK.round_up_to(width), WEEK, "a width of {width} divides no week");
        }
        let n = index(length.min(WEEK).round_up_to(width).whole(width));
        Bins { from, to, width, partial: vec![0; n], change: vec![0; n + 1], every: 0 }
    }

    /// Number of bins.
    pub fn n_bins(&self) -> usize {
        self.partial.len()
    }

    /// When bin `idx` begins, for the first time where the window is folded.
    pub fn start_of(&self, idx: usize) -> Instant {
        self.from + self.width.times(place(idx))
    }

    /// Adds a step of height `value` from `from` to `to`; what lies outside the window is left out.
    ///
    /// # Panics
    /// When `value` is not a finite number of at most 10^13.
    pub fn add(&mut self, from: Instant, to: Instant, value: f64) {
        assert!(value.abs() <= 1e13, "{value} is too large to be summed exactly");
        let value = round_i128(value * STEPS_PER_ONE);
        let (from, to) = (from.max(self.from), to.min(self.to));
        if to <= from || value == 0 {
            return;
        }
        let cycle = self.cycle().nanos();
        let (start, length) = (from.since(self.from).nanos(), to.since(from).nanos());
        self.every += value * i128::from(length / cycle);
        let (start, rest) = (start % cycle, length % cycle);
        let wrapped = (start + rest).saturating_sub(cycle);
        self.add_within(start, start + rest - wrapped, value);
        self.add_within(0, wrapped, value);
    }

    /// Adds a step that lies within one cycle, in nanoseconds after its start.
    fn add_within(&mut self, start: u64, end: u64, value: i128) {
        if start == end {
            return;
        }
        let width = self.width.nanos();
        let (first, last) = (start / width, end / width);
        if first == last {
            self.partial[index(first)] += value * i128::from(end - start);
            return;
        }
        self.partial[index(first)] += value * i128::from((first + 1) * width - start);
        self.change[index(first + 1)] += value;
        self.change[index(last)] -= value;
        if !end.is_multiple_of(width) {
            self.partial[index(last)] += value * i128::from(end % width);
        }
    }

    /// The mean of each bin over the time of the window that falls into it.
    pub fn means(&self) -> Vec<f64> {
        let mut value = self.every;
        let mut means = Vec::with_capacity(self.n_bins());
        for (idx, partial) in self.partial.iter().enumerate() {
            value += self.change[idx];
            let integral = value * i128::from(self.width.nanos()) + partial;
            let covered = count_u64(self.covered(idx).nanos());
            means.push(count_i128(integral) / covered / STEPS_PER_ONE);
        }
        means
    }

    /// The time of the window that falls into bin `idx`, in all weeks together.
    pub fn covered(&self, idx: usize) -> Span {
        let length = self.to.since(self.from);
        let cycle = self.cycle();
        let n_cycles = length.whole(cycle);
        let rest = length.minus_or_zero(cycle.times(n_cycles));
        let last = rest.minus_or_zero(self.width.times(place(idx))).min(self.width);
        self.width.times(n_cycles) + last
    }

    /// The time after which bins repeat: all of them once.
    fn cycle(&self) -> Span {
        self.width.times(place(self.n_bins()))
    }
}

fn index(n: u64) -> usize {
    usize::try_from(n).expect("bins fit into memory, so their number fits into an index")
}

fn place(idx: usize) -> u64 {
    u64::try_from(idx).expect("an index has at most 64 bits")
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "sums of whole numbers are exact")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(mins: u64) -> Instant {
        Instant::from_nanos(Span::from_mins(mins).nanos())
    }

    /// Bins of 5 min from 0 to 20 min. 8 from 2 to 13 min: 3/5, all, 3/5 of the bins. 4 from −∞ to 5.
    #[test]
    fn a_step_counts_in_each_bin_by_the_part_it_covers() {
        let mut bins = Bins::new(at(100), at(120), Span::from_mins(5));
        bins.add(at(102), at(113), 8.0);
        bins.add(at(0), at(105), 4.0);
        assert_eq!(bins.means(), [8.0 * 3.0 / 5.0 + 4.0, 8.0, 8.0 * 3.0 / 5.0, 0.0]);
        bins.add(at(116), at(117), 5.0);
        bins.add(at(120), at(300), 50.0);
        assert_eq!(bins.means()[3], 1.0);
        assert_eq!(bins.start_of(3), at(115));
    }

    /// 12 min in bins of 5: the last has 2 min, and a step over all of them has its value there too.
    #[test]
    fn the_last_bin_may_be_short() {
        let mut bins = Bins::new(at(0), at(12), Span::from_mins(5));
        bins.add(at(0), at(12), 3.0);
        assert_eq!(bins.means(), [3.0, 3.0, 3.0]);
        assert_eq!(bins.covered(2), Span::from_mins(2));
    }

    /// Ten days: the first three days of the week come twice. A step of 6 over day 8 alone (the
    /// second of its kind) has the mean 3 there; one over all ten days has its value everywhere.
    #[test]
    fn more_than_a_week_is_folded_onto_one() {
        let day = |n: u64| at(n * 24 * 60);
        let mut bins = Bins::new(day(0), day(10), Span::from_days(1));
        assert_eq!(bins.n_bins(), 7);
        bins.add(day(8), day(9), 6.0);
        assert_eq!(bins.means(), [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        bins.add(day(0), day(10), 1.0);
        assert_eq!(bins.means(), [1.0, 4.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        // across the fold: from the last day of the first week into the second week
        bins.add(day(6), day(8), 2.0);
        assert_eq!(bins.means(), [2.0, 4.0, 1.0, 1.0, 1.0, 1.0, 3.0]);
    }

    /// The obvious version: cut time into minutes and give each to its bin.
    fn minute_by_minute(length: u64, width: u64, steps: &[(u64, u64, i32)]) -> Vec<f64> {
        let week = 7 * 24 * 60;
        let n = index(length.min(week).div_ceil(width));
        let (mut sums, mut covered) = (vec![0i64; n], vec![0i64; n]);
        for minute in 0..length {
            let idx = index(if week < length { minute % week } else { minute } / width);
            covered[idx] += 1;
            for (from, to, value) in steps {
                if *from <= minute && minute < *to {
                    sums[idx] += i64::from(*value);
                }
            }
        }
        let mean = |(sum, n): (i64, i64)| count_i128(i128::from(sum)) / count_i128(i128::from(n));
        sums.into_iter().zip(covered).map(mean).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn bins_agree_with_counting_minutes(
            length in 1..30_000u64,
            width in prop::sample::select(vec![5u64, 30, 720, 1440]),
            steps in prop::collection::vec((0..35_000u64, 0..35_000u64, -100..100i32), 0..12),
        ) {
            let mut bins = Bins::new(at(500), at(500 + length), Span::from_mins(width));
            for (from, to, value) in &steps {
                bins.add(at(500 + from), at(500 + to), f64::from(*value));
            }
            let expected = minute_by_minute(length, width, &steps);
            prop_assert_eq!(bins.n_bins(), expected.len());
            for (got, expected) in bins.means().into_iter().zip(expected) {
                prop_assert!((got - expected).abs() < 1e-9, "{} for {}", got, expected);
            }
        }
    }
}
