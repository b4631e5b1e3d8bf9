//! From a scenario to its runs: points and replications.
