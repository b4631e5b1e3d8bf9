//! One table, row by row: the mirror of the writer of tables.

use std::io::Read;

use csv::StringRecord;
use jiff::Timestamp;

use super::Fault;
use crate::record::{Kind, Table, table};
use crate::units::{Instant, Span};

/// Rows of one table.
pub(crate) struct Rows<R> {
    table: &'static Table,
    /// Keys of the sweep's axes, in the order of their columns.
    axes: Vec<String>,
    csv: csv::Reader<R>,
    record: StringRecord,
}

/// What one row says.
pub(crate) trait FromRow: Sized {
    /// The file that such rows stand in.
    const FILE: &'static str;

    /// Reads a row.
    ///
    /// # Errors
    /// When a field does not say what its column is about.
    fn read(row: &mut Row<'_>) -> Result<Self, Fault>;

    /// The design point that it is about.
    fn point(&self) -> u64;
}

/// One row; its fields are sought from left to right.
pub(crate) struct Row<'r> {
    table: &'static Table,
    axes: &'r [String],
    record: &'r StringRecord,
    next: usize,
}

/// One field.
#[derive(Clone, Copy)]
pub(crate) struct Field<'r> {
    file: &'static str,
    column: &'static str,
    line: Option<u64>,
    text: &'r str,
}

impl<R: Read> Rows<R> {
    /// Opens a table and checks its header.
    ///
    /// # Errors
    /// When the header is not that of the table.
    ///
    /// # Panics
    /// When there is no table of this name.
    pub(crate) fn open(file: &str, from: R) -> Result<Rows<R>, Fault> {
        let table = table(file).expect("a file of the table");
        let mut csv = csv::Reader::from_reader(from);
        let header = csv.headers().map_err(|error| broken(file, &error))?.clone();
        let n_axes = header.len().saturating_sub(table.columns.len());
        let axes: Vec<String> = header.iter().skip(1).take(n_axes).map(str::to_owned).collect();
        let expected = table.header(&axes);
        if !header.iter().eq(expected.iter().copied()) {
            let message = format!("the header is not `{}`", expected.join(","));
            return Err(Fault::content(file, Some(1), message));
        }
        Ok(Rows { table, axes, csv, record: StringRecord::new() })
    }

    /// The next row.
    ///
    /// # Errors
    /// When it has not as many fields as the header, or is no text.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Fault> {
        let file = self.table.file;
        if !self.csv.read_record(&mut self.record).map_err(|error| broken(file, &error))? {
            return Ok(None);
        }
        Ok(Some(Row { table: self.table, axes: &self.axes, record: &self.record, next: 0 }))
    }
}

impl<'r> Row<'r> {
    /// The field of a column, which stands right of the last one sought.
    ///
    /// # Panics
    /// When there is none.
    pub(crate) fn at(&mut self, column: &str) -> Field<'r> {
        let ahead = &self.table.columns[self.next..];
        let ahead = ahead.iter().position(|other| other.name == column);
        let place = self.next + ahead.unwrap_or_else(|| panic!("no column {column} ahead"));
        self.next = place + 1;
        let axes_before = if place == 0 { 0 } else { self.axes.len() };
        Field {
            file: self.table.file,
            column: self.table.columns[place].name,
            line: self.record.position().map(csv::Position::line),
            text: &self.record[place + axes_before],
        }
    }

    /// The key of each axis of the sweep, with its value at this row's point.
    pub(crate) fn labels(&self) -> Vec<(String, String)> {
        let values = self.record.iter().skip(1);
        self.axes.iter().cloned().zip(values.map(str::to_owned)).collect()
    }
}

impl<'r> Field<'r> {
    /// Its words.
    pub(crate) fn text(self) -> &'r str {
        self.text
    }

    /// Its value, which must be there.
    pub(crate) fn must<T: Value>(self) -> Result<T, Fault> {
        T::read(self.text).ok_or_else(|| self.no(T::KIND))
    }

    /// Its value; `None` where it is empty.
    pub(crate) fn maybe<T: Value>(self) -> Result<Option<T>, Fault> {
        if self.text.is_empty() { Ok(None) } else { self.must().map(Some) }
    }

    /// Its share, which must be there and lie from 0 to 1.
    pub(crate) fn share(self) -> Result<f64, Fault> {
        let share: f64 = self.must()?;
        if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(self.wrong("no share")) }
    }

    /// The one of `all` whose name it is.
    pub(crate) fn one_of<T: Copy>(
        self,
        all: impl IntoIterator<Item = (&'static str, T)>,
    ) -> Result<T, Fault> {
        let found = all.into_iter().find(|(name, _)| *name == self.text);
        found.map(|(_, value)| value).ok_or_else(|| self.wrong("no word of this column"))
    }

    fn no(self, kind: Kind) -> Fault {
        self.wrong(match kind {
            Kind::Text => "no text",
            Kind::Integer => "no whole number",
            Kind::Decimal => "no decimal number",
            Kind::Boolean => "neither true nor false",
            Kind::Moment => "no moment",
        })
    }

    fn wrong(self, what: &str) -> Fault {
        let message = format!("{}: {what}: {:?}", self.column, self.text);
        Fault::content(self.file, self.line, message)
    }
}

/// What a field can hold.
pub(crate) trait Value: Sized {
    /// The kind of its column.
    const KIND: Kind;

    /// Reads what the writer of tables wrote.
    fn read(text: &str) -> Option<Self>;
}

impl Value for u64 {
    const KIND: Kind = Kind::Integer;

    fn read(text: &str) -> Option<u64> {
        text.parse().ok()
    }
}

impl Value for f64 {
    const KIND: Kind = Kind::Decimal;

    fn read(text: &str) -> Option<f64> {
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(text: &str) -> Option<bool> {
        text.parse().ok()
    }
}

impl Value for Span {
    const KIND: Kind = Kind::Decimal;

    fn read(text: &str) -> Option<Span> {
        Span::from_column(text)
    }
}

impl Value for Instant {
    const KIND: Kind = Kind::Moment;

    fn read(text: &str) -> Option<Instant> {
        let moment: Timestamp = text.parse().ok()?;
        u64::try_from(moment.as_nanosecond()).ok().map(Instant::from_nanos)
    }
}

/// What the reader of CSV found wrong.
fn broken(file: &str, error: &csv::Error) -> Fault {
    let line = error.position().map(csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, not {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "no UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    Fault::content(file, line, message)
}

#[cfg(test)]
mod tests {
    use super::super::{ShareRow, TargetRow, rows_of};
    use super::*;

    const HEADER: &str = "point,scope,time_s,share,lowest,highest\n";

    fn fault(row: &str) -> String {
        rows_of::<ShareRow>(&format!("{HEADER}0,all,1.000000000,0.5,0,1\n{row}\n"))
            .map(|rows| rows.len())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_broken_row_is_named_by_file_line_and_column() {
        assert_eq!(
            fault("0,all,1.5,0.5,0,1"),
            "distribution.csv, line 3: time_s: no decimal number: \"1.5\""
        );
        assert_eq!(
            fault("0,all,2.000000000,1.5,0,1"),
            "distribution.csv, line 3: share: no share: \"1.5\""
        );
        assert_eq!(
            fault("0,all,2.000000000,,0,1"),
            "distribution.csv, line 3: share: no decimal number: \"\""
        );
        assert_eq!(
            fault("x,all,2.000000000,0.5,0,1"),
            "distribution.csv, line 3: point: no whole number: \"x\""
        );
        assert_eq!(fault("0,all"), "distribution.csv, line 3: 2 fields, not 6");
    }

    #[test]
    fn a_header_of_other_columns_is_refused() {
        let fault = rows_of::<ShareRow>("point,scope\n").map(|rows| rows.len()).unwrap_err();
        let expected = "distribution.csv, line 1: the header is not \
                        `point,scope,time_s,share,lowest,highest`";
        assert_eq!(fault.to_string(), expected);
    }

    /// Axes stand between the point and the table's own columns.
    #[test]
    fn axes_are_read_with_their_keys() {
        let header = table("targets.csv").unwrap().header(&["slots".to_owned()]).join(",");
        let n_rest = header.split(',').count() - 9;
        let row = format!("3,16,db,copy,0.95,0.9,0.8,1{}", ",".repeat(n_rest + 1));
        let fault = rows_of::<TargetRow>(&format!("{header}\n{row}\n")).map(|rows| rows.len());
        assert!(fault.unwrap_err().to_string().contains("verdict: no word"));
        let text = format!("{header}\n{row}\n");
        let mut rows = Rows::open("targets.csv", text.as_bytes()).unwrap();
        let row = rows.next().unwrap().unwrap();
        assert_eq!(row.labels(), [("slots".to_owned(), "16".to_owned())]);
    }
}
