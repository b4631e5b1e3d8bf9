//! Rows of single runs: files of their own while they are written, parts of tables when all is done.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::super::folder::{Failure, Output, Staging};
use super::super::parts::RowsPart;
use crate::plan::RunKey;
use crate::units::index_u64;

/// Where the rows of runs are.
pub(super) enum RowsAt {
    /// In files of their own, in this folder.
    Apart(PathBuf),
    /// In the tables of this folder, joined in plan order: from which byte on, by table and run.
    Joined(PathBuf, BTreeMap<(String, RunKey), u64>),
}

impl RowsAt {
    /// The file that has the rows of a run, and their first byte there.
    pub(super) fn find(&self, file: &str, key: RunKey) -> (PathBuf, u64) {
        match self {
            RowsAt::Apart(folder) => (folder.join(rows_name(file, key)), 0),
            RowsAt::Joined(folder, begins) => {
                let begin = begins.get(&(file.to_owned(), key));
                (folder.join(file), *begin.expect("each table was measured"))
            }
        }
    }
}

/// The file of the rows that a run wrote for a table, in the folder for finished runs.
pub(super) fn path(staging: &Staging<'_>, file: &str, key: RunKey) -> PathBuf {
    staging.parts_path().join(rows_name(file, key))
}

/// The name of the rows that one run writes for a file.
fn rows_name(file: &str, key: RunKey) -> String {
    format!("{file}.{}.{}", key.point, key.replication)
}

/// The rows of one run for one file, while they are written.
pub(in crate::experiment) struct RowsFile {
    file: String,
    unfinished: PathBuf,
    path: PathBuf,
    output: Output,
    n_bytes: u64,
    checksum: crc32fast::Hasher,
}

impl Write for RowsFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.output.write(bytes)?;
        self.checksum.update(&bytes[..n]);
        self.n_bytes += index_u64(n);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

impl RowsFile {
    /// A new file in the folder of `staging` for finished runs; what an earlier attempt left of it is
    /// gone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(
        staging: &Staging<'_>,
        file: &str,
        key: RunKey,
    ) -> Result<RowsFile, Failure> {
        let name = rows_name(file, key);
        let folder = staging.parts_path();
        let unfinished = folder.join(format!("{name}.part"));
        let output = staging.create_at(unfinished.clone())?;
        Ok(RowsFile {
            file: file.to_owned(),
            unfinished,
            path: folder.join(name),
            output,
            n_bytes: 0,
            checksum: crc32fast::Hasher::new(),
        })
    }

    /// Where it will be.
    pub(in crate::experiment) fn path(&self) -> &Path {
        &self.path
    }

    /// Ends the file: it has its name when all is written. A file without rows is none.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub(in crate::experiment) fn finish(self) -> Result<Option<RowsPart>, Failure> {
        let RowsFile { file, unfinished, path, mut output, n_bytes, checksum } = self;
        output.flush().map_err(|error| Failure::new("write", &unfinished, error))?;
        drop(output);
        if n_bytes == 0 {
            let removed = fs::remove_file(&unfinished);
            removed.map_err(|error| Failure::new("remove", &unfinished, error))?;
            return Ok(None);
        }
        fs::rename(&unfinished, &path)
            .map_err(|error| Failure::new("put in place", &path, error))?;
        Ok(Some(RowsPart { file, n_bytes, checksum: checksum.finalize() }))
    }
}

/// Copies the rows of a run out of a file, from the byte `begin` on, below what `output` has.
///
/// # Errors
/// When they cannot be read or written, or are not what was written.
pub(super) fn copy(
    (path, begin): (&Path, u64),
    rows: &RowsPart,
    output: &mut Output,
) -> Result<(), Failure> {
    let failed = |error| Failure::new("copy", path, error);
    let checksum = pass((path, begin), rows.n_bytes, output).map_err(failed)?;
    if checksum == rows.checksum {
        return Ok(());
    }
    Err(failed(io::Error::other("these are not the rows that were written")))
}

/// Whether the rows of a run are there and what was written.
pub(super) fn are_whole((path, begin): (&Path, u64), rows: &RowsPart) -> bool {
    let checksum = pass((path, begin), rows.n_bytes, &mut io::sink());
    checksum.is_ok_and(|checksum| checksum == rows.checksum)
}

/// Gives some bytes of a file to `to`, and their CRC-32.
fn pass((path, begin): (&Path, u64), n_bytes: u64, to: &mut dyn Write) -> io::Result<u32> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(begin))?;
    let mut hasher = crc32fast::Hasher::new();
    let mut rest = file.take(n_bytes);
    let mut bytes = vec![0; 1 << 16];
    let mut n_read = 0;
    loop {
        let n = rest.read(&mut bytes)?;
        if n == 0 {
            break;
        }
        hasher.update(&bytes[..n]);
        to.write_all(&bytes[..n])?;
        n_read += index_u64(n);
    }
    if n_read < n_bytes { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(hasher.finalize()) }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::experiment::Disk;

    /// The second row of a table: its four bytes follow the header and the first, of four each.
    #[test]
    fn rows_are_copied_only_as_they_were_written() {
        let home = TempDir::new().unwrap();
        let staging = Staging::open(&home.path().join("out"), &Disk).unwrap();
        let rows = RowsPart {
            file: "copies.csv".to_owned(),
            n_bytes: 4,
            checksum: crc32fast::hash(b"b,2\n"),
        };
        let table = home.path().join("table");
        for (bytes, is_right) in [
            ("h,n\na,1\nb,2\nc,3\n", true),
            ("h,n\na,1\nb,3\nc,3\n", false),
            ("h,n\na,1\nb,", false),
        ] {
            fs::write(&table, bytes).unwrap();
            let mut output = staging.create("copied").unwrap();
            let copied = copy((&table, 8), &rows, &mut output);
            output.finish().unwrap();
            assert_eq!((copied.is_ok(), are_whole((&table, 8), &rows)), (is_right, is_right));
            if is_right {
                assert_eq!(fs::read(staging.path().join("copied")).unwrap(), b"b,2\n");
            }
        }
    }
}
