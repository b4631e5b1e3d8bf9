//! One run: who asks what and when.
