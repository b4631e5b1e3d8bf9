//! The scenario's text, mirrored: what may be written, with the place of every value.
//!
//! The schema is made of these types; `shape` holds a file to it before it is read, so a required
//! key that is absent here has been reported already.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::spelling::{Moment, Zone};
use super::value::{Anything, At, words};
use crate::model::Initial;
use crate::units::{Rate, Span};

mod account;
mod assume;
mod client;
mod fleet;
mod group;
mod incident;
mod link;
mod precision;
mod price;
mod request;
mod spread;
mod sweep;
mod target;

pub use account::Account;
pub use assume::Assume;
pub use client::{Backoff, Client, Policy};
pub use fleet::{
    CalendarFactor, Change, ChangeTable, ChangedBlocks, Copy, CopyFailures, CopyRule, Family,
    Fleet, Image, Inventory, Lineage, Retain, Schedule,
};
pub use group::{Among, Group, Groups};
pub use incident::{Incident, Trouble};
pub use link::{Failures, Link, LocalZone, Outpost, ProfileStep, Window};
pub use precision::{Precision, Wanted};
pub use price::{PairPrice, PlacePrice, Prices, SurchargeTier};
pub use request::{RegionDefault, Request, RequestInventory, Requests, Tag, TagSpecification};
pub use spread::{Amount, Spread, SpreadTable};
pub use sweep::{Axis, Constraint, Design, Flows};
pub use target::{Kind, Target};

words! {
    Initial, "initial": { "seeded" => Initial::Seeded, "empty" => Initial::Empty }
}

/// A scenario: what is copied, when, and where to; what the provider allows; what is promised.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "snapferry scenario")]
pub struct File {
    /// The question, the time, the number of replications.
    pub scenario: Option<Section>,
    /// How sure the answer has to be; without it, the number of replications is fixed.
    pub precision: Option<At<Precision>>,
    /// What each account may do.
    pub limits: Option<Limits>,
    /// Accounts besides the one that everything belongs to which names none.
    pub account: Option<Vec<At<Account>>>,
    /// What is assumed where the provider is silent.
    pub assume: Option<Assume>,
    /// Prices; the catalogue's stand where this is silent.
    pub prices: Option<Prices>,
    /// What elements of the lists below take where they are silent: `[defaults.fleet]`,
    /// `[defaults.copy_rule]`, and so on. Tables are joined key by key; all else is replaced.
    pub defaults: Option<Anything>,
    /// Places by a common name, for `to` and `from`: `americas = ["us-east-1", "us-west-2"]`. A set
    /// may name others. As a destination, it leaves out the place that the copies come from.
    pub sets: Option<BTreeMap<String, At<Vec<At<String>>>>>,
    /// Local Zones whose link is not the default one.
    pub local_zone: Option<Vec<At<LocalZone>>>,
    /// Outposts and their service links.
    pub outpost: Option<Vec<At<Outpost>>>,
    /// Links with a capacity.
    pub link: Option<Vec<At<Link>>>,
    /// Volumes whose snapshots are copied on a schedule.
    pub fleet: Option<Vec<At<Fleet>>>,
    /// Images that are released and copied on a schedule.
    pub image: Option<Vec<At<Image>>>,
    /// Single copies.
    pub copy: Option<Vec<At<Copy>>>,
    /// Requests in the API's own words.
    pub request: Option<Vec<At<Request>>>,
    /// What the sources of requests are, and files that hold requests.
    pub requests: Option<At<Requests>>,
    /// Who asks for copies, by what rules.
    pub client: Option<Vec<At<Client>>>,
    /// What goes wrong, or is changed, at given moments.
    pub incident: Option<Vec<At<Incident>>>,
    /// The promises.
    pub target: Option<Vec<At<Target>>>,
    /// What a sweep varies.
    pub axis: Option<Vec<At<Axis>>>,
    /// Points of a sweep that fill the ranges of its axes, instead of all combinations.
    pub design: Option<At<Design>>,
    /// Points of a sweep that are left out.
    pub constraint: Option<Vec<At<Constraint>>>,
    /// Flows on links alone, instead of fleets, images, and copies.
    pub flows: Option<At<Flows>>,
    /// Names that stand for all elements of an `each`; the text has been written out by then.
    #[serde(skip)]
    #[schemars(skip)]
    pub groups: Groups,
}

/// The question, the time, the number of replications.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Name; the output folder is called so. Default: the name of the file.
    pub name: Option<At<String>>,
    /// The question that the scenario answers.
    pub question: Option<At<String>>,
    /// First moment of the run. Default: 2027-01-04T00:00:00Z, a Monday.
    pub start: Option<At<Moment>>,
    /// Length of the run; copies due before its end count. Default: `7 days`.
    pub horizon: Option<At<Span>>,
    /// Number of replications: the same fleet on other days. Default: 30.
    #[schemars(range(min = 1, max = 100_000))]
    pub replications: Option<At<u32>>,
    /// Most runs of a sweep, points × replications. Default: 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub max_runs: Option<At<u64>>,
    /// What is left out of all measures, from the start on. Default: nothing.
    pub warm_up: Option<At<Span>>,
    /// How long the run goes on for copies that were due within the horizon. Default: `48 h`.
    pub drain: Option<At<Span>>,
    /// Seed of what happens in the days. Default: 1.
    #[schemars(range(min = 0))]
    pub seed: Option<At<u64>>,
    /// Seed of what the fleets are: sizes, fill, change rates. Default: 1.
    #[schemars(range(min = 0))]
    pub fleet_seed: Option<At<u64>>,
    /// Whether each replication draws fleets of its own. Default: no.
    pub resample_fleet: Option<At<bool>>,
    /// Time zone of schedules, profiles, and targets that name none. Default: `UTC`.
    pub time_zone: Option<At<Zone>>,
    /// What destinations hold at the start: a copy one interval old, or nothing. Default: `seeded`.
    pub initial: Option<At<Initial>>,
}

/// What an account may do. Silent keys have the documented defaults.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Snapshot copies at once per destination. Default: 20.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub snapshot_copies: Option<At<u32>>,
    /// Image copies at once per destination Region. Default: 300.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub image_copies: Option<At<u32>>,
    /// Throughput of all time-based copies of a pair of Regions. Default: `2000 MiB/s`.
    pub quota: Option<At<Rate>>,
    /// Most that one time-based snapshot copy carries. Default: `500 MiB/s`; not adjustable.
    pub copy_rate: Option<At<Rate>>,
    /// Copies that are kept at once in a Region, its Local Zones among it. Default: 100,000.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub snapshots: Option<At<u64>>,
    /// Destinations with a limit of their own.
    pub destination: Option<Vec<At<Destination>>>,
    /// Pairs of Regions with a quota of their own.
    pub pair: Option<Vec<At<Pair>>>,
    /// Token buckets of the API.
    pub api: Option<Api>,
}

/// A destination with a limit of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// The destination.
    #[schemars(required)]
    pub to: Option<At<String>>,
    /// Snapshot copies at once to it.
    #[schemars(required, range(min = 1, max = 1_000_000))]
    pub snapshot_copies: Option<At<u32>>,
}

/// A pair of Regions with a quota of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Source Region.
    #[schemars(required)]
    pub from: Option<At<String>>,
    /// Destination Region.
    #[schemars(required)]
    pub to: Option<At<String>>,
    /// Throughput of all time-based copies from one to the other.
    #[schemars(required)]
    pub quota: Option<At<Rate>>,
}

/// Token buckets of the API.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// CopySnapshot. Default: 50, and 5 a second.
    pub copy_snapshot: Option<Bucket>,
    /// CopyImage. Default: 100, and 1 a second.
    pub copy_image: Option<Bucket>,
}

/// A token bucket.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Requests that a full bucket answers at once.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub capacity: Option<At<u32>>,
    /// Requests a second after that.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub refill_per_s: Option<At<u32>>,
}
