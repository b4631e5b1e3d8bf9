//! Inverse questions whose answers are known by arithmetic, and the best of sweeps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use snapferry::experiment::{
    self, Answer, FRESH_SEED, NoObserver, Options, Outcome, Staging, Study,
};
use snapferry::plan::{self, Grid, Plan, Search, Unknown};
use snapferry::scenario::{Narrow, shortfalls};
use snapferry::stats::Verdict;
use snapferry::units::{Bytes, Span};
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out_by, plan_of, texts};

/// 40 volumes of 10 GiB, all of which is copied at once by a client that knows when a slot is free;
/// nothing else takes time. Whatever is promised of them follows.
const WAVES: &str = r#"
[scenario]
replications = 20
horizon = "1 day"
initial = "empty"
[assume]
P-OVERHEAD = "0 s"
[[client]]
name = "queue"
policy = "queue"
[[fleet]]
name = "waves"
location = "us-east-1"
volumes = 40
size = "10 GiB"
fill = "100 %"
snapshot = { once = "0 s", existing = true, jitter = "0 s" }
copy = [{ to = "us-west-2", completion_duration = "15 min", client = "queue" }]
"#;

/// Four volumes of 85 GiB, 87,040 MiB, under a quota of 200 MiB/s: in 15 minutes each needs 96.7 MiB/s,
/// in 30 min 48.4 MiB/s, in 45 min 32.2 MiB/s.
const QUOTA: &str = r#"
[scenario]
replications = 20
horizon = "1 day"
initial = "empty"
[assume]
P-OVERHEAD = "0 s"
[limits]
quota = "200 MiB/s"
[[fleet]]
name = "four"
location = "us-east-1"
volumes = 4
size = "85 GiB"
fill = "100 %"
snapshot = { once = "0 s", existing = true, jitter = "0 s" }
copy = [{ to = "us-west-2", completion_duration = "15 min" }]
"#;

/// Copies are promised within `limit`, all of them.
fn within(scenario: &str, limit: &str) -> String {
    format!("{scenario}[[target]]\nname = \"in time\"\nkind = \"copy\"\nlimit = \"{limit}\"\n")
}

fn options(threads: usize) -> Options {
    Options { threads: Some(threads), confirm: true, ..QUIET }
}

/// Carries a plan out; what it came to, and its files by name.
fn carried_out<T>(
    plan: &Plan,
    carry_out: impl FnOnce(&Study<'_>, &Staging<'_>) -> T,
) -> (T, BTreeMap<String, String>) {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    let outcome = carried_out_by(plan, &place, carry_out);
    (outcome, texts(&place))
}

fn run(plan: &Plan, options: &Options) -> (Outcome, BTreeMap<String, String>) {
    carried_out(plan, |study, staging| {
        experiment::run(study, staging, options, &NoObserver).unwrap()
    })
}

/// A search that was carried out.
struct Solved {
    grid: Grid,
    outcome: Outcome,
    answer: Answer,
    tables: BTreeMap<String, String>,
}

impl Solved {
    fn label(&self, place: usize) -> &str {
        &self.grid.plan.points[place].labels[0].1
    }

    fn best(&self) -> Option<&str> {
        self.answer.best.as_ref().map(|best| self.label(best.point))
    }

    fn beside(&self) -> Option<&str> {
        self.answer.beside.map(|place| self.label(place))
    }

    /// The mean share of the first target at each value.
    fn shares(&self) -> Vec<f64> {
        let points = self.outcome.points.iter();
        points.map(|point| point.targets[0].judgement.mean.unwrap()).collect()
    }
}

fn solve(text: &str, unknown: Unknown, grid: &str) -> Solved {
    solve_by(text, &Search { unknown, grid: Some(grid), fleets: &[], targets: &[] }, 1)
}

fn solve_by(text: &str, search: &Search<'_>, threads: usize) -> Solved {
    let grid = plan::search(&plan_of(text), search).unwrap();
    let ((outcome, answer), tables) = carried_out(&grid.plan, |study, staging| {
        experiment::solve((study, &grid), staging, &options(threads), &NoObserver).unwrap()
    });
    Solved { grid, outcome, answer, tables }
}

/// The cells of one column of a table.
fn column<'a>(table: &'a str, name: &str) -> Vec<&'a str> {
    let mut lines = table.lines();
    let place = lines.next().unwrap().split(',').position(|other| other == name).unwrap();
    lines.map(|line| line.split(',').nth(place).unwrap()).collect()
}

/// 40 copies in 20 slots are two waves. Within 65 min, two of 15 min or of 30 min are through, by 60
/// min at the latest; of two of 45 min only the first, of 90 min none. What comes in 30 minutes costs
/// less than in 15; longer is worse here.
#[test]
fn two_waves_take_the_longest_duration_of_which_two_fit() {
    let found =
        solve(&within(WAVES, "65 min"), Unknown::Duration, "15 min, 30 min, 45 min, 90 min");
    assert_eq!(found.shares(), [1.0, 1.0, 0.5, 0.0]);
    assert_eq!((found.best(), found.beside()), (Some("30 min"), Some("45 min")));
    assert_eq!(found.answer.verdict, Verdict::Yes);
    let costs = found.outcome.points.iter().map(|point| point.cost().unwrap()).collect::<Vec<_>>();
    assert!(costs[3] < costs[2] && costs[2] < costs[1] && costs[1] < costs[0], "{costs:?}");
}

/// At 15 minutes two copies take 193.4 of the 200 MiB/s. The third is granted the other 6.6 MiB/s and
/// needs 3 h 40 min; the fourth is refused, and asks again until the first two are through: 3 of 4 are
/// there within the hour. At 30 min (193.4 MiB/s) and at 45 min (129 MiB/s) all four fit, at 90 min none
/// is there. So what meets lies between a shorter and a longer one that do not, and of two that meet
/// the longer costs less.
#[test]
fn a_shorter_duration_can_be_worse_and_a_longer_one_too() {
    let grid = "15 min, 30 min, 45 min, 90 min";
    let found = solve(&within(QUOTA, "60 min"), Unknown::Duration, grid);
    assert_eq!(found.shares(), [0.75, 1.0, 1.0, 0.0]);
    assert_eq!((found.best(), found.beside()), (Some("45 min"), Some("90 min")));
    // without 45 and 90 min, what does not meet beside the best is the shorter one
    let found = solve(&within(QUOTA, "60 min"), Unknown::Duration, "15 min, 30 min");
    assert_eq!((found.best(), found.beside()), (Some("30 min"), Some("15 min")));
}

/// All 40 copies of 15 minutes have to begin at once: 40 slots, and of 30 slots a quarter are late.
#[test]
fn the_fewest_slots_are_those_of_one_wave() {
    let found = solve(&within(WAVES, "20 min"), Unknown::Slots, "60, 20, 40, 30");
    assert_eq!(found.shares(), [0.5, 0.75, 1.0, 1.0]);
    assert_eq!((found.best(), found.beside()), (Some("40"), Some("30")));
    assert_eq!(found.grid.written, Some(0), "the scenario has 20 slots");
}

/// 4 × 96.7 = 386.8 MiB/s. Of 300 MiB/s three copies have 290.1, and the fourth is late with the rest.
#[test]
fn the_least_quota_serves_all_at_once() {
    let grid = "200 MiB/s, 300 MiB/s, 400 MiB/s, 800 MiB/s";
    let found = solve(&within(QUOTA, "16 min"), Unknown::Quota, grid);
    assert_eq!(found.shares(), [0.5, 0.75, 1.0, 1.0]);
    assert_eq!((found.best(), found.beside()), (Some("400 MiB/s"), Some("300 MiB/s")));
}

/// Twenty copies of 105 minutes hold all slots from 01:00 to 02:45. Those of the other fleet take 15
/// minutes and have 30: at 02:00 (as written) and at 01:00 or 02:30 they have to wait; at 00:00 they are
/// before them, at 03:00 after them. 03:00 is one hour from 02:00, 00:00 two.
#[test]
fn the_start_is_the_nearest_one_that_is_not_in_the_way_of_others() {
    let text = r#"
        [scenario]
        replications = 20
        horizon = "1 day"
        [assume]
        P-OVERHEAD = "0 s"
        P-SNAPSHOT = { fixed = "0 s", rate = "100000 MiB/s" }
        [defaults.fleet]
        location = "us-east-1"
        volumes = 20
        size = "10 GiB"
        [[client]]
        name = "queue"
        policy = "queue"
        [[fleet]]
        name = "long"
        snapshot = { at = "01:00", jitter = "0 s" }
        copy = [{ to = "us-west-2", completion_duration = "105 min" }]
        [[fleet]]
        name = "short"
        snapshot = { at = "02:00", jitter = "0 s" }
        copy = [{ to = "us-west-2", completion_duration = "15 min", client = "queue" }]
        [[target]]
        kind = "batch"
        fleet = "short"
        limit = "30 min"
    "#;
    let fleets = ["short".to_owned()];
    let grid = Some("00:00, 01:00, 02:00, 02:30, 03:00");
    let search = Search { unknown: Unknown::Start, grid, fleets: &fleets, targets: &[] };
    let found = solve_by(text, &search, 1);
    assert_eq!(found.shares(), [1.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!((found.best(), found.beside()), (Some("03:00"), Some("02:30")));
    assert_eq!(found.label(found.grid.written.unwrap()), "02:00");
}

/// Within 20 min one wave of 15 min is through, and none of 30 min: 20 copies of 10 GiB are 200 GiB.
/// Arithmetic knows that without a simulation.
#[test]
fn where_nothing_meets_arithmetic_says_what_does_not_fit() {
    let found = solve(&within(WAVES, "20 min"), Unknown::Duration, "15 min, 30 min");
    assert_eq!((found.best(), found.beside()), (None, None));
    assert_eq!(found.answer.verdict, Verdict::No);
    assert!(found.outcome.choice.as_ref().is_some_and(|choice| choice.best.is_none()));
    let fits = found.answer.short.iter().map(|short| {
        let [short] = short.as_slice() else { panic!("{short:?}") };
        assert_eq!((short.narrow, short.place.as_str()), (Narrow::Slots, "us-west-2"));
        assert_eq!((short.interval, short.bytes), (Span::from_mins(20), Bytes::gib(400)));
        short.fits
    });
    assert_eq!(fits.collect::<Vec<_>>(), [Bytes::gib(200), Bytes::ZERO]);
    let table = &found.tables["solve.csv"];
    assert_eq!(column(table, "narrow"), ["slots", "slots"]);
    assert_eq!(column(table, "fits_bytes"), ["214748364800", "0"]);
    assert_eq!(column(table, "chosen"), ["false", "false"]);
}

/// Of 2,040 copies promised 3 % may be late: all 40 that share one slot among them. Alone they may not.
#[test]
fn what_the_promise_leaves_may_all_be_late_in_one_place() {
    let narrow = WAVES.replace("[assume]", "[limits]\nsnapshot_copies = 1\n[assume]");
    let most = "[[fleet]]\nname = \"most\"\nlocation = \"us-east-1\"\nvolumes = 2000\nsize = \"1 GiB\"\n\
                snapshot = { once = \"0 s\", existing = true }\ncopy = [{ to = \"eu-west-1\" }]\n\
                [[limits.destination]]\nto = \"eu-west-1\"\nsnapshot_copies = 2000\n";
    let short = |text: &str| {
        let text = within(text, "16 min")
            .replace("limit = \"16 min\"", "limit = \"16 min\"\nshare = \"97 %\"");
        shortfalls(&plan_of(&text).points[0].model)
    };
    assert_eq!(short(&format!("{narrow}{most}")), []);
    assert_eq!(short(&narrow).len(), 1);
}

/// Eight standard copies a run of 61,440 MiB: those faster than 44.5 MiB/s, Φ(ln(100 / 44.5) / 0.5) =
/// 94.7 %, are within the limit, 90 % are promised, and the interval of 160 copies is 7 points wide. So
/// 20 runs say yes for about half of the seeds. What fresh draws say of those is what a plain run with that seed says,
/// and where it is not yes, the answer is not sure.
#[test]
fn a_yes_that_fresh_seeds_do_not_confirm_is_not_sure() {
    let text = |seed: u64, more: &str| {
        format!(
            r#"
            [scenario]
            seed = {seed}
            replications = 20
            horizon = "1 day"
            initial = "empty"
            [assume]
            P-OVERHEAD = "0 s"
            P-STD-RATE = {{ lognormal = {{ median = "100 MiB/s", sigma = 0.5 }} }}
            {more}
            [[fleet]]
            name = "eight"
            location = "us-east-1"
            volumes = 8
            size = "60 GiB"
            fill = "100 %"
            snapshot = {{ once = "0 s", existing = true, jitter = "0 s" }}
            copy = [{{ to = "us-west-2" }}]
            [[target]]
            name = "in time"
            kind = "copy"
            limit = "23 min"
            share = "90 %"
            "#
        )
    };
    let (mut n_held, mut n_failed) = (0, 0);
    for seed in 1..=16 {
        let found = solve(&text(seed, ""), Unknown::Slots, "20, 30");
        let Some(best) = &found.answer.best else { continue };
        assert_eq!((found.best(), best.seed), (Some("20"), seed + FRESH_SEED));
        let plain = plan_of(&text(seed + FRESH_SEED, "[limits]\nsnapshot_copies = 20"));
        let (plain, _) = run(&plain, &options(1));
        assert_eq!(best.fresh.targets, plain.points[0].targets);
        let fresh = plain.points[0].targets[0].judgement.verdict;
        assert_eq!(best.holds, fresh == Verdict::Yes);
        let expected = if best.holds { Verdict::Yes } else { Verdict::NotSure };
        assert_eq!(found.answer.verdict, expected);
        let confirmed = &found.tables["confirmed.csv"];
        assert_eq!(column(confirmed, "verdict"), [fresh.name()]);
        assert_eq!(column(confirmed, "seed"), [(seed + FRESH_SEED).to_string()]);
        if best.holds {
            n_held += 1;
        } else {
            n_failed += 1;
        }
    }
    assert!(0 < n_held && 0 < n_failed, "{n_held} held and {n_failed} did not: no test");
}

/// The value that the scenario has is run on the draws of the scenario.
#[test]
fn as_written_it_is_as_it_was() {
    let text = within(WAVES, "20 min");
    let found = solve(&text, Unknown::Slots, "10, 20, 40");
    let (plain, _) = run(&plan_of(&text), &options(1));
    let written = &found.outcome.points[found.grid.written.unwrap()];
    assert_eq!(written.targets, plain.points[0].targets);
    assert_eq!(written.measures, plain.points[0].measures);
}

#[test]
fn the_number_of_threads_changes_no_byte_of_an_answer() {
    let search = Search { unknown: Unknown::Duration, grid: None, fleets: &[], targets: &[] };
    let text = within(WAVES, "65 min");
    let [one, three] = [1, 3].map(|threads| solve_by(&text, &search, threads).tables);
    assert_eq!(one, three);
    assert_eq!(column(&one["confirmed.csv"], "duration"), ["30 min"]);
}

/// A sweep over the same durations: two waves of 90 and of 45 minutes cost less, and are late.
#[test]
fn of_a_sweep_only_points_that_meet_compete_on_price() {
    let axis = "[[axis]]\nname = \"duration\"\nkey = \"fleet.waves.copy[0].completion_duration\"\n\
                values = [\"15 min\", \"30 min\", \"45 min\", \"90 min\"]\n";
    let plan = |limit: &str| plan_of(&format!("{}{axis}", within(WAVES, limit)));
    let (outcome, tables) = run(&plan("65 min"), &options(1));
    let best = outcome.choice.unwrap().best.unwrap();
    assert_eq!((best.point, best.seed, best.holds), (1, 1 + FRESH_SEED, true));
    assert_eq!(column(&tables["confirmed.csv"], "duration"), ["30 min"]);
    assert_eq!(column(&tables["confirmed.csv"], "share"), ["1"]);

    // none meets: nothing is confirmed
    let (outcome, tables) = run(&plan("10 min"), &options(1));
    assert_eq!(outcome.choice.unwrap().best, None);
    assert_eq!(tables["confirmed.csv"].lines().count(), 1);

    // nobody asked
    let quiet = Options { confirm: false, ..options(1) };
    let (outcome, tables) = run(&plan("65 min"), &quiet);
    assert!(outcome.choice.is_none() && !tables.contains_key("confirmed.csv"));
}
