//! `init`: a commented scenario to start from.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::{Exit, InitArguments, Stop, terminal};
use crate::scenario;

/// Writes the starter to a file that is not there yet, or to standard output.
pub(super) fn run(arguments: &InitArguments) -> Result<Exit, Stop> {
    let starter = scenario::starter();
    let Some(path) = &arguments.file else { return terminal::result(starter) };
    write_new(path, starter)?;
    let shown = path.display();
    terminal::say(&format!("{shown} is written; `snapferry run {shown}` runs it"));
    Ok(Exit::Done)
}

/// Writes a text to a file that is not there yet.
///
/// # Errors
/// When there is one, or it cannot be written.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Stop> {
    let shown = path.display();
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Stop::new(Exit::Usage, format!("error: {shown} is there already: name another file"))
        }
        _ => Stop::new(Exit::Failed, format!("error: cannot write {shown}: {error}")),
    })
}
