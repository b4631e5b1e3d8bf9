//! Envelopes worked by hand.

use std::path::PathBuf;

use super::*;
use crate::scenario::{Scenario, Source};

fn envelope_of(text: &str) -> Envelope {
    let source = Source { name: "x.toml".to_owned(), text: text.to_owned(), base: PathBuf::new() };
    let no_files = |_: &str| Err("no files here".to_owned());
    match Scenario::parse(&source, &no_files, &[]) {
        Ok(scenario) => envelope(&scenario.model),
        Err(problems) => panic!("{}", problems.render(text, false)),
    }
}

/// 60 databases of 1,000 GiB, all written, of which 8 % a day changes.
const DATABASES: &str = r#"
[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 60
size = "1000 GiB"
fill = "100 %"
change = "8 %/day"
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "3 days" }]
[[target]]
kind = "rpo"
limit = "2 h"
"#;

/// Start-up is uniform on 2 to 30 s: 16 s on average. 60 × 916 s / 3,600 s = 15.27 slots of 20.
#[test]
fn slots_are_copies_an_hour_times_the_time_of_each() {
    let envelope = envelope_of(DATABASES);
    let [slots] = envelope.slots.as_slice() else { panic!() };
    assert!((slots.asked - 15.2667).abs() < 1e-4, "{slots:?}");
    assert_eq!((slots.hold, slots.there), (Span::from_secs(916), 20));
}

/// 60 due within 60 s on 20 slots: three rounds; the last begins 2 × 916 s after the first, and the
/// jitter has spread them by up to 60 s already: 1,772 s.
#[test]
fn more_copies_than_slots_run_in_rounds() {
    let [rush] = envelope_of(DATABASES).rushes.try_into().unwrap();
    assert_eq!((rush.rounds, rush.wait), (3, Span::from_secs(1772)));
}

/// k = −ln 0.92 = 0.083382; u = 1/24, u^0.7 = exp(0.7 × −3.178054) = 0.108106;
/// 1 − exp(−0.0090141) = 0.0089736 of 1,000 GiB = 8.9736 GiB, in 900 s: 10.2100 MiB/s.
/// On average 15.2667 at once: 155.87 MiB/s; 20 at once: 204.2 MiB/s, of 2,000.
#[test]
fn quota_is_bytes_over_duration() {
    let [quota] = envelope_of(DATABASES).quotas.try_into().unwrap();
    assert!((quota.mean.as_mib_per_s() - 155.87).abs() < 0.02, "{quota:?}");
    assert!((quota.together.as_mib_per_s() - 204.2).abs() < 0.02, "{quota:?}");
    assert_eq!(quota.there, Rate::mib_per_s(2000));
}

/// A snapshot takes 42 s and 8.9736 GiB at 50 MiB/s, 183.8 s: 225.8 s. The least RPO is
/// 3,600 + 60 + 225.8 + 30 + 900 = 4,815.8 s: 80 min, less than the 2 h promised, and so it is with
/// the 1,772 s that the last round waits.
#[test]
fn the_least_rpo_is_the_sum_of_its_parts() {
    let [rpo] = envelope_of(DATABASES).rpo.try_into().unwrap();
    assert!((rpo.least.secs() - 4815.8).abs() < 0.1, "{}", rpo.least.secs());
    assert_eq!((rpo.wait, rpo.limit), (Span::from_secs(1772), Span::from_hours(2)));
}

/// 60 × 1,000 GiB. A full copy needs 2,048 s at 500 MiB/s, and 16 s of start-up: 60 × 2,064 / 20 =
/// 6,192 s on slots; but 61,440,000 MiB at 2,000 MiB/s are 30,720 s. It is there at the start.
/// Kept: 60 × 72 in three days.
#[test]
fn the_seed_and_what_is_kept() {
    let envelope = envelope_of(DATABASES);
    let [seed] = envelope.seeds.as_slice() else { panic!() };
    assert_eq!((seed.bytes, seed.time), (Bytes::gib(60_000), Span::from_secs(30_720)));
    assert!(!seed.in_run);
    let [kept] = envelope.kept.as_slice() else { panic!() };
    assert_eq!((kept.snapshots, kept.there), (4320, 100_000));
}

/// 60 items in turn on 8 accounts: 8 for each of the first four, 7 for the others; 72 of each item.
#[test]
fn what_is_kept_is_counted_by_account() {
    let accounts = "[[account]]\nname = \"vault\"\ncount = 8\nlimits = { snapshots = 550 }\n";
    let own = DATABASES.replace("retain = \"3 days\"", "retain = \"3 days\", account = \"vault\"");
    let envelope = envelope_of(&format!("{own}{accounts}"));
    let kept: Vec<(usize, u64)> =
        envelope.kept.iter().map(|kept| (kept.account, kept.snapshots)).collect();
    let expected = (1..=8).map(|account| (account, if account <= 4 { 576 } else { 504 }));
    assert_eq!(kept, expected.collect::<Vec<_>>());
    assert!(envelope.lines.iter().any(|line| line.contains("576 of 550: too many")));
}

/// Standard copies of 10 GiB that are wholly new, at a median of 100 MiB/s: 102.4 s and 16 s of
/// start-up. One a day: 118.4 / 86,400 slots.
#[test]
fn standard_copies_go_at_the_median_rate_and_say_so() {
    let text = "[[image]]\nname = \"i\"\nlocation = \"us-east-1\"\nlineage = \"fresh\"\n\
        family = [{ name = \"f\", snapshots = [{ size = \"10 GiB\" }, { size = \"1 GiB\" }] }]\n\
        release = { at = \"01:00\" }\ncopy = [{ to = \"us-west-2\" }]\n";
    let envelope = envelope_of(text);
    let [slots] = envelope.slots.as_slice() else { panic!() };
    assert!((slots.asked - 118.4 / 86_400.0).abs() < 1e-6, "{slots:?}");
    assert!(slots.assumed && slots.images);
    assert_eq!(slots.there, 300);
}

/// E of a uniform on 0 to 10, clamped to 5 from above: 5 × 1/2 + half of the mean of 0 to 5 = 3.75.
#[test]
fn means_of_clamped_distributions_are_taken_over_quantiles() {
    use crate::rng::Distribution;
    let clamped = Distribution::uniform(0.0, 10.0).unwrap().clamped(None, Some(5.0)).unwrap();
    assert!((load::mean(&clamped) - 3.75).abs() < 1e-3);
    let mixed = Distribution::mixture(vec![(1.0, clamped), (3.0, Distribution::Constant(1.0))]);
    assert!((load::mean(&mixed.unwrap()) - (3.75 + 3.0) / 4.0).abs() < 1e-3);
}

#[test]
fn it_reads_as_people_say_it() {
    insta::assert_snapshot!(envelope_of(DATABASES).lines.join("\n"), @r#"
    slots = copies an hour × hours that each holds one
      us-west-2, snapshot copies: 60 copies an hour, 15 min and 16 s each, need 15.3 slots of 20
    rounds = copies that are due together / slots; the last round waits for the others
      databases → us-west-2: 60 due within 60 s on 20 slots run in 3 rounds of 15 min and 16 s: the last waits 29 min and 32 s
    quota = bytes / completion duration, of all time-based copies that hold a slot
      us-east-1 → us-west-2: 156 MiB/s on average, 204 MiB/s with all that are due together, of 2,000 MiB/s
    least RPO = interval + window + jitter + snapshot + start-up + transfer, no waiting
      databases → us-west-2: 60 min interval + 1 min jitter + 3 min and 46 s snapshot + 30 s start-up + 15 min transfer = 80.3 min, 109.8 min in the last round; 2 h promised: can hold for a volume of mean size
    first full copies = bytes written, with all slots in use, within the quota
      us-west-2: 58.6 TiB, at least 8 h 32 min; there already at the start
    snapshots kept = items × retention / interval
      us-west-2: 4,320 of 100,000
    "#);
}
