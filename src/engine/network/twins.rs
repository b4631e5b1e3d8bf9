//! The fast network and its slow twin, driven side by side: they part where a fault is.
//!
//! Both get the same steps at the same instants, and say the same to the last bit: amounts are counted
//! exactly, and rates come from the same sums in the same order. What they say is held against the
//! definitions as well.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Flow, FlowIdx, Levels, Limit, LinkIdx, Network, OneLink, Reference, RouteIdx, Tier};
use crate::units::{Instant, Rate, Span, index_u32};

const N_LINKS: usize = 7;

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
struct Twins<N> {
    fast: N,
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

impl<N: Network + Default> Twins<N> {
    fn new(capacity: &[f64], paths: &[Vec<usize>], scale: f64) -> Twins<N> {
        let mut twins = Twins {
            fast: N::default(),
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
                    let fast = self.fast.remove(self.now, idx);
                    assert_same(fast, self.slow.remove(self.now, idx), "left", idx)?;
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
            assert_same(self.fast.rate(idx), self.slow.rate(idx), "moves", idx)?;
            assert_same(self.fast.limit(idx), self.slow.limit(idx), "is held by", idx)?;
            let left = (self.fast.left(self.now, idx), self.slow.left(self.now, idx));
            assert_same(left.0, left.1, "has left", idx)?;
            self.assert_held(idx, flow)?;
        }
        for link in (0..).map(LinkIdx).take(N_LINKS) {
            let (fast, slow) = (self.fast.link_use(link), self.slow.link_use(link));
            prop_assert_eq!(fast, slow, "{:?} carries", link);
            prop_assert!(fast.get() <= self.capacity[link.at()] * (1.0 + 1e-9));
        }
        prop_assert_eq!(self.fast.next_end(), self.slow.next_end());
        self.assert_changes_are_told()
    }

    /// A flow is at its cap, or on a full link on which no flow of its tier is faster.
    fn assert_held(&self, idx: FlowIdx, flow: &Flow) -> Result<(), TestCaseError> {
        let network = &self.slow;
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
        let Some(now) = self.slow.next_end().into_iter().chain(until).min() else { return Ok(()) };
        self.now = now;
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        self.fast.take_ended(self.now, &mut fast);
        self.slow.take_ended(self.now, &mut slow);
        prop_assert_eq!(&fast, &slow);
        let ties: Vec<u64> = fast.iter().map(|idx| self.running[idx].tie).collect();
        prop_assert!(ties.is_sorted());
        for idx in &fast {
            self.running.remove(idx);
        }
        Ok(())
    }
}

fn assert_same<T: PartialEq + std::fmt::Debug>(
    fast: T,
    slow: T,
    what: &str,
    idx: FlowIdx,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(fast, slow, "flow {} {}", idx.0, what);
    Ok(())
}

/// Drives both through all steps, then until they are drained.
fn drive<N: Network + Default>(
    capacity: &[f64],
    paths: &[Vec<usize>],
    steps: &[Step],
    scale: f64,
) -> Result<(), TestCaseError> {
    let mut twins = Twins::<N>::new(capacity, paths, scale);
    for step in steps {
        twins.apply(step)?;
    }
    for _ in 0..2 * twins.running.len() {
        twins.apply(&Step::ToNextEnd)?;
    }
    twins.settle()
}

/// Amounts that are no whole numbers, so that sums are rounded where links are equally full.
const ODD: f64 = 1e8 / 7.0;
/// Amounts of hundreds of petabytes: clocks run past the reading at which they are set back.
const PLENTY: f64 = 4_503_599_627_370_496.0; // 2^52

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn levels_say_what_the_reference_says(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        paths in prop::collection::vec(any_path(), 1..9),
        steps in prop::collection::vec(any_step(), 1..80),
        scale in prop::sample::select(vec![1.0, ODD, PLENTY]),
    ) {
        drive::<Levels>(&capacity, &paths, &steps, scale)?;
    }

    /// On routes of one link, with the same cap for all flows of a link.
    #[test]
    fn one_link_says_what_the_reference_says(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        caps in prop::collection::vec(any_cap(), N_LINKS),
        links in prop::collection::vec(prop::option::weighted(0.9, 0..N_LINKS), 1..9),
        steps in prop::collection::vec(any_step(), 1..80),
        scale in prop::sample::select(vec![1.0, ODD, PLENTY]),
    ) {
        let paths: Vec<Vec<usize>> = links.iter().map(|link| link.iter().copied().collect()).collect();
        let alike = |step: &Step| match step {
            Step::Start(start) => match links[start.route % links.len()] {
                Some(link) => {
                    let start = Start { cap: caps[link], paced: false, ..start.clone() };
                    Step::Start(Start { tier: Tier::First, ..start })
                }
                None => Step::Start(Start { tier: Tier::First, ..start.clone() }),
            },
            Step::SetCap(..) | Step::AddRoute(_) => Step::Settle,
            step => step.clone(),
        };
        let steps: Vec<Step> = steps.iter().map(alike).collect();
        drive::<OneLink>(&capacity, &paths, &steps, scale)?;
    }
}
