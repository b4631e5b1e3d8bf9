//! As many snapshots as a Region may keep: who comes too late is refused until one goes.

use snapferry::catalog::{Cause, ErrorCode};
use snapferry::model::{
    Account, Client, ClientPolicy, Items, Model, Place, Retention, Route, Site,
};
use snapferry::record::Outcome;
use snapferry::units::{Bytes, Span};

use super::{HUNDRED_SECONDS, hourly};
use crate::support::{HOME, WEST, add, fleet, image, measured, model, once, run, volumes};

/// Hourly copies of 100 s for some hours, of which a Region keeps so many.
fn limited(hours: u64, snapshots: u64, retain: Retention) -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(hours);
    model.accounts[0].limits.snapshots = snapshots;
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    model.fleets[0].copies[0].retain = retain;
    model
}

fn gives_up(model: &mut Model) {
    let client = &mut model.clients[0];
    *client = Client { policy: ClientPolicy::GiveUp, ..client.clone() };
}

/// Two are kept for ever; the third and fourth are given up, each with one request.
#[test]
fn one_more_than_may_be_kept_is_refused() {
    let mut model = limited(4, 2, Retention::Forever);
    gives_up(&mut model);
    let (rows, result) = run(&model);
    let rows = rows.of("f");
    let done: Vec<bool> = rows.iter().map(|row| row.arrived()).collect();
    assert_eq!(done, [true, true, false, false]);
    assert_eq!(rows[2].outcome, Outcome::GivenUp);
    assert_eq!(rows[2].refusal, Some(ErrorCode::SnapshotLimitExceeded));
    assert_eq!(measured(&result, "all", "refused_snapshots"), 2.0);
    assert_eq!(measured(&result, "us-west-2", "snapshots_kept_max"), 2.0);
    // one from 0 s, two from 1 h, to 4 h: (1 × 1 + 3 × 2) / 4
    assert!((measured(&result, "us-west-2", "snapshots_kept_mean") - 1.75).abs() < 1e-9);
}

/// One is kept at a time, for 90 min from its completion at 100 s: it goes at 5,500 s. The next is
/// due at 3,600 s and asks every 10 s: at 5,500 s the first still stands for it, at 5,510 s it is
/// gone. The wait is no want of slots.
#[test]
fn a_snapshot_that_expires_makes_room_right_after_it() {
    let model = limited(2, 1, Retention::Age(Span::from_mins(90)));
    let (rows, _) = run(&model);
    let second = rows.of("f")[1];
    assert_eq!(second.wait(), Span::from_secs(1_910));
    assert_eq!(second.spent(Cause::BackOff), Span::from_secs(1_910));
    assert_eq!(second.attempts, 192);
}

/// By count the newest takes the place of the one before only when it is complete: with room for one
/// nothing but the first ever comes, with room for two all do.
#[test]
fn by_count_there_must_be_room_for_the_next() {
    for (room, n_done) in [(1, 1), (2, 4)] {
        let mut model = limited(4, room, Retention::Count(1));
        gives_up(&mut model);
        let (rows, _) = run(&model);
        let done = rows.of("f").iter().filter(|row| row.arrived()).count();
        assert_eq!(done, n_done, "room for {room}");
    }
}

/// An image of three snapshots does not fit where two are kept; on an Outpost nothing is counted, and
/// a Local Zone counts with its Region.
#[test]
fn images_zones_and_outposts() {
    let outcome = |to, items: Items| {
        let mut model = model();
        model.accounts[0].limits.snapshots = 2;
        model.sites.push(Site {
            name: "us-east-1-atl-2a".to_owned(),
            place: Place::LocalZone { parent: HOME },
        });
        let links = Vec::new();
        model.routes.push(Route { from: HOME, to: snapferry::model::SiteIdx(4), links });
        add(&mut model, fleet("f", items, once(0)), (to, None));
        gives_up(&mut model);
        let (rows, _) = run(&model);
        rows.copies.iter().filter(|row| row.arrived()).count()
    };
    let three = || volumes(&[Bytes::gib(1); 3]);
    let parts = || Items::Images(vec![image("golden", &[Bytes::gib(1); 3])]);
    assert_eq!(outcome(WEST, three()), 2);
    assert_eq!(outcome(WEST, parts()), 0);
    assert_eq!(outcome(crate::support::OUTPOST, three()), 3);
    assert_eq!(outcome(snapferry::model::SiteIdx(4), three()), 2);
}

/// Copies of another account do not count.
#[test]
fn each_account_has_room_of_its_own() {
    let mut model = limited(2, 1, Retention::Forever);
    model.accounts.push(Account { name: "vault".to_owned(), ..model.accounts[0].clone() });
    model.fleets[0].items = volumes(&[HUNDRED_SECONDS; 2]);
    model.fleets[0].copies[0].accounts = vec![0, 1];
    gives_up(&mut model);
    let (rows, result) = run(&model);
    assert_eq!(rows.of("f").iter().filter(|row| row.arrived()).count(), 2);
    for scope in ["own: us-west-2", "vault: us-west-2"] {
        assert_eq!(measured(&result, scope, "snapshots_kept_max"), 1.0);
    }
}

/// Copies that fail are gone: each moves nothing and makes room for the next.
#[test]
fn a_copy_that_fails_leaves_no_snapshot() {
    let mut model = limited(4, 1, Retention::Forever);
    gives_up(&mut model);
    model.fleets[0].copies[0].failures = Some(snapferry::model::CopyFailures {
        share: 1.0,
        moment: snapferry::rng::Distribution::Constant(0.5),
    });
    let (rows, result) = run(&model);
    let outcomes: Vec<Outcome> = rows.of("f").iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Error; 4]);
    assert_eq!(measured(&result, "all", "storage"), 0.0);
}
