//! What owners do to copies and to their sources before they are done.

use super::Run;
use super::job::{JobRef, Waits};
use crate::engine::Source;
use crate::engine::network::Network;
use crate::model::Judged;
use crate::record::{Fault, Outcome};
use crate::units::Instant;

impl<N: Network + Default> Run<'_, '_, N> {
    /// The target of a copy is deleted, or its image deregistered (F89). Where it is not accepted yet,
    /// nobody asks for it again; where it has ended, nothing is changed.
    pub(super) fn take_back(&mut self, now: Instant, at: JobRef) {
        let Some(job) = self.jobs.get(at) else { return };
        if job.waits == Waits::Accepted {
            self.engine.cancel(at.tag(), now, &mut self.notices);
            self.take_notices();
        } else {
            self.drop_job(now, at, Outcome::Cancelled);
        }
    }

    /// The source of a copy is deleted: a copy under way goes on or fails (F92, P-SRC-DELETE); one that
    /// is yet to be accepted finds no source (F84).
    pub(super) fn delete_source(&mut self, now: Instant, at: JobRef) {
        let Some(job) = self.jobs.get(at) else { return };
        if job.waits != Waits::Accepted {
            self.fleets[job.fleet].items[job.item].judged = Judged::Fails(Fault::SourceNotFound);
            return;
        }
        let sources =
            job.sources.iter().map(|Source { snapshot, .. }| (snapshot.volume, snapshot.number));
        let sources: Vec<(u32, u64)> = sources.collect();
        for source in sources {
            self.engine.source_deleted(source, now, &mut self.notices);
        }
        self.take_notices();
    }
}
