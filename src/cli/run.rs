//! `run`: scenarios are carried out, their folders written, their targets judged.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::files::{self, Loaded};
use super::progress::Progress;
use super::shard::ShardArgument;
use super::terminal::{self, Terminal};
use super::{
    EngineArgument, Exit, HowArguments, RowsArgument, RunArguments, Stop, json, table, words,
};
use crate::experiment::{
    self, Disk, EngineChoice, Failure, FolderKind, Options, Outcome, PointSummary, Rows, Shard,
    Staging, Study,
};
use crate::plan::{self, Ask};
use crate::stats::Verdict;
use crate::units::{count, index_usize, thousands};
use crate::{billing, report};

/// Folder above the folders of scenarios, where none is named.
pub(super) const OUTPUT: &str = "output";

/// Carries out all scenarios, once all of them are right and their folders can be written.
pub(super) fn run(arguments: &RunArguments, terminal: Terminal) -> Result<Exit, Stop> {
    if arguments.shard.is_some() && arguments.how.require {
        let message = "error: a shard has no verdict that could be required; merge takes --require";
        return Err(Stop::new(Exit::Usage, message));
    }
    if arguments.shard.is_some() && arguments.how.sensitivity {
        let message = "error: a shard flips no assumptions; merge takes --sensitivity";
        return Err(Stop::new(Exit::Usage, message));
    }
    let shard = arguments.shard.map(ShardArgument::shard).transpose();
    let shard = shard.map_err(|why| Stop::new(Exit::Usage, format!("error: {why}")))?;
    let scenarios = files::load(&arguments.scenarios, terminal)?;
    single_points(&scenarios, &arguments.how)?;
    let mut places = places(&scenarios, arguments)?;
    if let Some((shard, _)) = &shard {
        places = places.into_iter().map(|place| place.join(shard.folder())).collect();
    }
    let stagings = places.iter().map(|place| {
        let staging = Staging::open(place, &Disk)?;
        staging.replaces_only(FolderKind::Runs)?;
        Ok(staging)
    });
    let stagings: Result<Vec<Staging<'_>>, Failure> = stagings.collect();
    let stagings = stagings.map_err(|failure| failed(&failure))?;
    let mut exit = Exit::Done;
    for (scenario, mut staging) in scenarios.iter().zip(stagings) {
        if arguments.fresh {
            staging.begin_anew().map_err(|failure| failed(&failure))?;
        }
        if !arguments.how.quiet {
            terminal::say(&scenario.remarks(terminal));
            for note in staging.notes.iter().cloned().chain(staging.replaces(&scenario.origin())) {
                terminal::say(&format!("note: {note}"));
            }
        }
        let ended = match &shard {
            Some(shard) => run_shard(scenario, staging, arguments, shard),
            None => run_one(scenario, staging, arguments, terminal),
        };
        exit = exit.max(ended?);
    }
    Ok(exit)
}

/// Refuses to flip the assumptions of a sweep over their whole range.
pub(super) fn single_points(scenarios: &[Loaded], how: &HowArguments) -> Result<(), Stop> {
    let sweep = scenarios.iter().find(|scenario| 1 < scenario.plan.points.len());
    let Some(scenario) = sweep.filter(|_| how.sensitivity) else { return Ok(()) };
    let key = &scenario.plan.axes[0].keys[0];
    let value = &scenario.plan.axes[0].values[0].label;
    let message = format!(
        "error: --sensitivity is for a single point, and {} has {}: hold each axis at a value, such as \
         with --set {key}={value:?}",
        scenario.name(),
        scenario.plan.points.len()
    );
    Err(Stop::new(Exit::Usage, message))
}

/// The folder of each scenario.
fn places(scenarios: &[Loaded], arguments: &RunArguments) -> Result<Vec<PathBuf>, Stop> {
    if let (Some(out), [_]) = (&arguments.out, scenarios) {
        return Ok(vec![out.clone()]);
    }
    let above = arguments.out.as_deref().unwrap_or_else(|| Path::new(OUTPUT));
    let ending = if arguments.shard.is_some() { ".shards" } else { "" };
    let mut places: Vec<PathBuf> = Vec::new();
    for scenario in scenarios {
        let place = above.join(format!("{}{ending}", scenario.name()));
        if places.contains(&place) {
            let message = format!(
                "error: two scenarios are called `{}` and would write one folder; give one of them \
                 another `name`",
                scenario.name()
            );
            return Err(Stop::new(Exit::Wrong, message));
        }
        places.push(place);
    }
    Ok(places)
}

fn run_one(
    scenario: &Loaded,
    staging: Staging<'_>,
    arguments: &RunArguments,
    terminal: Terminal,
) -> Result<Exit, Stop> {
    let progress = Progress::new(arguments.how.quiet);
    let options = options_of(arguments);
    let ended = study_of(scenario, options.sensitivity, |study| {
        experiment::run(study, &staging, &options, &progress)
    });
    progress.clear();
    Done { scenario, staging, progress: &progress, terminal }.publish(ended, &arguments.how)
}

/// Carries out one shard, and says where it is.
fn run_shard(
    scenario: &Loaded,
    staging: Staging<'_>,
    arguments: &RunArguments,
    (shard, by): &(Shard, String),
) -> Result<Exit, Stop> {
    let progress = Progress::new(arguments.how.quiet);
    let options = options_of(arguments);
    let ended = study_of(scenario, options.sensitivity, |study| {
        experiment::run_shard(study, &staging, &options, *shard, &progress)
    });
    progress.clear();
    let n_runs = ended.map_err(|failure| stopped(&failure, &staging))?;
    let place = staging.publish().map_err(|failure| failed(&failure))?;
    let (index, of) = (shard.index(), shard.of());
    if arguments.how.json {
        return terminal::result(&json::shard(scenario.name(), (index, of), n_runs, &place));
    }
    let runs = if n_runs == 1 { "run" } else { "runs" };
    let n_runs = thousands(count(n_runs), 0);
    let place = place.display();
    terminal::result(&format!("shard {index} of {of}{by}: {n_runs} {runs}\n\n  {place}\n"))
}

/// Gives a scenario to be carried out to `carry_out`.
pub(super) fn study_of<T>(
    scenario: &Loaded,
    sensitivity: bool,
    carry_out: impl FnOnce(&Study<'_>) -> T,
) -> T {
    let origin = scenario.origin();
    let ask =
        Ask { source: &scenario.source, inputs: &scenario.files, settings: &scenario.settings };
    let flipped = |touched| {
        let tried = if sensitivity { plan::whole_range } else { plan::flips };
        tried(&ask, &scenario.plan, 0, touched)
            .expect("no assumption of the ledger makes a right scenario wrong")
    };
    carry_out(&Study {
        plan: &scenario.plan,
        origin: &origin,
        inputs: &scenario.files,
        flipped: &flipped,
    })
}

/// A scenario that was carried out, before its folder is in place.
pub(super) struct Done<'a> {
    /// The scenario.
    pub(super) scenario: &'a Loaded,
    /// Its folder.
    pub(super) staging: Staging<'a>,
    /// How long it took.
    pub(super) progress: &'a Progress,
    /// Where results go.
    pub(super) terminal: Terminal,
}

impl Done<'_> {
    /// Draws the charts, puts the folder in its place, and tells the results.
    pub(super) fn publish(
        self,
        ended: Result<Outcome, Failure>,
        how: &HowArguments,
    ) -> Result<Exit, Stop> {
        let Done { scenario, staging, progress, terminal } = self;
        let outcome = ended.map_err(|failure| stopped(&failure, &staging))?;
        let unwritten = |fault| Stop::new(Exit::Failed, format!("error: {fault}"));
        report::write_charts(staging.path()).map_err(unwritten)?;
        if how.report {
            report::write_page(staging.path(), None).map_err(unwritten)?;
        }
        let answer = report::answer(staging.path()).map_err(unwritten)?;
        let place = staging.publish().map_err(|failure| failed(&failure))?;
        if how.timings {
            terminal::say(&progress.timings(&outcome));
        }
        if how.json {
            let model = &scenario.plan.points[0].model;
            terminal::result(&json::line(model, (&outcome, &answer), &place))?;
        } else {
            terminal::result(&told(scenario, (&outcome, &answer), &place, terminal))?;
        }
        let is_missed = how.require && !all_met(&outcome);
        Ok(if is_missed { Exit::Missed } else { Exit::Done })
    }
}

fn options_of(arguments: &RunArguments) -> Options {
    let rows = match arguments.rows {
        RowsArgument::First => Rows::First,
        RowsArgument::None => Rows::None,
        RowsArgument::All => Rows::All,
    };
    let engine = match arguments.engine {
        None => EngineChoice::Default,
        Some(EngineArgument::Reference) => EngineChoice::Reference,
    };
    Options { rows, engine, ..options(&arguments.how) }
}

/// What is asked of how a plan is carried out, with the rows and the engine by default.
pub(super) fn options(how: &HowArguments) -> Options {
    Options {
        threads: how.threads.map(index_usize),
        rows: Rows::default(),
        engine: EngineChoice::default(),
        flips: !how.no_flip,
        sensitivity: how.sensitivity,
        confirm: !how.no_confirm,
        parts: !how.no_parts,
    }
}

/// A failure in words, with its exit code.
pub(super) fn failed(failure: &Failure) -> Stop {
    let exit = if failure.is_refusal() { Exit::Wrong } else { Exit::Failed };
    Stop::new(exit, format!("error: {failure}"))
}

/// A failure after some runs were finished: these are kept, and it is said how to go on.
fn stopped(failure: &Failure, staging: &Staging<'_>) -> Stop {
    let mut stop = failed(failure);
    let n_kept = staging.n_kept();
    if 0 < n_kept {
        let runs = if n_kept == 1 { "run is" } else { "runs are" };
        let _ = write!(
            stop.message,
            "\nnote: {} finished {runs} kept in {}; the same command goes on from there",
            thousands(count(n_kept), 0),
            staging.parts_path().display()
        );
    }
    stop
}

/// Whether every target is met at every point.
fn all_met(outcome: &Outcome) -> bool {
    let mut targets = outcome.points.iter().flat_map(|point| &point.targets);
    targets.all(|target| target.judgement.verdict == Verdict::Yes)
}

/// The results of one scenario in a few lines.
fn told(
    scenario: &Loaded,
    (outcome, answer): (&Outcome, &[String]),
    place: &Path,
    terminal: Terminal,
) -> String {
    let plan = &scenario.plan;
    let model = &plan.points[0].model;
    let title = if model.question.is_empty() { &model.name } else { &model.question };
    let mut text = format!("{title}\n\n");
    match outcome.points.as_slice() {
        _ if outcome.flow_level.is_some() => {
            let line = words::flow_level(outcome).unwrap_or_default();
            let _ = writeln!(text, "  {line}");
        }
        [point] => {
            for sentence in answer {
                text.push_str(&words::wrapped(sentence, 2));
            }
            let told = [
                words::money(point, &billing::list(model)),
                words::growth(&outcome.points),
                words::start(&outcome.points),
                words::never_there(point),
                words::too_many_snapshots(point),
                words::made_again(point),
            ];
            for line in told.into_iter().flatten().chain(words::ways_back(point)) {
                text.push_str(&words::wrapped(&line, 2));
            }
            if !point.targets.is_empty() {
                let _ = write!(text, "\n{}", table::targets(point, terminal.colors_results));
            }
            let _ = write!(text, "\n{}", table::scopes(point));
        }
        points => {
            text.push_str(&table::sweep(plan, points, &[], terminal.colors_results));
            if model.fleets.iter().any(|fleet| fleet.items.are_requests()) {
                told_requests(&mut text, points);
            }
            let told = [
                words::growth(points),
                words::start(points),
                words::chosen(points, outcome.choice.as_ref()),
            ];
            for line in told.into_iter().flatten() {
                let _ = write!(text, "\n{}", words::wrapped(&line, 2));
            }
        }
    }
    if let Some(line) = words::settled(outcome) {
        let _ = write!(text, "\n{}", words::wrapped(&line, 2));
    }
    let _ = writeln!(text, "\n  {}", place.display());
    text
}

/// What requests would have taken at the first point of a sweep, and what is another at the others.
fn told_requests(text: &mut String, points: &[PointSummary]) {
    let first = &points[0];
    let _ = write!(text, "\n  With {}:\n{}", words::labels(first), table::scopes(first));
    text.push('\n');
    for point in &points[1..] {
        text.push_str(&words::wrapped(&words::changed(first, point), 2));
    }
}
