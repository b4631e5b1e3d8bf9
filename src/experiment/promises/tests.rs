use super::*;
use crate::drive::Slowest;
use crate::model::TargetKind;
use crate::stats::Verdict;
use crate::units::Span;

fn target() -> Target {
    Target {
        name: "in time".to_owned(),
        kind: TargetKind::Copy { limit: Span::from_hours(1) },
        fleets: Vec::new(),
        to: None,
        share: 0.9,
    }
}

fn scopes(n: usize) -> Vec<PromiseScope> {
    let scope = |place| PromiseScope { scope: format!("f{place:03} → west"), application: None };
    (0..n).map(scope).collect()
}

/// Ten copies, of which so many were late; and so many open besides.
fn share(n_missed: u64, n_open: u64) -> ScopeShare {
    let fared = TargetShare {
        share: Some(1.0 - count_u64(n_missed) / 10.0),
        n: 10,
        n_missed,
        worst: Some(Span::from_mins(50 + n_missed)),
        n_open,
    };
    ScopeShare { fared, ..ScopeShare::default() }
}

/// These nanoseconds by cause, from the first cause on.
fn broke(nanos: &[u128]) -> ScopeShare {
    ScopeShare { broke: nanos.to_vec(), ..share(1, 0) }
}

fn slow(mins: u64, cause: Cause) -> ScopeShare {
    let slowest = Slowest { took: Span::from_mins(mins), cause: Some(cause) };
    ScopeShare { slowest: Some(slowest), ..share(0, 0) }
}

fn of(scopes: &[PromiseScope], runs: &[Vec<ScopeShare>]) -> Vec<Promise> {
    of_one(&target(), scopes, &runs.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// One scope keeps all in 20 runs; of the other 5, 5, 5, and 2 of 10 are late: no.
#[test]
fn each_scope_is_judged_by_its_own_shares() {
    let runs: Vec<Vec<ScopeShare>> =
        (0..20).map(|run| vec![share(0, 3), share(if run % 4 == 0 { 2 } else { 5 }, 0)]).collect();
    let [kept, broken] = of(&scopes(2), &runs).try_into().unwrap();
    assert_eq!((kept.scope.as_str(), kept.n_scopes), ("f000 → west", 1));
    assert_eq!((kept.fared.judgement.verdict, kept.fared.n_open), (Verdict::Yes, 60));
    assert_eq!((broken.fared.judgement.verdict, broken.fared.n_missed), (Verdict::No, 5 * 17));
    assert_eq!(broken.fared.worst, Some(Span::from_mins(55)));
}

/// 203 scopes: 202 keep all, and the last one misses 3 of 10, the one before it has no copy at all in
/// the one run that there is. 199 have rows: the last one, and the first 198 of those that are alike.
/// The other 4 stand together: 203 − 199, of which 3 have 10 copies each.
#[test]
fn the_best_of_many_scopes_stand_together() {
    let mut run = vec![share(0, 1); 203];
    run[202] = share(3, 0);
    run[201] = ScopeShare::default();
    let rows = of(&scopes(203), &[run]);
    assert_eq!(rows.len(), ROWS_MAX);
    let names: Vec<&str> = rows.iter().map(|row| row.scope.as_str()).collect();
    assert_eq!((names[0], names[197], names[198]), ("f000 → west", "f197 → west", "f202 → west"));
    let last = rows.last().unwrap();
    assert_eq!((last.scope.as_str(), last.n_scopes), ("", 4));
    assert_eq!((last.fared.n, last.fared.n_missed, last.fared.n_open), (30, 0, 3));
    assert_eq!(last.fared.judgement.mean, Some(1.0));
    let sum: u64 = rows.iter().map(|row| row.fared.n).sum();
    assert_eq!(sum, 202 * 10);
    assert_eq!(of(&scopes(200), &[vec![share(0, 0); 200]]).len(), 200, "as many as there may be");
}

/// Shares of 1 over 10 and of 0.7 over 10 are 0.85 over 20.
#[test]
fn shares_weigh_as_much_as_they_rest_on() {
    let run = [share(0, 0), share(3, 0), ScopeShare::default()];
    let both = together(&run, &[0, 1, 2]);
    assert_eq!((both.n, both.n_missed, both.worst), (20, 3, Some(Span::from_mins(53))));
    assert!((both.share.unwrap() - 0.85).abs() < 1e-15);
    assert_eq!(together(&run, &[2]).share, None);
}

/// Snapshot 5 + 1, window 2 + 5 over two runs: the window, though the first run alone says otherwise.
/// Where none broke, the copy of 9 minutes is slower than that of 8.
#[test]
fn what_breaks_first_is_of_those_that_broke_or_else_of_the_slowest() {
    let first = |runs: &[Vec<ScopeShare>]| of(&scopes(1), runs)[0].breaks_first;
    assert_eq!(first(&[vec![broke(&[5, 2])]]), Some(Cause::Snapshot));
    assert_eq!(first(&[vec![broke(&[5, 2])], vec![broke(&[1, 5])]]), Some(Cause::Window));
    let slow = [slow(8, Cause::Slot), slow(9, Cause::Link)].map(|one| vec![one]);
    assert_eq!(first(&slow), Some(Cause::Link));
    let one_broke = [vec![broke(&[1])], slow[1].clone()];
    assert_eq!(first(&one_broke), Some(Cause::Snapshot));
    assert_eq!(first(&[vec![broke(&[0, 0])], slow[1].clone()]), None, "refused at once");
    assert_eq!(first(&[vec![share(0, 0)]]), None);
}
