//! `report`: the page of an output folder.

use super::terminal;
use super::{Exit, ReportArguments, Stop};
use crate::report::{self, Fault};

/// Writes the page of each folder.
pub(super) fn run(arguments: &ReportArguments) -> Result<Exit, Stop> {
    if arguments.out.is_some() && 1 < arguments.folders.len() {
        let message = "error: --out names one file, and there are several folders";
        return Err(Stop::new(Exit::Usage, message));
    }
    for folder in &arguments.folders {
        let written = report::write_page(folder, arguments.out.as_deref());
        let page = written.map_err(|fault| wrong(&fault))?;
        terminal::result(&format!("{}\n", page.display()))?;
    }
    Ok(Exit::Done)
}

/// What is wrong with a folder, with its exit code.
pub(super) fn wrong(fault: &Fault) -> Stop {
    let exit = match fault {
        Fault::Machine { .. } => Exit::Failed,
        Fault::Content { .. } => Exit::Wrong,
    };
    Stop::new(exit, format!("error: {fault}"))
}
