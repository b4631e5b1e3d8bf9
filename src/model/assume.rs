//! Switches for what the provider does not say: one key each under `[assume]`, one line each in
//! the ledger of assumptions, each an axis of a sweep.

use crate::catalog::ErrorCode;
use crate::rng::Distribution;
use crate::units::{Rate, Span};

mod policy;
mod ledger;
mod range;

pub use ledger::SWITCHES;
pub use policy::{
    AmiSplit, BillRound, CancelSnaps, CatchUp, Clock, Counting, IncrementalBase, LinkLoss, Pace,
    Progress, QuotaScope, Rekey, Residual, SameSource, SourceDelete, TierRule,
};
pub use range::Range;

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
