//! How many bytes a copy moves: all that was written, or what changed since its base.

use crate::catalog::limit::BLOCK;
use crate::units::{Bytes, Instant, Span, count_u64};

/// Exponent of the sublinear growth of changed blocks with time.
///
/// Assumed: rewrites dominate, so distinct blocks grow more slowly than writes; 0.7 lies between
/// the published daily and monthly working sets of cloud block traces. It was not measured.
pub const CHANGE_EXPONENT: f64 = 0.7;

/// The state of a source snapshot, as far as its copies need it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceSnapshot {
    /// Its volume, by number: lineages belong to volumes.
    pub volume: u32,
    /// Its number among the snapshots of that volume.
    pub number: u64,
    /// When it began: the recovery point.
    pub started: Instant,
    /// Bytes of a full copy, whole blocks.
    pub full: Bytes,
    /// Reading of the volume's change clock, days: it runs at m^(1/0.7), m the product of the
    /// factors of the day.
    pub change_clock: f64,
    /// The volume's rate k: 1 − exp(−k) of the written bytes change in a median day.
    pub change_rate: f64,
    /// What is known of the time since an earlier snapshot, most often the base of its copies; none
    /// where nobody looked.
    pub since: Option<Changed>,
}

/// What changed since an earlier snapshot: two powers, taken once for all copies of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed {
    /// Reading of the volume's change clock at the earlier one, days.
    change_clock: f64,
    /// Share of the written bytes, 0 to 1.
    share: f64,
}

impl Changed {
    /// What changes at rate k between two readings of the change clock, days.
    pub fn between(change_rate: f64, earlier: f64, later: f64) -> Changed {
        let gap = later - earlier;
        let share = if gap <= 0.0 || change_rate <= 0.0 {
            0.0
        } else {
            -libm::expm1(-change_rate * libm::pow(gap, CHANGE_EXPONENT))
        };
        Changed { change_clock: earlier, share }
    }
}

/// The rate k of a volume of which `share` changes in a median day: −ln(1 − share); infinite at 1.
pub fn change_rate(share: f64) -> f64 {
    -libm::log1p(-share)
}

/// How one volume changes: the rate k of the law of [`delta`], per day^0.7, 0 or more.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ChangeRate(pub f64);

impl ChangeRate {
    /// Of a volume of which `share` changes in a median day, 0 to 1; see [`change_rate`].
    pub fn daily(share: f64) -> ChangeRate {
        ChangeRate(change_rate(share))
    }

    /// Of a volume of which `n_blocks` were counted to change in `gap`, not zero: on median days, a
    /// copy whose base is that much older has these blocks, to the byte.
    ///
    /// k = −ln(1 − s) / gap^0.7. Blocks change whole, and [`delta`] rounds up to whole ones, so all
    /// shares that lie between one block less and these make the same count; s is the middle of
    /// them, (blocks − 1/2) / written. So rounding never turns the count, and a volume of which all
    /// blocks changed has a rate like others.
    pub fn counted(n_blocks: u64, written: Bytes, gap: Span) -> ChangeRate {
        let all = written.round_up_to(BLOCK).get() / BLOCK.get();
        let n_blocks = n_blocks.min(all);
        if n_blocks == 0 {
            return ChangeRate(0.0);
        }
        let share = (count_u64(n_blocks) - 0.5) / count_u64(all);
        ChangeRate(change_rate(share) / libm::pow(gap.days(), CHANGE_EXPONENT))
    }
}

/// Bytes that changed from the base to the newer snapshot: written × (1 − exp(−k u^0.7)), at least
/// what the volume grew by, in whole blocks, at most a full copy. `u` is the advance of the change
/// clock.
pub fn delta(base_full: Bytes, base_clock: f64, newer: &SourceSnapshot) -> Bytes {
    let known = newer.since.filter(|known| known.change_clock.to_bits() == base_clock.to_bits());
    let changed = known
        .unwrap_or_else(|| Changed::between(newer.change_rate, base_clock, newer.change_clock));
    let grown = newer.full.minus_or_zero(base_full);
    newer.full.scale(changed.share).max(grown).round_up_to(BLOCK).min(newer.full)
}

/// The factor by which the change clock runs on a day whose change is `m` times the median.
pub fn clock_speed(m: f64) -> f64 {
    libm::pow(m, 1.0 / CHANGE_EXPONENT)
}

/// The written bytes after `days` days of growth at `per_year` a year, whole blocks.
pub fn grown(written: Bytes, per_year: f64, days: f64) -> Bytes {
    if per_year <= 0.0 {
        return written.round_up_to(BLOCK);
    }
    let factor = libm::pow(1.0 + per_year, days / count_u64(365));
    written.scale(factor).round_up_to(BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(clock: f64, full_gib: u64) -> SourceSnapshot {
        SourceSnapshot {
            volume: 0,
            number: 0,
            started: Instant::ZERO,
            full: Bytes::gib(full_gib),
            change_clock: clock,
            change_rate: change_rate(0.08),
            since: None,
        }
    }

    /// 8 % a day: after one day 8 % of 100 GiB is 8 GiB. After two days, k = −ln 0.92 = 0.083382,
    /// 2^0.7 = 1.624505: 1 − exp(−0.135454) = 0.126681, less than twice 8 %. In whole blocks.
    #[test]
    fn changed_bytes_grow_sublinearly_with_the_gap() {
        let day = delta(Bytes::gib(100), 0.0, &snapshot(1.0, 100));
        assert_eq!(day, Bytes::gib(8));
        let two = delta(Bytes::gib(100), 0.0, &snapshot(2.0, 100));
        assert!((two.as_gib() - 12.6681).abs() < 0.001, "{two}");
        assert_eq!(two.get() % BLOCK.get(), 0);
    }

    #[test]
    fn a_volume_without_change_moves_nothing_and_one_that_grew_moves_its_growth() {
        assert_eq!(delta(Bytes::gib(100), 1.0, &snapshot(1.0, 100)), Bytes::ZERO);
        assert_eq!(delta(Bytes::gib(90), 1.0, &snapshot(1.0, 100)), Bytes::gib(10));
    }

    /// What is known is taken for its own base alone: 8 % of 100 GiB since reading 1, and two days'
    /// change since reading 0.
    #[test]
    fn what_is_known_of_one_base_is_not_taken_for_another() {
        let looked_up = snapshot(2.0, 100);
        let since = Some(Changed::between(looked_up.change_rate, 1.0, 2.0));
        let known = SourceSnapshot { since, ..looked_up };
        let of = |base_clock| delta(Bytes::gib(100), base_clock, &known);
        assert_eq!((of(1.0), of(0.0)), (Bytes::gib(8), delta(Bytes::gib(100), 0.0, &looked_up)));
    }

    #[test]
    fn a_delta_is_at_most_a_full_copy() {
        let mut all = snapshot(400.0, 100);
        all.change_rate = change_rate(1.0);
        assert_eq!(delta(Bytes::gib(100), 0.0, &all), Bytes::gib(100));
    }

    /// The bytes that a counted change makes in the gap in which it was counted, from a base of which
    /// the clock read `base_clock`.
    fn counted_again(n_blocks: u64, written: Bytes, gap: Span, base_clock: f64) -> Bytes {
        let rate = ChangeRate::counted(n_blocks, written, gap);
        let full = written.round_up_to(BLOCK);
        let newer = SourceSnapshot {
            full,
            change_clock: base_clock + gap.days(),
            change_rate: rate.0,
            ..snapshot(0.0, 0)
        };
        delta(full, base_clock, &newer)
    }

    /// 16 TiB have 33,554,432 blocks, 64 TiB four times as many; bytes beside whole blocks fill one
    /// more.
    #[test]
    fn counted_blocks_come_out_again_to_the_byte() {
        let odd = Bytes::new(1000 * BLOCK.get() + 1);
        let cases = [
            (Bytes::gib(1), [0, 1, 2, 1000, 2047, 2048]),
            (odd, [0, 1, 500, 999, 1000, 1001]),
            (Bytes::tib(16), [0, 1, 3, 16_777_216, 33_554_431, 33_554_432]),
            (Bytes::tib(64), [0, 1, 7, 67_108_863, 134_217_727, 134_217_728]),
        ];
        let gaps =
            [Span::from_mins(15), Span::from_hours(1), Span::from_hours(23), Span::from_days(31)];
        for (written, counts) in cases {
            for (n_blocks, gap) in counts.into_iter().flat_map(|n| gaps.map(|gap| (n, gap))) {
                let expected = Bytes::new(n_blocks * BLOCK.get());
                for base_clock in [0.0, 3.7, 364.125] {
                    let found = counted_again(n_blocks, written, gap, base_clock);
                    assert_eq!(found, expected, "{n_blocks} of {written} in {gap}");
                }
            }
        }
    }

    /// More blocks than there are count as all of them.
    #[test]
    fn no_more_than_all_blocks_change() {
        let [all, more] =
            [2048, 4096].map(|n| ChangeRate::counted(n, Bytes::gib(1), Span::from_days(1)));
        assert_eq!(all, more);
        assert!(all.0.is_finite());
    }

    /// 20 % a year: after 365 days 120 GiB of 100.
    #[test]
    fn growth_compounds_by_the_year() {
        assert_eq!(grown(Bytes::gib(100), 0.2, 365.0), Bytes::gib(120));
    }
}
