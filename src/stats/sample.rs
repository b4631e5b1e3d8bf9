//! Mean, variance, and quantiles of a small sample.

use crate::units::{count, count_u64, floor_count, round_u64};

/// The arithmetic mean, summed in the order given; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

/// The variance with n − 1 below; `None` of fewer than two values.
///
/// In two passes, the second of which sums squared differences from the mean: no cancellation. The
/// sum of the differences, which rounding keeps from zero, corrects the rest (Chan, Golub, and
/// `LeVeque`, "Algorithms for computing the sample variance", American Statistician 37, 1983).
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let middle = mean(values)?;
    let (mut squares, mut rest) = (0.0, 0.0);
    for value in values {
        squares += (value - middle) * (value - middle);
        rest += value - middle;
    }
    let corrected: f64 = squares - rest * rest / count(values.len());
    Some(corrected.max(0.0) / count(values.len() - 1))
}

/// The skewness of a sample by its third moments, adjusted for its size; 0 without spread.
///
/// `None` of fewer than three values. It is √(n (n − 1)) / (n − 2) times the ratio of moments about
/// the mean, m₃ / m₂^(3/2): G₁ of Joanes and Gill, "Comparing measures of sample skewness and
/// kurtosis", The Statistician 47, 1998.
pub fn skewness(values: &[f64]) -> Option<f64> {
    if values.len() < 3 {
        return None;
    }
    let (middle, variance) = (mean(values)?, variance(values)?);
    if variance <= 0.0 {
        return Some(0.0);
    }
    let spread = libm::sqrt(variance);
    let cubes = values.iter().map(|value| {
        let off = (value - middle) / spread;
        off * off * off
    });
    let n = count(values.len());
    Some(cubes.sum::<f64>() * n / ((n - 1.0) * (n - 2.0)))
}

/// The value that more than half of a sample have, and how many have another; `None` where there is
/// no such value.
///
/// Source: Boyer and Moore, "MJRTY – A fast majority vote algorithm", 1981/1991: whoever outvotes all
/// others is left when each vote for one cancels a vote for another.
pub fn majority(values: &[f64]) -> Option<(f64, usize)> {
    let is_same = |one: f64, other: f64| one.total_cmp(&other).is_eq();
    let (mut left, mut votes) = (*values.first()?, 0_usize);
    for value in values {
        match (votes, is_same(left, *value)) {
            (0, _) => (left, votes) = (*value, 1),
            (_, true) => votes += 1,
            (_, false) => votes -= 1,
        }
    }
    let n_different = values.iter().filter(|value| !is_same(left, **value)).count();
    (2 * n_different < values.len()).then_some((left, n_different))
}

/// The p-quantile by nearest rank: the least value that a share of at least `p` does not exceed.
///
/// `None` of nothing; `p` lies from 0 to 1.
pub fn nearest_rank(values: &[f64], p: f64) -> Option<f64> {
    nearest_ranks(values, [p])[0]
}

/// Several quantiles by nearest rank.
pub fn nearest_ranks<const N: usize>(values: &[f64], ps: [f64; N]) -> [Option<f64>; N] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    ps.map(|p| {
        let rank = rank(p, round_u64(count(sorted.len())));
        sorted.get(floor_count(count_u64(rank.checked_sub(1)?))).copied()
    })
}

/// The rank, from 1, of the p-quantile among `n` values; 0 where there are none.
///
/// It is ⌈p n⌉ of the p that was meant: 0.07 × 100 is a hair above 7 in binary, and means 7.
pub(super) fn rank(p: f64, n: u64) -> u64 {
    assert!((0.0..=1.0).contains(&p), "{p} is no share");
    let hair = 1.0 - 4.0 * f64::EPSILON;
    round_u64((p * count_u64(n) * hair).ceil()).clamp(n.min(1), n)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is compared so is exact")]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_there_is_nothing_to_say() {
        assert_eq!(mean(&[]), None);
        assert_eq!(variance(&[3.0]), None);
        assert_eq!(nearest_rank(&[], 0.5), None);
        assert_eq!(skewness(&[1.0, 2.0]), None);
        assert_eq!(majority(&[]), None);
    }

    /// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7.
    #[test]
    fn mean_and_variance() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        assert_eq!(variance(&values), Some(32.0 / 7.0));
    }

    /// 10^9 + {4, 7, 13, 16}: mean 10^9 + 10, squares 36 + 9 + 9 + 36 = 90, over 3: 30. The sum of
    /// squares less the square of the sum would have lost it, at 10^18.
    #[test]
    fn a_large_mean_does_not_drown_the_variance() {
        assert_eq!(variance(&[4.0, 7.0, 13.0, 16.0].map(|v| v + 1e9)), Some(30.0));
        assert_eq!(variance(&[0.1, 0.1, 0.1]), Some(0.0));
    }

    /// 0, 0, 3: mean 1, squares 1 + 1 + 4 = 6, variance 3, cubes −1 − 1 + 8 = 6; 6 / 3^1.5 = 2/√3,
    /// times 3 / (2 · 1): √3. Mirrored it is −√3.
    #[test]
    fn skewness_of_three() {
        assert!((skewness(&[0.0, 0.0, 3.0]).unwrap() - 3f64.sqrt()).abs() < 1e-12);
        assert!((skewness(&[9.0, 9.0, 6.0]).unwrap() + 3f64.sqrt()).abs() < 1e-12);
        assert!(skewness(&[1.0, 2.0, 3.0]).unwrap().abs() < 1e-12);
        assert_eq!(skewness(&[0.1, 0.1, 0.1]), Some(0.0));
    }

    #[test]
    fn the_value_of_more_than_half_and_how_many_differ() {
        assert_eq!(majority(&[1.0, 0.5, 1.0, 0.9, 1.0]), Some((1.0, 2)));
        assert_eq!(majority(&[0.5, 0.9, 1.0, 1.0, 1.0]), Some((1.0, 2)));
        assert_eq!(majority(&[1.0, 1.0, 1.0, 0.5, 0.9]), Some((1.0, 2)));
        assert_eq!(majority(&[4.0, 2.0, 4.0, 2.0]), None);
        assert_eq!(majority(&[1.0, 2.0, 3.0]), None);
        assert_eq!(majority(&[7.0]), Some((7.0, 0)));
    }

    /// Of 20 values the 95 % rank is 19, the 96 % rank ⌈19.2⌉ = 20, the least rank 1.
    #[test]
    fn quantiles_are_values_of_the_sample() {
        let values: Vec<f64> = (1..=20u32).rev().map(f64::from).collect();
        let at = |p| nearest_rank(&values, p).unwrap();
        assert_eq!(
            [at(0.0), at(0.05), at(0.5), at(0.95), at(0.96), at(1.0)],
            [1.0, 1.0, 10.0, 19.0, 20.0, 20.0]
        );
    }

    /// Each k per cent of 100 values is the k-th, whatever k / 100 is in binary.
    #[test]
    fn a_share_that_is_not_binary_still_has_its_own_rank() {
        for k in 1..=100u32 {
            assert_eq!(rank(f64::from(k) / 100.0, 100), u64::from(k));
        }
        assert_eq!(rank(0.999, 1000), 999);
        assert_eq!(rank(0.5, 0), 0);
    }
}
