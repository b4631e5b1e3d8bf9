//! The scenario format: text in, checked model out.

pub mod inventory;
