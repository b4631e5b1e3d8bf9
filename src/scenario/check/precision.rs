//! `[precision]`: what has to be known how well, and that there is such a thing.

use std::collections::BTreeSet;

use super::Notes;
use crate::model::{HalfWidth, Model, Precision, Subject, Wanted};
use crate::record::measure::{self, Measure};
use crate::scenario::file::{self, File};
use crate::scenario::problem::{did_you_mean, listed};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::stats::{LEVEL, bound_on_events};
use crate::units::{Bytes, Rate, Span, index_usize, parse_number, parse_share, thousands};

/// Runs from one look to the next.
const BATCH: u32 = 10;

/// Most replications where the scenario does not say.
const REPLICATIONS: u32 = 1_000;

/// Reads `[precision]` of a scenario of which all else is checked.
pub(super) fn read(file: &File, model: &Model, notes: &mut Notes<'_>) -> Option<Precision> {
    let written = file.precision.as_ref()?;
    let given = |value: &Option<At<u32>>, default| value.as_ref().map_or(default, |at| at.value);
    let max_replications = given(&written.value.max_replications, REPLICATIONS);
    if max_replications < model.replications {
        let at = written.value.max_replications.as_ref().map_or(&written.span, |at| &at.span);
        let message = format!("is less than the {} replications to begin with", model.replications);
        notes.wrong(
            Found::new("precision.max_replications", at.clone(), message)
                .help("`scenario.replications` says with how many a point begins"),
        );
    }
    let list = written.value.wanted.as_ref()?;
    if list.value.is_empty() {
        let help = "`wanted = [{ measure = \"completion_p95\", half_width = \"1 min\" }]`";
        let message = "nothing is wanted";
        notes.wrong(Found::new("precision.wanted", list.span.clone(), message).help(help));
    }
    let each = list.value.iter().enumerate();
    let wanted = each.filter_map(|(at, wanted)| {
        let key = format!("precision.wanted[{at}]");
        let of = subject(&key, wanted, model, notes);
        let half_width = half_width(&key, wanted, of.as_ref(), notes);
        let wanted_of = Wanted { of: of?, half_width: half_width? };
        out_of_reach(&key, wanted, (&wanted_of, max_replications), notes);
        Some(wanted_of)
    });
    let wanted = wanted.collect();
    Some(Precision { batch: given(&written.value.batch, BATCH), max_replications, wanted })
}

fn subject(
    key: &str,
    written: &At<file::Wanted>,
    model: &Model,
    notes: &mut Notes<'_>,
) -> Option<Subject> {
    let wanted = &written.value;
    match (&wanted.measure, &wanted.target) {
        (Some(name), None) => {
            let measure = named(key, name, notes);
            let scope = scope(key, wanted.scope.as_ref(), model, notes);
            Some(Subject::Measure { measure: measure?, scope: scope? })
        }
        (None, Some(name)) => {
            if let Some(at) = &wanted.scope {
                let message = "goes with a `measure`: a target says itself what it covers";
                notes.wrong(Found::new(format!("{key}.scope"), at.span.clone(), message));
            }
            let place = model.targets.iter().position(|target| target.name == name.value);
            if place.is_none() {
                let names = model.targets.iter().map(|target| target.name.as_str());
                let message = format!("there is no target `{}`", name.value);
                let help = did_you_mean(&name.value, names.clone()).or_else(|| {
                    (!model.targets.is_empty())
                        .then(|| format!("there are {}", listed(names, "and")))
                });
                let found = Found::new(format!("{key}.target"), name.span.clone(), message);
                notes.wrong(found.maybe(help));
            }
            place.map(Subject::Target)
        }
        (Some(_), Some(_)) | (None, None) => {
            let message = "needs either a `measure` or a `target`";
            notes.wrong(Found::new(key, written.span.clone(), message));
            None
        }
    }
}

fn named(key: &str, name: &At<String>, notes: &mut Notes<'_>) -> Option<Measure> {
    let found = Measure::named(&name.value);
    if found.is_none() {
        let names = measure::all().map(|measure| measure.name);
        let message = format!("there is no measure `{}`", name.value);
        let help = did_you_mean(&name.value, names)
            .unwrap_or_else(|| "write one of the column `measure` of summary.csv".to_owned());
        let found = Found::new(format!("{key}.measure"), name.span.clone(), message);
        notes.wrong(found.help(help));
    }
    found
}

fn scope(
    key: &str,
    written: Option<&At<String>>,
    model: &Model,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let Some(at) = written else { return Some("all".to_owned()) };
    let scopes = scopes(model);
    if scopes.contains(&at.value) {
        return Some(at.value.clone());
    }
    let message = format!("nothing called `{}` is measured", at.value);
    let near = did_you_mean(&at.value, scopes.iter().map(String::as_str));
    let help = near.unwrap_or_else(|| {
        "write `all`, a `fleet → destination`, or another of the column `scope` of summary.csv"
            .to_owned()
    });
    notes.wrong(Found::new(format!("{key}.scope"), at.span.clone(), message).help(help));
    None
}

/// Everything that a run may have measures of.
fn scopes(model: &Model) -> BTreeSet<String> {
    let fleets = model.fleets.iter().enumerate();
    let rules = fleets.flat_map(|(fleet, of)| {
        (0..of.copies.len()).map(move |rule| model.scope_name(fleet, rule))
    });
    let sites = || model.sites.iter().map(|site| site.name.as_str());
    let pairs = sites().chain(["any"]).flat_map(|from| sites().map(move |to| (from, to)));
    let own = sites().map(str::to_owned).chain(pairs.map(|(from, to)| format!("{from} → {to}")));
    let own: Vec<String> = own.collect();
    let accounts = model.accounts.iter();
    let theirs = accounts.flat_map(|account| {
        let name = &account.name;
        let own = own.iter().map(move |of| format!("{name}: {of}"));
        own.chain([format!("account {name}")])
    });
    let is_one = model.accounts.len() == 1;
    let used: Vec<String> = if is_one { own.clone() } else { theirs.collect() };
    let names = model.fleets.iter().map(|fleet| &fleet.name);
    let names = names.chain(model.incidents.iter().map(|incident| &incident.name));
    let names = names.chain(model.targets.iter().map(|target| &target.name));
    let names = names.chain(model.links.iter().map(|link| &link.name)).cloned();
    let all = ["all".to_owned()].into_iter().chain(rules).chain(names).chain(used);
    all.collect()
}

fn half_width(
    key: &str,
    written: &At<file::Wanted>,
    of: Option<&Subject>,
    notes: &mut Notes<'_>,
) -> Option<HalfWidth> {
    let wanted = &written.value;
    match (&wanted.half_width, &wanted.relative_half_width) {
        (Some(at), None) => {
            let unit = match of? {
                Subject::Measure { measure, .. } => measure.unit,
                Subject::Target(_) => "share",
            };
            let width = amount(&at.value, unit)
                .and_then(|width| more_than_nothing(width, "a width of 0 is never reached"));
            let is_relative = at.value.trim_end().ends_with('%') && unit != "share";
            let help =
                is_relative.then(|| "a share of the mean is a `relative_half_width`".to_owned());
            let wrong = |why| {
                let found = Found::new(format!("{key}.half_width"), at.span.clone(), why);
                notes.wrong(found.maybe(help));
            };
            width.map_err(wrong).ok().map(HalfWidth::Absolute)
        }
        (None, Some(at)) => {
            let share = more_than_nothing(at.value.0, "a width of 0 is never reached");
            let wrong = |why| {
                let key = format!("{key}.relative_half_width");
                notes.wrong(Found::new(key, at.span.clone(), why));
            };
            share.map_err(wrong).ok().map(HalfWidth::Relative)
        }
        (Some(_), Some(_)) | (None, None) => {
            let message = "needs either a `half_width` or a `relative_half_width`";
            notes.wrong(Found::new(key, written.span.clone(), message));
            None
        }
    }
}

fn more_than_nothing(width: f64, otherwise: &str) -> Result<f64, String> {
    if 0.0 < width { Ok(width) } else { Err(otherwise.to_owned()) }
}

/// Warns of what not even the best of outcomes could reach: a target that nothing misses.
fn out_of_reach(
    key: &str,
    written: &At<file::Wanted>,
    (wanted, most): (&Wanted, u32),
    notes: &mut Notes<'_>,
) {
    let n_runs = index_usize(most);
    let least = bound_on_events(0, n_runs, LEVEL) / 2.0;
    let is_target = matches!(wanted.of, Subject::Target(_));
    if !is_target || least <= wanted.half_width.around(1.0) {
        return;
    }
    let message = format!(
        "is out of reach where nothing is missed: {} runs leave ± {} %",
        thousands(f64::from(most), 0),
        thousands(least * 100.0, 2)
    );
    notes.warn(
        Found::new(key, written.span.clone(), message)
            .help("raise `max_replications`, or want a wider interval"),
    );
}

/// An amount in the unit of a measure.
fn amount(text: &str, unit: &str) -> Result<f64, String> {
    let said = |error: crate::units::ParseError| error.to_string();
    match unit {
        "s" => text.parse::<Span>().map(Span::secs).map_err(said),
        "B" => text.parse::<Bytes>().map(Bytes::as_f64).map_err(said),
        "B/s" => text.parse::<Rate>().map(Rate::get).map_err(said),
        "share" => parse_share(text).map_err(said),
        unit => {
            let number = text.trim().strip_suffix(unit).map(str::trim_end);
            number
                .and_then(|number| parse_number(number).ok())
                .ok_or_else(|| format!("`{text}` is no number of {unit} (write `1.5 {unit}`)"))
        }
    }
}
