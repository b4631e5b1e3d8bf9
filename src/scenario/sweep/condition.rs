//! Conditions of constraints: an axis compared with another, or with a value.

use std::cmp::Ordering;

use super::no_axis;
use crate::scenario::axis::{Axis, AxisValue, Measure};
use crate::scenario::problem::{did_you_mean, listed};

/// How two are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

/// Relations as they are written.
const RELATIONS: [(&str, Relation); 6] = [
    ("<", Relation::Less),
    ("<=", Relation::AtMost),
    ("=", Relation::Equal),
    ("!=", Relation::Unequal),
    (">=", Relation::AtLeast),
    (">", Relation::More),
];

impl Relation {
    /// Whether the relation holds in an order; things that differ have none where they are words.
    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Relation::Less => order == Some(Ordering::Less),
            Relation::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Relation::Equal => order == Some(Ordering::Equal),
            Relation::Unequal => order != Some(Ordering::Equal),
            Relation::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Relation::More => order == Some(Ordering::Greater),
        }
    }

    /// Whether it asks more than whether two are equal.
    fn is_order(self) -> bool {
        !matches!(self, Relation::Equal | Relation::Unequal)
    }
}

/// An axis, by its place, and which of its keys where it is called by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Operand {
    axis: usize,
    key: Option<usize>,
}

impl Operand {
    fn measure(self, values: &[&AxisValue]) -> Measure {
        values[self.axis].measure(self.key)
    }
}

/// What stands on the right.
#[derive(Debug, Clone, PartialEq)]
enum Right {
    Axis(Operand),
    Value(Measure),
}

/// A comparison that holds at a point or not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    left: Operand,
    relation: Relation,
    right: Right,
}

impl Condition {
    /// Whether it holds at these values, one of each axis.
    pub(super) fn holds(&self, values: &[&AxisValue]) -> bool {
        let left = self.left.measure(values);
        self.relation.holds(match &self.right {
            Right::Axis(right) => left.compared(&right.measure(values)),
            Right::Value(right) => left.compared(right),
        })
    }
}

/// Why a text is no condition, and what would be.
type Refused = (String, Option<String>);

/// Reads `slots <= 40` or `first < then`.
///
/// # Errors
/// When no axis is called so, or what is compared is of different kinds.
pub(super) fn read(text: &str, axes: &[Axis]) -> Result<Condition, Refused> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = words.iter().enumerate().find_map(|(at, word)| {
        let relation = RELATIONS.iter().find(|(sign, _)| sign == word)?;
        Some((at, relation.1))
    });
    let Some((at, relation)) = found.filter(|(at, _)| 0 < *at && at + 1 < words.len()) else {
        let signs = listed(RELATIONS.iter().map(|(sign, _)| *sign), "or");
        let message = format!(
            "`{text}` is no condition: an axis, {signs} between blanks, and a value or an axis"
        );
        return Err((message, Some("such as `\"slots <= 40\"`".to_owned())));
    };
    let (name, other) = (words[..at].join(" "), words[at + 1..].join(" "));
    let left = operand(&name, axes).ok_or_else(|| no_axis(&name, axes))?;
    let (right, right_kinds) = match operand(&other, axes) {
        Some(operand) => (Right::Axis(operand), measures(operand, axes)),
        None => (Right::Value(Measure::of(&other)), vec![Measure::of(&other)]),
    };
    let left_kinds = measures(left, axes);
    comparable((&name, &left_kinds), (&other, &right_kinds))?;
    let is_words = left_kinds.iter().any(|measure| matches!(measure, Measure::Word(_)));
    if is_words && relation.is_order() {
        let message = format!("`{name}` has words for values, which have no order");
        return Err((message, Some("write `=` or `!=`".to_owned())));
    }
    if is_words
        && let Right::Value(value) = &right
        && !left_kinds.contains(value)
    {
        let words = || {
            left_kinds.iter().filter_map(|measure| match measure {
                Measure::Word(word) => Some(word.as_str()),
                _ => None,
            })
        };
        let help = did_you_mean(&other, words());
        let help = help.unwrap_or_else(|| format!("it has {}", listed(words(), "and")));
        return Err((format!("no value of `{name}` is `{other}`"), Some(help)));
    }
    Ok(Condition { left, relation, right })
}

/// The axis that is called so, by its name or by one of its keys.
fn operand(name: &str, axes: &[Axis]) -> Option<Operand> {
    let by_name = axes.iter().position(|axis| axis.name == name);
    let by_name = by_name.map(|axis| Operand { axis, key: None });
    by_name.or_else(|| {
        axes.iter().enumerate().find_map(|(axis, of)| {
            let key = of.keys.iter().position(|key| key == name)?;
            Some(Operand { axis, key: Some(key) })
        })
    })
}

/// What an axis takes: all its values, or one that a design may draw.
fn measures(operand: Operand, axes: &[Axis]) -> Vec<Measure> {
    let axis = &axes[operand.axis];
    match axis.stretch {
        Some(_) => vec![axis.drawn(0.0).measure(operand.key)],
        None => axis.values.iter().map(|value| value.measure(operand.key)).collect(),
    }
}

/// Whether all that two sides take is of one kind.
fn comparable(left: (&str, &[Measure]), right: (&str, &[Measure])) -> Result<(), Refused> {
    for one in left.1 {
        for other in right.1 {
            if one.kind() != other.kind() {
                let message = format!(
                    "`{}` is {}, `{}` is {}: they cannot be compared",
                    left.0,
                    one.kind(),
                    right.0,
                    other.kind()
                );
                return Err((message, None));
            }
        }
    }
    Ok(())
}
