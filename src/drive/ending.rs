//! Copies end: rows leave, measures are counted, the bill is made up; and the run itself ends.

use super::Run;
use super::item::Volume;
use super::job::{Job, JobRef};
use super::tally::scope::{Accepted, Addition};
use super::tally::{Ended, Point, deleted};
use super::worst::Badness;
use crate::billing::{Bill, Ending};
use crate::catalog::Cause;
use crate::engine::copy::{Causes, CopyEnd, End, ImageEnd, Notice};
use crate::engine::network::Network;
use crate::model::Model;
use crate::record::{BillRule, Blame, CopyRecord, Fate, ImageRecord, Outcome};
use crate::units::{Bytes, Instant, Span, index_usize};

/// What a copy cost, and where its time went.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    bill: Bill,
    rule: BillRule,
    billed: Option<Span>,
    causes: Causes,
}

/// How an end counts.
fn outcome(end: End, at: Instant) -> (Outcome, Ended) {
    match end {
        End::Completed => (Outcome::Completed, Ended::Completed(at)),
        End::Error => (Outcome::Error, Ended::Never),
        End::Cancelled => (Outcome::Cancelled, Ended::Never),
        End::Unfinished => (Outcome::Unfinished, Ended::Open(at)),
    }
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// What the provider told of.
    pub(super) fn take_notices(&mut self) {
        let mut notices = std::mem::take(&mut self.notices);
        for notice in notices.drain(..) {
            match notice {
                Notice::CopyEnded(end) => self.copy_ended(&end),
                Notice::ImageEnded(end) => self.image_ended(&end),
                Notice::DeadlineMissed { tag, part, at, accepted, cause } => {
                    self.tell_missed((tag, part), (at, accepted), cause);
                }
            }
        }
        self.notices = notices;
    }

    /// A snapshot copy, or one snapshot of an image copy, ended.
    fn copy_ended(&mut self, end: &CopyEnd) {
        let at = JobRef::of_tag(end.tag);
        let job = self.jobs.get(at).expect("a job outlives its copies");
        let image = self.model.fleets[job.fleet].items.are_images();
        let settled = self.settle(job, end);
        let waited = job.waited + end.causes[Cause::SameSource as usize];
        let decides = !image && end.end == End::Completed && self.decides(at);
        let parts = (&settled.causes, waited);
        let past_rpo = if decides { self.arrived(at, end.at, parts) } else { None };
        self.follow_end(at, end, &settled);
        let job = self.jobs.get_mut(at).expect("seen above");
        job.bytes += end.bytes;
        job.past_rpo = past_rpo;
        job.last_causes = end.causes;
        if image {
            self.part_ended(at, end, &settled);
            return;
        }
        let stays = job.owner && end.end != End::Completed;
        let stands = decides || (stays && !self.goes_on(at, end, &settled));
        let mut job = self.jobs.take(at);
        let (outcome, ended) = outcome(end.end, end.at);
        let on_time = if stands && job.counted {
            self.count_end(&job, outcome, ended, (end.met, &settled.causes))
        } else {
            None
        };
        if stands {
            self.standing.copy_ended(end.at, at, decides);
            self.tell_followed(at, &job, (outcome, end.at));
        }
        if job.counted {
            self.count_copy(&job, end, on_time, &settled);
            self.tell_copy(&job, end);
        }
        self.release_children((at, &job), (end.at, outcome), (&settled.causes, waited));
        self.let_go(at, &job);
        self.copy_left(end.at, &job);
        job.sources.clear();
        self.spare_sources.push(job.sources);
    }

    /// One snapshot of an image copy ended.
    fn part_ended(&mut self, at: JobRef, end: &CopyEnd, settled: &Settled) {
        let mut job = self.jobs.take(at);
        if job.counted {
            self.count_copy(&job, end, None, settled);
            self.tell_copy(&job, end);
        }
        let is_last = job.n_orphans == 1;
        job.n_orphans = job.n_orphans.saturating_sub(1);
        if is_last {
            self.let_go(at, &job);
        } else {
            self.jobs.put_back(at, job);
        }
    }

    /// A job's copy did not become one: whether another one takes its place.
    fn goes_on(&mut self, at: JobRef, end: &CopyEnd, settled: &Settled) -> bool {
        self.passes_on(at)
            || (end.end == End::Error && self.ask_after_failure(end.at, at, settled.causes))
    }

    /// The first copy of a snapshot is there; says by how much a recovery point came too late.
    fn arrived(
        &mut self,
        at: JobRef,
        now: Instant,
        (causes, waited): (&Causes, Span),
    ) -> Option<Span> {
        let job = self.jobs.get(at).expect("a live job");
        let scope = self.tally.scope_of(job.fleet, job.rule);
        let retain = self.model.fleets[job.fleet].copies[job.rule].retain;
        let point = Point { started: job.started, due: job.due, gone: deleted(now, retain) };
        let (item, batch, due, counted) = (job.item, job.batch, job.due, job.counted);
        let parts = (causes[Cause::Snapshot as usize], waited);
        let recovery = self.recoveries[scope].get_mut(item)?;
        let late = recovery.arrive(now, point, parts);
        self.standing.volume_arrived(now, (scope, item), &point);
        let whole = self.applications.arrive(now, (scope, item), (batch, point), parts);
        let fared = &mut self.tally.fared;
        if let (Some(late), true) = (late, counted) {
            fared.volume_late(scope, late.age, causes);
        }
        let by = late.map(|late| late.by);
        let Some((track, point, too_late)) = whole else { return by };
        if counted {
            self.applications.tracks[track].count(now.since(due), causes);
            if let Some(late) = too_late {
                fared.application_late(track, late.age, causes);
            }
        }
        self.standing.application_arrived(now, track, &point);
        by.max(too_late.map(|late| late.by))
    }

    /// What waited for this copy as the next hop of its chain goes on, or has nothing to copy.
    fn release_children(
        &mut self,
        (at, job): (JobRef, &Job),
        (now, outcome): (Instant, Outcome),
        (causes, waited): (&Causes, Span),
    ) {
        for child in &job.children {
            self.follow_on(now, at, *child);
            let Some(next) = self.jobs.get_mut(*child) else { continue };
            (next.causes, next.waited, next.since) = (*causes, waited, now);
            next.source = Some(job.name);
            match outcome {
                Outcome::Completed => self.await_snapshot(*child, now),
                Outcome::Unfinished => self.drop_job(now, *child, Outcome::Unfinished),
                _ => self.drop_job(now, *child, Outcome::NoSource),
            }
        }
    }

    /// Counts a snapshot copy, or one snapshot of an image copy, and lets its row leave.
    fn count_copy(&mut self, job: &Job, end: &CopyEnd, on_time: Option<bool>, settled: &Settled) {
        let scope = self.tally.scope_of(job.fleet, job.rule);
        let most = self.model.limits_of(job.account).copy_rate;
        let granted_short = end
            .granted
            .zip(end.required)
            .is_some_and(|(granted, required)| granted < required.min(most));
        self.tally.scopes[scope].accepted(Accepted {
            moved: end.moved,
            full: !end.incremental,
            granted_short,
            again: 0 < job.again,
            surcharge_nanos: settled.bill.surcharge.nanos(),
            transfer_nanos: settled.bill.transfer.nanos(),
        });
        self.tally.pay(self.model, job, &settled.bill);
        self.copy_row(job, end, on_time, settled);
    }

    /// An image copy ended.
    fn image_ended(&mut self, end: &ImageEnd) {
        let at = JobRef::of_tag(end.tag);
        let job = self.jobs.get(at).expect("a job outlives its copies");
        let (outcome, ended) = outcome(end.end, end.at);
        let going_on = self.engine.causes_of(end.tag, end.at).filter(|_| 0 < end.n_going_on);
        let causes = job.with(&going_on.unwrap_or(job.last_causes));
        let goes_on = end.end == End::Error && self.ask_after_failure(end.at, at, causes);
        // Snapshots that go on without their image need it to the end.
        let job = if end.n_going_on == 0 {
            self.remove_job(at)
        } else {
            let job = self.jobs.get_mut(at).expect("seen above");
            job.n_orphans = end.n_going_on;
            job.clone()
        };
        let on_time = if job.counted && !goes_on {
            self.count_end(&job, outcome, ended, (end.met, &causes))
        } else {
            None
        };
        if !goes_on {
            self.standing.copy_ended(end.at, at, end.end == End::Completed);
            self.tell_followed(at, &job, (outcome, end.at));
        }
        if job.counted {
            self.image_row(&job, outcome, Some(end), on_time);
            self.tell_image(&job, end);
        }
        self.release_children((at, &job), (end.at, outcome), (&causes, job.waited));
        self.copy_left(end.at, &job);
    }

    /// Counts a job that ended; says whether it was on time.
    fn count_end(
        &mut self,
        job: &Job,
        outcome: Outcome,
        ended: Ended,
        (met, causes): (Option<bool>, &Causes),
    ) -> Option<bool> {
        let (on_time, latest) = self.tally.ended(job, ended, causes);
        let scope = self.tally.scope_of(job.fleet, job.rule);
        let at = match ended {
            Ended::Completed(at) => Some(at),
            Ended::Never | Ended::Open(_) => None,
        };
        let added = Addition { job, outcome, ended: at, latest, on_time, met, causes };
        self.tally.scopes[scope].ended(&added);
        let over = match ended {
            Ended::Completed(at) | Ended::Open(at) => at,
            Ended::Never => self.now,
        };
        let past = latest.map_or(Span::ZERO, |latest| over.since_or_zero(latest));
        let fleet = &self.model.fleets[job.fleet];
        let fate = Fate {
            fleet: &fleet.name,
            scope: &self.tally.names[scope],
            item: &self.fleets[job.fleet].items[job.item].name,
            number: job.number,
            rule: job.rule,
            to: self.model.site_name(fleet.copies[job.rule].to),
            due: job.due,
            completed: at,
            latest,
            broke: added.broke(),
            late: past.max(job.past_rpo.unwrap_or(Span::ZERO)),
        };
        let Fate { broke, late, .. } = fate;
        let (never, took) = (at.is_none(), over.since(job.due));
        self.worst.count(Badness { broke, never, late, took }, job.which());
        self.sink.fate(&fate);
        self.n_open -= 1;
        on_time
    }

    /// What a copy costs (F41–F49), and where its time went.
    fn settle(&self, job: &Job, end: &CopyEnd) -> Settled {
        let route = self.model.fleets[job.fleet].copies[job.rule].route;
        let tariff = &self.tariffs[route];
        let causes = job.with(&end.causes);
        let Some(duration) = job.duration else {
            let bill = tariff.standard(end.moved);
            return Settled { bill, rule: BillRule::Standard, billed: None, causes };
        };
        let ending = match (end.end, end.met, end.blame) {
            (End::Error, _, _) => Ending::Failed,
            (End::Cancelled, _, _) => Ending::Deleted,
            (End::Unfinished, _, _) => Ending::Unfinished,
            (End::Completed, Some(false), Some(Blame::Customer)) => {
                let deadline = end.deadline.expect("a missed duration had a deadline");
                Ending::MissedByCustomer { actual: end.at.since(deadline.back(duration)) }
            }
            (End::Completed, Some(false), _) => Ending::MissedByService,
            (End::Completed, Some(true) | None, _) => Ending::Met,
        };
        Settled {
            bill: tariff.time_based(end.moved, duration, ending),
            rule: ending.rule(),
            billed: tariff.billed_duration(duration, ending),
            causes,
        }
    }

    fn copy_row(&mut self, job: &Job, end: &CopyEnd, on_time: Option<bool>, settled: &Settled) {
        if !self.sink.takes_rows() {
            return;
        }
        let state = &self.fleets[job.fleet].items[job.item];
        let blank = blank_row(self.model, self.chance.replication(), job);
        self.sink.copy(&CopyRecord { on_time, ..ended_row(&blank, &state.volumes, end, settled) });
    }

    fn image_row(
        &mut self,
        job: &Job,
        outcome: Outcome,
        end: Option<&ImageEnd>,
        on_time: Option<bool>,
    ) {
        if !self.sink.takes_rows() {
            return;
        }
        let model = self.model;
        let fleet = &model.fleets[job.fleet];
        let row = ImageRecord {
            replication: self.chance.replication(),
            fleet: &fleet.name,
            image: &self.fleets[job.fleet].items[job.item].name,
            release: job.number,
            again: job.again,
            from: model.site_name(fleet.copies[job.rule].from),
            to: model.site_name(fleet.copies[job.rule].to),
            account: &model.accounts[job.account].name,
            outcome,
            refusal: job.refusal,
            attempts: job.attempts,
            n_snapshots: crate::units::index_u32(job.sources.len()),
            bytes: end.map(|_| job.bytes),
            due: job.due,
            accepted: job.accepted,
            ended: end.filter(|end| end.end != End::Unfinished).map(|end| end.at),
            met_duration: end.and_then(|end| end.met),
            on_time,
        };
        self.sink.image(&row);
    }

    /// A job ends without ever having been accepted.
    pub(super) fn drop_job(&mut self, now: Instant, at: JobRef, outcome: Outcome) {
        self.account_wait(now, at);
        if self.jobs.get(at).is_some_and(|job| job.in_line) {
            self.count_waiting(now, at, false);
            self.leave_queue(at);
        }
        let stands = self.jobs.get(at).is_some_and(|job| job.owner) && !self.passes_on(at);
        if stands {
            self.standing.copy_ended(now, at, false);
        }
        let mut job = self.remove_job(at);
        job.outcome = outcome;
        let (causes, waited) = (job.causes, job.waited);
        self.release_children((at, &job), (now, outcome), (&causes, waited));
        if !job.counted {
            return;
        }
        let ended = match outcome {
            Outcome::Unfinished => Ended::Open(now),
            _ => Ended::Never,
        };
        let on_time =
            if stands { self.count_end(&job, outcome, ended, (None, &causes)) } else { None };
        if stands {
            self.tell_followed(at, &job, (outcome, now));
        }
        if self.model.fleets[job.fleet].items.are_images() {
            self.image_row(&job, outcome, None, on_time);
            return;
        }
        if !self.sink.takes_rows() {
            return;
        }
        let state = &self.fleets[job.fleet].items[job.item];
        let row = CopyRecord {
            volume: &state.volumes[0].label,
            ended: (outcome != Outcome::Unfinished).then_some(now),
            on_time,
            ..blank_row(self.model, self.chance.replication(), &job)
        };
        self.sink.copy(&row);
    }
}

/// What a row says of a copy that ended after it was accepted, its promises left out.
pub(super) fn ended_row<'a>(
    blank: &CopyRecord<'a>,
    volumes: &'a [Volume],
    end: &CopyEnd,
    settled: &Settled,
) -> CopyRecord<'a> {
    let (outcome, _) = outcome(end.end, end.at);
    let part = index_usize(end.part);
    CopyRecord {
        volume: &volumes[part].label,
        incremental: Some(end.incremental),
        full_because: end.why_full,
        outcome,
        transfer_began: end.began,
        deadline: end.deadline,
        ended: (outcome != Outcome::Unfinished).then_some(end.at),
        bytes: Some(end.bytes),
        moved: end.moved,
        required: end.required,
        granted: end.granted,
        met_duration: end.met,
        blame: end.blame,
        surcharge_nano_usd: u64::try_from(settled.bill.surcharge.nanos()).unwrap_or(0),
        transfer_nano_usd: u64::try_from(settled.bill.transfer.nanos()).unwrap_or(0),
        billed_by: Some(settled.rule),
        billed_duration: settled.billed,
        causes: settled.causes,
        ..*blank
    }
}

/// What a row says of a job before it says how it went.
pub(super) fn blank_row<'a>(model: &'a Model, replication: u32, job: &Job) -> CopyRecord<'a> {
    let fleet = &model.fleets[job.fleet];
    CopyRecord {
        replication,
        fleet: &fleet.name,
        volume: "",
        snapshot: job.number,
        again: job.again,
        from: model.site_name(fleet.copies[job.rule].from),
        to: model.site_name(fleet.copies[job.rule].to),
        account: &model.accounts[job.account].name,
        time_based: job.duration.is_some(),
        incremental: None,
        full_because: None,
        outcome: job.outcome,
        refusal: job.refusal,
        attempts: job.attempts,
        due: job.due,
        recovery_point: fleet.makes_snapshot.then_some(job.started),
        asked: job.asked,
        accepted: job.accepted,
        transfer_began: None,
        deadline: None,
        ended: None,
        bytes: None,
        moved: Bytes::ZERO,
        required: None,
        granted: None,
        met_duration: None,
        blame: None,
        on_time: None,
        surcharge_nano_usd: 0,
        transfer_nano_usd: 0,
        billed_by: None,
        billed_duration: None,
        causes: job.causes,
    }
}

#[cfg(test)]
mod tests;
