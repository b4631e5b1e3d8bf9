//! What makes late copies late, where it is known: limits lifted one at a time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use snapferry::experiment::{Lifted, Options};
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out, plan_of};

/// Replications of each scenario here; all of them alike, for nothing is drawn.
const RUNS: u64 = 5;

/// Copies of one size that are asked for at once, by a client that knows when a slot is free; nothing
/// takes time but what `more` says.
fn scenario(fleet: &str, copy: &str, more: &str) -> String {
    format!(
        r#"
        [scenario]
        replications = {RUNS}
        horizon = "1 day"
        initial = "empty"
        [assume]
        P-OVERHEAD = "0 s"
        P-STD-RATE = "100 MiB/s"
        [[client]]
        name = "queue"
        policy = "queue"
        [[fleet]]
        name = "a"
        location = "us-east-1"
        fill = "100 %"
        snapshot = {{ once = "0 s", existing = true, jitter = "0 s" }}
        {fleet}
        copy = [{{ {copy}, client = "queue" }}]
        {more}
        [[target]]
        name = "in time"
        kind = "copy"
        limit = "20 min"
        "#
    )
}

/// What lifting each limit does, and the table of it.
fn lifted(text: &str, flips: bool) -> (Vec<Lifted>, Option<String>) {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    let outcome = carried_out(&plan_of(text), &place, &Options { flips, ..QUIET });
    (outcome.lifted, fs::read_to_string(place.join("limits.csv")).ok())
}

/// Of each limit, with its place, the share of late copies that keep the promise without it, and the
/// share by which there are fewer.
fn shares(rows: &[Lifted]) -> Vec<(String, f64, f64)> {
    let kept = rows.iter().filter(|row| row.scope == "all" && row.measure == "kept");
    let name = |row: &Lifted| format!("{} {}", row.limit, row.place).trim().to_owned();
    kept.map(|row| (name(row), row.in_time.unwrap(), row.fewer.unwrap())).collect()
}

fn only(limit: &str) -> Vec<(String, f64, f64)> {
    vec![(limit.to_owned(), 1.0, 1.0)]
}

/// 40 copies of 15 minutes in 20 slots: the 20 of the second wave come at 30 min, 10 min late. Without
/// the limit all come at 15 min. No quota and no cap holds 10 GiB in 15 min, so that nothing else is
/// lifted.
#[test]
fn slots_alone_make_the_second_wave_late() {
    let copy = "to = \"us-west-2\", completion_duration = \"15 min\"";
    let (rows, table) = lifted(&scenario("volumes = 40\nsize = \"10 GiB\"", copy, ""), true);
    assert_eq!(shares(&rows), only("slots"));
    let find = |scope: &str, measure: &str| {
        rows.iter().find(|row| row.scope == scope && row.measure == measure).unwrap()
    };
    for (scope, measure) in [("all", "kept"), ("a → us-west-2", "kept"), ("in time", "target")] {
        let row = find(scope, measure);
        assert_eq!((row.as_is, row.lifted, row.difference.mean), (0.5, 1.0, 0.5), "{scope}");
    }
    let took = find("all", "late_completion");
    assert_eq!((took.as_is, took.lifted, took.difference.mean), (1800.0, 900.0, -900.0));
    assert_eq!((took.n_late, find("in time", "target").n_late), (20 * RUNS, 0));
    let header = "limit,place,scope,measure,unit,as_is,lifted,difference,low_95,high_95,\
                  in_time_share,fewer_late_share,n_late,n_runs";
    assert_eq!(table.unwrap().lines().next(), Some(header));
}

/// Three copies of 85 GiB, 87,040 MiB, in 15 min want 96.7 MiB/s each: two have that of 200 MiB/s, the
/// third has 6.6 and comes after 3 h 40 min. 20 slots hold nobody.
#[test]
fn a_quota_alone_makes_late_who_is_granted_the_rest() {
    let copy = "to = \"us-west-2\", completion_duration = \"15 min\"";
    let fleet = "volumes = 3\nsize = \"85 GiB\"";
    let text = scenario(fleet, copy, "[limits]\nquota = \"200 MiB/s\"");
    let (rows, _) = lifted(&text, true);
    assert_eq!(shares(&rows), only("quota"));
    assert_eq!(rows[0].n_late, RUNS);
}

/// 1 TiB, 1,048,576 MiB, in 15 minutes wants 1,165 MiB/s. One copy has 500 at most, and takes 35 min.
#[test]
fn the_cap_of_one_copy_alone_makes_a_large_one_late() {
    let copy = "to = \"us-west-2\", completion_duration = \"15 min\"";
    let (rows, _) = lifted(&scenario("volumes = 1\nsize = \"1 TiB\"", copy, ""), true);
    assert_eq!(shares(&rows), only("copy_rate"));
}

/// 150 GiB are 153,600 MiB: at 100 MiB/s 25.6 min, over 80 % of 1 Gbit/s (P-SL-SHARE), 95.4 MiB/s, 26.8
/// min.
/// Without the rate it takes the link's time, without the link that of the rate: neither alone makes it
/// late, and none is said to.
#[test]
fn of_two_limits_that_both_hold_neither_is_blamed() {
    let outpost = "[[outpost]]\nname = \"plant\"\nregion = \"us-east-1\"\n\
                   service_link = \"1 Gbit/s\"\n";
    let text = scenario("volumes = 1\nsize = \"150 GiB\"", "to = \"plant\"", outpost);
    let (rows, _) = lifted(&text, true);
    let of = shares(&rows);
    assert!(!of.is_empty() && of.iter().all(|row| (row.1, row.2) == (0.0, 0.0)), "{of:?}");
    // the difference is told all the same: 95.4 MiB/s without the rate, 100 without the link
    let took = |limit: &str| {
        let of = |row: &&Lifted| (row.limit, row.measure) == (limit, "late_completion");
        let row = rows.iter().find(of).unwrap();
        (row.as_is.round(), row.lifted.round())
    };
    assert_eq!(took("link"), (1611.0, 1536.0));
}

/// 50 GiB, 51,200 MiB, take 8.5 min at 100 MiB/s, and 35.8 min at the 23.8 MiB/s that are 80 % of 250
/// Mbit/s (P-SL-SHARE). The other Outpost's link is not in the way.
#[test]
fn a_link_alone_makes_late_what_crosses_it() {
    let outposts = "[[outpost]]\nname = \"plant\"\nregion = \"us-east-1\"\n\
                    service_link = \"250 Mbit/s\"\n\
                    [[outpost]]\nname = \"other\"\nregion = \"us-east-1\"\n\
                    service_link = \"250 Mbit/s\"\n";
    let text = scenario("volumes = 1\nsize = \"50 GiB\"", "to = \"plant\"", outposts);
    let (rows, _) = lifted(&text, true);
    let of = shares(&rows);
    let [(name, in_time, fewer)] = of.as_slice() else { panic!("{of:?}") };
    assert!(name.starts_with("link plant"), "{name}");
    assert_eq!((*in_time, *fewer), (1.0, 1.0));
}

/// Two copies of 100 GiB, 102,400 MiB, in one slot: each takes 17.1 min, the second is late. Either
/// more slots or a faster rate help it wholly: both are said, and the sum is no share of anything.
#[test]
fn shares_of_limits_do_not_add_up() {
    let text = scenario(
        "volumes = 2\nsize = \"100 GiB\"",
        "to = \"us-west-2\"",
        "[limits]\nsnapshot_copies = 1",
    );
    let (rows, _) = lifted(&text, true);
    let whole = |name: &str| (name.to_owned(), 1.0, 1.0);
    assert_eq!(shares(&rows), [whole("slots"), whole("standard_rate")]);
}

#[test]
fn where_none_is_late_or_nobody_asks_nothing_is_lifted() {
    let copy = "to = \"us-west-2\", completion_duration = \"15 min\"";
    let text = |n: u32| scenario(&format!("volumes = {n}\nsize = \"10 GiB\""), copy, "");
    assert_eq!(lifted(&text(20), true).0, []);
    assert_eq!(lifted(&text(40), false).0, []);
}
