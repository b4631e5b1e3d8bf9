//! What one run leaves behind, besides the rows that left while it ran.
//!
//! All of it can be stored and read back bit for bit: that is how finished runs outlive the program.

use serde::{Deserialize, Serialize};

use super::worst::Worst;
use crate::catalog::Cause;
use crate::record::measure::Measure;
use crate::stats::Histogram;
use crate::units::Span;

/// One measure of one scope of one run: a row of `runs.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// What it is about, by index into [`RunResult::scopes`].
    pub scope: usize,
    /// Which measure.
    pub measure: Measure,
    /// Its value, in the measure's unit.
    pub value: f64,
    /// Copies, batches, or seconds that it rests on.
    pub n: u64,
    /// Whether it is a quantile or maximum that unfinished copies can only raise.
    pub at_least: bool,
}

/// How one target fared in one run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct TargetShare {
    /// Share of copies, batches, or time that held; none where there were none.
    pub share: Option<f64>,
    /// Copies, batches, or volumes that it rests on.
    pub n: u64,
    /// Of these, those that did not hold (for RPO: volumes that were ever past the limit).
    pub n_missed: u64,
    /// Longest time to completion, makespan, or age; for a link its highest use, a share of the
    /// capacity as seconds.
    #[serde(with = "crate::units::stored::maybe")]
    pub worst: Option<Span>,
    /// Copies outside the share: not yet past their limit when the run ended.
    pub n_open: u64,
}

/// How one target fared in one scope that it covers, in one run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScopeShare {
    /// What held there, and what that rests on.
    pub fared: TargetShare,
    /// Nanoseconds that the copies that broke the promise spent on each cause, in order of
    /// [`Cause::ALL`]; empty where none did. Pacing counts only where a copy would have been late
    /// without all its other time.
    pub broke: Vec<u128>,
    /// The copy that took longest from due to completed; of an application, of the copies that were
    /// the last of their sets.
    pub slowest: Option<Slowest>,
}

/// A copy that took longer than all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slowest {
    /// Time from due to completed.
    #[serde(with = "crate::units::stored")]
    pub took: Span,
    /// What took most of it; pacing only where nothing else took any.
    pub cause: Option<Cause>,
}

/// How the members of an RPO target stood together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TargetStanding {
    /// Share of the time in which at least one was past its limit.
    pub(super) any_past: f64,
}

/// What a time series is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SeriesKind {
    /// Snapshot slots in use at a destination.
    Slots,
    /// Copies waiting for a destination: throttled, refused, or in a client's queue.
    Waiting,
    /// Quota reserved of a pair, bytes per second.
    Quota,
    /// Rate carried by a link, bytes per second.
    Link,
}

/// Means by bin of one quantity of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What it is of.
    pub kind: SeriesKind,
    /// Destination, pair, or link.
    pub name: String,
    /// Its limit, where it has one, in the same unit.
    pub limit: Option<f64>,
    /// Means by bin.
    pub means: Vec<f64>,
}

/// Ages of newest recovery points of one scope at equally spaced instants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RpoSeries {
    /// What it is about, by index into [`RunResult::scopes`].
    pub scope: usize,
    /// Median over volumes, seconds; infinite where more than half have no recovery point.
    pub median: Vec<f64>,
    /// Greatest over volumes, seconds; infinite where one has no recovery point.
    pub worst: Vec<f64>,
}

/// What one run leaves behind.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunResult {
    /// `all`, each `fleet → destination`, then destinations, pairs, and links that have measures.
    pub scopes: Vec<String>,
    /// Rows of `runs.csv`.
    pub measures: Vec<Measured>,
    /// Time from due to completed in nanoseconds, by scope; only `all` and `fleet → destination`.
    pub completions: Vec<(usize, Histogram)>,
    /// Targets, in the order of the model.
    pub targets: Vec<TargetShare>,
    /// Each of them in each scope that it covers, in the order of
    /// [`promise_scopes`](super::promise_scopes).
    pub promises: Vec<Vec<ScopeShare>>,
    /// Time series, where asked for; all of a plan have the same bins.
    pub series: Vec<Series>,
    /// Recovery points over time, where asked for.
    pub rpo: Vec<RpoSeries>,
    /// The worst copies, the worst first.
    pub worst: Vec<Worst>,
    /// Copies waiting or under way at four marks of the window, one per quarter.
    pub backlog: [u64; 4],
    /// Mean number of copies that wait or are under way, in each fifth of the cycles of the horizon
    /// ([`super::part_of_cycle`]); empty where there are too few cycles.
    pub backlog_means: Vec<f64>,
    /// Assumptions that bore on the run, as bits of [`crate::model::Switch::bit`].
    pub touched: u64,
    /// Copies due in the window.
    pub n_copies: u64,
    /// Events of engine and driver.
    pub n_events: u64,
}

/// What a run keeps besides measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Time series of slots, quota, links, waiting, and recovery points.
    pub series: bool,
}
