//! Columns of what runs write row by row: copies, images, recovery points, flows.

use super::shared::{
    BYTES, CAUSES, DUE, FLEET, GRANTED, INCREMENTAL, POINT, REPLICATION, REQUIRED, SNAPSHOT, TO,
    VOLUME, joined,
};
use super::{Column, boolean, bytes, count, moment, seconds, text, usd};

const AGAIN: Column = count(
    "again",
    "copies that were made of it before this one, after a failure or a timeout of the client",
);
const FROM: Column = text("from", "source");
const ACCOUNT: Column = text("account", "account that the copy belongs to");
const OUTCOME: Column = text(
    "outcome",
    "`completed`, `error`, `cancelled`, `given_up`, `replaced`, `skipped`, `overflow`, `no_source`, \
     or `unfinished`",
);
const REFUSAL: Column = text("refusal", "error code of the latest refusal; empty: never refused");
const ATTEMPTS: Column = count("attempts", "requests that were sent");
const ACCEPTED: Column = moment("accepted_utc", "when it was accepted");
const ON_TIME: Column = boolean(
    "on_time",
    "whether it ended within the tightest copy or batch target that covers it; empty: none does",
);

pub(super) const COPIES: &[Column] = joined!(
    &[
        POINT,
        REPLICATION,
        FLEET,
        VOLUME,
        SNAPSHOT,
        AGAIN,
        FROM,
        TO,
        ACCOUNT,
        boolean("time_based", "whether it has a completion duration"),
        INCREMENTAL,
        text(
            "full_because",
            "why all of it moved, of the copies of its volume at its destination when it was accepted: \
         `first` (there never was one), `not_completed` (none had been completed), `retention` \
         (those that had were gone), `not_older` (none was of an older snapshot), `key` (they were \
         under another key, or one stood against it), `edge` (copies to the edge are always full), \
         or `always` (it shares nothing with them); empty: incremental, or never accepted",
        ),
        OUTCOME,
        REFUSAL,
        ATTEMPTS,
        DUE,
        moment("recovery_point_utc", "when its snapshot began"),
        moment("asked_utc", "when it was first requested"),
        ACCEPTED,
        moment("transfer_began_utc", "when its first byte moved"),
        moment("deadline_utc", "when it had to end by the provider's clock; empty: standard copy"),
        moment("ended_utc", "when its last byte landed, or it failed or was dropped"),
        BYTES,
        bytes("moved_bytes", "bytes that moved"),
        REQUIRED,
        GRANTED,
        boolean(
            "met_duration",
            "whether it ended by its deadline; empty: has none, or did not end"
        ),
        text("blame", "`customer` or `service` where it missed its deadline"),
        ON_TIME,
        usd("surcharge_usd", "price of its completion duration"),
        usd("transfer_usd", "price of the transfer between Regions"),
        text(
            "billed_by",
            "rule of the bill: `met`, `customer_miss`, `service_miss`, `deleted`, `failed`, \
         `standard`, or `unfinished`; empty: never accepted",
        ),
        seconds(
            "billed_duration_s",
            "duration whose tier the surcharge is at; empty: no surcharge"
        ),
    ],
    &CAUSES,
);

pub(super) const IMAGES: &[Column] = &[
    POINT,
    REPLICATION,
    FLEET,
    text("image", "image family"),
    count("release", "number of the release in this run, from 0"),
    AGAIN,
    FROM,
    TO,
    ACCOUNT,
    OUTCOME,
    REFUSAL,
    ATTEMPTS,
    count("n_snapshots", "backing snapshots"),
    bytes("bytes", "bytes to move, all snapshots; empty: never accepted"),
    DUE,
    ACCEPTED,
    moment("ended_utc", "when its last snapshot landed, or it failed or was dropped"),
    boolean("met_duration", "whether all its snapshots ended by their deadlines"),
    ON_TIME,
];

pub(super) const EVENTS: &[Column] = &[
    POINT,
    REPLICATION,
    moment("time_utc", "when it was sent"),
    text(
        "detail_type",
        "`EBS Snapshot Notification`, `EBS Copy Snapshot Missed Completion Duration`, or `EC2 AMI \
         State Change`",
    ),
    text(
        "result",
        "`succeeded`, `failed`, `available`, or `deregistered`; empty: a missed deadline",
    ),
    text("cause", "why it failed, in the provider's words"),
    FLEET,
    text("item", "volume, `image/snapshot`, or image"),
    ACCOUNT,
    text("region", "Region that it was sent in: that of the destination"),
    text("resource", "id of the copy"),
    text("source", "id of its source"),
    moment("started_utc", "when the copy was accepted"),
    moment("clock_started_utc", "when its completion duration began; empty: standard copy"),
    boolean("incremental", "whether only changes moved; empty: failed, or still under way"),
    text("transfer_type", "`time-based` or `standard`; empty: an image"),
    text("missed", "why its deadline was missed: `copy_rate`, `quota`, or `service`"),
];

pub(super) const RPO: &[Column] = &[
    POINT,
    REPLICATION,
    FLEET,
    text("volume", "volume; empty: the row is about an application"),
    text("application", "application that the row is about, or that the volume belongs to"),
    TO,
    count("n_points", "recovery points that arrived in the window"),
    seconds("mean_s", "mean age of the newest one, over the time in which there was one"),
    seconds("worst_s", "greatest age"),
    moment("worst_at_utc", "when the age was greatest"),
    seconds("without_s", "time without any recovery point"),
    seconds("limit_s", "tightest RPO target that covers it; empty: none does"),
    seconds("past_limit_s", "time past that limit, or without a recovery point"),
    seconds(
        "peak_s",
        "greatest age that ended because a newer recovery point arrived; the next five add up to it",
    ),
    seconds("interval_s", "of it: between the instants at which the two were due"),
    seconds(
        "window_s",
        "of it: by how much later than due the newer snapshot began than the older",
    ),
    seconds("snapshot_s", "of it: the newer snapshot was being made"),
    seconds("waiting_s", "of it: until its copy was accepted and had its turn"),
    seconds("transfer_s", "of it: start-up and transfer, of all hops"),
];

pub(super) const FLOWS: &[Column] = &[
    text("id", "name of the flow in the input"),
    seconds("arrival_s", "when it arrived, after the start"),
    bytes("bytes", "its size"),
    seconds("finished_s", "when its last byte had passed, after the start"),
];
