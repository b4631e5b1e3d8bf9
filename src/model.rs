//! The system under study: plain, checked data.
//!
//! `scenario` makes it, `engine` and `drive` read it, nothing checks it again. Indices are dense
//! and valid; quantities are in range; names are unique within their kind.

use crate::catalog::price::Tier;
use crate::units::{Bytes, Instant, Rate, Span, Usd, index_u32};

pub mod change;
pub mod civil;
mod assume;
mod client;
mod cron;
mod days;
mod fleet;
mod incident;
mod lift;
mod link;
mod orchestrator;
mod precision;
mod schedule;
mod target;

pub use assume::{
    AmiSplit, Assumptions, BillRound, CancelSnaps, CatchUp, Clock, Counting, IncrementalBase,
    LinkLoss, Pace, Progress, QuotaScope, Range, Rekey, Residual, SWITCHES, SameSource,
    SourceDelete, Switch, SwitchInfo, TierRule,
};
pub use client::{
    AfterTimeout, Client, ClientPolicy, Jitter, OnQuotaShort, Overlap, QueueOrder, Waiter,
};
pub use cron::Cron;
pub use days::DayRule;
pub use fleet::{
    Applications, CalendarFactor, Change, CopyFailures, CopyRule, DailyChange, FirstCopy, Fleet,
    Image, ImageSnapshot, Initial, Items, Judged, ListedRequest, ListedVolume, RequestedSnapshot,
    Retention, Undone,
};
pub use incident::{Incident, IncidentKind};
pub use lift::Lift;
pub use link::{Failures, Link, LinkOrigin, LinkWindow, ProfileStep, Route, WindowStart};
pub use orchestrator::Orchestrator;
pub use precision::{HalfWidth, Precision, Subject, Wanted};
pub use schedule::{Cycle, Recurrence, Schedule, TimeOfDay, Weekdays};
pub use target::{HoursOfDay, Per, Target, TargetKind};

/// A place that snapshots are copied from or to, by index into [`Model::sites`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteIdx(pub usize);

/// What kind of place a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A Region.
    Region,
    /// A Local Zone of the Region `parent`.
    LocalZone {
        /// Its parent Region.
        parent: SiteIdx,
    },
    /// An Outpost that is associated with the Region `parent`.
    Outpost {
        /// Its parent Region.
        parent: SiteIdx,
    },
}

/// A place that snapshots are copied from or to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name: `eu-west-1`, `us-west-2-lax-1a`, or what the scenario calls an Outpost.
    pub name: String,
    /// What kind of place it is.
    pub place: Place,
}

/// Who owns snapshots or copies: limits are counted per account, and bills are written to accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub limits: Limits,
}

/// What an account may do; each is documented in the catalogue, and can be set in the scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Snapshot copies at once per destination (F93).
    pub snapshot_slots: u32,
    /// Snapshot copies at once, where a destination has a limit of its own.
    pub snapshot_slots_at: Vec<(SiteIdx, u32)>,
    /// Image copies at once per destination Region (F96).
    pub image_slots: u32,
    /// Throughput quota of a pair of Regions, whole bytes per second (F4).
    pub quota: u64,
    /// Quota of pairs (source Region, destination Region) that have one of their own.
    pub quota_of: Vec<((SiteIdx, SiteIdx), u64)>,
    /// Most that one time-based snapshot copy carries, whole bytes per second (F3).
    pub copy_rate: u64,
    /// Token bucket of CopySnapshot: capacity, refill a second (F101).
    pub copy_snapshot_bucket: (u32, u32),
    /// Token bucket of CopyImage: capacity, refill a second (F101).
    pub copy_image_bucket: (u32, u32),
    /// Snapshots that are kept at once in a Region (F100).
    pub snapshots: u64,
}

impl Limits {
    /// Snapshot copies at once to a destination.
    pub fn slots_at(&self, site: SiteIdx) -> u32 {
        let own = self.snapshot_slots_at.iter().find(|(at, _)| *at == site);
        own.map_or(self.snapshot_slots, |(_, slots)| *slots)
    }

    /// Throughput quota from one Region to another, whole bytes per second.
    pub fn quota_between(&self, from: SiteIdx, to: SiteIdx) -> u64 {
        let own = self.quota_of.iter().find(|(pair, _)| *pair == (from, to));
        own.map_or(self.quota, |(_, quota)| *quota)
    }
}

/// A flow-level scenario: flows on links, no control plane.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLevel {
    /// The links, in order of the scenario.
    pub links: Vec<Link>,
    /// The flows, in order of the file.
    pub flows: Vec<FlowSpec>,
}

/// One flow of a flow-level scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowSpec {
    /// Its name in the file.
    pub id: String,
    /// When it arrives, after the start.
    pub arrival: Span,
    /// Its size.
    pub bytes: Bytes,
    /// Links that it crosses, by index into [`FlowLevel::links`].
    pub path: Vec<usize>,
    /// Most that it carries; infinite for no cap.
    pub cap: Rate,
}

/// Prices that the scenario sets; the catalogue's stand where it is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    /// Transfer between Regions per GB, for every pair.
    pub transfer: Option<Usd>,
    /// Transfer of pairs (source Region, destination Region) that have a price of their own.
    pub transfer_of: Vec<((SiteIdx, SiteIdx), Usd)>,
    /// Storage per GB and month, in every Region and Local Zone.
    pub storage: Option<Usd>,
    /// Storage at places that have a price of their own; that of a Region holds in its Local Zones
    /// too, unless they have their own.
    pub storage_at: Vec<(SiteIdx, Usd)>,
    /// Surcharge of time-based copies, shortest duration first, the first at the least duration.
    pub surcharge: Option<Vec<Tier>>,
}

/// The system under study at one design point.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Name of the scenario; its output folder is called so.
    pub name: String,
    /// The question that it answers.
    pub question: String,
    /// Seed of everything that happens in the days.
    pub seed: u64,
    /// Seed of what the fleet is: sizes, fill, change rates per volume.
    pub fleet_seed: u64,
    /// Whether each replication draws a fleet of its own.
    pub resample_fleet: bool,
    /// Number of replications; where `precision` is given, with how many to begin.
    pub replications: u32,
    /// When there are runs enough, where their number is not fixed.
    pub precision: Option<Precision>,
    /// First moment of the run.
    pub start: Instant,
    /// Length of the run from `start`; copies due before its end count.
    pub horizon: Span,
    /// What is left out of all measures from `start` on.
    pub warm_up: Span,
    /// How long the run goes on after the horizon for copies that were due within it.
    pub drain: Span,
    /// Places, Regions before the zones and Outposts that belong to them.
    pub sites: Vec<Site>,
    /// Links with a capacity.
    pub links: Vec<Link>,
    /// Pairs of sites that copies use, with the links that each crosses.
    pub routes: Vec<Route>,
    /// The accounts, at least one; the first is that of all that names none.
    pub accounts: Vec<Account>,
    /// What is assumed where the provider is silent.
    pub assume: Assumptions,
    /// Who asks for copies, by what rules.
    pub clients: Vec<Client>,
    /// What is copied, when, and where to.
    pub fleets: Vec<Fleet>,
    /// What goes wrong, or is changed, at given moments.
    pub incidents: Vec<Incident>,
    /// The user's promises.
    pub targets: Vec<Target>,
    /// Prices of the scenario.
    pub prices: Prices,
    /// Flows on links alone, instead of all of the above.
    pub flow_level: Option<FlowLevel>,
    /// Items that inputs held and the model leaves out, with the reason: `("snapshot pending", 2)`.
    pub left_out: Vec<(String, u64)>,
}

impl Model {
    /// Most replications that there can be.
    pub fn most_replications(&self) -> u32 {
        self.precision.as_ref().map_or(self.replications, |precision| precision.max_replications)
    }

    /// The Region that a site is, or belongs to.
    pub fn region_of(&self, site: SiteIdx) -> SiteIdx {
        match self.sites[site.0].place {
            Place::Region => site,
            Place::LocalZone { parent } | Place::Outpost { parent } => parent,
        }
    }

    /// The name of a site.
    pub fn site_name(&self, site: SiteIdx) -> &str {
        &self.sites[site.0].name
    }

    /// The end of the window in which copies count when due.
    pub fn end(&self) -> Instant {
        self.start + self.horizon
    }

    /// Whether the Region of a place is in trouble at `now`.
    pub fn is_in_trouble(&self, site: SiteIdx, now: Instant) -> bool {
        self.incidents.iter().any(|incident| {
            matches!(incident.kind, IncidentKind::Region(region) if region == self.region_of(site))
                && incident.lasts(now)
        })
    }

    /// Whether snapshots of a fleet are made at `now`.
    pub fn makes_snapshots(&self, fleet: usize, now: Instant) -> bool {
        let stopped = self.incidents.iter().any(|incident| match &incident.kind {
            IncidentKind::NoSnapshots(_) => incident.befalls(fleet) && incident.lasts(now),
            IncidentKind::Region(_) | IncidentKind::NewKey(_) | IncidentKind::Mark => false,
        });
        !stopped && !self.is_in_trouble(self.fleets[fleet].location, now)
    }

    /// The key under which copies of a fleet are made at `now`: how often it was changed from that of
    /// the sources, which is 0.
    pub fn key_of(&self, fleet: usize, now: Instant) -> u32 {
        let changes = self.incidents.iter().filter(|incident| {
            matches!(incident.kind, IncidentKind::NewKey(_))
                && incident.befalls(fleet)
                && incident.at <= now
        });
        self.first_key(fleet) + index_u32(changes.count())
    }

    /// The key of the copies of a fleet that are there when the run starts.
    pub fn first_key(&self, fleet: usize) -> u32 {
        u32::from(self.fleets[fleet].re_encrypts)
    }

    /// Whether recovery points are promised at some destination that holds none when the run starts.
    pub fn starts_empty(&self) -> bool {
        let promised = self.targets.iter().any(|t| matches!(t.kind, TargetKind::Rpo { .. }));
        let volumes = self.fleets.iter().filter(|fleet| fleet.makes_snapshot);
        let mut rules = volumes.flat_map(|fleet| &fleet.copies);
        promised && rules.any(|rule| rule.initial == Initial::Empty)
    }

    /// The account that a copy of an item goes to: items take the accounts of a rule in turn.
    pub fn account_of(&self, fleet: usize, rule: usize, item: usize) -> usize {
        let accounts = &self.fleets[fleet].copies[rule].accounts;
        accounts[item % accounts.len()]
    }

    /// What the account of a copy may do.
    pub fn limits_of(&self, account: usize) -> &Limits {
        &self.accounts[account].limits
    }

    /// `databases → us-west-2`: how outputs name one copy rule of one fleet. Requests are called after
    /// their way already.
    pub fn scope_name(&self, fleet: usize, rule: usize) -> String {
        let fleet = &self.fleets[fleet];
        if fleet.items.are_requests() {
            return fleet.name.clone();
        }
        format!("{} → {}", fleet.name, self.site_name(fleet.copies[rule].to))
    }
}
