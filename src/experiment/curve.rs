//! How many copies have arrived by what time: curves over the runs of a point.

use crate::drive::{Measured, RunResult};
use crate::record::measure;
use crate::stats::Histogram;
use crate::units::{Span, count, count_u64};

/// The share of copies that have completed by times after being due, over the runs of a point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// What it is about, by name.
    pub(super) scope: String,
    /// Times with the mean, lowest, and highest share over runs, 0 to 1.
    pub(super) steps: Vec<(Span, [f64; 3])>,
}

/// How many times a curve has at most.
const CURVE_STEPS: u32 = 200;

/// The shortest time of a curve, where no copy is quicker than this: a logarithmic scale has no 0.
const CURVE_FROM: Span = Span::from_secs(1);

/// The curve of each scope with completions, of the copies due in the window.
pub(super) fn curves(runs: &[RunResult]) -> Vec<Curve> {
    let Some(first) = runs.first() else { return Vec::new() };
    let scopes = first.completions.iter().map(|(scope, _)| &first.scopes[*scope]);
    scopes.filter_map(|scope| curve(scope, runs)).collect()
}

fn curve(name: &str, runs: &[RunResult]) -> Option<Curve> {
    let of_runs: Vec<(&Histogram, f64)> =
        runs.iter().filter_map(|run| counted(name, run)).collect();
    let mut all = Histogram::default();
    for (completions, _) in &of_runs {
        all.merge(completions);
    }
    let times = times(Span::from_nanos(all.min()?), Span::from_nanos(all.max()?));
    let shares: Vec<Vec<f64>> =
        of_runs.iter().map(|(run, due)| shares(run, *due, &times)).collect();
    let n_runs = count(shares.len());
    let steps = times.iter().enumerate().map(|(idx, time)| {
        let at = || shares.iter().map(|run| run[idx]);
        let mean = at().sum::<f64>() / n_runs;
        (*time, [mean, at().fold(1.0, f64::min), at().fold(0.0, f64::max)])
    });
    Some(Curve { scope: name.to_owned(), steps: steps.collect() })
}

/// The completions of a scope in a run, and the number of copies that were due; none without any.
fn counted<'r>(name: &str, run: &'r RunResult) -> Option<(&'r Histogram, f64)> {
    let of_name = |scope: usize| run.scopes[scope] == name;
    let (_, completions) = run.completions.iter().find(|(scope, _)| of_name(*scope))?;
    let is_due = |row: &&Measured| of_name(row.scope) && row.measure.name == measure::DUE.name;
    let due = run.measures.iter().find(is_due)?.value;
    (0.0 < due).then_some((completions, due))
}

/// Times from the least to the greatest completion, evenly spaced on a logarithmic scale.
fn times(least: Span, greatest: Span) -> Vec<Span> {
    let from = least.max(CURVE_FROM).min(greatest);
    let ratio = greatest.secs() / from.secs();
    let between = (0..CURVE_STEPS - 1).map(|step| {
        let share = f64::from(step) / f64::from(CURVE_STEPS - 1);
        from.scale(libm::pow(ratio, share)).min(greatest)
    });
    let mut times: Vec<Span> = between.chain([greatest]).collect();
    times.dedup();
    times
}

/// The share of `due` copies that completed by each of the times, which rise.
fn shares(completions: &Histogram, due: f64, times: &[Span]) -> Vec<f64> {
    let mut bins = completions.bins().peekable();
    let mut below = 0;
    let by = times.iter().map(|time| {
        while let Some(bin) = bins.next_if(|bin| bin.low <= time.nanos()) {
            below += bin.count;
        }
        (count_u64(below) / due).min(1.0)
    });
    by.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with one scope: completions after these whole seconds, of so many copies due.
    fn run(due: u64, secs: &[u64]) -> RunResult {
        let mut completions = Histogram::default();
        for &secs in secs {
            completions.record(Span::from_secs(secs).nanos());
        }
        let due = Measured {
            scope: 0,
            measure: measure::DUE,
            value: count_u64(due),
            n: due,
            at_least: false,
        };
        RunResult {
            scopes: vec!["all".to_owned()],
            measures: vec![due],
            completions: vec![(0, completions)],
            ..RunResult::default()
        }
    }

    /// Of 4 copies due in each of two runs, 2 and 3 complete by 10 s, the least time of all, and
    /// 3 and 4 by 1,000 s, the greatest: the means are 5/8 and 7/8, and one copy never arrives.
    #[test]
    fn a_curve_counts_of_all_that_were_due() {
        let runs = [run(4, &[10, 10, 1000]), run(4, &[10, 10, 10, 100])];
        let [curve] = curves(&runs).try_into().unwrap();
        assert_eq!(curve.scope, "all");
        assert_eq!(curve.steps.len(), 200);
        assert_eq!(curve.steps[0], (Span::from_secs(10), [0.625, 0.5, 0.75]));
        assert_eq!(curve.steps[199], (Span::from_secs(1000), [0.875, 0.75, 1.0]));
        // the times are evenly spaced in their logarithms: the middle is near 100 s
        assert!((curve.steps[99].0.secs() / 98.846 - 1.0).abs() < 1e-4); // 10 × 100^(99/199)
        assert!(curve.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1[0] <= b.1[0]));
    }

    #[test]
    fn equal_times_make_one_step_and_no_copies_no_curve() {
        let [curve] = curves(&[run(1, &[7])]).try_into().unwrap();
        assert_eq!(curve.steps, [(Span::from_secs(7), [1.0; 3])]);
        assert_eq!(curves(&[run(3, &[])]), []);
        assert_eq!(curves(&[]), []);
        // a run in which nothing was due does not pull the others down
        let [curve] = curves(&[run(1, &[7]), run(0, &[])]).try_into().unwrap();
        assert_eq!(curve.steps, [(Span::from_secs(7), [1.0; 3])]);
    }
}
