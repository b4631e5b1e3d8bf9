//! Flow-level scenarios: flows enter the network alone, once, and each leaves a row.

use super::crew::Crew;
use super::folder::{Failure, Staging};
use super::summary::PointSummary;
use super::tables::Tables;
use super::{Outcome, Stage};
use crate::drive::flows::{FlowArrival, FlowCase, FlowOutcome};
use crate::drive::{Measured, RunResult};
use crate::model::FlowLevel;
use crate::plan::{Plan, Point};
use crate::record::measure::{self as m, Measure};
use crate::record::{CsvTable, table};
use crate::stats::Histogram;
use crate::units::{Bytes, Span, count_u64, index_u64};

/// Totals of a flow-level scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlowTotals {
    /// How many flows there were.
    pub n_flows: u64,
    /// How many ended; the others stall for ever.
    pub n_ended: u64,
    /// Longest time from the first arrival to the last end of any point.
    pub makespan: Span,
}

/// Whether these points are flow-level ones.
pub(super) fn is(points: &[Point]) -> bool {
    points.iter().any(|point| point.model.flow_level.is_some())
}

/// Carries out some points and writes what is to be kept of them.
pub(super) fn run(
    crew: &Crew<'_>,
    plan: &Plan,
    points: &[Point],
    tables: &mut Tables<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let levels: Vec<&FlowLevel> =
        points.iter().filter_map(|point| point.model.flow_level.as_ref()).collect();
    let cases: Vec<FlowCase> = levels.iter().map(|level| case(level)).collect();
    crew.observer.enters(Stage::Simulate);
    let ended = crew.run_flows(&cases);
    crew.observer.enters(Stage::Write);
    for ((point, level), flows) in points.iter().zip(levels).zip(&ended) {
        let is_sweep = 1 < plan.points.len();
        write(tables.staging(), is_sweep.then_some(point.index), level, flows)?;
        let totals = outcome.flow_level.get_or_insert_default();
        totals.n_flows += index_u64(level.flows.len());
        totals.n_ended += flows.n_ended;
        totals.makespan = totals.makespan.max(makespan(level, flows));
        outcome.n_runs += 1;
        outcome.n_copies += index_u64(level.flows.len());
        outcome.n_events += flows.n_events;
        let runs = [measured(level, flows)];
        let summary = PointSummary::of(point, &runs);
        tables.write_point(point, &runs, &summary)?;
        outcome.points.push(summary);
    }
    Ok(())
}

fn case(level: &FlowLevel) -> FlowCase {
    let flows = level.flows.iter().map(|flow| FlowArrival {
        arrives: flow.arrival,
        bytes: flow.bytes,
        path: flow.path.clone(),
        cap: flow.cap,
    });
    FlowCase {
        links: level.links.iter().map(|link| link.capacity).collect(),
        flows: flows.collect(),
    }
}

/// Writes `flows.csv`, or `flows-7.csv` for point 7 of a sweep.
fn write(
    staging: &Staging<'_>,
    point: Option<usize>,
    level: &FlowLevel,
    flows: &FlowOutcome,
) -> Result<(), Failure> {
    let columns = table("flows.csv").expect("a file of the table");
    let file = point.map_or("flows.csv".to_owned(), |point| format!("flows-{point}.csv"));
    let mut csv = CsvTable::new(staging.create(&file)?, columns, &[]);
    csv.header();
    for (flow, finished) in level.flows.iter().zip(&flows.finished) {
        csv.text(flow.id.as_str()).span(flow.arrival).bytes(flow.bytes).span(*finished).end();
    }
    let output =
        csv.finish().map_err(|error| Failure::new("write", &staging.path().join(file), error))?;
    output.finish()
}

fn makespan(level: &FlowLevel, flows: &FlowOutcome) -> Span {
    let first = level.flows.iter().map(|flow| flow.arrival).min().unwrap_or(Span::ZERO);
    let last = flows.finished.iter().flatten().max().copied().unwrap_or(first);
    last.minus_or_zero(first)
}

/// The flows as measures of one run, as if each were a copy that is due when it arrives.
fn measured(level: &FlowLevel, flows: &FlowOutcome) -> RunResult {
    let mut completions = Histogram::default();
    for (flow, finished) in level.flows.iter().zip(&flows.finished) {
        if let Some(finished) = finished {
            completions.record((*finished - flow.arrival).nanos());
        }
    }
    let due = index_u64(level.flows.len());
    let unfinished = due - flows.n_ended;
    let moved: Bytes = {
        let ended = level.flows.iter().zip(&flows.finished).filter(|(_, end)| end.is_some());
        ended.map(|(flow, _)| flow.bytes).sum()
    };
    let seconds = |nanos: u64| Span::from_nanos(nanos).secs();
    let quantile = |p| completions.quantile(p).map(seconds);
    let rows = [
        (m::DUE, Some(count_u64(due))),
        (m::COMPLETED, Some(count_u64(flows.n_ended))),
        (m::UNFINISHED, Some(count_u64(unfinished))),
        (m::COMPLETION_MEAN, completions.mean().map(seconds)),
        (m::COMPLETION_P50, quantile(0.5)),
        (m::COMPLETION_P95, quantile(0.95)),
        (m::COMPLETION_P99, quantile(0.99)),
        (m::COMPLETION_MAX, completions.max().map(seconds)),
        (m::MAKESPAN_MAX, (0 < flows.n_ended).then(|| makespan(level, flows).secs())),
        (m::MOVED, Some(moved.as_f64())),
    ];
    let measured = |(measure, value): (Measure, Option<f64>)| {
        let at_least = measure.unit == "s" && 0 < unfinished;
        Some(Measured { scope: 0, measure, value: value?, n: due, at_least })
    };
    RunResult {
        scopes: vec!["all".to_owned()],
        measures: rows.into_iter().filter_map(measured).collect(),
        completions: vec![(0, completions)],
        n_copies: due,
        n_events: flows.n_events,
        ..RunResult::default()
    }
}
