//! Every file in `scenarios/` can be read, asks a question, and promises something.

use std::path::{Path, PathBuf};

use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::network::{DefaultNetwork, Levels, Network, Reference};
use snapferry::model::change::{SourceSnapshot, delta};
use snapferry::model::{Items, Model};
use snapferry::plan::Plan;
use snapferry::record::{CsvRows, NoRows, RowFiles};
use snapferry::scenario::{Kind, Source, envelope, render};
use snapferry::units::{Bytes, Span};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

pub(crate) fn plan(path: &Path) -> Plan {
    let base = path.parent().expect("it lies in a folder").to_owned();
    let text = std::fs::read_to_string(path).expect("the scenario can be read");
    let name = format!(
        "scenarios/{}",
        path.file_name().and_then(|name| name.to_str()).expect("a name in letters")
    );
    let source = Source { name, text, base: base.clone() };
    let read =
        |relative: &str| std::fs::read(base.join(relative)).map_err(|error| error.to_string());
    Plan::of(&source, &read, &[])
        .unwrap_or_else(|problems| panic!("{}", problems.render(&source.text, false)))
}

/// The scenarios of a folder, by name.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let entries = entries.map(|entry| entry.expect("its entries can be read").path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
}

/// All scenarios, drills among them.
pub(crate) fn files() -> Vec<PathBuf> {
    let mut paths = files_in(&folder());
    paths.extend(files_in(&folder().join("drills")));
    paths
}

fn named(name: &str) -> Plan {
    plan(&folder().join(format!("{name}.toml")))
}

#[test]
fn every_scenario_asks_a_question_and_promises_something() {
    assert!(19 <= files().len());
    for path in files() {
        let plan = plan(&path);
        let model = &plan.points[0].model;
        assert!(model.question.ends_with('?'), "{path:?}");
        assert!(!model.targets.is_empty() || model.flow_level.is_some(), "{path:?}");
        assert_eq!(Some(model.name.as_str()), path.file_stem().unwrap().to_str());
    }
}

/// 2 × (30 + 120 + 150) volumes in two sources; 5 × 4 points of slots and quota; 7 link rates.
#[test]
fn scenarios_have_the_sizes_that_they_state() {
    let enterprise = named("enterprise-dr");
    let volumes: usize =
        enterprise.points[0].model.fleets.iter().map(|fleet| fleet.items.count()).sum();
    assert_eq!(volumes, 600);
    assert_eq!(named("sweep-slots-quota").points.len(), 20);
    assert_eq!(named("localzone-gaming").points.len(), 7);
    let golden = &named("golden-ami").points[0].model.fleets[0];
    assert_eq!((golden.items.count(), golden.copies.len()), (4, 17));
    let outposts = &named("outposts-edge").points[0].model;
    assert_eq!(outposts.links.len(), 25);
}

/// One run of the first and the last point of each: something is due, and it ends.
#[test]
fn every_scenario_runs() {
    for path in files() {
        let points = plan(&path).points;
        let (first, last) = (&points[0].model, &points[points.len() - 1].model);
        for model in [first, last].into_iter().filter(|model| model.flow_level.is_none()) {
            let keep = Keep { series: false };
            let result = drive::run::<DefaultNetwork>(model, 0, keep, &mut NoRows);
            assert!(0 < result.n_copies, "{path:?}");
            let completed = result.measures.iter().find(|row| row.measure.name == "completed");
            assert!(completed.is_some_and(|row| 0.0 < row.value), "{path:?}");
        }
    }
}

/// Drills measure a way back, after what happens in them or from an empty start.
/// Rows of copies, images, and recovery points of one run, and its result.
fn rows<N: Network + Default>(model: &Model) -> (Vec<Vec<u8>>, RunResult) {
    let files = RowFiles {
        copies: Vec::new(),
        images: Vec::new(),
        rpo: Vec::new(),
        events: Vec::new(),
        event_lines: Vec::new(),
    };
    let mut sink = CsvRows::new(files, 0);
    let result = drive::run::<N>(model, 0, Keep { series: true }, &mut sink);
    let files = sink.finish().expect("memory takes all");
    let RowFiles { copies, images, rpo, events, event_lines } = files;
    (vec![copies, images, rpo, events, event_lines], result)
}

/// Whether two fields are the same, but for the last nanosecond of a time: the engines sum the bytes
/// of a flow whose rate changes in another order.
fn is_near(fast: &str, slow: &str) -> bool {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let number = |text: &str| text.parse::<f64>().ok();
    fast == slow
        || match (moment(fast), moment(slow), number(fast), number(slow)) {
            (Some(fast), Some(slow), ..) => {
                (fast.as_nanosecond() - slow.as_nanosecond()).abs() <= 2
            }
            (_, _, Some(fast), Some(slow)) => (fast - slow).abs() <= 1e-8,
            _ => false,
        }
}

/// What `--engine reference` writes is what the fast one writes, over the first two days, but for the
/// last nanosecond of some times.
#[test]
fn both_engines_give_the_same_rows_to_the_nanosecond_of_every_scenario() {
    let mut n_bytes = 0;
    for path in files() {
        let plan = plan(&path);
        let mut model = plan.points.last().expect("a point").model.clone();
        if model.flow_level.is_some() {
            continue; // tests/it/oracle.rs
        }
        model.horizon = model.horizon.min(model.warm_up + Span::from_days(2));
        let (fast, slow) = (rows::<Levels>(&model), rows::<Reference>(&model));
        for (fast, slow) in fast.0.iter().zip(&slow.0) {
            let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (fast, slow) = (lines(fast), lines(slow));
            let fields =
                |text: &str| text.split([',', '\n']).map(str::to_owned).collect::<Vec<_>>();
            let (fast, slow) = (fields(&fast), fields(&slow));
            let other = fast.iter().zip(&slow).find(|(fast, slow)| !is_near(fast, slow));
            assert_eq!(other, None, "{path:?}");
            assert_eq!(fast.len(), slow.len(), "{path:?}");
            n_bytes += fast.iter().map(String::len).sum::<usize>();
        }
    }
    assert!(1_000_000 < n_bytes, "{n_bytes} bytes of rows");
}

#[test]
fn every_drill_measures_a_way_back() {
    for path in files_in(&folder().join("drills")) {
        let model = &plan(&path).points[0].model;
        assert!(!model.incidents.is_empty() || model.starts_empty(), "{path:?}");
    }
}

/// Scenarios ask for fewer slots and less quota than there are, on average, and promise no RPO that
/// they cannot hold; but for the one that asks how many accounts it takes, at its first points, and
/// drills, which are there to break.
#[test]
fn no_backlog_grows() {
    for path in files_in(&folder()) {
        let asks_how_many = path.ends_with("vault-accounts.toml");
        for point in plan(&path).points.into_iter().skip(if asks_how_many { 4 } else { 0 }) {
            let envelope = envelope(&point.model);
            for slots in envelope.slots {
                assert!(slots.asked < f64::from(slots.there), "{path:?}: {slots:?}");
            }
            for quota in envelope.quotas {
                assert!(quota.mean < quota.there, "{path:?}: {quota:?}");
            }
            for rpo in envelope.rpo {
                assert!(rpo.least + rpo.wait <= rpo.limit, "{path:?}: {rpo:?}");
            }
        }
    }
}

/// The estate lists 68 completed snapshots of 39 volumes in Virginia, and 17 of 10 in Oregon. The
/// images, 3 and 1, are backed by 7 and 2 snapshots, each of a volume of its own: these are copied
/// with the images. So 32 and 8 volumes are left, and (68 − 39) + (17 − 10) = 36 earlier snapshots.
#[test]
fn the_estate_is_read_as_it_was_exported() {
    let plan = named("inventory");
    let counts: Vec<usize> =
        plan.points[0].model.fleets.iter().map(|fleet| fleet.items.count()).collect();
    assert_eq!(counts, [32, 8, 3]);
    let left_out = &plan.points[0].model.left_out;
    let of = |word: &str| left_out.iter().find(|(reason, _)| reason.starts_with(word)).unwrap().1;
    assert_eq!(
        (of("earlier snapshot"), of("snapshot of a listed image"), left_out.len()),
        (36, 9, 2)
    );
}

#[test]
fn none_is_warned_of() {
    for path in files() {
        let plan = plan(&path);
        assert_eq!(render(&plan.warnings, Kind::Warning, "", false), "", "{path:?}");
    }
}

/// Pages of 50 and 29 blocks (`jq '.ChangedBlocks|length'`), 79 × 512 KiB, which changed from
/// 2026-03-01T01:05:45.525Z to 2026-03-02T01:09:54.139Z: in 86,648.614 s.
#[test]
fn counted_blocks_of_the_inventory_come_out_again() {
    let model = &named("inventory").points[0].model;
    let Items::Listed(volumes) = &model.fleets[0].items else { panic!("a list") };
    let volume = volumes.iter().find(|volume| volume.name == "vol-13e7d1bfbc7a2ea20").unwrap();
    assert_eq!(volume.application.as_deref(), Some("app-03"));
    let counted: Vec<&str> = volumes
        .iter()
        .filter(|volume| volume.daily_change.is_some())
        .map(|volume| volume.name.as_str())
        .collect();
    assert_eq!(counted, [volume.name.as_str()]);
    let newer = SourceSnapshot {
        volume: 0,
        number: 1,
        started: model.start,
        full: volume.written,
        change_clock: Span::from_nanos(86_648_614_000_000).days(),
        change_rate: volume.daily_change.unwrap().0,
        since: None,
    };
    assert_eq!(delta(volume.written, 0.0, &newer), Bytes::new(79 * 524_288));
}
