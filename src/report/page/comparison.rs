//! The page of a comparison: which promises move, by how much, and which copies.

use maud::{Markup, html};

use super::Section;
use super::content::digits;
use super::markup::{Head, Place, cards, cell, datum, numbers, row_head, unbroken, words};
use super::pictures::{Drawn, shown};
use crate::report::figure::comparison_figures;
use crate::report::figure::words::utc;
use crate::report::read::{Compared, DifferenceOf, Folder, MovedRow};
use crate::report::theme::{NBSP, duration};
use crate::report::words::{figure, signed};
use crate::report::{Fault, cause};

/// Measures that the table shows, where they differ.
const MEASURES: [&str; 9] = [
    "completion_mean",
    "completion_p99",
    "completion_max",
    "rpo_mean",
    "rpo_max",
    "surcharge",
    "transfer",
    "storage",
    "refused_slots",
];

/// Lines of that table.
const LINES_MAX: usize = 40;

const WHAT: Head = words("what");
const A: Head = numbers("A");
const B: Head = numbers("B");
const BY: Head = numbers("B − A");
const ENDS: Head = numbers("95 % interval");
const TURNED: Head = words("copies that turn, a run");
const MOSTLY: Head = words("mostly");

/// A comparison, as the page tells it.
#[derive(Debug)]
pub(super) struct Comparison {
    about: Compared,
    differences: Vec<DifferenceOf>,
    moved: Vec<MovedRow>,
    pub(super) figures: Vec<Drawn>,
}

impl Comparison {
    /// Reads a folder.
    ///
    /// # Errors
    /// When a table cannot be read, or does not say what it should.
    pub(super) fn read(about: Compared, folder: Folder<'_>) -> Result<Comparison, Fault> {
        Ok(Comparison {
            about,
            differences: folder.all()?.unwrap_or_default(),
            moved: folder.all()?.unwrap_or_default(),
            figures: comparison_figures(folder.0)?.into_iter().map(Drawn::of).collect(),
        })
    }

    /// `a against b`.
    pub(super) fn title(&self) -> String {
        let sides = &self.about;
        if sides.a == sides.b {
            format!("{} against itself", sides.a)
        } else {
            format!("{} against {}", sides.a, sides.b)
        }
    }

    pub(super) fn header(&self, sections: &[Section]) -> Markup {
        let sides = &self.about;
        let runs = if sides.n_runs_a == sides.n_runs_b {
            format!("{} runs each", sides.n_runs_a)
        } else {
            format!("{} and {} runs", sides.n_runs_a, sides.n_runs_b)
        };
        html! {
            header {
                p.eyebrow {
                    "snapferry · comparison · " (runs) " · pairs: "
                    (sides.pairs)
                }
                h1 { (unbroken(&self.title())) }
                @for sentence in self.lead() { p.lead { (unbroken(&sentence)) } }
                nav aria-label="Sections" {
                    @for section in sections { a href={ "#" (section.id) } { (section.link) } }
                }
            }
        }
    }

    /// What moves, one sentence a target.
    pub(super) fn lead(&self) -> Vec<String> {
        let targets = self.differences.iter().filter(|row| row.is_target);
        let mut told: Vec<String> = targets.map(sentence).collect();
        if told.is_empty() {
            told.push("No target is promised on both sides.".to_owned());
        }
        told
    }

    pub(super) fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section {
            id: "pictures",
            link: "Differences",
            title: "What differs",
            body: html! {
                p.intro {
                    "A is " b { (self.about.a) } ", B is " b { (self.about.b) }
                    ". Run by run on the same draws, where they are paired."
                }
                @for note in &self.about.notes { p.intro { (note) } }
                @for figure in &self.figures { (shown(figure)) }
                (self.targets())
                (self.measures())
            },
        }];
        if !self.moved.is_empty() {
            sections.push(Section {
                id: "moved",
                link: "Copies",
                title: "Copies that move most",
                body: self.copies(),
            });
        }
        sections
    }

    fn targets(&self) -> Markup {
        let rows: Vec<&DifferenceOf> =
            self.differences.iter().filter(|row| row.is_target).collect();
        let heads = [WHAT, A, B, BY, ENDS, TURNED];
        let lines = rows.iter().map(|row| {
            html! {
                (head_and_values(row, &row.scope))
                (cell(TURNED, &html! {
                    @match row.turned {
                        Some((late, in_time)) => {
                            (crate::units::thousands(late, 1)) " to late, "
                            (crate::units::thousands(in_time, 1)) " to in time"
                        }
                        None => "–",
                    }
                }))
            }
        });
        html! {
            @if !rows.is_empty() {
                (cards("promise", "Share of each promise that held.", &heads, lines))
            }
        }
    }

    fn measures(&self) -> Markup {
        let differs = |row: &&DifferenceOf| {
            !row.is_target
                && MEASURES.contains(&row.measure.as_str())
                && row.difference.as_ref().is_some_and(|by| by.value != 0.0)
        };
        let rows: Vec<&DifferenceOf> = self.differences.iter().filter(differs).collect();
        let heads = [WHAT, A, B, BY, ENDS];
        let shown = rows.len().min(LINES_MAX);
        let lines = rows[..shown].iter().map(|row| {
            head_and_values(row, &format!("{}: {}", row.scope, row.measure.replace('_', " ")))
        });
        html! {
            @if rows.is_empty() {
                p.intro { "No time, age, or price differs." }
            } @else {
                (cards("promise", "Measures that differ, mean over runs.", &heads, lines))
                @if shown < rows.len() {
                    p.sub { (digits(rows.len() - shown)) " more in " code { "differences.csv" } "." }
                }
            }
        }
    }

    fn copies(&self) -> Markup {
        let heads = [WHAT, A, B, BY, MOSTLY];
        let lines = self.moved.iter().map(|row| {
            html! {
                (row_head(&html! {
                    (row.volume) " to " (row.to)
                    span.m {
                        (row.fleet) ", run " (row.replication) ", due "
                        (utc(row.due, "%a %-d %b %H:%M"))
                    }
                }))
                (cell(A, &html! { (duration(row.took_a)) }))
                (cell(B, &html! { (duration(row.took_b)) }))
                (cell(BY, &html! { (signed(row.moved.value, "s")) }))
                (cell(MOSTLY, &html! { (cause::doing(row.cause)) }))
            }
        });
        cards("promise", "From due to completed, on both sides.", &heads, lines)
    }
}

/// `databases: RPO 2 h, 99.9 %: 99.78 % in A, 99.82 % in B, +0.031 points (95 % interval …).`
fn sentence(row: &DifferenceOf) -> String {
    let (Some(a), Some(b), Some(by)) = (row.mean_a, row.mean_b, &row.difference) else {
        return format!("{}: {}.", row.scope, row.reason);
    };
    if by.value == 0.0 {
        return format!("{}: the same, {}.", row.scope, figure(a, &row.unit));
    }
    let ends = match (&row.low, &row.high) {
        (Some(low), Some(high)) => format!(
            " (95{NBSP}% interval {} to {})",
            signed(low.value, &row.unit),
            signed(high.value, &row.unit)
        ),
        _ => String::new(),
    };
    format!(
        "{}: {} in A, {} in B, {}{ends}.",
        row.scope,
        figure(a, &row.unit),
        figure(b, &row.unit),
        signed(by.value, &row.unit)
    )
}

fn head_and_values(row: &DifferenceOf, name: &str) -> Markup {
    let kind = if row.is_target { "target" } else { "measure" };
    let key = [kind, row.scope.as_str(), row.measure.as_str()];
    let place = |column| Place { file: "differences.csv", row: &key, column };
    let value =
        |value: Option<f64>| value.map_or("–".to_owned(), |value| figure(value, &row.unit));
    html! {
        (row_head(&unbroken(name)))
        (cell(A, &html! { (value(row.mean_a)) }))
        (cell(B, &html! { (value(row.mean_b)) }))
        (cell(BY, &html! {
            @match &row.difference {
                Some(by) => (datum(place("difference"), &by.text, &signed(by.value, &row.unit))),
                None => (row.reason),
            }
        }))
        (cell(ENDS, &html! {
            @match (&row.low, &row.high) {
                (Some(low), Some(high)) => {
                    (datum(place("low_95"), &low.text, &signed(low.value, &row.unit)))
                    " to "
                    (datum(place("high_95"), &high.text, &signed(high.value, &row.unit)))
                }
                _ => {
                    @match row.pairing.as_str() {
                        "constant" | "nothing" => "in every run",
                        _ => "–",
                    }
                }
            }
        }))
    }
}
