//! Rows of what was asked beyond the runs: limits lifted, changes tried, the best one confirmed.

use super::results::{Said, said, verdicts};
use super::{Fault, FromRow, Row};
use crate::report::chart::Verdict;

/// What lifting one limit does to one measure: a row of `limits.csv`, which is about the only point.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct LimitRow {
    /// Which kind of limit.
    pub(in crate::report) limit: String,
    /// Which of its kind; empty: all of them.
    pub(in crate::report) place: String,
    /// `all`, a scope, or the name of a target.
    pub(in crate::report) scope: String,
    /// `kept`, `late_completion`, or `target`.
    pub(in crate::report) measure: String,
    /// Mean as the scenario has it.
    pub(in crate::report) as_is: f64,
    /// Mean without the limit.
    pub(in crate::report) lifted: f64,
    /// The 95 % interval of the difference; none where all runs differ by the same.
    pub(in crate::report) interval: Option<(f64, f64)>,
    /// By which share fewer copies are late; none of targets.
    pub(in crate::report) fewer: Option<f64>,
    /// Runs compared.
    pub(in crate::report) n_runs: u64,
}

impl FromRow for LimitRow {
    const FILE: &'static str = "limits.csv";

    fn read(row: &mut Row<'_>) -> Result<LimitRow, Fault> {
        let mut text = |column| row.at(column).text().to_owned();
        let (limit, place) = (text("limit"), text("place"));
        let (scope, measure) = (text("scope"), text("measure"));
        let as_is = row.at("as_is").must()?;
        let lifted = row.at("lifted").must()?;
        let low: Option<f64> = row.at("low_95").maybe()?;
        let high: Option<f64> = row.at("high_95").maybe()?;
        let fewer = row.at("fewer_late_share").maybe()?;
        let n_runs = row.at("n_runs").must()?;
        let interval = low.zip(high);
        Ok(LimitRow { limit, place, scope, measure, as_is, lifted, interval, fewer, n_runs })
    }

    fn point(&self) -> u64 {
        0
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
        let verdict = row.at("verdict").one_of(verdicts())?;
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

/// A value that `solve` tried: a row of `solve.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct SolveRow {
    pub(in crate::report) point: u64,
    /// Whether it is the value that the scenario has.
    pub(in crate::report) as_written: bool,
}

impl FromRow for SolveRow {
    const FILE: &'static str = "solve.csv";

    fn read(row: &mut Row<'_>) -> Result<SolveRow, Fault> {
        let point = row.at("point").must()?;
        let as_written = row.at("as_written").must()?;
        Ok(SolveRow { point, as_written })
    }

    fn point(&self) -> u64 {
        self.point
    }
}
