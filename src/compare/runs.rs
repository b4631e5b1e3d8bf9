//! Two scenarios, or two points of one, run side by side.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::copies::CopyChanges;
use super::rows::Kept;
use super::{About, Comparison, Pairs, Promise, Refusal, Series, Side, TargetSeries};
use crate::drive::{self, Keep, RunResult};
use crate::engine::network::DefaultNetwork;
use crate::experiment::{Observer, PointSummary, RESULTS_VERSION, Stage, thread_pool};
use crate::model::{Model, Target, TargetKind};
use crate::plan::Point;
use crate::record::{NoRows, Sink};
use crate::units::index_usize;

/// A design point of a scenario, to be run.
#[derive(Debug, Clone)]
pub struct ScenarioSide<'a> {
    /// What it is called.
    pub name: String,
    /// The point.
    pub point: &'a Point,
}

/// Runs two points and compares them. The number of threads changes nothing of what comes out.
///
/// Rows of the two runs of a pair are kept until that pair is compared, and no longer.
///
/// # Errors
/// When they are not comparable, or threads cannot be started.
pub fn compare_scenarios(
    a: &ScenarioSide<'_>,
    b: &ScenarioSide<'_>,
    pairs: Pairs,
    threads: Option<usize>,
    observer: &dyn Observer,
) -> Result<Comparison, Refusal> {
    let models = (&a.point.model, &b.point.model);
    super::about::check(&about(models.0), &about(models.1), pairs)?;
    for side in [a, b] {
        if side.point.model.flow_level.is_some() {
            return Err(Refusal::one(format!(
                "{} is a flow-level scenario, whose one run has no chance in it: run both, and \
                 compare their folders",
                side.name
            )));
        }
    }
    let pool = thread_pool(threads, Path::new("the runs"))?;
    observer.enters(Stage::Simulate);
    let (of_a, of_b, copies) = match pairs {
        Pairs::ByReplication => run_pairs((a, b), &pool, observer),
        Pairs::None => {
            let (of_a, of_b) =
                (run_alone(models.0, &pool, observer), run_alone(models.1, &pool, observer));
            (of_a, of_b, None)
        }
    };
    let (side_a, side_b) = (side(a, &of_a), side(b, &of_b));
    let mut comparison = Comparison::of(&side_a, &side_b, pairs, copies)?;
    if pairs == Pairs::ByReplication && models.0.replications != models.1.replications {
        comparison.notes.push(format!(
            "A asks for {} runs, B for {}: {} of each were run",
            models.0.replications,
            models.1.replications,
            of_a.len()
        ));
    }
    Ok(comparison)
}

/// What was run, of a model.
fn about(model: &Model) -> About {
    About {
        results_version: RESULTS_VERSION,
        seed: model.seed,
        fleet_seed: model.fleet_seed,
        resample_fleet: model.resample_fleet,
        start: model.start,
        horizon: model.horizon,
        warm_up: model.warm_up,
        drain: model.drain,
    }
}

type Results = (Vec<RunResult>, Vec<RunResult>, Option<CopyChanges>);

/// Runs the replications that both have, each pair on one thread.
fn run_pairs(
    (a, b): (&ScenarioSide<'_>, &ScenarioSide<'_>),
    pool: &ThreadPool,
    observer: &dyn Observer,
) -> Results {
    let (a, b) = (&a.point.model, &b.point.model);
    let promises = (promises(a), promises(b));
    let n = a.replications.min(b.replications);
    observer.expects(2 * index_usize(n));
    let ran: Vec<(RunResult, RunResult, CopyChanges)> = pool.install(|| {
        let each = (0..n).into_par_iter().with_max_len(1);
        each.map(|replication| {
            let mut kept = (Kept::default(), Kept::default());
            let of_a = run_one(a, replication, &mut kept.0, observer);
            let of_b = run_one(b, replication, &mut kept.1, observer);
            let promises = (&promises.0[..], &promises.1[..]);
            let number = u64::from(replication);
            (of_a, of_b, CopyChanges::of_run(number, (&kept.0, &kept.1), promises))
        })
        .collect()
    });
    let mut all = (Vec::new(), Vec::new(), CopyChanges::default());
    for (of_a, of_b, copies) in ran {
        all.0.push(of_a);
        all.1.push(of_b);
        all.2.add(copies);
    }
    (all.0, all.1, Some(all.2))
}

fn run_alone(model: &Model, pool: &ThreadPool, observer: &dyn Observer) -> Vec<RunResult> {
    observer.expects(index_usize(model.replications));
    pool.install(|| {
        let each = (0..model.replications).into_par_iter().with_max_len(1);
        each.map(|replication| run_one(model, replication, &mut NoRows, observer)).collect()
    })
}

/// One run, of which measures, targets, and the backlog are kept.
fn run_one(
    model: &Model,
    replication: u32,
    sink: &mut dyn Sink,
    observer: &dyn Observer,
) -> RunResult {
    let mut result = drive::run::<DefaultNetwork>(model, replication, Keep { series: false }, sink);
    result.completions.clear();
    result.promises.clear();
    observer.ran();
    result
}

/// What the targets of a model promise.
fn promises(model: &Model) -> Vec<Promise> {
    model.targets.iter().map(|target| promise(model, target)).collect()
}

fn promise(model: &Model, target: &Target) -> Promise {
    let (kind, limit) = match target.kind {
        TargetKind::Copy { limit } => ("copy", Some(limit)),
        TargetKind::Batch { limit } => ("batch", Some(limit)),
        TargetKind::BatchBy { .. } => ("batch", None),
        TargetKind::Rpo { limit, .. } => ("rpo", Some(limit)),
        TargetKind::Link { .. } => ("link", None),
    };
    let ways = model.fleets.iter().enumerate().flat_map(|(number, fleet)| {
        (0..fleet.copies.len()).map(move |place| (number, place, fleet.copies[place].to))
    });
    let covered = ways.filter(|(number, _, to)| target.covers(*number, *to));
    Promise {
        name: target.name.clone(),
        kind: kind.to_owned(),
        promised: target.share,
        limit,
        scopes: covered.map(|(number, place, _)| model.scope_name(number, place)).collect(),
    }
}

/// What the runs of a point say.
fn side(of: &ScenarioSide<'_>, runs: &[RunResult]) -> Side {
    let model = &of.point.model;
    let summary = PointSummary::of(of.point, runs);
    let rows = summary.measures.iter().map(|row| Series {
        scope: summary.scopes[row.scope].clone(),
        measure: row.measure.name.to_owned(),
        unit: row.measure.unit.to_owned(),
        values: vec![None; runs.len()],
        at_least: row.at_least,
        withheld: row.estimate.is_none(),
    });
    let mut measures: Vec<Series> = rows.collect();
    let places = measures.iter().enumerate();
    let places: BTreeMap<(String, String), usize> =
        places.map(|(place, row)| ((row.scope.clone(), row.measure.clone()), place)).collect();
    for (replication, run) in runs.iter().enumerate() {
        for measured in &run.measures {
            let key = (run.scopes[measured.scope].clone(), measured.measure.name.to_owned());
            measures[places[&key]].values[replication] = Some(measured.value);
        }
    }
    let shares = |place: usize| runs.iter().map(|run| run.targets[place].share).collect();
    let targets = promises(model).into_iter().enumerate();
    Side {
        name: of.name.clone(),
        about: about(model),
        n_runs: runs.len(),
        ways: ways(model),
        measures,
        targets: targets
            .map(|(place, promise)| TargetSeries { promise, shares: shares(place) })
            .collect(),
    }
}

/// Each `fleet → destination` once.
fn ways(model: &Model) -> Vec<String> {
    let mut ways: Vec<String> = Vec::new();
    for (number, fleet) in model.fleets.iter().enumerate() {
        for place in 0..fleet.copies.len() {
            let way = model.scope_name(number, place);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
    }
    ways
}
