//! `explain`: one request, allowed or refused, by which fact, and what becomes of the copy.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::terminal::{self, Terminal};
use super::{Exit, ExplainArguments, Stop};
use crate::api::{Action, Kind, Parameter, PlaceOf};
use crate::catalog::location;
use crate::explain::{Document, Question, SOME_ACCOUNT, Site, Source, is_state};
use crate::scenario::inventory::{Images, InputProblem, Snapshots};

mod json;
#[cfg(test)]
mod tests;
mod text;

/// What stands in a request for an id that the user does not give.
const SOME_SNAPSHOT: &str = "snap-1234567890abcdef0";
const SOME_IMAGE: &str = "ami-1234567890abcdef0";
const SOME_NAME: &str = "copy";
const SOME_OUTPOST: &str = "outpost/op-1234567890abcdef0";

/// A request as the command line and its files give it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    action: Action,
    region: Option<String>,
    account: Option<String>,
    parameters: Map<String, Value>,
    /// Where the source is and where it goes, if two places are named.
    route: Option<(Site, Site)>,
    /// The ARN that stands in for an Outpost that has none, and what the user calls that.
    outpost: Option<(String, String)>,
    /// What the provider answered, where a record says so.
    seen: Option<Seen>,
}

/// What a record says that the provider answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// No error.
    Accepted,
    /// The error of this code, as CloudTrail spells it.
    Refused(String),
}

/// Explains a request; ends with 1 where no copy is made.
pub(super) fn run(arguments: &ExplainArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let asked = asked(arguments)?;
    let question = question(arguments, &asked)?;
    let explanation = question.explain();
    let told = if arguments.json {
        json::line(&explanation, &asked)
    } else {
        text::told(&explanation, &asked, terminal.colors_results)
    };
    terminal::result(&told)?;
    Ok(if explanation.is_made() { Exit::Done } else { Exit::Missed })
}

fn usage(message: impl std::fmt::Display) -> Stop {
    Stop::new(Exit::Usage, format!("error: {message}"))
}

fn wrong(message: impl std::fmt::Display) -> Stop {
    Stop::new(Exit::Wrong, format!("error: {message}"))
}

/// The request that the words of the command line are.
fn asked(arguments: &ExplainArguments) -> Result<Asked, Stop> {
    let (first, rest) = arguments.words.split_first().expect("the parser needs one word");
    let action = action(first);
    let words = if action.is_some() { rest } else { &arguments.words[..] };
    let (pairs, plain): (Vec<&String>, Vec<&String>) = words.iter().partition(|w| w.contains('='));
    let mut asked = match (action, plain.as_slice()) {
        (Some(action), []) => Asked::of(action),
        (_, [file]) => of_document(action, file)?,
        (Some(action), [from, to]) => Asked::of_route(action, from, to)?,
        (None, _) => return Err(usage(format!("`{first}` is {WHAT_FIRST}"))),
        (Some(_), [_, _, third, ..]) => {
            return Err(usage(format!("`{third}` is too much: {WHAT_THEN}")));
        }
    };
    for pair in pairs {
        let (name, value) = pair.split_once('=').expect("it was chosen by its `=`");
        asked.put(name, value);
    }
    Ok(asked)
}

const WHAT_FIRST: &str = "neither CopySnapshot nor CopyImage, nor the one file of a request";

const WHAT_THEN: &str = "parameters are written NAME=VALUE, a route as two places, a request in a \
                         file as its name";

/// The call of a name, as the API or the AWS CLI spells it.
fn action(word: &str) -> Option<Action> {
    match word {
        "copy-snapshot" => Some(Action::CopySnapshot),
        "copy-image" => Some(Action::CopyImage),
        _ => Action::from_name(word),
    }
}

impl Asked {
    fn of(action: Action) -> Asked {
        Asked {
            action,
            region: None,
            account: None,
            parameters: Map::new(),
            route: None,
            outpost: None,
            seen: None,
        }
    }

    /// The request that copies something, whatever it is, from one place to another.
    fn of_route(action: Action, from: &str, to: &str) -> Result<Asked, Stop> {
        let read = |text: &str| Site::read(text).map_err(usage);
        let (from, to) = (read(from)?, read(to)?);
        let (place, goal) = (from.place(), to.place());
        let mut asked = Asked::of(action);
        asked.put("SourceRegion", place.region());
        match action {
            Action::CopySnapshot => asked.put("SourceSnapshotId", SOME_SNAPSHOT),
            Action::CopyImage => {
                asked.put("SourceImageId", SOME_IMAGE);
                asked.put("Name", SOME_NAME);
            }
        }
        match goal {
            PlaceOf::Region { .. } => {}
            PlaceOf::LocalZone { name, .. } => asked.put("DestinationAvailabilityZone", name),
            PlaceOf::Outpost { name, parent } => {
                let arn = if name.starts_with("arn:") {
                    name.to_owned()
                } else {
                    format!("arn:aws:outposts:{parent}:{SOME_ACCOUNT}:{SOME_OUTPOST}")
                };
                asked.put("DestinationOutpostArn", &arn);
                asked.outpost = Some((arn, name.to_owned()));
            }
        }
        asked.region = Some(goal.region().to_owned());
        asked.route = Some((from, to));
        Ok(asked)
    }

    /// Puts a parameter, as the type that the call has for it; what is of no such type, and what
    /// the call does not have, stays a text, for the judge to refuse.
    fn put(&mut self, name: &str, text: &str) {
        let known = Parameter::named(self.action, name).ok();
        let read = match known.map(Parameter::kind) {
            Some(Kind::Flag | Kind::Number | Kind::Tags) => serde_json::from_str(text).ok(),
            Some(Kind::Text) | None => None,
        };
        let value = read.unwrap_or_else(|| Value::String(text.to_owned()));
        if let Some(parameter) = known {
            // the same parameter in CloudTrail's spelling would be one too many
            let is_other = |found: &str| Parameter::named(self.action, found) != Ok(parameter);
            self.parameters.retain(|found, _| is_other(found));
        }
        self.parameters.insert(name.to_owned(), value);
    }

    /// What is asked for, in a line: `CopyImage us-west-2 → eu-west-1`, or with the id of the source.
    fn title(&self) -> String {
        let called = self.action.name();
        match &self.route {
            Some((from, to)) => {
                format!("{called} {} → {}", from.place().name(), to.place().name())
            }
            None => format!("{called} {}", id(self)).trim_end().to_owned(),
        }
    }

    /// A text with the user's name of the Outpost in the place of the ARN that stands in for it.
    fn named(&self, text: &str) -> String {
        match &self.outpost {
            Some((arn, name)) => text.replace(arn, name),
            None => text.to_owned(),
        }
    }
}

/// The request of a file, or of standard input where it is called `-`.
fn of_document(action: Option<Action>, file: &str) -> Result<Asked, Stop> {
    let read = if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let shown = if file == "-" { "standard input" } else { file };
    let text = read.map_err(|error| {
        let places = "a place alone is no route: write FROM and TO";
        let help = if location::place(file).is_ok() { places } else { WHAT_THEN };
        wrong(format!("cannot read {shown}: {error}; {help}"))
    })?;
    let document = Document::read(&text).map_err(|told| wrong(format!("{shown}: {told}")))?;
    let action = match (action, document.action) {
        (Some(asked), Some(found)) if asked != found => {
            let (asked, found) = (asked.name(), found.name());
            return Err(wrong(format!("{shown} holds a {found}, and {asked} is asked for")));
        }
        (asked, found) => asked.or(found),
    };
    let Some(action) = action else {
        let help = "write CopySnapshot or CopyImage before it";
        return Err(wrong(format!("{shown} does not say which call it is for: {help}")));
    };
    Ok(Asked {
        region: document.region,
        account: document.account,
        parameters: document.parameters,
        seen: document.is_record.then(|| document.seen.map_or(Seen::Accepted, Seen::Refused)),
        ..Asked::of(action)
    })
}

/// The request with what the options say of its source and of the account.
fn question(arguments: &ExplainArguments, asked: &Asked) -> Result<Question, Stop> {
    let region = arguments.region.as_deref().or(asked.region.as_deref());
    let region = region.ok_or_else(|| {
        usage("--region is missing: the Region that the request is sent to, such as us-west-2")
    })?;
    let region = location::region(region).map_err(usage)?;
    Ok(Question {
        action: asked.action,
        region,
        account: arguments
            .account
            .as_ref()
            .or(asked.account.as_ref())
            .map_or_else(|| SOME_ACCOUNT.to_owned(), String::clone),
        parameters: asked.parameters.clone(),
        source: source(arguments, asked)?,
        encryption_by_default: arguments.encryption_by_default.clone(),
    })
}

/// What is known of the source: by the files, if there are any, and by the options, which go first.
fn source(arguments: &ExplainArguments, asked: &Asked) -> Result<Source, Stop> {
    let (sizes, changed) = (&arguments.sizes, &arguments.changed);
    let key = arguments.source_key.as_deref();
    let has_files = !(arguments.snapshots.is_empty() && arguments.images.is_empty());
    let mut source = if has_files {
        let snapshots = files(&arguments.snapshots, Snapshots::read)?;
        let images = files(&arguments.images, Images::read)?;
        let listed = Source::listed(asked.action, &id(asked), &snapshots, &images);
        listed.with(sizes, changed, key).map_err(usage)?
    } else {
        Source::told(asked.action, sizes, changed, key)
    };
    if asked.action == Action::CopySnapshot && 1 < source.snapshots.len() {
        return Err(usage("a snapshot has one --size and one --changed; only images have several"));
    }
    if let Some(state) = &arguments.source_state {
        is_state(asked.action, state).map_err(usage)?;
        source.state = Some(state.clone());
    }
    if let Some(place) = &arguments.from {
        source.site = Some(Site::read(place).map_err(usage)?);
    } else if let Some((from, _)) = &asked.route {
        source.site = Some(from.clone());
    }
    Ok(source)
}

/// Id of the source that the request names.
fn id(asked: &Asked) -> String {
    let wanted = match asked.action {
        Action::CopySnapshot => Parameter::SourceSnapshotId,
        Action::CopyImage => Parameter::SourceImageId,
    };
    let is_wanted = |name: &str| Parameter::named(asked.action, name) == Ok(wanted);
    let found = asked.parameters.iter().find(|(name, _)| is_wanted(name));
    found.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
}

/// Reads files of one kind; all problems of all of them come at once.
fn files<T>(
    paths: &[PathBuf],
    read: fn(&str, &[u8]) -> Result<T, Vec<InputProblem>>,
) -> Result<Vec<T>, Stop> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match fs::read(path) {
            Err(error) => problems.push(format!("error: cannot read {name}: {error}")),
            Ok(bytes) => match read(&name, &bytes) {
                Ok(file) => found.push(file),
                Err(told) => problems.extend(told.iter().map(|one| format!("error: {one}"))),
            },
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Stop::new(Exit::Wrong, problems.join("\n"))) }
}
