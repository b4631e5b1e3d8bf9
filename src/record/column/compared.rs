//! Columns of what a comparison leaves: differences, and the copies that move most.

use super::shared::{FLEET, MOVED_CAUSES, REPLICATION, TO, UNIT, VOLUME, joined};
use super::{Column, boolean, count, moment, number, seconds, text};

pub(super) const DIFFERENCES: &[Column] = &[
    text("kind", "`target` or `measure`"),
    text("scope", "the target; or what is measured: all, a fleet, or `fleet → destination`"),
    text("measure", "name of the measure; of a target its share that held"),
    UNIT,
    number("mean_a", "", "mean of A over the runs that are compared; empty: see `reason`"),
    number("mean_b", "", "mean of B over the same"),
    number("difference", "", "mean of B − A"),
    number("low_95", "", "lower end of its 95 % interval: Student's over pairs, or Welch's"),
    number("high_95", "", "upper end of it"),
    number(
        "variance_ratio",
        "",
        "(var A + var B) / var(B − A): so many times fewer runs than independent ones would need",
    ),
    text(
        "pairing",
        "`factor`; `constant`: B − A is the same in every pair; `nothing`: no run differs from \
         another; `unknown`: one pair; empty: independent runs",
    ),
    boolean("at_least", "whether unfinished copies can only raise a value"),
    text("reason", "why there is no difference"),
    number("turned_late", "", "copies a run that are in time in A and late in B; empty: not known"),
    number("turned_in_time", "", "copies a run that are late in A and in time in B"),
    count("n_a", "runs of A behind it; pairs, where runs are paired"),
    count("n_b", "runs of B behind it"),
];

pub(super) const MOVED: &[Column] = joined!(
    &[
        count("rank", "1: moves most"),
        REPLICATION,
        FLEET,
        VOLUME,
        TO,
        moment("due_utc", "when it was due on both sides"),
        seconds("took_a_s", "from due to completed in A"),
        seconds("took_b_s", "the same in B"),
        seconds("moved_s", "B − A; the last fourteen columns add up to it"),
        text(
            "cause",
            "what took most of the time that it is later by, or gave most of what it is sooner by",
        ),
    ],
    &MOVED_CAUSES,
);
