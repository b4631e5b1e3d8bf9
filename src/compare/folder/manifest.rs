//! `manifest.toml` as far as a comparison needs it.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;

use super::files::{unread, wrong};
use crate::compare::{About, Refusal};
use crate::experiment::check_seal;
use crate::experiment::folder::MANIFEST;
use crate::units::{Instant, Span};

/// Which runs left rows of their copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RowsKept {
    /// The first replication.
    First,
    /// None.
    None,
    /// All.
    All,
}

/// What a folder is about.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    /// What was run.
    pub(super) about: About,
    /// Which runs left rows.
    pub(super) rows: RowsKept,
    /// Each `fleet → destination`.
    pub(super) copies: Vec<String>,
    n_points: usize,
    /// By point.
    n_runs: Vec<usize>,
    /// Whether an axis changes what is promised, so that what is written of the first point does not
    /// hold for the others.
    promises_vary: bool,
    targets: Vec<TargetEntry>,
}

#[derive(Debug, Deserialize)]
struct Text {
    program: Program,
    scenario: Scenario,
    #[serde(default)]
    axis: Vec<Axis>,
    precision: Option<Precision>,
    #[serde(default)]
    copies: Vec<Copies>,
    #[serde(default)]
    target: Vec<TargetEntry>,
}

#[derive(Debug, Deserialize)]
struct Program {
    results_version: u32,
}

#[derive(Debug, Deserialize)]
struct Scenario {
    seed: u64,
    fleet_seed: u64,
    resample_fleet: bool,
    replications: usize,
    points: usize,
    start: String,
    horizon_s: String,
    warm_up_s: String,
    drain_s: String,
    rows: RowsKept,
}

#[derive(Debug, Deserialize)]
struct Axis {
    keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Precision {
    n_runs: Vec<usize>,
}

#[derive(Debug, Deserialize)]
struct Copies {
    scope: String,
}

#[derive(Debug, Clone, Deserialize)]
struct TargetEntry {
    name: String,
    limit_s: Option<String>,
    scopes: Vec<String>,
}

impl Manifest {
    /// Reads the manifest of a folder.
    pub(super) fn read(folder: &Path) -> Result<Manifest, Refusal> {
        let text = match fs::read_to_string(folder.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(wrong(
                    folder,
                    format!(
                        "it has no {MANIFEST}: it is no output folder of a run that was finished"
                    ),
                ));
            }
            Err(error) => return Err(unread(folder, MANIFEST, error)),
        };
        check_seal(&text)
            .and_then(|()| Manifest::parse(&text))
            .map_err(|reason| wrong(folder, reason))
    }

    fn parse(text: &str) -> Result<Manifest, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| at_line(text, &error))?;
        if table.contains_key("comparison") {
            return Err(
                "it holds a comparison; name the folders of the runs that it is of".to_owned()
            );
        }
        let Text { program, scenario, axis, precision, copies, target } =
            toml::from_str(text).map_err(|error| at_line(text, &error))?;
        let span = |key: &str, text: &str| {
            Span::from_column(text).ok_or_else(|| {
                format!(
                    "{MANIFEST}: {key} is no number of seconds: {text:?}; run the scenario again"
                )
            })
        };
        let start: Option<Timestamp> = scenario.start.parse().ok();
        let start = start.and_then(|start| u64::try_from(start.as_nanosecond()).ok());
        let start = start.map(Instant::from_nanos).ok_or_else(|| {
            format!("{MANIFEST}: start is no moment: {:?}; run the scenario again", scenario.start)
        });
        Ok(Manifest {
            about: About {
                results_version: program.results_version,
                seed: scenario.seed,
                fleet_seed: scenario.fleet_seed,
                resample_fleet: scenario.resample_fleet,
                start: start?,
                horizon: span("horizon_s", &scenario.horizon_s)?,
                warm_up: span("warm_up_s", &scenario.warm_up_s)?,
                drain: span("drain_s", &scenario.drain_s)?,
            },
            rows: scenario.rows,
            copies: copies.into_iter().map(|entry| entry.scope).collect(),
            n_points: scenario.points,
            n_runs: match precision {
                Some(precision) => precision.n_runs,
                None => vec![scenario.replications; scenario.points],
            },
            promises_vary: axis
                .iter()
                .flat_map(|axis| &axis.keys)
                .any(|key| key.starts_with("target")),
            targets: target,
        })
    }

    /// Design points.
    pub(super) fn n_points(&self) -> usize {
        self.n_points
    }

    /// Runs of a point.
    pub(super) fn n_runs(&self, point: usize) -> usize {
        self.n_runs.get(point).copied().unwrap_or_default()
    }

    /// Targets.
    pub(super) fn n_targets(&self) -> usize {
        self.targets.len()
    }

    /// The limit of a target, where it holds at every point, and the scopes that it is about.
    pub(super) fn promise(&self, name: &str) -> (Option<Span>, Vec<String>) {
        let Some(entry) = self.targets.iter().find(|entry| entry.name == name) else {
            return (None, Vec::new());
        };
        let limit = entry.limit_s.as_deref().and_then(Span::from_column);
        (limit.filter(|_| !self.promises_vary), entry.scopes.clone())
    }
}

fn at_line(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
    let line = line.map_or(String::new(), |line| format!(", line {line}"));
    let message = error.message();
    format!(
        "{MANIFEST}{line}: {message}: it was edited, or is of another version; run the scenario again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[program]
name = "snapferry"
results_version = 1

[scenario]
seed = 7
fleet_seed = 1
resample_fleet = false
replications = 30
points = 2
start = "1970-01-02T00:00:00Z"
horizon_s = "604800.000000000"
warm_up_s = "0.000000000"
drain_s = "172800.000000000"
rows = "first"

[[copies]]
scope = "db → b"

[[target]]
name = "in time"
limit_s = "2400.000000000"
scopes = ["db → b"]
"#;

    #[test]
    fn a_manifest_says_what_must_agree() {
        let manifest = Manifest::parse(TEXT).unwrap();
        assert_eq!(manifest.about.start, Instant::ZERO + Span::from_days(1));
        assert_eq!((manifest.about.seed, manifest.about.horizon), (7, Span::from_days(7)));
        assert_eq!(
            (manifest.n_points(), manifest.n_runs(1), manifest.rows),
            (2, 30, RowsKept::First)
        );
        let (limit, scopes) = manifest.promise("in time");
        assert_eq!((limit, scopes), (Some(Span::from_mins(40)), vec!["db → b".to_owned()]));
    }

    /// What is written is of the first point: an axis over the promise leaves nothing sure.
    #[test]
    fn a_promise_that_is_swept_has_no_limit_of_its_own() {
        let swept = format!("{TEXT}\n[[axis]]\nname = \"limit\"\nkeys = [\"target[0].limit\"]\n");
        assert_eq!(Manifest::parse(&swept).unwrap().promise("in time").0, None);
    }

    #[test]
    fn broken_manifests_are_told() {
        let told = |from: &str, to: &str| Manifest::parse(&TEXT.replace(from, to)).unwrap_err();
        insta::assert_snapshot!(told("seed = 7", "seed = \"7\""), @r#"manifest.toml, line 7: invalid type: string "7", expected u64: it was edited, or is of another version; run the scenario again"#);
        insta::assert_snapshot!(told("604800.000000000", "a week"), @r#"manifest.toml: horizon_s is no number of seconds: "a week"; run the scenario again"#);
        insta::assert_snapshot!(told("fleet_seed = 1\n", ""), @"manifest.toml, line 6: missing field `fleet_seed`: it was edited, or is of another version; run the scenario again");
        insta::assert_snapshot!(told("[program]", "[comparison]\na = 1\n[program]"), @"it holds a comparison; name the folders of the runs that it is of");
    }
}
