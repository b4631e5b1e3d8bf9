//! Where the points of a sweep lie: all combinations of its axes or points that fill a space, less
//! those that constraints leave out.

use std::collections::BTreeSet;

use sobol_burley::{NUM_DIMENSIONS, sample};

use super::RUNS_MAX;
use crate::rng::{Chance, NameHash, Purpose, unit};
use crate::scenario::{Axis, AxisValue, Design, DesignKind, Place, Problem, Scenario, Source};
use crate::units::{count, count_u64, floor_count, index_u32, thousands};

/// Most combinations that constraints are asked about.
const COMBINATIONS_MAX: u64 = 10_000_000;

/// What became of the combinations of a sweep before any of them was run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Combinations of all axes, or points of the design with those of the axes that it crosses.
    pub n_combinations: u64,
    /// Each constraint, as it is written, with the number of combinations that it leaves out, alone
    /// or with others.
    pub left_out: Vec<(String, u64)>,
    /// Combinations that a design drew before, in whole steps; they are run once.
    pub n_twice: u64,
}

/// Most that a scenario may allow itself in `max_runs`.
const RUNS_EVER: u64 = 1_000_000_000;

/// Points, each as the index of a value on every axis.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) axes: Vec<Axis>,
    pub(super) places: Vec<Vec<usize>>,
    pub(super) choice: Choice,
    /// Remarks that stop nothing.
    pub(super) warnings: Vec<Problem>,
}

/// Lays out the points of a scenario.
///
/// # Errors
/// When they are too many, or none.
pub(super) fn of(base: &Scenario, source: &Source) -> Result<Layout, Box<Problem>> {
    let problem = |key: &str, message: String, help: Option<String>, place: Place| {
        let (key, file) = (key.to_owned(), source.name.clone());
        Box::new(Problem { key, message, help, file, place })
    };
    let mut axes = base.axes.clone();
    let n_drawn = axes.iter().filter(|axis| axis.stretch.is_some()).count();
    if let Some(design) = base.design {
        if design.kind == DesignKind::Sobol && NUM_DIMENSIONS < index_u32(n_drawn) {
            let message = format!("{n_drawn} axes; a Sobol design has at most {NUM_DIMENSIONS}");
            return Err(problem("design.kind", message, None, Place::Everywhere));
        }
        draw(design, base.model.seed, &mut axes);
    }
    let n_combinations = combinations(base.design, &axes);
    if COMBINATIONS_MAX < n_combinations {
        let message = format!(
            "{} combinations of the values of {} axes are beyond {}, before constraints leave any \
             out",
            thousands(count_u64(n_combinations), 0),
            axes.len(),
            thousands(count_u64(COMBINATIONS_MAX), 0)
        );
        let help = "fewer values, or a `[design]` that draws points instead".to_owned();
        return Err(problem("axis", message, Some(help), Place::Everywhere));
    }
    let mut layout = Layout {
        axes,
        places: Vec::new(),
        choice: Choice { n_combinations, ..Choice::default() },
        warnings: Vec::new(),
    };
    layout.choose(base);
    for (constraint, (text, n)) in base.constraints.iter().zip(&layout.choice.left_out) {
        let (key, place) = (&constraint.key, constraint.place.clone());
        if *n == n_combinations {
            let all = thousands(count_u64(n_combinations), 0);
            let message = format!("leaves none of {all} points");
            let help = format!("`{text}` is to hold for some of them and not for others");
            return Err(problem(key, message, Some(help), place));
        }
        if *n == 0 {
            let message = "leaves no point out".to_owned();
            layout.warnings.push(*problem(key, message, None, place));
        }
    }
    if layout.places.is_empty() {
        let by: Vec<String> =
            layout.choice.left_out.iter().map(|(text, n)| format!("{n} by `{text}`")).collect();
        let message = format!("the constraints leave none of {n_combinations} points");
        let help = format!("they leave out {}", by.join(", "));
        return Err(problem("constraint", message, Some(help), Place::Everywhere));
    }
    runs_allowed(base, layout.places.len())
        .map_err(|(message, help)| problem("axis", message, Some(help), Place::Everywhere))?;
    Ok(layout)
}

impl Layout {
    /// Takes the combinations that no constraint leaves out, in order.
    fn choose(&mut self, base: &Scenario) {
        let mut n_left_out = vec![0; base.constraints.len()];
        let mut met = BTreeSet::new();
        let may_repeat = base.design.is_some();
        for index in 0..self.choice.n_combinations {
            let place = place_at(base.design, &self.axes, index);
            let values: Vec<&AxisValue> =
                self.axes.iter().zip(&place).map(|(axis, at)| &axis.values[*at]).collect();
            let mut is_kept = true;
            for (constraint, n) in base.constraints.iter().zip(&mut n_left_out) {
                if constraint.leaves_out(&values) {
                    *n += 1;
                    is_kept = false;
                }
            }
            if !is_kept {
                continue;
            }
            let labels = || values.iter().map(|value| value.label.clone()).collect::<Vec<_>>();
            if may_repeat && !met.insert(labels()) {
                self.choice.n_twice += 1;
                continue;
            }
            self.places.push(place);
        }
        let texts = base.constraints.iter().map(|constraint| constraint.text.clone());
        self.choice.left_out = texts.zip(n_left_out).collect();
    }
}

/// Whether so many points may be run; else why not, and what to do.
fn runs_allowed(base: &Scenario, n_points: usize) -> Result<(), (String, String)> {
    let replications = base.model.most_replications();
    let n_points = u64::try_from(n_points).unwrap_or(u64::MAX);
    let n_runs = n_points.saturating_mul(u64::from(replications));
    let most = base.max_runs.unwrap_or(RUNS_MAX);
    if n_runs <= most {
        return Ok(());
    }
    let number = |n: u64| thousands(count_u64(n), 0);
    let message = format!(
        "{} points of {replications} replications are {} runs; a plan has at most {}",
        number(n_points),
        number(n_runs),
        number(most)
    );
    let fewer = "fewer values, fewer replications, or a `[design]`";
    let help = match n_runs {
        n if n <= RUNS_EVER => format!("{fewer}; or raise it: `max_runs = {n}` under `[scenario]`"),
        _ => fewer.to_owned(),
    };
    Err((message, help))
}

/// The axes that are not drawn.
fn given(axes: &[Axis]) -> impl DoubleEndedIterator<Item = (usize, &Axis)> {
    axes.iter().enumerate().filter(|(_, axis)| axis.stretch.is_none())
}

/// How many combinations there are: of all values, or of the values that are not drawn, with each
/// point of the design.
fn combinations(design: Option<Design>, axes: &[Axis]) -> u64 {
    let size = |axis: &Axis| u64::try_from(axis.values.len()).unwrap_or(u64::MAX);
    let drawn = design.map_or(1, |design| u64::from(design.points));
    given(axes).map(|(_, axis)| size(axis)).fold(drawn, u64::saturating_mul)
}

/// The index of the value of each axis at a combination: points of the design vary slowest, then
/// axes as in the file, the last one fastest.
fn place_at(design: Option<Design>, axes: &[Axis], index: u64) -> Vec<usize> {
    let mut rest = usize::try_from(index).expect("at most ten million");
    let mut place = vec![0; axes.len()];
    for (at, axis) in given(axes).rev() {
        place[at] = rest % axis.values.len();
        rest /= axis.values.len();
    }
    if design.is_some() {
        for (at, _) in axes.iter().enumerate().filter(|(_, axis)| axis.stretch.is_some()) {
            place[at] = rest;
        }
    }
    place
}

/// Draws the values of the axes that have a stretch to draw from: that of point `i` is the `i`th.
fn draw(design: Design, scenario_seed: u64, axes: &mut [Axis]) {
    let chance = Chance::new(design.seed.unwrap_or(scenario_seed), 0);
    let drawn = axes.iter_mut().filter(|axis| axis.stretch.is_some());
    for (dimension, axis) in drawn.enumerate() {
        let shares = match design.kind {
            DesignKind::LatinHypercube => latin(chance, &axis.name, design.points),
            DesignKind::Sobol => sobol(chance, index_u32(dimension), design.points),
        };
        axis.values = shares.into_iter().map(|share| axis.drawn(share)).collect();
    }
}

/// Shares of a Latin hypercube along one axis, by the points: one in each of n equal parts, at a
/// random place of it, and the parts in random order.
///
/// The draws are a stream of the axis's name, so another axis more changes none of them. Source:
/// `McKay`, Beckman, and Conover, "A comparison of three methods for selecting values of input
/// variables", *Technometrics* 21, 1979.
fn latin(chance: Chance, name: &str, n: u32) -> Vec<f64> {
    let mut stream = chance.stream(Purpose::Design, NameHash::of("latin-hypercube").child(name));
    let mut parts: Vec<u32> = (0..n).collect();
    for last in (1..parts.len()).rev() {
        let other = floor_count(unit(&mut stream) * count(last + 1));
        parts.swap(last, other.min(last));
    }
    parts.iter().map(|part| (f64::from(*part) + unit(&mut stream)) / f64::from(n)).collect()
}

/// Shares of the scrambled Sobol sequence in one dimension, by the points.
///
/// Source: Burley, "Practical hash-based Owen scrambling", *Journal of Computer Graphics
/// Techniques* 9(4), 2020, with the directions of Joe and Kuo. One scramble serves all dimensions;
/// the places of the axes among those that are drawn are the dimensions.
fn sobol(chance: Chance, dimension: u32, n: u32) -> Vec<f64> {
    let key = chance.key(Purpose::Design, NameHash::of("sobol"));
    let seed = u32::try_from(key >> 32).expect("32 bits are left");
    (0..n).map(|point| f64::from(sample(point, dimension, seed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of n equal parts of 0 to 1 a share lies in.
    fn part(share: f64, n: u32) -> u32 {
        index_u32(floor_count(share * f64::from(n)))
    }

    /// The definition: each of the n parts of each axis has one point.
    #[test]
    fn a_latin_hypercube_meets_each_part_of_each_axis_once() {
        for (name, n) in [("slots", 2), ("slots", 17), ("quota", 64), ("quota", 1000)] {
            let shares = latin(Chance::new(1, 0), name, n);
            let mut parts: Vec<u32> = shares.iter().map(|share| part(*share, n)).collect();
            let in_order: Vec<u32> = (0..n).collect();
            assert!(n < 10 || parts != in_order, "they are in random order");
            parts.sort_unstable();
            assert_eq!(parts, in_order, "{name}, {n}");
        }
    }

    /// Orders of independent axes have a correlation of 0 ± 1/√(n−1): 0.032 at 1,000.
    #[test]
    fn axes_of_a_latin_hypercube_are_independent() {
        let n = 1000;
        let of = |name| latin(Chance::new(1, 0), name, n);
        let (one, other) = (of("slots"), of("quota"));
        let sum: f64 = one.iter().zip(&other).map(|(x, y)| (x - 0.5) * (y - 0.5)).sum();
        let correlation = sum / f64::from(n) * 12.0; // the variance of uniform shares is 1/12
        assert!(correlation.abs() < 4.0 * 0.032, "{correlation}");
    }

    /// Sobol's definition of a (0, m, 2)-net, which the first two dimensions are: each rectangle of
    /// 2^-a × 2^-b with a + b = m has one of 2^m points. Scrambling keeps it.
    #[test]
    fn two_dimensions_of_sobol_have_a_point_in_each_rectangle() {
        for (seed, m) in [(1, 4), (1, 6), (7, 8)] {
            let n = 1 << m;
            let of = |dimension| sobol(Chance::new(seed, 0), dimension, n);
            let (x, y) = (of(0), of(1));
            for a in 0..=m {
                let (columns, rows) = (1 << a, 1 << (m - a));
                let met: BTreeSet<(u32, u32)> =
                    x.iter().zip(&y).map(|(x, y)| (part(*x, columns), part(*y, rows))).collect();
                assert_eq!(met.len(), usize::try_from(n).unwrap(), "{columns} × {rows}");
            }
        }
    }

    /// In every dimension, each of 2^m parts has one of the first 2^m points.
    #[test]
    fn each_dimension_of_sobol_has_a_point_in_each_part() {
        for dimension in [0, 1, 2, 3, 10, 255] {
            let shares = sobol(Chance::new(3, 0), dimension, 64);
            let parts: BTreeSet<u32> = shares.iter().map(|share| part(*share, 64)).collect();
            assert_eq!(parts.len(), 64, "{dimension}");
        }
    }

    /// Values that results of version 1 rest on, taken once: another value here is another design.
    #[test]
    fn golden_first_draws() {
        let bits =
            |shares: Vec<f64>| shares[..2].iter().map(|share| share.to_bits()).collect::<Vec<_>>();
        let drawn = [
            bits(latin(Chance::new(1, 0), "slots", 8)),
            bits(sobol(Chance::new(1, 0), 0, 8)),
            bits(sobol(Chance::new(1, 0), 1, 8)),
        ];
        insta::assert_debug_snapshot!(drawn, @r"
        [
            [
                4601540313189757694,
                4607002884389686617,
            ],
            [
                4603746718767382528,
                4590563884661735424,
            ],
            [
                4606547287626219520,
                4595651604136329216,
            ],
        ]
        ");
    }
}
