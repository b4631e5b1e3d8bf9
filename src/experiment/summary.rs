//! What the runs of one design point say together: measures, targets, and whether it is steady.

use std::collections::BTreeMap;

use crate::drive::{Measured, RunResult, TargetShare, part_of_cycle};
use crate::model::{Model, Target, TargetKind};
use crate::plan::Point;
use crate::record::measure::{self, Measure};
use crate::stats::{
    Estimate, Growth, Histogram, Judgement, LEVEL, Truncation, growth, judge, longer_warm_up,
    nearest_ranks,
};
use crate::units::{Span, index_u64};

/// Shares of the runs at which quantiles of a measure are told: `p50`, `p95`, `p99`.
pub const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

/// Why a measure has no mean: it would say how long the window is.
pub const NO_STEADY_STATE: &str = "no steady state";

/// What the runs of one design point say together.
#[derive(Debug, Clone, PartialEq)]
pub struct PointSummary {
    /// Its place in the plan.
    pub index: usize,
    /// Value of each axis, as (key, value).
    pub labels: Vec<(String, String)>,
    /// How many runs there were.
    pub n_runs: usize,
    /// `all`, each `fleet → destination`, then whatever else has measures.
    pub scopes: Vec<String>,
    /// Rows of `summary.csv`, by scope.
    pub measures: Vec<MeasureSummary>,
    /// The targets, in the order of the scenario.
    pub targets: Vec<TargetSummary>,
    /// Whether the backlog grows over the window.
    pub growth: Growth,
    /// When the copies that count should begin, where MSER-5 disagrees with the warm-up.
    pub start: Option<Start>,
    /// Assumptions that bore on any run, as bits of [`crate::model::Switch::bit`].
    pub touched: u64,
}

/// What MSER-5 says of the warm-up of a point, where it disagrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// What counts should begin so long after the start of the run.
    After(Span),
    /// The horizon is too short to say from when on the backlog no longer depends on the start.
    Unsettled,
}

/// One measure of one scope over the runs of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSummary {
    /// What it is about, by index into [`PointSummary::scopes`].
    pub scope: usize,
    /// Which measure.
    pub measure: Measure,
    /// Mean with its interval, which it has not where unfinished copies can only raise it; `None`
    /// where the backlog grows, and the mean would say no more than how long the window is.
    pub estimate: Option<Estimate>,
    /// Nearest-rank quantiles over runs, at [`QUANTILES`].
    pub quantiles: [Option<f64>; 3],
    /// For times to completion, the same measure of the copies of all runs together.
    pub pooled: Option<f64>,
    /// Whether unfinished copies can only raise it.
    pub at_least: bool,
    /// Runs that had a value.
    pub n_runs: usize,
    /// Copies, batches, or seconds that it rests on, all runs together.
    pub n: u64,
}

/// How one target fared over the runs of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSummary {
    /// Its name.
    pub name: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub kind: &'static str,
    /// The promised share, 0 to 1.
    pub promised: f64,
    /// The verdict with what it rests on.
    pub judgement: Judgement,
    /// Share of each run, in order of the replications; NaN where there was nothing to judge.
    pub shares: Vec<f64>,
    /// Longest time to completion, makespan, or age over all runs; none for links.
    pub worst: Option<Span>,
    /// Copies, batches, or volumes that it rests on, all runs together.
    pub n: u64,
    /// Of these, those that did not hold.
    pub n_missed: u64,
    /// Outside the share: not yet past their limit when the run ended.
    pub n_open: u64,
}

impl PointSummary {
    /// Puts the runs of a point together.
    ///
    /// # Panics
    /// When there are no runs.
    pub fn of(point: &Point, runs: &[RunResult]) -> PointSummary {
        assert!(!runs.is_empty(), "point {} without runs", point.index);
        let backlogs: Vec<Vec<u64>> = runs.iter().map(|run| run.backlog.to_vec()).collect();
        let growth = backlog_growth(&point.model, &backlogs);
        let scopes = scopes(runs);
        PointSummary {
            index: point.index,
            labels: point.labels.clone(),
            n_runs: runs.len(),
            measures: measures(&scopes, runs, growth == Growth::Growing),
            targets: targets(&point.model, runs),
            scopes,
            growth,
            start: start(&point.model, runs),
            touched: runs.iter().fold(0, |touched, run| touched | run.touched),
        }
    }

    /// A measure of a scope.
    pub fn find(&self, scope: usize, measure: &Measure) -> Option<&MeasureSummary> {
        self.measures.iter().find(|row| row.scope == scope && row.measure.name == measure.name)
    }

    /// The mean of a measure of a scope over runs.
    pub fn mean(&self, scope: usize, measure: &Measure) -> Option<f64> {
        Some(self.find(scope, measure)?.estimate?.mean)
    }
}

/// Whether the backlog grows. Where all that is due is due once, as requests of a log are, it ends by
/// itself, and no longer window would have another.
pub(super) fn backlog_growth(model: &Model, backlogs: &[Vec<u64>]) -> Growth {
    let recurs = model.fleets.iter().any(|fleet| fleet.schedule.cycle().is_some());
    if recurs { growth(backlogs) } else { Growth::Unknown }
}

/// Whether the backlog is another at the start of what counts than later.
fn start(model: &Model, runs: &[RunResult]) -> Option<Start> {
    let width = part_of_cycle(model)?;
    let parts: Vec<Vec<f64>> = runs.iter().map(|run| run.backlog_means.clone()).collect();
    let warm_up = usize::try_from(model.warm_up.round_up_to(width).whole(width)).ok()?;
    Some(match longer_warm_up(&parts, warm_up)? {
        Truncation::After(cut) => Start::After(width.times(index_u64(cut))),
        Truncation::TooShort => Start::Unsettled,
    })
}

/// All scopes of the runs, in the order in which they first appear.
fn scopes(runs: &[RunResult]) -> Vec<String> {
    let mut scopes = runs[0].scopes.clone();
    for run in &runs[1..] {
        if run.scopes == scopes {
            continue;
        }
        for scope in &run.scopes {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
    }
    scopes
}

/// The values of one measure of one scope.
struct Gathered {
    measure: Measure,
    values: Vec<f64>,
    n: u64,
    at_least: bool,
}

fn measures(scopes: &[String], runs: &[RunResult], grows: bool) -> Vec<MeasureSummary> {
    let mut gathered: Vec<Vec<Gathered>> = scopes.iter().map(|_| Vec::new()).collect();
    let mut merged: BTreeMap<usize, Histogram> = BTreeMap::new();
    for run in runs {
        let of_run: Vec<usize> = run
            .scopes
            .iter()
            .map(|name| scopes.iter().position(|scope| scope == name).expect("all are there"))
            .collect();
        let mut likely = vec![0; scopes.len()];
        for measured in &run.measures {
            let scope = of_run[measured.scope];
            likely[scope] = 1 + gather(&mut gathered[scope], measured, likely[scope]);
        }
        for (scope, completions) in &run.completions {
            merged.entry(of_run[*scope]).or_default().merge(completions);
        }
    }
    let of_scope = gathered.into_iter().enumerate();
    let rows = of_scope.flat_map(|(scope, rows)| rows.into_iter().map(move |row| (scope, row)));
    rows.map(|(scope, row)| {
        let pooled = merged.get(&scope).and_then(|all| pooled(&row.measure, all));
        summarize(scope, &row, pooled, grows)
    })
    .collect()
}

/// Puts one value to its row and gives the row's place. Runs mostly measure the same in the same
/// order, so there is a place where it is `likely` to be.
fn gather(rows: &mut Vec<Gathered>, measured: &Measured, likely: usize) -> usize {
    let is_its = |row: &Gathered| row.measure.name == measured.measure.name;
    let known = match rows.get(likely) {
        Some(row) if is_its(row) => Some(likely),
        Some(_) | None => rows.iter().position(is_its),
    };
    let idx = known.unwrap_or_else(|| {
        rows.push(Gathered {
            measure: measured.measure,
            values: Vec::new(),
            n: 0,
            at_least: false,
        });
        rows.len() - 1
    });
    let row = &mut rows[idx];
    row.values.push(measured.value);
    row.n += measured.n;
    row.at_least |= measured.at_least;
    idx
}

fn summarize(scope: usize, row: &Gathered, pooled: Option<f64>, grows: bool) -> MeasureSummary {
    let estimate = estimate(&row.measure, &row.values, grows && depends_on_window(&row.measure));
    MeasureSummary {
        scope,
        measure: row.measure,
        estimate: estimate.map(|of| if row.at_least { of.alone() } else { of }),
        quantiles: nearest_ranks(&row.values, QUANTILES),
        pooled,
        at_least: row.at_least,
        n_runs: row.values.len(),
        n: row.n,
    }
}

/// The mean of one value per run with its interval, unless it is withheld.
pub(super) fn estimate(measure: &Measure, values: &[f64], withheld: bool) -> Option<Estimate> {
    let of = if measure.unit == "share" { Estimate::of_shares } else { Estimate::of };
    of(values, LEVEL).filter(|_| !withheld)
}

/// Whether a growing backlog makes the mean of a measure a matter of the window's length: all
/// times but the ways back inside the targets, and the shares that arrive in time. Counts, amounts,
/// and rates are what they are.
pub(super) fn depends_on_window(measure: &Measure) -> bool {
    let in_time = [measure::ON_TIME, measure::MET_DURATION, measure::RPO_NONE];
    let ways = [measure::FIRST_INSIDE, measure::BACK_INSIDE, measure::FIRST_COPY];
    if ways.iter().any(|way| way.name == measure.name) {
        return false; // a way that has no end says so: at least
    }
    measure.unit == "s" || in_time.iter().any(|share| share.name == measure.name)
}

/// A time to completion, in seconds, of the copies of all runs together.
fn pooled(measure: &Measure, all: &Histogram) -> Option<f64> {
    let nanos = match measure.name {
        name if name == measure::COMPLETION_MEAN.name => all.mean(),
        name if name == measure::COMPLETION_P50.name => all.quantile(QUANTILES[0]),
        name if name == measure::COMPLETION_P95.name => all.quantile(QUANTILES[1]),
        name if name == measure::COMPLETION_P99.name => all.quantile(QUANTILES[2]),
        name if name == measure::COMPLETION_MAX.name => all.max(),
        _ => None,
    };
    nanos.map(|nanos| Span::from_nanos(nanos).secs())
}

fn targets(model: &Model, runs: &[RunResult]) -> Vec<TargetSummary> {
    let each = model.targets.iter().enumerate();
    each.map(|(idx, target)| {
        let of_target: Vec<&TargetShare> = runs.iter().map(|run| &run.targets[idx]).collect();
        fared(target, &of_target)
    })
    .collect()
}

/// How a target, or one of its scopes, fared over the runs.
pub(super) fn fared(target: &Target, runs: &[&TargetShare]) -> TargetSummary {
    let shares: Vec<f64> = runs.iter().map(|run| run.share.unwrap_or(f64::NAN)).collect();
    let is_link = matches!(target.kind, TargetKind::Link { .. });
    TargetSummary {
        name: target.name.clone(),
        kind: kind(&target.kind),
        promised: target.share,
        judgement: judge(&shares, target.share),
        shares,
        worst: runs.iter().filter_map(|run| run.worst).max().filter(|_| !is_link),
        n: runs.iter().map(|run| run.n).sum(),
        n_missed: runs.iter().map(|run| run.n_missed).sum(),
        n_open: runs.iter().map(|run| run.n_open).sum(),
    }
}

fn kind(kind: &TargetKind) -> &'static str {
    match kind {
        TargetKind::Copy { .. } => "copy",
        TargetKind::Batch { .. } | TargetKind::BatchBy { .. } => "batch",
        TargetKind::Rpo { .. } => "rpo",
        TargetKind::Link { .. } => "link",
    }
}

#[cfg(test)]
mod tests;
