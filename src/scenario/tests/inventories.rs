//! Inventories: what is read of their files, and what is said of mistakes.

use super::*;
use crate::units::Instant;

/// Two snapshots of `vol-a`, 24 h apart, and one of `vol-b`, of 8 blocks of 512 KiB each.
const SNAPSHOTS: &str = r#"{"Snapshots": [
    {"SnapshotId": "snap-a1", "VolumeId": "vol-a", "State": "completed", "VolumeSize": 1,
     "StartTime": "2026-03-01T01:00:00Z", "FullSnapshotSizeInBytes": 4194304},
    {"SnapshotId": "snap-a2", "VolumeId": "vol-a", "State": "completed", "VolumeSize": 1,
     "StartTime": "2026-03-02T01:00:00Z", "FullSnapshotSizeInBytes": 4194304,
     "Tags": [{"Key": "Application", "Value": "erp"}, {"Key": "Name", "Value": "erp-root"}]},
    {"SnapshotId": "snap-b1", "VolumeId": "vol-b", "State": "completed", "VolumeSize": 1,
     "StartTime": "2026-03-01T01:00:00Z", "FullSnapshotSizeInBytes": 4194304}]}"#;

fn blocks(indices: std::ops::Range<u64>, token: &str) -> Vec<u8> {
    let items: Vec<String> = indices.map(|n| format!("{{\"BlockIndex\": {n}}}")).collect();
    format!(
        "{{\"ChangedBlocks\": [{}], \"VolumeSize\": 1, \"BlockSize\": 524288{token}}}",
        items.join(", ")
    )
    .into_bytes()
}

/// The files of these tests.
fn inputs(path: &str) -> Result<Vec<u8>, String> {
    let token = ", \"NextToken\": \"AAAD\"";
    match path {
        "snaps.json" => Ok(SNAPSHOTS.as_bytes().to_vec()),
        "none.json" => Ok(blocks(0..0, "")),
        "page-1.json" => Ok(blocks(0..2, token)),
        "page-2.json" => Ok(blocks(1..4, "")),
        "all.json" => Ok(blocks(0..8, "")),
        "too-many.json" => Ok(blocks(0..9, "")),
        other => files(other),
    }
}

/// A fleet with an inventory of the snapshots and more.
fn listed(more: &str) -> String {
    fleet(&format!(
        "inventory = {{ snapshots = \"snaps.json\", {more} }}\ncopy = [{{ to = \"eu-west-1\" }}]"
    ))
    .replace("volumes = 2\n", "")
}

fn counted(entry: &str) -> String {
    listed(&format!("changed_blocks = [{entry}]"))
}

fn outcome(text: &str) -> Result<Scenario, Problems> {
    Scenario::parse(&source(text), &inputs, &[])
}

fn refused(text: &str) -> String {
    outcome(text).expect_err("the text is wrong").render(text, false)
}

/// Blocks that `vol-a` moves a day after its base.
fn moved(entry: &str) -> u64 {
    use crate::model::change::{SourceSnapshot, delta};
    let model = match outcome(&counted(entry)) {
        Ok(scenario) => scenario.model,
        Err(problems) => panic!("{problems}"),
    };
    let Items::Listed(volumes) = &model.fleets[0].items else { panic!() };
    let newer = SourceSnapshot {
        volume: 0,
        number: 1,
        started: Instant::ZERO,
        full: volumes[0].written,
        change_clock: 1.0,
        change_rate: volumes[0].daily_change.expect("it was counted").0,
        since: None,
    };
    assert_eq!(volumes[1].daily_change, None, "vol-b was not counted");
    delta(volumes[0].written, 0.0, &newer).get() / 524_288
}

/// Blocks 0 and 1 on one page, 1 to 3 on the other: four.
#[test]
fn counted_blocks_are_what_a_day_moves() {
    let pages = "file = [\"page-1.json\", \"page-2.json\"]";
    let between = "first = \"snap-a1\", second = \"snap-a2\"";
    assert_eq!(moved(&format!("{{ volume = \"vol-a\", {pages}, {between} }}")), 4);
    assert_eq!(moved(&format!("{{ volume = \"vol-a\", {pages}, over = \"1 day\" }}")), 4);
    assert_eq!(moved("{ volume = \"vol-a\", file = \"none.json\", over = \"1 day\" }"), 0);
    assert_eq!(moved("{ volume = \"vol-a\", file = \"all.json\", over = \"1 day\" }"), 8);
}

/// All 8 blocks of `vol-a` change in a day, which the law takes for 7.5 (rounding makes it 8), none
/// of `vol-b`: 3.75 blocks of 512 KiB on average, 1,966,080 bytes.
#[test]
fn the_arithmetic_of_check_knows_what_was_counted() {
    let of = |volume: &str, file: &str| {
        format!("{{ volume = \"{volume}\", file = \"{file}\", over = \"1 day\" }}")
    };
    let entries = [of("vol-a", "all.json"), of("vol-b", "none.json")].join(", ");
    let text = counted(&entries).replace("every = \"1 h\"", "every = \"1 day\"")
        + "[[target]]\nkind = \"rpo\"\nlimit = \"2 days\"\n";
    let model = outcome(&text).unwrap().model;
    assert_eq!(envelope(&model).rpo[0].load.bytes, Bytes::new(1_966_080));
}

#[test]
fn counted_blocks_belong_to_a_volume_and_two_snapshots() {
    let entry = |volume: &str, rest: &str| {
        refused(&counted(&format!("{{ volume = \"{volume}\", file = \"all.json\", {rest} }}")))
    };
    insta::assert_snapshot!(entry("vol-aa", "over = \"1 day\""), @r#"
    error: fleet.a.inventory.changed_blocks[0].volume: the inventory has no volume `vol-aa`
     --> x.toml:5:70
      |
    5 | inventory = { snapshots = "snaps.json", changed_blocks = [{ volume = "vol-aa", file = "all.json", over = "1 day" }] }
      |                                                                      ^^^^^^^^
      |
      = help: did you mean `vol-a`?
    "#);
    insta::assert_snapshot!(entry("vol-a", "over = \"0 s\""), @r#"
    error: fleet.a.inventory.changed_blocks[0].over: nothing changes in no time
     --> x.toml:5:105
      |
    5 | inventory = { snapshots = "snaps.json", changed_blocks = [{ volume = "vol-a", file = "all.json", over = "0 s" }] }
      |                                                                                                         ^^^^^
    "#);
    insta::assert_snapshot!(entry("vol-a", "first = \"snap-a1\""), @r#"
    error: fleet.a.inventory.changed_blocks[0]: between which snapshots?
     --> x.toml:5:59
      |
    5 | inventory = { snapshots = "snaps.json", changed_blocks = [{ volume = "vol-a", file = "all.json", first = "snap-a1" }] }
      |                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `first` and `second`, as in the call, or `over = "1 day"`
    "#);
    insta::assert_snapshot!(entry("vol-a", "first = \"snap-a2\", second = \"snap-a1\""), @r#"
    error: fleet.a.inventory.changed_blocks[0].second: `snap-a1` is not later than `snap-a2`
     --> x.toml:5:126
      |
    5 | ...e = "vol-a", file = "all.json", first = "snap-a2", second = "snap-a1" }] }
      |                                                                ^^^^^^^^^
      |
      = help: `first` is the earlier one, as in the call
    "#);
    insta::assert_snapshot!(entry("vol-a", "first = \"snap-b1\", second = \"snap-x\""), @r#"
    error: fleet.a.inventory.changed_blocks[0].first: `snap-b1` is a snapshot of `vol-b`
     --> x.toml:5:106
      |
    5 | inventory = { snapshots = "snaps.json", changed_blocks = [{ volume = "vol-a", file = "all.json", first = "snap-b1", second = "snap-x"...
      |                                                                                                          ^^^^^^^^^

    error: fleet.a.inventory.changed_blocks[0].second: the inventory lists no snapshot `snap-x`
     --> x.toml:5:126
      |
    5 | ...me = "vol-a", file = "all.json", first = "snap-b1", second = "snap-x" }] }
      |                                                                 ^^^^^^^^
      |
      = help: did you mean `snap-a1`?
    "#);
}

#[test]
fn counted_blocks_are_whole_and_fit_the_volume() {
    let of = |file: &str| {
        let entry = format!("{{ volume = \"vol-a\", file = {file}, over = \"1 day\" }}");
        refused(&counted(&entry))
    };
    insta::assert_snapshot!(of("\"page-1.json\""), @r"
    error: fleet.a.inventory.changed_blocks[0].file: there are more changed blocks than the files hold (`NextToken`)
    --> page-1.json
     = help: run `aws ebs list-changed-blocks --first-snapshot-id … --second-snapshot-id … --output json` without `--max-items`, or give all the pages
    ");
    insta::assert_snapshot!(of("\"too-many.json\""), @r#"
    error: fleet.a.inventory.changed_blocks[0].file: 9 changed blocks are more than the 8 that `vol-a` has
     --> x.toml:5:86
      |
    5 | inventory = { snapshots = "snaps.json", changed_blocks = [{ volume = "vol-a", file = "too-many.json", over = "1 day" }] }
      |                                                                                      ^^^^^^^^^^^^^^^
      |
      = help: the inventory lists 4 MiB written; are these its blocks?
    "#);
    insta::assert_snapshot!(of("\"snaps.json\""), @r"
    error: fleet.a.inventory.changed_blocks[0].file: this is the output of `aws ec2 describe-snapshots` (key `Snapshots`), not the output of `list-changed-blocks`
    --> snaps.json
     = help: give it under `snapshots`
    ");
    let twice = "{ volume = \"vol-a\", file = \"all.json\", over = \"1 day\" }";
    insta::assert_snapshot!(refused(&counted(&format!("{twice}, {twice}"))), @r#"
    error: fleet.a.inventory.changed_blocks[1].volume: the blocks of `vol-a` are counted already
     --> x.toml:5:127
      |
    5 | ...e = "vol-a", file = "all.json", over = "1 day" }, { volume = "vol-a", file = "all.json", over = "1 day" }] }
      |                                                                 ^^^^^^^
    "#);
    let by_hand = counted(twice).replace("snapshots = \"snaps.json\"", "csv = \"volumes.csv\"");
    insta::assert_snapshot!(refused(&by_hand), @r#"
    error: fleet.a.inventory.changed_blocks[0].volume: the CSV says how `vol-a` changes
     --> x.toml:5:65
      |
    5 | inventory = { csv = "volumes.csv", changed_blocks = [{ volume = "vol-a", file = "all.json", over = "1 day" }] }
      |                                                                 ^^^^^^^
      |
      = help: leave out its `change` there, or the blocks here
    "#);
}

#[test]
fn an_application_is_the_value_of_a_tag() {
    let scenario = outcome(&listed("application_tag = \"Application\"")).unwrap();
    let Items::Listed(volumes) = &scenario.model.fleets[0].items else { panic!() };
    let applications: Vec<Option<&str>> =
        volumes.iter().map(|volume| volume.application.as_deref()).collect();
    assert_eq!(applications, [Some("erp"), None]);
    let text = listed("application_tag = \"Applications\"");
    let warnings = render(&outcome(&text).unwrap().warnings, Kind::Warning, &text, false);
    insta::assert_snapshot!(warnings, @r#"
    warning: fleet.a.inventory.application_tag: no snapshot has a tag `Applications`
     --> x.toml:5:59
      |
    5 | inventory = { snapshots = "snaps.json", application_tag = "Applications" }
      |                                                           ^^^^^^^^^^^^^^
      |
      = help: did you mean `Application`?
    "#);
}

#[test]
fn images_have_neither_applications_nor_changed_blocks() {
    let text = "[[image]]\nname = \"golden\"\nlocation = \"us-east-1\"\n\
        inventory = { images = \"volumes.json\", application_tag = \"app\", changed_blocks = [] }\n\
        release = { every = \"7 days\" }\ncopy = [{ to = \"eu-west-1\" }]\n";
    insta::assert_snapshot!(refused(text), @r#"
    error: image.golden.inventory.application_tag: applications are made of volumes, not of images
     --> x.toml:4:58
      |
    4 | inventory = { images = "volumes.json", application_tag = "app", changed_blocks = [] }
      |                                                          ^^^^^

    error: image.golden.inventory.changed_blocks: these are of volumes; images change from release to release
     --> x.toml:4:82
      |
    4 | inventory = { images = "volumes.json", application_tag = "app", changed_blocks = [] }
      |                                                                                  ^^

    error: image.golden.inventory.images: this is the output of `aws ec2 describe-volumes` (key `Volumes`), not the output of `describe-images`
    --> volumes.json
     = help: run `aws ec2 describe-images --owners self --output json`
    "#);
}
