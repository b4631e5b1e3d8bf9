//! The page: what it says stands in the folder, and nothing of it comes from elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::folders::{done, ended};

/// A question with what breaks markup, two fleets of whose copies some are late, two kinds of target.
const SCENARIO: &str = r#"
[scenario]
name = "small"
question = "Are <b>all</b> copies & \"points\" there in time?"
horizon = "1 day"
replications = 6

[limits]
snapshot_copies = 3

[[fleet]]
name = "db"
location = "us-east-1"
volumes = 8
size = { lognormal = { median = "200 GiB", sigma = 1.2 }, max = "4 TiB" }
change = { median = "20 %/day", between_volumes = 0.8 }
snapshot = { every = "2 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "2 days" }]

[[fleet]]
name = "<files>"
location = "us-east-1"
volumes = 5
size = "500 GiB"
change = "5 %/day"
snapshot = { every = "6 h" }
copy = [{ to = "eu-west-1", retain = "2 days" }]

[[target]]
name = "copies of all in time"
kind = "copy"
limit = "25 min"
share = "90 %"

[[target]]
kind = "rpo"
fleet = "db"
limit = "150 min"
share = "99 %"
"#;

/// A home with the folder `out` of a scenario, its page in it.
fn folder(text: &str, arguments: &[&str]) -> (TempDir, PathBuf) {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("small.toml"), text).expect("a disk");
    let run = ["run", "small.toml", "--out", "out", "--report", "--quiet"];
    done(home.path(), &[&run, arguments].concat());
    let out = home.path().join("out");
    (home, out)
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("report.html")).expect("a page")
}

/// A number of the page: file, key of the row, column, value.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Datum {
    file: String,
    row: Vec<String>,
    column: String,
    value: String,
}

/// Each `<data …>` of a page.
fn data(page: &str) -> Vec<Datum> {
    let tags = page.split("<data ").skip(1).map(|rest| rest.split('>').next().expect("a tag"));
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!("{name}=\"")).expect(name) + name.len() + 2;
        let text = tag[from..].split('"').next().expect("quotes");
        let plain = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        plain.replace("&amp;", "&")
    };
    let datum = |tag: &str| Datum {
        file: attribute(tag, "data-file"),
        row: serde_json::from_str(&attribute(tag, "data-row")).expect("a list"),
        column: attribute(tag, "data-column"),
        value: attribute(tag, "value"),
    };
    tags.map(datum).collect()
}

/// The rows of a table, by the fields that name them.
fn table(
    folder: &Path,
    file: &str,
    key: &[&str],
) -> BTreeMap<Vec<String>, BTreeMap<String, String>> {
    let mut csv = csv::Reader::from_path(folder.join(file)).expect("a table");
    let header = csv.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| -> BTreeMap<String, String> {
        header
            .iter()
            .zip(&record)
            .map(|(name, field)| (name.to_owned(), field.to_owned()))
            .collect()
    };
    let rows = csv.records().map(|record| row(record.expect("a row")));
    rows.map(|row| (key.iter().map(|name| row[*name].clone()).collect(), row)).collect()
}

fn key(file: &str) -> &'static [&'static str] {
    match file {
        "targets.csv" | "confirmed.csv" => &["point", "target"],
        "promises.csv" => &["point", "target", "scope", "application"],
        "summary.csv" => &["point", "scope", "measure"],
        "differences.csv" => &["kind", "scope", "measure"],
        other => panic!("no key of {other}"),
    }
}

fn holds_what_the_tables_say(folder: &Path) -> Vec<Datum> {
    let data = data(&page(folder));
    for datum in &data {
        let rows = table(folder, &datum.file, key(&datum.file));
        let row = rows.get(&datum.row).unwrap_or_else(|| panic!("no row of {datum:?}"));
        assert_eq!(row[&datum.column], datum.value, "{datum:?}");
    }
    data
}

#[test]
fn every_number_of_the_page_stands_in_its_table() {
    let (_home, out) = folder(SCENARIO, &[]);
    let data = holds_what_the_tables_say(&out);
    for row in table(&out, "targets.csv", key("targets.csv")).values() {
        for column in ["share", "low_95", "high_95", "verdict", "worst_s"] {
            let there = data.iter().any(|datum| {
                datum.file == "targets.csv"
                    && datum.row[1] == row["target"]
                    && datum.column == column
                    && datum.value == row[column]
            });
            assert!(there || row[column].is_empty(), "{column} of {}", row["target"]);
        }
    }
    assert!(data.iter().any(|datum| datum.file == "promises.csv"));
    assert!(data.iter().any(|datum| datum.file == "summary.csv"));
}

/// What a browser would fetch: nothing; what it would run: nothing. Sources are links to follow.
#[test]
fn the_page_needs_nothing_but_itself() {
    let (_home, out) = folder(SCENARIO, &[]);
    let page = page(&out);
    for foreign in
        ["<script", " src=", "url(", "@import", "<link", "<img", "<iframe", "javascript:"]
    {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let outward = page.matches("http").count();
    let links = page.matches("href=\"https://").count() + page.matches(">https://").count();
    let namespaces = page.matches("xmlns=").count();
    assert_eq!(outward, links + namespaces, "addresses that are no links");
    for link in page.split("href=\"#").skip(1) {
        let id = link.split('"').next().expect("quotes");
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn what_users_write_does_not_become_markup() {
    let (_home, out) = folder(SCENARIO, &[]);
    let page = page(&out).replace("<span class=\"nb\">", "").replace("</span>", "");
    assert!(!page.contains("<b>all</b>") && !page.contains("<files>"));
    assert!(page.contains("Are &lt;b&gt;all&lt;/b&gt; copies &amp; &quot;points&quot; there"));
}

/// The terminal says what stands at the head of the page, in the same words.
#[test]
fn the_run_ends_with_the_answer_of_the_page() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("small.toml"), SCENARIO).expect("a disk");
    let told = done(home.path(), &["run", "small.toml", "--out", "out", "--report", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let plain = page(&home.path().join("out")).replace('\u{a0}', " ");
    let plain = plain.replace("<span class=\"nb\">", "").replace("</span>", "");
    let answer = told["answer"].as_array().expect("sentences");
    assert!((2..=5).contains(&answer.len()), "{answer:?}");
    for sentence in answer {
        let sentence = sentence.as_str().expect("a sentence");
        assert!(plain.contains(&format!("<p class=\"lead\">{sentence}</p>")), "{sentence}");
    }
}

/// A page that is written later is the page that the run would have written.
#[test]
fn a_page_is_a_function_of_its_folder() {
    let (home, out) = folder(SCENARIO, &[]);
    let first = page(&out);
    fs::remove_file(out.join("report.html")).expect("a disk");
    assert_eq!(done(home.path(), &["report", "out"]).stdout, b"out/report.html\n");
    assert_eq!(page(&out), first);
    done(home.path(), &["report", "out", "--out", "elsewhere.html"]);
    assert_eq!(fs::read_to_string(home.path().join("elsewhere.html")).expect("a page"), first);
}

#[test]
fn a_file_that_is_no_page_is_kept() {
    let (home, out) = folder(SCENARIO, &[]);
    fs::write(home.path().join("mine.html"), "<p>mine</p>").expect("a disk");
    let output = ended(home.path(), &["report", "out", "--out", "mine.html"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("mine.html: a file of this name is no page of this program"), "{said}");
    assert_eq!(fs::read_to_string(home.path().join("mine.html")).expect("a file"), "<p>mine</p>");
    assert!(out.join("report.html").exists());
}

#[test]
fn a_sweep_has_the_verdict_of_every_point() {
    let sweep = "\n[[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = [1, 3, 8]\n";
    let text = SCENARIO.replace("[limits]\nsnapshot_copies = 3\n", "") + sweep;
    let (_home, out) = folder(&text, &[]);
    let data = holds_what_the_tables_say(&out);
    for (row, _) in table(&out, "targets.csv", key("targets.csv")) {
        let there = data.iter().any(|datum| {
            datum.file == "targets.csv" && datum.row == row && datum.column == "verdict"
        });
        assert!(there, "{row:?}");
    }
}

#[test]
fn a_comparison_has_a_page_of_its_own() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("small.toml"), SCENARIO).expect("a disk");
    let change =
        ["compare", "small.toml", "--set", "limits.snapshot_copies=8", "--out", "both", "-q"];
    done(home.path(), &change);
    done(home.path(), &["report", "both"]);
    let both = home.path().join("both");
    let data = holds_what_the_tables_say(&both);
    let targets = data.iter().filter(|datum| datum.row[0] == "target");
    assert!(2 <= targets.filter(|datum| datum.column == "difference").count());
    assert!(page(&both).contains("<h1>small against small with"));
}

/// 4,400 volumes every hour of a day: 105,600 copies, each with its row.
#[test]
fn a_hundred_thousand_copies_make_a_page_of_less_than_3_megabytes() {
    let text = r#"
[scenario]
name = "small"
question = "How large is the page?"
horizon = "1 day"
replications = 1

[limits]
snapshot_copies = 400

[[fleet]]
name = "many"
location = "us-east-1"
volumes = 4400
size = "100 GiB"
change = "5 %/day"
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", retain = "1 day" }]

[[target]]
kind = "copy"
limit = "30 min"
share = "90 %"
"#;
    let (_home, out) = folder(text, &["--no-flip", "--no-parts"]);
    let copies = fs::read_to_string(out.join("copies.csv")).expect("rows");
    assert_eq!(copies.lines().count(), 105_601);
    let size = fs::metadata(out.join("report.html")).expect("a page").len();
    assert!(size < 3_000_000, "{size} bytes");
}

/// A comparison or an answer of `solve` never takes the place of runs, nor the other way round.
#[test]
fn one_kind_of_folder_does_not_take_the_place_of_another() {
    let (home, out) = folder(SCENARIO, &["--no-flip", "--no-parts"]);
    let before = page(&out);
    let refused = |arguments: &[&str], holds: &str| {
        let output = ended(home.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(&format!("it holds {holds}, and is kept")), "{said}");
    };
    refused(&["compare", "out", "out", "--out", "out"], "the runs of a scenario");
    let solve = ["solve", "small.toml", "--for", "slots", "--grid", "3, 8", "--out", "out"];
    refused(&solve, "the runs of a scenario");
    assert_eq!(page(&out), before);
    done(home.path(), &["compare", "out", "out", "--out", "both"]);
    refused(&["run", "small.toml", "--out", "both"], "a comparison");
}
