//! Columns of what a comparison leaves: differences, and the copies that move most.

use super::{Column, boolean, count, moment, number, seconds, text};

pub(super) const DIFFERENCES: &[Column] = &[
    text("kind", "`target` or `measure`"),
    text("scope", "the target; or what is measured: all, a fleet, or `fleet → destination`"),
    text("measure", "name of the measure; of a target its share that held"),
    text("unit", "unit of the values of this row; empty: none"),
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

pub(super) const MOVED: &[Column] = &[
    count("rank", "1: moves most"),
    count("replication", "replication, from 0"),
    text("fleet", "fleet"),
    text("volume", "volume, or `image/snapshot`"),
    text("to", "destination"),
    moment("due_utc", "when it was due on both sides"),
    seconds("took_a_s", "from due to completed in A"),
    seconds("took_b_s", "the same in B"),
    seconds("moved_s", "B − A; the last fourteen columns add up to it"),
    text(
        "cause",
        "what took most of the time that it is later by, or gave most of what it is sooner by",
    ),
    seconds("snapshot_s", "B − A: its snapshot was being made"),
    seconds("window_s", "B − A: start window and jitter"),
    seconds("throttled_s", "B − A: asleep after `RequestLimitExceeded`"),
    seconds("slot_s", "B − A: asleep or queued while all slots were taken"),
    seconds("backoff_s", "B − A: asleep though a slot was free"),
    seconds("client_queue_s", "B − A: held by the client's own order or limit"),
    seconds("same_source_s", "B − A: behind an earlier copy of the same source"),
    seconds("start_up_s", "B − A: starting up"),
    seconds("quota_s", "B − A: at a granted quota that was less than required"),
    seconds("own_cap_s", "B − A: at the most that one time-based copy may"),
    seconds("standard_cap_s", "B − A: at the rate of a standard copy"),
    seconds("outage_s", "B − A: stalled by a link, or held up by a Region in trouble"),
    seconds("link_s", "B − A: slowed by a full link"),
    seconds("paced_s", "B − A: slower only because it need not be faster"),
];
