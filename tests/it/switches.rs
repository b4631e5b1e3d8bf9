//! What switches of the engine change, worked by hand, one fact each.
//!
//! Standard copies run at 100 MiB/s, so that 90,000 MiB take 900 s. A client that is refused asks
//! again every 10 s. Times are in seconds after the start.

use snapferry::model::{
    Change, CopyRule, Counting, Initial, Items, Model, QuotaScope, Route, SameSource, SiteIdx,
};
use snapferry::units::{Bytes, Rate, Span};

use crate::support::{
    HOME, IRELAND, OUTPOST, Row, WEST, add, client, every, fleet, image, model, once, rule, run,
    volumes,
};

/// A fleet of one volume somewhere, copied once over a route; it is asked `asked` s after the start.
fn one(
    model: &mut Model,
    (name, mib, asked): (&str, u64, u64),
    (from, to): (SiteIdx, SiteIdx),
    mins: Option<u64>,
) {
    let known = model.routes.iter().position(|route| (route.from, route.to) == (from, to));
    let route = known.unwrap_or_else(|| {
        model.routes.push(Route { from, to, links: Vec::new() });
        model.routes.len() - 1
    });
    let mut one = fleet(name, volumes(&[Bytes::mib(mib)]), once(asked));
    one.location = from;
    let duration = mins.map(Span::from_mins);
    let plain = rule(model, WEST, duration);
    one.copies = vec![CopyRule { from, to, route, ..plain }];
    model.clients.push(client(name));
    model.fleets.push(one);
}

/// Seconds from the start to when each copy of a fleet was accepted.
fn accepted(model: &Model, fleet: &str) -> Vec<u64> {
    let (rows, _) = run(model);
    let since = |row: &Row| row.accepted.expect("accepted").since(model.start);
    rows.of(fleet).into_iter().map(|row| since(row).whole(Span::from_secs(1))).collect()
}

/// P-CUM-SCOPE. 500 MiB/s in all. Each of two copies from two Regions needs them until 900 s. By
/// pair, the second one is accepted when it is asked, at 1 s; by destination it is refused until
/// the first has ended: at 1, 11, …, 891 s, and accepted at 901 s.
#[test]
fn f5_by_destination_all_sources_share_one_quota() {
    for (scope, expected) in [(QuotaScope::Pair, 1), (QuotaScope::Destination, 901)] {
        let mut model = model();
        model.assume.quota_scope = scope;
        model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
        one(&mut model, ("a", 450_000, 0), (HOME, WEST), Some(15));
        one(&mut model, ("b", 450_000, 1), (IRELAND, WEST), Some(15));
        assert_eq!(accepted(&model, "b"), [expected], "{scope:?}");
    }
}

/// P-TB-SIZE. 900 GiB of which a tenth changes, in 30 min: 90 GiB need 90 × 1,024 / 1,800 =
/// 51.2 MiB/s, the full size 512 MiB/s, which is asked for, and granted only to the cap of 500.
#[test]
fn f16_f27_the_required_rate_counts_what_moves_or_the_full_size() {
    for (by_full_size, required) in [(false, 51.2), (true, 512.0)] {
        let mut model = model();
        model.horizon = Span::from_hours(1);
        model.assume.quota_by_full_size = by_full_size;
        let mut one = fleet("f", volumes(&[Bytes::gib(900)]), every(Span::from_days(1)));
        one.change = Change::PerSnapshot(0.1);
        add(&mut model, one, (WEST, Some(Span::from_mins(30))));
        model.fleets[0].copies[0].initial = Initial::Seeded;
        let (rows, _) = run(&model);
        let row = rows.of("f")[0];
        let expected = Rate::new(required * f64::from(1 << 20));
        assert_eq!(row.bytes, Some(Bytes::gib(90)));
        assert_eq!(row.required, Some(expected.ceil()), "{by_full_size}");
        assert_eq!(row.granted, Some(expected.min(Rate::mib_per_s(500)).ceil()));
    }
}

/// Two standard copies of one snapshot to one place, whatever time-based ones would do: both are
/// accepted when asked, and end after 900 s each.
#[test]
fn f23_standard_copies_of_one_snapshot_run_at_once() {
    let mut model = model();
    model.assume.same_source = SameSource::AnyDestination;
    let mut twice = fleet("f", volumes(&[Bytes::mib(90_000)]), once(0));
    let first = rule(&model, WEST, None);
    let second = CopyRule { delay: Span::from_secs(1), ..first.clone() };
    twice.copies = vec![first, second];
    model.clients.push(client("f"));
    model.fleets.push(twice);
    let (rows, _) = run(&model);
    let mut ends: Vec<Span> = rows.of("f").into_iter().map(Row::end).collect();
    ends.sort_unstable();
    assert_eq!(ends, [900, 901].map(Span::from_secs));
}

/// P-COUNT-AMI-SNAPS. 3 slots, of which a snapshot copy has one until 900 s; an image of 3
/// snapshots, asked at 1 s, does not care, or finds its 3 slots at 901 s.
#[test]
fn f97_the_snapshots_of_an_image_take_slots_by_switch() {
    for (counting, expected) in [(Counting::Free, 1), (Counting::Counted, 901)] {
        let mut model = model();
        model.assume.image_snapshot_slots = counting;
        model.accounts[0].limits.snapshot_slots = 3;
        one(&mut model, ("a", 90_000, 0), (HOME, WEST), None);
        let items = Items::Images(vec![image("golden", &[100; 3].map(Bytes::mib))]);
        add(&mut model, fleet("b", items, once(1)), (WEST, None));
        assert_eq!(accepted(&model, "b"), [expected; 3], "{counting:?}");
    }
}

/// P-DEST-COUNT. One slot: a copy to the Region has it until 900 s. A copy to the Region's Outpost,
/// asked at 1 s, has one of its own, or waits until 901 s.
#[test]
fn f98_an_outpost_shares_the_slots_of_its_region_by_switch() {
    for (shares, expected) in [(false, 1), (true, 901)] {
        let mut model = model();
        model.assume.edge_shares_parent_slots = shares;
        model.accounts[0].limits.snapshot_slots = 1;
        one(&mut model, ("a", 90_000, 0), (IRELAND, HOME), None);
        one(&mut model, ("b", 100, 1), (HOME, OUTPOST), None);
        assert_eq!(accepted(&model, "b"), [expected], "{shares}");
    }
}

/// P-EDGE-INCR. 100 GiB of which a tenth changes, to an Outpost that has the copy before: 10 GiB,
/// or all; to a Region 10 GiB whatever the switch says.
#[test]
fn f108_copies_to_an_outpost_are_full_by_switch() {
    for (always_full, to, gib) in [(false, OUTPOST, 10), (true, OUTPOST, 100), (true, WEST, 10)] {
        let mut model = model();
        model.horizon = Span::from_hours(1);
        model.assume.edge_always_full = always_full;
        let mut one = fleet("f", volumes(&[Bytes::gib(100)]), every(Span::from_days(1)));
        one.change = Change::PerSnapshot(0.1);
        add(&mut model, one, (to, None));
        model.fleets[0].copies[0].initial = Initial::Seeded;
        let (rows, _) = run(&model);
        let row = rows.of("f")[0];
        assert_eq!((row.bytes, row.incremental), (Some(Bytes::gib(gib)), Some(gib == 10)));
    }
}
