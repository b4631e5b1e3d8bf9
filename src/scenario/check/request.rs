//! Requests in the API's own words: read from the scenario and from logs, joined with an inventory,
//! judged in order of time, and gathered into fleets of requests.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Basics, Notes, listed};
use crate::api::{Parameter, Request};
use crate::catalog::limit::{DURATION_MAX, DURATION_MIN, DURATION_STEP};
use crate::catalog::location::{self, Region};
use crate::model::Undone;
use crate::scenario::file::{self, File};
use crate::scenario::inventory::{Deletion, Images, Snapshots, Trail, TrailEvent, undone};
use crate::scenario::problem::{Place, Problem};
use crate::scenario::requests::state::{ByDefault, Stock};
use crate::scenario::spelling::PerDay;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};
use crate::units::{Bytes, Instant, Span};

mod fleet;
mod judge;
mod outpost;
mod written;

pub(super) use fleet::fleets;
use outpost::Outposts;

/// Share of the written bytes that changes in a day, where `[requests]` says nothing.
///
/// Assumed: the median of what volumes of fleets take (`docs/model.md`).
const CHANGE: f64 = 0.03;

/// Requests before they are judged, in order of time, and what their sources are.
#[derive(Debug, Default)]
pub(super) struct Book {
    asks: Vec<Ask>,
    stock: Stock,
    outposts: Outposts,
    assume_size: Option<Bytes>,
    change: f64,
    client: Option<At<String>>,
    defaults: BTreeMap<String, ByDefault>,
    /// By how much the time of the run differs from that of the log.
    shift: Shift,
}

/// One request.
#[derive(Debug, Clone)]
struct Ask {
    /// How messages call it: `request.first`, `requests.cloudtrail`.
    key: String,
    origin: Origin,
    /// What it is called: a name, or the id of its event.
    called: Option<String>,
    at: Instant,
    /// The Region that it is sent to.
    region: &'static Region,
    account: Caller,
    client: Option<At<String>>,
    request: Request,
    /// What the log says of it.
    logged: Option<Logged>,
    /// What is done to it or to its source later.
    later: Undone,
}

/// What a log says of a request.
#[derive(Debug, Clone)]
struct Logged {
    /// The error that it was answered with.
    refused: Option<String>,
    /// The id of what came of it.
    made: Option<String>,
}

/// Where a request stands.
#[derive(Debug, Clone)]
enum Origin {
    /// In the scenario: the whole of it, and each parameter.
    Text { whole: Range<usize>, parameters: Vec<(Parameter, Range<usize>)> },
    /// In a log.
    File { file: String, line: Option<u64> },
}

/// Whose request it is.
#[derive(Debug, Clone)]
enum Caller {
    /// The account of this name in the scenario, or the one without a name.
    Named(Option<At<String>>),
    /// The account of this id.
    Id(String),
}

/// How times of a log become times of the run.
#[derive(Debug, Clone, Copy, Default)]
enum Shift {
    /// They are the same.
    #[default]
    None,
    Later(Span),
    Earlier(Span),
}

impl Shift {
    /// From `first` of a log to `start` of the run.
    fn between(first: Instant, start: Instant) -> Shift {
        if first <= start {
            Shift::Later(start.since(first))
        } else {
            Shift::Earlier(first.since(start))
        }
    }

    fn of(self, at: Instant) -> Instant {
        match self {
            Shift::None => at,
            Shift::Later(span) => at + span,
            Shift::Earlier(span) => Instant::ZERO + at.since_or_zero(Instant::ZERO + span),
        }
    }
}

/// Reads the requests of a scenario, and what its files list. Where a log says when the run begins
/// and the scenario does not, the start is put into `basics`.
pub(super) fn open(file: &File, basics: &mut Basics, notes: &mut Notes<'_>) -> Book {
    if file.requests.is_none() && file.request.is_none() {
        return Book::default();
    }
    let written = file.requests.as_ref().map(|at| &at.value);
    let mut book = Book {
        outposts: Outposts::of(file),
        stock: stock(written, notes),
        assume_size: written.and_then(|w| w.assume_size.as_ref()).map(|at| at.value),
        change: change(written, notes),
        client: written.and_then(|w| w.client.clone()),
        defaults: written.map(|w| defaults(w, notes)).unwrap_or_default(),
        ..Book::default()
    };
    let (events, deleted) = written.map(|w| trails(w, notes)).unwrap_or_default();
    if let Some(first) = events.iter().map(|(_, event)| event.at).min() {
        let start = file.scenario.as_ref().and_then(|section| section.start.as_ref());
        if start.is_none() {
            basics.start = first;
        }
        book.shift = Shift::between(first, basics.start);
    }
    let concerns =
        |deletion: &&Deletion| events.iter().any(|(_, event)| deletion.undoes(event).is_some());
    let n_others = deleted.len() - deleted.iter().filter(concerns).count();
    if 0 < n_others {
        let what = "deletion of something that no request before it copies".to_owned();
        notes.left_out.insert(what, crate::units::index_u64(n_others));
    }
    for (file, event) in events {
        let at = book.shift.of(event.at);
        let later = undone(&event, &deleted);
        book.asks.push(logged(file, event, (at, later)));
    }
    written::read(file, (basics, &book.outposts), &mut book.asks, notes);
    // Those of one instant keep the order of their files: a log has whole seconds.
    book.asks.sort_by_key(|ask| ask.at);
    let end = basics.start + basics.horizon;
    let n_later = book.asks.iter().filter(|ask| end <= ask.at).count();
    if 0 < n_later {
        let message = format!("{n_later} requests are made after the horizon, and do not count");
        let help = "lengthen `scenario.horizon`";
        notes.warn(Found::new("scenario.horizon", 0..0, message).help(help));
    }
    let is_alone = book.asks.is_empty() && file.request.is_none();
    if is_alone && notes.found.is_empty() && notes.input_problems.is_empty() {
        let span = file.requests.as_ref().map_or(0..0, |at| at.span.clone());
        let message = "there is no request: neither a `[[request]]` nor a log that holds one";
        notes.wrong(Found::new("requests", span, message).help("give `cloudtrail` a file"));
    }
    book
}

/// The request of an event.
fn logged(file: String, event: TrailEvent, (at, later): (Instant, Undone)) -> Ask {
    Ask {
        key: "requests.cloudtrail".to_owned(),
        origin: Origin::File { file, line: event.line },
        called: event.id,
        at,
        region: event.region,
        account: event.account.map_or(Caller::Named(None), Caller::Id),
        client: None,
        request: event.request,
        logged: Some(Logged { refused: event.refused, made: event.made }),
        later,
    }
}

/// What the files of the inventory list.
fn stock(written: Option<&file::Requests>, notes: &mut Notes<'_>) -> Stock {
    let Some(inventory) = written.and_then(|written| written.inventory.as_ref()) else {
        return Stock::default();
    };
    let key = "requests.inventory";
    let listed = &inventory.value;
    let snapshots = listed.snapshots.as_ref();
    let snapshots = listed::files(&format!("{key}.snapshots"), snapshots, Snapshots::read, notes);
    let images =
        listed::files(&format!("{key}.images"), listed.images.as_ref(), Images::read, notes);
    let (snapshots, images) = (snapshots.unwrap_or_default(), images.unwrap_or_default());
    let remarks = snapshots.iter().flat_map(|file| &file.warnings);
    let remarks: Vec<_> =
        remarks.chain(images.iter().flat_map(|file| &file.warnings)).cloned().collect();
    notes.input_warnings.extend(remarks.into_iter().map(|problem| listed::told(key, problem)));
    Stock::of(snapshots, images)
}

fn change(written: Option<&file::Requests>, notes: &mut Notes<'_>) -> f64 {
    let Some(At { value: PerDay(share), span }) = written.and_then(|w| w.change.as_ref()) else {
        return CHANGE;
    };
    if 1.0 < *share {
        let message = "more than the whole cannot change: at most `100 %/day`";
        notes.wrong(Found::new("requests.change", span.clone(), message));
    }
    share.min(1.0)
}

fn defaults(written: &file::Requests, notes: &mut Notes<'_>) -> BTreeMap<String, ByDefault> {
    let mut defaults = BTreeMap::new();
    for (region, at) in written.region_defaults.iter().flatten() {
        let key = format!("requests.region_defaults.{region}");
        if let Err(unknown) = location::region(region) {
            notes.wrong(Found::new(key, at.span.clone(), unknown.to_string()));
            continue;
        }
        let own = ByDefault {
            on: at.value.encrypted.as_ref().is_none_or(|on| on.value),
            key: at.value.key.as_ref().map(|key| key.value.clone()),
        };
        defaults.insert(region.clone(), own);
    }
    defaults
}

/// The events of all logs, each once, with the file that it stands in; and what is deleted in them.
fn trails(
    written: &file::Requests,
    notes: &mut Notes<'_>,
) -> (Vec<(String, TrailEvent)>, Vec<Deletion>) {
    let key = "requests.cloudtrail";
    let skips = written.skip_bad.as_ref().is_some_and(|at| at.value);
    let paths: Option<&At<OneOrMany<String>>> = written.cloudtrail.as_ref();
    let (mut events, mut seen, mut deleted) = (Vec::new(), BTreeSet::new(), Vec::new());
    for (path, span) in paths.into_iter().flat_map(At::all) {
        let Some(bytes) = notes.read(key, path, span) else { continue };
        let trail = match Trail::read(path, &bytes) {
            Ok(trail) => trail,
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| listed::told(key, problem));
                notes.input_problems.extend(problems);
                continue;
            }
        };
        let remarks = trail.warnings.into_iter().map(|problem| listed::told(key, problem));
        notes.input_warnings.extend(remarks);
        for (what, n) in trail.left_out {
            *notes.left_out.entry(what).or_default() += n;
        }
        for problem in trail.bad {
            let problem = listed::told(key, problem);
            if skips {
                *notes.left_out.entry("record that cannot be read".to_owned()).or_default() += 1;
                notes.input_warnings.push(problem);
            } else {
                let help = "leave such records out: `skip_bad = true` under `[requests]`";
                notes.input_problems.push(Problem { help: Some(help.to_owned()), ..problem });
            }
        }
        deleted.extend(trail.deletions);
        for event in trail.events {
            if event.id.as_ref().is_none_or(|id| seen.insert(id.clone())) {
                events.push((path.clone(), event));
            } else {
                *notes
                    .left_out
                    .entry("event that stands in the logs twice".to_owned())
                    .or_default() += 1;
            }
        }
    }
    (events, deleted)
}

impl Ask {
    /// Says something of this request, at the place of a parameter where that is known.
    fn tell(&self, parameter: Option<Parameter>, message: String) -> Told {
        match &self.origin {
            Origin::Text { whole, parameters } => {
                let own = parameters.iter().find(|(known, _)| Some(*known) == parameter);
                let (key, span) = match own {
                    Some((known, span)) => (format!("{}.{known}", self.key), span.clone()),
                    None => (self.key.clone(), whole.clone()),
                };
                Told::Text(Found::new(key, span, message))
            }
            Origin::File { file, line } => Told::File(Problem {
                key: self.key.clone(),
                message,
                help: None,
                file: file.clone(),
                place: Place::Input { line: *line, column: None },
            }),
        }
    }

    /// The completion duration that it asks for, where it is one.
    fn duration(&self) -> Option<Span> {
        let minutes = match &self.request {
            Request::Snapshot(request) => request.completion_duration_minutes,
            Request::Image(request) => request.snapshot_copy_completion_duration_minutes,
        };
        let span =
            Span::from_mins(u64::try_from(minutes?).ok()?.min(DURATION_MAX.whole_mins() + 1));
        let whole = span.round_up_to(DURATION_STEP) == span;
        (whole && DURATION_MIN <= span && span <= DURATION_MAX).then_some(span)
    }

    /// The id of its source, where it names one.
    fn source(&self) -> &str {
        let id = match &self.request {
            Request::Snapshot(request) => &request.source_snapshot_id,
            Request::Image(request) => &request.source_image_id,
        };
        id.as_deref().unwrap_or_default()
    }

    /// The Region that it names as that of its source.
    fn source_region(&self) -> Option<&'static Region> {
        let name = match &self.request {
            Request::Snapshot(request) => &request.source_region,
            Request::Image(request) => &request.source_region,
        };
        location::find_region(name.as_deref()?)
    }

    /// The Local Zone and the Outpost that it names.
    fn edges(&self) -> (Option<&str>, Option<&str>) {
        match &self.request {
            Request::Snapshot(request) => (
                request.destination_availability_zone.as_deref(),
                request.destination_outpost_arn.as_deref(),
            ),
            Request::Image(request) => {
                let zone = request.destination_availability_zone.as_deref();
                let zone_id = request.destination_availability_zone_id.as_deref();
                (zone.or(zone_id), request.destination_outpost_arn.as_deref())
            }
        }
    }
}

/// Something that is said of a request: in the scenario, or in a log.
enum Told {
    Text(Found),
    File(Problem),
}

impl Told {
    fn help(self, help: &str) -> Told {
        match self {
            Told::Text(found) => Told::Text(found.help(help)),
            Told::File(problem) => Told::File(Problem { help: Some(help.to_owned()), ..problem }),
        }
    }

    /// It is wrong.
    fn wrong(self, notes: &mut Notes<'_>) {
        match self {
            Told::Text(found) => notes.wrong(found),
            Told::File(problem) => notes.input_problems.push(problem),
        }
    }
}

impl Book {
    /// The places that the requests name: Regions and Local Zones.
    pub(super) fn places(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for ask in &self.asks {
            names.insert(ask.region.name.clone());
            names.extend(ask.source_region().map(|region| region.name.clone()));
            let zone = ask.edges().0.and_then(location::find_zone);
            names.extend(zone.map(|zone| zone.name.clone()));
            names.extend(self.stock.zone_of(ask.source()));
        }
        names
    }

    /// Ids of accounts in the logs, where there are several: one alone is the account without a name.
    pub(super) fn account_ids(&self) -> BTreeSet<String> {
        let ids = self.asks.iter().filter_map(|ask| match &ask.account {
            Caller::Id(id) => Some(id.clone()),
            Caller::Named(_) => None,
        });
        let ids: BTreeSet<String> = ids.collect();
        if ids.len() < 2 { BTreeSet::new() } else { ids }
    }
}
