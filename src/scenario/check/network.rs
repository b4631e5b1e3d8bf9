//! Links with a capacity, what changes it, and the routes that cross them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::place::{Places, element, outpost_names};
use super::schedule::{days, weekdays_of};
use super::{Basics, Notes, spread};
use crate::catalog::limit::SERVICE_LINK_MIN;
use crate::model::{
    Assumptions, Failures, Link, LinkOrigin, LinkWindow, Place, ProfileStep, Route, SiteIdx,
    WindowStart,
};
use crate::scenario::file;
use crate::scenario::file::File;
use crate::scenario::spelling::Zone;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};
use crate::units::{Instant, Rate, Span};

/// The links of a scenario and the routes over them.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// The links.
    pub(super) links: Vec<Link>,
    /// Pairs of places that copies use.
    pub(super) routes: Vec<Route>,
    /// Which copies cross each link.
    reach: Vec<Reach>,
    known: BTreeMap<(SiteIdx, SiteIdx), usize>,
}

/// Copies that cross a link: those that leave one of `from` and enter one of `to`; `None` is any.
#[derive(Debug, Default)]
struct Reach {
    from: Option<Vec<SiteIdx>>,
    to: Option<Vec<SiteIdx>>,
}

impl Reach {
    fn covers(&self, from: SiteIdx, to: SiteIdx) -> bool {
        let holds = |list: &Option<Vec<SiteIdx>>, site| {
            list.as_ref().is_none_or(|sites| sites.contains(&site))
        };
        let nowhere = self.from.is_none() && self.to.is_none();
        !nowhere && from != to && holds(&self.from, from) && holds(&self.to, to)
    }
}

impl Network {
    /// The route of a pair, made when it is first asked for. Copies within a place cross no link.
    pub(super) fn route(&mut self, from: SiteIdx, to: SiteIdx) -> usize {
        if let Some(known) = self.known.get(&(from, to)) {
            return *known;
        }
        let crossed = (0..self.links.len()).filter(|link| self.reach[*link].covers(from, to));
        let links = crossed.collect();
        self.routes.push(Route { from, to, links });
        self.known.insert((from, to), self.routes.len() - 1);
        self.routes.len() - 1
    }

    /// The link of this name.
    pub(super) fn link(&self, name: &str) -> Option<usize> {
        self.links.iter().position(|link| link.name == name)
    }

    /// Lets nothing pass from or to places of a Region at times.
    pub(super) fn stop(
        &mut self,
        region: &str,
        times: &[(Instant, Span)],
        touches: impl Fn(SiteIdx) -> bool,
    ) {
        let windows = times.iter().map(|(at, length)| LinkWindow {
            start: WindowStart::Once(*at),
            length: *length,
            factor: 0.0,
        });
        let link = Link {
            name: format!("{region} (Region)"),
            capacity: BEYOND_ALL,
            origin: LinkOrigin::Region,
            time_zone: TimeZone::UTC,
            profile: Vec::new(),
            windows: windows.collect(),
            failures: None,
        };
        let number = self.links.len();
        self.push(link, Reach::default());
        let stopped = self.routes.iter_mut().filter(|r| touches(r.from) || touches(r.to));
        for route in stopped.filter(|route| route.from != route.to) {
            route.links.push(number);
        }
    }

    fn push(&mut self, link: Link, reach: Reach) {
        self.links.push(link);
        self.reach.push(reach);
    }
}

/// More than all copies of an account can carry: 10^15 bytes a second.
const BEYOND_ALL: Rate = Rate::new(1e15);

/// What changes a link's capacity, as written beside a link, a Local Zone, or an Outpost.
struct Wear<'f> {
    owner: String,
    profile: Option<&'f Vec<At<file::ProfileStep>>>,
    window: Option<&'f Vec<At<file::Window>>>,
    failures: Option<&'f At<file::Failures>>,
    time_zone: Option<&'f At<Zone>>,
}

/// The same, checked.
#[derive(Clone)]
struct Worn {
    time_zone: TimeZone,
    profile: Vec<ProfileStep>,
    windows: Vec<LinkWindow>,
    failures: Option<Failures>,
}

impl Worn {
    fn link(&self, name: String, capacity: Rate, origin: LinkOrigin) -> Link {
        let Worn { time_zone, profile, windows, failures } = self.clone();
        Link { name, capacity, origin, time_zone, profile, windows, failures }
    }
}

/// Makes the links of Local Zones, Outposts, and the scenario, in this order.
pub(super) fn read(
    file: &File,
    basics: &Basics,
    assume: &Assumptions,
    places: &Places,
    notes: &mut Notes<'_>,
) -> Network {
    let mut network = Network::default();
    local_zones(file, basics, assume.local_zone_rate, places, (&mut network, notes));
    for (at, outpost) in file.outpost.iter().flatten().enumerate() {
        let written = &outpost.value;
        let Some(service_link) = &written.service_link else { continue };
        let wear = Wear {
            owner: element("outpost", at, written.name.as_ref()),
            profile: written.profile.as_ref(),
            window: written.window.as_ref(),
            failures: written.failures.as_ref(),
            time_zone: written.time_zone.as_ref(),
        };
        let worn = wear.read(basics, notes);
        service_link_is_usual(&wear.owner, service_link, notes);
        let usable = service_link.value.scale(assume.service_link_share);
        for name in outpost_names(written) {
            let Some(site) = places.one(&name) else { continue };
            let link = worn.link(format!("{name} service link"), usable, LinkOrigin::ServiceLink);
            network.push(link, Reach { from: None, to: Some(vec![site]) });
        }
    }
    for (at, link) in file.link.iter().flatten().enumerate() {
        scenario_link(at, link, basics, places, (&mut network, notes));
    }
    network
}

fn service_link_is_usual(owner: &str, at: &At<Rate>, notes: &mut Notes<'_>) {
    let key = format!("{owner}.service_link");
    if at.value == Rate::ZERO {
        let help = "for an outage, write a `window` with factor 0";
        notes.wrong(Found::new(key, at.span.clone(), "must be more than nothing").help(help));
    } else if at.value < SERVICE_LINK_MIN {
        let message = "less than the 500 Mbit/s that a service link must have per rack (F117)";
        notes.warn(Found::new(key, at.span.clone(), message));
    }
}

/// Two links a zone, each way: into it (`down`) and out of it (`up`).
fn local_zones(
    file: &File,
    basics: &Basics,
    default: Rate,
    places: &Places,
    (network, notes): (&mut Network, &mut Notes<'_>),
) {
    let declared = || file.local_zone.iter().flatten().enumerate();
    for (idx, site) in places.sites.iter().enumerate() {
        let Place::LocalZone { .. } = site.place else { continue };
        let idx = SiteIdx(idx);
        let entry = declared().find(|(_, zone)| {
            let name = zone.value.name.as_ref();
            name.is_some_and(|name| places.one(&name.value) == Some(idx))
        });
        let wear = Wear {
            owner: entry.map_or_else(
                || format!("local_zone.{}", site.name),
                |(at, zone)| element("local_zone", at, zone.value.name.as_ref()),
            ),
            profile: entry.and_then(|(_, zone)| zone.value.profile.as_ref()),
            window: entry.and_then(|(_, zone)| zone.value.window.as_ref()),
            failures: entry.and_then(|(_, zone)| zone.value.failures.as_ref()),
            time_zone: entry.and_then(|(_, zone)| zone.value.time_zone.as_ref()),
        };
        let worn = wear.read(basics, notes);
        let own = entry.and_then(|(_, zone)| zone.value.rate.as_ref());
        if let Some(at) = own.filter(|at| at.value == Rate::ZERO) {
            let key = format!("{}.rate", wear.owner);
            notes.wrong(Found::new(key, at.span.clone(), "must be more than nothing"));
        }
        let (rate, origin) = match own {
            Some(at) => (at.value, LinkOrigin::Scenario),
            None => (default, LinkOrigin::LocalZoneDefault),
        };
        let link = |way: &str| worn.link(format!("{} {way}", site.name), rate, origin);
        network.push(link("down"), Reach { from: None, to: Some(vec![idx]) });
        network.push(link("up"), Reach { from: Some(vec![idx]), to: None });
    }
}

fn scenario_link(
    at: usize,
    link: &At<file::Link>,
    basics: &Basics,
    places: &Places,
    (network, notes): (&mut Network, &mut Notes<'_>),
) {
    let written = &link.value;
    let (Some(name), Some(capacity)) = (&written.name, &written.capacity) else { return };
    let owner = element("link", at, Some(name));
    if network.link(&name.value).is_some() {
        let message = format!("there is a link `{}` already", name.value);
        notes.wrong(Found::new(format!("{owner}.name"), name.span.clone(), message));
        return;
    }
    let wear = Wear {
        owner,
        profile: written.profile.as_ref(),
        window: written.window.as_ref(),
        failures: written.failures.as_ref(),
        time_zone: written.time_zone.as_ref(),
    };
    let sites = |names: &Option<At<OneOrMany<String>>>| {
        let names = names.as_ref()?;
        let all = names.all().into_iter().flat_map(|(name, _)| places.all(name));
        Some(all.copied().collect())
    };
    let reach = Reach { from: sites(&written.from), to: sites(&written.to) };
    let worn = wear.read(basics, notes);
    network.push(worn.link(name.value.clone(), capacity.value, LinkOrigin::Scenario), reach);
}

impl Wear<'_> {
    fn read(&self, basics: &Basics, notes: &mut Notes<'_>) -> Worn {
        let mut windows = Vec::new();
        for (at, window) in self.window.into_iter().flatten().enumerate() {
            let key = format!("{}.window[{at}]", self.owner);
            windows.extend(link_window(&key, window, basics, notes));
        }
        let own = self.time_zone.map(|at| at.value.0.clone());
        Worn {
            time_zone: own.unwrap_or_else(|| basics.time_zone.clone()),
            profile: self.profile(notes),
            windows,
            failures: self.failures(notes),
        }
    }

    fn profile(&self, notes: &mut Notes<'_>) -> Vec<ProfileStep> {
        let mut steps: Vec<ProfileStep> = Vec::new();
        for (at, step) in self.profile.into_iter().flatten().enumerate() {
            let (Some(from), Some(factor)) = (&step.value.from, &step.value.factor) else {
                continue;
            };
            if steps.iter().any(|known| known.from == from.value) {
                let key = format!("{}.profile[{at}].from", self.owner);
                notes.wrong(Found::new(key, from.span.clone(), "this time of day stands twice"));
            }
            steps.push(ProfileStep { from: from.value, factor: factor.value });
        }
        steps.sort_by_key(|step| step.from);
        steps
    }

    fn failures(&self, notes: &mut Notes<'_>) -> Option<Failures> {
        let written = self.failures?;
        let key = format!("{}.failures", self.owner);
        let up = spread::read(&format!("{key}.up"), written.value.up.as_ref()?, notes)?;
        let down = spread::read(&format!("{key}.down"), written.value.down.as_ref()?, notes)?;
        if up.support().1 <= 0.0 {
            let message = "the time to the next failure is always nothing";
            notes.wrong(Found::new(format!("{key}.up"), written.span.clone(), message));
        }
        let factor = written.value.factor.as_ref().map_or(0.0, |at| at.value.0);
        Some(Failures { up, down, factor })
    }
}

fn link_window(
    key: &str,
    window: &At<file::Window>,
    basics: &Basics,
    notes: &mut Notes<'_>,
) -> Option<LinkWindow> {
    let written = &window.value;
    let length = written.length.as_ref()?;
    if length.value == Span::ZERO {
        let key = format!("{key}.for");
        notes.wrong(Found::new(key, length.span.clone(), "must be more than nothing"));
    }
    let start = match (&written.at, &written.daily) {
        (Some(at), None) => WindowStart::Once(basics.instant(at.value)),
        (None, Some(daily)) => {
            let on = weekdays_of(written.on.as_ref());
            WindowStart::Weekly { at: daily.value, on }
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "a window begins `at` a moment, or `daily` at a time of day";
            notes.wrong(Found::new(key, window.span.clone(), message));
            return None;
        }
    };
    if let (Some(on), WindowStart::Once(_)) = (&written.on, &start) {
        let message = "days of the week go with `daily`";
        notes.wrong(Found::new(format!("{key}.on"), on.span.clone(), message));
    }
    days(&format!("{key}.on"), written.on.as_ref(), notes);
    let factor = written.factor.as_ref().map_or(0.0, |at| at.value.0);
    Some(LinkWindow { start, length: length.value, factor })
}

/// Warns of links of the scenario that no copy crosses.
pub(super) fn unused(file: &File, network: &Network, notes: &mut Notes<'_>) {
    for (at, link) in file.link.iter().flatten().enumerate() {
        let Some(name) = &link.value.name else { continue };
        let Some(idx) = network.link(&name.value) else { continue };
        if !network.routes.iter().any(|route| route.links.contains(&idx)) {
            let key = element("link", at, Some(name));
            notes.warn(
                Found::new(key, name.span.clone(), "no copy crosses this link")
                    .help("`from` and `to` say which ones do"),
            );
        }
    }
}
