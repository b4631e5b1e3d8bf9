//! Pictures from an output folder.

pub mod theme;
pub mod chart;
