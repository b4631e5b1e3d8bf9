//! The keys of an axis: that there are such keys, which places of the scenario they mean, and which
//! settings take their place.

use serde_json::Value;

use super::range::Natural;
use crate::scenario::problem::{did_you_mean, listed};
use crate::scenario::shape::{self, WRITTEN};
use crate::scenario::tree::{PlaceInTree, Refused, Step, Table, places, steps};

/// Keys that name runs or their draws, or say what a sweep is: all points share them.
const SHARED: [&str; 12] = [
    "scenario",
    "scenario.name",
    "scenario.question",
    "scenario.seed",
    "scenario.fleet_seed",
    "scenario.replications",
    "scenario.start",
    "scenario.max_runs",
    "axis",
    "design",
    "constraint",
    "precision",
];

/// A key of an axis, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The path, as it is written.
    pub(super) path: String,
    /// Where it leads to in the scenario, at least one place.
    pub(super) places: Vec<PlaceInTree>,
    /// The last key of the path.
    pub(super) last: String,
    /// In what steps its values move.
    pub(super) natural: Natural,
}

/// The key that a path means.
///
/// # Errors
/// Why it cannot be the key of an axis, and what could.
pub(super) fn resolve(root: &Table<'_>, path: &str) -> Result<Key, Refused> {
    let steps = steps(path).map_err(|message| (message, None))?;
    let whole = path.trim();
    let inner = |shared: &&str| {
        let rest = whole.strip_prefix(*shared);
        let is_table = ["axis", "design", "constraint", "precision"].contains(shared);
        rest.is_some_and(|rest| rest.is_empty() || is_table && rest.starts_with(['.', '[']))
    };
    if SHARED.iter().any(inner) {
        let help = "points are compared on the same draws and by the same axes".to_owned();
        return Err((format!("`{whole}` cannot vary: all points share it"), Some(help)));
    }
    let natural = known(path, &steps)?;
    let last = steps.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Index(_) | Step::All => None,
    });
    let last = last.expect("a path begins with a key");
    Ok(Key { path: whole.to_owned(), places: places(root, &steps)?, last, natural })
}

/// Follows a path through the format: there is such a key, and its values move so.
fn known(path: &str, steps: &[Step]) -> Result<Natural, Refused> {
    let mut here: Vec<&'static Value> = shape::options(&WRITTEN, &WRITTEN);
    let mut key = "";
    for step in steps {
        if here.iter().any(|schema| is_open(schema)) {
            return Ok(Natural::Any);
        }
        let lists = here.iter().filter_map(|schema| schema.get("items"));
        let lists: Vec<&'static Value> = lists.collect();
        if !lists.is_empty() {
            here = lists.into_iter().flat_map(|each| shape::options(&WRITTEN, each)).collect();
            continue;
        }
        let Step::Key(word) = step else {
            return Err((format!("`{key}` in `{path}` is no list"), None));
        };
        here = inside(&here, word).ok_or_else(|| unknown(path, key, word, &here))?;
        key = word;
    }
    let whole = here.iter().any(|schema| shape::is(schema, "integer"));
    Ok(match key {
        "completion_duration" => Natural::QuarterHours,
        _ if whole => Natural::Whole,
        _ => Natural::Any,
    })
}

/// Whether anything may stand here.
fn is_open(schema: &Value) -> bool {
    let is_table = shape::is(schema, "object");
    is_table && schema.get("properties").is_none() && schema.get("additionalProperties").is_none()
}

/// What may stand under a key of the tables that may stand here.
fn inside(here: &[&'static Value], word: &str) -> Option<Vec<&'static Value>> {
    let under = here.iter().filter_map(|schema| {
        let named = schema.get("properties").and_then(|known| known.get(word));
        named.or_else(|| schema.get("additionalProperties").filter(|each| each.is_object()))
    });
    let under: Vec<&'static Value> =
        under.flat_map(|schema| shape::options(&WRITTEN, schema)).collect();
    (!under.is_empty()).then_some(under)
}

fn unknown(path: &str, key: &str, word: &str, here: &[&'static Value]) -> Refused {
    let tables = here.iter().filter_map(|schema| schema.get("properties")?.as_object());
    let names: Vec<&str> = tables.flat_map(|table| table.keys().map(String::as_str)).collect();
    if names.is_empty() {
        return (format!("there is no key `{path}`: `{key}` has no keys of its own"), None);
    }
    let help = did_you_mean(word, names.iter().copied())
        .unwrap_or_else(|| format!("known there: {}", listed(names.iter().copied(), "and")));
    let of = if key.is_empty() { String::new() } else { format!(": `{key}` has no `{word}`") };
    (format!("there is no key `{path}`{of}"), Some(help))
}

/// How a setting and the keys of an axis meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// Not at all, or the axis varies something within what is set.
    Apart,
    /// The setting takes all places of the key: it holds instead of the axis.
    Replaces,
    /// The setting takes some of them, or something within what the axis sets.
    Clashes,
}

/// How places that are set, by a setting or another axis, meet those of a key.
pub(super) fn meeting(set: &[PlaceInTree], key: &[PlaceInTree]) -> Meeting {
    let same = key.iter().filter(|place| set.contains(place)).count();
    let within = set.iter().any(|set| key.iter().any(|key| is_within(set, key)));
    match same {
        0 if !within => Meeting::Apart,
        n if n == key.len() && !within => Meeting::Replaces,
        _ => Meeting::Clashes,
    }
}

/// Whether one place lies inside another.
pub(super) fn is_within(inner: &PlaceInTree, outer: &PlaceInTree) -> bool {
    outer.len() < inner.len() && inner.starts_with(outer)
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    const TEXT: &str = "[[fleet]]\nname = 'a'\n[[fleet]]\nname = 'b'\ncopy = [{}, {}]\n";

    fn key(path: &str) -> Result<Key, Refused> {
        resolve(&DeTable::parse(TEXT).unwrap().into_inner(), path)
    }

    fn said(path: &str) -> String {
        let (message, help) = key(path).unwrap_err();
        format!("{message} ({})", help.unwrap_or_default())
    }

    #[test]
    fn keys_of_the_format_are_found_with_the_steps_of_their_values() {
        let natural = |path: &str| key(path).unwrap().natural;
        assert_eq!(natural("limits.snapshot_copies"), Natural::Whole);
        assert_eq!(natural("limits.quota"), Natural::Any);
        assert_eq!(natural("fleet.b.copy[0].completion_duration"), Natural::QuarterHours);
        assert_eq!(natural("fleet.*.copy[*].completion_duration"), Natural::QuarterHours);
        assert_eq!(natural("fleet.b.volumes"), Natural::Whole);
        assert_eq!(natural("assume.P-STD-RATE"), Natural::Any);
        assert_eq!(natural("defaults.fleet.change.median"), Natural::Any);
        assert_eq!(natural("fleet.b.size.lognormal.sigma"), Natural::Any);
    }

    #[test]
    fn keys_that_are_none_are_refused_with_the_nearest() {
        assert_eq!(
            said("limits.qota"),
            "there is no key `limits.qota`: `limits` has no `qota` (did you mean `quota`?)"
        );
        assert_eq!(said("limit.quota"), "there is no key `limit.quota` (did you mean `limits`?)");
        assert_eq!(
            said("fleet.other.volumes"),
            "no `fleet` is called `other` (there are `a` and `b`)"
        );
        assert_eq!(
            said("fleet.b.copy[0].completion_duraton"),
            "there is no key `fleet.b.copy[0].completion_duraton`: `copy` has no \
             `completion_duraton` (did you mean `completion_duration`?)"
        );
        assert_eq!(
            said("limits.quota.more"),
            "there is no key `limits.quota.more`: `quota` has no keys of its own ()"
        );
        assert_eq!(said("fleet.b.copy[2].to"), "`copy` has 2 elements, no [2] ()");
        for path in ["scenario.seed", "scenario", "axis", "axis[0].values", "design.points"] {
            assert!(said(path).contains("all points share it"), "{path}");
        }
    }

    #[test]
    fn places_that_are_set_meet_those_of_a_key() {
        let meet =
            |set: &str, path: &str| meeting(&key(set).unwrap().places, &key(path).unwrap().places);
        assert_eq!(meet("fleet.a.volumes", "fleet.a.volumes"), Meeting::Replaces);
        assert_eq!(meet("fleet[0].volumes", "fleet.a.volumes"), Meeting::Replaces);
        assert_eq!(meet("fleet.*.volumes", "fleet.a.volumes"), Meeting::Replaces);
        assert_eq!(meet("fleet.a.volumes", "fleet.*.volumes"), Meeting::Clashes);
        assert_eq!(meet("fleet.b.volumes", "fleet.a.volumes"), Meeting::Apart);
        assert_eq!(meet("fleet.a.size", "fleet.a.size.max"), Meeting::Apart);
        assert_eq!(meet("fleet.a.size.max", "fleet.a.size"), Meeting::Clashes);
    }
}
