//! Which runs a plan has, and which of them are still to be carried out.

use super::Stage;
use super::crew::Crew;
use super::folder::Failure;
use super::precision::{Settled, Watch};
use super::shard::Shard;
use super::store::Store;
use crate::model::Precision;
use crate::plan::{Plan, Point, RunKey};

/// How many runs each point has, and how well each is known where that decides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Runs(Vec<Settled>);

impl Runs {
    /// The runs of a shard, in plan order.
    pub(super) fn keys(&self, shard: &Shard) -> Vec<RunKey> {
        let all = (0..self.0.len()).flat_map(|point| self.keys_of(point));
        all.filter(|key| shard.has(*key)).collect()
    }

    /// The runs of a point.
    pub(super) fn keys_of(&self, point: usize) -> Vec<RunKey> {
        keys(point, 0..self.0[point].n_runs)
    }

    /// Each point, in plan order.
    pub(super) fn settled(&self) -> &[Settled] {
        &self.0
    }
}

fn keys(point: usize, replications: std::ops::Range<u32>) -> Vec<RunKey> {
    replications.map(|replication| RunKey { point, replication }).collect()
}

/// How many runs a point has where their number is fixed: flows without chance need one.
fn n_runs(point: &Point) -> u32 {
    if point.model.flow_level.is_some() { 1 } else { point.model.replications }
}

/// Carries out the runs of a shard that are not there yet, and says how many each point has.
pub(super) fn carry_out(
    crew: &Crew<'_>,
    plan: &Plan,
    store: &Store<'_>,
    shard: &Shard,
) -> Result<Runs, Failure> {
    let carry_out = |keys: &[RunKey]| {
        let missing: Vec<RunKey> = keys.iter().copied().filter(|key| !store.has(*key)).collect();
        crew.run(plan, store, &missing)
    };
    if let Some(precision) = &plan.points[0].model.precision {
        crew.observer.takes_up(store.n_runs(), None);
        crew.observer.enters(Stage::Simulate);
        return settle(plan, precision, (store, shard), &carry_out);
    }
    let runs = fixed(plan);
    let keys = runs.keys(shard);
    let n_there = keys.iter().filter(|key| store.has(**key)).count();
    crew.observer.takes_up(n_there, Some(keys.len()));
    crew.observer.enters(Stage::Simulate);
    carry_out(&keys)?;
    Ok(runs)
}

/// How many runs each point has, all of which have to be there.
pub(super) fn found(plan: &Plan, store: &Store<'_>) -> Result<Runs, Failure> {
    let find = |keys: &[RunKey]| match keys.iter().find(|key| !store.has(**key)) {
        Some(key) => Err(missing(store, *key)),
        None => Ok(()),
    };
    if let Some(precision) = &plan.points[0].model.precision {
        return settle(plan, precision, (store, &Shard::WHOLE), &find);
    }
    let runs = fixed(plan);
    find(&runs.keys(&Shard::WHOLE))?;
    Ok(runs)
}

fn fixed(plan: &Plan) -> Runs {
    let of = |point| Settled { n_runs: n_runs(point), attained: Vec::new() };
    Runs(plan.points.iter().map(of).collect())
}

/// Has runs of the points of a shard, batch by batch, until each point is known well enough or has
/// as many as it may; `have` sees to it that some runs are there.
///
/// A point is judged only when all its runs up to a number that is fixed beforehand are there.
fn settle(
    plan: &Plan,
    precision: &Precision,
    (store, shard): (&Store<'_>, &Shard),
    have: &dyn Fn(&[RunKey]) -> Result<(), Failure>,
) -> Result<Runs, Failure> {
    let mut settled = vec![Settled::default(); plan.points.len()];
    let own =
        plan.points.iter().filter(|point| shard.has(RunKey { point: point.index, replication: 0 }));
    let mut open: Vec<Watch<'_>> = own.map(|point| Watch::new(point, precision)).collect();
    let (mut from, mut to) = (0, plan.points[0].model.replications);
    while !open.is_empty() && from < to {
        let wanted = open.iter().flat_map(|watch| keys(watch.point(), from..to));
        have(&wanted.collect::<Vec<_>>())?;
        for watch in &mut open {
            for key in keys(watch.point(), from..to) {
                watch.see(&store.get(key)?.result);
            }
            settled[watch.point()] = watch.settled(to);
        }
        open.retain(|watch| !settled[watch.point()].is_reached());
        (from, to) = (to, precision.next(to));
    }
    Ok(Runs(settled))
}

fn missing(store: &Store<'_>, key: RunKey) -> Failure {
    let RunKey { point, replication } = key;
    let why = format!("replication {replication} of point {point} is in none of the shards");
    Failure::refused("merge into", store.staging().place(), why)
}
