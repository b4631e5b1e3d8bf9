//! How volumes change from day to day.

use jiff::tz::TimeZone;

use super::{Basics, Notes, spread};
use crate::model::civil::Day;
use crate::model::{CalendarFactor, DailyChange, DayRule};
use crate::rng::Distribution;
use crate::scenario::file;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either};
use crate::units::Span;

/// Lognormal with median 3 % a day and sigma 0.9, from 0.01 % to 60 %.
///
/// Assumed: holds the rule of thumb of 2 to 5 % a day, and vendors' examples from 0.015 to 10 %.
fn default_rate() -> Distribution {
    Distribution::lognormal(0.03, 0.9)
        .and_then(|rate| rate.clamped(Some(0.0001), Some(0.6)))
        .expect("these parameters are in range")
}

/// Every day alike.
fn steady(rate: Distribution) -> DailyChange {
    DailyChange { rate, day_to_day: 0.0, common: 0.0, calendar: Vec::new() }
}

/// Reads the change of the fleet at `key`.
pub(super) fn read(
    key: &str,
    written: Option<&At<file::Change>>,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Option<DailyChange> {
    let Some(at) = written else { return Some(steady(default_rate())) };
    let key = format!("{key}.change");
    let table = match &at.value {
        Either::Plain(share) => {
            return share_of_the_whole(&key, at, share.0, notes).map(steady);
        }
        Either::Compound(table) => table,
    };
    let calendar = calendar(&key, table.calendar.as_ref(), basics, notes);
    let rate = rate(&key, (at, table), notes)?;
    let sigma = |at: &Option<At<f64>>| at.as_ref().map_or(0.0, |at| at.value);
    let (day_to_day, common) = (sigma(&table.day_to_day), sigma(&table.common));
    Some(DailyChange { rate, day_to_day, common, calendar })
}

/// The distribution of the daily share over volumes.
fn rate(
    key: &str,
    (at, table): (&At<file::Change>, &file::ChangeTable),
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    match (&table.median, &table.rate) {
        (Some(median), None) => {
            let alike = share_of_the_whole(key, at, median.value.0, notes)?;
            let between = table.between_volumes.as_ref().map_or(0.0, |at| at.value);
            if between == 0.0 || median.value.0 == 0.0 {
                return Some(alike);
            }
            let spread = Distribution::lognormal(median.value.0, between)
                .and_then(|rate| rate.clamped(None, Some(1.0)));
            Some(spread.expect("a median above 0 and a sigma in range"))
        }
        (None, Some(rate)) => {
            if let Some(between) = &table.between_volumes {
                let message = "goes with `median`; `rate` is the whole distribution over volumes";
                let key = format!("{key}.between_volumes");
                notes.wrong(Found::new(key, between.span.clone(), message));
            }
            spread::read(&format!("{key}.rate"), rate, notes)
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "a change has either a `median` or a distribution, `rate`";
            notes.wrong(Found::new(key, at.span.clone(), message));
            None
        }
    }
}

/// Factors of days by the calendar.
fn calendar(
    key: &str,
    written: Option<&At<Vec<At<file::CalendarFactor>>>>,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Vec<CalendarFactor> {
    let mut calendar = Vec::new();
    for (place, entry) in written.iter().flat_map(|at| at.value.iter().enumerate()) {
        let file::CalendarFactor { on: Some(on), factor: Some(factor) } = &entry.value else {
            continue;
        };
        let key = format!("{key}.calendar[{place}].on");
        let mut rules: Vec<DayRule> = Vec::new();
        for (rule, span) in on.all() {
            if rules.contains(rule) {
                notes.wrong(Found::new(&key, span.clone(), "this day stands twice"));
            }
            if !may_come(*rule, basics) {
                let message = "this date is none of the run's, so it changes nothing";
                notes.warn(Found::new(&key, span, message));
            }
            rules.push(*rule);
        }
        if rules.is_empty() {
            notes.wrong(Found::new(&key, on.span.clone(), "the list of days is empty"));
        }
        calendar.push(CalendarFactor { on: rules, factor: factor.value });
    }
    calendar
}

/// Whether a rule may hold on a day that counts: of the run, or, for what changed before the first
/// copy, of the year before. Of dates alone it is said where not.
fn may_come(rule: DayRule, basics: &Basics) -> bool {
    let DayRule::On(day) = rule else { return true };
    let of = |instant| Day::of(instant, &TimeZone::UTC);
    let first = of(basics.start.back(Span::from_days(365)));
    let last = of(basics.start + basics.horizon).next(); // it may be that day in another zone
    first <= day && day <= last
}

/// A share a day that is not more than the whole.
fn share_of_the_whole<T>(
    key: &str,
    at: &At<T>,
    share: f64,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    if 1.0 < share {
        let message = "more than the whole cannot change in a day: at most `100 %/day`";
        notes.wrong(Found::new(key, at.span.clone(), message));
        return None;
    }
    Some(Distribution::Constant(share))
}
