//! Images that are released and copied.

use super::copies::{Owner, Yard};
use super::place::element;
use super::{Notes, listed, orchestrator, schedule};
use crate::api::Action;
use crate::catalog::limit::{BLOCK, VOLUME_MAX};
use crate::model::{Applications, Change, Fleet, Image, ImageSnapshot, Items, Site};
use crate::scenario::file::{self, File, Lineage};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::Span;

/// Share of an image that changes from one release to the next, where the scenario says nothing.
///
/// Assumed: nothing is published.
const CHANGE: f64 = 0.25;

/// Reads the images.
pub(super) fn read(file: &File, yard: &mut Yard<'_>, notes: &mut Notes<'_>) -> Vec<Fleet> {
    let mut fleets = Vec::new();
    for (at, written) in file.image.iter().flatten().enumerate() {
        fleets.extend(image(at, written, yard, notes));
    }
    fleets
}

fn image(
    at: usize,
    written: &At<file::Image>,
    yard: &mut Yard<'_>,
    notes: &mut Notes<'_>,
) -> Option<Fleet> {
    let image = &written.value;
    let name = image.name.as_ref()?;
    let key = element("image", at, Some(name));
    let release = image.release.as_ref()?;
    let schedule =
        schedule::read(&format!("{key}.release"), release, Span::ZERO, yard.basics, notes);
    if let Some(existing) = &release.value.existing {
        let message = "a release exists when it is due; this key is for snapshots";
        let key = format!("{key}.release.existing");
        notes.wrong(Found::new(key, existing.span.clone(), message));
    }
    let change = change(&key, image, notes);
    let location = yard.location(&format!("{key}.location"), image.location.as_ref()?, notes)?;
    let images = images(&key, written, &yard.places.sites[location.0], notes);
    let at = (key.as_str(), "release");
    let copies = image.copy.as_ref();
    let schedule = orchestrator::keeps_time(at, (schedule?, release), copies, yard.clients, notes);
    let account = yard.accounts.owner(&key, image.account.as_ref(), notes);
    let owner = Owner {
        key: &key,
        name,
        from: location,
        account,
        action: Action::CopyImage,
        interval: schedule.interval(),
    };
    let copies = yard.rules(&owner, image.copy.as_ref()?, notes);
    Some(Fleet {
        name: name.value.clone(),
        account,
        applications: Applications::None,
        location,
        items: Items::Images(images?),
        change: change?,
        re_encrypts: image.re_encrypt.as_ref().is_some_and(|at| at.value),
        growth_per_year: 0.0,
        schedule,
        makes_snapshot: false,
        copies,
    })
}

fn change(key: &str, image: &file::Image, notes: &mut Notes<'_>) -> Option<Change> {
    let fresh = image.lineage.as_ref().is_some_and(|at| at.value == Lineage::Fresh);
    match (&image.change, fresh) {
        (None, true) => Some(Change::Everything),
        (None, false) => Some(Change::PerSnapshot(CHANGE)),
        (Some(at), true) => {
            let message = "releases without lineage are copied in full: nothing to say here";
            notes.wrong(Found::new(format!("{key}.change"), at.span.clone(), message));
            None
        }
        (Some(at), false) if 1.0 < at.value.0 => {
            let message = "more than the whole cannot change: at most `100 %/release`";
            notes.wrong(Found::new(format!("{key}.change"), at.span.clone(), message));
            None
        }
        (Some(at), false) => Some(Change::PerSnapshot(at.value.0)),
    }
}

fn images(
    key: &str,
    written: &At<file::Image>,
    site: &Site,
    notes: &mut Notes<'_>,
) -> Option<Vec<Image>> {
    let image = &written.value;
    match (&image.family, &image.inventory) {
        (Some(families), None) if families.value.is_empty() => {
            let key = format!("{key}.family");
            notes.wrong(Found::new(key, families.span.clone(), "the list is empty"));
            None
        }
        (Some(families), None) => families_of(key, &families.value, notes),
        (None, Some(inventory)) => {
            listed::images(&format!("{key}.inventory"), inventory, site, notes)
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "images come either from `family` tables or from an `inventory`";
            notes.wrong(Found::new(key, written.span.clone(), message));
            None
        }
    }
}

fn families_of(
    key: &str,
    families: &[At<file::Family>],
    notes: &mut Notes<'_>,
) -> Option<Vec<Image>> {
    let mut images: Vec<Image> = Vec::new();
    for family in families {
        let name = family.value.name.as_ref()?;
        let key = format!("{key}.family.{}", name.value);
        if images.iter().any(|image| image.name == name.value) {
            let message = format!("there is a family `{}` already", name.value);
            notes.wrong(Found::new(format!("{key}.name"), name.span.clone(), message));
        }
        let mut snapshots = Vec::new();
        for (at, snapshot) in family.value.snapshots.as_ref()?.value.iter().enumerate() {
            let size = snapshot.value.size.as_ref()?;
            if VOLUME_MAX < size.value {
                let message = format!("is beyond {VOLUME_MAX}, the largest volume (F111)");
                let key = format!("{key}.snapshots[{at}].size");
                notes.wrong(Found::new(key, size.span.clone(), message));
            }
            let fill = snapshot.value.fill.as_ref().map_or(1.0, |fill| fill.value.0);
            let written = size.value.scale(fill).round_up_to(BLOCK);
            snapshots.push(ImageSnapshot { name: (at + 1).to_string(), written });
        }
        images.push(Image { name: name.value.clone(), snapshots });
    }
    Some(images)
}
