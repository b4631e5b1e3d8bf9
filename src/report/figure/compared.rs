//! Two sides compared: what differs, target by target and measure by measure.

use super::words::{bound, capital};
use super::{Figure, Picture, Section};
use crate::report::chart::{Caption, DifferenceGroup, DifferenceRow, Differences};
use crate::report::read::{Compared, DifferenceOf};
use crate::report::theme::{NBSP, duration, percent, plain_number, signed_number};
use crate::units::{Bytes, Span};

/// Most targets; those that differ most stay.
const TARGETS_MAX: usize = 10;

/// The measures of all copies together that are shown, with their names.
const MEASURES: [(&str, &str); 14] = [
    ("completion_mean", "mean time of a copy"),
    ("completion_p50", "median time of a copy"),
    ("completion_p95", "95th percentile of that time"),
    ("completion_p99", "99th percentile of that time"),
    ("completion_max", "longest such time"),
    ("makespan_mean", "mean time of a batch"),
    ("broke", "copies that break a promise"),
    ("requests", "requests sent"),
    ("refused_slots", "refused for want of a slot"),
    ("refused_quota", "refused for want of quota"),
    ("moved", "bytes moved"),
    ("transfer", "transfer, USD"),
    ("storage", "storage, USD"),
    ("surcharge", "time-based surcharge, USD"),
];

/// The figure; none where nothing was comparable.
pub(super) fn figure(compared: &Compared, rows: &[DifferenceOf]) -> Option<Figure> {
    let targets = targets(rows);
    let measures: Vec<DifferenceRow> =
        MEASURES.iter().filter_map(|(measure, name)| measure_row(rows, measure, name)).collect();
    if targets.is_empty() && measures.is_empty() {
        return None;
    }
    let is_paired = compared.pairs != "none";
    let n = match (is_paired, compared.n_runs_a, compared.n_runs_b) {
        (true, n, _) => format!("n{NBSP}={NBSP}{n}{NBSP}pairs of runs on the same draws"),
        (false, a, b) => format!("{a} and {b} independent runs"),
    };
    let subtitle = format!(
        "A: {} · B: {} · {n} · mean of B − A and its 95\u{a0}% interval",
        compared.a, compared.b
    );
    let caption = Caption { title: title(rows), subtitle };
    let groups = vec![
        DifferenceGroup {
            heading: "share of each promise that is kept, percentage points".to_owned(),
            beside: "A → B".to_owned(),
            needed: None,
            rows: targets,
        },
        DifferenceGroup {
            heading: "all copies together, in % of A".to_owned(),
            beside: "A → B".to_owned(),
            needed: None,
            rows: measures,
        },
    ];
    let picture = Picture::Differences(Differences { groups });
    let mut note = vec![
        "Right of zero B has more, left of it less; an interval that holds zero is no difference."
            .to_owned(),
    ];
    if is_paired {
        note.push(
            "Runs are paired on the same draws, so the change alone makes the difference."
                .to_owned(),
        );
    }
    Some(Figure::new(Section::Compare, "differences", caption, picture, note))
}

fn row(
    name: String,
    of: &DifferenceOf,
    factor: f64,
    words: fn(&DifferenceOf, f64) -> String,
) -> Option<DifferenceRow> {
    let (a, b, difference) = of.means()?;
    Some(DifferenceRow {
        name,
        difference: difference * factor,
        // shares and measures lose no more than all that there is
        interval: of.interval().map(|(low, high)| ((low * factor).max(-100.0), high * factor)),
        verdict: None,
        is_strong: false,
        beside: format!("{} → {}", words(of, a), words(of, b)),
    })
}

fn targets(rows: &[DifferenceOf]) -> Vec<DifferenceRow> {
    let all: Vec<&DifferenceOf> =
        rows.iter().filter(|row| row.is_target && row.means().is_some()).collect();
    let size = |row: &DifferenceOf| row.means().map_or(0.0, |means| means.2.abs());
    let mut sizes: Vec<f64> = all.iter().map(|row| size(row)).collect();
    sizes.sort_by(|one, other| other.total_cmp(one));
    let least = sizes.get(TARGETS_MAX - 1).copied().unwrap_or(0.0);
    let shown = all.into_iter().filter(|row| least <= size(row)).take(TARGETS_MAX);
    let name = |row: &DifferenceOf| bound(&row.scope);
    shown.filter_map(|of| row(name(of), of, 100.0, |_, share| percent(share))).collect()
}

/// A measure of all copies in percent of A; none where A has none of it, or nothing differs there.
fn measure_row(rows: &[DifferenceOf], measure: &str, name: &str) -> Option<DifferenceRow> {
    let of =
        rows.iter().find(|row| !row.is_target && row.scope == "all" && row.measure == measure)?;
    let (a, b, _) = of.means()?;
    if a.abs() < 1e-12 || (a.abs() < 1e-9 && b.abs() < 1e-9) {
        return None;
    }
    row(capital(name), of, 100.0 / a, |of, value| spelled(&of.unit, value))
}

fn spelled(unit: &str, value: f64) -> String {
    match unit {
        "s" => duration(Span::from_secs_f64(value.max(0.0))),
        "B" => Bytes::from_f64(value.max(0.0)).to_string().replace(' ', "\u{a0}"),
        "share" => percent(value),
        _ => plain_number(value),
    }
}

/// Whether a difference is more than chance.
fn is_clear(of: &DifferenceOf) -> bool {
    let differs = of.means().is_some_and(|means| 0.0 < means.2.abs());
    differs && of.interval().map_or(of.is_constant(), |(low, high)| 0.0 < low || high < 0.0)
}

/// The clearest difference of a promise, and what becomes of the mean copy.
fn title(rows: &[DifferenceOf]) -> String {
    let targets = rows.iter().filter(|row| row.is_target && is_clear(row));
    let size = |row: &DifferenceOf| row.means().map_or(0.0, |means| means.2.abs());
    let largest = targets.reduce(|best, row| if size(best) < size(row) { row } else { best });
    let mean = rows.iter().find(|row| {
        !row.is_target && row.scope == "all" && row.measure == "completion_mean" && is_clear(row)
    });
    let copy = mean.and_then(DifferenceOf::means).map(|(a, b, _)| {
        let word = if b < a { "sooner" } else { "later" };
        let times = [a, b].map(|time| duration(Span::from_secs_f64(time.max(0.0))));
        format!("B is {word}, {} a copy instead of {}", times[1], times[0])
    });
    let kept =
        largest.and_then(|row| Some((row, row.means()?))).map(|(row, (a, b, difference))| {
            let name = bound(&row.scope);
            let (verb, points) = if 0.0 < difference {
                ("gains", signed_number(difference * 100.0))
            } else {
                ("loses", signed_number(-difference * 100.0))
            };
            let points = points.trim_start_matches('+');
            format!("“{name}” {verb} {points} points, from {} to {}", percent(a), percent(b))
        });
    match (copy, kept) {
        (Some(copy), Some(kept)) => format!("{copy}; {kept}"),
        (Some(copy), None) if rows.iter().any(|row| row.is_target) => {
            format!("{copy}; no promise is kept more or less, beyond chance")
        }
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "Nothing differs beyond chance".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn compared(rows: &str) -> Figure {
        let compared = Compared {
            a: "dr".to_owned(),
            b: "dr with slots = 40".to_owned(),
            pairs: "by replication".to_owned(),
            n_runs_a: 30,
            n_runs_b: 30,
            notes: Vec::new(),
        };
        figure(&compared, &sample::rows(&[], rows)).unwrap()
    }

    /// 99 % to 99.2 %: 0.2 points. 20 min to 15 min: a quarter less.
    #[test]
    fn promises_are_told_in_points_and_times_in_percent() {
        let figure = compared(
            "target,in time,share,share,0.99,0.992,0.002,0.001,0.003,2,factor,false,,,,30,30\n\
             measure,all,completion_mean,s,1200,900,-300,-310,-290,2,factor,false,,,,30,30\n\
             measure,all,broke,copies,0,0,0,,,,nothing,false,,,,30,30\n\
             measure,db → b,completion_mean,s,1,2,1,,,,nothing,false,,,,30,30",
        );
        assert_eq!(
            figure.caption.title.replace('\u{a0}', " "),
            "B is sooner, 15 min a copy instead of 20 min; “in time” gains 0.2 points, from 99.0 % to \
             99.2 %"
        );
        let Picture::Differences(chart) = figure.picture else { panic!("another chart") };
        let told: Vec<Vec<String>> = chart
            .groups
            .iter()
            .map(|group| group.rows.iter().map(|row| format!("{} {:.1}", row.name, row.difference)))
            .map(Iterator::collect)
            .collect();
        assert_eq!(told, [["in time 0.2"], ["Mean time of a copy -25.0"]]);
    }

    /// An interval that holds zero is no difference.
    #[test]
    fn chance_is_no_finding() {
        let figure = compared(
            "target,in time,share,share,0.99,0.992,0.002,-0.001,0.005,2,factor,false,,,,30,30",
        );
        assert_eq!(figure.caption.title, "Nothing differs beyond chance");
        let too_few_differ =
            "target,in time,share,share,0.99,0.992,0.002,,,2,factor,false,,,,30,30";
        assert_eq!(compared(too_few_differ).caption.title, "Nothing differs beyond chance");
        let constant = too_few_differ.replace(",2,factor,", ",,constant,");
        assert!(compared(&constant).caption.title.contains("gains 0.2 points"));
    }
}
