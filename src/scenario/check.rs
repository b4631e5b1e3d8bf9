//! What the values of a scenario mean together: names that exist, routes that are allowed, times
//! that fit; the checked model, or everything that stands in its way.
//!
//! A required key that is absent has been reported by `shape`; here its owner is left out in
//! silence.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::file::File;
use super::problem::{Place, Problem};
use super::tree::Found;
use super::{Inputs, Source};
use crate::model::{Account, Fleet, Model};
use crate::units::{count, thousands};

mod section;
mod account;
mod incident;
mod assume;
mod spread;
mod place;
mod network;
mod schedule;
mod call;
mod client;
mod orchestrator;
mod copies;
mod cycle;
mod change;
mod fleet;
mod image;
mod single;
mod target;
mod limits;
mod prices;
mod precision;
mod request;
mod flows;
mod listed;
mod blocks;

use section::Basics;

/// What checking brought.
#[derive(Debug)]
pub(super) struct Checked {
    /// The model, where it could be made; it counts only if nothing is wrong.
    pub(super) model: Option<Model>,
    /// What is wrong in the scenario.
    pub(super) found: Vec<Found>,
    /// What may be wrong in it.
    pub(super) warned: Vec<Found>,
    /// What is wrong in inputs.
    pub(super) input_problems: Vec<Problem>,
    /// What may be wrong in them.
    pub(super) input_warnings: Vec<Problem>,
    /// What inputs do not say and the model assumes, with how many items it touches.
    pub(super) stand_ins: Vec<(String, u64)>,
}

/// What checking collects on its way.
struct Notes<'a> {
    inputs: &'a dyn Inputs,
    found: Vec<Found>,
    warned: Vec<Found>,
    input_problems: Vec<Problem>,
    input_warnings: Vec<Problem>,
    left_out: BTreeMap<String, u64>,
    stand_ins: BTreeMap<String, u64>,
}

impl<'a> Notes<'a> {
    fn new(inputs: &'a dyn Inputs) -> Notes<'a> {
        Notes {
            inputs,
            found: Vec::new(),
            warned: Vec::new(),
            input_problems: Vec::new(),
            input_warnings: Vec::new(),
            left_out: BTreeMap::new(),
            stand_ins: BTreeMap::new(),
        }
    }

    /// Something is wrong.
    fn wrong(&mut self, found: Found) {
        self.found.push(found);
    }

    /// Something may be wrong.
    fn warn(&mut self, found: Found) {
        self.warned.push(found);
    }

    /// The bytes of an input, or the problem that it cannot be read.
    fn read(&mut self, key: &str, path: &str, span: Range<usize>) -> Option<Vec<u8>> {
        match self.inputs.read(path) {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                let message = format!("`{path}` cannot be read: {why}");
                self.wrong(
                    Found::new(key, span, message)
                        .help("paths of inputs start at the folder of the scenario"),
                );
                None
            }
        }
    }

    /// A problem of an input file.
    fn input(&mut self, key: &str, file: &str, place: (Option<u64>, Option<u64>), message: String) {
        self.input_problems.push(Problem {
            key: key.to_owned(),
            message,
            help: None,
            file: file.to_owned(),
            place: Place::Input { line: place.0, column: place.1 },
        });
    }
}

/// Turns a scenario as written into the system under study.
pub(super) fn check(file: &File, source: &Source, inputs: &dyn Inputs) -> Checked {
    let mut notes = Notes::new(inputs);
    let basics = section::read(file, source, &mut notes);
    let model = match &file.flows {
        Some(flows) => flows::model(file, flows, basics, &mut notes),
        None => Some(model(file, basics, &mut notes)),
    };
    Checked {
        model,
        found: notes.found,
        warned: notes.warned,
        input_problems: notes.input_problems,
        input_warnings: notes.input_warnings,
        stand_ins: notes.stand_ins.into_iter().collect(),
    }
}

fn model(file: &File, mut basics: Basics, notes: &mut Notes<'_>) -> Model {
    let assume = assume::read(file, notes).unwrap_or_else(assume::defaults);
    let silent = assume::judging(file).unwrap_or_default();
    let book = request::open(file, &mut basics, notes);
    let places = place::read(file, &book.places(), notes);
    let mut network = network::read(file, &basics, &assume, &places, notes);
    let mut clients = client::read(file, notes);
    let mut accounts = account::read(file, &places, notes);
    accounts.also(book.account_ids());
    let mut fleets = {
        let mut yard = copies::Yard {
            basics: &basics,
            places: &places,
            network: &mut network,
            silent: &silent,
            clients: &mut clients,
            accounts: &accounts,
        };
        let mut fleets = fleet::read(file, &mut yard, notes);
        fleets.extend(image::read(file, &mut yard, notes));
        fleets.extend(single::read(file, &mut yard, notes));
        fleets.extend(request::fleets(file, &book, &mut yard, notes));
        fleets
    };
    names_are_unique(file, notes);
    fleet::applications_agree(file, &fleets, notes);
    something_is_copied(file, notes);
    not_too_many(&basics, &fleets, notes);
    cycle::whole_ones(file, &basics, &fleets, notes);
    client::unused(file, &mut clients, &mut fleets, notes);
    network::unused(file, &network, notes);
    let bench = target::Bench {
        file,
        basics: &basics,
        places: &places,
        network: &network,
        fleets: &fleets,
    };
    let targets = bench.targets(notes);
    let incidents = incident::read(&bench, notes);
    if targets.is_empty() && file.target.is_none() {
        notes.warn(
            Found::new("", 0..0, "nothing is promised, so there will be no verdict")
                .help("write a `[[target]]`"),
        );
    }
    account::unused(file, &used_accounts(&accounts.accounts, &fleets), &accounts, notes);
    let prices = prices::read(file, &places, notes);
    incident::stop_bytes(&incidents, basics.start, (&mut network, &places));
    let model = Model {
        sites: places.sites,
        links: network.links,
        routes: network.routes,
        accounts: accounts.accounts,
        assume,
        clients: clients.clients,
        fleets,
        incidents,
        targets,
        prices,
        left_out: std::mem::take(&mut notes.left_out).into_iter().collect(),
        ..basics.model()
    };
    let precision = precision::read(file, &model, notes);
    Model { precision, ..model }
}

fn something_is_copied(file: &File, notes: &mut Notes<'_>) {
    let lists = file.fleet.is_some() || file.image.is_some() || file.copy.is_some();
    let nothing = !lists && file.request.is_none() && file.requests.is_none();
    if nothing && notes.found.is_empty() {
        notes.wrong(
            Found::new("", 0..0, "nothing is copied")
                .help("write a `[[fleet]]`, an `[[image]]`, a `[[copy]]`, or a `[[request]]`"),
        );
    }
}

/// Most copies of one run: what still ends within a day on one machine.
const COPIES_MAX: f64 = 50_000_000.0;

/// Refuses runs without an end.
fn not_too_many(basics: &Basics, fleets: &[Fleet], notes: &mut Notes<'_>) {
    let copies = |fleet: &Fleet| {
        let times = basics.horizon.secs() / 3600.0 * fleet.schedule.times_an_hour();
        count(fleet.items.count()) * count(fleet.copies.len()) * times.max(1.0)
    };
    let total: f64 = fleets.iter().map(copies).sum();
    if COPIES_MAX < total {
        let message = format!(
            "about {} copies are due in a run; at most {} are simulated",
            thousands(total, 0),
            thousands(COPIES_MAX, 0)
        );
        let help = "shorten the horizon, or write fewer volumes or destinations";
        notes.wrong(Found::new("scenario.horizon", 0..0, message).help(help));
    }
}

/// Which accounts own something.
fn used_accounts(accounts: &[Account], fleets: &[Fleet]) -> Vec<bool> {
    let mut used = vec![false; accounts.len()];
    for fleet in fleets {
        used[fleet.account] = true;
        for account in fleet.copies.iter().flat_map(|rule| &rule.accounts) {
            used[*account] = true;
        }
    }
    used
}

/// Fleets, images, and single copies share one set of names: draws and targets go by them.
fn names_are_unique(file: &File, notes: &mut Notes<'_>) {
    let fleets = file.fleet.iter().flatten().map(|fleet| ("fleet", &fleet.value.name));
    let images = file.image.iter().flatten().map(|image| ("image", &image.value.name));
    let copies = file.copy.iter().flatten().map(|copy| ("copy", &copy.value.name));
    let mut seen = BTreeSet::new();
    for (kind, name) in fleets.chain(images).chain(copies) {
        let Some(name) = name else { continue };
        if !seen.insert(name.value.as_str()) {
            let message = format!("the name `{}` is taken already", name.value);
            notes.wrong(
                Found::new(format!("{kind}.{}.name", name.value), name.span.clone(), message)
                    .help("fleets, images, and copies share one set of names"),
            );
        }
    }
}
