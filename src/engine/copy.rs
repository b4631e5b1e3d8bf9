//! One copy under way: its state, and where its time goes.

use crate::catalog::Cause;
use crate::model::Retention;
use crate::model::change::SourceSnapshot;
use crate::record::{Blame, Fault, MissCause, Trail, WhyFull};
use crate::rng::NameHash;
use crate::units::{Bytes, Instant, Span, index_usize};

/// Time by cause, in the order of [`Cause::ALL`].
pub type Causes = [Span; Cause::ALL.len()];

/// A reference to a copy under way. It outlives the copy: a stale one finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CopyRef {
    pub(super) idx: u32,
    pub(super) generation: u32,
}

/// What a time-based copy needs and holds of the throughput quota.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pledge {
    /// Completion duration.
    pub(super) duration: Span,
    /// Size / duration, whole bytes per second, rounded up, not capped.
    pub(super) required: u64,
    /// What it reserves at best: required rounded up, at most the cap of one copy.
    pub(super) need: u64,
    /// Granted at acceptance.
    pub(super) granted: u64,
    /// Reserved now: `granted`, and more where residual grants grow.
    pub(super) held: u64,
    /// Borrowed now, not reserved.
    pub(super) borrowed: u64,
    /// Target rate: bytes left / time to the deadline when it was last set.
    pub(super) target: f64,
    /// Whether it is among those that are paced again at every tick.
    pub(super) behind: bool,
    /// Whether an event waits for its deadline.
    pub(super) watched: bool,
}

/// Where a copy is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Behind an earlier copy of the same source.
    Turn,
    /// Starting up.
    StartUp,
    /// Its bytes move.
    Moving,
}

/// One copy under way.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not hang together")]
pub(super) struct Copy {
    pub(super) tag: u64,
    pub(super) part: u32,
    pub(super) name: NameHash,
    /// Order of its events among others of the same instant and rank.
    pub(super) tie: u64,
    pub(super) image: Option<u32>,
    pub(super) account: usize,
    pub(super) route: usize,
    pub(super) lineage: usize,
    /// Its number in the lineage.
    pub(super) kept: u64,
    pub(super) source: SourceSnapshot,
    pub(super) retain: Retention,
    pub(super) bytes: Bytes,
    pub(super) incremental: bool,
    pub(super) why_full: Option<WhyFull>,
    /// Whether it fails when it has moved all but `never_moved`.
    pub(super) fails: bool,
    /// Why it fails, if it does.
    pub(super) fault: Fault,
    /// Bytes that it will not come to move because it fails before.
    pub(super) never_moved: Bytes,
    pub(super) takes_slot: bool,
    pub(super) pledge: Option<Pledge>,
    pub(super) stage: Stage,
    /// Whether its own cap set its rate when the network was last settled.
    pub(super) at_cap: bool,
    pub(super) accepted: Instant,
    pub(super) began: Option<Instant>,
    pub(super) deadline: Option<Instant>,
    /// Bytes moved before the transfer had to start again.
    pub(super) moved_before: Bytes,
    pub(super) cause: Cause,
    pub(super) since: Instant,
    pub(super) causes: Causes,
}

impl Copy {
    /// From `now` on its time goes into `cause`.
    pub(super) fn spend(&mut self, now: Instant, cause: Cause) {
        if cause != self.cause {
            self.causes[self.cause as usize] += now.since(self.since);
            self.since = now;
            self.cause = cause;
        }
    }

    /// Bytes that it moves: all, or those before it fails.
    pub(super) fn moves(&self) -> Bytes {
        self.bytes.minus_or_zero(self.never_moved)
    }

    /// The flow of a copy that fails has ended: what it moved is moved, and nothing is on its way.
    pub(super) fn flow_is_gone(&mut self) {
        self.moved_before += self.moves();
        self.never_moved = self.bytes;
    }

    /// Time by cause from acceptance until `now`.
    pub(super) fn causes_until(&self, now: Instant) -> Causes {
        let mut causes = self.causes;
        causes[self.cause as usize] += now.since(self.since);
        causes
    }
}

/// How a copy ended, as the provider knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All bytes landed.
    Completed,
    /// It failed.
    Error,
    /// Its target was deleted, or its image deregistered, while it was under way (F89).
    Cancelled,
    /// It was still under way.
    Unfinished,
}

/// A copy at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyEnd {
    /// What the caller called it.
    pub tag: u64,
    /// Which snapshot of an image; 0 for a snapshot copy.
    pub part: u32,
    /// How it ended.
    pub end: End,
    /// When.
    pub at: Instant,
    /// When it was accepted.
    pub accepted: Instant,
    /// When its transfer began.
    pub began: Option<Instant>,
    /// Its deadline by the provider's clock.
    pub deadline: Option<Instant>,
    /// Bytes to move.
    pub bytes: Bytes,
    /// Bytes that were moved, those moved twice counted twice.
    pub moved: Bytes,
    /// Whether it was incremental.
    pub incremental: bool,
    /// Why it was not.
    pub why_full: Option<WhyFull>,
    /// Quota needed, whole bytes per second, not capped; none for standard copies.
    pub required: Option<u64>,
    /// Quota granted at acceptance; none for standard copies.
    pub granted: Option<u64>,
    /// Whether it ended by its deadline; none for standard copies, cancelled and unfinished ones.
    pub met: Option<bool>,
    /// Who is to blame where it did not.
    pub blame: Option<Blame>,
    /// Why it did not.
    pub missed: Option<MissCause>,
    /// Why it failed, where it did.
    pub fault: Option<Fault>,
    /// Time by cause from acceptance to the end.
    pub causes: Causes,
    /// The same as it went, stretch by stretch; empty but for copies that are watched.
    pub trail: Trail,
}

/// An image copy at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageEnd {
    /// What the caller called it.
    pub tag: u64,
    /// How it ended.
    pub end: End,
    /// When.
    pub at: Instant,
    /// When it was accepted.
    pub accepted: Instant,
    /// Whether all its snapshots met their deadlines; none for standard copies and cancelled ones.
    pub met: Option<bool>,
    /// Why the snapshot failed that failed first, where one did.
    pub fault: Option<Fault>,
    /// Snapshots that go on without it (P-CANCEL-SNAPS `continue`): their ends are still to be told.
    pub n_going_on: u32,
}

/// What the provider tells of its own accord.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "most notices are the large one")]
pub enum Notice {
    /// A snapshot copy, or one snapshot of an image copy, ended.
    CopyEnded(CopyEnd),
    /// An image copy ended: its last snapshot did, or it was deregistered.
    ImageEnded(ImageEnd),
    /// A deadline passed while the copy was still under way (F35).
    DeadlineMissed {
        /// What the caller called the copy.
        tag: u64,
        /// Which snapshot of an image; 0 for a snapshot copy.
        part: u32,
        /// The deadline.
        at: Instant,
        /// When the copy was accepted.
        accepted: Instant,
        /// Why it is missed.
        cause: MissCause,
    },
}

/// Copies under way, in slots that are used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Copies {
    slots: Vec<(u32, Option<Copy>)>,
    free: Vec<u32>,
    n_live: usize,
}

impl Copies {
    /// Puts a copy into a free slot.
    pub(super) fn insert(&mut self, copy: Copy) -> CopyRef {
        self.n_live += 1;
        if let Some(idx) = self.free.pop() {
            let (generation, slot) = &mut self.slots[place(idx)];
            *slot = Some(copy);
            return CopyRef { idx, generation: *generation };
        }
        let idx = u32::try_from(self.slots.len()).expect("fewer than 2^32 copies at once");
        self.slots.push((0, Some(copy)));
        CopyRef { idx, generation: 0 }
    }

    /// The copy of a reference, unless it is gone.
    pub(super) fn get_mut(&mut self, at: CopyRef) -> Option<&mut Copy> {
        let (generation, slot) = &mut self.slots[place(at.idx)];
        if *generation == at.generation { slot.as_mut() } else { None }
    }

    /// The copy of a reference, unless it is gone.
    pub(super) fn get(&self, at: CopyRef) -> Option<&Copy> {
        let (generation, slot) = &self.slots[place(at.idx)];
        if *generation == at.generation { slot.as_ref() } else { None }
    }

    /// The copy in a slot.
    ///
    /// # Panics
    /// When the slot is free.
    pub(super) fn at(&mut self, idx: u32) -> (CopyRef, &mut Copy) {
        let (generation, slot) = &mut self.slots[place(idx)];
        (CopyRef { idx, generation: *generation }, slot.as_mut().expect("a flow has its copy"))
    }

    /// Takes a copy out of its slot.
    ///
    /// # Panics
    /// When it is gone already.
    pub(super) fn remove(&mut self, at: CopyRef) -> Copy {
        let (generation, slot) = &mut self.slots[place(at.idx)];
        assert_eq!(*generation, at.generation, "copy {} is gone", at.idx);
        *generation = generation.wrapping_add(1);
        self.free.push(at.idx);
        self.n_live -= 1;
        slot.take().expect("a live reference has its copy")
    }

    /// References of all copies under way, by slot.
    pub(super) fn live(&self) -> Vec<CopyRef> {
        self.all(|_| true)
    }

    /// The first copy of which something holds.
    pub(super) fn find(&self, holds: impl Fn(&Copy) -> bool) -> Option<&Copy> {
        self.slots.iter().filter_map(|(_, slot)| slot.as_ref()).find(|copy| holds(copy))
    }

    /// References of the copies under way of which something holds, by slot.
    pub(super) fn all(&self, holds: impl Fn(&Copy) -> bool) -> Vec<CopyRef> {
        let slots = (0u32..).zip(&self.slots);
        let held = slots.filter(|(_, (_, slot))| slot.as_ref().is_some_and(&holds));
        held.map(|(idx, (generation, _))| CopyRef { idx, generation: *generation }).collect()
    }

    /// How many copies are under way.
    pub(super) fn len(&self) -> usize {
        self.n_live
    }
}

fn place(idx: u32) -> usize {
    index_usize(idx)
}
