//! The one integration binary.

mod oracle;
mod support;
mod vectors;
mod walks;
mod workloads;
