//! Clients: who asks for copies.

use std::collections::BTreeMap;

use super::Notes;
use super::place::element;
use crate::model::{AfterTimeout, Client, ClientPolicy, Fleet, Orchestrator, QueueOrder, Waiter};
use crate::scenario::file::{self, Among, File, Groups, Policy};
use crate::scenario::problem::{did_you_mean, listed};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::Span;

/// Name of the client of requests that name none.
const ASKS_ONCE: &str = "asks once";

/// The clients of a scenario: those that it names, then one for each fleet that names none.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the other fields tell what clients are called")]
pub(super) struct Clients {
    /// The clients.
    pub(super) clients: Vec<Client>,
    named: BTreeMap<String, usize>,
    groups: Groups,
}

impl Clients {
    /// The client that a copy rule names, or else the fleet's own.
    pub(super) fn find(
        &mut self,
        key: &str,
        written: Option<&At<String>>,
        fleet: &At<String>,
        notes: &mut Notes<'_>,
    ) -> usize {
        if let Some(at) = written {
            if let Some(idx) = self.named.get(&at.value) {
                return *idx;
            }
            if let Some(one) = Orchestrator::named(&at.value) {
                return self.undeclared(&format!("{key}.client"), at, one, notes);
            }
            notes.wrong(self.unknown(key, at));
        }
        let default = Client::default_of(&fleet.value);
        if let Some(idx) = self.clients.iter().position(|client| client.name == default.name) {
            if self.named.contains_key(&default.name) {
                let message =
                    format!("there is a client `{0}` that `{0}` does not name", fleet.value);
                notes.wrong(
                    Found::new(key, fleet.span.clone(), message).help(format!(
                        "write `client = \"{}\"`, or rename one of them",
                        fleet.value
                    )),
                );
            }
            return idx;
        }
        self.clients.push(default);
        self.clients.len() - 1
    }

    /// The client of requests that name none: it asks once, and takes the answer.
    pub(super) fn asks_once(&mut self) -> usize {
        if let Some(known) = self.clients.iter().position(|client| client.name == ASKS_ONCE) {
            return known;
        }
        self.clients.push(Client {
            policy: ClientPolicy::GiveUp,
            max_attempts: Some(1),
            ..Client::default_of(ASKS_ONCE)
        });
        self.clients.len() - 1
    }

    /// What to say of a name that is no client's.
    fn unknown(&self, key: &str, at: &At<String>) -> Found {
        let orchestrators = Orchestrator::ALL.map(Orchestrator::name);
        let names = self.named.keys().map(String::as_str).chain(orchestrators);
        let (message, help) = match self.groups.members(Among::Clients, &at.value) {
            Some(several) => (
                format!("`{}` stands for several clients", at.value),
                format!("name one: {}", listed(several.iter().map(String::as_str), "or")),
            ),
            None => (
                format!("there is no client `{}`", at.value),
                did_you_mean(&at.value, names).unwrap_or_else(|| {
                    format!("declare it: `[[client]]` with name = \"{}\"", at.value)
                }),
            ),
        };
        Found::new(format!("{key}.client"), at.span.clone(), message).help(help)
    }

    /// The one client of an orchestrator that copy rules name and nobody declares.
    fn undeclared(
        &mut self,
        key: &str,
        at: &At<String>,
        one: Orchestrator,
        notes: &mut Notes<'_>,
    ) -> usize {
        if self.clients.iter().any(|client| client.name == one.name()) {
            let message = format!("what is called `{0}` has a client `{0}` of its own", one.name());
            let found = Found::new(key, at.span.clone(), message);
            notes.wrong(found.help("give it a name that is no orchestrator's"));
        }
        self.named.insert(one.name().to_owned(), self.clients.len());
        self.clients.push(one.client(one.name()));
        self.clients.len() - 1
    }

    /// The orchestrator behind a name that a copy rule writes.
    pub(super) fn orchestrator(&self, name: &str) -> Option<Orchestrator> {
        match self.named.get(name) {
            Some(idx) => self.clients[*idx].orchestrator,
            None => Orchestrator::named(name),
        }
    }
}

/// Reads the clients that the scenario names.
pub(super) fn read(file: &File, notes: &mut Notes<'_>) -> Clients {
    let mut clients = Clients { groups: file.groups.clone(), ..Clients::default() };
    for (at, written) in file.client.iter().flatten().enumerate() {
        let Some(name) = &written.value.name else { continue };
        let key = element("client", at, Some(name));
        if clients.named.contains_key(&name.value) {
            let message = format!("there is a client `{}` already", name.value);
            notes.wrong(Found::new(format!("{key}.name"), name.span.clone(), message));
            continue;
        }
        let client = client(&key, name, &written.value, notes);
        clients.named.insert(name.value.clone(), clients.clients.len());
        clients.clients.push(client);
    }
    clients
}

fn client(key: &str, name: &At<String>, written: &file::Client, notes: &mut Notes<'_>) -> Client {
    let orchestrator = written.orchestrator.as_ref().map(|at| at.value);
    name_is_its_own(key, name, orchestrator, notes);
    let default = match orchestrator {
        Some(one) => one.client(&name.value),
        None => Client::default_of(&name.value),
    };
    let policy = policy(key, written, &default.policy, notes);
    let backoff = written.backoff.as_ref();
    let of = |pick: fn(&file::Backoff) -> Option<&At<Span>>, default: Span| {
        backoff.and_then(|at| pick(&at.value)).map_or(default, |at| at.value)
    };
    let (waiter, image_waiter) = waiters(key, written, &default, notes);
    let made = Client {
        policy,
        backoff_first: of(|backoff| backoff.first.as_ref(), default.backoff_first),
        backoff_factor: backoff
            .and_then(|at| at.value.factor.as_ref())
            .map_or(default.backoff_factor, |at| at.value),
        backoff_max: of(|backoff| backoff.max.as_ref(), default.backoff_max),
        jitter: backoff
            .and_then(|at| at.value.jitter.as_ref())
            .map_or(default.jitter, |at| at.value),
        max_attempts: written.max_attempts.as_ref().map(|at| at.value).or(default.max_attempts),
        on_quota_short: written
            .on_quota_short
            .as_ref()
            .map_or(default.on_quota_short, |at| at.value),
        overlap: written.overlap.as_ref().map_or(default.overlap, |at| at.value),
        max_waiting: written.max_waiting.as_ref().map_or(default.max_waiting, |at| at.value),
        waiter,
        image_waiter,
        max_copies: written.max_copies.as_ref().map(|at| at.value).or(default.max_copies),
        ..default
    };
    if let Some(at) = backoff {
        backoff_is_sane(key, at, &made, notes);
    }
    made
}

/// A client that is called like an orchestrator has its manners, or else is another one by mistake.
fn name_is_its_own(
    key: &str,
    name: &At<String>,
    orchestrator: Option<Orchestrator>,
    notes: &mut Notes<'_>,
) {
    let Some(namesake) = Orchestrator::named(&name.value) else { return };
    if orchestrator == Some(namesake) {
        return;
    }
    let message = "this client is called like an orchestrator, and has none of its manners";
    let help = format!("write `orchestrator = \"{}\"` beside it, or rename it", name.value);
    notes.warn(Found::new(format!("{key}.name"), name.span.clone(), message).help(help));
}

/// What it does where the API refuses.
fn policy(
    key: &str,
    written: &file::Client,
    default: &ClientPolicy,
    notes: &mut Notes<'_>,
) -> ClientPolicy {
    let chosen = written.policy.as_ref().map_or_else(
        || match default {
            ClientPolicy::GiveUp => Policy::GiveUp,
            ClientPolicy::Retry => Policy::Retry,
            ClientPolicy::Queue { .. } => Policy::Queue,
        },
        |at| at.value,
    );
    let queue_only = [
        ("order", written.order.as_ref().map(|at| at.span.clone())),
        ("limit", written.limit.as_ref().map(|at| at.span.clone())),
    ];
    for (part, span) in queue_only {
        if let Some(span) = span.filter(|_| chosen != Policy::Queue) {
            let message = "goes with `policy = \"queue\"`";
            notes.wrong(Found::new(format!("{key}.{part}"), span, message));
        }
    }
    let (order, limit) = match default {
        ClientPolicy::Queue { order, limit } => (*order, *limit),
        ClientPolicy::GiveUp | ClientPolicy::Retry => (QueueOrder::Fifo, None),
    };
    match chosen {
        Policy::GiveUp => ClientPolicy::GiveUp,
        Policy::Retry => ClientPolicy::Retry,
        Policy::Queue => ClientPolicy::Queue {
            order: written.order.as_ref().map_or(order, |at| at.value),
            limit: written.limit.as_ref().map(|at| at.value).or(limit),
        },
    }
}

/// How long it waits for a snapshot copy and for an image, and what it does then. What is written
/// holds for both.
fn waiters(
    key: &str,
    written: &file::Client,
    default: &Client,
    notes: &mut Notes<'_>,
) -> (Option<Waiter>, Option<Waiter>) {
    let then = written.on_timeout.as_ref();
    if let Some(at) = written.timeout.as_ref().filter(|at| at.value < Span::from_secs(1)) {
        let message = "must be at least 1 s";
        notes.wrong(Found::new(format!("{key}.timeout"), at.span.clone(), message));
    }
    let timeout = written.timeout.as_ref().map(|at| at.value);
    let waiter = |default: Option<Waiter>| {
        let timeout = timeout.or(default.map(|waiter| waiter.timeout))?;
        let own = default.map_or(AfterTimeout::GiveUp, |waiter| waiter.then);
        Some(Waiter { timeout, then: then.map_or(own, |at| at.value) })
    };
    let both = (waiter(default.waiter), waiter(default.image_waiter));
    if let (Some(then), (None, None)) = (then, both) {
        let message = "goes with a `timeout`";
        notes.wrong(Found::new(format!("{key}.on_timeout"), then.span.clone(), message));
    }
    both
}

fn backoff_is_sane(key: &str, at: &At<file::Backoff>, made: &Client, notes: &mut Notes<'_>) {
    let least = Span::from_secs(1);
    let message = if made.backoff_first < least {
        "the first back-off must be at least 1 s"
    } else if made.backoff_max < made.backoff_first {
        "the longest back-off is shorter than the first"
    } else {
        return;
    };
    notes.wrong(Found::new(format!("{key}.backoff"), at.span.clone(), message));
}

/// Whether an axis of the sweep names clients: then others ask at other points.
fn varies_clients(file: &File) -> bool {
    let keys = file.axis.iter().flatten().filter_map(|axis| axis.value.key.as_ref());
    keys.into_iter().any(|key| key.value.ends_with(".client"))
}

/// Warns of named clients that nobody asks through, and takes them out.
pub(super) fn unused(
    file: &File,
    clients: &mut Clients,
    fleets: &mut [Fleet],
    notes: &mut Notes<'_>,
) {
    let mut used = vec![false; clients.clients.len()];
    for rule in fleets.iter().flat_map(|fleet| &fleet.copies) {
        used[rule.client] = true;
    }
    for (at, written) in file.client.iter().flatten().enumerate() {
        let Some(name) = &written.value.name else { continue };
        let idle = clients.named.get(&name.value).is_some_and(|idx| !used[*idx]);
        if idle && notes.found.is_empty() && !varies_clients(file) {
            let key = element("client", at, Some(name));
            notes.warn(Found::new(key, name.span.clone(), "no copy is asked for by this client"));
        }
    }
    let mut place = 0;
    let moved: Vec<usize> = used
        .iter()
        .map(|used| {
            let here = place;
            place += usize::from(*used);
            here
        })
        .collect();
    for rule in fleets.iter_mut().flat_map(|fleet| &mut fleet.copies) {
        rule.client = moved[rule.client];
    }
    let mut kept = used.into_iter();
    clients.clients.retain(|_| kept.next().unwrap_or(false));
}
