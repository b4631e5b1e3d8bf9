//! Bare numbers: how they are rounded, counted, and printed.

/// The nearest whole number, halves upwards; negative and NaN give 0, too large the greatest.
///
/// Not by `f64::round`: where the processor has no instruction for it that is a call. What a cast
/// cuts off is exact.
pub(super) fn rounded(value: f64) -> u64 {
    let whole = value as u64;
    whole.saturating_add(u64::from(0.5 <= value - whole as f64))
}

/// The least whole number that is not below a value; negative and NaN give 0, too large the greatest.
pub(super) fn rounded_up(value: f64) -> u64 {
    let whole = value as u64;
    whole.saturating_add(u64::from((whole as f64) < value))
}

/// A count as `f64`; exact below 2^53.
pub fn count(n: usize) -> f64 {
    n as f64
}

/// A count as `f64`; exact below 2^53.
pub fn count_u64(n: u64) -> f64 {
    n as f64
}

/// A whole number as `f64`; exact within ±2^53.
pub fn signed(n: i64) -> f64 {
    n as f64
}

/// The nearest whole number at or below a share of a count, at least zero.
pub fn floor_count(value: f64) -> usize {
    value.floor() as usize
}

/// The nearest whole number to `value`, at least zero.
pub fn round_u64(value: f64) -> u64 {
    rounded(value)
}

/// The nearest whole number to `value`, of either sign; NaN gives zero.
pub fn round_i128(value: f64) -> i128 {
    value.round() as i128
}

/// The nearest `f64` to a whole number of either sign.
pub fn count_i128(n: i128) -> f64 {
    n as f64
}

/// An index as `u32`.
///
/// # Panics
/// When there are more than 2^32 things.
pub fn index_u32(n: usize) -> u32 {
    u32::try_from(n).expect("no more than 2^32 things of one kind")
}

/// An index that is stored as `u32`.
pub fn index_usize(n: u32) -> usize {
    usize::try_from(n).expect("no machine has fewer than 32 bits")
}

/// An index or a count as `u64`, which holds every `usize`.
pub fn index_u64(n: usize) -> u64 {
    u64::try_from(n).expect("no machine has more than 64 bits")
}

/// `value` with at most `decimals` decimals, trailing zeros left off.
pub(super) fn trim(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `value` with at most `decimals` decimals and a comma between thousands: `22,146`.
pub fn thousands(value: f64, decimals: usize) -> String {
    let text = trim(value.abs(), decimals);
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    if value < 0.0 && text != "0" {
        out.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if 0 < place && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As std rounds, halves away from zero, and casts: 0.5 less its last bit, halves, the last
    /// fractions below 2^52, whole numbers above, and what is no count.
    #[test]
    fn numbers_are_rounded_as_std_rounds_them() {
        let half = 0.5f64;
        let below_half = f64::from_bits(half.to_bits() - 1);
        let edge = 4_503_599_627_370_496.0; // 2^52
        let values = [0.0, -0.0, below_half, half, 1.5, 2.5, 2.4, 1e-300, edge - 0.5, edge - 1.5];
        let whole = [edge + 1.0, 4.0 * edge + 4.0, 1.8e19, 1.9e19, 1e300, f64::INFINITY];
        for value in values.into_iter().chain(whole).chain([f64::NAN, -0.7, -3.0]) {
            assert_eq!(rounded(value), value.round() as u64, "{value}");
            assert_eq!(rounded_up(value), value.ceil() as u64, "{value}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(22_146.0, 0), "22,146");
        assert_eq!(thousands(-1234.5, 1), "−1,234.5");
        assert_eq!(thousands(999.0, 2), "999");
    }
}
