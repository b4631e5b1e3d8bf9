//! A plan carried out in parallel, and its folder.
//!
//! A run that is finished is added to a store beside the folder, and is gone from memory; its rows
//! leave it through files of its own. When all runs are there, whoever made them and in whatever
//! order, the tables are written from the store in plan order. So threads, interruptions, and shards
//! change no byte.

use std::fmt;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::drive::{Worst, worst_of_all};
use crate::plan::{Flipped, Grid, Plan, Point, RunKey};
use crate::scenario::Inputs;

mod choice;
mod crew;
mod curve;
mod flips;
mod flow_level;
pub mod folder;
mod lifted;
mod manifest;
mod parameters;
mod parts;
mod precision;
mod promises;
mod question;
mod replicate;
mod seal;
mod series;
mod shard;
mod store;
mod solve;
mod summary;
mod tables;
mod verify;
mod worst;

pub use choice::{Choice, Confirmed, FRESH_SEED};
use crew::Crew;
pub(crate) use crew::thread_pool;
pub use flips::Flip;
pub use flow_level::FlowTotals;
pub use folder::{Disk, Failure, FolderKind, Staging, Storage};
pub use lifted::Lifted;
pub use manifest::{Input, Origin, Program, RESULTS_VERSION, check_seal, sealed};
use parts::{Identity, Part, RowsPart};
pub use precision::{Attained, Settled};
pub use question::Question;
use replicate::Runs;
pub use seal::{SealedFile, check_folder};
pub use shard::{Shard, Shards};
pub use solve::Answer;
use store::Store;
pub use summary::{MeasureSummary, NO_STEADY_STATE, PointSummary, QUANTILES, Start, TargetSummary};
use tables::{Layout, PointTables, RowTables, Tables};
pub use verify::{Verified, verified};

/// Which runs of a point write their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rows {
    /// Replication 0.
    #[default]
    First,
    /// None; nor are there any time series.
    None,
    /// All.
    All,
}

impl Rows {
    /// The word for it, on the command line and in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Rows::First => "first",
            Rows::None => "none",
            Rows::All => "all",
        }
    }
}

/// Which network carries the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineChoice {
    /// The quickest.
    #[default]
    Default,
    /// Progressive filling from scratch: the second opinion.
    Reference,
}

/// How a plan is carried out. The number of threads changes no byte of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Options {
    /// Threads; none: as many as there are cores.
    pub threads: Option<usize>,
    /// Which runs write their rows.
    pub rows: Rows,
    /// Which network carries the flows.
    pub engine: EngineChoice,
    /// Whether a plan of one point is run again with its assumptions flipped, and with its limits
    /// lifted; and whether the worst copies of the first point are followed.
    pub flips: bool,
    /// Whether assumptions are flipped over their whole range, each with as many replications.
    pub sensitivity: bool,
    /// Whether the best of several points is run again on fresh draws.
    pub confirm: bool,
    /// Whether the folder keeps its runs, so that more can be added to them.
    pub parts: bool,
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
    /// Those with the worst copies, which are followed.
    Follow,
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
    /// So many runs, of so many where that is known, were finished before, and are not done again.
    fn takes_up(&self, n_runs: usize, of: Option<usize>);
}

/// Looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn enters(&self, _stage: Stage) {}
    fn expects(&self, _n_runs: usize) {}
    fn ran(&self) {}
    fn takes_up(&self, _n_runs: usize, _of: Option<usize>) {}
}

/// Gives, of the assumptions in a mask of [`crate::model::Switch::bit`]s, the model of the plan's one
/// point for each that is flipped.
pub type FlippedModels<'a> = dyn Fn(u64) -> Vec<Flipped> + 'a;

/// What is to be carried out.
#[derive(Clone, Copy)]
pub struct Study<'a> {
    /// The runs.
    pub plan: &'a Plan,
    /// Where the plan comes from.
    pub origin: &'a Origin,
    /// The inputs that the scenario names, which the folder keeps.
    pub inputs: &'a dyn Inputs,
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
    /// How many runs each point had and how well it is known, where that decides; else empty.
    pub settled: Vec<Settled>,
    /// Totals of a flow-level scenario, all points together.
    pub flow_level: Option<FlowTotals>,
    /// Runs of the plan.
    pub n_runs: usize,
    /// Copies due in all runs, or flows.
    pub n_copies: u64,
    /// Events in all runs.
    pub n_events: u64,
}

/// Carries a plan out and writes its folder; [`Staging::publish`] then puts it in place.
///
/// Each run outlives the program as soon as it is finished: a plan that was stopped is taken up
/// where it was, and what is published then are the bytes of a plan that was not.
///
/// # Errors
/// When the machine fails, or runs of another question lie where the finished runs go.
pub fn run(
    study: &Study<'_>,
    staging: &Staging<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Outcome, Failure> {
    let (runs, outcome) = carried_out(study, staging, options, observer)?;
    end(study, (&runs, None), staging, options)?;
    Ok(outcome)
}

/// Carries out the grid of a search, whose plan is that of the study, and writes its folder.
///
/// # Errors
/// As [`run`].
pub fn solve(
    (study, grid): (&Study<'_>, &Grid),
    staging: &Staging<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<(Outcome, Answer), Failure> {
    let (runs, outcome) = carried_out(study, staging, options, observer)?;
    let answer = Answer::of(grid, &outcome);
    answer.write(grid, &outcome, staging)?;
    end(study, (&runs, None), staging, options)?;
    Ok((outcome, answer))
}

/// Carries out all runs of a plan, and writes their tables.
fn carried_out(
    study: &Study<'_>,
    staging: &Staging<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<(Runs, Outcome), Failure> {
    let crew = Crew::gather(staging, options, observer)?;
    let identity = Identity::of(study, options, None);
    let store = Store::open(staging, &identity)?;
    store.extend(&identity)?;
    let runs = replicate::carry_out(&crew, study.plan, &store, &Shard::WHOLE)?;
    let outcome = write(&crew, study, &store, &runs)?;
    Ok((runs, outcome))
}

/// Writes the question, and last the manifest, which lists all files.
fn end(
    study: &Study<'_>,
    (runs, shard): (&Runs, Option<Shard>),
    staging: &Staging<'_>,
    options: &Options,
) -> Result<(), Failure> {
    question::write(study, staging, shard.is_some())?;
    manifest::write(study, options, (runs, shard), staging)
}

/// Carries out one shard of a plan and writes its folder, which [`merge`] takes; gives the number of
/// its runs. A shard is taken up after an interruption as a whole plan is.
///
/// # Errors
/// As [`run`].
pub fn run_shard(
    study: &Study<'_>,
    staging: &Staging<'_>,
    options: &Options,
    shard: Shard,
    observer: &dyn Observer,
) -> Result<usize, Failure> {
    let crew = Crew::gather(staging, options, observer)?;
    let part = shard.of_plan(study.plan);
    let identity = Identity::of(study, options, Some(part));
    let store = Store::open(staging, &identity)?;
    let runs = replicate::carry_out(&crew, study.plan, &store, &part)?;
    observer.enters(Stage::Write);
    let keys = runs.keys(&part);
    let mut rows = RowTables::create(staging, study.plan, options.rows)?;
    for key in &keys {
        rows.join(&store, *key, &store.get(*key)?.rows)?;
    }
    rows.finish()?;
    store.write(&identity, &keys)?;
    end(study, (&runs, Some(part)), staging, options)?;
    Ok(keys.len())
}

/// Writes the folder of a plan whose runs are those of `shards`: the bytes that [`run`] would write.
///
/// # Errors
/// When the machine fails, or a run is in none of the shards.
pub fn merge(
    study: &Study<'_>,
    shards: &Shards,
    staging: &Staging<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Outcome, Failure> {
    let crew = Crew::gather(staging, options, observer)?;
    let identity = Identity::of(study, options, None);
    let store = Store::open(staging, &identity);
    let store = store.map_err(|failure| failure.or("merge into another place with --out"))?;
    for folder in shards.folders() {
        store.add_folder(folder, &identity)?;
    }
    let runs = replicate::found(study.plan, &store)?;
    let outcome = write(&crew, study, &store, &runs)?;
    end(study, (&runs, None), staging, options)?;
    Ok(outcome)
}

/// Writes the tables of runs that are all there.
fn write(
    crew: &Crew<'_>,
    study: &Study<'_>,
    store: &Store<'_>,
    runs: &Runs,
) -> Result<Outcome, Failure> {
    let (staging, options, observer) = (store.staging(), crew.options, crew.observer);
    observer.enters(Stage::Write);
    let mut tables = Tables::create(staging, study.plan, options.rows)?;
    let mut rows = RowTables::create(staging, study.plan, options.rows)?;
    let mut outcome = Outcome::default();
    let mut worst = Vec::new();
    let layout = tables.layout();
    crew.in_order(
        &study.plan.points,
        |point| gathered(point, store, runs, &layout),
        |gathered| {
            for (key, of_run) in &gathered.rows {
                rows.join(store, *key, of_run)?;
            }
            tables.put(gathered.tables)?;
            outcome.n_runs += gathered.rows.len();
            worst.extend(gathered.worst);
            outcome.n_copies += gathered.n_copies;
            outcome.n_events += gathered.n_events;
            for totals in gathered.flows {
                outcome.flow_level.get_or_insert_default().add(totals);
            }
            outcome.points.push(gathered.summary);
            Ok(())
        },
    )?;
    rows.finish()?;
    let is_one = options.flips && outcome.flow_level.is_none();
    if let ([point], [summary], true) = (&study.plan.points[..], &outcome.points[..], is_one) {
        observer.enters(Stage::Flip);
        outcome.flips = flips::of(summary, study.flipped, crew);
        observer.enters(Stage::Lift);
        outcome.lifted = lifted::of(point, summary, crew);
        observer.enters(Stage::Write);
    }
    let worst = if is_one {
        observer.enters(Stage::Follow);
        let followed = worst::of(&study.plan.points[0], &worst, crew);
        observer.enters(Stage::Write);
        Some(followed)
    } else {
        None
    };
    if options.confirm && has_choice(study.plan) && outcome.flow_level.is_none() {
        observer.enters(Stage::Confirm);
        outcome.choice = Some(choice::choose(study.plan, &outcome.points, crew));
        observer.enters(Stage::Write);
    }
    if study.plan.points[0].model.precision.is_some() {
        outcome.settled = runs.settled().to_vec();
    }
    tables.write_parameters(&parameters::of(study, &outcome.points))?;
    tables.write_flips(&outcome.flips);
    tables.write_lifted(&outcome.lifted);
    tables.write_choice(&outcome)?;
    if let Some(worst) = &worst {
        tables.write_worst(&study.plan.points[0].model, worst)?;
    }
    tables.write_precision(&outcome);
    tables.finish()?;
    if options.parts {
        store.write(&Identity::of(study, options, None), &runs.keys(&Shard::WHOLE))?;
    }
    Ok(outcome)
}

/// Whether a plan has several points, and promises to choose by.
fn has_choice(plan: &Plan) -> bool {
    1 < plan.points.len() && !plan.points[0].model.targets.is_empty()
}

/// What the runs of a point come to.
struct Gathered {
    summary: PointSummary,
    tables: PointTables,
    /// What each run wrote row by row.
    rows: Vec<(RunKey, Vec<RowsPart>)>,
    flows: Vec<FlowTotals>,
    /// The worst copies of the first point, each with its replication.
    worst: Vec<(u32, Worst)>,
    n_copies: u64,
    n_events: u64,
}

/// Puts the runs of a point together, on all threads: there may be one point only.
fn gathered(
    point: &Point,
    store: &Store<'_>,
    runs: &Runs,
    layout: &Layout,
) -> Result<Gathered, Failure> {
    let (mut results, mut rows, mut flows) = (Vec::new(), Vec::new(), Vec::new());
    let keys = runs.keys_of(point.index);
    let parts: Vec<Result<Part, Failure>> = keys.par_iter().map(|key| store.get(*key)).collect();
    for (key, part) in keys.into_iter().zip(parts) {
        let part = part?;
        results.push(part.result);
        rows.push((key, part.rows));
        flows.extend(part.flows);
    }
    let summary = PointSummary::of(point, &results);
    let of_first = results.iter().filter(|_| point.index == 0);
    let of_first = (0..).zip(of_first.map(|run| run.worst.clone()));
    Ok(Gathered {
        tables: PointTables::of(layout, point, &results, &summary),
        n_copies: results.iter().map(|run| run.n_copies).sum(),
        n_events: results.iter().map(|run| run.n_events).sum(),
        summary,
        rows,
        flows,
        worst: worst_of_all(of_first),
    })
}

#[cfg(test)]
mod tests;
