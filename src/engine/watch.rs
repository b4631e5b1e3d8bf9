//! Copies that are watched: where their time goes, stretch by stretch, and how fast they are.
//!
//! Whatever happens at one instant, causes and rates hold from then until something happens next; so
//! it is enough to look at the copies that are watched before time goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::copy::{CopyRef, Stage};
use super::network::{FlowIdx, Limit, Network};
use crate::catalog::Cause;
use crate::record::{Stretch, Trail};
use crate::units::{Bytes, Instant, Rate, index_usize};

/// What holds a copy up, and how fast it is.
type Now = (Cause, Option<usize>, Option<Rate>);

/// Copies that are watched.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// What their caller calls them.
    tags: BTreeSet<u64>,
    /// Those under way.
    open: BTreeMap<CopyRef, Open>,
}

/// A watched copy under way.
#[derive(Debug, Clone)]
struct Open {
    /// What is past.
    trail: Trail,
    /// Since when it is as it is.
    since: Instant,
    /// How it is.
    now: Now,
}

impl Open {
    /// It is something else from `at` on, or no more.
    fn turn(&mut self, at: Instant, next: Now) {
        let (from, until, (cause, link, rate)) = (self.since, at, self.now);
        self.trail.push(Stretch { from, until, cause, link, rate });
        (self.since, self.now) = (at, next);
    }
}

impl<N: Network> Engine<'_, N> {
    /// Watches the copy of the request that the caller calls `tag` from its acceptance on: its
    /// [`super::copy::CopyEnd`] then has its trail.
    pub fn watch(&mut self, tag: u64) {
        self.watch.get_or_insert_default().tags.insert(tag);
    }

    /// A copy was accepted.
    pub(super) fn begin_trail(&mut self, at: CopyRef) {
        let Some(watch) = &mut self.watch else { return };
        let copy = self.copies.get(at).expect("just accepted");
        if watch.tags.contains(&copy.tag) {
            let now = (Cause::SameSource, None, None);
            watch.open.insert(at, Open { trail: Trail::default(), since: copy.accepted, now });
        }
    }

    /// Notes how the watched copies are after what happened at this instant.
    pub(super) fn look_at_watched(&mut self) {
        let Some(mut watch) = self.watch.take() else { return };
        for (at, open) in &mut watch.open {
            let now = self.now_of(*at);
            if now != open.now {
                open.turn(self.now, now);
            }
        }
        self.watch = Some(watch);
    }

    /// What holds a copy up, and how fast it is, once the network is settled.
    fn now_of(&self, at: CopyRef) -> Now {
        let copy = self.copies.get(at).expect("a watched copy is under way");
        if copy.stage != Stage::Moving || copy.moves() == Bytes::ZERO {
            return (copy.cause, None, None);
        }
        let flow = FlowIdx(at.idx);
        let link = match self.network.limit(flow) {
            Limit::Cap => None,
            Limit::Link(link) => Some(index_usize(link.0)),
        };
        (copy.cause, link, Some(self.network.rate(flow)))
    }

    /// The trail of a copy that ends now; empty where it is not watched.
    pub(super) fn end_trail(&mut self, at: CopyRef) -> Trail {
        let Some(watch) = &mut self.watch else { return Trail::default() };
        let Some(mut open) = watch.open.remove(&at) else { return Trail::default() };
        open.turn(self.now, open.now);
        open.trail
    }

    /// The trail until `now` of the copy under way that the caller calls `tag`, if it is watched: the
    /// copy whose time [`Engine::causes_of`] tells.
    pub fn trail_of(&self, tag: u64, now: Instant) -> Option<Trail> {
        let copy = self.copies.find(|copy| copy.tag == tag)?;
        let open = self.watch.as_ref()?.open.iter();
        let same = |at: &CopyRef| self.copies.get(*at).is_some_and(|other| other.name == copy.name);
        let (_, mut open) = open.map(|(at, open)| (at, open.clone())).find(|(at, _)| same(at))?;
        open.turn(now, open.now);
        Some(open.trail)
    }
}
