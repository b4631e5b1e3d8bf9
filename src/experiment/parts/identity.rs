//! What finished runs belong to: runs of another question are not taken for runs of this one.

use serde::{Deserialize, Serialize};

use crate::experiment::manifest::{Input, fnv_1a_64};
use crate::experiment::{EngineChoice, Options, Rows, Shard, Study};

/// The key whose value may grow without making other runs.
const REPLICATIONS: &str = "scenario.replications";

/// Everything that the bytes of a run are a function of, but for the results version; and how many
/// replications were asked for, and which shard it is, of which they are no function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::experiment) struct Identity {
    scenario: u64,
    inputs: Vec<(String, u64)>,
    settings: Vec<(String, String)>,
    rows: Rows,
    engine: EngineChoice,
    replications: u32,
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
        let settings = origin.settings.iter().filter(|(key, _)| key != REPLICATIONS);
        Identity {
            scenario: fnv_1a_64(origin.text.as_bytes()),
            inputs: origin.inputs.iter().map(input).collect(),
            settings: settings.cloned().collect(),
            rows: options.rows,
            engine: options.engine,
            replications: plan.n_replications(),
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

    /// How many replications of each point were asked for.
    pub(in crate::experiment) fn replications(&self) -> u32 {
        self.replications
    }

    /// Whether `wanted` has the very runs of `self`, and more replications of each point.
    pub(in crate::experiment) fn grows_to(&self, wanted: &Identity) -> bool {
        self.differs(wanted).is_none() && self.replications < wanted.replications
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
        if self.rows != wanted.rows {
            let rows = (self.rows.name(), wanted.rows.name());
            return Some(format!("with `--rows {}` instead of `--rows {}`", rows.0, rows.1));
        }
        (self.engine != wanted.engine).then(|| "by another engine".to_owned())
    }
}

/// `a=1, b=2`, or `none`.
fn told(settings: &[(String, String)]) -> String {
    let pairs: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { "none".to_owned() } else { pairs.join(", ") }
}
