//! `import`: what users export becomes a scenario.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::files::load_one;
use super::init::write_new;
use super::terminal::Terminal;
use super::{Exit, Stop, terminal};
use crate::scenario::requests::import::{self, Export, Manner};
use crate::units::Bytes;

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// CloudTrail log files or the output of `aws cloudtrail lookup-events`, of `aws ec2
    /// describe-snapshots`, and of `aws ec2 describe-images`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// File to write, which must not be there yet; standard output where none is named
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write each request out, instead of the name of the log that holds it
    #[arg(long)]
    inline: bool,
    /// Size of each source that no file lists, such as "100 GiB"
    #[arg(long, value_name = "SIZE")]
    assume_size: Option<Bytes>,
    /// Leave records out that cannot be read, and name them
    #[arg(long)]
    skip_bad: bool,
}

/// Makes a scenario of files, and writes it to a file that is not there yet, or to standard output.
pub(super) fn run(arguments: &ImportArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let below = arguments.out.as_deref().and_then(Path::parent);
    let mut exports = Vec::new();
    for file in &arguments.files {
        let bytes = fs::read(file).map_err(|error| {
            Stop::new(Exit::Wrong, format!("error: cannot read {}: {error}", file.display()))
        })?;
        exports.push(Export {
            name: file.display().to_string(),
            path: written_path(file, below),
            bytes,
        });
    }
    let manner = Manner {
        skip_bad: arguments.skip_bad,
        inline: arguments.inline,
        assume_size: arguments.assume_size,
    };
    let imported = import::import(&exports, manner).map_err(|problems| {
        let mut message = String::new();
        for problem in &problems {
            let _ = writeln!(message, "error: {problem}");
        }
        let _ = write!(message, "error: nothing is imported: {}", count(problems.len()));
        if !arguments.skip_bad {
            message.push_str("; `--skip-bad` leaves records of logs out that cannot be read");
        }
        Stop::new(Exit::Wrong, message)
    })?;
    for remark in &imported.remarks {
        terminal::say(&format!("note: {remark}"));
    }
    let Some(path) = &arguments.out else { return terminal::result(&imported.text) };
    let shown = path.display();
    write_new(path, &imported.text)?;
    terminal::say(&match load_one(path, &[], terminal) {
        Ok(_) => format!("{shown} is written; `snapferry run {shown}` runs it"),
        Err(_) => {
            format!("{shown} is written; what it lacks to be run, `snapferry check {shown}` says")
        }
    });
    Ok(Exit::Done)
}

fn count(n: usize) -> String {
    if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") }
}

/// The path of a file as a scenario in a folder writes it: from there where it lies below it, else as
/// a whole.
fn written_path(file: &Path, folder: Option<&Path>) -> String {
    let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
        return file.display().to_string();
    };
    if let Ok(inside) = file.strip_prefix(folder) {
        return inside.display().to_string();
    }
    std::path::absolute(file)
        .map_or_else(|_| file.display().to_string(), |all| all.display().to_string())
}
