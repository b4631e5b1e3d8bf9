//! The numbers of bars, differences, and weeks.

use super::{Numbers, heads};
use crate::report::chart::{
    DAYS, DifferenceRow, Differences, LateBar, LateBars, StackRow, Stacks, Week,
};
use crate::report::theme::{percent, signed_number};

/// Two ends with their signs, in percentage points where they are shares.
fn signed_ends(ends: Option<(f64, f64)>) -> String {
    ends.map_or_else(String::new, |(low, high)| {
        format!("{} to {}", signed_number(low), signed_number(high))
    })
}

pub(super) fn of_late(chart: &LateBars) -> Numbers {
    let mut head = heads([
        "lifted",
        "share late",
        "copies late, difference",
        "share late, 95\u{a0}% interval of the difference, points",
    ]);
    head.extend(chart.target.iter().map(|target| format!("then kept of {target}")));
    let row = |bar: &LateBar| {
        let ends = bar.interval.map(|(low, high)| (low * 100.0, high * 100.0));
        let mut row =
            vec![bar.name.clone(), percent(bar.late), bar.difference.clone(), signed_ends(ends)];
        if chart.target.is_some() {
            row.push(bar.target.map_or_else(String::new, |(share, _)| percent(share)));
        }
        row
    };
    Numbers::new(1, head, chart.bars.iter().map(row).collect())
}

pub(super) fn of_differences(chart: &Differences) -> Numbers {
    let has_verdicts = chart.groups.iter().flat_map(|group| &group.rows);
    let has_verdicts = has_verdicts.map(|row| row.verdict).any(|verdict| verdict.is_some());
    let groups = || chart.groups.iter().filter(|group| !group.rows.is_empty());
    let beside = groups().next().map_or("", |group| &group.beside);
    let mut head = heads(["what", "measured as"]);
    if has_verdicts {
        head.push("kept?".to_owned());
    }
    let n_words = head.len();
    head.extend(heads(["difference", "95\u{a0}% interval", beside]));
    let row = |row: &DifferenceRow, heading: &str| {
        let verdict = row.verdict.map_or("", |verdict| verdict.name());
        let words = [row.name.as_str(), heading].into_iter().chain(has_verdicts.then_some(verdict));
        let mut fields = heads(words);
        fields.extend([
            signed_number(row.difference),
            signed_ends(row.interval),
            row.beside.clone(),
        ]);
        fields
    };
    let rows = groups().flat_map(|group| {
        let heading = &group.heading;
        group.rows.iter().map(move |of| row(of, heading)).collect::<Vec<_>>()
    });
    Numbers::new(n_words, head, rows.collect())
}

pub(super) fn of_stacks(chart: &Stacks) -> Numbers {
    let has_verdicts =
        chart.rows.iter().any(|row| row.share.is_some_and(|share| share.verdict.is_some()));
    let mut head = heads([chart.heading.as_str()]);
    head.extend(chart.parts.iter().map(|(name, _)| name.clone()));
    head.push("in all".to_owned());
    if let Some(shares) = &chart.shares {
        head.push(shares.heading.clone());
        head.extend(has_verdicts.then(|| "kept?".to_owned()));
    }
    let row = |row: &StackRow| {
        let total: f64 = row.values.iter().sum();
        let values = row.values.iter().chain([&total]).map(|value| chart.unit.words(*value));
        let mut fields: Vec<String> = std::iter::once(row.name.clone()).chain(values).collect();
        if chart.shares.is_some() {
            fields.push(row.share.map_or_else(String::new, |of| percent(of.share)));
            if has_verdicts {
                let verdict = row.share.and_then(|of| of.verdict);
                fields.push(verdict.map_or("", |verdict| verdict.name()).to_owned());
            }
        }
        fields
    };
    Numbers::new(1, head, chart.rows.iter().map(row).collect())
}

pub(super) fn of_week(chart: &Week) -> Numbers {
    let days: Vec<usize> =
        (0..7).filter(|day| chart.hours[*day].iter().any(Option::is_some)).collect();
    let mut head = heads(["from, UTC"]);
    head.extend(days.iter().map(|day| DAYS[*day].to_owned()));
    let row = |hour: usize| {
        let use_of = |day: &usize| chart.hours[*day][hour].map_or_else(String::new, percent);
        std::iter::once(format!("{hour:02}:00")).chain(days.iter().map(use_of)).collect()
    };
    Numbers::new(1, head, (0..24).map(row).collect())
}
