//! Two threads on a sweep against two processes of one thread, each with half of it.
//!
//! Nothing is shared by the processes, so they are what two cores can do. Both ways take turns, a
//! few rounds of them; what counts is the best of each, because a machine that does other things as
//! well only ever makes them slower. Prints both times, and what share of the processes' speed the
//! threads reach: 0.95 is the aim.

#![expect(clippy::print_stdout, reason = "what it prints is what this program is for")]
#![expect(clippy::disallowed_methods, reason = "it measures real time")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Times that both ways are taken.
const ROUNDS: usize = 15;

/// The values of the axis: the first half is one process's, the second half the other's, and both
/// take as long.
const SLOTS: [[u32; 4]; 2] = [[5, 11, 20, 40], [6, 10, 21, 41]];

/// Replications of each design point.
const REPLICATIONS: u32 = 64;

/// Two hundred volumes a night in two fleets, for a week, with these slots.
fn scenario(slots: &[u32]) -> String {
    format!(
        r#"
        [scenario]
        start = "2027-01-04T00:00:00Z"
        horizon = "7 days"
        replications = {REPLICATIONS}

        [[fleet]]
        name = "databases"
        location = "us-east-1"
        volumes = 50
        size = {{ lognormal = {{ median = "1000 GiB", sigma = 0.8 }}, max = "16 TiB" }}
        snapshot = {{ at = "01:00", phase = "2 h" }}
        copy = [{{ to = "us-west-2", completion_duration = "1 h", retain = "3 days" }}]

        [[fleet]]
        name = "files"
        location = "us-east-1"
        volumes = 150
        size = {{ lognormal = {{ median = "100 GiB", sigma = 0.8 }}, max = "16 TiB" }}
        snapshot = {{ at = "01:00", phase = "2 h" }}
        copy = [{{ to = "us-west-2", retain = "7 days" }}]

        [[target]]
        kind = "copy"
        limit = "6 h"
        share = "99 %"

        [[axis]]
        key = "limits.snapshot_copies"
        values = {slots:?}
        "#
    )
}

/// Starts a run of a scenario in `folder`.
fn start(folder: &Path, name: &str, threads: u32) -> Child {
    Command::new(env!("CARGO_BIN_EXE_snapferry"))
        .current_dir(folder)
        .args(["run", &format!("{name}.toml"), "--quiet", "--no-flip", "--rows", "none"])
        .args(["--threads", &threads.to_string(), "--out", &format!("out-{name}")])
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Seconds until all of some runs are over.
fn seconds(folder: &Path, names: &[&str], threads: u32) -> f64 {
    let begun = Instant::now();
    let running: Vec<Child> = names.iter().map(|name| start(folder, name, threads)).collect();
    for mut child in running {
        let status = child.wait().expect("it ends");
        assert!(status.success(), "{status}");
    }
    begun.elapsed().as_secs_f64()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, slots: &[u32]| {
        let path = folder.path().join(format!("{name}.toml"));
        fs::write(path, scenario(slots)).expect("the folder takes files");
    };
    write("whole", &SLOTS.concat());
    write("first", &SLOTS[0]);
    write("second", &SLOTS[1]);
    let mut best = [f64::INFINITY; 2];
    for round in 1..=ROUNDS {
        let threads = seconds(folder.path(), &["whole"], 2);
        let processes = seconds(folder.path(), &["first", "second"], 1);
        println!("round {round}: two threads {threads:.3} s, two processes {processes:.3} s");
        for (best, took) in best.iter_mut().zip([threads, processes]) {
            *best = best.min(took);
        }
    }
    let [threads, processes] = best;
    println!("best: two threads {threads:.3} s, two processes {processes:.3} s");
    println!("the threads reach {:.3} of the processes", processes / threads);
}
