//! Tables of measures: each fleet and destination of the first point, and each point of a sweep.

use maud::{Markup, html};

use super::content::Content;
use super::markup::{
    Head, Place, cards, cell, class, datum, icon, numbers, row_head, unbroken, word, words,
};
use super::verdicts::both;
use crate::report::read::{Said, SummaryRow, TargetRow};
use crate::report::theme::{NBSP, duration, percent};
use crate::units::{Span, Usd, thousands};

/// Fleets and destinations that the table has at most; those whose worst copy took longest.
const SCOPES_MAX: usize = 40;

/// Points that the table has at most.
const POINTS_MAX: usize = 200;

const SCOPE: Head = words("fleet and destination");
const DUE: Head = numbers("copies due a run");
const ON_TIME: Head = numbers("on time");
const MEDIAN: Head = numbers("median");
const P99: Head = numbers("99th percentile");
const WORST: Head = numbers("worst");

/// What came out by fleet and destination; none where no copy was due.
pub(super) fn scopes(content: &Content) -> Option<Markup> {
    let mut names: Vec<&str> = vec!["all"];
    for rule in &content.manifest.copies {
        if !names.contains(&rule.scope.as_str()) {
            names.push(&rule.scope);
        }
    }
    names.retain(|name| content.measure(name, "due").is_some());
    let longest = |name: &str| {
        let worst = content.measure(name, "completion_max").and_then(|row| row.pooled.as_ref());
        worst.map_or(0.0, |worst| worst.value)
    };
    let n_hidden = names.len().saturating_sub(SCOPES_MAX);
    if 0 < n_hidden {
        names[1..].sort_by(|a, b| longest(b).total_cmp(&longest(a))); // stable
        names.truncate(SCOPES_MAX);
    }
    if names.len() < 2 {
        return None;
    }
    let heads = [SCOPE, DUE, ON_TIME, MEDIAN, P99, WORST];
    let caption = format!(
        "From due to completed, of the copies of all {} together; share on time, where a copy or \
         batch target says what that is.",
        content.runs()
    );
    Some(html! {
        h3 { "Copies by fleet and destination" }
        (cards("promise", &caption, &heads, names.iter().map(|name| scope(content, name))))
        @if 0 < n_hidden { p.sub { (n_hidden) " that were quicker are in " code { "summary.csv" } "." } }
    })
}

fn scope(content: &Content, name: &str) -> Markup {
    html! {
        (row_head(&unbroken(name)))
        (value(content, (DUE, name, "due"), |row| row.mean.as_ref(), |due| thousands(due, 0)))
        (value(content, (ON_TIME, name, "on_time"), |row| row.mean.as_ref(), percent))
        @for (head, measure) in
            [(MEDIAN, "completion_p50"), (P99, "completion_p99"), (WORST, "completion_max")]
        {
            (value(content, (head, name, measure), |row| row.pooled.as_ref(), |seconds| {
                duration(Span::from_secs_f64(seconds))
            }))
        }
    }
}

/// One number of `summary.csv`.
fn value(
    content: &Content,
    (head, scope, measure): (Head, &str, &'static str),
    of: fn(&SummaryRow) -> Option<&Said<f64>>,
    shown: impl Fn(f64) -> String,
) -> Markup {
    let row = content.measure(scope, measure);
    let column = if measure.starts_with("completion") { "pooled" } else { "mean" };
    let place = Place { file: "summary.csv", row: &["0", scope, measure], column };
    let least = if row.is_some_and(|row| row.at_least) { "≥\u{a0}" } else { "" };
    cell(
        head,
        &html! {
            @if let Some(said) = row.and_then(of) {
                (least) (datum(place, &said.text, &shown(said.value)))
            } @else {
                "–"
            }
        },
    )
}

/// Each point of a sweep with its verdicts; none of a single point, or without targets.
pub(super) fn points(content: &Content) -> Option<Markup> {
    if !content.is_sweep() || content.promises.is_empty() {
        return None;
    }
    let caption = "Each point of the sweep: verdict and share of each target that held.";
    let points: Vec<&[TargetRow]> =
        content.promises.chunk_by(|one, next| one.point == next.point).collect();
    let first = points[0];
    let best = content.confirmed.iter().flatten().next().map(|row| row.point);
    let shown = points.len().min(POINTS_MAX);
    Some(html! {
        h3 { "Every point" }
        section.scroll tabindex="0" aria-label=(caption) {
            table.points {
                caption { (caption) }
                thead {
                    tr {
                        @for (axis, _) in &first[0].labels { th scope="col" { (axis) } }
                        @for row in first { th scope="col" { (row.target) } }
                        th.n scope="col" { "a run costs" }
                        th scope="col" { "chosen" }
                    }
                }
                tbody {
                    @for rows in &points[..shown] {
                        tr {
                            @for (place, (_, value)) in rows[0].labels.iter().enumerate() {
                                @if place == 0 { th scope="row" { (value) } }
                                @else { td { (value) } }
                            }
                            @for row in *rows { td { (point(row)) } }
                            td.n { (cost(content, rows[0].point)) }
                            td { @if best == Some(rows[0].point) { "the cheapest that meets" } }
                        }
                    }
                }
            }
        }
        @if shown < points.len() {
            p.sub { (points.len() - shown) " more points are in " code { "targets.csv" } "." }
        }
    })
}

/// Verdict, share, and interval of a target at a point.
fn point(row: &TargetRow) -> Markup {
    let number = row.point.to_string();
    let key = [number.as_str(), row.target.as_str()];
    let place = |column| Place { file: "targets.csv", row: &key, column };
    let standing = &row.standing;
    html! {
        span class={ "vw " (class(standing.verdict)) } {
            (icon(standing.verdict))
            (datum(place("verdict"), standing.verdict.name(), word(standing.verdict)))
        }
        @if let Some(share) = &standing.share {
            " " (datum(place("share"), &share.text, &percent(share.value)))
        }
        @if let (Some(low), Some(high)) = (&standing.low, &standing.high) {
            span.m { (both(low, high, &place)) (NBSP) "%" }
        }
    }
}

/// What a run costs at a point.
fn cost(content: &Content, point: u64) -> String {
    content.costs.get(&point).map_or_else(String::new, |parts| {
        Usd::from_f64(parts.iter().sum()).to_string().replace(' ', "\u{a0}")
    })
}
