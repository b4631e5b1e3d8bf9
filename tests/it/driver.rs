//! Clients and their waits, worked by hand.
//!
//! Standard copies run at 100 MiB/s, so that 10,000 MiB take 100 s. Nothing is drawn unless said.
#![expect(clippy::float_cmp, reason = "seconds as columns print them, and counts, are exact")]

mod change;
mod clients;
mod due;
mod lineage;
mod orchestrators;
mod recovery;
mod requests;
