//! Where the time of the mean copy goes, at the first point.

use super::words::WAITS;
use super::{Figure, Picture, Section, Tables};
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::chart::{Caption, CauseBars, CauseScope};
use crate::report::theme::duration;
use crate::units::Span;

/// Most bars; those with the longest total stay.
const SCOPES_MAX: usize = 12;

/// A wait below this share of the whole is no finding.
const WAIT_SHARE_MIN: f64 = 0.01;

/// The figure; none where no copy completed, or where there is no steady state.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let all: Vec<CauseScope> =
        tables.manifest.copies.iter().filter_map(|rule| scope(tables, &rule.scope)).collect();
    let title = title(&all)?;
    let n_all = all.len();
    let scopes = longest(all);
    let left_out = match n_all - scopes.len() {
        0 => String::new(),
        _ => format!("the {} longest of {n_all}", scopes.len()),
    };
    let subtitle = tables.subtitle(&[
        &tables.runs(),
        "mean time from due to arrival, of copies that completed, by cause",
        &left_out,
    ]);
    let note = note(&scopes);
    let (caption, picture) =
        (Caption { title, subtitle }, Picture::CauseBars(CauseBars { scopes }));
    Some(Figure::new(Section::Late, "causes", caption, picture, note))
}

/// How to read it, and which of it can be helped.
fn note(scopes: &[CauseScope]) -> Vec<String> {
    let has = |wanted: &[Cause]| {
        let mut times = scopes.iter().flat_map(|scope| &scope.times);
        times.any(|(cause, time)| wanted.contains(cause) && Span::ZERO < *time)
    };
    let mut note = vec![
        "Each bar is the mean copy, from due to arrival; its parts add up to the number at its end."
            .to_owned(),
    ];
    if has(&[Cause::Paced]) {
        note.push(
            "Paced time is what the completion duration asks for: it is no wait, and a shorter \
             duration costs more."
                .to_owned(),
        );
    }
    if has(&WAITS) {
        note.push(
            "Where a copy waits is not yet why: what lifting a limit does is another picture."
                .to_owned(),
        );
    }
    note
}

/// The mean times of a scope; none where there are none.
fn scope(tables: &Tables, name: &str) -> Option<CauseScope> {
    let time = |cause: Cause| {
        let mean = tables.mean(name, &format!("cause_{}", cause.name()))?;
        Some((cause, Span::from_secs_f64(mean)))
    };
    let times: Option<Vec<(Cause, Span)>> = Cause::ALL.into_iter().map(time).collect();
    Some(CauseScope { name: name.to_owned(), times: times? })
}

/// The scopes with the longest totals, in the order of the scenario.
fn longest(scopes: Vec<CauseScope>) -> Vec<CauseScope> {
    let mut totals: Vec<Span> = scopes.iter().map(total).collect();
    totals.sort_unstable_by(|one, other| other.cmp(one));
    let least = totals.get(SCOPES_MAX - 1).copied().unwrap_or(Span::ZERO);
    scopes.into_iter().filter(|scope| least <= total(scope)).take(SCOPES_MAX).collect()
}

fn total(scope: &CauseScope) -> Span {
    scope.times.iter().map(|(_, time)| *time).sum()
}

fn waits(scope: &CauseScope) -> impl Iterator<Item = (Cause, Span)> {
    scope.times.iter().copied().filter(|(cause, _)| WAITS.contains(cause))
}

/// The longest wait of any scope, or else that there is none, and where the time goes.
fn title(scopes: &[CauseScope]) -> Option<String> {
    let waited = |scope: &CauseScope| waits(scope).map(|(_, time)| time).sum::<Span>();
    let worst = scopes.iter().rev().max_by_key(|scope| waited(scope))?;
    let (wait, whole) = (waited(worst), total(worst));
    if wait.secs() < WAIT_SHARE_MIN * whole.secs() || whole == Span::ZERO {
        let slowest = scopes.iter().rev().max_by_key(|scope| total(scope))?;
        let (cause, time) = slowest.times.iter().rev().copied().max_by_key(|(_, time)| *time)?;
        return Some(format!(
            "Copies hardly wait: the mean copy of {} takes {}, {} of it {}",
            slowest.name,
            duration(total(slowest)),
            duration(time),
            cause::spent(cause)
        ));
    }
    let (cause, time) = waits(worst).max_by_key(|(_, time)| *time)?;
    let part = if wait <= time + time { "most of it" } else { "the longest part" };
    Some(format!(
        "The mean copy of {} waits {} of its {}, {part} {}",
        worst.name,
        duration(wait),
        duration(whole),
        cause::spent(cause)
    ))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn with(times: &[(&str, Cause, u64)]) -> Tables {
        let mut means = Vec::new();
        for scope in ["db → b", "db → c"] {
            for cause in Cause::ALL {
                let given = times.iter().find(|time| time.0 == scope && time.1 == cause);
                let mean = given.map_or(0.0, |time| Span::from_mins(time.2).secs());
                means.push((scope, format!("cause_{}", cause.name()), mean));
            }
        }
        let means: Vec<(&str, &str, f64)> =
            means.iter().map(|(scope, measure, mean)| (*scope, measure.as_str(), *mean)).collect();
        Tables { summary: sample::means(&means), ..sample::tables() }
    }

    /// To b: 15 minutes paced and 12 waited (8 asleep, 4 for slots), 27 in all. To c: 30, none
    /// waited.
    #[test]
    fn the_longest_wait_is_the_finding() {
        let tables = with(&[
            ("db → b", Cause::Paced, 15),
            ("db → b", Cause::BackOff, 8),
            ("db → b", Cause::Slot, 4),
            ("db → c", Cause::StandardCap, 30),
        ]);
        let figure = figure(&tables).unwrap();
        assert_eq!(
            figure.caption.title.replace('\u{a0}', " "),
            "The mean copy of db → b waits 12 min of its 27 min, most of it asleep beside a free \
             slot"
        );
        assert_eq!(
            figure.caption.subtitle.replace('\u{a0}', " "),
            "dr · seed 7 · n = 2 runs · mean time from due to arrival, of copies that completed, \
             by cause"
        );
    }

    #[test]
    fn where_nobody_waits_the_title_says_where_the_time_goes() {
        let tables = with(&[("db → b", Cause::Paced, 15), ("db → c", Cause::StandardCap, 30)]);
        let title = figure(&tables).unwrap().caption.title.replace('\u{a0}', " ");
        assert_eq!(
            title,
            "Copies hardly wait: the mean copy of db → c takes 30 min, 30 min of it at the rate of a \
             standard copy"
        );
    }

    #[test]
    fn without_a_steady_state_every_figure_says_so() {
        let mut tables = with(&[("db → b", Cause::Paced, 15)]);
        assert!(!tables.subtitle(&[]).contains("no steady state"));
        (tables.summary[0].mean, tables.summary[0].reason) = (None, "no steady state".to_owned());
        assert_eq!(tables.subtitle(&["x"]), "dr · seed 7 · x · the backlog grows: no steady state");
    }

    #[test]
    fn without_a_steady_state_there_is_no_mean_to_show() {
        let mut tables = with(&[("db → b", Cause::Paced, 15)]);
        for row in &mut tables.summary {
            row.mean = None;
        }
        assert!(figure(&tables).is_none());
    }
}
