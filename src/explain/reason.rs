//! What is said, with the facts that it follows from.

/// Something said, and by which facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason<T> {
    /// What is said.
    pub said: T,
    /// The marks of its facts and assumptions: `F55, P-LZLZ`.
    pub marks: &'static str,
}

impl<T> Reason<T> {
    /// `said`, by `marks`.
    pub const fn new(said: T, marks: &'static str) -> Reason<T> {
        Reason { said, marks }
    }
}
