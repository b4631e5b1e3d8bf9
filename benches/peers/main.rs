//! The published workloads as files that other simulators read, and what our engine makes of them.
//!
//! `cargo bench --bench peers -- FOLDER NAME…` writes of each workload, such as `w2_c20_1e4`:
//!
//! - `NAME.toml` and `NAME.flows.csv`: a flow-level scenario, for `snapferry run`;
//! - `NAME.links.csv`: the capacities of its links, for other programs;
//! - `NAME.ours.csv`: when each flow ends by our engine, in the order of the flows;
//!
//! and prints a line each: name, flows, links, and the seconds of CPU time that a run takes, as
//! `--bench published` measures them. Linux only. The script `run` beside this file does it all.

#![expect(clippy::print_stdout, reason = "the lines are what this program is for")]
#![expect(clippy::print_stderr, reason = "and these go elsewhere")]

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use processor::best_s;
use snapferry::drive::flows::{FlowArrival, FlowCase, FlowOutcome, run_fastest};
use snapferry::units::Span;
use workloads::{C20, C200, DL70, DL110, OVER, w1, w2, w4};

#[path = "../workloads/generator.rs"]
mod workloads;
#[path = "../workloads/processor.rs"]
mod processor;

const USAGE: &str = "usage: cargo bench --bench peers -- FOLDER NAME…
NAME: w1_N, w2_c20_N, w2_c200_N, w2_over_N, w4_dl70_N, w4_dl110_N; N: 1e3, 1e4, 1e5, or 1e6 flows";

fn main() -> ExitCode {
    // `cargo bench` adds a word of its own, and without others runs every bench there is.
    let asked: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some((folder, names)) = asked.split_first() else {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    };
    let cases: Option<Vec<FlowCase>> = names.iter().map(|name| case(name)).collect();
    let Some(cases) = cases.filter(|cases| !cases.is_empty()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    for (name, case) in names.iter().zip(&cases) {
        if let Err(error) =
            write_case(folder, name, case).and_then(|()| measure(folder, name, case))
        {
            eprintln!("{}: {error}", folder.display());
            return ExitCode::from(4);
        }
    }
    ExitCode::SUCCESS
}

/// The workload of that name.
fn case(name: &str) -> Option<FlowCase> {
    let (kind, n) = name.rsplit_once('_')?;
    let n = match n {
        "1e3" => 1_000,
        "1e4" => 10_000,
        "1e5" => 100_000,
        "1e6" => 1_000_000,
        _ => return None,
    };
    match kind {
        "w1" => Some(w1(n)),
        "w2_c20" => Some(w2(n, &C20)),
        "w2_c200" => Some(w2(n, &C200)),
        "w2_over" => Some(w2(n, &OVER)),
        "w4_dl70" => Some(w4(n, &DL70)),
        "w4_dl110" => Some(w4(n, &DL110)),
        _ => None,
    }
}

/// Writes the scenario and its links.
fn write_case(folder: &Path, name: &str, case: &FlowCase) -> io::Result<()> {
    let (mut links, mut each) = ("name,capacity_bytes_per_s\n".to_owned(), String::new());
    for (idx, capacity) in case.links.iter().enumerate() {
        let capacity = capacity.get();
        let _ = writeln!(links, "l{idx},{capacity}");
        let _ = writeln!(each, "  {{ name = \"l{idx}\", capacity = \"{capacity} B/s\" }},");
    }
    let scenario = format!(
        "[scenario]\nquestion = \"When does each flow of {name} end?\"\n\n\
         [flows]\nfile = \"{name}.flows.csv\"\n\n[[link]]\neach = [\n{each}]\n"
    );
    let mut flows = "id,arrival_s,bytes,path,cap_bytes_per_s\n".to_owned();
    for (idx, flow) in case.flows.iter().enumerate() {
        let _ = writeln!(flows, "{idx},{}", cells(flow));
    }
    fs::write(folder.join(format!("{name}.links.csv")), links)?;
    fs::write(folder.join(format!("{name}.flows.csv")), flows)?;
    fs::write(folder.join(format!("{name}.toml")), scenario)
}

/// All columns but the first; numbers are written in full, so that a reader gets the same bits.
fn cells(flow: &FlowArrival) -> String {
    let path: Vec<String> = flow.path.iter().map(|link| format!("l{link}")).collect();
    let cap = flow.cap.get();
    let cap = if cap.is_finite() { cap.to_string() } else { String::new() };
    format!("{},{},{},{cap}", flow.arrives.to_column(), flow.bytes.get(), path.join(";"))
}

/// Writes when each flow ends, and prints what a run takes.
fn measure(folder: &Path, name: &str, case: &FlowCase) -> io::Result<()> {
    let mut outcome = FlowOutcome::default();
    let best_s = best_s(|| outcome = run_fastest(case));
    let mut ended = "id,finished_s\n".to_owned();
    for (idx, finished) in outcome.finished.iter().enumerate() {
        let finished = finished.map_or_else(String::new, Span::to_column);
        let _ = writeln!(ended, "{idx},{finished}");
    }
    fs::write(folder.join(format!("{name}.ours.csv")), ended)?;
    println!("{name} {} {} {best_s:.6}", case.flows.len(), case.links.len());
    Ok(())
}
