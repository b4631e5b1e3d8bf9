//! Command lines: what they print, how they end, and what they leave on the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use crate::folders::{command, ended};

/// A scenario that runs in no time: one copy of 1 GiB.
const SMALL: &str = r#"
[scenario]
replications = 5
horizon = "1 day"

[[copy]]
name = "only"
from = "us-east-1"
to = "us-west-2"
bytes = "1 GiB"
at = "1 h"

[[target]]
kind = "copy"
limit = "1 h"
"#;

/// A folder with the small scenario in it.
fn home() -> TempDir {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("small.toml"), SMALL).unwrap();
    home
}

/// The names of all files and folders below a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        if path.is_dir() {
            found.extend(names(&path));
        }
    }
    found.sort();
    found
}

#[test]
fn command_lines_print_what_they_promise() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

/// The reader closes the pipe before anything is written: `snapferry schema | head -0`.
#[test]
fn a_closed_pipe_is_no_failure() {
    let home = home();
    let mut child = command(home.path(), &["schema"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_anything_runs() {
    let home = home();
    fs::write(home.path().join("file"), "precious").unwrap();
    let before = names(home.path());
    for (out, why) in [
        ("file", "cannot write file: a file of this name is in its place"),
        ("file/below", "cannot make folder file: "),
        (".", "it has no name of its own"),
    ] {
        let output = ended(home.path(), &["run", "small.toml", "--out", out]);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{words}");
        assert!(words.starts_with("error: ") && words.contains(why), "{out}: {words}");
        assert!(output.stdout.is_empty());
        assert_eq!(names(home.path()), before);
    }
    assert_eq!(fs::read_to_string(home.path().join("file")).unwrap(), "precious");
}

/// A scenario that turned wrong since leaves the folder of the time when it was right.
#[test]
fn a_wrong_scenario_leaves_the_old_folder_as_it_was() {
    let home = home();
    assert_eq!(ended(home.path(), &["run", "small.toml"]).status.code(), Some(0));
    let before = names(home.path());
    assert!(before.contains(&"manifest.toml".to_owned()), "{before:?}");
    let manifest = home.path().join("output/small/manifest.toml");
    let old = fs::read(&manifest).unwrap();
    fs::write(home.path().join("small.toml"), &SMALL[..SMALL.len() / 2]).unwrap();
    let output = ended(home.path(), &["run", "small.toml"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!((names(home.path()), fs::read(&manifest).unwrap()), (before, old));
}

#[test]
fn results_and_words_have_a_stream_each() {
    let home = home();
    let output = ended(home.path(), &["run", "small.toml", "--timings", "--quiet"]);
    let words = String::from_utf8(output.stderr).unwrap();
    // one copy in each of 5 runs
    assert!(words.starts_with("simulate 0.") && words.contains(" s, 5 copies, "), "{words}");
    assert_eq!(words.lines().count(), 6, "{words}");
    assert!(!String::from_utf8(output.stdout).unwrap().contains("simulate"));
}

/// 1 GiB takes seconds, and its limit is an hour; with five runs nothing is sure.
#[test]
fn json_is_one_line_that_says_the_same() {
    let home = home();
    let mut child = command(home.path(), &[]);
    let mut child =
        child.args(["run", "small.toml", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    assert_eq!(text.lines().count(), 1);
    let results: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(results["scenario"], "small");
    assert_eq!(results["points"][0]["targets"][0]["verdict"], "not sure");
    assert_eq!(results["points"][0]["targets"][0]["share"], 1.0);
    assert_eq!(results["points"][0]["targets"][0]["n"], 5);
}
