//! The table of `docs/performance.md`: whole runs by CPU time, beside `SimGrid` 4.1.
//!
//! The best of five batches by the time that the thread was on a processor, so that a busy machine
//! tells the same as a quiet one, but for its caches. Linux only; elsewhere use `--bench flows`.
//! With words after `--`, only the workloads whose names have one of them.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;

use snapferry::drive::flows::{FlowCase, run};
use snapferry::engine::network::{Levels, Network, OneLink, Reference};
use snapferry::units::{Rate, count, floor_count, thousands};
use workloads::{C20, C200, DL70, DL110, OVER, w1, w2, w4};

#[path = "workloads/generator.rs"]
mod workloads;

/// Batches of runs, of which the best counts.
const N_BATCHES: usize = 5;
/// Least time of a batch.
const BATCH_S: f64 = 0.4;
/// Step of the system's count.
const STEP_S: f64 = 0.004;

/// A workload, with the seconds that `SimGrid` 4.1 takes for it on one core, where known.
struct Row {
    name: &'static str,
    case: FlowCase,
    simgrid_s: Option<f64>,
    /// Whether the reference ends it in seconds.
    has_reference: bool,
}

fn rows() -> Vec<Row> {
    let row = |name, case, simgrid_s, has_reference| Row { name, case, simgrid_s, has_reference };
    vec![
        row("w1_1e6", w1(1_000_000), Some(3.7), true),
        row("w2_c20_1e4", w2(10_000, &C20), Some(10_000.0 / 4_700.0), true),
        row("w2_c20_1e5", w2(100_000, &C20), Some(26.0), true),
        row("w2_c200_1e5", w2(100_000, &C200), Some(507.0), false),
        row("w2_over_1e5", w2(100_000, &OVER), None, false),
        row("w4_dl70_1e4", w4(10_000, &DL70), Some(45.0), true),
        row("w4_dl110_1e4", w4(10_000, &DL110), Some(76.0), true),
        row("w4_dl70_1e5", w4(100_000, &DL70), None, false),
        row("w4_dl110_1e5", w4(100_000, &DL110), None, false),
    ]
}

/// Seconds that this thread was on a processor so far.
fn on_processor_s() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("a Linux machine");
    let nanos = text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.expect("nanoseconds come first") * 1e-9
}

/// Seconds on a processor for `n` runs, each.
fn seconds_each<N: Network + Default>(case: &FlowCase, n: usize) -> f64 {
    let begin_s = on_processor_s();
    for _ in 0..n {
        let outcome = run::<N>(case);
        assert_eq!(outcome.finished.iter().flatten().count(), case.flows.len());
    }
    (on_processor_s() - begin_s) / count(n)
}

fn measure<N: Network + Default>(network: &str, row: &Row) {
    // The system counts in steps of milliseconds: short runs are timed many at once.
    let once_s = seconds_each::<N>(&row.case, 1);
    let n = 1 + floor_count(BATCH_S / once_s.max(STEP_S));
    let each = (0..N_BATCHES).map(|_| seconds_each::<N>(&row.case, n));
    let best_s = each.fold(f64::INFINITY, f64::min);
    let n_flows = count(row.case.flows.len());
    let ratio = row.simgrid_s.map_or("–".to_owned(), |s| thousands(s / best_s, 0));
    let per_s = thousands(n_flows / best_s, 0);
    println!("| {} | {network} | {best_s:.4} | {per_s} | {ratio} |", row.name);
}

/// What a network needs to know to tell whether it bears the flows of a case.
fn flows(case: &FlowCase) -> impl Iterator<Item = (&[usize], Rate)> {
    case.flows.iter().map(|flow| (flow.path.as_slice(), flow.cap))
}

fn main() {
    println!("| workload | network | s | flows/s | times SimGrid |");
    println!("|---|---|---|---|---|");
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for row in rows() {
        if !wanted.is_empty() && !wanted.iter().any(|name| row.name.contains(name)) {
            continue;
        }
        if OneLink::bears(row.case.links.len(), flows(&row.case)) {
            measure::<OneLink>("one link", &row);
        }
        measure::<Levels>("levels", &row);
        if row.has_reference {
            measure::<Reference>("reference", &row);
        }
    }
}
