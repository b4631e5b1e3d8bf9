//! `manifest.toml` as far as the page tells it: the question, and what answered it.

use serde::Deserialize;

/// What an output folder is an answer to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct About {
    /// What wrote it.
    pub(in crate::report) program: Program,
    /// What was run.
    pub(in crate::report) scenario: Question,
    /// The files that the scenario names.
    #[serde(default)]
    pub(in crate::report) input: Vec<Input>,
    /// What was set beside the text of the scenario.
    #[serde(default)]
    pub(in crate::report) set: Vec<Setting>,
    /// Axes of the sweep.
    #[serde(default)]
    pub(in crate::report) axis: Vec<Axis>,
}

/// What wrote a folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Program {
    /// Its version.
    pub(in crate::report) version: String,
    /// Goes up when equal scenarios give other numbers than before.
    pub(in crate::report) results_version: u32,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Question {
    /// What the scenario asks; empty where it asks nothing in words.
    #[serde(rename = "question")]
    pub(in crate::report) text: String,
    /// Hash of its text.
    pub(in crate::report) hash: String,
    /// By which algorithm.
    pub(in crate::report) hash_algorithm: String,
    /// Seed of the fleets.
    pub(in crate::report) fleet_seed: u64,
    /// Which runs wrote rows.
    pub(in crate::report) rows: String,
    /// Which network carried the flows.
    pub(in crate::report) engine: String,
    /// Whether assumptions were flipped, and limits lifted.
    pub(in crate::report) flips: bool,
    /// Whether assumptions were flipped over their whole range.
    pub(in crate::report) sensitivity: bool,
    /// Whether the best point was run again on fresh draws.
    pub(in crate::report) confirm: bool,
}

/// A file that the scenario names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Input {
    /// Its name, as the scenario writes it.
    pub(in crate::report) name: String,
    /// How many bytes it has.
    pub(in crate::report) n_bytes: u64,
    /// Their hash.
    pub(in crate::report) hash: String,
}

/// What was set beside the text of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Setting {
    /// The key.
    pub(in crate::report) key: String,
    /// Its value.
    pub(in crate::report) value: String,
}

/// An axis of a sweep.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Axis {
    /// Its name.
    pub(in crate::report) name: String,
    /// Its values.
    pub(in crate::report) values: Vec<String>,
}
