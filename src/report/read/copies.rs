//! Rows of single copies, flows, and recovery points.

use std::sync::LazyLock;

use super::{Fault, FromRow, Row};
use crate::catalog::Cause;
use crate::record::Outcome;
use crate::units::{Instant, Span};

/// The recovery points of a volume or an application: a row of `rpo.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct RecoveryRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    /// Volume; empty where the row is about an application.
    pub(in crate::report) volume: String,
    pub(in crate::report) application: String,
    pub(in crate::report) to: String,
    pub(in crate::report) n_points: u64,
    /// Time without any recovery point.
    pub(in crate::report) without: Span,
}

impl FromRow for RecoveryRow {
    const FILE: &'static str = "rpo.csv";

    fn read(row: &mut Row<'_>) -> Result<RecoveryRow, Fault> {
        Ok(RecoveryRow {
            point: row.at("point").must()?,
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            application: row.at("application").text().to_owned(),
            to: row.at("to").text().to_owned(),
            n_points: row.at("n_points").must()?,
            without: row.at("without_s").must()?,
        })
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

/// When a flow ended: a row of `flows.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct EndRow {
    /// After the start; none where it never does.
    pub(in crate::report) finished: Option<Span>,
}

impl FromRow for EndRow {
    const FILE: &'static str = "flows.csv";

    fn read(row: &mut Row<'_>) -> Result<EndRow, Fault> {
        Ok(EndRow { finished: row.at("finished_s").maybe()? })
    }

    fn point(&self) -> u64 {
        0
    }
}

/// Columns of times by cause, in order of [`Cause::ALL`].
static CAUSE_COLUMNS: LazyLock<[String; Cause::ALL.len()]> =
    LazyLock::new(|| Cause::ALL.map(|cause| format!("{}_s", cause.name())));

/// Times by cause, in order of [`Cause::ALL`].
fn causes(row: &mut Row<'_>) -> Result<[Span; Cause::ALL.len()], Fault> {
    let mut causes = [Span::ZERO; Cause::ALL.len()];
    for (time, column) in causes.iter_mut().zip(CAUSE_COLUMNS.iter()) {
        *time = row.at(column).must()?;
    }
    Ok(causes)
}

/// One of the worst copies: a row of `worst.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct WorstRow {
    pub(in crate::report) point: u64,
    /// From 1, the worst.
    pub(in crate::report) rank: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) outcome: Outcome,
    /// From due to its end; none where it did not end.
    pub(in crate::report) completion: Option<Span>,
    /// The tightest limit; none where none is promised.
    pub(in crate::report) limit: Option<Span>,
    pub(in crate::report) broke: bool,
    pub(in crate::report) bytes: Option<u64>,
    /// Time by cause, in order of [`Cause::ALL`].
    pub(in crate::report) causes: [Span; Cause::ALL.len()],
    /// The limit without which the copy was run again; empty where none was lifted.
    pub(in crate::report) lifted: String,
    pub(in crate::report) lifted_place: String,
    pub(in crate::report) lifted_completion: Option<Span>,
    pub(in crate::report) lifted_broke: Option<bool>,
}

impl FromRow for WorstRow {
    const FILE: &'static str = "worst.csv";

    fn read(row: &mut Row<'_>) -> Result<WorstRow, Fault> {
        let point = row.at("point").must()?;
        let rank = row.at("rank").must()?;
        let replication = row.at("replication").must()?;
        let fleet = row.at("fleet").text().to_owned();
        let volume = row.at("volume").text().to_owned();
        let to = row.at("to").text().to_owned();
        let due = row.at("due_utc").must()?;
        let outcome = row.at("outcome").one_of(Outcome::ALL.map(|o| (o.name(), o)))?;
        let completion = row.at("completion_s").maybe()?;
        let limit = row.at("limit_s").maybe()?;
        let broke = row.at("broke").must()?;
        let bytes = row.at("bytes").maybe()?;
        let causes = causes(row)?;
        Ok(WorstRow {
            point,
            rank,
            replication,
            fleet,
            volume,
            to,
            due,
            outcome,
            completion,
            limit,
            broke,
            bytes,
            causes,
            lifted: row.at("lifted").text().to_owned(),
            lifted_place: row.at("lifted_place").text().to_owned(),
            lifted_completion: row.at("lifted_completion_s").maybe()?,
            lifted_broke: row.at("lifted_broke").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// Some time of one of the worst copies in which one cause held: a row of `stretches.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct StretchRow {
    pub(in crate::report) point: u64,
    /// Which of the worst copies.
    pub(in crate::report) rank: u64,
    pub(in crate::report) from: Instant,
    pub(in crate::report) until: Instant,
    pub(in crate::report) cause: Cause,
    /// At which its bytes moved, bytes per second; none while none did.
    pub(in crate::report) rate: Option<f64>,
}

impl FromRow for StretchRow {
    const FILE: &'static str = "stretches.csv";

    fn read(row: &mut Row<'_>) -> Result<StretchRow, Fault> {
        Ok(StretchRow {
            point: row.at("point").must()?,
            rank: row.at("rank").must()?,
            from: row.at("from_utc").must()?,
            until: row.at("until_utc").must()?,
            cause: row.at("cause").one_of(Cause::ALL.map(|cause| (cause.name(), cause)))?,
            rate: row.at("rate_bytes_per_s").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// The life of a copy: a row of `copies.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct CopyRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) time_based: bool,
    pub(in crate::report) outcome: Outcome,
    pub(in crate::report) due: Instant,
    /// Whether it ended within the tightest target; none where there is none.
    pub(in crate::report) on_time: Option<bool>,
    /// Time by cause, in order of [`Cause::ALL`].
    pub(in crate::report) causes: [Span; Cause::ALL.len()],
}

impl FromRow for CopyRow {
    const FILE: &'static str = "copies.csv";

    fn read(row: &mut Row<'_>) -> Result<CopyRow, Fault> {
        let point = row.at("point").must()?;
        let replication = row.at("replication").must()?;
        let fleet = row.at("fleet").text().to_owned();
        let volume = row.at("volume").text().to_owned();
        let to = row.at("to").text().to_owned();
        let time_based = row.at("time_based").must()?;
        let outcome = row.at("outcome").one_of(Outcome::ALL.map(|o| (o.name(), o)))?;
        let due = row.at("due_utc").must()?;
        let on_time = row.at("on_time").maybe()?;
        let causes = causes(row)?;
        Ok(CopyRow {
            point,
            replication,
            fleet,
            volume,
            to,
            time_based,
            outcome,
            due,
            on_time,
            causes,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// A copy that moved everything: a row of `copies.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct FullRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) bytes: Option<u64>,
    /// Why it was full; empty: it was not, or never accepted.
    pub(in crate::report) because: String,
}

impl FromRow for FullRow {
    const FILE: &'static str = "copies.csv";

    fn read(row: &mut Row<'_>) -> Result<FullRow, Fault> {
        Ok(FullRow {
            point: row.at("point").must()?,
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            to: row.at("to").text().to_owned(),
            because: row.at("full_because").text().to_owned(),
            due: row.at("due_utc").must()?,
            bytes: row.at("bytes").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}
