//! Small folders for tests: two destinations of one fleet, tables given as text.

use std::collections::BTreeMap;

use super::Tables;
use crate::record::table;
use crate::report::read::{
    CopyRule, FromRow, Highest, Manifest, Promise, PromiseKind, RunRow, Said, Scenario, ShareRow,
    SummaryRow, TargetRow, rows_of,
};
use crate::units::{Instant, Span};

/// Monday, 2027-01-04, 00:00 UTC: 20,822 days after 1970-01-01 (57 × 365 + 14 leap days + 3).
pub(super) const START: Instant = Instant::from_nanos(20_822 * 86_400 * 1_000_000_000);

fn rule(to: &str, duration: Option<Span>) -> CopyRule {
    CopyRule {
        scope: format!("db → {to}"),
        fleet: "db".to_owned(),
        to: to.to_owned(),
        n: 3,
        completion_duration: duration,
    }
}

/// A folder without rows: 3 volumes of `db`, copied to `b` in 15 minutes and to `c`; 40 minutes
/// promised to `b`, an RPO of 2 hours to both.
pub(super) fn tables() -> Tables {
    let promise = |name: &str, kind, mins, scopes: &[&str]| Promise {
        name: name.to_owned(),
        kind,
        limit: Some(Span::from_mins(mins)),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
    };
    let manifest = Manifest {
        scenario: Scenario {
            name: "dr".to_owned(),
            seed: 7,
            replications: 2,
            points: 1,
            start: START,
            horizon: Span::from_days(1),
            warm_up: Span::ZERO,
        },
        precision: None,
        copies: vec![rule("b", Some(Span::from_mins(15))), rule("c", None)],
        target: vec![
            promise("in time", PromiseKind::Copy, 40, &["db → b"]),
            promise("rpo", PromiseKind::Rpo, 120, &["db → b", "db → c"]),
        ],
    };
    Tables {
        manifest,
        targets: Vec::new(),
        summary: Vec::new(),
        highest: Highest::default(),
        shares: Vec::new(),
        ages: Vec::new(),
        series: Vec::new(),
        limits: Vec::new(),
        target_runs: Vec::new(),
        confirmed: None,
        solve: None,
        costs: BTreeMap::new(),
        oldest: Vec::new(),
    }
}

/// The rows of a table, its header left out of the text; sweeps have the axis `slots`.
pub(super) fn rows<T: FromRow>(axes: &[&str], text: &str) -> Vec<T> {
    let axes: Vec<String> = axes.iter().map(|&axis| axis.to_owned()).collect();
    let header = table(T::FILE).expect("a table").header(&axes).join(",");
    rows_of(&format!("{header}\n{text}\n")).unwrap()
}

pub(super) fn targets(text: &str) -> Vec<TargetRow> {
    rows(&[], text)
}

pub(super) fn shares(text: &str) -> Vec<ShareRow> {
    rows(&[], text)
}

fn said(value: f64) -> Said<f64> {
    Said { value, text: value.to_string() }
}

/// Means of measures of scopes, as `scope measure mean`.
pub(super) fn means(means: &[(&str, &str, f64)]) -> Vec<SummaryRow> {
    let row = |(scope, measure, mean): &(&str, &str, f64)| SummaryRow {
        point: 0,
        scope: (*scope).to_owned(),
        measure: (*measure).to_owned(),
        mean: Some(said(*mean)),
        pooled: Some(said(*mean)),
        at_least: false,
        reason: String::new(),
        n: 10,
    };
    means.iter().map(row).collect()
}

/// Highest values of measures of scopes.
pub(super) fn highest(values: &[(&str, &str, f64)]) -> Highest {
    let mut highest = Highest::default();
    for (scope, measure, value) in values {
        let (scope, measure) = ((*scope).to_owned(), (*measure).to_owned());
        highest.take(RunRow { point: 0, scope, measure, value: Some(*value) });
    }
    highest
}
