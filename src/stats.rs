//! Histograms, intervals, verdicts.
