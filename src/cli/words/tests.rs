use super::*;
use crate::experiment::FlowTotals;

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
