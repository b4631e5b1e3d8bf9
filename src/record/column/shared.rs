//! Columns that stand in several tables.

use super::{Column, boolean, bytes, bytes_per_s, count, moment, seconds, text};
use crate::catalog::Cause;

pub(super) const POINT: Column = count("point", "design point, from 0");
pub(super) const REPLICATION: Column = count("replication", "replication, from 0");
pub(super) const FLEET: Column = text("fleet", "fleet");
pub(super) const VOLUME: Column = text("volume", "volume, or `image/snapshot`");
pub(super) const SNAPSHOT: Column =
    count("snapshot", "number of the snapshot of this volume in this run, from 0");
pub(super) const TO: Column = text("to", "destination");
pub(super) const DUE: Column = moment("due_utc", "when the schedule asked for it");
pub(super) const BYTES: Column = bytes("bytes", "bytes to move; empty: never accepted");
pub(super) const REQUIRED: Column =
    bytes_per_s("required_bytes_per_s", "quota that it needed; empty: standard copy");
pub(super) const GRANTED: Column =
    bytes_per_s("granted_bytes_per_s", "quota that it was granted when accepted");
pub(super) const INCREMENTAL: Column =
    boolean("incremental", "whether only changes moved; empty: never accepted");
pub(super) const UNIT: Column = text("unit", "unit of the values of this row; empty: none");

/// Times by cause: name, what it says of a copy, and what of two sides of a comparison.
const BY_CAUSE: [(&str, &str, &str); Cause::ALL.len()] = [
    ("snapshot_s", "its snapshot was being made", "B − A: its snapshot was being made"),
    ("window_s", "start window and jitter of the schedule", "B − A: start window and jitter"),
    (
        "throttled_s",
        "asleep after `RequestLimitExceeded`",
        "B − A: asleep after `RequestLimitExceeded`",
    ),
    (
        "slot_s",
        "asleep or queued while all slots were taken",
        "B − A: asleep or queued while all slots were taken",
    ),
    ("backoff_s", "asleep though a slot was free", "B − A: asleep though a slot was free"),
    (
        "client_queue_s",
        "held by the client's own order or limit",
        "B − A: held by the client's own order or limit",
    ),
    (
        "same_source_s",
        "behind an earlier time-based copy of the same source",
        "B − A: behind an earlier copy of the same source",
    ),
    ("start_up_s", "starting up", "B − A: starting up"),
    (
        "quota_s",
        "moving at a granted quota that was less than required",
        "B − A: at a granted quota that was less than required",
    ),
    (
        "own_cap_s",
        "moving at the most that one time-based copy may",
        "B − A: at the most that one time-based copy may",
    ),
    (
        "standard_cap_s",
        "moving at the rate of a standard copy",
        "B − A: at the rate of a standard copy",
    ),
    (
        "outage_s",
        "stalled by a link without capacity, or held up by a Region in trouble",
        "B − A: stalled by a link, or held up by a Region in trouble",
    ),
    ("link_s", "slowed by a full link", "B − A: slowed by a full link"),
    (
        "paced_s",
        "slower only because it need not be faster",
        "B − A: slower only because it need not be faster",
    ),
];

/// The time of a copy by cause, in order of its life.
pub(super) const CAUSES: [Column; Cause::ALL.len()] = by_cause(false);

/// The same of two sides of a comparison, B − A.
pub(super) const MOVED_CAUSES: [Column; Cause::ALL.len()] = by_cause(true);

const fn by_cause(is_difference: bool) -> [Column; Cause::ALL.len()] {
    let mut columns = [POINT; Cause::ALL.len()];
    let mut place = 0;
    while place < columns.len() {
        let (name, of_copy, of_sides) = BY_CAUSE[place];
        columns[place] = seconds(name, if is_difference { of_sides } else { of_copy });
        place += 1;
    }
    columns
}

/// Lists of columns, one behind the other, as one list.
macro_rules! joined {
    ($($list:expr),+ $(,)?) => {{
        const LISTS: &[&[Column]] = &[$($list),+];
        const N: usize = 0 $(+ $list.len())+;
        &$crate::record::column::shared::in_a_row::<N>(LISTS)
    }};
}
pub(super) use joined;

/// The columns of `lists`, of which there are `N`.
pub(super) const fn in_a_row<const N: usize>(lists: &[&[Column]]) -> [Column; N] {
    let mut columns = [POINT; N];
    let (mut n, mut list) = (0, 0);
    while list < lists.len() {
        let mut place = 0;
        while place < lists[list].len() {
            columns[n] = lists[list][place];
            n += 1;
            place += 1;
        }
        list += 1;
    }
    columns
}
