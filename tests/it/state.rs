//! The state of the simulated account: cancels, failures, views, and what always holds of them.

mod ends;
mod sequences;
mod views;

use snapferry::engine::calendar::{Key, Rank};
use snapferry::engine::copy::{CopyEnd, ImageEnd, Notice};
use snapferry::engine::network::{Levels, Network};
use snapferry::engine::{Answer, CopyRequest, Engine, Source};
use snapferry::model::{Model, Retention};
use snapferry::rng::{Chance, NameHash};
use snapferry::units::{Instant, Span};

use crate::support::{WEST, at, route_to};

/// An engine that remembers, with what it told so far. Requests are tagged 0, 1, 2, …
struct Account<'m, N = Levels> {
    engine: Engine<'m, N>,
    told: Vec<Notice>,
    n_asked: u64,
}

impl<'m, N: Network + Default> Account<'m, N> {
    fn of(model: &'m Model) -> Account<'m, N> {
        let mut engine = Engine::new(model, Chance::new(model.seed, 0), None);
        engine.remember();
        Account { engine, told: Vec::new(), n_asked: 0 }
    }

    /// Lets happen what comes before requests of this many seconds after the start.
    fn wait_until(&mut self, secs: u64) {
        self.engine.advance_to(Key::start_of(at(secs), Rank::Request), &mut self.told);
    }

    fn finish(&mut self) {
        self.engine.advance_to(Key::start_of(Instant::FAR, Rank::Horizon), &mut self.told);
    }

    /// A request to `us-west-2` of the next tag; `change` alters it.
    fn ask(
        &mut self,
        secs: u64,
        sources: &[Source],
        change: impl for<'r> FnOnce(CopyRequest<'r>) -> CopyRequest<'r>,
    ) -> Answer {
        self.wait_until(secs);
        let request = CopyRequest {
            name: name(self.n_asked),
            tag: self.n_asked,
            sources,
            image: false,
            account: 0,
            route: route_to(WEST),
            duration: None,
            retain: Retention::Forever,
            shelf: 0,
            failures: None,
            fault: None,
            labels: None,
        };
        self.n_asked += 1;
        self.engine.submit(&change(request), at(secs))
    }

    fn cancel(&mut self, secs: u64, tag: u64) -> bool {
        self.wait_until(secs);
        self.engine.cancel(tag, at(secs), &mut self.told)
    }

    /// Ends of snapshot copies, in the order in which they were told.
    fn ends(&self) -> Vec<&CopyEnd> {
        let ends = self.told.iter().filter_map(|notice| match notice {
            Notice::CopyEnded(end) => Some(end),
            Notice::ImageEnded(_) | Notice::DeadlineMissed { .. } => None,
        });
        ends.collect()
    }

    /// Ends of image copies, in the order in which they were told.
    fn image_ends(&self) -> Vec<&ImageEnd> {
        let ends = self.told.iter().filter_map(|notice| match notice {
            Notice::ImageEnded(end) => Some(end),
            Notice::CopyEnded(_) | Notice::DeadlineMissed { .. } => None,
        });
        ends.collect()
    }
}

/// The name of the request of a tag.
fn name(tag: u64) -> NameHash {
    NameHash::of("request").number(tag)
}

/// Time-based, in so many minutes.
fn within(mins: u64) -> impl for<'r> FnOnce(CopyRequest<'r>) -> CopyRequest<'r> {
    move |request| CopyRequest { duration: Some(Span::from_mins(mins)), ..request }
}

/// CopyImage instead of CopySnapshot.
fn as_image(request: CopyRequest<'_>) -> CopyRequest<'_> {
    CopyRequest { image: true, ..request }
}
