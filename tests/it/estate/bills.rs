//! The bytes on the bill are the bytes that moved; bases are what is published.

use proptest::prelude::*;
use proptest::sample::select;
use snapferry::billing::Tariff;
use snapferry::engine::network::Levels;
use snapferry::model::{
    AfterTimeout, Change, CopyFailures, Incident, IncidentKind, Model, Retention, Waiter,
};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Instant, Span, Usd};

use super::{hourly, then};
use crate::support::{IRELAND, Row, START, WEST, measured, model, run_on};

/// A working day of two hops with failures, impatient clients, short retention, and a change of key.
pub(crate) fn models() -> impl Strategy<Value = Model> {
    let client = (select(vec![None, Some(60), Some(400)]), 1..4u32, 1..5u32);
    let copies = (0.0..0.5f64, prop::bool::ANY, select(vec![0u64, 90, 200]), 0..4u32);
    (client, copies, prop::collection::vec(1_000..60_000u64, 1..6), 0..1_000u64).prop_map(
        |((timeout, max, slots), (share, in_time, keep_mins, count), sizes, seed)| {
            let mut model = model();
            model.seed = seed;
            model.horizon = Span::from_hours(8);
            model.drain = Span::from_hours(2);
            model.accounts[0].limits.snapshot_slots = slots;
            let sizes: Vec<Bytes> = sizes.into_iter().map(Bytes::mib).collect();
            hourly(&mut model, "f", &sizes, WEST);
            let fleet = &mut model.fleets[0];
            fleet.change = Change::PerSnapshot(0.2);
            let rule = &mut fleet.copies[0];
            rule.failures =
                Some(CopyFailures { share, moment: Distribution::Uniform { low: 0.0, high: 1.0 } });
            rule.completion_duration = in_time.then_some(Span::from_mins(15));
            rule.retain = match (keep_mins, count) {
                (0, 0) => Retention::Forever,
                (0, count) => Retention::Count(count),
                (mins, _) => Retention::Age(Span::from_mins(mins)),
            };
            then(&mut model, 0, IRELAND);
            model.clients[0].max_copies = Some(max);
            model.clients[0].waiter = timeout.map(|secs| Waiter {
                timeout: Span::from_secs(secs),
                then: AfterTimeout::CopyAgain,
            });
            let at = START + Span::from_hours(4);
            let kind = IncidentKind::NewKey(Vec::new());
            model.incidents.push(Incident { name: "key".to_owned(), kind, at, until: at });
            model
        },
    )
}

/// When the copy of a row is deleted: by age, or when so many newer snapshots are there.
pub(super) fn deleted(row: &Row, rows: &[&Row], retain: Retention) -> Option<Instant> {
    let ended = row.ended.filter(|_| row.arrived())?;
    match retain {
        Retention::Forever => None,
        Retention::Age(age) => Some(ended + age),
        Retention::Count(count) => {
            // The copies of one lineage that were there, by the moments at which they came.
            let mut later: Vec<(Instant, u64)> = rows
                .iter()
                .filter(|other| other.arrived() && row.snapshot < other.snapshot)
                .map(|other| (other.ended.expect("it ended").max(ended), other.snapshot))
                .collect();
            later.sort_unstable();
            later.get(usize::try_from(count).expect("a small number") - 1).map(|(at, _)| *at)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// What moved, by kind and at its price, zero included, is what is billed.
    #[test]
    fn the_bytes_on_the_bill_are_those_that_moved(model in models()) {
        let (rows, result) = run_on::<Levels>(&model, 0);
        for (to, from) in [("us-west-2", "us-east-1"), ("eu-west-1", "us-west-2")] {
            let tariff = Tariff::published(from, to, to);
            let scope = format!("f → {to}");
            let of: Vec<&Row> = rows.copies.iter().filter(|row| row.to == to).collect();
            let moved: Bytes = of.iter().map(|row| row.moved).sum();
            prop_assert_eq!(measured(&result, &scope, "moved"), moved.as_f64());
            let again: Bytes = of.iter().filter(|row| 0 < row.again).map(|row| row.moved).sum();
            prop_assert_eq!(measured(&result, &scope, "moved_again"), again.as_f64());
            let (mut transfer, mut surcharge) = (Usd::ZERO, Usd::ZERO);
            for row in &of {
                transfer += tariff.standard(row.moved).transfer;
                let paid = Usd::from_nanos(i128::from(row.surcharge_nano_usd));
                if !row.time_based || !row.arrived() && row.ended.is_some() {
                    prop_assert_eq!(paid, Usd::ZERO, "standard, or failed: {:?}", row);
                }
                if row.time_based && row.met == Some(true) {
                    let asked = Span::from_mins(15);
                    let per_gib = tariff.surcharge_per_gib(asked, snapferry::billing::Ending::Met);
                    prop_assert_eq!(paid, per_gib.per_gib(row.moved), "{:?}", row);
                }
                surcharge += paid;
            }
            prop_assert_eq!(measured(&result, &scope, "transfer"), transfer.as_f64());
            prop_assert_eq!(measured(&result, &scope, "surcharge"), surcharge.as_f64());
        }
    }

    /// A copy is incremental if and only if a copy of an older snapshot of its volume was completed
    /// there by then, not deleted, and under the same key (F102–F105).
    #[test]
    fn a_base_is_there_completed_and_under_the_same_key(model in models()) {
        let (rows, _) = run_on::<Levels>(&model, 0);
        let changed = model.incidents[0].at;
        for (place, to) in ["us-west-2", "eu-west-1"].into_iter().enumerate() {
            let retain = model.fleets[0].copies[place].retain;
            for row in rows.copies.iter().filter(|row| row.to == to) {
                // Those that fall due after the window have no rows, and may push others out.
                let Some(accepted) = row.accepted.filter(|at| *at < model.end()) else { continue };
                let same: Vec<&Row> = rows
                    .copies
                    .iter()
                    .filter(|other| other.to == to && other.volume == row.volume)
                    .collect();
                let usable = |other: &&&Row| {
                    other.arrived()
                        && other.snapshot < row.snapshot
                        && other.ended.unwrap() <= accepted
                        && deleted(other, &same, retain).is_none_or(|at| accepted <= at)
                        && (other.accepted.unwrap() < changed) == (accepted < changed)
                };
                let at_the_edge = same.iter().any(|other| {
                    other.ended == Some(accepted)
                        || deleted(other, &same, retain) == Some(accepted)
                });
                if !at_the_edge {
                    let based = same.iter().any(|other| usable(&other));
                    prop_assert_eq!(row.incremental, Some(based), "{:?}", row);
                }
            }
        }
    }
}
