//! Columns of what is made of many rows: measures, verdicts, series over time.

use super::shared::{POINT, REPLICATION, UNIT};
use super::{Column, boolean, bytes, count, moment, number, seconds, text, usd};

const SCOPE: Column = text("scope", "what is measured: all, a fleet, or `fleet → destination`");
const MEASURE: Column = text("measure", "name of the measure");
const LOW: Column = number("low_95", "", "lower end of the 95 % interval of the mean");
const HIGH: Column = number("high_95", "", "upper end of the 95 % interval of the mean");
const N_RUNS: Column = count("n_runs", "runs that had something to measure");
const AT_LEAST: Column = boolean("at_least", "whether unfinished copies can only raise it");
const N: Column = count("n", "copies, batches, or samples behind it");

pub(super) const RUNS: &[Column] = &[
    POINT,
    REPLICATION,
    SCOPE,
    MEASURE,
    UNIT,
    number("value", "", "value in this run"),
    AT_LEAST,
    N,
];

pub(super) const SUMMARY: &[Column] = &[
    POINT,
    SCOPE,
    MEASURE,
    UNIT,
    number("mean", "", "mean over runs; empty: see `reason`"),
    LOW,
    HIGH,
    number("p50", "", "median over runs"),
    number("p95", "", "95th percentile over runs"),
    number("p99", "", "99th percentile over runs"),
    number(
        "pooled",
        "",
        "times to completion: the same measure of the copies of all runs together",
    ),
    AT_LEAST,
    text("reason", "why there is no mean: the backlog grows, and there is no steady state"),
    N_RUNS,
    N,
];

const TARGET: Column = text("target", "name of the target");
const KIND: Column = text("kind", "`copy`, `batch`, `rpo`, or `link`");
const PROMISED: Column =
    number("promised_share", "", "share of copies, batches, or time that is promised, 0 to 1");
const SHARE: Column = number("share", "", "share that held, mean over runs, 0 to 1");
const BOUND: Column = number(
    "bound_95",
    "",
    "where fewer than 3 runs differ from the others: at most this share of runs does, 95 %; where \
     the others missed nothing, does miss",
);
const WORST: Column = seconds("worst_s", "the worst over all runs; empty: not a time");
const VERDICT: Column = text("verdict", "`yes`, `no`, or `not sure`");
const REASON: Column = text("reason", "why the verdict is what it is");
const N_MISSED: Column = count("n_missed", "of these, how many did not hold");
const N_OPEN: Column = count("n_open", "left out: not yet past their limit when the run ended");

pub(super) const TARGETS: &[Column] = &[
    POINT, TARGET, KIND, PROMISED, SHARE, LOW, HIGH, BOUND, WORST, VERDICT, REASON, N_RUNS, N,
    N_MISSED, N_OPEN,
];

pub(super) const PROMISES: &[Column] = &[
    POINT,
    TARGET,
    KIND,
    text(
        "scope",
        "the part of what the target covers that is judged here: `fleet → destination`, or the \
         link; empty: `n_scopes` others together",
    ),
    text(
        "application",
        "of a target per application, which one; empty: the target is not, or these are several",
    ),
    PROMISED,
    SHARE,
    LOW,
    HIGH,
    BOUND,
    WORST,
    VERDICT,
    REASON,
    N_RUNS,
    N,
    N_MISSED,
    N_OPEN,
    text(
        "breaks_first",
        "what the copies that broke the promise here spent most of their time on, a cause as in \
         `copies.csv`, `paced` only of those that would have been late without all their other \
         time; where none broke it, what took most of the slowest copy, `paced` only where nothing \
         else took any; empty: no time was spent on anything, or the target is not on copies",
    ),
    count(
        "n_scopes",
        "scopes or applications that the row is about: 1, but for the last row of a target that \
         covers more than 200, which has the best of them together",
    ),
];

pub(super) const TARGET_RUNS: &[Column] = &[
    POINT,
    REPLICATION,
    TARGET,
    number("share", "", "share that held in this run, 0 to 1; empty: nothing to judge"),
    N,
    N_MISSED,
    N_OPEN,
];

pub(super) const CONFIRMED: &[Column] = &[
    POINT,
    TARGET,
    KIND,
    PROMISED,
    number("chosen_share", "", "share that held in the runs by which the point was chosen, 0 to 1"),
    text("chosen_verdict", "verdict of these runs"),
    number("share", "", "share that held on fresh draws, mean over runs, 0 to 1"),
    LOW,
    HIGH,
    number("bound_95", "", "where nothing missed: at most this share of runs does, 95 %"),
    text("verdict", "verdict of the fresh runs"),
    text("reason", "why that verdict is what it is"),
    usd("chosen_cost_usd", "what a run costs in the runs by which the point was chosen"),
    usd("cost_usd", "what it costs on fresh draws"),
    text("seed", "seed of the fresh draws"),
    N_RUNS,
    N,
    N_MISSED,
];

pub(super) const SOLVE: &[Column] = &[
    POINT,
    boolean("as_written", "whether it is the value that the scenario has"),
    TARGET,
    SHARE,
    LOW,
    HIGH,
    VERDICT,
    boolean("meets", "whether the verdict of every target that counts is yes"),
    usd("cost_usd", "what a run costs"),
    boolean("chosen", "whether it is the answer"),
    boolean("beside", "whether it is the value beside the answer that does not meet"),
    number("fresh_share", "", "of the answer: share that held on fresh draws, 0 to 1"),
    number("fresh_low_95", "", "lower end of its 95 % interval"),
    number("fresh_high_95", "", "upper end of its 95 % interval"),
    text("fresh_verdict", "of the answer: verdict on fresh draws"),
    text("narrow", "through what bytes do not fit, by arithmetic: `slots`, `quota`, or `link`"),
    text("place", "where: a destination, a pair of Regions, or a link"),
    seconds("interval_s", "the time that there is for them"),
    bytes("due_bytes", "bytes that have to pass in it"),
    bytes("fits_bytes", "bytes that pass at most"),
    N_RUNS,
];

pub(super) const ASSUMPTIONS: &[Column] = &[
    text("switch", "key of the assumption, under `[assume]`"),
    text("about", "what it decides"),
    text("in_force", "what the run assumes"),
    text("flip", "what was tried in its place"),
    TARGET,
    number("base_share", "", "share that held as assumed, mean over these runs, 0 to 1"),
    number("flipped_share", "", "share that held with the flip, the same draws, 0 to 1"),
    text("base_verdict", "verdict as assumed, by these runs"),
    text("flipped_verdict", "verdict with the flip"),
    boolean("turns", "whether the flip turns the verdict of the whole run"),
    count("n_runs", "runs compared: 5 where these left nothing open, else up to 20"),
];

pub(super) const PARAMETERS: &[Column] = &[
    text(
        "group",
        "what it is about: `scenario`, `axis`, `target`, `fleet`, `client`, `link`, `account`, \
         `incident`, `limit`, `price`, or `assumption`",
    ),
    text("parameter", "what it is called"),
    text("key", "how a scenario sets it; empty: it cannot be set"),
    text("value", "value in force, with its unit"),
    text("default", "value where the scenario is silent; empty: there is none"),
    text("origin", "`given` by the scenario, `documented`, `observed`, or `assumed`"),
    text(
        "source",
        "`scenario`, or the marks of the facts with their page; of what is assumed, the facts that are \
         silent",
    ),
    text("date", "when that was read, or of when a price is; empty: not known, or given"),
    text("about", "what it decides"),
    text("low", "lower end of the range of an assumed quantity; empty: it has none"),
    text("high", "upper end of that range"),
    text("range_reason", "why the range ends there"),
    boolean("touched", "whether it bore on any copy of the runs; empty: not known"),
];

pub(super) const LIMITS: &[Column] = &[
    text(
        "limit",
        "what was lifted: `snapshot`, `tokens`, `slots`, `client`, `start_up`, `quota`, \
         `copy_rate`, `standard_rate`, or `link`",
    ),
    text("place", "which of its kind: the name of a link; empty: all of them"),
    text("scope", "what is measured: all, `fleet → destination`, or the name of a target"),
    text(
        "measure",
        "`kept`: share of the copies due that broke no promise; `late_completion`: mean time from \
         due to completed of the copies that were late, where they arrive in both; `target`: share \
         that held",
    ),
    UNIT,
    number("as_is", "", "mean over these runs as the scenario has it"),
    number("lifted", "", "mean over the same draws without the limit"),
    number("difference", "", "lifted less as it is, mean over runs, pair by pair"),
    number("low_95", "", "lower end of the 95 % interval of the difference"),
    number("high_95", "", "upper end of the 95 % interval of the difference"),
    number("in_time_share", "", "of the late copies, those that break no promise then, 0 to 1"),
    number(
        "fewer_late_share",
        "",
        "by which share there are fewer late copies then, those late in their place among them",
    ),
    count("n_late", "late copies that were followed, all runs together"),
    count("n_runs", "runs compared: 5 where these showed no change, else up to 20"),
];

pub(super) const PRECISION: &[Column] = &[
    POINT,
    text("scope", "what is measured, or the name of the target"),
    text("measure", "name of the measure; empty: the share of the target that held"),
    UNIT,
    number("mean", "", "mean over runs; empty: no run had a value, or the backlog grows"),
    number("half_width_95", "", "half of the width of its 95 % interval"),
    number("wanted_half_width", "", "how wide that may be"),
    boolean("reached", "whether it is known as well as wanted"),
    count("n_replications", "runs of the point"),
    N_RUNS,
];

pub(super) const SERIES: &[Column] = &[
    POINT,
    text("series", "what is used: a link, a pair of Regions, a destination"),
    text("kind", "in what respect it is used"),
    moment("bin_start_utc", "when the bin begins; empty: folded onto the week"),
    seconds("week_offset_s", "when the bin begins after Monday, 00:00 UTC; empty: not folded"),
    number("mean", "", "mean over runs of the mean in the bin"),
    number("p95", "", "95th percentile over runs of the mean in the bin"),
    number("limit", "", "most that there is; empty: no limit"),
    UNIT,
];

pub(super) const DISTRIBUTION: &[Column] = &[
    POINT,
    SCOPE,
    seconds("time_s", "time after being due"),
    number("share", "", "share of the copies due that has arrived by then, mean over runs, 0 to 1"),
    number("lowest", "", "share in the run where it is lowest"),
    number("highest", "", "share in the run where it is highest"),
];

pub(super) const RPO_OVER_TIME: &[Column] = &[
    POINT,
    SCOPE,
    seconds("offset_s", "time after the start"),
    seconds("median_s", "median age over volumes, middle of the runs; empty: none has arrived"),
    seconds("median_low_s", "5th percentile of it over runs"),
    seconds("median_high_s", "95th percentile of it over runs"),
    seconds("worst_s", "greatest age over volumes, middle of the runs; empty: one has none"),
    seconds("worst_low_s", "5th percentile of it over runs"),
    seconds("worst_high_s", "95th percentile of it over runs"),
];
