//! Scenario files and their inputs, read from the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{Exit, ScenarioArguments, Stop};
use crate::experiment::{Input, Origin, Question};
use crate::plan::Plan;
use crate::scenario::{Inputs, Kind, Problems, Source, render};

/// The inputs of a scenario, which keep in mind what was read.
#[derive(Debug)]
pub(super) struct Files {
    from: From,
    read: RefCell<BTreeMap<String, Input>>,
}

/// Where inputs are.
#[derive(Debug)]
enum From {
    /// In a folder, or where paths from there lead.
    Folder(PathBuf),
    /// In memory, by name.
    Memory(BTreeMap<String, Vec<u8>>),
}

impl From {
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        match self {
            From::Folder(base) => fs::read(base.join(relative)).map_err(|error| error.to_string()),
            From::Memory(inputs) => inputs
                .get(relative)
                .cloned()
                .ok_or_else(|| "the folder does not hold it".to_owned()),
        }
    }
}

impl Inputs for Files {
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        let bytes = self.from.read(relative)?;
        let input = Input::of(relative, &bytes);
        self.read.borrow_mut().insert(relative.to_owned(), input);
        Ok(bytes)
    }
}

/// A scenario that can be run.
#[derive(Debug)]
pub(super) struct Loaded {
    /// Its text.
    pub(super) source: Source,
    /// Its inputs.
    pub(super) files: Files,
    /// What overrides the text.
    pub(super) settings: Vec<(String, String)>,
    /// Its runs.
    pub(super) plan: Plan,
}

impl Loaded {
    /// Where the plan comes from, for the manifest.
    pub(super) fn origin(&self) -> Origin {
        Origin {
            text: self.source.text.clone(),
            inputs: self.files.read.borrow().values().cloned().collect(),
            settings: self.settings.clone(),
        }
    }

    /// The name of the scenario.
    pub(super) fn name(&self) -> &str {
        &self.plan.points[0].model.name
    }

    /// Remarks on the scenario that stop nothing, and what its inputs leave out or do not say.
    pub(super) fn remarks(&self, terminal: Terminal) -> String {
        let warnings = &self.plan.warnings;
        let mut text = render(warnings, Kind::Warning, &self.source.text, terminal.colors_words);
        let model = &self.plan.points[0].model;
        for (what, n) in &model.left_out {
            let _ = writeln!(text, "note: left out of {}: {n} × {what}", self.source.name);
        }
        for (what, n) in &self.plan.stand_ins {
            let _ = writeln!(text, "note: assumed for {}: {n} × {what}", self.source.name);
        }
        text
    }
}

/// Reads and checks all scenarios: nothing runs before everything is right.
///
/// # Errors
/// When one cannot be read or is wrong: what is wrong with each of them.
pub(super) fn load(arguments: &ScenarioArguments, terminal: Terminal) -> Result<Vec<Loaded>, Stop> {
    let settings = arguments.all_settings();
    let mut loaded = Vec::new();
    let mut wrong = String::new();
    for file in &arguments.files {
        match load_one(file, &settings, terminal) {
            Ok(scenario) => loaded.push(scenario),
            Err(problems) => wrong.push_str(&problems),
        }
    }
    if wrong.is_empty() { Ok(loaded) } else { Err(Stop::new(Exit::Wrong, wrong)) }
}

/// Reads and checks one scenario.
///
/// # Errors
/// When it cannot be read or is wrong: what is wrong with it.
pub(super) fn load_one(
    file: &Path,
    settings: &[(String, String)],
    terminal: Terminal,
) -> Result<Loaded, String> {
    let name = file.display().to_string();
    let bytes = fs::read(file).map_err(|error| format!("error: cannot read {name}: {error}\n"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("error: {name} is no UTF-8 text: byte {} cannot be read\n", at + 1)
    })?;
    let base = file.parent().unwrap_or_else(|| Path::new("")).to_owned();
    let source = Source { name, text, base: base.clone() };
    planned(source, From::Folder(base), settings, terminal)
}

/// The plan of the question that a folder holds, under these of its settings.
///
/// # Errors
/// When this program finds it wrong, which the one that wrote the folder did not.
pub(super) fn of_question(
    question: &Question,
    settings: &[(String, String)],
    terminal: Terminal,
) -> Result<Loaded, Stop> {
    let name = format!("{}.toml", question.name);
    let source = Source { name, text: question.text.clone(), base: PathBuf::new() };
    let inputs = question.inputs.iter().cloned().collect();
    planned(source, From::Memory(inputs), settings, terminal)
        .map_err(|problems| Stop::new(Exit::Wrong, problems))
}

fn planned(
    source: Source,
    from: From,
    settings: &[(String, String)],
    terminal: Terminal,
) -> Result<Loaded, String> {
    let files = Files { from, read: RefCell::default() };
    match Plan::of(&source, &files, settings) {
        Ok(plan) => Ok(Loaded { source, files, settings: settings.to_vec(), plan }),
        Err(problems) => Err(told(&source, &problems, terminal)),
    }
}

fn told(source: &Source, problems: &Problems, terminal: Terminal) -> String {
    let shown = problems.render(&source.text, terminal.colors_words);
    let count = match problems.0.len() {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    format!("{shown}\nerror: {} cannot be run: {count}\n", source.name)
}
