//! The answer to an inverse question: which value of a grid meets, and which one beside it does not.

use super::choice::Confirmed;
use super::folder::{Failure, Staging};
use super::{Outcome, PointSummary};
use crate::plan::{Grid, Point, Unknown};
use crate::record::{CsvTable, table};
use crate::scenario::{Shortfall, shortfalls};
use crate::stats::Verdict;
use crate::units::index_u64;

/// The file of the answer.
const FILE: &str = "solve.csv";

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Yes: a value meets, on fresh draws too. No: each value misses for sure. Else: not sure.
    pub verdict: Verdict,
    /// The best value and what fresh draws say of it; none where none meets.
    pub best: Option<Confirmed>,
    /// The value nearest to the best one that does not meet, the more modest one first.
    pub beside: Option<usize>,
    /// For each value, what arithmetic alone rules out, of the targets that the runs miss, too: what
    /// they keep is not ruled out, whatever averages say.
    pub short: Vec<Vec<Shortfall>>,
}

impl Answer {
    /// The answer of a grid that was carried out.
    ///
    /// # Panics
    /// When the outcome is that of another plan.
    pub fn of(grid: &Grid, outcome: &Outcome) -> Answer {
        let (points, prefer) = (&outcome.points, &grid.plan.prefer);
        assert_eq!(points.len(), grid.plan.points.len(), "points of the grid and of its outcome");
        let best = outcome.choice.as_ref().and_then(|choice| choice.best.clone());
        let misses = |point: &PointSummary| {
            let mut targets = point.targets.iter().enumerate();
            let counts =
                |place: usize| prefer.targets.is_empty() || prefer.targets.contains(&place);
            targets.any(|(place, of)| counts(place) && of.judgement.verdict == Verdict::No)
        };
        let verdict = match &best {
            Some(best) if best.holds => Verdict::Yes,
            None if points.iter().all(misses) => Verdict::No,
            Some(_) | None => Verdict::NotSure,
        };
        let beside = best.as_ref().and_then(|best| beside(grid, points, best.point));
        let ruled_out = |(of, point): (&PointSummary, &Point)| {
            let counts = |short: &Shortfall| {
                let named = prefer.targets.is_empty() || prefer.targets.contains(&short.target);
                named && of.targets[short.target].judgement.verdict == Verdict::No
            };
            shortfalls(&point.model).into_iter().filter(counts).collect::<Vec<_>>()
        };
        let short = points.iter().zip(&grid.plan.points).map(ruled_out);
        Answer { verdict, best, beside, short: short.collect() }
    }

    /// Writes `solve.csv`: a row for each value and target.
    ///
    /// # Errors
    /// When the machine fails.
    pub(super) fn write(
        &self,
        grid: &Grid,
        outcome: &Outcome,
        staging: &Staging<'_>,
    ) -> Result<(), Failure> {
        let axes = [grid.unknown.name().to_owned()];
        let columns = table(FILE).expect("a file of the table");
        let mut out = CsvTable::new(staging.create(FILE)?, columns, &axes);
        out.header();
        let targets = &grid.plan.prefer.targets;
        for point in &outcome.points {
            let best = self.best.as_ref().filter(|best| best.point == point.index);
            let short = &self.short[point.index];
            for (place, target) in point.targets.iter().enumerate() {
                if !targets.is_empty() && !targets.contains(&place) {
                    continue;
                }
                let fresh = best.map(|best| best.fresh.targets[place].judgement);
                let own = target.judgement;
                out.integer(index_u64(point.index)).text(point.labels[0].1.as_str());
                out.boolean(grid.written == Some(point.index)).text(target.name.as_str());
                out.decimal(own.mean).decimal(own.interval.map(|of| of.low));
                out.decimal(own.interval.map(|of| of.high)).text(own.verdict.name());
                out.boolean(point.meets(targets)).usd(point.cost()).boolean(best.is_some());
                out.boolean(self.beside == Some(point.index));
                out.decimal(fresh.and_then(|of| of.mean));
                out.decimal(fresh.and_then(|of| of.interval).map(|of| of.low));
                out.decimal(fresh.and_then(|of| of.interval).map(|of| of.high));
                out.text(fresh.map(|of| of.verdict.name()));
                let short = short.iter().find(|short| short.target == place);
                out.text(short.map(|short| short.narrow.name()));
                out.text(short.map(|short| short.place.as_str()));
                out.span(short.map(|short| short.interval)).bytes(short.map(|short| short.bytes));
                out.bytes(short.map(|short| short.fits)).integer(index_u64(own.n)).end();
            }
        }
        let written = out.finish();
        written.map_err(|error| Failure::new("write", &staging.path().join(FILE), error))?.finish()
    }
}

/// The value nearest to the best one that does not meet, by steps on the grid; at equal distance the
/// more modest one. Starts go around the clock.
fn beside(grid: &Grid, points: &[PointSummary], best: usize) -> Option<usize> {
    let n = points.len();
    let steps = |place: usize| {
        let (up, down) = ((place + n - best) % n, (best + n - place) % n);
        let away = match grid.unknown {
            Unknown::Start => up.min(down),
            Unknown::Duration | Unknown::Quota | Unknown::Slots => place.abs_diff(best),
        };
        let is_modest = match grid.unknown {
            Unknown::Duration => best < place,
            Unknown::Quota | Unknown::Slots => place < best,
            Unknown::Start => down <= up,
        };
        (away, !is_modest)
    };
    let misses = |place: &usize| !points[*place].meets(&grid.plan.prefer.targets);
    (0..n).filter(misses).min_by_key(|place| steps(*place))
}
