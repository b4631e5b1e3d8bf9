//! Pacing: the rate at which a time-based copy aims, and what quota lets it reach.
//!
//! target = bytes left / time to the deadline when it was last set; cap = min(target, cap of one
//! copy, quota held and borrowed). Undisturbed, the target does not change, and the flow ends *at*
//! its deadline by definition. It is set again when a link changes, when quota is granted again,
//! and every minute while some copy is behind.

use super::account::rate_of;
use super::calendar::{Key, Rank};
use super::copy::{Copy, CopyRef, Pledge, Stage};
use super::network::{FlowIdx, Network};
use super::{Engine, Event};
use crate::catalog::Cause;
use crate::model::{CatchUp, Clock, Model, Pace, Residual, SameSource, Switch};
use crate::units::{Instant, Rate, Span, index_u32};

/// Time between two pacing ticks.
const TICK: Span = Span::from_mins(1);

/// Who may be paced anew.
#[derive(Debug, Clone)]
pub(super) struct Pacing {
    /// Copies that fell behind, by quota ledger, in the order in which they did.
    behind: Vec<Vec<CopyRef>>,
    /// Copies granted in part, by quota ledger, in order of acceptance; only while they can grow.
    partial: Vec<Vec<CopyRef>>,
    /// Whether a regrant is in the calendar, by quota ledger.
    regrants: Vec<bool>,
    /// Whether a tick is in the calendar.
    ticking: bool,
}

impl Pacing {
    pub(super) fn new(n_quotas: usize) -> Pacing {
        Pacing {
            behind: vec![Vec::new(); n_quotas],
            partial: vec![Vec::new(); n_quotas],
            regrants: vec![false; n_quotas],
            ticking: false,
        }
    }
}

impl Pledge {
    /// Whether it was granted all that it needs.
    fn in_full(&self) -> bool {
        self.need <= self.granted
    }

    /// Whether it needs more than one copy may carry.
    pub(super) fn over_cap(&self) -> bool {
        self.need < self.required
    }

    /// Whether it aims higher than its own quota reaches, and may borrow what is missing.
    fn may_borrow(&self) -> bool {
        self.in_full() && !self.over_cap() && rate_of(self.held) < self.target
    }

    /// Quota that it may use now.
    fn usable(&self) -> f64 {
        rate_of(self.held + self.borrowed)
    }
}

/// What sets the rate of a time-based copy that runs at its cap; `most` is what one may carry.
pub(super) fn cause_of_cap(pledge: &Pledge, most: f64, model: &Model) -> Cause {
    let early = model.assume.pace == Pace::Early && pledge.in_full();
    let aim = if early { f64::INFINITY } else { pledge.target };
    if !early && pledge.usable() < aim.min(most) {
        Cause::Quota
    } else if most < aim {
        Cause::OwnCap
    } else {
        Cause::Paced
    }
}

impl<N: Network> Engine<'_, N> {
    /// Most that one copy of an account may carry, bytes per second.
    pub(super) fn most_of(&self, account: usize) -> f64 {
        rate_of(self.model.limits_of(account).copy_rate)
    }

    /// Bytes that a copy whose bytes move would still have to move if it did not fail.
    fn left_of(&self, at: CopyRef) -> f64 {
        let copy = self.copies.get(at).expect("a live copy");
        self.network.left(self.now, FlowIdx(at.idx)) + copy.never_moved.as_f64()
    }

    /// The deadline of a copy whose clock starts with its turn (P-CLOCK `accept`).
    pub(super) fn set_deadline_at_turn(&mut self, at: CopyRef) {
        let now = self.now;
        if self.model.assume.clock == Clock::Transfer {
            return;
        }
        let clock_only = self.model.assume.same_source == SameSource::ClockOnly;
        let Some(copy) = self.copies.get(at) else { return };
        let Some(pledge) = copy.pledge else { return };
        if !clock_only || self.is_first(at) {
            self.copies.get_mut(at).expect("seen above").deadline = Some(now + pledge.duration);
        }
    }

    /// The earlier copy of the same source ended: this one's clock starts (P-SAME-SOURCE
    /// `clock-only`).
    pub(super) fn start_clock(&mut self, at: CopyRef) {
        let now = self.now;
        let copy = self.copies.get_mut(at).expect("who waits is alive");
        let Some(pledge) = copy.pledge else { return };
        if copy.deadline.is_none()
            && (copy.began.is_some() || self.model.assume.clock == Clock::Accept)
        {
            copy.deadline = Some(now + pledge.duration);
            self.watch_deadline(at);
        }
    }

    /// Cap and end of a time-based copy whose bytes begin to move.
    pub(super) fn first_pace(&mut self, at: CopyRef) -> (Rate, Option<Instant>) {
        let now = self.now;
        let copy = self.copies.get_mut(at).expect("a live copy");
        let (left, deadline) = (copy.bytes.as_f64(), copy.deadline);
        let pledge = copy.pledge.as_mut().expect("a time-based copy");
        if let Some(deadline) = deadline
            && now < deadline
        {
            pledge.target = left / deadline.since(now).secs();
        }
        let (late, may_borrow) = (rate_of(pledge.held) < pledge.target, pledge.may_borrow());
        if late {
            self.watch_deadline(at);
        }
        if may_borrow && self.model.assume.pace == Pace::Exact {
            self.join_behind(at);
        }
        self.cap_of(at)
    }

    /// Cap and, where it runs at its target, the end of a time-based copy.
    fn cap_of(&self, at: CopyRef) -> (Rate, Option<Instant>) {
        let copy = self.copies.get(at).expect("a live copy");
        let pledge = copy.pledge.as_ref().expect("a time-based copy");
        let most = self.most_of(copy.account);
        if self.model.assume.pace == Pace::Early && pledge.in_full() {
            return (Rate::new(most), None);
        }
        let reach = most.min(pledge.usable());
        if reach < pledge.target {
            (Rate::new(reach), None)
        } else {
            let open = copy.deadline.filter(|deadline| self.now < *deadline && !copy.fails);
            (Rate::new(pledge.target), open)
        }
    }

    /// An event for the deadline: only copies that may miss it have one.
    pub(super) fn watch_deadline(&mut self, at: CopyRef) {
        let copy = self.copies.get_mut(at).expect("a live copy");
        let tie = copy.tie;
        let Some(deadline) = copy.deadline else { return };
        let pledge = copy.pledge.as_mut().expect("a time-based copy");
        if !std::mem::replace(&mut pledge.watched, true) {
            let key = Key::new(deadline.max(self.now), Rank::Deadline, tie);
            self.calendar.schedule(key, Event::Deadline(at));
        }
    }

    /// A link holds a time-based copy below its target.
    pub(super) fn falls_behind(&mut self, at: CopyRef) {
        self.touch(Switch::CatchUp);
        self.watch_deadline(at);
        if self.model.assume.pace == Pace::Exact {
            self.join_behind(at);
        }
    }

    fn join_behind(&mut self, at: CopyRef) {
        let now = self.now;
        let copy = self.copies.get_mut(at).expect("a live copy");
        let (account, route) = (copy.account, copy.route);
        if copy.deadline.is_none_or(|deadline| deadline <= now) {
            return;
        }
        let pledge = copy.pledge.as_mut().expect("a time-based copy");
        if std::mem::replace(&mut pledge.behind, true) {
            return;
        }
        let quota = self.accounts.quota_of(account, route);
        self.pacing.behind[quota].push(at);
        self.schedule_regrant(quota);
        if !std::mem::replace(&mut self.pacing.ticking, true) {
            let past = now.since(self.model.start).nanos() % TICK.nanos();
            let next = now + Span::from_nanos(TICK.nanos() - past);
            self.calendar.schedule(Key::new(next, Rank::ControlTick, 0), Event::ControlTick);
        }
    }

    /// Every minute, while some time-based copy is behind: targets are set again.
    pub(super) fn tick(&mut self) {
        self.pacing.ticking = false;
        for quota in 0..self.pacing.behind.len() {
            if self.pacing.behind[quota].is_empty() {
                continue;
            }
            let behind = std::mem::take(&mut self.pacing.behind[quota]);
            for at in &behind {
                self.set_target(*at);
            }
            let still = behind.into_iter().filter(|at| self.stays_behind(*at)).collect();
            self.pacing.behind[quota] = still;
            self.lend(quota);
        }
        if self.pacing.behind.iter().flatten().any(|at| self.is_open(*at)) {
            self.pacing.ticking = true;
            let key = Key::new(self.now + TICK, Rank::ControlTick, 0);
            self.calendar.schedule(key, Event::ControlTick);
        }
    }

    /// The target of a copy is set again from what is left; after a missed deadline it is the last.
    fn set_target(&mut self, at: CopyRef) {
        let now = self.now;
        let Some(copy) = self.copies.get(at) else { return };
        let (Some(deadline), Stage::Moving) = (copy.deadline, copy.stage) else { return };
        if deadline <= now {
            return;
        }
        let left = self.left_of(at);
        let copy = self.copies.get_mut(at).expect("seen above");
        copy.pledge.as_mut().expect("a time-based copy").target = left / deadline.since(now).secs();
        self.set_cap(at);
    }

    /// Whether a copy is still behind: held up before its deadline, or in need of more than its own
    /// quota, before and after. So whoever borrows is known until it ends.
    fn stays_behind(&mut self, at: CopyRef) -> bool {
        let open = self.is_open(at);
        let Some(copy) = self.copies.get_mut(at) else { return false };
        let pledge = copy.pledge.as_mut().expect("a time-based copy");
        let on_track = copy.at_cap && pledge.target <= pledge.usable();
        pledge.behind = pledge.may_borrow() || (open && !on_track);
        pledge.behind
    }

    /// Whether a copy's deadline is still to come.
    fn is_open(&self, at: CopyRef) -> bool {
        let deadline = self.copies.get(at).and_then(|copy| copy.deadline);
        deadline.is_some_and(|deadline| self.now < deadline)
    }

    /// Copies on a link whose capacity changed aim anew.
    pub(super) fn pace_link(&mut self, number: usize) {
        for at in self.copies_on(number) {
            let copy = self.copies.get(at).expect("a live copy");
            if copy.pledge.is_some_and(|pledge| pledge.behind) {
                self.set_target(at);
            }
        }
    }

    /// Hands the copy's cap to the network, and its time to the right cause.
    fn set_cap(&mut self, at: CopyRef) {
        let (cap, ends_at) = self.cap_of(at);
        self.network.set_cap(self.now, FlowIdx(at.idx), cap, ends_at);
        self.unsettled = true;
        let (now, model) = (self.now, self.model);
        let copy = self.copies.get_mut(at).expect("a live copy");
        if let (true, Some(pledge)) = (copy.at_cap, &copy.pledge) {
            let most = rate_of(model.limits_of(copy.account).copy_rate);
            let cause = cause_of_cap(pledge, most, model);
            copy.spend(now, cause);
        }
    }

    /// A copy reserved quota: what others borrowed may have to come back.
    pub(super) fn joined_quota(&mut self, at: CopyRef) {
        let copy = self.copies.get(at).expect("just accepted");
        let quota = self.accounts.quota_of(copy.account, copy.route);
        let pledge = copy.pledge.as_ref().expect("a time-based copy");
        if !pledge.in_full() && self.model.assume.residual == Residual::Grow {
            self.pacing.partial[quota].push(at);
        }
        if !self.pacing.behind[quota].is_empty() {
            self.lend(quota);
        }
    }

    /// A copy gave its quota back: who grows or borrows may take it.
    pub(super) fn left_quota(&mut self, at: CopyRef, copy: &Copy) {
        let quota = self.accounts.quota_of(copy.account, copy.route);
        self.pacing.partial[quota].retain(|copy| *copy != at);
        let waiting =
            !self.pacing.partial[quota].is_empty() || !self.pacing.behind[quota].is_empty();
        if waiting {
            self.schedule_regrant(quota);
        }
    }

    fn schedule_regrant(&mut self, quota: usize) {
        if !std::mem::replace(&mut self.pacing.regrants[quota], true) {
            let key = Key::new(self.now, Rank::Regrant, u64::from(index_u32(quota)));
            self.calendar.schedule(key, Event::Regrant(quota));
        }
    }

    /// Freed quota is granted to copies granted in part, in order of acceptance, then lent.
    pub(super) fn regrant(&mut self, quota: usize) {
        self.pacing.regrants[quota] = false;
        let partial = std::mem::take(&mut self.pacing.partial[quota]);
        for at in &partial {
            self.grow(*at, quota);
        }
        let grows = |at: &CopyRef| {
            let pledge = self.copies.get(*at).and_then(|copy| copy.pledge);
            pledge.is_some_and(|pledge| pledge.held < pledge.need)
        };
        self.pacing.partial[quota] = partial.into_iter().filter(grows).collect();
        self.lend(quota);
    }

    /// A copy granted in part takes freed quota up to what it first needed (P-RESIDUAL `grow`).
    fn grow(&mut self, at: CopyRef, quota: usize) {
        let now = self.now;
        let Some(copy) = self.copies.get_mut(at) else { return };
        let pledge = copy.pledge.as_mut().expect("a time-based copy");
        let ledger = &mut self.accounts.quotas[quota];
        let more = ledger.quota.available().min(pledge.need - pledge.held);
        if more == 0 {
            return;
        }
        ledger.quota.reserve(now, more);
        ledger.gauge.set(now, rate_of(ledger.quota.reserved()));
        pledge.held += more;
        if copy.stage == Stage::Moving {
            self.set_target(at);
            self.set_cap(at);
        }
    }

    /// Unreserved quota is lent to copies that were granted in full and fell behind, earliest
    /// deadline first (P-CATCHUP).
    fn lend(&mut self, quota: usize) {
        if self.model.assume.catch_up == CatchUp::None || self.pacing.behind[quota].is_empty() {
            return;
        }
        let behind = std::mem::take(&mut self.pacing.behind[quota]);
        let mut borrowers: Vec<(Instant, u64, CopyRef)> = Vec::new();
        for at in &behind {
            // What was aimed at a while ago is not enough for who fell further behind since.
            self.set_target(*at);
            if let Some(copy) = self.copies.get(*at)
                && copy.pledge.is_some_and(|pledge| pledge.in_full() && !pledge.over_cap())
            {
                borrowers.push((copy.deadline.unwrap_or(Instant::FAR), copy.tie, *at));
            }
        }
        self.pacing.behind[quota] = behind;
        borrowers.sort_unstable();
        let mut left = self.accounts.quotas[quota].quota.available();
        for (_, _, at) in borrowers {
            let copy = self.copies.get_mut(at).expect("seen above");
            let pledge = copy.pledge.as_mut().expect("a time-based copy");
            let most = self.model.limits_of(copy.account).copy_rate;
            let wanted = Rate::new(pledge.target).ceil().min(most);
            let loan = wanted.saturating_sub(pledge.held).min(left);
            left -= loan;
            let moving = copy.stage == Stage::Moving;
            if std::mem::replace(&mut pledge.borrowed, loan) != loan && moving {
                self.set_cap(at);
            }
        }
    }
}
