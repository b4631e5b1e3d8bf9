//! Fleets of volumes.

use super::copies::{Owner, Yard};
use super::place::element;
use super::{Notes, change, listed, orchestrator, schedule, spread};
use crate::api::Action;
use crate::catalog::limit::VOLUME_MAX;
use crate::model::{Applications, Change, Fleet, Items, Recurrence, Site};
use crate::rng::Distribution;
use crate::scenario::file::{self, File};
use crate::scenario::spelling::Fraction;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Bytes, Span};

/// Jitter of a scheduler that names none: 60 s.
///
/// Assumed: DLM and AWS Backup start within a window; nothing is published on how they spread.
const JITTER: Span = Span::from_secs(60);

/// Reads the fleets.
pub(super) fn read(file: &File, yard: &mut Yard<'_>, notes: &mut Notes<'_>) -> Vec<Fleet> {
    let mut fleets = Vec::new();
    for (at, written) in file.fleet.iter().flatten().enumerate() {
        fleets.extend(fleet(at, written, yard, notes));
    }
    fleets
}

fn fleet(
    at: usize,
    written: &At<file::Fleet>,
    yard: &mut Yard<'_>,
    notes: &mut Notes<'_>,
) -> Option<Fleet> {
    let name = written.value.name.as_ref()?;
    let key = element("fleet", at, Some(name));
    let schedule_at = written.value.snapshot.as_ref()?;
    let schedule =
        schedule::read(&format!("{key}.snapshot"), schedule_at, JITTER, yard.basics, notes);
    let change = change::read(&key, written.value.change.as_ref(), yard.basics, notes);
    let location_at = written.value.location.as_ref()?;
    let location = yard.location(&format!("{key}.location"), location_at, notes)?;
    let items = items(&key, written, &yard.places.sites[location.0], notes);
    let at = (key.as_str(), "snapshot");
    let copies = written.value.copy.as_ref();
    let schedule =
        orchestrator::keeps_time(at, (schedule?, schedule_at), copies, yard.clients, notes);
    let existing = schedule_at.value.existing.as_ref().is_some_and(|at| at.value);
    if existing && !matches!(schedule.recurrence, Recurrence::Once { .. }) {
        let message = "snapshots that exist already are copied `once`";
        notes.wrong(Found::new(format!("{key}.snapshot"), schedule_at.span.clone(), message));
    }
    let account = yard.accounts.owner(&key, written.value.account.as_ref(), notes);
    let owner = Owner {
        key: &key,
        name,
        from: location,
        account,
        action: Action::CopySnapshot,
        interval: schedule.interval(),
    };
    let copies = yard.rules(&owner, written.value.copy.as_ref()?, notes);
    let items = items?;
    Some(Fleet {
        name: name.value.clone(),
        account,
        applications: applications(&key, &written.value, &items, notes),
        location,
        items,
        change: Change::Daily(change?),
        re_encrypts: written.value.re_encrypt.as_ref().is_some_and(|at| at.value),
        growth_per_year: written.value.growth.as_ref().map_or(0.0, |at| at.value.0),
        schedule,
        makes_snapshot: !existing,
        copies,
    })
}

/// Which volumes are recovered together: as the fleet says, or else as its inventory does.
fn applications(
    key: &str,
    written: &file::Fleet,
    items: &Items,
    notes: &mut Notes<'_>,
) -> Applications {
    let listed = matches!(items, Items::Listed(volumes)
        if volumes.iter().any(|volume| volume.application.is_some()));
    match (&written.application, &written.volumes_per_application) {
        (Some(_), Some(at)) => {
            let message = "goes with no `application`: all volumes of the fleet belong to that one";
            let key = format!("{key}.volumes_per_application");
            notes.wrong(Found::new(key, at.span.clone(), message));
            Applications::None
        }
        (Some(name), None) => Applications::Named(name.value.clone()),
        (None, Some(each)) => Applications::Every(each.value),
        (None, None) if listed => Applications::Listed,
        (None, None) => Applications::None,
    }
}

/// An application that several fleets share: its volumes go to the same places at the same times.
pub(super) fn applications_agree(file: &File, fleets: &[Fleet], notes: &mut Notes<'_>) {
    let written = |name: &str| {
        let same =
            |at: &&At<file::Fleet>| at.value.name.as_ref().is_some_and(|own| own.value == name);
        file.fleet.iter().flatten().find(same)
    };
    for (place, fleet) in fleets.iter().enumerate() {
        let Applications::Named(_) = &fleet.applications else { continue };
        let mut before = fleets[..place].iter();
        let Some(first) = before.find(|other| other.applications == fleet.applications) else {
            continue;
        };
        let goals = |fleet: &Fleet| {
            let mut goals: Vec<_> = fleet.copies.iter().map(|rule| rule.to).collect();
            goals.sort_unstable();
            goals
        };
        let message = if goals(first) != goals(fleet) {
            format!("its volumes and those of `{}` go to different places", first.name)
        } else if first.schedule != fleet.schedule {
            format!("its snapshots and those of `{}` are made at different times", first.name)
        } else {
            continue;
        };
        let at = written(&fleet.name).and_then(|at| at.value.application.as_ref());
        let span = at.map_or(0..0, |at| at.span.clone());
        let key = format!("fleet.{}.application", fleet.name);
        notes.wrong(Found::new(key, span, message).help(
            "an application is there when all its volumes are: same destinations, same schedule",
        ));
    }
}

fn items(
    key: &str,
    written: &At<file::Fleet>,
    site: &Site,
    notes: &mut Notes<'_>,
) -> Option<Items> {
    let fleet = &written.value;
    match (&fleet.volumes, &fleet.inventory) {
        (Some(count), None) => {
            let size = size(key, fleet.size.as_ref(), notes);
            let fill = match &fleet.fill {
                None => default_fill(),
                Some(at) => spread::read::<Fraction>(&format!("{key}.fill"), at, notes)?,
            };
            Some(Items::Drawn { count: count.value, size: size?, fill })
        }
        (None, Some(inventory)) => {
            for (part, span) in [
                ("size", fleet.size.as_ref().map(|at| at.span.clone())),
                ("fill", fleet.fill.as_ref().map(|at| at.span.clone())),
            ] {
                if let Some(span) = span {
                    let message = "an inventory says it";
                    notes.wrong(Found::new(format!("{key}.{part}"), span, message));
                }
            }
            let key = format!("{key}.inventory");
            listed::volumes(&key, inventory, site, notes).map(Items::Listed)
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "a fleet has either `volumes`, a number, or an `inventory`";
            notes.wrong(Found::new(key, written.span.clone(), message));
            None
        }
    }
}

/// Sizes from 1 byte on; never above the largest volume (F111).
fn size(
    key: &str,
    written: Option<&file::Spread<Bytes>>,
    notes: &mut Notes<'_>,
) -> Option<Distribution> {
    let Some(at) = written else { return Some(default_size()) };
    let key = format!("{key}.size");
    let size = spread::read(&key, at, notes)?;
    let (low, high) = size.support();
    let most = VOLUME_MAX.as_f64();
    if most < low || (most < high && high.is_finite()) {
        let message = format!("reaches beyond {VOLUME_MAX}, the largest volume (F111)");
        let help = if low < high { "add `max = \"64 TiB\"`" } else { "64 TiB is the most" };
        notes.wrong(Found::new(key, at.span.clone(), message).help(help));
        return None;
    }
    if high < 1.0 {
        notes.wrong(Found::new(key, at.span.clone(), "must be more than nothing"));
        return None;
    }
    size.clamped(None, (most < high).then_some(most)).ok()
}

/// Lognormal with median 100 GiB and sigma 1.2, from 1 GiB to 16 TiB.
///
/// Assumed: made to span the disks of published block traces (40 GiB to 5 TiB).
fn default_size() -> Distribution {
    let bytes = |gib: u64| Bytes::gib(gib).as_f64();
    Distribution::lognormal(bytes(100), 1.2)
        .and_then(|size| size.clamped(Some(bytes(1)), Some(bytes(16_384))))
        .expect("these parameters are in range")
}

/// Beta(2.5, 2.5), of mean one half.
///
/// Assumed: between 21 to 29 % of fresh root volumes and 46 % of images of virtual machines.
fn default_fill() -> Distribution {
    Distribution::beta(2.5, 2.5).expect("these parameters are in range")
}
