//! Columns of the worst copies, and of where their time went.

use super::{Column, boolean, bytes, bytes_per_s, count, moment, seconds, text};

const POINT: Column = count("point", "design point, from 0");

pub(super) const WORST: &[Column] = &[
    POINT,
    count(
        "rank",
        "1: the worst. Copies that broke a promise come first, of these the ones that were never \
         there, then by `late_s`, then by `completion_s`",
    ),
    count("replication", "replication, from 0"),
    text("fleet", "fleet"),
    text(
        "volume",
        "volume; of an image copy `image/snapshot`, its snapshot that ended last, or the image alone \
         where none had been accepted, or those that had go on without it",
    ),
    count("snapshot", "number of the snapshot of this volume in this run, from 0"),
    text("to", "destination"),
    moment("due_utc", "when the schedule asked for it"),
    moment(
        "ended_utc",
        "when its last byte landed, or it failed or was dropped; empty: unfinished",
    ),
    text("outcome", "as in `copies.csv`; of an image copy as in `images.csv`"),
    seconds(
        "completion_s",
        "from due to its end, or to that of the run; the times by cause add up to it",
    ),
    seconds(
        "limit_s",
        "from due to the latest end that is on time by the tightest copy or batch target; empty: none \
         covers it",
    ),
    seconds(
        "late_s",
        "by how much its end was past that, or the recovery point before it past the tightest RPO \
         limit, the greater of the two; empty: by nothing",
    ),
    boolean(
        "broke",
        "whether it broke a promise: late, never there, or there only after an RPO limit had passed",
    ),
    bytes("bytes", "bytes to move; empty: never accepted"),
    bytes_per_s("required_bytes_per_s", "quota that it needed; empty: standard copy"),
    bytes_per_s("granted_bytes_per_s", "quota that it was granted when accepted"),
    boolean("incremental", "whether only changes moved; empty: never accepted"),
    seconds("snapshot_s", "its snapshot was being made"),
    seconds("window_s", "start window and jitter of the schedule"),
    seconds("throttled_s", "asleep after `RequestLimitExceeded`"),
    seconds("slot_s", "asleep or queued while all slots were taken"),
    seconds("backoff_s", "asleep though a slot was free"),
    seconds("client_queue_s", "held by the client's own order or limit"),
    seconds("same_source_s", "behind an earlier time-based copy of the same source"),
    seconds("start_up_s", "starting up"),
    seconds("quota_s", "moving at a granted quota that was less than required"),
    seconds("own_cap_s", "moving at the most that one time-based copy may"),
    seconds("standard_cap_s", "moving at the rate of a standard copy"),
    seconds("outage_s", "stalled by a link without capacity, or held up by a Region in trouble"),
    seconds("link_s", "slowed by a full link"),
    seconds("paced_s", "slower only because it need not be faster"),
    text(
        "lifted",
        "the limit that cost it most time of those that can be lifted, a word of `limit` in \
         `limits.csv`; empty: none did",
    ),
    text("lifted_place", "which of its kind: the name of a link; empty: all of them"),
    seconds(
        "lifted_completion_s",
        "from due to completed in the same run without that limit; empty: never there, or none was \
         lifted",
    ),
    boolean("lifted_broke", "whether it breaks a promise then; empty: none was lifted"),
];

pub(super) const STRETCHES: &[Column] = &[
    POINT,
    count("rank", "the copy, by its rank in `worst.csv`"),
    moment("from_utc", "its first moment"),
    moment("until_utc", "the moment after its last"),
    text(
        "cause",
        "what the time went into: the name of a column of `worst.csv` without its `_s`; while bytes \
         move, what sets the rate",
    ),
    text("link", "the link that sets the rate; empty: something else does"),
    bytes_per_s(
        "rate_bytes_per_s",
        "rate at which bytes move, rounded; empty: none do. Where a copy has more than 40 stretches, \
         short neighbours of equal cause are one, with the mean rate, and where that is not enough, \
         parts of a cause that alternates with another are put together",
    ),
];
