//! Clients: who asks, what they do where the API refuses, and their queues.

use std::collections::BTreeSet;

use super::job::{Job, JobRef, QueuePlace, Waits};
use super::{Run, Wake, draw_backoff, need, place_of};
use crate::catalog::Cause;
use crate::catalog::limit::{DURATION_MAX, DURATION_STEP};
use crate::engine::calendar::{Key, Rank};
use crate::engine::network::Network;
use crate::engine::{Answer, CopyRequest, Source, Why};
use crate::model::{
    Client, ClientPolicy, CopyRule, Counting, FirstCopy, Jitter, Model, OnQuotaShort, Overlap,
    QueueOrder, TargetKind,
};
use crate::record::Outcome;
use crate::rng::{NameHash, Purpose};
use crate::units::{Bytes, Instant, Span, index_u32, index_usize};

/// What a client has in hand, by account and destination.
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
    /// The longest back-off after each number of tries, from 1 on, as far as it was needed.
    backoffs: Vec<Span>,
}

impl ClientState {
    pub(super) fn new(model: &Model) -> ClientState {
        let n = model.accounts.len() * model.sites.len();
        ClientState {
            n_waiting: vec![0; n],
            n_running: vec![0; n],
            queues: vec![BTreeSet::new(); n],
            asleep: vec![false; n],
            refused: vec![0; n],
            backoffs: Vec::new(),
        }
    }

    /// The longest back-off after a number of tries: first × factor^(n − 1), at most the longest of
    /// all. A power takes as long as the rest of a refusal, so that it is taken once a number.
    fn longest_backoff(&mut self, client: &Client, tries: u32) -> Span {
        let nth = tries.clamp(1, 1000) - 1;
        for doublings in index_u32(self.backoffs.len())..=nth {
            let factor = libm::pow(client.backoff_factor, f64::from(doublings));
            let grown = Span::from_secs_f64(client.backoff_first.secs() * factor);
            self.backoffs.push(grown.min(client.backoff_max));
        }
        self.backoffs[index_usize(nth)]
    }

    /// Whether it sleeps after a refusal.
    pub(super) fn is_asleep(&self, place: usize) -> bool {
        self.asleep[place]
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
        let place = place_of(self.model, self.jobs.get(at).expect("a live job").account, rule.to);
        if client.max_waiting <= self.clients[rule.client].n_waiting[place] {
            return self.drop_job(now, at, Outcome::Overflow);
        }
        self.line_up(now, at);
    }

    /// Another copy of a snapshot is asked for the first time.
    pub(super) fn ask_anew(&mut self, now: Instant, at: JobRef) {
        if self.jobs.get(at).is_some() {
            self.account_wait(now, at);
            self.line_up(now, at);
        }
    }

    /// A job waits for acceptance from now on: it is asked for at once, or queued.
    fn line_up(&mut self, now: Instant, at: JobRef) {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let place = place_of(self.model, job.account, rule.to);
        self.count_waiting(now, at, true);
        match self.model.clients[rule.client].policy {
            ClientPolicy::GiveUp | ClientPolicy::Retry => self.try_now(now, at),
            ClientPolicy::Queue { order, .. } => {
                self.enqueue(now, at, order);
                if !self.clients[rule.client].is_asleep(place) {
                    self.serve_queue(now, (rule.client, place));
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
                let passing = matches!(why, Why::Throttled | Why::Unavailable);
                let gives_up = client.policy == ClientPolicy::GiveUp && !passing;
                if gives_up || self.is_spent(at) {
                    return self.drop_job(now, at, Outcome::GivenUp);
                }
                Waits::Asleep(why)
            }
        };
        self.wait(now, at, waits);
        let job = self.jobs.get(at).expect("a live job");
        let (name, tries) = (job.name, job.tries);
        let delay = self.backoff(rule.client, name, tries);
        let key = Key::new(now + delay, Rank::WakeUp, self.chance.key(Purpose::Tie, name));
        self.calendar.schedule(key, Wake::Again(at));
    }

    /// Whether a snapshot's copy was asked for as often as its client asks.
    fn is_spent(&self, at: JobRef) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let sent = job.attempts_before + job.attempts;
        self.model.clients[rule.client].max_attempts.is_some_and(|most| most <= sent)
    }

    /// The back-off after a number of tries.
    pub(super) fn backoff(&mut self, client: usize, name: NameHash, tries: u32) -> Span {
        let state = &mut self.clients[client];
        let client = &self.model.clients[client];
        let most = state.longest_backoff(client, tries);
        match client.jitter {
            Jitter::Full => draw_backoff(self.chance, most, name, tries),
            Jitter::None => most,
        }
    }

    /// Asks the provider for a copy.
    fn ask(&mut self, now: Instant, at: JobRef) -> Asked {
        let job = self.jobs.get_mut(at).expect("a live job");
        let key = self.model.key_of(job.fleet, now);
        let volumes = &self.fleets[job.fleet].items[job.item].volumes;
        for (source, volume) in job.sources.iter_mut().zip(volumes) {
            source.key = volume.requested.map_or(key, |requested| requested.key);
        }
        let choice = self.choose_duration(now, at);
        self.watch_request(at);
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
            account: job.account,
            route: rule.route,
            duration,
            retain: rule.retain,
            shelf: self.shelves.of(self.tally.scope_of(job.fleet, job.rule), job.item),
            failures: rule.failures.as_ref(),
            fault: self.fleets[job.fleet].items[job.item].judged.fault(),
            labels: None,
        };
        let answer = self.engine.submit(&request, now);
        let job = self.jobs.get_mut(at).expect("a live job");
        job.attempts += 1;
        match answer {
            Answer::Accepted(_) => {
                job.duration = duration;
                job.waits = Waits::Accepted;
                job.accepted = Some(now);
                let (account, name) = (job.account, job.name);
                self.clients[rule.client].n_running[place_of(self.model, account, rule.to)] += 1;
                self.count_waiting(now, at, false);
                let images = fleet.items.are_images();
                if let Some(waiter) = self.model.clients[rule.client].waiter_for(images) {
                    let tie = self.chance.key(Purpose::Tie, name);
                    let key = Key::new(now + waiter.timeout, Rank::WakeUp, tie);
                    self.calendar.schedule(key, Wake::Timeout(at));
                }
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
    fn choose_duration(&mut self, now: Instant, at: JobRef) -> Choice {
        let job = self.jobs.get(at).expect("a live job");
        let (account, rule) = (job.account, &self.model.fleets[job.fleet].copies[job.rule]);
        let manner = self.model.clients[rule.client].on_quota_short;
        let duration = match rule.first_copy {
            FirstCopy::Standard if self.is_first(now, at) => None,
            FirstCopy::Within(duration) if self.is_first(now, at) => Some(duration),
            FirstCopy::Same | FirstCopy::Standard | FirstCopy::Within(_) => {
                rule.completion_duration
            }
        };
        let Some(duration) = duration else { return Choice::Ask(None) };
        if manner == OnQuotaShort::Take {
            return Choice::Ask(Some(duration));
        }
        let sources = self.jobs.get(at).expect("a live job").sources.clone();
        let sizes: Vec<Bytes> = sources.iter().map(|s| self.quota_size(now, s, rule)).collect();
        let available = self.engine.quota_available(account, rule.route);
        let limits = self.model.limits_of(account);
        let needed = |duration| sizes.iter().map(|b| need(limits, *b, duration)).sum::<u64>();
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

    /// Whether the destination has no base for any of a job's snapshots, as far as it keeps lineages.
    fn is_first(&mut self, now: Instant, at: JobRef) -> bool {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let sources = job.sources.clone();
        sources
            .iter()
            .all(|source| !source.anew && !self.engine.extent(source, rule.route, now).incremental)
    }

    /// The size that the required rate of a copy is made of (P-TB-SIZE).
    fn quota_size(&mut self, now: Instant, source: &Source, rule: &CopyRule) -> Bytes {
        match self.engine.extent(source, rule.route, now).bytes {
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
                self.engine.image_slots_full_time(job.account, rule.to, now)
            }
            Waits::Asleep(Why::Slots) | Waits::Queued => {
                self.engine.slots_full_time(job.account, rule.to, now)
            }
            Waits::Asleep(Why::Quota) => self.engine.quota_short_time(job.account, rule.route, now),
            Waits::Asleep(Why::Throttled | Why::Unavailable | Why::Snapshots)
            | Waits::Hold
            | Waits::Snapshot
            | Waits::Parent
            | Waits::Rest
            | Waits::Accepted => Span::ZERO,
        }
    }

    /// Puts the time since a job began to wait into its causes.
    pub(super) fn account_wait(&mut self, now: Instant, at: JobRef) {
        let waits = self.jobs.get(at).expect("a live job").waits;
        let used_up = self.used_up(now, at, waits);
        let job = self.jobs.get_mut(at).expect("a live job");
        let waited = now.since_or_zero(job.since);
        let short = (used_up.minus_or_zero(job.used_up)).min(waited);
        if !matches!(waits, Waits::Snapshot | Waits::Parent | Waits::Accepted) {
            job.waited += waited;
        }
        // What it waits for, and what it does once that is there; and when that was.
        let (first, then, turn) = match waits {
            Waits::Snapshot => {
                let window = now.min(job.started).since_or_zero(job.since);
                (Cause::Window, Cause::Snapshot, window)
            }
            Waits::Asleep(Why::Throttled) => (Cause::Throttled, Cause::Throttled, waited),
            Waits::Asleep(Why::Slots) => (Cause::Slot, Cause::BackOff, short),
            Waits::Asleep(Why::Quota) => (Cause::Quota, Cause::BackOff, short),
            Waits::Asleep(Why::Unavailable) => (Cause::Outage, Cause::Outage, waited),
            Waits::Asleep(Why::Snapshots) | Waits::Rest => (Cause::BackOff, Cause::BackOff, waited),
            Waits::Hold => (Cause::Quota, Cause::Quota, waited),
            Waits::Queued => (Cause::Slot, Cause::ClientQueue, short),
            // The time of a hop before is put in when that hop ends.
            Waits::Parent | Waits::Accepted => {
                job.since = now.max(job.since);
                job.used_up = used_up;
                return;
            }
        };
        let parts = [(first, turn), (then, waited - turn)];
        for (cause, span) in parts {
            job.spend(cause, span);
        }
        let from = job.since;
        job.since = now.max(job.since);
        job.used_up = used_up;
        if self.watch.is_some() {
            self.follow_wait(at, from, parts);
        }
    }

    /// Puts a job into its client's queue, at its place.
    fn enqueue(&mut self, now: Instant, at: JobRef, order: QueueOrder) {
        self.wait(now, at, Waits::Queued);
        let first = match order {
            QueueOrder::Fifo => now.nanos(),
            QueueOrder::Edf => self.deadline(at).nanos(),
            QueueOrder::Smallest => self.bytes_of(now, at).get(),
            QueueOrder::Largest => u64::MAX - self.bytes_of(now, at).get(),
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
        let place = place_of(self.model, job.account, rule.to);
        self.clients[rule.client].queues[place].insert((job.order, at));
    }

    /// What a queue by deadline goes by: due plus the tightest target, else plus the interval.
    fn deadline(&self, at: JobRef) -> Instant {
        let job = self.jobs.get(at).expect("a live job");
        let fleet = &self.model.fleets[job.fleet];
        let to = fleet.copies[job.rule].to;
        let covering = self.model.targets.iter().filter(|target| target.covers(job.fleet, to));
        let rpo = covering.filter_map(|target| match target.kind {
            TargetKind::Rpo { limit, .. } => Some(job.due + limit),
            _ => None,
        });
        let tightest = self.tally.latest(job).into_iter().chain(rpo).min();
        tightest.unwrap_or(job.due + super::schedule::interval(&fleet.schedule))
    }

    fn bytes_of(&mut self, now: Instant, at: JobRef) -> Bytes {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let sources = job.sources.clone();
        sources.iter().map(|source| self.engine.extent(source, rule.route, now).bytes).sum()
    }

    /// A client asks for what its queue holds, as far as its limit goes.
    pub(super) fn serve_queue(&mut self, now: Instant, (client, place): (usize, usize)) {
        let ClientPolicy::Queue { limit, .. } = self.model.clients[client].policy else { return };
        self.clients[client].asleep[place] = false;
        while let Some((order, at)) = self.clients[client].queues[place].first().copied() {
            let told = limit.unwrap_or_else(|| self.told(at));
            let state = &mut self.clients[client];
            if told <= state.n_running[place] {
                return;
            }
            state.queues[place].remove(&(order, at));
            self.account_wait(now, at);
            let waits = match self.ask(now, at) {
                Asked::Accepted => {
                    self.clients[client].refused[place] = 0;
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
            self.sleep(now, (client, place), (order, at));
            return;
        }
    }

    /// A refused client puts the job back and sleeps before it looks at the queue again.
    fn sleep(
        &mut self,
        now: Instant,
        (client, place): (usize, usize),
        waiting: (QueuePlace, JobRef),
    ) {
        let state = &mut self.clients[client];
        state.queues[place].insert(waiting);
        state.refused[place] += 1;
        state.asleep[place] = true;
        let refused = state.refused[place];
        let name = self.jobs.get(waiting.1).expect("a live job").name;
        let delay = self.backoff(client, name, refused).max(Span::from_nanos(1));
        let key = Key::new(now + delay, Rank::WakeUp, self.chance.key(Purpose::Tie, name));
        self.calendar.schedule(key, Wake::queue((client, place), true));
    }

    /// The slots that a client without a limit of its own was told of, for a job of its queue.
    fn told(&self, at: JobRef) -> u32 {
        let job = self.jobs.get(at).expect("a live job");
        let (fleet, limits) = (&self.model.fleets[job.fleet], self.model.limits_of(job.account));
        if fleet.items.are_images() {
            return limits.image_slots;
        }
        limits.slots_at(fleet.copies[job.rule].to)
    }

    /// A copy of this client ended: its queue for the place is looked at.
    pub(super) fn copy_left(&mut self, now: Instant, job: &Job) {
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let (client, place) = (rule.client, place_of(self.model, job.account, rule.to));
        let tie = self.chance.key(Purpose::Tie, job.name);
        let state = &mut self.clients[client];
        state.n_running[place] -= 1;
        if !state.queues[place].is_empty() && !state.asleep[place] {
            let key = Key::new(now, Rank::WakeUp, tie);
            self.calendar.schedule(key, Wake::queue((client, place), false));
        }
    }

    /// Takes a job that is dropped out of its client's queue.
    pub(super) fn leave_queue(&mut self, at: JobRef) {
        let job = self.jobs.get(at).expect("a live job");
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let place = place_of(self.model, job.account, rule.to);
        let order = job.order;
        self.clients[rule.client].queues[place].remove(&(order, at));
    }
}
