//! Copy rules: where the copies of a fleet go, whether the provider allows it, who asks.

use super::account::Accounts;
use super::call::Call;
use super::client::Clients;
use super::network::Network;
use super::orchestrator::Order;
use super::place::Places;
use super::{Basics, Notes, spread};
use crate::api::{self, Action, Silent};
use crate::model::{CopyFailures, CopyRule, FirstCopy, Retention, SiteIdx};
use crate::rng::Distribution;
use crate::scenario::file;
use crate::scenario::spelling::{First, Fraction, Keep};
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either};
use crate::units::Span;

/// A destination and a duration, as the scenario asks for them.
pub(super) struct Asked<'a> {
    /// The rule that asks.
    pub(super) key: &'a str,
    /// Where from.
    pub(super) from: SiteIdx,
    /// The destination.
    pub(super) to: At<SiteIdx>,
    /// The completion duration; none for a standard copy.
    pub(super) duration: Option<&'a At<Span>>,
    /// How the first copy is asked for, where it is asked for in another way.
    pub(super) first: Option<&'a At<First>>,
}

/// What fleets, images, and single copies are built on.
pub(super) struct Yard<'a> {
    /// Times and defaults.
    pub(super) basics: &'a Basics,
    /// Places by name.
    pub(super) places: &'a Places,
    /// Links and routes.
    pub(super) network: &'a mut Network,
    /// What requests are judged by.
    pub(super) silent: &'a Silent,
    /// Clients.
    pub(super) clients: &'a mut Clients,
    /// Accounts.
    pub(super) accounts: &'a Accounts,
}

/// One hop of a chain of copies.
struct Hop {
    /// The rule that it follows, or the owner.
    key: String,
    /// The key under which its rules are written.
    word: &'static str,
    /// The rule that it follows, by index.
    parent: Option<usize>,
}

/// The owner of copy rules.
pub(super) struct Owner<'a> {
    /// How messages call it: `fleet.databases`.
    pub(super) key: &'a str,
    /// Its name.
    pub(super) name: &'a At<String>,
    /// Where its items are.
    pub(super) from: SiteIdx,
    /// The account that they belong to.
    pub(super) account: usize,
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

    /// The rules of a fleet, one for each destination, those of a chain after the ones that they
    /// follow.
    pub(super) fn rules(
        &mut self,
        owner: &Owner<'_>,
        written: &At<Vec<At<file::CopyRule>>>,
        notes: &mut Notes<'_>,
    ) -> Vec<CopyRule> {
        let mut rules: Vec<CopyRule> = Vec::new();
        let hop = Hop { key: owner.key.to_owned(), word: "copy", parent: None };
        self.hop(owner, &hop, written, (&mut rules, notes));
        self.can_be_counted(owner, &rules, written, notes);
        rules
    }

    /// The rules of one hop, and of those that follow it.
    fn hop(
        &mut self,
        owner: &Owner<'_>,
        hop: &Hop,
        written: &At<Vec<At<file::CopyRule>>>,
        (rules, notes): (&mut Vec<CopyRule>, &mut Notes<'_>),
    ) {
        for (at, rule) in written.value.iter().enumerate() {
            let key = format!("{}.{}[{at}]", hop.key, hop.word);
            let Some(to) = &rule.value.to else { continue };
            if to.all().is_empty() {
                let message = "the list of destinations is empty";
                notes.wrong(Found::new(format!("{key}.to"), to.span.clone(), message));
            }
            let draft = self.draft(owner, hop, (&key, rule), (rules, notes));
            let first = rules.len();
            let order = Order::of(&key, &rule.value, hop.parent.is_some());
            self.can_be_said(owner, &order, notes);
            for (name, span) in to.all() {
                for site in self.places.goals(&key, (name, &span), draft.from, notes) {
                    let to = At { value: site, span: span.clone() };
                    if !self.is_new(owner, hop, (&key, name, &to), ((first, &*rules), notes)) {
                        continue;
                    }
                    self.can_be_named(owner, &order, &to, notes);
                    let asked = Asked {
                        key: &key,
                        from: draft.from,
                        to,
                        duration: rule.value.completion_duration.as_ref(),
                        first: rule.value.first_copy.as_ref(),
                    };
                    self.judge(owner, &asked, notes);
                    let route = self.network.route(draft.from, site);
                    rules.push(CopyRule { to: site, route, ..draft.clone() });
                    if let Some(then) = &rule.value.then {
                        let parent = Some(rules.len() - 1);
                        let next = Hop { key: key.clone(), word: "then", parent };
                        self.hop(owner, &next, then, (&mut *rules, &mut *notes));
                    }
                }
            }
        }
    }

    /// What all destinations of a rule have in common.
    fn draft(
        &mut self,
        owner: &Owner<'_>,
        hop: &Hop,
        (key, rule): (&str, &At<file::CopyRule>),
        (rules, notes): (&[CopyRule], &mut Notes<'_>),
    ) -> CopyRule {
        let written = &rule.value;
        let parent = hop.parent.map(|parent| &rules[parent]);
        let (from, source_accounts) = match parent {
            Some(parent) => (parent.to, parent.accounts.clone()),
            None => (owner.from, vec![owner.account]),
        };
        CopyRule {
            parent: hop.parent,
            from,
            to: from,
            route: 0,
            accounts: self.accounts.all(key, written.account.as_ref(), &source_accounts, notes),
            completion_duration: written.completion_duration.as_ref().map(|at| at.value),
            first_copy: first_copy(written.first_copy.as_ref()),
            failures: failures(key, written.failures.as_ref(), notes),
            retain: retain(key, written.retain.as_ref(), owner.interval, notes),
            client: self.clients.find(key, written.client.as_ref(), owner.name, notes),
            priority: written.priority.as_ref().map_or(0, |at| at.value),
            delay: Span::ZERO,
            initial: written.initial.as_ref().map_or(self.basics.initial, |at| at.value),
        }
    }

    /// Whether a destination stands for the first time, and the chain does not come back to where it
    /// was. Sets may overlap within one rule, whose first destination is the rule `first`.
    fn is_new(
        &self,
        owner: &Owner<'_>,
        hop: &Hop,
        (key, name, to): (&str, &str, &At<SiteIdx>),
        ((first, rules), notes): ((usize, &[CopyRule]), &mut Notes<'_>),
    ) -> bool {
        let mut passed = Vec::new();
        let mut at = hop.parent;
        while let Some(rule) = at {
            passed.push(rules[rule].to);
            at = rules[rule].parent;
        }
        passed.push(owner.from);
        let is_set = self.places.is_set(name);
        let name = if is_set { &self.places.sites[to.value.0].name } else { name };
        let message = if hop.parent.is_some() && passed.contains(&to.value) {
            format!("the chain comes back to `{name}`: a copy goes on to places where it was not")
        } else if rules.iter().any(|known| known.to == to.value) {
            if is_set && rules[first..].iter().any(|known| known.to == to.value) {
                return false;
            }
            format!("`{name}` is a destination already")
        } else {
            return true;
        };
        let mut found = Found::new(format!("{key}.to"), to.span.clone(), message);
        if hop.parent.is_none() {
            found = found.help("for copies in two accounts, write two fleets");
        }
        notes.wrong(found);
        false
    }

    /// Puts the requests that a copy rule stands for to the judge.
    pub(super) fn judge(&self, owner: &Owner<'_>, asked: &Asked<'_>, notes: &mut Notes<'_>) {
        let Asked { key, from, to, duration, first } = asked;
        let (from, goal) = (self.places.place_of(*from), self.places.place_of(to.value));
        let plain = Call { action: owner.action, from, to: goal, duration: None };
        let routed = api::route_by(self.silent, owner.action, from, goal);
        if let Err(refusal) = routed.and_then(|()| plain.judge(self.silent)) {
            let message = format!("{} ({})", refusal.message, refusal.rule);
            let mut found = Found::new(format!("{key}.to"), to.span.clone(), message);
            if from.is_region() && !goal.is_region() {
                found = found.help(format!(
                    "in two hops: `{{ to = \"{}\", then = [{{ to = \"{}\" }}] }}`",
                    goal.region(),
                    goal.name()
                ));
            }
            notes.wrong(found);
            return;
        }
        let first = first.and_then(|at| match at.value {
            First::Standard => None,
            First::Within(duration) => Some((duration, at.span.clone())),
        });
        let durations = [
            ("completion_duration", duration.map(|at| (at.value, at.span.clone()))),
            ("first_copy", first),
        ];
        for (word, asked) in durations {
            let Some((asked, span)) = asked else { continue };
            let call = Call { action: owner.action, from, to: goal, duration: Some(asked) };
            // In the words of the scenario first: its durations need not be of whole minutes.
            let judged = api::duration(asked, from, goal).and_then(|()| call.judge(self.silent));
            if let Err(refusal) = judged {
                let message = format!("{} ({})", refusal.message, refusal.rule);
                let mut found = Found::new(format!("{key}.{word}"), span, message);
                if !goal.is_region() || !from.is_region() {
                    found = found.help("leave it out: such copies are standard ones");
                }
                notes.wrong(found);
            }
        }
    }
}

fn first_copy(written: Option<&At<First>>) -> FirstCopy {
    match written.map(|at| at.value) {
        None => FirstCopy::Same,
        Some(First::Standard) => FirstCopy::Standard,
        Some(First::Within(duration)) => FirstCopy::Within(duration),
    }
}

fn failures(
    key: &str,
    written: Option<&At<file::CopyFailures>>,
    notes: &mut Notes<'_>,
) -> Option<CopyFailures> {
    let at = written?;
    let key = format!("{key}.failures");
    let share = at.value.share.as_ref()?;
    if 1.0 <= share.value.0 {
        let message = "every copy fails, so that none ever arrives: less than 100 %";
        notes.wrong(Found::new(format!("{key}.share"), share.span.clone(), message));
    }
    let moment = match &at.value.moment {
        None => Distribution::Uniform { low: 0.0, high: 1.0 },
        Some(moment) => spread::read::<Fraction>(&format!("{key}.moment"), moment, notes)?,
    };
    Some(CopyFailures { share: share.value.0, moment })
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
