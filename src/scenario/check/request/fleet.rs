//! Judged requests as fleets: one for each way, duration, account, and client.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::judge::{Court, Ruling};
use super::{Ask, Book};
use crate::api::Action;
use crate::model::{
    Applications, Change, CopyRule, DailyChange, Fleet, Items, ListedRequest, Recurrence, Schedule,
    SiteIdx,
};
use crate::rng::Distribution;
use crate::scenario::check::Notes;
use crate::scenario::check::copies::Yard;
use crate::scenario::file::File;
use crate::scenario::value::At;
use crate::units::Span;

/// What requests of one fleet have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    /// Whether they are of CopyImage.
    images: bool,
    from: SiteIdx,
    to: SiteIdx,
    duration: Option<Span>,
    account: usize,
    client: usize,
}

/// Judges the requests of a book and gathers them into fleets.
pub(in crate::scenario::check) fn fleets(
    file: &File,
    book: &Book,
    yard: &mut Yard<'_>,
    notes: &mut Notes<'_>,
) -> Vec<Fleet> {
    let mut court = Court::new(file, book);
    let mut gathered: BTreeMap<Common, Vec<ListedRequest>> = BTreeMap::new();
    let mut names = Names::default();
    let mut changes = 0;
    for ask in &book.asks {
        let client = client(ask, book, yard, notes);
        let Some(ruling) = court.judge(ask, yard, notes) else { continue };
        let common = Common {
            images: ask.request.action() == Action::CopyImage,
            from: ruling.from,
            to: ruling.to,
            duration: ruling.duration,
            account: ruling.account,
            client,
        };
        changes += 1;
        let listed = listed(ask, ruling, &mut names, yard);
        gathered.entry(common).or_default().push(listed);
    }
    if 0 < changes && file.requests.as_ref().is_none_or(|at| at.value.change.is_none()) {
        let what =
            "request whose volume changes by 3 %/day, where an earlier copy is there (change)";
        notes.stand_ins.insert(what.to_owned(), changes);
    }
    if 0 < changes {
        let n_keys = n_keys(book);
        if 0 < n_keys {
            let what = "key that requests name, taken to exist and to be usable";
            notes.stand_ins.insert(what.to_owned(), n_keys);
        }
    }
    gathered.into_iter().map(|(common, requests)| fleet(&common, requests, yard)).collect()
}

/// Keys that requests name.
fn n_keys(book: &Book) -> u64 {
    let keys = book.asks.iter().filter_map(|ask| match &ask.request {
        crate::api::Request::Snapshot(request) => request.kms_key_id.as_deref(),
        crate::api::Request::Image(request) => request.kms_key_id.as_deref(),
    });
    crate::units::index_u64(keys.collect::<BTreeSet<&str>>().len())
}

fn client(ask: &Ask, book: &Book, yard: &mut Yard<'_>, notes: &mut Notes<'_>) -> usize {
    match ask.client.as_ref().or(book.client.as_ref()) {
        None => yard.clients.asks_once(),
        Some(written) => {
            let key = if ask.client.is_some() { ask.key.as_str() } else { "requests" };
            let own = At { value: ask.key.clone(), span: written.span.clone() };
            yard.clients.find(key, Some(written), &own, notes)
        }
    }
}

/// Names that are taken, each with how often it was asked for.
#[derive(Debug, Default)]
struct Names(BTreeMap<String, u64>);

impl Names {
    /// The name, or else the first of `name (2)`, `name (3)`, … that is free.
    fn take(&mut self, name: &str, suffix: &str) -> String {
        let wanted = format!("{name}{suffix}");
        let mut number = self.0.get(&wanted).map_or(1, |given| given + 1);
        let mut taken = wanted.clone();
        while self.0.contains_key(&taken) {
            number = number.max(2);
            taken = format!("{name} ({number}){suffix}");
            number += 1;
        }
        self.0.insert(taken.clone(), 1);
        self.0.insert(wanted, number.saturating_sub(1).max(1));
        taken
    }
}

/// A request as its fleet lists it, under a name that no other has.
fn listed(ask: &Ask, ruling: Ruling, names: &mut Names, yard: &Yard<'_>) -> ListedRequest {
    let source = match ask.source() {
        "" => "(no source)",
        source => source,
    };
    let called = ask.called.as_ref().map(|called| format!(" {called}")).unwrap_or_default();
    let suffix = if ruling.is_assumed { " (size assumed)" } else { "" };
    ListedRequest {
        name: names.take(&format!("{source}{called}"), suffix),
        after: ask.at.since_or_zero(yard.basics.start),
        judged: ruling.judged,
        snapshots: ruling.snapshots,
        later: ask.later,
    }
}

/// The fleet of requests that have so much in common.
fn fleet(common: &Common, requests: Vec<ListedRequest>, yard: &mut Yard<'_>) -> Fleet {
    let Common { images, from, to, duration, account, client } = *common;
    let action = if images { Action::CopyImage } else { Action::CopySnapshot };
    let names = |site: SiteIdx| yard.places.sites[site.0].name.as_str();
    let mut name = format!("{} {} → {}", action.name(), names(from), names(to));
    if let Some(duration) = duration {
        let _ = write!(name, " in {duration}");
    }
    if 0 < account {
        let _ = write!(name, " for {}", yard.accounts.accounts[account].name);
    }
    if client != yard.clients.asks_once() {
        let _ = write!(name, " by {}", yard.clients.clients[client].name);
    }
    Fleet {
        name,
        account,
        applications: Applications::None,
        location: from,
        items: Items::Requests { images, requests },
        change: Change::Daily(DailyChange {
            rate: Distribution::Constant(0.0),
            day_to_day: 0.0,
            common: 0.0,
            calendar: Vec::new(),
        }),
        re_encrypts: false,
        growth_per_year: 0.0,
        schedule: Schedule::plain(
            Recurrence::Once { at: yard.basics.start },
            yard.basics.time_zone.clone(),
        ),
        makes_snapshot: false,
        copies: vec![CopyRule {
            accounts: vec![account],
            completion_duration: duration,
            ..CopyRule::plain(from, to, yard.network.route(from, to), client)
        }],
    }
}
