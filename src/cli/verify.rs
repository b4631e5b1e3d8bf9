//! `report --verify`: a folder is carried out again from the question in it, and compared.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::files::{self, Loaded};
use super::progress::Progress;
use super::run::{failed, study_of};
use super::terminal::{self, Terminal};
use super::{Exit, Stop, solve};
use crate::experiment::folder::PAGE;
use crate::experiment::{
    self, Disk, Failure, Options, Question, RESULTS_VERSION, Staging, Study, Verified, check_folder,
};
use crate::units::{count, index_usize, thousands};
use crate::{plan, report};

/// Carries out again what the folder holds, beside it, and says whether the two are the same. Nothing
/// in the folder is written, and nothing stays beside it.
///
/// # Errors
/// With [`Exit::Wrong`], where the folder is none of this program, was edited, is of another results
/// version, or says something else than its scenario gives.
pub(super) fn verify(
    folder: &Path,
    threads: Option<u32>,
    quiet: bool,
    terminal: Terminal,
) -> Result<Exit, Stop> {
    check_folder(folder).map_err(|failure| failed(&failure))?;
    let question = Question::read(folder).map_err(|failure| failed(&failure))?;
    let name = folder.display();
    if question.results_version != RESULTS_VERSION {
        let message = format!(
            "error: cannot verify {name}: it is of results version {}, and this program's is \
             {RESULTS_VERSION}: equal scenarios have other numbers; verify it with a program of its \
             version, or run the scenario again",
            question.results_version
        );
        return Err(Stop::new(Exit::Wrong, message));
    }
    let place =
        fs::canonicalize(folder).map_err(|error| failed(&Failure::new("find", folder, error)))?;
    let own = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut staging = Staging::open(&place.with_file_name(format!(".{own}.verify")), &Disk)
        .map_err(|failure| failed(&failure))?;
    staging.begin_anew().map_err(|failure| failed(&failure))?;
    let verified = again(folder, &question, &staging, (threads, quiet, terminal));
    // What was made again is of no use to anybody; what stays, the next one removes.
    let _ = staging.begin_anew();
    drop(staging);
    let (n_runs, Verified { n_files, differences }) = verified?;
    if differences.is_empty() {
        let (files, runs) = (thousands(count(n_files), 0), thousands(count(n_runs), 0));
        return terminal::result(&format!(
            "{name} says what its scenario gives: {files} files, {runs} runs, all equal\n"
        ));
    }
    let mut message = format!("error: {name} does not say what its scenario gives:");
    for difference in differences {
        let _ = write!(message, "\n  {difference}");
    }
    Err(Stop::new(Exit::Wrong, message))
}

/// Carries the question out, and compares; gives the number of runs, too.
fn again(
    folder: &Path,
    question: &Question,
    staging: &Staging<'_>,
    (threads, quiet, terminal): (Option<u32>, bool, Terminal),
) -> Result<(usize, Verified), Stop> {
    let asked = solve::asked_by(&question.settings);
    let settings = asked.as_ref().map_or(&question.settings, |(_, settings)| settings);
    let scenario = files::of_question(question, settings, terminal)?;
    let options = Options {
        threads: threads.map(index_usize),
        rows: question.rows,
        engine: question.engine,
        flips: question.flips,
        sensitivity: question.sensitivity,
        confirm: question.confirm,
        parts: false,
    };
    let progress = Progress::new(quiet);
    let ended = match &asked {
        Some((asked, _)) => solved(&scenario, question, asked, (staging, &options, &progress))?,
        None => study_of(&scenario, options.sensitivity, |study| {
            experiment::run(study, staging, &options, &progress)
        })
        .map(|outcome| outcome.n_runs),
    };
    progress.clear();
    let n_runs = ended.map_err(|failure| failed(&failure))?;
    let drawn = || -> Result<(), report::Fault> {
        report::write_charts(staging.path())?;
        if folder.join(PAGE).exists() {
            report::write_page(staging.path(), None)?;
        }
        Ok(())
    };
    drawn().map_err(|fault| Stop::new(Exit::Failed, format!("error: {fault}")))?;
    let verified = experiment::verified(folder, staging.path());
    Ok((n_runs, verified.map_err(|failure| failed(&failure))?))
}

/// Carries a search out.
fn solved(
    scenario: &Loaded,
    question: &Question,
    asked: &solve::Asked,
    (staging, options, progress): (&Staging<'_>, &Options, &Progress),
) -> Result<Result<usize, Failure>, Stop> {
    let grid = plan::search(&scenario.plan, &asked.search())
        .map_err(|why| solve::unasked(scenario, why))?;
    let mut origin = scenario.origin();
    origin.settings.clone_from(&question.settings);
    let inputs = &scenario.files;
    let study = Study { plan: &grid.plan, origin: &origin, inputs, flipped: &|_| Vec::new() };
    let ended = experiment::solve((&study, &grid), staging, options, progress);
    Ok(ended.map(|(outcome, _)| outcome.n_runs))
}
