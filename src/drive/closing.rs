//! The run is over: what is still open is counted, and everything is summed up.

use super::Run;
use super::job::Waits;
use super::result::{Keep, Measured, RunResult, Series, SeriesKind, TargetShare};
use super::tally::{Recovery, Scope, share_held};
use crate::engine::gauge::Gauge;
use crate::engine::network::Network;
use crate::engine::{Engine, Gauges};
use crate::model::{Link, SiteIdx, TargetKind};
use crate::record::measure::{self as m, Measure};
use crate::record::{Outcome, RpoRecord};
use crate::units::{Instant, Span, count_u64, index_u32};

impl<N: Network + Default> Run<'_, '_, N> {
    /// The run is over: what is still open is counted, and everything is summed up.
    pub(super) fn finish(mut self, stopped: Instant, keep: Keep) -> RunResult {
        for at in self.jobs.live() {
            let open = self.jobs.get(at).is_some_and(|job| job.waits != Waits::Accepted);
            if open {
                self.drop_job(stopped, at, Outcome::Unfinished);
            }
        }
        let mut notices = Vec::new();
        let touched = self.touched | self.engine.touched();
        let n_events = self.n_events + self.engine.n_events();
        let slots_full: Vec<Span> = (0..self.model.sites.len())
            .map(|site| self.engine.slots_full_time(SiteIdx(site), stopped))
            .collect();
        // The engine is given up here; a fresh one takes its place in the shell of the run.
        let shell = Engine::new(self.model, self.chance, None);
        let engine = std::mem::replace(&mut self.engine, shell);
        let gauges = engine.close(stopped, &mut notices);
        self.notices = notices;
        self.take_notices();
        let mut result = RunResult { touched, n_events, ..RunResult::default() };
        self.sum_up(&mut result);
        self.sum_up_recovery(&mut result);
        self.sum_up_gauges(&mut result, gauges, (stopped, &slots_full), keep);
        result.rpo = std::mem::take(&mut self.rpo);
        for series in &mut result.rpo {
            series.scope += 1;
        }
        result.backlog = self.backlog;
        result.n_copies = self.n_counted;
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
        result.targets = self.tally.targets().into_iter().map(Option::unwrap_or_default).collect();
    }

    /// Recovery points: rows, measures, and targets.
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
                    let tightest = recovery.past.iter().min_by_key(|(limit, _)| *limit).copied();
                    self.sink.rpo(&RpoRecord {
                        replication: self.chance.replication(),
                        fleet: &fleet.name,
                        volume: &item.name,
                        to: model.site_name(copy.to),
                        n_points: recovery.n_points,
                        mean: recovery.mean(window),
                        worst: recovery.worst.map(|(worst, _)| worst),
                        worst_at: recovery.worst.map(|(_, at)| at),
                        without: recovery.without,
                        limit: tightest.map(|(limit, _)| limit),
                        past_limit: tightest.map(|(_, past)| past),
                    });
                }
                self.rpo_measures(result, scope, window);
            }
        }
        for (place, target) in model.targets.iter().enumerate() {
            if let TargetKind::Rpo { limit } = target.kind {
                result.targets[place] = self.rpo_target(place, limit, window);
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
    }

    /// An RPO target: share of time within the limit, over the volumes that it covers.
    fn rpo_target(&self, place: usize, limit: Span, window: Span) -> TargetShare {
        let target = &self.model.targets[place];
        let mut share = TargetShare::default();
        let mut past = Span::ZERO;
        for (number, fleet) in self.model.fleets.iter().enumerate() {
            for (rule, copy) in fleet.copies.iter().enumerate() {
                if !target.covers(number, copy.to) {
                    continue;
                }
                for recovery in &self.recoveries[self.tally.scope_of(number, rule)] {
                    let over =
                        recovery.past.iter().find(|(l, _)| *l == limit).map(|(_, past)| *past);
                    let over = over.unwrap_or_default();
                    past += over;
                    share.n += 1;
                    share.n_missed += u64::from(over != Span::ZERO);
                    share.worst = share.worst.max(recovery.worst.map(|(worst, _)| worst));
                }
            }
        }
        share.share = share_held(past, window, share.n);
        share
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
        for (site, mut gauge) in gauges.slots.into_iter().enumerate() {
            if gauge.max(at) <= 0.0 {
                continue;
            }
            let name = model.sites[site].name.clone();
            let extra = [(m::SLOTS_FULL, slots_full[site].secs() / run)];
            push_gauge(result, &name, &mut gauge, (m::SLOTS_MEAN, m::SLOTS_MAX, at), &extra);
            let own = model.limits.snapshot_slots_at.iter().find(|(at, _)| at.0 == site);
            let limit = f64::from(own.map_or(model.limits.snapshot_slots, |(_, slots)| *slots));
            push_series(result, keep, (SeriesKind::Slots, name), Some(limit), (gauge, at));
        }
        for (site, gauge) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            let used = model.routes.iter().any(|route| route.to.0 == site);
            if used {
                let name = model.sites[site].name.clone();
                push_series(result, keep, (SeriesKind::Waiting, name), None, (gauge, at));
            }
        }
        for (from, to, mut gauge) in gauges.quotas {
            if gauge.max(at) <= 0.0 {
                continue;
            }
            let from_name = from.map_or("any", |from| model.site_name(from));
            let name = format!("{from_name} → {}", model.site_name(to));
            push_gauge(result, &name, &mut gauge, (m::QUOTA_MEAN, m::QUOTA_MAX, at), &[]);
            let own =
                model.limits.quota_of.iter().find(|(pair, _)| Some(pair.0) == from && pair.1 == to);
            let limit = count_u64(own.map_or(model.limits.quota, |(_, quota)| *quota));
            push_series(result, keep, (SeriesKind::Quota, name), Some(limit), (gauge, at));
        }
        for (number, mut gauge) in gauges.links.into_iter().enumerate() {
            let link = &model.links[number];
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

/// Mean and highest value of a gauge as measures of a scope of its own.
fn push_gauge(
    result: &mut RunResult,
    name: &str,
    gauge: &mut Gauge,
    (mean, highest, at): (Measure, Measure, Instant),
    extra: &[(Measure, f64)],
) {
    result.scopes.push(name.to_owned());
    let scope = result.scopes.len() - 1;
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
