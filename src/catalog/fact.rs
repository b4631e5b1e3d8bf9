//! The facts and assumptions that `docs/model.md` lists, found by their marks: `F42`, `P-CLOCK`.
//!
//! The document is compiled in: what a message says of a fact is what the document says of it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

const MODEL: &str = include_str!("../../docs/model.md");

/// The heading of the table of facts.
const FACTS: &str = "## Published facts";

/// How sure an assumption is.
const ASSUMED: &str = "assumed";

/// A fact that somebody published, or an assumption in the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its mark, as asked for: `F42`, `P-CLOCK`.
    pub mark: String,
    /// What it says, in a sentence; of an assumption, what it decides, and how.
    pub text: String,
    /// How sure it is: `documented`, `observed`, `quoted`, `inferred`, `silent`, or `assumed`.
    pub standing: &'static str,
    /// Where it stands: the marks of the document, each with its address.
    pub sources: Vec<(&'static str, &'static str)>,
}

/// The fact or assumption of a mark; none where the document has no row of it.
pub fn find(mark: &str) -> Option<Fact> {
    let row = match mark.strip_prefix('F') {
        Some(number) => {
            let number: u32 = number.parse().ok()?;
            BOOK.facts.iter().find(|(numbers, _)| numbers.contains(&number)).map(|(_, row)| row)?
        }
        None => BOOK.assumptions.get(mark)?,
    };
    Some(Fact { mark: mark.to_owned(), ..row.clone() })
}

/// The facts and assumptions of a text such as `F52, P-ROUTE-CODE`, in its order, each once; marks
/// without a row, and words that are none, are left out.
pub fn named(text: &str) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    for mark in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        if found.iter().all(|fact| fact.mark != mark) {
            found.extend(find(mark));
        }
    }
    found
}

/// The rows of the document.
struct Book {
    /// Facts by the numbers that a row covers, a single one mostly.
    facts: Vec<(RangeInclusive<u32>, Fact)>,
    /// Assumptions by mark.
    assumptions: BTreeMap<&'static str, Fact>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let (before, facts) = MODEL.split_once(FACTS).expect("docs/model.md has a table of facts");
    let addresses: BTreeMap<&str, &str> = MODEL.lines().filter_map(address).collect();
    let rows = |text: &'static str| text.lines().filter_map(cells);
    Book {
        facts: rows(facts).filter_map(|row| fact(&row, &addresses)).collect(),
        assumptions: rows(before).filter_map(|row| assumption(&row)).collect(),
    }
});

/// `[S1]: https://…`.
fn address(line: &'static str) -> Option<(&'static str, &'static str)> {
    line.strip_prefix('[')?.split_once("]: ")
}

/// The cells of a row of a table.
fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let inside = line.strip_prefix("| ")?.trim_end().strip_suffix('|')?;
    Some(inside.split(" | ").map(str::trim).collect())
}

/// `F3 | what | status | [S1] [S2]`, or `F135–F151 | …`.
fn fact(
    row: &[&'static str],
    addresses: &BTreeMap<&'static str, &'static str>,
) -> Option<(RangeInclusive<u32>, Fact)> {
    let (mark, text, standing) = (row.first()?, row.get(1)?, row.get(2)?);
    let number = |word: &str| word.strip_prefix('F')?.parse::<u32>().ok();
    let (first, last) = mark.split_once('–').unwrap_or((mark, mark));
    let keys = row.get(3).copied().unwrap_or_default();
    let keys = keys.split(['[', ']', ' ']).filter(|key| !key.is_empty());
    let sources = keys.filter_map(|key| addresses.get_key_value(key).map(|(k, url)| (*k, *url)));
    let fact = Fact {
        mark: String::new(),
        text: (*text).to_owned(),
        standing,
        sources: sources.collect(),
    };
    Some((number(first)?..=number(last)?, fact))
}

/// `` `P-CLOCK` | what it decides | its default | … ``, or `what it decides (P-XFER) | default | …`.
fn assumption(row: &[&'static str]) -> Option<(&'static str, Fact)> {
    let first = *row.first()?;
    let switch = first.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    let (mark, what, default) = if let Some(mark) = switch {
        (mark, *row.get(1)?, *row.get(2)?)
    } else {
        let (what, mark) = first.strip_suffix(')')?.rsplit_once(" (")?;
        (mark, what, *row.get(1)?)
    };
    let is_mark = mark.starts_with("P-");
    let text = format!("{what}: {default}");
    let fact = Fact { mark: String::new(), text, standing: ASSUMED, sources: Vec::new() };
    is_mark.then_some((mark, fact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_told_with_its_sources() {
        let fact = find("F3").unwrap();
        assert_eq!((fact.mark.as_str(), fact.standing), ("F3", "documented"));
        assert!(fact.text.contains("500 MiB/s"), "{fact:?}");
        let (key, url) = fact.sources[0];
        assert_eq!(key, "S1");
        assert!(url.ends_with("/userguide/time-based-copies.html"), "{url}");
    }

    /// One row stands for F135 to F151.
    #[test]
    fn a_row_of_several_facts_is_found_by_each() {
        assert_eq!(find("F136").unwrap().text, find("F137").unwrap().text);
        assert_eq!(find("F136").unwrap().mark, "F136");
    }

    /// A switch of `[assume]`, and an assumption that cannot be changed.
    #[test]
    fn assumptions_are_found_in_both_tables() {
        for (mark, word) in [("P-CLOCK", "start-up"), ("P-ROUTE-CODE", "UnsupportedOperation")] {
            let found = find(mark).unwrap();
            assert_eq!(found.standing, "assumed");
            assert!(found.text.contains(word), "{found:?}");
        }
    }

    #[test]
    fn marks_without_a_row_are_left_out() {
        let marks: Vec<String> =
            named("F3, [S9] F3 and P-CLOCK; Fnone").into_iter().map(|fact| fact.mark).collect();
        assert_eq!(marks, ["F3", "P-CLOCK"]);
        assert_eq!((find("F"), find("P-MOON"), find("")), (None, None, None));
    }
}
