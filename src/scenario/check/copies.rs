//! Copy rules: where the copies of a fleet go, whether the provider allows it, who asks.

use super::client::Clients;
use super::network::Network;
use super::place::Places;
use super::{Basics, Notes};
use crate::api::{self, Action};
use crate::model::{CopyRule, Retention, SiteIdx};
use crate::scenario::file;
use crate::scenario::spelling::Keep;
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either};
use crate::units::Span;

/// A destination and a duration, as the scenario asks for them.
pub(super) struct Asked<'a> {
    /// The rule that asks.
    pub(super) key: &'a str,
    /// The destination.
    pub(super) to: At<SiteIdx>,
    /// The completion duration; none for a standard copy.
    pub(super) duration: Option<&'a At<Span>>,
}

/// What fleets, images, and single copies are built on.
pub(super) struct Yard<'a> {
    /// Times and defaults.
    pub(super) basics: &'a Basics,
    /// Places by name.
    pub(super) places: &'a Places,
    /// Links and routes.
    pub(super) network: &'a mut Network,
    /// Clients.
    pub(super) clients: &'a mut Clients,
}

/// The owner of copy rules.
pub(super) struct Owner<'a> {
    /// How messages call it: `fleet.databases`.
    pub(super) key: &'a str,
    /// Its name.
    pub(super) name: &'a At<String>,
    /// Where its items are.
    pub(super) from: SiteIdx,
    /// What is asked for.
    pub(super) action: Action,
    /// Time between two due instants; zero where there is one.
    pub(super) interval: Span,
}

impl Yard<'_> {
    /// The place of an owner: a Region or a Local Zone, one.
    pub(super) fn location(
        &self,
        key: &str,
        at: &At<String>,
        notes: &mut Notes<'_>,
    ) -> Option<SiteIdx> {
        let site = self.places.one(&at.value);
        if site.is_none() && self.places.knows(&at.value) {
            let message = format!("`{}` stands for several places", at.value);
            notes.wrong(Found::new(key, at.span.clone(), message));
        }
        site
    }

    /// The rules of a fleet, one for each destination.
    pub(super) fn rules(
        &mut self,
        owner: &Owner<'_>,
        written: &At<Vec<At<file::CopyRule>>>,
        notes: &mut Notes<'_>,
    ) -> Vec<CopyRule> {
        let mut rules: Vec<CopyRule> = Vec::new();
        for (at, rule) in written.value.iter().enumerate() {
            let key = format!("{}.copy[{at}]", owner.key);
            let Some(to) = &rule.value.to else { continue };
            let retain = retain(&key, rule.value.retain.as_ref(), owner.interval, notes);
            let client = self.clients.find(&key, rule.value.client.as_ref(), owner.name, notes);
            let first = rules.len();
            for (name, span) in to.all() {
                for site in &self.places.goals(&key, (name, &span), owner.from, notes) {
                    let is_set = self.places.is_set(name);
                    if is_set && rules[first..].iter().any(|known| known.to == *site) {
                        continue; // sets may overlap
                    }
                    if rules.iter().any(|known| known.to == *site) {
                        let name = if is_set { &self.places.sites[site.0].name } else { name };
                        let message = format!("`{name}` is a destination already");
                        notes.wrong(Found::new(format!("{key}.to"), span.clone(), message));
                        continue;
                    }
                    let to = At { value: *site, span: span.clone() };
                    let duration = rule.value.completion_duration.as_ref();
                    self.judge(owner, &Asked { key: &key, to, duration }, notes);
                    rules.push(CopyRule {
                        to: *site,
                        route: self.network.route(owner.from, *site),
                        completion_duration: duration.map(|at| at.value),
                        retain,
                        client,
                        priority: rule.value.priority.as_ref().map_or(0, |at| at.value),
                        delay: Span::ZERO,
                        initial: rule
                            .value
                            .initial
                            .as_ref()
                            .map_or(self.basics.initial, |at| at.value),
                    });
                }
            }
            if to.all().is_empty() {
                let message = "the list of destinations is empty";
                notes.wrong(Found::new(format!("{key}.to"), to.span.clone(), message));
            }
        }
        rules
    }

    /// Asks the judge of routes and durations.
    pub(super) fn judge(&self, owner: &Owner<'_>, asked: &Asked<'_>, notes: &mut Notes<'_>) {
        let Asked { key, to, duration } = asked;
        let (from, goal) = (self.places.place_of(owner.from), self.places.place_of(to.value));
        if let Err(refusal) = api::route(owner.action, from, goal) {
            let message = format!("{} ({})", refusal.message, refusal.rule);
            notes.wrong(Found::new(format!("{key}.to"), to.span.clone(), message));
            return;
        }
        let Some(asked) = duration else { return };
        if let Err(refusal) = api::duration(asked.value, from, goal) {
            let message = format!("{} ({})", refusal.message, refusal.rule);
            let key = format!("{key}.completion_duration");
            let mut found = Found::new(key, asked.span.clone(), message);
            if !goal.is_region() || !from.is_region() {
                found = found.help("leave it out: such copies are standard ones");
            }
            notes.wrong(found);
        }
    }
}

fn retain(
    key: &str,
    written: Option<&At<file::Retain>>,
    interval: Span,
    notes: &mut Notes<'_>,
) -> Retention {
    let Some(at) = written else { return Retention::Forever };
    match &at.value {
        Either::Plain(Keep::Forever) => Retention::Forever,
        Either::Plain(Keep::For(age)) => {
            let key = format!("{key}.retain");
            if *age == Span::ZERO {
                notes.wrong(Found::new(key, at.span.clone(), "must be more than nothing"));
            } else if *age < interval {
                let message = format!("is less than the {interval} between two copies");
                let help = "the base is gone before the next copy, so that every copy is full";
                notes.warn(Found::new(key, at.span.clone(), message).help(help));
            }
            Retention::Age(*age)
        }
        Either::Compound(table) => {
            table.count.as_ref().map_or(Retention::Forever, |count| Retention::Count(count.value))
        }
    }
}
