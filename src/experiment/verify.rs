//! Whether a folder says what its scenario gives: the same was carried out again, and the two folders
//! are compared byte by byte.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::folder::{Failure, MANIFEST, PAGE};
use super::seal;
use crate::units::{count_u64, index_u64, thousands};

/// Characters of a cell or a line that a difference shows at most.
const SHOWN: usize = 60;

/// How two folders compare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Files that were compared.
    pub n_files: usize,
    /// What differs, a sentence for each file.
    pub differences: Vec<String>,
}

/// Compares a folder with what was made again: each file that either manifest lists, the manifests,
/// and each picture and page that the folder has.
///
/// # Errors
/// When a file cannot be read, or a folder is none of this program.
pub fn verified(folder: &Path, again: &Path) -> Result<Verified, Failure> {
    let listed = |folder| -> Result<Vec<String>, Failure> {
        Ok(seal::listed(folder)?.into_iter().map(|file| file.name).collect())
    };
    let mut names = listed(folder)?;
    names.extend(listed(again)?);
    names.extend(drawn(folder)?);
    names.sort();
    names.dedup();
    let mut verified = Verified { n_files: names.len() + 1, differences: Vec::new() };
    for name in names {
        verified.differences.extend(difference(folder, again, &name)?);
    }
    if verified.differences.is_empty() {
        verified.differences.extend(of_manifests(folder, again)?);
    }
    Ok(verified)
}

/// Pictures and pages of a folder.
fn drawn(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |error| Failure::new("read folder", folder, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        let is_picture = Path::new(&name).extension().is_some_and(|of| of == "svg");
        if is_picture || name == PAGE {
            names.push(name);
        }
    }
    Ok(names)
}

/// What differs in a file, if anything does.
fn difference(folder: &Path, again: &Path, name: &str) -> Result<Option<String>, Failure> {
    let open = |folder: &Path| match File::open(folder.join(name)) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new("read", &folder.join(name), error)),
    };
    let (Some(stands), Some(comes)) = (open(folder)?, open(again)?) else {
        let is_here = folder.join(name).exists();
        return Ok(Some(if is_here {
            format!("{name} is there, and the scenario gives no such file")
        } else {
            format!("{name} is not there, and the scenario gives it")
        }));
    };
    let failed = |error| Failure::new("read", &folder.join(name), error);
    if are_equal(stands, comes).map_err(failed)? {
        return Ok(None);
    }
    let (Some(stands), Some(comes)) = (open(folder)?, open(again)?) else {
        return Ok(Some(format!("{name} was removed meanwhile")));
    };
    let is_table = Path::new(name).extension().is_some_and(|of| of == "csv");
    let told = if is_table { of_tables(stands, comes) } else { of_lines(stands, comes, |_| true) };
    let otherwise = || "the same, written otherwise".to_owned();
    Ok(Some(format!("{name}, {}", told.map_err(failed)?.unwrap_or_else(otherwise))))
}

/// Whether two files have the same bytes.
fn are_equal(one: File, other: File) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let n = left.len().min(right.len());
        if left[..n] != right[..n] {
            return Ok(false);
        }
        if n == 0 {
            return Ok(left.len() == right.len());
        }
        one.consume(n);
        other.consume(n);
    }
}

/// The first cell in which two tables differ.
fn of_tables(stands: File, comes: File) -> io::Result<Option<String>> {
    let reader = |file| ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let (mut stands, mut comes) = (reader(stands), reader(comes));
    let (mut left, mut right) = (StringRecord::new(), StringRecord::new());
    let mut header = StringRecord::new();
    loop {
        let more = (stands.read_record(&mut left)?, comes.read_record(&mut right)?);
        if more == (false, false) {
            return Ok(None);
        }
        if header.is_empty() {
            header.clone_from(&right);
        }
        let line = |record: &StringRecord| record.position().map_or(0, csv::Position::line);
        if !more.1 {
            return Ok(Some(format!("line {}: the scenario gives no more rows", line(&left))));
        }
        let at = line(&right);
        if !more.0 {
            return Ok(Some(format!(
                "line {at}: there are no more rows, and the scenario gives some"
            )));
        }
        if left == right {
            continue;
        }
        let n = left.len().max(right.len());
        let differs = |place: &usize| left.get(*place) != right.get(*place);
        let place = (0..n).find(differs).unwrap_or_default();
        let column = header.get(place).unwrap_or("a column without a name");
        let cell = |record: &StringRecord| record.get(place).map_or("nothing".to_owned(), shown);
        let (left, right) = (cell(&left), cell(&right));
        return Ok(Some(format!("line {at}, {column}: {left} stands there, {right} comes out")));
    }
}

/// The first line in which two texts differ, of those that count.
fn of_lines(
    stands: impl io::Read,
    comes: impl io::Read,
    counts: impl Fn(&[u8]) -> bool,
) -> io::Result<Option<String>> {
    let (mut stands, mut comes) = (BufReader::new(stands), BufReader::new(comes));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for line in 1.. {
        left.clear();
        right.clear();
        stands.read_until(b'\n', &mut left)?;
        comes.read_until(b'\n', &mut right)?;
        if left.is_empty() && right.is_empty() {
            break;
        }
        if left == right || (!counts(&left) && !counts(&right)) {
            continue;
        }
        let same = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
        let told = |line: &[u8]| {
            if line.is_empty() {
                return "no line".to_owned();
            }
            let text = String::from_utf8_lossy(&line[same.min(line.len())..]);
            shown(text.trim_end_matches('\n'))
        };
        let column = thousands(count_u64(index_u64(same) + 1), 0);
        let (left, right) = (told(&left), told(&right));
        let told = format!("line {line}, byte {column}: {left} stands there, {right} comes out");
        return Ok(Some(told));
    }
    Ok(None)
}

/// What differs in the manifests besides the version of the program and the checksum.
fn of_manifests(folder: &Path, again: &Path) -> Result<Option<String>, Failure> {
    let read = |folder: &Path| {
        let path = folder.join(MANIFEST);
        fs::read(&path).map_err(|error| Failure::new("read", &path, error))
    };
    let counts =
        |line: &[u8]| !line.starts_with(b"checksum = ") && !line.starts_with(b"version = ");
    let told = of_lines(read(folder)?.as_slice(), read(again)?.as_slice(), counts);
    let told = told.map_err(|error| Failure::new("read", &folder.join(MANIFEST), error))?;
    Ok(told.map(|told| format!("{MANIFEST}, {told}")))
}

/// A text in quotation marks, or as much of it as is worth showing.
fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return format!("{text:?}");
    }
    let begin: String = text.chars().take(SHOWN).collect();
    format!("{begin:?}…")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// The difference of two files of one name, with these texts.
    fn told(name: &str, stands: &str, comes: &str) -> String {
        let home = TempDir::new().unwrap();
        let place = |folder: &str, text: &str| {
            let folder = home.path().join(folder);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(name), text).unwrap();
            folder
        };
        let (folder, again) = (place("a", stands), place("b", comes));
        difference(&folder, &again, name).unwrap().unwrap_or_default()
    }

    #[test]
    fn the_first_cell_that_differs_is_told_with_its_place() {
        let table = "point,volume,bytes\n0,\"a\nb\",7\n0,c,8\n";
        assert_eq!(told("copies.csv", table, table), "");
        // the row of `c` begins in line 4: the cell before it has two lines
        let edited = table.replace("c,8", "c,9");
        insta::assert_snapshot!(told("copies.csv", &edited, table), @r#"copies.csv, line 4, bytes: "9" stands there, "8" comes out"#);
        insta::assert_snapshot!(told("copies.csv", &table.replace("0,c,8\n", ""), table), @"copies.csv, line 4: there are no more rows, and the scenario gives some");
        insta::assert_snapshot!(told("copies.csv", &format!("{table}0,d,1\n"), table), @"copies.csv, line 5: the scenario gives no more rows");
        insta::assert_snapshot!(told("copies.csv", &table.replace("c,8", "c"), table), @r#"copies.csv, line 4, bytes: nothing stands there, "8" comes out"#);
        insta::assert_snapshot!(told("copies.csv", &table.replace('c', "\"c\""), table), @"copies.csv, the same, written otherwise");
        insta::assert_snapshot!(told("copies.csv", "", table), @"copies.csv, line 1: there are no more rows, and the scenario gives some");
    }

    #[test]
    fn the_first_line_that_differs_is_told_from_where_it_differs() {
        let lines = "{\"a\":1}\n{\"b\":2}\n";
        insta::assert_snapshot!(told("events.jsonl", &lines.replace('2', "3"), lines), @r#"events.jsonl, line 2, byte 6: "3}" stands there, "2}" comes out"#);
        insta::assert_snapshot!(told("events.jsonl", "{\"a\":1}\n", lines), @r#"events.jsonl, line 2, byte 1: no line stands there, "{\"b\":2}" comes out"#);
        let long = "x".repeat(100);
        insta::assert_snapshot!(told("a.svg", &long, "y"), @r#"a.svg, line 1, byte 1: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… stands there, "y" comes out"#);
    }
}
