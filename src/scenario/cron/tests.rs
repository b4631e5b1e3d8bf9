//! Cron expressions as people write them, right and wrong.

use super::*;

fn days_of(text: &str) -> Vec<DayRule> {
    parse(text).unwrap().days
}

fn told(text: &str) -> String {
    parse(text).unwrap_err()
}

#[test]
fn six_fields_are_read_with_and_without_brackets() {
    let expected = Cron {
        minutes: vec![0, 30],
        hours: vec![1],
        days: vec![DayRule::Each(Weekday::Monday), DayRule::Each(Weekday::Tuesday)],
        months: vec![1, 12],
        years: vec![2027, 2028],
    };
    let written = "0,30 1 ? JAN,DEC MON-TUE 2027-2028";
    assert_eq!(parse(&format!("cron({written})")), Ok(expected.clone()));
    assert_eq!(parse(written), Ok(expected.clone()));
    assert_eq!(parse("0/30 1 ? 1/11 2,3 2027,2028"), Ok(expected));
    assert_eq!(parse("cron(* * * * ? *)").unwrap().minutes.len(), 60);
    assert_eq!(parse("5-20/5 */8 * * ? *").unwrap().minutes, [5, 10, 15, 20]);
    assert_eq!(parse("0 */8 * * ? *").unwrap().hours, [0, 8, 16]);
}

/// AWS numbers the days from 1, Sunday; `L` alone is the last day, Saturday.
#[test]
fn days_follow_the_signs_of_aws() {
    use DayRule::{Each, Every, Last, LastWorkday, MonthEnd, Nth, OfMonth, WorkdayNear};
    let cases = [
        ("0 1 * * ? *", vec![Every]),
        ("0 1 ? * * *", vec![Every]),
        ("0 1 1,15 * ? *", vec![OfMonth(1), OfMonth(15)]),
        ("0 1 15,L * ? *", vec![OfMonth(15), MonthEnd]),
        ("0 1 15W * ? *", vec![WorkdayNear(15)]),
        ("0 1 LW * ? *", vec![LastWorkday]),
        ("0 1 ? * 6 *", vec![Each(Weekday::Friday)]),
        ("0 1 ? * L *", vec![Each(Weekday::Saturday)]),
        ("0 1 ? * 6L *", vec![Last(Weekday::Friday)]),
        ("0 1 ? * friL *", vec![Last(Weekday::Friday)]),
        ("0 1 ? * 3#2 *", vec![Nth(2, Weekday::Tuesday)]),
        ("0 1 ? * TUE#5 *", vec![Nth(5, Weekday::Tuesday)]),
    ];
    for (text, expected) in cases {
        assert_eq!(days_of(text), expected, "{text}");
    }
}

/// Unix numbers the days from 0, Sunday, which is 7 too: 5 is Friday there, Thursday in AWS.
#[test]
fn five_fields_are_those_of_unix() {
    assert_eq!(days_of("0 1 * * 5"), [DayRule::Each(Weekday::Friday)]);
    assert_eq!(days_of("0 1 ? * 5 *"), [DayRule::Each(Weekday::Thursday)]);
    let ends = [Weekday::Friday, Weekday::Saturday, Weekday::Sunday].map(DayRule::Each);
    assert_eq!(days_of("0 1 * * 5-7"), ends);
    assert_eq!(days_of("0 1 * * wed"), [DayRule::Each(Weekday::Wednesday)]);
    assert_eq!(days_of("0 1 15 jul *"), [DayRule::OfMonth(15)]);
    assert_eq!(days_of("*/5 * * * *"), [DayRule::Every]);
}

#[test]
fn what_may_be_either_is_refused() {
    insta::assert_snapshot!(told("cron(0 1 * * 5)"), @"`cron(0 1 * * 5)`: the sixth field, the year, is missing: write `cron(0 1 ? * 5 *)`");
    insta::assert_snapshot!(told("0 1 ? * MON-FRI"), @"`0 1 ? * MON-FRI`: the sixth field, the year, is missing: write `cron(0 1 ? * MON-FRI *)`");
    insta::assert_snapshot!(told("0 1 L * *"), @"`0 1 L * *`: the sixth field, the year, is missing: write `cron(0 1 L * ? *)`");
    insta::assert_snapshot!(told("0 1 13 * 5"), @"`0 1 13 * 5`: days of the month and days of the week do not go together (write `?` for one of them), in six fields");
    insta::assert_snapshot!(told("rate(1 hour)"), @r#"`rate(1 hour)` is no cron expression (write `every = "1 h"` for a rate)"#);
    insta::assert_snapshot!(told("@daily"), @"`@daily` has 1 field, where cron has six (write `cron(minutes hours day-of-month month day-of-week year)`, such as `cron(0 1 ? * MON-FRI *)`)");
    insta::assert_snapshot!(told("0 0 1 ? * MON-FRI *"), @"`0 0 1 ? * MON-FRI *` has 7 fields, where cron has six (write `cron(minutes hours day-of-month month day-of-week year)`, such as `cron(0 1 ? * MON-FRI *)`)");
}

#[test]
fn one_of_the_two_days_is_left_open() {
    insta::assert_snapshot!(told("cron(0 1 * * MON-FRI *)"), @"`cron(0 1 * * MON-FRI *)`: one of day-of-month and day-of-week is `?`, the other not: write `cron(0 1 ? * MON-FRI *)`");
    insta::assert_snapshot!(told("cron(0 1 1 * * *)"), @"`cron(0 1 1 * * *)`: one of day-of-month and day-of-week is `?`, the other not: write `cron(0 1 1 * ? *)`");
    insta::assert_snapshot!(told("cron(0 1 ? * ? *)"), @"`cron(0 1 ? * ? *)`: one of day-of-month and day-of-week is `?`, the other not: write `cron(0 1 * * ? *)`");
    insta::assert_snapshot!(told("cron(0 1 1 * MON *)"), @"`cron(0 1 1 * MON *)`: days of the month and days of the week do not go together (write `?` for one of them)");
}

/// All fields that are wrong are named at once, with what they hold.
#[test]
fn each_field_says_what_it_holds() {
    insta::assert_snapshot!(told("60 24 32 13 ? 1969"), @"`60 24 32 13 ? 1969`: `60` in the field minutes, which holds 0 to 59, joined by `,` `-` `/`, or `*`; `24` in the field hours, which holds 0 to 23, joined by `,` `-` `/`, or `*`; `32` in the field day-of-month, which holds 1 to 31, joined by `,` `-` `/`, or `*`, `?`, `L`, `15W`, `LW`; `13` in the field month, which holds 1 to 12 or JAN to DEC, joined by `,` `-` `/`, or `*`; `1969` in the field year, which holds 1970 to 2199, joined by `,` `-` `/`, or `*`");
    insta::assert_snapshot!(told("0 22-2 ? * FRI-SUN *"), @"`0 22-2 ? * FRI-SUN *`: `22-2` in the field hours runs backwards (write both ends as parts, joined by `,`); `FRI-SUN` in the field day-of-week runs backwards (write both ends as parts, joined by `,`)");
    for wrong in [
        "+1 1 * * ? *",
        "1/0 1 * * ? *",
        "1,,2 1 * * ? *",
        ", 1 * * ? *",
        "1- 1 * * ? *",
        "0 1 W * ? *",
        "0 1 0W * ? *",
        "0 1 ? * 3#6 *",
        "0 1 ? * 3#1,6#3 *",
        "0 1 ? * 0 *",
        "0 1 ? * #2 *",
        "0 1 ? * MON,FRIL *",
        "0 1 L-3 * ? *",
        "0 1 * * ? 99999",
    ] {
        assert!(told(wrong).contains(" in the field "), "{wrong}: {}", told(wrong));
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Six fields, most of them right.
    fn written() -> impl Strategy<Value = String> {
        let minutes = "(\\*|[0-5][0-9]|[0-2][0-9]-[3-6][0-9])(/[0-9]{1,2})?(,[0-5][0-9])?";
        let hours = "(\\*|[01][0-9]|0[0-9]-1[0-9])(/[0-9])?(,2[0-4])?";
        let of_month = "(\\*|[12]?[1-9]W?|3[01]|L|LW|5-1[0-9])(,2[0-9])?";
        let of_week = "\\*|[1-7](,[1-7])?|MON-FRI|L|[1-7]L|SUN#[1-6]";
        let month = "(\\*|[1-9]|JAN-MAR|6-12)(,1[0-3])?";
        let year = "\\*|20[0-9]{2}(-21[0-9]{2})?";
        let days = format!("({of_month}) ({month}) \\?|\\? ({month}) ({of_week})");
        let fields = format!("({minutes}) ({hours}) ({days}) ({year})");
        proptest::string::string_regex(&fields).expect("this is a regular expression")
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(noise in "\\PC{0,30}", stars in "([0-9*?LW#,/-]{1,6} ?){5,6}") {
            let _ = parse(&noise);
            let _ = parse(&stars);
        }

        /// What is taken is in range, ascending, and not empty.
        #[test]
        fn what_is_read_is_in_range(text in written()) {
            let read = parse(&text);
            prop_assume!(read.is_ok());
            let cron = read.unwrap();
            let ascends = |values: &[u8]| !values.is_empty() && values.is_sorted_by(|a, b| a < b);
            prop_assert!(ascends(&cron.minutes) && cron.minutes.iter().all(|n| *n < 60));
            prop_assert!(ascends(&cron.hours) && cron.hours.iter().all(|n| *n < 24));
            prop_assert!(!cron.months.is_empty() && cron.months.is_sorted_by(|a, b| a < b));
            prop_assert!(cron.months.iter().all(|n| (1..=12).contains(n)));
            prop_assert!(cron.years.is_sorted_by(|a, b| a < b));
            prop_assert!(!cron.days.is_empty());
        }
    }
}
