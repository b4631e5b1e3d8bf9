//! How sure the answer has to be.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spelling::Share;
use crate::scenario::value::At;

/// Runs of each design point go on until what is `wanted` is known that well, or there are
/// `max_replications`. `scenario.replications` says with how many to begin.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Precision {
    /// What has to be known, and how well: all of it.
    #[schemars(required)]
    pub wanted: Option<At<Vec<At<Wanted>>>>,
    /// Runs from one look at the intervals to the next. Default: 10.
    #[schemars(range(min = 1, max = 100_000))]
    pub batch: Option<At<u32>>,
    /// Most replications of a design point. Default: 1,000.
    #[schemars(range(min = 10, max = 100_000))]
    pub max_replications: Option<At<u32>>,
}

/// A measure or a target, and the greatest half-width of its 95 % interval: `half_width` or
/// `relative_half_width`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// A measure, as in the column `measure` of summary.csv: `completion_p95`.
    pub measure: Option<At<String>>,
    /// What the measure is of, as in the column `scope` of summary.csv. Default: `all`.
    pub scope: Option<At<String>>,
    /// A target, by its name.
    pub target: Option<At<String>>,
    /// In the unit of the measure, `30 s`, `2 GiB`, `1.50 USD`, `3 copies`; of a target or a share,
    /// in percentage points: `0.5 %`.
    pub half_width: Option<At<String>>,
    /// As a share of the mean: `5 %`.
    pub relative_half_width: Option<At<Share>>,
}
