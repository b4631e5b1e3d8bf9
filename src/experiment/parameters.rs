//! The ledger: every parameter in force, and whether it is documented, observed, given by the
//! scenario, or assumed.
//!
//! Of a sweep it has the first point, and a row for each axis.

mod defaults;
mod limits;

use super::Study;
use super::summary::PointSummary;
use crate::billing;
use crate::catalog::{Cause, fact};
use crate::model::{Model, Range, Switch};
use crate::plan::Plan;
use crate::record::measure::CAUSES;
use crate::scenario::Given;

/// When the facts of `docs/model.md` were read.
const READ: &str = "2026-11";

/// The source of what the scenario says.
const SCENARIO: &str = "scenario";

/// The source of a default of the format.
const ASSUMPTIONS: &str = "docs/model.md, Assumptions";

/// Most characters of a value: a fleet that lists its volumes one by one is told in part.
const VALUE_MAX: usize = 2000;

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Parameter {
    /// What it is about.
    pub(super) group: &'static str,
    /// What it is called.
    pub(super) name: String,
    /// How a scenario sets it; empty where it cannot.
    pub(super) key: String,
    /// The value in force, with its unit.
    pub(super) value: String,
    /// The value where the scenario is silent; empty where there is none.
    pub(super) default: String,
    /// `given`, `documented`, `observed`, or `assumed`.
    pub(super) origin: &'static str,
    /// Where it stands.
    pub(super) source: String,
    /// When that was read.
    pub(super) date: &'static str,
    /// What it decides.
    pub(super) about: String,
    /// Between what it may lie, if it is assumed.
    pub(super) range: Option<Range>,
    /// Whether it bore on any copy, where that is known.
    pub(super) touched: Option<bool>,
}

/// What the ledger is made of.
struct Book<'a> {
    plan: &'a Plan,
    model: &'a Model,
    points: &'a [PointSummary],
}

/// All parameters of a study, of which these are the points.
pub(super) fn of(study: &Study<'_>, points: &[PointSummary]) -> Vec<Parameter> {
    let plan = study.plan;
    let book = Book { plan, model: &plan.points[0].model, points };
    let mut rows = defaults::scenario(&book);
    rows.extend(axes(plan));
    rows.extend(given(plan, "target"));
    for (list, group) in
        [("fleet", "fleet"), ("image", "fleet"), ("copy", "fleet"), ("request", "fleet")]
    {
        rows.extend(given(plan, list).into_iter().map(|row| Parameter { group, ..row }));
    }
    rows.extend(defaults::fleets(&book));
    rows.extend(given(plan, "client"));
    rows.extend(defaults::clients(&book));
    for list in ["link", "local_zone", "outpost"] {
        let group = "link";
        rows.extend(given(plan, list).into_iter().map(|row| Parameter { group, ..row }));
    }
    rows.extend(defaults::links(&book));
    rows.extend(given(plan, "account"));
    rows.extend(given(plan, "incident"));
    if book.model.flow_level.is_none() {
        rows.extend(limits::of(&book));
        rows.extend(prices(book.model));
        rows.extend(switches(&book));
    }
    rows
}

impl Book<'_> {
    /// What the scenario says of a key, if it says it.
    fn given(&self, key: &str) -> Option<&Given> {
        self.plan.given.iter().find(|given| given.key == key)
    }

    /// Whether copies spent any time on a cause, in the middle of the runs or in the worst.
    fn took_time(&self, cause: Cause) -> bool {
        let measure = CAUSES[cause as usize];
        let spent = |point: &PointSummary| {
            let rows = point.measures.iter().filter(|row| row.measure.name == measure.name);
            rows.flat_map(|row| row.quantiles).any(|value| value.is_some_and(|value| 0.0 < value))
        };
        self.points.iter().any(spent)
    }
}

/// A value, or as much of it as a cell takes.
fn shortened(text: &str) -> String {
    let n = text.chars().count();
    if n <= VALUE_MAX {
        return text.to_owned();
    }
    let begin: String = text.chars().take(VALUE_MAX).collect();
    format!("{begin} … ({n} characters)")
}

/// The facts of a text such as `F28, F29`, each with the page that says it, or is silent.
fn pages(marks: &str) -> String {
    let mut pages: Vec<&str> = Vec::new();
    for fact in fact::named(marks) {
        for (_, page) in fact.sources {
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
    }
    if pages.is_empty() { marks.to_owned() } else { format!("{marks}: {}", pages.join(" ")) }
}

/// The elements of a list that the scenario gives, in its order, as other tables have them.
fn given(plan: &Plan, list: &'static str) -> Vec<Parameter> {
    let is_of = |given: &&Given| {
        let rest = given.key.strip_prefix(list);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let row = |given: &Given| {
        let name = given.key[list.len()..].trim_start_matches('.');
        let name = if name.is_empty() { list } else { name };
        Parameter {
            group: list,
            name: name.to_owned(),
            key: given.key.clone(),
            value: shortened(&given.text),
            origin: "given",
            source: SCENARIO.to_owned(),
            about: about(list).to_owned(),
            ..Parameter::default()
        }
    };
    plan.given.iter().filter(is_of).map(row).collect()
}

/// What an element of a list decides.
fn about(list: &str) -> &'static str {
    match list {
        "target" => "what is promised",
        "fleet" => "volumes, when they are snapshot, and where copies go",
        "image" => "images, when they are released, and where copies go",
        "copy" => "a single copy",
        "request" => "requests in the API's own words",
        "client" => "who asks for copies, and what it does where the answer is no",
        "link" => "a link with a capacity",
        "local_zone" => "the link of a Local Zone",
        "outpost" => "the service link of an Outpost",
        "account" => "an account with limits of its own",
        "incident" => "what goes wrong, or is changed",
        _ => "",
    }
}

/// What a sweep varies.
fn axes(plan: &Plan) -> Vec<Parameter> {
    let row = |axis: &crate::scenario::Axis| {
        let values: Vec<&str> = axis.values.iter().map(|value| value.label.as_str()).collect();
        Parameter {
            group: "axis",
            name: axis.name.clone(),
            key: axis.keys.join(", "),
            value: shortened(&values.join("; ")),
            origin: "given",
            source: SCENARIO.to_owned(),
            about: "what the sweep varies; rows of these keys have the first point".to_owned(),
            ..Parameter::default()
        }
    };
    plan.axes.iter().map(row).collect()
}

/// The prices that the bill is made of.
fn prices(model: &Model) -> Vec<Parameter> {
    let row = |price: billing::ListPrice| {
        let (key, about) = match price.part {
            billing::Part::Surcharge => ("prices.surcharge", "surcharge, by completion duration"),
            billing::Part::Transfer => ("prices.transfer, prices.pair", "transfer"),
            billing::Part::Storage => ("prices.storage, prices.place", "storage of copies"),
        };
        let origin = match price.standing() {
            "scenario" => "given",
            "documented" => "documented",
            "observed" => "observed",
            _ => "assumed",
        };
        let source = if origin == "given" { SCENARIO } else { price.source };
        Parameter {
            group: "price",
            name: format!("{} {}", price.part.name(), price.of),
            key: key.to_owned(),
            value: format!("{} {}", price.per_gb.to_column(), price.unit()),
            origin,
            source: source.to_owned(),
            date: price.date,
            about: about.to_owned(),
            ..Parameter::default()
        }
    };
    billing::list(model).into_iter().map(row).collect()
}

/// Each switch.
fn switches(book: &Book<'_>) -> Vec<Parameter> {
    let touched = book.points.iter().fold(0, |touched, point| touched | point.touched);
    let row = |(switch, value): &(Switch, String)| {
        let info = switch.info();
        let is_default = super::manifest::is_same(value, info.default);
        Parameter {
            group: "assumption",
            name: info.key.to_owned(),
            key: format!("assume.{}", info.key),
            value: value.clone(),
            default: info.default.to_owned(),
            origin: if is_default { "assumed" } else { "given" },
            source: if is_default { pages(info.facts) } else { SCENARIO.to_owned() },
            date: if is_default { READ } else { "" },
            about: info.about.to_owned(),
            range: switch.range(),
            touched: Some(touched & switch.bit() != 0),
        }
    };
    book.plan.points[0].assumed.iter().map(row).collect()
}

#[cfg(test)]
mod tests;
