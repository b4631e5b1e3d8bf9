//! What an orchestrator cannot say, or does in its own time.
//!
//! Only what is published is refused; the mark behind a message is a row of `docs/model.md`. What
//! nothing says is let through.

use std::ops::Range;

use super::Notes;
use super::client::Clients;
use super::copies::{Owner, Yard};
use crate::api::{Action, PlaceOf};
use crate::model::{CopyRule, Orchestrator, Recurrence, Schedule, SiteIdx};
use crate::scenario::file;
use crate::scenario::spelling::{First, Keep};
use crate::scenario::tree::Found;
use crate::scenario::value::{At, Either};
use crate::units::Span;

/// Shortest time between two runs of a schedule of DLM (O2) or AWS Backup (O3).
const PERIOD_MIN: Span = Span::from_hours(1);

/// Hours of the 365 days in which a cron expression is counted.
const HOURS_A_YEAR: u64 = 365 * 24;

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

    /// The completion durations that it asks for, by their keys.
    fn durations(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> {
        let within = self.first.filter(|first| matches!(first.value, First::Within(_)));
        let duration = self.duration.map(|at| ("completion_duration", at.span.clone()));
        let first = within.map(|at| ("first_copy", at.span.clone()));
        duration.into_iter().chain(first)
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

/// Whether an orchestrator copies such things.
fn takes(one: Orchestrator, images: bool) -> bool {
    images || only_images(one).is_none()
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

/// Who else could: those that nothing speaks against, and anybody's own client.
fn others(can: impl Fn(Orchestrator) -> bool) -> String {
    let names: Vec<String> = Orchestrator::ALL
        .into_iter()
        .filter(|one| can(*one))
        .map(|one| format!("`{}`", one.name()))
        .collect();
    let comma = if names.len() == 1 { "" } else { "," };
    format!("copy by {}{comma} or a client of your own", names.join(", "))
}

impl Yard<'_> {
    /// Refuses what the orchestrator of a rule cannot say, wherever the copies go.
    pub(super) fn can_be_said(&self, owner: &Owner<'_>, order: &Order<'_>, notes: &mut Notes<'_>) {
        let Some((one, client)) = order.taker(self.clients) else { return };
        let images = owner.action == Action::CopyImage;
        if let Some((message, help)) = self.bad_source(one, owner, order.follows) {
            let key = format!("{}.client", order.key);
            notes.wrong(Found::new(key, client.span.clone(), message).help(help));
            return;
        }
        if let Some(why) = no_duration(one, images) {
            let message = format!("`{}` cannot ask for a completion duration: {why}", one.name());
            let can = |other| no_duration(other, images).is_none() && takes(other, images);
            let help = format!("leave it out, or {}", others(can));
            for (word, span) in order.durations() {
                let found = Found::new(format!("{}.{word}", order.key), span, message.as_str());
                notes.wrong(found.help(help.as_str()));
            }
        }
        if let Some((span, message)) = order.retain.and_then(|at| bad_retention(one, at)) {
            let help = "write an age in whole days, such as `retain = \"14 days\"`, or `forever`";
            notes.wrong(Found::new(format!("{}.retain", order.key), span, message).help(help));
        }
    }

    /// What is wrong with that which an orchestrator is to copy, and what would be right.
    fn bad_source(
        &self,
        one: Orchestrator,
        owner: &Owner<'_>,
        follows: bool,
    ) -> Option<(String, String)> {
        let (name, images) = (one.name(), owner.action == Action::CopyImage);
        let from = self.places.place_of(owner.from);
        if let Some(why) = only_images(one).filter(|_| !images) {
            let message = format!("`{name}` copies no snapshots: {why}");
            return Some((message, others(|other| takes(other, images))));
        }
        if let Some(why) = only_its_own(one).filter(|_| follows) {
            let message = format!("`{name}` copies no copies: {why}");
            let can = |other| only_its_own(other).is_none() && takes(other, images);
            return Some((message, others(can)));
        }
        if one == Orchestrator::Dlm && !from.is_region() {
            let message = format!(
                "`{name}` copies nothing that was made in a Local Zone, and `{}` is one (O2)",
                from.name()
            );
            return Some((message, others(|other| other != one && takes(other, images))));
        }
        None
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
        let images = owner.action == Action::CopyImage;
        let reach = reach(one, images);
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
        let help = others(|other| {
            let reach = self::reach(other, images);
            let named =
                if matches!(goal, PlaceOf::Outpost { .. }) { reach.outposts } else { reach.edges };
            named && takes(other, images)
        });
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
            let help = "let another client copy to the others";
            let key = format!("{}.copy", owner.key);
            notes.wrong(Found::new(key, written.span.clone(), message).help(help));
        }
    }
}

/// What is wrong with a retention, where an orchestrator keeps copies for whole days.
fn bad_retention(one: Orchestrator, at: &At<file::Retain>) -> Option<(Range<usize>, String)> {
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
    (key, part): (&str, &str),
    (made, written): (Schedule, &At<file::Schedule>),
    copies: Option<&At<Vec<At<file::CopyRule>>>>,
    clients: &Clients,
    notes: &mut Notes<'_>,
) -> Schedule {
    let Some(one) = scheduler(key, copies, clients, notes) else { return made };
    let Some(window) = one.start_window() else { return made };
    too_often((key, part), one, (&made, written), notes);
    let exist = written.value.existing.as_ref().is_some_and(|at| at.value);
    if written.value.window.is_some() || exist {
        return made;
    }
    let once = matches!(made.recurrence, Recurrence::Once { .. });
    let window = if once { window } else { window.min(made.interval()) };
    let jitter = if written.value.jitter.is_some() { made.jitter } else { Span::ZERO };
    Schedule { window, jitter, ..made }
}

/// Refuses schedules that run more often than an orchestrator does.
fn too_often(
    (key, part): (&str, &str),
    one: Orchestrator,
    (made, written): (&Schedule, &At<file::Schedule>),
    notes: &mut Notes<'_>,
) {
    let schedule = &written.value;
    let (word, span) = match &made.recurrence {
        Recurrence::Every { period } if *period < PERIOD_MIN => {
            ("every", schedule.every.as_ref().map(|at| at.span.clone()))
        }
        // What DLM makes of such an expression is not published.
        Recurrence::Cron { times_a_year, .. }
            if one == Orchestrator::AwsBackup && HOURS_A_YEAR < *times_a_year =>
        {
            ("cron", schedule.cron.as_ref().map(|at| at.span.clone()))
        }
        Recurrence::Every { .. }
        | Recurrence::Weekly { .. }
        | Recurrence::Cron { .. }
        | Recurrence::Once { .. } => return,
    };
    let message = format!("`{}` runs a schedule at most once in {PERIOD_MIN} (O2, O3)", one.name());
    let span = span.unwrap_or_else(|| written.span.clone());
    notes.wrong(
        Found::new(format!("{key}.{part}.{word}"), span, message)
            .help("copy snapshots that you make more often by a client of your own"),
    );
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
            Found::new(format!("{key}.copy"), copies.span.clone(), message).help(
                "write a fleet for each of them, or let another client make the other copies",
            ),
        );
    }
    Some(first)
}
