//! Requests are judged, one after the other, against what the account has by then.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ask, Book, Caller, Told};
use crate::api::{
    Accepted, Context, Encryption, Key, May, Refusal, Request, Rule, Silent, Verdict,
};
use crate::model::change::ChangeRate;
use crate::model::{Judged, RequestedSnapshot, SiteIdx};
use crate::scenario::check::Notes;
use crate::scenario::check::copies::Yard;
use crate::scenario::file::File;
use crate::scenario::inventory::ListedImage;
use crate::scenario::requests::state::{Copied, Holdings};
use crate::units::{Bytes, Span};

/// What became of one request.
pub(super) struct Ruling {
    /// The account that made it.
    pub(super) account: usize,
    pub(super) from: SiteIdx,
    pub(super) to: SiteIdx,
    pub(super) duration: Option<Span>,
    pub(super) judged: Judged,
    pub(super) snapshots: Vec<RequestedSnapshot>,
    /// Whether a size among them is `assume_size`.
    pub(super) is_assumed: bool,
}

/// Judges all requests of a book in their order.
pub(super) struct Court<'b> {
    book: &'b Book,
    /// What each account has, by index.
    holdings: BTreeMap<usize, Holdings<'b>>,
    later: BTreeSet<&'b str>,
    zones: BTreeMap<String, String>,
    seen: Seen<'b>,
}

/// What was met on the way.
#[derive(Default)]
struct Seen<'b> {
    /// Numbers of keys, by destination.
    keys: BTreeMap<(SiteIdx, String), u32>,
    /// Sources of which nothing is listed.
    unlisted: BTreeSet<&'b str>,
}

impl<'b> Court<'b> {
    pub(super) fn new(file: &File, book: &'b Book) -> Court<'b> {
        let made = book.asks.iter().filter_map(|ask| ask.logged.as_ref()?.made.as_deref());
        let zones = file.local_zone.iter().flatten().filter_map(|zone| {
            let (name, parent) = (zone.value.name.as_ref()?, zone.value.parent.as_ref()?);
            Some((name.value.clone(), parent.value.clone()))
        });
        Court {
            book,
            holdings: BTreeMap::new(),
            later: made.collect(),
            zones: zones.collect(),
            seen: Seen::default(),
        }
    }

    /// What becomes of a request; none where it copies nothing and counts as none: a dry run, or one
    /// that was made before with the same token; or where something is wrong.
    pub(super) fn judge(
        &mut self,
        ask: &'b Ask,
        yard: &Yard<'_>,
        notes: &mut Notes<'_>,
    ) -> Option<Ruling> {
        let account = match &ask.account {
            Caller::Named(written) => yard.accounts.owner(&ask.key, written.as_ref(), notes),
            Caller::Id(id) => yard.accounts.of_id(id),
        };
        self.prepare(ask, account);
        let silent = Silent::DEFAULT;
        let owner = owner(ask, self.book, yard, account);
        let context = Context {
            region: ask.region,
            account: owner,
            may: May::ALL,
            state: &self.holdings[&account],
            silent: &silent,
            now: ask.at,
        };
        let mut seen = std::mem::take(&mut self.seen);
        let verdict = context.judge(&ask.request);
        let ruling = match &verdict {
            Err(refusal) => refused(ask, account, refusal, (yard, notes)),
            Ok(Verdict::Repeated { .. }) => {
                *notes
                    .left_out
                    .entry("request repeated with its token: no second image".to_owned())
                    .or_default() += 1;
                None
            }
            Ok(Verdict::Accepted(accepted)) => {
                self.accepted(ask, (account, accepted, &mut seen), (yard, notes))
            }
        };
        self.seen = seen;
        let made = ruling.as_ref().is_some_and(|ruling| ruling.judged == Judged::Accepted);
        // Whoever was refused asks again, by the same name: the log has both.
        let was_refused = ask.logged.as_ref().is_some_and(|logged| logged.refused.is_some());
        if let (true, false, Request::Image(request)) = (made, was_refused, &ask.request) {
            let id = ask.logged.as_ref().and_then(|logged| logged.made.clone());
            let holdings = self.holdings.get_mut(&account).expect("prepared above");
            holdings.made_image(&ask.region.name, request, (id.unwrap_or_default(), ask.at));
        }
        ruling
    }

    /// Makes sure that the account is known, and that its source exists if no file lists it.
    fn prepare(&mut self, ask: &'b Ask, account: usize) {
        let book = self.book;
        let (later, zones) = (&self.later, &self.zones);
        let holdings = self.holdings.entry(account).or_insert_with(|| {
            let owners = book.stock.owners();
            let owner = if owners.len() == 1 { owners.first().copied() } else { None };
            let mut holdings = Holdings::new(&book.stock, owner.unwrap_or_default(), later);
            holdings.defaults = book.defaults.clone();
            holdings.zones = zones.clone();
            holdings
        });
        let source = ask.source();
        if !book.stock.lists(source) {
            match &ask.request {
                Request::Snapshot(_) => holdings.assume_snapshot(source),
                Request::Image(_) => holdings.assume_image(source),
            }
        }
    }

    fn accepted(
        &self,
        ask: &'b Ask,
        (account, accepted, seen): (usize, &Accepted<'_>, &mut Seen<'b>),
        (yard, notes): (&Yard<'_>, &mut Notes<'_>),
    ) -> Option<Ruling> {
        let from = self.site(ask, accepted.from, (yard, notes))?;
        let to = self.site(ask, accepted.to, (yard, notes))?;
        compare(ask, notes);
        let judged = match accepted.fails {
            None => Judged::Accepted,
            Some(later) => {
                let (facts, _, why) = later.told();
                let call = ask.request.action().name();
                if ask.logged.is_some() {
                    let what = format!("{call} that is accepted and ends in error: {why}");
                    *notes.stand_ins.entry(what).or_default() += 1;
                }
                let message = format!(
                    "{call} of `{}` is accepted, and its copy ends in error: {why} ({facts})",
                    ask.source()
                );
                if let Told::Text(found) = ask.tell(None, message) {
                    notes.warn(found);
                }
                Judged::Fails
            }
        };
        let mut snapshots = Vec::new();
        let mut is_assumed = false;
        if judged == Judged::Accepted {
            for (id, encryption) in accepted.encryptions() {
                let (copied, assumed) = self.copied(ask, (id, seen), notes)?;
                is_assumed |= assumed;
                let key = self.key(seen, (to, id), encryption);
                snapshots.push(self.requested(ask, copied, key));
            }
        }
        if snapshots.is_empty() {
            snapshots.push(nothing(ask));
        }
        let duration = accepted.duration;
        Some(Ruling { account, from, to, duration, judged, snapshots, is_assumed })
    }

    /// A place of the judge as one of the scenario.
    fn site(
        &self,
        ask: &Ask,
        place: crate::api::PlaceOf<'_>,
        (yard, notes): (&Yard<'_>, &mut Notes<'_>),
    ) -> Option<SiteIdx> {
        let crate::api::PlaceOf::Outpost { name: arn, parent } = place else {
            return yard.places.one(place.name());
        };
        let site = self.book.outposts.site_of(arn, parent, yard.places);
        if site.is_none() {
            let parameter = Some(crate::api::Parameter::DestinationOutpostArn);
            let help = format!(
                "declare it: `[[outpost]]` with name = \"…\", region = \"{parent}\", service_link = \
                 \"1 Gbit/s\", arn = \"{arn}\""
            );
            ask.tell(parameter, format!("the Outpost `{arn}` is not declared"))
                .help(&help)
                .wrong(notes);
        }
        site
    }

    /// What is copied of a snapshot, and whether its size is assumed.
    fn copied(
        &self,
        ask: &'b Ask,
        (id, seen): (&str, &mut Seen<'b>),
        notes: &mut Notes<'_>,
    ) -> Option<(Copied, bool)> {
        let stock = &self.book.stock;
        let part = stock
            .image(ask.source())
            .and_then(|image: &ListedImage| image.snapshots.iter().find(|part| part.id == id));
        let known = part.map_or_else(|| stock.copied(id), |part| stock.backing(part));
        if let Some(copied) = known {
            if let Some(what) = copied.assumed {
                *notes.stand_ins.entry(what.to_owned()).or_default() += 1;
            }
            return Some((copied, false));
        }
        let is_new = seen.unlisted.insert(ask.source());
        let Some(size) = self.book.assume_size else {
            if is_new {
                let message = format!("no file lists `{id}`, so how large it is is not known");
                let help = "add the file that lists it to `requests.inventory`, or give \
                            `requests.assume_size = \"100 GiB\"`";
                ask.tell(None, message).help(help).wrong(notes);
            }
            return None;
        };
        if is_new {
            let what =
                format!("source of {size}, since no file says how large it is (assume_size)");
            *notes.stand_ins.entry(what).or_default() += 1;
        }
        let id = id.to_owned();
        let copied = Copied { volume: id.clone(), id, started: None, written: size, assumed: None };
        Some((copied, true))
    }

    /// The number of the key that a copy comes out under: 0 where that is its source's, or none.
    fn key(
        &self,
        seen: &mut Seen<'b>,
        (to, id): (SiteIdx, &str),
        encryption: Encryption<'_>,
    ) -> u32 {
        let name = match encryption {
            Encryption::Plain | Encryption::Under(Key::Source(_)) => return 0,
            Encryption::Under(Key::Given(name) | Key::Configured(name)) => name,
            Encryption::Under(Key::Managed) => "aws/ebs",
        };
        let own = self.book.stock.snapshot(id).and_then(|one| one.encryption.kms_key_id.as_deref());
        if own == Some(name) {
            return 0;
        }
        let next = crate::units::index_u32(seen.keys.len()) + 1;
        *seen.keys.entry((to, name.to_owned())).or_insert(next)
    }

    fn requested(&self, ask: &Ask, copied: Copied, key: u32) -> RequestedSnapshot {
        RequestedSnapshot {
            id: copied.id,
            volume: copied.volume,
            started: copied.started.map_or(ask.at, |at| self.book.shift.of(at)),
            written: copied.written,
            change: ChangeRate::daily(self.book.change),
            key,
        }
    }
}

/// A request that is refused counts, and copies nothing; but for a dry run.
fn refused(
    ask: &Ask,
    account: usize,
    refusal: &Refusal,
    (yard, notes): (&Yard<'_>, &mut Notes<'_>),
) -> Option<Ruling> {
    let is_dry = match &ask.request {
        Request::Snapshot(request) => request.dry_run == Some(true),
        Request::Image(request) => request.dry_run == Some(true),
    };
    if is_dry {
        let what = match refusal.rule {
            Rule::DryRun => "dry run that would have succeeded".to_owned(),
            _ => format!("dry run that is refused: {}", refusal.code.as_str()),
        };
        *notes.left_out.entry(what).or_default() += 1;
        return None;
    }
    let call = ask.request.action().name();
    match &ask.logged {
        None => {
            let what = format!("{call} of `{}` is refused: {refusal}", ask.source());
            let help = "it stays as a request that copies nothing, and counts against targets";
            if let Told::Text(found) = ask.tell(refusal.parameter, what).help(help) {
                notes.warn(found);
            }
        }
        Some(logged) => {
            let code = refusal.code.as_str();
            let then = match &logged.refused {
                None => "accepted".to_owned(),
                Some(code) => format!("refused with {code}"),
            };
            let what = format!(
                "{call} that the rules here refuse with {code}, and that the log has {then}"
            );
            *notes.stand_ins.entry(what).or_default() += 1;
        }
    }
    let from = ask.source_region().unwrap_or(ask.region);
    let here = yard.places.one(&ask.region.name)?;
    let zone = ask.edges().0.and_then(|zone| yard.places.one(zone));
    let from = yard.places.one(&from.name)?;
    Some(Ruling {
        account,
        from,
        to: zone.unwrap_or(here),
        duration: ask.duration(),
        judged: Judged::Refused(refusal.code),
        snapshots: vec![nothing(ask)],
        is_assumed: false,
    })
}

/// What the log says of a request that is accepted here.
fn compare(ask: &Ask, notes: &mut Notes<'_>) {
    if let Some(code) = ask.logged.as_ref().and_then(|logged| logged.refused.as_deref()) {
        let what = format!("request that the log has refused with {code}, made again here");
        *notes.stand_ins.entry(what).or_default() += 1;
    }
}

/// The id of the account that asks, as far as it is known: that of the log, or the name of the
/// account, or the one owner of all that is listed.
fn owner<'a>(ask: &'a Ask, book: &'a Book, yard: &'a Yard<'_>, account: usize) -> &'a str {
    if let Caller::Id(id) = &ask.account {
        return id;
    }
    let owners = book.stock.owners();
    match (account, owners.len()) {
        (0, 1) => owners.first().copied().unwrap_or_default(),
        _ => &yard.accounts.accounts[account].name,
    }
}

/// What stands in rows for a request that copies nothing.
fn nothing(ask: &Ask) -> RequestedSnapshot {
    RequestedSnapshot {
        id: ask.source().to_owned(),
        volume: ask.source().to_owned(),
        started: ask.at,
        written: Bytes::ZERO,
        change: ChangeRate::daily(0.0),
        key: 0,
    }
}
