//! What becomes of requests at one point of a sweep, against another.

use crate::experiment::PointSummary;
use crate::record::measure::{self, Measure};
use crate::units::{Span, thousands};

/// Scopes that a sentence names at most.
const SCOPES_TOLD: usize = 3;

/// What a point is called: `quota 4000 MiB/s`.
pub(in crate::cli) fn labels(point: &PointSummary) -> String {
    let labels = point.labels.iter().map(|(key, value)| format!("{key} {value}"));
    labels.collect::<Vec<_>>().join(", ")
}

/// What is another at `point` than at `first`, where the same draws were met: how many requests end in
/// a copy, and how long those take.
pub(in crate::cli) fn changed(first: &PointSummary, point: &PointSummary) -> String {
    let mut told = Vec::new();
    let n = |of: &PointSummary| of.find(0, &measure::COMPLETED).and_then(|row| row.estimate);
    if let (Some(before), Some(after)) = (n(first), n(point))
        && before.mean.to_bits() != after.mean.to_bits()
    {
        let figure = |mean| thousands(mean, 1);
        told.push(format!(
            "{} copies a run instead of {}",
            figure(after.mean),
            figure(before.mean)
        ));
    }
    let mut scopes: Vec<(f64, String)> =
        (1..first.scopes.len()).filter_map(|scope| took_other(first, point, scope)).collect();
    scopes.sort_by(|one, other| other.0.total_cmp(&one.0));
    let more = scopes.len().saturating_sub(SCOPES_TOLD);
    told.extend(scopes.into_iter().take(SCOPES_TOLD).map(|(_, words)| words));
    if 0 < more {
        told.push(format!("{more} more ways are other, too, in summary.csv"));
    }
    let with = labels(point);
    if told.is_empty() {
        format!("With {with}, every copy would have taken the same.")
    } else {
        format!("With {with}: {}.", told.join("; "))
    }
}

/// How much longer or shorter the copies of a scope take, with the measure that differs most: the
/// longest copy, or else the median one.
fn took_other(first: &PointSummary, point: &PointSummary, scope: usize) -> Option<(f64, String)> {
    let pooled = |of: &PointSummary, measure: &Measure| of.find(scope, measure)?.pooled;
    let measures =
        [(&measure::COMPLETION_MAX, "at most"), (&measure::COMPLETION_P50, "at the median")];
    let differences = measures.into_iter().filter_map(|(measure, words)| {
        let (before, after) = (pooled(first, measure)?, pooled(point, measure)?);
        let apart = (after - before).abs();
        // A millisecond is less than any event of a copy.
        let spans = (Span::from_secs_f64(after), Span::from_secs_f64(before));
        let words = format!(
            "{} would have taken {} {words} instead of {}",
            first.scopes[scope], spans.0, spans.1
        );
        (1e-3 < apart).then_some((apart, words))
    });
    differences.max_by(|one, other| one.0.total_cmp(&other.0))
}
