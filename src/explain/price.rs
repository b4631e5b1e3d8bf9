//! What a copy costs, by part and by which price.

use crate::api::{Accepted, PlaceOf};
use crate::billing::{Bill, Ending, ListPrice, Miss, Part, Tariff};
use crate::catalog::price::{self, Price as Published, SURCHARGE, Tier};
use crate::units::{ByteTime, Bytes, Rate, Span, Usd};

/// A part of the bill of a copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The part.
    pub part: Part,
    /// How much; none where the bytes are not known. Storage is for a month of 730 hours.
    pub usd: Option<Usd>,
    /// The prices that it is made of: several where the snapshots of an image end in several tiers.
    pub list: Vec<ListPrice>,
    /// The marks of its facts.
    pub marks: &'static str,
}

/// One snapshot of a time-based copy, as far as the bill asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paid {
    /// Bytes to move.
    pub(super) bytes: Bytes,
    /// The rate that meets the duration.
    pub(super) required: Rate,
    /// The rate that it runs at.
    pub(super) granted: Rate,
    /// How long it takes by the provider's clock.
    pub(super) takes: Span,
    /// Who is to blame where that is too long.
    pub(super) miss: Miss,
}

/// The parts of the bill: the surcharge of a time-based copy, transfer, and a month of storage.
pub(super) fn list(
    accepted: &Accepted<'_>,
    bytes: Option<&[Bytes]>,
    grants: &[Paid],
) -> Vec<Price> {
    let (from, to) = (accepted.from, accepted.to);
    let transfer = price::transfer(from.name(), to.name());
    let storage = match to {
        PlaceOf::Region { name, .. } => price::storage(name),
        PlaceOf::LocalZone { name, parent } => price::zone_storage(name, parent),
        PlaceOf::Outpost { .. } => price::outpost_storage(),
    };
    let tariff = Tariff {
        transfer_per_gb: transfer.per_gb,
        storage_per_gb_month: storage.per_gb,
        ..Tariff::published(from.name(), to.name(), to.region())
    };
    let whole: Option<Bytes> = bytes.map(|bytes| bytes.iter().copied().sum());
    let month = |amount| tariff.storage(ByteTime::of(amount, Usd::MONTH)).storage;
    let between = format!("{} → {}", from.name(), to.name());
    let surcharge = accepted.duration.map(|duration| surcharge(&tariff, duration, grants));
    let rest = [
        Price {
            part: Part::Transfer,
            usd: whole.map(|amount| tariff.standard(amount).transfer).filter(|_| transfer.known),
            list: vec![published(Part::Transfer, between, transfer)],
            marks: if from.region() == to.region() { "F46" } else { "F46, F47" },
        },
        Price {
            part: Part::Storage,
            usd: whole.map(month).filter(|_| storage.known),
            list: vec![published(Part::Storage, to.name().to_owned(), storage)],
            marks: "F46",
        },
    ];
    surcharge.into_iter().chain(rest).collect()
}

/// The surcharge of all snapshots, each by how it ends (F41, F42).
fn surcharge(tariff: &Tariff, duration: Span, grants: &[Paid]) -> Price {
    let mut tiers: Vec<Usd> = Vec::new();
    let mut sum = Bill::default();
    for paid in grants {
        let ending = Ending::completed(paid.miss, paid.takes);
        let per_gib = tariff.surcharge_per_gib(duration, ending);
        if !tiers.contains(&per_gib) {
            tiers.push(per_gib);
        }
        sum += tariff.time_based(paid.bytes, duration, ending);
    }
    if grants.is_empty() {
        tiers.push(tariff.surcharge_per_gib(duration, Ending::Met));
    }
    let listed = SURCHARGE.iter().filter(|tier| tiers.contains(&tier.per_gib));
    let is_late = grants.iter().any(|paid| paid.miss != Miss::None);
    Price {
        part: Part::Surcharge,
        usd: (!grants.is_empty()).then_some(sum.surcharge),
        list: listed.map(tier).collect(),
        marks: if is_late { "F41, F42, P-MISS-BLAME, P-BILL-ROUND" } else { "F41" },
    }
}

fn tier(tier: &Tier) -> ListPrice {
    published(Part::Surcharge, tier.from.to_string(), price::published_surcharge(tier))
}

fn published(part: Part, of: String, price: Published) -> ListPrice {
    let Published { per_gb, known, status, source, date } = price;
    let date = if date == "-" { "" } else { date };
    ListPrice { part, of, per_gb, known, status: Some(status), source, date }
}
