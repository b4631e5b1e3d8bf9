//! The one integration binary.

mod api;
mod charts;
mod cmd;
mod coverage;
mod determinism;
mod distributions;
mod docs;
mod driver;
mod estate;
mod floors;
mod oracle;
mod properties;
mod queueing;
mod scenario_files;
mod state;
mod support;
mod switches;
mod theory;
mod vectors;
mod walks;
mod workloads;
