//! One run: who asks what and when.

pub mod flows;
