//! What a run says where its start is unlike the rest.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use snapferry::experiment::Start;
use snapferry::units::Span;
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out, plan_of};

fn start(scenario: &str, fleet: &str) -> Option<Start> {
    let text = format!(
        "[scenario]\nreplications = 10\n{scenario}\n[[fleet]]\nname = \"a\"\nlocation = \
         \"us-east-1\"\nvolumes = 4\nsize = \"1 TiB\"\nfill = \"100 %\"\nchange = \"1 %/day\"\n\
         snapshot = {{ at = \"01:00\" }}\ncopy = [{{ to = \"us-west-2\", {fleet} }}]\n"
    );
    let home = TempDir::new().unwrap();
    let outcome = carried_out(&plan_of(&text), &home.path().join("out"), &QUIET);
    outcome.points[0].start
}

/// The first copies move 1 TiB each, the later ones 10 GiB: the first day of ten is another. After a
/// warm-up of that day nothing is to be said, nor of seeded copies, nor where there is too little.
#[test]
fn full_first_copies_ask_for_a_warm_up() {
    let empty = "horizon = \"10 days\"\ninitial = \"empty\"";
    match start(empty, "") {
        Some(Start::After(span)) => assert!(Span::from_days(1) <= span, "{span}"),
        Some(Start::Unsettled) => {}
        None => panic!("a first day of 23 hours of copies is like one of 10 minutes"),
    }
    assert_eq!(start(&format!("{empty}\nwarm_up = \"1 day\""), ""), None);
    assert_eq!(start("horizon = \"10 days\"\ninitial = \"seeded\"", ""), None);
    assert_eq!(start("horizon = \"5 days\"\ninitial = \"empty\"", ""), None);
}
