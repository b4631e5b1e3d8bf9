//! The requests, parameter by parameter, as the API names and types them (F59, F60).

use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Action, Kind, Parameter, Refusal, Rule};

/// A request of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// CopySnapshot.
    Snapshot(CopySnapshotRequest),
    /// CopyImage.
    Image(CopyImageRequest),
}

/// The parameters of CopySnapshot (F59); absent ones are `None`.
///
/// Read under the API's names or under CloudTrail's, which start with a small letter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CopySnapshotRequest {
    /// Required: code of the Region that holds the snapshot.
    #[serde(alias = "sourceRegion")]
    pub source_region: Option<String>,
    /// Required: id of the snapshot.
    #[serde(alias = "sourceSnapshotId")]
    pub source_snapshot_id: Option<String>,
    /// Description of the copy.
    #[serde(alias = "description")]
    pub description: Option<String>,
    /// Region that a pre-signed URL is made for; nothing else.
    #[serde(alias = "destinationRegion")]
    pub destination_region: Option<String>,
    /// ARN of the Outpost to copy to.
    #[serde(alias = "destinationOutpostArn")]
    pub destination_outpost_arn: Option<String>,
    /// Name of the Local Zone to copy to.
    #[serde(alias = "destinationAvailabilityZone")]
    pub destination_availability_zone: Option<String>,
    /// Whether to encrypt an unencrypted snapshot; false is no legal value (F67).
    #[serde(alias = "encrypted")]
    pub encrypted: Option<bool>,
    /// Id, alias, or ARN of the key to encrypt under.
    #[serde(alias = "kmsKeyId", alias = "masterEncryptionKeyId")]
    pub kms_key_id: Option<String>,
    /// URL signed for the source's Region.
    #[serde(alias = "presignedUrl")]
    pub presigned_url: Option<String>,
    /// Tags of the copy.
    #[serde(alias = "TagSpecification", alias = "tagSpecificationSet")]
    pub tag_specifications: Option<Tags>,
    /// Completion duration, minutes (F1).
    #[serde(alias = "completionDurationMinutes")]
    pub completion_duration_minutes: Option<i64>,
    /// Whether only to ask if the caller may.
    #[serde(alias = "dryRun")]
    pub dry_run: Option<bool>,
}

/// The parameters of CopyImage (F60); absent ones are `None`.
///
/// Read under the API's names or under CloudTrail's, which start with a small letter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CopyImageRequest {
    /// Required: code of the Region that holds the image.
    #[serde(alias = "sourceRegion")]
    pub source_region: Option<String>,
    /// Required: id of the image.
    #[serde(alias = "sourceImageId")]
    pub source_image_id: Option<String>,
    /// Required: name of the copy.
    #[serde(alias = "name")]
    pub name: Option<String>,
    /// Token by which a repeated request is known (F76).
    #[serde(alias = "clientToken")]
    pub client_token: Option<String>,
    /// Description of the copy.
    #[serde(alias = "description")]
    pub description: Option<String>,
    /// Whether to encrypt unencrypted snapshots.
    #[serde(alias = "encrypted")]
    pub encrypted: Option<bool>,
    /// Id, alias, or ARN of the key to encrypt under.
    #[serde(alias = "kmsKeyId", alias = "masterEncryptionKeyId")]
    pub kms_key_id: Option<String>,
    /// ARN of the Outpost to copy to.
    #[serde(alias = "destinationOutpostArn")]
    pub destination_outpost_arn: Option<String>,
    /// Name of the Local Zone to copy to.
    #[serde(alias = "destinationAvailabilityZone")]
    pub destination_availability_zone: Option<String>,
    /// Id of the Local Zone to copy to.
    #[serde(alias = "destinationAvailabilityZoneId")]
    pub destination_availability_zone_id: Option<String>,
    /// Whether the copy gets the tags of the image (F63).
    #[serde(alias = "copyImageTags")]
    pub copy_image_tags: Option<bool>,
    /// Tags of the copy and of its snapshots.
    #[serde(alias = "TagSpecification", alias = "tagSpecificationSet")]
    pub tag_specifications: Option<Tags>,
    /// Completion duration of each snapshot, minutes (F1, F18).
    #[serde(alias = "snapshotCopyCompletionDurationMinutes")]
    pub snapshot_copy_completion_duration_minutes: Option<i64>,
    /// Whether only to ask if the caller may.
    #[serde(alias = "dryRun")]
    pub dry_run: Option<bool>,
}

/// Tags for new resources, by type of resource: a list, or CloudTrail's table with `items`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(pub Vec<TagSpecification>);

/// Tags for new resources of one type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct TagSpecification {
    /// `snapshot`, or `image`.
    #[serde(alias = "resourceType")]
    pub resource_type: Option<String>,
    /// The tags.
    #[serde(alias = "tags")]
    pub tags: Vec<Tag>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct Tag {
    /// Its key, of at most 127 characters.
    #[serde(alias = "key")]
    pub key: String,
    /// Its value, of at most 256 characters.
    #[serde(alias = "value")]
    pub value: String,
}

impl Request {
    /// Which call it is.
    pub const fn action(&self) -> Action {
        match self {
            Request::Snapshot(_) => Action::CopySnapshot,
            Request::Image(_) => Action::CopyImage,
        }
    }

    /// The request of an action with these parameters, under the API's names or CloudTrail's.
    ///
    /// # Errors
    /// When the call has no such parameter, or its value is of another type (F59, F60).
    pub fn read(action: Action, parameters: &Map<String, Value>) -> Result<Request, Refusal> {
        for (name, value) in parameters {
            let parameter = Parameter::named(action, name)?;
            let fits = match parameter.kind() {
                Kind::Text => value.is_string(),
                Kind::Flag => value.is_boolean(),
                Kind::Number => value.is_i64(),
                Kind::Tags => value.is_array() || value.is_object(),
            };
            if !fits && !value.is_null() {
                let message =
                    format!("`{parameter}` is {value}, and has to be {}", parameter.kind().words());
                return Err(Refusal::new(Rule::Type, Some(parameter), message));
            }
        }
        let table = Value::Object(parameters.clone());
        let read = match action {
            Action::CopySnapshot => serde_json::from_value(table).map(Request::Snapshot),
            Action::CopyImage => serde_json::from_value(table).map(Request::Image),
        };
        // names and types fit, so what is left are tags, and names given twice in two spellings
        read.map_err(|error| {
            let told = error.to_string();
            let twice = told.starts_with("duplicate field");
            let parameter = (!twice).then_some(Parameter::TagSpecifications);
            let message = match parameter {
                Some(parameter) => format!("`{parameter}` cannot be read: {told}"),
                None => format!("a parameter is given twice: {told}"),
            };
            Refusal::new(Rule::Type, parameter, message)
        })
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tags, D::Error> {
        deserializer.deserialize_any(TagsVisitor)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = Tags;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Kind::Tags.words())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tags, A::Error> {
        let mut specifications = Vec::new();
        while let Some(one) = list.next_element()? {
            specifications.push(one);
        }
        Ok(Tags(specifications))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Tags, A::Error> {
        let mut tags = Tags::default();
        while let Some(key) = table.next_key::<String>()? {
            if key != "items" {
                table.next_value::<IgnoredAny>()?;
                return Err(A::Error::unknown_field(&key, &["items"]));
            }
            tags.0 = table.next_value()?;
        }
        Ok(tags)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(action: Action, parameters: &Value) -> Result<Request, Refusal> {
        Request::read(action, parameters.as_object().expect("a table"))
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// F59, F60: each parameter lands in the field of its name, with the type of the API model.
    #[test]
    fn f59_f60_every_parameter_is_read() {
        let tags =
            |kind: &str| json!([{ "ResourceType": kind, "Tags": [{ "Key": "k", "Value": "v" }] }]);
        let one = |kind: &str| {
            let tag = Tag { key: "k".to_owned(), value: "v".to_owned() };
            Some(Tags(vec![TagSpecification { resource_type: text(kind), tags: vec![tag] }]))
        };
        let snapshot = json!({
            "SourceRegion": "a", "SourceSnapshotId": "b", "Description": "c",
            "DestinationRegion": "d", "DestinationOutpostArn": "e",
            "DestinationAvailabilityZone": "f", "Encrypted": true, "KmsKeyId": "g",
            "PresignedUrl": "h", "TagSpecifications": tags("snapshot"),
            "CompletionDurationMinutes": 60, "DryRun": false,
        });
        let expected = CopySnapshotRequest {
            source_region: text("a"),
            source_snapshot_id: text("b"),
            description: text("c"),
            destination_region: text("d"),
            destination_outpost_arn: text("e"),
            destination_availability_zone: text("f"),
            encrypted: Some(true),
            kms_key_id: text("g"),
            presigned_url: text("h"),
            tag_specifications: one("snapshot"),
            completion_duration_minutes: Some(60),
            dry_run: Some(false),
        };
        assert_eq!(
            snapshot.as_object().unwrap().len(),
            Parameter::of(Action::CopySnapshot).count()
        );
        assert_eq!(read(Action::CopySnapshot, &snapshot), Ok(Request::Snapshot(expected)));
        let image = json!({
            "SourceRegion": "a", "SourceImageId": "b", "Name": "c", "ClientToken": "d",
            "Description": "e", "Encrypted": false, "KmsKeyId": "f",
            "DestinationOutpostArn": "g", "DestinationAvailabilityZone": "h",
            "DestinationAvailabilityZoneId": "i", "CopyImageTags": true,
            "TagSpecifications": tags("image"), "SnapshotCopyCompletionDurationMinutes": 15,
            "DryRun": true,
        });
        let expected = CopyImageRequest {
            source_region: text("a"),
            source_image_id: text("b"),
            name: text("c"),
            client_token: text("d"),
            description: text("e"),
            encrypted: Some(false),
            kms_key_id: text("f"),
            destination_outpost_arn: text("g"),
            destination_availability_zone: text("h"),
            destination_availability_zone_id: text("i"),
            copy_image_tags: Some(true),
            tag_specifications: one("image"),
            snapshot_copy_completion_duration_minutes: Some(15),
            dry_run: Some(true),
        };
        assert_eq!(image.as_object().unwrap().len(), Parameter::of(Action::CopyImage).count());
        assert_eq!(read(Action::CopyImage, &image), Ok(Request::Image(expected)));
    }

    /// F155: the record of a CopySnapshot: small letters, tags below `items`, the key's own name.
    #[test]
    fn f155_a_record_of_cloudtrail_is_the_same_request() {
        let api = json!({
            "SourceRegion": "us-east-1", "SourceSnapshotId": "snap-043b9bc268f05efb3",
            "KmsKeyId": "alias/vault", "Encrypted": true, "CompletionDurationMinutes": 15,
            "TagSpecifications":
                [{ "ResourceType": "snapshot", "Tags": [{ "Key": "Name", "Value": "db" }] }],
        });
        let trail = json!({
            "sourceRegion": "us-east-1", "sourceSnapshotId": "snap-043b9bc268f05efb3",
            "masterEncryptionKeyId": "alias/vault", "encrypted": true,
            "completionDurationMinutes": 15, "description": null,
            "tagSpecificationSet": { "items":
                [{ "resourceType": "snapshot", "tags": [{ "key": "Name", "value": "db" }] }] },
        });
        let action = Action::CopySnapshot;
        assert_eq!(read(action, &trail), read(action, &api));
        assert!(read(action, &api).is_ok());
    }

    /// F137: a value of another type, or tags of another shape: the parameter is named.
    #[test]
    fn f137_what_cannot_be_read_names_its_parameter() {
        let told = |parameters: Value| {
            let refusal = read(Action::CopySnapshot, &parameters).unwrap_err();
            format!("{:?}: {}", refusal.parameter, refusal)
        };
        insta::assert_snapshot!(
            told(json!({ "CompletionDurationMinutes": "15" })),
            @r#"Some(CompletionDurationMinutes): InvalidParameterValue: `CompletionDurationMinutes` is "15", and has to be a whole number (F59, F60, F137)"#
        );
        insta::assert_snapshot!(
            told(json!({ "Encrypted": 1 })),
            @"Some(Encrypted): InvalidParameterValue: `Encrypted` is 1, and has to be true or false (F59, F60, F137)"
        );
        insta::assert_snapshot!(
            told(json!({ "TagSpecifications": [{ "Type": "snapshot" }] })),
            @"Some(TagSpecifications): InvalidParameterValue: `TagSpecifications` cannot be read: unknown field `Type`, expected one of `ResourceType`, `resourceType`, `Tags`, `tags` (F59, F60, F137)"
        );
        insta::assert_snapshot!(
            told(json!({ "SourceRegion": "us-east-1", "sourceRegion": "us-west-2" })),
            @"None: InvalidParameterValue: a parameter is given twice: duplicate field `SourceRegion` (F59, F60, F137)"
        );
    }
}
