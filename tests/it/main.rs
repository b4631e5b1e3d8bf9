//! The one integration binary.

mod oracle;
mod theory;
mod workloads;
