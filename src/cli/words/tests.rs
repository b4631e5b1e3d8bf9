use super::*;
use crate::experiment::FlowTotals;
use crate::stats::judge;

const HOUR: TargetKind = TargetKind::Copy { limit: Span::from_hours(1) };

/// A target with a promise, by the shares of its runs; each run has 100 copies.
fn summary(promised: f64, shares: &[f64]) -> TargetSummary {
    TargetSummary {
        name: "in time".to_owned(),
        kind: "copy",
        promised,
        judgement: judge(shares, promised),
        shares: shares.to_vec(),
        worst: Some(Span::from_mins(95)),
        n: 100 * crate::units::index_u64(shares.len()),
        n_missed: 7,
        n_open: 0,
    }
}

fn told(promised: f64, shares: &[f64], kind: TargetKind) -> String {
    let promise =
        Target { name: "in time".to_owned(), kind, fleets: Vec::new(), to: None, share: promised };
    target(&summary(promised, shares), &promise)
}

/// Shares 0.96 to 1: mean 0.98, half 2.776445 × 0.0158114 / √5 = 0.0196324: up to 99.963, with two
/// decimals since 99.963 with one would read as all; down by the odds of a miss, 0.02/0.98 × e^1.00165,
/// to 94.736.
#[test]
fn a_target_is_told_with_its_interval_and_what_it_rests_on() {
    insta::assert_snapshot!(
        told(0.9, &[0.96, 0.97, 0.98, 0.99, 1.0], HOUR),
        @"98.0 % of copies within 60 min of being due (95 % interval 94.74–99.96 %), promised 90 %; worst 95 min; 5 runs, 500 copies, 7 missed"
    );
}

#[test]
fn a_target_that_is_not_sure_says_why() {
    let few = told(0.9, &[1.0; 3], HOUR);
    assert!(few.ends_with("; n too small: fewer than 5 runs"), "{few}");
    let between = told(0.97, &[0.96, 0.97, 0.98, 0.99, 1.0], HOUR);
    assert!(between.ends_with("; the promise lies inside the interval"), "{between}");
    assert_eq!(told(0.9, &[f64::NAN], HOUR), "nothing was due; promised 90 %");
}

/// No miss in 20 runs: 1 − 0.05^(1/20) = 13.9 %. Half in every run has no interval to speak of, nor
/// has one miss in 20: at most 24.9 % of runs have it (Clopper and Pearson, two-sided).
#[test]
fn without_a_miss_there_is_a_bound_and_without_spread_no_interval() {
    assert!(told(0.9, &[1.0; 20], HOUR).contains("(at most 13.9 % of runs miss, 95 %)"));
    assert!(
        told(0.9, &[0.5; 20], HOUR)
            .contains("being due in every run (at most 13.9 % of runs differ, 95 %), promised")
    );
    let mut shares = [1.0; 20];
    shares[3] = 0.9;
    let one = told(0.9, &shares, HOUR);
    assert!(one.starts_with("99.5 % of copies within 60 min of being due (at most 24.9 % of runs"));
}

#[test]
fn shares_of_time_say_so() {
    let rpo =
        told(0.9, &[0.5; 5], TargetKind::Rpo { limit: Span::from_hours(2), per: Per::Volume });
    assert!(rpo.starts_with("50.0 % of the time with a recovery point younger than 2 h"), "{rpo}");
    let link = told(0.9, &[0.5; 5], TargetKind::Link { link: 0, below: 0.8, hours: None });
    assert!(link.starts_with("50.0 % of the time below 80.0 % in use"), "{link}");
}

#[test]
fn a_flip_that_turns_is_told_with_the_clause_and_the_key() {
    let target = summary(0.9, &[1.0; 20]);
    let flip = |turns| Flip {
        key: "P-TB-PACE",
        about: "how fast a time-based copy runs",
        in_force: "exact".to_owned(),
        text: "early".to_owned(),
        target: target.name.clone(),
        base: target.judgement,
        flipped: judge(&[0.5; 5], 0.9),
        turns,
        n_runs: 5,
    };
    let flips = [flip(false), flip(true)];
    let told: Vec<String> = turns(&target, &flips).collect();
    assert_eq!(told, ["but no if time-based copies are paced early (P-TB-PACE = early): 50.0 %"]);
    // from another assumption back to the default
    let back = Flip { text: "exact".to_owned(), in_force: "early".to_owned(), ..flip(true) };
    let told: Vec<String> = turns(&target, &[back]).collect();
    assert_eq!(
        told,
        [
            "but no if this is otherwise: how fast a time-based copy runs, and so how long it holds its \
          slot (P-TB-PACE = exact): 50.0 %"
        ]
    );
}

/// 60 words of one letter are 119 columns: more than one line, and none of them is lost.
#[test]
fn lines_break_before_they_are_too_long() {
    let text = "x ".repeat(60);
    let lines = wrapped(text.trim_end(), 12);
    assert!(lines.lines().all(|line| line.len() <= WIDTH && line.starts_with("            x")));
    assert_eq!((lines.lines().count(), lines.matches('x').count()), (2, 60));
    assert_eq!(wrapped("as it is", 2), "  as it is\n");
}

#[test]
fn a_number_stays_with_what_it_counts() {
    assert_eq!(parts("worst 3 h 24 min; 99.8 % of"), ["worst", "3 h", "24 min;", "99.8 %", "of"]);
    // 98 letters and " 5" fit, but the unit does not
    let lines = wrapped(&format!("{} 5 min", "y".repeat(WIDTH - 2)), 0);
    assert_eq!(lines.lines().last(), Some("5 min"));
}

#[test]
fn flows_that_never_end_are_said() {
    let totals = |n_ended| Outcome {
        flow_level: Some(FlowTotals {
            n_flows: 1000,
            n_ended,
            makespan: Span::from_nanos(12_300_000_000),
        }),
        ..Outcome::default()
    };
    assert_eq!(flow_level(&totals(1000)).unwrap(), "1,000 flows, makespan 12.3 s");
    assert_eq!(
        flow_level(&totals(998)).unwrap(),
        "1,000 flows, makespan 12.3 s; 2 stall for ever on links without capacity"
    );
    assert_eq!(flow_level(&Outcome::default()), None);
}
