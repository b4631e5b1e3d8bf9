//! `[scenario]`: name, question, times, seeds.

use jiff::tz::TimeZone;

use super::Notes;
use crate::model::{Initial, Model, Prices};
use crate::scenario::Source;
use crate::scenario::file::{File, Section};
use crate::scenario::spelling::Moment;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::{Instant, Span};

/// Longest horizon: ten years. Time is counted up to the year 2554.
const HORIZON_MAX: Span = Span::from_days(3653);

/// Latest start: 2500-01-01T00:00:00Z, 193,579 days after 1970 (530 years and 129 leap days).
const START_MAX: Instant = Instant::from_nanos(193_579 * 86_400 * 1_000_000_000);

/// 2027-01-04T00:00:00Z, a Monday: 20,822 days after 1970.
const START: Instant = Instant::from_nanos(20_822 * 86_400 * 1_000_000_000);

/// What the rest of the scenario builds on.
#[derive(Debug, Clone)]
pub(super) struct Basics {
    pub(super) name: String,
    pub(super) question: String,
    pub(super) start: Instant,
    pub(super) horizon: Span,
    pub(super) warm_up: Span,
    pub(super) drain: Span,
    pub(super) replications: u32,
    pub(super) seed: u64,
    pub(super) fleet_seed: u64,
    pub(super) resample_fleet: bool,
    pub(super) time_zone: TimeZone,
    pub(super) initial: Initial,
}

impl Basics {
    /// A model of these basics and nothing else.
    pub(super) fn model(self) -> Model {
        Model {
            name: self.name,
            question: self.question,
            seed: self.seed,
            fleet_seed: self.fleet_seed,
            resample_fleet: self.resample_fleet,
            replications: self.replications,
            precision: None,
            start: self.start,
            horizon: self.horizon,
            warm_up: self.warm_up,
            drain: self.drain,
            sites: Vec::new(),
            links: Vec::new(),
            routes: Vec::new(),
            accounts: vec![super::account::unnamed(super::limits::documented())],
            assume: super::assume::defaults(),
            clients: Vec::new(),
            fleets: Vec::new(),
            incidents: Vec::new(),
            targets: Vec::new(),
            prices: Prices::default(),
            flow_level: None,
            left_out: Vec::new(),
        }
    }

    /// The instant that a moment stands for.
    pub(super) fn instant(&self, moment: Moment) -> Instant {
        match moment {
            Moment::At(instant) => instant,
            Moment::After(span) => self.start + span,
        }
    }
}

fn given<T: Clone>(value: Option<&At<T>>, default: T) -> T {
    value.map_or(default, |at| at.value.clone())
}

/// Reads `[scenario]`.
pub(super) fn read(file: &File, source: &Source, notes: &mut Notes<'_>) -> Basics {
    let section = file.scenario.as_ref();
    let get = |pick: fn(&Section) -> Option<&At<Span>>| section.and_then(pick);
    let horizon_at = get(|section| section.horizon.as_ref());
    let horizon = given(horizon_at, Span::from_days(7));
    let warm_up_at = get(|section| section.warm_up.as_ref());
    let warm_up = given(warm_up_at, Span::ZERO);
    if let Some(at) = horizon_at.filter(|_| horizon == Span::ZERO || HORIZON_MAX < horizon) {
        let message = format!("must be more than nothing and at most {HORIZON_MAX}");
        notes.wrong(Found::new("scenario.horizon", at.span.clone(), message));
    }
    if let Some(at) = warm_up_at.filter(|_| horizon <= warm_up) {
        let message = format!("leaves nothing of the horizon of {horizon}");
        notes.wrong(Found::new("scenario.warm_up", at.span.clone(), message));
    }
    let drain_at = get(|section| section.drain.as_ref());
    let drain = given(drain_at, Span::from_hours(48));
    if let Some(at) = drain_at.filter(|_| HORIZON_MAX < drain) {
        let message = format!("must be at most {HORIZON_MAX}");
        notes.wrong(Found::new("scenario.drain", at.span.clone(), message));
    }
    let zone = section.and_then(|section| section.time_zone.as_ref());
    Basics {
        name: name(section, source, notes),
        question: section
            .and_then(|section| section.question.as_ref())
            .map_or_else(String::new, |at| at.value.clone()),
        start: start(section, notes),
        horizon: horizon.min(HORIZON_MAX),
        warm_up,
        drain: drain.min(HORIZON_MAX),
        replications: given(section.and_then(|s| s.replications.as_ref()), 30),
        seed: given(section.and_then(|s| s.seed.as_ref()), 1),
        fleet_seed: given(section.and_then(|s| s.fleet_seed.as_ref()), 1),
        resample_fleet: given(section.and_then(|s| s.resample_fleet.as_ref()), false),
        time_zone: zone.map_or(TimeZone::UTC, |at| at.value.0.clone()),
        initial: given(section.and_then(|s| s.initial.as_ref()), Initial::Seeded),
    }
}

/// The name, which is also that of a folder.
fn name(section: Option<&Section>, source: &Source, notes: &mut Notes<'_>) -> String {
    let given = section.and_then(|section| section.name.as_ref());
    let usable = |name: &str| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        name.chars().all(plain) && !name.starts_with(['.', ' ']) && !name.is_empty()
    };
    let Some(at) = given else {
        let file = source.name.rsplit(['/', '\\']).next().unwrap_or(&source.name);
        let stem = file.strip_suffix(".toml").unwrap_or(file);
        return if usable(stem) { stem.to_owned() } else { "scenario".to_owned() };
    };
    if !usable(&at.value) || 100 < at.value.len() {
        notes.wrong(
            Found::new("scenario.name", at.span.clone(), "a folder cannot be called so")
                .help("letters, digits, `-`, `_`, `.`, at most 100"),
        );
    }
    at.value.clone()
}

fn start(section: Option<&Section>, notes: &mut Notes<'_>) -> Instant {
    let Some(at) = section.and_then(|section| section.start.as_ref()) else { return START };
    match at.value {
        Moment::At(instant) if instant < START_MAX => instant,
        Moment::At(_) => {
            let message = "must be before the year 2500";
            notes.wrong(Found::new("scenario.start", at.span.clone(), message));
            START
        }
        Moment::After(_) => {
            let message = "must be a date with a time, such as `2027-01-04T00:00:00Z`";
            notes.wrong(Found::new("scenario.start", at.span.clone(), message));
            START
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_of_time_are_the_days_they_say() {
        let shown = |instant: Instant| {
            let nanos = i128::from(instant.nanos());
            jiff::Timestamp::from_nanosecond(nanos).unwrap().to_string()
        };
        assert_eq!(shown(START), "2027-01-04T00:00:00Z");
        assert_eq!(shown(START_MAX), "2500-01-01T00:00:00Z");
    }
}
