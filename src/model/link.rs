//! Links with a capacity, what changes it, and the routes over them.

use super::{SiteIdx, TimeOfDay, Weekdays};
use crate::rng::Distribution;
use crate::units::{Instant, Rate, Span};

/// Who gave a link its capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOrigin {
    /// The scenario; time-based copies go first there (P-TIER).
    Scenario,
    /// The default for Local Zones (P-LZ-RATE).
    LocalZoneDefault,
    /// The service link of an Outpost (P-SL-SHARE of what is stated).
    ServiceLink,
    /// A Region that an incident befalls: no limit but while it lasts, and then nothing passes. Not
    /// a link of the user's, and not shown as one.
    Region,
}

/// From a time of day on, the share of the capacity that remains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileStep {
    /// Time of day in the link's zone.
    pub from: TimeOfDay,
    /// Share of the capacity, 0 to 1 and beyond.
    pub factor: f64,
}

/// When a window begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowStart {
    /// Once.
    Once(Instant),
    /// On days of the week, at a time of day in the link's zone.
    Weekly {
        /// Time of day.
        at: TimeOfDay,
        /// Days.
        on: Weekdays,
    },
}

/// A planned reduction.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkWindow {
    /// When it begins.
    pub start: WindowStart,
    /// How long it lasts.
    pub length: Span,
    /// Share of the capacity that remains, 0 to 1.
    pub factor: f64,
}

/// A random failure process: up for a time, down for a time, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Failures {
    /// Time to the next failure, seconds.
    pub up: Distribution,
    /// Time to repair, seconds.
    pub down: Distribution,
    /// Share of the capacity that remains while down, 0 to 1.
    pub factor: f64,
}

/// A link with a capacity. Overlapping reductions take the least factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Most that it carries.
    pub capacity: Rate,
    /// Who says so.
    pub origin: LinkOrigin,
    /// Zone of times of day: an IANA name, bundled.
    pub time_zone: jiff::tz::TimeZone,
    /// Daily profile, sorted by time of day; empty for none. The last step reaches past midnight.
    pub profile: Vec<ProfileStep>,
    /// Planned reductions.
    pub windows: Vec<LinkWindow>,
    /// Random failures.
    pub failures: Option<Failures>,
}

/// A pair of sites with the links between them, by index into [`super::Model::links`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where copies come from.
    pub from: SiteIdx,
    /// Where they go.
    pub to: SiteIdx,
    /// Links, ascending; those without a capacity are not listed, for they never limit.
    pub links: Vec<usize>,
}
