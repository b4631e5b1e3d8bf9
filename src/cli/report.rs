//! `report`: the page of an output folder.

use super::run::failed;
use super::terminal::{self, Terminal};
use super::verify::verify;
use super::{Exit, ReportArguments, Stop};
use crate::experiment::check_folder;
use crate::report::{self, Fault};

/// Writes the page of each folder that is as it was written; or verifies each.
pub(super) fn run(arguments: &ReportArguments, terminal: Terminal) -> Result<Exit, Stop> {
    if arguments.out.is_some() && 1 < arguments.folders.len() {
        let message = "error: --out names one file, and there are several folders";
        return Err(Stop::new(Exit::Usage, message));
    }
    for folder in &arguments.folders {
        if arguments.verify {
            verify(folder, arguments.threads, arguments.quiet, terminal)?;
            continue;
        }
        check_folder(folder).map_err(|failure| failed(&failure))?;
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
