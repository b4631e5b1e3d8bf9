//! How snapshots and images stand, for callers that look.
//!
//! Nothing is remembered unless [`Engine::remember`] was called: then copies are known by their ids
//! from acceptance until they are deleted, failed ones for good.

use std::collections::BTreeMap;

use super::copy::{Copy, CopyEnd, CopyRef, End, Stage};
use super::network::{FlowIdx, Network};
use super::view::{
    DeviceView, EbsView, ImageState, ImageView, Labels, NO_VOLUME, Percent, SnapshotState,
    SnapshotView, StateReason,
};
use super::{CopyRequest, Engine, ImageCopy, Source};
use crate::model::{Place, Progress, SiteIdx, Switch};
use crate::record::{AccountNumber, Fault, ImageId, SnapshotId};
use crate::rng::NameHash;
use crate::units::{Bytes, Instant, index_usize};

/// One snapshot that can be described.
#[derive(Debug, Clone)]
struct Known {
    /// How it was shown when its copy was accepted, or has ended.
    view: SnapshotView,
    copy: CopyRef,
    /// Its lineage, and its number there.
    place: (usize, u64),
    full: Bytes,
}

/// What can be described, by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Register {
    snapshots: BTreeMap<SnapshotId, Known>,
    images: BTreeMap<ImageId, ImageView>,
}

impl<N: Network> Engine<'_, N> {
    /// Remembers from now on what is accepted, so that it can be described: memory then grows with
    /// the copies made.
    pub fn remember(&mut self) {
        self.register.get_or_insert_default();
    }

    /// The id of the snapshot of this name ([`CopyRequest::name_of`]).
    pub fn snapshot_id(&self, name: NameHash) -> SnapshotId {
        SnapshotId::of(self.chance, name)
    }

    /// The id of the image of this name: that of its request.
    pub fn image_id(&self, name: NameHash) -> ImageId {
        ImageId::of(self.chance, name)
    }

    /// A snapshot as `DescribeSnapshots` shows it at `now`; none where there is no such snapshot, or no
    /// more. Everything before `now` must have happened ([`Engine::advance_to`]).
    pub fn snapshot(&mut self, id: SnapshotId, now: Instant) -> Option<SnapshotView> {
        self.settle();
        let known = self.register.as_ref()?.snapshots.get(&id)?;
        let mut view = known.view.clone();
        match view.state {
            SnapshotState::Error => {}
            SnapshotState::Pending => view.progress = self.progress(known.copy, now),
            SnapshotState::Completed => {
                let (lineage, kept) = known.place;
                if !self.accounts.lineage(lineage).0.stands(kept, now) {
                    return None;
                }
            }
        }
        if view.state == SnapshotState::Pending {
            self.touch(Switch::Progress);
        }
        Some(view)
    }

    /// All snapshots that there are at `now`, by id.
    pub fn snapshots(&mut self, now: Instant) -> Vec<SnapshotView> {
        let ids: Vec<SnapshotId> =
            self.register.iter().flat_map(|register| register.snapshots.keys().copied()).collect();
        ids.into_iter().filter_map(|id| self.snapshot(id, now)).collect()
    }

    /// An image as `DescribeImages` shows it; one that was taken back is known as such.
    pub fn image(&self, id: ImageId) -> Option<ImageView> {
        self.register.as_ref()?.images.get(&id).cloned()
    }

    /// All images, by id.
    pub fn images(&self) -> Vec<ImageView> {
        self.register.iter().flat_map(|register| register.images.values().cloned()).collect()
    }

    /// How far a copy under way is at `now`: of its present attempt, where it had to start again.
    fn progress(&self, at: CopyRef, now: Instant) -> Percent {
        let Some(copy) = self.copies.get(at) else { return Percent::ZERO };
        if copy.stage != Stage::Moving || copy.moves() == Bytes::ZERO {
            return Percent::ZERO;
        }
        let left = Bytes::from_f64(self.network.left(now, FlowIdx(at.idx)));
        let step = match self.model.assume.progress {
            Progress::Percent => 1,
            Progress::Tens => 10,
        };
        Percent::pending(copy.moves().minus_or_zero(left), copy.bytes, step)
    }

    /// A snapshot copy was accepted.
    pub(super) fn note_accepted(
        &mut self,
        at: CopyRef,
        request: &CopyRequest<'_>,
        source: &Source,
    ) {
        if self.register.is_none() {
            return;
        }
        let copy = self.copies.get(at).expect("just accepted");
        let (id, place) = (self.snapshot_id(copy.name), (copy.lineage, copy.kept));
        let view = self.pending_view(id, copy, request, source);
        let known = Known { view, copy: at, place, full: source.snapshot.full };
        let register = self.register.as_mut().expect("seen above");
        register.snapshots.insert(id, known);
    }

    fn pending_view(
        &self,
        id: SnapshotId,
        copy: &Copy,
        request: &CopyRequest<'_>,
        source: &Source,
    ) -> SnapshotView {
        let to = self.model.routes[request.route].to;
        let owner_id = AccountNumber::of(&self.model.accounts[request.account].name);
        let name = self.model.site_name(to).to_owned();
        let (outpost_arn, availability_zone) = match self.model.sites[to.0].place {
            Place::Region => (None, None),
            Place::LocalZone { .. } => (None, Some(name)),
            Place::Outpost { parent } => {
                let region = self.model.site_name(parent);
                (Some(format!("arn:aws:outposts:{region}:{owner_id}:outpost/{name}")), None)
            }
        };
        let labels = request.labels;
        SnapshotView {
            tags: labels.map(|labels| labels.tags.clone()).unwrap_or_default(),
            storage_tier: "standard",
            transfer_type: if request.duration.is_some() { "time-based" } else { "standard" },
            completion_duration_minutes: request.duration.map(crate::units::Span::whole_mins),
            completion_time: None,
            full_snapshot_size_in_bytes: None,
            outpost_arn,
            availability_zone,
            snapshot_id: id,
            volume_id: NO_VOLUME,
            state: SnapshotState::Pending,
            state_message: None,
            start_time: self.now,
            progress: Percent::ZERO,
            owner_id,
            description: labels.map(|labels| labels.description.clone()).unwrap_or_default(),
            volume_size: volume_gib(labels, copy.part, source.snapshot.full),
            encrypted: is_encrypted(labels, source),
            kms_key_id: labels.and_then(|labels| labels.kms_key.clone()),
        }
    }

    /// A snapshot copy ended.
    pub(super) fn note_end(&mut self, copy: &Copy, end: &CopyEnd) {
        let chance = self.chance;
        let Some(register) = &mut self.register else { return };
        let id = SnapshotId::of(chance, copy.name);
        let Some(known) = register.snapshots.get_mut(&id) else { return };
        let view = &mut known.view;
        match end.end {
            End::Completed => {
                view.state = SnapshotState::Completed;
                view.progress = Percent::ALL;
                view.completion_time = Some(end.at);
                view.full_snapshot_size_in_bytes = Some(known.full.get());
            }
            End::Error => {
                view.state = SnapshotState::Error;
                view.progress = Percent::ZERO;
                view.state_message = end.fault.map(Fault::message);
                view.volume_size = 0;
            }
            End::Cancelled => {
                register.snapshots.remove(&id);
            }
            End::Unfinished => {}
        }
    }

    /// An image copy was accepted.
    pub(super) fn note_image_accepted(&mut self, image: &ImageCopy, request: &CopyRequest<'_>) {
        if self.register.is_none() {
            return;
        }
        let from: SiteIdx = self.model.region_of(self.model.routes[request.route].from);
        let labels = request.labels;
        let devices = (0u32..).zip(request.sources).map(|(part, source)| DeviceView {
            ebs: EbsView {
                snapshot_id: self.snapshot_id(request.name_of(part)),
                volume_size: volume_gib(labels, part, source.snapshot.full),
                encrypted: is_encrypted(labels, source),
            },
        });
        let view = ImageView {
            block_device_mappings: devices.collect(),
            description: labels.map(|labels| labels.description.clone()).unwrap_or_default(),
            name: labels.map(|labels| labels.name.clone()).unwrap_or_default(),
            root_device_type: "ebs",
            tags: labels.map(|labels| labels.tags.clone()).unwrap_or_default(),
            state_reason: None,
            source_image_id: labels.and_then(|labels| labels.source_image.clone()),
            source_image_region: self.model.site_name(from).to_owned(),
            image_id: self.image_id(image.name),
            state: ImageState::Pending,
            owner_id: AccountNumber::of(&self.model.accounts[request.account].name),
            creation_date: self.now,
        };
        let register = self.register.as_mut().expect("seen above");
        register.images.insert(view.image_id, view);
    }

    /// An image copy ended.
    pub(super) fn note_image_end(&mut self, image: &ImageCopy) {
        let chance = self.chance;
        let Some(register) = &mut self.register else { return };
        let Some(view) = register.images.get_mut(&ImageId::of(chance, image.name)) else { return };
        match image.end {
            End::Completed => view.state = ImageState::Available,
            End::Error => {
                view.state = ImageState::Failed;
                view.state_reason = image.fault.map(|why| StateReason { message: why.message() });
            }
            End::Cancelled => view.state = ImageState::Deregistered,
            End::Unfinished => {}
        }
    }
}

/// Size of the volume of a source, GiB: as told, else the least that holds its bytes.
fn volume_gib(labels: Option<&Labels>, part: u32, full: Bytes) -> u64 {
    let part = index_usize(part);
    let told = labels.and_then(|labels| labels.volume_gib.get(part).copied());
    told.unwrap_or_else(|| full.get().div_ceil(Bytes::gib(1).get()))
}

/// Whether a copy is encrypted: as told, else where it is under another key than its source.
fn is_encrypted(labels: Option<&Labels>, source: &Source) -> bool {
    labels.map_or(source.key != 0, |labels| labels.encrypted)
}
