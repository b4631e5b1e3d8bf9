//! Our distributions against those of `rand_distr`, an independent program.
//!
//! Two samples of n draws each come from one law: the Kolmogorov–Smirnov distance of their empirical
//! distributions then exceeds 1.95 √(2 / n) once in a thousand times (Smirnov, 1948). The seeds are
//! fixed, so a test that passes once passes always.

use rand::SeedableRng;
use rand_distr::Distribution as _;
use rand_pcg::Pcg64Mcg;
use snapferry::rng::Distribution;
use snapferry::units::count;

const DRAWS: usize = 20_000;

/// 1.95 √(2 / 20,000).
const LIMIT: f64 = 0.0195;

/// The Kolmogorov–Smirnov distance of two samples.
fn distance(mut ours: Vec<f64>, mut theirs: Vec<f64>) -> f64 {
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    let below = |sample: &[f64], x: f64| sample.partition_point(|y| *y <= x);
    let at = ours.iter().chain(&theirs).map(|x| below(&ours, *x).abs_diff(below(&theirs, *x)));
    count(at.max().unwrap_or(0)) / count(DRAWS)
}

fn agree(name: &str, ours: &Distribution, theirs: impl rand_distr::Distribution<f64>) {
    let (mut first, mut second) = (Pcg64Mcg::seed_from_u64(11), Pcg64Mcg::seed_from_u64(12));
    let ours: Vec<f64> = (0..DRAWS).map(|_| ours.sample(&mut first)).collect();
    let theirs = (0..DRAWS).map(|_| theirs.sample(&mut second)).collect();
    let distance = distance(ours, theirs);
    assert!(distance < LIMIT, "{name}: {distance}");
}

#[test]
fn our_draws_have_the_law_that_rand_distr_gives() {
    use rand_distr as other;
    let ln = f64::ln;
    agree(
        "normal",
        &Distribution::normal(3.0, 2.0).unwrap(),
        other::Normal::new(3.0, 2.0).unwrap(),
    );
    agree(
        "lognormal",
        &Distribution::lognormal(100.0, 0.7).unwrap(),
        other::LogNormal::new(ln(100.0), 0.7).unwrap(),
    );
    agree("exponential", &Distribution::exponential(4.0).unwrap(), other::Exp::new(0.25).unwrap());
    for (shape, scale) in [(0.4, 3.0), (1.0, 1.0), (7.5, 0.2)] {
        let theirs = other::Gamma::new(shape, scale).unwrap();
        agree("gamma", &Distribution::gamma(shape, scale).unwrap(), theirs);
    }
    for (alpha, beta) in [(2.0, 3.0), (2.5, 2.5), (0.5, 0.7)] {
        let theirs = other::Beta::new(alpha, beta).unwrap();
        agree("beta", &Distribution::beta(alpha, beta).unwrap(), theirs);
    }
    agree(
        "weibull",
        &Distribution::weibull(2.0, 1.5).unwrap(),
        other::Weibull::new(2.0, 1.5).unwrap(),
    );
    agree(
        "pareto",
        &Distribution::pareto(1.0, 2.5).unwrap(),
        other::Pareto::new(1.0, 2.5).unwrap(),
    );
    agree(
        "triangular",
        &Distribution::triangular(1.0, 2.0, 5.0).unwrap(),
        other::Triangular::new(1.0, 5.0, 2.0).unwrap(),
    );
}

/// Two laws that differ by a tenth of their spread are told apart.
#[test]
fn another_law_is_found_out() {
    let shifted = rand_distr::Normal::new(3.2, 2.0).unwrap();
    let (mut first, mut second) = (Pcg64Mcg::seed_from_u64(11), Pcg64Mcg::seed_from_u64(12));
    let law = Distribution::normal(3.0, 2.0).unwrap();
    let ours: Vec<f64> = (0..DRAWS).map(|_| law.sample(&mut first)).collect();
    let theirs = (0..DRAWS).map(|_| shifted.sample(&mut second)).collect();
    assert!(LIMIT < distance(ours, theirs));
}
