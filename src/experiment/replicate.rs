//! Which runs a plan has, and which of them are still to be carried out.

use super::Stage;
use super::crew::Crew;
use super::folder::Failure;
use super::shard::Shard;
use super::store::Store;
use crate::plan::{Plan, Point, RunKey};

/// How many runs each point has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runs(Vec<u32>);

impl Runs {
    /// The runs of a shard, in plan order.
    pub(super) fn keys(&self, shard: &Shard) -> Vec<RunKey> {
        let all = (0..self.0.len()).flat_map(|point| self.keys_of(point));
        all.filter(|key| shard.has(*key)).collect()
    }

    /// The runs of a point.
    pub(super) fn keys_of(&self, point: usize) -> Vec<RunKey> {
        (0..self.0[point]).map(|replication| RunKey { point, replication }).collect()
    }
}

/// How many runs a point has: flows without chance need one.
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
    let runs = Runs(plan.points.iter().map(n_runs).collect());
    let all = runs.keys(shard);
    let missing: Vec<RunKey> = all.iter().copied().filter(|key| !store.has(*key)).collect();
    crew.observer.takes_up(all.len() - missing.len(), Some(all.len()));
    crew.observer.enters(Stage::Simulate);
    crew.run(plan, store, &missing, |_, _| ())?;
    Ok(runs)
}

/// How many runs each point has, all of which have to be there.
pub(super) fn found(plan: &Plan, store: &Store<'_>) -> Result<Runs, Failure> {
    let runs = Runs(plan.points.iter().map(n_runs).collect());
    match runs.keys(&Shard::WHOLE).into_iter().find(|key| !store.has(*key)) {
        Some(key) => Err(missing(store, key)),
        None => Ok(runs),
    }
}

fn missing(store: &Store<'_>, key: RunKey) -> Failure {
    let RunKey { point, replication } = key;
    let why = format!("replication {replication} of point {point} is in none of the shards");
    Failure::refused("merge into", store.staging().place(), why)
}
