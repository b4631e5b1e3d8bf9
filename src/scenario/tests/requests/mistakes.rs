//! What is said of requests that cannot be read or judged.

use super::*;

#[test]
fn an_unknown_size_is_an_error_unless_one_is_assumed() {
    let text = copy("").replace("snap-000000a1", "snap-00000099");
    insta::assert_snapshot!(refused(&text), @r#"
    error: request[0]: no file lists `snap-00000099`, so how large it is is not known
     --> x.toml:6:1
      |
    6 | [[request]]
      | ^^^^^^^^^^^
      |
      = help: add the file that lists it to `requests.inventory`, or give `requests.assume_size = "100 GiB"`
    "#);
    let text = text.replace("[requests]", "[requests]\nassume_size = \"100 GiB\"");
    let scenario = right(&text);
    let [request] = requests(&scenario)[0].1 else { panic!("one") };
    assert_eq!(request.name, "snap-00000099 (size assumed)");
    assert_eq!(request.snapshots[0].written, Bytes::gib(100));
    let what = "source of 100 GiB, since no file says how large it is (assume_size)";
    assert!(scenario.stand_ins.contains(&(what.to_owned(), 1)), "{:?}", scenario.stand_ins);
    let trail =
        "[requests]\ncloudtrail = \"trail.json\"\n[[target]]\nkind = \"copy\"\nlimit = \"1 h\"\n";
    insta::assert_snapshot!(refused(trail), @r#"
    error: requests.cloudtrail: no file lists `snap-000000a1`, so how large it is is not known
    --> trail.json:2
     = help: add the file that lists it to `requests.inventory`, or give `requests.assume_size = "100 GiB"`

    error: requests.cloudtrail: no file lists `ami-0000000c`, so how large it is is not known
    --> trail.json:5
     = help: add the file that lists it to `requests.inventory`, or give `requests.assume_size = "100 GiB"`
    "#);
}

#[test]
fn unreadable_records_stop_a_replay_unless_they_are_skipped() {
    let text = with("").replace("[requests]", "[requests]\ncloudtrail = \"bad.json\"");
    insta::assert_snapshot!(refused(&text), @r"
    error: requests.cloudtrail: Records[0]: `eventTime` is 7, not a time such as `2026-03-02T06:00:00Z`
    --> bad.json:2
     = help: leave such records out: `skip_bad = true` under `[requests]`
    ");
    let text = text.replace("[requests]", "[requests]\nskip_bad = true");
    let left_out = right(&text).model.left_out;
    assert!(left_out.contains(&("record that cannot be read".to_owned(), 1)), "{left_out:?}");
    insta::assert_snapshot!(remarks(&text), @r"
    warning: requests.cloudtrail: Records[0]: `eventTime` is 7, not a time such as `2026-03-02T06:00:00Z`
    --> bad.json:2
    ");
}

#[test]
fn mistakes_in_a_request_are_told_at_their_place() {
    insta::assert_snapshot!(refused(&copy("SourceSnapshotID = \"snap-000000a1\"")), @r#"
    error: request[0].SourceSnapshotID: unknown key
      --> x.toml:11:1
       |
    11 | SourceSnapshotID = "snap-000000a1"
       | ^^^^^^^^^^^^^^^^
       |
       = help: did you mean `SourceSnapshotId`?
    "#);
    insta::assert_snapshot!(refused(&copy("ClientToken = \"t\"")), @r#"
    error: request[0].ClientToken: `ClientToken` is no parameter of CopySnapshot; CopyImage has it
      --> x.toml:11:15
       |
    11 | ClientToken = "t"
       |               ^^^
    "#);
    insta::assert_snapshot!(refused(&copy("CompletionDurationMinutes = \"15\"")), @r#"
    error: request[0].CompletionDurationMinutes: text stands here, where a whole number belongs
      --> x.toml:11:29
       |
    11 | CompletionDurationMinutes = "15"
       |                             ^^^^
    "#);
    insta::assert_snapshot!(refused(&copy("").replace("region = \"us-west-2\"\n", "")), @r#"
    error: request[0]: the Region that it is sent to is not known
     --> x.toml:6:1
      |
    6 | [[request]]
      | ^^^^^^^^^^^
      |
      = help: say it: `region = "us-west-2"`; a copy goes to the Region that is asked
    "#);
    insta::assert_snapshot!(refused(&copy("").replace("region = \"us-west-2\"", "region = \"us-wst-2\"")), @r#"
    error: request[0].region: there is no Region `us-wst-2`
     --> x.toml:8:10
      |
    8 | region = "us-wst-2"
      |          ^^^^^^^^^^
      |
      = help: did you mean `us-west-2`?
    "#);
    insta::assert_snapshot!(refused(&copy("").replace("CopySnapshot", "CopySnapshots")), @r#"
    error: request[0].action: `CopySnapshots` is neither `CopySnapshot` nor `CopyImage`
     --> x.toml:7:10
      |
    7 | action = "CopySnapshots"
      |          ^^^^^^^^^^^^^^^
      |
      = help: did you mean `CopySnapshot`?
    "#);
    insta::assert_snapshot!(refused(&copy("at = \"2026-01-01T00:00:00Z\"")), @r#"
    error: request[0].at: lies before the start of the run
      --> x.toml:11:6
       |
    11 | at = "2026-01-01T00:00:00Z"
       |      ^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn mistakes_around_requests_are_told_at_their_place() {
    let arn = "arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0";
    let outpost =
        copy(&format!("DestinationOutpostArn = \"{arn}\"")).replace("us-east-1", "us-west-2");
    insta::assert_snapshot!(refused(&outpost.replace("snaps.json", "images.json").replace("snapshots = \"images.json\", ", "").replace("[requests]", "[requests]\nassume_size = \"1 GiB\"")), @r#"
    error: request[0].DestinationOutpostArn: the Outpost `arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0` is not declared
      --> x.toml:12:25
       |
    12 | DestinationOutpostArn = "arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0"
       |                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: declare it: `[[outpost]]` with name = "…", region = "us-west-2", service_link = "1 Gbit/s", arn = "arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0"
    "#);
    insta::assert_snapshot!(refused("[requests]\nassume_size = \"1 GiB\"\n[[target]]\nkind = \"copy\"\nlimit = \"1 h\"\n"), @r"
    error: requests: there is no request: neither a `[[request]]` nor a log that holds one
     --> x.toml:1:1
      |
    1 | [requests]
      | ^^^^^^^^^^
      |
      = help: give `cloudtrail` a file
    ");
    insta::assert_snapshot!(refused(&copy("").replace("[requests]", "[requests]\nchange = \"120 %/day\"\nregion_defaults = { us-wst-2 = {} }")), @r#"
    error: requests.change: more than the whole cannot change: at most `100 %/day`
     --> x.toml:2:10
      |
    2 | change = "120 %/day"
      |          ^^^^^^^^^^^

    error: requests.region_defaults.us-wst-2: there is no Region `us-wst-2` (did you mean `us-west-2`?)
     --> x.toml:3:32
      |
    3 | region_defaults = { us-wst-2 = {} }
      |                                ^^
    "#);
}
