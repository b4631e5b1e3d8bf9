//! A comparison in words and small tables.

use std::fmt::Write;
use std::path::Path;

use comfy_table::CellAlignment;

use super::super::terminal::Terminal;
use super::super::{table, words};
use crate::compare::{Comparison, CopyChanges, Difference, Pairs, TargetDifference};
use crate::record::{measure, shown};
use crate::report::cause;
use crate::report::words::{figure, signed};
use crate::stats::{Interval, LEAST_RUNS, Pairing};
use crate::units::{count_u64, thousands};

/// Measures that the table tells of each scope, where they differ.
const MEASURES: [&str; 9] = [
    measure::ON_TIME.name,
    measure::COMPLETION_MEAN.name,
    measure::COMPLETION_P99.name,
    measure::RPO_MEAN.name,
    measure::RPO_MAX.name,
    measure::FIRST_COPY.name,
    measure::SURCHARGE.name,
    measure::TRANSFER.name,
    measure::STORAGE.name,
];

/// Rows of the table: as many as a screen shows beside the words.
const ROWS_SHOWN: usize = 20;

/// Ways that a line names at most.
const WAYS_TOLD: usize = 4;

/// The whole comparison.
pub(super) fn told(comparison: &Comparison, out: Option<&Path>, terminal: Terminal) -> String {
    let mut text = String::new();
    for (letter, (name, n)) in [("A", &comparison.a), ("B", &comparison.b)] {
        let runs = if *n == 1 { "run" } else { "runs" };
        text.push_str(&words::wrapped(&format!("{letter}  {name}: {n} {runs}"), 0));
    }
    let n = comparison.n_runs;
    if comparison.pairs == Pairs::ByReplication && (comparison.a.1, comparison.b.1) != (n, n) {
        let pairs = if n == 1 { "pair of runs was" } else { "pairs of runs were" };
        text.push_str(&words::wrapped(
            &format!("{n} {pairs} compared; means below are of these"),
            0,
        ));
    }
    text.push('\n');
    text.push_str(&words::wrapped(&headline(comparison), 2));
    for target in &comparison.targets {
        told_target(&mut text, target, comparison, terminal);
    }
    for (name, side) in &comparison.lone_targets {
        text.push_str(&words::wrapped(&format!("only {side} has the target \"{name}\""), 2));
    }
    let paragraphs = [pairing(comparison), copies(comparison), ways(comparison)];
    for line in paragraphs.into_iter().flatten() {
        let _ = write!(text, "\n{}", words::wrapped(&line, 2));
    }
    let rows = measures(comparison, out.is_some());
    if !rows.is_empty() {
        let _ = write!(text, "\n{rows}");
    }
    if let Some(copies) = comparison.copies.as_ref().filter(|copies| !copies.moved.is_empty()) {
        let _ = write!(text, "\n  Copies that move most:\n{}", moved(copies));
    }
    if !comparison.notes.is_empty() {
        text.push('\n');
    }
    for note in &comparison.notes {
        text.push_str(&words::wrapped(&format!("note: {note}"), 2));
    }
    if let Some(out) = out {
        let _ = writeln!(text, "\n  {}", out.display());
    }
    text
}

/// What a share, a time, and a bill say: the answer.
fn headline(comparison: &Comparison) -> String {
    let n = comparison.n_runs;
    let runs = if n == 1 { "the one run".to_owned() } else { format!("all {n} runs") };
    if comparison.is_same() {
        let copies = comparison.copies.as_ref().filter(|copies| 0 < copies.n_both);
        let copies = copies.map_or(String::new(), |copies| {
            format!(", and each of {} copies", thousands(count_u64(copies.n_both), 0))
        });
        return format!(
            "No difference: every measure and every target is the same in {runs}{copies}."
        );
    }
    let of_all = |name| comparison.find("all", name).and_then(|row| row.difference.as_ref());
    let took = of_all(measure::COMPLETION_MEAN.name);
    let always = took.is_some_and(is_constant) && 1 < n;
    let verdict = match took.map(|took| (took.mean, took.interval)) {
        None => "A and B differ",
        Some((0.0, _)) => "A copy takes as long in B as in A",
        Some((_, Some(Interval { low, .. }))) if 0.0 < low => "B is later",
        Some((_, Some(Interval { high, .. }))) if high < 0.0 => "B is sooner",
        Some((_, Some(_))) => "B is neither sooner nor later, as far as these runs say",
        Some((mean, None)) if always && 0.0 < mean => "B is later",
        Some((_, None)) if always => "B is sooner",
        Some((mean, None)) if 0.0 < mean => {
            "B is later in these runs, which are too few to be sure"
        }
        Some((_, None)) => "B is sooner in these runs, which are too few to be sure",
    };
    let differs = |of: &&Difference| 0.0 < of.mean.abs();
    let mut parts = Vec::new();
    if let Some(took) = took.filter(differs) {
        parts.push(format!(
            "a copy takes {} on average instead of {}: {}",
            figure(took.mean_b, "s"),
            figure(took.mean_a, "s"),
            change(took, "s")
        ));
    }
    if let Some(share) = of_all(measure::ON_TIME.name).filter(differs) {
        parts.push(format!("on-time share {}", change(share, "share")));
    }
    if let Some(cost) = comparison.cost.as_ref().filter(differs) {
        parts.push(format!("the bill of a run {}", change(cost, "USD")));
    }
    if parts.is_empty() {
        format!("{verdict}.")
    } else {
        format!("{verdict}: {}.", parts.join("; "))
    }
}

/// `in time   yes → no   100 % → 98.8 %: −1.2 points (−1.5 to −0.9)`, and whose verdict turns.
fn told_target(
    text: &mut String,
    target: &TargetDifference,
    comparison: &Comparison,
    terminal: Terminal,
) {
    let verdicts = target.judgements.map(|judgement| judgement.verdict);
    let painted = verdicts.map(|verdict| {
        let word = verdict.to_string();
        if terminal.colors_results { words::paint(verdict, &word) } else { word }
    });
    let _ = writeln!(text, "\n  {}: {} → {}", target.name, painted[0], painted[1]);
    let line = match &target.difference {
        None => "nothing to judge on both sides".to_owned(),
        Some(_) if target.is_same => "the same share held in every run".to_owned(),
        Some(share) => format!(
            "{} → {}: {}",
            words::share(share.mean_a),
            words::share(share.mean_b),
            change(share, "share")
        ),
    };
    text.push_str(&words::wrapped(&line, 6));
    let Some((turned, copies)) = target.turned.as_ref().zip(comparison.copies.as_ref()) else {
        return;
    };
    if turned.n_late + turned.n_in_time == 0 {
        return;
    }
    let a_run = |n: u64| thousands(copies.a_run(n), 2);
    let copies = |n: u64, from: &str, to: &str| {
        let number = a_run(n);
        let are = if number == "1" { "copy a run is" } else { "copies a run are" };
        format!("{number} {are} in time in {from} and late in {to}")
    };
    let turned = [(turned.n_late, "A", "B"), (turned.n_in_time, "B", "A")];
    let told = turned.into_iter().filter(|(n, ..)| 0 < *n);
    let line = told.map(|(n, from, to)| copies(n, from, to)).collect::<Vec<_>>().join("; ");
    text.push_str(&words::wrapped(&line, 6));
}

/// What pairing won on the mean time of a copy; else on the first target that differs.
fn pairing(comparison: &Comparison) -> Option<String> {
    if comparison.pairs == Pairs::None || comparison.is_same() {
        return None;
    }
    let took = comparison.find("all", measure::COMPLETION_MEAN.name);
    let took = took.filter(|row| !row.is_same).and_then(|row| row.difference.as_ref());
    let share = comparison.targets.iter().filter(|target| !target.is_same);
    let share = share.filter_map(|target| Some((target.name.clone(), target.difference.as_ref()?)));
    let mut told =
        took.map(|took| ("the mean time of a copy".to_owned(), took)).into_iter().chain(share);
    let (what, difference) = told.next()?;
    Some(match difference.pairing? {
        Pairing::Factor(factor) if 1.0 <= factor => format!(
            "Pairing won a factor of {} in the variance of {what}: so many times more independent \
             runs would give the same interval.",
            thousands(factor, 1)
        ),
        Pairing::Factor(factor) => format!(
            "Pairing lost in the variance of {what}: a factor of {}; independent runs would give a \
             shorter interval.",
            thousands(factor, 2)
        ),
        Pairing::Constant => {
            format!("Pairing left no variance in {what}: the difference is the same in every pair.")
        }
        Pairing::Nothing => {
            format!("Runs do not differ from one another in {what}: there is no variance to win.")
        }
        Pairing::Unknown => {
            "One pair of runs says nothing about others: ask for more --replications.".to_owned()
        }
    })
}

/// How many copies are later, sooner, or there on one side alone.
fn copies(comparison: &Comparison) -> Option<String> {
    let copies = comparison.copies.as_ref().filter(|copies| !copies.is_same())?;
    let n = |n: u64| thousands(count_u64(n), 0);
    let runs =
        if copies.n_runs == 1 { "1 run".to_owned() } else { format!("{} runs", copies.n_runs) };
    let mut text = format!(
        "Of {} copies that are due on both sides in {runs}, {} are later in B and {} sooner",
        n(copies.n_both),
        n(copies.n_later),
        n(copies.n_sooner)
    );
    for (count, what) in [
        (copies.n_lost, "arrive in A alone"),
        (copies.n_won, "arrive in B alone"),
        (copies.n_only_a, "are due in A alone"),
        (copies.n_only_b, "are due in B alone"),
    ] {
        if 0 < count {
            let _ = write!(text, "; {} {what}", n(count));
        }
    }
    text.push('.');
    Some(text)
}

/// Ways that one side alone has.
fn ways(comparison: &Comparison) -> Option<String> {
    let told = |side: &str, ways: &[String]| {
        let more = ways.len().saturating_sub(WAYS_TOLD);
        let mut names = ways.iter().take(WAYS_TOLD).cloned().collect::<Vec<_>>().join(", ");
        if 0 < more {
            let _ = write!(names, ", and {more} more");
        }
        (!ways.is_empty()).then(|| format!("Only {side} has {names}."))
    };
    let parts = [told("A", &comparison.only_a), told("B", &comparison.only_b)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let rest = "What `all` says is of other copies on each side.";
    (!parts.is_empty()).then(|| format!("{} {rest}", parts.join(" ")))
}

/// The measures that differ, scope by scope.
fn measures(comparison: &Comparison, is_written: bool) -> String {
    let header = ["", "", "A", "B", "B − A", "95 % interval", "pairing won"];
    let mut rows = table::plain(header.map(str::to_owned).to_vec(), 2);
    let differs = comparison.measures.iter().filter(|row| !row.is_same);
    let told = differs.filter_map(|row| {
        let is_told = MEASURES.contains(&row.measure.as_str());
        Some((row, row.difference.as_ref().filter(|_| is_told)?))
    });
    let told: Vec<_> = told.collect();
    let mut scope = None;
    for (row, difference) in told.iter().take(ROWS_SHOWN) {
        let least = if row.at_least { "≥ " } else { "" };
        let value = |value| format!("{least}{}", figure(value, &row.unit));
        let first = if scope == Some(&row.scope) { String::new() } else { row.scope.clone() };
        scope = Some(&row.scope);
        rows.add_row(vec![
            first,
            row.measure.replace('_', " "),
            value(difference.mean_a),
            value(difference.mean_b),
            signed(difference.mean, &row.unit),
            ends(difference, &row.unit).unwrap_or_default(),
            won(difference.pairing),
        ]);
    }
    if told.is_empty() {
        return String::new();
    }
    let mut text = table::lines(&rows);
    if let Some(more) = told.len().checked_sub(ROWS_SHOWN).filter(|more| 0 < *more) {
        let place = if is_written { "in differences.csv" } else { "which --out DIR writes" };
        let _ = writeln!(text, "  … and {more} more, {place}");
    }
    text
}

/// The copies that move most, with the cause that moved them.
fn moved(copies: &CopyChanges) -> String {
    let header = ["", "due", "run", "A", "B", "B − A", "mostly"];
    let mut rows = table::plain(header.map(str::to_owned).to_vec(), 2);
    for of in &copies.moved {
        let cause = of.cause();
        let part = signed(of.causes[cause as usize].secs(), "s");
        rows.add_row(vec![
            format!("{} {} → {}", of.fleet, of.volume, of.to),
            shown(of.due, "%a %Y-%m-%d %H:%M"),
            of.replication.to_string(),
            of.took_a.to_string(),
            of.took_b.to_string(),
            signed(of.moved.secs(), "s"),
            format!("{} {part}", cause::doing(cause)),
        ]);
    }
    if let Some(last) = rows.column_mut(6) {
        last.set_cell_alignment(CellAlignment::Left);
    }
    table::lines(&rows)
}

/// `12.3×`; a dash where nothing varies.
fn won(pairing: Option<Pairing>) -> String {
    match pairing {
        Some(Pairing::Factor(factor)) => {
            format!("{}×", thousands(factor, usize::from(factor < 10.0)))
        }
        Some(Pairing::Constant) => "all".to_owned(),
        Some(Pairing::Nothing | Pairing::Unknown) | None => "–".to_owned(),
    }
}

/// `+3.2 min (95 % interval +3 min to +3.4 min)`; of a difference without any width, `in every run`;
/// of one that is narrower than what can be shown, that.
fn change(difference: &Difference, unit: &str) -> String {
    let mean = signed(difference.mean, unit);
    match (ends(difference, unit), difference.interval) {
        (Some(ends), _) => format!("{mean} (95 % interval {ends})"),
        (None, Some(Interval { low, high })) if low < high => {
            format!("{mean} (95 % interval narrower than these digits)")
        }
        (None, _) if is_constant(difference) => format!("{mean} in every run"),
        (None, Some(_)) => mean,
        (None, None) if difference.n.0.min(difference.n.1) < LEAST_RUNS => {
            format!("{mean} (too few runs for an interval)")
        }
        (None, None) => format!("{mean} (too few runs differ from the others for an interval)"),
    }
}

/// Whether the difference is the same in every run.
fn is_constant(difference: &Difference) -> bool {
    matches!(difference.pairing, Some(Pairing::Constant | Pairing::Nothing))
}

/// `+3 min to +3.4 min`; none where the ends read the same.
fn ends(difference: &Difference, unit: &str) -> Option<String> {
    let Interval { low, high } = difference.interval?;
    let (low, high) = (signed(low, unit), signed(high, unit));
    (low != high).then(|| format!("{low} to {high}"))
}
