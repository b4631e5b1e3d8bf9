//! Parameters: required ones, syntax, combinations, durations, tags, names.

use Action::{CopyImage, CopySnapshot};
use serde_json::{Value, json};
use snapferry::api::{Action, Exclusive, KeyNeeds, NoRegion, Silent, Verdict};
use snapferry::catalog::Status;

use super::world::{ANGELES, EAST, FRIEND, WEST, WEST_OUTPOST, World, to};

/// Asks for a copy from us-east-1 to us-west-2, and expects the beginning of the answer; a refusal
/// has to rest on the fact.
fn check(world: &World, (fact, action, patch, expected): (&str, Action, Value, &str)) {
    let answer = world.answer((action, "us-west-2"), &patch);
    assert!(answer.starts_with(expected), "{fact} {patch}: {answer}");
    assert!(answer == "ok" || answer.contains(fact), "{fact} {patch}: {answer}");
}

/// F59, F60: what is required; F83, F136: what is answered.
#[test]
fn required_parameters() {
    let table = [
        ("F83", CopySnapshot, json!({ "SourceRegion": null }), "MissingParameter SourceRegion"),
        ("F60", CopyImage, json!({ "SourceRegion": "" }), "MissingParameter SourceRegion"),
        ("F59", CopySnapshot, json!({ "SourceSnapshotId": null }), "MissingParameter SourceSnap"),
        ("F60", CopyImage, json!({ "SourceImageId": null }), "MissingParameter SourceImageId"),
        ("F136", CopyImage, json!({ "Name": null }), "MissingParameter Name"),
        ("F60", CopySnapshot, json!({}), "ok"),
        ("F60", CopyImage, json!({}), "ok"),
    ];
    table.into_iter().for_each(|row| check(&World::at(EAST), row));
    let silent = Silent { no_region: NoRegion::ServerError, ..Silent::DEFAULT };
    let server = World { silent, ..World::at(EAST) };
    let row = ("F83", CopySnapshot, json!({ "SourceRegion": null }), "InternalError SourceRegion");
    check(&server, row);
}

/// F83: a malformed id of a snapshot, all zeros too, and an unknown Region; F141, F138: the
/// documented codes; F139: zones.
#[test]
fn ids_regions_and_zones() {
    let snapshot = |id: &str| json!({ "SourceSnapshotId": id });
    let zone = |name: &str| json!({ "DestinationAvailabilityZone": name });
    let table = [
        ("F83", CopySnapshot, snapshot("vol-0123456789abcdef0"), "InvalidParameterValue SourceSn"),
        ("F83", CopySnapshot, snapshot("snap-0123"), "InvalidParameterValue SourceSnapshotId"),
        ("F83", CopySnapshot, snapshot("snap-0123456789ABCDEF0"), "InvalidParameterValue Source"),
        ("F83", CopySnapshot, snapshot("snap-00000000000000000"), "InvalidParameterValue Source"),
        ("F83", CopySnapshot, snapshot("snap-é123456789abcde"), "InvalidParameterValue SourceSn"),
        // F84: eight digits are an id; there is no such snapshot, which shows later
        ("F84", CopySnapshot, snapshot("snap-0123abcd"), "later F84"),
        ("F141", CopyImage, json!({ "SourceImageId": "ami-1" }), "InvalidAMIID.Malformed SourceI"),
        ("F138", CopySnapshot, json!({ "SourceRegion": "us-east" }), "InvalidRegion SourceRegion"),
        ("F83", CopyImage, json!({ "SourceRegion": "us-east-1a" }), "InvalidRegion SourceRegion"),
        ("F139", CopySnapshot, zone("us-west-2a"), "InvalidAvailabilityZone DestinationAvaila"),
        ("F139", CopyImage, zone("usw2-lax1-az1"), "InvalidAvailabilityZone DestinationAvailabi"),
        (
            "F139",
            CopyImage,
            json!({ "DestinationAvailabilityZoneId": "us-west-2-lax-1a" }),
            "InvalidAvailabilityZone DestinationAvailabilityZoneId",
        ),
    ];
    table.into_iter().for_each(|row| check(&World::at(EAST), row));
}

/// F62: the ARN of an Outpost: word, service, Region, account, id.
#[test]
fn f62_an_outpost_is_named_by_its_arn() {
    let table = [
        ("arn:aws:outposts:us-west-2:111122223333:outpost/op-0053d940a039b57c6", "ok"),
        ("op-0053d940a039b57c6", "InvalidParameterValue"),
        ("arn:aws:ec2:us-west-2:111122223333:outpost/op-0053d940a039b57c6", "InvalidParameterV"),
        ("arn:aws:outposts:us-west-9:111122223333:outpost/op-0053d940a039b57c6", "InvalidPara"),
        ("arn:aws:outposts:us-west-2:11112222:outpost/op-0053d940a039b57c6", "InvalidParameterV"),
        ("arn:aws:outposts:us-west-2:111122223333:outpost/op-00", "InvalidParameterValue"),
        ("arn:aws:outposts:us-west-2:111122223333:site/os-0053d940a039b57c6", "InvalidParamete"),
    ];
    for (arn, expected) in table {
        for action in [CopySnapshot, CopyImage] {
            let patch = json!({ "DestinationOutpostArn": arn });
            let answer = World::at(WEST).answer((action, "us-west-2"), &patch);
            assert!(answer.starts_with(expected), "{arn}: {answer}");
            assert!(answer == "ok" || answer.contains("DestinationOutpostArn F62"), "{answer}");
        }
    }
}

/// F61: one destination at most; for CopySnapshot that is assumed (P-DEST-EXCL).
#[test]
fn f61_one_destination() {
    let outpost = WEST_OUTPOST.name();
    let zone = ANGELES.name();
    let both = json!({ "DestinationAvailabilityZone": zone, "DestinationOutpostArn": outpost });
    let zones = json!({
        "DestinationAvailabilityZone": zone, "DestinationAvailabilityZoneId": "usw2-lax1-az1"
    });
    let table = [
        ("F61", CopyImage, both.clone(), "InvalidParameterCombination DestinationOutpostArn"),
        ("F61", CopyImage, zones, "InvalidParameterCombination DestinationAvailabilityZoneId"),
        ("P-DEST-EXCL", CopySnapshot, both.clone(), "InvalidParameterCombination DestinationOut"),
    ];
    table.into_iter().for_each(|row| check(&World::at(WEST), row));
    let silent = Silent { exclusive: Exclusive::Lax, ..Silent::DEFAULT };
    let lax = World { silent, ..World::at(WEST) };
    lax.told((CopySnapshot, "us-west-2"), &both, |answer| match answer {
        Ok(Verdict::Accepted(accepted)) => assert_eq!(accepted.to.name(), outpost),
        other => panic!("{other:?}"),
    });
    check(&lax, ("F61", CopyImage, both, "InvalidParameterCombination DestinationOutpostArn"));
}

/// F1, F2, TV6, TV7, TV16: steps of 15 minutes from 15 to 2,880; F24, F25: none at an edge.
#[test]
fn f1_f2_f24_f25_completion_durations() {
    for (action, name) in [
        (CopySnapshot, "CompletionDurationMinutes"),
        (CopyImage, "SnapshotCopyCompletionDurationMinutes"),
    ] {
        for (minutes, is_taken) in [
            (15, true),    // TV6
            (2880, true),  // TV6
            (1440, true),  // F1: a day
            (0, false),    // TV7
            (1, false),    // TV7
            (16, false),   // TV7
            (2881, false), // TV7
            (20, false),   // TV16
            (2895, false), // F1: a step, and beyond the greatest
            (-15, false),  // F1
            (i64::MAX, false),
        ] {
            let world = World::at(EAST);
            let patch = json!({ name: minutes });
            let answer = world.answer((action, "us-west-2"), &patch);
            let expected = if is_taken {
                "ok".to_owned()
            } else {
                format!("InvalidParameterValue {name} F1, F2")
            };
            assert_eq!(answer, expected, "{minutes}");
        }
        // F20: also inside a Region
        let answer = World::at(WEST).answer((action, "us-west-2"), &json!({ name: 15 }));
        assert_eq!(answer, "ok");
        // F24: to an edge, and from one; F25: the code is assumed
        for (from, goal) in [(WEST, ANGELES), (WEST, WEST_OUTPOST), (ANGELES, WEST)] {
            let mut patch = to(goal);
            patch[name] = json!(15);
            let answer = World::at(from).answer((action, "us-west-2"), &patch);
            assert!(answer.starts_with("InvalidParameterCombination "), "{answer}");
            let told = format!("{name} F24, P-TB-EDGE-CODE");
            assert!(answer.ends_with(&told), "{answer}");
        }
    }
}

/// F2: the message names the value and the range.
#[test]
fn f2_a_refused_duration_says_what_would_do() {
    let patch = json!({ "CompletionDurationMinutes": 20 });
    let told = World::at(EAST).told((CopySnapshot, "us-west-2"), &patch, |answer| {
        let refusal = answer.unwrap_err();
        assert_eq!((refusal.http_status(), refusal.code_status()), (400, Status::Observed));
        refusal.to_string()
    });
    insta::assert_snapshot!(told, @"InvalidParameterValue: `CompletionDurationMinutes` is 20, and has to be from 15 to 2880 minutes in steps of 15 (F1, F2)");
}

/// F64: another type of resource, a key given twice; F63: images are tagged with their snapshots;
/// keys and values have their lengths, and `aws:` is the provider's.
#[test]
fn f63_f64_tags() {
    let tags = |list: &[(&str, &[(&str, &str)])]| {
        let each = list.iter().map(|(kind, tags)| {
            let tags: Vec<Value> =
                tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
            json!({ "ResourceType": kind, "Tags": tags })
        });
        json!({ "TagSpecifications": each.collect::<Vec<Value>>() })
    };
    let (longest, longer) = ("k".repeat(127), "k".repeat(128));
    let value = "v".repeat(257);
    let table = [
        ("F64", CopySnapshot, tags(&[("snapshot", &[("a", "1"), ("b", "1")])]), "ok"),
        ("F64", CopySnapshot, tags(&[("image", &[("a", "1")])]), "InvalidParameterValue TagSpec"),
        ("F64", CopySnapshot, tags(&[("", &[])]), "InvalidParameterValue TagSpecifications"),
        ("F64", CopySnapshot, tags(&[("snapshot", &[("a", "1"), ("a", "2")])]), "InvalidParamete"),
        (
            "F64",
            CopySnapshot,
            tags(&[("snapshot", &[("a", "1")]), ("snapshot", &[("a", "1")])]),
            "InvalidParameterValue TagSpecifications",
        ),
        // F63: the same key on the image and on its snapshots is no repetition
        ("F63", CopyImage, tags(&[("image", &[("a", "1")]), ("snapshot", &[("a", "1")])]), "ok"),
        ("F63", CopyImage, tags(&[("volume", &[("a", "1")])]), "InvalidParameterValue TagSpecif"),
        ("[S9]", CopySnapshot, tags(&[("snapshot", &[("aws:a", "1")])]), "InvalidParameterValue"),
        ("[S9]", CopySnapshot, tags(&[("snapshot", &[(longest.as_str(), "1")])]), "ok"),
        ("[S9]", CopySnapshot, tags(&[("snapshot", &[(longer.as_str(), "1")])]), "InvalidParame"),
        ("[S9]", CopyImage, tags(&[("image", &[("a", value.as_str())])]), "InvalidParameterVal"),
    ];
    table.into_iter().for_each(|row| check(&World::at(EAST), row));
}

/// F63: the tags of an image follow where it is asked for and the image is one's own; the
/// provider's own never do. Those of a snapshot never do.
#[test]
fn f63_tags_follow_an_image_of_ones_own() {
    for (action, owner, asked, expected) in [
        (CopyImage, super::world::OWN, Some(true), true),
        (CopyImage, super::world::OWN, Some(false), false),
        (CopyImage, super::world::OWN, None, false),
        (CopyImage, FRIEND, Some(true), false),
        (CopySnapshot, super::world::OWN, None, false),
    ] {
        let world = World { owner, ..World::at(EAST) };
        let patch = asked.map_or_else(|| json!({}), |asked| json!({ "CopyImageTags": asked }));
        world.told((action, "us-west-2"), &patch, |answer| match answer {
            Ok(Verdict::Accepted(accepted)) => {
                assert_eq!(accepted.takes_tag("team"), expected, "{action:?} {owner} {asked:?}");
                assert!(!accepted.takes_tag("aws:cloudformation:stack-name"));
            }
            other => panic!("{other:?}"),
        });
    }
}

/// F66, F142: names of 3 to 128 characters of a limited set, and unique.
#[test]
fn f66_f142_names_of_images() {
    let name = |name: &str| json!({ "Name": name });
    let table = [
        ("F66", CopyImage, name("web (2026.03) [a]/b-c'd@e_f"), "ok"),
        ("F66", CopyImage, name("abc"), "ok"),
        ("F66", CopyImage, name("ab"), "InvalidAMIName.Malformed Name"),
        ("F66", CopyImage, name(&"n".repeat(128)), "ok"),
        ("F66", CopyImage, name(&"n".repeat(129)), "InvalidAMIName.Malformed Name"),
        ("F142", CopyImage, name("web:1"), "InvalidAMIName.Malformed Name"),
        ("F142", CopyImage, name("größe"), "InvalidAMIName.Malformed Name"),
        ("F142", CopyImage, name("taken"), "InvalidAMIName.Duplicate Name"),
        // F60: the API model gives the description of an image 255 characters
        ("F60", CopyImage, json!({ "Description": "d".repeat(255) }), "ok"),
        ("F60", CopyImage, json!({ "Description": "d".repeat(256) }), "InvalidParameterValue De"),
        ("F59", CopySnapshot, json!({ "Description": "d".repeat(256) }), "ok"),
    ];
    let world = World { names: vec!["taken"], ..World::at(EAST) };
    table.into_iter().for_each(|row| check(&world, row));
}

/// F67: CopySnapshot does not take `Encrypted` set to false; F70: a key needs `Encrypted`.
#[test]
fn f67_f70_encrypted_and_key() {
    let key = json!({ "KmsKeyId": "alias/vault" });
    let not = json!({ "KmsKeyId": "alias/vault", "Encrypted": false });
    let with = json!({ "KmsKeyId": "alias/vault", "Encrypted": true });
    let table = [
        ("F67", CopySnapshot, json!({ "Encrypted": false }), "InvalidParameterValue Encrypted"),
        ("F67", CopyImage, json!({ "Encrypted": false }), "ok"),
        ("F70", CopySnapshot, key.clone(), "InvalidParameterDependency KmsKeyId"),
        ("F70", CopyImage, key.clone(), "InvalidParameterDependency KmsKeyId"),
        ("F70", CopyImage, not, "InvalidParameterDependency KmsKeyId"),
        ("F70", CopySnapshot, with.clone(), "ok"),
        ("F70", CopyImage, with, "ok"),
    ];
    table.into_iter().for_each(|row| check(&World::at(EAST), row));
    // P-KEY-NEEDS: what counts is how the copy comes out
    let silent = Silent { key_needs: KeyNeeds::Outcome, ..Silent::DEFAULT };
    let world = World { silent, ..World::at(WEST) };
    check(&world, ("F70", CopyImage, key.clone(), "InvalidParameterDependency KmsKeyId"));
    let mut outpost = to(WEST_OUTPOST);
    outpost["KmsKeyId"] = json!("alias/vault");
    check(&world, ("F71", CopyImage, outpost, "ok"));
}
