//! The scenario format from its outside: what is understood, and what is said of mistakes.

use super::*;
use crate::model::change::ChangeRate;
use crate::model::{
    Change, Items, LinkOrigin, Per, Place as SitePlace, Recurrence, Retention, SiteIdx, TargetKind,
};
use crate::rng::Distribution;
use crate::units::{Bytes, Rate, Span};

mod change;
mod estate;
mod inventories;
mod mistakes;
mod orchestrators;
mod places;
mod precision;
mod prices;
mod requests;
mod schedules;
mod settings;
mod short;
mod short_mistakes;

/// The example of the design, word for word.
const EXAMPLE: &str = r#"[scenario]
question = "Do 60 databases keep an RPO of 2 hours in us-west-2?"
horizon = "7 days"
replications = 30

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 60
size = { lognormal = { median = "1 TiB", sigma = 0.8 }, max = "16 TiB" }
change = { median = "8 %/day", between_volumes = 0.5, common = 0.4 }
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "3 days" }]

[[target]]
kind = "rpo"                   # copy | batch | rpo | link
fleet = "databases"
limit = "2 h"
share = "99.9 %"
"#;

fn source(text: &str) -> Source {
    Source { name: "x.toml".to_owned(), text: text.to_owned(), base: PathBuf::new() }
}

/// The files that tests of this module name.
fn files(path: &str) -> Result<Vec<u8>, String> {
    match path {
        "sizes.csv" => Ok(b"size\n10 GiB\n30 GiB\n".to_vec()),
        "flows.csv" => Ok(b"id,arrival_s,bytes,path,cap_bytes_per_s\n\
            a,0,1000,l0;l1,\nb,0.5,20,,10\n"
            .to_vec()),
        "broken-flows.csv" => Ok(b"id,arrival_s,bytes,path,cap_bytes_per_s\n\
            a,0,1000,l2,\nb,x,20,,10\nc,0,1,,\nb,0,1\n"
            .to_vec()),
        "volumes.csv" => Ok(b"volume,bytes,change\nvol-a,10 GiB,3 %/day\nvol-b,2048,\n".to_vec()),
        "broken.csv" => Ok(b"volume,bytes\nvol-a,10 GiB\nvol-b\nvol-a,1 GiB\n".to_vec()),
        "volumes.json" => Ok(b"{\"Volumes\": []}".to_vec()),
        "truncated.json" => Ok(b"{\"Snapshots\": [{\"SnapshotId\": \"snap-1\"".to_vec()),
        _ => Err("there is no such file".to_owned()),
    }
}

fn parse(text: &str, settings: &[(&str, &str)]) -> Result<Scenario, Problems> {
    let settings: Vec<(String, String)> =
        settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Scenario::parse(&source(text), &files, &settings)
}

/// The model of a text that is right.
fn model(text: &str) -> Model {
    match parse(text, &[]) {
        Ok(scenario) => scenario.model,
        Err(problems) => panic!("{}", problems.render(text, false)),
    }
}

/// What is said of a text that is wrong.
fn said(text: &str) -> String {
    parse(text, &[]).expect_err("the text is wrong").render(text, false)
}

/// The warnings of a text that is right.
fn warned(text: &str) -> String {
    render(&parse(text, &[]).unwrap().warnings, Kind::Warning, text, false)
}

/// One fleet of two volumes, with more or other keys.
fn fleet(keys: &str) -> String {
    format!(
        "[[fleet]]\nname = \"a\"\nlocation = \"us-west-2\"\nvolumes = 2\n\
         snapshot = {{ every = \"1 h\" }}\n{keys}\n\
         [[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n"
    )
}

#[test]
fn the_example_of_the_design_is_understood() {
    let scenario = parse(EXAMPLE, &[]).unwrap();
    assert_eq!(scenario.warnings, []);
    let model = &scenario.model;
    assert_eq!(
        (model.name.as_str(), model.replications, model.horizon, model.drain),
        ("x", 30, Span::from_days(7), Span::from_hours(48))
    );
    assert_eq!(model.start.nanos(), 20_822 * 86_400 * 1_000_000_000);
    let names: Vec<&str> = model.sites.iter().map(|site| site.name.as_str()).collect();
    assert_eq!(names, ["us-east-1", "us-west-2"]);
    let [fleet] = model.fleets.as_slice() else { panic!() };
    let Items::Drawn { count, size, .. } = &fleet.items else { panic!() };
    assert_eq!((*count, size.median()), (60, Some(Bytes::tib(1).as_f64())));
    assert_eq!(size.support(), (0.0, Bytes::tib(16).as_f64()));
    let Change::Daily(change) = &fleet.change else { panic!() };
    assert_eq!((change.rate.median(), change.common, change.day_to_day), (Some(0.08), 0.4, 0.0));
    assert_eq!(fleet.schedule.recurrence, Recurrence::Every { period: Span::from_hours(1) });
    assert_eq!(fleet.schedule.jitter, Span::from_secs(60));
    let [rule] = fleet.copies.as_slice() else { panic!() };
    assert_eq!(rule.completion_duration, Some(Span::from_mins(15)));
    assert_eq!(rule.retain, Retention::Age(Span::from_days(3)));
    let [target] = model.targets.as_slice() else { panic!() };
    assert_eq!(target.name, "databases: RPO 2 h, 99.9 %");
    assert_eq!(target.kind, TargetKind::Rpo { limit: Span::from_hours(2), per: Per::Volume });
    assert!((target.share - 0.999).abs() < 1e-12);
    assert_eq!(model.clients.len(), 1);
}

/// What is silent is what the provider documents, or what the ledger assumes.
#[test]
fn limits_and_assumptions_have_their_defaults() {
    let model = model(EXAMPLE);
    assert_eq!(
        (
            model.accounts[0].limits.snapshot_slots,
            model.accounts[0].limits.image_slots,
            model.accounts[0].limits.quota
        ),
        (20, 300, 2000 << 20)
    );
    assert_eq!(model.accounts[0].limits.copy_snapshot_bucket, (50, 5));
    assert_eq!(model.accounts[0].limits.copy_image_bucket, (100, 1));
    let scenario = parse(EXAMPLE, &[]).unwrap();
    assert_eq!(scenario.assumed.len(), SWITCHES.len());
    assert_eq!(scenario.assumed[0], (Switch::Clock, "transfer".to_owned()));
}

/// A Local Zone has a link each way, of 10 Gbit/s = 1.25e9 B/s; an Outpost's service link is usable
/// to 80 %: 0.8 × 62.5e6 B/s = 50e6 B/s. A group of three Outposts has three of them.
#[test]
fn edges_have_their_links() {
    let model = model(&format!(
        "[[outpost]]\nname = \"plant\"\nregion = \"us-west-2\"\nservice_link = \"500 Mbit/s\"\n\
         count = 3\n{}",
        fleet("copy = [{ to = [\"us-west-2-lax-1a\", \"plant\", \"eu-west-1\"] }]")
    ));
    let links: Vec<(&str, f64, LinkOrigin)> =
        model.links.iter().map(|l| (l.name.as_str(), l.capacity.get(), l.origin)).collect();
    assert_eq!(
        links,
        [
            ("us-west-2-lax-1a down", 1.25e9, LinkOrigin::LocalZoneDefault),
            ("us-west-2-lax-1a up", 1.25e9, LinkOrigin::LocalZoneDefault),
            ("plant-01 service link", 50e6, LinkOrigin::ServiceLink),
            ("plant-02 service link", 50e6, LinkOrigin::ServiceLink),
            ("plant-03 service link", 50e6, LinkOrigin::ServiceLink),
        ]
    );
    let crossed: Vec<&[usize]> = model.routes.iter().map(|route| route.links.as_slice()).collect();
    assert_eq!(crossed, [&[0][..], &[2], &[3], &[4], &[]]);
    let regions = model.sites.iter().take_while(|site| site.place == SitePlace::Region).count();
    assert_eq!((regions, model.sites.len()), (2, 6));
}

/// `from` alone: all that leaves; `to` alone: all that enters; both: that pair.
#[test]
fn a_link_is_crossed_by_the_copies_that_it_names() {
    let model = model(&format!(
        "{}{}",
        fleet("copy = [{ to = [\"eu-west-1\", \"us-east-1\"] }]"),
        "[[link]]\nname = \"out\"\ncapacity = \"1 GiB/s\"\nfrom = \"us-west-2\"\n\
         [[link]]\nname = \"in\"\ncapacity = \"1 GiB/s\"\nto = [\"eu-west-1\", \"us-east-1\"]\n\
         [[link]]\nname = \"pair\"\ncapacity = \"1 GiB/s\"\nfrom = \"us-west-2\"\nto = \"us-east-1\"\n\
         profile = [{ from = \"20:00\", factor = 1 }, { from = \"08:00\", factor = 0.5 }]\n\
         window = [{ daily = \"01:00\", on = [\"Mon\"], for = \"2 h\" }]\n\
         failures = { up = { exponential = { mean = \"7 days\" } }, down = \"1 h\", factor = 0.2 }\n",
    ));
    let crossed: Vec<&[usize]> = model.routes.iter().map(|route| route.links.as_slice()).collect();
    assert_eq!(crossed, [&[0, 1][..], &[0, 1, 2]]);
    let pair = &model.links[2];
    assert_eq!(pair.profile[0].from.0, Span::from_hours(8), "a profile is sorted");
    assert_eq!(pair.windows[0].length, Span::from_hours(2));
    let failures = pair.failures.as_ref().unwrap();
    assert_eq!(failures.down, Distribution::Constant(3600.0));
    assert_eq!(failures.up.mean(), Some(604_800.0));
}

/// 8 GiB at 25 % are 2 GiB; 30 GiB at 10 % are 3,221,225,472 bytes, 6,144 blocks of 512 KiB.
#[test]
fn images_have_backing_snapshots_in_whole_blocks() {
    let model = model(
        "[[image]]\nname = \"golden\"\nlocation = \"us-east-1\"\nchange = \"30 %/release\"\n\
         family = [{ name = \"linux\", snapshots = [{ size = \"8 GiB\", fill = \"25 %\" }, \
         { size = \"30 GiB\", fill = 0.1 }] }]\n\
         release = { at = [\"10:00\"], on = [\"Tue\", \"Thu\"], time_zone = \"Europe/Dublin\" }\n\
         copy = [{ to = \"eu-west-1\", completion_duration = \"30 min\", retain = { count = 3 } }]\n\
         [[target]]\nkind = \"batch\"\nlimit = \"45 min\"\n",
    );
    let Items::Images(images) = &model.fleets[0].items else { panic!() };
    let written: Vec<u64> = images[0].snapshots.iter().map(|snap| snap.written.get()).collect();
    assert_eq!(written, [2 << 30, 6144 * 524_288]);
    assert_eq!(model.fleets[0].change, Change::PerSnapshot(0.3));
    assert_eq!(model.fleets[0].schedule.jitter, Span::ZERO);
    assert_eq!(model.fleets[0].copies[0].retain, Retention::Count(3));
    assert!(!model.fleets[0].makes_snapshot);
}

/// Two copies of one source snapshot are two fleets, each due at its own time, so that targets tell
/// them apart; the snapshot that they share makes their transfers take turns (F21).
#[test]
fn single_copies_of_one_source_share_a_snapshot() {
    let copy = |name: &str, at: &str| {
        format!(
            "[[copy]]\nname = \"{name}\"\nfrom = \"us-east-1\"\nto = \"us-west-2\"\nat = \"{at}\"\n\
             bytes = \"10 GiB\"\nsnapshot = \"source\"\ncompletion_duration = \"15 min\"\n"
        )
    };
    let promise = "[[target]]\nkind = \"copy\"\nfleet = \"first\"\nlimit = \"1 h\"\n";
    let model = model(&(copy("second", "15 min") + &copy("first", "10 min") + promise));
    assert_eq!(model.targets[0].fleets, [1], "the target is on the copy that it names");
    let [second, first] = model.fleets.as_slice() else { panic!() };
    assert_eq!((second.name.as_str(), first.name.as_str()), ("second", "first"));
    let due = |mins| Recurrence::Once { at: model.start + Span::from_mins(mins) };
    assert_eq!((&second.schedule.recurrence, &first.schedule.recurrence), (&due(15), &due(10)));
    for fleet in [second, first] {
        let Items::Listed(volumes) = &fleet.items else { panic!() };
        assert_eq!(volumes[0].shared_source.as_deref(), Some("source"));
    }
}

#[test]
fn a_flow_level_scenario_has_links_and_flows() {
    let model = model(
        "[scenario]\nname = \"parking-lot\"\n[[link]]\nname = \"l0\"\ncapacity = \"125000000 B/s\"\n\
         [[link]]\nname = \"l1\"\ncapacity = \"1 GB/s\"\n[flows]\nfile = \"flows.csv\"\n",
    );
    let flows = model.flow_level.unwrap();
    assert_eq!(flows.links[0].capacity, Rate::new(125e6));
    assert_eq!(flows.flows[0].path, [0, 1]);
    assert_eq!(flows.flows[0].cap, Rate::INFINITE);
    assert_eq!(flows.flows[1].arrival, Span::from_nanos(500_000_000));
    assert_eq!(flows.flows[1].cap, Rate::new(10.0));
}

/// 10 and 30 GiB from a file: the mean is 20 GiB. A CSV of volumes has its own change where known.
#[test]
fn inputs_are_read_beside_the_scenario() {
    let text = fleet("size = { file = \"sizes.csv\" }\ncopy = [{ to = \"eu-west-1\" }]");
    let Items::Drawn { size, .. } = &model(&text).fleets[0].items else { panic!() };
    assert_eq!(size.mean(), Some(Bytes::gib(20).as_f64()));
    let text = fleet("inventory = { csv = \"volumes.csv\" }\ncopy = [{ to = \"eu-west-1\" }]")
        .replace("volumes = 2\n", "");
    let Items::Listed(volumes) = &model(&text).fleets[0].items else { panic!() };
    let listed: Vec<(&str, u64, Option<ChangeRate>)> =
        volumes.iter().map(|v| (v.name.as_str(), v.written.get(), v.daily_change)).collect();
    assert_eq!(listed, [("vol-a", 10 << 30, Some(ChangeRate::daily(0.03))), ("vol-b", 2048, None)]);
}

#[test]
fn a_client_is_shared_by_those_who_name_it() {
    let model = model(
        "[[client]]\nname = \"shared\"\npolicy = \"queue\"\norder = \"edf\"\nlimit = 10\n\
         [[fleet]]\nname = \"a\"\nlocation = \"us-east-1\"\nvolumes = 1\nsnapshot = { every = \"1 h\" }\n\
         copy = [{ to = \"us-west-2\" }]\n\
         [[fleet]]\nname = \"b\"\nlocation = \"us-east-1\"\nvolumes = 1\nsnapshot = { every = \"1 h\" }\n\
         copy = [{ to = \"us-west-2\", client = \"shared\" }, { to = \"eu-west-1\" }]\n",
    );
    let names: Vec<&str> = model.clients.iter().map(|client| client.name.as_str()).collect();
    assert_eq!(names, ["shared", "a", "b"]);
    let asked: Vec<usize> =
        model.fleets.iter().flat_map(|fleet| fleet.copies.iter().map(|rule| rule.client)).collect();
    assert_eq!(asked, [1, 0, 2]);
}

/// The starter is right as it is, and so is each of its lines that are commented out.
#[test]
fn the_starter_runs_as_it_is() {
    let scenario = parse(starter(), &[]).unwrap();
    assert_eq!(scenario.warnings, []);
    let more = [
        ("scenario.start", "2027-01-04T00:00:00Z"),
        ("scenario.time_zone", "Europe/Dublin"),
        ("scenario.initial", "empty"),
        ("fleet.databases.snapshot", "{ at = \"01:00\", on = [\"Mon\"], phase = \"2 h\" }"),
        ("assume.P-STD-RATE", "{ lognormal = { median = \"100 MiB/s\", p95 = \"325 MiB/s\" } }"),
    ];
    assert!(parse(starter(), &more).is_ok());
}

#[test]
fn the_schema_lists_the_keys_and_has_no_null() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    assert!(schema.pointer("/properties/fleet/items").is_some());
    assert!(!schema.to_string().contains("null"));
}

proptest::proptest! {
    /// Neither arbitrary text nor a mutilated example makes the reader panic.
    #[test]
    fn no_text_makes_it_panic(
        noise in "[\\x00-\\x7fé]{0,40}", from in 0..EXAMPLE.len(), length in 0..60_usize,
    ) {
        let _ = parse(&noise, &[]);
        let until = (from + length).min(EXAMPLE.len());
        if let (Some(head), Some(tail)) = (EXAMPLE.get(..from), EXAMPLE.get(until..)) {
            let text = format!("{head}{noise}{tail}");
            if let Err(problems) = parse(&text, &[]) {
                let _ = problems.render(&text, false);
            }
        }
    }

    /// Nor does any setting.
    #[test]
    fn no_setting_makes_it_panic(key in "[a-z.\\[\\]0-9*\"]{0,20}", value in "[ -~]{0,20}") {
        let _ = parse(EXAMPLE, &[(&key, &value), ("fleet.databases.size", &value)]);
    }
}
