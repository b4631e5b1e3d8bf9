//! When in the week the limit binds that is used most.

use super::limits::{ANY_WEEK, Level, levels};
use super::{Figure, Picture, Section, Tables};
use crate::report::chart::{Caption, DAYS, Week};
use crate::report::read::SeriesKind;
use crate::report::theme::percent;
use crate::units::{Instant, Span, index_u64};

/// A run shorter than this has no week to show.
const HORIZON_MIN: Span = Span::from_days(2);

/// Hours that differ by less than this share of the limit are about the same.
const EVEN: f64 = 0.03;

/// Below this use of a limit there is nothing to see.
const USED_MIN: f64 = 0.005;

/// Full names of days.
const LONG_DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

type Hours = [[Option<f64>; 24]; 7];

/// The figure; none where the run is too short, or nothing is used.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    if tables.manifest.scenario.horizon < HORIZON_MIN {
        return None;
    }
    let levels = levels(&tables.series);
    let used = levels.iter().filter_map(|level| Some((level, hours(level)?)));
    // the first of equals
    let (level, hours) =
        used.reduce(|best, one| if highest(&best.1) < highest(&one.1) { one } else { best })?;
    if highest(&hours) < USED_MIN {
        return None;
    }
    let (name, verb) = match level.kind {
        SeriesKind::Slots | SeriesKind::Waiting => (format!("The slots of {}", level.place), "are"),
        SeriesKind::Quota => (format!("The quota {}", level.place), "is"),
        SeriesKind::Link if level.place.contains("link") => (format!("The {}", level.place), "is"),
        SeriesKind::Link => (format!("The link {}", level.place), "is"),
    };
    let runs = match tables.manifest.n_runs() {
        1 => "1 run".to_owned(),
        n => format!("mean of {n} runs"),
    };
    let subtitle = tables.subtitle(&[
        "mean use of each hour, in % of the limit that is used most",
        &runs,
        "hours in UTC",
    ]);
    let caption = Caption { title: title(&name, verb, &hours), subtitle };
    let note = note(&hours);
    let picture = Picture::Week(Week { name, hours: Box::new(hours) });
    Some(Figure::new(Section::Day, "week", caption, picture, note))
}

/// Use of a limit by hour of the week; none without a limit.
fn hours(level: &Level) -> Option<Hours> {
    let limit = level.limit.filter(|limit| 0.0 < *limit)?;
    let mut sums = [[(0.0, 0_u32); 24]; 7];
    for bin in &level.at {
        let (day, hour) = hour_of(bin.at);
        let (sum, n) = &mut sums[day][hour];
        *sum += bin.mean / limit;
        *n += 1;
    }
    let mean = |(sum, n): (f64, u32)| (0 < n).then(|| (sum / f64::from(n)).min(1.0));
    Some(sums.map(|day| day.map(mean)))
}

/// Day from Monday, and hour, in UTC; 1970-01-05 was a Monday.
fn hour_of(at: Instant) -> (usize, usize) {
    let since = at.since_or_zero(ANY_WEEK);
    let hour = since.whole(Span::from_hours(1)) % (7 * 24);
    let index = |n: u64| usize::try_from(n).expect("an hour of a week");
    (index(hour / 24), index(hour % 24))
}

fn all(hours: &Hours) -> impl Iterator<Item = f64> {
    hours.iter().flatten().flatten().copied()
}

fn highest(hours: &Hours) -> f64 {
    all(hours).fold(0.0, f64::max)
}

/// The hour in which a day is highest; none of a day that the run has not.
fn peak(day: &[Option<f64>; 24]) -> Option<(usize, f64)> {
    let known = day.iter().enumerate().filter_map(|(hour, share)| Some((hour, (*share)?)));
    known.reduce(|best, one| if best.1 < one.1 { one } else { best })
}

fn title(name: &str, verb: &str, hours: &Hours) -> String {
    let (low, high) = (all(hours).fold(f64::MAX, f64::min), highest(hours));
    if high - low < EVEN {
        let (low, high) = (percent(low), percent(high));
        return format!("{name} {verb} used evenly all week: {low} to {high} in any hour");
    }
    let peaks: Vec<Option<(usize, f64)>> = hours.iter().map(peak).collect();
    let day = peaks.iter().position(|peak| peak.is_some_and(|(_, share)| high <= share));
    let (day, hour) = day.and_then(|day| Some((day, peaks[day]?.0))).unwrap_or((0, 0));
    let n_days = peaks.iter().flatten().count();
    let same = peaks.iter().flatten().filter(|peak| peak.0 == hour).count();
    let when = if n_days == same && 1 < n_days {
        let of = if n_days == 7 { "every day" } else { "each of these days" };
        format!("{of} from {hour:02}:00, most on {}", LONG_DAYS[day])
    } else {
        format!("on {} from {hour:02}:00", LONG_DAYS[day])
    };
    let (low, high) = (percent(low), percent(high));
    format!("{name} {verb} busiest {when}: {high} in use, and {low} in the quietest hour")
}

fn note(hours: &Hours) -> Vec<String> {
    let n_days = hours.iter().filter(|day| day.iter().any(Option::is_some)).count();
    let mut note = vec![
        "Each cell is the mean of one hour, over all weeks and runs: 100 would be a limit that is \
         reached all hour long in every run."
            .to_owned(),
    ];
    if n_days < 7 {
        let known = (0..7).filter(|day| hours[*day].iter().any(Option::is_some));
        let days: Vec<String> = known.map(|day| DAYS[day].to_owned()).collect();
        note.push(format!("The run has only these days: {}.", days.join(", ")));
    }
    let quiet = index_u64(all(hours).filter(|share| *share < 0.5 * highest(hours)).count());
    if 0 < quiet {
        note.push("Darker hours have room for what need not run in the bright ones.".to_owned());
    }
    note
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, START};
    use super::*;
    use crate::report::read::{BinStart, SeriesRow};

    /// Half-hour bins over three days from Monday; the slots in use are `of(day, half hour)` of 20.
    fn tables(of: fn(u64, u64) -> f64) -> Tables {
        let row = |bin: u64| SeriesRow {
            point: 0,
            series: "b".to_owned(),
            kind: SeriesKind::Slots,
            start: BinStart::At(START + Span::from_mins(30).times(bin)),
            mean: of(bin / 48, bin % 48),
            p95: 20.0,
            limit: Some(20.0),
        };
        let mut tables = Tables { series: (0..144).map(row).collect(), ..sample::tables() };
        tables.manifest.scenario.horizon = Span::from_days(3);
        tables
    }

    fn title(of: fn(u64, u64) -> f64) -> String {
        figure(&tables(of))
            .map_or_else(String::new, |figure| figure.caption.title.replace('\u{a0}', " "))
    }

    /// From 07:00 on 14 slots are in use and from 07:30 on 16, 15 on average: three quarters; on
    /// Tuesday one more in both, 80 %. In all other hours 5.
    #[test]
    fn the_busiest_hour_is_the_finding() {
        let busy = |day, half: u64| match half {
            14 | 15 => [14.0, 16.0][usize::from(half == 15)] + if day == 1 { 1.0 } else { 0.0 },
            _ => 5.0,
        };
        assert_eq!(
            title(busy),
            "The slots of b are busiest each of these days from 07:00, most on Tuesday: 80.0 % in use, \
             and 25.0 % in the quietest hour"
        );
        let Some(Picture::Week(week)) = figure(&tables(busy)).map(|figure| figure.picture) else {
            panic!("another chart")
        };
        assert_eq!(week.hours[0][7], Some(0.75));
        assert_eq!(week.hours[3], [None; 24]);
    }

    #[test]
    fn an_even_week_is_said_to_be_even() {
        let words = "The slots of b are used evenly all week: 25.0 % to 25.0 % in any hour";
        assert_eq!(title(|_, _| 5.0), words);
        assert_eq!(title(|_, _| 0.0), "", "nothing is used");
        let mut short = tables(|_, _| 5.0);
        short.manifest.scenario.horizon = Span::from_hours(47);
        assert!(figure(&short).is_none());
    }
}
