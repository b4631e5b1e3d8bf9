//! What the provider publishes: Regions, Local Zones, limits, prices; ids, codes, causes.

mod cause;

pub use cause::Cause;
