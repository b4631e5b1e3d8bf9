//! The same question has the same answer, byte for byte, however it is carried out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use snapferry::experiment::{self, Disk, NoObserver, Options, Origin, Rows, Staging, Study};
use snapferry::plan::{self, Ask};
use snapferry::scenario::NoInputs;
use tempfile::TempDir;

use crate::folders::{QUIET, assert_same, plan_of, source, texts};

const HEAD: &str = r#"
[scenario]
name = "mixed"
horizon = "2 days"
replications = 6

[limits]
snapshot_copies = 6
"#;

/// More copies an hour than slots: clients are refused, sleep, and try again.
const DATABASES: &str = r#"
[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 12
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "4 TiB" }
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 day" }]
"#;

const FILES: &str = r#"
[[fleet]]
name = "files"
location = "us-east-1"
volumes = 9
snapshot = { at = "01:00", phase = "2 h" }
copy = [{ to = "us-west-2" }, { to = "eu-west-1" }]
"#;

const IMAGES: &str = r#"
[[image]]
name = "golden"
location = "us-east-1"
family = [{ name = "web", snapshots = [{ size = "8 GiB", fill = "25 %" }] }]
release = { every = "1 day" }
change = "25 %/release"
copy = [{ to = ["eu-west-1", "us-west-2"] }]
"#;

const TAIL: &str = r#"
[[target]]
kind = "rpo"
fleet = "databases"
limit = "2 h"
share = "99 %"

[[target]]
kind = "copy"
fleet = "files"
limit = "3 h"
share = "99 %"
"#;

const AXIS: &str = r#"
[[axis]]
key = "limits.snapshot_copies"
values = [3, 6, 20]
"#;

/// Everything that a run of this scenario leaves: file name to contents.
fn folder(text: &str, threads: usize, rows: Rows) -> BTreeMap<String, String> {
    let options =
        Options { threads: Some(threads), rows, flips: true, confirm: true, parts: true, ..QUIET };
    folder_by(text, options)
}

/// The same, carried out in a given way.
pub(crate) fn folder_by(text: &str, options: Options) -> BTreeMap<String, String> {
    let (source, plan) = (source(text), plan_of(text));
    let ask = Ask { source: &source, inputs: &|_: &str| Err(String::new()), settings: &[] };
    let flipped = |touched| plan::flips(&ask, &plan, 0, touched).unwrap();
    let origin = Origin { text: text.to_owned(), ..Origin::default() };
    let study = Study { plan: &plan, origin: &origin, inputs: &NoInputs, flipped: &flipped };
    let home = TempDir::new().unwrap();
    let staging = Staging::open(&home.path().join("out"), &Disk).unwrap();
    experiment::run(&study, &staging, &options, &NoObserver).unwrap();
    texts(&staging.publish().unwrap())
}

#[test]
fn threads_and_repetition_change_no_byte() {
    let text = [HEAD, DATABASES, FILES, IMAGES, TAIL].concat();
    let once = folder(&text, 1, Rows::All);
    for file in
        ["copies.csv", "images.csv", "assumptions.csv", "quotas.csv", "manifest.toml", "events.csv"]
    {
        // a header or a table, and rows below it
        assert!(1 < once[file].lines().count(), "{file}");
    }
    for threads in [1, 2, 8] {
        assert_same(&once, &folder(&text, threads, Rows::All), &format!("{threads} threads"));
    }
}

/// Each copy of a run has an id of its own, and each event; an event has a row and a line.
#[test]
fn ids_of_a_run_are_unique_and_each_event_has_its_line() {
    let folder = folder(&[HEAD, DATABASES, FILES, IMAGES, TAIL].concat(), 2, Rows::First);
    let mut reader = csv::Reader::from_reader(folder["events.csv"].as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let lines: Vec<serde_json::Value> =
        folder["events.jsonl"].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), lines.len());
    let (mut copies, mut events) = (BTreeSet::new(), BTreeSet::new());
    let mut n_copies = 0;
    for (row, line) in rows.iter().zip(&lines) {
        assert_eq!(line["detail-type"], row[3]);
        assert!(line["resources"][0].as_str().unwrap().ends_with(&row[10]), "{line}");
        assert!(events.insert(line["id"].to_string()), "{line}");
        if !row[4].is_empty() {
            n_copies += 1;
            copies.insert(row[10].to_owned());
        }
    }
    assert!(100 < n_copies, "{n_copies}");
    assert_eq!(copies.len(), n_copies);
}

#[test]
fn threads_change_no_byte_of_a_sweep() {
    let text = [HEAD, DATABASES, TAIL.split("\n\n").next().unwrap(), AXIS].concat();
    let once = folder(&text, 1, Rows::First);
    assert_same(&once, &folder(&text, 8, Rows::First), "8 threads");
    // three points, each with the rows of its first replication: 12 volumes × 48 hours
    assert_eq!(once["copies.csv"].lines().count(), 1 + 3 * 12 * 48);
    let replications = once["copies.csv"].lines().skip(1).map(|row| row.split(',').nth(1));
    assert!(replications.into_iter().all(|replication| replication == Some("0")));
}

/// A point of a sweep is what the same scenario with that value written into it is.
#[test]
fn a_point_of_a_sweep_meets_the_draws_of_the_scenario_alone() {
    let target = TAIL.split("\n\n").next().unwrap();
    let sweep = folder(&[HEAD, DATABASES, target, AXIS].concat(), 2, Rows::First);
    let alone = folder(&[HEAD, DATABASES, target].concat(), 2, Rows::First); // 6 slots: point 1
    let point_1 = |row: &&str| row.starts_with("1,");
    let rows: Vec<&str> =
        sweep["copies.csv"].lines().filter(point_1).map(|row| &row[2..]).collect();
    let expected: Vec<&str> = alone["copies.csv"].lines().skip(1).map(|row| &row[2..]).collect();
    assert_eq!(rows, expected);
}

/// Reordering the file changes the order of rows and no row.
#[test]
fn the_order_of_fleets_in_the_file_changes_no_result() {
    let written = folder(&[HEAD, DATABASES, FILES, IMAGES, TAIL].concat(), 2, Rows::All);
    let reordered = folder(&[HEAD, FILES, DATABASES, IMAGES, TAIL].concat(), 2, Rows::All);
    assert!(written.keys().eq(reordered.keys()));
    for (file, text) in &written {
        let sorted = |text: &str| {
            let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
            rows.sort();
            rows
        };
        if file == "manifest.toml" || file == "parts.bin" {
            continue; // they hold the hash of the text
        }
        assert!(sorted(text) == sorted(&reordered[file]), "{file} differs");
    }
}

#[test]
fn rows_are_left_out_where_nobody_wants_them_and_nothing_else_changes() {
    let text = [HEAD, DATABASES, TAIL.split("\n\n").next().unwrap()].concat();
    let (none, all) = (folder(&text, 2, Rows::None), folder(&text, 2, Rows::All));
    let of_rows = ["copies.csv", "rpo.csv", "events.csv", "events.jsonl"];
    for file in of_rows.into_iter().chain(["quotas.csv", "links.csv", "rpo_over_time.csv"]) {
        assert!(!none.contains_key(file) && all.contains_key(file), "{file}");
    }
    for file in ["runs.csv", "summary.csv", "targets.csv", "distribution.csv", "assumptions.csv"] {
        assert!(none[file] == all[file], "{file}");
    }
}
