//! Ranges of an axis: values at equal distances or ratios, or a stretch that a design draws from.
//!
//! A step is added exactly, in decimal numbers. Where a range is divided, its ends are as written,
//! and what lies between has nine significant digits, six where it is drawn; digits before the
//! decimal point are never rounded away.

use std::ops::Range;

use super::{AxisValue, bare_text};
use crate::scenario::tree::Node;
use crate::units::{count_u64, floor_count, index_u64, parse_decimal, parse_number, round_u64};

/// Most values of one axis.
const VALUES_MAX: u64 = 10_000;

/// Most digits of the ends and steps of a range, so that what is made of them stays exact.
const DIGITS_MAX: u128 = 1_000_000_000_000_000;

/// Significant digits of values that divide a range.
const DIGITS: usize = 9;

/// Significant digits of values that are drawn.
const DRAWN_DIGITS: usize = 6;

/// In what steps a key of this kind moves where a range does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Natural {
    /// In none: any value may stand there.
    Any,
    /// Whole numbers.
    Whole,
    /// Quarters of an hour (F2).
    QuarterHours,
}

impl Natural {
    /// The steps that suit two keys at once.
    pub(super) fn and(self, other: Natural) -> Natural {
        match (self, other) {
            (Natural::Any, steps) | (steps, Natural::Any) => steps,
            (Natural::QuarterHours, _) | (_, Natural::QuarterHours) => Natural::QuarterHours,
            (Natural::Whole, Natural::Whole) => Natural::Whole,
        }
    }
}

/// A stretch of values from which a design draws those of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    ends: Ends,
    step: Option<u128>,
    by_ratio: bool,
    span: Range<usize>,
}

/// The ends of a range, as whole numbers of units of the last decimal: 0.5 and 2 are 5 and 20 of
/// one decimal.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ends {
    from: u128,
    to: u128,
    decimals: u32,
    unit: String,
}

impl Ends {
    /// A number of units of the last decimal, as a value.
    fn exactly(&self, units: u128, span: &Range<usize>) -> AxisValue {
        value(&decimal_text(units, self.decimals), &self.unit, span)
    }

    /// A number of units of the last decimal, as it is: 0.5.
    fn number(&self, units: u128) -> f64 {
        let text = decimal_text(units, self.decimals);
        parse_number(&text).expect("digits and a point are a number")
    }
}

/// A number with its unit; empty for plain numbers.
struct Quantity {
    digits: u128,
    decimals: u32,
    unit: String,
}

/// The number at a key of a range, if there is one.
fn quantity(table: &Node<'_>, key: &str) -> Result<Option<Quantity>, String> {
    let Some(node) = table.get_ref().get(key) else { return Ok(None) };
    let text = bare_text(node);
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, decimals) = parse_decimal(&text[..end])
        .ok_or_else(|| format!("`{text}` is no number, with or without a unit"))?;
    let unit = match text[end..].trim() {
        "day" => "days",
        "week" => "weeks",
        unit => unit,
    };
    Ok(Some(Quantity { digits, decimals, unit: unit.to_owned() }))
}

/// The ends and the step of a range in the same units of the last decimal.
///
/// None where an end is missing, which the shape tells.
fn read(table: &Node<'_>) -> Result<Option<(Ends, Option<u128>)>, String> {
    let (from, to) = (quantity(table, "from")?, quantity(table, "to")?);
    let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
    let step = quantity(table, "step")?;
    let all = [Some(&from), Some(&to), step.as_ref()];
    let all = || all.iter().copied().flatten();
    if all().any(|one| one.unit != from.unit) {
        return Err("the ends and the step of a range are in the same unit".to_owned());
    }
    let decimals = all().map(|one| one.decimals).max().unwrap_or(0);
    let scaled = |one: &Quantity| {
        let scaled = one.digits.checked_mul(10u128.checked_pow(decimals - one.decimals)?)?;
        (scaled < DIGITS_MAX).then_some(scaled)
    };
    if decimals > 15 || all().any(|one| scaled(one).is_none()) {
        return Err("the numbers of a range have at most 15 digits together with the decimals of \
                    the others"
            .to_owned());
    }
    let scale = |one: &Quantity| scaled(one).expect("it has been looked at");
    let ends = Ends { from: scale(&from), to: scale(&to), decimals, unit: from.unit.clone() };
    if ends.to <= ends.from {
        return Err("a range goes from the lesser to the greater value".to_owned());
    }
    match step.as_ref().map(scale) {
        Some(0) => Err("the step of a range is more than 0".to_owned()),
        step => Ok(Some((ends, step))),
    }
}

/// The values of a range.
///
/// Of keys in whole numbers, the values between the ends of a logarithmic range are rounded, each
/// once.
pub(super) fn values(
    table: &Node<'_>,
    by_ratio: bool,
    natural: Natural,
) -> Result<Vec<AxisValue>, String> {
    let Some((ends, step)) = read(table)? else { return Ok(Vec::new()) };
    let n = quantity(table, "n")?.map(|n| u64::try_from(n.digits).unwrap_or(u64::MAX));
    if by_ratio && step.is_some() {
        return Err("a logarithmic range has `n` values; `step` is for those that a `[design]` \
                    draws"
            .to_owned());
    }
    let count = match (step, n) {
        (Some(step), None) => {
            u64::try_from((ends.to - ends.from) / step).map_or(u64::MAX, |last| last + 1)
        }
        (None, Some(n)) if 2 <= n => n,
        (None, None) if by_ratio => {
            return Err(
                "a logarithmic range has `n` values, at least 2, unless a `[design]` draws \
                        them"
                    .to_owned(),
            );
        }
        _ => {
            return Err("a range has one of `step`, more than 0, and `n`, at least 2, unless a \
                        `[design]` draws its points"
                .to_owned());
        }
    };
    if VALUES_MAX < count {
        return Err(format!("the range has {count} values; an axis has at most {VALUES_MAX}"));
    }
    if by_ratio && ends.from == 0 {
        return Err("a logarithmic range starts above 0".to_owned());
    }
    let span = table.span();
    let last = count - 1;
    let at = |place: u64| match step {
        Some(step) => ends.exactly(ends.from + u128::from(place) * step, &span),
        None if place == 0 => ends.exactly(ends.from, &span),
        None if place == last => ends.exactly(ends.to, &span),
        None if by_ratio => {
            let (from, to) = (ends.number(ends.from), ends.number(ends.to));
            let number = from * libm::pow(to / from, count_u64(place) / count_u64(last));
            let text = match natural {
                Natural::Whole => format!("{:.0}", number.round()),
                Natural::Any | Natural::QuarterHours => rounded(number, DIGITS),
            };
            value(&text, &ends.unit, &span)
        }
        None => value(&part(&ends, place, last), &ends.unit, &span),
    };
    let mut values: Vec<AxisValue> = (0..count).map(at).collect();
    if natural == Natural::Whole {
        values.dedup_by(|next, before| next.label == before.label);
    }
    Ok(values)
}

/// The number `place` of `last` equal parts along a range, to the nearest of the last digit kept,
/// halves up; in whole numbers all the way.
fn part(ends: &Ends, place: u64, last: u64) -> String {
    // what is asked for is `over` / `under`
    let over = ends.from * u128::from(last) + (ends.to - ends.from) * u128::from(place);
    let under = u128::from(last) * 10u128.pow(ends.decimals);
    let mut decimals = 0;
    let enough = 10u128.pow(u32::try_from(DIGITS - 1).expect("a small number"));
    while decimals < 15 && over * 10u128.pow(decimals) / under < enough {
        decimals += 1;
    }
    let nearest = (2 * over * 10u128.pow(decimals) + under) / (2 * under);
    decimal_text(nearest, decimals)
}

/// The stretch that a design draws from, in steps that suit the key.
pub(super) fn stretch(
    table: &Node<'_>,
    by_ratio: bool,
    natural: Natural,
) -> Result<Option<Stretch>, String> {
    if table.get_ref().get("n").is_some() {
        return Err("the points of a range are drawn by `[design]`: leave out `n`, or list \
                    `values`, which are crossed with the design"
            .to_owned());
    }
    let Some((ends, step)) = read(table)? else { return Ok(None) };
    if by_ratio && ends.from == 0 {
        return Err("a logarithmic range starts above 0".to_owned());
    }
    let (ends, step) = match (step, natural) {
        (None, Natural::Any) => (ends, None),
        (Some(step), _) => (ends, Some(step)),
        (None, Natural::Whole) => {
            let one = 10u128.pow(ends.decimals);
            (ends, Some(one))
        }
        (None, Natural::QuarterHours) => quarter_hours(&ends)?,
    };
    Ok(Some(Stretch { ends, step, by_ratio, span: table.span() }))
}

/// Ends in units of hundredths at least, and 15 minutes in these units.
fn quarter_hours(ends: &Ends) -> Result<(Ends, Option<u128>), String> {
    let (hundredths, unit) = match ends.unit.as_str() {
        "s" => (90_000, "s"),
        "min" => (1500, "min"),
        "h" => (25, "h"),
        _ => return Err("write the ends of a completion duration in `min` or `h`".to_owned()),
    };
    let decimals = ends.decimals.max(2);
    let more = 10u128.pow(decimals - ends.decimals);
    let (from, to) = (ends.from * more, ends.to * more);
    let step = hundredths * 10u128.pow(decimals - 2);
    Ok((Ends { from, to, decimals, unit: unit.to_owned() }, Some(step)))
}

impl Stretch {
    /// The value at a share of the stretch, from 0 up to, and not including, 1.
    ///
    /// With a step, every value has a part of the same length (of the same ratio, in a logarithmic
    /// range) around it.
    pub(super) fn at(&self, share: f64) -> AxisValue {
        let Stretch { ends, by_ratio, span, .. } = self;
        let (from, to) = (ends.number(ends.from), ends.number(ends.to));
        let along = |from: f64, to: f64| {
            if *by_ratio { from * libm::pow(to / from, share) } else { from + share * (to - from) }
        };
        let Some(step) = self.step else {
            let text = rounded(along(from, to), DRAWN_DIGITS);
            return match parse_number(&text).expect("digits and a point are a number") {
                number if number <= from => ends.exactly(ends.from, span),
                number if to <= number => ends.exactly(ends.to, span),
                _ => value(&text, &ends.unit, span),
            };
        };
        let n = u64::try_from((ends.to - ends.from) / step).unwrap_or(u64::MAX);
        let place = if *by_ratio {
            let step = ends.number(step);
            let low = if step / 2.0 < from { from - step / 2.0 } else { from };
            let high = from + (count_u64(n) + 0.5) * step;
            round_u64((along(low, high) - from) / step)
        } else {
            index_u64(floor_count(share * (count_u64(n) + 1.0)))
        };
        ends.exactly(ends.from + u128::from(place.min(n)) * step, span)
    }
}

/// A number of units of the last decimal as text, without zeros at its end: (1250, 2) is 12.5.
fn decimal_text(units: u128, decimals: u32) -> String {
    let scale = 10u128.pow(decimals);
    let width = usize::try_from(decimals).expect("a small number");
    if decimals == 0 {
        return units.to_string();
    }
    let text = format!("{}.{:0width$}", units / scale, units % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number with so many significant digits, and with all before the decimal point.
fn rounded(number: f64, digits: usize) -> String {
    let exponent = if number == 0.0 { 0.0 } else { libm::floor(libm::log10(number)) };
    let decimals = (count_u64(index_u64(digits)) - 1.0 - exponent).max(0.0);
    let decimals = floor_count(decimals).min(17);
    let text = format!("{number:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number with its unit as the value of an axis.
fn value(number: &str, unit: &str, span: &Range<usize>) -> AxisValue {
    let span = span.clone();
    if unit.is_empty() {
        return AxisValue::new(vec![number.to_owned()], number.to_owned(), span);
    }
    let unit = match (number, unit) {
        ("1", "days") => "day",
        ("1", "weeks") => "week",
        _ => unit,
    };
    let label = format!("{number} {unit}");
    AxisValue::new(vec![format!("\"{label}\"")], label, span)
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn with<T>(range: &str, read: impl Fn(&Node<'_>) -> T) -> T {
        let text = format!("range = {{ {range} }}");
        let tree = DeTable::parse(&text).unwrap().into_inner();
        read(&tree["range"])
    }

    fn labels(range: &str, by_ratio: bool) -> Result<Vec<String>, String> {
        let values = with(range, |node| values(node, by_ratio, Natural::Any))?;
        Ok(values.into_iter().map(|value| value.label).collect())
    }

    /// 10 × 8^(k/4): 10, 16.8, 28.3, 47.6, 80. 1 × 5^(k/5): 1, 1.38, 1.90, 2.63, 3.62, 5.
    #[test]
    fn whole_numbers_of_a_logarithmic_range_are_rounded_each_once() {
        let whole = |range: &str| {
            let values = with(range, |node| values(node, true, Natural::Whole)).unwrap();
            values.into_iter().map(|value| value.label).collect::<Vec<_>>()
        };
        assert_eq!(whole("from = 10, to = 80, n = 5"), ["10", "17", "28", "48", "80"]);
        assert_eq!(whole("from = 1, to = 5, n = 6"), ["1", "2", "3", "4", "5"]);
    }

    fn drawn(range: &str, by_ratio: bool, natural: Natural, shares: &[f64]) -> Vec<String> {
        let stretch = with(range, |node| stretch(node, by_ratio, natural)).unwrap().unwrap();
        shares.iter().map(|share| stretch.at(*share).label).collect()
    }

    /// In binary fractions, 3 × 0.1 is 0.30000000000000004, and (0.7 − 0.1) / 0.1 is less than 6.
    #[test]
    fn steps_are_added_exactly() {
        let by_step = |range| labels(range, false).unwrap();
        assert_eq!(
            by_step("from = 0.1, to = 0.7, step = 0.1"),
            ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]
        );
        assert_eq!(by_step("from = 1, to = 2, step = 0.4"), ["1", "1.4", "1.8"]);
        assert_eq!(
            by_step("from = '0.25 TiB', to = '1 TiB', step = '0.25 TiB'"),
            ["0.25 TiB", "0.5 TiB", "0.75 TiB", "1 TiB"]
        );
        // more than 2^53: a detour over binary fractions would lose the last digit
        assert_eq!(
            by_step("from = '900719925474099 B', to = '900719925474101 B', step = '1 B'"),
            ["900719925474099 B", "900719925474100 B", "900719925474101 B"]
        );
        assert_eq!(
            by_step("from = '1 day', to = '3 days', step = '1 day'"),
            ["1 day", "2 days", "3 days"]
        );
    }

    /// 1 to 2 in 3 parts: 4/3 and 5/3, to nine digits 1.33333333 and 1.66666667. 0 to 0.01 in 3
    /// parts: 0.00333333333 and 0.00666666667: zeros in front are no digits. 0 to 2,000,000,001 in
    /// two: 1,000,000,000.5 keeps what stands before the point, and halves go up.
    #[test]
    fn parts_have_nine_digits_and_ends_are_as_written() {
        let parts = |range| labels(range, false).unwrap();
        assert_eq!(parts("from = 1, to = 2, n = 4"), ["1", "1.33333333", "1.66666667", "2"]);
        assert_eq!(
            parts("from = 0, to = 0.01, n = 4"),
            ["0", "0.00333333333", "0.00666666667", "0.01"]
        );
        assert_eq!(parts("from = 0, to = 2000000001, n = 3"), ["0", "1000000001", "2000000001"]);
        assert_eq!(
            parts("from = 0.1234567891, to = 0.2234567891, n = 2"),
            ["0.1234567891", "0.2234567891"]
        );
    }

    /// 1, 10, 100; and 100 × 10^(1/2) = 316.227766 0….
    #[test]
    fn ratios_are_equal() {
        assert_eq!(labels("from = 1, to = 100, n = 3", true).unwrap(), ["1", "10", "100"]);
        assert_eq!(
            labels("from = '100 MiB/s', to = '1000 MiB/s', n = 3", true).unwrap(),
            ["100 MiB/s", "316.227766 MiB/s", "1000 MiB/s"]
        );
    }

    #[test]
    fn wrong_ranges_are_refused() {
        let said = |range, by_ratio| labels(range, by_ratio).unwrap_err();
        let cases = [
            ("from = 1, to = 1, n = 2", false, "lesser to the greater"),
            ("from = 1, to = 2", false, "one of `step`, more than 0, and `n`"),
            ("from = 1, to = 2, n = 2, step = 1", false, "one of `step`"),
            ("from = 1, to = 2, step = 0", false, "more than 0"),
            ("from = 0, to = 2, n = 2", true, "starts above 0"),
            ("from = 1, to = 2, step = 1", true, "`n` values; `step` is for"),
            ("from = 1, to = 2", true, "at least 2, unless"),
            ("from = '1 h', to = '120 min', n = 2", false, "same unit"),
            ("from = -1, to = 2, n = 2", false, "no number"),
            ("from = 'low', to = 'high', n = 2", false, "`low` is no number"),
            ("from = 0, to = 100000, step = 1", false, "100001 values"),
            ("from = 0, to = 1000000000000000, n = 2", false, "at most 15 digits"),
            ("from = 0.000000001, to = 10000000, n = 2", false, "at most 15 digits"),
        ];
        for (range, by_ratio, why) in cases {
            let said = said(range, by_ratio);
            assert!(said.contains(why), "{range}: {said}");
        }
    }

    /// 3 values of a third each: up to 1/3 the first. By ratio, from 1 to 3 in steps of 1, the parts
    /// of the values end at 0.5, 1.5, 2.5, and 3.5: at shares of ln 3 / ln 7 = 0.565 and
    /// ln 5 / ln 7 = 0.827.
    #[test]
    fn drawn_values_with_a_step_have_equal_parts() {
        let shares = [0.0, 0.332, 0.334, 0.666, 0.667, 0.999_999];
        let whole = drawn("from = 1, to = 3", false, Natural::Whole, &shares);
        assert_eq!(whole, ["1", "1", "2", "2", "3", "3"]);
        let by_ratio =
            drawn("from = 1, to = 3", true, Natural::Whole, &[0.564, 0.566, 0.826, 0.828]);
        assert_eq!(by_ratio, ["1", "2", "2", "3"]);
    }

    /// From 0.25 h to 1 h there are four quarters; in minutes the same.
    #[test]
    fn completion_durations_are_drawn_in_quarters_of_an_hour() {
        let shares = [0.1, 0.3, 0.6, 0.9];
        let draw = |range| drawn(range, false, Natural::QuarterHours, &shares);
        assert_eq!(draw("from = '0.25 h', to = '1 h'"), ["0.25 h", "0.5 h", "0.75 h", "1 h"]);
        assert_eq!(
            draw("from = '15 min', to = '60 min'"),
            ["15 min", "30 min", "45 min", "60 min"]
        );
        let days = with("from = '1 day', to = '2 days'", |node| {
            stretch(node, false, Natural::QuarterHours)
        });
        assert!(days.unwrap_err().contains("`min` or `h`"));
    }

    /// Halfway between 1 and 100 lies 50.5, by ratio 10; ends are never passed.
    #[test]
    fn drawn_values_lie_between_the_ends() {
        let any = |by_ratio, shares: &[f64]| {
            drawn("from = '1 MiB/s', to = '100 MiB/s'", by_ratio, Natural::Any, shares)
        };
        assert_eq!(any(false, &[0.0, 0.5]), ["1 MiB/s", "50.5 MiB/s"]);
        assert_eq!(any(true, &[0.0, 0.5, 0.25]), ["1 MiB/s", "10 MiB/s", "3.16228 MiB/s"]);
        let tight = "from = 1.00000012, to = 1.00000013";
        assert_eq!(drawn(tight, false, Natural::Any, &[0.5]), ["1.00000012"]);
    }
}
