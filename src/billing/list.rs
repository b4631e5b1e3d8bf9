//! Which prices a bill is made of, where each stands, and how old it is.

use crate::catalog::Status;
use crate::catalog::price::{self, Price, Tier};
use crate::model::{Model, Place, Route, SiteIdx};
use crate::units::Usd;

/// A part of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// For completion durations.
    Surcharge,
    /// For the way between the places.
    Transfer,
    /// For keeping copies.
    Storage,
}

impl Part {
    /// Its word in tables: `surcharge`, `transfer`, `storage`.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Surcharge => "surcharge",
            Part::Transfer => "transfer",
            Part::Storage => "storage",
        }
    }
}

/// A price that a model's bill is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPrice {
    /// The part of the bill.
    pub part: Part,
    /// What it is the price of: a pair of places, or a place; the least duration of a tier.
    pub of: String,
    /// Dollars per GB or GiB, per GB and month where it is storage.
    pub per_gb: Usd,
    /// Whether there is a figure at all; an unknown price counts as nothing.
    pub known: bool,
    /// How sure it is; none where the scenario sets it.
    pub status: Option<Status>,
    /// Where it stands.
    pub source: &'static str,
    /// When it was read or published there, year first; empty where it was not.
    pub date: &'static str,
}

/// Where a price that the scenario sets stands.
const SCENARIO: &str = "the scenario";

/// The word for a price that the scenario sets.
const SET: &str = "scenario";

/// The word for a price that nobody has published.
const UNKNOWN: &str = "unknown";

impl ListPrice {
    fn listed(part: Part, of: String, price: Price) -> ListPrice {
        let Price { per_gb, known, status, source, date } = price;
        let date = if date == "-" { "" } else { date };
        ListPrice { part, of, per_gb, known, status: Some(status), source, date }
    }

    fn own(part: Part, of: String, per_gb: Usd) -> ListPrice {
        ListPrice { part, of, per_gb, known: true, status: None, source: SCENARIO, date: "" }
    }

    /// How sure it is, in a word: `documented`, `observed`, or `assumed`; `unknown` where there is no
    /// figure, `scenario` where the scenario sets it.
    pub const fn standing(&self) -> &'static str {
        match self.status {
            None => SET,
            Some(_) if !self.known => UNKNOWN,
            Some(status) => status.name(),
        }
    }

    /// The unit: `USD/GiB`, `USD/GB`, or `USD/GB-month`.
    pub const fn unit(&self) -> &'static str {
        match self.part {
            Part::Surcharge => "USD/GiB",
            Part::Transfer => "USD/GB",
            Part::Storage => "USD/GB-month",
        }
    }

    /// The year of a list price, the last one that its date names; none of what is assumed, unknown,
    /// or set by the scenario.
    pub fn year(&self) -> Option<u16> {
        let is_listed = matches!(self.status, Some(Status::Documented | Status::Observed));
        let words = self.date.split(|c: char| !c.is_ascii_digit()).filter(|word| word.len() == 4);
        words.filter_map(|word| word.parse().ok()).next_back().filter(|_| is_listed)
    }
}

/// The price of transfer over a route. Within one Region, and to its edges, the scenario sets none.
pub(super) fn transfer(model: &Model, route: &Route) -> ListPrice {
    let (from, to) = (model.site_name(route.from), model.site_name(route.to));
    let of = format!("{from} → {to}");
    let ends = (model.region_of(route.from), model.region_of(route.to));
    let own = model.prices.transfer_of.iter().find(|(pair, _)| *pair == ends);
    match own.map(|(_, usd)| *usd).or(model.prices.transfer) {
        Some(usd) if ends.0 != ends.1 => ListPrice::own(Part::Transfer, of, usd),
        Some(_) | None => ListPrice::listed(Part::Transfer, of, price::transfer(from, to)),
    }
}

/// The price of storage at a place. What the scenario sets for all places holds for Outposts only
/// where it names them: their capacity is paid for as a whole.
pub(super) fn storage(model: &Model, site: SiteIdx) -> ListPrice {
    let name = model.site_name(site);
    let region = model.region_of(site);
    let prices = &model.prices;
    let at = |place: SiteIdx| prices.storage_at.iter().find(|(at, _)| *at == place);
    let named = |place: SiteIdx| at(place).map(|(_, usd)| *usd);
    let (own, published) = match model.sites[site.0].place {
        Place::Region => (named(site).or(prices.storage), price::storage(name)),
        Place::LocalZone { .. } => (
            named(site).or_else(|| named(region)).or(prices.storage),
            price::zone_storage(name, model.site_name(region)),
        ),
        Place::Outpost { .. } => (named(site), price::outpost_storage()),
    };
    match own {
        Some(usd) => ListPrice::own(Part::Storage, name.to_owned(), usd),
        None => ListPrice::listed(Part::Storage, name.to_owned(), published),
    }
}

/// The tiers of the surcharge.
fn surcharge(model: &Model) -> Vec<ListPrice> {
    let of = |tier: &Tier| tier.from.to_string();
    let own = |tier: &Tier| ListPrice::own(Part::Surcharge, of(tier), tier.per_gib);
    let listed = |tier: &Tier| {
        ListPrice::listed(Part::Surcharge, of(tier), price::published_surcharge(tier))
    };
    match &model.prices.surcharge {
        Some(tiers) => tiers.iter().map(own).collect(),
        None => price::SURCHARGE.iter().map(listed).collect(),
    }
}

/// The prices that the copies of a model are paid by, each once, by part: those of time-based copies
/// only where there are any.
pub fn list(model: &Model) -> Vec<ListPrice> {
    let rules = || model.fleets.iter().flat_map(|fleet| &fleet.copies);
    let mut prices = Vec::new();
    if rules().any(|rule| rule.completion_duration.is_some()) {
        prices.extend(surcharge(model));
    }
    let put = |price: ListPrice, prices: &mut Vec<ListPrice>| {
        if !prices.contains(&price) {
            prices.push(price);
        }
    };
    for rule in rules() {
        put(transfer(model, &model.routes[rule.route]), &mut prices);
    }
    for rule in rules() {
        put(storage(model, rule.to), &mut prices);
    }
    prices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(status: Option<Status>, date: &'static str) -> ListPrice {
        ListPrice {
            status,
            date,
            known: true,
            ..ListPrice::own(Part::Storage, "here".to_owned(), Usd::ZERO)
        }
    }

    /// The forms of dates that `data/prices.csv` has.
    #[test]
    fn the_year_of_a_price_is_the_last_that_its_date_names() {
        let year = |date| price(Some(Status::Observed), date).year();
        assert_eq!(year("2024-09-25"), Some(2024));
        assert_eq!(year("2017-07..2024"), Some(2024));
        assert_eq!(year("2025/2026"), Some(2026));
        assert_eq!(year("2026"), Some(2026));
        assert_eq!(year("-"), None);
        assert_eq!(price(Some(Status::Assumed), "2026").year(), None);
        assert_eq!(price(None, "2026").year(), None);
    }

    #[test]
    fn a_price_without_a_figure_is_unknown_whatever_its_status() {
        let unknown = ListPrice { known: false, ..price(Some(Status::Assumed), "") };
        assert_eq!(unknown.standing(), "unknown");
        assert_eq!(price(None, "").standing(), "scenario");
        assert_eq!(price(Some(Status::Assumed), "").standing(), "assumed");
    }
}
