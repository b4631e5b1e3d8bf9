//! Every file in `scenarios/` can be read, asks a question, and promises something.

use std::path::{Path, PathBuf};

use snapferry::plan::Plan;
use snapferry::scenario::{Kind, Source, render};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn plan(path: &Path) -> Plan {
    let base = path.parent().unwrap().to_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let name = format!("scenarios/{}", path.file_name().unwrap().to_str().unwrap());
    let source = Source { name, text, base: base.clone() };
    let read =
        |relative: &str| std::fs::read(base.join(relative)).map_err(|error| error.to_string());
    Plan::of(&source, &read, &[])
        .unwrap_or_else(|problems| panic!("{}", problems.render(&source.text, false)))
}

fn named(name: &str) -> Plan {
    plan(&folder().join(format!("{name}.toml")))
}

#[test]
fn every_scenario_asks_a_question_and_promises_something() {
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        n_files += 1;
        let plan = plan(&path);
        let model = &plan.points[0].model;
        assert!(model.question.ends_with('?'), "{path:?}");
        assert!(!model.targets.is_empty() || model.flow_level.is_some(), "{path:?}");
        assert_eq!(Some(model.name.as_str()), path.file_stem().unwrap().to_str());
    }
    assert!(9 <= n_files, "{n_files} scenarios");
}

/// 2 × (30 + 120 + 150) volumes in two sources; 5 × 4 points of slots and quota; 6 of link rates.
#[test]
fn scenarios_have_the_sizes_that_they_state() {
    let enterprise = named("enterprise-dr");
    let volumes: usize =
        enterprise.points[0].model.fleets.iter().map(|fleet| fleet.items.count()).sum();
    assert_eq!(volumes, 600);
    assert_eq!(named("sweep-slots-quota").points.len(), 20);
    assert_eq!(named("localzone-gaming").points.len(), 6);
    let golden = &named("golden-ami").points[0].model.fleets[0];
    assert_eq!((golden.items.count(), golden.copies.len()), (4, 17));
    let outposts = &named("outposts-edge").points[0].model;
    assert_eq!(outposts.links.len(), 25);
}

#[test]
fn only_the_local_zone_of_unknown_support_is_warned_of() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let plan = plan(&path);
        assert_eq!(render(&plan.warnings, Kind::Warning, "", false), "", "{path:?}");
    }
}
