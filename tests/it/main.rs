//! The one integration binary.

mod support;

mod oracle;
mod theory;
mod vectors;
mod walks;
mod workloads;
