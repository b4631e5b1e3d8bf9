//! What the value of an axis measures, so that it can be compared.

use std::cmp::Ordering;

use crate::units::{Bytes, Rate, Span, parse_number};

/// A value as conditions compare it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum Measure {
    /// A plain number.
    Number(f64),
    /// A time, to the nanosecond.
    Time(Span),
    /// A size, to the byte.
    Size(Bytes),
    /// A rate.
    Rate(Rate),
    /// A number of another unit, such as `%` or `%/day`.
    Of(String, f64),
    /// Anything else: equal or not.
    Word(String),
}

impl Measure {
    /// What a text stands for, without quotation marks.
    pub(in crate::scenario) fn of(text: &str) -> Measure {
        let text = text.trim();
        if let Ok(number) = parse_number(text) {
            return Measure::Number(number);
        }
        let time = || text.parse().ok().map(Measure::Time);
        let size = || text.parse().ok().map(Measure::Size);
        let rate = || text.parse().ok().map(Measure::Rate);
        let other = || {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let unit = text[end..].trim();
            let number = parse_number(&text[..end]).ok()?;
            let is_unit = unit.starts_with(|c: char| c.is_alphabetic() || c == '%');
            is_unit.then(|| Measure::Of(unit.to_owned(), number))
        };
        let word = || Measure::Word(text.to_owned());
        time().or_else(size).or_else(rate).or_else(other).unwrap_or_else(word)
    }

    /// Order of two of one kind; none where they are of two kinds, or words that differ.
    pub(in crate::scenario) fn compared(&self, other: &Measure) -> Option<Ordering> {
        match (self, other) {
            (Measure::Number(one), Measure::Number(other)) => one.partial_cmp(other),
            (Measure::Time(one), Measure::Time(other)) => Some(one.cmp(other)),
            (Measure::Size(one), Measure::Size(other)) => Some(one.cmp(other)),
            (Measure::Rate(one), Measure::Rate(other)) => one.get().partial_cmp(&other.get()),
            (Measure::Of(unit, one), Measure::Of(other_unit, other)) if unit == other_unit => {
                one.partial_cmp(other)
            }
            (Measure::Word(one), Measure::Word(other)) if one == other => Some(Ordering::Equal),
            _ => None,
        }
    }

    /// What it is, in words: two that are called the same can be compared.
    pub(in crate::scenario) fn kind(&self) -> String {
        match self {
            Measure::Number(_) => "a number".to_owned(),
            Measure::Time(_) => "a time".to_owned(),
            Measure::Size(_) => "a size".to_owned(),
            Measure::Rate(_) => "a rate".to_owned(),
            Measure::Of(unit, _) => format!("a number of `{unit}`"),
            Measure::Word(_) => "a word".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(one: &str, other: &str) -> Option<Ordering> {
        Measure::of(one).compared(&Measure::of(other))
    }

    /// 1.5 h = 90 min; 1 GiB = 1.073741824 GB; 1 Gbit/s = 125 MB/s.
    #[test]
    fn quantities_are_compared_across_units() {
        assert_eq!(compared("1 h 30 min", "90 min"), Some(Ordering::Equal));
        assert_eq!(compared("1 GiB", "1 GB"), Some(Ordering::Greater));
        assert_eq!(compared("1 Gbit/s", "125 MB/s"), Some(Ordering::Equal));
        assert_eq!(compared("20", "100"), Some(Ordering::Less));
        assert_eq!(compared("8 %/day", "10 %/day"), Some(Ordering::Less));
        assert_eq!(compared("exact", "exact"), Some(Ordering::Equal));
    }

    #[test]
    fn what_is_of_two_kinds_is_not_compared() {
        for (one, other) in [
            ("20", "20 s"),
            ("20 s", "20 B"),
            ("8 %", "8 %/day"),
            ("exact", "early"),
            ("01:00", "02:00"),
        ] {
            assert_eq!(compared(one, other), None, "{one}, {other}");
        }
    }
}
