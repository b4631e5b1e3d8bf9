//! Levels against progressive filling.

use proptest::prelude::*;

use super::super::super::FlowIdx;
use super::{Hold, Solver};
use crate::engine::maxmin::allocate;
use crate::units::{Rate, count_u64, index_u32};

const N_LINKS: usize = 7;

/// Links 0 to 6; routes of up to 5 links, so that some links are shared and some are not.
fn any_routes() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let links: Vec<usize> = (0..N_LINKS).collect();
    prop::collection::vec(prop::sample::subsequence(links, 0..=5), 1..9)
}

/// Whole numbers, so that ties and caps equal to shares are frequent; zero, and no cap.
fn any_cap() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(f64::INFINITY), 6 => (0u32..12).prop_map(f64::from)]
}

fn any_capacity() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(f64::INFINITY), 8 => (0u32..40).prop_map(f64::from)]
}

/// From 1 to 9e12, so that what one flow leaves is next to nothing beside the other.
fn any_wide() -> impl Strategy<Value = f64> {
    (1u32..10, 0u32..13).prop_map(|(digit, zeros)| f64::from(digit) * count_u64(10u64.pow(zeros)))
}

#[derive(Debug, Clone)]
enum Step {
    Enter(usize, f64),
    Leave(usize),
    Capacity(usize, f64),
    Solve,
}

fn any_step(
    cap: impl Strategy<Value = f64>,
    capacity: impl Strategy<Value = f64>,
) -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..9, cap).prop_map(|(route, cap)| Step::Enter(route, cap)),
        2 => (0usize..99).prop_map(Step::Leave),
        1 => (0..N_LINKS, capacity).prop_map(|(link, c)| Step::Capacity(link, c)),
        4 => Just(Step::Solve),
    ]
}

/// The flows as progressive filling sees them.
#[derive(Default)]
struct Mirror {
    capacity: Vec<f64>,
    routes: Vec<Vec<usize>>,
    flows: Vec<(usize, f64, FlowIdx)>,
    n_entered: usize,
}

impl Mirror {
    fn apply(&mut self, solver: &mut Solver, step: &Step) {
        match *step {
            Step::Enter(route, cap) => {
                let route = route % self.routes.len();
                let idx = FlowIdx(index_u32(self.n_entered));
                self.n_entered += 1;
                self.flows.push((route, cap, idx));
                solver.insert(route, cap, idx);
            }
            Step::Leave(_) if self.flows.is_empty() => {}
            Step::Leave(nth) => {
                let (route, cap, idx) = self.flows.swap_remove(nth % self.flows.len());
                solver.remove(route, cap, idx);
            }
            Step::Capacity(link, capacity) => {
                self.capacity[link] = capacity;
                solver.set_capacity(link, capacity);
            }
            Step::Solve => {
                solver.solve();
                solver.clear_marks();
            }
        }
    }

    /// Rates agree, but for the rounding of differences of capacities and caps.
    fn assert_agrees(&self, solver: &Solver) -> Result<(), TestCaseError> {
        let finite = self.capacity.iter().filter(|capacity| **capacity < f64::INFINITY);
        let rounding = 1e-14 * finite.fold(0.0, |most: f64, capacity| most.max(*capacity));
        let capacity: Vec<Rate> = self.capacity.iter().copied().map(Rate::new).collect();
        let paths: Vec<Vec<usize>> =
            self.flows.iter().map(|&(route, ..)| self.routes[route].clone()).collect();
        let caps: Vec<Rate> = self.flows.iter().map(|&(_, cap, _)| Rate::new(cap)).collect();
        let shares = allocate(&capacity, &paths, &caps);
        for (&(route, cap, _), share) in self.flows.iter().zip(shares) {
            let level = solver.hold(route).level;
            let rate = if cap < level { cap } else { level };
            let slack = 1e-11 * share.get() + rounding;
            let same = rate == share.get() || (rate - share.get()).abs() <= slack;
            prop_assert!(same, "{rate} on route {route}, not {}", share.get());
        }
        Ok(())
    }
}

fn start(capacity: &[f64], routes: &[Vec<usize>]) -> (Solver, Mirror) {
    let mut solver = Solver::default();
    for &capacity in capacity {
        solver.add_link(capacity);
    }
    for route in routes {
        solver.add_route(route);
    }
    let mirror =
        Mirror { capacity: capacity.to_vec(), routes: routes.to_vec(), ..Mirror::default() };
    (solver, mirror)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Repaired levels give the rates of progressive filling, whatever came before.
    #[test]
    fn repaired_levels_are_those_of_progressive_filling(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        routes in any_routes(),
        steps in prop::collection::vec(any_step(any_cap(), any_capacity()), 1..60),
    ) {
        let (mut solver, mut mirror) = start(&capacity, &routes);
        for step in &steps {
            mirror.apply(&mut solver, step);
            if let Step::Solve = step {
                mirror.assert_agrees(&solver)?;
            }
        }
        prop_assert_eq!(solver.n_from_scratch, 0);
    }

    /// So they are where amounts differ by twelve orders of magnitude.
    #[test]
    fn repaired_levels_bear_rounding(
        capacity in prop::collection::vec(any_wide(), N_LINKS),
        routes in any_routes(),
        steps in prop::collection::vec(any_step(any_wide(), any_wide()), 1..60),
    ) {
        let (mut solver, mut mirror) = start(&capacity, &routes);
        for step in &steps {
            mirror.apply(&mut solver, step);
            if let Step::Solve = step {
                mirror.assert_agrees(&solver)?;
            }
        }
        prop_assert_eq!(solver.n_from_scratch, 0);
    }

    /// The way out when a repair does not end gives the same rates.
    #[test]
    fn levels_from_scratch_are_those_of_progressive_filling(
        capacity in prop::collection::vec(any_capacity(), N_LINKS),
        routes in any_routes(),
        steps in prop::collection::vec(any_step(any_cap(), any_capacity()), 1..60),
    ) {
        let (mut solver, mut mirror) = start(&capacity, &routes);
        for step in &steps {
            mirror.apply(&mut solver, step);
        }
        solver.solve();
        solver.solve_from_scratch();
        mirror.assert_agrees(&solver)?;
    }
}

/// A = 10, B = 6. Routes r1 {A}: caps 2, 9; r2 {A, B}: caps 1, 8; r3 {B}: cap 4.
/// B: 1 + 2 w = 6, w = 2.5. A: 2 + 1 + 2.5 + w = 10, w = 4.5. Without r3's flow B is not full,
/// and A: 2 + 1 + 2 w = 10, w = 3.5. Only the two links moved.
#[test]
fn an_end_moves_the_levels_that_feel_it() {
    let (mut solver, mut mirror) = start(&[10.0, 6.0], &[vec![0], vec![0, 1], vec![1]]);
    for (route, cap) in [(0, 2.0), (0, 9.0), (1, 1.0), (1, 8.0), (2, 4.0)] {
        mirror.apply(&mut solver, &Step::Enter(route, cap));
    }
    mirror.apply(&mut solver, &Step::Solve);
    assert_eq!(solver.levels, [4.5, 2.5, f64::INFINITY]); // the last stands for no link
    assert_eq!(solver.hold(1), Hold { level: 2.5, link: Some(1), is_own: false });
    solver.remove(2, 4.0, FlowIdx(4));
    solver.solve();
    assert_eq!(solver.levels, [3.5, f64::INFINITY, f64::INFINITY]);
    assert_eq!(solver.hold(1), Hold { level: 3.5, link: Some(0), is_own: false });
    assert_eq!(solver.hold(2), Hold::NOTHING);
}
