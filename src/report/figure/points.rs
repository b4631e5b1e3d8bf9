//! The points of a sweep: what each is called, what it costs, and how it stands.

use super::Tables;
use super::words::{bound, joined};
use crate::report::chart::Verdict;
use crate::report::read::{Cost, TargetRow};

/// One point of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub(super) index: u64,
    /// `slots = 40 and quota = 2000 MiB/s`.
    pub(super) name: String,
    /// `slots = 40, quota = 2000 MiB/s`.
    pub(super) label: String,
    /// Share of the target that the sweep is told by.
    pub(super) share: Option<f64>,
    /// How that target stands here.
    pub(super) verdict: Verdict,
    /// How all targets stand here: the worst of their verdicts.
    pub(super) all: Verdict,
    pub(super) cost: Option<Cost>,
}

impl Point {
    /// What a run costs.
    pub(super) fn total(&self) -> Option<f64> {
        self.cost.map(|parts| parts.iter().sum())
    }
}

/// The target by which a sweep is told: of which least is held, against what is promised, at the
/// point as written, or the first.
pub(super) fn told_target(tables: &Tables) -> Option<&TargetRow> {
    let gap =
        |row: &TargetRow| row.standing.held().map_or(-1.0, |held| row.standing.promised - held);
    let base = tables.base();
    let judged =
        tables.targets.iter().filter(|row| row.point == base && row.standing.share.is_some());
    // the first of equals
    judged.reduce(|best, row| if gap(best) < gap(row) { row } else { best })
}

/// The points, in the order of the sweep.
pub(super) fn points(tables: &Tables, target: &str) -> Vec<Point> {
    let rows = tables.targets.iter().filter(|row| row.target == target);
    let point = |row: &TargetRow| {
        let here = tables.targets.iter().filter(|other| other.point == row.point);
        let worst = here.map(|other| other.standing.verdict).min_by_key(|verdict| match verdict {
            Verdict::No => 0,
            Verdict::NotSure => 1,
            Verdict::Yes => 2,
        });
        let labels: Vec<String> = row
            .labels
            .iter()
            .map(|(key, value)| bound(&format!("{key}\u{a0}=\u{a0}{value}")))
            .collect();
        Point {
            index: row.point,
            name: joined(&labels, "and"),
            label: labels.join(", "),
            share: row.standing.held(),
            verdict: row.standing.verdict,
            all: worst.unwrap_or(row.standing.verdict),
            cost: tables.costs.get(&row.point).copied(),
        }
    };
    rows.map(point).collect()
}

/// `the promise`, `both promises`, `all three promises`, as many as there are targets.
pub(super) fn every_promise(tables: &Tables) -> String {
    match tables.first_targets().count() {
        0 | 1 => "the promise".to_owned(),
        2 => "both promises".to_owned(),
        n => format!("all {} promises", super::words::numeral(n)),
    }
}
