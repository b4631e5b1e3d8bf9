use super::*;
use crate::scenario::{Scenario, Source};

fn bytes(path: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/data/estate/");
    std::fs::read(format!("{folder}{path}")).expect("a sample")
}

fn export(path: &str) -> Export {
    Export { name: path.to_owned(), path: path.to_owned(), bytes: bytes(path) }
}

const ALL: [&str; 5] = [
    "cloudtrail.json",
    "us-east-1/describe-snapshots.json",
    "us-west-2/describe-snapshots.json",
    "us-east-1/describe-images.json",
    "us-west-2/describe-images.json",
];

/// The scenario of a text whose paths are those of the samples.
fn parsed(text: &str) -> Scenario {
    let source = Source { name: "x.toml".to_owned(), text: text.to_owned(), base: "".into() };
    let inputs = |path: &str| Ok(bytes(path));
    match Scenario::parse(&source, &inputs, &[]) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{}\n{text}", problems.render(text, false)),
    }
}

fn n_requests(scenario: &Scenario) -> usize {
    scenario.model.fleets.iter().map(|fleet| fleet.items.count()).sum()
}

/// The sample has 36 requests (`jq '[.Records[] | select(.eventName | startswith("Copy"))] | length'`).
/// Written out, they are the same fleets as those that the log makes.
#[test]
fn a_log_becomes_a_scenario_that_can_be_run() {
    let exports = ALL.map(export);
    let by_file = import(&exports, Manner::default()).unwrap();
    assert_eq!(by_file.remarks, ["left out: 2 × other event of the log"]);
    let written = import(&exports, Manner { inline: true, ..Manner::default() }).unwrap();
    assert_eq!(written.text.matches("[[request]]").count(), 36);
    let (by_file, written) = (parsed(&by_file.text), parsed(&written.text));
    assert_eq!((n_requests(&by_file), n_requests(&written)), (36, 36));
    assert_eq!(by_file.model.fleets, written.model.fleets);
    assert_eq!(by_file.model.start, written.model.start);
}

#[test]
fn what_no_file_lists_is_said() {
    let log = [export("cloudtrail.json")];
    let open = import(&log, Manner::default()).unwrap();
    insta::assert_snapshot!(open.remarks.join("\n"), @r"
    left out: 2 × other event of the log
    `ami-417420e940144702b` and 23 more are listed in no file: add the inventory, or give `assume_size`
    ");
    assert!(open.text.contains("\n# assume_size = \"100 GiB\""), "{}", open.text);
    let size = Some(Bytes::gib(50));
    let assumed = import(&log, Manner { assume_size: size, ..Manner::default() }).unwrap();
    assert_eq!(n_requests(&parsed(&assumed.text)), 36);
}

/// Without requests, what is listed is copied every night, from where its keys say.
#[test]
fn an_inventory_alone_becomes_fleets_and_images() {
    let imported = import(&[export(ALL[1]), export(ALL[3])], Manner::default()).unwrap();
    let model = parsed(&imported.text).model;
    let places: Vec<&str> =
        model.fleets.iter().map(|fleet| model.site_name(fleet.location)).collect();
    assert_eq!(places, ["us-east-1", "us-east-1"]);
    assert!(model.fleets[1].items.are_images());
}

#[test]
fn bad_records_stop_an_import_unless_they_are_skipped() {
    let bytes = String::from_utf8(bytes("cloudtrail.json")).unwrap();
    let bytes = bytes.replacen("2026-03-02T06:00:00Z", "at six", 1).into_bytes();
    let log = [Export { bytes, ..export("cloudtrail.json") }];
    let problems = import(&log, Manner::default()).unwrap_err();
    insta::assert_snapshot!(problems[0].to_string(), @r#"cloudtrail.json:3: Records[0]: `eventTime` is "at six", not a time such as `2026-03-02T06:00:00Z`"#);
    let skipped = import(&log, Manner { skip_bad: true, ..Manner::default() }).unwrap();
    assert!(skipped.remarks[0].contains("Records[0]"), "{:?}", skipped.remarks);
    // of 29 and 7
    assert!(skipped.text.contains("28 of CopySnapshot, 7 of CopyImage"), "{}", skipped.text);
}

proptest::proptest! {
    /// Whatever a file holds, it is imported or refused.
    #[test]
    fn no_file_is_too_odd(text in "\\PC{0,60}", key in "Records|Events|Snapshots|Images|Moon") {
        for text in [text.clone(), format!("{{\"{key}\": [{text}]}}"), format!("{{\"{key}\": [\"{key}\"]}}")] {
            let export = Export { name: "a".to_owned(), path: "a".to_owned(), bytes: text.into_bytes() };
            for skip_bad in [false, true] {
                let _ = import(std::slice::from_ref(&export), Manner { skip_bad, ..Manner::default() });
            }
        }
    }
}
