//! Items fall due: a snapshot is begun, and a job is made for each destination.

use super::job::{Job, JobRef, Waits};
use super::{FleetState, Run, Wake};
use crate::engine::Source;
use crate::engine::calendar::{Key, Rank};
use crate::engine::network::Network;
use crate::model::change::{SourceSnapshot, delta};
use crate::model::{Change, CopyRule, Judged, Switch, Undone};
use crate::record::Outcome;
use crate::rng::{NameHash, Purpose};
use crate::units::{Bytes, Instant, Span};

/// The moments of one snapshot.
#[derive(Debug, Clone, Copy)]
struct Moments {
    /// The recurrence that it belongs to.
    batch: Instant,
    /// When it was due.
    due: Instant,
    /// When it began.
    started: Instant,
}

/// Lists that are filled anew for each item that is due.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Its snapshots.
    snapshots: Vec<SourceSnapshot>,
    /// The jobs for its destinations.
    made: Vec<JobRef>,
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// An item is due: its snapshot is begun, a job is made for each destination, and the next
    /// instant is scheduled.
    pub(super) fn due(&mut self, now: Instant, number: usize, place: usize) {
        let fleet = &self.model.fleets[number];
        let item = &mut self.fleets[number].items[place];
        let batch = item.batch;
        let timing = item.timing.number(item.n_snapshots);
        let is_made = self.model.makes_snapshots(number, now);
        let started =
            (now + self.draw_delay(number, timing)).max(self.earliest_start(number, place));
        let FleetState { items, today, .. } = &mut self.fleets[number];
        let item = &mut items[place];
        let Scratch { mut snapshots, mut made } = std::mem::take(&mut self.scratch);
        snapshots.clear();
        made.clear();
        let ready = if is_made {
            item.advance(fleet, self.chance, started, today);
            snapshots.extend(item.snapshots(fleet, self.model.start, started));
            let before = item.take_snapshot();
            item.latest_start = started;
            started + self.snapshot_time(number, &snapshots, before)
        } else {
            snapshots.extend(item.snapshots(fleet, self.model.start, started));
            item.n_snapshots += 1;
            started
        };
        let moments = Moments { batch, due: now, started };
        let judged = self.fleets[number].items[place].judged;
        for rule in 0..fleet.copies.len() {
            let job = self.make_job(moments, (number, place, rule), &snapshots);
            match (fleet.copies[rule].parent, is_made) {
                (Some(parent), _) => {
                    let parent = self.jobs.get_mut(made[parent]).expect("just made");
                    parent.children.push(job);
                }
                (None, true) if judged.is_heard() => {
                    self.await_snapshot(job, ready + fleet.copies[rule].delay);
                }
                (None, _) => {}
            }
            made.push(job);
        }
        self.begin_to_follow(&made);
        self.answer_at_once(now, (number, place), &made);
        self.expect_undoing(now, (number, place), &made);
        if !is_made && judged.is_heard() {
            let first = (0..made.len()).filter(|rule| fleet.copies[*rule].parent.is_none());
            for rule in first {
                self.drop_job(now, made[rule], Outcome::NoSource);
            }
        }
        self.scratch = Scratch { snapshots, made };
        let FleetState { items, days, .. } = &mut self.fleets[number];
        let item = &mut items[place];
        if let Some(batch) = item.instants.next(&fleet.schedule, days) {
            item.batch = batch;
            let tie = self.chance.key(Purpose::Tie, item.hash);
            let due = (batch + item.phase).max(now);
            self.calendar.schedule(Key::new(due, Rank::Request, tie), Wake::due(number, place));
        }
    }

    /// Requests that the judge refuses never reach the provider's slots and quotas: they end with the
    /// answer of the judge.
    fn answer_at_once(&mut self, now: Instant, (number, place): (usize, usize), made: &[JobRef]) {
        let Judged::Refused(code) = self.fleets[number].items[place].judged else { return };
        for at in made {
            let job = self.jobs.get_mut(*at).expect("just made");
            job.asked = Some(now);
            job.attempts = 1;
            job.refusal = Some(code);
            self.drop_job(now, *at, Outcome::GivenUp);
        }
    }

    /// What is done to a request later is put into the calendar.
    fn expect_undoing(&mut self, now: Instant, (number, place): (usize, usize), made: &[JobRef]) {
        let item = &self.fleets[number].items[place];
        let tie = self.chance.key(Purpose::Tie, item.hash);
        let Undone { cancelled, source_deleted } = item.later;
        for at in made {
            let later =
                [(source_deleted, Wake::SourceDeleted(*at)), (cancelled, Wake::TakenBack(*at))];
            for (after, wake) in later {
                if let Some(after) = after {
                    self.calendar.schedule(Key::new(now + after, Rank::WakeUp, tie), wake);
                }
            }
        }
    }

    /// Start window and jitter of one snapshot.
    fn draw_delay(&self, number: usize, hash: NameHash) -> Span {
        let schedule = &self.model.fleets[number].schedule;
        let draw = |purpose, most: Span| match most {
            Span::ZERO => Span::ZERO,
            most => most.scale(crate::rng::unit(&mut self.chance.stream(purpose, hash))),
        };
        draw(Purpose::Window, schedule.window) + draw(Purpose::Jitter, schedule.jitter)
    }

    /// Snapshots of one item begin in their order, whatever window and jitter say.
    fn earliest_start(&self, number: usize, place: usize) -> Instant {
        self.fleets[number].items[place].latest_start + Span::from_nanos(1)
    }

    /// How long a snapshot takes: a fixed time and its delta (P-SNAPSHOT); nothing where it exists.
    fn snapshot_time(&mut self, number: usize, snapshots: &[SourceSnapshot], before: f64) -> Span {
        let fleet = &self.model.fleets[number];
        if !fleet.makes_snapshot {
            return Span::ZERO;
        }
        self.touched |= Switch::Snapshot.bit();
        let written: Bytes = snapshots.iter().map(|s| delta(s.full, before, s)).sum();
        let assume = &self.model.assume;
        assume.snapshot_fixed + assume.snapshot_rate.time_for(written).unwrap_or(Span::ZERO)
    }

    /// A job for one destination of what is due.
    fn make_job(
        &mut self,
        moments: Moments,
        (fleet, place, rule): (usize, usize, usize),
        snapshots: &[SourceSnapshot],
    ) -> JobRef {
        let model = self.model;
        let copy = &model.fleets[fleet].copies[rule];
        let item = &self.fleets[fleet].items[place];
        let number = item.n_snapshots - 1;
        let anew = matches!(model.fleets[fleet].change, Change::Everything);
        let sources = item.volumes.iter().zip(snapshots);
        let due = moments.due + copy.delay;
        let window = (model.start + model.warm_up, model.end());
        let name = item.hash.number(number).child(model.site_name(copy.to));
        let mut own = self.spare_sources.pop().unwrap_or_default();
        own.extend(sources.map(|(volume, snapshot)| Source {
            snapshot: *snapshot,
            lineage: volume.lineages[rule],
            anew,
            key: 0,
        }));
        let job = Job {
            account: model.account_of(fleet, rule, place),
            number,
            name: name.number(nth_to_same(&model.fleets[fleet].copies, rule)),
            counted: window.0 <= due && due < window.1,
            batch: moments.batch + copy.delay,
            started: moments.started + copy.delay,
            sources: own,
            waits: if copy.parent.is_some() { Waits::Parent } else { Waits::Snapshot },
            duration: copy.completion_duration,
            ..Job::new(fleet, place, rule, due)
        };
        let counted = job.counted;
        if counted {
            self.tally.due(&job);
            self.n_open += 1;
            self.n_counted += 1;
        }
        let at = self.add_job(job);
        let job = self.jobs.get(at).expect("just inserted");
        self.standing.expect_copy(model, job, at);
        at
    }

    /// The job is asked for when its source is there.
    pub(super) fn await_snapshot(&mut self, at: JobRef, ready: Instant) {
        let job = self.jobs.get(at).expect("a live job");
        let tie = self.chance.key(Purpose::Tie, job.name);
        let follows = self.model.fleets[job.fleet].copies[job.rule].parent.is_some();
        let makes = self.model.fleets[job.fleet].makes_snapshot || follows;
        let rank = if makes { Rank::SnapshotCompleted } else { Rank::Request };
        self.calendar.schedule(Key::new(ready, rank, tie), Wake::Ask(at));
    }
}

/// How many rules before this one go to the same destination: usually none. What a copy draws hangs
/// on its names, never on the order in which destinations are written.
fn nth_to_same(rules: &[CopyRule], rule: usize) -> u64 {
    let same = rules[..rule].iter().filter(|other| other.to == rules[rule].to);
    u64::from(crate::units::index_u32(same.count()))
}
