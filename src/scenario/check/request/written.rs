//! `[[request]]`: a request as the scenario writes it.

use serde_json::{Map, Value};

use super::outpost::Outposts;
use super::{Ask, Caller, Origin};
use crate::api::{Parameter, Request};
use crate::catalog::location::{self, Region};
use crate::model::Undone;
use crate::scenario::check::place::element;
use crate::scenario::check::{Basics, Notes, schedule};
use crate::scenario::file::{self, File};
use crate::scenario::problem::did_you_mean;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::Span;

/// Reads the requests of a scenario.
pub(super) fn read(
    file: &File,
    (basics, outposts): (&Basics, &Outposts),
    asks: &mut Vec<Ask>,
    notes: &mut Notes<'_>,
) {
    for (at, written) in file.request.iter().flatten().enumerate() {
        asks.extend(ask(at, written, (basics, outposts), notes));
    }
}

fn ask(
    at: usize,
    written: &At<file::Request>,
    (basics, outposts): (&Basics, &Outposts),
    notes: &mut Notes<'_>,
) -> Option<Ask> {
    let request = &written.value;
    let key = element("request", at, request.name.as_ref());
    let action = request.action.as_ref()?.value;
    let parameters = request.parameters();
    let mut table = Map::new();
    for (parameter, value, span) in &parameters {
        if let Err(refusal) = Parameter::named(action, parameter.name()) {
            let key = format!("{key}.{parameter}");
            notes.wrong(Found::new(key, span.clone(), refusal.message));
            return None;
        }
        let value = match (parameter, value) {
            (Parameter::DestinationOutpostArn, Value::String(text)) => {
                Value::from(outposts.arn_of(text))
            }
            _ => value.clone(),
        };
        table.insert(parameter.name().to_owned(), value);
    }
    let read = match Request::read(action, &table) {
        Ok(read) => read,
        Err(refusal) => {
            notes.wrong(Found::new(key, written.span.clone(), refusal.message));
            return None;
        }
    };
    let moment = request.at.as_ref().map_or(basics.start, |at| basics.instant(at.value));
    if let Some(at) = &request.at
        && moment < basics.start
    {
        schedule::within_the_run(&format!("{key}.at"), moment, at.span.clone(), basics, notes);
    }
    let key_of_later = key.clone();
    Some(Ask {
        region: region(&key, written, outposts, notes)?,
        key,
        origin: Origin::Text {
            whole: written.span.clone(),
            parameters: parameters.into_iter().map(|(known, _, span)| (known, span)).collect(),
        },
        called: request.name.as_ref().map(|name| name.value.clone()),
        at: moment,
        account: Caller::Named(request.account.clone()),
        client: request.client.clone(),
        request: read,
        logged: None,
        later: later(&key_of_later, request, notes),
    })
}

/// What is done to it later: after more than no time.
fn later(key: &str, request: &file::Request, notes: &mut Notes<'_>) -> Undone {
    let mut read = |word: &str, written: Option<&At<Span>>| {
        let at = written?;
        if at.value == Span::ZERO {
            let found =
                Found::new(format!("{key}.{word}"), at.span.clone(), "must be more than 0 s");
            notes.wrong(found);
        }
        Some(at.value)
    };
    Undone {
        cancelled: read("cancel_after", request.cancel_after.as_ref()),
        source_deleted: read("delete_source_after", request.delete_source_after.as_ref()),
    }
}

/// The Region that a request is sent to: as it says, or that of the place that it names.
fn region(
    key: &str,
    written: &At<file::Request>,
    outposts: &Outposts,
    notes: &mut Notes<'_>,
) -> Option<&'static Region> {
    let request = &written.value;
    if let Some(at) = &request.region {
        let found = location::find_region(&at.value);
        if found.is_none() {
            let known = location::regions().iter().map(|region| region.name.as_str());
            let message = format!("there is no Region `{}`", at.value);
            notes.wrong(
                Found::new(format!("{key}.region"), at.span.clone(), message)
                    .maybe(did_you_mean(&at.value, known)),
            );
        }
        return found;
    }
    let outpost = request.destination_outpost_arn.as_ref();
    let outpost = outpost.and_then(|arn| outposts.region_of(&arn.value));
    let zone = request.destination_availability_zone.as_ref();
    let zone = zone.or(request.destination_availability_zone_id.as_ref());
    let zone = zone.and_then(|zone| location::find_zone(&zone.value));
    let name = outpost.or(zone.map(|zone| zone.parent.as_str()));
    let found = name.and_then(location::find_region);
    if found.is_none() {
        let message = "the Region that it is sent to is not known";
        let help = "say it: `region = \"us-west-2\"`; a copy goes to the Region that is asked";
        notes.wrong(Found::new(key, written.span.clone(), message).help(help));
    }
    found
}
