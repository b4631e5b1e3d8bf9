//! The promises of a scenario.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Per, TimeOfDay};
use crate::scenario::spelling::{Hours, Share, Zone};
use crate::scenario::value::{Anything, At, OneOrMany, words};
use crate::units::Span;

/// What a promise is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Each copy.
    Copy,
    /// All copies of one due instant.
    Batch,
    /// The age of the newest recovery point.
    Rpo,
    /// The use of a link.
    Link,
}

words! {
    Per, "per": { "volume" => Per::Volume, "application" => Per::Application }
    Kind, "kind": {
        "copy" => Kind::Copy, "batch" => Kind::Batch, "rpo" => Kind::Rpo, "link" => Kind::Link,
    }
}

/// A promise.
///
/// `copy`: copies arrive within `limit` of being due. `batch`: all copies of one due instant arrive
/// within `limit`, or `by` a time of day. `rpo`: the newest recovery point of a volume is never
/// older than `limit`. `link`: the use of a link stays `below` a share of its capacity.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What it is about.
    #[schemars(required)]
    pub kind: Option<At<Kind>>,
    /// Name in outputs. Default: made from what it says.
    pub name: Option<At<String>>,
    /// Fleets, images, or copies that it covers. Default: all.
    pub fleet: Option<At<OneOrMany<String>>>,
    /// Only copies to this place.
    pub to: Option<At<String>>,
    /// Whose recovery points, for `kind = "rpo"`: each `volume`'s, or each `application`'s, the
    /// newest set of which all volumes arrived. Default: `volume`.
    pub per: Option<At<Per>>,
    /// Longest time, or greatest age.
    pub limit: Option<At<Span>>,
    /// Time of day by which a batch is there.
    pub by: Option<At<TimeOfDay>>,
    /// Zone of times of day. Default: the scenario's.
    pub time_zone: Option<At<Zone>>,
    /// Share of copies, batches, or time that must hold. Default: `100 %`.
    pub share: Option<At<Share>>,
    /// The link, for `kind = "link"`.
    pub link: Option<At<String>>,
    /// Highest use as a share of the capacity, for `kind = "link"`.
    pub below: Option<At<Share>>,
    /// Hours in which that counts, for `kind = "link"`. Default: always.
    pub hours: Option<At<Hours>>,
    /// Entries that the element stands for, one target each: what an entry says goes before what the
    /// element says. An entry without a name is called by the element's, if that has one, and
    /// its `fleet`.
    pub each: Option<At<Vec<Anything>>>,
}
