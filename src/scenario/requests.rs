//! Requests in the API's own words: what the account that makes them has.

pub mod state;
