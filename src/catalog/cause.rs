//! What a copy's time goes into.

/// What a copy's time goes into: every nanosecond between due and end belongs to one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The snapshot is being made.
    Snapshot,
    /// Start window and jitter of the schedule.
    Window,
    /// Asleep after `RequestLimitExceeded`.
    Throttled,
    /// Asleep or queued while slots are full.
    Slot,
    /// Asleep though a slot is free.
    BackOff,
    /// Held by the client's own order or limit.
    ClientQueue,
    /// Waiting for its turn behind an earlier time-based copy of the same source.
    SameSource,
    /// Starting up.
    StartUp,
    /// Quota is short.
    Quota,
    /// At the most that one time-based copy may carry.
    OwnCap,
    /// At the rate of a standard copy.
    StandardCap,
    /// Stalled by a link without capacity.
    Outage,
    /// Slowed by a full link.
    Link,
    /// Slower only because it need not be faster.
    Paced,
}

impl Cause {
    /// All causes in order of a copy's life.
    pub const ALL: [Cause; 14] = [
        Cause::Snapshot,
        Cause::Window,
        Cause::Throttled,
        Cause::Slot,
        Cause::BackOff,
        Cause::ClientQueue,
        Cause::SameSource,
        Cause::StartUp,
        Cause::Quota,
        Cause::OwnCap,
        Cause::StandardCap,
        Cause::Outage,
        Cause::Link,
        Cause::Paced,
    ];

    /// The word in columns and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::Snapshot => "snapshot",
            Cause::Window => "window",
            Cause::Throttled => "throttled",
            Cause::Slot => "slot",
            Cause::BackOff => "backoff",
            Cause::ClientQueue => "client_queue",
            Cause::SameSource => "same_source",
            Cause::StartUp => "start_up",
            Cause::Quota => "quota",
            Cause::OwnCap => "own_cap",
            Cause::StandardCap => "standard_cap",
            Cause::Outage => "outage",
            Cause::Link => "link",
            Cause::Paced => "paced",
        }
    }
}
