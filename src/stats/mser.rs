//! MSER-5: where the beginning of a series stops to differ from what follows.

use super::interval::{Interval, student};
use super::sample::mean;
use crate::units::count;

/// Observations of a batch: the 5 of MSER-5.
pub const BATCH: usize = 5;

/// With fewer batches the rule is not asked: it would follow noise.
const LEAST_BATCHES: usize = 6;

/// The level at which a beginning counts as other than the rest.
const LEVEL: f64 = 0.99;

/// A beginning that differs by a smaller part of the rest is not worth a word.
const LEAST_DIFFERENCE: f64 = 0.1;

/// Where MSER-5 cuts a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// After so many observations, a multiple of [`BATCH`]; 0 where nothing is to be cut.
    After(usize),
    /// Not before the middle: the series is too short to say.
    TooShort,
}

/// Cuts a series by MSER-5; nothing with fewer than six batches.
///
/// Of the means Y of batches of five, it cuts the first d that make the standard error of the mean
/// of the rest least: it minimises Σ (Y − Ȳ)² / (n − d)² over what remains, for d up to n / 2. Of
/// equals it takes the least d; n / 2 itself means that the series is too short. Observations beyond the last whole batch are left aside. Source: White, "An effective
/// truncation heuristic for bias reduction in simulation output", *Simulation* 69, 1997, and White,
/// Cobb, and Spratt, "A comparison of five steady-state truncation heuristics for simulation",
/// *Proceedings of the Winter Simulation Conference*, 2000.
pub fn mser5(observations: &[f64]) -> Option<Truncation> {
    let batches: Vec<f64> =
        observations.chunks_exact(BATCH).map(|batch| mean(batch).expect("five")).collect();
    let n = batches.len();
    if n < LEAST_BATCHES {
        return None;
    }
    let cut = least(&batches);
    Some(if cut == n / 2 { Truncation::TooShort } else { Truncation::After(cut * BATCH) })
}

/// The number of values to cut, half of them at most, so that the standard error of the mean of the
/// rest is least.
fn least(values: &[f64]) -> usize {
    // from the end on, by Welford's recurrence: every sum of squares in one pass
    let (mut middle, mut squares) = (0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for (n, (place, value)) in values.iter().enumerate().rev().enumerate() {
        let n = count(n + 1);
        let off = value - middle;
        middle += off / n;
        squares += off * (value - middle);
        if place <= values.len() / 2 && squares / (n * n) <= best.0 {
            best = (squares / (n * n), place);
        }
    }
    best.1
}

/// Where MSER-5 would have the observations that count begin, if that is later than `warm_up` and
/// matters; a list of observations per run, equally long.
///
/// The rule is asked once, of the mean over runs. It matters where what it would leave out, from
/// `warm_up` on, differs from the rest to the same side over the runs (99 % Student interval of the
/// difference of means), by more than a tenth of the rest. Where the series is too short for the
/// rule, its first half is what would be left out.
///
/// # Panics
/// When the runs do not have equally many observations.
pub fn longer_warm_up(runs: &[Vec<f64>], warm_up: usize) -> Option<Truncation> {
    let n = runs.first()?.len();
    assert!(runs.iter().all(|run| run.len() == n), "every run has the same observations");
    let at = |place: usize| mean(&runs.iter().map(|run| run[place]).collect::<Vec<_>>());
    let over_runs: Vec<f64> = (0..n).filter_map(at).collect();
    let found = mser5(&over_runs)?;
    let cut = match found {
        Truncation::TooShort => warm_up + n.saturating_sub(warm_up) / 2,
        Truncation::After(cut) => cut,
    };
    if cut <= warm_up {
        return None;
    }
    let part = |range: &[f64]| mean(range).expect("neither part is empty");
    let differences: Vec<f64> =
        runs.iter().map(|run| part(&run[warm_up..cut]) - part(&run[cut..])).collect();
    let Interval { low, high } = student(&differences, LEVEL)?;
    let is_other = 0.0 < low || high < 0.0;
    let matters = LEAST_DIFFERENCE * part(&over_runs[cut..]).abs() < f64::midpoint(low, high).abs();
    (is_other && matters).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(values: &[f64]) -> Vec<f64> {
        values.iter().flat_map(|value| [*value; BATCH]).collect()
    }

    /// Of 9, 1, 2, 1, 2, 1 the sums of squares about the mean are 49⅓ of all six and 1.2, 1, ⅔ after
    /// one, two, three; over n² these are 1.370, 0.048, 0.0625, 0.074: one batch is cut.
    #[test]
    fn one_batch_of_a_start_is_cut() {
        let series = batches(&[9.0, 1.0, 2.0, 1.0, 2.0, 1.0]);
        assert_eq!(mser5(&series), Some(Truncation::After(5)));
    }

    /// The observations of a batch count by their mean: 0, 3, 6, 9, 12 is 6.
    #[test]
    fn what_varies_within_a_batch_is_averaged() {
        let mut series = [0.0, 3.0, 6.0, 9.0, 12.0].repeat(7);
        assert_eq!(mser5(&series), Some(Truncation::After(0)));
        for observation in &mut series[..10] {
            *observation += 20.0;
        }
        assert_eq!(mser5(&series), Some(Truncation::After(10)));
        series.extend([500.0; BATCH - 1]); // no whole batch
        assert_eq!(mser5(&series), Some(Truncation::After(10)));
    }

    /// A line never becomes steady: of n values one apart the squares are n (n² − 1) / 12, and over n²
    /// that falls with n, down to the middle.
    #[test]
    fn what_rises_to_the_end_is_too_short() {
        let line: Vec<f64> = (0..12).map(count).collect();
        assert_eq!(mser5(&batches(&line)), Some(Truncation::TooShort));
        assert_eq!(mser5(&batches(&line[..5])), None);
        assert_eq!(mser5(&[]), None);
    }

    /// Three runs with 8, 9, 10 more in the first of six batches: 9 ± 9.925 × 1/√3, so 3.3 to 14.7.
    #[test]
    fn a_start_that_differs_in_every_run_asks_for_a_warm_up() {
        let run = |first: f64| batches(&[first, 1.0, 2.0, 1.0, 2.0, 1.0]);
        let runs = [run(9.4), run(10.4), run(11.4)];
        assert_eq!(longer_warm_up(&runs, 0), Some(Truncation::After(5)));
        assert_eq!(longer_warm_up(&runs, 5), None);
        assert_eq!(longer_warm_up(&runs[..1], 0), None, "one run says nothing");
        // 1 more, −8 more, and 25 more: no side
        assert_eq!(longer_warm_up(&[run(2.4), run(-6.6), run(26.4)], 0), None);
        let rising: Vec<Vec<f64>> =
            [0.0, 0.5, 1.0].map(|by| batches(&[by, 2.0, 4.0, 6.0, 8.0, 10.0])).to_vec();
        assert_eq!(longer_warm_up(&rising, 0), Some(Truncation::TooShort));
        assert_eq!(longer_warm_up(&[], 0), None);
    }

    /// The rest is 100 on average: 8 more is nothing, 12 more is.
    #[test]
    fn a_trifle_is_no_warm_up() {
        let run = |first: f64| batches(&[first, 99.0, 101.0, 99.0, 101.0, 100.0]);
        assert_eq!(longer_warm_up(&[run(108.0), run(108.1), run(107.9)], 0), None);
        let more = [run(112.0), run(112.1), run(111.9)];
        assert_eq!(longer_warm_up(&more, 0), Some(Truncation::After(5)));
    }
}
