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
"#), @"");
}

#[test]
fn a_chain_ends_at_an_outpost() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "plant", then = [{ to = "us-west-2" }] }]
[[outpost]]
name = "plant"
region = "us-east-1"
service_link = "1 Gbit/s"
"#), @"");
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
"#), @"");
    insta::assert_snapshot!(with(r#"account = "vault"
copy = [{ to = "us-west-2", account = "vault" }]
[[account]]
name = "vault"
count = 3
"#), @"");
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
"#)), @"");
    insta::assert_snapshot!(with(&format!(r#"{first}{other}snapshot = {{ every = "2 h" }}
copy = [{{ to = "us-west-2" }}]
"#)), @"");
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
"#), @"");
}

#[test]
fn a_retention_that_is_shorter_than_the_interval_is_told() {
    let text = format!("{FLEET}copy = [{{ to = \"us-west-2\", retain = \"30 min\" }}]\n");
    insta::assert_snapshot!(warned(&text), @"");
}

#[test]
fn first_copies_and_failures_are_possible_ones() {
    insta::assert_snapshot!(with(r#"copy = [{ to = "us-west-2", first_copy = "20 min", failures = { share = "100 %" } }]
"#), @"");
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
"#), @"");
}
