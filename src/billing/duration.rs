//! Which duration or quota to ask for: the arithmetic of the provider's own guide.
//!
//! Source: EBS User Guide, "Time-based copies" (F7, F13, F15).

use crate::catalog::limit::{
    COPY_RATE_MAX, DURATION_MAX, DURATION_MIN, DURATION_STEP, QUOTA_MARGIN,
};
use crate::units::{Bytes, Rate, Span};

/// The rate that moves `amount` in `duration` (F7); infinite for some bytes in no time.
pub fn required_rate(amount: Bytes, duration: Span) -> Rate {
    Rate::of(amount, duration)
}

/// The least completion duration that one copy of `amount` can meet: max(15 min, amount / 500
/// MiB/s), rounded up to the next step of 15 minutes (F13, F1).
///
/// `None` where even 48 hours are too short, past 82 TiB: more than the largest volume holds.
pub fn least_duration(amount: Bytes) -> Option<Span> {
    let at_full_rate = COPY_RATE_MAX.time_for(amount)?;
    let step = at_full_rate.round_up_to(DURATION_STEP).max(DURATION_MIN);
    (step <= DURATION_MAX).then_some(step)
}

/// The quota to ask for where a fleet needs `required` together: a tenth more (F15).
pub fn quota_to_ask(required: Rate) -> Rate {
    required.scale(1.0 + QUOTA_MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::limit::{PAIR_QUOTA, VOLUME_MAX};

    fn rate(mib: u64, mins: u64) -> f64 {
        required_rate(Bytes::mib(mib), Span::from_mins(mins)).as_mib_per_s()
    }

    fn assert_close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-9 * expected, "{got} for {expected}");
    }

    fn least_mins(mib: u64) -> u64 {
        least_duration(Bytes::mib(mib)).unwrap().whole_mins()
    }

    /// 225,000 MiB in 15 min = 900 s: 250 MiB/s.
    #[test]
    fn tv1_the_rate_of_one_snapshot() {
        assert_close(rate(225_000, 15), 250.0);
    }

    /// 200,000 MiB in 3,600 s: 55.5555… MiB/s.
    #[test]
    fn tv2a_the_first_snapshot_of_an_image() {
        assert_close(rate(200_000, 60), 500.0 / 9.0);
    }

    /// 500,000 MiB in 3,600 s: 138.8888… MiB/s.
    #[test]
    fn tv2b_the_second_snapshot_of_an_image() {
        assert_close(rate(500_000, 60), 1250.0 / 9.0);
    }

    /// 450,000 MiB in 3,600 s: 125 MiB/s.
    #[test]
    fn tv2c_the_third_snapshot_of_an_image() {
        assert_close(rate(450_000, 60), 125.0);
    }

    /// The guide prints 55.56 + 138.89 + 125 = 319.45; exact 319.4444…; tolerance 0.01.
    #[test]
    fn tv2d_an_image_draws_the_sum_of_its_snapshots() {
        let sum = rate(200_000, 60) + rate(500_000, 60) + rate(450_000, 60);
        assert!((sum - 319.45).abs() < 0.01, "{sum}");
        assert_close(sum, 2875.0 / 9.0);
    }

    /// 900,000 MiB / 500 MiB/s = 1,800 s: max(15, 30) = 30 min.
    #[test]
    fn tv3_the_least_duration_of_the_guide() {
        assert_eq!(least_mins(900_000), 30);
    }

    /// 450,000 MiB / 500 MiB/s = 900 s: 15 min exactly.
    #[test]
    fn tv10_exactly_one_step() {
        assert_eq!(least_mins(450_000), 15);
    }

    /// 450,001 MiB take 900.002 s: the next step is 30 min.
    #[test]
    fn tv11_one_mebibyte_more_takes_the_next_step() {
        assert_eq!(least_mins(450_001), 30);
    }

    /// 1 MiB takes 2 ms; no duration is shorter than 15 min.
    #[test]
    fn tv12_a_small_snapshot_takes_the_least_duration() {
        assert_eq!(least_mins(1), 15);
        assert_eq!(least_duration(Bytes::ZERO), Some(DURATION_MIN));
    }

    /// 64 TiB = 67,108,864 MiB take 134,217.728 s = 2,236.96 min, next step 2,250 min.
    #[test]
    fn tv13_the_largest_volume_can_be_copied_in_time() {
        assert_eq!(least_duration(VOLUME_MAX), Some(Span::from_mins(2250)));
        // 48 h × 500 MiB/s = 172,800 × 500 = 86,400,000 MiB; one byte more cannot be
        assert_eq!(least_duration(Bytes::mib(86_400_000)), Some(DURATION_MAX));
        assert_eq!(least_duration(Bytes::mib(86_400_000) + Bytes::new(1)), None);
    }

    /// In 900 s 500 MiB/s move 450,000 MiB, 2,000 MiB/s 1,800,000 MiB.
    #[test]
    fn tv14_most_data_in_a_quarter_of_an_hour() {
        let quarter = |mib| required_rate(Bytes::mib(mib), DURATION_MIN);
        assert_eq!(quarter(450_000), COPY_RATE_MAX);
        assert_eq!(quarter(1_800_000), PAIR_QUOTA);
    }

    /// 2,400 MiB/s and a tenth more: 2,640 MiB/s.
    #[test]
    fn tv20_ask_for_a_tenth_more_quota() {
        assert_close(quota_to_ask(Rate::mib_per_s(2400)).as_mib_per_s(), 2640.0);
    }
}
