//! How old recovery points get, at the first point.

use jiff::tz::TimeZone;

use super::stretch::Stretch;
use super::words::{file_names, whole};
use super::{Figure, Picture, Section, Tables};
use crate::record::measure as m;
use crate::report::chart::{AgeAt, Caption, Rpo, TimeAxis};
use crate::report::read::{AgeRow, CopyRule, PromiseKind};
use crate::report::theme::{duration, percent};
use crate::units::{Instant, Span, count};

/// Most figures; the scopes that come nearest to their limit stay.
const FIGURES_MAX: usize = 4;

/// Most teeth that a reader can tell apart: ages rise until the next recovery point arrives.
const TEETH_MAX: f64 = 26.0;

/// Lengths that a figure can have, where the whole has too many teeth.
const LENGTHS: [Span; 4] =
    [Span::from_days(2), Span::from_days(1), Span::from_hours(12), Span::from_hours(6)];

/// A figure for each scope with an RPO target.
pub(super) fn figures(tables: &Tables) -> Vec<Figure> {
    let mut shown: Vec<(&CopyRule, Span)> = Vec::new();
    for rule in &tables.manifest.copies {
        let promises = tables.manifest.promises(PromiseKind::Rpo, &rule.scope);
        let limit = promises.filter_map(|promise| promise.limit).min();
        shown.extend(limit.map(|limit| (rule, limit)));
    }
    let n_all = shown.len();
    let used = |&(rule, limit): &(&CopyRule, Span)| {
        tables.highest.of(&rule.scope, m::RPO_MAX.name).map_or(0.0, |age| age / limit.secs())
    };
    let mut by_use = shown.clone();
    by_use.sort_by(|one, other| used(other).total_cmp(&used(one)));
    by_use.truncate(FIGURES_MAX);
    shown.retain(|scope| by_use.contains(scope));
    let scopes: Vec<&str> = shown.iter().map(|(rule, _)| rule.scope.as_str()).collect();
    let left_out = if shown.len() < n_all {
        format!("one of the {} nearest to their limit, of {n_all}", shown.len())
    } else {
        String::new()
    };
    let names = file_names("rpo", &scopes);
    let drawn = names.into_iter().zip(&shown);
    drawn.filter_map(|(name, scope)| figure(tables, name, *scope, &left_out)).collect()
}

fn figure(
    tables: &Tables,
    name: String,
    (rule, limit): (&CopyRule, Span),
    left_out: &str,
) -> Option<Figure> {
    let scenario = &tables.manifest.scenario;
    let rows: Vec<&AgeRow> = tables.ages.iter().filter(|row| row.scope == rule.scope).collect();
    let begin = scenario.start + scenario.warm_up;
    let (median, worst) =
        (line(&rows, begin, |row| row.median), line(&rows, begin, |row| row.worst));
    let stretch = telling(&median, &worst)?;
    let has_gaps = worst.len() < rows.len();
    let oldest = tables.highest.of(&rule.scope, m::RPO_MAX.name).map(Span::from_secs_f64)?;
    let bands = match tables.manifest.n_runs() {
        1 => "1 run",
        n => &format!("n = {n} runs: the middle one, bands from 5\u{a0}% to 95\u{a0}% of them"),
    };
    let without = tables.highest.of(&rule.scope, m::RPO_NONE.name).filter(|share| 0.0 < *share);
    let without = without.filter(|_| has_gaps).map_or_else(String::new, |share| {
        format!("no line where there is no recovery point, up to {} of a run", percent(share))
    });
    let subtitle = tables.subtitle(&[
        "age of the newest recovery point",
        &stretch.words(),
        bands,
        &without,
        left_out,
    ]);
    let is_single = rule.n == 1;
    let caption = Caption { title: title(&rule.scope, oldest, limit), subtitle };
    let picture = Picture::Rpo(Rpo {
        time: TimeAxis { from: stretch.from, to: stretch.to, zone: TimeZone::UTC },
        median_name: "median volume".to_owned(),
        median: if is_single { Vec::new() } else { median },
        worst_name: match rule.n {
            1 => "the only volume".to_owned(),
            n => format!("worst of the {}", whole(n)),
        },
        worst,
        limit: Some(limit),
    });
    Some(Figure::new(Section::Day, name, caption, picture, note(oldest, limit)))
}

/// How to read it, and how near the limit is.
fn note(oldest: Span, limit: Span) -> Vec<String> {
    let read = "An age rises by a minute a minute, and falls when a newer recovery point arrives: \
                the peaks are what a disaster at the wrong moment costs. The lines are samples, and may \
                miss a peak; the age in the title is exact, of all runs and days.";
    let follows = if limit < oldest {
        format!("Past the dashed limit by {} at worst, in any run.", duration(oldest - limit))
    } else {
        format!("At worst {} are left to the limit, in any run.", duration(limit - oldest))
    };
    vec![read.to_owned(), follows]
}

fn title(scope: &str, oldest: Span, limit: Span) -> String {
    let (oldest_words, limit_words) = (duration(oldest), duration(limit));
    if limit < oldest {
        format!("Recovery points of {scope} get {oldest_words} old; the limit is {limit_words}")
    } else {
        format!(
            "Recovery points of {scope} get no older than {oldest_words}; the limit is \
             {limit_words}"
        )
    }
}

/// The ages of one line, moments left out at which some run has no recovery point.
fn line(rows: &[&AgeRow], begin: Instant, of: fn(&AgeRow) -> [Option<Span>; 3]) -> Vec<AgeAt> {
    let age = |row: &&AgeRow| match of(row) {
        [Some(mean), Some(low), Some(high)] => {
            Some(AgeAt { at: begin + row.offset, mean, low, high })
        }
        _ => None,
    };
    rows.iter().filter_map(age).collect()
}

/// The longest stretch that has not too many teeth and holds the oldest recovery point.
fn telling(median: &[AgeAt], worst: &[AgeAt]) -> Option<Stretch> {
    let longest = if worst.is_empty() { median } else { worst };
    let (first, last) = (longest.first()?, longest.last()?);
    let step = longest.get(1).map_or(Span::ZERO, |second| second.at.since(first.at));
    let all = Stretch { from: first.at, to: last.at + step };
    let oldest = longest.iter().rev().max_by_key(|age| (age.mean, age.high))?;
    let n_teeth = count(teeth(median).max(teeth(worst)));
    let fits = |length: Span| n_teeth * length.secs() / all.length().secs() <= TEETH_MAX;
    if n_teeth <= TEETH_MAX {
        return Some(all);
    }
    let length = LENGTHS.into_iter().find(|length| fits(*length));
    Some(all.piece(oldest.at, length.unwrap_or(LENGTHS[LENGTHS.len() - 1])))
}

/// How often the ages fall after they have risen.
fn teeth(ages: &[AgeAt]) -> usize {
    let mut n_teeth = 0;
    let mut is_rising = true;
    for pair in ages.windows(2) {
        if pair[1].mean < pair[0].mean {
            n_teeth += usize::from(is_rising);
            is_rising = false;
        } else if pair[0].mean < pair[1].mean {
            is_rising = true;
        }
    }
    n_teeth
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// A quarter of an hour a step: ages rise for `steps` steps, then fall to 0. Step `peak` has an
    /// hour more.
    fn ages(n_steps: u64, period: u64, peak: u64) -> Vec<AgeRow> {
        let row = |step: u64| {
            let more = if step == peak { 60 } else { 0 };
            let age = Some(Span::from_mins(15 * (step % period) + more));
            AgeRow {
                point: 0,
                scope: "db → b".to_owned(),
                offset: Span::from_mins(15 * step),
                median: [age; 3],
                worst: [age; 3],
            }
        };
        (0..n_steps).map(row).collect()
    }

    fn drawn(tables: &Tables) -> (String, Vec<String>) {
        let figures = figures(tables);
        let title = figures[0].caption.title.replace('\u{a0}', " ");
        (title, figures.into_iter().map(|figure| figure.name).collect())
    }

    #[test]
    fn the_oldest_recovery_point_of_any_run_is_the_finding() {
        let mut tables = Tables {
            ages: ages(96, 4, 7),
            highest: sample::highest(&[("db → b", "rpo_max", 7260.0)]),
            ..sample::tables()
        };
        let (title, names) = drawn(&tables);
        assert_eq!(title, "Recovery points of db → b get 2 h 01 min old; the limit is 2 h");
        // c has an RPO target, too, but no rows
        assert_eq!(names, ["rpo-db-b"]);
        tables.highest = sample::highest(&[("db → b", "rpo_max", 7200.0)]);
        tables.manifest.copies.pop();
        let (title, names) = drawn(&tables);
        assert_eq!(title, "Recovery points of db → b get no older than 2 h; the limit is 2 h");
        assert_eq!(names, ["rpo"]);
    }

    /// 7 days are 672 steps. With a tooth every hour there are 168, in a day 24: the day of the
    /// oldest is shown. With one every 12 hours there are 14: all days are.
    #[test]
    fn a_week_of_hourly_teeth_shows_the_day_of_the_oldest() {
        let line_of = |period| {
            let rows = ages(672, period, 300);
            line(&rows.iter().collect::<Vec<_>>(), sample::START, |row| row.worst)
        };
        let hourly = line_of(4);
        let day = telling(&hourly, &hourly).unwrap();
        // step 300 is 75 h after the start: Thursday
        assert_eq!(day.words(), "Thu 7 Jan, UTC");
        let rare = line_of(48);
        assert_eq!(telling(&rare, &rare).unwrap().length(), Span::from_days(7));
    }

    #[test]
    fn moments_without_a_recovery_point_are_left_out() {
        let mut rows = ages(8, 4, 100);
        rows[0].worst[2] = None;
        let rows: Vec<&AgeRow> = rows.iter().collect();
        assert_eq!(line(&rows, sample::START, |row| row.worst).len(), 7);
        assert_eq!(line(&rows, sample::START, |row| row.median).len(), 8);
    }
}
