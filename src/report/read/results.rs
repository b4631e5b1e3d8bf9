//! Rows of results in full, as the page tells them: each number with the very text of its file.

use super::row::Value;
use super::{Fault, FromRow, Row};
use crate::catalog::Cause;
use crate::record::Outcome;
use crate::report::chart::Verdict;
use crate::units::{Instant, Span};

/// A value and how its file writes it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Said<T> {
    pub(in crate::report) value: T,
    pub(in crate::report) text: String,
}

/// The field of a column; none where it is empty.
fn said<T: Value>(row: &mut Row<'_>, column: &str) -> Result<Option<Said<T>>, Fault> {
    let field = row.at(column);
    let value = field.maybe()?;
    Ok(value.map(|value| Said { value, text: field.text().to_owned() }))
}

/// How a promise stands at a point, or one scope of it: what `targets.csv` and `promises.csv` say.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Standing {
    /// Promised share, 0 to 1.
    pub(in crate::report) promised: f64,
    /// Mean share over runs, 0 to 1; none where there was nothing to judge.
    pub(in crate::report) share: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    /// Where hardly any run differs from the others: at most this share of runs does, 95 %.
    pub(in crate::report) bound: Option<Said<f64>>,
    /// The worst over all runs; none where it is not a time.
    pub(in crate::report) worst: Option<Said<Span>>,
    pub(in crate::report) verdict: Verdict,
    /// Why the verdict is what it is.
    pub(in crate::report) reason: String,
    /// Runs that had something to judge.
    pub(in crate::report) n_runs: u64,
    /// Copies, batches, or samples behind it.
    pub(in crate::report) n: u64,
    pub(in crate::report) n_missed: u64,
    pub(in crate::report) n_open: u64,
}

impl Standing {
    /// Reads the columns from `promised_share` on.
    fn read(row: &mut Row<'_>) -> Result<Standing, Fault> {
        Ok(Standing {
            promised: row.at("promised_share").share()?,
            share: said(row, "share")?,
            low: said(row, "low_95")?,
            high: said(row, "high_95")?,
            bound: said(row, "bound_95")?,
            worst: said(row, "worst_s")?,
            verdict: row.at("verdict").one_of(VERDICTS)?,
            reason: row.at("reason").text().to_owned(),
            n_runs: row.at("n_runs").must()?,
            n: row.at("n").must()?,
            n_missed: row.at("n_missed").must()?,
            n_open: row.at("n_open").must()?,
        })
    }
}

/// The words of verdicts in files.
pub(in crate::report) const VERDICTS: [(&str, Verdict); 3] =
    [("yes", Verdict::Yes), ("no", Verdict::No), ("not sure", Verdict::NotSure)];

/// A target at a point: a row of `targets.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct PromiseRow {
    pub(in crate::report) point: u64,
    /// Key of each axis with its value.
    pub(in crate::report) labels: Vec<(String, String)>,
    pub(in crate::report) target: String,
    /// `copy`, `batch`, `rpo`, or `link`.
    pub(in crate::report) kind: String,
    pub(in crate::report) standing: Standing,
}

impl FromRow for PromiseRow {
    const FILE: &'static str = "targets.csv";

    fn read(row: &mut Row<'_>) -> Result<PromiseRow, Fault> {
        let labels = row.labels();
        Ok(PromiseRow {
            point: row.at("point").must()?,
            labels,
            target: row.at("target").text().to_owned(),
            kind: row.at("kind").text().to_owned(),
            standing: Standing::read(row)?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// A measure of a scope over all runs of a point: a row of `summary.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct MeasureRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    pub(in crate::report) mean: Option<Said<f64>>,
    pub(in crate::report) pooled: Option<Said<f64>>,
    /// Whether unfinished copies can only raise it.
    pub(in crate::report) at_least: bool,
    pub(in crate::report) n: u64,
}

impl FromRow for MeasureRow {
    const FILE: &'static str = "summary.csv";

    fn read(row: &mut Row<'_>) -> Result<MeasureRow, Fault> {
        Ok(MeasureRow {
            point: row.at("point").must()?,
            scope: row.at("scope").text().to_owned(),
            measure: row.at("measure").text().to_owned(),
            mean: said(row, "mean")?,
            pooled: said(row, "pooled")?,
            at_least: row.at("at_least").must()?,
            n: row.at("n").must()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

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
            flipped_verdict: row.at("flipped_verdict").one_of(VERDICTS)?,
            turns: row.at("turns").must()?,
            n_runs: row.at("n_runs").must()?,
        })
    }

    /// It is about the one point that there is.
    fn point(&self) -> u64 {
        0
    }
}

/// How a target of the chosen point fared on fresh draws: a row of `confirmed.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ChosenRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) labels: Vec<(String, String)>,
    pub(in crate::report) target: String,
    /// Promised share, 0 to 1.
    pub(in crate::report) promised: f64,
    pub(in crate::report) share: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    pub(in crate::report) verdict: Verdict,
    pub(in crate::report) cost_usd: Option<f64>,
    pub(in crate::report) seed: String,
    pub(in crate::report) n_runs: u64,
}

impl ChosenRow {
    /// Its 95 % interval.
    pub(in crate::report) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value, self.high.as_ref()?.value))
    }
}

impl FromRow for ChosenRow {
    const FILE: &'static str = "confirmed.csv";

    fn read(row: &mut Row<'_>) -> Result<ChosenRow, Fault> {
        let labels = row.labels();
        let point = row.at("point").must()?;
        let target = row.at("target").text().to_owned();
        let promised = row.at("promised_share").share()?;
        let share = said(row, "share")?;
        let low = said(row, "low_95")?;
        let high = said(row, "high_95")?;
        let verdict = row.at("verdict").one_of(VERDICTS)?;
        let cost_usd = row.at("cost_usd").maybe()?;
        let seed = row.at("seed").text().to_owned();
        let n_runs = row.at("n_runs").must()?;
        Ok(ChosenRow {
            point,
            labels,
            target,
            promised,
            share,
            low,
            high,
            verdict,
            cost_usd,
            seed,
            n_runs,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// The recovery points of a volume or an application: a row of `rpo.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct RecoveryRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    /// Volume; empty where the row is about an application.
    pub(in crate::report) volume: String,
    pub(in crate::report) application: String,
    pub(in crate::report) to: String,
    pub(in crate::report) n_points: u64,
    /// Time without any recovery point.
    pub(in crate::report) without: Span,
}

impl FromRow for RecoveryRow {
    const FILE: &'static str = "rpo.csv";

    fn read(row: &mut Row<'_>) -> Result<RecoveryRow, Fault> {
        Ok(RecoveryRow {
            point: row.at("point").must()?,
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            application: row.at("application").text().to_owned(),
            to: row.at("to").text().to_owned(),
            n_points: row.at("n_points").must()?,
            without: row.at("without_s").must()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// When a flow ended: a row of `flows.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct EndRow {
    /// After the start; none where it never does.
    pub(in crate::report) finished: Option<Span>,
}

impl FromRow for EndRow {
    const FILE: &'static str = "flows.csv";

    fn read(row: &mut Row<'_>) -> Result<EndRow, Fault> {
        Ok(EndRow { finished: row.at("finished_s").maybe()? })
    }

    fn point(&self) -> u64 {
        0
    }
}

/// How a promise stands for one application, or one fleet and destination: a row of `promises.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ScopeRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) target: String,
    pub(in crate::report) scope: String,
    /// Empty where the row is about a fleet.
    pub(in crate::report) application: String,
    pub(in crate::report) standing: Standing,
    /// The word of the cause that breaks it first.
    pub(in crate::report) breaks_first: String,
}

impl FromRow for ScopeRow {
    const FILE: &'static str = "promises.csv";

    fn read(row: &mut Row<'_>) -> Result<ScopeRow, Fault> {
        Ok(ScopeRow {
            point: row.at("point").must()?,
            target: row.at("target").text().to_owned(),
            scope: row.at("scope").text().to_owned(),
            application: row.at("application").text().to_owned(),
            standing: Standing::read(row)?,
            breaks_first: row.at("breaks_first").text().to_owned(),
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// One of the worst copies: a row of `worst.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct WorstRow {
    pub(in crate::report) point: u64,
    /// From 1, the worst.
    pub(in crate::report) rank: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) outcome: Outcome,
    /// From due to its end; none where it did not end.
    pub(in crate::report) completion: Option<Span>,
    /// The tightest limit; none where none is promised.
    pub(in crate::report) limit: Option<Span>,
    pub(in crate::report) broke: bool,
    pub(in crate::report) bytes: Option<u64>,
    /// Time by cause, in order of [`Cause::ALL`].
    pub(in crate::report) causes: [Span; Cause::ALL.len()],
    /// The limit without which the copy was run again; empty where none was lifted.
    pub(in crate::report) lifted: String,
    pub(in crate::report) lifted_place: String,
    pub(in crate::report) lifted_completion: Option<Span>,
    pub(in crate::report) lifted_broke: Option<bool>,
}

impl FromRow for WorstRow {
    const FILE: &'static str = "worst.csv";

    fn read(row: &mut Row<'_>) -> Result<WorstRow, Fault> {
        let point = row.at("point").must()?;
        let rank = row.at("rank").must()?;
        let replication = row.at("replication").must()?;
        let fleet = row.at("fleet").text().to_owned();
        let volume = row.at("volume").text().to_owned();
        let to = row.at("to").text().to_owned();
        let due = row.at("due_utc").must()?;
        let outcome = row.at("outcome").one_of(Outcome::ALL.map(|o| (o.name(), o)))?;
        let completion = row.at("completion_s").maybe()?;
        let limit = row.at("limit_s").maybe()?;
        let broke = row.at("broke").must()?;
        let bytes = row.at("bytes").maybe()?;
        let mut causes = [Span::ZERO; Cause::ALL.len()];
        for (time, cause) in causes.iter_mut().zip(Cause::ALL) {
            *time = row.at(&format!("{}_s", cause.name())).must()?;
        }
        Ok(WorstRow {
            point,
            rank,
            replication,
            fleet,
            volume,
            to,
            due,
            outcome,
            completion,
            limit,
            broke,
            bytes,
            causes,
            lifted: row.at("lifted").text().to_owned(),
            lifted_place: row.at("lifted_place").text().to_owned(),
            lifted_completion: row.at("lifted_completion_s").maybe()?,
            lifted_broke: row.at("lifted_broke").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// Some time of one of the worst copies in which one cause held: a row of `stretches.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct StretchRow {
    pub(in crate::report) point: u64,
    /// Which of the worst copies.
    pub(in crate::report) rank: u64,
    pub(in crate::report) from: Instant,
    pub(in crate::report) until: Instant,
    pub(in crate::report) cause: Cause,
    /// At which its bytes moved, bytes per second; none while none did.
    pub(in crate::report) rate: Option<f64>,
}

impl FromRow for StretchRow {
    const FILE: &'static str = "stretches.csv";

    fn read(row: &mut Row<'_>) -> Result<StretchRow, Fault> {
        Ok(StretchRow {
            point: row.at("point").must()?,
            rank: row.at("rank").must()?,
            from: row.at("from_utc").must()?,
            until: row.at("until_utc").must()?,
            cause: row.at("cause").one_of(Cause::ALL.map(|cause| (cause.name(), cause)))?,
            rate: row.at("rate_bytes_per_s").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
    }
}

/// A copy that moved everything: a row of `copies.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct FullRow {
    pub(in crate::report) point: u64,
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) bytes: Option<u64>,
    /// Why it was full; empty: it was not, or never accepted.
    pub(in crate::report) because: String,
}

impl FromRow for FullRow {
    const FILE: &'static str = "copies.csv";

    fn read(row: &mut Row<'_>) -> Result<FullRow, Fault> {
        Ok(FullRow {
            point: row.at("point").must()?,
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            to: row.at("to").text().to_owned(),
            because: row.at("full_because").text().to_owned(),
            due: row.at("due_utc").must()?,
            bytes: row.at("bytes").maybe()?,
        })
    }

    fn point(&self) -> u64 {
        self.point
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

/// A difference of two sides: a row of `differences.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DifferenceOf {
    /// Whether it is of a target, or of a measure.
    pub(in crate::report) is_target: bool,
    /// The target, or what is measured.
    pub(in crate::report) scope: String,
    pub(in crate::report) measure: String,
    pub(in crate::report) unit: String,
    pub(in crate::report) mean_a: Option<f64>,
    pub(in crate::report) mean_b: Option<f64>,
    /// B − A.
    pub(in crate::report) difference: Option<Said<f64>>,
    pub(in crate::report) low: Option<Said<f64>>,
    pub(in crate::report) high: Option<Said<f64>>,
    /// `factor`, `constant`, `nothing`, or `unknown`; empty: independent runs.
    pub(in crate::report) pairing: String,
    /// Why there is no difference.
    pub(in crate::report) reason: String,
    /// Copies a run whose verdict turns: to late, and to in time.
    pub(in crate::report) turned: Option<(f64, f64)>,
}

impl DifferenceOf {
    /// Means of both sides, and of B − A; none where there is no difference to tell.
    pub(in crate::report) fn means(&self) -> Option<(f64, f64, f64)> {
        Some((self.mean_a?, self.mean_b?, self.difference.as_ref()?.value))
    }

    /// Whether B − A is the same in every pair of runs.
    pub(in crate::report) fn is_constant(&self) -> bool {
        self.pairing == "constant"
    }

    /// The 95 % interval of the difference.
    pub(in crate::report) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value, self.high.as_ref()?.value))
    }
}

impl FromRow for DifferenceOf {
    const FILE: &'static str = "differences.csv";

    fn read(row: &mut Row<'_>) -> Result<DifferenceOf, Fault> {
        let is_target = row.at("kind").one_of([("target", true), ("measure", false)])?;
        let scope = row.at("scope").text().to_owned();
        let measure = row.at("measure").text().to_owned();
        let unit = row.at("unit").text().to_owned();
        let mean_a = row.at("mean_a").maybe()?;
        let mean_b = row.at("mean_b").maybe()?;
        let difference = said(row, "difference")?;
        let low = said(row, "low_95")?;
        let high = said(row, "high_95")?;
        let pairing = row.at("pairing").text().to_owned();
        let reason = row.at("reason").text().to_owned();
        let late: Option<f64> = row.at("turned_late").maybe()?;
        let in_time: Option<f64> = row.at("turned_in_time").maybe()?;
        let turned = late.zip(in_time);
        Ok(DifferenceOf {
            is_target,
            scope,
            measure,
            unit,
            mean_a,
            mean_b,
            difference,
            low,
            high,
            pairing,
            reason,
            turned,
        })
    }

    fn point(&self) -> u64 {
        0
    }
}

/// One of the copies that move most between two sides: a row of `moved.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct MovedRow {
    pub(in crate::report) replication: u64,
    pub(in crate::report) fleet: String,
    pub(in crate::report) volume: String,
    pub(in crate::report) to: String,
    pub(in crate::report) due: Instant,
    pub(in crate::report) took_a: Span,
    pub(in crate::report) took_b: Span,
    /// B − A, seconds.
    pub(in crate::report) moved: Said<f64>,
    /// What most of it is.
    pub(in crate::report) cause: Cause,
}

impl FromRow for MovedRow {
    const FILE: &'static str = "moved.csv";

    fn read(row: &mut Row<'_>) -> Result<MovedRow, Fault> {
        Ok(MovedRow {
            replication: row.at("replication").must()?,
            fleet: row.at("fleet").text().to_owned(),
            volume: row.at("volume").text().to_owned(),
            to: row.at("to").text().to_owned(),
            due: row.at("due_utc").must()?,
            took_a: row.at("took_a_s").must()?,
            took_b: row.at("took_b_s").must()?,
            moved: {
                let field = row.at("moved_s");
                Said { value: field.must()?, text: field.text().to_owned() }
            },
            cause: row.at("cause").one_of(Cause::ALL.map(|cause| (cause.name(), cause)))?,
        })
    }

    fn point(&self) -> u64 {
        0
    }
}
