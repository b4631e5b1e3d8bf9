//! The way back inside the targets.

use crate::model::Model;
use crate::units::{Instant, Span};

/// The way back inside the targets, after an incident or from an empty start.
#[derive(Debug, Clone)]
struct Way {
    /// From when on it is counted.
    from: Instant,
    /// When it can be over at the earliest: the end of the incident.
    after: Instant,
    /// Whether a target did not hold since `from`.
    was_out: bool,
    back: Option<Instant>,
}

/// How long the way back inside the targets was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::drive) struct Comeback {
    /// From the beginning of the incident until all targets held again, and went on to.
    pub(in crate::drive) took: Span,
    /// Whether the run ended before that was certain.
    pub(in crate::drive) at_least: bool,
}

/// All ways back: that from the start first, then those of the incidents.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    all: Vec<Way>,
    /// How long all targets have to hold before the estate is back.
    stay: Span,
    /// Since when all of them hold; none where one does not.
    inside_since: Option<Instant>,
}

impl Ways {
    /// The ways of a run, which begins inside.
    pub(super) fn of(model: &Model) -> Ways {
        let from_start = (model.start, model.start);
        let incidents = model.incidents.iter().map(|incident| (incident.at, incident.until));
        let ways: Vec<(Instant, Instant)> = std::iter::once(from_start).chain(incidents).collect();
        Ways::new(&ways, longest_interval(model), Some(model.start))
    }

    /// Ways by when they begin and when they can be over at the earliest.
    pub(super) fn new(
        ways: &[(Instant, Instant)],
        stay: Span,
        inside_since: Option<Instant>,
    ) -> Ways {
        let way =
            |&(from, after): &(Instant, Instant)| Way { from, after, was_out: false, back: None };
        Ways { all: ways.iter().map(way).collect(), stay, inside_since }
    }

    /// When the run began.
    pub(super) fn start(&self) -> Instant {
        self.all[0].from
    }

    /// A target does not hold from the start.
    pub(super) fn begin_outside(&mut self) {
        self.inside_since = None;
    }

    /// All targets hold from `at` on.
    pub(super) fn enter(&mut self, at: Instant) {
        self.inside_since = Some(at);
        for way in self.all.iter_mut().filter(|way| way.from < at) {
            way.was_out |= way.back.is_none();
        }
    }

    /// From `at` on a target does not hold: who was back for long enough is back.
    pub(super) fn leave(&mut self, at: Instant) {
        let Some(since) = self.inside_since.take() else { return };
        for way in &mut self.all {
            if way.back.is_some() || at < way.from {
                continue;
            }
            let back = since.max(way.after);
            if way.after <= at && back + self.stay <= at {
                way.back = Some(back);
            } else {
                way.was_out = true;
            }
        }
    }

    /// The run is over: how long each way was.
    pub(super) fn comebacks(&self, now: Instant) -> Vec<Comeback> {
        let comebacks = self.all.iter().map(|way| {
            let back = way.back.or(self.inside_since.map(|since| since.max(way.after)));
            let certain = way.back.is_some() || back.is_some_and(|back| back + self.stay <= now);
            match back {
                Some(_) if certain && !way.was_out => {
                    Comeback { took: Span::ZERO, at_least: false }
                }
                Some(back) => Comeback { took: back.since_or_zero(way.from), at_least: !certain },
                None => Comeback { took: now.since_or_zero(way.from), at_least: true },
            }
        });
        comebacks.collect()
    }
}

/// The longest time between two due instants of what recurs: an estate that holds its targets for
/// so long holds them after every fleet had its turn. An hour where nothing recurs.
fn longest_interval(model: &Model) -> Span {
    let intervals = model.fleets.iter().map(|fleet| fleet.schedule.interval());
    intervals.max().filter(|longest| *longest != Span::ZERO).unwrap_or(Span::from_hours(1))
}
