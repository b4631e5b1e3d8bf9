//! Short forms: `[defaults]` and `each`. What they stand for is the long form, word for word.

use super::*;
use crate::model::Fleet;

/// Fleets by name.
fn names(model: &Model) -> Vec<&str> {
    model.fleets.iter().map(|fleet| fleet.name.as_str()).collect()
}

fn named<'m>(model: &'m Model, name: &str) -> &'m Fleet {
    model.fleets.iter().find(|fleet| fleet.name == name).expect("there is such a fleet")
}

/// Volumes of a fleet that is drawn.
fn volumes(model: &Model, name: &str) -> u32 {
    match &named(model, name).items {
        Items::Drawn { count, .. } => *count,
        Items::Listed(_) | Items::Images(_) | Items::Requests { .. } => {
            panic!("the fleet is drawn")
        }
    }
}

/// Two fleets in two places, in short.
const SHORT: &str = r#"
[defaults.fleet]
volumes = 30
snapshot = { at = "01:00", phase = "2 h" }

[defaults.copy_rule]
retain = "35 days"

[[fleet]]
name = "databases"
each = [
    { location = "eu-west-1", to = "eu-central-1" },
    { location = "us-east-1", to = "us-west-2", volumes = 20 },
]
snapshot = { every = "1 h" }
copy = [{ completion_duration = "15 min", retain = "3 days" }]

[[fleet]]
name = "data"
each = [
    { location = "eu-west-1", to = "eu-central-1", snapshot = { time_zone = "Europe/Dublin" } },
    { name = "oregon", location = "us-west-2", to = ["us-east-1", "eu-west-1"] },
]

[[target]]
name = "hourly"
kind = "rpo"
fleet = "databases"
limit = "2 h"

[[target]]
kind = "copy"
fleet = ["data", "databases-eu-west-1"]
limit = "6 h"
"#;

/// The same at length: an entry before its element, an element before the defaults; tables joined
/// key by key, `every` in place of `at`.
const LONG: &str = r#"
[[fleet]]
name = "databases-eu-west-1"
location = "eu-west-1"
volumes = 30
snapshot = { every = "1 h", phase = "2 h" }
copy = [{ to = "eu-central-1", completion_duration = "15 min", retain = "3 days" }]

[[fleet]]
name = "databases-us-east-1"
location = "us-east-1"
volumes = 20
snapshot = { every = "1 h", phase = "2 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "3 days" }]

[[fleet]]
name = "data-eu-west-1"
location = "eu-west-1"
volumes = 30
snapshot = { at = "01:00", phase = "2 h", time_zone = "Europe/Dublin" }
copy = [{ to = "eu-central-1", retain = "35 days" }]

[[fleet]]
name = "oregon"
location = "us-west-2"
volumes = 30
snapshot = { at = "01:00", phase = "2 h" }
copy = [{ to = ["us-east-1", "eu-west-1"], retain = "35 days" }]

[[target]]
name = "hourly"
kind = "rpo"
fleet = ["databases-eu-west-1", "databases-us-east-1"]
limit = "2 h"

[[target]]
name = "databases-eu-west-1, data: copies within 6 h, 100 %"
kind = "copy"
fleet = ["data-eu-west-1", "oregon", "databases-eu-west-1"]
limit = "6 h"
"#;

/// `phase` of two hours is longer than an hour, so both get a period of three.
#[test]
fn short_forms_mean_what_the_long_form_says() {
    let (short, long) = (SHORT.replace("1 h\"", "3 h\""), LONG.replace("1 h\"", "3 h\""));
    assert_eq!(model(&short), model(&long));
}

/// One of every list of tables, in short.
const SHORT_LISTS: &str = r#"
[defaults]
image = { release = { at = "10:00" }, family = [{ name = "web", snapshots = [{ size = "8 GiB" }] }] }
client = { policy = "queue", limit = 5, backoff = { first = "1 min" } }
outpost = { service_link = "1 Gbit/s", failures = { up = "30 days" } }
link = { capacity = "1 GB/s" }
target = { kind = "link", below = "80 %" }
local_zone = { rate = "1 Gbit/s" }
copy = { from = "us-east-1", bytes = "1 GiB" }
[[image]]
name = "golden"
each = [{ location = "us-west-2", to = ["plant", "us-west-2-lax-1a"] }, { location = "us-east-1", to = "us-west-2" }]
release = { on = "Tue" }
[[client]]
name = "asker"
each = [{ limit = 3 }, { policy = "retry" }]
[[outpost]]
name = "plant"
each = [{ region = "us-west-2", count = 2 }]
failures = { down = "1 h" }
[[link]]
name = "in"
each = [{ to = "us-west-2" }, { to = "us-east-2" }]
[[local_zone]]
name = "us-west-2-lax-1a"
[[copy]]
name = "move"
each = [{ to = "us-east-2", client = "asker-1" }, { to = "us-west-2", client = "asker-2" }]
[[target]]
link = "in"
hours = "08:00-18:00"
[[target]]
kind = "copy"
limit = "1 h"
"#;

/// The same at length.
const LONG_LISTS: &str = r#"
[[image]]
name = "golden-us-west-2"
location = "us-west-2"
family = [{ name = "web", snapshots = [{ size = "8 GiB" }] }]
release = { at = "10:00", on = "Tue" }
copy = [{ to = ["plant-us-west-2", "us-west-2-lax-1a"] }]
[[image]]
name = "golden-us-east-1"
location = "us-east-1"
family = [{ name = "web", snapshots = [{ size = "8 GiB" }] }]
release = { at = "10:00", on = "Tue" }
copy = [{ to = "us-west-2" }]
[[client]]
name = "asker-1"
policy = "queue"
limit = 3
backoff = { first = "1 min" }
[[client]]
name = "asker-2"
policy = "retry"
backoff = { first = "1 min" }
[[outpost]]
name = "plant-us-west-2"
region = "us-west-2"
count = 2
service_link = "1 Gbit/s"
failures = { up = "30 days", down = "1 h" }
[[link]]
name = "in-us-west-2"
capacity = "1 GB/s"
to = "us-west-2"
[[link]]
name = "in-us-east-2"
capacity = "1 GB/s"
to = "us-east-2"
[[local_zone]]
name = "us-west-2-lax-1a"
rate = "1 Gbit/s"
[[copy]]
name = "move-us-east-2"
from = "us-east-1"
to = "us-east-2"
bytes = "1 GiB"
client = "asker-1"
[[copy]]
name = "move-us-west-2"
from = "us-east-1"
to = "us-west-2"
bytes = "1 GiB"
client = "asker-2"
[[target]]
kind = "link"
link = "in-us-west-2"
below = "80 %"
hours = "08:00-18:00"
[[target]]
kind = "link"
link = "in-us-east-2"
below = "80 %"
hours = "08:00-18:00"
[[target]]
kind = "copy"
limit = "1 h"
"#;

#[test]
fn every_list_of_tables_takes_defaults_and_entries() {
    assert_eq!(model(SHORT_LISTS), model(LONG_LISTS));
    assert_eq!(parse(SHORT_LISTS, &[]).unwrap().warnings, []);
}

/// What excludes a default takes its place: an inventory that of volumes with their sizes, one
/// family of distributions that of another, a rate that of a median. Clamps are joined.
#[test]
fn what_excludes_a_default_takes_its_place() {
    let text = r#"
        [defaults.fleet]
        location = "us-east-1"
        volumes = 5
        size = { lognormal = { median = "1 TiB", sigma = 0.8 }, max = "16 TiB" }
        change = { median = "8 %/day", between_volumes = 0.5, day_to_day = 0.3 }
        snapshot = { every = "1 h" }
        copy = [{ to = "us-west-2" }]
        [[fleet]]
        name = "listed"
        inventory = { csv = "volumes.csv" }
        snapshot = { at = "01:00" }
        [[fleet]]
        name = "plain"
        change = "3 %/day"
        size = { uniform = { low = "1 GiB", high = "2 GiB" } }
        snapshot = { once = "0 s", existing = true }
        [[fleet]]
        name = "spread"
        change = { rate = { uniform = { low = "1 %/day", high = "3 %/day" } } }
        size = { lognormal = { p95 = "4 TiB" } }
        [[fleet]]
        name = "flat"
        size = "1 GiB"
    "#;
    let model = model(text);
    assert!(matches!(&named(&model, "listed").items, Items::Listed(volumes) if volumes.len() == 2));
    let of = |name: &str| match (&named(&model, name).change, &named(&model, name).items) {
        (Change::Daily(change), Items::Drawn { size, .. }) => (change.clone(), size.clone()),
        _ => panic!("{name} is drawn"),
    };
    let (plain, size) = of("plain");
    assert_eq!((plain.rate, plain.day_to_day), (Distribution::Constant(0.03), 0.0));
    assert_eq!(size.support(), (Bytes::gib(1).as_f64(), Bytes::gib(2).as_f64()));
    let (spread, size) = of("spread");
    assert_eq!((spread.rate.support(), spread.day_to_day), ((0.01, 0.03), 0.3), "the day stays");
    assert_eq!(size.median(), Some(Bytes::tib(1).as_f64()), "the median stays");
    assert_eq!(size.support(), (0.0, Bytes::tib(16).as_f64()), "and so does the clamp");
    assert_eq!(of("flat").1, Distribution::Constant(Bytes::gib(1).as_f64()));
    assert!(!named(&model, "plain").makes_snapshot);
}

/// Kinds of targets have keys of their own, and so have policies of clients.
#[test]
fn defaults_of_one_kind_do_not_stand_in_the_way_of_another() {
    let text = fleet("copy = [{ to = \"eu-west-1\", client = \"c\" }]").replace(
        "[[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n",
        r#"
        [defaults.target]
        kind = "batch"
        limit = "2 h"
        share = "95 %"
        [defaults.client]
        policy = "queue"
        order = "edf"
        [[client]]
        name = "c"
        policy = "retry"
        [[link]]
        name = "l"
        capacity = "1 GB/s"
        to = "eu-west-1"
        [[target]]
        by = "06:00"
        [[target]]
        each = [{ kind = "rpo" }, { kind = "link", link = "l", below = "50 %" }]
        "#,
    );
    let model = model(&text);
    let names: Vec<&str> = model.targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(names, ["all: batches by 06:00, 95 %", "all: RPO 2 h, 95 %", "l below 50 %, 95 %"]);
}

/// A target on the name of an `each` covers all of it; on the name of one of its elements, that.
#[test]
fn a_common_name_stands_for_all() {
    let text = SHORT.replace("1 h\"", "3 h\"")
        + "[[target]]\nkind = \"copy\"\nfleet = [\"databases\", \"oregon\"]\nto = \"us-west-2\"\nlimit = \"4 h\"\n";
    let model = model(&text);
    assert_eq!(
        names(&model),
        ["databases-eu-west-1", "databases-us-east-1", "data-eu-west-1", "oregon"]
    );
    let covered: Vec<(&str, &[usize])> = model
        .targets
        .iter()
        .map(|target| (target.name.as_str(), target.fleets.as_slice()))
        .collect();
    assert_eq!(
        covered,
        [
            ("hourly", &[0, 1][..]),
            ("databases-eu-west-1, data: copies within 6 h, 100 %", &[0, 2, 3]),
            ("databases, oregon to us-west-2: copies within 4 h, 100 %", &[0, 1, 3]),
        ]
    );
}

/// Chains take defaults at every link, but do not repeat what follows for ever.
#[test]
fn rules_within_rules_take_the_defaults_too() {
    let text = "[defaults.copy_rule]\nretain = \"1 day\"\nthen = [{}]\n\
                [[fleet]]\nname = \"a\"\ncopy = [{ then = [{ to = \"x\" }] }, {}]\n";
    let mut root = DeTable::parse(text).unwrap().into_inner();
    super::super::expand::expand(&mut root);
    let rules = root["fleet"].get_ref()[0].get_ref()["copy"].get_ref().clone();
    let retained = |rule: &toml::de::DeValue<'_>| rule.get("retain").is_some();
    for at in 0..2 {
        let rule = rules[at].get_ref();
        assert!(retained(rule), "{rule:?}");
        let then = rule["then"].get_ref().as_array().unwrap();
        assert_eq!(then.len(), 1);
        assert_eq!(retained(then[0].get_ref()), at == 0, "a default is taken as it is");
        assert!(then[0].get_ref().get("then").is_none());
    }
}

/// Settings change the text before it is written out: an entry still goes before its element.
#[test]
fn settings_and_axes_reach_short_forms() {
    let text = SHORT.replace("1 h\"", "3 h\"")
        + "[[axis]]\nkey = \"fleet.data.volumes\"\nvalues = [7, 8]\n";
    let set = |key: &str, value: &str| parse(&text, &[(key, value)]).unwrap().model;
    let of = |model: &Model| -> Vec<u32> {
        names(model).iter().map(|name| volumes(model, name)).collect()
    };
    assert_eq!(of(&set("defaults.fleet.volumes", "10")), [10, 20, 10, 10]);
    assert_eq!(of(&set("fleet.databases.volumes", "10")), [10, 20, 30, 30]);
    assert_eq!(of(&set("fleet.databases.each[1].volumes", "10")), [30, 10, 30, 30]);
    assert_eq!(of(&set("fleet.data.each.oregon.volumes", "10")), [30, 20, 30, 10]);
    assert_eq!(
        of(&set("defaults", "{ fleet = { volumes = 4, snapshot = { at = '02:00' } } }")),
        [4, 20, 4, 4]
    );
    let axes = parse(&text, &[]).unwrap().axes;
    let source = source(&text);
    let at = |value: usize| {
        let point = [(&axes[0], &axes[0].values[value])];
        of(&Scenario::at_point(&source, &files, &[], &point).unwrap().model)
    };
    assert_eq!((at(0), at(1)), (vec![30, 20, 7, 7], vec![30, 20, 8, 8]));
}

/// Nothing is required of what defaults or an entry may say; of what a list holds, it is.
#[test]
fn the_schema_tells_of_the_short_forms() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let at = |pointer: &str| schema.pointer(pointer);
    for kind in ["fleet", "image", "copy_rule", "client", "target", "outpost", "link", "copy"] {
        let reference = at(&format!("/properties/defaults/properties/{kind}/$ref"));
        let pointer = reference.and_then(|text| text.as_str()).unwrap().trim_start_matches('#');
        let table = at(pointer).unwrap();
        assert!(table.get("required").is_none(), "{kind}");
        assert!(table["properties"].get("each").is_none(), "{kind}");
    }
    assert_eq!(at("/$defs/Fleet/properties/each/items/$ref").unwrap(), "#/$defs/FleetEntry");
    assert!(at("/$defs/FleetEntry/properties/to").is_some());
    assert!(at("/$defs/FleetEntry/properties/name").is_some());
    assert!(at("/$defs/FleetDefaults/properties/name").is_none());
    assert!(at("/$defs/Fleet/required").is_none());
    assert!(at("/$defs/Failures/required").is_none(), "tables are joined");
    assert!(at("/$defs/Window/required").is_some(), "lists are not");
    assert!(at("/properties/sets/additionalProperties").is_some());
    assert!(at("/properties/defaults/description").is_some_and(serde_json::Value::is_string));
}

proptest::proptest! {
    /// No mutilated short form makes the reader panic.
    #[test]
    fn no_short_form_makes_it_panic(
        noise in "[a-z0-9 =.,\"\\[\\]{}\n]{0,20}", from in 0..SHORT.len(), length in 0..60_usize,
    ) {
        let until = (from + length).min(SHORT.len());
        let text = format!("{}{noise}{}", &SHORT[..from], &SHORT[until..]);
        if let Err(problems) = parse(&text, &[]) {
            let _ = problems.render(&text, false);
        }
    }
}
