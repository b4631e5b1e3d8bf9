//! The text as a tree of values with their places, and settings that change it before it is read.

use std::borrow::Cow;
use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{did_you_mean, listed};

/// A table of the text.
pub(super) type Table<'t> = DeTable<'t>;

/// A value of the text with its place.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

/// Something wrong at a place of the tree; spans past the end of the text belong to settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Path of the key.
    pub(super) key: String,
    /// What is wrong.
    pub(super) message: String,
    /// What would be right.
    pub(super) help: Option<String>,
    /// Where.
    pub(super) span: Range<usize>,
}

impl Found {
    /// Something wrong, without help.
    pub(super) fn new(
        key: impl Into<String>,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Found {
        Found { key: key.into(), message: message.into(), help: None, span }
    }

    /// The same with what would be right.
    pub(super) fn help(mut self, help: impl Into<String>) -> Found {
        self.help = Some(help.into());
        self
    }

    /// The same with what would be right, where something is known.
    pub(super) fn maybe(mut self, help: Option<String>) -> Found {
        self.help = help;
        self
    }
}

/// A value as a setting writes it: TOML, or else a bare word or quantity, which is text.
///
/// All of it stands at `span`: what is wrong with it is told of the setting as a whole.
pub(super) fn value_of<'t>(text: &'t str, span: &Range<usize>) -> Node<'t> {
    let mut node = DeValue::parse(text)
        .unwrap_or_else(|_| Spanned::new(0..0, DeValue::String(Cow::Borrowed(text.trim()))));
    place_at(&mut node, span);
    node
}

/// Moves a value, with all that it holds, to `span`.
pub(super) fn place_at(node: &mut Node<'_>, span: &Range<usize>) {
    let value = std::mem::replace(node.get_mut(), DeValue::Boolean(false));
    let value = match value {
        DeValue::Array(items) => DeValue::Array(
            items
                .into_iter()
                .map(|mut item| {
                    place_at(&mut item, span);
                    item
                })
                .collect(),
        ),
        DeValue::Table(table) => DeValue::Table(
            table
                .into_iter()
                .map(|(key, mut value)| {
                    place_at(&mut value, span);
                    (Spanned::new(span.clone(), key.into_inner()), value)
                })
                .collect(),
        ),
        plain => plain,
    };
    *node = Spanned::new(span.clone(), value);
}

/// The `name` of a table, where it has one.
pub(super) fn name_of<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.get_ref().as_table()?.get("name")?.get_ref().as_str()
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A key of a table, or the element of a list that has this `name`.
    Key(String),
    /// An element of a list, from 0.
    Index(usize),
    /// Every element of a list.
    All,
}

/// The steps of a path such as `fleet.databases.copy[0].to`, `fleet.*.snapshot`, `a."b.c".d`.
pub(super) fn steps(path: &str) -> Result<Vec<Step>, String> {
    let wrong = |why: &str| format!("`{path}` is no path of a key: {why}");
    let mut steps = Vec::new();
    let mut rest = path.trim();
    loop {
        let (word, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').ok_or_else(|| wrong("a quotation mark is not closed"))?
        } else {
            rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()))
        };
        if word.is_empty() {
            return Err(wrong("a part is empty"));
        }
        steps.push(if word == "*" { Step::All } else { Step::Key(word.to_owned()) });
        rest = after;
        while let Some(open) = rest.strip_prefix('[') {
            let (index, after) =
                open.split_once(']').ok_or_else(|| wrong("a bracket is not closed"))?;
            steps.push(match index.trim() {
                "*" => Step::All,
                digits => Step::Index(digits.parse().map_err(|_| wrong("an index is a number"))?),
            });
            rest = after;
        }
        if rest.is_empty() {
            return Ok(steps);
        }
        rest = rest.strip_prefix('.').ok_or_else(|| wrong("parts are joined by `.`"))?;
    }
}

/// Sets the value at the end of a path; tables on the way are made where they are absent.
pub(super) fn set<'t>(root: &mut Table<'t>, path: &str, value: &Node<'t>) -> Result<(), Found> {
    let wrong = |(message, help): Refused| Found::new(path, value.span(), message).maybe(help);
    let steps = steps(path).map_err(|message| wrong((message, None)))?;
    set_in_table(root, &steps, value).map_err(wrong)
}

/// Why a path leads nowhere, and what would be right.
pub(super) type Refused = (String, Option<String>);

fn set_in_table<'t>(
    table: &mut Table<'t>,
    steps: &[Step],
    value: &Node<'t>,
) -> Result<(), Refused> {
    let [step, rest @ ..] = steps else { return Ok(()) };
    let Step::Key(key) = step else {
        return Err(("there is no list here".to_owned(), None));
    };
    if rest.is_empty() {
        table.insert(Spanned::new(value.span(), Cow::Owned(key.clone())), value.clone());
        return Ok(());
    }
    if !table.contains_key(key.as_str()) {
        let empty = Spanned::new(value.span(), DeValue::Table(Table::new()));
        table.insert(Spanned::new(value.span(), Cow::Owned(key.clone())), empty);
    }
    let next = table.get_mut(key.as_str()).expect("it was there, or has been put there");
    set_in_value(next, key, rest, value)
}

fn set_in_value<'t>(
    node: &mut Node<'t>,
    key: &str,
    steps: &[Step],
    value: &Node<'t>,
) -> Result<(), Refused> {
    match node.get_mut() {
        DeValue::Table(table) => set_in_table(table, steps, value),
        DeValue::Array(items) => {
            let [step, rest @ ..] = steps else { return Ok(()) };
            let chosen = choose(items, key, step)?;
            for at in chosen {
                let item = &mut items.as_mut()[at];
                if rest.is_empty() {
                    *item = value.clone();
                } else {
                    set_in_value(item, key, rest, value)?;
                }
            }
            Ok(())
        }
        _ => Err((format!("`{key}` has no keys of its own in the scenario"), None)),
    }
}

/// Places of the elements of a list that a step means.
fn choose(items: &[Node<'_>], key: &str, step: &Step) -> Result<Vec<usize>, Refused> {
    match step {
        Step::All => Ok((0..items.len()).collect()),
        Step::Index(at) if *at < items.len() => Ok(vec![*at]),
        Step::Index(at) => Err((format!("`{key}` has {} elements, no [{at}]", items.len()), None)),
        Step::Key(name) => {
            let found: Vec<usize> =
                (0..items.len()).filter(|at| name_of(&items[*at]) == Some(name.as_str())).collect();
            if !found.is_empty() {
                return Ok(found);
            }
            let names = || items.iter().filter_map(name_of);
            let of_each = items.iter().filter(|item| item.get_ref().get("each").is_some());
            let whole = of_each.filter_map(name_of).find(|whole| name.starts_with(whole));
            let entry = whole.map(|whole| {
                format!("one entry of an `each` is set by `{key}.{whole}.each[0]`, and so on")
            });
            let help = entry.or_else(|| did_you_mean(name, names())).or_else(|| {
                names().next().map(|_| format!("there are {}", listed(names(), "and")))
            });
            Err((format!("no `{key}` is called `{name}`"), help))
        }
    }
}

/// A place in a tree: keys of tables and indices of lists, from the root.
pub(super) type PlaceInTree = Vec<Step>;

/// The places that a path means in a tree, one for each element that it chooses; where the tree
/// ends before the path does, the rest of the path stands as it is.
pub(super) fn places(root: &Table<'_>, steps: &[Step]) -> Result<Vec<PlaceInTree>, Refused> {
    let mut found = Vec::new();
    let [step, rest @ ..] = steps else { return Ok(found) };
    let Step::Key(key) = step else { return Err(("there is no list here".to_owned(), None)) };
    let before = vec![step.clone()];
    match root.get(key.as_str()) {
        Some(node) => places_in(node, key, rest, before, &mut found)?,
        None => found.push([before, rest.to_vec()].concat()),
    }
    Ok(found)
}

fn places_in(
    node: &Node<'_>,
    key: &str,
    steps: &[Step],
    mut before: PlaceInTree,
    found: &mut Vec<PlaceInTree>,
) -> Result<(), Refused> {
    let [step, rest @ ..] = steps else {
        found.push(before);
        return Ok(());
    };
    match (node.get_ref(), step) {
        (DeValue::Array(items), _) => {
            for at in choose(items, key, step)? {
                let place = [before.clone(), vec![Step::Index(at)]].concat();
                places_in(&items[at], key, rest, place, found)?;
            }
        }
        (DeValue::Table(table), Step::Key(key)) => {
            before.push(step.clone());
            match table.get(key.as_str()) {
                Some(node) => places_in(node, key, rest, before, found)?,
                None => found.push([before, rest.to_vec()].concat()),
            }
        }
        (DeValue::Table(_), Step::Index(_) | Step::All) => {
            return Err(("there is no list here".to_owned(), None));
        }
        _ => return Err((format!("`{key}` has no keys of its own in the scenario"), None)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_text(text: &str, path: &str, value: &str) -> Result<String, String> {
        let mut root = DeTable::parse(text).unwrap().into_inner();
        let value = value_of(value, &(90..90));
        set(&mut root, path, &value).map_err(|found| {
            format!("{}: {} ({})", found.key, found.message, found.help.unwrap_or_default())
        })?;
        Ok(format!("{root:?}"))
    }

    fn same(text: &str, path: &str, value: &str, expected: &str) {
        let expected = DeTable::parse(expected).unwrap().into_inner();
        assert_eq!(strip(&set_text(text, path, value).unwrap()), strip(&format!("{expected:?}")));
    }

    /// Places of values, `a..b`, leave the printed tree.
    fn strip(tree: &str) -> String {
        let mut kept: String = tree.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        while kept.contains("..") {
            kept = kept.replace("..", "");
        }
        kept
    }

    #[test]
    fn a_setting_goes_to_the_element_of_that_name() {
        let text = "[[fleet]]\nname = 'a'\n[[fleet]]\nname = 'b'\ncopy = [{}]";
        same(
            text,
            "fleet.b.copy[0].to",
            "us-west-2",
            "[[fleet]]\nname = 'a'\n[[fleet]]\nname = 'b'\ncopy = [{to = 'us-west-2'}]",
        );
        same(
            text,
            "fleet.*.snapshot.jitter",
            "0 s",
            "[[fleet]]\nname = 'a'\nsnapshot = {jitter = '0 s'}\n\
             [[fleet]]\nname = 'b'\ncopy = [{}]\nsnapshot = {jitter = '0 s'}",
        );
    }

    #[test]
    fn tables_that_are_absent_are_made() {
        same(
            "",
            "limits.api.copy_image",
            "{ capacity = x }",
            "limits.api.copy_image = '{ capacity = x }'",
        );
        same("", "limits.snapshot_copies", "seven", "limits = {snapshot_copies = 'seven'}");
    }

    #[test]
    fn paths_that_lead_nowhere_are_refused() {
        let text = "[[fleet]]\nname = 'databases'\nsize = '1 GiB'";
        assert_eq!(
            set_text(text, "fleet.databses.volumes", "3").unwrap_err(),
            "fleet.databses.volumes: no `fleet` is called `databses` (did you mean `databases`?)"
        );
        assert_eq!(
            set_text(text, "fleet[1].volumes", "3").unwrap_err(),
            "fleet[1].volumes: `fleet` has 1 elements, no [1] ()"
        );
        assert!(set_text(text, "fleet.databases.size.max", "3").unwrap_err().contains("no keys"));
        for path in ["", "a..b", "a[", "a[x]", "a]b[0]c", "\"a"] {
            assert!(set_text(text, path, "3").is_err() || path == "a]b[0]c", "{path}");
        }
    }
}
