//! What a copy costs.
