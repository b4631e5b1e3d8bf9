//! Confidence intervals over replications.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::histogram::Histogram;
use super::sample::{mean, variance};
use crate::units::{count, count_u64};

/// The level of an interval where nothing else is said.
pub const LEVEL: f64 = 0.95;

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// This interval within [`low`, `high`]: a share lies in [0, 1].
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Interval {
        Interval { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// Whether `value` lies in it, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Half of its width.
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// A mean over runs with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean over the runs.
    pub mean: f64,
    /// Student's interval; `None` of a single run, which says nothing about others.
    pub interval: Option<Interval>,
    /// Number of runs.
    pub n: usize,
}

impl Estimate {
    /// The mean of one value per run, with Student's interval at this `level` in (0, 1).
    ///
    /// `None` of no runs.
    pub fn of(values: &[f64], level: f64) -> Option<Estimate> {
        let mean = mean(values)?;
        let n = values.len();
        let interval = variance(values).map(|variance| {
            let half = student_point(count(n - 1), level) * libm::sqrt(variance / count(n));
            Interval { low: mean - half, high: mean + half }
        });
        Some(Estimate { mean, interval, n })
    }
}

/// How many standard errors the interval reaches to either side, for `freedom` ≥ 1 degrees, which
/// need not be whole.
///
/// Rounded to 9 decimals: the quantile is found by iteration on the platform's own logarithm, and
/// its last bits may differ between platforms.
pub(super) fn student_point(freedom: f64, level: f64) -> f64 {
    assert!(0.0 < level && level < 1.0, "{level} is no level of confidence");
    let student = StudentsT::new(0.0, 1.0, freedom).expect("at least one degree of freedom");
    let point = student.inverse_cdf(f64::midpoint(1.0, level));
    (point * 1e9).round() / 1e9
}

/// The greatest probability per run at which `n` runs without an event are still as likely as 1 −
/// `level`: 1 − (1 − level)^(1/n). It is 1 of no runs.
///
/// "No miss in 30 runs: at most 9.5 % of runs, 95 %."
pub fn bound_without_event(n: usize, level: f64) -> f64 {
    assert!(0.0 < level && level < 1.0, "{level} is no level of confidence");
    -libm::expm1(libm::log1p(-level) / count(n))
}

/// The p-quantile of each run that has counted anything, as a mean with its interval over runs.
pub fn quantile_over_runs(runs: &[Histogram], p: f64, level: f64) -> Option<Estimate> {
    let quantiles: Vec<f64> =
        runs.iter().filter_map(|run| run.quantile(p)).map(count_u64).collect();
    Estimate::of(&quantiles, level)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is compared so is exact")]
mod tests {
    use super::*;

    /// The t table: 97.5 % at 1, 4, 29, 999 degrees, 99.5 % at 9.
    #[test]
    fn points_are_those_of_the_t_table() {
        for (freedom, level, point) in [
            (1.0, 0.95, 12.706_204_736),
            (4.0, 0.95, 2.776_445_105),
            (29.0, 0.95, 2.045_229_642),
            (999.0, 0.95, 1.962_341_461),
            (9.0, 0.99, 3.249_835_542),
        ] {
            let got = student_point(freedom, level);
            assert!((got - point).abs() < 1e-8, "{freedom}: {got}");
        }
    }

    /// 1, 2, 3, 4, 5: mean 3, variance 2.5, standard error √0.5 = 0.707107; × 2.776445 = 1.963243.
    #[test]
    fn the_interval_of_five_runs() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0], LEVEL).unwrap();
        assert_eq!((estimate.mean, estimate.n), (3.0, 5));
        let interval = estimate.interval.unwrap();
        assert!((interval.half_width() - 1.963_243).abs() < 1e-6, "{interval:?}");
        assert!(interval.contains(3.0) && !interval.contains(5.0));
        assert_eq!(interval.within(2.0, 4.0), Interval { low: 2.0, high: 4.0 });
    }

    #[test]
    fn one_run_has_a_mean_and_no_interval() {
        assert_eq!(Estimate::of(&[], LEVEL), None);
        assert_eq!(Estimate::of(&[7.0], LEVEL), Some(Estimate { mean: 7.0, interval: None, n: 1 }));
    }

    /// 1 − 0.05^(1/30) = 1 − e^(−2.995732/30) = 1 − 0.904966 = 0.095034; for one run 0.95.
    #[test]
    fn nothing_in_thirty_runs_leaves_nine_and_a_half_per_cent() {
        assert!((bound_without_event(30, LEVEL) - 0.095_034).abs() < 1e-6);
        assert!((bound_without_event(1, LEVEL) - 0.95).abs() < 1e-15);
        assert_eq!(bound_without_event(0, LEVEL), 1.0);
        // with a probability of just that per run, n runs without an event have 5 %
        let none = libm::pow(1.0 - bound_without_event(59, LEVEL), 59.0);
        assert!((none - 0.05).abs() < 1e-12, "{none}");
    }

    /// Medians 10, 20, and of a run without copies none: mean 15, standard error √50 / √2 = 5.
    #[test]
    fn quantiles_are_taken_per_run() {
        let mut runs = [Histogram::default(), Histogram::default(), Histogram::default()];
        for value in [9, 10, 11] {
            runs[0].record(value);
        }
        runs[2].record(20);
        let estimate = quantile_over_runs(&runs, 0.5, LEVEL).unwrap();
        assert_eq!((estimate.mean, estimate.n), (15.0, 2));
        let half = estimate.interval.unwrap().half_width();
        assert!((half - 5.0 * 12.706_204_736).abs() < 1e-6, "{half}");
    }
}
