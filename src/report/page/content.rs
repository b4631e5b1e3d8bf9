//! What the page tells, read from the folder.

use std::collections::BTreeMap;

use super::answer::Flows;
use super::pictures::Drawn;
use crate::report::Fault;
use crate::report::figure::figures;
use crate::report::read::{
    About, ChosenRow, Cost, EndRow, FlipRow, Folder, FullRow, LimitRow, Manifest, ParameterRow,
    RecoveryRow, ScopeRow, StretchRow, SummaryRow, TargetRow, WorstRow,
};
use crate::units::{Span, count, count_u64, thousands};

/// Why copies are full that everybody expects to be: the first of a volume at a destination, and
/// where all are.
const EXPECTED: [&str; 3] = ["first", "edge", "always"];

/// Unexpected full copies that are kept to be listed.
const FULL_KEPT: usize = 20;

/// An output folder, as far as the page tells it.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) manifest: Manifest,
    pub(super) about: About,
    /// All points.
    pub(super) promises: Vec<TargetRow>,
    /// The first point, as all that follow but for the choice.
    pub(super) measures: Vec<SummaryRow>,
    pub(super) flips: Vec<FlipRow>,
    pub(super) lifts: Vec<LimitRow>,
    /// None where no best point was looked for; empty where none meets.
    pub(super) confirmed: Option<Vec<ChosenRow>>,
    pub(super) recoveries: Vec<RecoveryRow>,
    /// Promises by application, or by fleet and destination.
    pub(super) scopes: Vec<ScopeRow>,
    pub(super) worst: Vec<WorstRow>,
    pub(super) stretches: Vec<StretchRow>,
    pub(super) parameters: Vec<ParameterRow>,
    /// Whether some run left rows of its copies.
    pub(super) has_rows: bool,
    /// Unexpected full copies: the first ones, and how many there are.
    pub(super) full: Vec<FullRow>,
    pub(super) n_full: usize,
    pub(super) figures: Vec<Drawn>,
    /// What a run costs, by point; empty in the short form.
    pub(super) costs: BTreeMap<u64, Cost>,
    /// Of a flow-level scenario.
    pub(super) flows: Option<Flows>,
}

impl Content {
    /// Reads what the answer needs of a folder.
    ///
    /// # Errors
    /// When a table cannot be read, or does not say what it should.
    pub(super) fn short(folder: Folder<'_>) -> Result<Content, Fault> {
        let manifest = folder.manifest()?;
        let is_flow_level = manifest.copies.is_empty();
        Ok(Content {
            about: folder.about()?,
            promises: folder.all()?.unwrap_or_default(),
            measures: folder.of_first_point()?.unwrap_or_default(),
            flips: folder.all()?.unwrap_or_default(),
            lifts: folder.all()?.unwrap_or_default(),
            confirmed: folder.all()?,
            flows: if is_flow_level { flows(folder)? } else { None },
            manifest,
            recoveries: Vec::new(),
            scopes: Vec::new(),
            worst: Vec::new(),
            stretches: Vec::new(),
            parameters: Vec::new(),
            has_rows: false,
            full: Vec::new(),
            n_full: 0,
            figures: Vec::new(),
            costs: BTreeMap::new(),
        })
    }

    /// Reads all that the page needs of a folder.
    ///
    /// # Errors
    /// When a table cannot be read, or does not say what it should.
    pub(super) fn whole(folder: Folder<'_>) -> Result<Content, Fault> {
        let (mut full, mut n_full) = (Vec::new(), 0);
        let has_rows = folder.each(|row: FullRow| {
            let is_first = row.point == 0;
            if is_first && !row.because.is_empty() && !EXPECTED.contains(&row.because.as_str()) {
                n_full += 1;
                if full.len() < FULL_KEPT {
                    full.push(row);
                }
            }
            is_first
        })?;
        Ok(Content {
            recoveries: folder.of_first_point()?.unwrap_or_default(),
            scopes: folder.of_first_point()?.unwrap_or_default(),
            worst: folder.of_first_point()?.unwrap_or_default(),
            stretches: folder.of_first_point()?.unwrap_or_default(),
            parameters: folder.all()?.unwrap_or_default(),
            has_rows,
            full,
            n_full,
            costs: folder.costs()?,
            figures: figures(folder.0)?.into_iter().map(Drawn::of).collect(),
            ..Content::short(folder)?
        })
    }

    /// The targets at the first point, in the order of the scenario.
    pub(super) fn first_promises(&self) -> impl Iterator<Item = &TargetRow> {
        self.promises.iter().filter(|row| row.point == 0)
    }

    /// Whether it is a sweep.
    pub(super) fn is_sweep(&self) -> bool {
        1 < self.manifest.scenario.points
    }

    /// A measure of a scope.
    pub(super) fn measure(&self, scope: &str, measure: &str) -> Option<&SummaryRow> {
        self.measures.iter().find(|row| row.scope == scope && row.measure == measure)
    }

    /// Its mean over runs.
    pub(super) fn mean(&self, scope: &str, measure: &str) -> Option<f64> {
        Some(self.measure(scope, measure)?.mean.as_ref()?.value)
    }

    /// `1 run`, `30 runs`.
    pub(super) fn runs(&self) -> String {
        plural(u64::from(self.manifest.n_runs()), "run", "runs")
    }

    /// `7 days`.
    pub(super) fn window(&self) -> String {
        span(self.manifest.scenario.horizon)
    }
}

/// What the flows of a flow-level scenario came to; none where the folder has no such table.
fn flows(folder: Folder<'_>) -> Result<Option<Flows>, Fault> {
    let mut flows = Flows { n: 0, n_ended: 0, makespan: Span::ZERO };
    let is_there = folder.each(|row: EndRow| {
        flows.n += 1;
        flows.n_ended += u64::from(row.finished.is_some());
        flows.makespan = flows.makespan.max(row.finished.unwrap_or(Span::ZERO));
        true
    })?;
    Ok(is_there.then_some(flows))
}

/// `7 days` of whole days, else as spans are told.
pub(super) fn span(span: Span) -> String {
    let day = Span::from_days(1);
    let days = span.whole_mins() / (24 * 60);
    if 2 <= days && span == day.times(days) {
        format!("{days}\u{a0}days")
    } else {
        span.to_string().replace(' ', "\u{a0}")
    }
}

/// `1 copy`, `43 copies`, `1,300 copies`.
pub(super) fn plural(n: u64, one: &str, many: &str) -> String {
    let noun = if n == 1 { one } else { many };
    format!("{}\u{a0}{noun}", thousands(count_u64(n), 0))
}

/// A number of things in digits.
pub(super) fn digits(n: usize) -> String {
    thousands(count(n), 0)
}
