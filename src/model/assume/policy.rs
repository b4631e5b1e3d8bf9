//! What the provider may do where it does not say: an enum for each choice.

/// P-CLOCK: from when the completion duration counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// From the end of start-up.
    Transfer,
    /// From acceptance.
    Accept,
}

/// P-TB-PACE: how fast a time-based copy runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// At bytes / duration, so that it ends at its deadline.
    Exact,
    /// At up to the cap of one copy; the reservation stays bytes / duration.
    Early,
}

/// P-TB-SLOTS, P-COUNT-AMI-SNAPS: whether something takes one of the slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// It does.
    Counted,
    /// It does not.
    Free,
}

/// P-SAME-SOURCE: what two time-based copies of one source snapshot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSource {
    /// Transfers to one destination take turns.
    SameDestination,
    /// Transfers take turns whatever the destination.
    AnyDestination,
    /// Transfers run at once; the deadline of the later one is the end of the earlier one plus its
    /// duration.
    ClockOnly,
}

/// P-RESIDUAL: what becomes of a copy that was granted less than it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// It stays at its grant.
    Static,
    /// It takes freed quota, up to the rate it first needed, in order of acceptance.
    Grow,
}

/// P-CATCHUP: what a copy granted in full does when it fell behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// It borrows unreserved quota, earliest deadline first.
    Borrow,
    /// Nothing.
    None,
}

/// P-INCR-BASE: what can be the base of an incremental copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncrementalBase {
    /// The newest copy that is completed when this one is accepted.
    Completed,
    /// The newest copy that was accepted before.
    Accepted,
}

/// P-REKEY: what is full when copies are made under another key than their source, or than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rekey {
    /// The first copy under the new key.
    First,
    /// Every copy, as long as one under another key stands at the destination.
    WhileMixed,
    /// Every copy.
    Always,
}

/// P-LINK-LOSS: what an outage of a link does to the copies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkLoss {
    /// They stall and resume.
    Resume,
    /// They start again from the first byte when the link is back.
    Restart,
    /// They end in error.
    Error,
}

/// P-TIER: who is served first on links that the scenario gave a capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierRule {
    /// Time-based copies.
    TimeBasedFirst,
    /// Nobody.
    Shared,
}

/// P-CUM-SCOPE: what the throughput quota is counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaScope {
    /// A pair of source and destination Region.
    Pair,
    /// A destination Region.
    Destination,
}

/// P-AMI-SPLIT: how an image's short grant is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmiSplit {
    /// In proportion to what each snapshot needs, by largest remainder.
    Proportional,
    /// Earlier snapshots first; one that meets zero fails, and the image with it.
    InOrder,
}

/// P-BILL-ROUND: the price tier of an actual duration between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillRound {
    /// Of the next step of 15 minutes up.
    Up,
    /// Of the step below.
    Down,
}

/// P-CANCEL-SNAPS: what becomes of the snapshots of a pending image that is deregistered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelSnaps {
    /// Those under way are cancelled with it.
    Cancelled,
    /// They go on until they are complete.
    Continue,
}

/// P-SRC-DELETE: what the deletion of a source does to the copies of it that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceDelete {
    /// Nothing: its data stay until they end.
    Continue,
    /// They end in error.
    Error,
}

/// P-PROGRESS: how finely `Progress` tells what has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// In whole percent, rounded down.
    Percent,
    /// In steps of ten percent, rounded down.
    Tens,
}
