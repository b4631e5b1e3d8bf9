//! The output folder: written beside its place and swapped in by two renames, or not at all.
//!
//! Beside `output/name` there may lie `output/.name.staging`, which is being written,
//! `output/.name.parts` with the runs that are finished, and `output/.name.old`, which is on its way
//! out. Whatever an interrupted program leaves of the first and the last, the next one that opens the
//! place puts in order, and says so; finished runs are taken up by `store`.

mod contents;
mod settling;

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use contents::FolderKind;
use settling::Settling;

use super::manifest::{self, Origin};
use super::seal::{self, SealedFile, Sealing, Seals};
use super::store::PARTS;

/// The file by which a folder is known as one of this program's.
pub const MANIFEST: &str = "manifest.toml";

/// The page of a folder.
pub const PAGE: &str = "report.html";

/// The file that a program holds locked while it writes a staging folder.
const LOCK: &str = ".lock";

/// Whether a file of an output folder has a name that this program gives.
fn is_own(name: &str) -> bool {
    let is_picture = Path::new(name).extension().is_some_and(|extension| extension == "svg");
    seal::is_result(name) || is_picture || [MANIFEST, PARTS, PAGE, LOCK].contains(&name)
}

/// The machine failed: what was being done to which file, and the operating system's words.
#[derive(Debug)]
pub struct Failure {
    doing: &'static str,
    path: PathBuf,
    error: io::Error,
    is_refusal: bool,
}

impl Failure {
    /// What was being done, as in "cannot `write` that file".
    pub fn new(doing: &'static str, path: &Path, error: io::Error) -> Failure {
        Failure { doing, path: path.to_owned(), error, is_refusal: false }
    }

    /// What was not done, because of what the file holds: the machine did not fail.
    pub fn refused(doing: &'static str, path: &Path, why: impl Into<String>) -> Failure {
        let error = io::Error::other(why.into());
        Failure { doing, path: path.to_owned(), error, is_refusal: true }
    }

    /// The same, with what can be done.
    #[must_use]
    pub(super) fn or(self, remedy: &str) -> Failure {
        let error = io::Error::new(self.error.kind(), format!("{}; {remedy}", self.error));
        Failure { error, ..self }
    }

    /// Whether it was not done because of what a file holds.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }
}

/// `cannot write output/name/copies.csv: No space left on device (os error 28)`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.doing, self.path.display(), self.error)
    }
}

impl std::error::Error for Failure {}

/// Where files are made; tests put one in its place that is full after so many bytes.
pub trait Storage: fmt::Debug + Sync {
    /// A new file to write.
    ///
    /// # Errors
    /// What the operating system says.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>>;

    /// A file that is there, to write below what it has.
    ///
    /// # Errors
    /// What the operating system says.
    fn extend(&self, path: &Path) -> io::Result<Box<dyn Medium>>;
}

/// What a file's bytes go to.
pub trait Medium: Write + Send {
    /// Waits until the bytes are where they survive: some disks say only then that they are full.
    ///
    /// # Errors
    /// What the operating system says.
    fn settle(&mut self) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Storage for Disk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(File::create(path)?))
    }

    fn extend(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(File::options().append(true).open(path)?))
    }
}

impl Medium for File {
    fn settle(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// One file of the folder while it is written; it knows its name when something fails.
pub struct Output {
    path: PathBuf,
    bytes: BufWriter<Box<dyn Medium>>,
    /// Where it waits with others to be made safe; none: it is made safe when it ends.
    settling: Option<Arc<Settling>>,
    /// Its checksum, where the manifest lists it.
    sealing: Option<Sealing>,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Output").field(&self.path).finish()
    }
}

impl Output {
    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.write_all(bytes).map_err(|error| Failure::new("write", &self.path, error))
    }

    /// Ends the file: its bytes are safe on the disk now, or, if it is one of the folder, before
    /// that is put in its place.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn finish(self) -> Result<(), Failure> {
        let Output { path, bytes, settling, sealing } = self;
        let failed = |error| Failure::new("write", &path, error);
        let mut file = bytes.into_inner().map_err(|full| failed(full.into_error()))?;
        if let Some(sealing) = sealing {
            sealing.finish();
        }
        match settling {
            Some(settling) => settling.add(path, file),
            None => file.settle().map_err(failed),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.bytes.write(bytes)?;
        if let Some(sealing) = &mut self.sealing {
            sealing.add(&bytes[..n]);
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bytes.flush()
    }
}

/// A folder that is being written; dropped before it is published, it leaves no trace.
#[derive(Debug)]
pub struct Staging<'s> {
    place: PathBuf,
    beside: PathBuf,
    old: PathBuf,
    parts: PathBuf,
    lock: Option<File>,
    /// Whether this run made the folder beside the place.
    is_ours: bool,
    is_fresh: bool,
    storage: &'s dyn Storage,
    settling: Arc<Settling>,
    seals: Arc<Seals>,
    /// How many finished runs lie beside the folder.
    n_kept: AtomicUsize,
    /// What an interrupted program had left, and what became of it.
    pub notes: Vec<String>,
}

impl<'s> Staging<'s> {
    /// Opens an empty folder beside `place`, once it is sure that it can be written and that
    /// `place` is free, or holds nothing but an earlier output folder.
    ///
    /// # Errors
    /// When the folder above cannot be written, when `place` is something else, or when another
    /// program is writing it.
    pub fn open(place: &Path, storage: &'s dyn Storage) -> Result<Staging<'s>, Failure> {
        let name = place.file_name().ok_or_else(|| {
            refused(place, "it has no name of its own (name a folder, such as `output/first`)")
        })?;
        let above = place.parent().filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(above).map_err(|error| Failure::new("make folder", above, error))?;
        let mut staging = Staging {
            place: place.to_owned(),
            beside: beside(place, name, "staging"),
            old: beside(place, name, "old"),
            parts: beside(place, name, "parts"),
            lock: None,
            is_ours: false,
            is_fresh: false,
            storage,
            settling: Arc::default(),
            seals: Arc::default(),
            n_kept: AtomicUsize::new(0),
            notes: Vec::new(),
        };
        staging.recover()?;
        staging.check_place()?;
        staging.begin()?;
        Ok(staging)
    }

    /// Where files are written until the folder is published.
    pub fn path(&self) -> &Path {
        &self.beside
    }

    /// Where the folder will be.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// That the place holds the answer to another question than that of `origin`, which is replaced.
    pub fn replaces(&self, origin: &Origin) -> Option<String> {
        let place = &self.place;
        let other = manifest::other_question(place, origin)?;
        let place = place.display();
        Some(format!("{place} holds {other}, and is replaced; `--out` writes elsewhere"))
    }

    /// Where finished runs are kept until the folder is published.
    pub fn parts_path(&self) -> &Path {
        &self.parts
    }

    /// Whatever runs are finished, of an interrupted program or in the place, are done again.
    ///
    /// # Errors
    /// When those of an interrupted program stay.
    pub fn begin_anew(&mut self) -> Result<(), Failure> {
        self.is_fresh = true;
        self.forget_parts()
    }

    /// Whether finished runs are done again.
    pub(super) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// Removes the finished runs that an interrupted program left.
    ///
    /// # Errors
    /// When they stay.
    pub(super) fn forget_parts(&self) -> Result<(), Failure> {
        if exists(&self.parts) { remove_folder(&self.parts) } else { Ok(()) }
    }

    /// Makes the folder for finished runs, empty.
    pub(super) fn begin_parts(&self) -> Result<(), Failure> {
        self.forget_parts()?;
        self.n_kept.store(0, Ordering::Relaxed);
        fs::create_dir(&self.parts).map_err(|error| Failure::new("make folder", &self.parts, error))
    }

    /// Counts `n` more finished runs, which outlive this program.
    pub(super) fn keep(&self, n: usize) {
        self.n_kept.fetch_add(n, Ordering::Relaxed);
    }

    /// How many finished runs the next program can take up where this one does not publish.
    pub fn n_kept(&self) -> usize {
        self.n_kept.load(Ordering::Relaxed)
    }

    /// Where files are made.
    pub(super) fn storage(&self) -> &dyn Storage {
        self.storage
    }

    /// A new file of the folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self, file: &str) -> Result<Output, Failure> {
        let output = self.create_at(self.beside.join(file))?;
        let sealing = Sealing::of(file, &self.seals);
        Ok(Output { settling: Some(self.settling.clone()), sealing, ..output })
    }

    /// The files that are finished, as the manifest lists them.
    pub fn files(&self) -> Vec<SealedFile> {
        self.seals.list()
    }

    /// A new file anywhere, which is made safe when it ends.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create_at(&self, path: PathBuf) -> Result<Output, Failure> {
        let bytes =
            self.storage.create(&path).map_err(|error| Failure::new("make", &path, error))?;
        let bytes = BufWriter::with_capacity(1 << 16, bytes);
        Ok(Output { path, bytes, settling: None, sealing: None })
    }

    /// Puts the folder in its place; what was there before is gone.
    ///
    /// # Errors
    /// When a file cannot be made safe, or a rename fails: then what was there before is there still.
    pub fn publish(mut self) -> Result<PathBuf, Failure> {
        self.settling.settle()?;
        self.unlock();
        let rename = |from: &Path, to: &Path| {
            fs::rename(from, to).map_err(|error| Failure::new("put in place", to, error))
        };
        if exists(&self.place) {
            rename(&self.place, &self.old)?;
            if let Err(failure) = rename(&self.beside, &self.place) {
                // Should this fail as well, the next start puts it back.
                let _ = fs::rename(&self.old, &self.place);
                return Err(failure);
            }
            // Should this fail, the next start clears it away.
            let _ = fs::remove_dir_all(&self.old);
        } else {
            rename(&self.beside, &self.place)?;
        }
        // Should this fail, the next start finds all runs finished, and does the same again.
        let _ = fs::remove_dir_all(&self.parts);
        Ok(self.place.clone())
    }

    /// Puts in order what an interrupted program left.
    fn recover(&mut self) -> Result<(), Failure> {
        if exists(&self.beside) {
            self.refuse_if_locked()?;
            remove_folder(&self.beside)?;
            // Runs that were finished are taken up, which is said then.
            if !exists(&self.parts) {
                self.notes.push(format!(
                    "{} was left unfinished by an interrupted run, and is removed",
                    self.beside.display()
                ));
            }
        }
        if exists(&self.old) && exists(&self.place) {
            remove_folder(&self.old)?;
        } else if exists(&self.old) {
            fs::rename(&self.old, &self.place)
                .map_err(|error| Failure::new("put back", &self.place, error))?;
            self.notes.push(format!(
                "{} was being replaced by an interrupted run, and is put back",
                self.place.display()
            ));
        }
        Ok(())
    }

    fn refuse_if_locked(&self) -> Result<(), Failure> {
        let locked = File::open(self.beside.join(LOCK)).map(|lock| lock.try_lock());
        match locked {
            Ok(Err(TryLockError::WouldBlock)) => {
                Err(refused(&self.place, "another run is writing it"))
            }
            // It is nobody's, or this file system has no locks.
            Ok(Ok(()) | Err(TryLockError::Error(_))) | Err(_) => Ok(()),
        }
    }

    /// Refuses to replace what is no output folder.
    fn check_place(&self) -> Result<(), Failure> {
        let Ok(found) = fs::symlink_metadata(&self.place) else { return Ok(()) };
        if !found.is_dir() {
            return Err(refused(&self.place, "a file of this name is in its place"));
        }
        let unread = |error| Failure::new("read folder", &self.place, error);
        let entries = fs::read_dir(&self.place).map_err(unread)?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<String> = names.collect::<Result<_, io::Error>>().map_err(unread)?;
        if names.is_empty() {
            return Ok(());
        }
        if !exists(&self.place.join(MANIFEST)) {
            let why = format!("the folder holds other files, and no {MANIFEST}: it is kept");
            return Err(refused(&self.place, why));
        }
        // A scenario or an input that somebody wrote, or changed there, is not ours to replace.
        let strange = seal::strange_parts(&self.place, &names);
        names.retain(|name| !is_own(name) || strange.contains(name));
        names.sort();
        if names.is_empty() {
            return Ok(());
        }
        let why = format!(
            "the folder also holds what no run wrote: {}; move it, or write elsewhere with --out",
            names.join(", ")
        );
        Err(refused(&self.place, why))
    }

    fn begin(&mut self) -> Result<(), Failure> {
        fs::create_dir(&self.beside)
            .map_err(|error| Failure::new("make folder", &self.beside, error))?;
        self.is_ours = true;
        let path = self.beside.join(LOCK);
        let lock = File::create(&path).map_err(|error| Failure::new("make", &path, error))?;
        // Where this file system has no locks, two runs at once are not noticed.
        let _ = lock.try_lock();
        self.lock = Some(lock);
        Ok(())
    }

    fn unlock(&mut self) {
        if self.lock.take().is_some() {
            let _ = fs::remove_file(self.beside.join(LOCK));
        }
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        self.unlock();
        // Another run's folder stays. Nothing is there once it is published; where it cannot be
        // removed, the next start tries.
        if self.is_ours {
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}

/// `output/.name.staging` beside `output/name`.
fn beside(place: &Path, name: &OsStr, what: &str) -> PathBuf {
    let mut hidden = OsStr::new(".").to_owned();
    hidden.push(name);
    hidden.push(".");
    hidden.push(what);
    place.with_file_name(hidden)
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn remove_folder(folder: &Path) -> Result<(), Failure> {
    fs::remove_dir_all(folder).map_err(|error| Failure::new("remove", folder, error))
}

fn refused(place: &Path, why: impl Into<String>) -> Failure {
    Failure::new("write", place, io::Error::other(why.into()))
}

#[cfg(test)]
pub(super) mod tests;
