#![expect(clippy::float_cmp, reason = "these means are exact")]

use super::*;
use crate::stats::{Reason, Verdict};

/// A run with one scope `all`, these measures, and completions after these whole seconds.
fn run(measures: &[(Measure, f64)], secs: &[u64]) -> RunResult {
    let mut completions = Histogram::default();
    for &secs in secs {
        completions.record(Span::from_secs(secs).nanos());
    }
    let row = |&(measure, value): &(Measure, f64)| Measured {
        scope: 0,
        measure,
        value,
        n: 10,
        at_least: false,
    };
    RunResult {
        scopes: vec!["all".to_owned()],
        measures: measures.iter().map(row).collect(),
        completions: vec![(0, completions)],
        ..RunResult::default()
    }
}

fn all_scope() -> Vec<String> {
    vec!["all".to_owned()]
}

/// 3, 1, 5, 2, 4: mean 3, median the 3rd of five, 95 % rank ⌈4.75⌉ = 5; 50 copies in all.
#[test]
fn a_measure_is_its_mean_and_ranks_over_runs() {
    let runs = [3.0, 1.0, 5.0, 2.0, 4.0].map(|value| run(&[(measure::RPO_MEAN, value)], &[]));
    let [row] = measures(&all_scope(), &runs, false).try_into().unwrap();
    let estimate = row.estimate.unwrap();
    assert_eq!((estimate.mean, estimate.n), (3.0, 5));
    // standard error √0.5, Student 2.776445 at 4 degrees: 1.963243 down
    assert!((estimate.interval.unwrap().low - 1.036_757).abs() < 1e-6);
    assert_eq!(row.quantiles, [Some(3.0), Some(5.0), Some(5.0)]);
    assert_eq!((row.n, row.n_runs, row.pooled), (50, 5, None));
}

#[test]
fn one_run_has_a_mean_and_no_interval() {
    let runs = [run(&[(measure::DUE, 7.0)], &[])];
    let [row] = measures(&all_scope(), &runs, false).try_into().unwrap();
    assert_eq!(row.estimate, Some(Estimate { mean: 7.0, interval: None, n: 1 }));
}

/// Medians of the runs are 1 s and 64 s, their mean 32.5; of 1, 1, 1, 64 together the median is 1.
/// These are powers of two in seconds, not in nanoseconds: a bin reaches up to 1/1024 above.
#[test]
fn pooled_quantiles_are_those_of_all_copies_together() {
    let runs = [
        run(&[(measure::COMPLETION_P50, 1.0)], &[1, 1, 1]),
        run(&[(measure::COMPLETION_P50, 64.0)], &[64]),
    ];
    let [row] = measures(&all_scope(), &runs, false).try_into().unwrap();
    assert_eq!(row.estimate.unwrap().mean, 32.5);
    let pooled = row.pooled.unwrap();
    assert!((1.0..1.001).contains(&pooled), "{pooled}");
}

#[test]
fn one_value_that_can_only_rise_makes_the_summary_a_lower_bound() {
    let values = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
    let mut runs = values.map(|value| run(&[(measure::COMPLETION_MAX, value)], &[]));
    runs[5].measures[0].at_least = true;
    let [row] = measures(&all_scope(), &runs, false).try_into().unwrap();
    assert!(row.at_least);
    assert_eq!(row.estimate, Some(Estimate { mean: 7.5, interval: None, n: 6 }));
    let [row] = measures(&all_scope(), &runs[..5], false).try_into().unwrap();
    assert!(!row.at_least && row.estimate.unwrap().interval.is_some());
}

/// Times and the shares in time depend on how long the backlog has grown; counts do not.
#[test]
fn where_the_backlog_grows_times_have_no_mean() {
    let values = [
        (measure::COMPLETION_MEAN, 9.0),
        (measure::CAUSES[3], 9.0),
        (measure::ON_TIME, 0.5),
        (measure::FULL, 0.5),
        (measure::DUE, 9.0),
        (measure::MOVED, 9.0),
    ];
    let runs = [run(&values, &[]), run(&values, &[])];
    let told = |grows| -> Vec<bool> {
        measures(&all_scope(), &runs, grows).iter().map(|row| row.estimate.is_some()).collect()
    };
    assert_eq!(told(true), [false, false, false, true, true, true]);
    assert_eq!(told(false), [true; 6]);
}

/// The second run has a scope that the first does not, and lists the common one second.
#[test]
fn scopes_are_matched_by_name() {
    let first = run(&[(measure::DUE, 1.0)], &[]);
    let mut second = run(&[(measure::DUE, 10.0), (measure::DUE, 3.0)], &[]);
    second.scopes = vec!["other".to_owned(), "all".to_owned()];
    second.measures[1].scope = 1;
    let runs = [first, second];
    let scopes = scopes(&runs);
    assert_eq!(scopes, ["all", "other"]);
    let rows = measures(&scopes, &runs, false);
    let means: Vec<f64> = rows.iter().map(|row| row.estimate.unwrap().mean).collect();
    assert_eq!(means, [2.0, 10.0]); // (1 + 3) / 2, and 10 alone
}

/// A copy target with a promise of 90 % that five runs keep at 100, 80, 90, 100, and nothing due.
#[test]
fn a_target_is_judged_by_the_shares_of_its_runs() {
    let of = |share: Option<f64>, secs| RunResult {
        targets: vec![TargetShare {
            share,
            n: 10,
            n_missed: 1,
            worst: Some(Span::from_secs(secs)),
            n_open: 2,
        }],
        ..RunResult::default()
    };
    let runs =
        [of(Some(1.0), 5), of(Some(0.8), 9), of(Some(0.9), 7), of(Some(1.0), 1), of(None, 0)];
    let of_target: Vec<&TargetShare> = runs.iter().map(|run| &run.targets[0]).collect();
    let target = Target {
        name: "in time".to_owned(),
        kind: TargetKind::Copy { limit: Span::from_hours(1) },
        fleets: Vec::new(),
        to: None,
        share: 0.9,
    };
    let kept = fared(&target, &of_target);
    assert_eq!((kept.kind, kept.promised, kept.worst), ("copy", 0.9, Some(Span::from_secs(9))));
    assert_eq!((kept.n, kept.n_missed, kept.n_open), (50, 5, 10));
    assert_eq!(
        (kept.judgement.verdict, kept.judgement.reason),
        (Verdict::NotSure, Reason::TooFewRuns)
    );
    assert_eq!((kept.judgement.n, kept.judgement.n_left_out), (4, 1));
    assert!(kept.shares[4].is_nan());
}
