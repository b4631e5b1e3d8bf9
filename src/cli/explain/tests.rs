//! What command lines are answered, as far as the answer itself goes.

use clap::Parser;

use super::*;
use crate::api::Refusal;
use crate::cli::{Arguments, Command};
use crate::explain::{Answer, Explanation, Extent, Key, Short};
use crate::units::{Bytes, Span, Usd};

/// The explanation of a command line, `snapferry explain` left out.
fn explained(words: &[&str]) -> Explanation {
    let line = ["snapferry", "explain"].iter().chain(words);
    let Command::Explain(arguments) = Arguments::try_parse_from(line).unwrap().command else {
        panic!("another command");
    };
    question(&arguments, &asked(&arguments).unwrap()).unwrap().explain()
}

fn copied(words: &[&str]) -> Box<crate::explain::Copied> {
    match explained(words).answer {
        Answer::Allowed(copied) => copied,
        Answer::Refused(refusal) => panic!("{words:?}: {refusal}"),
    }
}

fn refused(words: &[&str]) -> Refusal {
    match explained(words).answer {
        Answer::Refused(refusal) => refusal,
        Answer::Allowed(copied) => panic!("{words:?}: {copied:?}"),
    }
}

const OREGON: &str = "us-west-2";
const VIRGINIA: &str = "us-east-1";
const ANGELES: &str = "us-west-2-lax-1a";
const ANGELES_B: &str = "us-west-2-lax-1b";
const ATLANTA: &str = "us-east-1-atl-2a";
const PLANT: &str = "plant@us-west-2";
const OFFICE: &str = "office@us-west-2";
const PEKING: &str = "cn-north-1";

/// What the API references of both calls list as supported and as not, row by row: the newest text
/// of CopyImage (F54), its older text (Regions and Outposts alone), and that of CopySnapshot (F50
/// to F52). Of an allowed row the fact that allows it, of a refused one the fact that refuses it.
#[rustfmt::skip]
const LISTED: [(&str, &str, &str, Result<&str, &str>); 32] = [
    // images, listed as supported
    ("CopyImage", VIRGINIA, OREGON, Ok("F53")),             // one Region to another
    ("CopyImage", OREGON, PLANT, Ok("F53")),                // a Region to an Outpost of it
    ("CopyImage", OREGON, ANGELES, Ok("F53")),              // a parent Region to its Local Zone
    ("CopyImage", ANGELES, OREGON, Ok("F53")),              // a Local Zone to its parent Region
    ("CopyImage", ANGELES, ANGELES_B, Ok("F55")),           // certain Local Zones of one parent
    // images, listed as not supported
    ("CopyImage", ANGELES, VIRGINIA, Err("F53")),           // a Local Zone to another Region
    ("CopyImage", ANGELES, ATLANTA, Err("F55")),            // Local Zones of two parents
    ("CopyImage", ANGELES, PLANT, Err("F54")),              // a Local Zone to an Outpost
    ("CopyImage", PLANT, ANGELES, Err("F52")),              // an Outpost to a Local Zone
    ("CopyImage", PLANT, OREGON, Err("F52")),               // an Outpost to its Region
    ("CopyImage", PLANT, VIRGINIA, Err("F52")),             // an Outpost to another Region
    ("CopyImage", PLANT, OFFICE, Err("F52")),               // one Outpost to another
    ("CopyImage", PLANT, PLANT, Err("F52")),                // within an Outpost
    ("CopyImage", VIRGINIA, PEKING, Err("F54")),            // another partition
    ("CopyImage", PEKING, VIRGINIA, Err("F54")),            // and back
    ("CopyImage", VIRGINIA, PLANT, Err("F56")),             // the image has to be in the Outpost's Region
    // snapshots, from a Region
    ("CopySnapshot", OREGON, OREGON, Ok("F50")),            // within it
    ("CopySnapshot", OREGON, VIRGINIA, Ok("F50")),          // to another
    ("CopySnapshot", OREGON, PLANT, Ok("F50")),             // to an Outpost of it
    ("CopySnapshot", OREGON, ANGELES, Ok("F50")),           // to a Local Zone of it
    ("CopySnapshot", VIRGINIA, PLANT, Err("F56")),          // not to another's Outpost
    ("CopySnapshot", VIRGINIA, ANGELES, Err("F56")),        // nor to another's Local Zone
    // snapshots, from a Local Zone
    ("CopySnapshot", ANGELES, ANGELES, Ok("F51")),          // within it
    ("CopySnapshot", ANGELES, ANGELES_B, Ok("F51")),        // to one of its group
    ("CopySnapshot", ANGELES, OREGON, Ok("F51")),           // to its parent
    ("CopySnapshot", ANGELES, "us-west-2-den-1a", Err("F51")), // not to another group
    ("CopySnapshot", ANGELES, VIRGINIA, Err("F51")),        // nor to another Region
    ("CopySnapshot", ANGELES, PLANT, Err("F54")),           // nor to an Outpost
    // snapshots, from an Outpost: not at all
    ("CopySnapshot", PLANT, OREGON, Err("F52")),
    ("CopySnapshot", PLANT, ANGELES, Err("F52")),
    ("CopySnapshot", PLANT, OFFICE, Err("F52")),
    ("CopySnapshot", PLANT, PLANT, Err("F52")),
];

#[test]
fn each_row_of_the_lists_of_routes_is_answered_as_listed() {
    for (action, from, to, expected) in LISTED {
        let explanation = explained(&[action, from, to]);
        let case = format!("{action} {from} {to}: {:?}", explanation.answer);
        let marks = explanation.marks();
        let names = |fact: &str| marks.split(", ").any(|mark| mark == fact);
        match expected {
            Ok(fact) => assert!(explanation.is_made() && names(fact), "{case}, by {marks}"),
            Err(fact) => {
                let Answer::Refused(refusal) = &explanation.answer else { panic!("{case}") };
                assert_eq!(refusal.code.as_str(), "UnsupportedOperation", "{case}");
                assert!(names(fact), "{case}, by {marks}");
            }
        }
    }
}

/// F24: the reference lists no completion duration for copies to an edge, nor from one.
#[test]
fn f24_a_duration_is_refused_at_an_edge() {
    for (from, to) in [(OREGON, PLANT), (OREGON, ANGELES), (ANGELES, OREGON)] {
        let refusal = refused(&["CopySnapshot", from, to, "CompletionDurationMinutes=15"]);
        assert_eq!(refusal.code.as_str(), "InvalidParameterCombination", "{from} {to}");
    }
}

/// TV1: 225,000 MiB in 15 min = 900 s: 250 MiB/s. 225,000 MiB are 219.7265625 GiB: at 0.020 and
/// 0.02 USD 4.39453125 USD each; a month at 0.05 USD 10.986328125 USD.
#[test]
fn tv1_rate_and_price_of_a_snapshot() {
    let copied = copied(&[
        "CopySnapshot",
        VIRGINIA,
        OREGON,
        "CompletionDurationMinutes=15",
        "--size",
        "225000 MiB",
    ]);
    let timed = copied.pace.timed.unwrap();
    assert!((timed.required.as_mib_per_s() - 250.0).abs() < 1e-9, "{timed:?}");
    assert_eq!((timed.takes, timed.short_of), (Span::from_mins(15), None));
    let usd: Vec<Usd> = copied.prices.iter().map(|price| price.usd.unwrap()).collect();
    let nanos = [4_394_531_250, 4_394_531_250, 10_986_328_125].map(Usd::from_nanos);
    assert_eq!(usd, nanos);
}

/// TV19: 900,000 MiB in 15 min: 500 MiB/s, 30 min, and so the tier of 30 min, 0.018 × 878.90625
/// GiB = 15.8203125 USD.
#[test]
fn tv19_a_duration_that_is_too_short_is_accepted_and_missed() {
    let copied = copied(&[
        "CopySnapshot",
        VIRGINIA,
        OREGON,
        "CompletionDurationMinutes=15",
        "--size",
        "900000 MiB",
    ]);
    let timed = copied.pace.timed.unwrap();
    assert_eq!((timed.takes, timed.short_of), (Span::from_mins(30), Some(Short::OwnCap)));
    assert_eq!(copied.pace.least, Some(Span::from_mins(30)));
    assert_eq!(copied.prices[0].usd, Some(Usd::from_nanos(15_820_312_500)));
}

/// F102, F106: nothing moves inside a Region under one key; another key makes it full. F103: what
/// changed since an earlier copy.
#[test]
fn f102_f103_what_moves() {
    let of = |words: &[&str]| {
        let words = [&["CopySnapshot"], words, &["--size", "8 GiB"]].concat();
        let one = copied(&words).snapshots.remove(0);
        (one.extent.said, one.bytes)
    };
    assert_eq!(of(&[OREGON, OREGON]), (Extent::Nothing, Some(Bytes::ZERO)));
    assert_eq!(of(&[OREGON, OREGON, "Encrypted=true"]), (Extent::Full, Some(Bytes::gib(8))));
    assert_eq!(of(&[VIRGINIA, OREGON]), (Extent::Full, Some(Bytes::gib(8))));
    let changed = of(&[VIRGINIA, OREGON, "--changed", "1 GiB"]);
    assert_eq!(changed, (Extent::Incremental, Some(Bytes::gib(1))));
}

/// F67, F68, F69, F71: how the copy is encrypted, and by which fact.
#[test]
fn f67_f71_encryption() {
    let of = |words: &[&str]| {
        let encryption = copied(words).snapshots.remove(0).encryption;
        (encryption.said, encryption.marks)
    };
    let key = |name: &str| Key::Given(name.to_owned());
    assert_eq!(of(&["CopySnapshot", VIRGINIA, OREGON]), (Key::Plain, "F67"));
    let named = ["CopySnapshot", VIRGINIA, OREGON, "Encrypted=true", "KmsKeyId=alias/vault"];
    assert_eq!(of(&named), (key("alias/vault"), "F67, F70"));
    let kept = ["CopySnapshot", VIRGINIA, OREGON, "--source-key", "alias/db"];
    assert_eq!(of(&kept), (Key::Managed, "F67, F68"));
    let default = ["CopySnapshot", VIRGINIA, OREGON, "--encryption-by-default=alias/all"];
    assert_eq!(of(&default), (Key::Configured("alias/all".to_owned()), "F67, F68"));
    let inside = ["CopyImage", OREGON, OREGON, "--source-key", "alias/db"];
    assert_eq!(of(&inside), (Key::Source("alias/db".to_owned()), "F69, P-AMI-KEY"));
    assert_eq!(of(&["CopyImage", OREGON, PLANT]), (Key::Managed, "F71"));
}

/// F82: a dry run does not look at `DestinationRegion`; what it hides is told.
#[test]
fn f82_a_dry_run_is_followed_by_what_it_did_not_look_at() {
    let words = ["CopySnapshot", VIRGINIA, OREGON, "DestinationRegion=eu-west-1", "DryRun=true"];
    let explanation = explained(&words);
    assert_eq!(explanation.dry_run.as_ref().map(Refusal::http_status), Some(412));
    assert!(matches!(explanation.answer, Answer::Refused(_)) && !explanation.is_made());
}

/// F84: a snapshot that is not complete, or not there, is accepted and fails; F141: an image that
/// is not available is refused.
#[test]
fn f84_f141_a_source_that_cannot_be_copied() {
    let explanation = explained(&["CopySnapshot", VIRGINIA, OREGON, "--source-state", "pending"]);
    assert_eq!(explanation.answer.to_string(), "fails later");
    assert!(!explanation.is_made());
    let refusal = refused(&["CopyImage", VIRGINIA, OREGON, "--source-state", "pending"]);
    assert_eq!(refusal.code.as_str(), "InvalidAMIID.Unavailable");
}

/// F1, F137, F59: values and names that are wrong are the judge's to refuse, with their codes.
#[test]
fn what_the_api_refuses_is_no_wrong_usage() {
    let code = |pair| refused(&["CopySnapshot", VIRGINIA, OREGON, pair]).code.to_string();
    assert_eq!(code("CompletionDurationMinutes=20"), "InvalidParameterValue");
    assert_eq!(code("CompletionDurationMinutes=soon"), "InvalidParameterValue");
    assert_eq!(code("Encrypted=false"), "InvalidParameterValue");
    assert_eq!(code("ClientToken=a"), "UnknownParameter");
}
