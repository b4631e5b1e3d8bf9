//! How sure the answer has to be: when a design point has had runs enough.

use crate::record::measure::Measure;

/// Runs go on, batch by batch, until all that is wanted is known that well.
///
/// It is looked only when a batch is over, at numbers of runs that are fixed beforehand: so it does
/// not matter who finishes which run when.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Runs from one look to the next.
    pub batch: u32,
    /// Most replications of a point, whatever is known by then.
    pub max_replications: u32,
    /// What has to be known, at least one.
    pub wanted: Vec<Wanted>,
}

/// Something that has to be known, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// What.
    pub of: Subject,
    /// Greatest half of the width of its 95 % interval.
    pub half_width: HalfWidth,
}

/// What a mean over runs is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A measure of a scope, as `summary.csv` has it.
    Measure {
        /// Which measure.
        measure: Measure,
        /// Of what: `all`, a fleet and its destination, a link.
        scope: String,
    },
    /// The share of a target that held, by index into [`super::Model::targets`].
    Target(usize),
}

/// Half of the width of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HalfWidth {
    /// In the unit of the measure; of a share, as a number from 0 to 1.
    Absolute(f64),
    /// As a share of the mean.
    Relative(f64),
}

impl Precision {
    /// The number of runs at which it is looked after `n_runs`.
    pub fn next(&self, n_runs: u32) -> u32 {
        n_runs.saturating_add(self.batch).min(self.max_replications)
    }
}

impl HalfWidth {
    /// How wide half of the interval around `mean` may be, in the unit of the measure.
    pub fn around(self, mean: f64) -> f64 {
        match self {
            HalfWidth::Absolute(width) => width,
            HalfWidth::Relative(share) => share * mean.abs(),
        }
    }
}
