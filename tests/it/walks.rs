//! Small cases worked by hand: pacing, quota, links, turns, and the order of one instant.
//!
//! Bytes are in MiB, rates in MiB/s, times in seconds after the start.
#![expect(clippy::float_cmp, reason = "seconds as columns print them are exact")]

use snapferry::catalog::Cause;
use snapferry::model::{
    CatchUp, Client, ClientPolicy, Clock, LinkLoss, LinkOrigin, Model, Pace, QueueOrder, Residual,
    SameSource, SiteIdx, TierRule,
};
use snapferry::record::{Blame, Outcome};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Rate, Span};

use crate::support::{
    HOME, IRELAND, OUTPOST, Row, WEST, add, add_with, at, client, close, fleet, link, model, once,
    queue, rule, run, seconds, volumes, window,
};

/// A fleet of one volume that is copied once, in `mins` minutes or as a standard copy.
fn one(model: &mut Model, name: &str, mib: u64, asked: u64, (to, mins): (SiteIdx, Option<u64>)) {
    let fleet = fleet(name, volumes(&[Bytes::mib(mib)]), once(asked));
    add(model, fleet, (to, mins.map(Span::from_mins)));
}

/// The only row of a fleet.
fn row(rows: &[Row], fleet: &str) -> Row {
    let mut of = rows.iter().filter(|row| row.fleet == fleet);
    let row = of.next().expect("a row").clone();
    assert_eq!(of.next(), None, "one row");
    row
}

fn rows(model: &Model) -> Vec<Row> {
    run(model).0.sorted()
}

/// Its end in seconds after the start.
fn secs(row: &Row) -> f64 {
    seconds(row.end())
}

/// Spent times in seconds, by cause.
fn spent(row: &Row) -> Vec<(Cause, f64)> {
    row.spent_on().into_iter().map(|(cause, span)| (cause, seconds(span))).collect()
}

/// Route 0 crosses one link of the scenario.
fn over_link(capacity: u64) -> Model {
    let mut model = model();
    model.links.push(link("wan", Rate::mib_per_s(capacity)));
    model.routes[0].links = vec![0];
    model
}

mod quota {
    use super::*;

    /// Quota 1,000. A needs 500 for 15 min, B 250 for 60, C 500 for 30, of which 250 are left.
    fn three(residual: Residual) -> Vec<f64> {
        let mut model = model();
        model.accounts[0].limits.quota = Rate::mib_per_s(1000).ceil();
        model.assume.residual = residual;
        // a second apart, so that their order is given; each ends as much later
        one(&mut model, "a", 450_000, 0, (WEST, Some(15)));
        one(&mut model, "b", 900_000, 1, (WEST, Some(60)));
        one(&mut model, "c", 900_000, 2, (WEST, Some(30)));
        let rows = rows(&model);
        ["a", "b", "c"].map(|name| secs(&row(&rows, name))).to_vec()
    }

    /// C stays at 250: 900,000 / 250 = 3,600 s.
    #[test]
    fn a_static_residual_stays() {
        assert_eq!(three(Residual::Static), [900.0, 3601.0, 3602.0]);
    }

    /// A ends at 900 s. C, asked at 2 s, has moved 898 × 250 = 224,500; from then on it has 500:
    /// (900,000 − 224,500) / 500 = 1,351 s more: 2,251 s. (Asked at 0 s: 2,250 s.)
    #[test]
    fn a_growing_residual_takes_what_is_freed() {
        assert_eq!(three(Residual::Grow), [900.0, 3601.0, 2251.0]);
    }

    /// Quota 1,000: A takes 500 and B 400 until 900 s; C, 200,000 in 15 min, needs 222.2, and is
    /// granted the last 100. When 900 are freed it takes what it first needed, not what it would
    /// need by then, and is late by its own miss.
    #[test]
    fn a_grown_copy_takes_no_more_than_it_first_needed() {
        let mut model = model();
        model.accounts[0].limits.quota = Rate::mib_per_s(1000).ceil();
        model.assume.residual = Residual::Grow;
        one(&mut model, "a", 450_000, 0, (WEST, Some(15)));
        one(&mut model, "b", 360_000, 0, (WEST, Some(15)));
        one(&mut model, "c", 200_000, 1, (WEST, Some(15)));
        let rows = rows(&model);
        // until 900 s: 899 × 100 = 89,900; then 110,100 at 222.22 take 495.45 s
        assert!(close(row(&rows, "c").end(), 900.0 + 110_100.0 / (200_000.0 / 900.0)));
        assert_eq!(row(&rows, "c").blame, Some(Blame::Customer));
    }
}

mod outage {
    use super::*;

    /// 500 Mbit/s × 0.8 = 50,000,000 B/s. Three copies of 10 GiB are 32,212,254,720 bytes =
    /// 644.245 s of link time, shared alike; 600 s of outage (300 to 900) come on top: all end at
    /// 1,244.2 s. Each is slowed by the link for 644.2 s and stalls for 600 s.
    #[test]
    fn copies_over_a_service_link_stall_and_resume() {
        let mut model = model();
        let mut service = link("service link", Rate::new(62_500_000.0 * 0.8));
        service.origin = LinkOrigin::ServiceLink;
        service.windows.push(window(300, 900, 0.0));
        model.links.push(service);
        model.routes[2].links = vec![0];
        model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
        let ten = fleet("plant", volumes(&[Bytes::gib(10); 3]), once(0));
        add(&mut model, ten, (OUTPOST, None));
        for row in rows(&model) {
            assert!(close(row.end(), 644.245_094_4 + 600.0), "{row:?}");
            let causes = spent(&row);
            assert_eq!(causes.len(), 2, "{causes:?}");
            assert_eq!(causes[0], (Cause::Outage, 600.0));
            assert_eq!(causes[1].0, Cause::Link);
            assert_eq!(row.moved, Bytes::gib(10));
        }
    }

    fn cut(loss: LinkLoss) -> Row {
        let mut model = over_link(100);
        model.links[0].windows.push(window(300, 900, 0.0));
        model.assume.link_loss = loss;
        model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
        one(&mut model, "a", 60_000, 0, (WEST, None));
        model.clients[0].max_copies = Some(1);
        row(&rows(&model), "a")
    }

    /// 30,000 of 60,000 are there at 300 s. Resumed: 300 s more from 900 s on. Restarted: 600 s
    /// more, 90,000 moved. Failed: at 300 s, 30,000 moved.
    #[test]
    fn a_lost_link_stalls_restarts_or_fails() {
        let resumed = cut(LinkLoss::Resume);
        assert_eq!((secs(&resumed), resumed.moved), (1200.0, Bytes::mib(60_000)));
        let restarted = cut(LinkLoss::Restart);
        assert_eq!((secs(&restarted), restarted.moved), (1500.0, Bytes::mib(90_000)));
        let failed = cut(LinkLoss::Error);
        assert_eq!((secs(&failed), failed.moved), (300.0, Bytes::mib(30_000)));
        assert_eq!(failed.outcome, Outcome::Error);
    }

    /// An outage that begins when copies end at their deadlines comes too late for them: nothing of
    /// them is left, though 900 times a 900th of these sizes falls short of them by rounding.
    #[test]
    fn an_outage_at_the_deadline_holds_nobody() {
        let mut model = over_link(2000);
        model.links[0].windows.push(window(900, 1800, 0.0));
        for mib in [115, 119, 123, 229, 230, 237] {
            one(&mut model, &mib.to_string(), mib, 0, (WEST, Some(15)));
        }
        for row in rows(&model) {
            assert_eq!((secs(&row), row.met), (900.0, Some(true)), "{row:?}");
        }
    }

    /// Half of 200 from 300 s on, then nothing from 600 to 900 s: one copy of 80,000 has moved
    /// 60,000 at 300 s and the rest, at 100, at 500 s.
    #[test]
    fn a_reduction_slows_and_is_no_outage() {
        let mut model = over_link(200);
        model.links[0].windows = vec![window(300, 900, 0.5), window(600, 900, 0.0)];
        model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
        one(&mut model, "a", 80_000, 0, (WEST, None));
        one(&mut model, "b", 1, 650, (WEST, None));
        let rows = rows(&model);
        assert_eq!(spent(&row(&rows, "a")), [(Cause::Link, 500.0)]);
        let b = row(&rows, "b");
        assert_eq!((b.spent(Cause::Outage), secs(&b)), (Span::from_secs(250), 900.005));
    }
}

mod catch_up {
    use super::*;

    /// A copy of 180,000 in 30 min is paced at 100. The link is gone from 600 to 900 s: 60,000 are
    /// there, and 120,000 have 900 s left. It borrows 33.3 above its 100 and ends at its deadline.
    fn cut(model: &mut Model) {
        model.links[0].windows.push(window(600, 900, 0.0));
        one(model, "a", 180_000, 0, (WEST, Some(30)));
    }

    /// A fleet takes another way between the same two Regions, without a link.
    fn past_the_link(model: &mut Model, fleet: usize) {
        if model.routes.len() == 3 {
            let mut other = model.routes[0].clone();
            other.links.clear();
            model.routes.push(other);
        }
        model.fleets[fleet].copies[0].route = 3;
    }

    #[test]
    fn a_copy_that_was_held_up_borrows_and_meets_its_deadline() {
        let mut model = over_link(1000);
        cut(&mut model);
        let row = row(&rows(&model), "a");
        assert_eq!((secs(&row), row.met, row.blame), (1800.0, Some(true), None));
        assert_eq!(row.spent(Cause::Outage), Span::from_secs(300));
        assert_eq!(row.spent(Cause::Paced), Span::from_secs(1500));
        assert_eq!(row.moved, Bytes::mib(180_000));
    }

    /// Without: 120,000 at 100 from 900 s on take 1,200 s. The link is not the customer's.
    #[test]
    fn without_borrowing_it_misses() {
        let mut model = over_link(1000);
        model.assume.catch_up = CatchUp::None;
        cut(&mut model);
        let row = row(&rows(&model), "a");
        assert_eq!((secs(&row), row.met, row.blame), (2100.0, Some(false), Some(Blame::Service)));
        assert_eq!(row.spent(Cause::Quota), Span::from_secs(1200));
    }

    /// Quota 400. From 900 s on A runs at 133.3. At 1,200 s 40,000 are there since, and 80,000
    /// left, when B comes and takes 300: A is back at its own 100 and ends at 1,200 + 80,000 / 100
    /// = 2,000 s. B, on time, frees nothing before 2,100 s.
    #[test]
    fn what_is_borrowed_is_given_back_to_a_new_copy() {
        let mut model = over_link(1000);
        model.accounts[0].limits.quota = Rate::mib_per_s(400).ceil();
        cut(&mut model);
        one(&mut model, "b", 270_000, 1200, (WEST, Some(15)));
        let rows = rows(&model);
        let b = row(&rows, "b");
        assert_eq!((secs(&b), b.met), (2100.0, Some(true)));
        assert_eq!(b.granted, Some(Rate::mib_per_s(300).ceil()));
        let a = row(&rows, "a");
        assert_eq!((secs(&a), a.met, a.blame), (2000.0, Some(false), Some(Blame::Service)));
    }

    /// Quota 400, all of it reserved until 1,530 s: A 100, B 300 for 270,000 in 15 min from 630 s
    /// on, over another route of the same pair that has no link. A runs at 100 from 900 s on; when
    /// B ends, between two ticks of the minute, 120,000 − 63,000 = 57,000 are left for 270 s: it
    /// borrows from that very moment and ends at its deadline, having moved every byte.
    #[test]
    fn quota_that_is_freed_between_two_ticks_is_borrowed_at_once() {
        let mut model = over_link(1000);
        model.accounts[0].limits.quota = Rate::mib_per_s(400).ceil();
        cut(&mut model);
        one(&mut model, "b", 270_000, 630, (WEST, Some(15)));
        past_the_link(&mut model, 1);
        let rows = rows(&model);
        let a = row(&rows, "a");
        assert_eq!(secs(&row(&rows, "b")), 1530.0);
        assert_eq!((secs(&a), a.met), (1800.0, Some(true)));
        assert_eq!(a.spent(Cause::Quota), Span::from_secs(630));
    }

    /// Quota 600, all of it reserved until 1,810 s, A again with 100 of it, from 20 to 1,820 s. Cut
    /// off for 60 s, it has 180,000 − 172,000 = 8,000 left at the tick of 1,800 s, 400 for 20 s. At
    /// 1,810 s, when 500 are free, 7,000 are left: 700 for 10 s would do, 500 take 14 s.
    #[test]
    fn a_copy_that_may_go_faster_again_has_not_moved_what_it_has_not() {
        let mut model = over_link(1000);
        model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
        model.links[0].windows.push(window(600, 660, 0.0));
        one(&mut model, "a", 180_000, 20, (WEST, Some(30)));
        for (place, (name, asked)) in [("b", 10), ("c", 910)].into_iter().enumerate() {
            one(&mut model, name, 450_000, asked, (WEST, Some(15)));
            past_the_link(&mut model, place + 1);
        }
        let row = row(&rows(&model), "a");
        assert_eq!((secs(&row), row.met), (1824.0, Some(false)));
    }

    /// As before, but B ends at 1,650 s: 120,000 − 75,000 = 45,000 are left for 150 s: 300. Up to
    /// 1,740 s: 36,000 for 60 s would be 600, more than one copy may carry: 500 take 72 s: 1,812 s.
    #[test]
    fn nobody_catches_up_faster_than_one_copy_may_go() {
        let late = |freed: u64| {
            let mut model = over_link(1000);
            model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
            cut(&mut model);
            one(&mut model, "b", 450_000, freed - 900, (WEST, Some(15)));
            past_the_link(&mut model, 1);
            let row = row(&rows(&model), "a");
            (secs(&row), row.met)
        };
        assert_eq!(late(1650), (1800.0, Some(true)));
        assert_eq!(late(1740), (1812.0, Some(false)));
    }

    /// Late from 1,800 s on, A keeps its last target as long as nobody asks for the quota. It has
    /// borrowed 400 since 1,740 s: at 1,806 s 36,000 − 66 × 500 = 3,000 are left. Then C takes 500,
    /// all that A does not hold itself, and A is back at 100: 30 s more.
    #[test]
    fn a_late_borrower_still_gives_back() {
        let mut model = over_link(1000);
        model.accounts[0].limits.quota = Rate::mib_per_s(600).ceil();
        cut(&mut model);
        one(&mut model, "b", 450_000, 840, (WEST, Some(15)));
        past_the_link(&mut model, 1);
        one(&mut model, "c", 450_000, 1806, (WEST, Some(15)));
        past_the_link(&mut model, 2);
        let rows = rows(&model);
        assert_eq!(row(&rows, "c").granted, Some(Rate::mib_per_s(500).ceil()));
        assert_eq!(secs(&row(&rows, "a")), 1836.0);
    }
}

mod clock {
    use super::*;

    /// Start-up 30 s. `transfer`: 225,000 at 250 from 30 s to 930 s, the deadline. `accept`: the
    /// deadline is 900 s; 225,000 / 870 = 258.6 from 30 s on, 250 of it held, the rest borrowed.
    #[test]
    fn the_duration_counts_from_the_transfer_or_from_acceptance() {
        let with = |clock, catch_up| {
            let mut model = model();
            model.assume.clock = clock;
            model.assume.catch_up = catch_up;
            model.assume.overhead = Distribution::Constant(30.0);
            one(&mut model, "a", 225_000, 0, (WEST, Some(15)));
            let row = row(&rows(&model), "a");
            (secs(&row), row.deadline, row.met)
        };
        let met = Some(true);
        assert_eq!(with(Clock::Transfer, CatchUp::Borrow), (930.0, Some(at(930)), met));
        assert_eq!(with(Clock::Accept, CatchUp::Borrow), (900.0, Some(at(900)), met));
        assert_eq!(with(Clock::Accept, CatchUp::None), (930.0, Some(at(900)), Some(false)));
    }

    /// At exactly 500 MiB/s nothing can be borrowed above the cap: by `accept` it is always late.
    #[test]
    fn by_acceptance_a_copy_at_the_cap_is_always_late() {
        let mut model = model();
        model.assume.clock = Clock::Accept;
        model.assume.overhead = Distribution::Constant(2.0);
        one(&mut model, "a", 450_000, 0, (WEST, Some(15)));
        let row = row(&rows(&model), "a");
        assert_eq!((secs(&row), row.met), (902.0, Some(false)));
    }

    /// Early: 225,000 at 500 take 450 s, while the quota of 250 stays reserved: of 500 in all, a
    /// second copy is granted the other 250, and runs early too.
    #[test]
    fn early_pacing_runs_at_the_cap_and_reserves_what_is_required() {
        let mut model = model();
        model.assume.pace = Pace::Early;
        model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
        for name in ["a", "b"] {
            one(&mut model, name, 225_000, 0, (WEST, Some(15)));
        }
        for row in rows(&model) {
            assert_eq!((secs(&row), row.met), (450.0, Some(true)));
            assert_eq!(row.granted, Some(Rate::mib_per_s(250).ceil()));
            assert_eq!(spent(&row), [(Cause::OwnCap, 450.0)]);
        }
    }
}

mod same_source {
    use super::*;

    /// Two copies of one volume's one snapshot: to the west twice, or to the west and to Ireland.
    fn two(same_source: SameSource, second: SiteIdx, second_mins: u64) -> Vec<Row> {
        let mut model = model();
        model.assume.same_source = same_source;
        model.assume.overhead = Distribution::Constant(10.0);
        let mut both = fleet("a", volumes(&[Bytes::mib(450_000)]), once(0));
        let rule = |to, mins| rule(&model, to, Some(Span::from_mins(mins)));
        both.copies = vec![rule(WEST, 15), rule(second, second_mins)];
        // the second is asked a second later
        both.copies[1].delay = Span::from_secs(1);
        model.clients.push(client("a"));
        model.fleets.push(both);
        let mut rows = run(&model).0.copies;
        rows.sort_by_key(|row| row.due);
        rows
    }

    /// The first starts up until 10 s and ends at 910 s; the second starts up then, until 920 s, and
    /// ends at 1,820 s. It waited from 1 s to 910 s.
    #[test]
    fn copies_to_one_destination_take_turns() {
        let rows = two(SameSource::SameDestination, WEST, 15);
        assert_eq!(rows.iter().map(secs).collect::<Vec<_>>(), [910.0, 1820.0]);
        let expected = [(Cause::SameSource, 909.0), (Cause::StartUp, 10.0), (Cause::Paced, 900.0)];
        assert_eq!(spent(&rows[1])[..2], expected[..2]);
        assert_eq!(rows[1].deadline, Some(at(1820)));
    }

    #[test]
    fn copies_to_two_destinations_take_turns_only_by_choice() {
        let apart = two(SameSource::SameDestination, IRELAND, 15);
        assert_eq!(apart.iter().map(secs).collect::<Vec<_>>(), [910.0, 911.0]);
        let turns = two(SameSource::AnyDestination, IRELAND, 15);
        assert_eq!(turns.iter().map(secs).collect::<Vec<_>>(), [910.0, 1820.0]);
    }

    /// Both run at once: the second ends at 11 + 1,800 s at 250; its deadline is the end of the
    /// first plus 30 min, 910 + 1,800 = 2,710 s.
    #[test]
    fn by_the_clock_alone_both_run_and_the_second_has_longer() {
        let rows = two(SameSource::ClockOnly, WEST, 30);
        assert_eq!(rows.iter().map(secs).collect::<Vec<_>>(), [910.0, 1811.0]);
        assert_eq!(rows[1].deadline, Some(at(2710)));
        assert_eq!((rows[0].met, rows[1].met), (Some(true), Some(true)));
    }
}

mod tiers {
    use super::*;

    /// A link of 150. From 0 s a standard copy of 90,000 (own rate 100) runs at 100. From 300 s to
    /// 1,200 s a time-based one of 90,000 is paced at 100 and leaves 50: at 1,200 s 30,000 + 45,000
    /// are there, and 15,000 at 100 take until 1,350 s. Shared alike: 75 each from 300 s on. The
    /// time-based one falls behind.
    fn shared(tier: TierRule) -> Vec<Row> {
        let mut model = over_link(150);
        model.assume.tier = tier;
        one(&mut model, "standard", 90_000, 0, (WEST, None));
        one(&mut model, "timed", 90_000, 300, (WEST, Some(15)));
        rows(&model)
    }

    #[test]
    fn time_based_copies_go_first_on_a_link_of_the_scenario() {
        let rows = shared(TierRule::TimeBasedFirst);
        let timed = row(&rows, "timed");
        assert_eq!((secs(&timed), timed.met), (1200.0, Some(true)));
        let standard = row(&rows, "standard");
        assert_eq!(secs(&standard), 1350.0);
        assert_eq!(spent(&standard), [(Cause::StandardCap, 450.0), (Cause::Link, 900.0)]);
    }

    /// Shared: from 300 s on 75 each; the standard one's other 60,000 take 800 s: 1,100 s. By then
    /// the time-based one has 60,000 of 90,000; 30,000 have 100 s left: 300, but the link has 150:
    /// 200 s more: 1,300 s, missed by the service.
    #[test]
    fn shared_alike_the_time_based_one_falls_behind() {
        let rows = shared(TierRule::Shared);
        assert!(close(row(&rows, "standard").end(), 1100.0));
        let timed = row(&rows, "timed");
        assert!(close(timed.end(), 1300.0), "{timed:?}");
        assert_eq!((timed.met, timed.blame), (Some(false), Some(Blame::Service)));
    }
}

mod instant {
    use super::*;

    /// One slot, a client that gives up: the copy that is asked at the very moment when the slot's
    /// copy ends is accepted; one that is asked a nanosecond before would not be.
    #[test]
    fn a_slot_that_is_freed_serves_the_request_of_that_instant() {
        let mut model = model();
        model.accounts[0].limits.snapshot_slots = 1;
        let give_up = |name| Client { policy: ClientPolicy::GiveUp, ..client(name) };
        for (name, asked) in [("a", 0), ("b", 100), ("c", 150), ("d", 200)] {
            // 10,000 at 100: 100 s
            let one = fleet(name, volumes(&[Bytes::mib(10_000)]), once(asked));
            add_with(&mut model, one, (WEST, None), give_up(name));
        }
        let rows = rows(&model);
        let outcomes = ["a", "b", "c", "d"].map(|name| row(&rows, name).outcome);
        let (done, refused) = (Outcome::Completed, Outcome::GivenUp);
        assert_eq!(outcomes, [done, done, refused, done]);
    }

    /// A queue is served at the instant too, before a new request of another client.
    #[test]
    fn who_waits_in_a_queue_comes_before_who_comes() {
        let mut model = model();
        model.accounts[0].limits.snapshot_slots = 1;
        let two = fleet("queue", volumes(&[Bytes::mib(10_000); 2]), once(0));
        add_with(&mut model, two, (WEST, None), queue("queue", QueueOrder::Fifo));
        let one = fleet("late", volumes(&[Bytes::mib(10_000)]), once(100));
        let give_up = Client { policy: ClientPolicy::GiveUp, ..client("late") };
        add_with(&mut model, one, (WEST, None), give_up);
        let rows = rows(&model);
        assert_eq!(row(&rows, "late").outcome, Outcome::GivenUp);
        let queued = rows.iter().filter(|row| row.fleet == "queue");
        let mut ends: Vec<Span> = queued.map(Row::end).collect();
        ends.sort_unstable();
        assert_eq!(ends, [100, 200].map(Span::from_secs));
    }

    /// Quota 500: freed by the first at its deadline, it is there for the request of that instant.
    #[test]
    fn quota_that_is_freed_serves_the_request_of_that_instant() {
        let mut model = model();
        model.accounts[0].limits.quota = Rate::mib_per_s(500).ceil();
        one(&mut model, "a", 450_000, 0, (WEST, Some(15)));
        one(&mut model, "b", 450_000, 900, (WEST, Some(15)));
        let rows = rows(&model);
        assert_eq!(row(&rows, "b").granted, Some(Rate::mib_per_s(500).ceil()));
        assert_eq!(secs(&row(&rows, "b")), 1800.0);
    }

    /// The model's own Region is a destination too (F20); no bytes move there (F102, F106).
    #[test]
    fn a_copy_within_its_region_is_done_at_once() {
        let mut model = model();
        model.routes[0].to = HOME;
        one(&mut model, "a", 450_000, 0, (WEST, Some(15)));
        model.fleets[0].copies[0].to = HOME;
        let row = row(&rows(&model), "a");
        assert_eq!((secs(&row), row.moved, row.met), (0.0, Bytes::ZERO, Some(true)));
    }
}
