//! How many copies have arrived by when, against what was promised, at the first point.

use std::cmp::Reverse;

use super::words::{joined, numeral};
use super::{Figure, Picture, Section, Tables};
use crate::record::measure as m;
use crate::report::chart::{
    Caption, Distribution, DistributionSeries, ShareAt, SharePromise, Verdict,
};
use crate::report::read::{Manifest, Promise, PromiseKind, TargetRow};
use crate::report::theme::{duration, percent, percent_given};
use crate::units::{Span, round_u64};

/// Most plots below one another.
const SERIES_MAX: usize = 6;

/// The scope of all copies together.
const ALL: &str = "all";

/// What its series is called.
const ALL_COPIES: &str = "all copies";

/// The figure; none where no copy arrived.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let rules = &tables.manifest.copies;
    let all: Vec<DistributionSeries> =
        rules.iter().filter_map(|rule| series(tables, &rule.scope)).collect();
    if all.is_empty() {
        return None;
    }
    let n_all = all.len();
    let shown = if n_all <= SERIES_MAX { all } else { tightest(tables, all) };
    let title = title(tables, &shown)?;
    let left_out = if shown.len() < n_all {
        format!("all copies, and the {} tightest of {n_all} curves", shown.len() - 1)
    } else {
        String::new()
    };
    let lines = match tables.manifest.n_runs() {
        1 => "share of the copies due that has arrived, of 1 run".to_owned(),
        n => format!(
            "share of the copies due that has arrived, line: mean of {n} runs, band: lowest to \
             highest run"
        ),
    };
    let subtitle = tables.subtitle(&[&left_out, &lines]);
    let note = note(tables, &shown);
    let caption = Caption { title, subtitle };
    let picture = Picture::Distribution(Distribution { series: shown });
    Some(Figure::new(Section::Day, "distribution", caption, picture, note))
}

/// How to read it.
fn note(tables: &Tables, shown: &[DistributionSeries]) -> Vec<String> {
    let mut note = Vec::new();
    if shown.iter().any(|series| series.promise.is_some()) {
        note.push(
            "At the dashed limit the ring is what is promised, the dot what is held: a dot above \
             its ring keeps the promise."
                .to_owned(),
        );
    }
    note.push(
        "The shaded top is stretched: there each line is ten times nearer to all.".to_owned(),
    );
    if 1 < tables.manifest.n_runs() {
        note.push("A wide band means that runs differ: what one week shows is little.".to_owned());
    }
    note
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
    let pooled = tables.measure(scope, measure)?.pooled.as_ref()?;
    Some(Span::from_secs_f64(pooled.value))
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
    let promised = target.standing.promised;
    if promise.scopes.len() == 1 {
        let (held, verdict) = (target.standing.held()?, Some(target.standing.verdict));
        return Some(SharePromise { limit, promised, held, verdict });
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
        (round_u64((gap + 1.0) * 1e6), round_u64(done * 1e6), Reverse(last.map(|at| at.after)))
    });
    let mut kept: Vec<usize> = order.into_iter().take(SERIES_MAX - 1).collect();
    kept.sort_unstable();
    let places = 0..all.len();
    let shown = all.into_iter().zip(places).filter(|(_, place)| kept.contains(place));
    series(tables, ALL).into_iter().chain(shown.map(|(series, _)| series)).collect()
}

/// What is held of the promise with the widest gap; without a promise, how long half of the copies
/// and the last one take.
fn title(tables: &Tables, shown: &[DistributionSeries]) -> Option<String> {
    let told = tables.manifest.target.iter().filter(|promise| promise.kind == PromiseKind::Copy);
    let told = told.filter_map(|promise| {
        let target = tables.first_targets().find(|row| row.target == promise.name)?;
        Some((promise, target.standing.held()?, target.standing.promised, promise.limit?))
    });
    let widest = told.min_by(|one, other| (one.1 - one.2).total_cmp(&(other.1 - other.2)));
    let Some((promise, held, promised, limit)) = widest else {
        return of_times(&series(tables, ALL)?);
    };
    let copies = copies_of(&tables.manifest, promise);
    let held = match held {
        held if 1.0 <= held => format!("All {copies}"),
        held => format!("{} of the {copies}", percent(held)),
    };
    let least = shown.iter().filter(|series| promise.scopes.contains(&series.name));
    let least = least.filter_map(|series| Some((&series.name, series.promise?)));
    let least = least.filter(|(_, promise)| promise.limit == limit && promise.verdict.is_none());
    let least = least.min_by(|one, other| one.1.held.total_cmp(&other.1.held));
    let least = match least {
        Some((name, promise)) if promise.held < 1.0 => {
            format!("; {name} is the lowest with {}", percent(promise.held))
        }
        _ => String::new(),
    };
    let (limit, promised) = (duration(limit), percent_given(promised));
    Some(format!("{held} arrive within {limit}, {promised} are promised{least}"))
}

/// Which copies a promise is about.
fn copies_of(manifest: &Manifest, promise: &Promise) -> String {
    if let [only] = &promise.scopes[..] {
        return format!("copies of {only}");
    }
    let covered = manifest.copies.iter().filter(|rule| promise.scopes.contains(&rule.scope));
    let mut fleets: Vec<String> = covered.clone().map(|rule| rule.fleet.clone()).collect();
    fleets.dedup();
    match fleets.len() {
        _ if covered.count() == manifest.copies.len() => "copies".to_owned(),
        0..=3 => format!("copies of {}", joined(&fleets, "and")),
        n => format!("copies of {} fleets", numeral(n)),
    }
}

/// How long half of all copies and the last one take.
fn of_times(all: &DistributionSeries) -> Option<String> {
    let last = all.shares.last()?;
    let rest = match all.last {
        Some(last) => format!("the last one after {}", duration(last)),
        None => format!("{} never arrive", percent(1.0 - last.share)),
    };
    Some(match all.shares.iter().find(|at| 0.5 <= at.share) {
        Some(half) => format!("Half of the copies arrive within {}, {rest}", duration(half.after)),
        None => format!("Not even half of the copies arrive: {rest}"),
    })
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
        assert_eq!(title, "95.0 % of the copies of db → b arrive within 40 min, 97 % are promised");
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
        assert_eq!(
            title,
            "95.0 % of the copies arrive within 40 min, 97 % are promised; db → c is the lowest \
             with 90.0 %"
        );
    }

    #[test]
    fn without_a_promise_half_of_the_copies_is_told() {
        let mut tables = tables();
        tables.manifest.target.clear();
        for row in &mut tables.shares {
            row.scope = "all".to_owned();
        }
        tables.shares.truncate(3);
        tables.summary[0].scope = "all".to_owned();
        tables.shares.extend(sample::shares("0,db → b,60.000000000,1,1,1"));
        let title = shown(&tables).0;
        assert_eq!(title, "Half of the copies arrive within 20 min, the last one after 60 min");
        tables.shares.remove(2);
        let title = shown(&tables).0;
        assert_eq!(title, "Half of the copies arrive within 20 min, 5.0 % never arrive");
    }
}
