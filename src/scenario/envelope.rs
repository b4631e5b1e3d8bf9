//! The arithmetic of the back of an envelope: what a scenario asks for, and what is there.
//!
//! All of it is averages and sums of the scenario's own numbers; nothing is simulated. `check`
//! prints it, and tests hold the engine to it.

use std::collections::BTreeMap;

use crate::model::{Initial, Model, Place, Retention, SiteIdx, TargetKind};
use crate::units::{Bytes, Rate, Span, count, index_u64, round_u64};

mod lines;
mod load;
mod short;
mod spread;

pub use load::Load;
pub use short::{Narrow, Shortfall, shortfalls};

/// Slots asked and there of one account at one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Slots {
    /// The account, by index.
    pub account: usize,
    /// The destination, or the Region whose slots it shares.
    pub to: SiteIdx,
    /// Whether these are the slots of images.
    pub images: bool,
    /// Copies an hour, on average.
    pub per_hour: f64,
    /// Mean time that a copy holds its slot.
    pub hold: Span,
    /// Slots that are held on average: copies an hour × time of each.
    pub asked: f64,
    /// Slots that there are.
    pub there: u32,
    /// Whether standard copies are among them, whose time is at the median of an assumed rate.
    pub assumed: bool,
}

/// Copies that are due together and more than there are slots.
#[derive(Debug, Clone, PartialEq)]
pub struct Rush {
    /// The copies, by fleet and rule: those that are due at the same instants and take the same
    /// slots.
    pub loads: Vec<Load>,
    /// Slots that there are.
    pub slots: u32,
    /// Rounds in which they run, when nothing else does.
    pub rounds: u64,
    /// How long the last round waits.
    pub wait: Span,
}

/// Quota asked and there of one account on one pair of Regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    /// The account, by index.
    pub account: usize,
    /// Source Region.
    pub from: SiteIdx,
    /// Destination Region.
    pub to: SiteIdx,
    /// Rate that is reserved on average.
    pub mean: Rate,
    /// Rate that is reserved when as many copies run as are due together and have slots.
    pub together: Rate,
    /// Rate that there is.
    pub there: Rate,
}

/// The least RPO that one copy rule can promise, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastRpo {
    /// The target, by index.
    pub target: usize,
    /// The copies.
    pub load: Load,
    /// Time between two due instants.
    pub interval: Span,
    /// Start window.
    pub window: Span,
    /// Jitter.
    pub jitter: Span,
    /// Start-up and transfer of the hops before, in a chain.
    pub hops: Span,
    /// The sum of all parts, with a mean snapshot and the longest start-up.
    pub least: Span,
    /// How long the last round of copies that are due together waits for slots on top of that.
    pub wait: Span,
    /// What is promised.
    pub limit: Span,
}

/// What the first full copies of all items take at one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// The destination.
    pub to: SiteIdx,
    /// Bytes of the full copies.
    pub bytes: Bytes,
    /// Time for them with all slots in use, and not faster than the quota allows.
    pub time: Span,
    /// Whether the run begins with it, because the destination is empty.
    pub in_run: bool,
}

/// Snapshots that one account keeps at one Region, its Local Zones among it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The account, by index.
    pub account: usize,
    /// The Region.
    pub region: SiteIdx,
    /// Copies that are kept at the end of the run, or once retention is in balance.
    pub snapshots: u64,
    /// How many an account may keep there.
    pub there: u64,
}

/// What a scenario asks for, and what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Slots by destination.
    pub slots: Vec<Slots>,
    /// Copies that are due together and have to wait for slots.
    pub rushes: Vec<Rush>,
    /// Quota by pair.
    pub quotas: Vec<Quota>,
    /// Least RPO by target and copy rule.
    pub rpo: Vec<LeastRpo>,
    /// First full copies by destination.
    pub seeds: Vec<Seed>,
    /// Snapshots kept by Region and account.
    pub kept: Vec<Kept>,
    /// The same in words, with formulas.
    pub lines: Vec<String>,
}

/// The envelope of a model.
pub fn envelope(model: &Model) -> Envelope {
    let loads = load::loads(model);
    let rushes = rushes(model, &loads);
    let mut envelope = Envelope {
        slots: slots(model, &loads),
        quotas: quotas(model, &loads),
        rpo: rpo(model, &loads, &rushes),
        seeds: seeds(model, &loads),
        kept: kept(model, &loads),
        rushes,
        lines: Vec::new(),
    };
    envelope.lines = lines::lines(model, &envelope);
    envelope
}

/// Where the slots of a destination are counted.
fn slot_site(model: &Model, load: &Load) -> SiteIdx {
    let to = load.to(model);
    if load.images || model.assume.edge_shares_parent_slots { model.region_of(to) } else { to }
}

/// Slots of a kind that an account has at a place.
fn slots_there(model: &Model, account: usize, (site, images): (SiteIdx, bool)) -> u32 {
    let limits = model.limits_of(account);
    if images { limits.image_slots } else { limits.slots_at(site) }
}

fn slots(model: &Model, loads: &[Load]) -> Vec<Slots> {
    let mut by_place: BTreeMap<(SiteIdx, bool, usize), Slots> = BTreeMap::new();
    for load in loads.iter().filter(|load| 0.0 < load.per_hour) {
        let (to, images) = (slot_site(model, load), load.images);
        for account in load.rule(model).accounts.iter().copied() {
            let slots = by_place.entry((to, images, account)).or_insert_with(|| Slots {
                account,
                to,
                images,
                per_hour: 0.0,
                hold: Span::ZERO,
                asked: 0.0,
                there: slots_there(model, account, (to, images)),
                assumed: false,
            });
            let per_hour = load.per_hour / load.n_accounts(model);
            slots.per_hour += per_hour;
            slots.asked += per_hour * load.hold().secs() / HOUR_S;
            slots.hold = Span::from_secs_f64(slots.asked / slots.per_hour * HOUR_S);
            slots.assumed |= load.duration.is_none();
        }
    }
    by_place.into_values().collect()
}

const HOUR_S: f64 = 3600.0;

impl Rush {
    /// How many copies are due together, per account.
    pub fn n_due(&self, model: &Model) -> usize {
        let due = |load: &Load| load.n_items.div_ceil(load.rule(model).accounts.len());
        self.loads.iter().map(due).sum()
    }

    /// The mean time that each of them holds its slot.
    pub fn hold(&self) -> Span {
        let n: f64 = self.loads.iter().map(|load| count(load.n_items)).sum();
        let all: f64 = self.loads.iter().map(|l| count(l.n_items) * l.hold().secs()).sum();
        Span::from_secs_f64(all / n)
    }

    /// The longest time over which they are spread.
    pub fn within(&self) -> Span {
        self.loads.iter().map(|load| load.within).max().unwrap_or(Span::ZERO)
    }
}

/// Whether two loads are due at the same instants and take the same slots.
fn are_together(model: &Model, one: &Load, other: &Load) -> bool {
    let schedule = |load: &Load| &model.fleets[load.fleet].schedule;
    let (here, there) = (schedule(one), schedule(other));
    let parents = (one.rule(model).parent, other.rule(model).parent);
    (&here.recurrence, &here.time_zone) == (&there.recurrence, &there.time_zone)
        && parents == (None, None)
        && (slot_site(model, one), one.images) == (slot_site(model, other), other.images)
        && one.rule(model).accounts == other.rule(model).accounts
}

fn rushes(model: &Model, loads: &[Load]) -> Vec<Rush> {
    let mut groups: Vec<Vec<Load>> = Vec::new();
    for load in loads {
        let together = |group: &&mut Vec<Load>| are_together(model, &group[0], load);
        match groups.iter_mut().find(together) {
            Some(group) => group.push(load.clone()),
            None => groups.push(vec![load.clone()]),
        }
    }
    let mut rushes = Vec::new();
    for loads in groups {
        let load = &loads[0];
        let account = load.rule(model).accounts[0];
        let slots = slots_there(model, account, (slot_site(model, load), load.images));
        let mut rush = Rush { loads, slots, rounds: 0, wait: Span::ZERO };
        rush.rounds = index_u64(rush.n_due(model)).div_ceil(u64::from(slots));
        let (hold, within) = (rush.hold(), rush.within());
        if 1 < rush.rounds && within < hold {
            rush.wait = hold.times(rush.rounds - 1).minus_or_zero(within);
            rushes.push(rush);
        }
    }
    rushes
}

/// The quota that an account has of a pair of Regions.
fn quota_there(model: &Model, account: usize, pair: (SiteIdx, SiteIdx)) -> Rate {
    Rate::from_bytes_per_s(model.limits_of(account).quota_between(pair.0, pair.1))
}

/// The pair of Regions that a load's quota is of.
fn pair_of(model: &Model, load: &Load) -> (SiteIdx, SiteIdx) {
    let from = model.region_of(load.rule(model).from);
    (from, model.region_of(load.to(model)))
}

fn quotas(model: &Model, loads: &[Load]) -> Vec<Quota> {
    let mut by_pair: BTreeMap<((SiteIdx, SiteIdx), usize), (f64, f64)> = BTreeMap::new();
    for load in loads.iter().filter(|load| load.duration.is_some()) {
        let share = load.n_accounts(model);
        for account in load.rule(model).accounts.iter().copied() {
            let slots = slots_there(model, account, (slot_site(model, load), load.images));
            let at_once = (count(load.n_items) / share).min(f64::from(slots));
            let (mean, together) = by_pair.entry((pair_of(model, load), account)).or_default();
            let held = load.per_hour / share * load.hold().secs() / HOUR_S;
            *mean += held.min(f64::from(slots)) * load.required.get();
            *together += at_once * load.required.get();
        }
    }
    by_pair
        .into_iter()
        .map(|((pair, account), (mean, together))| Quota {
            account,
            from: pair.0,
            to: pair.1,
            mean: Rate::new(mean),
            together: Rate::new(together),
            there: quota_there(model, account, pair),
        })
        .collect()
}

fn rpo(model: &Model, loads: &[Load], rushes: &[Rush]) -> Vec<LeastRpo> {
    let mut found = Vec::new();
    for (target, promise) in model.targets.iter().enumerate() {
        let TargetKind::Rpo { limit, .. } = promise.kind else { continue };
        for load in loads.iter().filter(|load| promise.covers(load.fleet, load.to(model))) {
            let schedule = &model.fleets[load.fleet].schedule;
            let (interval, window, jitter) =
                (schedule.interval(), schedule.window, schedule.jitter);
            if load.images || interval == Span::ZERO {
                continue;
            }
            let mut hops = Span::ZERO;
            let mut before = load.rule(model).parent;
            while let Some(rule) = before {
                let same = |hop: &&Load| (hop.fleet, hop.rule) == (load.fleet, rule);
                let hop = loads.iter().find(same);
                hops += hop.map_or(Span::ZERO, |hop| hop.start_up_max + hop.transfer);
                before = model.fleets[load.fleet].copies[rule].parent;
            }
            let last = load.start_up_max + load.transfer;
            let least = interval + window + jitter + load.snapshot + hops + last;
            let same = |other: &Load| (other.fleet, other.rule) == (load.fleet, load.rule);
            let own = |rush: &&Rush| rush.loads.iter().any(same);
            let wait = rushes.iter().find(own).map_or(Span::ZERO, |rush| rush.wait);
            let load = load.clone();
            found.push(LeastRpo {
                target,
                load,
                interval,
                window,
                jitter,
                hops,
                least,
                wait,
                limit,
            });
        }
    }
    found
}

/// What bounds the time of first full copies from below, in seconds.
#[derive(Default)]
struct Floor {
    /// All slots in use.
    slots: f64,
    /// The quota in use.
    quota: f64,
    /// The narrowest link of each route in use.
    links: f64,
    /// The longest single copy.
    longest: f64,
}

fn seeds(model: &Model, loads: &[Load]) -> Vec<Seed> {
    let mut by_place: BTreeMap<(SiteIdx, bool), (Seed, Floor)> = BTreeMap::new();
    for load in loads {
        let to = load.to(model);
        let in_run = load.rule(model).initial == Initial::Empty;
        let seed = Seed { to, bytes: Bytes::ZERO, time: Span::ZERO, in_run };
        let (seed, floor) = by_place.entry((to, in_run)).or_insert((seed, Floor::default()));
        let items = count(load.n_items);
        let bytes = load.full.scale(items);
        seed.bytes += bytes;
        let (account, share) = (load.rule(model).accounts[0], load.n_accounts(model));
        let slots = slots_there(model, account, (slot_site(model, load), load.images));
        floor.slots += items * load.full_alone.secs() / (f64::from(slots) * share);
        floor.longest = floor.longest.max(load.full_alone.secs());
        floor.links += bytes.as_f64() / load::narrowest(model, load.rule(model)).get();
        if load.duration.is_some() {
            let quota = quota_there(model, account, pair_of(model, load)).get();
            floor.quota += bytes.as_f64() / (quota * share);
        }
        let least = floor.slots.max(floor.quota).max(floor.links).max(floor.longest);
        seed.time = Span::from_secs_f64(least);
    }
    by_place.into_values().map(|(seed, ..)| seed).collect()
}

fn kept(model: &Model, loads: &[Load]) -> Vec<Kept> {
    let mut by_place: BTreeMap<(SiteIdx, usize), u64> = BTreeMap::new();
    for load in loads {
        let to = load.to(model);
        if matches!(model.sites[to.0].place, Place::Outpost { .. }) {
            continue; // kept on the Outpost's own storage
        }
        let interval = model.fleets[load.fleet].schedule.interval();
        let times = |age: Span| if interval == Span::ZERO { 1 } else { age.whole(interval).max(1) };
        let each = match load.rule(model).retain {
            Retention::Forever => times(model.horizon),
            Retention::Age(age) => times(age),
            Retention::Count(newest) => u64::from(newest),
        };
        let accounts = &load.rule(model).accounts;
        for (place, account) in accounts.iter().enumerate() {
            // items take the accounts in turn
            let n_items = load.n_items.saturating_sub(place).div_ceil(accounts.len());
            let snapshots = round_u64(count(n_items) * load.snapshots_each) * each;
            *by_place.entry((model.region_of(to), *account)).or_default() += snapshots;
        }
    }
    let kept = by_place.into_iter().map(|((region, account), snapshots)| Kept {
        account,
        region,
        snapshots,
        there: model.limits_of(account).snapshots,
    });
    kept.collect()
}

#[cfg(test)]
mod tests;
