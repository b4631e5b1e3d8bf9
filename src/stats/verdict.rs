//! Whether a promised share is kept, by what the runs say.

use std::fmt;

use super::interval::{Estimate, Interval, LEVEL, bound_without_event};

/// With fewer runs than this there is never a verdict.
const LEAST_RUNS: usize = 5;

/// With fewer runs than this a promise is not kept for want of misses alone.
const LEAST_RUNS_WITHOUT_MISS: usize = 20;

/// The answer to "is the promise kept?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The runs do not say.
    NotSure,
}

impl Verdict {
    /// The word for it: `yes`, `no`, `not sure`.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::No => "no",
            Verdict::NotSure => "not sure",
        }
    }
}

/// Why the verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Fewer than 5 runs had anything to judge.
    TooFewRuns,
    /// Nothing missed, in 20 runs or more.
    NothingMissed,
    /// Nothing missed, but in fewer than 20 runs.
    NothingMissedInFewRuns,
    /// The interval's lower end is at or above the promise.
    IntervalKeeps,
    /// The interval's upper end is below the promise.
    IntervalBreaks,
    /// All was promised, and something missed: no interval is needed to see that.
    AllWasPromised,
    /// The promise lies inside the interval.
    IntervalHoldsBoth,
}

impl Reason {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Reason::TooFewRuns => "n too small: fewer than 5 runs",
            Reason::NothingMissed => "nothing missed",
            Reason::NothingMissedInFewRuns => "nothing missed, but in fewer than 20 runs",
            Reason::IntervalKeeps => "the interval lies at or above the promise",
            Reason::IntervalBreaks => "the interval lies below the promise",
            Reason::AllWasPromised => "all was promised, and something missed",
            Reason::IntervalHoldsBoth => "the promise lies inside the interval",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// Mean share over the runs; `None` where no run had anything to judge.
    pub mean: Option<f64>,
    /// Student's 95 % interval over the runs, within [0, 1]; `None` of a single run, and where
    /// nothing missed: `bound` speaks there.
    pub interval: Option<Interval>,
    /// Where nothing missed: the greatest share of runs with a miss that is still likely, at 95 %.
    pub bound: Option<f64>,
    /// Runs that had something to judge.
    pub n: usize,
    /// Runs left out, because nothing was due in them.
    pub n_left_out: usize,
}

/// Judges a promised share, in [0, 1], by the share kept in each run; a run in which nothing was
/// due has the share NaN and is left out.
///
/// Under 5 runs: not sure. Nothing missed in any: yes from 20 runs on, else not sure. Otherwise by
/// the interval: yes with its lower end at or above the promise, no with its upper end below. A
/// promise of all is broken by the first miss.
pub fn judge(shares_per_run: &[f64], promised: f64) -> Judgement {
    assert!((0.0..=1.0).contains(&promised), "{promised} is no share");
    let shares: Vec<f64> = shares_per_run.iter().copied().filter(|share| !share.is_nan()).collect();
    for share in &shares {
        assert!((0.0..=1.0).contains(share), "{share} is no share");
    }
    let n = shares.len();
    let estimate = Estimate::of(&shares, LEVEL);
    let nothing_missed = 0 < n && shares.iter().all(|share| 1.0 <= *share);
    let interval = estimate.and_then(|estimate| estimate.interval).filter(|_| !nothing_missed);
    let interval = interval.map(|interval| interval.within(0.0, 1.0));
    let reason = match interval {
        _ if n < LEAST_RUNS => Reason::TooFewRuns,
        None if n < LEAST_RUNS_WITHOUT_MISS => Reason::NothingMissedInFewRuns,
        None => Reason::NothingMissed,
        Some(interval) if promised <= interval.low => Reason::IntervalKeeps,
        Some(interval) if interval.high < promised => Reason::IntervalBreaks,
        Some(_) if 1.0 <= promised => Reason::AllWasPromised,
        Some(_) => Reason::IntervalHoldsBoth,
    };
    let verdict = match reason {
        Reason::NothingMissed | Reason::IntervalKeeps => Verdict::Yes,
        Reason::IntervalBreaks | Reason::AllWasPromised => Verdict::No,
        Reason::TooFewRuns | Reason::NothingMissedInFewRuns | Reason::IntervalHoldsBoth => {
            Verdict::NotSure
        }
    };
    Judgement {
        verdict,
        reason,
        mean: estimate.map(|estimate| estimate.mean),
        interval,
        bound: nothing_missed.then(|| bound_without_event(n, LEVEL)),
        n,
        n_left_out: shares_per_run.len() - n,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "ends that are clamped are exact")]
mod tests {
    use super::*;

    /// One of 20 runs misses a hundredth: the interval 0.9995 ± 0.0010 reaches 1, and yet a promise
    /// of 100 % is broken.
    #[test]
    fn a_promise_of_all_is_broken_by_one_miss() {
        let mut shares = [1.0; 20];
        shares[7] = 0.99;
        let judgement = judge(&shares, 1.0);
        assert_eq!((judgement.verdict, judgement.reason), (Verdict::No, Reason::AllWasPromised));
        assert_eq!(judgement.interval.unwrap().high, 1.0);
    }

    #[test]
    fn four_runs_are_never_enough() {
        for shares in [[1.0; 4], [0.0; 4]] {
            let judgement = judge(&shares, 0.9);
            assert_eq!(
                (judgement.verdict, judgement.reason),
                (Verdict::NotSure, Reason::TooFewRuns)
            );
        }
        let nothing = judge(&[], 0.9);
        assert_eq!((nothing.verdict, nothing.mean, nothing.n), (Verdict::NotSure, None, 0));
    }

    /// 1 − 0.05^(1/20) = 1 − e^(−0.1497866) = 0.139108.
    #[test]
    fn nothing_missed_is_yes_from_twenty_runs_on_with_its_bound() {
        let few = judge(&[1.0; 19], 0.999);
        assert_eq!((few.verdict, few.reason), (Verdict::NotSure, Reason::NothingMissedInFewRuns));
        let enough = judge(&[1.0; 20], 1.0);
        assert_eq!((enough.verdict, enough.reason), (Verdict::Yes, Reason::NothingMissed));
        assert_eq!((enough.mean, enough.interval), (Some(1.0), None));
        assert!((enough.bound.unwrap() - 0.139_108).abs() < 1e-6);
    }

    /// 0.96, 0.97, 0.98, 0.99, 1: mean 0.98, variance 0.00025, standard error 0.00707107; half
    /// 2.776445 × 0.00707107 = 0.0196324: from 0.960368 to 0.999632.
    #[test]
    fn the_ends_of_the_interval_decide() {
        let shares = [0.96, 0.97, 0.98, 0.99, 1.0];
        let verdict = |promised| judge(&shares, promised).verdict;
        assert_eq!(verdict(0.9603), Verdict::Yes);
        assert_eq!(verdict(0.9604), Verdict::NotSure);
        assert_eq!(verdict(0.9996), Verdict::NotSure);
        assert_eq!(verdict(0.9997), Verdict::No);
        let judgement = judge(&shares, 0.95);
        assert!((judgement.mean.unwrap() - 0.98).abs() < 1e-15);
        assert!((judgement.interval.unwrap().low - 0.960_368).abs() < 1e-6);
        assert_eq!(judgement.bound, None);
    }

    /// 0, 0, 0, 0, 1: mean 0.2, half 2.776 × √(0.2 / 5) = 0.555: the ends stay within [0, 1].
    #[test]
    fn the_interval_of_a_share_stays_a_share() {
        let judgement = judge(&[0.0, 0.0, 0.0, 0.0, 1.0], 0.9);
        assert_eq!(judgement.interval.unwrap().low, 0.0);
        assert_eq!(judgement.verdict, Verdict::No); // 0.755 < 0.9
        assert_eq!(judge(&[0.5; 5], 0.5).verdict, Verdict::Yes);
        assert_eq!(judge(&[0.5; 5], 0.501).verdict, Verdict::No);
    }

    #[test]
    fn runs_in_which_nothing_was_due_are_left_out_and_counted() {
        let mut shares = vec![0.5; 5];
        shares.extend([f64::NAN; 3]);
        let judgement = judge(&shares, 0.4);
        assert_eq!((judgement.verdict, judgement.n, judgement.n_left_out), (Verdict::Yes, 5, 3));
        assert_eq!(judge(&[f64::NAN; 9], 0.4).reason, Reason::TooFewRuns);
    }
}
