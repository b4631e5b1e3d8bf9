//! A folder tells whether it is what a run wrote, and can be run again from what is in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use snapferry::experiment::{RESULTS_VERSION, sealed};
use tempfile::TempDir;

use crate::folders::{done, ended, list_anew, told};

/// Volumes whose copies wait for two slots, so that some are late.
const WAITS: &str = r#"
[scenario]
name = "waits"
horizon = "1 day"
replications = 6

[limits]
snapshot_copies = 2

[[fleet]]
name = "db"
location = "us-east-1"
volumes = 4
size = "200 GiB"
snapshot = { every = "6 h" }
copy = [{ to = "us-west-2", retain = "1 day" }]

[[target]]
name = "in time"
kind = "copy"
limit = "15 min"
share = "90 %"
"#;

const AXIS: &str = "\n[[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = [2, 4]\n";

const FLOWS: &str = r#"
[scenario]
name = "flows"
[[link]]
name = "l0"
capacity = "1 MiB/s"
[flows]
file = "deep/flows.csv"
"#;

const FLOWS_CSV: &str = "id,arrival_s,bytes,path,cap_bytes_per_s\na,0,1048576,l0,\n";

fn home() -> TempDir {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("waits.toml"), WAITS).unwrap();
    fs::write(home.path().join("sweep.toml"), [WAITS, AXIS].concat()).unwrap();
    fs::write(home.path().join("flows.toml"), FLOWS).unwrap();
    fs::create_dir(home.path().join("deep")).unwrap();
    fs::write(home.path().join("deep/flows.csv"), FLOWS_CSV).unwrap();
    home
}

/// Runs a command that has to say that a folder is wrong, and gives what it says.
fn wrong(home: &Path, arguments: &[&str]) -> String {
    let output = ended(home, arguments);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}: {told}");
    told
}

/// All files below a folder, hidden ones too, with what they hold.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    found
}

/// Whatever was asked, the folder has all that it takes to ask it again, without the files that the
/// scenario was read from, and verifying it leaves nothing beside it.
#[test]
fn a_folder_says_what_its_scenario_gives() {
    let home = home();
    let at = home.path();
    let rest = ["--seed", "7", "--set", "limits.snapshot_copies=3"];
    for (name, arguments) in [
        ("waits", &["run", "waits.toml", "--report"][..]),
        ("given", &[&["run", "waits.toml", "--sensitivity", "--rows", "all"], &rest[..]].concat()),
        ("plain", &["run", "waits.toml", "--no-flip", "--engine", "reference", "--rows", "none"]),
        ("sweep", &["run", "sweep.toml"]),
        ("unsure", &["run", "sweep.toml", "--no-confirm", "--no-parts"]),
        ("flows", &["run", "flows.toml"]),
        ("solved", &["solve", "waits.toml", "--for", "slots", "--grid", "2,4"]),
    ] {
        done(at, &[arguments, &["--out", name]].concat());
    }
    for gone in ["waits.toml", "sweep.toml", "flows.toml", "deep/flows.csv"] {
        fs::remove_file(at.join(gone)).unwrap();
    }
    let before = tree(at);
    // 6 runs of a point
    for (name, n_runs) in [
        ("waits", 6),
        ("given", 6),
        ("plain", 6),
        ("sweep", 12),
        ("unsure", 12),
        ("flows", 1),
        ("solved", 12),
    ] {
        let told = told(&done(at, &["report", name, "--verify", "--threads", "2"]));
        let runs = format!("{n_runs} runs, all equal\n");
        assert!(told.starts_with(&format!("{name} says what its scenario gives: ")), "{told}");
        assert!(told.ends_with(&runs), "{told}");
    }
    assert!(before == tree(at), "verifying wrote something");
}

/// Each way in which a folder is not what a run wrote: told alike by all that read it, and nothing is
/// written.
#[test]
fn a_folder_that_is_not_as_it_was_is_refused_and_nothing_is_written() {
    let home = home();
    let at = home.path();
    done(at, &["run", "waits.toml", "--out", "good"]);
    let (file, bad) = (|name: &str| at.join("bad").join(name), at.join("bad"));
    let replace = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(file(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        fs::write(file(name), text.replacen(from, to, 1)).unwrap();
    };
    let cut = |name: &str| {
        let bytes = fs::read(file(name)).unwrap();
        fs::write(file(name), &bytes[..bytes.len() / 2]).unwrap();
    };
    let changes: [(&dyn Fn(), &str); 8] = [
        (&|| fs::remove_dir_all(&bad).unwrap(), "cannot read bad: there is no such folder"),
        (
            &|| fs::remove_file(file("manifest.toml")).unwrap(),
            "cannot read bad: it holds no manifest.toml: it is no output folder of this program",
        ),
        (&|| cut("manifest.toml"), "cannot read bad: manifest.toml was edited"),
        (&|| replace("manifest.toml", "seed = 1", "seed = 2"), "manifest.toml was edited"),
        (&|| cut("copies.csv"), "cannot read bad: copies.csv was cut short: "),
        (&|| fs::remove_file(file("runs.csv")).unwrap(), "cannot read bad: runs.csv is missing"),
        (&|| replace("targets.csv", ",0.9,", ",0.8,"), "targets.csv was edited: it does not fit"),
        (&|| fs::write(file("images.csv"), "").unwrap(), "images.csv is not of this run"),
    ];
    for (change, why) in changes {
        fs::create_dir_all(&bad).unwrap();
        for (path, bytes) in tree(&at.join("good")) {
            fs::write(bad.join(Path::new(&path).file_name().unwrap()), bytes).unwrap();
        }
        // a change may have put it there, and the good folder has none
        let _ = fs::remove_file(file("images.csv"));
        change();
        let before = tree(at);
        for command in
            [&["report", "bad"][..], &["report", "bad", "--verify"], &["compare", "good", "bad"]]
        {
            let told = wrong(at, command);
            assert!(told.contains(why), "{command:?}: {told}");
        }
        assert!(before == tree(at), "{why}: something was written");
    }
}

/// Whoever edits a number and mends the checksums is found out by running it again, with the place.
#[test]
fn a_number_that_was_edited_with_its_checksum_is_found_by_running_again() {
    let home = home();
    let at = home.path();
    done(at, &["run", "waits.toml", "--out", "good"]);
    let folder = at.join("good");
    let replace = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        fs::write(folder.join(name), text.replacen(from, to, 1)).unwrap();
        list_anew(&folder);
        done(at, &["report", "good"]);
        let told = wrong(at, &["report", "good", "--verify"]);
        fs::write(folder.join(name), text).unwrap();
        list_anew(&folder);
        told
    };
    // 6 runs of 4 volumes that are due every 6 h of a day: 96 copies
    let told = replace("targets.csv", ",96,", ",97,");
    let expected = "targets.csv, line 2, n: \"97\" stands there, \"96\" comes out";
    assert!(told.contains(expected), "{told}");
    let told = replace("copies.csv", "us-west-2", "us-west-1");
    assert!(told.contains("copies.csv, line 2, to: \"us-west-1\" stands there"), "{told}");
    let told = replace("verdicts.svg", "no", "yes");
    assert!(told.contains("verdicts.svg, line "), "{told}");
    // of the manifest, what no table says
    let text = fs::read_to_string(folder.join("manifest.toml")).unwrap();
    let edited = |from: &str, to: &str| {
        let (_, below) = text.split_once("\n\n").unwrap();
        assert!(below.contains(from), "{from}");
        fs::write(folder.join("manifest.toml"), sealed(&below.replacen(from, to, 1))).unwrap();
        wrong(at, &["report", "good", "--verify"])
    };
    let told = edited("promised_share = 0.9", "promised_share = 0.8");
    assert!(told.contains("manifest.toml, line ") && told.contains("\"9\" comes out"), "{told}");
    let version = format!("results_version = {RESULTS_VERSION}");
    let told = edited(&version, "results_version = 1");
    assert!(told.contains("cannot verify good: it is of results version 1, and"), "{told}");
}

/// Six runs of each flip, all of what there is; whoever merges flips the same.
#[test]
fn a_whole_range_is_flipped_in_all_runs_by_one_machine_or_by_many() {
    let home = home();
    let at = home.path();
    done(at, &["run", "waits.toml", "--sensitivity", "--out", "one", "--threads", "1"]);
    for shard in ["1/2", "2/2"] {
        done(at, &["run", "waits.toml", "--shard", shard, "--out", "shards"]);
    }
    done(at, &["merge", "shards", "--sensitivity", "--out", "many", "--threads", "2"]);
    let files = |name: &str| -> Vec<Vec<u8>> { tree(&at.join(name)).into_values().collect() };
    assert!(files("one") == files("many"));
    let table = fs::read_to_string(at.join("one/assumptions.csv")).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows.iter().all(|row| row.ends_with(",6")), "{table}");
    let flipped = |key: &str| rows.iter().filter(|row| row.starts_with(key)).count();
    // both ends of each range, and of the defaults that no switch has
    for key in ["P-STD-RATE", "P-SNAPSHOT", "P-OVERHEAD", "snapshot.jitter", "client.backoff"] {
        assert_eq!(flipped(&format!("{key},")), 2, "{key}: {table}");
    }
    let usage = |arguments: &[&str]| {
        let output = ended(at, arguments);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        told
    };
    let told = usage(&["run", "sweep.toml", "--sensitivity"]);
    assert!(told.contains("--set limits.snapshot_copies=\"2\""), "{told}");
    usage(&["run", "waits.toml", "--sensitivity", "--no-flip"]);
    usage(&["run", "waits.toml", "--sensitivity", "--shard", "1/2"]);
}
