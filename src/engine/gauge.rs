//! What a piecewise constant quantity was over time: slots in use, quota reserved, use of a link.

use crate::model::HoursOfDay;
use crate::stats::Bins;
use crate::units::{Instant, Span};

/// Time over which the use of a link is averaged before it is held against a limit.
pub const WATCH_WIDTH: Span = Span::from_mins(5);

/// Holds the means of a quantity over five minutes against a limit, as they pass.
///
/// Means are taken as network operators take them: a spike shorter than the width does not count.
#[derive(Debug, Clone)]
pub struct Watch {
    limit: f64,
    hours: Option<HoursOfDay>,
    begins: Instant,
    integral: f64,
    /// Means that were looked at.
    pub n: u64,
    /// Of these, those above the limit.
    pub n_above: u64,
    /// The highest of them.
    pub highest: f64,
}

impl Watch {
    /// Holds means from `from` on against `limit`, only in some hours of the day if given.
    pub fn new(from: Instant, limit: f64, hours: Option<HoursOfDay>) -> Watch {
        Watch { limit, hours, begins: from, integral: 0.0, n: 0, n_above: 0, highest: 0.0 }
    }

    /// The quantity was `value` from `from` to `until`; steps come without a gap.
    fn add(&mut self, from: Instant, until: Instant, value: f64) {
        let mut from = from;
        while self.begins + WATCH_WIDTH <= until {
            let ends = self.begins + WATCH_WIDTH;
            self.integral += value * ends.since(from).secs();
            self.close(self.integral / WATCH_WIDTH.secs());
            (self.begins, self.integral, from) = (ends, 0.0, ends);
        }
        self.integral += value * until.since(from).secs();
    }

    fn close(&mut self, mean: f64) {
        if self.hours.as_ref().is_some_and(|hours| !hours.contain(self.begins)) {
            return;
        }
        self.n += 1;
        self.n_above += u64::from(self.limit < mean);
        self.highest = self.highest.max(mean);
    }
}

/// A piecewise constant quantity, watched over a window.
#[derive(Debug, Clone)]
pub struct Gauge {
    value: f64,
    since: Instant,
    window: (Instant, Instant),
    integral: f64,
    max: f64,
    bins: Option<Bins>,
    watches: Vec<Watch>,
}

impl Gauge {
    /// A quantity that is zero from the start of the window `[from, until)` on.
    pub fn new(from: Instant, until: Instant, bins: Option<Bins>) -> Gauge {
        let watches = Vec::new();
        Gauge {
            value: 0.0,
            since: from,
            window: (from, until),
            integral: 0.0,
            max: 0.0,
            bins,
            watches,
        }
    }

    /// Holds its means over five minutes against a limit from now on.
    pub fn watch(&mut self, limit: f64, hours: Option<HoursOfDay>) {
        self.watches.push(Watch::new(self.window.0, limit, hours));
    }

    /// What the watches saw, in the order in which they were set, as far as `now`.
    pub fn watches(&mut self, now: Instant) -> &[Watch] {
        self.close(now);
        &self.watches
    }

    /// From `now` on it is `value`.
    pub fn set(&mut self, now: Instant, value: f64) {
        if value.to_bits() == self.value.to_bits() {
            return;
        }
        self.close(now);
        self.value = value;
    }

    /// What it is now.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its mean over the window, as far as `now`.
    pub fn mean(&mut self, now: Instant) -> f64 {
        self.close(now);
        let length = now.min(self.window.1).since_or_zero(self.window.0);
        if length == Span::ZERO { 0.0 } else { self.integral / length.secs() }
    }

    /// The most it was within the window, as far as `now`.
    pub fn max(&mut self, now: Instant) -> f64 {
        self.close(now);
        self.max
    }

    /// Its means by bin, as far as `now`.
    pub fn into_bins(mut self, now: Instant) -> Option<Bins> {
        self.close(now);
        self.bins
    }

    /// Counts the value in until `now`.
    fn close(&mut self, now: Instant) {
        let from = self.since.max(self.window.0);
        let until = now.min(self.window.1);
        if from < until {
            self.integral += self.value * until.since(from).secs();
            self.max = self.max.max(self.value);
            if let Some(bins) = &mut self.bins {
                bins.add(from, until, self.value);
            }
            for watch in &mut self.watches {
                watch.add(from, until, self.value);
            }
        }
        self.since = self.since.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Span::from_secs(secs)
    }

    /// Window 10 s to 20 s: 4 until 15 s, then 2 until 18 s, then 0: (4·5 + 2·3) / 10 = 2.6.
    #[test]
    fn only_the_window_counts() {
        let mut gauge = Gauge::new(at(10), at(20), None);
        gauge.set(at(5), 9.0);
        gauge.set(at(8), 4.0);
        gauge.set(at(15), 2.0);
        gauge.set(at(18), 0.0);
        gauge.set(at(25), 7.0);
        assert!((gauge.mean(at(30)) - 2.6).abs() < 1e-12);
        assert!((gauge.max(at(30)) - 4.0).abs() < 1e-12);
    }

    /// 20 minutes, limit 10: 8 for 6 min, then 16 for 3 min, then 0. Means over 5 min: 8;
    /// (8·1 + 16·3 + 0·1) / 5 = 11.2; 0; 0. One of four is above.
    #[test]
    fn a_watch_judges_means_over_five_minutes() {
        let mut gauge = Gauge::new(at(0), at(1200), None);
        gauge.watch(10.0, None);
        gauge.set(at(0), 8.0);
        gauge.set(at(360), 16.0);
        gauge.set(at(540), 0.0);
        let watch = &gauge.watches(at(2000))[0];
        assert_eq!((watch.n, watch.n_above), (4, 1));
        assert!((watch.highest - 11.2).abs() < 1e-12);
    }
}
