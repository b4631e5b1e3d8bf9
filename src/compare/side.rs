//! One side of a comparison: what each of its runs measured and promised.

use super::About;
use crate::units::Span;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// What was run.
    pub about: About,
    /// How many runs there are.
    pub n_runs: usize,
    /// Each `fleet → destination`.
    pub ways: Vec<String>,
    /// Measures by scope, in the order in which they first appear.
    pub measures: Vec<Series>,
    /// Targets, in the order of the scenario.
    pub targets: Vec<TargetSeries>,
}

/// One measure of one scope, run by run.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is about.
    pub scope: String,
    /// Name of the measure.
    pub measure: String,
    /// Its unit, empty for counts and shares.
    pub unit: String,
    /// The value in each run, where there is one.
    pub values: Vec<Option<f64>>,
    /// Whether unfinished copies can only raise it.
    pub at_least: bool,
    /// Whether its mean says nothing, because there is no steady state.
    pub withheld: bool,
}

/// One target, run by run.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSeries {
    /// What is promised.
    pub promise: Promise,
    /// The share that held in each run, 0 to 1; none where there was nothing to judge.
    pub shares: Vec<Option<f64>>,
}

/// What a target promises, and of which copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// Its name.
    pub name: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub kind: String,
    /// The promised share, 0 to 1.
    pub promised: f64,
    /// The limit of a time, where it has one.
    pub limit: Option<Span>,
    /// The scopes whose copies it is about.
    pub scopes: Vec<String>,
}

impl Promise {
    /// Whether it says of single copies, or of batches of them, when they must be there.
    pub(super) fn times_copies(&self) -> bool {
        self.kind == "copy" || self.kind == "batch"
    }

    /// Whether it is about the copies of a fleet to a destination; requests have the scope of their
    /// fleet's name alone.
    pub(super) fn covers(&self, fleet: &str, to: &str) -> bool {
        let is = |scope: &String| {
            let rest = scope.strip_prefix(fleet);
            rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(" → ") == Some(to))
        };
        self.scopes.iter().any(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_covers_ways_and_requests_by_their_names() {
        let promise = Promise {
            name: "in time".to_owned(),
            kind: "copy".to_owned(),
            promised: 1.0,
            limit: None,
            scopes: vec!["db → b".to_owned(), "a → b".to_owned()],
        };
        assert!(promise.covers("db", "b") && promise.covers("a → b", "b"));
        assert!(!promise.covers("db", "c") && !promise.covers("d", "b"));
        assert!(!promise.covers("db2", "b"));
    }
}
