//! Fleets of volumes, images, single copies; schedules, and where copies go.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Spread;
use crate::model::{Cron, DayRule, Initial, TimeOfDay};
use crate::scenario::spelling::{
    Day, First, Fraction, Keep, Moment, PerDay, PerRelease, PerYear, Share, Zone,
};
use crate::scenario::value::{Anything, At, Either, OneOrMany, words};
use crate::units::{Bytes, Span};

/// Volumes of one place whose snapshots are made on one schedule and copied by the same rules.
///
/// Nothing is published on how volumes are sized, filled, or changed; the defaults are assumed, in
/// accord with the few figures there are, and stand in docs/model.md.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    /// Name, unique among fleets, images, and copies. Draws go by it: renaming redraws.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Region or Local Zone of the volumes.
    #[schemars(required)]
    pub location: Option<At<String>>,
    /// How many volumes there are; or else `inventory`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub volumes: Option<At<u32>>,
    /// The volumes, from files.
    pub inventory: Option<At<Inventory>>,
    /// Provisioned size of a volume. Default, assumed: lognormal, median 100 GiB, sigma 1.2, from
    /// 1 GiB to 16 TiB.
    pub size: Option<Spread<Bytes>>,
    /// Written share of it. Default, assumed: beta with alpha = beta = 2.5.
    pub fill: Option<Spread<Fraction>>,
    /// Share of the written bytes that changes in a day. Default, assumed: lognormal between
    /// volumes, median 3 %/day, sigma 0.9, from 0.01 to 60 %/day; every day alike.
    pub change: Option<At<Change>>,
    /// Whether copies are made under another key than their sources are under, as when an unencrypted
    /// volume is copied encrypted (P-REKEY). Default: no.
    pub re_encrypt: Option<At<bool>>,
    /// Growth of the written bytes. Default: none.
    pub growth: Option<At<PerYear>>,
    /// When snapshots are made.
    #[schemars(required)]
    pub snapshot: Option<At<Schedule>>,
    /// Where they are copied to.
    #[schemars(required, length(min = 1))]
    pub copy: Option<At<Vec<At<CopyRule>>>>,
    /// The account that owns the volumes. Default: the one without a name.
    pub account: Option<At<String>>,
    /// The volumes are recovered together, with those of other fleets that name the same
    /// application: their snapshots begin together.
    pub application: Option<At<String>>,
    /// So many volumes are recovered together, in order of their names: `fleet/1`, `fleet/2`, …
    #[schemars(range(min = 1, max = 1_000_000))]
    pub volumes_per_application: Option<At<u32>>,
    /// Entries that the element stands for, one fleet each: what an entry says goes before what the
    /// element says. `to` in an entry is that of every copy rule. An entry without a name is called
    /// by the element's and its `location`: `databases-eu-west-1`.
    pub each: Option<At<Vec<Anything>>>,
}

/// Files that list what there is; paths start at the folder of the scenario.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// Output of `aws ec2 describe-snapshots`.
    pub snapshots: Option<At<OneOrMany<String>>>,
    /// Output of `aws ec2 describe-images`: the images of an `[[image]]`; a `[[fleet]]` leaves the
    /// volumes behind them out.
    pub images: Option<At<OneOrMany<String>>>,
    /// A CSV file with the columns volume, bytes, and, if known, change and group.
    pub csv: Option<At<OneOrMany<String>>>,
    /// Key of the tag that names the application of a volume, on its newest snapshot. A CSV names it
    /// by group.
    pub application_tag: Option<At<String>>,
    /// Blocks that were counted to change: how volumes change where it is known to the byte.
    pub changed_blocks: Option<At<Vec<At<ChangedBlocks>>>>,
}

/// What changed in one volume between two of its snapshots.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedBlocks {
    /// The volume.
    #[schemars(required)]
    pub volume: Option<At<String>>,
    /// Output of `aws ebs list-changed-blocks` for these two snapshots; several files are its pages.
    #[schemars(required)]
    pub file: Option<At<OneOrMany<String>>>,
    /// The earlier snapshot, of those that `snapshots` lists.
    pub first: Option<At<String>>,
    /// The later one.
    pub second: Option<At<String>>,
    /// Instead of both: the time between the two.
    pub over: Option<At<Span>>,
}

/// How much changes in a day: one share for all volumes, or more about it.
pub type Change = Either<PerDay, ChangeTable>;

/// How volumes change.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTable {
    /// Share of the written bytes that the median volume changes in a median day.
    pub median: Option<At<PerDay>>,
    /// Sigma of a lognormal factor that each volume draws once. Default: 0, all alike.
    #[schemars(range(min = 0, max = 5))]
    pub between_volumes: Option<At<f64>>,
    /// Instead of `median` and `between_volumes`: the distribution over volumes.
    pub rate: Option<Spread<PerDay>>,
    /// Sigma of a lognormal factor of each volume and day. Default: 0.
    #[schemars(range(min = 0, max = 5))]
    pub day_to_day: Option<At<f64>>,
    /// Sigma of a lognormal factor that all volumes of the fleet share on a day. Default: 0.
    #[schemars(range(min = 0, max = 5))]
    pub common: Option<At<f64>>,
    /// Factors of days by the calendar, such as `{ on = "month end", factor = 3 }`. Those of one day
    /// multiply. Default: none.
    pub calendar: Option<At<Vec<At<CalendarFactor>>>>,
}

/// How much more, or less, changes on some days.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarFactor {
    /// Days of the schedule's time zone, one or several: `Tue`; `second Tue`, `last Fri`;
    /// `month start`, `month end`, `quarter end`; a date.
    #[schemars(required)]
    pub on: Option<At<OneOrMany<DayRule>>>,
    /// Times what changes on another day; 0 for nothing.
    #[schemars(required, range(min = 0, max = 1000))]
    pub factor: Option<At<f64>>,
}

/// When something is due: `every` a period; `at` times of day; by `cron`; or `once`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Period, counted from the start of the run; with `at` or `on`, `1 day` or nothing.
    pub every: Option<At<Span>>,
    /// Times of day.
    pub at: Option<At<OneOrMany<TimeOfDay>>>,
    /// Days of the week, with `at`. Default: all.
    pub on: Option<At<OneOrMany<Day>>>,
    /// A cron expression of six fields, as EventBridge, DLM, and AWS Backup take it: minutes, hours,
    /// day of month, month, day of week (1 is Sunday), year; or of five, as Unix does (0 and 7 are
    /// Sunday).
    pub cron: Option<At<Cron>>,
    /// Once, at a moment or a time after the start.
    pub once: Option<At<Moment>>,
    /// Zone of `at`, `on`, and `cron`. Default: the scenario's.
    pub time_zone: Option<At<Zone>>,
    /// Volumes are due at phases of their own, uniform over this time. Default: 0, all together.
    pub phase: Option<At<Span>>,
    /// Start window, as DLM and AWS Backup have. Default: that of the orchestrator that copies (1 h,
    /// 8 h), or none.
    pub window: Option<At<Span>>,
    /// Jitter of the scheduler. Default: `60 s` for snapshots (assumed), none for releases and where
    /// the start window is an orchestrator's.
    pub jitter: Option<At<Span>>,
    /// Whether the snapshots exist already, so that only the copies are due. Default: no.
    pub existing: Option<At<bool>>,
}

/// Where copies go, and by what rule.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyRule {
    /// Destination, or several: Region, Local Zone, or Outpost.
    #[schemars(required)]
    pub to: Option<At<OneOrMany<String>>>,
    /// Completion duration, 15 min to 48 h in steps of 15 min (F1). Default: a standard copy.
    pub completion_duration: Option<At<Span>>,
    /// How long a copy is kept: an age, `forever`, or `{ count = 14 }`. Default: `forever`.
    pub retain: Option<At<Retain>>,
    /// Who asks: a `[[client]]`, or an orchestrator: `dlm`, `aws-backup`, `image-builder`, `packer`,
    /// `terraform`, or `lambda`. Default: a client of the fleet's own.
    pub client: Option<At<String>>,
    /// Rank in a queue by priority: higher first. Default: 0.
    pub priority: Option<At<i32>>,
    /// What the destination holds at the start. Default: the scenario's.
    pub initial: Option<At<Initial>>,
    /// The account that copies, and owns the copies. Default: that of what is copied.
    pub account: Option<At<String>>,
    /// How a copy is asked for that finds no base there: `standard`, or a completion duration.
    /// Default: like the others.
    pub first_copy: Option<At<First>>,
    /// Copies that fail after they were accepted. Default: none.
    pub failures: Option<At<CopyFailures>>,
    /// Where these copies are copied to in turn, once complete (F56).
    pub then: Option<At<Vec<At<CopyRule>>>>,
}

/// Copies that fail.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyFailures {
    /// Share of snapshot copies that fail.
    #[schemars(required)]
    pub share: Option<At<Share>>,
    /// Share of its bytes that a failing copy has moved by then. Default, assumed: any alike.
    pub moment: Option<Spread<Fraction>>,
}

/// An age, `forever`, or a count.
pub type Retain = Either<Keep, RetainCount>;

/// Retention by count.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetainCount {
    /// Newest copies that are kept.
    #[schemars(required, range(min = 1, max = 1_000_000))]
    pub count: Option<At<u32>>,
}

/// What ties a release to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lineage {
    /// Made from it: its copies are incremental.
    Kept,
    /// Made anew: its copies are full.
    Fresh,
}

words! {
    Lineage, "lineage": { "kept" => Lineage::Kept, "fresh" => Lineage::Fresh }
}

/// Images of one place that are released on one schedule and copied by the same rules.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Name, unique among fleets, images, and copies.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Region or Local Zone of the images.
    #[schemars(required)]
    pub location: Option<At<String>>,
    /// The images; or else `inventory`.
    pub family: Option<At<Vec<At<Family>>>>,
    /// The images, from files.
    pub inventory: Option<At<Inventory>>,
    /// Share of the written bytes that changes from one release to the next. Default, assumed:
    /// `25 %/release`.
    pub change: Option<At<PerRelease>>,
    /// Whether copies are made under another key than their sources are under, as when an unencrypted
    /// volume is copied encrypted (P-REKEY). Default: no.
    pub re_encrypt: Option<At<bool>>,
    /// Whether a release is made from the one before. Default: `kept`.
    pub lineage: Option<At<Lineage>>,
    /// When they are released; without jitter where it names none.
    #[schemars(required)]
    pub release: Option<At<Schedule>>,
    /// Where they are copied to.
    #[schemars(required, length(min = 1))]
    pub copy: Option<At<Vec<At<CopyRule>>>>,
    /// The account that owns the images. Default: the one without a name.
    pub account: Option<At<String>>,
    /// Entries that the element stands for, one image each: what an entry says goes before what the
    /// element says. `to` in an entry is that of every copy rule. An entry without a name is called
    /// by the element's and its `location`: `databases-eu-west-1`.
    pub each: Option<At<Vec<Anything>>>,
}

/// An image family with its backing snapshots.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Name, unique within the `[[image]]`.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Backing snapshots.
    #[schemars(required, length(min = 1))]
    pub snapshots: Option<At<Vec<At<FamilySnapshot>>>>,
}

/// A backing snapshot.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilySnapshot {
    /// Provisioned size.
    #[schemars(required)]
    pub size: Option<At<Bytes>>,
    /// Written share of it. Default: `100 %`.
    pub fill: Option<At<Fraction>>,
}

/// A single copy of a snapshot that exists.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// Name, unique among fleets, images, and copies.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Where the snapshot is.
    #[schemars(required)]
    pub from: Option<At<String>>,
    /// Destination.
    #[schemars(required)]
    pub to: Option<At<String>>,
    /// Bytes to move.
    #[schemars(required)]
    pub bytes: Option<At<Bytes>>,
    /// When it is asked for. Default: at the start.
    pub at: Option<At<Moment>>,
    /// Completion duration. Default: a standard copy.
    pub completion_duration: Option<At<Span>>,
    /// Name of the source snapshot, where several copies share one. Default: one of its own.
    pub snapshot: Option<At<String>>,
    /// Who asks: a `[[client]]`, or an orchestrator. Default: a client of its own.
    pub client: Option<At<String>>,
    /// Entries that the element stands for, one copy each: what an entry says goes before what the
    /// element says. An entry without a name is called by the element's and its `to`.
    pub each: Option<At<Vec<Anything>>>,
}
