//! The one integration binary.

mod docs;
mod oracle;
mod theory;
mod workloads;
