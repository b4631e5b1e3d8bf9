//! What an output folder is of: one kind never takes the place of another.

use super::{Failure, MANIFEST, Staging, exists};

/// What a folder is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderKind {
    /// The runs of a scenario.
    Runs,
    /// The answer to an inverse question.
    Answer,
    /// A comparison.
    Comparison,
}

impl FolderKind {
    fn words(self) -> &'static str {
        match self {
            FolderKind::Runs => "the runs of a scenario",
            FolderKind::Answer => "an answer of `solve`",
            FolderKind::Comparison => "a comparison",
        }
    }
}

impl Staging<'_> {
    /// Refuses to put something in the place of what is of another kind.
    ///
    /// # Errors
    /// When the place holds a folder of another kind.
    pub fn replaces_only(&self, kind: FolderKind) -> Result<(), Failure> {
        let has = |file: &str| exists(&self.place().join(file));
        let there = match () {
            () if !has(MANIFEST) => return Ok(()),
            () if has("differences.csv") => FolderKind::Comparison,
            () if has("solve.csv") => FolderKind::Answer,
            () => FolderKind::Runs,
        };
        if there == kind {
            return Ok(());
        }
        let why = format!("it holds {}, and is kept; name another place with --out", there.words());
        Err(Failure::refused("write", self.place(), why))
    }
}
