//! What else could have been assumed: the models of a point with one assumption another.

use super::{Ask, Plan, values_at};
use crate::model::{Client, Fleet, Jitter, Model, SWITCHES, SwitchInfo};
use crate::scenario::{Axis, Problems, Scenario};
use crate::units::Span;

/// The model of a point with one assumption flipped.
#[derive(Debug, Clone, PartialEq)]
pub struct Flipped {
    /// The assumption: the key of a switch, or of a default of the format.
    pub key: &'static str,
    /// What it decides.
    pub about: &'static str,
    /// What is assumed, as a scenario writes it.
    pub in_force: String,
    /// What it is flipped to, as a scenario writes it.
    pub text: String,
    /// The model.
    pub model: Model,
}

/// The models of a point with one touched switch flipped at a time, as the ledger of switches says.
/// `touched` has the bits of [`crate::model::Switch::bit`].
///
/// A flip that changes nothing in the model, because it is what the scenario assumes, is left out.
///
/// # Errors
/// When the scenario cannot be read with the flip, which a flip of the ledger never causes.
pub fn flips(
    ask: &Ask<'_>,
    plan: &Plan,
    point: usize,
    touched: u64,
) -> Result<Vec<Flipped>, Problems> {
    by_switch(ask, (plan, point), touched, |info| info.flips.to_vec())
}

/// The models of a point with one assumption at a time at every other word that it can be, or at
/// both ends of its range and at its default: touched switches, and the defaults of the format that
/// bear on when copies are asked for.
///
/// # Errors
/// As [`flips`].
pub fn whole_range(
    ask: &Ask<'_>,
    plan: &Plan,
    point: usize,
    touched: u64,
) -> Result<Vec<Flipped>, Problems> {
    let texts = |info: &SwitchInfo| match info.switch.range() {
        Some(range) => vec![range.low, info.default, range.high],
        None => info.alternatives.to_vec(),
    };
    let mut found = by_switch(ask, (plan, point), touched, texts)?;
    let base = &plan.points[point].model;
    found.extend(JITTERS.iter().filter_map(|span| with_jitter(plan, base, *span)));
    found.extend(BACKOFFS.iter().filter_map(|times| with_backoff(plan, base, *times)));
    Ok(found)
}

fn by_switch(
    ask: &Ask<'_>,
    (plan, point): (&Plan, usize),
    touched: u64,
    texts: impl Fn(&SwitchInfo) -> Vec<&'static str>,
) -> Result<Vec<Flipped>, Problems> {
    let base = &plan.points[point];
    let place = values_at(&plan.axes, &base.place);
    let mut flipped = Vec::new();
    for info in SWITCHES.iter().filter(|info| touched & info.switch.bit() != 0) {
        let in_force = base.assumed.iter().find(|(of, _)| *of == info.switch);
        let in_force = in_force.map_or(info.default, |(_, text)| text);
        for text in texts(info) {
            // the last word: what axes set comes before
            let (axis, value) = Axis::single(&format!("assume.{}", info.key), text);
            let place = [place.as_slice(), &[(&axis, &value)]].concat();
            let model = Scenario::at_point(ask.source, ask.inputs, ask.settings, &place)?.model;
            if model != base.model {
                let (key, about) = (info.key, info.about);
                let (in_force, text) = (in_force.to_owned(), text.to_owned());
                flipped.push(Flipped { key, about, in_force, text, model });
            }
        }
    }
    Ok(flipped)
}

/// Jitter of a scheduler that names none.
const JITTER: Span = Span::from_secs(60);

/// Jitters that are tried in its place: none, and five times of it.
const JITTERS: [Span; 2] = [Span::ZERO, Span::from_mins(5)];

/// First and longest back-off that are tried in the place of 30 s and 15 min: that of a program that
/// asks often, and of a job that comes round once an hour.
const BACKOFFS: [(Span, Span); 2] =
    [(Span::from_secs(5), Span::from_mins(1)), (Span::from_mins(5), Span::from_hours(1))];

/// Whether an element of a list of the scenario leaves a key out.
pub fn leaves_out(plan: &Plan, element: &str, key: &str) -> bool {
    let found = plan.given.iter().find(|given| given.key == element);
    found.is_some_and(|given| !given.says(key))
}

/// Whether the snapshots of a fleet are started as a scheduler does that says nothing of jitter.
pub fn starts_by_default(plan: &Plan, fleet: &Fleet) -> bool {
    let is_silent = leaves_out(plan, &format!("fleet.{}", fleet.name), "snapshot.jitter");
    is_silent && fleet.schedule.jitter == JITTER
}

/// The model with another jitter for each fleet whose schedule names none.
fn with_jitter(plan: &Plan, base: &Model, jitter: Span) -> Option<Flipped> {
    let mut model = base.clone();
    for fleet in &mut model.fleets {
        if starts_by_default(plan, fleet) {
            fleet.schedule.jitter = jitter;
        }
    }
    (model != *base).then(|| Flipped {
        key: "snapshot.jitter",
        about: "how much later than due a scheduler starts that names no jitter",
        in_force: JITTER.to_string(),
        text: jitter.to_string(),
        model,
    })
}

/// Whether a client waits between attempts as one does that says nothing of it.
pub fn backs_off_by_default(plan: &Plan, client: &Client) -> bool {
    let named = format!("client.{}", client.name);
    let is_named = plan.given.iter().any(|given| given.key == named);
    let default = Client::default_of("");
    let is_default = (client.backoff_first, client.backoff_max)
        == (default.backoff_first, default.backoff_max)
        && client.jitter == Jitter::Full
        && client.orchestrator.is_none();
    is_default && (!is_named || leaves_out(plan, &named, "backoff"))
}

/// The model with another back-off for each client that names none.
fn with_backoff(plan: &Plan, base: &Model, (first, longest): (Span, Span)) -> Option<Flipped> {
    let told =
        |first: Span, longest: Span| format!("{{ first = \"{first}\", max = \"{longest}\" }}");
    let default = Client::default_of("");
    let mut model = base.clone();
    for client in &mut model.clients {
        if backs_off_by_default(plan, client) {
            (client.backoff_first, client.backoff_max) = (first, longest);
        }
    }
    (model != *base).then(|| Flipped {
        key: "client.backoff",
        about: "how long a client that names no back-off waits before it asks again",
        in_force: told(default.backoff_first, default.backoff_max),
        text: told(first, longest),
        model,
    })
}
