//! Recovery points of one volume at one destination: how old the newest one is.

use crate::units::{Instant, Span, count_u64};

/// The newest recovery point of one volume at one destination, followed over a window.
#[derive(Debug, Clone)]
pub(in crate::drive) struct Recovery {
    newest: Option<Instant>,
    since: Instant,
    until: Instant,
    /// Recovery points that arrived in the window.
    pub(in crate::drive) n_points: u64,
    /// Integral of the age, in seconds squared.
    age_seconds: f64,
    /// Time without any recovery point.
    pub(in crate::drive) without: Span,
    /// Greatest age, and when.
    pub(in crate::drive) worst: Option<(Span, Instant)>,
    /// Time past each limit, or without any recovery point.
    pub(in crate::drive) past: Vec<(Span, Span)>,
}

impl Recovery {
    /// Nothing has arrived yet; ages count within `[from, until)`; `limits` are watched.
    pub(in crate::drive) fn new(from: Instant, until: Instant, limits: &[Span]) -> Recovery {
        Recovery {
            newest: None,
            since: from,
            until,
            n_points: 0,
            age_seconds: 0.0,
            without: Span::ZERO,
            worst: None,
            past: limits.iter().map(|limit| (*limit, Span::ZERO)).collect(),
        }
    }

    /// A recovery point of `started` is there from the beginning.
    pub(in crate::drive) fn seed(&mut self, started: Instant) {
        self.newest = self.newest.max(Some(started));
    }

    /// A recovery point of `started` arrives; says whether that was too late for the tightest limit:
    /// the one before had grown older than that.
    pub(in crate::drive) fn arrive(&mut self, now: Instant, started: Instant) -> bool {
        if self.newest.is_some_and(|newest| started <= newest) {
            return false;
        }
        let tightest = self.past.iter().map(|(limit, _)| *limit).min();
        let late = tightest.is_some_and(|limit| self.age(now).is_some_and(|age| limit < age));
        self.close(now);
        if self.since <= now && now < self.until {
            self.n_points += 1;
        }
        self.newest = Some(started);
        late
    }

    /// Age of the newest recovery point.
    pub(in crate::drive) fn age(&self, now: Instant) -> Option<Span> {
        self.newest.map(|newest| now.since_or_zero(newest))
    }

    /// Counts the time until `now`.
    pub(in crate::drive) fn close(&mut self, now: Instant) {
        let until = now.min(self.until);
        if until <= self.since {
            return;
        }
        let length = until.since(self.since);
        match self.newest {
            None => {
                self.without += length;
                for (_, past) in &mut self.past {
                    *past += length;
                }
            }
            Some(newest) => {
                let (young, old) = (self.since.since_or_zero(newest), until.since_or_zero(newest));
                self.age_seconds += f64::midpoint(young.secs(), old.secs()) * length.secs();
                if self.worst.is_none_or(|(worst, _)| worst < old) {
                    self.worst = Some((old, until));
                }
                for (limit, past) in &mut self.past {
                    *past += old.minus_or_zero((*limit).max(young));
                }
            }
        }
        self.since = until;
    }

    /// Mean age over the time with a recovery point; `None` where there never was one.
    pub(in crate::drive) fn mean(&self, window: Span) -> Option<Span> {
        let with = window.minus_or_zero(self.without).secs();
        (0.0 < with && self.newest.is_some()).then(|| Span::from_secs_f64(self.age_seconds / with))
    }

    /// Integral of the age, in seconds squared.
    pub(in crate::drive) fn age_seconds(&self) -> f64 {
        self.age_seconds
    }
}

/// The share of a time that was not lost.
pub(in crate::drive) fn share_held(past: Span, of: Span, n: u64) -> Option<f64> {
    let all = of.secs() * count_u64(n);
    (0.0 < all).then(|| 1.0 - past.secs() / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mins: u64) -> Instant {
        Instant::ZERO + Span::from_mins(10_000 + mins)
    }

    /// Window 0–100 min. Seeded with a point of −20 min; at 40 min one of 30 min arrives; at 90 min
    /// one of 60 min. Ages run 20→60, 10→60, 30→40: the mean is (40·40 + 35·50 + 35·10) / 100 = 37
    /// min, the worst 60 min. Past 50 min: 10 min of the first stretch, 10 of the second, 0.
    #[test]
    fn ages_are_counted_between_arrivals() {
        let mut recovery = Recovery::new(at(0), at(100), &[Span::from_mins(50)]);
        recovery.seed(Instant::ZERO + Span::from_mins(9980));
        assert!(recovery.arrive(at(40), at(30)), "the one before was 60 min old");
        assert!(!recovery.arrive(at(50), at(10)), "older than the newest");
        assert!(recovery.arrive(at(90), at(60)), "again 60 min");
        recovery.close(at(500));
        assert_eq!(recovery.mean(Span::from_mins(100)), Some(Span::from_mins(37)));
        assert_eq!(recovery.worst.unwrap().0, Span::from_mins(60));
        assert_eq!(recovery.past[0].1, Span::from_mins(20));
        assert_eq!(recovery.n_points, 2, "an older point changes nothing");
    }

    #[test]
    fn time_without_any_point_is_past_every_limit() {
        let mut recovery = Recovery::new(at(0), at(100), &[Span::from_mins(50)]);
        recovery.arrive(at(30), at(20));
        recovery.close(at(100));
        assert_eq!(recovery.without, Span::from_mins(30));
        // ages 10 → 80: past 50 min for 30 min
        assert_eq!(recovery.past[0].1, Span::from_mins(60));
    }
}
