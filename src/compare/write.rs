//! The folder of a comparison.

use std::io;

use serde::Serialize;

use super::{Comparison, Difference, Moved, Pairs, Turned};
use crate::experiment::folder::{MANIFEST, Output};
use crate::experiment::{Failure, Program, SealedFile, Staging, sealed};
use crate::record::{CsvTable, table};
use crate::stats::Pairing;
use crate::units::index_u64;

/// What was compared. A folder that has it is complete, and known as one of this program's.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    program: Program,
    comparison: Entry<'a>,
    file: Vec<SealedFile>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    a: &'a str,
    b: &'a str,
    pairs: &'static str,
    n_runs_a: u64,
    n_runs_b: u64,
    notes: &'a [String],
}

/// Writes `differences.csv`, `moved.csv` where copies were compared, and the manifest;
/// [`Staging::publish`] then puts the folder in place.
///
/// # Errors
/// When the machine fails.
pub fn write(comparison: &Comparison, staging: &Staging<'_>) -> Result<(), Failure> {
    let mut sheet = Sheet::create(staging, "differences.csv")?;
    write_differences(&mut sheet.csv, comparison);
    sheet.finish(staging)?;
    if let Some(copies) = &comparison.copies {
        let mut sheet = Sheet::create(staging, "moved.csv")?;
        for (place, moved) in copies.moved.iter().enumerate() {
            write_moved(&mut sheet.csv, place, moved);
        }
        sheet.finish(staging)?;
    }
    let manifest = Manifest {
        program: Program::THIS,
        comparison: Entry {
            a: &comparison.a.0,
            b: &comparison.b.0,
            pairs: match comparison.pairs {
                Pairs::ByReplication => "by replication",
                Pairs::None => "none",
            },
            n_runs_a: index_u64(comparison.a.1),
            n_runs_b: index_u64(comparison.b.1),
            notes: &comparison.notes,
        },
        file: staging.files(),
    };
    let text = toml::to_string(&manifest).expect("a manifest is plain TOML");
    let mut output = staging.create(MANIFEST)?;
    output.put(sealed(&text).as_bytes())?;
    output.finish()
}

/// A table and the file that it goes into.
struct Sheet {
    file: &'static str,
    csv: CsvTable<Output>,
}

impl Sheet {
    fn create(staging: &Staging<'_>, file: &'static str) -> Result<Sheet, Failure> {
        let columns = table(file).expect("a file of the table");
        let mut csv = CsvTable::new(staging.create(file)?, columns, &[]);
        csv.header();
        Ok(Sheet { file, csv })
    }

    fn finish(self, staging: &Staging<'_>) -> Result<(), Failure> {
        let failed =
            |error: io::Error| Failure::new("write", &staging.path().join(self.file), error);
        self.csv.finish().map_err(failed)?.finish()
    }
}

/// One row of `differences.csv`.
struct Row<'a> {
    kind: &'static str,
    scope: &'a str,
    measure: &'a str,
    unit: &'a str,
    difference: Option<&'a Difference>,
    at_least: bool,
    reason: &'static str,
    /// Copies a run whose verdict turns: to late, and to in time.
    turned: Option<(f64, f64)>,
}

fn write_differences(csv: &mut CsvTable<Output>, comparison: &Comparison) {
    for target in &comparison.targets {
        let a_run = |turned: &Turned| {
            let copies = comparison.copies.as_ref().filter(|_| 0 < turned.n_judged)?;
            Some((copies.a_run(turned.n_late), copies.a_run(turned.n_in_time)))
        };
        let reason = if target.difference.is_some() { "" } else { "nothing to judge" };
        write_row(
            csv,
            &Row {
                kind: "target",
                scope: &target.name,
                measure: "share",
                unit: "share",
                difference: target.difference.as_ref(),
                at_least: false,
                reason,
                turned: target.turned.as_ref().and_then(a_run),
            },
        );
    }
    for (target, side) in &comparison.lone_targets {
        let reason = if *side == "A" { "only A has it" } else { "only B has it" };
        let (measure, unit) = ("share", "share");
        let (difference, at_least, turned) = (None, false, None);
        let scope = target;
        write_row(
            csv,
            &Row { kind: "target", scope, measure, unit, difference, at_least, reason, turned },
        );
    }
    for row in &comparison.measures {
        write_row(
            csv,
            &Row {
                kind: "measure",
                scope: &row.scope,
                measure: &row.measure,
                unit: &row.unit,
                difference: row.difference.as_ref(),
                at_least: row.at_least,
                reason: row.reason,
                turned: None,
            },
        );
    }
}

fn write_row(csv: &mut CsvTable<Output>, row: &Row<'_>) {
    csv.text(row.kind).text(row.scope).text(row.measure).text(row.unit);
    let difference = row.difference;
    csv.decimal(difference.map(|of| of.mean_a)).decimal(difference.map(|of| of.mean_b));
    csv.decimal(difference.map(|of| of.mean));
    let interval = difference.and_then(|of| of.interval);
    csv.decimal(interval.map(|ends| ends.low)).decimal(interval.map(|ends| ends.high));
    let (factor, pairing) = match difference.and_then(|of| of.pairing) {
        Some(Pairing::Factor(factor)) => (Some(factor), "factor"),
        Some(Pairing::Constant) => (None, "constant"),
        Some(Pairing::Nothing) => (None, "nothing"),
        Some(Pairing::Unknown) => (None, "unknown"),
        None => (None, ""),
    };
    csv.decimal(factor).text(pairing).boolean(row.at_least).text(row.reason);
    csv.decimal(row.turned.map(|(late, _)| late)).decimal(row.turned.map(|(_, in_time)| in_time));
    csv.integer(difference.map(|of| index_u64(of.n.0)));
    csv.integer(difference.map(|of| index_u64(of.n.1))).end();
}

fn write_moved(csv: &mut CsvTable<Output>, place: usize, moved: &Moved) {
    csv.integer(index_u64(place) + 1).integer(moved.replication).text(moved.fleet.as_str());
    csv.text(moved.volume.as_str()).text(moved.to.as_str()).moment(moved.due);
    csv.span(moved.took_a).span(moved.took_b).signed_span(moved.moved);
    csv.text(moved.cause().name());
    for cause in moved.causes {
        csv.signed_span(cause);
    }
    csv.end();
}
