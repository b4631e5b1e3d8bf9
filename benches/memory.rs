//! Peak memory of a stable scenario at one and at ten times its horizon.
//!
//! Each run has a process of its own, which reads its own peak from the kernel (`VmHWM`, Linux
//! only). A run keeps what lives, not what has passed, so the two differ by less than 5 %; the
//! bench says by how much, and fails beyond.
#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::path::PathBuf;
use std::process::Command;

use snapferry::drive::{self, Keep};
use snapferry::engine::network::DefaultNetwork;
use snapferry::record::NoRows;
use snapferry::scenario::{Scenario, Source};

/// Set for the process that runs one horizon.
const HORIZON: &str = "SNAPFERRY_MEMORY_HORIZON";

/// Retained for 3 days at the longest, so that the base horizon of 30 days is ten times that.
const SCENARIO: &str = r#"
[scenario]
question = "Does memory grow with the horizon?"
horizon = "30 days"

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 60
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "2 TiB" }
change = { median = "8 %/day", between_volumes = 0.5, common = 0.4 }
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", retain = "3 days" }]

[[target]]
kind = "rpo"
fleet = "databases"
limit = "2 h"
share = "99.9 %"

[[target]]
kind = "batch"
fleet = "databases"
limit = "1 h"
"#;

fn main() {
    if let Ok(horizon) = std::env::var(HORIZON) {
        run(&horizon);
        return;
    }
    let peaks: Vec<Option<u64>> = ["30 days", "300 days"].map(peak_of).to_vec();
    let [Some(base), Some(long)] = peaks[..] else {
        println!("memory: peaks are read from /proc, which this system does not have");
        return;
    };
    println!("memory/30_days   {base} KiB");
    println!("memory/300_days  {long} KiB");
    println!("memory: ten times the horizon takes {} KiB more", long.saturating_sub(base));
    assert!(long * 100 <= base * 105, "{long} KiB are over 5 % more than {base} KiB");
}

/// Peak memory, KiB, of a process that runs one horizon.
fn peak_of(horizon: &str) -> Option<u64> {
    let program = std::env::current_exe().expect("a running program has a path");
    let child = Command::new(program).env(HORIZON, horizon).output().expect("it starts again");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    String::from_utf8_lossy(&child.stdout).trim().parse().ok()
}

/// Runs one replication and prints the peak memory of this process.
fn run(horizon: &str) {
    let source =
        Source { name: "memory.toml".to_owned(), text: SCENARIO.to_owned(), base: PathBuf::new() };
    let settings = [("scenario.horizon".to_owned(), horizon.to_owned())];
    let no_inputs = |_: &str| Err("the scenario has no inputs".to_owned());
    let scenario = Scenario::parse(&source, &no_inputs, &settings).expect("it is right");
    let keep = Keep { series: true };
    let result = drive::run::<DefaultNetwork>(&scenario.model, 0, keep, &mut NoRows);
    assert!(0 < result.n_copies, "something was copied");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or("unknown").trim().trim_end_matches(" kB"));
}
