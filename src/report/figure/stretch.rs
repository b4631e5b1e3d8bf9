//! Stretches of time: which one tells most, and how it is said.

use super::words::utc;
use crate::units::{Instant, Span, count, index_u64};

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: Instant,
    pub(super) to: Instant,
}

const DAY: Span = Span::from_days(1);

/// Steps in which moments are put together.
const STEPS: [Span; 11] = [
    Span::from_mins(5),
    Span::from_mins(10),
    Span::from_mins(15),
    Span::from_mins(30),
    Span::from_hours(1),
    Span::from_hours(2),
    Span::from_hours(3),
    Span::from_hours(6),
    Span::from_hours(12),
    DAY,
    Span::from_days(7),
];

/// The shortest step of which at most `n_most` fill `length`.
pub(super) fn step_of(length: Span, n_most: usize) -> Span {
    let fits = |step: &Span| length <= step.times(index_u64(n_most));
    STEPS.into_iter().find(fits).unwrap_or_else(|| length.scale(1.0 / count(n_most)))
}

impl Stretch {
    /// Its length.
    pub(super) fn length(self) -> Span {
        self.to.since_or_zero(self.from)
    }

    /// Whether a moment lies in it, its end left out.
    pub(super) fn holds(self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// The part of this stretch that holds `at` when it is cut, from 1970 on, into pieces of
    /// `length`: midnights in UTC for a day.
    pub(super) fn piece(self, at: Instant, length: Span) -> Stretch {
        let from = Instant::ZERO + length.times(at.since(Instant::ZERO).whole(length));
        Stretch { from: from.max(self.from), to: (from + length).min(self.to) }
    }

    /// The same, with its ends moved out to whole `step`s, but not beyond `edge`.
    pub(super) fn rounded_out(self, step: Span, edge: Stretch) -> Stretch {
        let since = |at: Instant| at.since(Instant::ZERO);
        let from = Instant::ZERO + step.times(since(self.from).whole(step));
        let to = Instant::ZERO + since(self.to).round_up_to(step);
        Stretch { from: from.max(edge.from), to: to.min(edge.to) }
    }

    /// `Tue 5 Jan, UTC`, `Tue 5 Jan 01:00 to 08:15 UTC`, or `Tue 5 Jan 20:00 to Wed 6 Jan 02:00
    /// UTC`.
    pub(super) fn words(self) -> String {
        let midnight = |at: Instant| at.since(Instant::ZERO).whole(DAY);
        let is_midnight = |at: Instant| DAY.times(midnight(at)) == at.since(Instant::ZERO);
        let from = |format| utc(self.from, format);
        if is_midnight(self.from) && is_midnight(self.to) {
            let last = utc(self.to.back(Span::from_nanos(1)), "%a %-d %b");
            let first = from("%a %-d %b");
            return if first == last {
                format!("{first}, UTC")
            } else {
                format!("{first} to {last}, UTC")
            };
        }
        let to = match midnight(self.to) - midnight(self.from) {
            0 => utc(self.to, "%H:%M"),
            1 if is_midnight(self.to) => "24:00".to_owned(),
            _ => utc(self.to, "%a %-d %b %H:%M"),
        };
        format!("{} to {to} UTC", from("%a %-d %b %H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::START;
    use super::*;

    fn stretch(from_hours: u64, to_hours: u64) -> Stretch {
        Stretch {
            from: START + Span::from_hours(from_hours),
            to: START + Span::from_hours(to_hours),
        }
    }

    /// 2027-01-04 is a Monday.
    #[test]
    fn stretches_are_said_in_few_words() {
        assert_eq!(stretch(0, 24).words(), "Mon 4 Jan, UTC");
        assert_eq!(stretch(24, 72).words(), "Tue 5 Jan to Wed 6 Jan, UTC");
        assert_eq!(stretch(1, 8).words(), "Mon 4 Jan 01:00 to 08:00 UTC");
        assert_eq!(stretch(12, 24).words(), "Mon 4 Jan 12:00 to 24:00 UTC");
        assert_eq!(stretch(20, 26).words(), "Mon 4 Jan 20:00 to Tue 5 Jan 02:00 UTC");
    }

    #[test]
    fn a_piece_begins_at_midnight_and_stays_inside() {
        let whole = stretch(30, 100);
        assert_eq!(whole.piece(START + Span::from_hours(50), DAY), stretch(48, 72));
        assert_eq!(whole.piece(START + Span::from_hours(31), DAY), stretch(30, 48));
        let odd = Stretch { from: START + Span::from_mins(65), to: START + Span::from_mins(130) };
        assert_eq!(odd.rounded_out(Span::from_hours(1), stretch(0, 24)), stretch(1, 3));
        assert_eq!(odd.rounded_out(Span::from_hours(1), stretch(0, 2)), stretch(1, 2));
    }
}
