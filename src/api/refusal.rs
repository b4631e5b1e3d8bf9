//! An answer that is an error.

use std::fmt;

use super::{Action, Parameter, Rule, Silent};
use crate::catalog::{ErrorCode, Status};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the API answers.
    pub code: ErrorCode,
    /// The rule that it breaks, and with it the facts.
    pub rule: Rule,
    /// The parameter at fault, where there is one.
    pub parameter: Option<Parameter>,
    /// Why, in a sentence, with the way out where there is one.
    pub message: String,
}

impl Refusal {
    /// A refusal by `rule`, with the code of that rule.
    pub fn new(rule: Rule, parameter: Option<Parameter>, message: String) -> Refusal {
        Refusal { code: rule.info().code, rule, parameter, message }
    }

    /// The same with another code, where a switch says so.
    #[must_use]
    pub fn coded(self, code: ErrorCode) -> Refusal {
        Refusal { code, ..self }
    }

    /// The status of the HTTP answer.
    pub const fn http_status(&self) -> u16 {
        self.code.http_status()
    }

    /// How sure it is that such a request is refused.
    pub fn status(&self) -> Status {
        self.rule.info().status
    }

    /// How sure it is that it is refused with this code.
    pub fn code_status(&self) -> Status {
        self.rule.info().code_status
    }

    /// The caller has no API token left (F101): the first thing that is looked at.
    pub fn throttled(action: Action) -> Refusal {
        let message = format!("no API token is left for {}: ask again later", action.name());
        Refusal::new(Rule::Throttled, None, message)
    }

    /// All `limit` slots of a destination are taken (F93, F96).
    pub fn no_slot(action: Action, limit: u32, to: &str) -> Refusal {
        let rule = match action {
            Action::CopySnapshot => Rule::SnapshotSlots,
            Action::CopyImage => Rule::ImageSlots,
        };
        let message = format!(
            "{limit} {}s are being copied to `{to}`, and no more may at once: ask again when one \
             has ended",
            action.thing()
        );
        Refusal::new(rule, None, message)
    }

    /// The account keeps `limit` snapshots in a Region, as many as it may (F100).
    pub fn too_many_kept(limit: u64, region: &str) -> Refusal {
        let message = format!(
            "the account keeps {limit} snapshots in `{region}`, and no more may be: delete some, \
             or have the limit raised"
        );
        Refusal::new(Rule::SnapshotsKept, None, message)
    }

    /// Nothing of the throughput quota is left between two Regions (F10; the code by
    /// P-CUM-ZERO-CODE).
    pub fn no_quota(silent: &Silent, from: &str, to: &str) -> Refusal {
        let message = format!(
            "nothing is left of the throughput quota of time-based copies from `{from}` to `{to}`: \
             ask again later, or for a standard copy"
        );
        Refusal::new(Rule::Quota, None, message).coded(silent.quota_code)
    }
}

/// `UnsupportedOperation: … (F52)`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.code.as_str(), self.message, self.rule)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    /// F93, F96, F10, F11, F100, F101: each limit with its code (F144, F145, F150), and who says so.
    #[test]
    fn limits_are_refused_with_their_codes() {
        let silent = Silent { quota_code: ErrorCode::RequestLimitExceeded, ..Silent::DEFAULT };
        let table = [
            (Refusal::throttled(Action::CopyImage), "RequestLimitExceeded", Status::Documented),
            // F93 and F96 give the limits; F96 names no code
            (
                Refusal::no_slot(Action::CopySnapshot, 20, "us-west-2"),
                "ResourceLimitExceeded",
                Status::Documented,
            ),
            (
                Refusal::no_slot(Action::CopyImage, 300, "us-west-2"),
                "ResourceLimitExceeded",
                Status::Assumed,
            ),
            // F100, F145
            (
                Refusal::too_many_kept(100_000, "us-west-2"),
                "SnapshotLimitExceeded",
                Status::Documented,
            ),
            // F10: refused; F11: with which code is not said, P-CUM-ZERO-CODE
            (
                Refusal::no_quota(&Silent::DEFAULT, "us-east-1", "us-west-2"),
                "ResourceLimitExceeded",
                Status::Assumed,
            ),
            (
                Refusal::no_quota(&silent, "us-east-1", "us-west-2"),
                "RequestLimitExceeded",
                Status::Assumed,
            ),
        ];
        for (refusal, code, code_status) in table {
            assert_eq!(refusal.code.as_str(), code, "{refusal}");
            assert_eq!(refusal.code_status(), code_status, "{refusal}");
        }
    }
}
