//! A plan that many machines carry out has the folder that one machine writes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::folders::{self, files, told};

/// One point, so that assumptions are flipped; five runs.
const SINGLE: &str = r#"
[scenario]
name = "single"
horizon = "1 day"
replications = 5

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 2
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "4 TiB" }
snapshot = { every = "2 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 day" }]

[[target]]
kind = "copy"
fleet = "databases"
limit = "1 h"
share = "99 %"
"#;

/// Points that need another number of runs: with 20 slots copies hardly wait, and ten runs are enough
/// for their mean; with one slot, those of a pair wait for each other.
const PRECISION: &str = r#"
[precision]
batch = 5
max_replications = 60
wanted = [{ measure = "completion_mean", relative_half_width = "2 %" }]
"#;

const AXIS: &str = "\n[[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = [1, 20]\n";

/// Flows on a link, of a file that the shards have to carry along.
const FLOWS: &str = r#"
[scenario]
name = "flows"
[[link]]
name = "l0"
capacity = "1000 B/s"
[flows]
file = "inputs/flows.csv"
[[axis]]
key = "link.l0.capacity"
values = ["1000 B/s", "2000 B/s"]
"#;

const FLOWS_CSV: &str = "id,arrival_s,bytes,path,cap_bytes_per_s\na,0,8000,l0,\nb,2,3000,l0,\n";

fn home() -> TempDir {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("single.toml"), SINGLE).unwrap();
    fs::write(home.path().join("sweep.toml"), [SINGLE, AXIS].concat()).unwrap();
    let precise =
        [SINGLE, AXIS, PRECISION].concat().replace("limit = \"1 h\"", "limit = \"20 min\"");
    fs::write(home.path().join("precise.toml"), precise).unwrap();
    fs::write(home.path().join("flows.toml"), FLOWS).unwrap();
    fs::create_dir(home.path().join("inputs")).unwrap();
    fs::write(home.path().join("inputs/flows.csv"), FLOWS_CSV).unwrap();
    home
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = folders::command(home, arguments);
    for variable in
        ["HQ_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "SLURM_ARRAY_TASK_ID"]
    {
        command.env_remove(variable);
    }
    command
}

/// Runs a command that has to succeed, and gives what it says to both streams.
fn done(mut command: Command) -> String {
    let output = command.output().unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    told
}

fn assert_same(left: &Path, right: &Path) {
    folders::assert_same(&files(left), &files(right), &left.display().to_string());
}

/// Carries all shards of a scenario out, and merges them into `merged`.
fn in_shards(home: &Path, scenario: &str, of: u32, more: &[&str]) {
    let above = format!("shards-{of}");
    for index in 1..=of {
        let shard = format!("{index}/{of}");
        let arguments = ["run", scenario, "--shard", &shard, "--out", &above];
        done(command(home, &[&arguments[..], more].concat()));
    }
    done(command(home, &["merge", &above, "--out", "merged"]));
}

/// 1, 3, and 7 shards, with more shards than runs of a point, with the rows of the first run and of
/// all, with a plan of one point, whose flips merging does, and with a sweep; 1, 2, and 8 threads.
#[test]
fn shards_and_threads_change_no_byte() {
    for (scenario, more) in [
        ("single.toml", &["--rows", "all"][..]),
        ("sweep.toml", &["--replications", "4", "--set", "scenario.seed=9"]),
        ("precise.toml", &["--rows", "none"]),
        ("flows.toml", &[]),
    ] {
        let home = home();
        let run = |threads: &str| {
            let arguments = ["run", scenario, "--out", threads, "--threads", threads];
            done(command(home.path(), &[&arguments[..], more].concat()));
            home.path().join(threads)
        };
        let one = run("1");
        for threads in ["2", "8"] {
            assert_same(&run(threads), &one);
        }
        for of in [1, 3, 7] {
            in_shards(home.path(), scenario, of, more);
            assert_same(&home.path().join("merged"), &one);
        }
    }
}

/// More replications go on from what shards brought together as from what one machine did.
#[test]
fn a_merged_folder_is_extended() {
    let home = home();
    let more = |place: &str| {
        let arguments = ["run", "sweep.toml", "--replications", "7", "--out", place];
        done(command(home.path(), &arguments))
    };
    more("at-once");
    in_shards(home.path(), "sweep.toml", 2, &[]);
    let told = more("merged");
    assert!(told.contains("taking up 10 of 14 runs that are finished"), "{told}");
    assert_same(&home.path().join("merged"), &home.path().join("at-once"));
}

/// It is looked after 5, 10, 15, … runs; fewer than 10 say nothing.
#[test]
fn points_have_the_runs_that_they_need() {
    let home = home();
    let told = done(command(home.path(), &["run", "precise.toml"]));
    assert!(
        told.contains("All points are known as well as wanted, after 10 to 15 runs."),
        "{told}"
    );
    let folder = files(&home.path().join("output/single"));
    let manifest = String::from_utf8(folder["manifest.toml"].clone()).unwrap();
    assert!(manifest.contains("n_runs = [15, 10]"), "{manifest}");
    let chart = String::from_utf8(folder["sweep.svg"].clone()).unwrap();
    assert!(chart.contains("2 points × 10 to 15 runs"), "{chart}");
    let told = done(command(home.path(), &["run", "precise.toml", "--json", "--out", "json"]));
    assert!(told.contains("\"precision\":[{\"n_runs\":15,\"reached\":true,"), "{told}");
    let told = done(command(home.path(), &["check", "precise.toml"]));
    assert!(told.contains("2 points × 5 to 60 replications of 24 h: 10 to 120 runs"), "{told}");
    let told = done(command(home.path(), &["run", "precise.toml", "--shard", "2/3"]));
    assert!(told.starts_with("shard 2 of 3: 10 runs\n"), "{told}"); // the second point as a whole
    let told = done(command(home.path(), &["run", "precise.toml", "--shard", "3/3"]));
    assert!(told.starts_with("shard 3 of 3: 0 runs\n"), "{told}");
}

/// What merging says and how it ends is what one machine says of the whole.
#[test]
fn merging_tells_the_answer() {
    let home = home();
    let whole = done(command(home.path(), &["run", "single.toml", "--out", "whole"]));
    for index in ["1/2", "2/2"] {
        let told = done(command(home.path(), &["run", "single.toml", "--shard", index]));
        let runs = if index == "1/2" { 3 } else { 2 }; // of five runs, 0, 2, and 4
        let name = index.replace('/', " of ");
        let folder = index.replace('/', "-of-");
        assert_eq!(
            told,
            format!("shard {name}: {runs} runs\n\n  output/single.shards/shard-{folder}\n")
        );
    }
    let arguments =
        ["merge", "output/single.shards/shard-2-of-2", "output/single.shards/shard-1-of-2"];
    let merged = done(command(home.path(), &arguments));
    assert_eq!(merged.replace("output/single", "whole"), whole);
    // under five runs nothing is sure, so nothing is met; the interval needs twenty
    let mut command = command(home.path(), &["merge", "output/single.shards", "--require"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
}

#[test]
fn a_task_of_an_engine_is_the_shard_that_the_engine_says() {
    let home = home();
    for (variable, number) in [
        ("SLURM_ARRAY_TASK_ID", "2"),
        ("HQ_TASK_ID", "2"),
        ("JOB_COMPLETION_INDEX", "1"),
        ("AWS_BATCH_JOB_ARRAY_INDEX", "1"),
    ] {
        let mut command = command(home.path(), &["run", "single.toml", "--shard", "auto/2"]);
        let told = done({
            command.env(variable, number);
            command
        });
        assert!(told.starts_with(&format!("shard 2 of 2, by {variable}: 2 runs")), "{told}");
    }
    let mut none = command(home.path(), &["run", "single.toml", "--shard", "auto/2"]);
    let output = none.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("no engine numbers this task"), "{}", told(&output));
    let mut beyond = command(home.path(), &["run", "single.toml", "--shard", "3/2"]);
    let output = beyond.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("there is no shard 3 of 2: they go from 1 to 2"));
}

/// Everything that is not exactly all shards of one question is refused, with exit code 3 and a
/// message that names the folder; nothing is written.
#[test]
fn what_is_not_all_of_one_plan_is_refused() {
    let home = home();
    let at = home.path();
    for index in ["1/3", "2/3", "3/3"] {
        done(command(at, &["run", "single.toml", "--shard", index, "--out", "s"]));
    }
    done(command(at, &["run", "single.toml", "--shard", "2/3", "--out", "seed", "--seed", "7"]));
    let more = ["run", "single.toml", "--shard", "2/3", "--out", "more", "--replications", "6"];
    done(command(at, &more));
    done(command(at, &["run", "single.toml", "--shard", "2/2", "--out", "two"]));
    done(command(at, &["run", "single.toml", "--out", "whole"]));
    let refused = |arguments: &[&str], why: &str| {
        let mut command = command(at, &[&["merge"], arguments, &["--out", "merged"]].concat());
        let output = command.output().unwrap();
        let told = told(&output);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains(why), "{told}");
        assert!(!at.join("merged").exists());
    };
    let [one, two, three] = [1, 2, 3].map(|index| format!("s/shard-{index}-of-3"));
    let (one, two, three) = (one.as_str(), two.as_str(), three.as_str());
    refused(&[one, two], "merge s: shard 3 of 3 is missing: run it first, with --shard 3/3");
    refused(&[two], "shards 1, 3 of 3 are missing");
    refused(&["s", two], "s/shard-2-of-3: it is shard 2 again, as s/shard-2-of-3");
    refused(
        &[one, "seed", three],
        "seed/shard-2-of-3: its runs are of other settings: scenario.seed=7, \
             instead of none, than those in s/shard-1-of-3",
    );
    refused(&[one, "more", three], "more/shard-2-of-3: it is of 6 replications, not 5");
    refused(&[one, two, three, "two"], "two/shard-2-of-2: it is one of 2 shards, and");
    refused(&["whole"], "whole: it is no shard");
    refused(&["inputs"], "inputs: there is no parts.bin in it, nor in a folder in it");
    // edited by hand, each file
    for (file, why) in [
        ("manifest.toml", "manifest.toml was edited"),
        ("parts.bin", "parts.bin was changed since it was written"),
        ("copies.csv", "copies.csv was changed since it was written"),
        ("scenario.toml", "scenario.toml was edited: it does not fit its hash in manifest.toml"),
    ] {
        // the text is that of the first shard, and so are the rows of the first run
        let path = at.join(one).join(file);
        let written = fs::read(&path).unwrap();
        fs::write(&path, [written.as_slice(), b"\n"].concat()).unwrap();
        refused(&["s"], why);
        fs::write(&path, written).unwrap();
    }
    done(command(at, &["merge", "s", "--out", "merged"]));
}
