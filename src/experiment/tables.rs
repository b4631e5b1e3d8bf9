//! The tables of an output folder, written as the points of a plan are done.

use std::io::Write;

mod point;
mod worst;

pub(super) use point::{Layout, PointTables};

use super::crew::EVENT_LINES;
use super::flips::Flip;
use super::folder::{Failure, Output, Staging};
use super::lifted::Lifted;
use super::parameters::Parameter;
use super::parts::RowsPart;
use super::store::Store;
use super::summary::{PointSummary, TargetSummary};
use super::worst::WorstCopy;
use super::{Confirmed, Outcome, Rows};
use crate::model::Model;
use crate::plan::{Plan, RunKey};
use crate::record::{CsvTable, table};
use crate::units::index_u64;

/// The tables that are being written.
pub(super) struct Tables<'s> {
    staging: &'s Staging<'s>,
    axes: Vec<String>,
    has_series: bool,
    /// Those to which each point adds rows, in the order of [`Layout::files`].
    of_points: Vec<(&'static str, Output)>,
    assumptions: Option<Sheet<Output>>,
    limits: Option<Sheet<Output>>,
    precision: Option<Sheet<Output>>,
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
struct Sheet<W: Write> {
    file: &'static str,
    csv: CsvTable<W>,
}

impl Sheet<Output> {
    fn create(
        staging: &Staging<'_>,
        file: &'static str,
        axes: &[String],
    ) -> Result<Sheet<Output>, Failure> {
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
}

impl<W: Write> Sheet<W> {
    /// The columns that each row of a point begins with.
    fn begin(&mut self, point: &PointSummary) -> &mut CsvTable<W> {
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
        let only_if = |has: bool, file| has.then(|| Sheet::create(staging, file, &[])).transpose();
        let layout = Layout { axes, has_series: has_copies && rows != Rows::None };
        let of_points = layout.files().map(|file| Ok((file, headed(staging, file, &layout.axes)?)));
        Ok(Tables {
            staging,
            of_points: of_points.collect::<Result<_, Failure>>()?,
            precision: plan.points[0]
                .model
                .precision
                .as_ref()
                .map(|_| Sheet::create(staging, "precision.csv", &layout.axes))
                .transpose()?,
            assumptions: only_if(has_copies && plan.points.len() == 1, "assumptions.csv")?,
            limits: only_if(has_copies && plan.points.len() == 1, "limits.csv")?,
            has_series: layout.has_series,
            axes: layout.axes,
        })
    }

    /// What the tables of each point are laid out by.
    pub(super) fn layout(&self) -> Layout {
        Layout { axes: self.axes.clone(), has_series: self.has_series }
    }

    /// Writes what there is to say of one more point.
    pub(super) fn put(&mut self, of_point: PointTables) -> Result<(), Failure> {
        for ((file, output), (written, rows)) in self.of_points.iter_mut().zip(of_point.0) {
            assert_eq!(*file, written, "tables of a point are in order");
            output.put(&rows)?;
        }
        Ok(())
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

    /// Writes the ledger of parameters.
    pub(super) fn write_parameters(&self, parameters: &[Parameter]) -> Result<(), Failure> {
        let mut sheet = Sheet::create(self.staging, "parameters.csv", &[])?;
        for of in parameters {
            let out = &mut sheet.csv;
            out.text(of.group).text(of.name.as_str()).text(of.key.as_str());
            out.text(of.value.as_str()).text(of.default.as_str()).text(of.origin);
            out.text(of.source.as_str()).text(of.date).text(of.about.as_str());
            out.text(of.range.map(|range| range.low)).text(of.range.map(|range| range.high));
            out.text(of.range.map(|range| range.why)).boolean(of.touched).end();
        }
        sheet.finish(self.staging)
    }

    /// Writes what flipped assumptions did.
    pub(super) fn write_flips(&mut self, flips: &[Flip]) {
        let Some(sheet) = &mut self.assumptions else { return };
        for flip in flips {
            let out = &mut sheet.csv;
            out.text(flip.key).text(flip.about).text(flip.in_force.as_str());
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

    /// Writes the worst copies, and their stretches.
    pub(super) fn write_worst(&self, model: &Model, worst: &[WorstCopy]) -> Result<(), Failure> {
        let mut sheet = Sheet::create(self.staging, "worst.csv", &[])?;
        let mut stretches = Sheet::create(self.staging, "stretches.csv", &[])?;
        for (rank, copy) in (1..).zip(worst) {
            worst::row(&mut sheet.csv, model, (rank, copy));
            worst::stretches(&mut stretches.csv, model, (rank, copy));
        }
        sheet.finish(self.staging)?;
        stretches.finish(self.staging)
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
        for (_, output) in self.of_points {
            output.finish()?;
        }
        for sheet in [self.assumptions, self.limits, self.precision].into_iter().flatten() {
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
            |has: bool, file| (has && are_wanted).then(|| headed(staging, file, &[])).transpose();
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
fn headed(staging: &Staging<'_>, file: &'static str, axes: &[String]) -> Result<Output, Failure> {
    let columns = table(file).expect("a file of the table");
    let mut csv = CsvTable::new(staging.create(file)?, columns, axes);
    csv.header();
    csv.finish().map_err(|error| Failure::new("write", &staging.path().join(file), error))
}
