//! Measures and targets of two sides, run by run.

use std::collections::BTreeMap;

use super::copies::CopyChanges;
use super::{Pairs, Series, Side, TargetSeries, Turned};
use crate::record::measure;
use crate::stats::{Interval, Judgement, LEVEL, Paired, Pairing, Unpaired, judge};

/// A difference of means, second − first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Mean of the first over the runs that are compared.
    pub mean_a: f64,
    /// Mean of the second.
    pub mean_b: f64,
    /// Second − first.
    pub mean: f64,
    /// Its 95 % interval: Student's over pairs, or Welch's; none of a single run.
    pub interval: Option<Interval>,
    /// Runs behind the means: of the first and of the second; pairs, where they are paired.
    pub n: (usize, usize),
    /// What pairing won; none where runs are independent.
    pub pairing: Option<Pairing>,
}

/// One measure of one scope of both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureDifference {
    /// What it is about.
    pub scope: String,
    /// Name of the measure.
    pub measure: String,
    /// Its unit, empty for counts and shares.
    pub unit: String,
    /// The difference; none where [`MeasureDifference::reason`] says why.
    pub difference: Option<Difference>,
    /// Why there is no difference: only one side has it, or no steady state.
    pub reason: &'static str,
    /// Whether unfinished copies can only raise it, on some side.
    pub at_least: bool,
    /// Whether every run of both has the very same value.
    pub is_same: bool,
}

/// One target of both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetDifference {
    /// Its name.
    pub name: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub kind: String,
    /// How each fares by all of its runs.
    pub judgements: [Judgement; 2],
    /// The promised share of each, 0 to 1.
    pub promised: [f64; 2],
    /// The difference of the shares that held; none where no run had anything to judge.
    pub difference: Option<Difference>,
    /// Copies that change their verdict; none where rows do not say so.
    pub turned: Option<Turned>,
    /// Whether every run of both has the very same share.
    pub is_same: bool,
}

/// No mean is told where the backlog of a side grows.
const NO_STEADY_STATE: &str = crate::experiment::NO_STEADY_STATE;

/// The measures of both, those of the first in its order, then what only the second has.
pub(super) fn measures(a: &Side, b: &Side, pairs: Pairs) -> Vec<MeasureDifference> {
    let (known_a, known_b) = (by_name(a), by_name(b));
    let of_a = a.measures.iter().map(|one| (Some(one), known_b.get(&name(one)).copied()));
    let lone = b.measures.iter().filter(|one| !known_a.contains_key(&name(one)));
    of_a.chain(lone.map(|one| (None, Some(one)))).map(|two| measure_of(two, pairs)).collect()
}

fn name(row: &Series) -> (&str, &str) {
    (&row.scope, &row.measure)
}

fn by_name(side: &Side) -> BTreeMap<(&str, &str), &Series> {
    side.measures.iter().map(|row| (name(row), row)).collect()
}

fn measure_of((a, b): (Option<&Series>, Option<&Series>), pairs: Pairs) -> MeasureDifference {
    let either = a.or(b).expect("one of them is there");
    let (difference, reason) = match (a, b) {
        (Some(a), Some(b)) if a.withheld || b.withheld => (None, NO_STEADY_STATE),
        (Some(a), Some(b)) => match difference(&a.values, &b.values, pairs) {
            Some(difference) => (Some(difference), ""),
            None => (None, "no run has it on both sides"),
        },
        (Some(_), None) => (None, "only A has it"),
        (None, _) => (None, "only B has it"),
    };
    MeasureDifference {
        scope: either.scope.clone(),
        measure: either.measure.clone(),
        unit: either.unit.clone(),
        difference,
        reason,
        at_least: a.is_some_and(|a| a.at_least) || b.is_some_and(|b| b.at_least),
        is_same: a.zip(b).is_some_and(|(a, b)| is_same(&a.values, &b.values)),
    }
}

/// Whether all runs that both have are the same, to the bit.
fn is_same(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    let bits = |value: &Option<f64>| value.map(f64::to_bits);
    a.iter().map(bits).zip(b.iter().map(bits)).all(|(a, b)| a == b)
}

/// The difference of two lists of values by run.
fn difference(a: &[Option<f64>], b: &[Option<f64>], pairs: Pairs) -> Option<Difference> {
    match pairs {
        Pairs::ByReplication => {
            let both = a.iter().zip(b).filter_map(|(a, b)| a.zip(*b));
            let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
            let paired = Paired::of(&a, &b, LEVEL)?;
            Some(Difference {
                mean_a: paired.mean_a,
                mean_b: paired.mean_b,
                mean: paired.difference.mean,
                interval: paired.difference.interval,
                n: (a.len(), b.len()),
                pairing: Some(paired.pairing),
            })
        }
        Pairs::None => {
            let there = |values: &[Option<f64>]| values.iter().copied().flatten().collect();
            let (a, b): (Vec<f64>, Vec<f64>) = (there(a), there(b));
            let unpaired = Unpaired::of(&a, &b, LEVEL)?;
            Some(Difference {
                mean_a: unpaired.mean_a,
                mean_b: unpaired.mean_b,
                mean: unpaired.difference,
                interval: unpaired.interval,
                n: (a.len(), b.len()),
                pairing: None,
            })
        }
    }
}

/// What a run costs in all: surcharge, transfer, and storage of the same run.
pub(super) fn cost(a: &Side, b: &Side, pairs: Pairs) -> Option<Difference> {
    difference(&bills(a)?, &bills(b)?, pairs)
}

fn bills(side: &Side) -> Option<Vec<Option<f64>>> {
    let mut bills = vec![Some(0.0); side.n_runs];
    for part in [measure::SURCHARGE, measure::TRANSFER, measure::STORAGE] {
        let is = |row: &&Series| row.scope == "all" && row.measure == part.name && !row.withheld;
        let row = side.measures.iter().find(is)?;
        for (bill, value) in bills.iter_mut().zip(&row.values) {
            *bill = bill.zip(*value).map(|(bill, value)| bill + value);
        }
    }
    Some(bills)
}

/// The targets that both have, and those that one of them has.
pub(super) fn targets(
    a: &Side,
    b: &Side,
    pairs: Pairs,
    copies: Option<&CopyChanges>,
) -> (Vec<TargetDifference>, Vec<(String, &'static str)>) {
    let partner = |of: &TargetSeries, in_side: &Side| {
        in_side.targets.iter().position(|other| other.promise.name == of.promise.name)
    };
    let (mut both, mut lone) = (Vec::new(), Vec::new());
    for target in &a.targets {
        match partner(target, b) {
            Some(place) => both.push(target_of((target, &b.targets[place]), pairs, copies)),
            None => lone.push((target.promise.name.clone(), "A")),
        }
    }
    let others = b.targets.iter().filter(|target| partner(target, a).is_none());
    lone.extend(others.map(|target| (target.promise.name.clone(), "B")));
    (both, lone)
}

fn target_of(
    (a, b): (&TargetSeries, &TargetSeries),
    pairs: Pairs,
    copies: Option<&CopyChanges>,
) -> TargetDifference {
    let judged = |of: &TargetSeries| {
        let shares: Vec<f64> = of.shares.iter().map(|share| share.unwrap_or(f64::NAN)).collect();
        judge(&shares, of.promise.promised)
    };
    let turned = copies.and_then(|copies| {
        copies.turned.iter().find(|turned| turned.target == a.promise.name).cloned()
    });
    TargetDifference {
        name: a.promise.name.clone(),
        kind: a.promise.kind.clone(),
        judgements: [judged(a), judged(b)],
        promised: [a.promise.promised, b.promise.promised],
        difference: difference(&a.shares, &b.shares, pairs),
        turned,
        is_same: is_same(&a.shares, &b.shares),
    }
}
