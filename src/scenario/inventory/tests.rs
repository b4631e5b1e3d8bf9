//! The sample files, joined. Expected counts were taken from the files with `jq`, as said beside
//! each.

use super::*;
use crate::model::change::ChangeRate;
use crate::units::Bytes;

const EAST_SNAPSHOTS: &[u8] =
    include_bytes!("../../../tests/data/inventory/us-east-1/describe-snapshots.json");
const EAST_IMAGES: &[u8] =
    include_bytes!("../../../tests/data/inventory/us-east-1/describe-images.json");
const WEST_SNAPSHOTS: &[u8] =
    include_bytes!("../../../tests/data/inventory/us-west-2/describe-snapshots.json");
const WEST_IMAGES: &[u8] =
    include_bytes!("../../../tests/data/inventory/us-west-2/describe-images.json");
const MIXED_SNAPSHOTS: &[u8] =
    include_bytes!("../../../tests/data/inventory/describe-snapshots.json");
const MIXED_IMAGES: &[u8] = include_bytes!("../../../tests/data/inventory/describe-images.json");
const CHANGED_BLOCKS: &[u8] = include_bytes!(
    "../../../scenarios/data/estate/us-east-1/changed-blocks/vol-13e7d1bfbc7a2ea20-2.json"
);
const CLOUDTRAIL: &[u8] =
    include_bytes!("../../../tests/data/inventory/cloudtrail-copy-events.json");
const EVENTBRIDGE: &[u8] =
    include_bytes!("../../../tests/data/inventory/eventbridge-copy-events.json");

fn in_region(stored: &Stored) -> bool {
    *stored == Stored::Region
}

fn inventory(snapshots: &[&[u8]], images: &[&[u8]], sheets: &[&str]) -> Inventory {
    let snapshots = snapshots.iter().map(|bytes| Snapshots::read("snaps.json", bytes).unwrap());
    let images = images.iter().map(|bytes| Images::read("images.json", bytes).unwrap());
    let sheets = sheets.iter().map(|text| Csv::read("estate.csv", text.as_bytes()).unwrap());
    let exports = Exports {
        snapshots: snapshots.collect(),
        images: images.collect(),
        sheets: sheets.collect(),
        ..Exports::default()
    };
    Inventory::of(exports, &in_region).unwrap()
}

fn lines(counts: &[(String, u64)]) -> String {
    counts.iter().map(|(words, n)| format!("{n} {words}")).collect::<Vec<_>>().join("\n")
}

fn total(volumes: &[ListedVolume]) -> Bytes {
    volumes.iter().map(|volume| volume.written).sum()
}

/// A file with snapshots, each given by the fields that differ.
fn snapshots_of(items: &[serde_json::Value]) -> Snapshots {
    let items: Vec<serde_json::Value> = items
        .iter()
        .map(|fields| {
            let mut item = serde_json::json!({
                "VolumeId": "vol-ffffffff",
                "State": "completed",
                "StartTime": "2026-03-02T00:00:00Z",
                "VolumeSize": 8,
            });
            let fields = fields.as_object().unwrap().clone();
            item.as_object_mut().unwrap().extend(fields);
            item
        })
        .collect();
    let text = serde_json::json!({ "Snapshots": items }).to_string();
    Snapshots::read("snaps.json", text.as_bytes()).unwrap()
}

fn of_snapshots(files: Vec<Snapshots>) -> Inventory {
    Inventory::of(Exports { snapshots: files, ..Exports::default() }, &in_region).unwrap()
}

/// 68 snapshots of 39 volumes: 29 are earlier ones. The newest per volume add up to
/// 16,264,310,816,768 bytes:
/// `jq '[.Snapshots|group_by(.VolumeId)[]|max_by(.StartTime).FullSnapshotSizeInBytes]|add'`.
#[test]
fn each_volume_is_as_large_as_its_newest_snapshot() {
    let estate = inventory(&[EAST_SNAPSHOTS], &[], &[]);
    let volumes = estate.volumes();
    assert_eq!(volumes.len(), 39);
    assert_eq!(total(&volumes), Bytes::new(16_264_310_816_768));
    assert!(volumes.is_sorted_by_key(|volume| volume.name.clone()));
    let first = volumes.iter().find(|volume| volume.name == "vol-d8e81973e0becd7b0").unwrap();
    assert_eq!(first.written, Bytes::new(56_095_145_984), "of 2 March, not of 1 March");
    assert_eq!(lines(&estate.left_out()), "29 earlier snapshot, or copy, of a listed volume");
    assert_eq!(lines(&estate.assumed()), "");
    assert_eq!(estate.region(), Some("us-east-1"));
    assert_eq!(estate.owners().iter().collect::<Vec<_>>(), ["111122223333"]);
}

/// The estate has 40 volumes (README of the samples): 32 of 39 in the east, where 7 back images,
/// and 8 of 10 in the west, where 2 do. Bytes without those: 15,403,169,873,920 and
/// 4,010,101,702,656.
#[test]
fn volumes_behind_listed_images_go_with_the_images() {
    let both = inventory(&[EAST_SNAPSHOTS, WEST_SNAPSHOTS], &[EAST_IMAGES, WEST_IMAGES], &[]);
    let volumes = both.volumes();
    assert_eq!(volumes.len(), 40);
    assert_eq!(total(&volumes), Bytes::new(15_403_169_873_920 + 4_010_101_702_656));
    assert_eq!(both.region(), None, "two Regions");
    assert_eq!(both.regions().iter().collect::<Vec<_>>(), ["us-east-1", "us-west-2"]);
    // 68 + 17 snapshots − 9 of images − 40 that count = 36 earlier ones.
    insta::assert_snapshot!(lines(&both.left_out()), @r"
    36 earlier snapshot, or copy, of a listed volume
    9 snapshot of a listed image
    ");
}

/// Sizes of the four snapshots behind `erp-windows-2026-q1`, by `SnapshotId` from the snapshots:
/// 25, 175, 450, and 110 GiB (26,843,545,600 = 25 × 2^30, and so on).
#[test]
fn images_have_the_bytes_of_their_snapshots() {
    let estate = inventory(&[EAST_SNAPSHOTS], &[EAST_IMAGES], &[]);
    let images = estate.images();
    let shown: Vec<(&str, usize)> =
        images.iter().map(|image| (image.name.as_str(), image.snapshots.len())).collect();
    let expected = [("web-golden-2026.03", 1), ("erp-windows-2026-q1", 4), ("app-tier-2026.03", 2)];
    assert_eq!(shown, expected);
    let sizes: Vec<Bytes> = images[1].snapshots.iter().map(|snapshot| snapshot.written).collect();
    assert_eq!(sizes, [25, 175, 450, 110].map(Bytes::gib));
    assert_eq!(lines(&estate.assumed()), "");
}

/// Of 12 snapshots: 2 pending, 1 error, 1 archived, 1 on an Outpost, 1 in a Local Zone leave 6, of
/// 6 volumes: 2 with an ID, 4 copies (3 with a known source, one without, whose size is not said).
#[test]
fn pending_failed_archived_and_distant_snapshots_are_left_out_and_counted() {
    let mixed = inventory(&[MIXED_SNAPSHOTS], &[], &[]);
    let volumes = mixed.volumes();
    let shown: Vec<String> =
        volumes.iter().map(|v| format!("{} {}", v.name, v.written.get())).collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    snap-00db6372ec4d53d53 1288490188800
    snap-022302c05e04b702a 53687091200
    snap-0a38df886e443cc9f 214748364800
    snap-0b5dea3e2e1a51ce5 2149580800
    vol-0dc9e54c32e3baf84 1782054912
    vol-0f485e0f3b9a8aedd 0
    ");
    insta::assert_snapshot!(lines(&mixed.left_out()), @r"
    1 snapshot archived
    1 snapshot error
    2 snapshot pending
    1 snapshot stored in us-west-2-lax-1a
    1 snapshot stored on an Outpost
    ");
    insta::assert_snapshot!(lines(&mixed.assumed()), @r"
    4 copy of an unknown volume counted as a volume of its own
    1 volume full to its provisioned size, since its written bytes are not listed
    ");
    assert_eq!(mixed.region(), Some("us-west-2"));
    assert_eq!(mixed.owners().len(), 2);
    assert_eq!(mixed.snapshots().len(), 12);
}

/// No snapshot of these images is in any file: 1 + 2 + 4 stand-ins; the fourth image is pending.
#[test]
fn snapshots_of_images_that_are_not_listed_count_as_full() {
    let mixed = inventory(&[], &[MIXED_IMAGES], &[]);
    let images = mixed.images();
    assert_eq!(images.len(), 3);
    let app = images.iter().find(|image| image.name == "app-tier-2026.03-arm64").unwrap();
    let sizes: Vec<Bytes> = app.snapshots.iter().map(|snapshot| snapshot.written).collect();
    assert_eq!(sizes, [20, 100].map(Bytes::gib));
    insta::assert_snapshot!(lines(&mixed.left_out()), @"1 image pending");
    insta::assert_snapshot!(lines(&mixed.assumed()), @"7 image snapshot full to its provisioned size, since it is not listed");
}

#[test]
fn a_fleet_on_an_outpost_means_the_snapshots_there() {
    let snapshots = vec![Snapshots::read("snaps.json", MIXED_SNAPSHOTS).unwrap()];
    let exports = Exports { snapshots, ..Exports::default() };
    let edge = Inventory::of(exports, &|stored| matches!(stored, Stored::Outpost(_))).unwrap();
    let expected = ListedVolume {
        name: "snap-0f18a09814b225460".to_owned(),
        written: Bytes::gib(128),
        daily_change: None,
        shared_source: None,
        application: None,
    };
    assert_eq!(edge.volumes(), [expected]);
}

#[test]
fn a_file_that_is_given_twice_counts_once() {
    let once = inventory(&[WEST_SNAPSHOTS], &[], &[]);
    let twice = inventory(&[WEST_SNAPSHOTS, WEST_SNAPSHOTS], &[], &[]);
    assert_eq!(once.volumes(), twice.volumes());
    let repeated = ("snapshot listed more than once".to_owned(), 17);
    assert!(twice.left_out().contains(&repeated), "{:?}", twice.left_out());
}

#[test]
fn what_was_pending_on_one_page_may_be_completed_on_the_next() {
    let page = |state: &str| {
        snapshots_of(&[
            serde_json::json!({"SnapshotId": "snap-1", "VolumeId": "vol-1", "State": state}),
        ])
    };
    let after = of_snapshots(vec![page("pending"), page("completed"), page("pending")]);
    assert_eq!(after.volumes().len(), 1);
    assert_eq!(lines(&after.left_out()), "2 snapshot listed more than once");
}

/// vol-1 was 5 bytes large on 1 March, and 7 on 2 March. The copy of the first was made on 3 March
/// and is no news.
#[test]
fn a_copy_is_as_old_as_its_source() {
    let day = |day: u32| format!("2026-03-0{day}T00:00:00+00:00");
    let files = snapshots_of(&[
        serde_json::json!({"SnapshotId": "snap-1", "VolumeId": "vol-1", "StartTime": day(1),
            "FullSnapshotSizeInBytes": 5}),
        serde_json::json!({"SnapshotId": "snap-2", "VolumeId": "vol-1", "StartTime": day(2),
            "FullSnapshotSizeInBytes": 7}),
        serde_json::json!({"SnapshotId": "snap-3", "StartTime": day(3),
            "Description": "[Copied snap-1 from us-east-1] ", "FullSnapshotSizeInBytes": 5}),
    ]);
    let volumes = of_snapshots(vec![files]).volumes();
    assert_eq!(volumes.len(), 1);
    assert_eq!((volumes[0].name.as_str(), volumes[0].written), ("vol-1", Bytes::new(7)));
}

#[test]
fn copies_that_name_each_other_come_to_an_end() {
    let files = snapshots_of(&[
        serde_json::json!({"SnapshotId": "snap-1", "Description": "[Copied snap-2 from a] "}),
        serde_json::json!({"SnapshotId": "snap-2", "Description": "[Copied snap-1 from b] "}),
    ]);
    assert!(!of_snapshots(vec![files]).volumes().is_empty());
}

#[test]
fn a_csv_outdoes_the_snapshots_of_its_volumes() {
    let text = "volume,bytes,change,group\nvol-c13deef86ab1031d0,3 GiB,5 %/day,erp\nmine,7,,erp\n";
    let before = inventory(&[WEST_SNAPSHOTS], &[], &[]).volumes().len();
    let with = inventory(&[WEST_SNAPSHOTS], &[], &[text]);
    let volumes = with.volumes();
    assert_eq!(volumes.len(), before + 1);
    let known = volumes.iter().find(|volume| volume.name == "vol-c13deef86ab1031d0").unwrap();
    assert_eq!((known.written, known.daily_change), (Bytes::gib(3), Some(ChangeRate::daily(0.05))));
    assert_eq!(known.application.as_deref(), Some("erp"));
    assert_eq!(with.groups()["erp"], ["vol-c13deef86ab1031d0", "mine"]);
    let said = "1 volume as the CSV has it, though snapshots of it are listed";
    assert_eq!(lines(&with.assumed()), said);
}

/// `vol-1` was tagged `erp` on 1 March and `crm` on 2 March; `vol-2` has no such tag; `mine` has a
/// group, and `vol-3`, tagged, has a row without one.
#[test]
fn applications_come_from_a_tag_or_a_group() {
    let snapshot = |volume: &str, day: u32, key: &str, value: &str| {
        serde_json::json!({"SnapshotId": format!("snap-{volume}-{day}"), "VolumeId": volume,
            "StartTime": format!("2026-03-0{day}T00:00:00Z"),
            "Tags": [{"Key": key, "Value": value}]})
    };
    let files = snapshots_of(&[
        snapshot("vol-1", 1, "app", "erp"),
        snapshot("vol-1", 2, "app", "crm"),
        snapshot("vol-2", 1, "Name", "root"),
        snapshot("vol-3", 1, "app", "erp"),
    ]);
    let csv = Csv::read("a.csv", b"volume,bytes,group\nmine,7,web\nvol-3,9,\n").unwrap();
    let exports = Exports {
        snapshots: vec![files],
        sheets: vec![csv],
        application_tag: Some("app".to_owned()),
        ..Exports::default()
    };
    let joined = Inventory::of(exports, &in_region).unwrap();
    let applications: Vec<(String, Option<String>)> =
        joined.volumes().into_iter().map(|volume| (volume.name, volume.application)).collect();
    let expected =
        [("mine", Some("web")), ("vol-1", Some("crm")), ("vol-2", None), ("vol-3", Some("erp"))];
    let expected = expected.map(|(name, of)| (name.to_owned(), of.map(ToOwned::to_owned)));
    assert_eq!(applications, expected);
    let said =
        ("volume in no application, since its newest snapshot has not the tag".to_owned(), 1);
    assert!(joined.assumed().contains(&said), "{:?}", joined.assumed());
}

#[test]
fn images_of_one_name_are_told_apart_by_their_ids() {
    let image = |id: &str| {
        let devices = r#"[{"Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}}]"#;
        format!(
            r#"{{"ImageId": "{id}", "Name": "web", "State": "available", "BlockDeviceMappings": {devices}}}"#
        )
    };
    let text = format!(r#"{{"Images": [{}, {}]}}"#, image("ami-2"), image("ami-1"));
    let names: Vec<String> =
        inventory(&[], &[text.as_bytes()], &[]).images().into_iter().map(|i| i.name).collect();
    assert_eq!(names, ["web (ami-1)", "web (ami-2)"]);
}

#[test]
fn other_exports_are_refused_by_name() {
    let told = |bytes| Snapshots::read("x.json", bytes).unwrap_err()[0].to_string();
    insta::assert_snapshot!(told(CLOUDTRAIL), @"x.json: this is a CloudTrail log file (key `Records`), not the output of `describe-snapshots` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
    insta::assert_snapshot!(told(EVENTBRIDGE), @"x.json: a bare list without a key at the top (run `aws ec2 describe-snapshots --owner-ids self --output json`, without `--query`)");
    insta::assert_snapshot!(told(MIXED_IMAGES), @"x.json: this is the output of `aws ec2 describe-images` (key `Images`), not the output of `describe-snapshots` (give it under `images`)");
    let swapped = Images::read("x.json", MIXED_SNAPSHOTS).unwrap_err()[0].to_string();
    insta::assert_snapshot!(swapped, @"x.json: this is the output of `aws ec2 describe-snapshots` (key `Snapshots`), not the output of `describe-images` (give it under `snapshots`)");
    // `head -c 700` holds 19 line ends and, after the last one, 51 bytes.
    insta::assert_snapshot!(told(&MIXED_SNAPSHOTS[..700]), @"x.json:20:51: the JSON ends in the middle (was the file cut off?)");
}

mod properties {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Reads `bytes` as everything; what comes out is the same each time and can be joined.
    fn read_all(bytes: &[u8]) {
        let snapshots: Vec<Snapshots> = Snapshots::read("f", bytes).into_iter().collect();
        let images: Vec<Images> = Images::read("f", bytes).into_iter().collect();
        let sheets: Vec<Csv> = Csv::read("f", bytes).into_iter().collect();
        if let Ok(page) = ChangedBlocks::read("f", bytes) {
            let _ = n_changed(&[page]);
        }
        let joined =
            Inventory::of(Exports { snapshots, images, sheets, application_tag: None }, &in_region);
        let names: Vec<String> =
            joined.expect("one file").volumes().into_iter().map(|volume| volume.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400)) {
            read_all(&bytes);
        }

        #[test]
        fn arbitrary_tables_never_panic(text in "(volume|bytes|change|group|[,;\"\n0-9 %/a-z-]){0,40}") {
            read_all(text.as_bytes());
        }

        #[test]
        fn mutated_samples_never_panic(
            which in 0..3usize,
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            cut in any::<prop::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let mut bytes = [MIXED_SNAPSHOTS, MIXED_IMAGES, CHANGED_BLOCKS][which].to_vec();
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            read_all(&bytes);
        }
    }
}
