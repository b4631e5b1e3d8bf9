//! Whether the estate stands inside its targets, moment by moment; how long it takes to come back.
//!
//! A target on copies or batches holds while no copy is past its limit; one on the RPO while no
//! more volumes (or applications) are past theirs than its share allows. Moments at which something
//! may pass its limit are kept in one heap and looked at when something ends, in order of time, so
//! that no event is needed for them.

use std::collections::BTreeMap;

mod way;

pub(in crate::drive) use way::Comeback;
use way::Ways;

use super::{Point, Tally};
use crate::drive::application::Applications;
use crate::drive::job::{Job, JobRef};
use crate::drive::result::TargetStanding;
use crate::engine::soonest::Soonest;
use crate::model::{Model, Per, TargetKind};
use crate::units::{Instant, Span, floor_count, index_u32, index_u64, index_usize};

/// Who may pass a limit: a recovery point of a member of a target, or a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    /// Member of an RPO target, with the number of its newest recovery point.
    Member(u32, u32),
    /// A copy.
    Copy(JobRef),
}

/// The members of an RPO target.
#[derive(Debug, Clone)]
struct Members {
    limit: Span,
    /// Number of the newest recovery point of each, and whether it is past its limit.
    newest: Vec<(u32, bool)>,
    /// How many may be past theirs.
    allowed: u64,
}

/// How one target stands.
#[derive(Debug, Clone)]
struct Watched {
    /// None for targets on copies and batches.
    members: Option<Members>,
    n_out: u64,
    /// Since when at least one is past its limit.
    any_since: Option<Instant>,
    /// Time in the window in which at least one was.
    any: Span,
}

impl Watched {
    fn holds(&self) -> bool {
        self.n_out <= self.members.as_ref().map_or(0, |members| members.allowed)
    }
}

/// Whether the estate stands inside its targets.
#[derive(Debug, Clone)]
pub(in crate::drive) struct Standing {
    window: (Instant, Instant),
    targets: Vec<Option<Watched>>,
    /// First member of each scope and application track, by RPO target.
    first_of_scope: Vec<BTreeMap<usize, u32>>,
    first_of_track: Vec<BTreeMap<usize, u32>>,
    limits: Soonest<(Instant, usize, Who)>,
    /// Copies that are open, by target; only where a way back is measured.
    open: BTreeMap<(usize, JobRef), bool>,
    ways: Ways,
    /// Whether copies are followed: only where a way back is told.
    follows_copies: bool,
    n_broken: usize,
}

impl Standing {
    /// Nothing has happened yet: volumes without a recovery point are past their limits.
    pub(in crate::drive) fn new(
        model: &Model,
        tally: &Tally,
        applications: &Applications,
    ) -> Standing {
        let mut standing = Standing {
            window: (model.start + model.warm_up, model.end()),
            targets: Vec::new(),
            first_of_scope: Vec::new(),
            first_of_track: Vec::new(),
            limits: Soonest::default(),
            open: BTreeMap::new(),
            ways: Ways::of(model),
            follows_copies: !model.incidents.is_empty() || model.starts_empty(),
            n_broken: 0,
        };
        for target in 0..model.targets.len() {
            standing.watch(model, target, (tally, applications));
        }
        standing
    }

    fn watch(
        &mut self,
        model: &Model,
        target: usize,
        (tally, applications): (&Tally, &Applications),
    ) {
        let promise = &model.targets[target];
        let (mut scopes, mut tracks) = (BTreeMap::new(), BTreeMap::new());
        let mut n = 0;
        let members = match promise.kind {
            TargetKind::Rpo { limit, per: Per::Volume } => {
                for (number, fleet) in model.fleets.iter().enumerate() {
                    for (rule, copy) in fleet.copies.iter().enumerate() {
                        if fleet.makes_snapshot && promise.covers(number, copy.to) {
                            scopes.insert(tally.scope_of(number, rule), n);
                            n += index_u32(fleet.items.count());
                        }
                    }
                }
                Some(limit)
            }
            TargetKind::Rpo { limit, per: Per::Application } => {
                for track in applications.covered(promise) {
                    tracks.insert(track, n);
                    n += 1;
                }
                Some(limit)
            }
            _ => None,
        };
        let watched = match promise.kind {
            TargetKind::Link { .. } => None,
            _ => Some(Watched {
                members: members.map(|limit| Members {
                    limit,
                    newest: vec![(0, true); index_usize(n)],
                    allowed: index_u64(floor_count((1.0 - promise.share) * f64::from(n) + 1e-9)),
                }),
                n_out: u64::from(n),
                any_since: (0 < n).then_some(model.start),
                any: Span::ZERO,
            }),
        };
        if watched.as_ref().is_some_and(|watched| !watched.holds()) {
            self.n_broken += 1;
            self.ways.begin_outside();
        }
        self.targets.push(watched);
        self.first_of_scope.push(scopes);
        self.first_of_track.push(tracks);
    }

    /// A volume's recovery point is there from the start.
    pub(in crate::drive) fn seed_volume(&mut self, scope: usize, item: usize, point: &Point) {
        self.volume_arrived(self.ways.start(), (scope, item), point);
    }

    /// A volume's recovery point arrived.
    pub(in crate::drive) fn volume_arrived(
        &mut self,
        now: Instant,
        (scope, item): (usize, usize),
        point: &Point,
    ) {
        for target in 0..self.targets.len() {
            if let Some(first) = self.first_of_scope[target].get(&scope) {
                let member = first + index_u32(item);
                self.arrived(now, (target, member), point);
            }
        }
    }

    /// An application's recovery point arrived.
    pub(in crate::drive) fn application_arrived(
        &mut self,
        now: Instant,
        track: usize,
        point: &Point,
    ) {
        for target in 0..self.targets.len() {
            if let Some(member) = self.first_of_track[target].get(&track).copied() {
                self.arrived(now, (target, member), point);
            }
        }
    }

    fn arrived(&mut self, now: Instant, (target, member): (usize, u32), point: &Point) {
        self.advance(now);
        let place = index_usize(member);
        let watched = self.targets[target].as_mut().expect("an RPO target is watched");
        let members = watched.members.as_mut().expect("an RPO target has members");
        let until = point.started + members.limit;
        let until = point.gone.map_or(until, |gone| gone.min(until));
        let (number, was_out) = &mut members.newest[place];
        *number += 1;
        let who = Who::Member(member, *number);
        let out = until < now;
        let before = std::mem::replace(was_out, out);
        if before && !out {
            self.change(now, target, false);
        } else if out && !before {
            self.change(now, target, true);
        }
        if !out {
            self.limits.push((until, target, who));
        }
    }

    /// A copy is due: it may pass its limit.
    pub(in crate::drive) fn expect_copy(&mut self, model: &Model, job: &Job, at: JobRef) {
        if !self.follows_copies {
            return;
        }
        let to = model.fleets[job.fleet].copies[job.rule].to;
        for (target, promise) in model.targets.iter().enumerate() {
            let Some(latest) = promise.latest(job.due, job.batch) else { continue };
            if promise.covers(job.fleet, to) {
                self.open.insert((target, at), false);
                self.limits.push((latest, target, Who::Copy(at)));
            }
        }
    }

    /// Another copy stands for the wish from now on.
    pub(in crate::drive) fn hand_over(
        &mut self,
        model: &Model,
        from: JobRef,
        (job, to): (&Job, JobRef),
    ) {
        if !self.follows_copies {
            return;
        }
        for target in 0..model.targets.len() {
            if let Some(out) = self.open.remove(&(target, from)) {
                self.open.insert((target, to), out);
                let latest = model.targets[target].latest(job.due, job.batch);
                if let (Some(latest), false) = (latest, out) {
                    self.limits.push((latest, target, Who::Copy(to)));
                }
            }
        }
    }

    /// A copy ended; `arrived` says whether it is there.
    pub(in crate::drive) fn copy_ended(&mut self, now: Instant, at: JobRef, arrived: bool) {
        if !self.follows_copies {
            return;
        }
        self.advance(now);
        for target in 0..self.targets.len() {
            let Some(out) = self.open.remove(&(target, at)) else { continue };
            if !arrived && !out {
                self.change(now, target, true);
            }
            if out || !arrived {
                self.change(now, target, false);
            }
        }
    }

    /// Looks at all limits that were passed before `now`.
    pub(in crate::drive) fn advance(&mut self, now: Instant) {
        while let Some((at, target, who)) = self.limits.pop_if(|(at, ..)| *at < now) {
            let passed = match who {
                Who::Member(member, number) => {
                    let watched = self.targets[target].as_mut();
                    let members = watched.and_then(|watched| watched.members.as_mut());
                    let place = index_usize(member);
                    members.is_some_and(|members| {
                        let (newest, out) = &mut members.newest[place];
                        let stands = *newest == number && !*out;
                        *out |= stands;
                        stands
                    })
                }
                Who::Copy(job) => match self.open.get_mut(&(target, job)) {
                    Some(out) => !std::mem::replace(out, true),
                    None => false,
                },
            };
            if passed {
                self.change(at, target, true);
            }
        }
    }

    /// One more member or copy is past its limit from `at` on, or one less.
    fn change(&mut self, at: Instant, target: usize, out: bool) {
        let window = self.window;
        let watched = self.targets[target].as_mut().expect("only watched targets change");
        let held = watched.holds();
        if out {
            watched.n_out += 1;
            watched.any_since.get_or_insert(at);
        } else {
            watched.n_out -= 1;
            if let (0, Some(since)) = (watched.n_out, watched.any_since) {
                watched.any += at.min(window.1).since_or_zero(since.max(window.0));
                watched.any_since = None;
            }
        }
        match (held, watched.holds()) {
            (true, false) => {
                self.n_broken += 1;
                if self.n_broken == 1 {
                    self.ways.leave(at);
                }
            }
            (false, true) => {
                self.n_broken -= 1;
                if self.n_broken == 0 {
                    self.ways.enter(at);
                }
            }
            (true, true) | (false, false) => {}
        }
    }

    /// The run is over: how long the ways back were, that from the start first, then those of the
    /// incidents; and for how long some member of each RPO target was past its limit.
    pub(in crate::drive) fn close(
        &mut self,
        now: Instant,
    ) -> (Vec<Comeback>, Vec<Option<TargetStanding>>) {
        self.advance(now);
        let window = self.window;
        let of = |watched: &Watched| {
            watched.members.as_ref()?;
            let open = watched
                .any_since
                .map_or(Span::ZERO, |since| now.min(window.1).since_or_zero(since.max(window.0)));
            let all = window.1.since(window.0).secs();
            let any = (watched.any + open).secs();
            Some(TargetStanding { any_past: if 0.0 < all { any / all } else { 0.0 } })
        };
        let standings = self.targets.iter().map(|watched| watched.as_ref().and_then(of)).collect();
        (self.ways.comebacks(now), standings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mins: u64) -> Instant {
        Instant::ZERO + Span::from_mins(10_000 + mins)
    }

    /// Two volumes under a limit of 60 min, both of which have to hold, watched for 1,000 minutes,
    /// with an incident from minute 100 to 200; the estate is back when it stays inside for 60 min.
    fn standing() -> Standing {
        let members =
            Members { limit: Span::from_mins(60), newest: vec![(0, true); 2], allowed: 0 };
        let watched =
            Watched { members: Some(members), n_out: 2, any_since: Some(at(0)), any: Span::ZERO };
        Standing {
            window: (at(0), at(1000)),
            targets: vec![Some(watched)],
            first_of_scope: vec![BTreeMap::from([(0, 0)])],
            first_of_track: vec![BTreeMap::new()],
            limits: Soonest::default(),
            open: BTreeMap::new(),
            ways: Ways::new(&[(at(0), at(0)), (at(100), at(200))], Span::from_mins(60), None),
            follows_copies: true,
            n_broken: 1,
        }
    }

    fn arrive(standing: &mut Standing, now: u64, item: usize, started: u64) {
        let point = Point { started: at(started), due: at(started), gone: None };
        standing.volume_arrived(at(now), (0, item), &point);
    }

    /// Empty at first. Volume 0 has points of 10, 50, and 90 at 10, 50, and 90; volume 1 has one of
    /// 30 at 30, of 80 at 80. From 30 on both are there, and stay so until 140 (80 + 60), when the
    /// incident holds back what comes; volume 0 follows at 150. At 230 and 250 both arrive again,
    /// and they go on: back at 250, 150 min after the incident began. At least one is past its limit
    /// from 0 to 30 and from 140 to 250: 140 of 1,000 min.
    #[test]
    fn the_way_back_ends_when_all_hold_and_go_on_to() {
        let mut standing = standing();
        for (now, item) in [(10, 0), (30, 1), (50, 0), (80, 1), (90, 0)] {
            arrive(&mut standing, now, item, now);
        }
        arrive(&mut standing, 230, 0, 225);
        arrive(&mut standing, 250, 1, 245);
        for now in (270..1000).step_by(20) {
            arrive(&mut standing, now, 0, now);
            arrive(&mut standing, now + 1, 1, now);
        }
        let (comebacks, standings) = standing.close(at(1000));
        let back = |took: u64| Comeback { took: Span::from_mins(took), at_least: false };
        assert_eq!(comebacks, [back(30), back(150)]);
        let any = standings[0].unwrap().any_past;
        assert!((any - 0.14).abs() < 1e-12, "{any}");
    }

    /// Everything stops at 90 and never comes back: at least until the end.
    #[test]
    fn a_way_without_an_end_is_at_least_as_long_as_the_run() {
        let mut standing = standing();
        for (now, item) in [(10, 0), (30, 1), (90, 0), (90, 1)] {
            arrive(&mut standing, now, item, now);
        }
        let (comebacks, _) = standing.close(at(1000));
        assert_eq!(comebacks[1], Comeback { took: Span::from_mins(900), at_least: true });
    }

    /// Points keep coming through the incident: nobody was ever out.
    #[test]
    fn who_never_left_took_no_time() {
        let mut standing = standing();
        for now in (0..1000).step_by(20) {
            arrive(&mut standing, now, 0, now);
            arrive(&mut standing, now, 1, now);
        }
        let (comebacks, _) = standing.close(at(1000));
        assert_eq!(comebacks[1], Comeback { took: Span::ZERO, at_least: false });
    }

    #[test]
    fn shares_say_how_many_may_be_past_their_limit() {
        let mut standing = standing();
        let watched = standing.targets[0].as_mut().unwrap();
        watched.members.as_mut().unwrap().allowed = 1;
        arrive(&mut standing, 10, 0, 10);
        assert_eq!(standing.n_broken, 0, "one of two is enough");
        assert_eq!(standing.targets[0].as_ref().unwrap().n_out, 1);
    }
}
