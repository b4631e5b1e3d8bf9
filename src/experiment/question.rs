//! The question in the folder: the scenario as it was read, its inputs, and how it was carried out,
//! so that anybody can run it again.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::folder::{Failure, MANIFEST, Staging};
use super::manifest::{self, Origin};
use super::{EngineChoice, Rows, Study, seal};

/// The text of the scenario.
const SCENARIO: &str = "scenario.toml";

/// What the names of inputs begin with; a number follows.
const INPUT: &str = "input-";

/// Most bytes of inputs that a folder takes, all together: 64 MiB. A shard takes any: whoever merges
/// needs them.
const INPUTS_MAX: usize = 64 << 20;

/// The name of an input in a folder: inputs may have paths that lead out of it.
pub(super) fn input_name(place: usize) -> String {
    format!("{INPUT}{place}")
}

/// Whether a file is a part of the question.
pub(super) fn is_part(name: &str) -> bool {
    let number = name.strip_prefix(INPUT);
    name == SCENARIO || number.is_some_and(|number| number.parse::<usize>().is_ok())
}

/// Whether a folder takes the inputs of a question.
pub(super) fn takes_inputs(origin: &Origin, is_shard: bool) -> bool {
    let n_bytes = origin.inputs.iter().map(|input| input.n_bytes);
    is_shard || n_bytes.fold(0, usize::saturating_add) <= INPUTS_MAX
}

/// Writes the scenario, and the inputs that the folder takes.
pub(super) fn write(
    study: &Study<'_>,
    staging: &Staging<'_>,
    is_shard: bool,
) -> Result<(), Failure> {
    let Study { origin, inputs, .. } = study;
    let mut output = staging.create(SCENARIO)?;
    output.put(origin.text.as_bytes())?;
    output.finish()?;
    if !takes_inputs(origin, is_shard) {
        return Ok(());
    }
    for (place, input) in origin.inputs.iter().enumerate() {
        let refused = |why: String| Failure::refused("read input", Path::new(&input.name), why);
        let bytes = inputs.read(&input.name).map_err(refused)?;
        if manifest::fnv_1a_64(&bytes) != input.hash {
            return Err(refused("it was changed while the runs were under way".to_owned()));
        }
        let mut output = staging.create(&input_name(place))?;
        output.put(&bytes)?;
        output.finish()?;
    }
    Ok(())
}

/// A question, as a folder has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name of the scenario.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The inputs that it names, with their bytes.
    pub inputs: Vec<(String, Vec<u8>)>,
    /// What overrides the text, as (key, value).
    pub settings: Vec<(String, String)>,
    /// Which runs wrote their rows.
    pub rows: Rows,
    /// Which network carried the flows.
    pub engine: EngineChoice,
    /// Whether assumptions were flipped and limits lifted.
    pub flips: bool,
    /// Whether assumptions were flipped over their whole range.
    pub sensitivity: bool,
    /// Whether the best point was run again.
    pub confirm: bool,
    /// The results version of the program that answered it.
    pub results_version: u32,
}

/// What the manifest says of the question.
#[derive(Debug, Deserialize)]
struct Told {
    program: Program,
    scenario: Scenario,
    #[serde(default)]
    input: Vec<Input>,
    #[serde(default)]
    set: Vec<Setting>,
}

#[derive(Debug, Deserialize)]
struct Program {
    results_version: u32,
}

#[derive(Debug, Deserialize)]
struct Scenario {
    name: String,
    hash: String,
    rows: Rows,
    engine: EngineChoice,
    flips: bool,
    sensitivity: bool,
    confirm: bool,
}

#[derive(Debug, Deserialize)]
struct Input {
    name: String,
    hash: String,
    file: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Setting {
    key: String,
    value: String,
}

impl Question {
    /// Reads the question of an output folder.
    ///
    /// # Errors
    /// When it is none of a plan that was carried out, or a part of the question is missing or was
    /// edited.
    pub fn read(folder: &Path) -> Result<Question, Failure> {
        let manifest = seal::manifest(folder)?;
        if manifest.contains("\n[comparison]\n") {
            let why =
                "it holds a comparison, which names no scenario: look at the folders it is of";
            return Err(Failure::refused("read", folder, why));
        }
        Question::of(folder, &manifest)
    }

    /// Reads the question of a folder, of whose manifest this is the text.
    ///
    /// # Errors
    /// When a file is missing, or is not the one that the manifest names.
    pub(super) fn of(folder: &Path, manifest: &str) -> Result<Question, Failure> {
        let refused = |why: String| Failure::refused("read", folder, why);
        let told: Told = toml::from_str(manifest).map_err(|error| {
            refused(format!("{MANIFEST}: {}: another version wrote it", error.message()))
        })?;
        let read = |file: &str, hash: &str| {
            let path = folder.join(file);
            let bytes = fs::read(&path).map_err(|error| Failure::new("read", &path, error))?;
            if manifest::hash(&bytes) == hash {
                return Ok(bytes);
            }
            Err(refused(format!("{file} was edited: it does not fit its hash in {MANIFEST}")))
        };
        let text = String::from_utf8(read(SCENARIO, &told.scenario.hash)?)
            .map_err(|_| refused(format!("{SCENARIO} is no text")))?;
        let mut inputs = Vec::new();
        for Input { name, hash, file } in told.input {
            let file = file.ok_or_else(|| {
                refused(format!("the input {name} is not in it: its inputs have more than 64 MiB"))
            })?;
            inputs.push((name, read(&file, &hash)?));
        }
        let Scenario { name, rows, engine, flips, sensitivity, confirm, .. } = told.scenario;
        let results_version = told.program.results_version;
        let settings = told.set.into_iter().map(|setting| (setting.key, setting.value)).collect();
        Ok(Question {
            name,
            text,
            inputs,
            settings,
            rows,
            engine,
            flips,
            sensitivity,
            confirm,
            results_version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Input;

    /// 64 MiB are taken, a byte more is not; a shard takes it all the same.
    #[test]
    fn inputs_are_kept_up_to_a_limit_but_by_shards() {
        let input = |n_bytes| Input { n_bytes, ..Input::of("flows.csv", b"") };
        let origin = |sizes: &[usize]| Origin {
            inputs: sizes.iter().map(|n_bytes| input(*n_bytes)).collect(),
            ..Origin::default()
        };
        let most = origin(&[60 << 20, 4 << 20]);
        assert!(takes_inputs(&most, false) && takes_inputs(&origin(&[]), false));
        let more = origin(&[60 << 20, (4 << 20) + 1]);
        assert!(!takes_inputs(&more, false) && takes_inputs(&more, true));
    }

    #[test]
    fn parts_of_a_question_are_known_by_their_names() {
        for name in ["scenario.toml", "input-0", "input-12"] {
            assert!(is_part(name), "{name}");
        }
        for name in ["my.toml", "input-", "input-a", "input", "input-0.csv"] {
            assert!(!is_part(name), "{name}");
        }
        assert_eq!(input_name(7), "input-7");
    }

    /// A folder without its inputs, and one whose scenario is another one than the manifest names.
    #[test]
    fn a_question_that_is_not_whole_is_told() {
        let home = tempfile::TempDir::new().unwrap();
        let text = "[scenario]\n";
        fs::write(home.path().join(SCENARIO), text).unwrap();
        let manifest = |more: &str| {
            let hash = manifest::hash(text.as_bytes());
            format!(
                "[program]\nresults_version = 2\n[scenario]\nname = \"a\"\nhash = \"{hash}\"\nrows = \
                 \"all\"\nengine = \"reference\"\nflips = true\nsensitivity = false\nconfirm = true\n\
                 {more}"
            )
        };
        let read = |manifest: &str| Question::of(home.path(), manifest);
        let question = read(&manifest("[[set]]\nkey = \"a.b\"\nvalue = \"1\"\n")).unwrap();
        assert_eq!((question.rows, question.engine), (Rows::All, EngineChoice::Reference));
        assert_eq!(question.settings, [("a.b".to_owned(), "1".to_owned())]);
        let told = |manifest: &str| read(manifest).unwrap_err().to_string();
        let without = told(&manifest("[[input]]\nname = \"flows.csv\"\nhash = \"0\"\n"));
        assert!(
            without.ends_with("the input flows.csv is not in it: its inputs have more than 64 MiB")
        );
        fs::write(home.path().join(SCENARIO), "[scenario]\nseed = 2\n").unwrap();
        let edited = told(&manifest(""));
        assert!(edited.contains("scenario.toml was edited: it does not fit its hash"), "{edited}");
        let older = told(&manifest("").replace("confirm = true\n", ""));
        assert!(older.contains("missing field `confirm`: another version wrote it"), "{older}");
    }
}
