//! The measures of a run: name, unit, and meaning of each row of `runs.csv` and `summary.csv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalog::Cause;

/// A measure of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The word in the column `measure`.
    pub name: &'static str,
    /// Its unit, empty for counts and shares.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// Shorthand for the table below.
const fn measure(name: &'static str, unit: &'static str, meaning: &'static str) -> Measure {
    Measure { name, unit, meaning }
}

/// Copies due in the window.
pub const DUE: Measure = measure("due", "copies", "copies due in the window");
/// Copies completed.
pub const COMPLETED: Measure = measure("completed", "copies", "of these, completed");
/// Copies that were never accepted.
pub const NOT_COPIED: Measure = measure(
    "not_copied",
    "copies",
    "of these, given up, replaced, skipped, or dropped from a full queue",
);
/// Copies that failed.
pub const FAILED: Measure =
    measure("failed", "copies", "of these, failed or cancelled after acceptance");
/// Copies not ended when the run did.
pub const UNFINISHED: Measure =
    measure("unfinished", "copies", "of these, still waiting or under way when the run ended");
/// Share on time.
pub const ON_TIME: Measure = measure(
    "on_time",
    "share",
    "copies within the tightest copy or batch target that covers them; open ones left aside",
);
/// Copies that broke a promise.
pub const BROKE: Measure = measure(
    "broke",
    "copies",
    "copies that broke a promise: past the tightest copy or batch target, never there, or there \
     only after the tightest RPO limit had passed",
);
/// Share that met the completion duration.
pub const MET_DURATION: Measure = measure(
    "met_duration",
    "share",
    "time-based copies that ended by their deadline, of those that ended",
);
/// Mean time from due to completed.
pub const COMPLETION_MEAN: Measure =
    measure("completion_mean", "s", "mean time from due to completed, of completed copies");
/// Median time from due to completed.
pub const COMPLETION_P50: Measure =
    measure("completion_p50", "s", "median time from due to completed");
/// 95th percentile of the time from due to completed.
pub const COMPLETION_P95: Measure = measure("completion_p95", "s", "95th percentile of that time");
/// 99th percentile of the time from due to completed.
pub const COMPLETION_P99: Measure = measure("completion_p99", "s", "99th percentile of that time");
/// Longest time from due to completed.
pub const COMPLETION_MAX: Measure = measure("completion_max", "s", "longest such time");
/// Mean lateness.
pub const LATENESS_MEAN: Measure = measure(
    "lateness_mean",
    "s",
    "mean time past the tightest copy or batch target, of completed copies that were late",
);
/// Greatest lateness.
pub const LATENESS_MAX: Measure = measure("lateness_max", "s", "longest such lateness");
/// Mean makespan.
pub const MAKESPAN_MEAN: Measure = measure(
    "makespan_mean",
    "s",
    "mean time from a due instant to the last completion of its copies, of batches that completed",
);
/// Greatest makespan.
pub const MAKESPAN_MAX: Measure = measure("makespan_max", "s", "longest such time");
/// Mean age of recovery points.
pub const RPO_MEAN: Measure =
    measure("rpo_mean", "s", "mean age of the newest recovery point over volumes and time");
/// Greatest age of a recovery point.
pub const RPO_MAX: Measure = measure("rpo_max", "s", "greatest age of a newest recovery point");
/// Share of time without a recovery point.
pub const RPO_NONE: Measure =
    measure("rpo_none", "share", "share of the time without any recovery point, over volumes");
/// Bytes that copies moved.
pub const MOVED: Measure = measure("moved", "B", "bytes moved by copies due in the window");
/// Share of copies that were full.
pub const FULL: Measure = measure("full", "share", "full copies, of those accepted");
/// Surcharge of time-based copies.
pub const SURCHARGE: Measure = measure("surcharge", "USD", "surcharge of time-based copies");
/// Transfer between Regions.
pub const TRANSFER: Measure = measure("transfer", "USD", "data transfer between Regions");
/// Requests.
pub const REQUESTS: Measure = measure("requests", "requests", "requests sent for copies due");
/// Refusals by throttling.
pub const REFUSED_THROTTLED: Measure =
    measure("refused_throttled", "requests", "of these, refused with RequestLimitExceeded");
/// Refusals for want of a slot.
pub const REFUSED_SLOTS: Measure =
    measure("refused_slots", "requests", "of these, refused with ResourceLimitExceeded: slots");
/// Refusals for want of quota.
pub const REFUSED_QUOTA: Measure =
    measure("refused_quota", "requests", "of these, refused with ResourceLimitExceeded: quota");
/// Refusals of a Region in trouble.
pub const REFUSED_UNAVAILABLE: Measure = measure(
    "refused_unavailable",
    "requests",
    "of these, refused with ServiceUnavailable: the Region was in trouble",
);
/// Refusals for too many snapshots.
pub const REFUSED_SNAPSHOTS: Measure = measure(
    "refused_snapshots",
    "requests",
    "of these, refused with SnapshotLimitExceeded: as many are kept in the Region as may be",
);
/// Copies that were made again.
pub const AGAIN: Measure = measure(
    "again",
    "copies",
    "copies made again of a snapshot: after a failure, or because the client lost patience",
);
/// Copies that a client lost patience with.
pub const TIMED_OUT: Measure =
    measure("timed_out", "copies", "copies that their client did not wait for to the end");
/// Bytes that copies made again moved.
pub const MOVED_AGAIN: Measure =
    measure("moved_again", "B", "of the bytes moved, those of copies made again");
/// What copies made again cost.
pub const PAID_AGAIN: Measure =
    measure("paid_again", "USD", "of surcharge and transfer, those of copies made again");
/// Mean age at the arrival of the next recovery point.
pub const RPO_PEAK: Measure = measure(
    "rpo_peak",
    "s",
    "mean age of a recovery point when a newer one took its place; the next five add up to it",
);
/// The parts of that age.
pub const RPO_PARTS: [Measure; 5] = [
    measure("rpo_interval", "s", "of it: between the instants at which the two were due"),
    measure("rpo_window", "s", "of it: by how much later than due the newer began than the older"),
    measure("rpo_snapshot", "s", "of it: the newer snapshot was being made"),
    measure("rpo_waiting", "s", "of it: until its copy was accepted and had its turn"),
    measure("rpo_transfer", "s", "of it: start-up and transfer, of all hops"),
];
/// Share of time with some volume past the limit.
pub const RPO_ANY: Measure = measure(
    "rpo_any_past",
    "share",
    "share of the time in which at least one volume, or application, was past the limit",
);
/// Mean age of recovery points of applications.
pub const APPLICATION_MEAN: Measure = measure(
    "application_rpo_mean",
    "s",
    "mean age of the newest set of which all volumes arrived, over applications and time",
);
/// Greatest age of a recovery point of an application.
pub const APPLICATION_MAX: Measure =
    measure("application_rpo_max", "s", "greatest age of such a newest set");
/// Share of time without a recovery point of an application.
pub const APPLICATION_NONE: Measure = measure(
    "application_rpo_none",
    "share",
    "share of the time in which no set of an application was there",
);
/// Time until the estate first keeps its targets.
pub const FIRST_INSIDE: Measure = measure(
    "first_inside",
    "s",
    "from the start until all targets held, and went on to for the longest interval",
);
/// Time until the estate is back inside its targets.
pub const BACK_INSIDE: Measure = measure(
    "back_inside",
    "s",
    "from the beginning of an incident until all targets held again, and went on to for the \
     longest interval; 0 where they held all along",
);
/// Mean time until the first copy of a volume.
pub const FIRST_COPY: Measure = measure(
    "first_copy",
    "s",
    "mean time from the start until the first copy of a volume is there, of destinations that begin \
     empty; one that never comes counts with the time until the end of the window",
);
/// What snapshots kept cost.
pub const STORAGE: Measure =
    measure("storage", "USD", "storage of the copies kept, over the window");
/// Copies granted less quota than needed.
pub const GRANTED_SHORT: Measure =
    measure("granted_short", "copies", "time-based copies granted less quota than needed");

/// A measure for each cause, in order of [`Cause::ALL`]: the word before its name, and what the
/// first says, which says it of all.
macro_rules! by_cause {
    ($kind:literal, $first:literal) => {
        [
            measure(concat!($kind, "_snapshot"), "s", $first),
            measure(concat!($kind, "_window"), "s", "start window and jitter"),
            measure(concat!($kind, "_throttled"), "s", "asleep after RequestLimitExceeded"),
            measure(concat!($kind, "_slot"), "s", "asleep or queued while slots are full"),
            measure(concat!($kind, "_backoff"), "s", "asleep though a slot is free"),
            measure(
                concat!($kind, "_client_queue"),
                "s",
                "held by the client's own order or limit",
            ),
            measure(
                concat!($kind, "_same_source"),
                "s",
                "behind an earlier copy of the same source",
            ),
            measure(concat!($kind, "_start_up"), "s", "starting up"),
            measure(concat!($kind, "_quota"), "s", "slowed or refused for want of quota"),
            measure(concat!($kind, "_own_cap"), "s", "at the cap of one time-based copy"),
            measure(concat!($kind, "_standard_cap"), "s", "at the rate of a standard copy"),
            measure(
                concat!($kind, "_outage"),
                "s",
                "stalled by a link without capacity, or held up by a Region in trouble",
            ),
            measure(concat!($kind, "_link"), "s", "slowed by a full link"),
            measure(concat!($kind, "_paced"), "s", "slower only because it need not be faster"),
        ]
    };
}

/// Mean time by cause, in the order of [`Cause::ALL`].
pub const CAUSES: [Measure; Cause::ALL.len()] =
    by_cause!("cause", "mean time by cause, of completed copies: snapshot being made");

/// Mean time by cause of the copies that broke a promise and ended, in the same order.
pub const BROKE_CAUSES: [Measure; Cause::ALL.len()] =
    by_cause!("broke", "the same, of copies that broke a promise");

/// Measures that stand for a run as a whole, beside those of each scope.
pub const SLOTS_MEAN: Measure = measure("slots_mean", "copies", "mean snapshot slots in use");
/// Most slots in use.
pub const SLOTS_MAX: Measure = measure("slots_max", "copies", "most snapshot slots in use");
/// Share of time without a free slot.
pub const SLOTS_FULL: Measure =
    measure("slots_full", "share", "share of the run without a free slot");
/// Mean quota reserved.
pub const QUOTA_MEAN: Measure = measure("quota_mean", "B/s", "mean throughput quota reserved");
/// Most quota reserved.
pub const QUOTA_MAX: Measure = measure("quota_max", "B/s", "most throughput quota reserved");
/// Mean number of snapshots kept.
pub const SNAPSHOTS_MEAN: Measure = measure(
    "snapshots_kept_mean",
    "snapshots",
    "mean number of copies kept in a Region, pending ones among them",
);
/// Most snapshots kept.
pub const SNAPSHOTS_MAX: Measure =
    measure("snapshots_kept_max", "snapshots", "most copies kept in a Region at once");
/// Mean use of a link.
pub const LINK_MEAN: Measure = measure("link_mean", "B/s", "mean rate carried by a link");
/// Highest use of a link.
pub const LINK_MAX: Measure = measure("link_max", "B/s", "highest rate carried by a link");

/// Each measure that has a name of its own here.
const SINGLE: [Measure; 53] = [
    DUE,
    COMPLETED,
    NOT_COPIED,
    FAILED,
    UNFINISHED,
    ON_TIME,
    BROKE,
    MET_DURATION,
    COMPLETION_MEAN,
    COMPLETION_P50,
    COMPLETION_P95,
    COMPLETION_P99,
    COMPLETION_MAX,
    LATENESS_MEAN,
    LATENESS_MAX,
    MAKESPAN_MEAN,
    MAKESPAN_MAX,
    RPO_MEAN,
    RPO_MAX,
    RPO_NONE,
    MOVED,
    FULL,
    SURCHARGE,
    TRANSFER,
    REQUESTS,
    REFUSED_THROTTLED,
    REFUSED_SLOTS,
    REFUSED_QUOTA,
    REFUSED_UNAVAILABLE,
    REFUSED_SNAPSHOTS,
    AGAIN,
    TIMED_OUT,
    MOVED_AGAIN,
    PAID_AGAIN,
    RPO_PEAK,
    RPO_ANY,
    APPLICATION_MEAN,
    APPLICATION_MAX,
    APPLICATION_NONE,
    FIRST_INSIDE,
    BACK_INSIDE,
    FIRST_COPY,
    STORAGE,
    GRANTED_SHORT,
    SLOTS_MEAN,
    SLOTS_MAX,
    SLOTS_FULL,
    QUOTA_MEAN,
    QUOTA_MAX,
    SNAPSHOTS_MEAN,
    SNAPSHOTS_MAX,
    LINK_MEAN,
    LINK_MAX,
];

/// All measures.
pub fn all() -> impl Iterator<Item = &'static Measure> {
    SINGLE.iter().chain(&RPO_PARTS).chain(&CAUSES).chain(&BROKE_CAUSES)
}

static BY_NAME: LazyLock<BTreeMap<&str, Measure>> =
    LazyLock::new(|| all().map(|measure| (measure.name, *measure)).collect());

impl Measure {
    /// The measure of a name.
    pub fn named(name: &str) -> Option<Measure> {
        BY_NAME.get(name).copied()
    }
}

/// A measure is stored by its name: what it means is the program's business.
impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Measure, D::Error> {
        let name = <&str>::deserialize(from)?;
        Measure::named(name).ok_or_else(|| D::Error::custom(format!("no measure: {name:?}")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is declared above and not listed could be written, and not be read back.
    #[test]
    fn every_measure_is_listed_once_and_found_by_its_name() {
        let source = include_str!("measure.rs");
        let declared = source.lines().filter(|line| line.starts_with("pub const "));
        let (lists, single): (Vec<&str>, Vec<&str>) =
            declared.partition(|line| line.contains("[Measure; "));
        assert_eq!(single.len(), SINGLE.len());
        assert_eq!(lists.len(), 3); // RPO_PARTS, CAUSES, BROKE_CAUSES
        let names: BTreeSet<&str> = all().map(|measure| measure.name).collect();
        assert_eq!(names.len(), all().count());
        for measure in all() {
            assert_eq!(Measure::named(measure.name), Some(*measure));
        }
        assert_eq!(Measure::named("speed"), None);
    }
}
