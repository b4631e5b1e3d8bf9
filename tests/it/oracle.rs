//! Max-min cases with finish times by `SimGrid` 4.1, another program with another solver.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use snapferry::drive::flows::{FlowArrival, FlowCase, run};
use snapferry::engine::network::{Levels, Network, OneLink, Reference};
use snapferry::units::{Bytes, Rate, Span};

use crate::workloads::generator::{C20, DL110, w1, w2, w4};

/// A file of `tests/data/maxmin`.
#[derive(Deserialize)]
struct Case {
    name: String,
    links: Vec<Link>,
    flows: Vec<Flow>,
    expected: Vec<Finish>,
}

#[derive(Deserialize)]
struct Link {
    name: String,
    capacity_bytes_per_s: f64,
}

#[derive(Deserialize)]
struct Flow {
    id: String,
    arrival_s: f64,
    bytes: u64,
    path: Vec<String>,
    cap_bytes_per_s: Option<f64>,
}

#[derive(Deserialize)]
struct Finish {
    id: String,
    finish_s: f64,
}

impl Case {
    fn read(path: &Path) -> Case {
        let text = fs::read_to_string(path).expect("a case can be read");
        serde_json::from_str(&text).expect("a case has the form above")
    }

    fn flow_case(&self) -> FlowCase {
        let link_idx: BTreeMap<&str, usize> =
            self.links.iter().enumerate().map(|(idx, link)| (link.name.as_str(), idx)).collect();
        let arrival = |flow: &Flow| FlowArrival {
            arrives: Span::from_secs_f64(flow.arrival_s),
            bytes: Bytes::new(flow.bytes),
            path: flow.path.iter().map(|name| link_idx[name.as_str()]).collect(),
            cap: flow.cap_bytes_per_s.map_or(Rate::INFINITE, Rate::new),
        };
        FlowCase {
            links: self.links.iter().map(|link| Rate::new(link.capacity_bytes_per_s)).collect(),
            flows: self.flows.iter().map(arrival).collect(),
        }
    }
}

fn all_cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/maxmin");
    let files = fs::read_dir(folder).expect("the cases are there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    paths.sort();
    paths
}

/// Each finish lies within 1e-6 of the flow's duration and 10 ns, the rounding of event instants.
fn agrees_with_simgrid<N: Network + Default>() {
    let paths = all_cases();
    assert_eq!(paths.len(), 12);
    for path in paths {
        let case = Case::read(&path);
        let outcome = run::<N>(&case.flow_case());
        for ((flow, expected), finished) in
            case.flows.iter().zip(&case.expected).zip(&outcome.finished)
        {
            assert_eq!(flow.id, expected.id);
            let finished = finished.expect("every flow ends").secs();
            let tolerance = 1e-6 * (expected.finish_s - flow.arrival_s) + 10e-9;
            let difference = (finished - expected.finish_s).abs();
            assert!(
                difference <= tolerance,
                "{} {}: {finished} s, SimGrid {} s",
                case.name,
                flow.id,
                expected.finish_s
            );
        }
    }
}

#[test]
fn progressive_filling_agrees_with_simgrid() {
    agrees_with_simgrid::<Reference>();
}

#[test]
fn levels_of_links_agree_with_simgrid() {
    agrees_with_simgrid::<Levels>();
}

/// The networks say the same where no third opinion is kept: one link with some 10 concurrent flows, some
/// 900 with equal caps on 930 links, and flows with caps of their own under overload.
#[test]
fn all_networks_give_the_same_finishes() {
    let one_link = w1(10_000);
    assert_eq!(run::<OneLink>(&one_link), run::<Reference>(&one_link));
    for case in [one_link, w2(2_000, &C20), w4(1_000, &DL110)] {
        assert_eq!(run::<Levels>(&case), run::<Reference>(&case));
    }
}
