//! Prices: the surcharge of time-based copies, transfer between Regions, storage.
//!
//! Source: `data/prices.csv`, each row with its own source, date, and grade. A price is looked up
//! once per route, not per copy: the table is searched from the start.

use std::sync::LazyLock;

use super::Status;
use super::location::{self, Place};
use crate::units::{Span, Usd, parse_number};

const PRICES: &str = include_str!("../../data/prices.csv");

/// One price with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Dollars per GB (2^30 bytes, as the pricing page counts them), or per GB and month.
    pub per_gb: Usd,
    /// Whether there is a figure at all; an unknown price counts as nothing, and is said.
    pub known: bool,
    /// How sure it is.
    pub status: Status,
    /// Where it stands.
    pub source: &'static str,
    /// When it was read or published there, as the source says it; empty where nothing was.
    pub date: &'static str,
}

/// A tier of the surcharge: its price holds from this duration up to the next tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Least duration of the tier.
    pub from: Span,
    /// Dollars per GiB copied.
    pub per_gib: Usd,
}

const fn tier(from_mins: u64, thousandths: i128) -> Tier {
    Tier { from: Span::from_mins(from_mins), per_gib: Usd::thousandths(thousandths) }
}

/// The surcharge of time-based copies, shortest duration first (F41).
///
/// Documented: EBS User Guide, "Time-based copies", pricing and billing, read 2026-11; one list for
/// all Regions.
pub const SURCHARGE: [Tier; 7] = [
    tier(15, 20),
    tier(30, 18),
    tier(60, 16),
    tier(120, 14),
    tier(240, 12),
    tier(480, 10),
    tier(960, 5),
];

/// The surcharge per GiB in the tier where `duration` lies; below the first tier, that of the first.
pub fn surcharge(tiers: &[Tier], duration: Span) -> Usd {
    let tier = tiers.iter().rev().find(|tier| tier.from <= duration);
    tier.or(tiers.first()).map_or(Usd::ZERO, |tier| tier.per_gib)
}

/// A tier of [`SURCHARGE`] with what is known of it.
pub fn published_surcharge(tier: &Tier) -> Price {
    Price { per_gb: tier.per_gib, ..SURCHARGE_PAGE }
}

const SURCHARGE_PAGE: Price = Price {
    per_gb: Usd::ZERO,
    known: true,
    status: Status::Documented,
    source: "EBS User Guide, Time-based copies: pricing and billing (F41)",
    date: "2026-11",
};

/// What a transfer from one place to another costs per GB.
///
/// Nothing inside one Region. Between a Region and a zone or an Outpost of it the price is unknown
/// (`known` is false): give the zone's name, or anything that is no Region, as the destination.
/// Else the rule of `data/README.md`: the row of the very pair before one of the source Region,
/// then the better grade, then the later date; without a row 0.02 USD/GB, assumed (P-XFER).
pub fn transfer(source: &str, destination: &str) -> Price {
    if source == destination {
        return SAME_PLACE;
    }
    let is_region = |name| matches!(location::place(name), Ok(Place::Region(_)));
    if !is_region(source) || !is_region(destination) {
        return UNKNOWN_EDGE;
    }
    let rows = ROWS.iter().filter(|row| row.is("inter_region_data_transfer_out", source));
    let best = rows
        .filter_map(|row| row.reach(destination).map(|reach| (reach, row)))
        .min_by(|(a_reach, a), (b_reach, b)| a_reach.cmp(b_reach).then_with(|| a.order(b)));
    best.map_or(UNLISTED_TRANSFER, |(_, row)| row.price())
}

/// What a GB of snapshots costs for a month in a Region; 0.05 USD, assumed, where nothing is listed.
pub fn storage(region: &str) -> Price {
    storage_in(&[region])
}

/// What a GB of local snapshots costs for a month in a Local Zone: what is listed for the zone, else
/// for its Region, assumed.
pub fn zone_storage(zone: &str, region: &str) -> Price {
    let price = storage_in(&[zone, region]);
    let own = ROWS.iter().any(|row| row.is(STORAGE, zone));
    Price { status: if own { price.status } else { Status::Assumed }, ..price }
}

/// What a GB of local snapshots costs for a month on an Outpost: nothing, since the Outpost's own
/// Amazon S3 capacity is paid for as a whole; no price per GB was found.
pub fn outpost_storage() -> Price {
    OWN_CAPACITY
}

/// The price at the first of these places that is listed.
fn storage_in(places: &[&str]) -> Price {
    let rows = || ROWS.iter().filter(|row| row.item == STORAGE);
    let listed = places.iter().find_map(|place| {
        let listed = ROWS.iter().filter(|row| row.is(STORAGE, place));
        listed.min_by(|a, b| a.order(b))
    });
    let assumed = || rows().find(|row| row.source_region == "*").expect("the table has a default");
    listed.unwrap_or_else(assumed).price()
}

/// The item of the table that is the price of stored snapshots.
const STORAGE: &str = "snapshot_storage_standard";

const OWN_CAPACITY: Price = Price {
    per_gb: Usd::ZERO,
    known: false,
    status: Status::Assumed,
    source: "no price per GB of local snapshots on Outposts was found: the capacity is paid for",
    date: "",
};

const SAME_PLACE: Price = Price {
    per_gb: Usd::ZERO,
    known: true,
    status: Status::Documented,
    source: "EBS User Guide, Copy an Amazon EBS snapshot: transfer is charged across Regions (F46)",
    date: "2026-11",
};

const UNKNOWN_EDGE: Price = Price {
    per_gb: Usd::ZERO,
    known: false,
    status: Status::Assumed,
    source: "no price between a Region and its Local Zones or Outposts was found",
    date: "",
};

const UNLISTED_TRANSFER: Price = Price {
    per_gb: Usd::thousandths(20),
    known: true,
    status: Status::Assumed,
    source: "the price of most Regions, taken for one that is not listed (P-XFER)",
    date: "",
};

/// How good a row is: A official, B good second-hand, C assumption, D obsolete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    A,
    B,
    C,
    D,
}

/// Whether a row is for one destination or for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Pair,
    Any,
}

struct Row {
    item: String,
    source_region: String,
    destination: String,
    usd: Option<Usd>,
    source: String,
    date: String,
    grade: Grade,
}

impl Row {
    fn is(&self, item: &str, source_region: &str) -> bool {
        self.item == item
            && self.source_region == source_region
            && self.usd.is_some()
            && self.grade < Grade::D
    }

    fn reach(&self, destination: &str) -> Option<Reach> {
        let any =
            self.destination == "*" || self.destination.ends_with("(taken as any other Region)");
        match (any, self.destination == destination) {
            (true, _) => Some(Reach::Any),
            (false, true) => Some(Reach::Pair),
            (false, false) => None,
        }
    }

    /// Better grade first, then later date; dates start with the year, so text order is time order.
    fn order(&self, other: &Row) -> std::cmp::Ordering {
        self.grade.cmp(&other.grade).then_with(|| other.date.cmp(&self.date))
    }

    fn price(&'static self) -> Price {
        Price {
            per_gb: self.usd.unwrap_or(Usd::ZERO),
            known: self.usd.is_some(),
            status: match self.grade {
                Grade::A => Status::Documented,
                Grade::B => Status::Observed,
                Grade::C | Grade::D => Status::Assumed,
            },
            source: &self.source,
            date: &self.date,
        }
    }
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let records = csv::Reader::from_reader(PRICES.as_bytes()).into_records();
    records.map(|record| row_of(&record.expect("the table is well formed"))).collect()
});

fn row_of(record: &csv::StringRecord) -> Row {
    Row {
        item: record[0].to_owned(),
        source_region: record[1].to_owned(),
        destination: record[2].to_owned(),
        usd: parse_number(&record[5]).ok().map(Usd::from_f64),
        source: record[6].to_owned(),
        date: record[7].to_owned(),
        grade: match &record[8] {
            "A" => Grade::A,
            "B" => Grade::B,
            "C" => Grade::C,
            _ => Grade::D,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F41: 30 to 45 minutes are the second tier, 16 hours and more the last; 1 minute has none.
    #[test]
    fn a_tier_holds_from_its_first_duration_to_the_next() {
        let mins = [1, 15, 29, 30, 59, 60, 959, 960, 2880];
        let per_gib = mins.map(|mins| surcharge(&SURCHARGE, Span::from_mins(mins)));
        assert_eq!(per_gib, [20, 20, 20, 18, 18, 16, 10, 5, 5].map(Usd::thousandths));
    }

    /// The constants and the rows of the table are one list: `30-45 min` starts the second tier.
    #[test]
    fn the_surcharge_is_that_of_the_table() {
        let records = csv::Reader::from_reader(PRICES.as_bytes()).into_records();
        let rows: Vec<_> = records.map(|record| record.unwrap()).collect();
        let listed: Vec<_> = rows
            .iter()
            .filter(|row| &row[0] == "time_based_copy")
            .map(|row| {
                let from = row[3].split('-').next().unwrap().parse().unwrap();
                Tier {
                    from: Span::from_mins(from),
                    per_gib: Usd::from_f64(parse_number(&row[5]).unwrap()),
                }
            })
            .collect();
        assert_eq!(listed, SURCHARGE);
    }

    #[test]
    fn a_pair_of_its_own_goes_before_the_price_of_the_source() {
        let pair = transfer("us-east-1", "us-east-2");
        assert_eq!((pair.per_gb, pair.status), (Usd::thousandths(10), Status::Observed));
        let other = transfer("us-east-1", "us-west-2");
        assert_eq!((other.per_gb, other.date), (Usd::thousandths(20), "2024-09-25"));
    }

    /// af-south-1 stands in both sources: 0.1470 of 2024-09-25 and 0.147 of 2022-11; eu-central-2
    /// only in the older; us-iso-east-1 in none.
    #[test]
    fn the_later_of_two_rows_of_one_grade_is_taken() {
        let cape = transfer("af-south-1", "eu-west-1");
        assert_eq!((cape.per_gb, cape.date), (Usd::thousandths(147), "2024-09-25"));
        assert_eq!(transfer("eu-central-2", "eu-west-1").date, "2022-11");
        let unlisted = transfer("us-iso-east-1", "us-iso-west-1");
        assert_eq!((unlisted.per_gb, unlisted.status), (Usd::thousandths(20), Status::Assumed));
        assert!(unlisted.known);
    }

    #[test]
    fn inside_a_region_nothing_is_charged_and_to_its_edge_nothing_is_known() {
        assert_eq!(transfer("us-east-1", "us-east-1").per_gb, Usd::ZERO);
        assert!(transfer("us-east-1", "us-east-1").known);
        for edge in ["us-east-1-atl-2a", "arn:aws:outposts:us-east-1:111122223333:outpost/op-1"] {
            let price = transfer("us-east-1", edge);
            assert_eq!(
                (price.per_gb, price.known, price.status),
                (Usd::ZERO, false, Status::Assumed)
            );
        }
    }

    /// Tokyo has one row only, of grade D, which warns and is not used.
    #[test]
    fn storage_of_a_region_without_a_row_is_assumed() {
        assert_eq!(storage("us-west-1").per_gb, Usd::thousandths(55));
        assert_eq!(storage("us-west-1").status, Status::Documented);
        assert_eq!(storage("us-west-2").status, Status::Observed);
        for region in ["ap-northeast-1", "eu-north-1"] {
            let price = storage(region);
            assert_eq!((price.per_gb, price.status), (Usd::thousandths(50), Status::Assumed));
        }
    }

    /// No zone has a row: that of us-west-1 would cost what us-west-1 does, 0.055, which is assumed.
    #[test]
    fn storage_in_a_zone_costs_what_it_does_in_its_region_and_on_an_outpost_nothing() {
        let zone = zone_storage("us-west-1-xyz-1a", "us-west-1");
        assert_eq!((zone.per_gb, zone.status), (Usd::thousandths(55), Status::Assumed));
        assert_eq!((outpost_storage().per_gb, outpost_storage().known), (Usd::ZERO, false));
    }
}
