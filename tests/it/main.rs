//! The one integration binary.

mod oracle;
