//! The promise table: one line per application or fleet and destination.

use maud::{Markup, html};

use super::content::Content;
use super::markup::{
    Head, Place, cards, cell, class, datum, icon, numbers, row_head, unbroken, word, words,
};
use super::verdicts::both;
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::read::{ScopeRow, Standing};
use crate::report::theme::{NBSP, duration, percent};

/// Lines that the table has at most; the rest is in the file.
const LINES_MAX: usize = 60;

const SCOPE: Head = words("application or fleet");
const PROMISE: Head = words("promise");
const SHARE: Head = words("share kept");
const WORST: Head = numbers("worst");
const VERDICT: Head = words("verdict");
const FIRST: Head = words("what breaks first");

/// The table; none where nothing is promised.
pub(super) fn table(content: &Content) -> Option<Markup> {
    let rows = &content.scopes;
    if rows.is_empty() {
        return None;
    }
    let caption = format!(
        "One line per promise and application or fleet; share kept with its 95{NBSP}% interval, \
         {}{}.",
        content.runs(),
        if content.is_sweep() { " of the first point" } else { "" }
    );
    let heads = [SCOPE, PROMISE, SHARE, WORST, VERDICT, FIRST];
    let shown = rows.len().min(LINES_MAX);
    Some(html! {
        p.intro { "The same verdicts one by one, judged on their own." }
        (cards("promise", &caption, &heads, rows[..shown].iter().map(line)))
        @if shown < rows.len() {
            p.sub { (rows.len() - shown) " more lines stand in " code { "promises.csv" } "." }
        }
    })
}

fn line(row: &ScopeRow) -> Markup {
    let name = if row.application.is_empty() {
        row.scope.clone()
    } else {
        format!("{}, {}", row.application, row.scope)
    };
    let key = ["0", row.target.as_str(), row.scope.as_str(), row.application.as_str()];
    let place = |column| Place { file: "promises.csv", row: &key, column };
    let standing = &row.standing;
    html! {
        (row_head(&unbroken(&name)))
        (cell(PROMISE, &unbroken(&row.target)))
        (cell(SHARE, &share(standing, &place)))
        (cell(WORST, &html! {
            @if let Some(worst) = &standing.worst {
                (datum(place("worst_s"), &worst.text, &duration(worst.value)))
            } @else { "–" }
        }))
        (cell(VERDICT, &html! {
            span class={ "vw " (class(standing.verdict)) } {
                (icon(standing.verdict))
                (datum(place("verdict"), standing.verdict.name(), word(standing.verdict)))
            }
        }))
        (cell(FIRST, &html! { (breaks_first(&row.breaks_first)) }))
    }
}

fn share<'a>(standing: &Standing, place: &dyn Fn(&'static str) -> Place<'a>) -> Markup {
    let Some(share) = &standing.share else { return html! { "nothing was due" } };
    html! {
        (datum(place("share"), &share.text, &percent(share.value)))
        span.m {
            @match (&standing.low, &standing.high) {
                (Some(low), Some(high)) => { (both(low, high, place)) }
                _ => {
                    @if standing.n_missed == 0 {
                        "no miss in " (standing.n_runs) " runs"
                    }
                }
            }
        }
    }
}

/// A cause in words.
fn breaks_first(word: &str) -> &'static str {
    let cause = Cause::ALL.into_iter().find(|cause| cause.name() == word);
    cause.map_or("–", cause::label)
}
