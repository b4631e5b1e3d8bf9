//! The one integration binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may fail where it stands")]
#![expect(clippy::float_cmp, reason = "what is counted, or exact by definition, is compared exactly")]

mod charts;
mod cmd;
mod determinism;
mod distributions;
mod docs;
mod driver;
mod floors;
mod oracle;
mod properties;
mod queueing;
mod scenario_files;
mod support;
mod theory;
mod vectors;
mod walks;
mod workloads;
