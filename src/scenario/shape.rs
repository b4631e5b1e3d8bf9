//! Holds a tree to the schema: unknown and missing keys, wrong types, units, ranges, and words,
//! all at once and each at its place.
//!
//! What is wrong is taken out of the tree, so that the rest can be read and checked further.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use serde_json::Value;
use serde_spanned::Spanned;
use toml::de::DeValue;

use super::file::File;
use super::problem::{did_you_mean, listed, none_of};
use super::spelling::checker;
use super::tree::{Found, Node, Table, name_of};
use super::value::Raw;

mod written;

/// The JSON Schema of the scenario format.
pub(super) static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = schemars::schema_for!(File).to_value();
    without_null(&mut schema);
    schema
});

/// Takes `null` out of a schema: TOML has none, a key that may be absent is just not required.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Object(object) => {
            object.values_mut().for_each(without_null);
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
            for list in ["type", "enum", "anyOf"] {
                let Some(Value::Array(items)) = object.get_mut(list) else { continue };
                items.retain(|item| {
                    !(item.is_null()
                        || item.as_str() == Some("null") && list == "type"
                        || item.get("type").and_then(Value::as_str) == Some("null"))
                });
                let [only] = items.as_slice() else { continue };
                let only = only.clone();
                match (list, only) {
                    ("type", only) => drop(object.insert("type".to_owned(), only)),
                    ("anyOf", Value::Object(only)) => {
                        object.remove("anyOf");
                        object.extend(only);
                    }
                    _ => {}
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The same for the text before its short forms are written out: for editors.
pub(super) static WRITTEN: LazyLock<Value> = LazyLock::new(|| written::of(&SCHEMA));

/// Checks a scenario's tree, written out, and takes out what is wrong.
pub(super) fn hold(root: &mut Table<'_>, span: &Range<usize>) -> Vec<Found> {
    let mut walker = Walker { schema: &SCHEMA, found: Vec::new() };
    walker.table(&SCHEMA, root, span, "");
    walker.found
}

/// Checks `[defaults]`.
pub(super) fn hold_defaults(defaults: Node<'_>) -> Vec<Found> {
    hold_part("/properties/defaults", defaults, "defaults")
}

/// Checks an entry of the `each` of an element; messages call it `path`.
pub(super) fn hold_entry(kind: &str, entry: Node<'_>, path: &str) -> Vec<Found> {
    let list = WRITTEN.pointer(&format!("/properties/{kind}/items/$ref")).and_then(Value::as_str);
    let element = list.and_then(|name| name.strip_prefix('#')).expect("lists have a definition");
    hold_part(&format!("{element}/properties/each/items"), entry, path)
}

fn hold_part(pointer: &str, mut node: Node<'_>, path: &str) -> Vec<Found> {
    let mut walker = Walker { schema: &WRITTEN, found: Vec::new() };
    let schema = WRITTEN.pointer(pointer).expect("it is a part of the format");
    walker.value(schema, &mut node, path);
    walker.found
}

struct Walker {
    /// Where references point to.
    schema: &'static Value,
    found: Vec<Found>,
}

/// The schemas that a value may follow: references resolved, alternatives listed.
pub(super) fn options(whole: &'static Value, schema: &'static Value) -> Vec<&'static Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.strip_prefix('#').expect("references stay within the schema");
        return options(whole, whole.pointer(pointer).expect("each definition is there"));
    }
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(parts) => parts.iter().flat_map(|part| options(whole, part)).collect(),
        None => vec![schema],
    }
}

/// The words that a value has to be one of, where it has to.
fn words_of(whole: &'static Value, schema: &'static Value) -> Option<String> {
    let options = options(whole, schema);
    let lists = options.iter().filter_map(|option| option.get("enum").and_then(Value::as_array));
    let words: Vec<&str> = lists.flatten().filter_map(Value::as_str).collect();
    (!words.is_empty()).then(|| format!("write {}", listed(words.into_iter(), "or")))
}

/// Whether a schema allows values of a type.
pub(super) fn is(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(kind)),
        _ => false,
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl Walker {
    fn report(&mut self, key: &str, span: Range<usize>, message: String, help: Option<String>) {
        self.found.push(Found { key: key.to_owned(), message, help, span });
    }

    /// Whether a value is of the shape that its schema gives it.
    fn value(&mut self, schema: &'static Value, node: &mut Node<'_>, path: &str) -> bool {
        let (options, span) = (options(self.schema, schema), node.span());
        let of = |kind: &str| -> Vec<&'static Value> {
            options.iter().copied().filter(|option| is(option, kind)).collect()
        };
        if let DeValue::Datetime(moment) = node.get_ref() {
            let text = moment.to_string();
            *node.get_mut() = DeValue::String(Cow::Owned(text));
        }
        match node.get_mut() {
            DeValue::String(text) => {
                let wrong = check_text(&of("string"), &Raw::Text(text.to_string()));
                self.accept(wrong, &(options, "text"), path, span)
            }
            DeValue::Integer(whole) => {
                let number = i128::from_str_radix(whole.as_str(), whole.radix()).ok();
                let wrong = check_whole(&options, number, &whole.to_string());
                self.accept(wrong, &(options, "a whole number"), path, span)
            }
            DeValue::Float(number) => {
                let wrong = check_float(&options, number.as_str());
                self.accept(wrong, &(options, "a decimal number"), path, span)
            }
            DeValue::Boolean(_) => {
                let fits = options.iter().any(|option| is(option, "boolean"));
                self.accept(fits.then_some(Ok(())), &(options, "`true` or `false`"), path, span)
            }
            DeValue::Datetime(_) => unreachable!("it has been turned into text"),
            DeValue::Array(_) => {
                let Some(list) = of("array").first().copied() else {
                    return self.accept(None, &(options, "a list"), path, span);
                };
                self.list(list, node, path)
            }
            DeValue::Table(table) => {
                let Some(best) = closest(&of("object"), table) else {
                    return self.accept(None, &(options, "a table"), path, span);
                };
                self.table(best, table, &span, path)
            }
        }
    }

    /// Reports what is wrong with a plain value; `None` means that its type does not fit at all.
    fn accept(
        &mut self,
        wrong: Option<Result<(), Found>>,
        (options, found): &(Vec<&'static Value>, &str),
        path: &str,
        span: Range<usize>,
    ) -> bool {
        match wrong {
            Some(Ok(())) => return true,
            Some(Err(problem)) => {
                self.report(path, span, problem.message, problem.help);
            }
            None => {
                let message = format!("{found} stands here, where {} belongs", expected(options));
                self.report(path, span, message, None);
            }
        }
        false
    }

    fn list(&mut self, schema: &'static Value, node: &mut Node<'_>, path: &str) -> bool {
        let span = node.span();
        let taken = std::mem::replace(node.get_mut(), DeValue::Boolean(false));
        let DeValue::Array(items) = taken else { unreachable!("only lists come here") };
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let enough = least <= u64::try_from(items.len()).unwrap_or(u64::MAX);
        if !enough {
            self.report(path, span, "the list is empty".to_owned(), None);
        }
        let kept = match schema.get("items") {
            None => items,
            Some(each) => items
                .into_iter()
                .enumerate()
                .filter_map(|(at, mut item)| {
                    let path = match name_of(&item) {
                        Some(name) => join(path, name),
                        None => format!("{path}[{at}]"),
                    };
                    self.value(each, &mut item, &path).then_some(item)
                })
                .collect(),
        };
        *node.get_mut() = DeValue::Array(kept);
        enough
    }

    /// A table is always kept: what is wrong in it has been taken out.
    fn table(
        &mut self,
        schema: &'static Value,
        table: &mut Table<'_>,
        span: &Range<usize>,
        path: &str,
    ) -> bool {
        let any_key = schema.get("additionalProperties").filter(|inner| inner.is_object());
        if let Some(inner) = any_key {
            return self.named_values(inner, table, path);
        }
        let Some(known) = schema.get("properties").and_then(Value::as_object) else { return true };
        let required = schema.get("required").and_then(Value::as_array);
        for key in required.into_iter().flatten().filter_map(Value::as_str) {
            if !table.contains_key(key) {
                let about = known[key].get("description").and_then(Value::as_str);
                let about = about.map(|text| text.lines().next().unwrap_or(text).to_owned());
                let help = words_of(self.schema, &known[key]).or(about);
                self.report(&join(path, key), span.clone(), format!("`{key}` is missing"), help);
            }
        }
        let keys: Vec<Spanned<String>> =
            table.keys().map(|key| Spanned::new(key.span(), key.get_ref().to_string())).collect();
        for key in keys {
            let (at, key) = (key.span(), key.into_inner());
            let inner = join(path, &key);
            let right = if let Some(schema) = known.get(&key) {
                let node = table.get_mut(key.as_str()).expect("the key comes from the table");
                self.value(schema, node, &inner)
            } else {
                let names = || known.keys().map(String::as_str);
                let help = did_you_mean(&key, names())
                    .unwrap_or_else(|| format!("known here: {}", listed(names(), "and")));
                self.report(&inner, at, "unknown key".to_owned(), Some(help));
                false
            };
            if !right {
                table.remove(key.as_str());
            }
        }
        true
    }

    /// A table whose keys are names that the scenario gives.
    fn named_values(&mut self, schema: &'static Value, table: &mut Table<'_>, path: &str) -> bool {
        let names: Vec<String> = table.keys().map(|key| key.get_ref().to_string()).collect();
        for name in names {
            let node = table.get_mut(name.as_str()).expect("the name comes from the table");
            if !self.value(schema, node, &join(path, &name)) {
                table.remove(name.as_str());
            }
        }
        true
    }
}

/// The alternative that shares the most keys with a table.
fn closest(tables: &[&'static Value], table: &Table<'_>) -> Option<&'static Value> {
    let shared = |schema: &Value| {
        let known = schema.get("properties").and_then(Value::as_object);
        known.map_or(0, |known| {
            table.keys().filter(|key| known.contains_key(key.get_ref().as_ref())).count()
        })
    };
    tables.iter().copied().rev().max_by_key(|schema| shared(schema))
}

/// Whether a text follows one of the spellings; `None` where no text belongs here.
fn check_text(options: &[&Value], raw: &Raw) -> Option<Result<(), Found>> {
    let mut words: Vec<&str> = Vec::new();
    let mut wrong = None;
    for option in options {
        if let Some(list) = option.get("enum").and_then(Value::as_array) {
            words.extend(list.iter().filter_map(Value::as_str));
            continue;
        }
        let format = option.get("format").and_then(Value::as_str);
        let Some(checker) = format.and_then(checker) else {
            return Some(plain_text(raw));
        };
        match (checker.check)(raw) {
            Ok(()) => return Some(Ok(())),
            Err(message) => wrong = Some(Found::new("", 0..0, message)),
        }
    }
    if words.contains(&raw.text()) {
        return Some(Ok(()));
    }
    let unknown = || {
        Found::new("", 0..0, none_of(raw.text(), &words))
            .maybe(did_you_mean(raw.text(), words.iter().copied()))
    };
    wrong.or_else(|| (!words.is_empty()).then(unknown)).map(Err)
}

fn plain_text(raw: &Raw) -> Result<(), Found> {
    match raw {
        Raw::Text(text) if text.trim().is_empty() => Err(Found::new("", 0..0, "the text is empty")),
        Raw::Text(text) if text.chars().any(char::is_control) => {
            Err(Found::new("", 0..0, "the text has a line break or another control character"))
        }
        Raw::Text(_) => Ok(()),
        Raw::Number(number) => {
            Err(Found::new("", 0..0, "a number stands here, where text belongs")
                .help(format!("write `\"{number}\"`")))
        }
    }
}

/// Whether a whole number fits; where a quantity belongs, its unit is asked for.
fn check_whole(options: &[&Value], number: Option<i128>, text: &str) -> Option<Result<(), Found>> {
    let numeric = options.iter().find(|option| is(option, "integer") || is(option, "number"));
    let Some(schema) = numeric else {
        let texts: Vec<&Value> =
            options.iter().copied().filter(|option| is(option, "string")).collect();
        return check_text(&texts, &Raw::Number(text.to_owned()));
    };
    let Some(number) = number.and_then(|number| i64::try_from(number).ok()) else {
        return Some(Err(Found::new("", 0..0, format!("`{text}` is too large"))));
    };
    let bits = schema.get("format").and_then(Value::as_str);
    let most = match bits {
        Some("uint32") => Some(i64::from(u32::MAX)),
        Some("int32") => Some(i64::from(i32::MAX)),
        _ => None,
    };
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    Some(within(
        crate::units::signed(number),
        limit("minimum").or((bits == Some("int32")).then(|| f64::from(i32::MIN))),
        limit("maximum").or(most.map(crate::units::signed)),
    ))
}

fn check_float(options: &[&Value], text: &str) -> Option<Result<(), Found>> {
    let number = options.iter().find(|option| is(option, "number"));
    let Some(schema) = number else {
        let texts: Vec<&Value> =
            options.iter().copied().filter(|option| is(option, "string")).collect();
        return check_text(&texts, &Raw::Number(text.to_owned()));
    };
    let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Some(Err(Found::new("", 0..0, format!("`{text}` is no finite number"))));
    };
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    Some(within(number, limit("minimum"), limit("maximum")))
}

fn within(number: f64, least: Option<f64>, most: Option<f64>) -> Result<(), Found> {
    if let Some(least) = least.filter(|least| number < *least) {
        return Err(Found::new("", 0..0, format!("must be at least {least}, not {number}")));
    }
    if let Some(most) = most.filter(|most| *most < number) {
        return Err(Found::new("", 0..0, format!("must be at most {most}, not {number}")));
    }
    Ok(())
}

/// What belongs to a place, in words.
fn expected(options: &[&Value]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for option in options {
        let format = option.get("format").and_then(Value::as_str);
        let part = if let Some(words) = option.get("enum").and_then(Value::as_array) {
            listed(words.iter().filter_map(Value::as_str), "or")
        } else if let Some(checker) = format.and_then(checker) {
            checker.about.to_owned()
        } else {
            let kinds = [
                ("string", "text"),
                ("integer", "a whole number"),
                ("number", "a number"),
                ("boolean", "`true` or `false`"),
                ("array", "a list"),
                ("object", "a table"),
            ];
            let names: Vec<&str> =
                kinds.iter().filter(|(kind, _)| is(option, kind)).map(|(_, name)| *name).collect();
            names.join(" or ")
        };
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(", or ")
}
