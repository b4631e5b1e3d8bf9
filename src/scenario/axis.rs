//! Sweep axes: keys of the scenario and the values that they take.

use std::ops::Range;

use toml::de::DeValue;

use super::tree::{Found, Node, Table, steps};
use crate::units::{count_u64, parse_number, round_u64};

/// Most values of one axis.
const VALUES_MAX: u64 = 10_000;

/// Keys that name runs or their draws: all points of a sweep meet the same ones.
const FIXED: [&str; 6] = [
    "scenario.name",
    "scenario.question",
    "scenario.seed",
    "scenario.fleet_seed",
    "scenario.replications",
    "scenario.start",
];

/// One axis of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Path of the key that it sets.
    pub key: String,
    /// Name in outputs, unique.
    pub name: String,
    /// The values, in order, at least one.
    pub values: Vec<AxisValue>,
}

/// One value of an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisValue {
    /// As TOML.
    pub toml: String,
    /// As outputs show it: text without its quotation marks.
    pub label: String,
    /// Where it stands in the scenario.
    pub(super) span: Range<usize>,
}

/// A value as TOML on one line.
fn toml_text(node: &Node<'_>) -> String {
    match node.get_ref() {
        DeValue::String(text) => toml::Value::String(text.to_string()).to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(items) => {
            format!("[{}]", items.iter().map(toml_text).collect::<Vec<_>>().join(", "))
        }
        DeValue::Table(table) => {
            let pairs = table.iter().map(|(key, value)| {
                let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                let key = key.get_ref();
                let key = if key.chars().all(bare) && !key.is_empty() {
                    key.to_string()
                } else {
                    toml::Value::String(key.to_string()).to_string()
                };
                format!("{key} = {}", toml_text(value))
            });
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A value as people read it: text without quotation marks, all else as TOML.
pub(super) fn bare_text(node: &Node<'_>) -> String {
    node.get_ref().as_str().map_or_else(|| toml_text(node), str::to_owned)
}

/// The axes of a tree. What their keys and shapes are is checked elsewhere; here, that they have
/// values and that what they set is not what all points must share.
pub(super) fn axes(root: &Table<'_>, found: &mut Vec<Found>) -> Vec<Axis> {
    let list = root.get("axis").and_then(|node| node.get_ref().as_array());
    let mut axes: Vec<Axis> = Vec::new();
    for (place, node) in list.into_iter().flatten().enumerate() {
        let path = format!("axis[{place}]");
        let text = |key: &str| node.get_ref().get(key).and_then(|value| value.get_ref().as_str());
        let Some(key) = text("key") else { continue };
        if FIXED.contains(&key) || key.starts_with("axis") || key.starts_with("precision") {
            let message = format!("`{key}` cannot vary: all points share it");
            found.push(
                Found::new(format!("{path}.key"), node.get_ref()["key"].span(), message)
                    .help("points are compared on the same draws and by the same axes"),
            );
            continue;
        }
        let name = text("name").map_or_else(|| last_part(key), str::to_owned);
        if axes.iter().any(|axis| axis.name == name) {
            let message = format!("there are two axes called `{name}`");
            found.push(Found::new(path, node.span(), message).help("give one a `name` of its own"));
            continue;
        }
        match values(node, &path) {
            Ok(values) => axes.push(Axis { key: key.to_owned(), name, values }),
            Err(problem) => found.push(problem),
        }
    }
    axes
}

/// The name of an axis that has none: the last key of its path.
fn last_part(key: &str) -> String {
    let parts = steps(key).unwrap_or_default();
    let last = parts.into_iter().rev().find_map(|step| match step {
        super::tree::Step::Key(key) => Some(key),
        super::tree::Step::Index(_) | super::tree::Step::All => None,
    });
    last.unwrap_or_else(|| key.to_owned())
}

fn values(axis: &Node<'_>, path: &str) -> Result<Vec<AxisValue>, Found> {
    let get = |key: &str| axis.get_ref().get(key);
    let given: Vec<&str> =
        ["values", "range", "log_range"].into_iter().filter(|key| get(key).is_some()).collect();
    let [only] = given.as_slice() else {
        return Err(Found::new(
            path,
            axis.span(),
            "an axis has one of `values`, `range`, `log_range`",
        )
        .help("such as `values = [10, 20, 40]`"));
    };
    let node = get(only).expect("it was found above");
    let path = format!("{path}.{only}");
    if *only != "values" {
        return ranged(node, *only == "log_range")
            .map_err(|message| Found::new(path, node.span(), message));
    }
    let Some(items) = node.get_ref().as_array().filter(|items| !items.is_empty()) else {
        return Err(Found::new(path, node.span(), "the list of values is empty"));
    };
    let values: Vec<AxisValue> = items
        .iter()
        .map(|item| AxisValue { toml: toml_text(item), label: bare_text(item), span: item.span() })
        .collect();
    match values
        .iter()
        .enumerate()
        .find(|(at, value)| values[..*at].iter().any(|v| v.label == value.label))
    {
        Some((_, twice)) => {
            Err(Found::new(path, twice.span.clone(), format!("`{}` stands twice", twice.label)))
        }
        None => Ok(values),
    }
}

/// A number, and the unit that stands behind it; empty for plain numbers.
fn quantity(table: &Node<'_>, key: &str) -> Result<Option<(f64, String)>, String> {
    let Some(node) = table.get_ref().get(key) else { return Ok(None) };
    let text = bare_text(node);
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = parse_number(&text[..end])
        .map_err(|_| format!("`{text}` is no number, with or without a unit"))?;
    Ok(Some((number, text[end..].trim().to_owned())))
}

/// Values between two ends, at equal distances or at equal ratios.
fn ranged(table: &Node<'_>, by_ratio: bool) -> Result<Vec<AxisValue>, String> {
    let (Some((from, unit)), Some((to, to_unit))) =
        (quantity(table, "from")?, quantity(table, "to")?)
    else {
        return Ok(Vec::new()); // a missing key is told by the shape
    };
    let (step, n) = (quantity(table, "step")?, quantity(table, "n")?);
    if unit != to_unit || step.as_ref().is_some_and(|(_, step_unit)| *step_unit != unit) {
        return Err("the ends and the step of a range are in the same unit".to_owned());
    }
    if to <= from {
        return Err("a range goes from the lesser to the greater value".to_owned());
    }
    let count = match (&step, &n) {
        (Some((step, _)), None) if 0.0 < *step => {
            1 + round_u64(((to - from) / step + 1e-9).floor())
        }
        (None, Some((n, _))) if 2.0 <= *n => round_u64(*n),
        _ => return Err("a range has one of `step`, more than 0, and `n`, at least 2".to_owned()),
    };
    if VALUES_MAX < count {
        return Err(format!("the range has {count} values; an axis has at most {VALUES_MAX}"));
    }
    if by_ratio && from <= 0.0 {
        return Err("a logarithmic range starts above 0".to_owned());
    }
    let last = count_u64(count - 1);
    let at = |place: f64| match &step {
        Some((step, _)) => from + place * step,
        None if by_ratio => from * libm::pow(to / from, place / last),
        None => from + place * (to - from) / last,
    };
    Ok((0..count).map(|place| ranged_value(at(count_u64(place)), &unit, table.span())).collect())
}

/// A value of a range, rounded to nine digits so that 0.1 + 0.2 reads 0.3.
fn ranged_value(number: f64, unit: &str, span: Range<usize>) -> AxisValue {
    let exponent = if number == 0.0 { 0.0 } else { libm::floor(libm::log10(number)) };
    let decimals = usize::try_from(round_u64((8.0 - exponent).max(0.0))).unwrap_or(9).min(17);
    let text = format!("{number:.decimals$}");
    let number = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text.as_str()
    };
    if unit.is_empty() {
        return AxisValue { toml: number.to_owned(), label: number.to_owned(), span };
    }
    let label = format!("{number} {unit}");
    AxisValue { toml: format!("\"{label}\""), label, span }
}
