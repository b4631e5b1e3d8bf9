//! Inverse questions: the values of one unknown, tried one by one on a scenario of one point.
//!
//! Nothing is assumed about the shape of the answer: a longer completion duration needs less quota
//! and holds its slot for longer, so that a value between two that meet may not.

use std::fmt;

use super::{Plan, Point, Preference, RUNS_MAX};
use crate::catalog::limit::{DURATION_MAX, DURATION_MIN, DURATION_STEP};
use crate::model::{CopyRule, Counting, Fleet, Model, Recurrence, TimeOfDay};
use crate::scenario::Axis;
use crate::scenario::spelling::time_of_day;
use crate::units::{Rate, Span, index_u64};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The completion duration of time-based copies.
    Duration,
    /// The throughput quota of a pair of Regions.
    Quota,
    /// Snapshot copies at once per destination.
    Slots,
    /// The time of day at which snapshots are due.
    Start,
}

impl Unknown {
    /// The word for it: the name of the axis, and the end of the folder's name.
    pub const fn name(self) -> &'static str {
        match self {
            Unknown::Duration => "duration",
            Unknown::Quota => "quota",
            Unknown::Slots => "slots",
            Unknown::Start => "start",
        }
    }

    /// The key that a scenario has for it.
    const fn key(self) -> &'static str {
        match self {
            Unknown::Duration => "fleet.*.copy[*].completion_duration",
            Unknown::Quota => "limits.quota",
            Unknown::Slots => "limits.snapshot_copies",
            Unknown::Start => "fleet.*.snapshot.at",
        }
    }

    /// Whether the cheapest value is wanted; else the most modest.
    const fn is_by_cost(self) -> bool {
        matches!(self, Unknown::Duration)
    }

    /// Values that are tried where none are named, besides the present one.
    fn default_grid(self, present: Option<Value>) -> Vec<Value> {
        match self {
            Unknown::Duration => {
                DURATIONS_MIN.map(|minutes| Value::Span(Span::from_mins(minutes))).to_vec()
            }
            Unknown::Quota => {
                let Some(Value::Rate(quota)) = present else { return Vec::new() };
                QUOTA_QUARTERS.map(|quarters| Value::Rate((quota / 4) * quarters)).to_vec()
            }
            Unknown::Slots => SLOTS.map(Value::Slots).to_vec(),
            Unknown::Start => (0..24).map(|h| Value::Moment(Span::from_hours(h))).collect(),
        }
    }
}

/// Completion durations that are tried, in minutes: dense where they are short.
const DURATIONS_MIN: [u64; 14] =
    [15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2160, 2880];

/// Quotas that are tried, in quarters of the present one: from one time to eight times.
const QUOTA_QUARTERS: [u64; 10] = [5, 6, 7, 8, 10, 12, 16, 20, 24, 32];

/// Numbers of slots that are tried.
const SLOTS: [u32; 14] = [5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200];

/// One value of an unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// A completion duration.
    Span(Span),
    /// A quota, bytes per second.
    Rate(u64),
    /// Copies at once.
    Slots(u32),
    /// A time of day.
    Moment(Span),
}

impl fmt::Display for Value {
    /// As a scenario writes it: `90 min`, `2 h`, `2500 MiB/s`, `40`, `01:30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Span(span) => {
                let minutes = span.whole_mins();
                if minutes < 60 || !minutes.is_multiple_of(60) {
                    write!(f, "{minutes} min")
                } else {
                    write!(f, "{} h", minutes / 60)
                }
            }
            Value::Rate(rate) if rate.is_multiple_of(MIB) => write!(f, "{} MiB/s", rate / MIB),
            Value::Rate(rate) => write!(f, "{rate} B/s"),
            Value::Slots(slots) => write!(f, "{slots}"),
            Value::Moment(since) => {
                let minutes = since.whole_mins();
                write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

const MIB: u64 = 1 << 20;

/// What is asked, in the words of the command line.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The unknown.
    pub unknown: Unknown,
    /// Values to try, with commas between them; none: the default ones.
    pub grid: Option<&'a str>,
    /// Fleets whose durations or starts vary, by name; empty: all.
    pub fleets: &'a [String],
    /// Targets that have to be met, by name; empty: all.
    pub targets: &'a [String],
}

/// The values of an unknown as the points of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// What is asked for.
    pub unknown: Unknown,
    /// A point for each value, ascending, all on the same draws.
    pub plan: Plan,
    /// The point that is the scenario as it is written; none where it is not on the grid.
    pub written: Option<usize>,
    /// What the scenario says and the grid sets aside, as a sentence.
    pub note: Option<String>,
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unasked {
    /// The command line is wrong.
    Usage(String),
    /// The scenario does not have what is asked for.
    Scenario(String),
}

/// The grid of a search over a scenario of one point.
///
/// # Errors
/// When the scenario has several points, none of what is asked for, or no target; when a name or a
/// value of the search is wrong, or its runs are more than [`RUNS_MAX`].
pub fn search(plan: &Plan, search: &Search<'_>) -> Result<Grid, Unasked> {
    let [base] = &plan.points[..] else {
        return Err(Unasked::Scenario(
            "the scenario is a sweep, and `solve` has an axis of its own: hold each `[[axis]]` at a \
             value, such as with `--set limits.snapshot_copies=20`, or leave it out"
                .to_owned(),
        ));
    };
    let model = &base.model;
    if model.flow_level.is_some() || model.targets.is_empty() {
        return Err(Unasked::Scenario(
            "the scenario promises nothing that could be met: write a `[[target]]`".to_owned(),
        ));
    }
    let targets = targets(model, search.targets)?;
    let fleets = fleets(model, search)?;
    let present = present(model, search.unknown, &fleets)?;
    let written = match present.split_first() {
        Some((first, rest)) if rest.iter().all(|other| other == first) => Some(*first),
        _ => None,
    };
    let mut values = if let Some(text) = search.grid {
        given(text, search.unknown)?
    } else {
        let greatest = present.iter().max().copied();
        let mut values = search.unknown.default_grid(greatest);
        values.extend(written.or(greatest.filter(|_| search.unknown == Unknown::Quota)));
        values
    };
    values.sort_unstable();
    values.dedup();
    let n_runs = index_u64(values.len()).saturating_mul(u64::from(model.most_replications()));
    if RUNS_MAX < n_runs {
        return Err(Unasked::Usage(format!(
            "{} values of {} replications are {n_runs} runs; a plan has at most {RUNS_MAX}: name \
             fewer values, or ask for fewer `--replications`",
            values.len(),
            model.most_replications()
        )));
    }
    let prefer = Preference {
        by_cost: search.unknown.is_by_cost(),
        ranks: ranks(&values, search.unknown, present[0]),
        targets,
    };
    let points = values.iter().enumerate().map(|(index, value)| Point {
        index,
        labels: vec![(search.unknown.name().to_owned(), value.to_string())],
        place: vec![index],
        model: with(model, *value, &fleets),
        assumed: base.assumed.clone(),
    });
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    let axis = Axis::of(search.unknown.key(), search.unknown.name(), &texts);
    let points = points.collect();
    let plan = Plan { axes: vec![axis], points, prefer, ..plan.clone() };
    let place = |value: Value| values.iter().position(|other| *other == value);
    let note = set_aside(model, search.unknown, &present);
    Ok(Grid { unknown: search.unknown, plan, written: written.and_then(place), note })
}

/// That the scenario has several values of the unknown, where the grid has one for all.
fn set_aside(model: &Model, unknown: Unknown, present: &[Value]) -> Option<String> {
    let mut values = present.to_vec();
    values.sort_unstable();
    values.dedup();
    if values.len() < 2 {
        return None;
    }
    let several: Vec<String> = values.iter().map(ToString::to_string).collect();
    let of = match unknown {
        Unknown::Duration => "copies",
        Unknown::Quota => "pairs of Regions",
        Unknown::Slots => "destinations",
        Unknown::Start => "fleets",
    };
    let has_choice =
        matches!(unknown, Unknown::Duration | Unknown::Start) && 1 < model.fleets.len();
    let more = if has_choice { "; `--fleet` leaves others as they are" } else { "" };
    Some(format!(
        "As written there are {}; a value of the grid is that of all {of} alike{more}",
        several.join(", ")
    ))
}

/// The targets of these names.
fn targets(model: &Model, names: &[String]) -> Result<Vec<usize>, Unasked> {
    let place = |name: &String| {
        let found = model.targets.iter().position(|target| target.name == *name);
        found.ok_or_else(|| {
            let known = model.targets.iter().map(|target| target.name.as_str());
            unknown_name("target", name, &known.collect::<Vec<_>>())
        })
    };
    names.iter().map(place).collect()
}

fn unknown_name(kind: &str, name: &str, known: &[&str]) -> Unasked {
    Unasked::Usage(format!("there is no {kind} `{name}`; there are: {}", known.join(", ")))
}

/// The fleets that may vary.
fn fleets(model: &Model, search: &Search<'_>) -> Result<Vec<usize>, Unasked> {
    let unknown = search.unknown;
    if matches!(unknown, Unknown::Quota | Unknown::Slots) && !search.fleets.is_empty() {
        return Err(Unasked::Usage(format!(
            "--fleet says whose durations or starts vary, and {} are of all fleets: leave it out",
            if unknown == Unknown::Quota { "quotas" } else { "slots" }
        )));
    }
    let place = |name: &String| {
        let found = model.fleets.iter().position(|fleet| fleet.name == *name);
        found.ok_or_else(|| {
            let known = model.fleets.iter().map(|fleet| fleet.name.as_str());
            unknown_name("fleet", name, &known.collect::<Vec<_>>())
        })
    };
    if search.fleets.is_empty() {
        return Ok((0..model.fleets.len()).collect());
    }
    search.fleets.iter().map(place).collect()
}

/// Whether a copy rule has a completion duration that may be another.
fn is_timed(fleet: &Fleet, rule: &CopyRule) -> bool {
    rule.completion_duration.is_some() && !fleet.items.are_requests()
}

/// Whether copies take snapshot slots (P-TB-SLOTS, P-COUNT-AMI-SNAPS).
fn takes_slots(model: &Model, fleet: &Fleet, rule: &CopyRule) -> bool {
    let counting = match (fleet.items.are_images(), rule.completion_duration) {
        (true, _) => model.assume.image_snapshot_slots,
        (false, Some(_)) => model.assume.time_based_slots,
        (false, None) => Counting::Counted,
    };
    counting == Counting::Counted
}

/// The first time of day of a fleet's schedule, where it has times of day.
fn first_moment(fleet: &Fleet) -> Option<Span> {
    match &fleet.schedule.recurrence {
        Recurrence::Weekly { at, .. } => at.first().map(|at| at.0),
        Recurrence::Every { .. } | Recurrence::Cron { .. } | Recurrence::Once { .. } => None,
    }
}

/// The values of the unknown in the scenario as it is written, at least one.
fn present(model: &Model, unknown: Unknown, fleets: &[usize]) -> Result<Vec<Value>, Unasked> {
    let chosen = fleets.iter().map(|fleet| &model.fleets[*fleet]);
    let rules = model.fleets.iter().flat_map(|fleet| {
        let each = fleet.copies.iter().map(move |rule| (fleet, rule));
        each.flat_map(|(fleet, rule)| rule.accounts.iter().map(move |of| (fleet, rule, *of)))
    });
    let (values, lacks): (Vec<Value>, &str) = match unknown {
        Unknown::Duration => {
            let rules = chosen.flat_map(|fleet| fleet.copies.iter().map(move |rule| (fleet, rule)));
            let timed = rules.filter(|(fleet, rule)| is_timed(fleet, rule));
            let values = timed.filter_map(|(_, rule)| rule.completion_duration.map(Value::Span));
            (values.collect(), "no copy has a duration: write `completion_duration = \"15 min\"`")
        }
        Unknown::Quota => {
            let timed = rules.filter(|(_, rule, _)| rule.completion_duration.is_some());
            let quota = timed.map(|(_, rule, account)| {
                let pair = (model.region_of(rule.from), model.region_of(rule.to));
                Value::Rate(model.limits_of(account).quota_between(pair.0, pair.1))
            });
            (quota.collect(), "no copy is time-based, and only those need quota")
        }
        Unknown::Slots => {
            let counted = rules.filter(|(fleet, rule, _)| takes_slots(model, fleet, rule));
            let slots = counted
                .map(|(_, rule, account)| Value::Slots(model.limits_of(account).slots_at(rule.to)));
            (slots.collect(), "no copy takes a snapshot slot: those of images have others")
        }
        Unknown::Start => (
            chosen.filter_map(first_moment).map(Value::Moment).collect(),
            "nothing is due at a time of day: write `at = \"01:00\"`",
        ),
    };
    if values.is_empty() { Err(Unasked::Scenario(lacks.to_owned())) } else { Ok(values) }
}

/// The values that a list names.
fn given(text: &str, unknown: Unknown) -> Result<Vec<Value>, Unasked> {
    let usage = |message: String| Unasked::Usage(format!("--grid: {message}"));
    let mut values = Vec::new();
    for part in text.split(',').map(str::trim) {
        let value = value(part, unknown).map_err(|why| usage(format!("`{part}`: {why}")))?;
        if values.contains(&value) {
            return Err(usage(format!("`{value}` stands twice")));
        }
        values.push(value);
    }
    if values.len() < 2 {
        return Err(usage("write at least two values, such as `15 min, 30 min`".to_owned()));
    }
    Ok(values)
}

fn value(text: &str, unknown: Unknown) -> Result<Value, String> {
    match unknown {
        Unknown::Duration => {
            let span: Span = text.parse().map_err(|error| format!("{error}"))?;
            let is_step = span.round_up_to(DURATION_STEP) == span;
            if is_step && DURATION_MIN <= span && span <= DURATION_MAX {
                return Ok(Value::Span(span));
            }
            Err(format!("durations go from {DURATION_MIN} to {DURATION_MAX} by {DURATION_STEP}"))
        }
        Unknown::Quota => {
            let rate: Rate = text.parse().map_err(|error| format!("{error}"))?;
            if rate.ceil() == 0 {
                Err("must be more than nothing".to_owned())
            } else {
                Ok(Value::Rate(rate.ceil()))
            }
        }
        Unknown::Slots => match text.parse() {
            Ok(slots @ 1..) => Ok(Value::Slots(slots)),
            Ok(0) | Err(_) => Err("write a whole number from 1 on, such as `40`".to_owned()),
        },
        Unknown::Start => {
            let TimeOfDay(since) = time_of_day(text)?;
            let minute = Span::from_mins(1);
            if since.round_up_to(minute) == since {
                Ok(Value::Moment(since))
            } else {
                Err("write hours and minutes, such as `01:30`".to_owned())
            }
        }
    }
}

/// The rank of each value: the longest duration, the least quota, the fewest slots, the start that
/// is least far from the present one.
fn ranks(values: &[Value], unknown: Unknown, present: Value) -> Vec<u64> {
    let n = index_u64(values.len());
    let place = (0..n).zip(values);
    place
        .map(|(place, value)| match (unknown, value, present) {
            (Unknown::Duration, ..) => n - place,
            (Unknown::Start, Value::Moment(here), Value::Moment(there)) => {
                let (day, apart) = (Span::from_days(1), here.nanos().abs_diff(there.nanos()));
                apart.min(day.nanos() - apart)
            }
            (Unknown::Quota | Unknown::Slots | Unknown::Start, ..) => place,
        })
        .collect()
}

/// The model with one value of the unknown.
fn with(model: &Model, value: Value, fleets: &[usize]) -> Model {
    let mut model = model.clone();
    match value {
        Value::Span(duration) => {
            for fleet in fleets {
                let fleet = &mut model.fleets[*fleet];
                let requests = fleet.items.are_requests();
                let timed =
                    fleet.copies.iter_mut().filter(|rule| rule.completion_duration.is_some());
                timed
                    .filter(|_| !requests)
                    .for_each(|rule| rule.completion_duration = Some(duration));
            }
        }
        Value::Rate(quota) => {
            for account in &mut model.accounts {
                account.limits.quota = quota;
                account.limits.quota_of.clear();
            }
        }
        Value::Slots(slots) => {
            for account in &mut model.accounts {
                account.limits.snapshot_slots = slots;
                account.limits.snapshot_slots_at.clear();
            }
        }
        Value::Moment(moment) => {
            for fleet in fleets {
                shift(&mut model.fleets[*fleet], moment);
            }
        }
    }
    model
}

/// Moves the times of day of a fleet so that its first one comes at `moment`.
fn shift(fleet: &mut Fleet, moment: Span) {
    let Recurrence::Weekly { at, .. } = &mut fleet.schedule.recurrence else { return };
    let day = Span::from_days(1).nanos();
    let Some(first) = at.first().map(|at| at.0.nanos()) else { return };
    for time in at.iter_mut() {
        let moved = time.0.nanos() - first + moment.nanos();
        *time = TimeOfDay(Span::from_nanos(moved % day));
    }
    at.sort_unstable();
}

#[cfg(test)]
mod tests;
