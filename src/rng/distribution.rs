//! Distributions of a scenario and how they are drawn.

/// A distribution.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Constant(f64),
}
/// A mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture;
