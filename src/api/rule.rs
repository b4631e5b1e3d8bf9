//! By what a request is refused: a table of rules, in the order in which they are looked at.

use std::fmt;

use crate::catalog::{ErrorCode, Status};

/// A group of checks; a request is refused by the first group that stands against it.
///
/// For CopySnapshot it was seen which groups come before and after permissions and dry run (F81);
/// that the order holds inside a group, for CopyImage, and for limits is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// API tokens (F101). The engine counts them.
    Tokens,
    /// Required parameters, names, types, syntax, combinations.
    Form,
    /// Whether `SourceRegion` is a Region.
    Region,
    /// Completion duration.
    Duration,
    /// Tags.
    Tags,
    /// Whether the caller may do this (F80).
    Permission,
    /// A dry run ends here (F80, F82).
    DryRun,
    /// Client token: a repeated request ends here (F76).
    Repeat,
    /// Whether the request came to the right Region (F57).
    Endpoint,
    /// What the pre-signed URL says (F85).
    Url,
    /// The key that is named (F75).
    Key,
    /// The image that is copied (F141); a snapshot that cannot be copied fails later (F84).
    Source,
    /// Route, and durations from an edge.
    Route,
    /// Encryption of the copy, and a name that is taken.
    Outcome,
    /// Copies at once, snapshots kept (F93, F96, F100). The engine counts them.
    Slots,
    /// Throughput quota (F10). The engine counts it.
    Quota,
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "RULES gives code and facts of each; refusals say it in words")]
pub enum Rule {
    Throttled,
    Required,
    RequiredRegion,
    UnknownParameter,
    Type,
    SnapshotId,
    ImageId,
    ImageName,
    Description,
    Token,
    OneDestination,
    OneDestinationSnapshot,
    OutpostArn,
    Zone,
    SnapshotPlain,
    KeyWithoutEncrypted,
    Region,
    Duration,
    EdgeDuration,
    TagResource,
    TagResourceImage,
    TagTwice,
    TagText,
    Permission,
    DryRun,
    TokenMismatch,
    Endpoint,
    DestinationRegion,
    Url,
    KeyUnusable,
    KeyAsymmetric,
    KeyHidden,
    ImageMissing,
    ImageHidden,
    ImageState,
    OutpostSource,
    Partition,
    ForeignEdge,
    ZoneToRegion,
    ZoneToZone,
    ZoneSelf,
    ZoneToOutpost,
    InterRegion,
    InterRegionImage,
    EdgeSourceDuration,
    Unencrypt,
    KeyForPlain,
    NameTaken,
    SnapshotSlots,
    ImageSlots,
    SnapshotsKept,
    Quota,
}

/// What is known of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// The rule.
    pub rule: Rule,
    /// When it is looked at.
    pub stage: Stage,
    /// What the API answers, unless a switch says otherwise.
    pub code: ErrorCode,
    /// The facts and switches that it follows from; a mark in brackets is a source of
    /// `docs/model.md`.
    pub facts: &'static str,
    /// How sure it is that this is refused.
    pub status: Status,
    /// How sure the code is.
    pub code_status: Status,
}

/// Rule, stage, code, facts, status of the rule and of its code.
struct Row(Rule, Stage, ErrorCode, &'static str, Status, Status);

use ErrorCode as E;
use Rule as R;
use Stage as S;
use Status::{Assumed, Documented, Observed};

/// The rules, in the order of the variants, which is that of the stages.
///
/// `InterRegion`, `InterRegionImage`: that Regions without an endpoint are meant is assumed.
/// `SnapshotPlain`, `Unencrypt`: codes as users report them (issues 1440 of the AWS CLI, 7393 and
/// 11741 of Packer, on GitHub).
#[rustfmt::skip]
const ROWS: [Row; 52] = [
    Row(R::Throttled, S::Tokens, E::RequestLimitExceeded, "F101, F150", Documented, Documented),
    Row(R::Required, S::Form, E::MissingParameter, "F59, F60, F136", Documented, Documented),
    Row(R::RequiredRegion, S::Form, E::MissingParameter, "F59, F60, F83, F136, P-NO-REGION", Documented, Documented),
    Row(R::UnknownParameter, S::Form, E::UnknownParameter, "F59, F60, F137", Documented, Documented),
    Row(R::Type, S::Form, E::InvalidParameterValue, "F59, F60, F137", Documented, Assumed),
    Row(R::SnapshotId, S::Form, E::InvalidParameterValue, "F83", Observed, Observed),
    Row(R::ImageId, S::Form, E::ImageIdMalformed, "F141", Documented, Documented),
    Row(R::ImageName, S::Form, E::ImageNameMalformed, "F66, F142", Documented, Documented),
    Row(R::Description, S::Form, E::InvalidParameterValue, "F60, F137", Documented, Assumed),
    Row(R::Token, S::Form, E::InvalidClientToken, "F76, F143, P-TOKEN-LENGTH", Documented, Documented),
    Row(R::OneDestination, S::Form, E::InvalidParameterCombination, "F61, F137", Documented, Assumed),
    Row(R::OneDestinationSnapshot, S::Form, E::InvalidParameterCombination, "F61, F137, P-DEST-EXCL", Assumed, Assumed),
    Row(R::OutpostArn, S::Form, E::InvalidParameterValue, "F62, F137", Documented, Assumed),
    Row(R::Zone, S::Form, E::InvalidAvailabilityZone, "F139", Documented, Documented),
    Row(R::SnapshotPlain, S::Form, E::InvalidParameterValue, "F67", Documented, Observed),
    Row(R::KeyWithoutEncrypted, S::Form, E::InvalidParameterDependency, "F70, F137, P-KEY-NEEDS", Documented, Assumed),
    Row(R::Region, S::Region, E::InvalidRegion, "F83, F138", Documented, Documented),
    Row(R::Duration, S::Duration, E::InvalidParameterValue, "F1, F2", Documented, Observed),
    Row(R::EdgeDuration, S::Duration, E::InvalidParameterCombination, "F24, P-TB-EDGE-CODE", Documented, Assumed),
    Row(R::TagResource, S::Tags, E::InvalidParameterValue, "F64", Observed, Observed),
    Row(R::TagResourceImage, S::Tags, E::InvalidParameterValue, "F63", Documented, Assumed),
    Row(R::TagTwice, S::Tags, E::InvalidParameterValue, "F64", Observed, Observed),
    Row(R::TagText, S::Tags, E::InvalidParameterValue, "[S9]", Documented, Assumed),
    Row(R::Permission, S::Permission, E::UnauthorizedOperation, "F80, F135", Documented, Documented),
    Row(R::DryRun, S::DryRun, E::DryRunOperation, "F80, F82, F135", Documented, Documented),
    Row(R::TokenMismatch, S::Repeat, E::IdempotentParameterMismatch, "F76, F77, F143, P-TOKEN-AZ", Documented, Documented),
    Row(R::Endpoint, S::Endpoint, E::UnsupportedOperation, "F57, P-ROUTE-CODE", Documented, Assumed),
    Row(R::DestinationRegion, S::Endpoint, E::InvalidParameterValue, "F81", Observed, Observed),
    Row(R::Url, S::Url, E::InvalidParameterValue, "F85", Observed, Assumed),
    Row(R::KeyUnusable, S::Key, E::InvalidParameterValue, "F75, P-KEY-CHECK", Observed, Observed),
    Row(R::KeyAsymmetric, S::Key, E::InvalidParameterValue, "F70, P-KEY-CHECK", Documented, Assumed),
    Row(R::KeyHidden, S::Key, E::AuthFailure, "F75, F149", Observed, Observed),
    Row(R::ImageMissing, S::Source, E::ImageNotFound, "F141, P-IMAGE-SOURCE", Documented, Documented),
    Row(R::ImageHidden, S::Source, E::AuthFailure, "F149, P-IMAGE-SOURCE", Documented, Assumed),
    Row(R::ImageState, S::Source, E::ImageUnavailable, "F141, P-IMAGE-SOURCE", Documented, Documented),
    Row(R::OutpostSource, S::Route, E::UnsupportedOperation, "F52, P-ROUTE-CODE", Documented, Assumed),
    Row(R::Partition, S::Route, E::UnsupportedOperation, "F54, P-ROUTE-CODE", Documented, Assumed),
    Row(R::ForeignEdge, S::Route, E::UnsupportedOperation, "F56, P-ROUTE-CODE", Documented, Assumed),
    Row(R::ZoneToRegion, S::Route, E::UnsupportedOperation, "F51, F53, P-ROUTE-CODE", Documented, Assumed),
    Row(R::ZoneToZone, S::Route, E::UnsupportedOperation, "F51, F55, P-LZLZ, P-ROUTE-CODE", Documented, Assumed),
    Row(R::ZoneSelf, S::Route, E::UnsupportedOperation, "F55, P-LZ-SELF, P-ROUTE-CODE", Assumed, Assumed),
    Row(R::ZoneToOutpost, S::Route, E::UnsupportedOperation, "F54, P-ROUTE-CODE", Documented, Assumed),
    Row(R::InterRegion, S::Route, E::SnapshotCopyUnsupportedInterRegion, "F146", Assumed, Documented),
    Row(R::InterRegionImage, S::Route, E::UnsupportedOperation, "F147, P-ROUTE-CODE", Assumed, Assumed),
    Row(R::EdgeSourceDuration, S::Route, E::InvalidParameterCombination, "F24, P-TB-EDGE-CODE", Documented, Assumed),
    Row(R::Unencrypt, S::Outcome, E::InvalidRequest, "F67", Documented, Observed),
    Row(R::KeyForPlain, S::Outcome, E::InvalidParameterDependency, "F70, F137, P-KEY-NEEDS", Documented, Assumed),
    Row(R::NameTaken, S::Outcome, E::ImageNameDuplicate, "F66, F142", Documented, Documented),
    Row(R::SnapshotSlots, S::Slots, E::ResourceLimitExceeded, "F93, F144", Documented, Documented),
    Row(R::ImageSlots, S::Slots, E::ResourceLimitExceeded, "F96, F144, P-AMI-CONC", Documented, Assumed),
    Row(R::SnapshotsKept, S::Slots, E::SnapshotLimitExceeded, "F100, F145", Documented, Documented),
    Row(R::Quota, S::Quota, E::ResourceLimitExceeded, "F10, F11, P-CUM-ZERO-CODE", Documented, Assumed),
];

impl Rule {
    /// What is known of the rule.
    pub const fn info(self) -> RuleInfo {
        let Row(rule, stage, code, facts, status, code_status) = ROWS[self as usize];
        RuleInfo { rule, stage, code, facts, status, code_status }
    }

    /// Every rule, in the order in which they are looked at.
    pub fn all() -> impl Iterator<Item = RuleInfo> {
        ROWS.iter().map(|row| row.0.info())
    }
}

/// The facts that it follows from: `F52, P-ROUTE-CODE`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.info().facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_the_order_of_variants_and_stages() {
        let all: Vec<RuleInfo> = Rule::all().collect();
        for (idx, info) in all.iter().enumerate() {
            assert_eq!(info.rule as usize, idx, "{:?}", info.rule);
        }
        assert!(all.is_sorted_by_key(|info| info.stage));
    }

    /// Where a switch can replace the code, the code is one choice among several.
    #[test]
    fn a_code_that_a_switch_names_is_assumed() {
        for info in Rule::all() {
            if info.facts.contains("-CODE") {
                assert_eq!(info.code_status, Status::Assumed, "{:?}", info.rule);
            }
        }
    }
}
