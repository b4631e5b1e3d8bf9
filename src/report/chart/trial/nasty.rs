//! Data that no scenario should give: names that fit nowhere, nothing, too much, all equal.

use super::fair;
use crate::catalog::Cause;
use crate::report::chart::*;
use crate::units::{Span, round_u64};

/// A name that no margin can hold.
pub(super) const LONG: &str = "accounts-payable-and-receivable-production-databases-with-their-replicas → \
                    ap-southeast-4 (Melbourne), Local Zone ap-southeast-4-per-1a";

pub(super) fn caption() -> Caption {
    super::caption(
        &format!("{LONG} {LONG} keep 99.99976 % & <more>"),
        &format!("{LONG} · {LONG} · {LONG}"),
    )
}

/// 600 copies; every cause; a name that does not fit; a promise at the right edge; nothing at all.
pub(super) fn timelines() -> Vec<Timeline> {
    let group = |copies: Vec<CopyBar>, at: u64| CopyGroup {
        name: LONG.to_owned(),
        note: LONG.to_owned(),
        n_copies: 1_000_000,
        copies,
        promise: Some(GroupPromise { at: fair::tuesday(at), label: LONG.to_owned() }),
    };
    let all: Vec<(Cause, f64)> = Cause::ALL.into_iter().map(|cause| (cause, 5.0)).collect();
    let rainbow = fair::copy_bar(LONG.to_owned(), true, fair::tuesday(425), &all);
    let empty = CopyBar { name: String::new(), is_time_based: false, parts: Vec::new() };
    vec![
        Timeline { time: fair::axis(420, 495), groups: vec![group(fair::databases(600), 495)] },
        Timeline {
            time: fair::axis(420, 500),
            groups: vec![group(vec![rainbow], 420), group(vec![], 421)],
        },
        Timeline { time: fair::axis(420, 420), groups: vec![group(vec![empty], 420)] },
        Timeline { time: fair::axis(0, 60 * 24 * 30), groups: Vec::new() },
    ]
}

pub(super) fn distributions() -> Vec<Distribution> {
    let one = |share: f64| DistributionSeries {
        name: "one copy".to_owned(),
        n_copies: 1,
        shares: vec![ShareAt { after: Span::from_mins(16), share, lowest: share, highest: share }],
        promise: Some(SharePromise { held: share, ..fair::promise(16, 1.0, Verdict::NotSure) }),
        last: (1.0 <= share).then_some(Span::from_mins(16)),
    };
    let many = (1_u32..=10)
        .map(|n| {
            let held = 1.0 - libm::pow(10.0, -f64::from(n));
            fair::series(
                LONG,
                f64::from(n),
                f64::from(n * 600),
                fair::promise(40, held, Verdict::Yes),
            )
        })
        .collect();
    let none = DistributionSeries { shares: Vec::new(), promise: None, last: None, ..one(0.0) };
    vec![
        Distribution { series: vec![one(1.0)] },
        Distribution { series: vec![one(0.0), none] },
        Distribution { series: many },
        Distribution { series: Vec::new() },
    ]
}

pub(super) fn rpos() -> Vec<Rpo> {
    let flat = Rpo {
        median_name: LONG.to_owned(),
        median: fair::ages(0, 0, 0),
        worst_name: LONG.to_owned(),
        worst: fair::ages(0, 0, 0),
        limit: Some(Span::ZERO),
        ..fair::rpo()
    };
    let single = Rpo {
        median: fair::ages(7, 0, 1)[..1].to_vec(),
        worst: Vec::new(),
        limit: None,
        time: fair::axis(0, 5),
        ..fair::rpo()
    };
    let days =
        Rpo { worst: fair::ages(9000, 500, 4000), time: fair::axis(0, 60 * 24 * 7), ..fair::rpo() };
    vec![flat, single, days]
}

pub(super) fn strips() -> Vec<Strips> {
    let zero = fair::strip(LONG, LONG, Some(0.0), fair::levels(0.0, 1.0));
    let far = fair::strip(LONG, "MiB/s", Some(1e12), fair::levels(0.004, 2.0));
    let over = fair::strip("over its limit", "", Some(3.0), fair::levels(1_234_567.0, 1.1));
    let none = fair::strip("nothing", "", None, Vec::new());
    let ten = (0..10).map(|_| zero.clone()).collect();
    vec![
        Strips { time: fair::axis(0, 1440), strips: vec![zero, far, over, none] },
        Strips { time: fair::axis(0, 1440 * 40), strips: ten },
        Strips { time: fair::axis(0, 1), strips: Vec::new() },
        Strips::queue(
            fair::axis(0, 1440),
            fair::levels(20.0, 1.0),
            fair::levels(33.0, 1.4),
            Some(20.0),
        ),
    ]
}

pub(super) fn heatmaps() -> Vec<Heatmap> {
    let many: Vec<String> = (0..14).map(|n| format!("{LONG} {n}")).collect();
    let wide_axis = HeatmapAxis { name: LONG.to_owned(), values: many };
    let one = HeatmapAxis { name: LONG.to_owned(), values: vec!["1".to_owned()] };
    let near_all = |n: u64| {
        (!n.is_multiple_of(5)).then(|| fair::judged(1.0 - 3e-6 * fair::chance(n), 0.999_999))
    };
    let row: Vec<Option<HeatmapCell>> = (0..14).map(near_all).collect();
    let wide = Heatmap {
        columns: wide_axis.clone(),
        rows: one.clone(),
        cells: vec![row.clone()],
        as_asked: Some((0, 13)),
    };
    let square = Heatmap {
        columns: wide_axis.clone(),
        rows: wide_axis,
        cells: vec![row; 14],
        as_asked: Some((13, 0)),
    };
    let single = Heatmap {
        columns: one.clone(),
        rows: one.clone(),
        cells: vec![vec![Some(fair::judged(0.0, 0.9))]],
        as_asked: None,
    };
    let empty = HeatmapAxis { name: String::new(), values: Vec::new() };
    let none = Heatmap { columns: empty.clone(), rows: empty, cells: Vec::new(), as_asked: None };
    vec![wide, square, single, none]
}

pub(super) fn sweep_lines() -> Vec<SweepLine> {
    let line = |points: Vec<SweepPoint>, promised: Option<f64>| SweepLine {
        axis_name: LONG.to_owned(),
        points,
        promised,
    };
    let long = (0..10).map(|n| fair::sweep_point(LONG, None, fair::chance(n), 0.2)).collect();
    let many = (0_u32..60)
        .map(|n| {
            fair::sweep_point(
                &format!("{n} min"),
                Some(f64::from(n)),
                1.0 - 1e-6 * f64::from(n),
                1e-7,
            )
        })
        .collect();
    let flat =
        (0_u32..5).map(|n| fair::sweep_point("15 min", Some(f64::from(n)), 0.95, 0.0)).collect();
    let zeros = (0_u32..5)
        .map(|n| fair::sweep_point(&n.to_string(), Some(f64::from(n * n * n)), 0.0, 0.0))
        .collect();
    vec![
        line(long, Some(0.999_99)),
        line(many, Some(0.999_97)),
        line(flat, Some(0.95)),
        line(zeros, None),
        line(vec![fair::sweep_point("15 min", None, 1.0, 0.0)], Some(1.0)),
        line(Vec::new(), Some(0.5)),
    ]
}

pub(super) fn verdicts() -> Vec<Verdicts> {
    let rows = vec![
        fair::verdict_row(LONG, Verdict::NotSure, (0.0, 0.5, 1.0), 1.0),
        fair::verdict_row(LONG, Verdict::No, (0.0, 0.0, 0.0), 0.000_001),
        fair::verdict_row("x", Verdict::Yes, (0.999_999_9, 0.999_999_95, 1.0), 0.999_999),
        fair::verdict_row("", Verdict::Yes, (1.0, 1.0, 1.0), 0.0),
    ];
    vec![Verdicts { rows }, Verdicts { rows: Vec::new() }]
}

pub(super) fn cause_bars() -> Vec<CauseBars> {
    let all = Cause::ALL
        .map(|cause| (cause, round_u64(900.0 * fair::chance(u64::from(cause == Cause::Link)))));
    let bars = |scopes: Vec<CauseScope>| CauseBars { scopes };
    vec![
        bars((0..10).map(|_| fair::cause_scope(LONG, &all)).collect()),
        bars(vec![fair::cause_scope("nothing", &[(Cause::Slot, 0)]), fair::cause_scope(LONG, &[])]),
        bars(Vec::new()),
    ]
}
