//! The ledger: every parameter in force, where it comes from, and what it would turn.

use maud::{Markup, html};

use super::content::{Content, plural};
use super::markup::{Head, cards, cell, row_head, unbroken, words};
use crate::report::chart::Verdict;
use crate::report::read::{FlipRow, Origin, ParameterRow};
use crate::report::theme::percent;
use crate::units::index_u64;

const PARAMETER: Head = words("parameter");
const VALUE: Head = words("value");
const KIND: Head = words("kind");
const SOURCE: Head = words("source, date");
const FLIPPED: Head = words("flipped, or over its range");
const VERDICT: Head = words("verdict");

/// The ledger, and what the page does not say; none where the folder has no parameters.
///
/// What was flipped stands first, what turns a verdict at its head; the rest is folded, by where it
/// comes from.
pub(super) fn section(content: &Content) -> Option<Markup> {
    if content.parameters.is_empty() {
        return None;
    }
    let (told, untouched): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        content.parameters.iter().partition(|row| row.touched != Some(false));
    let (mut flipped, others): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        told.iter().partition(|row| moves(content, row));
    flipped.sort_by_key(|row| (!turns(content, row), row.origin)); // stable
    let heads = [PARAMETER, VALUE, KIND, SOURCE, FLIPPED, VERDICT];
    let caption =
        "Assumptions that bore on the copies, flipped. Those that turn a verdict come first.";
    let is_open = |row: &&ParameterRow| matches!(row.origin, Origin::Assumed | Origin::Observed);
    let (open, fixed): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        others.into_iter().partition(is_open);
    let (given, documented): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        fixed.into_iter().partition(|row| row.origin == Origin::Given);
    Some(html! {
        p.intro { (introduction(content, &told)) }
        @if !flipped.is_empty() {
            (cards("ledger", caption, &heads, flipped.iter().map(|row| line(content, row))))
        }
        (folded("Assumed or observed, and not flipped", &open))
        (folded("Given by the scenario", &given))
        (folded("Documented by the provider", &documented))
        (folded("In force, and touched by no copy of this run", &untouched))
        (absent())
    })
}

/// Parameters in a table that is folded.
fn folded(title: &str, rows: &[&ParameterRow]) -> Markup {
    html! {
        @if !rows.is_empty() {
            details {
                summary { (title) ": " (rows.len()) }
                section.scroll tabindex="0" aria-label=(title) {
                    table.facts {
                        caption { (title) }
                        thead {
                            tr {
                                th scope="col" { "parameter" }
                                th scope="col" { "value" }
                                th scope="col" { "source, date" }
                            }
                        }
                        tbody {
                            @for row in rows {
                                tr {
                                    th scope="row" {
                                        (name(row))
                                        @if !row.about.is_empty() { span.m { (row.about) } }
                                    }
                                    td { (value(row)) }
                                    td { (row.origin.name()) "; " (sources(&row.source)) " " (row.date) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The value in force; of a decimal number no zeros at its end.
fn value(row: &ParameterRow) -> String {
    let words = row.value.split(' ').map(|word| {
        let is_decimal = word.contains('.')
            && word.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
            && word.parse::<f64>().is_ok();
        if is_decimal { word.trim_end_matches('0').trim_end_matches('.') } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn introduction(content: &Content, told: &[&ParameterRow]) -> String {
    let is_open = |row: &&&ParameterRow| matches!(row.origin, Origin::Assumed | Origin::Observed);
    let n_open = told.iter().filter(is_open).count();
    let n_turn = told.iter().filter(|row| turns(content, row)).count();
    let text = format!(
        "{} assumed, or seen here and there, and bore on this run.",
        plural(index_u64(n_open), "number is", "numbers are")
    );
    if content.flips.is_empty() {
        return format!("{text} None of them was flipped.");
    }
    let turn = match n_turn {
        0 => "None that was flipped turns a verdict.".to_owned(),
        1 => "One of them can turn a verdict.".to_owned(),
        n => format!("{n} of them can turn a verdict."),
    };
    format!("{text} {turn}")
}

fn flips<'c>(content: &'c Content, row: &'c ParameterRow) -> impl Iterator<Item = &'c FlipRow> {
    let key = row.key.rsplit('.').next().unwrap_or(&row.key);
    content.flips.iter().filter(move |flip| flip.switch == key || flip.switch == row.key)
}

fn turns(content: &Content, row: &ParameterRow) -> bool {
    flips(content, row).any(|flip| flip.turns)
}

fn moves(content: &Content, row: &ParameterRow) -> bool {
    flips(content, row).next().is_some()
}

fn name(row: &ParameterRow) -> &str {
    let is_place = row.parameter.is_empty() || row.parameter.starts_with('[');
    if is_place { &row.key } else { &row.parameter }
}

fn line(content: &Content, row: &ParameterRow) -> Markup {
    html! {
        (row_head(&html! {
            (name(row))
            @if !row.about.is_empty() { span.m { (row.about) } }
        }))
        (cell(VALUE, &html! { (value(row)) }))
        (cell(KIND, &html! { span class={ "tag " (row.origin.name()) } { (row.origin.name()) } }))
        (cell(SOURCE, &html! {
            (sources(&row.source))
            @if !row.date.is_empty() { span.m { (row.date) } }
        }))
        (flipped(content, row))
    }
}

/// Letters of words such as `F112–F114` that do not break; longer ones may have to.
const FACTS_MAX: usize = 14;

/// Facts and their pages: addresses as links with a short name.
fn sources(text: &str) -> Markup {
    html! {
        @for (place, word) in text.split(' ').enumerate() {
            @if place != 0 { " " }
            @if let Some(address) = word.strip_prefix("https://") {
                a href=(word) { (short(address)) }
            } @else if word.chars().count() <= FACTS_MAX {
                (unbroken(word))
            } @else {
                (word)
            }
        }
    }
}

/// The last part of an address: `time-based-copies` of `…/userguide/time-based-copies.html`.
fn short(address: &str) -> &str {
    let path = address.trim_end_matches('/').split(['?', '#']).next().unwrap_or(address);
    let last = path.rsplit('/').next().unwrap_or(path);
    last.strip_suffix(".html").unwrap_or(last)
}

/// What its flips give, and which verdicts they turn.
fn flipped(content: &Content, row: &ParameterRow) -> Markup {
    let mut texts: Vec<&str> = Vec::new();
    for flip in flips(content, row) {
        if !texts.contains(&flip.flip.as_str()) {
            texts.push(&flip.flip);
        }
    }
    if texts.is_empty() {
        return html! {
            td.z role="cell" data-l=(FLIPPED.text) { "–" }
            td.z role="cell" data-l=(VERDICT.text) { "–" }
        };
    }
    let of = |text: &str| -> Vec<&FlipRow> {
        flips(content, row).filter(|flip| flip.flip == text).collect()
    };
    let turning: Vec<&FlipRow> = flips(content, row).filter(|flip| flip.turns).collect();
    html! {
        (cell(FLIPPED, &html! {
            @for text in &texts {
                div { (text) span.m { (shares(content, &of(text))) } }
            }
        }))
        (cell(VERDICT, &html! {
            @if turning.is_empty() { "stays" }
            @for flip in &turning {
                div {
                    b { (before(content, flip)) " → " (flip.flipped_verdict.name()) }
                    span.m { (flip.target) }
                }
            }
        }))
    }
}

fn before(content: &Content, flip: &FlipRow) -> &'static str {
    let row = content.first_promises().find(|row| row.target == flip.target);
    row.map_or(Verdict::NotSure, |row| row.standing.verdict).name()
}

/// `99.88 %; 99.97 %`: the share of each target with the flip.
fn shares(content: &Content, flips: &[&FlipRow]) -> String {
    let many = 1 < content.first_promises().count();
    let each = flips.iter().filter_map(|flip| {
        let share = percent(flip.flipped?);
        Some(if many { format!("{}: {share}", flip.target) } else { share })
    });
    each.collect::<Vec<_>>().join("; ")
}

/// What is not on the page, and what nobody knows.
fn absent() -> Markup {
    html! {
        div.two {
            div {
                h3 { "What this page does not say" }
                p.m {
                    "No restore times (RTO): a copy that has arrived is not a system that runs. No \
                     packets and no TCP: copies are fluid."
                }
            }
            div {
                h3 { "What nobody knows" }
                p.m {
                    "The throughput of standard copies has not been published. What is said of them \
                     rests on the rate that the scenario assumes."
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_zeros_at_the_end_of_decimals_alone() {
        let shown = |text: &str| {
            let row = ParameterRow {
                parameter: String::new(),
                key: String::new(),
                value: text.to_owned(),
                origin: Origin::Given,
                source: String::new(),
                date: String::new(),
                about: String::new(),
                touched: None,
            };
            value(&row)
        };
        assert_eq!(shown("0.020000000 USD/GB"), "0.02 USD/GB");
        assert_eq!(shown("100 snapshots, 10.50 s"), "100 snapshots, 10.5 s");
        assert_eq!(shown("version 1.20.300"), "version 1.20.300");
        assert_eq!(short("a.b/c/time-based.html?x#y"), "time-based");
    }
}
