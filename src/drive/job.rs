//! One wish to copy, from due until its end.

use super::worst::Which;
use crate::catalog::{Cause, ErrorCode};
use crate::engine::copy::Causes;
use crate::engine::{Source, Why};
use crate::record::Outcome;
use crate::rng::NameHash;
use crate::units::{Bytes, Instant, Span, index_usize};

/// What a job that is not accepted yet waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// Its snapshot, by way of the start window.
    Snapshot,
    /// The copy before it in its chain.
    Parent,
    /// Its moment to be asked for again.
    Asleep(Why),
    /// Enough quota, by its client's choice.
    Hold,
    /// Its turn in its client's queue.
    Queued,
    /// Its moment to be asked for again, after a copy that failed.
    Rest,
    /// Nothing more: it is accepted.
    Accepted,
}

/// A place in a client's queue: what its order goes by, then when it was asked for, then a tie.
pub(super) type QueuePlace = (u64, u64, u64);

/// One wish to copy one snapshot, or one image, to one destination.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) fleet: usize,
    pub(super) item: usize,
    pub(super) rule: usize,
    /// The account that the copy belongs to.
    pub(super) account: usize,
    /// Number of the snapshot or release.
    pub(super) number: u64,
    pub(super) name: NameHash,
    /// The copy of the hop before that it is made from, by name; none on the first hop.
    pub(super) source: Option<NameHash>,
    /// Snapshots of its image that go on although the image was taken back.
    pub(super) n_orphans: u32,
    /// Copies that were made of it before this one.
    pub(super) again: u32,
    /// What it shares with other copies of the same snapshot to the same destination, if there are
    /// any.
    pub(super) wish: Option<usize>,
    /// Whether its end decides how the wish ended.
    pub(super) owner: bool,
    /// Jobs of the next hop: they wait for the copy.
    pub(super) children: Vec<JobRef>,
    /// Whether it counts: due within the window.
    pub(super) counted: bool,
    /// The recurrence that it belongs to: its batch.
    pub(super) batch: Instant,
    pub(super) due: Instant,
    /// When the snapshot began: the recovery point.
    pub(super) started: Instant,
    pub(super) sources: Vec<Source>,
    pub(super) waits: Waits,
    /// Whether it is counted among those that wait for acceptance.
    pub(super) in_line: bool,
    /// When it began to wait as it does.
    pub(super) since: Instant,
    /// For how long the limit that it waits for had been used up by then.
    pub(super) used_up: Span,
    pub(super) asked: Option<Instant>,
    pub(super) accepted: Option<Instant>,
    pub(super) attempts: u32,
    /// Requests that were sent for earlier copies of the same snapshot.
    pub(super) attempts_before: u32,
    /// Times that it was asked for or held back: what its back-off grows with.
    pub(super) tries: u32,
    /// Refusals by [`Why`].
    pub(super) refusals: [u32; Why::N],
    pub(super) refusal: Option<ErrorCode>,
    pub(super) duration: Option<Span>,
    /// Time by cause from due until accepted.
    pub(super) causes: Causes,
    /// Of it, time that it waited for acceptance, of all hops.
    pub(super) waited: Span,
    /// Bytes to move, as far as they are known: all snapshots of an image.
    pub(super) bytes: Bytes,
    /// Time by cause since acceptance of the snapshot that ended last.
    pub(super) last_causes: Causes,
    /// By how much its recovery point came after the RPO limit had passed, if it did.
    pub(super) past_rpo: Option<Span>,
    /// Its order in its client's queue.
    pub(super) order: QueuePlace,
    /// How it ended, where it was never accepted.
    pub(super) outcome: Outcome,
}

impl Job {
    /// A job that is due and has not begun anything.
    pub(super) fn new(fleet: usize, item: usize, rule: usize, due: Instant) -> Job {
        Job {
            fleet,
            item,
            rule,
            account: 0,
            number: 0,
            name: NameHash::of(""),
            source: None,
            n_orphans: 0,
            again: 0,
            wish: None,
            owner: true,
            children: Vec::new(),
            counted: false,
            batch: due,
            due,
            started: due,
            sources: Vec::new(),
            waits: Waits::Snapshot,
            in_line: false,
            since: due,
            used_up: Span::ZERO,
            asked: None,
            accepted: None,
            attempts: 0,
            attempts_before: 0,
            tries: 0,
            refusals: [0; Why::N],
            refusal: None,
            duration: None,
            causes: Causes::default(),
            waited: Span::ZERO,
            bytes: Bytes::ZERO,
            last_causes: Causes::default(),
            past_rpo: None,
            order: (0, 0, 0),
            outcome: Outcome::Unfinished,
        }
    }

    /// Puts a span into a cause.
    pub(super) fn spend(&mut self, cause: Cause, span: Span) {
        self.causes[cause as usize] += span;
    }

    /// Which copy it is.
    pub(super) fn which(&self) -> Which {
        let Job { fleet, item, rule, number, .. } = *self;
        Which { fleet, item, rule, number }
    }

    /// Adds up the causes before and after acceptance.
    pub(super) fn with(&self, after: &Causes) -> Causes {
        let mut all = self.causes;
        for (sum, more) in all.iter_mut().zip(after) {
            *sum += *more;
        }
        all
    }
}

/// Jobs that live, in slots that are used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Jobs {
    slots: Vec<(u32, Option<Job>)>,
    free: Vec<usize>,
}

/// A reference to a job. It outlives the job: a stale one finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct JobRef {
    idx: u32,
    generation: u32,
}

impl JobRef {
    /// The reference as a number, for the engine to hand back.
    pub(super) fn tag(self) -> u64 {
        (u64::from(self.generation) << 32) | u64::from(self.idx)
    }

    /// The reference of a number.
    pub(super) fn of_tag(tag: u64) -> JobRef {
        let low = u32::try_from(tag & u64::from(u32::MAX)).expect("32 bits");
        let high = u32::try_from(tag >> 32).expect("32 bits");
        JobRef { idx: low, generation: high }
    }

    fn place(self) -> usize {
        index_usize(self.idx)
    }
}

impl Jobs {
    /// Puts a job into a free slot.
    pub(super) fn insert(&mut self, job: Job) -> JobRef {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push((0, None));
            self.slots.len() - 1
        });
        let (generation, slot) = &mut self.slots[place];
        *slot = Some(job);
        JobRef { idx: crate::units::index_u32(place), generation: *generation }
    }

    /// The job of a reference, unless it is gone.
    pub(super) fn get(&self, at: JobRef) -> Option<&Job> {
        let (generation, slot) = &self.slots[at.place()];
        if *generation == at.generation { slot.as_ref() } else { None }
    }

    /// The job of a reference, unless it is gone.
    pub(super) fn get_mut(&mut self, at: JobRef) -> Option<&mut Job> {
        let (generation, slot) = &mut self.slots[at.place()];
        if *generation == at.generation { slot.as_mut() } else { None }
    }

    /// Takes a job out of its slot, which stays its own: until it is put back or let go, its
    /// reference finds nothing.
    ///
    /// # Panics
    /// When it is gone already.
    pub(super) fn take(&mut self, at: JobRef) -> Job {
        let (generation, slot) = &mut self.slots[at.place()];
        assert_eq!(*generation, at.generation, "a job ends once");
        slot.take().expect("a live reference has its job")
    }

    /// Puts a job back that was taken out.
    pub(super) fn put_back(&mut self, at: JobRef, job: Job) {
        let (generation, slot) = &mut self.slots[at.place()];
        assert_eq!(*generation, at.generation, "its slot waits for a job that is taken out");
        *slot = Some(job);
    }

    /// A job that was taken out does not come back: its slot is free.
    pub(super) fn let_go(&mut self, at: JobRef) {
        let (generation, slot) = &mut self.slots[at.place()];
        assert_eq!(*generation, at.generation, "a job ends once");
        assert!(slot.is_none(), "a job is taken out before it is let go");
        *generation = generation.wrapping_add(1);
        self.free.push(at.place());
    }

    /// References of all jobs, by slot.
    pub(super) fn live(&self) -> Vec<JobRef> {
        let slots = (0u32..).zip(&self.slots);
        let used = slots.filter(|(_, (_, slot))| slot.is_some());
        used.map(|(idx, (generation, _))| JobRef { idx, generation: *generation }).collect()
    }
}
