//! The answer to an inverse question, in sentences.

use super::share;
use crate::experiment::{Answer, PointSummary};
use crate::plan::{Grid, Unknown};
use crate::stats::Verdict;
use crate::units::thousands;

/// What was asked: `completion durations from 15 min to 48 h, 15 values, 30 runs of each`.
pub(in crate::cli) fn asked(grid: &Grid) -> String {
    let what = match grid.unknown {
        Unknown::Duration => "completion durations",
        Unknown::Quota => "quotas",
        Unknown::Slots => "slots",
        Unknown::Start => "starts",
    };
    let points = &grid.plan.points;
    let label = |place: usize| points[place].labels[0].1.as_str();
    let last = points.len() - 1;
    let runs = grid.plan.n_replications();
    format!("{what} from {} to {}, {} values, {runs} runs each", label(0), label(last), last + 1)
}

/// What came out: the best value with the one beside it and its confirmation, or that none meets.
pub(in crate::cli) fn answer(grid: &Grid, points: &[PointSummary], answer: &Answer) -> Vec<String> {
    let label = |place: usize| points[place].labels[0].1.as_str();
    let Some(best) = &answer.best else {
        let sure = if answer.verdict == Verdict::No { "" } else { " for sure" };
        let near = nearest(grid, points).map_or(String::new(), |place| {
            format!("; {} comes nearest: {}", label(place), shares(grid, &points[place]))
        });
        return vec![format!("no value on the grid meets{sure}{near}")];
    };
    let which = match grid.unknown {
        Unknown::Duration => "the cheapest that meets",
        Unknown::Quota => "the least that meets",
        Unknown::Slots => "the fewest that meet",
        Unknown::Start => "the nearest to the present start that meets",
    };
    let point = &points[best.point];
    let cost = point.cost().map_or(String::new(), |usd| format!(", {usd} a run"));
    let found = format!("{}: {which}, {}{cost}", label(best.point), shares(grid, point));
    let beside = match answer.beside {
        Some(place) => {
            format!("beside it, {} does not: {}", label(place), shares(grid, &points[place]))
        }
        None => "its neighbours on the grid meet, too".to_owned(),
    };
    vec![found, beside, super::fresh(best, &grid.plan.prefer.targets)]
}

/// The point whose worst target comes nearest to its promise, by the mean share.
fn nearest(grid: &Grid, points: &[PointSummary]) -> Option<usize> {
    let lack = |point: &PointSummary| {
        let counted = point.targets.iter().enumerate().filter(|(place, _)| counts(grid, *place));
        let lacks = counted.map(|(_, of)| of.promised - of.judgement.mean.unwrap_or(0.0));
        lacks.fold(f64::NEG_INFINITY, f64::max)
    };
    let place = |point: &PointSummary| point.index;
    let best = points.iter().min_by(|one, other| lack(one).total_cmp(&lack(other)))?;
    // where all are alike, none is nearer
    points.iter().any(|point| lack(best) < lack(point)).then(|| place(best))
}

fn counts(grid: &Grid, target: usize) -> bool {
    let targets = &grid.plan.prefer.targets;
    targets.is_empty() || targets.contains(&target)
}

/// `99.98 %`, or with the names of several targets.
fn shares(grid: &Grid, point: &PointSummary) -> String {
    let counted = point.targets.iter().enumerate().filter(|(place, _)| counts(grid, *place));
    let told: Vec<(String, String)> = counted
        .map(|(_, target)| {
            let mean = target.judgement.mean.map_or("nothing was due".to_owned(), share);
            (target.name.clone(), mean)
        })
        .collect();
    match told.as_slice() {
        [(_, only)] => only.clone(),
        several => {
            let each = several.iter().map(|(name, mean)| format!("{name} {mean}"));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// What stands behind each value of the table.
pub(in crate::cli) fn marks(grid: &Grid, answer: &Answer) -> Vec<String> {
    let best = answer.best.as_ref().map(|best| best.point);
    let of = |place: usize| {
        let told = [
            (best == Some(place), "the answer"),
            (grid.written == Some(place), "as written"),
            (!answer.short[place].is_empty(), "ruled out by arithmetic"),
        ];
        let told = told.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words);
        told.collect::<Vec<_>>().join(", ")
    };
    (0..grid.plan.points.len()).map(of).collect()
}

/// What does not fit by arithmetic alone, where nothing on the grid meets: at the value at which
/// least is missing.
pub(in crate::cli) fn ruled_out(grid: &Grid, answer: &Answer) -> Option<String> {
    if answer.best.is_some() {
        return None;
    }
    let missing = |place: usize| {
        let each = answer.short[place].iter();
        each.map(|short| short.bytes.minus_or_zero(short.fits).get()).max().unwrap_or(0)
    };
    let ruled: Vec<usize> =
        (0..answer.short.len()).filter(|place| !answer.short[*place].is_empty()).collect();
    let least = ruled.iter().copied().min_by_key(|place| missing(*place))?;
    let label = &grid.plan.points[least].labels[0].1;
    let (n, of) = (ruled.len(), answer.short.len());
    let lead = if n == of {
        format!("Arithmetic alone rules out every value. At {label}")
    } else {
        let n = thousands(crate::units::count(n), 0);
        format!("Arithmetic alone rules out {n} of {of} values. At {label}")
    };
    let each: Vec<String> = answer.short[least].iter().map(ToString::to_string).collect();
    Some(format!("{lead}: {}", each.join("; ")))
}
