//! The one integration binary.

mod oracle;
mod scenario_files;
mod theory;
mod workloads;
