//! The cases of the table: kinds of intervals, generators, and numbers of runs.

use rand_pcg::Pcg64Mcg;
use snapferry::rng::Distribution;
use snapferry::stats::Histogram;

use super::experiments::{
    Case, Duty, Experiment, Kind, Said, of_mean, of_pairs, of_quantile, of_share, of_two,
    of_unfinished,
};
use super::generator::{
    Misses, Sizes, draws, exponential_rank, in_nanos, lognormal_mean, nanos, pareto_maximum,
};

/// Copies of a run, where nothing else is said.
const COPIES: usize = 100;

/// A common factor of the copies of a run: lognormal with this sigma, or none.
const COMMON: [(f64, &str); 2] = [
    (0.0, "exponential copies, 100 a run"),
    (0.5, "the same times a lognormal factor of the run, sigma 0.5"),
];

const NORMAL: Distribution = Distribution::Normal { mean: 10.0, sd: 1.0 };
const STANDARD: Distribution = Distribution::Normal { mean: 0.0, sd: 1.0 };
const LOGNORMAL: Distribution = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
const EXPONENTIAL: Distribution = Distribution::Exponential { mean: 1.0 };
const UNIFORM: Distribution = Distribution::Uniform { low: 0.0, high: 1.0 };

/// The cases with so many runs each.
pub(crate) fn all(n_runs: &[usize]) -> Vec<Case> {
    let mut cases = Vec::new();
    for n in n_runs {
        means(&mut cases, *n);
        shares(&mut cases, *n);
        quantiles(&mut cases, *n);
        maxima(&mut cases, *n);
        pairs(&mut cases, *n);
        twos(&mut cases, *n);
    }
    cases
}

/// What cannot hold, and is not printed.
pub(crate) fn silent() -> Vec<Case> {
    let mut cases = Vec::new();
    for (law, name) in [(NORMAL, "normal, 10 ± 1"), (LOGNORMAL, "lognormal, sigma 1")] {
        cases.push(case(Kind::Mean, name, 4, Duty::Silence, of_law(law, 4)));
    }
    let pair = of_pair(4, 0.5, near_pair);
    cases.push(case(Kind::Paired, NEAR_PAIR, 4, Duty::Silence, pair));
    let rare = |stream: &mut Pcg64Mcg| {
        let mut values = vec![0.0; 30];
        (values[7], values[8]) = (0.001 + UNIFORM.sample(stream), UNIFORM.sample(stream));
        of_mean(&values, 0.05)
    };
    let name = "0 in all runs but two";
    cases.push(case(Kind::Mean, name, 30, Duty::Silence, Box::new(rare)));
    let cut = |stream: &mut Pcg64Mcg| {
        let greatest = |_| greatest(&run(COPIES, 0.0, stream)).min(6.0);
        of_unfinished(&(0..30).map(greatest).collect::<Vec<f64>>(), exponential_rank(100, 100))
    };
    let name = "exponential copies, 100 a run, cut off at 6: at least";
    cases.push(case(Kind::Maximum, name, 30, Duty::Silence, Box::new(cut)));
    cases
}

fn case(kind: Kind, generator: &str, n_runs: usize, duty: Duty, experiment: Experiment) -> Case {
    Case { kind, generator: generator.to_owned(), n_runs, duty, experiment }
}

/// An experiment on the mean of values that a law gives for each run.
fn of_law(law: Distribution, n: usize) -> Experiment {
    let truth = law.mean().expect("a law with a mean");
    Box::new(move |stream| of_mean(&draws(&law, n, stream), truth))
}

/// An experiment on the mean of values that are drawn for each run.
fn of_draw(
    n: usize,
    truth: f64,
    draw: impl Fn(&mut Pcg64Mcg) -> f64 + Sync + 'static,
) -> Experiment {
    Box::new(move |stream| of_mean(&(0..n).map(|_| draw(stream)).collect::<Vec<f64>>(), truth))
}

fn means(cases: &mut Vec<Case>, n: usize) {
    let mut mean = |name: &str, duty, experiment| {
        cases.push(case(Kind::Mean, name, n, duty, experiment));
    };
    mean("normal, 10 ± 1", Duty::CoverNoMore, of_law(NORMAL, n));
    let copies = |stream: &mut Pcg64Mcg| {
        snapferry::stats::mean(&draws(&LOGNORMAL, COPIES, stream)).expect("copies")
    };
    let name = "mean of 100 copies, lognormal, sigma 1";
    mean(name, Duty::CoverNoMore, of_draw(n, lognormal_mean(1.0), copies));
    mean("exponential", Duty::Cover, of_law(EXPONENTIAL, n));
    let later = of_draw(n, 11.0, |stream| 10.0 + EXPONENTIAL.sample(stream));
    mean("10 + exponential", Duty::Cover, later);
    mean("lognormal, sigma 1", Duty::Cover, of_law(LOGNORMAL, n));
    let shifted = of_draw(n, 10.0 + lognormal_mean(1.0), |stream| 10.0 + LOGNORMAL.sample(stream));
    mean("10 + lognormal, sigma 1", Duty::Cover, shifted);
    let left = Distribution::Beta { alpha: 5.0, beta: 1.0 };
    mean("beta(5, 1), skewed to the left", Duty::Cover, of_law(left, n));
    for (share, name) in [
        (0.3, "zero-inflated: exponential in 30 % of runs, else 0"),
        (0.1, "zero-inflated: exponential in 10 % of runs, else 0"),
    ] {
        let draw = move |stream: &mut Pcg64Mcg| {
            if UNIFORM.sample(stream) < share { EXPONENTIAL.sample(stream) } else { 0.0 }
        };
        mean(name, Duty::Cover, of_draw(n, share, draw));
    }
}

fn shares(cases: &mut Vec<Case>, n: usize) {
    for p in [0.2, 0.05, 0.01, 0.001] {
        for (within, sizes) in [
            (0.0, Sizes::Equal(COPIES)),
            (0.0, Sizes::Unequal),
            (0.01, Sizes::Unequal),
            (0.1, Sizes::Equal(COPIES)),
            (0.1, Sizes::Unequal),
            (0.3, Sizes::Unequal),
        ] {
            let misses = Misses { p, within, sizes };
            let law = match within {
                0.0 => "binomial".to_owned(),
                _ => format!("beta-binomial, correlation {within}"),
            };
            let name = format!("{} % miss, {law}, {}", p * 100.0, sizes.name());
            let experiment = move |stream: &mut Pcg64Mcg| {
                let shares: Vec<f64> = (0..n).map(|_| misses.draw(stream)).collect();
                of_share(&shares, 1.0 - p, |alike| misses.differing(alike))
            };
            cases.push(case(Kind::Share, &name, n, Duty::Cover, Box::new(experiment)));
        }
    }
    if n < 20 {
        return; // alike runs that missed something are no bound yet
    }
    let half = move |stream: &mut Pcg64Mcg| {
        let mut draw = || if UNIFORM.sample(stream) < 0.97 { 0.5 } else { UNIFORM.sample(stream) };
        let shares: Vec<f64> = (0..n).map(|_| draw()).collect();
        of_share(&shares, 0.5, |alike| if (alike - 0.5).abs() < 1e-9 { 0.03 } else { 1.0 })
    };
    let name = "half in 97 % of runs, else uniform";
    cases.push(case(Kind::Share, name, n, Duty::Cover, Box::new(half)));
}

/// Copies of a run that take exponential times, times a common lognormal factor of the run.
fn run(m: usize, common: f64, stream: &mut Pcg64Mcg) -> Vec<f64> {
    let factor = Distribution::LogNormal { median: 1.0, sigma: common }.sample(stream);
    draws(&Distribution::Exponential { mean: factor }, m, stream)
}

fn greatest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

fn quantiles(cases: &mut Vec<Case>, n: usize) {
    for (p, rank) in [(0.5, 50), (0.95, 95), (0.99, 99)] {
        for (common, name) in COMMON {
            let truth = in_nanos(exponential_rank(rank, COPIES) * lognormal_mean(common));
            let experiment = move |stream: &mut Pcg64Mcg| {
                let mut runs = vec![Histogram::default(); n];
                for run in &mut runs {
                    for seconds in self::run(COPIES, common, stream) {
                        run.record(nanos(seconds));
                    }
                }
                of_quantile(&runs, p, truth)
            };
            let name = format!("p{:.0}, {name}", p * 100.0);
            cases.push(case(Kind::Quantile, &name, n, Duty::Cover, Box::new(experiment)));
        }
    }
}

fn maxima(cases: &mut Vec<Case>, n: usize) {
    let mut maximum = |name, experiment| {
        cases.push(case(Kind::Maximum, name, n, Duty::Cover, experiment));
    };
    for (common, name) in COMMON {
        let truth = exponential_rank(COPIES, COPIES) * lognormal_mean(common);
        let draw = move |stream: &mut Pcg64Mcg| greatest(&run(COPIES, common, stream));
        maximum(name, of_draw(n, truth, draw));
    }
    let law = Distribution::Pareto { least: 1.0, shape: 5.0 };
    let draw = move |stream: &mut Pcg64Mcg| greatest(&draws(&law, COPIES, stream));
    let name = "Pareto copies, shape 5, 100 a run";
    maximum(name, of_draw(n, pareto_maximum(5.0, COPIES), draw));
}

/// An experiment on pairs: what the second and the first design give on one draw.
fn of_pair(
    n: usize,
    truth: f64,
    pair: impl Fn(&mut Pcg64Mcg) -> (f64, f64) + Sync + 'static,
) -> Experiment {
    Box::new(move |stream: &mut Pcg64Mcg| -> Said {
        let (b, a): (Vec<f64>, Vec<f64>) = (0..n).map(|_| pair(stream)).unzip();
        of_pairs(&a, &b, truth)
    })
}

const NEAR_PAIR: &str = "normal, 10 ± 3 in common, ± 0.5 each, 0.5 apart";

fn near_pair(stream: &mut Pcg64Mcg) -> (f64, f64) {
    let common = 10.0 + 3.0 * STANDARD.sample(stream);
    (common + 0.5 + 0.5 * STANDARD.sample(stream), common + 0.5 * STANDARD.sample(stream))
}

fn pairs(cases: &mut Vec<Case>, n: usize) {
    let mut paired = |name, duty, experiment| {
        cases.push(case(Kind::Paired, name, n, duty, experiment));
    };
    paired(NEAR_PAIR, Duty::CoverNoMore, of_pair(n, 0.5, near_pair));
    let scaled = of_pair(n, 0.2 * lognormal_mean(1.0), |stream| {
        let common = LOGNORMAL.sample(stream);
        (1.2 * common, common)
    });
    paired("lognormal, sigma 1, one 1.2 times the other", Duty::Cover, scaled);
    let waits = of_pair(n, 0.5, |stream| {
        let common = EXPONENTIAL.sample(stream);
        let half = 0.5 * EXPONENTIAL.sample(stream);
        (common + 2.0 * half, common + half)
    });
    let name = "exponential in common, and exponential waits, twice as long in one";
    paired(name, Duty::Cover, waits);
    let either = of_pair(n, 0.5, |stream| {
        let common = EXPONENTIAL.sample(stream);
        (common + EXPONENTIAL.sample(stream), common + 0.5 * EXPONENTIAL.sample(stream))
    });
    let name = "exponential in common, and an exponential wait of its own, twice as long in one";
    paired(name, Duty::Cover, either);
    let misses = Misses { p: 0.05, within: 0.1, sizes: Sizes::Equal(COPIES) };
    let shares = of_pair(n, 0.025, move |stream| {
        let p = misses.draw_p(stream);
        let share = |p, stream: &mut Pcg64Mcg| Misses { p, within: 0.0, ..misses }.draw(stream);
        (share(p / 2.0, stream), share(p, stream))
    });
    let name = "shares kept, 5 % miss, beta-binomial, correlation 0.1, half as many in one";
    paired(name, Duty::Cover, shares);
}

/// Two designs on draws of their own, the second with twice as many runs.
fn twos(cases: &mut Vec<Case>, n: usize) {
    let mut unpaired = |name, law: Distribution, times: f64| {
        let truth = (times - 1.0) * law.mean().expect("a law with a mean");
        let experiment = move |stream: &mut Pcg64Mcg| {
            let a = draws(&law, n, stream);
            let b: Vec<f64> = draws(&law, 2 * n, stream).iter().map(|v| times * v).collect();
            of_two(&a, &b, truth)
        };
        cases.push(case(Kind::Unpaired, name, n, Duty::Cover, Box::new(experiment)));
    };
    let name = "normal, 10 ± 1, against twice as many runs of twice as much";
    unpaired(name, NORMAL, 2.0);
    let name = "exponential, against twice as many runs of half as much";
    unpaired(name, EXPONENTIAL, 0.5);
    let name = "lognormal, sigma 1, against twice as many runs of half as much";
    unpaired(name, LOGNORMAL, 0.5);
}
