//! Rows of single runs, and of what changes over time.

use std::collections::BTreeMap;

use super::{Fault, FromRow, Row};
use crate::units::{Instant, Span};

/// One measure of one run: a row of `runs.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct RunRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    pub(in crate::report) value: Option<f64>,
}

impl FromRow for RunRow {
    const FILE: &'static str = "runs.csv";

    fn read(row: &mut Row<'_>) -> Result<RunRow, Fault> {
        Ok(RunRow {
            point: row.at("point").must()?,
            scope: row.at("scope").text().to_owned(),
            measure: row.at("measure").text().to_owned(),
            value: row.at("value").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// The highest value that any run of a point has of a measure of a scope.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::report) struct Highest(BTreeMap<(String, String), f64>);

impl Highest {
    /// Takes one row in.
    pub(in crate::report) fn take(&mut self, row: RunRow) {
        if let Some(value) = row.value {
            let highest = self.0.entry((row.scope, row.measure)).or_insert(value);
            *highest = highest.max(value);
        }
    }

    /// The highest value; none where no run has one.
    pub(in crate::report) fn of(&self, scope: &str, measure: &str) -> Option<f64> {
        self.0.get(&(scope.to_owned(), measure.to_owned())).copied()
    }
}

/// The share arrived by a time: a row of `distribution.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ShareRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    /// Time after being due.
    pub(in crate::report) time: Span,
    /// Mean over runs, 0 to 1.
    pub(in crate::report) share: f64,
    pub(in crate::report) lowest: f64,
    pub(in crate::report) highest: f64,
}

impl FromRow for ShareRow {
    const FILE: &'static str = "distribution.csv";

    fn read(row: &mut Row<'_>) -> Result<ShareRow, Fault> {
        Ok(ShareRow {
            point: row.at("point").must()?,
            scope: row.at("scope").text().to_owned(),
            time: row.at("time_s").must()?,
            share: row.at("share").share()?,
            lowest: row.at("lowest").share()?,
            highest: row.at("highest").share()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// Ages of recovery points at one moment: a row of `rpo_over_time.csv`. An age is none where there
/// is no recovery point.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct AgeRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    /// Time after the window began.
    pub(in crate::report) offset: Span,
    /// The median volume: middle run, 5 % run, 95 % run.
    pub(in crate::report) median: [Option<Span>; 3],
    /// The worst volume: middle run, 5 % run, 95 % run.
    pub(in crate::report) worst: [Option<Span>; 3],
}

impl FromRow for AgeRow {
    const FILE: &'static str = "rpo_over_time.csv";

    fn read(row: &mut Row<'_>) -> Result<AgeRow, Fault> {
        let point = row.at("point").must()?;
        let scope = row.at("scope").text().to_owned();
        let offset = row.at("offset_s").must()?;
        let mut age = |column| row.at(column).maybe();
        let median = [age("median_s")?, age("median_low_s")?, age("median_high_s")?];
        let worst = [age("worst_s")?, age("worst_low_s")?, age("worst_high_s")?];
        Ok(AgeRow { point, scope, offset, median, worst })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// In what respect something is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum SeriesKind {
    /// Slots of a destination.
    Slots,
    /// Copies that wait for a destination.
    Waiting,
    /// Throughput quota of a pair.
    Quota,
    /// Rate on a link.
    Link,
}

/// When a bin of 5 minutes begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum BinStart {
    /// At this moment.
    At(Instant),
    /// So long after Monday, 00:00 UTC: the mean over all weeks.
    OfWeek(Span),
}

/// The use of something in one bin: a row of `quotas.csv` or `links.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SeriesRow {
    pub(in crate::report) point: u64,
    /// Destination, pair, or link.
    pub(in crate::report) series: String,
    pub(in crate::report) kind: SeriesKind,
    pub(in crate::report) start: BinStart,
    /// Mean over runs of the mean in the bin.
    pub(in crate::report) mean: f64,
    /// 95 % run of it.
    pub(in crate::report) p95: f64,
    /// Most that there is.
    pub(in crate::report) limit: Option<f64>,
}

impl SeriesRow {
    fn read(row: &mut Row<'_>) -> Result<SeriesRow, Fault> {
        let kinds = [
            ("slots", SeriesKind::Slots),
            ("waiting", SeriesKind::Waiting),
            ("quota", SeriesKind::Quota),
            ("link", SeriesKind::Link),
        ];
        let point = row.at("point").must()?;
        let series = row.at("series").text().to_owned();
        let kind = row.at("kind").one_of(kinds)?;
        let at = row.at("bin_start_utc").maybe()?;
        let of_week = row.at("week_offset_s");
        let start = match at {
            Some(at) => BinStart::At(at),
            None => BinStart::OfWeek(of_week.must()?),
        };
        let mean = row.at("mean").must()?;
        let p95 = row.at("p95").must()?;
        let limit = row.at("limit").maybe()?;
        Ok(SeriesRow { point, series, kind, start, mean, p95, limit })
    }
}

/// A row of `quotas.csv`.
pub(in crate::report) struct QuotaRow(pub(in crate::report) SeriesRow);

/// A row of `links.csv`.
pub(in crate::report) struct LinkRow(pub(in crate::report) SeriesRow);

impl FromRow for QuotaRow {
    const FILE: &'static str = "quotas.csv";

    fn read(row: &mut Row<'_>) -> Result<QuotaRow, Fault> {
        SeriesRow::read(row).map(QuotaRow)
    }

    fn point(&self) -> u64 {
        self.0.point
    }
}

impl FromRow for LinkRow {
    const FILE: &'static str = "links.csv";

    fn read(row: &mut Row<'_>) -> Result<LinkRow, Fault> {
        SeriesRow::read(row).map(LinkRow)
    }

    fn point(&self) -> u64 {
        self.0.point
    }
}
