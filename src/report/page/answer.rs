//! The head of the page: the question, and the answer in a few sentences.

use std::fmt::Write;

use maud::{Markup, html};

use super::Section;
use super::content::{Content, digits, plural};
use super::markup::{unbroken, word};
use crate::catalog::Cause;
use crate::report::chart::Verdict;
use crate::report::figure::words::joined;
use crate::report::read::{ChosenRow, TargetRow};
use crate::report::theme::{NBSP, duration, interval, percent, percent_given};
use crate::report::{cause, limit, words};
use crate::units::{Span, Usd, thousands};

/// A limit without which fewer than this share of the late copies would be in time is not told.
const FEWER_LEAST: f64 = 0.005;

/// Fewer runs than these are too few to be sure of anything.
const RUNS_LEAST: u64 = 5;

/// Targets that a sentence names at most.
const NAMED: usize = 3;

/// The question, or the name of the scenario where it asks nothing.
pub(super) fn question(content: &Content) -> &str {
    let question = content.about.scenario.text.trim();
    if question.is_empty() { &content.manifest.scenario.name } else { question }
}

/// What search engines and slides would say of the page.
pub(super) fn description(content: &Content) -> String {
    let lead = lead(content).join(" ");
    if lead.is_empty() { question(content).to_owned() } else { lead }
}

/// Question, short answer, and links to the parts.
pub(super) fn header(content: &Content, sections: &[Section]) -> Markup {
    html! {
        header {
            p.eyebrow { (eyebrow(content)) }
            h1 { (unbroken(question(content))) }
            @for sentence in lead(content) { p.lead { (unbroken(&sentence)) } }
            nav aria-label="Sections" {
                @for section in sections { a href={ "#" (section.id) } { (section.link) } }
            }
        }
    }
}

/// `snapferry · enterprise-dr · seed 1 · 30 runs of 7 days · 356,400 copies`.
fn eyebrow(content: &Content) -> String {
    let scenario = &content.manifest.scenario;
    let mut text = format!("snapferry · {} · seed {}", scenario.name, scenario.seed);
    if content.is_sweep() {
        let _ = write!(text, " · {} points", digits(scenario.points));
    }
    if content.manifest.copies.is_empty() {
        return text;
    }
    let _ = write!(text, " · {} of {}", content.runs(), content.window());
    if let Some(due) = content.measure("all", "due") {
        let of_first = if content.is_sweep() { " at the first point" } else { "" };
        let _ = write!(text, " · {}{of_first}", plural(due.n, "copy", "copies"));
    }
    text
}

/// The answer in one to four sentences.
pub(super) fn lead(content: &Content) -> Vec<String> {
    if content.manifest.copies.is_empty() {
        return flow_level(content);
    }
    let mut sentences: Vec<String> = Vec::new();
    if content.is_sweep() {
        sentences.extend(of_sweep(content));
    } else {
        sentences.push(of_targets(content));
        sentences.extend(late(content));
        sentences.extend(turned(content));
    }
    sentences
}

/// Flows on links alone: nothing was promised.
fn flow_level(content: &Content) -> Vec<String> {
    content.flows.as_ref().map(Flows::told).into_iter().collect()
}

/// `No for “databases: RPO 2 h, 99.9 %”. Yes for “data, roots: copies within 6 h, 99.9 %”.`
fn of_targets(content: &Content) -> String {
    let named = |verdict: Verdict| -> Vec<String> {
        let rows = content.first_promises().filter(|row| row.standing.verdict == verdict);
        rows.map(quoted).collect()
    };
    let mut parts = Vec::new();
    for verdict in [Verdict::No, Verdict::NotSure, Verdict::Yes] {
        let names = named(verdict);
        match &names[..] {
            [] => {}
            some if some.len() <= NAMED => {
                parts.push(format!("{} for {}.", word(verdict), joined(some, "and")));
            }
            many => parts.push(format!("{} for {} targets.", word(verdict), digits(many.len()))),
        }
    }
    if parts.is_empty() {
        return "The scenario states no target, so nothing is judged.".to_owned();
    }
    parts.join(" ")
}

/// `“nights by 06:00, 95 %”`; of what is not sure, why.
fn quoted(row: &TargetRow) -> String {
    match row.standing.verdict {
        Verdict::Yes | Verdict::No => format!("“{}”", row.target),
        Verdict::NotSure => format!("“{}” ({})", row.target, row.standing.reason),
    }
}

/// How many copies break a promise, where their time went, and which limit alone makes most of them
/// late; where none does, where the time of copies goes.
fn late(content: &Content) -> Option<String> {
    let n_runs = f64::from(content.manifest.n_runs());
    let n_due = content.mean("all", "due")? * n_runs;
    let n_broke = content.mean("all", "broke").map_or(0.0, |n| n * n_runs);
    let whole = |n: f64| thousands(n.round(), 0);
    if n_broke <= 0.0 {
        let (took, cause, time) = longest(content, "cause")?;
        return Some(format!("The mean copy takes {took}, {time} {}.", cause::spent(cause)));
    }
    let mut text =
        format!("{} of {} copies over all runs break a promise", whole(n_broke), whole(n_due));
    if let Some((took, cause, time)) = longest(content, "broke") {
        let _ = write!(text, "; such a copy takes {took}, {time} {}", cause::spent(cause));
    }
    let of_all = || content.lifts.iter().filter(|row| row.scope == "all" && row.measure == "kept");
    let most = of_all()
        .filter_map(|row| Some((row.fewer.filter(|share| FEWER_LEAST <= *share)?, row)))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match most {
        Some((fewer, row)) => {
            let limit = limit::name(&row.limit, &row.place);
            let sure = if row.interval.map_or(RUNS_LEAST <= row.n_runs, |(low, _)| 0.0 < low) {
                ""
            } else {
                " (too few runs to be sure)"
            };
            let rest = if 1.0 <= fewer {
                "None of them".to_owned()
            } else {
                format!("{} fewer", percent(fewer))
            };
            let _ = write!(text, ". {rest} would if not for {limit}{sure}");
        }
        None if of_all().next().is_some() => {
            text.push_str(". No limit alone, lifted, makes them fewer");
        }
        None => {}
    }
    Some(text + ".")
}

/// The mean time of a copy by cause, and the longest part of it: measures whose names begin so.
fn longest(content: &Content, stem: &str) -> Option<(String, Cause, String)> {
    let time = |cause: Cause| content.mean("all", &format!("{stem}_{}", cause.name()));
    let times: Vec<(Cause, f64)> =
        Cause::ALL.into_iter().filter_map(|cause| Some((cause, time(cause)?))).collect();
    let whole: f64 = times.iter().map(|(_, seconds)| seconds).sum();
    let (cause, most) = times.into_iter().rev().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let told = |seconds: f64| duration(Span::from_secs_f64(seconds));
    let (took, part) = (told(whole), told(most));
    let part = if part == took { "all of it".to_owned() } else { format!("{part} of it") };
    (0.0 < whole).then_some((took, cause, part))
}

/// `But not sure if time-based copies are paced early (P-TB-PACE), or if …`: what turns a verdict.
fn turned(content: &Content) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut n = 0;
    for verdict in [Verdict::No, Verdict::NotSure, Verdict::Yes] {
        let mut turning: Vec<String> = Vec::new();
        let flips =
            content.flips.iter().filter(|flip| flip.turns && flip.flipped_verdict == verdict);
        for flip in flips {
            let if_so = words::supposed_key(&flip.switch, &flip.flip);
            // One assumption may turn verdicts in two ways: then its value tells them apart.
            let is_alone = content.flips.iter().filter(|other| other.turns).all(|other| {
                other.switch != flip.switch || other.flipped_verdict == flip.flipped_verdict
            });
            let if_so = if is_alone {
                format!("{if_so} ({})", flip.switch)
            } else {
                format!("{if_so} ({}: {})", flip.switch, flip.flip)
            };
            if !turning.contains(&if_so) {
                turning.push(if_so);
            }
        }
        n += turning.len();
        if !turning.is_empty() {
            parts.push(format!("{} if {}", verdict.name(), turning.join(", or if ")));
        }
    }
    match n {
        0 => None,
        n if n <= NAMED => Some(format!("But {}.", parts.join("; and "))),
        n => Some(format!("But {n} other assumptions turn a verdict (`assumptions.csv`).")),
    }
}

/// The cheapest point that meets all targets, as fresh draws have it.
fn of_sweep(content: &Content) -> Vec<String> {
    let n = content.manifest.scenario.points;
    let is_asked = content.about.set.iter().any(|setting| setting.key == "--target");
    let targets = if is_asked { "the targets that were asked for" } else { "every target" };
    let points = |n: usize| plural(crate::units::index_u64(n), "point", "points");
    let Some(best) = &content.confirmed else {
        return vec![format!("{} were run; none was chosen.", points(n))];
    };
    let Some(first) = best.first() else {
        let misses =
            |rows: &[TargetRow]| rows.iter().any(|row| row.standing.verdict == Verdict::No);
        let all = content.promises.chunk_by(|one, next| one.point == next.point);
        let n_open = all.filter(|rows| !misses(rows)).count();
        return vec![match n_open {
            0 => format!("No: none of {} meets {targets}.", points(n)),
            open => format!(
                "Not sure: of {}, {} undecided, and none meets {targets}.",
                points(n),
                is_or_are(open)
            ),
        }];
    };
    let cost = first
        .cost_usd
        .map_or(String::new(), |usd| format!(", for {} a run on fresh draws", Usd::from_f64(usd)));
    let holds = best.iter().all(|row| row.verdict == Verdict::Yes);
    let lead = if holds { "Yes, with" } else { "Not sure, with" };
    let tightest = best.iter().min_by(|one, other| {
        let above =
            |row: &&ChosenRow| row.share.as_ref().map_or(0.0, |share| share.value) - row.promised;
        above(one).total_cmp(&above(other))
    });
    let fresh = tightest.and_then(|row| {
        let share = percent(row.share.as_ref()?.value);
        let ends = row.interval().filter(|(low, high)| low < high);
        let ends = ends.map_or(String::new(), |(low, high)| {
            format!(" (95{NBSP}% interval {})", interval(low, high))
        });
        Some(format!(
            "On fresh draws of seed {}, {} runs, {share} hold{ends} where {} is promised.",
            row.seed,
            row.n_runs,
            percent_given(row.promised)
        ))
    });
    let mut told = vec![format!(
        "{lead} {}: the best of {} that meets {targets}{cost}.",
        labels(&first.labels),
        points(n)
    )];
    told.extend(fresh);
    told
}

/// `1 is`, `3 are`.
fn is_or_are(n: usize) -> String {
    if n == 1 { "1 is".to_owned() } else { format!("{} are", digits(n)) }
}

/// `slots 20, quota 8000 MiB/s`.
pub(super) fn labels(labels: &[(String, String)]) -> String {
    let each = labels.iter().map(|(key, value)| format!("{key} {value}"));
    each.collect::<Vec<_>>().join(", ")
}

/// What is told of a flow-level scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flows {
    pub(super) n: u64,
    pub(super) n_ended: u64,
    pub(super) makespan: Span,
}

impl Flows {
    fn told(&self) -> String {
        let ended = if self.n_ended < self.n {
            format!("; {} never end", plural(self.n - self.n_ended, "flow", "flows"))
        } else {
            String::new()
        };
        format!(
            "{} on links alone; the last one that ends does so after {}{ended}.",
            plural(self.n, "flow", "flows"),
            duration(self.makespan)
        )
    }
}
