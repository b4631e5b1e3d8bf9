//! Short forms written out: `[defaults]`, and elements that stand for several by `each`.
//!
//! What follows sees whole elements only. Each value keeps its place in the text, wherever it is
//! taken to.

use std::borrow::Cow;
use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::DeValue;

use super::file::{Among, Group, Groups};
use super::shape;
use super::tree::{Found, Node, Table, name_of};
use super::value::At;

mod layer;
mod told;

use layer::fill;
use told::{Elements, Made, Origin};

/// Lists of tables whose elements take defaults, and may have `each`.
pub(super) const KINDS: [Kind; 8] = [
    Kind { key: "local_zone", among: None, telling: &[] },
    Kind { key: "outpost", among: Some(Among::Outposts), telling: &["region"] },
    Kind { key: "link", among: Some(Among::Links), telling: &["from", "to"] },
    Kind { key: "fleet", among: Some(Among::Copied), telling: &["location", "to"] },
    Kind { key: "image", among: Some(Among::Copied), telling: &["location", "to"] },
    Kind { key: "copy", among: Some(Among::Copied), telling: &["to", "from"] },
    Kind { key: "client", among: Some(Among::Clients), telling: &[] },
    Kind { key: "target", among: Some(Among::Targets), telling: &["fleet", "link", "to"] },
];

/// The defaults of copy rules, beside those of the lists.
pub(super) const RULE: &str = "copy_rule";

/// A list of tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// Its key.
    pub(super) key: &'static str,
    /// What the names of its elements are unique among; `None` where there is no `each`.
    pub(super) among: Option<Among>,
    /// Keys of an entry after which an element is called, the first that the entry has.
    telling: &'static [&'static str],
}

impl Kind {
    /// Whether the elements have a list of copy rules, and entries the short form `to` for them.
    pub(super) fn has_rules(&self) -> bool {
        matches!(self.key, "fleet" | "image")
    }
}

/// What writing out brought, besides the tree.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    /// Names that stand for several elements.
    pub(super) groups: Groups,
    /// What is wrong with the short forms.
    pub(super) found: Vec<Found>,
    /// What may be wrong with them.
    pub(super) warned: Vec<Found>,
    elements: Elements,
}

impl Expansion {
    /// What is said of the expanded elements, as a reader of the text should see it: one mistake
    /// once, and nothing that `before` says.
    pub(super) fn told(&self, found: Vec<Found>, before: &[Found]) -> Vec<Found> {
        self.elements.told(found, before)
    }

    fn wrong(&mut self, key: String, span: Range<usize>, message: String, help: &str) {
        self.found.push(Found::new(key, span, message).help(help));
    }
}

/// Writes out the short forms of a scenario's tree.
pub(super) fn expand(root: &mut Table<'_>) -> Expansion {
    let mut expansion = Expansion::default();
    let mut defaults = Table::new();
    if let Some(node) = root.remove("defaults") {
        expansion.found = shape::hold_defaults(node.clone());
        if let DeValue::Table(table) = node.into_inner() {
            defaults = table;
        }
    }
    for kind in &KINDS {
        let own = usable(&defaults, kind.key).unwrap_or_default();
        let rule = usable(&defaults, RULE).filter(|_| kind.has_rules());
        let Some(list) = root.get_mut(kind.key).map(Node::get_mut) else { continue };
        let items = match std::mem::replace(list, DeValue::Boolean(false)) {
            DeValue::Array(items) => items,
            other => {
                *list = other;
                continue;
            }
        };
        let mut writer =
            Writer { kind, defaults: &own, expansion: &mut expansion, made: Vec::new() };
        for (at, item) in items.into_iter().enumerate() {
            writer.element(at, item);
        }
        for table in writer.made.iter_mut().filter_map(table_of) {
            fill(table, &own);
            if let Some((rule, copy)) = rule.as_ref().zip(table.get_mut("copy")) {
                fill_rules(copy, rule);
            }
        }
        *list = DeValue::Array(writer.made.into_iter().collect());
    }
    unused(root, &defaults, &mut expansion);
    names_are_apart(root, &mut expansion);
    expansion
}

/// The defaults of a kind, without keys that cannot have any.
fn usable<'t>(defaults: &Table<'t>, key: &str) -> Option<Table<'t>> {
    let mut table = defaults.get(key)?.get_ref().as_table()?.clone();
    table.remove("name");
    table.remove("each");
    Some(table)
}

fn table_of<'n, 't>(node: &'n mut Node<'t>) -> Option<&'n mut Table<'t>> {
    match node.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// Fills copy rules, and those that follow on them, from the defaults of such rules.
fn fill_rules<'t>(list: &mut Node<'t>, defaults: &Table<'t>) {
    let DeValue::Array(items) = list.get_mut() else { return };
    for rule in items.iter_mut().filter_map(table_of) {
        if let Some(then) = rule.get_mut("then") {
            let mut inner = defaults.clone();
            inner.remove("then");
            fill_rules(then, &inner);
        }
        fill(rule, defaults);
    }
}

/// An element with `each`, before it is written out.
struct Written<'t> {
    table: Table<'t>,
    label: String,
    source: usize,
}

/// Writes out one list.
struct Writer<'e, 't> {
    kind: &'e Kind,
    defaults: &'e Table<'t>,
    expansion: &'e mut Expansion,
    made: Vec<Node<'t>>,
}

impl<'t> Writer<'_, 't> {
    /// Adds the elements that one written element stands for.
    fn element(&mut self, at: usize, mut item: Node<'t>) {
        let name = name_of(&item).map(str::to_owned);
        let label = called(self.kind.key, at, name.as_deref());
        let span = item.span();
        let many = self.kind.among.zip(table_of(&mut item)).and_then(|(among, table)| {
            let is_list = table.get("each").is_some_and(|each| each.get_ref().is_array());
            // What is no list is told by `shape`.
            is_list.then(|| (among, table.remove("each").expect("it has just been there")))
        });
        let Some((among, each)) = many else {
            return self.push(item, Made { key: String::new(), label, entry: span, source: None });
        };
        let table = table_of(&mut item).map(std::mem::take).unwrap_or_default();
        let source = self.expansion.elements.origins.len();
        self.expansion.elements.origins.push(Origin { label: label.clone(), span, count: 0 });
        let name_span = table.get("name").map(Node::span);
        let members = self.entries(&Written { table, label, source }, each);
        if let Some((value, span)) = name.zip(name_span) {
            let name = At { value, span };
            let kind = self.kind.key;
            self.expansion.groups.0.push(Group { kind, among, name, members });
        }
    }

    /// Adds an element for each entry, and returns their names.
    fn entries(&mut self, written: &Written<'t>, each: Node<'t>) -> Vec<String> {
        let path = format!("{}.each", written.label);
        let place = each.span();
        let DeValue::Array(entries) = each.into_inner() else { return Vec::new() };
        if entries.is_empty() {
            let help = "it has an entry for each element, or leave it out";
            self.expansion.wrong(path.clone(), place, "the list is empty".to_owned(), help);
        }
        let mut names: Vec<String> = Vec::new();
        for (at, entry) in entries.into_iter().enumerate() {
            let (path, span) = (format!("{path}[{at}]"), entry.span());
            let DeValue::Table(mut entry) = entry.into_inner() else {
                let help = "such as `each = [{ location = \"eu-west-1\" }]`";
                self.expansion.wrong(path, span, "an entry is a table".to_owned(), help);
                continue;
            };
            if let Some((key, _)) = entry.remove_entry("each") {
                let message = "an entry stands for one element: it has no `each`".to_owned();
                let help = "write more entries, or another element";
                self.expansion.wrong(format!("{path}.each"), key.span(), message, help);
            }
            self.call(&mut entry, written, (at, &span));
            let name = entry.get("name").and_then(|name| name.get_ref().as_str());
            let name = name.map(str::to_owned);
            if let Some(twice) = name.as_ref().filter(|name| names.contains(name)) {
                let message = format!("two entries are called `{twice}`");
                self.expansion.wrong(path, span, message, "give one a `name` of its own");
                continue;
            }
            let label = name.as_ref().map_or(path, |name| format!("{}.{name}", self.kind.key));
            names.extend(name);
            let node = Spanned::new(span.clone(), DeValue::Table(entry.clone()));
            self.expansion.found.extend(shape::hold_entry(self.kind.key, node, &label));
            let table = self.joined(entry, &written.table);
            let origin = &mut self.expansion.elements.origins[written.source];
            origin.count += 1;
            let node = Spanned::new(origin.span.clone(), DeValue::Table(table));
            let source = Some(written.source);
            self.push(node, Made { key: String::new(), label, entry: span, source });
        }
        names
    }

    /// Gives an entry without a name the element's, with what tells it from the others.
    fn call(
        &self,
        entry: &mut Table<'t>,
        written: &Written<'t>,
        (at, span): (usize, &Range<usize>),
    ) {
        let text = |table: &Table<'t>, key: &str| {
            table.get(key).and_then(|node| node.get_ref().as_str()).map(str::to_owned)
        };
        let Some(name) = text(&written.table, "name") else { return };
        if entry.contains_key("name") {
            return;
        }
        let telling = self.kind.telling.iter().find_map(|key| text(entry, key));
        let name = format!("{name}-{}", telling.unwrap_or_else(|| (at + 1).to_string()));
        put(entry, "name", DeValue::String(Cow::Owned(name)), span);
    }

    /// An entry over its element, and its `to` in every copy rule.
    fn joined(&self, mut entry: Table<'t>, element: &Table<'t>) -> Table<'t> {
        let to = self.kind.has_rules().then(|| entry.remove_entry("to")).flatten();
        fill(&mut entry, element);
        fill(&mut entry, self.defaults); // they may have the copy rules
        let Some((key, to)) = to else { return entry };
        if !entry.contains_key("copy") {
            let rule = Spanned::new(to.span(), DeValue::Table(Table::new()));
            put(&mut entry, "copy", DeValue::Array(std::iter::once(rule).collect()), &to.span());
        }
        if let Some(DeValue::Array(rules)) = entry.get_mut("copy").map(Node::get_mut) {
            for rule in rules.iter_mut().filter_map(table_of) {
                rule.remove("to"); // with the place of its key
                rule.insert(key.clone(), to.clone());
            }
        }
        entry
    }

    /// Takes in one element; a target on the links of an `each` becomes one for each of them.
    fn push(&mut self, node: Node<'t>, made: Made) {
        let link = node.get_ref().get("link").filter(|_| self.kind.among == Some(Among::Targets));
        let Some(link) = link else { return self.put_in(node, made) };
        let place = link.span();
        let links = link.get_ref().as_str();
        let links = links.and_then(|name| self.expansion.groups.members(Among::Links, name));
        let Some(links) = links.map(<[String]>::to_vec) else { return self.put_in(node, made) };
        for link in links {
            let mut node = node.clone();
            let name = name_of(&node).map(|name| format!("{name}-{link}"));
            if let Some(table) = table_of(&mut node) {
                put(table, "link", DeValue::String(Cow::Owned(link)), &place);
                if let Some(name) = name {
                    put(table, "name", DeValue::String(Cow::Owned(name)), &place);
                }
            }
            self.put_in(node, made.clone());
        }
    }

    fn put_in(&mut self, node: Node<'t>, made: Made) {
        let key = called(self.kind.key, self.made.len(), name_of(&node));
        self.expansion.elements.made.push(Made { key, ..made });
        self.made.push(node);
    }
}

/// Puts a value into a table, key and all at one place.
fn put<'t>(table: &mut Table<'t>, key: &'static str, value: DeValue<'t>, span: &Range<usize>) {
    table.remove(key);
    table.insert(Spanned::new(span.clone(), Cow::Borrowed(key)), Spanned::new(span.clone(), value));
}

/// How checks call an element of a list: by its name, or else by its place.
fn called(kind: &str, at: usize, name: Option<&str>) -> String {
    name.map_or_else(|| format!("{kind}[{at}]"), |name| format!("{kind}.{name}"))
}

/// Warns of defaults that nothing could use.
fn unused(root: &Table<'_>, defaults: &Table<'_>, expansion: &mut Expansion) {
    let elements = |key: &str| root.get(key).and_then(|node| node.get_ref().as_array());
    for (key, value) in defaults {
        let key = key.get_ref().as_ref();
        let is_said = value.get_ref().as_table().is_some_and(|table| !table.is_empty());
        let (is_used, whose) = if key == RULE {
            let rules = |kind: &Kind| {
                let mut all = elements(kind.key).into_iter().flatten();
                kind.has_rules() && all.any(|element| element.get_ref().get("copy").is_some())
            };
            (KINDS.iter().any(rules), "rule in a `copy = [...]`".to_owned())
        } else if KINDS.iter().any(|kind| kind.key == key) {
            (elements(key).is_some_and(|list| !list.is_empty()), format!("`[[{key}]]`"))
        } else {
            continue; // unknown, and told
        };
        if is_said && !is_used {
            let message = format!("nothing takes these defaults: there is no {whose}");
            expansion.warned.push(Found::new(format!("defaults.{key}"), value.span(), message));
        }
    }
}

/// Refuses a name that stands for all elements of an `each`, and for something else as well.
fn names_are_apart(root: &Table<'_>, expansion: &mut Expansion) {
    let names_of = |among: Among| {
        let kinds = KINDS.iter().filter(move |kind| kind.among == Some(among));
        let lists = kinds.filter_map(|kind| root.get(kind.key)?.get_ref().as_array());
        lists.flat_map(|list| list.iter().filter_map(name_of))
    };
    for (at, group) in expansion.groups.0.iter().enumerate() {
        let name = group.name.value.as_str();
        let before = &expansion.groups.0[..at];
        let is_group = before.iter().any(|one| one.among == group.among && one.name.value == name);
        if is_group || names_of(group.among).any(|other| other == name) {
            let message = format!("`{name}` is taken already, and stands for all of this `each`");
            let key = format!("{}.{name}.name", group.kind);
            let found = Found::new(key, group.name.span.clone(), message);
            expansion.found.push(found.help("call one of them otherwise"));
        }
    }
}
