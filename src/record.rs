//! Rows that a run writes, the sink that takes them, and the one table of columns.
//!
//! Times in `_utc` columns are RFC 3339 with nine decimals; spans in `_s` columns are seconds with
//! nine decimals, both exact. An empty field means that there is nothing to say.

mod id;
mod fault;
mod full;
mod stretch;
mod event;
mod column;
pub mod measure;
mod write;

pub use column::{Column, Kind, TABLES, Table, columns_markdown, table};
pub(crate) use event::shown;
pub use event::{EventKind, EventRecord, EventResult};
pub use fault::{Fault, MissCause};
pub use full::WhyFull;
pub use id::{AccountNumber, EventId, ImageId, SnapshotId};
pub use stretch::{Stretch, Trail};
pub use write::{CsvRows, CsvTable, RowFiles};

use crate::catalog::{Cause, ErrorCode};
use crate::rng::NameHash;
use crate::units::{Bytes, Instant, SignedSpan, Span, index_u64};

/// How a copy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All bytes landed.
    Completed,
    /// It failed after it was accepted.
    Error,
    /// It was cancelled: its target was deleted, or its image deregistered, while it was under way.
    Cancelled,
    /// The client gave up after refusals.
    GivenUp,
    /// A newer snapshot took its place while it waited.
    Replaced,
    /// The one before still waited.
    Skipped,
    /// The client's queue was full.
    Overflow,
    /// There was nothing to copy: its snapshot was not made, or the copy before it in its chain
    /// never arrived.
    NoSource,
    /// Still under way when the run ended.
    Unfinished,
}

impl Outcome {
    /// All outcomes, in order.
    pub const ALL: [Outcome; 9] = [
        Outcome::Completed,
        Outcome::Error,
        Outcome::Cancelled,
        Outcome::GivenUp,
        Outcome::Replaced,
        Outcome::Skipped,
        Outcome::Overflow,
        Outcome::NoSource,
        Outcome::Unfinished,
    ];

    /// The word in the column `outcome`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Completed => "completed",
            Outcome::Error => "error",
            Outcome::Cancelled => "cancelled",
            Outcome::GivenUp => "given_up",
            Outcome::Replaced => "replaced",
            Outcome::Skipped => "skipped",
            Outcome::Overflow => "overflow",
            Outcome::NoSource => "no_source",
            Outcome::Unfinished => "unfinished",
        }
    }
}

/// Who is to blame for a missed completion duration (F42, F43, P-MISS-BLAME).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// A quota of the customer's: granted less than needed, or more asked than one copy may carry.
    Customer,
    /// The service.
    Service,
}

impl Blame {
    /// The word in the column `blame`.
    pub const fn name(self) -> &'static str {
        match self {
            Blame::Customer => "customer",
            Blame::Service => "service",
        }
    }
}

/// Which rule of the provider priced a copy (F41–F46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BillRule {
    /// Completed within its duration: by what was asked (F41).
    Met,
    /// Late by a quota of the customer's: by what it took (F42).
    CustomerMiss,
    /// Late by the service: no surcharge (F43).
    ServiceMiss,
    /// Deleted midway: what had moved, by what was asked (F44).
    Deleted,
    /// Failed: no surcharge (F43).
    Failed,
    /// A standard copy has none, however it ends (F46).
    Standard,
    /// Under way when the run ended: what had moved by then, by what was asked.
    Unfinished,
}

impl BillRule {
    /// The word in the column `billed_by`.
    pub const fn name(self) -> &'static str {
        match self {
            BillRule::Met => "met",
            BillRule::CustomerMiss => "customer_miss",
            BillRule::ServiceMiss => "service_miss",
            BillRule::Deleted => "deleted",
            BillRule::Failed => "failed",
            BillRule::Standard => "standard",
            BillRule::Unfinished => "unfinished",
        }
    }
}

/// One snapshot copy from due to its end. Each field is a column of `copies.csv`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CopyRecord<'a> {
    /// Replication that it belongs to.
    pub replication: u32,
    /// Fleet.
    pub fleet: &'a str,
    /// Volume, or `image/snapshot`.
    pub volume: &'a str,
    /// Number of the snapshot of this volume in this run, from 0.
    pub snapshot: u64,
    /// Copies that were made of it for this destination before this one: after a failure, or because
    /// the client lost patience.
    pub again: u32,
    /// Source.
    pub from: &'a str,
    /// Destination.
    pub to: &'a str,
    /// Account that the copy belongs to.
    pub account: &'a str,
    /// Time-based (or standard).
    pub time_based: bool,
    /// Incremental or full; none where it was never accepted.
    pub incremental: Option<bool>,
    /// Why it was full; none where it was incremental or never accepted.
    pub full_because: Option<WhyFull>,
    /// How it ended.
    pub outcome: Outcome,
    /// The latest refusal.
    pub refusal: Option<ErrorCode>,
    /// Requests that were sent for it.
    pub attempts: u32,
    /// When it was due.
    pub due: Instant,
    /// When its snapshot began: the recovery point.
    pub recovery_point: Option<Instant>,
    /// When it was first asked for.
    pub asked: Option<Instant>,
    /// When it was accepted.
    pub accepted: Option<Instant>,
    /// When its transfer began.
    pub transfer_began: Option<Instant>,
    /// Its deadline by the provider's clock.
    pub deadline: Option<Instant>,
    /// When its last byte landed, or it failed or was dropped.
    pub ended: Option<Instant>,
    /// Bytes to move; none where it was never accepted.
    pub bytes: Option<Bytes>,
    /// Bytes that were moved.
    pub moved: Bytes,
    /// Quota that it needed, whole bytes per second; none for standard copies.
    pub required: Option<u64>,
    /// Quota that it was granted at acceptance.
    pub granted: Option<u64>,
    /// Whether it ended by its deadline; none for standard copies and those that did not end.
    pub met_duration: Option<bool>,
    /// Who is to blame where it did not.
    pub blame: Option<Blame>,
    /// Whether it ended within the tightest copy or batch target that covers it.
    pub on_time: Option<bool>,
    /// Surcharge, whole nano-dollars.
    pub surcharge_nano_usd: u64,
    /// Transfer between Regions, whole nano-dollars.
    pub transfer_nano_usd: u64,
    /// Which rule priced it; none where it was never accepted.
    pub billed_by: Option<BillRule>,
    /// The duration whose tier the surcharge is at; none where there is none.
    pub billed_duration: Option<Span>,
    /// Time by cause; adds up to ended − due.
    pub causes: [Span; Cause::ALL.len()],
}

/// One image copy from due to its end. Each field is a column of `images.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageRecord<'a> {
    /// Replication that it belongs to.
    pub replication: u32,
    /// Fleet.
    pub fleet: &'a str,
    /// Image family.
    pub image: &'a str,
    /// Number of the release in this run, from 0.
    pub release: u64,
    /// Copies that were made of it for this destination before this one.
    pub again: u32,
    /// Source.
    pub from: &'a str,
    /// Destination.
    pub to: &'a str,
    /// Account that the copy belongs to.
    pub account: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// The latest refusal.
    pub refusal: Option<ErrorCode>,
    /// Requests that were sent for it.
    pub attempts: u32,
    /// Backing snapshots.
    pub n_snapshots: u32,
    /// Bytes to move, all snapshots.
    pub bytes: Option<Bytes>,
    /// When it was due.
    pub due: Instant,
    /// When it was accepted.
    pub accepted: Option<Instant>,
    /// When its last snapshot landed, or it failed or was dropped.
    pub ended: Option<Instant>,
    /// Whether all its snapshots met their deadlines.
    pub met_duration: Option<bool>,
    /// Whether it ended within the tightest copy or batch target that covers it.
    pub on_time: Option<bool>,
}

/// The recovery points of one volume at one destination over a run. Each field is a column of
/// `rpo.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct RpoRecord<'a> {
    /// Replication that it belongs to.
    pub replication: u32,
    /// Fleet.
    pub fleet: &'a str,
    /// Volume; empty where the row is about an application.
    pub volume: &'a str,
    /// The application that it belongs to, or that the row is about.
    pub application: Option<&'a str>,
    /// Destination.
    pub to: &'a str,
    /// Recovery points that arrived in the window.
    pub n_points: u64,
    /// Mean age over the time in which there was one.
    pub mean: Option<Span>,
    /// Greatest age.
    pub worst: Option<Span>,
    /// When it was greatest.
    pub worst_at: Option<Instant>,
    /// Time without any recovery point.
    pub without: Span,
    /// Tightest RPO target that covers it.
    pub limit: Option<Span>,
    /// Time in which the age was past that limit, or there was no recovery point.
    pub past_limit: Option<Span>,
    /// Where the greatest age came from that ended because a newer recovery point arrived.
    pub split: Option<AgeSplit>,
}

/// Where the age of a recovery point came from, at the moment in which a newer one took its place:
/// the parts add up to it, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeSplit {
    /// Time between the instants at which the two were due.
    pub interval: Span,
    /// By how much later than due the newer snapshot began than the older one did (start window and
    /// jitter); negative where it began less late.
    pub window: SignedSpan,
    /// Until the newer snapshot was complete.
    pub snapshot: Span,
    /// Until its copy was accepted and had its turn.
    pub waiting: Span,
    /// Start-up and transfer, of all hops.
    pub transfer: Span,
}

impl AgeSplit {
    /// The age that the parts add up to.
    pub fn age(&self) -> Span {
        let others = self.interval + self.snapshot + self.waiting + self.transfer;
        others.plus_signed(self.window)
    }
}

/// How one copy that was due in the window fared against what is promised; not a row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate<'a> {
    /// Fleet.
    pub fleet: &'a str,
    /// `fleet → destination`, as outputs name it.
    pub scope: &'a str,
    /// Volume, image, or request.
    pub item: &'a str,
    /// Number of its snapshot or release in this run, from 0.
    pub number: u64,
    /// Copy rule of the fleet, by index.
    pub rule: usize,
    /// Destination.
    pub to: &'a str,
    /// When it was due.
    pub due: Instant,
    /// When it was there; none where it never was.
    pub completed: Option<Instant>,
    /// Latest completion that is on time, by the tightest target on copies or batches that covers it.
    pub latest: Option<Instant>,
    /// Whether it broke a promise: late, never there, or there only after an RPO limit had passed.
    pub broke: bool,
    /// By how much its end was past what was promised.
    pub late: Span,
}

impl Fate<'_> {
    /// What the wish for this copy is known by in every run.
    pub fn wish(&self) -> NameHash {
        wish(self.fleet, self.item, (self.to, self.rule), self.number)
    }
}

/// What a wish to copy is known by in every run: fleet, volume, image, or request; destination and
/// copy rule by index; number of its snapshot or release.
pub fn wish(fleet: &str, item: &str, (to, rule): (&str, usize), number: u64) -> NameHash {
    NameHash::of(fleet).child(item).child(to).number(index_u64(rule)).number(number)
}

/// Takes rows as soon as they are final.
pub trait Sink {
    /// Takes one row of `copies.csv`.
    fn copy(&mut self, row: &CopyRecord<'_>);
    /// Takes one row of `images.csv`.
    fn image(&mut self, row: &ImageRecord<'_>);
    /// Takes one row of `rpo.csv`.
    fn rpo(&mut self, row: &RpoRecord<'_>);

    /// Whether it takes rows of copies and images: where it does not, none is made up.
    fn takes_rows(&self) -> bool {
        true
    }

    /// Takes what became of a copy that was due in the window, once.
    fn fate(&mut self, _fate: &Fate<'_>) {}

    /// Whether it follows any copy, stretch by stretch.
    fn follows_any(&self) -> bool {
        false
    }

    /// Whether it follows the copy of a wish, by [`wish()`].
    fn follows(&self, _wish: NameHash) -> bool {
        false
    }

    /// Takes a copy that it follows after its fate: the row of the copy by which that was decided,
    /// and where its time went from due to the end. Of an image it is the row of its snapshot that
    /// ended last, with the outcome of the image; or a row of its own where there is none.
    fn followed(&mut self, _wish: NameHash, _row: &CopyRecord<'_>, _trail: &Trail) {}

    /// Whether it takes events: where it does not, none is made up.
    fn takes_events(&self) -> bool {
        false
    }

    /// Takes one row of `events.csv`, in order of time.
    fn event(&mut self, _row: &EventRecord<'_>) {}
}

/// Takes rows and keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRows;

impl Sink for NoRows {
    fn copy(&mut self, _row: &CopyRecord<'_>) {}
    fn image(&mut self, _row: &ImageRecord<'_>) {}
    fn rpo(&mut self, _row: &RpoRecord<'_>) {}

    fn takes_rows(&self) -> bool {
        false
    }
}
