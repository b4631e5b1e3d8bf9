//! The outer shape of what the AWS CLI prints: one object, with a list under the key of the call.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::problem::InputProblem;
use super::text::decode;

/// A call of the AWS CLI whose output can be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// The call: `describe-snapshots`.
    pub(super) name: &'static str,
    /// How to make it.
    pub(super) command: &'static str,
    /// The key at the top of what it prints.
    pub(super) key: &'static str,
    /// What it lists.
    pub(super) what: &'static str,
    /// Keys beside the list that are read.
    pub(super) beside: &'static [&'static str],
}

/// `aws ec2 describe-snapshots` (F153).
pub(super) const SNAPSHOTS: Call = Call {
    name: "describe-snapshots",
    command: "aws ec2 describe-snapshots --owner-ids self --output json",
    key: "Snapshots",
    what: "snapshots",
    beside: &[],
};

/// `aws ec2 describe-images` (F154).
pub(super) const IMAGES: Call = Call {
    name: "describe-images",
    command: "aws ec2 describe-images --owners self --output json",
    key: "Images",
    what: "images",
    beside: &[],
};

/// `aws ebs list-changed-blocks`.
pub(super) const CHANGED_BLOCKS: Call = Call {
    name: "list-changed-blocks",
    command: "aws ebs list-changed-blocks --first-snapshot-id … --second-snapshot-id … --output json",
    key: "ChangedBlocks",
    what: "changed blocks",
    beside: &["BlockSize", "VolumeSize"],
};

/// A CloudTrail log file (F155, F156).
pub(super) const RECORDS: Call = Call {
    name: "CloudTrail",
    command: "aws cloudtrail lookup-events --output json",
    key: "Records",
    what: "events",
    beside: &[],
};

/// `aws cloudtrail lookup-events` (F155, F156).
pub(super) const EVENTS: Call = Call {
    name: "lookup-events",
    command: "aws cloudtrail lookup-events --output json",
    key: "Events",
    what: "events",
    beside: &[],
};

/// Keys at the top of other exports, and what prints them; the first one found is named.
const OTHERS: &[(&str, &str)] = &[
    ("Snapshots", "the output of `aws ec2 describe-snapshots`"),
    ("Images", "the output of `aws ec2 describe-images`"),
    ("ChangedBlocks", "the output of `aws ebs list-changed-blocks`"),
    ("Blocks", "the output of `aws ebs list-snapshot-blocks`"),
    ("Volumes", "the output of `aws ec2 describe-volumes`"),
    ("Reservations", "the output of `aws ec2 describe-instances`"),
    ("SnapshotTierStatuses", "the output of `aws ec2 describe-snapshot-tier-status`"),
    ("DBSnapshots", "the output of `aws rds describe-db-snapshots`"),
    ("RecoveryPoints", "the output of an `aws backup list-recovery-points-…` call"),
    ("Records", "a CloudTrail log file"),
    ("Events", "the output of `aws cloudtrail lookup-events`"),
    ("detail-type", "an EventBridge event"),
    ("SnapshotId", "the answer of a call about one snapshot"),
    ("ImageId", "the answer of a call about one image"),
];

/// What a file lists, and what stands beside the list.
#[derive(Debug)]
pub(super) struct Opened<'t, T> {
    /// The items, in order of the file.
    pub(super) items: Vec<T>,
    /// The text that they come from.
    pub(super) text: &'t str,
    /// Whether there is a token of a next page.
    pub(super) has_token: bool,
    beside: Vec<(String, Value)>,
}

impl<T> Opened<'_, T> {
    /// The value beside the list under a key; null where there is none.
    pub(super) fn beside(&self, key: &str) -> &Value {
        self.beside.iter().find(|(name, _)| name == key).map_or(&Value::Null, |(_, value)| value)
    }
}

/// Reads what `call` prints, be the list empty or not.
///
/// # Errors
/// When the file is no JSON, is cut off, or comes from another call.
pub(super) fn open<'t, T: Deserialize<'t>>(
    file: &str,
    bytes: &'t [u8],
    call: Call,
) -> Result<Opened<'t, T>, InputProblem> {
    let text = decode(file, bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let top = TopSeed { call, item: PhantomData }
        .deserialize(&mut deserializer)
        .and_then(|top| deserializer.end().map(|()| top))
        .map_err(|error| broken(file, &error, call))?;
    match top {
        Top::List => Err(InputProblem::of_file(file, "a bare list without a key at the top")
            .with_help(format!("run `{}`, without `--query`", call.command))),
        Top::Object { items: None, keys, .. } => Err(foreign(file, &keys, call)),
        Top::Object { items: Some(items), has_token, beside, .. } => {
            Ok(Opened { items, text, has_token, beside })
        }
    }
}

/// What a file lists.
#[derive(Debug)]
pub(super) struct Listing<'t, T> {
    /// The items, in order of the file; at least one.
    pub(super) items: Vec<T>,
    /// The text that they come from.
    pub(super) text: &'t str,
    /// Remarks on the file that do not keep it from being used.
    pub(super) warnings: Vec<InputProblem>,
}

/// Reads what `call` prints, with at least one item.
///
/// # Errors
/// When the file is no JSON, is cut off, comes from another call, or lists nothing.
pub(super) fn listing<'t, T: Deserialize<'t>>(
    file: &str,
    bytes: &'t [u8],
    call: Call,
) -> Result<Listing<'t, T>, InputProblem> {
    let Opened { items, text, has_token, .. } = open(file, bytes, call)?;
    if items.is_empty() {
        return Err(InputProblem::of_file(file, format!("it lists no {}", call.what))
            .with_help("check the account, the Region, and the filters of the command"));
    }
    let mut warnings = Vec::new();
    if has_token {
        let message = format!("there are more {} than this file holds (`NextToken`)", call.what);
        warnings.push(InputProblem::of_file(file, message).with_help(format!(
            "run `{}` without `--max-items`, or give all the pages",
            call.command
        )));
    }
    Ok(Listing { items, text, warnings })
}

/// Why a file is no output of `call`, where JSON itself says so.
fn broken(file: &str, error: &serde_json::Error, call: Call) -> InputProblem {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let detail = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
    let (message, help) = match error.classify() {
        Category::Eof => {
            ("the JSON ends in the middle".to_owned(), "was the file cut off?".to_owned())
        }
        Category::Data => (
            format!("not what `{}` prints: {detail}", call.name),
            format!("run `{}`", call.command),
        ),
        Category::Syntax | Category::Io if detail == "trailing characters" => {
            ("more follows the end of the JSON".to_owned(), "give each page as a file".to_owned())
        }
        Category::Syntax | Category::Io => {
            (format!("no JSON: {detail}"), format!("run `{}`", call.command))
        }
    };
    let problem = InputProblem::of_file(file, message).with_help(help);
    let number = |n: usize| u64::try_from(n).expect("a line or column fits");
    if line == 0 { problem } else { problem.at_line(number(line)).at_column(number(column)) }
}

/// What to say of an object that has not the key of `call`.
fn foreign(file: &str, keys: &[String], call: Call) -> InputProblem {
    let other = OTHERS.iter().find(|(key, _)| keys.iter().any(|found| found == key));
    let message = match other {
        Some((key, what)) => {
            format!("this is {what} (key `{key}`), not the output of `{}`", call.name)
        }
        None if keys.is_empty() => format!("no `{}` at the top", call.key),
        None => {
            const SHOWN: usize = 3;
            let found: Vec<String> =
                keys.iter().take(SHOWN).map(|key| format!("`{}`", shorten(key))).collect();
            format!("no `{}` at the top, but {}", call.key, found.join(", "))
        }
    };
    let help = match other {
        Some(("Images", _)) => "give it under `images`".to_owned(),
        Some(("Snapshots", _)) => "give it under `snapshots`".to_owned(),
        Some(("ChangedBlocks", _)) => "give it under `changed_blocks`".to_owned(),
        _ => format!("run `{}`", call.command),
    };
    InputProblem::of_file(file, message).with_help(help)
}

/// The start of a text that somebody else wrote, short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What stands at the top of a file.
enum Top<T> {
    /// An object: the list under the key that was looked for, whether there is a token of a next
    /// page, the values beside it that are read, and the other keys.
    Object {
        items: Option<Vec<T>>,
        has_token: bool,
        beside: Vec<(String, Value)>,
        keys: Vec<String>,
    },
    /// A list.
    List,
}

struct TopSeed<T> {
    call: Call,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for TopSeed<T> {
    type Value = Top<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Top<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for TopSeed<T> {
    type Value = Top<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.call.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top<T>, A::Error> {
        let (mut items, mut has_token) = (None, false);
        let (mut beside, mut keys) = (Vec::new(), Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            if key == self.call.key {
                items.get_or_insert_with(Vec::new).extend(map.next_value::<Vec<T>>()?);
            } else if key == "NextToken" {
                has_token |= map.next_value::<Value>()?.as_str().is_some_and(|t| !t.is_empty());
            } else if self.call.beside.contains(&key.as_str()) {
                beside.push((key, map.next_value::<Value>()?));
            } else {
                map.next_value::<IgnoredAny>()?;
                keys.push(key);
            }
        }
        Ok(Top::Object { items, has_token, beside, keys })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Top<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Top::List)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let read = listing::<Value>("a.json", text.as_bytes(), SNAPSHOTS);
        read.unwrap_err().to_string()
    }

    #[test]
    fn other_keys_beside_the_list_do_not_matter() {
        let text = r#"{"ResponseMetadata": {"n": [{}]}, "Snapshots": [{}, {}], "NextToken": ""}"#;
        let read = listing::<Value>("a.json", text.as_bytes(), SNAPSHOTS).unwrap();
        assert_eq!((read.items.len(), read.warnings), (2, vec![]));
    }

    #[test]
    fn a_token_of_a_next_page_is_said() {
        let text = r#"{"Snapshots": [{}], "NextToken": "eyJ"}"#;
        let read = listing::<Value>("a.json", text.as_bytes(), SNAPSHOTS).unwrap();
        let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(warnings.join("\n"), @"a.json: there are more snapshots than this file holds (`NextToken`) (run `aws ec2 describe-snapshots --owner-ids self --output json` without `--max-items`, or give all the pages)");
    }

    #[test]
    fn output_of_another_call_is_named() {
        insta::assert_snapshot!(told(r#"{"Volumes": []}"#), @"a.json: this is the output of `aws ec2 describe-volumes` (key `Volumes`), not the output of `describe-snapshots` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told(r#"{"Reservations": [{}]}"#), @"a.json: this is the output of `aws ec2 describe-instances` (key `Reservations`), not the output of `describe-snapshots` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told(r#"{"Records": [{}]}"#), @"a.json: this is a CloudTrail log file (key `Records`), not the output of `describe-snapshots` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told(r#"{"Images": []}"#), @"a.json: this is the output of `aws ec2 describe-images` (key `Images`), not the output of `describe-snapshots` (give it under `images`)");
        insta::assert_snapshot!(told(r#"{"Foo": 1, "Bar": 2}"#), @"a.json: no `Snapshots` at the top, but `Foo`, `Bar` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("{}"), @"a.json: no `Snapshots` at the top (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("[{}]"), @"a.json: a bare list without a key at the top (run `aws ec2 describe-snapshots --owner-ids self --output json`, without `--query`)");
    }

    #[test]
    fn what_is_no_json_is_refused_with_line_and_column() {
        insta::assert_snapshot!(told("{\"Snapshots\": [\n  {\"SnapshotId\": \"sn"), @"a.json:2:20: the JSON ends in the middle (was the file cut off?)");
        insta::assert_snapshot!(told("{\"Snapshots\": [\n  {\"SnapshotId\" 7}]}"), @"a.json:2:17: no JSON: expected `:` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("SNAPSHOTS\tsnap-0\n"), @"a.json:1:1: no JSON: expected value (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("{\"Snapshots\": 7}"), @"a.json:1:15: not what `describe-snapshots` prints: invalid type: integer `7`, expected a sequence (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("7"), @"a.json:1:1: not what `describe-snapshots` prints: invalid type: integer `7`, expected an object with `Snapshots` (run `aws ec2 describe-snapshots --owner-ids self --output json`)");
        insta::assert_snapshot!(told("{\"Snapshots\": [{}]}\n{\"Snapshots\": [{}]}"), @"a.json:2:1: more follows the end of the JSON (give each page as a file)");
        insta::assert_snapshot!(told("{\"Snapshots\": []}"), @"a.json: it lists no snapshots (check the account, the Region, and the filters of the command)");
    }
}
