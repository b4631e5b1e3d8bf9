//! Whether a folder is as it was written: its manifest lists each file with its length and CRC-32.
//!
//! That tells a file that was cut short, edited, lost, or put there from one that a run wrote. It is
//! no proof against forgery: who edits a table can write another checksum. Against that there is the
//! question in the folder, which can be run again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use super::crew::EVENT_LINES;
use super::folder::{Failure, MANIFEST};
use super::manifest::check_seal;
use super::question;
use super::store::PARTS;
use crate::record::table;
use crate::units::{count_u64, index_u64, thousands};

/// A file of a folder, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub n_bytes: u64,
    /// Their CRC-32, as eight hexadecimal digits.
    pub crc32: String,
}

/// The files of a folder that are finished, by name.
#[derive(Debug, Default)]
pub(super) struct Seals(Mutex<BTreeMap<String, (u64, u32)>>);

impl Seals {
    /// The files in order of their names.
    pub(super) fn list(&self) -> Vec<SealedFile> {
        let files = self.lock();
        let each = files.iter().map(|(name, (n_bytes, crc32))| SealedFile {
            name: name.clone(),
            n_bytes: *n_bytes,
            crc32: format!("{crc32:08x}"),
        });
        each.collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (u64, u32)>> {
        self.0.lock().expect("nobody panics while holding it")
    }
}

/// The checksum of a file while it is written.
pub(super) struct Sealing {
    name: String,
    n_bytes: u64,
    crc32: crc32fast::Hasher,
    seals: Arc<Seals>,
}

impl Sealing {
    /// Begins a file of a folder; none for those that the manifest does not list: itself, and the
    /// runs, which have checksums of their own.
    pub(super) fn of(name: &str, seals: &Arc<Seals>) -> Option<Sealing> {
        let is_listed = ![MANIFEST, PARTS].contains(&name);
        is_listed.then(|| Sealing {
            name: name.to_owned(),
            n_bytes: 0,
            crc32: crc32fast::Hasher::new(),
            seals: seals.clone(),
        })
    }

    /// More bytes of the file.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.crc32.update(bytes);
        self.n_bytes += index_u64(bytes.len());
    }

    /// The file is finished.
    pub(super) fn finish(self) {
        let Sealing { name, n_bytes, crc32, seals } = self;
        seals.lock().insert(name, (n_bytes, crc32.finalize()));
    }
}

/// What the manifest says that tells whether the folder is as it was written.
#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(default)]
    shard: Option<ListedShard>,
    file: Option<Vec<SealedFile>>,
}

#[derive(Debug, Deserialize)]
struct ListedShard {
    index: u32,
    of: u32,
}

/// Checks that an output folder is there and as it was written: its manifest, and each file that
/// this lists; pictures and pages are drawn from these, and are not looked at.
///
/// # Errors
/// A refusal ([`Failure::is_refusal`]) that names every file that is missing, cut short, edited, or
/// of no run, or says why it is no such folder; else what the operating system says.
pub fn check_folder(folder: &Path) -> Result<(), Failure> {
    let files = listed(folder)?;
    let mut faults = Vec::new();
    for file in &files {
        let found = look(&folder.join(&file.name));
        let found = found.map_err(|error| Failure::new("read", &folder.join(&file.name), error))?;
        faults.extend(fault(file, found.as_ref()));
    }
    faults.extend(unlisted(folder, &files)?);
    if faults.is_empty() {
        return Ok(());
    }
    let why = format!("{}; run the scenario again", faults.join("; "));
    Err(refused(folder, why))
}

/// The files that the manifest of a folder lists.
pub(super) fn listed(folder: &Path) -> Result<Vec<SealedFile>, Failure> {
    let listed: Listed = toml::from_str(&manifest(folder)?)
        .map_err(|error| refused(folder, format!("{MANIFEST}: {}", error.message())))?;
    match listed {
        Listed { shard: Some(ListedShard { index, of }), .. } => {
            let why = format!(
                "it is shard {index} of {of}, not the whole: put the shards together first, with \
                 `snapferry merge`"
            );
            Err(refused(folder, why))
        }
        Listed { file: Some(files), .. } => Ok(files),
        Listed { file: None, .. } => {
            let why = format!(
                "{MANIFEST} does not list its files: an older version of this program wrote it; run \
                 the scenario again"
            );
            Err(refused(folder, why))
        }
    }
}

/// The text of the manifest of a folder, which is as it was written.
pub(super) fn manifest(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(MANIFEST);
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes),
        Err(_) if !folder.exists() => return Err(refused(folder, "there is no such folder")),
        Err(_) if !folder.is_dir() => {
            return Err(refused(folder, "it is a file; name the folder that a run wrote"));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let why = format!(
                "it holds no {MANIFEST}: it is no output folder of this program, or of a run that was \
                 not finished"
            );
            return Err(refused(folder, why));
        }
        Err(error) => return Err(Failure::new("read", &path, error)),
    };
    let text =
        text.map_err(|_| refused(folder, format!("{MANIFEST} is no text: it was edited")))?;
    check_seal(&text).map_err(|why| refused(folder, why))?;
    Ok(text)
}

/// Those of these files of a folder that have the name of a part of the question, and are none that
/// its manifest lists, or were edited.
pub(super) fn strange_parts(folder: &Path, names: &[String]) -> Vec<String> {
    let text = fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    let listed: Option<Listed> = toml::from_str(&text).ok();
    let files = listed.and_then(|listed| listed.file).unwrap_or_default();
    let is_ours = |name: &String| {
        let file = files.iter().find(|file| file.name == *name);
        file.is_some_and(|file| is_whole(folder, file))
    };
    let parts = names.iter().filter(|name| question::is_part(name));
    parts.filter(|name| !is_ours(name)).cloned().collect()
}

/// What is wrong with a file, of which this many bytes with this checksum were found.
fn fault(file: &SealedFile, found: Option<&(u64, u32)>) -> Option<String> {
    let SealedFile { name, n_bytes, crc32 } = file;
    let n = |n: u64| thousands(count_u64(n), 0);
    match found {
        None => Some(format!("{name} is missing")),
        Some((found, _)) if found < n_bytes => {
            Some(format!("{name} was cut short: {} bytes, not {}", n(*found), n(*n_bytes)))
        }
        Some((found, _)) if n_bytes < found => {
            Some(format!("{name} was edited: {} bytes, not {}", n(*found), n(*n_bytes)))
        }
        Some((_, found)) if format!("{found:08x}") != *crc32 => {
            Some(format!("{name} was edited: it does not fit its checksum in {MANIFEST}"))
        }
        Some(_) => None,
    }
}

/// Whether a file of a folder is as the manifest lists it.
fn is_whole(folder: &Path, file: &SealedFile) -> bool {
    let found = look(&folder.join(&file.name));
    found.is_ok_and(|found| found.is_some() && fault(file, found.as_ref()).is_none())
}

/// Length and CRC-32 of a file; `None` where there is no such file.
fn look(path: &Path) -> io::Result<Option<(u64, u32)>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut n_bytes, mut crc32) = (0, crc32fast::Hasher::new());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = match file.read(&mut buffer) {
            Ok(0) => return Ok(Some((n_bytes, crc32.finalize()))),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        crc32.update(&buffer[..n]);
        n_bytes += index_u64(n);
    }
}

/// Files with names of results that the manifest does not list: no run wrote them here.
fn unlisted(folder: &Path, files: &[SealedFile]) -> Result<Vec<String>, Failure> {
    let failed = |error| Failure::new("read folder", folder, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if is_result(&name) && files.iter().all(|file| file.name != name) {
            names.push(name);
        }
    }
    names.sort();
    let told = |name| format!("{name} is not of this run: {MANIFEST} does not list it");
    Ok(names.into_iter().map(told).collect())
}

/// Whether a file has a name that only a run gives, and the manifest lists.
pub(super) fn is_result(name: &str) -> bool {
    let is_csv = Path::new(name).extension().is_some_and(|extension| extension == "csv");
    let is_flows = name.starts_with("flows") && is_csv;
    table(name).is_some() || is_flows || name == EVENT_LINES || question::is_part(name)
}

fn refused(folder: &Path, why: impl Into<String>) -> Failure {
    Failure::refused("read", folder, why)
}

#[cfg(test)]
mod tests;
