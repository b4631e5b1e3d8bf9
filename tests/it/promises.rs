//! Promises by scope: each target where it is kept, and where it is not.

#![expect(clippy::float_cmp, reason = "shares of few copies are exact")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use snapferry::catalog::Cause;
use snapferry::drive::{RunResult, ScopeShare, promise_scopes};
use snapferry::experiment::Options;
use snapferry::model::{Applications, Model, Per, Target, TargetKind};
use snapferry::plan::Plan;
use snapferry::units::{Bytes, Span};
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out};
use crate::scenario_files;
use crate::support::{IRELAND, WEST, add, every, fleet, model, once, rule, run, volumes};

/// Standard copies run at 100 MiB/s in these models: 10,000 MiB take 100 s.
const HUNDRED_SECONDS: Bytes = Bytes::mib(10_000);
const THOUSAND_SECONDS: Bytes = Bytes::mib(100_000);

fn target(kind: TargetKind) -> Target {
    Target { name: "promise".to_owned(), kind, fleets: Vec::new(), to: None, share: 1.0 }
}

fn copy_within(secs: u64) -> Target {
    target(TargetKind::Copy { limit: Span::from_secs(secs) })
}

/// Three hours in which something is due every hour.
fn three_hours() -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(3);
    model
}

fn hourly(model: &mut Model, name: &str, sizes: &[Bytes], to: snapferry::model::SiteIdx) {
    add(model, fleet(name, volumes(sizes), every(Span::from_hours(1))), (to, None));
}

/// The scopes of the one target of a model, with how it fared there.
fn by_scope<'r>(model: &Model, result: &'r RunResult) -> Vec<(String, &'r ScopeShare)> {
    let [scopes] = promise_scopes(model).try_into().unwrap();
    let [shares] = result.promises.as_slice() else { panic!("{:?}", result.promises) };
    assert_eq!(scopes.len(), shares.len());
    let name = |of: snapferry::drive::PromiseScope| of.application.unwrap_or(of.scope);
    scopes.into_iter().map(name).zip(shares).collect()
}

/// The causes into which time went, in seconds.
fn spent(of: &ScopeShare) -> Vec<(Cause, u128)> {
    let secs = of.broke.iter().map(|nanos| nanos / 1_000_000_000);
    Cause::ALL.into_iter().zip(secs).filter(|(_, secs)| 0 < *secs).collect()
}

fn slowest(of: &ScopeShare) -> (u64, Option<Cause>) {
    let slowest = of.slowest.unwrap();
    (slowest.took.nanos() / 1_000_000_000, slowest.cause)
}

/// Within 500 s: three copies of 100 s to the west are, three of 1,000 s to Ireland are not.
#[test]
fn a_promise_on_copies_is_kept_in_one_scope_and_broken_in_another() {
    let mut model = three_hours();
    hourly(&mut model, "small", &[HUNDRED_SECONDS], WEST);
    hourly(&mut model, "large", &[THOUSAND_SECONDS], IRELAND);
    model.targets.push(copy_within(500));
    let (_, result) = run(&model);
    assert_eq!(result.targets[0].share, Some(0.5));
    let [(small, kept), (large, broken)] = by_scope(&model, &result).try_into().unwrap();
    assert_eq!((small.as_str(), large.as_str()), ("small → us-west-2", "large → eu-west-1"));
    assert_eq!((kept.fared.share, kept.fared.n, kept.fared.n_missed), (Some(1.0), 3, 0));
    assert_eq!((broken.fared.share, broken.fared.n, broken.fared.n_missed), (Some(0.0), 3, 3));
    assert_eq!(broken.fared.worst, Some(Span::from_secs(1_000)));
    assert_eq!((spent(kept), slowest(kept)), (Vec::new(), (100, Some(Cause::StandardCap))));
    assert_eq!(spent(broken), [(Cause::StandardCap, 3_000)]);
}

/// One slot, taken for 1,500 s by the first volume. The second one, of 100 s, asks every 10 s: it is
/// late under 1,550 s, and the slot was full for 1,500 of its at least 1,600 s.
#[test]
fn who_waited_for_a_slot_is_late_for_it() {
    let mut model = three_hours();
    model.horizon = Span::from_hours(1);
    model.accounts[0].limits.snapshot_slots = 1;
    hourly(&mut model, "f", &[Bytes::mib(150_000)], WEST);
    hourly(&mut model, "g", &[HUNDRED_SECONDS], WEST);
    model.fleets[1].copies[0].delay = Span::from_secs(1);
    model.targets.push(copy_within(1_550));
    let (_, result) = run(&model);
    let [(_, first), (_, second)] = by_scope(&model, &result).try_into().unwrap();
    assert_eq!((first.fared.n_missed, second.fared.n_missed), (0, 1));
    let spent = spent(second);
    assert!(spent.contains(&(Cause::Slot, 1_499)), "{spent:?}");
    assert!(spent.contains(&(Cause::StandardCap, 100)), "{spent:?}");
}

/// A batch is of a fleet: three batches, each to two places. To the west they take 100 s, to Ireland
/// 15 min, as they were asked to: under 500 s each batch is late, all for Ireland. There the time is
/// that of the pacing, since it alone is above 500 s.
#[test]
fn a_batch_to_two_places_is_judged_as_a_whole_and_in_each() {
    let mut model = three_hours();
    hourly(&mut model, "f", &[HUNDRED_SECONDS, HUNDRED_SECONDS], WEST);
    let mut second = rule(&model, IRELAND, Some(Span::from_mins(15)));
    second.client = model.fleets[0].copies[0].client;
    model.fleets[0].copies.push(second);
    model.targets.push(target(TargetKind::Batch { limit: Span::from_secs(500) }));
    let (_, result) = run(&model);
    let fared = result.targets[0];
    assert_eq!((fared.n, fared.n_missed, fared.worst), (3, 3, Some(Span::from_mins(15))));
    let [(_, west), (_, ireland)] = by_scope(&model, &result).try_into().unwrap();
    assert_eq!((west.fared.n, west.fared.n_missed), (3, 0));
    assert_eq!(west.fared.worst, Some(Span::from_secs(100)));
    assert_eq!((ireland.fared.n, ireland.fared.n_missed), (3, 3));
    assert_eq!(spent(ireland), [(Cause::Paced, 2 * 3 * 900)]);
    assert_eq!((spent(west), slowest(west)), (Vec::new(), (100, Some(Cause::StandardCap))));
}

fn rpo(model: &mut Model, per: Per) {
    model.targets.push(target(TargetKind::Rpo { limit: Span::from_secs(4_000), per }));
    for fleet in &mut model.fleets {
        fleet.makes_snapshot = true;
    }
}

/// Ten hours, two applications of one volume each. The first is without a recovery point for 100 s,
/// the second for 1,000 s, and past 4,000 s for 600 s of each of the nine hours after that: nine
/// copies of 1,000 s came too late.
#[test]
fn each_application_has_ages_of_its_own() {
    let mut model = three_hours();
    model.horizon = Span::from_hours(10);
    hourly(&mut model, "f", &[HUNDRED_SECONDS, THOUSAND_SECONDS], WEST);
    model.fleets[0].applications = Applications::Every(1);
    rpo(&mut model, Per::Application);
    let (_, result) = run(&model);
    let [(one, kept), (two, broken)] = by_scope(&model, &result).try_into().unwrap();
    assert_eq!((one.as_str(), two.as_str()), ("f/1", "f/2"));
    let held = |of: &ScopeShare| (36_000.0 * of.fared.share.unwrap()).round();
    assert_eq!((held(kept), held(broken)), (35_900.0, 36_000.0 - 1_000.0 - 9.0 * 600.0));
    assert_eq!((kept.fared.n, kept.fared.n_missed), (1, 1));
    assert_eq!((spent(kept), slowest(kept)), (Vec::new(), (100, Some(Cause::StandardCap))));
    assert_eq!(spent(broken), [(Cause::StandardCap, 9_000)]);
    assert_eq!(slowest(broken), (1_000, Some(Cause::StandardCap)));
    let [scopes] = promise_scopes(&model).try_into().unwrap();
    assert!(scopes.iter().all(|of| of.scope == "f → us-west-2"), "{scopes:?}");
}

/// The same by volume is one scope: of 2 × 36,000 s, 35,900 + 29,600 s.
#[test]
fn volumes_of_a_fleet_are_one_scope() {
    let mut model = three_hours();
    model.horizon = Span::from_hours(10);
    hourly(&mut model, "f", &[HUNDRED_SECONDS, THOUSAND_SECONDS], WEST);
    rpo(&mut model, Per::Volume);
    let (_, result) = run(&model);
    let [(name, of)] = by_scope(&model, &result).try_into().unwrap();
    assert_eq!(name, "f → us-west-2");
    assert_eq!(of.fared, result.targets[0]);
    assert_eq!((72_000.0 * of.fared.share.unwrap()).round(), 35_900.0 + 29_600.0);
    assert_eq!(spent(of), [(Cause::StandardCap, 9_000)]);
}

/// One snapshot, there after 1,000 s, and never a newer one: its application is without a recovery
/// point for 1,000 s, and past 4,000 s for the other 32,000 of 36,000 s.
#[test]
fn an_application_that_is_not_copied_again_grows_old_to_the_end() {
    let mut model = three_hours();
    model.horizon = Span::from_hours(10);
    add(&mut model, fleet("f", volumes(&[THOUSAND_SECONDS]), once(0)), (WEST, None));
    model.fleets[0].applications = Applications::Every(1);
    rpo(&mut model, Per::Application);
    let (_, result) = run(&model);
    let fared = result.targets[0];
    assert_eq!((36_000.0 * fared.share.unwrap()).round(), 3_000.0);
    assert_eq!(fared.worst, Some(Span::from_secs(36_000)));
    assert_eq!(result.promises[0][0].fared, fared);
}

type Row = BTreeMap<String, String>;

/// The rows of a table of a folder, by column.
fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn count(row: &Row, column: &str) -> u64 {
    row[column].parse().unwrap()
}

fn sum(rows: &[&Row], column: &str) -> u64 {
    rows.iter().map(|row| count(row, column)).sum()
}

/// What the scopes of a target come to together is what the target comes to; where it covers but one,
/// in all columns. A batch to several places is in the row of each: there the fleets add up.
fn check(target: &Row, of_scopes: &[&Row]) {
    let told = format!("{target:?} of {of_scopes:?}");
    if let [row] = of_scopes {
        for (column, value) in target {
            assert_eq!(&row[column], value, "{column}: {told}");
        }
    }
    if target["kind"] != "batch" {
        for column in ["n", "n_missed", "n_open"] {
            assert_eq!(sum(of_scopes, column), count(target, column), "{column}: {told}");
        }
        return;
    }
    let mut fleets: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in of_scopes {
        let fleet = row["scope"].split(" → ").next().unwrap();
        fleets.entry(fleet).or_default().push(row);
    }
    let most = |column: fn(&Row) -> u64| -> u64 {
        fleets.values().map(|rows| rows.iter().map(|row| column(row)).max().unwrap()).sum()
    };
    assert_eq!(most(|row| count(row, "n") + count(row, "n_open")), {
        count(target, "n") + count(target, "n_open")
    });
    let missed = count(target, "n_missed");
    assert!(most(|row| count(row, "n_missed")) <= missed, "{told}");
    assert!(missed <= sum(of_scopes, "n_missed"), "{told}");
}

/// Five runs of the first and of the last point of each scenario, over two days.
#[test]
fn the_scopes_of_every_scenario_come_to_what_its_targets_say() {
    let (mut n_alone, mut n_apart) = (0, 0);
    for path in scenario_files::files() {
        let mut plan: Plan = scenario_files::plan(&path);
        plan.points = plan.points.split_off(plan.points.len() - 1);
        let point = &mut plan.points[0];
        if point.model.flow_level.is_some() {
            continue;
        }
        point.index = 0;
        let model = &mut point.model;
        (model.replications, model.precision) = (5, None);
        model.horizon = model.horizon.min(model.warm_up + Span::from_days(2));
        let home = TempDir::new().unwrap();
        let place = home.path().join("out");
        carried_out(&plan, &place, &Options { threads: None, ..QUIET });
        let (targets, promises) = (rows(&place, "targets.csv"), rows(&place, "promises.csv"));
        let mut n = 0;
        for target in &targets {
            let is_its = |row: &&Row| row["target"] == target["target"];
            let of_scopes: Vec<&Row> = promises.iter().filter(is_its).collect();
            assert!(!of_scopes.is_empty(), "{path:?}: {target:?}");
            check(target, &of_scopes);
            n += of_scopes.len();
            if of_scopes.len() == 1 { n_alone += 1 } else { n_apart += 1 }
        }
        assert_eq!(n, promises.len(), "{path:?}");
    }
    assert!(8 < n_alone && 8 < n_apart, "{n_alone} targets on one scope, {n_apart} on several");
}
