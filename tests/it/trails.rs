//! Copies that are followed: each moment from due to the end has its cause, and its rate.

use std::collections::BTreeMap;

use proptest::prelude::*;
use snapferry::catalog::Cause;
use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::network::{Levels, Network, Reference};
use snapferry::model::{CopyFailures, LinkLoss, Model, Retention};
use snapferry::record::{CopyRecord, Fate, ImageRecord, RpoRecord, Sink, Stretch, Trail};
use snapferry::rng::{Distribution, NameHash};
use snapferry::units::{Bytes, Rate, Span};

use crate::estate::two_hops;
use crate::properties::models;
use crate::scenario_files::{files, plan};
use crate::support::{
    IRELAND, Row, Rows, START, WEST, add, add_with, client, fleet, image, link, model, once, queue,
    run_on, seconds, volumes, window,
};

/// Keeps all rows, and follows copies.
#[derive(Debug, Default)]
struct Followed {
    rows: Rows,
    /// Follows one copy in so many.
    one_in: u64,
    /// What became of wishes.
    fates: BTreeMap<NameHash, bool>,
    told: Vec<(NameHash, Row, Trail)>,
}

impl Sink for Followed {
    fn copy(&mut self, row: &CopyRecord<'_>) {
        self.rows.copy(row);
    }

    fn image(&mut self, row: &ImageRecord<'_>) {
        self.rows.image(row);
    }

    fn rpo(&mut self, row: &RpoRecord<'_>) {
        self.rows.rpo(row);
    }

    fn fate(&mut self, fate: &Fate<'_>) {
        self.fates.insert(fate.wish(), fate.completed.is_some());
    }

    fn follows_any(&self) -> bool {
        true
    }

    fn follows(&self, wish: NameHash) -> bool {
        wish.get().is_multiple_of(self.one_in)
    }

    fn followed(&mut self, wish: NameHash, row: &CopyRecord<'_>, trail: &Trail) {
        self.told.push((wish, Row::of(row), trail.clone()));
    }
}

fn follow<N: Network + Default>(model: &Model, one_in: u64) -> (Followed, RunResult) {
    let mut sink = Followed { one_in, ..Followed::default() };
    let result = drive::run::<N>(model, 0, Keep { series: false }, &mut sink);
    (sink, result)
}

/// Bytes that moved in stretches.
fn moved(stretches: &[Stretch]) -> f64 {
    stretches.iter().filter_map(|s| Some(s.rate?.get() * s.length().secs())).sum()
}

/// Stretches follow one another from due to the end; what each cause took in them is what the row
/// says, to the nanosecond; and at their rates as much moved as the row says.
fn check(model: &Model, row: &Row, trail: &Trail) {
    let stretches = trail.stretches();
    let mut now = row.due;
    let mut causes = [Span::ZERO; Cause::ALL.len()];
    for stretch in stretches {
        assert!(stretch.from == now && stretch.from < stretch.until, "{row:?}\n{stretches:?}");
        causes[stretch.cause as usize] += stretch.length();
        now = stretch.until;
    }
    assert_eq!(causes, row.causes, "{row:?}\n{stretches:?}");
    let end = row.ended.unwrap_or(row.due + causes.into_iter().sum());
    assert_eq!(now, end, "{row:?}\n{stretches:?}");
    let Some(began) = row.began else { return };
    let own = stretches.iter().filter(|s| began < s.until);
    // a hop that goes on as the one before did has its stretch with it
    let own: Vec<Stretch> = own.map(|s| Stretch { from: s.from.max(began), ..*s }).collect();
    if model.assume.link_loss != LinkLoss::Restart {
        let (told, found) = (row.moved.as_f64(), moved(&own));
        assert!((found - told).abs() <= 1e-6 * told + 100.0, "{found} of {told}: {row:?}\n{own:?}");
    }
    for stretch in &own {
        let by_link = matches!(stretch.cause, Cause::Link | Cause::Outage);
        assert_eq!(stretch.link.is_some(), by_link, "{stretch:?}");
    }
}

/// Follows copies of a run: each has its trail once, with the row that decided; and nobody notices.
fn check_run<N: Network + Default>(model: &Model, one_in: u64) -> usize {
    let (followed, result) = follow::<N>(model, one_in);
    let (rows, alone) = run_on::<N>(model, 0);
    assert_eq!((&followed.rows, &result), (&rows, &alone), "to be followed changes nothing");
    let all = followed.fates.keys().filter(|wish| followed.follows(**wish)).count();
    assert_eq!(followed.told.len(), all);
    if one_in == 1 {
        assert_eq!(u64::try_from(all), Ok(result.n_copies));
    }
    for (wish, row, trail) in &followed.told {
        assert_eq!(row.arrived(), followed.fates[wish], "{row:?}");
        check(model, row, trail);
        // the outcome of an image is not that of each of its snapshots
        let outcome =
            |other: &Row| if row.volume.contains('/') { row.outcome } else { other.outcome };
        let is_it =
            |other: &Row| *row == Row { on_time: None, outcome: outcome(other), ..other.clone() };
        let is_image = rows.images.iter().any(|image| image.image == row.volume);
        assert!(is_image || rows.copies.iter().any(is_it), "it is a row as well: {row:?}");
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn trails_of_any_model_tile_the_life_of_every_copy(model in models(), fast in any::<bool>()) {
        let n = if fast { check_run::<Levels>(&model, 1) } else { check_run::<Reference>(&model, 1) };
        prop_assert!(0 < n);
    }

    #[test]
    fn trails_go_on_over_hops_failures_and_copies_made_again(model in two_hops()) {
        prop_assert!(0 < check_run::<Levels>(&model, 1));
    }
}

/// A day of each scenario; every hundredth copy.
#[test]
fn trails_tile_the_life_of_copies_of_every_scenario() {
    let mut n = 0;
    for path in files() {
        let mut model = plan(&path).points[0].model.clone();
        if model.flow_level.is_none() {
            model.horizon = model.horizon.min(model.warm_up + Span::from_days(1));
            n += check_run::<Levels>(&model, 100);
        }
    }
    assert!(100 < n, "{n} copies were followed");
}

/// The stretches of the only wish of a fleet: cause, from and until in seconds after the start, rate
/// in MiB/s.
fn walked(model: &Model, fleet: &str) -> Vec<(Cause, f64, f64, Option<f64>)> {
    let (followed, _) = follow::<Levels>(model, 1);
    let mut of = followed.told.iter().filter(|(_, row, _)| row.fleet == fleet);
    let (_, _, trail) = of.next().expect("one wish");
    assert!(of.next().is_none(), "one wish");
    let told = trail.stretches().iter().map(|s| {
        let (from, until) = (seconds(s.from.since(START)), seconds(s.until.since(START)));
        (s.cause, from, until, s.rate.map(Rate::as_mib_per_s))
    });
    told.collect()
}

/// Start-up takes 30 s. At 100 MiB/s, the rate of a standard copy, 27,000 MiB are there at 300 s;
/// then an eighth of the link's 400 is left: 15,000 more until 600 s, none until 700, 10,000 until
/// 900; the last 8,000 of 60,000 have 100 MiB/s again, and take 80 s.
#[test]
fn what_sets_the_rate_is_told_with_the_rate() {
    let mut model = model();
    model.assume.overhead = Distribution::Constant(30.0);
    let mut wan = link("wan", Rate::mib_per_s(400));
    wan.windows = vec![window(300, 900, 0.125), window(600, 700, 0.0)];
    model.links.push(wan);
    model.routes[0].links = vec![0];
    add(&mut model, fleet("a", volumes(&[Bytes::mib(60_000)]), once(0)), (WEST, None));
    let expected = [
        (Cause::StartUp, 0.0, 30.0, None),
        (Cause::StandardCap, 30.0, 300.0, Some(100.0)),
        (Cause::Link, 300.0, 600.0, Some(50.0)),
        (Cause::Outage, 600.0, 700.0, Some(0.0)),
        (Cause::Link, 700.0, 900.0, Some(50.0)),
        (Cause::StandardCap, 900.0, 980.0, Some(100.0)),
    ];
    assert_eq!(walked(&model, "a"), expected);
}

/// Quota 300. A, 225,000 MiB in 15 min, has 250 of it until 900 s; B, a second later, needs 100 and is
/// granted 50; from 900 s on it has the 100 that it first needed. By then 899 × 50 = 44,950 of its
/// 90,000 are there, and the rest takes 450.5 s.
#[test]
fn a_rate_that_grows_within_one_cause_is_told_in_two_stretches() {
    let mut model = model();
    model.accounts[0].limits.quota = Rate::mib_per_s(300).ceil();
    model.assume.residual = snapferry::model::Residual::Grow;
    let mins = Some(Span::from_mins(15));
    add(&mut model, fleet("a", volumes(&[Bytes::mib(225_000)]), once(0)), (WEST, mins));
    add(&mut model, fleet("b", volumes(&[Bytes::mib(90_000)]), once(1)), (WEST, mins));
    let expected =
        [(Cause::Quota, 1.0, 900.0, Some(50.0)), (Cause::Quota, 900.0, 1350.5, Some(100.0))];
    assert_eq!(walked(&model, "b"), expected);
}

/// One slot, and a copy of 25 s in it. Who asks every 10 s is refused at 0, 10, and 20 s, and accepted
/// at 30 s: for 25 s there was no slot, and for 5 s there was. Who has a queue goes on at once.
#[test]
fn waits_for_slots_are_told_with_their_back_off() {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    add(&mut model, fleet("a", volumes(&[Bytes::mib(2500)]), once(0)), (WEST, None));
    add(&mut model, fleet("b", volumes(&[Bytes::mib(1000)]), once(1)), (WEST, None));
    let mut queued = model.clone();
    let expected = [
        (Cause::Slot, 1.0, 25.0, None),
        (Cause::BackOff, 25.0, 31.0, None),
        (Cause::StandardCap, 31.0, 41.0, Some(100.0)),
    ];
    assert_eq!(walked(&model, "b"), expected);
    queued.fleets.truncate(0);
    queued.clients.truncate(0);
    let first_come = queue("q", snapferry::model::QueueOrder::Fifo);
    let both = fleet("ab", volumes(&[Bytes::mib(2500)]), once(0));
    add_with(&mut queued, both, (WEST, None), first_come);
    let mut second = fleet("b", volumes(&[Bytes::mib(1000)]), once(1));
    second.copies = vec![queued.fleets[0].copies[0].clone()];
    queued.fleets.push(second);
    let expected = [(Cause::Slot, 1.0, 25.0, None), (Cause::StandardCap, 25.0, 35.0, Some(100.0))];
    assert_eq!(walked(&queued, "b"), expected);
}

/// Each copy fails when half of its 10,000 MiB has moved, after 50 s; the client rests for 10 s and
/// asks for one more, and no other.
#[test]
fn a_copy_that_is_made_again_goes_on_with_the_trail_of_the_first() {
    let mut model = model();
    add(&mut model, fleet("a", volumes(&[Bytes::mib(10_000)]), once(0)), (WEST, None));
    model.fleets[0].copies[0].failures =
        Some(CopyFailures { share: 1.0, moment: Distribution::Constant(0.5) });
    model.clients[0].max_copies = Some(2);
    let expected = [
        (Cause::StandardCap, 0.0, 50.0, Some(100.0)),
        (Cause::BackOff, 50.0, 60.0, None),
        (Cause::StandardCap, 60.0, 110.0, Some(100.0)),
    ];
    assert_eq!(walked(&model, "a"), expected);
}

/// 30,000 and 10,000 MiB at 100 MiB/s each: the image is there with the first, after 300 s.
#[test]
fn an_image_is_told_by_its_snapshot_that_ended_last() {
    let mut model = model();
    let sizes = [Bytes::mib(30_000), Bytes::mib(10_000)];
    let images = snapferry::model::Items::Images(vec![image("golden", &sizes)]);
    add(&mut model, fleet("i", images, once(0)), (IRELAND, None));
    let (followed, _) = follow::<Levels>(&model, 1);
    let [(_, row, trail)] = followed.told.as_slice() else { panic!("{:?}", followed.told) };
    assert_eq!((row.volume.as_str(), row.end()), ("golden/s0", Span::from_secs(300)));
    check(&model, row, trail);
    // never asked for: it is told of itself
    model.accounts[0].limits.image_slots = 0;
    model.clients[0] = client("i");
    model.clients[0].policy = snapferry::model::ClientPolicy::GiveUp;
    model.fleets[0].copies[0].retain = Retention::Forever;
    let (followed, _) = follow::<Levels>(&model, 1);
    let [(_, row, trail)] = followed.told.as_slice() else { panic!("{:?}", followed.told) };
    assert_eq!((row.volume.as_str(), row.arrived(), trail.stretches().len()), ("golden", false, 0));
}
