//! Copies end before their time: they are cancelled, fail midway, or lose their source.

use super::Engine;
use super::copy::{CopyRef, End, Notice};
use super::network::Network;
use crate::model::{CancelSnaps, SourceDelete, Switch};
use crate::record::Fault;
use crate::units::Instant;

impl<N: Network> Engine<'_, N> {
    /// Takes back what the caller calls `tag`: deletes the target snapshot of a copy under way, or
    /// deregisters an image that is still pending (F89). Its slot, quota, and turn are free at once;
    /// what it moved is moved. Says whether there was such a copy.
    ///
    /// Snapshots of an image that are complete stay; those under way end with it, or go on without it
    /// (P-CANCEL-SNAPS); then a second cancel deletes those. A single snapshot of an image cannot be
    /// deleted while the image uses it (F91). Everything before `now` must have happened ([`Engine::advance_to`]).
    pub fn cancel(&mut self, tag: u64, now: Instant, out: &mut Vec<Notice>) -> bool {
        self.enter(now);
        let of_tag =
            |image: &Option<super::ImageCopy>| image.as_ref().is_some_and(|i| i.tag == tag);
        if let Some(idx) = self.images.iter().position(of_tag) {
            self.deregister(idx, out);
            return true;
        }
        let copies = self.copies.all(|copy| copy.tag == tag);
        for copy in &copies {
            self.finish(*copy, End::Cancelled, out);
        }
        !copies.is_empty()
    }

    /// A pending image is deregistered.
    fn deregister(&mut self, idx: usize, out: &mut Vec<Notice>) {
        self.touch(Switch::CancelSnaps);
        let image = u32::try_from(idx).expect("fewer than 2^32 images at once");
        let parts = self.copies.all(|copy| copy.image == Some(image));
        let state = self.images[idx].as_mut().expect("found above");
        (state.end, state.met) = (End::Cancelled, None);
        match self.model.assume.cancel_snaps {
            CancelSnaps::Cancelled => {
                // The last of them ends the image.
                for part in parts {
                    self.finish(part, End::Cancelled, out);
                }
            }
            CancelSnaps::Continue => {
                for part in parts {
                    self.copies.get_mut(part).expect("found above").image = None;
                }
                self.end_image(idx, out);
            }
        }
    }

    /// A source snapshot is deleted: its copies under way go on, or end in error (P-SRC-DELETE, F92).
    /// Returns how many there were.
    ///
    /// Everything before `now` must have happened ([`Engine::advance_to`]).
    pub fn source_deleted(
        &mut self,
        (volume, number): (u32, u64),
        now: Instant,
        out: &mut Vec<Notice>,
    ) -> usize {
        self.enter(now);
        let is_source =
            |copy: &super::copy::Copy| (copy.source.volume, copy.source.number) == (volume, number);
        let copies = self.copies.all(is_source);
        if !copies.is_empty() {
            self.touch(Switch::SrcDelete);
        }
        if self.model.assume.source_delete == SourceDelete::Error {
            for copy in &copies {
                self.fail(*copy, Fault::SourceDeleted, out);
            }
        }
        copies.len()
    }

    /// A copy ends in error now.
    pub(super) fn fail(&mut self, at: CopyRef, fault: Fault, out: &mut Vec<Notice>) {
        if let Some(copy) = self.copies.get_mut(at) {
            copy.fault = fault;
            self.finish(at, End::Error, out);
        }
    }

    /// The caller does something at `now`.
    fn enter(&mut self, now: Instant) {
        assert!(self.now <= now, "an action from the past");
        self.settle();
        self.now = now;
        self.n_events += 1;
    }
}
