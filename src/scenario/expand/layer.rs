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
const BARS: [Bar; 24] = [
    bar("volumes", &["inventory"]),
    bar("family", &["inventory"]),
    bar("inventory", &["volumes", "size", "fill", "family"]),
    bar("application", &["volumes_per_application"]),
    bar("volumes_per_application", &["application"]),
    bar_by("lineage", &["fresh"], &["change"]),
    bar("change", &["lineage"]),
    bar("every", &["at", "on", "once", "cron", "existing"]),
    bar("at", &["every", "once", "cron", "existing"]),
    bar("on", &["every", "once", "cron", "existing"]),
    bar("once", &["every", "at", "on", "cron"]),
    bar("cron", &["every", "at", "on", "once", "existing"]),
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
    bar_by("kind", &["copy", "batch", "link"], &["per"]),
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::scenario::shape::SCHEMA;

    /// All keys of tables in the schema.
    fn keys(schema: &Value, found: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            found.extend(properties.keys().cloned());
        }
        let inner: Vec<&Value> = match schema {
            Value::Object(object) => object.values().collect(),
            Value::Array(items) => items.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for inner in inner {
            keys(inner, found);
        }
    }

    #[test]
    fn keys_that_exclude_one_another_are_keys_of_the_format() {
        let mut known = Vec::new();
        keys(&SCHEMA, &mut known);
        for bar in BARS {
            for key in [&[bar.key], bar.keeps_out].concat() {
                assert!(known.iter().any(|known| known == key), "`{key}`");
            }
        }
    }

    #[test]
    fn the_families_are_those_of_distributions() {
        let table = &SCHEMA["$defs"]["distribution_of_time"]["properties"];
        let keys = table.as_object().expect("it has keys").keys().map(String::as_str);
        let mut families: Vec<&str> = keys.filter(|key| !["min", "max"].contains(key)).collect();
        let mut known = FAMILIES.to_vec();
        families.sort_unstable();
        known.sort_unstable();
        assert_eq!(families, known);
    }

    /// Joined over two levels; lists and plain values of the upper table stand whole.
    #[test]
    fn the_upper_table_goes_first() {
        let table = |text: &'static str| Table::parse(text).expect("it is TOML").into_inner();
        let mut upper = table("a = 1\nb = { c = [1], d = { e = 2 } }\nf = 'x'\ng = { h = 1 }");
        let lower =
            table("a = 9\nb = { c = [9, 9], d = { i = 3 }, j = 4 }\nf = { k = 9 }\ng = 9\nl = 5");
        let whole =
            "a = 1\nb = { c = [1], d = { e = 2, i = 3 }, j = 4 }\nf = 'x'\ng = { h = 1 }\nl = 5";
        fill(&mut upper, &lower);
        let plain = |table: Table<'_>| {
            let node = serde_spanned::Spanned::new(0..0, table);
            <toml::Table as serde::Deserialize>::deserialize(toml::Deserializer::from(node))
        };
        assert_eq!(plain(upper), plain(table(whole)));
    }
}
