//! What is full, and how long the queues get: titles from exact measures.

use super::{Level, SeriesKind, Tables};
use crate::record::measure as m;
use crate::report::figure::words::{capital, numeral, utc};
use crate::report::theme::percent;
use crate::units::thousands;

/// A queue shorter than this, in the mean of all runs, is nearly none.
const HARDLY: f64 = 0.05;

/// Up to this share of a limit, what is in use counts as all of it: sums of floats are not exact.
const FULL: f64 = 1.0 - 1e-9;

/// Which limits are reached in any run, and how far the others are from it.
pub(super) fn of_limits(tables: &Tables, levels: &[&Level]) -> Option<String> {
    let uses: Vec<(&Level, f64)> =
        levels.iter().filter_map(|level| Some((*level, used(tables, level)?))).collect();
    let mut clauses: Vec<String> = Vec::new();
    for kind in [SeriesKind::Slots, SeriesKind::Quota, SeriesKind::Link] {
        let full: Vec<&Level> = uses
            .iter()
            .filter(|(level, used)| level.kind == kind && FULL <= *used)
            .map(|(level, _)| *level)
            .collect();
        clauses.extend(of_full(tables, kind, &full));
    }
    let rest = uses.iter().filter(|(_, used)| *used < FULL);
    let (level, share) = match rest.max_by(|one, other| one.1.total_cmp(&other.1)) {
        Some(fullest) => *fullest,
        None => return (!clauses.is_empty()).then(|| capital(&clauses.join("; "))),
    };
    if clauses.is_empty() {
        let most = level.of_limit(share * level.limit?);
        return Some(match level.kind {
            SeriesKind::Slots => {
                format!("No limit is reached: at most {most} slots of {} are taken", level.place)
            }
            SeriesKind::Quota => {
                format!("No limit is reached: at most {most} of the quota {} is used", level.place)
            }
            SeriesKind::Link | SeriesKind::Waiting => {
                format!("No limit is reached: link {} carries at most {most}", level.place)
            }
        });
    }
    let other = uses.iter().filter(|(_, used)| *used < FULL).filter(|(level, _)| {
        !uses.iter().any(|(full, used)| full.kind == level.kind && FULL <= *used)
    });
    if let Some((level, share)) = other.max_by(|one, other| one.1.total_cmp(&other.1)) {
        clauses.push(match level.kind {
            SeriesKind::Slots | SeriesKind::Waiting => {
                let most = level.of_limit(share * level.limit?);
                format!("at most {most} slots of {} are taken", level.place)
            }
            SeriesKind::Quota => format!("no quota is ever more than {} used", percent(*share)),
            SeriesKind::Link => format!("no link is ever more than {} used", percent(*share)),
        });
    }
    Some(capital(&clauses.join("; ")))
}

/// The highest use of a limit in any run, as a share of it.
fn used(tables: &Tables, level: &Level) -> Option<f64> {
    let measure = match level.kind {
        SeriesKind::Slots => m::SLOTS_MAX,
        SeriesKind::Quota => m::QUOTA_MAX,
        SeriesKind::Link => m::LINK_MAX,
        SeriesKind::Waiting => return None,
    };
    let limit = level.limit.filter(|limit| 0.0 < *limit)?;
    Some(tables.highest.of(&level.place, measure.name)? / limit)
}

/// What is to be said of limits of one kind that are reached.
fn of_full(tables: &Tables, kind: SeriesKind, full: &[&Level]) -> Option<String> {
    let time = |level: &Level| tables.mean(&level.place, m::SLOTS_FULL.name).unwrap_or(0.0);
    let longest = |one: &&&Level, other: &&&Level| time(one).total_cmp(&time(other));
    let first = match kind {
        SeriesKind::Slots => full.iter().rev().max_by(longest)?,
        SeriesKind::Quota | SeriesKind::Link | SeriesKind::Waiting => full.first()?,
    };
    let place = &first.place;
    Some(match kind {
        SeriesKind::Slots => {
            let slots = thousands(first.limit.unwrap_or(0.0), 0);
            let others = match full.len() - 1 {
                0 => String::new(),
                1 => ", those of one other destination at times".to_owned(),
                n => format!(", those of {} other destinations at times", numeral(n)),
            };
            match time(first) {
                share if 0.0 < share => format!(
                    "all {slots} slots of {place} are taken {} of the time{others}",
                    percent(share)
                ),
                _ => format!("all {slots} slots of {place} are taken at times{others}"),
            }
        }
        SeriesKind::Quota => match full.len() {
            1 => format!("the quota {place} is used up at times"),
            n => format!("{} quotas are used up at times, {place} among them", numeral(n)),
        },
        SeriesKind::Link | SeriesKind::Waiting => match full.len() {
            1 => format!("one link is full at times: {place}"),
            n => format!("{} links are full at times, {place} among them", numeral(n)),
        },
    })
}

/// The longest queue, by the means that the figure shows.
pub(super) fn of_queues(waiting: &[&Level], is_folded: bool) -> Option<String> {
    let longest = waiting.iter().rev().max_by(|one, other| one.peak().total_cmp(&other.peak()))?;
    let peak = longest.peak();
    if peak <= 0.0 {
        return Some("No copy waits for a slot or for quota".to_owned());
    }
    if peak < HARDLY {
        return Some("Hardly any copy waits for a slot or for quota".to_owned());
    }
    let at = longest.at.iter().find(|bin| peak <= bin.mean)?.at;
    let when = utc(at, if is_folded { "%a %H:%M" } else { "%a %-d %b %H:%M" });
    let copies = thousands(peak, usize::from(peak < 100.0));
    Some(format!("On average, up to {copies} copies wait for {}, at {when}", longest.place))
}
