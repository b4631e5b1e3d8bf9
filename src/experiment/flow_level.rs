//! Flow-level scenarios: flows enter the network alone, once, and each leaves a row.

use serde::{Deserialize, Serialize};

use super::folder::Failure;
use super::parts::{Part, RowsPart};
use super::store::RowsFile;
use crate::drive::flows::{FlowArrival, FlowCase, FlowOutcome};
use crate::drive::{Measured, RunResult};
use crate::model::FlowLevel;
use crate::record::measure::{self as m, Measure};
use crate::record::{CsvTable, table};
use crate::stats::Histogram;
use crate::units::{Bytes, Span, count_u64, index_u64};

/// Totals of a flow-level scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FlowTotals {
    /// How many flows there were.
    pub n_flows: u64,
    /// How many ended; the others stall for ever.
    pub n_ended: u64,
    /// Longest time from the first arrival to the last end of any point.
    #[serde(with = "crate::units::stored")]
    pub makespan: Span,
}

/// The table of a run of flows: `flows.csv`, or `flows-7.csv` for point 7 of a sweep.
pub(super) fn table_name(point: usize, is_sweep: bool) -> String {
    if is_sweep { format!("flows-{point}.csv") } else { "flows.csv".to_owned() }
}

/// Carries out the one run of a flow-level point: its table is the rows that it leaves.
pub(super) fn run(
    level: &FlowLevel,
    run: fn(&FlowCase) -> FlowOutcome,
    file: RowsFile,
) -> Result<Part, Failure> {
    let flows = run(&case(level));
    let totals = FlowTotals {
        n_flows: index_u64(level.flows.len()),
        n_ended: flows.n_ended,
        makespan: makespan(level, &flows),
    };
    let rows = write(file, level, &flows)?;
    Ok(Part {
        result: measured(level, &flows),
        rows: rows.into_iter().collect(),
        flows: Some(totals),
    })
}

impl FlowTotals {
    /// Adds what another point comes to.
    pub(super) fn add(&mut self, other: FlowTotals) {
        self.n_flows += other.n_flows;
        self.n_ended += other.n_ended;
        self.makespan = self.makespan.max(other.makespan);
    }
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

/// Writes the table, with its header: no other run writes below it.
fn write(
    file: RowsFile,
    level: &FlowLevel,
    flows: &FlowOutcome,
) -> Result<Option<RowsPart>, Failure> {
    let path = file.path().to_owned();
    let mut csv = CsvTable::new(file, table("flows.csv").expect("a file of the table"), &[]);
    csv.header();
    for (flow, finished) in level.flows.iter().zip(&flows.finished) {
        csv.text(flow.id.as_str()).span(flow.arrival).bytes(flow.bytes).span(*finished).end();
    }
    csv.finish().map_err(|error| Failure::new("write", &path, error))?.finish()
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
