//! One table over another: what the upper one does not say comes from the lower one.

use toml::de::DeValue;

use crate::scenario::tree::{Node, Table};

/// A key of the upper table, and keys of the lower one that it keeps out: the two exclude one
/// another, so that a default can be replaced by its alternative.
struct Bar {
    key: &'static str,
    /// Only where the key has one of these words; empty: whatever it says.
    words: &'static [&'static str],
    keeps_out: &'static [&'static str],
}

const fn bar(key: &'static str, keeps_out: &'static [&'static str]) -> Bar {
    Bar { key, words: &[], keeps_out }
}

const fn bar_by(
    key: &'static str,
    words: &'static [&'static str],
    keeps_out: &'static [&'static str],
) -> Bar {
    Bar { key, words, keeps_out }
}

/// All bars. They hold in every table: none of what is kept out belongs to a table where its key
/// means something else.
const BARS: [Bar; 21] = [
    bar("volumes", &["inventory"]),
    bar("family", &["inventory"]),
    bar("inventory", &["volumes", "size", "fill", "family"]),
    bar_by("lineage", &["fresh"], &["change"]),
    bar("change", &["lineage"]),
    bar("every", &["at", "on", "once", "cron", "existing"]),
    bar("at", &["every", "once", "cron", "existing"]),
    bar("on", &["every", "once", "cron", "existing"]),
    bar("cron", &["every", "at", "on", "once", "existing"]),
    bar("once", &["every", "at", "on", "cron"]),
    bar("median", &["rate"]),
    bar("between_volumes", &["rate"]),
    bar("rate", &["median", "between_volumes"]),
    bar("sigma", &["p95"]),
    bar("p95", &["sigma"]),
    bar_by("policy", &["retry", "give-up"], &["order", "limit"]),
    bar("limit", &["by"]),
    bar("by", &["limit"]),
    bar_by("kind", &["copy", "rpo"], &["by", "time_zone"]),
    bar_by("kind", &["copy", "batch", "rpo"], &["link", "below", "hours"]),
    bar_by("kind", &["link"], &["limit", "by", "fleet", "to"]),
];

/// Families of distributions: a table has one.
const FAMILIES: [&str; 12] = [
    "uniform",
    "triangular",
    "exponential",
    "lognormal",
    "normal",
    "gamma",
    "beta",
    "weibull",
    "pareto",
    "values",
    "file",
    "mixture",
];

/// Keys that a table keeps out of what lies below it.
fn kept_out(upper: &Table<'_>) -> Vec<&'static str> {
    let says = |bar: &&Bar| {
        let word = upper.get(bar.key).map(|node| node.get_ref().as_str().unwrap_or(""));
        word.is_some_and(|word| bar.words.is_empty() || bar.words.contains(&word))
    };
    let mut keys: Vec<&str> =
        BARS.iter().filter(says).flat_map(|bar| bar.keeps_out).copied().collect();
    if FAMILIES.iter().any(|family| upper.contains_key(*family)) {
        keys.extend(FAMILIES);
    }
    keys
}

/// Takes into `upper` what only `lower` says. Tables are joined key by key; plain values and lists
/// of `upper` stand as they are.
pub(super) fn fill<'t>(upper: &mut Table<'t>, lower: &Table<'t>) {
    let kept_out = kept_out(upper);
    for (key, value) in lower {
        match upper.get_mut(key.get_ref().as_ref()) {
            Some(own) => fill_value(own, value),
            None if kept_out.contains(&key.get_ref().as_ref()) => {}
            None => drop(upper.insert(key.clone(), value.clone())),
        }
    }
}

fn fill_value<'t>(upper: &mut Node<'t>, lower: &Node<'t>) {
    if let (DeValue::Table(upper), DeValue::Table(lower)) = (upper.get_mut(), lower.get_ref()) {
        fill(upper, lower);
    }
}
