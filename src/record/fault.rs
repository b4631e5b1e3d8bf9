//! Why a copy ended in error, and why a completion duration was missed, in the provider's words.

use super::Blame;

/// Why a copy that was accepted ended in error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// There is no such source, or the account does not see it (F84).
    SourceNotFound,
    /// The source is not complete (F84).
    SourceNotComplete,
    /// The pre-signed URL is not signed as it should be (F85).
    UrlNotSigned,
    /// The key cannot be used for this (F74).
    KeyInvalid,
    /// The key may not be used (F75).
    KeyNotAccessible,
    /// The source was deleted midway (P-SRC-DELETE `error`).
    SourceDeleted,
    /// It was granted no quota (P-AMI-SPLIT `in-order`).
    NoQuota,
    /// A link on its way was lost (P-LINK-LOSS `error`).
    LinkLost,
    /// The service failed.
    Service,
}

impl Fault {
    /// Every fault, in the order of the variants.
    pub const ALL: [Fault; 9] = [
        Fault::SourceNotFound,
        Fault::SourceNotComplete,
        Fault::UrlNotSigned,
        Fault::KeyInvalid,
        Fault::KeyNotAccessible,
        Fault::SourceDeleted,
        Fault::NoQuota,
        Fault::LinkLost,
        Fault::Service,
    ];

    /// `StateMessage` of the snapshot and `cause` of its event.
    ///
    /// Observed for a source that is not found and a key that is not accessible (F75, F84); the
    /// others are assumed in the same manner.
    pub const fn message(self) -> &'static str {
        match self {
            Fault::SourceNotFound => "Source snapshot ID is not valid",
            Fault::SourceNotComplete => "Source snapshot is not completed",
            Fault::UrlNotSigned => "Presigned URL is not valid",
            Fault::KeyInvalid => "Given key ID is not valid",
            Fault::KeyNotAccessible => "Given key ID is not accessible",
            Fault::SourceDeleted => "Source snapshot was deleted",
            Fault::NoQuota => "Snapshot copy throughput quota was exceeded",
            Fault::LinkLost => "Connection to the destination was lost",
            Fault::Service => "Internal error",
        }
    }
}

/// Why a completion duration was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissCause {
    /// More was required than one copy may carry (F3, F14).
    CopyRate,
    /// Less was granted than it needed (F9).
    Quota,
    /// The service was too slow (F43).
    Service,
}

impl MissCause {
    /// Every reason, in the order of the variants.
    pub const ALL: [MissCause; 3] = [MissCause::CopyRate, MissCause::Quota, MissCause::Service];

    /// Its word in columns: `copy_rate`, `quota`, or `service`.
    pub const fn name(self) -> &'static str {
        match self {
            MissCause::CopyRate => "copy_rate",
            MissCause::Quota => "quota",
            MissCause::Service => "service",
        }
    }

    /// `missedCompletionDurationCause` of an event.
    ///
    /// The first is the one that the guide shows (F35); the others are assumed in the same manner.
    pub const fn message(self) -> &'static str {
        match self {
            MissCause::CopyRate => {
                "Snapshot copy was not able to meet the specified completion duration because your \
                 snapshot copy operation throughput quota was exceeded."
            }
            MissCause::Quota => {
                "Snapshot copy was not able to meet the specified completion duration because your \
                 cumulative snapshot copy throughput quota was exceeded."
            }
            MissCause::Service => {
                "Snapshot copy was not able to meet the specified completion duration because of \
                 an internal error."
            }
        }
    }

    /// Who is to blame for it (F42, F43).
    pub const fn blame(self) -> Blame {
        match self {
            MissCause::CopyRate | MissCause::Quota => Blame::Customer,
            MissCause::Service => Blame::Service,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_fault_and_each_miss_has_words_of_its_own() {
        let faults: BTreeSet<&str> = Fault::ALL.into_iter().map(Fault::message).collect();
        assert_eq!(faults.len(), Fault::ALL.len());
        let misses: BTreeSet<&str> = MissCause::ALL.into_iter().map(MissCause::message).collect();
        assert_eq!(misses.len(), MissCause::ALL.len());
    }
}
