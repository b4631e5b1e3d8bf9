//! The run is over: what is still open is counted, and everything is summed up.

use std::collections::BTreeMap;

use super::Run;
use super::job::Waits;
use super::result::{Keep, Measured, RunResult, Series, SeriesKind, TargetShare};
use super::tally::{Peaks, Recovery, Scope};
use crate::engine::account::QuotaLedger;
use crate::engine::gauge::Gauge;
use crate::engine::network::Network;
use crate::engine::{Engine, Gauges};
use crate::model::{CopyRule, Initial, Link, LinkOrigin, Model, SiteIdx, TargetKind};
use crate::record::measure::{self as m, Measure};
use crate::record::{Outcome, RpoRecord};
use crate::units::{Instant, Span, Usd, count_u64, index_u32};

impl<N: Network + Default> Run<'_, '_, N> {
    /// The run is over: what is still open is counted, and everything is summed up.
    pub(super) fn finish(mut self, stopped: Instant, keep: Keep) -> RunResult {
        for at in self.jobs.live() {
            // Who waits for the hop before goes with it.
            let open = self
                .jobs
                .get(at)
                .is_some_and(|job| !matches!(job.waits, Waits::Accepted | Waits::Parent));
            if open {
                self.drop_job(stopped, at, Outcome::Unfinished);
            }
        }
        let mut notices = Vec::new();
        let touched = self.touched | self.engine.touched();
        let n_events = self.n_events + self.engine.n_events();
        let (n_accounts, n_sites) = (self.model.accounts.len(), self.model.sites.len());
        let places = (0..n_accounts).flat_map(|a| (0..n_sites).map(move |s| (a, SiteIdx(s))));
        let slots_full: Vec<Span> = places
            .map(|(account, site)| self.engine.slots_full_time(account, site, stopped))
            .collect();
        // The engine is given up here; a fresh one takes its place in the shell of the run.
        let shell = Engine::new(self.model, self.chance, None);
        let engine = std::mem::replace(&mut self.engine, shell);
        let gauges = engine.close(stopped, &mut notices);
        self.notices = notices;
        self.take_notices();
        self.bill_storage(&gauges.stored);
        let mut result = RunResult { touched, n_events, ..RunResult::default() };
        self.sum_up(&mut result);
        self.sum_up_recovery(&mut result);
        self.sum_up_first_copies(&mut result);
        self.sum_up_applications(&mut result);
        self.sum_up_standing(&mut result, stopped);
        self.sum_up_bills(&mut result);
        self.sum_up_gauges(&mut result, gauges, (stopped, &slots_full), keep);
        self.sum_up_promises(&mut result);
        result.rpo = std::mem::take(&mut self.rpo);
        for series in &mut result.rpo {
            series.scope += 1;
        }
        result.backlog = self.backlog.marks;
        result.backlog_means = self.backlog.means(stopped);
        result.n_copies = self.n_counted;
        result.worst = self.worst.list(|of| self.wish_of(of));
        result
    }

    /// Scopes, measures, and histograms.
    fn sum_up(&mut self, result: &mut RunResult) {
        self.tally.close();
        let mut all = Scope::default();
        result.scopes.push("all".to_owned());
        for (number, fleet) in self.model.fleets.iter().enumerate() {
            for rule in 0..fleet.copies.len() {
                result.scopes.push(self.model.scope_name(number, rule));
                all.merge(&self.tally.scopes[self.tally.scope_of(number, rule)]);
            }
        }
        all.measures(0, &mut result.measures);
        result.completions.push((0, all.completions));
        for (scope, counted) in self.tally.scopes.iter().enumerate() {
            counted.measures(scope + 1, &mut result.measures);
            result.completions.push((scope + 1, counted.completions.clone()));
        }
        for fleet in 0..self.model.fleets.len() {
            let (n, sum, longest) = self.tally.makespan(fleet);
            let Some(longest) = longest else { continue };
            result.scopes.push(self.model.fleets[fleet].name.clone());
            let scope = result.scopes.len() - 1;
            let mean = sum.secs() / count_u64(n);
            for (measure, value) in [(m::MAKESPAN_MEAN, mean), (m::MAKESPAN_MAX, longest.secs())] {
                result.measures.push(Measured { scope, measure, value, n, at_least: false });
            }
        }
        result.targets = self.tally.fared.targets();
    }

    /// Recovery points: rows and measures.
    fn sum_up_recovery(&mut self, result: &mut RunResult) {
        let model = self.model;
        let window = model.horizon.minus_or_zero(model.warm_up);
        for (number, fleet) in model.fleets.iter().enumerate() {
            for (rule, copy) in fleet.copies.iter().enumerate() {
                let scope = self.tally.scope_of(number, rule);
                for recovery in &mut self.recoveries[scope] {
                    recovery.close(model.end());
                }
                let names = &self.fleets[number].items;
                for (recovery, item) in self.recoveries[scope].iter().zip(names) {
                    self.sink.rpo(&RpoRecord {
                        fleet: &fleet.name,
                        volume: &item.name,
                        application: item.application.as_deref(),
                        to: model.site_name(copy.to),
                        ..rpo_row(recovery, self.chance.replication(), window)
                    });
                }
                self.rpo_measures(result, scope, window);
            }
        }
    }

    fn rpo_measures(&self, result: &mut RunResult, scope: usize, window: Span) {
        let recoveries = &self.recoveries[scope];
        if recoveries.is_empty() || window == Span::ZERO {
            return;
        }
        let n = count_u64(u64::from(index_u32(recoveries.len())));
        let without: f64 = recoveries.iter().map(|r| r.without.secs()).sum();
        let with = window.secs() * n - without;
        let mut put = |measure, value| {
            let n = u64::from(index_u32(recoveries.len()));
            result.measures.push(Measured { scope: scope + 1, measure, value, n, at_least: false });
        };
        if 0.0 < with {
            let ages: f64 = recoveries.iter().map(Recovery::age_seconds).sum();
            put(m::RPO_MEAN, ages / with);
        }
        if let Some(worst) = recoveries.iter().filter_map(|r| r.worst).map(|(worst, _)| worst).max()
        {
            put(m::RPO_MAX, worst.secs());
        }
        put(m::RPO_NONE, without / (window.secs() * n));
        let mut peaks = Peaks::default();
        for recovery in recoveries {
            peaks.add(&recovery.peaks);
        }
        let n = count_u64(peaks.n);
        if 0 < peaks.n {
            let parts = m::RPO_PARTS.into_iter().zip(peaks.parts);
            for (measure, sum) in [(m::RPO_PEAK, peaks.age)].into_iter().chain(parts) {
                let value = sum / n;
                let n = peaks.n;
                let row = Measured { scope: scope + 1, measure, value, n, at_least: false };
                result.measures.push(row);
            }
        }
    }

    /// How long it took until the first copies were there, of places that began empty: all of them
    /// together, and each scope.
    fn sum_up_first_copies(&self, result: &mut RunResult) {
        let end = self.model.end();
        let mut sums = BTreeMap::new();
        for (number, fleet) in self.model.fleets.iter().enumerate() {
            let empty = |(_, rule): &(usize, &CopyRule)| rule.initial == Initial::Empty;
            for (rule, _) in fleet.copies.iter().enumerate().filter(empty) {
                let scope = self.tally.scope_of(number, rule);
                for recovery in &self.recoveries[scope] {
                    let there = recovery.first.filter(|first| *first < end);
                    let took = there.unwrap_or(end).since(self.model.start).secs();
                    for scope in [0, scope + 1] {
                        let (sum, n, open) = sums.entry(scope).or_insert((0.0, 0, false));
                        *sum += took;
                        *n += 1;
                        *open |= there.is_none();
                    }
                }
            }
        }
        for (scope, (sum, n, at_least)) in sums {
            let value = sum / count_u64(n);
            let row = Measured { scope, measure: m::FIRST_COPY, value, n, at_least };
            result.measures.push(row);
        }
    }

    /// Applications: rows and measures.
    fn sum_up_applications(&mut self, result: &mut RunResult) {
        let model = self.model;
        let window = model.horizon.minus_or_zero(model.warm_up);
        for track in &mut self.applications.tracks {
            track.recovery.close(model.end());
            self.sink.rpo(&RpoRecord {
                fleet: &model.fleets[track.fleets[0]].name,
                volume: "",
                application: Some(&track.name),
                to: model.site_name(track.to),
                ..rpo_row(&track.recovery, self.chance.replication(), window)
            });
        }
        let mut by_scope: BTreeMap<usize, Vec<&Recovery>> = BTreeMap::new();
        for track in &self.applications.tracks {
            by_scope.entry(track.scope).or_default().push(&track.recovery);
        }
        for (scope, recoveries) in by_scope {
            let n = u64::from(index_u32(recoveries.len()));
            let all = window.secs() * count_u64(n);
            if all <= 0.0 {
                continue;
            }
            let mut put = |measure, value| {
                let row = Measured { scope: scope + 1, measure, value, n, at_least: false };
                result.measures.push(row);
            };
            let without: f64 = recoveries.iter().map(|r| r.without.secs()).sum();
            let ages: f64 = recoveries.iter().map(|r| r.age_seconds()).sum();
            if 0.0 < all - without {
                put(m::APPLICATION_MEAN, ages / (all - without));
            }
            let worst = recoveries.iter().filter_map(|r| r.worst).map(|(worst, _)| worst).max();
            if let Some(worst) = worst {
                put(m::APPLICATION_MAX, worst.secs());
            }
            put(m::APPLICATION_NONE, without / all);
        }
    }

    /// How the estate stood inside its targets, and how long it took to come back.
    fn sum_up_standing(&mut self, result: &mut RunResult, stopped: Instant) {
        let model = self.model;
        let (comebacks, standings) = self.standing.close(stopped);
        let mut put = |scope: usize, measure, value, at_least| {
            result.measures.push(Measured { scope, measure, value, n: 1, at_least });
        };
        let promised = model.targets.iter().any(|t| !matches!(t.kind, TargetKind::Link { .. }));
        if let (Some(first), true, true) = (comebacks.first(), model.starts_empty(), promised) {
            put(0, m::FIRST_INSIDE, first.took.secs(), first.at_least);
        }
        for (incident, comeback) in model.incidents.iter().zip(comebacks.iter().skip(1)) {
            if promised {
                result.scopes.push(incident.name.clone());
                let scope = result.scopes.len() - 1;
                put(scope, m::BACK_INSIDE, comeback.took.secs(), comeback.at_least);
            }
        }
        for (target, standing) in model.targets.iter().zip(standings) {
            let Some(standing) = standing else { continue };
            result.scopes.push(target.name.clone());
            put(result.scopes.len() - 1, m::RPO_ANY, standing.any_past, false);
        }
    }

    /// What each account pays, where there are several.
    fn sum_up_bills(&self, result: &mut RunResult) {
        if self.model.accounts.len() < 2 {
            return;
        }
        for (account, bill) in self.model.accounts.iter().zip(self.tally.bills()) {
            if bill.total() == Usd::ZERO {
                continue;
            }
            result.scopes.push(format!("account {}", account.name));
            let scope = result.scopes.len() - 1;
            for (measure, part) in [
                (m::SURCHARGE, bill.surcharge),
                (m::TRANSFER, bill.transfer),
                (m::STORAGE, bill.storage),
            ] {
                let row = Measured { scope, measure, value: part.as_f64(), n: 1, at_least: false };
                result.measures.push(row);
            }
        }
    }

    /// Slots, quota, links: measures, targets, and time series.
    fn sum_up_gauges(
        &mut self,
        result: &mut RunResult,
        gauges: Gauges,
        (stopped, slots_full): (Instant, &[Span]),
        keep: Keep,
    ) {
        let model = self.model;
        let at = model.end();
        let run = stopped.since(model.start).secs();
        for (place, mut gauge) in gauges.slots.into_iter().enumerate() {
            if gauge.max(at) <= 0.0 {
                continue;
            }
            let (account, site) = (place / model.sites.len(), place % model.sites.len());
            let name = of_account(model, account, &model.sites[site].name);
            let extra = [(m::SLOTS_FULL, slots_full[place].secs() / run)];
            push_gauge(result, &name, &mut gauge, (m::SLOTS_MEAN, m::SLOTS_MAX, at), &extra);
            let limit = f64::from(model.limits_of(account).slots_at(SiteIdx(site)));
            push_series(result, keep, (SeriesKind::Slots, name), Some(limit), (gauge, at));
        }
        for (place, mut gauge) in gauges.snapshots.into_iter().enumerate() {
            let (account, site) = (place / model.sites.len(), place % model.sites.len());
            let name = of_account(model, account, &model.sites[site].name);
            if 0.0 < gauge.max(at) {
                let measures = (m::SNAPSHOTS_MEAN, m::SNAPSHOTS_MAX, at);
                push_gauge(result, &name, &mut gauge, measures, &[]);
            }
        }
        for (site, gauge) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            let used = model.routes.iter().any(|route| route.to.0 == site);
            if used {
                let name = model.sites[site].name.clone();
                push_series(result, keep, (SeriesKind::Waiting, name), None, (gauge, at));
            }
        }
        for ledger in gauges.quotas {
            let QuotaLedger { account, from, to, mut gauge, quota } = ledger;
            if gauge.max(at) <= 0.0 {
                continue;
            }
            let from_name = from.map_or("any", |from| model.site_name(from));
            let name = format!("{from_name} → {}", model.site_name(to));
            let name = of_account(model, account, &name);
            push_gauge(result, &name, &mut gauge, (m::QUOTA_MEAN, m::QUOTA_MAX, at), &[]);
            let limit = count_u64(quota.limit());
            push_series(result, keep, (SeriesKind::Quota, name), Some(limit), (gauge, at));
        }
        for (number, mut gauge) in gauges.links.into_iter().enumerate() {
            let link = &model.links[number];
            if link.origin == LinkOrigin::Region {
                continue;
            }
            push_gauge(result, &link.name, &mut gauge, (m::LINK_MEAN, m::LINK_MAX, at), &[]);
            self.link_targets(result, number, link, (&mut gauge, at));
            let limit = Some(link.capacity.get());
            push_series(result, keep, (SeriesKind::Link, link.name.clone()), limit, (gauge, at));
        }
    }

    /// Targets on the use of one link.
    fn link_targets(
        &self,
        result: &mut RunResult,
        number: usize,
        link: &Link,
        (gauge, at): (&mut Gauge, Instant),
    ) {
        let mut watches = gauge.watches(at).iter();
        for (place, target) in self.model.targets.iter().enumerate() {
            let TargetKind::Link { link: watched, .. } = target.kind else { continue };
            if watched != number {
                continue;
            }
            let Some(watch) = watches.next() else { continue };
            let share = (0 < watch.n).then(|| 1.0 - count_u64(watch.n_above) / count_u64(watch.n));
            result.targets[place] = TargetShare {
                share,
                n: watch.n,
                n_missed: watch.n_above,
                worst: Some(Span::from_secs_f64(watch.highest / link.capacity.get())),
                n_open: 0,
            };
        }
    }
}

/// The name of something that an account has, where there are several accounts.
fn of_account(model: &Model, account: usize, name: &str) -> String {
    match model.accounts.len() {
        1 => name.to_owned(),
        _ => format!("{}: {name}", model.accounts[account].name),
    }
}

/// What a row says of recovery points, but for whose they are.
fn rpo_row(recovery: &Recovery, replication: u32, window: Span) -> RpoRecord<'static> {
    let tightest = recovery.past.iter().min_by_key(|(limit, _)| *limit).copied();
    RpoRecord {
        replication,
        fleet: "",
        volume: "",
        application: None,
        to: "",
        n_points: recovery.n_points,
        mean: recovery.mean(window),
        worst: recovery.worst.map(|(worst, _)| worst),
        worst_at: recovery.worst.map(|(_, at)| at),
        without: recovery.without,
        limit: tightest.map(|(limit, _)| limit),
        past_limit: tightest.map(|(_, past)| past),
        split: recovery.split,
    }
}

/// Mean and highest value of a gauge as measures of a scope of its own.
fn push_gauge(
    result: &mut RunResult,
    name: &str,
    gauge: &mut Gauge,
    (mean, highest, at): (Measure, Measure, Instant),
    extra: &[(Measure, f64)],
) {
    let known = result.scopes.iter().position(|scope| scope == name);
    let scope = known.unwrap_or_else(|| {
        result.scopes.push(name.to_owned());
        result.scopes.len() - 1
    });
    let own = [(mean, gauge.mean(at)), (highest, gauge.max(at))];
    for (measure, value) in own.iter().chain(extra) {
        let row = Measured { scope, measure: *measure, value: *value, n: 1, at_least: false };
        result.measures.push(row);
    }
}

/// The bins of a gauge as a series, where series are kept.
fn push_series(
    result: &mut RunResult,
    keep: Keep,
    (kind, name): (SeriesKind, String),
    limit: Option<f64>,
    (gauge, at): (Gauge, Instant),
) {
    if let (true, Some(bins)) = (keep.series, gauge.into_bins(at)) {
        result.series.push(Series { kind, name, limit, means: bins.means() });
    }
}
