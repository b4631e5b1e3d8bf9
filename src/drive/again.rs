//! Second copies: after a failure, or because the client lost patience.
//!
//! CopySnapshot has no token (F79): whoever asks twice gets two copies, moves the bytes twice, and
//! pays for both. A wish is what copies of one snapshot to one destination have in common; the first
//! of them that is completed decides when it was there.

use super::job::{Job, JobRef, Waits};
use super::{Run, Wake};
use crate::engine::Why;
use crate::engine::calendar::{Key, Rank};
use crate::engine::copy::Causes;
use crate::engine::network::Network;
use crate::model::{AfterTimeout, Client, ClientPolicy};
use crate::rng::Purpose;
use crate::units::{Bytes, Instant};

/// Copies of one snapshot to one destination.
#[derive(Debug, Clone, Default)]
struct Wish {
    /// The job whose end decides; none once it is decided.
    owner: Option<JobRef>,
    /// All of its jobs that live.
    members: Vec<JobRef>,
}

/// Wishes for which more than one copy was made.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    slots: Vec<Wish>,
    free: Vec<usize>,
}

impl Wishes {
    fn open(&mut self, first: JobRef) -> usize {
        let wish = Wish { owner: Some(first), members: vec![first] };
        if let Some(place) = self.free.pop() {
            self.slots[place] = wish;
            return place;
        }
        self.slots.push(wish);
        self.slots.len() - 1
    }

    /// A job is gone.
    fn leave(&mut self, wish: usize, job: JobRef) {
        let members = &mut self.slots[wish].members;
        members.retain(|member| *member != job);
        if members.is_empty() {
            self.free.push(wish);
        }
    }
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// Whether the client of a job may make another copy of the same snapshot.
    fn may_copy_again(&self, job: &Job) -> bool {
        let client = self.client_of(job);
        let sent = job.attempts_before + job.attempts;
        job.owner
            && client.max_copies.is_none_or(|most| job.again + 1 < most)
            && client.max_attempts.is_none_or(|most| sent < most)
    }

    fn client_of(&self, job: &Job) -> &Client {
        &self.model.clients[self.model.fleets[job.fleet].copies[job.rule].client]
    }

    /// A copy failed: its client asks for another one after a back-off, unless it gives up. Says
    /// whether it will. `so_far` is the job's time from due until now.
    pub(super) fn ask_after_failure(&mut self, now: Instant, at: JobRef, so_far: Causes) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        if !self.may_copy_again(job) || self.client_of(job).policy == ClientPolicy::GiveUp {
            return false;
        }
        let next = self.make_another(now, at, so_far);
        self.rest(now, next, 1);
        true
    }

    /// The client rests before it asks for another copy: its back-off after this many tries.
    fn rest(&mut self, now: Instant, next: JobRef, tries: u32) {
        let job = self.jobs.get(next).expect("just made");
        let client = self.model.fleets[job.fleet].copies[job.rule].client;
        let name = job.name;
        let delay = self.backoff(client, name, tries);
        let key = Key::new(now + delay, Rank::WakeUp, self.chance.key(Purpose::Tie, name));
        self.calendar.schedule(key, Wake::Rested(next));
    }

    /// A client's patience with an accepted copy is at its end. CopyImage has a token: whoever asks
    /// twice has one image (F76); so only snapshots are copied again.
    pub(super) fn lose_patience(&mut self, now: Instant, at: JobRef) {
        let Some(job) = self.jobs.get(at).filter(|job| job.owner) else { return };
        let scope = self.tally.scope_of(job.fleet, job.rule);
        self.tally.scopes[scope].timed_out += u64::from(job.counted);
        let images = self.model.fleets[job.fleet].items.are_images();
        let waiter = self.client_of(job).waiter_for(images);
        let then = waiter.map_or(AfterTimeout::GiveUp, |waiter| waiter.then);
        if then == AfterTimeout::GiveUp || images || !self.may_copy_again(job) {
            return;
        }
        let after = self.engine.causes_of(at.tag(), now);
        let so_far = after.map_or(job.causes, |after| job.with(&after));
        let next = self.make_another(now, at, so_far);
        match then {
            AfterTimeout::RestAndCopyAgain => {
                let again = self.jobs.get(next).expect("just made").again;
                self.rest(now, next, again);
            }
            AfterTimeout::GiveUp | AfterTimeout::CopyAgain => self.ask_anew(now, next),
        }
    }

    /// Another job for the same wish, which it owns from now on.
    fn make_another(&mut self, now: Instant, at: JobRef, so_far: Causes) -> JobRef {
        let old = self.jobs.get_mut(at).expect("a live job");
        old.owner = false;
        let (again, wish) = (old.again + 1, old.wish);
        let next = Job {
            again,
            name: old.name.number(again.into()),
            children: std::mem::take(&mut old.children),
            owner: true,
            waits: Waits::Rest,
            since: now,
            accepted: None,
            attempts: 0,
            attempts_before: old.attempts_before + old.attempts,
            tries: 0,
            refusals: [0; Why::N],
            refusal: None,
            duration: self.model.fleets[old.fleet].copies[old.rule].completion_duration,
            causes: so_far,
            bytes: Bytes::ZERO,
            ..old.clone()
        };
        let next = self.add_job(next);
        self.follow_on(now, at, next);
        let wish = wish.unwrap_or_else(|| self.wishes.open(at));
        self.wishes.slots[wish].members.push(next);
        for member in [at, next] {
            self.jobs.get_mut(member).expect("both live").wish = Some(wish);
        }
        self.take_over(wish, at, next);
        let job = self.jobs.get(next).expect("just made");
        let scope = self.tally.scope_of(job.fleet, job.rule);
        self.tally.scopes[scope].again += u64::from(job.counted);
        next
    }

    /// The wish is another job's from now on.
    fn take_over(&mut self, wish: usize, from: JobRef, to: JobRef) {
        let old = self.jobs.get_mut(from).expect("who hands over is alive");
        old.owner = false;
        let children = std::mem::take(&mut old.children);
        let new = self.jobs.get_mut(to).expect("who takes over is alive");
        new.owner = true;
        new.children.extend(children);
        self.wishes.slots[wish].owner = Some(to);
        let new = self.jobs.get(to).expect("seen above");
        self.standing.hand_over(self.model, from, (new, to));
    }

    /// A copy was completed. Where it is the first of its wish, the wish is its own; says so.
    pub(super) fn decides(&mut self, at: JobRef) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        let Some(wish) = job.wish else { return job.owner };
        let Some(owner) = self.wishes.slots[wish].owner.take() else { return false };
        if owner != at {
            self.take_over(wish, owner, at);
            self.wishes.slots[wish].owner = None;
        }
        true
    }

    /// A job that owns its wish ends without a copy: another one of the wish that is under way
    /// decides in its place, if there is any. Says whether there is.
    pub(super) fn passes_on(&mut self, at: JobRef) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        let Some(wish) = job.wish.filter(|_| job.owner) else { return false };
        let under_way = |other: &&JobRef| {
            **other != at && self.jobs.get(**other).is_some_and(|job| job.accepted.is_some())
        };
        let heir = self.wishes.slots[wish].members.iter().rev().find(under_way).copied();
        if let Some(heir) = heir {
            self.take_over(wish, at, heir);
        }
        heir.is_some()
    }

    /// Takes a job in.
    pub(super) fn add_job(&mut self, job: Job) -> JobRef {
        self.backlog.enter(self.now);
        self.jobs.insert(job)
    }

    /// Takes a job out, and out of its wish.
    pub(super) fn remove_job(&mut self, at: JobRef) -> Job {
        let job = self.jobs.take(at);
        self.let_go(at, &job);
        job
    }

    /// A job that was taken out is gone, and out of its wish.
    pub(super) fn let_go(&mut self, at: JobRef, job: &Job) {
        self.backlog.leave(self.now);
        self.jobs.let_go(at);
        if job.counted {
            let scope = self.tally.scope_of(job.fleet, job.rule);
            self.tally.scopes[scope].asked(job);
        }
        if let Some(wish) = job.wish {
            self.wishes.leave(wish, at);
        }
    }
}
