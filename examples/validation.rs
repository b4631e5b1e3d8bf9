//! How often the intervals that the program prints hold, where the truth is known.
//!
//! 2,000 experiments a case: each is some runs of a named generator, whose truth has a closed form,
//! and what the program would print of them. Prints the table of docs/model.md, "How well the
//! intervals cover", and fails where a kind of interval covers less than it has to.
//!
//! ```sh
//! cargo run --release --example validation            # 2,000 experiments a case
//! cargo run --release --example validation -- 200     # a quick look
//! ```
#![expect(clippy::print_stdout, reason = "it prints what it finds")]

#[path = "validation/cases.rs"]
mod cases;
#[path = "validation/experiments.rs"]
mod experiments;
#[path = "validation/generator.rs"]
mod generator;

use std::process::ExitCode;

use experiments::{Case, Coverage, Duty, Kind, LEAST, MOST};

/// Experiments a case.
const EXPERIMENTS: u32 = 2000;

/// Numbers of runs of the columns.
const RUNS: [usize; 5] = [4, 5, 10, 30, 100];

fn main() -> ExitCode {
    let asked = std::env::args().nth(1).map(|n| n.parse::<u32>());
    let n_experiments = match asked {
        None => EXPERIMENTS,
        Some(Ok(n)) if 0 < n => n,
        Some(_) => {
            println!("usage: validation [EXPERIMENTS]: a number of experiments a case, from 1");
            return ExitCode::from(2);
        }
    };
    let cases: Vec<Case> = cases::all(&RUNS[1..]).into_iter().chain(cases::silent()).collect();
    let done: Vec<Coverage> = cases.iter().map(|case| Coverage::of(case, n_experiments)).collect();
    let titles = RUNS.map(|n| format!("{n} runs"));
    println!("| interval of | generator | {} | Student alone |", titles.join(" | "));
    println!("|---|---|{}---|", "---:|".repeat(RUNS.len()));
    let mut rows: Vec<(Kind, &str)> = Vec::new();
    for case in &cases {
        let row = (case.kind, case.generator.as_str());
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.sort_by_key(|(kind, _)| *kind); // stable
    for row in rows {
        let of_row =
            cases.iter().zip(&done).filter(|(case, _)| (case.kind, &*case.generator) == row);
        println!("{}", line(row, &of_row.collect::<Vec<_>>()));
    }
    let faults = cases.iter().zip(&done).filter(|(case, of)| fault(case, of).is_some());
    let n_faults = faults.count();
    println!("\n{} cases, {n_experiments} experiments each, {n_faults} faults", cases.len());
    if 0 < n_faults { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// One row of the table: a column for each number of runs, and the range of Student alone.
fn line((kind, generator): (Kind, &str), of_row: &[(&Case, &Coverage)]) -> String {
    let cell = |n: usize| {
        let found = of_row.iter().find(|(case, _)| case.n_runs == n);
        found.map(|(case, coverage)| cell(case, coverage)).unwrap_or_default()
    };
    let printed = of_row.iter().filter(|(case, _)| case.duty != Duty::Silence);
    let alone = printed.map(|(_, of)| f64::from(of.n_student) / f64::from(of.n_experiments));
    let (low, high) =
        alone.fold((1.0, 0.0), |(low, high): (f64, f64), of| (low.min(of), high.max(of)));
    let alone = if high < low {
        String::new()
    } else {
        format!("{:.1}–{:.1}", low * 100.0, high * 100.0)
    };
    format!("| {} | {generator} | {} | {alone} |", kind.name(), RUNS.map(cell).join(" | "))
}

/// `95.1`; `95.1 of 80` where 80 % are printed; `–` where nothing is; what is wrong with it, if
/// anything.
fn cell(case: &Case, coverage: &Coverage) -> String {
    let printed = 100.0 * f64::from(coverage.n_printed) / f64::from(coverage.n_experiments);
    let said = match coverage.held() {
        None => "–".to_owned(),
        Some(held) if 99.5 <= printed => format!("{:.1}", held * 100.0),
        Some(held) => format!("{:.1} of {printed:.0}", held * 100.0),
    };
    match fault(case, coverage) {
        None => said,
        Some(fault) => format!("**{said}: {fault}**"),
    }
}

/// What is wrong with a case, if anything.
fn fault(case: &Case, coverage: &Coverage) -> Option<&'static str> {
    match (case.duty, coverage.held()) {
        (Duty::Silence, Some(_)) => Some("may not be printed"),
        (Duty::Cover | Duty::CoverNoMore, Some(held)) if held < LEAST => Some("too little"),
        (Duty::CoverNoMore, Some(held)) if MOST < held => Some("too much"),
        (Duty::Cover | Duty::CoverNoMore, Some(_)) | (Duty::Silence, None) => None,
        (Duty::Cover | Duty::CoverNoMore, None) => Some("never printed"),
    }
}
