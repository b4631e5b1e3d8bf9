//! The schema of the text before its short forms are written out.
//!
//! Made from the schema of whole elements: a key that an element needs may come from `[defaults]`
//! or from an entry of `each`, so nothing is required of an element alone.

use serde_json::{Map, Value, json};

use crate::scenario::expand::{KINDS, RULE};

/// Turns the schema of whole elements into that of the text.
pub(super) fn of(whole: &Value) -> Value {
    let mut schema = whole.clone();
    let mut defaults = Map::new();
    for kind in &KINDS {
        let Some(name) = definition(whole, &format!("/properties/{}/items", kind.key)) else {
            continue;
        };
        let pointer = format!("/$defs/{name}");
        loosen(&mut schema, &pointer);
        if kind.has_rules()
            && let Some(rule) = definition(whole, &rules_of(name))
        {
            loosen(&mut schema, &format!("/$defs/{rule}"));
            defaults.insert(RULE.to_owned(), reference(rule));
        }
        let element = schema.pointer(&pointer).expect("it is defined").clone();
        if kind.among.is_some() {
            let mut entry = without(&element, &["each"]);
            if kind.has_rules() {
                let to = whole.pointer(&rules_of(name)).and_then(|rule| to_of(whole, rule));
                entry["properties"]["to"] = to.unwrap_or(Value::Null);
            }
            schema["$defs"][format!("{name}Entry")] = entry;
            schema["$defs"][name]["properties"]["each"]["items"] =
                reference(&format!("{name}Entry"));
        }
        schema["$defs"][format!("{name}Defaults")] = without(&element, &["each", "name"]);
        defaults.insert(kind.key.to_owned(), reference(&format!("{name}Defaults")));
    }
    let about = whole.pointer("/properties/defaults/description").cloned();
    schema["properties"]["defaults"] = json!({
        "type": "object",
        "description": about,
        "additionalProperties": false,
        "properties": defaults,
    });
    schema
}

/// Where an element's definition says what its copy rules are.
fn rules_of(name: &str) -> String {
    format!("/$defs/{name}/properties/copy/items")
}

/// The definition that the schema at `pointer` refers to.
fn definition<'s>(schema: &'s Value, pointer: &str) -> Option<&'s str> {
    schema.pointer(pointer)?.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The `to` of copy rules, as entries have it too.
fn to_of(whole: &Value, rule: &Value) -> Option<Value> {
    let pointer = rule.get("$ref")?.as_str()?.strip_prefix('#')?;
    let mut to = whole.pointer(pointer)?.pointer("/properties/to")?.clone();
    to["description"] = "Destination, or several, of every copy rule of the element.".into();
    Some(to)
}

fn without(table: &Value, keys: &[&str]) -> Value {
    let mut table = table.clone();
    if let Some(properties) = table.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|key, _| !keys.contains(&key.as_str()));
    }
    table
}

/// Requires nothing of the table at `pointer`, nor of the tables in it, which are joined with those
/// of defaults; lists are taken whole and stay as they are.
fn loosen(schema: &mut Value, pointer: &str) {
    let Some(node) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) else { return };
    node.remove("required");
    let inner: Vec<String> = match (node.get("$ref").and_then(Value::as_str), node.get("anyOf")) {
        (Some(target), _) => target.strip_prefix('#').map(str::to_owned).into_iter().collect(),
        (None, Some(Value::Array(parts))) => {
            (0..parts.len()).map(|at| format!("{pointer}/anyOf/{at}")).collect()
        }
        (None, _) => {
            let properties = node.get("properties").and_then(Value::as_object);
            let keys = properties.into_iter().flat_map(Map::keys);
            keys.map(|key| format!("{pointer}/properties/{key}")).collect()
        }
    };
    for pointer in inner {
        loosen(schema, &pointer);
    }
}
