//! Pictures from an output folder.
