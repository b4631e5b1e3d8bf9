//! What the provider sends as events while a run goes on (F34–F37, F40); only where somebody takes them.

use super::Run;
use super::job::{Job, JobRef};
use crate::engine::copy::{CopyEnd, End, ImageEnd};
use crate::engine::network::Network;
use crate::engine::part_name;
use crate::model::Model;
use crate::record::{EventId, EventKind, EventRecord, EventResult, ImageId, MissCause, SnapshotId};
use crate::rng::{Chance, NameHash};
use crate::units::{Instant, index_u64, index_usize};

impl<N: Network + Default> Run<'_, '_, N> {
    /// A snapshot copy, or one snapshot of an image copy, ended. Nothing is sent of one that was
    /// cancelled.
    pub(super) fn tell_copy(&mut self, job: &Job, end: &CopyEnd) {
        let result = match end.end {
            End::Completed => EventResult::Succeeded,
            End::Error => EventResult::Failed,
            End::Cancelled | End::Unfinished => return,
        };
        if !self.sink.takes_events() {
            return;
        }
        let part = index_usize(end.part);
        let (name, resource) = self.snapshot_of(job, end.part);
        let source = self.source_of(job, part);
        let event = EventRecord {
            id: EventId::of(self.chance, name.child("ended")),
            at: end.at,
            kind: EventKind::Snapshot,
            result: Some(result),
            fault: end.fault,
            item: &self.fleets[job.fleet].items[job.item].volumes[part].label,
            resource: &resource,
            source: &source,
            clock_started: clock_start(job, end.deadline),
            incremental: Some(end.incremental),
            missed: end.missed,
            ..blank_event(self.model, self.chance, job, end.accepted)
        };
        self.sink.event(&event);
    }

    /// A deadline passes while the copy is under way.
    pub(super) fn tell_missed(
        &mut self,
        (tag, part): (u64, u32),
        (at, accepted): (Instant, Instant),
        cause: MissCause,
    ) {
        if !self.sink.takes_events() {
            return;
        }
        let job = self.jobs.get(JobRef::of_tag(tag)).expect("a job outlives its copies");
        if !job.counted {
            return;
        }
        let place = index_usize(part);
        let (name, resource) = self.snapshot_of(job, part);
        let source = self.source_of(job, place);
        let event = EventRecord {
            id: EventId::of(self.chance, name.child("missed")),
            at,
            kind: EventKind::Missed,
            item: &self.fleets[job.fleet].items[job.item].volumes[place].label,
            resource: &resource,
            source: &source,
            clock_started: clock_start(job, Some(at)),
            missed: Some(cause),
            ..blank_event(self.model, self.chance, job, accepted)
        };
        self.sink.event(&event);
    }

    /// An image copy ended.
    pub(super) fn tell_image(&mut self, job: &Job, end: &ImageEnd) {
        let result = match end.end {
            End::Completed => EventResult::Available,
            End::Error => EventResult::Failed,
            End::Cancelled => EventResult::Deregistered,
            End::Unfinished => return,
        };
        if !self.sink.takes_events() {
            return;
        }
        let item = &self.fleets[job.fleet].items[job.item];
        let first = || item.hash.number(job.number).child("source");
        let source = ImageId::of(self.chance, job.source.unwrap_or_else(first)).to_string();
        let resource = ImageId::of(self.chance, job.name).to_string();
        let event = EventRecord {
            id: EventId::of(self.chance, job.name.child("state")),
            at: end.at,
            kind: EventKind::Image,
            result: Some(result),
            fault: end.fault,
            item: &item.name,
            resource: &resource,
            source: &source,
            ..blank_event(self.model, self.chance, job, end.accepted)
        };
        self.sink.event(&event);
    }

    /// The name and id of a target snapshot of a job.
    fn snapshot_of(&self, job: &Job, part: u32) -> (NameHash, String) {
        let image = self.model.fleets[job.fleet].items.are_images();
        let name = part_name(job.name, image, part);
        (name, SnapshotId::of(self.chance, name).to_string())
    }

    /// The id of a source snapshot of a job: the target of the hop before, or one of the volume's own.
    fn source_of(&self, job: &Job, part: usize) -> String {
        let volume = &self.fleets[job.fleet].items[job.item].volumes[part];
        if let (Some(id), None) = (&volume.given_id, job.source) {
            return id.clone();
        }
        let image = self.model.fleets[job.fleet].items.are_images();
        let name = match job.source {
            Some(before) if image => before.number(index_u64(part)),
            Some(before) => before,
            None => volume.root.number(job.number),
        };
        SnapshotId::of(self.chance, name).to_string()
    }
}

/// What all events of a job's copies have in common.
fn blank_event<'a>(
    model: &'a Model,
    chance: Chance,
    job: &Job,
    started: Instant,
) -> EventRecord<'a> {
    let fleet = &model.fleets[job.fleet];
    let rule = &fleet.copies[job.rule];
    let region = |site| model.site_name(model.region_of(site));
    EventRecord {
        replication: chance.replication(),
        id: EventId::of(chance, job.name),
        at: started,
        kind: EventKind::Snapshot,
        result: None,
        fault: None,
        fleet: &fleet.name,
        item: "",
        account: &model.accounts[job.account].name,
        region: region(rule.to),
        source_region: region(rule.from),
        resource: "",
        source: "",
        started,
        clock_started: None,
        incremental: None,
        time_based: job.duration.is_some(),
        missed: None,
    }
}

/// When the provider's clock of a copy with this deadline started.
fn clock_start(job: &Job, deadline: Option<Instant>) -> Option<Instant> {
    deadline.zip(job.duration).map(|(deadline, duration)| deadline.back(duration))
}
