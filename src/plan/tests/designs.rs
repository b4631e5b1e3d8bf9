//! Which points a sweep has: lock-step, settings, constraints, and designs.

use std::collections::BTreeSet;

use super::*;
use crate::units::Span;

const SLOTS: &str = "[[axis]]\nkey = \"limits.snapshot_copies\"\nname = \"slots\"\n";
const QUOTA: &str = "[[axis]]\nkey = \"limits.quota\"\n";
const DURATION: &str =
    "[[axis]]\nkey = \"fleet.a.copy[0].completion_duration\"\nname = \"duration\"\n";

/// The labels of all points, each joined.
fn labels(plan: &Plan) -> Vec<String> {
    let of = |point: &Point| {
        let labels: Vec<&str> = point.labels.iter().map(|(_, label)| label.as_str()).collect();
        labels.join(", ")
    };
    plan.points.iter().map(of).collect()
}

fn set(more: &str, settings: &[(&str, &str)]) -> Result<Plan, Problems> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let settings: Vec<_> = settings.iter().map(owned).collect();
    Plan::of(&source(more), &no_files, &settings)
}

fn refused(more: &str, settings: &[(&str, &str)]) -> String {
    set(more, settings).unwrap_err().render(&source(more).text, false)
}

const OFFERS: &str = r#"
[[axis]]
keys = ["limits.snapshot_copies", "limits.quota"]
values = [[20, "2000 MiB/s"], [40, "4000 MiB/s"]]
"#;

/// Two keys in lock-step are one axis of two values: two points, not four.
#[test]
fn keys_of_one_axis_vary_together() {
    let plan = plan(OFFERS).unwrap();
    assert_eq!(labels(&plan), ["20 & 2000 MiB/s", "40 & 4000 MiB/s"]);
    assert_eq!(plan.points[0].labels[0].0, "snapshot_copies & quota");
    let limits = |at: usize| {
        let limits = &plan.points[at].model.accounts[0].limits;
        (limits.snapshot_slots, limits.quota)
    };
    let mib = 1 << 20;
    assert_eq!((limits(0), limits(1)), ((20, 2000 * mib), (40, 4000 * mib)));
}

#[test]
fn labels_stand_for_values() {
    let plan = plan(&format!("{OFFERS}name = \"offer\"\nlabels = [\"today\", \"doubled\"]\n"));
    let plan = plan.unwrap();
    assert_eq!(labels(&plan), ["today", "doubled"]);
    assert_eq!(plan.points[1].labels[0].0, "offer");
    assert_eq!(plan.points[1].model.accounts[0].limits.snapshot_slots, 40);
}

#[test]
fn mistakes_in_lock_step_are_told() {
    let text = "[[axis]]\nkeys = [\"limits.snapshot_copies\", \"limits.qota\"]\nvalues = [[1, 2]]\n\
                [[axis]]\nkeys = [\"limits.snapshot_copies\", \"limits.quota\"]\nvalues = [[20, \"1 GiB/s\"], 40]\n\
                [[axis]]\nkey = \"limits.image_copies\"\nvalues = [1, 2]\nlabels = [\"one\"]\n\
                [[axis]]\nname = \"x\"\nvalues = [1]\n\
                [[axis]]\nname = \"slots again\"\nkey = \"limits.snapshot_copies\"\nvalues = [1]\n";
    insta::assert_snapshot!(refused(text, &[]), @r#"
    error: axis[0].keys: there is no key `limits.qota`: `limits` has no `qota`
      --> x.toml:12:35
       |
    12 | keys = ["limits.snapshot_copies", "limits.qota"]
       |                                   ^^^^^^^^^^^^^
       |
       = help: did you mean `quota`?

    error: axis[1].values: a list of 2 values belongs here, one for each of the `keys`
      --> x.toml:16:28
       |
    16 | values = [[20, "1 GiB/s"], 40]
       |                            ^^

    error: axis[2].values: 1 labels for 2 values
      --> x.toml:20:10
       |
    20 | labels = ["one"]
       |          ^^^^^^^
       |
       = help: each value has one label

    error: axis[3]: an axis has one of `key` and `keys`
      --> x.toml:21:1
       |
    21 | [[axis]]
       | ^^^^^^^^
       |
       = help: such as `key = "limits.snapshot_copies"`

    error: axis[4]: `limits.snapshot_copies` is what another axis varies, over `limits.snapshot_copies`
      --> x.toml:24:1
       |
    24 | [[axis]]
       | ^^^^^^^^
       |
       = help: keys that vary together stand in the `keys` of one axis
    "#);
}

/// The axis stays, with the value that is set: 1 × 2 points.
#[test]
fn a_setting_of_its_key_fixes_an_axis() {
    let text = format!("{SLOTS}values = [10, 20]\n{QUOTA}values = [\"1 GiB/s\", \"2 GiB/s\"]\n");
    let plan = set(&text, &[("limits.snapshot_copies", "15")]).unwrap();
    assert_eq!(labels(&plan), ["15, 1 GiB/s", "15, 2 GiB/s"]);
    assert_eq!(plan.points[1].model.accounts[0].limits.snapshot_slots, 15);
    // the last one counts, as for any key
    let twice = [("limits.snapshot_copies", "15"), ("limits.snapshot_copies", "16")];
    assert_eq!(labels(&set(&text, &twice).unwrap()), ["16, 1 GiB/s", "16, 2 GiB/s"]);
    // another path to the same place
    let text = format!("{DURATION}values = [\"15 min\", \"30 min\"]\n");
    for path in ["fleet[0].copy[0].completion_duration", "fleet.*.copy[*].completion_duration"] {
        let plan = set(&text, &[(path, "45 min")]).unwrap();
        assert_eq!(labels(&plan), ["45 min"]);
        let duration = plan.points[0].model.fleets[0].copies[0].completion_duration;
        assert_eq!(duration, Some(Span::from_mins(45)));
    }
    // what lies around the key is set, and the axis varies what lies in it
    let around = [("fleet.a.copy[0]", "{ to = \"eu-west-1\" }")];
    let plan = set(&text, &around).unwrap();
    assert_eq!(labels(&plan), ["15 min", "30 min"]);
    assert_eq!(plan.points[0].model.sites[1].name, "eu-west-1");
}

#[test]
fn settings_of_a_part_of_an_axis_are_refused() {
    let one = [("limits.quota", "1 GiB/s")];
    insta::assert_snapshot!(refused(OFFERS, &one), @r"
    error: axis[0]: `limits.quota` varies together with `limits.snapshot_copies`
     |
     = note: set by `limits.quota=1 GiB/s`
     = help: set all keys of the axis, or none
    ");
    let both = [("limits.quota", "1 GiB/s"), ("limits.snapshot_copies", "30")];
    assert_eq!(labels(&set(OFFERS, &both).unwrap()), ["30 & 1 GiB/s"]);
    let sizes = "[[axis]]\nkey = \"fleet.a.size\"\nvalues = [\"1 TiB\", { uniform = { low = \"1 GiB\", high = \"2 GiB\" } }]\n";
    insta::assert_snapshot!(refused(sizes, &[("fleet.a.size.min", "3 GiB")]), @r"
    error: axis[0]: `fleet.a.size.min` is set, and is a part of what the axis over `fleet.a.size` varies
     |
     = note: set by `fleet.a.size.min=3 GiB`
     = help: set `fleet.a.size` as a whole

    error: fleet.a.size: the distribution has no family
     |
     = note: set by `fleet.a.size.min=3 GiB`
     = help: name one: `uniform`, `lognormal`, `exponential`, `values`, …
    ");
}

/// Of 3 × 3 combinations, `slots <= 20` leaves out the three with 30 slots. Of the six with fewer,
/// two have more than 2,048 MiB/s = 2 GiB/s. Four are left.
#[test]
fn constraints_leave_points_out_and_are_counted() {
    let axes = format!(
        "{SLOTS}values = [10, 20, 30]\n{QUOTA}values = [\"1 GiB/s\", \"2 GiB/s\", \"3 GiB/s\"]\n"
    );
    let text = axes
        + "[[constraint]]\nkeep = \"slots <= 20\"\n\
           [[constraint]]\nleave_out = [\"slots < 30\", \"limits.quota > 2048 MiB/s\"]\n";
    let plan = plan(&text).unwrap();
    assert_eq!(labels(&plan), ["10, 1 GiB/s", "10, 2 GiB/s", "20, 1 GiB/s", "20, 2 GiB/s"]);
    assert_eq!(plan.choice.n_combinations, 9);
    let expected = [
        ("keep = \"slots <= 20\"".to_owned(), 3),
        ("leave_out = [\"slots < 30\", \"limits.quota > 2048 MiB/s\"]".to_owned(), 2),
    ];
    assert_eq!(plan.choice.left_out, expected);
    assert_eq!(plan.points[2].place, [1, 0]);
}

/// 15 min ≤ 0.5 h: of 2 × 2, only (30 min, 0.25 h) breaks `first <= then`.
#[test]
fn axes_are_compared_with_axes() {
    let text = format!(
        "{DURATION}values = [\"15 min\", \"30 min\"]\n\
         [[axis]]\nname = \"drain time\"\nkey = \"scenario.drain\"\nvalues = [\"0.25 h\", \"0.5 h\"]\n\
         [[constraint]]\nkeep = \"duration <= drain time\"\n"
    );
    let plan = plan(&text).unwrap();
    assert_eq!(labels(&plan), ["15 min, 0.25 h", "15 min, 0.5 h", "30 min, 0.5 h"]);
}

#[test]
fn mistakes_in_constraints_are_told() {
    let text = format!(
        "{SLOTS}values = [10, 20]\n{QUOTA}values = [\"1 GiB/s\", \"2 GiB/s\"]\n\
         [[axis]]\nkey = \"assume.P-TB-PACE\"\nname = \"pace\"\nvalues = [\"exact\", \"early\"]\n\
         [[constraint]]\nkeep = \"slot <= 20\"\n\
         [[constraint]]\nkeep = \"slots<=20\"\n\
         [[constraint]]\nkeep = \"slots <= quota\"\n\
         [[constraint]]\nleave_out = [\"quota < 1500\", \"pace < early\", \"pace = eerly\"]\n\
         [[constraint]]\n\
         [[constraint]]\nkeep = []\n"
    );
    insta::assert_snapshot!(refused(&text, &[]), @r#"
    error: constraint[0].keep: there is no axis `slot`
      --> x.toml:23:8
       |
    23 | keep = "slot <= 20"
       |        ^^^^^^^^^^^^
       |
       = help: did you mean `slots`?

    error: constraint[1].keep: `slots<=20` is no condition: an axis, `<`, `<=`, `=`, `!=`, `>=`, or `>` between blanks, and a value or an axis
      --> x.toml:25:8
       |
    25 | keep = "slots<=20"
       |        ^^^^^^^^^^^
       |
       = help: such as `"slots <= 40"`

    error: constraint[2].keep: `slots` is a number, `quota` is a rate: they cannot be compared
      --> x.toml:27:8
       |
    27 | keep = "slots <= quota"
       |        ^^^^^^^^^^^^^^^^

    error: constraint[3].leave_out: `quota` is a rate, `1500` is a number: they cannot be compared
      --> x.toml:29:14
       |
    29 | leave_out = ["quota < 1500", "pace < early", "pace = eerly"]
       |              ^^^^^^^^^^^^^^

    error: constraint[3].leave_out: `pace` has words for values, which have no order
      --> x.toml:29:30
       |
    29 | leave_out = ["quota < 1500", "pace < early", "pace = eerly"]
       |                              ^^^^^^^^^^^^^^
       |
       = help: write `=` or `!=`

    error: constraint[3].leave_out: no value of `pace` is `eerly`
      --> x.toml:29:46
       |
    29 | leave_out = ["quota < 1500", "pace < early", "pace = eerly"]
       |                                              ^^^^^^^^^^^^^^
       |
       = help: did you mean `early`?

    error: constraint[4]: a constraint has one of `keep` and `leave_out`
      --> x.toml:30:1
       |
    30 | [[constraint]]
       | ^^^^^^^^^^^^^^
       |
       = help: such as `leave_out = "slots > 40"`

    error: constraint[5].keep: the list of conditions is empty
      --> x.toml:32:8
       |
    32 | keep = []
       |        ^^
    "#);
}

#[test]
fn constraints_that_leave_nothing_are_refused_with_their_numbers() {
    let axis = format!("{SLOTS}values = [10, 20, 30]\n");
    let alone = format!("{axis}[[constraint]]\nkeep = \"slots > 30\"\n");
    insta::assert_snapshot!(refused(&alone, &[]), @r#"
    error: constraint[0].keep: leaves none of 3 points
      --> x.toml:16:8
       |
    16 | keep = "slots > 30"
       |        ^^^^^^^^^^^^
       |
       = help: `keep = "slots > 30"` is to hold for some of them and not for others
    "#);
    let together = axis
        + "[[constraint]]\nkeep = \"slots > 10\"\n[[constraint]]\nleave_out = \"slots >= 20\"\n";
    insta::assert_snapshot!(refused(&together, &[]), @r#"
    error: constraint: the constraints leave none of 3 points
    --> x.toml
     = help: they leave out 1 by `keep = "slots > 10"`, 2 by `leave_out = "slots >= 20"`
    "#);
}

#[test]
fn a_constraint_that_leaves_nothing_out_is_remarked() {
    let text = format!("{SLOTS}values = [10, 20]\n[[constraint]]\nkeep = \"slots <= 20\"\n");
    let remarks: Vec<String> =
        plan(&text).unwrap().warnings.iter().map(ToString::to_string).collect();
    assert!(remarks.contains(&"x.toml: constraint[0].keep: leaves no point out".to_owned()));
}

/// Only 10,000 of 10,000 × 10,000 would be left, but all of them would have to be asked.
#[test]
fn too_many_combinations_are_refused_whatever_constraints_would_leave() {
    let text = format!(
        "{SLOTS}range = {{ from = 1, to = 10000, step = 1 }}\n\
         [[axis]]\nkey = \"limits.image_copies\"\nrange = {{ from = 1, to = 10000, step = 1 }}\n\
         [[constraint]]\nkeep = \"slots = 1\"\n"
    );
    insta::assert_snapshot!(plan(&text).unwrap_err(), @"x.toml: axis: 100,000,000 combinations of the values of 2 axes are beyond 10,000,000, before constraints leave any out (fewer values, or a `[design]` that draws points instead)");
}

/// 11 points of 3 replications are 33 runs.
#[test]
fn the_limit_of_runs_is_the_scenarios() {
    let text = format!("{SLOTS}range = {{ from = 10, to = 20, step = 1 }}\n");
    assert_eq!(set(&text, &[("scenario.max_runs", "33")]).unwrap().points.len(), 11);
    insta::assert_snapshot!(set(&text, &[("scenario.max_runs", "32")]).unwrap_err(), @"x.toml: axis: 11 points of 3 replications are 33 runs; a plan has at most 32 (fewer values, fewer replications, or a `[design]`; or raise it: `max_runs = 33` under `[scenario]`)");
}

const DRAWN: &str = "range = { from = 10, to = 41 }\n";
const LATIN: &str = "[design]\nkind = \"latin-hypercube\"\npoints = 8\n";

/// 10 to 41 are 32 whole numbers: 8 parts of four, each met once. 15 min to 2 h are 8 quarters of
/// an hour: each met once.
#[test]
fn a_latin_hypercube_meets_each_part_of_a_range() {
    let text =
        format!("{SLOTS}{DRAWN}{DURATION}range = {{ from = \"0.25 h\", to = \"2 h\" }}\n{LATIN}");
    let plan = plan(&text).unwrap();
    assert_eq!(plan.points.len(), 8);
    let slots = |point: &Point| point.model.accounts[0].limits.snapshot_slots;
    let parts: BTreeSet<u32> = plan.points.iter().map(|point| (slots(point) - 10) / 4).collect();
    assert_eq!(parts, (0..8).collect());
    let duration = |point: &Point| point.model.fleets[0].copies[0].completion_duration.unwrap();
    let quarters: BTreeSet<u64> =
        plan.points.iter().map(|point| duration(point).whole_mins() / 15).collect();
    assert_eq!(quarters, (1..=8).collect());
}

/// The values of an axis hang on the seed, its name, and the number of points; of a Sobol design,
/// on the seed and its place.
#[test]
fn another_axis_changes_no_value_of_those_before_it() {
    for kind in ["latin-hypercube", "sobol"] {
        let design = LATIN.replace("latin-hypercube", kind);
        let one = plan(&format!("{SLOTS}{DRAWN}{design}")).unwrap();
        let more = format!("{QUOTA}log_range = {{ from = \"1 GiB/s\", to = \"4 GiB/s\" }}\n");
        let two = plan(&format!("{SLOTS}{DRAWN}{more}{design}")).unwrap();
        assert_eq!(one.axes[0], two.axes[0], "{kind}");
        let seeded = set(&format!("{SLOTS}{DRAWN}{design}"), &[("scenario.seed", "2")]).unwrap();
        assert_ne!(labels(&one), labels(&seeded), "{kind}");
        let fixed = set(&format!("{SLOTS}{DRAWN}{design}seed = 1\n"), &[("scenario.seed", "2")]);
        assert_eq!(labels(&one), labels(&fixed.unwrap()), "{kind}");
    }
}

/// 8 points × 2 assumptions; each point meets both.
#[test]
fn values_are_crossed_with_a_design() {
    let text = format!(
        "{SLOTS}{DRAWN}[[axis]]\nkey = \"assume.P-TB-PACE\"\nvalues = [\"exact\", \"early\"]\n{LATIN}"
    );
    let plan = plan(&text).unwrap();
    let labels = labels(&plan);
    assert_eq!(labels.len(), 16);
    for pair in labels.chunks(2) {
        let slots = |label: &str| label.split(", ").next().unwrap().to_owned();
        assert_eq!(slots(&pair[0]), slots(&pair[1]));
        assert!(pair[0].ends_with("exact") && pair[1].ends_with("early"), "{pair:?}");
    }
}

/// Three whole numbers in 8 points: three are new, five were there before.
#[test]
fn points_that_are_drawn_twice_are_run_once() {
    let plan = plan(&format!("{SLOTS}range = {{ from = 1, to = 3 }}\n{LATIN}")).unwrap();
    assert_eq!((plan.points.len(), plan.choice.n_twice), (3, 5));
    let met: BTreeSet<String> = labels(&plan).into_iter().collect();
    assert_eq!(met, ["1", "2", "3"].map(str::to_owned).into());
}

/// A setting takes an axis out of the design, which goes on with the others.
#[test]
fn a_setting_fixes_an_axis_of_a_design() {
    let more = format!("{QUOTA}range = {{ from = \"1 GiB/s\", to = \"4 GiB/s\" }}\n");
    let text = format!("{SLOTS}{DRAWN}{more}{LATIN}");
    let (free, fixed) = (plan(&text).unwrap(), set(&text, &[("limits.quota", "2 GiB/s")]).unwrap());
    assert_eq!(fixed.axes[0], free.axes[0]);
    assert!(fixed.points.iter().all(|point| point.labels[1].1 == "2 GiB/s"));
    let both = [("limits.quota", "2 GiB/s"), ("limits.snapshot_copies", "7")];
    assert_eq!(labels(&set(&text, &both).unwrap()), ["7, 2 GiB/s"]);
}

#[test]
fn mistakes_in_designs_are_told() {
    let text = format!(
        "{SLOTS}values = [1, 2]\n[design]\nkind = \"sobel\"\npoints = 1\n\
         [[axis]]\nkey = \"limits.quota\"\nrange = {{ from = \"1 GiB/s\", to = \"2 GiB/s\", n = 3 }}\n"
    );
    insta::assert_snapshot!(refused(&text, &[]), @r#"
    error: design.kind: `sobel` is neither `latin-hypercube` nor `sobol`
      --> x.toml:16:8
       |
    16 | kind = "sobel"
       |        ^^^^^^^
       |
       = help: did you mean `sobol`?

    error: design.points: must be at least 2, not 1
      --> x.toml:17:10
       |
    17 | points = 1
       |          ^

    error: axis[1].range: the points of a range are drawn by `[design]`: leave out `n`, or list `values`, which are crossed with the design
      --> x.toml:20:9
       |
    20 | range = { from = "1 GiB/s", to = "2 GiB/s", n = 3 }
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    let nothing = format!("{SLOTS}values = [1, 2]\n{LATIN}");
    insta::assert_snapshot!(refused(&nothing, &[]), @r"
    error: design: there is no axis to draw points from
      --> x.toml:15:1
       |
    15 | [design]
       | ^^^^^^^^
       |
       = help: give an axis a `range` or `log_range` with `from` and `to`
    ");
    let odd =
        format!("{SLOTS}{DRAWN}{LATIN}").replace("latin-hypercube", "sobol").replace("= 8", "= 9");
    let remarks: Vec<String> =
        plan(&odd).unwrap().warnings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(remarks[0], @"x.toml: design.points: Sobol points are evenly spread in powers of two, which 9 is not (try 8 or 16)");
}
