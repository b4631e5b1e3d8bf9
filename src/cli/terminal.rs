//! Standard output and standard error.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

use super::{Exit, Stop};

/// Where results and words go, and whether in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terminal {
    /// Whether results are in colour.
    pub(super) colors_results: bool,
    /// Whether words are in colour.
    pub(super) colors_words: bool,
}

impl Terminal {
    /// Colour only on a terminal that can, and not where `NO_COLOR` is set (no-color.org).
    pub(super) fn detect() -> Terminal {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        let allowed = !refused && !dumb;
        Terminal {
            colors_results: allowed && io::stdout().is_terminal(),
            colors_words: allowed && io::stderr().is_terminal(),
        }
    }
}

/// Prints results. Whoever reads them may stop reading: that is no failure.
pub(super) fn result(text: &str) -> Result<Exit, Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Stop::new(Exit::Failed, format!("error: cannot write the results: {error}")))
        }
        Ok(()) | Err(_) => Ok(Exit::Done),
    }
}

/// Prints words. Where they cannot be printed, there is nobody to tell.
pub(super) fn say(text: &str) {
    let mut words = io::stderr().lock();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let _ = words.write_all(text.as_bytes()).and_then(|()| words.write_all(end.as_bytes()));
}
