//! Slots, quotas, and tokens are counted per account.

use proptest::prelude::*;
use snapferry::model::{Account, Model};
use snapferry::units::Span;

use super::{HUNDRED_SECONDS, hourly};
use crate::support::{WEST, model, run, run_on};

/// One slot, four volumes of 100 s each, one hour.
fn four_on_one_slot() -> Model {
    let mut model = model();
    model.horizon = Span::from_hours(1);
    model.accounts[0].limits.snapshot_slots = 1;
    hourly(&mut model, "f", &[HUNDRED_SECONDS; 4], WEST);
    model
}

/// On one slot they end at 100, 200, 300, 400 s (whoever is refused asks again every 10 s); on two
/// accounts with a slot each, two at 100 s and two at 200 s: twice the slots.
#[test]
fn two_accounts_have_twice_the_slots() {
    let ends = |model: &Model| {
        let mut ends: Vec<Span> = run(model).0.of("f").iter().map(|row| row.end()).collect();
        ends.sort_unstable();
        ends
    };
    let one = four_on_one_slot();
    assert_eq!(ends(&one), [100, 200, 300, 400].map(Span::from_secs));
    let mut two = one;
    let other = Account { name: "vault".to_owned(), ..two.accounts[0].clone() };
    two.accounts.push(other);
    two.fleets[0].copies[0].accounts = vec![0, 1];
    assert_eq!(ends(&two), [100, 100, 200, 200].map(Span::from_secs));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What one account copies is the same, row for row, whatever another one does beside it: they
    /// share no slots, no quota, and no tokens; and no link here.
    #[test]
    fn the_load_of_one_account_touches_no_copy_of_another(
        ours in 1..6usize,
        theirs in 1..12usize,
        slots in 1..4u32,
        seed in 0..1000u64,
        in_time in prop::bool::ANY,
    ) {
        let mut model = model();
        model.seed = seed;
        model.horizon = Span::from_hours(2);
        model.drain = Span::from_hours(1);
        model.accounts[0].limits.snapshot_slots = slots;
        model.accounts[0].limits.copy_snapshot_bucket = (2, 1);
        let other = Account { name: "other".to_owned(), ..model.accounts[0].clone() };
        model.accounts.push(other);
        hourly(&mut model, "ours", &vec![HUNDRED_SECONDS; ours], WEST);
        if in_time {
            model.fleets[0].copies[0].completion_duration = Some(Span::from_mins(15));
        }
        let alone = run_on::<snapferry::engine::network::Levels>(&model, 0).0;
        hourly(&mut model, "theirs", &vec![HUNDRED_SECONDS; theirs], WEST);
        let duration = model.fleets[0].copies[0].completion_duration;
        let theirs = model.fleets.last_mut().expect("just added");
        theirs.account = 1;
        theirs.copies[0].accounts = vec![1];
        theirs.copies[0].completion_duration = duration;
        let beside = run_on::<snapferry::engine::network::Levels>(&model, 0).0;
        prop_assert_eq!(alone.of("ours"), beside.of("ours"));
    }
}
