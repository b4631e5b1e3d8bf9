//! The one integration binary.

mod api;
mod charts;
mod cmd;
mod compare;
mod coverage;
mod determinism;
mod distributions;
mod docs;
mod draws;
mod driver;
mod estate;
mod floors;
mod interruption;
mod oracle;
mod properties;
mod queueing;
mod scenario_files;
mod shards;
mod state;
mod support;
mod switches;
mod theory;
mod vectors;
mod walks;
mod warm_up;
mod workloads;
