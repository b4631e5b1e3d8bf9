//! `solve`: which completion duration, quota, number of slots, or start meets the targets.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::files::{self, Loaded};
use super::progress::Progress;
use super::run::failed;
use super::terminal::{self, Terminal};
use super::{Exit, SolveArguments, Stop, UnknownArgument, json, table, words};
use crate::experiment::{
    self, Answer, Disk, EngineChoice, FolderKind, Options, Outcome, Rows, Staging, Study,
};
use crate::plan::{self, Grid, Search, Unasked, Unknown};
use crate::report;
use crate::stats::Verdict;
use crate::units::index_usize;

impl From<UnknownArgument> for Unknown {
    fn from(argument: UnknownArgument) -> Unknown {
        match argument {
            UnknownArgument::Duration => Unknown::Duration,
            UnknownArgument::Quota => Unknown::Quota,
            UnknownArgument::Slots => Unknown::Slots,
            UnknownArgument::Start => Unknown::Start,
        }
    }
}

/// Tries the values of an unknown on one scenario, and confirms the best.
pub(super) fn run(arguments: &SolveArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let loaded = files::load(&arguments.scenarios, terminal)?;
    let [scenario] = &loaded[..] else {
        return Err(Stop::new(Exit::Usage, "error: `solve` answers for one scenario at a time"));
    };
    let search = Search {
        unknown: arguments.unknown.into(),
        grid: arguments.grid.as_deref(),
        fleets: &arguments.fleets,
        targets: &arguments.targets,
    };
    let grid = plan::search(&scenario.plan, &search).map_err(|why| unasked(scenario, why))?;
    let place = place(scenario, arguments);
    let staging = Staging::open(&place, &Disk).map_err(|failure| failed(&failure))?;
    staging.replaces_only(FolderKind::Answer).map_err(|failure| failed(&failure))?;
    if !arguments.quiet {
        terminal::say(&scenario.remarks(terminal));
        for note in &staging.notes {
            terminal::say(&format!("note: {note}"));
        }
    }
    let (outcome, answer) = carry_out(scenario, &grid, staging, arguments)?;
    if arguments.json {
        terminal::result(&line(scenario, &grid, (&outcome, &answer), &place))?;
    } else {
        terminal::result(&told(scenario, &grid, (&outcome, &answer), &place, terminal))?;
    }
    let found = answer.verdict == Verdict::Yes;
    Ok(if arguments.require && !found { Exit::Missed } else { Exit::Done })
}

pub(super) fn unasked(scenario: &Loaded, why: Unasked) -> Stop {
    match why {
        Unasked::Usage(message) => Stop::new(Exit::Usage, format!("error: {message}")),
        Unasked::Scenario(message) => {
            Stop::new(Exit::Wrong, format!("error: {}: {message}", scenario.source.name))
        }
    }
}

/// The folder: that which is named, or one beside the folder of the scenario's runs.
fn place(scenario: &Loaded, arguments: &SolveArguments) -> PathBuf {
    let unknown = Unknown::from(arguments.unknown).name();
    arguments.out.clone().unwrap_or_else(|| {
        Path::new(super::run::OUTPUT).join(format!("{}-{unknown}", scenario.name()))
    })
}

/// What the runs are a matter of beside the scenario, for the manifest, and so that those of another
/// grid are never taken up.
fn asked(grid: &Grid, arguments: &SolveArguments) -> Vec<(String, String)> {
    let values = grid.plan.points.iter().map(|point| point.labels[0].1.as_str());
    let grid_text = values.collect::<Vec<_>>().join(", ");
    let mut asked = vec![
        ("--for".to_owned(), grid.unknown.name().to_owned()),
        ("--grid".to_owned(), grid_text),
    ];
    asked.extend(arguments.fleets.iter().map(|fleet| ("--fleet".to_owned(), fleet.clone())));
    asked.extend(arguments.targets.iter().map(|target| ("--target".to_owned(), target.clone())));
    asked
}

/// The grid that the settings of a folder ask for, and the settings of its scenario; none where
/// they ask for none.
pub(super) fn asked_by(settings: &[(String, String)]) -> Option<(Asked, Vec<(String, String)>)> {
    let (asked, of_scenario): (Vec<_>, Vec<_>) =
        settings.iter().cloned().partition(|(key, _)| key.starts_with("--"));
    let all = |flag: &str| -> Vec<String> {
        let of_flag = asked.iter().filter(|(key, _)| key == flag);
        of_flag.map(|(_, value)| value.clone()).collect()
    };
    let unknowns = [Unknown::Duration, Unknown::Quota, Unknown::Slots, Unknown::Start];
    let name = all("--for").pop()?;
    let unknown = unknowns.into_iter().find(|unknown| unknown.name() == name)?;
    let (grid, fleets, targets) = (all("--grid").pop()?, all("--fleet"), all("--target"));
    Some((Asked { unknown, grid, fleets, targets }, of_scenario))
}

/// A search that a folder has the answer of.
pub(super) struct Asked {
    unknown: Unknown,
    grid: String,
    fleets: Vec<String>,
    targets: Vec<String>,
}

impl Asked {
    /// The same as the search that it was.
    pub(super) fn search(&self) -> Search<'_> {
        let Asked { unknown, grid, fleets, targets } = self;
        Search { unknown: *unknown, grid: Some(grid), fleets, targets }
    }
}

fn carry_out(
    scenario: &Loaded,
    grid: &Grid,
    staging: Staging<'_>,
    arguments: &SolveArguments,
) -> Result<(Outcome, Answer), Stop> {
    let progress = Progress::new(arguments.quiet);
    let mut origin = scenario.origin();
    origin.settings.extend(asked(grid, arguments));
    let inputs = &scenario.files;
    let study = Study { plan: &grid.plan, origin: &origin, inputs, flipped: &|_| Vec::new() };
    let options = Options {
        threads: arguments.threads.map(index_usize),
        rows: Rows::None,
        engine: EngineChoice::Default,
        flips: false,
        sensitivity: false,
        confirm: true,
        parts: false,
    };
    let ended = experiment::solve((&study, grid), &staging, &options, &progress);
    progress.clear();
    let (outcome, answer) = ended.map_err(|failure| failed(&failure))?;
    report::write_charts(staging.path())
        .map_err(|fault| Stop::new(Exit::Failed, format!("error: {fault}")))?;
    staging.publish().map_err(|failure| failed(&failure))?;
    Ok((outcome, answer))
}

/// The whole grid, the best value, the one beside it, and the confirmation.
fn told(
    scenario: &Loaded,
    grid: &Grid,
    (outcome, answer): (&Outcome, &Answer),
    place: &Path,
    terminal: Terminal,
) -> String {
    let model = &scenario.plan.points[0].model;
    let title = if model.question.is_empty() { &model.name } else { &model.question };
    let verdict = words::verdict(answer.verdict, terminal.colors_results);
    let mut text = format!("{title}\n\n  {verdict}  {}\n", words::asked(grid));
    for line in words::answer(grid, &outcome.points, answer) {
        text.push_str(&words::wrapped(&line, 12));
    }
    text.push('\n');
    let marks = words::marks(grid, answer);
    text.push_str(&table::sweep(&grid.plan, &outcome.points, &marks, terminal.colors_results));
    let told = [
        words::ruled_out(grid, answer),
        words::growth(&outcome.points),
        words::start(&outcome.points),
        grid.note.clone(),
    ];
    for line in told.into_iter().flatten() {
        let _ = write!(text, "\n{}", words::wrapped(&line, 2));
    }
    let _ = writeln!(text, "\n  {}", place.display());
    text
}

/// The same as one line of JSON.
fn line(
    scenario: &Loaded,
    grid: &Grid,
    (outcome, answer): (&Outcome, &Answer),
    folder: &Path,
) -> String {
    let model = &scenario.plan.points[0].model;
    let mut document = json::document(model, outcome, folder);
    let label = |place: usize| json!(grid.plan.points[place].labels[0].1);
    let or_null = |place: Option<usize>| place.map_or(Value::Null, label);
    let short = answer.short.iter().enumerate().flat_map(|(place, short)| {
        short.iter().map(move |short| {
            json!({
                "value": label(place),
                "target": model.targets[short.target].name,
                "limit": short.narrow.name(),
                "place": short.place,
                "interval_s": short.interval.secs(),
                "bytes": short.bytes.get(),
                "fits_bytes": short.fits.get(),
            })
        })
    });
    document["solve"] = json!({
        "for": grid.unknown.name(),
        "answer": answer.verdict.name(),
        "value": or_null(answer.best.as_ref().map(|best| best.point)),
        "beside": or_null(answer.beside),
        "written": or_null(grid.written),
        "ruled_out": short.collect::<Vec<_>>(),
    });
    format!("{document}\n")
}
