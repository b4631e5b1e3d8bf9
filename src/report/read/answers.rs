//! Rows of what was asked beyond the runs: limits lifted, changes tried, the best one confirmed,
//! two sides compared.

use super::{Fault, FromRow, Row};
use crate::report::chart::Verdict;
use crate::units::Span;

/// The words of verdicts in columns.
pub(super) fn verdicts() -> impl Iterator<Item = (&'static str, Verdict)> {
    [Verdict::Yes, Verdict::No, Verdict::NotSure].into_iter().map(|one| (one.name(), one))
}

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

/// Recovery points of one volume in one run: a row of `rpo.csv`, as far as its oldest one goes.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct PointAgeRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    /// Its greatest age when a newer one took its place; none where none did.
    pub(in crate::report) peak: Option<Span>,
    /// Parts of that, in seconds, in the order of [`crate::record::measure::RPO_PARTS`]; the second
    /// may be negative.
    pub(in crate::report) parts: [Option<f64>; 5],
}

impl FromRow for PointAgeRow {
    const FILE: &'static str = "rpo.csv";

    fn read(row: &mut Row<'_>) -> Result<PointAgeRow, Fault> {
        let point = row.at("point").must()?;
        let replication = row.at("replication").must()?;
        let mut text = |column| row.at(column).text().to_owned();
        let (fleet, volume, to) = (text("fleet"), text("volume"), text("to"));
        let peak = row.at("peak_s").maybe()?;
        let mut parts = [None; 5];
        let columns = ["interval_s", "window_s", "snapshot_s", "waiting_s", "transfer_s"];
        for (part, column) in parts.iter_mut().zip(columns) {
            *part = row.at(column).maybe()?;
        }
        Ok(PointAgeRow { point, replication, fleet, volume, to, peak, parts })
    }

    fn point(&self) -> u64 {
        self.point
    }
}
