//! Requests in the API's own words: what the account that makes them has, and scenarios made of logs.

pub mod import;
pub mod state;
