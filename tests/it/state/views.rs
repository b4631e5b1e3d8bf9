//! What `DescribeSnapshots` and `DescribeImages` show at moments worked by hand.

use serde_json::json;
use snapferry::engine::network::Levels;
use snapferry::engine::view::{ImageState, Labels, Percent, SnapshotState, SnapshotView, Tag};
use snapferry::engine::{CopyRequest, part_name};
use snapferry::model::{Progress, Retention};
use snapferry::record::Fault;
use snapferry::units::Span;

use super::{Account, as_image, name, within};
use crate::support::{at, model, source};

/// The snapshot of a request at a moment.
fn seen(account: &mut Account<'_, Levels>, tag: u64, secs: u64) -> Option<SnapshotView> {
    account.wait_until(secs);
    let id = account.engine.snapshot_id(name(tag));
    account.engine.snapshot(id, at(secs))
}

/// 450,000 MiB in 15 min move evenly: a ninth every 100 s. At 300 s 33.3 %, at 450 s 50 %, at 899 s
/// 99.9 %; by tens 30, 50, and 90 %. What has moved all is completed, and shows 100 %.
#[test]
fn progress_is_told_in_whole_percent_or_tens_until_it_is_completed() {
    for (rule, expected) in [
        (Progress::Percent, ["0%", "33%", "50%", "99%", "100%"]),
        (Progress::Tens, ["0%", "30%", "50%", "90%", "100%"]),
    ] {
        let mut model = model();
        model.assume.progress = rule;
        let mut account = Account::of(&model);
        account.ask(0, &[source(0, 450_000)], within(15));
        let shown = [0, 300, 450, 899, 900].map(|secs| {
            let view = seen(&mut account, 0, secs).unwrap();
            assert_eq!(view.state == SnapshotState::Completed, view.progress == Percent::ALL);
            view.progress.to_string()
        });
        assert_eq!(shown, expected);
    }
}

/// F31: completion time and full size appear with the end. 450,000 MiB are 471,859,200,000 bytes and
/// 439.45 GiB, so the least volume has 440.
#[test]
fn a_copy_is_shown_as_the_cli_prints_it() {
    let model = model();
    let mut account = Account::of(&model);
    account.ask(0, &[source(0, 450_000)], within(15));
    let pending = seen(&mut account, 0, 333).unwrap();
    let id = pending.snapshot_id.to_string();
    let mut expected = json!({
        "StorageTier": "standard",
        "TransferType": "time-based",
        "CompletionDurationMinutes": 15,
        "SnapshotId": id,
        "VolumeId": "vol-ffffffff",
        "State": "pending",
        "StartTime": "2027-01-04T00:00:00.000000+00:00",
        "Progress": "37%",
        "OwnerId": pending.owner_id.to_string(),
        "Description": "",
        "VolumeSize": 440,
        "Encrypted": false
    });
    assert_eq!(serde_json::to_value(&pending).unwrap(), expected);
    expected["State"] = json!("completed");
    expected["Progress"] = json!("100%");
    expected["CompletionTime"] = json!("2027-01-04T00:15:00.000000+00:00");
    expected["FullSnapshotSizeInBytes"] = json!(471_859_200_000_u64);
    let completed = seen(&mut account, 0, 5000).unwrap();
    assert_eq!(serde_json::to_value(&completed).unwrap(), expected);
    assert_eq!(account.engine.snapshots(at(5000)), [completed]);
}

/// F32, also for a copy that had moved something.
#[test]
fn a_failed_copy_shows_why_and_no_size() {
    let model = model();
    let mut account = Account::of(&model);
    let fault = Some(Fault::SourceNotFound);
    account.ask(0, &[source(0, 3000)], |request| CopyRequest { fault, ..request });
    let view = seen(&mut account, 0, 100).unwrap();
    assert_eq!(
        (view.state, view.progress, view.volume_size),
        (SnapshotState::Error, Percent::ZERO, 0)
    );
    assert_eq!(view.state_message, Some("Source snapshot ID is not valid"));
    let shown = serde_json::to_value(&view).unwrap();
    let fields = shown.as_object().unwrap();
    assert!(!fields.contains_key("CompletionTime"), "{fields:?}");
    assert!(!fields.contains_key("FullSnapshotSizeInBytes"), "{fields:?}");
    assert_eq!((&fields["TransferType"], &fields["Progress"]), (&json!("standard"), &json!("0%")));
}

/// 3,000 MiB at 100 MiB/s are there at 30 s and kept for 60 s more; what is deleted midway is gone at
/// once.
#[test]
fn what_is_deleted_is_shown_no_more() {
    let model = model();
    let mut account = Account::of(&model);
    let retain = Retention::Age(Span::from_secs(60));
    account.ask(0, &[source(0, 3000)], |request| CopyRequest { retain, ..request });
    account.ask(0, &[source(1, 3000)], |request| request);
    account.cancel(10, 1);
    assert_eq!(seen(&mut account, 1, 10), None);
    assert!(seen(&mut account, 0, 90).is_some(), "what reaches its age now still stands");
    assert_eq!(seen(&mut account, 0, 91), None);
}

/// 1,000 and 3,000 MiB at 100 MiB/s: the image pends until 30 s, when its last snapshot is there.
#[test]
fn an_image_is_available_when_its_last_snapshot_is() {
    let model = model();
    let mut account: Account<'_> = Account::of(&model);
    let labels = Labels {
        name: "golden".to_owned(),
        source_image: Some("ami-0af3".to_owned()),
        volume_gib: vec![8, 20],
        tags: vec![Tag { key: "team".to_owned(), value: "web".to_owned() }],
        ..Labels::default()
    };
    let both = [source(0, 1000), source(1, 3000)];
    account.wait_until(0);
    let request = CopyRequest {
        name: name(0),
        tag: 0,
        sources: &both,
        image: true,
        account: 0,
        route: 0,
        duration: None,
        retain: Retention::Forever,
        shelf: 0,
        failures: None,
        fault: None,
        labels: Some(&labels),
    };
    account.engine.submit(&request, at(0));
    let id = account.engine.image_id(name(0));
    account.wait_until(29);
    assert_eq!(account.engine.image(id).unwrap().state, ImageState::Pending);
    account.wait_until(31);
    let view = account.engine.image(id).unwrap();
    let parts = [0, 1].map(|part| account.engine.snapshot_id(part_name(name(0), true, part)));
    let device = |part: usize, gib: u64| json!({ "Ebs": { "SnapshotId": parts[part], "VolumeSize": gib, "Encrypted": false } });
    let expected = json!({
        "BlockDeviceMappings": [device(0, 8), device(1, 20)],
        "Name": "golden",
        "RootDeviceType": "ebs",
        "Tags": [{ "Key": "team", "Value": "web" }],
        "SourceImageId": "ami-0af3",
        "SourceImageRegion": "us-east-1",
        "ImageId": id.to_string(),
        "State": "available",
        "OwnerId": view.owner_id.to_string(),
        "CreationDate": "2027-01-04T00:00:00.000Z"
    });
    assert_eq!(serde_json::to_value(&view).unwrap(), expected);
    let sizes = parts.map(|id| account.engine.snapshot(id, at(31)).unwrap().volume_size);
    assert_eq!(sizes, [8, 20]);
}

#[test]
fn an_image_that_failed_or_was_taken_back_says_so() {
    let model = model();
    let mut account: Account<'_> = Account::of(&model);
    let fault = Some(Fault::SourceNotComplete);
    account.ask(0, &[source(0, 1000)], |request| CopyRequest { fault, ..as_image(request) });
    account.ask(0, &[source(1, 3000)], as_image);
    account.cancel(10, 1);
    let ids = [0, 1].map(|tag| account.engine.image_id(name(tag)));
    let [failed, gone] = ids.map(|id| account.engine.image(id).unwrap());
    assert_eq!((failed.state, gone.state), (ImageState::Failed, ImageState::Deregistered));
    assert_eq!(failed.state_reason.unwrap().message, "Source snapshot is not completed");
    assert_eq!(account.engine.images().len(), 2);
}

/// Who does not ask for it is not remembered.
#[test]
fn an_engine_that_remembers_nothing_shows_nothing() {
    let model = model();
    let mut account: Account<'_> = Account::of(&model);
    account.engine =
        snapferry::engine::Engine::new(&model, snapferry::rng::Chance::new(1, 0), None);
    account.ask(0, &[source(0, 3000)], |request| request);
    assert_eq!(account.engine.snapshots(at(0)), []);
    assert_eq!(account.engine.n_copies(), 1);
}
