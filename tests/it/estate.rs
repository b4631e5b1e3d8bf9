//! The estate as it is: applications, accounts, chains, failures, incidents, worked by hand.

#![expect(clippy::float_cmp, reason = "shares, counts, and dollars are exact")]

mod accounts;
mod again;
mod applications;
mod bills;
mod chains;
mod incidents;
mod keys;
mod kept;
mod prices;
mod recovery;
mod storage;

pub(crate) use bills::models as two_hops;
use snapferry::model::{Change, CopyRule, Initial, Model, Per, Route, SiteIdx, Target, TargetKind};
use snapferry::units::{Bytes, Span};

use crate::support::{HOME, add, every, fleet, volumes};

/// Standard copies run at 100 MiB/s in these models: 10,000 MiB take 100 s.
const HUNDRED_SECONDS: Bytes = Bytes::mib(10_000);

/// An hourly fleet whose copies are all full, with recovery points.
fn hourly(model: &mut Model, name: &str, sizes: &[Bytes], to: SiteIdx) {
    let mut some = fleet(name, volumes(sizes), every(Span::from_hours(1)));
    some.makes_snapshot = true;
    some.change = Change::Everything;
    add(model, some, (to, None));
}

/// An RPO target on everything.
fn rpo(limit: Span, per: Per) -> Target {
    let kind = TargetKind::Rpo { limit, per };
    Target { name: "rpo".to_owned(), kind, fleets: Vec::new(), to: None, share: 1.0 }
}

/// A route from a site that is not home; returns its number.
fn add_route(model: &mut Model, from: SiteIdx, to: SiteIdx) -> usize {
    model.routes.push(Route { from, to, links: Vec::new() });
    model.routes.len() - 1
}

/// The next hop of the first rule of a fleet.
fn then(model: &mut Model, fleet: usize, to: SiteIdx) {
    let from = model.fleets[fleet].copies[0].to;
    assert_ne!(from, HOME);
    let route = add_route(model, from, to);
    let first = model.fleets[fleet].copies[0].clone();
    let hop = CopyRule { parent: Some(0), from, to, route, initial: Initial::Empty, ..first };
    model.fleets[fleet].copies.push(hop);
}
