//! Time series over the runs of a point: what is used when, and how old recovery points are.

use std::io::Write;

use crate::drive::{BIN, RPO_STEP, RunResult, Series, SeriesKind};
use crate::model::Model;
use crate::record::CsvTable;
use crate::stats::{mean, nearest_rank, nearest_ranks};
use crate::units::{Instant, Span};

/// Windows longer than this are folded onto it.
const WEEK: Span = Span::from_days(7);

/// The first Monday of time: 1970-01-05.
const MONDAY: Instant = Instant::from_nanos(Span::from_days(4).nanos());

/// Which of the two files of series something stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// `quotas.csv`: what the account may do.
    Quotas,
    /// `links.csv`.
    Links,
}

impl File {
    fn of(kind: SeriesKind) -> File {
        match kind {
            SeriesKind::Slots | SeriesKind::Waiting | SeriesKind::Quota => File::Quotas,
            SeriesKind::Link => File::Links,
        }
    }
}

/// The words in the columns `kind` and `unit`.
fn words(kind: SeriesKind) -> (&'static str, &'static str) {
    match kind {
        SeriesKind::Slots => ("slots", "copies"),
        SeriesKind::Waiting => ("waiting", "copies"),
        SeriesKind::Quota => ("quota", "B/s"),
        SeriesKind::Link => ("link", "B/s"),
    }
}

/// Writes the series of one file: mean and 95th percentile over runs, bin by bin.
pub(super) fn write<W: Write>(
    out: &mut CsvTable<W>,
    file: File,
    point: (u64, &Model),
    runs: &[RunResult],
) {
    let (point, model) = point;
    let Some(first) = runs.first() else { return };
    for series in first.series.iter().filter(|series| File::of(series.kind) == file) {
        let of_runs: Vec<&Series> = runs.iter().filter_map(|run| find(run, series)).collect();
        let (kind, unit) = words(series.kind);
        for (bin, start) in starts(model, series.means.len()) {
            let values: Vec<f64> = of_runs.iter().map(|run| run.means[bin]).collect();
            out.integer(point).text(series.name.as_str()).text(kind);
            match start {
                Start::At(moment) => out.moment(moment).span(None),
                Start::OfWeek(offset) => out.moment(None).span(offset),
            };
            out.decimal(mean(&values)).decimal(nearest_rank(&values, 0.95));
            out.decimal(series.limit).text(unit).end();
        }
    }
}

fn find<'r>(run: &'r RunResult, wanted: &Series) -> Option<&'r Series> {
    run.series.iter().find(|series| series.kind == wanted.kind && series.name == wanted.name)
}

/// When a bin begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    /// At this moment.
    At(Instant),
    /// So long after Monday, 00:00 UTC, each week.
    OfWeek(Span),
}

/// The bins of a window with their starts, in order of these.
fn starts(model: &Model, n_bins: usize) -> Vec<(usize, Start)> {
    let from = model.start + model.warm_up;
    let is_folded = WEEK < model.end().since_or_zero(from);
    let mut moment = from;
    let mut starts = Vec::with_capacity(n_bins);
    for bin in 0..n_bins {
        let start = if is_folded { Start::OfWeek(of_week(moment)) } else { Start::At(moment) };
        starts.push((bin, start));
        moment = moment + BIN;
    }
    starts.sort_by_key(|(_, start)| *start);
    starts
}

/// The time of a moment since Monday, 00:00 UTC.
fn of_week(moment: Instant) -> Span {
    let since = moment.since_or_zero(MONDAY);
    since - WEEK.times(since.whole(WEEK))
}

/// Writes how old recovery points are over time: the middle run, and the 5 % and 95 % runs.
///
/// Ages are ranked over runs, not averaged: one run without a recovery point has no age to add.
pub(super) fn write_rpo<W: Write>(out: &mut CsvTable<W>, point: u64, runs: &[RunResult]) {
    let Some(first) = runs.first() else { return };
    for series in &first.rpo {
        let name = &first.scopes[series.scope];
        let of_runs = runs
            .iter()
            .filter_map(|run| run.rpo.iter().find(|series| run.scopes[series.scope] == *name));
        let of_runs: Vec<_> = of_runs.collect();
        let mut offset = Span::ZERO;
        for step in 0..series.median.len() {
            let median: Vec<f64> = of_runs.iter().map(|run| run.median[step]).collect();
            let worst: Vec<f64> = of_runs.iter().map(|run| run.worst[step]).collect();
            out.integer(point).text(name.as_str()).span(offset);
            for ages in [median, worst] {
                for age in nearest_ranks(&ages, [0.5, 0.05, 0.95]) {
                    out.span(age.filter(|age| age.is_finite()).map(Span::from_secs_f64));
                }
            }
            out.end();
            offset += RPO_STEP;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive::RpoSeries;
    use crate::record::table;

    const HOUR: u64 = 3600;

    /// 1970-01-07 is a Wednesday: two days after Monday; 08:00 is 8 hours on.
    #[test]
    fn the_week_begins_on_monday() {
        let wednesday = Instant::ZERO + Span::from_days(6) + Span::from_hours(8);
        assert_eq!(of_week(wednesday), Span::from_hours(56));
        assert_eq!(of_week(wednesday + WEEK.times(3000)), Span::from_hours(56));
        assert_eq!(of_week(MONDAY), Span::ZERO);
    }

    /// Three runs with medians 1, 2, 3 h: the middle is 2 h, the 5 % run ⌈0.15⌉ = the first, the
    /// 95 % run ⌈2.85⌉ = the third. One of them has no recovery point of some volume: the worst of
    /// the third is unknown.
    #[test]
    fn recovery_points_are_ranked_over_runs() {
        let run = |hours: u64, worst: f64| RunResult {
            scopes: vec!["all".to_owned(), "db → x".to_owned()],
            rpo: vec![RpoSeries {
                scope: 1,
                median: vec![Span::from_secs(hours * HOUR).secs()],
                worst: vec![worst],
            }],
            ..RunResult::default()
        };
        let runs = [run(3, f64::INFINITY), run(1, 10.0), run(2, 20.0)];
        let mut out = CsvTable::new(Vec::new(), table("rpo_over_time.csv").unwrap(), &[]);
        write_rpo(&mut out, 4, &runs);
        let text = String::from_utf8(out.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "4,db → x,0.000000000,7200.000000000,3600.000000000,10800.000000000,\
             20.000000000,10.000000000,\n"
        );
    }
}
