//! What is paid by: prices of the scenario, and list prices with their standing.

use snapferry::billing::{self, ListPrice, Part};
use snapferry::catalog::price::Tier;
use snapferry::model::{Model, Place, Route, Site, SiteIdx};
use snapferry::units::{Bytes, Span, Usd};

use crate::support::{
    HOME, IRELAND, OUTPOST, WEST, add, fleet, measured, model, once, run, volumes,
};

/// A single copy of 10 GiB to a site.
fn copy(model: &mut Model, name: &str, to: SiteIdx, duration: Option<Span>) {
    add(model, fleet(name, volumes(&[Bytes::gib(10)]), once(0)), (to, duration));
}

/// 10 GB at 0.01 USD to us-west-2, at 0.03 to eu-west-1; 30 min are in the first tier, 0.1 USD a GiB,
/// 60 min in the second, 0.05.
#[test]
fn prices_of_the_scenario_are_what_is_paid() {
    let mut model = model();
    model.prices.transfer = Some(Usd::thousandths(10));
    model.prices.transfer_of = vec![((HOME, IRELAND), Usd::thousandths(30))];
    let tier = |mins, thousandths| Tier {
        from: Span::from_mins(mins),
        per_gib: Usd::thousandths(thousandths),
    };
    model.prices.surcharge = Some(vec![tier(15, 100), tier(60, 50)]);
    copy(&mut model, "west", WEST, Some(Span::from_mins(30)));
    copy(&mut model, "ireland", IRELAND, Some(Span::from_mins(60)));
    let (_, result) = run(&model);
    for (scope, surcharge, transfer) in
        [("west → us-west-2", 1.0, 0.1), ("ireland → eu-west-1", 0.5, 0.3)]
    {
        let paid = Usd::from_f64(measured(&result, scope, "surcharge"));
        assert_eq!(paid, Usd::from_f64(surcharge), "{scope}");
        let paid = Usd::from_f64(measured(&result, scope, "transfer"));
        assert_eq!(paid, Usd::from_f64(transfer), "{scope}");
    }
}

/// Part, what of, standing, and year of each price.
fn listed(model: &Model) -> Vec<(Part, String, &'static str, Option<u16>)> {
    let of = |price: ListPrice| (price.part, price.of.clone(), price.standing(), price.year());
    billing::list(model).into_iter().map(of).collect()
}

/// us-west-2 has rows of its own, eu-west-1 none for storage; of Outposts nothing is known.
#[test]
fn list_prices_say_how_sure_and_how_old_they_are() {
    let mut model = model();
    for (name, to) in [("a", WEST), ("b", IRELAND), ("c", OUTPOST), ("d", WEST)] {
        copy(&mut model, name, to, None);
    }
    let of = |part, of: &str, standing, year| (part, of.to_owned(), standing, year);
    assert_eq!(
        listed(&model),
        [
            of(Part::Transfer, "us-east-1 → us-west-2", "observed", Some(2024)),
            of(Part::Transfer, "us-east-1 → eu-west-1", "observed", Some(2024)),
            of(Part::Transfer, "us-east-1 → plant", "unknown", None),
            of(Part::Storage, "us-west-2", "observed", Some(2019)),
            of(Part::Storage, "eu-west-1", "assumed", None),
            of(Part::Storage, "plant", "unknown", None),
        ]
    );
    copy(&mut model, "fast", WEST, Some(Span::from_mins(15)));
    let tiers = listed(&model).into_iter().filter(|(part, ..)| *part == Part::Surcharge);
    let tiers: Vec<_> = tiers.map(|(_, of, standing, year)| (of, standing, year)).collect();
    assert_eq!(tiers.len(), 7);
    assert_eq!(tiers[0], ("15 min".to_owned(), "documented", Some(2026)));
}

/// A zone costs what is set for it, else for its Region, else for all; an Outpost only what is set
/// for it.
#[test]
fn a_zone_follows_its_region_and_an_outpost_nobody() {
    let mut model = model();
    let zone = SiteIdx(4);
    let place = Place::LocalZone { parent: HOME };
    model.sites.push(Site { name: "us-east-1-atl-2a".to_owned(), place });
    model.routes.push(Route { from: HOME, to: zone, links: Vec::new() });
    copy(&mut model, "zone", zone, None);
    copy(&mut model, "plant", OUTPOST, None);
    let storage = |model: &Model| {
        let prices = billing::list(model).into_iter().filter(|price| price.part == Part::Storage);
        prices.map(|price| (price.per_gb, price.standing())).collect::<Vec<_>>()
    };
    let usd = Usd::thousandths;
    assert_eq!(storage(&model), [(usd(50), "assumed"), (Usd::ZERO, "unknown")]);
    model.prices.storage = Some(usd(40));
    assert_eq!(storage(&model), [(usd(40), "scenario"), (Usd::ZERO, "unknown")]);
    model.prices.storage_at = vec![(HOME, usd(30))];
    assert_eq!(storage(&model)[0], (usd(30), "scenario"));
    model.prices.storage_at = vec![(HOME, usd(30)), (zone, usd(20)), (OUTPOST, usd(10))];
    assert_eq!(storage(&model), [(usd(20), "scenario"), (usd(10), "scenario")]);
}
