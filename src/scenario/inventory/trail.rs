//! Requests as CloudTrail logs them (F155, F156): log files, and what `lookup-events` prints.
//!
//! Other events may stand between them, and are counted. CopyImage's record is published,
//! CopySnapshot's is known by analogy: so parameters are read tolerantly.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::field::element_lines;
use super::json::{Call, EVENTS, Opened, RECORDS, open, shorten};
use super::problem::InputProblem;
use crate::api::{Action, Kind, Parameter, Request};
use crate::catalog::location::{self, Region};
use crate::model::Undone;
use crate::units::{Instant, Span};

/// One request that a log holds.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailEvent {
    /// Its `eventID`.
    pub id: Option<String>,
    /// When it was made, to the second.
    pub at: Instant,
    /// The Region that it was sent to.
    pub region: &'static Region,
    /// Id of the account that made it.
    pub account: Option<String>,
    /// The request.
    pub request: Request,
    /// The error that it was answered with, such as `Client.ResourceLimitExceeded`.
    pub refused: Option<String>,
    /// Id of the snapshot or image that came of it.
    pub made: Option<String>,
    /// Line of the file on which its record begins, from 1.
    pub line: Option<u64>,
}

/// A `DeleteSnapshot` or a `DeregisterImage` that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// What is deleted.
    pub id: String,
    /// When.
    pub at: Instant,
}

impl Deletion {
    /// What it does to an earlier request, if anything.
    pub fn undoes(&self, event: &TrailEvent) -> Option<Undone> {
        let after = Some(self.at.since_or_zero(event.at)).filter(|after| *after != Span::ZERO)?;
        let source = match &event.request {
            Request::Snapshot(request) => &request.source_snapshot_id,
            Request::Image(request) => &request.source_image_id,
        };
        let (none, some) = (Undone::default(), Some(after));
        if event.made.as_ref() == Some(&self.id) {
            Some(Undone { cancelled: some, ..none })
        } else if source.as_ref() == Some(&self.id) {
            Some(Undone { source_deleted: some, ..none })
        } else {
            None
        }
    }
}

/// What deletions do to a request: the first of each kind counts.
pub fn undone(event: &TrailEvent, deletions: &[Deletion]) -> Undone {
    let all = deletions.iter().filter_map(|deletion| deletion.undoes(event));
    let sooner = |a: Option<Span>, b: Option<Span>| a.into_iter().chain(b).min();
    all.fold(Undone::default(), |all, one| Undone {
        cancelled: sooner(all.cancelled, one.cancelled),
        source_deleted: sooner(all.source_deleted, one.source_deleted),
    })
}

/// The requests of one file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail {
    /// The requests, in order of the file.
    pub events: Vec<TrailEvent>,
    /// Snapshots and images that are deleted, in order of the file.
    pub deletions: Vec<Deletion>,
    /// Records that cannot be read.
    pub bad: Vec<InputProblem>,
    /// What else the file holds, by its words, with how many there are.
    pub left_out: BTreeMap<String, u64>,
    /// Remarks on the file.
    pub warnings: Vec<InputProblem>,
}

/// What a record is.
enum Read {
    /// A request.
    Event(Box<TrailEvent>),
    /// Something that is deleted.
    Deletion(Deletion),
    /// Something else, in words.
    Other(String),
}

impl Trail {
    /// Reads a log file, or what `aws cloudtrail lookup-events --output json` prints; `file` is its
    /// name in messages.
    ///
    /// # Errors
    /// When the file as a whole is no such thing. Single records that cannot be read are in `bad`.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Trail, Vec<InputProblem>> {
        let (opened, call) = opened(file, bytes).map_err(|problem| vec![problem])?;
        let mut trail = Trail::default();
        if opened.has_token {
            let message = "there are more events than this file holds (`NextToken`)";
            let help = "give all the pages, or events are missing from the replay";
            trail.warnings.push(InputProblem::of_file(file, message).with_help(help));
        }
        let lines = element_lines(opened.text, call.key);
        // Lines are known where each item is an object.
        let is_known = lines.len() == opened.items.len();
        for (item_idx, item) in opened.items.iter().enumerate() {
            let line = lines.get(item_idx).copied().filter(|_| is_known);
            let place = Place { file, call, item_idx, line };
            match place.record(item).and_then(|record| place.read(&record, &mut trail.warnings)) {
                Ok(Read::Event(event)) => trail.events.push(*event),
                Ok(Read::Deletion(deletion)) => trail.deletions.push(deletion),
                Ok(Read::Other(what)) => *trail.left_out.entry(what).or_default() += 1,
                Err(problem) => trail.bad.push(problem),
            }
        }
        Ok(trail)
    }
}

/// The file as one of the two kinds that it may be.
fn opened<'t>(file: &str, bytes: &'t [u8]) -> Result<(Opened<'t, Value>, Call), InputProblem> {
    match open(file, bytes, RECORDS) {
        Ok(opened) => Ok((opened, RECORDS)),
        Err(problem) => match open(file, bytes, EVENTS) {
            Ok(opened) => Ok((opened, EVENTS)),
            // Where the key is there, and what stands under it is wrong, the place is known.
            Err(other) if other.line.is_some() && problem.line.is_none() => Err(other),
            Err(_) => Err(problem),
        },
    }
}

/// Where a record stands.
#[derive(Clone, Copy)]
struct Place<'f> {
    file: &'f str,
    call: Call,
    item_idx: usize,
    line: Option<u64>,
}

impl Place<'_> {
    /// A problem of this record.
    fn problem(&self, what: &str) -> InputProblem {
        let message = format!("{}[{}]: {what}", self.call.key, self.item_idx);
        let problem = InputProblem::of_file(self.file, message);
        match self.line {
            Some(line) => problem.at_line(line),
            None => problem,
        }
    }

    /// The record of an item: itself, or the text inside it that `lookup-events` prints.
    fn record(&self, item: &Value) -> Result<Map<String, Value>, InputProblem> {
        let inner;
        let record = if self.call.key == EVENTS.key {
            let text = item.get("CloudTrailEvent").and_then(Value::as_str);
            let text = text.ok_or_else(|| self.problem("there is no text `CloudTrailEvent`"))?;
            inner = serde_json::from_str::<Value>(text)
                .map_err(|error| self.problem(&format!("`CloudTrailEvent` is no JSON: {error}")))?;
            &inner
        } else {
            item
        };
        let table = record.as_object().cloned();
        table.ok_or_else(|| self.problem("it is no object, and a record is one"))
    }

    /// What a record is.
    fn read(
        &self,
        record: &Map<String, Value>,
        warnings: &mut Vec<InputProblem>,
    ) -> Result<Read, InputProblem> {
        let text = |key: &str| record.get(key).and_then(Value::as_str);
        let is_ec2 = text("eventSource").is_none_or(|source| source == "ec2.amazonaws.com");
        let Some(name) = text("eventName") else {
            return Err(self.problem("there is no text `eventName`"));
        };
        let Some(action) = Action::from_name(name).filter(|_| is_ec2) else {
            if let Some(deletion) = self.deletion(name, record).filter(|_| is_ec2) {
                return Ok(Read::Deletion(deletion));
            }
            return Ok(Read::Other("other event of the log".to_owned()));
        };
        let caller = record.get("userIdentity").and_then(|who| who.get("accountId"));
        let caller = caller.and_then(Value::as_str).or(text("recipientAccountId"));
        if text("recipientAccountId").is_some_and(|own| caller.is_some_and(|id| id != own)) {
            // F155: a copy of a shared snapshot is logged in both accounts
            return Ok(Read::Other("request of another account, logged here too".to_owned()));
        }
        let refused = text("errorCode").map(ToOwned::to_owned);
        let parameters = match record.get("requestParameters") {
            Some(Value::Object(table)) => table,
            None | Some(Value::Null) if refused.is_some() => {
                let code = refused.as_deref().unwrap_or_default();
                return Ok(Read::Other(format!(
                    "{name} refused with {code}, of which nothing is logged"
                )));
            }
            None | Some(Value::Null) => {
                return Err(self.problem("there are no `requestParameters`"));
            }
            Some(other) => {
                let other = shorten(&other.to_string());
                return Err(self.problem(&format!("`requestParameters` is {other}, not an object")));
            }
        };
        let mut request = self.request(action, parameters, warnings)?;
        if refused.as_deref().is_some_and(|code| code.ends_with("DryRunOperation")) {
            match &mut request {
                Request::Snapshot(request) => request.dry_run = Some(true),
                Request::Image(request) => request.dry_run = Some(true),
            }
        }
        let made = record.get("responseElements").and_then(|answer| {
            answer.get(match action {
                Action::CopySnapshot => "snapshotId",
                Action::CopyImage => "imageId",
            })
        });
        Ok(Read::Event(Box::new(TrailEvent {
            id: text("eventID").map(ToOwned::to_owned),
            at: self.moment(record.get("eventTime"))?,
            region: self.region(text("awsRegion"))?,
            account: caller.map(ToOwned::to_owned),
            request,
            refused,
            made: made.and_then(Value::as_str).map(ToOwned::to_owned),
            line: self.line,
        })))
    }

    /// What is deleted, if anything is.
    fn deletion(&self, name: &str, record: &Map<String, Value>) -> Option<Deletion> {
        let key = match name {
            "DeleteSnapshot" => "snapshotId",
            "DeregisterImage" => "imageId",
            _ => return None,
        };
        let is_done = record.get("errorCode").is_none_or(Value::is_null);
        let id = record.get("requestParameters")?.get(key)?.as_str().filter(|_| is_done)?;
        Some(Deletion { id: id.to_owned(), at: self.moment(record.get("eventTime")).ok()? })
    }

    /// The request, as far as its parameters are known.
    fn request(
        &self,
        action: Action,
        parameters: &Map<String, Value>,
        warnings: &mut Vec<InputProblem>,
    ) -> Result<Request, InputProblem> {
        let mut known = Map::new();
        for (name, value) in parameters {
            match Parameter::named(action, name) {
                Ok(parameter) => {
                    known.insert(name.clone(), as_kind(parameter.kind(), value));
                }
                Err(_) => warnings.push(
                    self.problem(&format!("`{}` is no parameter that is known", shorten(name)))
                        .with_help("the request is read without it"),
                ),
            }
        }
        Request::read(action, &known).map_err(|refusal| self.problem(&refusal.message))
    }

    fn moment(&self, value: Option<&Value>) -> Result<Instant, InputProblem> {
        let moment = value
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .and_then(|time| u64::try_from(time.as_nanosecond()).ok())
            .map(Instant::from_nanos);
        moment.ok_or_else(|| {
            let shown = value.map_or("absent".to_owned(), |value| shorten(&value.to_string()));
            self.problem(&format!(
                "`eventTime` is {shown}, not a time such as `2026-03-02T06:00:00Z`"
            ))
        })
    }

    fn region(&self, text: Option<&str>) -> Result<&'static Region, InputProblem> {
        let Some(name) = text else {
            return Err(self.problem("there is no `awsRegion`: who was asked is not known"));
        };
        location::region(name).map_err(|unknown| self.problem(&format!("`awsRegion`: {unknown}")))
    }
}

/// The value as its parameter takes it, where a log writes numbers and flags as text.
fn as_kind(kind: Kind, value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    let read = match kind {
        Kind::Number => text.parse::<i64>().ok().map(Value::from),
        Kind::Flag => text.parse::<bool>().ok().map(Value::from),
        Kind::Text | Kind::Tags => None,
    };
    read.unwrap_or_else(|| value.clone())
}

#[cfg(test)]
mod tests;
