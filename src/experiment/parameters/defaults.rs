//! What the format assumes where a scenario leaves a key out.

use super::{ASSUMPTIONS, Book, Parameter, SCENARIO, shortened};
use crate::model::{Change, Items, LinkOrigin, Switch};
use crate::plan::{backs_off_by_default, leaves_out, starts_by_default};

/// Keys of `[scenario]` with their defaults, and what they decide.
const SECTION: [(&str, &str, &str, &str); 10] = [
    ("start", "2027-01-04T00:00:00Z", "start of a run", "on which days, and from when on"),
    ("horizon", "7 days", "length of a run", "copies due before its end count"),
    ("replications", "30", "replications", "how many runs the answer rests on"),
    ("warm_up", "0 s", "warm-up", "what no measure counts, from the start on"),
    ("drain", "48 h", "drain", "how long copies that were due may still arrive"),
    ("initial", "seeded", "destinations at the start", "whether the first copies are full"),
    ("time_zone", "UTC", "time zone", "of schedules, profiles, and targets that name none"),
    ("seed", "1", "seed of the days", "what happens in the days"),
    ("fleet_seed", "1", "seed of the fleets", "sizes, fill, and change of the volumes"),
    ("resample_fleet", "false", "fleets drawn anew", "whether each replication has its own"),
];

/// The time, the runs, and the start.
pub(super) fn scenario(book: &Book<'_>) -> Vec<Parameter> {
    let row = |(key, default, name, about): &(&str, &str, &str, &str)| {
        let key = format!("scenario.{key}");
        let given = book.given(&key);
        let value = given.map_or(*default, |given| &given.text).to_owned();
        Parameter {
            group: "scenario",
            name: (*name).to_owned(),
            key,
            value,
            default: (*default).to_owned(),
            origin: if given.is_some() { "given" } else { "assumed" },
            source: if given.is_some() { SCENARIO } else { ASSUMPTIONS }.to_owned(),
            about: (*about).to_owned(),
            ..Parameter::default()
        }
    };
    let mut rows: Vec<Parameter> = SECTION.iter().map(row).collect();
    let others = ["precision.", "design.", "flows.", "requests."];
    let others = book.plan.given.iter().filter(|given| {
        let is_price = given.key.starts_with("prices.");
        !is_price && others.iter().any(|table| given.key.starts_with(table))
    });
    rows.extend(others.map(|given| Parameter {
        group: "scenario",
        name: given.key.replace(['.', '_'], " "),
        key: given.key.clone(),
        value: shortened(&given.text),
        origin: "given",
        source: SCENARIO.to_owned(),
        ..Parameter::default()
    }));
    rows
}

/// What is assumed of an element of the scenario that leaves it out.
fn assumed(
    group: &'static str,
    (element, inner): (&str, &str),
    name: String,
    (value, about): (&str, &str),
) -> Parameter {
    Parameter {
        group,
        name,
        key: format!("{element}.{inner}"),
        value: value.to_owned(),
        default: value.to_owned(),
        origin: "assumed",
        source: ASSUMPTIONS.to_owned(),
        about: about.to_owned(),
        ..Parameter::default()
    }
}

/// What fleets and images leave out.
pub(super) fn fleets(book: &Book<'_>) -> Vec<Parameter> {
    let mut rows = Vec::new();
    for fleet in &book.model.fleets {
        let name = &fleet.name;
        let element = format!("fleet.{name}");
        let mut silent = |inner: &str, what: &str, value: &str, about: &str| {
            if leaves_out(book.plan, &element, inner) {
                let parameter = format!("{what} of {name}");
                rows.push(assumed("fleet", (&element, inner), parameter, (value, about)));
            }
        };
        if matches!(fleet.items, Items::Drawn { .. }) {
            let sizes = "lognormal, median 100 GiB, sigma 1.2, from 1 GiB to 16 TiB";
            silent("size", "size of volumes", sizes, "bytes of full copies, with the fill");
            silent("fill", "written share", "beta, shapes 2.5 and 2.5", "bytes of full copies");
            if matches!(fleet.change, Change::Daily(_)) {
                let change = "lognormal, median 3 %/day, sigma 0.9, from 0.01 % to 60 %";
                silent("change", "daily change", change, "bytes of incremental copies");
            }
        }
        let image = format!("image.{name}");
        if fleet.items.are_images() && leaves_out(book.plan, &image, "change") {
            let parameter = format!("change of {name}");
            let told = ("25 %/release", "bytes of incremental copies");
            rows.push(assumed("fleet", (&image, "change"), parameter, told));
        }
    }
    let names = book.model.fleets.iter().filter(|fleet| starts_by_default(book.plan, fleet));
    let names: Vec<&str> = names.map(|fleet| fleet.name.as_str()).collect();
    let about = "how much later than due snapshots start, at random";
    rows.extend(of_all("fleet", ("snapshot", "jitter"), &names, ("0 s to 60 s", about)));
    rows
}

/// How clients wait that do not say it.
pub(super) fn clients(book: &Book<'_>) -> Option<Parameter> {
    let clients = book.model.clients.iter();
    let silent = clients.filter(|client| backs_off_by_default(book.plan, client));
    let names: Vec<&str> = silent.map(|client| client.name.as_str()).collect();
    let told = (
        "30 s, doubling, up to 15 min, full jitter",
        "how long a client waits before it asks again after a refusal",
    );
    of_all("client", ("client", "backoff"), &names, told)
}

/// What is assumed of several elements of the scenario that leave it out; none where there is none.
fn of_all(
    group: &'static str,
    (element, inner): (&str, &str),
    names: &[&str],
    told: (&str, &str),
) -> Option<Parameter> {
    // in whatever order the file has them
    let mut names = names.to_vec();
    names.sort_unstable();
    let what = if inner == "backoff" { "back-off" } else { inner };
    let parameter = shortened(&format!("{what} of {}", names.join(", ")));
    (!names.is_empty()).then(|| assumed(group, (element, inner), parameter, told))
}

/// Links whose capacity the scenario does not state.
pub(super) fn links(book: &Book<'_>) -> Vec<Parameter> {
    let links = book.model.links.iter().filter_map(|link| {
        let (switch, about) = match link.origin {
            LinkOrigin::Scenario | LinkOrigin::Region => return None,
            LinkOrigin::LocalZoneDefault => {
                (Switch::LzRate, "what copies to and from the Local Zone share")
            }
            LinkOrigin::ServiceLink => {
                (Switch::SlShare, "what copies to and from the Outpost share, of what is stated")
            }
        };
        let key = switch.info().key;
        Some(Parameter {
            group: "link",
            name: link.name.clone(),
            key: format!("assume.{key}"),
            value: link.capacity.to_string(),
            origin: "assumed",
            source: super::pages(switch.info().facts),
            date: super::READ,
            about: about.to_owned(),
            range: switch.range(),
            ..Parameter::default()
        })
    });
    links.collect()
}
