//! What is known of a source, from the user's words or from what the AWS CLI lists.

use super::Site;
use crate::api::{Action, ImageState, PlaceOf, SnapshotState, SourceKey};
use crate::catalog::location;
use crate::scenario::inventory::{
    BackingSnapshot, Encryption, Images, Snapshot, Snapshots, Stored,
};
use crate::units::Bytes;

/// What is known of what is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Whether there is such a source.
    pub exists: bool,
    /// Where it is; none: in the Region that the request names.
    pub site: Option<Site>,
    /// The account that owns it; none: the one that asks.
    pub owner: Option<String>,
    /// Its state in the API's words; none: it can be copied.
    pub state: Option<String>,
    /// Its snapshots, in order; of a snapshot, itself.
    pub snapshots: Vec<SourceSnapshot>,
    /// What is taken as so, since nobody says.
    pub taken: Vec<String>,
}

/// A snapshot that is copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSnapshot {
    /// Its id; `snap-…` where nobody says.
    pub id: String,
    /// Bytes of a full copy.
    pub full: Option<Bytes>,
    /// Bytes that changed since the newest copy of its volume at the destination; none: there is no
    /// such copy.
    pub changed: Option<Bytes>,
    /// The key that it is encrypted under; none: it is not.
    pub key: Option<String>,
}

impl SourceSnapshot {
    /// How it is encrypted, as the judge sees it.
    pub(super) fn source_key(&self) -> SourceKey<'_> {
        match self.key.as_deref() {
            None => SourceKey::Plain,
            Some(key) => SourceKey::Under { key, usable: true },
        }
    }
}

/// The key of a snapshot that is encrypted, where the file does not say under which.
const UNNAMED_KEY: &str = "a key that the file does not name";

/// The id of a snapshot that nobody names.
const UNNAMED_SNAPSHOT: &str = "snap-…";

impl Source {
    /// A source of which only this is known: its snapshots by their full size, what changed of
    /// each, and the key. One snapshot of unknown size, if `sizes` is empty.
    pub fn told(action: Action, sizes: &[Bytes], changed: &[Bytes], key: Option<&str>) -> Source {
        let n = sizes.len().max(changed.len()).max(1);
        let snapshots = (0..n).map(|idx| SourceSnapshot {
            id: UNNAMED_SNAPSHOT.to_owned(),
            full: sizes.get(idx).copied(),
            changed: changed.get(idx).copied(),
            key: key.map(str::to_owned),
        });
        let mut taken = vec!["it is there, and your own".to_owned()];
        if key.is_none() {
            taken.push("it is not encrypted".to_owned());
        }
        if action == Action::CopyImage && n == 1 {
            taken.push("it has one snapshot".to_owned());
        }
        Source {
            exists: true,
            site: None,
            owner: None,
            state: None,
            snapshots: snapshots.collect(),
            taken,
        }
    }

    /// The source of this id as files list it.
    pub fn listed(action: Action, id: &str, snapshots: &[Snapshots], images: &[Images]) -> Source {
        let all: Vec<&Snapshot> = snapshots.iter().flat_map(|file| &file.items).collect();
        match action {
            Action::CopySnapshot => match all.iter().find(|snapshot| snapshot.id == id) {
                Some(snapshot) => of_snapshot(snapshot),
                None => absent(),
            },
            Action::CopyImage => of_image(id, images, &all),
        }
    }

    /// The same source with what the user knows better: sizes, what changed, and the key, each where
    /// it is given.
    ///
    /// # Errors
    /// When more snapshots are given than the source has.
    pub fn with(
        mut self,
        sizes: &[Bytes],
        changed: &[Bytes],
        key: Option<&str>,
    ) -> Result<Source, String> {
        let (given, n) = (sizes.len().max(changed.len()), self.snapshots.len());
        if self.exists && n < given {
            return Err(format!("{given} sizes are given, and the files list {n} snapshots of it"));
        }
        for (idx, snapshot) in self.snapshots.iter_mut().enumerate() {
            snapshot.full = sizes.get(idx).copied().or(snapshot.full);
            snapshot.changed = changed.get(idx).copied().or(snapshot.changed);
            snapshot.key = key.map(str::to_owned).or(snapshot.key.take());
        }
        Ok(self)
    }

    /// Where it is, as routes see it, where the request names this Region.
    pub(super) fn place(&self, region: &str) -> Option<PlaceOf<'_>> {
        if let Some(site) = &self.site {
            return Some(site.place());
        }
        let known = location::find_region(region)?;
        Some(PlaceOf::Region { name: &known.name, partition: &known.partition })
    }

    pub(super) fn snapshot_state(&self) -> SnapshotState {
        match self.state.as_deref() {
            None | Some("completed") => SnapshotState::Completed,
            Some("pending") => SnapshotState::Pending,
            Some("recoverable") => SnapshotState::Recoverable,
            Some("recovering") => SnapshotState::Recovering,
            Some(_) => SnapshotState::Error,
        }
    }

    pub(super) fn image_state(&self) -> ImageState {
        match self.state.as_deref() {
            None => ImageState::Available,
            Some(text) => {
                let named = ImageState::ALL.into_iter().find(|state| state.name() == text);
                named.unwrap_or(ImageState::Invalid)
            }
        }
    }
}

const SNAPSHOT_STATES: [&str; 5] = ["pending", "completed", "error", "recoverable", "recovering"];

/// Whether a text is a state of what a call copies (F86).
///
/// # Errors
/// When it is none: the states that there are.
pub fn is_state(action: Action, text: &str) -> Result<(), String> {
    let states: Vec<&str> = match action {
        Action::CopySnapshot => SNAPSHOT_STATES.to_vec(),
        Action::CopyImage => ImageState::ALL.iter().map(|state| state.name()).collect(),
    };
    if states.contains(&text) {
        return Ok(());
    }
    let (thing, states) = (action.thing(), states.join(", "));
    Err(format!("`{text}` is no state of an EBS {thing}; there are {states}"))
}

/// A source that the files do not list.
fn absent() -> Source {
    Source {
        exists: false,
        site: None,
        owner: None,
        state: None,
        snapshots: Vec::new(),
        taken: vec!["what the files do not list does not exist".to_owned()],
    }
}

fn of_snapshot(snapshot: &Snapshot) -> Source {
    let mut taken = Vec::new();
    let one = SourceSnapshot {
        id: snapshot.id.clone(),
        full: sized(&snapshot.id, snapshot.written, snapshot.provisioned, &mut taken),
        changed: None,
        key: key_of(&snapshot.encryption),
    };
    let state = snapshot.left_out.as_deref().map(|reason| state_in(reason, "snapshot "));
    Source {
        exists: true,
        site: site_of(&snapshot.stored),
        owner: snapshot.owner.clone(),
        state,
        snapshots: vec![one],
        taken,
    }
}

fn of_image(id: &str, images: &[Images], snapshots: &[&Snapshot]) -> Source {
    let Some(image) = images.iter().flat_map(|file| &file.items).find(|image| image.id == id)
    else {
        return absent();
    };
    let mut taken = Vec::new();
    let backing = image.snapshots.iter().map(|one| backing(one, snapshots, &mut taken)).collect();
    let state = image.left_out.as_deref().filter(|reason| !reason.starts_with("image with"));
    Source {
        exists: true,
        site: image.snapshots.first().and_then(|one| site_of(&one.stored)),
        owner: image.owner.clone(),
        state: state.map(|reason| state_in(reason, "image ")),
        snapshots: backing,
        taken,
    }
}

/// A snapshot of an image, sized by the list of snapshots where that has it.
fn backing(
    one: &BackingSnapshot,
    snapshots: &[&Snapshot],
    taken: &mut Vec<String>,
) -> SourceSnapshot {
    let listed = snapshots.iter().find(|snapshot| snapshot.id == one.id);
    let written = listed.and_then(|snapshot| snapshot.written);
    let provisioned = listed.and_then(|snapshot| snapshot.provisioned).or(one.provisioned);
    SourceSnapshot {
        id: one.id.clone(),
        full: sized(&one.id, written, provisioned, taken),
        changed: None,
        key: key_of(&one.encryption).or(listed.and_then(|snapshot| key_of(&snapshot.encryption))),
    }
}

/// The full size, or that of the volume in its place, which is said (F16).
fn sized(
    id: &str,
    written: Option<Bytes>,
    provisioned: Option<Bytes>,
    taken: &mut Vec<String>,
) -> Option<Bytes> {
    if written.is_none() && provisioned.is_some() {
        taken.push(format!(
            "`{id}` is as large as its volume, its full size not being listed (F16)"
        ));
    }
    written.or(provisioned)
}

fn key_of(encryption: &Encryption) -> Option<String> {
    let named = encryption.kms_key_id.clone();
    encryption.encrypted.then(|| named.unwrap_or_else(|| UNNAMED_KEY.to_owned()))
}

/// `pending` of `snapshot pending`.
fn state_in(reason: &str, prefix: &str) -> String {
    reason.strip_prefix(prefix).unwrap_or(reason).to_owned()
}

/// Where something is stored; none: in the Region of the file.
fn site_of(stored: &Stored) -> Option<Site> {
    match stored {
        Stored::Region => None,
        Stored::LocalZone(name) => location::find_zone(name).map(Site::LocalZone),
        Stored::Outpost(arn) => Site::read(arn).ok(),
    }
}
