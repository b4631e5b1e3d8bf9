//! The one integration binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cmd;
mod determinism;
mod oracle;
mod scenario_files;
mod support;
mod theory;
mod vectors;
mod walks;
mod workloads;
