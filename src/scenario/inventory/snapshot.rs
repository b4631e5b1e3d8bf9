//! What `aws ec2 describe-snapshots` prints (F30–F32, F153), snapshot by snapshot.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::field::{Faults, Fields, read_items};
use super::json::SNAPSHOTS;
use super::problem::InputProblem;
use crate::units::{Bytes, Instant};

/// Where a snapshot is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stored {
    /// In the Region whose API listed it.
    #[default]
    Region,
    /// In a Local Zone, by its name.
    LocalZone(String),
    /// On an Outpost, by its ARN.
    Outpost(String),
}

impl Stored {
    /// What the fields `OutpostArn` and `AvailabilityZone` say.
    pub(super) fn of(outpost_arn: Option<String>, zone: Option<String>) -> Stored {
        match (outpost_arn, zone) {
            (Some(arn), _) => Stored::Outpost(arn),
            (None, Some(zone)) => Stored::LocalZone(zone),
            (None, None) => Stored::Region,
        }
    }
}

/// How a snapshot is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encryption {
    /// Whether it is.
    pub encrypted: bool,
    /// The key, mostly as an ARN; none where it is not encrypted or the file does not say.
    pub kms_key_id: Option<String>,
}

/// One snapshot as a file lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its ID, unique.
    pub id: String,
    /// The volume that it was taken of; none for a copy, which the API shows without its volume.
    pub volume: Option<String>,
    /// The snapshot that it is a copy of, where its description says.
    pub copy_of: Option<String>,
    /// When it was started.
    pub started: Instant,
    /// Bytes of a full copy of it; none where the API did not say. A snapshot that is not left out
    /// has this or the size of the volume.
    pub written: Option<Bytes>,
    /// Size of the volume; none where the API did not say.
    pub provisioned: Option<Bytes>,
    /// Where it is stored.
    pub stored: Stored,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// The account that owns it.
    pub owner: Option<String>,
    /// Its tags, values by key.
    pub tags: BTreeMap<String, String>,
    /// Why it cannot be the source of a copy, if so: `snapshot pending`, `snapshot archived`.
    pub left_out: Option<String>,
}

/// The snapshots of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshots {
    /// The snapshots, in order of the file.
    pub items: Vec<Snapshot>,
    /// Remarks on the file.
    pub warnings: Vec<InputProblem>,
}

impl Snapshots {
    /// Reads what `aws ec2 describe-snapshots --output json` prints; `file` is its name in
    /// messages.
    ///
    /// # Errors
    /// All that is wrong with it: no JSON, another call, no snapshots, or fields that are absent
    /// or not what they should be.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Snapshots, Vec<InputProblem>> {
        let (items, warnings) = read_items(file, bytes, SNAPSHOTS, Item::read)?;
        Ok(Snapshots { items, warnings })
    }
}

/// One snapshot in the words of the API; what is not read here may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Item {
    snapshot_id: Value,
    volume_id: Value,
    description: Value,
    state: Value,
    start_time: Value,
    full_snapshot_size_in_bytes: Value,
    volume_size: Value,
    storage_tier: Value,
    outpost_arn: Value,
    availability_zone: Value,
    encrypted: Value,
    kms_key_id: Value,
    owner_id: Value,
    tags: Value,
}

impl Item {
    /// The snapshot, or none where a fault of it was noted.
    fn read(&self, item_idx: usize, faults: &mut Faults) -> Option<Snapshot> {
        let mut fields = faults.item(SNAPSHOTS.key, item_idx, &self.snapshot_id);
        fields.need("SnapshotId", &self.snapshot_id);
        fields.need("VolumeId", &self.volume_id);
        fields.need("State", &self.state);
        fields.need("StartTime", &self.start_time);
        let id = fields.text("SnapshotId", &self.snapshot_id);
        let volume = fields.text("VolumeId", &self.volume_id);
        let state = fields.text("State", &self.state);
        let started = fields.moment("StartTime", &self.start_time);
        let tier = fields.text("StorageTier", &self.storage_tier);
        let description = fields.text("Description", &self.description);
        let (written, provisioned) = self.sizes(&mut fields, state.as_deref());
        let snapshot = Snapshot {
            id: id?,
            volume: volume.filter(|volume| !stands_for_a_copy(volume)),
            copy_of: description.as_deref().and_then(source_of).map(ToOwned::to_owned),
            started: started?,
            written,
            provisioned,
            stored: Stored::of(
                fields.text("OutpostArn", &self.outpost_arn),
                fields.text("AvailabilityZone", &self.availability_zone),
            ),
            encryption: Encryption {
                encrypted: fields.flag("Encrypted", &self.encrypted),
                kms_key_id: fields.text("KmsKeyId", &self.kms_key_id),
            },
            owner: fields.text("OwnerId", &self.owner_id),
            tags: fields.tags(&self.tags),
            left_out: left_out(&state?, tier.as_deref()),
        };
        Some(snapshot)
    }

    /// Written and provisioned bytes; a completed snapshot has one of them at least. The API shows
    /// a volume size of 0 where it has none to show (F32).
    fn sizes(
        &self,
        fields: &mut Fields<'_>,
        state: Option<&str>,
    ) -> (Option<Bytes>, Option<Bytes>) {
        let full = &self.full_snapshot_size_in_bytes;
        let written = fields.bytes("FullSnapshotSizeInBytes", full, Bytes::new(1));
        let provisioned = fields
            .bytes("VolumeSize", &self.volume_size, Bytes::gib(1))
            .filter(|size| *size != Bytes::ZERO);
        let is_absent = full.is_null() && (self.volume_size.is_null() || self.volume_size == 0);
        if state == Some("completed") && is_absent {
            fields.fault("there is neither `FullSnapshotSizeInBytes` nor `VolumeSize`");
        }
        (written, provisioned)
    }
}

/// Why a snapshot of this state and tier is no source of a copy: only completed ones can be copied
/// (F84), and archived ones have to be restored first.
fn left_out(state: &str, tier: Option<&str>) -> Option<String> {
    match (state, tier) {
        ("completed", None | Some("standard")) => None,
        ("completed", Some("archive")) => Some("snapshot archived".to_owned()),
        ("completed", Some(tier)) => Some(format!("snapshot in the storage tier `{tier}`")),
        (state, _) => Some(format!("snapshot {state}")),
    }
}

/// Whether this volume ID is the one that the API shows for all copies: `vol-ffffffff` (F31).
fn stands_for_a_copy(volume: &str) -> bool {
    volume.strip_prefix("vol-").is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b == b'f'))
}

/// The source in the description that AWS gives to a copy: `[Copied snap-… from us-east-1] …`, or
/// `Copied for DestinationAmi … for SourceSnapshot snap-…. Task created on …`.
fn source_of(description: &str) -> Option<&str> {
    let after = description.strip_prefix("[Copied ").or_else(|| {
        let of_image = description.strip_prefix("Copied for DestinationAmi ")?;
        of_image.split_once(" for SourceSnapshot ").map(|(_, after)| after)
    })?;
    let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(after.len());
    after[..end].starts_with("snap-").then_some(&after[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let problems = Snapshots::read("snaps.json", text.as_bytes()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn both_descriptions_of_a_copy_name_its_source() {
        assert_eq!(source_of("[Copied snap-0a from us-east-1] orders [Copied]"), Some("snap-0a"));
        assert_eq!(source_of("[Copied snap-0a from us-east-1] "), Some("snap-0a"));
        let image = "Copied for DestinationAmi ami-0c from SourceAmi ami-08 for SourceSnapshot snap-0b. Task created on 1,772,428,200,421.";
        assert_eq!(source_of(image), Some("snap-0b"));
        assert_eq!(source_of("copied snap-0a by hand"), None);
        assert_eq!(source_of("[Copied nothing]"), None);
        assert_eq!(source_of("[Copied "), None);
    }

    #[test]
    fn only_the_volume_id_of_copies_stands_for_a_copy() {
        assert!(stands_for_a_copy("vol-ffffffff"));
        assert!(!stands_for_a_copy("vol-ffffffff1"));
        assert!(!stands_for_a_copy("vol-"));
    }

    #[test]
    fn all_faults_of_a_file_come_at_once_with_their_lines() {
        let text = r#"{ "Snapshots": [
            { "SnapshotId": "snap-1", "VolumeId": "vol-1", "State": "completed",
              "StartTime": "soon", "VolumeSize": -1 },
            { "VolumeId": "vol-1", "State": "completed", "StartTime": "2026-03-02T00:00:00Z" },
            { "SnapshotId": "snap-3", "StorageTier": 3 }
        ] }"#;
        insta::assert_snapshot!(told(text), @r#"
        snaps.json:2: snap-1: `StartTime` is "soon", not a time such as `2026-03-02T04:00:11.377Z`
        snaps.json:2: snap-1: `VolumeSize` is -1, not a whole number
        snaps.json:4: Snapshots[1]: there is no `SnapshotId`
        snaps.json:4: Snapshots[1]: there is neither `FullSnapshotSizeInBytes` nor `VolumeSize`
        snaps.json:5: snap-3: there is no `VolumeId`
        snaps.json:5: snap-3: there is no `State`
        snaps.json:5: snap-3: there is no `StartTime`
        snaps.json:5: snap-3: `StorageTier` is 3, not a text
        "#);
    }

    #[test]
    fn a_failed_snapshot_may_have_no_size() {
        let text = r#"{"Snapshots": [{"SnapshotId": "snap-1", "VolumeId": "vol-ffffffff",
            "State": "error", "StartTime": "2026-03-02T00:00:00Z", "VolumeSize": 0}]}"#;
        let read = Snapshots::read("snaps.json", text.as_bytes()).unwrap();
        assert_eq!(read.items[0].left_out.as_deref(), Some("snapshot error"));
        assert_eq!((read.items[0].written, read.items[0].provisioned), (None, None));
    }
}
