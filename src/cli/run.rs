//! `run`: scenarios are carried out, their folders written, their targets judged.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::files::{self, Loaded};
use super::progress::Progress;
use super::terminal::{self, Terminal};
use super::{EngineArgument, Exit, RowsArgument, RunArguments, Stop, json, table, words};
use crate::experiment::{
    self, Disk, EngineChoice, Failure, Options, Outcome, PointSummary, Rows, Staging, Study,
};
use crate::plan::{self, Ask, Plan};
use crate::stats::Verdict;
use crate::units::{count, thousands};
use crate::{billing, report};

/// Folder above the folders of scenarios, where none is named.
const OUTPUT: &str = "output";

/// Carries out all scenarios, once all of them are right and their folders can be written.
pub(super) fn run(arguments: &RunArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let scenarios = files::load(&arguments.scenarios, terminal)?;
    let places = places(&scenarios, arguments.out.as_deref())?;
    let stagings = places.iter().map(|place| Staging::open(place, &Disk));
    let stagings: Result<Vec<Staging<'_>>, Failure> = stagings.collect();
    let stagings = stagings.map_err(|failure| failed(&failure))?;
    let mut exit = Exit::Done;
    for ((scenario, place), staging) in scenarios.iter().zip(&places).zip(stagings) {
        let outcome = run_one(scenario, staging, arguments, terminal)?;
        if arguments.json {
            let model = &scenario.plan.points[0].model;
            terminal::result(&json::line(model, &outcome, place))?;
        } else {
            terminal::result(&told(scenario, &outcome, place, terminal))?;
        }
        if arguments.require && !all_met(&outcome) {
            exit = Exit::Missed;
        }
    }
    Ok(exit)
}

/// The folder of each scenario.
fn places(scenarios: &[Loaded], out: Option<&Path>) -> Result<Vec<PathBuf>, Stop> {
    if let (Some(out), [_]) = (out, scenarios) {
        return Ok(vec![out.to_owned()]);
    }
    let above = out.unwrap_or_else(|| Path::new(OUTPUT));
    let mut places: Vec<PathBuf> = Vec::new();
    for scenario in scenarios {
        let place = above.join(scenario.name());
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
    mut staging: Staging<'_>,
    arguments: &RunArguments,
    terminal: Terminal,
) -> Result<Outcome, Stop> {
    if arguments.fresh {
        staging.begin_anew().map_err(|failure| failed(&failure))?;
    }
    if !arguments.quiet {
        terminal::say(&scenario.remarks(terminal));
        for note in &staging.notes {
            terminal::say(&format!("note: {note}"));
        }
    }
    let progress = Progress::new(arguments.quiet);
    let origin = scenario.origin();
    let ask =
        Ask { source: &scenario.source, inputs: &scenario.files, settings: &scenario.settings };
    let flipped = |touched| {
        plan::flips(&ask, &scenario.plan, 0, touched)
            .expect("no assumption of the ledger makes a right scenario wrong")
    };
    let study = Study { plan: &scenario.plan, origin: &origin, flipped: &flipped };
    let ended = experiment::run(&study, &staging, &options(arguments), &progress);
    progress.clear();
    let outcome = ended.map_err(|failure| stopped(&failure, &staging))?;
    report::write_charts(staging.path())
        .map_err(|fault| Stop::new(Exit::Failed, format!("error: {fault}")))?;
    staging.publish().map_err(|failure| failed(&failure))?;
    if arguments.timings {
        terminal::say(&progress.timings(&outcome));
    }
    Ok(outcome)
}

fn options(arguments: &RunArguments) -> Options {
    Options {
        threads: arguments.threads.map(|n| usize::try_from(n).expect("u32 fits")),
        rows: match arguments.rows {
            RowsArgument::First => Rows::First,
            RowsArgument::None => Rows::None,
            RowsArgument::All => Rows::All,
        },
        engine: match arguments.engine {
            None => EngineChoice::Default,
            Some(EngineArgument::Reference) => EngineChoice::Reference,
        },
        flips: !arguments.no_flip,
        parts: !arguments.no_parts,
    }
}

fn failed(failure: &Failure) -> Stop {
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
fn told(scenario: &Loaded, outcome: &Outcome, place: &Path, terminal: Terminal) -> String {
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
            told_targets(&mut text, plan, outcome, terminal);
            let growth = words::growth(&outcome.points);
            let told = [
                growth,
                words::never_there(point),
                words::too_many_snapshots(point),
                words::where_time_went(point),
                words::made_again(point),
                words::money(point, &billing::list(model)),
            ];
            for line in told.into_iter().flatten() {
                let _ = write!(text, "\n{}", words::wrapped(&line, 2));
            }
            let ways = words::ways_back(point);
            if !ways.is_empty() {
                text.push('\n');
            }
            for line in ways {
                text.push_str(&words::wrapped(&line, 2));
            }
            let _ = write!(text, "\n{}", table::scopes(point));
        }
        points => {
            text.push_str(&table::sweep(plan, points, terminal.colors_results));
            if model.fleets.iter().any(|fleet| fleet.items.are_requests()) {
                told_requests(&mut text, points);
            }
            if let Some(line) = words::growth(points) {
                let _ = write!(text, "\n{}", words::wrapped(&line, 2));
            }
        }
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

/// Each target with its verdict, and what turns it.
fn told_targets(text: &mut String, plan: &Plan, outcome: &Outcome, terminal: Terminal) {
    let point = &outcome.points[0];
    let promises = &plan.points[0].model.targets;
    if promises.is_empty() {
        text.push_str("  The scenario states no target.\n");
    }
    for (target, promise) in point.targets.iter().zip(promises) {
        let verdict = words::verdict(target.judgement.verdict, terminal.colors_results);
        let _ = writeln!(text, "  {verdict}  {}", target.name);
        text.push_str(&words::wrapped(&words::target(target, promise), 12));
        for turn in words::turns(target, &outcome.flips) {
            text.push_str(&words::wrapped(&turn, 12));
        }
    }
}
