//! Recovery points of one volume or application at one destination: how old the newest one is, and
//! why.

use crate::model::Retention;
use crate::record::AgeSplit;
use crate::units::{Instant, SignedSpan, Span, count_u64};

/// A recovery point at a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::drive) struct Point {
    /// When its snapshot began: what it recovers to.
    pub(in crate::drive) started: Instant,
    /// When its snapshot was due.
    pub(in crate::drive) due: Instant,
    /// When its copy is deleted; none: never, or not before a newer one is there.
    pub(in crate::drive) gone: Option<Instant>,
}

impl Point {
    /// A recovery point whose copy was there from the moment of its snapshot on.
    pub(in crate::drive) fn seeded(started: Instant, retain: Retention) -> Point {
        Point { started, due: started, gone: deleted(started, retain) }
    }
}

/// When a copy that was completed at `at` is deleted; none where only newer ones drive it out.
pub(in crate::drive) fn deleted(at: Instant, retain: Retention) -> Option<Instant> {
    match retain {
        Retention::Age(age) => Some(at + age),
        Retention::Forever | Retention::Count(_) => None,
    }
}

/// Where the age of a recovery point came from, on average: seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::drive) struct Peaks {
    /// Arrivals that ended an age.
    pub(in crate::drive) n: u64,
    /// Sum of the ages at those moments.
    pub(in crate::drive) age: f64,
    /// Sums of the parts: interval, window, snapshot, waiting, transfer.
    pub(in crate::drive) parts: [f64; 5],
}

impl Peaks {
    fn count(&mut self, split: &AgeSplit) {
        self.n += 1;
        self.age += split.age().secs();
        let AgeSplit { interval, window, snapshot, waiting, transfer } = split;
        let parts =
            [interval.secs(), window.secs(), snapshot.secs(), waiting.secs(), transfer.secs()];
        for (sum, part) in self.parts.iter_mut().zip(parts) {
            *sum += part;
        }
    }

    /// Adds others up.
    pub(in crate::drive) fn add(&mut self, other: &Peaks) {
        self.n += other.n;
        self.age += other.age;
        for (sum, part) in self.parts.iter_mut().zip(other.parts) {
            *sum += part;
        }
    }
}

/// A recovery point that had grown older than the tightest limit when the next one arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::drive) struct Outgrown {
    /// How old it was then.
    pub(in crate::drive) age: Span,
    /// By how much that was past the limit.
    pub(in crate::drive) by: Span,
}

/// The newest recovery point of one volume or application at one destination, followed over a
/// window.
#[derive(Debug, Clone)]
pub(in crate::drive) struct Recovery {
    newest: Option<Point>,
    /// When the first recovery point was there; none before that.
    pub(in crate::drive) first: Option<Instant>,
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
    /// Where the greatest age that an arrival ended came from.
    pub(in crate::drive) split: Option<AgeSplit>,
    /// Where the ages that arrivals ended came from.
    pub(in crate::drive) peaks: Peaks,
    /// Time past each limit, or without any recovery point.
    pub(in crate::drive) past: Vec<(Span, Span)>,
}

impl Recovery {
    /// Nothing has arrived yet; ages count within `[from, until)`; `limits` are watched.
    pub(in crate::drive) fn new(from: Instant, until: Instant, limits: &[Span]) -> Recovery {
        Recovery {
            newest: None,
            first: None,
            since: from,
            until,
            n_points: 0,
            age_seconds: 0.0,
            without: Span::ZERO,
            worst: None,
            split: None,
            peaks: Peaks::default(),
            past: limits.iter().map(|limit| (*limit, Span::ZERO)).collect(),
        }
    }

    /// A recovery point is there from the beginning.
    pub(in crate::drive) fn seed(&mut self, point: Point) {
        if self.newest.is_none_or(|newest| newest.started < point.started) {
            self.newest = Some(point);
        }
    }

    /// A recovery point arrives, whose snapshot took `snapshot` and which waited for `waiting`; says
    /// how late that was for the tightest limit, where the one before had grown older than that.
    pub(in crate::drive) fn arrive(
        &mut self,
        now: Instant,
        point: Point,
        (snapshot, waiting): (Span, Span),
    ) -> Option<Outgrown> {
        if self.newest.is_some_and(|newest| point.started <= newest.started) {
            return None;
        }
        self.first.get_or_insert(now);
        let tightest = self.past.iter().map(|(limit, _)| *limit).min();
        let late = tightest.zip(self.age(now)).and_then(|(limit, age)| {
            let by = age.minus_or_zero(limit);
            (Span::ZERO < by).then_some(Outgrown { age, by })
        });
        self.close(now);
        if self.since <= now && now < self.until {
            self.n_points += 1;
            if let Some(old) = self.newest {
                self.count_peak(now, (old, point), (snapshot, waiting));
            }
        }
        self.newest = Some(point);
        late
    }

    /// The age of the old point, at the moment in which the new one arrives, by its parts.
    fn count_peak(
        &mut self,
        now: Instant,
        (old, new): (Point, Point),
        (snapshot, waiting): (Span, Span),
    ) {
        let since_start = now.since(new.started);
        let split = AgeSplit {
            interval: new.due.since_or_zero(old.due),
            window: SignedSpan::between(
                old.started.since_or_zero(old.due),
                new.started.since_or_zero(new.due),
            ),
            snapshot,
            waiting,
            transfer: since_start.minus_or_zero(snapshot + waiting),
        };
        self.peaks.count(&split);
        if self.split.is_none_or(|worst| worst.age() < split.age()) {
            self.split = Some(split);
        }
    }

    /// Age of the newest recovery point.
    pub(in crate::drive) fn age(&self, now: Instant) -> Option<Span> {
        let there = self.newest.filter(|newest| newest.gone.is_none_or(|gone| now <= gone));
        there.map(|newest| now.since_or_zero(newest.started))
    }

    /// Counts the time until `now`.
    pub(in crate::drive) fn close(&mut self, now: Instant) {
        if let Some(gone) = self.newest.and_then(|newest| newest.gone)
            && gone < now
        {
            self.count_until(gone);
            self.newest = None;
        }
        self.count_until(now);
    }

    /// Counts the time until `now`, over which the newest recovery point stood.
    fn count_until(&mut self, now: Instant) {
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
            Some(Point { started, .. }) => {
                let (young, old) =
                    (self.since.since_or_zero(started), until.since_or_zero(started));
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
        (0.0 < with && 0.0 < self.age_seconds).then(|| Span::from_secs_f64(self.age_seconds / with))
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

    fn point(mins: u64) -> Point {
        Point { started: at(mins), due: at(mins), gone: None }
    }

    const NOTHING: (Span, Span) = (Span::ZERO, Span::ZERO);

    /// Window 0–100 min. Seeded with a point of −20 min; at 40 min one of 30 min arrives; at 90 min
    /// one of 60 min. Ages run 20→60, 10→60, 30→40: the mean is (40·40 + 35·50 + 35·10) / 100 = 37
    /// min, the worst 60 min. Past 50 min: 10 min of the first stretch, 10 of the second, 0.
    #[test]
    fn ages_are_counted_between_arrivals() {
        let mut recovery = Recovery::new(at(0), at(100), &[Span::from_mins(50)]);
        recovery.seed(Point::seeded(Instant::ZERO + Span::from_mins(9980), Retention::Forever));
        let hour = Some(Outgrown { age: Span::from_mins(60), by: Span::from_mins(10) });
        assert_eq!(recovery.arrive(at(40), point(30), NOTHING), hour, "the age of the one before");
        assert_eq!(recovery.arrive(at(50), point(10), NOTHING), None, "older than the newest");
        assert_eq!(recovery.arrive(at(90), point(60), NOTHING), hour, "again");
        recovery.close(at(500));
        assert_eq!(recovery.mean(Span::from_mins(100)), Some(Span::from_mins(37)));
        assert_eq!(recovery.worst.unwrap().0, Span::from_mins(60));
        assert_eq!(recovery.past[0].1, Span::from_mins(20));
        assert_eq!(recovery.n_points, 2, "an older point changes nothing");
    }

    #[test]
    fn time_without_any_point_is_past_every_limit() {
        let mut recovery = Recovery::new(at(0), at(100), &[Span::from_mins(50)]);
        recovery.arrive(at(30), point(20), NOTHING);
        recovery.close(at(100));
        assert_eq!(recovery.without, Span::from_mins(30));
        // ages 10 → 80: past 50 min for 30 min
        assert_eq!(recovery.past[0].1, Span::from_mins(60));
    }

    /// The old point was due at 0 and began at 2; the new one was due at 60, began at 69, took 3 for
    /// its snapshot, waited 5, and arrived at 92: 90 min of age, of which 60 are the interval, 9 − 2
    /// the window, 3 the snapshot, 5 waiting, and 92 − 69 − 3 − 5 = 15 the transfer.
    #[test]
    fn an_age_is_the_sum_of_what_it_came_from() {
        let mut recovery = Recovery::new(at(0), at(200), &[]);
        recovery.seed(Point { started: at(2), due: at(0), gone: None });
        let new = Point { started: at(69), due: at(60), gone: None };
        recovery.arrive(at(92), new, (Span::from_mins(3), Span::from_mins(5)));
        let split = recovery.split.unwrap();
        assert_eq!(split.age(), Span::from_mins(90));
        assert_eq!((split.interval, split.transfer), (Span::from_mins(60), Span::from_mins(15)));
        assert_eq!(split.window, SignedSpan::between(Span::ZERO, Span::from_mins(7)));
    }

    /// A copy that is deleted at 30 min is no recovery point from then on, until one arrives at 50.
    #[test]
    fn what_is_deleted_is_no_recovery_point() {
        let mut recovery = Recovery::new(at(0), at(100), &[Span::from_mins(25)]);
        recovery.seed(Point { gone: Some(at(30)), ..point(0) });
        assert_eq!(recovery.age(at(31)), None);
        recovery.arrive(at(50), point(45), NOTHING);
        recovery.close(at(100));
        assert_eq!(recovery.without, Span::from_mins(20));
        // 25–30, then without any until 50, then older than 25 from 70 on.
        assert_eq!(recovery.past[0].1, Span::from_mins(5 + 20 + 30));
    }
}
