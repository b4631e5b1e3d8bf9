//! Applications: volumes that are recovered together, from the newest set of which all arrived.

use std::collections::BTreeMap;

use super::result::Slowest;
use super::tally::{Outgrown, Point, Recovery, Standing};
use crate::engine::copy::Causes;
use crate::model::{Model, Per, SiteIdx, Target, TargetKind};
use crate::units::{Instant, Span};

/// Snapshots of one due instant of an application, as far as they arrived.
#[derive(Debug, Clone, Copy)]
struct Set {
    n_arrived: usize,
    /// The recovery point so far: the oldest of its snapshots, and the first of them to go.
    point: Point,
}

/// One application at one destination.
#[derive(Debug, Clone)]
pub(super) struct Track {
    /// Its name.
    pub(super) name: String,
    /// The fleets that its volumes are of; the first one names it in outputs.
    pub(super) fleets: Vec<usize>,
    /// The scope that it is counted in: that of its first fleet.
    pub(super) scope: usize,
    /// The destination.
    pub(super) to: SiteIdx,
    n_members: usize,
    seeded: Option<Set>,
    /// Sets that may still become whole, by their instant.
    open: BTreeMap<Instant, Set>,
    /// Its recovery points.
    pub(super) recovery: Recovery,
    /// The copy that took longest of those that were the last of their sets.
    pub(super) slowest: Option<Slowest>,
}

/// All applications at all destinations.
#[derive(Debug, Clone, Default)]
pub(super) struct Applications {
    /// One for each application and destination.
    pub(super) tracks: Vec<Track>,
    /// The track of each item, by scope; empty for fleets without applications.
    track_of: Vec<Vec<Option<usize>>>,
}

impl Applications {
    /// The applications of a model, by the names of those that the items of each fleet belong to;
    /// nothing has arrived yet.
    pub(super) fn new(model: &Model, names: &[Vec<Option<&str>>]) -> Applications {
        let mut applications = Applications::default();
        let mut known: BTreeMap<(&str, SiteIdx), usize> = BTreeMap::new();
        for (number, (fleet, items)) in model.fleets.iter().zip(names).enumerate() {
            let any = fleet.makes_snapshot && items.iter().any(Option::is_some);
            for copy in &fleet.copies {
                let scope = applications.track_of.len();
                let mut of_items = Vec::new();
                for name in items.iter().filter(|_| any) {
                    let track = name.map(|name| {
                        let track = *known.entry((name, copy.to)).or_insert_with(|| {
                            applications.tracks.push(Track::new(name, (number, scope), copy.to));
                            applications.tracks.len() - 1
                        });
                        let members = &mut applications.tracks[track];
                        members.n_members += 1;
                        if !members.fleets.contains(&number) {
                            members.fleets.push(number);
                        }
                        track
                    });
                    of_items.push(track);
                }
                applications.track_of.push(of_items);
            }
        }
        for track in &mut applications.tracks {
            track.recovery = track.new_recovery(model);
        }
        applications
    }

    fn of(&self, (scope, item): (usize, usize)) -> Option<usize> {
        self.track_of[scope].get(item).copied().flatten()
    }

    /// The tracks that a target covers, by index.
    pub(super) fn covered(&self, target: &Target) -> Vec<usize> {
        (0..self.tracks.len()).filter(|track| self.tracks[*track].is_covered(target)).collect()
    }

    /// A volume has a recovery point from the start.
    pub(super) fn seed_volume(&mut self, of: (usize, usize), point: Point) {
        if let Some(track) = self.of(of) {
            let track = &mut self.tracks[track];
            track.seeded = Some(with(track.seeded, point));
        }
    }

    /// All volumes are seeded: applications of which all are have a recovery point.
    pub(super) fn seed(&mut self, start: Instant, standing: &mut Standing) {
        for (number, track) in self.tracks.iter_mut().enumerate() {
            let whole = track.seeded.filter(|set| set.n_arrived == track.n_members);
            if let Some(set) = whole {
                track.recovery.seed(set.point);
                standing.application_arrived(start, number, &set.point);
            }
        }
    }

    /// A volume's copy arrived; returns the application's track and recovery point where it was the
    /// last of its set, and how late that was for the tightest limit.
    pub(super) fn arrive(
        &mut self,
        now: Instant,
        of: (usize, usize),
        (batch, point): (Instant, Point),
        (snapshot, waiting): (Span, Span),
    ) -> Option<(usize, Point, Option<Outgrown>)> {
        let number = self.of(of)?;
        let track = &mut self.tracks[number];
        let set = with(track.open.get(&batch).copied(), point);
        if set.n_arrived < track.n_members {
            track.open.insert(batch, set);
            return None;
        }
        // Sets before this one can become whole, but never be the newest any more.
        track.open = track.open.split_off(&(batch + Span::from_nanos(1)));
        // The parts are those of the volume that came last, counted from the oldest snapshot.
        let later = point.started.since(set.point.started);
        let late = track.recovery.arrive(now, set.point, (snapshot + later, waiting));
        Some((number, set.point, late))
    }
}

/// A set with one more volume of it.
fn with(set: Option<Set>, point: Point) -> Set {
    let Some(Set { n_arrived, point: before }) = set else { return Set { n_arrived: 1, point } };
    let gone = match (before.gone, point.gone) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let oldest =
        Point { started: before.started.min(point.started), due: before.due.min(point.due), gone };
    Set { n_arrived: n_arrived + 1, point: oldest }
}

impl Track {
    fn new(name: &str, (fleet, scope): (usize, usize), to: SiteIdx) -> Track {
        Track {
            name: name.to_owned(),
            fleets: vec![fleet],
            scope,
            to,
            n_members: 0,
            seeded: None,
            open: BTreeMap::new(),
            recovery: Recovery::new(Instant::ZERO, Instant::ZERO, &[]),
            slowest: None,
        }
    }

    /// Counts the last copy of a set.
    pub(super) fn count(&mut self, took: Span, causes: &Causes) {
        Slowest::compete(&mut self.slowest, took, causes);
    }

    /// Whether a target covers one of its fleets.
    pub(super) fn is_covered(&self, target: &Target) -> bool {
        self.fleets.iter().any(|fleet| target.covers(*fleet, self.to))
    }

    /// Recovery points over the window of a run, under the limits of all targets that cover it.
    fn new_recovery(&self, model: &Model) -> Recovery {
        let limits = model.targets.iter().filter_map(|target| match target.kind {
            TargetKind::Rpo { limit, per: Per::Application } if self.is_covered(target) => {
                Some(limit)
            }
            _ => None,
        });
        let limits: Vec<Span> = limits.collect();
        Recovery::new(model.start + model.warm_up, model.end(), &limits)
    }
}
