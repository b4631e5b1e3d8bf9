//! A request is judged: accepted with what it is granted, or refused with a code.
//!
//! Order: API tokens (F101), slots (F93, F96), snapshots kept (F100), quota (F8–F10, F19). The API
//! never queues.

mod request;

pub use request::{Acceptance, Answer, CopyRequest, Keeping, Refusal, Source, Why, part_name};

use super::account::rate_of;
use super::calendar::{Key, Rank};
use super::copy::{Copy, CopyRef, End, Pledge, Stage};
use super::ledger::split;
use super::lineage::{Extent, Rules, Stay};
use super::network::Network;
use super::turns::TurnKey;
use super::{Engine, Event, ImageCopy};
use crate::catalog::{Cause, ErrorCode};
use crate::model::{AmiSplit, CopyFailures, Counting, Place, Route, SameSource, SiteIdx, Switch};
use crate::record::{Fault, WhyFull};
use crate::rng::Purpose;
use crate::units::{Bytes, Instant, Rate, Span, index_u32, index_u64};

/// What one source would move, and the quota that it needs and gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    extent: Extent,
    /// Not capped, whole bytes per second.
    required: u64,
    /// Capped.
    need: u64,
    /// What it is granted of that; none for one that fails.
    grant: Option<u64>,
}

impl Want {
    /// It is granted what it needs, if nothing stands against it.
    fn new(extent: Extent, required: u64, need: u64) -> Want {
        Want { extent, required, need, grant: Some(need) }
    }

    /// What a time-based copy is granted of it.
    fn pledge(&self, duration: Span, granted: u64) -> Pledge {
        Pledge {
            duration,
            required: self.required,
            need: self.need,
            granted,
            held: granted,
            borrowed: 0,
            target: Rate::of(self.extent.bytes, duration).get(),
            behind: false,
            watched: false,
        }
    }
}

impl<N: Network> Engine<'_, N> {
    /// Judges a request at `now`, and takes it on where nothing stands against it.
    ///
    /// Everything before `now` must have happened ([`Engine::advance_to`]).
    pub fn submit(&mut self, request: &CopyRequest<'_>, now: Instant) -> Answer {
        assert!(self.now <= now, "a request from the past");
        self.now = now;
        self.n_events += 1;
        let refused = |why| {
            let code = match why {
                Why::Throttled => ErrorCode::RequestLimitExceeded,
                Why::Slots => ErrorCode::ResourceLimitExceeded,
                Why::Quota => self.model.assume.quota_code,
                Why::Unavailable => ErrorCode::ServiceUnavailable,
                Why::Snapshots => ErrorCode::SnapshotLimitExceeded,
            };
            Answer::Refused(Refusal { code, why })
        };
        if self.model.is_in_trouble(self.model.routes[request.route].to, now) {
            return refused(Why::Unavailable);
        }
        if !self.take_token(request) {
            return refused(Why::Throttled);
        }
        if !self.slot_is_free(request) {
            return refused(Why::Slots);
        }
        if !self.has_room(request) {
            return refused(Why::Snapshots);
        }
        let mut wants = std::mem::take(&mut self.wants);
        wants.clear();
        wants.extend(request.sources.iter().map(|source| self.want(request, source)));
        let answer = if self.grant(request, &mut wants) {
            self.accept(request, &wants);
            Answer::Accepted(Acceptance {
                bytes: wants.iter().map(|want| want.extent.bytes).sum(),
                need: wants.iter().map(|want| want.need).sum(),
                granted: wants.iter().filter_map(|want| want.grant).sum(),
            })
        } else {
            self.touch(Switch::MinGrant);
            refused(Why::Quota)
        };
        self.wants = wants;
        answer
    }

    /// What a copy of `source` would move if it were accepted at `now`: what a client can know of it.
    pub fn extent(&mut self, source: &Source, route: usize, now: Instant) -> Extent {
        self.extent_of(source, route, now)
    }

    /// A completed copy that is there before the run begins, in full.
    pub fn seed(&mut self, source: &Source, completed: Instant, keeping: &Keeping) {
        let Keeping { account, route, retain, shelf } = *keeping;
        let Route { from, to, .. } = self.model.routes[route];
        let extent = if from == to && source.key == 0 {
            Extent::nothing()
        } else {
            Extent::full(source.snapshot.full, WhyFull::First)
        };
        let (lineage, shelves) = self.accounts.lineage(source.lineage);
        let stay = Stay { key: source.key, retain, shelf };
        let since = completed.min(self.now);
        lineage.seed(&source.snapshot, (extent, stay), (completed, since), shelves);
        let kept = self.accounts.snapshots_at(self.model, account, to);
        kept.put(self.now);
        kept.complete(completed, retain);
    }

    /// Quota of an account that is not reserved on a route.
    pub fn quota_available(&self, account: usize, route: usize) -> u64 {
        self.accounts.quotas[self.accounts.quota_of(account, route)].quota.available()
    }

    /// Snapshot slots of an account that are free at a site.
    pub fn slots_free(&self, account: usize, site: SiteIdx) -> u32 {
        self.accounts.slots_at(account, site).snapshots.free()
    }

    fn take_token(&mut self, request: &CopyRequest<'_>) -> bool {
        let to = self.model.region_of(self.model.routes[request.route].to);
        let (snapshot, image) = self.accounts.buckets(request.account, to);
        if request.image { image.take(self.now) } else { snapshot.take(self.now) }
    }

    /// Whether copies of this kind take snapshot slots (P-TB-SLOTS, P-COUNT-AMI-SNAPS).
    fn takes_slots(&self, request: &CopyRequest<'_>) -> bool {
        let rule = match (request.image, request.duration) {
            (true, _) => self.model.assume.image_snapshot_slots,
            (false, Some(_)) => self.model.assume.time_based_slots,
            (false, None) => Counting::Counted,
        };
        rule == Counting::Counted
    }

    fn slot_is_free(&self, request: &CopyRequest<'_>) -> bool {
        let to = self.model.routes[request.route].to;
        let wanted = if self.takes_slots(request) { index_u32(request.sources.len()) } else { 0 };
        let region = self.model.region_of(to);
        let account = request.account;
        let image_fits = !request.image || 1 <= self.accounts.image_slots(account, region).free();
        image_fits && wanted <= self.accounts.slots_at(account, to).snapshots.free()
    }

    /// Whether the account may keep as many snapshots more in the Region (F100).
    fn has_room(&mut self, request: &CopyRequest<'_>) -> bool {
        let to = self.model.routes[request.route].to;
        let wanted = index_u64(request.sources.len());
        let kept = self.accounts.snapshots_at(self.model, request.account, to);
        kept.has_room(self.now, wanted)
    }

    /// What a copy of `source` would move. Within one place and under the key of the source nothing
    /// moves: such copies are always incremental (F102, F106).
    fn extent_of(&mut self, source: &Source, route: usize, now: Instant) -> Extent {
        let Route { from, to, .. } = self.model.routes[route];
        if from == to && source.key == 0 {
            return Extent::nothing();
        }
        let assume = &self.model.assume;
        let (lineage, shelves) = self.accounts.lineage(source.lineage);
        lineage.expire(now, shelves);
        if source.anew {
            return Extent::full(source.snapshot.full, WhyFull::Always);
        }
        let rules = Rules { base: assume.incremental_base, rekey: assume.rekey };
        let mut extent = lineage.extent(&source.snapshot, source.key, rules);
        if source.key != 0 {
            self.touched |= Switch::Rekey.bit();
        }
        let at_the_edge = self.model.sites[to.0].place != Place::Region;
        if at_the_edge && extent.incremental {
            self.touched |= Switch::EdgeIncr.bit();
            if assume.edge_always_full {
                let base_in_flight = extent.base_in_flight;
                let full = Extent::full(source.snapshot.full, WhyFull::Edge);
                extent = Extent { base_in_flight, ..full };
            }
        }
        if extent.base_in_flight {
            self.touched |= Switch::IncrBase.bit();
        }
        extent
    }

    fn want(&mut self, request: &CopyRequest<'_>, source: &Source) -> Want {
        let extent = self.extent_of(source, request.route, self.now);
        let Some(duration) = request.duration else {
            return Want::new(extent, 0, 0);
        };
        let mut size = extent.bytes;
        if extent.bytes < source.snapshot.full {
            self.touch(Switch::TbSize);
            if self.model.assume.quota_by_full_size {
                size = source.snapshot.full;
            }
        }
        if extent.bytes == Bytes::ZERO {
            return Want::new(extent, 0, 0);
        }
        let required = Rate::whole_of(size, duration);
        let most = self.model.limits_of(request.account).copy_rate;
        Want::new(extent, required, required.min(most))
    }

    /// Grants each snapshot what it needs, or its part of what is left; says whether the request is
    /// granted anything.
    fn grant(&mut self, request: &CopyRequest<'_>, wants: &mut [Want]) -> bool {
        let total = wants.iter().map(|want| want.need).sum();
        let quota = &self.accounts.quota_on(request.account, request.route).quota;
        let Some(granted) = quota.grant(total) else { return false };
        if granted == total {
            return true;
        }
        self.touch(Switch::Residual);
        if let [want] = wants {
            want.grant = Some(granted);
            return true;
        }
        self.touch(Switch::AmiSplit);
        match self.model.assume.ami_split {
            AmiSplit::Proportional => {
                let needs: Vec<u64> = wants.iter().map(|want| want.need).collect();
                for (want, part) in wants.iter_mut().zip(split(granted, &needs)) {
                    want.grant = Some(part);
                }
            }
            AmiSplit::InOrder => {
                let mut left = granted;
                for want in wants {
                    let part = want.need.min(left);
                    left -= part;
                    want.grant = (0 < part || want.need == 0).then_some(part);
                }
            }
        }
        true
    }

    /// The request is taken on: slots, quota, lineage, turn.
    fn accept(&mut self, request: &CopyRequest<'_>, wants: &[Want]) {
        let to = self.model.routes[request.route].to;
        let image = request.image.then(|| {
            let region = self.model.region_of(to);
            self.accounts.image_slots_mut(request.account, region).take(self.now, 1);
            self.touch(Switch::CountAmiSnaps);
            self.insert_image(request, region)
        });
        for (part, (source, want)) in (0u32..).zip(request.sources.iter().zip(wants)) {
            let fails = want.grant.is_none();
            let grant = want.grant.unwrap_or(0);
            let name = request.name_of(part);
            let pledge = request.duration.map(|duration| want.pledge(duration, grant));
            let takes_slot = self.takes_slots(request);
            if takes_slot {
                let now = self.now;
                let ledger = self.accounts.slots_at_mut(request.account, to);
                ledger.snapshots.take(now, 1);
                ledger.gauge.set(now, f64::from(ledger.snapshots.used()));
            }
            let kept = self.put_down(request, source, want.extent);
            let copy = self.copies.insert(Copy {
                tag: request.tag,
                part,
                name,
                tie: self.chance.key(Purpose::Tie, name),
                image,
                account: request.account,
                route: request.route,
                lineage: source.lineage,
                kept,
                source: source.snapshot,
                retain: request.retain,
                bytes: want.extent.bytes,
                incremental: want.extent.incremental,
                why_full: want.extent.why_full,
                fails: request.fault.is_some(),
                fault: request.fault.unwrap_or(Fault::Service),
                never_moved: if request.fault.is_some() { want.extent.bytes } else { Bytes::ZERO },
                takes_slot,
                pledge,
                stage: Stage::Turn,
                at_cap: false,
                accepted: self.now,
                began: None,
                deadline: None,
                moved_before: Bytes::ZERO,
                cause: Cause::SameSource,
                since: self.now,
                causes: [Span::ZERO; Cause::ALL.len()],
            });
            self.draw_failure(copy, request.failures);
            self.note_accepted(copy, request, source);
            self.begin_trail(copy);
            self.reserve(copy, grant);
            self.queue_for_turn(copy);
            if fails {
                self.copies.get_mut(copy).expect("just accepted").fault = Fault::NoQuota;
                let key = Key::new(self.now, Rank::FlowEnd, self.chance.key(Purpose::Tie, name));
                self.calendar.schedule(key, Event::Fails(copy));
            }
        }
        self.note_switches(request, to);
    }

    /// A copy of `source` is pending: its number in its lineage.
    fn put_down(&mut self, request: &CopyRequest<'_>, source: &Source, extent: Extent) -> u64 {
        let to = self.model.routes[request.route].to;
        self.accounts.snapshots_at(self.model, request.account, to).put(self.now);
        let stay = Stay { key: source.key, retain: request.retain, shelf: request.shelf };
        let (lineage, _) = self.accounts.lineage(source.lineage);
        lineage.accept(&source.snapshot, extent, stay)
    }

    /// Whether this copy will fail, and after how many bytes.
    fn draw_failure(&mut self, at: CopyRef, failures: Option<&CopyFailures>) {
        let Some(failures) = failures else { return };
        let copy = self.copies.get_mut(at).expect("just accepted");
        if copy.fails {
            return;
        }
        let mut stream = self.chance.stream(Purpose::CopyFailure, copy.name);
        if crate::rng::unit(&mut stream) < failures.share {
            let moved = failures.moment.sample(&mut stream).clamp(0.0, 1.0);
            copy.fails = true;
            copy.never_moved = copy.bytes.minus_or_zero(copy.bytes.scale(moved));
        }
    }

    fn insert_image(&mut self, request: &CopyRequest<'_>, region: SiteIdx) -> u32 {
        let image = ImageCopy {
            tag: request.tag,
            account: request.account,
            region,
            accepted: self.now,
            name: request.name,
            pending: index_u32(request.sources.len()),
            end: End::Completed,
            fault: None,
            met: request.duration.map(|_| true),
        };
        self.note_image_accepted(&image, request);
        let idx = self.free_images.pop().unwrap_or_else(|| {
            self.images.push(None);
            self.images.len() - 1
        });
        self.images[idx] = Some(image);
        index_u32(idx)
    }

    /// Quota is reserved from acceptance to the end, whatever moves meanwhile.
    fn reserve(&mut self, copy: CopyRef, grant: u64) {
        if grant == 0 {
            return;
        }
        let (account, route) = {
            let copy = self.copies.get(copy).expect("just accepted");
            (copy.account, copy.route)
        };
        let now = self.now;
        let ledger = self.accounts.quota_on(account, route);
        ledger.quota.reserve(now, grant);
        ledger.gauge.set(now, rate_of(ledger.quota.reserved()));
        self.joined_quota(copy);
    }

    /// A time-based copy waits for earlier ones of the same source (F21, P-SAME-SOURCE).
    fn queue_for_turn(&mut self, at: CopyRef) {
        let copy = self.copies.get(at).expect("just accepted");
        if copy.pledge.is_none() {
            self.begin_turn(at);
            return;
        }
        let (is_first, has_company) = self.turns.join(self.turn_key(copy), at);
        if has_company {
            self.touched |= Switch::SameSource.bit();
        }
        if is_first || self.model.assume.same_source == SameSource::ClockOnly {
            self.begin_turn(at);
        }
    }

    pub(super) fn turn_key(&self, copy: &Copy) -> TurnKey {
        let to = match self.model.assume.same_source {
            SameSource::AnyDestination => usize::MAX,
            SameSource::SameDestination | SameSource::ClockOnly => {
                self.model.routes[copy.route].to.0
            }
        };
        (copy.source.volume, copy.source.number, to)
    }

    /// The copy's turn begins: it starts up.
    pub(super) fn begin_turn(&mut self, at: CopyRef) {
        let (now, chance) = (self.now, self.chance);
        let overhead = &self.model.assume.overhead;
        let Some(copy) = self.copies.get_mut(at) else { return };
        copy.spend(now, Cause::StartUp);
        copy.stage = Stage::StartUp;
        let mut stream = chance.stream(Purpose::StartUp, copy.name);
        let latency = Span::from_secs_f64(overhead.sample(&mut stream));
        let tie = copy.tie;
        self.set_deadline_at_turn(at);
        let deadline = self.copies.get(at).and_then(|copy| copy.deadline);
        if deadline.is_some_and(|deadline| deadline < now + latency) {
            self.watch_deadline(at);
        }
        let key = Key::new(now + latency, Rank::StartUpEnds, tie);
        self.calendar.schedule(key, Event::StartUpEnds(at));
    }

    /// Assumptions that bore on this request.
    fn note_switches(&mut self, request: &CopyRequest<'_>, to: SiteIdx) {
        self.touch(Switch::Overhead);
        if request.duration.is_some() {
            self.touch(Switch::Clock);
            self.touch(Switch::TbPace);
            if !request.image {
                self.touch(Switch::TbSlots);
            }
            if self.accounts.meets_others[request.route] {
                self.touch(Switch::CumScope);
            }
        }
        if self.model.sites[to.0].place != Place::Region {
            self.touch(Switch::DestCount);
        }
    }
}
