//! Small pieces of markup that all parts of the page use.

use maud::{Markup, PreEscaped, html};

use crate::report::chart::Verdict;

/// Where a number on the page stands in the folder: the check of the page reads it there again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The file.
    pub(super) file: &'static str,
    /// The fields of the row that name it.
    pub(super) row: &'a [&'a str],
    /// The column.
    pub(super) column: &'static str,
}

/// A number as people read it, with its value as its file writes it.
pub(super) fn datum(place: Place<'_>, value: &str, shown: &str) -> Markup {
    let row = serde_json::to_string(place.row).expect("a list of texts");
    html! {
        data value=(value) data-file=(place.file) data-row=(row) data-column=(place.column) {
            (shown)
        }
    }
}

/// The word of a verdict in class names.
pub(super) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::NotSure => "not-sure",
    }
}

/// The word of a verdict at the beginning of a line.
pub(super) const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "Yes",
        Verdict::No => "No",
        Verdict::NotSure => "Not sure",
    }
}

/// The shape of a verdict, so that none is told by its colour alone.
pub(super) fn icon(verdict: Verdict) -> Markup {
    html! {
        svg.ic viewBox="0 0 20 20" aria-hidden="true" {
            @match verdict {
                Verdict::Yes => {
                    circle.shape cx="10" cy="10" r="9" {}
                    path.tick d="M5.5 10.5l3 3 6-7" {}
                }
                Verdict::No => {
                    rect.shape x="2" y="2" width="16" height="16" rx="2" {}
                    path.tick d="M6.5 6.5l7 7M13.5 6.5l-7 7" {}
                }
                Verdict::NotSure => {
                    circle.shape cx="10" cy="10" r="9" {}
                    circle.hole cx="10" cy="10" r="5.5" {}
                }
            }
        }
    }
}

/// A head of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// What the column says.
    pub(super) text: &'static str,
    /// Whether it holds numbers.
    pub(super) is_number: bool,
}

/// A column of words.
pub(super) const fn words(text: &'static str) -> Head {
    Head { text, is_number: false }
}

/// A column of numbers.
pub(super) const fn numbers(text: &'static str) -> Head {
    Head { text, is_number: true }
}

/// A table that becomes cards where it is narrow; its cells are made with [`cell`].
pub(super) fn cards(
    class: &str,
    caption: &str,
    heads: &[Head],
    rows: impl Iterator<Item = Markup>,
) -> Markup {
    html! {
        section.scroll tabindex="0" aria-label=(caption) {
            table class={ "cards " (class) } role="table" {
                caption { (caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for head in heads {
                            th.n[head.is_number] role="columnheader" scope="col" { (head.text) }
                        }
                    }
                }
                tbody role="rowgroup" { @for row in rows { tr role="row" { (row) } } }
            }
        }
    }
}

/// The first cell of a row.
pub(super) fn row_head(content: &Markup) -> Markup {
    html! { th role="rowheader" scope="row" { (content) } }
}

/// Another cell of a row.
pub(super) fn cell(head: Head, content: &Markup) -> Markup {
    html! { td.n[head.is_number] role="cell" data-l=(head.text) { (content) } }
}

/// Words of which none breaks at a hyphen, a stroke, or a dash: names of places, flags, units,
/// intervals.
pub(super) fn unbroken(text: &str) -> Markup {
    let breaks =
        |word: &str| word.contains(['-', '/', '–']) && word.chars().count() <= UNBROKEN_MAX;
    html! {
        @for (place, word) in text.split(' ').enumerate() {
            @if place != 0 { " " }
            @if breaks(word) { span.nb { (word) } } @else { (word) }
        }
    }
}

/// Longer words may break, lest they leave a narrow screen.
const UNBROKEN_MAX: usize = 26;

/// Markup that another part of the program wrote and escaped.
pub(super) fn raw(text: String) -> Markup {
    PreEscaped(text)
}
