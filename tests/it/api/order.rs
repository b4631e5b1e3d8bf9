//! In which order a request is looked at (F80–F82), and what a dry run says.

use Action::{CopyImage, CopySnapshot};
use serde_json::{Value, json};
use snapferry::api::{Action, KeyState, May, Rule, SnapshotState, Stage};

use super::world::{EAST, EAST_OUTPOST, IMAGE, SNAPSHOT, VAULT, World};

const NOBODY: May = May { copy_snapshot: false, copy_image: false };

/// Faults of a request, worst first, each with its mending; what is told must be the first fault
/// that is left.
fn walk(action: Action, mut world: World, mut patch: Value, mends: &[(Rule, &str, Value)]) {
    let mut stages = Vec::new();
    for (rule, name, mended) in mends {
        let told = world.told((action, "us-west-2"), &patch, |answer| answer.unwrap_err().rule);
        assert_eq!(told, *rule, "before `{name}` is mended");
        stages.push(rule.info().stage);
        if *name == "may" {
            world.may = May::ALL;
        } else {
            patch[name] = mended.clone();
        }
    }
    assert!(stages.is_sorted(), "{stages:?}");
    assert_eq!(world.answer((action, "us-west-2"), &patch), "ok");
}

/// F81: required parameters and ids, Region, duration, tags, permission, dry run; then the
/// destination Region, the URL, and the key.
#[test]
fn f81_checks_of_a_snapshot_come_in_the_order_that_was_seen() {
    let world =
        World { may: NOBODY, keys: vec![("alias/gone", KeyState::Unknown)], ..World::at(EAST) };
    let faults = json!({
        "SourceSnapshotId": "snap-x", "SourceRegion": "moon", "CompletionDurationMinutes": 16,
        "TagSpecifications": [{ "ResourceType": "volume" }], "DryRun": true,
        "DestinationRegion": "us-west-1", "PresignedUrl": "ftp://", "Encrypted": true,
        "KmsKeyId": "alias/gone",
    });
    let null = Value::Null;
    walk(
        CopySnapshot,
        world,
        faults,
        &[
            (Rule::SnapshotId, "SourceSnapshotId", json!(SNAPSHOT)),
            (Rule::Region, "SourceRegion", json!("us-east-1")),
            (Rule::Duration, "CompletionDurationMinutes", json!(15)),
            (Rule::TagResource, "TagSpecifications", null.clone()),
            (Rule::Permission, "may", null.clone()),
            (Rule::DryRun, "DryRun", json!(false)),
            (Rule::DestinationRegion, "DestinationRegion", json!("us-west-2")),
            (Rule::Url, "PresignedUrl", null),
            (Rule::KeyUnusable, "KmsKeyId", json!(VAULT)),
        ],
    );
}

/// F81, taken to hold for images, with what they have besides.
#[test]
fn f81_checks_of_an_image_come_in_the_same_order() {
    let world = World {
        may: NOBODY,
        keys: vec![("alias/gone", KeyState::Unknown)],
        names: vec!["taken"],
        ..World::at(EAST)
    };
    let faults = json!({
        "SourceRegion": "moon", "SourceImageId": "ami-x", "Name": "taken",
        "SnapshotCopyCompletionDurationMinutes": 16, "Encrypted": true, "KmsKeyId": "alias/gone",
        "TagSpecifications": [{ "ResourceType": "volume" }], "DryRun": true,
        "DestinationOutpostArn": "op-1",
    });
    let null = Value::Null;
    walk(
        CopyImage,
        world,
        faults,
        &[
            (Rule::ImageId, "SourceImageId", json!("ami-0123456789abcdef9")),
            (Rule::OutpostArn, "DestinationOutpostArn", json!(EAST_OUTPOST.name())),
            (Rule::Region, "SourceRegion", json!("us-east-1")),
            (Rule::Duration, "SnapshotCopyCompletionDurationMinutes", json!(15)),
            (Rule::EdgeDuration, "SnapshotCopyCompletionDurationMinutes", null.clone()),
            (Rule::TagResourceImage, "TagSpecifications", null.clone()),
            (Rule::Permission, "may", null.clone()),
            (Rule::DryRun, "DryRun", json!(false)),
            (Rule::Endpoint, "DestinationOutpostArn", null),
            (Rule::KeyUnusable, "KmsKeyId", json!(VAULT)),
            (Rule::ImageMissing, "SourceImageId", json!(IMAGE)),
            (Rule::NameTaken, "Name", json!("golden")),
        ],
    );
}

/// F80, F135: a dry run answers 412 where the call is permitted, 403 where it is not; F82, TV29:
/// it says so too of an invisible or pending source, and of a wrong `DestinationRegion`.
#[test]
fn f80_f82_f135_tv29_a_dry_run_looks_no_further() {
    let dry = json!({ "DryRun": true });
    let wrong = json!({ "DryRun": true, "DestinationRegion": "us-west-1" });
    let wet = json!({ "DestinationRegion": "us-west-1" });
    let hidden = World { visible: false, ..World::at(EAST) };
    let pending = World { snapshot_state: SnapshotState::Pending, ..World::at(EAST) };
    let nobody = World { may: NOBODY, ..World::at(EAST) };
    let bad = json!({ "DryRun": true, "CompletionDurationMinutes": 1 });
    let table = [
        ("F80", &World::at(EAST), &dry, "DryRunOperation", 412),
        ("F82", &hidden, &dry, "DryRunOperation", 412),
        ("F82", &pending, &dry, "DryRunOperation", 412),
        ("TV29", &World::at(EAST), &wrong, "DryRunOperation", 412),
        ("TV29", &World::at(EAST), &wet, "InvalidParameterValue", 400),
        ("F135", &nobody, &dry, "UnauthorizedOperation", 403),
        ("F135", &nobody, &json!({}), "UnauthorizedOperation", 403),
        // F2: validation comes before permission and dry run
        ("F2", &nobody, &bad, "InvalidParameterValue", 400),
    ];
    for (fact, world, patch, code, status) in table {
        world.told((CopySnapshot, "us-west-2"), patch, |answer| {
            let refusal = answer.unwrap_err();
            assert_eq!((refusal.code.as_str(), refusal.http_status()), (code, status), "{fact}");
        });
    }
}

/// The engine counts tokens before anything else, slots and quota after everything else (F101,
/// F93, F10).
#[test]
fn what_the_engine_counts_stands_at_both_ends() {
    assert_eq!(Rule::all().next().map(|info| info.stage), Some(Stage::Tokens));
    let counted: Vec<Rule> =
        Rule::all().filter(|info| Stage::Slots <= info.stage).map(|info| info.rule).collect();
    let last = [Rule::SnapshotSlots, Rule::ImageSlots, Rule::SnapshotsKept, Rule::Quota];
    assert_eq!(counted, last);
}
