//! Volumes and images that files list.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Notes, blocks};
use crate::model::{Image, ListedVolume, Place, Site};
use crate::scenario::file::Inventory as Written;
use crate::scenario::inventory::{
    Csv, Exports, Images, InputProblem, Inventory, Snapshots, Stored,
};
use crate::scenario::problem::{Place as ProblemPlace, Problem, did_you_mean, listed as words};
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};

/// The volumes of an inventory that are stored at `site`.
pub(super) fn volumes(
    key: &str,
    written: &At<Written>,
    site: &Site,
    notes: &mut Notes<'_>,
) -> Option<Vec<ListedVolume>> {
    if written.value.snapshots.is_none() && written.value.csv.is_none() {
        let message = "a fleet's inventory has `snapshots`, a `csv`, or both";
        notes.wrong(Found::new(key, written.span.clone(), message));
        return None;
    }
    let inventory = read(key, written, site, notes)?;
    count(&inventory, |reason| !is_of_images(reason), notes);
    let mut volumes = inventory.volumes();
    if volumes.is_empty() {
        notes.wrong(nothing_usable(key, "volume", &inventory, written.span.clone()));
        return None;
    }
    blocks::read(key, written.value.changed_blocks.as_ref(), (&inventory, &mut volumes), notes);
    tag_is_known(key, &written.value, &inventory, notes);
    Some(volumes)
}

/// Warns where no snapshot has the tag that names applications.
fn tag_is_known(key: &str, written: &Written, inventory: &Inventory, notes: &mut Notes<'_>) {
    let Some(tag) = &written.application_tag else { return };
    let keys: BTreeSet<&str> = inventory
        .snapshots()
        .iter()
        .flat_map(|snapshot| snapshot.tags.keys())
        .map(String::as_str)
        .collect();
    if keys.contains(tag.value.as_str()) {
        return;
    }
    let help = did_you_mean(&tag.value, keys.iter().copied());
    let help =
        help.or_else(|| (!keys.is_empty()).then(|| format!("there are {}", words(keys, "and"))));
    let message = format!("no snapshot has a tag `{}`", tag.value);
    notes.warn(Found::new(format!("{key}.application_tag"), tag.span.clone(), message).maybe(help));
}

/// The images of an inventory that are stored at `site`.
pub(super) fn images(
    key: &str,
    written: &At<Written>,
    site: &Site,
    notes: &mut Notes<'_>,
) -> Option<Vec<Image>> {
    if written.value.images.is_none() {
        let message = "an inventory of images has `images`, and `snapshots` for their sizes";
        notes.wrong(Found::new(key, written.span.clone(), message));
        return None;
    }
    if let Some(csv) = &written.value.csv {
        let message = "a CSV lists volumes, not images";
        notes.wrong(Found::new(format!("{key}.csv"), csv.span.clone(), message));
    }
    if let Some(tag) = &written.value.application_tag {
        let message = "applications are made of volumes, not of images";
        notes.wrong(Found::new(format!("{key}.application_tag"), tag.span.clone(), message));
    }
    if let Some(blocks) = &written.value.changed_blocks {
        let message = "these are of volumes; images change from release to release";
        notes.wrong(Found::new(format!("{key}.changed_blocks"), blocks.span.clone(), message));
    }
    let inventory = read(key, written, site, notes)?;
    count(&inventory, is_of_images, notes);
    let images = inventory.images();
    if images.is_empty() {
        notes.wrong(nothing_usable(key, "image", &inventory, written.span.clone()));
        return None;
    }
    Some(images)
}

/// Whether a reason to leave something out, or to assume something, is one of images.
///
/// The files of images list snapshots for their sizes alone, and those of volumes list images only
/// to leave their volumes out: what is said of the others there is said where they are copied.
fn is_of_images(reason: &str) -> bool {
    reason.starts_with("image")
}

/// Counts what the files list and the model leaves out, and what it assumes.
fn count(inventory: &Inventory, is_meant: fn(&str) -> bool, notes: &mut Notes<'_>) {
    for (reason, count) in inventory.left_out().into_iter().filter(|(text, _)| is_meant(text)) {
        *notes.left_out.entry(reason).or_default() += count;
    }
    for (what, count) in inventory.assumed().into_iter().filter(|(text, _)| is_meant(text)) {
        *notes.stand_ins.entry(what).or_default() += count;
    }
}

fn nothing_usable(key: &str, what: &str, inventory: &Inventory, span: Range<usize>) -> Found {
    let reasons: Vec<String> =
        inventory.left_out().iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
    let help = (!reasons.is_empty()).then(|| format!("left out: {}", reasons.join(", ")));
    Found::new(key, span, format!("the files list no {what} that can be copied from there"))
        .maybe(help)
}

/// Reads and joins the files of an inventory.
fn read(key: &str, written: &At<Written>, site: &Site, notes: &mut Notes<'_>) -> Option<Inventory> {
    let listed = &written.value;
    let snapshots =
        files(&format!("{key}.snapshots"), listed.snapshots.as_ref(), Snapshots::read, notes);
    let images = files(&format!("{key}.images"), listed.images.as_ref(), Images::read, notes);
    let sheets = files(&format!("{key}.csv"), listed.csv.as_ref(), Csv::read, notes);
    let exports = Exports {
        snapshots: snapshots?,
        images: images?,
        sheets: sheets?,
        application_tag: listed.application_tag.as_ref().map(|tag| tag.value.clone()),
    };
    let is_meant = |stored: &Stored| match (stored, site.place) {
        (Stored::Region, Place::Region) => true,
        (Stored::LocalZone(zone), Place::LocalZone { .. }) => *zone == site.name,
        (Stored::Region | Stored::LocalZone(_) | Stored::Outpost(_), _) => false,
    };
    let inventory = match Inventory::of(exports, &is_meant) {
        Ok(inventory) => inventory,
        Err(problems) => {
            notes.input_problems.extend(problems.into_iter().map(|problem| told(key, problem)));
            return None;
        }
    };
    let warnings = inventory.warnings().iter().cloned().map(|problem| told(key, problem));
    notes.input_warnings.extend(warnings);
    elsewhere(key, &written.span, (&inventory, site), notes);
    Some(inventory)
}

/// The ARNs in the files name a Region; warns where it is another one than the fleet's.
fn elsewhere(
    key: &str,
    span: &Range<usize>,
    (inventory, site): (&Inventory, &Site),
    notes: &mut Notes<'_>,
) {
    let Some(region) = inventory.region() else { return };
    if matches!(site.place, Place::Region) && region != site.name {
        let message = format!("the files come from `{region}`, not from `{}`", site.name);
        notes.warn(Found::new(key, span.clone(), message));
    }
}

/// The files at one key, each read alone. `None` where one of them is wrong.
pub(super) fn files<T>(
    key: &str,
    paths: Option<&At<OneOrMany<String>>>,
    parse: fn(&str, &[u8]) -> Result<T, Vec<InputProblem>>,
    notes: &mut Notes<'_>,
) -> Option<Vec<T>> {
    let mut parsed = Some(Vec::new());
    for (path, span) in paths.into_iter().flat_map(At::all) {
        let Some(bytes) = notes.read(key, path, span) else {
            parsed = None;
            continue;
        };
        match parse(path, &bytes) {
            Ok(file) => {
                if let Some(files) = &mut parsed {
                    files.push(file);
                }
            }
            Err(problems) => {
                parsed = None;
                notes.input_problems.extend(problems.into_iter().map(|problem| told(key, problem)));
            }
        }
    }
    parsed
}

/// A problem of an input among those of the scenario.
pub(super) fn told(key: &str, problem: InputProblem) -> Problem {
    Problem {
        key: key.to_owned(),
        message: problem.message,
        help: (!problem.help.is_empty()).then_some(problem.help),
        file: problem.file,
        place: ProblemPlace::Input { line: problem.line, column: problem.column },
    }
}
