//! What the judge asks of the account and its Regions, and what it is told.
//!
//! The caller keeps it all: an engine, an inventory, a test.

use super::{CopyImageRequest, PlaceOf};
use crate::catalog::location;
use crate::catalog::location::LocalEncryption;
use crate::units::Instant;

/// States of a snapshot (F86).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotState {
    /// Being made.
    Pending,
    /// Made: the only state in which it can be copied (F84).
    Completed,
    /// Not made.
    Error,
    /// In the Recycle Bin.
    Recoverable,
    /// On its way out of the Recycle Bin.
    Recovering,
}

/// States of an image (F86).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageState {
    /// Being made.
    Pending,
    /// Made: the only state in which it can be copied (F141).
    Available,
    /// Not valid.
    Invalid,
    /// No longer registered.
    Deregistered,
    /// On its way between two states.
    Transient,
    /// Not made.
    Failed,
    /// In error.
    Error,
    /// Disabled.
    Disabled,
}

impl ImageState {
    /// Every state.
    pub const ALL: [ImageState; 8] = [
        ImageState::Pending,
        ImageState::Available,
        ImageState::Invalid,
        ImageState::Deregistered,
        ImageState::Transient,
        ImageState::Failed,
        ImageState::Error,
        ImageState::Disabled,
    ];

    /// The state as the API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            ImageState::Pending => "pending",
            ImageState::Available => "available",
            ImageState::Invalid => "invalid",
            ImageState::Deregistered => "deregistered",
            ImageState::Transient => "transient",
            ImageState::Failed => "failed",
            ImageState::Error => "error",
            ImageState::Disabled => "disabled",
        }
    }
}

/// How a snapshot is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKey<'a> {
    /// It is not.
    Plain,
    /// Under a key.
    Under {
        /// Id or ARN of the key.
        key: &'a str,
        /// Whether the account may read with it; false where the snapshot was shared without it.
        usable: bool,
    },
}

/// A snapshot that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotSeen<'a> {
    /// Where it is.
    pub place: PlaceOf<'a>,
    /// Whether the account sees it: its own, shared with it, or public.
    pub visible: bool,
    /// Its state.
    pub state: SnapshotState,
    /// How it is encrypted.
    pub encryption: SourceKey<'a>,
}

/// An image that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageSeen<'a> {
    /// Where it is.
    pub place: PlaceOf<'a>,
    /// Id of the account that owns it.
    pub owner: &'a str,
    /// Whether the account may use it: its own, shared with it, or public.
    pub visible: bool,
    /// Its state.
    pub state: ImageState,
    /// Its snapshots, in order: id, and how each is encrypted.
    pub snapshots: &'a [(&'a str, SourceKey<'a>)],
}

/// Encryption by default of a Region (F67, F68).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Defaults<'a> {
    /// Whether it is on.
    pub on: bool,
    /// The key that is set for it; none: the provider's own, `aws/ebs`.
    pub key: Option<&'a str>,
}

/// What is known of a key in a Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It can be used.
    Usable,
    /// There is none of this name in the Region.
    Unknown,
    /// It is disabled.
    Disabled,
    /// It is asymmetric, which EBS does not take (F70).
    Asymmetric,
    /// The caller may not describe it (F75).
    Hidden,
    /// The caller may describe it, but may grant nobody its use (F75).
    NoGrant,
}

/// A client token that was used, with what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpentToken<'a> {
    /// The request that was accepted with it.
    pub request: &'a CopyImageRequest,
    /// The image that came of it.
    pub image: &'a str,
    /// When it was accepted.
    pub at: Instant,
}

/// A Local Zone that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone<'a> {
    /// Its name, such as `us-west-2-lax-1a`.
    pub name: &'a str,
    /// Its id, such as `usw2-lax1-az1`.
    pub id: &'a str,
    /// The Region it belongs to.
    pub parent: &'a str,
    /// Whether it encrypts whatever arrives (F72).
    pub encrypts: bool,
}

/// What one account has and sees, by Region.
pub trait State {
    /// The snapshot of this id in a Region, its zones and Outposts included, visible or not.
    fn snapshot(&self, region: &str, id: &str) -> Option<SnapshotSeen<'_>>;

    /// The image of this id in a Region, its zones and Outposts included, visible or not.
    fn image(&self, region: &str, id: &str) -> Option<ImageSeen<'_>>;

    /// Whether an image of the account in the Region has this name (F66).
    fn name_is_taken(&self, region: &str, name: &str) -> bool;

    /// What a client token was used for in a Region, if it was. The judge knows for how long that
    /// counts (P-TOKEN-TTL).
    fn token(&self, region: &str, token: &str) -> Option<SpentToken<'_>>;

    /// Encryption by default of a Region.
    fn defaults(&self, region: &str) -> Defaults<'_>;

    /// What is known of a key: an id, an alias, or the ARN of either.
    fn key(&self, region: &str, key: &str) -> KeyState;

    /// The Local Zone of this name or id; by default, as the catalogue has it.
    fn zone(&self, name: &str) -> Option<Zone<'_>> {
        let zone = location::find_zone(name)?;
        Some(Zone {
            name: &zone.name,
            id: &zone.zone_id,
            parent: &zone.parent,
            encrypts: zone.encryption == LocalEncryption::Required,
        })
    }

    /// Whether it is known that images are copied from one Local Zone to another of the same
    /// parent though they are not of one group (P-LZLZ); by default, of none.
    fn is_zone_pair(&self, _from: &str, _to: &str) -> bool {
        false
    }
}
