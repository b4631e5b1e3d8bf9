//! Services and tools that ask for copies on somebody's behalf, with their published manners.
//!
//! Rows O1, O2, … of `docs/model.md` say where each figure was read. What is not published is
//! assumed, and says so here and there; a scenario can change each of them.

use super::{AfterTimeout, Client, ClientPolicy, Jitter, Overlap, QueueOrder, Waiter};
use crate::units::Span;

/// Images that EC2 Image Builder copies at once to a Region, for each account there: 50 (F99).
///
/// Documented for distribution to other accounts; within one account the same is assumed.
const IMAGE_BUILDER_AT_ONCE: u32 = 50;

/// AWS Backup tries again for two hours (O4), every 10 minutes: at 0, 10, … 120 min.
///
/// Documented for copy jobs is the time, and for backup jobs the interval (O3); that copy jobs have
/// it too is assumed.
const AWS_BACKUP_ATTEMPTS: u32 = 13;

/// Calls of the provider's SDK for Go before it gives up on throttling: 3 (O8).
const SDK_ATTEMPTS: u32 = 3;

/// Calls of the Terraform provider: one, and 25 retries of throttled ones (O10).
const TERRAFORM_ATTEMPTS: u32 = 26;

/// Runs of a function that was invoked asynchronously: one, and two retries (O11).
const LAMBDA_RUNS: u32 = 3;

/// Who asks for copies, where it is not a program of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Orchestrator {
    /// Amazon Data Lifecycle Manager.
    Dlm,
    /// AWS Backup.
    AwsBackup,
    /// EC2 Image Builder, distributing an image.
    ImageBuilder,
    /// Packer: its plugin for Amazon copies what it built.
    Packer,
    /// Terraform: `aws_ebs_snapshot_copy` and `aws_ami_copy`.
    Terraform,
    /// A function on AWS Lambda, invoked by an event, that asks for a copy and waits for it.
    Lambda,
}

impl Orchestrator {
    /// All of them, in the order of the documents.
    pub const ALL: [Orchestrator; 6] = [
        Orchestrator::Dlm,
        Orchestrator::AwsBackup,
        Orchestrator::ImageBuilder,
        Orchestrator::Packer,
        Orchestrator::Terraform,
        Orchestrator::Lambda,
    ];

    /// What scenarios call it, and its client where they declare none.
    pub const fn name(self) -> &'static str {
        match self {
            Orchestrator::Dlm => "dlm",
            Orchestrator::AwsBackup => "aws-backup",
            Orchestrator::ImageBuilder => "image-builder",
            Orchestrator::Packer => "packer",
            Orchestrator::Terraform => "terraform",
            Orchestrator::Lambda => "lambda",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Orchestrator> {
        Orchestrator::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Within what time after a scheduled moment it begins; none for those that begin when they are
    /// told to.
    ///
    /// Documented: DLM within an hour (O1), AWS Backup within its start window, 8 h unless set (O3).
    /// How the beginnings spread over that time is not published: uniformly is assumed.
    pub const fn start_window(self) -> Option<Span> {
        match self {
            Orchestrator::Dlm => Some(Span::from_hours(1)),
            Orchestrator::AwsBackup => Some(Span::from_hours(8)),
            Orchestrator::ImageBuilder
            | Orchestrator::Packer
            | Orchestrator::Terraform
            | Orchestrator::Lambda => None,
        }
    }

    /// A client of this name with its manners. Each copy is a job for itself: a newer snapshot
    /// replaces none that waits (assumed: nothing says that it does).
    pub fn client(self, name: &str) -> Client {
        let plain = Client {
            orchestrator: Some(self),
            overlap: Overlap::Queue,
            ..Client::default_of(name)
        };
        match self {
            // Assumed: asks again like any client, and copies nothing again that failed. DLM is only
            // known to warn of too many copies (F157).
            Orchestrator::Dlm => Client { max_copies: Some(1), ..plain },
            // A failed job has ended (F158).
            Orchestrator::AwsBackup => Client {
                max_attempts: Some(AWS_BACKUP_ATTEMPTS),
                max_copies: Some(1),
                ..plain.resting(Span::from_mins(10), Span::from_mins(10), Jitter::None)
            },
            // Assumed: what is above the limit waits in line, a refusal is asked again, and what
            // failed is not copied again.
            Orchestrator::ImageBuilder => Client {
                policy: ClientPolicy::Queue {
                    order: QueueOrder::Fifo,
                    limit: Some(IMAGE_BUILDER_AT_ONCE),
                },
                max_copies: Some(1),
                ..plain
            },
            Orchestrator::Packer => plain.one_shot(SDK_ATTEMPTS, (30, 30)),
            Orchestrator::Terraform => plain.one_shot(TERRAFORM_ATTEMPTS, (10, 40)),
            Orchestrator::Lambda => {
                let then = AfterTimeout::RestAndCopyAgain;
                let waiter = Some(Waiter { timeout: Span::from_mins(15), then });
                Client {
                    max_attempts: Some(LAMBDA_RUNS),
                    max_copies: Some(LAMBDA_RUNS),
                    waiter,
                    image_waiter: waiter,
                    ..plain.resting(Span::from_mins(1), Span::from_mins(2), Jitter::None)
                }
            }
        }
    }
}

impl Client {
    /// With a back-off from `first`, doubling, up to `max`.
    fn resting(self, first: Span, max: Span, jitter: Jitter) -> Client {
        Client { backoff_first: first, backoff_factor: 2.0, backoff_max: max, jitter, ..self }
    }

    /// Ends at the first refusal that is no throttling, and reports a failure where a snapshot copy
    /// or an image takes longer than these minutes.
    fn one_shot(self, attempts: u32, (snapshot, image): (u64, u64)) -> Client {
        let waiter = |mins| Waiter { timeout: Span::from_mins(mins), then: AfterTimeout::GiveUp };
        Client {
            policy: ClientPolicy::GiveUp,
            max_attempts: Some(attempts),
            waiter: Some(waiter(snapshot)),
            image_waiter: Some(waiter(image)),
            // The SDK rests for up to 1, 2, 4, … 20 s, at random (O8).
            ..self.resting(Span::from_secs(1), Span::from_secs(20), Jitter::Full)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_of_its_own_and_is_found_by_it() {
        for one in Orchestrator::ALL {
            assert_eq!(Orchestrator::named(one.name()), Some(one));
            assert_eq!(one.client("x").orchestrator, Some(one));
            assert_eq!(one.client("x").name, "x");
        }
        assert_eq!(Orchestrator::named("DLM"), None);
    }

    /// The last attempt of AWS Backup is (13 − 1) × 10 min = 120 min after the first: two hours.
    #[test]
    fn aws_backup_tries_for_two_hours() {
        let client = Orchestrator::AwsBackup.client("x");
        let rests = u64::from(client.max_attempts.unwrap() - 1);
        assert_eq!(client.backoff_first, client.backoff_max);
        assert_eq!(client.backoff_max.times(rests), Span::from_hours(2));
    }

    #[test]
    fn terraform_waits_longer_for_images() {
        let client = Orchestrator::Terraform.client("x");
        let patience = |images| client.waiter_for(images).map(|waiter| waiter.timeout);
        assert_eq!(patience(false), Some(Span::from_mins(10)));
        assert_eq!(patience(true), Some(Span::from_mins(40)));
    }
}
