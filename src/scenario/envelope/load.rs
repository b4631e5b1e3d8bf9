//! What one copy rule asks for, on average.

use crate::model::change::{CHANGE_EXPONENT, change_rate};
use crate::model::{
    Change, CopyRule, Fleet, Image, Items, ListedRequest, ListedVolume, Model, Pace, Retention,
    SiteIdx,
};
use crate::rng::Distribution;
use crate::units::{Bytes, Rate, Span, count, count_u64, index_usize};

/// Points at which a distribution without a closed mean is averaged over its quantiles.
const POINTS: u64 = 2000;

/// What the copies of one fleet to one destination ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The fleet, by index.
    pub fleet: usize,
    /// Its copy rule, by index.
    pub rule: usize,
    /// Whether these are images.
    pub images: bool,
    /// Copies of one due instant.
    pub n_items: usize,
    /// Snapshots of one copy: 1, or the backing snapshots of an image on average.
    pub snapshots_each: f64,
    /// Copies an hour, on average; 0 for what happens once.
    pub per_hour: f64,
    /// Time over which the copies of one due instant are spread: phase, window, and jitter.
    pub within: Span,
    /// Completion duration.
    pub duration: Option<Span>,
    /// Mean bytes of a copy.
    pub bytes: Bytes,
    /// Mean bytes of a full copy.
    pub full: Bytes,
    /// Mean rate that a time-based copy reserves: bytes / duration, at most what one may carry.
    pub required: Rate,
    /// Mean time that a snapshot takes before it can be copied.
    pub snapshot: Span,
    /// Mean start-up.
    pub start_up: Span,
    /// Longest start-up; the mean where there is no bound.
    pub start_up_max: Span,
    /// Time of the transfer: the duration of a time-based copy, the mean bytes at the median rate
    /// of a standard one.
    pub transfer: Span,
    /// Time that a full copy holds its slot where no link is full.
    pub full_alone: Span,
}

impl Load {
    /// Time that a copy holds its slot.
    pub fn hold(&self) -> Span {
        self.start_up + self.transfer
    }

    /// Its copy rule.
    pub fn rule<'m>(&self, model: &'m Model) -> &'m CopyRule {
        &model.fleets[self.fleet].copies[self.rule]
    }

    /// How many accounts its copies go to.
    pub(super) fn n_accounts(&self, model: &Model) -> f64 {
        count(self.rule(model).accounts.len())
    }

    /// Its destination.
    pub fn to(&self, model: &Model) -> SiteIdx {
        self.rule(model).to
    }
}

/// The loads of all fleets and rules, in order.
pub(super) fn loads(model: &Model) -> Vec<Load> {
    let mut loads = Vec::new();
    for (fleet, of) in model.fleets.iter().enumerate() {
        let size = ItemSize::of(of);
        for rule in 0..of.copies.len() {
            loads.push(load(model, (fleet, rule), &size));
        }
    }
    loads
}

/// Mean sizes of the items of a fleet.
struct ItemSize {
    /// Bytes of a full copy.
    full: f64,
    /// Bytes of the largest snapshot of an item: those of an image move side by side.
    largest: f64,
    /// Snapshots of an item.
    snapshots: f64,
}

impl ItemSize {
    fn of(fleet: &Fleet) -> ItemSize {
        match &fleet.items {
            Items::Drawn { size, fill, .. } => {
                let full = mean(size) * mean(fill);
                ItemSize { full, largest: full, snapshots: 1.0 }
            }
            Items::Listed(volumes) => {
                let sum: Bytes = volumes.iter().map(|volume| volume.written).sum();
                let full = sum.as_f64() / count(volumes.len().max(1));
                ItemSize { full, largest: full, snapshots: 1.0 }
            }
            Items::Images(images) => {
                let sizes =
                    |image: &Image| image.snapshots.iter().map(|part| part.written).collect();
                ItemSize::of_all(&images.iter().map(sizes).collect::<Vec<_>>())
            }
            Items::Requests { requests, .. } => {
                let sizes =
                    |one: &ListedRequest| one.snapshots.iter().map(|part| part.written).collect();
                ItemSize::of_all(&requests.iter().map(sizes).collect::<Vec<_>>())
            }
        }
    }

    /// The means over items of these snapshots.
    fn of_all(items: &[Vec<Bytes>]) -> ItemSize {
        let n_items = count(items.len().max(1));
        let sum: Bytes = items.iter().flatten().copied().sum();
        let largest: Bytes = items.iter().filter_map(|sizes| sizes.iter().max().copied()).sum();
        ItemSize {
            full: sum.as_f64() / n_items,
            largest: largest.as_f64() / n_items,
            snapshots: count(items.iter().map(Vec::len).sum()) / n_items,
        }
    }
}

fn load(model: &Model, (fleet, rule): (usize, usize), size: &ItemSize) -> Load {
    let (of, assume) = (&model.fleets[fleet], &model.assume);
    let copy = &of.copies[rule];
    let share = changed(of);
    let always_full = copy_is_always_full(model, copy.to) || outlives_no_interval(of, copy);
    let bytes = if always_full { size.full } else { size.full * share };
    let scale = if 0.0 < size.full { size.largest / size.full } else { 1.0 };
    let start_up = Span::from_secs_f64(mean(&assume.overhead));
    let longest = assume.overhead.support().1;
    let median = standard_median(model);
    let link = link_share(model, of, copy);
    let most = Rate::from_bytes_per_s(model.limits_of(copy.accounts[0]).copy_rate);
    let time = |bytes: f64| {
        let alone = transfer(bytes, (copy.completion_duration, most, median), assume.pace);
        alone.max(link.time_for(Bytes::from_f64(bytes)).unwrap_or(Span::ZERO))
    };
    let taken = Bytes::from_f64(size.full * share);
    let taking = assume.snapshot_rate.time_for(taken).unwrap_or(Span::ZERO);
    Load {
        fleet,
        rule,
        images: of.items.are_images(),
        n_items: of.items.count(),
        snapshots_each: size.snapshots,
        per_hour: count(of.items.count()) * of.schedule.times_an_hour(),
        within: of.schedule.phase_spread + of.schedule.window + of.schedule.jitter,
        duration: copy.completion_duration,
        bytes: Bytes::from_f64(bytes),
        full: Bytes::from_f64(size.full),
        required: copy.completion_duration.map_or(Rate::ZERO, |duration| {
            Rate::of(Bytes::from_f64(bytes), duration).min(most.scale(size.snapshots))
        }),
        snapshot: if of.makes_snapshot { assume.snapshot_fixed + taking } else { Span::ZERO },
        start_up,
        start_up_max: if longest.is_finite() { Span::from_secs_f64(longest) } else { start_up },
        transfer: time(bytes * scale),
        full_alone: start_up
            + transfer(size.largest, (copy.completion_duration, most, median), assume.pace),
    }
}

/// Copies to Local Zones and Outposts that are assumed to be full always (P-EDGE-INCR).
fn copy_is_always_full(model: &Model, to: SiteIdx) -> bool {
    model.assume.edge_always_full && model.region_of(to) != to
}

/// Whether the base of a copy is gone before the next one is due: then every copy is full.
fn outlives_no_interval(fleet: &Fleet, copy: &CopyRule) -> bool {
    matches!(copy.retain, Retention::Age(age) if age < fleet.schedule.interval())
}

/// The median rate of a standard copy.
fn standard_median(model: &Model) -> Rate {
    let rate = &model.assume.standard_rate;
    Rate::new(rate.median().unwrap_or_else(|| mean(rate)))
}

/// The narrowest link of a copy's route.
pub(super) fn narrowest(model: &Model, copy: &CopyRule) -> Rate {
    let links = &model.routes[copy.route].links;
    links.iter().map(|link| model.links[*link].capacity).fold(Rate::INFINITE, Rate::min)
}

/// What a copy has of the narrowest link of its route, where as many as have slots share it: all of
/// them where they are due together, one alone where they are spread.
fn link_share(model: &Model, fleet: &Fleet, copy: &CopyRule) -> Rate {
    let spread = fleet.schedule.phase_spread + fleet.schedule.window;
    let narrowest = narrowest(model, copy);
    if spread != Span::ZERO || narrowest == Rate::INFINITE {
        return narrowest;
    }
    let slots = model.limits_of(copy.accounts[0]).slots_at(copy.to).max(1);
    let slots = index_usize(slots);
    let together = fleet.items.count().clamp(1, slots);
    Rate::new(narrowest.get() / count(together))
}

fn transfer(
    bytes: f64,
    (duration, most, standard): (Option<Span>, Rate, Rate),
    pace: Pace,
) -> Span {
    let amount = Bytes::from_f64(bytes);
    let at = |rate: Rate| rate.time_for(amount).unwrap_or(Span::ZERO);
    match (duration, pace) {
        (None, _) => at(standard),
        (Some(duration), Pace::Exact) => duration.max(at(most)),
        (Some(_), Pace::Early) => at(most),
    }
}

/// Mean share of the written bytes that a copy moves, a typical interval after its base, on days
/// with factor 1: E[1 − exp(−k u^0.7)] over the volumes, by their bytes where those are listed.
fn changed(fleet: &Fleet) -> f64 {
    match &fleet.change {
        Change::Everything => 1.0,
        Change::PerSnapshot(share) => *share,
        Change::Daily(daily) => {
            let days = fleet.schedule.interval().days();
            if days == 0.0 {
                return 1.0;
            }
            let gap = libm::pow(days, CHANGE_EXPONENT);
            let moved_at = |rate: f64| -libm::expm1(-rate * gap);
            let moved = |share: f64| moved_at(change_rate(share.clamp(0.0, 1.0)));
            let drawn = match &daily.rate {
                Distribution::Constant(share) => moved(*share),
                rate => averaged(rate, moved).unwrap_or_else(|| moved(mean(rate))),
            };
            let Items::Listed(volumes) = &fleet.items else { return drawn };
            let all: Bytes = volumes.iter().map(|volume| volume.written).sum();
            let of = |volume: &ListedVolume| {
                let share = volume.daily_change.map_or(drawn, |rate| moved_at(rate.0));
                volume.written.as_f64() * share
            };
            if all == Bytes::ZERO {
                drawn
            } else {
                volumes.iter().map(of).sum::<f64>() / all.as_f64()
            }
        }
    }
}

/// The mean of a function of a distribution, over its quantiles; `None` where they are not closed.
fn averaged(of: &Distribution, function: impl Fn(f64) -> f64) -> Option<f64> {
    let mut sum = 0.0;
    for point in 0..POINTS {
        let p = (count_u64(point) + 0.5) / count_u64(POINTS);
        sum += function(of.quantile(p)?);
    }
    Some(sum / count_u64(POINTS))
}

/// The mean of a distribution: closed, or over its quantiles, or of what is clamped, within its
/// bounds.
pub(super) fn mean(of: &Distribution) -> f64 {
    let closed = || of.mean().or_else(|| averaged(of, |value| value));
    match of {
        Distribution::Mixture(parts) => parts.parts().map(|(share, part)| share * mean(part)).sum(),
        Distribution::Clamped { inner, min, max } => {
            closed().unwrap_or_else(|| mean(inner).clamp(*min, *max))
        }
        _ => closed().unwrap_or(0.0),
    }
}
