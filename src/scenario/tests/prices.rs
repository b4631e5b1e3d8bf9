//! `[prices]`: what is understood, and what is said of mistakes.

use super::*;
use crate::catalog::price::Tier;
use crate::units::Usd;

const TO: &str = "copy = [{ to = \"us-west-2-lax-1a\" }]";

#[test]
fn prices_of_all_and_of_some() {
    let text = r#"
[prices]
transfer = "0.015 USD/GB"
pair = [{ from = "us-west-2", to = "eu-west-1", transfer = "0.01 USD/GB" }]
storage = "0.04 USD/GB-month"
place = [{ at = "us-west-2-lax-1a", storage = "0.06 USD/GB-month" }]
surcharge = [
    { from = "15 min", price = "0.018 USD/GiB" },
    { from = "4 h", price = "0.009 USD/GiB" },
]
"#;
    let model = model(&format!("{text}{}", fleet(TO)));
    let site = |name: &str| SiteIdx(model.sites.iter().position(|s| s.name == name).unwrap());
    let prices = &model.prices;
    assert_eq!(prices.transfer, Some(Usd::thousandths(15)));
    let pair = (site("us-west-2"), site("eu-west-1"));
    assert_eq!(prices.transfer_of, [(pair, Usd::thousandths(10))]);
    assert_eq!(prices.storage, Some(Usd::thousandths(40)));
    assert_eq!(prices.storage_at, [(site("us-west-2-lax-1a"), Usd::thousandths(60))]);
    let tier = |mins: u64, thousandths| Tier {
        from: Span::from_mins(mins),
        per_gib: Usd::thousandths(thousandths),
    };
    assert_eq!(prices.surcharge, Some(vec![tier(15, 18), tier(240, 9)]));
    assert_eq!(super::model(&fleet(TO)).prices, crate::model::Prices::default());
}

#[test]
fn a_price_of_storage_is_by_the_month_and_one_of_transfer_is_not() {
    let text = "[prices]\ntransfer = \"0.02 USD/GB-month\"\nstorage = 0.05\n".to_owned();
    insta::assert_snapshot!(said(&(text + &fleet(TO))), @r#"
    error: prices.transfer: `0.02 USD/GB-month` is no price (write `0.02 USD/GB`)
     --> x.toml:2:12
      |
    2 | transfer = "0.02 USD/GB-month"
      |            ^^^^^^^^^^^^^^^^^^^

    error: prices.storage: `0.05` is no price (write `0.05 USD/GB-month`)
     --> x.toml:3:11
      |
    3 | storage = 0.05
      |           ^^^^
    "#);
}

#[test]
fn prices_are_between_regions_and_once() {
    let text = r#"[prices]
pair = [
    { from = "us-east-1", to = "us-east-1", transfer = "0 USD/GB" },
    { from = "us-west-2", to = "us-west-2-lax-1a", transfer = "0.01 USD/GB" },
]
place = [
    { at = "us-west-2", storage = "0.05 USD/GB-month" },
    { at = "us-west-2", storage = "0.06 USD/GB-month" },
    { at = "us-wets-2", storage = "0.06 USD/GB-month" },
]
"#;
    insta::assert_snapshot!(said(&format!("{text}{}", fleet(TO))), @r#"
    error: prices.pair[0]: inside a Region transfer costs nothing (F46)
     --> x.toml:3:5
      |
    3 |     { from = "us-east-1", to = "us-east-1", transfer = "0 USD/GB" },
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: prices.pair[1].to: `us-west-2-lax-1a` is no Region
     --> x.toml:4:32
      |
    4 |     { from = "us-west-2", to = "us-west-2-lax-1a", transfer = "0.01 USD/GB" },
      |                                ^^^^^^^^^^^^^^^^^^
      |
      = help: transfer is charged between Regions

    error: prices.place[1].at: `us-west-2` has its price already
     --> x.toml:8:12
      |
    8 |     { at = "us-west-2", storage = "0.06 USD/GB-month" },
      |            ^^^^^^^^^^^

    error: prices.place[2].at: there is no Region, Local Zone, or Outpost `us-wets-2`
     --> x.toml:9:12
      |
    9 |     { at = "us-wets-2", storage = "0.06 USD/GB-month" },
      |            ^^^^^^^^^^^
      |
      = help: did you mean `us-west-2`?
    "#);
}

#[test]
fn tiers_of_the_surcharge_are_a_list_like_the_providers() {
    let text = r#"[prices]
surcharge = [
    { from = "1 h", price = "0.02 USD/GiB" },
    { from = "45 min", price = "0.018 USD/GiB" },
    { from = "50 min", price = "0.016 USD/GiB" },
]
"#;
    insta::assert_snapshot!(said(&format!("{text}{}", fleet(TO))), @r#"
    error: prices.surcharge[0].from: the first tier begins at 15 min, the least duration (F1), not 60 min
     --> x.toml:3:14
      |
    3 |     { from = "1 h", price = "0.02 USD/GiB" },
      |              ^^^^^
      |
      = help: tiers stand in order, shortest duration first

    error: prices.surcharge[1].from: 45 min is not after 60 min, where the tier before begins
     --> x.toml:4:14
      |
    4 |     { from = "45 min", price = "0.018 USD/GiB" },
      |              ^^^^^^^^
      |
      = help: tiers stand in order, shortest duration first

    error: prices.surcharge[2].from: 50 min is no completion duration
     --> x.toml:5:14
      |
    5 |     { from = "50 min", price = "0.016 USD/GiB" },
      |              ^^^^^^^^
      |
      = help: they go from 15 min to 48 h in steps of 15 min (F1)
    "#);
    let none = format!("[prices]\nsurcharge = []\n{}", fleet(TO));
    insta::assert_snapshot!(said(&none), @r#"
    error: prices.surcharge: there is no tier
     --> x.toml:2:13
      |
    2 | surcharge = []
      |             ^^
      |
      = help: write `[{ from = "15 min", price = "0.02 USD/GiB" }]`, or leave it out
    "#);
}
