//! The user's promises.

use super::civil::{Day, time_of_day};
use super::{SiteIdx, TimeOfDay};
use crate::units::{Instant, Span};

/// Hours of a day, from `from` until `until`; past midnight where `until` is earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursOfDay {
    /// First moment of the day.
    pub from: TimeOfDay,
    /// End of it.
    pub until: TimeOfDay,
    /// Zone of both.
    pub time_zone: jiff::tz::TimeZone,
}

impl HoursOfDay {
    /// Whether it is one of these hours.
    pub fn contain(&self, at: Instant) -> bool {
        let time = time_of_day(at, &self.time_zone);
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

/// Whose recovery points an RPO is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// Each volume's own.
    Volume,
    /// Those of each application: the newest set of which all volumes arrived.
    Application,
}

/// What is promised.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetKind {
    /// Copies arrive within `limit` of being due.
    Copy {
        /// Longest time from due to completed.
        limit: Span,
    },
    /// All copies of one due instant arrive within `limit` of it.
    Batch {
        /// Longest time from due to the last completion.
        limit: Span,
    },
    /// All copies of one due instant arrive by the next such time of day.
    BatchBy {
        /// Time of day.
        by: TimeOfDay,
        /// Its zone.
        time_zone: jiff::tz::TimeZone,
    },
    /// The newest recovery point of each volume or application is never older than `limit`, as a
    /// share of time.
    Rpo {
        /// Greatest age.
        limit: Span,
        /// Whose.
        per: Per,
    },
    /// The use of a link stays below a share of its capacity, as a share of time.
    Link {
        /// The link, by index.
        link: usize,
        /// Highest use, as a share of its capacity.
        below: f64,
        /// Only in these hours; else always.
        hours: Option<HoursOfDay>,
    },
}

/// One promise of the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// How outputs name it: given, or made from what it says.
    pub name: String,
    /// What is promised.
    pub kind: TargetKind,
    /// Only copies of these fleets, by index; all where empty.
    pub fleets: Vec<usize>,
    /// Only copies to this place.
    pub to: Option<SiteIdx>,
    /// Share of copies, batches, or time that must hold, 0 to 1.
    pub share: f64,
}

impl Target {
    /// Whether a copy of this fleet to this place is meant.
    pub fn covers(&self, fleet: usize, to: SiteIdx) -> bool {
        (self.fleets.is_empty() || self.fleets.contains(&fleet))
            && self.to.is_none_or(|only| only == to)
    }

    /// The latest moment at which a copy that was due at `due`, as part of the batch of `batch`, has
    /// kept the promise; none where the promise is not about copies.
    pub fn latest(&self, due: Instant, batch: Instant) -> Option<Instant> {
        match &self.kind {
            TargetKind::Copy { limit } => Some(due + *limit),
            TargetKind::Batch { limit } => Some(batch + *limit),
            TargetKind::BatchBy { by, time_zone } => {
                let day = Day::of(batch, time_zone);
                let today = day.at(*by, time_zone);
                Some(if batch < today { today } else { day.next().at(*by, time_zone) })
            }
            TargetKind::Rpo { .. } | TargetKind::Link { .. } => None,
        }
    }
}
