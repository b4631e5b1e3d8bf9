//! One request explained: what the provider would answer to it and by which fact, and what would
//! become of the copy.
//!
//! [`Question`] is a request with what is known of its source; [`Question::explain`] judges it and
//! does the arithmetic of the provider's own guide, for a copy that meets no other. Nothing is
//! simulated. What is not known of the source is taken as the plainest case, and said
//! ([`Source::taken`]).

use std::fmt;

use serde_json::{Map, Value};

use crate::api::{Action, Context, May, PlaceOf, Refusal, Request, Rule, Silent, Verdict};
use crate::catalog::location::Region;
use crate::units::Instant;

mod arithmetic;
mod document;
mod price;
mod reason;
mod site;
mod source;

mod world;

pub use arithmetic::{CopiedSnapshot, Extent, Key, Pace, Short, Timed};
pub use document::Document;
pub use price::Price;
pub use reason::Reason;
pub use site::Site;
pub use source::{Source, SourceSnapshot, is_state};
use world::World;

/// The account that asks where nobody says which.
pub const SOME_ACCOUNT: &str = "111122223333";

/// The provider's own key of a Region.
pub const MANAGED_KEY: &str = "aws/ebs";

/// A request, and what is known of whom and what it concerns.
#[derive(Debug, Clone)]
pub struct Question {
    /// The call.
    pub action: Action,
    /// The Region that it is sent to.
    pub region: &'static Region,
    /// Id of the account that asks.
    pub account: String,
    /// The parameters, under the API's names or CloudTrail's.
    pub parameters: Map<String, Value>,
    /// What is copied.
    pub source: Source,
    /// The key of encryption by default in the destination Region, [`MANAGED_KEY`] or another; none
    /// where that is off.
    pub encryption_by_default: Option<String>,
}

/// What the provider would answer, and what would become of the copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The call.
    pub action: Action,
    /// Id of the source; empty where the request names none.
    pub source: String,
    /// The Region that the request is sent to.
    pub region: &'static str,
    /// The answer to a dry run, where the request is one; [`Explanation::answer`] is then the one
    /// to the same request without `DryRun`.
    pub dry_run: Option<Refusal>,
    /// The answer.
    pub answer: Answer,
    /// What is taken as so of the source, since nobody says.
    pub taken: Vec<String>,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It is refused.
    Refused(Refusal),
    /// It is accepted.
    Allowed(Box<Copied>),
}

/// A copy that is accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Name of the place where the source is.
    pub from: String,
    /// Name of the place that it goes to.
    pub to: String,
    /// Between which places it may go.
    pub route: Reason<String>,
    /// Why it ends in error later, where that is certain.
    pub fails: Option<Reason<String>>,
    /// Its snapshots, in order; one for a snapshot.
    pub snapshots: Vec<CopiedSnapshot>,
    /// How fast it goes.
    pub pace: Pace,
    /// What it costs, by part; parts whose bytes are not known have no amount.
    pub prices: Vec<Price>,
}

impl Question {
    /// What the provider would answer, and what would become of the copy.
    pub fn explain(&self) -> Explanation {
        let mut parameters = self.parameters.clone();
        let first = self.answer(&parameters);
        let is_dry = |refusal: &Refusal| refusal.rule == Rule::DryRun;
        let (dry_run, answer) = match first {
            Answer::Refused(refusal) if is_dry(&refusal) => {
                parameters.retain(|name, _| !matches!(name.as_str(), "DryRun" | "dryRun"));
                (Some(refusal), self.answer(&parameters))
            }
            answer => (None, answer),
        };
        Explanation {
            action: self.action,
            source: source_id(self.action, &self.parameters),
            region: &self.region.name,
            dry_run,
            answer,
            taken: self.source.taken.clone(),
        }
    }

    fn answer(&self, parameters: &Map<String, Value>) -> Answer {
        let request = match Request::read(self.action, parameters) {
            Ok(request) => request,
            Err(refusal) => return Answer::Refused(refusal),
        };
        let world = World::of(self);
        let context = Context {
            region: self.region,
            account: &self.account,
            may: May::ALL,
            state: &world,
            silent: &Silent::DEFAULT,
            now: Instant::ZERO,
        };
        match context.judge(&request) {
            Ok(Verdict::Accepted(accepted)) => {
                Answer::Allowed(Box::new(arithmetic::copied(&self.source, &accepted)))
            }
            Ok(Verdict::Repeated { .. }) => {
                unreachable!("an account without images has spent no token")
            }
            Err(refusal) => Answer::Refused(refusal),
        }
    }
}

impl Explanation {
    /// Whether the copy is made: the request is not refused, and the copy does not fail later for
    /// a reason that is certain now.
    pub fn is_made(&self) -> bool {
        matches!(&self.answer, Answer::Allowed(copied) if copied.fails.is_none())
    }

    /// The marks of all facts and assumptions that it rests on, in the order of its lines:
    /// `F50, F7, …`.
    pub fn marks(&self) -> String {
        let dry = self.dry_run.iter().map(|refusal| refusal.rule.info().facts);
        let rest = match &self.answer {
            Answer::Refused(refusal) => vec![refusal.rule.info().facts],
            Answer::Allowed(copied) => copied.marks(),
        };
        dry.chain(rest).filter(|marks| !marks.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl Copied {
    fn marks(&self) -> Vec<&'static str> {
        let mut marks = vec![self.route.marks];
        if let Some(fails) = &self.fails {
            marks.push(fails.marks);
            return marks;
        }
        marks.extend(self.snapshots.iter().map(|one| one.extent.marks));
        marks.extend(self.pace.marks());
        marks.extend(self.snapshots.iter().map(|one| one.encryption.marks));
        marks.extend(self.prices.iter().map(|price| price.marks));
        marks
    }
}

/// Id of the source that a request names.
fn source_id(action: Action, parameters: &Map<String, Value>) -> String {
    let names = match action {
        Action::CopySnapshot => ["SourceSnapshotId", "sourceSnapshotId"],
        Action::CopyImage => ["SourceImageId", "sourceImageId"],
    };
    let id = names.into_iter().find_map(|name| parameters.get(name)?.as_str());
    id.unwrap_or_default().to_owned()
}

/// The name of a place, as messages have it.
fn name_of(place: PlaceOf<'_>) -> String {
    place.name().to_owned()
}

impl fmt::Display for Answer {
    /// `allowed`, `refused`, or `fails later`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Answer::Refused(_) => "refused",
            Answer::Allowed(copied) if copied.fails.is_some() => "fails later",
            Answer::Allowed(_) => "allowed",
        })
    }
}
