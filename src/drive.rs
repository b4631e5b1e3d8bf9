//! One run: who asks what and when.

pub mod flows;
mod result;

pub use result::{Keep, Measured, RpoSeries, RunResult, Series, SeriesKind, TargetShare};

use crate::engine::network::Network;
use crate::model::Model;
use crate::record::Sink;

/// Runs one replication of a model. Rows leave through `sink` as soon as they are final.
pub fn run<N: Network + Default>(
    model: &Model,
    replication: u32,
    keep: Keep,
    sink: &mut dyn Sink,
) -> RunResult {
    let _ = (model, replication, keep, sink);
    RunResult::default()
}
