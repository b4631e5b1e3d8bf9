//! Under which key copies end up (F67–F73), and keys that are of no use (F70, F74, F75).

use Action::{CopyImage, CopySnapshot};
use serde_json::{Value, json};
use snapferry::api::{
    Action, Defaults, ImageKey, KeyCheck, KeyState, PlaceOf, Silent, SourceKey, ZoneEncryption,
};

use super::world::{ANGELES, EAST, FRIEND, SNAPSHOT, VAULT, WEST, WEST_OUTPOST, World, to};

const PLAIN: SourceKey<'_> = SourceKey::Plain;
const UNDER: SourceKey<'_> = SourceKey::Under { key: "alias/source", usable: true };
const OFF: Defaults<'_> = Defaults { on: false, key: Some("alias/default") };
const ON: Defaults<'_> = Defaults { on: true, key: Some("alias/default") };
const UNSET: Defaults<'_> = Defaults { on: true, key: None };

const CONFIGURED: &str = r#"Configured("alias/default")"#;
const GIVEN: &str = r#"Given("alias/vault")"#;

/// A source in us-west-2, or in us-east-1 where the copy crosses Regions.
fn outcome(
    action: Action,
    (from, goal): (PlaceOf<'static>, PlaceOf<'static>),
    (source, defaults): (SourceKey<'static>, Defaults<'static>),
    patch: &Value,
) -> String {
    let world = World { defaults, snapshots: vec![(SNAPSHOT, source)], ..World::at(from) };
    let mut all = to(goal);
    for (name, value) in patch.as_object().expect("a table") {
        all[name] = value.clone();
    }
    world.encryption((action, goal.region()), &all)
}

/// A row for each kind of destination, state of the source, default, and wish.
#[test]
fn f67_to_f72_under_which_key_a_copy_ends_up() {
    let none = json!({});
    let asked = json!({ "Encrypted": true });
    let given = json!({ "Encrypted": true, "KmsKeyId": VAULT });
    let across = (EAST, WEST);
    let inside = (WEST, WEST);
    let outpost = (WEST, WEST_OUTPOST);
    let zone = (WEST, ANGELES);
    #[rustfmt::skip]
    let table = [
        // F67: unencrypted stays so, unless asked, or encrypted by default
        (CopySnapshot, across, PLAIN, OFF, &none, "plain"),
        (CopyImage, across, PLAIN, OFF, &none, "plain"),
        (CopySnapshot, across, PLAIN, ON, &none, CONFIGURED),
        (CopyImage, across, PLAIN, ON, &none, CONFIGURED),
        // F68: asked for without a key: the key that is set, also where the default is off
        (CopySnapshot, across, PLAIN, OFF, &asked, CONFIGURED),
        (CopyImage, inside, PLAIN, OFF, &asked, CONFIGURED),
        (CopySnapshot, inside, PLAIN, UNSET, &none, "Managed"),
        // F68: encrypted, default off: the provider's own key; on: the key that is set
        (CopySnapshot, across, UNDER, OFF, &none, "Managed"),
        (CopySnapshot, inside, UNDER, OFF, &asked, "Managed"),
        (CopySnapshot, across, UNDER, ON, &none, CONFIGURED),
        // F69: an image keeps its key inside a Region, and takes the default across (P-AMI-KEY)
        (CopyImage, inside, UNDER, OFF, &none, r#"Source("alias/source")"#),
        (CopyImage, across, UNDER, OFF, &none, CONFIGURED),
        (CopyImage, across, UNDER, UNSET, &none, "Managed"),
        // F70: the key that is given
        (CopySnapshot, across, PLAIN, OFF, &given, GIVEN),
        (CopySnapshot, across, UNDER, ON, &given, GIVEN),
        (CopyImage, inside, UNDER, OFF, &given, GIVEN),
        // F71: an Outpost encrypts everything, under the key that is set or given
        (CopySnapshot, outpost, PLAIN, OFF, &none, CONFIGURED),
        (CopySnapshot, outpost, UNDER, OFF, &none, CONFIGURED),
        (CopyImage, outpost, UNDER, OFF, &none, CONFIGURED),
        (CopyImage, outpost, PLAIN, OFF, &given, GIVEN),
        // F72: a zone keeps what comes
        (CopySnapshot, zone, PLAIN, OFF, &none, "plain"),
        (CopyImage, zone, UNDER, OFF, &none, r#"Source("alias/source")"#),
        (CopySnapshot, zone, UNDER, OFF, &none, "Managed"),
    ];
    for (action, way, source, defaults, patch, expected) in table {
        let found = outcome(action, way, (source, defaults), patch);
        assert_eq!(found, expected, "{action:?} {way:?} {source:?} {defaults:?} {patch}");
    }
}

/// F72: zones of which it is known encrypt what arrives; P-LZ-ENC: or all do. F69, P-AMI-KEY: an
/// image can be held to take the default key inside a Region too.
#[test]
fn f69_f72_switches_of_encryption() {
    let with = |silent, source| World {
        silent,
        defaults: OFF,
        snapshots: vec![(SNAPSHOT, source)],
        ..World::at(WEST)
    };
    let all = Silent { zone_encryption: ZoneEncryption::All, ..Silent::DEFAULT };
    for action in [CopySnapshot, CopyImage] {
        let found = with(all, PLAIN).encryption((action, "us-west-2"), &to(ANGELES));
        assert_eq!(found, CONFIGURED, "{action:?}");
    }
    let default = Silent { image_key: ImageKey::Default, ..Silent::DEFAULT };
    let found = with(default, UNDER).encryption((CopyImage, "us-west-2"), &json!({}));
    assert_eq!(found, CONFIGURED);
    // the catalogue has it of Lagos that it encrypts, and of Los Angeles that it does not
    let lagos = PlaceOf::LocalZone { name: "af-south-1-los-1a", parent: "af-south-1" };
    let cape = PlaceOf::Region { name: "af-south-1", partition: "aws" };
    let world = World { defaults: OFF, ..World::at(cape) };
    assert_eq!(world.encryption((CopySnapshot, "af-south-1"), &to(lagos)), CONFIGURED);
    let plain = with(Silent::DEFAULT, PLAIN).encryption((CopySnapshot, "us-west-2"), &to(ANGELES));
    assert_eq!(plain, "plain");
}

/// F67: what is encrypted cannot be had unencrypted; one encrypted snapshot of an image suffices.
#[test]
fn f67_nothing_is_decrypted() {
    let mixed = World {
        snapshots: vec![(SNAPSHOT, PLAIN), ("snap-0123456789abcdef1", UNDER)],
        ..World::at(EAST)
    };
    let patch = json!({ "Encrypted": false });
    let told = mixed.told((CopyImage, "us-west-2"), &patch, |answer| answer.unwrap_err());
    insta::assert_snapshot!(told, @"InvalidRequest: `Encrypted` is false, and the snapshot `snap-0123456789abcdef1` is encrypted: its copy is too; leave `Encrypted` out (F67)");
}

/// F75: unknown and disabled keys are refused at once, undescribable ones with 403; what may not
/// be granted fails later. F70: asymmetric keys, and keys of other Regions. F74: as documented,
/// all of it later (P-KEY-CHECK).
#[test]
fn f70_f74_f75_keys_of_no_use() {
    const ELSEWHERE: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";
    const HERE: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd";
    let table = [
        ("F75", VAULT, KeyState::Unknown, "InvalidParameterValue KmsKeyId F75, P-KEY-CHECK"),
        ("F75", VAULT, KeyState::Disabled, "InvalidParameterValue KmsKeyId F75, P-KEY-CHECK"),
        ("F70", VAULT, KeyState::Asymmetric, "InvalidParameterValue KmsKeyId F70, P-KEY-CHECK"),
        ("F70", ELSEWHERE, KeyState::Usable, "InvalidParameterValue KmsKeyId F75, P-KEY-CHECK"),
        ("F149", VAULT, KeyState::Hidden, "AuthFailure KmsKeyId F75, F149"),
        ("F75", VAULT, KeyState::NoGrant, "later F75"),
        ("F70", HERE, KeyState::Usable, "ok"),
    ];
    let silent = Silent { key_check: KeyCheck::Later, ..Silent::DEFAULT };
    for (fact, key, state, expected) in table {
        for action in [CopySnapshot, CopyImage] {
            let world = World { keys: vec![(key, state)], ..World::at(EAST) };
            let patch = json!({ "Encrypted": true, "KmsKeyId": key });
            let answer = world.answer((action, "us-west-2"), &patch);
            assert_eq!(answer, expected, "{fact} {key} {state:?}");
            let later = World { silent, ..world }.answer((action, "us-west-2"), &patch);
            let is_refused = !matches!(expected, "ok" | "later F75");
            let f74 = if is_refused { "later F74, P-KEY-CHECK" } else { expected };
            assert_eq!(later, f74, "F74 {key} {state:?}");
        }
    }
}

/// F75: a snapshot shared without its key is accepted, and its copy fails.
#[test]
fn f75_a_key_that_was_not_shared() {
    let sealed = SourceKey::Under { key: "alias/friend", usable: false };
    for action in [CopySnapshot, CopyImage] {
        let world = World { owner: FRIEND, snapshots: vec![(SNAPSHOT, sealed)], ..World::at(EAST) };
        assert_eq!(world.answer((action, "us-west-2"), &json!({})), "later F75");
    }
}
