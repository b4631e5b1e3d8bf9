//! How many copies wait or are under way, over the run: what tells growth and a start that differs.

use crate::model::{Change, Cycle, Model, WindowStart};
use crate::units::{Instant, Span, count_u64, index_u64};

/// Parts of a cycle: what MSER-5 makes a batch of is one whole cycle, so that the hours of a day, or
/// the days of a week, are no news.
const PARTS: u64 = crate::stats::BATCH as u64;

/// Fewer cycles are not looked at.
const LEAST_CYCLES: u64 = 6;

/// Of more cycles, several go together.
const MOST_CYCLES: u64 = 200;

/// How many copies there are: marks of those that count, and means of all, those of the warm-up too,
/// over fifths of the longest cycle from the start to the end of the horizon.
#[derive(Debug, Clone)]
pub(super) struct Backlog {
    /// Those that count and wait or are under way, at four marks of the window.
    pub(super) marks: [u64; 4],
    n: u64,
    since: Instant,
    start: Instant,
    width: Span,
    /// Copies × nanoseconds of each part.
    areas: Vec<u128>,
    part: usize,
}

impl Backlog {
    /// Nothing yet, at the start of the run.
    pub(super) fn new(model: &Model) -> Backlog {
        let width = part_of_cycle(model);
        let n_parts = width.map_or(0, |width| model.horizon.whole(width));
        Backlog {
            marks: [0; 4],
            n: 0,
            since: model.start,
            start: model.start,
            width: width.unwrap_or(Span::ZERO),
            areas: vec![0; usize::try_from(n_parts).expect("a thousand at most")],
            part: 0,
        }
    }

    /// A copy is due.
    pub(super) fn enter(&mut self, now: Instant) {
        self.pass(now);
        self.n += 1;
    }

    /// A copy ended.
    pub(super) fn leave(&mut self, now: Instant) {
        self.pass(now);
        self.n -= 1;
    }

    /// The mean number of copies in each part of the horizon; nothing where it has too few cycles.
    pub(super) fn means(&mut self, stopped: Instant) -> Vec<f64> {
        self.pass(stopped.max(self.end_of(self.areas.len())));
        let width = u128::from(self.width.nanos());
        // a mean of whole copies and billionths of them is exact enough, and the same everywhere
        let mean = |area: &u128| {
            let billionths = area.saturating_mul(1_000_000_000) / width;
            count_u64(u64::try_from(billionths).unwrap_or(u64::MAX)) / 1e9
        };
        self.areas.iter().map(mean).collect()
    }

    fn end_of(&self, n_parts: usize) -> Instant {
        self.start + self.width.times(index_u64(n_parts))
    }

    fn pass(&mut self, now: Instant) {
        while self.part < self.areas.len() && self.since < now {
            let edge = self.end_of(self.part + 1);
            let to = edge.min(now);
            self.areas[self.part] += u128::from(self.n) * u128::from(to.since(self.since).nanos());
            self.since = to;
            if to == edge {
                self.part += 1;
            }
        }
        self.since = self.since.max(now);
    }
}

/// A fifth of the time after which all repeats, a day at least; nothing where the horizon has too few
/// of them, or where something is due to change on the way.
pub fn part_of_cycle(model: &Model) -> Option<Span> {
    if changes(model) {
        return None;
    }
    let cycles = model.fleets.iter().filter_map(|fleet| fleet.schedule.cycle());
    let longest = match cycles.max().unwrap_or(Cycle::DAY).max(Cycle::DAY) {
        Cycle::Of(span) => span,
        Cycle::Month => Span::from_days(30),
        Cycle::Year => Span::from_days(365),
    };
    let n = model.horizon.whole(longest);
    let together = longest.times(n.div_ceil(MOST_CYCLES));
    (LEAST_CYCLES <= n).then(|| Span::from_nanos(together.nanos() / PARTS))
}

/// Whether the scenario itself makes one time unlike another: then no start is to blame.
fn changes(model: &Model) -> bool {
    let has_calendar = |change: &Change| match change {
        Change::Daily(daily) => !daily.calendar.is_empty(),
        Change::PerSnapshot(_) | Change::Everything => false,
    };
    let once = |start: &WindowStart| matches!(start, WindowStart::Once(_));
    !model.incidents.is_empty()
        || model.fleets.iter().any(|fleet| has_calendar(&fleet.change))
        || model.fleets.iter().any(|fleet| fleet.schedule.cycle().is_none())
        || model.links.iter().flat_map(|link| &link.windows).any(|window| once(&window.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of 10 s from 100 s on, two of them: one copy from 105 to 115 s, and one from 112 s on.
    #[test]
    fn each_part_has_the_mean_of_what_was_there() {
        let at = |s: u64| Instant::from_nanos(s * 1_000_000_000);
        let mut backlog = Backlog {
            marks: [0; 4],
            n: 0,
            since: at(100),
            start: at(100),
            width: Span::from_secs(10),
            areas: vec![0; 2],
            part: 0,
        };
        backlog.enter(at(105));
        backlog.enter(at(112));
        backlog.leave(at(115));
        // 5 of 10 s; 15 of 20 s with 8 s by the second
        assert_eq!(backlog.means(at(130)), [0.5, 1.3]);
        assert_eq!(backlog.means(at(500)), [0.5, 1.3], "what is past stays");
    }
}
