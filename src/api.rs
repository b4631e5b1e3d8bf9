//! Requests in the words of CopySnapshot and CopyImage, and their judge: pure functions that say
//! what the provider would answer, by which fact.
//!
//! - [`Request`]: every parameter of both calls, typed; [`Request::read`] takes them from JSON,
//!   CloudTrail's spelling included.
//! - [`Context::judge`]: the answer: accepted (and what then becomes of it), the image of an
//!   earlier request with the same token, or a [`Refusal`].
//! - [`State`]: what the judge asks of the account, answered by the caller.
//! - [`Rule`], [`Stage`]: by what a request is refused, and in which order that is looked at.
//! - [`Silent`]: what is taken where the provider says nothing.
//! - [`route`], [`duration`]: the same rules for places and durations alone.

mod duration;
mod encryption;
mod judge;
mod parameter;
mod refusal;
mod request;
mod route;
mod rule;
mod silent;
mod state;
mod url;

pub use duration::duration;
pub use encryption::{Encrypting, Encryption, Key, Way};
pub use judge::{Accepted, Context, Later, May, Verdict};
pub use parameter::{Kind, Parameter};
pub use refusal::Refusal;
pub use request::{CopyImageRequest, CopySnapshotRequest, Request, Tag, TagSpecification, Tags};
pub use route::{PlaceOf, route, route_by};
pub use rule::{Rule, RuleInfo, Stage};
pub use silent::{
    EdgeCode, Exclusive, ImageKey, ImageSource, KeyCheck, KeyNeeds, NoRegion, Silent, TokenZones,
    UrlCheck, ZoneEncryption, ZonePairs, ZoneSelf,
};
pub use state::{
    Defaults, ImageSeen, ImageState, KeyState, SnapshotSeen, SnapshotState, SourceKey, SpentToken,
    State, Zone,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// CopySnapshot.
    CopySnapshot,
    /// CopyImage.
    CopyImage,
}

impl Action {
    /// What is copied, in words: `snapshot`, `image`.
    pub const fn thing(self) -> &'static str {
        match self {
            Action::CopySnapshot => "snapshot",
            Action::CopyImage => "image",
        }
    }

    /// The call as the API names it.
    pub const fn name(self) -> &'static str {
        match self {
            Action::CopySnapshot => "CopySnapshot",
            Action::CopyImage => "CopyImage",
        }
    }

    /// The call of this name.
    pub fn from_name(name: &str) -> Option<Action> {
        [Action::CopySnapshot, Action::CopyImage].into_iter().find(|action| action.name() == name)
    }

    /// The other call.
    pub(crate) const fn other(self) -> Action {
        match self {
            Action::CopySnapshot => Action::CopyImage,
            Action::CopyImage => Action::CopySnapshot,
        }
    }
}
