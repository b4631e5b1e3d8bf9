//! Fields of the items that a file lists, read so that all their faults come at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::json::{Call, listing, shorten};
use super::problem::{InputProblem, told};
use crate::catalog::limit::VOLUME_MAX;
use crate::units::{Bytes, Instant};

/// Reads the items that `call` lists: each becomes what `read` makes of it. Gives the remarks on the
/// file too.
///
/// # Errors
/// What keeps the file from being read at all, or all faults of its items.
pub(super) fn read_items<'t, I: Deserialize<'t>, T>(
    file: &str,
    bytes: &'t [u8],
    call: Call,
    read: impl Fn(&I, usize, &mut Faults) -> Option<T>,
) -> Result<(Vec<T>, Vec<InputProblem>), Vec<InputProblem>> {
    let listing = listing::<I>(file, bytes, call).map_err(|problem| vec![problem])?;
    let mut faults = Faults::default();
    let items = listing.items.iter().enumerate();
    let items = items.filter_map(|(item_idx, item)| read(item, item_idx, &mut faults)).collect();
    let problems = faults.into_problems(file, listing.text, call);
    if problems.is_empty() { Ok((items, listing.warnings)) } else { Err(problems) }
}

/// The faults of one file, in order of its items.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<(usize, String)>,
}

impl Faults {
    /// The faults as problems of the file, each at the line where its item begins.
    pub(super) fn into_problems(self, file: &str, text: &str, call: Call) -> Vec<InputProblem> {
        if self.found.is_empty() {
            return Vec::new();
        }
        let lines = element_lines(text, call.key);
        let problems = self.found.into_iter().map(|(item_idx, message)| {
            let problem = InputProblem::of_file(file, message);
            match lines.get(item_idx) {
                Some(line) => problem.at_line(*line),
                None => problem,
            }
        });
        told(file, problems.collect())
    }

    /// The reader of the fields of item `item_idx` of a list; messages call it by its ID, or by its
    /// place.
    pub(super) fn item(&mut self, list: &str, item_idx: usize, id: &Value) -> Fields<'_> {
        let name = match id.as_str() {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => format!("{list}[{item_idx}]"),
        };
        Fields { faults: self, item_idx, name }
    }
}

/// Reads the fields of one item. What is absent, `null`, or an empty text is none; what has another
/// type than it should is a fault, and none.
#[derive(Debug)]
pub(super) struct Fields<'f> {
    faults: &'f mut Faults,
    item_idx: usize,
    name: String,
}

impl Fields<'_> {
    /// Notes a fault of this item.
    pub(super) fn fault(&mut self, what: &str) {
        self.faults.found.push((self.item_idx, format!("{}: {what}", self.name)));
    }

    fn wrong(&mut self, field: &str, value: &Value, right: &str) {
        self.fault(&format!("`{field}` is {}, not {right}", shorten(&value.to_string())));
    }

    /// Notes that a field without which an item is of no use is absent.
    pub(super) fn need(&mut self, field: &str, value: &Value) {
        if is_absent(value) {
            self.fault(&format!("there is no `{field}`"));
        }
    }

    /// A text.
    pub(super) fn text(&mut self, field: &str, value: &Value) -> Option<String> {
        if !(is_absent(value) || value.is_string()) {
            self.wrong(field, value, "a text");
        }
        value.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&mut self, field: &str, value: &Value) -> bool {
        if !(value.is_null() || value.is_boolean()) {
            self.wrong(field, value, "`true` or `false`");
        }
        value.as_bool().unwrap_or(false)
    }

    /// Tags: a list of objects with `Key` and `Value`.
    pub(super) fn tags(&mut self, value: &Value) -> BTreeMap<String, String> {
        let mut tags = BTreeMap::new();
        let items = value.as_array();
        if items.is_none() && !value.is_null() {
            self.wrong("Tags", value, "a list");
        }
        for item in items.into_iter().flatten() {
            match (item["Key"].as_str(), item["Value"].as_str()) {
                (Some(key), Some(value)) => drop(tags.insert(key.to_owned(), value.to_owned())),
                _ => self.wrong("Tags", item, "an object with texts `Key` and `Value`"),
            }
        }
        tags
    }

    /// A moment in RFC 3339, with `Z` or an offset, with or without a fraction.
    pub(super) fn moment(&mut self, field: &str, value: &Value) -> Option<Instant> {
        if is_absent(value) {
            return None;
        }
        let moment = value
            .as_str()
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .and_then(|time| u64::try_from(time.as_nanosecond()).ok())
            .map(Instant::from_nanos);
        if moment.is_none() {
            self.wrong(field, value, "a time such as `2026-03-02T04:00:11.377Z`");
        }
        moment
    }

    /// An amount of data in whole units of `unit` bytes, at most what a volume holds.
    pub(super) fn bytes(&mut self, field: &str, value: &Value, unit: Bytes) -> Option<Bytes> {
        if value.is_null() {
            return None;
        }
        let Some(units) = value.as_u64() else {
            self.wrong(field, value, "a whole number");
            return None;
        };
        let bytes = units.checked_mul(unit.get()).map(Bytes::new);
        let fits = bytes.filter(|bytes| *bytes <= VOLUME_MAX);
        if fits.is_none() {
            self.fault(&format!("`{field}` is {units}, more than a volume holds ({VOLUME_MAX})"));
        }
        fits
    }
}

/// Whether there is nothing under a key.
pub(super) fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// The line, from 1, of each object in the list under `key` of a JSON object that is known to be
/// right.
pub(super) fn element_lines(text: &str, key: &str) -> Vec<u64> {
    let mut lines = Vec::new();
    let (mut line, mut depth) = (1, 0);
    let (mut latest, mut is_listed) = ("", false);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => {
                let mut end = at + 1;
                while let Some((inner, byte)) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => {
                            end = inner;
                            break;
                        }
                        _ => {}
                    }
                }
                latest = &text[at + 1..end];
            }
            b':' if depth == 1 => is_listed = latest == key,
            b'{' | b'[' => {
                if depth == 2 && is_listed {
                    lines.push(line);
                }
                depth += 1;
            }
            b'}' | b']' => depth -= 1,
            b'\n' => line += 1,
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(read: impl FnOnce(&mut Fields<'_>)) -> Vec<String> {
        let mut faults = Faults::default();
        read(&mut faults.item("Snapshots", 0, &json!("snap-1")));
        faults.found.into_iter().map(|(_, message)| message).collect()
    }

    /// 2026-03-02T04:00:11.377Z is 20,514 days after 1970 (56 years of 365 days = 20,440, 14 leap
    /// days from 1972 to 2024, 59 + 1 days from 1 January to 2 March) and 14,411.377 s.
    #[test]
    fn both_spellings_of_a_time_are_one_moment() {
        let expected =
            Instant::from_nanos((20_514 * 86_400 + 14_411) * 1_000_000_000 + 377_000_000);
        for text in [
            "2026-03-02T04:00:11.377000+00:00",
            "2026-03-02T04:00:11.377Z",
            "2026-03-02T05:00:11.377+01:00",
        ] {
            let mut faults = Faults::default();
            let moment =
                faults.item("Snapshots", 0, &Value::Null).moment("StartTime", &json!(text));
            assert_eq!(moment, Some(expected), "{text}");
        }
    }

    #[test]
    fn each_fault_says_what_stands_there() {
        let found = faults_of(|fields| {
            fields.need("State", &Value::Null);
            fields.need("SnapshotId", &json!(""));
            fields.text("State", &json!(7));
            fields.flag("Encrypted", &json!("yes"));
            fields.moment("StartTime", &json!("yesterday"));
            fields.moment("StartTime", &json!("1969-12-31T23:59:59Z"));
            fields.bytes("VolumeSize", &json!(-5), Bytes::gib(1));
            fields.bytes("VolumeSize", &json!("8"), Bytes::gib(1));
            fields.bytes("VolumeSize", &json!(65_537), Bytes::gib(1));
            fields.bytes("VolumeSize", &json!(u64::MAX), Bytes::gib(1));
        });
        insta::assert_snapshot!(found.join("\n"), @r#"
        snap-1: there is no `State`
        snap-1: there is no `SnapshotId`
        snap-1: `State` is 7, not a text
        snap-1: `Encrypted` is "yes", not `true` or `false`
        snap-1: `StartTime` is "yesterday", not a time such as `2026-03-02T04:00:11.377Z`
        snap-1: `StartTime` is "1969-12-31T23:59:59Z", not a time such as `2026-03-02T04:00:11.377Z`
        snap-1: `VolumeSize` is -5, not a whole number
        snap-1: `VolumeSize` is "8", not a whole number
        snap-1: `VolumeSize` is 65537, more than a volume holds (64 TiB)
        snap-1: `VolumeSize` is 18446744073709551615, more than a volume holds (64 TiB)
        "#);
    }

    #[test]
    fn what_is_absent_is_no_fault() {
        let found = faults_of(|fields| {
            assert_eq!(fields.text("KmsKeyId", &Value::Null), None);
            assert!(!fields.flag("Encrypted", &Value::Null));
            assert_eq!(fields.moment("StartTime", &Value::Null), None);
            assert_eq!(fields.bytes("VolumeSize", &Value::Null, Bytes::gib(1)), None);
            assert_eq!(fields.bytes("VolumeSize", &json!(65_536), Bytes::gib(1)), Some(VOLUME_MAX));
        });
        assert_eq!(found, [""; 0]);
    }

    /// The objects of the list open on lines 4, 5, and 5; what only looks like them does not count.
    #[test]
    fn lines_of_items_are_counted_past_quotes_and_other_lists() {
        let text = r#"{ "Other": [ {}, {} ],
 "Note": "\"Snapshots\": [ {",
 "Snapshots": [
  { "Tags": [ {"Key": "}{"} ] },
  {}, {
 } ] }"#;
        assert_eq!(element_lines(text, "Snapshots"), [4, 5, 5]);
    }
}
