//! A plan carried out in parallel, and its folder.

pub mod folder;
