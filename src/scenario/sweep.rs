//! What a sweep makes of its axes: all combinations, or points that fill a space; and which of them
//! it leaves out.

use super::axis::{Axis, AxisValue};
use super::file::{self, File};
use super::problem::{Place, did_you_mean, listed};
use super::tree::Found;
use super::value::At;

mod condition;

use condition::Condition;

/// How points that fill a space are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesignKind {
    /// Each axis is cut into as many parts as there are points, and each part is met once.
    LatinHypercube,
    /// The scrambled sequence of Sobol.
    Sobol,
}

/// Points that fill the space of the axes that have ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// How they are drawn.
    pub kind: DesignKind,
    /// How many are drawn.
    pub points: u32,
    /// Seed of the draws; none: that of the scenario.
    pub seed: Option<u64>,
}

/// A rule that leaves points out.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// Path of its key.
    pub key: String,
    /// The rule as it is written: `keep = "slots <= 40"`.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Whether points are kept at which the conditions hold, or left out.
    keeps: bool,
    conditions: Vec<Condition>,
}

impl Constraint {
    /// The same at its place.
    pub(super) fn placed(self, place: Place) -> Constraint {
        Constraint { place, ..self }
    }

    /// Whether it leaves out the point at these values, one of each axis.
    pub fn leaves_out(&self, values: &[&AxisValue]) -> bool {
        let holds = self.conditions.iter().all(|condition| condition.holds(values));
        holds != self.keeps
    }
}

/// What a file says of its sweep besides the axes.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    pub(super) design: Option<Design>,
    /// The rules, each with where it stands; their `place` is not yet known.
    pub(super) constraints: Vec<(Constraint, std::ops::Range<usize>)>,
    pub(super) max_runs: Option<u64>,
    pub(super) warned: Vec<Found>,
}

/// Reads the design and the constraints of a file with right axes.
pub(super) fn read(file: &File, axes: &[Axis], found: &mut Vec<Found>) -> Sweep {
    let section = file.scenario.as_ref();
    let max_runs = section.and_then(|section| section.max_runs.as_ref()).map(|at| at.value);
    let mut sweep = Sweep { max_runs, ..Sweep::default() };
    if let Some(at) = &file.design
        && let (Some(kind), Some(points)) = (&at.value.kind, &at.value.points)
    {
        let has_range =
            |at: &At<file::Axis>| at.value.range.is_some() || at.value.log_range.is_some();
        if !file.axis.iter().flatten().any(has_range) {
            found.push(
                Found::new("design", at.span.clone(), "there is no axis to draw points from")
                    .help("give an axis a `range` or `log_range` with `from` and `to`"),
            );
        }
        let (kind, n) = (kind.value, points.value);
        if kind == DesignKind::Sobol && !n.is_power_of_two() {
            let near = n.next_power_of_two();
            let message =
                format!("Sobol points are evenly spread in powers of two, which {n} is not");
            sweep.warned.push(
                Found::new("design.points", points.span.clone(), message)
                    .help(format!("try {} or {near}", near / 2)),
            );
        }
        let seed = at.value.seed.as_ref().map(|at| at.value);
        // settings may have fixed all of them
        let is_drawn = axes.iter().any(|axis| axis.stretch.is_some());
        sweep.design = is_drawn.then_some(Design { kind, points: n, seed });
    }
    for (place, at) in file.constraint.iter().flatten().enumerate() {
        let path = format!("constraint[{place}]");
        let (rule, word, keeps) = match (&at.value.keep, &at.value.leave_out) {
            (Some(rule), None) => (rule, "keep", true),
            (None, Some(rule)) => (rule, "leave_out", false),
            _ => {
                let message = "a constraint has one of `keep` and `leave_out`";
                found.push(
                    Found::new(path, at.span.clone(), message)
                        .help("such as `leave_out = \"slots > 40\"`"),
                );
                continue;
            }
        };
        let mut conditions = Vec::new();
        for (text, span) in rule.all() {
            match condition::read(text, axes) {
                Ok(condition) => conditions.push(condition),
                Err((message, help)) => {
                    found.push(Found::new(format!("{path}.{word}"), span, message).maybe(help));
                }
            }
        }
        if rule.all().is_empty() {
            let message = "the list of conditions is empty";
            found.push(Found::new(format!("{path}.{word}"), rule.span.clone(), message));
        }
        let text = rule_text(word, rule.all().iter().map(|(text, _)| text.as_str()));
        let place = Place::Everywhere;
        let key = format!("{path}.{word}");
        sweep
            .constraints
            .push((Constraint { key, text, place, keeps, conditions }, rule.span.clone()));
    }
    sweep
}

/// A constraint as it is written in a file.
fn rule_text<'t>(word: &str, conditions: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<String> =
        conditions.map(|text| toml::Value::String(text.to_owned()).to_string()).collect();
    match texts.as_slice() {
        [one] => format!("{word} = {one}"),
        many => format!("{word} = [{}]", many.join(", ")),
    }
}

/// What to say to a name that is no axis's.
fn no_axis(name: &str, axes: &[Axis]) -> (String, Option<String>) {
    let names = || axes.iter().map(|axis| axis.name.as_str());
    let help = did_you_mean(name, names())
        .or_else(|| names().next().map(|_| format!("the axes are {}", listed(names(), "and"))));
    (format!("there is no axis `{name}`"), help)
}
