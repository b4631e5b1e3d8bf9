//! What the provider publishes: Regions, Local Zones, limits, prices; ids, codes, causes.
