//! Where the time of a copy goes: every nanosecond between due and end belongs to one cause.

use serde::{Deserialize, Serialize};

/// What a copy waits for, or what sets its rate while it transfers, in order of life.
///
/// While a copy transfers, the first that applies is its cause: a grant below the required rate
/// comes before the cap of one copy, and so on down to `Paced`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// The snapshot is being made.
    Snapshot,
    /// Start window and jitter of the schedule.
    Window,
    /// Asleep after `RequestLimitExceeded`.
    Throttled,
    /// Asleep or queued while the slots are full.
    Slot,
    /// Asleep though a slot is free.
    BackOff,
    /// Held by the client's own order or limit.
    ClientQueue,
    /// Behind an earlier time-based copy of the same source.
    SameSource,
    /// Start-up of the copy, before the first byte.
    StartUp,
    /// Transfers at a quota granted below the required rate.
    Quota,
    /// Transfers at the most that one time-based copy may carry, 500 MiB/s.
    OwnCap,
    /// Transfers at the rate of a standard copy.
    StandardCap,
    /// Slowed or stalled by an outage of a link.
    Outage,
    /// Slowed by what other flows leave of a link.
    Link,
    /// Slower only because it need not be faster.
    Paced,
}

impl Cause {
    /// Every cause, in order of life.
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

    /// The cause's word in columns and messages.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The list and the order of the enum are written twice; they must not part.
    #[test]
    fn all_causes_stand_in_order_of_life() {
        assert!(Cause::ALL.is_sorted());
        assert!(Cause::ALL.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
