//! Runs carried out on all cores; what they give comes back in plan order.

use std::io;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::folder::{Failure, Staging};
use super::parts::Part;
use super::store::{RowsFile, Store};
use super::{EngineChoice, Observer, Options, Rows, flow_level};
use crate::drive::flows::{FlowCase, FlowOutcome};
use crate::drive::{self, Keep, RunResult};
use crate::engine::network::{DefaultNetwork, Reference};
use crate::model::Model;
use crate::plan::{Plan, RunKey};
use crate::record::{CsvRows, NoRows, RowFiles, Sink};

/// More threads than this are never started: they would only wait for one another.
const THREADS_MAX: usize = 256;

/// The file of events as EventBridge sends them, one a line.
pub(super) const EVENT_LINES: &str = "events.jsonl";

/// Replications of a point that keep time series: enough for a 95th percentile, and memory stays
/// bounded however many there are.
const SERIES_RUNS: u32 = 200;

/// Carries out one replication of a model.
type RunOne = fn(&Model, u32, Keep, &mut dyn Sink) -> RunResult;

impl EngineChoice {
    fn of_copies(self) -> RunOne {
        match self {
            EngineChoice::Default => drive::run::<DefaultNetwork>,
            EngineChoice::Reference => drive::run::<Reference>,
        }
    }

    fn of_flows(self) -> fn(&FlowCase) -> FlowOutcome {
        match self {
            EngineChoice::Default => drive::flows::run_fastest,
            EngineChoice::Reference => drive::flows::run::<Reference>,
        }
    }
}

/// The threads, and what they need to know.
pub(super) struct Crew<'a> {
    pool: ThreadPool,
    /// How the plan is carried out.
    pub(super) options: &'a Options,
    /// Is told how it gets on.
    pub(super) observer: &'a dyn Observer,
}

impl<'a> Crew<'a> {
    /// Starts the threads.
    pub(super) fn gather(
        staging: &Staging<'_>,
        options: &'a Options,
        observer: &'a dyn Observer,
    ) -> Result<Crew<'a>, Failure> {
        let pool = thread_pool(options.threads, staging.path())?;
        Ok(Crew { pool, options, observer })
    }

    /// Carries out some runs of a plan, and adds each to the store as soon as it is finished.
    pub(super) fn run(
        &self,
        plan: &Plan,
        store: &Store<'_>,
        keys: &[RunKey],
    ) -> Result<(), Failure> {
        self.observer.expects(keys.len());
        self.pool.install(|| {
            let each = keys.par_iter().with_max_len(1);
            each.try_for_each(|key| {
                let part = self.run_one(plan, *key, store)?;
                store.add(*key, &part)?;
                self.observer.ran();
                Ok(())
            })
        })
    }

    /// Makes something of each item on all threads, and gives it to `take`, in order; of no more items
    /// than twice the threads at a time, so that memory stays bounded.
    pub(super) fn in_order<I: Sync, T: Send>(
        &self,
        items: &[I],
        make: impl Fn(&I) -> Result<T, Failure> + Sync,
        mut take: impl FnMut(T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for items in items.chunks(2 * self.pool.current_num_threads()) {
            let made: Vec<Result<T, Failure>> =
                self.pool.install(|| items.par_iter().with_max_len(1).map(&make).collect());
            for made in made {
                take(made?)?;
            }
        }
        Ok(())
    }

    /// Carries out some replications of some models without rows and series, and gives the results
    /// of each model.
    pub(super) fn run_models(&self, models: &[&Model], of: Range<u32>) -> Vec<Vec<RunResult>> {
        let runs = models.iter().flat_map(|model| of.clone().map(move |of| (*model, of, NoRows)));
        let results = self.run_each(runs.collect());
        let mut results = results.into_iter().map(|(result, _)| result);
        models.iter().map(|_| results.by_ref().take(of.len()).collect()).collect()
    }

    /// Carries out replications of models, each with a sink of its own and without series, and gives
    /// what came out with the sinks, in the order given.
    pub(super) fn run_each<S: Sink + Send>(
        &self,
        runs: Vec<(&Model, u32, S)>,
    ) -> Vec<(RunResult, S)> {
        let run = self.options.engine.of_copies();
        self.observer.expects(runs.len());
        self.pool.install(|| {
            let each = runs.into_par_iter().with_max_len(1);
            each.map(|(model, replication, mut sink)| {
                let result = run(model, replication, Keep { series: false }, &mut sink);
                self.observer.ran();
                (result, sink)
            })
            .collect()
        })
    }

    fn run_one(&self, plan: &Plan, key: RunKey, store: &Store<'_>) -> Result<Part, Failure> {
        let point = &plan.points[key.point];
        if let Some(level) = &point.model.flow_level {
            let table = flow_level::table_name(point.index, 1 < plan.points.len());
            let file = store.rows(&table, key)?;
            return flow_level::run(level, self.options.engine.of_flows(), file);
        }
        let run = self.options.engine.of_copies();
        let rows = self.options.rows;
        let keep = Keep { series: rows != Rows::None && key.replication < SERIES_RUNS };
        if !has_rows(rows, key.replication) {
            let result = run(&point.model, key.replication, keep, &mut NoRows);
            return Ok(Part { result, ..Part::default() });
        }
        let files = RowFiles {
            copies: store.rows("copies.csv", key)?,
            images: store.rows("images.csv", key)?,
            rpo: store.rows("rpo.csv", key)?,
            events: store.rows("events.csv", key)?,
            event_lines: store.rows(EVENT_LINES, key)?,
        };
        let mut sink = CsvRows::new(files, point.index);
        let result = run(&point.model, key.replication, keep, &mut sink);
        let files = sink.finish();
        let files = files.map_err(|error| Failure::new("write", store.folder(), error))?;
        let RowFiles { copies, images, rpo, events, event_lines } = files;
        let files = [copies, images, rpo, events, event_lines];
        let rows: Result<Vec<_>, Failure> = files.into_iter().map(RowsFile::finish).collect();
        Ok(Part { result, rows: rows?.into_iter().flatten().collect(), flows: None })
    }
}

/// So many threads, or one a core; `what` they are for is named where they cannot be started.
pub(crate) fn thread_pool(threads: Option<usize>, what: &Path) -> Result<ThreadPool, Failure> {
    let n_threads = threads.map_or(0, |asked| asked.min(THREADS_MAX));
    let pool = ThreadPoolBuilder::new().num_threads(n_threads).build();
    pool.map_err(|error| Failure::new("start threads for", what, io::Error::other(error)))
}

/// Whether a replication writes its rows.
fn has_rows(rows: Rows, replication: u32) -> bool {
    match rows {
        Rows::First => replication == 0,
        Rows::None => false,
        Rows::All => true,
    }
}
