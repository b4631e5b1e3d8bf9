//! One quantity over time, under its limit.

use super::Stretch;
use crate::report::chart::{LevelAt, Strip};
use crate::report::read::{BinStart, SeriesKind, SeriesRow};
use crate::report::theme::NBSP;
use crate::units::{Instant, Rate, Span, count, thousands};

/// What stands for the week onto which longer runs are folded: it begins on a Monday.
pub(in crate::report::figure) const ANY_WEEK: Instant =
    Instant::from_nanos(Span::from_days(4).nanos());

/// One quantity over time.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report::figure) struct Level {
    pub(in crate::report::figure) kind: SeriesKind,
    /// Destination, pair, or link.
    pub(in crate::report::figure) place: String,
    pub(in crate::report::figure) limit: Option<f64>,
    pub(in crate::report::figure) at: Vec<LevelAt>,
}

/// The series, each with its bins.
pub(in crate::report::figure) fn levels(rows: &[SeriesRow]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for of_series in rows.chunk_by(|one, next| one.kind == next.kind && one.series == next.series) {
        let level = |row: &SeriesRow| LevelAt {
            at: match row.start {
                BinStart::At(at) => at,
                BinStart::OfWeek(offset) => ANY_WEEK + offset,
            },
            mean: row.mean,
            p95: row.p95,
        };
        // Folded weeks have several bins of one moment: the mean of their means, the highest p95.
        let bins = of_series.iter().map(level).collect::<Vec<LevelAt>>();
        let folded = bins.chunk_by(|one, next| one.at == next.at).map(|same| LevelAt {
            at: same[0].at,
            mean: same.iter().map(|bin| bin.mean).sum::<f64>() / count(same.len()),
            p95: same.iter().map(|bin| bin.p95).fold(0.0, f64::max),
        });
        levels.push(Level {
            kind: of_series[0].kind,
            place: of_series[0].series.clone(),
            limit: of_series[0].limit,
            at: folded.collect(),
        });
    }
    levels
}

impl Level {
    pub(super) fn peak(&self) -> f64 {
        self.at.iter().map(|bin| bin.mean).fold(0.0, f64::max)
    }

    /// Use of the limit at the peak of the 95 % run; 0 without a limit.
    pub(super) fn use_at_peak(&self) -> f64 {
        let peak = self.at.iter().map(|bin| bin.p95.max(bin.mean)).fold(0.0, f64::max);
        self.limit.filter(|limit| 0.0 < *limit).map_or(0.0, |limit| peak / limit)
    }

    pub(super) fn is_used_in(&self, stretch: Stretch) -> bool {
        self.at.iter().any(|bin| stretch.holds(bin.at) && 0.0 < bin.mean)
    }

    pub(super) fn strip(&self, name: &str) -> Strip {
        let (unit, scale) = self.unit();
        let scaled =
            |bin: &LevelAt| LevelAt { at: bin.at, mean: bin.mean * scale, p95: bin.p95 * scale };
        Strip {
            name: format!("{name}{}", self.place),
            unit: unit.to_owned(),
            limit: self.limit.map(|limit| limit * scale),
            note: String::new(),
            levels: self.at.iter().map(scaled).collect(),
        }
    }

    /// The unit that people know, and by what bytes per second are multiplied to get it: quotas are
    /// published in MiB/s, links in bit/s.
    fn unit(&self) -> (&'static str, f64) {
        match self.kind {
            SeriesKind::Slots | SeriesKind::Waiting => ("", 1.0),
            SeriesKind::Quota => ("MiB/s", 1.0 / Rate::mib_per_s(1).get()),
            SeriesKind::Link => ("Mbit/s", 8e-6),
        }
    }

    /// `14 of 20`, `700 of 2,000 MiB/s`.
    pub(super) fn of_limit(&self, value: f64) -> String {
        let (unit, scale) = self.unit();
        let number = |value: f64| thousands(value * scale, 0);
        let words = match self.limit {
            Some(limit) => format!("{} of {}", number(value), number(limit)),
            None => number(value),
        };
        if unit.is_empty() { words } else { format!("{words}{NBSP}{unit}") }
    }
}

/// The highest of some levels, each times its factor, and the first moment of it.
pub(super) fn highest<'l>(
    levels: impl Iterator<Item = (&'l Level, f64)>,
) -> Option<(Instant, f64)> {
    let bins = levels
        .flat_map(|(level, factor)| level.at.iter().map(move |bin| (bin.at, bin.mean * factor)));
    bins.reduce(|best, bin| {
        let is_higher = best.1 < bin.1 || (best.1 <= bin.1 && bin.0 < best.0);
        if is_higher { bin } else { best }
    })
}
