//! Bytes move: a transfer begins, what limits it changes, it ends.

use super::account::rate_of;
use super::calendar::{Key, Rank};
use super::copy::{Copy, CopyEnd, CopyRef, End, ImageEnd, Notice, Pledge, Stage};
use super::network::{Flow, FlowIdx, Limit, Network, Tier};
use super::{Engine, Event, network_route};
use crate::catalog::Cause;
use crate::model::{Clock, LinkOrigin, SameSource, Switch, TierRule};
use crate::record::{Fault, MissCause, Trail};
use crate::rng::Purpose;
use crate::units::{Bytes, Rate, index_usize};

/// How one snapshot of an image copy ended.
#[derive(Debug, Clone, Copy)]
struct PartEnd {
    end: End,
    met: Option<bool>,
    fault: Option<Fault>,
}

impl<N: Network> Engine<'_, N> {
    /// Start-up is over: the provider's clock starts (P-CLOCK), and the bytes move.
    pub(super) fn begin_transfer(&mut self, at: CopyRef) {
        let now = self.now;
        if self.copies.get(at).is_none() {
            return;
        }
        let waits = self.model.assume.same_source == SameSource::ClockOnly && !self.is_first(at);
        let clock_starts = self.model.assume.clock == Clock::Transfer && !waits;
        let copy = self.copies.get_mut(at).expect("seen above");
        copy.stage = Stage::Moving;
        copy.began = Some(now);
        if let (Some(pledge), true) = (&copy.pledge, clock_starts) {
            copy.deadline = Some(now + pledge.duration);
        }
        if copy.bytes == copy.never_moved {
            let event = if copy.fails { Event::Fails(at) } else { Event::NothingToMove(at) };
            self.calendar.schedule(Key::new(now, Rank::FlowEnd, copy.tie), event);
            return;
        }
        self.start_flow(at);
    }

    /// Lets the copy's flow into the network with all its bytes, or those that it moves before it
    /// fails.
    pub(super) fn start_flow(&mut self, at: CopyRef) {
        let (cap, ends_at) = match self.copies.get(at).expect("a live copy").pledge {
            Some(_) => self.first_pace(at),
            None => (self.standard_cap(at), None),
        };
        let copy = self.copies.get(at).expect("a live copy");
        let left = copy.moves().as_f64();
        let tier = match (copy.pledge, self.model.assume.tier) {
            (None, TierRule::TimeBasedFirst) => Tier::Second,
            (Some(_), _) | (None, TierRule::Shared) => Tier::First,
        };
        let flow = Flow {
            route: network_route(copy.route),
            bytes: left,
            cap,
            ends_at,
            tier,
            tie: copy.tie,
        };
        self.network.start(self.now, FlowIdx(at.idx), &flow);
        self.unsettled = true;
    }

    /// The rate at which a standard copy runs alone (P-STD-RATE).
    fn standard_cap(&mut self, at: CopyRef) -> Rate {
        self.touch(Switch::StdRate);
        let copy = self.copies.get(at).expect("a live copy");
        let mut stream = self.chance.stream(Purpose::StandardRate, copy.name);
        let rate = self.model.assume.standard_rate.sample(&mut stream);
        // A rate of less than a byte a second would outlive the calendar.
        Rate::new(rate.max(1.0))
    }

    /// The transfer starts again from its first byte (P-LINK-LOSS `restart`).
    pub(super) fn restart(&mut self, at: CopyRef) {
        let left = self.network.remove(self.now, FlowIdx(at.idx));
        let copy = self.copies.get_mut(at).expect("a live copy");
        copy.moved_before += copy.moves().minus_or_zero(Bytes::from_f64(left));
        self.start_flow(at);
    }

    /// The limit of a flow may have changed: its time goes into another cause from now on.
    pub(super) fn note_limit(&mut self, flow: FlowIdx) {
        let limit = self.network.limit(flow);
        let now = self.now;
        let (at, copy) = self.copies.at(flow.0);
        copy.at_cap = limit == Limit::Cap;
        let cause = match limit {
            Limit::Cap => copy.pledge.as_ref().map_or(Cause::StandardCap, |pledge| {
                let most = rate_of(self.model.limits_of(copy.account).copy_rate);
                super::pacing::cause_of_cap(pledge, most, self.model)
            }),
            Limit::Link(link) => {
                let number = index_usize(link.0);
                if self.links[number].weather.capacity().get() <= 0.0 {
                    Cause::Outage
                } else {
                    Cause::Link
                }
            }
        };
        copy.spend(now, cause);
        if let Limit::Link(link) = limit {
            self.note_link(at, index_usize(link.0));
        }
    }

    /// A link limits a copy: assumptions about links bear on it, and a time-based one falls behind.
    fn note_link(&mut self, at: CopyRef, number: usize) {
        match self.model.links[number].origin {
            LinkOrigin::LocalZoneDefault => self.touch(Switch::LzRate),
            LinkOrigin::ServiceLink => self.touch(Switch::SlShare),
            LinkOrigin::Scenario => self.touch(Switch::Tier),
            LinkOrigin::Region => {}
        }
        if self.copies.get(at).is_some_and(|copy| copy.pledge.is_some()) {
            self.falls_behind(at);
        }
    }

    /// Bytes that a copy has moved so far, those moved twice counted twice.
    pub(super) fn moved(&self, at: CopyRef) -> Bytes {
        let copy = self.copies.get(at).expect("a live copy");
        if copy.stage != Stage::Moving || copy.moves() == Bytes::ZERO {
            return copy.moved_before;
        }
        let left = Bytes::from_f64(self.network.left(self.now, FlowIdx(at.idx)));
        copy.moved_before + copy.moves().minus_or_zero(left)
    }

    /// A copy ends: what it held is free, what waited for it goes on.
    pub(super) fn finish(&mut self, at: CopyRef, end: End, out: &mut Vec<Notice>) {
        if self.copies.get(at).is_none() {
            return;
        }
        let moved = match end {
            End::Completed => {
                let copy = self.copies.get(at).expect("checked above");
                copy.moved_before + copy.bytes
            }
            End::Error | End::Cancelled | End::Unfinished => self.moved(at),
        };
        let copy = self.copies.get(at).expect("checked above");
        if end != End::Completed && copy.stage == Stage::Moving && copy.moves() != Bytes::ZERO {
            self.network.remove(self.now, FlowIdx(at.idx));
            self.unsettled = true;
        }
        let copy = self.copies.remove(at);
        self.release(at, &copy);
        self.next_turn(at, &copy);
        self.keep(&copy, end);
        let mut notice = self.end_of(&copy, end, moved);
        notice.trail = self.end_trail(at);
        let part = PartEnd { end, met: notice.met, fault: notice.fault };
        self.note_end(&copy, &notice);
        out.push(Notice::CopyEnded(notice));
        if let Some(image) = copy.image {
            self.finish_part(index_usize(image), part, out);
        }
    }

    /// A copy that was completed is kept; another one is gone.
    fn keep(&mut self, copy: &Copy, end: End) {
        let now = self.now;
        let to = self.model.routes[copy.route].to;
        let (lineage, shelves) = self.accounts.lineage(copy.lineage);
        let n_gone = match end {
            End::Completed => lineage.complete(copy.kept, now, shelves),
            End::Error | End::Cancelled | End::Unfinished => {
                lineage.forget(copy.kept);
                1
            }
        };
        let kept = self.accounts.snapshots_at(self.model, copy.account, to);
        if end == End::Completed {
            kept.complete(now, copy.retain);
        }
        kept.take(now, n_gone);
    }

    /// Slot and quota come back.
    fn release(&mut self, at: CopyRef, copy: &Copy) {
        let now = self.now;
        if copy.takes_slot {
            let to = self.model.routes[copy.route].to;
            let ledger = self.accounts.slots_at_mut(copy.account, to);
            ledger.snapshots.give_back(now);
            ledger.gauge.set(now, f64::from(ledger.snapshots.used()));
        }
        if let Some(pledge) = &copy.pledge
            && 0 < pledge.held
        {
            let ledger = self.accounts.quota_on(copy.account, copy.route);
            ledger.quota.give_back(now, pledge.held);
            ledger.gauge.set(now, rate_of(ledger.quota.reserved()));
            self.left_quota(at, copy);
        }
    }

    /// Whether no earlier copy of the same source is before this one.
    pub(super) fn is_first(&self, at: CopyRef) -> bool {
        let copy = self.copies.get(at).expect("a live copy");
        self.turns.is_first(self.turn_key(copy), at)
    }

    /// The copy that waited behind this one goes on.
    fn next_turn(&mut self, at: CopyRef, copy: &Copy) {
        if copy.pledge.is_none() {
            return;
        }
        let Some(next) = self.turns.leave(self.turn_key(copy), at) else { return };
        if self.model.assume.same_source == SameSource::ClockOnly {
            self.start_clock(next);
            return;
        }
        let tie = self.copies.get(next).expect("who waits is alive").tie;
        let key = Key::new(self.now, Rank::TurnBegins, tie);
        self.calendar.schedule(key, Event::TurnBegins(next));
    }

    /// One snapshot of an image copy ended.
    fn finish_part(&mut self, idx: usize, part: PartEnd, out: &mut Vec<Notice>) {
        let image = self.images[idx].as_mut().expect("an image outlives its snapshots");
        image.pending -= 1;
        if image.end == End::Completed {
            image.end = part.end;
        }
        image.fault = image.fault.or(part.fault);
        image.met = image.met.zip(part.met).map(|(all, this)| all && this);
        if image.pending == 0 {
            self.end_image(idx, out);
        }
    }

    /// An image copy ends: its slot is free.
    pub(super) fn end_image(&mut self, idx: usize, out: &mut Vec<Notice>) {
        let image = self.images[idx].take().expect("an image ends once");
        self.free_images.push(idx);
        let slots = self.accounts.image_slots_mut(image.account, image.region);
        slots.give_back(self.now);
        self.note_image_end(&image);
        out.push(Notice::ImageEnded(ImageEnd {
            tag: image.tag,
            end: image.end,
            at: self.now,
            accepted: image.accepted,
            met: image.met,
            fault: image.fault,
            n_going_on: image.pending,
        }));
    }

    /// A deadline passes while the copy is still under way (F35).
    pub(super) fn pass_deadline(&mut self, at: CopyRef, out: &mut Vec<Notice>) {
        let Some(copy) = self.copies.get(at) else { return };
        if let Some(deadline) = copy.deadline
            && deadline <= self.now
            && let Some(pledge) = &copy.pledge
        {
            out.push(Notice::DeadlineMissed {
                tag: copy.tag,
                part: copy.part,
                at: deadline,
                accepted: copy.accepted,
                cause: self.cause_of_miss(pledge),
            });
        }
    }

    /// Why a copy misses its deadline, by what it needed and what it was granted (P-MISS-BLAME).
    fn cause_of_miss(&self, pledge: &Pledge) -> MissCause {
        if self.model.assume.blame_service {
            MissCause::Service
        } else if pledge.granted < pledge.need {
            MissCause::Quota
        } else if pledge.over_cap() {
            MissCause::CopyRate
        } else {
            MissCause::Service
        }
    }

    /// What there is to say of a copy that ends.
    pub(super) fn end_of(&self, copy: &Copy, end: End, moved: Bytes) -> CopyEnd {
        let at = self.now;
        let met = match (end, &copy.pledge) {
            (End::Completed, Some(_)) => Some(copy.deadline.is_none_or(|deadline| at <= deadline)),
            (End::Error, Some(_)) => Some(false),
            (End::Cancelled | End::Unfinished, _) | (_, None) => None,
        };
        let pledge = copy.pledge.as_ref().filter(|_| met == Some(false));
        let missed = pledge.map(|pledge| self.cause_of_miss(pledge));
        CopyEnd {
            tag: copy.tag,
            part: copy.part,
            end,
            at,
            accepted: copy.accepted,
            began: copy.began,
            deadline: copy.deadline,
            bytes: copy.bytes,
            moved,
            incremental: copy.incremental,
            why_full: copy.why_full,
            required: copy.pledge.as_ref().map(|pledge| pledge.required),
            granted: copy.pledge.as_ref().map(|pledge| pledge.granted),
            met,
            blame: missed.map(MissCause::blame),
            missed,
            fault: (end == End::Error).then_some(copy.fault),
            causes: copy.causes_until(at),
            trail: Trail::default(),
        }
    }
}
