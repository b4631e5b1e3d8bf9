//! A change of key: what is full again, by each reading (P-REKEY).

use snapferry::model::{Change, Incident, IncidentKind, Model, Rekey, Retention, SiteIdx, Switch};
use snapferry::units::Span;

use super::{HUNDRED_SECONDS, add_route, hourly};
use crate::support::{HOME, WEST, at, model, run};

/// Hourly copies for 8 h, kept for 3 h 30 min; another key from 2 h 30 min on.
fn rekeyed(rekey: Rekey) -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(8);
    model.assume.rekey = rekey;
    hourly(&mut model, "f", &[HUNDRED_SECONDS], WEST);
    model.fleets[0].change = Change::PerSnapshot(0.1);
    model.fleets[0].copies[0].retain = Retention::Age(Span::from_mins(210));
    let (kind, at) = (IncidentKind::NewKey(Vec::new()), at(9_000));
    model.incidents.push(Incident { name: "key".to_owned(), kind, at, until: at });
    model
}

/// The hours at which copies are full.
fn full(model: &Model) -> Vec<u64> {
    let (rows, _) = run(model);
    let full = |row: &&&crate::support::Row| row.incremental == Some(false);
    rows.of("f").iter().filter(full).map(|row| row.snapshot).collect()
}

/// The copy of hour 2, the last under the old key, is gone 3 h 30 min after its completion, after
/// 5 h 30 min: that of hour 6 is the first to find one key alone.
#[test]
fn everything_is_full_again_once_or_while_keys_are_mixed_or_always() {
    assert_eq!(full(&rekeyed(Rekey::First)), [0, 3]);
    assert_eq!(full(&rekeyed(Rekey::WhileMixed)), [0, 3, 4, 5]);
    assert_eq!(full(&rekeyed(Rekey::Always)), [0, 3, 4, 5, 6, 7]);
}

/// Within its Region a copy moves nothing under the key of its source (F102); under another one it
/// is a copy like others.
#[test]
fn within_a_region_another_key_makes_a_copy_move() {
    let mut model = rekeyed(Rekey::First);
    let route = add_route(&mut model, HOME, HOME);
    let rule = &mut model.fleets[0].copies[0];
    (rule.to, rule.route) = (HOME, route);
    let (rows, _) = run(&model);
    let moved: Vec<u64> = rows.of("f").iter().map(|row| row.moved.get() >> 20).collect();
    let all = HUNDRED_SECONDS.get() >> 20;
    assert_eq!(moved[..3], [0, 0, 0]);
    assert_eq!((moved[3], moved[4..].iter().all(|mib| *mib == all / 10)), (all, true));
}

/// Copied under another key from the first on: that one is full, and only by one reading the others.
#[test]
fn an_unencrypted_volume_is_copied_encrypted() {
    let copied = |rekey| {
        let mut model = rekeyed(rekey);
        model.incidents.clear();
        model.fleets[0].re_encrypts = true;
        full(&model)
    };
    assert_eq!(copied(Rekey::First), [0]);
    assert_eq!(copied(Rekey::WhileMixed), [0]);
    assert_eq!(copied(Rekey::Always), [0, 1, 2, 3, 4, 5, 6, 7]);
}

/// The assumption bears on a run only where a key changes.
#[test]
fn without_a_change_of_key_nothing_rests_on_it() {
    let touched = |model: &Model| run(model).1.touched & Switch::Rekey.bit() != 0;
    let mut model = rekeyed(Rekey::First);
    assert!(touched(&model));
    model.incidents.clear();
    assert!(!touched(&model));
    assert_eq!(model.routes[0].to, SiteIdx(1));
}
