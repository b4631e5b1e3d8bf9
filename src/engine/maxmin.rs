//! Max-min fair shares by progressive filling.
