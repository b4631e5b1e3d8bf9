//! What a run costs, in three parts, and by which prices.

use std::fmt::Write;

use crate::billing::{ListPrice, Part};
use crate::experiment::PointSummary;
use crate::record::measure;
use crate::units::Usd;

/// Prices that a remark names at most.
const NAMED: usize = 3;

/// What a run costs in all, for a table: `14 USD`; none where means say nothing.
pub(in crate::cli) fn cost(point: &PointSummary) -> Option<String> {
    point.cost().map(|usd| usd.to_string())
}

/// `A run costs 14 USD: 0 USD surcharge, 4 USD transfer, 10 USD storage; list prices of 2024.`;
/// none where nothing is to be said of it: without copies, or where means say nothing.
pub(in crate::cli) fn money(point: &PointSummary, prices: &[ListPrice]) -> Option<String> {
    let parts = [
        (measure::SURCHARGE, Part::Surcharge),
        (measure::TRANSFER, Part::Transfer),
        (measure::STORAGE, Part::Storage),
    ];
    let mut told = Vec::new();
    let (mut total, mut at_least) = (Usd::ZERO, "");
    for (measure, part) in parts {
        let row = point.find(0, &measure)?;
        let usd = Usd::from_f64(row.estimate?.mean);
        total += usd;
        if row.at_least {
            at_least = "at least ";
        }
        told.push(format!("{usd} {}", part.name()));
    }
    if prices.is_empty() {
        return None;
    }
    let parts = told.join(", ");
    Some(format!("A run costs {at_least}{total}: {parts}; {}", price_words(prices)))
}

/// `list prices of 2019 to 2024; assumed: storage at eu-west-1`.
fn price_words(prices: &[ListPrice]) -> String {
    let years = prices.iter().filter_map(ListPrice::year);
    let mut text = match (years.clone().min(), years.max()) {
        (Some(first), Some(last)) if first < last => format!("list prices of {first} to {last}"),
        (Some(only), _) => format!("list prices of {only}"),
        (None, _) => "no list prices".to_owned(),
    };
    let remarks = [
        ("scenario", "by the scenario"),
        ("assumed", "assumed"),
        ("unknown", "unknown, and counted as nothing"),
    ];
    for (standing, remark) in remarks {
        let named = prices.iter().filter(|price| price.standing() == standing);
        let mut names: Vec<String> = named.map(name).collect();
        names.dedup();
        if names.is_empty() {
            continue;
        }
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let _ = write!(text, "; {remark}: {}", names.join(", "));
        if 0 < more {
            let _ = write!(text, ", and {more} more in manifest.toml");
        }
    }
    text
}

/// What a price is the price of; the tiers of the surcharge are one list.
fn name(price: &ListPrice) -> String {
    match price.part {
        Part::Surcharge => "surcharge".to_owned(),
        Part::Transfer => format!("transfer {}", price.of),
        Part::Storage => format!("storage at {}", price.of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Status;

    fn price(part: Part, of: &str, status: Option<Status>, date: &'static str) -> ListPrice {
        let per_gb = Usd::thousandths(20);
        ListPrice { part, of: of.to_owned(), per_gb, known: true, status, source: "", date }
    }

    #[test]
    fn prices_say_of_when_they_are_and_which_are_none() {
        let observed = Some(Status::Observed);
        let mut prices = vec![
            price(Part::Transfer, "a → b", observed, "2024-09-25"),
            price(Part::Storage, "b", observed, "2019-09"),
        ];
        insta::assert_snapshot!(price_words(&prices), @"list prices of 2019 to 2024");
        prices.extend(
            ["c", "d", "e", "f"].map(|at| price(Part::Storage, at, Some(Status::Assumed), "-")),
        );
        prices
            .push(ListPrice { known: false, ..price(Part::Transfer, "b → plant", observed, "") });
        insta::assert_snapshot!(
            price_words(&prices[1..]),
            @"list prices of 2019; assumed: storage at c, storage at d, storage at e, and 1 more in manifest.toml; unknown, and counted as nothing: transfer b → plant"
        );
    }

    /// Two tiers of the surcharge are one list.
    #[test]
    fn what_the_scenario_sets_is_no_list_price() {
        let prices = ["15 min", "1 h"].map(|from| price(Part::Surcharge, from, None, ""));
        insta::assert_snapshot!(price_words(&prices), @"no list prices; by the scenario: surcharge");
    }
}
