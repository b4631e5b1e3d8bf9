//! The tables of `docs/model.md` are complete: every switch, every limit, and every fact that the
//! code names has its row, with the value that the code has.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use snapferry::catalog::limit::PUBLISHED;
use snapferry::model::{Orchestrator, SWITCHES};
use snapferry::units::Span;

const MODEL: &str = include_str!("../../docs/model.md");

/// The row of a table whose first cell is `first`.
fn row(first: &str) -> &'static str {
    let start = format!("| {first} |");
    MODEL
        .lines()
        .find(|line| line.starts_with(&start))
        .unwrap_or_else(|| panic!("docs/model.md has no row `{start}`"))
}

/// Words stand in the row as a scenario writes them. Tables (`{ … }`) and `any …` are told in
/// prose.
#[test]
fn every_switch_has_its_row_with_default_alternatives_and_facts() {
    for info in SWITCHES {
        let row = row(&format!("`{}`", info.key));
        let words = info.alternatives.iter().filter(|word| !word.starts_with("any "));
        for word in words.chain([&info.default]).filter(|word| !word.starts_with('{')) {
            assert!(row.contains(&format!("`{word}`")), "{}: `{word}` is not in {row}", info.key);
        }
        assert!(row.contains(info.about), "{}: `{}` is not in {row}", info.key, info.about);
        assert!(row.contains(info.facts), "{}: {} are not in {row}", info.key, info.facts);
    }
}

/// Ends that are tables are told in prose.
#[test]
fn every_range_has_its_row_with_both_ends_and_the_reason() {
    let ranges = SWITCHES.iter().filter_map(|info| Some((info.key, info.switch.range()?)));
    for (key, range) in ranges {
        let (_, ranges) = MODEL.split_once("| switch | low | high |").expect("a table of ranges");
        let start = format!("| range of `{key}` |");
        let mut rows = ranges.lines().skip(1).take_while(|line| line.starts_with('|'));
        let row = rows.find(|line| line.starts_with(&start)).expect("a row of its range");
        for end in [range.low, range.high].into_iter().filter(|end| !end.starts_with('{')) {
            assert!(row.contains(&format!("`{end}`")), "{key}: `{end}` is not in {row}");
        }
        assert!(row.contains(range.why), "{key}: `{}` is not in {row}", range.why);
    }
}

#[test]
fn every_published_limit_has_its_row_with_value_and_status() {
    for limit in &PUBLISHED {
        let row = row(&format!("`{}`", limit.name));
        let value = format!("{} {}", limit.value, limit.unit);
        assert!(row.contains(&value), "{}: `{value}` is not in {row}", limit.name);
        assert!(row.contains(limit.status.name()), "{}: {} in {row}", limit.name, limit.status);
    }
}

/// Start windows, timeouts, and attempts stand in the row as the code has them.
#[test]
fn every_orchestrator_has_its_row_with_its_figures() {
    for one in Orchestrator::ALL {
        let row = row(&format!("`{}`", one.name()));
        let client = one.client("x");
        let window = one.start_window().map(|most| format!("within {} h", most.whole(HOUR)));
        let waits = [client.waiter, client.image_waiter].into_iter().flatten();
        let waits = waits.map(|waiter| format!("{} min", waiter.timeout.whole_mins()));
        let attempts = client.max_attempts.map(|most| format!("{most} times"));
        for figure in window.into_iter().chain(waits).chain(attempts) {
            assert!(row.contains(&figure), "{}: `{figure}` is not in {row}", one.name());
        }
    }
}

const HOUR: Span = Span::from_hours(1);

/// The numbered marks of one letter that a text names: O4, O11.
fn marks(letter: char, text: &str) -> BTreeSet<u32> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter_map(|word| word.strip_prefix(letter)?.parse::<u32>().ok()).collect()
}

#[test]
fn every_row_on_orchestrators_that_the_code_names_is_there() {
    let rows = MODEL.lines().filter_map(|line| line.strip_prefix("| O")?.split(" |").next());
    let told: BTreeSet<u32> = rows.filter_map(|number| number.parse().ok()).collect();
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let named: BTreeSet<u32> = texts.iter().flat_map(|(_, text)| marks('O', text)).collect();
    assert!(named.contains(&5), "the refusals name rows: {named:?}");
    assert!(named.is_subset(&told), "{named:?} are not all of {told:?}");
}

/// The facts that a text names: `F42`, `F8–F10`, each by number.
fn facts(text: &str) -> BTreeSet<u32> {
    let number = |word: &str| word.strip_prefix('F')?.parse::<u32>().ok();
    let ends_word = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '–');
    let ranges = text.split(ends_word).filter_map(|word| {
        let (from, to) = word.split_once('–').unwrap_or((word, word));
        Some(number(from)?..=number(to)?)
    });
    ranges.flatten().collect()
}

#[test]
fn facts_are_found_alone_and_in_ranges() {
    let found = facts("by F3 (F8–F10), 0xF4, F64x, f6, aF7, F101.");
    assert_eq!(found, BTreeSet::from([3, 8, 9, 10, 101]));
}

fn sources(folder: &Path, texts: &mut Vec<(String, String)>) {
    let entries = fs::read_dir(folder).expect("a folder of the sources can be read");
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            texts.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn every_fact_that_the_code_names_has_its_row() {
    let first_cells = MODEL.lines().filter_map(|line| line.strip_prefix("| F")?.split(" |").next());
    let told: BTreeSet<u32> = first_cells.flat_map(|cell| facts(&format!("F{cell}"))).collect();
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    assert!(!texts.is_empty());
    texts.push(("docs/model.md".to_owned(), MODEL.to_owned()));
    for (file, text) in texts {
        for fact in facts(&text) {
            assert!(
                told.contains(&fact),
                "{file} names F{fact}, which docs/model.md does not tell"
            );
        }
    }
}
