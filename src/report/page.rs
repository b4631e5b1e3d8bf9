//! The page: one file that answers the scenario's question, opens offline, and needs no script.
//!
//! It says nothing that the folder does not say: every number has its place in a table there, and
//! the pictures are those that lie beside it. So the page is a function of the folder alone.

mod content;
mod markup;
mod answer;
mod verdicts;
mod promises;
mod pictures;
mod tables;
mod lists;
mod ledger;
mod again;
mod comparison;

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::comparison::Comparison;
use self::content::Content;
use super::Fault;
use super::read::Folder;
use crate::report::theme::{Paint, style_sheet};

/// By which a page is known as one of this program's.
const GENERATOR: &str = concat!("snapferry ", env!("CARGO_PKG_VERSION"));

/// The form of the page; colours come from the theme.
const STYLE: &str = include_str!("page/page.css");

/// The page of an output folder: of runs, or of a comparison.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub(super) fn of(folder: Folder<'_>) -> Result<String, Fault> {
    if let Some(about) = folder.compared()? {
        let comparison = Comparison::read(about, folder)?;
        return Ok(of_comparison(&comparison).into_string());
    }
    let content = Content::whole(folder)?;
    Ok(of_runs(&content).into_string())
}

/// The answer of a folder of runs: the sentences at the head of its page, with plain spaces.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub(super) fn answer_of(folder: Folder<'_>) -> Result<Vec<String>, Fault> {
    let sentences = answer::lead(&Content::short(folder)?).into_iter();
    Ok(sentences.map(|sentence| sentence.replace('\u{a0}', " ")).collect())
}

/// Whether a file is a page of this program, of whatever version.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).into_owned();
    head.starts_with("<!DOCTYPE html>") && head.contains("name=\"generator\" content=\"snapferry ")
}

fn of_runs(content: &Content) -> Markup {
    let sections = sections(content);
    let name = &content.manifest.scenario.name;
    let parts = Parts {
        title: name,
        description: &answer::description(content),
        header: answer::header(content, &sections),
        before: verdicts::all(content),
        sections,
    };
    document(parts, &pictures::paints(&content.figures))
}

fn of_comparison(comparison: &Comparison) -> Markup {
    let sections = comparison.sections();
    let parts = Parts {
        title: &comparison.title(),
        description: &comparison.lead().join(" "),
        header: comparison.header(&sections),
        before: html! {},
        sections,
    };
    document(parts, &pictures::paints(&comparison.figures))
}

/// What a page is made of.
struct Parts<'a> {
    title: &'a str,
    /// What search engines and slides would say of it.
    description: &'a str,
    header: Markup,
    /// What stands above the first section.
    before: Markup,
    sections: Vec<Section>,
}

fn document(parts: Parts<'_>, paints: &BTreeSet<Paint>) -> Markup {
    let Parts { title, description, header, before, sections } = parts;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(GENERATOR);
                meta name="description" content=(description);
                title { (title) " · snapferry" }
                style { (PreEscaped(style(paints))) }
            }
            body {
                div.page {
                    (header)
                    main {
                        h2.unseen { "The answer" }
                        (before)
                        @for section in sections {
                            section {
                                h2 id=(section.id) { (section.title) }
                                (section.body)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A part of the page.
struct Section {
    /// By which links find it.
    id: &'static str,
    /// Its word among the links at the top.
    link: &'static str,
    title: &'static str,
    body: Markup,
}

/// The parts in order; those that have nothing to say are left out.
fn sections(content: &Content) -> Vec<Section> {
    let parts = [
        ("why", "Why late", "What makes them late, and what would help", pictures::why(content)),
        ("promises", "Promises", "Promises, line by line", promises::table(content)),
        ("pictures", "Pictures", "What happens", pictures::day(content)),
        ("change", "What if", "What if", pictures::what_if(content)),
        ("worst", "Worst copies", "The worst copies", lists::worst(content)),
        ("ledger", "Assumptions", "Assumptions", ledger::section(content)),
        ("again", "Reproduce", "Reproduce me", Some(again::section(content))),
    ];
    let told = parts
        .into_iter()
        .filter_map(|(id, link, title, body)| Some(Section { id, link, title, body: body? }));
    told.collect()
}

/// The style sheet: colours of both schemes, form, and the paints of the pictures.
fn style(pictures: &BTreeSet<Paint>) -> String {
    let paints: BTreeSet<Paint> = Paint::all().union(pictures).copied().collect();
    let tokens = |colour: fn(Paint) -> [u8; 3]| {
        let plain = Paint::all().into_iter();
        let each = plain.map(|paint| {
            let [red, green, blue] = colour(paint);
            format!("--{}:#{red:02x}{green:02x}{blue:02x};", paint.name())
        });
        each.collect::<String>()
    };
    let (light, dark) = (tokens(Paint::light), tokens(Paint::dark));
    format!(
        ":root{{{light}color-scheme:light dark}}\n@media screen and \
         (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{STYLE}{}",
        style_sheet(&paints)
    )
}
