//! Making distributions: parameters are checked here, once, with a message for whoever wrote them.

use std::fmt;

use super::{Distribution, Empirical, Mixture};

/// The 95 % point of the standard normal distribution.
const NORMAL_P95: f64 = 1.644_853_626_951_472_7;

/// A parameter that a distribution cannot have, and what it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadParameter {
    message: String,
}

impl fmt::Display for BadParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BadParameter {}

fn demand(holds: bool, message: impl FnOnce() -> String) -> Result<(), BadParameter> {
    if holds { Ok(()) } else { Err(BadParameter { message: message() }) }
}

fn finite(name: &str, value: f64) -> Result<(), BadParameter> {
    demand(value.is_finite(), || format!("`{name}` must be a finite number, not {value}"))
}

fn at_least(name: &str, value: f64, low: f64) -> Result<(), BadParameter> {
    finite(name, value)?;
    demand(low <= value, || format!("`{name}` must be at least {low}, not {value}"))
}

fn positive(name: &str, value: f64) -> Result<(), BadParameter> {
    finite(name, value)?;
    demand(0.0 < value, || format!("`{name}` must be more than 0, not {value}"))
}

#[expect(clippy::missing_errors_doc, reason = "each refuses what its variant's fields exclude")]
impl Distribution {
    /// Always `value`.
    pub fn constant(value: f64) -> Result<Distribution, BadParameter> {
        finite("value", value)?;
        Ok(Distribution::Constant(value))
    }

    /// Every value from `low` to `high` alike.
    pub fn uniform(low: f64, high: f64) -> Result<Distribution, BadParameter> {
        finite("low", low)?;
        at_least("high", high, low)?;
        finite("high - low", high - low)?;
        Ok(Distribution::Uniform { low, high })
    }

    /// A triangle over `low`..`high` with its tip at `mode`.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Distribution, BadParameter> {
        finite("low", low)?;
        at_least("mode", mode, low)?;
        at_least("high", high, mode)?;
        finite("high - low", high - low)?;
        Ok(Distribution::Triangular { low, mode, high })
    }

    /// Exponential of this mean.
    pub fn exponential(mean: f64) -> Result<Distribution, BadParameter> {
        positive("mean", mean)?;
        Ok(Distribution::Exponential { mean })
    }

    /// Lognormal of this median; `sigma` is the standard deviation of the natural logarithm.
    pub fn lognormal(median: f64, sigma: f64) -> Result<Distribution, BadParameter> {
        positive("median", median)?;
        at_least("sigma", sigma, 0.0)?;
        Ok(Distribution::LogNormal { median, sigma })
    }

    /// Lognormal of this median, exceeded `p95` in one draw of 20.
    pub fn lognormal_by_p95(median: f64, p95: f64) -> Result<Distribution, BadParameter> {
        positive("median", median)?;
        at_least("p95", p95, median)?;
        Distribution::lognormal(median, libm::log(p95 / median) / NORMAL_P95)
    }

    /// Normal of this mean and standard deviation.
    pub fn normal(mean: f64, sd: f64) -> Result<Distribution, BadParameter> {
        finite("mean", mean)?;
        at_least("sd", sd, 0.0)?;
        Ok(Distribution::Normal { mean, sd })
    }

    /// Gamma of mean `shape` × `scale`.
    pub fn gamma(shape: f64, scale: f64) -> Result<Distribution, BadParameter> {
        positive("shape", shape)?;
        positive("scale", scale)?;
        Ok(Distribution::Gamma { shape, scale })
    }

    /// Beta of mean `alpha` / (`alpha` + `beta`).
    pub fn beta(alpha: f64, beta: f64) -> Result<Distribution, BadParameter> {
        positive("alpha", alpha)?;
        positive("beta", beta)?;
        Ok(Distribution::Beta { alpha, beta })
    }

    /// Weibull of this scale and shape.
    pub fn weibull(scale: f64, shape: f64) -> Result<Distribution, BadParameter> {
        positive("scale", scale)?;
        positive("shape", shape)?;
        Ok(Distribution::Weibull { scale, shape })
    }

    /// Pareto from `least` on.
    pub fn pareto(least: f64, shape: f64) -> Result<Distribution, BadParameter> {
        positive("least", least)?;
        positive("shape", shape)?;
        Ok(Distribution::Pareto { least, shape })
    }

    /// Pareto from `least` to `most`.
    pub fn bounded_pareto(least: f64, most: f64, shape: f64) -> Result<Distribution, BadParameter> {
        positive("least", least)?;
        finite("most", most)?;
        demand(least < most, || format!("`most` must be more than {least}, not {most}"))?;
        positive("shape", shape)?;
        Ok(Distribution::BoundedPareto { least, most, shape })
    }

    /// One of `values`, each as likely, in whatever order they are given.
    pub fn empirical(mut values: Vec<f64>) -> Result<Distribution, BadParameter> {
        demand(!values.is_empty(), || "`values` must have at least one value".to_owned())?;
        for value in &values {
            finite("values", *value)?;
        }
        values.sort_by(f64::total_cmp);
        let n = u32::try_from(values.len()).expect("a table of values has fewer than 2^32 lines");
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let shares = (1..=n).map(|rank| f64::from(rank) / f64::from(n));
        let values = shares.zip(values).collect();
        Ok(Distribution::Empirical(Empirical { values, mean }))
    }

    /// A mixture of parts, drawn in proportion to their weights.
    pub fn mixture(parts: Vec<(f64, Distribution)>) -> Result<Distribution, BadParameter> {
        for (weight, _) in &parts {
            at_least("weight", *weight, 0.0)?;
        }
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        positive("sum of weights", total)?;
        let mut sum = 0.0;
        let mut shares = Vec::new();
        for (weight, part) in parts.into_iter().filter(|(weight, _)| 0.0 < *weight) {
            sum += weight;
            shares.push((sum / total, part));
        }
        Ok(Distribution::Mixture(Mixture { parts: shares }))
    }

    /// This distribution with draws below `min` or above `max` set to the bound; `None` is no bound.
    pub fn clamped(self, min: Option<f64>, max: Option<f64>) -> Result<Distribution, BadParameter> {
        let (low, high) = (min.unwrap_or(f64::NEG_INFINITY), max.unwrap_or(f64::INFINITY));
        demand(low <= high, || format!("`max` must be at least `min`, {low}, not {high}"))?;
        if min.is_none() && max.is_none() {
            return Ok(self);
        }
        Ok(Distribution::Clamped { inner: Box::new(self), min: low, max: high })
    }
}
