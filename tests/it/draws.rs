//! Common random numbers: what happens to an entity hangs on its name alone. Another fleet, policy,
//! axis, or order of the file changes no draw of what it does not name.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use snapferry::experiment::{Options, Rows};
use snapferry::plan::Plan;
use snapferry::scenario::Source;

use crate::determinism::folder_by;
use crate::folders::QUIET;

const HEAD: &str = r#"
[scenario]
name = "draws"
horizon = "2 days"
replications = 2
"#;

/// Drawn: sizes, fills, change rates, days, jitter, start-up.
const DATABASES: &str = r#"
[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 10
size = { lognormal = { median = "200 GiB", sigma = 0.8 }, max = "1 TiB" }
fill = { uniform = { low = "30 %", high = "90 %" } }
change = { median = "8 %/day", between_volumes = 0.5, day_to_day = 0.3, common = 0.4 }
snapshot = { every = "2 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 day" }]
"#;

/// Drawn besides: phases, windows, rates of standard copies, failures of copies.
const FILES: &str = r#"
[[fleet]]
name = "files"
location = "us-east-1"
volumes = 8
size = { lognormal = { median = "50 GiB", sigma = 0.5 } }
snapshot = { every = "6 h", phase = "1 h", window = "30 min" }
copy = [
    { to = "eu-west-1", failures = { share = "20 %" }, client = "again" },
    { to = "eu-west-2" },
]
"#;

const AGAIN: &str = r#"
[[client]]
name = "again"
max_copies = 3
"#;

/// Drawn besides: failures and repairs of the service link.
const PATCHES: &str = r#"
[[fleet]]
name = "patches"
location = "us-west-2"
volumes = 6
size = "4 GiB"
snapshot = { every = "8 h", jitter = "5 min" }
copy = [{ to = "plant" }]
"#;

const PLANT: &str = r#"
[[outpost]]
name = "plant"
region = "us-west-2"
service_link = "500 Mbit/s"
failures = { up = { exponential = { mean = "3 h" } }, down = { exponential = { mean = "40 min" } }, factor = "10 %" }
"#;

const IMAGES: &str = r#"
[[image]]
name = "golden"
location = "us-east-1"
family = [{ name = "web", snapshots = [{ size = "8 GiB", fill = "25 %" }] }]
release = { every = "12 h" }
change = "25 %/release"
copy = [{ to = ["eu-west-1", "eu-central-1"] }]
"#;

/// Not of the estate: what is added.
const LOGS: &str = r#"
[[fleet]]
name = "logs"
location = "ap-south-1"
volumes = 7
size = { lognormal = { median = "100 GiB", sigma = 0.8 } }
snapshot = { every = "3 h", phase = "1 h" }
copy = [{ to = "ap-southeast-1", completion_duration = "30 min" }, { to = "mill" }]
[[outpost]]
name = "mill"
region = "ap-south-1"
service_link = "500 Mbit/s"
failures = { up = { exponential = { mean = "3 h" } }, down = { exponential = { mean = "40 min" } }, factor = "10 %" }
"#;

const ESTATE: [&str; 7] = [HEAD, DATABASES, FILES, AGAIN, PATCHES, PLANT, IMAGES];

/// The tables of rows, by name, with all runs in them.
const TABLES: [&str; 4] = ["copies.csv", "images.csv", "rpo.csv", "events.csv"];

/// A row, column by column.
type Row = BTreeMap<String, String>;

/// The rows of the tables that runs of a scenario write.
fn rows(text: &str) -> BTreeMap<&'static str, Vec<Row>> {
    let folder = folder_by(text, Options { rows: Rows::All, ..QUIET });
    let read = |table: &&'static str| {
        let mut reader = csv::Reader::from_reader(folder[*table].as_bytes());
        let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
        assert!(!rows.is_empty(), "{table}");
        (*table, rows)
    };
    TABLES.iter().map(read).collect()
}

/// The rows of all tables that are of some fleets, without their order, and without the column of
/// the point.
fn of(rows: &BTreeMap<&'static str, Vec<Row>>, fleets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in rows {
        for row in rows.iter().filter(|row| fleets.contains(&row["fleet"].as_str())) {
            let mut row = row.clone();
            row.remove("point");
            found.push(format!("{table} {row:?}"));
        }
    }
    found.sort();
    assert!(20 < found.len(), "{fleets:?}: {} rows", found.len());
    found
}

/// What is drawn for a copy whatever it has to wait for: when its snapshot begins, how long that
/// takes (42 s and what changed since the one before at 50 MiB/s), and how long it starts up.
const DRAWN: [&str; 5] = ["due_utc", "recovery_point_utc", "window_s", "snapshot_s", "start_up_s"];

/// Copies by what they are called, with some of their columns.
fn columns(
    rows: &BTreeMap<&'static str, Vec<Row>>,
    fleet: &str,
    drawn: &[&str],
) -> BTreeMap<Vec<String>, Vec<String>> {
    let pick = |row: &Row, columns: &[&str]| -> Vec<String> {
        columns.iter().map(|column| row[*column].clone()).collect()
    };
    let is_of = |row: &&Row| row["fleet"] == fleet && !row["transfer_began_utc"].is_empty();
    let drawn: BTreeMap<_, _> = rows["copies.csv"]
        .iter()
        .filter(is_of)
        .map(|row| {
            let name = pick(row, &["replication", "volume", "snapshot", "to", "again"]);
            (name, pick(row, drawn))
        })
        .collect();
    assert!(20 < drawn.len(), "{fleet}: {} copies", drawn.len());
    drawn
}

/// The draws of the copies that both have.
fn assert_same_draws(
    left: &BTreeMap<&'static str, Vec<Row>>,
    right: &BTreeMap<&'static str, Vec<Row>>,
    (fleet, drawn): (&str, &[&str]),
    what: &str,
) {
    let (left, right) = (columns(left, fleet, drawn), columns(right, fleet, drawn));
    let common: Vec<_> = left.iter().filter(|(name, _)| right.contains_key(*name)).collect();
    assert!(left.len() * 3 / 4 < common.len(), "{what}: {} in common", common.len());
    for (name, drawn) in common {
        assert_eq!(*drawn, right[name], "{what}: {fleet} {name:?}");
    }
}

/// One change of the estate's text.
fn changed(from: &str, to: &str) -> String {
    let text = ESTATE.concat();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

const FLEETS: [&str; 4] = ["databases", "files", "patches", "golden"];

/// Links, slots, and quotas of the added fleet are its own: not a digit of another row changes, ids
/// of events among them.
#[test]
fn another_fleet_elsewhere_changes_no_row_of_the_others() {
    let (before, after) = (rows(&ESTATE.concat()), rows(&(ESTATE.concat() + LOGS)));
    assert!(!of(&after, &["logs"]).is_empty());
    assert!(of(&before, &FLEETS) == of(&after, &FLEETS));
}

/// Three slots for twenty copies every two hours: copies wait for one another, and draw the same.
#[test]
fn another_fleet_in_the_way_changes_no_draw_of_the_others() {
    let limits = "\n[limits]\nsnapshot_copies = 3\n";
    let rival = DATABASES.replace("\"databases\"", "\"rivals\"");
    let before = rows(&(ESTATE.concat() + limits));
    let after = rows(&(ESTATE.concat() + limits + &rival));
    assert!(of(&before, &["databases"]) != of(&after, &["databases"]), "they are in the way");
    assert_same_draws(&before, &after, ("databases", &DRAWN), "a rival fleet");
    // same parameters under another name: other draws
    let (own, others) = (columns(&after, "databases", &DRAWN), columns(&after, "rivals", &DRAWN));
    assert!(own.iter().all(|(name, drawn)| others.get(name).is_none_or(|other| other != drawn)));
}

/// What one fleet does about its copies changes neither what it draws nor any row of the others.
#[test]
fn another_policy_changes_no_draw_of_any_fleet() {
    let before = rows(&ESTATE.concat());
    let queue = "client = \"queue\", completion_duration = \"15 min\", retain";
    let client =
        "[[client]]\nname = \"queue\"\npolicy = \"queue\"\norder = \"smallest\"\nlimit = 2\n";
    let old = "completion_duration = \"15 min\", retain";
    let changes = [
        ("duration", changed("\"15 min\"", "\"45 min\"")),
        ("a standard copy", changed("completion_duration = \"15 min\", ", "")),
        ("retention", changed("retain = \"1 day\"", "retain = { count = 5 }")),
        ("client", changed(old, queue) + client),
        (
            "failures",
            changed(
                old,
                "failures = { share = \"30 %\" }, completion_duration = \"15 min\", retain",
            ),
        ),
        (
            "first copy",
            changed(old, "first_copy = \"48 h\", completion_duration = \"15 min\", retain"),
        ),
        (
            "accounts",
            changed(old, "account = \"vault\", completion_duration = \"15 min\", retain")
                + "[[account]]\nname = \"vault\"\n",
        ),
        (
            "a destination",
            changed(
                "copy = [{ to = \"us-west-2\"",
                "copy = [{ to = \"us-east-2\" }, { to = \"us-west-2\"",
            ),
        ),
    ];
    let others = ["files", "patches", "golden"];
    for (what, text) in changes {
        let after = rows(&text);
        // what moves is the same, too, while the same copy is the base
        let with_bytes = [&DRAWN[..], &["bytes"]].concat();
        let is_late = ["failures", "client"].contains(&what);
        let drawn = if is_late { &DRAWN[..] } else { &with_bytes };
        assert_same_draws(&before, &after, ("databases", drawn), what);
        assert!(of(&before, &others) == of(&after, &others), "{what}");
    }
}

/// Limits change what waits for what, and no draw.
#[test]
fn other_limits_change_no_draw() {
    let before = rows(&ESTATE.concat());
    for limits in ["snapshot_copies = 2", "quota = \"100 MiB/s\""] {
        let after = rows(&(ESTATE.concat() + "\n[limits]\n" + limits + "\n"));
        assert!(of(&before, &["databases"]) != of(&after, &["databases"]), "{limits}");
        for fleet in ["databases", "files", "patches"] {
            assert_same_draws(&before, &after, (fleet, &DRAWN), limits);
        }
    }
}

/// The label of the first axis at a point of a sweep.
fn duration_at(text: &str, point: &str) -> String {
    let source = Source { name: "x.toml".to_owned(), text: text.to_owned(), base: "".into() };
    let plan = Plan::of(&source, &|file: &str| Err(format!("there is no {file}")), &[]).unwrap();
    plan.points[point.parse::<usize>().unwrap()].labels[0].1.clone()
}

/// The points of a grid and of both designs meet what the scenario alone meets.
#[test]
fn an_axis_changes_no_draw_at_any_point() {
    let alone = rows(&ESTATE.concat());
    let axis =
        "\n[[axis]]\nname = \"duration\"\nkey = \"fleet.databases.copy[0].completion_duration\"\n";
    let others = ["files", "patches", "golden"];
    let mut sweeps = vec![format!("{axis}values = [\"15 min\", \"1 h\"]\n")];
    let slots = "[[axis]]\nname = \"slots\"\nkey = \"limits.image_copies\"\n";
    for kind in ["latin-hypercube", "sobol"] {
        sweeps.push(format!(
            "{axis}range = {{ from = \"15 min\", to = \"60 min\" }}\n\
             {slots}range = {{ from = 200, to = 300 }}\n\
             [design]\nkind = \"{kind}\"\npoints = 2\n"
        ));
    }
    for sweep in sweeps {
        let text = ESTATE.concat() + &sweep;
        let whole = rows(&text);
        for point in ["0", "1"] {
            let at = |rows: &Vec<Row>| {
                rows.iter().filter(|row| row["point"] == point).cloned().collect::<Vec<Row>>()
            };
            let at_point = whole.iter().map(|(table, rows)| (*table, at(rows))).collect();
            assert!(of(&alone, &others) == of(&at_point, &others), "{sweep} {point}");
            assert_same_draws(&alone, &at_point, ("databases", &DRAWN), &sweep);
            let is_as_alone = duration_at(&text, point) == "15 min";
            let same = of(&alone, &["databases"]) == of(&at_point, &["databases"]);
            assert_eq!(same, is_as_alone, "{sweep} {point}");
        }
    }
}

/// Sections, fleets, and the destinations of a fleet in another order: the same rows.
#[test]
fn another_order_of_the_file_changes_no_row() {
    let destinations = "{ to = \"eu-west-2\" },\n    { to = \"eu-west-1\", failures = { share = \"20 %\" }, client = \"again\" },";
    let old = "{ to = \"eu-west-1\", failures = { share = \"20 %\" }, client = \"again\" },\n    { to = \"eu-west-2\" },";
    let turned = FILES.replace(old, destinations);
    assert_ne!(turned, FILES);
    let mut reordered = [DATABASES, AGAIN, PATCHES, PLANT, IMAGES, &turned, LOGS];
    reordered.reverse();
    let (before, after) =
        (rows(&(ESTATE.concat() + LOGS)), rows(&(HEAD.to_owned() + &reordered.concat())));
    assert!(of(&before, &FLEETS) == of(&after, &FLEETS));
}
