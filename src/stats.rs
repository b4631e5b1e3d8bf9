//! Histograms, intervals, verdicts: what many runs say together.
//!
//! The replication is the unit of independence: intervals are taken over runs, never over copies.
//! Sums run in the order of the runs, and histograms hold whole numbers, so that the number of
//! threads changes nothing.

mod backlog;
mod bins;
mod histogram;
mod interval;
mod mser;
mod paired;
mod sample;
mod step;
mod verdict;

pub use backlog::{Growth, growth};
pub use bins::Bins;
pub use histogram::{Bin, Histogram};
pub use interval::{
    Estimate, Interval, LEAST_DIFFERENT, LEAST_RUNS, LEVEL, bound_on_events, quantile_over_runs,
};
pub use mser::{BATCH, Truncation, longer_warm_up, mser5};
pub use paired::{Paired, Pairing, Unpaired};
pub use sample::{majority, mean, nearest_rank, nearest_ranks, skewness, variance};
pub use step::StepIntegral;
pub use verdict::{Judgement, Reason, Verdict, judge};
