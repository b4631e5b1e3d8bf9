//! Two systems compared: run by run on the same draws, and copy by copy.
//!
//! Run r of one and run r of the other meet the same volumes, the same days, and the same failures,
//! so that their difference is the effect of what was changed, and most of what varies from run to
//! run falls out of it. Where the draws are not the same, runs are taken as independent.

mod about;
mod side;
mod choice;
mod copies;
mod difference;
mod folder;
mod rows;
mod runs;
mod write;

use std::fmt;

pub use about::About;
pub use choice::{PointChoice, PointLabels, choose, label};
pub use copies::{CopyChanges, MOVED_MOST, Moved, Turned};
pub use difference::{Difference, MeasureDifference, TargetDifference};
pub use folder::{Folder, FolderSide, compare_folders};
pub use runs::{ScenarioSide, compare_scenarios};
pub use side::{Promise, Series, Side, TargetSeries};
pub use write::write;

use crate::experiment::Failure;

/// Why two things are not compared.
#[derive(Debug)]
pub enum Refusal {
    /// They are not comparable, or one of them does not say what it should: each reason.
    Wrong(Vec<String>),
    /// The machine failed.
    Failed(Failure),
}

impl Refusal {
    /// One reason.
    pub(crate) fn one(reason: impl Into<String>) -> Refusal {
        Refusal::Wrong(vec![reason.into()])
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Failed(failure)
    }
}

/// The reasons, a line each.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Wrong(reasons) => f.write_str(&reasons.join("\n")),
            Refusal::Failed(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

/// How the runs of two sides belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairs {
    /// Run r of one met the draws of run r of the other.
    ByReplication,
    /// They are independent.
    None,
}

/// What a comparison says.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the first is called, and how many runs it has.
    pub a: (String, usize),
    /// The same of the second.
    pub b: (String, usize),
    /// How runs belong together.
    pub pairs: Pairs,
    /// Runs that were compared, of each side where they are independent.
    pub n_runs: usize,
    /// `fleet → destination` that only the first copies.
    pub only_a: Vec<String>,
    /// `fleet → destination` that only the second copies.
    pub only_b: Vec<String>,
    /// Measures by scope, in the order in which the first has them, then what only the second has.
    pub measures: Vec<MeasureDifference>,
    /// What a run costs in all, where both say so.
    pub cost: Option<Difference>,
    /// Targets that both have.
    pub targets: Vec<TargetDifference>,
    /// Targets that only one of them has, with which: `A` or `B`.
    pub lone_targets: Vec<(String, &'static str)>,
    /// What became of copies; none where their rows are not there, or runs are independent.
    pub copies: Option<CopyChanges>,
    /// What is to be known about it.
    pub notes: Vec<String>,
}

impl Comparison {
    /// Compares two sides whose copies were compared already, where they could be.
    ///
    /// # Errors
    /// When they are not comparable: each reason.
    pub fn of(
        a: &Side,
        b: &Side,
        pairs: Pairs,
        copies: Option<CopyChanges>,
    ) -> Result<Comparison, Refusal> {
        about::check(&a.about, &b.about, pairs)?;
        let mut notes = Vec::new();
        let n_common = a.n_runs.min(b.n_runs);
        if pairs == Pairs::ByReplication && a.n_runs != b.n_runs {
            notes.push(format!(
                "A has {} runs, B has {}: the first {n_common} of both are compared, which met the \
                 same draws",
                a.n_runs, b.n_runs
            ));
        }
        let draws = |of: &About| (of.seed, of.fleet_seed, of.resample_fleet);
        if pairs == Pairs::None && draws(&a.about) == draws(&b.about) {
            notes.push(
                "both sides have the same seeds: run r of both met the same draws, and the interval \
                 of independent runs does not know it; leave --unpaired off"
                    .to_owned(),
            );
        }
        let (targets, lone_targets) = difference::targets(a, b, pairs, copies.as_ref());
        let lone = |of: &Side, other: &Side| {
            of.ways.iter().filter(|way| !other.ways.contains(way)).cloned().collect()
        };
        Ok(Comparison {
            a: (a.name.clone(), a.n_runs),
            b: (b.name.clone(), b.n_runs),
            pairs,
            n_runs: n_common,
            only_a: lone(a, b),
            only_b: lone(b, a),
            measures: difference::measures(a, b, pairs),
            cost: difference::cost(a, b, pairs),
            targets,
            lone_targets,
            copies,
            notes,
        })
    }

    /// Whether nothing at all differs: no measure and no target in any pair of runs, and no copy.
    /// Independent runs are never the same but by chance.
    pub fn is_same(&self) -> bool {
        self.pairs == Pairs::ByReplication
            && self.measures.iter().all(|row| row.is_same)
            && self.targets.iter().all(|row| row.is_same)
            && self.lone_targets.is_empty()
            && self.only_a.is_empty()
            && self.only_b.is_empty()
            && self.copies.as_ref().is_none_or(CopyChanges::is_same)
    }

    /// The difference of a measure of a scope, by their names.
    pub fn find(&self, scope: &str, measure: &str) -> Option<&MeasureDifference> {
        self.measures.iter().find(|row| row.scope == scope && row.measure == measure)
    }
}
