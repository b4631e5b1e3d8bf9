//! The table of `docs/performance.md`: whole runs by CPU time. Beside `SimGrid`: `benches/peers`.
//!
//! The best of five batches by the time that the thread was on a processor, so that a busy machine
//! tells the same as a quiet one, but for its caches. Linux only; elsewhere use `--bench flows`.
//! With words after `--`, only the workloads whose names have one of them.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use processor::best_s;
use snapferry::drive::flows::{FlowCase, run};
use snapferry::engine::network::{Levels, Network, OneLink, Reference};
use snapferry::units::{Rate, count, thousands};
use workloads::{C20, C200, DL70, DL110, OVER, w1, w2, w4};

#[path = "workloads/processor.rs"]
mod processor;
#[path = "workloads/generator.rs"]
mod workloads;

/// A workload.
struct Row {
    name: &'static str,
    case: FlowCase,
    /// Whether the reference ends it in seconds.
    has_reference: bool,
}

fn rows() -> Vec<Row> {
    let row = |name, case, has_reference| Row { name, case, has_reference };
    vec![
        row("w1_1e6", w1(1_000_000), true),
        row("w2_c20_1e4", w2(10_000, &C20), true),
        row("w2_c20_1e5", w2(100_000, &C20), true),
        row("w2_c200_1e5", w2(100_000, &C200), false),
        row("w2_over_1e5", w2(100_000, &OVER), false),
        row("w4_dl70_1e4", w4(10_000, &DL70), true),
        row("w4_dl110_1e4", w4(10_000, &DL110), true),
        row("w4_dl70_1e5", w4(100_000, &DL70), false),
        row("w4_dl110_1e5", w4(100_000, &DL110), false),
    ]
}

fn measure<N: Network + Default>(network: &str, row: &Row) {
    let best_s = best_s(|| {
        let outcome = run::<N>(&row.case);
        assert_eq!(outcome.finished.iter().flatten().count(), row.case.flows.len());
    });
    let n_flows = count(row.case.flows.len());
    let per_s = thousands(n_flows / best_s, 0);
    println!("| {} | {network} | {best_s:.4} | {per_s} |", row.name);
}

/// What a network needs to know to tell whether it bears the flows of a case.
fn flows(case: &FlowCase) -> impl Iterator<Item = (&[usize], Rate)> {
    case.flows.iter().map(|flow| (flow.path.as_slice(), flow.cap))
}

fn main() {
    println!("| workload | network | s | flows/s |");
    println!("|---|---|---|---|");
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
