//! What finished runs belong to: runs of another question are not taken for runs of this one.

use serde::{Deserialize, Serialize};

use crate::experiment::manifest::{Input, fnv_1a_64};
use crate::experiment::{EngineChoice, Options, Rows, Shard, Study};
use crate::plan::Plan;

/// Whether a key says only how many runs there are, which makes none of them another.
pub(in crate::experiment) fn is_number(key: &str) -> bool {
    key == "scenario.replications" || key.starts_with("precision.")
}

/// Everything that the bytes of a run are a function of, but for the results version; and how many
/// replications were asked for, how sure the answer was to be, and which shard it is, of which they
/// are no function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::experiment) struct Identity {
    scenario: u64,
    inputs: Vec<(String, u64)>,
    settings: Vec<(String, String)>,
    /// Hash of what is varied, and of its values at each point.
    design: u64,
    rows: Rows,
    engine: EngineChoice,
    replications: u32,
    /// What was set of `[precision]`.
    precision: Vec<(String, String)>,
    shard: Option<Shard>,
}

impl Identity {
    /// What the runs of a plan of this origin belong to.
    pub(in crate::experiment) fn of(
        study: &Study<'_>,
        options: &Options,
        shard: Option<Shard>,
    ) -> Identity {
        let Study { plan, origin, .. } = study;
        let input = |input: &Input| (input.name.clone(), input.hash);
        let (asked, settings): (Vec<_>, Vec<_>) =
            origin.settings.iter().cloned().partition(|(key, _)| is_number(key));
        let is_precision = |(key, _): &(String, String)| key.starts_with("precision.");
        Identity {
            scenario: fnv_1a_64(origin.text.as_bytes()),
            inputs: origin.inputs.iter().map(input).collect(),
            settings,
            design: design(plan),
            rows: options.rows,
            engine: options.engine,
            replications: plan.n_replications(),
            precision: asked.into_iter().filter(is_precision).collect(),
            shard,
        }
    }

    /// Which runs write their rows.
    pub(in crate::experiment) fn rows(&self) -> Rows {
        self.rows
    }

    /// Which network carries the flows.
    pub(in crate::experiment) fn engine(&self) -> EngineChoice {
        self.engine
    }

    /// The shard that the runs are; none of a whole plan.
    pub(in crate::experiment) fn shard(&self) -> Option<Shard> {
        self.shard
    }

    /// How many replications of each point were asked for, and what was set of `[precision]`.
    pub(in crate::experiment) fn asked(&self) -> (u32, &[(String, String)]) {
        (self.replications, &self.precision)
    }

    /// Whether `wanted` has the very runs of `self`, and more replications of each point, or other
    /// wishes of how sure to be.
    pub(in crate::experiment) fn grows_to(&self, wanted: &Identity) -> bool {
        let is_more = self.replications < wanted.replications;
        self.differs(wanted).is_none() && (is_more || self.precision != wanted.precision)
    }

    /// The first thing in which `self` is another than `wanted`, in words that follow "they are".
    pub(in crate::experiment) fn differs(&self, wanted: &Identity) -> Option<String> {
        if self.scenario != wanted.scenario {
            return Some("of another text of the scenario".to_owned());
        }
        if self.inputs != wanted.inputs {
            let is_new = |input: &&(String, u64)| !self.inputs.contains(input);
            let other = wanted.inputs.iter().find(is_new).or(self.inputs.first());
            let name = other.map_or("", |(name, _)| name);
            return Some(format!("of another input `{name}`"));
        }
        if self.settings != wanted.settings {
            return Some(format!(
                "of other settings: {}, instead of {}",
                told(&self.settings),
                told(&wanted.settings)
            ));
        }
        if self.design != wanted.design {
            return Some("of other points".to_owned());
        }
        if self.rows != wanted.rows {
            let rows = (self.rows.name(), wanted.rows.name());
            return Some(format!("with `--rows {}` instead of `--rows {}`", rows.0, rows.1));
        }
        (self.engine != wanted.engine).then(|| "by another engine".to_owned())
    }
}

/// Hash of what a plan varies, and of its values at each point. The text alone does not say: grids
/// are laid over a scenario from outside.
fn design(plan: &Plan) -> u64 {
    let mut words: Vec<&str> = Vec::new();
    for axis in &plan.axes {
        words.extend(axis.keys.iter().map(String::as_str));
        words.push(axis.name.as_str());
        words.extend(axis.values.iter().flat_map(|value| &value.toml).map(String::as_str));
    }
    for (name, value) in plan.points.iter().flat_map(|point| &point.labels) {
        words.extend([name.as_str(), value.as_str()]);
    }
    fnv_1a_64(words.join("\0").as_bytes())
}

/// `a=1, b=2`, or `none`.
pub(in crate::experiment) fn told(settings: &[(String, String)]) -> String {
    let pairs: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { "none".to_owned() } else { pairs.join(", ") }
}
