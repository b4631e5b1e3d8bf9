use super::*;
use crate::drive::Keep;
use crate::engine::calendar::{Key, Rank};
use crate::engine::network::Levels;
use crate::record::{CsvRows, RowFiles};
use crate::scenario::{Scenario, Source};

/// Rows and events of a scenario whose first replication goes on undisturbed until so many seconds
/// after the start; then every accepted job is cancelled, and the run goes on to its end.
fn run_with_cancel(text: &str, secs: Option<u64>) -> RowFiles<String> {
    let head = "[scenario]\nname = \"x\"\n[assume]\nP-OVERHEAD = \"0 s\"\n\
                P-STD-RATE = \"100 MiB/s\"\n";
    let text = [head, text].concat();
    let source = Source { name: "x.toml".to_owned(), text: text.clone(), base: "".into() };
    let scenario = Scenario::parse(&source, &|_: &str| Err(String::new()), &[])
        .unwrap_or_else(|problems| panic!("{}", problems.render(&text, false)));
    let model = &scenario.model;
    let mut rows = CsvRows::new(RowFiles::default(), 0);
    rows.headers();
    let keep = Keep { series: false };
    let mut run = Run::<Levels>::new(model, 0, keep, &mut rows);
    if let Some(secs) = secs {
        let now = model.start + Span::from_secs(secs);
        while run.step(Key::start_of(now, Rank::Request)) {}
        for at in run.jobs.live() {
            let accepted = run.jobs.get(at).is_some_and(|job| job.accepted.is_some());
            let cancelled = run.engine.cancel(at.tag(), now, &mut run.notices);
            assert_eq!(cancelled, accepted);
        }
        run.take_notices();
    }
    let stopped = run.simulate();
    run.finish(stopped, keep);
    rows.finish().unwrap().text()
}

/// These columns of all rows, joined by a space.
fn columns(file: &str, names: &[&str]) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = |name: &&str| header.iter().position(|own| own == *name).unwrap();
    let places: Vec<usize> = names.iter().map(place).collect();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| places.iter().map(|at| &row[*at]).collect::<Vec<_>>().join(" ")).collect()
}

const BILL: [&str; 6] =
    ["outcome", "moved_bytes", "billed_by", "billed_duration_s", "surcharge_usd", "transfer_usd"];

fn one_copy(gib: u64, duration: &str) -> String {
    format!(
        "[[copy]]\nname = \"one\"\nfrom = \"us-east-1\"\nto = \"us-west-2\"\n\
         bytes = \"{gib} GiB\"\nat = \"0 s\"\n{duration}\n"
    )
}

/// TV22: 3,000 GiB asked for in 8 h = 28,800 s, deleted after a third of it, 9,600 s: 1,000 GiB =
/// 1,073,741,824,000 bytes have moved, at 0.010 of the 8 h asked for: 10 USD; transfer 20 USD.
/// Nothing is sent of it.
#[test]
fn tv22_a_copy_deleted_midway_pays_for_what_it_moved() {
    let text = one_copy(3000, "completion_duration = \"8 h\"");
    let files = run_with_cancel(&text, Some(9600));
    let expected = "cancelled 1073741824000 deleted 28800.000000000 10.000000000 20.000000000";
    assert_eq!(columns(&files.copies, &BILL), [expected]);
    assert_eq!(columns(&files.events, &["result"]), [""; 0]);
}

/// 100 GiB at 100 MiB/s; after 512 s half of it, 50 GiB, has moved: 1 USD. A standard copy has no
/// surcharge, however it ends (F46).
#[test]
fn a_standard_copy_is_priced_as_one_however_it_ends() {
    let cancelled = run_with_cancel(&one_copy(100, ""), Some(512));
    let expected = "cancelled 53687091200 standard  0.000000000 1.000000000";
    assert_eq!(columns(&cancelled.copies, &BILL), [expected]);
    let completed = run_with_cancel(&one_copy(100, ""), None);
    let expected = "completed 107374182400 standard  0.000000000 2.000000000";
    assert_eq!(columns(&completed.copies, &BILL), [expected]);
}

/// A quota of 200 MiB/s for 450,000 MiB that need 500: the deadline passes at 900 s, the end comes
/// at 2,250 s. Both events are sent, each at its moment, with the quota as cause; the bill goes by
/// 2,250 s, rounded up to 45 min = 2,700 s: 439.453125 GiB at 0.018 are 7.91015625 USD.
#[test]
fn a_missed_deadline_is_told_when_it_passes_and_again_at_the_end() {
    let text = "[limits]\nquota = \"200 MiB/s\"\n[[copy]]\nname = \"one\"\nfrom = \"us-east-1\"\n\
                to = \"us-west-2\"\nbytes = \"450000 MiB\"\nat = \"0 s\"\n\
                completion_duration = \"15 min\"\n";
    let files = run_with_cancel(text, None);
    let told = ["time_utc", "result", "incremental", "transfer_type", "missed"];
    assert_eq!(
        columns(&files.events, &told),
        [
            "2027-01-04T00:15:00.000000000Z   time-based quota",
            "2027-01-04T00:37:30.000000000Z succeeded false time-based quota",
        ]
    );
    let bill = &columns(&files.copies, &BILL)[0];
    assert!(bill.ends_with("customer_miss 2700.000000000 7.910156250 8.789062500"), "{bill}");
    let lines: Vec<serde_json::Value> =
        files.event_lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["detail-type"], "EBS Copy Snapshot Missed Completion Duration");
    assert_eq!(lines[1]["detail"]["result"], "succeeded");
    assert_eq!(lines[1]["detail"]["completionDurationStartTime"], "2027-01-04T00:00:00.000Z");
}

const IMAGE: &str = "[[image]]\nname = \"golden\"\nlocation = \"us-east-1\"\n\
    family = [{ name = \"web\", snapshots = [{ size = \"10 GiB\" }, { size = \"20 GiB\" }] }]\n\
    release = { once = \"2027-01-04T00:00:00Z\" }\ncopy = [{ to = \"us-west-2\", initial = \"empty\" }]\n";

/// 10 GiB take 102.4 s at 100 MiB/s: they are there at 150 s, when the image is taken back; the 20 GiB
/// end with it, or, going on without it, at 204.8 s. The image was deregistered at 150 s either way.
#[test]
fn an_image_is_taken_back_with_its_snapshots_or_without() {
    let ends = |files: &RowFiles<String>| {
        let copies = columns(&files.copies, &["volume", "outcome", "ended_utc"]);
        (copies, columns(&files.images, &["outcome", "ended_utc"]))
    };
    let told = |files: &RowFiles<String>| columns(&files.events, &["item", "result"]);
    let with = run_with_cancel(IMAGE, Some(150));
    let first = "web/1 completed 2027-01-04T00:01:42.400000000Z".to_owned();
    let image = vec!["cancelled 2027-01-04T00:02:30.000000000Z".to_owned()];
    let second = "web/2 cancelled 2027-01-04T00:02:30.000000000Z".to_owned();
    assert_eq!(ends(&with), (vec![first.clone(), second], image.clone()));
    assert_eq!(told(&with), ["web/1 succeeded", "web deregistered"]);
    let go_on = ["P-CANCEL-SNAPS = \"continue\"\n", IMAGE].concat();
    let without = run_with_cancel(&go_on, Some(150));
    let second = "web/2 completed 2027-01-04T00:03:24.800000000Z".to_owned();
    assert_eq!(ends(&without), (vec![first, second], image));
    assert_eq!(told(&without), ["web/1 succeeded", "web deregistered", "web/2 succeeded"]);
}

/// Every image is available once its last snapshot has succeeded, and says so after it.
#[test]
fn an_image_is_told_of_after_its_snapshots() {
    let files = run_with_cancel(IMAGE, None);
    let told = columns(&files.events, &["item", "result", "started_utc"]);
    let at = "2027-01-04T00:00:00.000000000Z";
    let expected = ["web/1 succeeded", "web/2 succeeded", "web available"];
    assert_eq!(told, expected.map(|what| format!("{what} {at}")));
    let ids = columns(&files.events, &["resource"]);
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), 3);
    assert!(ids[0].starts_with("snap-0") && ids[2].starts_with("ami-0"), "{ids:?}");
}

/// What the first hop made is what the second copies.
#[test]
fn the_source_of_a_second_hop_is_the_target_of_the_first() {
    let text = "[[fleet]]\nname = \"data\"\nlocation = \"us-east-1\"\nvolumes = 1\n\
        size = \"1 GiB\"\nfill = \"100 %\"\nsnapshot = { once = \"2027-01-04T00:00:00Z\" }\n\
        copy = [{ to = \"us-west-2\", initial = \"empty\", \
        then = [{ to = \"eu-west-1\", initial = \"empty\" }] }]\n";
    let files = run_with_cancel(text, None);
    let hops = columns(&files.events, &["region", "resource", "source"]);
    let words: Vec<Vec<&str>> = hops.iter().map(|hop| hop.split(' ').collect()).collect();
    assert_eq!((words[0][0], words[1][0], words.len()), ("us-west-2", "eu-west-1", 2));
    assert_eq!(words[1][2], words[0][1]);
    assert_ne!(words[0][2], words[0][1]);
}
