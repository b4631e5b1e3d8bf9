//! The switches under `[assume]`: one key each, with the words of `model::SWITCHES`.
//!
//! Defaults are not written here: what the table of switches says is set before the file is read.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Spread;
use crate::api::{
    EdgeCode, Exclusive, ImageKey, ImageSource, KeyCheck, KeyNeeds, NoRegion, TokenZones, UrlCheck,
    ZoneEncryption, ZonePairs, ZoneSelf,
};
use crate::catalog::ErrorCode;
use crate::model::{
    AmiSplit, BillRound, CancelSnaps, CatchUp, Clock, Counting, IncrementalBase, LinkLoss, Pace,
    Progress, QuotaScope, Rekey, Residual, SameSource, SourceDelete, TierRule,
};
use crate::scenario::spelling::Share;
use crate::scenario::value::{At, words};
use crate::units::{Rate, Span};

/// P-EDGE-INCR: whether copies to Local Zones and Outposts can be incremental.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeAlwaysFull(pub bool);

/// P-TB-SIZE: the size that the required rate is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaByFullSize(pub bool);

/// P-DEST-COUNT: whether a Local Zone or Outpost shares the slots of its parent Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeSharesSlots(pub bool);

/// P-MISS-BLAME: whether a missed duration is always the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlameService(pub bool);

/// P-CUM-ZERO-CODE: the code of a request that meets no quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaCode(pub ErrorCode);

words! {
    Clock, "P-CLOCK": { "transfer" => Clock::Transfer, "accept" => Clock::Accept }
    Pace, "P-TB-PACE": { "exact" => Pace::Exact, "early" => Pace::Early }
    Counting, "counting": { "counted" => Counting::Counted, "free" => Counting::Free }
    SameSource, "P-SAME-SOURCE": {
        "same-destination" => SameSource::SameDestination,
        "any-destination" => SameSource::AnyDestination,
        "clock-only" => SameSource::ClockOnly,
    }
    Residual, "P-RESIDUAL": { "static" => Residual::Static, "grow" => Residual::Grow }
    CatchUp, "P-CATCHUP": { "borrow" => CatchUp::Borrow, "none" => CatchUp::None }
    IncrementalBase, "P-INCR-BASE": {
        "completed" => IncrementalBase::Completed, "accepted" => IncrementalBase::Accepted,
    }
    Rekey, "P-REKEY": {
        "first" => Rekey::First, "while-mixed" => Rekey::WhileMixed, "always" => Rekey::Always,
    }
    EdgeAlwaysFull, "P-EDGE-INCR": {
        "incremental" => EdgeAlwaysFull(false), "full" => EdgeAlwaysFull(true),
    }
    QuotaByFullSize, "P-TB-SIZE": {
        "moved" => QuotaByFullSize(false), "full" => QuotaByFullSize(true),
    }
    QuotaScope, "P-CUM-SCOPE": {
        "pair" => QuotaScope::Pair, "destination" => QuotaScope::Destination,
    }
    AmiSplit, "P-AMI-SPLIT": {
        "proportional" => AmiSplit::Proportional, "in-order" => AmiSplit::InOrder,
    }
    EdgeSharesSlots, "P-DEST-COUNT": {
        "own" => EdgeSharesSlots(false), "parent" => EdgeSharesSlots(true),
    }
    LinkLoss, "P-LINK-LOSS": {
        "resume" => LinkLoss::Resume, "restart" => LinkLoss::Restart, "error" => LinkLoss::Error,
    }
    TierRule, "P-TIER": {
        "time-based-first" => TierRule::TimeBasedFirst, "shared" => TierRule::Shared,
    }
    BlameService, "P-MISS-BLAME": {
        "by-grant" => BlameService(false), "service" => BlameService(true),
    }
    BillRound, "P-BILL-ROUND": { "up" => BillRound::Up, "down" => BillRound::Down }
    CancelSnaps, "P-CANCEL-SNAPS": {
        "cancelled" => CancelSnaps::Cancelled, "continue" => CancelSnaps::Continue,
    }
    SourceDelete, "P-SRC-DELETE": {
        "continue" => SourceDelete::Continue, "error" => SourceDelete::Error,
    }
    Progress, "P-PROGRESS": { "percent" => Progress::Percent, "tens" => Progress::Tens }
    EdgeCode, "code": {
        "UnsupportedOperation" => EdgeCode::UnsupportedOperation,
        "InvalidParameterCombination" => EdgeCode::InvalidParameterCombination,
    }
    QuotaCode, "P-CUM-ZERO-CODE": {
        "ResourceLimitExceeded" => QuotaCode(ErrorCode::ResourceLimitExceeded),
        "RequestLimitExceeded" => QuotaCode(ErrorCode::RequestLimitExceeded),
        "InvalidParameterValue" => QuotaCode(ErrorCode::InvalidParameterValue),
    }
    ZonePairs, "P-LZLZ": {
        "same-group" => ZonePairs::SameGroup, "same-parent" => ZonePairs::SameParent,
    }
    ZoneSelf, "P-LZ-SELF": {
        "allowed" => ZoneSelf::Allowed, "not-for-images" => ZoneSelf::NotForImages,
    }
    Exclusive, "P-DEST-EXCL": { "refused" => Exclusive::Refused, "lax" => Exclusive::Lax }
    ZoneEncryption, "P-LZ-ENC": {
        "flagged" => ZoneEncryption::Flagged, "all" => ZoneEncryption::All,
    }
    ImageKey, "P-AMI-KEY": {
        "own-inside" => ImageKey::OwnInside, "default" => ImageKey::Default,
    }
    TokenZones, "P-TOKEN-AZ": {
        "excluded" => TokenZones::Excluded, "compared" => TokenZones::Compared,
    }
    NoRegion, "P-NO-REGION": {
        "MissingParameter" => NoRegion::Missing, "InternalError" => NoRegion::ServerError,
    }
    KeyNeeds, "P-KEY-NEEDS": {
        "parameter" => KeyNeeds::Parameter, "outcome" => KeyNeeds::Outcome,
    }
    KeyCheck, "P-KEY-CHECK": { "at-once" => KeyCheck::AtOnce, "later" => KeyCheck::Later }
    UrlCheck, "P-URL-CHECK": { "ignored" => UrlCheck::Ignored, "later" => UrlCheck::Later }
    ImageSource, "P-IMAGE-SOURCE": {
        "at-once" => ImageSource::AtOnce, "later" => ImageSource::Later,
    }
}

/// What is assumed where the provider is silent; every switch has a default.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assume {
    /// From when the completion duration counts.
    #[serde(rename = "P-CLOCK")]
    pub clock: Option<At<Clock>>,
    /// How fast a time-based copy runs.
    #[serde(rename = "P-TB-PACE")]
    pub pace: Option<At<Pace>>,
    /// Whether a time-based copy takes one of the slots.
    #[serde(rename = "P-TB-SLOTS")]
    pub time_based_slots: Option<At<Counting>>,
    /// What two time-based copies of one source snapshot do.
    #[serde(rename = "P-SAME-SOURCE")]
    pub same_source: Option<At<SameSource>>,
    /// Whether a copy granted less than it needs takes freed quota later.
    #[serde(rename = "P-RESIDUAL")]
    pub residual: Option<At<Residual>>,
    /// Whether a copy that fell behind borrows unreserved quota.
    #[serde(rename = "P-CATCHUP")]
    pub catch_up: Option<At<CatchUp>>,
    /// The least available quota that is still granted.
    #[serde(rename = "P-MIN-GRANT")]
    pub min_grant: Option<At<Rate>>,
    /// What can be the base of an incremental copy.
    #[serde(rename = "P-INCR-BASE")]
    pub incremental_base: Option<At<IncrementalBase>>,
    /// Which copies are full after a change of key.
    #[serde(rename = "P-REKEY")]
    pub rekey: Option<At<Rekey>>,
    /// Whether copies to Local Zones and Outposts can be incremental.
    #[serde(rename = "P-EDGE-INCR")]
    pub edge_incremental: Option<At<EdgeAlwaysFull>>,
    /// The size that the required rate is made of.
    #[serde(rename = "P-TB-SIZE")]
    pub quota_size: Option<At<QuotaByFullSize>>,
    /// What the throughput quota is counted over.
    #[serde(rename = "P-CUM-SCOPE")]
    pub quota_scope: Option<At<QuotaScope>>,
    /// How an image's short grant is divided among its snapshots.
    #[serde(rename = "P-AMI-SPLIT")]
    pub ami_split: Option<At<AmiSplit>>,
    /// Whether the snapshots of image copies take snapshot slots.
    #[serde(rename = "P-COUNT-AMI-SNAPS")]
    pub image_snapshot_slots: Option<At<Counting>>,
    /// Whether a Local Zone or Outpost has slots of its own.
    #[serde(rename = "P-DEST-COUNT")]
    pub edge_slots: Option<At<EdgeSharesSlots>>,
    /// What an outage does to the copies on the link.
    #[serde(rename = "P-LINK-LOSS")]
    pub link_loss: Option<At<LinkLoss>>,
    /// Who is served first on links that the scenario gave a capacity.
    #[serde(rename = "P-TIER")]
    pub tier: Option<At<TierRule>>,
    /// Who is to blame for a missed duration, and so the surcharge.
    #[serde(rename = "P-MISS-BLAME")]
    pub blame: Option<At<BlameService>>,
    /// The price tier of an actual duration between two steps.
    #[serde(rename = "P-BILL-ROUND")]
    pub bill_round: Option<At<BillRound>>,
    /// Start-up of a copy.
    #[serde(rename = "P-OVERHEAD")]
    pub overhead: Option<Spread<Span>>,
    /// Rate of a standard copy: nobody has published it.
    #[serde(rename = "P-STD-RATE")]
    pub standard_rate: Option<Spread<Rate>>,
    /// How long a snapshot takes before it can be copied.
    #[serde(rename = "P-SNAPSHOT")]
    pub snapshot: Option<At<SnapshotTime>>,
    /// Capacity between a Local Zone and its parent Region, each way.
    #[serde(rename = "P-LZ-RATE")]
    pub local_zone_rate: Option<At<Rate>>,
    /// Usable share of an Outpost's service link.
    #[serde(rename = "P-SL-SHARE")]
    pub service_link_share: Option<At<Share>>,
    /// What becomes of the snapshots of a pending image that is deregistered.
    #[serde(rename = "P-CANCEL-SNAPS")]
    pub cancel_snaps: Option<At<CancelSnaps>>,
    /// What the deletion of a source does to its copies under way.
    #[serde(rename = "P-SRC-DELETE")]
    pub source_delete: Option<At<SourceDelete>>,
    /// How finely the progress of a copy is told.
    #[serde(rename = "P-PROGRESS")]
    pub progress: Option<At<Progress>>,
    /// Code of a route that does not exist, or of a request to the wrong Region.
    #[serde(rename = "P-ROUTE-CODE")]
    pub route_code: Option<At<EdgeCode>>,
    /// Code of a completion duration at a Local Zone or an Outpost.
    #[serde(rename = "P-TB-EDGE-CODE")]
    pub edge_duration_code: Option<At<EdgeCode>>,
    /// Code of a request that meets no quota.
    #[serde(rename = "P-CUM-ZERO-CODE")]
    pub quota_code: Option<At<QuotaCode>>,
    /// Between which Local Zones images are copied.
    #[serde(rename = "P-LZLZ")]
    pub zone_pairs: Option<At<ZonePairs>>,
    /// Whether images are copied within one Local Zone.
    #[serde(rename = "P-LZ-SELF")]
    pub zone_self: Option<At<ZoneSelf>>,
    /// Whether CopySnapshot takes a zone and an Outpost at once.
    #[serde(rename = "P-DEST-EXCL")]
    pub exclusive: Option<At<Exclusive>>,
    /// Which Local Zones encrypt whatever arrives.
    #[serde(rename = "P-LZ-ENC")]
    pub zone_encryption: Option<At<ZoneEncryption>>,
    /// The key of an encrypted image that is copied without naming one.
    #[serde(rename = "P-AMI-KEY")]
    pub image_key: Option<At<ImageKey>>,
    /// Whether a token may come again with another zone.
    #[serde(rename = "P-TOKEN-AZ")]
    pub token_zones: Option<At<TokenZones>>,
    /// For how long a token is remembered.
    #[serde(rename = "P-TOKEN-TTL")]
    pub token_life: Option<At<Span>>,
    /// Most characters of a token.
    #[serde(rename = "P-TOKEN-LENGTH")]
    pub token_length: Option<At<u32>>,
    /// The answer to a request without `SourceRegion`.
    #[serde(rename = "P-NO-REGION")]
    pub no_region: Option<At<NoRegion>>,
    /// What `KmsKeyId` needs.
    #[serde(rename = "P-KEY-NEEDS")]
    pub key_needs: Option<At<KeyNeeds>>,
    /// When a key is found to be of no use.
    #[serde(rename = "P-KEY-CHECK")]
    pub key_check: Option<At<KeyCheck>>,
    /// What becomes of a pre-signed URL without a signature.
    #[serde(rename = "P-URL-CHECK")]
    pub url_check: Option<At<UrlCheck>>,
    /// When an image that cannot be copied is found out.
    #[serde(rename = "P-IMAGE-SOURCE")]
    pub image_source: Option<At<ImageSource>>,
}

/// How long a snapshot takes: a time, and its delta at a rate.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnapshotTime {
    /// Time besides the delta.
    #[schemars(required)]
    pub fixed: Option<At<Span>>,
    /// Rate at which the delta is taken.
    #[schemars(required)]
    pub rate: Option<At<Rate>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SWITCHES, SwitchInfo};
    use crate::scenario::value::Spelled;

    fn words_of(key: &str) -> Option<&'static [&'static str]> {
        let all: [(&str, &'static [&'static str]); 36] = [
            ("P-CLOCK", Clock::WORDS),
            ("P-TB-PACE", Pace::WORDS),
            ("P-TB-SLOTS", Counting::WORDS),
            ("P-SAME-SOURCE", SameSource::WORDS),
            ("P-RESIDUAL", Residual::WORDS),
            ("P-CATCHUP", CatchUp::WORDS),
            ("P-INCR-BASE", IncrementalBase::WORDS),
            ("P-REKEY", Rekey::WORDS),
            ("P-EDGE-INCR", EdgeAlwaysFull::WORDS),
            ("P-TB-SIZE", QuotaByFullSize::WORDS),
            ("P-CUM-SCOPE", QuotaScope::WORDS),
            ("P-AMI-SPLIT", AmiSplit::WORDS),
            ("P-COUNT-AMI-SNAPS", Counting::WORDS),
            ("P-DEST-COUNT", EdgeSharesSlots::WORDS),
            ("P-LINK-LOSS", LinkLoss::WORDS),
            ("P-TIER", TierRule::WORDS),
            ("P-MISS-BLAME", BlameService::WORDS),
            ("P-BILL-ROUND", BillRound::WORDS),
            ("P-CANCEL-SNAPS", CancelSnaps::WORDS),
            ("P-SRC-DELETE", SourceDelete::WORDS),
            ("P-PROGRESS", Progress::WORDS),
            ("P-ROUTE-CODE", EdgeCode::WORDS),
            ("P-TB-EDGE-CODE", EdgeCode::WORDS),
            ("P-CUM-ZERO-CODE", QuotaCode::WORDS),
            ("P-LZLZ", ZonePairs::WORDS),
            ("P-LZ-SELF", ZoneSelf::WORDS),
            ("P-DEST-EXCL", Exclusive::WORDS),
            ("P-LZ-ENC", ZoneEncryption::WORDS),
            ("P-AMI-KEY", ImageKey::WORDS),
            ("P-TOKEN-AZ", TokenZones::WORDS),
            ("P-NO-REGION", NoRegion::WORDS),
            ("P-KEY-NEEDS", KeyNeeds::WORDS),
            ("P-KEY-CHECK", KeyCheck::WORDS),
            ("P-URL-CHECK", UrlCheck::WORDS),
            ("P-IMAGE-SOURCE", ImageSource::WORDS),
            ("", &[]),
        ];
        all.into_iter().find(|(name, _)| *name == key).map(|(_, words)| words)
    }

    /// Every switch with words has those that the ledger lists; the others say `any …`.
    #[test]
    fn words_are_those_of_the_ledger() {
        for SwitchInfo { key, alternatives, .. } in SWITCHES {
            match words_of(key) {
                Some(words) => {
                    let (mut ours, mut theirs) = (words.to_vec(), alternatives.to_vec());
                    ours.sort_unstable();
                    theirs.sort_unstable();
                    assert_eq!(ours, theirs, "{key}");
                }
                None => assert!(alternatives[0].starts_with("any "), "{key}"),
            }
        }
    }
}
