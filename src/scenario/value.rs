//! Values as a scenario writes them: text with a unit, a word of a list, a number; each with the
//! place where it stands.

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_spanned::Spanned;

/// A value with the bytes of the text that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Bytes of the text; past its end for settings and defaults.
    pub span: Range<usize>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At<T>, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(At { span: spanned.span(), value: spanned.into_inner() })
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// One of two shapes: a plain word, text, or number; or a table or list.
#[derive(Debug, Clone, PartialEq)]
pub enum Either<P, C> {
    /// A word, text, or number.
    Plain(P),
    /// A table or a list.
    Compound(C),
}

/// One value, or a list of them.
pub type OneOrMany<T> = Either<T, Vec<At<T>>>;

impl<T> At<OneOrMany<T>> {
    /// The values, each with its place.
    pub fn all(&self) -> Vec<(&T, Range<usize>)> {
        match &self.value {
            Either::Plain(one) => vec![(one, self.span.clone())],
            Either::Compound(many) => many.iter().map(|at| (&at.value, at.span.clone())).collect(),
        }
    }
}

struct EitherVisitor<P, C>(std::marker::PhantomData<(P, C)>);

impl<'de, P: Deserialize<'de>, C: Deserialize<'de>> Visitor<'de> for EitherVisitor<P, C> {
    type Value = Either<P, C>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value, a list, or a table")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        P::deserialize(text.into_deserializer()).map(Either::Plain)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        P::deserialize(number.into_deserializer()).map(Either::Plain)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        P::deserialize(number.into_deserializer()).map(Either::Plain)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        C::deserialize(MapAccessDeserializer::new(map)).map(Either::Compound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        C::deserialize(SeqAccessDeserializer::new(list)).map(Either::Compound)
    }
}

impl<'de, P: Deserialize<'de>, C: Deserialize<'de>> Deserialize<'de> for Either<P, C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EitherVisitor(std::marker::PhantomData))
    }
}

impl<P: JsonSchema, C: JsonSchema> JsonSchema for Either<P, C> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_{}", P::schema_name(), C::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let plain = generator.subschema_for::<P>();
        let compound = generator.subschema_for::<C>();
        json_schema!({ "anyOf": [plain, compound] })
    }
}

/// Anything: read from the tree by other means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "serde::de::IgnoredAny")]
pub struct Anything;

impl From<serde::de::IgnoredAny> for Anything {
    fn from(_: serde::de::IgnoredAny) -> Anything {
        Anything
    }
}

impl JsonSchema for Anything {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "array", "object"] })
    }
}

/// A word, text, or number before it is understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// Text.
    Text(String),
    /// A number, as it is written.
    Number(String),
}

impl Raw {
    /// Text as it is; a number as if it stood in quotation marks.
    pub(super) fn text(&self) -> &str {
        match self {
            Raw::Text(text) | Raw::Number(text) => text,
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        struct Plain;
        impl Visitor<'_> for Plain {
            type Value = Raw;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Raw, E> {
                Ok(Raw::Text(text.to_owned()))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Raw, E> {
                Ok(Raw::Number(number.to_string()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Raw, E> {
                Ok(Raw::Number(number.to_string()))
            }
        }
        deserializer.deserialize_any(Plain)
    }
}

/// A value that a scenario writes as one text; `FORMAT` names it in the schema.
pub(super) trait Spelled: Sized {
    /// Name of the spelling.
    const FORMAT: &'static str;
    /// What a reader calls it, with an example.
    const ABOUT: &'static str;
    /// Words that are allowed; empty where the text is not one of a list.
    const WORDS: &'static [&'static str] = &[];

    /// The value that a text stands for.
    fn read(raw: &Raw) -> Result<Self, String>;
}

/// Reads a value of this kind from the scenario, and says in the schema how it is written.
macro_rules! spelled {
    ($($type:ty),+ $(,)?) => { $(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = $crate::scenario::value::Raw::deserialize(deserializer)?;
                <$type as $crate::scenario::value::Spelled>::read(&raw)
                    .map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$type as $crate::scenario::value::Spelled>::FORMAT.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::scenario::value::spelled_schema::<$type>()
            }
        }
    )+ };
}

/// Words of a scenario and the variants that they stand for.
macro_rules! words {
    ($($type:ty, $format:literal: { $($word:literal => $variant:expr),+ $(,)? })+) => { $(
        impl $crate::scenario::value::Spelled for $type {
            const FORMAT: &'static str = $format;
            const ABOUT: &'static str = concat!("one of the words for ", $format);
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn read(raw: &$crate::scenario::value::Raw) -> Result<Self, String> {
                match raw.text() {
                    $($word => Ok($variant),)+
                    other => Err($crate::scenario::value::unknown_word(other, Self::WORDS)),
                }
            }
        }

        $crate::scenario::value::spelled!($type);
    )+ };
}

pub(super) use spelled;
pub(super) use words;

/// The schema of a value that is written as text.
pub(super) fn spelled_schema<T: Spelled>() -> Schema {
    if T::WORDS.is_empty() {
        json_schema!({ "type": "string", "format": T::FORMAT })
    } else {
        json_schema!({ "type": "string", "enum": T::WORDS })
    }
}

/// What to say to a word that is not in the list.
pub(super) fn unknown_word(word: &str, words: &[&str]) -> String {
    super::problem::none_of(word, words)
}
