//! The tables of an output folder, written as the points of a plan are done.

use super::Rows;
use super::crew::{EVENT_LINES, has_rows, part_name};
use super::curve::curves;
use super::flips::Flip;
use super::folder::{Failure, Output, Staging};
use super::series::{self, File};
use super::summary::{MeasureSummary, NO_STEADY_STATE, PointSummary, TargetSummary};
use crate::drive::{Measured, RunResult};
use crate::plan::{Plan, Point};
use crate::record::{CsvTable, table};
use crate::stats::Growth;
use crate::units::index_u64;

/// The tables that are being written.
pub(super) struct Tables<'s> {
    staging: &'s Staging<'s>,
    rows: Rows,
    runs: Sheet,
    summary: Sheet,
    targets: Sheet,
    target_runs: Sheet,
    distribution: Sheet,
    series: Option<SeriesSheets>,
    assumptions: Option<Sheet>,
    copies: Option<Output>,
    images: Option<Output>,
    rpo: Option<Output>,
    events: Option<Output>,
    event_lines: Option<Output>,
}

/// A table and the file that it goes into.
struct Sheet {
    file: &'static str,
    csv: CsvTable<Output>,
}

/// The tables of time series.
struct SeriesSheets {
    quotas: Sheet,
    links: Sheet,
    rpo_over_time: Sheet,
}

impl Sheet {
    fn create(
        staging: &Staging<'_>,
        file: &'static str,
        axes: &[String],
    ) -> Result<Sheet, Failure> {
        let columns = table(file).expect("a file of the table");
        let mut csv = CsvTable::new(staging.create(file)?, columns, axes);
        csv.header();
        Ok(Sheet { file, csv })
    }

    fn finish(self, staging: &Staging<'_>) -> Result<(), Failure> {
        let output = self
            .csv
            .finish()
            .map_err(|error| Failure::new("write", &staging.path().join(self.file), error))?;
        output.finish()
    }

    /// The columns that each row of a point begins with.
    fn begin(&mut self, point: &PointSummary) -> &mut CsvTable<Output> {
        self.csv.integer(index_u64(point.index));
        for (_, value) in &point.labels {
            self.csv.text(value.as_str());
        }
        &mut self.csv
    }
}

impl<'s> Tables<'s> {
    /// Opens the tables, each with its header.
    pub(super) fn create(
        staging: &'s Staging<'s>,
        plan: &Plan,
        rows: Rows,
    ) -> Result<Tables<'s>, Failure> {
        let axes: Vec<String> = plan.points.first().map_or_else(Vec::new, |point| {
            point.labels.iter().map(|(key, _)| key.clone()).collect()
        });
        let has_copies = plan.points.iter().any(|point| point.model.flow_level.is_none());
        let sheet = |file| Sheet::create(staging, file, &axes);
        let only_if = |has: bool, file| has.then(|| Sheet::create(staging, file, &[])).transpose();
        let series = if has_copies && rows != Rows::None {
            Some(SeriesSheets {
                quotas: sheet("quotas.csv")?,
                links: sheet("links.csv")?,
                rpo_over_time: sheet("rpo_over_time.csv")?,
            })
        } else {
            None
        };
        let has_images = plan
            .points
            .iter()
            .any(|point| point.model.fleets.iter().any(|fleet| fleet.items.are_images()));
        let rows_if = |has: bool, file| {
            (has && has_copies && rows != Rows::None).then(|| headed(staging, file)).transpose()
        };
        Ok(Tables {
            staging,
            rows,
            runs: sheet("runs.csv")?,
            summary: sheet("summary.csv")?,
            targets: sheet("targets.csv")?,
            target_runs: sheet("target_runs.csv")?,
            distribution: sheet("distribution.csv")?,
            series,
            assumptions: only_if(has_copies && plan.points.len() == 1, "assumptions.csv")?,
            copies: rows_if(true, "copies.csv")?,
            images: rows_if(has_images, "images.csv")?,
            rpo: rows_if(true, "rpo.csv")?,
            events: rows_if(true, "events.csv")?,
            event_lines: (has_copies && rows != Rows::None)
                .then(|| staging.create(EVENT_LINES))
                .transpose()?,
        })
    }

    /// The folder that they are written to.
    pub(super) fn staging(&self) -> &'s Staging<'s> {
        self.staging
    }

    /// Writes what there is to say of one point.
    pub(super) fn write_point(
        &mut self,
        point: &Point,
        runs: &[RunResult],
        summary: &PointSummary,
    ) -> Result<(), Failure> {
        self.write_runs(summary, runs);
        self.write_summary(summary);
        self.write_targets(summary);
        self.write_target_runs(summary, runs);
        let number = index_u64(point.index);
        for curve in curves(runs) {
            for (time, [share, lowest, highest]) in curve.steps {
                self.distribution.csv.integer(number).text(curve.scope.as_str()).span(time);
                self.distribution.csv.decimal(share).decimal(lowest).decimal(highest).end();
            }
        }
        if let Some(sheets) = &mut self.series {
            let of = (number, &point.model);
            series::write(&mut sheets.quotas.csv, File::Quotas, of, runs);
            series::write(&mut sheets.links.csv, File::Links, of, runs);
            series::write_rpo(&mut sheets.rpo_over_time.csv, number, runs);
        }
        self.join_rows(point)
    }

    fn write_runs(&mut self, point: &PointSummary, runs: &[RunResult]) {
        for (replication, run) in runs.iter().enumerate() {
            for Measured { scope, measure, value, n, at_least } in &run.measures {
                let row = self.runs.begin(point);
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
            let out = self.summary.begin(point);
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
            let TargetSummary { name, kind, promised, judgement, worst, .. } = target;
            let out = self.targets.begin(point);
            out.text(name.as_str()).text(*kind).decimal(*promised).decimal(judgement.mean);
            out.decimal(judgement.interval.map(|interval| interval.low));
            out.decimal(judgement.interval.map(|interval| interval.high));
            out.decimal(judgement.bound).span(*worst).text(judgement.verdict.name());
            let reason = match point.growth {
                Growth::Growing => format!("{}; {NO_STEADY_STATE}", judgement.reason),
                Growth::Steady | Growth::Unknown => judgement.reason.to_string(),
            };
            out.text(reason.as_str()).integer(index_u64(judgement.n)).integer(target.n);
            out.integer(target.n_missed).integer(target.n_open).end();
        }
    }

    fn write_target_runs(&mut self, point: &PointSummary, runs: &[RunResult]) {
        for (replication, run) in runs.iter().enumerate() {
            for (target, fared) in point.targets.iter().zip(&run.targets) {
                let row = self.target_runs.begin(point);
                row.integer(index_u64(replication)).text(target.name.as_str());
                row.decimal(fared.share).integer(fared.n).integer(fared.n_missed);
                row.integer(fared.n_open).end();
            }
        }
    }

    /// Joins the parts of the runs of a point, in order of the replications.
    fn join_rows(&mut self, point: &Point) -> Result<(), Failure> {
        let files = [
            ("copies.csv", &mut self.copies),
            ("images.csv", &mut self.images),
            ("rpo.csv", &mut self.rpo),
            ("events.csv", &mut self.events),
            (EVENT_LINES, &mut self.event_lines),
        ];
        for (file, output) in files {
            if self.rows == Rows::None || point.model.flow_level.is_some() {
                continue;
            }
            let replications = 0..point.model.replications;
            for replication in replications.filter(|of| has_rows(self.rows, *of)) {
                let part = part_name(file, point.index, replication);
                if let Some(output) = output {
                    output.append(&self.staging.path().join(&part))?;
                }
                self.staging.remove(&part)?;
            }
        }
        Ok(())
    }

    /// Writes what flipped assumptions did.
    pub(super) fn write_flips(&mut self, flips: &[Flip]) {
        let Some(sheet) = &mut self.assumptions else { return };
        for flip in flips {
            let info = flip.switch.info();
            let out = &mut sheet.csv;
            out.text(info.key).text(info.about).text(flip.in_force.as_str());
            out.text(flip.text.as_str()).text(flip.target.as_str());
            out.decimal(flip.base.mean).decimal(flip.flipped.mean);
            out.text(flip.base.verdict.name()).text(flip.flipped.verdict.name());
            out.boolean(flip.turns).integer(index_u64(flip.n_runs)).end();
        }
    }

    /// Ends all tables, their bytes safe on the disk.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let staging = self.staging;
        let series = self.series.into_iter();
        let series = series.flat_map(|of| [of.quotas, of.links, of.rpo_over_time]);
        let sheets = [self.runs, self.summary, self.targets, self.target_runs, self.distribution];
        let sheets = sheets.into_iter();
        for sheet in sheets.chain(series).chain(self.assumptions) {
            sheet.finish(staging)?;
        }
        let rows = [self.copies, self.images, self.rpo, self.events, self.event_lines];
        for output in rows.into_iter().flatten() {
            output.finish()?;
        }
        Ok(())
    }
}

/// A file of rows with its header, below which the parts of the runs are joined.
fn headed(staging: &Staging<'_>, file: &'static str) -> Result<Output, Failure> {
    let mut csv =
        CsvTable::new(staging.create(file)?, table(file).expect("a file of the table"), &[]);
    csv.header();
    csv.finish().map_err(|error| Failure::new("write", &staging.path().join(file), error))
}
