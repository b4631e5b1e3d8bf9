//! The one integration binary.

mod cmd;
mod determinism;
mod docs;
mod driver;
mod floors;
mod oracle;
mod properties;
mod queueing;
mod scenario_files;
mod support;
mod theory;
mod vectors;
mod walks;
mod workloads;
