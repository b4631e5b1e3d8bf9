//! Columns of the worst copies, and of where their time went.

use super::shared::{
    BYTES, CAUSES, DUE, FLEET, GRANTED, INCREMENTAL, POINT, REPLICATION, REQUIRED, SNAPSHOT, TO,
    joined,
};
use super::{Column, boolean, bytes_per_s, count, moment, seconds, text};

pub(super) const WORST: &[Column] = joined!(
    &[
        POINT,
        count(
            "rank",
            "1: the worst. Copies that broke a promise come first, of these the ones that were never \
         there, then by `late_s`, then by `completion_s`",
        ),
        REPLICATION,
        FLEET,
        text(
            "volume",
            "volume; of an image copy `image/snapshot`, its snapshot that ended last, or the image alone \
         where none had been accepted, or those that had go on without it",
        ),
        SNAPSHOT,
        TO,
        DUE,
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
        BYTES,
        REQUIRED,
        GRANTED,
        INCREMENTAL,
    ],
    &CAUSES,
    &[
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
    ],
);

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
