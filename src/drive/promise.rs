//! Promises by scope: which scopes a target covers, and how it fared in each of them.

use super::application::{Applications, Track};
use super::result::{RunResult, ScopeShare, Slowest, TargetShare};
use super::tally::{Recovery, share_held};
use super::{Run, item};
use crate::engine::network::Network;
use crate::model::{Fleet, Items, Model, Per, Target, TargetKind};
use crate::units::Span;

/// A scope of a target: copies of one fleet to one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Covered {
    /// `fleet → destination`.
    pub(super) name: String,
    pub(super) fleet: usize,
    /// The copy rules that are called so, by their number among all rules of all fleets.
    pub(super) scopes: Vec<usize>,
}

/// The scopes that a target on copies, batches, or recovery points of volumes covers.
pub(super) fn covered(model: &Model, target: &Target) -> Vec<Covered> {
    let mut found: Vec<Covered> = Vec::new();
    let (of_volumes, is_other) = match target.kind {
        TargetKind::Copy { .. } | TargetKind::Batch { .. } | TargetKind::BatchBy { .. } => {
            (false, false)
        }
        TargetKind::Rpo { per, .. } => (true, per == Per::Application),
        TargetKind::Link { .. } => (false, true),
    };
    let mut first = 0;
    for (number, fleet) in model.fleets.iter().enumerate() {
        let is_meant = !is_other && (fleet.makes_snapshot || !of_volumes);
        for (rule, copy) in fleet.copies.iter().enumerate() {
            if !is_meant || !target.covers(number, copy.to) {
                continue;
            }
            let name = model.scope_name(number, rule);
            let own = found.iter_mut().rev().take_while(|of| of.fleet == number);
            match own.into_iter().find(|of| of.name == name) {
                Some(known) => known.scopes.push(first + rule),
                None => found.push(Covered { name, fleet: number, scopes: vec![first + rule] }),
            }
        }
        first += fleet.copies.len();
    }
    found
}

/// What one promise to one part of the estate is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseScope {
    /// `fleet → destination`, or the name of a link.
    pub scope: String,
    /// The application, of targets on those; of one with volumes of several fleets `scope` names the
    /// first that the target covers.
    pub application: Option<String>,
}

/// The scopes that each target covers, in the order in which [`RunResult::promises`] has them. Those
/// without recovery points are none of a target on these.
pub fn promise_scopes(model: &Model) -> Vec<Vec<PromiseScope>> {
    let is_per_application =
        |target: &Target| matches!(target.kind, TargetKind::Rpo { per: Per::Application, .. });
    let applications = model.targets.iter().any(is_per_application).then(|| {
        let names: Vec<Vec<Option<String>>> = model.fleets.iter().map(application_names).collect();
        let names = names.iter().map(|of| of.iter().map(Option::as_deref).collect());
        Applications::new(model, &names.collect::<Vec<_>>())
    });
    let scopes = |target: &Target| -> Vec<PromiseScope> {
        if let (Some(applications), true) = (&applications, is_per_application(target)) {
            let tracks = applications.covered(target).into_iter();
            return tracks
                .map(|track| of_track(model, target, &applications.tracks[track]))
                .collect();
        }
        if let TargetKind::Link { link, .. } = target.kind {
            let scope = model.links[link].name.clone();
            return vec![PromiseScope { scope, application: None }];
        }
        let covered = covered(model, target).into_iter();
        covered.map(|of| PromiseScope { scope: of.name, application: None }).collect()
    };
    model.targets.iter().map(scopes).collect()
}

fn of_track(model: &Model, target: &Target, track: &Track) -> PromiseScope {
    let fleet = track.fleets.iter().find(|fleet| target.covers(**fleet, track.to));
    let fleet = &model.fleets[*fleet.expect("it covers one of them")];
    let scope = format!("{} → {}", fleet.name, model.site_name(track.to));
    PromiseScope { scope, application: Some(track.name.clone()) }
}

/// The applications that the items of a fleet belong to.
fn application_names(fleet: &Fleet) -> Vec<Option<String>> {
    let listed = |place: usize| match &fleet.items {
        Items::Listed(volumes) => volumes[place].application.as_deref(),
        Items::Drawn { .. } | Items::Images(_) | Items::Requests { .. } => None,
    };
    (0..fleet.items.count()).map(|place| item::application(fleet, place, listed(place))).collect()
}

/// Ages of recovery points of volumes or applications under one limit.
#[derive(Debug, Clone, Copy, Default)]
struct Ages {
    past: Span,
    n: u64,
    n_missed: u64,
    worst: Option<Span>,
}

impl Ages {
    fn count(&mut self, recovery: &Recovery, limit: Span) {
        let past = recovery.past.iter().find(|(watched, _)| *watched == limit);
        let past = past.map(|(_, past)| *past).unwrap_or_default();
        self.past += past;
        self.n += 1;
        self.n_missed += u64::from(past != Span::ZERO);
        self.worst = self.worst.max(recovery.worst.map(|(worst, _)| worst));
    }

    fn add(&mut self, other: &Ages) {
        self.past += other.past;
        self.n += other.n;
        self.n_missed += other.n_missed;
        self.worst = self.worst.max(other.worst);
    }

    /// Share of time within the limit.
    fn result(&self, window: Span) -> TargetShare {
        let Ages { past, n, n_missed, worst } = *self;
        TargetShare { share: share_held(past, window, n), n, n_missed, worst, n_open: 0 }
    }
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// Targets on recovery points, and all targets by scope.
    pub(super) fn sum_up_promises(&self, result: &mut RunResult) {
        let model = self.model;
        let window = model.horizon.minus_or_zero(model.warm_up);
        for (place, target) in model.targets.iter().enumerate() {
            let mut of_scopes = self.tally.fared.by_scope(place);
            match target.kind {
                TargetKind::Copy { .. } | TargetKind::Batch { .. } | TargetKind::BatchBy { .. } => {
                }
                TargetKind::Rpo { limit, per } => {
                    let mut all = Ages::default();
                    let each = self.ages((place, target), (limit, per));
                    for (of_scope, ages) in of_scopes.iter_mut().zip(each) {
                        of_scope.fared = ages.result(window);
                        all.add(&ages);
                    }
                    result.targets[place] = all.result(window);
                }
                TargetKind::Link { .. } => {
                    let fared = result.targets[place];
                    of_scopes = vec![ScopeShare { fared, ..ScopeShare::default() }];
                }
            }
            for (of_scope, slowest) in of_scopes.iter_mut().zip(self.slowest(place, target)) {
                of_scope.slowest = slowest;
            }
            result.promises.push(of_scopes);
        }
    }

    /// The ages that a target is about, by scope, or by application.
    fn ages(&self, (place, target): (usize, &Target), (limit, per): (Span, Per)) -> Vec<Ages> {
        let of = |recoveries: &mut dyn Iterator<Item = &Recovery>| {
            let mut ages = Ages::default();
            recoveries.for_each(|recovery| ages.count(recovery, limit));
            ages
        };
        if per == Per::Application {
            let tracks = self.applications.covered(target).into_iter();
            let recovery = |track: usize| &self.applications.tracks[track].recovery;
            return tracks.map(|track| of(&mut std::iter::once(recovery(track)))).collect();
        }
        let scopes = self.tally.fared.covered(place).iter();
        scopes
            .map(|covered| {
                of(&mut covered.scopes.iter().flat_map(|scope| &self.recoveries[*scope]))
            })
            .collect()
    }

    /// The slowest copy of each scope of a target, or of each application.
    fn slowest(&self, place: usize, target: &Target) -> Vec<Option<Slowest>> {
        if let TargetKind::Rpo { per: Per::Application, .. } = target.kind {
            let tracks = self.applications.covered(target).into_iter();
            return tracks.map(|track| self.applications.tracks[track].slowest).collect();
        }
        let of = |scopes: &[usize]| {
            let all = scopes.iter().filter_map(|scope| self.tally.scopes[*scope].slowest);
            all.reduce(|one, other| if one.took < other.took { other } else { one })
        };
        self.tally.fared.covered(place).iter().map(|covered| of(&covered.scopes)).collect()
    }
}
