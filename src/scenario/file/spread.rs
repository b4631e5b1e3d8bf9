//! Distributions as a scenario writes them: one value, or a table that is named after the family.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spelling::{Fraction, PerDay};
use crate::scenario::value::{At, Either};
use crate::units::{Bytes, Rate, Span};

/// A value, or a distribution of such values.
pub type Spread<T> = At<Either<T, Box<SpreadTable<T>>>>;

/// A quantity that can be drawn from a distribution.
pub trait Amount {
    /// Whether it is a share: then it never exceeds 1, and may have a beta distribution.
    const IS_SHARE: bool = false;
    /// The unit that distributions of the model have.
    const UNIT: &'static str;
    /// The value in that unit.
    fn number(&self) -> f64;
}

impl Amount for Span {
    const UNIT: &'static str = "seconds";
    fn number(&self) -> f64 {
        self.secs()
    }
}

impl Amount for Bytes {
    const UNIT: &'static str = "bytes";
    fn number(&self) -> f64 {
        self.as_f64()
    }
}

impl Amount for Rate {
    const UNIT: &'static str = "bytes a second";
    fn number(&self) -> f64 {
        self.get()
    }
}

impl Amount for Fraction {
    const UNIT: &'static str = "parts of the whole";
    const IS_SHARE: bool = true;
    fn number(&self) -> f64 {
        self.0
    }
}

impl Amount for PerDay {
    const UNIT: &'static str = "parts of the whole";
    const IS_SHARE: bool = true;
    fn number(&self) -> f64 {
        self.0
    }
}

/// A distribution: one family, and bounds to which draws are clamped.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "distribution_of_{T}")]
pub struct SpreadTable<T> {
    /// Every value between two alike.
    pub uniform: Option<Uniform<T>>,
    /// Rising from the least value to the most likely one, then falling to the greatest.
    pub triangular: Option<Triangular<T>>,
    /// Without memory.
    pub exponential: Option<Exponential<T>>,
    /// A normal logarithm, by median and sigma, or by median and p95.
    pub lognormal: Option<Lognormal<T>>,
    /// The bell curve; draws below zero are clamped to it.
    pub normal: Option<Normal<T>>,
    /// Gamma.
    pub gamma: Option<Gamma<T>>,
    /// Beta, from 0 to 1: for shares.
    pub beta: Option<Beta>,
    /// Weibull.
    pub weibull: Option<Weibull<T>>,
    /// A power tail, cut off where `most` is given.
    pub pareto: Option<Pareto<T>>,
    /// These values, each as likely.
    pub values: Option<Vec<At<T>>>,
    /// The values of a CSV file with one column, each as likely.
    pub file: Option<At<String>>,
    /// One of several distributions, by weight.
    pub mixture: Option<Vec<Part<T>>>,
    /// Draws below are set to this.
    pub min: Option<At<T>>,
    /// Draws above are set to this.
    pub max: Option<At<T>>,
}

/// Every value from `low` to `high` alike.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "uniform_{T}")]
pub struct Uniform<T> {
    /// Least value.
    #[schemars(required)]
    pub low: Option<At<T>>,
    /// Greatest value.
    #[schemars(required)]
    pub high: Option<At<T>>,
}

/// A triangle.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "triangular_{T}")]
pub struct Triangular<T> {
    /// Least value.
    #[schemars(required)]
    pub low: Option<At<T>>,
    /// Most likely value.
    #[schemars(required)]
    pub mode: Option<At<T>>,
    /// Greatest value.
    #[schemars(required)]
    pub high: Option<At<T>>,
}

/// Exponential.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "exponential_{T}")]
pub struct Exponential<T> {
    /// Mean.
    #[schemars(required)]
    pub mean: Option<At<T>>,
}

/// Lognormal.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "lognormal_{T}")]
pub struct Lognormal<T> {
    /// Half of the values lie below.
    #[schemars(required)]
    pub median: Option<At<T>>,
    /// Standard deviation of the natural logarithm.
    #[schemars(range(min = 0, max = 10))]
    pub sigma: Option<At<f64>>,
    /// Instead of sigma: one value of 20 lies above.
    pub p95: Option<At<T>>,
}

/// Normal.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "normal_{T}")]
pub struct Normal<T> {
    /// Mean.
    #[schemars(required)]
    pub mean: Option<At<T>>,
    /// Standard deviation.
    #[schemars(required)]
    pub sd: Option<At<T>>,
}

/// Gamma, of mean shape × scale.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "gamma_{T}")]
pub struct Gamma<T> {
    /// Shape, more than 0.
    #[schemars(required)]
    pub shape: Option<At<f64>>,
    /// Scale.
    #[schemars(required)]
    pub scale: Option<At<T>>,
}

/// Beta, of mean alpha / (alpha + beta).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beta {
    /// First shape, more than 0.
    #[schemars(required)]
    pub alpha: Option<At<f64>>,
    /// Second shape, more than 0.
    #[schemars(required)]
    pub beta: Option<At<f64>>,
}

/// Weibull.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "weibull_{T}")]
pub struct Weibull<T> {
    /// A share of 1 − 1/e of the values lies below.
    #[schemars(required)]
    pub scale: Option<At<T>>,
    /// Shape, more than 0.
    #[schemars(required)]
    pub shape: Option<At<f64>>,
}

/// Pareto.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "pareto_{T}")]
pub struct Pareto<T> {
    /// Least value.
    #[schemars(required)]
    pub least: Option<At<T>>,
    /// Exponent of the tail, more than 0.
    #[schemars(required)]
    pub shape: Option<At<f64>>,
    /// Greatest value; draws beyond are drawn anew.
    pub most: Option<At<T>>,
}

/// A part of a mixture.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "mixture_of_{T}")]
pub struct Part<T> {
    /// Its weight among the parts; 1 where not given.
    #[schemars(range(min = 0))]
    pub weight: Option<At<f64>>,
    /// What is drawn.
    #[schemars(required)]
    pub of: Option<Spread<T>>,
}
