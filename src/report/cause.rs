//! How a cause looks and is spoken of: one row each, so that no picture and no page forgets one.

use crate::catalog::Cause;

/// A cause, as people meet it.
struct Told {
    cause: Cause,
    /// Its colour in the light and in the dark scheme, `0xRRGGBB`.
    colours: (u32, u32),
    /// What it is called, in a key.
    label: &'static str,
    /// What a copy does meanwhile.
    doing: &'static str,
    /// How the copy spends its time: `10 min of it …`.
    spent: &'static str,
}

/// All causes, in order of [`Cause::ALL`].
///
/// Grey prepares, warm waits, cool moves. Purple, yellow, and near-black are kept for what is rare.
const ROWS: [Told; Cause::ALL.len()] = [
    Told {
        cause: Cause::Snapshot,
        colours: (0x8c_96a0, 0x7f_8994),
        label: "snapshot being made",
        doing: "its snapshot is made",
        spent: "while the snapshot is made",
    },
    Told {
        cause: Cause::Window,
        colours: (0xcd_d2d8, 0x45_4c54),
        label: "start window",
        doing: "start window and jitter",
        spent: "in the start window",
    },
    Told {
        cause: Cause::Throttled,
        colours: (0xf0_e442, 0xf0_e442),
        label: "throttled",
        doing: "throttled",
        spent: "throttled by the API",
    },
    Told {
        cause: Cause::Slot,
        colours: (0xd5_5e00, 0xee_7a2b),
        label: "slots full",
        doing: "no free slot",
        spent: "while all slots are taken",
    },
    Told {
        cause: Cause::BackOff,
        colours: (0xe6_9f00, 0xf2_b535),
        label: "back-off, slot free",
        doing: "asleep though a slot is free",
        spent: "asleep beside a free slot",
    },
    Told {
        cause: Cause::ClientQueue,
        colours: (0xcc_79a7, 0xd9_8fb8),
        label: "client’s own queue",
        doing: "in the client's queue",
        spent: "in the client’s own queue",
    },
    Told {
        cause: Cause::SameSource,
        colours: (0x88_2255, 0xc2_608f),
        label: "behind the same source",
        doing: "behind a copy of the same snapshot",
        spent: "behind an earlier copy of the same source",
    },
    Told {
        cause: Cause::StartUp,
        colours: (0x4d_555e, 0xb4_bcc5),
        label: "start-up",
        doing: "starting up",
        spent: "starting up",
    },
    Told {
        cause: Cause::Quota,
        colours: (0x7b_4fa3, 0xa5_83d1),
        label: "quota",
        doing: "short of quota",
        spent: "short of quota",
    },
    Told {
        cause: Cause::OwnCap,
        colours: (0xb9_a3d6, 0xcb_b9e6),
        label: "cap of one copy",
        doing: "at the cap of one copy",
        spent: "at the cap of one copy",
    },
    Told {
        cause: Cause::StandardCap,
        colours: (0x56_b4e9, 0x6f_c2f0),
        label: "standard rate",
        doing: "at the rate of a standard copy",
        spent: "at the rate of a standard copy",
    },
    Told {
        cause: Cause::Outage,
        colours: (0x1a_1d21, 0xf4_f5f6),
        label: "outage",
        doing: "in an outage",
        spent: "stalled by an outage",
    },
    Told {
        cause: Cause::Link,
        colours: (0x00_72b2, 0x4c_9fd8),
        label: "link full",
        doing: "on a full link",
        spent: "slowed by a full link",
    },
    Told {
        cause: Cause::Paced,
        colours: (0x00_9e73, 0x2d_bb90),
        label: "paced transfer",
        doing: "paced to its deadline",
        spent: "paced to its deadline",
    },
];

const fn told(cause: Cause) -> &'static Told {
    let row = &ROWS[cause as usize];
    assert!(row.cause as usize == cause as usize, "rows stand in order of the causes");
    row
}

/// Its colour in the light and in the dark scheme, `0xRRGGBB`.
pub(super) const fn colours(cause: Cause) -> (u32, u32) {
    told(cause).colours
}

/// What it is called, in a key.
pub(super) const fn label(cause: Cause) -> &'static str {
    told(cause).label
}

/// What a copy does while it holds.
pub(crate) const fn doing(cause: Cause) -> &'static str {
    told(cause).doing
}

/// How a copy spends its time on it: `10 min of it …`.
pub(super) const fn spent(cause: Cause) -> &'static str {
    told(cause).spent
}
