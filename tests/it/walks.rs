//! Small cases worked by hand: pacing, quota, links, turns, and the order of one instant.
//!
//! Bytes are in MiB, rates in MiB/s, times in seconds after the start.
#![expect(clippy::float_cmp, reason = "seconds as columns print them are exact")]

mod outage;
mod catch_up;

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
