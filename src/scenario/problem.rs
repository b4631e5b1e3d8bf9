//! What is wrong with a scenario or one of its inputs, and how it is shown.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// Where a problem lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the scenario as a whole.
    Everywhere,
    /// Bytes of the scenario's text.
    Text(Range<usize>),
    /// In a setting such as `scenario.horizon=7`, not in the text.
    Setting(String),
    /// In an input file, at a line and column counted from 1 where they are known.
    Input {
        /// Line.
        line: Option<u64>,
        /// Column, in characters.
        column: Option<u64>,
    },
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the key, as settings write it: `fleet.databases.copy[0].to`; empty where none.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// File in which it lies: the scenario, or an input.
    pub file: String,
    /// Where in that file.
    pub place: Place,
}

impl Problem {
    /// Bytes of the scenario's text where the problem lies there.
    pub fn span(&self) -> Option<Range<usize>> {
        match &self.place {
            Place::Text(span) => Some(span.clone()),
            Place::Everywhere | Place::Setting(_) | Place::Input { .. } => None,
        }
    }

    fn title(&self) -> String {
        if self.key.is_empty() {
            self.message.clone()
        } else {
            format!("{}: {}", self.key, self.message)
        }
    }

    /// Order in which problems are told: along the text, then settings, then inputs.
    fn rank(&self) -> (u8, usize, u64) {
        match &self.place {
            Place::Text(span) => (0, span.start, 0),
            Place::Everywhere => (1, 0, 0),
            Place::Setting(_) => (2, 0, 0),
            Place::Input { line, .. } => (3, 0, line.unwrap_or(0)),
        }
    }
}

/// `file: key: message`, on one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.title())?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

/// All that is wrong, at least one thing, in order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Sorts the problems along the text and leaves out repetitions.
    pub(super) fn sorted(mut problems: Vec<Problem>) -> Problems {
        problems.sort_by_key(Problem::rank);
        problems.dedup();
        Problems(problems)
    }

    /// All problems with file, line, column, the line itself, and help; `text` is the scenario's.
    pub fn render(&self, text: &str, color: bool) -> String {
        render(&self.0, Kind::Error, text, color)
    }
}

/// One line a problem, without the text around it.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.0.iter().enumerate() {
            if 0 < place {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// How grave what is shown is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The scenario cannot be run.
    Error,
    /// It can.
    Warning,
}

/// Problems or warnings with the lines of the scenario's `text` that they point at.
pub fn render(problems: &[Problem], kind: Kind, text: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut shown = String::new();
    for problem in problems {
        if !shown.is_empty() {
            shown.push('\n');
        }
        shown.push_str(&renderer.render(&[group(problem, kind, text)]));
        shown.push('\n');
    }
    shown
}

fn group<'a>(problem: &'a Problem, kind: Kind, text: &'a str) -> Group<'a> {
    let level = match kind {
        Kind::Error => Level::ERROR,
        Kind::Warning => Level::WARNING,
    };
    let title = level.primary_title(problem.title());
    let mut group = match &problem.place {
        Place::Text(span) => title.element(
            Snippet::source(text)
                .path(problem.file.as_str())
                .annotation(AnnotationKind::Primary.span(one_line(text, span.clone()))),
        ),
        Place::Everywhere => title.element(Origin::path(problem.file.as_str())),
        Place::Setting(setting) => {
            title.element(Level::NOTE.message(format!("set by `{setting}`")))
        }
        Place::Input { line, column } => {
            let numbers = [line, column].into_iter().flatten().map(u64::to_string);
            let place = std::iter::once(problem.file.clone()).chain(numbers);
            title.element(Origin::path(place.collect::<Vec<_>>().join(":")))
        }
    };
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// `span` within `text`, on character borders, and cut at the end of its first line: a table of
/// twenty lines is pointed at by its first.
fn one_line(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(span.start), floor(span.end));
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    start..end.clamp(start, line_end.max(start))
}

/// The candidate that `word` was probably meant to be.
///
/// One is near when at most a third of its letters differ (Damerau–Levenshtein), or when one of
/// the two contains the other whole.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let (short, long) =
            if word.len() < candidate.len() { (word, candidate) } else { (candidate, word) };
        let contained = 3 < short.len() && long.contains(short);
        let distance = strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
        let near = distance <= (word.chars().count().max(3) / 3).max(1);
        let rank = if near { distance } else { 100 + distance };
        if (near || contained) && best.is_none_or(|(before, _)| rank < before) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `did you mean `x`?`, where something is near.
pub(super) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// What to say to a word that is not in a list.
pub(super) fn none_of(word: &str, words: &[&str]) -> String {
    match words {
        [one, other] => format!("`{word}` is neither `{one}` nor `{other}`"),
        _ => format!("`{word}` is none of {}", listed(words.iter().copied(), "or")),
    }
}

/// Words as a list in a sentence: `a`, `b`, and `c`.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>, and: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} {and} {two}"),
        [first @ .., last] => format!("{}, {and} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["completion_duration", "retain", "to"];
        assert_eq!(nearest("completion_duraton", keys), Some("completion_duration"));
        assert_eq!(nearest("duration", keys), Some("completion_duration"));
        assert_eq!(nearest("retains", keys), Some("retain"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("p-stdrate", ["P-STD-RATE", "P-SNAPSHOT"]), Some("P-STD-RATE"));
        assert_eq!(listed(keys, "or"), "`completion_duration`, `retain`, or `to`");
    }

    /// The second line starts at byte 4; its third byte is column 3 of line 2.
    #[test]
    fn a_problem_shows_the_line_that_it_lies_on() {
        let text = "abc\nde = 5 # é\n";
        let problem = Problem {
            key: "de".to_owned(),
            message: "too large".to_owned(),
            help: Some("at most 4".to_owned()),
            file: "x.toml".to_owned(),
            place: Place::Text(9..10),
        };
        insta::assert_snapshot!(Problems(vec![problem]).render(text, false), @r"
        error: de: too large
         --> x.toml:2:6
          |
        2 | de = 5 # é
          |      ^
          |
          = help: at most 4
        ");
    }

    #[test]
    fn spans_off_the_text_or_inside_a_letter_are_moved_onto_it() {
        assert_eq!(one_line("é", 1..90), 0..2);
        assert_eq!(one_line("a\nb", 0..3), 0..1);
        assert_eq!(one_line("a", 7..9), 1..1);
    }
}
