//! Nasty data of bars, differences, and weeks.

use super::fair_more;
use super::nasty::LONG;
use crate::catalog::Cause;
use crate::report::chart::*;
use crate::report::theme::Paint;

/// Long names everywhere; shares of none and of all; a limit where values stand; nothing at all.
pub(super) fn late_bars() -> Vec<LateBars> {
    let bars = |shares: &[f64]| -> Vec<LateBar> {
        shares
            .iter()
            .map(|&share| LateBar {
                target: Some((0.999_999_999, false)),
                ..fair_more::late_bar(LONG, share, "−1,234,567.8 a run")
            })
            .collect()
    };
    let allowed = |share: f64| Some((share, LONG.to_owned()));
    let target = Some(LONG.to_owned());
    vec![
        LateBars { bars: bars(&[1.0, 0.999_999_99, 0.5]), target, allowed: allowed(0.52) },
        LateBars { bars: bars(&[0.0; 3]), target: None, allowed: allowed(0.0) },
        LateBars { bars: bars(&[1e-9, 0.0]), target: None, allowed: allowed(1e-9) },
        LateBars { bars: Vec::new(), target: None, allowed: None },
    ]
}

/// Nothing differs; everything is far out, on both sides; what is needed is beyond all; long names.
pub(super) fn differences() -> Vec<Differences> {
    let group = |needed: Option<f64>, all: &[(f64, f64)]| DifferenceGroup {
        heading: LONG.to_owned(),
        beside: LONG.to_owned(),
        needed,
        rows: all
            .iter()
            .map(|&(mean, half)| DifferenceRow {
                beside: LONG.to_owned(),
                is_strong: true,
                ..fair_more::difference(LONG, mean, half, Some(Verdict::NotSure))
            })
            .collect(),
    };
    let of = |groups: Vec<DifferenceGroup>| Differences { groups };
    vec![
        of(vec![group(None, &[(0.0, 0.0), (0.0, 0.0)])]),
        of(vec![group(Some(1.0), &[(-99.999, 5.0), (0.001, 0.0), (1234.5, 700.0)])]),
        of(vec![group(Some(90.0), &[(1e-7, 1e-8), (-1e-7, 1e-8)]), group(None, &[])]),
        of(vec![group(Some(2.0), &[(1.95, 0.0), (2.05, 0.3), (-2.0, 3.0)])]),
        of(Vec::new()),
    ]
}

/// Parts of nothing; a bar far longer than the others; fourteen parts; a limit where totals stand.
pub(super) fn stacks() -> Vec<Stacks> {
    let parts: Vec<(String, Paint)> =
        Cause::ALL.iter().map(|cause| (LONG.to_owned(), Paint::Cause(*cause))).collect();
    let row = |values: [f64; 14], share: f64| StackRow {
        name: LONG.to_owned(),
        is_strong: true,
        values: values.to_vec(),
        share: Some(StackShare { share, verdict: Some(Verdict::No) }),
    };
    let shares = Some(StackShares { heading: LONG.to_owned(), promised: Some(1.0) });
    let all = |unit, rows: Vec<StackRow>, limit: Option<f64>| Stacks {
        heading: LONG.to_owned(),
        unit,
        parts: parts.clone(),
        rows,
        limit: limit.map(|limit| (limit, LONG.to_owned())),
        shares: shares.clone(),
    };
    vec![
        all(StackUnit::Usd, vec![row([0.0; 14], 0.0), row([0.0; 14], 1.0)], None),
        all(StackUnit::Usd, vec![row([1e-6; 14], 0.5), row([1e6; 14], 1e-9)], Some(14e6)),
        all(StackUnit::Time, vec![row([3600.0; 14], 0.999_999_999)], Some(51_000.0)),
        all(StackUnit::Time, Vec::new(), None),
    ]
}

/// All equal, all full, one hour alone, none at all.
pub(super) fn weeks() -> Vec<Week> {
    let week = |hours| Week { name: LONG.to_owned(), hours: Box::new(hours) };
    let mut one = [[None; 24]; 7];
    one[6][23] = Some(1.0);
    vec![
        week([[Some(0.0); 24]; 7]),
        week([[Some(1.0); 24]; 7]),
        week([[Some(0.999_999); 24]; 7]),
        week(one),
        week([[None; 24]; 7]),
    ]
}
