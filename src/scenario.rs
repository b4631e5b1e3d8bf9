//! The scenario format: text in, checked model out, or all problems at once.
//!
//! Text → `tree` (values with their places) → settings → `expand` (short forms written out) →
//! `shape` (held to the schema) → `file` (the text, mirrored) → `check` (what the values mean
//! together) → model.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Deserializer;
use toml::de::DeTable;

use crate::model::{Model, SWITCHES, Switch};

mod problem;
pub mod value;
mod cron;
pub mod spelling;
pub mod file;
mod tree;
mod expand;
mod shape;
mod axis;
mod sweep;
mod check;
pub mod inventory;
pub mod requests;
mod envelope;
mod given;
#[cfg(test)]
mod tests;

pub use axis::{Axis, AxisValue, Stretch};
pub use envelope::{
    Envelope, Kept, LeastRpo, Load, Narrow, Quota, Rush, Seed, Shortfall, Slots, envelope,
    shortfalls,
};
use file::File;
pub use given::Given;
pub use problem::{Kind, Place, Problem, Problems, render};
pub use sweep::{Constraint, Design, DesignKind};
use tree::Found;

/// A scenario's text and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How messages call it: `scenarios/enterprise-dr.toml`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Folder from which relative inputs are read.
    pub base: PathBuf,
}

/// Reads the files that a scenario names; the caller opens them, and may keep or hash them.
pub trait Inputs {
    /// The bytes of a file whose path starts at the folder of the scenario.
    ///
    /// # Errors
    /// When it cannot be read: why, in words.
    fn read(&self, relative: &str) -> Result<Vec<u8>, String>;
}

impl<F: Fn(&str) -> Result<Vec<u8>, String>> Inputs for F {
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        self(relative)
    }
}

/// The inputs of a scenario that names none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoInputs;

impl Inputs for NoInputs {
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        Err(format!("there is no {relative}"))
    }
}

/// A scenario that can be run: its model as written, and what a sweep varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The system under study, as the file and the settings say, before any axis.
    pub model: Model,
    /// Axes of the sweep, in order of the file; none at a point.
    pub axes: Vec<Axis>,
    /// How points are drawn; none: all combinations.
    pub design: Option<Design>,
    /// Which points are left out.
    pub constraints: Vec<Constraint>,
    /// Most runs that the scenario allows, where it says so.
    pub max_runs: Option<u64>,
    /// Remarks that stop nothing.
    pub warnings: Vec<Problem>,
    /// Each switch with the text in force, in order of the ledger.
    pub assumed: Vec<(Switch, String)>,
    /// What the inputs do not say and the model assumes, with how many items it touches.
    pub stand_ins: Vec<(String, u64)>,
    /// What the file and the settings say, before any axis; none at a point.
    pub given: Vec<Given>,
}

impl Scenario {
    /// Reads and checks a scenario; `settings` are (key, value) pairs that override the text.
    ///
    /// # Errors
    /// When the text, an input, or a setting is wrong: all problems at once, but for mistakes of
    /// syntax, of which the first comes alone.
    pub fn parse(
        source: &Source,
        inputs: &dyn Inputs,
        settings: &[(String, String)],
    ) -> Result<Scenario, Problems> {
        Scenario::at_point(source, inputs, settings, &[])
    }

    /// The scenario at one point of its sweep: one value of each axis.
    ///
    /// # Errors
    /// As [`Scenario::parse`].
    pub fn at_point(
        source: &Source,
        inputs: &dyn Inputs,
        settings: &[(String, String)],
        point: &[(&Axis, &AxisValue)],
    ) -> Result<Scenario, Problems> {
        let origin = Origin { source, settings };
        let tree = DeTable::parse(&source.text).map_err(|error| origin.syntax(&error))?;
        let span = tree.span();
        let mut root = tree.into_inner();
        let mut found = Vec::new();
        assume_defaults(&mut root);
        origin.apply(&mut root, &mut found);
        let axes = if point.is_empty() { origin.axes(&root, &mut found) } else { Vec::new() };
        let are_right = found.is_empty();
        for (axis, value) in point {
            for (place, key) in axis.keys.iter().enumerate() {
                let node = tree::value_of(value.text_of(place), &value.span);
                found.extend(tree::set(&mut root, key, &node).err());
            }
        }
        let assumed = assumptions_in_force(&root);
        let mut expansion = expand::expand(&mut root);
        let given = if point.is_empty() { given::given(&root) } else { Vec::new() };
        found.append(&mut expansion.found);
        let mut held = shape::hold(&mut root, &span);
        let broken: Vec<String> = held.iter().map(|found| found.key.clone()).collect();
        let whole = serde_spanned::Spanned::new(span, root);
        let mut file = File::deserialize(Deserializer::from(whole)).map_err(|error| {
            found.extend(expansion.told(std::mem::take(&mut held), &found));
            found.push(Found::new("", error.span().unwrap_or(0..0), error.message()));
            origin.problems(std::mem::take(&mut found))
        })?;
        file.groups = std::mem::take(&mut expansion.groups);
        let mut sweep = if point.is_empty() && are_right {
            sweep::read(&file, &axes, &mut found)
        } else {
            sweep::Sweep::default()
        };
        let checked = check::check(&file, source, inputs);
        held.extend(checked.found.into_iter().filter(|found| !follows(&found.key, &broken)));
        found.extend(expansion.told(held, &found));
        let warned = expansion.told(checked.warned, &[]).into_iter().chain(expansion.warned);
        let warned = warned.chain(std::mem::take(&mut sweep.warned));
        let mut problems = origin.places(found);
        problems.extend(checked.input_problems);
        match checked.model {
            Some(model) if problems.is_empty() => Ok(Scenario {
                model,
                axes,
                design: sweep.design,
                constraints: origin.placed(sweep.constraints),
                max_runs: sweep.max_runs,
                warnings: Problems::sorted(
                    origin
                        .places(warned.collect())
                        .into_iter()
                        .chain(checked.input_warnings)
                        .collect(),
                )
                .0,
                assumed,
                stand_ins: checked.stand_ins,
                given,
            }),
            _ => Err(Problems::sorted(problems)),
        }
    }
}

/// Whether what is said of a table only follows from a key in it that was wrong, and was taken out.
fn follows(key: &str, broken: &[String]) -> bool {
    broken.iter().any(|other| {
        let inner = other.strip_prefix(key);
        inner.is_some_and(|rest| key.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// A commented scenario to begin with.
pub const fn starter() -> &'static str {
    include_str!("scenario/starter.toml")
}

/// The JSON Schema of the scenario format, for editors.
pub fn schema() -> String {
    serde_json::to_string_pretty(&*shape::WRITTEN).expect("a schema has text for keys")
}

/// Writes the default of each switch that the file leaves open, so that the file is all there is.
fn assume_defaults(root: &mut tree::Table<'_>) {
    for info in SWITCHES {
        let path = format!("assume.{}", info.key);
        let said =
            root.get("assume").is_some_and(|assume| assume.get_ref().get(info.key).is_some());
        if !said {
            let value = tree::value_of(info.default, &(0..0));
            // Where `assume` is no table, that is told by `shape`.
            let _ = tree::set(root, &path, &value);
        }
    }
}

/// Each switch with its value as text.
fn assumptions_in_force(root: &tree::Table<'_>) -> Vec<(Switch, String)> {
    let assume = root.get("assume");
    SWITCHES
        .iter()
        .filter_map(|info| {
            let node = assume?.get_ref().get(info.key)?;
            Some((info.switch, axis::bare_text(node)))
        })
        .collect()
}

/// Where the bytes of a tree come from: the text, or a setting past its end.
struct Origin<'t> {
    source: &'t Source,
    settings: &'t [(String, String)],
}

impl<'t> Origin<'t> {
    /// The span that stands for a setting: past the end of the text, one byte each.
    fn span_of(&self, setting: usize) -> std::ops::Range<usize> {
        let at = self.source.text.len() + 1 + setting;
        at..at
    }

    fn apply(&self, root: &mut tree::Table<'t>, found: &mut Vec<Found>) {
        for (place, (key, value)) in self.settings.iter().enumerate() {
            let node = tree::value_of(value, &self.span_of(place));
            found.extend(tree::set(root, key, &node).err());
        }
    }

    /// The axes of a tree to which the settings have been applied.
    fn axes(&self, root: &tree::Table<'_>, found: &mut Vec<Found>) -> Vec<Axis> {
        let settings: Vec<axis::Setting<'_>> = self
            .settings
            .iter()
            .enumerate()
            .map(|(place, (key, value))| {
                (key.as_str(), tree::value_of(value, &self.span_of(place)))
            })
            .collect();
        axis::axes(root, &settings, found)
    }

    /// Constraints with the places at which they stand.
    fn placed(&self, constraints: Vec<(Constraint, std::ops::Range<usize>)>) -> Vec<Constraint> {
        let placed = constraints.into_iter();
        placed.map(|(of, span)| of.placed(self.place(span))).collect()
    }

    /// Where a span lies, for readers.
    fn place(&self, span: std::ops::Range<usize>) -> Place {
        let first = self.source.text.len() + 1;
        let setting = span.start.checked_sub(first).and_then(|at| self.settings.get(at));
        match setting {
            Some((key, value)) => Place::Setting(format!("{key}={value}")),
            None if span.end == 0 => Place::Everywhere,
            None => Place::Text(span),
        }
    }

    /// The places of what was found, for readers.
    fn places(&self, found: Vec<Found>) -> Vec<Problem> {
        found
            .into_iter()
            .map(|found| Problem {
                key: found.key,
                message: found.message,
                help: found.help,
                file: self.source.name.clone(),
                place: self.place(found.span),
            })
            .collect()
    }

    fn problems(&self, found: Vec<Found>) -> Problems {
        Problems::sorted(self.places(found))
    }

    fn syntax(&self, error: &toml::de::Error) -> Problems {
        let message = format!("this is no TOML: {}", error.message().replace('\n', ", "));
        self.problems(vec![Found::new("", error.span().unwrap_or(0..0), message)])
    }
}
