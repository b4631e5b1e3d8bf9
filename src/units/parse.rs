//! The spelling of quantities: an exact list of units, and what to say to anything else.
//!
//! A value is a decimal number, a blank, and a unit: `500 MiB/s`, `15 min`. Spans may add parts:
//! `1 h 30 min`. Decimals are exact (no detour over binary fractions) and then rounded to the
//! nearest whole nanosecond or byte.

use std::fmt;

/// Why a text is no quantity, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    message: String,
}

impl ParseError {
    fn new(message: impl Into<String>) -> ParseError {
        ParseError { message: message.into() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// A family of units with the size of each in the base unit.
struct Family {
    what: &'static str,
    example: &'static str,
    units: &'static [(&'static str, u128)],
}

const KI: u128 = 1 << 10;
const MI: u128 = 1 << 20;
const GI: u128 = 1 << 30;
const TI: u128 = 1 << 40;
const PI: u128 = 1 << 50;
const S: u128 = 1_000_000_000;

const SPAN: Family = Family {
    what: "time",
    example: "15 min",
    units: &[
        ("ns", 1),
        ("us", 1000),
        ("ms", 1_000_000),
        ("s", S),
        ("min", 60 * S),
        ("h", 3600 * S),
        ("day", 86_400 * S),
        ("days", 86_400 * S),
        ("week", 604_800 * S),
        ("weeks", 604_800 * S),
    ],
};

const BYTES: Family = Family {
    what: "size",
    example: "100 GiB",
    units: &[
        ("B", 1),
        ("KiB", KI),
        ("MiB", MI),
        ("GiB", GI),
        ("TiB", TI),
        ("PiB", PI),
        ("kB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("PB", 1_000_000_000_000_000),
    ],
};

/// In eighths of a byte per second, so that bits stay whole.
const RATE: Family = Family {
    what: "rate",
    example: "500 MiB/s",
    units: &[
        ("B/s", 8),
        ("KiB/s", 8 * KI),
        ("MiB/s", 8 * MI),
        ("GiB/s", 8 * GI),
        ("TiB/s", 8 * TI),
        ("kB/s", 8000),
        ("MB/s", 8_000_000),
        ("GB/s", 8_000_000_000),
        ("bit/s", 1),
        ("kbit/s", 1000),
        ("Mbit/s", 1_000_000),
        ("Gbit/s", 1_000_000_000),
        ("Tbit/s", 1_000_000_000_000),
    ],
};

/// Spellings that people use, with the one that is meant; where two are possible, both.
const MEANT: &[(&str, &str)] = &[
    ("m", "`min`"),
    ("mins", "`min`"),
    ("minute", "`min`"),
    ("minutes", "`min`"),
    ("M", "`min` for minutes, `MiB` for mebibytes"),
    ("sec", "`s`"),
    ("secs", "`s`"),
    ("second", "`s`"),
    ("seconds", "`s`"),
    ("hr", "`h`"),
    ("hrs", "`h`"),
    ("hour", "`h`"),
    ("hours", "`h`"),
    ("d", "`days`"),
    ("w", "`weeks`"),
    ("µs", "`us`"),
    ("K", "`KiB`"),
    ("G", "`GiB`"),
    ("T", "`TiB`"),
    ("KB", "`kB` for 1,000 bytes, `KiB` for 1,024"),
    ("Mb", "`MB` for megabytes, `Mbit` for megabits"),
    ("Gb", "`GB` for gigabytes, `Gbit` for gigabits"),
    ("Kbps", "`kbit/s`"),
    ("kbps", "`kbit/s`"),
    ("Mbps", "`Mbit/s`"),
    ("Gbps", "`Gbit/s`"),
    ("Tbps", "`Tbit/s`"),
    ("Mb/s", "`Mbit/s` for megabits, `MB/s` for megabytes"),
    ("Gb/s", "`Gbit/s` for gigabits, `GB/s` for gigabytes"),
    ("MBps", "`MB/s`"),
    ("MiBps", "`MiB/s`"),
    ("GiBps", "`GiB/s`"),
];

/// A decimal number as digits and the count of decimals: `1.25` is (125, 2).
fn decimal(text: &str) -> Option<(u128, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let right = !whole.is_empty() && digits(whole) && digits(fraction);
    let complete = !text.ends_with('.');
    if !right || !complete || 24 < whole.len() + fraction.len() {
        return None;
    }
    let number = format!("{whole}{fraction}").parse().ok()?;
    Some((number, u32::try_from(fraction.len()).ok()?))
}

/// Digits of a number as people write it: `1_000` and `1,000` are not accepted, and said.
fn split(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '-' | '+')))
        .unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

impl Family {
    fn unit_list(&self) -> String {
        self.units.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }

    fn unknown(&self, unit: &str) -> ParseError {
        let meant = MEANT.iter().find(|(spelled, _)| *spelled == unit).map(|(_, meant)| *meant);
        let near = self
            .units
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit))
            .map(|(name, _)| format!("`{name}`"));
        let fits =
            |hint: &str| self.units.iter().any(|(name, _)| hint.contains(&format!("`{name}`")));
        let hint = match (meant.filter(|hint| fits(hint)), near) {
            (Some(meant), _) => format!("try {meant}"),
            (None, Some(near)) => format!("try {near}"),
            (None, None) => format!("units of {} are {}", self.what, self.unit_list()),
        };
        ParseError::new(format!("`{unit}` is no unit of {} ({hint})", self.what))
    }

    /// One number with one unit at the start of `text`, in the base unit, and what follows it.
    fn part<'t>(&self, text: &'t str) -> Result<(u128, &'t str), ParseError> {
        let (number, rest) = split(text);
        if number.starts_with('-') {
            return Err(ParseError::new(format!("`{text}` is negative; a {} is not", self.what)));
        }
        if number.contains([',', '_']) {
            return Err(ParseError::new(format!(
                "`{number}` has a thousands separator; write `{}`",
                number.replace([',', '_'], "")
            )));
        }
        let Some((digits, decimals)) = decimal(number) else {
            return Err(ParseError::new(format!(
                "`{text}` is no {} (write a number and a unit, such as `{}`)",
                self.what, self.example
            )));
        };
        let end =
            rest.find(|c: char| c.is_whitespace() || c.is_ascii_digit()).unwrap_or(rest.len());
        let (unit, rest) = (&rest[..end], rest[end..].trim_start());
        if unit.is_empty() {
            return Err(ParseError::new(format!(
                "no known unit in `{text}` (try `{number} {}`)",
                split(self.example).1
            )));
        }
        let Some((_, size)) = self.units.iter().find(|(name, _)| *name == unit) else {
            return Err(self.unknown(unit));
        };
        let scale = 10u128.pow(decimals);
        let value = digits.checked_mul(*size).map(|v| (v + scale / 2) / scale);
        value
            .filter(|v| *v <= u128::from(u64::MAX) * 8)
            .map(|v| (v, rest))
            .ok_or_else(|| ParseError::new(format!("`{text}` is too large for a {}", self.what)))
    }

    fn single(&self, text: &str) -> Result<u128, ParseError> {
        let (value, rest) = self.part(text.trim())?;
        if rest.is_empty() {
            Ok(value)
        } else {
            Err(ParseError::new(format!(
                "`{rest}` is left over after the {} in `{text}`",
                self.what
            )))
        }
    }
}

fn fit(value: u128, text: &str) -> Result<u64, ParseError> {
    u64::try_from(value).map_err(|_| ParseError::new(format!("`{text}` is too large")))
}

/// Nanoseconds of a time such as `15 min` or `1 h 30 min`.
pub(super) fn span(text: &str) -> Result<u64, ParseError> {
    let mut rest = text.trim();
    let mut sum = 0u128;
    loop {
        let (value, more) = SPAN.part(rest)?;
        sum += value;
        if more.is_empty() {
            return fit(sum, text);
        }
        rest = more;
    }
}

/// Bytes of a size such as `2 TiB`.
pub(super) fn bytes(text: &str) -> Result<u64, ParseError> {
    BYTES.single(text).and_then(|value| fit(value, text))
}

/// Bytes per second of a rate such as `500 MiB/s`.
#[expect(clippy::cast_precision_loss, reason = "rates are f64; the value is below 2^67 eighths")]
pub(super) fn rate(text: &str) -> Result<f64, ParseError> {
    RATE.single(text).map(|eighths| eighths as f64 / 8.0)
}

/// A share such as `99.9 %` as a number, 0.999; values over 100 % are allowed.
///
/// # Errors
/// When the text is not a number and a per cent sign.
pub fn parse_share(text: &str) -> Result<f64, ParseError> {
    let trimmed = text.trim();
    let wrong = || {
        ParseError::new(format!("`{text}` is no share (write a number and `%`, such as `99.9 %`)"))
    };
    let number = trimmed.strip_suffix('%').ok_or_else(wrong)?.trim_end();
    let (digits, decimals) = decimal(number).ok_or_else(wrong)?;
    // The shortest way to the nearest f64: let the parser of std shift the decimal point.
    format!("{digits}e-{}", decimals + 2).parse().map_err(|_| wrong())
}

/// A price such as `0.02 USD/GB` as a number of dollars.
///
/// # Errors
/// When the text is not a number and `USD/GB` or `USD/GiB`.
pub fn parse_money_per_gb(text: &str) -> Result<f64, ParseError> {
    money(text, ["USD/GB", "USD/GiB"], "0.02 USD/GB")
}

/// A price of storage in USD per GB (2^30 bytes) and month: `0.05 USD/GB-month`.
///
/// # Errors
/// When the text is anything else.
pub fn parse_money_per_gb_month(text: &str) -> Result<f64, ParseError> {
    money(text, ["USD/GB-month", "USD/GiB-month"], "0.05 USD/GB-month")
}

/// A price in one of two units; `example` is how to write one.
fn money(text: &str, units: [&str; 2], example: &str) -> Result<f64, ParseError> {
    let wrong = || ParseError::new(format!("`{text}` is no price (write `{example}`)"));
    let trimmed = text.trim();
    let number = units.iter().find_map(|unit| trimmed.strip_suffix(unit)).ok_or_else(wrong)?;
    parse_number(number.trim_end()).map_err(|_| wrong())
}

/// A plain decimal number that is not negative.
///
/// # Errors
/// When the text is anything else.
pub fn parse_number(text: &str) -> Result<f64, ParseError> {
    let trimmed = text.trim();
    decimal(trimmed)
        .and_then(|_| trimmed.parse().ok())
        .ok_or_else(|| ParseError::new(format!("`{text}` is no number (write `0.5`)")))
}

/// A plain decimal number as its digits and how many of them are decimals: `1.25` is (125, 2).
///
/// None where it is anything else, or has more than 24 digits.
pub fn parse_decimal(text: &str) -> Option<(u128, u32)> {
    decimal(text.trim())
}

#[cfg(test)]
mod tests {
    use super::super::{Bytes, Rate, Span};
    use super::*;

    fn message(result: Result<impl fmt::Debug, ParseError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn decimals_are_exact() {
        // 0.3 GiB = 322,122,547.2 bytes, nearest 322,122,547
        assert_eq!("0.3 GiB".parse(), Ok(Bytes::new(322_122_547)));
        assert_eq!("0.1 s".parse(), Ok(Span::from_nanos(100_000_000)));
        assert_eq!("1 h 30 min".parse(), Ok(Span::from_mins(90)));
        assert_eq!("7 days".parse(), Ok(Span::from_days(7)));
        assert_eq!("10 Gbit/s".parse(), Ok(Rate::new(1.25e9)));
        assert_eq!("500 MiB/s".parse(), Ok(Rate::mib_per_s(500)));
        assert_eq!(parse_share("99.9 %"), Ok(0.999));
        assert_eq!(parse_money_per_gb("0.02 USD/GB"), Ok(0.02));
        assert_eq!(parse_money_per_gb_month("0.05 USD/GB-month"), Ok(0.05));
    }

    #[test]
    fn a_bare_number_is_refused_with_the_way_to_write_it() {
        assert_eq!(message("2".parse::<Rate>()), "no known unit in `2` (try `2 MiB/s`)");
        assert_eq!(message("15".parse::<Span>()), "no known unit in `15` (try `15 min`)");
    }

    #[test]
    fn near_misses_get_the_unit_that_is_meant() {
        assert_eq!(message("1 Gbps".parse::<Rate>()), "`Gbps` is no unit of rate (try `Gbit/s`)");
        assert_eq!(
            message("15 minutes".parse::<Span>()),
            "`minutes` is no unit of time (try `min`)"
        );
        assert_eq!(
            message("500 Mb".parse::<Bytes>()),
            "`Mb` is no unit of size (try `MB` for megabytes, `Mbit` for megabits)"
        );
        assert_eq!(message("3 gib".parse::<Bytes>()), "`gib` is no unit of size (try `GiB`)");
        assert_eq!(message("-3 s".parse::<Span>()), "`-3 s` is negative; a time is not");
        assert_eq!(
            message("2,000 MiB/s".parse::<Rate>()),
            "`2,000` has a thousands separator; write `2000`"
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", " ", "min", "1..2 s", "1. s", "1e3 s", "nan s", "1 s x", "99999999999999999 PiB"]
        {
            assert!(text.parse::<Span>().is_err(), "{text}");
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
        assert!(parse_share("99.9").is_err());
        assert!(parse_share("%").is_err());
        assert!(parse_money_per_gb("0.05 USD/GB-month").is_err());
        assert!(parse_money_per_gb_month("0.05 USD/GB").is_err());
    }
}
