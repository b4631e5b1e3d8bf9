//! Pending events, soonest first.
