//! Single copies: each is a fleet of one snapshot that exists, which several may share.

use super::copies::{Asked, Owner, Yard};
use super::orchestrator::Order;
use super::place::element;
use super::{Notes, schedule};
use crate::api::Action;
use crate::model::{
    Applications, Change, CopyRule, Fleet, Items, ListedVolume, Recurrence, Schedule, SiteIdx,
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
    let mut copies: Vec<Single<'_>> = Vec::new();
    for (at, written) in file.copy.iter().flatten().enumerate() {
        let Some(copy) = single(at, &written.value, yard, notes) else { continue };
        let same = |other: &&Single<'_>| other.source.value == copy.source.value;
        if let Some(first) = copies.iter().find(same)
            && (first.from, first.bytes) != (copy.from, copy.bytes)
        {
            let message = format!(
                "the source snapshot `{}` has another place or size in copy `{}`",
                copy.source.value, first.name.value
            );
            let key = format!("copy.{}.snapshot", copy.name.value);
            notes.wrong(Found::new(key, copy.source.span.clone(), message));
        }
        copies.push(copy);
    }
    copies.into_iter().map(|copy| fleet(copy, yard)).collect()
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
    let owner = Owner {
        key: &key,
        name,
        from,
        account: 0,
        action: Action::CopySnapshot,
        interval: Span::ZERO,
    };
    let to = At { value: goal, span: to.span.clone() };
    let duration = copy.completion_duration.as_ref();
    let by = copy.client.as_ref();
    let order =
        Order { key: &key, client: by, duration, first: None, retain: None, follows: false };
    yard.can_be_said(&owner, &order, notes);
    yard.can_be_named(&owner, &order, &to, notes);
    yard.judge(&owner, &Asked { key: &key, from, to, duration, first: None }, notes);
    let moment = copy.at.as_ref().map_or(yard.basics.start, |at| yard.basics.instant(at.value));
    if let Some(at) = &copy.at {
        let key = format!("{key}.at");
        schedule::within_the_run(&key, moment, at.span.clone(), yard.basics, notes);
    }
    let client = yard.clients.find(&key, by, name, notes);
    Some(Single {
        name,
        source: copy.snapshot.as_ref().unwrap_or(name),
        from,
        bytes: bytes.value,
        at: moment,
        rule: CopyRule {
            completion_duration: copy.completion_duration.as_ref().map(|at| at.value),
            ..CopyRule::plain(from, goal, yard.network.route(from, goal), client)
        },
    })
}

/// A single copy as a fleet of one snapshot that is due once.
fn fleet(copy: Single<'_>, yard: &Yard<'_>) -> Fleet {
    let name = copy.name.value.clone();
    Fleet {
        items: Items::Listed(vec![ListedVolume {
            name: copy.source.value.clone(),
            written: copy.bytes,
            daily_change: None,
            shared_source: Some(copy.source.value.clone()),
            application: None,
        }]),
        name,
        account: 0,
        applications: Applications::None,
        location: copy.from,
        change: Change::Everything,
        re_encrypts: false,
        growth_per_year: 0.0,
        schedule: Schedule::plain(Recurrence::Once { at: copy.at }, yard.basics.time_zone.clone()),
        makes_snapshot: false,
        copies: vec![copy.rule],
    }
}
