//! One run: who asks what and when.
//!
//! A driver above the engine: fleets whose snapshots fall due, clients that ask, wait, ask again,
//! or give up. It has a calendar of its own; whatever is soonest of both happens next.

pub mod flows;
mod again;
mod application;
mod backlog;
mod client;
mod closing;
mod due;
mod ending;
mod item;
mod job;
mod promise;
mod result;
mod schedule;
mod storage;
mod tally;
mod telling;
mod undoing;
mod watch;
mod worst;

use again::Wishes;
use application::Applications;
use backlog::Backlog;
pub use backlog::part_of_cycle;
use client::ClientState;
use due::Scratch;
use item::{Counters, FleetDay, Item};
use job::{JobRef, Jobs};
pub use promise::{PromiseScope, promise_scopes};
pub use result::{
    Keep, Measured, RpoSeries, RunResult, ScopeShare, Series, SeriesKind, Slowest, TargetShare,
};
use schedule::Days;
use storage::Shelves;
use tally::{Point, Recovery, Standing, Tally};
use watch::Watch;
use worst::WorstOf;
pub use worst::{Badness, Worst, worst_of_all};

use crate::billing::Tariff;
use crate::engine::calendar::{Calendar, Key, Rank};
use crate::engine::copy::Notice;
use crate::engine::gauge::Gauge;
use crate::engine::network::Network;
use crate::engine::{Engine, Keeping, Source};
use crate::model::{Initial, Limits, Model, Per, SiteIdx, Switch, TargetKind};
use crate::record::Sink;
use crate::rng::{Chance, Distribution, NameHash, Purpose};
use crate::stats::Bins;
use crate::units::{Bytes, Instant, Rate, Span, index_u32, index_usize};

/// Width of the bins of time series.
pub const BIN: Span = Span::from_mins(5);

/// Time between two looks at the recovery points of all volumes.
pub const RPO_STEP: Span = Span::from_mins(15);

/// Longest part of the window over which recovery points are looked at.
const RPO_LONGEST: Span = Span::from_days(7);

/// What the driver waits for. Indices are of 32 bits: an event moves through the calendar many times.
#[derive(Debug, Clone, Copy)]
enum Wake {
    /// An item is due.
    Due { fleet: u32, item: u32 },
    /// A snapshot is there, and its copy is asked for the first time.
    Ask(JobRef),
    /// A back-off is over.
    Again(JobRef),
    /// A client looks at its queue for an account's place: a copy of its ended, or its sleep is over.
    Queue { client: u32, place: u32, slept: bool },
    /// A client's patience with an accepted copy is at its end.
    Timeout(JobRef),
    /// The rest after a failed copy is over.
    Rested(JobRef),
    /// The owner of a copy deletes its target, or deregisters its image.
    TakenBack(JobRef),
    /// The source of a copy is deleted.
    SourceDeleted(JobRef),
    /// Recovery points are looked at.
    Look,
    /// The backlog is noted.
    Mark(usize),
}

impl Wake {
    /// An item of a fleet is due.
    fn due(fleet: usize, item: usize) -> Wake {
        Wake::Due { fleet: index_u32(fleet), item: index_u32(item) }
    }

    /// A client looks at its queue for an account's place.
    fn queue((client, place): (usize, usize), slept: bool) -> Wake {
        Wake::Queue { client: index_u32(client), place: index_u32(place), slept }
    }
}

fn index(short: u32) -> usize {
    index_usize(short)
}

/// A fleet with its items.
#[derive(Debug)]
struct FleetState {
    items: Vec<Item>,
    /// The job of each (item, rule) that waits for acceptance, if any.
    waiting: Vec<Vec<Option<JobRef>>>,
    /// The day to which one of its items came last.
    today: Option<FleetDay>,
    /// The days of its schedule that were looked at last.
    days: Option<Days>,
}

/// One run under way.
struct Run<'m, 's, N> {
    model: &'m Model,
    chance: Chance,
    engine: Engine<'m, N>,
    calendar: Calendar<Wake>,
    fleets: Vec<FleetState>,
    clients: Vec<ClientState>,
    jobs: Jobs,
    tally: Tally,
    tariffs: Vec<Tariff>,
    shelves: Shelves,
    /// By scope and item, for fleets that make snapshots.
    recoveries: Vec<Vec<Recovery>>,
    applications: Applications,
    standing: Standing,
    wishes: Wishes,
    /// Copies that wait for acceptance, by destination.
    waiting: Vec<Gauge>,
    rpo: Vec<RpoSeries>,
    backlog: Backlog,
    worst: WorstOf,
    /// The copies that the sink follows, where it follows any.
    watch: Option<Box<Watch>>,
    now: Instant,
    n_open: u64,
    n_counted: u64,
    n_events: u64,
    touched: u64,
    sink: &'s mut dyn Sink,
    notices: Vec<Notice>,
    scratch: Scratch,
    /// Lists of jobs that are gone, empty, to be filled again.
    spare_sources: Vec<Vec<Source>>,
}

/// Runs one replication of a model. Rows leave through `sink` as soon as they are final.
pub fn run<N: Network + Default>(
    model: &Model,
    replication: u32,
    keep: Keep,
    sink: &mut dyn Sink,
) -> RunResult {
    let mut run = Run::<N>::new(model, replication, keep, sink);
    let stopped = run.simulate();
    run.finish(stopped, keep)
}

impl<'m, 's, N: Network + Default> Run<'m, 's, N> {
    fn new(model: &'m Model, replication: u32, keep: Keep, sink: &'s mut dyn Sink) -> Self {
        let chance = Chance::new(model.seed, replication);
        let of_fleet = if model.resample_fleet { replication } else { 0 };
        let fleet_chance = Chance::new(model.fleet_seed, of_fleet);
        let window = (model.start + model.warm_up, model.end());
        let bins = keep.series.then(|| Bins::new(window.0, window.1, BIN));
        let mut counters = Counters::default();
        let fleets = model.fleets.iter().map(|fleet| {
            let items = item::draw(fleet, fleet_chance, model.start, &mut counters);
            let waiting = vec![vec![None; fleet.copies.len()]; items.len()];
            FleetState { items, waiting, today: None, days: None }
        });
        let gauge = || Gauge::new(window.0, window.1, bins.clone());
        let clients = model.clients.iter().map(|_| ClientState::new(model)).collect();
        let fleets: Vec<FleetState> = fleets.collect();
        let mut tally = Tally::new(model);
        let applications = Applications::new(model, &application_names(&fleets));
        tally.fared.watch(model, &applications);
        let standing = Standing::new(model, &tally, &applications);
        let asks = model.fleets.iter().any(|fleet| fleet.items.are_requests());
        Run {
            model,
            chance,
            engine: Engine::new(model, chance, bins.as_ref()),
            calendar: Calendar::default(),
            fleets,
            clients,
            jobs: Jobs::default(),
            tally,
            tariffs: model.routes.iter().map(|route| Tariff::of(model, route)).collect(),
            shelves: Shelves::new(model),
            recoveries: Vec::new(),
            applications,
            standing,
            wishes: Wishes::default(),
            waiting: model.sites.iter().map(|_| gauge()).collect(),
            rpo: Vec::new(),
            backlog: Backlog::new(model),
            worst: WorstOf::default(),
            watch: sink.follows_any().then(Box::default),
            now: model.start,
            n_open: 0,
            n_counted: 0,
            n_events: 0,
            touched: if asks { Switch::JUDGING } else { 0 },
            sink,
            notices: Vec::new(),
            scratch: Scratch::default(),
            spare_sources: Vec::new(),
        }
        .prepared(keep)
    }

    /// What stood before the run, and the first events.
    fn prepared(mut self, keep: Keep) -> Self {
        let window = (self.model.start + self.model.warm_up, self.model.end());
        for (number, fleet) in self.model.fleets.iter().enumerate() {
            for rule in &fleet.copies {
                let limits = rpo_limits(self.model, number, rule.to);
                let recovery = Recovery::new(window.0, window.1, &limits);
                let n = if fleet.makes_snapshot { fleet.items.count() } else { 0 };
                self.recoveries.push(vec![recovery; n]);
            }
            for item in 0..self.fleets[number].items.len() {
                self.prepare_item(number, item);
            }
        }
        self.applications.seed(self.model.start, &mut self.standing);
        for (mark, at) in backlog_marks(self.model).into_iter().enumerate() {
            self.calendar.schedule(Key::start_of(at, Rank::CapacityChange), Wake::Mark(mark));
        }
        let watched =
            (0..self.recoveries.len()).filter(|scope| !self.recoveries[*scope].is_empty());
        let series = |scope| RpoSeries { scope, median: Vec::new(), worst: Vec::new() };
        if keep.series {
            self.rpo = watched.map(series).collect();
        }
        if !self.rpo.is_empty() {
            self.calendar.schedule(Key::new(window.0, Rank::Horizon, 1), Wake::Look);
        }
        self
    }

    /// Winds an item back to before its first instant, seeds its copies, and schedules it.
    fn prepare_item(&mut self, number: usize, place: usize) {
        let fleet = &self.model.fleets[number];
        let FleetState { items, days, .. } = &mut self.fleets[number];
        let item = &mut items[place];
        let Some(batch) = item.instants.next(&fleet.schedule, days) else { return };
        let old = item::wind_back(item, fleet, batch + item.phase);
        let tie = self.chance.key(Purpose::Tie, item.hash);
        let due = batch + item.phase;
        for (rule, copy) in fleet.copies.iter().enumerate() {
            if copy.initial == Initial::Empty {
                continue;
            }
            let first = fleet.copies[..rule].iter().all(|other| !other.shares_lineage(copy));
            let scope = self.tally.scope_of(number, rule);
            let keeping = Keeping {
                account: self.model.account_of(number, rule, place),
                route: copy.route,
                retain: copy.retain,
                shelf: self.shelves.of(scope, place),
            };
            for (volume, snapshot) in item.volumes.iter().zip(&old).filter(|_| first) {
                let lineage = volume.lineages[rule];
                let key = self.model.first_key(number);
                let source = Source { snapshot: *snapshot, lineage, anew: false, key };
                self.engine.seed(&source, snapshot.started, &keeping);
            }
            if let (Some(recovery), Some(snapshot)) =
                (self.recoveries[scope].get_mut(place), old.first())
            {
                let point = Point::seeded(snapshot.started, copy.retain);
                recovery.seed(point);
                self.standing.seed_volume(scope, place, &point);
                self.applications.seed_volume((scope, place), point);
            }
        }
        item.batch = batch;
        self.calendar.schedule(Key::new(due, Rank::Request, tie), Wake::due(number, place));
    }

    /// Lets the run happen; returns the moment at which it stopped.
    fn simulate(&mut self) -> Instant {
        let end = self.model.end();
        let last = end + self.model.drain;
        let over = Key::start_of(last + Span::from_nanos(1), Rank::CapacityChange);
        loop {
            if !self.step(over) {
                let is_over = self.n_open == 0 && self.calendar.is_empty();
                return if is_over { end.max(self.now) } else { last };
            }
            if self.n_open == 0 && end <= self.soonest() {
                return end.max(self.now);
            }
        }
    }

    /// Lets happen what is next and before `limit`; says whether there was anything.
    fn step(&mut self, limit: Key) -> bool {
        let own = self.calendar.next_key().filter(|own| *own < limit);
        let sooner = own.unwrap_or(limit);
        if self.engine.advance_until_notice(sooner, &mut self.notices) {
            self.now = self.engine.now();
            self.take_notices();
            return true;
        }
        let Some((key, wake)) = own.and_then(|_| self.calendar.pop()) else { return false };
        self.n_events += 1;
        self.now = key.at();
        self.wake(key.at(), wake);
        true
    }

    /// When something happens next.
    fn soonest(&mut self) -> Instant {
        let next = [self.calendar.next_key(), self.engine.next_key()];
        next.into_iter().flatten().min().map_or(Instant::FAR, Key::at)
    }

    fn wake(&mut self, now: Instant, wake: Wake) {
        match wake {
            Wake::Due { fleet, item } => self.due(now, index(fleet), index(item)),
            Wake::Ask(job) => self.first_ask(now, job),
            Wake::Again(job) => self.ask_again(now, job),
            Wake::Queue { client, place, slept } => {
                let (client, place) = (index(client), index(place));
                if slept || !self.clients[client].is_asleep(place) {
                    self.serve_queue(now, (client, place));
                }
            }
            Wake::Timeout(job) => self.lose_patience(now, job),
            Wake::Rested(job) => self.ask_anew(now, job),
            Wake::TakenBack(job) => self.take_back(now, job),
            Wake::SourceDeleted(job) => self.delete_source(now, job),
            Wake::Look => self.look(now),
            Wake::Mark(mark) => self.backlog.marks[mark] = self.n_open,
        }
    }

    /// Ages of all recovery points at an instant.
    fn look(&mut self, now: Instant) {
        for series in &mut self.rpo {
            let recoveries = &self.recoveries[series.scope];
            let age = |r: &Recovery| r.age(now).map_or(f64::INFINITY, Span::secs);
            let mut ages: Vec<f64> = recoveries.iter().map(age).collect();
            let middle = ages.len().div_ceil(2) - 1;
            let (_, median, _) = ages.select_nth_unstable_by(middle, f64::total_cmp);
            series.median.push(*median);
            series.worst.push(ages.iter().copied().fold(0.0, f64::max));
        }
        let from = self.model.start + self.model.warm_up;
        let next = now + RPO_STEP;
        if next < self.model.end() && next < from + RPO_LONGEST {
            self.calendar.schedule(Key::new(next, Rank::Horizon, 1), Wake::Look);
        }
    }

    /// A job waits for acceptance, or does so no longer.
    fn count_waiting(&mut self, now: Instant, at: JobRef, waits: bool) {
        let job = self.jobs.get_mut(at).expect("a live job");
        job.in_line = waits;
        let rule = &self.model.fleets[job.fleet].copies[job.rule];
        let gauge = &mut self.waiting[rule.to.0];
        gauge.set(now, gauge.value() + if waits { 1.0 } else { -1.0 });
        let place = place_of(self.model, job.account, rule.to);
        let client = &mut self.clients[rule.client];
        if waits {
            client.n_waiting[place] += 1;
        } else {
            client.n_waiting[place] -= 1;
        }
        let slot = &mut self.fleets[job.fleet].waiting[job.item][job.rule];
        if waits {
            // A copy that is made again does not push aside what waits for a newer snapshot.
            *slot = slot.filter(|_| 0 < job.again).or(Some(at));
        } else if *slot == Some(at) {
            *slot = None;
        }
    }
}

/// The names of the applications that the items of each fleet belong to.
fn application_names(fleets: &[FleetState]) -> Vec<Vec<Option<&str>>> {
    let of_fleet = fleets.iter().map(|fleet| fleet.items.iter());
    of_fleet.map(|items| items.map(|item| item.application.as_deref()).collect()).collect()
}

/// An account at a place, as one number: what is counted per account and destination.
fn place_of(model: &Model, account: usize, site: SiteIdx) -> usize {
    account * model.sites.len() + site.0
}

/// The ages that recovery points of a fleet's volumes at a place may reach, by the targets on them.
fn rpo_limits(model: &Model, fleet: usize, to: SiteIdx) -> Vec<Span> {
    let covering = model.targets.iter().filter(|target| target.covers(fleet, to));
    let limits = covering.filter_map(|target| match target.kind {
        TargetKind::Rpo { limit, per: Per::Volume } => Some(limit),
        _ => None,
    });
    limits.collect()
}

/// Four marks at one phase of the load's cycle, the last at the end of the window: whole days
/// apart where the window has four, whole hours where it has four of those; each is taken before
/// anything else happens at its instant.
fn backlog_marks(model: &Model) -> [Instant; 4] {
    let window = model.horizon.minus_or_zero(model.warm_up);
    let quarter = Span::from_nanos(window.nanos() / 4);
    let cycle = [Span::from_days(7), Span::from_days(1), Span::from_hours(1), Span::from_nanos(1)]
        .into_iter()
        .find(|cycle| *cycle <= quarter)
        .unwrap_or(Span::from_nanos(1));
    let step = cycle.times(quarter.whole(cycle));
    [3u64, 2, 1, 0].map(|back| model.end().back(step.times(back)))
}

/// A back-off drawn for an attempt.
fn draw_backoff(chance: Chance, most: Span, name: NameHash, attempt: u32) -> Span {
    let hash = name.number(u64::from(attempt));
    let law = Distribution::Uniform { low: 0.0, high: most.secs() };
    Span::from_secs_f64(law.sample(&mut chance.stream(Purpose::BackOff, hash)))
}

/// Whole bytes per second that a copy of `bytes` in `duration` reserves at best in an account.
fn need(limits: &Limits, bytes: Bytes, duration: Span) -> u64 {
    Rate::whole_of(bytes, duration).min(limits.copy_rate)
}
