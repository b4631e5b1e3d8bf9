//! What is asked of the provider, and what it answers.

use crate::catalog::ErrorCode;
use crate::model::change::SourceSnapshot;
use crate::model::{CopyFailures, Retention};
use crate::rng::NameHash;
use crate::units::{Bytes, Span};

/// A source snapshot with the lineage of its volume at the destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Source {
    /// The snapshot.
    pub snapshot: SourceSnapshot,
    /// Number of the lineage, dense, chosen by the caller for each (volume, destination, account).
    pub lineage: usize,
    /// Whether it shares no block with what is there, and is copied in full.
    pub anew: bool,
    /// The key under which the copy is made, by number: copies under one key share blocks (F103).
    /// That of the source is 0.
    pub key: u32,
}

/// Whose a copy is, where, and how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// The account, by index into the model.
    pub account: usize,
    /// The route by which it came, by index into the model.
    pub route: usize,
    /// How long it is kept.
    pub retain: Retention,
    /// The shelf on which its bytes are counted, by a dense number that the caller chooses.
    pub shelf: usize,
}

/// What is asked: CopySnapshot of one source, or CopyImage of all backing snapshots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CopyRequest<'a> {
    /// Stable name: its draws are keyed by it.
    pub name: NameHash,
    /// What the caller calls it; comes back in notices.
    pub tag: u64,
    /// One source, or the backing snapshots of an image.
    pub sources: &'a [Source],
    /// Whether this is CopyImage.
    pub image: bool,
    /// The account that asks, by index into the model: its limits count, and the copy is its own.
    pub account: usize,
    /// The route, by index into the model.
    pub route: usize,
    /// Completion duration; none for a standard copy.
    pub duration: Option<Span>,
    /// How long the copy is kept.
    pub retain: Retention,
    /// The shelf on which its bytes are counted while it is kept, by a dense number that the caller
    /// chooses.
    pub shelf: usize,
    /// Whether, and when, such copies fail.
    pub failures: Option<&'a CopyFailures>,
}

/// What an accepted request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// Bytes to move, all snapshots.
    pub bytes: Bytes,
    /// Quota needed, capped per copy; zero for a standard copy.
    pub need: u64,
    /// Quota granted; zero for a standard copy.
    pub granted: u64,
}

/// Which limit a refused request ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// No API token was left.
    Throttled,
    /// All slots were taken.
    Slots,
    /// No quota was left.
    Quota,
    /// The Region is in trouble.
    Unavailable,
    /// As many snapshots are kept in the Region as may be (F100).
    Snapshots,
}

impl Why {
    /// How many there are.
    pub const N: usize = 5;
}

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The API's code.
    pub code: ErrorCode,
    /// The limit behind it.
    pub why: Why,
}

/// What the provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The copy is pending.
    Accepted(Acceptance),
    /// There is no copy.
    Refused(Refusal),
}
