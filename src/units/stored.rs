//! Spans as they are stored between programs: whole nanoseconds, whereas a scenario writes them out.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Span;

/// A [`Span`] as the number of its nanoseconds, for `#[serde(with = …)]`.
///
/// # Errors
/// Those of the format.
pub fn serialize<S: Serializer>(span: &Span, to: S) -> Result<S::Ok, S::Error> {
    span.nanos().serialize(to)
}

/// The [`Span`] of a number of nanoseconds.
///
/// # Errors
/// Those of the format.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
    u64::deserialize(from).map(Span::from_nanos)
}

/// The same, of a span that need not be.
pub mod maybe {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Span};

    /// The number of nanoseconds, if any, for `#[serde(with = …)]`.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer>(span: &Option<Span>, to: S) -> Result<S::Ok, S::Error> {
        span.map(Span::nanos).serialize(to)
    }

    /// The [`Span`] of a number of nanoseconds, if any.
    ///
    /// # Errors
    /// Those of the format.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Span>, D::Error> {
        let nanos = Option::<u64>::deserialize(from)?;
        Ok(nanos.map(Span::from_nanos))
    }
}
