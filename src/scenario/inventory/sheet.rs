//! An inventory as a table: a CSV with the columns `volume`, `bytes`, `change`, and `group`.

use std::collections::BTreeMap;

use super::json::shorten;
use super::problem::{InputProblem, told};
use super::text::decode;
use crate::catalog::limit::VOLUME_MAX;
use crate::units::{Bytes, parse_share};

/// The columns that a file may have, in the order of [`CsvVolume`]; the first two it must have.
const COLUMNS: [&str; 4] = ["volume", "bytes", "change", "group"];
const N_REQUIRED: usize = 2;

/// What a file should look like.
const EXAMPLE: &str =
    "the first line names the columns: `volume,bytes`, and if wanted `change,group`";

/// One volume of a CSV.
#[derive(Debug, Clone, PartialEq)]
pub struct CsvVolume {
    /// Its name, unique.
    pub volume: String,
    /// Bytes of a full copy.
    pub bytes: Bytes,
    /// Share that changes in a median day, 0 to 1.
    pub change: Option<f64>,
    /// The group, such as an application, that it belongs to.
    pub group: Option<String>,
    /// Where it stands in its file, from 1.
    pub line: u64,
}

/// The volumes of one CSV file.
#[derive(Debug, Clone, PartialEq)]
pub struct Csv {
    /// Name of the file.
    pub file: String,
    /// The volumes, in order of the file.
    pub items: Vec<CsvVolume>,
}

impl Csv {
    /// Reads a CSV with a header: `volume` and `bytes` (whole bytes, or with a unit: `100 GiB`),
    /// and, if there, `change` (`3 %/day`) and `group`, in any order; `file` is its name in
    /// messages.
    ///
    /// # Errors
    /// All that is wrong with it: columns that are missing, twice, or not known; rows that are
    /// broken; volumes that are listed twice.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Csv, Vec<InputProblem>> {
        let text = decode(file, bytes).map_err(|problem| vec![problem])?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = reader.records().map(|row| row.expect("text in memory can be read"));
        let Some(header) = rows.next() else {
            return Err(vec![InputProblem::of_file(file, "no CSV").with_help(EXAMPLE)]);
        };
        let mut lines = Lines { text, at: 0, line: 1 };
        let columns = Columns::of(file, &header, lines.of(&header))?;
        let mut problems = Vec::new();
        let mut items: Vec<CsvVolume> = Vec::new();
        for row in rows {
            let line = lines.of(&row);
            match columns.volume(&row, line) {
                Ok(volume) => items.push(volume),
                Err(faults) => {
                    let at = |fault| InputProblem::of_file(file, fault).at_line(line);
                    problems.extend(faults.into_iter().map(at));
                }
            }
        }
        let csv = Csv { file: file.to_owned(), items };
        problems.extend(twice([&csv]));
        problems.sort_by_key(|problem| problem.line);
        if csv.items.is_empty() && problems.is_empty() {
            let problem = InputProblem::of_file(file, "it lists no volumes");
            problems.push(problem.with_help("below the header, each line is a volume"));
        }
        if problems.is_empty() { Ok(csv) } else { Err(told(file, problems)) }
    }
}

/// A problem for each volume that was listed before, in the same file or in another.
pub(super) fn twice<'f>(files: impl IntoIterator<Item = &'f Csv>) -> Vec<InputProblem> {
    let mut seen: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    let mut problems = Vec::new();
    for csv in files {
        for item in &csv.items {
            let Some((file, line)) = seen.get(item.volume.as_str()) else {
                seen.insert(&item.volume, (&csv.file, item.line));
                continue;
            };
            let before = if *file == csv.file { String::new() } else { format!(" of {file}") };
            let message =
                format!("volume `{}` stands on line {line}{before} too", shorten(&item.volume));
            problems.push(InputProblem::of_file(&csv.file, message).at_line(item.line));
        }
    }
    problems
}

/// Counts lines up to the rows of a text, in order. (The reader's own count is one short after a
/// blank line and after `\r\n`.)
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, from 1, on which a row begins that is not before the last one asked for.
    fn of(&mut self, row: &csv::StringRecord) -> u64 {
        let byte = row.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(byte).expect("a place in a text in memory");
        let bytes = self.text.as_bytes();
        let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begin = from + bytes[from..].iter().take_while(is_end).count();
        let ends = bytes[self.at..begin].iter().filter(|byte| **byte == b'\n');
        self.line = ends.fold(self.line, |line, _| line + 1);
        self.at = begin;
        self.line
    }
}

/// Where each of [`COLUMNS`] stands in the rows of a file.
struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    n_fields: usize,
}

impl Columns {
    fn of(file: &str, header: &csv::StringRecord, line: u64) -> Result<Columns, Vec<InputProblem>> {
        let mut places = [None; COLUMNS.len()];
        let mut problems = Vec::new();
        let mut say = |message: String, help: &str| {
            let problem = InputProblem::of_file(file, message).at_line(line);
            problems.push(problem.with_help(help));
        };
        if header.len() == 1 && header[0].contains([';', '\t']) {
            say("the columns are not separated by commas".to_owned(), EXAMPLE);
            return Err(problems);
        }
        for (place, name) in header.iter().enumerate() {
            match COLUMNS.iter().position(|column| *column == name) {
                None => say(format!("unknown column `{}`", shorten(name)), &suggestion(name)),
                Some(column) if places[column].is_some() => {
                    say(format!("the column `{name}` is there twice"), "");
                }
                Some(column) => places[column] = Some(place),
            }
        }
        for (column, place) in COLUMNS.iter().zip(places).take(N_REQUIRED) {
            if place.is_none() {
                say(format!("there is no column `{column}`"), EXAMPLE);
            }
        }
        let columns = Columns { places, n_fields: header.len() };
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// The volume of a row, or all that is wrong with it.
    fn volume(&self, row: &csv::StringRecord, line: u64) -> Result<CsvVolume, Vec<String>> {
        if row.len() != self.n_fields {
            let fields = if row.len() == 1 { "field" } else { "fields" };
            let (n, expected) = (row.len(), self.n_fields);
            return Err(vec![format!("{n} {fields}, where the header has {expected}")]);
        }
        let field = |column: usize| self.places[column].map_or("", |place| &row[place]);
        let [volume, bytes, change, group] = [0, 1, 2, 3].map(field);
        let mut faults = Vec::new();
        if volume.is_empty() {
            faults.push("there is no `volume`".to_owned());
        }
        let mut keep = |fault: String| faults.push(fault);
        let bytes = read_bytes(bytes).map_err(&mut keep).ok();
        let change = read_change(change).map_err(&mut keep).ok();
        match (bytes, change) {
            (Some(bytes), Some(change)) if faults.is_empty() => Ok(CsvVolume {
                volume: volume.to_owned(),
                bytes,
                change,
                group: (!group.is_empty()).then(|| group.to_owned()),
                line,
            }),
            _ => Err(faults),
        }
    }
}

/// What to write instead of an unknown column.
fn suggestion(name: &str) -> String {
    let lower = name.to_lowercase();
    let near = |column: &&&str| strsim::damerau_levenshtein(&lower, column) <= 2;
    match COLUMNS.iter().find(near) {
        Some(column) => format!("did you mean `{column}`?"),
        None => "the columns are `volume`, `bytes`, `change`, and `group`".to_owned(),
    }
}

/// Whole bytes, or a size with its unit; at most what a volume holds.
fn read_bytes(text: &str) -> Result<Bytes, String> {
    if text.is_empty() {
        return Err("there is no `bytes`".to_owned());
    }
    let bytes = match text.parse::<u64>() {
        Ok(bytes) => Bytes::new(bytes),
        Err(_) => text.parse().map_err(|error| format!("`bytes`: {error}"))?,
    };
    if VOLUME_MAX < bytes {
        return Err(format!("`bytes` is {bytes}, more than a volume holds ({VOLUME_MAX})"));
    }
    Ok(bytes)
}

/// A share a day such as `3 %/day`, or none.
fn read_change(text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let share = text.strip_suffix("/day").and_then(|share| parse_share(share).ok());
    match share {
        Some(share) if share <= 1.0 => Ok(Some(share)),
        Some(_) => Err(format!("`change` is {text}, more than all of the volume")),
        None => Err(format!("`change` is `{}` (write `3 %/day`)", shorten(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let problems = Csv::read("estate.csv", text.as_bytes()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// 100 GiB = 107,374,182,400 bytes; 1.5 KiB = 1,536 bytes.
    #[test]
    fn columns_stand_in_any_order_and_sizes_are_bytes_or_have_a_unit() {
        let text = "\u{feff}group,bytes,volume\r\n erp , 100 GiB,vol-b\r\n,1536,\"vol-a, old\"\r\n";
        let csv = Csv::read("estate.csv", text.as_bytes()).unwrap();
        let rows: Vec<_> = csv
            .items
            .iter()
            .map(|v| (v.volume.as_str(), v.bytes.get(), v.change, v.group.as_deref(), v.line))
            .collect();
        let expected =
            [("vol-b", 107_374_182_400, None, Some("erp"), 2), ("vol-a, old", 1536, None, None, 3)];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_change_is_a_share_a_day() {
        assert_eq!(read_change("3 %/day"), Ok(Some(0.03)));
        assert_eq!(read_change("100 %/day"), Ok(Some(1.0)));
        assert_eq!(read_change(""), Ok(None));
    }

    #[test]
    fn all_broken_rows_are_named_by_line() {
        let text = "volume,bytes,change\nvol-1,100 GiB,3 %/day\nvol-2,lots,\nvol-3,12\n,-1,5 %\n\nvol-1,7,400 %/day\nvol-1,65 TiB,1 %/day\nvol-8,,\n";
        insta::assert_snapshot!(told(text), @r"
        estate.csv:3: `bytes`: `lots` is no size (write a number and a unit, such as `100 GiB`)
        estate.csv:4: 2 fields, where the header has 3
        estate.csv:5: there is no `volume`
        estate.csv:5: `bytes`: `-1` is negative; a size is not
        estate.csv:5: `change` is `5 %` (write `3 %/day`)
        estate.csv:7: `change` is 400 %/day, more than all of the volume
        estate.csv:8: `bytes` is 65 TiB, more than a volume holds (64 TiB)
        estate.csv:9: there is no `bytes`
        ");
    }

    #[test]
    fn a_volume_twice_is_named_with_both_lines() {
        insta::assert_snapshot!(told("volume,bytes\nvol-1,1\nvol-2,2\nvol-1,3\n"), @"estate.csv:4: volume `vol-1` stands on line 2 too");
        let [a, b] = ["a.csv", "b.csv"].map(|f| Csv::read(f, b"volume,bytes\nvol-1,1\n").unwrap());
        insta::assert_snapshot!(twice([&a, &b])[0].to_string(), @"b.csv:2: volume `vol-1` stands on line 2 of a.csv too");
    }

    #[test]
    fn headers_that_are_wrong_are_refused_with_a_suggestion() {
        insta::assert_snapshot!(told("Volume,byte,owner\nvol-1,1,x\n"), @r"
        estate.csv:1: unknown column `Volume` (did you mean `volume`?)
        estate.csv:1: unknown column `byte` (did you mean `bytes`?)
        estate.csv:1: unknown column `owner` (the columns are `volume`, `bytes`, `change`, and `group`)
        estate.csv:1: there is no column `volume` (the first line names the columns: `volume,bytes`, and if wanted `change,group`)
        estate.csv:1: there is no column `bytes` (the first line names the columns: `volume,bytes`, and if wanted `change,group`)
        ");
        insta::assert_snapshot!(told("volume,bytes,bytes\nvol-1,1,1\n"), @"estate.csv:1: the column `bytes` is there twice");
        insta::assert_snapshot!(told("volume;bytes\nvol-1;1\n"), @"estate.csv:1: the columns are not separated by commas (the first line names the columns: `volume,bytes`, and if wanted `change,group`)");
        insta::assert_snapshot!(told("volume,bytes\n"), @"estate.csv: it lists no volumes (below the header, each line is a volume)");
    }
}
