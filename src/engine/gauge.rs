//! What a piecewise constant quantity was over time: slots in use, quota reserved, use of a link.

use crate::stats::Bins;
use crate::units::{Instant, Span};

/// A piecewise constant quantity, watched over a window.
#[derive(Debug, Clone)]
pub struct Gauge {
    value: f64,
    since: Instant,
    window: (Instant, Instant),
    integral: f64,
    max: f64,
    bins: Option<Bins>,
}

impl Gauge {
    /// A quantity that is zero from the start of the window `[from, until)` on.
    pub fn new(from: Instant, until: Instant, bins: Option<Bins>) -> Gauge {
        Gauge { value: 0.0, since: from, window: (from, until), integral: 0.0, max: 0.0, bins }
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
}
