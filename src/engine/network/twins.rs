//! The fast network and its slow twin, driven side by side: they part where a fault is.
//!
//! Both get the same steps at the same instants, and rates are compared on the same state. What
//! each says of itself (limits, changes, use of links) is held against the definitions.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Flow, FlowIdx, Levels, Limit, LinkIdx, Network, Reference, RouteIdx, Tier};
use crate::units::{Instant, Rate, Span, count_u64, index_u32};

const N_LINKS: usize = 7;
/// Ends of twins may lie so far apart: each rounds to whole nanoseconds after sums of its own.
const END_TOLERANCE: Span = Span::from_nanos(20);

#[derive(Debug, Clone)]
struct Start {
    route: usize,
    bytes: f64,
    cap: f64,
    paced: bool,
    tier: Tier,
}

#[derive(Debug, Clone)]
enum Step {
    Start(Start),
    Remove(usize),
    /// With an end by definition, or without.
    SetCap(usize, f64, bool),
    Capacity(usize, f64),
    AddRoute(Vec<usize>),
    /// At most so long, and not past the next end.
    Wait(Span),
    ToNextEnd,
    Settle,
}

fn any_path() -> impl Strategy<Value = Vec<usize>> {
    prop::sample::subsequence((0..N_LINKS).collect::<Vec<usize>>(), 0..=5)
}

/// Whole numbers, so that ties and caps equal to shares are frequent; zero, and no cap.
fn any_cap() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(f64::INFINITY), 6 => (0u32..12).prop_map(f64::from)]
}

fn any_capacity() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(f64::INFINITY), 8 => (0u32..40).prop_map(f64::from)]
}

fn any_start() -> impl Strategy<Value = Step> {
    let bytes = prop_oneof![1 => Just(0.0), 9 => (1u32..200).prop_map(f64::from)];
    let tier = prop_oneof![2 => Just(Tier::First), 1 => Just(Tier::Second)];
    (0usize..20, bytes, any_cap(), any::<bool>(), tier).prop_map(
        |(route, bytes, cap, paced, tier)| Step::Start(Start { route, bytes, cap, paced, tier }),
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => any_start(),
        1 => (0usize..99).prop_map(Step::Remove),
        2 => (0usize..99, any_cap(), any::<bool>()).prop_map(|(n, cap, paced)| Step::SetCap(n, cap, paced)),
        2 => (0..N_LINKS, any_capacity()).prop_map(|(link, c)| Step::Capacity(link, c)),
        1 => any_path().prop_map(Step::AddRoute),
        4 => (0u64..4_000_000_000).prop_map(|nanos| Step::Wait(Span::from_nanos(nanos))),
        6 => Just(Step::ToNextEnd),
        4 => Just(Step::Settle),
    ]
}

/// Both networks, and what was done to them.
struct Twins {
    fast: Levels,
    slow: Reference,
    now: Instant,
    /// All amounts and rates are so many times those of the steps.
    scale: f64,
    capacity: Vec<f64>,
    paths: Vec<Vec<usize>>,
    running: BTreeMap<FlowIdx, Flow>,
    n_started: usize,
    /// What the fast network said last of each flow's limit.
    limits: BTreeMap<FlowIdx, Limit>,
}

impl Twins {
    fn new(capacity: &[f64], paths: &[Vec<usize>], scale: f64) -> Twins {
        let mut twins = Twins {
            fast: Levels::default(),
            slow: Reference::default(),
            now: Instant::ZERO,
            scale,
            capacity: capacity.iter().map(|capacity| capacity * scale).collect(),
            paths: Vec::new(),
            running: BTreeMap::new(),
            n_started: 0,
            limits: BTreeMap::new(),
        };
        for &capacity in &twins.capacity {
            twins.fast.add_link(Rate::new(capacity));
            twins.slow.add_link(Rate::new(capacity));
        }
        for path in paths {
            twins.add_route(path);
        }
        twins
    }

    fn add_route(&mut self, path: &[usize]) {
        let links: Vec<LinkIdx> = path.iter().map(|&link| LinkIdx(index_u32(link))).collect();
        assert_eq!(self.fast.add_route(&links), self.slow.add_route(&links));
        self.paths.push(path.to_vec());
    }

    /// The nth running flow, counted round.
    fn nth(&self, nth: usize) -> Option<FlowIdx> {
        self.running.keys().nth(nth % self.running.len().max(1)).copied()
    }

    fn apply(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Start(start) => self.start(start),
            Step::Remove(nth) => {
                if let Some(idx) = self.nth(*nth) {
                    let (fast, slow) =
                        (self.fast.remove(self.now, idx), self.slow.remove(self.now, idx));
                    self.assert_same_bytes(fast, slow, idx)?;
                    self.running.remove(&idx);
                }
            }
            Step::SetCap(nth, cap, paced) => {
                if let Some(idx) = self.nth(*nth) {
                    let cap = Rate::new(cap * self.scale);
                    let left = self.slow.left(self.now, idx);
                    let ends_at = if *paced { self.paced_end(left, cap) } else { None };
                    self.fast.set_cap(self.now, idx, cap, ends_at);
                    self.slow.set_cap(self.now, idx, cap, ends_at);
                    self.running.get_mut(&idx).unwrap().cap = cap;
                }
            }
            Step::Capacity(link, capacity) => {
                self.capacity[*link] = capacity * self.scale;
                let (link, capacity) =
                    (LinkIdx(index_u32(*link)), Rate::new(capacity * self.scale));
                self.fast.set_capacity(self.now, link, capacity);
                self.slow.set_capacity(self.now, link, capacity);
            }
            Step::AddRoute(path) => self.add_route(path),
            Step::Settle => self.settle()?,
            Step::Wait(span) => {
                self.settle()?;
                self.wait(Some(self.now + *span))?;
            }
            Step::ToNextEnd => {
                self.settle()?;
                self.wait(None)?;
            }
        }
        Ok(())
    }

    /// When a flow that is paced ends, by definition: when its bytes are through at its cap.
    fn paced_end(&self, left: f64, cap: Rate) -> Option<Instant> {
        let has_pace = Rate::ZERO < cap && cap < Rate::INFINITE;
        has_pace.then(|| self.now + Span::from_secs_f64(left / cap.get()))
    }

    fn start(&mut self, start: &Start) {
        let Start { route, bytes, cap, paced, tier } = *start;
        let (bytes, cap) = (bytes * self.scale, Rate::new(cap * self.scale));
        let flow = Flow {
            route: RouteIdx(index_u32(route % self.paths.len())),
            bytes,
            cap,
            ends_at: if paced { self.paced_end(bytes, cap) } else { None },
            tier,
            tie: u64::from(index_u32(self.n_started * 7 % 10)),
        };
        let taken = (0..).zip(self.running.keys()).take_while(|(n, idx)| *n == idx.0).count();
        let idx = FlowIdx(index_u32(taken)); // the first free slot
        self.n_started += 1;
        self.fast.start(self.now, idx, &flow);
        self.slow.start(self.now, idx, &flow);
        self.running.insert(idx, flow);
        self.limits.remove(&idx);
    }

    /// Settles both, and compares all that they say.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        self.fast.settle(self.now);
        self.slow.settle(self.now);
        for (&idx, flow) in &self.running {
            let (fast, slow) = (self.fast.rate(idx), self.slow.rate(idx));
            prop_assert!(
                self.is_close(fast.get(), slow.get()),
                "flow {}: {fast:?}, not {slow:?}",
                idx.0
            );
            let left = (self.fast.left(self.now, idx), self.slow.left(self.now, idx));
            self.assert_same_bytes(left.0, left.1, idx)?;
            self.assert_held(&self.fast, idx, flow)?;
            self.assert_held(&self.slow, idx, flow)?;
        }
        for link in (0..).map(LinkIdx).take(N_LINKS) {
            let (fast, slow) = (self.fast.link_use(link).get(), self.slow.link_use(link).get());
            prop_assert!(self.is_close(fast, slow), "{link:?} carries {fast}, not {slow}");
            prop_assert!(fast <= self.capacity[link.at()] * (1.0 + 1e-9));
        }
        match (self.fast.next_end(), self.slow.next_end()) {
            (Some(fast), Some(slow)) => {
                let apart = self.end_tolerance(fast.max(slow));
                prop_assert!(
                    fast.max(slow).since(fast.min(slow)) <= apart,
                    "{fast:?}, not {slow:?}"
                );
            }
            (fast, slow) => prop_assert!(self.is_never(fast) && self.is_never(slow)),
        }
        self.assert_changes_are_told()
    }

    /// Rates agree to 1e-9 of the rate, or of a unit where they are differences of large ones.
    fn is_close(&self, fast: f64, slow: f64) -> bool {
        let (lesser, greater) = if fast < slow { (fast, slow) } else { (slow, fast) };
        greater <= lesser + 1e-9 * (lesser + self.scale)
    }

    /// Later ends come from small rates, whose relative error is larger.
    fn end_tolerance(&self, end: Instant) -> Span {
        END_TOLERANCE + end.since_or_zero(self.now).scale(1e-7)
    }

    /// No end, or one so far away that the rate is rounding.
    fn is_never(&self, end: Option<Instant>) -> bool {
        end.is_none_or(|end| Span::from_days(1) < end.since(self.now))
    }

    fn assert_same_bytes(&self, fast: f64, slow: f64, idx: FlowIdx) -> Result<(), TestCaseError> {
        let near = (fast - slow).abs() <= 1e-5 * self.scale;
        prop_assert!(near, "flow {} has {fast} bytes left, not {slow}", idx.0);
        Ok(())
    }

    /// A flow is at its cap, or on a full link on which no flow of its tier is faster.
    fn assert_held(
        &self,
        network: &impl Network,
        idx: FlowIdx,
        flow: &Flow,
    ) -> Result<(), TestCaseError> {
        let rate = network.rate(idx).get();
        match network.limit(idx) {
            Limit::Cap => prop_assert!(network.rate(idx) == flow.cap || flow.bytes == 0.0),
            Limit::Link(link) => {
                prop_assert!(self.paths[flow.route.at()].contains(&link.at()));
                prop_assert!(rate <= flow.cap.get());
                let (used, capacity) = (network.link_use(link).get(), self.capacity[link.at()]);
                prop_assert!(
                    capacity - used <= 1e-8 * (capacity + self.scale),
                    "{link:?} is not full"
                );
                let mut others = self.running.iter().filter(|(_, other)| {
                    other.tier == flow.tier && self.paths[other.route.at()].contains(&link.at())
                });
                let slack = 1e-8 * (rate + self.scale);
                prop_assert!(others.all(|(&other, _)| network.rate(other).get() <= rate + slack));
            }
        }
        Ok(())
    }

    /// Whoever has another limit than before is handed over, once, and in order.
    fn assert_changes_are_told(&mut self) -> Result<(), TestCaseError> {
        let (mut changed, mut slow_changed) = (Vec::new(), Vec::new());
        self.fast.drain_changed(&mut changed);
        self.slow.drain_changed(&mut slow_changed);
        prop_assert!(changed.is_sorted_by(|a, b| a < b), "{changed:?}");
        prop_assert!(changed.iter().all(|idx| self.running.contains_key(idx)));
        for &idx in self.running.keys() {
            let limit = self.fast.limit(idx);
            let told = changed.contains(&idx);
            prop_assert!(told || self.limits.get(&idx) == Some(&limit), "flow {} changed", idx.0);
            self.limits.insert(idx, limit);
        }
        Ok(())
    }

    /// Waits until `until`, or to the next end if that comes first, and lets flows end.
    fn wait(&mut self, until: Option<Instant>) -> Result<(), TestCaseError> {
        let next =
            self.fast.next_end().max(self.slow.next_end()).filter(|&end| !self.is_never(Some(end)));
        let Some(now) = next.into_iter().chain(until).min() else { return Ok(()) };
        self.now = now;
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        self.fast.take_ended(self.now, &mut fast);
        self.slow.take_ended(self.now, &mut slow);
        for &idx in fast.iter().filter(|idx| !slow.contains(idx)) {
            self.assert_about_to_end(self.slow.left(self.now, idx), idx)?;
            self.slow.remove(self.now, idx);
        }
        for &idx in slow.iter().filter(|idx| !fast.contains(idx)) {
            self.assert_about_to_end(self.fast.left(self.now, idx), idx)?;
            self.fast.remove(self.now, idx);
        }
        let ties: Vec<u64> = fast.iter().map(|idx| self.running[idx].tie).collect();
        prop_assert!(ties.is_sorted());
        for idx in fast.iter().chain(&slow) {
            self.running.remove(idx);
        }
        Ok(())
    }

    fn assert_about_to_end(&self, left: f64, idx: FlowIdx) -> Result<(), TestCaseError> {
        prop_assert!(left <= 1e-5 * self.scale, "flow {} ends {left} bytes early", idx.0);
        Ok(())
    }
}

/// Drives both through all steps, then until they are drained.
fn drive(
    capacity: &[f64],
    paths: &[Vec<usize>],
    steps: &[Step],
    scale: f64,
) -> Result<(), TestCaseError> {
    let mut twins = Twins::new(capacity, paths, scale);
    for step in steps {
        twins.apply(step)?;
    }
    for _ in 0..2 * twins.running.len() {
        twins.apply(&Step::ToNextEnd)?;
    }
    twins.settle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn fast_and_slow_agree_after_every_step(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        paths in prop::collection::vec(any_path(), 1..9),
        steps in prop::collection::vec(any_step(), 1..80),
    ) {
        drive(&capacity, &paths, &steps, 1.0)?;
    }

    /// Amounts of petabytes: clocks run past the reading at which they are set back.
    #[test]
    fn fast_and_slow_agree_where_clocks_are_set_back(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        paths in prop::collection::vec(any_path(), 1..9),
        steps in prop::collection::vec(any_step(), 1..80),
    ) {
        drive(&capacity, &paths, &steps, count_u64(1 << 42))?;
    }
}
