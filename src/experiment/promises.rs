//! Promises by scope: what each target comes to in each scope that it covers, over the runs of a
//! point.

use super::summary::{TargetSummary, fared};
use crate::catalog::Cause;
use crate::drive::{PromiseScope, RunResult, ScopeShare, TargetShare, promise_scopes};
use crate::model::{Model, Target};
use crate::units::{count_u64, index_u64};

/// Rows that a target has at most: the worst of its scopes, and one of the others together.
const ROWS_MAX: usize = 200;

/// One target in one scope, or in several that have no row of their own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Promise {
    /// `fleet → destination`, or a link; empty of several.
    pub(super) scope: String,
    /// The application, of a target on those.
    pub(super) application: Option<String>,
    /// Share, verdict, and what they rest on; without the shares of single runs.
    pub(super) fared: TargetSummary,
    /// What breaks the promise first.
    pub(super) breaks_first: Option<Cause>,
    /// How many scopes these are.
    pub(super) n_scopes: u64,
}

/// What the promises of a model come to in the runs of a point, in the order of the targets and of
/// what they cover.
pub(super) fn promises(model: &Model, runs: &[RunResult]) -> Vec<Promise> {
    let mut rows = Vec::new();
    for (number, (target, scopes)) in model.targets.iter().zip(promise_scopes(model)).enumerate() {
        let of_target: Vec<&[ScopeShare]> =
            runs.iter().map(|run| run.promises[number].as_slice()).collect();
        rows.extend(of_one(target, &scopes, &of_target));
    }
    rows
}

/// The rows of one target.
fn of_one(target: &Target, scopes: &[PromiseScope], runs: &[&[ScopeShare]]) -> Vec<Promise> {
    for run in runs {
        assert_eq!(run.len(), scopes.len(), "scopes of {} in a run", target.name);
    }
    // There may be thousands of scopes, and of runs: the share of each run is judged, and not kept.
    let judged =
        |of_runs: &[&TargetShare]| TargetSummary { shares: Vec::new(), ..fared(target, of_runs) };
    let all: Vec<TargetSummary> = (0..scopes.len())
        .map(|place| judged(&runs.iter().map(|run| &run[place].fared).collect::<Vec<_>>()))
        .collect();
    let (shown, others) = worst(&all);
    let own = shown.iter().map(|place| Promise {
        scope: scopes[*place].scope.clone(),
        application: scopes[*place].application.clone(),
        fared: all[*place].clone(),
        breaks_first: breaks_first(runs, &[*place]),
        n_scopes: 1,
    });
    let mut rows: Vec<Promise> = own.collect();
    if !others.is_empty() {
        let together: Vec<TargetShare> = runs.iter().map(|run| together(run, &others)).collect();
        rows.push(Promise {
            scope: String::new(),
            application: None,
            fared: judged(&together.iter().collect::<Vec<_>>()),
            breaks_first: breaks_first(runs, &others),
            n_scopes: index_u64(others.len()),
        });
    }
    rows
}

/// Places of the scopes that have rows of their own, and of the others, both in their order.
///
/// The worst are those of which the least share held; then those that missed most, and then those
/// with the worst time. Scopes without anything to judge come last.
fn worst(all: &[TargetSummary]) -> (Vec<usize>, Vec<usize>) {
    let mut places: Vec<usize> = (0..all.len()).collect();
    if all.len() <= ROWS_MAX {
        return (places, Vec::new());
    }
    let share = |place: &usize| all[*place].judgement.mean.unwrap_or(f64::INFINITY);
    let badness = |place: &usize| (all[*place].n_missed, all[*place].worst);
    places.sort_by(|one, other| {
        share(one).total_cmp(&share(other)).then_with(|| badness(other).cmp(&badness(one)))
    });
    let mut others = places.split_off(ROWS_MAX - 1);
    places.sort_unstable();
    others.sort_unstable();
    (places, others)
}

/// Several scopes of one run as one: their shares weigh as much as they rest on.
fn together(run: &[ScopeShare], places: &[usize]) -> TargetShare {
    let mut sum = TargetShare::default();
    let mut held = 0.0;
    for TargetShare { share, n, n_missed, worst, n_open } in
        places.iter().map(|place| run[*place].fared)
    {
        held += share.unwrap_or_default() * count_u64(n);
        sum.n += n;
        sum.n_missed += n_missed;
        sum.n_open += n_open;
        sum.worst = sum.worst.max(worst);
    }
    let has_share = places.iter().any(|place| run[*place].fared.share.is_some());
    sum.share = has_share.then(|| (held / count_u64(sum.n)).clamp(0.0, 1.0));
    sum
}

/// What the copies that broke a promise in these scopes spent most of their time on; where none did
/// in any run, what took most of the slowest copy of all runs.
fn breaks_first(runs: &[&[ScopeShare]], places: &[usize]) -> Option<Cause> {
    let each = || runs.iter().flat_map(|run| places.iter().map(|place| &run[*place]));
    let mut sums = [0_u128; Cause::ALL.len()];
    let mut any = false;
    for of_run in each() {
        any |= !of_run.broke.is_empty();
        for (sum, more) in sums.iter_mut().zip(&of_run.broke) {
            *sum = sum.saturating_add(*more);
        }
    }
    if any {
        let greatest = sums.iter().copied().max().filter(|most| 0 < *most);
        return greatest.and_then(|most| sums.iter().position(|sum| *sum == most)).map(cause);
    }
    let slowest = each().filter_map(|of_run| of_run.slowest);
    slowest.reduce(|one, other| if one.took < other.took { other } else { one })?.cause
}

fn cause(place: usize) -> Cause {
    Cause::ALL[place]
}

#[cfg(test)]
mod tests;
