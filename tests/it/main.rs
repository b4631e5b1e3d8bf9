//! The one integration binary.

mod cmd;
mod determinism;
mod oracle;
mod scenario_files;
mod theory;
mod workloads;
