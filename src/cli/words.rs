//! What came out, in sentences.

use std::fmt::Write;

use crate::catalog::Cause;
use crate::experiment::{NO_STEADY_STATE, Outcome, PointSummary, Start};
use crate::record::measure::{self, Measure};
use crate::report::theme::{interval, percent};
use crate::stats::{Growth, Interval, Judgement, Verdict};
use crate::units::{Bytes, Span, Usd, count_u64, thousands};

mod choice;
mod money;
mod precision;
mod requests;
mod solve;

pub(super) use choice::{chosen, fresh};
use choice::{number, tightest};
pub(super) use money::{cost, money};
pub(super) use precision::settled;
pub(super) use requests::{changed, labels};
pub(super) use solve::{answer, asked, marks, ruled_out};

/// Width that lines keep to, in columns.
pub(super) const WIDTH: usize = 100;

/// Points of a sweep that a line names at most.
const POINTS_TOLD: usize = 4;

/// A verdict in colour where that is wanted, padded to the longest of the words.
pub(super) fn verdict(verdict: Verdict, in_color: bool) -> String {
    let padded = format!("{verdict:<8}");
    if in_color { paint(verdict, &padded) } else { padded }
}

/// `text` in the colour of a verdict: green, red, yellow, bold.
pub(super) fn paint(verdict: Verdict, text: &str) -> String {
    let code = match verdict {
        Verdict::Yes => 32,
        Verdict::No => 31,
        Verdict::NotSure => 33,
    };
    format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
}

/// `text` in lines of at most [`WIDTH`] columns that each begin with `indent` spaces. No line ends
/// between a number and what it counts.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let room = WIDTH - indent;
    let mut lines: Vec<String> = Vec::new();
    for part in parts(text) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + part.chars().count() <= room => {
                line.push(' ');
                line.push_str(&part);
            }
            Some(_) | None => lines.push(part),
        }
    }
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{:indent$}{line}", "");
        text
    })
}

/// The words of `text`, each number together with the word that follows it.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match parts.last_mut() {
            Some(number) if number.ends_with(|last: char| last.is_ascii_digit()) => {
                number.push(' ');
                number.push_str(word);
            }
            Some(_) | None => parts.push(word.to_owned()),
        }
    }
    parts
}

/// A share with a plain space, for terminals: `99.98 %`.
pub(super) fn share(share: f64) -> String {
    percent(share).replace('\u{a0}', " ")
}

/// `99.73–99.84 %`; of shares that hardly differ, how many runs may be unlike the others.
pub(super) fn interval_or_bound(judgement: &Judgement) -> String {
    if let Some(Interval { low, high }) = judgement.interval {
        return format!("{} %", interval(low, high));
    }
    let text = bound(judgement);
    let bare = text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    bare.unwrap_or(text.trim()).to_owned()
}

/// How many runs may be unlike the others, where hardly any are: ` (at most 9.5 % of runs miss, 95 %)`.
fn bound(judgement: &Judgement) -> String {
    let (Some((alike, n_different)), Some(bound)) = (judgement.alike, judgement.bound) else {
        return String::new();
    };
    let (where_not, do_what) = match n_different {
        0 if alike < 1.0 => (" in every run", "differ"),
        _ if alike < 1.0 => ("", "differ"),
        _ => ("", "miss"),
    };
    format!("{where_not} (at most {} of runs {do_what}, 95 %)", share(bound))
}

/// How many copies never arrive, and how many are still under way when the run ends.
pub(super) fn never_there(point: &PointSummary) -> Option<String> {
    let mean = |of: &Measure| point.mean(0, of).unwrap_or(0.0);
    let never = mean(&measure::NOT_COPIED) + mean(&measure::FAILED);
    let open = mean(&measure::UNFINISHED);
    let due = thousands(mean(&measure::DUE), 0);
    let mut parts = Vec::new();
    if 0.0 < never {
        let n = if never < 0.05 { "Fewer than 0.1".to_owned() } else { thousands(never, 1) };
        parts.push(format!(
            "{n} of {due} copies a run are never there: given up, replaced, dropped, failed, or without a source"
        ));
    }
    if 0.0 < open {
        parts.push(format!("{} of {due} have not ended when the run does", thousands(open, 1)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// How many requests a run were refused for too many snapshots, and where they are kept.
pub(super) fn too_many_snapshots(point: &PointSummary) -> Option<String> {
    let refused = point.mean(0, &measure::REFUSED_SNAPSHOTS).filter(|n| 0.0 < *n)?;
    let most = |scope: usize| Some((scope, point.mean(scope, &measure::SNAPSHOTS_MAX)?));
    let kept = (0..point.scopes.len()).filter_map(most).max_by(|a, b| a.1.total_cmp(&b.1));
    let place = kept.map_or(String::new(), |(scope, n)| {
        format!("; {} keeps up to {}", point.scopes[scope], thousands(n, 0))
    });
    Some(format!(
        "{} requests a run are refused with SnapshotLimitExceeded{place}",
        thousands(refused, 1)
    ))
}

/// Copies that were made again, what they cost, and copies that nobody waited for.
pub(super) fn made_again(point: &PointSummary) -> Option<String> {
    let mean = |of: &Measure| point.mean(0, of).unwrap_or(0.0);
    let (again, timed_out) = (mean(&measure::AGAIN), mean(&measure::TIMED_OUT));
    let mut parts = Vec::new();
    if 0.05 <= again {
        let (n, moved) = (thousands(again, 1), Bytes::from_f64(mean(&measure::MOVED_AGAIN)));
        let usd = Usd::from_f64(mean(&measure::PAID_AGAIN));
        parts.push(format!(
            "{n} copies a run are made again, after a failure or because the client lost patience: \
             {moved} move once more, for {usd}"
        ));
    }
    if 0.05 <= timed_out {
        let n = thousands(timed_out, 1);
        parts.push(format!("in {n} cases a run the client did not wait for the end of a copy"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Mean time by cause of a scope, in order of a copy's life.
fn causes(point: &PointSummary, scope: usize, of: &[Measure; 14]) -> Vec<(Cause, f64)> {
    let each = Cause::ALL.into_iter().zip(of);
    each.filter_map(|(cause, measure)| Some((cause, point.mean(scope, measure)?))).collect()
}

/// What the copies of a scope wait for before they start: the mean of all waiting, and the greatest
/// part.
pub(super) fn waits(point: &PointSummary, scope: usize) -> Option<(Span, Cause)> {
    let mut waits = causes(point, scope, &measure::CAUSES);
    waits.retain(|(cause, seconds)| is_wait(*cause) && 0.0 < *seconds);
    let total: f64 = waits.iter().map(|(_, seconds)| seconds).sum();
    let greatest = waits.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((Span::from_secs_f64(total), greatest.0))
}

/// Whether a cause is waiting for somebody, before any byte moves.
fn is_wait(cause: Cause) -> bool {
    match cause {
        Cause::Throttled
        | Cause::Slot
        | Cause::BackOff
        | Cause::ClientQueue
        | Cause::SameSource => true,
        Cause::Snapshot
        | Cause::Window
        | Cause::StartUp
        | Cause::Quota
        | Cause::OwnCap
        | Cause::StandardCap
        | Cause::Outage
        | Cause::Link
        | Cause::Paced => false,
    }
}

/// What is to be said where the backlog grows, at some points of a plan.
pub(super) fn growth(points: &[PointSummary]) -> Option<String> {
    let growing: Vec<&PointSummary> =
        points.iter().filter(|point| point.growth == Growth::Growing).collect();
    let place = match growing.as_slice() {
        [] => return None,
        _ if points.len() == 1 => String::new(),
        several => format!(" at {}", places(several)),
    };
    Some(format!(
        "There is {NO_STEADY_STATE}{place}: the backlog grows, and a longer window would look worse"
    ))
}

/// Some points by their values: `slots 5; slots 10`, or how many where they are many.
fn places(points: &[&PointSummary]) -> String {
    if POINTS_TOLD < points.len() {
        return format!("{} points", points.len());
    }
    points.iter().map(|point| labels(point)).collect::<Vec<_>>().join("; ")
}

/// What is to be said where the backlog is another at the start than later, at some points of a plan.
pub(super) fn start(points: &[PointSummary]) -> Option<String> {
    let others: Vec<&PointSummary> = points
        .iter()
        .filter(|point| point.start.is_some() && point.growth != Growth::Growing)
        .collect();
    let place = match others.as_slice() {
        [] => return None,
        _ if points.len() == 1 => String::new(),
        several => format!(" at {}", places(several)),
    };
    let longest = others.iter().filter_map(|point| match point.start? {
        Start::After(span) => Some(span),
        Start::Unsettled => None,
    });
    let is_unsettled = others.iter().any(|point| point.start == Some(Start::Unsettled));
    let advice = match longest.max() {
        Some(span) if !is_unsettled => {
            format!("by MSER-5, `warm_up = \"{span}\"` would leave the difference out")
        }
        _ => "the horizon is too short for MSER-5 to say from when on it is not".to_owned(),
    };
    Some(format!(
        "The start is unlike the rest{place}: how many copies wait or are under way is another at \
         first than later; {advice}. Nothing was left out"
    ))
}

/// `1,000 flows, makespan 12.3 s`.
pub(super) fn flow_level(outcome: &Outcome) -> Option<String> {
    let totals = outcome.flow_level?;
    let n = |n: u64| thousands(count_u64(n), 0);
    let stalled = totals.n_flows - totals.n_ended;
    let mut text = format!("{} flows, makespan {}", n(totals.n_flows), totals.makespan);
    if 0 < stalled {
        let _ = write!(text, "; {} stall for ever on links without capacity", n(stalled));
    }
    Some(text)
}

mod ways;
pub(super) use ways::{ways_back, ways_of};

#[cfg(test)]
mod tests;
