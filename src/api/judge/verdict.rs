//! The answer to a request that is not refused.

use crate::api::{Action, Encrypting, Encryption, PlaceOf, SourceKey};
use crate::catalog::Status;
use crate::units::Span;

/// The answer to a request that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// A copy begins, if slots and quota allow it.
    Accepted(Accepted<'a>),
    /// The request came before, with the same token: the answer is that image, and nothing more
    /// happens (F76).
    Repeated {
        /// Id of the image.
        image: &'a str,
    },
}

/// A request that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// What is copied.
    pub action: Action,
    /// Id of the source, as the request has it.
    pub source: &'a str,
    /// Where the source is; its Region, where there is no such source.
    pub from: PlaceOf<'a>,
    /// Where the copy goes.
    pub to: PlaceOf<'a>,
    /// The completion duration; none: a standard copy (F1).
    pub duration: Option<Span>,
    /// By what the key of each snapshot is chosen.
    pub encrypting: Encrypting<'a>,
    /// Whether the copy gets the tags that the account put on the image (F63).
    pub tags_follow: bool,
    /// Why the copy ends in error later, where that is already certain.
    pub fails: Option<Later>,
    pub(super) copied: Copied<'a>,
}

/// The snapshots behind a request: id, and how each is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied<'a> {
    /// That of a CopySnapshot.
    One([(&'a str, SourceKey<'a>); 1]),
    /// Those of a CopyImage; none where the source does not exist.
    Of(&'a [(&'a str, SourceKey<'a>)]),
}

impl<'a> Copied<'a> {
    pub(super) const fn as_slice(&self) -> &[(&'a str, SourceKey<'a>)] {
        match self {
            Copied::One(one) => one.as_slice(),
            Copied::Of(all) => all,
        }
    }
}

impl<'a> Accepted<'a> {
    /// The source snapshots, in order, each with how its copy is encrypted; none where there is no
    /// such source.
    pub fn encryptions(&self) -> impl Iterator<Item = (&'a str, Encryption<'a>)> + '_ {
        self.copied.as_slice().iter().map(|(id, key)| (*id, self.encrypting.of(*key)))
    }

    /// Whether the copy of an image gets a tag of this key from its source: never one of the
    /// provider's own (F63).
    pub fn takes_tag(&self, key: &str) -> bool {
        self.tags_follow && !key.starts_with("aws:")
    }
}

/// Why a copy that was accepted ends in error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// There is no such source, or the account does not see it (F84).
    SourceNotFound,
    /// The source is not complete (F84).
    SourceNotComplete,
    /// The pre-signed URL is not signed (F85, P-URL-CHECK).
    UrlNotSigned,
    /// The key is of no use (F74, P-KEY-CHECK).
    KeyInvalid,
    /// The key of the source or of the copy may not be used (F75).
    KeyNotAccessible,
}

impl Later {
    /// The facts that it follows from, how sure it is, and what a state message would say.
    pub const fn told(self) -> (&'static str, Status, &'static str) {
        match self {
            Later::SourceNotFound => ("F84", Status::Observed, "the source was not found"),
            Later::SourceNotComplete => ("F84", Status::Observed, "the source is not complete"),
            Later::UrlNotSigned => {
                ("F85, P-URL-CHECK", Status::Documented, "the pre-signed URL is not signed")
            }
            Later::KeyInvalid => {
                ("F74, P-KEY-CHECK", Status::Documented, "the key cannot be used for this")
            }
            Later::KeyNotAccessible => ("F75", Status::Observed, "the key is not accessible"),
        }
    }
}
