//! Requests in the API's own words: what is read, judged, and said of mistakes.

use super::*;
use crate::catalog::ErrorCode;
use crate::model::{Judged, ListedRequest};
use crate::record::Fault;
use crate::units::Instant;

mod mistakes;

/// Two snapshots of `vol-a`, a day apart, one that is pending, and an image with a snapshot that is
/// not listed.
const SNAPSHOTS: &str = r#"{"Snapshots": [
 {"SnapshotId": "snap-000000a1", "VolumeId": "vol-a", "State": "completed", "VolumeSize": 40,
  "StartTime": "2026-12-30T00:00:00Z", "FullSnapshotSizeInBytes": 42949672960, "Encrypted": true,
  "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k", "OwnerId": "111122223333"},
 {"SnapshotId": "snap-000000a2", "VolumeId": "vol-a", "State": "completed", "VolumeSize": 40,
  "StartTime": "2026-12-31T00:00:00Z", "FullSnapshotSizeInBytes": 42949672960, "Encrypted": true,
  "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k", "OwnerId": "111122223333"},
 {"SnapshotId": "snap-000000b1", "VolumeId": "vol-b", "State": "pending",
  "StartTime": "2026-12-31T00:00:00Z", "OwnerId": "111122223333"}]}"#;

const IMAGES: &str = r#"{"Images": [
 {"ImageId": "ami-0000000c", "Name": "golden", "State": "available", "RootDeviceType": "ebs",
  "OwnerId": "111122223333", "BlockDeviceMappings": [
   {"Ebs": {"SnapshotId": "snap-000000c1", "VolumeSize": 8}},
   {"Ebs": {"SnapshotId": "snap-000000a2", "VolumeSize": 40, "Encrypted": true}}]}]}"#;

/// A log of two requests, one of them made twice with one token, and of something else.
const TRAIL: &str = r#"{"Records": [
 {"eventName": "CopySnapshot", "eventTime": "2026-03-02T06:00:10Z", "awsRegion": "us-west-2",
  "eventID": "e1", "recipientAccountId": "111122223333", "requestParameters":
   {"sourceRegion": "us-east-1", "sourceSnapshotId": "snap-000000a1"}},
 {"eventName": "CopyImage", "eventTime": "2026-03-02T06:00:00Z", "awsRegion": "us-west-2",
  "eventID": "e2", "recipientAccountId": "111122223333", "requestParameters":
   {"sourceRegion": "us-east-1", "sourceImageId": "ami-0000000c", "name": "new", "clientToken": "t"}},
 {"eventName": "CopyImage", "eventTime": "2026-03-02T06:01:00Z", "awsRegion": "us-west-2",
  "eventID": "e3", "recipientAccountId": "111122223333", "requestParameters":
   {"sourceRegion": "us-east-1", "sourceImageId": "ami-0000000c", "name": "new", "clientToken": "t"}},
 {"eventName": "DescribeImages", "eventTime": "2026-03-02T06:00:00Z"},
 {"eventName": "CopyImage", "eventTime": "2026-03-02T06:00:00Z", "awsRegion": "us-west-2",
  "eventID": "e2", "requestParameters": {}}]}"#;

fn inputs(path: &str) -> Result<Vec<u8>, String> {
    match path {
        "snaps.json" => Ok(SNAPSHOTS.as_bytes().to_vec()),
        "images.json" => Ok(IMAGES.as_bytes().to_vec()),
        "trail.json" => Ok(TRAIL.as_bytes().to_vec()),
        "bad.json" => Ok(TRAIL.replace("\"2026-03-02T06:00:10Z\"", "7").into_bytes()),
        "two.json" => Ok(TRAIL.replacen("111122223333", "444455556666", 1).into_bytes()),
        other => files(other),
    }
}

fn outcome(text: &str) -> Result<Scenario, Problems> {
    Scenario::parse(&source(text), &inputs, &[])
}

/// A scenario of these requests, with an inventory.
fn with(text: &str) -> String {
    format!(
        "[requests]\ninventory = {{ snapshots = \"snaps.json\", images = \"images.json\" }}\n\
         [[target]]\nkind = \"copy\"\nlimit = \"1 h\"\n{text}"
    )
}

/// A CopySnapshot of `snap-000000a1` from Virginia to Oregon, with more keys.
fn copy(more: &str) -> String {
    with(&format!(
        "[[request]]\naction = \"CopySnapshot\"\nregion = \"us-west-2\"\n\
         SourceRegion = \"us-east-1\"\nSourceSnapshotId = \"snap-000000a1\"\n{more}\n"
    ))
}

fn right(text: &str) -> Scenario {
    match outcome(text) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{}", problems.render(text, false)),
    }
}

fn refused(text: &str) -> String {
    outcome(text).expect_err("the text is wrong").render(text, false)
}

fn remarks(text: &str) -> String {
    render(&right(text).warnings, Kind::Warning, text, false)
}

/// The fleets by name, with their requests.
fn requests(scenario: &Scenario) -> Vec<(&str, &[ListedRequest])> {
    let fleets = scenario.model.fleets.iter().map(|fleet| {
        let Items::Requests { requests, .. } = &fleet.items else { panic!("requests") };
        (fleet.name.as_str(), requests.as_slice())
    });
    fleets.collect()
}

/// Both are of one way; a second one asks for a duration, and a third goes elsewhere.
#[test]
fn requests_are_gathered_by_way_and_duration() {
    let one = |more: &str| {
        format!(
            "[[request]]\naction = \"CopySnapshot\"\nSourceRegion = \"us-east-1\"\n\
             SourceSnapshotId = \"snap-000000a2\"\n{more}\n"
        )
    };
    let text = copy("at = \"1 h\"")
        + &one("region = \"us-west-2\"")
        + &one("region = \"us-west-2\"\nCompletionDurationMinutes = 30\nname = \"urgent\"")
        + &one("DestinationAvailabilityZone = \"us-east-1-bos-1a\"");
    let scenario = right(&text);
    let found: Vec<(&str, Vec<(&str, u64)>)> = requests(&scenario)
        .into_iter()
        .map(|(fleet, all)| {
            (fleet, all.iter().map(|one| (one.name.as_str(), one.after.whole_mins())).collect())
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                "CopySnapshot us-east-1 → us-west-2",
                vec![("snap-000000a2", 0), ("snap-000000a1", 60)]
            ),
            ("CopySnapshot us-east-1 → us-west-2 in 30 min", vec![("snap-000000a2 urgent", 0)]),
            ("CopySnapshot us-east-1 → us-east-1-bos-1a", vec![("snap-000000a2 (2)", 0)]),
        ]
    );
    assert_eq!(scenario.model.scope_name(0, 0), "CopySnapshot us-east-1 → us-west-2");
}

/// F103, F104: a lineage goes by volume, and by key: 0 is that of the source, or none; another key
/// has another number, the same one again the same.
#[test]
fn volumes_and_keys_of_copies_are_known() {
    let key = "Encrypted = true\nKmsKeyId = \"alias/vault\"";
    let again = |key: &str| copy(key).split_once("[[request]]").unwrap().1.to_owned();
    let text = copy(key) + "[[request]]" + &again(key) + "[[request]]" + &again("");
    let scenario = right(&text);
    let snapshots: Vec<(&str, u32)> = requests(&scenario)[0]
        .1
        .iter()
        .map(|one| (one.snapshots[0].volume.as_str(), one.snapshots[0].key))
        .collect();
    // F68: without a key, an encrypted snapshot comes out under the provider's own key there
    assert_eq!(snapshots, [("vol-a", 1), ("vol-a", 1), ("vol-a", 2)]);
}

/// 06:00:00 is the start; the repeated token makes no second image; an event that stands there twice
/// is one.
#[test]
fn a_log_keeps_its_distances_from_its_first_request() {
    let text = with("").replace("[requests]", "[requests]\ncloudtrail = \"trail.json\"");
    let scenario = right(&text);
    let start: jiff::Timestamp = "2026-03-02T06:00:00Z".parse().unwrap();
    let nanos = u64::try_from(start.as_nanosecond()).unwrap();
    assert_eq!(scenario.model.start, Instant::from_nanos(nanos));
    let found = requests(&scenario);
    let names: Vec<&str> =
        found.iter().flat_map(|(_, all)| all.iter()).map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["snap-000000a1 e1", "ami-0000000c e2"]);
    assert_eq!(found[0].1[0].after, Span::from_secs(10));
    assert_eq!(found[1].1[0].snapshots.len(), 2);
    let left_out: Vec<(&str, u64)> =
        scenario.model.left_out.iter().map(|(what, n)| (what.as_str(), *n)).collect();
    assert_eq!(
        left_out,
        [
            ("event that stands in the logs twice", 1),
            ("other event of the log", 1),
            ("request repeated with its token: no second image", 1),
        ]
    );
    // the snapshot that is not listed is as large as the image says: 8 GiB
    assert_eq!(found[1].1[0].snapshots[0].written, Bytes::gib(8));
}

/// With a start of its own the run is moved, and the snapshots with it: a day before stays one.
#[test]
fn a_given_start_moves_the_log_and_the_ages_of_its_snapshots() {
    let text = with("").replace("[requests]", "[requests]\ncloudtrail = \"trail.json\"");
    let text = format!("[scenario]\nstart = \"2027-03-02T06:00:00Z\"\n{text}");
    let (moved, own) = (right(&text), right(&text.replace("2027-03-02T06", "2026-03-02T06")));
    let started = |scenario: &Scenario| requests(scenario)[0].1[0].snapshots[0].started;
    assert_eq!(started(&moved).since(started(&own)), Span::from_days(365));
    assert_eq!(requests(&moved)[0].1[0].after, Span::from_secs(10));
}

/// One account in a log is the one without a name; several are several.
#[test]
fn accounts_of_a_log_are_told_apart() {
    let text = with("").replace("[requests]", "[requests]\ncloudtrail = \"trail.json\"");
    let names = |text: &str| -> Vec<String> {
        right(text).model.accounts.into_iter().map(|account| account.name).collect()
    };
    assert_eq!(names(&text), ["own"]);
    let two = text.replace("trail.json", "two.json");
    assert_eq!(names(&two), ["own", "111122223333", "444455556666"]);
    assert!(right(&two).model.fleets[0].name.ends_with(" for 444455556666"));
}

#[test]
fn what_is_refused_stays_and_is_warned_of() {
    let text = copy("CompletionDurationMinutes = 20");
    let scenario = right(&text);
    let judged = requests(&scenario)[0].1[0].judged;
    assert_eq!(judged, Judged::Refused(ErrorCode::InvalidParameterValue));
    insta::assert_snapshot!(remarks(&text), @r"
    warning: request[0].CompletionDurationMinutes: CopySnapshot of `snap-000000a1` is refused: InvalidParameterValue: `CompletionDurationMinutes` is 20, and has to be from 15 to 2880 minutes in steps of 15 (F1, F2)
      --> x.toml:11:29
       |
    11 | CompletionDurationMinutes = 20
       |                             ^^
       |
       = help: it stays as a request that copies nothing, and counts against targets
    ");
    // F84: a snapshot that is not complete
    let text = copy("").replace("snap-000000a1", "snap-000000b1");
    assert_eq!(requests(&right(&text))[0].1[0].judged, Judged::Fails(Fault::SourceNotComplete));
    insta::assert_snapshot!(remarks(&text), @r"
    warning: request[0]: CopySnapshot of `snap-000000b1` is accepted, and its copy ends in error: the source is not complete (F84)
     --> x.toml:6:1
      |
    6 | [[request]]
      | ^^^^^^^^^^^
    ");
    // F80: a dry run copies nothing, and counts as nothing
    let text = copy("DryRun = true")
        + copy("")
            .split_once("[[target]]")
            .unwrap()
            .1
            .split_once('\n')
            .unwrap()
            .1
            .split_once("limit = \"1 h\"")
            .unwrap()
            .1;
    let scenario = right(&text);
    assert_eq!(requests(&scenario)[0].1.len(), 1);
    assert_eq!(scenario.model.left_out, [("dry run that would have succeeded".to_owned(), 1)]);
}

/// An Outpost is named by the scenario's name, by its own ARN, or by any where it is the only one.
#[test]
fn outposts_are_found_by_name_and_arn() {
    let arn = "arn:aws:outposts:us-east-1:111122223333:outpost/op-1234567890abcdef0";
    let outpost = |more: &str| {
        format!(
            "[[outpost]]\nname = \"plant\"\nregion = \"us-east-1\"\nservice_link = \"1 Gbit/s\"\n{more}"
        )
    };
    for (named, declared) in
        [("plant", String::new()), (arn, String::new()), (arn, format!("arn = \"{arn}\"\n"))]
    {
        let text = copy(&format!("DestinationOutpostArn = \"{named}\""))
            .replace("region = \"us-west-2\"\n", "")
            + &outpost(&declared);
        assert_eq!(requests(&right(&text))[0].0, "CopySnapshot us-east-1 → plant", "{text}");
    }
}

/// P-KEY-NEEDS (F70): the source is encrypted, so its copy is, though the request does not say so.
#[test]
fn requests_are_judged_by_the_switches_of_the_scenario() {
    let asks = |more: &str| copy("KmsKeyId = \"alias/dr\"") + more;
    let judged = |text: &str| requests(&right(text))[0].1[0].judged;
    let refusal = Judged::Refused(ErrorCode::InvalidParameterDependency);
    assert_eq!(judged(&asks("")), refusal);
    assert_eq!(judged(&asks("[assume]\nP-KEY-NEEDS = \"outcome\"\n")), Judged::Accepted);
}

/// Names of parameters as CloudTrail spells them.
const NAMES: [&str; 12] = [
    "sourceRegion",
    "sourceSnapshotId",
    "sourceImageId",
    "name",
    "clientToken",
    "encrypted",
    "kmsKeyId",
    "destinationAvailabilityZone",
    "destinationOutpostArn",
    "completionDurationMinutes",
    "dryRun",
    "tagSpecificationSet",
];

/// One event of a log with such parameters, so many seconds past six.
fn any_event() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
    use proptest::prelude::*;
    use serde_json::json;
    let texts = || {
        proptest::sample::select(vec![
            json!("us-east-1"),
            json!("us-west-2"),
            json!("cn-north-1"),
            json!("snap-000000a1"),
            json!("snap-000000b1"),
            json!("ami-0000000c"),
            json!("us-west-2-lax-1a"),
            json!("new"),
            json!(""),
            json!(15),
            json!(20),
            json!(true),
            json!(null),
            json!([{}]),
            json!("t"),
            json!("arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0"),
        ])
    };
    let right =
        proptest::collection::btree_map(proptest::sample::select(NAMES.to_vec()), texts(), 0..6)
            .prop_map(|own| {
                let mut all = json!({
                    "sourceRegion": "us-east-1", "sourceSnapshotId": "snap-000000a2",
                    "sourceImageId": "ami-0000000c", "name": "new",
                });
                for (name, value) in own {
                    all[name] = value;
                }
                all
            });
    let call = proptest::sample::select(vec!["CopySnapshot", "CopyImage", "CopySnapshots"]);
    (call, 0..60u32, right).prop_map(|(call, second, parameters)| {
        json!({
            "eventName": call, "eventTime": format!("2026-03-02T06:00:{second:02}Z"),
            "awsRegion": "us-west-2", "requestParameters": parameters,
        })
    })
}

proptest::proptest! {
    /// Whatever a log holds, each of its records is a request, or counted, or a problem.
    #[test]
    fn every_event_of_a_log_comes_to_something(
        events in proptest::collection::vec(any_event(), 1..8),
    ) {
        let trail = serde_json::json!({ "Records": events }).to_string();
        let text = with(
            "[[outpost]]\nname = \"plant\"\nregion = \"us-west-2\"\nservice_link = \"1 Gbit/s\"\n",
        );
        let keys = "[requests]\ncloudtrail = \"log.json\"\nskip_bad = true\nassume_size = \"1 GiB\"";
        let text = text.replace("[requests]", keys);
        let files = |path: &str| {
            if path == "log.json" { Ok(trail.clone().into_bytes()) } else { inputs(path) }
        };
        match Scenario::parse(&source(&text), &files, &[]) {
            Ok(Scenario { model, .. }) => {
                let items: usize = model.fleets.iter().map(|fleet| fleet.items.count()).sum();
                let left_out: u64 = model.left_out.iter().map(|(_, n)| n).sum();
                let all = items + usize::try_from(left_out).unwrap();
                proptest::prop_assert_eq!(all, events.len());
            }
            Err(problems) => {
                let read = inventory::Trail::read("log.json", trail.as_bytes()).unwrap();
                proptest::prop_assert_eq!(read.events, [], "{}", problems);
            }
        }
    }
}
