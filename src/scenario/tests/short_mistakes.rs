//! What is said of mistakes in short forms: once, where they stand, by the names of the text.

use super::*;

/// A fleet in two places, with more or other keys.
fn twins(keys: &str) -> String {
    format!(
        "[[fleet]]\nname = \"a\"\neach = [\n    {{ location = \"us-west-2\", to = \"us-east-1\" }},\n    \
         {{ location = \"eu-west-1\", to = \"eu-west-2\" }},\n]\nsnapshot = {{ every = \"1 h\" }}\n{keys}\n\
         [[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n"
    )
}

/// What is wrong for both of the fleets is told once; that no volumes are left follows from it. What
/// only checks can find is told of the fleets, at the place of the default.
#[test]
fn a_mistake_in_defaults_is_told_there_and_once() {
    let text = "[defaults]\nflet = { volumes = 1 }\nclient = 5\n\
         [defaults.fleet]\nname = \"all\"\nvolumes = 0\nsnapshot = { evry = \"1 h\" }\n\
         [defaults.copy_rule]\nretain = 3\n"
        .to_owned()
        + &twins("");
    insta::assert_snapshot!(said(&text), @r#"
    error: defaults.flet: unknown key
     --> x.toml:2:1
      |
    2 | flet = { volumes = 1 }
      | ^^^^
      |
      = help: did you mean `fleet`?

    error: defaults.client: a whole number stands here, where a table belongs
     --> x.toml:3:10
      |
    3 | client = 5
      |          ^

    error: defaults.fleet.name: unknown key
     --> x.toml:5:1
      |
    5 | name = "all"
      | ^^^^
      |
      = help: known here: `account`, `application`, `change`, `copy`, `fill`, `growth`, `inventory`, `location`, `re_encrypt`, `size`, `snapshot`, `volumes`, and `volumes_per_application`

    error: defaults.fleet.volumes: must be at least 1, not 0
     --> x.toml:6:11
      |
    6 | volumes = 0
      |           ^

    error: defaults.fleet.snapshot.evry: unknown key
     --> x.toml:7:14
      |
    7 | snapshot = { evry = "1 h" }
      |              ^^^^
      |
      = help: did you mean `every`?

    error: defaults.copy_rule.retain: no known unit in `3` (try `3 days`); or write `forever`, or `{ count = 14 }`
     --> x.toml:9:10
      |
    9 | retain = 3
      |          ^
    "#);
    let text = "[defaults.fleet]\nsize = \"65 TiB\"\n".to_owned() + &twins("volumes = 1");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.size: reaches beyond 64 TiB, the largest volume (F111)
     --> x.toml:2:8
      |
    2 | size = "65 TiB"
      |        ^^^^^^^^
      |
      = help: 64 TiB is the most
    "#);
}

#[test]
fn a_mistake_beside_each_is_told_once_and_in_an_entry_by_its_name() {
    let text = twins("volumes = 0\nfill = \"110 %\"\ngrowht = \"1 %/year\"")
        .replace("\"us-east-1\"", "\"us-esat-1\"")
        .replace("to = \"eu-west-2\"", "to = \"eu-west-2\", copies = 3")
        .replace("location = \"eu-west-1\", ", "name = \"b\", ");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a-us-west-2.copy[0].to: there is no Region, Local Zone, or Outpost `us-esat-1`
     --> x.toml:4:36
      |
    4 |     { location = "us-west-2", to = "us-esat-1" },
      |                                    ^^^^^^^^^^^
      |
      = help: did you mean `us-east-1`?

    error: fleet.b.location: `location` is missing
     --> x.toml:5:5
      |
    5 |     { name = "b", to = "eu-west-2", copies = 3 },
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: Region or Local Zone of the volumes.

    error: fleet.b.copies: unknown key
     --> x.toml:5:37
      |
    5 |     { name = "b", to = "eu-west-2", copies = 3 },
      |                                     ^^^^^^
      |
      = help: known here: `account`, `application`, `change`, `copy`, `fill`, `growth`, `inventory`, `location`, `name`, `re_encrypt`, `size`, `snapshot`, `to`, `volumes`, and `volumes_per_application`

    error: fleet.a.volumes: must be at least 1, not 0
     --> x.toml:8:11
      |
    8 | volumes = 0
      |           ^

    error: fleet.a.fill: `110 %` is more than the whole
     --> x.toml:9:8
      |
    9 | fill = "110 %"
      |        ^^^^^^^

    error: fleet.a.growht: unknown key
      --> x.toml:10:1
       |
    10 | growht = "1 %/year"
       | ^^^^^^
       |
       = help: did you mean `growth`?
    "#);
}

#[test]
fn entries_are_tables_with_names_of_their_own() {
    let text = "[[fleet]]\nname = \"a\"\neach = [{ location = \"us-west-2\" }, 7, { location = \"us-west-2\", each = [] }]\n\
         volumes = 2\nsnapshot = { every = \"1 h\" }\ncopy = [{ to = \"eu-west-1\" }]\n\
         [[link]]\nname = \"l\"\neach = []\ncapacity = \"1 GB/s\"\n\
         [[client]]\nname = \"c\"\neach = \"twice\"\n\
         [[local_zone]]\nname = \"us-west-2-lax-1a\"\neach = [{ rate = \"1 Gbit/s\" }]\n\
         [[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n";
    insta::assert_snapshot!(said(text), @r#"
    error: fleet.a.each[1]: an entry is a table
     --> x.toml:3:37
      |
    3 | each = [{ location = "us-west-2" }, 7, { location = "us-west-2", each = [] }]
      |                                     ^
      |
      = help: such as `each = [{ location = "eu-west-1" }]`

    error: fleet.a.each[2]: two entries are called `a-us-west-2`
     --> x.toml:3:40
      |
    3 | each = [{ location = "us-west-2" }, 7, { location = "us-west-2", each = [] }]
      |                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give one a `name` of its own

    error: fleet.a.each[2].each: an entry stands for one element: it has no `each`
     --> x.toml:3:66
      |
    3 | each = [{ location = "us-west-2" }, 7, { location = "us-west-2", each = [] }]
      |                                                                  ^^^^
      |
      = help: write more entries, or another element

    error: link.l.each: the list is empty
     --> x.toml:9:8
      |
    9 | each = []
      |        ^^
      |
      = help: it has an entry for each element, or leave it out

    error: client.c.each: text stands here, where a list belongs
      --> x.toml:13:8
       |
    13 | each = "twice"
       |        ^^^^^^^

    error: local_zone.us-west-2-lax-1a.each: unknown key
      --> x.toml:16:1
       |
    16 | each = [{ rate = "1 Gbit/s" }]
       | ^^^^
       |
       = help: known here: `failures`, `name`, `parent`, `profile`, `rate`, `time_zone`, and `window`
    "#);
}

/// Lists grow when they are written out; targets without names are still told by their place.
#[test]
fn targets_without_names_are_told_by_their_place_in_the_text() {
    let text = fleet("copy = [{ to = \"eu-west-1\" }]")
        .replace("limit = \"2 h\"", "each = [{ limit = \"2 h\" }, { limit = \"2\" }, {}]")
        + "[[target]]\nkind = \"rpo\"\nlimit = 7\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: target[0].each[1].limit: no known unit in `2` (try `2 min`)
     --> x.toml:9:38
      |
    9 | each = [{ limit = "2 h" }, { limit = "2" }, {}]
      |                                      ^^^

    error: target[0].each[2]: a target for copies needs a `limit`: `limit = "2 h"`
     --> x.toml:9:45
      |
    9 | each = [{ limit = "2 h" }, { limit = "2" }, {}]
      |                                             ^^

    error: target[1].limit: no known unit in `7` (try `7 min`)
      --> x.toml:12:9
       |
    12 | limit = 7
       |         ^
    "#);
}

#[test]
fn common_names_are_told_from_others() {
    let text = "[sets]\nwest = [\"us-west-1\", \"us-west-2\"]\n\
         [[client]]\nname = \"c\"\neach = [{}, {}]\n\
         [[fleet]]\nname = \"b\"\nlocation = \"us-west-2\"\nvolumes = 1\nsnapshot = { every = \"1 h\" }\n\
         copy = [{ to = [\"us-east-1\", \"west\"], client = \"c\" }]\n\
         [[fleet]]\nname = \"b\"\neach = [{ location = \"us-west-2\", to = \"us-east-1\" }]\nvolumes = 1\n\
         snapshot = { every = \"1 h\" }\n\
         [[target]]\nkind = \"copy\"\nfleet = \"bs\"\nto = \"west\"\nlimit = \"2 h\"\n";
    insta::assert_snapshot!(said(text), @r#"
    error: fleet.b.copy[0].client: `c` stands for several clients
      --> x.toml:11:48
       |
    11 | copy = [{ to = ["us-east-1", "west"], client = "c" }]
       |                                                ^^^
       |
       = help: name one: `c-1` or `c-2`

    error: fleet.b.name: `b` is taken already, and stands for all of this `each`
      --> x.toml:13:8
       |
    13 | name = "b"
       |        ^^^
       |
       = help: call one of them otherwise

    error: target[0].fleet: there is no fleet, image, or copy `bs`
      --> x.toml:19:9
       |
    19 | fleet = "bs"
       |         ^^^^
       |
       = help: did you mean `b`?

    error: target[0].to: `west` stands for 2 places
      --> x.toml:20:6
       |
    20 | to = "west"
       |      ^^^^^^
       |
       = help: a target has one destination: `each = [{ to = … }]` makes one for each
    "#);
}

#[test]
fn sets_hold_places_that_exist_and_not_themselves() {
    let text = "[sets]\nempty = []\nnorth = [\"eu-nroth-1\", \"souht\"]\none = [\"two\"]\nplant = [\"us-east-1\"]\n\
         self = [\"self\", \"us-east-1\"]\nsouth = [\"us-west-2\"]\nthree = \"us-west-2\"\ntwo = [\"one\", \"us-west-1\"]\n\
         us-east-2 = [\"us-west-1\"]\n\
         [[outpost]]\nname = \"plant\"\nregion = \"us-west-2\"\nservice_link = \"1 Gbit/s\"\n"
        .to_owned()
        + &fleet("copy = [{ to = [\"south\", \"empty\", \"north\", \"one\", \"self\", \"plant\", \"us-east-2\"] }]");
    insta::assert_snapshot!(said(&text), @r#"
    error: sets.empty: the list is empty
     --> x.toml:2:9
      |
    2 | empty = []
      |         ^^
      |
      = help: such as `["us-east-1", "us-west-2"]`

    error: sets.north: there is no Region, Local Zone, or Outpost `eu-nroth-1`
     --> x.toml:3:10
      |
    3 | north = ["eu-nroth-1", "souht"]
      |          ^^^^^^^^^^^^
      |
      = help: did you mean `eu-north-1`?

    error: sets.north: there is no Region, Local Zone, or Outpost `souht`
     --> x.toml:3:24
      |
    3 | north = ["eu-nroth-1", "souht"]
      |                        ^^^^^^^
      |
      = help: did you mean `south`?

    error: sets.plant: the name `plant` is taken by another place
     --> x.toml:5:9
      |
    5 | plant = ["us-east-1"]
      |         ^^^^^^^^^^^^^

    error: sets.self: a set cannot hold itself: self → self
     --> x.toml:6:9
      |
    6 | self = ["self", "us-east-1"]
      |         ^^^^^^

    error: sets.three: text stands here, where a list belongs
     --> x.toml:8:9
      |
    8 | three = "us-west-2"
      |         ^^^^^^^^^^^

    error: sets.two: a set cannot hold itself: one → two → one
     --> x.toml:9:8
      |
    9 | two = ["one", "us-west-1"]
      |        ^^^^^

    error: sets.us-east-2: the name `us-east-2` is taken by another place
      --> x.toml:10:13
       |
    10 | us-east-2 = ["us-west-1"]
       |             ^^^^^^^^^^^^^

    error: fleet.a.copy[0].to: `south` has no place but the one that is copied from
      --> x.toml:20:17
       |
    20 | copy = [{ to = ["south", "empty", "north", "one", "self", "plant", "us-east-2"] }]
       |                 ^^^^^^^
    "#);
}

#[test]
fn short_forms_that_nothing_uses_are_warned_of() {
    let text = "[sets]\nwest = [\"us-west-1\"]\n[defaults.image]\nchange = \"30 %/release\"\n[defaults.client]\n"
        .to_owned()
        + "[defaults.fleet]\nlocation = \"us-east-1\"\n"
        + &twins("volumes = 1\ncopy = [{ retain = \"30 min\" }]");
    insta::assert_snapshot!(warned(&text), @r#"
    warning: sets.west: nothing names this set
     --> x.toml:2:8
      |
    2 | west = ["us-west-1"]
      |        ^^^^^^^^^^^^^

    warning: defaults.image: nothing takes these defaults: there is no `[[image]]`
     --> x.toml:3:1
      |
    3 | [defaults.image]
      | ^^^^^^^^^^^^^^^^

    warning: fleet.a.copy[0].retain: is less than the 60 min between two copies
      --> x.toml:16:20
       |
    16 | copy = [{ retain = "30 min" }]
       |                    ^^^^^^^^
       |
       = help: the base is gone before the next copy, so that every copy is full
    "#);
    let flows = "[defaults.copy_rule]\nretain = \"1 day\"\n[[link]]\nname = \"l0\"\ncapacity = \"1 GB/s\"\n\
         [[link]]\nname = \"l1\"\ncapacity = \"1 GB/s\"\n[flows]\nfile = \"flows.csv\"\n";
    insta::assert_snapshot!(warned(flows), @r"
    warning: defaults.copy_rule: nothing takes these defaults: there is no rule in a `copy = [...]`
     --> x.toml:1:1
      |
    1 | [defaults.copy_rule]
      | ^^^^^^^^^^^^^^^^^^^^
    ");
}

/// A mistake in a setting is that of the setting, be it for defaults or for an entry.
#[test]
fn a_wrong_setting_of_a_short_form_is_named() {
    let text = twins("volumes = 1");
    let settings = [
        ("defaults.fleet.size", "huge"),
        ("fleet.a.each[0].fill", "half"),
        ("fleet.a-us-west-2.volumes", "3"),
        ("fleet.a.growth", "0.1"),
    ];
    let problems = parse(&text, &settings).unwrap_err();
    insta::assert_snapshot!(problems.render(&text, false), @r"
    error: fleet.a-us-west-2.volumes: no `fleet` is called `a-us-west-2`
     |
     = note: set by `fleet.a-us-west-2.volumes=3`
     = help: one entry of an `each` is set by `fleet.a.each[0]`, and so on

    error: defaults.fleet.size: `huge` is no size (write a number and a unit, such as `100 GiB`)
     |
     = note: set by `defaults.fleet.size=huge`

    error: fleet.a-us-west-2.fill: `half` is no share (write `50 %`, or a number from 0 to 1)
     |
     = note: set by `fleet.a.each[0].fill=half`

    error: fleet.a.growth: `0.1` is no share a year (write `8 %/year`)
     |
     = note: set by `fleet.a.growth=0.1`
    ");
}
