//! snapferry simulates Amazon EBS snapshot and AMI copies before a byte moves: will every copy
//! arrive in time, what holds the late ones, what would help, and what does it cost.
//!
//! # Bird's-eye view
//!
//! Data goes one way:
//!
//! ```text
//! scenario text ─→ scenario ─→ plan ─→ experiment ─→ drive ─→ records ─→ statistics, bill ─→ report
//! inventories      checked     runs    in parallel   one run   rows       verdicts            charts
//!                                                      │ ↑
//!                                            requests  ↓ │  answers, notices
//!                                                     engine
//! ```
//!
//! - [`units`], [`rng`]: whole nanoseconds and bytes, and how they are written; streams of draws
//!   by (seed, replication, purpose, name).
//! - [`catalog`]: what the provider publishes: places, limits, prices, error codes.
//! - [`record`]: rows, and the one table of columns that feeds files and documents.
//! - [`model`]: the system under study, plain and checked; policies and assumptions as enums.
//! - [`api`], [`stats`], [`billing`]: pure functions: is a request allowed, what do many runs say,
//!   what does a copy cost.
//! - [`scenario`]: text becomes a [`model::Model`], or all its problems at once. It knows nothing
//!   of simulation.
//! - [`engine`]: one simulated provider, online: `submit` a request, ask when something happens
//!   next, let time pass. It never looks ahead, and knows nothing of who asks, or why.
//! - [`drive`]: who asks what and when: fleets, schedules, clients with their retries and queues.
//!   A run is the driver's calendar and the engine's, whatever is soonest.
//! - [`plan`]: design points × replications.
//! - [`explain`]: one request, answered without a simulation: by which fact, and what the copy takes.
//! - [`experiment`]: a plan carried out in parallel, joined in plan order, in one folder.
//! - [`report`]: pictures and the page of a folder.
//! - [`compare`]: two scenarios, points, or folders, run by run on the same draws.
//! - [`cli`]: subcommands, words to the user, exit codes.
//!
//! Output is a function of scenario, inputs, and seed: threads and interruptions change no byte.
//! `engine` and `drive` read no file, no clock, and no environment, print nothing, and start no
//! thread.
//!
//! What is simulated, from which source, and what is assumed stands in `docs/model.md`; how the
//! code is written, in `CONTRIBUTING.md`.
//!
//! # Floors
//!
//! A module imports only from floors below its own; neighbours on a floor do not know one another
//! (`tests/it/floors.rs` holds the same table).
//!
//! ```text
//! main > cli > compare > report > experiment > { plan, drive, explain } > { scenario, engine }
//!      > { api, stats, billing } > model > record > catalog > { units, rng }
//! inside engine:  engine.rs, admission, cancel, describe, pacing, transfer, watch
//!      > { account, network, turns } > { calendar, copy, gauge, ledger, lineage, maxmin, view, weather }
//!      > soonest
//! ```
//!
//! # Deliberately absent
//!
//! Packets, TCP, and contents of blocks: a copy is a fluid. Calls to AWS: this crate holds no
//! network code. Restore times: copies that have arrived are not systems that run.

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
pub mod explain;
pub mod experiment;
pub mod report;
pub mod compare;
pub mod cli;
