//! The rows that one point adds to the tables, made apart from those of the others.

use std::io::Write;

use rayon::prelude::*;

use super::Sheet;
use crate::catalog::Cause;
use crate::drive::{Measured, RunResult};
use crate::experiment::curve::curves;
use crate::experiment::promises::{Promise, promises};
use crate::experiment::series::{self, File};
use crate::experiment::summary::{MeasureSummary, NO_STEADY_STATE, PointSummary, TargetSummary};
use crate::plan::Point;
use crate::record::{CsvTable, table};
use crate::stats::Growth;
use crate::units::index_u64;

/// What the tables of each point are laid out by.
#[derive(Debug, Clone)]
pub(in crate::experiment) struct Layout {
    /// Keys of the sweep's axes.
    pub(super) axes: Vec<String>,
    /// Whether there are tables of time series.
    pub(super) has_series: bool,
}

impl Layout {
    /// The files, in their order.
    pub(super) fn files(&self) -> impl Iterator<Item = &'static str> {
        let always = [
            "runs.csv",
            "summary.csv",
            "targets.csv",
            "target_runs.csv",
            "promises.csv",
            "distribution.csv",
        ];
        let series = ["quotas.csv", "links.csv", "rpo_over_time.csv"];
        always.into_iter().chain(series.into_iter().filter(|_| self.has_series))
    }
}

/// Runs whose rows one thread makes at a time.
const RUNS_AT_ONCE: usize = 16;

/// Rows of one point, by file in the order of [`Layout::files`].
#[derive(Debug)]
pub(in crate::experiment) struct PointTables(pub(super) Vec<(&'static str, Vec<u8>)>);

impl PointTables {
    /// What there is to say of a point.
    pub(in crate::experiment) fn of(
        layout: &Layout,
        point: &Point,
        runs: &[RunResult],
        summary: &PointSummary,
    ) -> PointTables {
        let number = index_u64(point.index);
        let rows = |file: &'static str| {
            let mut sheet = Sheet::of_rows(layout, file);
            match file {
                "runs.csv" => return (file, rows_of_runs(layout, summary, runs)),
                "summary.csv" => sheet.write_summary(summary),
                "targets.csv" => sheet.write_targets(summary),
                "target_runs.csv" => sheet.write_target_runs(summary, runs),
                "promises.csv" => sheet.write_promises(summary, &promises(&point.model, runs)),
                "distribution.csv" => sheet.write_distribution(number, runs),
                "quotas.csv" => {
                    series::write(&mut sheet.csv, File::Quotas, (number, &point.model), runs);
                }
                "links.csv" => {
                    series::write(&mut sheet.csv, File::Links, (number, &point.model), runs);
                }
                "rpo_over_time.csv" => series::write_rpo(&mut sheet.csv, number, runs),
                other => unreachable!("{other} is no table of a point"),
            }
            (file, sheet.into_rows())
        };
        let files: Vec<&str> = layout.files().collect();
        PointTables(files.into_par_iter().with_max_len(1).map(rows).collect())
    }
}

/// The rows of `runs.csv`, the longest table by far, made on all threads.
fn rows_of_runs(layout: &Layout, summary: &PointSummary, runs: &[RunResult]) -> Vec<u8> {
    let parts = (0..).zip(runs.chunks(RUNS_AT_ONCE)).collect::<Vec<(usize, _)>>().into_par_iter();
    let rows = parts.map(|(part, of_part)| {
        let mut sheet = Sheet::of_rows(layout, "runs.csv");
        sheet.write_runs(summary, (part * RUNS_AT_ONCE, of_part));
        sheet.into_rows()
    });
    rows.collect::<Vec<_>>().concat()
}

impl Sheet<Vec<u8>> {
    /// Rows of a table, without its header.
    fn of_rows(layout: &Layout, file: &'static str) -> Sheet<Vec<u8>> {
        let columns = table(file).expect("a file of the table");
        Sheet { file, csv: CsvTable::new(Vec::new(), columns, &layout.axes) }
    }

    fn into_rows(self) -> Vec<u8> {
        self.csv.finish().expect("memory takes all")
    }
}

impl<W: Write> Sheet<W> {
    fn write_distribution(&mut self, number: u64, runs: &[RunResult]) {
        for curve in curves(runs) {
            for (time, [share, lowest, highest]) in curve.steps {
                self.csv.integer(number).text(curve.scope.as_str()).span(time);
                self.csv.decimal(share).decimal(lowest).decimal(highest).end();
            }
        }
    }

    /// The rows of some runs, the first of which has this number.
    fn write_runs(&mut self, point: &PointSummary, (first, runs): (usize, &[RunResult])) {
        for (replication, run) in (first..).zip(runs) {
            for Measured { scope, measure, value, n, at_least } in &run.measures {
                let row = self.begin(point);
                row.integer(index_u64(replication)).text(run.scopes[*scope].as_str());
                row.text(measure.name).text(measure.unit);
                row.decimal(*value).boolean(*at_least).integer(*n).end();
            }
        }
    }

    fn write_summary(&mut self, point: &PointSummary) {
        for row in &point.measures {
            let MeasureSummary { scope, measure, estimate, quantiles, pooled, at_least, .. } = row;
            let interval = estimate.and_then(|estimate| estimate.interval);
            let out = self.begin(point);
            out.text(point.scopes[*scope].as_str()).text(measure.name).text(measure.unit);
            out.decimal(estimate.map(|estimate| estimate.mean));
            out.decimal(interval.map(|interval| interval.low));
            out.decimal(interval.map(|interval| interval.high));
            for quantile in quantiles {
                out.decimal(*quantile);
            }
            out.decimal(*pooled).boolean(*at_least);
            out.text(estimate.is_none().then_some(NO_STEADY_STATE));
            out.integer(index_u64(row.n_runs)).integer(row.n).end();
        }
    }

    fn write_targets(&mut self, point: &PointSummary) {
        for target in &point.targets {
            self.begin(point).text(target.name.as_str()).text(target.kind);
            self.write_verdict(point, target).end();
        }
    }

    fn write_promises(&mut self, point: &PointSummary, promises: &[Promise]) {
        for Promise { scope, application, fared, breaks_first, n_scopes } in promises {
            let out = self.begin(point);
            out.text(fared.name.as_str()).text(fared.kind);
            out.text(scope.as_str()).text(application.as_deref());
            let out = self.write_verdict(point, fared);
            out.text(breaks_first.map(Cause::name)).integer(*n_scopes).end();
        }
    }

    /// The columns from the promised share to what was left out.
    fn write_verdict(&mut self, point: &PointSummary, fared: &TargetSummary) -> &mut CsvTable<W> {
        let TargetSummary { promised, judgement, worst, n, n_missed, n_open, .. } = fared;
        let out = &mut self.csv;
        out.decimal(*promised).decimal(judgement.mean);
        out.decimal(judgement.interval.map(|interval| interval.low));
        out.decimal(judgement.interval.map(|interval| interval.high));
        out.decimal(judgement.bound).span(*worst).text(judgement.verdict.name());
        let reason = match point.growth {
            Growth::Growing => format!("{}; {NO_STEADY_STATE}", judgement.reason),
            Growth::Steady | Growth::Unknown => judgement.reason.to_string(),
        };
        out.text(reason.as_str()).integer(index_u64(judgement.n));
        out.integer(*n).integer(*n_missed).integer(*n_open)
    }

    fn write_target_runs(&mut self, point: &PointSummary, runs: &[RunResult]) {
        for (replication, run) in runs.iter().enumerate() {
            for (target, fared) in point.targets.iter().zip(&run.targets) {
                let row = self.begin(point);
                row.integer(index_u64(replication)).text(target.name.as_str());
                row.decimal(fared.share).integer(fared.n).integer(fared.n_missed);
                row.integer(fared.n_open).end();
            }
        }
    }
}
