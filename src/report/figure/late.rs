//! What makes the late copies late: each limit lifted alone, on the same draws.

use super::words::{numeral, promise, whole};
use super::{Figure, Picture, Section, Tables};
use crate::record::measure as m;
use crate::report::chart::{Caption, LateBar, LateBars};
use crate::report::limit;
use crate::report::read::{LimitRow, PromiseKind, TargetRow};
use crate::report::theme::{NBSP, percent, percent_given};
use crate::units::{round_u64, thousands};

/// Most limits shown; those that do most stay.
const BARS_MAX: usize = 10;

/// Fewer late copies than this share of them are no finding.
const LEAST: f64 = 0.005;

/// The scope of all copies together.
const ALL: &str = "all";

/// The figure; none where no limit was lifted: nothing was late, or there are several points.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let kept: Vec<&LimitRow> =
        tables.limits.iter().filter(|row| row.scope == ALL && row.measure == "kept").collect();
    let base = kept.iter().max_by_key(|row| row.n_runs)?;
    let view = View { tables, as_is: 1.0 - base.as_is, missed: missed(tables) };
    let mut lifted = kept.clone();
    lifted.sort_by(|one, other| gain(other).total_cmp(&gain(one)));
    lifted.truncate(BARS_MAX);
    let target = view.missed.first().copied();
    let bars = std::iter::once(view.as_it_is(target))
        .chain(lifted.iter().map(|row| view.bar(row, target)))
        .collect();
    let left_out = match kept.len() - lifted.len() {
        0 => String::new(),
        _ => format!("the {} of {} limits that do most", lifted.len(), kept.len()),
    };
    let runs = match base.n_runs {
        1 => "1 run".to_owned(),
        n => format!("n{NBSP}={NBSP}{n}{NBSP}runs"),
    };
    let subtitle = tables.subtitle(&[
        &runs,
        "share of the copies due that break a promise, one limit lifted at a time on the same draws",
        &left_out,
    ]);
    let chart = LateBars {
        bars,
        target: target.map(|row| promise(&row.target, row.standing.promised)),
        allowed: view.allowed(),
    };
    let caption = Caption { title: view.title(&lifted), subtitle };
    let note = view.note(&lifted);
    Some(Figure::new(Section::Late, "what-makes-late", caption, Picture::LateBars(chart), note))
}

/// The targets of which less is held than promised, the widest gap first.
fn missed(tables: &Tables) -> Vec<&TargetRow> {
    let gap =
        |row: &&TargetRow| row.standing.held().map_or(0.0, |held| row.standing.promised - held);
    let mut missed: Vec<&TargetRow> = tables.first_targets().filter(|row| 0.0 < gap(row)).collect();
    missed.sort_by(|one, other| gap(other).total_cmp(&gap(one)));
    missed
}

/// By which share of the copies due fewer are late.
fn gain(row: &LimitRow) -> f64 {
    row.lifted - row.as_is
}

/// Whether a difference is more than chance.
fn matters(row: &LimitRow) -> bool {
    let is_clear = row.interval.is_none_or(|(low, high)| 0.0 < low || high < 0.0);
    is_clear && 0.0 < gain(row).abs()
}

/// What is compared with what.
struct View<'t> {
    tables: &'t Tables,
    /// Share of late copies as it is.
    as_is: f64,
    missed: Vec<&'t TargetRow>,
}

impl View<'_> {
    fn as_it_is(&self, target: Option<&TargetRow>) -> LateBar {
        LateBar {
            name: "As it is".to_owned(),
            late: self.as_is,
            difference: String::new(),
            interval: None,
            is_as_it_is: true,
            matters: true,
            target: target.and_then(|row| {
                let held = row.standing.held()?;
                Some((held, row.standing.promised <= held))
            }),
        }
    }

    fn bar(&self, row: &LimitRow, target: Option<&TargetRow>) -> LateBar {
        // Limits tried on fewer runs changed nothing in them: what counts is the difference.
        LateBar {
            name: limit::without(&row.limit, &row.place),
            late: (self.as_is - gain(row)).clamp(0.0, 1.0),
            difference: self.difference(row),
            interval: row.interval.map(|(low, high)| (-high, -low)),
            is_as_it_is: false,
            matters: matters(row),
            target: target.and_then(|target| self.then(row, target)),
        }
    }

    /// `−65 a run`: the difference in copies.
    fn difference(&self, row: &LimitRow) -> String {
        let Some(due) = self.tables.mean(ALL, m::DUE.name) else { return String::new() };
        let copies = -gain(row) * due;
        if gain(row).abs() * due < 1e-9 {
            return "same".to_owned();
        }
        let decimals = usize::from(copies.abs() < 100.0);
        let sign = if 0.0 < copies { "+" } else { "" };
        format!(
            "{sign}{} a run",
            thousands(copies, decimals.max(usize::from(copies.abs() < 1.0) * 3))
        )
    }

    /// What a target's share would be, and whether that reaches the promise.
    fn then(&self, row: &LimitRow, target: &TargetRow) -> Option<(f64, bool)> {
        let mut rows = self.tables.limits.iter();
        let found = rows.find(|other| {
            other.measure == "target"
                && other.scope == target.target
                && (&other.limit, &other.place) == (&row.limit, &row.place)
        })?;
        let share = (target.standing.held()? + gain(found)).clamp(0.0, 1.0);
        Some((share, target.standing.promised <= share))
    }

    /// The share that may be late, where one promise is about all copies and nothing else is.
    fn allowed(&self) -> Option<(f64, String)> {
        let manifest = &self.tables.manifest;
        let [only] = &manifest.target[..] else { return None };
        let is_of_all =
            only.kind == PromiseKind::Copy && only.scopes.len() == manifest.copies.len();
        let row = self.tables.first_targets().find(|row| row.target == only.name)?;
        let allowed = 1.0 - row.standing.promised;
        is_of_all.then(|| (allowed, format!("{} may be late", percent_given(allowed))))
    }

    /// What one limit less does at most, and whether the promises then hold.
    fn title(&self, lifted: &[&LimitRow]) -> String {
        let told = |row: &&&LimitRow| matters(row) && row.fewer.is_some_and(|of| LEAST <= of);
        let Some(best) = lifted.iter().find(told) else {
            let n = numeral(lifted.len());
            return match lifted.len() {
                1 => format!("Lifting {} makes no copy less late", noun(lifted[0])),
                _ => format!("No limit alone makes copies late: lifting none of {n} helps"),
            };
        };
        let fewer = match best.fewer {
            Some(all) if 1.0 <= all => "no copy is late".to_owned(),
            fewer => format!("{} fewer copies are late", percent(fewer.unwrap_or(0.0))),
        };
        format!("Without {}, {fewer}{}", noun(best), self.then_all(best))
    }

    /// How many of the promises that break would hold.
    fn then_all(&self, row: &LimitRow) -> String {
        let then: Vec<(f64, bool)> =
            self.missed.iter().filter_map(|target| self.then(row, target)).collect();
        let n_held = then.iter().filter(|(_, reaches)| *reaches).count();
        match (then.len(), n_held) {
            (0, _) => String::new(),
            (1, 1) => "; then the missed promise holds".to_owned(),
            (1, _) => format!(
                "; even then {} of the promised {} is held",
                percent(then[0].0),
                percent_given(self.missed[0].standing.promised)
            ),
            (n, held) if n == held => format!("; then all {} missed promises hold", numeral(n)),
            (n, held) => format!("; then {} of {} missed promises hold", numeral(held), numeral(n)),
        }
    }

    fn note(&self, lifted: &[&LimitRow]) -> Vec<String> {
        let mut note = vec![
            "Each bar below the first is the same draws run again without one limit; shorter is \
             better."
                .to_owned(),
        ];
        if lifted.iter().any(|row| !matters(row)) {
            note.push(
                "Grey: no difference beyond chance, so that limit alone is not why.".to_owned(),
            );
        }
        let due = self.tables.mean(ALL, m::DUE.name).map(|due| whole(round_u64(due)));
        let due = due.map_or(String::new(), |due| format!(" of {due} copies due in a run"));
        note.push(format!(
            "As it is, {}{due} {} late.",
            percent(self.as_is),
            if due.is_empty() { "is" } else { "are" }
        ));
        note
    }
}

/// What is lifted, behind “without”.
fn noun(row: &LimitRow) -> String {
    limit::noun(&row.limit, &row.place)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// 97 % are promised and 90 % held; as it is, 10 % of 1,000 copies a run are late.
    fn tables(limits: &str) -> Tables {
        Tables {
            targets: sample::targets("0,in time,copy,0.97,0.9,0.89,0.91,,,no,,30,40,2,0"),
            limits: sample::rows(&[], limits),
            summary: sample::means(&[("all", "due", 1000.0)]),
            ..sample::tables()
        }
    }

    const SLOTS: &str = "slots,,all,kept,,0.9,0.98,0.08,0.07,0.09,0.8,0.8,100,20\n\
                         slots,,in time,target,,0.9,0.98,0.08,0.07,0.09,,,0,20";

    /// Start-up was tried on five runs, of which 8 % were late, and changed nothing: its bar is as
    /// long as the first. Without slots 2 % are late: 80 fewer of 1,000.
    #[test]
    fn the_limit_that_does_most_is_the_finding() {
        let start_up = "start_up,,all,kept,,0.92,0.92,0,,,0,0,30,5\n\
                        start_up,,in time,target,,0.92,0.92,0,,,,,0,5";
        let figure = figure(&tables(&format!("{start_up}\n{SLOTS}"))).unwrap();
        assert_eq!(
            figure.caption.title.replace(NBSP, " "),
            "Without the slot limit, 80.0 % fewer copies are late; then the missed promise holds"
        );
        let Picture::LateBars(chart) = figure.picture else { panic!("another chart") };
        let told: Vec<String> = chart
            .bars
            .iter()
            .map(|bar| format!("{}: {}, {}", bar.name, percent(bar.late), bar.difference))
            .map(|words| words.replace(NBSP, " "))
            .collect();
        assert_eq!(
            told,
            [
                "As it is: 10.0 %, ",
                "No slot limit: 2.0 %, −80 a run",
                "No start-up time: 10.0 %, same"
            ]
        );
        let reaches: Vec<bool> = chart.bars.iter().map(|bar| bar.target.unwrap().1).collect();
        assert_eq!(reaches, [false, true, false]);
        assert!(chart.bars[1].matters && !chart.bars[2].matters);
    }

    /// The interval of the difference holds zero: by chance alone it may be.
    #[test]
    fn what_chance_does_is_no_finding() {
        let limits = SLOTS.replace("0.08,0.07,0.09", "0.08,-0.01,0.17");
        let title = figure(&tables(&limits)).unwrap().caption.title;
        assert_eq!(title, "Lifting the slot limit makes no copy less late");
        assert!(figure(&tables(&limits[..0])).is_none());
    }
}
