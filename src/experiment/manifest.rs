//! `manifest.toml`: what an output folder is a function of, and nothing else.
//!
//! No number of threads, no path of a machine, no clock: equal questions have equal manifests.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod asked;

use asked::{CopiesEntry, TargetEntry};

use super::folder::{Failure, MANIFEST, Staging};
use super::parts::is_number;
use super::replicate::Runs;
use super::seal::SealedFile;
use super::{EngineChoice, Options, Rows, Shard, Study, question};
use crate::billing::{self, ListPrice};
use crate::model::{HalfWidth, Model, Precision, Subject, Switch, Wanted};
use crate::scenario::Axis;
use crate::units::Instant;

/// Goes up when equal scenarios give other numbers than before.
pub const RESULTS_VERSION: u32 = 4;

/// A file that the scenario names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Its name, as the scenario writes it.
    pub name: String,
    /// How many bytes it has.
    pub n_bytes: usize,
    /// Their hash.
    pub hash: u64,
}

impl Input {
    /// An input of these bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Input {
        Input { name: name.to_owned(), n_bytes: bytes.len(), hash: fnv_1a_64(bytes) }
    }
}

/// Where a plan comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The text of the scenario.
    pub text: String,
    /// The files that it names.
    pub inputs: Vec<Input>,
    /// What was set beside the text, as (key, value).
    pub settings: Vec<(String, String)>,
}

/// The manifest, as it is written.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    program: Program,
    scenario: ScenarioEntry<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<ShardEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<PrecisionEntry<'a>>,
    input: Vec<InputEntry<'a>>,
    set: Vec<SetEntry<'a>>,
    axis: Vec<AxisEntry<'a>>,
    copies: Vec<CopiesEntry<'a>>,
    target: Vec<TargetEntry<'a>>,
    assumption: Vec<AssumptionEntry<'a>>,
    price: Vec<PriceEntry>,
    left_out: Vec<CountEntry<'a>>,
    stand_in: Vec<CountEntry<'a>>,
    file: Vec<SealedFile>,
}

/// Which program wrote a folder.
#[derive(Debug, Serialize)]
pub struct Program {
    name: &'static str,
    version: &'static str,
    results_version: u32,
}

impl Program {
    /// This one.
    pub const THIS: Program = Program {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        results_version: RESULTS_VERSION,
    };
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an entry with a key of its own")]
struct ScenarioEntry<'a> {
    name: &'a str,
    question: &'a str,
    hash: String,
    hash_algorithm: &'static str,
    seed: u64,
    fleet_seed: u64,
    resample_fleet: bool,
    replications: u32,
    points: usize,
    start: String,
    horizon_s: String,
    warm_up_s: String,
    drain_s: String,
    rows: Rows,
    engine: EngineChoice,
    flips: bool,
    sensitivity: bool,
    confirm: bool,
}

/// Which part of a plan the folder has; none of a whole one.
#[derive(Debug, Serialize)]
struct ShardEntry {
    index: u32,
    of: u32,
}

/// How well what is wanted had to be known, and how many runs that took.
#[derive(Debug, Serialize)]
struct PrecisionEntry<'a> {
    batch: u32,
    max_replications: u32,
    /// Of each point.
    n_runs: Vec<u32>,
    wanted: Vec<WantedEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct WantedEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    half_width: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relative_half_width: Option<f64>,
}

#[derive(Debug, Serialize)]
struct InputEntry<'a> {
    name: &'a str,
    n_bytes: usize,
    hash: String,
    /// Where the folder has it; none: inputs are too large to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Debug, Serialize)]
struct SetEntry<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
struct AxisEntry<'a> {
    name: &'a str,
    keys: &'a [String],
    values: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct AssumptionEntry<'a> {
    key: &'static str,
    value: &'a str,
    is_default: bool,
}

/// A price that the bills of the first point are made of.
#[derive(Debug, Serialize)]
struct PriceEntry {
    part: &'static str,
    of: String,
    usd: String,
    unit: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    date: &'static str,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct CountEntry<'a> {
    what: &'a str,
    n: u64,
}

/// Whether two texts are the same value: tables may have their keys in another order.
pub(super) fn is_same(text: &str, other: &str) -> bool {
    let value = |text: &str| toml::from_str::<toml::Table>(&format!("value = {text}")).ok();
    text == other || value(text).is_some_and(|text| value(other) == Some(text))
}

fn axis(axis: &Axis) -> AxisEntry<'_> {
    let values = axis.values.iter().map(|value| value.label.as_str());
    AxisEntry { name: &axis.name, keys: &axis.keys, values: values.collect() }
}

/// Writes the manifest, last: a folder that has one is complete.
pub(super) fn write(
    study: &Study<'_>,
    options: &Options,
    (runs, shard): (&Runs, Option<Shard>),
    staging: &Staging<'_>,
) -> Result<(), Failure> {
    let shard = shard.map(|shard| ShardEntry { index: shard.index(), of: shard.of() });
    let model = &study.plan.points[0].model;
    let precision = model.precision.as_ref().map(|of| precision(of, model, runs));
    let takes_inputs = question::takes_inputs(study.origin, shard.is_some());
    let file = staging.files();
    let of_study = manifest(study, options, takes_inputs);
    let text = toml::to_string(&Manifest { shard, precision, file, ..of_study })
        .expect("a manifest is plain TOML");
    let mut output = staging.create(MANIFEST)?;
    output.put(sealed(&text).as_bytes())?;
    output.finish()
}

/// What stands before the checksum in the first line of a manifest.
const SEAL: &str = "checksum = \"";

/// A manifest below the line that tells whether it was edited.
pub fn sealed(text: &str) -> String {
    format!("{SEAL}{}\"\n\n{text}", hex(fnv_1a_64(text.as_bytes())))
}

/// Whether the text of a manifest is as it was written.
///
/// # Errors
/// Why it is not, in words.
pub fn check_seal(manifest: &str) -> Result<(), String> {
    let line = manifest.strip_prefix(SEAL).and_then(|rest| rest.split_once("\"\n\n"));
    let Some((checksum, text)) = line else {
        return Err(format!(
            "{MANIFEST} does not begin with its checksum: it was edited, or an older version of \
             this program wrote it; run the scenario again"
        ));
    };
    if checksum == hex(fnv_1a_64(text.as_bytes())) {
        return Ok(());
    }
    Err(format!(
        "{MANIFEST} was edited: it does not fit its checksum; undo that, or run the scenario again"
    ))
}

/// Checks the manifest that is the file `path`.
pub(super) fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path);
    check_seal(&text.map_err(|error| format!("{MANIFEST} cannot be read: {error}"))?)
}

fn manifest<'a>(study: &Study<'a>, options: &Options, takes_inputs: bool) -> Manifest<'a> {
    let Study { plan, origin, .. } = study;
    let point = &plan.points[0];
    let model = &point.model;
    let input = |(place, input): (usize, &'a Input)| InputEntry {
        name: &input.name,
        n_bytes: input.n_bytes,
        hash: hex(input.hash),
        file: takes_inputs.then(|| question::input_name(place)),
    };
    let assumption = |(switch, value): &'a (Switch, String)| {
        let info = switch.info();
        AssumptionEntry { key: info.key, value, is_default: is_same(value, info.default) }
    };
    let counts = |of: &'a [(String, u64)]| -> Vec<CountEntry<'a>> {
        of.iter().map(|(what, n)| CountEntry { what, n: *n }).collect()
    };
    Manifest {
        program: Program::THIS,
        scenario: ScenarioEntry {
            name: &model.name,
            question: &model.question,
            hash: hash(origin.text.as_bytes()),
            hash_algorithm: "FNV-1a, 64 bits",
            seed: model.seed,
            fleet_seed: model.fleet_seed,
            resample_fleet: model.resample_fleet,
            replications: model.replications,
            points: plan.points.len(),
            start: rfc_3339(model.start),
            horizon_s: model.horizon.to_column(),
            warm_up_s: model.warm_up.to_column(),
            drain_s: model.drain.to_column(),
            rows: options.rows,
            engine: options.engine,
            flips: options.flips,
            sensitivity: options.sensitivity,
            confirm: options.confirm,
        },
        shard: None,
        precision: None,
        input: origin.inputs.iter().enumerate().map(input).collect(),
        set: origin.settings.iter().map(|(key, value)| SetEntry { key, value }).collect(),
        axis: plan.axes.iter().map(axis).collect(),
        copies: asked::copies(model),
        target: asked::targets(model),
        assumption: point.assumed.iter().map(assumption).collect(),
        price: billing::list(model).into_iter().map(price).collect(),
        left_out: counts(&model.left_out),
        stand_in: counts(&plan.stand_ins),
        file: Vec::new(),
    }
}

fn precision<'a>(of: &'a Precision, model: &'a Model, runs: &Runs) -> PrecisionEntry<'a> {
    let wanted = |wanted: &'a Wanted| {
        let (measure, scope, target) = match &wanted.of {
            Subject::Measure { measure, scope } => (Some(measure.name), Some(scope.as_str()), None),
            Subject::Target(place) => (None, None, Some(model.targets[*place].name.as_str())),
        };
        let (half_width, relative_half_width) = match wanted.half_width {
            HalfWidth::Absolute(width) => (Some(width), None),
            HalfWidth::Relative(share) => (None, Some(share)),
        };
        WantedEntry { measure, scope, target, half_width, relative_half_width }
    };
    PrecisionEntry {
        batch: of.batch,
        max_replications: of.max_replications,
        n_runs: runs.settled().iter().map(|settled| settled.n_runs).collect(),
        wanted: of.wanted.iter().map(wanted).collect(),
    }
}

fn price(price: ListPrice) -> PriceEntry {
    PriceEntry {
        part: price.part.name(),
        usd: price.per_gb.to_column(),
        unit: price.unit(),
        status: price.standing(),
        date: price.date,
        source: price.source,
        of: price.of,
    }
}

fn rfc_3339(moment: Instant) -> String {
    let nanos = i128::from(moment.nanos());
    Timestamp::from_nanosecond(nanos).expect("the year 2554 is in range").to_string()
}

/// The hash of these bytes, as the manifest has it.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex(fnv_1a_64(bytes))
}

/// What the folder in a place answers, where that is another question than that of `origin`; another
/// number of replications is no other question.
pub(super) fn other_question(place: &Path, origin: &Origin) -> Option<&'static str> {
    #[derive(Deserialize)]
    struct Known {
        scenario: KnownScenario,
        #[serde(default)]
        set: Vec<KnownSetting>,
    }
    #[derive(Deserialize)]
    struct KnownScenario {
        hash: String,
    }
    #[derive(Deserialize)]
    struct KnownSetting {
        key: String,
        value: String,
    }
    let text = fs::read_to_string(place.join(MANIFEST)).ok()?;
    let known: Known = toml::from_str(&text).ok()?;
    if known.scenario.hash != hash(origin.text.as_bytes()) {
        return Some("another scenario, or another text of this one");
    }
    let settings = known.set.into_iter().map(|set| (set.key, set.value));
    let counts = |(key, _): &(String, String)| !is_number(key);
    let is_same =
        settings.filter(counts).eq(origin.settings.iter().filter(|set| counts(set)).cloned());
    (!is_same).then_some("this scenario with other settings")
}

fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

/// FNV-1a with 64 bits, by Fowler, Noll, and Vo. It tells versions of a file apart; it is no proof
/// against forgery.
pub(super) fn fnv_1a_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_the_same_whatever_the_order_of_their_keys() {
        assert!(is_same("exact", "exact"));
        assert!(is_same("{ low = \"2 s\", high = 3 }", "{ high = 3, low = \"2 s\" }"));
        assert!(!is_same("{ low = \"2 s\", high = 3 }", "{ high = 3, low = \"3 s\" }"));
        assert!(!is_same("exact", "early"));
    }

    /// The hash of no bytes is FNV's offset basis, cbf29ce484222325.
    #[test]
    fn a_manifest_that_was_edited_does_not_fit_its_checksum() {
        assert_eq!(sealed(""), "checksum = \"cbf29ce484222325\"\n\n");
        let manifest = sealed("[scenario]\nseed = 7\n");
        assert_eq!(check_seal(&manifest), Ok(()));
        for edited in [
            manifest.replace("seed = 7", "seed = 8"),
            manifest.replacen("checksum = \"", "checksum = \"0", 1),
            format!("{manifest}\n"),
        ] {
            assert!(check_seal(&edited).unwrap_err().contains("was edited: "), "{edited}");
        }
        let without = check_seal("[scenario]\nseed = 7\n").unwrap_err();
        assert!(without.contains("does not begin with its checksum"), "{without}");
    }

    /// The test vectors of the FNV reference: "", "a", "foobar".
    #[test]
    fn hashes_are_those_of_the_reference() {
        assert_eq!(fnv_1a_64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a_64(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a_64(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
