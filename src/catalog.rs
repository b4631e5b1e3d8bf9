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
