//! How each kind of value is spelled: times, sizes, rates, shares, moments, zones.

use jiff::civil::Weekday;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::problem::did_you_mean;
use super::value::{Raw, Spelled, spelled, words};
use crate::model::civil::Day as CivilDay;
use crate::model::{Cron, DayRule, HoursOfDay, TimeOfDay};
use crate::units::{
    Bytes, Instant, Rate, Span, Usd, parse_money_per_gb, parse_money_per_gb_month, parse_number,
    parse_share,
};

/// A share such as `8 %`, as a number: 0.08.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(pub f64);

/// A share of something that cannot be more than the whole: `50 %`, or a number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction(pub f64);

/// A share a day: `8 %/day` is 0.08.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerDay(pub f64);

/// A share a year: `20 %/year` is 0.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerYear(pub f64);

/// A share from one release to the next: `25 %/release` is 0.25.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerRelease(pub f64);

/// A price in USD per GB of 2^30 bytes: `0.02 USD/GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price(pub Usd);

/// A price in USD per GB of 2^30 bytes and month: `0.05 USD/GB-month`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyPrice(pub Usd);

/// A moment: by the calendar, or as a time after the start of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `2027-01-04T00:10:00Z`.
    At(Instant),
    /// `10 min`.
    After(Span),
}

/// A time zone of the bundled IANA database: `Europe/Dublin`.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(pub TimeZone);

/// Hours of a day: `08:00-18:00`; over midnight where the second is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// First moment.
    pub from: TimeOfDay,
    /// End.
    pub until: TimeOfDay,
}

impl Hours {
    /// These hours in a time zone.
    pub fn within(self, time_zone: TimeZone) -> HoursOfDay {
        HoursOfDay { from: self.from, until: self.until, time_zone }
    }
}

/// `forever`, or an age such as `35 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    Forever,
    /// This long.
    For(Span),
}

/// How a first copy is asked for: `standard`, or a completion duration such as `48 h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// As a standard copy.
    Standard,
    /// With this completion duration.
    Within(Span),
}

/// A day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub usize);

words! {
    Day, "day": {
        "Mon" => Day(0), "Tue" => Day(1), "Wed" => Day(2), "Thu" => Day(3),
        "Fri" => Day(4), "Sat" => Day(5), "Sun" => Day(6),
    }
}

/// Days of the week as rules name them, Monday first.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Which one of a month.
const ORDINALS: [(&str, i8); 4] = [("first", 1), ("second", 2), ("third", 3), ("fourth", 4)];

/// Spellings that are made of one function from text.
macro_rules! read_by {
    ($($type:ty, $format:literal, $about:literal, $read:expr;)+) => { $(
        impl Spelled for $type {
            const FORMAT: &'static str = $format;
            const ABOUT: &'static str = $about;
            fn read(raw: &Raw) -> Result<Self, String> {
                let read: fn(&str) -> Result<$type, String> = $read;
                read(raw.text())
            }
        }
        spelled!($type);
    )+ };
}

read_by! {
    Span, "time", "a time such as `15 min`", |text| text.parse().map_err(said);
    Bytes, "size", "a size such as `100 GiB`", |text| text.parse().map_err(said);
    Rate, "rate", "a rate such as `500 MiB/s`", |text| text.parse().map_err(said);
    Share, "share", "a share such as `99.9 %`", |text| parse_share(text).map(Share).map_err(said);
    Fraction, "fraction", "a share such as `50 %`, or a number from 0 to 1", fraction;
    PerDay, "share-per-day", "a share a day such as `3 %/day`",
        |text| share_per(text, "day").map(PerDay);
    PerYear, "share-per-year", "a share a year such as `20 %/year`",
        |text| share_per(text, "year").map(PerYear);
    PerRelease, "share-per-release", "a share a release such as `25 %/release`",
        |text| share_per(text, "release").map(PerRelease);
    Price, "price", "a price such as `0.02 USD/GB`",
        |text| price(text, parse_money_per_gb).map(Price);
    MonthlyPrice, "monthly-price", "a price such as `0.05 USD/GB-month`",
        |text| price(text, parse_money_per_gb_month).map(MonthlyPrice);
    TimeOfDay, "time-of-day", "a time of day such as `01:00`", time_of_day;
    Moment, "moment", "a moment such as `2027-01-04T00:10:00Z`, or a time after the start", moment;
    Zone, "time-zone", "a time zone such as `Europe/Dublin`", zone;
    Hours, "hours", "hours of a day such as `08:00-18:00`", hours;
    Keep, "retention", "an age such as `35 days`, or `forever`", keep;
    First, "first-copy", "`standard`, or a completion duration such as `48 h`", first;
    Cron, "cron", "a cron expression such as `cron(0 1 ? * MON-FRI *)`", super::cron::parse;
    DayRule, "day-rule", "a day such as `Tue`, `second Tue`, `month end`, or a date", day_rule;
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn said(error: crate::units::ParseError) -> String {
    error.to_string()
}

/// Most that a GB may cost: what is beyond it is a slip of the pen.
const PRICE_MAX: f64 = 1000.0;

fn price(
    text: &str,
    parse: fn(&str) -> Result<f64, crate::units::ParseError>,
) -> Result<Usd, String> {
    let usd = parse(text).map_err(said)?;
    if usd <= PRICE_MAX {
        Ok(Usd::from_f64(usd))
    } else {
        Err(format!("`{text}` is more than 1,000 USD a GB"))
    }
}

fn fraction(text: &str) -> Result<Fraction, String> {
    let wrong = || format!("`{text}` is no share (write `50 %`, or a number from 0 to 1)");
    let value = if text.contains('%') {
        parse_share(text).map_err(said)?
    } else {
        parse_number(text).map_err(|_| wrong())?
    };
    if value <= 1.0 { Ok(Fraction(value)) } else { Err(format!("`{text}` is more than the whole")) }
}

fn share_per(text: &str, unit: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no share a {unit} (write `8 %/{unit}`)");
    let share = text.trim().strip_suffix(unit).ok_or_else(wrong)?;
    let share = share.trim_end().strip_suffix('/').ok_or_else(wrong)?;
    parse_share(share.trim_end()).map_err(|_| wrong())
}

/// A time of day as scenarios write it.
///
/// # Errors
/// When it is none: what would be.
pub fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    let wrong = || format!("`{text}` is no time of day (write `08:00`, from `00:00` to `23:59`)");
    let parts: Vec<&str> = text.trim().split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (*hours, *minutes, "00"),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return Err(wrong()),
    };
    let part = |digits: &str, below: u64| -> Result<u64, String> {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value: u64 = digits.parse().map_err(|_| wrong())?;
        if plain && value < below { Ok(value) } else { Err(wrong()) }
    };
    let whole = Span::from_hours(part(hours, 24)?) + Span::from_mins(part(minutes, 60)?);
    Ok(TimeOfDay(whole + Span::from_secs(part(seconds, 60)?)))
}

fn moment(text: &str) -> Result<Moment, String> {
    let trimmed = text.trim();
    if !trimmed.contains('-') && !trimmed.contains('T') {
        return trimmed.parse().map(Moment::After).map_err(said);
    }
    let timestamp: jiff::Timestamp = trimmed.parse().map_err(|_| {
        if 10 < trimmed.len() && trimmed.parse::<jiff::civil::DateTime>().is_ok() {
            let help = format!("write `{trimmed}Z`, or an offset such as `+01:00` at its end");
            return format!("`{text}` has no offset from UTC, and is no moment without ({help})");
        }
        format!("`{text}` is no moment (write `2027-01-04T00:10:00Z`, or `10 min` after the start)")
    })?;
    let nanos = u64::try_from(timestamp.as_nanosecond())
        .map_err(|_| format!("`{text}` lies outside the years 1970 to 2554"))?;
    Ok(Moment::At(Instant::from_nanos(nanos)))
}

fn zone(text: &str) -> Result<Zone, String> {
    let bundled = TimeZoneDatabase::bundled();
    bundled.get(text).map(Zone).map_err(|_| {
        let names: Vec<String> = bundled.available().map(|name| name.to_string()).collect();
        let near = did_you_mean(text, names.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| "write an IANA name such as `Europe/Dublin`".to_owned());
        format!("`{text}` is no time zone; {help}")
    })
}

fn hours(text: &str) -> Result<Hours, String> {
    let wrong = || format!("`{text}` are no hours of a day (write `08:00-18:00`)");
    let (from, until) = text.split_once(['-', '–']).ok_or_else(wrong)?;
    let hours = Hours { from: time_of_day(from)?, until: time_of_day(until)? };
    if hours.from == hours.until { Err(format!("`{text}` are no hours at all")) } else { Ok(hours) }
}

fn keep(text: &str) -> Result<Keep, String> {
    if text.trim() == "forever" {
        return Ok(Keep::Forever);
    }
    text.parse().map(Keep::For).map_err(|error: crate::units::ParseError| {
        let error = error.to_string().replace(" min`)", " days`)");
        format!("{error}; or write `forever`, or `{{ count = 14 }}`")
    })
}

fn first(text: &str) -> Result<First, String> {
    if text.trim() == "standard" {
        return Ok(First::Standard);
    }
    text.parse()
        .map(First::Within)
        .map_err(|error: crate::units::ParseError| format!("{error}; or write `standard`"))
}

fn day_rule(text: &str) -> Result<DayRule, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let weekday = |word: &str| {
        let offset = WEEKDAYS.iter().position(|name| *name == word)?;
        Weekday::from_monday_zero_offset(i8::try_from(offset).ok()?).ok()
    };
    let rule = match words.as_slice() {
        ["month", "start"] => Some(DayRule::OfMonth(1)),
        ["month", "end"] => Some(DayRule::MonthEnd),
        ["quarter", "end"] => Some(DayRule::QuarterEnd),
        ["last", word] => weekday(word).map(DayRule::Last),
        [which, word] => {
            let n = ORDINALS.iter().find(|(name, _)| name == which).map(|(_, n)| *n);
            n.and_then(|n| Some(DayRule::Nth(n, weekday(word)?)))
        }
        [word] => weekday(word).map(DayRule::Each).or_else(|| date(word).map(DayRule::On)),
        _ => None,
    };
    rule.ok_or_else(|| {
        let examples = "`Tue`, `second Tue`, `last Fri`, `month start`, `month end`, `quarter end`";
        format!("`{text}` is no day by rule (write {examples}, or a date such as `2027-12-24`)")
    })
}

/// A date such as `2027-12-24`, and nothing else.
fn date(text: &str) -> Option<CivilDay> {
    let is_plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date: jiff::civil::Date = text.parse().ok().filter(|_| is_plain)?;
    CivilDay::new(date.year(), date.month(), date.day())
}

/// How texts of one format are checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checker {
    format: &'static str,
    /// What a reader calls them, with an example.
    pub(super) about: &'static str,
    /// What is wrong with a text.
    pub(super) check: fn(&Raw) -> Result<(), String>,
}

/// How texts of the format with this name are checked, as the schema gives it.
pub(super) fn checker(format: &str) -> Option<Checker> {
    fn of<T: Spelled>() -> Checker {
        Checker { format: T::FORMAT, about: T::ABOUT, check: |raw| T::read(raw).map(|_| ()) }
    }
    let all = [
        of::<Span>(),
        of::<Bytes>(),
        of::<Rate>(),
        of::<Share>(),
        of::<Fraction>(),
        of::<PerDay>(),
        of::<PerYear>(),
        of::<PerRelease>(),
        of::<Price>(),
        of::<MonthlyPrice>(),
        of::<TimeOfDay>(),
        of::<Moment>(),
        of::<Zone>(),
        of::<Hours>(),
        of::<Keep>(),
        of::<First>(),
        of::<Cron>(),
        of::<DayRule>(),
    ];
    all.into_iter().find(|checker| checker.format == format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Spelled>(text: &str) -> Result<T, String> {
        T::read(&Raw::Text(text.to_owned()))
    }

    #[test]
    fn shares_of_time_are_numbers() {
        assert_eq!(read::<PerDay>("8 %/day"), Ok(PerDay(0.08)));
        assert_eq!(read::<PerDay>("0.5%/day"), Ok(PerDay(0.005)));
        assert_eq!(read::<PerYear>("20 % / year"), Ok(PerYear(0.2)));
        assert_eq!(
            read::<PerDay>("8 %"),
            Err("`8 %` is no share a day (write `8 %/day`)".to_owned())
        );
        assert_eq!(read::<Fraction>("0.25"), Ok(Fraction(0.25)));
        assert_eq!(read::<Fraction>("120 %"), Err("`120 %` is more than the whole".to_owned()));
    }

    /// 25:00 and 8:00 are none; seconds may be given.
    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(read::<TimeOfDay>("01:30"), Ok(TimeOfDay(Span::from_mins(90))));
        assert_eq!(read::<TimeOfDay>("00:00:07"), Ok(TimeOfDay(Span::from_secs(7))));
        for wrong in ["8:00", "24:00", "08:60", "08", "+8:00", "08:00:00:00"] {
            assert!(read::<TimeOfDay>(wrong).is_err(), "{wrong}");
        }
    }

    /// 2027-01-04 is 20,822 days after 1970: 57 years of 365 days and 14 leap days (1972 … 2024)
    /// are 20,819 days up to 2027-01-01, and three more.
    #[test]
    fn a_moment_is_a_date_or_a_time_after_the_start() {
        let monday = Instant::ZERO + Span::from_days(20_822);
        assert_eq!(read::<Moment>("2027-01-04T00:00:00Z"), Ok(Moment::At(monday)));
        assert_eq!(read::<Moment>("2027-01-04T01:00:00+01:00"), Ok(Moment::At(monday)));
        assert_eq!(read::<Moment>("10 min"), Ok(Moment::After(Span::from_mins(10))));
        assert!(read::<Moment>("2027-01-04").is_err());
        assert!(read::<Moment>("1960-01-04T00:00:00Z").is_err());
    }

    #[test]
    fn zones_come_from_the_bundled_database() {
        assert!(read::<Zone>("Europe/Dublin").is_ok());
        assert_eq!(
            read::<Zone>("Europe/Dubln").unwrap_err(),
            "`Europe/Dubln` is no time zone; did you mean `Europe/Dublin`?"
        );
    }

    #[test]
    fn days_are_named_by_rule_or_date() {
        let cases = [
            ("Tue", DayRule::Each(Weekday::Tuesday)),
            ("second Tue", DayRule::Nth(2, Weekday::Tuesday)),
            ("last  Sun", DayRule::Last(Weekday::Sunday)),
            ("month start", DayRule::OfMonth(1)),
            ("month end", DayRule::MonthEnd),
            ("quarter end", DayRule::QuarterEnd),
            ("2028-02-29", DayRule::On(CivilDay::new(2028, 2, 29).unwrap())),
        ];
        for (text, expected) in cases {
            assert_eq!(read::<DayRule>(text), Ok(expected), "{text}");
        }
        for wrong in ["tue", "fifth Tue", "Tue Wed", "month", "2027-02-29", "20270301", "last", ""]
        {
            assert!(read::<DayRule>(wrong).unwrap_err().contains("`second Tue`"), "{wrong}");
        }
    }

    #[test]
    fn hours_may_pass_midnight() {
        let night = read::<Hours>("22:00-06:00").unwrap();
        assert!(night.until < night.from);
        assert!(read::<Hours>("08:00-08:00").is_err());
        assert!(read::<Hours>("08:00").is_err());
    }
}
