//! Prices that the scenario sets.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spelling::{MonthlyPrice, Price};
use crate::scenario::value::At;
use crate::units::Span;

/// Prices that the scenario sets; list prices stand where it is silent.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Transfer between Regions, for every pair: `0.02 USD/GB`.
    pub transfer: Option<At<Price>>,
    /// Pairs of Regions with a price of their own.
    pub pair: Option<Vec<At<PairPrice>>>,
    /// Storage of copies in Regions and Local Zones: `0.05 USD/GB-month`.
    pub storage: Option<At<MonthlyPrice>>,
    /// Places with a price of their own; that of a Region holds in its Local Zones too.
    pub place: Option<Vec<At<PlacePrice>>>,
    /// Surcharge of time-based copies: the whole list, shortest duration first.
    pub surcharge: Option<At<Vec<At<SurchargeTier>>>>,
}

/// A pair of Regions with a price of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairPrice {
    /// Source Region.
    #[schemars(required)]
    pub from: Option<At<String>>,
    /// Destination Region.
    #[schemars(required)]
    pub to: Option<At<String>>,
    /// Transfer from one to the other.
    #[schemars(required)]
    pub transfer: Option<At<Price>>,
}

/// A place with a price of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacePrice {
    /// The place: a Region, a Local Zone, an Outpost, or a group of Outposts.
    #[schemars(required)]
    pub at: Option<At<String>>,
    /// Storage of copies there.
    #[schemars(required)]
    pub storage: Option<At<MonthlyPrice>>,
}

/// A tier of the surcharge: its price holds from this duration up to the next tier.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurchargeTier {
    /// Least completion duration of the tier; the first begins at `15 min`.
    #[schemars(required)]
    pub from: Option<At<Span>>,
    /// Surcharge on what is copied: `0.02 USD/GiB`.
    #[schemars(required)]
    pub price: Option<At<Price>>,
}
