//! An explanation in words.

use std::fmt::Write;

use super::{Asked, Seen};
use crate::api::{Refusal, Stage};
use crate::billing::{ListPrice, Part};
use crate::catalog::ErrorCode;
use crate::catalog::fact::{self, Fact};
use crate::catalog::limit::{COPY_RATE_MAX, PAIR_QUOTA};
use crate::cli::words;
use crate::explain::{
    Answer, Copied, CopiedSnapshot, Explanation, Extent, Key, Pace, Price, Reason, Short, Timed,
};
use crate::stats::Verdict;
use crate::units::{Bytes, count, thousands};

/// Columns before the text of a row.
const LABEL: usize = 14;

/// Columns before the text of a fact.
const FACT: usize = 31;

/// The whole answer.
pub(super) fn told(explanation: &Explanation, asked: &Asked, in_color: bool) -> String {
    let mut page = Page { text: String::new(), asked };
    page.head(explanation, in_color);
    match &explanation.answer {
        Answer::Refused(refusal) => page.refusal(refusal),
        Answer::Allowed(copied) => page.copied(copied),
    }
    if let Some(seen) = &asked.seen {
        page.row("record", &record(seen, &explanation.answer));
    }
    if !explanation.taken.is_empty() && tells_of_source(&explanation.answer) {
        page.row("assumed", &format!("of the source: {}", explanation.taken.join("; ")));
    }
    page.facts(&fact::named(&explanation.marks()));
    page.text
}

/// What a record says that the provider answered, beside the answer here.
fn record(seen: &Seen, answer: &Answer) -> String {
    let (told, is_same) = match (seen, answer) {
        (Seen::Accepted, Answer::Allowed(_)) => ("without an error", true),
        (Seen::Accepted, Answer::Refused(_)) => ("without an error", false),
        (Seen::Refused(code), Answer::Allowed(_)) => (code.as_str(), false),
        (Seen::Refused(code), Answer::Refused(refusal)) => {
            (code.as_str(), ErrorCode::from_text(code) == Some(refusal.code))
        }
    };
    let why = "; what is not known here makes the difference, such as slots, quota, the source";
    format!("the provider answered {told}{}", if is_same { "" } else { why })
}

/// Whether the source had a part in the answer: a request that is refused before it is looked at
/// says nothing of it.
fn tells_of_source(answer: &Answer) -> bool {
    match answer {
        Answer::Refused(refusal) => Stage::Outcome <= refusal.rule.info().stage,
        Answer::Allowed(copied) => copied.fails.is_none(),
    }
}

struct Page<'a> {
    text: String,
    asked: &'a Asked,
}

impl Page<'_> {
    /// A row: a label, and its text below itself where one line does not hold it.
    fn row(&mut self, label: &str, text: &str) {
        let lines = words::wrapped(&self.asked.named(text), LABEL);
        let _ = writeln!(self.text, "  {label:<12}{}", lines.trim());
    }

    /// A row with the marks of its facts.
    fn marked(&mut self, label: &str, text: &str, marks: &str) {
        self.row(label, &format!("{text} ({marks})"));
    }

    fn head(&mut self, explanation: &Explanation, in_color: bool) {
        if let Some(dry) = &explanation.dry_run {
            let _ = writeln!(
                self.text,
                "{:<LABEL$}{}: would have succeeded, as far as it looks; without it:\n",
                "dry run",
                answered(dry)
            );
        }
        let answer = &explanation.answer;
        let is_made = explanation.is_made();
        let padded = format!("{answer:<LABEL$}");
        let verdict = if is_made { Verdict::Yes } else { Verdict::No };
        let padded = if in_color { words::paint(verdict, &padded) } else { padded };
        let called = self.asked.title();
        let what = match answer {
            Answer::Refused(refusal) => format!("{called}: {}", answered(refusal)),
            Answer::Allowed(_) => called,
        };
        let _ = writeln!(self.text, "{padded}{}\n", self.asked.named(&what));
    }

    fn refusal(&mut self, refusal: &Refusal) {
        self.row("why", &refusal.message);
        if let Some(parameter) = refusal.parameter {
            self.row("parameter", parameter.name());
        }
        let (status, code) = (refusal.status(), refusal.code_status());
        let sure = if status == code {
            format!("{status}, and so is the code")
        } else {
            format!("{status}; the code is {code}")
        };
        self.row("how sure", &sure);
    }

    fn copied(&mut self, copied: &Copied) {
        let Reason { said, marks } = &copied.route;
        let way = format!("{said}, {} → {}", copied.from, copied.to);
        self.marked("route", &way, marks);
        if let Some(Reason { said, marks }) = &copied.fails {
            self.marked("fails", &format!("accepted, and ends in error: {said}"), marks);
            return;
        }
        let of_each = |of: fn(&CopiedSnapshot) -> &'static str| {
            let mut marks: Vec<&str> = copied.snapshots.iter().map(of).collect();
            marks.dedup();
            marks.join(", ")
        };
        self.marked("bytes", &bytes(&copied.snapshots), &of_each(|one| one.extent.marks));
        self.pace(&copied.pace);
        let keys = encryption(&copied.snapshots);
        self.marked("encryption", &keys, &of_each(|one| one.encryption.marks));
        for (idx, price) in copied.prices.iter().enumerate() {
            let label = if idx == 0 { "costs" } else { "" };
            self.row(label, &price_words(price));
        }
    }

    fn pace(&mut self, pace: &Pace) {
        match (pace.duration, &pace.timed) {
            (None, _) => self.row("rate", "a standard copy: no rate is promised (F112)"),
            (Some(duration), None) => {
                let text = format!("all its bytes within {duration}; --size says how many");
                self.marked("rate", &text, pace.marks_of_rate());
            }
            (Some(duration), Some(timed)) => {
                self.marked("rate", &timed_words(timed), pace.marks_of_rate());
                let takes = timed.takes;
                self.row(
                    "takes",
                    &match timed.short_of {
                        None => {
                            format!("at most {duration}, as asked, from the end of its start-up")
                        }
                        Some(_) => format!("{takes}: the {duration} asked for are missed"),
                    },
                );
            }
        }
        match pace.least {
            Some(least) => self.row("shortest", &format!("a duration of {least} can be met (F13)")),
            None if !pace.can_be_timed => {
                self.row("shortest", "no duration: Local Zones and Outposts take none (F24)");
            }
            None => {}
        }
    }

    /// The facts that the answer rests on, and where they stand.
    fn facts(&mut self, facts: &[Fact]) {
        if facts.is_empty() {
            return;
        }
        self.text.push('\n');
        let mut pages: Vec<(&str, &str)> = Vec::new();
        for Fact { mark, text, standing, sources } in facts {
            let standing = standing.split(',').next().unwrap_or_default();
            let first = sources.first().map(|(key, _)| format!(" [{key}]"));
            let text = format!("{text}{}", first.unwrap_or_default());
            let lines = words::wrapped(&text, FACT);
            let _ = writeln!(self.text, "  {mark:<16}{standing:<13}{}", lines.trim());
            pages.extend(sources.first().filter(|page| !pages.contains(page)));
        }
        self.text.push('\n');
        for (key, url) in pages {
            let _ = writeln!(self.text, "  {:<5} {url}", format!("[{key}]"));
        }
    }
}

/// `UnsupportedOperation (HTTP 400)`.
fn answered(refusal: &Refusal) -> String {
    format!("{} (HTTP {})", refusal.code, refusal.http_status())
}

/// `100 GiB in full`, `2 snapshots: 8 GiB in full; 500 MiB that changed since …`.
fn bytes(snapshots: &[CopiedSnapshot]) -> String {
    let kinds = [
        (Extent::Full, "in full"),
        (Extent::Incremental, "that changed since an earlier copy there, under the same key"),
        (Extent::Nothing, "nothing moves: it stays in its Region, under its key"),
    ];
    let mut parts = Vec::new();
    for (extent, word) in kinds {
        let those: Vec<_> = snapshots.iter().filter(|one| one.extent.said == extent).collect();
        if those.is_empty() {
            continue;
        }
        let sum: Option<Bytes> = those.iter().map(|one| one.bytes).sum();
        parts.push(match sum {
            Some(_) if extent == Extent::Nothing => word.to_owned(),
            Some(sum) => format!("{sum} {word}"),
            None => format!("{word}; --size says how many"),
        });
    }
    let n = match snapshots.len() {
        1 => String::new(),
        n => format!("{} snapshots: ", thousands(count(n), 0)),
    };
    format!("{n}{}", parts.join("; "))
}

/// `needs 455 MiB/s, of 2,000 MiB/s that …`.
fn timed_words(timed: &Timed) -> String {
    let Timed { required, granted, .. } = timed;
    let quota = format!("of the {PAIR_QUOTA} that all time-based copies of this route share");
    match timed.short_of {
        None => format!("needs {required}, {quota}"),
        Some(Short::OwnCap) => {
            format!("needs {required}; gets {granted}: {COPY_RATE_MAX} is the most for a snapshot")
        }
        Some(Short::Quota) => format!("needs {required}; gets {granted}, {quota}"),
    }
}

/// The ways in which the snapshots are encrypted, each once.
fn encryption(snapshots: &[CopiedSnapshot]) -> String {
    let mut told: Vec<String> = Vec::new();
    for one in snapshots {
        let text = match &one.encryption.said {
            Key::Plain => "none: what is not encrypted stays so".to_owned(),
            Key::Given(key) => format!("under the key that is asked for, `{key}`"),
            Key::Configured(key) => format!("under the key of encryption by default, `{key}`"),
            Key::Managed => "under the provider's own key of the Region, `aws/ebs`".to_owned(),
            Key::Source(key) => format!("under the key of the source, `{key}`"),
        };
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join("; ")
}

/// `8 USD transfer at 0.02 USD/GB, observed 2024-09-25 (F46, F47)`.
fn price_words(price: &Price) -> String {
    let part = match price.part {
        Part::Storage => "storage a month",
        part => part.name(),
    };
    let amount = price.usd.map_or_else(|| part.to_owned(), |usd| format!("{usd} {part}"));
    let of = |listed: &ListPrice| {
        if !listed.known {
            return "at a price that is not known".to_owned();
        }
        let unit = listed.unit().trim_start_matches("USD");
        let space = if listed.date.is_empty() { "" } else { " " };
        format!("at {}{unit}, {}{space}{}", listed.per_gb, listed.standing(), listed.date)
    };
    let at = price.list.iter().map(of).collect::<Vec<_>>().join(", and ");
    format!("{amount} {at} ({})", price.marks)
}
