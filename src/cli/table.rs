//! Small tables for the terminal.

use std::collections::BTreeSet;
use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::words;
use crate::experiment::{MeasureSummary, PointSummary, TargetSummary};
use crate::plan::Plan;
use crate::record::measure::{self, Measure};
use crate::report::cause;
use crate::report::theme::percent_given;
use crate::stats::Verdict;
use crate::units::{Span, count_u64, thousands};

/// Points of a sweep that are shown; the others are in `targets.csv`, and said to be.
const POINTS_SHOWN: usize = 100;

/// Rows of a table by scope: as many as a screen shows beside the verdicts.
const ROWS_SHOWN: usize = 13;

/// A table without lines, whose first `n_words` columns are words, the others numbers.
pub(super) fn plain(header: Vec<String>, n_words: usize) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    for column in table.column_iter_mut().skip(n_words) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

/// The lines of a table without the blanks at their ends, indented.
pub(super) fn lines(table: &Table) -> String {
    table.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "  {}", line.trim_end());
        text
    })
}

/// Each target with its verdict, the share that held, and how sure that is.
pub(super) fn targets(point: &PointSummary, in_color: bool) -> String {
    let header = ["", "", "held", "95 % interval", "promised", "worst", "missed"];
    let mut table = plain(header.map(str::to_owned).to_vec(), 2);
    for target in &point.targets {
        let judgement = &target.judgement;
        let is_counted = matches!(target.kind, "copy" | "batch");
        let n = |n: u64| thousands(count_u64(n), 0);
        table.add_row(vec![
            format!("{:<8}", judgement.verdict.to_string()),
            target.name.clone(),
            judgement.mean.map_or_else(|| "nothing due".to_owned(), words::share),
            words::interval_or_bound(judgement),
            percent_given(target.promised).replace('\u{a0}', " "),
            target.worst.map_or_else(String::new, |worst| worst.to_string()),
            if is_counted {
                format!("{} of {}", n(target.n_missed), n(target.n))
            } else {
                String::new()
            },
        ]);
    }
    let mut text = String::new();
    let mut verdicts = point.targets.iter().map(|target| target.judgement.verdict);
    for (place, line) in lines(&table).lines().enumerate() {
        let of = if place == 0 { None } else { verdicts.next() };
        match of.filter(|_| in_color) {
            Some(verdict) => {
                let word = verdict.to_string();
                let _ =
                    writeln!(text, "{}", line.replacen(&word, &words::paint(verdict, &word), 1));
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

/// What came out by scope: due, on time, how long it took, and what was waited for.
pub(super) fn scopes(point: &PointSummary) -> String {
    let header = ["", "due a run", "on time", "median", "p99", "worst", "waits", "for"];
    let mut table = plain(header.map(str::to_owned).to_vec(), 1);
    let (shown, n_hidden) = rows_shown(point);
    for scope in shown {
        let mean = |of: &Measure| point.mean(scope, of);
        let took = |of: &Measure| point.find(scope, of).and_then(time).unwrap_or_default();
        let waits = words::waits(point, scope);
        table.add_row(vec![
            point.scopes[scope].clone(),
            mean(&measure::DUE).map_or(String::new(), |due| thousands(due, 1)),
            on_time(point, scope),
            took(&measure::COMPLETION_P50),
            took(&measure::COMPLETION_P99),
            took(&measure::COMPLETION_MAX),
            waits.map_or(String::new(), |(span, _)| span.to_string()),
            waits.map_or(String::new(), |(_, cause)| cause::doing(cause).to_owned()),
        ]);
    }
    if let Some(last) = table.column_mut(7) {
        last.set_cell_alignment(CellAlignment::Left);
    }
    let mut text = lines(&table);
    if 0 < n_hidden {
        let _ = writeln!(text, "  … and {n_hidden} that were quicker, in summary.csv");
    }
    text
}

/// The scopes of copies to show, in order: all of them, or those whose worst copy took longest; and
/// how many are left out.
fn rows_shown(point: &PointSummary) -> (Vec<usize>, usize) {
    let is_copies = |scope: &usize| point.find(*scope, &measure::DUE).is_some();
    let mut scopes: Vec<usize> = (0..point.scopes.len()).filter(is_copies).collect();
    let n_hidden = scopes.len().saturating_sub(ROWS_SHOWN);
    if 0 < n_hidden {
        let worst = |scope: &usize| {
            let row = point.find(*scope, &measure::COMPLETION_MAX);
            row.and_then(|row| row.pooled).unwrap_or(0.0)
        };
        scopes[1..].sort_by(|a, b| worst(b).total_cmp(&worst(a))); // the first is all of them
        scopes.truncate(ROWS_SHOWN);
        scopes.sort_unstable();
    }
    (scopes, n_hidden)
}

/// The share on time, where a target says of all copies of a scope what that is.
fn on_time(point: &PointSummary, scope: usize) -> String {
    let n = |of: &Measure| point.find(scope, of).map(|row| row.n);
    let covers_all = scope != 0 || n(&measure::ON_TIME) == n(&measure::DUE);
    let share = point.mean(scope, &measure::ON_TIME).filter(|_| covers_all);
    share.map_or(String::new(), words::share)
}

/// A time to completion of the copies of all runs together: `47.8 min`, `≥ 3 h 05 min`.
fn time(row: &MeasureSummary) -> Option<String> {
    row.estimate?;
    let span = Span::from_secs_f64(row.pooled?);
    Some(if row.at_least { format!("≥ {span}") } else { span.to_string() })
}

/// What came out at each point of a sweep, by target; with marks, those in a last column.
pub(super) fn sweep(
    plan: &Plan,
    points: &[PointSummary],
    marks: &[String],
    in_color: bool,
) -> String {
    let axes = plan.axes.iter().map(|axis| axis.name.clone());
    let targets = plan.points[0].model.targets.iter().map(|target| target.name.clone());
    let ways = points.first().map(words::ways_of).unwrap_or_default();
    let ways = ways.into_iter().map(|(name, _)| name);
    // points that go on until they are known well enough are means of unequal runs
    let is_unequal = points.iter().any(|point| point.n_runs != points[0].n_runs);
    let runs = is_unequal.then(|| "runs".to_owned());
    let cost = points.iter().any(|point| words::cost(point).is_some());
    let cost = cost.then(|| "a run costs".to_owned());
    let marked = marks.first().map(|_| String::new());
    let header =
        axes.chain(targets).chain(ways).chain(cost.clone()).chain(runs.clone()).chain(marked);
    let mut table = plain(header.collect(), plan.axes.len());
    let width = u16::try_from(words::WIDTH).expect("a small number");
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let mut shown: BTreeSet<(Verdict, String)> = BTreeSet::new();
    for (place, point) in points.iter().enumerate().take(POINTS_SHOWN) {
        let labels = point.labels.iter().map(|(_, value)| value.clone());
        let ways = words::ways_of(point).into_iter().map(|(_, length)| length);
        let cost = cost.as_ref().map(|_| words::cost(point).unwrap_or_default());
        let cells = labels.chain(point.targets.iter().map(cell)).chain(ways).chain(cost);
        let cells = cells.chain(runs.as_ref().map(|_| point.n_runs.to_string()));
        let cells = cells.chain(marks.get(place).cloned());
        table.add_row(cells.collect::<Vec<_>>());
        shown.extend(point.targets.iter().map(|target| (target.judgement.verdict, cell(target))));
    }
    if let Some(last) = table.column_iter_mut().last().filter(|_| !marks.is_empty()) {
        last.set_cell_alignment(CellAlignment::Left);
    }
    let mut text = lines(&table);
    if in_color {
        for (verdict, cell) in &shown {
            text = text.replace(cell, &words::paint(*verdict, cell));
        }
    }
    if let Some(more) = points.len().checked_sub(POINTS_SHOWN).filter(|more| 0 < *more) {
        let _ = writeln!(text, "  and {more} more points in targets.csv");
    }
    text
}

/// `yes 99.98 %`.
fn cell(target: &TargetSummary) -> String {
    let verdict = target.judgement.verdict;
    match target.judgement.mean {
        Some(mean) => format!("{verdict} {}", words::share(mean)),
        None => verdict.to_string(),
    }
}
