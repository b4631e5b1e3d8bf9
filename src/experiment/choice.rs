//! The best of many points, and whether fresh draws say of it what its own said.
//!
//! The best of many looks better than it is: it was chosen on the very draws that it is judged by.
//! So it is run once more, on draws that nobody has chosen by, and that number counts.

use super::crew::Crew;
use super::summary::PointSummary;
use crate::plan::{Plan, Point, Preference};
use crate::record::measure;
use crate::stats::Verdict;
use crate::units::Usd;

/// What is added to a scenario's seed for the draws of a confirmation.
///
/// Streams are keyed by a hash of the seed, so that any other seed gives draws that have nothing to
/// do with the first ones; a round number keeps the sum readable.
pub const FRESH_SEED: u64 = 1_000_000;

/// What the choice among the points of a plan came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The point that is preferred among those that meet; none where none does.
    pub best: Option<Confirmed>,
}

/// The best point, run again on fresh draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// The point, by its place in the plan.
    pub point: usize,
    /// What the fresh runs say of it: as many as the plan has.
    pub fresh: PointSummary,
    /// Seed of the fresh runs.
    pub seed: u64,
    /// Whether it meets on the fresh draws too.
    pub holds: bool,
}

impl PointSummary {
    /// What a run costs on average: surcharge, transfer, and storage; none where nothing is copied.
    pub fn cost(&self) -> Option<Usd> {
        let parts = [measure::SURCHARGE, measure::TRANSFER, measure::STORAGE];
        let mut total = Usd::ZERO;
        for measure in parts {
            total += Usd::from_f64(self.mean(0, &measure)?);
        }
        Some(total)
    }

    /// Whether the verdict of each of these targets is yes; of all where none is named.
    ///
    /// A point without a target meets nothing.
    pub fn meets(&self, targets: &[usize]) -> bool {
        let mut counted = self.targets.iter().enumerate();
        let is_yes =
            |(_, target): (usize, &super::TargetSummary)| target.judgement.verdict == Verdict::Yes;
        let named = |place: usize| targets.is_empty() || targets.contains(&place);
        !self.targets.is_empty() && counted.all(|(place, of)| !named(place) || is_yes((place, of)))
    }
}

/// The point that is preferred among those that meet, by its place.
///
/// Only points that meet compete on price: a copy that misses its duration lowers the bill (F42).
fn best(points: &[PointSummary], prefer: &Preference) -> Option<usize> {
    let meets = |point: &&PointSummary| point.meets(&prefer.targets);
    let key = |point: &&PointSummary| {
        let cost = if prefer.by_cost { point.cost() } else { None };
        // a price that is not known comes after all that are
        let cost = (prefer.by_cost && cost.is_none(), cost.map_or(0, Usd::nanos));
        (cost, prefer.ranks.get(point.index).copied().unwrap_or(0), point.index)
    };
    points.iter().filter(meets).min_by_key(key).map(|point| point.index)
}

/// Chooses among the points of a plan and runs the best again, as often as it was run.
pub(super) fn choose(plan: &Plan, points: &[PointSummary], crew: &Crew<'_>) -> Choice {
    let chosen = best(points, &plan.prefer);
    let best = chosen.map(|place| {
        let n_runs = u32::try_from(points[place].n_runs).expect("replications are u32");
        confirm(&plan.points[place], n_runs, &plan.prefer, crew)
    });
    Choice { best }
}

fn confirm(point: &Point, n_runs: u32, prefer: &Preference, crew: &Crew<'_>) -> Confirmed {
    let mut point = point.clone();
    let model = &mut point.model;
    model.seed = model.seed.wrapping_add(FRESH_SEED);
    if model.resample_fleet {
        model.fleet_seed = model.fleet_seed.wrapping_add(FRESH_SEED);
    }
    let runs = crew.run_models(&[&point.model], 0..n_runs);
    let fresh = PointSummary::of(&point, &runs[0]);
    let (seed, holds) = (point.model.seed, fresh.meets(&prefer.targets));
    Confirmed { point: point.index, fresh, seed, holds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{MeasureSummary, TargetSummary};
    use crate::stats::{Estimate, Growth, LEVEL, judge};

    /// A point whose runs kept these shares of what is promised: 90 % each; it costs so many dollars.
    fn point(index: usize, kept: &[f64], usd: f64) -> PointSummary {
        let targets = kept.iter().map(|share| TargetSummary {
            name: "in time".to_owned(),
            kind: "copy",
            promised: 0.9,
            judgement: judge(&[*share; 20], 0.9),
            shares: vec![*share; 20],
            worst: None,
            n: 0,
            n_missed: 0,
            n_open: 0,
        });
        let parts = [(measure::SURCHARGE, usd), (measure::TRANSFER, 0.0), (measure::STORAGE, 0.0)];
        let measures = parts.map(|(measure, value)| MeasureSummary {
            scope: 0,
            measure,
            estimate: Estimate::of(&[value; 20], LEVEL),
            quantiles: [None; 3],
            pooled: None,
            at_least: false,
            n_runs: 20,
            n: 0,
        });
        PointSummary {
            index,
            labels: Vec::new(),
            n_runs: 20,
            scopes: vec!["all".to_owned()],
            measures: measures.to_vec(),
            targets: targets.collect(),
            growth: Growth::Steady,
            start: None,
            touched: 0,
        }
    }

    fn cheapest(targets: &[usize]) -> Preference {
        Preference { targets: targets.to_vec(), ..Preference::default() }
    }

    /// The first is cheapest and misses; of the two that meet, the third costs less than the second.
    #[test]
    fn only_points_that_meet_compete_on_price() {
        let points = [point(0, &[0.5], 1.0), point(1, &[1.0], 9.0), point(2, &[1.0], 8.0)];
        assert_eq!(best(&points, &cheapest(&[])), Some(2));
        assert_eq!(best(&points[..1], &cheapest(&[])), None);
    }

    #[test]
    fn at_one_price_the_lower_rank_is_taken_and_then_the_earlier_point() {
        let points = [0, 1, 2].map(|index| point(index, &[1.0], 8.0));
        assert_eq!(best(&points, &cheapest(&[])), Some(0));
        let ranked = Preference { ranks: vec![3, 2, 2], ..cheapest(&[]) };
        assert_eq!(best(&points, &ranked), Some(1));
    }

    /// The second costs less, and has the greater rank.
    #[test]
    fn where_price_is_no_matter_the_rank_decides() {
        let points = [point(0, &[1.0], 9.0), point(1, &[1.0], 8.0)];
        let ranked = Preference { by_cost: false, ranks: vec![1, 2], targets: Vec::new() };
        assert_eq!(best(&points, &ranked), Some(0));
        assert_eq!(best(&points, &Preference { by_cost: true, ..ranked }), Some(1));
    }

    /// Of two targets the second misses: the point meets the first alone.
    #[test]
    fn all_targets_count_unless_some_are_named() {
        let both = point(0, &[1.0, 0.5], 1.0);
        assert!(!both.meets(&[]) && both.meets(&[0]) && !both.meets(&[1]));
        assert!(!point(0, &[], 1.0).meets(&[]), "without a promise nothing is met");
    }

    /// Nothing missed in 19 runs is not sure, and not sure is not met.
    #[test]
    fn not_sure_does_not_meet() {
        let mut short = point(0, &[1.0], 1.0);
        short.targets[0].judgement = judge(&[1.0; 19], 0.9);
        assert!(!short.meets(&[]));
    }
}
