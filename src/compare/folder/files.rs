//! Files of a folder, read strictly.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use crate::compare::Refusal;
use crate::experiment::Failure;
use crate::report::{Fault, Row, Rows};

/// The rows of one table of a folder.
pub(super) type TableRows = Rows<BufReader<File>>;

/// A reason that names the folder.
pub(super) fn wrong(folder: &Path, reason: impl AsRef<str>) -> Refusal {
    Refusal::one(format!("{}: {}", folder.display(), reason.as_ref()))
}

/// What a reader of tables found.
pub(super) fn broken(folder: &Path, fault: Fault) -> Refusal {
    match fault {
        Fault::Machine { doing, path, error } => Failure::new(doing, &path, error).into(),
        Fault::Content { .. } => wrong(folder, fault.to_string()),
    }
}

/// A file of a folder could not be read.
pub(super) fn unread(folder: &Path, file: &str, error: io::Error) -> Refusal {
    let path = folder.join(file);
    match error.kind() {
        io::ErrorKind::NotFound => wrong(
            folder,
            format!("it has no {file}, which an output folder has; run the scenario again"),
        ),
        _ => Failure::new("read", &path, error).into(),
    }
}

/// Opens a table of a folder.
pub(super) fn open(folder: &Path, file: &str) -> Result<TableRows, Refusal> {
    let opened = File::open(folder.join(file)).map_err(|error| unread(folder, file, error))?;
    Rows::open(file, BufReader::new(opened)).map_err(|fault| broken(folder, fault))
}

/// Gives each row of a table to `take`.
pub(super) fn each_row(
    folder: &Path,
    file: &str,
    mut take: impl FnMut(&mut Row<'_>) -> Result<(), Fault>,
) -> Result<(), Refusal> {
    let mut rows = open(folder, file)?;
    loop {
        let row = rows.next().map_err(|fault| broken(folder, fault))?;
        let Some(mut row) = row else { return Ok(()) };
        take(&mut row).map_err(|fault| broken(folder, fault))?;
    }
}
