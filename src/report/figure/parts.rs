//! Of what the age of a recovery point consists when the next one takes its place.

use super::words::whole;
use super::{Figure, Picture, Section, Tables};
use crate::catalog::Cause;
use crate::record::measure as m;
use crate::report::chart::{Caption, StackRow, StackUnit, Stacks};
use crate::report::read::{CopyRule, PointAgeRow, PromiseKind};
use crate::report::theme::{Paint, duration, percent};
use crate::units::{Span, round_u64};

/// Most scopes; those that come nearest to their limit stay.
const SCOPES_MAX: usize = 5;

/// A limit farther off than so many times the longest bar is said, not drawn.
const LIMIT_IN_SIGHT: f64 = 2.0;

/// From this share of lost copies on, what lies between two recovery points is not the interval.
const GAPS: f64 = 0.01;

const NAMES: [(&str, Paint); 5] = [
    ("interval between snapshots", Paint::Blue),
    ("start window", Paint::Cause(Cause::Window)),
    ("snapshot being made", Paint::Cause(Cause::Snapshot)),
    ("waiting to be accepted", Paint::Cause(Cause::Slot)),
    ("start-up and transfer", Paint::Cause(Cause::Paced)),
];

/// Ages of one scope.
struct Scope<'t> {
    rule: &'t CopyRule,
    limit: Span,
    mean: [f64; 5],
    /// Share of the copies that never arrive.
    lost: f64,
    worst: Option<&'t PointAgeRow>,
}

impl Scope<'_> {
    /// Whether so many copies never arrive that the time between two that do is no interval.
    fn has_gaps(&self) -> bool {
        GAPS <= self.lost
    }

    fn use_of_limit(&self) -> f64 {
        let mean: f64 = self.mean.iter().sum();
        let worst = self.worst.and_then(|row| row.peak).map_or(0.0, Span::secs);
        mean.max(worst) / self.limit.secs().max(1.0)
    }
}

/// The figure; none where no scope has an RPO target, or no recovery point took another's place.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    let mut scopes: Vec<Scope<'_>> =
        tables.manifest.copies.iter().filter_map(|rule| scope(tables, rule)).collect();
    let n_all = scopes.len();
    let mut by_use: Vec<f64> = scopes.iter().map(Scope::use_of_limit).collect();
    by_use.sort_by(|one, other| other.total_cmp(one));
    let least = by_use.get(SCOPES_MAX - 1).copied().unwrap_or(0.0);
    scopes.retain(|scope| least <= scope.use_of_limit());
    scopes.truncate(SCOPES_MAX);
    let first = scopes
        .iter()
        .rev()
        .max_by(|one, other| one.use_of_limit().total_cmp(&other.use_of_limit()))?;
    let title = title(first);
    let left_out = match n_all - scopes.len() {
        0 => String::new(),
        _ => format!("the {} nearest to their limit, of {n_all}", scopes.len()),
    };
    let subtitle = tables.subtitle(&[
        &tables.runs(),
        "age of the newest recovery point just before the next takes its place: mean over runs, and \
         the worst of run 0",
        &left_out,
    ]);
    let note = note(first);
    let picture = Picture::Stacks(chart(&scopes));
    Some(Figure::new(Section::Day, "rpo-parts", Caption { title, subtitle }, picture, note))
}

fn scope<'t>(tables: &'t Tables, rule: &'t CopyRule) -> Option<Scope<'t>> {
    let promises = tables.manifest.promises(PromiseKind::Rpo, &rule.scope);
    let limit = promises.filter_map(|promise| promise.limit).min()?;
    let mut mean = [0.0; 5];
    for (part, measure) in mean.iter_mut().zip(m::RPO_PARTS) {
        *part = tables.mean(&rule.scope, measure.name)?;
    }
    let worst = tables.oldest.iter().find(|row| row.fleet == rule.fleet && row.to == rule.to);
    let count = |measure: m::Measure| tables.mean(&rule.scope, measure.name).unwrap_or(0.0);
    let lost = (count(m::NOT_COPIED) + count(m::FAILED)) / count(m::DUE).max(1.0);
    Some(Scope { rule, limit, mean, lost, worst })
}

fn chart(scopes: &[Scope<'_>]) -> Stacks {
    let mut rows: Vec<StackRow> = Vec::new();
    let mut add = |name: String, is_strong: bool, values: [f64; 5]| {
        rows.push(StackRow { name, is_strong, values: values.to_vec(), share: None });
    };
    for scope in scopes {
        add(format!("{}, mean", scope.rule.scope), false, scope.mean);
        if let Some(worst) = scope.worst {
            let parts = worst.parts.map(|part| part.unwrap_or(0.0));
            add(format!("worst: {}", worst.volume), false, parts);
        }
    }
    // A window that the newer snapshot began earlier in than the older one makes the interval
    // shorter: there is no negative part to draw.
    for row in &mut rows {
        if row.values[1] < 0.0 {
            row.values[0] = (row.values[0] + row.values[1]).max(0.0);
            row.values[1] = 0.0;
        }
    }
    let used: Vec<usize> =
        (0..NAMES.len()).filter(|part| rows.iter().any(|row| 0.5 <= row.values[*part])).collect();
    for row in &mut rows {
        row.values = used.iter().map(|part| row.values[*part].max(0.0)).collect();
    }
    let most = rows.iter().map(|row| row.values.iter().sum()).fold(0.0, f64::max);
    let limit = scopes[0].limit;
    let is_one = scopes.iter().all(|scope| scope.limit == limit);
    let is_near = limit.secs() <= LIMIT_IN_SIGHT * most;
    let limit =
        (is_one && is_near).then(|| (limit.secs(), format!("limit\u{a0}{}", duration(limit))));
    let part = |&part: &usize| (NAMES[part].0.to_owned(), NAMES[part].1);
    Stacks {
        heading: "Age of the newest recovery point just before the next takes its place".to_owned(),
        unit: StackUnit::Time,
        parts: used.iter().map(part).collect(),
        rows,
        limit,
        shares: None,
    }
}

fn secs(secs: f64) -> String {
    duration(Span::from_secs_f64(secs.max(0.0)))
}

fn title(scope: &Scope<'_>) -> String {
    let whole: f64 = scope.mean.iter().sum();
    let interval = scope.mean[0] + scope.mean[1].min(0.0);
    let rest = (1..5).rev().max_by(|one, other| scope.mean[*one].total_cmp(&scope.mean[*other]));
    let rest = rest.filter(|part| 1.0 <= scope.mean[*part]);
    let rest = rest.map_or(String::new(), |part| {
        let words = match part {
            1 => "start window",
            2 => "making the snapshot",
            3 => "waiting",
            _ => "transfer",
        };
        format!("; most of the rest is {words}, {}", secs(scope.mean[part]))
    });
    let between = if scope.has_gaps() {
        "between snapshots whose copies arrive"
    } else {
        "the interval between snapshots"
    };
    format!(
        "Recovery points of {} get {} old on average, {} of it {between}{rest}",
        scope.rule.scope,
        secs(whole),
        secs(interval)
    )
}

fn note(scope: &Scope<'_>) -> Vec<String> {
    let mut note = vec![
        "The parts add up to the age that is lost if disaster strikes just before the next recovery \
         point arrives."
            .to_owned(),
    ];
    let worst = scope.worst.and_then(|row| {
        let parts = row.parts.map(|part| part.unwrap_or(0.0));
        let place = (1..5).max_by(|one, other| parts[*one].total_cmp(&parts[*other]))?;
        Some((row, NAMES[place].0, parts[place], row.peak?))
    });
    if let Some((row, part, time, peak)) = worst {
        note.push(format!(
            "The worst of {}, {}, was {} old; beside the interval, most was {part}, {}.",
            scope.rule.scope,
            row.volume,
            duration(peak),
            secs(time)
        ));
    }
    let n = whole(round_u64(scope.limit.secs() / 60.0));
    note.push(if scope.has_gaps() {
        format!(
            "{} of the copies never arrive, and the first part spans what they leave out: it falls \
             when more arrive; the limit is {n} minutes.",
            percent(scope.lost)
        )
    } else {
        format!("Only a shorter interval lowers the first part; the limit is {n} minutes.")
    });
    note
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// The newer snapshots begin 10 s earlier in their window: the interval is 59 min 50 s. With
    /// 5 min of snapshot and 15 of transfer that is 79 min 50 s, of 2 h.
    #[test]
    fn parts_add_up_and_none_is_negative() {
        let means = [
            ("db → b", "rpo_interval", 3600.0),
            ("db → b", "rpo_window", -10.0),
            ("db → b", "rpo_snapshot", 300.0),
            ("db → b", "rpo_waiting", 0.0),
            ("db → b", "rpo_transfer", 900.0),
        ];
        let worst = "0,0,db,0003,,b,5,60.000000000,9000.000000000,2027-01-04T09:00:00Z,0.000000000,\
                     7200.000000000,0.000000000,8000.000000000,3600.000000000,0.000000000,\
                     3000.000000000,0.000000000,1400.000000000";
        let tables = Tables {
            summary: sample::means(&means),
            oldest: sample::rows(&[], worst),
            ..sample::tables()
        };
        let figure = figure(&tables).unwrap();
        assert_eq!(
            figure.caption.title.replace('\u{a0}', " "),
            "Recovery points of db → b get 79.8 min old on average, 59.8 min of it the interval \
             between snapshots; most of the rest is transfer, 15 min"
        );
        let Picture::Stacks(chart) = figure.picture else { panic!("another chart") };
        let names: Vec<&str> = chart.parts.iter().map(|part| part.0.as_str()).collect();
        assert_eq!(
            names,
            ["interval between snapshots", "snapshot being made", "start-up and transfer"]
        );
        let rows: Vec<Vec<f64>> = chart.rows.into_iter().map(|row| row.values).collect();
        assert_eq!(rows, [[3590.0, 300.0, 900.0], [3600.0, 3000.0, 1400.0]]);
        assert_eq!(chart.limit.map(|limit| limit.0), Some(7200.0));
    }

    /// Two of three hourly copies never arrive: what lies between two that do is three hours, and no
    /// interval of the schedule.
    #[test]
    fn the_time_between_copies_that_arrive_is_not_called_the_interval() {
        let parts = ["rpo_interval", "rpo_window", "rpo_snapshot", "rpo_waiting", "rpo_transfer"];
        let mut means = parts.map(|part| ("db → b", part, 0.0)).to_vec();
        means[0].2 = 10_800.0;
        means.extend([("db → b", "due", 300.0), ("db → b", "not_copied", 190.0)]);
        means.push(("db → b", "failed", 10.0));
        let tables = Tables { summary: sample::means(&means), ..sample::tables() };
        let figure = figure(&tables).unwrap();
        let plain = |text: &str| text.replace('\u{a0}', " ");
        assert_eq!(
            plain(&figure.caption.title),
            "Recovery points of db → b get 3 h old on average, 3 h of it between snapshots whose \
             copies arrive"
        );
        assert_eq!(
            plain(figure.note.last().unwrap()),
            "66.7 % of the copies never arrive, and the first part spans what they leave out: it \
             falls when more arrive; the limit is 120 minutes."
        );
    }
}
