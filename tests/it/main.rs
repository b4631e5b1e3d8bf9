//! The one integration binary.

mod cmd;
mod determinism;
mod distributions;
mod docs;
mod charts;
mod oracle;
mod scenario_files;
mod support;
mod theory;
mod vectors;
mod walks;
mod workloads;
