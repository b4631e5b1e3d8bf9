//! One table as CSV, field by field.
//!
//! Fields are exact: moments and spans to the nanosecond, money to the nano-dollar, bytes whole; a
//! decimal number is the shortest text that reads back as the same `f64`.

use std::fmt;
use std::io::{self, Write};

use jiff::Timestamp;

use crate::record::{Kind, Table};
use crate::units::{Bytes, Instant, SignedSpan, Span, Usd};

/// Writes the rows of one table.
///
/// A field that is `None` is left empty. After a fault of the writer nothing more is written, and
/// [`CsvTable::finish`] gives the fault back.
#[derive(Debug)]
pub struct CsvTable<W: Write> {
    out: csv::Writer<W>,
    header: Vec<String>,
    columns: Vec<(Kind, &'static str)>,
    next: usize,
    field: Vec<u8>,
    fault: Option<io::Error>,
}

impl<W: Write> CsvTable<W> {
    /// Writes rows of `table` to `out`, without a header; `axes` are the keys of the sweep's axes,
    /// which become columns where the table has them.
    pub fn new(out: W, table: &Table, axes: &[String]) -> CsvTable<W> {
        let header: Vec<String> = table.header(axes).into_iter().map(ToOwned::to_owned).collect();
        let n_axes = header.len() - table.columns.len();
        let mut columns: Vec<_> = table.columns.iter().map(|c| (c.kind, c.unit)).collect();
        columns.splice(1..1, vec![(Kind::Text, ""); n_axes]);
        CsvTable {
            out: csv::Writer::from_writer(out),
            header,
            columns,
            next: 0,
            field: Vec::new(),
            fault: None,
        }
    }

    /// Writes the header.
    pub fn header(&mut self) {
        let written = self.out.write_record(&self.header);
        self.keep(written);
    }

    /// Words.
    ///
    /// # Panics
    /// When the next column is not of this kind, as for all kinds of fields.
    pub fn text<'v>(&mut self, value: impl Into<Option<&'v str>>) -> &mut Self {
        self.expect(Kind::Text, None);
        let value = value.into().unwrap_or_default();
        self.put(value.as_bytes())
    }

    /// A whole number.
    pub fn integer(&mut self, value: impl Into<Option<u64>>) -> &mut Self {
        self.expect(Kind::Integer, None);
        self.show(value.into())
    }

    /// An amount of data.
    pub fn bytes(&mut self, value: impl Into<Option<Bytes>>) -> &mut Self {
        self.expect(Kind::Integer, Some("bytes"));
        self.show(value.into().map(Bytes::get))
    }

    /// A decimal number; one that is not finite has nothing to say and is left empty.
    pub fn decimal(&mut self, value: impl Into<Option<f64>>) -> &mut Self {
        self.expect(Kind::Decimal, None);
        self.show(value.into().filter(|value| value.is_finite()))
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: impl Into<Option<bool>>) -> &mut Self {
        self.expect(Kind::Boolean, None);
        self.show(value.into())
    }

    /// A moment, in UTC with nine decimals: `2027-01-04T00:00:00.000000000Z`.
    pub fn moment(&mut self, value: impl Into<Option<Instant>>) -> &mut Self {
        self.expect(Kind::Moment, None);
        self.show(value.into().map(Moment))
    }

    /// A length of time, in seconds with nine decimals.
    pub fn span(&mut self, value: impl Into<Option<Span>>) -> &mut Self {
        self.expect(Kind::Decimal, Some("s"));
        self.show(value.into().map(Span::to_column))
    }

    /// A difference of lengths of time, in seconds with nine decimals.
    pub fn signed_span(&mut self, value: impl Into<Option<SignedSpan>>) -> &mut Self {
        self.expect(Kind::Decimal, Some("s"));
        self.show(value.into().map(SignedSpan::to_column))
    }

    /// An amount of money, in dollars with nine decimals.
    pub fn usd(&mut self, value: impl Into<Option<Usd>>) -> &mut Self {
        self.expect(Kind::Decimal, Some("USD"));
        self.show(value.into().map(Usd::to_column))
    }

    /// Ends the row.
    ///
    /// # Panics
    /// When fields are missing.
    pub fn end(&mut self) {
        assert_eq!(self.next, self.columns.len(), "fields of a row of {:?}", self.header);
        self.next = 0;
        if self.fault.is_none() {
            let written = self.out.write_record(None::<&[u8]>);
            self.keep(written);
        }
    }

    /// Ends the table: all that was written is with the writer.
    ///
    /// # Errors
    /// The first fault of the writer.
    pub fn finish(self) -> io::Result<W> {
        match self.fault {
            Some(fault) => Err(fault),
            None => self.out.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }

    fn expect(&mut self, kind: Kind, unit: Option<&str>) {
        let column = self.columns.get(self.next);
        let fits = column.is_some_and(|(k, u)| *k == kind && unit.is_none_or(|unit| *u == unit));
        assert!(fits, "{kind:?} in {unit:?} as field {} of {:?}", self.next, self.header);
        self.next += 1;
    }

    fn show(&mut self, value: Option<impl fmt::Display>) -> &mut Self {
        let mut field = std::mem::take(&mut self.field);
        field.clear();
        if let Some(value) = value {
            write!(field, "{value}").expect("memory takes all that is written");
        }
        self.put(&field);
        self.field = field;
        self
    }

    fn put(&mut self, field: &[u8]) -> &mut Self {
        if self.fault.is_none() {
            let written = self.out.write_field(field);
            self.keep(written);
        }
        self
    }

    fn keep(&mut self, written: csv::Result<()>) {
        if let Err(error) = written
            && self.fault.is_none()
        {
            self.fault = Some(match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            });
        }
    }
}

/// A moment as `_utc` columns have it.
struct Moment(Instant);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.0.nanos());
        let moment = Timestamp::from_nanosecond(nanos).expect("the year 2554 is in range");
        write!(f, "{moment:.9}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::table;

    #[test]
    fn fields_of_a_table_follow_its_axes() {
        let axes = ["limits.quota".to_owned()];
        let mut runs = CsvTable::new(Vec::new(), table("runs.csv").unwrap(), &axes);
        runs.header();
        runs.integer(0).text("2000 MiB/s").integer(1).text("all").text("lateness").text("s");
        runs.decimal(0.1 + 0.2).boolean(false).integer(5).end();
        runs.integer(0).text("∞").integer(1).text("all").text("lateness").text(None);
        runs.decimal(f64::NAN).boolean(true).integer(0).end();
        let text = String::from_utf8(runs.finish().unwrap()).unwrap();
        insta::assert_snapshot!(text, @r"
        point,limits.quota,replication,scope,measure,unit,value,at_least,n
        0,2000 MiB/s,1,all,lateness,s,0.30000000000000004,false,5
        0,∞,1,all,lateness,,,true,0
        ");
    }

    #[test]
    #[should_panic(expected = "Integer in None as field 1")]
    fn a_field_of_another_kind_than_its_column_is_a_fault_of_ours() {
        let mut flows = CsvTable::new(Vec::new(), table("flows.csv").unwrap(), &[]);
        flows.text("f1").integer(7);
    }

    #[test]
    #[should_panic(expected = "fields of a row")]
    fn a_row_that_is_too_short_is_a_fault_of_ours() {
        let mut flows = CsvTable::new(Vec::new(), table("flows.csv").unwrap(), &[]);
        flows.text("f1").end();
    }

    /// Takes `room` bytes, then fails.
    #[derive(Debug)]
    struct FullDisk {
        room: usize,
    }

    impl Write for FullDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Some(room) = self.room.checked_sub(bytes.len()) else {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
            };
            self.room = room;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The buffer of the CSV writer holds 8 KiB, so 1,000 rows of flows meet the fault while they
    /// are written, and one row meets it when the buffer is flushed at the end.
    #[test]
    fn a_fault_of_the_writer_is_kept_and_given_back() {
        for n_rows in [1, 1000] {
            let mut flows = CsvTable::new(FullDisk { room: 10 }, table("flows.csv").unwrap(), &[]);
            for _ in 0..n_rows {
                flows.text("flow").span(Span::ZERO).bytes(Bytes::ZERO).span(Span::ZERO).end();
            }
            let fault = flows.finish().unwrap_err();
            assert_eq!(fault.kind(), io::ErrorKind::StorageFull, "{n_rows} rows");
        }
    }
}
