//! The answer to an inverse question, in sentences.

use std::fmt::Write;

use super::share;
use crate::experiment::{Answer, PointSummary, TargetSummary};
use crate::plan::{Grid, Unknown};
use crate::stats::{Judgement, Reason, Verdict};
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
    let Some(best) = &answer.best else { return vec![none(grid, points, answer)] };
    let label = |place: usize| points[place].labels[0].1.as_str();
    let is_written = grid.written == Some(best.point);
    let which = match grid.unknown {
        Unknown::Duration => "the cheapest that meets",
        Unknown::Quota => "the least that meets",
        Unknown::Slots => "the fewest that meet",
        Unknown::Start if is_written => "the present start meets",
        Unknown::Start => "the nearest to the present start that meets",
    };
    let point = &points[best.point];
    let cost = point.cost().map_or(String::new(), |usd| format!(", {usd} a run"));
    let found = format!("{}: {which}, {}{cost}", label(best.point), shares(grid, point));
    let beside = match answer.beside {
        Some(place) => {
            let misses = shares(grid, &points[place]);
            if is_next(grid, best.point, place) {
                format!("beside it, {} does not: {misses}", label(place))
            } else {
                format!("the nearest that does not, {}: {misses}", label(place))
            }
        }
        None => "every value on the grid meets".to_owned(),
    };
    let mut told = vec![found, beside];
    told.extend(edge(grid, best.point));
    told.push(super::fresh(best, &grid.plan.prefer.targets));
    told
}

/// Whether two places are one step of the grid apart.
fn is_next(grid: &Grid, one: usize, other: usize) -> bool {
    let apart = one.abs_diff(other);
    apart == 1 || (grid.unknown == Unknown::Start && apart + 1 == grid.plan.points.len())
}

/// That the best value is the most modest one on the grid, so that one beyond it may do as well.
fn edge(grid: &Grid, best: usize) -> Option<String> {
    let last = grid.plan.points.len() - 1;
    let label = grid.plan.points[best].labels[0].1.as_str();
    let (is_edge, word) = match grid.unknown {
        Unknown::Duration => (best == last && label != "48 h", "longer"),
        Unknown::Quota => (best == 0, "less"),
        Unknown::Slots => (best == 0 && label != "1", "fewer"),
        Unknown::Start => (false, ""),
    };
    is_edge.then(|| format!("nothing {word} is on the grid: `--grid` may name it"))
}

/// That no value meets, and which comes nearest.
fn none(grid: &Grid, points: &[PointSummary], answer: &Answer) -> String {
    let sure = if answer.verdict == Verdict::No { "" } else { " for sure" };
    let mut text = format!("no value on the grid meets{sure}");
    let judged = |point: &PointSummary| -> Vec<Judgement> {
        counted(grid, point).map(|target| target.judgement).collect()
    };
    match nearest(grid, points) {
        Some(place) => {
            let (label, numbers) = (&points[place].labels[0].1, numbers(grid, &points[place]));
            let _ = write!(text, "; {label} comes nearest: {numbers}");
        }
        None if points.iter().all(|point| judged(point) == judged(&points[0])) => {
            let _ = write!(text, ", and all do alike: {}", numbers(grid, &points[0]));
        }
        None => {}
    }
    let is_few = |of: &Judgement| {
        let few = matches!(of.reason, Reason::TooFewRuns | Reason::NothingMissedInFewRuns);
        few || of.verdict == Verdict::Yes
    };
    if points.iter().any(|point| judged(point).iter().all(is_few)) {
        text.push_str("; `--replications 20` may be enough");
    }
    for target in counted(grid, &points[0]) {
        if target.judgement.reason == Reason::NothingDue {
            let name = &target.name;
            let _ = write!(
                text,
                "; nothing is due for “{name}”: a longer horizon, or `--target` with the others, decides"
            );
        }
    }
    text
}

/// The point whose worst target comes nearest to its promise, by the mean share to a hundredth of a
/// per cent; of equals the more modest. None where all are alike.
fn nearest(grid: &Grid, points: &[PointSummary]) -> Option<usize> {
    let lack = |point: &PointSummary| {
        let lacks = counted(grid, point).map(|of| of.promised - of.judgement.mean.unwrap_or(0.0));
        (lacks.fold(f64::NEG_INFINITY, f64::max) * 1e4).round()
    };
    let rank = |point: &PointSummary| grid.plan.prefer.ranks[point.index];
    let best = points
        .iter()
        .min_by(|one, other| lack(one).total_cmp(&lack(other)).then(rank(one).cmp(&rank(other))))?;
    points.iter().any(|point| lack(best) < lack(point)).then_some(best.index)
}

/// The targets that count at a point.
fn counted<'a>(grid: &'a Grid, point: &'a PointSummary) -> impl Iterator<Item = &'a TargetSummary> {
    let targets = &grid.plan.prefer.targets;
    let counts = |place: usize| targets.is_empty() || targets.contains(&place);
    point.targets.iter().enumerate().filter(move |(place, _)| counts(*place)).map(|(_, of)| of)
}

/// `99.98 %`; of several targets as [`super::tightest`] has it.
fn shares(grid: &Grid, point: &PointSummary) -> String {
    super::tightest(&counted(grid, point).collect::<Vec<_>>(), &|target| {
        target.judgement.mean.map_or("nothing was due".to_owned(), share)
    })
}

/// The same with intervals, and with the reason where that leaves it open.
fn numbers(grid: &Grid, point: &PointSummary) -> String {
    super::tightest(&counted(grid, point).collect::<Vec<_>>(), &|target| {
        let number = super::number(target);
        match target.judgement.verdict {
            Verdict::NotSure if target.judgement.mean.is_some() => {
                format!("{number}, {}", target.judgement.reason)
            }
            Verdict::Yes | Verdict::No | Verdict::NotSure => number,
        }
    })
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
/// least is missing; of equals at that which is written.
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
    let is_other = |place: usize| grid.written != Some(place);
    let least = ruled.iter().copied().min_by_key(|place| (missing(*place), is_other(*place)))?;
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
