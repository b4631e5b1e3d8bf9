//! What is copied, when, and where to; and who asks.

use super::change::ChangeRate;
use super::civil::Day;
use super::{DayRule, Schedule, SiteIdx};
use crate::rng::Distribution;
use crate::units::{Bytes, Span};

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
    /// The application that it belongs to, where the inventory says.
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
}

impl Items {
    /// How many volumes or images there are.
    pub fn count(&self) -> usize {
        match self {
            Items::Drawn { count, .. } => usize::try_from(*count).expect("u32 fits"),
            Items::Listed(volumes) => volumes.len(),
            Items::Images(images) => images.len(),
        }
    }

    /// Whether these are images.
    pub fn are_images(&self) -> bool {
        matches!(self, Items::Images(_))
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

/// One destination of a fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyRule {
    /// Where to.
    pub to: SiteIdx,
    /// The route there, by index into [`super::Model::routes`].
    pub route: usize,
    /// Completion duration; none for a standard copy.
    pub completion_duration: Option<Span>,
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

/// Items of one place that are snapshot together on one schedule and copied by the same rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    /// Its name.
    pub name: String,
    /// Where the items are.
    pub location: SiteIdx,
    /// What they are.
    pub items: Items,
    /// How they change.
    pub change: Change,
    /// Growth of the written bytes, as a share a year; 0 for none.
    pub growth_per_year: f64,
    /// When they are due.
    pub schedule: Schedule,
    /// Whether a snapshot has to be made first (P-SNAPSHOT); images and explicit copies exist.
    pub makes_snapshot: bool,
    /// Where they are copied to.
    pub copies: Vec<CopyRule>,
}

/// Randomness of a back-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Uniform between zero and the back-off ("full jitter").
    Full,
    /// The back-off itself.
    None,
}

/// Order of a client's own queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueOrder {
    /// First in, first out.
    Fifo,
    /// Earliest deadline first: due plus the tightest target, else plus the interval.
    Edf,
    /// Fewest bytes first.
    Smallest,
    /// Most bytes first.
    Largest,
    /// Highest priority first, then first in, first out.
    Priority,
}

/// What a client does where the API refuses.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientPolicy {
    /// Gives up at the first refusal.
    GiveUp,
    /// Asks again after a back-off: first, first × factor, … up to `max`.
    Retry,
    /// Keeps a queue of its own and never asks beyond the limits that it was told.
    Queue {
        /// Who is next.
        order: QueueOrder,
        /// Copies at once per destination; the limit of the destination where not given.
        limit: Option<u32>,
    },
}

/// What a client does where the available quota is less than the copy needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnQuotaShort {
    /// Takes what there is, late as it will be.
    Take,
    /// Waits until there is enough.
    Hold,
    /// Asks for the least completion duration that the available quota serves.
    Longer,
    /// Sends a standard copy.
    Standard,
}

/// What happens where a snapshot is due while the copy of the one before still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// The newer one takes the place of the waiting one.
    ReplaceQueued,
    /// Both wait.
    Queue,
    /// The newer one is skipped.
    Skip,
}

/// Who asks for copies, by what rules. Fleets without a named client have one each of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// What it does where the API refuses.
    pub policy: ClientPolicy,
    /// First back-off.
    pub backoff_first: Span,
    /// Growth of the back-off from one refusal to the next, at least 1.
    pub backoff_factor: f64,
    /// Longest back-off.
    pub backoff_max: Span,
    /// Randomness of it.
    pub jitter: Jitter,
    /// Attempts before it gives up; none: never.
    pub max_attempts: Option<u32>,
    /// What it does where quota is short.
    pub on_quota_short: OnQuotaShort,
    /// What it does where two of one item meet.
    pub overlap: Overlap,
    /// Copies that may wait per destination; more are counted as overflow and dropped.
    pub max_waiting: u32,
}

impl Client {
    /// The client that a fleet has where it names none: retries for ever, from 30 s, doubling, up
    /// to 15 min, full jitter; takes what quota there is; a newer snapshot replaces a waiting one.
    pub fn default_of(fleet: &str) -> Client {
        Client {
            name: fleet.to_owned(),
            policy: ClientPolicy::Retry,
            backoff_first: Span::from_secs(30),
            backoff_factor: 2.0,
            backoff_max: Span::from_mins(15),
            jitter: Jitter::Full,
            max_attempts: None,
            on_quota_short: OnQuotaShort::Take,
            overlap: Overlap::ReplaceQueued,
            max_waiting: 100_000,
        }
    }
}
