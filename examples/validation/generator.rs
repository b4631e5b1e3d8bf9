//! Generators of runs, with their truth in closed form.

use rand_pcg::Pcg64Mcg;
use snapferry::rng::Distribution;
use snapferry::units::{count, count_u64, floor_count, index_u64};

/// Least and greatest number of copies of runs of unequal size.
const UNEQUAL: (usize, usize) = (20, 2000);

/// How many copies a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// As many in each.
    Equal(usize),
    /// Log-uniform from 20 to 2,000, rounded down.
    Unequal,
}

impl Sizes {
    fn draw(self, stream: &mut Pcg64Mcg) -> usize {
        match self {
            Sizes::Equal(n) => n,
            Sizes::Unequal => {
                let (low, high) = (libm::log(count(UNEQUAL.0)), libm::log(count(UNEQUAL.1)));
                let drawn = libm::exp(Distribution::Uniform { low, high }.sample(stream));
                floor_count(drawn).clamp(UNEQUAL.0, UNEQUAL.1 - 1)
            }
        }
    }

    /// Each size with its probability.
    fn law(self) -> Vec<(usize, f64)> {
        match self {
            Sizes::Equal(n) => vec![(n, 1.0)],
            Sizes::Unequal => {
                let log = |n: usize| libm::log(count(n));
                let all = log(UNEQUAL.1) - log(UNEQUAL.0);
                (UNEQUAL.0..UNEQUAL.1).map(|n| (n, (log(n + 1) - log(n)) / all)).collect()
            }
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Sizes::Equal(n) => format!("{n} copies a run"),
            Sizes::Unequal => "20 to 2,000 copies a run, log-uniform".to_owned(),
        }
    }
}

/// Runs whose copies miss with probability `p`; those of one run together, with a correlation within
/// the run of `within`: the beta-binomial law, and at 0 the binomial one.
///
/// The mean share of misses of a run is `p`, whatever its size and `within`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Misses {
    pub(crate) p: f64,
    pub(crate) within: f64,
    pub(crate) sizes: Sizes,
}

impl Misses {
    /// The probability with which each copy of one run misses.
    pub(crate) fn draw_p(&self, stream: &mut Pcg64Mcg) -> f64 {
        let Some((alpha, beta)) = self.shapes() else { return self.p };
        Distribution::Beta { alpha, beta }.sample(stream)
    }

    /// The share kept by one run.
    pub(crate) fn draw(&self, stream: &mut Pcg64Mcg) -> f64 {
        let p = self.draw_p(stream);
        let n = self.sizes.draw(stream);
        1.0 - count(missed(p, n, stream)) / count(n)
    }

    fn shapes(&self) -> Option<(f64, f64)> {
        let both = (1.0 - self.within) / self.within;
        (0.0 < self.within).then_some((self.p * both, (1.0 - self.p) * both))
    }

    /// The probability that a run keeps another share than this.
    pub(crate) fn differing(&self, share: f64) -> f64 {
        let same = self.sizes.law().into_iter().map(|(n, weight)| {
            let missed = (1.0 - share) * count(n);
            let whole = missed.round();
            // the same division as in `draw`, so that equal shares are equal
            let is_share = (1.0 - whole / count(n)).total_cmp(&share).is_eq();
            if is_share { weight * self.probability(floor_count(whole), n) } else { 0.0 }
        });
        1.0 - same.sum::<f64>()
    }

    /// The probability of so many misses in a run of `n` copies.
    fn probability(&self, missed: usize, n: usize) -> f64 {
        let (k, n) = (count(missed), count(n));
        let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        let log = match self.shapes() {
            None => k * libm::log(self.p) + (n - k) * libm::log1p(-self.p),
            Some((alpha, beta)) => log_beta(alpha + k, beta + n - k) - log_beta(alpha, beta),
        };
        libm::exp(choose + log)
    }
}

fn log_beta(alpha: f64, beta: f64) -> f64 {
    libm::lgamma(alpha) + libm::lgamma(beta) - libm::lgamma(alpha + beta)
}

/// How many of `n` miss, each with probability `p`: from one miss to the next it is a geometric
/// number of copies.
fn missed(p: f64, n: usize, stream: &mut Pcg64Mcg) -> usize {
    if p <= 0.0 || 1.0 <= p {
        return if p <= 0.0 { 0 } else { n };
    }
    let gap = Distribution::Exponential { mean: -1.0 / libm::log1p(-p) };
    let (mut missed, mut at) = (0, 0.0);
    loop {
        at += 1.0 + gap.sample(stream).floor();
        if count(n) < at {
            return missed;
        }
        missed += 1;
    }
}

/// The mean of the rank-th of `n` exponential values with mean 1: 1/n + … + 1/(n − rank + 1).
///
/// Source: Rényi's representation; David and Nagaraja, *Order Statistics*, 3rd ed., 2003, 2.5.
pub(crate) fn exponential_rank(rank: usize, n: usize) -> f64 {
    (n + 1 - rank..=n).map(|left| 1.0 / count(left)).sum()
}

/// The mean of the greatest of `n` Pareto values from 1 on: n B(n, 1 − 1/shape).
pub(crate) fn pareto_maximum(shape: f64, n: usize) -> f64 {
    count(n) * libm::exp(log_beta(count(n), 1.0 - 1.0 / shape))
}

/// The mean of a lognormal law with median 1.
pub(crate) fn lognormal_mean(sigma: f64) -> f64 {
    libm::exp(sigma * sigma / 2.0)
}

/// The number of draws of a law for each run.
pub(crate) fn draws(law: &Distribution, n: usize, stream: &mut Pcg64Mcg) -> Vec<f64> {
    (0..n).map(|_| law.sample(stream)).collect()
}

/// Whole nanoseconds of a time in seconds, as runs record it.
pub(crate) fn nanos(seconds: f64) -> u64 {
    index_u64(floor_count(seconds * 1e9))
}

/// A mean in nanoseconds.
pub(crate) fn in_nanos(seconds: f64) -> f64 {
    seconds * count_u64(1_000_000_000)
}
