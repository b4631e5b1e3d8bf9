//! The promises: what they cover, and what each kind of them needs.

use super::network::Network;
use super::place::{Places, element};
use super::{Basics, Notes};
use crate::model::{Applications, Fleet, Per, SiteIdx, Target, TargetKind};
use crate::scenario::file::{self, Among, File, Kind};
use crate::scenario::problem::{did_you_mean, listed};
use crate::scenario::tree::Found;
use crate::scenario::value::{At, OneOrMany};
use crate::units::{Span, thousands};

/// What targets are checked against.
pub(super) struct Bench<'a> {
    pub(super) file: &'a File,
    pub(super) basics: &'a Basics,
    pub(super) places: &'a Places,
    pub(super) network: &'a Network,
    pub(super) fleets: &'a [Fleet],
}

impl Bench<'_> {
    /// Reads the targets.
    pub(super) fn targets(&self, notes: &mut Notes<'_>) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for (at, written) in self.file.target.iter().flatten().enumerate() {
            let key = element("target", at, written.value.name.as_ref());
            let Some(target) = self.target(&key, written, notes) else { continue };
            let mut name = target.name.clone();
            if targets.iter().any(|known| known.name == name) {
                match &written.value.name {
                    Some(given) => {
                        let message = format!("there is a target `{name}` already");
                        notes.wrong(Found::new(format!("{key}.name"), given.span.clone(), message));
                    }
                    None => name = format!("{name} ({})", at + 1),
                }
            }
            targets.push(Target { name, ..target });
        }
        targets
    }

    fn target(
        &self,
        key: &str,
        written: &At<file::Target>,
        notes: &mut Notes<'_>,
    ) -> Option<Target> {
        let target = &written.value;
        only_its_own_keys(key, target, notes);
        let share = target.share.as_ref().map_or(1.0, |at| at.value.0);
        if let Some(at) = target.share.as_ref().filter(|_| !(0.0 < share && share <= 1.0)) {
            let message = "must be more than 0 % and at most 100 %";
            notes.wrong(Found::new(format!("{key}.share"), at.span.clone(), message));
        }
        let fleets = self.covered(key, target, notes);
        let to = self.destination(key, target, notes);
        let kind = self.kind(key, written, notes)?;
        if let (Some(at), Some(site)) = (&target.to, to)
            && notes.found.is_empty()
            && !self.reaches(site, &fleets)
        {
            let message = format!("no copy that this target covers goes to `{}`", at.value);
            notes.wrong(Found::new(format!("{key}.to"), at.span.clone(), message));
        }
        if let TargetKind::Rpo { per, .. } = kind {
            self.has_recovery_points(key, written, &fleets, notes);
            self.has_applications(key, per, (target, &fleets), notes);
        }
        let name = match &target.name {
            Some(at) => at.value.clone(),
            None => self.default_name(&kind, &self.names(target), to, share),
        };
        Some(Target { name, kind, fleets, to, share })
    }

    /// The place that a target names, which is one.
    fn destination(
        &self,
        key: &str,
        target: &file::Target,
        notes: &mut Notes<'_>,
    ) -> Option<SiteIdx> {
        let at = target.to.as_ref()?;
        let several = self.places.all(&at.value);
        if 1 < several.len() {
            let message = format!("`{}` stands for {} places", at.value, several.len());
            let help = "a target has one destination: `each = [{ to = … }]` makes one for each";
            notes.wrong(Found::new(format!("{key}.to"), at.span.clone(), message).help(help));
        }
        self.places.one(&at.value)
    }

    fn kind(
        &self,
        key: &str,
        written: &At<file::Target>,
        notes: &mut Notes<'_>,
    ) -> Option<TargetKind> {
        let target = &written.value;
        let kind = target.kind.as_ref()?;
        let zone = || {
            let own = target.time_zone.as_ref().map(|at| at.value.0.clone());
            own.unwrap_or_else(|| self.basics.time_zone.clone())
        };
        if let Some(at) = target.limit.as_ref().filter(|at| at.value == Span::ZERO) {
            let message = "must be more than nothing";
            notes.wrong(Found::new(format!("{key}.limit"), at.span.clone(), message));
        }
        let mut needs = |what: &str| {
            notes.wrong(Found::new(key, written.span.clone(), what));
            None
        };
        match (kind.value, &target.limit, &target.by) {
            (Kind::Copy, Some(limit), _) => Some(TargetKind::Copy { limit: limit.value }),
            (Kind::Rpo, Some(limit), _) => {
                let per = target.per.as_ref().map_or(Per::Volume, |at| at.value);
                Some(TargetKind::Rpo { limit: limit.value, per })
            }
            (Kind::Batch, Some(limit), None) => Some(TargetKind::Batch { limit: limit.value }),
            (Kind::Batch, None, Some(by)) => {
                Some(TargetKind::BatchBy { by: by.value, time_zone: zone() })
            }
            (Kind::Copy, None, _) => {
                needs("a target for copies needs a `limit`: `limit = \"2 h\"`")
            }
            (Kind::Rpo, None, _) => {
                needs("a target for the RPO needs a `limit`: `limit = \"2 h\"`")
            }
            (Kind::Batch, ..) => {
                needs("a target for batches needs either a `limit` or a time of day, `by`")
            }
            (Kind::Link, ..) => {
                let (Some(name), Some(below)) = (&target.link, &target.below) else {
                    return needs("a target for a link needs `link` and `below`");
                };
                let hours = target.hours.as_ref().map(|at| at.value.within(zone()));
                let Some(link) = self.network.link(&name.value) else {
                    let names = self.network.links.iter().map(|link| link.name.as_str());
                    let help = did_you_mean(&name.value, names.clone()).unwrap_or_else(|| {
                        match listed(names, "and") {
                            none if none.is_empty() => "declare it: `[[link]]`".to_owned(),
                            all => format!("there are {all}"),
                        }
                    });
                    let message = format!("there is no link `{}` with a capacity", name.value);
                    let found = Found::new(format!("{key}.link"), name.span.clone(), message);
                    notes.wrong(found.help(help));
                    return None;
                };
                Some(TargetKind::Link { link, below: below.value.0, hours })
            }
        }
    }

    /// The fleets that a target names, by index.
    fn covered(&self, key: &str, target: &file::Target, notes: &mut Notes<'_>) -> Vec<usize> {
        self.named(key, target.fleet.as_ref(), notes)
    }

    /// The fleets, images, and copies that a list names, by index.
    pub(super) fn named(
        &self,
        key: &str,
        list: Option<&At<OneOrMany<String>>>,
        notes: &mut Notes<'_>,
    ) -> Vec<usize> {
        let mut covered = Vec::new();
        for (name, span) in list.into_iter().flat_map(At::all) {
            let found: Vec<usize> = self.fleets_called(name);
            if found.is_empty() && !self.is_declared(name) {
                let groups = || self.file.groups.of(Among::Copied).map(|group| &group.name.value);
                let fleets = self.fleets.iter().map(|fleet| &fleet.name);
                let names = || groups().chain(fleets.clone()).map(String::as_str);
                let help = did_you_mean(name, names()).or_else(|| {
                    names().next().map(|_| format!("there are {}", listed(names(), "and")))
                });
                let message = format!("there is no fleet, image, or copy `{name}`");
                notes.wrong(Found::new(format!("{key}.fleet"), span, message).maybe(help));
            }
            for idx in found {
                if !covered.contains(&idx) {
                    covered.push(idx);
                }
            }
        }
        covered.sort_unstable();
        covered
    }

    /// Fleets of this name, or all of its `each`; a single copy is a fleet of its own.
    fn fleets_called(&self, name: &str) -> Vec<usize> {
        let members = self.file.groups.members(Among::Copied, name).unwrap_or_default();
        let is_called = |called: &String| called == name || members.contains(called);
        (0..self.fleets.len()).filter(|idx| is_called(&self.fleets[*idx].name)).collect()
    }

    /// Names that a target writes, in order of the fleets that they stand for.
    fn names<'t>(&self, target: &'t file::Target) -> Vec<&'t str> {
        let mut names: Vec<(Option<usize>, &str)> = Vec::new();
        for (name, _) in target.fleet.iter().flat_map(At::all) {
            if !names.iter().any(|(_, known)| *known == name.as_str()) {
                names.push((self.fleets_called(name).first().copied(), name));
            }
        }
        names.sort_by_key(|(first, _)| *first);
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether the scenario declares something of this name that other mistakes left out.
    fn is_declared(&self, name: &str) -> bool {
        let same = |at: &Option<At<String>>| at.as_ref().is_some_and(|at| at.value == name);
        self.file.groups.members(Among::Copied, name).is_some()
            || self.file.fleet.iter().flatten().any(|fleet| same(&fleet.value.name))
            || self.file.image.iter().flatten().any(|image| same(&image.value.name))
            || self.file.copy.iter().flatten().any(|copy| same(&copy.value.name))
    }

    /// Whether one of these fleets, or any where none is named, is copied to a place.
    fn reaches(&self, site: SiteIdx, fleets: &[usize]) -> bool {
        (0..self.fleets.len())
            .filter(|idx| fleets.is_empty() || fleets.contains(idx))
            .flat_map(|idx| &self.fleets[idx].copies)
            .any(|rule| rule.to == site)
    }

    /// An RPO is of volumes that are copied again and again.
    fn has_recovery_points(
        &self,
        key: &str,
        written: &At<file::Target>,
        fleets: &[usize],
        notes: &mut Notes<'_>,
    ) {
        for idx in fleets {
            if self.fleets[*idx].items.are_images() {
                let message =
                    format!("`{}` are images: an RPO is of volumes", self.fleets[*idx].name);
                notes.wrong(Found::new(format!("{key}.fleet"), written.span.clone(), message));
            }
        }
    }

    /// An RPO per application is of fleets that say which volumes form one.
    fn has_applications(
        &self,
        key: &str,
        per: Per,
        (target, fleets): (&file::Target, &[usize]),
        notes: &mut Notes<'_>,
    ) {
        let (Some(at), Per::Application) = (&target.per, per) else { return };
        let all: Vec<usize> = (0..self.fleets.len()).collect();
        let covered = if fleets.is_empty() { &all } else { fleets };
        let without = |idx: &&usize| self.fleets[**idx].applications == Applications::None;
        let lacking: Vec<usize> = covered.iter().filter(without).copied().collect();
        if lacking.is_empty() || (fleets.is_empty() && lacking.len() < covered.len()) {
            return;
        }
        let message =
            format!("`{}` says of no volumes that they form one", self.fleets[lacking[0]].name);
        notes.wrong(Found::new(format!("{key}.per"), at.span.clone(), message).help(
            "fleets have `application`, `volumes_per_application`, or an inventory with groups",
        ));
    }

    /// `databases to us-west-2: RPO 2 h, 99.9 %`.
    fn default_name(
        &self,
        kind: &TargetKind,
        names: &[&str],
        to: Option<SiteIdx>,
        share: f64,
    ) -> String {
        let mut name = if names.is_empty() { "all".to_owned() } else { names.join(", ") };
        if let Some(site) = to {
            name = format!("{name} to {}", self.places.sites[site.0].name);
        }
        let what = match kind {
            TargetKind::Copy { limit } => format!("copies within {limit}"),
            TargetKind::Batch { limit } => format!("batches within {limit}"),
            TargetKind::BatchBy { by, .. } => {
                let minutes = by.0.whole_mins();
                format!("batches by {:02}:{:02}", minutes / 60, minutes % 60)
            }
            TargetKind::Rpo { limit, per: Per::Volume } => format!("RPO {limit}"),
            TargetKind::Rpo { limit, per: Per::Application } => {
                format!("RPO {limit} per application")
            }
            TargetKind::Link { link, below, .. } => {
                let name = &self.network.links[*link].name;
                return format!("{name} below {} %, {} %", percent(*below), percent(share));
            }
        };
        format!("{name}: {what}, {} %", percent(share))
    }
}

fn percent(share: f64) -> String {
    thousands(share * 100.0, 4)
}

/// A kind of target as a scenario writes it.
fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Copy => "`kind = \"copy\"`",
        Kind::Batch => "`kind = \"batch\"`",
        Kind::Rpo => "`kind = \"rpo\"`",
        Kind::Link => "`kind = \"link\"`",
    }
}

/// Keys that another kind of target has.
fn only_its_own_keys(key: &str, target: &file::Target, notes: &mut Notes<'_>) {
    let Some(kind) = target.kind.as_ref().map(|at| at.value) else { return };
    let link = kind == Kind::Link;
    let keys = [
        ("limit", target.limit.as_ref().map(|at| at.span.clone()), !link),
        ("by", target.by.as_ref().map(|at| at.span.clone()), kind == Kind::Batch),
        ("fleet", target.fleet.as_ref().map(|at| at.span.clone()), !link),
        ("to", target.to.as_ref().map(|at| at.span.clone()), !link),
        ("per", target.per.as_ref().map(|at| at.span.clone()), kind == Kind::Rpo),
        ("link", target.link.as_ref().map(|at| at.span.clone()), link),
        ("below", target.below.as_ref().map(|at| at.span.clone()), link),
        ("hours", target.hours.as_ref().map(|at| at.span.clone()), link),
        (
            "time_zone",
            target.time_zone.as_ref().map(|at| at.span.clone()),
            link || kind == Kind::Batch,
        ),
    ];
    for (name, span, belongs) in keys {
        if let Some(span) = span.filter(|_| !belongs) {
            let message = format!("does not go with {}", kind_words(kind));
            notes.wrong(Found::new(format!("{key}.{name}"), span, message));
        }
    }
}
