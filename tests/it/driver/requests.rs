//! Requests in the API's own words, replayed: three of a log worked by hand, and what is refused.

use snapferry::catalog::ErrorCode;
use snapferry::model::{ClientPolicy, Model};
use snapferry::record::Outcome;
use snapferry::scenario::{Scenario, Source};
use snapferry::units::{Bytes, Span};

use crate::support::{Row, Rows, close, run};

/// 40 GiB of one volume, at two instants a day apart, and an image of 10 GiB.
const SNAPSHOTS: &str = r#"{"Snapshots": [
 {"SnapshotId": "snap-000000a1", "VolumeId": "vol-a", "State": "completed",
  "StartTime": "2026-03-01T01:00:00Z", "FullSnapshotSizeInBytes": 42949672960},
 {"SnapshotId": "snap-000000a2", "VolumeId": "vol-a", "State": "completed",
  "StartTime": "2026-03-02T01:00:00Z", "FullSnapshotSizeInBytes": 42949672960},
 {"SnapshotId": "snap-000000c1", "VolumeId": "vol-c", "State": "completed",
  "StartTime": "2026-03-01T01:00:00Z", "FullSnapshotSizeInBytes": 10737418240},
 {"SnapshotId": "snap-000000d1", "VolumeId": "vol-d", "State": "pending",
  "StartTime": "2026-03-02T05:59:00Z"}]}"#;

const IMAGES: &str = r#"{"Images": [{"ImageId": "ami-0000000c", "Name": "golden",
  "State": "available", "RootDeviceType": "ebs", "OwnerId": "111122223333",
  "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-000000c1", "VolumeSize": 10}}]}]}"#;

/// One event of a log, from Virginia to Oregon, so many minutes past six.
fn event(minute: u64, call: &str, parameters: &str) -> String {
    format!(
        r#"{{"eventName": "{call}", "eventTime": "2026-03-02T06:{minute:02}:00Z",
            "awsRegion": "us-west-2", "requestParameters":
            {{"sourceRegion": "us-east-1", {parameters}}}}}"#
    )
}

/// The model of a log of these events. Copies start at once; standard ones move 100 MiB/s.
fn replay(events: &[String], more: &str) -> Model {
    replay_assuming(events, more, "[assume]\nP-OVERHEAD")
}

/// The same, with more before the first assumption.
fn replay_assuming(events: &[String], more: &str, assume: &str) -> Model {
    let text = format!(
        "[scenario]\nhorizon = \"2 h\"\n\
         {assume} = \"0 s\"\nP-STD-RATE = \"100 MiB/s\"\n\
         [requests]\ncloudtrail = \"trail.json\"\nchange = \"10 %/day\"\n\
         inventory = {{ snapshots = \"snaps.json\", images = \"images.json\" }}\n\
         [[target]]\nkind = \"copy\"\nlimit = \"10 min\"\n{more}"
    );
    let trail = format!("{{\"Records\": [{}]}}", events.join(","));
    let inputs = move |path: &str| {
        let text = match path {
            "trail.json" => trail.as_str(),
            "snaps.json" => SNAPSHOTS,
            "images.json" => IMAGES,
            _ => return Err("there is no such file".to_owned()),
        };
        Ok(text.as_bytes().to_vec())
    };
    let source = Source { name: "x.toml".to_owned(), text, base: "".into() };
    match Scenario::parse(&source, &inputs, &[]) {
        Ok(scenario) => scenario.model,
        Err(problems) => panic!("{}", problems.render(&source.text, false)),
    }
}

fn row<'r>(rows: &'r Rows, source: &str) -> &'r Row {
    rows.copies.iter().find(|row| row.volume.contains(source)).expect("a row")
}

/// From due until its end.
fn took(row: &Row) -> Span {
    row.ended.expect("it ended").since(row.due)
}

const A1: &str = r#""sourceSnapshotId": "snap-000000a1""#;
const A2: &str = r#""sourceSnapshotId": "snap-000000a2""#;

/// - 06:00, `a1`, the first of its volume there: 40,960 MiB at 100 MiB/s take 409.6 s.
/// - 06:10, `a2` in 15 min: its base `a1` has been there since 06:06:49.6, and is a day older, in
///   which 10 % of 40 GiB change: 4 GiB. It needs 4,294,967,296 B / 900 s, rounded up 4,772,186 B/s,
///   and is there at 06:25.
/// - 06:20, the image: 10,240 MiB take 102.4 s.
#[test]
fn three_requests_of_a_log_take_what_they_would_have_taken() {
    let of_image = r#""sourceImageId": "ami-0000000c", "name": "golden copy""#;
    let in_time = format!("{A2}, \"completionDurationMinutes\": 15");
    let events = [
        event(0, "CopySnapshot", A1),
        event(20, "CopyImage", of_image),
        event(10, "CopySnapshot", &in_time),
    ];
    let model = replay(&events, "");
    let (rows, result) = run(&model);
    let took = |source| took(row(&rows, source));
    assert!(close(took("a1"), 409.6), "{}", took("a1"));
    assert!(close(took("a2"), 900.0), "{}", took("a2"));
    assert!(close(took("c1"), 102.4), "{}", took("c1"));
    let second = row(&rows, "a2");
    assert_eq!(second.due, model.start + Span::from_mins(10));
    assert_eq!((second.bytes, second.incremental), (Some(Bytes::gib(4)), Some(true)));
    assert_eq!((second.required, second.granted), (Some(4_772_186), Some(4_772_186)));
    assert_eq!(row(&rows, "a1").bytes, Some(Bytes::gib(40)));
    assert_eq!(rows.images.len(), 1);
    // a1 and the image within ten minutes, a2 not: two of three
    let share = crate::support::measured(&result, "all", "on_time");
    assert!((share - 2.0 / 3.0).abs() < 1e-12, "{share}");
}

/// F103, F104: under another key than that of the copy which is there, all 40 GiB move; and so they
/// do where that copy is still under way: 06:00 + 409.6 s lies after 06:05.
#[test]
fn another_key_and_a_base_under_way_make_full_copies() {
    let keyed = format!("{A2}, \"encrypted\": true, \"kmsKeyId\": \"alias/vault\"");
    let under_key = [event(0, "CopySnapshot", A1), event(10, "CopySnapshot", &keyed)];
    let early = [event(0, "CopySnapshot", A1), event(5, "CopySnapshot", A2)];
    for events in [under_key, early] {
        let (rows, _) = run(&replay(&events, ""));
        assert_eq!(row(&rows, "a2").bytes, Some(Bytes::gib(40)));
        assert_eq!(row(&rows, "a2").incremental, Some(false));
    }
}

/// F66: the second image of one name is refused, and never reaches slots or quota; it counts among
/// what is due: one of two is on time. F84: a snapshot that is pending is accepted, and its copy fails.
#[test]
fn what_the_judge_refuses_counts_and_copies_nothing() {
    let of_image = r#""sourceImageId": "ami-0000000c", "name": "golden copy""#;
    let events = [event(0, "CopyImage", of_image), event(1, "CopyImage", of_image)];
    let (rows, result) = run(&replay(&events, ""));
    let outcomes: Vec<Outcome> = rows.images.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::GivenUp, Outcome::Completed]);
    assert_eq!(rows.copies.len(), 1);
    assert!((crate::support::measured(&result, "all", "on_time") - 0.5).abs() < 1e-12);

    let bad = format!("{A1}, \"completionDurationMinutes\": 20");
    let events = [event(0, "CopySnapshot", A2), event(1, "CopySnapshot", &bad)];
    let (rows, _) = run(&replay(&events, ""));
    let refused = row(&rows, "a1");
    assert_eq!(refused.refusal, Some(ErrorCode::InvalidParameterValue));
    assert_eq!((refused.outcome, refused.attempts), (Outcome::GivenUp, 1));
    assert_eq!((refused.bytes, took(refused)), (None, Span::ZERO));

    let pending = r#""sourceSnapshotId": "snap-000000d1""#;
    let events = [event(0, "CopySnapshot", A2), event(1, "CopySnapshot", pending)];
    let (rows, _) = run(&replay(&events, ""));
    let failed = row(&rows, "d1");
    assert_eq!((failed.outcome, failed.refusal, took(failed)), (Outcome::Error, None, Span::ZERO));
}

/// F93: of 21 requests at once, the client that asks once has one refused; a client that retries has
/// it copied later.
#[test]
fn a_replay_asks_once_unless_a_client_says_otherwise() {
    let events: Vec<String> = (0..21).map(|_| event(0, "CopySnapshot", A1)).collect();
    let lost = |model: &Model| {
        let (rows, _) = run(model);
        assert_eq!(rows.copies.len(), 21);
        let lost = rows.copies.into_iter().filter(|row| row.outcome == Outcome::GivenUp);
        lost.map(|row| row.refusal).collect::<Vec<_>>()
    };
    let mut model = replay(&events, "");
    assert_eq!(lost(&model), [Some(ErrorCode::ResourceLimitExceeded)]);
    model.clients[0].policy = ClientPolicy::Retry;
    model.clients[0].max_attempts = None;
    assert_eq!(lost(&model), []);
}

/// F66: an image whose copy the log has refused is asked for again by its name, with a token of its
/// own: neither of the two is a duplicate.
#[test]
fn a_refused_image_leaves_its_name_free() {
    let of_image = r#""sourceImageId": "ami-0000000c", "name": "golden copy""#;
    let first = event(0, "CopyImage", of_image).replacen(
        '{',
        r#"{"errorCode": "Client.ResourceLimitExceeded", "#,
        1,
    );
    let (rows, _) = run(&replay(&[first, event(1, "CopyImage", of_image)], ""));
    let outcomes: Vec<Outcome> = rows.images.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Completed; 2]);
}

/// 10,000 requests of one way are one fleet: one scope beside `all`.
#[test]
fn many_requests_of_one_way_are_one_scope() {
    let events: Vec<String> = (0..10_000).map(|n| event(n % 60, "CopySnapshot", A1)).collect();
    let model = replay(&events, "");
    assert_eq!(model.fleets.len(), 1);
    assert_eq!(model.fleets[0].items.count(), 10_000);
}

/// A deletion in a log, so many minutes past six.
fn deletion(minute: u64, id: &str) -> String {
    format!(
        r#"{{"eventName": "DeleteSnapshot", "eventTime": "2026-03-02T06:{minute:02}:00Z",
            "awsRegion": "us-west-2", "requestParameters": {{"snapshotId": "{id}"}}}}"#
    )
}

/// F44, F89: the target of `a1` is deleted after three minutes, when 18,000 of its 40,960 MiB have
/// moved. It is the base of nothing: `a2`, asked for a minute later, moves all 40 GiB. A deletion of
/// what nobody copies is counted.
#[test]
fn a_copy_whose_target_the_log_deletes_is_cancelled() {
    let made = r#""responseElements": {"snapshotId": "snap-0000000e"}, "eventName""#;
    let first = event(0, "CopySnapshot", A1).replacen(r#""eventName""#, made, 1);
    let second = event(4, "CopySnapshot", A2);
    let events = [first, deletion(3, "snap-0000000e"), second, deletion(5, "snap-0000000f")];
    let model = replay(&events, "");
    let (rows, _) = run(&model);
    let cancelled = row(&rows, "a1");
    assert_eq!((cancelled.outcome, took(cancelled)), (Outcome::Cancelled, Span::from_mins(3)));
    assert_eq!(cancelled.moved, Bytes::mib(18_000));
    let next = row(&rows, "a2");
    assert_eq!((next.bytes, next.outcome), (Some(Bytes::gib(40)), Outcome::Completed));
    let others = model.left_out.iter().find(|(what, _)| what.starts_with("deletion of"));
    assert_eq!(others.map(|(_, n)| *n), Some(1));
}

/// F92: the source of `a1` is deleted after three minutes. By default its copy goes on, for 409.6 s;
/// else it fails there and then. Either way it is the same when the scenario says so itself.
#[test]
fn a_copy_whose_source_is_deleted_goes_on_or_fails() {
    let fails = "[assume]\nP-SRC-DELETE = \"error\"\nP-OVERHEAD";
    for (assume, outcome, seconds) in
        [("[assume]\nP-OVERHEAD", Outcome::Completed, 409.6), (fails, Outcome::Error, 180.0)]
    {
        let logged = [event(0, "CopySnapshot", A1), deletion(3, "snap-000000a1")];
        let other = [event(50, "CopySnapshot", A2)];
        let written = "[[request]]\naction = \"CopySnapshot\"\nregion = \"us-west-2\"\n\
                       SourceRegion = \"us-east-1\"\nSourceSnapshotId = \"snap-000000a1\"\n\
                       delete_source_after = \"3 min\"\n";
        for (events, more) in [(&logged[..], ""), (&other[..], written)] {
            let model = replay_assuming(events, more, assume);
            let (rows, _) = run(&model);
            let first = row(&rows, "a1");
            assert_eq!(first.outcome, outcome, "{assume}");
            assert!(close(took(first), seconds), "{assume}: {}", took(first));
        }
    }
}

/// A copy that waits for a slot is asked for no more once it is taken back: of two copies and one
/// slot, the second would have its turn after 409.6 s, and is taken back after 60 s.
#[test]
fn a_copy_that_waits_is_taken_back_unasked() {
    let second = "[[request]]\naction = \"CopySnapshot\"\nregion = \"us-west-2\"\n\
                  SourceRegion = \"us-east-1\"\nSourceSnapshotId = \"snap-000000a2\"\nat = \"1 s\"\n\
                  client = \"patient\"\ncancel_after = \"1 min\"\n\
                  [[client]]\nname = \"patient\"\npolicy = \"retry\"\n\
                  [limits]\nsnapshot_copies = 1\n";
    let (rows, _) = run(&replay(&[event(0, "CopySnapshot", A1)], second));
    let taken_back = row(&rows, "a2");
    assert_eq!(taken_back.outcome, Outcome::Cancelled);
    assert_eq!((took(taken_back), taken_back.bytes), (Span::from_mins(1), None));
    assert_eq!(taken_back.refusal, Some(ErrorCode::ResourceLimitExceeded));
    assert_eq!(row(&rows, "a1").outcome, Outcome::Completed);
}
