use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::*;

/// A disk that takes this many bytes, and then no more.
#[derive(Debug)]
pub(in crate::experiment) struct Small(pub(in crate::experiment) AtomicUsize);

struct SmallFile<'d>(File, &'d AtomicUsize);

impl Storage for &'static Small {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(SmallFile(File::create(path)?, &self.0)))
    }

    fn extend(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(SmallFile(File::options().append(true).open(path)?, &self.0)))
    }
}

impl Write for SmallFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.1.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let n = self.0.write(&bytes[..bytes.len().min(left)])?;
        self.1.fetch_sub(n, Ordering::Relaxed);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Medium for SmallFile<'_> {
    fn settle(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

/// Writes a manifest and one more file, and puts the folder in its place.
fn write(place: &Path, text: &str, storage: &dyn Storage) -> Result<Vec<String>, Failure> {
    let staging = Staging::open(place, storage)?;
    for file in [MANIFEST, "runs.csv"] {
        let mut output = staging.create(file)?;
        output.put(text.as_bytes())?;
        output.finish()?;
    }
    let notes = staging.notes.clone();
    staging.publish()?;
    Ok(notes)
}

/// The files below a folder, hidden ones too, with what they hold.
fn tree(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_second_folder_takes_the_place_of_the_first_and_leaves_nothing_beside_it() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("deep/down");
    for text in ["first", "second"] {
        assert_eq!(write(&place, text, &Disk).unwrap(), Vec::<String>::new());
        let texts: Vec<String> = tree(home.path()).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, [text; 2]);
    }
}

/// "first" is 5 bytes twice; the second folder gets 7 of its 12.
#[test]
fn a_full_disk_leaves_the_old_folder_as_it_was() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    write(&place, "first", &Disk).unwrap();
    let before = tree(home.path());
    let disk: &'static Small = Box::leak(Box::new(Small(AtomicUsize::new(7))));
    let failure = write(&place, "second", &disk).unwrap_err().to_string();
    assert!(failure.contains("runs.csv: no storage space"), "{failure}");
    assert_eq!(tree(home.path()), before);
}

#[test]
fn a_file_or_a_foreign_folder_in_the_place_is_kept() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "precious").unwrap();
    let failure = write(&file, "x", &Disk).unwrap_err().to_string();
    assert!(failure.ends_with("a file of this name is in its place"), "{failure}");

    let folder = home.path().join("photos");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("cat.jpg"), "meow").unwrap();
    let failure = write(&folder, "x", &Disk).unwrap_err().to_string();
    assert!(failure.contains("no manifest.toml: it is kept"), "{failure}");
    let below_a_file = write(&file.join("x"), "x", &Disk).unwrap_err().to_string();
    assert!(below_a_file.starts_with("cannot make folder"), "{below_a_file}");
    assert_eq!(tree(home.path()).len(), 2);

    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    write(&empty, "x", &Disk).unwrap();

    // what somebody put beside the files of a run stays, too
    fs::write(empty.join("plan.md"), "buy 40 slots").unwrap();
    let failure = write(&empty, "y", &Disk).unwrap_err().to_string();
    assert!(failure.contains("what no run wrote: plan.md; move it"), "{failure}");
    assert_eq!(fs::read_to_string(empty.join("plan.md")).unwrap(), "buy 40 slots");
}

#[test]
fn what_an_interruption_left_is_put_in_order_and_said() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    // stopped while writing
    write(&place, "first", &Disk).unwrap();
    fs::create_dir(home.path().join(".out.staging")).unwrap();
    fs::write(home.path().join(".out.staging/runs.csv"), "half").unwrap();
    let notes = write(&place, "second", &Disk).unwrap();
    assert!(notes.len() == 1 && notes[0].contains("unfinished"), "{notes:?}");
    // stopped between the two renames
    fs::rename(&place, home.path().join(".out.old")).unwrap();
    let staging = Staging::open(&place, &Disk).unwrap();
    assert!(staging.notes.len() == 1 && staging.notes[0].ends_with("is put back"));
    drop(staging);
    assert_eq!(tree(&place)[0].1, "second");
    // stopped after both, before the old folder was removed
    fs::create_dir(home.path().join(".out.old")).unwrap();
    assert_eq!(write(&place, "third", &Disk).unwrap(), Vec::<String>::new());
    assert_eq!(tree(home.path()).len(), 2);
}

#[test]
fn two_runs_do_not_write_one_folder_at_once() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    let first = Staging::open(&place, &Disk).unwrap();
    let failure = Staging::open(&place, &Disk).unwrap_err().to_string();
    assert!(failure.ends_with("another run is writing it"), "{failure}");
    assert!(first.path().is_dir(), "who is refused leaves the other's work alone");
    drop(first);
    Staging::open(&place, &Disk).unwrap();
}
