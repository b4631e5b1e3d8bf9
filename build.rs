//! Gives the program the version that `--version` prints: `SNAPFERRY_VERSION`.
//!
//! Inside its own repository that is what `git describe` says; elsewhere (a package, a tarball, a
//! machine without git) it is the version of the package. Result files never carry it, so their
//! bytes do not depend on the commit.

use std::env;
use std::path::Path;
use std::process::Command;

/// What `git` prints, or none where it is not there or fails.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The log of HEAD, and what `git describe` says, where this package is the root of a repository;
/// one further up is another's.
fn described() -> Option<(String, String)> {
    let root = Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    let here = Path::new(&env::var_os("CARGO_MANIFEST_DIR")?).canonicalize().ok()?;
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    (root == here).then_some(log).zip(git(&["describe", "--always", "--dirty"]))
}

fn main() {
    let package = env!("CARGO_PKG_VERSION").to_owned();
    let (log, version) = described().unwrap_or_else(|| ("Cargo.toml".to_owned(), package));
    println!("cargo::rustc-env=SNAPFERRY_VERSION={version}");
    // A commit or a checkout writes to the log of HEAD; an edit can make the sources dirty.
    for path in [&log, "build.rs", "src", "data", "Cargo.toml"] {
        if Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}
