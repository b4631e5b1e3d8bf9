//! What goes wrong, or is changed, at given moments of a run.

use super::SiteIdx;
use crate::units::Instant;

/// What an incident does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncidentKind {
    /// A Region is in trouble: no snapshot is made there, requests to it are refused with
    /// `ServiceUnavailable` (F150), and bytes of copies from it and to it stand still.
    Region(SiteIdx),
    /// Snapshots of these fleets that fall due are not made: a scheduler that stood still.
    NoSnapshots(Vec<usize>),
    /// From its beginning on, copies of these fleets are made under another key (F102–F104).
    NewKey(Vec<usize>),
    /// Nothing: a mark, from which on the way back inside the targets is measured, for what the
    /// scenario says elsewhere (a link that is down, the end of a month).
    Mark,
}

/// Something that goes wrong, or is changed, at a given moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: IncidentKind,
    /// When it begins.
    pub at: Instant,
    /// When it is over; the beginning itself for what happens in a moment.
    pub until: Instant,
}

impl Incident {
    /// Whether it befalls a fleet that it names, or all where it names none.
    pub fn befalls(&self, fleet: usize) -> bool {
        match &self.kind {
            IncidentKind::Region(_) | IncidentKind::Mark => false,
            IncidentKind::NoSnapshots(fleets) | IncidentKind::NewKey(fleets) => {
                fleets.is_empty() || fleets.contains(&fleet)
            }
        }
    }

    /// Whether it lasts at `now`: from its beginning on, up to its end.
    pub fn lasts(&self, now: Instant) -> bool {
        self.at <= now && now < self.until
    }
}
