//! Requests in the words of CopySnapshot and CopyImage, and their judge: pure functions that say
//! what the provider would answer, by which fact.

use std::fmt;

use crate::catalog::ErrorCode;

mod duration;
mod route;

pub use duration::duration;
pub use route::{PlaceOf, route};

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
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the API answers; assumed where the provider does not document it (P-ROUTE-CODE,
    /// P-TB-EDGE-CODE).
    pub code: ErrorCode,
    /// The facts that it follows from: `F52`, `F24, P-TB-EDGE-CODE`.
    pub rule: &'static str,
    /// Why, in a sentence, with the way out where there is one.
    pub message: String,
}

/// `UnsupportedOperation: … (F52)`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.code.as_str(), self.message, self.rule)
    }
}

impl std::error::Error for Refusal {}
