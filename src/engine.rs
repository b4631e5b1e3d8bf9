//! The simulated provider: submit, next event, advance.

pub mod calendar;
pub mod ledger;
pub mod lineage;
pub mod weather;
pub mod maxmin;
pub mod network;
