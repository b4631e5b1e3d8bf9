//! The system under study: plain, checked data.
