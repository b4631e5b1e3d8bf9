//! Flow-level scenarios: links and a CSV of flows, nothing else.

use std::collections::BTreeMap;

use super::{Basics, Notes, network};
use crate::model::{FlowLevel, FlowSpec, Model};
use crate::scenario::file::{File, Flows};
use crate::scenario::problem::did_you_mean;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Bytes, Rate, Span};

/// Most flows of one scenario.
const FLOWS_MAX: usize = 10_000_000;

/// Columns of the file, in this order.
const COLUMNS: [&str; 5] = ["id", "arrival_s", "bytes", "path", "cap_bytes_per_s"];

/// The model of a flow-level scenario.
pub(super) fn model(
    file: &File,
    flows: &At<Flows>,
    basics: Basics,
    notes: &mut Notes<'_>,
) -> Option<Model> {
    nothing_else(file, notes);
    let assume = super::assume::read(file, notes)?;
    let places = super::place::Places::default();
    let links = network::read(file, &basics, &assume, &places, notes).links;
    let path = flows.value.file.as_ref()?;
    let bytes = notes.read("flows.file", &path.value, path.span.clone())?;
    let names: BTreeMap<&str, usize> =
        links.iter().enumerate().map(|(idx, link)| (link.name.as_str(), idx)).collect();
    let flows = read_flows(&path.value, &bytes, &names, notes)?;
    Some(Model { assume, flow_level: Some(FlowLevel { links, flows }), ..basics.model() })
}

fn nothing_else(file: &File, notes: &mut Notes<'_>) {
    let others = [
        ("fleet", file.fleet.as_ref().and_then(|list| list.first()).map(|at| at.span.clone())),
        ("image", file.image.as_ref().and_then(|list| list.first()).map(|at| at.span.clone())),
        ("copy", file.copy.as_ref().and_then(|list| list.first()).map(|at| at.span.clone())),
        ("target", file.target.as_ref().and_then(|list| list.first()).map(|at| at.span.clone())),
        ("outpost", file.outpost.as_ref().and_then(|list| list.first()).map(|at| at.span.clone())),
        (
            "local_zone",
            file.local_zone.as_ref().and_then(|list| list.first()).map(|at| at.span.clone()),
        ),
        ("precision", file.precision.as_ref().map(|at| at.span.clone())),
    ];
    for (key, span) in others {
        if let Some(span) = span {
            let message = "a scenario with `[flows]` has links and flows alone";
            notes.wrong(Found::new(key, span, message));
        }
    }
}

fn read_flows(
    file: &str,
    bytes: &[u8],
    links: &BTreeMap<&str, usize>,
    notes: &mut Notes<'_>,
) -> Option<Vec<FlowSpec>> {
    let before = notes.input_problems.len();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    match reader.headers() {
        Ok(headers) if headers.iter().map(str::trim).eq(COLUMNS) => {}
        Ok(_) => {
            let message = format!("the first line must read `{}`", COLUMNS.join(","));
            notes.input("flows.file", file, (Some(1), None), message);
            return None;
        }
        Err(error) => {
            notes.input("flows.file", file, (Some(1), None), error.to_string());
            return None;
        }
    }
    let mut flows = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in reader.records() {
        let (line, flow) = match row {
            Ok(row) => (row.position().map_or(0, csv::Position::line), flow(&row, links)),
            Err(error) => (error.position().map_or(0, csv::Position::line), Err(error.to_string())),
        };
        let first = flow.as_ref().ok().and_then(|flow| seen.insert(flow.id.clone(), line));
        match (flow, first) {
            (Ok(flow), Some(first)) => {
                let message = format!("the id `{}` stands in line {first} already", flow.id);
                notes.input("flows.file", file, (Some(line), None), message);
            }
            (Ok(flow), None) => flows.push(flow),
            (Err(message), _) => notes.input("flows.file", file, (Some(line), None), message),
        }
        if FLOWS_MAX < flows.len() || PROBLEMS_MAX < notes.input_problems.len() - before {
            let message = "the rest of the file is not read".to_owned();
            notes.input("flows.file", file, (Some(line), None), message);
            return None;
        }
    }
    (before == notes.input_problems.len()).then_some(flows)
}

/// Most broken rows that are told.
const PROBLEMS_MAX: usize = 50;

fn flow(row: &csv::StringRecord, links: &BTreeMap<&str, usize>) -> Result<FlowSpec, String> {
    if row.len() != COLUMNS.len() {
        return Err(format!("{} fields stand here, where {} belong", row.len(), COLUMNS.len()));
    }
    let cell = |at: usize| row.get(at).unwrap_or("").trim();
    let wrong = |at: usize, what: &str| format!("{}: `{}` is no {what}", COLUMNS[at], cell(at));
    if cell(0).is_empty() {
        return Err("id: a flow has a name".to_owned());
    }
    let seconds = format!("{} s", cell(1));
    let arrival: Span = seconds.parse().map_err(|_| wrong(1, "number of seconds"))?;
    let bytes: u64 = cell(2).parse().map_err(|_| wrong(2, "whole number of bytes"))?;
    let mut path = Vec::new();
    for name in cell(3).split(';').map(str::trim).filter(|name| !name.is_empty()) {
        let Some(idx) = links.get(name) else {
            let near = did_you_mean(name, links.keys().copied());
            let help = near.map_or_else(String::new, |near| format!(" ({near})"));
            return Err(format!("path: there is no link `{name}`{help}"));
        };
        if path.contains(idx) {
            return Err(format!("path: the link `{name}` stands twice"));
        }
        path.push(*idx);
    }
    let cap = match cell(4) {
        "" if path.is_empty() => {
            return Err("path: without links and without a cap, nothing limits the flow".to_owned());
        }
        "" => Rate::INFINITE,
        text => {
            let number = crate::units::parse_number(text)
                .map_err(|_| wrong(4, "number of bytes per second"))?;
            if number == 0.0 {
                return Err("cap_bytes_per_s: a flow with cap 0 never ends".to_owned());
            }
            Rate::new(number)
        }
    };
    Ok(FlowSpec { id: cell(0).to_owned(), arrival, bytes: Bytes::new(bytes), path, cap })
}
