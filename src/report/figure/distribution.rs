//! How many copies have arrived by when, against what was promised, at the first point.

use std::cmp::Reverse;

use super::words::numeral;
use super::{Figure, Picture, Tables};
use crate::record::measure as m;
use crate::report::chart::{
    Caption, Distribution, DistributionSeries, ShareAt, SharePromise, Verdict,
};
use crate::report::read::{Promise, PromiseKind, TargetRow};
use crate::report::theme::{duration, percent, percent_given};
use crate::units::{Span, round_u64};

/// Most plots below one another.
const SERIES_MAX: usize = 5;

/// The scope of all copies together.
const ALL: &str = "all";

/// What its series is called.
const ALL_COPIES: &str = "all copies";

/// The figure; none where no copy arrived.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let rules = &tables.manifest.copies;
    let all: Vec<DistributionSeries> =
        rules.iter().filter_map(|rule| series(tables, &rule.scope)).collect();
    let n_all = all.len();
    let shown = if n_all <= SERIES_MAX { all } else { tightest(tables, all) };
    let title = title(&shown)?;
    let left_out = if shown.len() < n_all {
        format!("all copies, and {} of {n_all} destinations", numeral(shown.len() - 1))
    } else {
        String::new()
    };
    let lines = match tables.manifest.scenario.replications {
        1 => "share of the copies due that has arrived, of 1 run".to_owned(),
        n => format!(
            "share of the copies due that has arrived, line: mean of {n} runs, band: lowest to \
             highest run"
        ),
    };
    let subtitle = tables.subtitle(&[&left_out, &lines]);
    Some(Figure {
        name: "distribution".to_owned(),
        caption: Caption { title, subtitle },
        picture: Picture::Distribution(Distribution { series: shown }),
    })
}

/// The curve of a scope; none where no copy arrived.
fn series(tables: &Tables, scope: &str) -> Option<DistributionSeries> {
    let rows = tables.shares.iter().filter(|row| row.scope == scope);
    let shares: Vec<ShareAt> = rows
        .map(|row| ShareAt {
            after: row.time,
            share: row.share,
            lowest: row.lowest,
            highest: row.highest,
        })
        .collect();
    let last = shares.last()?;
    let is_done = 1.0 <= last.share;
    Some(DistributionSeries {
        name: if scope == ALL { ALL_COPIES.to_owned() } else { scope.to_owned() },
        n_copies: tables.measure(scope, m::DUE.name).map_or(0, |row| row.n),
        last: pooled(tables, scope, m::COMPLETION_MAX.name).filter(|_| is_done),
        promise: promise(tables, scope, &shares),
        shares,
    })
}

/// A time to completion of the copies of all runs together.
fn pooled(tables: &Tables, scope: &str, measure: &str) -> Option<Span> {
    tables.measure(scope, measure)?.pooled.map(Span::from_secs_f64)
}

/// The promise about the copies of a scope: of several the one that fares worst, then the
/// tightest.
///
/// What was held is the target's own share where it is about this scope alone; else it is read off
/// the curve, and the verdict on all copies of the target is none on these.
fn promise(tables: &Tables, scope: &str, shares: &[ShareAt]) -> Option<SharePromise> {
    let promises = tables.manifest.promises(PromiseKind::Copy, scope);
    let told = promises.filter_map(|promise| {
        let target = tables.first_targets().find(|row| row.target == promise.name)?;
        told(promise, target, shares)
    });
    told.min_by_key(|promise| {
        let rank = match promise.verdict {
            Some(Verdict::No) => 0,
            Some(Verdict::NotSure) => 1,
            Some(Verdict::Yes) | None => 2,
        };
        (rank, promise.limit)
    })
}

fn told(promise: &Promise, target: &TargetRow, shares: &[ShareAt]) -> Option<SharePromise> {
    let limit = promise.limit?;
    let promised = target.promised;
    if promise.scopes.len() == 1 {
        let held = target.share?;
        return Some(SharePromise { limit, promised, held, verdict: Some(target.verdict) });
    }
    let by_limit = shares.iter().rev().find(|at| at.after <= limit);
    let held = by_limit.map_or(0.0, |at| at.share);
    Some(SharePromise { limit, promised, held, verdict: None })
}

/// All copies together, and the scopes that hold their promise worst, or else take longest; in the
/// order of the scenario.
fn tightest(tables: &Tables, all: Vec<DistributionSeries>) -> Vec<DistributionSeries> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&place| {
        let series = &all[place];
        let gap = series.promise.map_or(0.0, |promise| promise.held - promise.promised);
        let last = series.shares.last();
        let done = last.map_or(0.0, |at| at.share);
        // In millionths, moved by one so that nothing is negative: floats have no order.
        (
            round_u64((gap + 1.0) * 1e6),
            round_u64(done * 1e6),
            Reverse(last.map(|at| at.after)),
        )
    });
    let mut kept: Vec<usize> = order.into_iter().take(SERIES_MAX - 1).collect();
    kept.sort_unstable();
    let places = 0..all.len();
    let shown = all.into_iter().zip(places).filter(|(_, place)| kept.contains(place));
    series(tables, ALL).into_iter().chain(shown.map(|(series, _)| series)).collect()
}

/// What is held of the promise with the widest gap; without a promise, how long half of the copies
/// and nearly all of them take.
fn title(series: &[DistributionSeries]) -> Option<String> {
    let gap = |one: &SharePromise| one.held - one.promised;
    let promised = series.iter().filter_map(|series| Some((series, series.promise?)));
    if let Some((series, promise)) =
        promised.min_by(|one, other| gap(&one.1).total_cmp(&gap(&other.1)))
    {
        let held = if 1.0 <= promise.held {
            format!("All {}", copies_of(series))
        } else {
            format!("{} of the {}", percent(promise.held), copies_of(series))
        };
        let (limit, promised) = (duration(promise.limit), percent_given(promise.promised));
        return Some(format!("{held} arrive within {limit}; {promised} are promised"));
    }
    let slowest = series.iter().rev().max_by_key(|series| reached(series, 0.5))?;
    let rest = match (reached(slowest, 0.99), slowest.last) {
        (_, Some(last)) => format!("the last one after {}", duration(last)),
        (Some(nearly_all), None) => format!("99\u{a0}% within {}", duration(nearly_all)),
        (None, None) => {
            let done = slowest.shares.last().map_or(0.0, |at| at.share);
            format!("{} never arrive", percent(1.0 - done))
        }
    };
    let copies = copies_of(slowest);
    let half = reached(slowest, 0.5).map(|half| format!("within {}", duration(half)));
    Some(match half {
        Some(half) => format!("Half of the {copies} arrive {half}, {rest}"),
        None => format!("Of the {copies}, {rest}"),
    })
}

fn copies_of(series: &DistributionSeries) -> String {
    if series.name == ALL_COPIES {
        "copies".to_owned()
    } else {
        format!("copies of {}", series.name)
    }
}

/// The time by which a share has arrived.
fn reached(series: &DistributionSeries, share: f64) -> Option<Span> {
    series.shares.iter().find(|at| share <= at.share).map(|at| at.after)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// To b: 30 of 40 copies by 20 min, 38 by 40 min, all by 60 min. To c: half of 10 after 5 min,
    /// 9 after 10 min, the tenth never.
    fn tables() -> Tables {
        Tables {
            targets: sample::targets("0,in time,copy,0.97,0.95,0.94,0.96,,,no,,30,40,2,0"),
            shares: sample::shares(
                "0,db → b,1200.000000000,0.75,0.7,0.8\n\
                 0,db → b,2400.000000000,0.95,0.9,1\n\
                 0,db → b,3600.000000000,1,1,1\n\
                 0,db → c,300.000000000,0.5,0.5,0.5\n\
                 0,db → c,600.000000000,0.9,0.8,1",
            ),
            summary: sample::means(&[("db → b", "completion_max", 3600.0)]),
            ..sample::tables()
        }
    }

    fn shown(tables: &Tables) -> (String, Vec<DistributionSeries>) {
        let figure = figure(tables).unwrap();
        let Picture::Distribution(chart) = figure.picture else { panic!("another chart") };
        (figure.caption.title.replace('\u{a0}', " "), chart.series)
    }

    #[test]
    fn a_promise_about_one_scope_has_the_targets_own_share() {
        let (title, series) = shown(&tables());
        assert_eq!(title, "95.0 % of the copies of db → b arrive within 40 min; 97 % are promised");
        let promise = series[0].promise.unwrap();
        assert_eq!((promise.limit, promise.verdict), (Span::from_mins(40), Some(Verdict::No)));
        assert_eq!(series[0].last, Some(Span::from_hours(1)));
        assert_eq!((series[1].promise, series[1].last), (None, None));
    }

    /// About both, 40 minutes hold 95 % to b and 90 % to c; the verdict is about neither alone.
    #[test]
    fn a_promise_about_two_scopes_is_read_off_each_curve() {
        let mut tables = tables();
        tables.manifest.target[0].scopes.push("db → c".to_owned());
        let (title, series) = shown(&tables);
        let held: Vec<(f64, Option<Verdict>)> = series
            .iter()
            .filter_map(|series| series.promise.map(|p| (p.held, p.verdict)))
            .collect();
        assert_eq!(held, [(0.95, None), (0.9, None)]);
        assert_eq!(title, "90.0 % of the copies of db → c arrive within 40 min; 97 % are promised");
    }

    #[test]
    fn without_a_promise_the_slowest_half_is_told() {
        let mut tables = tables();
        tables.manifest.target.clear();
        assert_eq!(
            shown(&tables).0,
            "Half of the copies of db → b arrive within 20 min, the last one after 60 min"
        );
        tables.shares.retain(|row| row.scope == "db → c");
        let title = shown(&tables).0;
        assert_eq!(title, "Half of the copies of db → c arrive within 5 min, 10.0 % never arrive");
    }
}
