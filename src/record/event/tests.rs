use serde_json::{Value, json};

use super::*;
use crate::rng::{Chance, NameHash};
use crate::units::Span;

/// 2026-03-02T06:00:05Z, a Monday: 20,454 days from 1970 to 2026 (56 × 365 + 14 leap days), 31 + 28
/// of January and February, 1 of March, and 6 h 5 s.
const STARTED: Instant =
    Instant::from_nanos(((20_454 + 31 + 28 + 1) * 86_400 + 6 * 3_600 + 5) * 1_000_000_000);

fn event() -> EventRecord<'static> {
    EventRecord {
        replication: 0,
        id: EventId::of(Chance::new(1, 0), NameHash::of("event")),
        at: STARTED + Span::from_mins(51) + Span::from_nanos(35_999_999_999),
        kind: EventKind::Snapshot,
        result: Some(EventResult::Succeeded),
        fault: None,
        fleet: "data",
        item: "v1",
        account: "111122223333",
        region: "us-west-2",
        source_region: "us-east-1",
        resource: "snap-00cfc95f240c28d83",
        source: "snap-02989701b2344567a",
        started: STARTED,
        clock_started: Some(STARTED + Span::from_nanos(410_999_999)),
        incremental: Some(false),
        time_based: true,
        missed: None,
    }
}

/// What is sent, without its id.
fn sent(event: &EventRecord<'_>) -> Value {
    let mut sent = serde_json::to_value(event.bridged()).unwrap();
    assert_eq!(sent["id"].as_str(), Some(event.id.to_string().as_str()));
    sent.as_object_mut().unwrap().remove("id");
    sent
}

/// The fields of F34 in the forms of the guide's samples (F37); what is less than a second, or than
/// a millisecond, is cut off: 35.99 s and 5.41 s. The late end carries its cause (F35).
#[test]
fn a_copy_that_ended_late_is_told_in_the_words_of_the_provider() {
    let late = EventRecord { missed: Some(MissCause::CopyRate), ..event() };
    let expected = json!({
        "version": "0",
        "detail-type": "EBS Snapshot Notification",
        "source": "aws.ec2",
        "account": "111122223333",
        "time": "2026-03-02T06:51:40Z",
        "region": "us-west-2",
        "resources": ["arn:aws:ec2::us-west-2:snapshot/snap-00cfc95f240c28d83"],
        "detail": {
            "event": "copySnapshot",
            "result": "succeeded",
            "cause": "",
            "request-id": "",
            "snapshot_id": "arn:aws:ec2::us-west-2:snapshot/snap-00cfc95f240c28d83",
            "source": "arn:aws:ec2::us-east-1:snapshot/snap-02989701b2344567a",
            "startTime": "2026-03-02T06:00:05Z",
            "endTime": "2026-03-02T06:51:40Z",
            "incremental": "false",
            "completionDurationStartTime": "2026-03-02T06:00:05.410Z",
            "missedCompletionDurationCause": "Snapshot copy was not able to meet the specified \
                completion duration because your snapshot copy operation throughput quota was \
                exceeded.",
            "transferType": "time-based"
        }
    });
    assert_eq!(sent(&late), expected);
}

/// A standard copy has no completion duration that could have begun.
#[test]
fn a_standard_copy_says_nothing_of_durations() {
    let standard =
        EventRecord { clock_started: None, incremental: Some(true), time_based: false, ..event() };
    let detail = &sent(&standard)["detail"];
    assert_eq!(
        (&detail["incremental"], &detail["transferType"]),
        (&json!("true"), &json!("standard"))
    );
    let has = |key: &str| detail.as_object().unwrap().contains_key(key);
    assert!(!has("completionDurationStartTime") && !has("missedCompletionDurationCause"));
}

/// F36: the cause, and nothing of what would have moved.
#[test]
fn a_failed_copy_says_why_and_nothing_of_its_bytes() {
    let failed = EventRecord {
        result: Some(EventResult::Failed),
        fault: Some(Fault::SourceNotFound),
        missed: Some(MissCause::Service),
        ..event()
    };
    let expected = json!({
        "event": "copySnapshot",
        "result": "failed",
        "cause": "Source snapshot ID is not valid",
        "request-id": "",
        "snapshot_id": "arn:aws:ec2::us-west-2:snapshot/snap-00cfc95f240c28d83",
        "source": "arn:aws:ec2::us-east-1:snapshot/snap-02989701b2344567a",
        "startTime": "2026-03-02T06:00:05Z",
        "endTime": "2026-03-02T06:51:40Z"
    });
    assert_eq!(sent(&failed)["detail"], expected);
}

/// F35 and F37: no result, resources with the account, and the other form of time.
#[test]
fn a_missed_deadline_is_told_in_its_own_form() {
    let missed = EventRecord {
        at: STARTED + Span::from_mins(15),
        kind: EventKind::Missed,
        result: None,
        missed: Some(MissCause::CopyRate),
        ..event()
    };
    let expected = json!({
        "version": "0",
        "detail-type": "EBS Copy Snapshot Missed Completion Duration",
        "source": "aws.ec2",
        "account": "111122223333",
        "time": "2026-03-02T06:15:05Z",
        "region": "us-west-2",
        "resources": ["arn:aws:ec2:us-west-2:111122223333:snapshot/snap-00cfc95f240c28d83"],
        "detail": {
            "event": "copySnapshot",
            "missedCompletionDurationCause": MissCause::CopyRate.message(),
            "snapshot_id": "arn:aws:ec2:us-west-2:111122223333:snapshot/snap-00cfc95f240c28d83",
            "source": "arn:aws:ec2:us-east-1:111122223333:snapshot/snap-02989701b2344567a",
            "startTime": "Mon Mar 02 06:00:05 UTC 2026",
            "transferType": "time-based"
        }
    });
    assert_eq!(sent(&missed), expected);
}

#[test]
fn an_image_tells_its_state() {
    let image = EventRecord {
        kind: EventKind::Image,
        result: Some(EventResult::Deregistered),
        resource: "ami-00000000000000001",
        ..event()
    };
    let sent = sent(&image);
    assert_eq!(sent["detail-type"], "EC2 AMI State Change");
    assert_eq!(sent["resources"], json!(["arn:aws:ec2:us-west-2::image/ami-00000000000000001"]));
    assert_eq!(sent["detail"]["ImageId"], "ami-00000000000000001");
    assert_eq!(sent["detail"]["State"], "deregistered");
    assert_eq!(sent["detail"]["ErrorMessage"], "");
    assert_eq!(image.transfer_type(), None);
}
