//! A module imports only from floors below its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The table of `src/lib.rs`, line by line.
const TABLE: [&str; 5] = [
    "main > cli > compare > report > experiment > { plan, drive, explain } > { scenario, engine }",
    "     > { api, stats, billing } > model > record > catalog > { units, rng }",
    "inside engine:  engine.rs, admission, cancel, describe, pacing, transfer, watch",
    "     > { account, network, turns } > { calendar, copy, gauge, ledger, lineage, maxmin, view, weather }",
    "     > soonest",
];

/// Floor of each module of a table, counted from the top.
fn floors(table: &str) -> BTreeMap<String, usize> {
    let mut floors = BTreeMap::new();
    for (floor, modules) in table.split('>').enumerate() {
        let names = modules.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
        for name in names.filter(|name| !name.is_empty()) {
            floors.insert(name.trim_end_matches(".rs").to_owned(), floor);
        }
    }
    floors
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// Names that follow `prefix` in a line of code, as in `prefix::name` and `prefix::{one, two}`.
fn named<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let code = line.split("//").next().unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            names.extend(list.split(',').map(|name| name.trim().split("::").next().unwrap_or("")));
        } else {
            names.push(rest.split(|c: char| !is_name(c)).next().unwrap_or_default());
        }
    }
    names
}

/// Imports of one file that run up or sideways, as `line: what`.
fn faults(
    text: &str,
    own: &str,
    prefixes: &[&str],
    floors: &BTreeMap<String, usize>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mine = floors.get(own).copied();
    // a test module at the end of a file names its own file by `super`
    let lines = text.lines().take_while(|line| *line != "mod tests {");
    for (number, line) in (1..).zip(lines) {
        for name in prefixes.iter().flat_map(|prefix| named(line, prefix)) {
            let Some(theirs) = floors.get(name) else { continue };
            if name != own && mine.is_none_or(|mine| *theirs <= mine) {
                faults.push(format!("{number}: {own} imports {name}"));
            }
        }
    }
    faults
}

/// The module of the crate, and the file or folder below it, to which a source belongs.
fn place(path: &Path) -> (String, Option<String>) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(source).expect("a source").with_extension("");
    let mut parts = inside.iter().map(|part| part.to_string_lossy().into_owned());
    (parts.next().expect("a name"), parts.next())
}

#[test]
fn no_import_runs_up_or_sideways() {
    let crate_floors = floors(&TABLE[..2].concat());
    let mut engine_floors = floors(TABLE[2].trim_start_matches("inside engine:"));
    let below = TABLE[3..].concat();
    let below = floors(below.trim_start_matches([' ', '>']));
    engine_floors.extend(below.into_iter().map(|(name, floor)| (name, floor + 1)));
    let top: Vec<String> =
        engine_floors.iter().filter(|(_, floor)| **floor == 0).map(|(n, _)| n.clone()).collect();
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    assert!(50 < paths.len(), "{} sources", paths.len());
    let mut all = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).expect("a source");
        let (module, part) = place(path);
        if module == "lib" {
            continue;
        }
        assert!(crate_floors.contains_key(&module), "{module} has no floor");
        let mut faults_here = faults(&text, &module, &["crate::", "snapferry::"], &crate_floors);
        if let ("engine", Some(part)) = (module.as_str(), part) {
            assert!(engine_floors.contains_key(&part), "engine/{part} has no floor");
            if !top.contains(&part) {
                let is_room = path.ends_with(format!("{part}.rs"));
                let prefixes = ["crate::engine::", "super::"];
                let prefixes = if is_room { &prefixes[..] } else { &prefixes[..1] };
                faults_here.extend(faults(&text, &part, prefixes, &engine_floors));
            }
        }
        all.extend(faults_here.into_iter().map(|fault| format!("{}:{fault}", path.display())));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_table_is_that_of_the_map() {
    let map = include_str!("../../src/lib.rs");
    let lines: Vec<&str> = map.lines().map(|line| line.trim_start_matches("//! ")).collect();
    assert!(lines.windows(TABLE.len()).any(|lines| lines == TABLE), "src/lib.rs has another table");
}

/// The check sees what it is there to see.
#[test]
fn an_import_that_runs_up_is_found() {
    let floors = floors("top > { left, right } > low");
    let text =
        "use crate::low::A;\nuse crate::right::B;\n// crate::top\nlet x = crate::top::c();\n";
    let found = faults(text, "left", &["crate::"], &floors);
    assert_eq!(found, ["2: left imports right", "4: left imports top"]);
    assert_eq!(faults("use super::{low, right};", "left", &["super::"], &floors).len(), 1);
    assert_eq!(faults("use crate::left::deep;", "left", &["crate::"], &floors).len(), 0);
}
