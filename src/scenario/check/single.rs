//! Single copies: each is a fleet of one snapshot that exists; those that share a source snapshot
//! are one fleet with several rules.

use super::copies::{Asked, Owner, Yard};
use super::place::element;
use super::{Notes, schedule};
use crate::api::Action;
use crate::model::{
    Change, CopyRule, Fleet, Initial, Items, ListedVolume, Recurrence, Retention, Schedule, SiteIdx,
};
use crate::scenario::file::{Copy, File};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Bytes, Instant, Span};

/// One copy, checked.
struct Single<'f> {
    name: &'f At<String>,
    source: &'f At<String>,
    from: SiteIdx,
    bytes: Bytes,
    at: Instant,
    rule: CopyRule,
}

/// Reads the single copies.
pub(super) fn read(file: &File, yard: &mut Yard<'_>, notes: &mut Notes<'_>) -> Vec<Fleet> {
    let mut groups: Vec<Vec<Single<'_>>> = Vec::new();
    for (at, written) in file.copy.iter().flatten().enumerate() {
        let Some(copy) = single(at, &written.value, yard, notes) else { continue };
        let Some(group) =
            groups.iter_mut().find(|group| group[0].source.value == copy.source.value)
        else {
            groups.push(vec![copy]);
            continue;
        };
        let first = &group[0];
        if (first.from, first.bytes) != (copy.from, copy.bytes) {
            let message = format!(
                "the source snapshot `{}` has another place or size in copy `{}`",
                copy.source.value, first.name.value
            );
            let key = format!("copy.{}.snapshot", copy.name.value);
            notes.wrong(Found::new(key, copy.source.span.clone(), message));
        }
        group.push(copy);
    }
    groups.into_iter().map(|group| fleet(group, yard)).collect()
}

fn single<'f>(
    at: usize,
    copy: &'f Copy,
    yard: &mut Yard<'_>,
    notes: &mut Notes<'_>,
) -> Option<Single<'f>> {
    let name = copy.name.as_ref()?;
    let key = element("copy", at, Some(name));
    let from = yard.location(&format!("{key}.from"), copy.from.as_ref()?, notes)?;
    let (to, bytes) = (copy.to.as_ref()?, copy.bytes.as_ref()?);
    let goal = yard.location(&format!("{key}.to"), to, notes)?;
    let owner = Owner { key: &key, name, from, action: Action::CopySnapshot, interval: Span::ZERO };
    let to = At { value: goal, span: to.span.clone() };
    yard.judge(
        &owner,
        &Asked { key: &key, to, duration: copy.completion_duration.as_ref() },
        notes,
    );
    let moment = copy.at.as_ref().map_or(yard.basics.start, |at| yard.basics.instant(at.value));
    if let Some(at) = &copy.at {
        let key = format!("{key}.at");
        schedule::within_the_run(&key, moment, at.span.clone(), yard.basics, notes);
    }
    let client = yard.clients.find(&key, copy.client.as_ref(), name, notes);
    Some(Single {
        name,
        source: copy.snapshot.as_ref().unwrap_or(name),
        from,
        bytes: bytes.value,
        at: moment,
        rule: CopyRule {
            to: goal,
            route: yard.network.route(from, goal),
            completion_duration: copy.completion_duration.as_ref().map(|at| at.value),
            retain: Retention::Forever,
            client,
            priority: 0,
            delay: Span::ZERO,
            initial: Initial::Empty,
        },
    })
}

/// The copies of one source snapshot as a fleet, due at the earliest of them.
fn fleet(group: Vec<Single<'_>>, yard: &Yard<'_>) -> Fleet {
    let first = group.iter().map(|copy| copy.at).min().expect("a group has a copy");
    let (name, location, bytes) = (group[0].source.value.clone(), group[0].from, group[0].bytes);
    let delayed = |copy: Single<'_>| CopyRule { delay: copy.at.since(first), ..copy.rule };
    Fleet {
        items: Items::Listed(vec![ListedVolume {
            name: name.clone(),
            written: bytes,
            daily_change: None,
        }]),
        name,
        location,
        change: Change::Everything,
        growth_per_year: 0.0,
        schedule: Schedule {
            recurrence: Recurrence::Once { at: first },
            time_zone: yard.basics.time_zone.clone(),
            phase_spread: Span::ZERO,
            window: Span::ZERO,
            jitter: Span::ZERO,
        },
        makes_snapshot: false,
        copies: group.into_iter().map(delayed).collect(),
    }
}
