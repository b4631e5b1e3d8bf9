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
    found_in(NIGHTLY, limits, target)
}

fn found_in(scenario: &str, limits: &str, target: &str) -> Vec<Shortfall> {
    let text = format!("{limits}{scenario}[[target]]\n{target}\n");
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

/// 100 sizes of median 10 GiB and sigma 1.2: 20.54 GiB on average, in all 2,054.4 GiB, which in 18 min
/// need 1,947.9 MiB/s. Of a lognormal, the smallest 95 % have Φ(Φ⁻¹(0.95) − 1.2) = Φ(0.445) = 67.2 % of
/// the bytes: 1,308 MiB/s are enough for these.
#[test]
fn the_largest_may_be_late_where_not_all_is_promised() {
    let short = |share: &str, quota: u32| {
        let spread = NIGHTLY
            .replace("volumes = 40", "volumes = 100")
            .replace("\"10 GiB\"", "{ lognormal = { median = \"10 GiB\", sigma = 1.2 } }");
        let limits = format!("[limits]\nquota = \"{quota} MiB/s\"\nsnapshot_copies = 100\n");
        let target = format!("kind = \"copy\"\nlimit = \"20 min\"\nshare = \"{share}\"");
        found_in(&spread, &limits, &target).len()
    };
    assert_eq!((short("100 %", 1960), short("100 %", 1930)), (0, 1));
    assert_eq!((short("95 %", 1330), short("95 %", 1290)), (0, 1));
}

/// What may be sent as a standard copy, or with a longer duration, is bound by neither its own duration
/// nor the quota.
#[test]
fn nothing_is_said_of_copies_that_may_be_asked_for_otherwise() {
    let short = |more: &str| {
        let other = NIGHTLY.replace("retain = \"1 h\"", &format!("retain = \"1 h\", {more}"));
        let clients = "[[client]]\nname = \"c\"\non_quota_short = \"standard\"\n";
        let limits = format!("[limits]\nquota = \"10 MiB/s\"\n{clients}");
        found_in(&other, &limits, "kind = \"batch\"\nlimit = \"20 min\"").len()
    };
    assert_eq!((short("priority = 0"), short("client = \"c\"")), (2, 0));
    assert_eq!(short("initial = \"empty\", first_copy = \"standard\""), 0);
}
