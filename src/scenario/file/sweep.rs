//! Sweeps – axes, designs, constraints – and the flows of a flow-level scenario.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::sweep::DesignKind;
use crate::scenario::value::{Anything, At, OneOrMany, words};

/// One axis of a sweep: a key of this file, or several that vary together, and the values that it
/// takes.
///
/// One of `key` and `keys`; one of `values`, `range`, and `log_range`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Path of the key, as `--set` writes it: `limits.snapshot_copies`,
    /// `fleet.databases.copy[0].completion_duration`, `assume.P-TB-PACE`.
    pub key: Option<At<String>>,
    /// Paths of keys that vary in lock-step. Each of the `values` is then a list with one value for
    /// each key, in this order; a range gives all keys the same value.
    pub keys: Option<At<Vec<At<String>>>>,
    /// Name in outputs. Default: the last part of the key; of several, joined by ` & `.
    pub name: Option<At<String>>,
    /// The values.
    pub values: Option<At<Vec<Anything>>>,
    /// What outputs call the values, one label each. Default: the values themselves.
    pub labels: Option<At<Vec<At<String>>>>,
    /// Values at equal distances.
    pub range: Option<At<Range>>,
    /// Values at equal ratios.
    pub log_range: Option<At<LogRange>>,
}

/// Values at equal distances, by `step` or by their number `n`. With a `[design]`, the points are
/// drawn between the ends, in whole steps where there is a `step`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// First value, a number or a quantity with its unit.
    #[schemars(required)]
    pub from: Option<At<Anything>>,
    /// Last value, in the same unit; with a `step` that does not lead to it, the last one before it.
    #[schemars(required)]
    pub to: Option<At<Anything>>,
    /// Distance of two, in the same unit.
    pub step: Option<At<Anything>>,
    /// Number of values.
    #[schemars(range(min = 2, max = 10_000))]
    pub n: Option<At<u32>>,
}

/// Values at equal ratios: `n` of them, or drawn by a `[design]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogRange {
    /// First value, more than zero.
    #[schemars(required)]
    pub from: Option<At<Anything>>,
    /// Last value, in the same unit.
    #[schemars(required)]
    pub to: Option<At<Anything>>,
    /// Of values that a `[design]` draws: they are `from` and whole steps more.
    pub step: Option<At<Anything>>,
    /// Number of values.
    #[schemars(range(min = 2, max = 10_000))]
    pub n: Option<At<u32>>,
}

words! {
    DesignKind, "design": {
        "latin-hypercube" => DesignKind::LatinHypercube,
        "sobol" => DesignKind::Sobol,
    }
}

/// Points that fill a space: every axis with a range is drawn, instead of all combinations. Axes
/// with `values` are crossed with them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// How the points are drawn.
    #[schemars(required)]
    pub kind: Option<At<DesignKind>>,
    /// How many. Sobol points are evenly spread where it is a power of two.
    #[schemars(required, range(min = 2, max = 65_536))]
    pub points: Option<At<u32>>,
    /// Seed of the points. Default: that of the scenario.
    #[schemars(range(min = 0))]
    pub seed: Option<At<u64>>,
}

/// Points that are not run. One of `keep` and `leave_out`.
///
/// A condition compares the value of an axis with that of another or with a value: `"slots <= 40"`,
/// `"first >= then"`, `"quota != 2000 MiB/s"`. Axes are called by name or by key; what compares
/// stands between blanks: `<`, `<=`, `=`, `!=`, `>=`, `>`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// Only points at which this holds are run; of several conditions, all of them.
    pub keep: Option<At<OneOrMany<String>>>,
    /// Points at which this holds are not run; of several conditions, all of them.
    pub leave_out: Option<At<OneOrMany<String>>>,
}

/// The flows of a flow-level scenario.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flows {
    /// A CSV file beside the scenario: `id,arrival_s,bytes,path,cap_bytes_per_s`.
    #[schemars(required)]
    pub file: Option<At<String>>,
}
