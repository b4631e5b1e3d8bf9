//! Rows that a run writes, and the one table of columns.
