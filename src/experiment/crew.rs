//! Runs carried out on all cores; what they give comes back in plan order.

use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::folder::{Failure, Output, Staging};
use super::{EngineChoice, Observer, Options, Rows};
use crate::drive::flows::{FlowCase, FlowOutcome};
use crate::drive::{self, Keep, RunResult};
use crate::engine::network::{DefaultNetwork, Reference};
use crate::model::Model;
use crate::plan::Point;
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
            EngineChoice::Default => drive::flows::run::<DefaultNetwork>,
            EngineChoice::Reference => drive::flows::run::<Reference>,
        }
    }
}

/// How many runs a point has: flows without chance need one.
pub(super) fn n_runs(point: &Point) -> usize {
    if point.model.flow_level.is_some() { 1 } else { replications(point) }
}

fn replications(point: &Point) -> usize {
    usize::try_from(point.model.replications).expect("u32 fits")
}

/// The threads, and what they need to know.
pub(super) struct Crew<'a> {
    pool: ThreadPool,
    staging: &'a Staging<'a>,
    options: &'a Options,
    /// Is told how it gets on.
    pub(super) observer: &'a dyn Observer,
}

impl<'a> Crew<'a> {
    /// Starts the threads.
    pub(super) fn gather(
        staging: &'a Staging<'a>,
        options: &'a Options,
        observer: &'a dyn Observer,
    ) -> Result<Crew<'a>, Failure> {
        let threads = options.threads.map_or(0, |asked| asked.min(THREADS_MAX));
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| {
            Failure::new("start threads for", staging.path(), io::Error::other(error))
        })?;
        Ok(Crew { pool, staging, options, observer })
    }

    /// Carries out all replications of some points, and gives the results of each point.
    pub(super) fn run_points(&self, points: &[Point]) -> Result<Vec<Vec<RunResult>>, Failure> {
        let runs = points.iter().flat_map(|point| {
            (0..point.model.replications).map(move |replication| (point, replication))
        });
        let runs: Vec<(&Point, u32)> = runs.collect();
        let results: Result<Vec<RunResult>, Failure> = self.pool.install(|| {
            let each = runs.par_iter().with_max_len(1);
            each.map(|(point, replication)| self.run_one(point, *replication)).collect()
        });
        let mut results = results?.into_iter();
        Ok(points
            .iter()
            .map(|point| results.by_ref().take(replications(point)).collect())
            .collect())
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

    /// Carries out flow-level cases.
    pub(super) fn run_flows(&self, cases: &[FlowCase]) -> Vec<FlowOutcome> {
        let run = self.options.engine.of_flows();
        self.pool.install(|| {
            let each = cases.par_iter().with_max_len(1);
            each.map(|case| {
                let outcome = run(case);
                self.observer.ran();
                outcome
            })
            .collect()
        })
    }

    fn run_one(&self, point: &Point, replication: u32) -> Result<RunResult, Failure> {
        let run = self.options.engine.of_copies();
        let rows = self.options.rows;
        let keep = Keep { series: rows != Rows::None && replication < SERIES_RUNS };
        let result = if has_rows(rows, replication) {
            let part = |file| self.staging.create(&part_name(file, point.index, replication));
            let files = RowFiles {
                copies: part("copies.csv")?,
                images: part("images.csv")?,
                rpo: part("rpo.csv")?,
                events: part("events.csv")?,
                event_lines: part(EVENT_LINES)?,
            };
            let mut sink = CsvRows::new(files, point.index);
            let result = run(&point.model, replication, keep, &mut sink);
            let ended = sink.finish().and_then(flush);
            ended.map_err(|error| Failure::new("write", self.staging.path(), error))?;
            result
        } else {
            run(&point.model, replication, keep, &mut NoRows)
        };
        self.observer.ran();
        Ok(result)
    }
}

/// Whether a replication writes its rows.
pub(super) fn has_rows(rows: Rows, replication: u32) -> bool {
    match rows {
        Rows::First => replication == 0,
        Rows::None => false,
        Rows::All => true,
    }
}

/// The part of a file that one run writes, until the parts are joined.
pub(super) fn part_name(file: &str, point: usize, replication: u32) -> String {
    format!("{file}.{point}.{replication}.part")
}

/// Parts are read back at once: they need not survive anything.
fn flush(mut files: RowFiles<Output>) -> io::Result<()> {
    files.copies.flush()?;
    files.images.flush()?;
    files.rpo.flush()?;
    files.events.flush()?;
    files.event_lines.flush()
}
