//! The one integration binary.

mod oracle;
mod scenario_files;
mod support;
mod theory;
mod vectors;
mod walks;
mod workloads;
