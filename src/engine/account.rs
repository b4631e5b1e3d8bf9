//! What one account has at each place: slots, quota, tokens, lineages.

use super::gauge::Gauge;
use super::ledger::{Bucket, Quota, Slots};
use super::lineage::Lineage;
use crate::model::{Model, QuotaScope, Route, SiteIdx};
use crate::stats::Bins;
use crate::units::Rate;

/// The slots of one destination, with their use over time.
#[derive(Debug, Clone)]
pub struct SlotLedger {
    /// Snapshot copies.
    pub snapshots: Slots,
    /// Snapshot copies in progress over time.
    pub gauge: Gauge,
}

/// The quota of one scope, with its use over time and who might take what is freed.
#[derive(Debug, Clone)]
pub struct QuotaLedger {
    /// The quota.
    pub quota: Quota,
    /// Reserved rate over time.
    pub gauge: Gauge,
    /// Source Region; none where the quota is counted per destination.
    pub from: Option<SiteIdx>,
    /// Destination Region.
    pub to: SiteIdx,
}

/// What one account has at each place.
#[derive(Debug, Clone)]
pub struct Account {
    /// Slots by destination.
    pub slots: Vec<SlotLedger>,
    /// Slots of each site, by index into `slots`.
    pub slots_of: Vec<usize>,
    /// Slots of image copies by destination Region (F96).
    pub image_slots: Vec<Slots>,
    /// Quotas by scope.
    pub quotas: Vec<QuotaLedger>,
    /// Quota of each route, by index into `quotas`.
    pub quota_of: Vec<usize>,
    /// Whether another source Region has a route to the same destination Region, by route.
    pub meets_others: Vec<bool>,
    /// Tokens of CopySnapshot and CopyImage by destination Region.
    pub buckets: Vec<(Bucket, Bucket)>,
    /// Lineages by the number that the caller gives each (volume, destination).
    pub lineages: Vec<Lineage>,
}

impl Account {
    /// An account that has done nothing yet.
    pub fn new(model: &Model, bins: Option<&Bins>) -> Account {
        let gauge = || {
            let window = (model.start + model.warm_up, model.end());
            Gauge::new(window.0, window.1, bins.cloned())
        };
        let limits = &model.limits;
        let sites = (0..model.sites.len()).map(SiteIdx);
        let slots = sites.clone().map(|site| {
            let own = limits.snapshot_slots_at.iter().find(|(at, _)| *at == site);
            let mut snapshots = Slots::new(own.map_or(limits.snapshot_slots, |(_, slots)| *slots));
            snapshots.open(model.start);
            SlotLedger { snapshots, gauge: gauge() }
        });
        let shares = model.assume.edge_shares_parent_slots;
        let holder = |site: SiteIdx| if shares { model.region_of(site).0 } else { site.0 };
        let (image, snapshot) = (limits.copy_image_bucket, limits.copy_snapshot_bucket);
        let bucket = (Bucket::new(snapshot.0, snapshot.1), Bucket::new(image.0, image.1));
        let mut image_slots = Slots::new(limits.image_slots);
        image_slots.open(model.start);
        let (quotas, quota_of) = quotas(model, gauge);
        Account {
            slots: slots.collect(),
            slots_of: sites.map(holder).collect(),
            image_slots: vec![image_slots; model.sites.len()],
            quotas,
            quota_of,
            meets_others: model.routes.iter().map(|route| meets_others(model, route)).collect(),
            buckets: vec![bucket; model.sites.len()],
            lineages: Vec::new(),
        }
    }

    /// The slots that a copy to `site` takes one of.
    pub fn slots_at(&mut self, site: SiteIdx) -> &mut SlotLedger {
        &mut self.slots[self.slots_of[site.0]]
    }

    /// The quota that a copy over `route` draws on.
    pub fn quota_on(&mut self, route: usize) -> &mut QuotaLedger {
        &mut self.quotas[self.quota_of[route]]
    }

    /// The lineage of a number; a new one is empty.
    pub fn lineage(&mut self, number: usize) -> &mut Lineage {
        if self.lineages.len() <= number {
            self.lineages.resize_with(number + 1, Lineage::default);
        }
        &mut self.lineages[number]
    }
}

/// A quota for each scope that the model's routes have, and which one each route draws on.
///
/// Of pairs with quotas of their own that share one scope, the largest counts.
fn quotas(model: &Model, gauge: impl Fn() -> Gauge) -> (Vec<QuotaLedger>, Vec<usize>) {
    let min_grant = model.assume.min_grant.ceil();
    let mut quotas: Vec<QuotaLedger> = Vec::new();
    let mut quota_of = Vec::new();
    for route in &model.routes {
        let (source, to) = (model.region_of(route.from), model.region_of(route.to));
        let from = match model.assume.quota_scope {
            QuotaScope::Pair => Some(source),
            QuotaScope::Destination => None,
        };
        let known = quotas.iter().position(|ledger| (ledger.from, ledger.to) == (from, to));
        quota_of.push(known.unwrap_or_else(|| {
            let in_scope =
                |pair: &(SiteIdx, SiteIdx)| pair.1 == to && from.is_none_or(|from| pair.0 == from);
            let own = model.limits.quota_of.iter().filter(|(pair, _)| in_scope(pair));
            let limit = own.map(|(_, quota)| *quota).max().unwrap_or(model.limits.quota);
            let quota = Quota::new(limit, min_grant);
            quotas.push(QuotaLedger { quota, gauge: gauge(), from, to });
            quotas.len() - 1
        }));
    }
    (quotas, quota_of)
}

/// Whether another source Region has a route to the same destination Region.
fn meets_others(model: &Model, route: &Route) -> bool {
    let ends = |route: &Route| (model.region_of(route.from), model.region_of(route.to));
    let (from, to) = ends(route);
    model.routes.iter().map(ends).any(|(other, there)| there == to && other != from)
}

/// The rate that a whole number of bytes per second stands for.
pub fn rate_of(bytes_per_s: u64) -> f64 {
    Rate::from_bytes_per_s(bytes_per_s).get()
}
