//! Rows of results in full, as the page tells them: each number with the very text of its file.

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
    /// Reads the columns from `promised_share` on.
    fn read(row: &mut Row<'_>) -> Result<Standing, Fault> {
        Ok(Standing {
            promised: row.at("promised_share").share()?,
            share: said(row, "share")?,
            low: said(row, "low_95")?,
            high: said(row, "high_95")?,
            bound: said(row, "bound_95")?,
            worst: said(row, "worst_s")?,
            verdict: row.at("verdict").one_of(VERDICTS)?,
            reason: row.at("reason").text().to_owned(),
            n_runs: row.at("n_runs").must()?,
            n: row.at("n").must()?,
            n_missed: row.at("n_missed").must()?,
            n_open: row.at("n_open").must()?,
        })
    }
}

/// The words of verdicts in files.
pub(in crate::report) const VERDICTS: [(&str, Verdict); 3] =
    [("yes", Verdict::Yes), ("no", Verdict::No), ("not sure", Verdict::NotSure)];

/// A target at a point: a row of `targets.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct PromiseRow {
    pub(in crate::report) point: u64,
    /// Key of each axis with its value.
    pub(in crate::report) labels: Vec<(String, String)>,
    pub(in crate::report) target: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub(in crate::report) kind: String,
    pub(in crate::report) standing: Standing,
}

impl FromRow for PromiseRow {
    const FILE: &'static str = "targets.csv";

    fn read(row: &mut Row<'_>) -> Result<PromiseRow, Fault> {
        let labels = row.labels();
        Ok(PromiseRow {
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
pub(in crate::report) struct MeasureRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    pub(in crate::report) mean: Option<Said<f64>>,
    pub(in crate::report) pooled: Option<Said<f64>>,
    /// Whether unfinished copies can only raise it.
    pub(in crate::report) at_least: bool,
    pub(in crate::report) n: u64,
}

impl FromRow for MeasureRow {
    const FILE: &'static str = "summary.csv";

    fn read(row: &mut Row<'_>) -> Result<MeasureRow, Fault> {
        Ok(MeasureRow {
            point: row.at("point").must()?,
            scope: row.at("scope").text().to_owned(),
            measure: row.at("measure").text().to_owned(),
            mean: said(row, "mean")?,
            pooled: said(row, "pooled")?,
            at_least: row.at("at_least").must()?,
            n: row.at("n").must()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// How a target of the chosen point fared on fresh draws: a row of `confirmed.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ChosenRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) labels: Vec<(String, String)>,
    pub(in crate::report) target: String,
    /// Promised share, 0 to 1.
    pub(in crate::report) promised: f64,
    pub(in crate::report) share: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    pub(in crate::report) verdict: Verdict,
    pub(in crate::report) cost_usd: Option<f64>,
    pub(in crate::report) seed: String,
    pub(in crate::report) n_runs: u64,
}

impl ChosenRow {
    /// Its 95 % interval.
    pub(in crate::report) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value, self.high.as_ref()?.value))
    }
}

impl FromRow for ChosenRow {
    const FILE: &'static str = "confirmed.csv";

    fn read(row: &mut Row<'_>) -> Result<ChosenRow, Fault> {
        let labels = row.labels();
        let point = row.at("point").must()?;
        let target = row.at("target").text().to_owned();
        let promised = row.at("promised_share").share()?;
        let share = said(row, "share")?;
        let low = said(row, "low_95")?;
        let high = said(row, "high_95")?;
        let verdict = row.at("verdict").one_of(VERDICTS)?;
        let cost_usd = row.at("cost_usd").maybe()?;
        let seed = row.at("seed").text().to_owned();
        let n_runs = row.at("n_runs").must()?;
        Ok(ChosenRow {
            point,
            labels,
            target,
            promised,
            share,
            low,
            high,
            verdict,
            cost_usd,
            seed,
            n_runs,
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
