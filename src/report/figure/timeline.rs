//! The copies of one run over time, where they wait longest, at the first point.

use jiff::tz::TimeZone;

use super::stretch::Stretch;
use super::words::{WAITS, copies, whole};
use super::{Figure, Picture, Section, Tables};
use crate::catalog::Cause;
use crate::record::Outcome;
use crate::report::cause;
use crate::report::chart::{
    Caption, CopyBar, CopyGroup, CopyPart, GroupPromise, TimeAxis, Timeline,
};
use crate::report::read::{CopyRow, Fault, Folder, Manifest, PromiseKind};
use crate::report::theme::duration;
use crate::units::{Instant, Span, count, index_u64};

mod choice;

use choice::{Choice, choose};

/// Most groups; where there are more destinations, fleets are the groups.
const GROUPS_MAX: usize = 6;

/// Order in which a copy spends its time: a snapshot begins when its start window lets it.
const LIFE: [Cause; 14] = {
    let mut life = Cause::ALL;
    life[0] = Cause::Window;
    life[1] = Cause::Snapshot;
    life
};

/// A copy, as far as the choice of a stretch needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Life {
    /// Its `fleet → destination`, by index into [`Scopes`].
    scope: usize,
    due: Instant,
    /// When it was first asked for.
    asked: Instant,
    /// When it stopped waiting to be accepted.
    waited_until: Instant,
    /// When it ended.
    end: Instant,
    /// All that it waited, for slots or otherwise.
    waited: Span,
    /// Where most of that went.
    cause: Cause,
    is_late: bool,
}

impl Life {
    fn of(row: &CopyRow, scope: usize) -> Life {
        let time = |cause: Cause| row.causes[cause as usize];
        let asked = row.due + time(Cause::Snapshot) + time(Cause::Window);
        let waited: Span = WAITS.iter().map(|cause| time(*cause)).sum();
        let longest = WAITS.into_iter().rev().max_by_key(|cause| time(*cause));
        Life {
            scope,
            due: row.due,
            asked,
            waited_until: asked + waited.minus_or_zero(time(Cause::SameSource)),
            end: row.due + row.causes.iter().copied().sum::<Span>(),
            waited,
            cause: longest.unwrap_or(Cause::Slot),
            is_late: row.on_time == Some(false),
        }
    }

    fn took(&self) -> Span {
        self.end.since(self.due)
    }

    /// What makes a copy worse than another: late, then the longer wait, then the longer life.
    fn badness(&self) -> (bool, Span, Span) {
        (self.is_late, self.waited, self.took())
    }
}

/// `fleet → destination` in the order in which rows name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Scopes(Vec<(String, String)>);

impl Scopes {
    fn index(&mut self, fleet: &str, to: &str) -> usize {
        let known = self.0.iter().position(|scope| scope.0 == fleet && scope.1 == to);
        known.unwrap_or_else(|| {
            self.0.push((fleet.to_owned(), to.to_owned()));
            self.0.len() - 1
        })
    }
}

/// The figure; none where the folder has no rows of copies.
///
/// The rows are read twice, so that only a few numbers of each are kept.
pub(super) fn figure(tables: &Tables, folder: Folder<'_>) -> Result<Option<Figure>, Fault> {
    let is_first = |row: &CopyRow| row.point == 0 && row.replication == 0;
    let mut scopes = Scopes::default();
    let mut lives: Vec<Life> = Vec::new();
    folder.each(|row: CopyRow| {
        if is_first(&row) {
            lives.push(Life::of(&row, scopes.index(&row.fleet, &row.to)));
        }
        is_first(&row)
    })?;
    let Some(choice) = choose(&lives, &scopes) else { return Ok(None) };
    let rows: Vec<CopyRow> = folder.at(&choice.shown)?;
    let view = View { tables, lives: &lives, scopes: &scopes, choice: &choice };
    Ok(Some(view.figure(&rows)))
}

/// What is shown of a run.
struct View<'a> {
    tables: &'a Tables,
    lives: &'a [Life],
    scopes: &'a Scopes,
    choice: &'a Choice,
}

impl View<'_> {
    fn figure(&self, rows: &[CopyRow]) -> Figure {
        let Stretch { from, to } = self.choice.stretch;
        let time = TimeAxis { from, to, zone: TimeZone::UTC };
        let caption = Caption { title: self.title(), subtitle: self.subtitle() };
        let picture = Picture::Timeline(Timeline { time, groups: self.groups(rows) });
        Figure::new(Section::Day, "timeline", caption, picture, self.note())
    }

    /// How to read it, and why this stretch is shown.
    fn note(&self) -> Vec<String> {
        let read = "Each bar is one copy, from due to its end, sorted by end; its colours say where \
                    the time went.";
        let why = if self.all().any(|life| life.is_late) {
            "Of the whole run, this is the stretch with the most late copies."
        } else if self.all().any(|life| Span::ZERO < life.waited) {
            "Of the whole run, this is the stretch in which copies wait longest together."
        } else {
            "No copy of this run waits; this is the stretch with the most work at once."
        };
        vec![read.to_owned(), why.to_owned()]
    }

    /// The copies that the figure is about, those that are thinned out as well.
    fn all(&self) -> impl Iterator<Item = &Life> {
        self.choice.all.iter().map(|life| &self.lives[*life])
    }

    fn title(&self) -> String {
        let n_all = self.choice.all.len();
        let late = match self.all().filter(|life| life.is_late).count() {
            0 => String::new(),
            1 if n_all == 1 => "; it is late".to_owned(),
            1 => "; one is late".to_owned(),
            n => format!("; {} are late", whole(index_u64(n))),
        };
        let waiting: Vec<&Life> = self.all().filter(|life| Span::ZERO < life.waited).collect();
        let Some(longest) = waiting.iter().rev().max_by_key(|life| life.waited) else {
            let slowest = self.all().map(Life::took).max().unwrap_or(Span::ZERO);
            let took = duration(slowest);
            return match n_all {
                1 => format!("The copy does not wait; it takes {took}{late}"),
                _ => format!("No copy waits; the slowest of {n_all} takes {took}{late}"),
            };
        };
        let wait = if waiting.len() == 1 { "waits" } else { "wait" };
        let longest =
            format!("{}, mostly {}", duration(longest.waited), cause::spent(longest.cause));
        format!(
            "{} of {} {wait}, the longest {longest}{late}",
            whole(index_u64(waiting.len())),
            copies(n_all)
        )
    }

    fn subtitle(&self) -> String {
        let (n_shown, n_all) = (self.choice.shown.len(), self.choice.all.len());
        let bars = if n_shown == n_all {
            "one bar a copy".to_owned()
        } else {
            format!(
                "one bar a copy; {n_shown} of {} are drawn: the worst, and an even choice of the \
                 rest",
                whole(index_u64(n_all))
            )
        };
        let place = match &self.choice.only_to {
            Some(to) => format!("copies to {to}"),
            None => String::new(),
        };
        self.tables.subtitle(&["run 0", &place, &self.choice.stretch.words(), &bars])
    }

    fn groups(&self, rows: &[CopyRow]) -> Vec<CopyGroup> {
        let mut used: Vec<usize> = self.all().map(|life| life.scope).collect();
        used.sort_unstable();
        used.dedup();
        let place = |scope: &usize| {
            let (fleet, to) = &self.scopes.0[*scope];
            self.tables.manifest.copies.iter().position(|r| r.fleet == *fleet && r.to == *to)
        };
        used.sort_by_key(place);
        if used.len() <= GROUPS_MAX {
            return used.iter().map(|scope| self.group(rows, &[*scope])).collect();
        }
        let same = |one: &usize, next: &usize| self.scopes.0[*one].0 == self.scopes.0[*next].0;
        let fleets: Vec<&[usize]> = used.chunk_by(same).collect();
        if fleets.len() <= GROUPS_MAX {
            return fleets.iter().map(|scopes| self.group(rows, scopes)).collect();
        }
        vec![self.group(rows, &used)]
    }

    /// The copies of some scopes.
    fn group(&self, rows: &[CopyRow], scopes: &[usize]) -> CopyGroup {
        let named: Vec<&(String, String)> =
            scopes.iter().map(|scope| &self.scopes.0[*scope]).collect();
        let (fleet, to) = named[0];
        let is_of = |row: &&CopyRow| named.iter().any(|of| of.0 == row.fleet && of.1 == row.to);
        let name = match named.len() {
            1 => format!("{fleet} → {to}"),
            n if named.iter().all(|other| other.0 == *fleet) => format!("{fleet} → {n} places"),
            _ => "all fleets".to_owned(),
        };
        CopyGroup {
            name,
            note: note(&self.tables.manifest, &named),
            n_copies: self.all().filter(|life| scopes.contains(&life.scope)).count(),
            copies: rows.iter().filter(is_of).map(bar).collect(),
            promise: self.promise(scopes, &format!("{fleet} → {to}")),
        }
    }

    /// The moment by which all copies of a group were promised, where they were due together.
    fn promise(&self, scopes: &[usize], scope: &str) -> Option<GroupPromise> {
        let [only] = scopes else { return None };
        let promises = self.tables.manifest.promises(PromiseKind::Copy, scope);
        let limit = promises.filter_map(|promise| promise.limit).min()?;
        let mut dues = self.all().filter(|life| life.scope == *only).map(|life| life.due);
        let due = dues.next()?;
        let at = due + limit;
        let is_seen = dues.all(|other| other == due) && self.choice.stretch.holds(at);
        is_seen.then(|| GroupPromise { at, label: format!("{} promised", duration(limit)) })
    }
}

/// What the copies of a group have in common.
fn note(manifest: &Manifest, scopes: &[&(String, String)]) -> String {
    let of = |rule: &&crate::report::read::CopyRule| {
        scopes.iter().any(|scope| scope.0 == rule.fleet && scope.1 == rule.to)
    };
    let words = manifest.copies.iter().filter(of).map(|rule| match rule.completion_duration {
        Some(asked) => duration(asked),
        None => "standard".to_owned(),
    });
    let mut words: Vec<String> = words.collect();
    words.sort_unstable();
    words.dedup();
    if let [only] = &words[..] { only.clone() } else { String::new() }
}

/// The bar of a copy: its causes in order of life.
fn bar(row: &CopyRow) -> CopyBar {
    let mut from = row.due;
    let mut parts = Vec::new();
    for cause in LIFE {
        let to = from + row.causes[cause as usize];
        if from < to {
            parts.push(CopyPart { cause, from, to });
        }
        from = to;
    }
    let ending = match row.outcome {
        Outcome::Completed => String::new(),
        other => format!(" ({})", other.name().replace('_', " ")),
    };
    let name = format!("{} → {}{ending}", row.volume, row.to);
    CopyBar { name, is_time_based: row.time_based, parts }
}
