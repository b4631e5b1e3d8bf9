//! The ledger: every parameter in force, where it comes from, and what it would turn.

use maud::{Markup, html};

use super::content::{Content, plural};
use super::markup::{Head, cards, cell, row_head, words};
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
pub(super) fn section(content: &Content) -> Option<Markup> {
    if content.parameters.is_empty() {
        return None;
    }
    let (mut told, untouched): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        content.parameters.iter().partition(|row| row.touched != Some(false));
    told.sort_by_key(|row| (!turns(content, row), !moves(content, row), row.origin)); // stable
    let heads = [PARAMETER, VALUE, KIND, SOURCE, FLIPPED, VERDICT];
    let caption = "Parameters in force. Those that turn a verdict come first.";
    Some(html! {
        p.intro { (introduction(content, &told)) }
        (cards("ledger", caption, &heads, told.iter().map(|row| line(content, row))))
        @if !untouched.is_empty() {
            details {
                summary {
                    (plural(index_u64(untouched.len()), "parameter that", "parameters that"))
                    " no copy of this run touched"
                }
                ul.m {
                    @for row in &untouched {
                        li { (name(row)) " = " (row.value) ": " (row.about) " (" (row.origin.name()) ")" }
                    }
                }
            }
        }
        (absent())
    })
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
    if row.parameter.is_empty() { &row.key } else { &row.parameter }
}

fn line(content: &Content, row: &ParameterRow) -> Markup {
    html! {
        (row_head(&html! {
            (name(row))
            @if !row.about.is_empty() { span.m { (row.about) } }
        }))
        (cell(VALUE, &html! { (row.value) }))
        (cell(KIND, &html! { span class={ "tag " (row.origin.name()) } { (row.origin.name()) } }))
        (cell(SOURCE, &html! {
            (sources(&row.source))
            @if !row.date.is_empty() { span.m { (row.date) } }
        }))
        (flipped(content, row))
    }
}

/// Facts and their pages: addresses as links with a short name.
fn sources(text: &str) -> Markup {
    html! {
        @for (place, word) in text.split(' ').enumerate() {
            @if place != 0 { " " }
            @if let Some(address) = word.strip_prefix("https://") {
                a href=(word) { (short(address)) }
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
