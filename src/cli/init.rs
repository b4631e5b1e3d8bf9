//! `init`: a commented scenario to start from.

use std::fs::File;
use std::io::Write;

use super::{Exit, InitArguments, Stop, terminal};
use crate::scenario;

/// Writes the starter to a file that is not there yet, or to standard output.
pub(super) fn run(arguments: &InitArguments) -> Result<Exit, Stop> {
    let starter = scenario::starter();
    let Some(path) = &arguments.file else { return terminal::result(starter) };
    let written = File::create_new(path).and_then(|mut file| file.write_all(starter.as_bytes()));
    let shown = path.display();
    written.map_err(|error| {
        Stop::new(Exit::Failed, format!("error: cannot write {shown}: {error}"))
    })?;
    terminal::say(&format!("{shown} is written; `snapferry run {shown}` runs it"));
    Ok(Exit::Done)
}
