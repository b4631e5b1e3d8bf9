//! What two sides must have in common before a difference means anything.

use super::{Pairs, Refusal};
use crate::record::shown;
use crate::units::{Instant, Span};

/// A moment to the nanosecond.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.fZ";

/// What was run, as far as runs of two sides must agree on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Version of the results: equal scenarios have equal numbers under one version.
    pub results_version: u32,
    /// Seed of the days.
    pub seed: u64,
    /// Seed of what the fleets are.
    pub fleet_seed: u64,
    /// Whether each replication draws its fleets anew.
    pub resample_fleet: bool,
    /// First moment of a run.
    pub start: Instant,
    /// Length of the window in which copies are due.
    pub horizon: Span,
    /// What no measure counts, from the start.
    pub warm_up: Span,
    /// How long a run goes on for what is open at its end.
    pub drain: Span,
}

/// Refuses what is not comparable, with each reason.
///
/// Windows must always be the same; draws only where runs are paired.
pub(super) fn check(a: &About, b: &About, pairs: Pairs) -> Result<(), Refusal> {
    let mut reasons = Vec::new();
    let mut differs = |what: &str, [a, b]: [String; 2], so: &str| {
        if a != b {
            reasons.push(format!("not comparable: {what} {a} in A and {b} in B: {so}"));
        }
    };
    let so = "equal scenarios have other numbers; run the older one again";
    differs("the results version is", [a, b].map(|of| of.results_version.to_string()), so);
    let so = "other days; give both the same `scenario.start`";
    differs("runs start at", [a, b].map(|of| shown(of.start, MOMENT)), so);
    for (what, key, spans) in [
        ("the horizon is", "horizon", [a.horizon, b.horizon]),
        ("the warm-up is", "warm_up", [a.warm_up, b.warm_up]),
        ("the drain is", "drain", [a.drain, b.drain]),
    ] {
        let so = format!("other copies are counted; give both the same `scenario.{key}`");
        differs(what, told(spans), &so);
    }
    if pairs == Pairs::ByReplication {
        let so = "the runs met other draws; give both the same, or compare them as independent \
                  runs with --unpaired";
        differs("the seed is", [a, b].map(|of| of.seed.to_string()), so);
        differs("the fleet seed is", [a, b].map(|of| of.fleet_seed.to_string()), so);
        differs("`resample_fleet` is", [a, b].map(|of| of.resample_fleet.to_string()), so);
    }
    if reasons.is_empty() { Ok(()) } else { Err(Refusal::Wrong(reasons)) }
}

/// Two spans as people say them, or to the nanosecond where that reads the same of two.
fn told(spans: [Span; 2]) -> [String; 2] {
    let [a, b] = spans.map(|span| span.to_string());
    if a == b { spans.map(|span| format!("{} s", span.to_column())) } else { [a, b] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            results_version: 1,
            seed: 1,
            fleet_seed: 1,
            resample_fleet: false,
            start: Instant::ZERO,
            horizon: Span::from_days(7),
            warm_up: Span::ZERO,
            drain: Span::from_hours(48),
        }
    }

    #[test]
    fn every_reason_is_told() {
        let other = About {
            results_version: 2,
            seed: 7,
            fleet_seed: 8,
            resample_fleet: true,
            start: Instant::ZERO + Span::from_days(1),
            horizon: Span::from_days(1),
            warm_up: Span::from_hours(1),
            drain: Span::ZERO,
        };
        let told = check(&about(), &other, Pairs::ByReplication).unwrap_err().to_string();
        insta::assert_snapshot!(told, @r"
        not comparable: the results version is 1 in A and 2 in B: equal scenarios have other numbers; run the older one again
        not comparable: runs start at 1970-01-01T00:00:00Z in A and 1970-01-02T00:00:00Z in B: other days; give both the same `scenario.start`
        not comparable: the horizon is 7 days in A and 24 h in B: other copies are counted; give both the same `scenario.horizon`
        not comparable: the warm-up is 0 s in A and 60 min in B: other copies are counted; give both the same `scenario.warm_up`
        not comparable: the drain is 48 h in A and 0 s in B: other copies are counted; give both the same `scenario.drain`
        not comparable: the seed is 1 in A and 7 in B: the runs met other draws; give both the same, or compare them as independent runs with --unpaired
        not comparable: the fleet seed is 1 in A and 8 in B: the runs met other draws; give both the same, or compare them as independent runs with --unpaired
        not comparable: `resample_fleet` is false in A and true in B: the runs met other draws; give both the same, or compare them as independent runs with --unpaired
        ");
    }

    #[test]
    fn independent_runs_may_have_other_seeds_and_no_other_window() {
        let other = About { seed: 2, fleet_seed: 9, resample_fleet: true, ..about() };
        assert!(check(&about(), &other, Pairs::None).is_ok());
        assert!(check(&about(), &other, Pairs::ByReplication).is_err());
        let other = About { horizon: Span::from_days(6), ..about() };
        assert!(check(&about(), &other, Pairs::None).is_err());
        let other = About { horizon: Span::from_days(7) + Span::from_nanos(1), ..about() };
        insta::assert_snapshot!(check(&about(), &other, Pairs::None).unwrap_err(), @"not comparable: the horizon is 604800.000000000 s in A and 604800.000000001 s in B: other copies are counted; give both the same `scenario.horizon`");
        assert!(check(&about(), &about(), Pairs::ByReplication).is_ok());
    }
}
