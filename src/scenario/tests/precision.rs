//! `[precision]`: what is wanted, in the units of what is measured.

use super::*;
use crate::model::{HalfWidth, Subject};

fn wanting(wanted: &str) -> String {
    let text = format!("[precision]\nwanted = [\n{wanted}\n]\n");
    format!("{}{text}", fleet("copy = [{ to = \"eu-west-1\" }]"))
}

/// 1 min 30 s are 90 s, 1 GiB is 2^30 bytes, 8 Mbit/s are a million bytes a second.
#[test]
fn widths_are_in_the_unit_of_what_they_are_of() {
    let model = model(&wanting(
        r#"
        { measure = "completion_p95", half_width = "1 min 30 s" },
        { measure = "moved", scope = "a → eu-west-1", half_width = "1 GiB" },
        { measure = "link_mean", scope = "a", half_width = "8 Mbit/s" },
        { measure = "on_time", half_width = "0.5 %" },
        { measure = "transfer", half_width = "1.50 USD" },
        { measure = "due", half_width = "3 copies" },
        { measure = "slots_mean", scope = "eu-west-1", relative_half_width = "5 %" },
        { target = "all: copies within 2 h, 100 %", relative_half_width = "1 %" },
        "#,
    ));
    let precision = model.precision.unwrap();
    assert_eq!((precision.batch, precision.max_replications), (10, 1_000));
    let widths: Vec<HalfWidth> = precision.wanted.iter().map(|one| one.half_width).collect();
    let absolute = [90.0, 1_073_741_824.0, 1e6, 0.005, 1.5, 3.0].map(HalfWidth::Absolute);
    assert_eq!(widths[..6], absolute);
    assert_eq!(widths[6..], [0.05, 0.01].map(HalfWidth::Relative));
    assert_eq!(precision.wanted[7].of, Subject::Target(0));
    let Subject::Measure { scope, .. } = &precision.wanted[0].of else { panic!() };
    assert_eq!(scope, "all");
}

#[test]
fn what_cannot_be_wanted_is_told() {
    insta::assert_snapshot!(said(&wanting(
        r#"
        { measure = "completion_p96", half_width = "1 min" },
        { measure = "completion_p95", half_width = "5 %" },
        { measure = "due", half_width = "5" },
        { measure = "due", scope = "a → eu-west-2", half_width = "5 copies" },
        { target = "copies 3 h", half_width = "0 %" },
        { target = "all: copies within 2 h, 100 %", scope = "all", half_width = "1 %" },
        { measure = "due", target = "all: copies within 2 h, 100 %", half_width = "1 %" },
        { measure = "due" },
        { measure = "due", relative_half_width = "0 %" },
        "#
    )), @r#"
    error: precision.wanted[0].measure: there is no measure `completion_p96`
      --> x.toml:13:21
       |
    13 |         { measure = "completion_p96", half_width = "1 min" },
       |                     ^^^^^^^^^^^^^^^^
       |
       = help: did you mean `completion_p95`?

    error: precision.wanted[1].half_width: `%` is no unit of time (units of time are `ns`, `us`, `ms`, `s`, `min`, `h`, `day`, `days`, `week`, `weeks`)
      --> x.toml:14:52
       |
    14 |         { measure = "completion_p95", half_width = "5 %" },
       |                                                    ^^^^^
       |
       = help: a share of the mean is a `relative_half_width`

    error: precision.wanted[2].half_width: `5` is no number of copies (write `1.5 copies`)
      --> x.toml:15:41
       |
    15 |         { measure = "due", half_width = "5" },
       |                                         ^^^

    error: precision.wanted[3].scope: nothing called `a → eu-west-2` is measured
      --> x.toml:16:36
       |
    16 |         { measure = "due", scope = "a → eu-west-2", half_width = "5 copies" },
       |                                    ^^^^^^^^^^^^^^^
       |
       = help: did you mean `a → eu-west-1`?

    error: precision.wanted[4].target: there is no target `copies 3 h`
      --> x.toml:17:20
       |
    17 |         { target = "copies 3 h", half_width = "0 %" },
       |                    ^^^^^^^^^^^^
       |
       = help: there are `all: copies within 2 h, 100 %`

    error: precision.wanted[5].scope: goes with a `measure`: a target says itself what it covers
      --> x.toml:18:61
       |
    18 |         { target = "all: copies within 2 h, 100 %", scope = "all", half_width = "1 %" },
       |                                                             ^^^^^

    error: precision.wanted[6]: needs either a `measure` or a `target`
      --> x.toml:19:9
       |
    19 |         { measure = "due", target = "all: copies within 2 h, 100 %", half_width = "1 %" },
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: precision.wanted[7]: needs either a `half_width` or a `relative_half_width`
      --> x.toml:20:9
       |
    20 |         { measure = "due" },
       |         ^^^^^^^^^^^^^^^^^^^

    error: precision.wanted[8].relative_half_width: a width of 0 is never reached
      --> x.toml:21:50
       |
    21 |         { measure = "due", relative_half_width = "0 %" },
       |                                                  ^^^^^
    "#);
}

/// 1 − 0.05^(1/1000) = 1 − e^(−0.002995732) = 0.00299125, half of it 0.15 %.
#[test]
fn what_is_out_of_reach_at_best_is_warned_of() {
    let target = |width: &str| {
        wanting(&format!(
            "{{ target = \"all: copies within 2 h, 100 %\", half_width = \"{width}\" }}"
        ))
    };
    assert_eq!(warned(&target("0.15 %")), "");
    insta::assert_snapshot!(warned(&target("0.149 %")), @r#"
    warning: precision.wanted[0]: is out of reach where nothing is missed: 1,000 runs leave ± 0.15 %
      --> x.toml:12:1
       |
    12 | { target = "all: copies within 2 h, 100 %", half_width = "0.149 %" }
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: raise `max_replications`, or want a wider interval
    "#);
}

#[test]
fn a_point_may_not_have_fewer_runs_than_it_begins_with() {
    let text = wanting("{ measure = \"due\", half_width = \"5 copies\" }")
        .replace("[precision]", "[precision]\nmax_replications = 20");
    insta::assert_snapshot!(said(&text), @r"
    error: precision.max_replications: is less than the 30 replications to begin with
      --> x.toml:11:20
       |
    11 | max_replications = 20
       |                    ^^
       |
       = help: `scenario.replications` says with how many a point begins
    ");
    insta::assert_snapshot!(said(&wanting("")), @r#"
    error: precision.wanted: nothing is wanted
      --> x.toml:11:10
       |
    11 | wanted = [
       |          ^
       |
       = help: `wanted = [{ measure = "completion_p95", half_width = "1 min" }]`
    "#);
    let axis = "[[axis]]\nkey = \"precision.batch\"\nvalues = [5, 10]\n";
    let text = wanting("{ measure = \"due\", half_width = \"5 copies\" }");
    insta::assert_snapshot!(said(&format!("{text}{axis}")), @r#"
    error: axis[0].key: `precision.batch` cannot vary: all points share it
      --> x.toml:15:7
       |
    15 | key = "precision.batch"
       |       ^^^^^^^^^^^^^^^^^
       |
       = help: points are compared on the same draws and by the same axes
    "#);
}
