//! Whether a promised share is kept, by what the runs say.

use std::fmt;

use super::interval::{Estimate, Interval, LEAST_DIFFERENT, LEAST_RUNS, LEVEL, bound_on_events};
use super::sample::majority;

/// With fewer runs than this a promise is not kept where nearly all runs are alike.
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
    /// Nothing was due in any run.
    NothingDue,
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
    /// Fewer than 3 of 20 runs or more differ, and the promise is kept with as many as may.
    FewKeep,
    /// Fewer than 3 runs differ, and the promise is broken even with as many as may.
    FewBreak,
    /// Fewer than 3 runs differ, and they or the number of runs leave it open.
    FewDiffer,
}

impl Reason {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Reason::NothingDue => "nothing was due",
            Reason::TooFewRuns => "n too small: fewer than 5 runs",
            Reason::NothingMissed => "nothing missed",
            Reason::NothingMissedInFewRuns => "nothing missed, but in fewer than 20 runs",
            Reason::IntervalKeeps => "the interval lies at or above the promise",
            Reason::IntervalBreaks => "the interval lies below the promise",
            Reason::AllWasPromised => "all was promised, and something missed",
            Reason::IntervalHoldsBoth => "the promise lies inside the interval",
            Reason::FewKeep => "kept, however many of the runs that differ are likely",
            Reason::FewBreak => "broken, however many of the runs that differ are likely",
            Reason::FewDiffer => "fewer than 3 runs differ: too few for an interval",
        }
    }

    /// The answer that it leads to.
    pub const fn verdict(self) -> Verdict {
        match self {
            Reason::NothingMissed | Reason::IntervalKeeps | Reason::FewKeep => Verdict::Yes,
            Reason::IntervalBreaks | Reason::AllWasPromised | Reason::FewBreak => Verdict::No,
            Reason::NothingDue
            | Reason::TooFewRuns
            | Reason::NothingMissedInFewRuns
            | Reason::IntervalHoldsBoth
            | Reason::FewDiffer => Verdict::NotSure,
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
    /// Its 95 % interval, within [0, 1]; `None` of fewer than 5 runs, and where fewer than 3 differ
    /// from the others: `bound` speaks there.
    pub interval: Option<Interval>,
    /// Where fewer than 3 runs differ from the others: the greatest share of runs that may do so and
    /// is still likely, at 95 %. Where the others missed nothing, it is that of runs with a miss;
    /// where they missed something, it takes 20 runs: some value or other a few have by chance.
    pub bound: Option<f64>,
    /// Beside `bound`: the share of the runs that are alike, and how many differ from them.
    pub alike: Option<(f64, usize)>,
    /// Runs that had something to judge.
    pub n: usize,
    /// Runs left out, because nothing was due in them.
    pub n_left_out: usize,
}

/// Judges a promised share, in [0, 1], by the share kept in each run; a run in which nothing was
/// due has the share NaN and is left out.
///
/// Under 5 runs: not sure. Nothing missed in any: yes from 20 runs on, else not sure. Where fewer
/// than 3 runs differ from the others, by what would be if as many differed as is still likely, each
/// like the worst of them, or the best. Otherwise by the interval: yes with its lower end at or above
/// the promise, no with its upper end below. A promise of all is broken by the first miss.
pub fn judge(shares_per_run: &[f64], promised: f64) -> Judgement {
    assert!((0.0..=1.0).contains(&promised), "{promised} is no share");
    let shares: Vec<f64> = shares_per_run.iter().copied().filter(|share| !share.is_nan()).collect();
    for share in &shares {
        assert!((0.0..=1.0).contains(share), "{share} is no share");
    }
    let n = shares.len();
    let estimate = Estimate::of_shares(&shares, LEVEL);
    let interval = estimate.and_then(|estimate| estimate.interval);
    let few = majority(&shares).filter(|(_, n_different)| *n_different < LEAST_DIFFERENT);
    let bound = few.map(|(_, n_different)| bound_on_events(n_different, n, level_of(n_different)));
    let all_promised = 1.0 <= promised && shares.iter().any(|share| *share < 1.0);
    let reason = match (interval, few.zip(bound)) {
        _ if n == 0 => Reason::NothingDue,
        _ if n < LEAST_RUNS => Reason::TooFewRuns,
        (Some(interval), _) if promised <= interval.low => Reason::IntervalKeeps,
        (Some(interval), _) if interval.high < promised => Reason::IntervalBreaks,
        _ if all_promised => Reason::AllWasPromised,
        (Some(_), _) | (None, None) => Reason::IntervalHoldsBoth,
        (None, Some((few, bound))) => of_few(&shares, few, bound, promised),
    };
    let holds = |(alike, _): &(f64, usize)| 1.0 <= *alike || LEAST_RUNS_WITHOUT_MISS <= n;
    let alike = few.filter(holds);
    Judgement {
        verdict: reason.verdict(),
        reason,
        mean: estimate.map(|estimate| estimate.mean),
        interval,
        bound: alike.and(bound),
        alike,
        n,
        n_left_out: shares_per_run.len() - n,
    }
}

/// The level of the bound on how many runs differ. Where some do, there might have been more, and an
/// interval in place of the bound: each of the two gets a part of what may go wrong.
const fn level_of(n_different: usize) -> f64 {
    if n_different == 0 { LEVEL } else { f64::midpoint(1.0, LEVEL) }
}

/// The reason where all but few runs have one `common` share.
fn of_few(
    shares: &[f64],
    (common, n_different): (f64, usize),
    bound: f64,
    promised: f64,
) -> Reason {
    let is_all = 1.0 <= common && n_different == 0;
    let enough = LEAST_RUNS_WITHOUT_MISS <= shares.len();
    let worst = shares.iter().copied().fold(common, f64::min);
    let best = shares.iter().copied().fold(common, f64::max);
    let (low, high) = (common - bound * (common - worst), common + bound * (best - common));
    match (is_all, enough) {
        (true, true) => Reason::NothingMissed,
        (true, false) => Reason::NothingMissedInFewRuns,
        (false, _) if high < promised => Reason::FewBreak,
        (false, true) if promised <= low => Reason::FewKeep,
        (false, true | false) => Reason::FewDiffer,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "ends that are clamped are exact")]
mod tests {
    use super::*;

    /// One of 20 runs misses a hundredth, and three do: whatever bound or interval say, a promise of
    /// 100 % is broken.
    #[test]
    fn a_promise_of_all_is_broken_by_one_miss() {
        let mut shares = [1.0; 20];
        shares[7] = 0.99;
        let judgement = judge(&shares, 1.0);
        assert_eq!((judgement.verdict, judgement.reason), (Verdict::No, Reason::AllWasPromised));
        (shares[8], shares[9]) = (0.5, 0.5);
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
    /// 2.776445 × 0.00707107 = 0.0196324, without skew: up to 0.999632. Down by the odds of a miss,
    /// 0.02/0.98 × e^(0.0196324/0.0196) = 0.0555667: to 1/1.0555667 = 0.947358.
    #[test]
    fn the_ends_of_the_interval_decide() {
        let shares = [0.96, 0.97, 0.98, 0.99, 1.0];
        let verdict = |promised| judge(&shares, promised).verdict;
        assert_eq!(verdict(0.9473), Verdict::Yes);
        assert_eq!(verdict(0.9474), Verdict::NotSure);
        assert_eq!(verdict(0.9996), Verdict::NotSure);
        assert_eq!(verdict(0.9997), Verdict::No);
        let judgement = judge(&shares, 0.95);
        assert!((judgement.mean.unwrap() - 0.98).abs() < 1e-15);
        assert!((judgement.interval.unwrap().low - 0.947_358).abs() < 1e-6);
        assert_eq!((judgement.bound, judgement.alike), (None, None));
    }

    /// One of 30 misses a tenth: at most 17.22 % of runs do, (1 − 0.1722)^30 + 30 × 0.1722 ×
    /// (1 − 0.1722)^29 = 0.025, so at least 1 − 0.01722 = 98.278 % holds. Of 19 runs nobody is sure.
    #[test]
    fn few_misses_are_judged_by_as_many_as_may_be() {
        let mut shares = [1.0; 30];
        shares[4] = 0.9;
        let told = |shares: &[f64], promised| {
            let judgement = judge(shares, promised);
            assert_eq!(judgement.interval, None);
            (judgement.verdict, judgement.reason)
        };
        assert_eq!(told(&shares, 0.9827), (Verdict::Yes, Reason::FewKeep));
        assert_eq!(told(&shares, 0.9828), (Verdict::NotSure, Reason::FewDiffer));
        assert_eq!(told(&shares[..19], 0.5), (Verdict::NotSure, Reason::FewDiffer));
        let judgement = judge(&shares, 0.9);
        assert!((judgement.bound.unwrap() - 0.1722).abs() < 1e-4);
        assert_eq!(judgement.alike, Some((1.0, 1)));
        // a third run that misses as much: 0.99, error 0.0055709, and the skew tells
        (shares[5], shares[6]) = (0.9, 0.9);
        assert!(judge(&shares, 0.9).interval.is_some());
    }

    /// Half in each of 20 runs: it may be another share in 13.9 % of runs, but none was seen. One of 5
    /// keeps all and the others nothing: at most 65.7 % of runs do, fewer than 90 %.
    #[test]
    fn runs_that_are_alike_are_judged_by_what_they_are() {
        let half = |promised| judge(&[0.5; 20], promised);
        assert_eq!((half(0.5).verdict, half(0.5).reason), (Verdict::Yes, Reason::FewKeep));
        assert_eq!((half(0.501).verdict, half(0.501).reason), (Verdict::No, Reason::FewBreak));
        assert_eq!(judge(&[0.5; 5], 0.5).verdict, Verdict::NotSure);
        assert_eq!(judge(&[0.5; 5], 0.501).verdict, Verdict::No);
        let one = [0.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(judge(&one, 0.9).verdict, Verdict::No);
        assert_eq!(judge(&one, 0.65).verdict, Verdict::NotSure);
    }

    #[test]
    fn runs_in_which_nothing_was_due_are_left_out_and_counted() {
        let mut shares = vec![0.5; 20];
        shares.extend([f64::NAN; 3]);
        let judgement = judge(&shares, 0.4);
        assert_eq!((judgement.verdict, judgement.n, judgement.n_left_out), (Verdict::Yes, 20, 3));
        assert_eq!(judge(&[f64::NAN; 9], 0.4).reason, Reason::NothingDue);
    }
}
