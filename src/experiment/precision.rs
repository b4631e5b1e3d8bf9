//! Whether a point is known well enough: what is wanted of it, run by run.

use super::summary::{backlog_growth, depends_on_window, estimate};
use crate::drive::RunResult;
use crate::model::{HalfWidth, Precision, Subject, Wanted};
use crate::plan::Point;
use crate::record::measure::Measure;
use crate::stats::{Growth, Interval, judge};

/// Nothing is known well of fewer runs: a narrow interval of few runs is mostly luck.
const LEAST_RUNS: usize = 10;

/// How well what was wanted of a point is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Attained {
    /// The measure; none: a target, the share of which that held it is.
    pub measure: Option<Measure>,
    /// The scope of the measure, or the name of the target.
    pub scope: String,
    /// Mean over the runs; none: no run had a value, or there is no steady state.
    pub mean: Option<f64>,
    /// Half of the width of its 95 % interval, in the unit of the measure; none: there is none.
    pub half_width: Option<f64>,
    /// How wide that may be, where there is a mean.
    pub wanted: Option<f64>,
    /// Runs that had a value.
    pub n: usize,
    /// Whether it is known as well as wanted.
    pub reached: bool,
}

/// How many runs a point had, and how well it is known by them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// Replications.
    pub n_runs: u32,
    /// Each thing that is wanted, in the order of the scenario.
    pub attained: Vec<Attained>,
}

impl Settled {
    /// Whether all that is wanted is known as well as wanted.
    pub fn is_reached(&self) -> bool {
        self.attained.iter().all(|attained| attained.reached)
    }
}

/// What is wanted of a point, in each of its runs so far.
pub(super) struct Watch<'a> {
    point: &'a Point,
    precision: &'a Precision,
    /// For each thing wanted, its value in each run that has one; shares of targets are NaN where
    /// nothing was due.
    values: Vec<Vec<f64>>,
    backlogs: Vec<Vec<u64>>,
}

impl<'a> Watch<'a> {
    /// Nothing yet.
    pub(super) fn new(point: &'a Point, precision: &'a Precision) -> Watch<'a> {
        let values = vec![Vec::new(); precision.wanted.len()];
        Watch { point, precision, values, backlogs: Vec::new() }
    }

    /// The place of the point in the plan.
    pub(super) fn point(&self) -> usize {
        self.point.index
    }

    /// One more run, in plan order.
    pub(super) fn see(&mut self, run: &RunResult) {
        for (wanted, values) in self.precision.wanted.iter().zip(&mut self.values) {
            values.extend(value(&wanted.of, run));
        }
        self.backlogs.push(run.backlog.to_vec());
    }

    /// What the runs so far say.
    pub(super) fn settled(&self, n_runs: u32) -> Settled {
        let grows = backlog_growth(&self.point.model, &self.backlogs) == Growth::Growing;
        let each = self.precision.wanted.iter().zip(&self.values);
        let attained = each.map(|(wanted, values)| self.attained(wanted, values, grows)).collect();
        Settled { n_runs, attained }
    }

    fn attained(&self, wanted: &Wanted, values: &[f64], grows: bool) -> Attained {
        match &wanted.of {
            Subject::Measure { measure, scope } => {
                let estimate = estimate(measure, values, grows && depends_on_window(measure));
                let mean = estimate.map(|estimate| estimate.mean);
                // What is the same in all runs is known; where a few alone differ there is no interval.
                let is_same = values.iter().all(|value| value.total_cmp(&values[0]).is_eq());
                let same = mean.filter(|_| is_same).map(|mean| Interval { low: mean, high: mean });
                let interval = estimate.and_then(|estimate| estimate.interval).or(same);
                let found = Attained {
                    measure: Some(*measure),
                    scope: scope.clone(),
                    mean,
                    n: values.len(),
                    ..Attained::nothing()
                };
                found.by(interval, wanted.half_width)
            }
            Subject::Target(place) => {
                let target = &self.point.model.targets[*place];
                let judgement = judge(values, target.share);
                // Where nearly all runs are alike, the bound says how many may not be: these could
                // hold all, or nothing.
                let few = judgement.bound.zip(judgement.alike);
                let bound = few.map(|(bound, (alike, _))| {
                    let low = alike * (1.0 - bound);
                    Interval { low, high: low + bound }
                });
                let found = Attained {
                    scope: target.name.clone(),
                    mean: judgement.mean,
                    n: judgement.n,
                    ..Attained::nothing()
                };
                found.by(judgement.interval.or(bound), wanted.half_width)
            }
        }
    }
}

impl Attained {
    fn nothing() -> Attained {
        Attained {
            measure: None,
            scope: String::new(),
            mean: None,
            half_width: None,
            wanted: None,
            n: 0,
            reached: false,
        }
    }

    /// The same with its interval, held to what is wanted.
    fn by(self, interval: Option<Interval>, wanted: HalfWidth) -> Attained {
        let half_width = interval.map(Interval::half_width);
        let wanted = self.mean.map(|mean| wanted.around(mean));
        let is_narrow = half_width.zip(wanted).is_some_and(|(width, wanted)| width <= wanted);
        Attained { half_width, wanted, reached: is_narrow && LEAST_RUNS <= self.n, ..self }
    }
}

/// The value in a run of what is wanted; none where the run has none.
fn value(of: &Subject, run: &RunResult) -> Option<f64> {
    match of {
        Subject::Measure { measure, scope } => {
            let scope = run.scopes.iter().position(|known| known == scope)?;
            let is_it = |row: &&crate::drive::Measured| {
                row.scope == scope && row.measure.name == measure.name
            };
            run.measures.iter().find(is_it).map(|row| row.value)
        }
        Subject::Target(place) => Some(run.targets[*place].share.unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests;
