//! Distributions of a scenario: checked when they are made, drawn by `libm` alone.
//!
//! Where a quantile function is closed, a draw is that function of one uniform number. So equal
//! streams under two parameters give draws of equal rank, which is what paired comparisons live on.
//! `rand_distr` is not used: it reaches logarithms and powers through `num-traits`, and as soon as
//! any crate of the build turns on that crate's `std` (charts do), they come from the platform.

use std::sync::Arc;

use rand::RngExt;
use rand::distr::Open01;
use rand_pcg::Pcg64Mcg;

use super::unit;

mod gamma;
mod make;
mod normal;

pub use make::BadParameter;

/// A distribution of numbers, in whatever unit its user gives it.
///
/// Make one with the functions named after the variants: they check the parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same value; takes no draw.
    Constant(f64),
    /// Every value from `low` to `high` alike.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Density rises from `low` to `mode` and falls to `high`.
    Triangular {
        /// Least value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// Without memory; more than 0.
    Exponential {
        /// Mean, more than 0.
        mean: f64,
    },
    /// A normal logarithm; more than 0.
    LogNormal {
        /// Median, more than 0.
        median: f64,
        /// Standard deviation of the natural logarithm, at least 0.
        sigma: f64,
    },
    /// The bell curve; unbounded both ways.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, at least 0.
        sd: f64,
    },
    /// Gamma; more than 0, mean `shape` × `scale`.
    Gamma {
        /// Shape, more than 0.
        shape: f64,
        /// Scale, more than 0.
        scale: f64,
    },
    /// Beta; from 0 to 1, mean `alpha` / (`alpha` + `beta`).
    Beta {
        /// First shape, more than 0.
        alpha: f64,
        /// Second shape, more than 0.
        beta: f64,
    },
    /// Weibull; more than 0.
    Weibull {
        /// Scale: the value that a share of 1 − 1/e does not exceed; more than 0.
        scale: f64,
        /// Shape, more than 0; 1 is exponential.
        shape: f64,
    },
    /// Pareto: a power tail from `least` on.
    Pareto {
        /// Least value, more than 0.
        least: f64,
        /// Exponent of the tail, more than 0; the mean is infinite at 1 and below.
        shape: f64,
    },
    /// Pareto cut off at `most` (what lies beyond is drawn anew, not clamped).
    BoundedPareto {
        /// Least value, more than 0.
        least: f64,
        /// Greatest value, more than `least`.
        most: f64,
        /// Exponent of the tail, more than 0.
        shape: f64,
    },
    /// One of given values, each as likely.
    Empirical(Empirical),
    /// A part drawn by its weight, then a value of that part.
    Mixture(Mixture),
    /// `inner`, with draws below `min` or above `max` set to the bound.
    Clamped {
        /// What is drawn.
        inner: Box<Distribution>,
        /// Least value; may be −∞.
        min: f64,
        /// Greatest value, at least `min`; may be ∞.
        max: f64,
    },
}

/// Values of a [`Distribution::Empirical`]: at least one, sorted; cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    /// Share of draws that do not exceed this value, and the value; the last share is 1.
    values: Arc<[(f64, f64)]>,
    mean: f64,
}

/// Parts of a [`Distribution::Mixture`] with their weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// Share of draws that go to this part or an earlier one, and the part; the last share is 1.
    parts: Vec<(f64, Distribution)>,
}

/// A number uniform in (0, 1), never 0 and never 1.
fn open_unit(stream: &mut Pcg64Mcg) -> f64 {
    stream.sample(Open01)
}

impl Distribution {
    /// The next value from `stream`.
    pub fn sample(&self, stream: &mut Pcg64Mcg) -> f64 {
        match self {
            Distribution::Constant(value) => *value,
            Distribution::Gamma { shape, scale } => {
                scale * libm::exp(gamma::log_gamma_draw(stream, *shape))
            }
            Distribution::Beta { alpha, beta } => gamma::beta_draw(stream, *alpha, *beta),
            Distribution::Mixture(mixture) => mixture.pick(unit(stream)).sample(stream),
            Distribution::Clamped { inner, min, max } => inner.sample(stream).clamp(*min, *max),
            Distribution::Uniform { .. }
            | Distribution::Triangular { .. }
            | Distribution::Exponential { .. }
            | Distribution::LogNormal { .. }
            | Distribution::Normal { .. }
            | Distribution::Weibull { .. }
            | Distribution::Pareto { .. }
            | Distribution::BoundedPareto { .. }
            | Distribution::Empirical(_) => {
                self.quantile(open_unit(stream)).expect("these have a closed quantile")
            }
        }
    }

    /// The least value that a draw does not exceed with probability `p`, from 0 to 1.
    ///
    /// `None` where there is no closed form: gamma, beta, mixtures, and these clamped.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let value = match self {
            Distribution::Constant(value) => *value,
            Distribution::Uniform { low, high } => low + p * (high - low),
            Distribution::Triangular { low, mode, high } => triangular(*low, *mode, *high, p),
            Distribution::Exponential { mean } => -mean * libm::log1p(-p),
            Distribution::LogNormal { median, sigma } => median * libm::exp(spread(*sigma, p)),
            Distribution::Normal { mean, sd } => mean + spread(*sd, p),
            Distribution::Weibull { scale, shape } => {
                scale * libm::pow(-libm::log1p(-p), 1.0 / shape)
            }
            Distribution::Pareto { least, shape } => least * libm::pow(1.0 - p, -1.0 / shape),
            Distribution::BoundedPareto { least, most, shape } => {
                let beyond = libm::pow(least / most, *shape);
                (least * libm::pow((1.0 - p) + p * beyond, -1.0 / shape)).min(*most)
            }
            Distribution::Empirical(empirical) => empirical.quantile(p),
            Distribution::Clamped { inner, min, max } => inner.quantile(p)?.clamp(*min, *max),
            Distribution::Gamma { .. } | Distribution::Beta { .. } | Distribution::Mixture(_) => {
                return None;
            }
        };
        Some(value)
    }

    /// The median, where its form is closed.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// The mean, where it is finite and its form is closed: not where a clamp may bite.
    pub fn mean(&self) -> Option<f64> {
        match self {
            Distribution::Constant(value) => Some(*value),
            Distribution::Uniform { low, high } => Some(low + (high - low) / 2.0),
            Distribution::Triangular { low, mode, high } => {
                Some(low + (mode - low) / 3.0 + (high - low) / 3.0)
            }
            Distribution::Exponential { mean } | Distribution::Normal { mean, .. } => Some(*mean),
            Distribution::LogNormal { median, sigma } => {
                Some(median * libm::exp(sigma * sigma / 2.0))
            }
            Distribution::Gamma { shape, scale } => Some(shape * scale),
            Distribution::Beta { alpha, beta } => Some(alpha / (alpha + beta)),
            Distribution::Weibull { scale, shape } => Some(scale * libm::tgamma(1.0 + 1.0 / shape)),
            Distribution::Pareto { least, shape } => {
                (1.0 < *shape).then(|| shape * least / (shape - 1.0))
            }
            Distribution::BoundedPareto { least, most, shape } => {
                Some(bounded_pareto_mean(*least, *most, *shape))
            }
            Distribution::Empirical(empirical) => Some(empirical.mean),
            Distribution::Mixture(mixture) => mixture.mean(),
            Distribution::Clamped { inner, min, max } => {
                let (low, high) = inner.support();
                if *min <= low && high <= *max { inner.mean() } else { None }
            }
        }
    }

    /// The least and the greatest value that a draw can have; infinite where there is no bound.
    pub fn support(&self) -> (f64, f64) {
        match self {
            Distribution::Constant(value) => (*value, *value),
            Distribution::Uniform { low, high } | Distribution::Triangular { low, high, .. } => {
                (*low, *high)
            }
            Distribution::Exponential { .. }
            | Distribution::LogNormal { .. }
            | Distribution::Gamma { .. }
            | Distribution::Weibull { .. } => (0.0, f64::INFINITY),
            Distribution::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Distribution::Beta { .. } => (0.0, 1.0),
            Distribution::Pareto { least, .. } => (*least, f64::INFINITY),
            Distribution::BoundedPareto { least, most, .. } => (*least, *most),
            Distribution::Empirical(empirical) => {
                (empirical.quantile(0.0), empirical.quantile(1.0))
            }
            Distribution::Mixture(mixture) => mixture.support(),
            Distribution::Clamped { inner, min, max } => {
                let (low, high) = inner.support();
                (low.clamp(*min, *max), high.clamp(*min, *max))
            }
        }
    }
}

/// `sd` standard normal deviations at `p`; nothing where `sd` is 0, even at the infinite ends.
fn spread(sd: f64, p: f64) -> f64 {
    if sd == 0.0 { 0.0 } else { sd * normal::quantile(p) }
}

fn triangular(low: f64, mode: f64, high: f64, p: f64) -> f64 {
    let (width, rise) = (high - low, mode - low);
    if p * width <= rise {
        low + libm::sqrt(p * width * rise)
    } else {
        high - libm::sqrt((1.0 - p) * width * (high - mode))
    }
}

/// With r = least / most: a / (a − 1) × least × (1 − r^(a − 1)) / (1 − r^a), and its limit at 1.
fn bounded_pareto_mean(least: f64, most: f64, shape: f64) -> f64 {
    let log_ratio = libm::log(least / most);
    let cut = -libm::expm1(shape * log_ratio);
    let excess = shape - 1.0;
    let moved = if excess == 0.0 { -log_ratio } else { -libm::expm1(excess * log_ratio) / excess };
    shape * least * moved / cut
}

impl Empirical {
    /// By nearest rank: the least value that a share of at least `p` does not exceed.
    fn quantile(&self, p: f64) -> f64 {
        let idx = self.values.partition_point(|(share, _)| *share < p);
        self.values[idx.min(self.values.len() - 1)].1
    }

    /// The values, lowest first.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.values.iter().map(|(_, value)| *value)
    }
}

impl Mixture {
    /// The part to which `u`, in [0, 1), falls.
    fn pick(&self, u: f64) -> &Distribution {
        let idx = self.parts.partition_point(|(share, _)| *share <= u);
        &self.parts[idx.min(self.parts.len() - 1)].1
    }

    /// Each part with its share of the draws, in the order given.
    pub fn parts(&self) -> impl Iterator<Item = (f64, &Distribution)> {
        let mut before = 0.0;
        self.parts.iter().map(move |(share, part)| {
            let own = share - before;
            before = *share;
            (own, part)
        })
    }

    fn mean(&self) -> Option<f64> {
        self.parts().try_fold(0.0, |sum, (share, part)| Some(sum + share * part.mean()?))
    }

    fn support(&self) -> (f64, f64) {
        self.parts
            .iter()
            .map(|(_, part)| part.support())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (part_low, part_high)| {
                (low.min(part_low), high.max(part_high))
            })
    }
}

#[cfg(test)]
mod tests;
