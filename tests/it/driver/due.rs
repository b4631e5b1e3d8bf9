//! What is due, what counts, and when a run ends.

use snapferry::catalog::Cause;
use snapferry::model::{Items, Recurrence, Target, TargetKind, TimeOfDay, Weekdays};
use snapferry::record::Outcome;
use snapferry::units::{Bytes, Rate, Span};

use crate::support::{
    IRELAND, START, WEST, add, at, every, fleet, link, measured, model, once, rule, run, schedule,
    seconds, volumes, window,
};

/// Hourly from 0 to 9 h; what is due in the first 4 h, and at 10 h, does not count.
#[test]
fn copies_due_in_the_window_count() {
    let mut model = model();
    model.horizon = Span::from_hours(10);
    model.warm_up = Span::from_hours(4);
    add(
        &mut model,
        fleet("f", volumes(&[Bytes::mib(100)]), every(Span::from_hours(1))),
        (WEST, None),
    );
    let (rows, result) = run(&model);
    let hours: Vec<f64> =
        rows.copies.iter().map(|row| row.due.since(START).secs() / 3600.0).collect();
    assert_eq!(hours, [4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!((result.n_copies, measured(&result, "all", "due")), (6, 6.0));
}

/// The link is gone from 10 min to 5 h, in three windows; the engine passes the end of the second on
/// its way to the end of the third, with the end of the drain, at 2 h, in between. The copy is unfinished then, and its causes reach just that far.
#[test]
fn nothing_happens_after_the_drain() {
    let mut model = model();
    model.horizon = Span::from_hours(1);
    model.drain = Span::from_hours(1);
    let mut wan = link("wan", Rate::mib_per_s(100));
    wan.windows = vec![window(600, 3000, 0.0), window(3000, 5000, 0.0), window(5000, 18_000, 0.0)];
    model.links.push(wan);
    model.routes[0].links = vec![0];
    add(&mut model, fleet("f", volumes(&[Bytes::mib(100_000)]), once(0)), (WEST, None));
    let (rows, result) = run(&model);
    let row = &rows.copies[0];
    assert_eq!(
        (row.outcome, row.ended, row.moved),
        (Outcome::Unfinished, None, Bytes::mib(60_000))
    );
    let spent = [(Cause::StandardCap, 600), (Cause::Outage, 6600)];
    assert_eq!(row.spent_on(), spent.map(|(cause, secs)| (cause, Span::from_secs(secs))));
    assert_eq!(measured(&result, "all", "unfinished"), 1.0);
}

/// A run stops when the last copy that counts has ended, though the load goes on.
#[test]
fn a_run_goes_on_under_load_until_the_last_copy_that_counts() {
    let mut model = model();
    model.accounts[0].limits.snapshot_slots = 1;
    model.horizon = Span::from_secs(301);
    // due at 0, 100, 200, 300 s, 150 s each, one after the other; 400 s and on do not count
    let one = fleet("f", volumes(&[Bytes::mib(15_000)]), every(Span::from_secs(100)));
    let client = crate::support::queue("f", snapferry::model::QueueOrder::Fifo);
    crate::support::add_with(&mut model, one, (WEST, None), client);
    let (rows, _) = run(&model);
    let ends: Vec<f64> = rows.of("f").iter().map(|row| seconds(row.end())).collect();
    assert_eq!(ends, [150.0, 300.0, 450.0, 600.0]);
}

/// 10,000, 20,000, and 30,000 at 100: 100, 200, and 300 s. The batch is whole after 300 s.
#[test]
fn a_batch_holds_when_all_its_copies_do() {
    let held = |limit| {
        let mut model = model();
        let sizes = [10_000, 20_000, 30_000].map(Bytes::mib);
        add(&mut model, fleet("f", volumes(&sizes), once(0)), (WEST, None));
        let kind = TargetKind::Batch { limit: Span::from_secs(limit) };
        let name = "batch".to_owned();
        model.targets.push(Target { name, kind, fleets: Vec::new(), to: None, share: 1.0 });
        let (rows, result) = run(&model);
        let on_time = rows.copies.iter().filter(|row| row.on_time == Some(true)).count();
        (
            result.targets[0].share,
            result.targets[0].n,
            on_time,
            measured(&result, "f", "makespan_max"),
        )
    };
    assert_eq!(held(300), (Some(1.0), 1, 3, 300.0));
    assert_eq!(held(299), (Some(0.0), 1, 2, 300.0));
}

/// Every Tuesday at 10:00, 14 days from a Monday: 34 h and 202 h after the start.
#[test]
fn weekly_copies_are_due_on_their_days() {
    let mut model = model();
    model.horizon = Span::from_days(14);
    let at = vec![TimeOfDay(Span::from_hours(10))];
    let on = Weekdays([false, true, false, false, false, false, false]);
    let weekly = schedule(Recurrence::Weekly { at, on });
    add(&mut model, fleet("f", volumes(&[Bytes::mib(1)]), weekly), (WEST, None));
    let due: Vec<f64> =
        run(&model).0.copies.iter().map(|row| row.due.since(START).secs() / 3600.0).collect();
    assert_eq!(due, [34.0, 202.0]);
}

/// A snapshot takes 42 s and its delta at 50 MiB/s: an empty volume's first delta is taken against
/// the one before: with everything new (rate 1), 5,000 MiB take 100 s. It can be copied at 142 s.
#[test]
fn a_copy_is_asked_when_its_snapshot_is_there() {
    let mut model = model();
    model.assume.snapshot_fixed = Span::from_secs(42);
    model.assume.snapshot_rate = Rate::mib_per_s(50);
    let mut one = fleet("f", volumes(&[Bytes::mib(5000)]), once(0));
    one.makes_snapshot = true;
    one.change = snapferry::model::Change::PerSnapshot(1.0);
    add(&mut model, one, (WEST, None));
    let row = run(&model).0.copies[0].clone();
    assert_eq!((row.asked, row.due), (Some(at(142)), at(0)));
    let expected = [(Cause::Snapshot, 142), (Cause::StandardCap, 50)];
    assert_eq!(row.spent_on(), expected.map(|(cause, secs)| (cause, Span::from_secs(secs))));
}

/// Another destination, named first, changes nothing of a copy: neither its start-up nor its rate.
#[test]
fn a_destination_more_changes_no_draw_of_the_others() {
    let rows = |others: &[snapferry::model::SiteIdx]| {
        let mut model = model();
        model.assume.overhead = snapferry::rng::Distribution::Uniform { low: 2.0, high: 30.0 };
        let mut ten = fleet("f", volumes(&[Bytes::mib(1000); 10]), once(0));
        ten.copies = others.iter().chain([&WEST]).map(|to| rule(&model, *to, None)).collect();
        model.clients.push(crate::support::client("f"));
        model.fleets.push(ten);
        let rows = run(&model).0.sorted();
        rows.into_iter().filter(|row| row.to == "us-west-2").collect::<Vec<_>>()
    };
    assert!(rows(&[]) == rows(&[IRELAND]));
}

/// Two explicit copies of one source snapshot, 450,000 MiB in 15 min each, asked at 0 s and at 60 s
/// without start-up: the second transfer begins when the first ends, at 900 s, and ends at 1,800 s
/// (F21). Of two snapshots that are not shared, the second runs from 60 s to 960 s.
#[test]
fn explicit_copies_of_one_source_take_turns() {
    let ends = |shared: Option<&str>| {
        let mut model = model();
        for (name, asked) in [("first", 0), ("second", 60)] {
            let mut items = volumes(&[Bytes::mib(450_000)]);
            if let Items::Listed(listed) = &mut items {
                listed[0].shared_source = shared.map(str::to_owned);
            }
            add(&mut model, fleet(name, items, once(asked)), (WEST, Some(Span::from_mins(15))));
        }
        let (rows, _) = run(&model);
        let end = |name: &str| rows.copies.iter().find(|row| row.fleet == name)?.ended;
        ["first", "second"].map(|name| end(name).unwrap().since(START).secs())
    };
    assert_eq!(ends(Some("snap")), [900.0, 1800.0]);
    assert_eq!(ends(None), [900.0, 960.0]);
}
