//! Rows as CSV: each field is checked against the column that it goes into.

use std::io::{self, Write};

use super::{
    AgeSplit, BillRule, Blame, CopyRecord, EventRecord, EventResult, Fault, ImageRecord, MissCause,
    RpoRecord, Sink, WhyFull, table,
};
use crate::catalog::ErrorCode;
use crate::units::Usd;

mod lines;
mod table;

use lines::Lines;
pub use table::CsvTable;

/// Writers of the files of rows, or what came of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowFiles<W> {
    /// `copies.csv`.
    pub copies: W,
    /// `images.csv`.
    pub images: W,
    /// `rpo.csv`.
    pub rpo: W,
    /// `events.csv`.
    pub events: W,
    /// `events.jsonl`.
    pub event_lines: W,
}

#[cfg(test)]
impl RowFiles<Vec<u8>> {
    /// What came of writers into memory, as text.
    pub(crate) fn text(self) -> RowFiles<String> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("rows are text");
        RowFiles {
            copies: text(self.copies),
            images: text(self.images),
            rpo: text(self.rpo),
            events: text(self.events),
            event_lines: text(self.event_lines),
        }
    }
}

/// Writes the rows of runs of one design point as CSV.
#[derive(Debug)]
pub struct CsvRows<W: Write> {
    point: u64,
    copies: CsvTable<W>,
    images: CsvTable<W>,
    rpo: CsvTable<W>,
    events: CsvTable<W>,
    event_lines: Lines<W>,
}

impl<W: Write> CsvRows<W> {
    /// Rows of the design point `point`, without headers: parts of runs are joined below one.
    pub fn new(files: RowFiles<W>, point: usize) -> CsvRows<W> {
        let rows = |out, file| CsvTable::new(out, table(file).expect("a file of the table"), &[]);
        CsvRows {
            point: u64::try_from(point).expect("an index fits"),
            copies: rows(files.copies, "copies.csv"),
            images: rows(files.images, "images.csv"),
            rpo: rows(files.rpo, "rpo.csv"),
            events: rows(files.events, "events.csv"),
            event_lines: Lines::new(files.event_lines),
        }
    }

    /// Writes the header of each file that has one.
    pub fn headers(&mut self) {
        for file in [&mut self.copies, &mut self.images, &mut self.rpo, &mut self.events] {
            file.header();
        }
    }

    /// Ends the files: all that was written is with the writers.
    ///
    /// # Errors
    /// The first fault of the writers.
    pub fn finish(self) -> io::Result<RowFiles<W>> {
        Ok(RowFiles {
            copies: self.copies.finish()?,
            images: self.images.finish()?,
            rpo: self.rpo.finish()?,
            events: self.events.finish()?,
            event_lines: self.event_lines.finish()?,
        })
    }
}

fn nano_usd(nanos: u64) -> Usd {
    Usd::from_nanos(i128::from(nanos))
}

impl<W: Write> Sink for CsvRows<W> {
    fn copy(&mut self, row: &CopyRecord<'_>) {
        let out = &mut self.copies;
        out.integer(self.point).integer(u64::from(row.replication)).text(row.fleet);
        out.text(row.volume).integer(row.snapshot).integer(u64::from(row.again));
        out.text(row.from).text(row.to).text(row.account);
        out.boolean(row.time_based).boolean(row.incremental);
        out.text(row.full_because.map(WhyFull::name)).text(row.outcome.name());
        out.text(row.refusal.map(ErrorCode::as_str)).integer(u64::from(row.attempts));
        out.moment(row.due).moment(row.recovery_point).moment(row.asked).moment(row.accepted);
        out.moment(row.transfer_began).moment(row.deadline).moment(row.ended);
        out.bytes(row.bytes).bytes(row.moved).integer(row.required).integer(row.granted);
        out.boolean(row.met_duration).text(row.blame.map(Blame::name));
        out.boolean(row.on_time);
        out.usd(nano_usd(row.surcharge_nano_usd)).usd(nano_usd(row.transfer_nano_usd));
        out.text(row.billed_by.map(BillRule::name)).span(row.billed_duration);
        for span in row.causes {
            out.span(span);
        }
        out.end();
    }

    fn image(&mut self, row: &ImageRecord<'_>) {
        let out = &mut self.images;
        out.integer(self.point).integer(u64::from(row.replication)).text(row.fleet);
        out.text(row.image).integer(row.release).integer(u64::from(row.again));
        out.text(row.from).text(row.to).text(row.account);
        out.text(row.outcome.name()).text(row.refusal.map(ErrorCode::as_str));
        out.integer(u64::from(row.attempts)).integer(u64::from(row.n_snapshots));
        out.bytes(row.bytes).moment(row.due).moment(row.accepted).moment(row.ended);
        out.boolean(row.met_duration).boolean(row.on_time).end();
    }

    fn rpo(&mut self, row: &RpoRecord<'_>) {
        let out = &mut self.rpo;
        out.integer(self.point).integer(u64::from(row.replication)).text(row.fleet);
        out.text(row.volume).text(row.application).text(row.to).integer(row.n_points);
        out.span(row.mean).span(row.worst).moment(row.worst_at).span(row.without);
        out.span(row.limit).span(row.past_limit);
        let split = row.split.as_ref();
        out.span(split.map(AgeSplit::age)).span(split.map(|split| split.interval));
        out.signed_span(split.map(|split| split.window)).span(split.map(|split| split.snapshot));
        out.span(split.map(|split| split.waiting)).span(split.map(|split| split.transfer)).end();
    }

    fn takes_events(&self) -> bool {
        true
    }

    fn event(&mut self, row: &EventRecord<'_>) {
        let out = &mut self.events;
        out.integer(self.point).integer(u64::from(row.replication)).moment(row.at);
        out.text(row.kind.detail_type()).text(row.result.map(EventResult::name));
        out.text(row.fault.map(Fault::message)).text(row.fleet).text(row.item);
        out.text(row.account).text(row.region).text(row.resource).text(row.source);
        out.moment(row.started).moment(row.clock_started).boolean(row.incremental);
        out.text(row.transfer_type()).text(row.missed.map(MissCause::name)).end();
        self.event_lines.line(&row.bridged());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Cause;
    use crate::record::{EventId, EventKind, Outcome};
    use crate::rng::{Chance, NameHash};
    use crate::units::{Bytes, Instant, SignedSpan, Span};

    /// 2027-01-04T00:00:00Z: 20,454 days from 1970 to 2026 (56 × 365 + 14 leap days), 365 of 2026,
    /// and 3 of January.
    const START: Instant = Instant::from_nanos((20_454 + 365 + 3) * 86_400 * 1_000_000_000);

    fn copy() -> CopyRecord<'static> {
        let mut causes = [Span::ZERO; Cause::ALL.len()];
        causes[0] = Span::from_nanos(1);
        causes[13] = Span::from_secs(900);
        CopyRecord {
            replication: 3,
            fleet: "data, \"hot\"",
            volume: "v0001",
            snapshot: 7,
            again: 1,
            from: "us-east-1",
            to: "us-west-2",
            account: "vault",
            time_based: true,
            incremental: Some(false),
            full_because: Some(WhyFull::NotCompleted),
            outcome: Outcome::Completed,
            refusal: Some(ErrorCode::ResourceLimitExceeded),
            attempts: 2,
            due: START,
            recovery_point: Some(START + Span::from_nanos(1)),
            asked: Some(START + Span::from_secs(60)),
            accepted: Some(START + Span::from_nanos(86_399_999_999_999)),
            transfer_began: None,
            deadline: None,
            ended: Some(Instant::FAR),
            bytes: Some(Bytes::new(u64::MAX)),
            moved: Bytes::ZERO,
            required: Some(524_288_000),
            granted: None,
            met_duration: Some(false),
            blame: Some(Blame::Service),
            on_time: None,
            surcharge_nano_usd: 5_000_000_001,
            transfer_nano_usd: 0,
            billed_by: Some(BillRule::ServiceMiss),
            billed_duration: None,
            causes,
        }
    }

    fn image() -> ImageRecord<'static> {
        ImageRecord {
            replication: 0,
            fleet: "golden",
            image: "web",
            release: 1,
            again: 0,
            from: "us-east-1",
            to: "eu-west-1",
            account: "vault",
            outcome: Outcome::GivenUp,
            refusal: None,
            attempts: 1,
            n_snapshots: 2,
            bytes: None,
            due: START,
            accepted: None,
            ended: Some(START),
            met_duration: None,
            on_time: Some(false),
        }
    }

    fn rpo() -> RpoRecord<'static> {
        RpoRecord {
            replication: 0,
            fleet: "data",
            volume: "v0001",
            application: Some("billing"),
            to: "us-west-2",
            n_points: 167,
            mean: Some(Span::from_nanos(5_400_000_000_001)),
            worst: Some(Span::from_hours(2)),
            worst_at: Some(START),
            without: Span::ZERO,
            limit: Some(Span::from_hours(2)),
            past_limit: Some(Span::ZERO),
            split: Some(AgeSplit {
                interval: Span::from_hours(1),
                window: SignedSpan::between(Span::ZERO, Span::from_nanos(5)),
                snapshot: Span::from_secs(60),
                waiting: Span::ZERO,
                transfer: Span::from_secs(600),
            }),
        }
    }

    fn event() -> EventRecord<'static> {
        EventRecord {
            replication: 2,
            id: EventId::of(Chance::new(1, 0), NameHash::of("event")),
            at: START + Span::from_secs(900),
            kind: EventKind::Image,
            result: Some(EventResult::Available),
            fault: None,
            fleet: "golden",
            item: "web",
            account: "111122223333",
            region: "eu-west-1",
            source_region: "us-east-1",
            resource: "ami-00000000000000001",
            source: "ami-00000000000000002",
            started: START,
            clock_started: None,
            incremental: None,
            time_based: true,
            missed: None,
        }
    }

    fn empty_files() -> RowFiles<Vec<u8>> {
        RowFiles::default()
    }

    fn written() -> RowFiles<String> {
        let mut rows = CsvRows::new(empty_files(), 4);
        rows.headers();
        rows.copy(&copy());
        rows.image(&image());
        rows.rpo(&rpo());
        rows.event(&event());
        rows.finish().unwrap().text()
    }

    /// The fields of the one row of a file, each after the name of its column.
    fn named(file: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let header = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(row.len(), header.len());
        header.iter().zip(&row).map(|(name, field)| format!("{name}={field}")).collect()
    }

    #[test]
    fn each_file_begins_with_the_columns_of_its_table() {
        let files = written();
        for (file, text) in [
            ("copies.csv", files.copies),
            ("images.csv", files.images),
            ("rpo.csv", files.rpo),
            ("events.csv", files.events),
        ] {
            let names: Vec<&str> = table(file).unwrap().columns.iter().map(|c| c.name).collect();
            assert_eq!(text.lines().next(), Some(names.join(",").as_str()));
        }
    }

    /// The end is 2^64 − 1 ns after 1970, the last moment that there is: 213,503 days, which is
    /// 2554-07-21, and 84,873.709551615 s, which is 23:34:33.709551615.
    #[test]
    fn a_copy_is_written_exactly_each_field_under_its_column() {
        let fields = named(&written().copies);
        for expected in [
            "point=4",
            "replication=3",
            "fleet=data, \"hot\"",
            "snapshot=7",
            "again=1",
            "account=vault",
            "time_based=true",
            "incremental=false",
            "full_because=not_completed",
            "refusal=ResourceLimitExceeded",
            "attempts=2",
            "due_utc=2027-01-04T00:00:00.000000000Z",
            "recovery_point_utc=2027-01-04T00:00:00.000000001Z",
            "asked_utc=2027-01-04T00:01:00.000000000Z",
            "accepted_utc=2027-01-04T23:59:59.999999999Z",
            "transfer_began_utc=",
            "ended_utc=2554-07-21T23:34:33.709551615Z",
            "bytes=18446744073709551615",
            "moved_bytes=0",
            "required_bytes_per_s=524288000",
            "granted_bytes_per_s=",
            "met_duration=false",
            "blame=service",
            "on_time=",
            "surcharge_usd=5.000000001",
            "transfer_usd=0.000000000",
            "billed_by=service_miss",
            "billed_duration_s=",
            "snapshot_s=0.000000001",
            "window_s=0.000000000",
            "paced_s=900.000000000",
        ] {
            assert!(fields.iter().any(|field| field == expected), "{expected} of {fields:?}");
        }
    }

    #[test]
    fn an_event_is_a_row_and_a_line() {
        let files = written();
        let fields = named(&files.events);
        for expected in ["point=4", "replication=2", "result=available", "item=web", "missed="] {
            assert!(fields.iter().any(|field| field == expected), "{expected} of {fields:?}");
        }
        let lines: Vec<&str> = files.event_lines.lines().collect();
        assert_eq!(lines.len(), 1);
        let event: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(event["detail"]["State"], "available");
    }

    #[test]
    fn images_and_recovery_points_are_written_below_their_columns() {
        let files = written();
        insta::assert_snapshot!(files.images, @r"
        point,replication,fleet,image,release,again,from,to,account,outcome,refusal,attempts,n_snapshots,bytes,due_utc,accepted_utc,ended_utc,met_duration,on_time
        4,0,golden,web,1,0,us-east-1,eu-west-1,vault,given_up,,1,2,,2027-01-04T00:00:00.000000000Z,,2027-01-04T00:00:00.000000000Z,,false
        ");
        insta::assert_snapshot!(files.rpo, @r"
        point,replication,fleet,volume,application,to,n_points,mean_s,worst_s,worst_at_utc,without_s,limit_s,past_limit_s,peak_s,interval_s,window_s,snapshot_s,waiting_s,transfer_s
        4,0,data,v0001,billing,us-west-2,167,5400.000000001,7200.000000000,2027-01-04T00:00:00.000000000Z,0.000000000,7200.000000000,0.000000000,4260.000000005,3600.000000000,0.000000005,60.000000000,0.000000000,600.000000000
        ");
    }
}
