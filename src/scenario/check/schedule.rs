//! Schedules: every period, at times of day, by cron, or once.

use std::ops::Range;

use jiff::tz::TimeZone;

use super::{Basics, Notes};
use crate::model::civil::Day as CivilDay;
use crate::model::{Cron, Recurrence, Schedule, Weekdays};
use crate::scenario::file;
use crate::scenario::spelling::Day;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};
use crate::units::{Instant, Span};

/// Shortest period: a minute. A run has an end.
const PERIOD_MIN: Span = Span::from_mins(1);

/// Reports days of the week that stand twice.
pub(super) fn days(key: &str, on: Option<&At<OneOrMany<Day>>>, notes: &mut Notes<'_>) {
    let mut seen = [false; 7];
    for (day, span) in on.into_iter().flat_map(At::all) {
        if seen[day.0] {
            notes.wrong(Found::new(key, span, "this day stands twice"));
        }
        seen[day.0] = true;
    }
}

/// The days that are named; all where none is.
pub(super) fn weekdays_of(on: Option<&At<OneOrMany<Day>>>) -> Weekdays {
    let Some(on) = on else { return Weekdays::ALL };
    let mut days = [false; 7];
    for (day, _) in on.all() {
        days[day.0] = true;
    }
    Weekdays(days)
}

/// Reads a schedule that stands at `key`; `jitter` is that of one that names none.
pub(super) fn read(
    key: &str,
    written: &At<file::Schedule>,
    jitter: Span,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Option<Schedule> {
    let schedule = &written.value;
    let own = |at: &Option<At<Span>>, default| at.as_ref().map_or(default, |at| at.value);
    days(&format!("{key}.on"), schedule.on.as_ref(), notes);
    let zone = schedule.time_zone.as_ref();
    let time_zone = zone.map_or_else(|| basics.time_zone.clone(), |at| at.value.0.clone());
    let recurrence = match &schedule.cron {
        Some(cron) => by_cron(key, (written, cron), &time_zone, basics, notes)?,
        None => recurrence(key, written, basics, notes)?,
    };
    let made = Schedule {
        recurrence,
        time_zone,
        phase_spread: own(&schedule.phase, Span::ZERO),
        window: own(&schedule.window, Span::ZERO),
        jitter: own(&schedule.jitter, jitter),
    };
    fits(key, schedule, &made, notes);
    Some(made)
}

fn recurrence(
    key: &str,
    written: &At<file::Schedule>,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Option<Recurrence> {
    let schedule = &written.value;
    let mut refuse = |message: &str, help: &str| {
        notes.wrong(Found::new(key, written.span.clone(), message).help(help));
        None
    };
    let by_day = schedule.at.is_some() || schedule.on.is_some();
    match (&schedule.once, &schedule.every) {
        (Some(_), every) if every.is_some() || by_day => {
            refuse("`once` goes with no other times", "write `once`, or `every`, or `at`")
        }
        (Some(once), _) => {
            let at = basics.instant(once.value);
            within_the_run(&format!("{key}.once"), at, once.span.clone(), basics, notes);
            Some(Recurrence::Once { at })
        }
        (None, None) if !by_day => refuse(
            "the schedule says no time",
            "write `every = \"1 h\"`, `at = \"01:00\"`, `cron`, or `once`",
        ),
        (None, every) if by_day => {
            let day = Span::from_days(1);
            let usual = every.as_ref().is_none_or(|every| {
                every.value == day || (every.value == Span::from_days(7) && schedule.on.is_some())
            });
            if !usual {
                return refuse(
                    "with `at` or `on`, the period is a day",
                    "leave `every` out, or write several times of day: `at = [\"06:00\", \"18:00\"]`",
                );
            }
            let Some(at) = &schedule.at else {
                return refuse("`on` needs times of day", "write `at = \"01:00\"` beside it");
            };
            let mut times: Vec<_> = at.all().into_iter().map(|(time, _)| *time).collect();
            times.sort_unstable();
            times.dedup();
            if times.is_empty() {
                return refuse("the list of times of day is empty", "write `at = \"01:00\"`");
            }
            let on = weekdays_of(schedule.on.as_ref());
            Some(Recurrence::Weekly { at: times, on })
        }
        (None, Some(every)) if every.value < PERIOD_MIN => {
            let message = format!("must be at least {PERIOD_MIN}");
            notes.wrong(Found::new(format!("{key}.every"), every.span.clone(), message));
            None
        }
        (None, Some(every)) => Some(Recurrence::Every { period: every.value }),
        (None, None) => unreachable!("by day or by period"),
    }
}

/// A cron expression alone, which comes at least once.
fn by_cron(
    key: &str,
    (written, cron): (&At<file::Schedule>, &At<Cron>),
    zone: &TimeZone,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Option<Recurrence> {
    let file::Schedule { every, at, on, once, .. } = &written.value;
    if every.is_some() || at.is_some() || on.is_some() || once.is_some() {
        let message = "`cron` says days and times: no others go with it";
        let help = "write `cron`, or `every`, or `at`, or `once`";
        notes.wrong(Found::new(key, written.span.clone(), message).help(help));
        return None;
    }
    let key = format!("{key}.cron");
    let Some(first) = cron.value.first(basics.start, zone) else {
        let message = "comes on no day in the 50 years from the start of the run on";
        let help = "look at its days, months, and years: February has no 30th, 2026 may be over";
        notes.wrong(Found::new(key, cron.span.clone(), message).help(help));
        return None;
    };
    if basics.start + basics.horizon <= first {
        let message = "comes for the first time after the horizon";
        let help = "copies count when they are due within the horizon";
        notes.warn(Found::new(key, cron.span.clone(), message).help(help));
    }
    let (interval, times_a_year) = cron.value.year(CivilDay::of(basics.start, zone));
    Some(Recurrence::Cron { cron: cron.value.clone(), interval, times_a_year })
}

/// Reports what is due before the start, and warns of what is due after the horizon.
pub(super) fn within_the_run(
    key: &str,
    at: Instant,
    span: Range<usize>,
    basics: &Basics,
    notes: &mut Notes<'_>,
) {
    if at < basics.start {
        notes.wrong(Found::new(key, span, "lies before the start of the run"));
    } else if basics.start + basics.horizon <= at {
        let help = "copies count when they are due within the horizon";
        notes.warn(Found::new(key, span, "lies after the horizon").help(help));
    }
}

/// Phases and windows that are longer than the time between two due instants.
fn fits(key: &str, written: &file::Schedule, made: &Schedule, notes: &mut Notes<'_>) {
    let interval = made.interval();
    if interval == Span::ZERO {
        return; // it happens once
    }
    let parts =
        [("phase", &written.phase), ("window", &written.window), ("jitter", &written.jitter)];
    for (name, at) in parts {
        let Some(at) = at.as_ref().filter(|at| interval < at.value) else { continue };
        let message = format!("is longer than the {interval} between two due instants");
        notes.wrong(Found::new(format!("{key}.{name}"), at.span.clone(), message));
    }
}
