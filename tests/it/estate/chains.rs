//! Chains of copies: Region → Region → Outpost takes two hops.

use snapferry::model::{Applications, Per};
use snapferry::record::Outcome;
use snapferry::units::{Bytes, Span};

use super::{HUNDRED_SECONDS, hourly, rpo, then};
use crate::support::{IRELAND, WEST, measured, model, run};

/// 100 s for each hop: there after 100 s and after 200 s, asked for the second time when the first
/// hop is complete; the age runs up to 3,700 s at the first hop and 3,800 s at the second.
#[test]
fn two_hops_take_the_time_of_both() {
    let mut model = model();
    model.horizon = Span::from_hours(10);
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    then(&mut model, 0, IRELAND);
    model.targets.push(rpo(Span::from_hours(2), Per::Volume));
    let (rows, result) = run(&model);
    for row in rows.of("f") {
        let after = row.ended.unwrap().since(row.due);
        let (from, hops) = if row.to == "us-west-2" { ("us-east-1", 1) } else { ("us-west-2", 2) };
        assert_eq!((row.from.as_str(), after), (from, Span::from_secs(100 * hops)), "{row:?}");
        assert_eq!(row.causes.into_iter().sum::<Span>(), after, "the causes of both hops add up");
        let asked = row.asked.unwrap().since(row.due);
        assert_eq!(asked, Span::from_secs(100 * (hops - 1)));
    }
    assert_eq!(measured(&result, "f → us-west-2", "rpo_max"), 3_700.0);
    assert_eq!(measured(&result, "f → eu-west-1", "rpo_max"), 3_800.0);
    assert_eq!(measured(&result, "f → eu-west-1", "rpo_transfer"), 200.0);
}

/// A newer snapshot pushes the waiting copy of the first hop aside: its second hop has no source.
/// One slot, copies of 5,000 s, snapshots every hour: while the first runs, the one of 1 h waits and
/// is replaced by the one of 2 h.
#[test]
fn what_never_arrives_is_no_source() {
    let mut model = model();
    model.horizon = Span::from_hours(3);
    model.accounts[0].limits.snapshot_slots = 1;
    let sizes = [Bytes::mib(1_000_000)];
    hourly(&mut model, "f", &sizes, WEST);
    model.clients[0].overlap = snapferry::model::Overlap::ReplaceQueued;
    then(&mut model, 0, IRELAND);
    let (rows, _) = run(&model);
    let outcomes = |to: &str| -> Vec<Outcome> {
        rows.of("f").iter().filter(|row| row.to == to).map(|row| row.outcome).collect()
    };
    let (done, replaced) = (Outcome::Completed, Outcome::Replaced);
    assert_eq!(outcomes("us-west-2"), [done, replaced, done]);
    assert_eq!(outcomes("eu-west-1"), [done, Outcome::NoSource, done]);
}

/// The set of an application is whole at each hop for itself.
#[test]
fn applications_have_recovery_points_at_each_hop() {
    let mut model = model();
    model.horizon = Span::from_hours(10);
    hourly(&mut model, "f", &[HUNDRED_SECONDS, Bytes::mib(20_000)], WEST);
    model.fleets[0].applications = Applications::Every(2);
    then(&mut model, 0, IRELAND);
    let (_, result) = run(&model);
    assert_eq!(measured(&result, "f → us-west-2", "application_rpo_max"), 3_800.0);
    assert_eq!(measured(&result, "f → eu-west-1", "application_rpo_max"), 4_000.0);
}
