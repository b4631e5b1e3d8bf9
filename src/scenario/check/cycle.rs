//! Whether the window that counts holds whole cycles of what repeats.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Basics, Notes};
use crate::model::{Cycle, Fleet, civil};
use crate::scenario::file::File;
use crate::scenario::tree::Found;
use crate::units::{Instant, Span};

/// Warns where the window is no multiple of the longest cycle of any schedule: means then say in
/// part which days of the pattern it begins and ends with.
pub(super) fn whole_ones(file: &File, basics: &Basics, fleets: &[Fleet], notes: &mut Notes<'_>) {
    let window = basics.horizon.minus_or_zero(basics.warm_up);
    let cycles = fleets.iter().filter_map(|fleet| Some((fleet.schedule.cycle()?, fleet)));
    let longest = cycles.reduce(|best, other| if best.0 < other.0 { other } else { best });
    let Some((cycle, fleet)) = longest.filter(|_| Span::ZERO < window) else { return };
    let from = basics.start + basics.warm_up;
    let (begins, help) = match cycle {
        Cycle::Of(span) => {
            let rest = window - span.times(window.whole(span));
            if rest == Span::ZERO {
                return;
            }
            let more = span - rest;
            let horizon = basics.horizon + more;
            (format!("every {span}"), format!("a horizon of {horizon} counts whole cycles"))
        }
        Cycle::Month | Cycle::Year => {
            let zone = &fleet.schedule.time_zone;
            let months = if cycle == Cycle::Month { 1 } else { 12 };
            if holds_whole_months(from, basics.start + basics.horizon, zone, months) {
                return;
            }
            let help =
                format!("begin on a first of the month, and count whole {cycle}s from there");
            (format!("every {cycle}"), help)
        }
    };
    let message = format!(
        "the {window} that count hold no whole number of the cycles of `{}`, whose times begin anew \
         {begins}",
        fleet.name
    );
    let at = file.scenario.as_ref().and_then(|section| section.horizon.as_ref());
    let span = at.map_or(0..0, |at| at.span.clone());
    notes.warn(Found::new("scenario.horizon", span, message).help(help));
}

/// Whether a window begins and ends at the same day and time of months that are a multiple of
/// `months` apart, on the clock of a zone.
fn holds_whole_months(from: Instant, to: Instant, zone: &TimeZone, months: i32) -> bool {
    let [from, to] = [from, to].map(|at| zone.to_datetime(civil::timestamp(at)));
    let month = |at: DateTime| i32::from(at.year()) * 12 + i32::from(at.month());
    let apart = month(to) - month(from);
    from.day() == to.day() && from.time() == to.time() && 0 < apart && apart % months == 0
}
