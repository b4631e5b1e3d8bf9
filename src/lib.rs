//! snapferry simulates Amazon EBS snapshot and AMI copies before a byte moves.
//!
//! # Floors
//!
//! A module imports only from floors below its own; neighbours on a floor do not know one another
//! (`tests/it/floors.rs` holds the same table).
//!
//! ```text
//! main > cli > report > experiment > { plan, drive } > { scenario, engine }
//!      > { api, stats, billing } > model > record > catalog > { units, rng }
//! inside engine:  engine.rs > { account, pacing, network } > { ledger, calendar, maxmin }
//! ```

pub mod units;
pub mod rng;
pub mod catalog;
pub mod record;
pub mod model;
pub mod billing;
pub mod stats;
pub mod api;
pub mod engine;
pub mod scenario;
pub mod drive;
pub mod plan;
pub mod experiment;
pub mod report;
pub mod cli;
