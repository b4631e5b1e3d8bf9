//! Between which places a request may copy (F50–F58), both calls, every pair of kinds.

use serde_json::json;
use snapferry::api::{Action, EdgeCode, Silent, ZonePairs, ZoneSelf};

use super::world::{
    ANGELES, ANGELES_B, ATLANTA, DENVER, EAST, EAST_OUTPOST, PEKING, WEST, WEST_OUTPOST, World, to,
};

const BOTH: [Action; 2] = [Action::CopySnapshot, Action::CopyImage];

/// TV30. A row for each source, a column for each destination: allowed, or the fact that refuses.
///
/// F50, F53: a Region copies to itself, to Regions, and to its own zones and Outposts; F56: to no
/// others; F54: not across partitions. F51, F53: a zone copies to itself, its group, and its
/// parent; F55: what lies between is held to the group. F54: no zone copies to an Outpost. F52: an
/// Outpost copies nowhere.
#[test]
fn tv30_every_pair_of_places() {
    let places =
        [EAST, WEST, PEKING, ANGELES, ANGELES_B, DENVER, ATLANTA, WEST_OUTPOST, EAST_OUTPOST];
    #[rustfmt::skip]
    let matrix = [
        // east  west   peking angeles lax-1b denver atlanta west's east's Outpost
        ["ok",  "ok",  "F54", "F56",  "F56", "F56", "ok",   "F56", "ok"],   // F50: us-east-1
        ["ok",  "ok",  "F54", "ok",   "ok",  "ok",  "F56",  "ok",  "F56"],  // F50: us-west-2
        ["F54", "F54", "ok",  "F56",  "F56", "F56", "F56",  "F56", "F56"],  // F54: cn-north-1
        ["F51", "ok",  "F51", "ok",   "ok",  "F55", "F55",  "F54", "F54"],  // F51: us-west-2-lax-1a
        ["F51", "ok",  "F51", "ok",   "ok",  "F55", "F55",  "F54", "F54"],  // F51: us-west-2-lax-1b
        ["F51", "ok",  "F51", "F55",  "F55", "ok",  "F55",  "F54", "F54"],  // F51: us-west-2-den-1a
        ["ok",  "F51", "F51", "F55",  "F55", "F55", "ok",   "F54", "F54"],  // F51: us-east-1-atl-2a
        ["F52", "F52", "F52", "F52",  "F52", "F52", "F52",  "F52", "F52"],  // F52: west's Outpost
        ["F52", "F52", "F52", "F52",  "F52", "F52", "F52",  "F52", "F52"],  // F52: east's Outpost
    ];
    for (from, row) in places.into_iter().zip(matrix) {
        for (goal, expected) in places.into_iter().zip(row) {
            for action in BOTH {
                let answer = World::at(from).answer((action, goal.region()), &to(goal));
                let case = format!("{action:?} {from:?} to {goal:?}: {answer}");
                if expected == "ok" {
                    assert_eq!(answer, "ok", "{case}");
                } else {
                    assert!(answer.starts_with("UnsupportedOperation "), "{case}");
                    assert!(answer.contains(expected), "{case}, not by {expected}");
                }
            }
        }
    }
}

/// F55, P-LZLZ, P-LZ-SELF: what switches and lists change, for images alone.
#[test]
fn f55_switches_widen_and_narrow_what_zones_may() {
    let wide = Silent { zone_pairs: ZonePairs::SameParent, ..Silent::DEFAULT };
    let strict = Silent { zone_self: ZoneSelf::NotForImages, ..Silent::DEFAULT };
    let pairs = vec![(ANGELES.name(), DENVER.name()), (ANGELES.name(), ATLANTA.name())];
    let table = [
        // F55: one parent, not one group
        (wide, vec![], DENVER, ["UnsupportedOperation", "ok"]),
        // F54: not even one parent
        (wide, vec![], ATLANTA, ["UnsupportedOperation", "UnsupportedOperation"]),
        // F54: certain zones of one parent, listed
        (Silent::DEFAULT, pairs.clone(), DENVER, ["UnsupportedOperation", "ok"]),
        // F54: a list does not join zones of two parents
        (Silent::DEFAULT, pairs, ATLANTA, ["UnsupportedOperation", "UnsupportedOperation"]),
        // F55: the list of the API leaves out copies within a zone; F51: snapshots have them
        (strict, vec![], ANGELES, ["ok", "UnsupportedOperation"]),
        (strict, vec![], ANGELES_B, ["ok", "ok"]),
    ];
    for (silent, zone_pairs, goal, expected) in table {
        for (action, expected) in BOTH.into_iter().zip(expected) {
            let world = World { silent, zone_pairs: zone_pairs.clone(), ..World::at(ANGELES) };
            let answer = world.answer((action, goal.region()), &to(goal));
            assert_eq!(answer.split(' ').next(), Some(expected), "{action:?} {goal:?} {answer}");
        }
    }
}

/// F152, P-ROUTE-CODE: the code of a refused route is one of two.
#[test]
fn f152_the_code_of_a_refused_route_can_be_chosen() {
    let silent = Silent { route_code: EdgeCode::InvalidParameterCombination, ..Silent::DEFAULT };
    for (from, goal, called) in [
        (WEST_OUTPOST, WEST, "us-west-2"), // F52
        (WEST, ANGELES, "us-east-1"),      // F57
    ] {
        let world = World { silent, ..World::at(from) };
        let answer = world.answer((Action::CopyImage, called), &to(goal));
        assert!(answer.starts_with("InvalidParameterCombination "), "{answer}");
    }
}

/// F57: zones and Outposts belong to the Region that the request is sent to; F58: without a
/// parameter the destination is that Region, also from a zone; F62: an Outpost's source is in the
/// Outpost's Region.
#[test]
fn f57_f58_f62_a_request_goes_to_the_region_of_its_destination() {
    let by_id = json!({ "DestinationAvailabilityZoneId": "use1-atl2-az1" });
    let table = [
        ("F57", WEST, to(ANGELES), "us-east-1", "UnsupportedOperation DestinationAvailabilityZone"),
        ("F57", WEST, to(WEST_OUTPOST), "us-east-1", "UnsupportedOperation DestinationOutpostArn"),
        ("F58", ANGELES, json!({}), "us-west-2", "ok"),
        ("F62", EAST, to(EAST_OUTPOST), "us-east-1", "ok"),
        ("F56", EAST, to(WEST_OUTPOST), "us-west-2", "UnsupportedOperation DestinationOutpostArn"),
        ("F60", EAST, by_id, "us-east-1", "ok"),
    ];
    for (fact, from, patch, called, expected) in table {
        let answer = World::at(from).answer((Action::CopyImage, called), &patch);
        assert!(answer.starts_with(expected), "{fact}: {answer}");
        assert!(answer == "ok" || answer.contains(fact), "{fact}: {answer}");
    }
}

/// F146, F147: Regions of which no endpoint is known take part in no copy across Regions.
#[test]
fn f146_f147_a_region_without_an_endpoint() {
    let table = [
        (Action::CopySnapshot, "SnapshotCopyUnsupported.InterRegion SourceRegion F146"),
        (Action::CopyImage, "UnsupportedOperation SourceRegion F147, P-ROUTE-CODE"),
    ];
    for (action, expected) in table {
        assert_eq!(World::at(EAST).answer((action, "sa-west-1"), &json!({})), expected);
    }
}

#[test]
fn a_refusal_tells_where_to_send_it() {
    let told = World::at(WEST).told((Action::CopySnapshot, "us-east-1"), &to(ANGELES), |answer| {
        answer.unwrap_err().to_string()
    });
    insta::assert_snapshot!(told, @"UnsupportedOperation: `us-west-2-lax-1a` belongs to `us-west-2`, and the request was sent to `us-east-1`: send it to `us-west-2` (F57, P-ROUTE-CODE)");
}
