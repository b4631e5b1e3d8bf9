//! What the provider publishes: Regions, Local Zones, limits, prices; ids, codes, causes.

mod cause;
pub use cause::Cause;

/// Error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// An EC2 limit.
    ResourceLimitExceeded,
    /// Throttled.
    RequestLimitExceeded,
}

/// Size of a snapshot block: 512 KiB (F109).
pub const BLOCK: crate::units::Bytes = crate::units::Bytes::new(512 << 10);
