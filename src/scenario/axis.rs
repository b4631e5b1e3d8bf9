//! Sweep axes: keys of the scenario and the values that they take.

use std::ops::Range;

use toml::de::DeValue;

use super::problem::listed;
use super::tree::{Found, Node, PlaceInTree, Table, steps, value_of};

mod key;
mod measure;
mod range;

use key::{Key, Meeting, meeting, resolve};
pub(super) use measure::Measure;
pub use range::Stretch;

/// What stands between the names and values of what varies in lock-step.
const AND: &str = " & ";

/// One axis of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Paths of the keys that it sets, at least one; several vary in lock-step.
    pub keys: Vec<String>,
    /// Name in outputs, unique.
    pub name: String,
    /// The values, in order, at least one; of an axis that a design draws, those that were drawn.
    pub values: Vec<AxisValue>,
    /// What a design draws the values from; none where they are given.
    pub stretch: Option<Stretch>,
}

/// One value of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisValue {
    /// As TOML: one for each key of the axis, or one for all of them.
    pub toml: Vec<String>,
    /// As outputs show it: text without its quotation marks.
    pub label: String,
    /// What conditions compare: as many as there are texts.
    measures: Vec<Measure>,
    /// Where it stands in the scenario.
    pub(super) span: Range<usize>,
}

impl AxisValue {
    fn new(toml: Vec<String>, label: String, span: Range<usize>) -> AxisValue {
        let measure = |text: &String| Measure::of(&bare_text(&value_of(text, &(0..0))));
        let measures = toml.iter().map(measure).collect();
        AxisValue { toml, label, measures, span }
    }

    /// The text that the key of this index takes.
    pub(super) fn text_of(&self, key: usize) -> &str {
        self.toml.get(key).unwrap_or(&self.toml[0])
    }

    /// What the key of this index takes, to be compared; without an index, the label, where there
    /// are several keys.
    pub(super) fn measure(&self, key: Option<usize>) -> Measure {
        match key {
            None if 1 < self.measures.len() => Measure::Word(self.label.clone()),
            None => self.measures[0].clone(),
            Some(key) => self.measures.get(key).unwrap_or(&self.measures[0]).clone(),
        }
    }
}

impl Axis {
    /// An axis over one key with one value, which is TOML or else a bare word or quantity.
    pub fn single(key: &str, text: &str) -> (Axis, AxisValue) {
        let label = bare_text(&value_of(text, &(0..0)));
        let value = AxisValue::new(vec![text.to_owned()], label, 0..0);
        let axis = Axis {
            keys: vec![key.to_owned()],
            name: key.to_owned(),
            values: vec![value.clone()],
            stretch: None,
        };
        (axis, value)
    }

    /// The value at a share, from 0 up to, and not including, 1, of what a design draws from.
    ///
    /// # Panics
    /// When no design draws the values of the axis.
    pub fn drawn(&self, share: f64) -> AxisValue {
        self.stretch.as_ref().expect("a design draws from this axis").at(share)
    }

    /// An axis of texts that stand in no scenario.
    pub fn of(key: &str, name: &str, labels: &[String]) -> Axis {
        let value = |label: &String| {
            let toml = toml::Value::String(label.clone()).to_string();
            AxisValue::new(vec![toml], label.clone(), 0..0)
        };
        Axis {
            keys: vec![key.to_owned()],
            name: name.to_owned(),
            values: labels.iter().map(value).collect(),
            stretch: None,
        }
    }
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

/// A setting of the command line: its key, and its value at its place.
pub(super) type Setting<'t> = (&'t str, Node<'t>);

/// The axes of a tree whose settings have been applied. What their shapes are is checked elsewhere;
/// here, that their keys are there and vary alone, and that they have values. A setting of an
/// axis's key leaves the axis with the one value that is set.
pub(super) fn axes(
    root: &Table<'_>,
    settings: &[Setting<'_>],
    found: &mut Vec<Found>,
) -> Vec<Axis> {
    let list = root.get("axis").and_then(|node| node.get_ref().as_array());
    let settings: Vec<(Vec<PlaceInTree>, &Setting<'_>)> = settings
        .iter()
        .filter_map(|setting| {
            let places = super::tree::places(root, &steps(setting.0).ok()?).ok()?;
            Some((places, setting))
        })
        .collect();
    let is_drawn = root.contains_key("design");
    let mut axes: Vec<Axis> = Vec::new();
    let mut taken: Vec<(String, Vec<PlaceInTree>)> = Vec::new();
    for (place, node) in list.into_iter().flatten().enumerate() {
        let path = format!("axis[{place}]");
        let Some(keys) = keys(root, node, &path, found) else { continue };
        let name = node.get_ref().get("name").and_then(|value| value.get_ref().as_str());
        let name = name.map_or_else(|| default_name(&keys), str::to_owned);
        if axes.iter().any(|axis| axis.name == name) {
            let message = format!("there are two axes called `{name}`");
            found.push(Found::new(path, node.span(), message).help("give one a `name` of its own"));
            continue;
        }
        let before = found.len();
        for key in &keys {
            let met = taken.iter().find(|(_, places)| {
                meeting(places, &key.places) != Meeting::Apart
                    || meeting(&key.places, places) != Meeting::Apart
            });
            if let Some((other, _)) = met {
                let message = format!("`{}` is what another axis varies, over `{other}`", key.path);
                found.push(
                    Found::new(path.clone(), node.span(), message)
                        .help("keys that vary together stand in the `keys` of one axis"),
                );
            }
            taken.push((key.path.clone(), key.places.clone()));
        }
        if before < found.len() {
            continue;
        }
        match fixed(&keys, &settings, &path).and_then(|set| {
            let (values, stretch) = values(node, &path, &keys, is_drawn)?;
            Ok(set.map_or((values, stretch), |set| (vec![set], None)))
        }) {
            Ok((values, stretch)) => {
                let keys = keys.into_iter().map(|key| key.path).collect();
                axes.push(Axis { keys, name, values, stretch });
            }
            Err(problem) => found.push(problem),
        }
    }
    axes
}

/// The keys of an axis; none where something is wrong with them, which has been said, or where the
/// shape says it.
fn keys(root: &Table<'_>, axis: &Node<'_>, path: &str, found: &mut Vec<Found>) -> Option<Vec<Key>> {
    let (one, many) = (axis.get_ref().get("key"), axis.get_ref().get("keys"));
    let (given, path): (Vec<&Node<'_>>, String) = match (one, many) {
        (Some(one), None) => (vec![one], format!("{path}.key")),
        (None, Some(many)) => (many.get_ref().as_array()?.iter().collect(), format!("{path}.keys")),
        _ => {
            found.push(
                Found::new(path, axis.span(), "an axis has one of `key` and `keys`")
                    .help("such as `key = \"limits.snapshot_copies\"`"),
            );
            return None;
        }
    };
    if given.is_empty() {
        found.push(Found::new(path, many?.span(), "the list of keys is empty"));
        return None;
    }
    let before = found.len();
    let mut keys = Vec::new();
    for node in given {
        match resolve(root, node.get_ref().as_str()?) {
            Ok(key) => keys.push(key),
            Err((message, help)) => {
                found.push(Found::new(path.clone(), node.span(), message).maybe(help));
            }
        }
    }
    (found.len() == before).then_some(keys)
}

/// The name of an axis that has none: the last part of its key, or of each of its keys.
fn default_name(keys: &[Key]) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for key in keys {
        if !parts.contains(&key.last.as_str()) {
            parts.push(&key.last);
        }
    }
    parts.join(AND)
}

/// The value that settings give an axis instead of its own, if they do.
fn fixed(
    keys: &[Key],
    settings: &[(Vec<PlaceInTree>, &Setting<'_>)],
    path: &str,
) -> Result<Option<AxisValue>, Found> {
    let mut set: Vec<Option<&Setting<'_>>> = vec![None; keys.len()];
    for (places, setting) in settings {
        for (key, set) in keys.iter().zip(&mut set) {
            match meeting(places, &key.places) {
                Meeting::Apart => {}
                Meeting::Replaces => *set = Some(*setting),
                Meeting::Clashes => {
                    let message = format!(
                        "`{}` is set, and is a part of what the axis over `{}` varies",
                        setting.0, key.path
                    );
                    return Err(Found::new(path, setting.1.span(), message)
                        .help(format!("set `{}` as a whole", key.path)));
                }
            }
        }
    }
    let values: Vec<&Setting<'_>> = set.iter().copied().flatten().collect();
    let Some(last) = values.last() else { return Ok(None) };
    let span = last.1.span();
    if values.len() < keys.len() {
        let open = keys.iter().zip(&set).filter(|(_, set)| set.is_none());
        let open = listed(open.map(|(key, _)| key.path.as_str()), "and");
        let message = format!("`{}` varies together with {open}", last.0);
        return Err(Found::new(path, span, message).help("set all keys of the axis, or none"));
    }
    let mut labels: Vec<String> = values.iter().map(|(_, node)| bare_text(node)).collect();
    labels.dedup();
    let toml = values.iter().map(|(_, node)| toml_text(node)).collect();
    Ok(Some(AxisValue::new(toml, labels.join(AND), span)))
}

/// The values of an axis, or what a design draws them from.
fn values(
    axis: &Node<'_>,
    path: &str,
    keys: &[Key],
    is_drawn: bool,
) -> Result<(Vec<AxisValue>, Option<Stretch>), Found> {
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
    let inner = format!("{path}.{only}");
    let labels = get("labels");
    if *only == "values" {
        return listed_values(node, labels, &inner, keys.len()).map(|values| (values, None));
    }
    if let Some(labels) = labels {
        let message = "labels belong to `values`; those of a range are its values";
        return Err(Found::new(format!("{path}.labels"), labels.span(), message));
    }
    let by_ratio = *only == "log_range";
    let wrong = |message| Found::new(inner, node.span(), message);
    let natural = keys.iter().map(|key| key.natural);
    let natural = natural.reduce(range::Natural::and).expect("an axis has keys");
    if !is_drawn {
        let values = range::values(node, by_ratio, natural);
        return values.map(|values| (values, None)).map_err(wrong);
    }
    let stretch = range::stretch(node, by_ratio, natural).map_err(wrong)?;
    Ok((Vec::new(), stretch))
}

/// The values of a list, with their labels.
fn listed_values(
    node: &Node<'_>,
    labels: Option<&Node<'_>>,
    path: &str,
    n_keys: usize,
) -> Result<Vec<AxisValue>, Found> {
    let Some(items) = node.get_ref().as_array().filter(|items| !items.is_empty()) else {
        return Err(Found::new(path, node.span(), "the list of values is empty"));
    };
    let mut values = items.iter().map(|item| listed_value(item, path, n_keys));
    let mut values: Vec<AxisValue> = values.by_ref().collect::<Result<_, _>>()?;
    if let Some((labels, node)) = labels.and_then(|node| Some((node.get_ref().as_array()?, node))) {
        if labels.len() != values.len() {
            let message = format!("{} labels for {} values", labels.len(), values.len());
            return Err(Found::new(path, node.span(), message).help("each value has one label"));
        }
        for (value, label) in values.iter_mut().zip(labels) {
            value.label = bare_text(label);
            value.span = label.span();
        }
    }
    for (at, value) in values.iter().enumerate() {
        if values[..at].iter().any(|before| before.label == value.label) {
            let message = format!("`{}` stands twice", value.label);
            return Err(Found::new(path, value.span.clone(), message));
        }
    }
    for (value, item) in values.iter_mut().zip(items) {
        value.span = item.span();
    }
    Ok(values)
}

/// One value of a list: with several keys, a list of one value for each.
fn listed_value(item: &Node<'_>, path: &str, n_keys: usize) -> Result<AxisValue, Found> {
    if n_keys == 1 {
        return Ok(AxisValue::new(vec![toml_text(item)], bare_text(item), item.span()));
    }
    let parts = item.get_ref().as_array().map_or(0, |parts| parts.len());
    if parts != n_keys {
        let message = format!("a list of {n_keys} values belongs here, one for each of the `keys`");
        return Err(Found::new(path, item.span(), message));
    }
    let parts = || item.get_ref().as_array().into_iter().flatten();
    let label = parts().map(bare_text).collect::<Vec<_>>().join(AND);
    Ok(AxisValue::new(parts().map(toml_text).collect(), label, item.span()))
}
