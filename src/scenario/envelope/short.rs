//! What arithmetic alone rules out: bytes that have to pass within a time, and do not fit.
//!
//! It takes a median day, forgets whatever makes copies slower than the one limit that is looked at,
//! and lets those be late that need most, as many as the promise allows. So where it says no, the
//! simulation says no, too, unless what a run draws is far from what is drawn on average; where it is
//! silent, the simulation may say no for all that.

use std::fmt;

use super::spread::{self, Part};
use super::{Load, are_together, pair_of, quota_there, slot_site, slots_there};
use crate::model::{
    Counting, FirstCopy, Initial, LinkOrigin, Model, OnQuotaShort, Pace, Recurrence, Target,
    TargetKind,
};
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
        let covered = loads.iter().filter(|load| promise.covers(load.fleet, load.to(model)));
        let covered: Vec<&Load> = covered.filter(|load| 0 < load.n_items).collect();
        let of_source = covered.iter().filter(|load| load.rule(model).parent.is_none());
        let mut groups: Vec<Vec<&Load>> = Vec::new();
        for load in of_source.copied() {
            match groups.iter_mut().find(|group| are_together(model, group[0], load)) {
                Some(group) => group.push(load),
                None => groups.push(vec![load]),
            }
        }
        for group in &groups {
            let Some(interval) = time_there(model, promise, group) else { continue };
            let may_miss = may_miss(model, promise, (&covered, group[0]));
            let bench = Bench { model, target, group, interval, may_miss };
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

/// How often copies of a load are due, at least once.
fn times(model: &Model, load: &Load) -> f64 {
    (load.per_hour / count(load.n_items) * model.horizon.secs() / 3600.0).max(1.0)
}

/// How many copies that are due together with those of a load may miss, when nothing else does: in a
/// batch none, else what the promise leaves of all copies that it covers.
fn may_miss(model: &Model, promise: &Target, (covered, of): (&[&Load], &Load)) -> f64 {
    if !matches!(promise.kind, TargetKind::Copy { .. }) {
        return 0.0;
    }
    let all: f64 = covered.iter().map(|load| count(load.n_items) * times(model, load)).sum();
    (1.0 - promise.share) * all / times(model, of)
}

/// Copies that are due together under one promise.
struct Bench<'a> {
    model: &'a Model,
    target: usize,
    group: &'a [&'a Load],
    interval: Span,
    /// Copies of one due instant that may be late.
    may_miss: f64,
}

impl Bench<'_> {
    /// A shortfall, where less fits than the least `needed` share of the bytes.
    fn found(
        &self,
        (narrow, place): (Narrow, String),
        (bytes, fits): (Bytes, Bytes),
        needed: f64,
    ) -> Option<Shortfall> {
        // a thousandth is rounding, of sums and of quantiles
        let needed = bytes.as_f64() * needed * (1.0 - 1e-3);
        let Bench { target, interval, .. } = *self;
        let short = Shortfall { target, narrow, place, interval, bytes, fits };
        (fits.as_f64() < needed).then_some(short)
    }

    /// The share of all that those of `n` copies have at the least that may not miss.
    fn needed(&self, parts: Vec<Part>, n: f64) -> f64 {
        if self.may_miss <= 0.0 { 1.0 } else { spread::of_smallest(parts, n - self.may_miss) }
    }

    /// Copies of a load that one account makes.
    fn n(&self, load: &Load) -> f64 {
        count(load.n_items) / load.n_accounts(self.model)
    }

    /// Mean bytes of a copy of a load: of its only copies, where nothing is there before.
    fn each(&self, load: &Load) -> Bytes {
        let is_first = load.rule(self.model).initial == Initial::Empty;
        let is_only = times(self.model, load) < 2.0;
        if is_first && is_only { load.full } else { load.bytes }
    }

    /// Bytes of the copies of a load that one account makes.
    fn bytes(&self, load: &Load) -> Bytes {
        self.each(load).scale(self.n(load))
    }

    fn slots(&self) -> Option<Shortfall> {
        let (model, first) = (self.model, self.group[0]);
        let each = || self.group.iter().copied();
        if each().any(|load| !takes_slot(model, load) || may_be_standard(model, load)) {
            return None;
        }
        let site = slot_site(model, first);
        let slots = slots_there(model, first.rule(model).accounts[0], (site, first.images));
        let n: f64 = each().map(|load| self.n(load)).sum();
        let held: f64 = each().map(|load| self.n(load) * least_hold(model, load)).sum();
        let bytes: Bytes = each().map(|load| self.bytes(load)).sum();
        if held <= 0.0 {
            return None;
        }
        let rounds = self.interval.secs() / (held / n);
        // what is paced ends by the clock: a round that is cut off brings nothing
        let is_paced = |load: &Load| load.duration.is_some() && model.assume.pace == Pace::Exact;
        let alike = each().all(|load| is_paced(load) && load.duration == first.duration);
        let rounds = if alike { count(floor_count(rounds + 1e-9)) } else { rounds };
        let holds = each().map(|load| {
            let (n, hold) = (self.n(load), least_hold(model, load));
            let paced = is_paced(load).then(|| vec![Part { n, each: hold }]);
            paced.or_else(|| spread::parts(model, (load, load.bytes == load.full), (n, hold)))
        });
        let needed = self.needed(holds.collect::<Option<Vec<_>>>()?.concat(), n);
        let share = (rounds * f64::from(slots) / n).min(1.0);
        let place = model.site_name(site).to_owned();
        self.found((Narrow::Slots, place), (bytes, bytes.scale(share)), needed)
    }

    fn quota(&self) -> Option<Shortfall> {
        let (model, first) = (self.model, self.group[0]);
        let pair = pair_of(model, first);
        let timed = self.group.iter().copied().filter(|load| load.duration.is_some());
        let timed = timed.filter(|load| pair_of(model, load) == pair);
        let timed: Vec<&Load> = timed.filter(|load| !may_be_standard(model, load)).collect();
        let bytes: Bytes = timed.iter().map(|load| self.bytes(load)).sum();
        let needed = self.of_bytes(&timed, &|load| self.n(load))?;
        let quota = quota_there(model, first.rule(model).accounts[0], pair);
        let place = format!("{} → {}", model.site_name(pair.0), model.site_name(pair.1));
        self.found((Narrow::Quota, place), (bytes, passes(quota, self.interval)), needed)
    }

    fn link(&self, link: usize) -> Option<Shortfall> {
        let (model, of) = (self.model, &self.model.links[link]);
        if of.origin == LinkOrigin::Region {
            return None;
        }
        let crosses = |load: &&Load| model.routes[load.rule(model).route].links.contains(&link);
        let over: Vec<&Load> = self.group.iter().copied().filter(crosses).collect();
        let n = |load: &Load| count(load.n_items);
        let bytes: Bytes = over.iter().map(|load| self.each(load).scale(n(load))).sum();
        let needed = self.of_bytes(&over, &n)?;
        let highest = of.profile.iter().map(|step| step.factor).fold(1.0, f64::max);
        let fits = passes(of.capacity.scale(highest), self.interval);
        self.found((Narrow::Link, of.name.clone()), (bytes, fits), needed)
    }

    /// The least share of the bytes of some loads that has to pass; none where their spread is not
    /// known and would be needed.
    fn of_bytes(&self, loads: &[&Load], n: &dyn Fn(&Load) -> f64) -> Option<f64> {
        if self.may_miss <= 0.0 {
            return Some(1.0);
        }
        let parts = |load: &&Load| {
            let each = self.each(load);
            spread::parts(self.model, (load, each == load.full), (n(load), each.as_f64()))
        };
        let parts: Option<Vec<_>> = loads.iter().map(parts).collect();
        Some(self.needed(parts?.concat(), loads.iter().map(|load| n(load)).sum()))
    }
}

/// Whether some time-based copies of a load may be made as others than their rule says: then neither
/// their duration nor their quota binds.
fn may_be_standard(model: &Model, load: &Load) -> bool {
    let rule = load.rule(model);
    let first = rule.initial == Initial::Empty && rule.first_copy != FirstCopy::Same;
    let short = model.clients[rule.client].on_quota_short;
    load.duration.is_some()
        && (first || matches!(short, OnQuotaShort::Standard | OnQuotaShort::Longer))
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
