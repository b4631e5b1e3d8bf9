//! What two sides must have in common before a difference means anything.

use super::{Pairs, Refusal};
use crate::units::{Instant, Span};

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
    let mut differs = |what: &str, a: String, b: String, so: &str| {
        if a != b {
            reasons.push(format!("not comparable: {what} {a} in A and {b} in B: {so}"));
        }
    };
    let version = |of: &About| of.results_version.to_string();
    let so = "equal scenarios have other numbers; run the older one again";
    differs("the results version is", version(a), version(b), so);
    let start = |of: &About| crate::record::shown(of.start, "%Y-%m-%dT%H:%M:%SZ");
    let so = "other days; give both the same `scenario.start`";
    differs("runs start at", start(a), start(b), so);
    for (what, key, of) in [
        ("the horizon is", "horizon", (a.horizon, b.horizon)),
        ("the warm-up is", "warm_up", (a.warm_up, b.warm_up)),
        ("the drain is", "drain", (a.drain, b.drain)),
    ] {
        let so = format!("other copies are counted; give both the same `scenario.{key}`");
        differs(what, of.0.to_string(), of.1.to_string(), &so);
    }
    if pairs == Pairs::ByReplication {
        let so = "the runs met other draws; give both the same, or compare them as independent \
                  runs with --unpaired";
        differs("the seed is", a.seed.to_string(), b.seed.to_string(), so);
        differs("the fleet seed is", a.fleet_seed.to_string(), b.fleet_seed.to_string(), so);
        let resampled = |of: &About| of.resample_fleet.to_string();
        differs("`resample_fleet` is", resampled(a), resampled(b), so);
    }
    if reasons.is_empty() { Ok(()) } else { Err(Refusal::Wrong(reasons)) }
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
        insta::assert_snapshot!(told, @"");
    }

    #[test]
    fn independent_runs_may_have_other_seeds_and_no_other_window() {
        let other = About { seed: 2, fleet_seed: 9, resample_fleet: true, ..about() };
        assert!(check(&about(), &other, Pairs::None).is_ok());
        assert!(check(&about(), &other, Pairs::ByReplication).is_err());
        let other = About { horizon: Span::from_days(6), ..about() };
        assert!(check(&about(), &other, Pairs::None).is_err());
        assert!(check(&about(), &about(), Pairs::ByReplication).is_ok());
    }
}
