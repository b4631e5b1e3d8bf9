//! Differences of two designs that met the same draws, run by run.

use super::interval::{Estimate, Interval};
use super::sample::variance;

/// The mean difference of two designs, each pair of runs on the same draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Mean of A − B over the pairs.
    pub mean: f64,
    /// Its interval; `None` where one cannot hold, as for [`Estimate::interval`].
    pub interval: Option<Interval>,
    /// How many times the variance of independent runs pairing has saved: (var A + var B) / var
    /// (A − B); `None` of fewer than two pairs, and where all differ by the same.
    pub variance_ratio: Option<f64>,
    /// Pairs.
    pub n: usize,
    /// Pairs of which A and B are not exactly equal: 0 of A against itself.
    pub n_different: usize,
}

impl Paired {
    /// A value per run of each design, in the order of the replications; `level` in (0, 1).
    ///
    /// `None` of no pairs.
    ///
    /// # Panics
    /// When there are not as many of one as of the other.
    pub fn of(a: &[f64], b: &[f64], level: f64) -> Option<Paired> {
        assert_eq!(a.len(), b.len(), "every run has its pair");
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let Estimate { mean, interval, n } = Estimate::of(&differences, level)?;
        let ratio = |apart: f64| Some((variance(a)? + variance(b)?) / apart);
        Some(Paired {
            mean,
            interval,
            variance_ratio: variance(&differences).filter(|apart| 0.0 < *apart).and_then(ratio),
            n,
            n_different: differences.iter().filter(|apart| **apart != 0.0).count(),
        })
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these are exact")]
mod tests {
    use super::*;
    use crate::stats::LEVEL;

    /// A: 11, 22, 33, 44, 55 and B: 10, 20, 30, 40, 50 differ by 1 to 5: mean 3, variance 2.5. The
    /// variances are 302.5 and 250: 552.5 / 2.5 = 221.
    #[test]
    fn pairs_are_compared_run_by_run() {
        let a = [11.0, 22.0, 33.0, 44.0, 55.0];
        let b = [10.0, 20.0, 30.0, 40.0, 50.0];
        let paired = Paired::of(&a, &b, LEVEL).unwrap();
        assert_eq!((paired.mean, paired.n, paired.n_different), (3.0, 5, 5));
        assert!((paired.variance_ratio.unwrap() - 221.0).abs() < 1e-9);
        assert!((paired.interval.unwrap().low - 1.036_757).abs() < 1e-6);
        let back = Paired::of(&b, &a, LEVEL).unwrap();
        assert_eq!(back.mean, -3.0);
        assert!((back.interval.unwrap().high + 1.036_757).abs() < 1e-6);
    }

    #[test]
    fn a_design_does_not_differ_from_itself() {
        let a = [1.0, 5.0, 0.1, 7.0, 3.0, 4.0];
        let same = Paired::of(&a, &a, LEVEL).unwrap();
        let nothing =
            Paired { mean: 0.0, interval: None, variance_ratio: None, n: 6, n_different: 0 };
        assert_eq!(same, nothing);
        assert_eq!(Paired::of(&[], &[], LEVEL), None);
    }
}
