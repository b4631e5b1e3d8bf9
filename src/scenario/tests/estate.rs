//! What is said of mistakes in accounts, applications, chains, and incidents.

use super::*;

const FLEET: &str = r#"
[[fleet]]
name = "a"
location = "us-east-1"
volumes = 4
snapshot = { every = "1 h" }
"#;

fn with(more: &str) -> String {
    said(&format!("{FLEET}{more}"))
}

#[test]
fn a_chain_goes_on_and_never_back() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "us-west-2", then = [{ to = ["us-east-1", "eu-west-1"], then = [{ to = "us-west-2" }] }] }]
"#), @r#"
    error: fleet.a.copy[0].then[0].to: the chain comes back to `us-east-1`: a copy goes on to places where it was not
     --> x.toml:7:45
      |
    7 | copy = [{ to = "us-west-2", then = [{ to = ["us-east-1", "eu-west-1"], then = [{ to = "us-west-2" }] }] }]
      |                                             ^^^^^^^^^^^

    error: fleet.a.copy[0].then[0].then[0].to: the chain comes back to `us-west-2`: a copy goes on to places where it was not
     --> x.toml:7:87
      |
    7 | copy = [{ to = "us-west-2", then = [{ to = ["us-east-1", "eu-west-1"], then = [{ to = "us-west-2" }] }] }]
      |                                                                                       ^^^^^^^^^^^
    "#);
}

#[test]
fn a_chain_ends_at_an_outpost() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "plant", then = [{ to = "us-west-2" }] }]
[[outpost]]
name = "plant"
region = "us-east-1"
service_link = "1 Gbit/s"
"#), @r#"
    error: fleet.a.copy[0].then[0].to: nothing can be copied from an Outpost, and `plant` is one (F52, P-ROUTE-CODE)
     --> x.toml:7:40
      |
    7 | copy = [{ to = "plant", then = [{ to = "us-west-2" }] }]
      |                                        ^^^^^^^^^^^
    "#);
}

#[test]
fn accounts_are_declared_and_one_owns_the_volumes() {
    insta::assert_snapshot!(with(r#"account = "valt"
copy = [{ to = "us-west-2", account = "valt" }]
[[account]]
name = "vault"
[[account]]
name = "vault"
[[account]]
name = "own"
"#), @r#"
    error: fleet.a.account: there is no account `valt`
     --> x.toml:7:11
      |
    7 | account = "valt"
      |           ^^^^^^
      |
      = help: did you mean `vault`?

    error: fleet.a.copy[0].account: there is no account `valt`
     --> x.toml:8:39
      |
    8 | copy = [{ to = "us-west-2", account = "valt" }]
      |                                       ^^^^^^
      |
      = help: did you mean `vault`?

    error: account.vault.name: there is an account `vault` already
      --> x.toml:12:8
       |
    12 | name = "vault"
       |        ^^^^^^^

    error: account.own.name: there is an account `own` already
      --> x.toml:14:8
       |
    14 | name = "own"
       |        ^^^^^
    "#);
    insta::assert_snapshot!(with(r#"account = "vault"
copy = [{ to = "us-west-2", account = "vault" }]
[[account]]
name = "vault"
count = 3
"#), @r#"
    error: fleet.a.account: `vault` stands for 3 accounts
     --> x.toml:7:11
      |
    7 | account = "vault"
      |           ^^^^^^^
      |
      = help: name one of them: `vault-01`
    "#);
}

#[test]
fn the_volumes_of_an_application_go_to_the_same_places_at_the_same_times() {
    let other = r#"
[[fleet]]
name = "b"
location = "us-east-1"
volumes = 1
application = "shop"
"#;
    let first = r#"application = "shop"
copy = [{ to = "us-west-2" }]
"#;
    insta::assert_snapshot!(with(&format!(r#"{first}{other}snapshot = {{ every = "1 h" }}
copy = [{{ to = "eu-west-1" }}]
"#)), @r#"
    error: fleet.b.application: its volumes and those of `a` go to different places
      --> x.toml:14:15
       |
    14 | application = "shop"
       |               ^^^^^^
       |
       = help: an application is there when all its volumes are: same destinations, same schedule
    "#);
    insta::assert_snapshot!(with(&format!(r#"{first}{other}snapshot = {{ every = "2 h" }}
copy = [{{ to = "us-west-2" }}]
"#)), @r#"
    error: fleet.b.application: its snapshots and those of `a` are made at different times
      --> x.toml:14:15
       |
    14 | application = "shop"
       |               ^^^^^^
       |
       = help: an application is there when all its volumes are: same destinations, same schedule
    "#);
}

#[test]
fn an_rpo_per_application_is_of_fleets_that_have_some() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "us-west-2" }]
[[target]]
kind = "rpo"
per = "application"
limit = "2 h"
[[target]]
kind = "copy"
per = "volume"
limit = "2 h"
"#), @r#"
    error: target[0].per: `a` says of no volumes that they form one
      --> x.toml:10:7
       |
    10 | per = "application"
       |       ^^^^^^^^^^^^^
       |
       = help: fleets have `application`, `volumes_per_application`, or an inventory with groups

    error: target[1].per: does not go with `kind = "copy"`
      --> x.toml:14:7
       |
    14 | per = "volume"
       |       ^^^^^^^^
    "#);
}

#[test]
fn a_retention_that_is_shorter_than_the_interval_is_told() {
    let text = format!("{FLEET}copy = [{{ to = \"us-west-2\", retain = \"30 min\" }}]\n");
    insta::assert_snapshot!(warned(&text), @r#"
    warning: fleet.a.copy[0].retain: is less than the 60 min between two copies
     --> x.toml:7:38
      |
    7 | copy = [{ to = "us-west-2", retain = "30 min" }]
      |                                      ^^^^^^^^
      |
      = help: the base is gone before the next copy, so that every copy is full

    warning: nothing is promised, so there will be no verdict
    --> x.toml
     = help: write a `[[target]]`
    "#);
}

#[test]
fn first_copies_and_failures_are_possible_ones() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "us-west-2", first_copy = "20 min", failures = { share = "100 %" } }]
"#), @r#"
    error: fleet.a.copy[0].first_copy: `20 min` is no completion duration: they go from 15 min to 48 h in steps of 15 min (F1, F2)
     --> x.toml:7:42
      |
    7 | copy = [{ to = "us-west-2", first_copy = "20 min", failures = { share = "100 %" } }]
      |                                          ^^^^^^^^

    error: fleet.a.copy[0].failures.share: every copy fails, so that none ever arrives: less than 100 %
     --> x.toml:7:73
      |
    7 | copy = [{ to = "us-west-2", first_copy = "20 min", failures = { share = "100 %" } }]
      |                                                                         ^^^^^^^
    "#);
}

#[test]
fn incidents_say_what_where_and_for_how_long() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "us-west-2" }]
[[incident]]
kind = "region"
at = "1 h"
[[incident]]
kind = "region"
region = "us-west-2"
fleet = "a"
at = "1 h"
for = "0 s"
[[incident]]
kind = "new-key"
fleet = "aa"
at = "2020-01-01T00:00:00Z"
for = "1 h"
[[incident]]
kind = "no-snapshots"
region = "us-east-1"
at = "1 h"
for = "1 h"
"#), @r#"
    error: incident[0]: how long does it last?
     --> x.toml:8:1
      |
    8 | [[incident]]
      | ^^^^^^^^^^^^
      |
      = help: write `for = "3 h"`

    error: incident[0]: which Region is in trouble?
     --> x.toml:8:1
      |
    8 | [[incident]]
      | ^^^^^^^^^^^^
      |
      = help: write `region = "us-west-2"`

    error: incident[1].fleet: goes with `kind = "no-snapshots"` and `kind = "new-key"`
      --> x.toml:14:9
       |
    14 | fleet = "a"
       |         ^^^

    error: incident[1].for: must be more than nothing
      --> x.toml:16:7
       |
    16 | for = "0 s"
       |       ^^^^^

    error: incident[2].fleet: there is no fleet, image, or copy `aa`
      --> x.toml:19:9
       |
    19 | fleet = "aa"
       |         ^^^^
       |
       = help: did you mean `a`?

    error: incident[2].at: lies before the start of the run
      --> x.toml:20:6
       |
    20 | at = "2020-01-01T00:00:00Z"
       |      ^^^^^^^^^^^^^^^^^^^^^^

    error: incident[2].for: a change of key happens in a moment
      --> x.toml:21:7
       |
    21 | for = "1 h"
       |       ^^^^^

    error: incident[3].region: goes with `kind = "region"`
      --> x.toml:24:10
       |
    24 | region = "us-east-1"
       |          ^^^^^^^^^^^
    "#);
}
