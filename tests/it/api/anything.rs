//! What holds for whatever is sent: nothing panics, and answers agree with one another.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use snapferry::api::{
    Action, Encryption, Key, KeyState, May, Parameter, Refusal, SnapshotState, SourceKey, Stage,
    Verdict, route,
};

use super::world::{
    ANGELES, ANGELES_B, EAST, EAST_OUTPOST, IMAGE, PEKING, SNAPSHOT, VAULT, WEST, WEST_OUTPOST,
    World,
};

/// A value for a parameter, more often right than not.
fn value(parameter: Parameter) -> BoxedStrategy<Value> {
    let one_of = |known: Vec<Value>| prop_oneof![4 => select(known), 1 => anything()].boxed();
    let texts = |known: &[&str]| one_of(known.iter().map(|text| json!(text)).collect());
    let flags = || one_of(vec![json!(true), json!(false), json!(null)]);
    match parameter {
        Parameter::SourceRegion => texts(&["us-east-1", "us-west-2", "cn-north-1", "sa-west-1"]),
        Parameter::SourceSnapshotId => texts(&[SNAPSHOT, "snap-0123abcd", "snap-00000000"]),
        Parameter::SourceImageId => texts(&[IMAGE, "ami-0123abcd"]),
        Parameter::Name => texts(&["golden", "taken", "ab"]),
        Parameter::Description | Parameter::ClientToken => texts(&["a", ""]),
        Parameter::KmsKeyId => texts(&[VAULT, "alias/gone", "arn:aws:kms:us-east-1:1:key/2"]),
        Parameter::DestinationOutpostArn => texts(&[WEST_OUTPOST.name(), EAST_OUTPOST.name()]),
        Parameter::DestinationAvailabilityZone => texts(&[ANGELES.name(), "us-east-1-atl-2a"]),
        Parameter::DestinationAvailabilityZoneId => texts(&["usw2-lax1-az1", "use1-atl2-az1"]),
        Parameter::DestinationRegion => texts(&["us-west-2", "us-east-1"]),
        Parameter::PresignedUrl => texts(&["https://ec2/?SourceRegion=us-east-1", "https://", "?"]),
        Parameter::Encrypted | Parameter::CopyImageTags | Parameter::DryRun => flags(),
        Parameter::CompletionDurationMinutes | Parameter::SnapshotCopyCompletionDurationMinutes => {
            one_of(vec![json!(15), json!(2880), json!(16), json!(-1)])
        }
        Parameter::TagSpecifications => one_of(vec![
            json!([{ "ResourceType": "snapshot", "Tags": [{ "Key": "a", "Value": "b" }] }]),
            json!([{ "ResourceType": "image" }]),
            json!({ "items": [] }),
            json!({ "tags": [] }),
        ]),
    }
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![any::<String>().prop_map(Value::from), any::<i64>().prop_map(Value::from)]
}

/// Some parameters of a call, each with its chance.
fn patches() -> impl Strategy<Value = (Action, Value)> {
    let of = |action: Action| {
        let each: Vec<_> = Parameter::of(action)
            .map(|parameter| {
                let value = prop::option::weighted(0.25, value(parameter));
                value.prop_map(move |value| (parameter, value))
            })
            .collect();
        each.prop_map(move |all| {
            let given = all.into_iter().filter_map(|(name, value)| Some((name.name(), value?)));
            (action, given.map(|(name, value)| (name.to_owned(), value)).collect::<Value>())
        })
    };
    prop_oneof![of(Action::CopySnapshot), of(Action::CopyImage)]
}

fn worlds() -> impl Strategy<Value = World> {
    let places = vec![EAST, WEST, PEKING, ANGELES, ANGELES_B, WEST_OUTPOST];
    let keys = vec![SourceKey::Plain, SourceKey::Under { key: "alias/source", usable: true }];
    let what = (select(places), any::<bool>(), select(keys), any::<bool>(), any::<bool>());
    what.prop_map(|(place, visible, key, is_on, may)| {
        let mut world = World::at(place);
        world.visible = visible;
        world.snapshots = vec![(SNAPSHOT, key)];
        world.defaults.on = is_on;
        world.names = vec!["taken"];
        world.keys = vec![("alias/gone", KeyState::Unknown)];
        world.may = May { copy_snapshot: may, copy_image: true };
        if !visible {
            world.snapshot_state = SnapshotState::Pending;
        }
        world
    })
}

fn refusal(answer: Result<Verdict<'_>, Refusal>) -> Option<Refusal> {
    answer.err()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// A refusal names a parameter of its call; what a dry run answers is what comes before dry
    /// runs, else `DryRunOperation` (F80, F82).
    #[test]
    fn a_dry_run_tells_of_what_comes_before_it(world in worlds(), (action, patch) in patches()) {
        let sent = (action, "us-west-2");
        let mut dry = patch.clone();
        dry["DryRun"] = json!(true);
        let mut wet = patch;
        wet["DryRun"] = json!(false);
        let told = world.told(sent, &wet, refusal);
        let dry = world.told(sent, &dry, refusal).expect("a dry run makes nothing");
        if let Some(parameter) = told.as_ref().and_then(|refusal| refusal.parameter) {
            prop_assert!(parameter.is_of(action), "{:?} {:?}", action, parameter);
        }
        match told {
            Some(told) if told.rule.info().stage < Stage::DryRun => prop_assert_eq!(dry, told),
            _ => prop_assert_eq!(dry.code.as_str(), "DryRunOperation"),
        }
    }

    /// What is accepted has a route (F50 to F56), goes to the Region that was asked (F57), has no
    /// duration at an edge (F24), loses no encryption (F67), and is under the key that it named (F70).
    #[test]
    fn what_is_accepted_keeps_the_rules(world in worlds(), (action, patch) in patches()) {
        world.told((action, "us-west-2"), &patch, |answer| {
            let Ok(Verdict::Accepted(accepted)) = answer else { return Ok(()) };
            prop_assert_eq!(route(action, accepted.from, accepted.to), Ok(()));
            prop_assert_eq!(accepted.to.region(), "us-west-2");
            let is_edge = !(accepted.from.is_region() && accepted.to.is_region());
            prop_assert!(!(is_edge && accepted.duration.is_some()));
            let is_sealed = matches!(world.snapshots[0].1, SourceKey::Under { .. });
            for (_, encryption) in accepted.encryptions() {
                prop_assert!(!is_sealed || encryption != Encryption::Plain);
                if let Some(key) = patch.get("KmsKeyId").and_then(Value::as_str) {
                    prop_assert_eq!(encryption, Encryption::Under(Key::Given(key)));
                }
            }
            Ok(())
        })?;
    }
}
