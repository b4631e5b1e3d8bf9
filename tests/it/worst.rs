//! The worst copies of a plan, with where their time went, and the same without what cost them most.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use snapferry::catalog::Cause;
use snapferry::experiment::Options;
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out, plan_of};

/// Nothing takes time but what a test asks for.
fn scenario(more: &str) -> String {
    format!(
        r#"
        [scenario]
        replications = 2
        start = "2027-01-04T00:00:00Z"
        horizon = "1 day"
        initial = "empty"
        [assume]
        P-OVERHEAD = "0 s"
        P-STD-RATE = "100 MiB/s"
        [[client]]
        name = "queue"
        policy = "queue"
        {more}
        [[target]]
        name = "in time"
        kind = "copy"
        limit = "20 min"
        "#
    )
}

fn fleet(name: &str, volumes: u32, size: &str, copy: &str) -> String {
    format!(
        r#"
        [[fleet]]
        name = "{name}"
        location = "us-east-1"
        volumes = {volumes}
        size = "{size}"
        fill = "100 %"
        snapshot = {{ once = "0 s", existing = true, jitter = "0 s" }}
        copy = [{{ {copy}, client = "queue" }}]
        "#
    )
}

/// A table as rows of fields, each row by the names of its columns.
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn of(text: &str) -> Sheet {
        let mut lines =
            text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        Sheet { header: lines.next().unwrap(), rows: lines.collect() }
    }

    fn get(&self, row: usize, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column).unwrap();
        &self.rows[row][place]
    }

    fn all<const N: usize>(&self, row: usize, columns: [&str; N]) -> [&str; N] {
        columns.map(|column| self.get(row, column))
    }
}

/// `worst.csv` and `stretches.csv`; none without flips.
fn worst(text: &str, flips: bool) -> Option<(Sheet, Sheet)> {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    carried_out(&plan_of(text), &place, &Options { flips, ..QUIET });
    let read = |file| fs::read_to_string(place.join(file)).ok().map(|text| Sheet::of(&text));
    Some((read("worst.csv")?, read("stretches.csv")?))
}

/// Times by cause of a row, in nanoseconds.
fn causes(sheet: &Sheet, row: usize) -> Vec<u64> {
    let nanos = |text: &str| text.replace('.', "").parse::<u64>().unwrap();
    Cause::ALL.map(|cause| nanos(sheet.get(row, &format!("{}_s", cause.name())))).to_vec()
}

/// One slot, and 12 volumes of 50 GiB, 512 s at 100 MiB/s: the n-th copy ends at n × 512 s, and the last
/// ten are the worst. Without the limit each takes 512 s.
#[test]
fn those_that_waited_longest_for_a_slot_are_the_worst_and_are_in_time_without_the_limit() {
    let slots = "[limits]\nsnapshot_copies = 1\n";
    let copies = fleet("a", 12, "50 GiB", "to = \"us-west-2\"");
    let text = scenario(&format!("{slots}{copies}"));
    let text = text.replace("replications = 2", "replications = 1");
    let (worst, stretches) = worst(&text, true).unwrap();
    assert_eq!(worst.rows.len(), 10);
    for row in 0..10 {
        let nth = 12 - u64::try_from(row).unwrap();
        let secs = |secs: u64| format!("{secs}.000000000");
        let columns = ["rank", "replication", "completion_s", "limit_s", "late_s", "broke"];
        let [rank, replication, took, limit, late, broke] = worst.all(row, columns);
        assert_eq!((rank, replication), ((row + 1).to_string().as_str(), "0"));
        assert_eq!((took, limit), (secs(nth * 512).as_str(), secs(1200).as_str()));
        assert_eq!((late, broke), (secs(nth * 512 - 1200).as_str(), "true"));
        let columns = ["slot_s", "standard_cap_s", "bytes", "granted_bytes_per_s", "outcome"];
        let expected = [&secs((nth - 1) * 512), &secs(512), "53687091200", "", "completed"];
        assert_eq!(worst.all(row, columns), expected);
        let columns = ["lifted", "lifted_place", "lifted_completion_s", "lifted_broke"];
        assert_eq!(worst.all(row, columns), ["slots", "", &secs(512), "false"]);
        let columns = ["cause", "from_utc", "until_utc", "link", "rate_bytes_per_s"];
        assert_eq!(stretches.get(2 * row, "rank"), rank);
        let [cause, from, turn, link, rate] = stretches.all(2 * row, columns);
        assert_eq!((cause, from, link, rate), ("slot", worst.get(row, "due_utc"), "", ""));
        let [cause, then, until, _, rate] = stretches.all(2 * row + 1, columns);
        assert_eq!((cause, then, until), ("standard_cap", turn, worst.get(row, "ended_utc")));
        assert_eq!(rate, "104857600");
    }
    // 12 × 512 s are 1 h 42 min 24 s
    assert_eq!(worst.get(0, "ended_utc"), "2027-01-04T01:42:24.000000000Z");
}

/// 50 GiB, 51,200 MiB, take 35.8 min at the 23.8 MiB/s that are 80 % of 250 Mbit/s (P-SL-SHARE), and
/// 512 s at the rate of a standard copy: the link is named, and its rate, 25,000,000 B/s. A copy to
/// another place, in time after 512 s, is the second worst, and faster without its rate.
#[test]
fn the_link_that_sets_the_rate_is_named_and_lifted() {
    let outpost = "[[outpost]]\nname = \"plant\"\nregion = \"us-east-1\"\n\
                   service_link = \"250 Mbit/s\"\n";
    let (slow, fast) =
        (fleet("a", 1, "50 GiB", "to = \"plant\""), fleet("b", 1, "50 GiB", "to = \"us-west-2\""));
    let (worst, stretches) = worst(&scenario(&format!("{outpost}{slow}{fast}")), true).unwrap();
    assert_eq!(worst.rows.len(), 2, "of two volumes the worse of two runs");
    let columns = ["fleet", "broke", "lifted", "lifted_broke", "lifted_completion_s"];
    let told = |row| worst.all(row, columns);
    assert_eq!(told(0), ["a", "true", "link", "false", "512.000000000"]);
    assert_eq!(told(1)[..4], ["b", "false", "standard_rate", "false"]);
    let link = worst.get(0, "lifted_place");
    assert!(link.starts_with("plant"), "{link}");
    let columns = ["cause", "link", "rate_bytes_per_s"];
    assert_eq!(stretches.all(0, columns), ["link", link, "25000000"]);
    assert_eq!(stretches.all(1, columns), ["standard_cap", "", "104857600"]);
}

/// At 100 MiB/s 16 TiB take 46.6 h and 15 TiB, 15,728,640 MiB, 157,286.4 s. The run stops 20 h after its
/// horizon of a day, at 158,400 s: the larger copy is still under way, though by less past its promise
/// than the other would be in the end; its causes add up to the 44 h.
#[test]
fn what_is_not_there_when_the_run_ends_is_worse_than_what_is_late() {
    let copies = [
        fleet("a", 1, "15 TiB", "to = \"us-west-2\""),
        fleet("b", 1, "16 TiB", "to = \"us-west-2\""),
    ];
    let once = "replications = 1\n        drain = \"20 h\"";
    let text = scenario(&copies.concat()).replace("replications = 2", once);
    let (worst, stretches) = worst(&text, true).unwrap();
    let columns = ["fleet", "outcome", "completion_s", "late_s", "broke"];
    let [fleet, outcome, took, late, broke] = worst.all(0, columns);
    assert_eq!((fleet, outcome, took), ("b", "unfinished", "158400.000000000"));
    assert_eq!((late, broke), ("157200.000000000", "true"));
    assert_eq!(worst.all(1, columns)[..3], ["a", "completed", "157286.400000000"]);
    assert_eq!(causes(&worst, 0).iter().sum::<u64>(), 158_400_000_000_000);
    let [ended, until] = [worst.get(0, "ended_utc"), stretches.get(0, "until_utc")];
    assert_eq!((ended, until), ("", "2027-01-05T20:00:00.000000000Z"));
    // faster, both are there
    assert_eq!(worst.all(0, ["lifted", "lifted_broke"]), ["standard_rate", "false"]);
}

#[test]
fn nothing_is_followed_where_nothing_is_to_be_run_again() {
    let text = scenario(&fleet("a", 1, "50 GiB", "to = \"us-west-2\""));
    assert!(worst(&text, false).is_none());
    assert!(worst(&text, true).is_some());
}
