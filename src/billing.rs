//! What a copy costs, and what to ask for: pure functions of amounts, durations, and prices.
//!
//! A GiB of the surcharge and a GB of transfer or storage are both 2^30 bytes: the pricing page
//! counts a GB as 2^30 bytes (F49 keeps the units apart; the number of bytes is the same).

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use crate::catalog::limit::{COPY_RATE_MAX, DURATION_STEP};
use crate::catalog::price::{self, SURCHARGE, Tier};
use crate::model::{BillRound, Model, Route};
use crate::record::BillRule;
use crate::units::{ByteTime, Bytes, Rate, Span, Usd};

mod duration;
mod list;

pub use duration::{least_duration, quota_to_ask, required_rate};
pub use list::{ListPrice, Part, list};

/// Who is to blame where a completion duration was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Miss {
    /// It was met.
    None,
    /// A quota of the customer was exceeded (F42).
    Customer,
    /// The service itself was too slow (F43).
    Service,
}

impl Miss {
    /// Who is to blame for a missed duration, by what the copy needed and what it was granted
    /// (P-MISS-BLAME): the customer if the grant was short of min(required, 500 MiB/s), or if more
    /// than 500 MiB/s was required; else the service.
    pub fn blame(required: Rate, granted: Rate) -> Miss {
        let short = granted < required.min(COPY_RATE_MAX);
        if short || COPY_RATE_MAX < required { Miss::Customer } else { Miss::Service }
    }
}

/// How a time-based copy ended, as far as the bill asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Within its duration.
    Met,
    /// Deleted by the customer before its end, late or not (F44).
    Deleted,
    /// Late, and the customer is to blame (F42).
    MissedByCustomer {
        /// How long it took by the provider's clock.
        actual: Span,
    },
    /// Late, and the service is to blame (F43).
    MissedByService,
    /// It failed, or the service cancelled it (F43).
    Failed,
    /// Under way when the bill is made up.
    Unfinished,
}

impl Ending {
    /// The ending of a copy that completed after `actual` by the provider's clock.
    pub const fn completed(miss: Miss, actual: Span) -> Ending {
        match miss {
            Miss::None => Ending::Met,
            Miss::Customer => Ending::MissedByCustomer { actual },
            Miss::Service => Ending::MissedByService,
        }
    }

    /// The rule that prices a time-based copy with this ending.
    pub const fn rule(self) -> BillRule {
        match self {
            Ending::Met => BillRule::Met,
            Ending::Deleted => BillRule::Deleted,
            Ending::MissedByCustomer { .. } => BillRule::CustomerMiss,
            Ending::MissedByService => BillRule::ServiceMiss,
            Ending::Failed => BillRule::Failed,
            Ending::Unfinished => BillRule::Unfinished,
        }
    }
}

/// The prices that hold for the copies of one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    /// Surcharge of time-based copies per GiB, shortest duration first.
    pub surcharge: Vec<Tier>,
    /// Transfer per GB.
    pub transfer_per_gb: Usd,
    /// Storage at the destination per GB and month.
    pub storage_per_gb_month: Usd,
    /// The tier of an actual duration between two steps.
    pub rounding: BillRound,
}

/// What one copy costs, by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bill {
    /// For the completion duration.
    pub surcharge: Usd,
    /// For the way between the places.
    pub transfer: Usd,
    /// For keeping it at the destination.
    pub storage: Usd,
}

impl Tariff {
    /// The published prices from one place to another, by name; storage is that of the
    /// destination's Region, which the caller names.
    pub fn published(source: &str, destination: &str, destination_region: &str) -> Tariff {
        Tariff {
            surcharge: SURCHARGE.to_vec(),
            transfer_per_gb: price::transfer(source, destination).per_gb,
            storage_per_gb_month: price::storage(destination_region).per_gb,
            rounding: BillRound::Up,
        }
    }

    /// The prices that hold for the copies of one route: those of the scenario, else published ones.
    pub fn of(model: &Model, route: &Route) -> Tariff {
        let own = model.prices.surcharge.clone();
        Tariff {
            surcharge: own.unwrap_or_else(|| SURCHARGE.to_vec()),
            transfer_per_gb: list::transfer(model, route).per_gb,
            storage_per_gb_month: list::storage(model, route.to).per_gb,
            rounding: model.assume.bill_round,
        }
    }

    /// The duration at whose tier a copy is billed for which `requested` was asked; none where there
    /// is no surcharge (F41–F44).
    pub fn billed_duration(&self, requested: Span, ending: Ending) -> Option<Span> {
        match (ending, self.rounding) {
            (Ending::Met | Ending::Deleted | Ending::Unfinished, _) => Some(requested),
            (Ending::MissedByService | Ending::Failed, _) => None,
            (Ending::MissedByCustomer { actual }, BillRound::Up) => {
                Some(actual.round_up_to(DURATION_STEP))
            }
            (Ending::MissedByCustomer { actual }, BillRound::Down) => Some(actual),
        }
    }

    /// The surcharge per GiB of a copy for which `requested` was asked (F41–F44).
    pub fn surcharge_per_gib(&self, requested: Span, ending: Ending) -> Usd {
        let billed = self.billed_duration(requested, ending);
        billed.map_or(Usd::ZERO, |billed| price::surcharge(&self.surcharge, billed))
    }

    /// The bill of a standard copy that moved `moved` bytes: no surcharge (F46).
    pub fn standard(&self, moved: Bytes) -> Bill {
        Bill { transfer: self.transfer_per_gb.per_gib(moved), ..Bill::default() }
    }

    /// The bill of a time-based copy that moved `moved` bytes, all of them or until it was deleted.
    pub fn time_based(&self, moved: Bytes, requested: Span, ending: Ending) -> Bill {
        let surcharge = self.surcharge_per_gib(requested, ending).per_gib(moved);
        Bill { surcharge, ..self.standard(moved) }
    }

    /// What it costs to keep copies at the destination.
    pub fn storage(&self, kept: ByteTime) -> Bill {
        let storage = self.storage_per_gb_month.per_gib_month(kept);
        Bill { storage, ..Bill::default() }
    }
}

impl Bill {
    /// The sum of the parts.
    pub fn total(self) -> Usd {
        self.surcharge + self.transfer + self.storage
    }
}

impl Add for Bill {
    type Output = Bill;
    fn add(self, other: Bill) -> Bill {
        Bill {
            surcharge: self.surcharge + other.surcharge,
            transfer: self.transfer + other.transfer,
            storage: self.storage + other.storage,
        }
    }
}

impl AddAssign for Bill {
    fn add_assign(&mut self, other: Bill) {
        *self = *self + other;
    }
}

impl Sum for Bill {
    fn sum<I: Iterator<Item = Bill>>(bills: I) -> Bill {
        bills.fold(Bill::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tariff() -> Tariff {
        Tariff::published("us-east-1", "us-west-2", "us-west-2")
    }

    fn usd(thousandths: i128) -> Usd {
        Usd::thousandths(thousandths)
    }

    /// 3,000 GiB in 8 h: 0.010 × 3,000 = 30 USD; transfer at 0.02 USD/GB: 60 USD.
    #[test]
    fn tv4_a_copy_in_eight_hours() {
        let bill = tariff().time_based(Bytes::gib(3000), Span::from_hours(8), Ending::Met);
        assert_eq!(bill.surcharge, usd(30_000));
        assert_eq!(bill.transfer, usd(60_000));
        assert_eq!(bill.total(), usd(90_000));
    }

    /// The worked examples of the pricing page: 1,000 GiB in 1 h at 0.016, 3,000 GiB in 3 h at 0.014.
    #[test]
    fn the_examples_of_the_pricing_page() {
        let surcharge = |gib, hours| {
            tariff().time_based(Bytes::gib(gib), Span::from_hours(hours), Ending::Met).surcharge
        };
        assert_eq!(surcharge(1000, 1), usd(16_000));
        assert_eq!(surcharge(3000, 3), usd(42_000));
    }

    /// Asked 1 h (0.016), the customer's quota was exceeded, took 2 h: the tier of 2 h, 0.014.
    #[test]
    fn tv5_the_customers_miss_is_billed_by_what_it_took() {
        let ending = Ending::completed(Miss::Customer, Span::from_hours(2));
        assert_eq!(tariff().surcharge_per_gib(Span::from_hours(1), ending), usd(14));
    }

    /// 900,000 MiB in 15 min need 1,000 MiB/s, get 500 MiB/s, take 30 min: missed because of the
    /// customer (required > 500), billed at the 30–45 min tier: 0.018.
    #[test]
    fn tv19_asking_for_more_than_one_copy_can_carry() {
        let required = required_rate(Bytes::mib(900_000), Span::from_mins(15));
        assert_eq!(required, Rate::mib_per_s(1000));
        let miss = Miss::blame(required, COPY_RATE_MAX);
        let actual = COPY_RATE_MAX.time_for(Bytes::mib(900_000)).unwrap();
        assert_eq!((miss, actual), (Miss::Customer, Span::from_mins(30)));
        let ending = Ending::completed(miss, actual);
        assert_eq!(tariff().surcharge_per_gib(Span::from_mins(15), ending), usd(18));
    }

    /// 15, 30, 45, 60, 105, 120, 225, 240, 465, 480, 945, 960, 2,880 minutes (F41), kept in time.
    #[test]
    fn tv21_the_tier_of_each_duration() {
        let mins = [15, 30, 45, 60, 105, 120, 225, 240, 465, 480, 945, 960, 2880];
        let per_gib = mins.map(|m| tariff().surcharge_per_gib(Span::from_mins(m), Ending::Met));
        assert_eq!(per_gib, [20, 18, 18, 16, 16, 14, 14, 12, 12, 10, 10, 5, 5].map(usd));
    }

    /// Deleted after 1,000 of 3,000 GiB, 8 h asked: 1,000 × 0.010 = 10 USD; the transfer done, 1,000
    /// GB at 0.02, stays billed (F46).
    #[test]
    fn tv22_a_copy_deleted_midway_pays_for_its_bytes() {
        let bill = tariff().time_based(Bytes::gib(1000), Span::from_hours(8), Ending::Deleted);
        assert_eq!((bill.surcharge, bill.transfer), (usd(10_000), usd(20_000)));
    }

    /// 119.8 min: rounded up 120 min, 0.014 (the price part of TV32); the tier it lies in, 0.016.
    #[test]
    fn an_actual_duration_between_two_steps_is_rounded_by_the_switch() {
        let ending = Ending::MissedByCustomer { actual: Span::from_secs(7188) };
        let up = tariff();
        let down = Tariff { rounding: BillRound::Down, ..tariff() };
        assert_eq!(up.surcharge_per_gib(Span::from_hours(1), ending), usd(14));
        assert_eq!(down.surcharge_per_gib(Span::from_hours(1), ending), usd(16));
        // from 16 h on there is one tier, however long it takes
        let week = Ending::MissedByCustomer { actual: Span::from_days(7) };
        assert_eq!(up.surcharge_per_gib(Span::from_mins(15), week), usd(5));
    }

    #[test]
    fn the_services_miss_costs_no_surcharge_but_its_transfer() {
        let late = Ending::completed(Miss::Service, Span::from_hours(2));
        let bill = tariff().time_based(Bytes::gib(100), Span::from_hours(1), late);
        assert_eq!(bill, tariff().standard(Bytes::gib(100)));
        assert_eq!(bill.total(), usd(2000)); // 100 × 0.02
    }

    /// Asked 1 h. By what was asked: 1 h; by what it took, 119.8 min: the step above, 2 h; without a
    /// surcharge: none.
    #[test]
    fn each_ending_has_its_rule_and_the_duration_that_it_is_billed_by() {
        let hour = Span::from_hours(1);
        let late = Ending::MissedByCustomer { actual: Span::from_secs(7188) };
        let endings = [
            (Ending::Met, "met", Some(hour)),
            (late, "customer_miss", Some(Span::from_hours(2))),
            (Ending::MissedByService, "service_miss", None),
            (Ending::Deleted, "deleted", Some(hour)),
            (Ending::Failed, "failed", None),
            (Ending::Unfinished, "unfinished", Some(hour)),
        ];
        for (ending, rule, billed) in endings {
            assert_eq!(ending.rule().name(), rule);
            assert_eq!(tariff().billed_duration(hour, ending), billed, "{rule}");
        }
    }

    /// 160 granted of 319.4 MiB/s is the customer's miss; 250 of 250 the service's.
    #[test]
    fn blame_follows_the_grant() {
        let mib = Rate::mib_per_s;
        assert_eq!(Miss::blame(mib(319), mib(160)), Miss::Customer);
        assert_eq!(Miss::blame(mib(250), mib(250)), Miss::Service);
        assert_eq!(Miss::blame(mib(500), mib(500)), Miss::Service);
        assert_eq!(Miss::blame(mib(501), mib(500)), Miss::Customer);
    }

    /// 73 h are a tenth of a month: 100 GB × 0.1 × 0.05 USD = 0.5 USD.
    #[test]
    fn bills_add_up_by_part() {
        let kept = ByteTime::of(Bytes::gib(100), Span::from_hours(73));
        let stored = tariff().storage(kept);
        let sum: Bill = [stored, tariff().standard(Bytes::gib(50))].into_iter().sum();
        assert_eq!(sum, Bill { surcharge: Usd::ZERO, transfer: usd(1000), storage: usd(500) });
        assert_eq!(sum.total(), usd(1500));
    }
}
