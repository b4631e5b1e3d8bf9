//! `compare`: two scenarios, two points, or two folders, and by how much they differ.

use std::fmt::Write;
use std::path::Path;

use super::files::{self, Loaded};
use super::progress::Progress;
use super::terminal::{self, Terminal};
use super::{CompareArguments, Exit, Stop};
use crate::compare::{
    self, Comparison, Folder, FolderSide, Pairs, PointChoice, PointLabels, Refusal, ScenarioSide,
    choose, compare_folders, compare_scenarios, label,
};
use crate::experiment::{Disk, FolderKind, Staging};
use crate::units::index_usize;

mod json;
mod text;

/// Compares what the command line names.
pub(super) fn run(arguments: &CompareArguments, terminal: Terminal) -> Result<Exit, Stop> {
    check_usage(arguments)?;
    let staging = arguments.out.as_deref().map(|out| Staging::open(out, &Disk)).transpose();
    let staging = staging.map_err(|failure| stopped(&failure.into()))?;
    if let Some(staging) = &staging {
        let is_free = staging.replaces_only(FolderKind::Comparison);
        is_free.map_err(|failure| super::run::failed(&failure))?;
    }
    if let Some(staging) = staging.as_ref().filter(|_| !arguments.quiet) {
        for note in &staging.notes {
            terminal::say(&format!("note: {note}"));
        }
    }
    let comparison = if arguments.a.is_dir() {
        of_folders(arguments)?
    } else {
        of_scenarios(arguments, terminal)?
    };
    if let Some(staging) = staging {
        compare::write(&comparison, &staging).map_err(|failure| stopped(&failure.into()))?;
        crate::report::write_charts(staging.path())
            .map_err(|fault| super::report::wrong(&fault))?;
        staging.publish().map_err(|failure| stopped(&failure.into()))?;
    }
    if arguments.json {
        return terminal::result(&json::line(&comparison));
    }
    terminal::result(&text::told(&comparison, arguments.out.as_deref(), terminal))
}

/// Refuses command lines that do not say what is compared with what.
fn check_usage(arguments: &CompareArguments) -> Result<(), Stop> {
    let usage = |message: &str| Err(Stop::new(Exit::Usage, format!("error: {message}")));
    let CompareArguments { a, b, points, settings, .. } = arguments;
    if 2 < points.len() {
        return usage("--point is given more than twice: once for both sides, or once for each");
    }
    // what is not there is told with its name
    if let Some(b) = b
        && b.exists()
        && a.is_dir() != b.is_dir()
    {
        return usage(
            "one of the two is a folder and the other one is not: run the scenario, and compare \
             the two folders",
        );
    }
    if a.is_dir() {
        let set = !settings.is_empty() || !arguments.settings_both.is_empty();
        if set || arguments.seed.is_some() || arguments.replications.is_some() {
            return usage(
                "folders are compared as they are: --set, --set-both, --seed, and --replications \
                 are for scenarios, which are run",
            );
        }
    }
    if b.is_none() && settings.is_empty() && points.len() < 2 {
        return usage(
            "compare with what? name a second scenario or folder, a --set, or two times --point",
        );
    }
    Ok(())
}

fn of_scenarios(arguments: &CompareArguments, terminal: Terminal) -> Result<Comparison, Stop> {
    let named = [
        ("scenario.seed", arguments.seed.map(|seed| seed.to_string())),
        ("scenario.replications", arguments.replications.map(|n| n.to_string())),
    ];
    let named = named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let mut settings = arguments.settings_both.clone();
    settings.extend(named);
    let a = files::load_one(&arguments.a, &settings, terminal);
    settings.extend(arguments.settings.iter().cloned());
    let b = files::load_one(arguments.b.as_deref().unwrap_or(&arguments.a), &settings, terminal);
    let (a, b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => return Err(Stop::new(Exit::Wrong, wrong)),
        (Err(one), Err(other)) if one == other => return Err(Stop::new(Exit::Wrong, one)),
        (Err(one), Err(other)) => return Err(Stop::new(Exit::Wrong, one + &other)),
    };
    let [choice_a, choice_b] = choices(arguments);
    let (point_a, point_b) = (point_of(&a, choice_a)?, point_of(&b, choice_b)?);
    let side = |loaded: &Loaded, point: usize, settings: &[(String, String)]| {
        let labels = &loaded.plan.points[point].labels;
        called(loaded.name(), (point, labels), settings)
    };
    let side_a = ScenarioSide { name: side(&a, point_a, &[]), point: &a.plan.points[point_a] };
    let name_b = side(&b, point_b, &arguments.settings);
    let side_b = ScenarioSide { name: name_b, point: &b.plan.points[point_b] };
    if !arguments.quiet {
        let remarks = (a.remarks(terminal), b.remarks(terminal));
        terminal::say(&remarks.0);
        if remarks.1 != remarks.0 {
            terminal::say(&remarks.1);
        }
    }
    let progress = Progress::new(arguments.quiet);
    let threads = arguments.threads.map(index_usize);
    let compared = compare_scenarios(&side_a, &side_b, pairs(arguments), threads, &progress);
    progress.clear();
    compared.map_err(|refusal| stopped(&refusal))
}

fn of_folders(arguments: &CompareArguments) -> Result<Comparison, Stop> {
    let open = |path: &Path| Folder::open(path).map_err(|refusal| stopped(&refusal));
    let path_b = arguments.b.as_deref().unwrap_or(&arguments.a);
    let (a, b) = (open(&arguments.a)?, open(path_b)?);
    let [choice_a, choice_b] = choices(arguments);
    let side = |path: &Path, folder, choice| side_of(path, folder, choice);
    let (side_a, side_b) = (side(&arguments.a, &a, choice_a)?, side(path_b, &b, choice_b)?);
    compare_folders(&side_a, &side_b, pairs(arguments)).map_err(|refusal| stopped(&refusal))
}

fn side_of<'f>(
    path: &Path,
    folder: &'f Folder,
    choice: Option<&PointChoice>,
) -> Result<FolderSide<'f>, Stop> {
    let point = choose(choice, folder.points(), &path.display().to_string())
        .map_err(|reason| wrong(&reason))?;
    let labels = &folder.points()[point].1;
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(FolderSide { name: called(&name, (point, labels), &[]), folder, point })
}

/// The point of each side that is asked for.
fn choices(arguments: &CompareArguments) -> [Option<&PointChoice>; 2] {
    [arguments.points.first(), arguments.points.last()]
}

fn point_of(loaded: &Loaded, choice: Option<&PointChoice>) -> Result<usize, Stop> {
    let points = loaded.plan.points.iter().map(|point| (point.index, point.labels.clone()));
    let points: Vec<PointLabels> = points.collect();
    choose(choice, &points, &loaded.source.name).map_err(|reason| wrong(&reason))
}

/// `nightly, point 3 (slots=20), with limits.quota = 4000 MiB/s`.
fn called(
    name: &str,
    (point, labels): (usize, &[(String, String)]),
    settings: &[(String, String)],
) -> String {
    let mut text = name.to_owned();
    if !labels.is_empty() {
        let _ = write!(text, ", point {point} ({})", label(labels));
    }
    for (place, (key, value)) in settings.iter().enumerate() {
        let before = if place == 0 { " with" } else { "," };
        let _ = write!(text, "{before} {key} = {value}");
    }
    text
}

fn pairs(arguments: &CompareArguments) -> Pairs {
    if arguments.unpaired { Pairs::None } else { Pairs::ByReplication }
}

fn wrong(reason: &str) -> Stop {
    Stop::new(Exit::Wrong, format!("error: {reason}"))
}

fn stopped(refusal: &Refusal) -> Stop {
    match refusal {
        Refusal::Wrong(reasons) => {
            let lines = reasons.iter().map(|reason| format!("error: {reason}\n"));
            Stop::new(Exit::Wrong, lines.collect::<String>())
        }
        Refusal::Failed(failure) => Stop::new(Exit::Failed, format!("error: {failure}")),
    }
}
