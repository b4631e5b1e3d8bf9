//! Rows of what all runs come to: numbers that a page shows come with the very text of their file.

use super::row::Value;
use super::{Fault, FromRow, Row};
use crate::report::chart::Verdict;
use crate::units::Span;

/// A value and how its file writes it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Said<T> {
    pub(in crate::report) value: T,
    pub(in crate::report) text: String,
}

/// The field of a column; none where it is empty.
pub(super) fn said<T: Value>(row: &mut Row<'_>, column: &str) -> Result<Option<Said<T>>, Fault> {
    let field = row.at(column);
    let value = field.maybe()?;
    Ok(value.map(|value| Said { value, text: field.text().to_owned() }))
}

/// The words of verdicts in columns.
pub(super) fn verdicts() -> impl Iterator<Item = (&'static str, Verdict)> {
    [Verdict::Yes, Verdict::No, Verdict::NotSure].into_iter().map(|one| (one.name(), one))
}

/// How a promise stands at a point, or one scope of it: what `targets.csv` and `promises.csv` say.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Standing {
    /// Promised share, 0 to 1.
    pub(in crate::report) promised: f64,
    /// Mean share over runs, 0 to 1; none where there was nothing to judge.
    pub(in crate::report) share: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    /// Where hardly any run differs from the others: at most this share of runs does, 95 %.
    pub(in crate::report) bound: Option<Said<f64>>,
    /// The worst over all runs; none where it is not a time.
    pub(in crate::report) worst: Option<Said<Span>>,
    pub(in crate::report) verdict: Verdict,
    /// Why the verdict is what it is.
    pub(in crate::report) reason: String,
    /// Runs that had something to judge.
    pub(in crate::report) n_runs: u64,
    /// Copies, batches, or samples behind it.
    pub(in crate::report) n: u64,
    pub(in crate::report) n_missed: u64,
    pub(in crate::report) n_open: u64,
}

impl Standing {
    /// Mean share over runs, 0 to 1.
    pub(in crate::report) fn held(&self) -> Option<f64> {
        Some(self.share.as_ref()?.value)
    }

    /// Its 95 % interval; none where nothing missed, or of a single run.
    pub(in crate::report) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value, self.high.as_ref()?.value))
    }

    /// Reads the columns from `promised_share` on.
    fn read(row: &mut Row<'_>) -> Result<Standing, Fault> {
        Ok(Standing {
            promised: row.at("promised_share").share()?,
            share: said(row, "share")?,
            low: said(row, "low_95")?,
            high: said(row, "high_95")?,
            bound: said(row, "bound_95")?,
            worst: said(row, "worst_s")?,
            verdict: row.at("verdict").one_of(verdicts())?,
            reason: row.at("reason").text().to_owned(),
            n_runs: row.at("n_runs").must()?,
            n: row.at("n").must()?,
            n_missed: row.at("n_missed").must()?,
            n_open: row.at("n_open").must()?,
        })
    }
}

/// A target at a point: a row of `targets.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct TargetRow {
    pub(in crate::report) point: u64,
    /// Key of each axis with its value.
    pub(in crate::report) labels: Vec<(String, String)>,
    pub(in crate::report) target: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub(in crate::report) kind: String,
    pub(in crate::report) standing: Standing,
}

impl FromRow for TargetRow {
    const FILE: &'static str = "targets.csv";

    fn read(row: &mut Row<'_>) -> Result<TargetRow, Fault> {
        let labels = row.labels();
        Ok(TargetRow {
            point: row.at("point").must()?,
            labels,
            target: row.at("target").text().to_owned(),
            kind: row.at("kind").text().to_owned(),
            standing: Standing::read(row)?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// A measure of a scope over all runs of a point: a row of `summary.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SummaryRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    /// Mean over runs; none where there is no steady state.
    pub(in crate::report) mean: Option<Said<f64>>,
    /// Of the copies of all runs together; times to completion only.
    pub(in crate::report) pooled: Option<Said<f64>>,
    /// Whether unfinished copies can only raise it.
    pub(in crate::report) at_least: bool,
    /// Why there is no mean; empty where there is one.
    pub(in crate::report) reason: String,
    /// Copies, batches, or samples behind it, over all runs.
    pub(in crate::report) n: u64,
}

impl FromRow for SummaryRow {
    const FILE: &'static str = "summary.csv";

    fn read(row: &mut Row<'_>) -> Result<SummaryRow, Fault> {
        Ok(SummaryRow {
            point: row.at("point").must()?,
            scope: row.at("scope").text().to_owned(),
            measure: row.at("measure").text().to_owned(),
            mean: said(row, "mean")?,
            pooled: said(row, "pooled")?,
            at_least: row.at("at_least").must()?,
            reason: row.at("reason").text().to_owned(),
            n: row.at("n").must()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// How a promise stands for one application, or one fleet and destination: a row of `promises.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ScopeRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) target: String,
    pub(in crate::report) scope: String,
    /// Empty where the row is about a fleet.
    pub(in crate::report) application: String,
    pub(in crate::report) standing: Standing,
    /// The word of the cause that breaks it first.
    pub(in crate::report) breaks_first: String,
}

impl FromRow for ScopeRow {
    const FILE: &'static str = "promises.csv";

    fn read(row: &mut Row<'_>) -> Result<ScopeRow, Fault> {
        Ok(ScopeRow {
            point: row.at("point").must()?,
            target: row.at("target").text().to_owned(),
            scope: row.at("scope").text().to_owned(),
            application: row.at("application").text().to_owned(),
            standing: Standing::read(row)?,
            breaks_first: row.at("breaks_first").text().to_owned(),
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// A target in one run: a row of `target_runs.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct TargetRunRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) target: String,
    /// Share that held, 0 to 1; none where there was nothing to judge.
    pub(in crate::report) share: Option<f64>,
}

impl FromRow for TargetRunRow {
    const FILE: &'static str = "target_runs.csv";

    fn read(row: &mut Row<'_>) -> Result<TargetRunRow, Fault> {
        Ok(TargetRunRow {
            point: row.at("point").must()?,
            replication: row.at("replication").must()?,
            target: row.at("target").text().to_owned(),
            share: row.at("share").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}
