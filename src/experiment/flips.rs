//! Assumptions that turn a verdict: the same draws again with one switch flipped at a time.

use super::FlippedModels;
use super::crew::Crew;
use super::summary::{PointSummary, TargetSummary};
use crate::drive::RunResult;
use crate::model::{Model, Switch};
use crate::stats::{Judgement, judge};

/// Replications with which a flip is judged: from 20 on, nothing missed is a yes.
const RUNS: u32 = 20;

/// Replications after which a flip that has changed no share of any target is left alone: most
/// assumptions bear on a copy here and there, and on no promise.
const FIRST_RUNS: u32 = 5;

/// What one flipped assumption does to one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The assumption.
    pub switch: Switch,
    /// What it is flipped to, as a scenario writes it.
    pub text: String,
    /// The target, by name.
    pub target: String,
    /// How the target fares as assumed, over the replications that are compared.
    pub base: Judgement,
    /// How it fares with the flip, in the same replications.
    pub flipped: Judgement,
    /// Whether the flip gives another verdict than these replications and than the whole run.
    pub turns: bool,
    /// Replications that are compared.
    pub n_runs: usize,
}

/// Flips, one at a time, the assumptions that bore on the runs of a point.
pub(super) fn of(
    summary: &PointSummary,
    flipped: &FlippedModels<'_>,
    crew: &Crew<'_>,
) -> Vec<Flip> {
    if summary.targets.is_empty() {
        return Vec::new();
    }
    let flips = flipped(summary.touched);
    let n_runs = u32::try_from(summary.n_runs).unwrap_or(u32::MAX).min(RUNS);
    let n_first = n_runs.min(FIRST_RUNS);
    let models: Vec<&Model> = flips.iter().map(|(.., model)| model).collect();
    let mut results = crew.run_models(&models, 0..n_first);

    let matters = |runs: &[RunResult]| !is_same(summary, runs);
    let mattering: Vec<usize> = (0..flips.len()).filter(|idx| matters(&results[*idx])).collect();
    let models: Vec<&Model> = mattering.iter().map(|idx| models[*idx]).collect();
    for (idx, more) in mattering.iter().zip(crew.run_models(&models, n_first..n_runs)) {
        results[*idx].extend(more);
    }
    let each = flips.iter().zip(&results);
    each.flat_map(|((switch, text, _), runs)| {
        let targets = summary.targets.iter().enumerate();
        targets.map(|(place, target)| compare((*switch, text), target, &shares(runs, place)))
    })
    .collect()
}

/// Whether each target fared in each of these runs as it did as assumed.
fn is_same(summary: &PointSummary, runs: &[RunResult]) -> bool {
    summary.targets.iter().enumerate().all(|(place, target)| {
        let flipped = shares(runs, place);
        let pairs = target.shares.iter().zip(&flipped);
        pairs.into_iter().all(|(base, flipped)| base.to_bits() == flipped.to_bits())
    })
}

/// The share of one target in each run.
fn shares(runs: &[RunResult], place: usize) -> Vec<f64> {
    runs.iter().map(|run| run.targets[place].share.unwrap_or(f64::NAN)).collect()
}

fn compare((switch, text): (Switch, &str), target: &TargetSummary, flipped: &[f64]) -> Flip {
    let n_runs = flipped.len();
    let base = judge(&target.shares[..n_runs], target.promised);
    let flipped = judge(flipped, target.promised);
    let is_new = |verdict| flipped.verdict != verdict;
    Flip {
        switch,
        text: text.to_owned(),
        target: target.name.clone(),
        base,
        flipped,
        turns: is_new(base.verdict) && is_new(target.judgement.verdict),
        n_runs,
    }
}
