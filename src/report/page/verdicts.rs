//! Each target with its verdict: the share and its interval, what it rests on, what would turn it.

use std::fmt::Write;

use maud::{Markup, html};

use super::answer::labels;
use super::content::{Content, plural};
use super::markup::{Place, class, datum, icon, unbroken, word};
use super::pictures;
use crate::report::chart::Verdict;
use crate::report::figure::Section as Part;
use crate::report::read::{ChosenRow, FlipRow, PromiseKind, Said, Standing, TargetRow};
use crate::report::theme::{NBSP, duration, interval, percent, percent_given};
use crate::report::words;
use crate::units::{count_u64, index_u64, thousands};

/// Weighty assumptions that a target names at most.
const WEIGHTY_TOLD: usize = 2;

/// An assumption that moves a share by less than this is no weighty one.
const WEIGHTY_LEAST: f64 = 0.0005;

/// Each target with its verdict, and the picture of all of them.
pub(super) fn all(content: &Content) -> Markup {
    if content.is_sweep() {
        let chosen = content.confirmed.iter().flatten();
        return html! {
            @if chosen.clone().next().is_some() {
                ul.verdicts { @for row in chosen { (confirmed(row)) } }
            }
        };
    }
    html! {
        @if content.first_promises().next().is_some() {
            ul.verdicts { @for row in content.first_promises() { (verdict(content, row)) } }
        }
        @if let Some(pictures) = pictures::of(content, Part::Answer) { (pictures) }
    }
}

/// A target at the chosen point of a sweep, on fresh draws.
fn confirmed(row: &ChosenRow) -> Markup {
    let number = row.point.to_string();
    let key = [number.as_str(), row.target.as_str()];
    let place = |column| Place { file: "confirmed.csv", row: &key, column };
    html! {
        li class={ "verdict " (class(row.verdict)) } {
            p.word {
                (icon(row.verdict))
                b { (datum(place("verdict"), row.verdict.name(), word(row.verdict))) }
            }
            div.says {
                p.prom { (unbroken(&row.target)) }
                p {
                    @if let Some(share) = &row.share {
                        (datum(place("share"), &share.text, &percent(share.value))) " held"
                    }
                    @if let (Some(low), Some(high)) = (&row.low, &row.high) {
                        " (95" (NBSP) "% interval " (both(low, high, &place)) (NBSP) "%)"
                    }
                    ", promised " (percent_given(row.promised)) "."
                }
                p.sub {
                    b { "Rests on" } " " (plural(row.n_runs, "run", "runs")) " of fresh draws, seed "
                    (row.seed) ", with " (labels(&row.labels)) "."
                }
            }
        }
    }
}

fn verdict(content: &Content, row: &TargetRow) -> Markup {
    let standing = &row.standing;
    let key = ["0", row.target.as_str()];
    let place = |column| Place { file: "targets.csv", row: &key, column };
    html! {
        li class={ "verdict " (class(standing.verdict)) } {
            p.word {
                (icon(standing.verdict))
                b { (datum(place("verdict"), standing.verdict.name(), word(standing.verdict))) }
            }
            div.says {
                p.prom { (unbroken(&row.target)) }
                p { (numbers(row, &whole(content, row), &place)) }
                p.sub {
                    b { "Rests on" } " " (rests(content, row))
                    br;
                    b { "Turns" } " " (turns(content, row))
                }
            }
        }
    }
}

/// What a share is a share of.
fn whole(content: &Content, row: &TargetRow) -> String {
    let promise = content.manifest.target.iter().find(|promise| promise.name == row.target);
    let Some(promise) = promise else { return "all".to_owned() };
    let limit = promise.limit.map(duration);
    match (promise.kind, limit) {
        (PromiseKind::Copy, Some(limit)) => format!("copies within {limit} of being due"),
        (PromiseKind::Batch, Some(limit)) => format!("batches within {limit} of being due"),
        (PromiseKind::Rpo, Some(limit)) => {
            format!("the time with a recovery point younger than {limit}")
        }
        (PromiseKind::Copy, None) => "copies".to_owned(),
        (PromiseKind::Batch, None) => "batches by their time of day".to_owned(),
        (PromiseKind::Rpo, None) => "the time".to_owned(),
        (PromiseKind::Link, _) => "the time below the limit".to_owned(),
    }
}

/// `99.78 % of the time … (95 % interval 99.73–99.84 %), promised 99.9 %; worst 3 h 24 min`.
fn numbers<'a>(
    row: &'a TargetRow,
    whole: &str,
    place: &dyn Fn(&'static str) -> Place<'a>,
) -> Markup {
    let standing = &row.standing;
    let promised = percent_given(standing.promised);
    let Some(share) = &standing.share else {
        return html! { "Nothing was due; promised " (promised) "." };
    };
    html! {
        (datum(place("share"), &share.text, &percent(share.value))) " of " (whole)
        (ends(standing, place))
        (bound(standing, place))
        ", promised " (promised)
        @if let Some(worst) = &standing.worst {
            "; worst " (datum(place("worst_s"), &worst.text, &duration(worst.value)))
        }
        @if standing.verdict == Verdict::NotSure { "; " (standing.reason) }
        "."
    }
}

/// ` (95 % interval 99.73–99.84 %)`, each end with its place; nothing where there is none.
pub(super) fn ends<'a>(standing: &Standing, place: &dyn Fn(&'static str) -> Place<'a>) -> Markup {
    let (Some(low), Some(high)) = (&standing.low, &standing.high) else { return html! {} };
    html! { " (95" (NBSP) "% interval " (both(low, high, place)) (NBSP) "%)" }
}

/// `99.73–99.84`, each end with its place.
pub(super) fn both<'a>(
    low: &Said<f64>,
    high: &Said<f64>,
    place: &dyn Fn(&'static str) -> Place<'a>,
) -> Markup {
    let shown = interval(low.value, high.value);
    let (from, to) = shown.split_once('–').unwrap_or((&shown, &shown));
    html! {
        span.nb {
            (datum(place("low_95"), &low.text, from)) "–"
            (datum(place("high_95"), &high.text, to))
        }
    }
}

/// How many runs may be unlike the others, where hardly any are.
fn bound<'a>(standing: &Standing, place: &dyn Fn(&'static str) -> Place<'a>) -> Markup {
    let Some(bound) = &standing.bound else { return html! {} };
    let does = if standing.share.as_ref().is_some_and(|share| 1.0 <= share.value) {
        "miss"
    } else {
        "differ from the others"
    };
    html! {
        " (at most " (datum(place("bound_95"), &bound.text, &percent(bound.value)))
        " of runs " (does) ", 95" (NBSP) "%)"
    }
}

/// Runs, things counted, and the weightiest assumptions.
fn rests(content: &Content, row: &TargetRow) -> String {
    let standing = &row.standing;
    let mut text = plural(standing.n_runs, "run", "runs");
    let things = match row.kind.as_str() {
        "copy" => Some(("copy", "copies")),
        "batch" => Some(("batch", "batches")),
        _ => None,
    };
    if let Some((one, many)) = things {
        let missed = thousands(count_u64(standing.n_missed), 0);
        let _ = write!(text, ", {}, {missed} missed", plural(standing.n, one, many));
    }
    if 0 < standing.n_open {
        let _ = write!(text, ", {} left out (still open)", standing.n_open);
    }
    let tried = tried(content, row);
    if tried.is_empty() {
        return text + "; no assumption was flipped";
    }
    let n_tried = n_switches(&tried);
    let _ = write!(
        text,
        "; {} bore on its copies",
        plural(n_tried, "assumption that", "assumptions that")
    );
    let weighty = weighty(&tried);
    if !weighty.is_empty() {
        let _ = write!(text, ", the weightiest {}", weighty.join(" and "));
    }
    text + "."
}

/// The flips of assumptions that were tried for a target.
fn tried<'c>(content: &'c Content, row: &TargetRow) -> Vec<&'c FlipRow> {
    content.flips.iter().filter(|flip| flip.target == row.target).collect()
}

fn n_switches(flips: &[&FlipRow]) -> u64 {
    let mut names: Vec<&str> = flips.iter().map(|flip| flip.switch.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    index_u64(names.len())
}

/// `P-SNAPSHOT (99.78 to 99.99 %)`: what moves a share most.
fn weighty(flips: &[&FlipRow]) -> Vec<String> {
    let mut moved: Vec<(f64, &FlipRow)> = Vec::new();
    for flip in flips {
        let (Some(base), Some(flipped)) = (flip.base, flip.flipped) else { continue };
        let by = (flipped - base).abs();
        match moved.iter_mut().find(|(_, other)| other.switch == flip.switch) {
            Some(known) if known.0 < by => *known = (by, flip),
            Some(_) => {}
            None => moved.push((by, flip)),
        }
    }
    moved.retain(|(by, _)| WEIGHTY_LEAST <= *by);
    moved.sort_by(|one, other| other.0.total_cmp(&one.0)); // stable
    let told = moved.into_iter().take(WEIGHTY_TOLD).filter_map(|(_, flip)| {
        let (base, flipped) = (percent(flip.base?), percent(flip.flipped?));
        Some(format!("{} ({base} → {flipped} in {} runs)", flip.switch, flip.n_runs))
    });
    told.collect()
}

/// The flips that turn the verdict, in words.
fn turns(content: &Content, row: &TargetRow) -> String {
    let tried = tried(content, row);
    let turning: Vec<String> =
        tried.iter().filter(|flip| flip.turns).map(|flip| turn(flip)).collect();
    match (&turning[..], n_switches(&tried)) {
        ([], 0) => "unknown: no assumption was flipped (--no-flip, or a sweep).".to_owned(),
        ([], 1) => "with nothing that was tried: the one assumption that bore on it.".to_owned(),
        ([], n) => format!("with nothing that was tried: {n} assumptions that bore on it."),
        (turning, _) => format!("if {}.", turning.join("; or if ")),
    }
}

/// `time-based copies are paced early (P-TB-PACE = early): then not sure, 99.88 %`.
fn turn(flip: &FlipRow) -> String {
    let share = flip.flipped.map_or(String::new(), |share| format!(", {}", percent(share)));
    let (switch, text) = (&flip.switch, &flip.flip);
    let if_so = words::supposed_key(switch, text);
    let (verdict, n_runs) = (flip.flipped_verdict.name(), flip.n_runs);
    format!("{if_so} ({switch} = {text}): then {verdict}{share} in {n_runs} runs")
}
