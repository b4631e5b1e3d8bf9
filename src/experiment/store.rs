//! Finished runs where they outlive the program: what is added is there for whoever comes next.
//!
//! Beside `output/name` lies `output/.name.parts` while the folder is made: a file of the runs that
//! are finished, and a file for the rows of each run that writes any. A run's rows are
//! written and have their names before its record is added, so that no death of the program leaves a
//! record without its rows; whether a power failure did, checksums tell. Runs of finished folders can be read beside these.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::folder::{Failure, MANIFEST, Medium, Output, Staging};
use super::manifest;
use super::parts::{self, Foreign, Identity, Part, Place, RowsPart};
use crate::plan::RunKey;
use crate::units::{index_u64, index_usize};

mod rows;

use rows::RowsAt;
pub(super) use rows::RowsFile;

/// The runs of a finished folder, in plan order.
pub(super) const PARTS: &str = "parts.bin";

/// The runs that are finished, in the order in which they were.
const LOG: &str = "parts.log";

/// How long finished runs may wait until they are safe from a power failure.
const SETTLE_EVERY: Duration = Duration::from_secs(1);

/// Part of the time that may go into waiting for the disk: a twentieth.
const SETTLE_SHARE: u32 = 20;

/// Finished runs, found by their place in the plan.
pub(super) struct Store<'s> {
    staging: &'s Staging<'s>,
    inner: Mutex<Inner>,
}

struct Inner {
    /// The runs that are being added, and then those of finished folders.
    sources: Vec<Source>,
    runs: BTreeMap<RunKey, (usize, Place)>,
    log: Box<dyn Medium>,
    /// Bytes of the log.
    length: u64,
    /// Why the log takes no more: half a record may stand at its end.
    broken: Option<String>,
    /// Rows of runs that were added since all was safe from a power failure.
    unsettled: Vec<PathBuf>,
    settled: Instant,
    /// How long to wait until all is made safe again.
    pause: Duration,
}

/// A file of runs, and where their rows are.
struct Source {
    path: PathBuf,
    file: File,
    rows: RowsAt,
}

#[expect(clippy::disallowed_methods, reason = "paces writing; it never enters results")]
fn now() -> Instant {
    Instant::now()
}

impl<'s> Store<'s> {
    /// Takes up what an interrupted program left of the runs of `identity`, or begins anew.
    ///
    /// # Errors
    /// When runs of something else lie there, or the machine fails.
    pub(super) fn open(
        staging: &'s Staging<'s>,
        identity: &Identity,
    ) -> Result<Store<'s>, Failure> {
        let folder = staging.parts_path();
        let left = left(staging, identity)?;
        let path = folder.join(LOG);
        let failed = |doing, error| Failure::new(doing, &path, error);
        let (mut runs, length) = if let Some(contents) = left {
            (contents.runs, contents.length)
        } else {
            begin(staging, &path, identity)?;
            (BTreeMap::new(), index_u64(parts::preface(identity).len()))
        };
        let open = || {
            // What follows the last whole record was never finished.
            File::options().write(true).open(&path)?.set_len(length)?;
            let log = staging.storage().extend(&path)?;
            Ok((File::open(&path)?, log))
        };
        let (file, log) = open().map_err(|error| failed("open", error))?;
        let mut own = Source { path: path.clone(), file, rows: RowsAt::Apart(folder.to_owned()) };
        let mut lost = Vec::new();
        for (key, place) in runs.iter().filter(|(_, place)| place.has_rows) {
            if !own.has_rows_of(*key, *place)? {
                lost.push(*key);
            }
        }
        runs.retain(|key, _| !lost.contains(key));
        staging.keep(runs.len());
        let runs = runs.into_iter().map(|(key, place)| (key, (0, place))).collect();
        let inner = Inner {
            sources: vec![own],
            runs,
            log,
            length,
            broken: None,
            unsettled: Vec::new(),
            settled: now(),
            pause: SETTLE_EVERY,
        };
        Ok(Store { staging, inner: Mutex::new(inner) })
    }

    /// Reads beside these the runs of the folder that is in place, where it has fewer replications of
    /// the very same runs.
    ///
    /// # Errors
    /// When that folder is not as it was written.
    pub(super) fn extend(&self, wanted: &Identity) -> Result<(), Failure> {
        if self.staging.is_fresh() {
            return Ok(());
        }
        let place = self.staging.place();
        let Ok(mut file) = File::open(place.join(PARTS)) else { return Ok(()) };
        match parts::opening(&mut file) {
            Ok(Ok((theirs, _))) if theirs.grows_to(wanted) => self
                .add_folder(place, wanted)
                .map_err(|failure| failure.or("--fresh does all runs anew")),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Reads beside these the runs of a finished folder. Those that are there already stay.
    ///
    /// # Errors
    /// Why they cannot be read, or are not what they were.
    pub(super) fn add_folder(&self, folder: &Path, wanted: &Identity) -> Result<(), Failure> {
        let (source, runs) = finished(folder, wanted)?;
        let mut inner = self.lock();
        let number = inner.sources.len();
        inner.sources.push(source);
        for (key, place) in runs {
            inner.runs.entry(key).or_insert((number, place));
        }
        Ok(())
    }

    /// How many runs are there.
    pub(super) fn n_runs(&self) -> usize {
        self.lock().runs.len()
    }

    /// Whether a run is there.
    pub(super) fn has(&self, key: RunKey) -> bool {
        self.lock().runs.contains_key(&key)
    }

    /// The folder that the runs are for.
    pub(super) fn staging(&self) -> &'s Staging<'s> {
        self.staging
    }

    /// Where runs are added.
    pub(super) fn folder(&self) -> &Path {
        self.staging.parts_path()
    }

    /// A new file for the rows of a run; what an earlier attempt left of it is gone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn rows(&self, file: &str, key: RunKey) -> Result<RowsFile, Failure> {
        RowsFile::create(self.staging, file, key)
    }

    /// Adds a run, whose rows are finished; it survives the program from now on.
    ///
    /// # Errors
    /// When the disk does not take it: then nothing can be added any more.
    pub(super) fn add(&self, key: RunKey, part: &Part) -> Result<(), Failure> {
        let path = self.staging.parts_path().join(LOG);
        let failed = |error| Failure::new("write", &path, error);
        let record = parts::record(key, part)
            .ok_or_else(|| failed(io::Error::other("a run has more than 4 GiB of results")))?;
        let mut inner = self.lock();
        if let Some(why) = &inner.broken {
            return Err(failed(io::Error::other(why.clone())));
        }
        let rows = part.rows.iter().map(|rows| rows::path(self.staging, &rows.file, key));
        inner.unsettled.extend(rows);
        if let Err(error) = inner.append(&record, self.staging) {
            inner.broken = Some(error.to_string());
            return Err(failed(error));
        }
        let place = parts::body(inner.length, &record);
        inner.length += index_u64(record.len());
        inner.runs.insert(key, (0, place));
        drop(inner);
        self.staging.keep(1);
        Ok(())
    }

    /// A run that is there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn get(&self, key: RunKey) -> Result<Part, Failure> {
        let (body, _, path) = self.body(key)?;
        parts::part(&body).map_err(|error| Failure::new("read", &path, error))
    }

    /// The bytes of a run that is there, and where they stood.
    fn body(&self, key: RunKey) -> Result<(Vec<u8>, Place, PathBuf), Failure> {
        let mut inner = self.lock();
        let (source, place) = inner.place(key);
        let source = &mut inner.sources[source];
        Ok((source.body(place)?, place, source.path.clone()))
    }

    /// Writes the rows of a run for one of its files below what `output` has.
    ///
    /// # Errors
    /// When they cannot be read or written, or are not what they were.
    pub(super) fn append_rows(
        &self,
        key: RunKey,
        rows: &RowsPart,
        output: &mut Output,
    ) -> Result<(), Failure> {
        let inner = self.lock();
        let (source, _) = inner.place(key);
        let (path, begin) = inner.sources[source].rows.find(&rows.file, key);
        drop(inner);
        rows::copy((&path, begin), rows, output)
    }

    /// Writes the runs of these keys, which rise, as the runs of a finished folder.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub(super) fn write(&self, identity: &Identity, keys: &[RunKey]) -> Result<(), Failure> {
        let mut output = self.staging.create(PARTS)?;
        output.put(&parts::preface(identity))?;
        for key in keys {
            let (body, place, _) = self.body(*key)?;
            let head = parts::head_of(*key, place.has_rows, &body);
            output.put(&head.expect("it was a record before"))?;
            output.put(&body)?;
        }
        output.finish()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics while holding it")
    }
}

impl Drop for Store<'_> {
    fn drop(&mut self) {
        if self.staging.n_kept() == 0 {
            // Nobody would miss it; where it stays, the next start removes it.
            let _ = self.staging.forget_parts();
        }
    }
}

impl Inner {
    /// Writes a record, which is safe from a power failure soon, as are the rows of its run.
    fn append(&mut self, record: &[u8], staging: &Staging<'_>) -> io::Result<()> {
        self.log.write_all(record)?;
        if self.pause <= self.settled.elapsed() {
            let began = now();
            for path in self.unsettled.drain(..) {
                staging.storage().extend(&path)?.settle()?;
            }
            self.log.settle()?;
            self.settled = now();
            self.pause = SETTLE_EVERY.max(began.elapsed() * SETTLE_SHARE);
        }
        Ok(())
    }

    fn place(&self, key: RunKey) -> (usize, Place) {
        *self.runs.get(&key).expect("asked only of runs that are there")
    }
}

impl Source {
    fn part(&mut self, place: Place) -> Result<Part, Failure> {
        let body = self.body(place)?;
        parts::part(&body).map_err(|error| Failure::new("read", &self.path, error))
    }

    /// The bytes of a record.
    fn body(&mut self, place: Place) -> Result<Vec<u8>, Failure> {
        let length = index_usize(place.length);
        let mut body = vec![0; length];
        let read = self.file.seek(SeekFrom::Start(place.from));
        let read = read.and_then(|_| self.file.read_exact(&mut body));
        read.map_err(|error| Failure::new("read", &self.path, error))?;
        Ok(body)
    }

    /// Whether the rows of a run are there and whole.
    fn has_rows_of(&mut self, key: RunKey, place: Place) -> Result<bool, Failure> {
        let part = self.part(place)?;
        Ok(part.rows.iter().all(|rows| {
            let (path, begin) = self.rows.find(&rows.file, key);
            rows::are_whole((&path, begin), rows)
        }))
    }
}

/// What an interrupted program left of the runs of `identity`; none where there is nothing, or no
/// run was finished.
fn left(staging: &Staging<'_>, identity: &Identity) -> Result<Option<parts::Contents>, Failure> {
    let folder = staging.parts_path();
    let path = folder.join(LOG);
    let Ok(mut log) = File::open(&path) else { return Ok(None) };
    let scanned = parts::scan(&mut log).map_err(|error| Failure::new("read", &path, error))?;
    match scanned {
        Ok(contents) => match contents.identity.differs(identity) {
            None => Ok(Some(contents)),
            Some(_) if contents.runs.is_empty() => Ok(None),
            Some(how) => {
                let runs = match contents.runs.len() {
                    1 => "1 finished run".to_owned(),
                    n => format!("{n} finished runs"),
                };
                Err(foreign(folder, &format!("an interrupted run left {runs} there, {how}")))
            }
        },
        Err(Foreign::Empty) => Ok(None),
        Err(other) => {
            let why = format!("an interrupted run left finished runs there, {}", other.told());
            Err(foreign(folder, &why))
        }
    }
}

fn foreign(folder: &Path, why: &str) -> Failure {
    let why = format!("{why}; run it as it was to take them up, or with --fresh to begin anew");
    Failure::refused("take up", folder, why)
}

/// Begins an empty log, whatever was there.
fn begin(staging: &Staging<'_>, path: &Path, identity: &Identity) -> Result<(), Failure> {
    staging.begin_parts()?;
    let mut output = staging.create_at(path.to_owned())?;
    output.put(&parts::preface(identity))?;
    output.finish()
}

/// The runs of a finished folder, which have to be the very runs of `wanted`.
fn finished(
    folder: &Path,
    wanted: &Identity,
) -> Result<(Source, BTreeMap<RunKey, Place>), Failure> {
    let path = folder.join(PARTS);
    let refused = |why: &str| Failure::refused("take up the runs of", folder, why);
    manifest::check(&folder.join(MANIFEST)).map_err(|why: String| refused(&why))?;
    let read = |error| Failure::new("read", &path, error);
    let mut file = File::open(&path).map_err(read)?;
    let contents = parts::scan(&mut file).map_err(read)?;
    let contents = contents.map_err(|foreign| refused(&format!("they are {}", foreign.told())))?;
    if let Some(how) = contents.identity.differs(wanted) {
        return Err(refused(&format!("they are {how}")));
    }
    let changed = || refused(&format!("{PARTS} was changed since it was written"));
    if file.metadata().map_err(read)?.len() != contents.length {
        return Err(changed());
    }
    let mut source = Source { path, file, rows: RowsAt::Apart(folder.to_owned()) };
    let mut sizes: BTreeMap<String, Vec<(RunKey, RowsPart)>> = BTreeMap::new();
    for (key, place) in contents.runs.iter().filter(|(_, place)| place.has_rows) {
        for rows in source.part(*place)?.rows {
            sizes.entry(rows.file.clone()).or_default().push((*key, rows));
        }
    }
    let mut begins = BTreeMap::new();
    for (table, runs) in sizes {
        let path = folder.join(&table);
        let length = fs::metadata(&path).map_err(|error| Failure::new("read", &path, error))?.len();
        let rows: u64 = runs.iter().map(|(_, rows)| rows.n_bytes).sum();
        let changed = || refused(&format!("{table} was changed since it was written"));
        let mut begin = length.checked_sub(rows).ok_or_else(changed)?;
        for (key, rows) in runs {
            if !rows::are_whole((&path, begin), &rows) {
                return Err(changed());
            }
            begins.insert((table.clone(), key), begin);
            begin += rows.n_bytes;
        }
    }
    source.rows = RowsAt::Joined(folder.to_owned(), begins);
    Ok((source, contents.runs))
}
