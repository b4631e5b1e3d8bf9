//! Figures: what the tables of an output folder say, as charts with titles.
//!
//! A title states the finding with its number; it is computed from the same rows as the marks, or
//! from exact measures where the marks are thinned or binned.

use std::collections::BTreeMap;
use std::path::Path;

pub(super) mod words;
mod numbers;
mod verdicts;
mod causes;
mod distribution;
mod stretch;
mod rpo;
mod limits;
mod timeline;
mod sweep;
mod points;
mod late;
mod help;
mod parts;
mod week;
mod cost;
mod compared;
#[cfg(test)]
mod sample;

pub use self::numbers::Numbers;
use self::words::joined;
use super::chart::{
    Caption, CauseBars, Differences, Distribution, Drawing, Frame, Heatmap, LateBars, Rpo, Stacks,
    Strips, SweepLine, Timeline, Verdicts, Week,
};
use super::read::{
    AgeRow, ChosenRow, Cost, DifferenceOf, Fault, Folder, Highest, LimitRow, LinkRow, Manifest,
    PointAgeRow, QuotaRow, RunRow, SeriesRow, ShareRow, SolveRow, SummaryRow, TargetRow,
    TargetRunRow,
};

/// Where on the page a figure belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The promises and how they stand.
    Answer,
    /// What makes the late ones late.
    Late,
    /// What would help.
    Help,
    /// What happens in a day, and in a week.
    Day,
    /// What if something were otherwise: sweeps, and what they cost.
    WhatIf,
    /// One against another.
    Compare,
}

/// A chart with its title and the name of its file, and what a page says beside it.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Where on the page it belongs.
    pub section: Section,
    /// Name of the file, without its ending.
    pub name: String,
    /// Title and subtitle.
    pub caption: Caption,
    /// The chart.
    pub picture: Picture,
    /// The numbers behind it.
    pub numbers: Numbers,
    /// How to read it, and what follows: one to three short sentences.
    pub note: Vec<String>,
}

/// Any chart.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the chart of its name")]
pub enum Picture {
    Verdicts(Verdicts),
    CauseBars(CauseBars),
    Timeline(Timeline),
    Distribution(Distribution),
    Rpo(Rpo),
    Strips(Strips),
    SweepLine(SweepLine),
    Heatmap(Heatmap),
    LateBars(LateBars),
    Differences(Differences),
    Stacks(Stacks),
    Week(Week),
}

impl Figure {
    /// A figure with the numbers of its picture.
    fn new(
        section: Section,
        name: impl Into<String>,
        caption: Caption,
        picture: Picture,
        note: Vec<String>,
    ) -> Figure {
        let numbers = Numbers::of(&picture);
        Figure { section, name: name.into(), caption, picture, numbers, note }
    }

    /// Draws the chart on a frame.
    pub fn draw(&self, frame: Frame) -> Drawing {
        let caption = &self.caption;
        match &self.picture {
            Picture::Verdicts(chart) => chart.draw(caption, frame),
            Picture::CauseBars(chart) => chart.draw(caption, frame),
            Picture::Timeline(chart) => chart.draw(caption, frame),
            Picture::Distribution(chart) => chart.draw(caption, frame),
            Picture::Rpo(chart) => chart.draw(caption, frame),
            Picture::Strips(chart) => chart.draw(caption, frame),
            Picture::SweepLine(chart) => chart.draw(caption, frame),
            Picture::Heatmap(chart) => chart.draw(caption, frame),
            Picture::LateBars(chart) => chart.draw(caption, frame),
            Picture::Differences(chart) => chart.draw(caption, frame),
            Picture::Stacks(chart) => chart.draw(caption, frame),
            Picture::Week(chart) => chart.draw(caption, frame),
        }
    }
}

/// The figures of a folder, be it of a run or of a comparison.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub fn all(folder: &Path) -> Result<Vec<Figure>, Fault> {
    match Folder(folder).compared()? {
        Some(_) => comparison_figures(folder),
        None => figures(folder),
    }
}

/// The figures of an output folder, in the order in which a reader wants them.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub fn figures(folder: &Path) -> Result<Vec<Figure>, Fault> {
    let folder = Folder(folder);
    let tables = Tables::read(folder)?;
    let mut figures = Vec::new();
    if tables.manifest.copies.is_empty() {
        return Ok(figures); // flows on links alone: nobody asked, nothing was promised
    }
    figures.extend(verdicts::figure(&tables));
    figures.extend(late::figure(&tables));
    figures.extend(causes::figure(&tables));
    figures.extend(help::figure(&tables));
    figures.extend(timeline::figure(&tables, folder)?);
    figures.extend(distribution::figure(&tables));
    figures.extend(rpo::figures(&tables));
    figures.extend(parts::figure(&tables));
    figures.extend(limits::figures(&tables));
    figures.extend(week::figure(&tables));
    figures.extend(sweep::figures(&tables));
    figures.extend(cost::figure(&tables));
    Ok(figures)
}

/// The figures of a folder that `compare` wrote; none of the folder of a run.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub fn comparison_figures(folder: &Path) -> Result<Vec<Figure>, Fault> {
    let folder = Folder(folder);
    let Some(compared) = folder.compared()? else { return Ok(Vec::new()) };
    let rows: Vec<DifferenceOf> = folder.all()?.unwrap_or_default();
    Ok(compared::figure(&compared, &rows).into_iter().collect())
}

/// What an output folder says, the rows of copies aside.
#[derive(Debug, Clone)]
struct Tables {
    manifest: Manifest,
    /// All points.
    targets: Vec<TargetRow>,
    /// The first point, as all that follow.
    summary: Vec<SummaryRow>,
    highest: Highest,
    shares: Vec<ShareRow>,
    ages: Vec<AgeRow>,
    /// Slots, copies waiting, quotas, then links.
    series: Vec<SeriesRow>,
    /// Each limit lifted.
    limits: Vec<LimitRow>,
    /// All points, and runs, of a sweep.
    target_runs: Vec<TargetRunRow>,
    /// The best point of a sweep on fresh draws; no rows where none keeps all promises, none where
    /// nobody asked.
    confirmed: Option<Vec<ChosenRow>>,
    /// The values that `solve` tried; none of another folder.
    solve: Option<Vec<SolveRow>>,
    /// What a run costs, by point.
    costs: BTreeMap<u64, Cost>,
    /// Of each fleet and destination the volume whose recovery points get oldest, in the first run.
    oldest: Vec<PointAgeRow>,
}

/// Of each fleet and destination the volume whose recovery points get oldest, in the first run.
fn oldest(folder: Folder<'_>) -> Result<Vec<PointAgeRow>, Fault> {
    let mut oldest: Vec<PointAgeRow> = Vec::new();
    folder.each(|row: PointAgeRow| {
        let is_first = row.point == 0 && row.replication == 0;
        if is_first && row.peak.is_some() {
            let same = |other: &&mut PointAgeRow| other.fleet == row.fleet && other.to == row.to;
            match oldest.iter_mut().find(same) {
                Some(other) if other.peak < row.peak => *other = row,
                Some(_) => {}
                None => oldest.push(row),
            }
        }
        is_first
    })?;
    Ok(oldest)
}

impl Tables {
    fn read(folder: Folder<'_>) -> Result<Tables, Fault> {
        let mut highest = Highest::default();
        folder.each(|row: RunRow| {
            let is_first = row.point == 0;
            if is_first {
                highest.take(row);
            }
            is_first
        })?;
        let quotas = folder.of_first_point::<QuotaRow>()?.unwrap_or_default();
        let links = folder.of_first_point::<LinkRow>()?.unwrap_or_default();
        let series = quotas.into_iter().map(|row| row.0).chain(links.into_iter().map(|row| row.0));
        let manifest = folder.manifest()?;
        let is_sweep = 1 < manifest.scenario.points;
        let target_runs = if is_sweep { folder.all()?.unwrap_or_default() } else { Vec::new() };
        Ok(Tables {
            manifest,
            targets: folder.all()?.unwrap_or_default(),
            summary: folder.of_first_point()?.unwrap_or_default(),
            costs: folder.costs()?,
            target_runs,
            limits: folder.all()?.unwrap_or_default(),
            confirmed: folder.all()?,
            solve: folder.all()?,
            oldest: oldest(folder)?,
            highest,
            shares: folder.of_first_point()?.unwrap_or_default(),
            ages: folder.of_first_point()?.unwrap_or_default(),
            series: series.collect(),
        })
    }

    /// The targets at the first point, in the order of the scenario.
    fn first_targets(&self) -> impl Iterator<Item = &TargetRow> {
        self.targets.iter().filter(|row| row.point == 0)
    }

    /// The point against which others are told: the one as written where that is known, else the
    /// first.
    fn base(&self) -> u64 {
        let rows = self.solve.as_deref().unwrap_or_default();
        rows.iter().find(|row| row.as_written).map_or(0, |row| row.point)
    }

    /// A measure of a scope at the first point.
    fn measure(&self, scope: &str, measure: &str) -> Option<&SummaryRow> {
        self.summary.iter().find(|row| row.scope == scope && row.measure == measure)
    }

    /// The mean of it over runs.
    fn mean(&self, scope: &str, measure: &str) -> Option<f64> {
        Some(self.measure(scope, measure)?.mean.as_ref()?.value)
    }

    /// Whether the first point has one: else means say no more than how long its window is.
    fn has_steady_state(&self) -> bool {
        self.summary.iter().all(|row| row.mean.is_some() || row.reason.is_empty())
    }

    /// `n = 30 runs`.
    fn runs(&self) -> String {
        match self.manifest.n_runs() {
            1 => "1 run".to_owned(),
            n => format!("n\u{a0}=\u{a0}{n}\u{a0}runs"),
        }
    }

    /// Which of several points a figure is about; empty where there is only one.
    fn point(&self) -> String {
        let n_points = self.manifest.scenario.points;
        if n_points < 2 {
            return String::new();
        }
        let labels = self.targets.first().map_or(&[][..], |row| &row.labels);
        let labels: Vec<String> =
            labels.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let colon = if labels.is_empty() { "" } else { ": " };
        format!("first of {n_points} points{colon}{}", joined(&labels, "and"))
    }

    /// The subtitle of a figure of the first point.
    fn subtitle(&self, parts: &[&str]) -> String {
        let point = self.point();
        let grows = if self.has_steady_state() { "" } else { "the backlog grows: no steady state" };
        let parts = parts.iter().copied().chain([grows]);
        self.subtitle_of(std::iter::once(point.as_str()).chain(parts))
    }

    /// A subtitle: scenario and seed, then `parts`, those that are empty left out.
    fn subtitle_of<'p>(&self, parts: impl IntoIterator<Item = &'p str>) -> String {
        let scenario = &self.manifest.scenario;
        let mut subtitle = format!("{} · seed {}", scenario.name, scenario.seed);
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            subtitle.push_str(" · ");
            subtitle.push_str(part);
        }
        subtitle
    }
}
