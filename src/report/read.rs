//! An output folder read back: strictly, so that no picture shows what no run has said.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

mod row;
mod manifest;
mod about;
mod tables;
mod results;
mod copies;
mod sides;
mod ledger;
mod answers;
mod costs;

pub(super) use about::About;
pub(super) use answers::{ChosenRow, LimitRow, SolveRow};
pub(super) use copies::{CopyRow, EndRow, FullRow, PointAgeRow, RecoveryRow, StretchRow, WorstRow};
pub(super) use costs::{BILL, Cost};
pub(super) use ledger::{FlipRow, Origin, ParameterRow};
#[cfg(test)]
pub(super) use manifest::Scenario;
pub(super) use manifest::{Compared, CopyRule, Manifest, Promise, PromiseKind};
pub(super) use results::{Said, ScopeRow, Standing, SummaryRow, TargetRow, TargetRunRow};
pub(super) use row::FromRow;
pub(crate) use row::{Row, Rows};
pub(super) use sides::{DifferenceOf, MovedRow};
pub(super) use tables::{
    AgeRow, BinStart, Highest, LinkRow, QuotaRow, RunRow, SeriesKind, SeriesRow, ShareRow,
};

use crate::experiment::check_seal;

/// Why an output folder has no pictures.
#[derive(Debug)]
pub enum Fault {
    /// A file could not be read or written.
    Machine {
        /// What was being done, as in "cannot `read` that file".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        error: io::Error,
    },
    /// A file does not say what it should.
    Content {
        /// Name of the file.
        file: String,
        /// Line of the file, from 1, where it is one line's fault.
        line: Option<u64>,
        /// What is wrong.
        message: String,
    },
}

impl Fault {
    pub(super) fn machine(doing: &'static str, path: &Path, error: io::Error) -> Fault {
        Fault::Machine { doing, path: path.to_owned(), error }
    }

    pub(super) fn content(file: &str, line: Option<u64>, message: impl Into<String>) -> Fault {
        Fault::Content { file: file.to_owned(), line, message: message.into() }
    }
}

/// `copies.csv, line 7: due_utc: no moment: "yesterday"`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Machine { doing, path, error } => {
                write!(f, "cannot {doing} {}: {error}", path.display())
            }
            Fault::Content { file, line: Some(line), message } => {
                write!(f, "{file}, line {line}: {message}")
            }
            Fault::Content { file, line: None, message } => write!(f, "{file}: {message}"),
        }
    }
}

impl std::error::Error for Fault {}

/// The files of an output folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folder<'a>(pub(super) &'a Path);

impl Folder<'_> {
    /// The manifest.
    pub(super) fn manifest(self) -> Result<Manifest, Fault> {
        Manifest::parse(&self.manifest_text()?)
    }

    /// What was compared; none in the folder of a run.
    pub(super) fn compared(self) -> Result<Option<Compared>, Fault> {
        manifest::compared(&self.manifest_text()?)
    }

    fn manifest_text(self) -> Result<String, Fault> {
        let path = self.0.join(manifest::FILE);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let why = "it is not there: no run wrote this folder, or not to its end";
                Fault::content(manifest::FILE, None, why)
            }
            _ => Fault::machine("read", &path, error),
        })?;
        check_seal(&text).map_err(|why| Fault::content(manifest::FILE, Some(1), why))?;
        Ok(text)
    }

    /// What the manifest says of the question and of what answered it.
    pub(super) fn about(self) -> Result<About, Fault> {
        manifest::parse(&self.manifest_text()?)
    }

    /// All rows of a table; `None` where the folder has no such table.
    pub(super) fn all<T: FromRow>(self) -> Result<Option<Vec<T>>, Fault> {
        self.read_while(|_| true)
    }

    /// The rows of the first point, which stand first.
    pub(super) fn of_first_point<T: FromRow>(self) -> Result<Option<Vec<T>>, Fault> {
        self.read_while(|row: &T| row.point() == 0)
    }

    fn read_while<T: FromRow>(self, belongs: impl Fn(&T) -> bool) -> Result<Option<Vec<T>>, Fault> {
        let mut kept = Vec::new();
        let found = self.each(|row| {
            let belongs = belongs(&row);
            if belongs {
                kept.push(row);
            }
            belongs
        })?;
        Ok(found.then_some(kept))
    }

    /// Gives the rows of a table to `take` until that says `false`; says whether the folder has
    /// the table.
    pub(super) fn each<T: FromRow>(self, mut take: impl FnMut(T) -> bool) -> Result<bool, Fault> {
        let Some(file) = self.open::<T>()? else { return Ok(false) };
        read_rows(file, &mut take)?;
        Ok(true)
    }

    /// The rows of a table at some places, from 0, which rise; what stands between is not looked at.
    pub(super) fn at<T: FromRow>(self, places: &[usize]) -> Result<Vec<T>, Fault> {
        let mut kept = Vec::with_capacity(places.len());
        let Some(file) = self.open::<T>()? else { return Ok(kept) };
        let mut rows = Rows::open(T::FILE, file)?;
        let mut here = 0;
        for &place in places {
            while here < place && rows.next()?.is_some() {
                here += 1;
            }
            let Some(mut row) = rows.next()? else { break };
            kept.push(T::read(&mut row)?);
            here += 1;
        }
        Ok(kept)
    }

    fn open<T: FromRow>(self) -> Result<Option<BufReader<File>>, Fault> {
        let path = self.0.join(T::FILE);
        match File::open(&path) {
            Ok(file) => Ok(Some(BufReader::with_capacity(1 << 16, file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::machine("read", &path, error)),
        }
    }
}

/// Gives the rows of a table to `take` until that says `false`.
fn read_rows<T: FromRow>(from: impl Read, take: &mut impl FnMut(T) -> bool) -> Result<(), Fault> {
    let mut rows = Rows::open(T::FILE, from)?;
    while let Some(mut row) = rows.next()? {
        if !take(T::read(&mut row)?) {
            break;
        }
    }
    Ok(())
}

/// The rows of a table that is given as text.
#[cfg(test)]
pub(super) fn rows_of<T: FromRow>(text: &str) -> Result<Vec<T>, Fault> {
    let mut rows = Vec::new();
    let mut take = |row| {
        rows.push(row);
        true
    };
    read_rows(text.as_bytes(), &mut take)?;
    Ok(rows)
}
