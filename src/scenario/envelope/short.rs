//! What arithmetic alone rules out: bytes that have to pass within a time, and do not fit.
//!
//! All of it rests on mean sizes, and forgets whatever makes copies slower than the one limit that
//! is looked at. So it says no only where the simulation must say no, too; where it is silent, the
//! simulation may say no for all that.

use std::fmt;

use super::{Load, are_together, pair_of, quota_there, slot_site, slots_there};
use crate::model::{Counting, LinkOrigin, Model, Pace, Recurrence, Target, TargetKind};
use crate::units::{Bytes, Rate, Span, count, floor_count};

/// Through what the bytes do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// The slots of a destination.
    Slots,
    /// The throughput quota of a pair of Regions.
    Quota,
    /// A link.
    Link,
}

impl Narrow {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Narrow::Slots => "slots",
            Narrow::Quota => "quota",
            Narrow::Link => "link",
        }
    }
}

/// Bytes that a promise needs to pass within a time, and that do not.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortfall {
    /// The promise, by index.
    pub target: usize,
    /// Through what.
    pub narrow: Narrow,
    /// Where: a destination, a pair of Regions, or a link.
    pub place: String,
    /// The time that there is.
    pub interval: Span,
    /// What has to pass in it: all copies that are due together.
    pub bytes: Bytes,
    /// What passes at most.
    pub fits: Bytes,
}

/// `slots of us-west-2: of 400 GiB due within 30 min, 100 GiB fit, and 300 GiB do not`.
impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortfall { narrow, place, interval, bytes, fits, .. } = self;
        let left = bytes.minus_or_zero(*fits);
        let name = narrow.name();
        let of = if *narrow == Narrow::Link { "" } else { "of " };
        write!(f, "{name} {of}{place}: of {bytes} due within {interval}, ")?;
        write!(f, "{fits} fit, and {left} do not")
    }
}

/// What each promise needs beyond what slots, quotas, and links let through, in order of targets.
pub fn shortfalls(model: &Model) -> Vec<Shortfall> {
    let loads = super::load::loads(model);
    let mut found = Vec::new();
    for (target, promise) in model.targets.iter().enumerate() {
        let covered = loads.iter().filter(|load| {
            promise.covers(load.fleet, load.to(model)) && load.rule(model).parent.is_none()
        });
        let mut groups: Vec<Vec<&Load>> = Vec::new();
        for load in covered.filter(|load| 0 < load.n_items) {
            match groups.iter_mut().find(|group| are_together(model, group[0], load)) {
                Some(group) => group.push(load),
                None => groups.push(vec![load]),
            }
        }
        for group in &groups {
            let Some(interval) = time_there(model, promise, group) else { continue };
            let bench = Bench { model, target, promise, group, interval };
            found.extend([bench.slots(), bench.quota()].into_iter().flatten());
            found.extend((0..model.links.len()).filter_map(|link| bench.link(link)));
        }
    }
    found
}

/// The most time that there is from the first copy of a group until the last must be there; none
/// where the promise does not say.
fn time_there(model: &Model, promise: &Target, group: &[&Load]) -> Option<Span> {
    let fleet = &model.fleets[group[0].fleet];
    let there = match &promise.kind {
        TargetKind::Copy { limit } => *limit + fleet.schedule.phase_spread,
        TargetKind::Batch { limit } => *limit,
        TargetKind::BatchBy { by, time_zone } => {
            let Recurrence::Weekly { at, .. } = &fleet.schedule.recurrence else { return None };
            let day = Span::from_days(1);
            let until = |from: Span| (by.0 + day - from).nanos() % day.nanos();
            let longest = at.iter().map(|at| until(at.0)).max()?;
            let longest = if longest == 0 { day } else { Span::from_nanos(longest) };
            (*time_zone == fleet.schedule.time_zone).then_some(longest)?
        }
        // A volume whose copy is dropped is as old as it is; its bytes need not pass.
        TargetKind::Rpo { .. } | TargetKind::Link { .. } => return None,
    };
    let made = if fleet.makes_snapshot { model.assume.snapshot_fixed } else { Span::ZERO };
    Some(there.minus_or_zero(made))
}

/// Copies that are due together under one promise.
struct Bench<'a> {
    model: &'a Model,
    target: usize,
    promise: &'a Target,
    group: &'a [&'a Load],
    interval: Span,
}

impl Bench<'_> {
    /// A shortfall, where less than the promised part of the bytes fits; a batch is all or nothing.
    fn found(&self, narrow: Narrow, place: String, bytes: Bytes, fits: Bytes) -> Option<Shortfall> {
        let part = match self.promise.kind {
            TargetKind::Copy { .. } => self.promise.share,
            _ => 1.0,
        };
        // a byte in a million is rounding
        let needed = bytes.as_f64() * part * (1.0 - 1e-6);
        let Bench { target, interval, .. } = *self;
        let short = Shortfall { target, narrow, place, interval, bytes, fits };
        (fits.as_f64() < needed).then_some(short)
    }

    /// Bytes of the copies of a load that one account makes.
    fn bytes(&self, load: &Load) -> Bytes {
        load.bytes.scale(count(load.n_items) / load.n_accounts(self.model))
    }

    fn slots(&self) -> Option<Shortfall> {
        let (model, first) = (self.model, self.group[0]);
        if self.group.iter().any(|load| !takes_slot(model, load)) {
            return None;
        }
        let site = slot_site(model, first);
        let slots = slots_there(model, first.rule(model).accounts[0], (site, first.images));
        let n: f64 = self.group.iter().map(|load| self.n(load)).sum();
        let held: f64 = self.group.iter().map(|load| self.n(load) * least_hold(model, load)).sum();
        let bytes: Bytes = self.group.iter().map(|load| self.bytes(load)).sum();
        if held <= 0.0 {
            return None;
        }
        let rounds = self.interval.secs() / (held / n);
        // what is paced ends by the clock: a round that is cut off brings nothing
        let alike = self
            .group
            .iter()
            .all(|load| load.duration.is_some() && load.duration == first.duration);
        let whole = alike && model.assume.pace == Pace::Exact;
        let rounds = if whole { count(floor_count(rounds + 1e-9)) } else { rounds };
        let share = (rounds * f64::from(slots) / n).min(1.0);
        self.found(Narrow::Slots, model.site_name(site).to_owned(), bytes, bytes.scale(share))
    }

    /// Copies of a load that one account makes.
    fn n(&self, load: &Load) -> f64 {
        count(load.n_items) / load.n_accounts(self.model)
    }

    fn quota(&self) -> Option<Shortfall> {
        let (model, first) = (self.model, self.group[0]);
        let pair = pair_of(model, first);
        let timed = self.group.iter().filter(|load| load.duration.is_some());
        let bytes: Bytes =
            timed.filter(|load| pair_of(model, load) == pair).map(|load| self.bytes(load)).sum();
        let quota = quota_there(model, first.rule(model).accounts[0], pair);
        let place = format!("{} → {}", model.site_name(pair.0), model.site_name(pair.1));
        self.found(Narrow::Quota, place, bytes, passes(quota, self.interval))
    }

    fn link(&self, link: usize) -> Option<Shortfall> {
        let (model, of) = (self.model, &self.model.links[link]);
        if of.origin == LinkOrigin::Region {
            return None;
        }
        let crosses = |load: &&&Load| model.routes[load.rule(model).route].links.contains(&link);
        let all = |load: &&Load| load.bytes.scale(count(load.n_items));
        let bytes: Bytes = self.group.iter().filter(crosses).map(all).sum();
        let highest = of.profile.iter().map(|step| step.factor).fold(1.0, f64::max);
        let fits = passes(of.capacity.scale(highest), self.interval);
        self.found(Narrow::Link, of.name.clone(), bytes, fits)
    }
}

/// Whether copies of a load take slots of their destination.
fn takes_slot(model: &Model, load: &Load) -> bool {
    load.images || load.duration.is_none() || model.assume.time_based_slots == Counting::Counted
}

/// The least time that a copy of mean size holds its slot, in seconds, start-up left aside.
fn least_hold(model: &Model, load: &Load) -> f64 {
    match (load.duration, model.assume.pace) {
        (Some(duration), Pace::Exact) => duration.secs(),
        (Some(_) | None, _) => load.transfer.secs(),
    }
}

fn passes(rate: Rate, within: Span) -> Bytes {
    let bytes = rate.get() * within.secs();
    if bytes.is_finite() { Bytes::from_f64(bytes) } else { Bytes::new(u64::MAX) }
}

#[cfg(test)]
mod tests;
