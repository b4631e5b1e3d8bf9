//! `merge`: the shards of a plan become the folder that one machine would have written.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use super::run::{Done, OUTPUT, failed, options, single_points, study_of};
use super::terminal::Terminal;
use super::{Exit, HowArguments, Stop, files};
use crate::experiment::{self, Disk, Options, Shards, Staging};

#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// Folders of shards, or folders in which these are
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder to write [default: output/<scenario>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    how: HowArguments,
}

/// Puts the shards together.
pub(super) fn run(arguments: &MergeArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let shards = Shards::read(&arguments.folders).map_err(|failure| failed(&failure))?;
    let scenario = files::of_question(shards.question(), &shards.question().settings, terminal)?;
    let scenarios = [scenario];
    single_points(&scenarios, &arguments.how)?;
    let [scenario] = scenarios;
    let place = arguments.out.clone();
    let place = place.unwrap_or_else(|| Path::new(OUTPUT).join(scenario.name()));
    let staging = Staging::open(&place, &Disk).map_err(|failure| failed(&failure))?;
    let how = &arguments.how;
    let progress = Progress::new(how.quiet);
    let options = Options { rows: shards.rows(), engine: shards.engine(), ..options(how) };
    let ended = study_of(&scenario, options.sensitivity, |study| {
        experiment::merge(study, &shards, &staging, &options, &progress)
    });
    progress.clear();
    let done = Done { scenario: &scenario, staging, progress: &progress, terminal };
    done.publish(ended, how)
}
