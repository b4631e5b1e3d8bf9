//! What is wrong with a file that a user exported, and where.

use std::fmt;

/// One fault of an input file, or one remark about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// Name of the file as the user gave it.
    pub file: String,
    /// Line, from 1; none where the fault is of the file as a whole.
    pub line: Option<u64>,
    /// Column, from 1; none where the fault is of the line as a whole.
    pub column: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty where the message says it all.
    pub help: String,
}

impl InputProblem {
    /// A fault of the file as a whole.
    pub(super) fn of_file(file: &str, message: impl Into<String>) -> InputProblem {
        InputProblem {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            help: String::new(),
        }
    }

    /// The same fault, at a line.
    #[must_use]
    pub(super) fn at_line(mut self, line: u64) -> InputProblem {
        self.line = Some(line);
        self
    }

    /// The same fault, at a column of its line.
    #[must_use]
    pub(super) fn at_column(mut self, column: u64) -> InputProblem {
        self.column = Some(column);
        self
    }

    /// The same fault, with what to do about it.
    #[must_use]
    pub(super) fn with_help(mut self, help: impl Into<String>) -> InputProblem {
        self.help = help.into();
        self
    }
}

impl fmt::Display for InputProblem {
    /// `estate.csv:3:7: message (help)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for place in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}", self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, " ({})", self.help) }
    }
}

impl std::error::Error for InputProblem {}

/// Most problems of one file that are told; a file of another kind has the same one in every item.
pub(super) const PROBLEMS_MAX: usize = 50;

/// The first [`PROBLEMS_MAX`] problems, and how many more there are.
pub(super) fn told(file: &str, mut problems: Vec<InputProblem>) -> Vec<InputProblem> {
    let more = problems.len().saturating_sub(PROBLEMS_MAX);
    if 0 < more {
        problems.truncate(PROBLEMS_MAX);
        problems.push(InputProblem::of_file(file, format!("and {more} more problems")));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_not_known_are_left_off() {
        let problem = InputProblem::of_file("a.csv", "no `bytes`");
        assert_eq!(problem.to_string(), "a.csv: no `bytes`");
        let problem = problem.at_line(3).at_column(7).with_help("add it");
        assert_eq!(problem.to_string(), "a.csv:3:7: no `bytes` (add it)");
    }

    #[test]
    fn past_fifty_problems_the_rest_is_counted() {
        let problems = vec![InputProblem::of_file("a.csv", "broken"); 53];
        let told = told("a.csv", problems);
        assert_eq!(told.len(), PROBLEMS_MAX + 1);
        assert_eq!(told[PROBLEMS_MAX].message, "and 3 more problems");
    }
}
