//! What an account has and sees, as inventories list it and as earlier requests changed it: what the
//! judge asks.
//!
//! Files that the AWS CLI prints do not say which Region they come from. It is taken from the ARNs of
//! keys in a file; where they name none, or several, an id counts as one of whatever Region is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{
    CopyImageRequest, Defaults, ImageSeen, ImageState, KeyState, PlaceOf, SnapshotSeen,
    SnapshotState, SourceKey, SpentToken, State, Zone,
};
use crate::catalog::location;
use crate::scenario::inventory::{
    BackingSnapshot, Encryption, Images, ListedImage, Snapshot, Snapshots, Stored,
};
use crate::units::{Bytes, Instant};

/// Key of a snapshot that is encrypted under one that its file does not name.
const UNNAMED_KEY: &str = "(not listed)";

/// What files list, by id, each with the Region of its file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stock {
    snapshots: BTreeMap<String, (Snapshot, Option<String>)>,
    images: BTreeMap<String, (ListedImage, Option<String>)>,
}

/// A snapshot that can be copied, as far as its bytes go.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Its id.
    pub id: String,
    /// The volume whose data it holds, or its own id where the files do not know.
    pub volume: String,
    /// When it began; none where no file says.
    pub started: Option<Instant>,
    /// Bytes of a full copy.
    pub written: Bytes,
    /// What was assumed to know the bytes, if anything.
    pub assumed: Option<&'static str>,
}

impl Stock {
    /// Takes in the files; an id that several list is that of the first.
    pub fn of(snapshots: Vec<Snapshots>, images: Vec<Images>) -> Stock {
        let mut stock = Stock::default();
        for file in snapshots {
            let region = region_of(file.items.iter().map(|item| &item.encryption));
            for item in file.items {
                let id = item.id.clone();
                stock.snapshots.entry(id).or_insert((item, region.clone()));
            }
        }
        for file in images {
            let parts = || file.items.iter().flat_map(|image| &image.snapshots);
            let listed = parts().filter_map(|part| stock.snapshots.get(&part.id));
            let known: BTreeSet<&String> =
                listed.filter_map(|(_, region)| region.as_ref()).collect();
            let region = match (known.len(), known.first()) {
                (1, Some(only)) => Some((*only).clone()),
                _ => region_of(parts().map(|part| &part.encryption)),
            };
            for item in file.items {
                let id = item.id.clone();
                stock.images.entry(id).or_insert((item, region.clone()));
            }
        }
        stock
    }

    /// The snapshot of an id.
    pub fn snapshot(&self, id: &str) -> Option<&Snapshot> {
        self.snapshots.get(id).map(|(snapshot, _)| snapshot)
    }

    /// The image of an id.
    pub fn image(&self, id: &str) -> Option<&ListedImage> {
        self.images.get(id).map(|(image, _)| image)
    }

    /// The Local Zone in which a listed snapshot or image is, if it is in one.
    pub fn zone_of(&self, id: &str) -> Option<String> {
        let image = self.image(id).and_then(|image| image.snapshots.first());
        match self.snapshot(id).map(|one| &one.stored).or(image.map(|part| &part.stored))? {
            Stored::LocalZone(zone) => Some(zone.clone()),
            Stored::Region | Stored::Outpost(_) => None,
        }
    }

    /// The Region of the file that lists a snapshot or image, where it is known.
    pub fn region_of(&self, id: &str) -> Option<&str> {
        let snapshot = self.snapshots.get(id).map(|(_, region)| region);
        let image = self.images.get(id).map(|(_, region)| region);
        snapshot.or(image)?.as_deref()
    }

    /// Whether a file lists a snapshot or image of this id.
    pub fn lists(&self, id: &str) -> bool {
        self.snapshots.contains_key(id) || self.images.contains_key(id)
    }

    /// The accounts that own what is listed.
    pub fn owners(&self) -> BTreeSet<&str> {
        let snapshots = self.snapshots.values().filter_map(|(one, _)| one.owner.as_deref());
        let images = self.images.values().filter_map(|(one, _)| one.owner.as_deref());
        snapshots.chain(images).collect()
    }

    /// What is copied of a listed snapshot; none where no file says how large it is.
    pub fn copied(&self, id: &str) -> Option<Copied> {
        let snapshot = self.snapshot(id)?;
        let (written, assumed) = match (snapshot.written, snapshot.provisioned) {
            (Some(written), _) => (written, None),
            (None, Some(size)) => (
                size,
                Some(
                    "snapshot full to the size of its volume, since its written bytes are not listed",
                ),
            ),
            (None, None) => return None,
        };
        Some(Copied {
            id: id.to_owned(),
            volume: self.volume_of(snapshot),
            started: Some(snapshot.started),
            written,
            assumed,
        })
    }

    /// What is copied of a snapshot that backs a listed image; none where no file says how large it
    /// is.
    pub fn backing(&self, part: &BackingSnapshot) -> Option<Copied> {
        self.copied(&part.id).or_else(|| {
            Some(Copied {
                id: part.id.clone(),
                volume: part.id.clone(),
                started: None,
                written: part.provisioned?,
                assumed: Some(
                    "image snapshot full to its provisioned size, since it is not listed",
                ),
            })
        })
    }

    /// The volume whose data a snapshot holds: of a copy that of its source (F31), where the files
    /// know it.
    fn volume_of(&self, snapshot: &Snapshot) -> String {
        let mut at = snapshot;
        for _hop in 0..16 {
            if let Some(volume) = &at.volume {
                return volume.clone();
            }
            match at.copy_of.as_ref().and_then(|id| self.snapshot(id)) {
                Some(source) => at = source,
                None => break,
            }
        }
        at.copy_of.clone().unwrap_or_else(|| at.id.clone())
    }
}

/// The one Region that the ARNs of keys name.
fn region_of<'e>(of: impl Iterator<Item = &'e Encryption>) -> Option<String> {
    let arns = of.filter_map(|encryption| encryption.kms_key_id.as_deref());
    let regions: BTreeSet<&str> = arns.filter_map(region_of_arn).collect();
    if regions.len() == 1 { regions.first().map(|one| (*one).to_owned()) } else { None }
}

/// The Region in an ARN.
pub fn region_of_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    (parts.next()? == "arn").then_some(())?;
    parts.nth(2).filter(|region| !region.is_empty())
}

/// Encryption by default of one Region, as a user states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByDefault {
    /// Whether it is on.
    pub on: bool,
    /// The key that is set; none: the provider's own.
    pub key: Option<String>,
}

/// A token that was used.
#[derive(Debug, Clone, PartialEq)]
struct Spent {
    request: CopyImageRequest,
    image: String,
    at: Instant,
}

/// What one account has and sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Holdings<'s> {
    stock: &'s Stock,
    /// The account, where a listed item names none.
    owner: &'s str,
    /// The parts of each image, as the judge takes them.
    parts: BTreeMap<&'s str, Vec<(&'s str, SourceKey<'s>)>>,
    /// Snapshots that no file lists and that are taken to exist.
    assumed: BTreeSet<&'s str>,
    /// Names of images, by Region.
    names: BTreeSet<(String, String)>,
    tokens: BTreeMap<(String, String), Spent>,
    /// Encryption by default, by Region.
    pub defaults: BTreeMap<String, ByDefault>,
    /// Local Zones that the catalogue does not have, with their parents.
    pub zones: BTreeMap<String, String>,
}

impl<'s> Holdings<'s> {
    /// What the files list, for an account.
    ///
    /// Images whose ids are in `later` are not there yet: requests that are still to be judged made
    /// them, and the files were written afterwards.
    pub fn new(stock: &'s Stock, owner: &'s str, later: &BTreeSet<&str>) -> Holdings<'s> {
        let mut holdings = Holdings {
            stock,
            owner,
            parts: BTreeMap::new(),
            assumed: BTreeSet::new(),
            names: BTreeSet::new(),
            tokens: BTreeMap::new(),
            defaults: BTreeMap::new(),
            zones: BTreeMap::new(),
        };
        for (id, (image, region)) in &stock.images {
            let part = |part: &'s BackingSnapshot| (part.id.as_str(), key_of(&part.encryption));
            holdings.parts.insert(id, image.snapshots.iter().map(part).collect());
            if let (Some(name), Some(region)) = (&image.name, region)
                && !later.contains(id.as_str())
            {
                holdings.names.insert((region.clone(), name.clone()));
            }
        }
        holdings
    }

    /// A snapshot that no file lists is taken to exist: complete, unencrypted, the account's own.
    pub fn assume_snapshot(&mut self, id: &'s str) {
        self.assumed.insert(id);
    }

    /// An image that no file lists is taken to exist: available, with one unencrypted snapshot, the
    /// account's own.
    pub fn assume_image(&mut self, id: &'s str) {
        self.parts.insert(id, vec![(id, SourceKey::Plain)]);
    }

    /// An image was made by a request that was accepted: its name is taken, and its token spent.
    pub fn made_image(
        &mut self,
        region: &str,
        request: &CopyImageRequest,
        (image, at): (String, Instant),
    ) {
        if let Some(name) = &request.name {
            self.names.insert((region.to_owned(), name.clone()));
        }
        if let Some(token) = &request.client_token {
            let spent = Spent { request: request.clone(), image, at };
            self.tokens.insert((region.to_owned(), token.clone()), spent);
        }
    }

    /// Whether an item of a file is one of this Region.
    fn is_in(region: Option<&String>, asked: &str) -> bool {
        region.is_none_or(|own| own == asked)
    }
}

/// How a listed snapshot is encrypted. Whether the account may read with the key is not in files: it
/// is taken so.
fn key_of(encryption: &Encryption) -> SourceKey<'_> {
    if encryption.encrypted {
        let key = encryption.kms_key_id.as_deref().unwrap_or(UNNAMED_KEY);
        SourceKey::Under { key, usable: true }
    } else {
        SourceKey::Plain
    }
}

/// Where a listed item is that a Region's API listed.
fn place_of<'p>(stored: &'p Stored, region: &str) -> Option<PlaceOf<'p>> {
    match stored {
        Stored::Region => {
            let region = location::find_region(region)?;
            Some(PlaceOf::Region { name: &region.name, partition: &region.partition })
        }
        Stored::LocalZone(zone) => {
            let parent = location::find_zone(zone).map(|zone| zone.parent.as_str());
            let parent =
                parent.or(location::find_region(region).map(|region| region.name.as_str()));
            Some(PlaceOf::LocalZone { name: zone, parent: parent? })
        }
        Stored::Outpost(arn) => {
            let parent = location::find_region(region_of_arn(arn).unwrap_or(region))?;
            Some(PlaceOf::Outpost { name: arn, parent: &parent.name })
        }
    }
}

/// The state of a listed snapshot. One that is archived has to be restored before it can be copied:
/// it counts as one that is not complete (assumed).
fn state_of(snapshot: &Snapshot) -> SnapshotState {
    match snapshot.left_out.as_deref() {
        None => SnapshotState::Completed,
        Some("snapshot error") => SnapshotState::Error,
        Some("snapshot recoverable") => SnapshotState::Recoverable,
        Some("snapshot recovering") => SnapshotState::Recovering,
        Some(_) => SnapshotState::Pending,
    }
}

/// The state of a listed image (F86).
fn image_state_of(image: &ListedImage) -> ImageState {
    let word = image.left_out.as_deref().and_then(|reason| reason.strip_prefix("image "));
    let known = ImageState::ALL.into_iter().find(|state| word == Some(state.name()));
    known.unwrap_or(ImageState::Available)
}

impl State for Holdings<'_> {
    fn snapshot(&self, region: &str, id: &str) -> Option<SnapshotSeen<'_>> {
        if self.assumed.contains(id) {
            let place = location::find_region(region)?;
            return Some(SnapshotSeen {
                place: PlaceOf::Region { name: &place.name, partition: &place.partition },
                visible: true,
                state: SnapshotState::Completed,
                encryption: SourceKey::Plain,
            });
        }
        let (snapshot, own) = self.stock.snapshots.get(id)?;
        if !Holdings::is_in(own.as_ref(), region) {
            return None;
        }
        Some(SnapshotSeen {
            place: place_of(&snapshot.stored, region)?,
            visible: true,
            state: state_of(snapshot),
            encryption: key_of(&snapshot.encryption),
        })
    }

    fn image(&self, region: &str, id: &str) -> Option<ImageSeen<'_>> {
        let snapshots = self.parts.get(id)?.as_slice();
        let Some((image, own)) = self.stock.images.get(id) else {
            let place = location::find_region(region)?;
            return Some(ImageSeen {
                place: PlaceOf::Region { name: &place.name, partition: &place.partition },
                owner: self.owner,
                visible: true,
                state: ImageState::Available,
                snapshots,
            });
        };
        if !Holdings::is_in(own.as_ref(), region) {
            return None;
        }
        let stored = image.snapshots.first().map_or(&Stored::Region, |part| &part.stored);
        Some(ImageSeen {
            place: place_of(stored, region)?,
            owner: image.owner.as_deref().unwrap_or(self.owner),
            visible: true,
            state: image_state_of(image),
            snapshots,
        })
    }

    fn name_is_taken(&self, region: &str, name: &str) -> bool {
        self.names.contains(&(region.to_owned(), name.to_owned()))
    }

    fn token(&self, region: &str, token: &str) -> Option<SpentToken<'_>> {
        let spent = self.tokens.get(&(region.to_owned(), token.to_owned()))?;
        Some(SpentToken { request: &spent.request, image: &spent.image, at: spent.at })
    }

    fn defaults(&self, region: &str) -> Defaults<'_> {
        self.defaults
            .get(region)
            .map_or_else(Defaults::default, |own| Defaults { on: own.on, key: own.key.as_deref() })
    }

    /// Which keys there are is in no file: each that is named is taken to be usable.
    fn key(&self, _region: &str, _key: &str) -> KeyState {
        KeyState::Usable
    }

    fn zone(&self, name: &str) -> Option<Zone<'_>> {
        if let Some(zone) = location::find_zone(name) {
            return Some(Zone {
                name: &zone.name,
                id: &zone.zone_id,
                parent: &zone.parent,
                encrypts: zone.encryption == location::LocalEncryption::Required,
            });
        }
        let (name, parent) = self.zones.get_key_value(name)?;
        Some(Zone { name, id: name, parent, encrypts: false })
    }
}
