//! A scenario as runs: design points × replications, with the labels of each point.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::{Model, SWITCHES, Switch};
use crate::scenario::{Axis, AxisValue, Inputs, Place, Problem, Problems, Scenario, Source};

/// Most runs of one plan; more belong on several machines, or to a design that needs fewer.
pub const RUNS_MAX: u64 = 1_000_000;

/// One design point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its place in the plan, from 0.
    pub index: usize,
    /// Name of each axis with its value here, in order of the axes.
    pub labels: Vec<(String, String)>,
    /// The system under study here.
    pub model: Model,
    /// Each switch with the text in force here.
    pub assumed: Vec<(Switch, String)>,
}

/// All design points of a scenario, in order: axes as in the file, the last one fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Keys and values of the sweep; empty without one.
    pub axes: Vec<Axis>,
    /// The points, at least one.
    pub points: Vec<Point>,
    /// Remarks that stop nothing.
    pub warnings: Vec<Problem>,
    /// What inputs do not say and the model assumes, with how many items it touches.
    pub stand_ins: Vec<(String, u64)>,
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
    /// When the scenario is wrong as it is written or at a point, or has more than [`RUNS_MAX`]
    /// runs.
    pub fn of(
        source: &Source,
        inputs: &dyn Inputs,
        settings: &[(String, String)],
    ) -> Result<Plan, Problems> {
        let inputs = ReadOnce { inputs, known: RefCell::default() };
        let base = Scenario::parse(source, &inputs, settings)?;
        let n_points = count_points(&base, source)?;
        let mut points = Vec::new();
        let mut problems = Vec::new();
        for index in 0..n_points {
            let place = values_at(&base.axes, index);
            let labels = place
                .iter()
                .map(|(axis, value)| (axis.name.clone(), value.label.clone()))
                .collect();
            if place.is_empty() {
                let (model, assumed) = (base.model.clone(), base.assumed.clone());
                points.push(Point { index, labels, model, assumed });
                continue;
            }
            match Scenario::at_point(source, &inputs, settings, &place) {
                Ok(Scenario { model, assumed, .. }) => {
                    points.push(Point { index, labels, model, assumed });
                }
                Err(found) => {
                    problems.extend(
                        found
                            .0
                            .into_iter()
                            .filter(|one| !problems.contains(one))
                            .collect::<Vec<_>>(),
                    );
                }
            }
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let Scenario { axes, warnings, stand_ins, .. } = base;
        Ok(Plan { axes, points, warnings, stand_ins })
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

/// The number of points, where the runs are not too many.
fn count_points(base: &Scenario, source: &Source) -> Result<usize, Problems> {
    let sizes = base.axes.iter().map(|axis| u64::try_from(axis.values.len()).unwrap_or(u64::MAX));
    let n_points = sizes.fold(1u64, u64::saturating_mul);
    let most = base.model.most_replications();
    let n_runs = n_points.saturating_mul(u64::from(most));
    if RUNS_MAX < n_runs {
        let problem = Problem {
            key: "axis".to_owned(),
            message: format!(
                "{n_points} points of {most} replications are {n_runs} runs; a plan has at most {RUNS_MAX}"
            ),
            help: Some("fewer values, fewer replications, or several scenarios".to_owned()),
            file: source.name.clone(),
            place: Place::Everywhere,
        };
        return Err(Problems(vec![problem]));
    }
    Ok(usize::try_from(n_points).expect("at most a million"))
}

/// The value of each axis at a point: the last axis varies fastest.
fn values_at(axes: &[Axis], index: usize) -> Vec<(&Axis, &AxisValue)> {
    let mut rest = index;
    let mut place: Vec<(&Axis, &AxisValue)> = Vec::new();
    for axis in axes.iter().rev() {
        place.push((axis, &axis.values[rest % axis.values.len()]));
        rest /= axis.values.len();
    }
    place.reverse();
    place
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

/// The models of a point with one touched switch flipped at a time: the switch, the text tried in
/// its place, the model. `touched` has the bits of [`Switch::bit`].
///
/// A flip that changes nothing in the model, because it is what the scenario assumes, is left out.
///
/// # Errors
/// When the scenario cannot be read with the flip, which a flip of the ledger never causes.
pub fn flips(
    ask: &Ask<'_>,
    plan: &Plan,
    point: usize,
    touched: u64,
) -> Result<Vec<(Switch, String, Model)>, Problems> {
    let base = &plan.points[point];
    let place = values_at(&plan.axes, point);
    let mut flipped = Vec::new();
    for info in SWITCHES.iter().filter(|info| touched & info.switch.bit() != 0) {
        let key = format!("assume.{}", info.key);
        let place: Vec<_> = place.iter().copied().filter(|(axis, _)| axis.key != key).collect();
        for text in info.flips {
            let mut settings = ask.settings.to_vec();
            settings.push((key.clone(), (*text).to_owned()));
            let model = Scenario::at_point(ask.source, ask.inputs, &settings, &place)?.model;
            if model != base.model {
                flipped.push((info.switch, (*text).to_owned(), model));
            }
        }
    }
    Ok(flipped)
}

#[cfg(test)]
mod tests;
