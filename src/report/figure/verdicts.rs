//! The promises and how they stand, at the first point.

use super::words::{capital, numeral, promise};
use super::{Figure, Picture, Section, Tables};
use crate::report::chart::{Caption, Verdict, VerdictRow, Verdicts};
use crate::report::read::TargetRow;
use crate::report::theme::{percent, percent_given};

/// The figure; none where nothing was promised, or nothing was due.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let judged: Vec<&TargetRow> =
        tables.first_targets().filter(|row| row.standing.share.is_some()).collect();
    let rows: Vec<VerdictRow> = judged.iter().filter_map(|row| verdict_row(row)).collect();
    let title = match &judged[..] {
        [] => return None,
        [only] => of_one(only),
        many => of_many(many),
    };
    let left_out = match tables.first_targets().count() - judged.len() {
        0 => String::new(),
        1 => "one target had nothing to judge".to_owned(),
        n => format!("{} targets had nothing to judge", numeral(n)),
    };
    let has_interval = rows.iter().any(|row| row.interval.is_some());
    let marks = if has_interval {
        "dot: mean share kept, bar: 95\u{a0}% interval, dashed: promised"
    } else {
        "dot: mean share kept, dashed: promised"
    };
    let subtitle = tables.subtitle(&[&tables.runs(), marks, &left_out]);
    let note = note(&rows);
    let (caption, picture) = (Caption { title, subtitle }, Picture::Verdicts(Verdicts { rows }));
    Some(Figure::new(Section::Answer, "verdicts", caption, picture, note))
}

/// How to read it, and what would make sure of what is not.
fn note(rows: &[VerdictRow]) -> Vec<String> {
    let mut note = vec![
        "A promise is kept where the whole bar lies at or right of its dashed line; on the grey \
         side it breaks."
            .to_owned(),
    ];
    let unsure = |has_interval: bool| {
        rows.iter()
            .any(|row| row.verdict == Verdict::NotSure && row.interval.is_some() == has_interval)
    };
    if unsure(true) {
        note.push(
            "Not sure: the bar crosses the line; more replications make it shorter.".to_owned(),
        );
    } else if unsure(false) {
        note.push("Not sure: too few runs to tell; more replications decide.".to_owned());
    }
    if rows.iter().any(|row| row.interval.is_none() && 1.0 <= row.share) {
        note.push(
            "Where nothing missed there is no bar, only a bound on how many runs may.".to_owned(),
        );
    }
    note
}

fn verdict_row(row: &TargetRow) -> Option<VerdictRow> {
    let standing = &row.standing;
    Some(VerdictRow {
        promise: promise(&row.target, standing.promised),
        verdict: standing.verdict,
        share: standing.held()?,
        interval: standing.interval(),
        promised: standing.promised,
    })
}

fn of_one(row: &TargetRow) -> String {
    let standing = &row.standing;
    let (held, promised) = (standing.held(), percent_given(standing.promised));
    if standing.bound.is_some() && held.is_some_and(|held| 1.0 <= held) {
        let n_runs = match standing.n_runs {
            1 => "one run".to_owned(),
            n => format!("{n} runs"),
        };
        return match standing.verdict {
            Verdict::Yes => format!("The promise is kept: nothing missed in {n_runs}"),
            Verdict::No | Verdict::NotSure => {
                format!("Nothing missed in {n_runs}, too few to be sure of {promised}")
            }
        };
    }
    let held = held.map_or_else(String::new, percent);
    match standing.verdict {
        Verdict::Yes => format!("The promise is kept: {held} held, {promised} promised"),
        Verdict::No => format!("The promise breaks: {held} held, {promised} promised"),
        Verdict::NotSure => {
            format!("It is not sure whether the promise is kept: {held} held, {promised} promised")
        }
    }
}

fn of_many(rows: &[&TargetRow]) -> String {
    let every = match rows.len() {
        2 => "Both".to_owned(),
        n => format!("All {}", numeral(n)),
    };
    let n_of = |verdict: Verdict| rows.iter().filter(|row| row.standing.verdict == verdict).count();
    let all = numeral(rows.len());
    let is = |n: usize| if n == 1 { "is" } else { "are" };
    let breaks = |n: usize| if n == 1 { "breaks" } else { "break" };
    match (n_of(Verdict::Yes), n_of(Verdict::No), n_of(Verdict::NotSure)) {
        (_, 0, 0) => format!("{every} promises are kept"),
        (0, _, 0) => format!("{every} promises break"),
        (0, 0, _) => format!("{every} promises are undecided"),
        (_, no, 0) => {
            capital(&format!("{} of {all} promises {}, the rest is kept", numeral(no), breaks(no)))
        }
        (_, 0, unsure) => {
            let (number, is) = (numeral(unsure), is(unsure));
            capital(&format!("{number} of {all} promises {is} undecided, none breaks"))
        }
        (_, no, unsure) => capital(&format!(
            "{} of {all} promises {}, {} {} undecided",
            numeral(no),
            breaks(no),
            numeral(unsure),
            is(unsure)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn title(targets: &str) -> String {
        let tables = Tables { targets: sample::targets(targets), ..sample::tables() };
        figure(&tables).map_or_else(String::new, |figure| figure.caption.title)
    }

    #[test]
    fn a_single_promise_is_told_with_its_numbers() {
        let breaks = title("0,db,copy,0.95,0.927,0.92,0.93,,,no,,30,9,1,0");
        assert_eq!(breaks, "The promise breaks: 92.7\u{a0}% held, 95\u{a0}% promised");
        let kept = title("0,db,copy,0.95,1,,,0.1,,yes,,30,9,0,0");
        assert_eq!(kept, "The promise is kept: nothing missed in 30 runs");
        let few = title("0,db,copy,0.95,1,,,0.5,,not sure,,4,9,0,0");
        assert_eq!(few, "Nothing missed in 4 runs, too few to be sure of 95\u{a0}%");
        assert_eq!(title("0,db,copy,0.95,,,,,,not sure,,0,0,0,0"), "", "nothing was due");
    }

    #[test]
    fn many_promises_are_counted() {
        let rows = |verdicts: &[&str]| -> String {
            let row = |verdict: &&str| format!("0,t,copy,0.9,0.9,0.8,0.95,,,{verdict},,30,9,1,0");
            title(&verdicts.iter().map(row).collect::<Vec<String>>().join("\n"))
        };
        assert_eq!(rows(&["yes"; 4]), "All four promises are kept");
        assert_eq!(rows(&["no"; 2]), "Both promises break");
        assert_eq!(rows(&["yes", "no", "yes"]), "One of three promises breaks, the rest is kept");
        assert_eq!(
            rows(&["no", "yes", "not sure", "no"]),
            "Two of four promises break, one is undecided"
        );
        assert_eq!(rows(&["yes", "not sure"]), "One of two promises is undecided, none breaks");
    }
}
