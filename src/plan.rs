//! A scenario as runs: design points × replications, with the labels of each point.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::{Model, Switch};
use crate::scenario::{Axis, AxisValue, Given, Inputs, Problem, Problems, Scenario, Source};

mod flips;
mod layout;
mod search;

pub use flips::{Flipped, backs_off_by_default, flips, leaves_out, starts_by_default, whole_range};
pub use layout::Choice;
pub use search::{Grid, Search, Unasked, Unknown, search};

/// Most runs of one plan, unless the scenario says otherwise (`max_runs`); more belong on several
/// machines, or to a design that needs fewer.
pub const RUNS_MAX: u64 = 1_000_000;

/// One design point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its place in the plan, from 0.
    pub index: usize,
    /// Name of each axis with its value here, in order of the axes.
    pub labels: Vec<(String, String)>,
    /// Which value of each axis it has, by the index of the value.
    pub place: Vec<usize>,
    /// The system under study here.
    pub model: Model,
    /// Each switch with the text in force here.
    pub assumed: Vec<(Switch, String)>,
}

/// All design points of a scenario, in order: points that were drawn as they were drawn, then axes
/// as in the file, the last one fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Keys and values of the sweep; empty without one.
    pub axes: Vec<Axis>,
    /// The points, at least one.
    pub points: Vec<Point>,
    /// What combinations there were, and which of them were left out.
    pub choice: Choice,
    /// Remarks that stop nothing.
    pub warnings: Vec<Problem>,
    /// What inputs do not say and the model assumes, with how many items it touches.
    pub stand_ins: Vec<(String, u64)>,
    /// Which of its points is best.
    pub prefer: Preference,
    /// What the scenario and its settings say, key by key.
    pub given: Vec<Given>,
}

/// Which of several points that meet their targets is the best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preference {
    /// The one that costs least; then by rank.
    pub by_cost: bool,
    /// A rank for each point, the lowest first; equal ranks, or none: in order of the plan.
    pub ranks: Vec<u64>,
    /// Targets that count, by index; empty: all.
    pub targets: Vec<usize>,
}

impl Default for Preference {
    /// The cheapest that meets all targets; at one price, the first.
    fn default() -> Preference {
        Preference { by_cost: true, ranks: Vec::new(), targets: Vec::new() }
    }
}

/// One run of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// Index of the point.
    pub point: usize,
    /// Replication, from 0.
    pub replication: u32,
}

/// Reads each input once, however many points ask for it.
struct ReadOnce<'a> {
    inputs: &'a dyn Inputs,
    known: RefCell<BTreeMap<String, Result<Vec<u8>, String>>>,
}

impl Inputs for ReadOnce<'_> {
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        let mut known = self.known.borrow_mut();
        known.entry(relative.to_owned()).or_insert_with(|| self.inputs.read(relative)).clone()
    }
}

impl Plan {
    /// The plan of a scenario under settings (key, value) that override its text.
    ///
    /// Every point is read and checked anew, so what an axis makes wrong is told here.
    ///
    /// # Errors
    /// When the scenario is wrong as it is written or at a point, when its constraints leave no
    /// point, or when it has more runs than it allows, by default [`RUNS_MAX`].
    pub fn of(
        source: &Source,
        inputs: &dyn Inputs,
        settings: &[(String, String)],
    ) -> Result<Plan, Problems> {
        let inputs = ReadOnce { inputs, known: RefCell::default() };
        let base = Scenario::parse(source, &inputs, settings)?;
        let layout = layout::of(&base, source).map_err(|problem| Problems(vec![*problem]))?;
        let mut points = Vec::new();
        let mut problems: Vec<Problem> = Vec::new();
        for (index, place) in layout.places.into_iter().enumerate() {
            let values = values_at(&layout.axes, &place);
            let label =
                |(axis, value): &(&Axis, &AxisValue)| (axis.name.clone(), value.label.clone());
            let labels = values.iter().map(label).collect();
            let at_point = if values.is_empty() {
                Ok((base.model.clone(), base.assumed.clone()))
            } else {
                Scenario::at_point(source, &inputs, settings, &values)
                    .map(|scenario| (scenario.model, scenario.assumed))
            };
            match at_point {
                Ok((model, assumed)) => {
                    points.push(Point { index, labels, place, model, assumed });
                }
                Err(found) => {
                    let new: Vec<Problem> =
                        found.0.into_iter().filter(|one| !problems.contains(one)).collect();
                    problems.extend(new);
                }
            }
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let Scenario { mut warnings, stand_ins, given, .. } = base;
        warnings.extend(layout.warnings);
        let prefer = Preference::default();
        let (axes, choice) = (layout.axes, layout.choice);
        Ok(Plan { axes, points, choice, warnings, stand_ins, prefer, given })
    }

    /// Number of replications of each point; all points have the same, or begin with as many.
    pub fn n_replications(&self) -> u32 {
        self.points[0].model.replications
    }

    /// All runs, in plan order: point by point, replication by replication.
    pub fn runs(&self) -> Vec<RunKey> {
        let replications = 0..self.n_replications();
        let of = |point: &Point| {
            let point = point.index;
            replications.clone().map(move |replication| RunKey { point, replication })
        };
        self.points.iter().flat_map(of).collect()
    }
}

/// The value of each axis at a place.
fn values_at<'a>(axes: &'a [Axis], place: &[usize]) -> Vec<(&'a Axis, &'a AxisValue)> {
    axes.iter().zip(place).map(|(axis, at)| (axis, &axis.values[*at])).collect()
}

/// What a plan is made from, kept to ask what else could have been assumed.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The scenario.
    pub source: &'a Source,
    /// Its inputs.
    pub inputs: &'a dyn Inputs,
    /// Settings that override its text.
    pub settings: &'a [(String, String)],
}

impl std::fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("source", &self.source.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
