use std::fs;
use std::io::Write;

use tempfile::TempDir;

use super::*;
use crate::catalog::Cause;
use crate::drive::{
    Badness, Measured, RpoSeries, ScopeShare, Series, SeriesKind, Slowest, TargetShare, Worst,
};
use crate::experiment::manifest::{Input, Origin};
use crate::experiment::{EngineChoice, Options, Rows, Study};
use crate::plan::Plan;
use crate::record::measure;
use crate::rng::NameHash;
use crate::scenario::{NoInputs, Source};
use crate::stats::Histogram;
use crate::units::Span;

const TEXT: &str = "[scenario]\nreplications = 3\n[[copy]]\nname = \"a\"\nfrom = \"us-east-1\"\n\
                    to = \"us-west-2\"\nbytes = \"1 GiB\"\nat = \"1 h\"\n";

const OPTIONS: Options =
    Options { threads: None, flips: false, confirm: false, ..super::super::tests::OPTIONS };

fn identity_of(origin: &Origin, options: &Options) -> Identity {
    let source = Source { name: "x.toml".to_owned(), text: TEXT.to_owned(), base: "".into() };
    let settings: Vec<_> =
        origin.settings.iter().filter(|(key, _)| key == "scenario.replications").cloned().collect();
    let plan = Plan::of(&source, &|_: &str| Err(String::new()), &settings).unwrap();
    let flipped = |_| Vec::new();
    Identity::of(
        &Study { plan: &plan, origin, inputs: &NoInputs, flipped: &flipped },
        options,
        None,
    )
}

fn identity() -> Identity {
    identity_of(&Origin::default(), &OPTIONS)
}

/// A run that has something in every field, with the numbers that are hardest to store.
fn part(replication: u32) -> Part {
    let mut completions = Histogram::default();
    completions.record(u64::MAX);
    completions.record_n(7, 3);
    let measured = |value| Measured {
        scope: 0,
        measure: measure::COMPLETION_MEAN,
        value,
        n: u64::from(replication),
        at_least: true,
    };
    let result = RunResult {
        scopes: vec!["all".to_owned(), "Zürich → us-west-2".to_owned()],
        measures: [0.1, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 2.0].map(measured).to_vec(),
        completions: vec![(1, completions)],
        targets: vec![
            TargetShare { share: None, n: 1, n_missed: 2, worst: None, n_open: 3 },
            TargetShare {
                share: Some(1.0 / 3.0),
                worst: Some(Span::from_nanos(1)),
                ..Default::default()
            },
        ],
        promises: vec![
            Vec::new(),
            vec![ScopeShare {
                fared: TargetShare { share: Some(0.25), ..TargetShare::default() },
                broke: vec![0, u128::MAX],
                slowest: Some(Slowest { took: Span::MAX, cause: Some(Cause::Paced) }),
            }],
        ],
        series: vec![Series {
            kind: SeriesKind::Link,
            name: "l0".to_owned(),
            limit: Some(1e9),
            means: vec![0.0, 1.5],
        }],
        rpo: vec![RpoSeries { scope: 1, median: vec![f64::INFINITY], worst: vec![2.0] }],
        worst: vec![Worst {
            wish: NameHash::of("Zürich"),
            item: NameHash::of("volume"),
            badness: Badness { broke: true, never: false, late: Span::MAX, took: Span::ZERO },
        }],
        backlog: [1, 2, 3, u64::MAX],
        backlog_means: vec![0.5, f64::MAX],
        touched: 1 << 63,
        n_copies: 4,
        n_events: 5,
    };
    let rows = if replication == 0 {
        vec![RowsPart { file: "copies.csv".to_owned(), n_bytes: 9, checksum: 8 }]
    } else {
        Vec::new()
    };
    let flows = FlowTotals { n_flows: 1, n_ended: 1, makespan: Span::from_secs(2) };
    Part { result, rows, flows: (replication == 1).then_some(flows) }
}

const fn key(point: usize, replication: u32) -> RunKey {
    RunKey { point, replication }
}

/// A file of these bytes, scanned.
fn scanned(bytes: &[u8]) -> Result<Contents, Foreign> {
    let home = TempDir::new().unwrap();
    let path = home.path().join("parts");
    fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    scan(&mut File::open(&path).unwrap()).unwrap()
}

/// The body that a place of `bytes` names.
fn read(bytes: &[u8], place: Place) -> Part {
    let from = usize::try_from(place.from).unwrap();
    super::part(&bytes[from..from + usize::try_from(place.length).unwrap()]).unwrap()
}

/// A preface and three runs, with the end of each record.
fn file() -> (Vec<u8>, Vec<usize>) {
    let mut bytes = preface(&identity());
    let mut ends = vec![bytes.len()];
    for replication in 0..3 {
        bytes.extend(record(key(2, replication), &part(replication)).unwrap());
        ends.push(bytes.len());
    }
    (bytes, ends)
}

#[test]
fn a_run_comes_back_bit_for_bit() {
    let (bytes, ends) = file();
    let contents = scanned(&bytes).unwrap();
    assert_eq!(contents.identity, identity());
    assert_eq!(contents.length, index_u64(bytes.len()));
    assert_eq!(contents.runs.len(), 3);
    for replication in 0..3 {
        let place = contents.runs[&key(2, replication)];
        let found = read(&bytes, place);
        assert_eq!(found, part(replication));
        let bits = |part: &Part| -> Vec<u64> {
            part.result.measures.iter().map(|row| row.value.to_bits()).collect()
        };
        assert_eq!(bits(&found), bits(&part(replication))); // −0.0 equals 0.0, and is another
        assert_eq!(place.has_rows, replication == 0);
        // what is known of a record that was just written is what is found later
        let at = usize::try_from(replication).unwrap();
        assert_eq!(body(index_u64(ends[at]), &bytes[ends[at]..ends[at + 1]]), place);
    }
}

/// Wherever a program is stopped, the runs that are whole are there, and nothing of the next.
#[test]
fn a_file_that_ends_anywhere_has_the_runs_before_it() {
    let (bytes, ends) = file();
    for length in 0..=bytes.len() {
        let whole = ends.iter().filter(|end| **end <= length).count();
        match scanned(&bytes[..length]) {
            Err(foreign) => assert_eq!((whole, foreign), (0, Foreign::Empty), "{length}"),
            Ok(contents) => {
                assert_eq!(contents.runs.len(), whole - 1, "{length}");
                assert_eq!(contents.length, index_u64(ends[whole - 1]), "{length}");
            }
        }
    }
}

/// One bit that is another, anywhere in the second run: it is not taken. In its body, the third is
/// found all the same; in its head, nothing says where the third begins.
#[test]
fn a_run_that_does_not_fit_its_checksum_is_not_taken() {
    let (bytes, ends) = file();
    for at in ends[1]..ends[2] {
        let mut broken = bytes.clone();
        broken[at] ^= 1 << (at % 8);
        let contents = scanned(&broken).unwrap();
        let left: Vec<u32> = contents.runs.keys().map(|key| key.replication).collect();
        if at < ends[1] + HEAD {
            assert_eq!(left, [0], "{at}");
        } else {
            assert_eq!(left, [0, 2], "{at}");
        }
    }
}

#[test]
fn of_two_records_of_a_run_the_later_counts() {
    let (mut bytes, _) = file();
    bytes.extend(record(key(2, 1), &part(9)).unwrap());
    let contents = scanned(&bytes).unwrap();
    assert_eq!(contents.runs.len(), 3);
    assert_eq!(read(&bytes, contents.runs[&key(2, 1)]), part(9));
}

#[test]
fn another_version_is_known_by_its_number() {
    let (bytes, _) = file();
    let mut other = bytes.clone();
    other[12] ^= 64;
    assert_eq!(scanned(&other).unwrap_err(), Foreign::Version(RESULTS_VERSION ^ 64));
    let mut other = bytes.clone();
    other[8] ^= 64;
    assert_eq!(scanned(&other).unwrap_err(), Foreign::Layout);
    let mut other = bytes;
    other[0] = b'S';
    assert_eq!(scanned(&other).unwrap_err(), Foreign::Empty);
}

/// If this fails, a run has other bytes than before: raise `LAYOUT`, lest runs that an older program
/// left be misread, and then renew the number.
#[test]
fn the_layout_is_that_of_its_version() {
    let bytes = record(key(2, 1), &part(1)).unwrap();
    assert_eq!((LAYOUT, bytes.len(), crc32fast::hash(&bytes[HEAD..])), (3, 398, 428_102_970));
}

#[test]
fn what_makes_other_runs_is_told_by_name() {
    let input = |bytes: &[u8]| Input::of("flows.csv", bytes);
    let set = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let origin = Origin {
        text: "a".to_owned(),
        inputs: vec![input(b"1")],
        settings: vec![set("scenario.seed", "7")],
    };
    let base = identity_of(&origin, &OPTIONS);
    let other = |origin: Origin, options: Options| {
        base.differs(&identity_of(&origin, &options)).unwrap_or_default()
    };
    assert_eq!(other(origin.clone(), OPTIONS), "");
    let text = Origin { text: "b".to_owned(), ..origin.clone() };
    assert_eq!(other(text, OPTIONS), "of another text of the scenario");
    let inputs = Origin { inputs: vec![input(b"2")], ..origin.clone() };
    assert_eq!(other(inputs, OPTIONS), "of another input `flows.csv`");
    let settings = Origin { settings: Vec::new(), ..origin.clone() };
    assert_eq!(other(settings, OPTIONS), "of other settings: scenario.seed=7, instead of none");
    let rows = Options { rows: Rows::All, ..OPTIONS };
    assert_eq!(other(origin.clone(), rows), "with `--rows first` instead of `--rows all`");
    let engine = Options { engine: EngineChoice::Reference, ..OPTIONS };
    assert_eq!(other(origin.clone(), engine), "by another engine");

    let source = Source {
        name: "x.toml".to_owned(),
        text: format!("{TEXT}[[axis]]\nkey = \"assume.P-OVERHEAD\"\nvalues = [\"1 s\", \"2 s\"]\n"),
        base: "".into(),
    };
    let grid = Plan::of(&source, &|_: &str| Err(String::new()), &[]).unwrap();
    let flipped = |_| Vec::new();
    let of_grid = |plan: &Plan| {
        Identity::of(
            &Study { plan, origin: &origin, inputs: &NoInputs, flipped: &flipped },
            &OPTIONS,
            None,
        )
    };
    assert_eq!(base.differs(&of_grid(&grid)).unwrap(), "of other points");
    let mut other = grid.clone();
    other.points[1].labels[0].1 = "3 s".to_owned();
    assert_eq!(of_grid(&other).differs(&of_grid(&grid)).unwrap(), "of other points");

    let mut more = origin.clone();
    more.settings.push(set("scenario.replications", "4"));
    let more = identity_of(&more, &OPTIONS);
    assert_eq!(base.differs(&more), None);
    assert!(base.grows_to(&more) && !more.grows_to(&base) && !base.grows_to(&base));
}
