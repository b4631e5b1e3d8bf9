//! Rows of comparisons.

use super::results::{Said, said};
use super::{Fault, FromRow, Row};
use crate::catalog::Cause;
use crate::units::{Instant, Span};

/// A difference of two sides: a row of `differences.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DifferenceOf {
    /// Whether it is of a target, or of a measure.
    pub(in crate::report) is_target: bool,
    /// The target, or what is measured.
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    pub(in crate::report) unit: String,
    pub(in crate::report) mean_a: Option<f64>,
    pub(in crate::report) mean_b: Option<f64>,
    /// B − A.
    pub(in crate::report) difference: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    /// `factor`, `constant`, `nothing`, or `unknown`; empty: independent runs.
    pub(in crate::report) pairing: String,
    /// Why there is no difference.
    pub(in crate::report) reason: String,
    /// Copies a run whose verdict turns: to late, and to in time.
    pub(in crate::report) turned: Option<(f64, f64)>,
}

impl DifferenceOf {
    /// Means of both sides, and of B − A; none where there is no difference to tell.
    pub(in crate::report) fn means(&self) -> Option<(f64, f64, f64)> {
        Some((self.mean_a?, self.mean_b?, self.difference.as_ref()?.value))
    }

    /// Whether B − A is the same in every pair of runs.
    pub(in crate::report) fn is_constant(&self) -> bool {
        self.pairing == "constant"
    }

    /// The 95 % interval of the difference.
    pub(in crate::report) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value, self.high.as_ref()?.value))
    }
}

impl FromRow for DifferenceOf {
    const FILE: &'static str = "differences.csv";

    fn read(row: &mut Row<'_>) -> Result<DifferenceOf, Fault> {
        let is_target = row.at("kind").one_of([("target", true), ("measure", false)])?;
        let scope = row.at("scope").text().to_owned();
        let measure = row.at("measure").text().to_owned();
        let unit = row.at("unit").text().to_owned();
        let mean_a = row.at("mean_a").maybe()?;
        let mean_b = row.at("mean_b").maybe()?;
        let difference = said(row, "difference")?;
        let low = said(row, "low_95")?;
        let high = said(row, "high_95")?;
        let pairing = row.at("pairing").text().to_owned();
        let reason = row.at("reason").text().to_owned();
        let late: Option<f64> = row.at("turned_late").maybe()?;
        let in_time: Option<f64> = row.at("turned_in_time").maybe()?;
        let turned = late.zip(in_time);
        Ok(DifferenceOf {
            is_target,
            scope,
            measure,
            unit,
            mean_a,
            mean_b,
            difference,
            low,
            high,
            pairing,
            reason,
            turned,
        })
    }

    fn point(&self) -> u64 {
        0
    }
}

/// One of the copies that move most between two sides: a row of `moved.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct MovedRow {
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) took_a: Span,
    pub(in crate::report) took_b: Span,
    /// B − A, seconds.
    pub(in crate::report) moved: Said<f64>,
    /// What most of it is.
    pub(in crate::report) cause: Cause,
}

impl FromRow for MovedRow {
    const FILE: &'static str = "moved.csv";

    fn read(row: &mut Row<'_>) -> Result<MovedRow, Fault> {
        Ok(MovedRow {
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            to: row.at("to").text().to_owned(),
            due: row.at("due_utc").must()?,
            took_a: row.at("took_a_s").must()?,
            took_b: row.at("took_b_s").must()?,
            moved: {
                let field = row.at("moved_s");
                Said { value: field.must()?, text: field.text().to_owned() }
            },
            cause: row.at("cause").one_of(Cause::ALL.map(|cause| (cause.name(), cause)))?,
        })
    }

    fn point(&self) -> u64 {
        0
    }
}
