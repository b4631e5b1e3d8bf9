//! Files that are written and not yet safe on the disk: waiting for all at once takes hardly longer
//! than for one, since file systems make the files of one moment safe together.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};
use std::{io, thread};

use super::{Failure, Medium};

/// So many files wait at most: each is open until it is safe.
const WAITING_MAX: usize = 32;

/// Threads that wait, each for one file at a time: more cost more to start than they save.
const THREADS_MAX: usize = 8;

type Waiting = (PathBuf, Box<dyn Medium>);

/// Files that wait to be made safe.
#[derive(Default)]
pub(super) struct Settling {
    files: Mutex<Vec<Waiting>>,
}

impl std::fmt::Debug for Settling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settling").field("n_waiting", &locked(&self.files).len()).finish()
    }
}

impl Settling {
    /// One more file is written.
    ///
    /// # Errors
    /// When a file cannot be made safe, this one or an earlier one.
    pub(super) fn add(&self, path: PathBuf, file: Box<dyn Medium>) -> Result<(), Failure> {
        let mut files = locked(&self.files);
        files.push((path, file));
        if files.len() < WAITING_MAX {
            return Ok(());
        }
        let full = std::mem::take(&mut *files);
        drop(files);
        settle(full)
    }

    /// Waits until all files are safe.
    ///
    /// # Errors
    /// When one cannot be made safe: of several, that which was written first.
    pub(super) fn settle(&self) -> Result<(), Failure> {
        let files = std::mem::take(&mut *locked(&self.files));
        settle(files)
    }
}

/// Makes files safe side by side, on a few threads.
fn settle(files: Vec<Waiting>) -> Result<(), Failure> {
    let n_files = files.len();
    let rest = Mutex::new(files.into_iter().enumerate());
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            // The lock is given back before the wait.
            let next = locked(&rest).next();
            let Some((nth, (path, mut file))) = next else { return };
            if let Err(error) = file.settle() {
                locked(&failures).push((nth, path, error));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..n_files.min(THREADS_MAX) {
            // Where no thread can be had, those that run do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let failures: Vec<(usize, PathBuf, io::Error)> = std::mem::take(&mut *locked(&failures));
    let first = failures.into_iter().min_by_key(|(nth, ..)| *nth);
    first.map_or(Ok(()), |(_, path, error)| Err(Failure::new("write", &path, error)))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding it")
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A file that counts how often a file was made safe, or cannot be.
    struct Counted(Arc<AtomicUsize>, bool);

    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Medium for Counted {
        fn settle(&mut self) -> io::Result<()> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if self.1 { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
        }
    }

    /// 40 files: 32 are made safe when the last of these comes, the other 8 at the end.
    #[test]
    fn all_files_are_made_safe_and_few_wait() {
        let n = Arc::new(AtomicUsize::new(0));
        let settling = Settling::default();
        for file in 0..40 {
            settling.add(format!("{file}").into(), Box::new(Counted(n.clone(), true))).unwrap();
            let before = if file < 31 { 0 } else { 32 };
            assert_eq!(n.load(Ordering::Relaxed), before, "{file}");
        }
        settling.settle().unwrap();
        assert_eq!(n.load(Ordering::Relaxed), 40);
    }

    /// Files 3 and 5 of 8 cannot be made safe: the failure names 3, and all were tried.
    #[test]
    fn of_several_failures_the_first_file_is_named() {
        let n = Arc::new(AtomicUsize::new(0));
        let settling = Settling::default();
        for file in 0..8 {
            let counted = Counted(n.clone(), ![3, 5].contains(&file));
            settling.add(format!("table{file}.csv").into(), Box::new(counted)).unwrap();
        }
        let failure = settling.settle().unwrap_err().to_string();
        assert!(failure.starts_with("cannot write table3.csv: no storage space"), "{failure}");
        assert_eq!(n.load(Ordering::Relaxed), 8);
        settling.settle().unwrap();
    }
}
