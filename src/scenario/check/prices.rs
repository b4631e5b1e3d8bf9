//! `[prices]`: what the scenario sets in the place of list prices.

use super::Notes;
use super::place::Places;
use crate::catalog::limit::{DURATION_MAX, DURATION_MIN, DURATION_STEP};
use crate::catalog::price::Tier;
use crate::model::{Prices, SiteIdx};
use crate::scenario::file::{File, Prices as Written, SurchargeTier};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Span, Usd};

/// Reads the prices.
pub(super) fn read(file: &File, places: &Places, notes: &mut Notes<'_>) -> Prices {
    let Some(written) = &file.prices else { return Prices::default() };
    Prices {
        transfer: written.transfer.as_ref().map(|price| price.value.0),
        transfer_of: pairs(written, places, notes),
        storage: written.storage.as_ref().map(|price| price.value.0),
        storage_at: storage_at(written, places, notes),
        surcharge: written.surcharge.as_ref().and_then(|tiers| surcharge(tiers, notes)),
    }
}

fn pairs(
    written: &Written,
    places: &Places,
    notes: &mut Notes<'_>,
) -> Vec<((SiteIdx, SiteIdx), Usd)> {
    let mut own: Vec<((SiteIdx, SiteIdx), Usd)> = Vec::new();
    for (at, pair) in written.pair.iter().flatten().enumerate() {
        let key = format!("prices.pair[{at}]");
        let (Some(from), Some(to), Some(transfer)) =
            (&pair.value.from, &pair.value.to, &pair.value.transfer)
        else {
            continue;
        };
        let ends = [("from", from), ("to", to)].map(|(end, name)| {
            let region = places.region(name);
            if region.is_none() && places.knows(&name.value) {
                let message = format!("`{}` is no Region", name.value);
                let help = "transfer is charged between Regions";
                let found = Found::new(format!("{key}.{end}"), name.span.clone(), message);
                notes.wrong(found.help(help));
            }
            region
        });
        let [Some(from), Some(to)] = ends else { continue };
        if from == to {
            let message = "inside a Region transfer costs nothing (F46)";
            notes.wrong(Found::new(key, pair.span.clone(), message));
        } else if own.iter().any(|(known, _)| *known == (from, to)) {
            notes.wrong(Found::new(key, pair.span.clone(), "this pair has its price already"));
        }
        own.push(((from, to), transfer.value.0));
    }
    own
}

fn storage_at(written: &Written, places: &Places, notes: &mut Notes<'_>) -> Vec<(SiteIdx, Usd)> {
    let mut own: Vec<(SiteIdx, Usd)> = Vec::new();
    for (number, place) in written.place.iter().flatten().enumerate() {
        let (Some(at), Some(storage)) = (&place.value.at, &place.value.storage) else { continue };
        for site in places.all(&at.value) {
            if own.iter().any(|(known, _)| known == site) {
                let message = format!("`{}` has its price already", at.value);
                let key = format!("prices.place[{number}].at");
                notes.wrong(Found::new(key, at.span.clone(), message));
            }
            own.push((*site, storage.value.0));
        }
    }
    own
}

/// The tiers of the surcharge, where they are a list as the provider's is: from the least duration
/// on, each longer than the one before.
fn surcharge(written: &At<Vec<At<SurchargeTier>>>, notes: &mut Notes<'_>) -> Option<Vec<Tier>> {
    let mut tiers: Vec<Tier> = Vec::new();
    for (at, tier) in written.value.iter().enumerate() {
        let (from, price) = (tier.value.from.as_ref()?, tier.value.price.as_ref()?);
        let last = tiers.last().map(|tier| tier.from);
        if let Some((message, help)) = wrong_start(from.value, last) {
            let key = format!("prices.surcharge[{at}].from");
            notes.wrong(Found::new(key, from.span.clone(), message).help(help));
        }
        tiers.push(Tier { from: from.value, per_gib: price.value.0 });
    }
    if tiers.is_empty() {
        let message = "there is no tier";
        let help = "write `[{ from = \"15 min\", price = \"0.02 USD/GiB\" }]`, or leave it out";
        notes.wrong(Found::new("prices.surcharge", written.span.clone(), message).help(help));
        return None;
    }
    Some(tiers)
}

/// What is wrong with the beginning of a tier, after one that begins at `last`; and what is right.
fn wrong_start(from: Span, last: Option<Span>) -> Option<(String, &'static str)> {
    let steps = from.round_up_to(DURATION_STEP) == from;
    match last {
        None if from != DURATION_MIN => Some((
            format!("the first tier begins at {DURATION_MIN}, the least duration (F1), not {from}"),
            "tiers stand in order, shortest duration first",
        )),
        Some(last) if from <= last => Some((
            format!("{from} is not after {last}, where the tier before begins"),
            "tiers stand in order, shortest duration first",
        )),
        _ if !steps || DURATION_MAX < from => Some((
            format!("{from} is no completion duration"),
            "they go from 15 min to 48 h in steps of 15 min (F1)",
        )),
        _ => None,
    }
}
