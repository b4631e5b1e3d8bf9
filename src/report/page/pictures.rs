//! Pictures on the page: each at two widths, of which the style sheet shows one, with the numbers
//! behind it.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::answer::labels;
use super::content::Content;
use super::markup::{raw, unbroken};
use super::tables;
use crate::report::chart::{Drawing, Frame, PlotWidth};
use crate::report::figure::{Figure, Numbers, Section as Part};
use crate::report::theme::{NBSP, Paint, interval, percent};

/// The paints of pictures.
pub(super) fn paints(figures: &[Drawn]) -> BTreeSet<Paint> {
    let drawings = figures.iter().flat_map(|drawn| [&drawn.wide, &drawn.narrow]);
    drawings.flat_map(|drawing| drawing.paints().iter().copied()).collect()
}

/// The pictures of a part of the page; none where there are none.
pub(super) fn of(content: &Content, part: Part) -> Option<Markup> {
    let figures: Vec<&Drawn> =
        content.figures.iter().filter(|drawn| drawn.figure.section == part).collect();
    (!figures.is_empty()).then(|| html! { @for drawn in figures { (shown(drawn)) } })
}

/// A figure, drawn at both widths.
#[derive(Debug)]
pub(super) struct Drawn {
    figure: Figure,
    wide: Drawing,
    narrow: Drawing,
}

impl Drawn {
    /// Draws a figure.
    pub(super) fn of(figure: Figure) -> Drawn {
        let draw = |width| figure.draw(Frame::page(width));
        Drawn { wide: draw(PlotWidth::Wide), narrow: draw(PlotWidth::Narrow), figure }
    }
}

/// A figure with its heading, its notes, and its numbers.
pub(super) fn shown(Drawn { figure, wide, narrow }: &Drawn) -> Markup {
    html! {
        figure id=(figure.name) {
            figcaption {
                h3 { (unbroken(&figure.caption.title)) }
                p.sub { (unbroken(&figure.caption.subtitle)) }
            }
            div.plot { (raw(wide.to_svg())) (raw(narrow.to_svg())) }
            @if !figure.note.is_empty() {
                div.note { @for line in &figure.note { p { (line) } } }
            }
            @if !figure.numbers.rows.is_empty() { (numbers(&figure.caption.title, &figure.numbers)) }
        }
    }
}

/// The numbers behind a picture.
fn numbers(title: &str, numbers: &Numbers) -> Markup {
    let is_number = |place: usize| numbers.is_numeric.get(place).copied().unwrap_or(false);
    html! {
        details {
            summary { "Numbers behind the picture" }
            section.scroll tabindex="0" aria-label={ "Numbers: " (title) } {
                table {
                    caption { "Numbers: " (title) }
                    thead {
                        tr {
                            @for (place, head) in numbers.head.iter().enumerate() {
                                th.n[is_number(place)] scope="col" { (head) }
                            }
                        }
                    }
                    tbody {
                        @for row in &numbers.rows {
                            tr {
                                @for (place, field) in row.iter().enumerate() {
                                    @if place == 0 {
                                        th.n[is_number(0)] scope="row" { (field) }
                                    } @else {
                                        td.n[is_number(place)] { (field) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !numbers.thinned.is_empty() { p.m { (numbers.thinned) } }
        }
    }
}

/// What makes the late ones late, and what would help.
pub(super) fn why(content: &Content) -> Option<Markup> {
    if content.manifest.copies.is_empty() {
        return None;
    }
    let late = of(content, Part::Late);
    let help = of(content, Part::Help);
    Some(html! {
        p.intro { (introduction(content)) }
        @if let Some(late) = late { (late) }
        @if let Some(help) = help { (help) }
        @else { h3 { "What would help" } }
        (would_help(content))
    })
}

fn introduction(content: &Content) -> &'static str {
    let is_late = content.mean("all", "broke").is_some_and(|n| 0.0 < n);
    match (is_late, content.lifts.is_empty()) {
        (true, false) => {
            "Each limit is lifted in turn on the same draws, so the difference is the limit’s and not \
             chance’s."
        }
        (true, true) if content.is_sweep() => {
            "Of a sweep, no limit is lifted; that is done for a scenario of one point."
        }
        (true, true) => "No limit was lifted in this run (--no-flip).",
        (false, _) => "No copy broke a promise, so no limit had to be lifted.",
    }
}

/// The cheapest change that meets the targets, or how to look for one.
fn would_help(content: &Content) -> Markup {
    if !content.is_sweep() {
        return html! {
            p.intro {
                "This scenario changes nothing, so nothing is compared here. "
                code { (unbroken("snapferry solve scenario.toml --for slots")) } " (or "
                code { "quota" } ", " code { "duration" } ", " code { "start" }
                ") looks for the least change that meets the targets and confirms it on fresh seeds; \
                 a " code { "[[axis]]" } " does so for changes of your own."
            }
        };
    }
    let Some(best) = &content.confirmed else {
        return html! { p.intro { "No best point was looked for (--no-confirm, or no target)." } };
    };
    let Some(first) = best.first() else {
        return html! {
            p.intro {
                "None of the " (content.manifest.scenario.points) " points meets every target for \
                 sure, so none is the cheapest that does."
            }
        };
    };
    html! {
        p.intro {
            "The cheapest point that meets every target is " b { (labels(&first.labels)) }
            ". It was run again with seed " (first.seed) ", which took no part in choosing it: "
            @for (place, row) in best.iter().enumerate() {
                @if place != 0 { "; " }
                (row.target) ": " b { (row.verdict.name()) }
                @if let Some(share) = &row.share { ", " (percent(share.value)) }
                @if let Some((low, high)) = row.interval().filter(|(low, high)| low < high) {
                    " (95" (NBSP) "% interval " span.nb { (interval(low, high)) ")" }
                }
            }
            "."
        }
    }
}

/// Copies over time, and what they use.
pub(super) fn day(content: &Content) -> Option<Markup> {
    let (pictures, scopes) = (of(content, Part::Day), tables::scopes(content));
    if pictures.is_none() && scopes.is_none() {
        return None;
    }
    Some(html! {
        p.intro {
            "Colours mean the same in every picture: grey is preparing, warm is waiting, cool is \
             moving."
            @if content.is_sweep() { " All are of the first point of the sweep." }
        }
        @if let Some(pictures) = pictures { (pictures) }
        @if let Some(scopes) = scopes { (scopes) }
    })
}

/// Sweeps, and what they cost.
pub(super) fn what_if(content: &Content) -> Option<Markup> {
    let (pictures, points) = (of(content, Part::WhatIf), tables::points(content));
    if pictures.is_none() && points.is_none() {
        return None;
    }
    Some(html! {
        @if content.is_sweep() {
            p.intro { "All points of the sweep meet the same draws." }
        }
        @if let Some(pictures) = pictures { (pictures) }
        @if let Some(points) = points { (points) }
    })
}
