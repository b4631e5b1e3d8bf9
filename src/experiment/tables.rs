//! The tables of an output folder, written as the points of a plan are done.

use super::crew::EVENT_LINES;
use super::curve::curves;
use super::flips::Flip;
use super::folder::{Failure, Output, Staging};
use super::lifted::Lifted;
use super::parts::RowsPart;
use super::series::{self, File};
use super::store::Store;
use super::summary::{MeasureSummary, NO_STEADY_STATE, PointSummary, TargetSummary};
use super::{Confirmed, Outcome, Rows};
use crate::drive::{Measured, RunResult};
use crate::plan::{Plan, Point, RunKey};
use crate::record::{CsvTable, table};
use crate::stats::Growth;
use crate::units::index_u64;

/// The tables that are being written.
pub(super) struct Tables<'s> {
    staging: &'s Staging<'s>,
    runs: Sheet,
    summary: Sheet,
    targets: Sheet,
    target_runs: Sheet,
    distribution: Sheet,
    series: Option<SeriesSheets>,
    assumptions: Option<Sheet>,
    limits: Option<Sheet>,
    precision: Option<Sheet>,
}

/// The tables that runs write themselves, row by row.
pub(super) struct RowTables<'s> {
    staging: &'s Staging<'s>,
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
        Ok(Tables {
            staging,
            runs: sheet("runs.csv")?,
            summary: sheet("summary.csv")?,
            targets: sheet("targets.csv")?,
            target_runs: sheet("target_runs.csv")?,
            distribution: sheet("distribution.csv")?,
            series,
            precision: plan.points[0]
                .model
                .precision
                .as_ref()
                .map(|_| sheet("precision.csv"))
                .transpose()?,
            assumptions: only_if(has_copies && plan.points.len() == 1, "assumptions.csv")?,
            limits: only_if(has_copies && plan.points.len() == 1, "limits.csv")?,
        })
    }

    /// Writes what there is to say of one point.
    pub(super) fn write_point(
        &mut self,
        point: &Point,
        runs: &[RunResult],
        summary: &PointSummary,
    ) {
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

    /// Writes how well each point is known, where that decides how many runs it has.
    pub(super) fn write_precision(&mut self, outcome: &Outcome) {
        let Some(sheet) = &mut self.precision else { return };
        for (point, settled) in outcome.points.iter().zip(&outcome.settled) {
            for attained in &settled.attained {
                let unit = attained.measure.map_or("share", |measure| measure.unit);
                let out = sheet.begin(point);
                out.text(attained.scope.as_str()).text(attained.measure.map(|of| of.name));
                out.text(unit).decimal(attained.mean).decimal(attained.half_width);
                out.decimal(attained.wanted).boolean(attained.reached);
                out.integer(u64::from(settled.n_runs)).integer(index_u64(attained.n)).end();
            }
        }
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

    /// Writes what lifted limits did.
    pub(super) fn write_lifted(&mut self, lifted: &[Lifted]) {
        let Some(sheet) = &mut self.limits else { return };
        for row in lifted {
            let Lifted { limit, place, scope, measure, unit, as_is, lifted, difference, .. } = row;
            let out = &mut sheet.csv;
            out.text(*limit).text(place.as_str()).text(scope.as_str()).text(*measure).text(*unit);
            out.decimal(*as_is).decimal(*lifted).decimal(difference.mean);
            out.decimal(difference.interval.map(|interval| interval.low));
            out.decimal(difference.interval.map(|interval| interval.high));
            out.decimal(row.in_time)
                .decimal(row.fewer)
                .integer(row.n_late)
                .integer(index_u64(difference.n))
                .end();
        }
    }

    /// Writes the best point as it was chosen and as fresh draws have it, where one was looked for.
    pub(super) fn write_choice(&self, outcome: &Outcome) -> Result<(), Failure> {
        let Some(choice) = &outcome.choice else { return Ok(()) };
        let axes = outcome.points[0].labels.iter().map(|(key, _)| key.clone());
        let mut sheet = Sheet::create(self.staging, "confirmed.csv", &axes.collect::<Vec<_>>())?;
        if let Some(best) = &choice.best {
            let Confirmed { point, fresh, seed, .. } = best;
            let chosen = &outcome.points[*point];
            for (target, own) in fresh.targets.iter().zip(&chosen.targets) {
                let TargetSummary { name, kind, promised, judgement, .. } = target;
                let out = sheet.begin(fresh);
                out.text(name.as_str()).text(*kind).decimal(*promised);
                out.decimal(own.judgement.mean).text(own.judgement.verdict.name());
                out.decimal(judgement.mean);
                out.decimal(judgement.interval.map(|interval| interval.low));
                out.decimal(judgement.interval.map(|interval| interval.high));
                out.decimal(judgement.bound).text(judgement.verdict.name());
                out.text(judgement.reason.text()).usd(chosen.cost()).usd(fresh.cost());
                out.text(seed.to_string().as_str()).integer(index_u64(judgement.n));
                out.integer(target.n).integer(target.n_missed).end();
            }
        }
        sheet.finish(self.staging)
    }

    /// Ends all tables, their bytes safe on the disk.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let staging = self.staging;
        let series = self.series.into_iter();
        let series = series.flat_map(|of| [of.quotas, of.links, of.rpo_over_time]);
        let sheets = [self.runs, self.summary, self.targets, self.target_runs, self.distribution];
        let single = [self.assumptions, self.limits, self.precision].into_iter().flatten();
        for sheet in sheets.into_iter().chain(series).chain(single) {
            sheet.finish(staging)?;
        }
        Ok(())
    }
}

impl<'s> RowTables<'s> {
    /// Begins the tables that runs of a plan write.
    pub(super) fn create(
        staging: &'s Staging<'s>,
        plan: &Plan,
        rows: Rows,
    ) -> Result<RowTables<'s>, Failure> {
        let has_copies = plan.points.iter().any(|point| point.model.flow_level.is_none());
        let are_wanted = has_copies && rows != Rows::None;
        let has_images = plan
            .points
            .iter()
            .any(|point| point.model.fleets.iter().any(|fleet| fleet.items.are_images()));
        let rows_if =
            |has: bool, file| (has && are_wanted).then(|| headed(staging, file)).transpose();
        Ok(RowTables {
            staging,
            copies: rows_if(true, "copies.csv")?,
            images: rows_if(has_images, "images.csv")?,
            rpo: rows_if(true, "rpo.csv")?,
            events: rows_if(true, "events.csv")?,
            event_lines: are_wanted.then(|| staging.create(EVENT_LINES)).transpose()?,
        })
    }

    /// Writes the rows of a run below those of the runs before it.
    pub(super) fn join(
        &mut self,
        store: &Store<'_>,
        key: RunKey,
        rows: &[RowsPart],
    ) -> Result<(), Failure> {
        for part in rows {
            let table = match part.file.as_str() {
                "copies.csv" => &mut self.copies,
                "images.csv" => &mut self.images,
                "rpo.csv" => &mut self.rpo,
                "events.csv" => &mut self.events,
                EVENT_LINES => &mut self.event_lines,
                flows => {
                    let mut own = self.staging.create(flows)?;
                    store.append_rows(key, part, &mut own)?;
                    own.finish()?;
                    continue;
                }
            };
            let output = table.as_mut().expect("a table that runs write is there");
            store.append_rows(key, part, output)?;
        }
        Ok(())
    }

    /// Ends all tables, their bytes safe on the disk.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let tables = [self.copies, self.images, self.rpo, self.events, self.event_lines];
        tables.into_iter().flatten().try_for_each(Output::finish)
    }
}

/// A file of rows with its header, below which the parts of the runs are joined.
fn headed(staging: &Staging<'_>, file: &'static str) -> Result<Output, Failure> {
    let mut csv =
        CsvTable::new(staging.create(file)?, table(file).expect("a file of the table"), &[]);
    csv.header();
    csv.finish().map_err(|error| Failure::new("write", &staging.path().join(file), error))
}
