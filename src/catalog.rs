//! What the provider publishes: Regions and Local Zones, limits, prices, error codes.
//!
//! Each figure says where it stands and how sure it is ([`Status`]); the tables behind it are in
//! `data/`, compiled in.

use std::fmt;

mod cause;
pub mod error_code;
pub mod fact;
pub mod limit;
pub mod location;
pub mod price;

pub use cause::Cause;
pub use error_code::ErrorCode;

/// How sure a published figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The provider's own text says so.
    Documented,
    /// Somebody saw it, or quotes it from the provider.
    Observed,
    /// Nobody has published it: a choice of this program, which a scenario can change.
    Assumed,
}

impl Status {
    /// The word for it in tables: `documented`, `observed`, `assumed`.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Documented => "documented",
            Status::Observed => "observed",
            Status::Assumed => "assumed",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
