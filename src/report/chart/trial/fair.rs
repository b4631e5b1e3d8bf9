//! Data as a scenario gives them: `enterprise-dr` of the design, with numbers made up.

use jiff::tz::TimeZone;

use crate::catalog::Cause;
use crate::report::chart::*;
use crate::units::{Instant, Span, count_u64};

/// 2027-01-05T00:00:00Z, a Tuesday.
pub(super) const TUESDAY: u64 = 1_799_107_200;

/// The `n`th of a sequence that looks like chance, from 0 to 1: multiples of the golden ratio.
pub(super) fn chance(n: u64) -> f64 {
    let multiple = count_u64(n + 1) * 0.618_033_988_749_895;
    multiple - multiple.floor()
}

pub(super) fn tuesday(mins: u64) -> Instant {
    Instant::from_nanos(0) + Span::from_secs(TUESDAY) + Span::from_mins(mins)
}

pub(super) fn axis(from_mins: u64, to_mins: u64) -> TimeAxis {
    TimeAxis { from: tuesday(from_mins), to: tuesday(to_mins), zone: TimeZone::UTC }
}

pub(super) fn copy_bar(
    name: String,
    is_time_based: bool,
    from: Instant,
    parts: &[(Cause, f64)],
) -> CopyBar {
    let mut at = from;
    let mut life = Vec::new();
    for &(cause, mins) in parts {
        let to = at + Span::from_secs_f64(mins * 60.0);
        life.push(CopyPart { cause, from: at, to });
        at = to;
    }
    CopyBar { name, is_time_based, parts: life }
}

pub(super) fn databases(n_copies: u64) -> Vec<CopyBar> {
    (0..n_copies)
        .map(|n| {
            let snapshot = 1.0 + 9.0 * chance(n);
            let waits = if n < 2 * n_copies / 3 { 0.0 } else { 12.0 - snapshot };
            let back_off = if waits <= 0.0 { 0.0 } else { 14.0 * chance(n * 7) };
            let parts = [
                (Cause::Snapshot, snapshot),
                (Cause::Slot, waits),
                (Cause::BackOff, back_off),
                (Cause::StartUp, 0.3),
                (Cause::Paced, 15.0),
            ];
            copy_bar(format!("vol-{n:04}"), true, tuesday(420), &parts)
        })
        .collect()
}

pub(super) fn dailies(n_copies: u64) -> Vec<CopyBar> {
    (0..n_copies)
        .map(|n| {
            let parts = [
                (Cause::Snapshot, 1.0 + 3.0 * chance(n)),
                (Cause::Slot, if n.is_multiple_of(3) { 4.0 } else { 0.0 }),
                (Cause::StartUp, 0.3),
                (Cause::StandardCap, 0.5 + 6.0 * chance(n * 3) * chance(n)),
            ];
            copy_bar(format!("daily-{n:04}"), false, tuesday(420 + n * 60 / n_copies), &parts)
        })
        .collect()
}

pub(super) fn timeline() -> Timeline {
    let promise = GroupPromise { at: tuesday(460), label: "40 min promised".to_owned() };
    let databases = CopyGroup {
        name: "databases".to_owned(),
        note: "15 min".to_owned(),
        n_copies: 30,
        copies: databases(30),
        promise: Some(promise),
    };
    let dailies = CopyGroup {
        name: "dailies".to_owned(),
        note: "standard".to_owned(),
        n_copies: 540,
        copies: dailies(120),
        promise: None,
    };
    Timeline { time: axis(420, 495), groups: vec![databases, dailies] }
}

/// A series that begins to arrive after `first` minutes and is done after `last`; what was held of
/// its promise is read off the series.
pub(super) fn series(
    name: &str,
    first: f64,
    last: f64,
    promise: SharePromise,
) -> DistributionSeries {
    let n_bins = 120_u64;
    let shares: Vec<ShareAt> = (0..=n_bins)
        .map(|bin| {
            let progress = count_u64(bin) / count_u64(n_bins);
            let share = 1.0 - libm::pow(1.0 - progress, 6.0);
            ShareAt {
                after: Span::from_secs_f64((first + progress * (last - first)) * 60.0),
                share,
                lowest: share * share,
                highest: libm::sqrt(share),
            }
        })
        .collect();
    let last = Some(Span::from_secs_f64(last * 60.0));
    let in_time = shares.iter().rfind(|at| at.after <= promise.limit);
    let held = in_time.map_or(0.0, |at| at.share);
    DistributionSeries {
        name: name.to_owned(),
        n_copies: 302_400,
        shares,
        promise: Some(SharePromise { held, ..promise }),
        last,
    }
}

pub(super) fn promise(mins: u64, promised: f64, verdict: Verdict) -> SharePromise {
    let verdict = Some(verdict);
    SharePromise { limit: Span::from_mins(mins), promised, held: promised, verdict }
}

pub(super) fn distributions() -> Vec<Distribution> {
    let databases = series("databases → us-west-2", 16.0, 70.0, promise(32, 0.95, Verdict::No));
    let dailies = series("dailies → eu-west-1", 3.0, 400.0, promise(330, 0.999, Verdict::Yes));
    vec![
        Distribution { series: vec![databases.clone()] },
        Distribution { series: vec![databases, dailies] },
    ]
}

pub(super) fn ages(base: u64, rise: u64, spread: u64) -> Vec<AgeAt> {
    (0..144)
        .map(|bin| {
            let mean = base + bin * 5 % 60 * rise / 60;
            AgeAt {
                at: tuesday(bin * 5),
                mean: Span::from_mins(mean),
                low: Span::from_mins(mean.saturating_sub(spread)),
                high: Span::from_mins(mean + spread),
            }
        })
        .collect()
}

pub(super) fn rpo() -> Rpo {
    Rpo {
        time: axis(0, 720),
        median_name: "median database".to_owned(),
        median: ages(22, 60, 4),
        worst_name: "worst of the 60".to_owned(),
        worst: ages(72, 30, 30),
        limit: Some(Span::from_hours(2)),
    }
}

pub(super) fn levels(height: f64, spread: f64) -> Vec<LevelAt> {
    (0..=288)
        .map(|bin| {
            let wave = 1.0 - (count_u64(bin * 5 % 60) / 60.0 - 0.2).abs() / 0.35;
            let mean = (height * wave).max(0.0);
            LevelAt { at: tuesday(bin * 5), mean, p95: mean * spread }
        })
        .collect()
}

pub(super) fn strip(name: &str, unit: &str, limit: Option<f64>, levels: Vec<LevelAt>) -> Strip {
    let note = if limit.is_none() { "no capacity stated" } else { "" };
    Strip { name: name.to_owned(), unit: unit.to_owned(), limit, note: note.to_owned(), levels }
}

pub(super) fn limits() -> Strips {
    let strips = vec![
        strip("Slots in use", "", Some(20.0), levels(20.0, 1.0)),
        strip("Copies waiting", "", None, levels(9.4, 1.8)),
        strip("Quota reserved", "MiB/s", Some(2000.0), levels(420.0, 1.6)),
        strip("Moved", "MiB/s", None, levels(580.0, 1.7)),
    ];
    Strips { time: axis(0, 1440), strips }
}

pub(super) fn heat_axis(name: &str, values: &[&str]) -> HeatmapAxis {
    let values = values.iter().map(|&value| value.to_owned()).collect();
    HeatmapAxis { name: name.to_owned(), values }
}

pub(super) fn judged(share: f64, promised: f64) -> HeatmapCell {
    let verdict = match share - promised {
        gap if 0.005 < gap => Verdict::Yes,
        gap if gap < -0.005 => Verdict::No,
        _ => Verdict::NotSure,
    };
    HeatmapCell { share, low: share - 0.005, high: (share + 0.005).min(1.0), verdict }
}

pub(super) fn heatmap() -> Heatmap {
    let loads = [45.0, 40.0, 35.0, 30.0, 25.0, 20.0];
    let slots = [16.0, 18.0, 20.0, 22.0, 24.0, 28.0, 32.0];
    let cell = |load: f64, slots: f64| {
        let over = (load / slots - 0.8).max(0.0);
        Some(judged(0.99 - 0.15 * over + 0.0002 * slots, 0.95))
    };
    let cells = loads.map(|load| slots.map(|slots| cell(load, slots)).to_vec()).to_vec();
    Heatmap {
        columns: heat_axis("slots per destination", &["16", "18", "20", "22", "24", "28", "32"]),
        rows: heat_axis("databases per destination", &["45", "40", "35", "30", "25", "20"]),
        cells,
        as_asked: Some((3, 2)),
    }
}

pub(super) fn sweep_point(label: &str, at: Option<f64>, share: f64, half: f64) -> SweepPoint {
    let cell = judged(share, 0.95);
    SweepPoint {
        label: label.to_owned(),
        at,
        share,
        interval: (0.0 < half).then_some(((share - half).max(0.0), (share + half).min(1.0))),
        verdict: cell.verdict,
        is_as_asked: label == "15 min",
    }
}

pub(super) fn sweep_lines() -> Vec<SweepLine> {
    let numeric = [
        ("30 s", 0.5, 0.989),
        ("1 min", 1.0, 0.9891),
        ("2 min", 2.0, 0.989),
        ("4 min", 4.0, 0.9885),
        ("8 min", 8.0, 0.988),
        ("15 min", 15.0, 0.927),
        ("30 min", 30.0, 0.9),
    ];
    let words = [("retry", 0.927), ("fifo", 0.989), ("edf", 0.9504), ("smallest", 0.971)];
    vec![
        SweepLine {
            axis_name: "longest back-off".to_owned(),
            points: numeric
                .map(|(label, at, share)| sweep_point(label, Some(at), share, 0.005))
                .to_vec(),
            promised: Some(0.95),
        },
        SweepLine {
            axis_name: "client".to_owned(),
            points: words.map(|(label, share)| sweep_point(label, None, share, 0.008)).to_vec(),
            promised: Some(0.95),
        },
    ]
}

pub(super) fn verdict_row(
    promise: &str,
    verdict: Verdict,
    numbers: (f64, f64, f64),
    promised: f64,
) -> VerdictRow {
    let (low, share, high) = numbers;
    let interval = (low < high).then_some((low, high));
    VerdictRow { promise: promise.to_owned(), verdict, share, interval, promised }
}

pub(super) fn verdicts() -> Verdicts {
    let rows = vec![
        verdict_row(
            "databases: RPO of 2 h, 99.9 % of the time",
            Verdict::Yes,
            (0.9996, 0.999_76, 0.999_92),
            0.999,
        ),
        verdict_row(
            "dailies: within 6 h of being due, 99.9 %",
            Verdict::Yes,
            (1.0, 1.0, 1.0),
            0.999,
        ),
        verdict_row(
            "databases: across within 40 min, 95 %",
            Verdict::No,
            (0.925, 0.927, 0.928),
            0.95,
        ),
        verdict_row(
            "nights: all dailies across in 3 h 15 min, 90 %",
            Verdict::NotSure,
            (0.896, 0.921, 0.947),
            0.9,
        ),
    ];
    Verdicts { rows }
}

pub(super) fn cause_scope(name: &str, mins: &[(Cause, u64)]) -> CauseScope {
    let times = mins.iter().map(|&(cause, mins)| (cause, Span::from_mins(mins))).collect();
    CauseScope { name: name.to_owned(), times }
}

pub(super) fn cause_bars() -> CauseBars {
    let waits = [
        (Cause::Snapshot, 5),
        (Cause::Slot, 4),
        (Cause::BackOff, 6),
        (Cause::StartUp, 1),
        (Cause::Paced, 15),
    ];
    let scopes = vec![
        cause_scope("databases → us-west-2", &waits),
        cause_scope("databases → eu-west-1", &waits[..4]),
        cause_scope(
            "dailies → us-west-2",
            &[(Cause::Window, 30), (Cause::Snapshot, 3), (Cause::StandardCap, 14)],
        ),
    ];
    CauseBars { scopes }
}
