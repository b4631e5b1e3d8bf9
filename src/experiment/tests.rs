use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicUsize;

use tempfile::TempDir;

use super::folder::tests::Small;
use super::*;
use crate::scenario::{NoInputs, Source};
use crate::stats::Growth;

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

pub(super) const OPTIONS: Options = Options {
    threads: Some(2),
    rows: Rows::First,
    engine: EngineChoice::Default,
    flips: true,
    sensitivity: false,
    confirm: true,
    parts: true,
};

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
    let study = Study { plan: &plan, origin: &origin, inputs: &NoInputs, flipped: &flipped };
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
            (name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        })
        .collect()
}

/// All runs are the same, so the mean is known as soon as there are ten of them: looked for after 3,
/// 7, and 11. Nothing is missed: half of 1 − 0.05^(1/n) is at most 5 % from 29 runs on: looked for
/// after 27, 31, …
#[test]
fn runs_go_on_until_what_is_wanted_is_known() {
    let home = TempDir::new().unwrap();
    let n_runs = |wanted: &str, most: u32| {
        let precision = format!("[precision]\nbatch = 4\nmax_replications = {most}\n");
        let text = format!("{TWO_COPIES}{precision}wanted = [{{ {wanted} }}]\n");
        let place = home.path().join("two");
        let outcome = carry_out(&text, &place, &OPTIONS, &Disk).unwrap();
        let table = files(&place)["precision.csv"].clone();
        let [settled] = outcome.settled.as_slice() else { panic!("{:?}", outcome.settled) };
        assert_eq!(usize::try_from(settled.n_runs), Ok(outcome.n_runs));
        (outcome.n_runs, settled.is_reached(), table)
    };
    let (n, is_reached, table) = n_runs("measure = \"completion_mean\", half_width = \"1 s\"", 90);
    assert_eq!((n, is_reached), (11, true));
    let row = "0,all,completion_mean,s,1024,0,1,true,11,11";
    assert_eq!(table.lines().nth(1), Some(row));
    let target = "target = \"in time\", half_width = \"5 %\"";
    for (most, expected) in [(90, (31, true)), (30, (30, true)), (28, (28, false))] {
        let (n, is_reached, _) = n_runs(target, most);
        assert_eq!((n, is_reached), expected);
    }
}

/// Eight copies within an hour, each of which takes 2.8 h: at the four marks of the window there are
/// more and more of them, but they are all that there is. Every 7 min for ever, they pile up.
#[test]
fn what_is_due_once_does_not_pile_up() {
    let home = TempDir::new().unwrap();
    let head = "[scenario]\nname = \"s\"\nhorizon = \"1 h\"\nreplications = 3\n\
                [assume]\nP-STD-RATE = \"10 MiB/s\"\nP-OVERHEAD = \"0 s\"\n";
    let copy = |n: u32| {
        format!(
            "[[copy]]\nname = \"c{n}\"\nfrom = \"us-east-1\"\nto = \"us-west-2\"\n\
             bytes = \"100 GiB\"\nat = \"{} min\"\n",
            7 * n
        )
    };
    let once = (0..8).map(copy).collect::<Vec<_>>().concat();
    let again = "[[fleet]]\nname = \"f\"\nlocation = \"us-east-1\"\nvolumes = 1\n\
                 size = \"100 GiB\"\nfill = 1\nchange = \"100 %/day\"\n\
                 snapshot = { every = \"7 min\" }\ncopy = [{ to = \"us-west-2\" }]\n";
    for (fleets, grows) in [(once.as_str(), false), (again, true)] {
        let text = [head, fleets].concat();
        let outcome = carry_out(&text, &home.path().join("s"), &OPTIONS, &Disk).unwrap();
        let summary = &outcome.points[0];
        assert_eq!(summary.growth == Growth::Growing, grows, "{fleets}");
        let mean = summary.mean(0, &crate::record::measure::COMPLETION_MEAN);
        assert_eq!(mean.is_none(), grows, "{mean:?}");
    }
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
            "limits.csv",
            "links.csv",
            "manifest.toml",
            "parameters.csv",
            "parts.bin",
            "promises.csv",
            "quotas.csv",
            "rpo.csv",
            "rpo_over_time.csv",
            "runs.csv",
            "scenario.toml",
            "stretches.csv",
            "summary.csv",
            "target_runs.csv",
            "targets.csv",
            "worst.csv",
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
    // each copy alone has the same row, and was slowed by the rate of a standard copy
    let (begin, end) = ("0,in time,copy,first → us-west-2,,1,1,,,0.63", ",3,0,0,standard_cap,1");
    let promise = files["promises.csv"].lines().nth(1).unwrap();
    assert!(promise.starts_with(begin) && promise.ends_with(end), "{promise}");
    assert_eq!(files["promises.csv"].lines().count(), 1 + 2);
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

/// Whenever the disk is full, the old folder stays, and beside it at most finished runs; with room
/// again these are taken up, and the folder is what it would have been.
#[test]
fn a_disk_that_fills_up_at_any_time_leaves_the_old_folder_and_the_finished_runs() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("two");
    let changed = TWO_COPIES.replace("100 GiB", "50 GiB");
    carry_out(&changed, &place, &OPTIONS, &Disk).unwrap();
    let undisturbed = files(&place);
    carry_out(TWO_COPIES, &place, &OPTIONS, &Disk).unwrap();
    let before = files(&place);
    let options = Options { threads: Some(1), ..OPTIONS };
    let mut n_kept = 0;
    for room in [0, 1, 500, 2_000, 5_000, 10_000, 20_000, 30_000] {
        let disk: &'static Small = Box::leak(Box::new(Small(AtomicUsize::new(room))));
        let failure = carry_out(&changed, &place, &options, &disk).unwrap_err().to_string();
        assert!(failure.contains("no storage space"), "{room}: {failure}");
        assert!(files(&place) == before, "{room}");
        let beside: Vec<_> = fs::read_dir(home.path()).unwrap().collect();
        assert!(!home.path().join(".two.staging").exists(), "{room}");
        n_kept += beside.len() - 1;
    }
    assert!(0 < n_kept, "some run was finished before the disk was full");
    carry_out(&changed, &place, &OPTIONS, &Disk).unwrap();
    assert!(files(&place) == undisturbed);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}
