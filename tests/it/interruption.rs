//! A run that is stopped at any moment is taken up again, and ends in the bytes of one that was not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use snapferry::experiment::RESULTS_VERSION;
use tempfile::TempDir;

use crate::folders::{self, assert_same, files};

/// Many short runs: three points of 20, the first of each with rows.
const SWEEP: &str = r#"
[scenario]
name = "sweep"
horizon = "1 day"
replications = 20

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 3
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "4 TiB" }
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 day" }]

[[target]]
kind = "rpo"
fleet = "databases"
limit = "2 h"
share = "99 %"

[[axis]]
key = "limits.snapshot_copies"
values = [1, 2, 20]
"#;

/// More than 50 runs could tell: each point has all of them.
const PRECISION: &str = r#"
[precision]
max_replications = 50
wanted = [{ measure = "completion_mean", half_width = "1 ms" }]
"#;

fn home() -> TempDir {
    let home = TempDir::new().unwrap();
    let precise = [SWEEP, PRECISION].concat().replace("name = \"sweep\"", "name = \"precise\"");
    fs::write(home.path().join("precise.toml"), precise).unwrap();
    fs::write(home.path().join("sweep.toml"), SWEEP).unwrap();
    home
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = folders::command(home, &["run"]);
    command.args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the moments of kills are spread over a run's time")]
fn now() -> Instant {
    Instant::now()
}

/// Starts a run, stops it with SIGKILL after `wait`, and says whether it was still at work.
fn kill_after(home: &Path, arguments: &[&str], wait: Duration) -> bool {
    let mut child = command(home, arguments).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(wait);
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

/// 50 kills, at moments that are spread over the time of a run by the golden ratio; every other one
/// early, so that a run is taken up many times before it ends. Whenever one gets to its end, its
/// folder is that of a run that nobody stopped, and the next begins from nothing.
#[test]
fn fifty_kills_change_no_byte() {
    kills_change_no_byte("sweep", 30);
    kills_change_no_byte("precise", 20);
}

fn kills_change_no_byte(name: &str, n_wanted: u32) {
    let home = home();
    let scenario = format!("{name}.toml");
    let arguments = [scenario.as_str(), "--threads", "2"];
    let began = now();
    assert!(run(home.path(), &arguments).status.success());
    let whole = began.elapsed();
    let output = home.path().join("output");
    let (place, parts) = (output.join(name), output.join(format!(".{name}.parts")));
    let undisturbed = files(&place);
    fs::remove_dir_all(&place).unwrap();
    let (mut n_kills, mut n_ends, mut n_left) = (0u32, 0, 0);
    for attempt in 0..8 * n_wanted {
        let share = (f64::from(attempt) * 0.618_033_988_749_895).fract();
        let share = if attempt % 2 == 0 { share } else { share / 6.0 };
        if kill_after(home.path(), &arguments, whole.mul_f64(share)) {
            n_kills += 1;
            n_left += u32::from(parts.exists());
        }
        if place.exists() {
            // whatever the moment, what is in place is whole
            assert_same(&files(&place), &undisturbed, "taken up");
            fs::remove_dir_all(&place).unwrap();
            n_ends += 1;
        }
        if n_kills == n_wanted {
            break;
        }
    }
    assert_eq!(n_kills, n_wanted);
    assert!(n_wanted / 5 < n_left, "{n_left} kills left finished runs, {n_ends} runs ended");
    assert!(run(home.path(), &arguments).status.success());
    assert_same(&files(&place), &undisturbed, "taken up");
    assert_eq!(fs::read_dir(&output).unwrap().count(), 1);
}

/// No file may have more than 200 KiB, which the runs together have: the machine has failed, the
/// runs that are finished are kept, and with room enough the rest follows.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_leaves_the_finished_runs() {
    fills("output/sweep", "output/.sweep.parts", 60, &["sweep.toml"]);
    let (place, parts) = ("o/shard-1-of-2", "o/.shard-1-of-2.parts");
    fills(place, parts, 30, &["sweep.toml", "--shard", "1/2", "--out", "o"]);
}

#[cfg(unix)]
fn fills(place: &str, parts: &str, n_runs: u32, arguments: &[&str]) {
    let home = home();
    assert!(run(home.path(), arguments).status.success());
    let place = home.path().join(place);
    let undisturbed = files(&place);
    fs::remove_dir_all(&place).unwrap();
    let limited = "trap '' XFSZ; ulimit -f 400; exec \"$0\" run --threads 2 \"$@\"";
    let mut shell = Command::new("sh");
    shell.current_dir(home.path()).args(["-c", limited, env!("CARGO_BIN_EXE_snapferry")]);
    shell.args(arguments);
    let output = shell.output().unwrap();
    let told = words(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    let first = format!("error: cannot write {parts}/parts.log: File too large (os error 27)");
    assert!(told.starts_with(&first), "{told}");
    let kept = format!("finished runs are kept in {parts}; the same command goes on from there");
    assert!(told.contains(&kept) && !place.exists(), "{told}");
    let told = words(&run(home.path(), arguments));
    assert!(told.contains(&format!(" of {n_runs} runs that are finished")), "{told}");
    assert_same(&files(&place), &undisturbed, "taken up");
}

/// A folder with the sweep in it, and a run of it that was stopped after some of its runs.
fn interrupted(arguments: &[&str]) -> TempDir {
    let home = home();
    let began = now();
    assert!(run(home.path(), arguments).status.success());
    let whole = began.elapsed();
    let log = home.path().join("output/.sweep.parts/parts.log");
    let all = fs::metadata(home.path().join("output/sweep/parts.bin")).unwrap().len();
    for attempt in 1..100 {
        fs::remove_dir_all(home.path().join("output")).unwrap();
        kill_after(home.path(), arguments, whole.mul_f64(f64::from(attempt) / 100.0));
        if fs::metadata(&log).is_ok_and(|log| all / 4 < log.len()) {
            return home;
        }
        fs::create_dir_all(home.path().join("output")).unwrap();
    }
    panic!("no kill left a quarter of the runs");
}

/// Of what a stopped run left, only runs of the very same question are taken up: the others are
/// refused by name, and are still there when it is asked again; `--fresh` begins anew.
#[test]
fn runs_of_another_question_are_refused_until_they_are_not_wanted() {
    let home = interrupted(&["sweep.toml"]);
    let parts = home.path().join("output/.sweep.parts");
    let left = files(&parts);
    let changed = SWEEP.replace("volumes = 3", "volumes = 4");
    for (text, arguments, why) in [
        (
            changed.as_str(),
            &["sweep.toml"][..],
            "of another text of the scenario; run it as it was",
        ),
        (
            SWEEP,
            &["sweep.toml", "--seed", "7"],
            "of other settings: none, instead of scenario.seed=7",
        ),
        (SWEEP, &["sweep.toml", "--rows", "all"], "with `--rows first` instead of `--rows all`"),
        (SWEEP, &["sweep.toml", "--engine", "reference"], "by another engine"),
    ] {
        fs::write(home.path().join("sweep.toml"), text).unwrap();
        let output = run(home.path(), arguments);
        let words = words(&output);
        assert_eq!(output.status.code(), Some(3), "{words}");
        assert!(words.starts_with("error: cannot take up output/.sweep.parts: "), "{words}");
        assert!(words.contains(why) && words.contains("with --fresh to begin anew"), "{words}");
        assert_same(&files(&parts), &left, "taken up");
        assert!(!home.path().join("output/sweep").exists());
    }
    // another results version, which stands in bytes 12 to 15
    let mut log = left["parts.log"].clone();
    log[12] ^= 64;
    fs::write(parts.join("parts.log"), log).unwrap();
    let words = words(&run(home.path(), &["sweep.toml"]));
    let versions = (RESULTS_VERSION ^ 64, RESULTS_VERSION);
    let told = format!("of results version {}, and this program's is {}", versions.0, versions.1);
    assert!(words.contains(&told), "{words}");

    let output = run(home.path(), &["sweep.toml", "--fresh"]);
    assert!(output.status.success());
    assert!(!self::words(&output).contains("taking up"));
    assert!(!parts.exists());
}

/// Half a record at the end, a run that does not fit its checksum, a run whose rows are gone or
/// others: none of them is taken, and all that is whole is.
#[test]
fn what_is_not_whole_is_done_again() {
    let home = interrupted(&["sweep.toml"]);
    let parts = home.path().join("output/.sweep.parts");
    let left = files(&parts);
    let undisturbed = {
        let home = self::home();
        assert!(run(home.path(), &["sweep.toml"]).status.success());
        files(&home.path().join("output/sweep"))
    };
    let log = &left["parts.log"];
    let rows = left.keys().find(|name| name.starts_with("copies.csv.") && !name.contains(".part"));
    let spoil: [&dyn Fn(); 4] = [
        &|| fs::write(parts.join("parts.log"), &log[..log.len() - 3]).unwrap(),
        &|| {
            let mut log = log.clone();
            let last = log.len() - 1;
            log[last] ^= 1;
            fs::write(parts.join("parts.log"), log).unwrap();
        },
        &|| fs::remove_file(parts.join(rows.unwrap())).unwrap(),
        &|| fs::write(parts.join(rows.unwrap()), "0,0,forged\n").unwrap(),
    ];
    for spoil in spoil {
        let _ = fs::remove_dir_all(home.path().join("output"));
        fs::create_dir_all(&parts).unwrap();
        for (name, bytes) in &left {
            fs::write(parts.join(name), bytes).unwrap();
        }
        spoil();
        let output = run(home.path(), &["sweep.toml"]);
        let words = words(&output);
        assert!(output.status.success(), "{words}");
        assert!(words.contains("taking up ") && words.contains(" of 60 runs"), "{words}");
        assert_same(&files(&home.path().join("output/sweep")), &undisturbed, "taken up");
    }
}

/// 8 replications, then 20: the folder is that of 20 at once, and 3 × 8 runs are not done again. The
/// other way round, or with the same number, everything is done.
#[test]
fn more_replications_go_on_from_the_folder_that_is_there() {
    let at_once = home();
    assert!(run(at_once.path(), &["sweep.toml", "--replications", "20"]).status.success());
    for rows in ["first", "all"] {
        let home = home();
        let of = |n: &'static str| {
            run(home.path(), &["sweep.toml", "--rows", rows, "--replications", n])
        };
        assert!(of("8").status.success());
        let output = of("20");
        assert_eq!(words(&output), "taking up 24 of 60 runs that are finished\n");
        let folder = files(&home.path().join("output/sweep"));
        if rows == "first" {
            assert_same(&folder, &files(&at_once.path().join("output/sweep")), "taken up");
        }
        for again in ["20", "8"] {
            assert_eq!(words(&of(again)), "");
        }
        of("20");
        assert_same(&files(&home.path().join("output/sweep")), &folder, "taken up");
    }
}

/// 1 ms is not known by 30 runs, nor by 50: those of the first are not done again for the second.
#[test]
fn a_higher_limit_of_runs_goes_on_from_the_folder_that_is_there() {
    let of = |home: &TempDir, most: &str| {
        let set = format!("precision.max_replications={most}");
        run(home.path(), &["precise.toml", "--set", &set])
    };
    let at_once = home();
    assert!(of(&at_once, "50").status.success());
    let home = home();
    assert!(of(&home, "30").status.success());
    let output = of(&home, "50");
    assert_eq!(words(&output), "taking up 90 runs that are finished\n");
    let [folder, expected] =
        [&home, &at_once].map(|home| files(&home.path().join("output/precise")));
    assert_same(&folder, &expected, "taken up");
}

/// Runs are added to what a folder holds only if it holds what was written.
#[test]
fn nothing_is_added_to_a_folder_that_was_edited() {
    let home = home();
    let of = |n: &'static str| run(home.path(), &["sweep.toml", "--replications", n]);
    assert!(of("2").status.success());
    let place = home.path().join("output/sweep");
    let written = files(&place);
    let edits = [
        ("manifest.toml", b"\n", "manifest.toml was edited"),
        ("parts.bin", b"\0", "parts.bin was changed since it was written"),
        ("copies.csv", b"\n", "copies.csv was changed since it was written"),
    ];
    for (file, more, why) in edits {
        let bytes = [written[file].as_slice(), more].concat();
        fs::write(place.join(file), &bytes).unwrap();
        let output = of("3");
        let words = words(&output);
        assert_eq!(output.status.code(), Some(3), "{words}");
        assert!(
            words.contains("cannot take up the runs of output/sweep") && words.contains(why),
            "{words}"
        );
        assert!(words.contains("--fresh"), "{words}");
        fs::write(place.join(file), &written[file]).unwrap();
    }
    assert!(of("3").status.success());
}
