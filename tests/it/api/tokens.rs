//! Requests that come again (F76–F79).

use Action::{CopyImage, CopySnapshot};
use serde_json::{Value, json};
use snapferry::api::{Action, Silent, TokenZones};
use snapferry::units::{Instant, Span};

use super::world::{ANGELES, ANGELES_B, EAST, WEST, World, to};

const TOKEN: &str = "b0dbd266-472a-45c3-9aae-37bb8a73fdf8";

/// An account that accepted a request with these parameters `ago`.
fn after(world: World, patch: &Value, ago: Span) -> World {
    let request = world.request(CopyImage, patch).expect("well formed");
    let at = Instant::from_nanos(7);
    World { tokens: vec![(TOKEN, request, at)], now: at + ago, ..world }
}

/// TV26: the same request is the same image; with another name it is a mismatch. F76: every
/// parameter counts; F77: Regions do not; F143: the code.
#[test]
fn tv26_f76_f77_f143_a_token_makes_one_image() {
    let first = json!({ "ClientToken": TOKEN, "Description": "a" });
    let world = after(World::at(EAST), &first, Span::from_secs(5));
    let table = [
        ("F76", json!({}), "ami-9 again"),
        ("F76", json!({ "Name": "other" }), "IdempotentParameterMismatch Name F76"),
        ("F76", json!({ "Description": "b" }), "IdempotentParameterMismatch Description F76"),
        ("F76", json!({ "Encrypted": true }), "IdempotentParameterMismatch Encrypted F76"),
        ("F76", json!({ "CopyImageTags": true }), "IdempotentParameterMismatch CopyImageTags F76"),
        (
            "F143",
            json!({ "SnapshotCopyCompletionDurationMinutes": 15 }),
            "IdempotentParameterMismatch SnapshotCopyCompletionDurationMinutes F76",
        ),
        ("F77", json!({ "SourceRegion": "eu-west-1" }), "ami-9 again"),
        // F76: case-sensitive, so this is another token, and a new image
        ("F76", json!({ "ClientToken": TOKEN.to_uppercase() }), "ok"),
    ];
    for (fact, change, expected) in table {
        let mut patch = first.clone();
        for (name, value) in change.as_object().expect("a table") {
            patch[name] = value.clone();
        }
        let answer = world.answer((CopyImage, "us-west-2"), &patch);
        assert!(answer.starts_with(expected), "{fact} {change}: {answer}");
    }
}

/// F76: the second request does nothing more: a name that the first has taken, or a source that
/// is gone, does not matter.
#[test]
fn f76_a_repeated_request_is_not_judged_again() {
    let first = json!({ "ClientToken": TOKEN });
    let world = after(World::at(EAST), &first, Span::from_secs(5));
    let gone = World { names: vec!["golden"], visible: false, ..world };
    assert_eq!(gone.answer((CopyImage, "us-west-2"), &first), "ami-9 again");
}

/// F77, P-TOKEN-AZ: zones are not compared, or are.
#[test]
fn f77_zones_are_compared_by_switch() {
    let named = |place| {
        let mut patch = to(place);
        patch["ClientToken"] = json!(TOKEN);
        patch
    };
    let world = after(World::at(WEST), &named(ANGELES), Span::from_secs(5));
    let second = named(ANGELES_B);
    assert_eq!(world.answer((CopyImage, "us-west-2"), &second), "ami-9 again");
    let silent = Silent { token_zones: TokenZones::Compared, ..Silent::DEFAULT };
    let strict = World { silent, ..world };
    let answer = strict.answer((CopyImage, "us-west-2"), &second);
    assert!(
        answer.starts_with("IdempotentParameterMismatch DestinationAvailabilityZone F76"),
        "{answer}"
    );
}

/// F78, P-TOKEN-TTL: forgotten after 24 h, to the nanosecond, or never.
#[test]
fn f78_a_token_is_forgotten_after_a_day() {
    let first = json!({ "ClientToken": TOKEN });
    let day = Span::from_hours(24);
    let just = Span::from_nanos(day.nanos() - 1);
    for (ago, life, expected) in [
        (just, day, "ami-9 again"),
        (day, day, "ok"),
        (Span::from_days(300), Span::MAX, "ami-9 again"),
    ] {
        let silent = Silent { token_life: life, ..Silent::DEFAULT };
        let world = after(World { silent, ..World::at(EAST) }, &first, ago);
        assert_eq!(world.answer((CopyImage, "us-west-2"), &first), expected, "{ago}");
    }
}

/// F76: 64 ASCII characters; the API model takes 128 (P-TOKEN-LENGTH).
#[test]
fn f76_f143_a_token_is_short_and_ascii() {
    let refused = "InvalidClientToken ClientToken F76, F143, P-TOKEN-LENGTH";
    for (token, length, expected) in [
        ("t".repeat(64), 64, "ok"),
        ("t".repeat(65), 64, refused),
        ("t".repeat(128), 128, "ok"),
        ("t".repeat(129), 128, refused),
        ("tökén".to_owned(), 64, refused),
    ] {
        let silent = Silent { token_length: length, ..Silent::DEFAULT };
        let world = World { silent, ..World::at(EAST) };
        let patch = json!({ "ClientToken": token });
        assert_eq!(world.answer((CopyImage, "us-west-2"), &patch), expected, "{token}");
    }
}

/// TV25, F79: CopySnapshot has no token, and the same request is accepted as often as it comes.
#[test]
fn tv25_f79_a_snapshot_is_copied_as_often_as_asked() {
    let world = World::at(EAST);
    for _ in 0..2 {
        assert_eq!(world.answer((CopySnapshot, "us-west-2"), &json!({})), "ok");
    }
    let answer = world.answer((CopySnapshot, "us-west-2"), &json!({ "ClientToken": TOKEN }));
    assert_eq!(answer, "UnknownParameter - F59, F60, F137");
}
