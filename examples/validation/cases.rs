//! The cases of the table: kinds of intervals, generators, and numbers of runs.

use rand_pcg::Pcg64Mcg;
use snapferry::rng::Distribution;
use snapferry::stats::Histogram;

use crate::coverage::{
    Case, Experiment, Kind, Said, of_mean, of_pairs, of_quantile, of_share, of_unfinished,
};
use crate::generator::{
    Misses, Sizes, draws, exponential_rank, in_nanos, lognormal_mean, nanos, pareto_maximum,
};

/// Copies of a run, where nothing else is said.
const COPIES: usize = 100;

/// All cases.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    means(&mut cases);
    shares(&mut cases);
    quantiles(&mut cases);
    maxima(&mut cases);
    pairs(&mut cases);
    silent(&mut cases);
    cases
}

fn case(kind: Kind, generator: &str, n_runs: usize, experiment: Experiment) -> Case {
    let generator = generator.to_owned();
    Case { kind, generator, n_runs, is_near_normal: false, is_silent: false, experiment }
}

fn near_normal(case: Case) -> Case {
    Case { is_near_normal: true, ..case }
}

/// An experiment on the mean of values that a law gives for each run.
fn of_law(law: Distribution, n: usize) -> Experiment {
    let truth = law.mean().expect("a law with a mean");
    Box::new(move |stream| of_mean(&draws(&law, n, stream), truth))
}

fn means(cases: &mut Vec<Case>) {
    for n in [5, 10, 30, 100] {
        let normal = Distribution::Normal { mean: 10.0, sd: 1.0 };
        cases.push(near_normal(case(Kind::Mean, "normal, 10 ± 1", n, of_law(normal, n))));
        let (m, name) = (COPIES, "mean of 100 copies, lognormal, sigma 1");
        let law = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
        let mean_of = move |stream: &mut Pcg64Mcg| {
            snapferry::stats::mean(&draws(&law, m, stream)).expect("copies")
        };
        let of_copies = move |stream: &mut Pcg64Mcg| {
            let means: Vec<f64> = (0..n).map(|_| mean_of(stream)).collect();
            of_mean(&means, lognormal_mean(1.0))
        };
        cases.push(near_normal(case(Kind::Mean, name, n, Box::new(of_copies))));
        let law = Distribution::Exponential { mean: 1.0 };
        cases.push(case(Kind::Mean, "exponential", n, of_law(law, n)));
        let law = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
        cases.push(case(Kind::Mean, "lognormal, sigma 1", n, of_law(law, n)));
        let law = Distribution::Beta { alpha: 5.0, beta: 1.0 };
        cases.push(case(Kind::Mean, "beta(5, 1), skewed to the left", n, of_law(law, n)));
        for (share, name) in [
            (0.3, "zero-inflated: exponential in 30 % of runs, else 0"),
            (0.1, "zero-inflated: exponential in 10 % of runs, else 0"),
        ] {
            let zero_inflated = move |stream: &mut Pcg64Mcg| {
                let law = Distribution::Exponential { mean: 1.0 };
                let uniform = Distribution::Uniform { low: 0.0, high: 1.0 };
                let is_zero = |stream: &mut Pcg64Mcg| share <= uniform.sample(stream);
                let draw = |_| if is_zero(stream) { 0.0 } else { law.sample(stream) };
                of_mean(&(0..n).map(draw).collect::<Vec<f64>>(), share)
            };
            if 10.0 <= share * snapferry::units::count(n) {
                cases.push(case(Kind::Mean, name, n, Box::new(zero_inflated)));
            }
        }
    }
}

fn shares(cases: &mut Vec<Case>) {
    for n in [5, 10, 30, 100] {
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
                cases.push(case(Kind::Share, &name, n, Box::new(experiment)));
            }
        }
    }
}

/// Copies of a run that take exponential times, times a common lognormal factor of the run.
fn run(m: usize, common: f64, stream: &mut Pcg64Mcg) -> Vec<f64> {
    let factor = Distribution::LogNormal { median: 1.0, sigma: common }.sample(stream);
    let law = Distribution::Exponential { mean: factor };
    draws(&law, m, stream)
}

fn quantiles(cases: &mut Vec<Case>) {
    for n in [5, 30] {
        for (p, rank) in [(0.5, 50), (0.95, 95), (0.99, 99)] {
            for (common, name) in [
                (0.0, "exponential copies, 100 a run"),
                (0.5, "the same times a common factor of the run, lognormal, sigma 0.5"),
            ] {
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
                cases.push(case(Kind::Quantile, &name, n, Box::new(experiment)));
            }
        }
    }
}

fn maxima(cases: &mut Vec<Case>) {
    for n in [5, 30] {
        for (common, name) in [
            (0.0, "exponential copies, 100 a run"),
            (0.5, "the same times a common factor of the run, lognormal, sigma 0.5"),
        ] {
            let truth = exponential_rank(COPIES, COPIES) * lognormal_mean(common);
            let experiment = move |stream: &mut Pcg64Mcg| {
                let greatest = |_| run(COPIES, common, stream).into_iter().fold(0.0, f64::max);
                of_mean(&(0..n).map(greatest).collect::<Vec<f64>>(), truth)
            };
            cases.push(case(Kind::Maximum, name, n, Box::new(experiment)));
        }
        let law = Distribution::Pareto { least: 1.0, shape: 5.0 };
        let greatest = move |stream: &mut Pcg64Mcg| {
            draws(&law, COPIES, stream).into_iter().fold(0.0, f64::max)
        };
        let experiment = move |stream: &mut Pcg64Mcg| {
            let values: Vec<f64> = (0..n).map(|_| greatest(stream)).collect();
            of_mean(&values, pareto_maximum(5.0, COPIES))
        };
        let name = "Pareto copies, shape 5, 100 a run";
        cases.push(case(Kind::Maximum, name, n, Box::new(experiment)));
    }
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

fn pairs(cases: &mut Vec<Case>) {
    for n in [5, 10, 30, 100] {
        let of = Distribution::Normal { mean: 0.0, sd: 1.0 };
        let normal = of_pair(n, 0.5, move |stream| {
            let common = 10.0 + 3.0 * of.sample(stream);
            (common + 0.5 + 0.5 * of.sample(stream), common + 0.5 * of.sample(stream))
        });
        let name = "normal, 10 ± 3 in common, ± 0.5 each, 0.5 apart";
        cases.push(near_normal(case(Kind::Paired, name, n, normal)));
        let law = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
        let scaled = of_pair(n, 0.2 * lognormal_mean(1.0), move |stream| {
            let common = law.sample(stream);
            (1.2 * common, common)
        });
        cases.push(case(Kind::Paired, "lognormal, sigma 1, one 1.2 times the other", n, scaled));
        let exponential = Distribution::Exponential { mean: 1.0 };
        let waits = of_pair(n, 0.5, move |stream| {
            let common = exponential.sample(stream);
            let half = 0.5 * exponential.sample(stream);
            (common + 2.0 * half, common + half)
        });
        let name = "exponential in common, and exponential waits, twice as long in one";
        cases.push(case(Kind::Paired, name, n, waits));
    }
    for n in [30, 100] {
        let misses = Misses { p: 0.05, within: 0.1, sizes: Sizes::Equal(COPIES) };
        let shares = of_pair(n, 0.025, move |stream| {
            let p = misses.draw_p(stream);
            let share = |p, stream: &mut Pcg64Mcg| Misses { p, within: 0.0, ..misses }.draw(stream);
            (share(p / 2.0, stream), share(p, stream))
        });
        let name = "shares kept, 5 % miss, beta-binomial, correlation 0.1, half as many in one";
        cases.push(case(Kind::Paired, name, n, shares));
    }
}

/// What cannot hold is not printed.
fn silent(cases: &mut Vec<Case>) {
    let mut silent = |kind, name: &str, n, experiment| {
        cases.push(Case { is_silent: true, ..case(kind, name, n, experiment) });
    };
    for n in [2, 4] {
        let normal = Distribution::Normal { mean: 10.0, sd: 1.0 };
        silent(Kind::Mean, "normal, 10 ± 1: too few runs", n, of_law(normal, n));
        let law = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
        silent(Kind::Mean, "lognormal, sigma 1: too few runs", n, of_law(law, n));
    }
    let rare = Box::new(|stream: &mut Pcg64Mcg| {
        let uniform = Distribution::Uniform { low: 0.0, high: 1.0 };
        let mut values = vec![0.0; 30];
        values[7] = 0.001 + uniform.sample(stream);
        values[8] = uniform.sample(stream);
        of_mean(&values, 0.05)
    });
    silent(Kind::Mean, "0 in all runs but two: too few that differ", 30, rare);
    let cut = Box::new(|stream: &mut Pcg64Mcg| {
        let greatest = |_| run(COPIES, 0.0, stream).into_iter().fold(0.0, f64::max).min(6.0);
        of_unfinished(&(0..30).map(greatest).collect::<Vec<f64>>(), exponential_rank(100, 100))
    });
    let name = "exponential copies, 100 a run, cut off at 6: at least";
    silent(Kind::Maximum, name, 30, cut);
}
