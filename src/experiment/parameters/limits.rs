//! The limits that the provider publishes, as they are in force.

use super::{Book, Parameter, READ, SCENARIO};
use crate::catalog::Cause;
use crate::catalog::limit::{PUBLISHED, Published};
use crate::model::Limits;
use crate::units::Rate;

/// What people call a published limit.
struct Name {
    /// Its name in the catalogue.
    limit: &'static str,
    /// What it is called.
    parameter: &'static str,
    /// How a scenario sets it; empty where it cannot.
    key: &'static str,
    /// The fact.
    fact: &'static str,
    /// What it decides.
    about: &'static str,
    /// The cause that time goes to where it binds.
    cause: Option<Cause>,
}

const fn name(
    limit: &'static str,
    (parameter, key): (&'static str, &'static str),
    fact: &'static str,
    about: &'static str,
    cause: Option<Cause>,
) -> Name {
    Name { limit, parameter, key, fact, about, cause }
}

/// That no run makes a call, and its bucket binds nothing.
const NO_CALL: &str = "how often it may be called; no run calls it";

/// Every limit of the catalogue, in its order.
const NAMES: [Name; 20] = [
    name(
        "copy_rate_max",
        ("rate of one time-based copy", "limits.copy_rate"),
        "F3",
        "how fast a time-based copy runs at most",
        Some(Cause::OwnCap),
    ),
    name(
        "pair_quota",
        ("throughput quota of a pair of Regions", "limits.quota"),
        "F4",
        "how fast all time-based copies of a pair run together at most",
        Some(Cause::Quota),
    ),
    name(
        "snapshot_copy_slots",
        ("snapshot copies at once per destination", "limits.snapshot_copies"),
        "F93",
        "how many copies run at once; others are refused and wait",
        Some(Cause::Slot),
    ),
    name(
        "image_copy_slots",
        ("image copies at once per destination Region", "limits.image_copies"),
        "F96",
        "how many images are copied at once",
        None,
    ),
    name(
        "duration_step",
        ("step of completion durations", ""),
        "F1",
        "which completion durations can be asked for",
        None,
    ),
    name(
        "duration_min",
        ("least completion duration", ""),
        "F1",
        "which completion durations can be asked for",
        None,
    ),
    name(
        "duration_max",
        ("greatest completion duration", ""),
        "F1",
        "which completion durations can be asked for",
        None,
    ),
    name(
        "quota_margin",
        ("quota beyond what a fleet needs", ""),
        "F15",
        "advice; nothing in a run",
        None,
    ),
    name("block", ("block of a snapshot", ""), "F109", "to what bytes are rounded up", None),
    name("volume_max", ("largest volume", ""), "F111", "which sizes a volume can have", None),
    name(
        "snapshots_per_region",
        ("snapshots kept per Region", "limits.snapshots"),
        "F100",
        "how many copies an account keeps; more are refused",
        None,
    ),
    name(
        "service_link_min",
        ("least bandwidth of a service link", "outpost.service_link"),
        "F117",
        "with how little an Outpost is connected at least",
        None,
    ),
    name(
        "copy_image_tokens",
        ("calls of CopyImage", "limits.api.copy_image"),
        "F101",
        "how often it may be called: at once / again each second",
        None,
    ),
    name(
        "copy_snapshot_tokens",
        ("calls of CopySnapshot", "limits.api.copy_snapshot"),
        "F101",
        "how often it may be called: at once / again each second",
        Some(Cause::Throttled),
    ),
    name("deregister_image_tokens", ("calls of DeregisterImage", ""), "F101", NO_CALL, None),
    name("delete_snapshot_tokens", ("calls of DeleteSnapshot", ""), "F101", NO_CALL, None),
    name("create_snapshot_tokens", ("calls of CreateSnapshot", ""), "F101", NO_CALL, None),
    name("create_tags_tokens", ("calls of CreateTags", ""), "F101", NO_CALL, None),
    name("describe_tokens", ("calls that describe, by pages", ""), "F101", NO_CALL, None),
    name("describe_all_tokens", ("calls that describe all", ""), "F101", NO_CALL, None),
];

/// Each published limit with the value in force, and the limits of single destinations and pairs.
pub(super) fn of(book: &Book<'_>) -> Vec<Parameter> {
    let limits = &book.model.accounts[0].limits;
    let mut rows: Vec<Parameter> = PUBLISHED
        .iter()
        .zip(&NAMES)
        .map(|(limit, name)| row(book, limits, (limit, name)))
        .collect();
    let own = book.plan.given.iter().filter(|given| {
        given.key.starts_with("limits.destination") || given.key.starts_with("limits.pair")
    });
    rows.extend(own.map(|given| Parameter {
        group: "limit",
        name: given.key.replacen("limits.", "limit of one ", 1),
        key: given.key.clone(),
        value: given.text.clone(),
        origin: "given",
        source: SCENARIO.to_owned(),
        about: "a limit of its own".to_owned(),
        ..Parameter::default()
    }));
    rows
}

fn row(book: &Book<'_>, limits: &Limits, (limit, name): (&Published, &Name)) -> Parameter {
    assert_eq!(limit.name, name.limit, "limits and their names stand in one order");
    let published = format!("{} {}", limit.value, limit.unit);
    let value = in_force(limit, limits).unwrap_or_else(|| published.clone());
    let is_given = value != published;
    let marked = limit.source.contains(name.fact);
    Parameter {
        group: "limit",
        name: name.parameter.to_owned(),
        key: name.key.to_owned(),
        default: published,
        origin: if is_given { "given" } else { limit.status.name() },
        source: match (is_given, marked) {
            (true, _) => SCENARIO.to_owned(),
            (false, true) => limit.source.to_owned(),
            (false, false) => format!("{} ({})", limit.source, name.fact),
        },
        date: if is_given { "" } else { READ },
        about: name.about.to_owned(),
        touched: name.cause.map(|cause| book.took_time(cause)),
        value,
        ..Parameter::default()
    }
}

/// The value of a limit in the model, in the unit of the catalogue where it is a whole number of it;
/// none of what no scenario sets.
fn in_force(limit: &Published, limits: &Limits) -> Option<String> {
    let rate = |rate: u64| {
        let mib = Rate::mib_per_s(1).ceil();
        let is_whole = rate.is_multiple_of(mib);
        if is_whole { format!("{} MiB/s", rate / mib) } else { format!("{rate} B/s") }
    };
    let bucket = |(capacity, refill): (u32, u32)| format!("{capacity} / {refill} {}", limit.unit);
    match limit.name {
        "copy_rate_max" => Some(rate(limits.copy_rate)),
        "pair_quota" => Some(rate(limits.quota)),
        "snapshot_copy_slots" => Some(format!("{} {}", limits.snapshot_slots, limit.unit)),
        "image_copy_slots" => Some(format!("{} {}", limits.image_slots, limit.unit)),
        "snapshots_per_region" => Some(format!("{} {}", limits.snapshots, limit.unit)),
        "copy_snapshot_tokens" => Some(bucket(limits.copy_snapshot_bucket)),
        "copy_image_tokens" => Some(bucket(limits.copy_image_bucket)),
        _ => None,
    }
}
