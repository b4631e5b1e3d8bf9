//! Results as JSON, one line a scenario.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::experiment::{Flip, MeasureSummary, Outcome, PointSummary, Settled, TargetSummary};
use crate::model::Model;
use crate::stats::{Growth, Interval};

/// One scenario's results as one line.
pub(super) fn line(model: &Model, outcome: &Outcome, folder: &Path) -> String {
    let mut document = json!({
        "scenario": model.name,
        "question": model.question,
        "folder": folder.display().to_string(),
        "n_runs": outcome.n_runs,
        "points": outcome.points.iter().map(point).collect::<Vec<_>>(),
        "turns": outcome.flips.iter().filter(|flip| flip.turns).map(turn).collect::<Vec<_>>(),
    });
    if let Some(totals) = outcome.flow_level {
        document["flow_level"] = json!({
            "n_flows": totals.n_flows,
            "n_ended": totals.n_ended,
            "makespan_s": totals.makespan.secs(),
        });
    }
    if !outcome.settled.is_empty() {
        document["precision"] = outcome.settled.iter().map(settled).collect();
    }
    format!("{document}\n")
}

/// How well a point is known.
fn settled(point: &Settled) -> Value {
    let attained = point.attained.iter().map(|attained| {
        json!({
            "scope": attained.scope,
            "measure": attained.measure.map(|measure| measure.name),
            "mean": attained.mean,
            "half_width_95": attained.half_width,
            "wanted_half_width": attained.wanted,
            "reached": attained.reached,
        })
    });
    json!({
        "n_runs": point.n_runs,
        "reached": point.is_reached(),
        "wanted": attained.collect::<Vec<_>>(),
    })
}

/// A shard that was carried out, as one line.
pub(super) fn shard(
    scenario: &str,
    (index, of): (u32, u32),
    n_runs: usize,
    folder: &Path,
) -> String {
    let document = json!({
        "scenario": scenario,
        "shard": index,
        "of": of,
        "n_runs": n_runs,
        "folder": folder.display().to_string(),
    });
    format!("{document}\n")
}

fn point(point: &PointSummary) -> Value {
    let labels = point.labels.iter().map(|(key, value)| (key.clone(), json!(value)));
    json!({
        "axes": labels.collect::<Map<_, _>>(),
        "n_runs": point.n_runs,
        "steady": match point.growth {
            Growth::Steady => json!(true),
            Growth::Growing => json!(false),
            Growth::Unknown => Value::Null,
        },
        "targets": point.targets.iter().map(target).collect::<Vec<_>>(),
        "summary": point.measures.iter().map(|row| measure(point, row)).collect::<Vec<_>>(),
    })
}

fn ends(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |interval| json!([interval.low, interval.high]))
}

fn target(target: &TargetSummary) -> Value {
    let judgement = &target.judgement;
    json!({
        "name": target.name,
        "kind": target.kind,
        "promised": target.promised,
        "verdict": judgement.verdict.name(),
        "reason": judgement.reason.text(),
        "share": judgement.mean,
        "interval_95": ends(judgement.interval),
        "bound_95": judgement.bound,
        "worst_s": target.worst.map(crate::units::Span::secs),
        "n_runs": judgement.n,
        "n": target.n,
        "n_missed": target.n_missed,
        "n_open": target.n_open,
    })
}

fn measure(point: &PointSummary, row: &MeasureSummary) -> Value {
    json!({
        "scope": point.scopes[row.scope],
        "measure": row.measure.name,
        "unit": row.measure.unit,
        "mean": row.estimate.map(|estimate| estimate.mean),
        "interval_95": ends(row.estimate.and_then(|estimate| estimate.interval)),
        "pooled": row.pooled,
        "at_least": row.at_least,
        "n_runs": row.n_runs,
        "n": row.n,
    })
}

fn turn(flip: &Flip) -> Value {
    json!({
        "switch": flip.switch.info().key,
        "in_force": flip.in_force,
        "flip": flip.text,
        "target": flip.target,
        "verdict": flip.flipped.verdict.name(),
        "share": flip.flipped.mean,
        "base_share": flip.base.mean,
        "n_runs": flip.n_runs,
    })
}
