//! What counts among all that the files list: which snapshot tells the size of a volume, which
//! images can be copied.

use std::collections::{BTreeMap, BTreeSet};

use super::Tally;
use super::image::{BackingSnapshot, ListedImage};
use super::sheet::CsvVolume;
use super::snapshot::{Snapshot, Stored};
use crate::model::change::ChangeRate;
use crate::model::{Image, ImageSnapshot, ListedVolume};
use crate::units::{Bytes, Instant};

/// Most copies of copies that are followed to a first source; files that go in circles end here.
const HOPS_MAX: usize = 32;

/// An item that files list under a unique ID.
pub(super) trait Item {
    /// What it is called in counts.
    const WHAT: &'static str;
    /// Its ID.
    fn id(&self) -> &str;
    /// Why it is left out, if so.
    fn left_out(&self) -> Option<&str>;
}

impl Item for Snapshot {
    const WHAT: &'static str = "snapshot";
    fn id(&self) -> &str {
        &self.id
    }
    fn left_out(&self) -> Option<&str> {
        self.left_out.as_deref()
    }
}

impl Item for ListedImage {
    const WHAT: &'static str = "image";
    fn id(&self) -> &str {
        &self.id
    }
    fn left_out(&self) -> Option<&str> {
        self.left_out.as_deref()
    }
}

/// The items by ID. Of one that is listed again, the first that can be copied counts: pages are
/// fetched one after another, and what was pending on one may be completed on the next.
pub(super) fn each_once<T: Item>(
    items: impl Iterator<Item = T>,
    tally: &mut Tally,
) -> BTreeMap<String, T> {
    let mut once: BTreeMap<String, T> = BTreeMap::new();
    for item in items {
        let Some(before) = once.get_mut(item.id()) else {
            once.insert(item.id().to_owned(), item);
            continue;
        };
        tally.leave_out(&format!("{} listed more than once", T::WHAT));
        if before.left_out().is_some() && item.left_out().is_none() {
            *before = item;
        }
    }
    once
}

/// The images that can be copied and are stored where `is_meant` says.
pub(super) fn images<'i>(
    images: &'i BTreeMap<String, ListedImage>,
    is_meant: &dyn Fn(&Stored) -> bool,
    tally: &mut Tally,
) -> Vec<&'i ListedImage> {
    let mut chosen = Vec::new();
    for image in images.values() {
        let elsewhere = image.snapshots.iter().find(|snapshot| !is_meant(&snapshot.stored));
        match (&image.left_out, elsewhere) {
            (Some(reason), _) => tally.leave_out(reason),
            (None, Some(snapshot)) => tally.leave_out(&stored_words("image", &snapshot.stored)),
            (None, None) => chosen.push(image),
        }
    }
    chosen
}

fn stored_words(what: &str, stored: &Stored) -> String {
    match stored {
        Stored::Region => format!("{what} stored in the Region"),
        Stored::LocalZone(zone) => format!("{what} stored in {zone}"),
        Stored::Outpost(_) => format!("{what} stored on an Outpost"),
    }
}

/// What is known of one volume: the snapshot that counts, whose data that is, and whether there is
/// a snapshot of it that backs no listed image.
struct Known<'s> {
    snapshot: &'s Snapshot,
    origin: Origin<'s>,
    is_more_than_image: bool,
}

/// Whose data a snapshot holds.
#[derive(Clone, Copy)]
struct Origin<'s> {
    /// The volume; where that is not known, the first source that is.
    name: &'s str,
    /// Whether the name is that of a volume.
    is_volume: bool,
    /// When the data was taken.
    taken: Instant,
}

/// The volumes by name, each as large as its newest snapshot that can be copied.
///
/// A volume of which only snapshots of listed images are known is left out: its bytes go with the
/// image. It belongs to the application that the tag of that name has on the newest snapshot.
pub(super) fn volumes(
    snapshots: &BTreeMap<String, Snapshot>,
    images: &[&ListedImage],
    is_meant: &dyn Fn(&Stored) -> bool,
    application_tag: Option<&str>,
    tally: &mut Tally,
) -> BTreeMap<String, ListedVolume> {
    let backing: BTreeSet<&str> = images
        .iter()
        .flat_map(|image| image.snapshots.iter().map(|snapshot| snapshot.id.as_str()))
        .collect();
    let mut known: BTreeMap<&str, Known<'_>> = BTreeMap::new();
    for snapshot in snapshots.values() {
        if let Some(reason) = &snapshot.left_out {
            tally.leave_out(reason);
        } else if is_meant(&snapshot.stored) {
            let origin = origin(snapshot, snapshots);
            let is_more_than_image = !backing.contains(snapshot.id.as_str());
            let new = Known { snapshot, origin, is_more_than_image };
            known.entry(origin.name).and_modify(|known| known.add(&new, tally)).or_insert(new);
        } else {
            tally.leave_out(&stored_words("snapshot", &snapshot.stored));
        }
    }
    let mut volumes = BTreeMap::new();
    for (name, known) in known {
        if known.is_more_than_image {
            volumes.insert(name.to_owned(), known.volume(name, application_tag, tally));
        } else {
            tally.leave_out("snapshot of a listed image");
        }
    }
    volumes
}

impl<'s> Known<'s> {
    /// Keeps the newer of two snapshots of one volume; of two of one age, such as a copy and its
    /// source, the one that says its size, then the one whose ID comes first.
    fn add(&mut self, new: &Known<'s>, tally: &mut Tally) {
        tally.leave_out("earlier snapshot, or copy, of a listed volume");
        self.is_more_than_image |= new.is_more_than_image;
        let rank = |known: &Known<'_>| (known.origin.taken, known.snapshot.written.is_some());
        if rank(self) < rank(new) {
            self.snapshot = new.snapshot;
            self.origin = new.origin;
        }
    }

    fn volume(&self, name: &str, application_tag: Option<&str>, tally: &mut Tally) -> ListedVolume {
        if !self.origin.is_volume {
            tally.assume("copy of an unknown volume counted as a volume of its own");
        }
        let written = self.snapshot.written.unwrap_or_else(|| {
            tally.assume(
                "volume full to its provisioned size, since its written bytes are not listed",
            );
            self.snapshot.provisioned.expect("a completed snapshot has one of two sizes")
        });
        let application = application_tag.and_then(|tag| self.snapshot.tags.get(tag)).cloned();
        if application_tag.is_some() && application.is_none() {
            tally.assume("volume in no application, since its newest snapshot has not the tag");
        }
        ListedVolume {
            name: name.to_owned(),
            written,
            daily_change: None,
            shared_source: None,
            application,
        }
    }
}

/// Whose data a snapshot holds: of a copy that of its source, as far back as the files know it.
fn origin<'s>(snapshot: &'s Snapshot, snapshots: &'s BTreeMap<String, Snapshot>) -> Origin<'s> {
    let mut source = snapshot;
    for _hop in 0..HOPS_MAX {
        if let Some(volume) = &source.volume {
            return Origin { name: volume, is_volume: true, taken: source.started };
        }
        match source.copy_of.as_ref().and_then(|id| snapshots.get(id)) {
            Some(before) => source = before,
            None => break,
        }
    }
    let name = source.copy_of.as_ref().unwrap_or(&source.id);
    Origin { name, is_volume: false, taken: source.started }
}

/// Puts the volumes of CSV files among those that snapshots tell of; where both know one, what the
/// user wrote by hand counts, but for an application, which either may name.
pub(super) fn put_rows(
    rows: &[CsvVolume],
    volumes: &mut BTreeMap<String, ListedVolume>,
    tally: &mut Tally,
) {
    for row in rows {
        let tagged = volumes.get(&row.volume).and_then(|volume| volume.application.clone());
        let volume = ListedVolume {
            name: row.volume.clone(),
            written: row.bytes,
            daily_change: row.change.map(ChangeRate::daily),
            shared_source: None,
            application: row.group.clone().or(tagged),
        };
        if volumes.insert(row.volume.clone(), volume).is_some() {
            tally.assume("volume as the CSV has it, though snapshots of it are listed");
        }
    }
}

/// The images as the model has them, with the bytes of the snapshots that back them.
pub(super) fn sized(
    images: &[&ListedImage],
    snapshots: &BTreeMap<String, Snapshot>,
    tally: &mut Tally,
) -> Vec<Image> {
    let names = image_names(images);
    let mut out = Vec::new();
    for (image, name) in images.iter().zip(names) {
        let sizes: Option<Vec<(Bytes, Option<&str>)>> = image
            .snapshots
            .iter()
            .map(|backing| size_of(backing.provisioned, snapshots.get(&backing.id)))
            .collect();
        let Some(sizes) = sizes else {
            tally.leave_out("image with a snapshot of unknown size");
            continue;
        };
        sizes.iter().filter_map(|(_, assumed)| *assumed).for_each(|assumed| tally.assume(assumed));
        let with_size = |(backing, (written, _)): (&BackingSnapshot, _)| ImageSnapshot {
            name: backing.id.clone(),
            written,
        };
        let snapshots = image.snapshots.iter().zip(sizes).map(with_size).collect();
        out.push(Image { name, snapshots });
    }
    out
}

/// Bytes of a snapshot that backs an image, and what is assumed where no file says them.
fn size_of(
    provisioned: Option<Bytes>,
    listed: Option<&Snapshot>,
) -> Option<(Bytes, Option<&'static str>)> {
    const NOT_LISTED: &str = "image snapshot full to its provisioned size, since it is not listed";
    const NOT_SAID: &str =
        "image snapshot full to its provisioned size, since its written bytes are not listed";
    match listed {
        None => provisioned.map(|size| (size, Some(NOT_LISTED))),
        Some(Snapshot { written: Some(written), .. }) => Some((*written, None)),
        Some(snapshot) => provisioned.or(snapshot.provisioned).map(|size| (size, Some(NOT_SAID))),
    }
}

/// The name of each image: the one that it was given, else its ID; with the ID after it where two
/// images, of several Regions, have the same.
fn image_names(images: &[&ListedImage]) -> Vec<String> {
    let mut n_of: BTreeMap<&str, u64> = BTreeMap::new();
    for name in images.iter().filter_map(|image| image.name.as_deref()) {
        *n_of.entry(name).or_default() += 1;
    }
    let name_of = |image: &&ListedImage| match image.name.as_deref() {
        Some(name) if n_of[name] == 1 => name.to_owned(),
        Some(name) => format!("{name} ({})", image.id),
        None => image.id.clone(),
    };
    images.iter().map(name_of).collect()
}

/// The Regions that the ARNs of keys and Outposts name.
pub(super) fn regions(
    snapshots: &BTreeMap<String, Snapshot>,
    images: &[&ListedImage],
) -> BTreeSet<String> {
    let backing = images.iter().flat_map(|image| &image.snapshots);
    let of_images = backing.map(|snapshot| (&snapshot.encryption, &snapshot.stored));
    let of_snapshots = snapshots.values().map(|snapshot| (&snapshot.encryption, &snapshot.stored));
    let arns = of_snapshots.chain(of_images).flat_map(|(encryption, stored)| {
        let outpost = match stored {
            Stored::Outpost(arn) => Some(arn),
            Stored::Region | Stored::LocalZone(_) => None,
        };
        [encryption.kms_key_id.as_ref(), outpost].into_iter().flatten()
    });
    arns.filter_map(|arn| region_of(arn)).collect()
}

/// The Region in an ARN: `arn:aws:kms:us-east-1:111122223333:key/…`.
fn region_of(arn: &str) -> Option<String> {
    let mut parts = arn.split(':');
    let is_arn = parts.next() == Some("arn");
    parts.nth(2).filter(|region| is_arn && !region.is_empty()).map(ToOwned::to_owned)
}

/// The accounts that own the snapshots and images.
pub(super) fn owners(
    snapshots: &BTreeMap<String, Snapshot>,
    images: &[&ListedImage],
) -> BTreeSet<String> {
    let of_snapshots = snapshots.values().filter_map(|snapshot| snapshot.owner.clone());
    of_snapshots.chain(images.iter().filter_map(|image| image.owner.clone())).collect()
}
