//! What an orchestrator cannot say, or does in its own time.
//!
//! Only what is published is refused; the mark behind a message is a row of `docs/model.md`. What
//! nothing says is let through.

use super::Notes;
use super::client::Clients;
use super::copies::{Owner, Yard};
use crate::api::{Action, PlaceOf};
use crate::model::{CopyRule, Orchestrator, Recurrence, Schedule, SiteIdx};
use crate::scenario::file;
use crate::scenario::problem::listed;
use crate::scenario::spelling::{First, Keep};
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either};
use crate::units::Span;

/// Shortest time between two runs of a schedule of DLM (O2) or AWS Backup (O3).
const PERIOD_MIN: Span = Span::from_hours(1);

/// A copy rule, as far as an orchestrator has to say it.
pub(super) struct Order<'a> {
    /// How messages call it: `fleet.databases.copy[0]`.
    pub(super) key: &'a str,
    /// The client that it names.
    pub(super) client: Option<&'a At<String>>,
    /// The completion duration.
    pub(super) duration: Option<&'a At<Span>>,
    /// How the first copy is asked for.
    pub(super) first: Option<&'a At<First>>,
    /// How long the copies are kept.
    pub(super) retain: Option<&'a At<file::Retain>>,
    /// Whether it copies the copies of another rule.
    pub(super) follows: bool,
}

impl<'a> Order<'a> {
    /// The order of a copy rule.
    pub(super) fn of(key: &'a str, rule: &'a file::CopyRule, follows: bool) -> Order<'a> {
        Order {
            key,
            client: rule.client.as_ref(),
            duration: rule.completion_duration.as_ref(),
            first: rule.first_copy.as_ref(),
            retain: rule.retain.as_ref(),
            follows,
        }
    }

    /// The orchestrator that is to carry it out, and where it is named.
    fn taker(&self, clients: &Clients) -> Option<(Orchestrator, &'a At<String>)> {
        let client = self.client?;
        Some((clients.orchestrator(&client.value)?, client))
    }
}

/// Why an orchestrator cannot ask for a completion duration; none where it can.
fn no_duration(one: Orchestrator, images: bool) -> Option<&'static str> {
    match one {
        Orchestrator::Dlm => Some("its CrossRegionCopyRule has no field for one (F157)"),
        Orchestrator::AwsBackup => Some("its copy jobs have no field for one (F158)"),
        Orchestrator::ImageBuilder => Some("its distribution settings have no field for one (O5)"),
        Orchestrator::Terraform if images => {
            Some("its `aws_ami_copy` has no argument for one (O9)")
        }
        Orchestrator::Packer | Orchestrator::Terraform | Orchestrator::Lambda => None,
    }
}

/// Why an orchestrator does not copy snapshots by themselves; none where it does.
fn only_images(one: Orchestrator) -> Option<&'static str> {
    match one {
        Orchestrator::ImageBuilder => Some("it distributes images (O5)"),
        Orchestrator::Packer => Some("it copies the image that it built (O6)"),
        Orchestrator::Dlm
        | Orchestrator::AwsBackup
        | Orchestrator::Terraform
        | Orchestrator::Lambda => None,
    }
}

/// Why an orchestrator does not copy copies; none where nothing speaks against it.
fn only_its_own(one: Orchestrator) -> Option<&'static str> {
    match one {
        Orchestrator::Dlm => Some("it copies what its own policy made (O2)"),
        Orchestrator::Packer => Some("every copy of it comes from where it built (O6)"),
        Orchestrator::AwsBackup
        | Orchestrator::ImageBuilder
        | Orchestrator::Terraform
        | Orchestrator::Lambda => None,
    }
}

/// What an orchestrator can name as a destination.
struct Reach {
    outposts: bool,
    edges: bool,
    fact: &'static str,
}

fn reach(one: Orchestrator, images: bool) -> Reach {
    let (outposts, edges, fact) = match one {
        Orchestrator::Dlm => (true, false, "F122, F157"),
        Orchestrator::AwsBackup => (false, false, "its vaults are in Regions, F158"),
        Orchestrator::ImageBuilder => (false, false, "O5"),
        Orchestrator::Packer => (false, false, "O6"),
        Orchestrator::Terraform => (images, false, "O9"),
        Orchestrator::Lambda => (true, true, ""),
    };
    Reach { outposts, edges, fact }
}

/// Destinations that one schedule of an orchestrator can have, and the fact.
fn most_destinations(one: Orchestrator) -> Option<(usize, &'static str)> {
    match one {
        Orchestrator::Dlm => Some((3, "O2")),
        Orchestrator::AwsBackup => Some((5, "O3")),
        Orchestrator::ImageBuilder
        | Orchestrator::Packer
        | Orchestrator::Terraform
        | Orchestrator::Lambda => None,
    }
}

/// Who else could: those without a reason against it, and anybody's own client.
fn others(can: impl Fn(Orchestrator) -> bool) -> String {
    let names: Vec<String> = Orchestrator::ALL
        .into_iter()
        .filter(|one| can(*one))
        .map(|one| format!("`{}`", one.name()))
        .collect();
    let own = "a client of your own";
    listed(names.iter().map(String::as_str).chain([own]), "or")
}

impl Yard<'_> {
    /// Refuses what the orchestrator of a rule cannot say, wherever the copies go.
    pub(super) fn can_be_said(&self, owner: &Owner<'_>, order: &Order<'_>, notes: &mut Notes<'_>) {
        let Some((one, client)) = order.taker(self.clients) else { return };
        let images = owner.action == Action::CopyImage;
        let mut refuse =
            |word: &str, span: &std::ops::Range<usize>, message: String, help: String| {
                let key = format!("{}.{word}", order.key);
                notes.wrong(Found::new(key, span.clone(), message).help(help));
            };
        let name = one.name();
        if let Some(why) = only_images(one).filter(|_| !images) {
            let help = format!("by {}", others(|other| only_images(other).is_none()));
            refuse("client", &client.span, format!("`{name}` copies no snapshots: {why}"), help);
            return;
        }
        if let Some(why) = only_its_own(one).filter(|_| order.follows) {
            let can =
                |other| only_its_own(other).is_none() && (images || only_images(other).is_none());
            let help = format!("by {}", others(can));
            refuse("client", &client.span, format!("`{name}` copies no copies: {why}"), help);
        }
        if one == Orchestrator::Dlm && !self.places.place_of(owner.from).is_region() {
            let message = format!(
                "`{name}` copies nothing that was made in a Local Zone: `{}` is one (O2)",
                self.places.place_of(owner.from).name()
            );
            let help = format!("by {}", others(|other| other == Orchestrator::Lambda));
            refuse("client", &client.span, message, help);
        }
        if let Some(why) = no_duration(one, images) {
            let within = order.first.filter(|first| matches!(first.value, First::Within(_)));
            let asked = [
                ("completion_duration", order.duration.map(|at| &at.span)),
                ("first_copy", within.map(|at| &at.span)),
            ];
            for (word, span) in asked {
                let Some(span) = span else { continue };
                let can = |other| {
                    no_duration(other, images).is_none() && (images || only_images(other).is_none())
                };
                let help = format!("leave it out, or copy by {}", others(can));
                let message = format!("`{name}` cannot ask for a completion duration: {why}");
                refuse(word, span, message, help);
            }
        }
        if let Some((span, message)) = order.retain.and_then(|at| bad_retention(one, at)) {
            let help = "write an age in whole days, such as `retain = \"14 days\"`, or `forever`";
            refuse("retain", &span, message, help.to_owned());
        }
    }

    /// Refuses a destination that the orchestrator of a rule cannot name.
    pub(super) fn can_be_named(
        &self,
        owner: &Owner<'_>,
        order: &Order<'_>,
        to: &At<SiteIdx>,
        notes: &mut Notes<'_>,
    ) {
        let Some((one, _)) = order.taker(self.clients) else { return };
        let goal = self.places.place_of(to.value);
        let reach = reach(one, owner.action == Action::CopyImage);
        let kind = match goal {
            PlaceOf::Region { .. } => return,
            PlaceOf::Outpost { .. } if reach.outposts => return,
            PlaceOf::LocalZone { .. } if reach.edges => return,
            PlaceOf::Outpost { .. } => "an Outpost",
            PlaceOf::LocalZone { .. } => "a Local Zone",
        };
        let kinds = if reach.outposts { "Regions and Outposts" } else { "Regions" };
        let message = format!(
            "`{}` copies to {kinds}, and `{}` is {kind} ({})",
            one.name(),
            goal.name(),
            reach.fact
        );
        let help = format!(
            "copy to `{}`, and from there by `{}` or a client of your own",
            goal.region(),
            Orchestrator::Lambda.name()
        );
        notes.wrong(Found::new(format!("{}.to", order.key), to.span.clone(), message).help(help));
    }

    /// Refuses more destinations than one schedule of an orchestrator can have.
    pub(super) fn can_be_counted(
        &self,
        owner: &Owner<'_>,
        rules: &[CopyRule],
        written: &At<Vec<At<file::CopyRule>>>,
        notes: &mut Notes<'_>,
    ) {
        for one in Orchestrator::ALL {
            let Some((most, fact)) = most_destinations(one) else { continue };
            let of = |rule: &&CopyRule| {
                self.clients.clients[rule.client].orchestrator == Some(one) && rule.parent.is_none()
            };
            let n = rules.iter().filter(of).count();
            if n <= most {
                continue;
            }
            let message = format!(
                "a schedule of `{}` copies to {most} destinations at most ({fact}); these are {n}",
                one.name()
            );
            let help =
                "let another client copy to the others, or copy on from one of these by `then`";
            let key = format!("{}.copy", owner.key);
            notes.wrong(Found::new(key, written.span.clone(), message).help(help));
        }
    }
}

/// What is wrong with a retention, where an orchestrator keeps copies for whole days.
fn bad_retention(
    one: Orchestrator,
    at: &At<file::Retain>,
) -> Option<(std::ops::Range<usize>, String)> {
    let fact = match one {
        Orchestrator::Dlm => "F157",
        Orchestrator::AwsBackup => "O4",
        Orchestrator::ImageBuilder
        | Orchestrator::Packer
        | Orchestrator::Terraform
        | Orchestrator::Lambda => return None,
    };
    let day = Span::from_days(1);
    let what = match &at.value {
        Either::Plain(Keep::Forever) => return None,
        Either::Plain(Keep::For(age)) if day.times(age.whole(day)) == *age => return None,
        Either::Plain(Keep::For(_)) => "an age in hours",
        Either::Compound(_) => "a count",
    };
    let message =
        format!("`{}` keeps copies for a number of days, not by {what} ({fact})", one.name());
    Some((at.span.clone(), message))
}

/// The schedule of a fleet, as the orchestrator that carries it out keeps it: where the scenario
/// names no start window, it begins within the orchestrator's own, or within the time between two
/// due instants where that is shorter, and without jitter besides.
pub(super) fn keeps_time(
    key: &str,
    (made, written): (Schedule, &At<file::Schedule>),
    copies: Option<&At<Vec<At<file::CopyRule>>>>,
    clients: &Clients,
    notes: &mut Notes<'_>,
) -> Schedule {
    let Some(one) = scheduler(key, copies, clients, notes) else { return made };
    let Some(window) = one.start_window() else { return made };
    if let (Recurrence::Every { period }, Some(at)) = (&made.recurrence, &written.value.every)
        && *period < PERIOD_MIN
    {
        let message =
            format!("`{}` runs a schedule every {PERIOD_MIN} at most (O2, O3)", one.name());
        notes.wrong(
            Found::new(format!("{key}.every"), at.span.clone(), message)
                .help("copy snapshots that you make more often by a client of your own"),
        );
    }
    let exist = written.value.existing.as_ref().is_some_and(|at| at.value);
    if written.value.window.is_some() || exist {
        return made;
    }
    let once = matches!(made.recurrence, Recurrence::Once { .. });
    let window = if once { window } else { window.min(made.interval()) };
    let jitter = if written.value.jitter.is_some() { made.jitter } else { Span::ZERO };
    Schedule { window, jitter, ..made }
}

/// The orchestrator that makes the snapshots of a fleet, on a schedule of its own.
fn scheduler(
    key: &str,
    copies: Option<&At<Vec<At<file::CopyRule>>>>,
    clients: &Clients,
    notes: &mut Notes<'_>,
) -> Option<Orchestrator> {
    let named = |rule: &At<file::CopyRule>| {
        let one = clients.orchestrator(&rule.value.client.as_ref()?.value)?;
        one.start_window().map(|_| one)
    };
    let copies = copies?;
    let first = copies.value.iter().find_map(named)?;
    if let Some(other) = copies.value.iter().filter_map(named).find(|other| *other != first) {
        let message = format!(
            "`{}` and `{}` each copy what they made themselves (O2, O4), and this is one schedule",
            first.name(),
            other.name()
        );
        notes.wrong(
            Found::new(key, copies.span.clone(), message).help(
                "write a fleet for each of them, or let another client make the other copies",
            ),
        );
    }
    Some(first)
}
