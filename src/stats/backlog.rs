//! Whether a backlog grows: the test behind "no steady state".

use super::interval::student;
use super::sample::mean;
use crate::units::{count, count_u64};

/// The level at which a slope counts as real: a false alarm once in 200 steady plans.
const SLOPE_LEVEL: f64 = 0.99;

/// Growth by fewer waiting copies than this is not worth a word.
const LEAST_GROWTH: f64 = 3.0;

/// Nor is growth by a smaller part of what waited at first.
const LEAST_RELATIVE_GROWTH: f64 = 0.1;

/// What becomes of a backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    /// No growth was seen.
    Steady,
    /// It grows: means over the window depend on how long the window is.
    Growing,
    /// There are fewer than two runs or two marks, or nothing that is due again and again.
    Unknown,
}

/// Judges by the number of copies that wait at evenly spaced marks, a list of marks per run.
///
/// Put the marks at one phase of the load's cycle (each midnight, or the quarter points of the
/// window), and leave out the empty start. It grows where both hold: over the runs, the least-squares
/// slope is above 0 with the lower end of its 99 % Student interval; and the mean at the last mark
/// exceeds that at the first by more than 3 copies and more than a tenth.
///
/// # Panics
/// When the runs do not have equally many marks.
pub fn growth(waiting_per_run: &[Vec<u64>]) -> Growth {
    let n_marks = waiting_per_run.first().map_or(0, Vec::len);
    for run in waiting_per_run {
        assert_eq!(run.len(), n_marks, "every run has the same marks");
    }
    if waiting_per_run.len() < 2 || n_marks < 2 {
        return Growth::Unknown;
    }
    let slopes: Vec<f64> = waiting_per_run.iter().map(|run| slope(run)).collect();
    let rises = student(&slopes, SLOPE_LEVEL).is_some_and(|interval| 0.0 < interval.low);

    let mean_at = |mark: usize| {
        let waiting: Vec<f64> = waiting_per_run.iter().map(|run| count_u64(run[mark])).collect();
        mean(&waiting).expect("there are runs")
    };
    let (first, last) = (mean_at(0), mean_at(n_marks - 1));
    let matters = LEAST_GROWTH.max(LEAST_RELATIVE_GROWTH * first) < last - first;
    if rises && matters { Growth::Growing } else { Growth::Steady }
}

/// The least-squares slope of at least two values at 0, 1, 2, …
fn slope(values: &[u64]) -> f64 {
    let middle = (count(values.len()) - 1.0) / 2.0;
    let (mut above, mut below) = (0.0, 0.0);
    for (idx, value) in values.iter().enumerate() {
        let x = count(idx) - middle;
        above += x * count_u64(*value);
        below += x * x;
    }
    above / below
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these slopes are exact")]
mod tests {
    use super::*;

    /// 1, 3, 2, 6 at −1.5, −0.5, 0.5, 1.5: (−1.5 − 1.5 + 1 + 9) / 5 = 1.4.
    #[test]
    fn the_slope_of_four_marks() {
        assert_eq!(slope(&[1, 3, 2, 6]), 7.0 / 5.0);
        assert_eq!(slope(&[4, 4, 4]), 0.0);
        assert_eq!(slope(&[10, 30]), 20.0);
    }

    /// Slopes 10, 9, 11 (standard error 1/√3, 99 % point 9.925 at 2 degrees: 10 ± 5.7), from 20 to 50.
    #[test]
    fn a_queue_that_rises_in_every_run_grows() {
        let runs = [vec![20, 30, 40, 50], vec![20, 29, 38, 47], vec![20, 31, 42, 53]];
        assert_eq!(growth(&runs), Growth::Growing);
    }

    /// Slopes 10 and −10 and 1: no sign. Slopes 1 in all runs, but 3 copies more: nothing. A rise
    /// from 100 to 109 is below a tenth.
    #[test]
    fn noise_and_trifles_are_steady() {
        let noise = [vec![20, 30, 40, 50], vec![50, 40, 30, 20], vec![30, 31, 32, 33]];
        assert_eq!(growth(&noise), Growth::Steady);
        assert_eq!(growth(&vec![vec![0, 1, 2, 3]; 30]), Growth::Steady);
        assert_eq!(growth(&vec![vec![0, 1, 2, 4]; 30]), Growth::Growing);
        assert_eq!(growth(&vec![vec![100, 103, 106, 109]; 30]), Growth::Steady);
        assert_eq!(growth(&vec![vec![0; 4]; 30]), Growth::Steady);
    }

    #[test]
    fn one_run_or_one_mark_says_nothing() {
        assert_eq!(growth(&[]), Growth::Unknown);
        assert_eq!(growth(&[vec![0, 100]]), Growth::Unknown);
        assert_eq!(growth(&[vec![5], vec![500]]), Growth::Unknown);
    }
}
