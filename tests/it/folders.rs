//! Folders that tests make, by the library or by the program, and what is in them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use snapferry::experiment::{
    self, Disk, EngineChoice, NoObserver, Options, Origin, Outcome, Rows, Staging, Study, sealed,
};
use snapferry::plan::Plan;
use snapferry::scenario::{NoInputs, Source};

/// The runs of a plan and their summaries, and nothing besides.
pub(crate) const QUIET: Options = Options {
    threads: Some(2),
    rows: Rows::None,
    engine: EngineChoice::Default,
    flips: false,
    sensitivity: false,
    confirm: false,
    parts: false,
};

/// A scenario as a file that names no others.
pub(crate) fn source(text: &str) -> Source {
    Source { name: "x.toml".to_owned(), text: text.to_owned(), base: "".into() }
}

/// The plan of a scenario.
pub(crate) fn plan_of(text: &str) -> Plan {
    plan_with(text, &[])
}

/// The plan of a scenario with keys set to other values.
pub(crate) fn plan_with(text: &str, settings: &[(&str, &str)]) -> Plan {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let settings: Vec<(String, String)> = settings.iter().map(own).collect();
    Plan::of(&source(text), &|file: &str| Err(format!("there is no {file}")), &settings)
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)))
}

/// Carries a plan out into the folder `place`.
pub(crate) fn carried_out(plan: &Plan, place: &Path, options: &Options) -> Outcome {
    carried_out_by(plan, place, |study, staging| {
        experiment::run(study, staging, options, &NoObserver).expect("a disk")
    })
}

/// Makes the folder `place` of a plan in some way.
pub(crate) fn carried_out_by<T>(
    plan: &Plan,
    place: &Path,
    carry_out: impl FnOnce(&Study<'_>, &Staging<'_>) -> T,
) -> T {
    let origin = Origin::default();
    let study = Study { plan, origin: &origin, inputs: &NoInputs, flipped: &|_| Vec::new() };
    let staging = Staging::open(place, &Disk).expect("a place");
    let outcome = carry_out(&study, &staging);
    staging.publish().expect("a disk");
    outcome
}

/// What is in a folder: name to bytes.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    paths.map(|path| (name(&path), fs::read(&path).expect("a file"))).collect()
}

/// The same, as text.
pub(crate) fn texts(folder: &Path) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files(folder).into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
}

/// # Panics
/// When two folders are not the same, byte for byte.
pub(crate) fn assert_same<T: PartialEq>(
    left: &BTreeMap<String, T>,
    right: &BTreeMap<String, T>,
    what: &str,
) {
    assert!(left.keys().eq(right.keys()), "{what}: {:?} and {:?}", left.keys(), right.keys());
    for (file, contents) in left {
        assert!(*contents == right[file], "{file} differs: {what}");
    }
}

/// The program in the folder `home`.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snapferry"));
    command.current_dir(home).args(arguments);
    command
}

/// What a command line comes to.
pub(crate) fn ended(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().expect("the program starts")
}

/// The same of one that has to succeed.
pub(crate) fn done(home: &Path, arguments: &[&str]) -> Output {
    let output = ended(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    output
}

/// What a command said to both streams.
pub(crate) fn told(output: &Output) -> String {
    let bytes = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(bytes).expect("text")
}

/// Writes into the manifest of a folder the files that it has, as they are, and mends its checksum.
pub(crate) fn list_anew(folder: &Path) {
    let path = folder.join("manifest.toml");
    let text = fs::read_to_string(&path).expect("a folder of a run");
    let (_, below) = text.split_once("\n\n").expect("a checksum stands first");
    let mut parts = below.split("[[file]]\nname = \"");
    let mut anew = parts.next().expect("what was asked").to_owned();
    for part in parts {
        let (name, _) = part.split_once('"').expect("a name");
        // those that were removed are not listed
        let Ok(bytes) = fs::read(folder.join(name)) else { continue };
        let (n_bytes, crc32) = (bytes.len(), crc32fast::hash(&bytes));
        write!(anew, "[[file]]\nname = \"{name}\"\nn_bytes = {n_bytes}\n").expect("memory");
        write!(anew, "crc32 = \"{crc32:08x}\"\n\n").expect("memory");
    }
    let anew = format!("{}\n", anew.trim_end());
    fs::write(path, sealed(&anew)).expect("it can be written");
}
