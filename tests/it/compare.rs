//! Two systems compared: what differs, what does not, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::float_cmp, reason = "what is compared so is exact")]

use std::fs;
use std::path::{Path, PathBuf};

use snapferry::catalog::Cause;
use snapferry::compare::{
    self, Comparison, CopyChanges, Folder, FolderSide, Pairs, Refusal, ScenarioSide,
    compare_folders, compare_scenarios,
};
use snapferry::experiment::{Disk, NoObserver, Options, Rows, Staging, sealed};
use snapferry::plan::Plan;
use snapferry::stats::{Pairing, Verdict};
use snapferry::units::{SignedSpan, Span, count_u64};
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out, list_anew, plan_of, plan_with};

/// Volumes that wait for slots, images, and targets on copies, batches, and recovery points.
const MIXED: &str = r#"
[scenario]
name = "mixed"
horizon = "2 days"
replications = 6

[limits]
snapshot_copies = 6

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 12
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "4 TiB" }
snapshot = { every = "2 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 day" }]

[[fleet]]
name = "files"
location = "us-east-1"
volumes = 9
snapshot = { at = "01:00", phase = "2 h" }
copy = [{ to = "us-west-2" }, { to = "eu-west-1" }]

[[image]]
name = "golden"
location = "us-east-1"
family = [{ name = "web", snapshots = [{ size = "8 GiB", fill = "25 %" }, { size = "80 GiB", fill = "50 %" }] }]
release = { every = "1 day" }
change = "25 %/release"
copy = [{ to = ["eu-west-1", "us-west-2"] }]

[[target]]
kind = "rpo"
fleet = "databases"
limit = "3 h"
share = "99 %"

[[target]]
name = "files in time"
kind = "copy"
fleet = "files"
limit = "40 min"
share = "90 %"

[[target]]
name = "release"
kind = "batch"
fleet = "golden"
limit = "10 min"
share = "90 %"
"#;

/// Two volumes of 100 GiB that are due at one instant, at 100 MiB/s: 1,024 s each.
const TWO: &str = include_str!("../cmd/compare.in/two.toml");

const ONE_SLOT: [(&str, &str); 1] = [("limits.snapshot_copies", "1")];

fn compared(a: &Plan, b: &Plan, pairs: Pairs, threads: usize) -> Result<Comparison, Refusal> {
    let side = |name: &str, plan| ScenarioSide { name: name.to_owned(), point: first(plan) };
    compare_scenarios(&side("a", a), &side("b", b), pairs, Some(threads), &NoObserver)
}

fn first(plan: &Plan) -> &snapferry::plan::Point {
    &plan.points[0]
}

fn paired(a: &Plan, b: &Plan) -> Comparison {
    compared(a, b, Pairs::ByReplication, 2).unwrap()
}

/// The output folder of a plan, beside others of the same home.
fn folder(home: &TempDir, name: &str, plan: &Plan, rows: Rows) -> PathBuf {
    let place = home.path().join(name);
    carried_out(plan, &place, &Options { rows, ..QUIET });
    place
}

fn of_folders(a: &Path, b: &Path) -> Result<Comparison, String> {
    let open = |path| Folder::open(path).map_err(|refusal| refusal.to_string());
    let (a, b) = (open(a)?, open(b)?);
    let side = |name: &str, folder| FolderSide { name: name.to_owned(), folder, point: 0 };
    compare_folders(&side("a", &a), &side("b", &b), Pairs::ByReplication)
        .map_err(|refusal| refusal.to_string())
}

/// Why two folders are not compared, without the path of this machine.
fn refused(home: &TempDir, a: &Path, b: &Path) -> String {
    let refusal = of_folders(a, b).unwrap_err();
    refusal.replace(&format!("{}/", home.path().display()), "")
}

#[test]
fn a_against_a_is_exactly_nothing() {
    let mixed = plan_of(MIXED);
    let same = paired(&mixed, &mixed);
    assert!(same.is_same());
    assert!(100 < same.measures.len(), "{} measures", same.measures.len());
    for row in &same.measures {
        let difference = row.difference.unwrap_or_else(|| panic!("{}: {}", row.scope, row.reason));
        assert_eq!((difference.mean, difference.interval), (0.0, None), "{row:?}");
        let pairing = difference.pairing.unwrap();
        assert!(matches!(pairing, Pairing::Constant | Pairing::Nothing), "{row:?}");
    }
    for row in &same.targets {
        assert_eq!(row.difference.unwrap().mean, 0.0);
        assert_eq!(row.judgements[0], row.judgements[1]);
    }
    // 12 × 24 of databases, 9 × 2 × 2 of files, 2 × 2 of images, in each of 6 runs
    let copies = same.copies.unwrap();
    assert_eq!((copies.n_both, copies.moved.len()), (6 * (12 * 24 + 36 + 4), 0));
}

/// With one slot the second of two copies waits 1,024 s for the first one: 2,048 s, and 30 min are
/// 1,800 s. The mean is 512 s longer, half of the copies are late, and one a run turns.
#[test]
fn what_one_slot_does_to_two_copies() {
    let one = paired(&plan_of(TWO), &plan_with(TWO, &ONE_SLOT));
    let took = one.find("all", "completion_mean").unwrap().difference.unwrap();
    assert_eq!((took.mean_a, took.mean_b, took.mean), (1024.0, 1536.0, 512.0));
    assert_eq!((took.n, took.pairing), ((20, 20), Some(Pairing::Nothing)));
    let target = &one.targets[0];
    assert_eq!(target.judgements.map(|of| of.verdict), [Verdict::Yes, Verdict::No]);
    let share = target.difference.unwrap();
    assert_eq!((share.mean_a, share.mean_b, share.mean), (1.0, 0.5, -0.5));
    let turned = target.turned.as_ref().unwrap();
    assert_eq!((turned.n_late, turned.n_in_time, turned.n_judged), (20, 0, 40));
    let copies = one.copies.as_ref().unwrap();
    assert_eq!((copies.n_later, copies.n_sooner, copies.moved.len()), (20, 0, 10));
    let second = SignedSpan::between(Span::ZERO, Span::from_secs(1024));
    for moved in &copies.moved {
        assert_eq!((moved.moved, moved.cause()), (second, Cause::Slot));
    }
    // and back: the other way round is the negative of it
    let back = paired(&plan_with(TWO, &ONE_SLOT), &plan_of(TWO));
    let turned = back.targets[0].turned.as_ref().unwrap();
    assert_eq!((turned.n_late, turned.n_in_time), (0, 20));
    let moved = &back.copies.as_ref().unwrap().moved[0];
    assert_eq!((moved.moved.secs(), moved.cause()), (-1024.0, Cause::Slot));
}

/// What a folder says of all its rows is what the runs said: to the bit.
#[test]
fn folders_say_what_their_scenarios_say() {
    let (a, b) = (plan_of(MIXED), plan_with(MIXED, &[("limits.snapshot_copies", "3")]));
    let home = TempDir::new().unwrap();
    let folders = (folder(&home, "a", &a, Rows::All), folder(&home, "b", &b, Rows::All));
    let read = of_folders(&folders.0, &folders.1).unwrap();
    let run = paired(&a, &b);
    assert_eq!(read, run);
    let copies = run.copies.unwrap();
    assert!(0 < copies.n_later && !copies.moved.is_empty());
    assert!(copies.moved.is_sorted_by_key(|moved| -moved.moved.secs().abs()));
    for moved in &copies.moved {
        let sum = moved.causes.iter().fold(SignedSpan::default(), |sum, part| sum + *part);
        assert_eq!(sum, moved.moved);
    }
    for target in ["files in time", "release"] {
        let turned = copies.turned.iter().find(|turned| turned.target == target).unwrap();
        assert!(0 < turned.n_judged, "{turned:?}");
    }
    assert_eq!(of_folders(&folders.0, &folders.0).map(|same| same.is_same()), Ok(true));
}

/// The number of copies that are late on each side is the share of the target that does not hold:
/// late in B = late in A + those that turn to late − those that turn to in time.
#[test]
fn copies_that_turn_explain_the_shares() {
    let (a, b) = (plan_of(MIXED), plan_with(MIXED, &[("limits.snapshot_copies", "2")]));
    let comparison = paired(&a, &b);
    let target = comparison.targets.iter().find(|target| target.name == "files in time").unwrap();
    let (share, turned) = (target.difference.unwrap(), target.turned.as_ref().unwrap());
    // 36 copies in each of 6 runs, all of which have ended
    assert_eq!(turned.n_judged, 6 * 36);
    assert!(0 < turned.n_late);
    let net = (count_u64(turned.n_late) - count_u64(turned.n_in_time)) / (6.0 * 36.0);
    assert!((share.mean + net).abs() < 1e-12, "{share:?} {turned:?}");
}

/// The databases of both sides meet the same draws: their copies are the same, though others stand
/// beside them in B, which go elsewhere.
#[test]
fn a_fleet_more_moves_no_copy_of_the_others() {
    let more = format!(
        "{MIXED}\n[[fleet]]\nname = \"web\"\nlocation = \"us-east-1\"\nvolumes = 4\nsize = \"8 GiB\"\n\
         snapshot = {{ at = \"02:00\" }}\ncopy = [{{ to = \"ca-central-1\" }}]\n"
    );
    let comparison = paired(&plan_of(MIXED), &plan_of(&more));
    assert_eq!(comparison.only_b, ["web → ca-central-1"]);
    assert!(comparison.only_a.is_empty());
    assert!(comparison.find("databases → us-west-2", "completion_mean").unwrap().is_same);
    let lone = comparison.find("web → ca-central-1", "due").unwrap();
    assert_eq!((lone.difference, lone.reason), (None, "only B has it"));
    let copies = comparison.copies.as_ref().unwrap();
    // 4 volumes on each of 2 days
    assert_eq!((copies.n_only_a, copies.n_only_b), (0, 6 * 4 * 2));
    assert_eq!((copies.n_later, copies.n_sooner, copies.moved.len()), (0, 0, 0));
    assert!(!comparison.is_same());
}

#[test]
fn threads_change_nothing() {
    let (a, b) = (plan_of(MIXED), plan_with(MIXED, &[("limits.snapshot_copies", "3")]));
    let home = TempDir::new().unwrap();
    let written = |threads: usize| {
        let comparison = compared(&a, &b, Pairs::ByReplication, threads).unwrap();
        let staging = Staging::open(&home.path().join("out"), &Disk).unwrap();
        compare::write(&comparison, &staging).unwrap();
        let place = staging.publish().unwrap();
        ["differences.csv", "moved.csv", "manifest.toml"]
            .map(|file| fs::read_to_string(place.join(file)).unwrap())
    };
    let once = written(1);
    // a header, three targets, and many measures; a header and ten copies
    assert!(100 < once[0].lines().count());
    assert_eq!(once[1].lines().count(), 11);
    for threads in [2, 8] {
        assert_eq!(once, written(threads), "{threads} threads");
    }
}

/// Draws that are shared fall out of the difference; with other seeds they do not.
#[test]
fn pairing_wins_where_draws_are_shared() {
    let a = plan_with(MIXED, &[("scenario.replications", "20")]);
    let b = plan_with(MIXED, &[("scenario.replications", "20"), ("limits.snapshot_copies", "5")]);
    let together = paired(&a, &b);
    let took = together.find("databases → us-west-2", "completion_mean").unwrap();
    let Some(Pairing::Factor(factor)) = took.difference.unwrap().pairing else {
        panic!("{took:?}")
    };
    assert!(1.0 < factor, "{factor}");
    let other = plan_with(
        MIXED,
        &[("scenario.replications", "20"), ("limits.snapshot_copies", "5"), ("scenario.seed", "9")],
    );
    assert!(compared(&a, &other, Pairs::ByReplication, 2).is_err());
    let apart = compared(&a, &other, Pairs::None, 2).unwrap();
    let wide = apart.find("databases → us-west-2", "completion_mean").unwrap();
    let half = |row: &compare::MeasureDifference| row.difference.unwrap().interval.unwrap();
    assert!(half(took).half_width() < half(wide).half_width());
    assert_eq!((wide.difference.unwrap().pairing, apart.copies), (None, None));
}

/// Fewer replications are the first of the more: they are compared, and it is said.
#[test]
fn folders_of_unequal_length_are_compared_as_far_as_both_go() {
    let home = TempDir::new().unwrap();
    let long = folder(&home, "long", &plan_of(TWO), Rows::First);
    let more = [("scenario.replications", "7"), ("limits.snapshot_copies", "1")];
    let short = folder(&home, "short", &plan_with(TWO, &more), Rows::First);
    let comparison = of_folders(&long, &short).unwrap();
    assert_eq!(comparison.find("all", "due").unwrap().difference.unwrap().n, (7, 7));
    assert_eq!(comparison.copies.as_ref().map(|copies| copies.n_runs), Some(1));
    insta::assert_snapshot!(comparison.notes.join("\n"), @r"
    A has 20 runs, B has 7: the first 7 of both are compared, which met the same draws
    copies are compared in 1 of 7 runs, those that have rows: run both with --rows all for the others
    ");
    let none = folder(&home, "none", &plan_of(TWO), Rows::None);
    let comparison = of_folders(&long, &none).unwrap();
    assert_eq!(comparison.copies, None::<CopyChanges>);
    insta::assert_snapshot!(comparison.notes.join("\n"), @"no rows of copies on both sides: run both with --rows first or --rows all to learn which copies moved");
}

#[test]
fn folders_that_are_not_comparable_are_refused_with_the_reason() {
    let home = TempDir::new().unwrap();
    let good = folder(&home, "good", &plan_of(TWO), Rows::First);
    let seed = folder(&home, "seed", &plan_with(TWO, &[("scenario.seed", "7")]), Rows::First);
    insta::assert_snapshot!(refused(&home, &good, &seed), @"not comparable: the seed is 1 in A and 7 in B: the runs met other draws; give both the same, or compare them as independent runs with --unpaired");
    let longer = [("scenario.horizon", "\"2 days\""), ("scenario.warm_up", "\"1 day\"")];
    let longer = folder(&home, "longer", &plan_with(TWO, &longer), Rows::First);
    insta::assert_snapshot!(refused(&home, &good, &longer), @r"
    not comparable: the horizon is 24 h in A and 48 h in B: other copies are counted; give both the same `scenario.horizon`
    not comparable: the warm-up is 0 s in A and 24 h in B: other copies are counted; give both the same `scenario.warm_up`
    ");
    insta::assert_snapshot!(refused(&home, &good, &home.path().join("nothing")), @"cannot read nothing: there is no such folder");
}

/// Each file of a folder is changed or lost in turn.
#[test]
fn folders_that_were_tampered_with_are_refused_with_the_place() {
    let home = TempDir::new().unwrap();
    let good = folder(&home, "good", &plan_of(TWO), Rows::First);
    let bad = home.path().join("bad");
    let changed = |file: &str, change: &dyn Fn(&str) -> Option<String>| {
        fs::create_dir_all(&bad).unwrap();
        for entry in fs::read_dir(&good).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, bad.join(path.file_name().unwrap())).unwrap();
        }
        let path = bad.join(file);
        match change(&fs::read_to_string(&path).unwrap()) {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    };
    let told = |file: &str, change: &dyn Fn(&str) -> Option<String>| {
        changed(file, change);
        refused(&home, &good, &bad)
    };
    // by somebody who mends the list of files
    let forged = |file: &str, change: &dyn Fn(&str) -> Option<String>| {
        changed(file, change);
        list_anew(&bad);
        refused(&home, &good, &bad)
    };
    let replace = |from: &'static str, to: &'static str| {
        move |text: &str| {
            assert!(text.contains(from), "{from}");
            Some(text.replacen(from, to, 1))
        }
    };
    insta::assert_snapshot!(told("manifest.toml", &replace("seed = 1", "seed = 2")), @"cannot read bad: manifest.toml was edited: it does not fit its checksum; undo that, or run the scenario again");
    // and by somebody who mends the checksum
    let resealed = |from: &'static str, to: &'static str| {
        move |text: &str| {
            let (_, below) = text.split_once("\n\n").unwrap();
            replace(from, to)(below).map(|text| sealed(&text))
        }
    };
    insta::assert_snapshot!(told("manifest.toml", &resealed("replications = 20", "replications = 21")), @"bad: manifest.toml says 21 runs of point 0, and runs.csv has 20 of point 0: one of them was edited, or rows are lost; run the scenario again");
    insta::assert_snapshot!(told("manifest.toml", &resealed("points = 1", "points = 2")), @"bad: manifest.toml says 2 points, and runs.csv has 1: one of them was edited, or rows are lost; run the scenario again");
    insta::assert_snapshot!(told("manifest.toml", &resealed("seed = 1", "seed = ")), @"cannot read bad: manifest.toml: string values must be quoted, expected literal string");
    insta::assert_snapshot!(told("manifest.toml", &resealed("results_version = ", "results_version = 9")), @"not comparable: the results version is 4 in A and 94 in B: equal scenarios have other numbers; run the older one again");
    insta::assert_snapshot!(told("manifest.toml", &|_| None), @"cannot read bad: it holds no manifest.toml: it is no output folder of this program, or of a run that was not finished");
    for (file, change) in [
        (
            "runs.csv",
            &replace("0,0,all,due,copies,2", "0,0,all,due,copies,3") as &dyn Fn(&str) -> _,
        ),
        ("copies.csv", &|_: &str| None),
        ("quotas.csv", &|text: &str| Some(text[..text.len() / 2].to_owned())),
    ] {
        let told = told(file, change);
        assert!(told.starts_with(&format!("cannot read bad: {file} ")), "{told}");
    }
    insta::assert_snapshot!(forged("runs.csv", &|_| None), @"bad: it has no runs.csv, which an output folder has; run the scenario again");
    insta::assert_snapshot!(forged("runs.csv", &|text| Some(text[..text.len() / 2].to_owned())), @"bad: runs.csv, line 923: 4 fields, not 8");
    insta::assert_snapshot!(forged("runs.csv", &replace("0,0,all,due,copies,2", "0,0,all,due,copies,two")), @r#"bad: runs.csv, line 2: value: no decimal number: "two""#);
    insta::assert_snapshot!(forged("copies.csv", &|_| None), @"bad: it has no copies.csv, which an output folder has; run the scenario again");
    insta::assert_snapshot!(forged("copies.csv", &replace("01:17:04.000000000Z", "01:17:05.000000000Z")), @"bad: copies.csv, line 2: its times by cause do not add up to ended_utc − due_utc");
    insta::assert_snapshot!(forged("targets.csv", &replace("in half an hour", "in an hour")), @"bad: target_runs.csv has the target `in half an hour` in run 0, which targets.csv or manifest.toml does not know: one of them was edited; run the scenario again");
    insta::assert_snapshot!(forged("summary.csv", &|_| None), @"bad: it has no summary.csv, which an output folder has; run the scenario again");
}

/// The time until a volume's first copy: due at 1 h, 1,024 s each, so 4,624 s; with one slot the
/// second one is there 1,024 s later: 5,136 s on average.
#[test]
fn first_copies_of_an_empty_place_are_measured() {
    let text = TWO.replace("existing = true, ", "").replace(
        "[assume]",
        "[assume]\nP-SNAPSHOT = { fixed = \"0 s\", rate = \"1000000 MiB/s\" }",
    );
    let one = paired(&plan_of(&text), &plan_with(&text, &ONE_SLOT));
    for scope in ["all", "pair → us-west-2"] {
        let first = one.find(scope, "first_copy").unwrap().difference.unwrap();
        // the snapshots take up to 100 GiB at 1,000,000 MiB/s: 102.4 ms
        let near = |got: f64, expected: f64| expected <= got && got <= expected + 0.1024;
        assert!(near(first.mean_a, 4624.0) && near(first.mean_b, 5136.0), "{first:?}");
    }
    let seeded = plan_with(&text, &[("scenario.initial", "\"seeded\"")]);
    assert_eq!(paired(&seeded, &seeded).find("all", "first_copy"), None);
}
