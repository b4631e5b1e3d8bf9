//! Shortfalls worked by hand.

use std::path::PathBuf;

use super::*;
use crate::scenario::{Scenario, Source};

/// 40 volumes of 10 GiB, all of it copied each night: the base is gone before the next copy.
const NIGHTLY: &str = r#"
[assume]
P-SNAPSHOT = { fixed = "2 min", rate = "100000 MiB/s" }
[[fleet]]
name = "nightly"
location = "us-east-1"
volumes = 40
size = "10 GiB"
fill = "100 %"
snapshot = { at = "01:00" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "1 h" }]
"#;

fn found(limits: &str, target: &str) -> Vec<Shortfall> {
    let text = format!("{limits}{NIGHTLY}[[target]]\n{target}\n");
    let source = Source { name: "x.toml".to_owned(), text, base: PathBuf::new() };
    let no_files = |_: &str| Err("no files here".to_owned());
    match Scenario::parse(&source, &no_files, &[]) {
        Ok(scenario) => shortfalls(&scenario.model),
        Err(problems) => panic!("{}", problems.render(&source.text, false)),
    }
}

/// 47 min less the 2 min of the snapshot are three rounds of 15 min: on 13 slots 39 copies, on 14 all
/// 40. The 40th is 10 GiB.
#[test]
fn whole_rounds_of_paced_copies_fit_into_the_time() {
    let slots = |n: u32| {
        let limits = format!("[limits]\nsnapshot_copies = {n}\n");
        found(&limits, "kind = \"batch\"\nlimit = \"47 min\"")
    };
    assert_eq!(slots(14), []);
    let [short] = slots(13).try_into().unwrap();
    assert_eq!((short.narrow, short.interval), (Narrow::Slots, Span::from_mins(45)));
    assert_eq!((short.bytes, short.fits), (Bytes::gib(400), Bytes::gib(390)));
    insta::assert_snapshot!(short, @"slots of us-west-2: of 400 GiB due within 45 min, 390 GiB fit, and 10 GiB do not");
}

/// 39 of 40 are 97.5 %: as many copies may be promised, but not a batch, which is all or nothing.
#[test]
fn a_share_of_copies_needs_that_share_of_the_bytes() {
    let limits = "[limits]\nsnapshot_copies = 13\n";
    let copies = |share: &str| {
        found(limits, &format!("kind = \"copy\"\nlimit = \"47 min\"\nshare = \"{share}\"")).len()
    };
    assert_eq!((copies("97 %"), copies("98 %")), (0, 1));
    assert_eq!(found(limits, "kind = \"batch\"\nlimit = \"47 min\"\nshare = \"97 %\"").len(), 1);
}

/// 400 GiB are 409,600 MiB: in 18 min, 1,080 s, they need 379.3 MiB/s. 370 MiB/s pass 399,600 MiB.
#[test]
fn a_quota_passes_its_rate_times_the_time() {
    let quota = |mib: u32| {
        let limits = format!("[limits]\nquota = \"{mib} MiB/s\"\nsnapshot_copies = 40\n");
        found(&limits, "kind = \"batch\"\nlimit = \"20 min\"")
    };
    assert_eq!(quota(380), []);
    let [short] = quota(370).try_into().unwrap();
    assert_eq!((short.narrow, short.fits), (Narrow::Quota, Bytes::mib(399_600)));
    assert_eq!(short.place, "us-east-1 → us-west-2");
}

/// From 01:00 to 01:20 are 20 minutes, too; from 01:00 to 00:30 are 23 h 30 min.
#[test]
fn a_time_of_day_is_the_time_until_it_comes() {
    let limits = "[limits]\nquota = \"370 MiB/s\"\nsnapshot_copies = 40\n";
    let by = |time: &str| found(limits, &format!("kind = \"batch\"\nby = \"{time}\""));
    assert_eq!(by("01:20")[0].interval, Span::from_mins(18));
    assert_eq!(by("00:30"), []);
}

/// What an RPO promises may be kept with copies dropped: nothing is said of it.
#[test]
fn recovery_points_need_no_bytes() {
    assert_eq!(found("[limits]\nsnapshot_copies = 1\n", "kind = \"rpo\"\nlimit = \"25 h\""), []);
}
