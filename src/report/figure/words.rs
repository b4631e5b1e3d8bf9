//! Words of titles: numbers as people say them, lists, moments, names of files.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::catalog::Cause;
use crate::report::theme::{NBSP, percent_given};
use crate::units::{Instant, count, count_u64, thousands};

/// What a copy waits for before it is accepted, or behind another one.
pub(in crate::report) const WAITS: [Cause; 5] =
    [Cause::Throttled, Cause::Slot, Cause::BackOff, Cause::ClientQueue, Cause::SameSource];

/// A small number in a word, a larger one in digits.
pub(in crate::report) fn numeral(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(n).map_or_else(|| thousands(count(n), 0), |word| (*word).to_owned())
}

/// `1 copy`, `43 copies`.
pub(in crate::report) fn copies(n: usize) -> String {
    let noun = if n == 1 { "copy" } else { "copies" };
    format!("{}{NBSP}{noun}", thousands(count(n), 0))
}

/// `22,146`.
pub(in crate::report) fn whole(n: u64) -> String {
    thousands(count_u64(n), 0)
}

/// `text` with its first letter as at the begin of a sentence.
pub(in crate::report) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a, b, and c`.
pub(in crate::report) fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [one, other] => format!("{one} {word} {other}"),
        [rest @ .., last] => format!("{}, {word} {last}", rest.join(", ")),
    }
}

/// The name of a target with what it promises, which many names say already.
pub(in crate::report) fn promise(name: &str, promised: f64) -> String {
    let share = percent_given(promised);
    let name = bound(name);
    if name.contains(&share) { name } else { format!("{name}: {share}") }
}

/// `text` with numbers bound to the units behind them, so that no line ends between.
pub(in crate::report) fn bound(text: &str) -> String {
    let mut bound = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_unit = |next: &char| next.is_alphabetic() || *next == '%';
        let is_behind_number = bound.ends_with(|before: char| before.is_ascii_digit());
        if letter == ' ' && is_behind_number && letters.peek().is_some_and(is_unit) {
            bound.push(NBSP);
        } else {
            bound.push(letter);
        }
    }
    bound
}

/// A moment in UTC by a format of `strftime`.
pub(in crate::report) fn utc(at: Instant, format: &str) -> String {
    let moment = Timestamp::from_nanosecond(i128::from(at.nanos()));
    let moment = moment.expect("the year 2554 is in range");
    Zoned::new(moment, TimeZone::UTC).strftime(format).to_string()
}

/// Most letters of a slug, so that no name of a file is too long for a file system.
const SLUG_MAX: usize = 60;

/// `text` as a part of a file's name: `databases → us-west-2` is `databases-us-west-2`.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase).take(SLUG_MAX) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Names of files from `texts`: `stem-…`, a number behind those that would be equal; `stem` alone
/// where there is one.
pub(in crate::report) fn file_names(stem: &str, texts: &[&str]) -> Vec<String> {
    if texts.len() == 1 {
        return vec![stem.to_owned()];
    }
    let mut names: Vec<String> = Vec::new();
    for text in texts {
        let name = format!("{stem}-{}", slug(text));
        let mut free = name.clone();
        let mut number = 2;
        while names.contains(&free) {
            free = format!("{name}-{number}");
            number += 1;
        }
        names.push(free);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    #[test]
    fn lists_are_read_aloud() {
        let list = |n: usize| -> String { joined(&["a", "b", "c"].map(str::to_owned)[..n], "and") };
        assert_eq!([1, 2, 3].map(list), ["a", "a and b", "a, b, and c"]);
    }

    #[test]
    fn a_promise_is_not_said_twice() {
        let said = promise("db: RPO 2 h, 99.9 %", 0.999);
        assert_eq!(said, "db: RPO 2\u{a0}h, 99.9\u{a0}%");
        assert_eq!(promise("nights", 0.9), "nights: 90\u{a0}%");
    }

    #[test]
    fn names_of_files_are_plain_and_differ() {
        let names = file_names("rpo", &["databases → us-west-2", "a/b", "a b"]);
        assert_eq!(names, ["rpo-databases-us-west-2", "rpo-a-b", "rpo-a-b-2"]);
        assert_eq!(file_names("rpo", &["databases"]), ["rpo"]);
    }

    /// 1970-01-01 was a Thursday.
    #[test]
    fn moments_are_said_in_utc() {
        let at = Instant::ZERO + Span::from_mins(25 * 60 + 5);
        assert_eq!(utc(at, "%a %-d %b %H:%M"), "Fri 2 Jan 01:05");
        assert_eq!(
            (capital("one"), numeral(3), numeral(1300)),
            ("One".to_owned(), "three".to_owned(), "1,300".to_owned())
        );
        assert_eq!(
            (copies(1), copies(2000)),
            ("1\u{a0}copy".to_owned(), "2,000\u{a0}copies".to_owned())
        );
    }
}
