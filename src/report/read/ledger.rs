//! Rows of what is assumed, and of what it would turn.

use super::results::verdicts;
use super::{Fault, FromRow, Row};
use crate::report::chart::Verdict;

/// What a flipped assumption does to a target: a row of `assumptions.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct FlipRow {
    /// Key of the assumption.
    pub(in crate::report) switch: String,
    /// What it decides.
    pub(in crate::report) about: String,
    pub(in crate::report) in_force: String,
    pub(in crate::report) flip: String,
    pub(in crate::report) target: String,
    pub(in crate::report) base: Option<f64>,
    pub(in crate::report) flipped: Option<f64>,
    pub(in crate::report) flipped_verdict: Verdict,
    /// Whether the flip turns the verdict of the whole run.
    pub(in crate::report) turns: bool,
    pub(in crate::report) n_runs: u64,
}

impl FromRow for FlipRow {
    const FILE: &'static str = "assumptions.csv";

    fn read(row: &mut Row<'_>) -> Result<FlipRow, Fault> {
        Ok(FlipRow {
            switch: row.at("switch").text().to_owned(),
            about: row.at("about").text().to_owned(),
            in_force: row.at("in_force").text().to_owned(),
            flip: row.at("flip").text().to_owned(),
            target: row.at("target").text().to_owned(),
            base: row.at("base_share").maybe()?,
            flipped: row.at("flipped_share").maybe()?,
            flipped_verdict: row.at("flipped_verdict").one_of(verdicts())?,
            turns: row.at("turns").must()?,
            n_runs: row.at("n_runs").must()?,
        })
    }

    /// It is about the one point that there is.
    fn point(&self) -> u64 {
        0
    }
}

/// A parameter in force: a row of `parameters.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ParameterRow {
    pub(in crate::report) parameter: String,
    pub(in crate::report) key: String,
    pub(in crate::report) value: String,
    /// `documented`, `observed`, `given`, or `assumed`.
    pub(in crate::report) origin: Origin,
    pub(in crate::report) source: String,
    pub(in crate::report) date: String,
    pub(in crate::report) about: String,
    /// Whether it bore on any copy of the run; none where that is not known.
    pub(in crate::report) touched: Option<bool>,
}

/// Where the value of a parameter comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Origin {
    Assumed,
    Observed,
    Given,
    Documented,
}

impl Origin {
    pub(in crate::report) const ALL: [Origin; 4] =
        [Origin::Assumed, Origin::Observed, Origin::Given, Origin::Documented];

    /// Its word in the file.
    pub(in crate::report) const fn name(self) -> &'static str {
        match self {
            Origin::Assumed => "assumed",
            Origin::Observed => "observed",
            Origin::Given => "given",
            Origin::Documented => "documented",
        }
    }
}

impl FromRow for ParameterRow {
    const FILE: &'static str = "parameters.csv";

    fn read(row: &mut Row<'_>) -> Result<ParameterRow, Fault> {
        Ok(ParameterRow {
            parameter: row.at("parameter").text().to_owned(),
            key: row.at("key").text().to_owned(),
            value: row.at("value").text().to_owned(),
            origin: row.at("origin").one_of(Origin::ALL.map(|origin| (origin.name(), origin)))?,
            source: row.at("source").text().to_owned(),
            date: row.at("date").text().to_owned(),
            about: row.at("about").text().to_owned(),
            touched: row.at("touched").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        0
    }
}
