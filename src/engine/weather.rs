//! What changes the capacity of a link: its daily profile, planned windows, random failures.
//!
//! Overlapping reductions take the least factor.

use rand_pcg::Pcg64Mcg;

use crate::model::civil::{Day, time_of_day};
use crate::model::{Failures, Link, LinkWindow, WindowStart};
use crate::rng::{Chance, NameHash, Purpose};
use crate::units::{Instant, Rate, Span};

/// The state of one link's capacity at an instant, and when it changes next.
#[derive(Debug, Clone)]
pub struct Weather {
    link: Link,
    windows: Vec<WindowState>,
    failures: Option<FailureState>,
    capacity: Rate,
    next: Instant,
}

#[derive(Debug, Clone)]
struct WindowState {
    begins: Instant,
    ends: Instant,
}

#[derive(Debug, Clone)]
struct FailureState {
    stream: Pcg64Mcg,
    down: bool,
    until: Instant,
}

impl Weather {
    /// The weather of `link` from `start` on.
    pub fn new(link: &Link, start: Instant, chance: Chance) -> Weather {
        let failures = link.failures.as_ref().map(|failures| {
            let mut stream = chance.stream(Purpose::LinkFailure, NameHash::of(&link.name));
            let up = Span::from_secs_f64(failures.up.sample(&mut stream));
            FailureState { stream, down: false, until: start + up }
        });
        let windows = link.windows.iter().map(|window| first_window(window, link, start)).collect();
        let mut weather = Weather {
            link: link.clone(),
            windows,
            failures,
            capacity: link.capacity,
            next: Instant::FAR,
        };
        weather.advance(start);
        weather
    }

    /// The capacity since the last change.
    pub fn capacity(&self) -> Rate {
        self.capacity
    }

    /// When the capacity may change next; [`Instant::FAR`] for never.
    pub fn next_change(&self) -> Instant {
        self.next
    }

    /// Brings the state to `now`.
    pub fn advance(&mut self, now: Instant) {
        let mut factor: f64 = 1.0;
        let mut next = Instant::FAR;
        if let Some((profile, until)) = profile_at(&self.link, now) {
            factor = profile;
            next = until;
        }
        for (state, window) in self.windows.iter_mut().zip(&self.link.windows) {
            while state.ends <= now {
                *state = next_window(window, &self.link, state);
            }
            if state.begins <= now {
                factor = factor.min(window.factor);
                next = next.min(state.ends);
            } else {
                next = next.min(state.begins);
            }
        }
        if let (Some(state), Some(failures)) = (&mut self.failures, &self.link.failures) {
            while state.until <= now {
                toggle(state, failures);
            }
            if state.down {
                factor = factor.min(failures.factor);
            }
            next = next.min(state.until);
        }
        self.capacity = self.link.capacity.scale(factor);
        self.next = next;
    }
}

/// The end of one time up is the begin of one time down, and so on. A time of no length would
/// never end: a nanosecond is the least.
fn toggle(state: &mut FailureState, failures: &Failures) {
    state.down = !state.down;
    let law = if state.down { &failures.down } else { &failures.up };
    let length = Span::from_secs_f64(law.sample(&mut state.stream)).max(Span::from_nanos(1));
    state.until = state.until + length;
}

/// The factor of the daily profile at `now`, and until when it stands.
fn profile_at(link: &Link, now: Instant) -> Option<(f64, Instant)> {
    let last = link.profile.last()?;
    let day = Day::of(now, &link.time_zone);
    let time = time_of_day(now, &link.time_zone);
    let current = link.profile.iter().rev().find(|step| step.from <= time).unwrap_or(last);
    let later = link.profile.iter().map(|step| day.at(step.from, &link.time_zone));
    let until = later
        .chain([day.next().at(link.profile[0].from, &link.time_zone)])
        .find(|at| now < *at)
        .unwrap_or(Instant::FAR);
    Some((current.factor, until))
}

/// The first occurrence of a window that ends after `start`.
fn first_window(window: &LinkWindow, link: &Link, start: Instant) -> WindowState {
    match &window.start {
        WindowStart::Once(begins) => WindowState { begins: *begins, ends: *begins + window.length },
        WindowStart::Weekly { .. } => {
            let day = Day::of(start.back(window.length), &link.time_zone).previous();
            weekly_from(window, link, day)
        }
    }
}

/// The occurrence after `state`; for one that happens once, never.
fn next_window(window: &LinkWindow, link: &Link, state: &WindowState) -> WindowState {
    match &window.start {
        WindowStart::Once(_) => WindowState { begins: Instant::FAR, ends: Instant::FAR },
        WindowStart::Weekly { .. } => {
            weekly_from(window, link, Day::of(state.begins, &link.time_zone).next())
        }
    }
}

fn weekly_from(window: &LinkWindow, link: &Link, mut day: Day) -> WindowState {
    let WindowStart::Weekly { at, on } = &window.start else {
        unreachable!("only weekly windows come again")
    };
    for _day in 0..8 {
        if day.is_in(*on) {
            let begins = day.at(*at, &link.time_zone);
            return WindowState { begins, ends: begins + window.length };
        }
        day = day.next();
    }
    unreachable!("a weekly window has a day of the week")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LinkOrigin, ProfileStep, TimeOfDay, Weekdays};

    fn link() -> Link {
        Link {
            name: "l".to_owned(),
            capacity: Rate::new(100.0),
            origin: LinkOrigin::Scenario,
            time_zone: jiff::tz::TimeZone::UTC,
            profile: Vec::new(),
            windows: Vec::new(),
            failures: None,
        }
    }

    fn hours(h: u64) -> TimeOfDay {
        TimeOfDay(Span::from_hours(h))
    }

    /// Midnight of some day.
    const START: Instant = Instant::from_nanos(20_000 * 86_400 * 1_000_000_000);

    /// Every change from the start on as (hours after it, capacity).
    fn changes(link: &Link, until_hour: u64) -> Vec<(u64, f64)> {
        let hour = Span::from_hours(1);
        let mut weather = Weather::new(link, START, Chance::new(1, 0));
        let mut seen = vec![(0, weather.capacity().get())];
        while weather.next_change() < START + hour.times(until_hour) {
            let at = weather.next_change();
            weather.advance(at);
            seen.push((at.since(START).whole(hour), weather.capacity().get()));
        }
        seen
    }

    /// Half from 08:00, all from 18:00; at midnight the last step of the day before stands.
    #[test]
    fn a_profile_repeats_every_day() {
        let step = |h, factor| ProfileStep { from: hours(h), factor };
        let link = Link { profile: vec![step(8, 0.5), step(18, 1.0)], ..link() };
        assert_eq!(changes(&link, 40), [(0, 100.0), (8, 50.0), (18, 100.0), (32, 50.0)]);
    }

    /// A window of 4 h at 22:00 with a quarter left, within a profile of a half from 23:00 to 01:00:
    /// the least of both stands.
    #[test]
    fn overlapping_reductions_take_the_least() {
        let step = |h, factor| ProfileStep { from: hours(h), factor };
        let window = LinkWindow {
            start: WindowStart::Weekly { at: hours(22), on: Weekdays::ALL },
            length: Span::from_hours(4),
            factor: 0.25,
        };
        let link =
            Link { profile: vec![step(1, 1.0), step(23, 0.5)], windows: vec![window], ..link() };
        let seen = changes(&link, 30);
        let expected =
            [(0, 25.0), (1, 25.0), (2, 100.0), (22, 25.0), (23, 25.0), (25, 25.0), (26, 100.0)];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_window_that_happens_once_is_over_afterwards() {
        let window = LinkWindow {
            start: WindowStart::Once(START + Span::from_hours(3)),
            length: Span::from_hours(2),
            factor: 0.0,
        };
        let link = Link { windows: vec![window], ..link() };
        assert_eq!(changes(&link, 100), [(0, 100.0), (3, 0.0), (5, 100.0)]);
    }
}
