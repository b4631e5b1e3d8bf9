//! `report`: the page of an output folder.

use std::path::PathBuf;

use clap::Args;

use super::run::failed;
use super::terminal::{self, Terminal};
use super::verify::verify;
use super::{Exit, Stop};
use crate::experiment::check_folder;
use crate::report::{self, Fault};

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// Output folders
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// File to write [default: DIR/report.html]
    #[arg(long, value_name = "FILE", conflicts_with = "verify")]
    out: Option<PathBuf>,
    /// Write nothing: run again what is in the folder, and fail where a byte of it is another one
    #[arg(long)]
    verify: bool,
    /// Threads to verify with [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096), requires = "verify")]
    threads: Option<u32>,
    /// No progress, only results and errors
    #[arg(long, short)]
    quiet: bool,
}

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
