use super::*;

const VARIETY: &[u8] =
    include_bytes!("../../../../tests/data/inventory/cloudtrail-copy-events.json");

fn record(fields: &str) -> String {
    format!(
        "{{\"Records\": [\n{{\"eventSource\": \"ec2.amazonaws.com\", \"eventName\": \"CopySnapshot\", {fields}}}]}}"
    )
}

fn right(more: &str) -> String {
    record(&format!(
        "\"eventTime\": \"2026-03-02T06:00:00Z\", \"awsRegion\": \"us-west-2\", {more}"
    ))
}

fn read(text: &str) -> Trail {
    Trail::read("trail.json", text.as_bytes()).expect("a log")
}

fn bad(text: &str) -> String {
    let trail = read(text);
    trail.bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The sample of F155 and F156: ten requests, two of them refused.
#[test]
fn f155_f156_the_variety_of_records_is_read() {
    let trail = Trail::read("trail.json", VARIETY).unwrap();
    assert_eq!((trail.events.len(), trail.bad.len(), trail.warnings.len()), (10, 0, 0));
    let refused: Vec<&str> =
        trail.events.iter().filter_map(|event| event.refused.as_deref()).collect();
    assert_eq!(refused, ["Client.ResourceLimitExceeded", "Client.InvalidRequest"]);
    let Request::Snapshot(first) = &trail.events[0].request else { panic!("a snapshot") };
    assert_eq!(first.completion_duration_minutes, Some(15));
    assert_eq!(trail.events[0].region.name, "us-west-2");
    assert_eq!(trail.events[0].made.as_deref(), Some("snap-0218029d03002e23d"));
}

/// What `lookup-events` prints holds the same records as text; lines are those of its items.
#[test]
fn records_inside_events_are_the_same_requests() {
    let log: Value = serde_json::from_slice(VARIETY).unwrap();
    let events: Vec<Value> = log["Records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| serde_json::json!({ "EventId": "x", "CloudTrailEvent": record.to_string() }))
        .collect();
    let looked_up = serde_json::json!({ "Events": events }).to_string();
    let requests = |trail: Trail| trail.events.into_iter().map(|e| (e.at, e.request));
    assert!(requests(read(&looked_up)).eq(requests(Trail::read("a", VARIETY).unwrap())));
}

/// F155: a dry run is known by its answer; so is what nothing is logged of; a copy of a shared
/// snapshot is logged in the owner's account too.
#[test]
fn f155_dry_runs_and_requests_of_others_are_known() {
    let trail = read(&right(
        "\"errorCode\": \"Client.DryRunOperation\", \"requestParameters\": {\"sourceRegion\": \"us-east-1\", \"encrypted\": \"true\"}",
    ));
    let Request::Snapshot(request) = &trail.events[0].request else { panic!("a snapshot") };
    assert_eq!((request.dry_run, request.encrypted), (Some(true), Some(true)));
    let others = [
        (
            "\"errorCode\": \"Client.UnauthorizedOperation\", \"requestParameters\": null",
            "CopySnapshot refused with Client.UnauthorizedOperation, of which nothing is logged",
        ),
        (
            "\"userIdentity\": {\"accountId\": \"111122223333\"}, \"recipientAccountId\": \"444455556666\", \"requestParameters\": {}",
            "request of another account, logged here too",
        ),
        (
            "\"eventSource\": \"rds.amazonaws.com\", \"requestParameters\": {}",
            "other event of the log",
        ),
    ];
    for (fields, what) in others {
        let trail = read(&right(fields));
        assert_eq!(trail.left_out.get(what), Some(&1), "{fields}: {:?}", trail.left_out);
        assert!(trail.events.is_empty() && trail.bad.is_empty());
    }
}

#[test]
fn unreadable_records_are_named_by_file_and_position() {
    insta::assert_snapshot!(bad(&record("\"awsRegion\": \"us-west-2\", \"requestParameters\": {}")), @"trail.json:2: Records[0]: `eventTime` is absent, not a time such as `2026-03-02T06:00:00Z`");
    insta::assert_snapshot!(bad(&right("\"requestParameters\": []")), @"trail.json:2: Records[0]: `requestParameters` is [], not an object");
    insta::assert_snapshot!(bad(&right("\"requestParameters\": null")), @"trail.json:2: Records[0]: there are no `requestParameters`");
    insta::assert_snapshot!(bad(&right("\"requestParameters\": {\"completionDurationMinutes\": \"soon\"}")), @r#"trail.json:2: Records[0]: `CompletionDurationMinutes` is "soon", and has to be a whole number"#);
    insta::assert_snapshot!(bad(&record("\"eventTime\": \"2026-03-02T06:00:00Z\", \"awsRegion\": \"us-wst-2\", \"requestParameters\": {}")), @"trail.json:2: Records[0]: `awsRegion`: there is no Region `us-wst-2` (did you mean `us-west-2`?)");
    insta::assert_snapshot!(bad("{\"Records\": [7, {}]}"), @r"
    trail.json: Records[0]: it is no object, and a record is one
    trail.json: Records[1]: there is no text `eventName`
    ");
    insta::assert_snapshot!(bad("{\"Events\": [{\"CloudTrailEvent\": 7}, {\"CloudTrailEvent\": \"{\"}]}"), @r"
    trail.json:1: Events[0]: there is no text `CloudTrailEvent`
    trail.json:1: Events[1]: `CloudTrailEvent` is no JSON: EOF while parsing an object at line 1 column 1
    ");
}

/// A name that is not known is told, and the request is read without it.
#[test]
fn unknown_parameters_are_left_aside() {
    let trail =
        read(&right("\"requestParameters\": {\"sourceRegion\": \"us-east-1\", \"moon\": 1}"));
    assert_eq!(trail.events.len(), 1);
    insta::assert_snapshot!(trail.warnings[0].to_string(), @"trail.json:2: Records[0]: `moon` is no parameter that is known (the request is read without it)");
}

#[test]
fn another_file_is_called_what_it_is() {
    let told = |text: &str| Trail::read("a.json", text.as_bytes()).unwrap_err()[0].to_string();
    insta::assert_snapshot!(told("{\"Snapshots\": []}"), @"a.json: this is the output of `aws ec2 describe-snapshots` (key `Snapshots`), not the output of `CloudTrail` (give it under `snapshots`)");
    insta::assert_snapshot!(told("[]"), @"a.json: a bare list without a key at the top (run `aws cloudtrail lookup-events --output json`, without `--query`)");
    insta::assert_snapshot!(told("{\"Records\": 7}"), @"a.json:1:13: not what `CloudTrail` prints: invalid type: integer `7`, expected a sequence (run `aws cloudtrail lookup-events --output json`)");
}

proptest::proptest! {
    /// Whatever JSON stands where a record should: it is a request, another event, or a problem.
    #[test]
    fn every_record_is_accounted_for(
        values in proptest::collection::vec(json(), 0..6),
        key in proptest::sample::select(vec!["Records", "Events"]),
    ) {
        let text = serde_json::json!({ key: values }).to_string();
        let trail = Trail::read("a.json", text.as_bytes()).expect("a log");
        let others: u64 = trail.left_out.values().sum();
        let n = trail.events.len() + trail.bad.len() + usize::try_from(others).unwrap();
        proptest::prop_assert_eq!(n, values.len());
    }
}

/// JSON that looks like a record in places.
fn json() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    const KEYS: [&str; 9] = [
        "eventName",
        "eventTime",
        "awsRegion",
        "requestParameters",
        "sourceRegion",
        "encrypted",
        "CloudTrailEvent",
        "userIdentity",
        "errorCode",
    ];
    const TEXTS: [&str; 6] = [
        "CopySnapshot",
        "CopyImage",
        "2026-03-02T06:00:00Z",
        "us-west-2",
        "",
        "{\"eventName\": 1}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::sample::select(TEXTS.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(proptest::sample::select(KEYS.to_vec()), inner, 0..9)
                .prop_map(|map| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}
