//! Counts and sums of the copies of one `fleet → destination`.

use crate::catalog::Cause;
use crate::drive::job::Job;
use crate::drive::result::{Measured, Slowest};
use crate::engine::Why;
use crate::engine::copy::Causes;
use crate::record::Outcome;
use crate::record::measure::{self as m, Measure};
use crate::stats::Histogram;
use crate::units::{Bytes, Instant, Span, count_u64};

/// So many times to completion wait until they are counted.
const COUNTED_AT_ONCE: usize = 2048;

/// Counts and sums of copies.
#[derive(Debug, Clone, Default)]
pub(in crate::drive) struct Scope {
    pub(in crate::drive) due: u64,
    completed: u64,
    not_copied: u64,
    failed: u64,
    unfinished: u64,
    on_time: u64,
    on_time_of: u64,
    met: u64,
    met_of: u64,
    /// Time from due to completed, nanoseconds: of those that are counted, and of the latest.
    pub(in crate::drive) completions: Histogram,
    uncounted: Vec<u64>,
    /// The copy that took longest.
    pub(in crate::drive) slowest: Option<Slowest>,
    late: u64,
    lateness: Span,
    lateness_max: Span,
    ended: u64,
    causes: Causes,
    /// Copies that broke a promise: late, never there, or after an RPO limit had passed.
    broke: u64,
    /// Of these, those that ended.
    broke_ended: u64,
    broke_causes: Causes,
    moved: Bytes,
    full: u64,
    accepted: u64,
    surcharge_nanos: i128,
    transfer_nanos: i128,
    pub(in crate::drive) storage_nanos: i128,
    requests: u64,
    refused: [u64; Why::N],
    granted_short: u64,
    /// Copies that were made again, whatever became of them.
    pub(in crate::drive) again: u64,
    moved_again: Bytes,
    paid_again_nanos: i128,
    /// Copies that a client lost patience with.
    pub(in crate::drive) timed_out: u64,
}

/// What a counted copy adds.
#[derive(Debug, Clone, Copy)]
pub(in crate::drive) struct Addition<'a> {
    pub(in crate::drive) job: &'a Job,
    pub(in crate::drive) outcome: Outcome,
    pub(in crate::drive) ended: Option<Instant>,
    /// Latest completion on time.
    pub(in crate::drive) latest: Option<Instant>,
    pub(in crate::drive) on_time: Option<bool>,
    pub(in crate::drive) met: Option<bool>,
    pub(in crate::drive) causes: &'a Causes,
}

impl Addition<'_> {
    /// Whether it broke a promise.
    pub(in crate::drive) fn broke(&self) -> bool {
        self.on_time == Some(false) || self.job.past_rpo.is_some()
    }
}

/// What a copy that was accepted adds besides.
#[derive(Debug, Clone, Copy)]
pub(in crate::drive) struct Accepted {
    pub(in crate::drive) moved: Bytes,
    pub(in crate::drive) full: bool,
    pub(in crate::drive) granted_short: bool,
    /// Whether an earlier copy of the same snapshot was made.
    pub(in crate::drive) again: bool,
    pub(in crate::drive) surcharge_nanos: i128,
    pub(in crate::drive) transfer_nanos: i128,
}

impl Scope {
    /// Counts a snapshot copy that was accepted, or one snapshot of an image.
    pub(in crate::drive) fn accepted(&mut self, copy: Accepted) {
        self.accepted += 1;
        self.moved += copy.moved;
        if copy.again {
            self.moved_again += copy.moved;
            self.paid_again_nanos += copy.surcharge_nanos + copy.transfer_nanos;
        }
        self.full += u64::from(copy.full);
        self.granted_short += u64::from(copy.granted_short);
        self.surcharge_nanos += copy.surcharge_nanos;
        self.transfer_nanos += copy.transfer_nanos;
    }

    /// Counts the requests that were sent for a job.
    pub(in crate::drive) fn asked(&mut self, job: &Job) {
        self.requests += u64::from(job.attempts);
        for (sum, more) in self.refused.iter_mut().zip(job.refusals) {
            *sum += u64::from(more);
        }
    }

    /// Counts a job that ended.
    pub(in crate::drive) fn ended(&mut self, copy: &Addition<'_>) {
        match copy.outcome {
            Outcome::Completed => self.completed += 1,
            Outcome::Error | Outcome::Cancelled => self.failed += 1,
            Outcome::Unfinished => self.unfinished += 1,
            Outcome::GivenUp
            | Outcome::Replaced
            | Outcome::Skipped
            | Outcome::Overflow
            | Outcome::NoSource => self.not_copied += 1,
        }
        if let Some(on_time) = copy.on_time {
            self.on_time += u64::from(on_time);
            self.on_time_of += 1;
        }
        if let Some(met) = copy.met {
            self.met += u64::from(met);
            self.met_of += 1;
        }
        let broke = copy.broke();
        self.broke += u64::from(broke);
        let Some(ended) = copy.ended else { return };
        self.ended += 1;
        for (sum, more) in self.causes.iter_mut().zip(copy.causes) {
            *sum += *more;
        }
        if broke {
            self.broke_ended += 1;
            for (sum, more) in self.broke_causes.iter_mut().zip(copy.causes) {
                *sum += *more;
            }
        }
        if copy.outcome == Outcome::Completed {
            let took = ended.since(copy.job.due);
            self.uncounted.push(took.nanos());
            if self.uncounted.len() == COUNTED_AT_ONCE {
                self.close();
            }
            Slowest::compete(&mut self.slowest, took, copy.causes);
            if let Some(latest) = copy.latest.filter(|latest| *latest < ended) {
                let late = ended.since(latest);
                self.late += 1;
                self.lateness += late;
                self.lateness_max = self.lateness_max.max(late);
            }
        }
    }

    /// Counts the times that are not counted yet: many at once take less time than one by one.
    pub(in crate::drive) fn close(&mut self) {
        self.completions.record_all(&mut self.uncounted);
    }

    /// Adds another scope up; both are closed.
    pub(in crate::drive) fn merge(&mut self, other: &Scope) {
        assert!(self.uncounted.is_empty() && other.uncounted.is_empty(), "scopes are closed");
        self.due += other.due;
        self.completed += other.completed;
        self.not_copied += other.not_copied;
        self.failed += other.failed;
        self.unfinished += other.unfinished;
        self.on_time += other.on_time;
        self.on_time_of += other.on_time_of;
        self.met += other.met;
        self.met_of += other.met_of;
        self.completions.merge(&other.completions);
        self.late += other.late;
        self.lateness += other.lateness;
        self.lateness_max = self.lateness_max.max(other.lateness_max);
        self.ended += other.ended;
        for (sum, more) in self.causes.iter_mut().zip(other.causes) {
            *sum += more;
        }
        self.broke += other.broke;
        self.broke_ended += other.broke_ended;
        for (sum, more) in self.broke_causes.iter_mut().zip(other.broke_causes) {
            *sum += more;
        }
        self.moved += other.moved;
        self.full += other.full;
        self.accepted += other.accepted;
        self.surcharge_nanos += other.surcharge_nanos;
        self.transfer_nanos += other.transfer_nanos;
        self.storage_nanos += other.storage_nanos;
        self.requests += other.requests;
        for (sum, more) in self.refused.iter_mut().zip(other.refused) {
            *sum += more;
        }
        self.granted_short += other.granted_short;
        self.again += other.again;
        self.moved_again += other.moved_again;
        self.paid_again_nanos += other.paid_again_nanos;
        self.timed_out += other.timed_out;
    }

    /// The rows of `runs.csv` about these copies.
    pub(in crate::drive) fn measures(&self, scope: usize, rows: &mut Vec<Measured>) {
        let mut put = |measure: Measure, value: f64, n: u64, at_least: bool| {
            rows.push(Measured { scope, measure, value, n, at_least });
        };
        for (measure, count) in [
            (m::DUE, self.due),
            (m::COMPLETED, self.completed),
            (m::NOT_COPIED, self.not_copied),
            (m::FAILED, self.failed),
            (m::UNFINISHED, self.unfinished),
            (m::BROKE, self.broke),
            (m::GRANTED_SHORT, self.granted_short),
            (m::REQUESTS, self.requests),
            (m::REFUSED_THROTTLED, self.refused[0]),
            (m::REFUSED_SLOTS, self.refused[1]),
            (m::REFUSED_QUOTA, self.refused[2]),
            (m::REFUSED_UNAVAILABLE, self.refused[3]),
            (m::REFUSED_SNAPSHOTS, self.refused[4]),
            (m::AGAIN, self.again),
            (m::TIMED_OUT, self.timed_out),
        ] {
            put(measure, count_u64(count), self.due, false);
        }
        for (measure, part, whole) in [
            (m::ON_TIME, self.on_time, self.on_time_of),
            (m::MET_DURATION, self.met, self.met_of),
            (m::FULL, self.full, self.accepted),
        ] {
            if 0 < whole {
                put(measure, count_u64(part) / count_u64(whole), whole, false);
            }
        }
        let open = 0 < self.unfinished;
        let quantile = |p| self.completions.quantile(p).map(|nanos| Span::from_nanos(nanos).secs());
        let n = self.completions.n();
        for (measure, value) in [
            (
                m::COMPLETION_MEAN,
                self.completions.mean().map(|nanos| Span::from_nanos(nanos).secs()),
            ),
            (m::COMPLETION_P50, quantile(0.5)),
            (m::COMPLETION_P95, quantile(0.95)),
            (m::COMPLETION_P99, quantile(0.99)),
            (m::COMPLETION_MAX, quantile(1.0)),
        ] {
            if let Some(value) = value {
                put(measure, value, n, open);
            }
        }
        if 0 < self.late {
            put(m::LATENESS_MEAN, self.lateness.secs() / count_u64(self.late), self.late, open);
            put(m::LATENESS_MAX, self.lateness_max.secs(), self.late, open);
        }
        if 0 < self.ended {
            for (cause, measure) in Cause::ALL.iter().zip(m::CAUSES) {
                let mean = self.causes[*cause as usize].secs() / count_u64(self.ended);
                put(measure, mean, self.ended, false);
            }
        }
        if 0 < self.broke_ended {
            for (cause, measure) in Cause::ALL.iter().zip(m::BROKE_CAUSES) {
                let mean = self.broke_causes[*cause as usize].secs() / count_u64(self.broke_ended);
                put(measure, mean, self.broke_ended, false);
            }
        }
        put(m::MOVED, self.moved.as_f64(), self.accepted, open);
        put(m::MOVED_AGAIN, self.moved_again.as_f64(), self.again, open);
        put(m::PAID_AGAIN, usd(self.paid_again_nanos), self.again, open);
        put(m::SURCHARGE, usd(self.surcharge_nanos), self.accepted, open);
        put(m::TRANSFER, usd(self.transfer_nanos), self.accepted, open);
        put(m::STORAGE, usd(self.storage_nanos), self.accepted, false);
    }
}

fn usd(nanos: i128) -> f64 {
    crate::units::Usd::from_nanos(nanos).as_f64()
}
