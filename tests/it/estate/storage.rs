//! What is stored is what stands: worked by hand, and against a sum over rows.

use proptest::prelude::*;
use snapferry::engine::network::Levels;
use snapferry::model::{Account, Change, CopyRule, Initial, Items, Model, Retention};
use snapferry::units::{ByteTime, Bytes, Instant, Span, Usd};

use super::bills::{deleted, models};
use super::hourly;
use crate::support::{
    OUTPOST, Row, Rows, WEST, add, every, fleet, measured, model, run, run_on, volumes,
};

/// A month of storage, in seconds: 730 h.
const MONTH: f64 = 2_628_000.0;

/// Daily copies of 100 GiB of which a tenth changes, kept for 3 days, five days long.
fn daily() -> Model {
    let mut model = model();
    model.horizon = Span::from_days(5);
    let mut one = fleet("f", volumes(&[Bytes::gib(100)]), every(Span::from_days(1)));
    one.change = Change::PerSnapshot(0.1);
    add(&mut model, one, (WEST, None));
    model.fleets[0].copies[0].retain = Retention::Age(Span::from_days(3));
    model
}

/// The first takes 1,024 s, the others 102.4 s. From 1,024 s on some copy is the oldest and stores
/// 100 GiB: 432,000 − 1,024 s. The others store 10 GiB while they are not the oldest: that of day 1
/// until that of day 0 goes at 3 d + 1,024 s: 2 d + 921.6 s; that of day 2 until that of day 1 goes
/// at 4 d + 102.4 s: 2 d; those of days 3 and 4 to the end: 2 d − 102.4 s and 1 d − 102.4 s. In all
/// 7 d + 716.8 s = 605,516.8 s. At 0.05 USD a GB and month, on the bill of who copies.
#[test]
fn a_hundred_gibibytes_and_ten_a_day_kept_for_three_days() {
    let (_, result) = run(&daily());
    let gib_months = (100.0 * (432_000.0 - 1_024.0) + 10.0 * 605_516.8) / MONTH;
    for scope in ["all", "f → us-west-2"] {
        let storage = measured(&result, scope, "storage");
        assert!((storage - 0.05 * gib_months).abs() < 1e-6, "{scope}: {storage}");
    }
}

/// The same in an account of its own, whose fleet belongs to another: storage is the copier's (F48),
/// transfer the owner's: 100 + 4 × 10 GB at 0.02 USD.
#[test]
fn who_copies_pays_for_storage() {
    let mut model = daily();
    model.accounts.push(Account { name: "vault".to_owned(), ..model.accounts[0].clone() });
    model.fleets[0].copies[0].accounts = vec![1];
    let (_, result) = run(&model);
    let all = measured(&result, "all", "storage");
    assert!(0.0 < all);
    assert_eq!(measured(&result, "account vault", "storage").to_bits(), all.to_bits());
    assert_eq!(measured(&result, "account own", "storage"), 0.0);
    assert!((measured(&result, "account own", "transfer") - 2.8).abs() < 1e-9);
}

/// Every copy is full, and kept by count: of three hourly ones of 10,000 MiB two stand at most.
/// They land at 100, 3,700, and 7,300 s; the first goes when the third lands. Until 3 h = 10,800 s:
/// 7,200 + 7,100 + 3,500 s.
#[test]
fn full_copies_share_nothing_and_are_kept_by_count() {
    let mut model = model();
    model.horizon = Span::from_hours(3);
    hourly(&mut model, "f", &[Bytes::mib(10_000)], WEST);
    model.fleets[0].copies[0].retain = Retention::Count(2);
    model.prices.storage = Some(Usd::thousandths(1_000));
    let (_, result) = run(&model);
    let gib_months = 10_000.0 / 1_024.0 * (7_200.0 + 7_100.0 + 3_500.0) / MONTH;
    assert!((measured(&result, "all", "storage") - gib_months).abs() < 1e-6);
}

/// Nothing is copied within the window of 12 h: 100 GiB that were there before, for 12 h, at the
/// price that the scenario gives the place. On an Outpost nothing is charged, unless it has one.
#[test]
fn seeded_copies_are_stored_from_the_start() {
    let stored = |to, prices: &[(snapferry::model::SiteIdx, Usd)]| {
        let mut model = model();
        model.horizon = Span::from_hours(12);
        let later = crate::support::once(86_400);
        add(&mut model, fleet("f", volumes(&[Bytes::gib(100)]), later), (to, None));
        model.fleets[0].copies[0].initial = Initial::Seeded;
        model.prices.storage = Some(Usd::thousandths(100));
        model.prices.storage_at = prices.to_vec();
        measured(&run(&model).1, "all", "storage")
    };
    let months = 43_200.0 / MONTH;
    assert!((stored(WEST, &[]) - 100.0 * 0.1 * months).abs() < 1e-6);
    let own = |site| [(site, Usd::thousandths(70))];
    assert!((stored(WEST, &own(WEST)) - 100.0 * 0.07 * months).abs() < 1e-6);
    assert_eq!(stored(OUTPOST, &[]), 0.0);
    assert!((stored(OUTPOST, &own(OUTPOST)) - 100.0 * 0.07 * months).abs() < 1e-6);
}

/// A copy of a row, as the sum below sees it.
struct Stood<'a> {
    row: &'a Row,
    from: Instant,
    until: Instant,
    /// The full copy that it comes down from, by place among all.
    family: usize,
}

/// The copies of one volume at one destination, in order of their snapshots and acceptance, each with
/// its base by the published rule: the newest completed one that stood, under the same key.
fn standing<'a>(rows: &[&'a Row], rule: &CopyRule, changed: Instant) -> Vec<Stood<'a>> {
    let mut rows: Vec<&Row> = rows.to_vec();
    rows.sort_by_key(|row| (row.snapshot, row.accepted));
    let mut stood: Vec<Stood<'a>> = Vec::new();
    let by_count = matches!(rule.retain, Retention::Count(_));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|place| rows[*place].accepted);
    let mut families = vec![usize::MAX; rows.len()];
    for place in order {
        let row = rows[place];
        let accepted = row.accepted.expect("it is there");
        let usable = |other: &usize| {
            let other = rows[*other];
            let there = other.arrived() && other.ended.expect("it is there") <= accepted;
            let gone = deleted(other, &rows, rule.retain);
            let stands = gone.is_none_or(|at| accepted < at || !by_count && accepted == at);
            let same_key = (other.accepted.expect("it is there") < changed) == (accepted < changed);
            other.snapshot < row.snapshot && there && stands && same_key
        };
        let base = (0..rows.len()).rev().find(usable);
        assert_eq!(row.incremental, Some(base.is_some()), "{row:?}");
        families[place] = base.map_or(place, |base| families[base]);
    }
    for (row, family) in rows.iter().zip(&families) {
        if row.arrived() {
            let until = deleted(row, &rows, rule.retain).unwrap_or(Instant::FAR);
            stood.push(Stood {
                row,
                from: row.ended.expect("it is there"),
                until,
                family: *family,
            });
        }
    }
    stood
}

/// What stood between each two moments at which anything changed, added up: of each family the
/// oldest in full, the others by what they moved.
fn byte_time(stood: &[Stood<'_>], full: Bytes, window: (Instant, Instant)) -> ByteTime {
    let mut marks: Vec<Instant> = stood.iter().flat_map(|copy| [copy.from, copy.until]).collect();
    marks.extend([window.0, window.1]);
    marks.retain(|mark| window.0 <= *mark && *mark <= window.1);
    marks.sort_unstable();
    let mut sum = ByteTime::ZERO;
    for pair in marks.windows(2) {
        let there = stood.iter().filter(|copy| copy.from <= pair[0] && pair[0] < copy.until);
        let mut seen = Vec::new();
        for copy in there {
            let is_oldest = !seen.contains(&copy.family);
            seen.push(copy.family);
            let bytes = if is_oldest { full } else { copy.row.bytes.expect("it is there") };
            sum += ByteTime::of(bytes, pair[1].since(pair[0]));
        }
    }
    sum
}

/// Bytes of a full copy of a volume by its name, `v0`, `v1`, …
fn full_size(model: &Model, volume: &str) -> Bytes {
    let Items::Listed(volumes) = &model.fleets[0].items else { panic!("listed volumes") };
    volumes.iter().find(|listed| listed.name == volume).expect("it is there").written
}

/// How many copies were there over time, pending ones among them: mean and most within the window.
fn counted(
    rows: &Rows,
    (to, rule): (&str, &CopyRule),
    (from, until): (Instant, Instant),
) -> (f64, usize) {
    let mut steps: Vec<(Instant, i32)> = Vec::new();
    let mut total = 0.0;
    let there: Vec<&Row> = rows.copies.iter().filter(|row| row.to == to).collect();
    for row in &there {
        let same: Vec<&Row> =
            there.iter().copied().filter(|other| other.volume == row.volume).collect();
        let gone = if row.arrived() { deleted(row, &same, rule.retain) } else { row.ended };
        let (begins, ends) = (row.accepted.expect("it is there"), gone.unwrap_or(Instant::FAR));
        total += ends.min(until).since_or_zero(begins.max(from)).secs();
        steps.extend([(begins, 1), (ends, -1)]);
    }
    steps.sort_unstable();
    let (mut n, mut most) = (0i32, 0i32);
    for (place, (at, step)) in steps.iter().enumerate() {
        n += step;
        let next = steps.get(place + 1).map_or(Instant::FAR, |next| next.0);
        if (*at).max(from) < next.min(until) {
            most = most.max(n);
        }
    }
    (total / until.since(from).secs(), usize::try_from(most).expect("it is there"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Two hops with failures, copies made twice, short retention, and a change of key: what is
    /// charged and counted is what the rows say stood. All copies that are accepted within the window
    /// have rows.
    #[test]
    fn what_is_charged_is_what_stood(mut model in models()) {
        let price = Usd::thousandths(1_000_000);
        model.prices.storage = Some(price);
        let (mut rows, result) = run_on::<Levels>(&model, 0);
        let window = (model.start, model.end());
        rows.copies.retain(|row| row.accepted.is_some_and(|at| at < window.1));
        let changed = model.incidents[0].at;
        for (place, to) in ["us-west-2", "eu-west-1"].into_iter().enumerate() {
            let rule = &model.fleets[0].copies[place];
            let mut kept = ByteTime::ZERO;
            for volume in 0..6 {
                let volume = format!("v{volume}");
                let there = rows.copies.iter().filter(|row| row.to == to && row.volume == volume);
                let there: Vec<&Row> = there.collect();
                if !there.is_empty() {
                    let stood = standing(&there, rule, changed);
                    kept += byte_time(&stood, full_size(&model, &volume), window);
                }
            }
            let scope = format!("f → {to}");
            let expected = price.per_gib_month(kept).as_f64();
            prop_assert_eq!(measured(&result, &scope, "storage"), expected);
            let (mean, most) = counted(&rows, (to, rule), window);
            if 0 < most {
                let got = measured(&result, to, "snapshots_kept_mean");
                prop_assert!((got - mean).abs() <= 1e-9 * mean, "{} {}", got, mean);
                prop_assert_eq!(
                    measured(&result, to, "snapshots_kept_max"),
                    snapferry::units::count(most)
                );
            }
        }
    }
}
