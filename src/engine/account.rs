//! What each account has at each place: slots, quota, tokens; and the lineages of all.

use super::gauge::Gauge;
use super::ledger::{Bucket, Quota, Shelf, Slots};
use super::lineage::{Lineage, Shelves};
use crate::model::{Model, Place, QuotaScope, Retention, Route, SiteIdx};
use crate::stats::Bins;
use crate::units::{Instant, Rate, count_u64};

/// The slots of one account at one destination, with their use over time.
#[derive(Debug, Clone)]
pub struct SlotLedger {
    /// Snapshot copies.
    pub snapshots: Slots,
    /// Snapshot copies in progress over time.
    pub gauge: Gauge,
}

/// The quota of one account in one scope, with its use over time.
#[derive(Debug, Clone)]
pub struct QuotaLedger {
    /// The account.
    pub account: usize,
    /// The quota.
    pub quota: Quota,
    /// Reserved rate over time.
    pub gauge: Gauge,
    /// Source Region; none where the quota is counted per destination.
    pub from: Option<SiteIdx>,
    /// Destination Region.
    pub to: SiteIdx,
}

/// The snapshots that one account keeps in one Region, over time.
#[derive(Debug, Clone)]
pub struct SnapshotLedger {
    /// The snapshots.
    shelf: Shelf,
    /// Their number over time.
    pub gauge: Gauge,
}

impl SnapshotLedger {
    /// Those whose retention has ended are gone, each at its instant.
    fn let_go(&mut self, now: Instant) {
        while let Some(gone) = self.shelf.next_gone(now) {
            self.gauge.set(gone, count_u64(self.shelf.n()));
        }
    }

    /// Whether there is room for `n` more.
    pub fn has_room(&mut self, now: Instant, n: u64) -> bool {
        self.let_go(now);
        self.shelf.has_room(n)
    }

    /// One more is there.
    pub fn put(&mut self, now: Instant) {
        self.let_go(now);
        self.shelf.put();
        self.gauge.set(now, count_u64(self.shelf.n()));
    }

    /// `n` are gone.
    pub fn take(&mut self, now: Instant, n: u64) {
        self.let_go(now);
        (0..n).for_each(|_| self.shelf.take());
        self.gauge.set(now, count_u64(self.shelf.n()));
    }

    /// One was completed at `now`: by age, its time is known.
    pub fn complete(&mut self, now: Instant, retain: Retention) {
        if let Retention::Age(age) = retain {
            self.shelf.leave_at(now + age);
        }
    }

    /// The run is over.
    pub fn close(mut self, now: Instant) -> Gauge {
        self.let_go(now);
        self.gauge
    }
}

/// What each account has at each place.
#[derive(Debug, Clone)]
pub struct Accounts {
    n_sites: usize,
    n_routes: usize,
    /// Slots by account and destination.
    pub slots: Vec<SlotLedger>,
    /// The site whose slots each site takes, by site.
    slots_of: Vec<usize>,
    /// Slots of image copies by account and destination Region (F96).
    image_slots: Vec<Slots>,
    /// Quotas by account and scope.
    pub quotas: Vec<QuotaLedger>,
    /// Quota of each account and route, by index into `quotas`.
    quota_of: Vec<usize>,
    /// Whether another source Region has a route to the same destination Region, by route.
    pub meets_others: Vec<bool>,
    /// Tokens of CopySnapshot and CopyImage by account and destination Region.
    buckets: Vec<(Bucket, Bucket)>,
    /// Snapshots kept, by account and site; those at Local Zones are with their Region (F57), those
    /// on Outposts are on the Outpost's own storage, and not limited.
    pub snapshots: Vec<SnapshotLedger>,
    /// Lineages by the number that the caller gives each (volume, destination).
    lineages: Vec<Lineage>,
    /// What is stored, by the caller's shelves.
    pub shelves: Shelves,
}

impl Accounts {
    /// Accounts that have done nothing yet.
    pub fn new(model: &Model, bins: Option<&Bins>) -> Accounts {
        let gauge = || {
            let window = (model.start + model.warm_up, model.end());
            Gauge::new(window.0, window.1, bins.cloned())
        };
        let shares = model.assume.edge_shares_parent_slots;
        let holder = |site: usize| if shares { model.region_of(SiteIdx(site)).0 } else { site };
        let n_sites = model.sites.len();
        let mut accounts = Accounts {
            n_sites,
            n_routes: model.routes.len(),
            slots: Vec::new(),
            slots_of: (0..n_sites).map(holder).collect(),
            image_slots: Vec::new(),
            quotas: Vec::new(),
            quota_of: Vec::new(),
            meets_others: model.routes.iter().map(|route| meets_others(model, route)).collect(),
            buckets: Vec::new(),
            snapshots: Vec::new(),
            lineages: Vec::new(),
            shelves: Shelves::new(model.start + model.warm_up, model.end()),
        };
        for (number, account) in model.accounts.iter().enumerate() {
            let limits = &account.limits;
            let (image, snapshot) = (limits.copy_image_bucket, limits.copy_snapshot_bucket);
            let bucket = (Bucket::new(snapshot.0, snapshot.1), Bucket::new(image.0, image.1));
            let mut images = Slots::new(limits.image_slots);
            images.open(model.start);
            for site in 0..n_sites {
                let mut snapshots = Slots::new(limits.slots_at(SiteIdx(site)));
                snapshots.open(model.start);
                accounts.slots.push(SlotLedger { snapshots, gauge: gauge() });
                let outpost = matches!(model.sites[site].place, Place::Outpost { .. });
                let limit = if outpost { u64::MAX } else { limits.snapshots };
                let shelf = Shelf::new(limit);
                accounts.snapshots.push(SnapshotLedger { shelf, gauge: gauge() });
                accounts.image_slots.push(images.clone());
                accounts.buckets.push(bucket.clone());
            }
            accounts.add_quotas(model, number, gauge);
        }
        accounts
    }

    /// A quota for each scope that the model's routes have, and which one each route draws on.
    ///
    /// Of pairs with quotas of their own that share one scope, the largest counts.
    fn add_quotas(&mut self, model: &Model, account: usize, gauge: impl Fn() -> Gauge) {
        let limits = model.limits_of(account);
        let first = self.quotas.len();
        for route in &model.routes {
            let (source, to) = (model.region_of(route.from), model.region_of(route.to));
            let from = match model.assume.quota_scope {
                QuotaScope::Pair => Some(source),
                QuotaScope::Destination => None,
            };
            let mut own = self.quotas[first..].iter();
            let known = own.position(|ledger| (ledger.from, ledger.to) == (from, to));
            let known = known.map_or_else(
                || {
                    let in_scope = |pair: &(SiteIdx, SiteIdx)| {
                        pair.1 == to && from.is_none_or(|from| pair.0 == from)
                    };
                    let own = limits.quota_of.iter().filter(|(pair, _)| in_scope(pair));
                    let limit = own.map(|(_, quota)| *quota).max().unwrap_or(limits.quota);
                    let quota = Quota::new(limit, model.assume.min_grant.ceil());
                    self.quotas.push(QuotaLedger { account, quota, gauge: gauge(), from, to });
                    self.quotas.len() - 1
                },
                |place| first + place,
            );
            self.quota_of.push(known);
        }
    }

    /// The slots of an account that a copy to `site` takes one of.
    pub fn slots_at(&self, account: usize, site: SiteIdx) -> &SlotLedger {
        &self.slots[account * self.n_sites + self.slots_of[site.0]]
    }

    /// The slots of an account that a copy to `site` takes one of, to take them.
    pub fn slots_at_mut(&mut self, account: usize, site: SiteIdx) -> &mut SlotLedger {
        &mut self.slots[account * self.n_sites + self.slots_of[site.0]]
    }

    /// The image slots of an account in a Region.
    pub fn image_slots(&self, account: usize, region: SiteIdx) -> &Slots {
        &self.image_slots[account * self.n_sites + region.0]
    }

    /// The image slots of an account in a Region, to take them.
    pub fn image_slots_mut(&mut self, account: usize, region: SiteIdx) -> &mut Slots {
        &mut self.image_slots[account * self.n_sites + region.0]
    }

    /// Tokens of CopySnapshot and CopyImage of an account in a Region.
    pub fn buckets(&mut self, account: usize, region: SiteIdx) -> &mut (Bucket, Bucket) {
        &mut self.buckets[account * self.n_sites + region.0]
    }

    /// The quota that a copy of an account over `route` draws on, by index into `quotas`.
    pub fn quota_of(&self, account: usize, route: usize) -> usize {
        self.quota_of[account * self.n_routes + route]
    }

    /// The quota that a copy of an account over `route` draws on.
    pub fn quota_on(&mut self, account: usize, route: usize) -> &mut QuotaLedger {
        let place = self.quota_of(account, route);
        &mut self.quotas[place]
    }

    /// The snapshots that an account keeps at a site, as they are counted.
    pub fn snapshots_at(
        &mut self,
        model: &Model,
        account: usize,
        site: SiteIdx,
    ) -> &mut SnapshotLedger {
        let place = match model.sites[site.0].place {
            Place::Region | Place::Outpost { .. } => site,
            Place::LocalZone { parent } => parent,
        };
        &mut self.snapshots[account * self.n_sites + place.0]
    }

    /// The lineage of a number, a new one being empty, and what is stored.
    pub fn lineage(&mut self, number: usize) -> (&mut Lineage, &mut Shelves) {
        if self.lineages.len() <= number {
            self.lineages.resize_with(number + 1, Lineage::default);
        }
        (&mut self.lineages[number], &mut self.shelves)
    }

    /// The run is over: what still stands was stored until the end of the window.
    pub fn close_lineages(&mut self) {
        for lineage in &mut self.lineages {
            lineage.close(&mut self.shelves);
        }
    }
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
