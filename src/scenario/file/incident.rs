//! What goes wrong, or is changed, at given moments.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spelling::Moment;
use crate::scenario::value::{At, OneOrMany, words};
use crate::units::Span;

/// What kind of incident it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A Region is in trouble.
    Region,
    /// Snapshots are not made.
    NoSnapshots,
    /// Copies are made under another key.
    NewKey,
    /// Something that the scenario says elsewhere.
    Mark,
}

words! {
    Trouble, "incident": {
        "region" => Trouble::Region, "no-snapshots" => Trouble::NoSnapshots,
        "new-key" => Trouble::NewKey, "mark" => Trouble::Mark,
    }
}

/// Something that goes wrong, or is changed, and after which the estate has to come back inside its
/// targets; how long that takes is measured.
///
/// `region`: a Region is in trouble: no snapshot is made there, requests to it are refused, bytes
/// from it and to it stand still. `no-snapshots`: snapshots that fall due are not made. `new-key`:
/// from then on, copies are made under another KMS key, so that they are full again (F102–F104).
/// `mark`: nothing of its own, but the way back is measured, for what the scenario says elsewhere: a
/// link that is down, the end of a month.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What kind of incident it is.
    #[schemars(required)]
    pub kind: Option<At<Trouble>>,
    /// Name in outputs. Default: made from what it says.
    pub name: Option<At<String>>,
    /// The Region, for `kind = "region"`.
    pub region: Option<At<String>>,
    /// Fleets and images that it befalls, for the other kinds. Default: all.
    pub fleet: Option<At<OneOrMany<String>>>,
    /// When it begins: a moment, or a time after the start.
    #[schemars(required)]
    pub at: Option<At<Moment>>,
    /// How long it lasts; a change of key happens in a moment.
    #[serde(rename = "for")]
    pub length: Option<At<Span>>,
}
