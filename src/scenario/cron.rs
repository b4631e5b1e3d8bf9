//! Cron expressions as text: AWS's six fields, or the five of Unix.
//!
//! Six fields are minutes, hours, day-of-month, month, day-of-week (1 to 7 are Sunday to Saturday),
//! and year, as EventBridge, DLM, and AWS Backup take them; one of the two days is `?`. Documented:
//! EventBridge User Guide, "Cron expressions reference". Five fields have no year, and number the
//! days of the week from 0 to 7, where both ends are Sunday (crontab(5) of cron by Vixie). Which of
//! the two is meant is told by the number of fields: five are refused inside `cron( )`, or with
//! signs that Unix has not, since there the year may have been forgotten.

use jiff::civil::Weekday;

use crate::model::{Cron, DayRule};

/// One field: what it is called, and what it holds.
struct Field {
    name: &'static str,
    least: i16,
    most: i16,
    /// Words for its values, from `least` on.
    words: &'static [&'static str],
    /// Its values, in words.
    holds: &'static str,
}

const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const MINUTES: Field = Field {
    name: "minutes",
    least: 0,
    most: 59,
    words: &[],
    holds: "0 to 59, joined by `,` `-` `/`, or `*`",
};
const HOURS: Field = Field {
    name: "hours",
    least: 0,
    most: 23,
    words: &[],
    holds: "0 to 23, joined by `,` `-` `/`, or `*`",
};
const DAY_OF_MONTH: Field = Field {
    name: "day-of-month",
    least: 1,
    most: 31,
    words: &[],
    holds: "1 to 31, joined by `,` `-` `/`, or `*`, `?`, `L`, `15W`, `LW`",
};
const MONTH: Field = Field {
    name: "month",
    least: 1,
    most: 12,
    words: &MONTHS,
    holds: "1 to 12 or JAN to DEC, joined by `,` `-` `/`, or `*`",
};
const DAY_OF_WEEK: Field = Field {
    name: "day-of-week",
    least: 1,
    most: 7,
    words: &DAYS,
    holds: "1 to 7 or SUN to SAT, joined by `,` `-` `/`, or `*`, `?`, `L`, `FRIL`, `TUE#2`",
};
const UNIX_DAY_OF_WEEK: Field = Field {
    name: "day-of-week",
    least: 0,
    most: 7,
    words: &DAYS,
    holds: "0 to 7 (0 and 7 are Sunday) or SUN to SAT, joined by `,` `-` `/`, or `*`",
};
const YEAR: Field = Field {
    name: "year",
    least: 1970,
    most: 2199,
    words: &[],
    holds: "1970 to 2199, joined by `,` `-` `/`, or `*`",
};

/// Reads a cron expression, with or without `cron( )`.
pub(super) fn parse(text: &str) -> Result<Cron, String> {
    let upper = text.trim().to_ascii_uppercase();
    if upper.starts_with("RATE") {
        return Err(format!("`{text}` is no cron expression (write `every = \"1 h\"` for a rate)"));
    }
    let bare = upper.strip_prefix("CRON").map(str::trim_start);
    let bracketed = bare.and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let fields: Vec<&str> = bracketed.unwrap_or(&upper).split_whitespace().collect();
    let faulty = |faults| format!("`{text}`: {faults}");
    match fields.as_slice() {
        [minutes, hours, of_month, month, of_week, year] => {
            let days = days([minutes, hours, of_month, month, of_week, year]);
            let years = if *year == "*" { Ok(Vec::new()) } else { values(&YEAR, year) };
            put_together([minutes, hours, month], days, years).map_err(faulty)
        }
        [minutes, hours, of_month, month, of_week] => {
            if bracketed.is_some() || [of_month, of_week].iter().any(|days| has_own_signs(days)) {
                let (of_month, of_week) = one_open(of_month, of_week);
                let right = format!("cron({minutes} {hours} {of_month} {month} {of_week} *)");
                return Err(faulty(format!(
                    "the sixth field, the year, is missing: write `{right}`"
                )));
            }
            let days = unix_days(of_month, of_week);
            put_together([minutes, hours, month], days, Ok(Vec::new())).map_err(faulty)
        }
        other => {
            let fields = if other.len() == 1 { "field" } else { "fields" };
            let form = "minutes hours day-of-month month day-of-week year";
            let has = format!("`{text}` has {} {fields}, where cron has six", other.len());
            Err(format!("{has} (write `cron({form})`, such as `cron(0 1 ? * MON-FRI *)`)"))
        }
    }
}

/// Whether a field has signs of AWS's days that Unix has not. (`WED` and `JUL` are words.)
fn has_own_signs(field: &str) -> bool {
    let mut parts = field.split([',', '-', '/']).filter(|part| !DAYS.contains(part));
    field.contains(['?', '#']) || parts.any(|part| part.contains(['L', 'W']))
}

/// The expression of its fields, or all that is wrong with them.
fn put_together(
    written: [&str; 3],
    days: Result<Vec<DayRule>, String>,
    years: Result<Vec<i16>, String>,
) -> Result<Cron, String> {
    let [minutes, hours, month] = written;
    let (minutes, hours) = (values(&MINUTES, minutes), values(&HOURS, hours));
    match (minutes, hours, days, values(&MONTH, month), years) {
        (Ok(minutes), Ok(hours), Ok(days), Ok(months), Ok(years)) => Ok(Cron {
            minutes: narrow(&minutes),
            hours: narrow(&hours),
            days,
            months: narrow(&months),
            years,
        }),
        (minutes, hours, days, months, years) => {
            let faults = [minutes.err(), hours.err(), days.err(), months.err(), years.err()];
            let faults: Vec<String> = faults.into_iter().flatten().collect();
            Err(faults.join("; "))
        }
    }
}

/// Values in the type of their field, which holds them all.
fn narrow<T: TryFrom<i16>>(values: &[i16]) -> Vec<T> {
    let fits = |value: &i16| T::try_from(*value).ok();
    values.iter().map(|value| fits(value).expect("fields other than the year end at 59")).collect()
}

/// The values of a field, ascending.
fn values(field: &Field, text: &str) -> Result<Vec<i16>, String> {
    let mut found = Vec::new();
    for part in text.split(',') {
        found.extend(part_values(field, part)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The values of one part: `*`, `7`, `1-5`, and each with a step: `*/2`, `7/2`, `1-5/2`.
fn part_values(field: &Field, part: &str) -> Result<Vec<i16>, String> {
    let wrong = || field.refuse(part);
    let (base, step) = match part.split_once('/') {
        Some((base, step)) => (base, Some(number(step).filter(|n| 0 < *n).ok_or_else(wrong)?)),
        None => (part, None),
    };
    let value = |text| field.value(text).ok_or_else(wrong);
    let (from, until) = if base == "*" {
        (field.least, field.most)
    } else if let Some((from, until)) = base.split_once('-') {
        (value(from)?, value(until)?)
    } else {
        let from = value(base)?;
        (from, if step.is_some() { field.most } else { from })
    };
    if until < from {
        let name = field.name;
        return Err(format!(
            "`{part}` in the field {name} runs backwards (write both ends as parts, joined by `,`)"
        ));
    }
    let step = usize::try_from(step.unwrap_or(1)).map_err(|_| wrong())?;
    Ok((from..=until).step_by(step).collect())
}

/// Plain digits.
fn number(text: &str) -> Option<i16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

impl Field {
    /// A number of this field, or a word for one.
    fn value(&self, text: &str) -> Option<i16> {
        let place = self.words.iter().position(|word| *word == text);
        let named = place.and_then(|place| i16::try_from(place).ok()).map(|n| n + self.least);
        named.or_else(|| number(text).filter(|n| (self.least..=self.most).contains(n)))
    }

    fn refuse(&self, part: &str) -> String {
        format!("`{part}` in the field {}, which holds {}", self.name, self.holds)
    }
}

const ONE_KIND_OF_DAY: &str =
    "days of the month and days of the week do not go together (write `?` for one of them)";

/// The days of six fields: those of the month, or those of the week; the other is `?`.
fn days(
    [minutes, hours, of_month, month, of_week, year]: [&str; 6],
) -> Result<Vec<DayRule>, String> {
    let right = |of_month: &str, of_week: &str| {
        let right = format!("cron({minutes} {hours} {of_month} {month} {of_week} {year})");
        Err(format!("one of day-of-month and day-of-week is `?`, the other not: write `{right}`"))
    };
    match (of_month, of_week) {
        ("?", "?") => right("*", "?"),
        ("?", of_week) => days_of_week(of_week),
        (of_month, "?") => days_of_month(of_month),
        (_, "*") | ("*", _) => {
            let (of_month, of_week) = one_open(of_month, of_week);
            right(of_month, of_week)
        }
        _ => Err(ONE_KIND_OF_DAY.to_owned()),
    }
}

/// Two fields of days with `?` for the one that says nothing, where one of them does so.
fn one_open<'f>(of_month: &'f str, of_week: &'f str) -> (&'f str, &'f str) {
    match (of_month, of_week) {
        ("?", _) | (_, "?") => (of_month, of_week),
        (_, "*") => (of_month, "?"),
        ("*", _) => ("?", of_week),
        _ => (of_month, of_week),
    }
}

/// The days of five fields, of which one at most says more than `*`: Unix takes a day that either
/// of them names.
fn unix_days(of_month: &str, of_week: &str) -> Result<Vec<DayRule>, String> {
    match (of_month, of_week) {
        (of_month, "*") => days_of_month(of_month),
        ("*", of_week) => {
            let days = values(&UNIX_DAY_OF_WEEK, of_week)?;
            Ok(days.into_iter().map(|day| DayRule::Each(weekday(day % 7 + 1))).collect())
        }
        _ => Err(format!("{ONE_KIND_OF_DAY}, in six fields")),
    }
}

/// The day of the week that AWS gives this number: 1 is Sunday.
fn weekday(number: i16) -> Weekday {
    let number = i8::try_from(number).ok();
    number.and_then(|n| Weekday::from_sunday_one_offset(n).ok()).expect("a field holds 1 to 7")
}

fn days_of_month(text: &str) -> Result<Vec<DayRule>, String> {
    if text == "*" {
        return Ok(vec![DayRule::Every]);
    }
    let mut rules = Vec::new();
    for part in text.split(',') {
        match (part, part.strip_suffix('W')) {
            ("L", _) => rules.push(DayRule::MonthEnd),
            ("LW", _) => rules.push(DayRule::LastWorkday),
            (_, Some(day)) => {
                let day = DAY_OF_MONTH.value(day).ok_or_else(|| DAY_OF_MONTH.refuse(part))?;
                rules.extend(narrow(&[day]).into_iter().map(DayRule::WorkdayNear));
            }
            (_, None) => {
                let days = part_values(&DAY_OF_MONTH, part)?;
                rules.extend(narrow(&days).into_iter().map(DayRule::OfMonth));
            }
        }
    }
    Ok(rules)
}

fn days_of_week(text: &str) -> Result<Vec<DayRule>, String> {
    let refuse = || DAY_OF_WEEK.refuse(text);
    let day = |text| DAY_OF_WEEK.value(text).map(weekday).ok_or_else(refuse);
    if text == "*" {
        return Ok(vec![DayRule::Every]);
    }
    if text == "L" {
        return Ok(vec![DayRule::Each(Weekday::Saturday)]);
    }
    if let Some((of_week, n)) = text.split_once('#') {
        let n = number(n).filter(|n| (1..=5).contains(n)).ok_or_else(refuse)?;
        let of_week = day(of_week)?;
        return Ok(narrow(&[n]).into_iter().map(|n| DayRule::Nth(n, of_week)).collect());
    }
    if let Some(last) = text.strip_suffix('L') {
        return Ok(vec![DayRule::Last(day(last)?)]);
    }
    Ok(values(&DAY_OF_WEEK, text)?.into_iter().map(|n| DayRule::Each(weekday(n))).collect())
}

#[cfg(test)]
mod tests;
