//! A scenario text made of what users export: requests of CloudTrail, snapshots, images.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use super::state::{Stock, region_of_arn};
use crate::api::{Action, Request};
use crate::catalog::location;
use crate::model::Undone;
use crate::model::civil::to_column;
use crate::scenario::inventory::{
    Deletion, Images, InputProblem, Snapshots, Trail, TrailEvent, undone,
};
use crate::units::{Bytes, Instant, Span};

/// A file to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its name in messages.
    pub name: String,
    /// Its path as the scenario is to write it.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// How to import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Whether records that cannot be read are left out.
    pub skip_bad: bool,
    /// Whether each request is written out, instead of the file that it stands in.
    pub inline: bool,
    /// Bytes of each source of which no file says how large it is.
    pub assume_size: Option<Bytes>,
}

/// The scenario that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its text.
    pub text: String,
    /// What was left out of it, or cannot be known: one line each.
    pub remarks: Vec<String>,
}

/// The files, by what they hold.
#[derive(Debug, Default)]
struct Files {
    /// Paths of logs, and the events of all of them.
    logs: Vec<String>,
    events: Vec<TrailEvent>,
    deletions: Vec<Deletion>,
    left_out: BTreeMap<String, u64>,
    snapshots: Vec<(String, Snapshots)>,
    images: Vec<(String, Images)>,
    remarks: Vec<String>,
    bad: Vec<InputProblem>,
}

/// Makes a scenario of files: a replay where there are requests among them, else fleets and images of
/// what they list.
///
/// # Errors
/// What is wrong with the files, all at once.
pub fn import(exports: &[Export], manner: Manner) -> Result<Imported, Vec<InputProblem>> {
    let mut files = Files::default();
    for export in exports {
        files.read(export);
    }
    if !manner.skip_bad && !files.bad.is_empty() || files.is_empty() {
        return Err(files.bad);
    }
    let bad = std::mem::take(&mut files.bad);
    files.remarks.extend(bad.iter().map(|problem| format!("left out: {problem}")));
    files.events.sort_by_key(|event| event.at);
    let text = if files.logs.is_empty() { files.estate() } else { files.replay(manner) };
    Ok(Imported { text, remarks: files.remarks })
}

/// Keys at the top of a file.
fn keys(bytes: &[u8]) -> BTreeSet<String> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(table)) => table.keys().cloned().collect(),
        Ok(_) | Err(_) => BTreeSet::new(),
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn list(paths: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = paths.map(|path| quoted(&path)).collect();
    match quoted.as_slice() {
        [one] => one.clone(),
        many => format!("[\n    {},\n]", many.join(",\n    ")),
    }
}

impl Files {
    fn is_empty(&self) -> bool {
        self.logs.is_empty() && self.snapshots.is_empty() && self.images.is_empty()
    }

    /// Takes in one file.
    fn read(&mut self, export: &Export) {
        let keys = keys(&export.bytes);
        if keys.contains("Snapshots") {
            match Snapshots::read(&export.name, &export.bytes) {
                Ok(read) => self.snapshots.push((export.path.clone(), read)),
                Err(problems) => self.bad.extend(problems),
            }
        } else if keys.contains("Images") {
            match Images::read(&export.name, &export.bytes) {
                Ok(read) => self.images.push((export.path.clone(), read)),
                Err(problems) => self.bad.extend(problems),
            }
        } else {
            match Trail::read(&export.name, &export.bytes) {
                Ok(trail) => {
                    self.logs.push(export.path.clone());
                    self.events.extend(trail.events);
                    self.deletions.extend(trail.deletions);
                    self.bad.extend(trail.bad);
                    self.remarks.extend(trail.warnings.iter().map(ToString::to_string));
                    for (what, n) in trail.left_out {
                        *self.left_out.entry(what).or_default() += n;
                    }
                }
                Err(problems) => self.bad.extend(problems),
            }
        }
    }

    /// What the files list, joined.
    fn stock(&self) -> Stock {
        let snapshots = self.snapshots.iter().map(|(_, read)| read.clone()).collect();
        Stock::of(snapshots, self.images.iter().map(|(_, read)| read.clone()).collect())
    }

    /// A scenario that makes the requests of the logs again.
    fn replay(&mut self, manner: Manner) -> String {
        let (first, last) = match (self.events.first(), self.events.last()) {
            (Some(first), Some(last)) => (first.at, last.at),
            _ => (Instant::ZERO, Instant::ZERO),
        };
        let mut text = self.head(first, last);
        let hours = last.since(first).whole(Span::from_hours(1)) + 1;
        let _ = write!(
            text,
            "\n[scenario]\nquestion = \"How long would these copies have taken?\"\n\
             start = \"{}\"\nhorizon = \"{hours} h\"\nreplications = 20\n\n[requests]\n",
            short(first)
        );
        if !manner.inline {
            let _ = writeln!(text, "cloudtrail = {}", list(self.logs.iter().cloned()));
            if manner.skip_bad {
                text.push_str("skip_bad = true\n");
            }
        }
        text.push_str(
            "change = \"3 %/day\"   # assumed: how volumes change is in none of the files\n",
        );
        self.sizes(&mut text, manner);
        let listed: [(&str, Vec<String>); 2] = [
            ("snapshots", self.snapshots.iter().map(|(path, _)| path.clone()).collect()),
            ("images", self.images.iter().map(|(path, _)| path.clone()).collect()),
        ];
        if listed.iter().any(|(_, paths)| !paths.is_empty()) {
            text.push_str("\n[requests.inventory]\n");
        }
        for (key, paths) in listed.into_iter().filter(|(_, paths)| !paths.is_empty()) {
            let _ = writeln!(text, "{key} = {}", list(paths.into_iter()));
        }
        text.push_str(&self.outposts());
        if manner.inline {
            for event in &self.events {
                let later = undone(event, &self.deletions);
                text.push_str(&written(event, first, later));
            }
        }
        text.push_str("\n[[target]]\nkind = \"copy\"\nlimit = \"3 h\"   # what you promise\nshare = \"95 %\"\n");
        text
    }

    /// What the scenario is made of, as comments.
    fn head(&mut self, first: Instant, last: Instant) -> String {
        let of = |action| self.events.iter().filter(|e| e.request.action() == action).count();
        let (snapshots, images) = (of(Action::CopySnapshot), of(Action::CopyImage));
        let n_refused = self.events.iter().filter(|event| event.refused.is_some()).count();
        let mut text = format!(
            "# Requests as CloudTrail logged them: {snapshots} of CopySnapshot, {images} of CopyImage, \
             made from\n# {} to {}; {n_refused} of them were refused then, and are made again.\n",
            short(first),
            short(last)
        );
        for (what, n) in &self.left_out {
            let _ = writeln!(text, "# Left out: {n} × {what}");
            self.remarks.push(format!("left out: {n} × {what}"));
        }
        text
    }

    /// Sources that no file lists: their sizes are assumed, or have to be.
    fn sizes(&mut self, text: &mut String, manner: Manner) {
        let stock = self.stock();
        let sources: BTreeSet<&str> = self.events.iter().filter_map(source).collect();
        let unlisted: Vec<&str> =
            sources.iter().copied().filter(|source| !stock.lists(source)).collect();
        let joined = sources.len() - unlisted.len();
        let _ = writeln!(text, "# {joined} of {} sources are in the inventory.", sources.len());
        if unlisted.is_empty() {
            return;
        }
        let named = match unlisted.as_slice() {
            [one] => format!("`{one}` is"),
            [one, rest @ ..] => format!("`{one}` and {} more are", rest.len()),
            [] => unreachable!("it is not empty"),
        };
        if let Some(size) = manner.assume_size.map(written_size) {
            let _ = writeln!(text, "assume_size = \"{size}\"   # {named} in no file");
            self.remarks.push(format!("assumed: {named} {size}, listed in no file"));
        } else {
            let _ = writeln!(text, "# assume_size = \"100 GiB\"   # needed: {named} in no file");
            let help = "add the inventory, or give `assume_size`";
            self.remarks.push(format!("{named} listed in no file: {help}"));
        }
    }

    /// The Outposts that requests name: how fast their service links are is in no file.
    fn outposts(&self) -> String {
        let arns: BTreeSet<&str> = self.events.iter().filter_map(outpost).collect();
        let mut text = String::new();
        for (number, arn) in (1..).zip(arns) {
            let region = region_of_arn(arn).unwrap_or("us-west-2");
            let _ = write!(
                text,
                "\n[[outpost]]\nname = \"outpost-{number}\"\nregion = {}\narn = {}\n\
                 service_link = \"1 Gbit/s\"   # assumed: say how fast it is\n",
                quoted(region),
                quoted(arn)
            );
        }
        text
    }

    /// A scenario that copies what the files list, every night.
    fn estate(&mut self) -> String {
        let stock = self.stock();
        let mut text = String::from(
            "# What the AWS CLI listed, copied every night. Where to, when, and what is promised is made up:\n\
             # change it.\n\n[scenario]\nquestion = \"Do these copies arrive in time?\"\n\
             horizon = \"7 days\"\nreplications = 30\n",
        );
        let other = |region: &str| if region == "us-west-2" { "us-east-1" } else { "us-west-2" };
        for (number, (path, read)) in (1..).zip(&self.snapshots) {
            let id = read.items.first().map(|snapshot| snapshot.id.as_str());
            let region = id.and_then(|id| stock.region_of(id));
            let (region, told) = place(region);
            let _ = write!(
                text,
                "\n[[fleet]]\nname = \"volumes-{number}\"\nlocation = \"{region}\"{told}\n\
                 inventory = {{ snapshots = {} }}\nsnapshot = {{ at = \"01:00\" }}\n\
                 copy = [{{ to = \"{}\", retain = \"14 days\" }}]\n",
                quoted(path),
                other(region)
            );
        }
        for (number, (path, read)) in (1..).zip(&self.images) {
            let id = read.items.first().map(|image| image.id.as_str());
            let (region, told) = place(id.and_then(|id| stock.region_of(id)));
            let beside = list(self.snapshots.iter().map(|(path, _)| path.clone()));
            let sizes = if self.snapshots.is_empty() {
                String::new()
            } else {
                format!("snapshots = {beside}\n")
            };
            let _ = write!(
                text,
                "\n[[image]]\nname = \"images-{number}\"\nlocation = \"{region}\"{told}\n\
                 release = {{ at = \"12:00\", on = \"Mon\" }}\ncopy = [{{ to = \"{}\" }}]\n\n\
                 [image.inventory]\nimages = {}\n{sizes}",
                other(region),
                quoted(path)
            );
        }
        text.push_str("\n[[target]]\nkind = \"batch\"\nby = \"06:00\"\nshare = \"95 %\"\n");
        text
    }
}

/// A Region, and what to say where the files do not tell it.
fn place(known: Option<&str>) -> (&str, &'static str) {
    match known.filter(|name| location::find_region(name).is_some()) {
        Some(region) => (region, ""),
        None => ("us-east-1", "   # the file does not say where it comes from: change it"),
    }
}

/// To the second, as a scenario writes it.
fn short(at: Instant) -> String {
    let column = to_column(at);
    match column.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => column,
    }
}

/// A size as a scenario reads it again, to the byte.
fn written_size(size: Bytes) -> String {
    let short = size.to_string();
    if short.parse() == Ok(size) { short } else { format!("{} B", size.get()) }
}

fn source(event: &TrailEvent) -> Option<&str> {
    match &event.request {
        Request::Snapshot(request) => request.source_snapshot_id.as_deref(),
        Request::Image(request) => request.source_image_id.as_deref(),
    }
}

fn outpost(event: &TrailEvent) -> Option<&str> {
    match &event.request {
        Request::Snapshot(request) => request.destination_outpost_arn.as_deref(),
        Request::Image(request) => request.destination_outpost_arn.as_deref(),
    }
}

/// A request as a table of the scenario. Descriptions, tags, and URLs bear on nothing, and are left
/// out.
fn written(event: &TrailEvent, first: Instant, later: Undone) -> String {
    let mut text = format!("\n[[request]]\naction = \"{}\"\n", event.request.action().name());
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {value}");
        }
    };
    line("name", event.id.as_deref().map(quoted));
    let seconds = event.at.since(first).whole(Span::from_secs(1));
    line("at", Some(format!("\"{seconds} s\"")));
    line("region", Some(quoted(&event.region.name)));
    let after =
        |span: Option<Span>| span.map(|span| format!("\"{} s\"", span.whole(Span::from_secs(1))));
    line("cancel_after", after(later.cancelled));
    line("delete_source_after", after(later.source_deleted));
    let of = |text: &Option<String>| text.as_deref().map(quoted);
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let minutes = |minutes: Option<i64>| minutes.map(|minutes| minutes.to_string());
    match &event.request {
        Request::Snapshot(request) => {
            line("SourceRegion", of(&request.source_region));
            line("SourceSnapshotId", of(&request.source_snapshot_id));
            line("Encrypted", flag(request.encrypted));
            line("KmsKeyId", of(&request.kms_key_id));
            line("DestinationRegion", of(&request.destination_region));
            line("DestinationOutpostArn", of(&request.destination_outpost_arn));
            line("DestinationAvailabilityZone", of(&request.destination_availability_zone));
            line("CompletionDurationMinutes", minutes(request.completion_duration_minutes));
            line("DryRun", flag(request.dry_run));
        }
        Request::Image(request) => {
            line("SourceRegion", of(&request.source_region));
            line("SourceImageId", of(&request.source_image_id));
            line("Name", of(&request.name));
            line("ClientToken", of(&request.client_token));
            line("Encrypted", flag(request.encrypted));
            line("KmsKeyId", of(&request.kms_key_id));
            line("CopyImageTags", flag(request.copy_image_tags));
            line("DestinationOutpostArn", of(&request.destination_outpost_arn));
            line("DestinationAvailabilityZone", of(&request.destination_availability_zone));
            line("DestinationAvailabilityZoneId", of(&request.destination_availability_zone_id));
            let asked = request.snapshot_copy_completion_duration_minutes;
            line("SnapshotCopyCompletionDurationMinutes", minutes(asked));
            line("DryRun", flag(request.dry_run));
        }
    }
    text
}

#[cfg(test)]
mod tests;
