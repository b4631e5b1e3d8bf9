//! How numbers are spelled for people.

use crate::units::{Span, thousands};

/// No-break space: between a number and its unit, so that no line ends between them.
pub const NBSP: char = '\u{a0}';

/// Most decimals of a percentage: a share this near to 100 % or to 0 % has no use for more.
const DECIMALS_MAX: usize = 9;

/// Decimals that a percentage needs: one, and near 0 and 100 as many as show two digits of the
/// gap (`99.976`: the gap is 0.024).
fn decimals(percentage: f64) -> usize {
    let gap = percentage.min(100.0 - percentage);
    let mut n_decimals = 1;
    let mut two_digits = 1.0; // the least gap that shows two digits with so many decimals
    while 0.0 < gap && gap < two_digits && n_decimals < DECIMALS_MAX {
        n_decimals += 1;
        two_digits /= 10.0;
    }
    n_decimals
}

/// A share (0 to 1) in percent, without the sign: `92.7`, `99.976`, `100`, `0`.
///
/// Only a share of one prints as 100, and only none as 0.
pub fn percent_digits(share: f64) -> String {
    let percentage = share * 100.0;
    if share <= 0.0 || 1.0 <= share {
        return format!("{percentage:.0}");
    }
    for n_decimals in decimals(percentage)..=DECIMALS_MAX {
        let text = format!("{percentage:.n_decimals$}");
        if !text.starts_with("100") && text.contains(|digit: char| ('1'..='9').contains(&digit)) {
            return trim_to_one_decimal(&text);
        }
    }
    if 50.0 < percentage { ">99.999999999".to_owned() } else { "<0.000000001".to_owned() }
}

/// `text` without trailing zeros past its first decimal.
fn trim_to_one_decimal(text: &str) -> String {
    let trimmed = text.trim_end_matches('0');
    if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() }
}

/// A measured share (0 to 1): `92.7 %`, `99.976 %`.
pub fn percent(share: f64) -> String {
    format!("{}{NBSP}%", percent_digits(share))
}

/// A share that somebody asked for (0 to 1), as it was asked: `95 %`, `99.9 %`.
pub fn percent_given(share: f64) -> String {
    let text = format!("{:.DECIMALS_MAX$}", share * 100.0);
    format!("{}{NBSP}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// An interval of shares (0 to 1) in percent, both ends with equal decimals: `92.5–92.8`.
///
/// As many decimals as the end with the wider gap asks for, and more where an end would otherwise
/// read as the other one or as all.
pub fn interval(low: f64, high: f64) -> String {
    let (from, to) = (low * 100.0, high * 100.0);
    let fewest = decimals(from).min(decimals(to));
    for n_decimals in fewest..DECIMALS_MAX {
        let (left, right) = (format!("{from:.n_decimals$}"), format!("{to:.n_decimals$}"));
        let reads_as_all = high < 1.0 && right.starts_with("100");
        if !reads_as_all && (left != right || low >= high) {
            return format!("{left}–{right}");
        }
    }
    format!("{from:.DECIMALS_MAX$}–{to:.DECIMALS_MAX$}")
}

/// A number with as many decimals as its size asks for: three below one, one below a hundred.
pub fn plain_number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size < 1.0 => 3,
        size if size < 100.0 => 1,
        _ => 0,
    };
    thousands(value, decimals)
}

/// A difference with its sign, three digits of it: `+0.031`, `−34.9`, `0`.
pub fn signed_number(value: f64) -> String {
    let mut decimals = 0;
    let mut bound = 100.0; // from here on no decimal is needed
    while value.abs() < bound && 0.0 < value.abs() && decimals < DECIMALS_MAX {
        decimals += 1;
        bound /= 10.0;
    }
    let text = thousands(value, decimals);
    if 0.0 < value && text != "0" { format!("+{text}") } else { text }
}

/// A span with no-break spaces: `7 s`, `47.8 min`, `3 h 05 min`.
pub fn duration(span: Span) -> String {
    span.to_string().replace(' ', "\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gap to 100 shows two digits: 0.024 asks for three decimals, 7.3 for one.
    #[test]
    fn percentages_show_their_gap_to_all() {
        assert_eq!(percent(0.927), "92.7\u{a0}%");
        assert_eq!(percent(0.99976), "99.976\u{a0}%");
        assert_eq!(percent(0.999_998), "99.9998\u{a0}%");
        assert_eq!(percent(0.9924), "99.24\u{a0}%");
        assert_eq!(percent(0.5), "50.0\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.000_31), "0.031\u{a0}%");
    }

    /// One late copy of 302,400 is a gap of 0.00033 %; 100 % would be wrong.
    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(percent(302_399.0 / 302_400.0), "99.99967\u{a0}%");
        assert_eq!(percent(1.0 - 1e-15), ">99.999999999\u{a0}%");
    }

    #[test]
    fn what_was_asked_is_repeated_as_asked() {
        assert_eq!(percent_given(0.95), "95\u{a0}%");
        assert_eq!(percent_given(0.999), "99.9\u{a0}%");
        assert_eq!(percent_given(0.99999), "99.999\u{a0}%");
    }

    /// With one decimal, 99.98 would read as all; 99.96 to 99.992 has gaps of 0.04 and 0.008, and
    /// the wider one asks for three.
    #[test]
    fn both_ends_of_an_interval_have_equal_decimals() {
        assert_eq!(interval(0.925, 0.928), "92.5–92.8");
        assert_eq!(interval(0.9996, 0.999_92), "99.960–99.992");
        assert_eq!(interval(0.896, 1.0), "89.6–100.0");
        assert_eq!(interval(0.985, 0.9998), "98.50–99.98");
    }

    #[test]
    fn differences_have_signs_and_three_digits() {
        let words = [0.03118, -34.912, 0.0, 1234.6, -0.000_123_4, 6.3].map(signed_number);
        assert_eq!(words, ["+0.0312", "−34.9", "0", "+1,235", "−0.000123", "+6.3"]);
    }

    #[test]
    fn units_stay_with_their_numbers() {
        assert_eq!(duration(Span::from_mins(185)), "3\u{a0}h\u{a0}05\u{a0}min");
    }
}
