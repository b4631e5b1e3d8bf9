//! How long it takes until the estate is inside its targets, in sentences.

use crate::experiment::{MeasureSummary, PointSummary};
use crate::record::measure::{self, Measure};
use crate::stats::Interval;
use crate::units::Span;

/// How long it takes from an empty start, and after each incident, until all targets hold.
pub(in crate::cli) fn ways_back(point: &PointSummary) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(row) = point.find(0, &measure::FIRST_INSIDE) {
        lines.push(match length(row) {
            Some(length) => format!("All targets first hold {length} after the start."),
            None => "The targets hold from the start on.".to_owned(),
        });
    }
    for row in point.measures.iter().filter(|row| is(row, &measure::BACK_INSIDE)) {
        let incident = &point.scopes[row.scope];
        lines.push(match length(row) {
            Some(length) => {
                format!("All targets hold again {length} after the beginning of \"{incident}\".")
            }
            None => format!("\"{incident}\" breaks no target."),
        });
    }
    lines
}

/// The same as columns of a sweep: what it is, and how long.
pub(in crate::cli) fn ways_of(point: &PointSummary) -> Vec<(String, String)> {
    let first = |row: &&MeasureSummary| is(row, &measure::FIRST_INSIDE);
    let back = |row: &&MeasureSummary| is(row, &measure::BACK_INSIDE);
    let rows = point.measures.iter().filter(|row| first(row) || back(row));
    let named = rows.map(|row| {
        let name = if first(&row) {
            "first inside".to_owned()
        } else {
            format!("back after {}", point.scopes[row.scope])
        };
        (name, length(row).unwrap_or_else(|| "at once".to_owned()))
    });
    named.collect()
}

fn is(row: &MeasureSummary, measure: &Measure) -> bool {
    row.measure.name == measure.name
}

/// `3 h 05 min (95 % interval 3 h 02 min to 3 h 08 min)`; `None` where it took no time in any run.
fn length(row: &MeasureSummary) -> Option<String> {
    let estimate = row.estimate?;
    if estimate.mean <= 0.0 {
        return None;
    }
    let span = |seconds: f64| Span::from_secs_f64(seconds.max(0.0));
    let least = if row.at_least { "at least " } else { "" };
    let mean = format!("{least}{}", span(estimate.mean));
    Some(match estimate.interval {
        // A way that some run does not see the end of has no interval.
        Some(Interval { low, high }) => {
            format!("{mean} (95 % interval {} to {})", span(low), span(high))
        }
        None if !row.at_least && row.quantiles.iter().all(|of| *of == row.quantiles[0]) => {
            format!("{mean}, in every run,")
        }
        None => mean,
    })
}
