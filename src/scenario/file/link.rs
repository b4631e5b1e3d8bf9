//! Links, Local Zones, Outposts, and what changes their capacity.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Spread;
use crate::model::TimeOfDay;
use crate::scenario::spelling::{Day, Fraction, Moment, Zone};
use crate::scenario::value::{Anything, At, OneOrMany};
use crate::units::{Rate, Span};

/// A link with a capacity.
///
/// With `from`: all copies that leave these places cross it. With `to`: all copies that enter
/// these. With both: only copies of such pairs. With neither: flows that name it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Name, unique among links.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Most that it carries.
    #[schemars(required)]
    pub capacity: Option<At<Rate>>,
    /// Places that copies leave over it.
    pub from: Option<At<OneOrMany<String>>>,
    /// Places that copies enter over it.
    pub to: Option<At<OneOrMany<String>>>,
    /// Daily profile.
    pub profile: Option<Vec<At<ProfileStep>>>,
    /// Planned reductions.
    pub window: Option<Vec<At<Window>>>,
    /// Random failures.
    pub failures: Option<At<Failures>>,
    /// Zone of times of day. Default: the scenario's.
    pub time_zone: Option<At<Zone>>,
    /// Entries that the element stands for, one link each: what an entry says goes before what the
    /// element says. An entry without a name is called by the element's and its `from`.
    pub each: Option<At<Vec<Anything>>>,
}

/// A Local Zone whose link to its parent Region is not the default one (P-LZ-RATE).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalZone {
    /// The zone: `us-west-2-lax-1a`.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Capacity to and from its parent Region, each way. Default: P-LZ-RATE.
    pub rate: Option<At<Rate>>,
    /// Parent Region, for a zone that the catalogue does not have.
    pub parent: Option<At<String>>,
    /// Daily profile of both directions.
    pub profile: Option<Vec<At<ProfileStep>>>,
    /// Planned reductions of both directions.
    pub window: Option<Vec<At<Window>>>,
    /// Random failures, of each direction on its own.
    pub failures: Option<At<Failures>>,
    /// Zone of times of day. Default: the scenario's.
    pub time_zone: Option<At<Zone>>,
}

/// An Outpost, or several alike.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outpost {
    /// Name; with `count`, the Outposts are called name-01, name-02, and so on.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// How many there are. Default: one, called by the name alone.
    #[schemars(range(min = 1, max = 1000))]
    pub count: Option<At<u32>>,
    /// The Region that it is associated with.
    #[schemars(required)]
    pub region: Option<At<String>>,
    /// Its ARN, by which requests name it. Default: where the Region has one Outpost, any ARN of that
    /// Region is its.
    pub arn: Option<At<String>>,
    /// Bandwidth of its service link; P-SL-SHARE of it is usable. At least 500 Mbit/s a rack (F117).
    #[schemars(required)]
    pub service_link: Option<At<Rate>>,
    /// Daily profile of the service link.
    pub profile: Option<Vec<At<ProfileStep>>>,
    /// Planned reductions of the service link.
    pub window: Option<Vec<At<Window>>>,
    /// Random failures of the service link.
    pub failures: Option<At<Failures>>,
    /// Zone of times of day. Default: the scenario's.
    pub time_zone: Option<At<Zone>>,
    /// Entries that the element stands for, one Outpost each: what an entry says goes before what the
    /// element says. An entry without a name is called by the element's and its `region`.
    pub each: Option<At<Vec<Anything>>>,
}

/// From a time of day on, the share of the capacity that remains.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileStep {
    /// Time of day.
    #[schemars(required)]
    pub from: Option<At<TimeOfDay>>,
    /// Share of the capacity, a number: 0.5 is half of it.
    #[schemars(required, range(min = 0, max = 100))]
    pub factor: Option<At<f64>>,
}

/// A planned reduction.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// When it begins, once.
    pub at: Option<At<Moment>>,
    /// When it begins, every day, or on the days of `on`.
    pub daily: Option<At<TimeOfDay>>,
    /// Days of the week, with `daily`.
    pub on: Option<At<OneOrMany<Day>>>,
    /// How long it lasts.
    #[serde(rename = "for")]
    #[schemars(required)]
    pub length: Option<At<Span>>,
    /// Share of the capacity that remains. Default: 0, an outage.
    pub factor: Option<At<Fraction>>,
}

/// A random failure process: up for a time, down for a time, and so on.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failures {
    /// Time to the next failure.
    #[schemars(required)]
    pub up: Option<Spread<Span>>,
    /// Time to repair.
    #[schemars(required)]
    pub down: Option<Spread<Span>>,
    /// Share of the capacity that remains while down. Default: 0.
    pub factor: Option<At<Fraction>>,
}
