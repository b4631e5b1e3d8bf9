//! One limit lifted: the same system without it, to ask what that limit does.

use super::{ClientPolicy, LinkOrigin, Model};
use crate::rng::Distribution;
use crate::units::{Rate, Span};

/// Slots, and tokens and their refill a second, where there is no limit: more than any run has copies.
const MANY: u32 = 1_000_000_000;

/// A rate where there is no limit, bytes per second: 1 PiB/s, far beyond what all copies of a run ask
/// for, and whole as a float.
const FAST: u64 = 1 << 50;

/// A limit that can be lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lift {
    /// Snapshots take no time to be made (P-SNAPSHOT).
    Snapshot,
    /// API tokens without end.
    Tokens,
    /// Slots without end, for snapshots and images.
    Slots,
    /// No limits of the clients' own on copies at once.
    ClientLimit,
    /// Copies start at once (P-OVERHEAD).
    StartUp,
    /// Throughput quota without end.
    Quota,
    /// No cap on one time-based copy.
    CopyRate,
    /// No cap on one standard copy (P-STD-RATE).
    StandardRate,
    /// A link, by index, that neither fills nor fails.
    Link(usize),
}

impl Lift {
    /// The word for the limit in columns.
    pub const fn name(self) -> &'static str {
        match self {
            Lift::Snapshot => "snapshot",
            Lift::Tokens => "tokens",
            Lift::Slots => "slots",
            Lift::ClientLimit => "client",
            Lift::StartUp => "start_up",
            Lift::Quota => "quota",
            Lift::CopyRate => "copy_rate",
            Lift::StandardRate => "standard_rate",
            Lift::Link(_) => "link",
        }
    }

    /// All limits of a model, in order of a copy's life.
    pub fn all(model: &Model) -> Vec<Lift> {
        let others = [
            Lift::Snapshot,
            Lift::Tokens,
            Lift::Slots,
            Lift::ClientLimit,
            Lift::StartUp,
            Lift::Quota,
            Lift::CopyRate,
            Lift::StandardRate,
        ];
        let links = (0..model.links.len()).filter(|link| {
            model.links[*link].origin != LinkOrigin::Region
                && model.routes.iter().any(|route| route.links.contains(link))
        });
        others.into_iter().chain(links.map(Lift::Link)).collect()
    }

    /// The model without this limit. Draws stay what they are: streams go by name.
    #[must_use]
    pub fn of(self, model: &Model) -> Model {
        let mut model = model.clone();
        let limits = model.accounts.iter_mut().map(|account| &mut account.limits);
        match self {
            Lift::Snapshot => {
                model.assume.snapshot_fixed = Span::ZERO;
                model.assume.snapshot_rate = Rate::INFINITE;
            }
            Lift::Tokens => limits.for_each(|limits| {
                limits.copy_snapshot_bucket = (MANY, MANY);
                limits.copy_image_bucket = (MANY, MANY);
            }),
            Lift::Slots => limits.for_each(|limits| {
                (limits.snapshot_slots, limits.image_slots) = (MANY, MANY);
                limits.snapshot_slots_at.clear();
            }),
            Lift::ClientLimit => {
                for client in &mut model.clients {
                    if let ClientPolicy::Queue { limit, .. } = &mut client.policy {
                        *limit = None;
                    }
                }
            }
            Lift::StartUp => model.assume.overhead = Distribution::Constant(0.0),
            Lift::Quota => limits.for_each(|limits| {
                limits.quota = FAST;
                limits.quota_of.clear();
            }),
            Lift::CopyRate => limits.for_each(|limits| limits.copy_rate = FAST),
            Lift::StandardRate => {
                let fast = Rate::from_bytes_per_s(FAST).get();
                model.assume.standard_rate = Distribution::Constant(fast);
            }
            Lift::Link(link) => {
                for route in &mut model.routes {
                    route.links.retain(|other| *other != link);
                }
            }
        }
        model
    }
}
