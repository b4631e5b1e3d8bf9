//! Regions, Local Zones, and Outposts that the scenario names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Notes;
use crate::api::PlaceOf;
use crate::catalog::location::{self, LocalSnapshots};
use crate::model::{Place, Site, SiteIdx};
use crate::scenario::file::{CopyRule, File, Limits, LocalZone, Outpost, Prices};
use crate::scenario::problem::did_you_mean;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};

mod set;

/// The places of a scenario, Regions first, and what names stand for.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The places.
    pub(super) sites: Vec<Site>,
    /// What each name stands for: one place, all Outposts of a group, or a set.
    named: BTreeMap<String, Vec<SiteIdx>>,
    /// Which of the names are sets.
    sets: BTreeSet<String>,
    /// Partition of each place, as the catalogue has it.
    partitions: Vec<&'static str>,
}

impl Places {
    /// All places that a name stands for; none where it is unknown, which has been reported.
    pub(super) fn all(&self, name: &str) -> &[SiteIdx] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// Destinations that a name stands for, of copies out of `from`: a set leaves that place out.
    pub(super) fn goals(
        &self,
        key: &str,
        (name, span): (&str, &Range<usize>),
        from: SiteIdx,
        notes: &mut Notes<'_>,
    ) -> Vec<SiteIdx> {
        let mut goals = self.all(name).to_vec();
        if self.is_set(name) {
            goals.retain(|site| *site != from);
            if goals.is_empty() && !self.all(name).is_empty() {
                let message = format!("`{name}` has no place but the one that is copied from");
                notes.wrong(Found::new(format!("{key}.to"), span.clone(), message));
            }
        }
        goals
    }

    /// Whether the name is that of a set.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.sets.contains(name)
    }

    /// Whether the name stands for a place.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// The place that a name stands for, if it is exactly one.
    pub(super) fn one(&self, name: &str) -> Option<SiteIdx> {
        match self.all(name) {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The Region that a name stands for.
    pub(super) fn region(&self, name: &At<String>) -> Option<SiteIdx> {
        self.one(&name.value).filter(|site| self.sites[site.0].place == Place::Region)
    }

    /// The Region that a place is, or belongs to.
    pub(super) fn region_of(&self, site: SiteIdx) -> SiteIdx {
        match self.sites[site.0].place {
            Place::Region => site,
            Place::LocalZone { parent } | Place::Outpost { parent } => parent,
        }
    }

    /// A place as the judge of routes sees it.
    pub(super) fn place_of(&self, site: SiteIdx) -> PlaceOf<'_> {
        let name = self.sites[site.0].name.as_str();
        let region = |parent: SiteIdx| self.sites[parent.0].name.as_str();
        match self.sites[site.0].place {
            Place::Region => PlaceOf::Region { name, partition: self.partitions[site.0] },
            Place::LocalZone { parent } => PlaceOf::LocalZone { name, parent: region(parent) },
            Place::Outpost { parent } => PlaceOf::Outpost { name, parent: region(parent) },
        }
    }

    /// Takes a place in, once, and returns it.
    fn put(&mut self, name: &str, place: Place, partition: &'static str) -> SiteIdx {
        if let Some(known) = self.sites.iter().position(|site| site.name == name) {
            return SiteIdx(known);
        }
        self.sites.push(Site { name: name.to_owned(), place });
        self.partitions.push(partition);
        let site = SiteIdx(self.sites.len() - 1);
        self.named.insert(name.to_owned(), vec![site]);
        site
    }

    fn put_region(&mut self, region: &'static location::Region) -> SiteIdx {
        self.put(&region.name, Place::Region, &region.partition)
    }
}

/// A name of a place where the scenario writes it.
struct Mention<'f> {
    key: String,
    name: &'f str,
    span: Range<usize>,
}

#[derive(Default)]
struct Mentions<'f>(Vec<Mention<'f>>);

impl<'f> Mentions<'f> {
    fn one(&mut self, key: String, name: Option<&'f At<String>>) {
        self.0.extend(name.map(|at| Mention { key, name: &at.value, span: at.span.clone() }));
    }

    fn many(&mut self, key: &str, names: Option<&'f At<OneOrMany<String>>>) {
        for (name, span) in names.into_iter().flat_map(At::all) {
            self.0.push(Mention { key: key.to_owned(), name, span });
        }
    }

    fn rules(&mut self, owner: &str, rules: Option<&'f At<Vec<At<CopyRule>>>>) {
        for (at, rule) in rules.into_iter().flat_map(|rules| &rules.value).enumerate() {
            let key = format!("{owner}.copy[{at}]");
            self.many(&format!("{key}.to"), rule.value.to.as_ref());
            self.then(&key, rule.value.then.as_ref());
        }
    }

    fn limits(&mut self, owner: &str, limits: Option<&'f Limits>) {
        let destinations = limits.and_then(|limits| limits.destination.as_ref());
        for (at, own) in destinations.into_iter().flatten().enumerate() {
            self.one(format!("{owner}.destination[{at}].to"), own.value.to.as_ref());
        }
        let pairs = limits.and_then(|limits| limits.pair.as_ref());
        for (at, pair) in pairs.into_iter().flatten().enumerate() {
            self.one(format!("{owner}.pair[{at}].from"), pair.value.from.as_ref());
            self.one(format!("{owner}.pair[{at}].to"), pair.value.to.as_ref());
        }
    }

    fn prices(&mut self, prices: &'f Prices) {
        for (at, pair) in prices.pair.iter().flatten().enumerate() {
            self.one(format!("prices.pair[{at}].from"), pair.value.from.as_ref());
            self.one(format!("prices.pair[{at}].to"), pair.value.to.as_ref());
        }
        for (at, place) in prices.place.iter().flatten().enumerate() {
            self.one(format!("prices.place[{at}].at"), place.value.at.as_ref());
        }
    }

    fn then(&mut self, owner: &str, rules: Option<&'f At<Vec<At<CopyRule>>>>) {
        for (at, rule) in rules.into_iter().flat_map(|rules| &rules.value).enumerate() {
            let key = format!("{owner}.then[{at}]");
            self.many(&format!("{key}.to"), rule.value.to.as_ref());
            self.then(&key, rule.value.then.as_ref());
        }
    }
}

/// Every name of a place that the scenario writes, but for those that declare one.
fn mentions(file: &File) -> Vec<Mention<'_>> {
    let mut list = Mentions::default();
    for (at, fleet) in file.fleet.iter().flatten().enumerate() {
        let owner = element("fleet", at, fleet.value.name.as_ref());
        list.one(format!("{owner}.location"), fleet.value.location.as_ref());
        list.rules(&owner, fleet.value.copy.as_ref());
    }
    for (at, image) in file.image.iter().flatten().enumerate() {
        let owner = element("image", at, image.value.name.as_ref());
        list.one(format!("{owner}.location"), image.value.location.as_ref());
        list.rules(&owner, image.value.copy.as_ref());
    }
    for (at, copy) in file.copy.iter().flatten().enumerate() {
        let owner = element("copy", at, copy.value.name.as_ref());
        list.one(format!("{owner}.from"), copy.value.from.as_ref());
        list.one(format!("{owner}.to"), copy.value.to.as_ref());
    }
    for (at, link) in file.link.iter().flatten().enumerate() {
        let owner = element("link", at, link.value.name.as_ref());
        list.many(&format!("{owner}.from"), link.value.from.as_ref());
        list.many(&format!("{owner}.to"), link.value.to.as_ref());
    }
    for (at, target) in file.target.iter().flatten().enumerate() {
        let owner = element("target", at, target.value.name.as_ref());
        list.one(format!("{owner}.to"), target.value.to.as_ref());
    }
    for (at, incident) in file.incident.iter().flatten().enumerate() {
        let owner = element("incident", at, incident.value.name.as_ref());
        list.one(format!("{owner}.region"), incident.value.region.as_ref());
    }
    for (at, account) in file.account.iter().flatten().enumerate() {
        let owner = element("account", at, account.value.name.as_ref());
        let limits = account.value.limits.as_ref().map(|at| &at.value);
        list.limits(&format!("{owner}.limits"), limits);
    }
    list.limits("limits", file.limits.as_ref());
    for (name, members) in file.sets.iter().flatten() {
        for member in &members.value {
            list.one(format!("sets.{name}"), Some(member));
        }
    }
    file.prices.iter().for_each(|prices| list.prices(prices));
    list.0
}

/// How messages call an element of a list of tables: by its name, or else by its place.
pub(super) fn element(kind: &str, at: usize, name: Option<&At<String>>) -> String {
    name.map_or_else(|| format!("{kind}[{at}]"), |name| format!("{kind}.{}", name.value))
}

/// Finds every place that the scenario names or declares, or its requests do.
pub(super) fn read(file: &File, requested: &BTreeSet<String>, notes: &mut Notes<'_>) -> Places {
    let mentions = mentions(file);
    let mut places = Places::default();
    for region in requested.iter().filter_map(|name| location::find_region(name)) {
        places.put_region(region);
    }
    // Looked up, not asked for: whoever asks for what there is not waits for a suggestion.
    for region in mentions.iter().filter_map(|mention| location::find_region(mention.name)) {
        places.put_region(region);
    }
    let parents = mentions.iter().filter_map(|mention| location::find_zone(mention.name));
    let requested_zones = requested.iter().filter_map(|name| location::find_zone(name));
    let parents = parents.chain(requested_zones);
    let parents: Vec<&str> = parents.map(|zone| zone.parent.as_str()).collect();
    let declared = file.outpost.iter().flatten().filter_map(|post| post.value.region.as_ref());
    let zones = file.local_zone.iter().flatten().filter_map(|zone| zone.value.parent.as_ref());
    let declared = declared.chain(zones).map(|at| at.value.as_str());
    for region in parents.into_iter().chain(declared).filter_map(location::find_region) {
        places.put_region(region);
    }
    for (at, zone) in file.local_zone.iter().flatten().enumerate() {
        declare_zone(at, &zone.value, &mut places, notes);
    }
    for (at, outpost) in file.outpost.iter().flatten().enumerate() {
        declare_outposts(at, &outpost.value, &mut places, notes);
    }
    set::groups(file, &mut places, notes);
    for mention in &mentions {
        let is_set = file.sets.as_ref().is_some_and(|sets| sets.contains_key(mention.name));
        if !is_set {
            resolve(mention, file, &mut places, notes);
        }
    }
    for zone in requested.iter().filter_map(|name| location::find_zone(name)) {
        put_zone(zone, &mut places);
    }
    let named = mentions.iter().map(|mention| mention.name).collect();
    set::read(file, &named, &mut places, notes);
    places
}

/// Takes in what a name stands for, or reports that it stands for nothing.
fn resolve(mention: &Mention<'_>, file: &File, places: &mut Places, notes: &mut Notes<'_>) {
    if places.knows(mention.name) {
        return;
    }
    let Ok(location::Place::LocalZone(zone)) = location::place(mention.name) else {
        let known = location::regions().iter().map(|region| region.name.as_str());
        let zones = location::local_zones().iter().map(|zone| zone.name.as_str());
        let sets = file.sets.iter().flatten().map(|(name, _)| name);
        let ours = places.named.keys().chain(sets).map(String::as_str);
        let help = did_you_mean(mention.name, known.chain(zones).chain(ours));
        let message = format!("there is no Region, Local Zone, or Outpost `{}`", mention.name);
        let help = help.unwrap_or_else(|| "Outposts are declared by `[[outpost]]`".to_owned());
        notes.wrong(Found::new(mention.key.clone(), mention.span.clone(), message).help(help));
        return;
    };
    let site = put_zone(zone, places);
    places.named.insert(mention.name.to_owned(), vec![site]);
    if zone.snapshots == LocalSnapshots::Unknown {
        let message = format!("nothing is published on local snapshots in `{}` (F124)", zone.name);
        notes.warn(
            Found::new(mention.key.clone(), mention.span.clone(), message)
                .help("they exist where the zone has Amazon S3: ask before you rest on it"),
        );
    }
}

fn put_zone(zone: &'static location::LocalZone, places: &mut Places) -> SiteIdx {
    let parent = location::region(&zone.parent).expect("zones of the catalogue have a parent");
    let parent = places.put_region(parent);
    places.put(&zone.name, Place::LocalZone { parent }, &zone.partition)
}

/// A Local Zone with an entry of its own; one that the catalogue does not have names its parent.
fn declare_zone(at: usize, zone: &LocalZone, places: &mut Places, notes: &mut Notes<'_>) {
    let Some(name) = &zone.name else { return };
    let owner = element("local_zone", at, Some(name));
    if let Ok(known) = location::local_zone(&name.value) {
        let site = put_zone(known, places);
        places.named.insert(name.value.clone(), vec![site]);
        return;
    }
    let Some(parent) = &zone.parent else {
        let names = location::local_zones().iter().map(|zone| zone.name.as_str());
        let help = did_you_mean(&name.value, names)
            .unwrap_or_else(|| "name its `parent` Region if it is new".to_owned());
        let message = format!("the catalogue has no Local Zone `{}`", name.value);
        notes.wrong(Found::new(format!("{owner}.name"), name.span.clone(), message).help(help));
        return;
    };
    let Some(region) = parent_region(&format!("{owner}.parent"), parent, notes) else { return };
    if is_free(&format!("{owner}.name"), name, places, notes) {
        let parent = places.put_region(region);
        places.put(&name.value, Place::LocalZone { parent }, &region.partition);
    }
}

/// An Outpost, or the Outposts of a group: `site` stands for all of `site-01`, `site-02`, …
fn declare_outposts(at: usize, outpost: &Outpost, places: &mut Places, notes: &mut Notes<'_>) {
    let (Some(name), Some(region)) = (&outpost.name, &outpost.region) else { return };
    let owner = element("outpost", at, Some(name));
    let Some(region) = parent_region(&format!("{owner}.region"), region, notes) else { return };
    if !is_free(&format!("{owner}.name"), name, places, notes) {
        return;
    }
    let parent = places.put_region(region);
    let place = Place::Outpost { parent };
    let group: Vec<SiteIdx> = outpost_names(outpost)
        .iter()
        .map(|name| places.put(name, place, &region.partition))
        .collect();
    places.named.insert(name.value.clone(), group);
}

/// Names of the Outposts that an entry declares.
pub(super) fn outpost_names(outpost: &Outpost) -> Vec<String> {
    let Some(name) = outpost.name.as_ref().map(|name| &name.value) else { return Vec::new() };
    match &outpost.count {
        None => vec![name.clone()],
        Some(count) => (1..=count.value).map(|number| format!("{name}-{number:02}")).collect(),
    }
}

fn parent_region(
    key: &str,
    name: &At<String>,
    notes: &mut Notes<'_>,
) -> Option<&'static location::Region> {
    location::region(&name.value)
        .map_err(|unknown| {
            let message = format!("there is no Region `{}`", name.value);
            let help = unknown.suggestion.map(|near| format!("did you mean `{near}`?"));
            notes.wrong(Found::new(key, name.span.clone(), message).maybe(help));
        })
        .ok()
}

/// Whether a declared place may have its name.
fn is_free(key: &str, name: &At<String>, places: &Places, notes: &mut Notes<'_>) -> bool {
    let taken = places.knows(&name.value) || location::place(&name.value).is_ok();
    if taken {
        let message = format!("the name `{}` is taken by another place", name.value);
        notes.wrong(Found::new(key, name.span.clone(), message));
    }
    !taken
}
