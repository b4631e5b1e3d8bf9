//! A comparison as JSON, in one line.

use serde_json::{Map, Value, json};

use crate::catalog::Cause;
use crate::compare::{
    Comparison, CopyChanges, Difference, MeasureDifference, Moved, Pairs, TargetDifference,
};
use crate::stats::Pairing;

/// The comparison as one line.
pub(super) fn line(comparison: &Comparison) -> String {
    let side = |(name, n_runs): &(String, usize)| json!({ "name": name, "n_runs": n_runs });
    let lone = comparison.lone_targets.iter();
    let document = json!({
        "a": side(&comparison.a),
        "b": side(&comparison.b),
        "paired": comparison.pairs == Pairs::ByReplication,
        "same": comparison.is_same(),
        "only_a": comparison.only_a,
        "only_b": comparison.only_b,
        "targets": comparison.targets.iter().map(|row| target(row, comparison)).collect::<Vec<_>>(),
        "lone_targets": lone.map(|(name, of)| json!({ "name": name, "only": of })).collect::<Vec<_>>(),
        "cost": comparison.cost.as_ref().map(difference),
        "measures": comparison.measures.iter().map(measure).collect::<Vec<_>>(),
        "copies": comparison.copies.as_ref().map(copies),
        "notes": comparison.notes,
    });
    format!("{document}\n")
}

fn difference(of: &Difference) -> Value {
    json!({
        "mean_a": of.mean_a,
        "mean_b": of.mean_b,
        "difference": of.mean,
        "interval_95": of.interval.map(|interval| json!([interval.low, interval.high])),
        "variance_ratio": match of.pairing {
            Some(Pairing::Factor(factor)) => json!(factor),
            Some(Pairing::Constant | Pairing::Nothing | Pairing::Unknown) | None => Value::Null,
        },
        "n_a": of.n.0,
        "n_b": of.n.1,
    })
}

fn target(of: &TargetDifference, comparison: &Comparison) -> Value {
    let turned = of.turned.as_ref().zip(comparison.copies.as_ref());
    let turned = turned.filter(|(turned, _)| 0 < turned.n_judged);
    json!({
        "name": of.name,
        "kind": of.kind,
        "verdicts": of.judgements.map(|judgement| judgement.verdict.name()),
        "promised": of.promised,
        "share": of.difference.as_ref().map(difference),
        "turned": turned.map(|(turned, copies)| json!({
            "late": turned.n_late,
            "in_time": turned.n_in_time,
            "judged": turned.n_judged,
            "n_runs": copies.n_runs,
        })),
    })
}

fn measure(of: &MeasureDifference) -> Value {
    json!({
        "scope": of.scope,
        "measure": of.measure,
        "unit": of.unit,
        "difference": of.difference.as_ref().map(difference),
        "reason": of.reason,
        "at_least": of.at_least,
    })
}

fn copies(of: &CopyChanges) -> Value {
    json!({
        "n_runs": of.n_runs,
        "both": of.n_both,
        "only_a": of.n_only_a,
        "only_b": of.n_only_b,
        "completed_only_in_a": of.n_lost,
        "completed_only_in_b": of.n_won,
        "later": of.n_later,
        "sooner": of.n_sooner,
        "moved_most": of.moved.iter().map(moved).collect::<Vec<_>>(),
    })
}

fn moved(of: &Moved) -> Value {
    let causes = Cause::ALL.iter().zip(of.causes).filter(|(_, span)| span.nanos() != 0);
    let causes = causes.map(|(cause, span)| (cause.name().to_owned(), json!(span.secs())));
    json!({
        "replication": of.replication,
        "fleet": of.fleet,
        "volume": of.volume,
        "to": of.to,
        "due": crate::record::shown(of.due, "%Y-%m-%dT%H:%M:%SZ"),
        "took_a_s": of.took_a.secs(),
        "took_b_s": of.took_b.secs(),
        "moved_s": of.moved.secs(),
        "cause": of.cause().name(),
        "causes_s": causes.collect::<Map<_, _>>(),
    })
}
