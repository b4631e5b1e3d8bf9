//! Realistic data of bars, differences, and weeks.

use crate::report::chart::*;
use crate::report::theme::Paint;
use crate::units::count;

pub(super) fn late_bar(name: &str, late: f64, difference: &str) -> LateBar {
    LateBar {
        name: name.to_owned(),
        late,
        difference: difference.to_owned(),
        interval: None,
        is_as_it_is: difference.is_empty(),
        matters: difference.starts_with('−'),
        target: Some((1.0 - late, late <= 0.05)),
    }
}

pub(super) fn late_bars() -> LateBars {
    let bars = vec![
        late_bar("As it is", 0.0732, ""),
        late_bar("No limits of the clients’ own", 0.0096, "−641 a run"),
        late_bar("No slot limit", 0.0096, "−641.2 a run"),
        late_bar("Snapshots take no time", 0.0441, "−293.5 a run"),
        late_bar("No start-up time", 0.063, "−98.2 a run"),
        late_bar("No throughput quota", 0.0732, "same"),
        late_bar("Link oregon-outposts-uplink never full", 0.0757, "+24.8 a run"),
    ];
    let allowed = Some((0.05, "5\u{a0}% may be late".to_owned()));
    LateBars { bars, target: Some("databases: across within 40 min, 95 %".to_owned()), allowed }
}

pub(super) fn difference(
    name: &str,
    mean: f64,
    half: f64,
    verdict: Option<Verdict>,
) -> DifferenceRow {
    DifferenceRow {
        name: name.to_owned(),
        difference: mean,
        interval: (0.0 < half).then_some((mean - half, mean + half)),
        verdict,
        is_strong: mean > 6.2,
        beside: "98.7\u{a0}% · 5,487\u{a0}USD".to_owned(),
    }
}

pub(super) fn differences() -> Differences {
    let rows = vec![
        difference("client = queue", 6.3, 0.2, Some(Verdict::Yes)),
        difference("longest back-off = 2 min", 6.1, 0.3, Some(Verdict::Yes)),
        difference("slots = 24", 2.7, 0.6, Some(Verdict::NotSure)),
        difference("slots = 22, quota = 4000 MiB/s", 0.4, 0.5, Some(Verdict::No)),
        difference("duration = 30 min", -44.9, 2.0, Some(Verdict::No)),
    ];
    let heading = "share kept of databases: across within 40 min, 95 %: change, percentage points";
    let beside = "then kept · a run costs".to_owned();
    let group = DifferenceGroup { heading: heading.to_owned(), beside, needed: Some(2.6), rows };
    Differences { groups: vec![group] }
}

/// A comparison: two groups with axes of their own.
pub(super) fn comparison() -> Differences {
    let group = |heading: &str, rows: Vec<DifferenceRow>| DifferenceGroup {
        heading: heading.to_owned(),
        beside: "A → B".to_owned(),
        needed: None,
        rows,
    };
    let points = [("databases: RPO 2 h, 99.9 %", 0.0312, 0.015), ("nights", 0.0, 0.0)];
    let percents = [("Mean time of a copy", -19.4, 0.2), ("Requests sent", -62.1, 0.4)];
    let rows = |all: &[(&str, f64, f64)]| {
        all.iter().map(|&(name, mean, half)| difference(name, mean, half, None)).collect()
    };
    Differences {
        groups: vec![
            group("share of each promise that is kept, percentage points", rows(&points)),
            group("all copies together, in % of A", rows(&percents)),
        ],
    }
}

fn stack(name: &str, values: &[f64], share: Option<(f64, Verdict)>) -> StackRow {
    let share = share.map(|(share, verdict)| StackShare { share, verdict: Some(verdict) });
    let is_strong = share.is_some_and(|of| of.verdict == Some(Verdict::Yes));
    StackRow { name: name.to_owned(), is_strong, values: values.to_vec(), share }
}

/// An age in its parts, and a bill with shares.
pub(super) fn stacks() -> Vec<Stacks> {
    let part = |name: &str, paint| (name.to_owned(), paint);
    let parts = vec![
        part("interval between snapshots", Paint::Blue),
        part("snapshot being made", Paint::Vermilion),
        part("start-up and transfer", Paint::Gold),
    ];
    let ages = vec![
        stack("databases → us-west-2, mean", &[3600.0, 292.0, 916.0], None),
        stack("worst: 0003", &[3600.0, 6600.0, 905.0], None),
        stack("dailies → us-west-2, mean", &[3600.0, 2700.0, 700.0], None),
    ];
    let bills = vec![
        stack(
            "client = queue, duration = none",
            &[2540.0, 827.0, 0.0],
            Some((0.987, Verdict::Yes)),
        ),
        stack("duration = 60 min", &[2540.0, 827.0, 1696.0], Some((0.0, Verdict::No))),
        stack("duration = 30 min", &[2540.0, 827.0, 1908.0], Some((0.949, Verdict::NotSure))),
    ];
    let shares = StackShares { heading: "kept of nights: 95 %".to_owned(), promised: Some(0.95) };
    vec![
        Stacks {
            heading: "age".to_owned(),
            unit: StackUnit::Time,
            parts: parts.clone(),
            rows: ages,
            limit: Some((7200.0, "limit 2 h".to_owned())),
            shares: None,
        },
        Stacks {
            heading: "cost of a run, USD".to_owned(),
            unit: StackUnit::Usd,
            parts,
            rows: bills,
            limit: None,
            shares: Some(shares),
        },
    ]
}

pub(super) fn week() -> Week {
    let mut hours = [[None; 24]; 7];
    for (day, cells) in hours.iter_mut().enumerate() {
        for (hour, cell) in cells.iter_mut().enumerate() {
            *cell = Some(0.14 + 0.01 * count(day) + if hour == 7 { 0.4 } else { 0.0 });
        }
    }
    Week { name: "The slots of us-west-2".to_owned(), hours: Box::new(hours) }
}
