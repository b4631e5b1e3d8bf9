//! The best of several points, as it was chosen and as fresh draws have it.

use std::fmt::Write;

use super::labels;
use crate::experiment::{Choice, Confirmed, PointSummary, TargetSummary};
use crate::report::theme::interval;
use crate::stats::{Interval, Verdict};

/// The cheapest point of a sweep and what fresh draws say of it, or that none meets; nothing where
/// no best point was looked for.
pub(in crate::cli) fn chosen(points: &[PointSummary], choice: Option<&Choice>) -> Option<String> {
    let Some(best) = &choice?.best else {
        return Some("No point meets all targets, so none is the cheapest that does".to_owned());
    };
    let point = &points[best.point];
    let cost = point.cost().map_or(String::new(), |usd| format!(", {usd} a run"));
    Some(format!("Cheapest that meets: {}{cost}; {}", labels(point), fresh(best, &[])))
}

/// `confirmed on fresh seeds: 99.97 % (95 % interval 99.96–99.98 %), 30 runs from seed 1000001`, of
/// some targets, or of all where none is named.
pub(in crate::cli) fn fresh(best: &Confirmed, targets: &[usize]) -> String {
    let counted = best.fresh.targets.iter().enumerate();
    let counted = counted.filter(|(place, _)| targets.is_empty() || targets.contains(place));
    let counted: Vec<&TargetSummary> = counted.map(|(_, target)| target).collect();
    let told = tightest(&counted, &number);
    let lead = if best.holds {
        "confirmed on fresh seeds"
    } else {
        "not sure, for fresh seeds do not confirm it"
    };
    format!("{lead}: {told}; {} runs from seed {}", best.fresh.n_runs, best.seed)
}

/// What is told of one target; of two with their names, of more only of the one that is furthest below
/// its promise, or least above it.
pub(in crate::cli) fn tightest(
    targets: &[&TargetSummary],
    told: &dyn Fn(&TargetSummary) -> String,
) -> String {
    let named = |target: &TargetSummary| format!("{} for {}", told(target), target.name);
    let above = |target: &TargetSummary| target.judgement.mean.unwrap_or(0.0) - target.promised;
    let sure = |target: &TargetSummary| match target.judgement.verdict {
        Verdict::No => 0,
        Verdict::NotSure => 1,
        Verdict::Yes => 2,
    };
    match targets {
        [only] => told(only),
        [_, _] => targets.iter().map(|target| named(target)).collect::<Vec<_>>().join("; "),
        many => {
            let least = many.iter().min_by(|one, other| {
                sure(one).cmp(&sure(other)).then(above(one).total_cmp(&above(other)))
            });
            least.map_or(String::new(), |least| {
                format!("the tightest of {} targets has {}", many.len(), named(least))
            })
        }
    }
}

/// `99.97 % (95 % interval 99.96–99.98 %)`, with the verdict where it is not yes.
pub(in crate::cli) fn number(target: &TargetSummary) -> String {
    let judgement = &target.judgement;
    let mut text = String::new();
    if judgement.verdict != Verdict::Yes {
        let _ = write!(text, "{} ", judgement.verdict);
    }
    let Some(mean) = judgement.mean else { return text + "nothing was due" };
    text.push_str(&super::share(mean));
    match judgement.interval {
        Some(Interval { low, high }) if low < high => {
            let _ = write!(text, " (95 % interval {} %)", interval(low, high));
        }
        Some(_) | None => text.push_str(&super::bound(judgement)),
    }
    text
}
