//! The life of one copy, stretch by stretch: what its time went into when, and how fast it was then.

use crate::catalog::Cause;
use crate::units::{Instant, Rate, Span};

/// A part of a copy's life in which one cause held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Its first moment.
    pub from: Instant,
    /// The moment after it.
    pub until: Instant,
    /// What its time goes into.
    pub cause: Cause,
    /// The link that sets the rate, by index into the model; none where something else does.
    pub link: Option<usize>,
    /// Rate at which bytes move, a mean where it changed; none where none do.
    pub rate: Option<Rate>,
}

impl Stretch {
    /// A part of a wait.
    pub fn of_wait(from: Instant, until: Instant, cause: Cause) -> Stretch {
        Stretch { from, until, cause, link: None, rate: None }
    }

    /// Its length.
    pub fn length(&self) -> Span {
        self.until.since(self.from)
    }

    /// Whether the same held another one up.
    fn is_held_like(&self, other: &Stretch) -> bool {
        (self.cause, self.link) == (other.cause, other.link)
            && self.rate.is_some() == other.rate.is_some()
    }

    /// The mean rate of this and another one.
    fn mean_rate(&self, other: &Stretch) -> Option<Rate> {
        let (own, theirs) = (self.rate?, other.rate?);
        if own == theirs {
            return Some(own);
        }
        let (here, there) = (self.length().secs(), other.length().secs());
        Some(Rate::new((own.get() * here + theirs.get() * there) / (here + there)))
    }
}

/// Stretches as they come: each begins where the one before ends, and differs from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail(Vec<Stretch>);

impl Trail {
    /// Stretches that are kept while a copy lives.
    const MOST: usize = 4096;

    /// The stretches.
    pub fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    /// Appends a stretch; one without length is nothing.
    pub fn push(&mut self, next: Stretch) {
        if next.from == next.until {
            return;
        }
        if let Some(last) = self.0.last_mut() {
            assert_eq!(last.until, next.from, "stretches follow one another");
            if last.is_held_like(&next) && last.rate == next.rate {
                last.until = next.until;
                return;
            }
        }
        self.0.push(next);
        if Trail::MOST < self.0.len() {
            self.shorten(Trail::MOST / 2);
        }
    }

    /// Appends the stretches of another trail.
    pub fn extend(&mut self, other: &Trail) {
        other.0.iter().for_each(|next| self.push(*next));
    }

    /// Puts stretches together until there are at most `most`, if that can be.
    ///
    /// First neighbours that differ in their rate alone, the short ones before the long: the rate is
    /// then a mean. Where that is not enough, a stretch is moved to the one before it of the same
    /// cause, by which as little time as possible is moved: what a cause took in all stays exact, and
    /// when it did is known less well.
    pub fn shorten(&mut self, most: usize) {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else { return };
        let whole = last.until.since(first.from).nanos();
        for halvings in (0..=16).rev() {
            if self.0.len() <= most {
                return;
            }
            self.join_neighbours(Span::from_nanos(whole >> halvings));
        }
        while most < self.0.len() && self.move_one() {}
    }

    /// Joins neighbours that differ in their rate alone, up to a length.
    fn join_neighbours(&mut self, longest: Span) {
        let mut joined: Vec<Stretch> = Vec::with_capacity(self.0.len());
        for next in self.0.drain(..) {
            match joined.last_mut() {
                Some(last)
                    if last.is_held_like(&next)
                        && (last.rate == next.rate || next.until.since(last.from) <= longest) =>
                {
                    last.rate = last.mean_rate(&next);
                    last.until = next.until;
                }
                _ => joined.push(next),
            }
        }
        self.0 = joined;
    }

    /// Moves a stretch to the one before it of the same cause: the one by which the least time is
    /// moved, its own and what it passes, and the first of several. Says whether there was any.
    fn move_one(&mut self) -> bool {
        let passes = |to: usize, from: usize| -> Span {
            self.0[to + 1..from].iter().map(Stretch::length).sum()
        };
        let before = |from: usize| {
            let to = self.0[..from].iter().rposition(|to| to.is_held_like(&self.0[from]))?;
            Some((passes(to, from) + self.0[from].length(), to, from))
        };
        let Some((_, to, from)) = (1..self.0.len()).filter_map(before).min() else { return false };
        let moved = self.0.remove(from);
        self.0[to].rate = self.0[to].mean_rate(&moved);
        self.0[to].until = self.0[to].until + moved.length();
        for later in &mut self.0[to + 1..from] {
            later.from = later.from + moved.length();
            later.until = later.until + moved.length();
        }
        self.join_neighbours(Span::ZERO);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Span::from_secs(secs)
    }

    /// Stretches one after another: cause, length in seconds, rate in bytes per second.
    fn trail(stretches: &[(Cause, u64, Option<f64>)]) -> Trail {
        let (mut trail, mut from) = (Trail::default(), 0);
        for (cause, secs, rate) in stretches {
            let until = from + secs;
            let wait = Stretch::of_wait(at(from), at(until), *cause);
            trail.push(Stretch { rate: rate.map(Rate::new), ..wait });
            from = until;
        }
        trail
    }

    fn told(trail: &Trail) -> Vec<(Cause, u64, Option<f64>)> {
        let told = trail.stretches().iter();
        told.map(|s| (s.cause, s.length().nanos() / 1_000_000_000, s.rate.map(Rate::get))).collect()
    }

    #[test]
    fn equal_neighbours_are_one_and_what_has_no_length_is_none() {
        let of = trail(&[
            (Cause::Slot, 5, None),
            (Cause::BackOff, 0, None),
            (Cause::Slot, 2, None),
            (Cause::Link, 3, Some(7.0)),
            (Cause::Link, 4, Some(7.0)),
            (Cause::Link, 1, Some(8.0)),
        ]);
        let expected =
            [(Cause::Slot, 7, None), (Cause::Link, 7, Some(7.0)), (Cause::Link, 1, Some(8.0))];
        assert_eq!(told(&of), expected);
    }

    /// 10 B/s for 1 s and 40 B/s for 2 s are 90 bytes in 3 s: 30 B/s. The stretches of 100 s, of the
    /// same cause, are longer and stay apart; so does the other cause.
    #[test]
    fn the_short_ones_that_differ_in_rate_alone_are_put_together_first() {
        let mut of = trail(&[
            (Cause::StartUp, 3, None),
            (Cause::Link, 100, Some(50.0)),
            (Cause::Quota, 1, Some(5.0)),
            (Cause::Link, 1, Some(10.0)),
            (Cause::Link, 2, Some(40.0)),
            (Cause::Paced, 1, Some(1.0)),
            (Cause::Link, 100, Some(20.0)),
            (Cause::Link, 100, Some(60.0)),
        ]);
        of.shorten(7);
        assert_eq!(told(&of)[3], (Cause::Link, 3, Some(30.0)));
        assert_eq!(of.stretches().len(), 7);
        of.shorten(6);
        assert_eq!(told(&of)[5], (Cause::Link, 200, Some(40.0)));
    }

    /// Slots and back-off in turn: the second back-off, 1 s, goes before the wait of 1 s for a slot,
    /// 2 s in all; any other is more. Then 6 s of slots go before 3 s of back-off, 9 s, rather than 4
    /// of these before 6 of those. What each takes stays: 16 s and 7 s.
    #[test]
    fn where_causes_alternate_the_sums_stay_and_the_order_gives_way() {
        let mut of = trail(&[
            (Cause::Slot, 10, None),
            (Cause::BackOff, 2, None),
            (Cause::Slot, 1, None),
            (Cause::BackOff, 1, None),
            (Cause::Slot, 5, None),
            (Cause::BackOff, 4, None),
        ]);
        of.shorten(4);
        let once = [(Cause::Slot, 10), (Cause::BackOff, 3), (Cause::Slot, 6), (Cause::BackOff, 4)];
        assert_eq!(told(&of), once.map(|(cause, secs)| (cause, secs, None)));
        of.shorten(2);
        let twice = [(Cause::Slot, 16), (Cause::BackOff, 7)];
        assert_eq!(told(&of), twice.map(|(cause, secs)| (cause, secs, None)));
        assert_eq!(of.stretches()[1].until, at(23));
        of.shorten(1);
        assert_eq!(of.stretches().len(), 2, "two causes are never one");
    }

    /// 10,000 rates, one a second, none like its neighbour: they are kept as at most 4,096, and
    /// shortened to 40 or, since lengths double, half as many. As many bytes move as before.
    #[test]
    fn a_trail_does_not_grow_without_end() {
        let rate = |n: u64| f64::from(u32::try_from(n * 7919 % 1009).unwrap());
        let each: Vec<_> = (0..10_000).map(|n| (Cause::Link, 1, Some(rate(n)))).collect();
        let expected: f64 = (0..10_000).map(rate).sum();
        let mut of = trail(&each);
        assert!(of.stretches().len() <= Trail::MOST);
        of.shorten(40);
        assert!((20..=40).contains(&of.stretches().len()), "{}", of.stretches().len());
        let moved = |s: &Stretch| s.rate.unwrap().get() * s.length().secs();
        let sum: f64 = of.stretches().iter().map(moved).sum();
        assert!((sum / expected - 1.0).abs() < 1e-9, "{sum} of {expected}");
    }
}
