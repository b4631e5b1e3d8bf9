//! Who asks for copies, by what rules.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{AfterTimeout, Jitter, OnQuotaShort, Orchestrator, Overlap, QueueOrder};
use crate::scenario::value::{Anything, At, words};
use crate::units::Span;

/// What a client does where the API refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Gives up.
    GiveUp,
    /// Asks again after a back-off.
    Retry,
    /// Holds a queue of its own.
    Queue,
}

words! {
    Policy, "policy": {
        "give-up" => Policy::GiveUp, "retry" => Policy::Retry, "queue" => Policy::Queue,
    }
    QueueOrder, "order": {
        "fifo" => QueueOrder::Fifo, "edf" => QueueOrder::Edf,
        "smallest" => QueueOrder::Smallest, "largest" => QueueOrder::Largest,
        "priority" => QueueOrder::Priority,
    }
    Jitter, "jitter": { "full" => Jitter::Full, "none" => Jitter::None }
    OnQuotaShort, "on-quota-short": {
        "take" => OnQuotaShort::Take, "hold" => OnQuotaShort::Hold,
        "longer" => OnQuotaShort::Longer, "standard" => OnQuotaShort::Standard,
    }
    Overlap, "overlap": {
        "replace-queued" => Overlap::ReplaceQueued, "queue" => Overlap::Queue,
        "skip" => Overlap::Skip,
    }
    AfterTimeout, "on-timeout": {
        "give-up" => AfterTimeout::GiveUp, "copy-again" => AfterTimeout::CopyAgain,
        "rest-and-copy-again" => AfterTimeout::RestAndCopyAgain,
    }
    Orchestrator, "orchestrator": {
        "dlm" => Orchestrator::Dlm, "aws-backup" => Orchestrator::AwsBackup,
        "image-builder" => Orchestrator::ImageBuilder, "packer" => Orchestrator::Packer,
        "terraform" => Orchestrator::Terraform, "lambda" => Orchestrator::Lambda,
    }
}

/// A client that fleets name; a fleet that names none has one of its own, with all defaults.
///
/// A copy rule may name an orchestrator as its client without a table like this one:
/// `client = "dlm"`. Its figures and their sources stand in docs/model.md.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Name, unique among clients.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// Whose manners it has: every key that is not written is as that service or tool does it, and
    /// `check` refuses what it cannot say. Default: nobody's.
    pub orchestrator: Option<At<Orchestrator>>,
    /// What it does where the API refuses. Default: `retry`.
    pub policy: Option<At<Policy>>,
    /// Order of its queue, with `policy = "queue"`. Default: `fifo`.
    pub order: Option<At<QueueOrder>>,
    /// Copies at once per destination, with `policy = "queue"`. Default: the destination's limit.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub limit: Option<At<u32>>,
    /// Back-off between attempts.
    pub backoff: Option<At<Backoff>>,
    /// Requests for one snapshot before it gives up, those for copies that are made again among
    /// them. Default: no end.
    #[schemars(range(min = 1))]
    pub max_attempts: Option<At<u32>>,
    /// What it does where less quota is available than the copy needs. Default: `take`.
    pub on_quota_short: Option<At<OnQuotaShort>>,
    /// What it does where a snapshot is due while the last one still waits. Default:
    /// `replace-queued`.
    pub overlap: Option<At<Overlap>>,
    /// Copies that may wait per destination. Default: 100,000.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub max_waiting: Option<At<u32>>,
    /// How long it waits for a copy that was accepted. Default: for as long as it takes.
    pub timeout: Option<At<Span>>,
    /// What it does then: `give-up` reports a failure, and the copy goes on; `copy-again` asks for a
    /// second copy of the same snapshot beside it; `rest-and-copy-again` does so after the back-off,
    /// whether the first one has arrived by then or not. Default: `give-up`.
    pub on_timeout: Option<At<AfterTimeout>>,
    /// Copies that it makes of one snapshot at most, the first one among them, after failures and
    /// timeouts. Default: no end.
    #[schemars(range(min = 1, max = 1_000))]
    pub max_copies: Option<At<u32>>,
    /// Entries that the element stands for, one client each: what an entry says goes before what the
    /// element says. An entry without a name is called by the element's and its number.
    pub each: Option<At<Vec<Anything>>>,
}

/// Back-off between attempts.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// The first. Default: `30 s`.
    pub first: Option<At<Span>>,
    /// Growth from one to the next. Default: 2.
    #[schemars(range(min = 1, max = 100))]
    pub factor: Option<At<f64>>,
    /// The longest. Default: `15 min`.
    pub max: Option<At<Span>>,
    /// `full`: uniform from zero to the back-off; `none`: the back-off itself. Default: `full`.
    pub jitter: Option<At<Jitter>>,
}
