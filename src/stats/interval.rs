//! Confidence intervals over replications.

use std::sync::OnceLock;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::histogram::Histogram;
use super::sample::{majority, mean, skewness, variance};
use crate::units::{count, count_u64, floor_count};

/// The level of an interval where nothing else is said.
pub const LEVEL: f64 = 0.95;

/// Of fewer runs than this there is no interval: how skewed they are cannot be seen.
pub const LEAST_RUNS: usize = 5;

/// Nor is there one where fewer runs than this differ from the others: how bad the next that
/// differs may be cannot be seen.
pub const LEAST_DIFFERENT: usize = 3;

/// How much of a share's own skewness is heeded: their scale bends their intervals already.
const HEED_OF_SHARES: f64 = 1.5;

/// Of what skewness adds on one side, this part is given back on the other.
const BACK: f64 = 0.125;

/// But no more than this part of Student's reach.
const BACK_MOST: f64 = 0.1;

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
    /// Its interval; `None` where one cannot hold: of fewer than [`LEAST_RUNS`] runs, and where
    /// fewer than [`LEAST_DIFFERENT`] of them differ from the others.
    pub interval: Option<Interval>,
    /// Number of runs.
    pub n: usize,
}

impl Estimate {
    /// The mean of one value per run, with its interval at this `level` in (0, 1).
    ///
    /// The interval is Student's, reaching further to the side to which the sample is skewed, by
    /// Johnson's term times 1.5 + 500/n² for n runs, and a little less to the other. That of
    /// near-normal values is Student's to within some per cent.
    ///
    /// `None` of no runs.
    ///
    /// Source of the term: Johnson, "Modified t tests and confidence intervals for asymmetrical
    /// populations", JASA 73, 1978.
    pub fn of(values: &[f64], level: f64) -> Option<Estimate> {
        Estimate::with(values, |mean| {
            let Reach { down, up } = Reach::of_mean(values, heed(values.len()), level);
            Interval { low: mean - down, high: mean + up }
        })
    }

    /// The mean of one share per run, each in [0, 1], with its interval within [0, 1].
    ///
    /// As [`Estimate::of`], but on the scale of the logarithm of the odds or the plain one, whichever
    /// reaches further.
    ///
    /// `None` of no runs.
    pub fn of_shares(shares: &[f64], level: f64) -> Option<Estimate> {
        Estimate::with(shares, |mean| {
            let Reach { down, up } = Reach::of_mean(shares, HEED_OF_SHARES, level);
            let high = f64::max(mean + up, more_likely(mean, up));
            let low = f64::min(mean - down, 1.0 - more_likely(1.0 - mean, down));
            Interval { low, high }.within(0.0, 1.0)
        })
    }

    /// The mean, and the interval where one can hold.
    fn with(values: &[f64], interval: impl Fn(f64) -> Interval) -> Option<Estimate> {
        let mean = mean(values)?;
        let interval = can_hold(values).then(|| interval(mean));
        Some(Estimate { mean, interval, n: values.len() })
    }

    /// This mean without its interval: of values that unfinished copies can only raise, an upper
    /// end would say nothing.
    #[must_use]
    pub fn alone(self) -> Estimate {
        Estimate { interval: None, ..self }
    }
}

/// Whether an interval over these runs can hold: there are enough, and enough of them differ. Where
/// no value has more than half of five runs or more, three at least differ from any.
pub(super) fn can_hold(values: &[f64]) -> bool {
    let enough_differ = || majority(values).is_none_or(|(_, n)| LEAST_DIFFERENT <= n);
    LEAST_RUNS <= values.len() && enough_differ()
}

/// How much more than a sample's own skewness is heeded: small samples show too little of it.
///
/// Found by trial, with [`BACK`] and [`BACK_MOST`], so that means of lognormal values with sigma 1
/// are covered from [`LEAST_RUNS`] on, and those of normal ones not by much more than they should be
/// (docs/model.md, "How well the intervals cover").
fn heed(n: usize) -> f64 {
    1.5 + 500.0 / (count(n) * count(n))
}

/// How far an interval reaches below and above the mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) down: f64,
    pub(super) up: f64,
}

impl Reach {
    /// Of the mean of at least two values.
    fn of_mean(values: &[f64], heed: f64, level: f64) -> Reach {
        Reach::of(values, heed, student_point(count(values.len() - 1), level))
    }

    /// Of the mean of at least two values of one side of a difference, where Student's interval of
    /// the difference reaches `point` errors to either side.
    pub(super) fn of_side(values: &[f64], point: f64) -> Reach {
        Reach::of(values, heed(values.len()), point)
    }

    fn of(values: &[f64], heed: f64, point: f64) -> Reach {
        let n = count(values.len());
        let error = libm::sqrt(variance(values).unwrap_or(0.0) / n);
        let skewness = heed * skewness(values).unwrap_or(0.0) / libm::sqrt(n);
        let bend = skewness / 6.0 * (1.0 + 2.0 * point * point);
        let back = f64::min(BACK * bend.abs(), BACK_MOST * point);
        let (long, short) = ((point + bend.abs()) * error, (point - back) * error);
        if bend < 0.0 { Reach { down: long, up: short } } else { Reach { down: short, up: long } }
    }
}

/// The share at which the logarithm of the odds is greater by as much as a step `by` up from this
/// share makes it at first.
fn more_likely(share: f64, by: f64) -> f64 {
    if share <= 0.0 || 1.0 <= share {
        return share;
    }
    let rest = (1.0 - share) / share * libm::exp(-by / (share * (1.0 - share)));
    1.0 / (1.0 + rest)
}

/// The interval of Student alone, of at least two values: for what has no skew to speak of.
pub(super) fn student(values: &[f64], level: f64) -> Option<Interval> {
    let (mean, variance) = (mean(values)?, variance(values)?);
    let half =
        student_point(count(values.len() - 1), level) * libm::sqrt(variance / count(values.len()));
    Some(Interval { low: mean - half, high: mean + half })
}

/// Points of Student's distribution at [`LEVEL`] that were asked for: finding one takes as long as
/// the statistics of a measure.
static POINTS: [OnceLock<f64>; 1000] = [const { OnceLock::new() }; 1000];

/// How many standard errors the interval reaches to either side, for `freedom` ≥ 1 degrees, which
/// need not be whole.
pub(super) fn student_point(freedom: f64, level: f64) -> f64 {
    assert!(0.0 < level && level < 1.0, "{level} is no level of confidence");
    let whole = floor_count(freedom);
    let is_known = level.total_cmp(&LEVEL).is_eq() && count(whole).total_cmp(&freedom).is_eq();
    match POINTS.get(whole).filter(|_| is_known) {
        Some(known) => *known.get_or_init(|| found_point(freedom, level)),
        None => found_point(freedom, level),
    }
}

/// Rounded to 9 decimals: the quantile is found by iteration on the platform's own logarithm, and
/// its last bits may differ between platforms.
fn found_point(freedom: f64, level: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, freedom).expect("at least one degree of freedom");
    let point = student.inverse_cdf(f64::midpoint(1.0, level));
    (point * 1e9).round() / 1e9
}

/// The greatest probability per run at which at most `n_events` of `n` runs with an event are still
/// as likely as 1 − `level`: the upper end of Clopper and Pearson's one-sided interval.
///
/// It is 1 of no runs, and where all had the event. Without one it is 1 − (1 − level)^(1/n): "no
/// miss in 30 runs: at most 9.5 % of runs, 95 %."
///
/// # Panics
/// When there are more events than runs.
pub fn bound_on_events(n_events: usize, n: usize, level: f64) -> f64 {
    assert!(0.0 < level && level < 1.0, "{level} is no level of confidence");
    assert!(n_events <= n, "{n_events} events in {n} runs");
    if n_events == 0 {
        return -libm::expm1(libm::log1p(-level) / count(n));
    }
    if n_events == n {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if 1.0 - level < at_most(n_events, n, middle) { low = middle } else { high = middle }
    }
    high
}

/// The probability of at most `n_events` < `n` events in `n` runs, each with probability 0 < p < 1.
fn at_most(n_events: usize, n: usize, p: f64) -> f64 {
    let mut term = libm::exp(count(n) * libm::log1p(-p));
    let mut sum = term;
    for event in 1..=n_events {
        term *= count(n - event + 1) / count(event) * p / (1.0 - p);
        sum += term;
    }
    sum
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
    /// Without skew it is Student's.
    #[test]
    fn the_interval_of_five_runs() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0], LEVEL).unwrap();
        assert_eq!((estimate.mean, estimate.n), (3.0, 5));
        let interval = estimate.interval.unwrap();
        assert!((interval.low - 1.036_757).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 4.963_243).abs() < 1e-6, "{interval:?}");
        assert_eq!(Some(interval), student(&[1.0, 2.0, 3.0, 4.0, 5.0], LEVEL));
        assert!(interval.contains(3.0) && !interval.contains(5.0));
        assert_eq!(interval.within(2.0, 4.0), Interval { low: 2.0, high: 4.0 });
        assert_eq!(estimate.alone(), Estimate { interval: None, ..estimate });
    }

    /// Where runs lie does not matter, and mirrored runs have the mirrored interval.
    #[test]
    fn the_interval_moves_and_mirrors_with_the_runs() {
        let ends = |values: &[f64]| Estimate::of(values, LEVEL).unwrap().interval.unwrap();
        let runs = [1.0, 1.0, 2.0, 3.0, 9.0];
        let (up, further) = (ends(&runs), ends(&runs.map(|v| v + 64.0)));
        assert!((further.low - up.low - 64.0).abs() < 1e-12, "{further:?}");
        assert!((further.high - up.high - 64.0).abs() < 1e-12, "{further:?}");
        let down = ends(&runs.map(|v| -v));
        assert!((up.low + down.high).abs() < 1e-12 && (up.high + down.low).abs() < 1e-12);
        assert!(up.high - 3.2 > 2.0 * (3.2 - up.low), "{up:?}");
    }

    /// −1, −1, −1, 0, 3: mean 0, squares 12, variance 3, standard error √0.6 = 0.774597; cubes
    /// 27 − 3 = 24 over 3^1.5, × 5 / (4 · 3): skewness 1.924501. Of five it is heeded 1.5 + 500/25 =
    /// 21.5 times: 21.5 × 1.924501 / (6 √5) × (1 + 2 × 2.776445²) = 50.6316 errors more, up to
    /// (2.776445 + 50.6316) × 0.774597 = 41.370: five such runs say little. A tenth is given back: down
    /// to −0.9 × 2.776445 × 0.774597 = −1.935563.
    #[test]
    fn skewed_runs_reach_further_to_their_side() {
        let interval = Estimate::of(&[-1.0, -1.0, -1.0, 0.0, 3.0], LEVEL).unwrap().interval;
        assert_eq!(interval, None); // but two differ from the three alike
        let spread = [-1.001, -1.0, -0.999, 0.0, 3.0];
        let interval = Estimate::of(&spread, LEVEL).unwrap().interval.unwrap();
        assert!((interval.low + 1.935_563).abs() < 1e-5, "{interval:?}");
        assert!((interval.high - 41.370).abs() < 1e-3, "{interval:?}");
    }

    /// 0.8, 0.85, 0.9, 0.95, 1: mean 0.9, variance 0.00625, error 0.0353553, half 0.0981622: plain
    /// 0.801838 to 0.998162. By odds: 9 e^(∓0.0981622/0.09) = 3.02370 or 26.788: 0.751473 to 0.964014;
    /// the further of each.
    #[test]
    fn shares_reach_by_their_odds() {
        let shares = [0.8, 0.85, 0.9, 0.95, 1.0];
        let interval = Estimate::of_shares(&shares, LEVEL).unwrap().interval.unwrap();
        assert!((interval.low - 0.751_473).abs() < 1e-5, "{interval:?}");
        assert!((interval.high - 0.998_162).abs() < 1e-5, "{interval:?}");
        let missed = shares.map(|share| 1.0 - share);
        let mirrored = Estimate::of_shares(&missed, LEVEL).unwrap().interval.unwrap();
        assert!((mirrored.high - (1.0 - interval.low)).abs() < 1e-12);
    }

    #[test]
    fn too_few_runs_have_a_mean_and_no_interval() {
        assert_eq!(Estimate::of(&[], LEVEL), None);
        for n in 1..5 {
            let values: Vec<f64> = (0..n).map(f64::from).collect();
            assert_eq!(Estimate::of(&values, LEVEL).unwrap().interval, None);
            assert_eq!(
                Estimate::of_shares(&values.iter().map(|v| v / 4.0).collect::<Vec<_>>(), LEVEL)
                    .unwrap()
                    .interval,
                None
            );
        }
        // 28 runs alike and two that are not
        let mut values = [0.0; 30];
        (values[3], values[9]) = (1.0, 0.5);
        assert_eq!(Estimate::of(&values, LEVEL).unwrap().interval, None);
        values[10] = 0.5;
        assert!(Estimate::of(&values, LEVEL).unwrap().interval.is_some());
    }

    /// 1 − 0.05^(1/30) = 1 − e^(−2.995732/30) = 1 − 0.904966 = 0.095034; for one run 0.95.
    #[test]
    fn nothing_in_thirty_runs_leaves_nine_and_a_half_per_cent() {
        assert!((bound_on_events(0, 30, LEVEL) - 0.095_034).abs() < 1e-6);
        assert!((bound_on_events(0, 1, LEVEL) - 0.95).abs() < 1e-15);
        assert_eq!(bound_on_events(0, 0, LEVEL), 1.0);
        // with a probability of just that per run, n runs without an event have 5 %
        let none = libm::pow(1.0 - bound_on_events(0, 59, LEVEL), 59.0);
        assert!((none - 0.05).abs() < 1e-12, "{none}");
    }

    /// With the bound p of one in two, 1 − p² = 0.05: √0.95 = 0.974679. Of one in twenty the tables of
    /// Clopper and Pearson have 0.2161.
    #[test]
    fn one_event_leaves_what_clopper_and_pearson_say() {
        assert!((bound_on_events(1, 2, LEVEL) - 0.974_679).abs() < 1e-6);
        assert!((bound_on_events(1, 20, LEVEL) - 0.2161).abs() < 1e-4);
        assert_eq!(bound_on_events(3, 3, LEVEL), 1.0);
        assert!(bound_on_events(1, 30, LEVEL) < bound_on_events(2, 30, LEVEL));
    }

    /// Medians 10, 20, 30, 40, 50 and of a run without copies none: mean 30, standard error
    /// √250 / √5 = 7.0711, half 19.63243.
    #[test]
    fn quantiles_are_taken_per_run() {
        let mut runs = vec![Histogram::default(); 6];
        for (idx, median) in [10, 20, 30, 40, 50].into_iter().enumerate() {
            for value in [median - 1, median, median + 1] {
                runs[idx].record(value);
            }
        }
        let estimate = quantile_over_runs(&runs, 0.5, LEVEL).unwrap();
        assert_eq!((estimate.mean, estimate.n), (30.0, 5));
        let low = estimate.interval.unwrap().low;
        assert!((low - (30.0 - 19.632_43)).abs() < 1e-4, "{low}");
    }
}
