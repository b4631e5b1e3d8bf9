//! Why a copy was full.

/// Why a copy found no base at its destination when it was accepted (F102–F106).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyFull {
    /// No copy of its volume was ever accepted there, nor was one there from the start.
    First,
    /// None of the earlier ones had been completed: they were under way, or had failed.
    NotCompleted,
    /// Those that had been completed were gone: their retention had ended.
    Retention,
    /// Those that stood were of the same snapshot or of newer ones.
    NotOlder,
    /// Those that stood were under another key, or that stood against it (P-REKEY).
    Key,
    /// It went to a Local Zone or an Outpost, where copies are always full (P-EDGE-INCR).
    Edge,
    /// It shared no block with any other: its fleet, or the scenario, says so.
    Always,
}

impl WhyFull {
    /// Every reason, in the order of the variants.
    pub const ALL: [WhyFull; 7] = [
        WhyFull::First,
        WhyFull::NotCompleted,
        WhyFull::Retention,
        WhyFull::NotOlder,
        WhyFull::Key,
        WhyFull::Edge,
        WhyFull::Always,
    ];

    /// The word in the column `full_because`.
    pub const fn name(self) -> &'static str {
        match self {
            WhyFull::First => "first",
            WhyFull::NotCompleted => "not_completed",
            WhyFull::Retention => "retention",
            WhyFull::NotOlder => "not_older",
            WhyFull::Key => "key",
            WhyFull::Edge => "edge",
            WhyFull::Always => "always",
        }
    }
}
