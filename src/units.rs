//! Quantities: moments, spans, sizes, rates, and their spelling.
//!
//! Time is whole nanoseconds, data whole bytes, rates bytes per second as `f64`. This is the one
//! module in which bare numbers meet; each function states its rounding.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "this module is where numeric casts live; each one states its range"
)]

mod number;
mod time;
mod data;
mod rate;
mod byte_time;
mod money;
mod moved;
mod parse;
mod signed;
pub mod stored;

pub use byte_time::ByteTime;
pub use data::Bytes;
pub use money::Usd;
pub use moved::{Inverse, Moved, Speed};
pub use number::{
    count, count_i128, count_u64, floor_count, index_u32, index_u64, index_usize, round_i128,
    round_u64, signed, thousands,
};
pub use parse::{
    ParseError, parse_decimal, parse_money_per_gb, parse_money_per_gb_month, parse_number,
    parse_share,
};
pub use rate::Rate;
pub use signed::SignedSpan;
pub use time::{Instant, Span};
