//! Snapshots and images as the Describe calls show them.
//!
//! Field names, states, and forms of times are those that the AWS CLI prints (F30–F32, F86); a value
//! that is not there is left out, as there.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::record::{AccountNumber, ImageId, SnapshotId, shown};
use crate::units::{Bytes, Instant};

/// The volume that copies show (F31).
pub const NO_VOLUME: &str = "vol-ffffffff";

/// State of a snapshot; those of the Recycle Bin do not happen (F86).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotState {
    /// Its copy is under way.
    Pending,
    /// All bytes have landed.
    Completed,
    /// Its copy failed.
    Error,
}

/// State of an image, as far as copies have it (F86, F89).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageState {
    /// Some snapshot is still under way.
    Pending,
    /// All its snapshots are completed (F87).
    Available,
    /// A snapshot failed.
    Failed,
    /// It was taken back.
    Deregistered,
}

/// How far a copy is, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u64);

impl Percent {
    /// Nothing.
    pub const ZERO: Percent = Percent(0);
    /// All: only what is completed shows it.
    pub const ALL: Percent = Percent(100);

    /// How far a copy under way is that moved `moved` of `all`, rounded down to a multiple of `step`
    /// percent, and below 100 (P-PROGRESS).
    pub fn pending(moved: Bytes, all: Bytes, step: u64) -> Percent {
        if all == Bytes::ZERO {
            return Percent::ZERO;
        }
        let percent = u128::from(moved.get()) * 100 / u128::from(all.get());
        let percent = u64::try_from(percent).unwrap_or(u64::MAX).min(99);
        Percent(percent - percent % step)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// What views say of a request beside what the engine knows: it simulates none of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Name of the image.
    pub name: String,
    /// Description of the snapshot, or of the image.
    pub description: String,
    /// Whether the copy is encrypted.
    pub encrypted: bool,
    /// The key that it is encrypted with, as an ARN.
    pub kms_key: Option<String>,
    /// Sizes of the volumes, GiB, in order of the sources; without, the least that holds the bytes.
    pub volume_gib: Vec<u64>,
    /// Id of the source image.
    pub source_image: Option<String>,
    /// Tags of the copy, of its snapshots too.
    pub tags: Vec<Tag>,
}

/// A snapshot as `DescribeSnapshots` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SnapshotView {
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// `standard`: nothing is archived.
    pub storage_tier: &'static str,
    /// `time-based` or `standard`.
    pub transfer_type: &'static str,
    /// The duration that was asked for, minutes; none for standard copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_duration_minutes: Option<u64>,
    /// When it was completed; none before.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_moment")]
    pub completion_time: Option<Instant>,
    /// Bytes of all blocks of its volume; none before it is completed (F31).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_snapshot_size_in_bytes: Option<u64>,
    /// The Outpost that it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outpost_arn: Option<String>,
    /// The Local Zone that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// Its id.
    pub snapshot_id: SnapshotId,
    /// [`NO_VOLUME`].
    pub volume_id: &'static str,
    /// Its state.
    pub state: SnapshotState,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_message: Option<&'static str>,
    /// When its copy was accepted.
    #[serde(serialize_with = "moment")]
    pub start_time: Instant,
    /// How far it is.
    pub progress: Percent,
    /// The account that it belongs to.
    pub owner_id: AccountNumber,
    /// Its description; empty where none was given.
    pub description: String,
    /// Size of its volume, GiB; 0 where it failed (F32).
    pub volume_size: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
}

/// A snapshot of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EbsView {
    /// Its id.
    pub snapshot_id: SnapshotId,
    /// Size of its volume, GiB.
    pub volume_size: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

/// One entry of the block device mapping; names of devices are not simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeviceView {
    /// The snapshot behind it.
    pub ebs: EbsView,
}

/// Why an image is in its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateReason {
    /// In words.
    pub message: &'static str,
}

/// An image as `DescribeImages` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageView {
    /// Its snapshots, in order of the sources.
    pub block_device_mappings: Vec<DeviceView>,
    /// Its description.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its name.
    pub name: String,
    /// `ebs`.
    pub root_device_type: &'static str,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<StateReason>,
    /// The image that it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_image_id: Option<String>,
    /// The Region of that.
    pub source_image_region: String,
    /// Its id.
    pub image_id: ImageId,
    /// Its state.
    pub state: ImageState,
    /// The account that it belongs to.
    pub owner_id: AccountNumber,
    /// When its copy was accepted.
    #[serde(serialize_with = "creation_date")]
    pub creation_date: Instant,
}

/// `2026-03-02T06:00:03.051000+00:00`: a moment as the CLI prints it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn moment<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(*at, "%Y-%m-%dT%H:%M:%S.%6f+00:00"))
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn maybe_moment<S: Serializer>(at: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => moment(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// `2026-03-01T10:15:30.000Z`: the date of an image, which the API gives as text.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn creation_date<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(*at, "%Y-%m-%dT%H:%M:%S.%3fZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 of 3 bytes is a third: 33 %, by tens 30 %; 999 of 1,000 are 99 %; all of them still pend.
    #[test]
    fn progress_is_rounded_down_and_below_all() {
        let shown = |moved, all, step| {
            Percent::pending(Bytes::new(moved), Bytes::new(all), step).to_string()
        };
        assert_eq!((shown(1, 3, 1), shown(1, 3, 10)), ("33%".to_owned(), "30%".to_owned()));
        assert_eq!((shown(999, 1000, 1), shown(7, 7, 1)), ("99%".to_owned(), "99%".to_owned()));
        assert_eq!((shown(0, 0, 1), shown(7, 7, 10)), ("0%".to_owned(), "90%".to_owned()));
    }
}
