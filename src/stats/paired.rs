//! Differences of two sets of runs: paired on the same draws, or of independent ones.
//!
//! Sources: Law, *Simulation Modeling and Analysis*, 5th ed., 2015, sections 10.2 (paired-t and
//! Welch intervals) and 11.2 (common random numbers); Welch, "The generalization of 'Student's'
//! problem when several different population variances are involved", Biometrika 34, 1947.

use super::interval::{Estimate, Interval, Reach, can_hold, student_point};
use super::sample::{mean, variance};
use crate::units::count;

/// What pairing did to the variance of a mean difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pairing {
    /// So many times less than that of independent runs, which is (var A + var B) / var(B − A).
    /// Below 1 it lost.
    Factor(f64),
    /// The difference is the same in every pair, though the runs differ: there is no variance left.
    Constant,
    /// Neither side differs between runs: there was nothing to win.
    Nothing,
    /// One pair says nothing about variances.
    Unknown,
}

/// The difference of two measures of the same runs, pair by pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Mean of the first.
    pub mean_a: f64,
    /// Mean of the second.
    pub mean_b: f64,
    /// Mean of second − first over the pairs, with its interval.
    pub difference: Estimate,
    /// What pairing won.
    pub pairing: Pairing,
}

impl Paired {
    /// The second less the first, `level` in (0, 1); values of one index met the same draws.
    ///
    /// `None` of no pairs.
    ///
    /// # Panics
    /// When there are not equally many values of both.
    pub fn of(a: &[f64], b: &[f64], level: f64) -> Option<Paired> {
        assert_eq!(a.len(), b.len(), "each value has its partner");
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let difference = Estimate::of(&differences, level)?;
        Some(Paired {
            mean_a: mean(a)?,
            mean_b: mean(b)?,
            difference,
            pairing: pairing(a, b, &differences),
        })
    }
}

/// What pairing won.
fn pairing(a: &[f64], b: &[f64], differences: &[f64]) -> Pairing {
    let (Some(var_a), Some(var_b)) = (variance(a), variance(b)) else { return Pairing::Unknown };
    match variance(differences) {
        Some(paired) if !is_rounding(a, b, differences) => {
            Pairing::Factor((var_a + var_b) / paired)
        }
        _ if 0.0 < var_a + var_b => Pairing::Constant,
        _ => Pairing::Nothing,
    }
}

/// Whether differences differ from one another by no more than the last bits of what they are
/// differences of: 0.3 − 0.2 and 0.2 − 0.1 are one.
fn is_rounding(a: &[f64], b: &[f64], differences: &[f64]) -> bool {
    let largest = a.iter().chain(b).fold(0.0, |most: f64, value| most.max(value.abs()));
    let low = differences.iter().copied().fold(f64::INFINITY, f64::min);
    let high = differences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    high - low <= 4.0 * f64::EPSILON * largest
}

/// The difference of two measures of independent runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unpaired {
    /// Mean of the first.
    pub mean_a: f64,
    /// Mean of the second.
    pub mean_b: f64,
    /// Second − first, means.
    pub difference: f64,
    /// Its interval; `None` where a side has too few runs for one, or too few that differ.
    pub interval: Option<Interval>,
}

impl Unpaired {
    /// The second less the first, with an interval at this `level` in (0, 1): Welch's, so that
    /// variances need not be equal, nor the numbers of runs, where each side reaches further as its
    /// runs are skewed, as in [`Estimate::of`].
    ///
    /// `None` where a side has no run.
    ///
    /// Source of how the sides are put together: Zou and Donner, "Construction of confidence limits
    /// about effect measures", Statistics in Medicine 27, 2008.
    pub fn of(a: &[f64], b: &[f64], level: f64) -> Option<Unpaired> {
        let (mean_a, mean_b) = (mean(a)?, mean(b)?);
        let difference = mean_b - mean_a;
        let sides = variance(a).zip(variance(b)).filter(|_| can_hold(a) && can_hold(b));
        let interval = sides.and_then(|(var_a, var_b)| {
            let parts = [(var_a / count(a.len()), a.len()), (var_b / count(b.len()), b.len())];
            let point = student_point(welch_freedom(parts)?, level);
            let (of_a, of_b) = (Reach::of_side(a, point), Reach::of_side(b, point));
            Some(Interval {
                low: difference - libm::hypot(of_a.up, of_b.down),
                high: difference + libm::hypot(of_a.down, of_b.up),
            })
        });
        Some(Unpaired { mean_a, mean_b, difference, interval })
    }
}

/// The degrees of freedom of Welch and Satterthwaite, of each side's squared standard error and
/// number of runs; `None` where nothing varies.
fn welch_freedom(sides: [(f64, usize); 2]) -> Option<f64> {
    let sum: f64 = sides.iter().map(|(part, _)| part).sum();
    let below: f64 = sides.iter().map(|(part, n)| part * part / count(n - 1)).sum();
    (0.0 < below).then(|| sum * sum / below)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is compared so is exact")]
mod tests {
    use super::*;
    use crate::stats::LEVEL;

    /// Student's sleep data: extra hours of ten patients under two drugs ("Student", "The probable
    /// error of a mean", Biometrika 6, 1908).
    const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 5e-7, "{got} for {expected}");
    }

    /// Mean of second − first 1.58, standard error 1.229995 / √10 = 0.388959, Student 2.262157: R has
    /// 0.7001142 to 2.4598858 (`t.test(extra ~ group, data = sleep, paired = TRUE)`, of first −
    /// second). Skewness 1.745550 (`SciPy`, `skew(…, bias = False)`), of ten heeded 1.5 + 500/100 = 6.5
    /// times: 6.5 × 1.745550 / (6 √10) × (1 + 2 × 2.262157²) = 6.718250 errors more, up to 1.58 +
    /// 8.980408 × 0.388959 = 5.073008; down to 1.58 − 0.9 × 2.262157 × 0.388959 = 0.788103.
    /// Variances 3.200556, 4.009000, and 1.512889 of the differences (1908: 1.17² × 10/9, rounded):
    /// (3.200556 + 4.009000) / 1.512889 = 4.765423.
    #[test]
    fn the_sleep_data_paired() {
        let paired = Paired::of(&FIRST, &SECOND, LEVEL).unwrap();
        close(paired.mean_a, 0.75);
        close(paired.mean_b, 2.33);
        close(paired.difference.mean, 1.58);
        let interval = paired.difference.interval.unwrap();
        close(interval.low, 0.788_102_8);
        close(interval.high, 5.073_007_9);
        let Pairing::Factor(factor) = paired.pairing else { panic!("{:?}", paired.pairing) };
        assert!((factor - 4.765_423).abs() < 5e-6, "{factor}");
    }

    /// R, `t.test(extra ~ group, data = sleep)`, Welch: df = 17.776, −3.3654832 to 0.2054832 of
    /// first − second, which is 1.58 ± 2.102817 × 0.849091 of second − first. By sides: skewness
    /// 0.580921 and 0.385806 (`SciPy`), standard errors 0.565735 and 0.633167, of ten heeded 6.5 times:
    /// 6.5 × 0.580921 / (6 √10) × (1 + 2 × 2.102817²) = 1.959009 errors and 1.301032 more upwards, to
    /// 2.297915 and 2.155204; an eighth less, or a tenth of 2.102817, downwards, to 1.070673 and
    /// 1.228462. From 1.58 − √(2.297915² + 1.228462²) to 1.58 + √(1.070673² + 2.155204²).
    #[test]
    fn the_sleep_data_by_welch() {
        let unpaired = Unpaired::of(&FIRST, &SECOND, LEVEL).unwrap();
        let interval = unpaired.interval.unwrap();
        close(unpaired.difference, 1.58);
        close(interval.low, -1.025_673_7);
        close(interval.high, 3.986_500_4);
        let parts = [(3.200_556 / 10.0, 10), (4.009 / 10.0, 10)];
        let freedom = welch_freedom(parts).unwrap();
        assert!((freedom - 17.776).abs() < 5e-4, "{freedom}");
    }

    /// 1 to 5 and 2, 4, …, 12: means 3 and 7; squared standard errors 2.5/5 = 1/2 and 14/6 = 7/3; the
    /// degrees (17/6)² / ((1/2)²/4 + (7/3)²/5) = (289/36) / (1/16 + 49/45) = 5780/829. Neither is
    /// skewed.
    #[test]
    fn sides_of_unequal_length_by_hand() {
        let b = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0];
        let unpaired = Unpaired::of(&[1.0, 2.0, 3.0, 4.0, 5.0], &b, LEVEL).unwrap();
        assert_eq!((unpaired.mean_a, unpaired.mean_b, unpaired.difference), (3.0, 7.0, 4.0));
        let freedom = welch_freedom([(0.5, 5), (7.0 / 3.0, 6)]).unwrap();
        close(freedom, 5780.0 / 829.0);
        let half = unpaired.interval.unwrap().half_width();
        close(half, student_point(5780.0 / 829.0, LEVEL) * (17.0f64 / 6.0).sqrt());
    }

    /// 10, 20, 40 and 2 more in each: the difference is 2 whatever the draws, where independent runs
    /// would have had the variance of both; how it may differ in another pair cannot be seen, so
    /// there is no interval. 10, 20, 40 against itself: 0.
    #[test]
    fn a_constant_difference_has_no_interval() {
        let a = [10.0, 20.0, 40.0];
        let more = Paired::of(&a, &a.map(|v| v + 2.0), LEVEL).unwrap();
        assert_eq!(more.difference.mean, 2.0);
        assert_eq!(more.difference.interval, None);
        assert_eq!(more.pairing, Pairing::Constant);
        let tenths = [0.1, 0.2, 0.7];
        let more = Paired::of(&tenths, &tenths.map(|v| v + 0.1), LEVEL).unwrap();
        assert_eq!(more.pairing, Pairing::Constant, "{more:?}");
        let same = Paired::of(&a, &a, LEVEL).unwrap();
        assert_eq!(same.difference.mean, 0.0);
        assert_eq!(Paired::of(&[5.0; 3], &[7.0; 3], LEVEL).unwrap().pairing, Pairing::Nothing);
        let still = Unpaired::of(&[5.0; 30], &[7.0; 20], LEVEL).unwrap();
        assert_eq!((still.difference, still.interval), (2.0, None));
    }

    /// 1, 2, 3 against 3, 2, 1: variances 1 and 1, differences 2, 0, −2 with variance 4: a half.
    #[test]
    fn pairs_that_go_against_one_another_lose() {
        let against = Paired::of(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0], LEVEL).unwrap();
        assert_eq!(against.pairing, Pairing::Factor(0.5));
    }

    #[test]
    fn one_pair_has_a_difference_and_nothing_more() {
        let one = Paired::of(&[1.0], &[4.0], LEVEL).unwrap();
        assert_eq!((one.difference.mean, one.difference.interval), (3.0, None));
        assert_eq!(one.pairing, Pairing::Unknown);
        assert_eq!(Paired::of(&[], &[], LEVEL), None);
        assert_eq!(Unpaired::of(&[1.0], &[4.0, 5.0], LEVEL).unwrap().interval, None);
        assert_eq!(Unpaired::of(&[], &[4.0], LEVEL), None);
    }
}
