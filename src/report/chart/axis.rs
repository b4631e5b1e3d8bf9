//! Scales from values to px, and where their ticks stand.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::report::theme::{percent_given, signed_number};
use crate::units::{Instant, Span, count, count_u64, thousands};

/// A straight map from values to px; logarithmic ones take the logarithm before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// The scale on which `values.0` stands at `px.0` and `values.1` at `px.1`.
    ///
    /// Where both values are equal, everything stands in the middle.
    pub(super) fn new(values: (f64, f64), px: (f64, f64)) -> Scale {
        Scale { from: values.0, to: values.1, start: px.0, end: px.1 }
    }

    /// Where `value` stands, in px; values beyond the ends stand at them.
    pub(super) fn at(&self, value: f64) -> f64 {
        let length = self.to - self.from;
        let share = if length.abs() < f64::MIN_POSITIVE {
            0.5
        } else {
            ((value - self.from) / length).clamp(0.0, 1.0)
        };
        self.start + share * (self.end - self.start)
    }

    /// Both ends in px.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.start, self.end)
    }
}

/// A value and its words at an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// The least of 1, 2, 2.5, 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= least {
        power *= 10.0;
    }
    while least < power {
        power /= 10.0;
    }
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let step = steps.into_iter().find(|step| least <= step * power * (1.0 + 1e-9));
    step.unwrap_or(10.0) * power
}

/// Ticks from zero to at least `most`, about `n_steps` of them above zero.
///
/// Below five, whole steps: what is counted has no halves.
pub(super) fn number_ticks(most: f64, n_steps: usize) -> Vec<Tick> {
    let mut step = round_step(most.max(1e-6) / count(n_steps));
    if 1.0 < most && step < 5.0 {
        step = step.ceil();
    }
    let decimals = if step < 0.1 { 3 } else { 1 };
    let n_ticks = (1..=n_steps).find(|&n| most <= count(n) * step * (1.0 + 1e-9));
    (0..=n_ticks.unwrap_or(n_steps))
        .map(|n| count(n) * step)
        .map(|value| Tick { value, label: thousands(value, decimals) })
        .collect()
}

/// Ticks of shares that enclose `low` and `high`, both from 0 to 1; at most `n_steps` steps.
pub(super) fn share_ticks(low: f64, high: f64, n_steps: usize) -> Vec<Tick> {
    let (low, high) = (low * 100.0, high * 100.0);
    let low = if high - low < 1e-6 { (high - 1.0).max(0.0) } else { low };
    let mut step = round_step(((high - low) / count(n_steps)).max(1e-7));
    loop {
        let top = ((high / step - 1e-6).ceil() * step).min(100.0);
        let mut values = vec![top];
        while low + step * 1e-6 < values[values.len() - 1] && values.len() <= n_steps + 1 {
            values.push((values[values.len() - 1] - step).max(0.0));
        }
        if values.len() <= n_steps + 1 {
            values.reverse();
            let tick =
                |value: f64| Tick { value: value / 100.0, label: percent_given(value / 100.0) };
            return values.into_iter().map(tick).collect();
        }
        step = round_step(step * 1.01);
    }
}

/// Ticks of shares from zero to at least `most`, at most `n_steps` steps.
pub(super) fn zero_share_ticks(most: f64, n_steps: usize) -> Vec<Tick> {
    let step = round_step((most * 100.0).max(1e-7) / count(n_steps)) / 100.0;
    let n_ticks = (1..n_steps).find(|&n| most <= count(n) * step * (1.0 + 1e-9));
    (0..=n_ticks.unwrap_or(n_steps))
        .map(|n| (count(n) * step).min(1.0))
        .map(|value| Tick { value, label: percent_given(value) })
        .collect()
}

/// Ticks that enclose `low` (at most zero) and `high` (at least zero), zero among them, about
/// `n_steps` steps; labels carry their sign.
pub(super) fn signed_ticks(low: f64, high: f64, n_steps: usize) -> Vec<Tick> {
    let step = round_step(((high - low) / count(n_steps)).max(1e-9));
    let below = (0..=n_steps).find(|&n| -low <= count(n) * step * (1.0 + 1e-9));
    let above = (0..=n_steps).find(|&n| high <= count(n) * step * (1.0 + 1e-9));
    let below = (1..=below.unwrap_or(n_steps)).rev().map(|n| -count(n) * step);
    let above = (0..=above.unwrap_or(n_steps)).map(|n| count(n) * step);
    let tick = |value: f64| Tick { value, label: signed_number(value) };
    below.chain(above).map(tick).collect()
}

/// Steps between ticks of time that people count in.
const STEPS: [Span; 27] = [
    Span::from_secs(1),
    Span::from_secs(2),
    Span::from_secs(5),
    Span::from_secs(10),
    Span::from_secs(15),
    Span::from_secs(30),
    Span::from_mins(1),
    Span::from_mins(2),
    Span::from_mins(5),
    Span::from_mins(10),
    Span::from_mins(15),
    Span::from_mins(20),
    Span::from_mins(30),
    Span::from_hours(1),
    Span::from_hours(2),
    Span::from_hours(3),
    Span::from_hours(4),
    Span::from_hours(6),
    Span::from_hours(12),
    Span::from_days(1),
    Span::from_days(2),
    Span::from_days(7),
    Span::from_days(14),
    Span::from_days(28),
    Span::from_days(91),
    Span::from_days(182),
    Span::from_days(364),
];

/// The shortest step of people's that divides `length` into at most `n_steps`.
fn time_step(length: Span, n_steps: usize) -> Span {
    let fits = |step: &&Span| length.secs() <= step.secs() * count(n_steps) * (1.0 + 1e-9);
    STEPS.iter().find(fits).copied().unwrap_or(length)
}

/// The unit of a whole axis of spans: its word, and its length.
fn axis_unit(most: Span) -> (&'static str, Span) {
    match most {
        most if most <= Span::from_mins(2) => ("s", Span::from_secs(1)),
        most if most <= Span::from_hours(4) => ("min", Span::from_mins(1)),
        most if most <= Span::from_days(4) => ("h", Span::from_hours(1)),
        _ => ("days", Span::from_days(1)),
    }
}

/// Ticks in seconds from zero to at least `most`; the last one names the unit.
pub(super) fn span_ticks(most: Span, n_steps: usize) -> Vec<Tick> {
    let most = most.max(Span::from_secs(1));
    let step = time_step(most, n_steps);
    let (word, unit) = axis_unit(most);
    let n_ticks = (most.secs() / step.secs() - 1e-9).ceil();
    let mut ticks = Vec::new();
    let mut value = Span::ZERO;
    while value.secs() < (n_ticks + 0.5) * step.secs() {
        let number = thousands(value.secs() / unit.secs(), 2);
        ticks.push(Tick { value: value.secs(), label: number });
        value += step;
    }
    if let Some(last) = ticks.last_mut() {
        last.label = format!("{}\u{a0}{word}", last.label);
    }
    ticks
}

/// Round spans, each about twice the one before.
const LOG_STEPS: [(Span, &str); 21] = [
    (Span::from_secs(1), "1\u{a0}s"),
    (Span::from_secs(2), "2\u{a0}s"),
    (Span::from_secs(4), "4\u{a0}s"),
    (Span::from_secs(8), "8\u{a0}s"),
    (Span::from_secs(15), "15\u{a0}s"),
    (Span::from_secs(30), "30\u{a0}s"),
    (Span::from_mins(1), "1\u{a0}min"),
    (Span::from_mins(2), "2\u{a0}min"),
    (Span::from_mins(4), "4\u{a0}min"),
    (Span::from_mins(8), "8\u{a0}min"),
    (Span::from_mins(15), "15\u{a0}min"),
    (Span::from_mins(30), "30\u{a0}min"),
    (Span::from_hours(1), "1\u{a0}h"),
    (Span::from_hours(2), "2\u{a0}h"),
    (Span::from_hours(4), "4\u{a0}h"),
    (Span::from_hours(8), "8\u{a0}h"),
    (Span::from_hours(16), "16\u{a0}h"),
    (Span::from_hours(32), "32\u{a0}h"),
    (Span::from_days(3), "3\u{a0}days"),
    (Span::from_days(6), "6\u{a0}days"),
    (Span::from_days(12), "12\u{a0}days"),
];

/// Ticks between `from` and `to` for a logarithmic axis, at most about `n_most`, each with its
/// unit; their values are what [`log_secs`] gives.
pub(super) fn span_log_ticks(from: Span, to: Span, n_most: usize) -> Vec<Tick> {
    let inside: Vec<&(Span, &str)> =
        LOG_STEPS.iter().filter(|(step, _)| from <= *step && *step <= to).collect();
    let stride = inside.len().div_ceil(n_most.max(1)).max(1);
    let tick =
        |(step, label): &(Span, &str)| Tick { value: log_secs(*step), label: (*label).to_owned() };
    inside.into_iter().step_by(stride).map(tick).collect()
}

/// A stretch of simulated time with civil labels.
#[derive(Debug, Clone)]
pub struct TimeAxis {
    /// The left end.
    pub from: Instant,
    /// The right end, later than the left one.
    pub to: Instant,
    /// The zone of the labels; the subtitle names it.
    pub zone: TimeZone,
}

impl TimeAxis {
    /// Seconds from the left end to `at`; negative before it.
    pub(super) fn secs(&self, at: Instant) -> f64 {
        at.since_or_zero(self.from).secs() - self.from.since_or_zero(at).secs()
    }

    /// Length in seconds, at least one.
    pub(super) fn length(&self) -> Span {
        self.to.since_or_zero(self.from).max(Span::from_secs(1))
    }

    /// The scale of seconds from the left end to px.
    pub(super) fn scale(&self, px: (f64, f64)) -> Scale {
        Scale::new((0.0, self.length().secs()), px)
    }

    /// Ticks at round civil times, in seconds from the left end, at most about `n_steps`.
    pub(super) fn ticks(&self, n_steps: usize) -> Vec<Tick> {
        let step = time_step(self.length(), n_steps);
        let midnight = self.civil(self.from).date().to_datetime(Time::midnight());
        let mut ticks = Vec::new();
        for n in 0..=self.length().whole(step) + Span::from_days(1).whole(step) + 1 {
            let Some(civil) = later(midnight, step.times(n)) else { break };
            let Some(at) = self.instant(civil) else { break };
            if self.from <= at && at <= self.to {
                ticks.push(Tick { value: self.secs(at), label: self.label(civil, at, step) });
            }
        }
        ticks
    }

    /// Civil time of day, with the weekday where the axis is longer than a day.
    pub(super) fn words(&self, at: Instant) -> String {
        let format = if self.length() <= Span::from_days(1) { "%H:%M" } else { "%a %H:%M" };
        self.civil(at).strftime(format).to_string()
    }

    fn label(&self, civil: DateTime, at: Instant, step: Span) -> String {
        let midnight = civil.time() == Time::midnight();
        let days = self.length();
        let format = if step < Span::from_days(1) {
            match midnight {
                true if days <= Span::from_days(1) && at == self.to => return "24:00".to_owned(),
                true if Span::from_days(1) < days => "%a",
                _ if step < Span::from_mins(1) => "%H:%M:%S",
                _ => "%H:%M",
            }
        } else if days <= Span::from_days(7) {
            "%a"
        } else {
            "%-d %b"
        };
        civil.strftime(format).to_string()
    }

    fn civil(&self, at: Instant) -> DateTime {
        let nanos = i128::from(at.nanos());
        let timestamp = Timestamp::from_nanosecond(nanos).unwrap_or(Timestamp::MAX);
        self.zone.to_datetime(timestamp)
    }

    fn instant(&self, civil: DateTime) -> Option<Instant> {
        let timestamp = self.zone.to_timestamp(civil).ok()?;
        u64::try_from(timestamp.as_nanosecond()).ok().map(Instant::from_nanos)
    }
}

/// `span` later by the calendar: clocks that change add and take nothing.
fn later(civil: DateTime, span: Span) -> Option<DateTime> {
    let nanos = i64::try_from(span.nanos()).ok()?;
    civil.checked_add(SignedDuration::from_nanos(nanos)).ok()
}

/// How many labels of about `label` px fit into `room` px.
pub(super) fn n_labels(room: f64, label: f64) -> usize {
    crate::units::floor_count((room / label).max(1.0))
}

/// The logarithm to base ten of a span, a zero span counting as a tenth of a second.
pub(super) fn log_secs(span: Span) -> f64 {
    libm::log10(span.secs().max(0.1))
}

/// A whole number as people write it.
pub(super) fn whole(n: u64) -> String {
    thousands(count_u64(n), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    /// 2,000 in two steps of 1,000; 17 needs a step of 8.5 or more, so 10; 0.8 copies at most: 1.
    #[test]
    fn ticks_of_numbers_are_round() {
        assert_eq!(labels(&number_ticks(2000.0, 2)), ["0", "1,000", "2,000"]);
        assert_eq!(labels(&number_ticks(17.0, 2)), ["0", "10", "20"]);
        assert_eq!(labels(&number_ticks(3.0, 2)), ["0", "2", "4"]);
    }

    /// 71.2 to 99.9 in six steps: at least 4.8 each, so 5, from 100 down to 70.
    #[test]
    fn ticks_of_shares_end_at_all() {
        let ticks = share_ticks(0.712, 0.999, 6);
        assert_eq!(ticks.first().map(|tick| tick.label.as_str()), Some("70\u{a0}%"));
        assert_eq!(ticks.last().map(|tick| tick.label.as_str()), Some("100\u{a0}%"));
        assert_eq!(ticks.len(), 7);
    }

    /// 0.58 % in five steps: 0.116 each or more, so 0.2: to 0.6 %.
    #[test]
    fn ticks_of_shares_begin_at_none() {
        let labels: Vec<String> =
            zero_share_ticks(0.0058, 5).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["0\u{a0}%", "0.2\u{a0}%", "0.4\u{a0}%", "0.6\u{a0}%"]);
    }

    /// −3 to 6.3 in five steps: 1.86 each or more, so 2: from −4 to 8.
    #[test]
    fn ticks_on_both_sides_of_zero_carry_signs() {
        let ticks = signed_ticks(-3.0, 6.3, 5);
        assert_eq!(labels(&ticks), ["−4", "−2", "0", "+2", "+4", "+6", "+8"]);
        assert_eq!(labels(&signed_ticks(0.0, 0.04, 4)), ["0", "+0.01", "+0.02", "+0.03", "+0.04"]);
    }

    /// 170 min in six steps: 28.3 min or more, so 30.
    #[test]
    fn the_last_tick_of_a_span_names_the_unit() {
        let ticks = span_ticks(Span::from_mins(170), 6);
        assert_eq!(labels(&ticks), ["0", "30", "60", "90", "120", "150", "180\u{a0}min"]);
    }

    /// Berlin puts its clocks forward on 2027-03-28 at 02:00: from 00:00 to 06:00 are five hours.
    #[test]
    fn civil_ticks_follow_the_clocks() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let midnight = jiff::civil::date(2027, 3, 28).at(0, 0, 0, 0);
        let nanos = zone.to_timestamp(midnight).unwrap().as_nanosecond();
        let from = Instant::from_nanos(u64::try_from(nanos).unwrap());
        let axis = TimeAxis { from, to: from + Span::from_hours(5), zone };
        let ticks = axis.ticks(3);
        assert_eq!(labels(&ticks), ["00:00", "02:00", "04:00", "06:00"]);
        let hours: Vec<f64> = ticks.iter().map(|tick| tick.value / 3600.0).collect();
        assert_eq!(hours, [0.0, 2.0, 3.0, 5.0]);
    }

    #[test]
    fn a_day_ends_at_24() {
        let from = Instant::from_nanos(0);
        let axis = TimeAxis { from, to: from + Span::from_days(1), zone: TimeZone::UTC };
        assert_eq!(labels(&axis.ticks(4)), ["00:00", "06:00", "12:00", "18:00", "24:00"]);
    }

    #[test]
    fn a_week_is_told_by_its_days() {
        let from = "2027-01-04T00:00:00Z".parse::<Timestamp>().unwrap().as_nanosecond();
        let from = Instant::from_nanos(u64::try_from(from).unwrap());
        let axis = TimeAxis { from, to: from + Span::from_days(7), zone: TimeZone::UTC };
        let shown = axis.ticks(8);
        assert_eq!(labels(&shown), ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon"]);
    }
}
