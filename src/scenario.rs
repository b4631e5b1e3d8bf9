//! The scenario format: text in, checked model out.
