//! Accounts: whose limits count, and who pays.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Limits;
use crate::scenario::value::At;

/// An account that fleets and copies name: slots, quotas, and tokens are counted per account.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name, unique among accounts.
    #[schemars(required)]
    pub name: Option<At<String>>,
    /// As many of them, called `name-01`, `name-02`, …; copies that go to `name` take them in turn,
    /// volume by volume. Default: one, called as the name says.
    #[schemars(range(min = 1, max = 1_000))]
    pub count: Option<At<u32>>,
    /// What it may do; what is silent here is as in `[limits]`.
    pub limits: Option<At<Limits>>,
}
