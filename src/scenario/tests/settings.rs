//! Settings that override the text.

use super::*;

#[test]
fn settings_reach_every_kind_of_key() {
    let settings = [
        ("scenario.horizon", "2 days"),
        ("limits.snapshot_copies", "10"),
        ("fleet.databases.volumes", "7"),
        ("fleet.databases.copy[0].completion_duration", "30 min"),
        ("fleet.*.snapshot.jitter", "0 s"),
        ("fleet[0].size", "100 GiB"),
        ("assume.P-TB-PACE", "early"),
        ("target[0].share", "95 %"),
        ("scenario.name", "twin"),
    ];
    let model = parse(EXAMPLE, &settings).unwrap().model;
    assert_eq!(model.horizon, Span::from_days(2));
    assert_eq!(model.accounts[0].limits.snapshot_slots, 10);
    let fleet = &model.fleets[0];
    let Items::Drawn { count, size, .. } = &fleet.items else { panic!() };
    assert_eq!((*count, size), (7, &Distribution::Constant(Bytes::gib(100).as_f64())));
    assert_eq!(fleet.copies[0].completion_duration, Some(Span::from_mins(30)));
    assert_eq!(fleet.schedule.jitter, Span::ZERO);
    assert_eq!(model.assume.pace, crate::model::Pace::Early);
    assert!((model.targets[0].share - 0.95).abs() < 1e-12);
    assert_eq!(model.name, "twin");
}

/// A wrong setting is named itself, instead of a line of the file.
#[test]
fn a_wrong_setting_is_named() {
    let settings = [
        ("fleet.databases.volumes", "many"),
        ("fleet.databses.volumes", "3"),
        ("scenario.horizn", "3 days"),
        ("limits.quota", "2000"),
    ];
    let problems = parse(EXAMPLE, &settings).unwrap_err();
    insta::assert_snapshot!(problems.render(EXAMPLE, false), @r#"
    error: fleet.databses.volumes: no `fleet` is called `databses`
     |
     = note: set by `fleet.databses.volumes=3`
     = help: did you mean `databases`?

    error: fleet.databases.volumes: text stands here, where a whole number belongs
     |
     = note: set by `fleet.databases.volumes=many`

    error: limits.quota: no known unit in `2000` (try `2000 MiB/s`)
     |
     = note: set by `limits.quota=2000`

    error: scenario.horizn: unknown key
     |
     = note: set by `scenario.horizn=3 days`
     = help: did you mean `horizon`?
    "#);
}

/// Text that is TOML is taken as such; all else is text.
#[test]
fn a_setting_is_toml_or_else_a_word() {
    let table = [("fleet.databases.snapshot", "{ at = [\"01:00\", \"13:00\"], on = \"Sat\" }")];
    let model = parse(EXAMPLE, &table).unwrap().model;
    assert_eq!(model.fleets[0].schedule.interval(), Span::from_hours(7 * 24 - 12));
    let time = [("fleet.databases.snapshot", "{ at = 01:00:00 }")];
    assert!(parse(EXAMPLE, &time).is_ok(), "a TOML time of day is one");
}
