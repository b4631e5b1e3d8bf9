//! An explanation in words.

use std::fmt::Write;

use super::Asked;
use crate::api::Refusal;
use crate::billing::{ListPrice, Part};
use crate::catalog::fact::{self, Fact};
use crate::cli::words::{self, WIDTH};
use crate::explain::{
    Answer, Copied, CopiedSnapshot, Explanation, Extent, Key, Pace, Price, Short, Timed,
};
use crate::stats::Verdict;
use crate::units::{Bytes, count, thousands};

/// Columns before the text of a row.
const LABEL: usize = 13;

/// Columns before the text of a fact.
const FACT: usize = 30;

/// The whole answer.
pub(super) fn told(explanation: &Explanation, asked: &Asked, in_color: bool) -> String {
    let mut page = Page { text: String::new(), asked };
    page.head(explanation, in_color);
    match &explanation.answer {
        Answer::Refused(refusal) => page.refusal(refusal),
        Answer::Allowed(copied) => page.copied(copied),
    }
    match &asked.seen {
        Some(Some(code)) => page.row("record", &format!("the provider answered {code}")),
        Some(None) => page.row("record", "the provider answered without an error"),
        None => {}
    }
    if !explanation.taken.is_empty() && tells_of_source(&explanation.answer) {
        page.row("taken as so", &explanation.taken.join("; "));
    }
    page.facts(&fact::named(&explanation.marks()));
    page.text
}

/// Whether the source had a part in the answer: a request that is refused for its form says
/// nothing of it.
fn tells_of_source(answer: &Answer) -> bool {
    match answer {
        Answer::Refused(refusal) => crate::api::Stage::Source <= refusal.rule.info().stage,
        Answer::Allowed(_) => true,
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
        let _ = writeln!(self.text, "  {label:<11}{}", lines.trim_start().trim_end());
    }

    fn head(&mut self, explanation: &Explanation, in_color: bool) {
        if let Some(dry) = &explanation.dry_run {
            let code = answered(dry);
            let lines = words::wrapped(&format!("{code}: {}; without `DryRun`:", dry.message), LABEL);
            let _ = writeln!(self.text, "{:<LABEL$}{}\n", "dry run", lines.trim());
        }
        let answer = &explanation.answer;
        let verdict =
            if matches!(answer, Answer::Allowed(copied) if copied.fails.is_none()) { Verdict::Yes } else { Verdict::No };
        let padded = format!("{answer:<LABEL$}");
        let padded = if in_color { words::paint(verdict, &padded) } else { padded };
        let called = explanation.action.name();
        let what = match answer {
            Answer::Refused(refusal) => format!("{called}: {}", answered(refusal)),
            Answer::Allowed(copied) => {
                let id = if self.asked.from.is_some() { "" } else { explanation.source.as_str() };
                let space = if id.is_empty() { "" } else { " " };
                format!("{called}{space}{id}: {} → {}", copied.from, copied.to)
            }
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
        if let Some(fails) = &copied.fails {
            let text = format!("accepted, and ends in error: {}", fails.said);
            self.row("why", &text);
            return;
        }
        self.row("route", &copied.route.said);
        self.row("bytes", &bytes(&copied.snapshots));
        self.pace(&copied.pace);
        self.row("encryption", &encryption(&copied.snapshots));
        for (idx, price) in copied.prices.iter().enumerate() {
            self.row(if idx == 0 { "costs" } else { "" }, &price_words(price));
        }
    }

    fn pace(&mut self, pace: &Pace) {
        match (pace.duration, &pace.timed) {
            (None, _) => self.row("rate", "a standard copy: none is promised"),
            (Some(duration), None) => {
                self.row("rate", &format!("its bytes in {duration}; --size tells how many"));
            }
            (Some(duration), Some(timed)) => {
                self.row("rate", &timed_words(timed));
                let takes = timed.takes;
                self.row("takes", &match timed.short_of {
                    None => format!("at most {duration}, as asked, once it has started up"),
                    Some(_) => format!("{takes}: the {duration} asked for are missed"),
                });
            }
        }
        let least = match pace.least {
            Some(least) => format!("a duration of {least} can be met"),
            None if !pace.can_be_timed => {
                "none: Local Zones and Outposts take no completion duration".to_owned()
            }
            None => return,
        };
        self.row("least", &least);
    }

    /// The facts that the answer rests on, and where they stand.
    fn facts(&mut self, facts: &[Fact]) {
        if facts.is_empty() {
            return;
        }
        self.text.push('\n');
        for Fact { mark, text, standing, sources } in facts {
            let keys: String = sources.iter().map(|(key, _)| format!(" [{key}]")).collect();
            let lines = words::wrapped(&format!("{text}{keys}"), FACT);
            let _ = writeln!(self.text, "  {mark:<14}{standing:<14}{}", lines.trim());
        }
        let mut told: Vec<&str> = Vec::new();
        self.text.push('\n');
        for (key, url) in facts.iter().flat_map(|fact| &fact.sources) {
            if !told.contains(key) {
                told.push(key);
                let _ = writeln!(self.text, "  {:<5} {url}", format!("[{key}]"));
            }
        }
    }
}

/// `UnsupportedOperation (HTTP 400)`.
fn answered(refusal: &Refusal) -> String {
    format!("{} (HTTP {})", refusal.code, refusal.http_status())
}

/// `full: 100 GiB`, `2 snapshots: 8 GiB in full, 500 MiB incremental`.
fn bytes(snapshots: &[CopiedSnapshot]) -> String {
    let kinds = [
        (Extent::Full, "in full", "not known how many: --size tells"),
        (Extent::Incremental, "incremental, on a copy under the same key", "not known how many"),
        (Extent::Nothing, "nothing moves: it stays in its Region, under its key", ""),
    ];
    let mut parts = Vec::new();
    for (extent, word, unknown) in kinds {
        let those: Vec<_> = snapshots.iter().filter(|one| one.extent.said == extent).collect();
        if those.is_empty() {
            continue;
        }
        let sum: Option<Bytes> = those.iter().map(|one| one.bytes).sum();
        parts.push(match sum {
            Some(_) if extent == Extent::Nothing => word.to_owned(),
            Some(sum) => format!("{sum} {word}"),
            None => format!("{word}, {unknown}"),
        });
    }
    let n = match snapshots.len() {
        1 => String::new(),
        n => format!("{} snapshots: ", thousands(count(n), 0)),
    };
    format!("{n}{}", parts.join("; "))
}

/// `455 MiB/s of the 2,000 MiB/s that …`.
fn timed_words(timed: &Timed) -> String {
    let Timed { required, granted, .. } = timed;
    let quota = "quota of 2,000 MiB/s between the two places";
    match timed.short_of {
        None => format!("{required}, if so much of the {quota} is free"),
        Some(Short::OwnCap) => {
            format!("{required} would be needed, and no snapshot copy runs above 500 MiB/s: {granted}")
        }
        Some(Short::Quota) => format!("{required} would be needed of a {quota}: {granted}"),
    }
}

/// The ways in which the snapshots are encrypted, each once.
fn encryption(snapshots: &[CopiedSnapshot]) -> String {
    let mut told: Vec<String> = Vec::new();
    for one in snapshots {
        let text = match &one.encryption.said {
            Key::Plain => "none: an unencrypted source stays so".to_owned(),
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

/// `8 USD transfer at 0.02 USD/GB (observed 2024-09-25: …)`.
fn price_words(price: &Price) -> String {
    let part = match price.part {
        Part::Storage => "storage a month",
        part => part.name(),
    };
    let amount = price.usd.map_or_else(|| part.to_owned(), |usd| format!("{usd} {part}"));
    let of = |listed: &ListPrice| {
        let ListPrice { per_gb, source, date, .. } = listed;
        let standing = listed.standing();
        let space = if date.is_empty() { "" } else { " " };
        match listed.known {
            true => {
                let unit = listed.unit().trim_start_matches("USD");
                format!("at {per_gb}{unit} ({standing}{space}{date}: {source})")
            }
            false => format!("at a price that is not known ({source})"),
        }
    };
    let at = price.list.iter().map(of).collect::<Vec<_>>().join(", ");
    format!("{amount} {at}")
}

const _: () = assert!(FACT < WIDTH, "facts have room");
