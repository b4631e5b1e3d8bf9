//! Switches for what the provider does not say: one key each under `[assume]`, one line each in
//! the ledger of assumptions, each an axis of a sweep.

use crate::catalog::ErrorCode;
use crate::rng::Distribution;
use crate::units::{Rate, Span};

mod range;

pub use range::Range;

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

/// What is assumed where the provider is silent.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch with a key of its own")]
pub struct Assumptions {
    /// P-CLOCK.
    pub clock: Clock,
    /// P-TB-PACE.
    pub pace: Pace,
    /// P-TB-SLOTS.
    pub time_based_slots: Counting,
    /// P-COUNT-AMI-SNAPS.
    pub image_snapshot_slots: Counting,
    /// P-DEST-COUNT: whether a Local Zone or Outpost shares the slots of its parent Region.
    pub edge_shares_parent_slots: bool,
    /// P-SAME-SOURCE.
    pub same_source: SameSource,
    /// P-RESIDUAL.
    pub residual: Residual,
    /// P-CATCHUP.
    pub catch_up: CatchUp,
    /// P-MIN-GRANT: less available quota than this counts as none.
    pub min_grant: Rate,
    /// P-INCR-BASE.
    pub incremental_base: IncrementalBase,
    /// P-REKEY.
    pub rekey: Rekey,
    /// P-EDGE-INCR: whether copies to Local Zones and Outposts are always full.
    pub edge_always_full: bool,
    /// P-TB-SIZE: whether the required rate counts the full size instead of the bytes to move.
    pub quota_by_full_size: bool,
    /// P-CUM-SCOPE.
    pub quota_scope: QuotaScope,
    /// P-AMI-SPLIT.
    pub ami_split: AmiSplit,
    /// P-LINK-LOSS.
    pub link_loss: LinkLoss,
    /// P-TIER.
    pub tier: TierRule,
    /// P-CANCEL-SNAPS.
    pub cancel_snaps: CancelSnaps,
    /// P-SRC-DELETE.
    pub source_delete: SourceDelete,
    /// P-PROGRESS.
    pub progress: Progress,
    /// P-BILL-ROUND.
    pub bill_round: BillRound,
    /// P-CUM-ZERO-CODE.
    pub quota_code: ErrorCode,
    /// P-MISS-BLAME: whether a missed deadline is always the service's.
    pub blame_service: bool,
    /// P-OVERHEAD: start-up of a copy, seconds.
    pub overhead: Distribution,
    /// P-STD-RATE: rate of a standard copy, bytes per second.
    pub standard_rate: Distribution,
    /// P-SNAPSHOT: time that a snapshot takes besides its delta.
    pub snapshot_fixed: Span,
    /// P-SNAPSHOT: rate at which it takes its delta.
    pub snapshot_rate: Rate,
    /// P-LZ-RATE: capacity of a Local Zone's link each way.
    pub local_zone_rate: Rate,
    /// P-SL-SHARE: usable share of a service link, 0 to 1.
    pub service_link_share: f64,
}

/// One switch, by index into [`SWITCHES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "SWITCHES describes each")]
pub enum Switch {
    Clock,
    TbPace,
    TbSlots,
    SameSource,
    Residual,
    CatchUp,
    MinGrant,
    IncrBase,
    Rekey,
    EdgeIncr,
    TbSize,
    CumScope,
    AmiSplit,
    CountAmiSnaps,
    DestCount,
    LinkLoss,
    Tier,
    MissBlame,
    BillRound,
    Overhead,
    StdRate,
    Snapshot,
    LzRate,
    SlShare,
    CancelSnaps,
    SrcDelete,
    Progress,
    RouteCode,
    EdgeDurationCode,
    QuotaCode,
    ZonePairs,
    ZoneSelf,
    Exclusive,
    ZoneEncryption,
    ImageKey,
    TokenZones,
    TokenLife,
    TokenLength,
    NoRegion,
    KeyNeeds,
    KeyCheck,
    UrlCheck,
    ImageSource,
}

/// What the ledger says of a switch.
#[derive(Debug, Clone, Copy)]
pub struct SwitchInfo {
    /// The switch.
    pub switch: Switch,
    /// Its key under `[assume]`.
    pub key: &'static str,
    /// What is assumed by default, as the scenario writes it.
    pub default: &'static str,
    /// What else may be written there.
    pub alternatives: &'static [&'static str],
    /// What a run tries in its place to see whether the verdict turns; written as in a scenario.
    pub flips: &'static [&'static str],
    /// What it decides, in a few words.
    pub about: &'static str,
    /// Facts that are silent about it.
    pub facts: &'static str,
}

/// All switches, in the order of [`Switch`].
pub const SWITCHES: &[SwitchInfo] = &[
    SwitchInfo {
        switch: Switch::Clock,
        key: "P-CLOCK",
        default: "transfer",
        alternatives: &["transfer", "accept"],
        flips: &["accept"],
        about: "from when the completion duration counts",
        facts: "F22",
    },
    SwitchInfo {
        switch: Switch::TbPace,
        key: "P-TB-PACE",
        default: "exact",
        alternatives: &["exact", "early"],
        flips: &["early"],
        about: "how fast a time-based copy runs, and so how long it holds its slot",
        facts: "F28, F29",
    },
    SwitchInfo {
        switch: Switch::TbSlots,
        key: "P-TB-SLOTS",
        default: "counted",
        alternatives: &["counted", "free"],
        flips: &["free"],
        about: "whether a time-based copy takes one of the slots",
        facts: "F93",
    },
    SwitchInfo {
        switch: Switch::SameSource,
        key: "P-SAME-SOURCE",
        default: "same-destination",
        alternatives: &["same-destination", "any-destination", "clock-only"],
        flips: &["any-destination", "clock-only"],
        about: "what two time-based copies of one source snapshot do",
        facts: "F21",
    },
    SwitchInfo {
        switch: Switch::Residual,
        key: "P-RESIDUAL",
        default: "static",
        alternatives: &["static", "grow"],
        flips: &["grow"],
        about: "whether a copy granted less than it needs takes freed quota later",
        facts: "F12",
    },
    SwitchInfo {
        switch: Switch::CatchUp,
        key: "P-CATCHUP",
        default: "borrow",
        alternatives: &["borrow", "none"],
        flips: &["none"],
        about: "whether a copy that fell behind borrows unreserved quota",
        facts: "F7, F29",
    },
    SwitchInfo {
        switch: Switch::MinGrant,
        key: "P-MIN-GRANT",
        default: "1 MiB/s",
        alternatives: &["any rate"],
        flips: &["20 MiB/s"],
        about: "the least available quota that is still granted",
        facts: "F9, F10",
    },
    SwitchInfo {
        switch: Switch::IncrBase,
        key: "P-INCR-BASE",
        default: "completed",
        alternatives: &["completed", "accepted"],
        flips: &["accepted"],
        about: "what can be the base of an incremental copy",
        facts: "F103, F105",
    },
    SwitchInfo {
        switch: Switch::Rekey,
        key: "P-REKEY",
        default: "first",
        alternatives: &["first", "while-mixed", "always"],
        flips: &["while-mixed", "always"],
        about: "which copies are full after a change of key",
        facts: "F103, F104",
    },
    SwitchInfo {
        switch: Switch::EdgeIncr,
        key: "P-EDGE-INCR",
        default: "incremental",
        alternatives: &["incremental", "full"],
        flips: &["full"],
        about: "whether copies to Local Zones and Outposts can be incremental",
        facts: "F108",
    },
    SwitchInfo {
        switch: Switch::TbSize,
        key: "P-TB-SIZE",
        default: "moved",
        alternatives: &["moved", "full"],
        flips: &["full"],
        about: "the size that the required rate is made of",
        facts: "F7, F16, F27",
    },
    SwitchInfo {
        switch: Switch::CumScope,
        key: "P-CUM-SCOPE",
        default: "pair",
        alternatives: &["pair", "destination"],
        flips: &["destination"],
        about: "what the throughput quota is counted over",
        facts: "F5",
    },
    SwitchInfo {
        switch: Switch::AmiSplit,
        key: "P-AMI-SPLIT",
        default: "proportional",
        alternatives: &["proportional", "in-order"],
        flips: &["in-order"],
        about: "how an image's short grant is divided among its snapshots",
        facts: "F19",
    },
    SwitchInfo {
        switch: Switch::CountAmiSnaps,
        key: "P-COUNT-AMI-SNAPS",
        default: "free",
        alternatives: &["free", "counted"],
        flips: &["counted"],
        about: "whether the snapshots of image copies take snapshot slots",
        facts: "F97",
    },
    SwitchInfo {
        switch: Switch::DestCount,
        key: "P-DEST-COUNT",
        default: "own",
        alternatives: &["own", "parent"],
        flips: &["parent"],
        about: "whether a Local Zone or Outpost has slots of its own",
        facts: "F98",
    },
    SwitchInfo {
        switch: Switch::LinkLoss,
        key: "P-LINK-LOSS",
        default: "resume",
        alternatives: &["resume", "restart", "error"],
        flips: &["restart", "error"],
        about: "what an outage does to the copies on the link",
        facts: "F116–F119",
    },
    SwitchInfo {
        switch: Switch::Tier,
        key: "P-TIER",
        default: "time-based-first",
        alternatives: &["time-based-first", "shared"],
        flips: &["shared"],
        about: "who is served first on links that the scenario gave a capacity",
        facts: "F6",
    },
    SwitchInfo {
        switch: Switch::MissBlame,
        key: "P-MISS-BLAME",
        default: "by-grant",
        alternatives: &["by-grant", "service"],
        flips: &[],
        about: "who is to blame for a missed duration, and so the surcharge",
        facts: "F42, F43",
    },
    SwitchInfo {
        switch: Switch::BillRound,
        key: "P-BILL-ROUND",
        default: "up",
        alternatives: &["up", "down"],
        flips: &[],
        about: "the price tier of an actual duration between two steps",
        facts: "F45",
    },
    SwitchInfo {
        switch: Switch::Overhead,
        key: "P-OVERHEAD",
        default: "{ uniform = { low = \"2 s\", high = \"30 s\" } }",
        alternatives: &["any distribution of times"],
        flips: &["60 s"],
        about: "start-up of a copy",
        facts: "F113",
    },
    SwitchInfo {
        switch: Switch::StdRate,
        key: "P-STD-RATE",
        default: "{ lognormal = { median = \"100 MiB/s\", sigma = 0.715 } }",
        alternatives: &["any distribution of rates"],
        flips: &[
            "{ lognormal = { median = \"50 MiB/s\", sigma = 0.715 } }",
            "{ lognormal = { median = \"200 MiB/s\", sigma = 0.715 } }",
        ],
        about: "rate of a standard copy: nobody has published it",
        facts: "F112–F114",
    },
    SwitchInfo {
        switch: Switch::Snapshot,
        key: "P-SNAPSHOT",
        default: "{ fixed = \"42 s\", rate = \"50 MiB/s\" }",
        alternatives: &["any time and rate"],
        flips: &[
            "{ fixed = \"42 s\", rate = \"25 MiB/s\" }",
            "{ fixed = \"42 s\", rate = \"100 MiB/s\" }",
        ],
        about: "how long a snapshot takes before it can be copied",
        facts: "F84, observed copies",
    },
    SwitchInfo {
        switch: Switch::LzRate,
        key: "P-LZ-RATE",
        default: "10 Gbit/s",
        alternatives: &["any rate"],
        flips: &["2 Gbit/s"],
        about: "capacity between a Local Zone and its parent Region, each way",
        facts: "F133",
    },
    SwitchInfo {
        switch: Switch::SlShare,
        key: "P-SL-SHARE",
        default: "80 %",
        alternatives: &["any share"],
        flips: &["50 %"],
        about: "usable share of an Outpost's service link",
        facts: "F118",
    },
    SwitchInfo {
        switch: Switch::CancelSnaps,
        key: "P-CANCEL-SNAPS",
        default: "cancelled",
        alternatives: &["cancelled", "continue"],
        flips: &["continue"],
        about: "what becomes of the snapshots of a pending image that is deregistered",
        facts: "F89, F90",
    },
    SwitchInfo {
        switch: Switch::SrcDelete,
        key: "P-SRC-DELETE",
        default: "continue",
        alternatives: &["continue", "error"],
        flips: &["error"],
        about: "what the deletion of a source does to its copies under way",
        facts: "F92",
    },
    SwitchInfo {
        switch: Switch::Progress,
        key: "P-PROGRESS",
        default: "percent",
        alternatives: &["percent", "tens"],
        flips: &[],
        about: "how finely the progress of a copy is told",
        facts: "F33",
    },
    SwitchInfo {
        switch: Switch::RouteCode,
        key: "P-ROUTE-CODE",
        default: "UnsupportedOperation",
        alternatives: &["UnsupportedOperation", "InvalidParameterCombination"],
        flips: &[],
        about: "code of a route that does not exist, or of a request to the wrong Region",
        facts: "F57, F152",
    },
    SwitchInfo {
        switch: Switch::EdgeDurationCode,
        key: "P-TB-EDGE-CODE",
        default: "InvalidParameterCombination",
        alternatives: &["UnsupportedOperation", "InvalidParameterCombination"],
        flips: &[],
        about: "code of a completion duration at a Local Zone or an Outpost",
        facts: "F24, F25",
    },
    SwitchInfo {
        switch: Switch::QuotaCode,
        key: "P-CUM-ZERO-CODE",
        default: "ResourceLimitExceeded",
        alternatives: &["ResourceLimitExceeded", "RequestLimitExceeded", "InvalidParameterValue"],
        flips: &[],
        about: "code of a request that meets no quota",
        facts: "F10, F11",
    },
    SwitchInfo {
        switch: Switch::ZonePairs,
        key: "P-LZLZ",
        default: "same-group",
        alternatives: &["same-group", "same-parent"],
        flips: &["same-parent"],
        about: "between which Local Zones images are copied",
        facts: "F51, F55",
    },
    SwitchInfo {
        switch: Switch::ZoneSelf,
        key: "P-LZ-SELF",
        default: "allowed",
        alternatives: &["allowed", "not-for-images"],
        flips: &["not-for-images"],
        about: "whether images are copied within one Local Zone",
        facts: "F51, F55",
    },
    SwitchInfo {
        switch: Switch::Exclusive,
        key: "P-DEST-EXCL",
        default: "refused",
        alternatives: &["refused", "lax"],
        flips: &["lax"],
        about: "whether CopySnapshot takes a zone and an Outpost at once",
        facts: "F61",
    },
    SwitchInfo {
        switch: Switch::ZoneEncryption,
        key: "P-LZ-ENC",
        default: "flagged",
        alternatives: &["flagged", "all"],
        flips: &["all"],
        about: "which Local Zones encrypt whatever arrives",
        facts: "F72",
    },
    SwitchInfo {
        switch: Switch::ImageKey,
        key: "P-AMI-KEY",
        default: "own-inside",
        alternatives: &["own-inside", "default"],
        flips: &["default"],
        about: "the key of an encrypted image that is copied without naming one",
        facts: "F69",
    },
    SwitchInfo {
        switch: Switch::TokenZones,
        key: "P-TOKEN-AZ",
        default: "excluded",
        alternatives: &["excluded", "compared"],
        flips: &["compared"],
        about: "whether a token may come again with another zone",
        facts: "F77",
    },
    SwitchInfo {
        switch: Switch::TokenLife,
        key: "P-TOKEN-TTL",
        default: "24 h",
        alternatives: &["any time"],
        flips: &[],
        about: "for how long a token is remembered",
        facts: "F78",
    },
    SwitchInfo {
        switch: Switch::TokenLength,
        key: "P-TOKEN-LENGTH",
        default: "64",
        alternatives: &["any number"],
        flips: &[],
        about: "most characters of a token",
        facts: "F76",
    },
    SwitchInfo {
        switch: Switch::NoRegion,
        key: "P-NO-REGION",
        default: "MissingParameter",
        alternatives: &["MissingParameter", "InternalError"],
        flips: &[],
        about: "the answer to a request without `SourceRegion`",
        facts: "F83, F136",
    },
    SwitchInfo {
        switch: Switch::KeyNeeds,
        key: "P-KEY-NEEDS",
        default: "parameter",
        alternatives: &["parameter", "outcome"],
        flips: &["outcome"],
        about: "what `KmsKeyId` needs",
        facts: "F70",
    },
    SwitchInfo {
        switch: Switch::KeyCheck,
        key: "P-KEY-CHECK",
        default: "at-once",
        alternatives: &["at-once", "later"],
        flips: &["later"],
        about: "when a key is found to be of no use",
        facts: "F74, F75",
    },
    SwitchInfo {
        switch: Switch::UrlCheck,
        key: "P-URL-CHECK",
        default: "ignored",
        alternatives: &["ignored", "later"],
        flips: &["later"],
        about: "what becomes of a pre-signed URL without a signature",
        facts: "F85",
    },
    SwitchInfo {
        switch: Switch::ImageSource,
        key: "P-IMAGE-SOURCE",
        default: "at-once",
        alternatives: &["at-once", "later"],
        flips: &["later"],
        about: "when an image that cannot be copied is found out",
        facts: "F84, F141",
    },
];

impl Switch {
    /// Those that decide how requests are judged that a scenario writes out, as a mask.
    pub const JUDGING: u64 =
        (1 << (Switch::ImageSource as u32 + 1)) - (1 << Switch::RouteCode as u32);

    /// What the ledger says of it.
    pub fn info(self) -> &'static SwitchInfo {
        SWITCHES.iter().find(|info| info.switch == self).expect("each switch has its line")
    }

    /// Its bit in a [`u64`] of touched switches.
    pub const fn bit(self) -> u64 {
        1 << (self as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_stand_in_their_own_order_and_fit_a_mask() {
        for (place, info) in SWITCHES.iter().enumerate() {
            assert_eq!(place, info.switch as usize, "{}", info.key);
            assert!(place < 64);
        }
    }
}
