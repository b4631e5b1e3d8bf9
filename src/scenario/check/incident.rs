//! What goes wrong, or is changed, at given moments.

use super::Notes;
use super::network::Network;
use super::place::element;
use super::target::Bench;
use crate::model::{Incident, IncidentKind, SiteIdx};
use crate::scenario::file::{self, Trouble};
use crate::scenario::spelling::Moment;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Instant, Span};

/// Reads the incidents.
pub(super) fn read(bench: &Bench<'_>, notes: &mut Notes<'_>) -> Vec<Incident> {
    let mut incidents: Vec<Incident> = Vec::new();
    for (at, written) in bench.file.incident.iter().flatten().enumerate() {
        let key = element("incident", at, written.value.name.as_ref());
        let Some(incident) = incident(&key, written, bench, notes) else { continue };
        let mut name = incident.name.clone();
        if incidents.iter().any(|known| known.name == name) {
            match &written.value.name {
                Some(given) => {
                    let message = format!("there is an incident `{name}` already");
                    notes.wrong(Found::new(format!("{key}.name"), given.span.clone(), message));
                }
                None => name = format!("{name} ({})", at + 1),
            }
        }
        incidents.push(Incident { name, ..incident });
    }
    incidents
}

fn incident(
    key: &str,
    written: &At<file::Incident>,
    bench: &Bench<'_>,
    notes: &mut Notes<'_>,
) -> Option<Incident> {
    let incident = &written.value;
    let (kind, at) = (incident.kind.as_ref()?, incident.at.as_ref()?);
    let from = bench.basics.instant(at.value);
    within_the_run(key, from, at, bench, notes);
    let length = length(key, written, kind.value, notes);
    let end = bench.basics.start + bench.basics.horizon;
    if let (Some(length), true) = (length, from < end)
        && end < from + length
    {
        let message = "lasts longer than the run, which does not see the way back";
        let span = written.value.length.as_ref().map_or(0..0, |at| at.span.clone());
        notes.warn(Found::new(format!("{key}.for"), span, message).help("lengthen the horizon"));
    }
    let region = region(key, written, kind.value, bench, notes);
    let fleets = bench.named(key, incident.fleet.as_ref(), notes);
    if let (Some(at), Trouble::Region | Trouble::Mark) = (&incident.fleet, kind.value) {
        let message = "goes with `kind = \"no-snapshots\"` and `kind = \"new-key\"`";
        notes.wrong(Found::new(format!("{key}.fleet"), at.span.clone(), message));
    }
    let (kind, default) = match kind.value {
        Trouble::Region => {
            let site = region?;
            let name = &bench.places.sites[site.0].name;
            (IncidentKind::Region(site), format!("{name} in trouble"))
        }
        Trouble::NoSnapshots => (IncidentKind::NoSnapshots(fleets), "no snapshots".to_owned()),
        Trouble::NewKey => (IncidentKind::NewKey(fleets), "new key".to_owned()),
        Trouble::Mark => (IncidentKind::Mark, "mark".to_owned()),
    };
    Some(Incident {
        name: incident.name.as_ref().map_or(default, |name| name.value.clone()),
        kind,
        at: from,
        until: from + length?,
    })
}

/// Reports an incident that the run does not reach.
fn within_the_run(
    key: &str,
    from: Instant,
    at: &At<Moment>,
    bench: &Bench<'_>,
    notes: &mut Notes<'_>,
) {
    let message = if from < bench.basics.start {
        "lies before the start of the run"
    } else if bench.basics.start + bench.basics.horizon <= from {
        "lies after the horizon: the run does not reach it"
    } else {
        return;
    };
    notes.wrong(Found::new(format!("{key}.at"), at.span.clone(), message));
}

/// Whether something is copied from a Region, or to it.
fn touches(bench: &Bench<'_>, region: SiteIdx) -> bool {
    let mut rules = bench.fleets.iter().flat_map(|fleet| &fleet.copies);
    let is_there = |site| bench.places.region_of(site) == region;
    rules.any(|rule| is_there(rule.from) || is_there(rule.to))
}

/// How long it lasts: a change of key happens in a moment.
fn length(
    key: &str,
    written: &At<file::Incident>,
    kind: Trouble,
    notes: &mut Notes<'_>,
) -> Option<Span> {
    match (&written.value.length, kind) {
        (Some(at), Trouble::NewKey) => {
            let message = "a change of key happens in a moment";
            notes.wrong(Found::new(format!("{key}.for"), at.span.clone(), message));
            None
        }
        (None, Trouble::NewKey | Trouble::Mark) => Some(Span::ZERO),
        (Some(at), _) if at.value == Span::ZERO => {
            let message = "must be more than nothing";
            notes.wrong(Found::new(format!("{key}.for"), at.span.clone(), message));
            None
        }
        (Some(at), _) => Some(at.value),
        (None, _) => {
            let message = "how long does it last?";
            notes.wrong(
                Found::new(key, written.span.clone(), message).help("write `for = \"3 h\"`"),
            );
            None
        }
    }
}

/// The Region in trouble.
fn region(
    key: &str,
    written: &At<file::Incident>,
    kind: Trouble,
    bench: &Bench<'_>,
    notes: &mut Notes<'_>,
) -> Option<SiteIdx> {
    match (&written.value.region, kind) {
        (Some(at), Trouble::Region) => {
            let site = bench.places.region(at);
            if let Some(region) = site
                && notes.found.is_empty()
                && !touches(bench, region)
            {
                let message = format!("nothing is copied from `{0}` or to `{0}`", at.value);
                notes.wrong(Found::new(format!("{key}.region"), at.span.clone(), message));
            }
            if site.is_none() && bench.places.knows(&at.value) {
                let message = format!("`{}` is no Region", at.value);
                let help = "for a link, write a `window` with factor 0";
                let key = format!("{key}.region");
                notes.wrong(Found::new(key, at.span.clone(), message).help(help));
            }
            site
        }
        (None, Trouble::Region) => {
            let message = "which Region is in trouble?";
            let help = "write `region = \"us-west-2\"`";
            notes.wrong(Found::new(key, written.span.clone(), message).help(help));
            None
        }
        (Some(at), _) => {
            let message = "goes with `kind = \"region\"`";
            notes.wrong(Found::new(format!("{key}.region"), at.span.clone(), message));
            None
        }
        (None, _) => None,
    }
}

/// Bytes from a Region in trouble and to it stand still: all routes that touch it cross a link that
/// has no capacity then, and never limits otherwise.
pub(super) fn stop_bytes(
    incidents: &[Incident],
    bench_start: Instant,
    (network, sites): (&mut Network, &super::place::Places),
) {
    let mut done: Vec<SiteIdx> = Vec::new();
    for incident in incidents {
        let IncidentKind::Region(region) = incident.kind else { continue };
        if done.contains(&region) {
            continue;
        }
        done.push(region);
        let same = incidents.iter().filter(|other| other.kind == incident.kind);
        let troubles: Vec<(Instant, Span)> =
            same.map(|other| (other.at.max(bench_start), other.until.since(other.at))).collect();
        let name = &sites.sites[region.0].name;
        let touches = |site: SiteIdx| sites.region_of(site) == region;
        network.stop(name, &troubles, touches);
    }
}
