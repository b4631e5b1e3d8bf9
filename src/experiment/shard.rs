//! One part in N of a plan, for one of N machines, and what all of them left.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::{Failure, MANIFEST};
use super::parts::{self, Identity};
use super::question::Question;
use super::store::PARTS;
use super::{EngineChoice, Rows, manifest};
use crate::plan::{Plan, RunKey};
use crate::units::index_usize;

/// One part in `of` of a plan.
///
/// Runs go round: run r of point p is in shard (p + r) mod N, so that each shard has its share of
/// each point, and of the runs that write rows. Where a point stops at a precision, it is in one
/// shard as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    index: u32,
    /// How many there are.
    of: u32,
    /// Whether points are in one shard as a whole.
    keeps_points: bool,
}

impl Shard {
    /// The whole plan.
    pub(super) const WHOLE: Shard = Shard { index: 1, of: 1, keeps_points: false };

    /// Part `index`, from 1, of `of`.
    ///
    /// # Errors
    /// When there is no such part: what there is.
    pub fn new(index: u32, of: u32) -> Result<Shard, String> {
        match (index, of) {
            (_, 0) => Err("a plan is cut into at least 1 shard".to_owned()),
            (index, of) if index == 0 || of < index => {
                Err(format!("there is no shard {index} of {of}: they go from 1 to {of}"))
            }
            (index, of) => Ok(Shard { index, of, keeps_points: false }),
        }
    }

    /// The same part of a plan, in which a point is in one shard as a whole where it has runs until
    /// it is known well enough.
    pub(super) fn of_plan(self, plan: &Plan) -> Shard {
        Shard { keeps_points: plan.points[0].model.precision.is_some(), ..self }
    }

    /// Which one, from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// The name of its folder: `shard-2-of-7`.
    pub fn folder(self) -> String {
        format!("shard-{}-of-{}", self.index, self.of)
    }

    /// Whether a run is in it.
    pub(super) fn has(self, key: RunKey) -> bool {
        let of = index_usize(self.of);
        let replication = index_usize(key.replication);
        let turn = if self.keeps_points { key.point } else { key.point + replication };
        turn % of == index_usize(self.index - 1)
    }
}

/// The folders of all shards of one plan.
#[derive(Debug)]
pub struct Shards {
    folders: Vec<PathBuf>,
    identity: Identity,
    question: Question,
}

impl Shards {
    /// Reads the folders of shards, or folders in which such folders are.
    ///
    /// # Errors
    /// When a folder is none of a shard or was edited, when shards belong to several questions, when
    /// one is missing, or is there twice.
    pub fn read(folders: &[PathBuf]) -> Result<Shards, Failure> {
        let mut found: Vec<(Shard, PathBuf, Identity)> = Vec::new();
        for folder in all(folders)? {
            let identity = identity(&folder)?;
            let shard = identity.shard().ok_or_else(|| {
                refused(&folder, "it is no shard: it has the runs of a whole plan")
            })?;
            found.push((shard, folder, identity));
        }
        let Some((_, first, identity)) = found.first().cloned() else {
            let folder = folders.first().map_or(Path::new("."), PathBuf::as_path);
            return Err(refused(folder, "there is no shard in it"));
        };
        for (shard, folder, other) in &found {
            fits(*shard, folder, other, (&first, &identity))?;
        }
        found.sort_by_key(|(shard, ..)| shard.index);
        complete(&found)?;
        let folders = found.into_iter().map(|(_, folder, _)| folder).collect();
        Shards::of(folders, &first, identity)
    }

    /// Shards whose first has this folder, from which the question is read.
    fn of(folders: Vec<PathBuf>, first: &Path, identity: Identity) -> Result<Shards, Failure> {
        let path = first.join(MANIFEST);
        let manifest =
            fs::read_to_string(&path).map_err(|error| Failure::new("read", &path, error))?;
        let question = Question::of(first, &manifest)?;
        Ok(Shards { folders, identity, question })
    }

    /// The folders, in order of the shards.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// What was asked of them.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Which runs wrote their rows.
    pub fn rows(&self) -> Rows {
        self.identity.rows()
    }

    /// Which network carried the flows.
    pub fn engine(&self) -> EngineChoice {
        self.identity.engine()
    }
}

fn refused(folder: &Path, why: &str) -> Failure {
    Failure::refused("merge", folder, why)
}

/// The folders of shards among these and the folders in them, by name.
fn all(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for folder in folders {
        if folder.join(PARTS).is_file() {
            found.push(folder.clone());
            continue;
        }
        let read = |error| Failure::new("read folder", folder, error);
        let mut inside = Vec::new();
        for entry in fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            let is_hidden =
                path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
            if !is_hidden && path.join(PARTS).is_file() {
                inside.push(path);
            }
        }
        if inside.is_empty() {
            return Err(refused(
                folder,
                &format!("there is no {PARTS} in it, nor in a folder in it"),
            ));
        }
        inside.sort();
        found.extend(inside);
    }
    Ok(found)
}

/// What the runs of a folder belong to.
fn identity(folder: &Path) -> Result<Identity, Failure> {
    manifest::check(&folder.join(MANIFEST)).map_err(|why| refused(folder, &why))?;
    let path = folder.join(PARTS);
    let opening = File::open(&path).and_then(|mut file| parts::opening(&mut file));
    let opening = opening.map_err(|error| Failure::new("read", &path, error))?;
    match opening {
        Ok((identity, _)) => Ok(identity),
        Err(foreign) => Err(refused(folder, &format!("its runs are {}", foreign.told()))),
    }
}

/// Checks that a shard belongs to the plan of the first.
fn fits(
    shard: Shard,
    folder: &Path,
    identity: &Identity,
    (first, wanted): (&Path, &Identity),
) -> Result<(), Failure> {
    let than = format!("than those in {}", first.display());
    if let Some(how) = identity.differs(wanted) {
        return Err(refused(folder, &format!("its runs are {how}, {than}")));
    }
    let ((its, its_precision), (other, precision)) = (identity.asked(), wanted.asked());
    if its != other {
        return Err(refused(folder, &format!("it is of {its} replications, not {other}, {than}")));
    }
    if its_precision != precision {
        let (its, other) = (parts::told(its_precision), parts::told(precision));
        let why = format!("its runs are of other settings: {its}, instead of {other}, {than}");
        return Err(refused(folder, &why));
    }
    let of = wanted.shard().map_or(0, Shard::of);
    if shard.of != of {
        let why = format!("it is one of {} shards, and {} one of {of}", shard.of, first.display());
        return Err(refused(folder, &why));
    }
    Ok(())
}

/// Checks that sorted shards are all there, and none of them twice.
fn complete(found: &[(Shard, PathBuf, Identity)]) -> Result<(), Failure> {
    for pair in found.windows(2) {
        if pair[0].0.index == pair[1].0.index {
            let why = format!("it is shard {} again, as {}", pair[1].0.index, pair[0].1.display());
            return Err(refused(&pair[1].1, &why));
        }
    }
    let (first, folder, _) = &found[0];
    let missing: Vec<String> = (1..=first.of)
        .filter(|index| found.iter().all(|(shard, ..)| shard.index != *index))
        .map(|index| index.to_string())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder);
    let of = first.of;
    let why = match missing.as_slice() {
        [one] => format!("shard {one} of {of} is missing: run it first, with --shard {one}/{of}"),
        several => format!(
            "shards {} of {of} are missing: run them first, each with --shard I/{of}",
            several.join(", ")
        ),
    };
    Err(refused(above, &why))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 points of 5 runs in 4 shards, run r of point p in (p + r) mod 4: each run in one, and no
    /// shard has more than one run more than another of any point.
    #[test]
    fn each_run_is_in_one_shard_and_they_go_round() {
        let shards: Vec<Shard> = (1..=4).map(|index| Shard::new(index, 4).unwrap()).collect();
        for point in 0..3 {
            let turns: Vec<usize> = (0..5)
                .map(|replication| {
                    let key = RunKey { point, replication };
                    let having: Vec<usize> = (0..4).filter(|at| shards[*at].has(key)).collect();
                    assert_eq!(having.len(), 1, "{key:?}");
                    having[0]
                })
                .collect();
            let expected: Vec<usize> = [0, 1, 2, 3, 0].map(|turn| (turn + point) % 4).to_vec();
            assert_eq!(turns, expected);
        }
        let whole = Shard { keeps_points: true, ..shards[1] };
        assert!((0..5).all(|replication| whole.has(RunKey { point: 5, replication })));
        assert!((0..5).all(|replication| !whole.has(RunKey { point: 6, replication })));
    }

    #[test]
    fn a_shard_that_is_not_there_is_told_with_those_that_are() {
        let wrong = |index, of| Shard::new(index, of).unwrap_err();
        assert_eq!(wrong(0, 3), "there is no shard 0 of 3: they go from 1 to 3");
        assert_eq!(wrong(4, 3), "there is no shard 4 of 3: they go from 1 to 3");
        assert_eq!(wrong(1, 0), "a plan is cut into at least 1 shard");
        assert_eq!(Shard::new(3, 3).unwrap().folder(), "shard-3-of-3");
    }
}
