//! Who asks for copies, and what they do where the answer is no.

use super::Orchestrator;
use crate::units::Span;

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

/// What a client does when its patience with an accepted copy is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterTimeout {
    /// It reports a failure and goes away; the copy goes on.
    GiveUp,
    /// It asks for another copy of the same snapshot, and the first one goes on: CopySnapshot has no
    /// token that would make the two one (F79).
    CopyAgain,
    /// It rests for its back-off, and then does the same, whether the first one has arrived by then
    /// or not: it does not look.
    RestAndCopyAgain,
}

/// How long a client waits for a copy that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiter {
    /// How long.
    pub timeout: Span,
    /// What it does then.
    pub then: AfterTimeout,
}

/// Who asks for copies, by what rules. Fleets without a named client have one each of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// Whose manners it has; none: its own.
    pub orchestrator: Option<Orchestrator>,
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
    /// Requests for one snapshot at one destination before it gives up, those for copies that are
    /// made again among them; none: never.
    pub max_attempts: Option<u32>,
    /// What it does where quota is short.
    pub on_quota_short: OnQuotaShort,
    /// What it does where two of one item meet.
    pub overlap: Overlap,
    /// Copies that may wait per destination; more are counted as overflow and dropped.
    pub max_waiting: u32,
    /// How long it waits for an accepted snapshot copy; none: for as long as it takes.
    pub waiter: Option<Waiter>,
    /// How long it waits for an accepted image; none: for as long as it takes.
    pub image_waiter: Option<Waiter>,
    /// Copies that it makes of one snapshot at most, the first one among them, after failures and
    /// timeouts; none: as many as it takes.
    pub max_copies: Option<u32>,
}

impl Client {
    /// The client that a fleet has where it names none: retries for ever, from 30 s, doubling, up
    /// to 15 min, full jitter; takes what quota there is; a newer snapshot replaces a waiting one.
    pub fn default_of(fleet: &str) -> Client {
        Client {
            name: fleet.to_owned(),
            orchestrator: None,
            policy: ClientPolicy::Retry,
            backoff_first: Span::from_secs(30),
            backoff_factor: 2.0,
            backoff_max: Span::from_mins(15),
            jitter: Jitter::Full,
            max_attempts: None,
            on_quota_short: OnQuotaShort::Take,
            overlap: Overlap::ReplaceQueued,
            max_waiting: 100_000,
            waiter: None,
            image_waiter: None,
            max_copies: None,
        }
    }

    /// How long it waits for an accepted copy, of an image or of a snapshot.
    pub fn waiter_for(&self, images: bool) -> Option<Waiter> {
        if images { self.image_waiter } else { self.waiter }
    }
}
