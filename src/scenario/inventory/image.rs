//! What `aws ec2 describe-images` prints (F154), image by image.

use serde::Deserialize;
use serde_json::Value;

use super::field::{Faults, Fields, read_items};
use super::json::IMAGES;
use super::problem::InputProblem;
use super::snapshot::{Encryption, Stored};
use crate::units::Bytes;

/// A snapshot that backs an image, as the image's block devices tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackingSnapshot {
    /// Its ID.
    pub id: String,
    /// Size of the volumes made of it; none where the API did not say.
    pub provisioned: Option<Bytes>,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Where it is stored.
    pub stored: Stored,
}

/// One image as a file lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedImage {
    /// Its ID, unique.
    pub id: String,
    /// Its name, unique within an account and Region.
    pub name: Option<String>,
    /// The snapshots that back it, each once, in order of its block devices.
    pub snapshots: Vec<BackingSnapshot>,
    /// The account that owns it.
    pub owner: Option<String>,
    /// Why it cannot be copied, if so: `image pending`.
    pub left_out: Option<String>,
}

/// The images of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The images, in order of the file.
    pub items: Vec<ListedImage>,
    /// Remarks on the file.
    pub warnings: Vec<InputProblem>,
}

impl Images {
    /// Reads what `aws ec2 describe-images --output json` prints; `file` is its name in messages.
    ///
    /// # Errors
    /// All that is wrong with it: no JSON, another call, no images, or fields that are absent or
    /// not what they should be.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Images, Vec<InputProblem>> {
        let (items, warnings) = read_items(file, bytes, IMAGES, Item::read)?;
        Ok(Images { items, warnings })
    }
}

/// One image in the words of the API; what is not read here may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Item {
    image_id: Value,
    name: Value,
    state: Value,
    root_device_type: Value,
    owner_id: Value,
    block_device_mappings: Vec<Device>,
}

/// One block device of an image; without `Ebs` it is an instance store, or left open.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Device {
    ebs: Option<Ebs>,
}

/// The EBS volume that a block device becomes; without a snapshot it is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Ebs {
    snapshot_id: Value,
    volume_size: Value,
    encrypted: Value,
    kms_key_id: Value,
    outpost_arn: Value,
    availability_zone: Value,
}

impl Item {
    /// The image, or none where a fault of it was noted.
    fn read(&self, item_idx: usize, faults: &mut Faults) -> Option<ListedImage> {
        let mut fields = faults.item(IMAGES.key, item_idx, &self.image_id);
        fields.need("ImageId", &self.image_id);
        fields.need("State", &self.state);
        let id = fields.text("ImageId", &self.image_id);
        let state = fields.text("State", &self.state);
        let root = fields.text("RootDeviceType", &self.root_device_type);
        let mut snapshots: Vec<BackingSnapshot> = Vec::new();
        for ebs in self.block_device_mappings.iter().filter_map(|device| device.ebs.as_ref()) {
            let snapshot = ebs.read(&mut fields);
            snapshots.extend(snapshot.filter(|new| snapshots.iter().all(|s| s.id != new.id)));
        }
        let name = fields.text("Name", &self.name);
        let owner = fields.text("OwnerId", &self.owner_id);
        let left_out = left_out(&state?, root.as_deref(), snapshots.is_empty());
        Some(ListedImage { id: id?, name, snapshots, owner, left_out })
    }
}

impl Ebs {
    fn read(&self, fields: &mut Fields<'_>) -> Option<BackingSnapshot> {
        let id = fields.text("SnapshotId", &self.snapshot_id);
        let provisioned = fields.bytes("VolumeSize", &self.volume_size, Bytes::gib(1));
        let encryption = Encryption {
            encrypted: fields.flag("Encrypted", &self.encrypted),
            kms_key_id: fields.text("KmsKeyId", &self.kms_key_id),
        };
        let stored = Stored::of(
            fields.text("OutpostArn", &self.outpost_arn),
            fields.text("AvailabilityZone", &self.availability_zone),
        );
        Some(BackingSnapshot { id: id?, provisioned, encryption, stored })
    }
}

/// Why an image cannot be copied, or holds nothing to copy.
fn left_out(state: &str, root: Option<&str>, is_empty: bool) -> Option<String> {
    if state != "available" {
        return Some(format!("image {state}"));
    }
    match root {
        Some(root) if root != "ebs" => Some(format!("image with a root device of type `{root}`")),
        _ => is_empty.then(|| "image without snapshots".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: &str) -> Result<Images, Vec<InputProblem>> {
        Images::read("images.json", format!("{{\"Images\": [\n{items}\n]}}").as_bytes())
    }

    #[test]
    fn devices_without_a_snapshot_hold_nothing_to_copy() {
        let images = read(
            r#"{"ImageId": "ami-1", "State": "available", "RootDeviceType": "ebs",
                "BlockDeviceMappings": [
                  {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}},
                  {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 100}},
                  {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"},
                  {"DeviceName": "/dev/sdd", "Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}}]}"#,
        )
        .unwrap();
        let ids: Vec<&str> = images.items[0].snapshots.iter().map(|s| s.id.as_str()).collect();
        assert_eq!((ids, &images.items[0].left_out), (vec!["snap-1"], &None));
    }

    #[test]
    fn images_that_cannot_be_copied_say_why() {
        let images = read(
            r#"{"ImageId": "ami-1", "State": "disabled"},
               {"ImageId": "ami-2", "State": "available", "RootDeviceType": "instance-store"},
               {"ImageId": "ami-3", "State": "available", "RootDeviceType": "ebs"}"#,
        )
        .unwrap();
        let reasons: Vec<&str> =
            images.items.iter().filter_map(|image| image.left_out.as_deref()).collect();
        insta::assert_snapshot!(reasons.join("\n"), @r"
        image disabled
        image with a root device of type `instance-store`
        image without snapshots
        ");
    }

    #[test]
    fn faults_carry_the_line_of_their_image() {
        let problems = read(
            r#"{"ImageId": 7, "State": "available"},
               {"ImageId": "ami-2", "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-2", "VolumeSize": "8"}}]}"#,
        )
        .unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        images.json:2: Images[0]: `ImageId` is 7, not a text
        images.json:3: ami-2: there is no `State`
        images.json:3: ami-2: `VolumeSize` is "8", not a whole number
        "#);
    }
}
