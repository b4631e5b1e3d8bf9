//! The one table of columns: name, unit, type, and meaning feed the files and the documentation.

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A moment in RFC 3339.
    Moment,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name; the suffix is its unit.
    pub name: &'static str,
    /// Unit in words, empty for none.
    pub unit: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it says.
    pub meaning: &'static str,
}

/// One file of the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Name of the file.
    pub file: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
}

/// All files.
pub static TABLES: &[Table] = &[];

/// The table of a file.
pub fn table(file: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.file == file)
}
