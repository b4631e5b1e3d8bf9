use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicUsize;

use tempfile::TempDir;

use super::folder::tests::Small;
use super::*;
use crate::scenario::Source;

/// Two copies of 100 GiB at 100 MiB/s, an hour apart: each takes 1,024 s.
const TWO_COPIES: &str = r#"
[scenario]
name = "two"
horizon = "1 day"
replications = 3

[assume]
P-STD-RATE = "100 MiB/s"
P-OVERHEAD = "0 s"

[[copy]]
name = "first"
from = "us-east-1"
to = "us-west-2"
bytes = "100 GiB"
at = "1 h"

[[copy]]
name = "second"
from = "us-east-1"
to = "us-west-2"
bytes = "100 GiB"
at = "2 h"

[[target]]
name = "in time"
kind = "copy"
limit = "1 h"
"#;

/// 8,000 B from 0 s and 3,000 B from 2 s on 1,000 B/s: at 2 s the first has 6,000 B left; at 500
/// B/s each the second ends at 8 s, and the first has 3,000 B left: 11 s.
const FLOWS: &str = r#"
[scenario]
name = "flows"

[[link]]
name = "l0"
capacity = "1000 B/s"

[flows]
file = "flows.csv"
"#;

const FLOWS_CSV: &str = "id,arrival_s,bytes,path,cap_bytes_per_s\na,0,8000,l0,\nb,2,3000,l0,\n";

const OPTIONS: Options =
    Options { threads: Some(2), rows: Rows::First, engine: EngineChoice::Default, flips: true };

fn plan(text: &str) -> Plan {
    let source = Source { name: "test.toml".to_owned(), text: text.to_owned(), base: "".into() };
    let inputs = |_: &str| Ok(FLOWS_CSV.as_bytes().to_vec());
    Plan::of(&source, &inputs, &[])
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)))
}

/// Carries a scenario out and puts its folder in place.
fn carry_out(
    text: &str,
    place: &Path,
    options: &Options,
    storage: &dyn Storage,
) -> Result<Outcome, Failure> {
    let (plan, origin) = (plan(text), Origin { text: text.to_owned(), ..Origin::default() });
    let flipped = |_| Vec::new();
    let study = Study { plan: &plan, origin: &origin, flipped: &flipped };
    let staging = Staging::open(place, storage)?;
    let outcome = run(&study, &staging, options, &NoObserver)?;
    staging.publish()?;
    Ok(outcome)
}

/// Files of a folder with what they hold.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Three runs of two copies; only the first run has rows, and under 5 runs nothing is sure.
#[test]
fn a_folder_holds_what_its_tables_say() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("two");
    let outcome = carry_out(TWO_COPIES, &place, &OPTIONS, &Disk).unwrap();
    assert_eq!((outcome.n_runs, outcome.n_copies), (3, 6));
    let files = files(&place);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "assumptions.csv",
            "copies.csv",
            "distribution.csv",
            "events.csv",
            "events.jsonl",
            "links.csv",
            "manifest.toml",
            "quotas.csv",
            "rpo.csv",
            "rpo_over_time.csv",
            "runs.csv",
            "summary.csv",
            "target_runs.csv",
            "targets.csv",
        ]
    );
    assert_eq!(files["copies.csv"].lines().count(), 1 + 2);
    assert_eq!(
        files["distribution.csv"].lines().last(),
        Some("0,second → us-west-2,1024.000000000,1,1,1")
    );
    let target = files["targets.csv"].lines().nth(1).unwrap();
    assert!(target.starts_with("0,in time,copy,1,1,,,0.63"), "{target}"); // 1 − 0.05^(1/3)
    assert!(target.contains("1024.000000000,not sure,n too small"), "{target}");
    let mean = "0,all,completion_mean,s,1024,,,1024,1024,1024,1024,false,,3,6";
    assert!(files["summary.csv"].lines().any(|row| row == mean), "{}", files["summary.csv"]);
}

#[test]
fn flows_end_where_they_end_by_hand() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("flows");
    let outcome = carry_out(FLOWS, &place, &OPTIONS, &Disk).unwrap();
    let totals = outcome.flow_level.unwrap();
    assert_eq!((totals.n_flows, totals.n_ended), (2, 2));
    assert_eq!(totals.makespan, crate::units::Span::from_secs(11));
    let files = files(&place);
    assert_eq!(
        files["flows.csv"],
        "id,arrival_s,bytes,finished_s\na,0.000000000,8000,11.000000000\n\
         b,2.000000000,3000,8.000000000\n"
    );
    assert!(!files.contains_key("copies.csv"));
    // the flows take 11 and 6 s
    let mean = "0,all,completion_mean,s,8.5,,,8.5,8.5,8.5,8.5,false,,1,2";
    assert!(files["summary.csv"].lines().any(|row| row == mean), "{}", files["summary.csv"]);
}

/// At twice the capacity: 8,000 B at 2,000 B/s have 4,000 left at 2 s; at 1,000 B/s each both need
/// 3 s and more: the second ends at 5 s, the first has 1,000 left, 0.5 s: 5.5 s.
#[test]
fn a_sweep_of_flows_has_a_file_for_each_point() {
    let sweep = "\n[[axis]]\nkey = \"link.l0.capacity\"\nvalues = [\"1000 B/s\", \"2000 B/s\"]\n";
    let home = TempDir::new().unwrap();
    let place = home.path().join("flows");
    let outcome = carry_out(&[FLOWS, sweep].concat(), &place, &OPTIONS, &Disk).unwrap();
    assert_eq!(outcome.points.len(), 2);
    let files = files(&place);
    assert!(files["flows-0.csv"].contains("a,0.000000000,8000,11.000000000\n"));
    assert!(files["flows-1.csv"].contains("a,0.000000000,8000,5.500000000\n"));
    assert!(files["flows-1.csv"].contains("b,2.000000000,3000,5.000000000\n"));
}

/// The whole folder has some thousand bytes; whenever the disk is full, nothing is left of it.
#[test]
fn a_disk_that_fills_up_at_any_time_leaves_the_old_folder() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("two");
    carry_out(TWO_COPIES, &place, &OPTIONS, &Disk).unwrap();
    let before = files(&place);
    let changed = TWO_COPIES.replace("100 GiB", "50 GiB");
    for room in [0, 1, 500, 2_000, 5_000, 10_000] {
        let disk: &'static Small = Box::leak(Box::new(Small(AtomicUsize::new(room))));
        let failure = carry_out(&changed, &place, &OPTIONS, &disk).unwrap_err().to_string();
        assert!(failure.contains("no storage space"), "{room}: {failure}");
        assert!(files(&place) == before, "{room}");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "{room}");
    }
}

/// Five points of 60 runs: the third makes 180, at least 128; the other two are what is left.
#[test]
fn batches_are_whole_points() {
    let mut point = plan(TWO_COPIES).points.remove(0);
    point.model.replications = 60;
    let points = vec![point; 5];
    let sizes: Vec<usize> = batches(&points).iter().map(|batch| batch.len()).collect();
    assert_eq!(sizes, [3, 2]);
    assert!(batches(&[]).is_empty());
}
