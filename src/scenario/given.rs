//! What a scenario says itself, key by key, for the ledger of parameters.

use toml::de::DeValue;

use super::axis::bare_text;
use super::tree::{Node, Table, name_of};

/// Something that the scenario, or a setting, says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its key, such as `limits.quota`; of an element of a list, `fleet.databases`.
    pub key: String,
    /// Its value as people read it; of an element of a list, all that it says, as TOML.
    pub text: String,
    /// The keys in it, such as `copy[0].client`; none where it is no table.
    pub keys: Vec<String>,
}

impl Given {
    /// Whether it says this key, or anything below it.
    pub fn says(&self, key: &str) -> bool {
        self.keys.iter().any(|own| {
            own.strip_prefix(key)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }
}

/// Lists of which each element is told as a whole.
const LISTS: [&str; 12] = [
    "account",
    "axis",
    "client",
    "constraint",
    "copy",
    "fleet",
    "image",
    "incident",
    "link",
    "local_zone",
    "outpost",
    "target",
];

/// Elements of a list that are told one by one; of more, their number is.
const LISTED_MAX: usize = 200;

/// Tables of which each key is told.
const TABLES: [&str; 7] =
    ["design", "flows", "limits", "precision", "prices", "requests", "scenario"];

/// All that a tree says, in order of the keys, lists in order of the text; assumptions are told with
/// their switches.
pub(super) fn given(root: &Table<'_>) -> Vec<Given> {
    let mut found = Vec::new();
    for (key, node) in root {
        let key: &str = key.get_ref();
        match node.get_ref() {
            DeValue::Array(items) if LISTS.contains(&key) && items.len() <= LISTED_MAX => {
                for (place, item) in items.iter().enumerate() {
                    let name =
                        name_of(item).map_or(format!("[{place}]"), |name| format!(".{name}"));
                    found.push(whole(format!("{key}{name}"), item));
                }
            }
            DeValue::Array(items) if LISTS.contains(&key) || key == "request" => {
                let text = format!("{} of them", items.len());
                found.push(Given { key: key.to_owned(), text, keys: Vec::new() });
            }
            DeValue::Table(_) if TABLES.contains(&key) => leaves(key, node, &mut found),
            _ => {}
        }
    }
    found
}

/// An element of a list.
fn whole(key: String, node: &Node<'_>) -> Given {
    let mut inside = Vec::new();
    keys("", node, &mut inside);
    Given { key, text: bare_text(node), keys: inside }
}

/// The keys below a node.
fn keys(above: &str, node: &Node<'_>, found: &mut Vec<String>) {
    match node.get_ref() {
        DeValue::Table(table) => {
            for (key, node) in table {
                let dot = if above.is_empty() { "" } else { "." };
                keys(&format!("{above}{dot}{}", key.get_ref()), node, found);
            }
        }
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            for (place, node) in items.iter().enumerate() {
                keys(&format!("{above}[{place}]"), node, found);
            }
        }
        _ => found.push(above.to_owned()),
    }
}

/// Each key of a table; a list is told element by element where these are tables.
fn leaves(key: &str, node: &Node<'_>, found: &mut Vec<Given>) {
    match node.get_ref() {
        DeValue::Table(table) => {
            for (inner, node) in table {
                leaves(&format!("{key}.{}", inner.get_ref()), node, found);
            }
        }
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            for (place, item) in items.iter().enumerate() {
                found.push(whole(format!("{key}[{place}]"), item));
            }
        }
        _ => {
            found.push(Given { key: key.to_owned(), text: bare_text(node), keys: Vec::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    const TEXT: &str = r#"
[scenario]
seed = 7

[limits]
quota = "4000 MiB/s"
destination = [{ to = "us-west-2", snapshot_copies = 40 }]

[limits.api]
copy_image = { capacity = 10 }

[[fleet]]
name = "db"
snapshot = { every = "1 h", jitter = "0 s" }
copy = [{ to = "us-west-2" }, { to = "eu-west-1", client = "dlm" }]

[[link]]
capacity = "1 Gbit/s"

[assume]
P-CLOCK = "accept"
"#;

    #[test]
    fn each_key_of_a_table_and_each_element_of_a_list_is_told() {
        let tree = DeTable::parse(TEXT).unwrap().into_inner();
        let found = given(&tree);
        let told: Vec<String> =
            found.iter().map(|of| format!("{} = {}", of.key, of.text)).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        fleet.db = { copy = [{ to = "us-west-2" }, { client = "dlm", to = "eu-west-1" }], name = "db", snapshot = { every = "1 h", jitter = "0 s" } }
        limits.api.copy_image.capacity = 10
        limits.destination[0] = { snapshot_copies = 40, to = "us-west-2" }
        limits.quota = 4000 MiB/s
        link[0] = { capacity = "1 Gbit/s" }
        scenario.seed = 7
        "#);
        let many = format!("{TEXT}{}", "[[copy]]\nfrom = \"us-east-1\"\n".repeat(201));
        let found_many = given(&DeTable::parse(&many).unwrap().into_inner());
        let copies: Vec<&Given> =
            found_many.iter().filter(|of| of.key.starts_with("copy")).collect();
        assert_eq!((copies.len(), copies[0].text.as_str()), (1, "201 of them"));
        let fleet = &found[0];
        assert!(fleet.says("snapshot.jitter") && fleet.says("snapshot") && fleet.says("copy"));
        assert!(fleet.says("copy[1].client") && !fleet.says("copy[0].client"));
        assert!(!fleet.says("snap") && !fleet.says("fill"));
    }
}
