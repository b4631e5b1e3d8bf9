//! Requests in the API's own words, and the files that they and their sources come from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::{Action, Parameter as P, Parameter};
use crate::scenario::spelling::{Moment, PerDay};
use crate::scenario::value::{At, OneOrMany, words};
use crate::units::{Bytes, Span};

words! {
    Action, "action": {
        "CopySnapshot" => Action::CopySnapshot, "CopyImage" => Action::CopyImage,
    }
}

/// Where requests come from, and what their sources are.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// Files that list the sources; paths start at the folder of the scenario.
    pub inventory: Option<At<RequestInventory>>,
    /// CloudTrail log files, or what `aws cloudtrail lookup-events` prints: each CopySnapshot and
    /// CopyImage in them is a request. They keep their distances; the first is made at the start of
    /// the run, which is its own time unless `scenario.start` is given.
    pub cloudtrail: Option<At<OneOrMany<String>>>,
    /// Bytes of each snapshot of which no file says how large it is. Default: such requests are
    /// errors.
    pub assume_size: Option<At<Bytes>>,
    /// Share of the written bytes that changes in a day: what a later copy of the same volume moves.
    /// Default, assumed: `3 %/day`.
    pub change: Option<At<PerDay>>,
    /// Whether records of `cloudtrail` that cannot be read are left out. Default: no, they are errors.
    pub skip_bad: Option<At<bool>>,
    /// Who makes the requests that name nobody. Default: somebody who asks once and takes the answer.
    pub client: Option<At<String>>,
    /// Encryption by default, by Region. Default: off.
    pub region_defaults: Option<BTreeMap<String, At<RegionDefault>>>,
}

/// Files that list what requests copy.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestInventory {
    /// Output of `aws ec2 describe-snapshots`.
    pub snapshots: Option<At<OneOrMany<String>>>,
    /// Output of `aws ec2 describe-images`.
    pub images: Option<At<OneOrMany<String>>>,
}

/// Encryption by default of a Region.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionDefault {
    /// Whether it is on. Default: yes.
    pub encrypted: Option<At<bool>>,
    /// The key that is set for it. Default: the provider's own, `aws/ebs`.
    pub key: Option<At<String>>,
}

/// One request, under the names of the API.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `CopySnapshot` or `CopyImage`.
    #[schemars(required)]
    pub action: Option<At<Action>>,
    /// What rows call it, beside the id of its source.
    pub name: Option<At<String>>,
    /// When it is made. Default: at the start.
    pub at: Option<At<Moment>>,
    /// The Region that it is sent to. Default: that of the Outpost or Local Zone which is its
    /// destination; else it has to be said.
    pub region: Option<At<String>>,
    /// The account that makes it. Default: the one without a name.
    pub account: Option<At<String>>,
    /// Who makes it. Default: that of `[requests]`.
    pub client: Option<At<String>>,
    /// How long after it is made its target snapshot is deleted, or its image deregistered. Default:
    /// never.
    pub cancel_after: Option<At<Span>>,
    /// How long after it is made its source is deleted. Default: never.
    pub delete_source_after: Option<At<Span>>,
    /// Region of the source.
    #[serde(rename = "SourceRegion")]
    pub source_region: Option<At<String>>,
    /// The snapshot to copy.
    #[serde(rename = "SourceSnapshotId")]
    pub source_snapshot_id: Option<At<String>>,
    /// The image to copy.
    #[serde(rename = "SourceImageId")]
    pub source_image_id: Option<At<String>>,
    /// Name of the new image.
    #[serde(rename = "Name")]
    pub image_name: Option<At<String>>,
    /// Description of the copy.
    #[serde(rename = "Description")]
    pub description: Option<At<String>>,
    /// Token by which a repeated CopyImage is known.
    #[serde(rename = "ClientToken")]
    pub client_token: Option<At<String>>,
    /// Whether the copy is encrypted.
    #[serde(rename = "Encrypted")]
    pub encrypted: Option<At<bool>>,
    /// Key of the copy.
    #[serde(rename = "KmsKeyId")]
    pub kms_key_id: Option<At<String>>,
    /// Whether the new image gets the tags of the source.
    #[serde(rename = "CopyImageTags")]
    pub copy_image_tags: Option<At<bool>>,
    /// Tags of the copy.
    #[serde(rename = "TagSpecifications")]
    pub tag_specifications: Option<At<Vec<At<TagSpecification>>>>,
    /// ARN of the Outpost to copy to, or the name of one that the scenario declares.
    #[serde(rename = "DestinationOutpostArn")]
    pub destination_outpost_arn: Option<At<String>>,
    /// Local Zone to copy to.
    #[serde(rename = "DestinationAvailabilityZone")]
    pub destination_availability_zone: Option<At<String>>,
    /// Id of the Local Zone to copy to.
    #[serde(rename = "DestinationAvailabilityZoneId")]
    pub destination_availability_zone_id: Option<At<String>>,
    /// Region that a pre-signed URL is made for.
    #[serde(rename = "DestinationRegion")]
    pub destination_region: Option<At<String>>,
    /// URL signed for the source's Region.
    #[serde(rename = "PresignedUrl")]
    pub presigned_url: Option<At<String>>,
    /// Completion duration of a snapshot copy, minutes.
    #[serde(rename = "CompletionDurationMinutes")]
    pub completion_duration_minutes: Option<At<i64>>,
    /// Completion duration of each snapshot of an image copy, minutes.
    #[serde(rename = "SnapshotCopyCompletionDurationMinutes")]
    pub snapshot_copy_completion_duration_minutes: Option<At<i64>>,
    /// Whether only to ask if the caller may.
    #[serde(rename = "DryRun")]
    pub dry_run: Option<At<bool>>,
}

/// Tags of the resources of one type.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagSpecification {
    /// `snapshot` or `image`.
    #[serde(rename = "ResourceType")]
    pub resource_type: Option<At<String>>,
    /// The tags.
    #[serde(rename = "Tags")]
    pub tags: Option<At<Vec<At<Tag>>>>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its key.
    #[serde(rename = "Key")]
    #[schemars(required)]
    pub key: Option<At<String>>,
    /// Its value.
    #[serde(rename = "Value")]
    pub value: Option<At<String>>,
}

impl Request {
    /// The parameters that are written, each with its place.
    pub fn parameters(&self) -> Vec<(Parameter, Value, std::ops::Range<usize>)> {
        let text = |parameter, at: &Option<At<String>>| {
            at.as_ref().map(|at| (parameter, Value::from(at.value.clone()), at.span.clone()))
        };
        let flag = |parameter, at: &Option<At<bool>>| {
            at.as_ref().map(|at| (parameter, Value::from(at.value), at.span.clone()))
        };
        let number = |parameter, at: &Option<At<i64>>| {
            at.as_ref().map(|at| (parameter, Value::from(at.value), at.span.clone()))
        };
        let tags = self.tag_specifications.as_ref();
        let all = [
            text(P::SourceRegion, &self.source_region),
            text(P::SourceSnapshotId, &self.source_snapshot_id),
            text(P::SourceImageId, &self.source_image_id),
            text(P::Name, &self.image_name),
            text(P::Description, &self.description),
            text(P::ClientToken, &self.client_token),
            flag(P::Encrypted, &self.encrypted),
            text(P::KmsKeyId, &self.kms_key_id),
            flag(P::CopyImageTags, &self.copy_image_tags),
            tags.map(|at| (P::TagSpecifications, tags_value(&at.value), at.span.clone())),
            text(P::DestinationOutpostArn, &self.destination_outpost_arn),
            text(P::DestinationAvailabilityZone, &self.destination_availability_zone),
            text(P::DestinationAvailabilityZoneId, &self.destination_availability_zone_id),
            text(P::DestinationRegion, &self.destination_region),
            text(P::PresignedUrl, &self.presigned_url),
            number(P::CompletionDurationMinutes, &self.completion_duration_minutes),
            number(
                P::SnapshotCopyCompletionDurationMinutes,
                &self.snapshot_copy_completion_duration_minutes,
            ),
            flag(P::DryRun, &self.dry_run),
        ];
        all.into_iter().flatten().collect()
    }
}

/// Tags as the API takes them.
fn tags_value(specifications: &[At<TagSpecification>]) -> Value {
    let text = |at: &Option<At<String>>| Value::from(at.as_ref().map_or("", |at| &at.value));
    let tag = |at: &At<Tag>| {
        let pair = [("Key", text(&at.value.key)), ("Value", text(&at.value.value))];
        Value::Object(pair.map(|(key, value)| (key.to_owned(), value)).into_iter().collect())
    };
    let specification = |at: &At<TagSpecification>| {
        let tags = at.value.tags.iter().flat_map(|tags| &tags.value).map(tag).collect();
        let mut table = Map::new();
        table.insert("ResourceType".to_owned(), text(&at.value.resource_type));
        table.insert("Tags".to_owned(), Value::Array(tags));
        Value::Object(table)
    };
    Value::Array(specifications.iter().map(specification).collect())
}
