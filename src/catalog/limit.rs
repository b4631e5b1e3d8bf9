//! Limits that the provider publishes, as constants and as rows for ledgers.
//!
//! F-numbers refer to the facts that `docs/model.md` lists with their sources.

use super::Status;
use crate::units::{Bytes, Rate, Span};

/// Most that one time-based snapshot copy may carry: 500 MiB/s (F3).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11. Not adjustable.
pub const COPY_RATE_MAX: Rate = Rate::mib_per_s(500);

/// Most that all time-based copies between two Regions may carry together: 2,000 MiB/s (F4).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11. Adjustable (L-E137849C).
pub const PAIR_QUOTA: Rate = Rate::mib_per_s(2000);

/// Snapshot copies that may be in progress at once per destination: 20 (F93).
///
/// Documented: EBS User Guide, "Copy an Amazon EBS snapshot", read 2026-11. Adjustable through
/// Support only (F94).
pub const SNAPSHOT_COPY_SLOTS: u32 = 20;

/// Image copies that may be in progress at once per destination Region: 300 (F96).
///
/// Documented: EC2 User Guide, "How Amazon EC2 AMI copy works", read 2026-11; older texts say 100
/// and 50.
pub const IMAGE_COPY_SLOTS: u32 = 300;

/// Completion durations come in steps of 15 minutes (F1).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11.
pub const DURATION_STEP: Span = Span::from_mins(15);

/// Least completion duration: 15 minutes (F1).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11.
pub const DURATION_MIN: Span = Span::from_mins(15);

/// Greatest completion duration: 48 hours (F1).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11.
pub const DURATION_MAX: Span = Span::from_hours(48);

/// By how much a quota should exceed the rate that a fleet needs: a tenth (F15).
///
/// Documented: EBS User Guide, "Time-based copies", read 2026-11.
pub const QUOTA_MARGIN: f64 = 0.10;

/// Snapshots hold blocks of 512 KiB (F109).
///
/// Observed: the block-listing API reports it; six published snapshot sizes are multiples of it.
pub const BLOCK: Bytes = Bytes::new(512 << 10);

/// Largest volume: 64 TiB (F111).
///
/// Documented: "How AWS Pricing Works", Amazon EBS, read 2026-11.
pub const VOLUME_MAX: Bytes = Bytes::tib(64);

/// Snapshots that an account may keep per Region: 100,000 (F100).
///
/// Observed: a listing of service quotas quotes it. Adjustable.
pub const SNAPSHOTS_PER_REGION: u64 = 100_000;

/// Least bandwidth of an Outpost's service link per compute rack: 500 Mbit/s (F117).
///
/// Documented: Outposts network guide, "Connectivity through service link", read 2026-11.
pub const SERVICE_LINK_MIN: Rate = Rate::from_bytes_per_s(62_500_000);

/// Longest client token of an image copy: 64 ASCII characters (F76).
///
/// Documented: EC2 developer guide, "Ensuring idempotency", read 2026-11.
pub const CLIENT_TOKEN_LENGTH: usize = 64;

/// Shortest and longest name of an image, in characters (F66).
///
/// Documented: error codes for the EC2 API, read 2026-11.
pub const IMAGE_NAME_LENGTH: (usize, usize) = (3, 128);

/// A token bucket of the API: a call takes a token, and is throttled where there is none.
///
/// Documented: EC2 developer guide, "Request throttling", read 2026-11 (F101). Per account and
/// Region; adjustable on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBucket {
    /// Tokens of a full bucket: calls that may come at once.
    pub capacity: u32,
    /// Tokens that come back each second.
    pub refill_per_s: u32,
}

/// Bucket of `CopyImage` (F101).
pub const COPY_IMAGE_TOKENS: TokenBucket = TokenBucket { capacity: 100, refill_per_s: 1 };
/// Bucket of `CopySnapshot`: the default of mutating calls, since it is not listed (F101).
pub const COPY_SNAPSHOT_TOKENS: TokenBucket = TokenBucket { capacity: 50, refill_per_s: 5 };
/// Bucket of `DeregisterImage` (F101).
pub const DEREGISTER_IMAGE_TOKENS: TokenBucket = TokenBucket { capacity: 100, refill_per_s: 5 };
/// Bucket of `DeleteSnapshot` (F101).
pub const DELETE_SNAPSHOT_TOKENS: TokenBucket = TokenBucket { capacity: 100, refill_per_s: 5 };
/// Bucket of `CreateSnapshot`: the default of mutating calls (F101).
pub const CREATE_SNAPSHOT_TOKENS: TokenBucket = TokenBucket { capacity: 50, refill_per_s: 5 };
/// Bucket of `CreateTags` (F101).
pub const CREATE_TAGS_TOKENS: TokenBucket = TokenBucket { capacity: 100, refill_per_s: 10 };
/// Bucket of calls that describe, with filters or pages (F101).
pub const DESCRIBE_TOKENS: TokenBucket = TokenBucket { capacity: 100, refill_per_s: 20 };
/// Bucket of `DescribeSnapshots` without filters and pages (F101).
pub const DESCRIBE_ALL_TOKENS: TokenBucket = TokenBucket { capacity: 50, refill_per_s: 10 };

/// One published limit, as a ledger prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// What it is called in ledgers and overrides.
    pub name: &'static str,
    /// Its figure, without the unit.
    pub value: &'static str,
    /// Its unit, in the spelling of scenarios.
    pub unit: &'static str,
    /// Page and number of the fact.
    pub source: &'static str,
    /// How sure it is.
    pub status: Status,
    /// Whether the provider raises it on request.
    pub adjustable: bool,
}

const TIME_BASED: &str = "EBS User Guide, Time-based copies";
const THROTTLING: &str = "EC2 developer guide, Request throttling (F101)";

/// A limit that the provider documents.
const fn documented(
    name: &'static str,
    figure: (&'static str, &'static str),
    source: &'static str,
    adjustable: bool,
) -> Published {
    let (value, unit) = figure;
    Published { name, value, unit, source, status: Status::Documented, adjustable }
}

/// A limit that the provider does not document itself, but that was seen.
const fn observed(
    name: &'static str,
    figure: (&'static str, &'static str),
    source: &'static str,
    adjustable: bool,
) -> Published {
    Published { status: Status::Observed, ..documented(name, figure, source, adjustable) }
}

/// Every limit above, one row each.
pub const PUBLISHED: [Published; 20] = [
    documented("copy_rate_max", ("500", "MiB/s"), TIME_BASED, false),
    documented("pair_quota", ("2000", "MiB/s"), TIME_BASED, true),
    documented(
        "snapshot_copy_slots",
        ("20", "copies"),
        "EBS User Guide, Copy a snapshot (F93)",
        true,
    ),
    documented(
        "image_copy_slots",
        ("300", "copies"),
        "EC2 User Guide, How AMI copy works (F96)",
        true,
    ),
    documented("duration_step", ("15", "min"), TIME_BASED, false),
    documented("duration_min", ("15", "min"), TIME_BASED, false),
    documented("duration_max", ("48", "h"), TIME_BASED, false),
    documented("quota_margin", ("10", "%"), TIME_BASED, false),
    observed("block", ("512", "KiB"), "block-listing API (F109)", false),
    documented("volume_max", ("64", "TiB"), "How AWS Pricing Works, Amazon EBS (F111)", false),
    observed("snapshots_per_region", ("100000", "snapshots"), "quota listing (F100)", true),
    documented("service_link_min", ("500", "Mbit/s"), "Outposts network guide (F117)", false),
    documented("copy_image_tokens", ("100 / 1", "calls / per s"), THROTTLING, true),
    documented("copy_snapshot_tokens", ("50 / 5", "calls / per s"), THROTTLING, true),
    documented("deregister_image_tokens", ("100 / 5", "calls / per s"), THROTTLING, true),
    documented("delete_snapshot_tokens", ("100 / 5", "calls / per s"), THROTTLING, true),
    documented("create_snapshot_tokens", ("50 / 5", "calls / per s"), THROTTLING, true),
    documented("create_tags_tokens", ("100 / 10", "calls / per s"), THROTTLING, true),
    documented("describe_tokens", ("100 / 20", "calls / per s"), THROTTLING, true),
    documented("describe_all_tokens", ("50 / 10", "calls / per s"), THROTTLING, true),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        let row = PUBLISHED.iter().find(|row| row.name == name).expect(name);
        format!("{} {}", row.value, row.unit)
    }

    /// A row is text, the constant a quantity: read by the scenario's own parser, they are equal.
    #[test]
    fn rows_and_constants_say_the_same() {
        assert_eq!(text("copy_rate_max").parse(), Ok(COPY_RATE_MAX));
        assert_eq!(text("pair_quota").parse(), Ok(PAIR_QUOTA));
        assert_eq!(text("service_link_min").parse(), Ok(SERVICE_LINK_MIN));
        assert_eq!(text("duration_step").parse(), Ok(DURATION_STEP));
        assert_eq!(text("duration_min").parse(), Ok(DURATION_MIN));
        assert_eq!(text("duration_max").parse(), Ok(DURATION_MAX));
        assert_eq!(text("block").parse(), Ok(BLOCK));
        assert_eq!(text("volume_max").parse(), Ok(VOLUME_MAX));
        assert_eq!(crate::units::parse_share(&text("quota_margin")), Ok(QUOTA_MARGIN));
        assert_eq!(text("snapshot_copy_slots"), format!("{SNAPSHOT_COPY_SLOTS} copies"));
        assert_eq!(text("image_copy_slots"), format!("{IMAGE_COPY_SLOTS} copies"));
        assert_eq!(text("snapshots_per_region"), format!("{SNAPSHOTS_PER_REGION} snapshots"));
        for (name, bucket) in [
            ("copy_image_tokens", COPY_IMAGE_TOKENS),
            ("copy_snapshot_tokens", COPY_SNAPSHOT_TOKENS),
            ("deregister_image_tokens", DEREGISTER_IMAGE_TOKENS),
            ("delete_snapshot_tokens", DELETE_SNAPSHOT_TOKENS),
            ("create_snapshot_tokens", CREATE_SNAPSHOT_TOKENS),
            ("create_tags_tokens", CREATE_TAGS_TOKENS),
            ("describe_tokens", DESCRIBE_TOKENS),
            ("describe_all_tokens", DESCRIBE_ALL_TOKENS),
        ] {
            let expected = format!("{} / {} calls / per s", bucket.capacity, bucket.refill_per_s);
            assert_eq!(text(name), expected);
        }
    }

    /// TV14: at 500 MiB/s 15 minutes (900 s) move 450,000 MiB, at 2,000 MiB/s 1,800,000 MiB.
    #[test]
    fn tv14_most_data_in_the_least_duration() {
        for (rate, mib) in [(COPY_RATE_MAX, 450_000), (PAIR_QUOTA, 1_800_000)] {
            assert_eq!(rate.time_for(Bytes::mib(mib)), Some(DURATION_MIN));
        }
    }
}
