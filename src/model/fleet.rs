//! What is copied, when, and where to.

use super::change::ChangeRate;
use super::civil::Day;
use super::{DayRule, Schedule, SiteIdx};
use crate::catalog::ErrorCode;
use crate::record::Fault;
use crate::rng::Distribution;
use crate::units::{Bytes, Instant, Span, index_usize};

/// How volumes change from day to day.
///
/// A copy whose base is u days older has written × (1 − exp(−k u^0.7)) bytes, k from the volume's
/// share per day; u runs faster on days with a factor m, by m^(1/0.7) (design of the model).
#[derive(Debug, Clone, PartialEq)]
pub struct DailyChange {
    /// Share of the written bytes that changes in a median day, drawn once per volume; 0 to 1.
    pub rate: Distribution,
    /// Sigma of a lognormal factor with median 1, per volume and day.
    pub day_to_day: f64,
    /// Sigma of a lognormal factor with median 1 that all volumes of the fleet share, per day.
    pub common: f64,
    /// Factors of days by the calendar; those of one day multiply.
    pub calendar: Vec<CalendarFactor>,
}

/// How much more, or less, changes on some days.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarFactor {
    /// Days of the schedule's time zone: those on which one of these rules holds.
    pub on: Vec<DayRule>,
    /// Times what changes on another day; 0 for nothing.
    pub factor: f64,
}

impl DailyChange {
    /// The product of the calendar's factors of a day; 1 where it has none.
    pub fn calendar_factor(&self, day: Day) -> f64 {
        let applies = |entry: &&CalendarFactor| entry.on.iter().any(|rule| rule.holds(day));
        self.calendar.iter().filter(applies).map(|entry| entry.factor).product()
    }
}

/// How one snapshot of an item differs from the one before.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// By a rate a day.
    Daily(DailyChange),
    /// By this share of the written bytes from one snapshot to the next (releases), 0 to 1.
    PerSnapshot(f64),
    /// Every snapshot starts a lineage of its own: every copy is full.
    Everything,
}

/// A volume that an inventory lists, or the source of an explicit copy.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedVolume {
    /// Volume ID, or another unique name.
    pub name: String,
    /// Bytes of a full copy.
    pub written: Bytes,
    /// How it changes, where the inventory knows it.
    pub daily_change: Option<ChangeRate>,
    /// The source snapshot, where several explicit copies share one: their transfers take turns.
    pub shared_source: Option<String>,
    /// The application that it belongs to, by a name within the fleet.
    pub application: Option<String>,
}

/// One backing snapshot of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSnapshot {
    /// Unique within the image.
    pub name: String,
    /// Bytes of a full copy.
    pub written: Bytes,
}

/// An image that is released again and again under the same family name.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Name of the family.
    pub name: String,
    /// Backing snapshots, at least one.
    pub snapshots: Vec<ImageSnapshot>,
}

/// A snapshot that a request copies.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedSnapshot {
    /// Its id.
    pub id: String,
    /// The volume whose data it holds: copies of one volume to one place are a lineage (F105).
    pub volume: String,
    /// When it began; it may lie before the start of the run.
    pub started: Instant,
    /// Bytes of a full copy.
    pub written: Bytes,
    /// How its volume changes.
    pub change: ChangeRate,
    /// The key that its copy comes out under, by number; 0 where that is the source's, or none.
    pub key: u32,
}

/// What the judge of requests says before slots, quota, and tokens are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// The provider goes on with it.
    Accepted,
    /// It is refused.
    Refused(ErrorCode),
    /// It is accepted, and its copy ends in error.
    Fails(Fault),
}

impl Judged {
    /// Whether the provider's slots, quotas, and tokens hear of it.
    pub const fn is_heard(self) -> bool {
        !matches!(self, Judged::Refused(_))
    }

    /// Why its copy ends in error, if it does.
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Judged::Fails(fault) => Some(fault),
            Judged::Accepted | Judged::Refused(_) => None,
        }
    }
}

/// One request in the API's own words, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedRequest {
    /// How rows name it: the id of its source, and what the request is called. Unique in its fleet.
    pub name: String,
    /// How much later than the fleet's instant it is made.
    pub after: Span,
    /// What becomes of it.
    pub judged: Judged,
    /// What it copies: one snapshot, or those behind an image.
    pub snapshots: Vec<RequestedSnapshot>,
    /// What is done to it or to its source later.
    pub later: Undone,
}

/// What is done to a copy, or to its source, by its owner, by how long after it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undone {
    /// Its target snapshot is deleted, or the image is deregistered (F89).
    pub cancelled: Option<Span>,
    /// Its source is deleted (F92).
    pub source_deleted: Option<Span>,
}

/// What a fleet consists of.
#[derive(Debug, Clone, PartialEq)]
pub enum Items {
    /// Volumes drawn once per fleet seed, named `0001`, `0002`, …
    Drawn {
        /// How many.
        count: u32,
        /// Provisioned size, bytes.
        size: Distribution,
        /// Written share of it, 0 to 1.
        fill: Distribution,
    },
    /// Volumes that are given.
    Listed(Vec<ListedVolume>),
    /// Images, copied by CopyImage.
    Images(Vec<Image>),
    /// Requests, each made once.
    Requests {
        /// Whether they are of CopyImage; else of CopySnapshot.
        images: bool,
        /// The requests.
        requests: Vec<ListedRequest>,
    },
}

impl Items {
    /// How many volumes or images there are.
    pub fn count(&self) -> usize {
        match self {
            Items::Drawn { count, .. } => index_usize(*count),
            Items::Listed(volumes) => volumes.len(),
            Items::Images(images) => images.len(),
            Items::Requests { requests, .. } => requests.len(),
        }
    }

    /// Whether these are images.
    pub fn are_images(&self) -> bool {
        matches!(self, Items::Images(_) | Items::Requests { images: true, .. })
    }

    /// Whether these are requests in the API's own words.
    pub fn are_requests(&self) -> bool {
        matches!(self, Items::Requests { .. })
    }
}

/// How long a copy is kept at the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// For ever.
    Forever,
    /// This long after its completion.
    Age(Span),
    /// Until this many newer ones are completed; at least 1.
    Count(u32),
}

/// What the destination holds when the run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    /// A completed copy of each item, one interval older than the first one due.
    Seeded,
    /// Nothing: the first copy of each item is full.
    Empty,
}

/// How a copy is asked for that finds no base at its destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstCopy {
    /// Like every other copy of its rule.
    Same,
    /// As a standard copy.
    Standard,
    /// With this completion duration.
    Within(Span),
}

/// Copies that fail after they were accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyFailures {
    /// Share of snapshot copies that fail, 0 to 1; of an image, one that fails fails it (F87).
    pub share: f64,
    /// Share of its bytes that a failing copy has moved by then, 0 to 1.
    pub moment: Distribution,
}

/// One destination of a fleet, or of the copies at another destination of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyRule {
    /// The rule whose completed copies are the sources of this one (a chain, F56), by index into
    /// [`Fleet::copies`], less than its own; none where the fleet's own snapshots are.
    pub parent: Option<usize>,
    /// Where from: the place of the fleet, or the destination of the parent.
    pub from: SiteIdx,
    /// Where to.
    pub to: SiteIdx,
    /// The route there, by index into [`super::Model::routes`].
    pub route: usize,
    /// Accounts that the copies go to, at least one, by index into [`super::Model::accounts`]; items
    /// take them in turn.
    pub accounts: Vec<usize>,
    /// Completion duration; none for a standard copy.
    pub completion_duration: Option<Span>,
    /// How a copy without a base is asked for.
    pub first_copy: FirstCopy,
    /// Copies that fail.
    pub failures: Option<CopyFailures>,
    /// How long the copy is kept.
    pub retain: Retention,
    /// Who asks, by index into [`super::Model::clients`].
    pub client: usize,
    /// Rank in a queue by priority: higher first.
    pub priority: i32,
    /// The copy is due this long after the schedule says (explicit copies); usually zero.
    pub delay: Span,
    /// What is there at the start.
    pub initial: Initial,
}

impl CopyRule {
    /// Standard copies of the first account, kept for ever, of which none is there at the start.
    pub fn plain(from: SiteIdx, to: SiteIdx, route: usize, client: usize) -> CopyRule {
        CopyRule {
            parent: None,
            from,
            to,
            route,
            accounts: vec![0],
            completion_duration: None,
            first_copy: FirstCopy::Same,
            failures: None,
            retain: Retention::Forever,
            client,
            priority: 0,
            delay: Span::ZERO,
            initial: Initial::Empty,
        }
    }

    /// Whether the copies of two rules of one fleet are of one lineage: at one place, of one account.
    pub fn shares_lineage(&self, other: &CopyRule) -> bool {
        (self.to, &self.accounts) == (other.to, &other.accounts)
    }
}

/// Which items have to be recovered together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applications {
    /// None: each is for itself.
    None,
    /// Every so many, in order of their names: `fleet/1`, `fleet/2`, …
    Every(u32),
    /// All of the fleet, and of other fleets that name the same application.
    Named(String),
    /// As the inventory says ([`ListedVolume::application`]).
    Listed,
}

/// Items of one place that are snapshot together on one schedule and copied by the same rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    /// Its name.
    pub name: String,
    /// The account that owns its snapshots, by index into [`super::Model::accounts`].
    pub account: usize,
    /// Which of its items have to be recovered together.
    pub applications: Applications,
    /// Where the items are.
    pub location: SiteIdx,
    /// What they are.
    pub items: Items,
    /// How they change.
    pub change: Change,
    /// Whether copies are made under another key than the sources', from the first one on (F104).
    pub re_encrypts: bool,
    /// Growth of the written bytes, as a share a year; 0 for none.
    pub growth_per_year: f64,
    /// When they are due.
    pub schedule: Schedule,
    /// Whether a snapshot has to be made first (P-SNAPSHOT); images and explicit copies exist.
    pub makes_snapshot: bool,
    /// Where they are copied to.
    pub copies: Vec<CopyRule>,
}
