//! Copies that the sink follows: where their time goes, stretch by stretch, from due to the end.
//!
//! A trail runs as the time by cause does: a hop goes on with that of the hop before, a copy that is
//! made again with that of the one before it, and the provider's part follows what the client waited.

use std::collections::BTreeMap;

use super::Run;
use super::ending::{Settled, blank_row, ended_row};
use super::job::{Job, JobRef};
use super::worst::Which;
use crate::catalog::Cause;
use crate::engine::copy::CopyEnd;
use crate::engine::network::Network;
use crate::record::{CopyRecord, Outcome, Stretch, Trail, wish};
use crate::rng::NameHash;
use crate::units::{Instant, Span};

/// The jobs that are followed; they stay here when they are gone, since they are few.
#[derive(Debug, Default)]
pub(super) struct Watch {
    jobs: BTreeMap<JobRef, Followed>,
}

/// A job that is followed.
#[derive(Debug, Clone, Default)]
struct Followed {
    /// From due until acceptance.
    before: Trail,
    /// The copy of it that ended last.
    last: Option<(CopyEnd, Settled)>,
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// Jobs of one item were made: all are followed if the sink follows any of them, for each may go
    /// on where another ends.
    pub(super) fn begin_to_follow(&mut self, made: &[JobRef]) {
        let is_followed = |at: &JobRef| {
            let job = self.jobs.get(*at).expect("just made");
            job.counted && self.sink.follows(self.wish_of(job.which()))
        };
        if self.watch.is_none() || !made.iter().any(is_followed) {
            return;
        }
        if let Some(watch) = &mut self.watch {
            watch.jobs.extend(made.iter().map(|at| (*at, Followed::default())));
        }
    }

    /// What the wish for a copy is known by in every run.
    pub(super) fn wish_of(&self, of: Which) -> NameHash {
        let fleet = &self.model.fleets[of.fleet];
        let to = self.model.site_name(fleet.copies[of.rule].to);
        let item = &self.fleets[of.fleet].items[of.item].name;
        wish(&fleet.name, item, (to, of.rule), of.number)
    }

    /// The provider is to watch a job that is followed.
    pub(super) fn watch_request(&mut self, at: JobRef) {
        if self.watch.as_ref().is_some_and(|watch| watch.jobs.contains_key(&at)) {
            self.engine.watch(at.tag());
        }
    }

    /// A job waited from a moment on for these causes, one after the other.
    pub(super) fn follow_wait(&mut self, at: JobRef, from: Instant, parts: [(Cause, Span); 2]) {
        let Some(followed) = self.watch.as_mut().and_then(|watch| watch.jobs.get_mut(&at)) else {
            return;
        };
        let mut from = from;
        for (cause, span) in parts {
            followed.before.push(Stretch::of_wait(from, from + span, cause));
            from = from + span;
        }
    }

    /// A copy of a job ended.
    pub(super) fn follow_end(&mut self, at: JobRef, end: &CopyEnd, settled: &Settled) {
        if let Some(followed) = self.watch.as_mut().and_then(|watch| watch.jobs.get_mut(&at)) {
            followed.last = Some((end.clone(), *settled));
        }
    }

    /// A job goes on at `now` where another one is: as the next hop of its chain, or as a copy that is
    /// made again.
    pub(super) fn follow_on(&mut self, now: Instant, from: JobRef, to: JobRef) {
        let Some(before) = self.trail_of(from, now) else { return };
        let watch = self.watch.as_mut().expect("it has a trail");
        watch.jobs.insert(to, Followed { before, last: None });
    }

    /// The trail of a job from due until `now`, or until its copy ended.
    fn trail_of(&self, at: JobRef, now: Instant) -> Option<Trail> {
        let Followed { before, last } = self.watch.as_ref()?.jobs.get(&at)?;
        let under_way = self.engine.trail_of(at.tag(), now);
        let after = under_way.as_ref().or(last.as_ref().map(|(end, _)| &end.trail));
        let mut trail = before.clone();
        if let Some(after) = after {
            trail.extend(after);
        }
        Some(trail)
    }

    /// A wish ended with a job: the sink is told where its time went. An image that was taken back
    /// while its snapshots go on is told of itself.
    pub(super) fn tell_followed(
        &mut self,
        at: JobRef,
        job: &Job,
        (outcome, now): (Outcome, Instant),
    ) {
        let Some(trail) = self.trail_of(at, now) else { return };
        let wish = self.wish_of(job.which());
        if !self.sink.follows(wish) {
            return;
        }
        let item = &self.fleets[job.fleet].items[job.item];
        let watch = self.watch.as_ref().expect("it has a trail");
        let blank = blank_row(self.model, self.chance.replication(), job);
        let under_way = self.engine.causes_of(at.tag(), now);
        let row = match (&watch.jobs[&at].last, under_way) {
            (Some((end, settled)), None) => ended_row(&blank, &item.volumes, end, settled),
            (_, under_way) => CopyRecord {
                volume: &item.name,
                ended: (outcome != Outcome::Unfinished).then_some(now),
                causes: under_way.map_or(job.causes, |after| job.with(&after)),
                ..blank
            },
        };
        let row = CopyRecord { outcome, ..row };
        self.sink.followed(wish, &row, &trail);
    }
}
