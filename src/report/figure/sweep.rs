//! Where over the axes of a sweep each promise is kept.

use std::fmt::Display;
use std::str::FromStr;

use super::words::{capital, file_names, joined, numeral, promise};
use super::{Figure, Picture, Section, Tables};
use crate::report::chart::{
    Caption, Heatmap, HeatmapAxis, HeatmapCell, SweepLine, SweepPoint, Verdict,
};
use crate::report::read::TargetRow;
use crate::report::theme::{percent, percent_given};
use crate::units::{Bytes, Rate, Span, parse_number, parse_share};

/// Most figures; the targets that come first in the scenario.
const FIGURES_MAX: usize = 6;

/// A figure for each target of a sweep.
pub(super) fn figures(tables: &Tables) -> Vec<Figure> {
    if tables.manifest.scenario.points < 2 {
        return Vec::new();
    }
    let targets: Vec<&str> =
        tables.first_targets().map(|row| row.target.as_str()).take(FIGURES_MAX).collect();
    let names = file_names("sweep", &targets);
    let drawn = names.into_iter().zip(&targets);
    drawn.filter_map(|(name, target)| figure(tables, name, target)).collect()
}

fn figure(tables: &Tables, name: String, target: &str) -> Option<Figure> {
    let rows: Vec<&TargetRow> = tables.targets.iter().filter(|row| row.target == target).collect();
    let varied = varied(&rows);
    let (title, picture, marks, held) = match varied[..] {
        [] => return None,
        [axis] => {
            let line = line(&rows, axis)?;
            let title = title_of_line(&line);
            let marks = "dot: mean share kept, bar: 95\u{a0}% interval";
            (title, Picture::SweepLine(line), marks, String::new())
        }
        [rows_axis, columns_axis, ..] => {
            let (rows, held) = hold(&rows, &varied[2..]);
            let map = heatmap(&rows, rows_axis, columns_axis)?;
            let title = title_of_map(&map, rows[0].standing.promised)?;
            let marks = "share kept, in %; framed: promise kept, “?”: not sure";
            (title, Picture::Heatmap(map), marks, held)
        }
    };
    let n_points = format!("{} points × {}", tables.manifest.scenario.points, n_runs(tables));
    let promised = promise(target, rows[0].standing.promised);
    let subtitle = tables.subtitle_of([promised.as_str(), marks, held.as_str(), &n_points]);
    let note = note(&picture);
    Some(Figure::new(Section::WhatIf, name, Caption { title, subtitle }, picture, note))
}

/// How to read it.
fn note(picture: &Picture) -> Vec<String> {
    let read = match picture {
        Picture::Heatmap(_) => {
            "Each cell is a point of the sweep; inside the solid frame the whole interval lies at or \
             above the promise."
        }
        _ => "A point keeps the promise where its whole bar lies above the dashed line.",
    };
    let draws = "All points meet the same draws, so they differ by what is varied alone.";
    vec![read.to_owned(), draws.to_owned()]
}

fn n_runs(tables: &Tables) -> String {
    match tables.manifest.range_of_runs() {
        (1, 1) => "1 run".to_owned(),
        (fewest, most) if fewest == most => format!("{most} runs"),
        (fewest, most) => format!("{fewest} to {most} runs"),
    }
}

/// The axes, by place, that take more than one value.
fn varied(rows: &[&TargetRow]) -> Vec<usize> {
    let n_axes = rows.first().map_or(0, |row| row.labels.len());
    (0..n_axes).filter(|axis| 1 < values(rows, *axis).len()).collect()
}

/// The values of an axis, in the order of the sweep; numbers rise.
fn values<'r>(rows: &[&'r TargetRow], axis: usize) -> Vec<&'r str> {
    let mut values: Vec<&str> = Vec::new();
    for row in rows {
        let value = row.labels[axis].1.as_str();
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if let Some(numbers) = numbers(&values) {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
        values = order.into_iter().map(|place| values[place]).collect();
    }
    values
}

/// All values as numbers of one kind; none where one of them is a word, or two are equal.
fn numbers(values: &[&str]) -> Option<Vec<f64>> {
    let of = |read: fn(&str) -> Option<f64>| -> Option<Vec<f64>> {
        values.iter().map(|value| read(value)).collect()
    };
    let found = of(|text| parse_number(text).ok())
        .or_else(|| of(|text| parse_share(text).ok()))
        .or_else(|| of(|text| quantity(text, Span::secs)))
        .or_else(|| of(|text| quantity(text, Rate::get)))
        .or_else(|| of(|text| quantity(text, Bytes::as_f64)));
    let mut sorted = found.clone()?;
    sorted.sort_by(f64::total_cmp);
    found.filter(|_| sorted.windows(2).all(|pair| pair[0] < pair[1]))
}

fn quantity<T: FromStr<Err: Display>>(text: &str, number: fn(T) -> f64) -> Option<f64> {
    text.parse().ok().map(number)
}

/// The rows at the first value of each of some axes, and what is held at which value, in words.
fn hold<'r>(rows: &[&'r TargetRow], axes: &[usize]) -> (Vec<&'r TargetRow>, String) {
    let first = &rows[0].labels;
    let is_held = |row: &&&TargetRow| axes.iter().all(|&axis| row.labels[axis] == first[axis]);
    let held: Vec<String> =
        axes.iter().map(|&axis| format!("{} = {}", first[axis].0, first[axis].1)).collect();
    let words =
        if held.is_empty() { String::new() } else { format!("at {}", joined(&held, "and")) };
    (rows.iter().filter(is_held).copied().collect(), words)
}

fn line(rows: &[&TargetRow], axis: usize) -> Option<SweepLine> {
    let labels = values(rows, axis);
    let numbers = numbers(&labels);
    let point = |(place, label): (usize, &&str)| {
        let row = rows.iter().find(|row| row.labels[axis].1 == **label)?;
        Some(SweepPoint {
            label: (*label).to_owned(),
            at: numbers.as_ref().map(|numbers| numbers[place]),
            share: row.standing.held()?,
            interval: row.standing.interval(),
            verdict: row.standing.verdict,
            is_as_asked: false,
        })
    };
    let points: Vec<SweepPoint> = labels.iter().enumerate().filter_map(point).collect();
    let axis_name = rows[0].labels[axis].0.clone();
    let promised = Some(rows[0].standing.promised);
    (!points.is_empty()).then_some(SweepLine { axis_name, points, promised })
}

fn heatmap(rows: &[&TargetRow], rows_axis: usize, columns_axis: usize) -> Option<Heatmap> {
    let axis = |axis: usize| HeatmapAxis {
        name: rows[0].labels[axis].0.clone(),
        values: values(rows, axis).into_iter().map(str::to_owned).collect(),
    };
    let (row_axis, column_axis) = (axis(rows_axis), axis(columns_axis));
    let cell = |row_value: &String, column_value: &String| {
        let at = rows.iter().find(|row| {
            row.labels[rows_axis].1 == *row_value && row.labels[columns_axis].1 == *column_value
        })?;
        let share = at.standing.held()?;
        let (low, high) = at.standing.interval().unwrap_or((share, share));
        Some(HeatmapCell { share, low, high, verdict: at.standing.verdict })
    };
    let cells: Vec<Vec<Option<HeatmapCell>>> = row_axis
        .values
        .iter()
        .map(|row| column_axis.values.iter().map(|column| cell(row, column)).collect())
        .collect();
    let has_cells = cells.iter().flatten().any(Option::is_some);
    has_cells.then_some(Heatmap { columns: column_axis, rows: row_axis, cells, as_asked: None })
}

/// The name of an axis at the begin of a sentence; a key of the scenario stays as it is.
fn first_word(axis: &str) -> String {
    if axis.contains(['.', '_']) { axis.to_owned() } else { capital(axis) }
}

/// From which value on, or up to which, the promise is kept.
fn title_of_line(line: &SweepLine) -> String {
    let points = &line.points;
    let promise = format!("the promise of {}", percent_given(line.promised.unwrap_or(1.0)));
    let axis = &line.axis_name;
    let kept: Vec<bool> = points.iter().map(|point| point.verdict == Verdict::Yes).collect();
    let n_kept = kept.iter().filter(|kept| **kept).count();
    let holds = |point: &SweepPoint| {
        let (label, share) = (&point.label, percent(point.share));
        match point.verdict {
            Verdict::No => format!("{label} breaks it ({share})"),
            Verdict::Yes | Verdict::NotSure => format!("{label} is undecided ({share})"),
        }
    };
    let best = points.iter().rev().max_by(|one, other| one.share.total_cmp(&other.share));
    let is_numeric = points.iter().all(|point| point.at.is_some());
    let turn = kept.windows(2).filter(|pair| pair[0] != pair[1]).count();
    match (n_kept, best) {
        (0, Some(_)) if points.iter().all(|point| 1.0 <= point.share) => {
            format!("Nothing missed at any value of {axis}, in too few runs to be sure")
        }
        (0, Some(best)) => format!(
            "No value of {axis} is sure to keep {promise}; the best, {}, holds {}",
            best.label,
            percent(best.share)
        ),
        (n, _) if n == points.len() => format!("Every value of {axis} keeps {promise}"),
        (n, _) if is_numeric && turn == 1 && kept[0] => {
            let (last, next) = (&points[n - 1].label, holds(&points[n]));
            format!("{} up to {last} keeps {promise}; {next}", first_word(axis))
        }
        (n, _) if is_numeric && turn == 1 => {
            let first = points.len() - n;
            let (from, before) = (&points[first].label, holds(&points[first - 1]));
            format!("{} from {from} on keeps {promise}; {before}", first_word(axis))
        }
        (n, _) => capital(&format!(
            "{} of {} values of {axis} {} {promise}",
            numeral(n),
            numeral(points.len()),
            if n == 1 { "keeps" } else { "keep" },
        )),
    }
}

/// At how many points the promise is kept, and where least is held.
fn title_of_map(map: &Heatmap, promised: f64) -> Option<String> {
    let cells = map.cells.iter().enumerate().flat_map(|(row, cells)| {
        let cell =
            move |(column, cell): (usize, &Option<HeatmapCell>)| Some((row, column, (*cell)?));
        cells.iter().enumerate().filter_map(cell)
    });
    let cells: Vec<(usize, usize, HeatmapCell)> = cells.collect();
    let n_kept = cells.iter().filter(|(.., cell)| cell.verdict == Verdict::Yes).count();
    let by_share = |one: &&(usize, usize, HeatmapCell), other: &&(usize, usize, HeatmapCell)| {
        one.2.share.total_cmp(&other.2.share)
    };
    let at = |(row, column, _): &(usize, usize, HeatmapCell)| {
        format!(
            "{} = {} and {} = {}",
            map.rows.name, map.rows.values[*row], map.columns.name, map.columns.values[*column]
        )
    };
    let promise = format!("the promise of {}", percent_given(promised));
    let worst = cells.iter().min_by(by_share)?;
    let best = cells.iter().rev().max_by(by_share)?;
    Some(match n_kept {
        0 if 1.0 <= worst.2.share => {
            "Nothing missed at any point, in too few runs to be sure".to_owned()
        }
        0 => format!(
            "No point is sure to keep {promise}; the best holds {}, at {}",
            percent(best.2.share),
            at(best)
        ),
        n if n == cells.len() => format!("All {} points keep {promise}", numeral(n)),
        n => {
            let keep = if n == 1 { "keeps" } else { "keep" };
            capital(&format!(
                "{} of {} points {keep} {promise}; the least, {}, is held at {}",
                numeral(n),
                numeral(cells.len()),
                percent(worst.2.share),
                at(worst)
            ))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn swept(axes: &[&str], points: &[(&str, f64, &str)]) -> Figure {
        let row = |(point, (labels, share, verdict)): (usize, &(&str, f64, &str))| {
            format!("{point},{labels},t,copy,0.95,{share},0,1,,,{verdict},,30,9,1,0")
        };
        let text: Vec<String> = points.iter().enumerate().map(row).collect();
        let mut tables =
            Tables { targets: sample::rows(axes, &text.join("\n")), ..sample::tables() };
        tables.manifest.scenario.points = points.len();
        let [figure] = figures(&tables).try_into().unwrap();
        figure
    }

    fn title(axes: &[&str], points: &[(&str, f64, &str)]) -> String {
        swept(axes, points).caption.title.replace('\u{a0}', " ")
    }

    /// 2 min stands before 30 s in the sweep, and after it on the axis.
    #[test]
    fn one_axis_tells_where_the_promise_breaks() {
        let points = [("2 min", 0.96, "yes"), ("30 s", 0.99, "yes"), ("15 min", 0.927, "no")];
        assert_eq!(
            title(&["longest back-off"], &points),
            "Longest back-off up to 2 min keeps the promise of 95 %; 15 min breaks it (92.7 %)"
        );
        let figure = swept(&["longest back-off"], &points);
        let Picture::SweepLine(line) = figure.picture else { panic!("another chart") };
        let at: Vec<Option<f64>> = line.points.iter().map(|point| point.at).collect();
        assert_eq!(at, [Some(30.0), Some(120.0), Some(900.0)]);
        assert_eq!(figure.name, "sweep");
        assert_eq!(
            title(&["limits.slots"], &[("16", 0.9, "no"), ("20", 0.96, "yes")]),
            "limits.slots from 20 on keeps the promise of 95 %; 16 breaks it (90.0 %)"
        );
    }

    #[test]
    fn one_axis_without_a_break_says_so() {
        assert_eq!(
            title(&["order"], &[("fifo", 0.9, "no"), ("edf", 0.93, "not sure")]),
            "No value of order is sure to keep the promise of 95 %; the best, edf, holds 93.0 %"
        );
        assert_eq!(
            title(&["order"], &[("fifo", 1.0, "not sure"), ("edf", 1.0, "not sure")]),
            "Nothing missed at any value of order, in too few runs to be sure"
        );
        assert_eq!(
            title(&["order"], &[("fifo", 0.97, "yes"), ("edf", 0.98, "yes")]),
            "Every value of order keeps the promise of 95 %"
        );
        assert_eq!(
            title(&["order"], &[("a", 0.97, "yes"), ("b", 0.9, "no"), ("c", 0.97, "yes")]),
            "Two of three values of order keep the promise of 95 %"
        );
    }

    /// The first axis runs down, the second across; the third is held at its first value.
    #[test]
    fn two_axes_make_a_map() {
        let points = [
            ("25,16,x", 0.96, "yes"),
            ("25,16,y", 0.1, "no"),
            ("25,20,x", 0.97, "yes"),
            ("30,16,x", 0.85, "no"),
            ("30,20,x", 0.99, "yes"),
        ];
        let figure = swept(&["volumes", "slots", "policy"], &points);
        assert_eq!(
            figure.caption.title.replace('\u{a0}', " "),
            "Three of four points keep the promise of 95 %; the least, 85.0 %, is held at volumes = \
             30 and slots = 16"
        );
        assert!(figure.caption.subtitle.contains("at policy = x"), "{}", figure.caption.subtitle);
        let Picture::Heatmap(map) = figure.picture else { panic!("another chart") };
        assert_eq!(
            (map.rows.values, map.columns.values[1].as_str()),
            (vec!["25".to_owned(), "30".to_owned()], "20")
        );
        assert_eq!(map.cells[1][0].map(|cell| cell.share), Some(0.85));
    }
}
