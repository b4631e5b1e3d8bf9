//! Slots, quota, and tokens.
