//! What copies that broke a promise spent their time on, and what the slowest copy did.

use crate::catalog::Cause;
use crate::drive::result::Slowest;
use crate::engine::copy::Causes;
use crate::units::Span;

/// Time by cause of copies that broke a promise.
#[derive(Debug, Clone, Default)]
pub(super) struct Broke {
    /// Nanoseconds, in order of [`Cause::ALL`]; nothing where no copy did.
    nanos: Vec<u128>,
}

impl Broke {
    /// One more copy, which was late by `over`.
    ///
    /// A paced copy takes as long as it was asked to, and no longer: that is what breaks a promise
    /// only where the copy would be late without all its other time.
    pub(super) fn add(&mut self, causes: &Causes, over: Span) {
        let others: Span = but_paced(causes).map(|(_, span)| span).sum();
        let is_paced_too = others < over;
        self.nanos.resize(Cause::ALL.len(), 0);
        for (cause, span) in Cause::ALL.iter().zip(causes) {
            if *cause != Cause::Paced || is_paced_too {
                self.nanos[*cause as usize] += u128::from(span.nanos());
            }
        }
    }

    pub(super) fn nanos(&self) -> &[u128] {
        &self.nanos
    }
}

fn but_paced(causes: &Causes) -> impl Iterator<Item = (Cause, Span)> {
    let each = Cause::ALL.into_iter().zip(causes.iter().copied());
    each.filter(|(cause, _)| *cause != Cause::Paced)
}

impl Slowest {
    /// A copy that took so long: what took most of it, pacing only where nothing else took any.
    fn of(took: Span, causes: &Causes) -> Slowest {
        let mut most = (None, Span::ZERO);
        for (cause, span) in but_paced(causes) {
            if most.1 < span {
                most = (Some(cause), span);
            }
        }
        let paced = (causes[Cause::Paced as usize] != Span::ZERO).then_some(Cause::Paced);
        Slowest { took, cause: most.0.or(paced) }
    }

    /// Takes the place of `slowest` where it took longer.
    pub(in crate::drive) fn compete(slowest: &mut Option<Slowest>, took: Span, causes: &Causes) {
        if slowest.is_none_or(|slowest| slowest.took < took) {
            *slowest = Some(Slowest::of(took, causes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn causes(spent: &[(Cause, u64)]) -> Causes {
        let mut causes = Causes::default();
        for (cause, mins) in spent {
            causes[*cause as usize] = Span::from_mins(*mins);
        }
        causes
    }

    /// A minute is 60 × 10⁹ ns.
    const MIN: u128 = 60_000_000_000;

    /// 20 min for a slot, 5 to start up, 60 paced. Late by 25 min: without the 25 of slot and start-up
    /// it would have been in time. Late by 26: it would not, so the 60 count besides.
    #[test]
    fn pacing_breaks_what_would_be_late_without_all_else() {
        let spent = causes(&[(Cause::Slot, 20), (Cause::StartUp, 5), (Cause::Paced, 60)]);
        let mut broke = Broke::default();
        assert!(broke.nanos().is_empty());
        broke.add(&spent, Span::from_mins(25));
        let of = |broke: &Broke, cause: Cause| broke.nanos()[cause as usize];
        assert_eq!(of(&broke, Cause::Slot), 20 * MIN);
        assert_eq!(of(&broke, Cause::StartUp), 5 * MIN);
        assert_eq!(of(&broke, Cause::Paced), 0);
        broke.add(&spent, Span::from_mins(26));
        assert_eq!(of(&broke, Cause::Slot), 40 * MIN);
        assert_eq!(of(&broke, Cause::Paced), 60 * MIN);
    }

    /// The first of two that took as long is the slowest; of two causes of equal length the one
    /// earlier in life; pacing where there is nothing else.
    #[test]
    fn the_slowest_copy_is_told_by_what_took_most_of_it() {
        let mut slowest = None;
        let mut cause_of = |mins, spent: &[(Cause, u64)]| {
            Slowest::compete(&mut slowest, Span::from_mins(mins), &causes(spent));
            let Slowest { took, cause } = slowest.unwrap();
            (took.whole_mins(), cause)
        };
        let paced = [(Cause::Paced, 15)];
        assert_eq!(cause_of(15, &paced), (15, Some(Cause::Paced)));
        assert_eq!(cause_of(15, &[(Cause::Slot, 15)]), (15, Some(Cause::Paced)));
        let both = [(Cause::Slot, 2), (Cause::Snapshot, 2), (Cause::Paced, 15)];
        assert_eq!(cause_of(19, &both), (19, Some(Cause::Snapshot)));
        assert_eq!(cause_of(18, &[(Cause::Link, 18)]), (19, Some(Cause::Snapshot)));
        assert_eq!(cause_of(20, &[]), (20, None));
    }
}
