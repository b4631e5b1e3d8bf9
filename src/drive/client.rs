//! Clients: who asks, what they do where the API refuses, and their queues.

use std::collections::BTreeSet;

use super::job::{JobRef, QueuePlace, Waits};
use super::{Run, Wake, draw_backoff, need};
use crate::catalog::Cause;
use crate::catalog::limit::{DURATION_MAX, DURATION_STEP};
use crate::engine::calendar::{Key, Rank};
use crate::engine::network::Network;
use crate::engine::{Answer, CopyRequest, Source, Why};
use crate::model::{
    ClientPolicy, CopyRule, Counting, Jitter, Model, OnQuotaShort, Overlap, QueueOrder, SiteIdx,
    TargetKind,
};
use crate::record::Outcome;
use crate::rng::Purpose;
use crate::units::{Bytes, Instant, Span};

/// What a client has in hand, by destination.
#[derive(Debug)]
pub(super) struct ClientState {
    /// Jobs that wait for acceptance.
    pub(super) n_waiting: Vec<u32>,
    /// Copies under way.
    pub(super) n_running: Vec<u32>,
    /// Own queue, in its order.
    queues: Vec<BTreeSet<(QueuePlace, JobRef)>>,
    /// Whether it sleeps after a refusal.
    asleep: Vec<bool>,
    /// Refusals in a row.
    refused: Vec<u32>,
}

impl ClientState {
    pub(super) fn new(model: &Model) -> ClientState {
        let n = model.sites.len();
        ClientState {
            n_waiting: vec![0; n],
            n_running: vec![0; n],
            queues: vec![BTreeSet::new(); n],
            asleep: vec![false; n],
            refused: vec![0; n],
        }
    }

    /// Whether it sleeps after a refusal.
    pub(super) fn is_asleep(&self, site: SiteIdx) -> bool {
        self.asleep[site.0]
    }
}

/// What came of asking.
enum Asked {
    Accepted,
    Refused(Why),
    /// Not asked: quota is short, and the client holds the copy back.
    Held,
}

/// What a client does about a copy whose quota may be short.
enum Choice {
    /// Asks, with this completion duration or for a standard copy.
    Ask(Option<Span>),
    /// Holds it back.
    Hold,
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// The snapshot is ready: the copy is asked for the first time, or queued, or dropped.
    pub(super) fn first_ask(&mut self, now: Instant, at: JobRef) {
        self.account_wait(now, at);
        let job = self.jobs.get_mut(at).expect("a job waits for its snapshot");
        job.asked = Some(now);
        let (fleet, item, rule_idx) = (job.fleet, job.item, job.rule);
        let rule = &self.model.fleets[fleet].copies[rule_idx];
        let client = &self.model.clients[rule.client];
        if let Some(earlier) = self.fleets[fleet].waiting[item][rule_idx] {
            match client.overlap {
                Overlap::ReplaceQueued => self.drop_job(now, earlier, Outcome::Replaced),
                Overlap::Skip => return self.drop_job(now, at, Outcome::Skipped),
                Overlap::Queue => {}
            }
        }
        if client.max_waiting <= self.clients[rule.client].n_waiting[rule.to.0] {
            return self.drop_job(now, at, Outcome::Overflow);
        }
        self.count_waiting(now, at, true);
        match client.policy {
            ClientPolicy::GiveUp | ClientPolicy::Retry => self.try_now(now, at),
            ClientPolicy::Queue { order, .. } => {
                self.enqueue(now, at, order);
                if !self.clients[rule.client].is_asleep(rule.to) {
                    self.serve_queue(now, rule.client, rule.to);
                }
            }
        }
    }

    /// A back-off is over.
    pub(super) fn ask_again(&mut self, now: Instant, at: JobRef) {
        if self.jobs.get(at).is_none() {
            return;
        }
        self.account_wait(now, at);
        self.try_now(now, at);
    }

    /// Asks for a copy that is not in a queue, and acts on the answer.
    fn try_now(&mut self, now: Instant, at: JobRef) {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let client = &self.model.clients[rule.client];
        let waits = match self.ask(now, at) {
            Asked::Accepted => return,
            Asked::Held => Waits::Hold,
            Asked::Refused(why) => {
                let gives_up = client.policy == ClientPolicy::GiveUp && why != Why::Throttled;
                if gives_up || self.is_spent(at) {
                    return self.drop_job(now, at, Outcome::GivenUp);
                }
                Waits::Asleep(why)
            }
        };
        self.wait(now, at, waits);
        let job = self.jobs.get(at).expect("a live job");
        let delay = self.backoff(rule.client, job.name, job.tries);
        let key = Key::new(now + delay, Rank::WakeUp, self.chance.key(Purpose::Tie, job.name));
        self.calendar.schedule(key, Wake::Again(at));
    }

    /// Whether a copy was asked for as often as its client asks.
    fn is_spent(&self, at: JobRef) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        self.model.clients[rule.client].max_attempts.is_some_and(|most| most <= job.attempts)
    }

    /// The back-off after a number of tries: first × factor^(n − 1), at most the longest.
    fn backoff(&self, client: usize, name: crate::rng::NameHash, tries: u32) -> Span {
        let client = &self.model.clients[client];
        let doublings = f64::from(tries.clamp(1, 1000) - 1);
        let grown = client.backoff_first.secs() * libm::pow(client.backoff_factor, doublings);
        let most = Span::from_secs_f64(grown).min(client.backoff_max);
        match client.jitter {
            Jitter::Full => draw_backoff(self.chance, most, name, tries),
            Jitter::None => most,
        }
    }

    /// Asks the provider for a copy.
    fn ask(&mut self, now: Instant, at: JobRef) -> Asked {
        let choice = self.choose_duration(at);
        let job = self.jobs.get_mut(at).expect("a live job");
        job.tries += 1;
        let Choice::Ask(duration) = choice else { return Asked::Held };
        let fleet = &self.model.fleets[job.fleet];
        let rule = &fleet.copies[job.rule];
        let request = CopyRequest {
            name: job.name,
            tag: at.tag(),
            sources: &job.sources,
            image: fleet.items.are_images(),
            route: rule.route,
            duration,
            retain: rule.retain,
        };
        let answer = self.engine.submit(&request, now);
        let job = self.jobs.get_mut(at).expect("a live job");
        job.attempts += 1;
        match answer {
            Answer::Accepted(_) => {
                job.duration = duration;
                job.waits = Waits::Accepted;
                job.accepted = Some(now);
                self.clients[rule.client].n_running[rule.to.0] += 1;
                self.count_waiting(now, at, false);
                Asked::Accepted
            }
            Answer::Refused(refusal) => {
                job.refusals[refusal.why as usize] += 1;
                job.refusal = Some(refusal.code);
                Asked::Refused(refusal.why)
            }
        }
    }

    /// What to ask for where quota may be short.
    fn choose_duration(&mut self, at: JobRef) -> Choice {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let manner = self.model.clients[rule.client].on_quota_short;
        let Some(duration) = rule.completion_duration else { return Choice::Ask(None) };
        if manner == OnQuotaShort::Take {
            return Choice::Ask(Some(duration));
        }
        let sources = job.sources.clone();
        let sizes: Vec<Bytes> = sources.iter().map(|s| self.quota_size(s, rule)).collect();
        let available = self.engine.quota_available(rule.route);
        let needed = |duration| sizes.iter().map(|b| need(self.model, *b, duration)).sum::<u64>();
        if needed(duration) <= available {
            return Choice::Ask(Some(duration));
        }
        match manner {
            OnQuotaShort::Take => Choice::Ask(Some(duration)),
            OnQuotaShort::Hold => Choice::Hold,
            OnQuotaShort::Standard => Choice::Ask(None),
            OnQuotaShort::Longer => {
                let mut longer = duration;
                while longer < DURATION_MAX && available < needed(longer) {
                    longer += DURATION_STEP;
                }
                Choice::Ask(Some(longer))
            }
        }
    }

    /// The size that the required rate of a copy is made of (P-TB-SIZE).
    fn quota_size(&mut self, source: &Source, rule: &CopyRule) -> Bytes {
        match self.engine.extent(source, rule.route, rule.retain) {
            Bytes::ZERO => Bytes::ZERO,
            _ if self.model.assume.quota_by_full_size => source.snapshot.full,
            moved => moved,
        }
    }

    /// A job begins to wait.
    fn wait(&mut self, now: Instant, at: JobRef, waits: Waits) {
        let used_up = self.used_up(now, at, waits);
        let job = self.jobs.get_mut(at).expect("a live job");
        (job.waits, job.since, job.used_up) = (waits, now, used_up);
    }

    /// For how long the limit that a job waits for was used up until `now`.
    fn used_up(&self, now: Instant, at: JobRef, waits: Waits) -> Span {
        let job = self.jobs.get(at).expect("a live job");
        let fleet = &self.model.fleets[job.fleet];
        let rule = &fleet.copies[job.rule];
        let takes_image_slots =
            fleet.items.are_images() && self.model.assume.image_snapshot_slots == Counting::Free;
        match waits {
            Waits::Asleep(Why::Slots) | Waits::Queued if takes_image_slots => {
                self.engine.image_slots_full_time(rule.to, now)
            }
            Waits::Asleep(Why::Slots) | Waits::Queued => self.engine.slots_full_time(rule.to, now),
            Waits::Asleep(Why::Quota) => self.engine.quota_short_time(rule.route, now),
            Waits::Asleep(Why::Throttled) | Waits::Hold | Waits::Snapshot | Waits::Accepted => {
                Span::ZERO
            }
        }
    }

    /// Puts the time since a job began to wait into its causes.
    pub(super) fn account_wait(&mut self, now: Instant, at: JobRef) {
        let waits = self.jobs.get(at).expect("a live job").waits;
        let used_up = self.used_up(now, at, waits);
        let job = self.jobs.get_mut(at).expect("a live job");
        let waited = now.since_or_zero(job.since);
        let short = (used_up.minus_or_zero(job.used_up)).min(waited);
        match waits {
            Waits::Snapshot => {
                let window = now.min(job.started).since_or_zero(job.since);
                job.spend(Cause::Window, window);
                job.spend(Cause::Snapshot, waited - window);
            }
            Waits::Asleep(Why::Throttled) => job.spend(Cause::Throttled, waited),
            Waits::Asleep(Why::Slots) => {
                job.spend(Cause::Slot, short);
                job.spend(Cause::BackOff, waited - short);
            }
            Waits::Asleep(Why::Quota) => {
                job.spend(Cause::Quota, short);
                job.spend(Cause::BackOff, waited - short);
            }
            Waits::Hold => job.spend(Cause::Quota, waited),
            Waits::Queued => {
                job.spend(Cause::Slot, short);
                job.spend(Cause::ClientQueue, waited - short);
            }
            Waits::Accepted => {}
        }
        job.since = now.max(job.since);
        job.used_up = used_up;
    }

    /// Puts a job into its client's queue, at its place.
    fn enqueue(&mut self, now: Instant, at: JobRef, order: QueueOrder) {
        self.wait(now, at, Waits::Queued);
        let first = match order {
            QueueOrder::Fifo => now.nanos(),
            QueueOrder::Edf => self.deadline(at).nanos(),
            QueueOrder::Smallest => self.bytes_of(at).get(),
            QueueOrder::Largest => u64::MAX - self.bytes_of(at).get(),
            QueueOrder::Priority => {
                let job = self.jobs.get(at).expect("a live job");
                let priority = self.model.fleets[job.fleet].copies[job.rule].priority;
                u64::try_from(i64::from(i32::MAX) - i64::from(priority)).expect("not negative")
            }
        };
        let tie = self.chance.key(Purpose::Tie, self.jobs.get(at).expect("a live job").name);
        let job = self.jobs.get_mut(at).expect("a live job");
        job.order = (first, now.nanos(), tie);
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        self.clients[rule.client].queues[rule.to.0].insert((job.order, at));
    }

    /// What a queue by deadline goes by: due plus the tightest target, else plus the interval.
    fn deadline(&self, at: JobRef) -> Instant {
        let job = self.jobs.get(at).expect("a live job");
        let fleet = &self.model.fleets[job.fleet];
        let to = fleet.copies[job.rule].to;
        let covering = self.model.targets.iter().filter(|target| target.covers(job.fleet, to));
        let rpo = covering.filter_map(|target| match target.kind {
            TargetKind::Rpo { limit } => Some(job.due + limit),
            _ => None,
        });
        let tightest = self.tally.latest(job).into_iter().chain(rpo).min();
        tightest.unwrap_or(job.due + super::schedule::interval(&fleet.schedule))
    }

    fn bytes_of(&mut self, at: JobRef) -> Bytes {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let sources = job.sources.clone();
        sources.iter().map(|s| self.engine.extent(s, rule.route, rule.retain)).sum()
    }

    /// A client asks for what its queue holds, as far as its limit goes.
    pub(super) fn serve_queue(&mut self, now: Instant, client: usize, site: SiteIdx) {
        let ClientPolicy::Queue { limit, .. } = self.model.clients[client].policy else { return };
        self.clients[client].asleep[site.0] = false;
        while let Some((order, at)) = self.clients[client].queues[site.0].first().copied() {
            let told = limit.unwrap_or_else(|| self.told(at, site));
            let state = &mut self.clients[client];
            if told <= state.n_running[site.0] {
                return;
            }
            state.queues[site.0].remove(&(order, at));
            self.account_wait(now, at);
            let waits = match self.ask(now, at) {
                Asked::Accepted => {
                    self.clients[client].refused[site.0] = 0;
                    continue;
                }
                Asked::Refused(why) => Waits::Asleep(why),
                Asked::Held => Waits::Hold,
            };
            if self.is_spent(at) {
                self.drop_job(now, at, Outcome::GivenUp);
                continue;
            }
            self.wait(now, at, waits);
            self.sleep(now, client, site, (order, at));
            return;
        }
    }

    /// A refused client puts the job back and sleeps before it looks at the queue again.
    fn sleep(&mut self, now: Instant, client: usize, site: SiteIdx, place: (QueuePlace, JobRef)) {
        let state = &mut self.clients[client];
        state.queues[site.0].insert(place);
        state.refused[site.0] += 1;
        state.asleep[site.0] = true;
        let refused = state.refused[site.0];
        let name = self.jobs.get(place.1).expect("a live job").name;
        let delay = self.backoff(client, name, refused).max(Span::from_nanos(1));
        let key = Key::new(now + delay, Rank::WakeUp, self.chance.key(Purpose::Tie, name));
        self.calendar.schedule(key, Wake::Queue { client, site, slept: true });
    }

    /// The slots that a client without a limit of its own was told of, for a job of its queue.
    fn told(&self, at: JobRef, site: SiteIdx) -> u32 {
        let fleet = self.jobs.get(at).expect("a live job").fleet;
        if self.model.fleets[fleet].items.are_images() {
            return self.model.limits.image_slots;
        }
        let own = self.model.limits.snapshot_slots_at.iter().find(|(at, _)| *at == site);
        own.map_or(self.model.limits.snapshot_slots, |(_, slots)| *slots)
    }

    /// A copy of this client to `site` ended: its queue is looked at.
    pub(super) fn copy_left(&mut self, now: Instant, client: usize, site: SiteIdx, tie: u64) {
        let state = &mut self.clients[client];
        state.n_running[site.0] -= 1;
        if !state.queues[site.0].is_empty() && !state.asleep[site.0] {
            let key = Key::new(now, Rank::WakeUp, tie);
            self.calendar.schedule(key, Wake::Queue { client, site, slept: false });
        }
    }

    /// Takes a job that is dropped out of its client's queue.
    pub(super) fn leave_queue(&mut self, at: JobRef) {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let order = job.order;
        self.clients[rule.client].queues[rule.to.0].remove(&(order, at));
    }
}
