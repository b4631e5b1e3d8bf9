//! Results as JSON, one line a scenario.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::experiment::{
    Confirmed, Flip, Lifted, MeasureSummary, Outcome, PointSummary, Settled, Start, TargetSummary,
};
use crate::model::Model;
use crate::stats::{Growth, Interval};

/// One scenario's results as one line.
pub(super) fn line(
    model: &Model,
    (outcome, answer): (&Outcome, &[String]),
    folder: &Path,
) -> String {
    let mut document = document(model, outcome, folder);
    document["answer"] = json!(answer);
    format!("{document}\n")
}

/// One scenario's results.
pub(super) fn document(model: &Model, outcome: &Outcome, folder: &Path) -> Value {
    let mut document = json!({
        "scenario": model.name,
        "question": model.question,
        "folder": folder.display().to_string(),
        "n_runs": outcome.n_runs,
        "points": outcome.points.iter().map(point).collect::<Vec<_>>(),
        "lifted": outcome.lifted.iter().map(lifted).collect::<Vec<_>>(),
        "turns": outcome.flips.iter().filter(|flip| flip.turns).map(turn).collect::<Vec<_>>(),
    });
    if let Some(totals) = outcome.flow_level {
        document["flow_level"] = json!({
            "n_flows": totals.n_flows,
            "n_ended": totals.n_ended,
            "makespan_s": totals.makespan.secs(),
        });
    }
    if let Some(choice) = &outcome.choice {
        document["confirmed"] = choice.best.as_ref().map_or(Value::Null, confirmed);
    }
    if !outcome.settled.is_empty() {
        document["precision"] = outcome.settled.iter().map(settled).collect();
    }
    document
}

fn confirmed(best: &Confirmed) -> Value {
    let mut fresh = point(&best.fresh);
    fresh["point"] = json!(best.point);
    fresh["seed"] = json!(best.seed);
    fresh["holds"] = json!(best.holds);
    fresh
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
        "warm_up": match point.start {
            None => Value::Null,
            Some(Start::After(span)) => json!({ "longer_s": span.secs() }),
            Some(Start::Unsettled) => json!("too short to say"),
        },
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

fn lifted(row: &Lifted) -> Value {
    json!({
        "limit": row.limit,
        "place": row.place,
        "scope": row.scope,
        "measure": row.measure,
        "unit": row.unit,
        "as_is": row.as_is,
        "lifted": row.lifted,
        "difference": row.difference.mean,
        "interval_95": ends(row.difference.interval),
        "in_time_share": row.in_time,
        "fewer_late_share": row.fewer,
        "n_late": row.n_late,
        "n_runs": row.difference.n,
    })
}

fn turn(flip: &Flip) -> Value {
    json!({
        "switch": flip.key,
        "in_force": flip.in_force,
        "flip": flip.text,
        "target": flip.target,
        "verdict": flip.flipped.verdict.name(),
        "share": flip.flipped.mean,
        "base_share": flip.base.mean,
        "n_runs": flip.n_runs,
    })
}
