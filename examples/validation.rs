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
#[path = "validation/coverage.rs"]
mod coverage;
#[path = "validation/generator.rs"]
mod generator;

use std::process::ExitCode;

use coverage::Coverage;

/// Experiments a case.
const EXPERIMENTS: u32 = 2000;

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
    println!("| interval of | generator | runs | printed | covers | Student alone |");
    println!("|---|---|---|---|---|---|");
    let mut n_faults = 0;
    for case in cases::all() {
        let coverage = Coverage::of(&case, n_experiments);
        println!("{}", coverage.row(&case));
        if let Some(fault) = coverage.fault(&case) {
            println!("**{fault}**");
            n_faults += 1;
        }
    }
    if 0 < n_faults { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
