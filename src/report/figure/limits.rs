//! Which limit binds, and where copies wait, at the first point.

use jiff::tz::TimeZone;

use super::stretch::Stretch;
use super::{Figure, Picture, Section, Tables};
use crate::report::chart::{Caption, LevelAt, Strip, Strips, TimeAxis};
use crate::report::read::{BinStart, SeriesKind};
use crate::units::{Instant, Span};

mod level;
mod title;

use level::highest;
pub(super) use level::{ANY_WEEK, Level, levels};

/// Most strips of limits.
const LIMITS_MAX: usize = 8;

/// Most destinations whose queue is shown.
const QUEUES_MAX: usize = 3;

/// Length of a bin.
const BIN: Span = Span::from_mins(5);

/// A run that is not much longer is shown whole.
const WHOLE_MAX: Span = Span::from_hours(36);

/// Where everything happens within this time of a day, only this time is shown.
const SHORT: Span = Span::from_hours(10);

/// A level below this share of its peak is nothing happening.
const ACTIVE_SHARE: f64 = 0.01;

/// Both figures, as far as anything was in use.
pub(super) fn figures(tables: &Tables) -> Vec<Figure> {
    let levels = levels(&tables.series);
    let is_folded =
        tables.series.first().is_some_and(|row| matches!(row.start, BinStart::OfWeek(_)));
    let of_queues = |level: &&Level| matches!(level.kind, SeriesKind::Waiting | SeriesKind::Slots);
    let queues: Vec<Level> = levels.iter().filter(of_queues).cloned().collect();
    let shown = |levels| {
        let stretch = busiest(levels)?;
        Some(Shown { tables, levels, stretch, is_folded })
    };
    let limits = shown(&levels).and_then(|shown| shown.limits());
    let queues = shown(&queues).and_then(|shown| shown.queues());
    limits.into_iter().chain(queues).collect()
}

/// The stretch that tells most: all, if it is short; else the day with the longest queue, or else
/// with the highest use of a limit; of that day only the hours in which something happens.
fn busiest(levels: &[Level]) -> Option<Stretch> {
    let bins = || levels.iter().flat_map(|level| &level.at);
    let (first, last) = (bins().map(|bin| bin.at).min()?, bins().map(|bin| bin.at).max()?);
    let all = Stretch { from: first, to: last + BIN };
    let longest = levels.iter().filter(|level| level.kind == SeriesKind::Waiting);
    let waiting = longest.map(|level| (level, 1.0));
    let used = levels.iter().filter_map(|level| Some((level, 1.0 / level.limit?)));
    let peak = highest(waiting).filter(|(_, value)| 0.0 < *value);
    let (at, value) = peak.or_else(|| highest(used))?;
    if value <= 0.0 {
        return None;
    }
    let day = if all.length() <= WHOLE_MAX { all } else { all.piece(at, Span::from_days(1)) };
    let active = |level: &Level| -> Vec<Instant> {
        let least = ACTIVE_SHARE * level.peak();
        let is_active = |bin: &&LevelAt| day.holds(bin.at) && 0.0 < bin.mean && least <= bin.mean;
        level.at.iter().filter(is_active).map(|bin| bin.at).collect()
    };
    let active: Vec<Instant> = levels.iter().flat_map(active).collect();
    let (from, to) = (active.iter().min()?.back(BIN), *active.iter().max()? + BIN + BIN);
    let hull = Stretch { from, to };
    let step = if hull.length() <= Span::from_hours(3) {
        Span::from_mins(30)
    } else {
        Span::from_hours(1)
    };
    let hull = hull.rounded_out(step, day);
    Some(if hull.length() <= SHORT { hull } else { day })
}

/// What both figures show.
struct Shown<'t> {
    tables: &'t Tables,
    levels: &'t [Level],
    stretch: Stretch,
    is_folded: bool,
}

impl<'t> Shown<'t> {
    fn limits(&self) -> Option<Figure> {
        let limited = |level: &&Level| level.limit.is_some() && 0.0 < level.peak();
        let all: Vec<&Level> = self.levels.iter().filter(limited).collect();
        let title = title::of_limits(self.tables, &all)?;
        let in_use: Vec<&Level> =
            all.iter().copied().filter(|level| level.is_used_in(self.stretch)).collect();
        let kept = fullest(&in_use, LIMITS_MAX);
        let strip = |level: &&Level| {
            level.strip(match level.kind {
                SeriesKind::Slots => "Slots in use, ",
                SeriesKind::Waiting => "Copies waiting, ",
                SeriesKind::Quota => "Quota, ",
                SeriesKind::Link if level.place.contains("link") => "",
                SeriesKind::Link => "Link ",
            })
        };
        let strips = kept.iter().map(strip).collect();
        let left_out = left_out(kept.len(), all.len(), "limits");
        let note = [
            "A line that touches its dashed limit is where copies are held up; one far below it has \
             room to spare.",
            "Means over runs hide single runs: the band reaches to the 95\u{a0}% run.",
        ];
        let n_told = if 1 < self.tables.manifest.n_runs() { 2 } else { 1 };
        Some(self.figure(("limits", title), strips, &left_out, &note[..n_told]))
    }

    fn queues(&self) -> Option<Figure> {
        let waiting = self.of_kind(SeriesKind::Waiting);
        let slots = self.of_kind(SeriesKind::Slots);
        let at = |levels: &[&'t Level], place: &str| -> Option<&'t Level> {
            levels.iter().copied().find(|level| level.place == place)
        };
        let in_use: Vec<&Level> =
            waiting.iter().copied().filter(|level| at(&slots, &level.place).is_some()).collect();
        let title = title::of_queues(&in_use, self.is_folded)?;
        let mut by_queue = in_use.clone();
        by_queue.sort_by(|one, other| {
            let use_of = |level: &Level| at(&slots, &level.place).map_or(0.0, Level::use_at_peak);
            let queue = other.peak().total_cmp(&one.peak());
            queue.then(use_of(other).total_cmp(&use_of(one)))
        });
        let n_queues = in_use.iter().filter(|level| level.is_used_in(self.stretch)).count();
        by_queue.truncate(n_queues.clamp(1, QUEUES_MAX));
        let mut strips = Vec::new();
        for level in &by_queue {
            strips.extend(at(&slots, &level.place).map(|slots| slots.strip("In flight, ")));
            strips.push(level.strip("Waiting, "));
        }
        let left_out = left_out(by_queue.len(), in_use.len(), "destinations");
        let note = [
            "Copies in flight hold slots up to the dashed limit; those past it wait, and a client \
             that sleeps may wait on beside a free slot.",
        ];
        Some(self.figure(("queue", title), strips, &left_out, &note))
    }

    fn of_kind(&self, kind: SeriesKind) -> Vec<&'t Level> {
        self.levels.iter().filter(|level| level.kind == kind).collect()
    }

    fn figure(
        &self,
        (name, title): (&str, String),
        strips: Vec<Strip>,
        left_out: &str,
        note: &[&str],
    ) -> Figure {
        let when = if self.is_folded {
            let day = super::words::utc(self.stretch.from, "%A");
            format!("{day}s, all weeks together, UTC")
        } else {
            self.stretch.words()
        };
        let lines = match self.tables.manifest.n_runs() {
            1 => "5-min means of 1 run".to_owned(),
            n => format!("5-min means, line: mean of {n} runs, band: up to the 95\u{a0}% run"),
        };
        let subtitle = self.tables.subtitle(&[&when, &lines, left_out]);
        let time = TimeAxis { from: self.stretch.from, to: self.stretch.to, zone: TimeZone::UTC };
        let (caption, picture) =
            (Caption { title, subtitle }, Picture::Strips(Strips { time, strips }));
        let note = note.iter().map(|&sentence| sentence.to_owned()).collect();
        Figure::new(Section::Day, name, caption, picture, note)
    }
}

/// How many of all are shown; empty where all are.
fn left_out(n_shown: usize, n_all: usize, what: &str) -> String {
    match n_shown {
        n if n == n_all => String::new(),
        1 => format!("the busiest of {n_all} {what}"),
        n => format!("the busiest {n} of {n_all} {what}"),
    }
}

/// The levels that come nearest to their limits, at least one of each kind, in their order.
fn fullest<'l>(levels: &[&'l Level], n_most: usize) -> Vec<&'l Level> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|&one, &other| {
        levels[other].use_at_peak().total_cmp(&levels[one].use_at_peak()).then(one.cmp(&other))
    });
    let is_first_of_kind = |place: usize, before: &[usize]| {
        !before.iter().any(|other| levels[*other].kind == levels[place].kind)
    };
    let (mut firsts, mut rest) = (Vec::new(), Vec::new());
    for (rank, &place) in order.iter().enumerate() {
        if is_first_of_kind(place, &order[..rank]) { &mut firsts } else { &mut rest }.push(place);
    }
    firsts.extend(rest);
    firsts.truncate(n_most);
    firsts.sort_unstable();
    firsts.into_iter().map(|place| levels[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, START};
    use super::level::ANY_WEEK;
    use super::*;
    use crate::report::read::SeriesRow;
    use crate::units::Rate;

    /// Hourly bins over `hours`; the level is `mean` at the hours named, else 0.
    fn series(
        kind: SeriesKind,
        place: &str,
        limit: Option<f64>,
        levels: &[(u64, f64)],
    ) -> Vec<SeriesRow> {
        let row = |hour: u64| {
            let mean = levels.iter().find(|level| level.0 == hour).map_or(0.0, |level| level.1);
            SeriesRow {
                point: 0,
                series: place.to_owned(),
                kind,
                start: BinStart::At(START + Span::from_hours(hour)),
                mean,
                p95: 1.5 * mean,
                limit,
            }
        };
        (0..72).map(row).collect()
    }

    fn tables() -> Tables {
        let slots =
            |place, levels: &[(u64, f64)]| series(SeriesKind::Slots, place, Some(20.0), levels);
        let waiting =
            |place, levels: &[(u64, f64)]| series(SeriesKind::Waiting, place, None, levels);
        let quota =
            series(SeriesKind::Quota, "a → b", Some(Rate::mib_per_s(2000).get()), &[(30, 7e8)]);
        Tables {
            series: [
                slots("b", &[(30, 18.0), (40, 3.0)]),
                slots("c", &[(31, 2.0)]),
                waiting("b", &[(30, 4.5)]),
                waiting("c", &[]),
                quota,
            ]
            .concat(),
            highest: sample::highest(&[
                ("b", "slots_max", 20.0),
                ("c", "slots_max", 4.0),
                ("a → b", "quota_max", Rate::mib_per_s(700).get()),
            ]),
            summary: sample::means(&[("b", "slots_full", 0.081)]),
            ..sample::tables()
        }
    }

    fn titles(tables: &Tables) -> Vec<String> {
        let title = |figure: &Figure| figure.caption.title.replace('\u{a0}', " ");
        figures(tables).iter().map(title).collect()
    }

    /// 700 of 2,000 MiB/s are 35 %.
    #[test]
    fn what_is_full_comes_before_what_is_not() {
        let titles = titles(&tables());
        assert_eq!(
            titles,
            [
                "All 20 slots of b are taken 8.1 % of the time; no quota is ever more than 35.0 % \
                 used",
                "On average, up to 4.5 copies wait for b, at Tue 5 Jan 06:00"
            ]
        );
    }

    #[test]
    fn nothing_full_and_nobody_waiting_is_said() {
        let mut tables = tables();
        tables.highest = sample::highest(&[
            ("b", "slots_max", 14.0),
            ("a → b", "quota_max", Rate::mib_per_s(700).get()),
        ]);
        for row in tables.series.iter_mut().filter(|row| row.kind == SeriesKind::Waiting) {
            row.mean = 0.0;
        }
        assert_eq!(
            titles(&tables),
            [
                "No limit is reached: at most 14 of 20 slots of b are taken",
                "No copy waits for a slot or for quota"
            ]
        );
    }

    /// The queue is longest in hour 30, Tuesday 06:00; on that day something happens from 06:00 to
    /// 16:05 (hours 30, 31, and 40): 11 hours, so the whole day is shown. Without hour 40, from
    /// 06:00 to 07:05; with a bin of air on either side, 05:55 to 07:10, in half hours.
    #[test]
    fn the_day_of_the_longest_queue_is_shown() {
        let mut tables = tables();
        let words = |tables: &Tables| busiest(&levels(&tables.series)).unwrap().words();
        assert_eq!(words(&tables), "Tue 5 Jan, UTC");
        for row in &mut tables.series {
            if row.start == BinStart::At(START + Span::from_hours(40)) {
                row.mean = 0.0;
            }
        }
        assert_eq!(words(&tables), "Tue 5 Jan 05:30 to 07:30 UTC");
    }

    #[test]
    fn weeks_that_are_folded_are_averaged() {
        let mut rows = series(SeriesKind::Waiting, "b", None, &[(0, 4.0)]);
        rows.truncate(1);
        rows[0].start = BinStart::OfWeek(Span::from_hours(25));
        rows.push(SeriesRow { mean: 2.0, p95: 9.0, ..rows[0].clone() });
        let [level] = levels(&rows).try_into().unwrap();
        let at = ANY_WEEK + Span::from_hours(25);
        assert_eq!(level.at, [LevelAt { at, mean: 3.0, p95: 9.0 }]);
    }

    /// Of three slots and one link, two stay: the fullest slot, and the link, the only one of its
    /// kind, though it is the emptiest.
    #[test]
    fn each_kind_of_limit_keeps_its_fullest() {
        let level = |kind, place: &str, mean| Level {
            kind,
            place: place.to_owned(),
            limit: Some(10.0),
            at: vec![LevelAt { at: START, mean, p95: mean }],
        };
        let all = [
            level(SeriesKind::Slots, "a", 5.0),
            level(SeriesKind::Slots, "b", 9.0),
            level(SeriesKind::Slots, "c", 7.0),
            level(SeriesKind::Link, "l", 1.0),
        ];
        let all: Vec<&Level> = all.iter().collect();
        let places: Vec<&str> = fullest(&all, 2).iter().map(|level| level.place.as_str()).collect();
        assert_eq!(places, ["b", "l"]);
    }
}
