//! Values that are no quantity, no word of a list, or beyond what can be.

use super::*;

#[test]
fn units_are_asked_for() {
    let keys = "size = 100\nfill = \"half\"\nchange = \"8 %\"\ngrowth = 0.2\n\
        copy = [{ to = \"eu-west-1\", retain = 35 }]";
    insta::assert_snapshot!(said(&fleet(keys)), @r#"
    error: fleet.a.size: no known unit in `100` (try `100 GiB`)
     --> x.toml:6:8
      |
    6 | size = 100
      |        ^^^

    error: fleet.a.fill: `half` is no share (write `50 %`, or a number from 0 to 1)
     --> x.toml:7:8
      |
    7 | fill = "half"
      |        ^^^^^^

    error: fleet.a.change: `8 %` is no share a day (write `8 %/day`)
     --> x.toml:8:10
      |
    8 | change = "8 %"
      |          ^^^^^

    error: fleet.a.growth: `0.2` is no share a year (write `8 %/year`)
     --> x.toml:9:10
      |
    9 | growth = 0.2
      |          ^^^

    error: fleet.a.copy[0].retain: no known unit in `35` (try `35 days`); or write `forever`, or `{ count = 14 }`
      --> x.toml:10:38
       |
    10 | copy = [{ to = "eu-west-1", retain = 35 }]
       |                                      ^^
    "#);
}

#[test]
fn words_are_those_of_a_list() {
    let text = fleet(TO)
        + "[[client]]\nname = \"c\"\npolicy = \"retyr\"\norder = \"lifo\"\n\
           [assume]\nP-CLOCK = \"later\"\nP-TB-PAC = \"early\"\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: client.c.policy: `retyr` is none of `give-up`, `retry`, or `queue`
      --> x.toml:12:10
       |
    12 | policy = "retyr"
       |          ^^^^^^^
       |
       = help: did you mean `retry`?

    error: client.c.order: `lifo` is none of `fifo`, `edf`, `smallest`, `largest`, or `priority`
      --> x.toml:13:9
       |
    13 | order = "lifo"
       |         ^^^^^^
       |
       = help: did you mean `fifo`?

    error: assume.P-CLOCK: `later` is neither `transfer` nor `accept`
      --> x.toml:15:11
       |
    15 | P-CLOCK = "later"
       |           ^^^^^^^

    error: assume.P-TB-PAC: unknown key
      --> x.toml:16:1
       |
    16 | P-TB-PAC = "early"
       | ^^^^^^^^
       |
       = help: did you mean `P-TB-PACE`?
    "#);
}

#[test]
fn distributions_are_one_family_with_parameters_in_range() {
    let text = fleet(
        "size = { lognormal = { median = \"1 GiB\" }, max = \"1 GiB\" }\n\
         fill = { beta = { alpha = 0, beta = 2 } }\nchange = { rate = { min = \"1 %/day\" } }\n\
         copy = [{ to = \"eu-west-1\" }]",
    ) + "[assume]\nP-OVERHEAD = { uniform = { low = \"30 s\", high = \"2 s\" }, normal = { mean = \"1 s\", sd = \"1 s\" } }\n\
         P-STD-RATE = { uniform = { low = \"30 MiB/s\", high = \"2 MiB/s\" } }\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.size.lognormal: besides `median`, a lognormal has either `sigma` or `p95`
     --> x.toml:6:8
      |
    6 | size = { lognormal = { median = "1 GiB" }, max = "1 GiB" }
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: fleet.a.fill.beta: `alpha` must be more than 0, not 0
     --> x.toml:7:8
      |
    7 | fill = { beta = { alpha = 0, beta = 2 } }
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: in parts of the whole

    error: fleet.a.change.rate: the distribution has no family
     --> x.toml:8:19
      |
    8 | change = { rate = { min = "1 %/day" } }
      |                   ^^^^^^^^^^^^^^^^^^^
      |
      = help: name one: `uniform`, `lognormal`, `exponential`, `values`, …

    error: assume.P-OVERHEAD: the distribution has several families: `uniform` and `normal`
      --> x.toml:14:14
       |
    14 | P-OVERHEAD = { uniform = { low = "30 s", high = "2 s" }, normal = { mean = "1 s", sd = "1 s" } }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: several together are a `mixture`

    error: assume.P-STD-RATE.uniform: `high` must be at least 31457280, not 2097152
      --> x.toml:15:14
       |
    15 | P-STD-RATE = { uniform = { low = "30 MiB/s", high = "2 MiB/s" } }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: in bytes a second
    "#);
}

#[test]
fn schedules_say_one_kind_of_time() {
    let schedule = |table: &str| fleet(TO).replace("{ every = \"1 h\" }", table);
    insta::assert_snapshot!(said(&schedule("{ every = \"6 h\", at = \"01:00\" }")), @r#"
    error: fleet.a.snapshot: with `at` or `on`, the period is a day
     --> x.toml:5:12
      |
    5 | snapshot = { every = "6 h", at = "01:00" }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: leave `every` out, or write several times of day: `at = ["06:00", "18:00"]`
    "#);
    insta::assert_snapshot!(said(&schedule("{ jitter = \"1 s\" }")), @r#"
    error: fleet.a.snapshot: the schedule says no time
     --> x.toml:5:12
      |
    5 | snapshot = { jitter = "1 s" }
      |            ^^^^^^^^^^^^^^^^^^
      |
      = help: write `every = "1 h"`, `at = "01:00"`, `cron`, or `once`
    "#);
    insta::assert_snapshot!(
        said(&schedule("{ every = \"1 h\", phase = \"2 h\", time_zone = \"Europe/Dubln\" }")), @r#"
    error: fleet.a.snapshot.phase: is longer than the 60 min between two due instants
     --> x.toml:5:37
      |
    5 | snapshot = { every = "1 h", phase = "2 h", time_zone = "Europe/Dubln" }
      |                                     ^^^^^

    error: fleet.a.snapshot.time_zone: `Europe/Dubln` is no time zone; did you mean `Europe/Dublin`?
     --> x.toml:5:56
      |
    5 | snapshot = { every = "1 h", phase = "2 h", time_zone = "Europe/Dubln" }
      |                                                        ^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(said(&schedule("{ every = \"1 s\" }")), @r#"
    error: fleet.a.snapshot.every: must be at least 60 s
     --> x.toml:5:22
      |
    5 | snapshot = { every = "1 s" }
      |                      ^^^^^
    "#);
}

/// 1,000,000 volumes every minute of 10 days are 14,400 million copies.
#[test]
fn absurd_numbers_are_refused() {
    let text = fleet(TO).replace("volumes = 2", "volumes = 1_000_000").replace("1 h", "1 min")
        + "[scenario]\nhorizon = \"10 days\"\nwarm_up = \"11 days\"\nname = \"../x\"\n\
           start = 2600-01-01T00:00:00Z\n[limits]\nquota = \"0 MiB/s\"\nsnapshot_copies = 1.5\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: scenario.warm_up: leaves nothing of the horizon of 10 days
      --> x.toml:12:11
       |
    12 | warm_up = "11 days"
       |           ^^^^^^^^^

    error: scenario.name: a folder cannot be called so
      --> x.toml:13:8
       |
    13 | name = "../x"
       |        ^^^^^^
       |
       = help: letters, digits, `-`, `_`, `.`, at most 100

    error: scenario.start: `2600-01-01T00:00:00Z` lies outside the years 1970 to 2554
      --> x.toml:14:9
       |
    14 | start = 2600-01-01T00:00:00Z
       |         ^^^^^^^^^^^^^^^^^^^^

    error: limits.quota: must be more than nothing
      --> x.toml:16:9
       |
    16 | quota = "0 MiB/s"
       |         ^^^^^^^^^

    error: limits.snapshot_copies: a decimal number stands here, where a whole number belongs
      --> x.toml:17:19
       |
    17 | snapshot_copies = 1.5
       |                   ^^^

    error: scenario.horizon: about 14,400,000,000 copies are due in a run; at most 50,000,000 are simulated
    --> x.toml
     = help: shorten the horizon, or write fewer volumes or destinations
    "#);
}
