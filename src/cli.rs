//! Subcommands, words to the user, exit codes.
//!
//! Results go to standard output, words to standard error. Exit codes: 0 done, 1 done and a target
//! is missed (or, of a request that is explained: no copy is made), 2 wrong usage, 3 the scenario or
//! an input is wrong, 4 the machine failed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod check;
mod compare;
mod explain;
mod files;
mod import;
mod init;
mod json;
mod merge;
mod progress;
mod report;
mod run;
mod shard;
mod solve;
mod table;
mod terminal;
mod verify;
mod words;

use import::ImportArguments;
use merge::MergeArguments;
use report::ReportArguments;
use shard::ShardArgument;
use terminal::Terminal;

use crate::compare::PointChoice;
use crate::explain::MANAGED_KEY;
use crate::units::{Bytes, ParseError};

/// How a command ended, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Done.
    Done = 0,
    /// Done, and a target is missed (with `--require`), or a request makes no copy.
    Missed = 1,
    /// Wrong usage.
    Usage = 2,
    /// The scenario or an input is wrong.
    Wrong = 3,
    /// The machine failed.
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command stops before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stop {
    exit: Exit,
    /// All that there is to say, in lines.
    message: String,
}

impl Stop {
    fn new(exit: Exit, message: impl Into<String>) -> Stop {
        Stop { exit, message: message.into() }
    }
}

/// Simulates Amazon EBS snapshot and AMI copies: will they arrive in time, what holds them up, what
/// do they cost?
#[derive(Debug, Parser)]
#[command(name = "snapferry", version = env!("SNAPFERRY_VERSION"), after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 done, and a target is missed (run --require), or no \
copy is made (explain); 2 wrong usage; 3 the scenario or an input is wrong; 4 the machine failed.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios, write their folders, and say whether the targets are met
    Run(RunArguments),
    /// Put the shards of a plan together: the folder that one machine would have written
    Merge(MergeArguments),
    /// Write the page of an output folder: the answer, what it rests on, and the pictures
    Report(ReportArguments),
    /// Say what is wrong with scenarios, what would run, and the arithmetic of it
    Check(CheckArguments),
    /// Say by how much two scenarios, two points of a sweep, or two output folders differ
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArguments),
    /// Find the completion duration, quota, slots, or start with which the targets are met
    #[command(after_help = SOLVE_HELP)]
    Solve(SolveArguments),
    /// Say what the provider would answer to one request, by which fact, and what the copy takes
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainArguments),
    /// Make a scenario of what CloudTrail logged, and of snapshots and images that the AWS CLI listed
    Import(ImportArguments),
    /// Write a commented scenario to start from
    Init(InitArguments),
    /// Print the JSON Schema of the scenario format, for editors
    Schema,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// What scenarios are read, and what overrides their text.
#[derive(Debug, Args)]
struct ScenarioArguments {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Seed of all draws, instead of the scenario's
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Replications of each design point, instead of the scenario's
    #[arg(long, value_name = "R")]
    replications: Option<u32>,
    /// Override a key of the scenario, such as limits.quota="4000 MiB/s"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    settings: Vec<(String, String)>,
}

impl ScenarioArguments {
    /// All settings that override the text, the named ones last.
    fn all_settings(&self) -> Vec<(String, String)> {
        let named = [
            ("scenario.seed", self.seed.map(|seed| seed.to_string())),
            ("scenario.replications", self.replications.map(|n| n.to_string())),
        ];
        let named = named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        self.settings.iter().cloned().chain(named).collect()
    }
}

#[derive(Debug, Args)]
struct RunArguments {
    #[command(flatten)]
    scenarios: ScenarioArguments,
    /// Folder to write; with several scenarios, the folder above theirs [default:
    /// output/<scenario>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which runs of a design point write a row for each copy
    #[arg(long, value_enum, default_value_t)]
    rows: RowsArgument,
    /// Another engine, to compare with
    #[arg(long, value_enum, value_name = "ENGINE")]
    engine: Option<EngineArgument>,
    /// Carry out part I of N alone, into DIR/shard-I-of-N [default DIR: output/<scenario>.shards]; I
    /// goes from 1, or is `auto`: as Slurm, Kubernetes, AWS Batch, or HyperQueue number the task
    #[arg(long, value_name = "I/N", value_parser = shard::parse)]
    shard: Option<ShardArgument>,
    /// Do all runs anew, even those that an interrupted run, or one of fewer replications, finished
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    how: HowArguments,
}

/// How a plan is carried out, and what is said of it.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct HowArguments {
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
    /// Say how long each stage took
    #[arg(long)]
    timings: bool,
    /// Try no flipped assumptions and no lifted limits, and do not follow the worst copies
    #[arg(long)]
    no_flip: bool,
    /// Flip every assumption that bears on a copy over its whole range, each in as many runs (at
    /// most 20), and say which turn a verdict
    #[arg(long, conflicts_with = "no_flip")]
    sensitivity: bool,
    /// Do not run the best point of a sweep again on fresh draws
    #[arg(long)]
    no_confirm: bool,
    /// Do not keep the runs in the folder (parts.bin), from which more replications go on
    #[arg(long)]
    no_parts: bool,
    /// Write the page as well: report.html
    #[arg(long)]
    report: bool,
    /// Exit with 1 unless every target is met; "not sure" is not met
    #[arg(long)]
    require: bool,
    /// No progress and no remarks, only results and errors
    #[arg(long, short)]
    quiet: bool,
    /// Print results as JSON, one line a scenario
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct SolveArguments {
    #[command(flatten)]
    scenarios: ScenarioArguments,
    /// What is asked for
    #[arg(long = "for", value_enum, value_name = "UNKNOWN")]
    unknown: UnknownArgument,
    /// Values to try, with commas between them, such as "15 min, 30 min, 1 h" or "01:00, 01:15"
    #[arg(long, value_name = "VALUES")]
    grid: Option<String>,
    /// Only durations or starts of this fleet vary; may be repeated
    #[arg(long = "fleet", value_name = "NAME")]
    fleets: Vec<String>,
    /// Only this target has to be met; may be repeated
    #[arg(long = "target", value_name = "NAME")]
    targets: Vec<String>,
    /// Folder to write [default: output/<scenario>-<unknown>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
    /// Exit with 1 unless a value is found, and confirmed
    #[arg(long)]
    require: bool,
    /// No progress and no remarks, only results and errors
    #[arg(long, short)]
    quiet: bool,
    /// Print results as JSON, in one line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UnknownArgument {
    /// Completion duration of the time-based copies, all alike: the cheapest that meets
    Duration,
    /// Throughput quota of every pair of Regions: the least that meets
    Quota,
    /// Snapshot copies at once to every destination: the fewest that meet
    Slots,
    /// Time of day at which snapshots are due: the nearest to the present one that meets
    Start,
}

const SOLVE_HELP: &str = "\
Values that are tried where --grid names none, and the present one with them:
  duration   15, 30, 45, 60, 90 min, 2, 3, 4, 6, 8, 12, 24, 36, 48 h
  quota      the present one, and 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 8 times of it
  slots      5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200
  start      each hour of the day

A value meets where the verdict of every target is yes. The answer is run again on fresh seeds.

Exit codes: 0 done; 1 nothing is found and confirmed (with --require); 2 wrong usage; 3 the scenario
or an input is wrong; 4 the machine failed.";

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum RowsArgument {
    /// The first replication
    #[default]
    First,
    /// No run; nor are time series written
    None,
    /// Every run
    All,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EngineArgument {
    /// Progressive filling: the definition of the rates, slow and plain
    Reference,
}

#[derive(Debug, Args)]
struct CheckArguments {
    #[command(flatten)]
    scenarios: ScenarioArguments,
    /// List the design points
    #[arg(long)]
    plan: bool,
}

#[derive(Debug, Args)]
struct CompareArguments {
    /// A scenario file, or an output folder
    a: PathBuf,
    /// Another one of its kind [default: A itself, with what --set or --point change]
    b: Option<PathBuf>,
    /// A point of a sweep, by its number or as AXIS=VALUE, …; twice: that of A and that of B
    #[arg(long = "point", value_name = "POINT")]
    points: Vec<PointChoice>,
    /// Override a key of the scenario in B alone, such as limits.quota="4000 MiB/s"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    settings: Vec<(String, String)>,
    /// Override a key of the scenario in A and in B; may be repeated
    #[arg(long = "set-both", value_name = "KEY=VALUE", value_parser = key_value)]
    settings_both: Vec<(String, String)>,
    /// Seed of all draws of both, instead of the scenarios'
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Replications of both, instead of the scenarios'
    #[arg(long, value_name = "R")]
    replications: Option<u32>,
    /// Take the runs of A and B as independent, whatever their seeds
    #[arg(long)]
    unpaired: bool,
    /// Folder to write: all differences, and the copies that move most
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
    /// No progress and no remarks, only results and errors
    #[arg(long, short)]
    quiet: bool,
    /// Print results as JSON, in one line
    #[arg(long)]
    json: bool,
}

const COMPARE_HELP: &str = "\
Comparisons:
  compare a.toml b.toml                                  two scenarios
  compare a.toml --set limits.snapshot_copies=40         a scenario, and what it would be otherwise
  compare a.toml --point slots=5 --point slots=20        two points of its sweep
  compare output/a output/b                              two output folders; nothing is run
  compare output/a --point 0 --point 3                   two points of one

Run r of A and run r of B meet the same draws, and are compared with one another.";

#[derive(Debug, Args)]
struct ExplainArguments {
    /// The request: CopySnapshot or CopyImage with parameters as NAME=VALUE, or with two places; or
    /// a file
    #[arg(required = true, value_name = "REQUEST")]
    words: Vec<String>,
    /// Region that the request is sent to
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Account that asks [default: that of the record, or any]
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Local Zone or Outpost that the source is in [default: the source's Region itself]
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    /// Bytes of a full copy, such as "100 GiB"; again for each snapshot of an image
    #[arg(long = "size", value_name = "SIZE", value_parser = amount)]
    sizes: Vec<Bytes>,
    /// Bytes that changed since a copy that is there already; again for each snapshot of an image
    #[arg(long, value_name = "SIZE", value_parser = amount)]
    changed: Vec<Bytes>,
    /// Key that the source is encrypted under
    #[arg(long, value_name = "KEY")]
    source_key: Option<String>,
    /// State of the source, such as pending
    #[arg(long, value_name = "STATE")]
    source_state: Option<String>,
    /// Encryption by default is on in the destination Region, under this key or the provider's own
    #[arg(long, value_name = "KEY", num_args = 0..=1, require_equals = true,
          default_missing_value = MANAGED_KEY)]
    encryption_by_default: Option<String>,
    /// What `aws ec2 describe-snapshots` prints of the source's Region
    #[arg(long, value_name = "FILE")]
    snapshots: Vec<PathBuf>,
    /// What `aws ec2 describe-images` prints of the source's Region
    #[arg(long, value_name = "FILE")]
    images: Vec<PathBuf>,
    /// Print the answer as JSON, in one line
    #[arg(long)]
    json: bool,
}

const EXPLAIN_HELP: &str = "\
Requests:
  explain CopySnapshot --region us-west-2 SourceRegion=us-east-1 SourceSnapshotId=snap-…
  explain CopyImage us-west-2-lax-1a us-west-2   can it go there? places are Regions, Local Zones,
                                                 ARNs of Outposts, or plant@us-west-2
  explain request.json --region us-west-2        as --cli-input-json of the AWS CLI takes it
  explain record.json                            a record of CloudTrail; `-` is standard input

Exit codes: 0 the copy is made; 1 it is refused, or fails later; 2 wrong usage; 3 an input is wrong.";

#[derive(Debug, Args)]
struct InitArguments {
    /// File to write, which must not be there yet; standard output where none is named
    file: Option<PathBuf>,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) =
        text.split_once('=').ok_or("write KEY=VALUE, such as limits.quota=\"4000 MiB/s\"")?;
    if key.trim().is_empty() {
        return Err("there is no key before `=`".to_owned());
    }
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

fn amount(text: &str) -> Result<Bytes, String> {
    text.parse().map_err(|error: ParseError| error.to_string())
}

/// Runs the command that `arguments` ask for, the first being the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let terminal = Terminal::detect();
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(error) => {
            // Help that cannot be printed, to a closed pipe, is not missed by anybody.
            let _ = error.print();
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            return exit.into();
        }
    };
    let ended = match command {
        Command::Run(arguments) => run::run(&arguments, terminal),
        Command::Merge(arguments) => merge::run(&arguments, terminal),
        Command::Report(arguments) => report::run(&arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Compare(arguments) => compare::run(&arguments, terminal),
        Command::Solve(arguments) => solve::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Import(arguments) => import::run(&arguments, terminal),
        Command::Init(arguments) => init::run(&arguments),
        Command::Schema => terminal::result(&(crate::scenario::schema() + "\n")),
        Command::Completions { shell } => terminal::result(&completions(shell)),
        Command::Man => terminal::result(&manual()),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(stop) => {
            terminal::say(&stop.message);
            stop.exit.into()
        }
    }
}

fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "snapferry", &mut script);
    String::from_utf8(script).expect("completions are text")
}

fn manual() -> String {
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(Arguments::command());
    manual.render(&mut page).expect("memory takes all that is written");
    String::from_utf8(page).expect("a manual page is text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_fits_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_setting_is_split_at_its_first_equals_sign() {
        let split = |text| key_value(text).map_err(|_| ());
        let pair = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(split("limits.quota=4000 MiB/s"), pair("limits.quota", "4000 MiB/s"));
        assert_eq!(split("a = { b = 1 }"), pair("a", "{ b = 1 }"));
        assert_eq!(split("a="), pair("a", ""));
        assert_eq!(split("=1"), Err(()));
        assert_eq!(split("limits.quota"), Err(()));
    }
}
