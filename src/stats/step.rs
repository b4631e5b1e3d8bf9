//! How long something was so: the exact time integral of yes and no.

use crate::units::{Instant, Span};

/// Time during which a condition held, such as "all slots are taken", in whole nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StepIntegral {
    past: Span,
    since: Option<Instant>,
}

impl StepIntegral {
    /// From `now` on the condition holds, or does not. Saying the same again changes nothing.
    ///
    /// # Panics
    /// When `now` lies before the last change.
    pub fn set(&mut self, now: Instant, holds: bool) {
        match (self.since, holds) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                self.past += now.since(since);
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// The time up to `now` during which the condition held.
    ///
    /// # Panics
    /// When `now` lies before the last change.
    pub fn total(&self, now: Instant) -> Span {
        self.past + self.since.map_or(Span::ZERO, |since| now.since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It holds from 10 to 25 (said twice) and from 40 on: 15, and 15 + 2 at 42.
    #[test]
    fn only_the_time_in_which_it_holds_counts() {
        let at = Instant::from_nanos;
        let mut full = StepIntegral::default();
        full.set(at(5), false);
        full.set(at(10), true);
        full.set(at(20), true);
        full.set(at(25), false);
        full.set(at(30), false);
        assert_eq!(full.total(at(35)), Span::from_nanos(15));
        full.set(at(40), true);
        assert_eq!(full.total(at(42)), Span::from_nanos(17));
        assert_eq!(StepIntegral::default().total(at(9)), Span::ZERO);
    }
}
