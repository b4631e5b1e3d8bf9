//! Fluid flows on capacitated links: who moves how fast, what sets each rate, and who ends next.
//!
//! Three implementations stand behind [`Network`]: [`Reference`] solves by progressive filling at
//! every event; [`Levels`] keeps what it found, repairs it, and says the same to the last bit; and so
//! does [`OneLink`], where no route has more than one link and the flows of a link have one cap.

use crate::units::{Instant, Rate};

mod keys;
pub mod levels;
pub mod one_link;
pub mod reference;
#[cfg(test)]
mod walks;
#[cfg(test)]
mod twins;

pub use levels::Levels;
pub use one_link::OneLink;
pub use reference::Reference;

/// The network that runs use unless they ask for the reference.
pub type DefaultNetwork = Levels;

/// A link of the network, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkIdx(pub u32);

impl LinkIdx {
    /// As the index of a list.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// A route of the network, by index: a list of links that flows cross together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteIdx(pub u32);

impl RouteIdx {
    /// As the index of a list.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// A flow, by a slot that the caller chooses: small, dense, reused after the flow is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlowIdx(pub u32);

impl FlowIdx {
    /// As the index of a list.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// Who is served first on links with a capacity (P-TIER).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Time-based copies, or every flow where the tiers share.
    First,
    /// Standard copies: what the first tier leaves.
    Second,
}

impl Tier {
    /// Both, in the order in which they are served.
    pub const ALL: [Tier; 2] = [Tier::First, Tier::Second];

    /// As the index of a list: place in [`Tier::ALL`].
    pub const fn at(self) -> usize {
        match self {
            Tier::First => 0,
            Tier::Second => 1,
        }
    }
}

/// Share of a link's capacity below which what the first tier leaves counts as nothing.
///
/// What is left is a small difference of large numbers: below this it may be rounding alone.
pub const LEFT_OVER_MIN: f64 = 1e-9;

/// One flow as it enters the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// The links it crosses.
    pub route: RouteIdx,
    /// Bytes to move, not negative.
    pub bytes: f64,
    /// Most that it may carry; infinite for none.
    pub cap: Rate,
    /// The instant at which it ends while it runs at its cap, where that is known by definition
    /// (a copy paced to its deadline); else it is computed from bytes and rate. It is forgotten
    /// once time has passed below the cap, since the flow is behind then.
    pub ends_at: Option<Instant>,
    /// Who is served first.
    pub tier: Tier,
    /// Order among flows that end at the same instant.
    pub tie: u64,
}

/// What sets a flow's rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Its own cap.
    Cap,
    /// A full link of its route, on which no other flow of its tier is faster.
    Link(LinkIdx),
}

/// Flows on links, advanced by the caller's clock.
///
/// The caller applies all changes of one instant, then calls [`Network::settle`] once; only then
/// are rates, limits, and ends defined. Time never goes back, and never past
/// [`Network::next_end`]. The capacity of a link may be infinite (it never limits) or zero (its
/// flows stall). A flow without bytes has rate zero and ends at once.
pub trait Network: Clone + Send {
    /// Adds a link.
    fn add_link(&mut self, capacity: Rate) -> LinkIdx;
    /// Adds a route over `links`, in any order and without repeats; none means only caps limit.
    fn add_route(&mut self, links: &[LinkIdx]) -> RouteIdx;
    /// Changes what a link carries at most from `now` on.
    fn set_capacity(&mut self, now: Instant, link: LinkIdx, capacity: Rate);
    /// Lets a flow in. Its slot must be free.
    fn start(&mut self, now: Instant, idx: FlowIdx, flow: &Flow);
    /// Changes a running flow's cap, and with it the instant of its end while it runs at its cap.
    fn set_cap(&mut self, now: Instant, idx: FlowIdx, cap: Rate, ends_at: Option<Instant>);
    /// Takes a running flow out; returns the bytes that it still had.
    fn remove(&mut self, now: Instant, idx: FlowIdx) -> f64;
    /// Gives every flow its rate after the changes at `now`.
    fn settle(&mut self, now: Instant);
    /// When the next flow ends if nothing changes; `None` where none ever does.
    fn next_end(&self) -> Option<Instant>;
    /// Takes out the flows that end at `now`, in order of their ties, and appends them to `ended`.
    /// Zero bytes end at the instant they enter. The caller settles afterwards.
    fn take_ended(&mut self, now: Instant, ended: &mut Vec<FlowIdx>);
    /// Bytes that a running flow still has at `now`.
    fn left(&self, now: Instant, idx: FlowIdx) -> f64;
    /// Rate of a running flow.
    fn rate(&self, idx: FlowIdx) -> Rate;
    /// What sets the rate of a running flow. A flow whose cap equals its share is at its cap.
    fn limit(&self, idx: FlowIdx) -> Limit;
    /// Hands over the running flows whose limit may have changed in the latest `settle` calls
    /// (newly started ones among them), each at most once, in a fixed order.
    fn drain_changed(&mut self, changed: &mut Vec<FlowIdx>);
    /// What a link carries now, summed over its flows.
    fn link_use(&self, link: LinkIdx) -> Rate;
}
