//! The simulated provider: accounts, network, and calendar behind three verbs.
//!
//! [`Engine::submit`] answers a request, [`Engine::next_key`] says when something happens next of
//! its own accord, [`Engine::advance_to`] lets time pass until then. It is online: it never looks
//! ahead, and knows nothing of who asks, or why. [`Engine::cancel`] takes a copy back,
//! [`Engine::snapshot`] and [`Engine::image`] say how one stands.

pub mod calendar;
pub mod ledger;
pub mod lineage;
pub mod weather;
pub mod soonest;
pub mod maxmin;
pub mod network;
pub mod gauge;
pub mod account;
pub mod copy;
pub mod view;
mod admission;
mod cancel;
mod describe;
mod pacing;
mod transfer;
mod turns;
mod watch;

use account::{Accounts, QuotaLedger};
use admission::Want;
pub use admission::{Acceptance, Answer, CopyRequest, Keeping, Refusal, Source, Why, part_name};
use calendar::{Calendar, Key, Rank};
use copy::{Copies, CopyRef, End, Notice};
use gauge::Gauge;
use network::{FlowIdx, LinkIdx, Network, RouteIdx};
use turns::Turns;
use watch::Watch;
use weather::Weather;

use crate::model::{LinkLoss, Model, SiteIdx, Switch, TargetKind};
use crate::record::Fault;
use crate::rng::{Chance, NameHash};
use crate::stats::Bins;
use crate::units::{ByteTime, Instant, Span, index_u32};

/// What happens of its own accord.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// The capacity of a link may change.
    CapacityChange(usize),
    /// A copy without bytes is done.
    NothingToMove(CopyRef),
    /// A copy that was granted nothing fails (P-AMI-SPLIT).
    Fails(CopyRef),
    /// A deadline passes.
    Deadline(CopyRef),
    /// A copy's turn begins.
    TurnBegins(CopyRef),
    /// A copy's start-up ends.
    StartUpEnds(CopyRef),
    /// Quota was freed that somebody may take.
    Regrant(usize),
    /// The pacing tick.
    ControlTick,
}

/// An image copy under way.
#[derive(Debug, Clone)]
struct ImageCopy {
    tag: u64,
    account: usize,
    region: SiteIdx,
    accepted: Instant,
    name: NameHash,
    pending: u32,
    /// How it ends as far as its snapshots have: as the first that was not completed.
    end: End,
    fault: Option<Fault>,
    met: Option<bool>,
}

/// A link of the network with what changes its capacity and how it was used.
#[derive(Debug, Clone)]
struct LinkState {
    idx: LinkIdx,
    weather: Weather,
    gauge: Gauge,
}

/// The simulated provider.
#[derive(Debug, Clone)]
pub struct Engine<'m, N> {
    model: &'m Model,
    chance: Chance,
    now: Instant,
    calendar: Calendar<Event>,
    network: N,
    unsettled: bool,
    /// Links whose capacity changed since the network was last settled.
    changed_links: Vec<usize>,
    accounts: Accounts,
    copies: Copies,
    images: Vec<Option<ImageCopy>>,
    free_images: Vec<usize>,
    links: Vec<LinkState>,
    turns: Turns,
    pacing: pacing::Pacing,
    touched: u64,
    n_events: u64,
    /// What can be described, where the caller wants it remembered.
    register: Option<describe::Register>,
    /// The copies that are watched, where there are any.
    watch: Option<Box<Watch>>,
    ended: Vec<FlowIdx>,
    changed: Vec<FlowIdx>,
    wants: Vec<Want>,
}

impl<'m, N: Network + Default> Engine<'m, N> {
    /// A provider at the start of a run. `bins` is the form of the time series that it keeps, if
    /// any.
    pub fn new(model: &'m Model, chance: Chance, bins: Option<&Bins>) -> Engine<'m, N> {
        let mut network = N::default();
        let accounts = Accounts::new(model, bins);
        let mut links = Vec::new();
        let mut calendar = Calendar::default();
        for (number, link) in model.links.iter().enumerate() {
            let weather = Weather::new(link, model.start, chance);
            let idx = network.add_link(weather.capacity());
            if weather.next_change() < Instant::FAR {
                let key = Key::new(weather.next_change(), Rank::CapacityChange, count_key(number));
                calendar.schedule(key, Event::CapacityChange(number));
            }
            let window = (model.start + model.warm_up, model.end());
            let mut gauge = Gauge::new(window.0, window.1, bins.cloned());
            for target in &model.targets {
                if let TargetKind::Link { link: watched, below, hours } = &target.kind
                    && *watched == number
                {
                    gauge.watch(link.capacity.get() * below, hours.clone());
                }
            }
            links.push(LinkState { idx, weather, gauge });
        }
        for route in &model.routes {
            let path: Vec<LinkIdx> = route.links.iter().map(|link| links[*link].idx).collect();
            network.add_route(&path);
        }
        let n_quotas = accounts.quotas.len();
        Engine {
            model,
            chance,
            now: model.start,
            calendar,
            network,
            unsettled: false,
            changed_links: Vec::new(),
            accounts,
            copies: Copies::default(),
            images: Vec::new(),
            free_images: Vec::new(),
            links,
            turns: Turns::default(),
            pacing: pacing::Pacing::new(n_quotas),
            touched: 0,
            n_events: 0,
            register: None,
            watch: None,
            ended: Vec::new(),
            changed: Vec::new(),
            wants: Vec::new(),
        }
    }
}

/// The tie of a link's events: links of one instant change in the order of the model.
fn count_key(number: usize) -> u64 {
    u64::from(index_u32(number))
}

impl<N: Network> Engine<'_, N> {
    /// When something happens next of its own accord.
    pub fn next_key(&mut self) -> Option<Key> {
        self.settle();
        let flows = self.network.next_end().map(|at| Key::start_of(at, Rank::FlowEnd));
        match (self.calendar.next_key(), flows) {
            (Some(event), Some(flow)) => Some(event.min(flow)),
            (event, flow) => event.or(flow),
        }
    }

    /// Lets everything happen that has its place before `limit`, and tells of it in `out`.
    pub fn advance_to(&mut self, limit: Key, out: &mut Vec<Notice>) {
        while let Some(key) = self.next_key() {
            if limit <= key {
                break;
            }
            self.step(key, out);
        }
    }

    /// Lets things happen before `limit` until there is something to tell; says whether anything
    /// happened.
    pub fn advance_until_notice(&mut self, limit: Key, out: &mut Vec<Notice>) -> bool {
        let mut has_acted = false;
        while let Some(key) = self.next_key().filter(|key| *key < limit) {
            self.step(key, out);
            has_acted = true;
            if !out.is_empty() {
                break;
            }
        }
        has_acted
    }

    /// What is next happens.
    fn step(&mut self, key: Key, out: &mut Vec<Notice>) {
        assert!(self.now <= key.at(), "time goes back to {}", key.at().nanos());
        self.now = key.at();
        self.n_events += 1;
        if self.calendar.next_key() != Some(key) {
            self.end_flows(out);
            return;
        }
        let Some((_, event)) = self.calendar.pop() else { return };
        match event {
            Event::CapacityChange(link) => self.change_capacity(link, out),
            Event::Fails(copy) => self.finish(copy, End::Error, out),
            Event::NothingToMove(copy) => self.finish(copy, End::Completed, out),
            Event::Deadline(copy) => self.pass_deadline(copy, out),
            Event::TurnBegins(copy) => self.begin_turn(copy),
            Event::StartUpEnds(copy) => self.begin_transfer(copy),
            Event::Regrant(quota) => self.regrant(quota),
            Event::ControlTick => self.tick(),
        }
    }

    /// The flows whose last byte lands now.
    fn end_flows(&mut self, out: &mut Vec<Notice>) {
        let mut ended = std::mem::take(&mut self.ended);
        self.network.take_ended(self.now, &mut ended);
        assert!(!ended.is_empty(), "the network said that a flow ends at {}", self.now.nanos());
        self.unsettled = true;
        for flow in ended.drain(..) {
            let (at, copy) = self.copies.at(flow.0);
            if copy.fails {
                copy.flow_is_gone();
                self.finish(at, End::Error, out);
            } else {
                self.finish(at, End::Completed, out);
            }
        }
        self.ended = ended;
    }

    /// Gives every flow its rate after what happened at this instant, and every copy its cause.
    fn settle(&mut self) {
        if self.unsettled {
            self.settle_flows();
        }
        if self.watch.is_some() {
            self.look_at_watched();
        }
    }

    fn settle_flows(&mut self) {
        self.unsettled = false;
        self.network.settle(self.now);
        let mut changed = std::mem::take(&mut self.changed);
        self.network.drain_changed(&mut changed);
        for flow in changed.drain(..) {
            self.note_limit(flow);
        }
        self.changed = changed;
        for link in std::mem::take(&mut self.changed_links) {
            // Who was held by this link and still is has the same limit, but another cause.
            for copy in self.copies_on(link) {
                self.note_limit(FlowIdx(copy.idx));
            }
        }
        for link in &mut self.links {
            let carried = self.network.link_use(link.idx).get();
            link.gauge.set(self.now, carried);
        }
    }

    fn change_capacity(&mut self, number: usize, out: &mut Vec<Notice>) {
        let link = &mut self.links[number];
        let before = link.weather.capacity();
        link.weather.advance(self.now);
        let (after, next) = (link.weather.capacity(), link.weather.next_change());
        if next < Instant::FAR {
            let key = Key::new(next, Rank::CapacityChange, count_key(number));
            self.calendar.schedule(key, Event::CapacityChange(number));
        }
        if before.get().to_bits() == after.get().to_bits() {
            return;
        }
        if after.get() <= 0.0 {
            self.lose_link(number, out);
        }
        self.network.set_capacity(self.now, self.links[number].idx, after);
        self.unsettled = true;
        self.changed_links.push(number);
        self.pace_link(number);
    }

    /// A link has no capacity any more (P-LINK-LOSS).
    fn lose_link(&mut self, number: usize, out: &mut Vec<Notice>) {
        for copy in self.copies_on(number) {
            self.touch(Switch::LinkLoss);
            match self.model.assume.link_loss {
                LinkLoss::Resume => {}
                LinkLoss::Restart => self.restart(copy),
                LinkLoss::Error => self.fail(copy, Fault::LinkLost, out),
            }
        }
    }

    /// The copies whose bytes move over a link, by slot.
    fn copies_on(&self, number: usize) -> Vec<CopyRef> {
        let crosses = |copy: &CopyRef| {
            self.copies.get(*copy).is_some_and(|copy| {
                copy.stage == copy::Stage::Moving
                    && copy.moves().get() != 0
                    && self.model.routes[copy.route].links.contains(&number)
            })
        };
        self.copies.live().into_iter().filter(crosses).collect()
    }

    /// An assumption bore on what happened.
    fn touch(&mut self, switch: Switch) {
        self.touched |= switch.bit();
    }

    /// The assumptions that bore on what happened so far, as bits of [`Switch::bit`].
    pub fn touched(&self) -> u64 {
        self.touched
    }

    /// The moment of what happened last.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Events so far.
    pub fn n_events(&self) -> u64 {
        self.n_events
    }

    /// Copies under way.
    pub fn n_copies(&self) -> usize {
        self.copies.len()
    }

    /// What the accounts have.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Time by cause, from its acceptance until `now`, of the copy under way that the caller calls
    /// `tag`.
    pub fn causes_of(&self, tag: u64, now: Instant) -> Option<copy::Causes> {
        self.copies.find(|copy| copy.tag == tag).map(|copy| copy.causes_until(now))
    }

    /// For how long an account had no snapshot slot free at a site, until `now`.
    pub fn slots_full_time(&self, account: usize, site: SiteIdx, now: Instant) -> Span {
        self.accounts.slots_at(account, site).snapshots.full_time(now)
    }

    /// For how long an account had no image slot free at a site, until `now`.
    pub fn image_slots_full_time(&self, account: usize, site: SiteIdx, now: Instant) -> Span {
        self.accounts.image_slots(account, self.model.region_of(site)).full_time(now)
    }

    /// For how long the quota of an account on a route was used up, until `now`.
    pub fn quota_short_time(&self, account: usize, route: usize, now: Instant) -> Span {
        self.accounts.quotas[self.accounts.quota_of(account, route)].quota.short_time(now)
    }

    /// Ends the run: tells of every copy that is still under way, and hands over the gauges.
    pub fn close(mut self, now: Instant, out: &mut Vec<Notice>) -> Gauges {
        self.settle();
        self.now = self.now.max(now);
        for copy in self.copies.live() {
            let (moved, trail) = (self.moved(copy), self.end_trail(copy));
            let copy = self.copies.remove(copy);
            let end = self.end_of(&copy, End::Unfinished, moved);
            out.push(Notice::CopyEnded(copy::CopyEnd { trail, ..end }));
        }
        for image in self.images.iter().flatten() {
            out.push(Notice::ImageEnded(copy::ImageEnd {
                tag: image.tag,
                end: End::Unfinished,
                at: self.now,
                accepted: image.accepted,
                met: None,
                fault: None,
                n_going_on: 0,
            }));
        }
        self.accounts.close_lineages();
        let end = self.model.end();
        let snapshots = self.accounts.snapshots.into_iter();
        Gauges {
            snapshots: snapshots.map(|ledger| ledger.close(end)).collect(),
            stored: self.accounts.shelves.into_kept(),
            slots: self.accounts.slots.into_iter().map(|ledger| ledger.gauge).collect(),
            quotas: self.accounts.quotas,
            links: self.links.into_iter().map(|link| link.gauge).collect(),
        }
    }
}

/// What was in use over time.
#[derive(Debug)]
pub struct Gauges {
    /// Snapshot copies in progress, by account and site.
    pub slots: Vec<Gauge>,
    /// Snapshots kept, by account and Region, or Outpost.
    pub snapshots: Vec<Gauge>,
    /// What was stored within the window, by the caller's shelves; those past the last one that was
    /// used are absent.
    pub stored: Vec<ByteTime>,
    /// Reserved quota, with its account, source, and destination Region.
    pub quotas: Vec<QuotaLedger>,
    /// Bytes per second carried, by link of the model.
    pub links: Vec<Gauge>,
}

/// The route of the model as the network knows it.
fn network_route(route: usize) -> RouteIdx {
    RouteIdx(index_u32(route))
}
