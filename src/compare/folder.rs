//! Two points of output folders, compared by what their files say.
//!
//! Nothing is run again, and nothing is taken on trust that can be checked: the manifest against the
//! tables, and each row against itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::choice::PointLabels;
use super::copies::CopyChanges;
use super::{Comparison, Pairs, Promise, Refusal, Series, Side, TargetSeries};
use crate::experiment::{NO_STEADY_STATE, check_folder};
use crate::report::{Fault, Row};

mod copies;
mod files;
mod manifest;

use copies::KeptRows;
use files::{each_row, wrong};
use manifest::{Manifest, RowsKept};

/// An output folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    manifest: Manifest,
    points: Vec<PointLabels>,
}

/// A design point of an output folder.
#[derive(Debug, Clone)]
pub struct FolderSide<'a> {
    /// What it is called.
    pub name: String,
    /// The folder.
    pub folder: &'a Folder,
    /// The number of the point.
    pub point: usize,
}

impl Folder {
    /// Opens a folder: its manifest, and the points that its runs are of.
    ///
    /// # Errors
    /// When it is no complete output folder, or its manifest is not that of its tables.
    pub fn open(path: &Path) -> Result<Folder, Refusal> {
        if let Err(failure) = check_folder(path) {
            let is_content = failure.is_refusal();
            return Err(if is_content {
                Refusal::one(failure.to_string())
            } else {
                failure.into()
            });
        }
        let manifest = Manifest::read(path)?;
        let mut points: Vec<PointLabels> = Vec::new();
        each_row(path, "runs.csv", |row| {
            let number = number(row)?;
            if points.last().is_none_or(|(last, _)| *last != number) {
                points.push((number, row.labels()));
            }
            Ok(())
        })?;
        let expected: Vec<usize> = (0..manifest.n_points()).collect();
        if !points.iter().map(|(number, _)| number).eq(&expected) {
            return Err(wrong(
                path,
                format!(
                    "manifest.toml says {} points, and runs.csv has {}: one of them was edited, or rows \
                 are lost; run the scenario again",
                    expected.len(),
                    points.len()
                ),
            ));
        }
        Ok(Folder { path: path.to_owned(), manifest, points })
    }

    /// Its points, with their labels.
    pub fn points(&self) -> &[PointLabels] {
        &self.points
    }
}

/// The point of a row, which stands first.
fn number(row: &mut Row<'_>) -> Result<usize, Fault> {
    let number: u64 = row.at("point").must()?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

/// Compares two points of folders.
///
/// # Errors
/// When they are not comparable, or a file is missing, cannot be read, or does not say what it
/// should.
pub fn compare_folders(
    a: &FolderSide<'_>,
    b: &FolderSide<'_>,
    pairs: Pairs,
) -> Result<Comparison, Refusal> {
    super::about::check(&a.folder.manifest.about, &b.folder.manifest.about, pairs)?;
    let (side_a, side_b) = (side(a)?, side(b)?);
    let mut notes = Vec::new();
    let mut copies = None;
    if pairs == Pairs::ByReplication {
        let n_common = side_a.n_runs.min(side_b.n_runs);
        match n_with_rows(&a.folder.manifest, &b.folder.manifest, n_common) {
            0 => notes.push(
                "no rows of copies on both sides: run both with --rows first or --rows all to learn \
                 which copies moved"
                    .to_owned(),
            ),
            n => {
                if n < n_common {
                    notes.push(format!(
                        "copies are compared in {n} of {n_common} runs, those that have rows: run \
                         both with --rows all for the others"
                    ));
                }
                copies = Some(copy_changes((a, b), (&side_a, &side_b), n)?);
            }
        }
    }
    let mut comparison = Comparison::of(&side_a, &side_b, pairs, copies)?;
    for (side, name) in [(&side_a, "A"), (&side_b, "B")] {
        if side.targets.is_empty()
            && 0 < if name == "A" { a } else { b }.folder.manifest.n_targets()
        {
            notes.push(format!("{name} has no target_runs.csv: its targets are not compared"));
        }
    }
    comparison.notes.extend(notes);
    Ok(comparison)
}

/// How many runs, from the first on, have rows on both sides.
fn n_with_rows(a: &Manifest, b: &Manifest, n_common: usize) -> usize {
    if a.copies.is_empty() && b.copies.is_empty() {
        return 0;
    }
    let n = |of: &Manifest| match of.rows {
        RowsKept::First => 1,
        RowsKept::None => 0,
        RowsKept::All => n_common,
    };
    n(a).min(n(b)).min(n_common)
}

fn copy_changes(
    (a, b): (&FolderSide<'_>, &FolderSide<'_>),
    sides: (&Side, &Side),
    n: usize,
) -> Result<CopyChanges, Refusal> {
    let promises = |side: &Side| -> Vec<Promise> {
        side.targets.iter().map(|target| target.promise.clone()).collect()
    };
    let promises = (promises(sides.0), promises(sides.1));
    let open = |side: &FolderSide<'_>| KeptRows::open(&side.folder.path, side.point);
    let (mut rows_a, mut rows_b) = (open(a)?, open(b)?);
    let mut changes = CopyChanges::default();
    for replication in 0..n {
        let replication = crate::units::index_u64(replication);
        let kept = (rows_a.of_run(replication)?, rows_b.of_run(replication)?);
        let promises = (&promises.0[..], &promises.1[..]);
        changes.add(CopyChanges::of_run(replication, (&kept.0, &kept.1), promises));
    }
    Ok(changes)
}

/// What the files say of a point.
fn side(of: &FolderSide<'_>) -> Result<Side, Refusal> {
    let manifest = &of.folder.manifest;
    let (measures, n_runs) = measures(of)?;
    Ok(Side {
        name: of.name.clone(),
        about: manifest.about.clone(),
        n_runs,
        ways: manifest.copies.clone(),
        measures,
        targets: targets(of, n_runs)?,
    })
}

/// The measures of a point's runs, and how many runs there are.
fn measures(of: &FolderSide<'_>) -> Result<(Vec<Series>, usize), Refusal> {
    let path = &of.folder.path;
    let (withheld, order) = of_summary(of)?;
    let n_runs = of.folder.manifest.n_runs(of.point);
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    let mut measures: Vec<Series> = Vec::new();
    let mut seen = BTreeSet::new();
    each_row(path, "runs.csv", |row| {
        if number(row)? != of.point {
            return Ok(());
        }
        let replication: u64 = row.at("replication").must()?;
        let replication = usize::try_from(replication).unwrap_or(usize::MAX);
        seen.insert(replication);
        let key = (row.at("scope").text().to_owned(), row.at("measure").text().to_owned());
        let unit = row.at("unit").text().to_owned();
        let value = row.at("value").maybe()?;
        let at_least: bool = row.at("at_least").must()?;
        let place = *known.entry(key.clone()).or_insert_with(|| {
            let withheld = withheld.contains(&key);
            let (scope, measure) = key;
            let values = vec![None; n_runs];
            measures.push(Series { scope, measure, unit, values, at_least: false, withheld });
            measures.len() - 1
        });
        measures[place].at_least |= at_least;
        if let Some(place) = measures[place].values.get_mut(replication) {
            *place = value;
        }
        Ok(())
    })?;
    if !seen.iter().copied().eq(0..n_runs) {
        return Err(wrong(
            path,
            format!(
                "manifest.toml says {n_runs} runs of point {}, and runs.csv has {} of point {}: one \
             of them was edited, or rows are lost; run the scenario again",
                of.point,
                seen.len(),
                of.point
            ),
        ));
    }
    measures
        .sort_by_cached_key(|row| order.get(&(row.scope.clone(), row.measure.clone())).copied());
    Ok((measures, n_runs))
}

/// Scope and measure of a row.
type Key = (String, String);

/// The measures whose mean says nothing, because there is no steady state, and the order of all.
fn of_summary(of: &FolderSide<'_>) -> Result<(BTreeSet<Key>, BTreeMap<Key, usize>), Refusal> {
    let (mut withheld, mut order) = (BTreeSet::new(), BTreeMap::new());
    each_row(&of.folder.path, "summary.csv", |row| {
        let is_here = number(row)? == of.point;
        let key = (row.at("scope").text().to_owned(), row.at("measure").text().to_owned());
        if is_here {
            order.insert(key.clone(), order.len());
            if row.at("reason").text() == NO_STEADY_STATE {
                withheld.insert(key);
            }
        }
        Ok(())
    })?;
    Ok((withheld, order))
}

/// The targets of a point with their shares; none where the folder was written before those were.
fn targets(of: &FolderSide<'_>, n_runs: usize) -> Result<Vec<TargetSeries>, Refusal> {
    let path = &of.folder.path;
    if !path.join("target_runs.csv").exists() {
        return Ok(Vec::new());
    }
    let mut targets: Vec<TargetSeries> = Vec::new();
    each_row(path, "targets.csv", |row| {
        if number(row)? != of.point {
            return Ok(());
        }
        let name = row.at("target").text().to_owned();
        let kind = row.at("kind").text().to_owned();
        let promised = row.at("promised_share").share()?;
        let (limit, scopes) = of.folder.manifest.promise(&name);
        let promise = Promise { name, kind, promised, limit, scopes };
        targets.push(TargetSeries { promise, shares: vec![None; n_runs] });
        Ok(())
    })?;
    let mut strange = None;
    each_row(path, "target_runs.csv", |row| {
        if number(row)? != of.point {
            return Ok(());
        }
        let replication: u64 = row.at("replication").must()?;
        let name = row.at("target").text();
        let field = row.at("share");
        let share = if field.text().is_empty() { None } else { Some(field.share()?) };
        let target = targets.iter_mut().find(|target| target.promise.name == name);
        let place = usize::try_from(replication).unwrap_or(usize::MAX);
        match target.and_then(|target| target.shares.get_mut(place)) {
            Some(place) => *place = share,
            None => strange = strange.take().or(Some((name.to_owned(), replication))),
        }
        Ok(())
    })?;
    match strange {
        None => Ok(targets),
        Some((name, replication)) => Err(wrong(
            path,
            format!(
                "target_runs.csv has the target `{name}` in run {replication}, which targets.csv or \
             manifest.toml does not know: one of them was edited; run the scenario again"
            ),
        )),
    }
}
