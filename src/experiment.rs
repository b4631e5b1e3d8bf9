//! A plan carried out in parallel, and its folder.
//!
//! Runs are carried out batch by batch, a batch being some whole design points. The results of a
//! batch come back in plan order whatever the number of threads, go into the tables of the folder,
//! and are gone: what is kept of a point is its summary. Rows leave each run through part files of
//! its own, which are joined in plan order.

use std::fmt;

use crate::model::{Model, Switch};
use crate::plan::{Plan, Point};

mod choice;
mod crew;
mod curve;
mod flips;
mod flow_level;
pub mod folder;
mod lifted;
mod manifest;
mod series;
mod solve;
mod summary;
mod tables;

pub use choice::{Choice, Confirmed, FRESH_SEED};
use crew::Crew;
pub use flips::Flip;
pub use flow_level::FlowTotals;
pub use folder::{Disk, Failure, Staging, Storage};
pub use lifted::Lifted;
pub use manifest::{Input, Origin, RESULTS_VERSION};
pub use solve::Answer;
pub use summary::{MeasureSummary, NO_STEADY_STATE, PointSummary, QUANTILES, TargetSummary};
use tables::Tables;

/// Which runs of a point write their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// Replication 0.
    #[default]
    First,
    /// None; nor are there any time series.
    None,
    /// All.
    All,
}

/// Which network carries the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The quickest.
    #[default]
    Default,
    /// Progressive filling from scratch: the second opinion.
    Reference,
}

/// How a plan is carried out. The number of threads changes no byte of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Threads; none: as many as there are cores.
    pub threads: Option<usize>,
    /// Which runs write their rows.
    pub rows: Rows,
    /// Which network carries the flows.
    pub engine: EngineChoice,
    /// Whether a plan of one point is run again with its assumptions flipped, and with its limits
    /// lifted.
    pub flips: bool,
    /// Whether the best of several points is run again on fresh draws.
    pub confirm: bool,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The runs of the plan.
    Simulate,
    /// The same, fewer, with assumptions flipped.
    Flip,
    /// The same, fewer, with one limit lifted at a time.
    Lift,
    /// The best point, on fresh draws.
    Confirm,
    /// Summaries and files.
    Write,
}

/// Is told how a plan gets on; from several threads at once.
pub trait Observer: Sync {
    /// Something else is being done from now on.
    fn enters(&self, stage: Stage);
    /// So many more runs are ahead.
    fn expects(&self, n_runs: usize);
    /// A run is done.
    fn ran(&self);
}

/// Looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn enters(&self, _stage: Stage) {}
    fn expects(&self, _n_runs: usize) {}
    fn ran(&self) {}
}

/// Gives, for each assumption in a mask of [`Switch::bit`]s and each text that it is flipped to,
/// the model of the plan's one point with it.
pub type FlippedModels<'a> = dyn Fn(u64) -> Vec<(Switch, String, Model)> + 'a;

/// What is to be carried out.
#[derive(Clone, Copy)]
pub struct Study<'a> {
    /// The runs.
    pub plan: &'a Plan,
    /// Where the plan comes from.
    pub origin: &'a Origin,
    /// Models with assumptions flipped.
    pub flipped: &'a FlippedModels<'a>,
}

impl fmt::Debug for Study<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Study").field("origin", self.origin).finish_non_exhaustive()
    }
}

/// What came out, besides the files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Each point of the plan, in order.
    pub points: Vec<PointSummary>,
    /// What flipped assumptions did, for a plan of one point.
    pub flips: Vec<Flip>,
    /// What lifted limits did, for a plan of one point with late copies.
    pub lifted: Vec<Lifted>,
    /// The best point of a plan that has several, and targets; none where it was not looked for.
    pub choice: Option<Choice>,
    /// Totals of a flow-level scenario, all points together.
    pub flow_level: Option<FlowTotals>,
    /// Runs of the plan.
    pub n_runs: usize,
    /// Copies due in all runs, or flows.
    pub n_copies: u64,
    /// Events in all runs.
    pub n_events: u64,
}

/// Runs of a batch, where the plan has that many: enough to keep all cores busy, few enough for
/// their time series to fit into memory.
const BATCH_RUNS: usize = 128;

/// Carries a plan out and writes its folder; [`Staging::publish`] then puts it in place.
///
/// # Errors
/// When the machine fails.
pub fn run(
    study: &Study<'_>,
    staging: &Staging<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Outcome, Failure> {
    let crew = Crew::gather(staging, options, observer)?;
    let mut tables = Tables::create(staging, study.plan, options.rows)?;
    let mut outcome = Outcome::default();
    observer.expects(study.plan.points.iter().map(crew::n_runs).sum());
    for points in batches(&study.plan.points) {
        if flow_level::is(points) {
            flow_level::run(&crew, study.plan, points, &mut tables, &mut outcome)?;
        } else {
            run_batch(&crew, points, &mut tables, &mut outcome)?;
        }
    }
    if let ([point], [summary], true) = (&study.plan.points[..], &outcome.points[..], options.flips)
    {
        observer.enters(Stage::Flip);
        outcome.flips = flips::of(point, summary, study.flipped, &crew);
        observer.enters(Stage::Lift);
        outcome.lifted = lifted::of(point, summary, &crew);
    }
    if options.confirm && has_choice(study.plan) {
        observer.enters(Stage::Confirm);
        outcome.choice = Some(choice::choose(study.plan, &outcome.points, &crew));
    }
    observer.enters(Stage::Write);
    tables.write_flips(&outcome.flips);
    tables.write_lifted(&outcome.lifted);
    tables.write_choice(&outcome)?;
    tables.finish()?;
    manifest::write(study, options.rows, staging)?;
    Ok(outcome)
}

/// Whether a plan has several points, and promises to choose by.
fn has_choice(plan: &Plan) -> bool {
    1 < plan.points.len() && !plan.points[0].model.targets.is_empty()
}

/// Carries out all runs of some points and writes what is to be kept of them.
fn run_batch(
    crew: &Crew<'_>,
    points: &[Point],
    tables: &mut Tables<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    crew.observer.enters(Stage::Simulate);
    let of_points = crew.run_points(points)?;
    crew.observer.enters(Stage::Write);
    for (point, runs) in points.iter().zip(&of_points) {
        let summary = PointSummary::of(point, runs);
        tables.write_point(point, runs, &summary)?;
        outcome.n_runs += runs.len();
        outcome.n_copies += runs.iter().map(|run| run.n_copies).sum::<u64>();
        outcome.n_events += runs.iter().map(|run| run.n_events).sum::<u64>();
        outcome.points.push(summary);
    }
    Ok(())
}

/// The points in batches of at least [`BATCH_RUNS`] runs, but for the last.
fn batches(points: &[Point]) -> Vec<&[Point]> {
    let mut batches = Vec::new();
    let (mut from, mut n_runs) = (0, 0);
    for (idx, point) in points.iter().enumerate() {
        n_runs += crew::n_runs(point);
        if BATCH_RUNS <= n_runs || idx + 1 == points.len() {
            batches.push(&points[from..=idx]);
            (from, n_runs) = (idx + 1, 0);
        }
    }
    batches
}

#[cfg(test)]
mod tests;
