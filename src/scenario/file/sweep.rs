//! Sweep axes, and the flows of a flow-level scenario.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::value::{Anything, At};

/// One axis of a sweep: a key of this file and the values that it takes.
///
/// One of `values`, `range`, or `log_range`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Path of the key, as `--set` writes it: `limits.snapshot_copies`,
    /// `fleet.databases.copy[0].completion_duration`, `assume.P-TB-PACE`.
    #[schemars(required)]
    pub key: Option<At<String>>,
    /// Name in outputs. Default: the last part of the key.
    pub name: Option<At<String>>,
    /// The values.
    pub values: Option<At<Vec<Anything>>>,
    /// Values at equal distances.
    pub range: Option<At<Range>>,
    /// Values at equal ratios.
    pub log_range: Option<At<LogRange>>,
}

/// Values at equal distances, by `step` or by their number `n`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// First value, a number or a quantity with its unit.
    #[schemars(required)]
    pub from: Option<At<Anything>>,
    /// Last value, in the same unit.
    #[schemars(required)]
    pub to: Option<At<Anything>>,
    /// Distance of two, in the same unit.
    pub step: Option<At<Anything>>,
    /// Number of values.
    #[schemars(range(min = 2, max = 10_000))]
    pub n: Option<At<u32>>,
}

/// Values at equal ratios.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogRange {
    /// First value, more than zero.
    #[schemars(required)]
    pub from: Option<At<Anything>>,
    /// Last value, in the same unit.
    #[schemars(required)]
    pub to: Option<At<Anything>>,
    /// Number of values.
    #[schemars(required, range(min = 2, max = 10_000))]
    pub n: Option<At<u32>>,
}

/// The flows of a flow-level scenario.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flows {
    /// A CSV file beside the scenario: `id,arrival_s,bytes,path,cap_bytes_per_s`.
    #[schemars(required)]
    pub file: Option<At<String>>,
}
