//! Orchestrators at work: their patience, their second copies, their limits, their hours.

use snapferry::catalog::Cause;
use snapferry::model::{Items, Model, Orchestrator, SiteIdx};
use snapferry::record::Outcome;
use snapferry::units::{Bytes, Span};

use crate::support::{
    IRELAND, Row, START, WEST, add, add_with, every, fleet, image, measured, model, once, rule,
    run, seconds, volumes,
};

/// One snapshot of `mib`, asked for at 1 s by this orchestrator.
fn one_copy(by: Orchestrator, mib: u64, duration: Option<Span>) -> Model {
    let mut model = model();
    let some = fleet("f", volumes(&[Bytes::mib(mib)]), once(1));
    add_with(&mut model, some, (WEST, duration), by.client("f"));
    model
}

/// Beside it, a copy that holds the only slot from 0 s on for this long, at 100 MiB/s.
fn with_the_slot_taken(mut model: Model, secs: u64) -> Model {
    model.accounts[0].limits.snapshot_slots = 1;
    let other = fleet("other", volumes(&[Bytes::mib(100 * secs)]), once(0));
    add(&mut model, other, (WEST, None));
    model
}

/// The copies of one snapshot in the order in which they were asked for: when each was accepted and
/// ended, in seconds after 1 s.
fn history(rows: &[&Row]) -> Vec<(f64, f64)> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.again);
    rows.iter().map(|row| (seconds(row.wait()), seconds(row.end()) - 1.0)).collect()
}

const TO_WEST: &str = "f → us-west-2";

/// Terraform waits 10 min for a snapshot, and the copy is to take 15 min: 9,000 MiB at 10 MiB/s. It
/// reports a failure at 10 min, and the copy arrives at 15 min all the same, once.
#[test]
fn terraform_reports_a_failure_and_its_copy_arrives() {
    let model = one_copy(Orchestrator::Terraform, 9_000, Some(Span::from_mins(15)));
    let (rows, result) = run(&model);
    assert_eq!(history(&rows.of("f")), [(0.0, 900.0)]);
    for (measure, expected) in [("timed_out", 1.0), ("completed", 1.0), ("requests", 1.0)] {
        assert_eq!(measured(&result, TO_WEST, measure), expected, "{measure}");
    }
}

/// An image of 900 s or of 2,400 s is there before Terraform's 40 min for images are over, and one
/// of 2,401 s is not.
#[test]
fn terraform_waits_forty_minutes_for_an_image() {
    for (secs, timed_out) in [(900, 0.0), (2_400, 0.0), (2_401, 1.0)] {
        let mut model = model();
        let images = Items::Images(vec![image("i", &[Bytes::mib(100 * secs)])]);
        let client = Orchestrator::Terraform.client("f");
        add_with(&mut model, fleet("f", images, once(1)), (WEST, None), client);
        let (_, result) = run(&model);
        assert_eq!(measured(&result, TO_WEST, "timed_out"), timed_out, "{secs} s");
    }
}

/// A copy of 1,500 s. The function ends at 900 s, rests a minute, and asks again: the second copy
/// runs from 960 s to 2,460 s, beside the first one, which arrives at 1,500 s. The bytes move twice,
/// and transfer (0.02 USD/GB) is paid twice.
#[test]
fn lambda_copies_twice_moves_twice_and_pays_twice() {
    let (rows, result) = run(&one_copy(Orchestrator::Lambda, 150_000, None));
    assert_eq!(history(&rows.of("f")), [(0.0, 1_500.0), (960.0, 2_460.0)]);
    for (measure, expected) in [
        ("timed_out", 1.0),
        ("again", 1.0),
        ("requests", 2.0),
        ("completion_mean", 1_500.0),
        ("moved", Bytes::mib(300_000).as_f64()),
        ("moved_again", Bytes::mib(150_000).as_f64()),
        ("transfer", 300_000.0 * 0.02 / 1024.0),
    ] {
        let got = measured(&result, TO_WEST, measure);
        assert!((got - expected).abs() <= 1e-9 * expected, "{measure}: {got}, not {expected}");
    }
}

/// A copy of 4,000 s, and three runs of 900 s, with one and two minutes between them: asked for at
/// 0, 960, and 960 + 900 + 120 = 1,980 s. After the third run nothing more is asked.
#[test]
fn lambda_runs_three_times_in_all() {
    let (rows, result) = run(&one_copy(Orchestrator::Lambda, 400_000, None));
    let expected = [(0.0, 4_000.0), (960.0, 4_960.0), (1_980.0, 5_980.0)];
    assert_eq!(history(&rows.of("f")), expected);
    assert_eq!(measured(&result, TO_WEST, "timed_out"), 3.0);
    assert_eq!(measured(&result, TO_WEST, "requests"), 3.0);
}

/// Runs that are refused count among the three: with the slot taken until 150 s, runs at 1 s and 61
/// s fail, and that at 181 s, 180 s after the first, has its copy of 4,000 s. It is the last: no
/// second copy. With the slot taken until 200 s, the third fails too.
#[test]
fn a_refused_run_of_lambda_is_one_of_the_three() {
    let (rows, result) =
        run(&with_the_slot_taken(one_copy(Orchestrator::Lambda, 400_000, None), 150));
    assert_eq!(history(&rows.of("f")), [(180.0, 4_180.0)]);
    assert_eq!(measured(&result, TO_WEST, "timed_out"), 1.0);
    assert_eq!(measured(&result, TO_WEST, "requests"), 3.0);
    let (rows, _) = run(&with_the_slot_taken(one_copy(Orchestrator::Lambda, 400_000, None), 200));
    let [row] = rows.of("f")[..] else { panic!() };
    let ended = row.ended.unwrap().since(row.due);
    assert_eq!((row.outcome, row.attempts, ended), (Outcome::GivenUp, 3, Span::from_secs(180)));
}

/// CopyImage has a token: a function that asks twice for an image of 1,500 s has one image.
#[test]
fn lambda_does_not_copy_an_image_twice() {
    let mut model = model();
    let images = Items::Images(vec![image("i", &[Bytes::mib(150_000)])]);
    let client = Orchestrator::Lambda.client("f");
    add_with(&mut model, fleet("f", images, once(1)), (WEST, None), client);
    let (rows, result) = run(&model);
    assert_eq!((rows.images.len(), rows.copies.len()), (1, 1));
    assert_eq!(measured(&result, TO_WEST, "timed_out"), 1.0);
    assert_eq!(measured(&result, TO_WEST, "moved"), Bytes::mib(150_000).as_f64());
}

/// With the slot taken, AWS Backup asks at 0, 10, …, 120 min, 13 times, and its job has failed. With
/// the slot free from 1,000 s on it has its copy at the next full ten minutes: at 1,200 s.
#[test]
fn aws_backup_tries_every_ten_minutes_for_two_hours() {
    let by = Orchestrator::AwsBackup;
    let (rows, _) = run(&with_the_slot_taken(one_copy(by, 100, None), 8_000));
    let [row] = rows.of("f")[..] else { panic!() };
    let ended = row.ended.unwrap().since(row.due);
    assert_eq!((row.outcome, row.attempts, ended), (Outcome::GivenUp, 13, Span::from_hours(2)));
    let (rows, _) = run(&with_the_slot_taken(one_copy(by, 100, None), 1_000));
    assert_eq!(history(&rows.of("f")), [(1_200.0, 1_201.0)]);
}

/// Packer and Terraform fail at the first refusal that is no throttling.
#[test]
fn who_runs_once_gives_up_where_the_slots_are_full() {
    for by in [Orchestrator::Packer, Orchestrator::Terraform] {
        let (rows, _) = run(&with_the_slot_taken(one_copy(by, 100, None), 10));
        let [row] = rows.of("f")[..] else { panic!() };
        let ended = row.ended.unwrap().since(row.due);
        assert_eq!((row.outcome, row.attempts, ended), (Outcome::GivenUp, 1, Span::ZERO), "{by:?}");
    }
}

/// 120 images of 100 s to each of two Regions, with 300 slots there: 50 at once to each, so that 50
/// arrive at 100 s, 50 at 200 s, and 20 at 300 s. The wait is the client's own.
#[test]
fn image_builder_copies_fifty_at_once_to_each_region() {
    let mut model = model();
    let images = (0..120).map(|n| image(&format!("i{n}"), &[Bytes::mib(10_000)])).collect();
    let mut gold = fleet("f", Items::Images(images), once(0));
    gold.copies = vec![rule(&model, WEST, None), rule(&model, IRELAND, None)];
    model.clients.push(Orchestrator::ImageBuilder.client("f"));
    model.fleets.push(gold);
    let (rows, _) = run(&model);
    for to in ["us-west-2", "eu-west-1"] {
        let there: Vec<&Row> = rows.copies.iter().filter(|row| row.to == to).collect();
        let at = |secs: u64| there.iter().filter(|row| row.end() == Span::from_secs(secs)).count();
        assert_eq!((there.len(), at(100), at(200), at(300)), (120, 50, 50, 20), "{to}");
        for row in there {
            assert_eq!(row.spent(Cause::ClientQueue), row.wait());
            assert_eq!(row.accepted.unwrap().since(START), row.wait());
        }
    }
}

/// Whatever the draws, a snapshot of DLM begins within the hour after it was due, and a daily one of
/// AWS Backup within eight. Of 300 snapshots the latest is past 9/10 of that time, and the earliest
/// before 1/10 of it (else with a chance of 0.9^300, 2 × 10^−14), if any time of it is as likely.
#[test]
fn snapshots_begin_within_the_start_window() {
    for (by, hours) in [(Orchestrator::Dlm, 1), (Orchestrator::AwsBackup, 8)] {
        let mut model = model();
        model.horizon = Span::from_days(3);
        let mut daily = every(Span::from_days(1));
        daily.window = by.start_window().expect("it keeps hours of its own");
        let mut some = fleet("f", volumes(&[Bytes::mib(1); 100]), daily);
        some.makes_snapshot = true;
        add_with(&mut model, some, (SiteIdx(1), None), by.client("f"));
        let (rows, _) = run(&model);
        let late: Vec<Span> = rows.copies.iter().map(|row| row.spent(Cause::Window)).collect();
        assert_eq!(late.len(), 300);
        let (first, last) = (late.iter().min().unwrap(), late.iter().max().unwrap());
        let tenth = Span::from_mins(6 * hours);
        assert!(*last < tenth.times(10), "{by:?}: {last:?}");
        assert!(tenth.times(9) < *last && *first < tenth, "{by:?}: {first:?} to {last:?}");
    }
}
