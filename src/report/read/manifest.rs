//! `manifest.toml` as far as pictures need it: what was asked, of what, and what was promised.

use serde::Deserialize;
use serde::de::Error as _;

use super::Fault;
use crate::units::{Instant, Span};

/// Name of the file.
pub(super) const FILE: &str = "manifest.toml";

/// What an output folder is about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(in crate::report) struct Manifest {
    /// What was run.
    pub(in crate::report) scenario: Scenario,
    /// How many runs each point has, where that is not the same for all.
    #[serde(default)]
    pub(in crate::report) precision: Option<Precision>,
    /// The copies of each `fleet → destination`, at the first point.
    #[serde(default)]
    pub(in crate::report) copies: Vec<CopyRule>,
    /// The promises, at the first point.
    #[serde(default)]
    pub(in crate::report) target: Vec<Promise>,
}

/// Two sides that were compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct Compared {
    /// What the first is.
    pub(in crate::report) a: String,
    /// What the second is.
    pub(in crate::report) b: String,
    /// `by replication`, or `none`.
    pub(in crate::report) pairs: String,
    /// Runs of the first.
    pub(in crate::report) n_runs_a: u64,
    /// Runs of the second.
    pub(in crate::report) n_runs_b: u64,
    /// What is to be known beside the numbers.
    #[serde(default)]
    pub(in crate::report) notes: Vec<String>,
}

/// How many runs it took to be sure enough.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(in crate::report) struct Precision {
    /// Of each point.
    pub(in crate::report) n_runs: Vec<u32>,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(in crate::report) struct Scenario {
    /// Its name.
    pub(in crate::report) name: String,
    /// Seed of the days.
    pub(in crate::report) seed: u64,
    /// Runs of each point, or with how many each begins.
    pub(in crate::report) replications: u32,
    /// Points of the sweep; 1 without one.
    pub(in crate::report) points: usize,
    /// First moment of a run.
    #[serde(deserialize_with = "instant")]
    pub(in crate::report) start: Instant,
    /// Length of the window in which copies are due, from `start`.
    #[serde(rename = "horizon_s", deserialize_with = "span")]
    pub(in crate::report) horizon: Span,
    /// What no measure counts, from `start`.
    #[serde(rename = "warm_up_s", deserialize_with = "span")]
    pub(in crate::report) warm_up: Span,
}

/// Copies of one fleet to one destination.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::report) struct CopyRule {
    /// How tables name it: `databases → us-west-2`.
    pub(in crate::report) scope: String,
    /// The fleet.
    pub(in crate::report) fleet: String,
    /// The destination.
    pub(in crate::report) to: String,
    /// How many volumes or images there are.
    pub(in crate::report) n: u64,
    /// Completion duration; none for standard copies.
    #[serde(default, rename = "completion_duration_s", deserialize_with = "maybe_span")]
    pub(in crate::report) completion_duration: Option<Span>,
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(in crate::report) struct Promise {
    /// Its name.
    pub(in crate::report) name: String,
    /// What is promised.
    pub(in crate::report) kind: PromiseKind,
    /// The limit of a time, where it has one.
    #[serde(default, rename = "limit_s", deserialize_with = "maybe_span")]
    pub(in crate::report) limit: Option<Span>,
    /// The scopes whose copies it is about.
    pub(in crate::report) scopes: Vec<String>,
}

/// What a promise is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::report) enum PromiseKind {
    /// Copies within a limit of being due.
    Copy,
    /// All copies of one due instant.
    Batch,
    /// Age of the newest recovery point.
    Rpo,
    /// Use of a link.
    Link,
}

impl Manifest {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// When it is no manifest.
    pub(super) fn parse(text: &str) -> Result<Manifest, Fault> {
        parse(text)
    }

    /// Runs of the first point.
    pub(in crate::report) fn n_runs(&self) -> u32 {
        let own = self.precision.as_ref().and_then(|precision| precision.n_runs.first());
        own.copied().unwrap_or(self.scenario.replications)
    }

    /// Fewest and most runs of a point.
    pub(in crate::report) fn range_of_runs(&self) -> (u32, u32) {
        let own = self.precision.as_ref().map_or(&[][..], |precision| &precision.n_runs);
        let (fewest, most) = (own.iter().min(), own.iter().max());
        let fixed = self.scenario.replications;
        (fewest.copied().unwrap_or(fixed), most.copied().unwrap_or(fixed))
    }

    /// The promises of a kind that are about a scope.
    pub(in crate::report) fn promises(
        &self,
        kind: PromiseKind,
        scope: &str,
    ) -> impl Iterator<Item = &Promise> {
        let about = move |promise: &&Promise| {
            promise.kind == kind && promise.scopes.iter().any(|other| other == scope)
        };
        self.target.iter().filter(about)
    }
}

/// What was compared, as the manifest of a comparison says it; none where it is that of a run.
///
/// # Errors
/// When it is no manifest.
pub(super) fn compared(text: &str) -> Result<Option<Compared>, Fault> {
    #[derive(Deserialize)]
    struct Comparison {
        #[serde(default)]
        comparison: Option<Compared>,
    }
    parse::<Comparison>(text).map(|manifest| manifest.comparison)
}

/// Reads the text of a manifest, as far as `T` goes.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map(|span| &text[..span.start]);
        let line = before.map(|before| before.bytes().filter(|byte| *byte == b'\n').count());
        let line = line.map(|n| u64::try_from(n + 1).expect("lines of a file"));
        Fault::content(FILE, line, error.message())
    })
}

fn span<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
    let text = String::deserialize(from)?;
    Span::from_column(&text).ok_or_else(|| D::Error::custom(format!("no seconds: {text:?}")))
}

fn maybe_span<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Span>, D::Error> {
    span(from).map(Some)
}

fn instant<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
    let text = String::deserialize(from)?;
    let read = <Instant as super::row::Value>::read(&text);
    read.ok_or_else(|| D::Error::custom(format!("no moment: {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[program]
name = "snapferry"

[scenario]
name = "dr"
question = "?"
seed = 7
replications = 30
points = 1
start = "1970-01-02T00:00:00Z"
horizon_s = "604800.000000000"
warm_up_s = "0.000000000"

[[copies]]
scope = "db → b"
fleet = "db"
to = "b"
n = 60
completion_duration_s = "900.000000000"

[[target]]
name = "in time"
kind = "copy"
limit_s = "2400.000000000"
scopes = ["db → b"]
"#;

    #[test]
    fn a_manifest_says_what_was_run_and_promised() {
        let manifest = Manifest::parse(TEXT).unwrap();
        assert_eq!(manifest.scenario.start, Instant::ZERO + Span::from_days(1));
        assert_eq!(manifest.scenario.horizon, Span::from_days(7));
        let rule = &manifest.copies[0];
        assert_eq!(rule.scope, "db → b");
        assert_eq!((rule.n, rule.completion_duration), (60, Some(Span::from_mins(15))));
        let promise = manifest.promises(PromiseKind::Copy, "db → b").next().unwrap();
        assert_eq!(promise.limit, Some(Span::from_mins(40)));
        assert_eq!(manifest.promises(PromiseKind::Rpo, "db → b").count(), 0);
    }

    #[test]
    fn a_broken_manifest_is_named_by_its_line() {
        let broken = TEXT.replace("604800.000000000", "a week");
        let fault = Manifest::parse(&broken).unwrap_err().to_string();
        assert_eq!(fault, "manifest.toml, line 12: no seconds: \"a week\"");
    }
}
