//! Which runs a plan has, and which of them are still to be carried out.

use super::Stage;
use super::crew::Crew;
use super::folder::Failure;
use super::store::Store;
use crate::plan::{Plan, Point, RunKey};

/// The runs of a plan with so many of each point, in plan order.
pub(super) fn keys(n_runs: &[u32]) -> Vec<RunKey> {
    let of_point = |(point, n_runs): (usize, &u32)| {
        (0..*n_runs).map(move |replication| RunKey { point, replication })
    };
    n_runs.iter().enumerate().flat_map(of_point).collect()
}

/// How many runs a point has: flows without chance need one.
fn n_runs(point: &Point) -> u32 {
    if point.model.flow_level.is_some() { 1 } else { point.model.replications }
}

/// Carries out the runs that are not there yet, and says how many each point has.
pub(super) fn carry_out(
    crew: &Crew<'_>,
    plan: &Plan,
    store: &Store<'_>,
) -> Result<Vec<u32>, Failure> {
    let n_runs: Vec<u32> = plan.points.iter().map(n_runs).collect();
    let all = keys(&n_runs);
    let missing: Vec<RunKey> = all.iter().copied().filter(|key| !store.has(*key)).collect();
    crew.observer.takes_up(all.len() - missing.len(), Some(all.len()));
    crew.observer.enters(Stage::Simulate);
    crew.run(plan, store, &missing, |_, _| ())?;
    Ok(n_runs)
}
