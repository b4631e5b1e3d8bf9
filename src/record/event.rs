//! Events as EventBridge receives them.
//!
//! Source: EBS User Guide, "EventBridge events for Amazon EBS", and EC2 User Guide, "Monitor AMI
//! events using Amazon EventBridge" (F34–F37, F40). The guide's own samples write resources and
//! times in two ways (F37); so does this.

use jiff::Timestamp;
use jiff::fmt::strtime;
use serde::Serialize;

use super::{AccountNumber, EventId, Fault, MissCause};
use crate::units::Instant;

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// A snapshot copy ended (F34, F36).
    Snapshot,
    /// Its deadline passed while it was under way (F35).
    Missed,
    /// An image is in another state (F40).
    Image,
}

impl EventKind {
    /// `detail-type` of the event.
    pub const fn detail_type(self) -> &'static str {
        match self {
            EventKind::Snapshot => "EBS Snapshot Notification",
            EventKind::Missed => "EBS Copy Snapshot Missed Completion Duration",
            EventKind::Image => "EC2 AMI State Change",
        }
    }
}

/// How what an event tells of came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventResult {
    /// The snapshot is completed.
    Succeeded,
    /// The snapshot, or the image, is not.
    Failed,
    /// The image is there.
    Available,
    /// The image was taken back.
    Deregistered,
}

impl EventResult {
    /// `result` of a snapshot's event, `State` of an image's.
    pub const fn name(self) -> &'static str {
        match self {
            EventResult::Succeeded => "succeeded",
            EventResult::Failed => "failed",
            EventResult::Available => "available",
            EventResult::Deregistered => "deregistered",
        }
    }
}

/// One event. Its fields are columns of `events.csv`; in full it is a line of `events.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventRecord<'a> {
    /// Replication that it belongs to.
    pub replication: u32,
    /// Its id.
    pub id: EventId,
    /// When it was sent.
    pub at: Instant,
    /// What it tells of.
    pub kind: EventKind,
    /// How that came out; none for a missed deadline.
    pub result: Option<EventResult>,
    /// Why it failed, where it did.
    pub fault: Option<Fault>,
    /// Fleet.
    pub fleet: &'a str,
    /// Volume, `image/snapshot`, or image.
    pub item: &'a str,
    /// Account that the copy belongs to, by name.
    pub account: &'a str,
    /// Region of the destination.
    pub region: &'a str,
    /// Region of the source.
    pub source_region: &'a str,
    /// Id of the copy.
    pub resource: &'a str,
    /// Id of its source.
    pub source: &'a str,
    /// When the copy was accepted.
    pub started: Instant,
    /// When its completion duration began; none for standard copies.
    pub clock_started: Option<Instant>,
    /// Whether only changes moved; none where the event does not say.
    pub incremental: Option<bool>,
    /// Whether it has a completion duration.
    pub time_based: bool,
    /// Why its deadline was missed, where it was.
    pub missed: Option<MissCause>,
}

/// An event in the shape in which EventBridge sends it.
#[derive(Debug, Serialize)]
pub(super) struct Bridged {
    version: &'static str,
    id: EventId,
    #[serde(rename = "detail-type")]
    detail_type: &'static str,
    source: &'static str,
    account: AccountNumber,
    time: String,
    region: String,
    resources: [String; 1],
    detail: Detail,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Detail {
    Snapshot(SnapshotDetail),
    Missed(MissedDetail),
    Image(ImageDetail),
}

#[derive(Debug, Serialize)]
struct SnapshotDetail {
    event: &'static str,
    result: &'static str,
    cause: &'static str,
    #[serde(rename = "request-id")]
    request_id: &'static str,
    snapshot_id: String,
    source: String,
    #[serde(rename = "startTime")]
    start_time: String,
    #[serde(rename = "endTime")]
    end_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    incremental: Option<&'static str>,
    #[serde(rename = "completionDurationStartTime", skip_serializing_if = "Option::is_none")]
    clock_start_time: Option<String>,
    #[serde(rename = "missedCompletionDurationCause", skip_serializing_if = "Option::is_none")]
    missed: Option<&'static str>,
    #[serde(rename = "transferType", skip_serializing_if = "Option::is_none")]
    transfer_type: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct MissedDetail {
    event: &'static str,
    #[serde(rename = "missedCompletionDurationCause")]
    missed: &'static str,
    snapshot_id: String,
    source: String,
    #[serde(rename = "startTime")]
    start_time: String,
    #[serde(rename = "transferType")]
    transfer_type: &'static str,
}

#[derive(Debug, Serialize)]
struct ImageDetail {
    #[serde(rename = "RequestId")]
    request_id: EventId,
    #[serde(rename = "ImageId")]
    image_id: String,
    #[serde(rename = "State")]
    state: &'static str,
    #[serde(rename = "ErrorMessage")]
    error_message: &'static str,
}

/// `detail.event` of every copy of a snapshot.
const COPY_SNAPSHOT: &str = "copySnapshot";

impl EventRecord<'_> {
    /// `time-based` or `standard`; none for images.
    pub fn transfer_type(&self) -> Option<&'static str> {
        let kind = if self.time_based { "time-based" } else { "standard" };
        (self.kind != EventKind::Image).then_some(kind)
    }

    /// The event as EventBridge sends it.
    pub(super) fn bridged(&self) -> Bridged {
        let account = AccountNumber::of(self.account);
        let (region, from, id) = (self.region, self.source_region, self.resource);
        let named = format!("arn:aws:ec2:{region}:{account}:snapshot/{id}");
        let short = format!("arn:aws:ec2::{region}:snapshot/{id}");
        let (resource, detail) = match self.kind {
            EventKind::Snapshot => {
                let source = format!("arn:aws:ec2::{from}:snapshot/{}", self.source);
                (short.clone(), Detail::Snapshot(self.snapshot_detail(short, source)))
            }
            EventKind::Missed => {
                let detail = MissedDetail {
                    event: COPY_SNAPSHOT,
                    missed: self.missed.map_or("", MissCause::message),
                    snapshot_id: named.clone(),
                    source: format!("arn:aws:ec2:{from}:{account}:snapshot/{}", self.source),
                    start_time: shown(self.started, "%a %b %d %H:%M:%S UTC %Y"),
                    transfer_type: "time-based",
                };
                (named, Detail::Missed(detail))
            }
            EventKind::Image => {
                let detail = ImageDetail {
                    request_id: self.id,
                    image_id: id.to_owned(),
                    state: self.result.map_or("", EventResult::name),
                    error_message: self.fault.map_or("", Fault::message),
                };
                (format!("arn:aws:ec2:{region}::image/{id}"), Detail::Image(detail))
            }
        };
        Bridged {
            version: "0",
            id: self.id,
            detail_type: self.kind.detail_type(),
            source: "aws.ec2",
            account,
            time: shown(self.at, SECONDS),
            region: region.to_owned(),
            resources: [resource],
            detail,
        }
    }

    /// A failed copy says neither how it moved nor what (F36).
    fn snapshot_detail(&self, snapshot_id: String, source: String) -> SnapshotDetail {
        let failed = self.result == Some(EventResult::Failed);
        let word = |incremental| if incremental { "true" } else { "false" };
        let clock = self.clock_started.filter(|_| !failed);
        SnapshotDetail {
            event: COPY_SNAPSHOT,
            result: self.result.map_or("", EventResult::name),
            cause: self.fault.map_or("", Fault::message),
            request_id: "",
            snapshot_id,
            source,
            start_time: shown(self.started, SECONDS),
            end_time: shown(self.at, SECONDS),
            incremental: self.incremental.filter(|_| !failed).map(word),
            clock_start_time: clock.map(|at| shown(at, "%Y-%m-%dT%H:%M:%S.%3fZ")),
            missed: self.missed.filter(|_| !failed).map(MissCause::message),
            transfer_type: self.transfer_type().filter(|_| !failed),
        }
    }
}

/// Times to the second, as most fields have them.
const SECONDS: &str = "%Y-%m-%dT%H:%M:%SZ";

/// An instant in UTC by a format; what is finer than the format shows is cut off.
pub(crate) fn shown(at: Instant, format: &str) -> String {
    let nanos = i128::from(at.nanos());
    let moment = Timestamp::from_nanosecond(nanos).expect("the year 2554 is in range");
    strtime::format(format, moment).expect("the formats are ours")
}

#[cfg(test)]
mod tests;
